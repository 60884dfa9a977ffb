//! The address a call comes from: the other end of the connection, or what a proxy the town trusts says of it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// The header in which each proxy notes who called it; the last entry is the nearest proxy's.
pub(crate) const FORWARDED: &str = "x-forwarded-for";

/// The address a caller is counted by. Of IPv6 the first 64 bits: whoever has one address there has all the others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Address(IpAddr);

impl Address {
    /// The address of a caller behind this end of the connection; `said` are the lines of [`FORWARDED`]. Only what a trusted proxy says is believed, from the right:
    /// the first address that is no proxy of the town's is the caller's, whatever stands before it.
    pub(crate) fn of<'a>(peer: IpAddr, said: impl Iterator<Item = &'a str>, proxies: &[IpNet]) -> Self {
        let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(&address));
        let mut caller = plain(peer);
        let hops: Vec<&str> = said.flat_map(|line| line.split(',')).map(str::trim).collect();
        for hop in hops.iter().rev() {
            if !trusted(caller) {
                break;
            }
            // A proxy that writes what is no address is counted itself.
            let Ok(address) = hop.trim_matches(['[', ']']).parse() else { break };
            caller = plain(address);
        }
        Self::from(caller)
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(match plain(address) {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An IPv4 address that came in IPv6's clothes (RFC 4291 §2.5.5.2) as what it is.
fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let proxies: Vec<IpNet> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        Address::of(peer.parse().unwrap(), forwarded.iter().copied(), &proxies).to_string()
    }

    #[test]
    fn only_what_a_trusted_proxy_says_is_believed_and_from_the_right() {
        assert_eq!(address("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9", "nobody is trusted");
        let proxy = ["10.0.0.0/8"];
        assert_eq!(address("203.0.113.9", &["198.51.100.1"], &proxy), "203.0.113.9", "not a proxy of ours");
        assert_eq!(address("10.0.0.1", &["198.51.100.1"], &proxy), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &["1.2.3.4, 198.51.100.1"], &proxy), "198.51.100.1", "what the caller wrote");
        assert_eq!(address("10.0.0.1", &["1.2.3.4", "198.51.100.1, 10.0.0.2"], &proxy), "198.51.100.1", "two proxies");
        assert_eq!(address("10.0.0.1", &["198.51.100.1, nonsense"], &proxy), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &[], &proxy), "10.0.0.1");
    }

    #[test]
    fn of_ipv6_the_first_64_bits_count() {
        let one = address("2001:db8:1:2:3:4:5:6", &[], &[]);
        assert_eq!(one, address("2001:db8:1:2:ffff::1", &[], &[]));
        assert_ne!(one, address("2001:db8:1:3::1", &[], &[]));
        assert_eq!(address("::ffff:192.0.2.7", &[], &[]), "192.0.2.7");
    }
}
