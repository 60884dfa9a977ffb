//! *Comune di Pietrachiara*: a town that does not exist, to try things in, to teach with, to test with.
//!
//! It lies around 43.4665 N, 11.8830 E. Nothing in it is true and nobody in it exists; every screen says so.

pub(crate) mod cases;
pub(crate) mod checkout;
pub(crate) mod content;
pub(crate) mod crowd;
pub(crate) mod door;
pub(crate) mod dues;
pub(crate) mod office;
pub(crate) mod people;
pub(crate) mod practice_store;
pub(crate) mod routes;
pub(crate) mod story;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use vicino_contract::http::{Collection, StreetRecord};
use vicino_domain::{Border, Limits, Point, StreetId};
use vicino_pictures::looking::Looker;

use crate::entropy::digest;
use crate::limits::bounds::Bounds;
use crate::service::serve_with;
use crate::store::{self, StoreError};
use crate::town::card::TownIdentity;
use crate::town::{Clock, OpenError, Town};
use crate::{Refusal, Retention};

pub use crowd::crowd;
pub use office::{Pace, act};

/// The pause between two looks of the practice office at its desk.
const LOOK: Duration = Duration::from_secs(2);

/// Who the practice town is.
#[must_use]
pub fn identity() -> TownIdentity {
    TownIdentity {
        name: String::from("Comune di Pietrachiara"),
        // No body of the index has this code: real ones begin with `c_` and a cadastral code.
        ipa_code: String::from("x_prova"),
        practice: true,
        limits: Limits::default(),
        border: border(),
        provider: Some(Arc::new(door::PracticeDoor)),
        checkout: Some(Arc::new(checkout::FalseCheckout)),
        positions: None,
        creditor: dues::CREDITOR.parse().ok(),
        creditors: Vec::new(),
        province: String::from("XX"),
        certificates: people::OFFERED.to_vec(),
        registry: Some(content::office_id(content::REGISTRY)),
        signer: None,
        address: None,
        crest: Some(String::from(include_str!("../../assets/crest.svg"))),
        looker: Looker::default(),
        desks: content::desks(),
        retention: Retention::default(),
        bounds: Bounds::default(),
        proxies: Vec::new(),
    }
}

/// Opens the practice town kept in this folder; the first time it is given streets, offices, services, bulletins,
/// residents and reports.
///
/// # Errors
/// [`OpenError`] when the folder or the register cannot be used.
pub fn open(folder: &Path, clock: Clock) -> Result<Arc<Town>, OpenError> {
    open_as(folder, identity(), clock)
}

/// The same, with something of its identity changed: where its residents pay.
///
/// # Errors
/// As [`open`].
pub fn open_as(folder: &Path, identity: TownIdentity, clock: Clock) -> Result<Arc<Town>, OpenError> {
    let town = Arc::new(crate::open(folder, identity, clock)?);
    settle(&town)?;
    Ok(town)
}

/// The practice office at work, until it is dropped: reports move along by themselves.
pub async fn work(town: Arc<Town>, pace: Pace) {
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        let town = town.clone();
        let acted = tokio::task::spawn_blocking(move || look(&town, pace)).await;
        if let Ok(Err(refusal)) = acted {
            tracing::warn!(code = refusal.reason.code.code(), "practice office failed; retried");
        }
    }
}

fn look(town: &Town, pace: Pace) -> Result<(), Refusal> {
    act(town, pace)?;
    cases::act(town, pace)?;
    tell_receipts(town)
}

/// Books the receipts of the false payment page whose moment has come.
///
/// # Errors
/// A [`Refusal`] when the register cannot answer.
pub fn tell_receipts(town: &Town) -> Result<(), Refusal> {
    checkout::tell_due_receipts(town)
}

/// Gives a new town what is known and who lives there.
fn settle(town: &Town) -> Result<(), StoreError> {
    town.register.write(|tx| {
        if !store::all::<StreetRecord>(tx, Collection::Streets)?.is_empty() {
            return Ok(());
        }
        for (name, lat, lon) in story::STREETS {
            let id = StreetId::from_uuid(named("street", name)).uuid();
            let point = Point::new(*lat, *lon).ok().map(Into::into);
            let street = StreetRecord { id, name: (*name).to_owned(), point };
            store::write(tx, Collection::Streets.code(), &id.to_string(), None, &street)?;
        }
        content::settle(tx, town)?;
        people::settle(tx, town)?;
        dues::settle(tx, town)?;
        for report in story::public_reports(town.now()) {
            store::write(tx, Collection::PublicReports.code(), &report.id.to_string(), None, &report)?;
        }
        Ok(())
    })
}

/// An identity that is the same each time the town is founded.
fn named(kind: &str, name: &str) -> uuid::Uuid {
    let bytes = digest(format!("{kind}/{name}").as_bytes()).0;
    let mut short = [0; 16];
    short.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    uuid::Builder::from_random_bytes(short).into_uuid()
}

/// The town's edge: about four kilometres by three, with a corner that belongs to the neighbours.
fn border() -> Border {
    const RING: [(f64, f64); 8] = [
        (43.4800, 11.8620),
        (43.4835, 11.8830),
        (43.4790, 11.9040),
        (43.4670, 11.9090),
        (43.4520, 11.9020),
        (43.4500, 11.8790),
        (43.4580, 11.8740),
        (43.4560, 11.8600),
    ];
    Border(RING.iter().filter_map(|(lat, lon)| Point::new(*lat, *lon).ok()).collect())
}

/// Runs the practice town of this folder inside the present program, on a free port of the loopback interface, for as
/// long as the program lives; answers its address.
///
/// # Errors
/// [`OpenError`] when the folder, the register or the port cannot be used.
pub async fn at_home(folder: &Path) -> Result<String, OpenError> {
    let town = open(folder, crate::system_clock())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(work(town.clone(), Pace::default()));
    tokio::spawn(async move {
        if let Err(cause) = serve_with(listener, (town, routes::routes()), std::future::pending()).await {
            tracing::error!(%cause, "practice town stopped serving");
        }
    });
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practice_town_is_known_by_its_first_street() {
        assert_eq!(named("street", story::STREETS[0].0), crate::town::PRACTICE_STREET);
    }
}
