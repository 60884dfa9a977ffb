//! The draft of a certificate: what would be put on paper today, and the digest of the very paper, which a stamp is bound to.

use chrono::Datelike as _;
use vicino_contract::http::{CertificateRecord, Collection, OfficeRecord, ProblemCode, ResidentRecord, SaidBody, path};
use vicino_documents::CertificatePaper;
use vicino_domain::certificate::StampDuty;
use vicino_domain::{CertificateId, town_day};

use crate::entropy::digest;
use crate::matters::certificate::kinds;
use crate::matters::certificate::wording::declared;
use crate::refusal::RefusalKind;
use crate::{Refusal, Town, store};

/// The office that keeps the registry, where the town does not say which.
const REGISTRY: &str = "Ufficio Anagrafe";

/// What a paper is drawn from.
pub(crate) struct Draft {
    pub(crate) paper: CertificatePaper,
    pub(crate) says: Vec<SaidBody>,
    /// The paper's SHA-256, before code and seal; of a stamped one with its number.
    pub(crate) document: vicino_domain::Sha256,
    pub(crate) resident: ResidentRecord,
}

/// The text a certificate would have today, with its digest, for which a stamp is bought.
pub(crate) fn draft(
    town: &Town,
    record: &CertificateRecord,
    resident: ResidentRecord,
    says: Vec<SaidBody>,
) -> Result<Draft, Refusal> {
    let titles: Vec<&str> = kinds(&record.kinds).iter().map(|kind| kind.title()).collect();
    let person = resident.presented();
    let paper = CertificatePaper {
        title: titles.join(" e "),
        town: town.identity.name.clone(),
        office: registry_name(town)?,
        person,
        says: says.iter().map(|said| said.text.clone()).collect(),
        number: String::new(),
        issued: String::new(),
        until: String::new(),
        stamp: String::new(),
        declared: declared(&record.stamp),
        key: String::new(),
        practice: town.identity.practice,
        crest: town.identity.crest.clone().unwrap_or_default(),
        check_at: town.identity.address.as_ref().map(|base| format!("{base}{}", path::CHECK)).unwrap_or_default(),
    };
    // Dated by the day it was asked for: the same wish has the same draft whenever it is drawn.
    let asked_on = town_day(record.asked_at);
    let plain = digest(&paper.pdf(None, asked_on).map_err(undrawn)?);
    let bound_to_plain = record.bound.as_ref().is_some_and(|bound| bound.document == plain.to_string());
    if record.stamp != StampDuty::Due || bound_to_plain {
        return Ok(Draft { paper, says, document: plain, resident });
    }
    // A stamp is for one paper and no other that says the same: its number, which is nobody else's, is in what the stamp is bought for.
    let id = CertificateId::from_uuid(record.id);
    let (year, number) = town.register.write(|tx| store::number_certificate(tx, id, asked_on.year()))?;
    let numbered = CertificatePaper { number: format!("{year}/{number:06}"), ..paper.clone() };
    let document = digest(&numbered.pdf(None, asked_on).map_err(undrawn)?);
    Ok(Draft { paper, says, document, resident })
}

/// The name of the office that keeps the registry.
fn registry_name(town: &Town) -> Result<String, Refusal> {
    let Some(id) = town.identity.registry else { return Ok(String::from(REGISTRY)) };
    let office = town.register.read(|tx| store::find::<OfficeRecord>(tx, Collection::Offices, &id.to_string()))?;
    Ok(office.map_or_else(|| String::from(REGISTRY), |office| office.body.name))
}

/// The refusal of a paper that cannot be drawn.
pub(crate) fn undrawn(cause: vicino_documents::PaperError) -> Refusal {
    tracing::error!(%cause, "certificate PDF not drawn");
    Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "The certificate cannot be drawn")
}
