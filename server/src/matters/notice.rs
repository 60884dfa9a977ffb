//! What residents owe, seen from the town: issued, said to be paid, confirmed by receipts. Where it stands follows pagoPA's rules.

pub(crate) mod issuing;
pub(crate) mod office;
pub mod position;

pub use issuing::{issue, issue_to};

use chrono::Duration;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_contract::http::{
    BoughtStampBody, CartNotice, Collection, DebtEvent, NoticeRecord, NoticeStep, PaidBody, PaymentRecord, ProblemCode,
    ReceiptClaims,
};
use vicino_contract::jws::Kind;
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{CartId, InstallmentState, Instant, MessageId, NoticeId, Sha256, text};

use crate::entropy::digest;
use crate::matters::attachment::with_message;
use crate::matters::receive_once::receive_once;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::providers::pagopa::{Receipt, StampCame};
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// Pages opened for a notice that its debt's story tells of in an hour.
const MOST_BEGUN: usize = 5;
/// The longest a resident says where they paid.
const PLACE: usize = 200;
/// Times that a resident says of one debt that it is paid.
const MOST_SAID: usize = 20;

/// A debt as the town has it, and whose it is.
///
/// # Errors
/// A [`Refusal`] when the register cannot answer.
pub fn find(town: &Town, id: NoticeId) -> Result<Option<Record<NoticeRecord>>, Refusal> {
    Ok(town.register.read(|tx| notice_of(tx, id))?)
}

/// A resident says that they have paid. It moves nothing: only a receipt does; the office sees it, and the proof.
pub(crate) fn receive_declaration(
    town: &Town,
    reader: &Reader,
    (notice, id): (NoticeId, MessageId),
    body: &PaidBody,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    let incoming = Incoming { reader, kind: MessageKind::Declaration, id: id.uuid(), digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        // Asked of new ones alone: what was signed for is answered as before.
        let place = body.place.as_deref().map(text::line).filter(|place| !place.is_empty());
        if place.as_ref().is_some_and(|place| place.chars().count() > PLACE) {
            return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Place of payment too long"));
        }
        let files = with_message(&body.files, &town.identity.limits)?;
        let mut record = own_notice(tx, reader, notice)?.ok_or_else(Refusal::not_found)?;
        if record.body.installment(body.number).is_none() {
            return Err(Refusal::not_found());
        }
        let day = body.paid_on.format("%d/%m/%Y");
        let note = place.as_ref().map_or_else(|| day.to_string(), |place| format!("{day}, {place}"));
        let told = record.body.history.iter().filter(|step| step.what == DebtEvent::SaidPaid).count();
        if told >= MOST_SAID {
            return Err(Refusal::new(
                RefusalKind::Unprocessable,
                ProblemCode::TooMany,
                "Payment declared too many times; write to the office",
            ));
        }
        let said = step(now, DebtEvent::SaidPaid, Some(body.number), Some(note));
        record.body.history.push(NoticeStep { declaration: Some(id.uuid()), ..said });
        record.body.files.extend(files);
        write_notice(tx, &record)?;
        Ok(Effect::on(body.number.to_string(), record.owner))
    })
}

/// A receipt came. Whether it was news: the same again is not booked twice, and a second one of the same notice is kept
/// beside the first.
///
/// # Errors
/// A [`Refusal`] when the register cannot answer.
pub fn book(town: &Town, receipt: &Receipt) -> Result<bool, Refusal> {
    let booked = town.register.write(|tx| book_in(town, tx, receipt)).map_err(Refusal::from)?;
    if let Some(owner) = booked {
        town.register.say_changed(Changed(Some(owner)));
    }
    Ok(booked.is_some())
}

