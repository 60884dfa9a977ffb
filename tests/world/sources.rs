//! The project's own sources, for the tests that read them.

use std::fs;
use std::path::Path;

pub use crate::driver::root;

/// Every Rust file of the project, by its path from the root.
pub fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for room in [
        "domain",
        "contract",
        "disk",
        "records",
        "documents",
        "pictures",
        "core",
        "headless",
        "server",
        "ui",
        "tests",
        "xtask",
        "src-tauri",
    ] {
        collect(&root().join(room), &mut found);
    }
    assert!(found.len() > 100, "the house is not empty: {}", found.len());
    found
}

fn collect(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["node_modules", "target", "dist"].contains(&name.as_str()) {
                collect(&path, into);
            }
        } else if name.ends_with(".rs") {
            let short = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            into.push((short, fs::read_to_string(&path).unwrap()));
        }
    }
}
