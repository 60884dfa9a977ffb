//! Certificates of the registry: what each is, how long it holds, whom it may be shown to, and when its stamp duty is not due.

mod exemption;
mod kind;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use exemption::Exemption;
pub use kind::CertificateKind;

use crate::Cents;
use crate::wire_enum;

/// The price of a stamp: one for each sheet (art. 4 tariffa DPR 642/1972; the only cut of @e.bollo).
pub const STAMP: Cents = Cents(1600);
/// The longest reason written beside the last exemption (ANPR, *controllo certificati*).
pub const LONGEST_REASON: usize = 256;
/// The most certificates that one paper joins (*contestuale*).
pub const MOST_KINDS: usize = 6;

wire_enum! {
    /// The reader a certificate is for.
    Audience {
        /// A public body, or a company that runs a public service: it may not ask for one, and takes a self-certification
        /// (art. 40 and 46 DPR 445/2000).
        Public "public",
        /// A bank, an insurer, a landlord, a notary.
        Private "private",
        /// A court, or somebody abroad.
        CourtOrAbroad "court_or_abroad",
    }
}

wire_enum! {
    /// The state of a certificate in its town.
    IssueState {
        /// It is asked for.
        Asked "asked",
        /// It cannot be issued now.
        Held "held",
        /// The stamp duty is due.
        StampDue "stamp_due",
        /// It is issued.
        Issued "issued",
        /// The town took it back.
        Revoked "revoked",
        /// It is not asked for any more.
        Withdrawn "withdrawn",
    }
}

impl IssueState {
    /// Returns whether it may still be issued.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Held | Self::StampDue)
    }
}

/// The outcome of the stamp duty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StampDuty {
    /// It is paid.
    Due,
    /// It is not due, for this reason of the law.
    Exempt {
        /// Which.
        code: Exemption,
        /// The reason in words; required with [`Exemption::Other`].
        #[serde(default)]
        reason: Option<String>,
    },
}

/// A certificate as somebody asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertificateRequest<'a> {
    /// A kind, or several on one paper.
    pub kinds: &'a [CertificateKind],
    /// Whom it is for.
    pub audience: Audience,
    /// The stamp duty.
    pub stamp: &'a StampDuty,
}

/// Why a certificate may not be asked for like this.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateRequestError {
    /// No kind was chosen.
    #[error("no certificate was chosen")]
    Nothing,
    /// More kinds than one paper joins, or one twice.
    #[error("a paper joins six different certificates at most")]
    TooMany,
    /// This town does not issue one of them.
    #[error("this town does not issue {kind}")]
    NotOffered {
        /// Which.
        kind: CertificateKind,
    },
    /// A public body may not ask for one: a self-certification is what it takes.
    #[error("a public body takes a self-certification instead")]
    SelfCertify,
    /// The last exemption needs its reason in words, up to 256 characters.
    #[error("say why no stamp duty is due, in 256 characters at most")]
    Reason,
}

impl CertificateRequest<'_> {
    /// Checks it: the device before it asks, the town again when it is asked.
    ///
    /// # Errors
    /// [`CertificateRequestError`], the first thing that is wrong.
    pub fn check(&self, offered: &[CertificateKind]) -> Result<(), CertificateRequestError> {
        if self.audience == Audience::Public {
            return Err(CertificateRequestError::SelfCertify);
        }
        if self.kinds.is_empty() {
            return Err(CertificateRequestError::Nothing);
        }
        let twice =
            self.kinds.iter().enumerate().any(|(at, kind)| self.kinds.iter().skip(at + 1).any(|other| other == kind));
        if twice || self.kinds.len() > MOST_KINDS {
            return Err(CertificateRequestError::TooMany);
        }
        if let Some(kind) = self.kinds.iter().find(|kind| !offered.contains(kind)) {
            return Err(CertificateRequestError::NotOffered { kind: *kind });
        }
        match self.stamp {
            StampDuty::Exempt { code, reason } => {
                let count = reason.as_deref().map(str::trim).unwrap_or_default().chars().count();
                let sound = count <= LONGEST_REASON && (count > 0 || *code != Exemption::Other);
                if sound { Ok(()) } else { Err(CertificateRequestError::Reason) }
            }
            StampDuty::Due => Ok(()),
        }
    }
}

