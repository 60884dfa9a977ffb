//! What the core tells, told to the window: the name of what changed, nothing else.

use tauri::{AppHandle, Emitter as _};
use vicino_core::App as CoreApp;

/// The name under which the window listens.
const CHANGED: &str = "vicino";

/// Forwards for as long as the app lives.
pub(crate) fn forward(handle: AppHandle, device: &CoreApp) {
    let mut events = device.listen();
    tauri::async_runtime::spawn(async move {
        loop {
            use tokio::sync::broadcast::error::RecvError;
            let told = match events.recv().await {
                Ok(event) => handle.emit(CHANGED, event.code()),
                // Some were missed: the window reads everything again.
                Err(RecvError::Lagged(_)) => handle.emit(CHANGED, "missed"),
                Err(RecvError::Closed) => return,
            };
            if let Err(fault) = told {
                tracing::warn!(%fault, "event not delivered to the window");
            }
        }
    });
}
