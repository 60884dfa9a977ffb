//! Files on the wire: announced by a case or a message, sent as an upload, read back by their digest.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::Instant;
use vicino_domain::form::FileFacts;

/// A file announced with a case or a message; its bytes follow as an upload.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileBody {
    /// The identity, made on the device.
    pub id: Uuid,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The number of bytes it has.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub size: u64,
    /// The name of the file, up to 255 letters: no path and no line breaks. Nothing is decided by it.
    pub name: String,
    /// The kind of its bytes: a media type.
    pub media: String,
    /// The date the resident told of it, when its question asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub dated: Option<NaiveDate>,
}

impl FileBody {
    /// The facts that the rules of a form look at.
    #[must_use]
    pub fn facts(&self) -> FileFacts {
        FileFacts { media: self.media.clone(), bytes: self.size, dated: self.dated }
    }
}

/// A file as the town has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileRecord {
    /// The announcement.
    #[serde(flatten)]
    pub file: FileBody,
    /// Tells whether all of its bytes are there.
    pub arrived: bool,
    /// When an office gave it; nothing: it is the resident's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub given_at: Option<Instant>,
}

impl From<FileBody> for FileRecord {
    /// Announced; its bytes are still to come.
    fn from(file: FileBody) -> Self {
        Self { file, arrived: false, given_at: None }
    }
}

/// A file an office has brought, by its digest, and what it is to be called.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeFile {
    /// The SHA-256 of its bytes, in hexadecimal: they were sent before, with `POST /office/v1/files`.
    pub sha256: String,
    /// The name.
    pub name: String,
}

/// The facts the town tells of a file that an office brought.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BroughtFile {
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The number of bytes.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub size: u64,
    /// The media type of them.
    pub media: String,
}
