//! Choosing a town: its card is read and shown before it is joined, so that its name and key can be compared.

use std::sync::PoisonError;

use uuid::Uuid;
use vicino_contract::http::TownKey;
use vicino_contract::ipc::{OnboardingView, PayLine};
use vicino_contract::{Event, Failure, FailureCode};

use crate::App;
use crate::api::address::address;
use crate::matters::notice::cart::IfMaybePaid;

/// The job that waits for the network, and what came of the last one.
#[derive(Default)]
pub(crate) struct Onboarding {
    pub(crate) view: OnboardingView,
    /// The key of the town that is shown.
    key: Option<TownKey>,
    job: Option<Job>,
}

/// A job for the runner, which owns the network.
pub(crate) enum Job {
    /// Read the card at an address.
    Look(String),
    /// Join the town at an address, when it still shows the key that was looked at.
    Join(String, TownKey),
    /// Join the practice town, which the program around the core runs.
    Practise,
    /// Open the town's sign-in page.
    SignIn,
    /// End one of the resident's sign-ins, or all of them.
    SignOutThere(Option<Uuid>),
    /// Open a payment page; also for what was begun or paid before.
    Pay(Vec<PayLine>, IfMaybePaid),
}

impl App {
    /// The town being looked at.
    pub(crate) fn onboarding(&self) -> OnboardingView {
        self.0.onboarding.lock().unwrap_or_else(PoisonError::into_inner).view.clone()
    }

    /// Queues a job that needs the network; it takes the place of one not yet begun.
    pub(crate) fn enqueue(&self, job: Job) {
        let mut onboarding = self.0.onboarding.lock().unwrap_or_else(PoisonError::into_inner);
        // A town may take its time: that it is being asked is said at once.
        if let Job::Look(url) | Job::Join(url, _) = &job {
            onboarding.view = OnboardingView::Asking { url: url.clone() };
        }
        onboarding.job = Some(job);
        drop(onboarding);
        self.0.shared.tell(Event::Onboarding);
        self.0.queued.notify_one();
    }

    /// The address and key of the card that was shown: only a town that was looked at is joined, and no other key pinned.
    pub(crate) fn previewed(&self) -> Result<(String, TownKey), Failure> {
        let onboarding = self.0.onboarding.lock().unwrap_or_else(PoisonError::into_inner);
        match (&onboarding.view, &onboarding.key) {
            (OnboardingView::Card { url, .. }, Some(key)) => Ok((url.clone(), key.clone())),
            _ => Err(Failure::new(FailureCode::NotFound)),
        }
    }

    /// Runs the job that waits.
    pub(crate) async fn run_job(&self) {
        let job = self.0.onboarding.lock().unwrap_or_else(PoisonError::into_inner).job.take();
        let view = match job {
            None => return,
            Some(Job::SignIn) => return self.begin_sign_in(),
            Some(Job::SignOutThere(which)) => return self.sign_out_there(which).await,
            Some(Job::Pay(lines, if_maybe_paid)) => return self.begin_paying(lines, if_maybe_paid),
            Some(Job::Look(url)) => self.look(url).await,
            Some(Job::Join(url, key)) => settled(self.join_with(&url, &[key]).await, url),
            Some(Job::Practise) => match self.practise().await {
                Ok(()) => OnboardingView::None,
                Err(failure) => OnboardingView::Failed { url: String::new(), code: failure.code },
            },
        };
        self.0.onboarding.lock().unwrap_or_else(PoisonError::into_inner).view = view;
        self.0.shared.tell(Event::Onboarding);
    }

    /// Runs the practice town and joins it.
    ///
    /// # Errors
    /// A [`Failure`] when this program has none, or it does not start.
    pub async fn practise(&self) -> Result<(), Failure> {
        let practise = self.0.opening.practise.clone().ok_or(Failure::new(FailureCode::NotATown))?;
        // One practice town, however often it is queued for.
        let url = self.0.practising.get_or_try_init(|| practise(self.practice_home())).await?;
        self.join(url).await
    }

    async fn look(&self, url: String) -> OnboardingView {
        let seen = match address(&url) {
            Ok(sound) => self.card(&sound, &[]).await.map(|card| (sound, card)),
            Err(failure) => Err(failure),
        };
        match seen {
            Err(failure) => OnboardingView::Failed { url, code: failure.code },
            Ok((url, card)) => {
                self.0.onboarding.lock().unwrap_or_else(PoisonError::into_inner).key = card.keys.first().cloned();
                OnboardingView::Card {
                    url,
                    name: card.name,
                    ipa_code: card.ipa_code,
                    fingerprint: card.keys.first().map(TownKey::fingerprint).unwrap_or_default(),
                    practice: card.practice,
                }
            }
        }
    }
}

fn settled(joined: Result<(), Failure>, url: String) -> OnboardingView {
    match joined {
        Ok(()) => OnboardingView::None,
        Err(failure) => OnboardingView::Failed { url, code: failure.code },
    }
}
