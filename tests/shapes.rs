//! The shapes of the code: parameters with names, pages that can be read, sheets that are used.

use world::sources::{root, sources};

/// A tuple of three in a parameter is a type that was not named.
#[test]
fn no_parameter_is_a_tuple_of_three() {
    fn parts(inner: &str) -> usize {
        let (mut depth, mut parts) = (0_i32, 1);
        for letter in inner.trim_end().trim_end_matches(',').replace("->", "").chars() {
            match letter {
                '(' | '<' | '[' => depth += 1,
                ')' | '>' | ']' => depth -= 1,
                ',' if depth == 0 => parts += 1,
                _ => {}
            }
        }
        parts
    }
    /// The text between an opening bracket and its own closing one.
    fn bracketed(text: &str) -> &str {
        let mut depth = 0;
        let end = text.char_indices().find(|(_, letter)| {
            depth += i32::from(*letter == '(') - i32::from(*letter == ')');
            depth < 0
        });
        &text[..end.map_or(text.len(), |(at, _)| at)]
    }
    /// The types of a function's parameters that are such tuples.
    fn tuples(text: &str) -> Vec<String> {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        let functions = product.split("fn ").skip(1).filter_map(|function| function.split_once('('));
        let begins = [": (", ": &(", "Option<("];
        let parameters = functions.map(|(_, rest)| bracketed(rest));
        let parameters =
            parameters.flat_map(|all| begins.into_iter().flat_map(move |begins| all.split(begins).skip(1)));
        parameters.map(bracketed).filter(|inner| parts(inner) > 2).map(str::to_owned).collect()
    }
    assert_eq!(tuples("fn f(x: u8, (a, b, c): (u8, Vec<(u8, u8)>, &str)) {}").len(), 1, "a breach is noticed");
    assert_eq!(tuples("fn f(x: Option<(impl Fn(u8) -> u8, A, B)>) {}").len(), 1);
    assert!(tuples("fn f((a, b): (u8, Vec<(u8, u8, u8)>)) -> (u8, u8, u8) {}").is_empty());
    for (path, text) in sources().into_iter().filter(|(path, _)| path.contains("/src/")) {
        assert_eq!(tuples(&text), Vec::<String>::new(), "{path}");
    }
}

/// The type everything is reached from stays small: what a town does is a function of the room it belongs to (ADR 28).
#[test]
fn a_town_is_no_drawer() {
    fn methods(files: &[(String, String)], of: &str) -> (usize, usize) {
        let blocks = files.iter().flat_map(|(_, text)| {
            text.split("\nimpl").skip(1).filter_map(|block| block.split("\n}\n").next()).filter(|block| {
                let head = block.split('{').next().unwrap_or_default();
                let head = head.rsplit(" for ").next().unwrap_or_default();
                head.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == of)
            })
        });
        blocks.fold((0, 0), |(all, fns), block| {
            (all + 1, fns + block.lines().filter(|line| line.starts_with("    ") && line.contains("fn ")).count())
        })
    }
    let two = [(String::from("a.rs"), String::from("\nimpl Town {\n    fn a(&self) {}\n    pub fn b() {}\n}\n"))];
    assert_eq!(methods(&two, "Town"), (1, 2), "a method is noticed");
    let another = [(String::from("a.rs"), String::from("\nimpl Of for crate::Town {\n    fn a(&self) {}\n}\n"))];
    assert_eq!(methods(&another, "Town"), (1, 1));
    let files: Vec<_> = sources().into_iter().filter(|(path, _)| path.starts_with("server/src/")).collect();
    let (blocks, methods) = methods(&files, "Town");
    assert!(blocks == 1 && methods <= 8, "{methods} methods in {blocks} blocks");
}

/// What rustfmt does not reach, the inside of `view!`, is as narrow as the rest (`leptosfmt` makes it so).
#[test]
fn no_line_of_the_interface_is_endless() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("ui/src/")) {
        let endless = text.lines().enumerate().find(|(_, line)| line.chars().count() > 120);
        assert!(endless.is_none(), "{path}: {endless:?}");
    }
}

