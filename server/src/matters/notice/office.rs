//! What an office does with debts: issues them, reads what residents say of them, contradicts, takes them back.

use std::sync::Arc;

use rusqlite::Transaction;
use vicino_contract::http::tus::Part;
use vicino_contract::http::{
    Collection, ContradictionBody, DebtEvent, DueBody, LineBody, NoticeRecord, OfficeFile, OfficeNotice, PlanBody,
    ProblemCode,
};
use vicino_domain::{NoticeId, text};

use crate::access::operators;
use crate::access::operators::{Deed, Operator, explained};
use crate::matters::attachment;
use crate::matters::attachment::brought;
use crate::matters::honest::honest;
use crate::matters::notice::issuing;
use crate::matters::notice::position;
use crate::matters::notice::{self, last_word, notice_of, withdraw};
use crate::providers::pagopa::Account;
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::town::blocking::blocking;
use crate::{Changed, Refusal, Town};

/// The debts residents say they have paid and of which no receipt came, of the offices an operator sees.
pub(crate) fn declarations(town: &Town, by: &Operator) -> Result<Vec<OfficeNotice>, Refusal> {
    let read = |tx: &Transaction<'_>| {
        let all = store::all::<NoticeRecord>(tx, Collection::Notices)?;
        Ok(all.into_iter().filter(|record| by.sees_of(record.body.office) && waits(&record.body)).map(seen).collect())
    };
    let all = |items: &Vec<OfficeNotice>| items.iter().map(|item| item.record.id.to_string()).collect();
    operators::audited_by(town, by, Deed::Read, read, all)
}

/// A debt as the office sees it.
pub(crate) fn show(town: &Town, by: &Operator, id: NoticeId) -> Result<OfficeNotice, Refusal> {
    operators::audited_by(town, by, Deed::Read, |tx| theirs(tx, by, id).map(seen), |_| vec![id.to_string()])
}

/// The office issues a debt, or changes one; where debts have positions with pagoPA, there first.
pub(crate) async fn issue(
    town: &Arc<Town>,
    by: Operator,
    id: NoticeId,
    body: DueBody,
) -> Result<OfficeNotice, Refusal> {
    by.may(Deed::Issued)?;
    // The town alone says where a debt stands and what became of it.
    let notice = cleaned(&NoticeRecord { id: id.uuid(), history: Vec::new(), files: Vec::new(), ..body.notice })?;
    if !by.sees_of(notice.office) {
        return Err(Refusal::not_found());
    }
    if let Some(wrong) = unclear(&notice) {
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, wrong));
    }
    if !town.identity.collects_for(notice.creditor.tax_code) {
        let wrong = "The creditor is the town, or one the town has listed";
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, wrong));
    }
    let placed = town.identity.positions.clone().filter(|_| !notice.plans.is_empty());
    let account = placed.map(|positions| {
        let account = body.account.ok_or_else(|| {
            Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Account missing: pagoPA requires it")
        })?;
        if positions.creditor() != notice.creditor.tax_code {
            return Err(Refusal::new(
                RefusalKind::Unprocessable,
                ProblemCode::Invalid,
                "pagoPA knows this town by another tax code",
            ));
        }
        Ok((positions, Account { iban: account.iban, category: account.category }))
    });
    let account = account.transpose()?;
    let (debtor, files, asked, wanted) = (body.debtor, body.files.clone(), by.clone(), notice.clone());
    let to = blocking(town, move |town| {
        let now = town.now();
        let to = town.register.write(|tx| {
            // A debt of another office is not written over.
            if notice_of(tx, id)?.is_some() {
                theirs(tx, &asked, id)?;
            }
            let unknown =
                || Refusal::new(RefusalKind::Unprocessable, ProblemCode::NotFound, "No resident has this tax code");
            // A file that was never brought is refused before pagoPA is told of the debt.
            not_there(tx, id, &files)?.iter().try_for_each(|file| brought(tx, &asked, file).map(drop))?;
            store::resident_by_tax_code(tx, &debtor)?.ok_or_else(unknown)
        })?;
        issuing::may_issue(town, (Owner::from(to), now), &wanted)?;
        Ok(to)
    })
    .await?;
    if let Some((positions, account)) = account {
        position::place(town, positions.as_ref(), &account, to, &notice).await?;
    }
    blocking(town, move |town| {
        let (owner, now) = (Owner::from(to), town.now());
        let issued = |tx: &Transaction<'_>| {
            let new = not_there(tx, id, &body.files)?;
            let given = attachment::give(town, tx, &by, Some(owner), &new, now, |file| Part::NoticeFile(id, file))?;
            let news = issuing::write(tx, (owner, now), NoticeRecord { files: given, ..notice })?;
            Ok((theirs(tx, &by, id).map(seen)?, news))
        };
        let (seen, news) = operators::audited_by(town, &by, Deed::Issued, issued, |_| vec![id.to_string()])?;
        if news {
            town.register.say_changed(Changed(Some(owner)));
        }
        Ok(seen)
    })
    .await
}

