//! Matters of every kind: whether one is known here, what it is called, and what goes with one that is nobody's any more.

use rusqlite::Transaction;
use vicino_contract::http::Collection;
use vicino_contract::{Matter, MatterKind};
use vicino_domain::Sha256;

use crate::error::Error;
use crate::matters::{case, certificate, document, notice, report};
use crate::store::codec::{Text, matter};
use crate::store::files;

/// Every matter something hangs on that may go with it; what still waits to be delivered holds its matter here.
const HANGING: &str = "SELECT matter_kind, matter FROM files UNION SELECT matter_kind, matter FROM messages
     UNION SELECT matter_kind, matter FROM threads_read
     UNION SELECT matter_kind, matter FROM outbox WHERE delivered_at IS NOT NULL
     EXCEPT SELECT matter_kind, matter FROM outbox WHERE delivered_at IS NULL";

/// Takes away what hangs on matters this device knows nothing of; answers the digests of the files' bytes.
pub(crate) fn forget_unknown(tx: &Transaction<'_>) -> Result<Vec<Sha256>, Error> {
    let mut statement = tx.prepare_cached(HANGING)?;
    let hanging: Vec<Matter> = statement.query_map([], |row| matter(row, 0))?.collect::<Result<_, _>>()?;
    let mut gone = Vec::new();
    for known in hanging {
        // One that is known by its identity is kept, of whatever kind what hangs on it was taken for.
        let any = MatterKind::ALL.iter().map(|kind| Matter::new(*kind, known.uuid()));
        if any.into_iter().try_fold(false, |found, one| Ok::<_, Error>(found || is_known(tx, one)?))? {
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
            tx.prepare_cached(sql)?.execute([Text(known.uuid())])?;
        }
    }
    Ok(gone)
}

fn is_known(tx: &Transaction<'_>, matter: Matter) -> Result<bool, Error> {
    Ok(match matter {
        Matter::Report(id) => report::store::find(tx, id)?.is_some(),
        Matter::Case(id) => {
            case::store::draft(tx, id)?.is_some()
                || case::store::sent(tx, id)?.is_some()
                || case::store::record(tx, id)?.is_some()
        }
        Matter::Signature(id) => case::signatures_store::find(tx, Collection::SignaturesWanted, id)?.is_some(),
        Matter::Notice(id) => notice::store::is_known(tx, id)?,
        Matter::Certificate(id) => certificate::store::record(tx, id)?.is_some(),
        Matter::Paper(id) => document::personal_store::find(tx, id)?.is_some(),
    })
}

/// Returns the title of a matter, drafted or sent; empty for one that is not on this device.
pub(crate) fn title(tx: &Transaction<'_>, matter: Matter) -> Result<String, Error> {
    let found = match matter {
        Matter::Report(id) => report::store::find(tx, id)?.map(|kept| kept.report.title),
        Matter::Case(id) => case::store::title(tx, id)?,
        Matter::Signature(id) => {
            let wanted = case::signatures_store::find(tx, Collection::SignaturesWanted, id)?;
            let known = if wanted.is_none() {
                case::signatures_store::find(tx, Collection::SignaturesAsked, id)?
            } else {
                wanted
            };
            known.map(|record| record.title)
        }
        Matter::Notice(id) => notice::store::title(tx, id)?,
        Matter::Certificate(id) => match certificate::store::record(tx, id)? {
            Some(record) => Some(certificate::store::title(&record.kinds)),
            None => {
                let waiting = certificate::store::waiting(tx)?.into_iter().find(|waiting| waiting.id == id);
                waiting.map(|waiting| certificate::store::title(&waiting.body.kinds))
            }
        },
        Matter::Paper(id) => document::personal_store::find(tx, id)?.map(|paper| paper.name),
    };
    Ok(found.unwrap_or_default())
}
