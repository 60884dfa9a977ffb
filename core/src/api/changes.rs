//! Reading the town's changes, a page at a time.

use reqwest::{Method, StatusCode};
use vicino_contract::http::{Changes, Scope, path};

use super::Town;
use super::answer::{later, unreached, verdict};
use crate::app::Device;
use crate::outbox::Verdict;

/// Records of a page.
const PAGE: u32 = 500;

/// A page, or the news that the cursor is of a past the town no longer has.
pub(crate) enum Page {
    Changes(Changes),
    PastLost,
}

impl Town {
    /// The changes after this cursor.
    pub(crate) async fn changes(&self, device: &Device, scope: Scope, cursor: Option<&str>) -> Result<Page, Verdict> {
        let mut request =
            self.request(Method::GET, path::CHANGES).query(&[("scope", scope.wire())]).query(&[("limit", PAGE)]);
        if let Some(cursor) = cursor {
            request = request.query(&[("cursor", cursor)]);
        }
        // The public feed needs no token; with one, the call counts as this device's and not as its neighbours'.
        let token = self.token(device).await?;
        let response = request.bearer_auth(token).send().await.map_err(unreached)?;
        match response.status() {
            StatusCode::GONE => Ok(Page::PastLost),
            StatusCode::UNAUTHORIZED => {
                device.store.private(|tx| crate::store::identity::set_token(tx, None)).map_err(|_| later())?;
                Err(Verdict::Now)
            }
            _ => Ok(Page::Changes(verdict(response).await?.json().await.map_err(|_| later())?)),
        }
    }
}
