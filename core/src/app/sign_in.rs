//! Signing in: this device as a public OAuth 2 client of its town (RFC 8252), step by step.
//!
//! A verifier is made here and only its digest is shown (PKCE, RFC 7636). The town's page opens in the system's browser,
//! never inside the app. The browser comes back to a loopback port of this machine, or by the app's own scheme on a phone,
//! with a code that is good only together with the verifier. Whatever happens on the way, the store is read and written as
//! before: a sign-in opens the town's records of a resident, it locks nothing.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use tokio::task::JoinHandle;
use vicino_contract::http::oauth::{APP_RETURN, CHALLENGE_METHOD, LOOPBACK_RETURN};
use vicino_contract::http::path;
use vicino_contract::ipc::SignInView;
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::DeviceId;

use crate::api::address::{fields, with_fields};
use crate::api::returning::{self, Ending};
use crate::api::{TownClient, practice_login};
use crate::app::profiles;
use crate::device::Device;
use crate::entropy::{digest, secret};
use crate::outbox::Verdict;
use crate::{App, vault};

/// The time somebody may take to say who they are.
const PATIENCE: Duration = Duration::from_secs(600);

/// A sign-in under way.
#[derive(Default)]
pub(crate) struct Signing {
    pub(crate) view: SignInView,
    task: Option<JoinHandle<()>>,
}

/// What this device hides while a browser is away.
struct Hidden {
    verifier: String,
    state: String,
    redirect_uri: String,
}

impl App {
    /// Signs in whoever uses the device now: `show` is given the address of the town's page. Waits until the browser has
    /// come back, and the store belongs to the resident.
    ///
    /// # Errors
    /// A [`Failure`] when the town cannot be reached, does not believe it, or the resident is not the one whose store this is.
    pub async fn sign_in(&self, show: impl FnOnce(&str)) -> Result<(), Failure> {
        let device = self.device();
        let town = device.town()?;
        let mut returns = self.0.shared.returns.subscribe();
        let state = secret()?;
        let ear = if self.0.opening.deep_link {
            None
        } else {
            let ours = state.clone();
            let reading = move |address: &str| ending(address, &ours);
            Some(returning::listen(&self.0.shared.returns, LOOPBACK_RETURN, Arc::new(reading)).await?)
        };
        let hidden = Hidden {
            verifier: secret()?,
            state,
            redirect_uri: ear.as_ref().map_or_else(|| APP_RETURN.to_owned(), |ear| ear.address().to_owned()),
        };
        // The town must know the device before its browser comes.
        town.introduce(&device).await.map_err(unreached)?;
        let client = device.identity()?.device;
        show(&page(&town.url, client, &hidden)?);
        let wait = async {
            loop {
                let came = returns.recv().await.map_err(|_| Failure::new(FailureCode::SignInRefused))?;
                if let Some(answer) = code(&came, &hidden.state) {
                    return answer;
                }
            }
        };
        let late = |_| Failure::new(FailureCode::SignInRefused);
        let code = tokio::time::timeout(PATIENCE, wait).await.map_err(late)??;
        drop(ear);
        self.believe(&device, &town, client, (&code, &hidden)).await
    }

    /// Signs in on the practice town as whoever bears this name, without a browser.
    ///
    /// # Errors
    /// As [`App::sign_in`]; [`FailureCode::NotFound`] when nobody there bears the name.
    pub async fn sign_in_as(&self, name: &str) -> Result<(), Failure> {
        let (shown, page) = tokio::sync::oneshot::channel();
        let show = move |address: &str| {
            // Nobody waits for it any more when the sign-in itself has ended.
            let _ = shown.send(address.to_owned());
        };
        let walk = async {
            let address = page.await.map_err(|_| Failure::new(FailureCode::SignInRefused))?;
            practice_login::sign_in(&self.0.shared.http, &address, name).await
        };
        let (done, walk) = (self.sign_in(show), walk);
        tokio::pin!(done, walk);
        tokio::select! {
            done = &mut done => done,
            walked = &mut walk => {
                walked?;
                done.await
            }
        }
    }

