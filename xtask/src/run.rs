//! Opens the app, or serves it to a browser; answers as the practice town; bundles.

use std::path::PathBuf;

use clap::Args;

use crate::setup;
use crate::shell::{Done, cargo, command, root, run as go, target};
use crate::ui::{self, Finish};

#[derive(Args)]
pub(crate) struct RunArgs {
    /// Serve the app to a plain browser on 127.0.0.1 and print its address.
    #[arg(long)]
    browser: bool,
    /// Join this town instead of the practice town.
    #[arg(long)]
    town: Option<String>,
    /// The folder of the device; the usual place when not given.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// The app's window, or its page when there is no display.
pub(crate) fn run(args: &RunArgs) -> Done {
    let display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if args.browser || !(display || cfg!(not(target_os = "linux"))) {
        if !args.browser {
            eprintln!("There is no display here: the app is served to a browser instead.");
        }
        return browser(args);
    }
    setup::interface()?;
    setup::window()?;
    ui::build()?;
    go(&mut cargo(&["build", "--package", "vicino"]))?;
    let mut app = command(target().join("debug/vicino"));
    match &args.town {
        Some(town) => app.args(["--town", town]),
        None => app.arg("--practice"),
    };
    if let Some(data) = &args.data {
        app.arg("--data").arg(data);
    }
    go(&mut app)
}

/// A device without a window, shown in a browser: what only the window needs is neither installed nor built, and the interface is quickly made
/// rather than small.
fn browser(args: &RunArgs) -> Done {
    setup::interface()?;
    setup::device()?;
    let ui = ui::build_to(Finish::Quick)?;
    go(&mut cargo(&["build", "--package", "vicino-headless"]))?;
    let mut app = command(target().join("debug/vicino-headless"));
    // A device belongs to one town: another town, another folder.
    let name = args.town.as_deref().unwrap_or("practice").replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    app.arg("--data").arg(args.data.clone().unwrap_or_else(|| root().join("target/devices").join(name)));
    app.args(["serve", "--listen", "127.0.0.1:0", "--ui"]).arg(ui);
    match &args.town {
        Some(town) => app.args(["--town", town]),
        None => app.arg("--practice"),
    };
    go(&mut app)
}

/// The practice town's server.
pub(crate) fn serve(listen: &str) -> Done {
    go(&mut cargo(&["build", "--package", "vicino-server"]))?;
    let data = root().join("target/town");
    go(command(target().join("debug/vicino-server")).args(["--listen", listen, "--practice", "--data"]).arg(data))
}

/// A Debian package of the app.
pub(crate) fn bundle() -> Done {
    setup::interface()?;
    setup::window()?;
    // Tauri's own program, as the npm package of the same version as the library.
    go(command("npx").args(["--yes", "@tauri-apps/cli@2.12.5", "build", "--bundles", "deb"]))
}
