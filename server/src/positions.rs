//! The town's debts with pagoPA: each has a position before a resident sees it, and its receipts are fetched from there.

use std::sync::Arc;
use std::time::Duration;

use chrono::Days;
use vicino_contract::http::{Collection, NoticeRecord, ProblemCode, ResidentRecord};
use vicino_domain::pagopa::Creditor;
use vicino_domain::{Instant, NoticeId, PositionState, ResidentId};

use crate::notices::{notice_by_number, notice_of};
use crate::pagopa::{Account, GpdFault, Position, Positions, Receipt};
use crate::reader::Owner;
use crate::routes::blocking;
use crate::store::{self, StoreError};
use crate::{Changed, Refusal, Town};

/// How often receipts are asked for.
const LOOK: Duration = Duration::from_secs(60);
/// How far back, before the first look.
const BACK: Days = Days::new(30);
/// How far back before the last look: days are what the service counts by, and a receipt may come late.
const LATE: Days = Days::new(7);

impl Town {
    /// Issues a debt, or changes one: its position is created and published first, so that nobody is asked for what cannot be
    /// paid. One that was created before, by a try that did not come to its end, is taken as it is; one that the resident has,
    /// and asks for something else now, is changed.
    ///
    /// # Errors
    /// A [`Refusal`] when the service does not take it, there is no such resident, or the register cannot answer.
    pub async fn issue_with(
        self: &Arc<Self>,
        positions: &dyn Positions,
        account: &Account,
        to: ResidentId,
        notice: NoticeRecord,
    ) -> Result<(), Refusal> {
        // What is paid by F24 alone is no debt of pagoPA's.
        if !notice.plans.is_empty() {
            self.place(positions, account, to, &notice).await?;
        }
        blocking(self, move |town| town.issue(to, notice)).await
    }

