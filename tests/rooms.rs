//! The rooms inside `core` and `server`: floors that arrows only go down, and what stands in which room alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use reading::{names_behind, names_of_the_crate, product, reexports, room, root, sources, texts};

#[path = "rooms/reading.rs"]
mod reading;

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
        let known = names_behind(code, "matters::").into_iter().filter(|name| *name != here && name != "self");
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
        // Only paths from the root are read here: none climbs out of its room by itself, and none hides in a list of lists.
        let hidden = named_outside(&files, &["super::super"], &[]);
        assert!(hidden.is_empty(), "{folder}: {hidden:#?}");
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
    // Whatever a statement is made of, it is run in a store.
    let calls = [
        "tx.prepare(",
        "connection.prepare(",
        ".prepare_cached(",
        ".execute(",
        ".execute_batch(",
        ".query_row(",
        ".query_map(",
    ];
    for folder in ["core/src", "server/src", "headless/src", "src-tauri/src"] {
        let others = sources(folder).into_iter().filter(|(path, _)| !is_store(path)).collect();
        let run = named_outside(&others, &calls, &[]);
        assert!(run.is_empty(), "{folder}: {run:#?}");
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
        let listed =
            sources(folder).into_iter().filter(|(_, code)| names_behind(code, "vicino_contract::").contains("ipc"));
        assert_eq!(listed.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<String>::new(), "{folder}");
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
