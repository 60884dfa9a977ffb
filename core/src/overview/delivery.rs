//! The receipt of a report or a case: the town's signed word that it arrived, and its number in the protocol; on the screen and on paper.

use vicino_contract::ipc::{DeliveryView, GetDelivery, GetReceipt, PaperView};
use vicino_contract::{Failure, FailureCode, Matter};
use vicino_documents::DeliveryPaper;
use vicino_domain::text::quoted;
use vicino_domain::{italian_day, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::{self, case};

impl Handle for GetDelivery {
    fn handle(self, device: &Device) -> Result<DeliveryView, Error> {
        let (title, protocol) = device.store.private(|tx| {
            let record = match self.matter {
                Matter::Case(case) => case::store::record(tx, case)?,
                _ => None,
            };
            let protocol = record.and_then(|record| record.protocol).map(|protocol| (protocol.number, protocol.at));
            Ok((matters::store::title(tx, self.matter)?, protocol))
        })?;
        let receipt = match (GetReceipt { matter: self.matter }).handle(device) {
            Ok(receipt) => Some(receipt),
            // Sent from another device: the number in the protocol is all that is known here.
            Err(Error::Refused(failure)) if failure.code == FailureCode::NotFound && protocol.is_some() => None,
            Err(other) => return Err(other),
        };
        Ok(DeliveryView { matter: self.matter, title, protocol, receipt })
    }
}

/// The receipt on paper.
pub(crate) fn paper(device: &Device, matter: Matter) -> Result<PaperView, Error> {
    let view = GetDelivery { matter }.handle(device)?;
    let joined = device.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
    let receipt = view.receipt.as_ref();
    let (protocol, registered) = view.protocol.clone().unzip();
    let day =
        receipt.map(|receipt| receipt.received_at).or(registered).map_or_else(|| town_day(device.now()), town_day);
    // A report is called what its sender called it: on a paper, that is theirs and not the town's.
    let report = matches!(matter, Matter::Report(_));
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
        tracing::error!(%cause, "delivery receipt PDF not drawn");
        Failure::new(FailureCode::Internal)
    })?;
    let name = format!("ricevuta-{day}.{}", sheet.ending);
    Ok(PaperView { name, media: sheet.media.to_owned(), bytes: sheet.bytes })
}
