//! Receipts of the town's debts, fetched from pagoPA.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate, TimeDelta};
use rusqlite::Transaction;
use vicino_domain::pagopa::Creditor;
use vicino_domain::{Instant, town_day};

use crate::matters::notice::position::refused;
use crate::matters::notice::{self, notice_by_number};
use crate::providers::pagopa::{GpdFault, Positions, Receipt};
use crate::store::{self, StoreError};
use crate::town::blocking::blocking;
use crate::{Changed, Refusal, Town};

/// The pause between two requests for receipts.
const LOOK: Duration = Duration::from_secs(60);
/// The days before the first request from which receipts are listed.
const BACK: Days = Days::new(30);
/// The days listed again before the last request: the service counts in days, and a receipt may come late.
const LATE: Days = Days::new(7);
/// The wait before a receipt that failed, or that matches no debt, is requested again.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// Receipts in a row that may fail before the service is left alone.
const MOST_FAULTS: u32 = 5;

/// Books every receipt the service has that was not booked before; answers how many were news. One that cannot be given or read
/// keeps no other from whoever paid: it is asked for again after an hour.
///
/// # Errors
/// A [`Refusal`] when the service or the register cannot answer: what was booked stays booked.
pub async fn gather(town: &Arc<Town>, positions: &dyn Positions) -> Result<usize, Refusal> {
    let (creditor, begun) = (positions.creditor(), town.now());
    let since = blocking(town, move |town| Ok(town.register.write(|tx| since(tx, creditor, begun))?)).await?;
    let later = blocking(town, move |town| Ok(town.register.read(|tx| store::to_read(tx, creditor, begun))?)).await?;
    let mut news = fetch(town, positions, later).await?;
    let mut page = 0;
    loop {
        let found = positions.receipts(since, page).await.map_err(refused)?;
        let listed: Vec<String> = found.results.into_iter().map(|row| row.iuv).collect();
        let unread = move |town: &Arc<Town>| Ok(town.register.read(|tx| store::unread(tx, creditor, listed))?);
        let unread = blocking(town, unread).await?;
        news += fetch(town, positions, unread).await?;
        page += 1;
        if page >= found.total_pages {
            break;
        }
    }
    blocking(town, move |town| Ok(town.register.write(|tx| store::keep_looked_at(tx, creditor, begun))?)).await?;
    Ok(news)
}

/// Fetches receipts one by one; those that do not come are noted, to be asked for again.
async fn fetch(town: &Arc<Town>, positions: &dyn Positions, iuvs: Vec<String>) -> Result<usize, Refusal> {
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
        news += blocking(town, move |town| book_read(town, receipt.as_ref(), (creditor, &iuv))).await?;
    }
    Ok(news)
}

/// Books a fetched receipt, and notes that it was: how many news that is, one or none. One that did not come, or of a debt that
/// nobody has here, is asked for again after a while.
fn book_read(town: &Town, receipt: Option<&Receipt>, (creditor, iuv): (Creditor, &str)) -> Result<usize, Refusal> {
    let now = town.now();
    let owner = town.register.write(|tx| {
        let owner = receipt.map(|receipt| notice::book_in(town, tx, receipt)).transpose()?.flatten();
        let known = receipt.map(|receipt| notice_by_number(tx, receipt.creditor, receipt.number)).transpose()?;
        let again = known.flatten().is_none().then_some(now + AGAIN);
        store::keep_read(tx, (creditor, iuv), again)?;
        Ok::<_, StoreError>(owner)
    })?;
    if owner.is_some() {
        town.register.say_changed(Changed(owner));
    }
    Ok(usize::from(owner.is_some()))
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

/// Asks for receipts until dropped. A service out of reach is asked again at the next look.
pub async fn follow(town: Arc<Town>, positions: Arc<dyn Positions>) {
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        match gather(&town, positions.as_ref()).await {
            Ok(0) => {}
            Ok(news) => tracing::info!(news, "receipts booked"),
            Err(refusal) => tracing::warn!(code = refusal.reason.code.code(), "receipts not fetched; retried"),
        }
    }
}
