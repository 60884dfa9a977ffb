//! Files the town has and this device does not, fetched piece by piece: what an office gave must open where there is no network.

use vicino_contract::Event;

use crate::api::TownClient;
use crate::device::Device;
use crate::entropy::digest;
use crate::error::Error;
use crate::outbox::{Obstacle, Verdict};
use crate::store::files::{self, KeptFile};

/// Bytes of a piece: as much as may be lost when the program ends.
const PIECE: u64 = 256 * 1024;

/// Fetches what is missing. What cannot be had now is looked for in the next round.
pub(crate) async fn fetch(device: &Device, town: &TownClient) -> Result<(), Error> {
    if device.send_policy()?.photos_wait {
        return Ok(());
    }
    for file in device.store.private(files::to_fetch)? {
        match one(device, town, &file).await? {
            Ok(()) => {
                device.tell(Event::Cases);
                device.tell(Event::Payments);
                device.tell(Event::Reports);
            }
            // Not this caller's, not there any more, or not what was told of: it is waited for no longer.
            Err(Verdict::Never(_)) => device.store.private(|tx| files::give_up_fetch(tx, file.id))?,
            Err(Verdict::Later { obstacle: Obstacle::Network, .. }) => return Ok(()),
            // One that cannot be had now holds no other up.
            Err(_) => {}
        }
    }
    Ok(())
}

async fn one(device: &Device, town: &TownClient, file: &KeptFile) -> Result<Result<(), Verdict>, Error> {
    let whole = u64::try_from(file.bytes).unwrap_or(0);
    // Looked for and noted in one: nobody takes the bytes away in between.
    let here = device.store.private(|tx| {
        let here = device.files.has(file.sha256);
        if here {
            files::set_here(tx, file.id)?;
        }
        Ok(here)
    })?;
    if here {
        return Ok(Ok(()));
    }
    let mut come = device.store.private(|tx| files::come(tx, file.id))?;
    while come < whole {
        let piece = match town.piece(device, file.sha256, come..(come + PIECE).min(whole)).await {
            Ok(piece) if piece.is_empty() => return Ok(Err(Verdict::Now)),
            Ok(piece) => piece,
            Err(verdict) => return Ok(Err(verdict)),
        };
        device.store.private(|tx| files::add_piece(tx, file.id, come, &piece))?;
        come += piece.len() as u64;
    }
    let bytes = device.store.private(|tx| files::pieces(tx, file.id))?;
    let sound = digest(&bytes) == file.sha256;
    device.store.private(|tx| {
        if sound {
            device.files.keep(&bytes)?;
            files::set_here(tx, file.id)
        } else {
            tracing::warn!(
                kind = file.matter.kind().code(),
                "attachment rejected: digest mismatch; fetched again when the town lists it again"
            );
            files::give_up_fetch(tx, file.id)?;
            files::drop_pieces(tx, file.id)
        }
    })?;
    Ok(if sound { Ok(()) } else { Err(Verdict::Now) })
}
