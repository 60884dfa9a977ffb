//! What somebody does on a device: again and again, until it is done.

use serde::{Deserialize, Serialize};
use vicino_contract::FailureCode;
use vicino_contract::http::payment::APP_RETURN;
use vicino_contract::ipc::{
    CheckText, CommandHandler as _, GetNotice, GetPeople, PayLine, PayingView, PersonRow, ReadFile, RemovePerson,
    SignOut, SwitchPerson, Verdict,
};
use vicino_core::App;
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{AttachmentId, NoticeId, NoticeState, PersonId};

use crate::play;

/// A step. What is done already is not done again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Step {
    /// Joins the town at an address, and reads what it says.
    Join(String),
    /// Delivers and reads.
    Sync,
    /// Says who they are on the practice town, and reads.
    SignIn(String),
    /// Signs out, and lets the town know.
    SignOut,
    /// Each uses the device in turn, and delivers and reads.
    TakeTurns(Vec<PersonId>),
    /// Takes somebody away, and goes on.
    TakeAway(PersonId),
    /// Pays a notice, carefully: what is paid, or was begun, is not begun again; the payment page is played like this.
    Pay {
        /// The debt.
        id: NoticeId,
        /// Which of its notices.
        number: NoticeNumber,
        /// The way the page ends.
        how: String,
    },
    /// Opens a file until what it says is read; what is not what it was is fetched again.
    Read(AttachmentId),
    /// Checks a certificate that the town took back, until that is known.
    Verify(String),
}

impl Step {
    /// Takes it. Whether it came to its end.
    pub async fn take(&self, app: &App) -> bool {
        self.begin(app).await && in_step(app).await
    }

    async fn begin(&self, app: &App) -> bool {
        match self {
            Self::Sync => true,
            Self::Join(url) => app.join(url).await.is_ok(),
            Self::SignIn(name) => me(app).is_some_and(|me| me.signed_in) || app.sign_in_as(name).await.is_ok(),
            Self::SignOut => me(app).is_none_or(|me| !me.signed_in) || app.handle(SignOut {}).is_ok(),
            Self::TakeTurns(people) => {
                for id in people {
                    if app.handle(SwitchPerson { to: Some(*id) }).is_err() || !in_step(app).await {
                        return false;
                    }
                }
                true
            }
            Self::Read(id) => {
                // Asked first: that is what notices that it is not what it was.
                let read = || app.handle(ReadFile { id: *id }).is_ok_and(|sheet| sheet.file.here);
                read() || (in_step(app).await && read())
            }
            Self::Verify(word) => {
                let _ = in_step(app).await;
                match app.handle(CheckText { text: word.clone() }).map(|view| view.verdict) {
                    Ok(Verdict::Revoked) => true,
                    // Not known yet: it was genuine, and nothing worse is said of it.
                    Ok(Verdict::Genuine) => false,
                    Ok(other) => panic!("{other:?}"),
                    Err(_) => false,
                }
            }
            Self::Pay { id, number, how } => pay(app, (*id, *number), how).await,
            Self::TakeAway(id) => {
                everyone(app).iter().all(|row| row.id != *id) || app.handle(RemovePerson { id: *id }).is_ok()
            }
        }
    }
}

/// Looks first, as whoever is in doubt does.
async fn pay(app: &App, (id, number): (NoticeId, NoticeNumber), how: &str) -> bool {
    if !in_step(app).await {
        return false;
    }
    let Ok(view) = app.handle(GetNotice { id }) else { return false };
    let found = view.plans.into_iter().flat_map(|plan| plan.installments).find(|one| one.number == number);
    let Some(one) = found else { return false };
    if one.state != NoticeState::ToPay || one.open_since.is_some() {
        return true;
    }
    let line = PayLine { id, number, amount: one.amount };
    match app.open_payment(&[line], vicino_core::IfMaybePaid::Ask, String::from(APP_RETURN)).await {
        Ok(page) => match play(&page.url, how).await {
            Some(back) => {
                app.payment_returned(&back);
                true
            }
            // It was closed halfway, or its answer was lost: nobody comes back.
            None => false,
        },
        Err(PayingView::Failed { .. } | PayingView::Stale) => false,
        Err(_) => true,
    }
}

/// Delivers and reads; whether everything was read that may be: signed out, what everyone may see.
async fn in_step(app: &App) -> bool {
    let all_there_is = |trouble| matches!(trouble, None | Some(FailureCode::SignedOut));
    app.sync().await.is_ok_and(|round| round.reached && all_there_is(round.trouble))
}

fn everyone(app: &App) -> Vec<PersonRow> {
    app.handle(GetPeople {}).map(|view| view.people).unwrap_or_default()
}

fn me(app: &App) -> Option<PersonRow> {
    everyone(app).into_iter().find(|row| row.current)
}
