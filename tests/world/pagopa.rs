//! A false pagoPA that obeys the standard, errors included: Checkout's carts here, debt positions and receipts beside.

mod gpd;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use vicino_domain::{InstallmentState, PositionState};
use vicino_server::pagopa::Position;

use self::gpd::{create, from, invalidate, list, one, publish, receipt, receipt_list, settle, update};

/// The key it takes.
pub const KEY: &str = "a-key-of-the-town";

/// The way its Checkout answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mood {
    /// As it must.
    #[default]
    Sound,
    /// It is broken.
    Broken,
    /// A page where a redirection should be.
    Nonsense,
    /// It sends people where their money is not safe.
    Unsealed,
}

#[derive(Default)]
struct Books {
    mood: Mood,
    carts: Vec<Value>,
    positions: BTreeMap<String, Position>,
    paid: BTreeMap<String, String>,
    asked: usize,
    fetched: usize,
    /// What it answers instead of a receipt.
    broken: BTreeMap<String, u16>,
    /// The own calendar: at first far behind every due date.
    today: vicino_domain::Instant,
}

/// The false pagoPA, for as long as it lives.
#[derive(Clone)]
pub struct FalsePagoPa {
    books: Arc<Mutex<Books>>,
    address: String,
}

impl FalsePagoPa {
    /// Begins to answer on a port of its own.
    pub async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pagopa = Self { books: Arc::default(), address };
        let positions = "/gpd/debt-positions-service/v3/organizations/{org}/debtpositions";
        let receipts = "/gpd/payments-receipts-service/v1/payments/{org}/receipts";
        let router = Router::new()
            .route("/checkout/ec/{version}/carts", post(cart))
            .route(positions, post(create).get(list))
            .route(&format!("{positions}/{{iupd}}"), get(one).put(update))
            .route(&format!("{positions}/{{iupd}}/publish"), post(publish))
            .route(&format!("{}/{{iupd}}/invalidate", positions.replace("v3", "v1")), post(invalidate))
            .route(receipts, get(receipt_list))
            .route(&format!("{receipts}/{{iuv}}"), get(receipt))
            .with_state(pagopa.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        pagopa
    }

    /// The base of its Checkout.
    pub fn checkout(&self) -> String {
        format!("{}/checkout/ec", self.address)
    }

    /// The base of its debt positions.
    pub fn gpd(&self) -> String {
        format!("{}/gpd", self.address)
    }

    /// Changes how Checkout answers.
    pub fn set(&self, mood: Mood) {
        self.books.lock().unwrap().mood = mood;
    }

    /// The carts it was sent.
    pub fn carts(&self) -> Vec<Value> {
        self.books.lock().unwrap().carts.clone()
    }

    /// How often anything of positions or receipts was asked.
    pub fn asked(&self) -> usize {
        self.books.lock().unwrap().asked
    }

    /// The number of times a receipt was fetched.
    pub fn fetched(&self) -> usize {
        self.books.lock().unwrap().fetched
    }

    /// This receipt is answered with this status from now on; 200: with a paper that is none.
    pub fn break_receipt(&self, iuv: &str, status: u16) {
        self.books.lock().unwrap().broken.insert(iuv.to_owned(), status);
    }

    /// Every receipt is given again.
    pub fn mend_receipts(&self) {
        self.books.lock().unwrap().broken.clear();
    }

    /// The calendar turns to this moment.
    pub fn turn_to(&self, today: vicino_domain::Instant) {
        self.books.lock().unwrap().today = today;
    }

    /// Somebody pays at a counter; whether it was taken.
    pub fn pay(&self, iuv: &str) -> bool {
        let mut books = self.books.lock().unwrap();
        let payable = books.positions.values().any(|position| {
            position.status.is_some_and(PositionState::is_payable)
                && position
                    .payment_option
                    .iter()
                    .filter(|option| from(option).is_none_or(|from| from <= books.today))
                    .flat_map(|option| &option.installments)
                    .any(|one| one.iuv == iuv && one.status.is_none_or(|status| status == InstallmentState::Unpaid))
        });
        if !payable {
            return false;
        }
        let count = books.paid.len();
        books.paid.insert(iuv.to_owned(), format!("RT{count:06}"));
        let ids: Vec<String> = books.positions.keys().cloned().collect();
        for id in ids {
            settle(&mut books, &id);
        }
        true
    }
}

fn problem(status: u16, title: &str) -> Response {
    let body = json!({ "title": title, "status": status, "detail": title });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::from_u16(status).unwrap(), kind, body.to_string()).into_response()
}

/// The refusal of a caller without the key.
fn stranger(headers: &HeaderMap) -> Option<Response> {
    let key = headers.get("Ocp-Apim-Subscription-Key").and_then(|key| key.to_str().ok());
    (key != Some(KEY)).then(|| problem(401, "Unauthorized"))
}

async fn cart(
    State(pagopa): State<FalsePagoPa>,
    Path(version): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    match books.mood {
        Mood::Sound => {}
        Mood::Broken => return problem(500, "Internal Server Error"),
        Mood::Nonsense => return (StatusCode::OK, "<html>Benvenuti</html>").into_response(),
        Mood::Unsealed => {
            return (StatusCode::FOUND, [(header::LOCATION, "http://example.org/paga")]).into_response();
        }
    }
    let Ok(cart) = serde_json::from_slice::<Value>(&body) else { return problem(400, "Bad Request") };
    let digits = |value: &Value, count: usize| {
        value.as_str().is_some_and(|text| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let words = |value: &Value| value.as_str().is_some_and(|text| (1..=140).contains(&text.chars().count()));
    let sound = |notice: &Value| {
        digits(&notice["noticeNumber"], 18)
            && digits(&notice["fiscalCode"], 11)
            && notice["amount"].as_i64().is_some_and(|amount| amount >= 1)
            && words(&notice["companyName"])
            && words(&notice["description"])
    };
    let notices = cart["paymentNotices"].as_array().cloned().unwrap_or_default();
    let mut ways = vec!["returnOkUrl", "returnCancelUrl", "returnErrorUrl"];
    if version == "v2" {
        ways.push("returnWaitingUrl");
    }
    let returns = ways.into_iter().all(|way| cart["returnUrls"][way].is_string());
    if !(1..=5).contains(&notices.len()) || !notices.iter().all(sound) || !returns {
        return problem(400, "Bad Request");
    }
    books.carts.push(cart);
    let page = format!("{}/pay/{}", pagopa.address, books.carts.len());
    (StatusCode::FOUND, [(header::LOCATION, page)]).into_response()
}