    /// Puts a debt's position where it is to be, before the debt is.
    pub(crate) async fn place(
        self: &Arc<Self>,
        positions: &dyn Positions,
        account: &Account,
        to: ResidentId,
        notice: &NoticeRecord,
    ) -> Result<(), Refusal> {
        let id = NoticeId::from_uuid(notice.id);
        let known = blocking(self, move |town| {
            let (found, before) = town.store().write(|tx| {
                let found = store::find::<ResidentRecord>(tx, Collection::Residents, &to.to_string())?;
                Ok::<_, StoreError>((found, notice_of(tx, id)?))
            })?;
            let debtor = found.ok_or_else(Refusal::not_found)?.body;
            Ok((debtor, before.is_some_and(|before| before.owner == Some(Owner::from(to)))))
        });
        let (debtor, theirs) = known.await?;
        let position = Position::of(notice, &debtor, account);
        match positions.create(&position, true).await {
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
        self: &Arc<Self>,
        positions: &dyn Positions,
        notice: NoticeId,
        note: String,
    ) -> Result<(), Refusal> {
        Self::unplace(positions, notice).await?;
        blocking(self, move |town| town.take_back(notice, &note)).await
    }

    /// Takes a debt's position back, before the debt is. One that was taken back by a try that did not come to its end is so.
    pub(crate) async fn unplace(positions: &dyn Positions, notice: NoticeId) -> Result<(), Refusal> {
        let iupd = notice.to_string();
        match positions.invalidate(&iupd).await {
            Ok(()) => {}
            // It is so already, or somebody has paid it.
            Err(GpdFault::Conflict) => {
                let known = positions.find(&iupd).await.map_err(refused)?;
                if known.status != Some(PositionState::Unpayable) {
                    return Err(Refusal::new(
                        409,
                        ProblemCode::TransitionRefused,
                        "pagoPA has a payment of it, or is about to",
                    ));
                }
            }
            Err(fault) => return Err(refused(fault)),
        }
        Ok(())
    }

    /// Books every receipt the service has that was not booked before; answers how many were news.
    ///
    /// # Errors
    /// A [`Refusal`] when the service or the register cannot answer: what was booked stays booked.
    pub async fn gather_receipts(self: &Arc<Self>, positions: &dyn Positions) -> Result<usize, Refusal> {
        let creditor = positions.creditor();
        let begun = self.now();
        let looked_at =
            blocking(self, move |town| Ok(town.store().write(|tx| store::looked_at(tx, creditor))?)).await?;
        let (from, back) = looked_at.map_or((begun, BACK), |at| (at.min(begun), LATE));
        let since = from.checked_sub_days(back).unwrap_or(from).date_naive();
        let (mut news, mut page, mut whole) = (0, 0, true);
        loop {
            let found = positions.receipts(since, page).await.map_err(refused)?;
            let listed: Vec<String> = found.results.into_iter().map(|row| row.iuv).collect();
            let unread = move |town: &Arc<Self>| Ok(town.store().write(|tx| store::unread(tx, creditor, listed))?);
            for iuv in blocking(self, unread).await? {
                match positions.receipt(&iuv).await {
                    Ok(receipt) => {
                        news += blocking(self, move |town| town.book_read(&receipt, (creditor, &iuv))).await?;
                    }
                    // One that cannot be read must not keep the others from whoever paid; it is asked for again.
                    Err(GpdFault::Nonsense | GpdFault::Missing) => {
                        tracing::warn!(iuv, "an unreadable receipt");
                        whole = false;
                    }
                    Err(fault) => return Err(refused(fault)),
                }
            }
            page += 1;
            if page >= found.total_pages {
                break;
            }
        }
        if whole {
            blocking(self, move |town| Ok(town.store().write(|tx| store::keep_looked_at(tx, creditor, begun))?))
                .await?;
        }
        Ok(news)
    }

    /// Books a fetched receipt, and notes that it was: how many news that is, one or none. Of a debt that nobody has here it is
    /// fetched again, until somebody has.
    fn book_read(&self, receipt: &Receipt, (creditor, iuv): (Creditor, &str)) -> Result<usize, Refusal> {
        let owner = self.store().write(|tx| {
            let owner = self.book_in(tx, receipt)?;
            if notice_by_number(tx, receipt.creditor, receipt.number)?.is_some() {
                store::keep_read(tx, creditor, iuv)?;
            }
            Ok::<_, StoreError>(owner)
        })?;
        if owner.is_some() {
            self.say_changed(Changed(owner));
        }
        Ok(usize::from(owner.is_some()))
    }
}

/// Whether it asks for the same payments, by the same days.
fn same(one: &Position, other: &Position) -> bool {
    let payments = |position: &Position| {
        let all = position
            .payment_option
            .iter()
            .flat_map(|option| option.installments.iter().map(|one| (option.switch_to_expired, one)));
        // A moment is one, however it is written.
        let due = |text: &str| text.parse::<Instant>().ok();
        let mut all: Vec<_> = all
            .map(|(closes, one)| (one.iuv.clone(), one.amount, due(&one.due_date), one.description.clone(), closes))
            .collect();
        all.sort();
        all
    };
    payments(one) == payments(other)
}

fn refused(fault: GpdFault) -> Refusal {
    let refusal = match fault {
        GpdFault::Later | GpdFault::Nonsense | GpdFault::Key => {
            Refusal::new(503, ProblemCode::Unavailable, "pagoPA does not answer as it must")
        }
        GpdFault::Malformed | GpdFault::Missing => {
            Refusal::new(422, ProblemCode::Invalid, "pagoPA does not take this debt")
        }
        GpdFault::Conflict => Refusal::new(409, ProblemCode::IdConflict, "pagoPA has another debt under this identity"),
    };
    refusal.detail(fault.to_string())
}

/// Asks for receipts until dropped. A service out of reach is asked again at the next look.
pub async fn follow(town: Arc<Town>, positions: Arc<dyn Positions>) {
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        match town.gather_receipts(positions.as_ref()).await {
            Ok(0) => {}
            Ok(news) => tracing::info!(news, "receipts booked"),
            Err(refusal) => tracing::warn!(code = ?refusal.problem.code, "no receipts"),
        }
    }
}
