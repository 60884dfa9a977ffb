//! The only room of the core that knows HTTP. Whatever happens on the wire leaves it as *now*, *later* or *never*.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod bounded;
pub(crate) mod carts;
pub(crate) mod changes;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod join;
pub(crate) mod practice_login;
pub(crate) mod returning;
pub(crate) mod snapshot;
pub(crate) mod tokens;
pub(crate) mod uploads;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use vicino_contract::http::{Acknowledged, PaceBody, TownKey, path};
use vicino_contract::{Failure, FailureCode, MessageKind};
use vicino_domain::Sha256;

use crate::client::Http;
use crate::device::Device;
use crate::error::Error;
use crate::outbox::Verdict;
use answer::{later, unreached, verdict};

/// The client of the town that the device joined.
#[derive(Clone)]
pub(crate) struct TownClient {
    pub(crate) http: Http,
    pub(crate) url: Arc<str>,
    /// Pinned when joining, and what they vouched for; those that nobody else may hold.
    pub(crate) keys: Vec<TownKey>,
    /// The way it wants to be read.
    pub(crate) pace: PaceBody,
}

/// A request with a JSON body, idempotent by its identity.
pub(crate) struct Call<'a> {
    pub(crate) path: &'a str,
    /// The kind the acknowledgement must name.
    pub(crate) kind: MessageKind,
    /// The identity the acknowledgement must name.
    pub(crate) id: &'a str,
    pub(crate) body: Vec<u8>,
}

/// The town has it and signed for it.
pub(crate) struct Delivered {
    /// The signed word, checked.
    pub(crate) acknowledgement: String,
}

impl Device {
    /// The town to talk to.
    pub(crate) fn town(&self) -> Result<TownClient, Error> {
        let joined = self.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
        let keys = joined.believed();
        Ok(TownClient { http: self.shared.http.clone(), url: joined.url.into(), keys, pace: joined.card.pace })
    }
}

impl TownClient {
    /// Puts a request, and believes a yes only with the town's signature under these very bytes.
    pub(crate) async fn put(&self, device: &Device, call: Call<'_>) -> Result<Delivered, Verdict> {
        let digest = crate::entropy::digest(&call.body);
        let request =
            self.request(Method::PUT, call.path).header(header::CONTENT_TYPE, "application/json").body(call.body);
        let response = self.send(device, request).await?;
        let yes: Acknowledged = bounded::json(response, bounded::WORDS).await?;
        let acknowledgement = yes.acknowledgement;
        answer::signed(device, &acknowledgement, &self.keys, call.kind, call.id, digest)?;
        Ok(Delivered { acknowledgement })
    }

    /// A piece of a file: at most these bytes.
    pub(crate) async fn piece(&self, device: &Device, file: Sha256, piece: Range<u64>) -> Result<Bytes, Verdict> {
        let range = format!("bytes={}-{}", piece.start, piece.end.saturating_sub(1));
        let response =
            self.send(device, self.request(Method::GET, &path::file(file)).header(header::RANGE, range)).await?;
        // A town that sends the whole instead of a part would be mistaken for its piece.
        if response.status() != StatusCode::PARTIAL_CONTENT && piece.start > 0 {
            return Err(later());
        }
        let most = usize::try_from(piece.end - piece.start).unwrap_or(usize::MAX);
        // A town that knows no ranges sends the whole, of which the piece is the beginning.
        bounded::beginning(response, most).await
    }

    /// A request to this town.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// Sends with the caller's token, and takes only a yes.
    async fn send(&self, device: &Device, request: RequestBuilder) -> Result<Response, Verdict> {
        verdict(self.ask(device, request).await?).await
    }

    /// Sends with the caller's token; one the town does not know any more is asked for anew, once. Whoever comes back after
    /// a while has an old one: that is no reason to wait.
    async fn ask(&self, device: &Device, request: RequestBuilder) -> Result<Response, Verdict> {
        let again = request.try_clone();
        let token = self.token(device).await?;
        let response = request.bearer_auth(&token).send().await.map_err(unreached)?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        // Whether a town stands behind this 401 shows when it gives a token.
        self.forget_token(device, &token)?;
        let token = self.token(device).await?;
        let again = again.ok_or(Verdict::Now)?;
        again.bearer_auth(&token).send().await.map_err(unreached)
    }
}
