//! One task: woken by a nudge, a timer, the town's word or the network's return; it delivers, reads, and sleeps again.
//!
//! It owns no state: all of it is in the store, so that ending the task at any moment loses nothing. When somebody else
//! takes the device, the next round is theirs; what was under way for the one before ends in that one's store.

use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use vicino_domain::Instant;

use vicino_contract::Event;

use crate::App;
use crate::device::Device;
use crate::entropy::jitter;
use crate::outbox::wake_at;
use crate::overview::alerts;
use crate::store::outbox;

/// Before listening again after a stream ended.
const LISTEN_AGAIN: Duration = Duration::from_secs(20);
/// Nudges within this time are one.
const GATHER: Duration = Duration::from_millis(150);
/// What the town says to everyone is answered within this time.
const SPREAD: Duration = Duration::from_secs(2);
/// The card is read again after this time.
const CARD: Duration = Duration::from_secs(6 * 3600);
/// A town that announces a shorter pause than this would be asked without rest.
const SHORTEST_IDLE: Duration = Duration::from_secs(20);

/// Keeps in step with the town until dropped.
pub(crate) async fn run(app: App) {
    tokio::join!(rounds(&app), event_stream(&app), wishes(&app));
}

async fn rounds(app: &App) {
    let mut card_read = None;
    loop {
        let device = app.device();
        if card_read.as_ref().is_none_or(|(who, read): &(_, Stopwatch)| *who != device.person || read.elapsed() > CARD)
        {
            read_card_again(app, &device).await;
            card_read = Some((device.person, Stopwatch::now()));
        }
        // A town out of reach is no failure; without a town there is nothing to do until one is joined.
        if let Err(failure) = app.sync().await {
            tracing::info!(code = failure.code.code(), "sync round failed");
        }
        if alerts::any(&device).unwrap_or(false) {
            device.tell(Event::Alerts);
        }
        tokio::select! {
            () = device.wake.notified() => tokio::time::sleep(GATHER).await,
            // Everyone hears a public change at once: they come back spread out.
            () = device.heard.notified() => tokio::time::sleep(SPREAD.mul_f64(jitter())).await,
            () = tokio::time::sleep(pause(&device)) => {}
        }
    }
}

/// What the town accepts may have changed since it was joined, and its key may have a successor.
async fn read_card_again(app: &App, device: &Device) {
    if let Ok(Some(joined)) = device.joined()
        && let Err(failure) = app.join(&joined.url).await
    {
        tracing::info!(code = failure.code.code(), "town card not refreshed");
    }
}

/// The time to sleep: until the next try is due, and never longer than the town wants to be left alone.
fn pause(device: &Device) -> Duration {
    let now = device.now();
    let pending = device.store.private(outbox::pending).unwrap_or_default();
    let next = device.send_policy().ok().and_then(|hand| wake_at(&pending, hand, now));
    let pace = device.joined().ok().flatten().map(|joined| joined.card.pace).unwrap_or_default();
    let idle = Duration::from_secs(u64::from(pace.idle_seconds)).max(SHORTEST_IDLE);
    let until = next.map_or(idle, |at| until(at, now));
    // Spread over the last fifth, so that devices do not march in step.
    until.min(idle.mul_f64(0.8 + 0.2 * jitter()))
}

fn until(at: Instant, now: Instant) -> Duration {
    (at - now).to_std().unwrap_or_default().max(Duration::from_millis(200))
}

/// Listens for the town's *something changed* while somebody looks, and wakes the rounds.
async fn event_stream(app: &App) {
    loop {
        // Before looking who it is, so that nobody slips in between.
        let turned = app.0.shared.turned.notified();
        let device = app.device();
        if device.network().hidden {
            turned.await;
            continue;
        }
        tokio::select! {
            () = listen(&device) => {}
            () = turned => continue,
        }
        tokio::select! {
            () = tokio::time::sleep(LISTEN_AGAIN.mul_f64(0.5 + 0.5 * jitter())) => {}
            () = app.0.shared.turned.notified() => {}
        }
    }
}

async fn listen(device: &Arc<Device>) {
    if let Ok(town) = device.town() {
        // However it ends: whether the town is still there is asked at once, and the strip says so.
        let _ = town.listen(device, || device.heard.notify_one()).await;
        device.heard.notify_one();
    }
}

/// Does what only this task may: it owns the network.
async fn wishes(app: &App) {
    loop {
        app.0.queued.notified().await;
        app.run_job().await;
    }
}
