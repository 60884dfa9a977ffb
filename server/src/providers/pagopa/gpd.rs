//! The client of pagoPA's debt positions (*GPD*, version 3) and of their receipts: created, published, changed, taken back, paid.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use futures_util::future::BoxFuture;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};
use serde::de::DeserializeOwned;
use vicino_domain::pagopa::Creditor;
use vicino_domain::town_moment;

use crate::providers::pagopa::model::{Position, PositionPage, ReceiptPage};
use crate::providers::pagopa::{KEY, Receipt, StampCame};

/// The time an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most positions of a page, and how many receipts are asked for at a time.
const PAGE: u32 = 50;

/// Why the service did not do it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GpdFault {
    /// It cannot be reached, asks for patience, or failed: the same again may work.
    #[error("the service cannot do it now")]
    Later,
    /// The key is missing, wrong, or not for this creditor.
    #[error("the service does not take the key")]
    Key,
    /// What was asked is not as it must be.
    #[error("the service does not take what was asked")]
    Malformed,
    /// There is no such position.
    #[error("there is no such position")]
    Missing,
    /// It exists already, or its state does not allow it.
    #[error("the position's state does not allow it")]
    Conflict,
    /// An answer of another shape than the service's.
    #[error("the service answered nonsense")]
    Nonsense,
}

/// The state a position is created in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Publication {
    /// It may not be paid yet.
    Draft,
    /// It may be paid from its first day (`toPublish`).
    Published,
}

/// The debt positions of a creditor.
pub trait Positions: fmt::Debug + Send + Sync {
    /// Creates a position.
    ///
    /// # Errors
    /// [`GpdFault`]; [`GpdFault::Conflict`] when it exists.
    fn create<'a>(
        &'a self,
        position: &'a Position,
        publication: Publication,
    ) -> BoxFuture<'a, Result<Position, GpdFault>>;

    /// Publishes a draft.
    ///
    /// # Errors
    /// [`GpdFault`]; [`GpdFault::Conflict`] when it is no draft.
    fn publish<'a>(&'a self, iupd: &'a str) -> BoxFuture<'a, Result<Position, GpdFault>>;

    /// Changes a position that nobody has begun to pay; it stays published, or is published by it.
    ///
    /// # Errors
    /// [`GpdFault`]; [`GpdFault::Conflict`] when its state does not allow it.
    fn update<'a>(&'a self, position: &'a Position) -> BoxFuture<'a, Result<Position, GpdFault>>;

    /// Takes a position back: nobody may pay it any more.
    ///
    /// # Errors
    /// [`GpdFault`]; [`GpdFault::Conflict`] when its state does not allow it.
    fn invalidate<'a>(&'a self, iupd: &'a str) -> BoxFuture<'a, Result<(), GpdFault>>;

    /// The position of this identity.
    ///
    /// # Errors
    /// [`GpdFault`].
    fn find<'a>(&'a self, iupd: &'a str) -> BoxFuture<'a, Result<Position, GpdFault>>;

    /// A page of positions, from 0.
    ///
    /// # Errors
    /// [`GpdFault`].
    fn list(&self, page: u32) -> BoxFuture<'_, Result<PositionPage, GpdFault>>;

    /// Whose they are.
    fn creditor(&self) -> Creditor;

    /// A page, from 0, of what was paid since a day: each payment's receipt is asked for by itself.
    ///
    /// # Errors
    /// [`GpdFault`].
    fn receipts(&self, since: NaiveDate, page: u32) -> BoxFuture<'_, Result<ReceiptPage, GpdFault>>;

    /// The receipt of a payment.
    ///
    /// # Errors
    /// [`GpdFault`]; [`GpdFault::Nonsense`] when it cannot be read.
    fn receipt<'a>(&'a self, iuv: &'a str) -> BoxFuture<'a, Result<Receipt, GpdFault>>;
}

/// pagoPA's own service. The key is the town's and never leaves its server.
pub struct Gpd {
    http: Client,
    creditor: Creditor,
    positions: Url,
    /// The same of version 1, which alone takes positions back.
    first: Url,
    receipts: Url,
    key: String,
}

impl fmt::Debug for Gpd {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gpd").field("positions", &self.positions.as_str()).finish_non_exhaustive()
    }
}

