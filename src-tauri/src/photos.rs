//! `photo://localhost/<id>`: a photo of this device by its identity. No path ever crosses.

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, UriSchemeContext, UriSchemeResponder, Wry};
use vicino_core::App as CoreApp;
use vicino_domain::PhotoId;

/// Answers with the photo, or with nothing.
pub(crate) fn show(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let id: Option<PhotoId> = request.uri().path().trim_start_matches('/').parse().ok();
    let device = context.app_handle().try_state::<CoreApp>().map(|device| device.inner().clone());
    tauri::async_runtime::spawn_blocking(move || {
        let jpeg = id.zip(device).and_then(|(id, device)| device.photo(id).ok());
        let (status, body) = jpeg.map_or((StatusCode::NOT_FOUND, Vec::new()), |jpeg| (StatusCode::OK, jpeg));
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/jpeg"));
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        responder.respond(response);
    });
}
