//! Answers read within bounds: so many bytes after unpacking, and no slower than a bad network. Whoever answers may be nobody's town.

use std::time::{Duration, Instant as Stopwatch};

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use serde::de::DeserializeOwned;

use super::answer::{later, unreached};
use crate::outbox::Verdict;

/// The most bytes of an answer of a few words: an acknowledgement, a token, a refusal.
pub(super) const WORDS: usize = 512 * 1024;
/// The most bytes of a town's card.
pub(super) const CARD: usize = 2 * 1024 * 1024;
/// The most bytes of a page of changes: a thousand records, each with its form.
pub(super) const PAGE: usize = 96 * 1024 * 1024;
/// The time an answer may take, however short.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes a second that an answer must bring beyond that.
const SLOWEST: u64 = 1024;

/// The bytes of an answer. More than `most`, once unpacked, are no answer; nor is one that drips.
pub(super) async fn bytes(mut response: Response, most: usize) -> Result<Bytes, Verdict> {
    let begun = Stopwatch::now();
    let mut read = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(unreached)? {
        if read.len() + piece.len() > most {
            tracing::warn!(most, "an answer larger than any is no answer");
            return Err(later());
        }
        read.extend_from_slice(&piece);
        if is_too_slow(begun.elapsed(), read.len() as u64) {
            tracing::warn!("an answer that drips is not waited for");
            return Err(later());
        }
    }
    Ok(read.freeze())
}

/// The first bytes of an answer, as many as are wanted; the rest is not read.
pub(super) async fn beginning(mut response: Response, most: usize) -> Result<Bytes, Verdict> {
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

/// The value an answer holds, when it is of this shape.
pub(super) async fn json<T: DeserializeOwned>(response: Response, most: usize) -> Result<T, Verdict> {
    let bytes = bytes(response, most).await?;
    serde_json::from_slice(&bytes).map_err(|_| later())
}

fn is_too_slow(elapsed: Duration, read: u64) -> bool {
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
}
