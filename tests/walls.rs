//! The walls of the house: who may know whom, what stands only in which room, what every file begins with.

use std::collections::BTreeSet;
use std::fs;

use world::sources::{root, sources};

/// The crates of this house that a manifest lets in, for its product (not for its tests).
fn knows(manifest: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let (mut here, mut found) = (false, BTreeSet::new());
    for line in text.lines() {
        if line.starts_with('[') {
            here = line.contains("dependencies]") && !line.contains("dev-") && !line.contains("workspace");
        } else if here && let Some(name) = line.split(['.', ' ', '=']).next() {
            found.insert(name.to_owned());
        }
    }
    found
}

#[test]
fn arrows_point_one_way() {
    let allowed: &[(&str, &[&str])] = &[
        ("domain/Cargo.toml", &[]),
        ("contract/Cargo.toml", &["vicino-domain"]),
        ("records/Cargo.toml", &["vicino-contract", "vicino-domain"]),
        ("disk/Cargo.toml", &[]),
        ("documents/Cargo.toml", &["vicino-domain"]),
        ("pictures/Cargo.toml", &["vicino-domain"]),
        (
            "core/Cargo.toml",
            &[
                "vicino-contract",
                "vicino-disk",
                "vicino-documents",
                "vicino-domain",
                "vicino-pictures",
                "vicino-records",
            ],
        ),
        (
            "server/Cargo.toml",
            &[
                "vicino-contract",
                "vicino-disk",
                "vicino-documents",
                "vicino-domain",
                "vicino-pictures",
                "vicino-records",
            ],
        ),
        ("ui/Cargo.toml", &["vicino-contract", "vicino-domain"]),
        ("headless/Cargo.toml", &["vicino-contract", "vicino-core", "vicino-disk", "vicino-domain", "vicino-server"]),
        ("Cargo.toml", &["vicino-contract", "vicino-core", "vicino-domain", "vicino-server"]),
    ];
    for (manifest, allowed) in allowed {
        let ours: Vec<String> = knows(manifest).into_iter().filter(|name| name.starts_with("vicino-")).collect();
        assert_eq!(ours, *allowed, "{manifest}");
    }
}

#[test]
fn a_library_stays_in_its_room() {
    // Library, the only manifests that may let it in.
    let rooms: &[(&str, &[&str])] = &[
        ("tauri", &["Cargo.toml"]),
        ("leptos", &["ui/Cargo.toml"]),
        ("axum", &["server/Cargo.toml", "headless/Cargo.toml"]),
        ("rusqlite", &["records/Cargo.toml", "core/Cargo.toml", "server/Cargo.toml"]),
        ("reqwest", &["core/Cargo.toml", "server/Cargo.toml"]),
        ("rxing", &["pictures/Cargo.toml"]),
        ("hayro", &["pictures/Cargo.toml"]),
        ("typst", &["documents/Cargo.toml"]),
    ];
    let manifests = [
        "Cargo.toml",
        "domain/Cargo.toml",
        "contract/Cargo.toml",
        "disk/Cargo.toml",
        "records/Cargo.toml",
        "documents/Cargo.toml",
        "pictures/Cargo.toml",
        "core/Cargo.toml",
        "server/Cargo.toml",
        "ui/Cargo.toml",
        "headless/Cargo.toml",
    ];
    for (library, allowed) in rooms {
        let holders: Vec<&str> = manifests.into_iter().filter(|manifest| knows(manifest).contains(*library)).collect();
        let mut expected = allowed.to_vec();
        expected.sort_unstable();
        let mut holders = holders;
        holders.sort_unstable();
        assert_eq!(holders, expected, "{library}");
    }
}

#[test]
fn the_domain_has_no_clock_no_chance_and_no_world() {
    for (path, text) in
        sources().into_iter().filter(|(path, _)| path.starts_with("domain/") || path.starts_with("contract/"))
    {
        for word in ["Utc::now", "Local::now", "SystemTime", "std::fs", "std::net", "tokio", "async fn", "getrandom"] {
            assert!(!code_of(&text).contains(word), "{word} in {path}");
        }
    }
}

