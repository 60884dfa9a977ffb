//! What differs from one system to another: plugins, what the webview may ask of the device, and how a sign-in leaves the
//! app and comes back.

use std::sync::Arc;

use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{App, AppHandle, Builder, Wry};
use tauri_plugin_log::log::LevelFilter;
use tauri_plugin_opener::OpenerExt as _;
use vicino_core::{App as CoreApp, Browser, Viewer};

/// The plugins of this system.
pub(crate) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    let log = levels(std::env::var("RUST_LOG").unwrap_or_default().as_str());
    let builder = builder.on_permission_request(|_, asked| match asked {
        // The resident pressed *Where I am* or *Take*; the system asks them again in its own words.
        PermissionKind::Geolocation | PermissionKind::Camera => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    });
    only_here(builder.plugin(log.build()).plugin(tauri_plugin_opener::init()).plugin(tauri_plugin_notification::init()))
}

/// The log by the directives of `RUST_LOG` (`warn,vicino_core::sync=debug`); without them from *info* up. A directive that is none is
/// left out.
fn levels(directives: &str) -> tauri_plugin_log::Builder {
    let mut log = tauri_plugin_log::Builder::new().level(LevelFilter::Info);
    for directive in directives.split(',').map(str::trim) {
        log = match directive.split_once('=') {
            Some((target, level)) => match level.parse() {
                Ok(level) => log.level_for(target.to_owned(), level),
                Err(_) => log,
            },
            None => match directive.parse::<LevelFilter>() {
                Ok(level) => log.level(level),
                Err(_) => log,
            },
        };
    }
    log
}

/// The system's browser: the town's sign-in page is never shown inside the app.
pub(crate) fn browser(handle: &AppHandle) -> Browser {
    let handle = handle.clone();
    Arc::new(move |address| {
        let opened = handle.opener().open_url(address, None::<&str>);
        if let Err(fault) = &opened {
            tracing::warn!(%fault, "system browser not opened");
        }
        opened.is_ok()
    })
}

/// The system's own viewer of a file: the window shows no papers of others inside itself.
pub(crate) fn viewer(handle: &AppHandle) -> Viewer {
    let handle = handle.clone();
    Arc::new(move |path| {
        let opened = handle.opener().open_path(path.to_string_lossy(), None::<&str>);
        if opened.is_err() {
            tracing::warn!("no viewer for this file type");
        }
        opened.is_ok()
    })
}

/// Passes on the addresses with which a browser comes back by the app's own scheme.
#[cfg(any(target_os = "android", target_os = "ios"))]
pub(crate) fn returns(app: &App, device: &CoreApp) {
    use tauri_plugin_deep_link::DeepLinkExt as _;
    let device = device.clone();
    app.deep_link().on_open_url(move |event| {
        for address in event.urls() {
            device.returned(address.as_str());
        }
    });
}

/// On a computer a sign-in comes back on a loopback port.
#[cfg(not(any(target_os = "android", target_os = "ios")))]
pub(crate) fn returns(_: &App, _: &CoreApp) {}

#[cfg(any(target_os = "android", target_os = "ios"))]
fn only_here(builder: Builder<Wry>) -> Builder<Wry> {
    builder
        .plugin(tauri_plugin_geolocation::init())
        .plugin(tauri_plugin_barcode_scanner::init())
        .plugin(tauri_plugin_deep_link::init())
}

#[cfg(not(any(target_os = "android", target_os = "ios")))]
fn only_here(builder: Builder<Wry>) -> Builder<Wry> {
    use tauri::Manager as _;
    // A second start shows the window that is there.
    builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
        if let Some(window) = app.get_webview_window("main") {
            let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
            if let Err(fault) = shown {
                tracing::warn!(%fault, "window not moved to the front");
            }
        }
    }))
}
