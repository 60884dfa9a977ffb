//! What a fresh machine lacks: system packages through apt, the compiler's targets, packages of npm and PyPI.

use std::fs;
use std::path::Path;

use crate::shell::{Done, cargo, command, has, on, output, root, run};

/// Debian and Ubuntu packages that everything needs to be built.
const DEVICE: &[&str] = &["build-essential", "pkg-config", "libssl-dev"];
/// Those that the window needs besides.
const WINDOW: &[&str] = &["libgtk-3-dev", "libwebkit2gtk-4.1-dev", "librsvg2-dev"];
/// Packages that only the tests need: browsers, their drivers, a screen that is none, other readers of PDF.
const TESTS: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "chromium",
    "chromium-driver",
    "dbus",
    "qpdf",
    "faketime",
    "strace",
    "poppler-utils",
    "python3-venv",
    "zbar-tools",
];

/// Everything, tests included.
pub(crate) fn everything() -> Done {
    interface()?;
    window()?;
    packages(TESTS)?;
    clients()
}

/// What looks through licences, sources and advisories.
pub(crate) fn auditor() -> Done {
    if has("cargo-deny") {
        return Ok(());
    }
    eprintln!("cargo-deny is missing and is built now; this takes some minutes, once.");
    run(&mut cargo(&["install", "--locked", "cargo-deny", "--version", "^0.20"]))
}

/// What a device without a window needs.
pub(crate) fn device() -> Done {
    packages(DEVICE)
}

/// What the window needs.
pub(crate) fn window() -> Done {
    device()?;
    packages(WINDOW)
}

/// What the interface needs: the wasm target and npm packages.
pub(crate) fn interface() -> Done {
    target("wasm32-unknown-unknown")?;
    if !has("npm") {
        return Err("Node.js 20 or newer is needed, with npm: install it and run this again".into());
    }
    npm(&root().join("ui"))
}

/// Programs of others that check the municipal API, from npm and from PyPI, each in a folder of its own.
fn clients() -> Done {
    let home = root().join("tests/clients");
    npm(&home)?;
    let venv = home.join("venv");
    once(&home.join("requirements.txt"), &venv.join(".vicino-lock"), || {
        run(command("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let mut pip = command(venv.join("bin/pip"));
        run(pip
            .args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--require-hashes",
                "--only-binary",
                ":all:",
                "-r",
                "requirements.txt",
            ])
            .current_dir(&home))
    })
}

/// The packages that a folder's lock file names.
fn npm(folder: &Path) -> Done {
    once(&folder.join("package-lock.json"), &folder.join("node_modules/.vicino-lock"), || {
        run(command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
    })
}

/// Installs what a lock file names, unless the same was installed before.
fn once(wanted: &Path, installed: &Path, install: impl FnOnce() -> Done) -> Done {
    let lock = fs::read_to_string(wanted).map_err(on(wanted))?;
    if fs::read_to_string(installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    install()?;
    fs::write(installed, lock).map_err(on(installed))
}

/// A target of the compiler that is used here.
pub(crate) fn target(name: &str) -> Done {
    let libraries = output(command("rustc").args(["--print", "target-libdir", "--target", name]))?;
    if fs::read_dir(libraries.trim()).is_ok_and(|mut entries| entries.next().is_some()) {
        return Ok(());
    }
    if !has("rustup") {
        return Err(format!("the compiler's target {name} is missing, and there is no rustup to add it"));
    }
    run(command("rustup").args(["target", "add", name]))
}

/// Installs the packages that are missing; says so first, and asks for no more rights than it has.
fn packages(wanted: &[&str]) -> Done {
    if !has("dpkg-query") {
        eprintln!("This is no Debian: install the equivalents of {} yourself.", wanted.join(", "));
        return Ok(());
    }
    let installed = |name: &&&str| {
        let asked = command("dpkg-query").args(["-W", "-f=${db:Status-Status}", **name]).output();
        asked.is_ok_and(|answer| answer.stdout == b"installed")
    };
    let missing: Vec<&str> = wanted.iter().filter(|name| !installed(name)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("System packages are missing and are installed now: {}", missing.join(", "));
    let root = output(command("id").arg("-u"))?.trim() == "0";
    if !root && !has("sudo") {
        return Err(format!("run as root: apt-get install {}", missing.join(" ")));
    }
    let apt = |arguments: &[&str]| {
        let mut apt = if root { command("apt-get") } else { command("sudo") };
        if !root {
            apt.arg("apt-get");
        }
        run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], missing.as_slice()].concat())
}
