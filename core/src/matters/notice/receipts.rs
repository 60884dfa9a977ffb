//! Receipts: listed by year, each shown with the town's signature under it.

use chrono::Datelike as _;
use vicino_contract::http::{Collection, PaymentRecord, ReceiptClaims, TownKey};
use vicino_contract::ipc::{GetPaymentReceipt, ListReceipts, PaymentReceiptView, ReceiptList, ReceiptRow};
use vicino_contract::jws::{self, Kind};
use vicino_domain::{NoticeId, town_day};

use vicino_contract::{Failure, FailureCode};
use vicino_pictures::draw;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::notice::ledger::whom;
use crate::matters::notice::store;
use crate::store::cursors;
use crate::store::identity::Joined;

pub(crate) fn receipt_row(record: &PaymentRecord) -> ReceiptRow {
    ReceiptRow {
        id: record.id,
        notice: NoticeId::from_uuid(record.notice),
        receipt: record.receipt.clone(),
        title: record.title.clone(),
        whom: whom(&record.whom),
        amount: record.amount,
        paid_at: record.paid_at,
    }
}

/// The key under a receipt, when its signature holds and is about this very payment; checked each time one is shown.
pub(crate) fn signer<'a>(record: &PaymentRecord, town: &'a Joined) -> Option<&'a TownKey> {
    if !town.believes(&record.word, record.paid_at) {
        return None;
    }
    let own = |key: &&TownKey| {
        let json = jws::verify(Kind::Payment, &record.word, std::slice::from_ref(*key)).ok();
        json.and_then(|json| serde_json::from_slice::<ReceiptClaims>(&json).ok()).is_some_and(|said| {
            said.kind == ReceiptClaims::KIND
                && (said.number, said.creditor, said.amount, said.paid_at, &said.receipt)
                    == (record.number, record.creditor.tax_code, record.amount, record.paid_at, &record.receipt)
        })
    };
    town.keys.iter().find(own)
}

impl Handle for ListReceipts {
    fn handle(self, device: &Device) -> Result<ReceiptList, Error> {
        device.store.private(|tx| {
            let mut all = store::receipts(tx)?;
            all.sort_by_key(|record| std::cmp::Reverse(record.paid_at));
            let mut years: Vec<i32> = all.iter().map(|record| town_day(record.paid_at).year()).collect();
            years.dedup();
            let wanted = |record: &&PaymentRecord| self.year.is_none_or(|year| town_day(record.paid_at).year() == year);
            Ok(ReceiptList {
                rows: all.iter().filter(wanted).map(receipt_row).collect(),
                years,
                freshness: device.own_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetPaymentReceipt {
    fn handle(self, device: &Device) -> Result<PaymentReceiptView, Error> {
        let joined = device.joined()?;
        let body = device.store.private(|tx| Ok(vicino_records::body(tx, Collection::Payments.code(), self.id)?))?;
        let record = body.and_then(|body| serde_json::from_str::<PaymentRecord>(&body).ok());
        let record = record.ok_or_else(Error::not_found)?;
        Ok(PaymentReceiptView {
            row: receipt_row(&record),
            grouped: record.number.grouped(),
            creditor: record.creditor.name.clone(),
            creditor_code: record.creditor.tax_code,
            fee: record.fee,
            psp: record.psp.clone(),
            signed: joined.as_ref().is_some_and(|town| signer(&record, town).is_some()),
            qr_svg: draw::qr(&record.word).map_err(|_| Failure::new(FailureCode::Internal))?,
            word: record.word,
        })
    }
}
