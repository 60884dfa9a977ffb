//! Steps that journeys share about certificates.

use vicino_contract::http::HeldBody;
use vicino_contract::ipc::{
    AskCertificate, CertificateRow, CertificateView, CommandHandler as _, GetCertificate, ListCertificates,
};
use vicino_domain::CertificateId;
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, StampDuty};
use vicino_server::access::residents;
use vicino_server::matters::certificate::issuing;
use world::{Device, World};

pub(crate) fn exempt() -> StampDuty {
    StampDuty::Exempt { code: Exemption::Sport, reason: None }
}

pub(crate) fn ask(device: &Device, about: &str, kinds: &[CertificateKind], stamp: StampDuty) -> CertificateId {
    let people = device.app().handle(ListCertificates {}).unwrap().people;
    let person = people.into_iter().find(|one| one.name.starts_with(about)).unwrap().id;
    let wish = AskCertificate { kinds: kinds.to_vec(), person, audience: Audience::Private, stamp };
    device.app().handle(wish).unwrap()
}

pub(crate) fn row(device: &Device, id: CertificateId) -> CertificateRow {
    device.app().handle(ListCertificates {}).unwrap().rows.into_iter().find(|row| row.id == id).unwrap()
}

pub(crate) fn shown(device: &Device, id: CertificateId) -> CertificateView {
    device.app().handle(GetCertificate { id }).unwrap()
}

/// Moves the device's resident to another address in the registry. `held`: the registry does not certify it for now.
pub(crate) fn moves(world: &World, device: &Device, to: &str, held: bool) {
    let town = world.town.town();
    let person = device.app().handle(ListCertificates {}).unwrap().people[0].id;
    let mut record = residents::find(town, person).unwrap().unwrap();
    record.address = to.to_owned();
    let registry = record.registry.as_mut().unwrap();
    registry.held.retain(|one| one.code != "TRASLOCO");
    if held {
        registry.held.push(HeldBody {
            kind: Some("residence".into()),
            why: "C’è un cambio di residenza in corso.".into(),
            since: None,
            until: None,
            office: None,
            code: "TRASLOCO".into(),
        });
    }
    residents::register(town, &record).unwrap();
}

/// The town does what it would do beside; the device reads it, and what it fetches.
/// Issues what can be issued; a signing service that does not answer is tried again at the next call.
pub(crate) async fn settle(world: &World, device: &Device) {
    world.settle(device).await;
    let town = world.town.town().clone();
    // pagoPA is waited for there.
    let _ = tokio::task::spawn_blocking(move || issuing::issue_all(&town)).await.unwrap();
    world.settle(device).await;
}
