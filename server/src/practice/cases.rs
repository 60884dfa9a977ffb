//! Cases of the practice town: what its families asked for before, and the office that moves new ones along by itself.

use chrono::{Datelike as _, Duration};
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{
    CaseRecord, CaseStep, CaseTransition, Collection, OfficeCase, ProtocolBody, ServicePack, ServiceRecord,
};
use vicino_contract::jws;
use vicino_domain::form::{Answer, Answers};
use vicino_domain::{CaseId, CaseState, Instant};

use super::office::Pace;
use crate::operators::Operator;
use crate::reader::Owner;
use crate::store::{self, StoreError};
use crate::{Refusal, Town};

/// The canteen of a child: asked for in September, accepted in October.
pub(super) fn canteen(
    tx: &Transaction<'_>,
    town: &Town,
    (id, owner): (Uuid, Owner),
    (child, tax_code): (&str, &str),
) -> Result<(), StoreError> {
    let services = store::all::<ServiceRecord>(tx, Collection::Services)?;
    let Some(service) = services.into_iter().find(|service| service.body.title.contains("mensa")) else {
        return Ok(());
    };
    let word = service.body.pack.as_deref().unwrap_or_default();
    let Ok(payload) = jws::verify(word, &town.keys.public) else { return Ok(()) };
    let pack: ServicePack = serde_json::from_slice(&payload)?;
    let now = town.now();
    let at = |days: i64| now - Duration::days(days);
    let steps = [
        (CaseState::Submitted, 170, None),
        (CaseState::Registered, 169, None),
        (CaseState::Pending, 165, None),
        (CaseState::Accepted, 150, Some("Iscrizione accolta: il servizio comincia dal primo giorno chiesto.")),
    ];
    let history = steps.map(|(state, days, note)| CaseStep {
        state: state.code().to_owned(),
        at: at(days),
        office: (state != CaseState::Submitted).then(|| String::from("Ufficio Servizi scolastici")),
        note: note.map(str::to_owned),
        suspends: None,
        files: Vec::new(),
    });
    let text = |value: &str| Answer::Text(value.to_owned());
    let chosen = |values: &[&str]| Answer::Chosen(values.iter().map(|value| (*value).to_owned()).collect());
    let answers = [
        ("child.name", text(child)),
        ("child.tax_code", text(tax_code)),
        ("child.school", chosen(&["primaria_tigli"])),
        ("meals.days", chosen(&["mon", "wed", "fri"])),
        ("meals.diet", chosen(&["none"])),
        ("end.true", Answer::Ticked(true)),
    ];
    let answers = answers.into_iter().filter_map(|(path, answer)| Some((path.parse().ok()?, answer)));
    let (asked_in, registered_in) = (at(170).year(), at(169).year());
    let protocol = format!("{}/{registered_in}", store::next_protocol(tx, registered_in)?);
    let record = CaseRecord {
        id,
        title: service.body.title,
        office: service.body.office,
        number: format!("{asked_in}/{:05}", store::next_number(tx, asked_in)?),
        received_at: at(170),
        state: CaseState::Accepted.code().to_owned(),
        protocol: Some(ProtocolBody { number: protocol, at: at(169) }),
        service: service.body.id,
        sent_at: at(170),
        term: serde_json::to_value(pack.term)?,
        form: serde_json::to_value(pack.form)?,
        answers: serde_json::to_value(Answers(answers.collect()))?,
        files: Vec::new(),
        history: history.to_vec(),
        messages: Vec::new(),
    };
    store::write(tx, Collection::Cases.wire(), &id.to_string(), Some(owner), &record)
}

/// Does, for every case, the step that is due.
pub(super) fn act(town: &Town, pace: Pace) -> Result<(), Refusal> {
    let (now, by) = (town.now(), Operator::town());
    for case in town.case_queue(&by, None, None)? {
        let Some((state, note)) = due(&case, now, pace) else { continue };
        let wish = CaseTransition {
            state: state.code().to_owned(),
            version: case.version,
            office: office(town, &case),
            note: note.map(str::to_owned),
            suspends: None,
            files: Vec::new(),
        };
        match town.move_case(&by, CaseId::from_uuid(case.record.id), wish) {
            // Somebody was faster: it is looked at again at the next tick.
            Err(refusal) if refusal.problem.status == 409 => {}
            other => drop(other?),
        }
    }
    Ok(())
}

/// The name of the office that answers for a case.
fn office(town: &Town, case: &OfficeCase) -> String {
    let found = town.store().write(|tx| {
        store::find::<vicino_contract::http::OfficeRecord>(tx, Collection::Offices, &case.record.office.to_string())
    });
    found.ok().flatten().map_or_else(|| String::from("Ufficio"), |office| office.body.name)
}

/// The step that is due, decided from the case's story alone. One that asks something is asked for it once.
fn due(case: &OfficeCase, now: Instant, pace: Pace) -> Option<(CaseState, Option<&'static str>)> {
    let last = case.record.history.last()?;
    let state = CaseState::from_code(&last.state)?;
    // It gives the resident longer than itself.
    let patience = if state == CaseState::AwaitingIntegration { pace.0 * 20 } else { pace.0 };
    if now - last.at < patience {
        return None;
    }
    let asked = case.record.history.iter().any(|step| step.state == CaseState::AwaitingIntegration.code());
    let reduced = case.record.answers().0.keys().any(|path| path.section == "rate" && path.field == "isee");
    Some(match state {
        CaseState::Submitted => (CaseState::Registered, None),
        CaseState::Registered => (CaseState::Pending, None),
        CaseState::Pending if reduced && !asked => {
            (CaseState::IntegrationAsked, Some("Per la tariffa ridotta ci serve il numero di protocollo dell’ISEE."))
        }
        CaseState::IntegrationAsked => {
            let note =
                "Scrivici il numero di protocollo della tua attestazione ISEE: lo trovi in alto sul documento INPS.";
            (CaseState::AwaitingIntegration, Some(note))
        }
        CaseState::AwaitingIntegration => return None,
        CaseState::Integrated => (CaseState::PendingAgain, None),
        CaseState::Pending | CaseState::PendingAgain => (CaseState::Accepted, Some("La tua richiesta è accolta.")),
        _ => return None,
    })
}
