//! Takes away what nobody needs any more: uploads, sign-ins, tokens and sessions whose time is over, full rate buckets.

use std::sync::Arc;
use std::time::Duration;

use crate::store::sessions::{self, Session};
use crate::{Refusal, Town};

/// How often.
const PAUSE: Duration = Duration::from_secs(300);

/// Sweeps at once and then every few minutes, until it is dropped.
pub(crate) async fn sweep(town: Arc<Town>) {
    let mut ticks = tokio::time::interval(PAUSE);
    loop {
        ticks.tick().await;
        town.meters.sweep();
        let town = town.clone();
        if let Ok(Err(refusal)) = tokio::task::spawn_blocking(move || town.sweep()).await {
            tracing::warn!(code = ?refusal.problem.code, "what nobody needs stays for now");
        }
    }
}

impl Town {
    fn sweep(&self) -> Result<(), Refusal> {
        let now = self.now();
        let sessions = self.store().write(|tx| {
            for session in sessions::expired(tx, now)? {
                self.note_session(tx, &Session { ended: true, ..session })?;
            }
            sessions::sweep(tx, now)?;
            self.sweep_devices(tx)
        });
        self.sweep_old()?;
        // Uploads free the disk: they are swept whatever the register says.
        self.sweep_uploads()?;
        self.sweep_files()?;
        Ok(sessions?)
    }
}
