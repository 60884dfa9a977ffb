//! A paper as a page of HTML: the same facts and codes, read by any screen reader, printed by any browser.

use std::fmt::Write as _;

const STYLE: &str = "body{font:11pt/1.5 'Titillium Web',system-ui,sans-serif;color:#17324d;background:#fff;max-width:46rem;margin:0 auto;padding:1.5rem}\
h1{font-size:1.6rem;line-height:1.2}dt{font-size:.85rem;color:#445a70;margin-top:.5rem}dd{margin:0;overflow-wrap:anywhere}\
.prova{background:#f1ecfa;color:#5b37a6;font-weight:700;padding:.5rem}svg{width:45mm;height:45mm}.firma{margin-top:3rem;border-top:1px solid #6b8299;width:50%}";

/// The content of a page, before it is HTML.
pub(crate) struct Plain<'a> {
    pub(crate) title: &'a str,
    /// What is false here, in a town to practise in.
    pub(crate) practice: Option<&'a str>,
    /// Paragraphs before the facts.
    pub(crate) before: Vec<String>,
    /// Names and values; empty values are left out.
    pub(crate) facts: Vec<(&'a str, String)>,
    /// A list of sentences.
    pub(crate) says: &'a [String],
    /// Paragraphs after them.
    pub(crate) after: Vec<&'a str>,
    /// Codes: what each is in words, and its SVG image.
    pub(crate) codes: Vec<(&'a str, &'a str)>,
    /// Tells whether somebody signs it by hand.
    pub(crate) signed: bool,
}

impl Plain<'_> {
    /// The page, whole: it needs no network and runs nothing.
    pub(crate) fn html(&self) -> String {
        let title = escape(self.title);
        let mut page = format!(
            "<!doctype html><html lang=\"it\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <title>{title}</title><style>{STYLE}</style></head><body><main>"
        );
        // Writing into a string cannot fail.
        if let Some(practice) = self.practice {
            let _ = write!(page, "<p class=\"prova\">{}</p>", escape(practice));
        }
        let _ = write!(page, "<h1>{title}</h1>");
        for text in &self.before {
            let _ = write!(page, "<p>{}</p>", escape(text));
        }
        if !self.says.is_empty() {
            let says: String = self.says.iter().map(|text| format!("<li>{}</li>", escape(text))).collect();
            let _ = write!(page, "<ul>{says}</ul>");
        }
        page.push_str("<dl>");
        for (name, value) in self.facts.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(page, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
        }
        page.push_str("</dl>");
        for text in &self.after {
            let _ = write!(page, "<p>{}</p>", escape(text));
        }
        for (what, svg) in &self.codes {
            // Drawn here, and never anybody's words: an image without its XML prologue stands in a page as it is.
            let image = svg.split_once("?>").map_or(*svg, |(_, image)| image);
            let _ = write!(
                page,
                "<figure><div role=\"img\" aria-label=\"{0}\">{image}</div><figcaption>{0}</figcaption></figure>",
                escape(what)
            );
        }
        if self.signed {
            page.push_str("<p class=\"firma\">Firma</p>");
        }
        page.push_str("</main></body></html>");
        page
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use crate::{DeclarationPaper, DeliveryPaper, Sheet};

    const DOT: &str = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\"><path d=\"M0 0h2v2H0z\"/></svg>";

    #[test]
    fn a_page_says_what_the_paper_says_and_runs_nothing() {
        let paper = DeliveryPaper {
            subject: "<script>alert(1)</script> & \"mensa\"".into(),
            town: "Comune di Pietrachiara".into(),
            number: "2026/0007".into(),
            protocol: "1/2026".into(),
            key: "DjIz".into(),
            practice: true,
            ..DeliveryPaper::default()
        };
        let page = paper.page(Some(DOT));
        for wanted in [
            "Ricevuta di protocollo",
            "2026/0007",
            "1/2026",
            "PROVA",
            "&lt;script&gt;",
            "aria-label",
            "<svg",
            "lang=\"it\"",
        ] {
            assert!(page.contains(wanted), "{wanted}");
        }
        assert!(!page.contains("<script>") && !page.contains("<?xml") && !page.contains("Arrivata il"), "{page}");
        assert!(paper.page(None).contains("altro dispositivo"));
    }

    #[test]
    fn a_declaration_on_a_page_has_its_law_and_a_place_to_sign() {
        let paper = DeclarationPaper {
            declarant: "Anna Berti, nata a Pietrachiara".into(),
            about: "Giulia Moretti".into(),
            says: vec!["Giulia Moretti è nata a Pietrachiara".into()],
            as_of: "del 1º marzo 2026".into(),
            place_and_day: "12 marzo 2026".into(),
            practice: false,
        };
        let page = paper.page();
        for wanted in ["artt. 75 e 76", "responsabilità genitoriale", "dichiaro che", "Firma", "legali"] {
            assert!(page.contains(wanted), "{wanted}");
        }
        let sheet = paper.sheet(NaiveDate::default()).unwrap();
        assert_eq!(sheet.ending == "pdf", Sheet::IS_PDF);
        assert_eq!(sheet.bytes.starts_with(b"%PDF-"), Sheet::IS_PDF);
    }
}
