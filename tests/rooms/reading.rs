//! Source files read as text: without tests and comments, by the names they use and the texts they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every Rust file below a folder, by its path from there, without its tests and its comments.
pub(crate) fn sources(folder: &str) -> BTreeMap<String, String> {
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

pub(crate) fn product(text: &str) -> String {
    let product = ["#[cfg(test)]\nmod tests", "#[cfg(test)]\npub(crate) mod tests"]
        .iter()
        .filter_map(|begin| text.find(begin))
        .min()
        .map_or(text, |end| &text[..end]);
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The room a file stands in: the first part of its path.
pub(crate) fn room(path: &str) -> &str {
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
pub(crate) fn names_of_the_crate(code: &str) -> BTreeSet<String> {
    names_behind(code, "crate::")
}

/// The names right behind a path such as `crate::matters::`, in every import and every path of a file.
pub(crate) fn names_behind(code: &str, prefix: &str) -> BTreeSet<String> {
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
pub(crate) fn reexports(lib: &str) -> BTreeMap<String, String> {
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

/// The texts between quotation marks in a file, raw ones too.
pub(crate) fn texts(code: &str) -> Vec<String> {
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
