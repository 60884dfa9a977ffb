//! The names of the resumable upload protocol, tus 1.0.0: core, creation, checksum, termination, expiration.

use uuid::Uuid;
use vicino_domain::{AttachmentId, CaseId, CertificateId, NoticeId, PhotoId, ReportId};

use crate::{Matter, MessageKind};

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
/// `Vicino-Acknowledgement`: the town's signed word for a file that is whole (ours, not of tus)
pub const ACKNOWLEDGEMENT: &str = "vicino-acknowledgement";
/// `X-HTTP-Method-Override`
pub const METHOD_OVERRIDE: &str = "x-http-method-override";

/// What an upload is a part of, as `Upload-Metadata` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// A photo of a report: the keys `report` and `photo`.
    Photo(ReportId, PhotoId),
    /// A file of the thread of a report: the keys `report` and `file`.
    ReportFile(ReportId, AttachmentId),
    /// A file of a case or of its thread: the keys `case` and `file`.
    CaseFile(CaseId, AttachmentId),
    /// A proof of a payment: the keys `notice` and `file`.
    NoticeFile(NoticeId, AttachmentId),
    /// A certificate's paper: the keys `certificate` and `file`. Only the town brings one.
    CertificateFile(CertificateId, AttachmentId),
}

impl Part {
    /// The two keys and their values.
    #[must_use]
    pub fn pairs(self) -> [(&'static str, String); 2] {
        match self {
            Self::Photo(report, photo) => [("report", report.to_string()), ("photo", photo.to_string())],
            Self::ReportFile(report, file) => [("report", report.to_string()), ("file", file.to_string())],
            Self::CaseFile(case, file) => [("case", case.to_string()), ("file", file.to_string())],
            Self::NoticeFile(notice, file) => [("notice", notice.to_string()), ("file", file.to_string())],
            Self::CertificateFile(id, file) => [("certificate", id.to_string()), ("file", file.to_string())],
        }
    }

    /// The part named by these keys.
    #[must_use]
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let report = || value("report")?.parse().ok();
        match (value("photo"), value("file"), value("case"), value("notice")) {
            (Some(photo), None, None, None) => Some(Self::Photo(report()?, photo.parse().ok()?)),
            (None, Some(file), None, None) => Some(Self::ReportFile(report()?, file.parse().ok()?)),
            (None, Some(file), Some(case), None) => Some(Self::CaseFile(case.parse().ok()?, file.parse().ok()?)),
            (None, Some(file), None, Some(notice)) => Some(Self::NoticeFile(notice.parse().ok()?, file.parse().ok()?)),
            _ => None,
        }
    }

    /// The kind of message it is.
    #[must_use]
    pub const fn kind(self) -> MessageKind {
        match self {
            Self::Photo(..) => MessageKind::Photo,
            Self::ReportFile(..) => MessageKind::File,
            Self::CaseFile(..) => MessageKind::CaseFile,
            Self::NoticeFile(..) => MessageKind::NoticeFile,
            // The town's own: no device sends one, and it is named as every file is.
            Self::CertificateFile(..) => MessageKind::File,
        }
    }

    /// The file's own identity, which its acknowledgement names.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Photo(_, id) => id.uuid(),
            Self::ReportFile(_, id)
            | Self::CaseFile(_, id)
            | Self::NoticeFile(_, id)
            | Self::CertificateFile(_, id) => id.uuid(),
        }
    }

    /// The matter it belongs to.
    #[must_use]
    pub const fn matter(self) -> Matter {
        match self {
            Self::Photo(id, _) | Self::ReportFile(id, _) => Matter::Report(id),
            Self::CaseFile(id, _) => Matter::Case(id),
            Self::NoticeFile(id, _) => Matter::Notice(id),
            Self::CertificateFile(id, _) => Matter::Certificate(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_reads_back() {
        let id = Uuid::from_u128(7);
        let parts = [
            Part::Photo(ReportId::from_uuid(id), PhotoId::from_uuid(id)),
            Part::ReportFile(ReportId::from_uuid(id), AttachmentId::from_uuid(id)),
            Part::CaseFile(CaseId::from_uuid(id), AttachmentId::from_uuid(id)),
            Part::NoticeFile(NoticeId::from_uuid(id), AttachmentId::from_uuid(id)),
        ];
        for part in parts {
            let pairs = part.pairs();
            let value = |key: &str| pairs.iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone());
            assert_eq!(Part::read(value), Some(part));
        }
        assert_eq!(Part::read(|key| (key == "case").then(|| id.to_string())), None);
    }
}
