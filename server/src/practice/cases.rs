//! Cases of the practice town: what its families asked for before, and the office that moves new ones along by itself.

use chrono::{Datelike as _, Duration};
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::office::OfficeMessage;
use vicino_contract::http::{
    Author, CaseRecord, CaseStep, CaseTransition, Collection, OfficeCase, OfficeFile, ProtocolBody, ServicePack,
    ServiceRecord,
};
use vicino_contract::jws::{self, Kind};
use vicino_domain::form::{Answer, Answers};
use vicino_domain::{CaseId, CaseState, Instant, town_day};

use crate::access::operators::Operator;
use crate::matters::attachment;
use crate::matters::case;
use crate::matters::case::office::queued;
use crate::practice::office::Pace;
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, StoreError};
use crate::{Refusal, Town};

/// The canteen of a child: asked for in September, accepted in October.
pub(crate) fn canteen(
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
    let Ok(payload) = jws::verify(Kind::Service, word, &town.keys.public) else { return Ok(()) };
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
        state: state.into(),
        at: at(days),
        office: (state != CaseState::Submitted).then(|| String::from("Ufficio Servizi scolastici")),
        note: note.map(str::to_owned),
        by: None,
        suspends: None,
        answer_by: None,
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
    let (asked_in, registered_in) = (town_day(at(170)).year(), town_day(at(169)).year());
    let protocol = format!("{}/{registered_in}", store::next_protocol(tx, registered_in)?);
    let record = CaseRecord {
        id,
        title: service.body.title,
        office: service.body.office,
        number: format!("{asked_in}/{:05}", store::next_number(tx, asked_in)?),
        received_at: at(170),
        state: CaseState::Accepted.into(),
        protocol: Some(ProtocolBody { number: protocol, at: at(169) }),
        service: service.body.id,
        sent_at: at(170),
        term: serde_json::to_value(pack.term)?,
        form: serde_json::to_value(pack.form)?,
        answers: serde_json::to_value(Answers(answers.collect()))?,
        about: None,
        files: Vec::new(),
        signatures: Vec::new(),
        history: history.to_vec(),
        messages: Vec::new(),
    };
    store::write(tx, Collection::Cases.code(), &id.to_string(), Some(owner), &record)
}

/// What the office gives with a good outcome: the same paper for everyone, and it says so.
const OUTCOME: &[u8] = include_bytes!("../../data/practice/esito.pdf");

/// What the office does next with a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Move(CaseState, Option<&'static str>),
    Write(&'static str),
}

/// Does, for every case, the step that is due.
pub(crate) fn act(town: &Town, pace: Pace) -> Result<(), Refusal> {
    let (now, by) = (town.now(), Operator::town());
    // Not written down: the machine that decides what is due reads, and nobody looks over its shoulder.
    // Read before the steps, so that the register is free for them.
    let cases = town.register.write(|tx| queued(tx, |_| true))?;
    for case in cases {
        let Some(step) = due(&case, now, pace) else { continue };
        match carry_out(town, &by, &case, step) {
            // Somebody was faster: it is looked at again at the next tick.
            Err(refusal) if refusal.kind == RefusalKind::Conflict => {}
            other => other?,
        }
    }
    Ok(())
}

fn carry_out(town: &Town, by: &Operator, case: &OfficeCase, step: Step) -> Result<(), Refusal> {
    let (id, office, now) = (CaseId::from_uuid(case.record.id), office(town, case), town.now());
    match step {
        Step::Move(state, note) => {
            let files = if state == CaseState::Accepted {
                let sha256 = attachment::bring(town, by, OUTCOME)?.sha256;
                vec![OfficeFile { sha256, name: String::from("esito.pdf") }]
            } else {
                Vec::new()
            };
            let wish = CaseTransition {
                state: state.into(),
                version: case.version,
                office,
                note: note.map(str::to_owned),
                suspends: None,
                answer_by: (state == CaseState::AwaitingIntegration).then(|| town_day(now + Duration::days(30))),
                files,
            };
            case::office::transition(town, by, id, wish)?;
        }
        Step::Write(text) => {
            let id_of_message = Uuid::from_bytes(crate::entropy::random()?);
            let message = OfficeMessage { id: id_of_message, office, text: text.to_owned(), files: Vec::new() };
            case::office::answer(town, by, id, message)?;
        }
    }
    Ok(())
}

/// The name of the office that answers for a case.
fn office(town: &Town, case: &OfficeCase) -> String {
    let found = town.register.write(|tx| {
        store::find::<vicino_contract::http::OfficeRecord>(tx, Collection::Offices, &case.record.office.to_string())
    });
    found.ok().flatten().map_or_else(|| String::from("Ufficio"), |office| office.body.name)
}

/// The step that is due, decided from the case's story alone. One that asks something is asked for it once; whoever writes is
/// answered.
fn due(case: &OfficeCase, now: Instant, pace: Pace) -> Option<Step> {
    let last = case.record.history.last()?;
    let state = last.state.known()?;
    if let Some(message) = case.record.messages.last().filter(|message| message.author == Author::Resident) {
        // What came with the answer to a question is answered by going on.
        let answers = state == CaseState::Integrated || message.at <= last.at;
        if !answers && now - message.at >= pace.0 {
            return Some(Step::Write("Buongiorno, abbiamo letto: un operatore guarda la pratica e ti risponde qui."));
        }
    }
    // It gives the resident longer than itself.
    let patience = if state == CaseState::AwaitingIntegration { pace.0 * 20 } else { pace.0 };
    if now - last.at < patience {
        return None;
    }
    let asked = case.record.history.iter().any(|step| step.state == CaseState::AwaitingIntegration);
    let reduced = case.record.answers().0.keys().any(|path| path.section == "rate" && path.field == "isee");
    let helps = case.record.about.is_some();
    let answered = case.record.messages.iter().any(|message| message.author == Author::Office);
    Some(match state {
        CaseState::Submitted => Step::Move(CaseState::Registered, None),
        CaseState::Registered => Step::Move(CaseState::Pending, None),
        CaseState::Pending if reduced && !asked => Step::Move(
            CaseState::IntegrationAsked,
            Some("Per la tariffa ridotta ci serve il numero di protocollo dell’ISEE."),
        ),
        CaseState::IntegrationAsked => Step::Move(
            CaseState::AwaitingIntegration,
            Some("Scrivici il numero di protocollo della tua attestazione ISEE: lo trovi in alto sul documento INPS."),
        ),
        CaseState::AwaitingIntegration => return None,
        CaseState::Integrated => Step::Move(CaseState::PendingAgain, None),
        CaseState::Pending if helps && !answered => {
            Step::Write("Buongiorno, abbiamo guardato la pratica che hai allegato: è in ordine, non devi fare altro.")
        }
        CaseState::Pending | CaseState::PendingAgain => {
            Step::Move(CaseState::Accepted, Some("La tua richiesta è accolta."))
        }
        _ => return None,
    })
}
