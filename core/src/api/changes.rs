//! Reading the town's changes, a page of each feed at a time.

use reqwest::{Method, StatusCode, header};
use vicino_contract::http::{Changes, PROBLEM_TYPE, Problem, ProblemCode, Scope, path};

use crate::api::answer::{later, of_a_town, unreached, verdict};
use crate::api::{TownClient, bounded};
use crate::device::Device;
use crate::outbox::Verdict;

/// What the town answered.
pub(crate) enum Page {
    /// A page of each feed; the tag, when the reading is complete.
    Changes(Changes, Option<String>),
    /// Nothing has changed since the tag was given.
    StillSo,
    /// The cursor of this feed is of a past that the town no longer has.
    PastLost(Scope),
    /// The cursor of the own feed is of a time when the resident might see other things.
    ViewChanged,
}

/// Which feeds to read, each after its cursor; an empty cursor reads from the start.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    pub(crate) own: Option<String>,
    pub(crate) public: Option<String>,
    /// The tag of the last complete reading after these very cursors.
    pub(crate) tag: Option<String>,
}

impl TownClient {
    /// The changes after these cursors.
    pub(crate) async fn changes(&self, device: &Device, asked: &Asked) -> Result<Page, Verdict> {
        let mut request = self.request(Method::GET, path::CHANGES).query(&[("limit", self.pace.page.clamp(1, 1000))]);
        for (name, cursor) in [("own", &asked.own), ("public", &asked.public)] {
            if let Some(cursor) = cursor {
                request = request.query(&[(name, cursor)]);
            }
        }
        if let Some(tag) = &asked.tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        // The public feed needs no token, and must not need one: who is signed out goes on reading it.
        let response = match &asked.own {
            Some(_) => self.ask(device, request).await?,
            None => request.send().await.map_err(unreached)?,
        };
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Page::StillSo),
            StatusCode::GONE => lost(response).await,
            _ => {
                let response = of_a_town(verdict(response).await?)?;
                let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
                Ok(Page::Changes(bounded::json(response, bounded::PAGE).await?, tag))
            }
        }
    }
}

/// Accepts *410 Gone* only with a problem in the town's own form: a proxy's must not make a device read everything again.
async fn lost(response: reqwest::Response) -> Result<Page, Verdict> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind.as_bytes() != PROBLEM_TYPE.as_bytes()) {
        return Err(later());
    }
    let problem: Problem = bounded::json(response, bounded::WORDS).await?;
    match problem.code {
        ProblemCode::OwnCursorExpired => Ok(Page::PastLost(Scope::Own)),
        ProblemCode::OwnViewChanged => Ok(Page::ViewChanged),
        ProblemCode::PublicCursorExpired => Ok(Page::PastLost(Scope::Public)),
        _ => Err(later()),
    }
}
