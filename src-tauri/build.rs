//! Tauri's own build step, with the one permission file of the app's commands.

use std::path::Path;

fn main() {
    // Another interface is another program: it is carried inside.
    println!("cargo::rerun-if-changed=ui/dist");
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    if let Err(fault) = stand_in(Path::new("ui/dist")) {
        println!("cargo::warning=ui/dist: {fault}");
    }
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml"));
    if let Err(fault) = tauri_build::try_build(attributes) {
        println!("cargo::error={fault:#}");
    }
}

/// A page that says what to do where no interface was built yet, so that plain `cargo build` works in a fresh clone.
fn stand_in(dist: &Path) -> std::io::Result<()> {
    let page = dist.join("index.html");
    if page.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(dist)?;
    std::fs::write(page, "<!doctype html><title>Vicino</title><p>cargo xtask ui</p>\n")
}
