//! The HTTP client: modern TLS, patience that ends, nothing remembered between calls.

use std::time::Duration;

use crate::error::Error;

/// The time a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// The time the other side may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// The client by which every call goes out.
pub(crate) type Http = reqwest::Client;

/// Makes the client for every town.
pub(crate) fn client() -> Result<Http, Error> {
    // Another part of the program may have chosen one already: either is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Vicino/", env!("CARGO_PKG_VERSION")));
    // The platform's verifier needs a running Java machine on Android and panics without one.
    #[cfg(target_os = "android")]
    let builder = builder
        .tls_certs_only(webpki_root_certs().into_iter().filter_map(|der| reqwest::Certificate::from_der(der).ok()));
    builder.build().map_err(|cause| Error::Io(std::io::Error::other(cause)))
}

#[cfg(target_os = "android")]
fn webpki_root_certs() -> Vec<&'static [u8]> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| der.as_ref()).collect()
}
