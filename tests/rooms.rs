//! The rooms inside `core` and `server`: floors that arrows only go down, and what stands in which room alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `core/src`, the ground first. A room knows those before it and none behind it.
const CORE: [&str; 16] = [
    "platform",
    "error",
    "config",
    "entropy",
    "client",
    "vault",
    "store",
    "device",
    "outbox",
    "directory",
    "matters",
    "overview",
    "api",
    "sync",
    "app",
    "lib",
];
/// The same of `server/src`.
const SERVER: [&str; 18] = [
    "refusal",
    "entropy",
    "reader",
    "settings",
    "limits",
    "providers",
    "store",
    "town",
    "access",
    "feed",
    "matters",
    "payments",
    "janitor",
    "http",
    "service",
    "practice",
    "lib",
    "bin",
];
/// Verbs that a statement of SQL begins with.
const VERBS: [&str; 15] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "REPLACE",
    "CREATE",
    "ALTER",
    "DROP",
    "PRAGMA",
    "WITH",
    "ATTACH",
    "DETACH",
    "VACUUM",
    "BEGIN",
    "SAVEPOINT",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every Rust file below a folder, by its path from there, without its tests and its comments.
fn sources(folder: &str) -> BTreeMap<String, String> {
    fn collect(root: &Path, folder: &Path, into: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                // A file of tests alone is no product.
                if !name.ends_with("/tests.rs") {
                    into.insert(name, product(&fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    let (folder, mut found) = (root().join(folder), BTreeMap::new());
    collect(&folder, &folder, &mut found);
    assert!(!found.is_empty(), "{} is not empty", folder.display());
    found
}

fn product(text: &str) -> String {
    let product = ["#[cfg(test)]\nmod tests", "#[cfg(test)]\npub(crate) mod tests"]
        .iter()
        .filter_map(|begin| text.find(begin))
        .min()
        .map_or(text, |end| &text[..end]);
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The room a file stands in: the first part of its path.
fn room(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap()
}

/// Splits a list at its commas, but for those inside braces.
fn parts(list: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut all) = (0_i32, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(list[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    all.push(list[begin..].trim());
    all.into_iter().filter(|part| !part.is_empty()).collect()
}

/// The names right behind `crate::`, in every import and every path of a file.
fn names_of_the_crate(code: &str) -> BTreeSet<String> {
    names_behind(code, "crate::")
}

/// The names right behind a path such as `crate::matters::`, in every import and every path of a file.
fn names_behind(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(list) => {
                let end = list.find("};").unwrap_or(list.len());
                found.extend(parts(&list[..end]).into_iter().map(name));
            }
            None => {
                found.insert(name(rest));
            }
        }
    }
    found
}

/// The rooms that stand behind names of the crate's root: `pub use store::Record` makes `Record` a name of `store`.
fn reexports(lib: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in lib.split(';').filter_map(|line| line.split("pub use ").nth(1)) {
        let line = line.trim();
        let home = room(&line.replace("::", "/")).to_owned();
        let last = line.rsplit("::").next().unwrap().trim_matches(['{', '}', ' ', '\n']);
        let all = if line.contains('{') { &line[line.find('{').unwrap() + 1..line.rfind('}').unwrap()] } else { last };
        for name in parts(all) {
            found.insert(name.rsplit(' ').next().unwrap().to_owned(), home.clone());
        }
    }
    found
}

/// Arrows that go up: what a file knows that stands above it. Also names of rooms that stand on no floor.
fn arrows_up(files: &BTreeMap<String, String>, floors: &[&str]) -> Vec<String> {
    let floor = |room: &str| floors.iter().position(|known| *known == room);
    let elsewhere = reexports(files.get("lib.rs").map_or("", String::as_str));
    let mut found = Vec::new();
    for (path, code) in files {
        let Some(here) = floor(room(path)) else {
            found.push(format!("{path} stands on no floor"));
            continue;
        };
        for name in names_of_the_crate(code) {
            let home = elsewhere.get(&name).unwrap_or(&name);
            match floor(home) {
                Some(there) if there <= here => {}
                Some(_) => found.push(format!("{path} knows {home}, which stands above it")),
                // A name that is no room's: an item of the root itself.
                None if name.is_empty() => {}
                None => found.push(format!("{path} knows {name}, which stands on no floor")),
            }
        }
    }
    found
}

/// The rooms inside `matters` that know each other in a circle, or know a room of a circle.
fn circles(files: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut arrows = BTreeMap::<String, BTreeSet<String>>::new();
    for (path, code) in files {
        let Some(inside) = path.strip_prefix("matters/") else { continue };
        let here = room(inside).to_owned();
        let known = names_behind(code, "crate::matters::").into_iter().filter(|name| *name != here && name != "self");
        arrows.entry(here.clone()).or_default().extend(known);
    }
    // A room that knows none but rooms already taken away stands in no circle.
    loop {
        let ground: Vec<String> =
            arrows.iter().filter(|(_, known)| known.is_empty()).map(|(room, _)| room.clone()).collect();
        if ground.is_empty() {
            return arrows;
        }
        arrows.retain(|room, _| !ground.contains(room));
        arrows.values_mut().for_each(|known| known.retain(|room| !ground.contains(room)));
    }
}

/// The texts between quotation marks in a file, raw ones too.
fn texts(code: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), code);
    while let Some(at) = rest.find('"') {
        let before = &rest[..at];
        let hashes = before.len() - before.trim_end_matches('#').len();
        let raw = before.trim_end_matches('#').ends_with('r') && (hashes > 0 || before.ends_with('r'));
        let body = &rest[at + 1..];
        // A quotation mark as a letter of its own.
        if before.ends_with('\'') && body.starts_with('\'') {
            rest = body;
            continue;
        }
        let end = if raw {
            body.find(&format!("\"{}", "#".repeat(hashes)))
        } else {
            let mut escaped = false;
            body.char_indices().find_map(|(at, letter)| match letter {
                _ if escaped => {
                    escaped = false;
                    None
                }
                '\\' => {
                    escaped = true;
                    None
                }
                '"' => Some(at),
                _ => None,
            })
        };
        let Some(end) = end else { break };
        found.push(body[..end].to_owned());
        rest = &body[end + 1..];
    }
    found
}

fn is_sql(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    VERBS.contains(&first) && text.trim_start().len() > first.len()
}

fn is_store(path: &str) -> bool {
    path.starts_with("store/") || path.ends_with("store.rs") || path.contains("/store/")
}

/// Statements of SQL outside a store.
fn sql_outside(files: &BTreeMap<String, String>) -> Vec<String> {
    let others = files.iter().filter(|(path, _)| !is_store(path));
    others
        .flat_map(|(path, code)| {
            texts(code).into_iter().filter(|text| is_sql(text)).map(move |text| format!("{path}: {text}"))
        })
        .collect()
}

/// Files outside these rooms that name one of these things.
fn named_outside(files: &BTreeMap<String, String>, things: &[&str], rooms: &[&str]) -> Vec<String> {
    let others = files.iter().filter(|(path, _)| !rooms.iter().any(|room| path.starts_with(room)));
    others
        .flat_map(|(path, code)| {
            things.iter().filter(|thing| code.contains(**thing)).map(move |thing| format!("{path} names {thing}"))
        })
        .collect()
}

fn of(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, code)| ((*path).to_owned(), product(code))).collect()
}

#[test]
fn arrows_only_go_down() {
    for (folder, floors) in [("core/src", CORE.as_slice()), ("server/src", SERVER.as_slice())] {
        let mut files = sources(folder);
        // A program beside the library has rooms of its own, and sees of the library what everybody sees.
        files.retain(|path, _| !path.starts_with("bin/"));
        let up = arrows_up(&files, floors);
        assert!(up.is_empty(), "{folder}: {up:#?}");
    }
    // A breach is noticed: in an import, in a list of them, in a path, through a name of the root, in a new room.
    let lib = ("lib.rs", "pub use app::{App, Other as Another};");
    for (path, code) in [
        ("store/files.rs", "use crate::app::App;"),
        ("store/files.rs", "use crate::{error::Error, sync::{Round, plan}};"),
        ("store.rs", "fn f() { crate::outbox::next() }"),
        ("error.rs", "use crate::Another;"),
        ("attic.rs", "use std::fs;"),
    ] {
        assert_eq!(arrows_up(&of(&[lib, (path, code)]), &CORE).len(), 1, "{path}: {code}");
    }
    let fine =
        of(&[lib, ("app/x.rs", "use crate::{error::Error, store};\n#[cfg(test)]\nmod tests { use crate::attic; }")]);
    assert_eq!(arrows_up(&fine, &CORE), Vec::<String>::new());
}

#[test]
fn matters_know_each_other_in_no_circle() {
    for folder in ["core/src", "server/src"] {
        let found = circles(&sources(folder));
        assert!(found.is_empty(), "{folder}: {found:#?}");
    }
    let code = "use crate::matters::{self, case, report};";
    let fine = [
        ("matters/notice.rs", code),
        ("matters/case/view.rs", "use crate::matters::report;"),
        ("matters/report.rs", ""),
    ];
    assert!(circles(&of(&fine)).is_empty());
    let breach = [
        ("matters/notice.rs", code),
        ("matters/case/view.rs", "fn f() { crate::matters::notice::g() }"),
        ("matters/report.rs", ""),
    ];
    assert_eq!(circles(&of(&breach)).len(), 2);
}

#[test]
fn sql_stands_only_in_a_store() {
    for folder in ["core/src", "server/src", "headless/src", "src-tauri/src", "domain/src", "contract/src", "ui/src"] {
        let outside = sql_outside(&sources(folder));
        assert!(outside.is_empty(), "{folder}: {outside:#?}");
    }
    for breach in [
        "const ALL: &str = \"SELECT 1\";",
        "r#\"\n  DELETE FROM files\"#",
        "r\"ALTER TABLE x\"",
        "execute(\"REPLACE INTO x VALUES ('\\\"')\")",
        "let c = '\"'; x(\"PRAGMA user_version\")",
    ] {
        assert_eq!(sql_outside(&of(&[("matters/report/commands.rs", breach)])).len(), 1, "{breach}");
        assert!(sql_outside(&of(&[("matters/report/drafts_store.rs", breach)])).is_empty());
    }
    assert!(sql_outside(&of(&[("x.rs", "\"SELECTED\"; \"UPDATE\"; \"With love\"")])).is_empty());
}

#[test]
fn http_stands_only_where_calls_are_made_and_answered() {
    let core = named_outside(&sources("core/src"), &["reqwest", "StatusCode", "hyper::"], &["api", "client.rs"]);
    assert!(core.is_empty(), "{core:#?}");
    let things = ["axum", "hyper", "StatusCode", "HeaderMap", "tower"];
    let server = named_outside(&sources("server/src"), &things, &["http", "practice/routes.rs", "providers"]);
    assert!(server.is_empty(), "{server:#?}");
    let out = named_outside(&sources("server/src"), &["reqwest"], &["providers", "bin"]);
    assert!(out.is_empty(), "{out:#?}");
    let breach = of(&[("matters/report.rs", "use axum::Json;"), ("http/problem.rs", "use axum::Json;")]);
    assert_eq!(named_outside(&breach, &things, &["http"]).len(), 1);
    // What decides names the kind of a refusal, never the number it travels with.
    for (path, code) in sources("server/src").iter().filter(|(path, _)| !path.starts_with("http")) {
        for (at, _) in code.match_indices("Refusal::new(") {
            let argument = code[at + "Refusal::new(".len()..].trim_start();
            assert!(!argument.starts_with(|c: char| c.is_ascii_digit()), "{path} names a status");
        }
    }
}

#[test]
fn the_screen_is_unknown_to_the_town_and_the_domain() {
    for folder in ["server/src", "domain/src", "records/src", "contract/src/http"] {
        let found = named_outside(&sources(folder), &["contract::ipc", "crate::ipc"], &[]);
        assert!(found.is_empty(), "{folder}: {found:#?}");
    }
    // What keeps knows nothing of what shows.
    let is_store = |path: &str| path.starts_with("store") || path.ends_with("/store.rs") || path.ends_with("_store.rs");
    let stores: BTreeMap<_, _> = sources("core/src").into_iter().filter(|(path, _)| is_store(path)).collect();
    assert!(stores.len() > 15, "{:?}", stores.keys());
    let found = named_outside(&stores, &["contract::ipc"], &[]);
    assert!(found.is_empty(), "{found:#?}");
    let breach = of(&[("matters/case/store.rs", "use vicino_contract::ipc::CaseView;")]);
    assert_eq!(named_outside(&breach, &["contract::ipc"], &[]).len(), 1);
}

#[test]
fn the_drawing_of_the_floors_is_the_one_that_is_kept() {
    let drawn = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (title, floors) in [("core", CORE.as_slice()), ("server", SERVER.as_slice())] {
        let line = drawn.lines().find(|line| line.starts_with(&format!("| `{title}` floors |")));
        let line = line.unwrap_or_else(|| panic!("ARCHITECTURE.md draws the floors of {title}"));
        let rooms: Vec<&str> = line.split('`').skip(3).step_by(2).collect();
        let wanted: Vec<&str> = floors.iter().copied().filter(|room| !["lib", "bin"].contains(room)).collect();
        assert_eq!(rooms, wanted, "{title}");
    }
}
