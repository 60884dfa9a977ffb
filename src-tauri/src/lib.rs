//! The shell: a window, a keychain, a photo's protocol. It carries, it never decides.

mod commands;
mod events;
mod photos;
mod platform;
mod wishes;

use std::process::ExitCode;

use tauri::{App, Manager as _};
use vicino_core::{App as Device, Opening};
use vicino_server::practice;

use wishes::Wishes;

type Fault = Box<dyn std::error::Error>;

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn mobile() {
    run();
}

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    let wishes = Wishes::of(std::env::args().skip(1));
    let builder = platform::plugins(tauri::Builder::default())
        .register_asynchronous_uri_scheme_protocol("photo", photos::show)
        .invoke_handler(commands::carry)
        .setup(move |app| settle(app, wishes));
    match builder.run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(%fault, "the window cannot be opened");
            eprintln!("vicino: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the device's folder, finds it a town, and starts to keep in step.
fn settle(app: &mut App, wishes: Wishes) -> Result<(), Fault> {
    let folder = match &wishes.data {
        Some(folder) => folder.clone(),
        None => wishes.home(&app.path().app_local_data_dir()?),
    };
    let device = Device::open(Opening::of(folder))?;
    events::forward(app.handle().clone(), &device);
    app.manage(device.clone());
    tauri::async_runtime::spawn(async move {
        // A town out of reach is no reason to stay shut: what is here is read, and reaching it is tried again.
        if let Err(fault) = find_town(&device, wishes.town.as_deref()).await {
            tracing::warn!(%fault, "no town yet");
        }
        device.run().await;
    });
    Ok(())
}

/// The town wished for, the one joined before, or the practice town inside this program.
async fn find_town(device: &Device, wish: Option<&str>) -> Result<(), Fault> {
    if let Some(url) = wish {
        device.join(url).await?;
    } else if let Some(home) = device.practice_home() {
        device.join(&practice::at_home(&home).await?).await?;
    }
    Ok(())
}
