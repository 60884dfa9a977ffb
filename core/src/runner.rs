//! One task: woken by a nudge, a timer, the town's word or the network's return; it delivers, reads, and sleeps again.
//!
//! It owns no state: all of it is in the store, so that ending the task at any moment loses nothing.

use std::time::{Duration, Instant as Stopwatch};

use vicino_domain::Instant;

use crate::App;
use crate::app::Device;
use crate::entropy::jitter;
use crate::outbox::wake_at;
use crate::store::outbox;

/// Between two rounds when nothing happens, at most; spread over the last fifth so that devices do not march in step.
const IDLE: Duration = Duration::from_secs(300);
/// Before listening again after a stream ended.
const LISTEN_AGAIN: Duration = Duration::from_secs(20);
/// Nudges within this time are one.
const GATHER: Duration = Duration::from_millis(150);
/// What the town says to everyone is answered within this time.
const SPREAD: Duration = Duration::from_secs(2);
/// The card is read again after this time.
const CARD: Duration = Duration::from_secs(6 * 3600);

/// Keeps in step with the town until dropped.
pub(crate) async fn run(app: App) {
    tokio::join!(rounds(&app), ears(&app.0));
}

async fn rounds(app: &App) {
    let mut card_read = None;
    loop {
        if card_read.is_none_or(|read: Stopwatch| read.elapsed() > CARD) {
            read_card_again(app).await;
            card_read = Some(Stopwatch::now());
        }
        // A town out of reach is no failure; without a town there is nothing to do until one is joined.
        if let Err(failure) = app.sync().await {
            tracing::info!(code = ?failure.code, "no round");
        }
        tokio::select! {
            () = app.0.wake.notified() => tokio::time::sleep(GATHER).await,
            // Everyone hears a public change at once: they come back spread out.
            () = app.0.heard.notified() => tokio::time::sleep(SPREAD.mul_f64(jitter())).await,
            () = tokio::time::sleep(pause(&app.0)) => {}
        }
    }
}

/// What the town accepts may have changed since it was joined; its key may not.
async fn read_card_again(app: &App) {
    if let Ok(Some(joined)) = app.0.joined()
        && let Err(failure) = app.join(&joined.url).await
    {
        tracing::info!(code = ?failure.code, "the card stays as it was");
    }
}

/// How long to sleep: until the next try is due, and never longer than idle.
fn pause(device: &Device) -> Duration {
    let now = device.now();
    let pending = device.store.private(outbox::pending).unwrap_or_default();
    let next = device.hand().ok().and_then(|hand| wake_at(&pending, hand, now));
    let until = next.map_or(IDLE, |at| until(at, now));
    until.min(IDLE.mul_f64(0.8 + 0.2 * jitter()))
}

fn until(at: Instant, now: Instant) -> Duration {
    (at - now).to_std().unwrap_or_default().max(Duration::from_millis(200))
}

/// Listens for the town's *something changed* and wakes the rounds.
async fn ears(device: &Device) {
    loop {
        if let Ok(town) = device.town() {
            // However it ends: whether the town is still there is asked at once, and the strip says so.
            let _ = town.listen(device, || device.heard.notify_one()).await;
            device.heard.notify_one();
        }
        tokio::time::sleep(LISTEN_AGAIN.mul_f64(0.5 + 0.5 * jitter())).await;
    }
}
