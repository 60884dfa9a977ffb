//! Takes away what nobody needs any more (uploads, sign-ins, tokens and sessions whose time is over, full rate buckets) and looks for damage.

pub(crate) mod retention;

use std::sync::Arc;
use std::time::Duration;

use crate::access::devices;
use crate::matters::room;
use crate::matters::upload;
use crate::store;
use crate::store::sessions::{self, Session};
use crate::{Refusal, Town};

/// How often.
const PAUSE: Duration = Duration::from_secs(300);

/// Every so many turns: twice a day.
const THOROUGH: u64 = 144;

/// Sweeps at once and then every few minutes, until it is dropped.
pub(crate) async fn sweep(town: Arc<Town>) {
    let mut ticks = tokio::time::interval(PAUSE);
    // A turn that took longer is followed by a pause, not by those it missed.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for turn in 0_u64.. {
        ticks.tick().await;
        town.limits.meters.sweep();
        let town = town.clone();
        if let Ok(Err(refusal)) = tokio::task::spawn_blocking(move || round(&town, turn % THOROUGH == 0)).await {
            tracing::warn!(code = refusal.reason.code.code(), "cleanup failed; retried");
        }
    }
}

/// Sweeps what is small each time; what looks through every record and every file when it is to be `thorough`.
fn round(town: &Town, thorough: bool) -> Result<(), Refusal> {
    let now = town.now();
    let sessions = town.register.write(|tx| {
        for session in sessions::expired(tx, now)? {
            devices::note_session(tx, &Session { ended: true, ..session })?;
        }
        sessions::sweep(tx, now)?;
        devices::sweep(town, tx)
    });
    // What frees the disk is swept whatever came of the others.
    let uploads = upload::sweep(town);
    // A damaged register may say of anything that nobody needs it.
    let thorough = thorough && is_sound(town);
    let (old, files) = if thorough { (retention::sweep_old(town), room::sweep(town)) } else { (Ok(()), Ok(())) };
    sessions.map_err(Refusal::from).and(uploads).and(old).and(files)
}

/// Returns `true` unless `SQLite` finds something wrong in the register; then the log says what, and that a copy is wanted.
fn is_sound(town: &Town) -> bool {
    match store::fault(&town.folder.register()) {
        Ok(None) => true,
        Ok(Some(fault)) => {
            tracing::error!(%fault, "register damaged: restore its last copy");
            false
        }
        Err(cause) => {
            // A fault of the moment: what is over is erased all the same.
            tracing::error!(%cause, "register integrity check failed to run");
            true
        }
    }
}
