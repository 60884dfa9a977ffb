//! Services, offices, bulletins: read as the town wrote them, from the public file.

pub(crate) mod service_points;

use rusqlite::Transaction;
use vicino_contract::http::{BulletinRecord, Collection, OfficeRecord, ServiceRecord};
use vicino_contract::ipc::{
    ActView, BulletinKind, BulletinList, BulletinRow, BulletinView, GetBulletin, GetOffice, GetService, ListBulletins,
    ListServices, OfficeSheet, OfficeView, ServiceList, ServiceRow, ServiceView,
};
use vicino_domain::{ActType, BulletinId, OfficeId, ServiceId};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::store::cursors;

impl Handle for ListServices {
    fn handle(self, device: &Device) -> Result<ServiceList, Error> {
        device.store.look(|tx| {
            let rows = services(tx, |_| true)?;
            Ok(ServiceList { rows, freshness: device.public_freshness(cursors::read(tx)?.freshness) })
        })
    }
}

/// The services that fit, by title.
pub(crate) fn services(tx: &Transaction<'_>, fits: impl Fn(&ServiceRecord) -> bool) -> Result<Vec<ServiceRow>, Error> {
    let all = vicino_records::bodies(tx, Collection::Services.code())?;
    let records = all.iter().filter_map(|body| serde_json::from_str(body).ok());
    let mut rows: Vec<ServiceRow> = records.filter(fits).map(|record| row(&record)).collect();
    rows.sort_by(|one, other| one.title.cmp(&other.title));
    Ok(rows)
}

impl Handle for GetOffice {
    fn handle(self, device: &Device) -> Result<OfficeSheet, Error> {
        device.store.look(|tx| {
            Ok(OfficeSheet {
                office: office(record(tx, Collection::Offices, self.id.uuid())?),
                services: services(tx, |service| service.office == self.id.uuid())?,
                freshness: device.public_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetService {
    fn handle(self, device: &Device) -> Result<ServiceView, Error> {
        device.store.look(|tx| {
            let service: ServiceRecord = record(tx, Collection::Services, self.id.uuid())?;
            // A service whose office the town has not told of is still a service.
            let office = record::<OfficeRecord>(tx, Collection::Offices, service.office).ok().map(office);
            Ok(ServiceView {
                row: row(&service),
                inactive_note: service.inactive_note,
                topics: service.topics,
                audience: service.audience,
                description: service.description,
                how: service.how,
                needs: service.needs,
                outcome: service.outcome,
                times: service.times,
                costs: service.costs,
                access: service.access,
                online: service.online,
                asks: service.active && service.pack.is_some(),
                conditions: service.conditions,
                office,
                updated_on: service.updated_on,
                freshness: device.public_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for ListBulletins {
    fn handle(self, device: &Device) -> Result<BulletinList, Error> {
        let (collection, kind) = (Collection::Bulletins.code(), self.kind.map(BulletinKind::code));
        device.store.look(|tx| {
            let page = vicino_records::page(tx, collection, kind, (self.offset, self.limit.min(200)))?;
            Ok(BulletinList {
                rows: page.iter().filter_map(|body| serde_json::from_str(body).ok()).map(|one| line(&one)).collect(),
                total: vicino_records::total(tx, collection, kind)?,
                freshness: device.public_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetBulletin {
    fn handle(self, device: &Device) -> Result<BulletinView, Error> {
        device.store.look(|tx| {
            let bulletin: BulletinRecord = record(tx, Collection::Bulletins, self.id.uuid())?;
            let paragraphs = bulletin.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
            let act = bulletin.act.as_ref().map(|act| ActView {
                what: ActType::from_code(&act.code),
                code: act.code.clone(),
                number: format!("{}/{}", act.register, act.year),
            });
            Ok(BulletinView {
                row: line(&bulletin),
                paragraphs: paragraphs.map(str::to_owned).collect(),
                office: bulletin.office.clone(),
                act,
                freshness: device.public_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

/// A record this release understands.
pub(crate) fn record<T: serde::de::DeserializeOwned>(
    tx: &Transaction<'_>,
    collection: Collection,
    id: uuid::Uuid,
) -> Result<T, Error> {
    let body = vicino_records::body(tx, collection.code(), id)?.ok_or_else(Error::not_found)?;
    serde_json::from_str(&body).map_err(|_| Error::not_found())
}

/// The office that answers for something; nothing where the town has not told of it.
pub(crate) fn whom_to_ask(device: &Device, office: Option<uuid::Uuid>) -> Result<Option<OfficeView>, Error> {
    let Some(id) = office else { return Ok(None) };
    device.store.look(|tx| Ok(record::<OfficeRecord>(tx, Collection::Offices, id).ok().map(crate::directory::office)))
}

fn row(service: &ServiceRecord) -> ServiceRow {
    ServiceRow {
        id: ServiceId::from_uuid(service.id),
        title: service.title.clone(),
        summary: service.summary.clone(),
        category: service.category,
        life_events: service.life_events.clone(),
        active: service.active,
    }
}

pub(crate) fn office(office: OfficeRecord) -> OfficeView {
    OfficeView {
        id: OfficeId::from_uuid(office.id),
        name: office.name,
        what: office.what,
        contact: office.contact,
        phone: office.phone,
        address: office.address,
        hours: office.hours,
    }
}

fn line(bulletin: &BulletinRecord) -> BulletinRow {
    BulletinRow {
        id: BulletinId::from_uuid(bulletin.id),
        kind: BulletinKind::from_code(&bulletin.kind),
        title: bulletin.title.clone(),
        summary: bulletin.summary.clone(),
        published_at: bulletin.published_at,
        until: bulletin.until,
        urgent: bulletin.urgent,
    }
}

/// The service of this purpose that can be asked for now, when the town has one.
pub(crate) fn with_purpose(device: &Device, purpose: &str) -> Result<Option<ServiceId>, Error> {
    device.store.look(|tx| {
        let fits = |service: &ServiceRecord| {
            service.active && service.pack.is_some() && service.purpose.as_deref() == Some(purpose)
        };
        Ok(services(tx, fits)?.first().map(|row| row.id))
    })
}
