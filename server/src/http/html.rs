//! Pages a browser gets from the town itself: one frame, one look, and text that stays text.

/// What every page looks like: light and dark, large enough to be read and pressed.
const STYLE: &str = "body{margin:0;font:1.0625rem/1.5 'Titillium Web',system-ui,sans-serif;color:#17324d;background:#fff}
main{max-width:34rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.prova{background:repeating-linear-gradient(135deg,#5b37a6 0 14px,#6d49b8 14px 28px);color:#fff;font-weight:700;padding:.75rem 1rem;margin:0;text-align:center}
h1{font-size:1.75rem;line-height:1.2}h2{font-size:1.25rem;line-height:1.3;margin:1.75rem 0 .5rem}
a{color:#0055b3}
button{display:block;width:100%;text-align:left;font:inherit;color:inherit;background:#fff;border:2px solid #6b8299;border-radius:6px;padding:.75rem 1rem;margin:.75rem 0;cursor:pointer}
button b{display:block;color:#0055b3}
button.go{background:#0059b3;border-color:#0059b3;color:#fff;text-align:center;font-weight:700}
label{display:block;font-weight:700;margin:1.25rem 0 .25rem}
input,textarea{box-sizing:border-box;width:100%;font:inherit;color:inherit;background:#fff;border:2px solid #6b8299;border-radius:6px;padding:.75rem}
small{color:#445a70;font-size:.9375rem}
.said{border-left:6px solid #445a70;background:#f2f6fa;padding:.75rem 1rem;margin:1rem 0}.said h2{margin:0}
.said.ok{border-color:#00664a}.said.turn{border-color:#8a5a00}.said.no{border-color:#b3152c}
:focus-visible{outline:3px solid #0066cc;outline-offset:2px}
@media(prefers-color-scheme:dark){body,button,input,textarea{background:#0f1c29;color:#eaf1f8}a,button b{color:#7cbaff}
button,input,textarea{border-color:#8aa1b8}small{color:#b8c8d8}.said{background:#1a2b3c}.said.ok{border-color:#5cc9a0}.said.turn{border-color:#e0b050}.said.no{border-color:#ff8a96}
button.go{background:#7cbaff;border-color:#7cbaff;color:#0f1c29}:focus-visible{outline-color:#7cbaff}}";

/// A whole page. `title` is text; `practice`, what is false here, and `inner` are HTML.
pub(crate) fn page(language: &str, title: &str, practice: Option<&str>, inner: &str) -> String {
    let practice = practice.map(|what| format!("<p class=\"prova\">{what}</p>")).unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head><body>{practice}<main>{inner}</main></body></html>",
        title = escape(title),
    )
}

/// Text as HTML shows it.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