/// The price of a paper's stamps: nothing when it is exempt, or when all of it is free by law.
#[must_use]
pub fn stamp_of(kinds: &[CertificateKind], stamp: &StampDuty) -> Option<Cents> {
    let free = !kinds.is_empty() && kinds.iter().all(|kind| kind.is_free_of_stamp());
    (*stamp == StampDuty::Due && !free).then_some(STAMP)
}

/// The last day a paper holds that was issued on this one; nothing: for ever, for what cannot change.
///
/// Registry certificates hold three months (art. 33 c. 3 DPR 223/1989), those of facts that do not change without end
/// (art. 41 DPR 445/2000). A paper that joins several holds as long as the shortest.
#[must_use]
pub fn valid_until(kinds: &[CertificateKind], issued_on: NaiveDate) -> Option<NaiveDate> {
    let ends = kinds.iter().any(|kind| !kind.is_for_ever());
    ends.then(|| issued_on.checked_add_months(Months::new(3))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[CertificateKind] = CertificateKind::ALL;

    fn wish<'a>(kinds: &'a [CertificateKind], stamp: &'a StampDuty) -> CertificateRequest<'a> {
        CertificateRequest { kinds, audience: Audience::Private, stamp }
    }

    #[test]
    fn what_may_be_asked_for() {
        use CertificateKind::{Birth, Citizenship, Residence};
        let due = StampDuty::Due;
        assert_eq!(wish(&[Residence, Citizenship], &due).check(ALL), Ok(()));
        assert_eq!(wish(&[], &due).check(ALL), Err(CertificateRequestError::Nothing));
        assert_eq!(wish(&[Residence, Residence], &due).check(ALL), Err(CertificateRequestError::TooMany));
        assert_eq!(wish(&ALL[..7], &due).check(ALL), Err(CertificateRequestError::TooMany));
        assert_eq!(wish(&[Birth], &due).check(&[Residence]), Err(CertificateRequestError::NotOffered { kind: Birth }));
        let public = CertificateRequest { audience: Audience::Public, ..wish(&[Residence], &due) };
        assert_eq!(public.check(ALL), Err(CertificateRequestError::SelfCertify));
        let exempt = |code, reason: Option<&str>| StampDuty::Exempt { code, reason: reason.map(str::to_owned) };
        for (stamp, expected) in [
            (exempt(Exemption::Sport, None), Ok(())),
            (exempt(Exemption::Other, None), Err(CertificateRequestError::Reason)),
            (exempt(Exemption::Other, Some("  ")), Err(CertificateRequestError::Reason)),
            (exempt(Exemption::Other, Some("Borsa di studio")), Ok(())),
            (exempt(Exemption::Sport, Some(&"x".repeat(257))), Err(CertificateRequestError::Reason)),
        ] {
            assert_eq!(wish(&[Residence], &stamp).check(ALL), expected, "{stamp:?}");
        }
    }

    #[test]
    fn what_the_stamp_costs() {
        use CertificateKind::{Birth, Marriage, Residence};
        assert_eq!(stamp_of(&[Residence], &StampDuty::Due), Some(STAMP));
        assert_eq!(stamp_of(&[Birth, Marriage], &StampDuty::Due), None, "free by law (art. 7 L. 405/1990)");
        assert_eq!(stamp_of(&[Birth, Residence], &StampDuty::Due), Some(STAMP));
        let exempt = StampDuty::Exempt { code: Exemption::Adoption, reason: None };
        assert_eq!(stamp_of(&[Residence], &exempt), None);
    }

    #[test]
    fn how_long_it_holds() {
        let day = NaiveDate::from_ymd_opt(2025, 11, 30).unwrap();
        use CertificateKind::{Birth, Residence};
        assert_eq!(valid_until(&[Residence], day), NaiveDate::from_ymd_opt(2026, 2, 28));
        assert_eq!(valid_until(&[Birth], day), None);
        assert_eq!(valid_until(&[Birth, Residence], day), NaiveDate::from_ymd_opt(2026, 2, 28));
    }
}
