//! The receipt of a report or a case: the town's signed word that it arrived, and its number in the protocol; on the screen and on paper.

use vicino_contract::ipc::{DeliveryView, GetDelivery, GetReceipt, PaperView};
use vicino_contract::{Failure, FailureCode};
use vicino_documents::DeliveryPaper;
use vicino_domain::text::quoted;
use vicino_domain::{CaseId, MatterId, ReportId, italian_day, town_day};

use crate::answers::{Answer, files as titles};
use crate::device::Device;
use crate::error::Error;
use crate::store::{cases, reports};

impl Answer for GetDelivery {
    fn answer(self, device: &Device) -> Result<DeliveryView, Error> {
        let (title, protocol) = device.store.private(|tx| {
            let record = cases::record(tx, CaseId::from_uuid(self.id.uuid()))?;
            let protocol = record.and_then(|record| record.protocol).map(|protocol| (protocol.number, protocol.at));
            Ok((titles::title(tx, self.id)?, protocol))
        })?;
        let receipt = match (GetReceipt { id: self.id }).answer(device) {
            Ok(receipt) => Some(receipt),
            // Sent from another device: the number in the protocol is all that is known here.
            Err(Error::Refused(failure)) if failure.code == FailureCode::NotFound && protocol.is_some() => None,
            Err(other) => return Err(other),
        };
        Ok(DeliveryView { matter: self.id, title, protocol, receipt })
    }
}

/// The receipt on paper.
pub(in crate::answers) fn paper(device: &Device, id: MatterId) -> Result<PaperView, Error> {
    let view = GetDelivery { id }.answer(device)?;
    let joined = device.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
    let receipt = view.receipt.as_ref();
    let (protocol, registered) = view.protocol.clone().unzip();
    let day =
        receipt.map(|receipt| receipt.received_at).or(registered).map_or_else(|| town_day(device.now()), town_day);
    // A report is called what its sender called it: on a paper, that is theirs and not the town's.
    let report = device.store.private(|tx| reports::find(tx, ReportId::from_uuid(id.uuid())))?.is_some();
    let paper = DeliveryPaper {
        subject: if report { format!("Segnalazione {}", quoted(&view.title)) } else { view.title },
        town: joined.card.name,
        number: receipt.map(|receipt| receipt.number.clone()).unwrap_or_default(),
        received: receipt.map(|receipt| italian_day(town_day(receipt.received_at))).unwrap_or_default(),
        protocol: protocol.unwrap_or_default(),
        registered: registered.map(|at| italian_day(town_day(at))).unwrap_or_default(),
        digest: receipt.map(|receipt| receipt.body_sha256.clone()).unwrap_or_default(),
        key: receipt.map(|receipt| receipt.fingerprint.clone()).unwrap_or_default(),
        practice: joined.card.practice,
    };
    let sheet = paper.sheet(receipt.map(|receipt| receipt.qr_svg.as_str()), day).map_err(|cause| {
        tracing::error!(%cause, "a delivery receipt cannot be drawn");
        Failure::new(FailureCode::Internal)
    })?;
    let name = format!("ricevuta-{day}.{}", sheet.ending);
    Ok(PaperView { name, media: sheet.media.to_owned(), bytes: sheet.bytes })
}
