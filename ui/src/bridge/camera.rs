//! A phone's camera, looking for square codes: the plugin's live view, under a window made transparent.

use super::{get, tauri};

/// Why the camera read nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoScan {
    /// There is no live view here: a photo may be taken instead.
    Missing,
    /// The resident or the system does not let the camera be used.
    Denied,
    /// It was stopped, or gave up.
    Stopped,
}

/// The text of the first square code in sight. The page is to leave the view free until this answers.
pub async fn scan(begun: impl FnOnce()) -> Result<String, NoScan> {
    let window = tauri::window().ok_or(NoScan::Missing)?;
    // The plugin does not ask by itself, and reads nothing when nobody was asked.
    let asked = tauri::invoke(&window, "plugin:barcode-scanner|request_permissions", "{}", None).await;
    let asked = asked.map_err(|_| NoScan::Missing)?;
    if get(&asked, "camera").is_none_or(|word| word != "granted") {
        return Err(NoScan::Denied);
    }
    begun();
    let options = r#"{"windowed":true,"formats":["QR_CODE","DATA_MATRIX"]}"#;
    let seen = tauri::invoke(&window, "plugin:barcode-scanner|scan", options, None).await;
    seen.ok().and_then(|seen| get(&seen, "content")?.as_string()).ok_or(NoScan::Stopped)
}

/// Ends the live view.
pub async fn stop() {
    if let Some(window) = tauri::window() {
        drop(tauri::invoke(&window, "plugin:barcode-scanner|cancel", "{}", None).await);
    }
}
