//! Browsers driven as people drive them: Chromium at a phone's and a computer's size, and the app's own window.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The time something on a screen is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser and the programs behind it; all end with it.
pub struct Browser {
    pub client: Client,
    _programs: Vec<Child>,
}

/// The folder of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A program this project built.
pub fn built(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let path = target.join("debug").join(name);
    assert!(path.is_file(), "{} is not built; `cargo xtask test` builds it", path.display());
    path
}

/// A port nobody uses now.
pub async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// A device shown to browsers, for as long as this lives.
pub struct Served {
    _program: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// The last address that was told, which lets one browser in.
    address: String,
}

impl Served {
    /// An address for one more browser: the program tells it when somebody comes with the last one, which was used.
    pub async fn another(&mut self) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let answer = reqwest::get(&self.address).await.unwrap();
        assert_eq!(answer.status(), 403, "an address opens once");
        self.address = told(&mut self.lines).await;
        self.address.clone()
    }
}

/// The next address the program tells.
async fn told(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    line.strip_prefix("listening on ").unwrap().to_owned()
}

/// The device shown to a browser, on the practice town. Answers the address with its token.
pub async fn serve(folder: &std::path::Path) -> (Served, String) {
    start_serving(folder, &["--practice"]).await
}

/// The same on its very first start: no town was chosen.
pub async fn serve_bare(folder: &std::path::Path) -> (Served, String) {
    start_serving(folder, &[]).await
}

async fn start_serving(folder: &std::path::Path, more: &[&str]) -> (Served, String) {
    let mut app = Command::new(built("vicino-headless"));
    app.arg("--data").arg(folder).args(["--key-in-file", "serve", "--ui"]).arg(root().join("ui/dist")).args(more);
    let mut child = app.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = told(&mut lines).await;
    (Served { _program: child, lines, address: address.clone() }, address)
}

/// Which colours the system wishes for, as Chromium counts them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Light {
    Night,
    Day,
}

/// The way every screen is looked at: phone and computer, both languages, day and night, each pair of these at least once.
pub const LOOKS: [(u32, u32, &str, Light); 4] = [
    (360, 740, "it", Light::Day),
    (1280, 800, "it", Light::Night),
    (360, 740, "en", Light::Night),
    (1280, 800, "en", Light::Day),
];

impl Browser {
    /// Chromium with a window of this size; text twice as large when `zoom` is 2.
    pub async fn chromium(width: u32, height: u32, language: &str) -> Self {
        Self::chromium_in(width, height, language, Light::Day).await
    }

