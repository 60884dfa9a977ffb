//! Addresses a town may be spoken to at.

use std::collections::BTreeMap;
use std::net::IpAddr;

use vicino_contract::{Failure, FailureCode};

/// An address a town may be spoken to at: in clear text only within this machine. What people copy from a poster has no
/// scheme.
pub(crate) fn address(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let none = || Failure::new(FailureCode::NotAnAddress);
    let mut url = reqwest::Url::parse(&url).map_err(|_| none())?;
    // `comune.example@elsewhere` is elsewhere: an address that names two hosts is meant to be misread.
    let plain = url.username().is_empty() && url.password().is_none();
    if !plain || !is_safe_road(&url) {
        return Err(none());
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

pub(crate) fn is_safe_road(url: &reqwest::Url) -> bool {
    let here = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

/// The fields of an address's query; nothing of what is no address.
pub(crate) fn fields(address: &str) -> Option<BTreeMap<String, String>> {
    let url = reqwest::Url::parse(address).ok()?;
    // The first of a name counts.
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    Some(pairs.into_iter().rev().collect())
}

/// An address with these fields as its query.
///
/// # Errors
/// [`FailureCode::NotATown`] when it is no address.
pub(crate) fn with_fields(address: &str, fields: &[(&str, &str)]) -> Result<String, Failure> {
    let url = reqwest::Url::parse_with_params(address, fields);
    url.map(String::from).map_err(|_| Failure::new(FailureCode::NotATown))
}
