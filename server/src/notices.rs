//! What residents owe, seen from the town: issued, said to be paid, confirmed by receipts. Where it stands follows pagoPA's rules.

mod office;

use chrono::{Duration, NaiveTime};
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{
    CartNotice, Collection, DebtorBody, NoticeRecord, NoticeStep, PaidBody, PaidWord, PaymentRecord, PlanBody,
    ProblemCode, ResidentRecord,
};
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{
    CartId, InstallmentState, Instant, MOST_CENTS, MessageId, NoticeId, PlanFacts, PositionState, ResidentId, Sha256,
    installment_state, position_state, town_day,
};

use crate::entropy::digest;
use crate::files::with_message;
use crate::pagopa::Receipt;
use crate::reader::Owner;
use crate::reports::{Arrived, arrived_before};
use crate::store::{self, Record, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// Pages opened for a debt that its story tells of in an hour.
const MOST_BEGUN: usize = 5;
/// The longest a resident says where they paid.
const PLACE: usize = 200;

impl Town {
    /// Issues a debt to a resident, or changes one; the same again changes nothing.
    ///
    /// # Errors
    /// A [`Refusal`] when a sum is nothing or no way to pay it is there, or the register cannot answer.
    pub fn issue(&self, to: ResidentId, notice: NoticeRecord) -> Result<(), Refusal> {
        self.issue_to(Owner::from(to), notice)
    }

    /// The same, to whomever a debt belongs already.
    ///
    /// # Errors
    /// As [`Town::issue`].
    pub fn issue_to(&self, owner: Owner, notice: NoticeRecord) -> Result<(), Refusal> {
        let now = self.now();
        if self.store().write(|tx| issue(tx, (owner, now), notice))? {
            self.say_changed(Changed(Some(owner)));
        }
        Ok(())
    }

    /// A debt as the town has it, and whose it is.
    ///
    /// # Errors
    /// A [`Refusal`] when the register cannot answer.
    pub fn notice(&self, id: NoticeId) -> Result<Option<Record<NoticeRecord>>, Refusal> {
        Ok(self.store().write(|tx| notice_of(tx, id))?)
    }

    /// A resident says that they have paid. It moves nothing: only a receipt does; the office sees it, and the proof.
    pub(crate) fn receive_declaration(
        &self,
        reader: &Reader,
        (notice, id): (NoticeId, MessageId),
        body: &PaidBody,
        digest: Sha256,
    ) -> Result<Arrived, Refusal> {
        let now = self.now();
        let place = body.place.as_deref().map(str::trim).filter(|place| !place.is_empty());
        if place.is_some_and(|place| place.chars().count() > PLACE) {
            return Err(Refusal::new(422, ProblemCode::Invalid, "Say where in fewer words"));
        }
        let files = with_message(&body.files, &self.identity.limits)?;
        let (arrived, owner) = self.store().write(|tx| {
            if let Some(before) = arrived_before(tx, ("declaration", &id.to_string()), reader, digest)? {
                return Ok((before, None));
            }
            let mut record = own_notice(tx, reader, notice)?.ok_or_else(Refusal::not_found)?;
            if record.body.installment(body.number).is_none() {
                return Err(Refusal::not_found());
            }
            let jws = self.acknowledge("declaration", id.uuid(), digest, &body.number.to_string())?;
            store::keep_acknowledgement(tx, ("declaration", &id.to_string()), reader.owner(), digest, &jws)?;
            let day = body.paid_on.format("%d/%m/%Y");
            let note = place.map_or_else(|| day.to_string(), |place| format!("{day}, {place}"));
            let said = step(now, "said_paid", Some(body.number), Some(note));
            record.body.history.push(NoticeStep { declaration: Some(id.uuid()), ..said });
            record.body.files.extend(files);
            write_notice(tx, &record)?;
            Ok::<_, Refusal>((Arrived { new: true, jws }, record.owner))
        })?;
        if owner.is_some() {
            self.say_changed(Changed(owner));
        }
        Ok(arrived)
    }

    /// A receipt came. Whether it was news: the same again is not booked twice, and a second one of the same notice is kept
    /// beside the first.
    ///
    /// # Errors
    /// A [`Refusal`] when the register cannot answer.
    pub fn book(&self, receipt: &Receipt) -> Result<bool, Refusal> {
        let booked = self.store().write(|tx| self.book_in(tx, receipt)).map_err(Refusal::from)?;
        if let Some(owner) = booked {
            self.say_changed(Changed(Some(owner)));
        }
        Ok(booked.is_some())
    }

    /// The same, in a transaction under way: whose it was, when it was news.
    pub(crate) fn book_in(&self, tx: &Transaction<'_>, receipt: &Receipt) -> Result<Option<Owner>, StoreError> {
        let now = self.now();
        let Some(mut record) = notice_by_number(tx, receipt.creditor, receipt.number)? else { return Ok(None) };
        let (Some(owner), id) = (record.owner, receipt_id(receipt)) else { return Ok(None) };
        if store::find::<PaymentRecord>(tx, Collection::Payments, &id.to_string())?.is_some() {
            return Ok(None);
        }
        let word = PaidWord {
            iss: self.identity.ipa_code.clone(),
            kind: PaidWord::KIND.to_owned(),
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
            word: self.signer().sign(&serde_json::to_vec(&word)?),
        };
        store::write(tx, Collection::Payments.wire(), &id.to_string(), Some(owner), &payment)?;
        let mut again = false;
        for one in record.body.plans.iter_mut().flat_map(|plan| &mut plan.installments) {
            if one.number == receipt.number {
                again = one.state().is_paid();
                if !again {
                    one.state = InstallmentState::Paid.code().to_owned();
                    one.paid_at = Some(receipt.paid_at);
                }
            }
        }
        let what = if again { "paid_again" } else { "paid" };
        record.body.history.push(step(now, what, Some(receipt.number), Some(receipt.id.clone())));
        settle(&mut record.body, now);
        write_notice(tx, &record)?;
        Ok(Some(owner))
    }

    /// The creditor takes its word back: what it had called paid is not, after all. The receipt stays; this stands beside it.
    ///
    /// # Errors
    /// A [`Refusal`] when there is no such notice, or the register cannot answer.
    pub fn say_not_paid(&self, creditor: Creditor, number: NoticeNumber, note: &str) -> Result<(), Refusal> {
        let now = self.now();
        let owner = self.store().write(|tx| {
            let mut record = notice_by_number(tx, creditor, number)?.ok_or_else(Refusal::not_found)?;
            contradict(tx, &mut record, (now, number, note))?;
            Ok::<_, Refusal>(record.owner)
        })?;
        self.say_changed(Changed(owner));
        Ok(())
    }

    /// The creditor takes a debt back: nobody is to pay it any more. It stays where it is, and says so.
    ///
    /// # Errors
    /// A [`Refusal`] when there is none, when it is paid, wholly or in part, or the register cannot answer.
    pub fn take_back(&self, notice: NoticeId, note: &str) -> Result<(), Refusal> {
        let now = self.now();
        let owner = self.store().write(|tx| take_back(tx, notice, (now, note)))?;
        self.say_changed(Changed(owner));
        Ok(())
    }
}

/// Writes a debt, new or changed: whether it was news.
fn issue(tx: &Transaction<'_>, (owner, now): (Owner, Instant), mut notice: NoticeRecord) -> Result<bool, Refusal> {
    let payments = notice.plans.iter().flat_map(|plan| &plan.installments);
    let sound = payments.clone().all(|one| one.amount.0 > 0 && one.amount.0 <= MOST_CENTS.0)
        && (payments.count() > 0 || !notice.f24.is_empty());
    if !sound {
        return Err(Refusal::new(422, ProblemCode::Invalid, "A debt has sums to pay"));
    }
    // A number leads to one debt: a receipt must never be booked for another.
    for one in notice.plans.iter().flat_map(|plan| &plan.installments) {
        let taken = store::notice_of(tx, notice.creditor.tax_code, one.number)?;
        if taken.is_some_and(|other| other != notice.id) {
            return Err(Refusal::id_conflict());
        }
    }
    let before = notice_of(tx, NoticeId::from_uuid(notice.id))?;
    match &before {
        Some(before) if before.owner != Some(owner) => return Err(Refusal::id_conflict()),
        Some(before) => keep_past(&before.body, &mut notice),
        None if notice.history.is_empty() => notice.history.push(step(now, "issued", None, None)),
        None => {}
    }
    name_debtor(tx, owner, &mut notice)?;
    settle(&mut notice, now);
    let news = before.as_ref().is_none_or(|before| before.body != notice);
    // Whoever changes a debt without a word of it is told of by the debt itself; that time has passed is no change.
    let mut known = before.map(|before| before.body);
    known.iter_mut().for_each(|known| settle(known, now));
    if known.is_some_and(|known| known != notice && known.history == notice.history) {
        notice.history.push(step(now, "changed", None, None));
    }
    if news {
        write_notice(tx, &Record { version: 0, owner: Some(owner), body: notice })?;
    }
    Ok(news)
}

/// Notes the creditor's word against a payment; the same word again, with nothing said since, changes nothing.
fn contradict(
    tx: &Transaction<'_>,
    record: &mut Record<NoticeRecord>,
    (now, number, note): (Instant, NoticeNumber, &str),
) -> Result<(), Refusal> {
    record.body.installment(number).ok_or_else(Refusal::not_found)?;
    let last = record.body.history.iter().rfind(|step| step.number == Some(number));
    if last.is_some_and(|last| last.what == "not_paid" && last.note.as_deref() == Some(note)) {
        return Ok(());
    }
    record.body.history.push(step(now, "not_paid", Some(number), Some(note.to_owned())));
    Ok(write_notice(tx, record)?)
}

/// Writes that nobody is to pay a debt any more: whose it was.
fn take_back(tx: &Transaction<'_>, notice: NoticeId, (now, note): (Instant, &str)) -> Result<Option<Owner>, Refusal> {
    let mut record = notice_of(tx, notice)?.ok_or_else(Refusal::not_found)?;
    if !record.body.state().may_be_invalidated() {
        return Err(Refusal::new(409, ProblemCode::TransitionRefused, "It may not be taken back any more"));
    }
    record.body.state = PositionState::Unpayable.code().to_owned();
    record.body.history.push(step(now, WITHDRAWN, None, Some(note.to_owned())));
    settle(&mut record.body, now);
    write_notice(tx, &record)?;
    Ok(record.owner)
}

/// Writes who owes it, as the register knows them.
pub(crate) fn name_debtor(tx: &Transaction<'_>, owner: Owner, notice: &mut NoticeRecord) -> Result<(), StoreError> {
    if let Some(found) = store::find::<ResidentRecord>(tx, Collection::Residents, &owner.to_string())? {
        notice.debtor = Some(DebtorBody { name: found.body.full_name(), tax_code: found.body.tax_code });
    }
    Ok(())
}

/// Whatever comes anew, what happened stays: the story, the proofs, what was paid.
fn keep_past(before: &NoticeRecord, notice: &mut NoticeRecord) {
    let told = std::mem::replace(&mut notice.history, before.history.clone());
    notice.history.extend(told.into_iter().filter(|step| !before.history.contains(step)));
    let sent = std::mem::replace(&mut notice.files, before.files.clone());
    notice.files.extend(sent.into_iter().filter(|file| !before.files.contains(file)));
    for one in notice.plans.iter_mut().flat_map(|plan| &mut plan.installments) {
        if let Some((_, known)) = before.installment(one.number).filter(|(_, known)| known.state().is_paid()) {
            one.state.clone_from(&known.state);
            one.paid_at = known.paid_at;
        }
    }
}

/// What a debt's story says when it was taken back.
const WITHDRAWN: &str = "withdrawn";

/// Puts a debt where pagoPA's rules put it now: what is paid, what may be paid, what has closed.
pub(crate) fn settle(notice: &mut NoticeRecord, now: Instant) {
    let paid = |plan: &PlanBody| plan.installments.iter().filter(|one| one.state().is_paid()).count();
    let end_of =
        |day: chrono::NaiveDate| day.and_hms_opt(23, 59, 59).unwrap_or_else(|| day.and_time(NaiveTime::MIN)).and_utc();
    let facts: Vec<PlanFacts> = notice
        .plans
        .iter()
        .map(|plan| PlanFacts {
            valid_from: plan.from.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
            switch_to_expired: plan.switch_to_expired,
            installments: plan.installments.iter().map(|one| (end_of(one.due_on), one.state().is_paid())).collect(),
        })
        .collect();
    let withdrawn = notice.history.iter().any(|step| step.what == WITHDRAWN);
    let state = match position_state(&facts, now) {
        PositionState::Valid if withdrawn || facts.is_empty() => PositionState::Unpayable,
        state => state,
    };
    notice.state = state.code().to_owned();
    let begun = notice.plans.iter().position(|plan| paid(plan) > 0);
    let today = town_day(now);
    let over: Vec<bool> = (0..notice.plans.len()).map(|plan| notice.is_over(plan, today)).collect();
    for ((at, plan), over) in notice.plans.iter_mut().enumerate().zip(over) {
        for one in &mut plan.installments {
            let before = one.state();
            let other_way = begun.is_some_and(|begun| begun != at);
            let after = match installment_state(state, before.is_paid(), other_way) {
                // What the bank told of stays told.
                InstallmentState::Paid => before,
                InstallmentState::Unpaid if over => InstallmentState::Expired,
                after => after,
            };
            one.state = after.code().to_owned();
        }
    }
}

/// Somebody has a page open to pay it: whoever else would pay it is to know. Whose it is, for each that is known here.
pub(crate) fn note_begun(
    tx: &Transaction<'_>,
    now: Instant,
    (cart, notices): (CartId, &[CartNotice]),
) -> Result<Vec<Owner>, StoreError> {
    let mut owners = Vec::new();
    for one in notices {
        let Some(mut record) = notice_by_number(tx, one.creditor, one.number)? else { continue };
        // Whoever holds a number may open pages for it: a debt's story does not grow as often as somebody wishes.
        let lately =
            |step: &&NoticeStep| step.what == "begun" && now.signed_duration_since(step.at) < Duration::hours(1);
        if record.body.history.iter().filter(lately).count() >= MOST_BEGUN {
            continue;
        }
        let begun = step(now, "begun", Some(one.number), None);
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

fn step(at: Instant, what: &str, number: Option<NoticeNumber>, note: Option<String>) -> NoticeStep {
    NoticeStep { at, what: what.to_owned(), number, note, cart: None, declaration: None }
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
    store::write(tx, Collection::Notices.wire(), &record.body.id.to_string(), record.owner, &record.body)
}
