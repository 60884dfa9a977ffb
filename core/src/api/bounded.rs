//! Answers read within bounds: so many bytes after unpacking, and no slower than a bad network. Whoever answers may be nobody's town.

use std::time::{Duration, Instant as Stopwatch};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use reqwest::Response;
use serde::de::DeserializeOwned;
use vicino_contract::FailureCode;

use crate::api::answer::{later, unreached};
use crate::outbox::Verdict;
use crate::store::request::Obstacle;

/// The most bytes of an answer of a few words: an acknowledgement, a token, a refusal.
pub(crate) const WORDS: usize = 512 * 1024;
/// The most bytes of a town's card.
pub(crate) const CARD: usize = 2 * 1024 * 1024;
/// The most bytes of a page of changes: a thousand records, each with its form.
pub(crate) const PAGE: usize = 96 * 1024 * 1024;
/// The most bytes of a stream of events: six days of heartbeats, or some two thousand changes. Then it is opened anew.
pub(crate) const STREAM: usize = 64 * 1024;
/// The time an answer may take, however short.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes a second that an answer must bring beyond that.
const SLOWEST: u64 = 1024;

/// The bytes of an answer. More than `most`, once unpacked, are no answer; nor is one that drips.
pub(crate) async fn bytes(mut response: Response, most: usize) -> Result<Bytes, Verdict> {
    let begun = Stopwatch::now();
    let mut read = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(unreached)? {
        if read.len() + piece.len() > most {
            tracing::warn!(most, "response dropped: larger than allowed");
            return Err(Verdict::Here(FailureCode::NotATown));
        }
        read.extend_from_slice(&piece);
        if is_too_slow(begun.elapsed(), read.len() as u64) {
            // A bad road drips as well as a stranger: nobody is called no town for that.
            tracing::warn!("response dropped: too slow");
            return Err(Verdict::Later { after: None, obstacle: Obstacle::Network, nothing_left: false });
        }
    }
    Ok(read.freeze())
}

/// The first bytes of an answer, as many as are wanted; the rest is not read.
pub(crate) async fn beginning(mut response: Response, most: usize) -> Result<Bytes, Verdict> {
    let begun = Stopwatch::now();
    let mut read = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(unreached)? {
        read.extend_from_slice(&piece);
        if read.len() >= most {
            read.truncate(most);
            break;
        }
        if is_too_slow(begun.elapsed(), read.len() as u64) {
            return Err(later());
        }
    }
    Ok(read.freeze())
}

/// The pieces of an answer that goes on, until there were `most` bytes in all, once unpacked.
pub(crate) fn stream<E>(
    pieces: impl Stream<Item = Result<Bytes, E>>,
    most: usize,
) -> impl Stream<Item = Result<Bytes, E>> {
    pieces.scan(most, |left, piece| {
        let within = piece.as_ref().map_or(Some(*left), |piece| left.checked_sub(piece.len()));
        *left = within.unwrap_or_default();
        std::future::ready(within.map(|_| piece))
    })
}

/// The value an answer holds, when it is of this shape.
pub(crate) async fn json<T: DeserializeOwned>(response: Response, most: usize) -> Result<T, Verdict> {
    let bytes = bytes(response, most).await?;
    serde_json::from_slice(&bytes).map_err(|_| Verdict::Here(FailureCode::NotATown))
}

/// Returns `true` if an answer that brought so many bytes in that time is slower than any network.
pub(crate) fn is_too_slow(elapsed: Duration, read: u64) -> bool {
    elapsed > PATIENCE + Duration::from_secs(read / SLOWEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_network_is_waited_for_and_a_drip_is_not() {
        let seconds = Duration::from_secs;
        assert!(!is_too_slow(seconds(59), 1));
        assert!(is_too_slow(seconds(61), 61), "a byte a second");
        assert!(!is_too_slow(seconds(600), 2_000_000), "3 kB a second");
    }
    #[tokio::test]
    async fn a_stream_ends_when_it_has_brought_as_much_as_it_may() {
        let pieces = || futures_util::stream::repeat_with(|| Ok::<_, ()>(Bytes::from_static(b"0123456789")));
        let lengths =
            |most| async move { stream(pieces(), most).map(|piece| piece.unwrap().len()).collect::<Vec<_>>().await };
        assert_eq!(lengths(30).await, [10, 10, 10]);
        assert_eq!(lengths(29).await, [10, 10]);
        let failed = futures_util::stream::iter([Ok(Bytes::from_static(b"x")), Err("cut")]);
        assert_eq!(stream(failed, 10).collect::<Vec<_>>().await, [Ok(Bytes::from_static(b"x")), Err("cut")]);
    }
}
