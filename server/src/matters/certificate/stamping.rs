//! The stamp of a certificate: a debt bound to the very paper (*@e.bollo*), paid like any other; the paper follows its receipt.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{Datelike as _, Days};
use tokio::runtime::Handle;
use vicino_contract::http::{
    BoundBody, CertificateRecord, CreditorBody, DebtEvent, InstallmentBody, LineBody, NoticeRecord, PlanBody,
    StampBody, WhomBody, WhomKind,
};
use vicino_domain::certificate::{IssueState, STAMP};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{InstallmentState, NoticeId, Open, italian_day, said_on, town_day};

use crate::entropy::digest;
use crate::matters::certificate::drafting::Draft;
use crate::matters::certificate::held;
use crate::matters::certificate::held::Why;
use crate::matters::certificate::issuing;
use crate::matters::certificate::uuid_of;
use crate::matters::notice;
use crate::matters::notice::position;
use crate::providers::pagopa::Account;
use crate::store::Record;
use crate::{Refusal, Town};

/// The purpose of a stamp, by a code of pagoPA's taxonomy (*imposta di bollo*): to be held against the taxonomy in force
/// before a town joins, for it changes by the year and no test here can tell.
const STAMP_CATEGORY: &str = "9/0301116TS/";
/// Days within which a stamp is to be paid; after them it can still be.
const STAMP_DAYS: Days = Days::new(30);

/// Issues the debt of a stamp, bound to the paper it is for.
pub(crate) fn ask_for_stamp(
    town: &Arc<Town>,
    record: &Record<CertificateRecord>,
    draft: &Draft,
) -> Result<(), Refusal> {
    let Some(owner) = record.owner else { return Ok(()) };
    // The same paper has the same debt under the same number, however often it is begun: nobody pays two stamps for it. What it says
    // is nobody else's to know, so that nobody else can tell the number.
    // A debt that was taken back is not asked for again: after it comes another.
    let mut seed = format!("stamp/{}/{}", record.body.id, draft.document);
    while notice::find(town, NoticeId::from_uuid(uuid_of(&seed)))?.is_some_and(|debt| debt.body.is_withdrawn()) {
        seed.push_str("/again");
    }
    let (id, mut base) = (uuid_of(&seed), [0; 8]);
    base.iter_mut().zip(digest(format!("number/{seed}").as_bytes()).0).for_each(|(to, from)| *to = from);
    let base = u64::from_be_bytes(base);
    // Dated by the wish: the same debt, whenever it is begun again.
    let today = town_day(record.body.asked_at);
    let due_on = today.checked_add_days(STAMP_DAYS).unwrap_or(today);
    let (creditor, title) = (town.identity.creditor, draft.paper.title.clone());
    let Some(creditor) = creditor else {
        return issuing::hold(town, &record.body, held::because(town, record.body.person, Why::NoPayments));
    };
    let notice = NoticeRecord {
        id,
        // No kind of its own on a screen: shown as a service.
        kind: Open::Unknown(String::from("stamp")),
        year: today.year(),
        title: format!("Marca da bollo per: {title}"),
        creditor: CreditorBody { name: town.identity.name.clone(), tax_code: creditor, postal_account: None },
        debtor: None,
        office: None,
        whom: WhomBody { kind: WhomKind::Person.into(), name: record.body.person_name.clone(), detail: None },
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
                state: InstallmentState::Unpaid.into(),
                paid_at: None,
            }],
        }],
        state: Open::default(),
        history: Vec::new(),
        files: Vec::new(),
        good_for_hours: 24 * 30,
        services: Vec::new(),
        f24: Vec::new(),
        stamp: Some(StampBody {
            document_hash: BASE64_STANDARD.encode(draft.document.0),
            kind: StampBody::ORDINARY.to_owned(),
            province: town.identity.province.clone(),
            bought: None,
            wrong: false,
        }),
    };
    if let (Some(positions), Some(to)) = (town.identity.positions.clone(), owner.resident()) {
        // Where debts have positions the stamp's has one too, first; its money goes to no account of the town.
        let account = Account { iban: String::new(), category: STAMP_CATEGORY.to_owned() };
        Handle::current().block_on(position::place(town, positions.as_ref(), &account, to, &notice))?;
    }
    if notice::find(town, NoticeId::from_uuid(id))?.is_none() {
        notice::issuing::issue_to(town, owner, notice)?;
    }
    let bound = BoundBody { says: draft.says.clone(), document: draft.document.to_string(), by_hand: None };
    issuing::change(town, &record.body, |_, record| {
        (record.state, record.notice, record.held) = (IssueState::StampDue.into(), Some(id), None);
        record.bound = Some(bound);
        Ok(true)
    })
}

