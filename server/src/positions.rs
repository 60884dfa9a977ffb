//! The town's debts with pagoPA: each has a position before a resident sees it, and its receipts are fetched from there.

use std::sync::Arc;
use std::time::Duration;

use chrono::Days;
use vicino_contract::http::{Collection, NoticeRecord, ProblemCode, ResidentRecord};
use vicino_domain::{PositionState, ResidentId};

use crate::pagopa::{Account, GpdFault, Position, Positions};
use crate::routes::blocking;
use crate::store;
use crate::{Refusal, Town};

/// How often receipts are asked for.
const LOOK: Duration = Duration::from_secs(60);
/// How far back: one that came late, or was missed while the town was still, is found again; none is booked twice.
const BACK: Days = Days::new(30);

impl Town {
    /// Issues a debt: its position is created and published first, so that nobody is asked for what cannot be paid. One that
    /// was created before, by a try that did not come to its end, is taken as it is.
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
        let debtor = blocking(self, move |town| {
            let found =
                town.store().write(|tx| store::find::<ResidentRecord>(tx, Collection::Residents, &to.to_string()))?;
            found.map(|record| record.body).ok_or_else(Refusal::not_found)
        });
        let debtor = debtor.await?;
        // What is paid by F24 alone is no debt of pagoPA's.
        if notice.plans.is_empty() {
            return blocking(self, move |town| town.issue(to, notice)).await;
        }
        let position = Position::of(&notice, &debtor, account);
        match positions.create(&position, true).await {
            Ok(_) => {}
            Err(GpdFault::Conflict) => {
                let known = positions.find(&position.iupd).await.map_err(refused)?;
                // Another debt under this identity is not this one.
                if !same(&known, &position) || known.status == Some(PositionState::Unpayable) {
                    return Err(refused(GpdFault::Conflict));
                }
                if known.status == Some(PositionState::Draft) {
                    positions.publish(&position.iupd).await.map_err(refused)?;
                }
            }
            Err(fault) => return Err(refused(fault)),
        }
        blocking(self, move |town| town.issue(to, notice)).await
    }

    /// Books every receipt the service has; answers how many were news.
    ///
    /// # Errors
    /// A [`Refusal`] when the service or the register cannot answer: what was booked stays booked.
    pub async fn gather_receipts(self: &Arc<Self>, positions: &dyn Positions) -> Result<usize, Refusal> {
        let since = self.now().checked_sub_days(BACK).unwrap_or_else(|| self.now());
        let receipts = positions.receipts(since).await.map_err(refused)?;
        blocking(self, move |town| {
            let mut news = 0;
            for receipt in &receipts {
                news += usize::from(town.book(receipt)?);
            }
            Ok(news)
        })
        .await
    }
}

/// Whether it asks for the same payments.
fn same(one: &Position, other: &Position) -> bool {
    let payments = |position: &Position| {
        let all = position.payment_option.iter().flat_map(|option| &option.installments);
        let mut all: Vec<_> = all.map(|installment| (installment.iuv.clone(), installment.amount)).collect();
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
