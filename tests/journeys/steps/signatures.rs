//! Steps that journeys share about signatures.

use crate::steps::cases::{chosen, put, service, text};
use crate::steps::files::{add, pdf};
use vicino_contract::ipc::{AskSignature, CaseDraftView, CommandHandler as _, FileTo, GetCaseDraft, NewCase, Whom};
use vicino_domain::CaseId;
use vicino_domain::form::Answer;
use world::Device;

/// A change of residence for two, which lacks nothing but the other's signature.
pub(crate) fn moving(device: &Device) -> CaseId {
    let id = device.app().handle(NewCase { service: service(device, "Cambio di residenza"), about: None }).unwrap().id;
    for (path, answer) in [
        ("who.name", text("Anna Berti")),
        ("who.tax_code", text("BRTNNA86E54X999E")),
        ("who.alone", chosen(&["together"])),
        ("home.address", text("Via del Pozzo 12")),
        ("home.cap", text("52037")),
        ("home.from", text("01/03/2026")),
        ("home.title", chosen(&["owner"])),
        ("end.phone", text("348 555 0101")),
        ("end.true", Answer::Ticked(true)),
    ] {
        put(device, id, path, answer);
    }
    let to = FileTo::Answer { case: id, path: "papers.identity".parse().unwrap() };
    add(device, to, "carta.pdf", pdf(40, 3000)).unwrap();
    id
}

pub(crate) fn draft(device: &Device, id: CaseId) -> CaseDraftView {
    device.app().handle(GetCaseDraft { id }).unwrap()
}

/// Asks Luca, who lives with her.
pub(crate) fn ask_luca(device: &Device, id: CaseId) {
    let whom = draft(device, id).candidates.into_iter().find(|one| one.name == "Luca Moretti").unwrap().id;
    device.app().handle(AskSignature { id, signer: "other".into(), whom: Whom::Resident(whom) }).unwrap();
}
