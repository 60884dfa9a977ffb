//! Paying, step by step: the amounts are fresh, the cart is sound, the town opens a payment page, the system's browser shows it.
//!
//! No card is ever seen here. That the page was opened is written down before anybody looks at it; what it says when it comes
//! back is written down beside it, and proves nothing: a notice is paid when its receipt is here.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::Duration as Age;
use tokio::task::JoinHandle;
use vicino_contract::http::CartBody;
use vicino_contract::http::payment::{APP_RETURN, LOOPBACK_RETURN};
use vicino_contract::ipc::{PayLine, PayingNow, PayingView};
use vicino_contract::{Event, Failure};
use vicino_domain::{CartId, Outcome};

use crate::App;
use crate::api::address::fields;
use crate::api::carts::NoPage;
use crate::api::returning::{self, Ending, LoopbackListener};
use crate::device::Device;
use crate::entropy::random;
use crate::matters::notice;
use crate::matters::notice::cart::{IfMaybePaid, Prepared, prepare};
use crate::store::cursors;

/// The time a payment page may be looked at before nobody waits for it here.
const PATIENCE: Duration = Duration::from_secs(1800);

/// Somebody paying.
#[derive(Default)]
pub(crate) struct Paying {
    now: PayingNow,
    task: Option<JoinHandle<()>>,
}

/// A payment page that was opened.
pub struct PaymentPage {
    /// The address.
    pub url: String,
    /// The cart it is of.
    pub cart: CartId,
}

impl App {
    /// Opens the payment page of these notices; `return_to` is where it sends the browser back to.
    ///
    /// # Errors
    /// The [`PayingView`] that says why there is none: nothing was paid.
    pub async fn open_payment(
        &self,
        lines: &[PayLine],
        if_maybe_paid: IfMaybePaid,
        return_to: String,
    ) -> Result<PaymentPage, PayingView> {
        let device = self.device();
        let failed = |code| PayingView::Failed { code };
        let town = device.town().map_err(|cause| failed(cause.code()))?;
        let mut prepared = self.prepare(&device, lines, if_maybe_paid)?;
        if !prepared.fresh {
            // Whatever comes of it: whether the amounts are fresh now is what counts.
            let _ = self.sync().await;
            prepared = self.prepare(&device, lines, if_maybe_paid)?;
            if !prepared.fresh {
                return Err(PayingView::Stale);
            }
        }
        let now = device.now();
        let cart = CartId::new(now, random().map_err(|cause| failed(cause.code()))?);
        let body = CartBody { notices: prepared.notices, return_to };
        let url = town.cart(&device, cart, &body).await.map_err(|no| match no {
            NoPage::Bad(bad) => PayingView::Refused(bad),
            NoPage::Failed(code) => failed(code),
        });
        // What the town knows better is here soon: nobody presses twice against an old amount.
        if matches!(url, Err(PayingView::Refused(_))) {
            device.heard.notify_one();
        }
        let url = url?;
        self.note(&device, |tx, device| notice::store::begin_cart(tx, cart, &body.notices, device.now()))
            .map_err(|failure| failed(failure.code))?;
        Ok(PaymentPage { url, cart })
    }

    fn prepare(&self, device: &Device, lines: &[PayLine], if_maybe_paid: IfMaybePaid) -> Result<Prepared, PayingView> {
        let now = device.now();
        let prepared = device.store.private(|tx| {
            let as_of = device.own_freshness(cursors::read(tx)?.freshness).as_of;
            let age = as_of.map(|as_of| now - as_of);
            prepare(tx, lines, if_maybe_paid, (now, age.filter(|age| *age >= Age::zero())))
        });
        prepared.unwrap_or_else(|cause| Err(PayingView::Failed { code: cause.code() }))
    }