#[test]
fn what_crosses_packed_has_all_its_fields() {
    // By position: a field that is left out, flattened or named by a tag cannot be read (docs/adr/0012).
    let packed = |path: &str| {
        // A form is read in the core and drawn from a view of its own: it never crosses.
        let crosses = path.starts_with("domain/src/") && path != "domain/src/form.rs";
        path.starts_with("contract/src/ipc")
            || ["contract/src/failure.rs", "contract/src/verdict.rs"].contains(&path)
            || crosses
    };
    for (path, text) in sources().into_iter().filter(|(path, _)| packed(path)) {
        for word in ["skip_serializing_if", "serde(flatten", "tag = \"", "untagged"] {
            assert!(!code_of(&text).contains(word), "{word} in {path}");
        }
    }
}

#[test]
fn every_state_of_a_case_stands_in_the_table_for_opencity() {
    let table = fs::read_to_string(root().join("docs/opencity.md")).unwrap();
    for state in vicino_domain::CaseState::ALL {
        let row = table.lines().find(|line| line.starts_with(&format!("| {} ", state.number())));
        assert!(row.is_some_and(|row| row.contains(&format!("`{state}`"))), "{state}");
    }
}

/// What an application of OpenCity can be asked to do (standards, section 7.2), and what a case here is made of.
#[test]
fn every_call_and_every_field_stands_in_the_table_for_opencity() {
    let table = fs::read_to_string(root().join("docs/opencity.md")).unwrap();
    let transitions = [
        "submit",
        "register",
        "register-outcome",
        "assign",
        "accept",
        "reject",
        "request-integration",
        "register-integration-request",
        "accept-integration",
        "cancel-integration",
        "register-integration-answer",
        "withdraw",
        "complete-payment",
    ];
    for transition in transitions {
        assert!(table.contains(&format!("transition/{transition}`")), "{transition}");
    }
    for call in ["/history", "/attachments/", "/payment", "/backoffice", "/messages"] {
        assert!(table.contains(call), "{call}");
    }
    use vicino_contract::http::path;
    let paths = [
        path::CASE,
        path::CASE_MESSAGE,
        path::CASE_INTEGRATION,
        path::CASE_WITHDRAWAL,
        path::OFFICE_CASES,
        path::OFFICE_CASE,
        path::OFFICE_CASE_TRANSITIONS,
        path::OFFICE_CASE_MESSAGES,
        path::FILE,
    ];
    for path in paths {
        let short = path.replace("/office/v1/cases/{id}/transitions", "…/transitions");
        assert!(table.contains(path) || table.contains(&short), "{path}");
    }
    // The fields as they stand on the wire: those that may be left out are filled here.
    let record: vicino_contract::http::CaseRecord = serde_json::from_value(serde_json::json!({
        "id": uuid::Uuid::nil(), "title": "", "office": uuid::Uuid::nil(), "number": "", "received_at": "2026-03-12T07:41:00Z",
        "state": "submitted", "protocol": { "number": "", "at": "2026-03-12T07:41:00Z" }, "service": uuid::Uuid::nil(),
        "sent_at": "2026-03-12T07:41:00Z", "about": uuid::Uuid::nil(), "term": {}, "form": {}, "answers": {}, "history": [], "messages": [],
        "files": [{ "id": uuid::Uuid::nil(), "sha256": "", "size": 1, "name": "", "media": "", "arrived": true }],
    }))
    .unwrap();
    for field in serde_json::to_value(record).unwrap().as_object().unwrap().keys() {
        let named = format!("`{field}`");
        let deeper = format!("`{field}.");
        assert!(table.contains(&named) || table.contains(&deeper), "{field} stands nowhere in docs/opencity.md");
    }
}

#[test]
fn every_file_says_what_it_is_and_none_is_endless() {
    for (path, text) in sources() {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 15, "{path} does not open with what it is");
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines: split it where its seams are");
    }
}

