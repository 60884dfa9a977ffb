//! Listening for *something changed*.

use eventsource_stream::Eventsource as _;
use futures_util::StreamExt as _;
use reqwest::Method;
use vicino_contract::http::path;

use super::Town;
use super::answer::{unreached, verdict};
use crate::device::Device;
use crate::outbox::Verdict;

impl Town {
    /// Calls `changed` each time the town says that something did; ends when the stream does.
    pub(crate) async fn listen(&self, device: &Device, mut changed: impl FnMut()) -> Result<(), Verdict> {
        let mut request = self.request(Method::GET, path::EVENTS);
        // Whoever is signed out hears what everyone may.
        if let Ok(token) = self.token(device).await {
            request = request.bearer_auth(token);
        }
        let response = verdict(request.send().await.map_err(unreached)?).await?;
        let mut events = response.bytes_stream().eventsource();
        while let Some(Ok(event)) = events.next().await {
            if event.event == "changed" {
                changed();
            }
        }
        Ok(())
    }
}
