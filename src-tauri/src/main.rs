//! The app on a computer.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    if let Some(looked) = vicino_app::looked() {
        return looked;
    }
    vicino_app::run()
}
