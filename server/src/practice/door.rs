//! The practice town's identity provider: a page, plainly false, on which one becomes any of its residents.

use std::fmt::Write as _;

use vicino_contract::http::{Collection, ResidentRecord};
use vicino_domain::ResidentId;

use crate::identity::{Greeting, IdentityProvider};
use crate::{Refusal, Town, store};

/// Believes whatever it is told: only for a town in which nobody exists.
#[derive(Debug)]
pub(super) struct PracticeDoor;

pub(super) const STYLE: &str = "body{margin:0;font:1.0625rem/1.5 'Titillium Web',system-ui,sans-serif;color:#17324d;background:#fff}
main{max-width:34rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.prova{background:repeating-linear-gradient(135deg,#5b37a6 0 14px,#6d49b8 14px 28px);color:#fff;font-weight:700;padding:.75rem 1rem;text-align:center}
h1{font-size:1.75rem;line-height:1.2}
button{display:block;width:100%;text-align:left;font:inherit;color:inherit;background:#fff;border:2px solid #6b8299;border-radius:6px;padding:.75rem 1rem;margin:.75rem 0;cursor:pointer}
button b{display:block;color:#0055b3}
button:focus-visible{outline:3px solid #0066cc;outline-offset:2px}
@media(prefers-color-scheme:dark){body,button{background:#0f1c29;color:#eaf1f8}button b{color:#7cbaff}button{border-color:#8aa1b8}}";

impl IdentityProvider for PracticeDoor {
    fn name(&self) -> &'static str {
        "practice"
    }

    fn greet(&self, town: &Town, ticket: &str) -> Result<Greeting, Refusal> {
        let residents = residents(town)?;
        let mut page = format!(
            "<!doctype html><html lang=\"it\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>Accesso di prova · {town}</title><style>{STYLE}</style></head><body>\
             <p class=\"prova\">PROVA · Questo accesso è finto. Nessuna di queste persone esiste.</p><main>\
             <h1>Chi vuoi essere?</h1>\
             <p>Nel {town} si prova: scegli un residente e torni a Vicino con il suo nome. In un Comune vero qui ci sono SPID e CIE.</p>\
             <p lang=\"en\">Pick a resident of this practice town. None of them exists.</p>\
             <form method=\"post\" action=\"/oauth/identity\"><input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">",
            town = escape(&town.identity.name),
            ticket = escape(ticket),
        );
        for resident in residents {
            let (id, name) = (resident.id, escape(&resident.full_name()));
            let about = escape(resident.about.as_deref().unwrap_or_default());
            // Writing into a string cannot fail.
            let _ = write!(page, "<button name=\"resident\" value=\"{id}\"><b>{name}</b>{about}</button>");
        }
        page.push_str("</form></main></body></html>");
        Ok(Greeting::Page(page))
    }

    fn recognise(&self, town: &Town, answer: &[(String, String)]) -> Result<Option<ResidentId>, Refusal> {
        let chosen = answer.iter().find(|(name, _)| name == "resident").map(|(_, value)| value.as_str());
        let known = residents(town)?;
        let found = known.iter().find(|resident| Some(resident.id.to_string().as_str()) == chosen);
        Ok(found.map(|resident| ResidentId::from_uuid(resident.id)))
    }
}

fn residents(town: &Town) -> Result<Vec<ResidentRecord>, Refusal> {
    let all = town.store().write(|tx| store::all::<ResidentRecord>(tx, Collection::Residents))?;
    Ok(all.into_iter().map(|record| record.body).collect())
}

/// Text as HTML shows it.
pub(super) fn escape(text: &str) -> String {
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
