//! Signatures as the town told of them; they stand among the records.

use rusqlite::Transaction;
use vicino_contract::http::{Collection, SignatureRecord};
use vicino_domain::{CaseId, SignatureId};

use crate::error::Error;

/// What was asked of others for a case, the newest last.
pub(crate) fn asked(tx: &Transaction<'_>, case: CaseId) -> Result<Vec<SignatureRecord>, Error> {
    let mut own: Vec<SignatureRecord> =
        all(tx, Collection::SignaturesAsked)?.into_iter().filter(|record| record.case == case.uuid()).collect();
    own.sort_by_key(|record| record.asked_at);
    Ok(own)
}

/// What others ask for.
pub(crate) fn wanted(tx: &Transaction<'_>) -> Result<Vec<SignatureRecord>, Error> {
    all(tx, Collection::SignaturesWanted)
}

/// A case of either kind.
pub(crate) fn find(tx: &Transaction<'_>, of: Collection, id: SignatureId) -> Result<Option<SignatureRecord>, Error> {
    let body = vicino_records::body(tx, of.code(), id.uuid())?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

fn all(tx: &Transaction<'_>, of: Collection) -> Result<Vec<SignatureRecord>, Error> {
    // One of a release to come is set aside and counted: here it is as good as none.
    Ok(vicino_records::bodies(tx, of.code())?.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}
