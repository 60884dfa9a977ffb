//! Steps that journeys share about cases.

use serde_json::{Value, json};
use vicino_contract::ipc::{AnswerField, CaseView, CommandHandler as _, GetCase, ListServices, NewCase, SendCase};
use vicino_domain::form::Answer;
use vicino_domain::{CaseId, ServiceId};
use world::{Device, World};

/// The service whose name holds this word.
pub(crate) fn service(device: &Device, word: &str) -> ServiceId {
    let list = device.app().handle(ListServices {}).unwrap();
    list.rows.into_iter().find(|row| row.title.contains(word)).unwrap().id
}

pub(crate) fn put(device: &Device, id: CaseId, path: &str, answer: Answer) {
    device.app().handle(AnswerField { id, path: path.parse().unwrap(), answer: Some(answer) }).unwrap();
}

pub(crate) fn text(typed: &str) -> Answer {
    Answer::Text(typed.into())
}

pub(crate) fn chosen(values: &[&str]) -> Answer {
    Answer::Chosen(values.iter().map(|value| (*value).into()).collect())
}

/// A request for the canteen that lacks nothing.
pub(crate) fn canteen(device: &Device) -> CaseId {
    let id = device.app().handle(NewCase { service: service(device, "mensa"), about: None }).unwrap().id;
    for (path, answer) in [
        ("child.name", text("Giulia Moretti")),
        ("child.tax_code", text("mrt gli 14p61 x999y")),
        ("child.school", chosen(&["primaria_tigli"])),
        ("child.from", text("30/03/2026")),
        ("meals.days", chosen(&["mon", "fri"])),
        ("meals.diet", chosen(&["none"])),
        ("end.phone", text("348 555 0101")),
        ("end.true", Answer::Ticked(true)),
    ] {
        put(device, id, path, answer);
    }
    id
}

/// A case sent.
pub(crate) fn sent(device: &Device) -> CaseId {
    let id = canteen(device);
    device.app().handle(SendCase { id }).unwrap();
    id
}

pub(crate) fn case(device: &Device, id: CaseId) -> CaseView {
    device.app().handle(GetCase { id }).unwrap()
}

/// The office moves a case from wherever it stands.
pub(crate) async fn transition(world: &World, id: CaseId, more: Value) -> (u16, Value) {
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    let mut wish = json!({ "version": seen["version"], "office": "Ufficio Servizi scolastici" });
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.town.office("POST", &format!("/cases/{id}/transitions"), Some(wish)).await
}

pub(crate) async fn moves(world: &World, id: CaseId, states: &[(&str, Option<&str>)]) {
    for (state, note) in states {
        let (status, seen) = transition(world, id, json!({ "state": state, "note": note })).await;
        assert_eq!(status, 200, "{state}: {seen}");
    }
}
