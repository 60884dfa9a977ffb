//! The town's debts with pagoPA: each has a position before a resident sees it, and its receipts are fetched from there.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate, TimeDelta};
use rusqlite::Transaction;
use vicino_contract::http::{Collection, NoticeRecord, ProblemCode, ResidentRecord};
use vicino_domain::pagopa::Creditor;
use vicino_domain::{Instant, NoticeId, PositionState, ResidentId, town_day};

use crate::matters::notice::{notice_by_number, notice_of};
use crate::providers::pagopa::{Account, GpdFault, Position, Positions, Receipt};
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, StoreError};
use crate::town::blocking::blocking;
use crate::{Changed, Refusal, Town};

/// How often receipts are asked for.
const LOOK: Duration = Duration::from_secs(60);
/// How far back, before the first look.
const BACK: Days = Days::new(30);
/// How far back before the last look: days are what the service counts by, and a receipt may come late.
const LATE: Days = Days::new(7);
/// When a receipt that did not come, or that nobody here waits for, is asked for again.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// Receipts in a row that may fail before the service is left alone.
const MOST_FAULTS: u32 = 5;

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
        let wanted = notice.clone();
        blocking(self, move |town| town.may_issue((Owner::from(to), town.now()), &wanted)).await?;
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
            let (found, before) = town.read(|tx| {
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
            // One that has no position has nothing to be taken back there.
            Ok(()) | Err(GpdFault::Missing) => {}
            // It is so already, or somebody has paid it.
            Err(GpdFault::Conflict) => {
                let known = positions.find(&iupd).await.map_err(refused)?;
                if known.status != Some(PositionState::Unpayable) {
                    return Err(Refusal::new(
                        RefusalKind::Conflict,
                        ProblemCode::TransitionRefused,
                        "pagoPA has a payment of it, or is about to",
                    ));
                }
            }
            Err(fault) => return Err(refused(fault)),
        }
        Ok(())
    }

    /// Books every receipt the service has that was not booked before; answers how many were news. One that cannot be given or read
    /// keeps no other from whoever paid: it is asked for again after an hour.
    ///
    /// # Errors
    /// A [`Refusal`] when the service or the register cannot answer: what was booked stays booked.
    pub async fn gather_receipts(self: &Arc<Self>, positions: &dyn Positions) -> Result<usize, Refusal> {
        let (creditor, begun) = (positions.creditor(), self.now());
        let since = blocking(self, move |town| Ok(town.store().write(|tx| since(tx, creditor, begun))?)).await?;
        let later = blocking(self, move |town| Ok(town.read(|tx| store::to_read(tx, creditor, begun))?)).await?;
        let mut news = self.fetch(positions, later).await?;
        let mut page = 0;
        loop {
            let found = positions.receipts(since, page).await.map_err(refused)?;
            let listed: Vec<String> = found.results.into_iter().map(|row| row.iuv).collect();
            let unread = move |town: &Arc<Self>| Ok(town.read(|tx| store::unread(tx, creditor, listed))?);
            let unread = blocking(self, unread).await?;
            news += self.fetch(positions, unread).await?;
            page += 1;
            if page >= found.total_pages {
                break;
            }
        }
        blocking(self, move |town| Ok(town.store().write(|tx| store::keep_looked_at(tx, creditor, begun))?)).await?;
        Ok(news)
    }

    /// Fetches receipts one by one; those that do not come are noted, to be asked for again.
    async fn fetch(self: &Arc<Self>, positions: &dyn Positions, iuvs: Vec<String>) -> Result<usize, Refusal> {
        let (mut news, mut in_a_row) = (0, 0);
        for iuv in iuvs {
            let receipt = match positions.receipt(&iuv).await {
                Ok(receipt) => Some(receipt),
                // The key is every receipt's trouble; so is a service that gives none.
                Err(fault @ GpdFault::Key) => return Err(refused(fault)),
                Err(fault) if in_a_row == MOST_FAULTS => return Err(refused(fault)),
                Err(fault) => {
                    tracing::warn!(%fault, "pagoPA receipt not fetched");
                    None
                }
            };
            in_a_row = if receipt.is_some() { 0 } else { in_a_row + 1 };
            let creditor = positions.creditor();
            news += blocking(self, move |town| town.book_read(receipt.as_ref(), (creditor, &iuv))).await?;
        }
        Ok(news)
    }

    /// Books a fetched receipt, and notes that it was: how many news that is, one or none. One that did not come, or of a debt that
    /// nobody has here, is asked for again after a while.
    fn book_read(&self, receipt: Option<&Receipt>, (creditor, iuv): (Creditor, &str)) -> Result<usize, Refusal> {
        let now = self.now();
        let owner = self.store().write(|tx| {
            let owner = receipt.map(|receipt| self.book_in(tx, receipt)).transpose()?.flatten();
            let known = receipt.map(|receipt| notice_by_number(tx, receipt.creditor, receipt.number)).transpose()?;
            let again = known.flatten().is_none().then_some(now + AGAIN);
            store::keep_read(tx, (creditor, iuv), again)?;
            Ok::<_, StoreError>(owner)
        })?;
        if owner.is_some() {
            self.say_changed(Changed(owner));
        }
        Ok(usize::from(owner.is_some()))
    }
}

/// From which day on receipts are listed: some days before the last whole look. The first look is noted at once, so that however long none
/// comes to its end, nothing is left out.
fn since(tx: &Transaction<'_>, creditor: Creditor, now: Instant) -> Result<NaiveDate, StoreError> {
    let looked_at = match store::looked_at(tx, creditor)? {
        Some(at) => at.min(now),
        None => {
            let first = now.checked_sub_days(BACK).unwrap_or(now);
            store::keep_looked_at(tx, creditor, first)?;
            first
        }
    };
    Ok(town_day(looked_at.checked_sub_days(LATE).unwrap_or(looked_at)))
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

fn refused(fault: GpdFault) -> Refusal {
    let refusal = match fault {
        GpdFault::Later | GpdFault::Nonsense | GpdFault::Key => {
            Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "pagoPA does not answer as it must")
        }
        GpdFault::Malformed | GpdFault::Missing => {
            Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "pagoPA does not take this debt")
        }
        GpdFault::Conflict => {
            Refusal::new(RefusalKind::Conflict, ProblemCode::IdConflict, "pagoPA has another debt under this identity")
        }
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
            Err(refusal) => tracing::warn!(code = ?refusal.reason.code, "receipts not fetched; retried"),
        }
    }
}
