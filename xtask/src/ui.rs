//! Builds the interface: wasm, its glue, one stylesheet without unused rules, fonts, icons, one page.
//!
//! The version of wasm-bindgen's generator is a line of Cargo.lock like any other, so it always fits the interface.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{Done, cargo, command, on, root, run, target};

/// The weights of Titillium Web that are used.
const FONTS: [&str; 3] = ["regular", "600", "700"];
const BOOTSTRAP: &str = "node_modules/bootstrap-italia/dist";

/// The finish of an interface.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    /// As it is shipped: small, without unused rules.
    Shipped,
    /// For a first look: soon there, whatever it weighs.
    Quick,
    /// As it is written: as quick, and a page of it is loaded anew when it was built again.
    Draft,
    /// A draft in the place of the shipped one, from where `cargo tauri dev` serves the window.
    Window,
}

impl Finish {
    /// The folder it is built into, below ui/.
    const fn folder(self) -> &'static str {
        match self {
            Self::Shipped | Self::Window => "dist",
            Self::Quick => "dist.quick",
            Self::Draft => "dist.draft",
        }
    }

    const fn profile(self) -> &'static str {
        match self {
            Self::Shipped => "wasm",
            Self::Quick | Self::Draft | Self::Window => "wasm-draft",
        }
    }
}

/// Builds ui/dist.
pub(crate) fn build() -> Done {
    build_to(Finish::Shipped).map(drop)
}

/// Builds the interface with this finish; answers its folder.
pub(crate) fn build_to(finish: Finish) -> Done<PathBuf> {
    let ui = root().join("ui");
    let dist = ui.join(finish.folder());
    // Beside the old one, and in its place only when it is whole.
    let fresh = ui.join(format!("{}.new", finish.folder()));
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).map_err(on(&fresh))?;
    wasm(&fresh, finish)?;
    styles(&ui, &fresh, finish)?;
    fonts(&ui, &fresh)?;
    page(&ui, &fresh, finish)?;
    let _ = fs::remove_dir_all(&dist);
    fs::rename(&fresh, &dist).map_err(on(&dist))?;
    Ok(dist)
}

fn wasm(to: &Path, finish: Finish) -> Done {
    let profile = finish.profile();
    run(&mut cargo(&["build", "--package", "vicino-ui", "--target", "wasm32-unknown-unknown", "--profile", profile]))?;
    let module = target().join(format!("wasm32-unknown-unknown/{profile}/vicino-ui.wasm"));
    let mut bindgen = Bindgen::new();
    let bound = bindgen
        .input_path(&module)
        .out_name("vicino")
        .web(true)
        .and_then(|bindgen| bindgen.typescript(false).generate(to));
    bound.map_err(|cause| format!("wasm-bindgen: {cause:#}"))?;
    if finish != Finish::Shipped {
        return Ok(());
    }
    let (large, small) = (to.join("vicino_bg.wasm"), to.join("vicino_bg.small.wasm"));
    let features = [
        "-Oz",
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
    ];
    run(command(tool("wasm-opt")).args(features).arg(&large).arg("-o").arg(&small))?;
    fs::rename(&small, &large).map_err(on(&large))
}

/// Our sheets, in the order in which they are laid over one another.
const SHEETS: [&str; 10] =
    ["tokens", "ground", "frame", "state", "lists", "reports", "papers", "motion", "pages", "payments"];

/// Bootstrap Italia, then ours; of both, without the rules nobody uses.
fn styles(ui: &Path, to: &Path, finish: Finish) -> Done {
    let rules = |sheet: PathBuf| match finish {
        Finish::Shipped => used(&sheet, to),
        Finish::Quick | Finish::Draft | Finish::Window => fs::read_to_string(&sheet).map_err(on(&sheet)),
    };
    let theirs = rules(ui.join(BOOTSTRAP).join("css/bootstrap-italia.min.css"))?;
    let mut ours = String::new();
    for part in SHEETS {
        let part = ui.join("styles").join(part).with_extension("css");
        ours += &fs::read_to_string(&part).map_err(on(&part))?;
    }
    let joined = to.join("joined.css");
    fs::write(&joined, ours).map_err(on(&joined))?;
    let ours = rules(joined.clone())?;
    let _ = fs::remove_file(joined);
    let sheet = to.join("vicino.css");
    fs::write(&sheet, without_foreign_urls(&without_fonts(&theirs)) + "\n" + &ours).map_err(on(&sheet))
}