impl Gpd {
    /// The service under this base address, such as `https://…/gpd`, for this creditor. `None`: it is no address.
    #[must_use]
    pub fn new(base: &str, key: String, creditor: Creditor) -> Option<Self> {
        let base = base.trim_end_matches('/');
        // Another part of the program may have chosen one already: either is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().redirect(redirect::Policy::none()).timeout(PATIENCE).build().ok()?;
        let positions = |version| {
            Url::parse(&format!("{base}/debt-positions-service/{version}/organizations/{creditor}/debtpositions")).ok()
        };
        let receipts = format!("{base}/payments-receipts-service/v1/payments/{creditor}/receipts");
        let (positions, first) = (positions("v3")?, positions("v1")?);
        Some(Self { http, creditor, positions, first, receipts: Url::parse(&receipts).ok()?, key })
    }

    /// A call to something under an address.
    fn call(&self, method: Method, at: &Url, deeper: &[&str]) -> RequestBuilder {
        let mut url = at.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(deeper);
        }
        self.http.request(method, url).header(KEY, &self.key)
    }
}

impl Positions for Gpd {
    fn create<'a>(
        &'a self,
        position: &'a Position,
        publication: Publication,
    ) -> BoxFuture<'a, Result<Position, GpdFault>> {
        Box::pin(async move {
            let call = self
                .call(Method::POST, &self.positions, &[])
                .query(&[("toPublish", publication == Publication::Published)])
                .json(position);
            json(taken(call).await?).await
        })
    }

    fn publish<'a>(&'a self, iupd: &'a str) -> BoxFuture<'a, Result<Position, GpdFault>> {
        Box::pin(async move { json(taken(self.call(Method::POST, &self.positions, &[iupd, "publish"])).await?).await })
    }

    fn update<'a>(&'a self, position: &'a Position) -> BoxFuture<'a, Result<Position, GpdFault>> {
        Box::pin(async move {
            let call = self.call(Method::PUT, &self.positions, &[&position.iupd]).query(&[("toPublish", true)]);
            json(taken(call.json(position)).await?).await
        })
    }

    fn invalidate<'a>(&'a self, iupd: &'a str) -> BoxFuture<'a, Result<(), GpdFault>> {
        Box::pin(async move {
            taken(self.call(Method::POST, &self.first, &[iupd, "invalidate"])).await?;
            Ok(())
        })
    }

    fn find<'a>(&'a self, iupd: &'a str) -> BoxFuture<'a, Result<Position, GpdFault>> {
        Box::pin(async move { json(taken(self.call(Method::GET, &self.positions, &[iupd])).await?).await })
    }

    fn list(&self, page: u32) -> BoxFuture<'_, Result<PositionPage, GpdFault>> {
        Box::pin(async move {
            let call = self.call(Method::GET, &self.positions, &[]).query(&[("page", page), ("limit", PAGE)]);
            json(taken(call).await?).await
        })
    }

    fn creditor(&self) -> Creditor {
        self.creditor
    }

    fn receipts(&self, since: NaiveDate, page: u32) -> BoxFuture<'_, Result<ReceiptPage, GpdFault>> {
        Box::pin(async move {
            let asked = [("pageNum", page.to_string()), ("pageSize", PAGE.to_string()), ("from", since.to_string())];
            json(taken(self.call(Method::GET, &self.receipts, &[]).query(&asked)).await?).await
        })
    }

    fn receipt<'a>(&'a self, iuv: &'a str) -> BoxFuture<'a, Result<Receipt, GpdFault>> {
        Box::pin(async move {
            let answer = taken(self.call(Method::GET, &self.receipts, &[iuv])).await?;
            read_receipt(&answer.text().await.map_err(|_| GpdFault::Later)?)
        })
    }
}

/// An answer that is a yes; every no in its own word.
async fn taken(call: RequestBuilder) -> Result<Response, GpdFault> {
    let answer = call.send().await.map_err(|_| GpdFault::Later)?;
    match answer.status() {
        status if status.is_success() => Ok(answer),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(GpdFault::Key),
        StatusCode::NOT_FOUND => Err(GpdFault::Missing),
        StatusCode::CONFLICT => Err(GpdFault::Conflict),
        StatusCode::TOO_MANY_REQUESTS => Err(GpdFault::Later),
        status if status.is_client_error() => Err(GpdFault::Malformed),
        status if status.is_server_error() => Err(GpdFault::Later),
        _ => Err(GpdFault::Nonsense),
    }
}