#[test]
fn nothing_is_left_open_and_no_test_is_skipped() {
    let words = [concat!("to", "do!("), concat!("unimpl", "emented!("), concat!("FIX", "ME"), concat!("#[ign", "ore")];
    for (path, text) in sources() {
        for word in words {
            assert!(!text.contains(word), "{word} in {path}");
        }
    }
}

#[test]
fn every_word_is_there_in_every_language() {
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(root().join("i18n").join(name)).unwrap()).unwrap()
    };
    let (it, en) = (flat(&read("it.json"), ""), flat(&read("en.json"), ""));
    let names = |words: &[(String, String)]| words.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    assert_eq!(names(&it), names(&en));
    for ((key, it), (_, en)) in it.iter().zip(&en) {
        assert!(!it.trim().is_empty() && !en.trim().is_empty(), "{key} is empty");
        let holes = |text: &str| {
            text.split("{{")
                .skip(1)
                .map(|rest| rest.split("}}").next().unwrap().trim().to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(holes(it), holes(en), "{key}");
    }
    // A word nobody says is one nobody translates well.
    let said: String =
        sources().into_iter().filter(|(path, _)| path.starts_with("ui/src/")).map(|(_, text)| text).collect();
    let silent: Vec<&String> = it.iter().map(|(key, _)| key).filter(|key| !says(&said, key)).collect();
    assert!(silent.is_empty(), "nobody says {silent:?}");
}

/// Returns whether a key is said: by its whole name, not as the beginning of another's.
fn says(said: &str, key: &str) -> bool {
    said.match_indices(key).any(|(at, _)| said[at + key.len()..].trim_start().starts_with([',', ')']))
}

fn flat(value: &serde_json::Value, prefix: &str) -> Vec<(String, String)> {
    match value {
        serde_json::Value::Object(map) => {
            let mut all: Vec<_> = map.iter().flat_map(|(key, value)| flat(value, &format!("{prefix}{key}."))).collect();
            all.sort();
            all
        }
        other => vec![(prefix.trim_end_matches('.').to_owned(), other.as_str().unwrap_or_default().to_owned())],
    }
}

/// A file without its comments and its tests.
fn code_of(text: &str) -> String {
    let product = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The share of doc comments that open with a question's word and not with a noun or a verb, in hundredths.
const RIDDLES: usize = 8;

#[test]
fn doc_comments_open_with_a_noun_or_a_verb() {
    let opens = |text: &str| {
        ["What", "Whether", "How", "Who", "One", "Its", "The same"]
            .iter()
            .any(|word| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    };
    let (mut all, mut riddles) = (0, 0);
    for (_, text) in sources() {
        let mut before = "";
        for line in text.lines().map(str::trim) {
            if let Some(doc) = line.strip_prefix("/// ").filter(|_| !before.starts_with("///")) {
                all += 1;
                riddles += usize::from(opens(doc));
            }
            before = line;
        }
    }
    println!("{riddles} of {all} doc comments open with a question's word");
    assert!(opens("What it is") && opens("Its name.") && !opens("Whatever") && !opens("The thing"));
    assert!(
        riddles * 100 < all * RIDDLES,
        "{riddles} of {all}: a noun or a verb in the third person opens a doc comment"
    );
}

/// One word, one type: a stranger who looks a name up finds one place in a crate.
#[test]
fn no_two_public_types_of_a_crate_bear_one_name() {
    let mut homes = std::collections::BTreeMap::<(String, String), BTreeSet<String>>::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| path.contains("/src/")) {
        let room = path.split('/').next().unwrap_or_default().to_owned();
        for line in code_of(&text).lines().map(str::trim) {
            let Some(item) = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")) else { continue };
            let mut words =
                item.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty());
            if matches!(words.next(), Some("struct" | "enum" | "trait" | "type"))
                // What a macro makes is named where it is used.
                && let Some(name) = words.next().filter(|name| name.starts_with(char::is_uppercase))
            {
                homes.entry((room.clone(), name.to_owned())).or_default().insert(path.clone());
            }
        }
    }
    assert!(homes.len() > 500, "{}", homes.len());
    let twice: Vec<_> = homes.iter().filter(|(_, homes)| homes.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
