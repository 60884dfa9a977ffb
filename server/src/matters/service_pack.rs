//! The form of a service, as the town signed it.

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{Collection, ProblemCode, ServicePack, ServiceRecord};
use vicino_contract::jws::{self, Kind};

use crate::refusal::RefusalKind;
use crate::store::{self, StoreError};
use crate::{Refusal, Town};

/// Finds an active service and its form.
///
/// # Errors
/// *Service closed* when it takes no requests, or its form does not verify.
pub(crate) fn pack(town: &Town, tx: &Transaction<'_>, service: Uuid) -> Result<(ServiceRecord, ServicePack), Refusal> {
    let unknown = || Refusal::new(RefusalKind::Unprocessable, ProblemCode::ServiceClosed, "Service closed");
    let service = store::find::<ServiceRecord>(tx, Collection::Services, &service.to_string())?;
    let service = service.filter(|service| service.body.active).ok_or_else(unknown)?.body;
    let word = service.pack.as_deref().ok_or_else(unknown)?;
    let payload = jws::verify(Kind::Service, word, &town.keys.public).map_err(|_| unknown())?;
    let pack: ServicePack = serde_json::from_slice(&payload).map_err(StoreError::from)?;
    Ok((service, pack))
}
