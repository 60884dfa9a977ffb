//! Certificates, seen from the town: asked for by a resident, held when the registry cannot say it, stamped, issued, taken back.

mod checking;
mod drafting;
mod held;
mod issuing;
mod office;
mod signing;
mod stamping;
mod wording;

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{CertificateBody, CertificateRecord, Collection, ProblemCode, ResidentRecord};
use vicino_domain::certificate::{CertificateKind, Wish};
use vicino_domain::{CertificateId, NoticeId, Sha256};

pub(crate) use checking::{Language, Shown};
pub(crate) use issuing::follow;
pub use signing::{Signer, Unsigned};

use stamping::receipt_of;

use crate::arrivals::Arrived;
use crate::limits::too_often;
use crate::notices::notice_of;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// Where a certificate stands, by its word on the wire.
pub(crate) mod state {
    /// It waits for the town.
    pub(crate) const ASKED: &str = "asked";
    /// It cannot be issued now.
    pub(crate) const HELD: &str = "held";
    /// Its stamp is to be paid.
    pub(crate) const STAMP_DUE: &str = "stamp_due";
    /// It is issued.
    pub(crate) const ISSUED: &str = "issued";
    /// It was taken back.
    pub(crate) const REVOKED: &str = "revoked";
    /// Whoever had asked for it asks for it no more.
    pub(crate) const WITHDRAWN: &str = super::CertificateRecord::WITHDRAWN;
}

impl Town {
    /// A resident asks for a certificate. The same again is answered as before; it is issued beside, when that can be.
    pub(crate) fn receive_certificate(
        &self,
        reader: &Reader,
        id: CertificateId,
        body: CertificateBody,
        digest: Sha256,
    ) -> Result<Arrived, Refusal> {
        let now = self.now();
        let Some(resident) = reader.resident else {
            return Err(Refusal::new(403, ProblemCode::SignInRefused, "A resident must have signed in"));
        };
        let arrived = self.store().write(|tx| {
            if let Some(before) = self.arrives(tx, ("certificate", id.uuid()), reader, digest)? {
                return Ok(before);
            }
            let wish = Wish { kinds: &body.kinds, audience: body.audience, stamp: &body.stamp };
            wish.check(&self.identity.certificates).map_err(|bad| {
                Refusal::new(422, ProblemCode::Invalid, "This certificate cannot be asked for").detail(bad.to_string())
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
            if store::waiting_certificates(tx, reader.owner())? >= self.identity.bounds.certificates_waiting {
                return Err(too_often(std::time::Duration::from_secs(600)));
            }
            self.meters.certificates.take(&reader.owner().to_string(), 1)?;
            let jws = self.sign_for(tx, ("certificate", id.uuid()), reader.owner(), digest, &id.to_string())?;
            let record = CertificateRecord {
                id: id.uuid(),
                kinds: body.kinds.iter().map(|kind| kind.code().to_owned()).collect(),
                person: body.person,
                person_name: about.full_name(),
                stamp: body.stamp,
                asked_at: now,
                state: state::ASKED.to_owned(),
                held: None,
                notice: None,
                bound: None,
                issued: None,
                revoked: None,
                allowed_at: None,
            };
            write(tx, &Record { version: 0, owner: Some(reader.owner()), body: record })?;
            Ok::<_, Refusal>(Arrived { new: true, jws })
        })?;
        if arrived.new {
            self.say_changed(Changed(Some(reader.owner())));
        }
        Ok(arrived)
    }

    /// Whoever asked for a certificate asks for it no more. What is issued, or whose stamp is paid, stays as it is: the record says so.
    pub(crate) fn receive_certificate_withdrawal(
        &self,
        reader: &Reader,
        id: CertificateId,
        digest: Sha256,
    ) -> Result<Arrived, Refusal> {
        let (arrived, owner) = self.store().write(|tx| {
            let found = find(tx, id)?.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner)));
            let mut record = found.ok_or_else(Refusal::not_found)?;
            if let Some(before) = self.heard_before(tx, "certificate_withdrawal", id.uuid(), digest)? {
                return Ok((before, None));
            }
            let debt =
                record.body.notice.map(|notice| notice_of(tx, NoticeId::from_uuid(notice))).transpose()?.flatten();
            let paid = debt.is_some_and(|debt| receipt_of(&debt.body).is_some());
            if [state::ASKED, state::HELD, state::STAMP_DUE].contains(&record.body.state.as_str()) && !paid {
                (record.body.state, record.body.held) = (state::WITHDRAWN.to_owned(), None);
                write(tx, &record)?;
            }
            let key = ("certificate_withdrawal", id.uuid());
            let jws = self.sign_for(tx, key, reader.owner(), digest, &id.to_string())?;
            Ok::<_, Refusal>((Arrived { new: true, jws }, record.owner))
        })?;
        if owner.is_some() {
            self.say_changed(Changed(owner));
        }
        Ok(arrived)
    }

    /// The caller's certificate.
    pub(crate) fn own_certificate(&self, reader: &Reader, id: CertificateId) -> Result<CertificateRecord, Refusal> {
        let found = self.read(|tx| find(tx, id))?;
        let own = found.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner)));
        own.map(|record| record.body).ok_or_else(Refusal::not_found)
    }
}

/// What the record of a certificate taken back is named by: its number, for its own identity is its resident's alone.
fn revocation(number: &str) -> Uuid {
    uuid_of(&format!("revocation/{number}"))
}

/// An identity that follows from a text, and says nothing of it.
fn uuid_of(text: &str) -> Uuid {
    let mut short = [0; 16];
    short.iter_mut().zip(crate::entropy::digest(text.as_bytes()).0).for_each(|(to, from)| *to = from);
    uuid::Builder::from_random_bytes(short).into_uuid()
}

/// The kinds of a certificate that this release knows.
fn kinds(codes: &[String]) -> Vec<CertificateKind> {
    codes.iter().filter_map(|code| CertificateKind::from_code(code)).collect()
}

fn find(tx: &Transaction<'_>, id: CertificateId) -> Result<Option<Record<CertificateRecord>>, StoreError> {
    store::find(tx, Collection::Certificates, &id.to_string())
}

fn write(tx: &Transaction<'_>, record: &Record<CertificateRecord>) -> Result<(), StoreError> {
    store::write(tx, Collection::Certificates.wire(), &record.body.id.to_string(), record.owner, &record.body)
}
