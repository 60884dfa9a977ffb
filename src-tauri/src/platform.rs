//! What differs from one system to another: plugins, and what the webview may ask of the device.

use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{Builder, Wry};

/// The plugins of this system.
pub(crate) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    let log = tauri_plugin_log::Builder::new().level(tauri_plugin_log::log::LevelFilter::Info);
    let builder = builder.on_permission_request(|_, asked| match asked {
        // The resident pressed *Where I am* or *Take*; the system asks them again in its own words.
        PermissionKind::Geolocation | PermissionKind::Camera => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    });
    only_here(builder.plugin(log.build()))
}

#[cfg(any(target_os = "android", target_os = "ios"))]
fn only_here(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_geolocation::init())
}

#[cfg(not(any(target_os = "android", target_os = "ios")))]
fn only_here(builder: Builder<Wry>) -> Builder<Wry> {
    use tauri::Manager as _;
    // A second start shows the window that is there.
    builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
        if let Some(window) = app.get_webview_window("main") {
            let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
            if let Err(fault) = shown {
                tracing::warn!(%fault, "the window stays where it is");
            }
        }
    }))
}
