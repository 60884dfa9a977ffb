//! Messages about matters: the kind of each, what it is about, and the way it travels.

use uuid::Uuid;
use vicino_domain::wire_enum;

use crate::http::path;
use crate::{Event, MatterKind};

wire_enum! {
    /// A kind of message. Its word is stored in the outbox and, but for files, named in the acknowledgement.
    MessageKind {
        /// A report.
        Report "report",
        /// A photo of a report.
        Photo "photo",
        /// A message to the office of a report.
        Message "message",
        /// A file of a report's thread.
        File "file",
        /// The withdrawal of a report.
        Withdrawal "withdrawal",
        /// A case.
        Case "case",
        /// A message to the office of a case.
        CaseMessage "case_message",
        /// The answer to an office that asked for more.
        CaseIntegration "case_integration",
        /// A file of a case, or of its thread.
        CaseFile "case_file",
        /// The withdrawal of a case.
        CaseWithdrawal "case_withdrawal",
        /// A request for somebody's signature, for a case being written.
        Signature "signature",
        /// The answer to such a request.
        SignatureAnswer "signature_answer",
        /// The withdrawal of such a request: its case was thrown away.
        SignatureWithdrawal "signature_withdrawal",
        /// The resident's statement that a notice is paid.
        Declaration "declaration",
        /// A proof that goes with it.
        NoticeFile "notice_file",
        /// A request for a certificate.
        Certificate "certificate",
        /// The withdrawal of such a request.
        CertificateWithdrawal "certificate_withdrawal",
    }
}

/// The part that a message plays in its matter.
enum Role {
    /// The matter itself.
    Whole,
    /// Something that its resident adds or asks for.
    Addition,
    /// The bytes of a file.
    File,
    /// The end of a signature asked for: an answer, or its withdrawal.
    Reply,
    /// The withdrawal of the matter.
    Withdrawal,
}

impl MessageKind {
    /// The kind of matter it is about.
    #[must_use]
    pub const fn matter(self) -> MatterKind {
        match self {
            Self::Report | Self::Photo | Self::Message | Self::File | Self::Withdrawal => MatterKind::Report,
            // A signature is asked for while its case is written: until it is answered it belongs to that draft.
            Self::Case
            | Self::CaseMessage
            | Self::CaseIntegration
            | Self::CaseFile
            | Self::CaseWithdrawal
            | Self::Signature => MatterKind::Case,
            Self::SignatureAnswer | Self::SignatureWithdrawal => MatterKind::Signature,
            Self::Declaration | Self::NoticeFile => MatterKind::Notice,
            Self::Certificate | Self::CertificateWithdrawal => MatterKind::Certificate,
        }
    }

    /// The part it plays in its matter.
    const fn role(self) -> Role {
        match self {
            Self::Report | Self::Case => Role::Whole,
            Self::Message
            | Self::CaseMessage
            | Self::CaseIntegration
            | Self::Signature
            | Self::Declaration
            | Self::Certificate => Role::Addition,
            Self::Photo | Self::File | Self::CaseFile | Self::NoticeFile => Role::File,
            Self::SignatureAnswer | Self::SignatureWithdrawal => Role::Reply,
            Self::Withdrawal | Self::CaseWithdrawal | Self::CertificateWithdrawal => Role::Withdrawal,
        }
    }

    /// Returns `true` if its bytes are those of a file, which travel in pieces (tus).
    #[must_use]
    pub const fn is_file(self) -> bool {
        matches!(self.role(), Role::File)
    }