/// Books a receipt in a transaction under way; answers whose debt it paid, when that was news.
pub(crate) fn book_in(town: &Town, tx: &Transaction<'_>, receipt: &Receipt) -> Result<Option<Owner>, StoreError> {
    let now = town.now();
    let Some(mut record) = notice_by_number(tx, receipt.creditor, receipt.number)? else { return Ok(None) };
    let (Some(owner), id) = (record.owner, receipt_id(receipt)) else { return Ok(None) };
    // Booked once, also when it was erased since.
    if store::is_taken(tx, id)? {
        return Ok(None);
    }
    let word = ReceiptClaims {
        iss: town.identity.ipa_code.clone(),
        kind: ReceiptClaims::KIND.to_owned(),
        number: receipt.number,
        creditor: receipt.creditor,
        amount: receipt.amount,
        paid_at: receipt.paid_at,
        receipt: receipt.id.clone(),
    };
    let payment = PaymentRecord {
        id,
        notice: record.body.id,
        number: receipt.number,
        receipt: receipt.id.clone(),
        title: record.body.title.clone(),
        creditor: record.body.creditor.clone(),
        whom: record.body.whom.clone(),
        amount: receipt.amount,
        fee: receipt.fee,
        paid_at: receipt.paid_at,
        psp: receipt.psp.clone(),
        method: receipt.method.clone(),
        word: town.signer().sign(Kind::Payment, &serde_json::to_vec(&word)?),
    };
    store::write(tx, Collection::Payments.code(), &id.to_string(), Some(owner), &payment)?;
    let mut again = false;
    for one in record.body.plans.iter_mut().flat_map(|plan| &mut plan.installments) {
        if one.number == receipt.number {
            again = one.state().is_paid();
            if !again {
                one.state = InstallmentState::Paid.into();
                one.paid_at = Some(receipt.paid_at);
            }
        }
    }
    if let (Some(asked), Some(came)) = (&mut record.body.stamp, &receipt.stamp) {
        match came {
            StampCame::Read(stamp) if stamp.is_for(asked) => {
                let (iubd, at, xml) = (stamp.iubd.clone(), stamp.bought_at, stamp.xml.clone());
                asked.bought.get_or_insert(BoughtStampBody { iubd, at, xml });
            }
            // Another paper's, or none at all: whoever issues the certificate is told.
            _ => asked.wrong = asked.bought.is_none(),
        }
    }
    let what = if again { DebtEvent::PaidAgain } else { DebtEvent::Paid };
    record.body.history.push(step(now, what, Some(receipt.number), Some(receipt.id.clone())));
    record.body.settle(now);
    write_notice(tx, &record)?;
    Ok(Some(owner))
}

/// The creditor takes its word back: what it had called paid is not, after all. The receipt stays; this stands beside it.
///
/// # Errors
/// A [`Refusal`] when there is no such notice, or the register cannot answer.
pub fn say_not_paid(town: &Town, creditor: Creditor, number: NoticeNumber, note: &str) -> Result<(), Refusal> {
    let now = town.now();
    let owner = town.register.write(|tx| {
        let mut record = notice_by_number(tx, creditor, number)?.ok_or_else(Refusal::not_found)?;
        contradict(tx, &mut record, now, number, note)?;
        Ok::<_, Refusal>(record.owner)
    })?;
    town.register.say_changed(Changed(owner));
    Ok(())
}

/// The creditor takes a debt back: nobody is to pay it any more. It stays where it is, and says so.
///
/// # Errors
/// A [`Refusal`] when there is none, when it is paid, wholly or in part, or the register cannot answer.
pub fn take_back(town: &Town, notice: NoticeId, note: &str) -> Result<(), Refusal> {
    let now = town.now();
    let owner = town.register.write(|tx| withdraw(tx, notice, (now, note)))?;
    town.register.say_changed(Changed(owner));
    Ok(())
}

/// Notes the creditor's word against a payment; the same word again, with nothing said since, changes nothing.
fn contradict(
    tx: &Transaction<'_>,
    record: &mut Record<NoticeRecord>,
    now: Instant,
    number: NoticeNumber,
    note: &str,
) -> Result<(), Refusal> {
    record.body.installment(number).ok_or_else(Refusal::not_found)?;
    // Nobody says that it is paid: there is nothing to contradict.
    let Some(last) = last_word(&record.body, number) else {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            ProblemCode::TransitionRefused,
            "No payment was declared for this notice",
        ));
    };
    if Some(last).is_some_and(|last| last.what == DebtEvent::NotPaid && last.note.as_deref() == Some(note)) {
        return Ok(());
    }
    record.body.history.push(step(now, DebtEvent::NotPaid, Some(number), Some(note.to_owned())));
    Ok(write_notice(tx, record)?)
}