/// A piece of a page that has a name is a component; one that several pages share says what each of its props is.
#[test]
fn pieces_of_a_page_are_components() {
    fn bare(text: &str) -> Vec<String> {
        let parts = text.split("#[component]\n").skip(1);
        let heads = parts.filter_map(|part| part.split_once(") -> impl IntoView")).map(|(head, _)| head);
        let props = heads.flat_map(|head| head.split_once('(').map_or("", |(_, props)| props).lines());
        let mut documented = false;
        let mut found = Vec::new();
        for line in props.map(str::trim).filter(|line| !line.is_empty()) {
            match line {
                line if line.starts_with("///") => documented = true,
                // An attribute alone; one with its prop behind it is judged as that.
                line if line.starts_with('#') && line.ends_with(']') => {}
                line => {
                    if !documented {
                        found.push(line.to_owned());
                    }
                    documented = false;
                }
            }
        }
        found
    }
    /// The functions that give a view and are no components.
    fn fragments(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for part in text.split("\n\n").flat_map(|part| part.split("\n}\n")) {
            let head = part.split(" {\n").next().unwrap_or_default();
            let gives = head.ends_with("-> AnyView") || head.ends_with("-> impl IntoView");
            if gives
                && !head.contains("#[component]")
                && let Some((_, name)) = head.split_once("fn ")
            {
                found.push(name.split('(').next().unwrap_or_default().to_owned());
            }
        }
        found
    }
    assert_eq!(fragments("/// A row.\nfn row(\n    a: u8,\n) -> impl IntoView {\n    a\n}\n"), ["row"]);
    assert_eq!(fragments("use a;\n\nfn row(a: u8) -> AnyView {\n    a\n}\n"), ["row"]);
    assert!(fragments("#[component]\nfn Row(a: u8) -> impl IntoView {\n    a\n}\n").is_empty());
    let breach =
        "#[component]\npub fn A(\n    /// Its name.\n    a: u8,\n    #[prop(into)]\n    b: u8,\n) -> impl IntoView {\n";
    assert_eq!(bare(breach), ["b: u8,"], "a breach is noticed");
    assert_eq!(bare("#[component]\nfn A(\n    #[prop(into)] a: u8,\n) -> impl IntoView {\n").len(), 1);
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("ui/src/")) {
        assert_eq!(fragments(&text), Vec::<String>::new(), "{path}");
        if path.starts_with("ui/src/components/") {
            assert_eq!(bare(&text), Vec::<String>::new(), "{path}");
        }
    }
}

/// Every sheet of the interface is laid into the one that is served.
#[test]
fn every_sheet_is_joined() {
    let joins = std::fs::read_to_string(root().join("xtask/src/ui.rs")).unwrap();
    for sheet in std::fs::read_dir(root().join("ui/styles")).unwrap() {
        let name = sheet.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(joins.contains(&format!("\"{name}\"")), "{name}.css is in no page");
    }
}

/// A migration that was released is never edited: a device that ran it would have another schema than one that runs it now.
#[test]
fn released_migrations_are_not_edited() {
    use sha2::Digest as _;
    let kept = std::fs::read_to_string(root().join("tests/data/migrations.sha256")).unwrap();
    let mut released = 0;
    for line in kept.lines() {
        let (digest, path) = line.split_once("  ").unwrap();
        let found: String = sha2::Sha256::digest(std::fs::read(root().join(path)).unwrap())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, digest, "{path} was released and has changed: write another migration");
        released += 1;
    }
    let there = ["core/migrations/private", "server/migrations"]
        .map(|folder| std::fs::read_dir(root().join(folder)).unwrap().count());
    assert_eq!(there.iter().sum::<usize>(), released, "each migration has its digest (docs/howto/migration.md)");
}

/// A journey stands alone: what several take is a step.
#[test]
fn no_journey_imports_another() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("tests/journeys/")) {
        let own = path.trim_start_matches("tests/journeys/").split(['/', '.']).next().unwrap().to_owned();
        for (at, _) in text.match_indices("crate::") {
            let name: String =
                text[at + "crate::".len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(name.is_empty() || name == own || name == "steps", "{path} imports {name}");
        }
    }
}
