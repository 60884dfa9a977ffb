//! Fetching a snapshot: its signed label, and its bytes from where the last attempt ended.

use std::path::Path;
use std::time::Instant as Stopwatch;

use futures_util::StreamExt as _;
use reqwest::{Method, StatusCode, header};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;
use vicino_contract::http::{SnapshotLabel, SnapshotReply, path};
use vicino_contract::jws::{self, Kind};
use vicino_domain::Sha256;

use crate::api::answer::{later, of_a_town, unreached, verdict};
use crate::api::{TownClient, bounded};
use crate::error::Error;
use crate::outbox::Verdict;

impl TownClient {
    /// The label of the newest snapshot, when the town's signature holds; `None`: there is none.
    pub(crate) async fn snapshot_label(&self) -> Result<Option<SnapshotLabel>, Verdict> {
        let response = self.request(Method::GET, path::SNAPSHOT).send().await.map_err(unreached)?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let reply: SnapshotReply = bounded::json(of_a_town(verdict(response).await?)?, bounded::WORDS).await?;
        let payload = jws::verify(Kind::Snapshot, &reply.label, &self.keys).map_err(|_| later())?;
        let label: SnapshotLabel = serde_json::from_slice(&payload).map_err(|_| later())?;
        Ok((label.kind == SnapshotLabel::KIND).then_some(label))
    }

    /// Appends what is missing of a snapshot's bytes to this file; answers whether all are there. A cut keeps what came.
    ///
    /// # Errors
    /// When this device's own disk fails.
    pub(crate) async fn fetch_snapshot(&self, digest: Sha256, bytes: u64, file: &Path) -> Result<bool, Error> {
        let mut to = OpenOptions::new().append(true).create(true).open(file).await?;
        let mut have = to.metadata().await?.len();
        if have >= bytes {
            return Ok(have == bytes);
        }
        let mut request = self.request(Method::GET, &path::snapshot_file(digest));
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let Ok(response) = request.send().await else { return Ok(false) };
        let Ok(response) = verdict(response).await else { return Ok(false) };
        if have > 0 && response.status() != StatusCode::PARTIAL_CONTENT {
            // Whoever answers knows no ranges: from the start.
            to.set_len(0).await?;
            have = 0;
        }
        let (mut stream, begun, before) = (response.bytes_stream(), Stopwatch::now(), have);
        while let Some(piece) = stream.next().await {
            let Ok(piece) = piece else { break };
            have += piece.len() as u64;
            if have > bytes {
                return Ok(false);
            }
            to.write_all(&piece).await?;
            // What came stays, for the next time a snapshot is taken; until then the changes are read.
            if bounded::is_too_slow(begun.elapsed(), have - before) {
                break;
            }
        }
        to.flush().await?;
        Ok(have == bytes)
    }
}
