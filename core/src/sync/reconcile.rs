//! Puts back into the outbox what the town signed for and, in a complete reading, does not hold.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::Collection;
use vicino_contract::{Matter, MessageKind};
use vicino_domain::{CaseId, SignatureId};

use crate::error::Error;
use crate::matters::{case, certificate, notice, report};
use crate::store::request::Request;
use crate::store::{outbox, records};
use crate::sync::deliver::bytes_arrived;
use crate::sync::plan::{self, Held};

/// Requeues every delivered request that the town has lost; returns whether there was one. Confirmed is only what was heard in this
/// reading: a record that merely stayed here is no word of the town's.
pub(crate) fn requeue_lost(tx: &Transaction<'_>) -> Result<bool, Error> {
    let pending = Pending::of(tx)?;
    let mut any = false;
    for matter in outbox::unconfirmed(tx)? {
        let requests = outbox::of(tx, matter)?;
        for (request, held) in judge(tx, matter, &requests, &pending)? {
            match held {
                Held::Lost => {
                    any = true;
                    outbox::requeue(tx, request.seq)?;
                    // The bytes of a file are not the town's any more.
                    bytes_arrived(tx, request, false)?;
                }
                Held::Kept => outbox::confirm(tx, request.seq)?,
                Held::Untold => {}
            }
        }
    }
    Ok(any)
}

/// Debts and certificates that stay here whatever a town does, and were not told of in this reading.
struct Pending {
    notices: BTreeSet<Uuid>,
    certificates: BTreeSet<Uuid>,
}

impl Pending {
    fn of(tx: &Transaction<'_>) -> Result<Self, Error> {
        let (notices, certificates) =
            (records::pending_resync(tx, Collection::Notices)?, records::pending_resync(tx, Collection::Certificates)?);
        Ok(Self { notices, certificates })
    }
}

type Judged<'a> = Vec<(&'a Request, Held)>;

/// Returns whether the town still holds the delivered requests of a matter, by what it now tells of it.
fn judge<'a>(
    tx: &Transaction<'_>,
    matter: Matter,
    requests: &'a [Request],
    pending: &Pending,
) -> Result<Judged<'a>, Error> {
    Ok(match matter {
        Matter::Report(id) => {
            if report::store::find(tx, id)?.is_none() {
                return Ok(Vec::new());
            }
            let record = report::store::told_since(tx, id)?;
            if record.is_none() {
                report::store::drop_record(tx, id)?;
            }
            plan::of_report(record.as_ref(), requests)
        }
        Matter::Case(id) => {
            let (of_case, of_signatures): (Vec<_>, Vec<_>) =
                requests.iter().partition(|request| request.kind != MessageKind::Signature);
            let mut judged = signatures_of(tx, &of_signatures, Some(id))?;
            if of_case.iter().any(|request| request.is_unconfirmed()) {
                judged.extend(plan::of_case(case::store::record(tx, id)?.as_ref(), &of_case));
            }
            judged
        }
        Matter::Signature(_) => signatures_of(tx, &requests.iter().collect::<Vec<_>>(), None)?,
        // What was said of a debt the town does not know is said again once it does.
        Matter::Notice(id) if pending.notices.contains(&id.uuid()) => Vec::new(),
        Matter::Notice(id) => plan::of_notice(notice::store::record(tx, id)?.as_ref(), requests),
        // A paper that was issued holds by its signature, whether the town remembers it or not: it is not asked for a second time.
        Matter::Certificate(id) if pending.certificates.contains(&id.uuid()) => Vec::new(),
        Matter::Certificate(id) => plan::of_certificate(certificate::store::record(tx, id)?.as_ref(), requests),
        Matter::Paper(_) => Vec::new(),
    })
}

/// Signatures asked for or answered; `case`: the one they are asked for.
fn signatures_of<'a>(
    tx: &Transaction<'_>,
    requests: &[&'a Request],
    case: Option<CaseId>,
) -> Result<Judged<'a>, Error> {
    let written = case.map(|case| case::store::draft(tx, case)).transpose()?.flatten().is_some();
    let mut judged = Vec::new();
    for request in requests.iter().filter(|request| request.is_unconfirmed()) {
        let id: SignatureId = crate::store::codec::id(&request.subject)?;
        let asked = case::signatures_store::find(tx, Collection::SignaturesAsked, id)?;
        let wanted = case::signatures_store::find(tx, Collection::SignaturesWanted, id)?;
        judged.push((*request, plan::of_signature(request, (asked.as_ref(), wanted.as_ref()), written)));
    }
    Ok(judged)
}
