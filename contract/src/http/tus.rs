//! The names of the resumable upload protocol, tus 1.0.0: core, creation, checksum, termination, expiration.

use serde::{Deserialize, Serialize};

/// The version spoken here.
pub const VERSION: &str = "1.0.0";
/// The extensions spoken here.
pub const EXTENSIONS: &str = "creation,checksum,termination,expiration";
/// The digests understood; `sha1` is the one every server must know.
pub const ALGORITHMS: &str = "sha1,sha256";
/// The media type of a piece.
pub const PIECE_TYPE: &str = "application/offset+octet-stream";
/// The status that says a piece did not have its announced digest.
pub const CHECKSUM_MISMATCH: u16 = 460;

/// `Tus-Resumable`
pub const RESUMABLE: &str = "tus-resumable";
/// `Tus-Version`
pub const VERSIONS: &str = "tus-version";
/// `Tus-Extension`
pub const EXTENSION: &str = "tus-extension";
/// `Tus-Max-Size`
pub const MAX_SIZE: &str = "tus-max-size";
/// `Tus-Checksum-Algorithm`
pub const CHECKSUM_ALGORITHM: &str = "tus-checksum-algorithm";
/// `Upload-Offset`
pub const OFFSET: &str = "upload-offset";
/// `Upload-Length`
pub const LENGTH: &str = "upload-length";
/// `Upload-Defer-Length`
pub const DEFER_LENGTH: &str = "upload-defer-length";
/// `Upload-Metadata`
pub const METADATA: &str = "upload-metadata";
/// `Upload-Checksum`
pub const CHECKSUM: &str = "upload-checksum";
/// `Upload-Expires`
pub const EXPIRES: &str = "upload-expires";
/// `Vicino-Acknowledgement`: the town's signed word for a photo that is whole (ours, not of tus)
pub const ACKNOWLEDGEMENT: &str = "vicino-acknowledgement";
/// `X-HTTP-Method-Override`
pub const METHOD_OVERRIDE: &str = "x-http-method-override";

/// The keys of `Upload-Metadata` that a photo needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhotoMetadata {
    /// The report it belongs to (UUID).
    pub report: String,
    /// The photo (UUID).
    pub photo: String,
    /// The SHA-256 of the whole file, in hexadecimal.
    pub sha256: String,
}
