//! Why a certificate is held, in words for its resident, with whom to ask and a code by which the office finds the cause.

use uuid::Uuid;
use vicino_contract::http::HeldBody;
use vicino_domain::certificate::CertificateKind;

use crate::Town;
use crate::entropy::digest;

/// The end of the code of a certificate that waits for the office to read a reason.
pub(crate) const OWN_REASON: &str = "own_reason";

/// Why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    /// The registry does not know the person.
    Nobody,
    /// The registry does not say what a kind would certify.
    Unsaid(CertificateKind),
    /// A practice town inside a phone's own program draws no paper.
    NotDrawn,
    /// More than its code can carry.
    TooLong,
    /// The office took the stamp's debt back.
    StampWithdrawn,
    /// The stamp that was paid is for what the registry said before: the office issues this one by hand.
    AnotherPaper,
    /// The stamp that came with the receipt is not the one that was asked for: the office issues this one by hand.
    WrongStamp,
    /// No stamp is due for a reason in the resident's own words: the office reads them first.
    OwnReason,
    /// A stamp is due, and this town takes no payments.
    NoPayments,
}

impl Why {
    fn words(self) -> String {
        String::from(match self {
            Self::Nobody => "L’anagrafe di questo Comune non trova la persona.",
            Self::Unsaid(kind) => return format!("L’anagrafe non ha i dati per il {}.", kind.title().to_lowercase()),
            Self::NotDrawn => {
                "Il Comune di prova dentro il telefono non disegna certificati: prova da un computer, o con un Comune in rete."
            }
            Self::TooLong => "Sono troppe cose per un foglio solo: chiedi i certificati uno alla volta.",
            Self::StampWithdrawn => {
                "L’ufficio ha annullato il bollo: chiedigli come andare avanti, o chiedi di nuovo il certificato."
            }
            Self::AnotherPaper => {
                "I dati dell’anagrafe sono cambiati dopo che hai pagato il bollo: l’ufficio lo rilascia a mano, senza farti pagare di nuovo."
            }
            Self::WrongStamp => {
                "La marca da bollo arrivata con la ricevuta non è quella chiesta per questo certificato: l’ufficio lo rilascia a mano, senza farti pagare di nuovo."
            }
            Self::OwnReason => {
                "Il motivo per cui non si paga il bollo è scritto con parole tue: l’ufficio lo legge, poi rilascia il certificato."
            }
            Self::NoPayments => "Il bollo si paga allo sportello: qui il Comune non riscuote.",
        })
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Unsaid(kind) => kind.code(),
            Self::NotDrawn => "not_drawn",
            Self::TooLong => "too_long",
            Self::StampWithdrawn => "stamp_withdrawn",
            Self::AnotherPaper => "stamp_of_another_paper",
            Self::WrongStamp => "wrong_stamp",
            Self::OwnReason => OWN_REASON,
            Self::NoPayments => "no_payments",
        }
    }
}

/// The answer to a request about this person. Its code tells the office the cause and does not identify the person.
pub(crate) fn because(town: &Town, person: Uuid, why: Why) -> HeldBody {
    let short: String = digest(person.as_bytes()).to_string().chars().take(6).collect();
    HeldBody {
        kind: if let Why::Unsaid(kind) = why { Some(kind.code().to_owned()) } else { None },
        why: why.words(),
        since: None,
        until: None,
        office: town.identity.registry,
        code: format!("{}-{}", short.to_uppercase(), why.code()),
    }
}
