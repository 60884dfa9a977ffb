//! The town and its public facts: card, status, streets, what others reported.

use vicino_contract::http::Collection;
use vicino_contract::ipc::{
    FindStreets, GetPublicReport, GetStatus, GetTown, ListPublicReports, NearbyReport, NearbyReports, PublicReportList,
    PublicReportView, Status, StreetRow, TownView,
};
use vicino_contract::{Failure, FailureCode};

use crate::device::Device;
use crate::device::command::Handle;
use crate::directory;
use crate::error::Error;
use crate::matters::report;
use crate::store::{cursors, outbox, public};

/// How near a report must be to be the same problem, in metres.
const NEARBY: f64 = 100.0;
/// Degrees that are at least [`NEARBY`] metres; a longitude's shrink towards the poles.
const NEARBY_DEGREES: f64 = 0.001;

impl Handle for GetTown {
    fn handle(self, device: &Device) -> Result<TownView, Error> {
        let joined = device.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
        let card = joined.card;
        Ok(TownView {
            categories: card.known_categories(),
            border: card.ring(),
            name: card.name,
            ipa_code: card.ipa_code,
            practice: card.practice,
            url: joined.url,
            // The one that was compared when joining, or its present successor.
            fingerprint: joined.keys.first().map(vicino_contract::http::TownKey::fingerprint).unwrap_or_default(),
            limits: card.limits.into(),
            capabilities: card.capabilities,
        })
    }
}

impl Handle for GetStatus {
    fn handle(self, device: &Device) -> Result<Status, Error> {
        let (network, hand) = (device.network(), device.send_policy()?);
        let ((waiting, stuck), own) = device.store.private(|tx| Ok((outbox::count(tx)?, cursors::read(tx)?)))?;
        Ok(Status {
            online: if network.cut { Some(false) } else { network.reached },
            waiting,
            stuck,
            freshness: device.own_freshness(own.freshness),
            hold: hand.hold,
            photos_wait: hand.photos_wait,
            signed_out: hand.signed_out,
            key: device.holder,
        })
    }
}

impl Handle for FindStreets {
    fn handle(self, device: &Device) -> Result<Vec<StreetRow>, Error> {
        let found = device.store.look(|tx| public::find_streets(tx, &self.text, 8))?;
        Ok(found.into_iter().map(|street| StreetRow { name: street.name, point: street.point }).collect())
    }
}

impl Handle for ListPublicReports {
    fn handle(self, device: &Device) -> Result<PublicReportList, Error> {
        let collection = Collection::PublicReports.code();
        device.store.look(|tx| {
            let page = vicino_records::page(tx, collection, None, (self.offset, self.limit.min(200)))?;
            Ok(PublicReportList {
                rows: page
                    .iter()
                    .filter_map(|body| serde_json::from_str(body).ok())
                    .map(report::view::public_row)
                    .collect(),
                total: vicino_records::total(tx, collection, None)?,
                freshness: device.public_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetPublicReport {
    fn handle(self, device: &Device) -> Result<PublicReportView, Error> {
        device.store.look(|tx| {
            Ok(PublicReportView {
                row: report::view::public_row(directory::record(tx, Collection::PublicReports, self.id.uuid())?),
                freshness: device.public_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for NearbyReports {
    fn handle(self, device: &Device) -> Result<Vec<NearbyReport>, Error> {
        let lon = NEARBY_DEGREES / self.point.lat().to_radians().cos().max(0.01);
        let around = device.store.look(|tx| public::around(tx, self.point, NEARBY_DEGREES, lon))?;
        let near = |report: vicino_contract::ipc::PublicReportRow| {
            let metres = report.point?.metres_to(self.point);
            let open = report.state.is_none_or(|state| !state.is_closed());
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a hundred")]
            (open && metres <= NEARBY).then(|| NearbyReport { metres: metres.round() as u32, report })
        };
        let mut found: Vec<NearbyReport> = around.into_iter().map(report::view::public_row).filter_map(near).collect();
        found.sort_by_key(|near| near.metres);
        Ok(found)
    }
}