    /// Changes the code for tokens, and the store becomes the resident's.
    async fn believe(
        &self,
        device: &Arc<Device>,
        town: &TownClient,
        client: DeviceId,
        (code, hidden): (&str, &Hidden),
    ) -> Result<(), Failure> {
        let tokens = town.exchange(client, code, &hidden.redirect_uri, &hidden.verifier).await.map_err(unreached)?;
        let resident = vicino_domain::ResidentId::from_uuid(tokens.resident);
        if !profiles::may_claim(self, device, resident)? {
            town.revoke(client, &tokens.refresh_token).await;
            return Err(Failure::new(FailureCode::OtherPerson));
        }
        // Nobody refreshes meanwhile; and the store is theirs only when it holds what the town believes.
        let _alone = device.introducing.lock().await;
        vault::keep(&device.folder, device.holder, vault::SIGN_IN, tokens.refresh_token.as_bytes())?;
        *device.access.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.access_token);
        profiles::claim(self, device, resident)?;
        for event in [Event::Person, Event::Status, Event::Outbox] {
            device.tell(event);
        }
        // Whoever listens to the town listens as this resident from now on.
        device.shared.turned.notify_waiters();
        device.wake.notify_one();
        Ok(())
    }

    /// A browser came back by the app's own scheme.
    pub fn returned(&self, address: &str) {
        // A payment page may come back to an app that was closed meanwhile: nobody waits, and it counts all the same.
        self.payment_returned(address);
        // A sign-in that waits for nothing any more is told to nobody.
        let _ = self.0.shared.returns.send(address.to_owned());
    }

    /// The point the sign-in under way has reached.
    pub(crate) fn signing(&self) -> SignInView {
        self.0.signing.lock().unwrap_or_else(PoisonError::into_inner).view.clone()
    }

    /// Begins a sign-in beside everything else; one under way is given up.
    pub(crate) fn begin_sign_in(&self) {
        self.give_sign_in_up();
        self.show_sign_in(SignInView::Asking);
        let app = self.clone();
        let task = tokio::spawn(async move {
            let shown = app.clone();
            let done = app
                .sign_in(move |url| {
                    let opened = shown.0.opening.browser.as_ref().is_some_and(|browser| browser(url));
                    shown.show_sign_in(SignInView::Elsewhere { url: url.to_owned(), opened });
                })
                .await;
            app.show_sign_in(match done {
                Ok(()) => SignInView::None,
                Err(failure) => SignInView::Failed { code: failure.code },
            });
        });
        self.0.signing.lock().unwrap_or_else(PoisonError::into_inner).task = Some(task);
    }

    /// Gives the sign-in under way up.
    pub(crate) fn give_sign_in_up(&self) {
        let task = self.0.signing.lock().unwrap_or_else(PoisonError::into_inner).task.take();
        if let Some(task) = task {
            task.abort();
        }
        self.show_sign_in(SignInView::None);
    }

    fn show_sign_in(&self, view: SignInView) {
        self.0.signing.lock().unwrap_or_else(PoisonError::into_inner).view = view;
        self.0.shared.tell(Event::Person);
    }
}

/// The address of the town's page (RFC 6749 §4.1.1, RFC 7636 §4.3).
fn page(town: &str, client: DeviceId, hidden: &Hidden) -> Result<String, Failure> {
    let challenge = challenge(&hidden.verifier);
    let client = client.to_string();
    let asked = [
        ("response_type", "code"),
        ("client_id", client.as_str()),
        ("redirect_uri", hidden.redirect_uri.as_str()),
        ("state", hidden.state.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", CHALLENGE_METHOD),
    ];
    with_fields(&format!("{town}{}", path::AUTHORIZE), &asked)
}

/// The digest of a verifier, as it is shown (RFC 7636 §4.2).
fn challenge(verifier: &str) -> String {
    B64.encode(digest(verifier.as_bytes()).0)
}

/// The code an address brings back. `None`: it answers another question than ours.
fn code(address: &str, state: &str) -> Option<Result<String, Failure>> {
    let mut fields = fields(address)?;
    if fields.get("state").map(String::as_str) != Some(state) {
        return None;
    }
    Some(fields.remove("code").ok_or(Failure::new(FailureCode::SignInRefused)))
}

/// The end of a sign-in, by the address its page came back to; the answer to another question than ours ends nothing.
fn ending(address: &str, state: &str) -> Ending {
    match code(address, state) {
        Some(Ok(_)) => Ending::Done,
        // The resident turned back (RFC 6749 section 4.1.2.1).
        Some(Err(_))
            if fields(address).is_some_and(|all| all.get("error").is_some_and(|why| why == "access_denied")) =>
        {
            Ending::Cancelled
        }
        Some(Err(_)) => Ending::SignInFailed,
        None => Ending::Open,
    }
}

fn unreached(verdict: Verdict) -> Failure {
    match verdict {
        Verdict::Never(_) => Failure::new(FailureCode::SignInRefused),
        Verdict::Here(code) => Failure::passing(code),
        Verdict::Now | Verdict::Later { .. } => Failure::passing(FailureCode::Unreachable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_of_the_rfc() {
        // RFC 7636, Appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn only_the_answer_to_our_own_question_counts() {
        assert_eq!(code("http://127.0.0.1:9/signed-in?code=c&state=s", "s"), Some(Ok("c".into())));
        assert_eq!(code("it.vicino.app:/signed-in?code=c&state=s", "s"), Some(Ok("c".into())));
        assert_eq!(code("http://127.0.0.1:9/signed-in?code=c&state=another", "s"), None);
        assert_eq!(code("nonsense", "s"), None);
        let denied = "http://127.0.0.1:9/signed-in?error=access_denied&state=s";
        assert!(matches!(code(denied, "s"), Some(Err(_))));
        assert_eq!(ending(denied, "s"), Ending::Cancelled);
        assert_eq!(ending("http://127.0.0.1:9/signed-in?error=server_error&state=s", "s"), Ending::SignInFailed);
        assert_eq!(ending(denied, "another"), Ending::Open, "ours goes on");
        assert_eq!(ending("http://127.0.0.1:9/signed-in?code=c&state=s", "s"), Ending::Done);
    }
}
