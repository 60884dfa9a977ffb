//! Its debt positions of version 3, and their receipts in XML.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use vicino_contract::http::StampBody;
use vicino_domain::{Cents, InstallmentState, PlanFacts, PositionState, position_state};
use vicino_server::pagopa::{
    Installment, PageInfo, PaymentOption, Position, PositionPage, ReceiptPage, ReceiptRow, Stamp, Transfer, false_stamp,
};

use super::{Books, FalsePagoPa, problem, stranger};

/// From when it may be paid.
pub(super) fn from(option: &PaymentOption) -> Option<vicino_domain::Instant> {
    option.validity_date.as_ref().map(|date| date.parse().unwrap())
}

/// Puts a position where the standard puts it.
pub(super) fn settle(books: &mut Books, id: &str) {
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

/// Returns whether a position is as it must be: transfers make their instalment, nothing is due before it is valid.
fn sound(position: &Position) -> bool {
    let whole = |one: &Installment| {
        let sum: i64 = one.transfer.iter().map(|transfer| transfer.amount.0).sum();
        one.amount > Cents(0)
            && sum == one.amount.0
            && !one.transfer.is_empty()
            && one.transfer.iter().all(goes_somewhere)
    };
    let due = |one: &Installment| one.due_date.parse::<vicino_domain::Instant>();
    !position.payment_option.is_empty()
        && position.payment_option.iter().all(|option| {
            let valid = from(option);
            option
                .installments
                .iter()
                .all(|one| whole(one) && due(one).is_ok_and(|due| valid.is_none_or(|valid| valid <= due)))
        })
}

/// Returns whether a transfer goes to an account, or buys a stamp as the standard has it: one of the two.
fn goes_somewhere(transfer: &Transfer) -> bool {
    match (&transfer.iban, &transfer.stamp) {
        (Some(iban), None) => !iban.is_empty(),
        (None, Some(stamp)) => {
            let digest = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, &stamp.hash_document);
            let province = &stamp.provincial_residence;
            digest.is_ok_and(|digest| digest.len() == 32)
                && stamp.stamp_type == "01"
                && transfer.amount == Cents(1600)
                && province.len() == 2
                && province.bytes().all(|letter| letter.is_ascii_uppercase())
        }
        _ => false,
    }
}

/// The stamp that an instalment bought, as its receipt carries it.
fn bought(one: &Installment) -> String {
    let stamps = one.transfer.iter().filter_map(|transfer| transfer.stamp.as_ref());
    let attach = |stamp: &Stamp| {
        let asked = StampBody {
            document_hash: stamp.hash_document.clone(),
            kind: stamp.stamp_type.clone(),
            province: stamp.provincial_residence.clone(),
            bought: None,
            wrong: false,
        };
        format!("<MBDAttachment>{}</MBDAttachment>", false_stamp(&asked, "2026-03-12T09:00:00Z".parse().unwrap()))
    };
    stamps.map(attach).collect()
}

pub(super) async fn update(
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
pub(super) async fn invalidate(
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

pub(super) async fn create(
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

pub(super) async fn list(
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

pub(super) async fn one(
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

pub(super) async fn publish(
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

pub(super) async fn receipt_list(
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

pub(super) async fn receipt(
    State(pagopa): State<FalsePagoPa>,
    Path((org, iuv)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let mut books = pagopa.books.lock().unwrap();
    books.fetched += 1;
    match books.broken.get(&iuv) {
        Some(200) => return "<html>Servizio sospeso</html>".into_response(),
        Some(status) => return problem(*status, "Not Now"),
        None => {}
    }
    let payments = books.positions.values().flat_map(|position| &position.payment_option);
    let found = payments.flat_map(|option| &option.installments).find(|one| one.iuv == iuv);
    let (Some(id), Some(one)) = (books.paid.get(&iuv), found) else { return problem(404, "Not Found") };
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><receipt><receiptId>{id}</receiptId><noticeNumber>{}</noticeNumber>\
         <fiscalCode>{org}</fiscalCode><outcome>OK</outcome><creditorReferenceId>{iuv}</creditorReferenceId>\
         <paymentAmount>{}</paymentAmount><description>{}</description><PSPCompanyName>Banca di prova</PSPCompanyName>\
         <paymentMethod>cash</paymentMethod><paymentDateTime>2026-03-12T09:00:00Z</paymentDateTime><transferList><transfer>{}</transfer></transferList></receipt>",
        one.nav.clone().unwrap_or_default(),
        one.amount,
        one.description,
        bought(one)
    );
    ([(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}