    /// Returns `true` if it is the matter itself: while it is stuck, nothing else of the matter can go.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(self.role(), Role::Whole)
    }

    /// Returns `true` if it withdraws the matter that its resident sent.
    #[must_use]
    pub const fn is_withdrawal(self) -> bool {
        matches!(self.role(), Role::Withdrawal)
    }

    /// Returns `true` if it has no effect at a town that does not know its matter: there, *not found* is as good as done.
    #[must_use]
    pub const fn is_moot_when_unknown(self) -> bool {
        matches!(self.role(), Role::Withdrawal | Role::Reply)
    }

    /// The kind of the files that follow a message about such a matter; `None` where none do.
    #[must_use]
    pub const fn file_of(matter: MatterKind) -> Option<Self> {
        match matter {
            MatterKind::Report => Some(Self::File),
            MatterKind::Case => Some(Self::CaseFile),
            MatterKind::Notice => Some(Self::NoticeFile),
            MatterKind::Signature | MatterKind::Certificate | MatterKind::Paper => None,
        }
    }

    /// The kind that its acknowledgement names: every file is a `file` there, whatever it belongs to.
    #[must_use]
    pub const fn acknowledged_as(self) -> Self {
        match self {
            Self::Photo => self,
            _ if self.is_file() => Self::File,
            _ => self,
        }
    }

    /// The route it is sent to with PUT; `None` for files, which are uploaded.
    #[must_use]
    pub const fn route(self) -> Option<&'static str> {
        match self {
            Self::Report => Some(path::REPORT),
            Self::Message => Some(path::MESSAGE),
            Self::Withdrawal => Some(path::WITHDRAWAL),
            Self::Case => Some(path::CASE),
            Self::CaseMessage => Some(path::CASE_MESSAGE),
            Self::CaseIntegration => Some(path::CASE_INTEGRATION),
            Self::CaseWithdrawal => Some(path::CASE_WITHDRAWAL),
            Self::Signature => Some(path::SIGNATURE),
            Self::SignatureAnswer => Some(path::SIGNATURE_ANSWER),
            Self::SignatureWithdrawal => Some(path::SIGNATURE_WITHDRAWAL),
            Self::Declaration => Some(path::DECLARATION),
            Self::Certificate => Some(path::CERTIFICATE),
            Self::CertificateWithdrawal => Some(path::CERTIFICATE_WITHDRAWAL),
            Self::Photo | Self::File | Self::CaseFile | Self::NoticeFile => None,
        }
    }

    /// The path of one message: `matter` is what it is about, `id` its own identity. `None` for files.
    #[must_use]
    pub fn path(self, matter: Uuid, id: Uuid) -> Option<String> {
        // A signature has a path of its own before its case has one.
        let of = if matches!(self, Self::Signature) { id } else { matter };
        let (of, id) = (of.to_string(), id.to_string());
        let path = self.route()?.replace("{id}", &of);
        Some(path.replace("{message}", &id).replace("{declaration}", &id))
    }

    /// The event that tells the interface of its delivery.
    #[must_use]
    pub const fn event(self) -> Event {
        match self.matter() {
            MatterKind::Report => Event::Reports,
            MatterKind::Case | MatterKind::Signature => Event::Cases,
            MatterKind::Notice => Event::Payments,
            MatterKind::Certificate | MatterKind::Paper => Event::Documents,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back_by_its_word() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::from_code(kind.code()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }

    #[test]
    fn a_path_names_the_matter_and_then_the_message() {
        let (matter, id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for kind in MessageKind::ALL {
            let path = kind.path(matter, id);
            assert_eq!(path.is_none(), kind.is_file(), "{kind}");
            assert!(!path.unwrap_or_default().contains(['{', '}']), "{kind}");
        }
        assert_eq!(MessageKind::Message.path(matter, id).unwrap(), format!("/v1/reports/{matter}/messages/{id}"));
        assert_eq!(
            MessageKind::Declaration.path(matter, id).unwrap(),
            format!("/v1/notices/{matter}/declarations/{id}")
        );
        assert_eq!(MessageKind::Signature.path(matter, id).unwrap(), format!("/v1/signatures/{id}"));
        assert_eq!(
            MessageKind::SignatureAnswer.path(matter, matter).unwrap(),
            format!("/v1/signatures/{matter}/answer")
        );
    }

    #[test]
    fn a_file_is_about_the_matter_it_follows() {
        for matter in MatterKind::ALL {
            if let Some(kind) = MessageKind::file_of(*matter) {
                assert!(kind.is_file() && kind.matter() == *matter, "{kind}");
                assert_eq!(kind.acknowledged_as(), MessageKind::File);
            }
        }
    }
}