/// The rules of a sheet that the interface's sources name.
fn used(sheet: &Path, to: &Path) -> Done<String> {
    run(command(tool("purgecss"))
        .arg("--css")
        .arg(sheet)
        .args(["--content", "ui/src/**/*.rs", "ui/index.html"])
        .arg("--output")
        .arg(to))?;
    let purged = to.join(sheet.file_name().unwrap_or_default());
    let rules = fs::read_to_string(&purged).map_err(on(&purged))?;
    fs::remove_file(&purged).map_err(on(&purged))?;
    Ok(rules)
}

/// Takes `@font-face` rules out: ours names the fonts that are shipped.
fn without_fonts(css: &str) -> String {
    let mut parts = css.split("@font-face");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// Takes `url(…)` of fonts and pictures out that are not shipped: a page must ask for nothing it does not have.
fn without_foreign_urls(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("url(") {
        let (inside, tail) = after.split_once(')').unwrap_or((after, ""));
        kept.push_str(before);
        let inline = inside.trim_matches(['"', '\'']).starts_with("data:");
        if inline {
            kept.push_str("url(");
            kept.push_str(inside);
            kept.push(')');
        } else {
            kept.push_str("none");
        }
        rest = tail;
    }
    kept + rest
}

fn fonts(ui: &Path, to: &Path) -> Done {
    let folder = to.join("fonts");
    fs::create_dir_all(&folder).map_err(on(&folder))?;
    for weight in FONTS {
        let name = format!("titillium-web-v10-latin-ext_latin-{weight}.woff2");
        let from = ui.join(BOOTSTRAP).join("fonts/Titillium_Web").join(&name);
        fs::copy(&from, folder.join(format!("titillium-web-{weight}.woff2"))).map_err(on(&from))?;
    }
    let licence = ui.join(BOOTSTRAP).join("fonts/Titillium_Web/OFL.txt");
    fs::copy(&licence, folder.join("OFL.txt")).map_err(on(&licence)).map(drop)
}

/// The page, with the icons that the interface names inlined, and the script that starts it.
fn page(ui: &Path, to: &Path, finish: Finish) -> Done {
    let read = |path: PathBuf| fs::read_to_string(&path).map_err(on(&path));
    let sprite = read(ui.join(BOOTSTRAP).join("svg/sprites.svg"))?;
    let ours = read(root().join("assets/icons/vicino.svg"))?;
    let mut symbols = String::new();
    for name in icons(ui)? {
        let source = if name.starts_with("it-") { &sprite } else { &ours };
        let symbol = symbol(source, &name).ok_or_else(|| format!("no icon is called {name}"))?;
        symbols.push_str(symbol);
        symbols.push('\n');
    }
    let mut page = read(ui.join("index.html"))?.replace("<!-- icons -->", &symbols);
    let mut files = vec![("start.js", read(ui.join("start.js"))?)];
    if matches!(finish, Finish::Draft | Finish::Window) {
        page = page.replace("</body>", "<script type=\"module\" src=\"/again.js\"></script></body>");
        let built = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        files.extend([("again.js", read(ui.join("again.js"))?), ("built.txt", built.as_millis().to_string())]);
    }
    files.push(("index.html", page));
    for (name, text) in files {
        let path = to.join(name);
        fs::write(&path, text).map_err(on(&path))?;
    }
    Ok(())
}

/// Every icon named in the sources of the interface and in the categories.
fn icons(ui: &Path) -> Done<BTreeSet<String>> {
    let mut sources = Vec::new();
    collect(&ui.join("src"), &mut sources)?;
    let category = root().join("domain/src/category.rs");
    sources.push(fs::read_to_string(&category).map_err(on(&category))?);
    let is_icon = |word: &&str| {
        let name = word.strip_prefix("it-").or_else(|| word.strip_prefix("v-icon-"));
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    };
    // Quoted whole, or as the fragment of a `use`.
    let quoted = sources.iter().flat_map(|source| source.split('"')).map(|word| word.trim_start_matches('#'));
    Ok(quoted.filter(is_icon).map(str::to_owned).collect())
}

fn collect(folder: &Path, into: &mut Vec<String>) -> Done {
    for entry in fs::read_dir(folder).map_err(on(folder))? {
        let path = entry.map_err(on(folder))?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            into.push(fs::read_to_string(&path).map_err(on(&path))?);
        }
    }
    Ok(())
}

/// The symbol of this name in a sprite.
fn symbol<'a>(sprite: &'a str, name: &str) -> Option<&'a str> {
    let at = sprite.find(&format!("id=\"{name}\""))?;
    let start = sprite.get(..at)?.rfind("<symbol")?;
    let length = sprite.get(start..)?.find("</symbol>")? + "</symbol>".len();
    sprite.get(start..start + length)
}

fn tool(name: &str) -> PathBuf {
    root().join("ui/node_modules/.bin").join(name)
}
