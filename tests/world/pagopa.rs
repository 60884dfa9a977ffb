//! A false pagoPA that obeys the standard, errors included: Checkout's carts, debt positions of version 3, receipts in XML.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use vicino_domain::{Cents, InstallmentState, PlanFacts, PositionState, position_state};
use vicino_server::pagopa::{PageInfo, Position, PositionPage, ReceiptPage, ReceiptRow};

/// The key it takes.
pub const KEY: &str = "a-key-of-the-town";

/// How its Checkout answers.
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
    /// Its own calendar: at first far behind every due date.
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

    /// How often a receipt was fetched.
    pub fn fetched(&self) -> usize {
        self.books.lock().unwrap().fetched
    }

    /// Its calendar turns to this moment.
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

/// From when it may be paid.
fn from(option: &vicino_server::pagopa::PaymentOption) -> Option<vicino_domain::Instant> {
    option.validity_date.as_ref().map(|date| date.parse().unwrap())
}

/// Puts a position where the standard puts it.
fn settle(books: &mut Books, id: &str) {
    let (paid, today) = (books.paid.clone(), books.today);
    let Some(position) = books.positions.get_mut(id) else { return };
    if matches!(position.status, Some(PositionState::Draft | PositionState::Unpayable)) {
        return;
    }
    let plans: Vec<PlanFacts> = position
        .payment_option
        .iter()
        .map(|option| PlanFacts {
            valid_from: from(option),
            switch_to_expired: option.switch_to_expired,
            installments: option
                .installments
                .iter()
                .map(|one| (one.due_date.parse().unwrap(), paid.contains_key(&one.iuv)))
                .collect(),
        })
        .collect();
    let state = position_state(&plans, today);
    position.status = Some(state);
    for one in position.payment_option.iter_mut().flat_map(|option| &mut option.installments) {
        let state = match (paid.contains_key(&one.iuv), state) {
            (true, _) => InstallmentState::Paid,
            (false, PositionState::Paid | PositionState::Unpayable) => InstallmentState::Unpayable,
            _ => InstallmentState::Unpaid,
        };
        one.status = Some(state);
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

/// Whether a position is as it must be: transfers make their instalment, nothing is due before it is valid.
fn sound(position: &Position) -> bool {
    let whole = |one: &vicino_server::pagopa::Installment| {
        let sum: i64 = one.transfer.iter().map(|transfer| transfer.amount.0).sum();
        one.amount > Cents(0) && sum == one.amount.0 && !one.transfer.is_empty()
    };
    let due = |one: &vicino_server::pagopa::Installment| one.due_date.parse::<vicino_domain::Instant>();
    !position.payment_option.is_empty()
        && position.payment_option.iter().all(|option| {
            let valid = from(option);
            option
                .installments
                .iter()
                .all(|one| whole(one) && due(one).is_ok_and(|due| valid.is_none_or(|valid| valid <= due)))
        })
}

async fn update(
    State(pagopa): State<FalsePagoPa>,
    Path((_, iupd)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    let Ok(mut position) = serde_json::from_slice::<Position>(&body) else { return problem(400, "Bad Request") };
    if position.iupd != iupd || !sound(&position) {
        return problem(400, "Bad Request");
    }
    match books.positions.get(&iupd).and_then(|known| known.status) {
        None => return problem(404, "Not Found"),
        Some(status) if !status.may_be_changed() => return problem(409, "Conflict"),
        Some(_) => position.status = Some(PositionState::Valid),
    }
    books.positions.insert(iupd.clone(), position);
    settle(&mut books, &iupd);
    Json(books.positions[&iupd].clone()).into_response()
}

/// Version 1's: its answer is a position of that version, of which nobody reads more than that it came.
async fn invalidate(
    State(pagopa): State<FalsePagoPa>,
    Path((_, iupd)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    match books.positions.get_mut(&iupd) {
        None => problem(404, "Not Found"),
        Some(position) if !position.status.is_some_and(PositionState::may_be_invalidated) => problem(409, "Conflict"),
        Some(position) => {
            position.status = Some(PositionState::Unpayable);
            Json(json!({ "iupd": iupd, "status": "INVALID" })).into_response()
        }
    }
}

async fn create(
    State(pagopa): State<FalsePagoPa>,
    Path(_): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    books.asked += 1;
    let Ok(mut position) = serde_json::from_slice::<Position>(&body) else { return problem(400, "Bad Request") };
    if !sound(&position) {
        return problem(400, "Bad Request");
    }
    let payments = position.payment_option.iter().flat_map(|option| &option.installments);
    let taken = books.positions.contains_key(&position.iupd)
        || payments.clone().any(|one| {
            let mut others = books.positions.values().flat_map(|other| &other.payment_option);
            others.any(|option| option.installments.iter().any(|other| other.iuv == one.iuv))
        });
    if taken {
        return problem(409, "Conflict");
    }
    let id = position.iupd.clone();
    let published = asked.get("toPublish").is_some_and(|publish| publish == "true");
    position.status = Some(if published { PositionState::Valid } else { PositionState::Draft });
    books.positions.insert(id.clone(), position);
    settle(&mut books, &id);
    (StatusCode::CREATED, Json(books.positions[&id].clone())).into_response()
}

async fn list(
    State(pagopa): State<FalsePagoPa>,
    Path(_): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    books.asked += 1;
    let number = |name: &str, usual: u32| asked.get(name).map_or(Some(usual), |text| text.parse().ok());
    let (Some(page), Some(limit)) = (number("page", 0), number("limit", 10)) else {
        return problem(400, "Bad Request");
    };
    if limit == 0 || limit > 50 {
        return problem(400, "Bad Request");
    }
    let all: Vec<Position> = books.positions.values().cloned().collect();
    let found: Vec<Position> = all.iter().skip((page * limit) as usize).take(limit as usize).cloned().collect();
    let items_found = u32::try_from(found.len()).unwrap();
    let total_pages = u32::try_from(all.len()).unwrap().div_ceil(limit);
    let page_info = PageInfo { page, limit, items_found, total_pages };
    Json(PositionPage { payment_position_list: found, page_info }).into_response()
}

async fn one(
    State(pagopa): State<FalsePagoPa>,
    Path((_, iupd)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let books = pagopa.books.lock().unwrap();
    books.positions.get(&iupd).map_or_else(|| problem(404, "Not Found"), |found| Json(found.clone()).into_response())
}

async fn publish(
    State(pagopa): State<FalsePagoPa>,
    Path((_, iupd)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    match books.positions.get_mut(&iupd) {
        None => return problem(404, "Not Found"),
        Some(position) if position.status != Some(PositionState::Draft) => return problem(409, "Conflict"),
        Some(position) => position.status = Some(PositionState::Valid),
    }
    settle(&mut books, &iupd);
    Json(books.positions[&iupd].clone()).into_response()
}

async fn receipt_list(
    State(pagopa): State<FalsePagoPa>,
    Path(_): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    books.asked += 1;
    let number = |name: &str, usual: usize| asked.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (page, size) = (number("pageNum", 0), number("pageSize", 20).max(1));
    let rows = books.paid.keys().skip(page * size).take(size).map(|iuv| ReceiptRow { iuv: iuv.clone() });
    let results: Vec<ReceiptRow> = rows.collect();
    let total_pages = u32::try_from(books.paid.len().div_ceil(size)).unwrap();
    Json(ReceiptPage { total_pages, results }).into_response()
}

async fn receipt(
    State(pagopa): State<FalsePagoPa>,
    Path((org, iuv)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    books.fetched += 1;
    let payments = books.positions.values().flat_map(|position| &position.payment_option);
    let found = payments.flat_map(|option| &option.installments).find(|one| one.iuv == iuv);
    let (Some(id), Some(one)) = (books.paid.get(&iuv), found) else { return problem(404, "Not Found") };
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><receipt><receiptId>{id}</receiptId><noticeNumber>{}</noticeNumber>\
         <fiscalCode>{org}</fiscalCode><outcome>OK</outcome><creditorReferenceId>{iuv}</creditorReferenceId>\
         <paymentAmount>{}</paymentAmount><description>{}</description><PSPCompanyName>Banca di prova</PSPCompanyName>\
         <paymentMethod>cash</paymentMethod><paymentDateTime>2026-03-12T09:00:00Z</paymentDateTime></receipt>",
        one.nav.clone().unwrap_or_default(),
        one.amount,
        one.description
    );
    ([(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}
