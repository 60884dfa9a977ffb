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

/// What rustfmt does not reach, the inside of `view!`, is as narrow as the rest (`leptosfmt` makes it so).
#[test]
fn no_line_of_the_interface_is_endless() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("ui/src/")) {
        let endless = text.lines().enumerate().find(|(_, line)| line.chars().count() > 120);
        assert!(endless.is_none(), "{path}: {endless:?}");
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