/// Returns the most recent statement on whether a notice is paid: a resident's, a receipt's or the creditor's.
fn last_word(record: &NoticeRecord, number: NoticeNumber) -> Option<&NoticeStep> {
    use DebtEvent::{NotPaid, Paid, PaidAgain, SaidPaid};
    let is_word = |step: &NoticeStep| matches!(step.what.known(), Some(SaidPaid | NotPaid | Paid | PaidAgain));
    record.history.iter().rfind(|step| step.number == Some(number) && is_word(step))
}

/// Writes that nobody is to pay a debt any more: whose it was.
fn withdraw(tx: &Transaction<'_>, notice: NoticeId, (now, note): (Instant, &str)) -> Result<Option<Owner>, Refusal> {
    let mut record = notice_of(tx, notice)?.ok_or_else(Refusal::not_found)?;
    record.body.settle(now);
    // What is paid by F24 has no position, and is taken back as well.
    let may = record.body.state().may_be_invalidated() || (record.body.plans.is_empty() && !record.body.is_withdrawn());
    if !may {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            ProblemCode::TransitionRefused,
            "The debt can no longer be withdrawn",
        ));
    }
    record.body.history.push(step(now, DebtEvent::Withdrawn, None, Some(note.to_owned())));
    record.body.settle(now);
    write_notice(tx, &record)?;
    Ok(record.owner)
}

/// Records that a payment of these notices was begun; returns the owners of those known here, who are told.
pub(crate) fn note_begun(
    tx: &Transaction<'_>,
    now: Instant,
    (cart, notices): (CartId, &[CartNotice]),
) -> Result<Vec<Owner>, StoreError> {
    let mut owners = Vec::new();
    for one in notices {
        let Some(mut record) = notice_by_number(tx, one.creditor, one.number)? else { continue };
        // Whoever holds a number may open pages for it: a debt's story does not grow as often as somebody wishes.
        let lately = |step: &&NoticeStep| {
            step.what == DebtEvent::Begun
                && step.number == Some(one.number)
                && now.signed_duration_since(step.at) < Duration::hours(1)
        };
        if record.body.history.iter().filter(lately).count() >= MOST_BEGUN {
            continue;
        }
        let begun = step(now, DebtEvent::Begun, Some(one.number), None);
        record.body.history.push(NoticeStep { cart: Some(cart), ..begun });
        write_notice(tx, &record)?;
        owners.extend(record.owner);
    }
    Ok(owners)
}

/// The same receipt has the same identity, whoever brings it and however often.
fn receipt_id(receipt: &Receipt) -> Uuid {
    let bytes = digest(format!("{}/{}", receipt.creditor, receipt.id).as_bytes()).0;
    let mut short = [0; 16];
    short.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    uuid::Builder::from_random_bytes(short).into_uuid()
}

fn step(at: Instant, what: DebtEvent, number: Option<NoticeNumber>, note: Option<String>) -> NoticeStep {
    NoticeStep { at, what: what.into(), number, note, cart: None, declaration: None }
}

/// The debt under this identity, whosoever it is.
pub(crate) fn notice_of(tx: &Transaction<'_>, id: NoticeId) -> Result<Option<Record<NoticeRecord>>, StoreError> {
    store::find(tx, Collection::Notices, &id.to_string())
}

/// The debt a notice number belongs to, whosoever it is.
pub(crate) fn notice_by_number(
    tx: &Transaction<'_>,
    creditor: Creditor,
    number: NoticeNumber,
) -> Result<Option<Record<NoticeRecord>>, StoreError> {
    match store::notice_of(tx, creditor, number)? {
        Some(id) => notice_of(tx, NoticeId::from_uuid(id)),
        None => Ok(None),
    }
}

/// The debt under this identity, when the caller may see it; another's is as good as none.
pub(crate) fn own_notice(
    tx: &Transaction<'_>,
    reader: &Reader,
    id: NoticeId,
) -> Result<Option<Record<NoticeRecord>>, Refusal> {
    let found = notice_of(tx, id)?;
    Ok(found.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner))))
}

pub(crate) fn write_notice(tx: &Transaction<'_>, record: &Record<NoticeRecord>) -> Result<(), StoreError> {
    store::point_numbers(tx, &record.body)?;
    store::write(tx, Collection::Notices.code(), &record.body.id.to_string(), record.owner, &record.body)
}
