//! Certificates: what the town told of them stands among the records, what it does not know of yet in the outbox.

use rusqlite::Transaction;
use vicino_contract::Matter;
use vicino_contract::http::{CertificateBody, CertificateRecord, Collection};
use vicino_domain::CertificateId;
use vicino_domain::certificate::CertificateKind;

use crate::error::Error;
use crate::outbox::Request;
use crate::store::outbox;

/// Every certificate the town told of. One of a release to come is set aside: here it is as good as none.
pub(crate) fn records(tx: &Transaction<'_>) -> Result<Vec<CertificateRecord>, Error> {
    let bodies = vicino_records::bodies(tx, Collection::Certificates.code())?;
    Ok(bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}

/// The certificate under this identity, when the town told of it.
pub(crate) fn record(tx: &Transaction<'_>, id: CertificateId) -> Result<Option<CertificateRecord>, Error> {
    let body = vicino_records::body(tx, Collection::Certificates.code(), id.uuid())?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

/// A certificate asked for here that the town has not told of.
pub(crate) struct Requested {
    pub(crate) id: CertificateId,
    pub(crate) request: Request,
    pub(crate) body: CertificateBody,
}

/// Those asked for here that the town has not told of.
pub(crate) fn waiting(tx: &Transaction<'_>) -> Result<Vec<Requested>, Error> {
    let mut all = Vec::new();
    for request in outbox::certificates(tx)? {
        let Matter::Certificate(id) = request.matter else { continue };
        if record(tx, id)?.is_none() {
            let body = serde_json::from_slice(&outbox::body(tx, request.seq)?)?;
            all.push(Requested { id, request, body });
        }
    }
    Ok(all)
}

/// The name of a certificate, by its kinds, in the language of the acts.
pub(crate) fn title(kinds: &[impl AsRef<str>]) -> String {
    let titles = kinds.iter().filter_map(|code| CertificateKind::from_code(code.as_ref())).map(CertificateKind::title);
    titles.collect::<Vec<_>>().join(", ")
}