    fn note<T>(
        &self,
        device: &Device,
        work: impl FnOnce(&rusqlite::Transaction<'_>, &Device) -> Result<T, crate::error::Error>,
    ) -> Result<T, Failure> {
        let done = device.store.private(|tx| work(tx, device))?;
        device.tell(Event::Payments);
        Ok(done)
    }

    /// The point paying has reached.
    pub(crate) fn paying(&self) -> PayingNow {
        self.0.paying.lock().unwrap_or_else(PoisonError::into_inner).now.clone()
    }

    /// Pays beside everything else; one under way is not waited for any more.
    pub(crate) fn begin_paying(&self, lines: Vec<PayLine>, if_maybe_paid: IfMaybePaid) {
        self.stop_paying();
        self.0.paying.lock().unwrap_or_else(PoisonError::into_inner).now.lines.clone_from(&lines);
        self.show_paying(PayingView::Asking);
        let app = self.clone();
        let task = tokio::spawn(async move {
            if let Err(view) = app.pay(&lines, if_maybe_paid).await {
                app.show_paying(view);
            }
        });
        self.0.paying.lock().unwrap_or_else(PoisonError::into_inner).task = Some(task);
    }

    async fn pay(&self, lines: &[PayLine], if_maybe_paid: IfMaybePaid) -> Result<(), PayingView> {
        let mut returns = self.0.shared.returns.subscribe();
        let failed = |code| PayingView::Failed { code };
        let ear = if self.0.opening.deep_link {
            None
        } else {
            let ear = returning::listen(&self.0.shared.returns, LOOPBACK_RETURN, Arc::new(ending)).await;
            Some(ear.map_err(|cause| failed(cause.code()))?)
        };
        let return_to = ear.as_ref().map_or_else(|| APP_RETURN.to_owned(), |ear| ear.address().to_owned());
        let page = self.open_payment(lines, if_maybe_paid, return_to).await?;
        let opened = self.0.opening.browser.as_ref().is_some_and(|browser| browser(&page.url));
        self.show_paying(PayingView::Elsewhere { url: page.url, opened });
        self.keep_listening(ear, page.cart);
        let wait = async {
            loop {
                let Ok(came) = returns.recv().await else { return };
                if let Some((_, outcome)) = came_back(&came).filter(|(cart, _)| *cart == page.cart) {
                    self.show_paying(PayingView::Back(outcome));
                }
            }
        };
        // Nobody comes back any more: what became of it shows with a receipt, or with none.
        let _ = tokio::time::timeout(PATIENCE, wait).await;
        Ok(())
    }

    /// Listens for the outcome of a payment page until the page expires, shown here or not: after a refusal it may be paid all the
    /// same, and the first page may pay what a second one was opened for.
    fn keep_listening(&self, ear: Option<LoopbackListener>, cart: CartId) {
        let (app, mut returns) = (self.clone(), self.0.shared.returns.subscribe());
        tokio::spawn(async move {
            let ear = ear;
            let listen = async {
                while let Ok(came) = returns.recv().await {
                    if let Some((_, outcome)) = came_back(&came).filter(|(other, _)| *other == cart) {
                        app.payment_returned(&came);
                        if outcome == Outcome::Paid {
                            break;
                        }
                    }
                }
            };
            let _ = tokio::time::timeout(PATIENCE, listen).await;
            drop(ear);
        });
    }

    /// A payment page came back to this address; whether it was one of this person's.
    pub fn payment_returned(&self, address: &str) -> bool {
        let Some((cart, outcome)) = came_back(address) else { return false };
        let device: Arc<Device> = self.device();
        let ours = self.note(&device, |tx, device| notice::store::end_cart(tx, cart, outcome, device.now()));
        // The receipt may be there already.
        device.wake.notify_one();
        ours.unwrap_or_else(|failure| {
            tracing::error!(code = failure.code.code(), "payment return not recorded");
            false
        })
    }

    /// Nobody waits for the payment page any more.
    pub(crate) fn stop_paying(&self) {
        let task = self.0.paying.lock().unwrap_or_else(PoisonError::into_inner).task.take();
        if let Some(task) = task {
            task.abort();
        }
        self.0.paying.lock().unwrap_or_else(PoisonError::into_inner).now.lines.clear();
        self.show_paying(PayingView::None);
    }

    fn show_paying(&self, view: PayingView) {
        self.0.paying.lock().unwrap_or_else(PoisonError::into_inner).now.view = view;
        self.0.shared.tell(Event::Paying);
    }
}

/// The cart and the outcome that an address brings back.
fn came_back(address: &str) -> Option<(CartId, Outcome)> {
    let fields = fields(address)?;
    Some((fields.get("cart")?.parse().ok()?, Outcome::from_code(fields.get("outcome")?)?))
}

/// The end of a payment, by the address its page came back to.
fn ending(address: &str) -> Ending {
    match came_back(address) {
        Some((_, Outcome::Paid)) => Ending::Done,
        Some((_, Outcome::Cancelled)) => Ending::Cancelled,
        Some((_, Outcome::Refused)) => Ending::PaymentFailed,
        Some((_, Outcome::Unknown)) | None => Ending::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_answer_comes_back() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let cart: CartId = id.parse().unwrap();
        let back = |query: &str| came_back(&format!("http://127.0.0.1:9/paid?{query}"));
        assert_eq!(back(&format!("cart={id}&outcome=paid")), Some((cart, Outcome::Paid)));
        assert_eq!(
            came_back(&format!("it.vicino.app:/paid?cart={id}&outcome=unknown")),
            Some((cart, Outcome::Unknown))
        );
        for other in ["cart=7&outcome=paid".into(), format!("cart={id}&outcome=won"), format!("cart={id}")] {
            assert_eq!(back(&other), None);
        }
        assert_eq!(came_back("nonsense"), None);
        let said = |query: &str| ending(&format!("http://127.0.0.1:9/paid?{query}"));
        assert_eq!(said(&format!("cart={id}&outcome=paid")), Ending::Done);
        assert_eq!(said(&format!("cart={id}&outcome=cancelled")), Ending::Cancelled);
        assert_eq!(said(&format!("cart={id}&outcome=refused")), Ending::PaymentFailed);
        for query in [format!("cart={id}&outcome=unknown"), format!("cart={id}"), String::new()] {
            assert_eq!(said(&query), Ending::Open, "{query}");
        }
    }
}