/// The creditor's word against what was said or confirmed; the same again changes nothing.
pub(crate) fn contradict(
    town: &Town,
    by: &Operator,
    id: NoticeId,
    body: &ContradictionBody,
) -> Result<OfficeNotice, Refusal> {
    let (note, now) = (explained(&body.note)?, town.now());
    let said = |tx: &Transaction<'_>| {
        let mut record = theirs(tx, by, id)?;
        notice::contradict(tx, &mut record, now, body.number, &note)?;
        Ok((theirs(tx, by, id).map(seen)?, record.owner))
    };
    let (seen, owner) = operators::audited_by(town, by, Deed::Wrote, said, |_| vec![id.to_string()])?;
    town.register.say_changed(Changed(owner));
    Ok(seen)
}

/// The office takes a debt back; where debts have positions with pagoPA, there first.
pub(crate) async fn take_back(
    town: &Arc<Town>,
    by: Operator,
    id: NoticeId,
    note: &str,
) -> Result<OfficeNotice, Refusal> {
    by.may(Deed::Issued)?;
    let note = explained(note)?;
    let asked = by.clone();
    blocking(town, move |town| town.register.write(|tx| theirs(tx, &asked, id).map(drop))).await?;
    if let Some(positions) = town.identity.positions.clone() {
        position::unplace(positions.as_ref(), id).await?;
    }
    blocking(town, move |town| {
        let now = town.now();
        let taken = |tx: &Transaction<'_>| {
            let owner = withdraw(tx, id, (now, &note))?;
            Ok((theirs(tx, &by, id).map(seen)?, owner))
        };
        let (seen, owner) = operators::audited_by(town, &by, Deed::Issued, taken, |_| vec![id.to_string()])?;
        town.register.say_changed(Changed(owner));
        Ok(seen)
    })
    .await
}

/// The files among these that a debt has not yet: none is given twice.
fn not_there(tx: &Transaction<'_>, id: NoticeId, files: &[OfficeFile]) -> Result<Vec<OfficeFile>, Refusal> {
    let before = notice_of(tx, id)?.map(|before| before.body.files).unwrap_or_default();
    let has = |file: &&OfficeFile| before.iter().any(|known| known.file.sha256 == file.sha256);
    Ok(files.iter().filter(|file| !has(file)).cloned().collect())
}

/// The debt under this identity, when it is of an office of theirs.
fn theirs(tx: &Transaction<'_>, by: &Operator, id: NoticeId) -> Result<Record<NoticeRecord>, Refusal> {
    notice_of(tx, id)?.filter(|record| by.sees_of(record.body.office)).ok_or_else(Refusal::not_found)
}

/// Takes out of a debt the letters that lie about themselves, before a resident reads it.
fn cleaned(notice: &NoticeRecord) -> Result<NoticeRecord, StoreError> {
    let mut notice = honest(notice)?;
    let names = [&mut notice.title, &mut notice.creditor.name, &mut notice.whom.name];
    let lines = notice.lines.iter_mut().chain(notice.plans.iter_mut().flat_map(|plan| &mut plan.lines));
    for one in names.into_iter().chain(lines.map(|line| &mut line.what)) {
        *one = text::line(one);
    }
    Ok(notice)
}

/// Why a resident could not understand a debt, or pay it.
fn unclear(notice: &NoticeRecord) -> Option<&'static str> {
    // Wider than a sum of cents, which stays at its end: lines must not come to the right sum by being too many.
    let sum = |lines: &[LineBody]| lines.iter().map(|line| i128::from(line.amount.0)).sum::<i128>();
    let told = !notice.lines.is_empty();
    let adds = |plan: &PlanBody| {
        let asked: i128 = plan.installments.iter().map(|one| i128::from(one.amount.0)).sum();
        sum(&notice.lines) + sum(&plan.lines) == asked
    };
    match notice {
        _ if notice.title.trim().is_empty() => Some("A debt has a name"),
        _ if notice.good_for_hours == 0 => Some("An amount is good for an hour at least"),
        // What leads up to an F24 is a base and its rate, and no sum.
        _ if told && !notice.plans.iter().all(adds) => Some("The lines do not make the sum that is asked"),
        _ => None,
    }
}

fn seen(record: Record<NoticeRecord>) -> OfficeNotice {
    OfficeNotice { version: record.version, record: record.body }
}

/// Returns whether a resident says that some notice of it is paid, and neither a receipt nor the office has answered.
fn waits(record: &NoticeRecord) -> bool {
    let said = |number| last_word(record, number).is_some_and(|step| step.what == DebtEvent::SaidPaid);
    let mut all = record.plans.iter().flat_map(|plan| &plan.installments);
    all.any(|one| !one.state().is_paid() && said(one.number))
}
