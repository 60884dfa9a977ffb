//! Every command of the contract, passed unopened to the core and back.

use serde_json::Value;
use tauri::ipc::{Invoke, InvokeBody};
use tauri::{Manager as _, Wry};
use vicino_contract::ipc::{self, ARGUMENTS};
use vicino_contract::{Failure, FailureCode};
use vicino_core::App as CoreApp;

/// Carries a call; `false`: it is not ours.
pub(crate) fn carry(invoke: Invoke<Wry>) -> bool {
    let name = invoke.message.command().to_owned();
    if !ipc::NAMES.contains(&name.as_str()) {
        return false;
    }
    let device: CoreApp = invoke.message.webview_ref().state::<CoreApp>().inner().clone();
    let (arguments, bytes) = unpack(&invoke);
    invoke.resolver.respond_async(async move {
        let work = move || ipc::dispatch(&device, &name, arguments?, bytes);
        // The core waits for its disk: not on the thread that draws.
        let answered = tauri::async_runtime::spawn_blocking(work).await;
        let answered = answered.unwrap_or_else(|_| Err(Failure::new(FailureCode::Internal)));
        let failed = |failure: Failure| tauri::ipc::InvokeError::from(Value::from(ipc::pack(&failure)));
        answered.map(tauri::ipc::Response::new).map_err(failed)
    });
    true
}

/// A call's arguments and the file beside them. Where bytes cannot travel as they are (Android), they come as numbers.
fn unpack(invoke: &Invoke<Wry>) -> (Result<Value, Failure>, Vec<u8>) {
    let header = invoke.message.headers().get(ARGUMENTS);
    let arguments =
        header.map(|value| serde_json::from_slice(value.as_bytes()).map_err(|_| Failure::new(FailureCode::BadCall)));
    match (arguments, invoke.message.payload()) {
        (Some(arguments), InvokeBody::Raw(bytes)) => (arguments, bytes.clone()),
        (Some(arguments), InvokeBody::Json(numbers)) => {
            (arguments, serde_json::from_value(numbers.clone()).unwrap_or_default())
        }
        (None, InvokeBody::Json(arguments)) => (Ok(arguments.clone()), Vec::new()),
        (None, InvokeBody::Raw(_)) => (Err(Failure::new(FailureCode::BadCall)), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use vicino_contract::ipc;

    #[test]
    fn the_window_may_call_exactly_the_commands_there_are() {
        let permission: String = include_str!("../permissions/commands.toml").to_owned();
        let inside = permission.split('"').skip(1).step_by(2).filter(|word| ipc::NAMES.contains(word));
        let mut allowed: Vec<&str> = inside.collect();
        let mut all = ipc::NAMES.to_vec();
        allowed.sort_unstable();
        all.sort_unstable();
        assert_eq!(allowed, all);
    }
}
