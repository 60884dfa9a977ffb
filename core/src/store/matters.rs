//! What is kept of matters that are nobody's here any more.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use vicino_contract::http::Collection;
use vicino_domain::{CaseId, CertificateId, MatterId, NoticeId, PaperId, ReportId, Sha256};

use super::{cases, certificates, files, id, papers, payments, reports, signatures};
use crate::error::Error;

/// Every matter something hangs on that may go with it; what still waits to be delivered holds its matter here.
const HANGING: &str = "SELECT matter FROM files UNION SELECT matter FROM messages UNION SELECT matter FROM threads_read
     UNION SELECT matter FROM outbox WHERE delivered_at IS NOT NULL
     EXCEPT SELECT matter FROM outbox WHERE delivered_at IS NULL";

/// Takes away what hangs on matters this device knows nothing of; answers the digests of the files' bytes.
pub(crate) fn forget_unknown(tx: &Transaction<'_>) -> Result<Vec<Sha256>, Error> {
    let mut statement = tx.prepare_cached(HANGING)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let hanging: BTreeSet<String> = rows.collect::<Result<_, _>>()?;
    let mut gone = Vec::new();
    for matter in hanging {
        let known: MatterId = id(&matter)?;
        if is_known(tx, known)? {
            continue;
        }
        for file in files::of(tx, known)? {
            files::remove(tx, file.id)?;
            gone.push(file.sha256);
        }
        for sql in [
            "DELETE FROM outbox WHERE matter = ?1",
            "DELETE FROM messages WHERE matter = ?1",
            "DELETE FROM threads_read WHERE matter = ?1",
        ] {
            tx.prepare_cached(sql)?.execute([&matter])?;
        }
    }
    Ok(gone)
}

fn is_known(tx: &Transaction<'_>, matter: MatterId) -> Result<bool, Error> {
    let (case, report) = (CaseId::from_uuid(matter.uuid()), ReportId::from_uuid(matter.uuid()));
    Ok(cases::draft(tx, case)?.is_some()
        || cases::sent(tx, case)?.is_some()
        || cases::record(tx, case)?.is_some()
        || reports::find(tx, report)?.is_some()
        || payments::is_known(tx, NoticeId::from_uuid(matter.uuid()))?
        || certificates::record(tx, CertificateId::from_uuid(matter.uuid()))?.is_some()
        || papers::find(tx, PaperId::from_uuid(matter.uuid()))?.is_some()
        || signatures::find(tx, Collection::SignaturesWanted, matter.uuid())?.is_some())
}
