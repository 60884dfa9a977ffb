//! Listening for *something changed*.

use eventsource_stream::Eventsource as _;
use futures_util::StreamExt as _;
use reqwest::Method;
use vicino_contract::FailureCode;
use vicino_contract::http::path;

use crate::api::answer::{media_type, unreached, verdict};
use crate::api::{TownClient, bounded};
use crate::device::Device;
use crate::outbox::Verdict;

impl TownClient {
    /// Calls `changed` each time the town says that something did; ends when the stream does.
    pub(crate) async fn listen(&self, device: &Device, mut changed: impl FnMut()) -> Result<(), Verdict> {
        let mut request = self.request(Method::GET, path::EVENTS);
        // Whoever is signed out hears what everyone may.
        if let Ok(token) = self.token(device).await {
            request = request.bearer_auth(token);
        }
        let response = verdict(request.send().await.map_err(unreached)?).await?;
        if !media_type(&response).eq_ignore_ascii_case("text/event-stream") {
            return Err(Verdict::Here(FailureCode::NotATown));
        }
        let mut events = std::pin::pin!(bounded::stream(response.bytes_stream(), bounded::STREAM).eventsource());
        // What changed while nobody listened.
        changed();
        while let Some(Ok(event)) = events.next().await {
            if event.event == "changed" {
                changed();
            }
        }
        Ok(())
    }
}
