//! Serves the interface to a browser, or to the window, while it is written: what is saved is built again, and the open page loads it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::setup;
use crate::shell::{Done, cargo, command, on, root, run, target};
use crate::ui::{self, Finish};

/// The folders whose files make the interface.
const SOURCES: [&str; 5] = ["ui/src", "ui/styles", "contract/src", "domain/src", "i18n"];
/// The pause between two looks at them.
const LOOK: Duration = Duration::from_millis(300);

/// The program that serves, ended with this one.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds a draft, serves it on the practice town, and builds it again whenever something is saved; until it is stopped.
pub(crate) fn dev() -> Done {
    setup::interface()?;
    let dist = ui::build_to(Finish::Draft)?;
    run(&mut cargo(&["build", "--package", "vicino-headless"]))?;
    let mut serving = command(target().join("debug/vicino-headless"));
    serving.arg("--data").arg(root().join("target/devices/dev"));
    serving.args(["serve", "--listen", "127.0.0.1:0", "--practice", "--ui"]).arg(&dist);
    let mut serving = Serving(serving.spawn().map_err(|cause| format!("vicino-headless does not start: {cause}"))?);
    watch(Finish::Draft, || match serving.0.try_wait() {
        Ok(Some(ended)) => Err(format!("vicino-headless ended with {ended}")),
        _ => Ok(()),
    })
}

/// Builds a draft for the window that `cargo tauri dev` has opened, or is about to, and builds it again whenever something is saved.
pub(crate) fn window() -> Done {
    setup::interface()?;
    ui::build_to(Finish::Window)?;
    watch(Finish::Window, || Ok(()))
}

/// Builds again whenever something is saved, as long as what shows it `lives`.
fn watch(finish: Finish, mut lives: impl FnMut() -> Done) -> Done {
    let mut seen = saved()?;
    loop {
        sleep(LOOK);
        lives()?;
        let now = saved()?;
        if now == seen {
            continue;
        }
        seen = now;
        let begun = Instant::now();
        match ui::build_to(finish) {
            Ok(_) => eprintln!("built again in {:.1} s", begun.elapsed().as_secs_f64()),
            // What is wrong was said by the compiler; the next save is tried again.
            Err(fault) => eprintln!("not built: {fault}"),
        }
    }
}

/// Every source, with when it was saved last.
fn saved() -> Done<BTreeMap<PathBuf, SystemTime>> {
    let mut found = BTreeMap::new();
    for folder in SOURCES {
        collect(&root().join(folder), &mut found)?;
    }
    Ok(found)
}

fn collect(folder: &Path, into: &mut BTreeMap<PathBuf, SystemTime>) -> Done {
    for entry in fs::read_dir(folder).map_err(on(folder))? {
        let path = entry.map_err(on(folder))?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if let Ok(at) = fs::metadata(&path).and_then(|facts| facts.modified()) {
            // One that is gone again was an editor's own.
            into.insert(path, at);
        }
    }
    Ok(())
}