/// The stamp that was asked for is for a paper that would not be issued: it is taken back, and another is asked for.
pub(crate) fn ask_for_another_stamp(
    town: &Arc<Town>,
    record: &CertificateRecord,
    debt: &NoticeRecord,
) -> Result<(), Refusal> {
    take_stamp_back(town, debt, "I dati dell’anagrafe sono cambiati: il bollo si chiede di nuovo.")?;
    issuing::change(town, record, |_, record| {
        (record.state, record.notice, record.bound) = (IssueState::Asked.into(), None, None);
        Ok(true)
    })
}

/// A certificate that is asked for no more needs no stamp.
pub(crate) fn drop_stamp(town: &Town, debt: &NoticeRecord) -> Result<(), Refusal> {
    tracing::debug!("stamp debt withdrawn");
    take_stamp_back(town, debt, "Il certificato non serve più: il bollo non si paga.")
}

/// Withdraws a debt that was issued for a stamp, its position first where debts have one.
fn take_stamp_back(town: &Town, debt: &NoticeRecord, why: &str) -> Result<(), Refusal> {
    if debt.is_withdrawn() {
        return Ok(());
    }
    let id = NoticeId::from_uuid(debt.id);
    if let Some(positions) = town.identity.positions.clone() {
        Handle::current().block_on(position::unplace(positions.as_ref(), id))?;
    }
    notice::take_back(town, id, why)
}

/// A certificate that was held, and whose stamp is still to be paid, waits for it again.
pub(crate) fn wait_for_stamp(town: &Town, record: &CertificateRecord) -> Result<(), Refusal> {
    if record.state == IssueState::StampDue {
        return Ok(());
    }
    issuing::change(town, record, |_, record| {
        (record.state, record.held) = (IssueState::StampDue.into(), None);
        Ok(true)
    })
}

/// The number of the receipt of a stamp's debt, as long as its creditor does not say otherwise.
pub(crate) fn receipt_of(debt: &NoticeRecord) -> Option<String> {
    use DebtEvent::{NotPaid, Paid, PaidAgain};
    let last = debt.history.iter().rfind(|step| matches!(step.what.known(), Some(Paid | PaidAgain | NotPaid)))?;
    last.note.clone().filter(|_| last.what != NotPaid)
}

/// The line of a paper whose stamp is paid; with the stamp's own number, where it came with the receipt.
pub(crate) fn stamped(receipt: &str, record: &CertificateRecord, stamp: Option<&StampBody>) -> String {
    let bound = record.bound.as_ref();
    let document = bound.map(|bound| bound.document.as_str()).unwrap_or_default();
    let bought = stamp.and_then(|stamp| stamp.bought.as_ref());
    let bought = bought.map(|one| {
        let words = format!(" Marca da bollo digitale {} del ", one.iubd);
        format!("{}.", said_on(&words, &italian_day(town_day(one.at))))
    });
    let by_hand = match bound.and_then(|bound| bound.by_hand) {
        Some(_) => {
            " I dati sono cambiati dopo il pagamento: l’ufficio ha fatto valere il bollo per questo certificato."
        }
        None => "",
    };
    format!(
        "Imposta di bollo di {} pagata con pagoPA, ricevuta {receipt}, impronta del documento {document}.{}{by_hand}",
        STAMP.in_italian(),
        bought.unwrap_or_default()
    )
}
