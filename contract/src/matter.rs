//! Matters: declared once, for the device that sends and the town that receives.
//!
//! A *matter* is something a resident has with their town: a report, a case, a debt. A *message* is one request of a device about a
//! matter. The town knows a message by its kind, its identity and the digest of its bytes, takes it in once, and signs an
//! [`Acknowledgement`](crate::http::Acknowledgement) for it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::{CaseId, CertificateId, NoticeId, PaperId, ReportId, SignatureId, wire_enum};

wire_enum! {
    /// A kind of matter.
    MatterKind {
        /// A report of something broken.
        Report "report",
        /// A case: an application for a service.
        Case "case",
        /// A signature asked of somebody else, before the case it belongs to is sent.
        Signature "signature",
        /// A debt to be paid.
        Notice "notice",
        /// A certificate.
        Certificate "certificate",
        /// A personal document of the resident's; it never leaves the device as such.
        Paper "paper",
    }
}

/// A matter, by its kind and its identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// A report.
    Report(ReportId),
    /// A case, written or sent.
    Case(CaseId),
    /// A signature.
    Signature(SignatureId),
    /// A debt.
    Notice(NoticeId),
    /// A certificate.
    Certificate(CertificateId),
    /// A personal document of the resident's.
    Paper(PaperId),
}

impl Matter {
    /// The matter of this kind under this identity.
    #[must_use]
    pub const fn new(kind: MatterKind, id: Uuid) -> Self {
        match kind {
            MatterKind::Report => Self::Report(ReportId::from_uuid(id)),
            MatterKind::Case => Self::Case(CaseId::from_uuid(id)),
            MatterKind::Signature => Self::Signature(SignatureId::from_uuid(id)),
            MatterKind::Notice => Self::Notice(NoticeId::from_uuid(id)),
            MatterKind::Certificate => Self::Certificate(CertificateId::from_uuid(id)),
            MatterKind::Paper => Self::Paper(PaperId::from_uuid(id)),
        }
    }

    /// Returns the kind of the matter.
    #[must_use]
    pub const fn kind(self) -> MatterKind {
        match self {
            Self::Report(_) => MatterKind::Report,
            Self::Case(_) => MatterKind::Case,
            Self::Signature(_) => MatterKind::Signature,
            Self::Notice(_) => MatterKind::Notice,
            Self::Certificate(_) => MatterKind::Certificate,
            Self::Paper(_) => MatterKind::Paper,
        }
    }

    /// Writes the matter for an address of the interface, `report-018f…`; [`FromStr`] reads it. This is not [`Display`](std::fmt::Display),
    /// so that nothing is stored or sent in this form by mistake.
    #[must_use]
    pub fn address(self) -> String {
        format!("{}-{}", self.kind(), self.uuid())
    }

    /// Returns the identity; no matter of another kind has the same.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Report(id) => id.uuid(),
            Self::Case(id) => id.uuid(),
            Self::Signature(id) => id.uuid(),
            Self::Notice(id) => id.uuid(),
            Self::Certificate(id) => id.uuid(),
            Self::Paper(id) => id.uuid(),
        }
    }
}

/// A text that names no matter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a matter")]
pub struct NotAMatter;

impl FromStr for Matter {
    type Err = NotAMatter;

    fn from_str(text: &str) -> Result<Self, NotAMatter> {
        let (kind, id) = text.split_once('-').ok_or(NotAMatter)?;
        let kind = MatterKind::from_code(kind).ok_or(NotAMatter)?;
        Ok(Self::new(kind, id.parse().map_err(|_| NotAMatter)?))
    }
}

macro_rules! matters {
    ($($kind:ident $id:ident,)*) => {$(
        impl From<$id> for Matter {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        }
    )*};
}

matters! {
    Report ReportId,
    Case CaseId,
    Signature SignatureId,
    Notice NoticeId,
    Certificate CertificateId,
    Paper PaperId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_reads_back_from_its_kind_and_from_its_address() {
        let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        for kind in MatterKind::ALL {
            let matter = Matter::new(*kind, id);
            assert_eq!((matter.kind(), matter.uuid()), (*kind, id));
            assert_eq!(matter.address().parse(), Ok(matter));
        }
        for other in ["", "report", "report-1", "house-01900000-0000-7000-8000-000000000001"] {
            assert_eq!(other.parse::<Matter>(), Err(NotAMatter), "{other}");
        }
    }
}
