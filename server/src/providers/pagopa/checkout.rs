//! pagoPA Checkout, versions 1 and 2: `POST /carts` with the creditor's key, answered with the address of a payment page.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::{Client, StatusCode, Url, header, redirect};
use serde::Serialize;
use vicino_domain::Outcome;

use crate::providers::pagopa::{Cart, Checkout, CheckoutFault, KEY};

/// The time a payment page may take to open.
const PATIENCE: Duration = Duration::from_secs(15);
/// The most letters of a creditor's name and of what is paid.
const LONGEST: usize = 140;

/// Which version of the service is spoken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Version {
    /// Three ways back.
    V1,
    /// A fourth one, for what is not known yet.
    #[default]
    V2,
}

/// pagoPA's payment page. The key is the town's and never leaves its server.
pub struct PagoPaCheckout {
    http: Client,
    carts: Url,
    key: String,
    version: Version,
}

impl fmt::Debug for PagoPaCheckout {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PagoPaCheckout").field("carts", &self.carts.as_str()).field("version", &self.version).finish()
    }
}

impl PagoPaCheckout {
    /// The service at this base address, such as `https://…/checkout/ec`, with this key. `None`: it is no address.
    #[must_use]
    pub fn new(base: &str, key: String, version: Version) -> Option<Self> {
        let version_path = match version {
            Version::V1 => "v1",
            Version::V2 => "v2",
        };
        let carts = Url::parse(&format!("{}/{version_path}/carts", base.trim_end_matches('/'))).ok()?;
        // Another part of the program may have chosen one already: either is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Where it sends us is the answer, not somewhere to go.
        let http = Client::builder().redirect(redirect::Policy::none()).timeout(PATIENCE).build().ok()?;
        Some(Self { http, carts, key, version })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CartRequest<'a> {
    id_cart: String,
    payment_notices: Vec<PaymentNotice<'a>>,
    return_urls: ReturnUrls,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentNotice<'a> {
    notice_number: String,
    fiscal_code: String,
    amount: i64,
    company_name: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReturnUrls {
    return_ok_url: String,
    return_cancel_url: String,
    return_error_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_waiting_url: Option<String>,
}

impl Checkout for PagoPaCheckout {
    fn open<'a>(&'a self, cart: &'a Cart) -> BoxFuture<'a, Result<String, CheckoutFault>> {
        Box::pin(async move {
            let notices = cart.body.notices.iter().map(|notice| PaymentNotice {
                notice_number: notice.number.to_string(),
                fiscal_code: notice.creditor.to_string(),
                amount: notice.amount.0,
                company_name: short(&notice.creditor_name),
                description: short(&notice.description),
            });
            let waiting = (self.version == Version::V2).then(|| cart.return_url(Outcome::Unknown));
            let body = CartRequest {
                id_cart: cart.id.to_string(),
                payment_notices: notices.collect(),
                return_urls: ReturnUrls {
                    return_ok_url: cart.return_url(Outcome::Paid),
                    return_cancel_url: cart.return_url(Outcome::Cancelled),
                    return_error_url: cart.return_url(Outcome::Refused),
                    return_waiting_url: waiting,
                },
            };
            let sent = self.http.post(self.carts.clone()).header(KEY, &self.key).json(&body).send().await;
            let answer = sent.map_err(|_| CheckoutFault::Unreachable)?;
            match answer.status() {
                StatusCode::FOUND => {
                    let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
                    let page = location.and_then(|text| Url::parse(text).ok()).ok_or(CheckoutFault::Nonsense)?;
                    // Whoever answers sends people to a page with their money: nowhere that is not sealed.
                    let here = page.host_str().is_some_and(|host| host == "127.0.0.1" || host == "localhost");
                    let sealed = page.scheme() == "https" || (page.scheme() == "http" && here);
                    if sealed { Ok(page.into()) } else { Err(CheckoutFault::Nonsense) }
                }
                status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    Err(CheckoutFault::Unreachable)
                }
                status if status.is_client_error() => Err(CheckoutFault::Refused),
                _ => Err(CheckoutFault::Nonsense),
            }
        })
    }
}

/// The beginning of a text, as long as pagoPA takes it.
fn short(text: &str) -> &str {
    text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
