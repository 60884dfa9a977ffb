//! Debts issued and changed: what is asked for may change while nothing of it is paid; what happened stays.

use rusqlite::Transaction;
use vicino_contract::http::{Collection, DebtEvent, DebtorBody, NoticeRecord, ProblemCode, ResidentRecord};
use vicino_domain::{InstallmentState, Instant, MOST_CENTS, NoticeId, ResidentId};

use crate::matters::notice::{notice_of, step, write_notice};
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Refusal, Town};

/// Issues a debt to a resident, or changes one; the same again changes nothing.
///
/// # Errors
/// A [`Refusal`] when a sum is nothing or no way to pay it is there, or the register cannot answer.
pub fn issue(town: &Town, to: ResidentId, notice: NoticeRecord) -> Result<(), Refusal> {
    issue_to(town, Owner::from(to), notice)
}

/// Issues a debt to its owner, or changes it.
///
/// # Errors
/// As [`issue`].
pub fn issue_to(town: &Town, owner: Owner, notice: NoticeRecord) -> Result<(), Refusal> {
    let now = town.now();
    if town.register.write(|tx| write(tx, (owner, now), notice))? {
        town.register.say_changed(Changed(Some(owner)));
    }
    Ok(())
}

/// Returns whether a debt can be issued: what is refused is refused before pagoPA is told of it.
pub(crate) fn may_issue(town: &Town, to: (Owner, Instant), notice: &NoticeRecord) -> Result<(), Refusal> {
    town.register.read(|tx| check(tx, to, notice).map(drop))
}

/// Returns whether a debt may be replaced by another version: while nothing of it is paid, or when they are the same. A number that a
/// resident has declared paid must stay.
fn may_follow(before: &NoticeRecord, next: &NoticeRecord, now: Instant) -> bool {
    let asked = |notice: &NoticeRecord| {
        let all = notice.plans.iter().flat_map(|plan| &plan.installments);
        all.map(|one| (one.number, one.amount)).collect::<Vec<_>>()
    };
    let mut known = before.clone();
    known.settle(now);
    let said = before.history.iter().filter(|step| step.what == DebtEvent::SaidPaid).filter_map(|step| step.number);
    let stays = said.clone().all(|number| next.installment(number).is_some());
    asked(before) == asked(next) || (stays && (before.plans.is_empty() || known.state().may_be_changed()))
}

/// The facts known of a debt that may be issued like this.
fn check(
    tx: &Transaction<'_>,
    (owner, now): (Owner, Instant),
    notice: &NoticeRecord,
) -> Result<Option<Record<NoticeRecord>>, Refusal> {
    let mut payments = notice.plans.iter().flat_map(|plan| &plan.installments).peekable();
    let asks = payments.peek().is_some() || !notice.f24.is_empty();
    if !asks || !payments.all(|one| one.amount.0 > 0 && one.amount.0 <= MOST_CENTS.0) {
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Amount missing or out of range"));
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
        Some(before) if before.owner != Some(owner) => Err(Refusal::id_conflict()),
        Some(before) if !may_follow(&before.body, notice, now) => Err(Refusal::new(
            RefusalKind::Conflict,
            ProblemCode::TransitionRefused,
            "Amounts can no longer change: paid, declared or withdrawn",
        )),
        _ => Ok(before),
    }
}

/// Writes a debt, new or changed: whether it was news.
pub(crate) fn write(
    tx: &Transaction<'_>,
    (owner, now): (Owner, Instant),
    mut notice: NoticeRecord,
) -> Result<bool, Refusal> {
    let before = check(tx, (owner, now), &notice)?;
    unpaid(&mut notice);
    match &before {
        Some(before) => keep_past(&before.body, &mut notice),
        None if notice.history.is_empty() => notice.history.push(step(now, DebtEvent::Issued, None, None)),
        None => {}
    }
    name_debtor(tx, owner, &mut notice)?;
    notice.settle(now);
    let news = before.as_ref().is_none_or(|before| before.body != notice);
    // Whoever changes a debt without a word of it is told of by the debt itself; that time has passed is no change.
    let mut known = before.map(|before| before.body);
    known.iter_mut().for_each(|known| known.settle(now));
    if known.is_some_and(|known| known != notice && known.history == notice.history) {
        notice.history.push(step(now, DebtEvent::Changed, None, None));
    }
    if news {
        write_notice(tx, &Record { version: 0, owner: Some(owner), body: notice })?;
    }
    Ok(news)
}

/// Nothing but a receipt, or pagoPA's word, makes a debt paid or a stamp bought: whoever issues one says neither.
fn unpaid(notice: &mut NoticeRecord) {
    for one in notice.plans.iter_mut().flat_map(|plan| &mut plan.installments) {
        one.state = InstallmentState::Unpaid.into();
        one.paid_at = None;
    }
    if let Some(stamp) = &mut notice.stamp {
        (stamp.bought, stamp.wrong) = (None, false);
    }
}

/// Writes who owes it, as the register knows them.
pub(crate) fn name_debtor(tx: &Transaction<'_>, owner: Owner, notice: &mut NoticeRecord) -> Result<(), StoreError> {
    let Some(resident) = owner.resident() else { return Ok(()) };
    if let Some(found) = store::find::<ResidentRecord>(tx, Collection::Residents, &resident.to_string())? {
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
    if let (Some(now), Some(known)) = (&mut notice.stamp, &before.stamp) {
        now.bought.clone_from(&known.bought);
        now.wrong = known.wrong;
    }
}
