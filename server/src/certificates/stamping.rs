//! The stamp of a certificate: a debt bound to the very paper (*@e.bollo*), paid like any other; the paper follows its receipt.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{Datelike as _, Days};
use rusqlite::Transaction;
use tokio::runtime::Handle;
use uuid::Uuid;
use vicino_contract::http::{
    CertificateRecord, Collection, CreditorBody, HeldBody, InstallmentBody, LineBody, NoticeRecord, PaymentRecord,
    PlanBody, StampBody, WhomBody,
};
use vicino_domain::certificate::STAMP;
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{NoticeId, town_day};

use super::issuing::{Draft, code_of};
use super::state;
use crate::entropy::digest;
use crate::pagopa::Account;
use crate::store::{self, Record, StoreError};
use crate::{Refusal, Town};

/// What a stamp is for, by the code of pagoPA's taxonomy (*imposta di bollo*).
const STAMP_CATEGORY: &str = "9/0301116TS/";
/// Days within which a stamp is to be paid; after them it can still be.
const STAMP_DAYS: Days = Days::new(30);

impl Town {
    /// Issues the debt of a stamp, bound to the paper it is for.
    pub(super) fn ask_for_stamp(
        self: &Arc<Self>,
        record: &Record<CertificateRecord>,
        draft: &Draft,
    ) -> Result<(), Refusal> {
        let Some(owner) = record.owner else { return Ok(()) };
        // The same certificate has the same debt under the same number, however often it is begun: nobody pays two stamps for it.
        let seed = digest(format!("stamp/{}", record.body.id).as_bytes()).0;
        let (mut short, mut base) = ([0; 16], [0; 8]);
        short.iter_mut().zip(seed).for_each(|(to, from)| *to = from);
        base.iter_mut().zip(seed.into_iter().skip(16)).for_each(|(to, from)| *to = from);
        let (id, base) = (uuid::Builder::from_random_bytes(short).into_uuid(), u64::from_be_bytes(base));
        let today = town_day(self.now());
        let due_on = today.checked_add_days(STAMP_DAYS).unwrap_or(today);
        let (creditor, title) = (self.identity.creditor, draft.paper.title.clone());
        let Some(creditor) = creditor else {
            return self.hold(&record.body, without_payments(&record.body));
        };
        let notice = NoticeRecord {
            id,
            kind: String::from("stamp"),
            year: today.year(),
            title: format!("Marca da bollo per: {title}"),
            creditor: CreditorBody { name: self.identity.name.clone(), tax_code: creditor, postal_account: None },
            debtor: None,
            office: None,
            whom: WhomBody { kind: String::from("person"), name: record.body.person_name.clone(), detail: None },
            issued_on: today,
            lines: vec![LineBody {
                what: String::from("Imposta di bollo"),
                how: Some(String::from("art. 4 della tariffa, D.P.R. 642/1972")),
                amount: STAMP,
            }],
            plans: vec![PlanBody {
                title: String::from("Tutto insieme"),
                from: None,
                until: None,
                switch_to_expired: false,
                lines: Vec::new(),
                installments: vec![InstallmentBody {
                    number: NoticeNumber::issue(47, base % 10_000_000_000_000),
                    amount: STAMP,
                    due_on,
                    due_from: String::from("scelta dal Comune: poi si chiede di nuovo"),
                    state: String::from("UNPAID"),
                    paid_at: None,
                }],
            }],
            state: String::new(),
            history: Vec::new(),
            files: Vec::new(),
            good_for_hours: 24 * 30,
            services: Vec::new(),
            f24: Vec::new(),
            stamp: Some(StampBody {
                document_hash: BASE64_STANDARD.encode(draft.document.0),
                kind: StampBody::ORDINARY.to_owned(),
                province: self.identity.province.clone(),
            }),
        };
        if let (Some(positions), Ok(to)) = (self.identity.positions.clone(), owner.to_string().parse()) {
            // Where debts have positions the stamp's has one too, first; its money goes to no account of the town.
            let account = Account { iban: String::new(), category: STAMP_CATEGORY.to_owned() };
            Handle::current().block_on(self.place(positions.as_ref(), &account, to, &notice))?;
        }
        if self.notice(NoticeId::from_uuid(id))?.is_none() {
            self.issue_to(owner, notice)?;
        }
        self.change(&record.body, |_, record| {
            (record.state, record.notice, record.held) = (state::STAMP_DUE.to_owned(), Some(id), None);
            Ok(true)
        })
    }
}

/// The receipt of a stamp's debt.
pub(super) fn receipt_of(tx: &Transaction<'_>, notice: Option<Uuid>) -> Result<Option<PaymentRecord>, StoreError> {
    let Some(notice) = notice else { return Ok(None) };
    let all = store::all::<PaymentRecord>(tx, Collection::Payments)?;
    Ok(all.into_iter().map(|record| record.body).find(|receipt| receipt.notice == notice))
}

/// A stamp is due, and this town takes no payments.
fn without_payments(record: &CertificateRecord) -> HeldBody {
    HeldBody {
        kind: None,
        why: String::from("Il bollo si paga allo sportello: qui il Comune non riscuote."),
        since: None,
        until: None,
        office: None,
        code: code_of(record.person, "no_payments"),
    }
}
