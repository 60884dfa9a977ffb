//! The shell: a window, a keychain, a photo's protocol. It carries, it never decides.

#![cfg_attr(mobile, allow(missing_docs, reason = "the entry point that Tauri's macro writes beside `mobile` has none"))]

mod args;
mod commands;
mod events;
mod photos;
mod platform;

use std::process::ExitCode;
use std::sync::Arc;

use tauri::{App, Manager as _};
use vicino_contract::{Failure, FailureCode};
use vicino_core::looking::{self, Looker};
use vicino_core::{App as CoreApp, Opening};
use vicino_server::practice;

use args::Args;

type Fault = Box<dyn std::error::Error>;

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn mobile() {
    run();
}

/// The end of a process that was started only to look at what somebody handed over.
#[must_use]
pub fn looked() -> Option<ExitCode> {
    looking::child()
}

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    // What lies in the device's folder, and what is saved from it, is nobody else's on this machine.
    #[cfg(all(unix, not(mobile)))]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let args = Args::of(std::env::args().skip(1));
    let builder = platform::plugins(tauri::Builder::default())
        .register_asynchronous_uri_scheme_protocol("photo", photos::show)
        .invoke_handler(commands::carry)
        .setup(move |app| settle(app, args));
    match builder.run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(%fault, "window not opened");
            eprintln!("vicino: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the device's folder, finds it a town, and starts to keep in step.
fn settle(app: &mut App, args: Args) -> Result<(), Fault> {
    let folder = match &args.data {
        Some(folder) => folder.clone(),
        None => args.home(&app.path().app_local_data_dir()?),
    };
    let opening = Opening {
        browser: Some(platform::browser(app.handle())),
        viewer: Some(platform::viewer(app.handle())),
        // A phone starts no other program: there a thread looks.
        looker: if cfg!(mobile) {
            Looker::default()
        } else {
            std::env::current_exe().map(Looker::beside).unwrap_or_default()
        },
        kind: if cfg!(mobile) { "phone" } else { "computer" },
        deep_link: cfg!(mobile),
        practise: Some(practise()),
        ..Opening::of(folder)
    };
    let device = CoreApp::open_or_mend(opening)?;
    platform::returns(app, &device);
    events::forward(app.handle().clone(), &device);
    app.manage(device.clone());
    tauri::async_runtime::spawn(async move {
        // A town out of reach is no reason to stay shut: what is here is read, and reaching it is tried again.
        if let Err(fault) = find_town(&device, &args).await {
            tracing::warn!(%fault, "town not joined at start");
        }
        device.run().await;
    });
    Ok(())
}

/// The town wished for, the one joined before, or the practice town inside this program; otherwise the resident chooses.
async fn find_town(device: &CoreApp, args: &Args) -> Result<(), Fault> {
    let (joined, practice) = device.has_joined()?;
    if let Some(url) = &args.town {
        device.join(url).await?;
    } else if practice || (!joined && args.practice) {
        device.practise().await?;
    }
    Ok(())
}

/// The way this program runs the practice town.
fn practise() -> vicino_core::Practise {
    Arc::new(|home| {
        Box::pin(async move {
            practice::at_home(&home).await.map_err(|fault| {
                tracing::error!(%fault, "practice town not started");
                Failure::new(FailureCode::Internal)
            })
        })
    })
}
