//! Certificates, seen from the town: asked for by a resident, held when the registry cannot say it, stamped, issued, taken back.

pub(crate) mod drafting;
pub(crate) mod held;
pub mod issuing;
pub(crate) mod office;
pub(crate) mod stamping;
pub(crate) mod wording;

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_contract::http::{CertificateBody, CertificateRecord, Collection, ProblemCode, ResidentRecord};
use vicino_domain::certificate::{CertificateKind, CertificateRequest, IssueState};
use vicino_domain::{CertificateId, NoticeId, Sha256};

use crate::matters::receive_once::receive_once;

pub use crate::providers::signing::{Signer, Unsigned};
pub(crate) use issuing::follow;

use stamping::receipt_of;

use crate::limits::meters::too_often;
use crate::matters::notice::notice_of;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::{Reader, Refusal, Town};

/// A resident asks for a certificate. The same again is answered as before; it is issued beside, when that can be.
pub(crate) fn receive(
    town: &Town,
    reader: &Reader,
    id: CertificateId,
    body: CertificateBody,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    let Some(resident) = reader.resident else {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            ProblemCode::SignInRefused,
            "A signed-in resident is required",
        ));
    };
    let incoming = Incoming { reader, kind: MessageKind::Certificate, id: id.uuid(), digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        let wish = CertificateRequest { kinds: &body.kinds, audience: body.audience, stamp: &body.stamp };
        wish.check(&town.identity.certificates).map_err(|bad| {
            Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Certificate cannot be requested")
                .detail(bad.to_string())
        })?;
        // One's own, or of somebody of the same family on the registry; anybody else is as good as nobody.
        let own = store::find::<ResidentRecord>(tx, Collection::Residents, &resident.to_string())?;
        let family = own.is_some_and(|own| own.body.household.iter().any(|member| member.id == body.person));
        if body.person != resident.uuid() && !family {
            return Err(Refusal::not_found());
        }
        let about = store::find::<ResidentRecord>(tx, Collection::Residents, &body.person.to_string())?;
        let about = about.ok_or_else(Refusal::not_found)?.body;
        // Issued by one hand, for everybody in turn: nobody's wishes hold up the others'.
        if store::waiting_certificates(tx, reader.owner())? >= town.identity.bounds.certificates_waiting {
            return Err(too_often(std::time::Duration::from_secs(600)));
        }
        town.limits.meters.certificates.take(&reader.owner().to_string(), 1)?;
        let record = CertificateRecord {
            id: id.uuid(),
            kinds: body.kinds.iter().map(|kind| kind.code().to_owned()).collect(),
            person: body.person,
            person_name: about.full_name(),
            stamp: body.stamp,
            asked_at: now,
            state: IssueState::Asked.into(),
            held: None,
            notice: None,
            bound: None,
            issued: None,
            revoked: None,
            allowed_at: None,
        };
        write(tx, &Record { version: 0, owner: Some(reader.owner()), body: record })?;
        Ok(Effect::on(id.to_string(), Some(reader.owner())))
    })
}

/// Withdraws a request for a certificate. One that is issued, or whose stamp is paid, stays as it is, and its record says so.
pub(crate) fn receive_withdrawal(
    town: &Town,
    reader: &Reader,
    id: CertificateId,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let incoming = Incoming { reader, kind: MessageKind::CertificateWithdrawal, id: id.uuid(), digest };
    let own = |tx: &Transaction<'_>| {
        let found = find(tx, id)?.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner)));
        found.ok_or_else(Refusal::not_found)
    };
    receive_once(town, incoming, own, |tx, mut record| {
        let debt = record.body.notice.map(|notice| notice_of(tx, NoticeId::from_uuid(notice))).transpose()?.flatten();
        let paid = debt.is_some_and(|debt| receipt_of(&debt.body).is_some());
        if record.body.state.known().is_some_and(IssueState::is_open) && !paid {
            (record.body.state, record.body.held) = (IssueState::Withdrawn.into(), None);
            write(tx, &record)?;
        }
        Ok(Effect::on(id.to_string(), record.owner))
    })
}

/// The caller's certificate.
pub(crate) fn own(town: &Town, reader: &Reader, id: CertificateId) -> Result<CertificateRecord, Refusal> {
    let found = town.register.read(|tx| find(tx, id))?;
    let own = found.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner)));
    own.map(|record| record.body).ok_or_else(Refusal::not_found)
}

/// What the record of a certificate taken back is named by: its number, for its own identity is its resident's alone.
pub(crate) fn revocation(number: &str) -> Uuid {
    uuid_of(&format!("revocation/{number}"))
}

/// Derives a UUID from the digest of a text, which it does not reveal.
fn uuid_of(text: &str) -> Uuid {
    let mut short = [0; 16];
    short.iter_mut().zip(crate::entropy::digest(text.as_bytes()).0).for_each(|(to, from)| *to = from);
    uuid::Builder::from_random_bytes(short).into_uuid()
}

/// The kinds of a certificate that this release knows.
fn kinds(codes: &[String]) -> Vec<CertificateKind> {
    codes.iter().filter_map(|code| CertificateKind::from_code(code)).collect()
}

pub(crate) fn find(tx: &Transaction<'_>, id: CertificateId) -> Result<Option<Record<CertificateRecord>>, StoreError> {
    store::find(tx, Collection::Certificates, &id.to_string())
}

fn write(tx: &Transaction<'_>, record: &Record<CertificateRecord>) -> Result<(), StoreError> {
    store::write(tx, Collection::Certificates.code(), &record.body.id.to_string(), record.owner, &record.body)
}
