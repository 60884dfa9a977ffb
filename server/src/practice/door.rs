//! The practice town's identity provider: a page, plainly false, on which one becomes any of its residents.

use std::fmt::Write as _;

use vicino_contract::http::{Collection, ResidentRecord};
use vicino_domain::ResidentId;

use crate::http::html::{escape, page};
use crate::town::identity::{Greeting, IdentityProvider};
use crate::{Refusal, Town, store};

/// Believes whatever it is told: only for a town in which nobody exists.
#[derive(Debug)]
pub(crate) struct PracticeDoor;

impl IdentityProvider for PracticeDoor {
    fn name(&self) -> &'static str {
        "practice"
    }

    fn greet(&self, town: &Town, ticket: &str) -> Result<Greeting, Refusal> {
        let residents = residents(town)?;
        let town = &town.identity.name;
        let mut inner = format!(
            "<h1>Chi vuoi essere?</h1>\
             <p>Nel {town} si prova: scegli un residente e torni a Vicino con il suo nome. In un Comune vero qui ci sono SPID e CIE.</p>\
             <p lang=\"en\">Pick a resident of this practice town. None of them exists.</p>\
             <form method=\"post\" action=\"/oauth/identity\"><input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">",
            town = escape(town),
            ticket = escape(ticket),
        );
        for resident in residents {
            let (id, name) = (resident.id, escape(&resident.full_name()));
            let about = escape(resident.about.as_deref().unwrap_or_default());
            // Writing into a string cannot fail.
            let _ = write!(inner, "<button name=\"resident\" value=\"{id}\"><b>{name}</b>{about}</button>");
        }
        inner.push_str("</form>");
        let practice = "PROVA · Questo accesso è finto. Nessuna di queste persone esiste.";
        Ok(Greeting::Page(page("it", &format!("Accesso di prova · {town}"), Some(practice), &inner)))
    }

    fn recognise(&self, town: &Town, answer: &[(String, String)]) -> Result<Option<ResidentId>, Refusal> {
        let chosen = answer.iter().find(|(name, _)| name == "resident").map(|(_, value)| value.as_str());
        let known = residents(town)?;
        let found = known.iter().find(|resident| Some(resident.id.to_string().as_str()) == chosen);
        Ok(found.map(|resident| ResidentId::from_uuid(resident.id)))
    }
}

fn residents(town: &Town) -> Result<Vec<ResidentRecord>, Refusal> {
    let all = town.read(|tx| store::all::<ResidentRecord>(tx, Collection::Residents))?;
    Ok(all.into_iter().map(|record| record.body).collect())
}
