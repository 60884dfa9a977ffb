//! Pages a browser gets from the town itself: one frame, one look, and text that stays text.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The look of every page.
const STYLE: &str = include_str!("page.css");

/// A whole page in this language; `practice` says what of it is false.
pub(crate) fn page(language: &str, title: &str, practice: Option<&str>, inner: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if let Some(what) = practice {
                    p.prova { (what) }
                }
                main { (inner) }
            }
        }
    };
    page.into_string()
}