    /// The same, by day or by night.
    pub async fn chromium_in(width: u32, height: u32, language: &str, light: Light) -> Self {
        // As a system names them.
        let language = match language {
            "it" => "it-IT",
            "en" => "en-US",
            other => other,
        };
        let port = free_port().await;
        let driver = start(Command::new("chromedriver").arg(format!("--port={port}")));
        let profile = tempfile::tempdir().unwrap().keep();
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",
            &format!("--window-size={width},{height}"),
            &format!("--lang={language}"),
            &format!("--blink-settings=preferredColorScheme={}", light as u8),
            &format!("--user-data-dir={}", profile.display()),
        ];
        let metrics =
            json!({ "width": width, "height": height, "pixelRatio": 1.0, "touch": width < 700, "mobile": width < 700 });
        let options = json!({ "binary": "/usr/bin/chromium", "args": arguments, "mobileEmulation": { "deviceMetrics": metrics },
            "prefs": { "intl.accept_languages": language } });
        let client = connect(port, json!({ "goog:chromeOptions": options })).await;
        Self { client, _programs: vec![driver] }
    }

    /// The app's own window under a screen that is none, on a device in this folder.
    pub async fn window(folder: &std::path::Path) -> Self {
        let display = 100 + free_port().await % 400;
        let screen = start(Command::new("Xvfb").args([
            &format!(":{display}"),
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
        ]));
        tokio::time::sleep(Duration::from_millis(700)).await;
        let port = free_port().await;
        let mut driver = Command::new("WebKitWebDriver");
        driver.args([&format!("--port={port}"), "--host=127.0.0.1"]);
        // The window is automated only when the driver's environment says so.
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true").env("DISPLAY", format!(":{display}"));
        driver.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
        let driver = start(&mut driver);
        let data = folder.to_string_lossy().into_owned();
        let binary = built("vicino").to_string_lossy().into_owned();
        let options = json!({ "binary": binary, "args": ["--data", data, "--practice"] });
        let client = connect(port, json!({ "webkitgtk:browserOptions": options })).await;
        Self { client, _programs: vec![driver, screen] }
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until a script answers something true.
    pub async fn until(&self, what: &str, script: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self.client.execute(&format!("return Boolean({script})"), Vec::new()).await;
            if matches!(answer, Ok(Value::Bool(true))) {
                return;
            }
            if tokio::time::Instant::now() > deadline {
                let shown = self.client.execute("return document.body.innerText", Vec::new()).await;
                panic!("never came: {what}\n{shown:?}");
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Waits until the page says this.
    pub async fn says(&self, words: &str) {
        self.until(words, &format!("document.body.innerText.includes({})", json!(words))).await;
    }

    /// Goes to another screen as a link does.
    pub async fn go(&self, path: &str) {
        let script = format!(
            "const a = document.createElement('a'); a.href = {}; document.body.append(a); a.click(); a.remove();",
            json!(path)
        );
        self.run(&script).await;
        self.until("a heading", "document.querySelector('main h1')").await;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }

    /// Presses keys where the focus is: text as it is, and names such as `\u{e004}` (Tab).
    pub async fn keys(&self, keys: &str) {
        // What has the focus may leave the page between being found and being typed at: whoever types then types at what follows.
        let mut pressed = Ok(());
        for _ in 0..20 {
            let focused = self.client.active_element().await.unwrap();
            pressed = focused.send_keys(keys).await;
            if !pressed.as_ref().is_err_and(CmdError::is_stale_element_reference) {
                break;
            }
        }
        pressed.unwrap();
    }

    /// Moves the focus with the Tab key alone until the focused thing has this id or this text.
    pub async fn tab_to(&self, wanted: &str) {
        let here = format!(
            "const e = document.activeElement; const w = {};
             return Boolean(e && (e.id === w || (e.innerText || '').trim().replace(/\\s+/g, ' ').startsWith(w)))",
            json!(wanted)
        );
        for _ in 0..80 {
            if self.run(&here).await == Value::Bool(true) {
                return;
            }
            self.keys("\u{e004}").await;
        }
        panic!("the keyboard does not reach {wanted}: {:?}", self.run("return document.body.innerText").await);
    }

    /// Gives a file to a field of the page.
    pub async fn give_file(&self, field: &str, path: &std::path::Path) {
        let field = self.client.find(Locator::Css(field)).await.unwrap();
        field.send_keys(&path.to_string_lossy()).await.unwrap();
    }

    /// Gives a file to the page's file field.
    pub async fn choose_file(&self, path: &std::path::Path) {
        let field = self.client.find(Locator::Id("photo-file")).await.unwrap();
        field.send_keys(&path.to_string_lossy()).await.unwrap();
    }

    /// What axe-core finds that is serious or critical on this screen.
    pub async fn axe(&self) -> Vec<String> {
        let axe = std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js")).unwrap();
        self.run(&axe).await;
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(r => done(r.violations
                .filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))));";
        let found = self.client.execute_async(script, Vec::new()).await.unwrap();
        found.as_array().unwrap().iter().map(|violation| violation.as_str().unwrap().to_owned()).collect()
    }

    /// The number of pixels the page is wider than its window.
    pub async fn sideways(&self) -> i64 {
        let script = "const r = document.documentElement; return r.scrollWidth - r.clientWidth";
        self.run(script).await.as_i64().unwrap()
    }

    /// A picture of the screen, kept where `VICINO_SHOTS` says, when it says.
    pub async fn shot(&self, name: &str) {
        let Some(folder) = std::env::var_os("VICINO_SHOTS").map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    pub async fn close(self) {
        let _ = self.client.close().await;
    }
}

fn start(command: &mut Command) -> Child {
    let name = format!("{:?}", command.as_std().get_program());
    let started = command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn();
    started.unwrap_or_else(|cause| panic!("{name}: {cause}; `cargo xtask setup` installs it"))
}

async fn connect(port: u16, capabilities: Value) -> Client {
    let capabilities: Capabilities = serde_json::from_value(capabilities).unwrap();
    let address = format!("http://127.0.0.1:{port}");
    let mut last = None;
    for _ in 0..60 {
        match ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities.clone())
            .connect(&address)
            .await
        {
            Ok(client) => return client,
            Err(cause) => last = Some(cause),
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("no session with the driver: {last:?}");
}
