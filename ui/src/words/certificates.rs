//! What certificates are called, what each proves, whom one is for, and why its stamp may not be due; what papers of
//! one's own are.

use vicino_domain::certificate::{Audience, CertificateKind, Exemption};
use vicino_domain::paper::PaperKind;

use crate::tr;

/// The name of a certificate.
pub fn certificate(kind: CertificateKind) -> String {
    let name = match kind {
        CertificateKind::Birth => tr!(kinds.birth),
        CertificateKind::Death => tr!(kinds.death),
        CertificateKind::Marriage => tr!(kinds.marriage),
        CertificateKind::Cancellation => tr!(kinds.cancellation),
        CertificateKind::Citizenship => tr!(kinds.citizenship),
        CertificateKind::CitizenshipHistory => tr!(kinds.citizenship_history),
        CertificateKind::Life => tr!(kinds.life),
        CertificateKind::Residence => tr!(kinds.residence),
        CertificateKind::ResidenceHistory => tr!(kinds.residence_history),
        CertificateKind::ResidenceAbroad => tr!(kinds.residence_abroad),
        CertificateKind::CivilStatus => tr!(kinds.civil_status),
        CertificateKind::Family => tr!(kinds.family),
        CertificateKind::FamilyAndCivilStatus => tr!(kinds.family_and_civil_status),
        CertificateKind::ResidenceInCommunity => tr!(kinds.residence_in_community),
        CertificateKind::FamilyAbroad => tr!(kinds.family_abroad),
        CertificateKind::FamilyWithKinship => tr!(kinds.family_with_kinship),
        CertificateKind::FreeToMarry => tr!(kinds.free_to_marry),
        CertificateKind::CivilUnion => tr!(kinds.civil_union),
        CertificateKind::CohabitationContract => tr!(kinds.cohabitation_contract),
        CertificateKind::ResidenceOn => tr!(kinds.residence_on),
    };
    name.to_owned()
}

/// What it proves, in plain words.
pub fn proves(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Birth => tr!(proves.birth),
        CertificateKind::Death => tr!(proves.death),
        CertificateKind::Marriage => tr!(proves.marriage),
        CertificateKind::Cancellation => tr!(proves.cancellation),
        CertificateKind::Citizenship => tr!(proves.citizenship),
        CertificateKind::CitizenshipHistory => tr!(proves.citizenship_history),
        CertificateKind::Life => tr!(proves.life),
        CertificateKind::Residence => tr!(proves.residence),
        CertificateKind::ResidenceHistory => tr!(proves.residence_history),
        CertificateKind::ResidenceAbroad => tr!(proves.residence_abroad),
        CertificateKind::CivilStatus => tr!(proves.civil_status),
        CertificateKind::Family => tr!(proves.family),
        CertificateKind::FamilyAndCivilStatus => tr!(proves.family_and_civil_status),
        CertificateKind::ResidenceInCommunity => tr!(proves.residence_in_community),
        CertificateKind::FamilyAbroad => tr!(proves.family_abroad),
        CertificateKind::FamilyWithKinship => tr!(proves.family_with_kinship),
        CertificateKind::FreeToMarry => tr!(proves.free_to_marry),
        CertificateKind::CivilUnion => tr!(proves.civil_union),
        CertificateKind::CohabitationContract => tr!(proves.cohabitation_contract),
        CertificateKind::ResidenceOn => tr!(proves.residence_on),
    }
}

/// Whom a certificate is for.
pub fn audience(audience: Audience) -> String {
    let word = match audience {
        Audience::Public => tr!(cert.for_public),
        Audience::Private => tr!(cert.for_private),
        Audience::CourtOrAbroad => tr!(cert.for_court),
    };
    word.to_owned()
}

/// Why no stamp duty is due.
pub fn exemption(code: Exemption) -> String {
    let word = match code {
        Exemption::Charity => tr!(exempt.charity),
        Exemption::Sport => tr!(exempt.sport),
        Exemption::Court => tr!(exempt.court),
        Exemption::CourtExpert => tr!(exempt.court_expert),
        Exemption::Guardianship => tr!(exempt.guardianship),
        Exemption::Adoption => tr!(exempt.adoption),
        Exemption::Divorce => tr!(exempt.divorce),
        Exemption::StreetRenamed => tr!(exempt.street_renamed),
        Exemption::ForeignPension => tr!(exempt.foreign_pension),
        Exemption::PublicBodies => tr!(exempt.public_bodies),
        Exemption::Other => tr!(exempt.other),
    };
    word.to_owned()
}

/// What a paper of one's own is.
pub fn paper(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::IdentityCard => tr!(papers.identity_card),
        PaperKind::Passport => tr!(papers.passport),
        PaperKind::DrivingLicence => tr!(papers.driving_licence),
        PaperKind::ResidencePermit => tr!(papers.residence_permit),
        PaperKind::HealthCard => tr!(papers.health_card),
        PaperKind::Isee => tr!(papers.isee),
        PaperKind::Disability => tr!(papers.disability),
        PaperKind::Medical => tr!(papers.medical),
        PaperKind::Lease => tr!(papers.lease),
        PaperKind::Vehicle => tr!(papers.vehicle),
        PaperKind::Other => tr!(papers.other),
    }
}