async fn json<T: DeserializeOwned>(answer: Response) -> Result<T, GpdFault> {
    answer.json().await.map_err(|_| GpdFault::Nonsense)
}

/// Reads a receipt as the service gives it, in XML (`ctReceiptV2`): sums are euro with two decimals.
///
/// # Errors
/// [`GpdFault::Nonsense`] when a part is missing, or its outcome is not `OK`.
pub fn read_receipt(xml: &str) -> Result<Receipt, GpdFault> {
    let paper = roxmltree::Document::parse(xml).map_err(|_| GpdFault::Nonsense)?;
    let text = |name: &str| {
        let node = paper.descendants().find(|node| node.tag_name().name() == name);
        node.and_then(|node| node.text()).map(str::trim).filter(|text| !text.is_empty())
    };
    let sound = || {
        let outcome = text("outcome")?;
        (outcome == "OK").then_some(())?;
        Some(Receipt {
            id: text("receiptId")?.to_owned(),
            number: text("noticeNumber")?.parse().ok()?,
            creditor: text("fiscalCode")?.parse().ok()?,
            amount: text("paymentAmount")?.parse().ok()?,
            fee: text("fee").and_then(|fee| fee.parse().ok()),
            // When it was paid is told by some providers only; the day it was credited, by all.
            paid_at: text("paymentDateTime").and_then(moment).or_else(|| day(text("applicationDate")?))?,
            psp: text("PSPCompanyName").unwrap_or_default().to_owned(),
            method: text("paymentMethod").map(str::to_owned),
            stamp: text("MBDAttachment").map(StampCame::of),
        })
    };
    sound().ok_or(GpdFault::Nonsense)
}

/// A day alone: its noon.
fn day(text: &str) -> Option<DateTime<Utc>> {
    let day: NaiveDate = text.get(..10)?.parse().ok()?;
    Some(day.and_hms_opt(12, 0, 0)?.and_utc())
}

/// A moment with its offset, or one without, which is what the clocks of Italy show.
pub(crate) fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = text.parse::<DateTime<Utc>>() {
        return Some(moment);
    }
    let local: NaiveDateTime = text.parse().ok()?;
    Some(town_moment(local))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vicino_domain::Cents;

    const PAPER: &str = r#"<?xml version="1.0"?><pafn:receipt xmlns:pafn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd">
        <receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId><noticeNumber>302032002700000251</noticeNumber>
        <fiscalCode>77777777777</fiscalCode><outcome>OK</outcome><creditorReferenceId>02032002700000251</creditorReferenceId>
        <paymentAmount>30.00</paymentAmount><description>TARI</description><companyName>Comune</companyName>
        <PSPCompanyName>Banca di prova</PSPCompanyName><fee>2.00</fee><paymentMethod>creditCard</paymentMethod>
        <paymentDateTime>2026-03-12T17:43:44.000Z</paymentDateTime></pafn:receipt>"#;

    #[test]
    fn a_receipt_is_read_in_euro_and_kept_in_cents() {
        let receipt = read_receipt(PAPER).unwrap();
        assert_eq!((receipt.amount, receipt.fee), (Cents(3000), Some(Cents(200))));
        assert_eq!(receipt.number.to_string(), "302032002700000251");
        assert_eq!(receipt.paid_at.to_rfc3339(), "2026-03-12T17:43:44+00:00");
    }

    #[test]
    fn what_is_no_receipt_of_a_payment_is_none() {
        for broken in [
            PAPER.replace("<outcome>OK", "<outcome>KO"),
            PAPER.replace("30.00", "trenta"),
            PAPER.replace("302032002700000251</noticeNumber>", "30203200270000025</noticeNumber>"),
            String::from("<html>Service unavailable</html>"),
            String::from("not even XML"),
        ] {
            assert_eq!(read_receipt(&broken), Err(GpdFault::Nonsense));
        }
        let local = PAPER.replace("17:43:44.000Z", "17:43:44");
        assert_eq!(read_receipt(&local).unwrap().paid_at.to_rfc3339(), "2026-03-12T16:43:44+00:00");
        let summer = local.replace("2026-03-12", "2026-07-14");
        assert_eq!(read_receipt(&summer).unwrap().paid_at.to_rfc3339(), "2026-07-14T15:43:44+00:00");
    }
}
