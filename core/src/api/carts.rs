//! Asking the town for a payment page.

use reqwest::{Method, StatusCode, Url, header};
use vicino_contract::FailureCode;
use vicino_contract::http::{CartBody, CartReply, Problem, ProblemCode, path};
use vicino_domain::{BadCart, CartId};

use crate::api::address::is_safe_road;
use crate::api::{TownClient, bounded};
use crate::device::Device;
use crate::outbox::Verdict;

/// What the town answers to a cart that it does not open.
pub(crate) enum NoPage {
    /// It cannot be paid like this.
    Bad(BadCart),
    /// It went wrong; nothing was paid.
    Failed(FailureCode),
}

impl TownClient {
    /// The address of the payment page of a cart.
    pub(crate) async fn cart(&self, device: &Device, id: CartId, cart: &CartBody) -> Result<String, NoPage> {
        let request = self.request(Method::PUT, &path::cart(id)).header(header::CONTENT_TYPE, "application/json");
        let response = self.ask(device, request.json(cart)).await.map_err(|verdict| {
            NoPage::Failed(match verdict {
                Verdict::Here(code) => code,
                Verdict::Never(_) => FailureCode::SignedOut,
                Verdict::Now | Verdict::Later { .. } => FailureCode::Unreachable,
            })
        })?;
        if !response.status().is_success() {
            let status = response.status();
            return Err(refused(status, bounded::json(response, bounded::WORDS).await.ok()));
        }
        let nonsense = || NoPage::Failed(FailureCode::CheckoutNonsense);
        let reply: CartReply = bounded::json(response, bounded::WORDS).await.map_err(|_| nonsense())?;
        let town = Url::parse(&self.url).map_err(|_| nonsense())?;
        let page = town.join(&reply.location).map_err(|_| nonsense())?;
        // What is opened next asks for a card: nowhere that is not sealed.
        if is_safe_road(&page) { Ok(page.into()) } else { Err(nonsense()) }
    }
}

fn refused(status: StatusCode, problem: Option<Problem>) -> NoPage {
    match problem {
        Some(Problem { code: ProblemCode::CartRefused, cart: Some(bad), .. }) => NoPage::Bad(bad),
        Some(Problem { code: ProblemCode::CheckoutUnreachable, .. }) => {
            NoPage::Failed(FailureCode::CheckoutUnreachable)
        }
        Some(Problem { code: ProblemCode::CheckoutRefused, .. }) => NoPage::Failed(FailureCode::CheckoutRefused),
        Some(Problem { code: ProblemCode::CheckoutNonsense, .. }) => NoPage::Failed(FailureCode::CheckoutNonsense),
        Some(Problem { code: ProblemCode::SignInRefused, .. }) => NoPage::Failed(FailureCode::SignInToPay),
        Some(Problem { code: ProblemCode::NotFound, .. }) => NoPage::Failed(FailureCode::NoPayments),
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => NoPage::Failed(FailureCode::NotNow),
        _ => NoPage::Failed(FailureCode::CheckoutRefused),
    }
}
