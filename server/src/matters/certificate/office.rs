//! What the registry's office does with certificates: reads those that wait, lets a stamp stand for a paper that says something else by now,
//! takes an issued one back.

use std::sync::Arc;
use vicino_domain::certificate::IssueState;

use rusqlite::Transaction;
use vicino_contract::http::{
    CertificateRecord, Collection, HeldBody, OfficeCertificate, ProblemCode, RevocationRecord, RevokedBody,
};
use vicino_domain::{CertificateId, NoticeId};

use crate::access::operators;
use crate::access::operators::{Deed, Operator, explained};
use crate::matters::certificate::held::OWN_REASON;
use crate::matters::certificate::issuing;
use crate::matters::certificate::stamping::receipt_of;
use crate::matters::certificate::{find, kinds, revocation, write};
use crate::matters::notice::notice_of;
use crate::refusal::RefusalKind;
use crate::store::{self, Record};
use crate::{Changed, Refusal, Town};

/// The certificates that wait for something; or the one of this number, as it stands on paper.
pub(crate) fn queue(town: &Town, by: &Operator, number: Option<&str>) -> Result<Vec<OfficeCertificate>, Refusal> {
    keeps_registry(town, by)?;
    let read = |tx: &Transaction<'_>| {
        let found = match number {
            None => store::open_certificates(tx)?,
            Some(number) => {
                let id = store::certificate_of(tx, number)?;
                id.map(|id| find(tx, id)).transpose()?.flatten().into_iter().collect()
            }
        };
        Ok(found.into_iter().map(seen).collect())
    };
    let all = |items: &Vec<OfficeCertificate>| items.iter().map(|item| item.record.id.to_string()).collect();
    operators::audited_by(town, by, Deed::Read, read, all)
}

/// A certificate of the caller's, in any state.
pub(crate) fn show(town: &Town, by: &Operator, id: CertificateId) -> Result<OfficeCertificate, Refusal> {
    keeps_registry(town, by)?;
    let read = |tx: &Transaction<'_>| find(tx, id)?.map(seen).ok_or_else(Refusal::not_found);
    operators::audited_by(town, by, Deed::Read, read, |_| vec![id.to_string()])
}

/// The office allows a reason in words, or lets a stamp stand: the stamp that was paid stands for what the registry says today: nobody pays twice for a change that is not their doing.
pub(crate) fn issue_by_hand(town: &Arc<Town>, by: &Operator, id: CertificateId) -> Result<OfficeCertificate, Refusal> {
    keeps_registry(town, by)?;
    let now = town.now();
    let not_so = || {
        let why =
            "By hand goes only what is held for a reason in words, or because its stamp was paid for another paper";
        Refusal::new(RefusalKind::Conflict, ProblemCode::TransitionRefused, why)
    };
    let rebind = |tx: &Transaction<'_>| {
        let mut record = find(tx, id)?.ok_or_else(Refusal::not_found)?;
        let own_reason = |held: &HeldBody| held.code.ends_with(OWN_REASON);
        if record.body.state == IssueState::Held && record.body.held.as_ref().is_some_and(own_reason) {
            record.body.allowed_at = Some(now);
            return write(tx, &record).map_err(Refusal::from);
        }
        let debt = record.body.notice.map(|notice| notice_of(tx, NoticeId::from_uuid(notice))).transpose()?.flatten();
        let paid = debt.is_some_and(|debt| receipt_of(&debt.body).is_some());
        let person = store::find(tx, Collection::Residents, &record.body.person.to_string())?;
        let (true, Some(person), Some(bound)) = (paid, person, record.body.bound.as_mut()) else {
            return Err(not_so());
        };
        if record.body.state != IssueState::Held {
            return Err(not_so());
        }
        let kinds = kinds(&record.body.kinds);
        bound.says = issuing::says(town, &person.body, &kinds).map_err(|held| not_so().detail(held.why))?;
        bound.by_hand = Some(now);
        write(tx, &record).map_err(Refusal::from)
    };
    operators::audited_by(town, by, Deed::Issued, rebind, |()| vec![id.to_string()])?;
    issuing::issue_one(town, id)?;
    show(town, by, id)
}

/// The office takes a certificate back: it stays with the resident, and says so; whoever checks it learns so.
pub(crate) fn revoke(town: &Town, by: &Operator, id: CertificateId, note: &str) -> Result<OfficeCertificate, Refusal> {
    keeps_registry(town, by)?;
    let (now, note) = (town.now(), explained(note)?);
    let taken = |tx: &Transaction<'_>| {
        let mut record = find(tx, id)?.ok_or_else(Refusal::not_found)?;
        let Some(issued) = record.body.issued.as_ref().filter(|_| record.body.state == IssueState::Issued) else {
            return Err(Refusal::new(
                RefusalKind::Conflict,
                ProblemCode::TransitionRefused,
                "Only issued certificates can be revoked",
            ));
        };
        let taken_back = RevocationRecord { number: issued.number.clone(), at: now };
        let key = revocation(&taken_back.number).to_string();
        store::write(tx, Collection::Revocations.code(), &key, None, &taken_back)?;
        record.body.state = IssueState::Revoked.into();
        record.body.revoked = Some(RevokedBody { at: now, why: note.clone() });
        write(tx, &record)?;
        let owner = record.owner;
        Ok((find(tx, id)?.map(seen).ok_or_else(Refusal::not_found)?, owner))
    };
    let (seen, owner) = operators::audited_by(town, by, Deed::Revoked, taken, |_| vec![id.to_string()])?;
    town.register.say_changed(Changed(owner));
    town.register.say_changed(Changed(None));
    Ok(seen)
}

/// The registry's certificates are its office's to see, and of those who are over every office.
fn keeps_registry(town: &Town, by: &Operator) -> Result<(), Refusal> {
    if by.sees_of(town.identity.registry) { Ok(()) } else { Err(Refusal::not_found()) }
}

fn seen(record: Record<CertificateRecord>) -> OfficeCertificate {
    OfficeCertificate { version: record.version, record: record.body }
}
