//! A debt's position with pagoPA: there before a resident sees the debt, and away before they are told not to pay it.

use std::sync::Arc;

use vicino_contract::http::{Collection, NoticeRecord, ProblemCode, ResidentRecord};
use vicino_domain::{Instant, NoticeId, PositionState, ResidentId};

use crate::matters::notice::{self, issuing, notice_of};
use crate::providers::pagopa::{Account, GpdFault, Position, Positions, Publication};
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, StoreError};
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Issues a debt, or changes one: its position is created and published first, so that nobody is asked for what cannot be
/// paid. One that was created before, by a try that did not come to its end, is taken as it is; one that the resident has,
/// and asks for something else now, is changed.
///
/// # Errors
/// A [`Refusal`] when the service does not take it, there is no such resident, or the register cannot answer.
pub async fn issue_with(
    town: &Arc<Town>,
    positions: &dyn Positions,
    account: &Account,
    to: ResidentId,
    notice: NoticeRecord,
) -> Result<(), Refusal> {
    let wanted = notice.clone();
    blocking(town, move |town| issuing::may_issue(town, (Owner::from(to), town.now()), &wanted)).await?;
    // What is paid by F24 alone is no debt of pagoPA's.
    if !notice.plans.is_empty() {
        place(town, positions, account, to, &notice).await?;
    }
    blocking(town, move |town| issuing::issue(town, to, notice)).await
}

/// Puts a debt's position where it is to be, before the debt is.
pub(crate) async fn place(
    town: &Arc<Town>,
    positions: &dyn Positions,
    account: &Account,
    to: ResidentId,
    notice: &NoticeRecord,
) -> Result<(), Refusal> {
    let id = NoticeId::from_uuid(notice.id);
    let known = blocking(town, move |town| {
        let (found, before) = town.register.read(|tx| {
            let found = store::find::<ResidentRecord>(tx, Collection::Residents, &to.to_string())?;
            Ok::<_, StoreError>((found, notice_of(tx, id)?))
        })?;
        let debtor = found.ok_or_else(Refusal::not_found)?.body;
        Ok((debtor, before.is_some_and(|before| before.owner == Some(Owner::from(to)))))
    });
    let (debtor, theirs) = known.await?;
    let position = Position::of(notice, &debtor, account);
    match positions.create(&position, Publication::Published).await {
        Ok(_) => {}
        Err(GpdFault::Conflict) => {
            let known = positions.find(&position.iupd).await.map_err(refused)?;
            let (status, same) = (known.status.unwrap_or(PositionState::Unpayable), same(&known, &position));
            match status {
                PositionState::Unpayable => return Err(refused(GpdFault::Conflict)),
                PositionState::Draft if same => {
                    positions.publish(&position.iupd).await.map_err(refused)?;
                }
                _ if same => {}
                // Another debt under this identity is not this one.
                status if !theirs || !status.may_be_changed() => return Err(refused(GpdFault::Conflict)),
                _ => {
                    positions.update(&position).await.map_err(refused)?;
                }
            }
        }
        Err(fault) => return Err(refused(fault)),
    }
    Ok(())
}

/// Takes a debt back: its position first, so that nobody can pay what the resident is told not to.
///
/// # Errors
/// A [`Refusal`] when it is paid, wholly or in part, when the service does not take it, or the register cannot answer.
pub async fn take_back_with(
    town: &Arc<Town>,
    positions: &dyn Positions,
    notice: NoticeId,
    note: String,
) -> Result<(), Refusal> {
    unplace(positions, notice).await?;
    blocking(town, move |town| notice::take_back(town, notice, &note)).await
}

/// Takes a debt's position back, before the debt is. One that was taken back by a try that did not come to its end is so.
pub(crate) async fn unplace(positions: &dyn Positions, notice: NoticeId) -> Result<(), Refusal> {
    let iupd = notice.to_string();
    match positions.invalidate(&iupd).await {
        // One that has no position has nothing to be taken back there.
        Ok(()) | Err(GpdFault::Missing) => {}
        // It is so already, or somebody has paid it.
        Err(GpdFault::Conflict) => {
            let known = positions.find(&iupd).await.map_err(refused)?;
            if known.status != Some(PositionState::Unpayable) {
                return Err(Refusal::new(
                    RefusalKind::Conflict,
                    ProblemCode::TransitionRefused,
                    "pagoPA has or expects a payment of this debt",
                ));
            }
        }
        Err(fault) => return Err(refused(fault)),
    }
    Ok(())
}

/// Returns whether the service has a position as it is to be: all that a town writes of one, however it gives moments back.
fn same(known: &Position, wanted: &Position) -> bool {
    let moment = |text: &str| text.parse::<Instant>().map_or_else(|_| text.to_owned(), |at| at.to_rfc3339());
    let plain = |position: &Position| {
        let mut position = Position { status: None, ..position.clone() };
        for (at, option) in position.payment_option.iter_mut().enumerate() {
            // A day of validity that was left out is that of the publication, which is no difference.
            let said = wanted.payment_option.get(at).is_some_and(|option| option.validity_date.is_some());
            option.validity_date = option.validity_date.take().filter(|_| said).map(|date| moment(&date));
            for one in &mut option.installments {
                (one.status, one.due_date) = (None, moment(&one.due_date));
            }
        }
        position
    };
    plain(known) == plain(wanted)
}

/// A refusal in the place of what the service says.
pub(crate) fn refused(fault: GpdFault) -> Refusal {
    let refusal = match fault {
        GpdFault::Later => Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "pagoPA unreachable"),
        GpdFault::Key => Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "Key refused by pagoPA"),
        GpdFault::Nonsense => {
            Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "Invalid answer from pagoPA")
        }
        GpdFault::Malformed | GpdFault::Missing => {
            Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Debt refused by pagoPA")
        }
        GpdFault::Conflict => {
            Refusal::new(RefusalKind::Conflict, ProblemCode::IdConflict, "pagoPA has another debt with this id")
        }
    };
    refusal.detail(fault.to_string())
}
