//! The practice town's identity provider: a page, plainly false, on which one becomes any of its residents.

use maud::html;
use vicino_contract::http::{Collection, ResidentRecord};
use vicino_domain::ResidentId;

use crate::http::html::page;
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
        let inner = html! {
            h1 { "Chi vuoi essere?" }
            p {
                "Nel " (town) " si prova: scegli un residente e torni a Vicino con il suo nome. "
                "In un Comune vero qui ci sono SPID e CIE."
            }
            p lang="en" { "Pick a resident of this practice town. None of them exists." }
            form method="post" action="/oauth/identity" {
                input type="hidden" name="ticket" value=(ticket);
                @for resident in &residents {
                    button name="resident" value=(resident.id) {
                        b { (resident.full_name()) }
                        (resident.about.as_deref().unwrap_or_default())
                    }
                }
            }
        };
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
    let all = town.register.read(|tx| store::all::<ResidentRecord>(tx, Collection::Residents))?;
    Ok(all.into_iter().map(|record| record.body).collect())
}
