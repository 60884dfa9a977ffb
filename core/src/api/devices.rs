//! Ending the resident's sign-ins on their devices.

use reqwest::{Method, StatusCode};
use uuid::Uuid;
use vicino_contract::http::path;
use vicino_contract::{Failure, FailureCode};

use crate::api::TownClient;
use crate::api::answer::is_page;
use crate::device::Device;
use crate::outbox::Verdict;

impl TownClient {
    /// Asks the town to end one sign-in, or all. One that is over already is as good as ended.
    pub(crate) async fn sign_out_there(&self, device: &Device, which: Option<Uuid>) -> Result<(), Failure> {
        let path = which.map_or_else(|| path::DEVICES.to_owned(), path::device);
        let response =
            self.ask(device, self.request(Method::DELETE, &path)).await.map_err(|verdict| match verdict {
                Verdict::Here(code) => Failure::passing(code),
                _ => Failure::passing(FailureCode::Unreachable),
            })?;
        match response.status() {
            StatusCode::NO_CONTENT => Ok(()),
            StatusCode::NOT_FOUND if !is_page(&response) => Ok(()),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::new(FailureCode::SignedOut)),
            _ => Err(Failure::passing(FailureCode::NotNow)),
        }
    }
}
