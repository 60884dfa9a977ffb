//! Cases as lists and pages show them: what was sent, what the town says, by when it must conclude.

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::MessageKind;
use vicino_contract::http::{CaseRecord, CaseStep, Collection, ServiceRecord};
use vicino_contract::ipc::{
    CaseDraftRow, CaseList, CaseRow, CaseView, Delivery, FileView, GetCase, ListCases, StepView, SummaryLine,
    SummaryPart,
};
use vicino_domain::form::{Answer as Given, Answers, Asked, Form, Kind, Path};
use vicino_domain::{CaseId, CaseState, Clock, Instant, Move, Term, Turn, clock, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::directory;
use crate::error::Error;
use crate::matters::case::form_view::{self, Here};
use crate::matters::case::store::{self, Sent};
use crate::matters::report;
use crate::matters::report::commands::said;
use crate::outbox::Request;
use crate::store::files::{self, KeptFile};
use crate::store::{cursors, messages, outbox};

/// Cases of a page at most.
const MOST: u32 = 200;

impl Handle for ListCases {
    fn handle(self, device: &Device) -> Result<CaseList, Error> {
        let now = device.now();
        let drafts = device.store.private(store::drafts)?;
        let here = Here::of(device, drafts.iter().map(|draft| draft.pack.service))?;
        device.store.private(|tx| {
            // A form opened and left again leaves nothing to come back to.
            let worth = drafts.into_iter().filter(|draft| !draft.answers.0.is_empty());
            let drafts = worth.map(|draft| {
                let gaps = u32::try_from(here.missing(tx, &draft)?.len()).unwrap_or(u32::MAX);
                let whom = draft.answers.whom(&draft.pack.form).map(str::to_owned);
                Ok(CaseDraftRow { gaps, whom, id: draft.id, title: draft.title, saved_at: draft.saved_at })
            });
            let drafts = drafts.collect::<Result<_, Error>>()?;
            let untold = store::untold(tx)?;
            let here = u32::try_from(untold.len()).unwrap_or(u32::MAX);
            let limit = self.limit.min(MOST);
            let mut rows = Vec::new();
            for sent in untold.iter().skip(usize::try_from(self.offset).unwrap_or(usize::MAX)).take(limit as usize) {
                rows.push(row_here(sent, &outbox::of(tx, sent.id)?));
            }
            let left = limit.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            let told = store::records(tx, (self.offset.saturating_sub(here), left))?;
            rows.extend(told.iter().map(|record| row(record, now)));
            let total = here.saturating_add(vicino_records::total(tx, Collection::Cases.code(), None)?);
            let freshness = device.own_freshness(cursors::read(tx)?.freshness);
            Ok(CaseList { drafts, rows, total, freshness })
        })
    }
}

impl Handle for GetCase {
    fn handle(self, device: &Device) -> Result<CaseView, Error> {
        let now = device.now();
        let (view, office) = device.store.private(|tx| {
            let (sent, record) = (store::sent(tx, self.id)?, store::record(tx, self.id)?);
            let (requests, written) = (outbox::of(tx, self.id)?, messages::of(tx, self.id)?);
            let own = files::of(tx, self.id)?;
            let freshness = device.own_freshness(cursors::read(tx)?.freshness);
            let withdrawing = requests
                .iter()
                .any(|request| request.kind == MessageKind::CaseWithdrawal && request.delivered_at.is_none());
            let (row, form, answers, office) = match (&record, &sent) {
                (Some(record), _) => (row(record, now), record.form(), record.answers(), record.office),
                (None, Some(sent)) => {
                    (row_here(sent, &requests), sent.pack.form.clone(), sent.body.answers.clone(), sent.office)
                }
                (None, None) => return Err(Error::not_found()),
            };
            let about =
                record.as_ref().map(|record| record.about).or(sent.as_ref().map(|sent| sent.body.about)).flatten();
            let about = about.map(|id| titled(tx, CaseId::from_uuid(id))).transpose()?;
            let view = CaseView {
                row,
                protocol: record.as_ref().and_then(|record| record.protocol.clone()).map(|one| (one.number, one.at)),
                receipt: requests.iter().any(|one| one.kind == MessageKind::Case && one.acknowledgement.is_some()),
                answers: summary(&form, &answers, &own.iter().map(KeptFile::view).collect::<Vec<_>>()),
                steps: record.iter().flat_map(|record| &record.history).map(|entry| step(entry, &own)).collect(),
                messages: report::view::thread(
                    record.as_ref().map(|record| record.messages.as_slice()).unwrap_or_default(),
                    &written,
                    &own,
                ),
                enclosed: report::view::enclosed(&own),
                office: None,
                about,
                help: None,
                answer_by: record.as_ref().and_then(answer_by),
                may_withdraw: !withdrawing && record.as_ref().is_none_or(may_withdraw),
                withdrawing,
                freshness,
            };
            Ok((view, office))
        })?;
        let office = directory::whom_to_ask(device, Some(office))?;
        let help = directory::with_purpose(device, ServiceRecord::HELP)?;
        // Nobody needs help with asking for help.
        let help = help.filter(|_| view.about.is_none());
        Ok(CaseView { office, help, ..view })
    }
}

/// A case with what it is called here.
pub(crate) fn titled(tx: &Transaction<'_>, id: CaseId) -> Result<(CaseId, String), Error> {
    Ok((id, store::title(tx, id)?.unwrap_or_default()))
}

/// Returns whether it may be taken back now.
pub(crate) fn may_withdraw(record: &CaseRecord) -> bool {
    record.state.known().is_some_and(CaseState::may_be_withdrawn)
}

fn row(record: &CaseRecord, now: Instant) -> CaseRow {
    let answers: Answers = serde_json::from_value(record.answers.clone()).unwrap_or_default();
    CaseRow {
        id: CaseId::from_uuid(record.id),
        title: record.title.clone(),
        whom: answers.whom(&record.form()).map(str::to_owned),
        delivery: Delivery::Delivered { number: record.number.clone(), at: record.received_at },
        state: record.state.known(),
        sent_at: record.sent_at,
        changed_at: record.history.last().map_or(record.received_at, |step| step.at),
        clock: record.term().and_then(|term| clock_of(term, &record.history, now)),
    }
}

/// The clock of a timeline; none when it holds a state of a release to come.
pub(crate) fn clock_of(term: Term, history: &[CaseStep], now: Instant) -> Option<Clock> {
    let moves: Option<Vec<Move>> = history
        .iter()
        .map(|step| Some(Move { state: step.state.known()?, on: town_day(step.at), suspends: step.suspends }))
        .collect();
    clock(term, &moves?, town_day(now))
}

/// A case the town has not told of yet.
fn row_here(sent: &Sent, requests: &[Request]) -> CaseRow {
    let own = requests.iter().rev().find(|request| request.kind == MessageKind::Case);
    let word = own.and_then(|own| own.delivered_at.and(own.acknowledgement.as_deref())).and_then(said);
    let delivery = match (own.and_then(|own| own.stuck.clone()), word) {
        (Some(reason), _) => Delivery::Stuck { reason },
        (None, Some(said)) => Delivery::Delivered { number: said.number, at: said.received_at },
        (None, None) => Delivery::Waiting,
    };
    CaseRow {
        id: sent.id,
        title: sent.title.clone(),
        whom: sent.body.answers.whom(&sent.pack.form).map(str::to_owned),
        delivery,
        state: None,
        sent_at: sent.sent_at,
        changed_at: sent.sent_at,
        clock: None,
    }
}

fn step(step: &CaseStep, known: &[KeptFile]) -> StepView {
    StepView {
        state: step.state.known(),
        at: step.at,
        office: step.office.clone(),
        note: step.note.clone(),
        by: report::view::writer(step.by.as_ref()),
        suspends: step.suspends,
        files: report::view::told(&step.files, known),
    }
}

/// Questions and answers under their headings; what was not asked, or not answered, is left out.
pub(crate) fn summary(form: &Form, answers: &Answers, files: &[FileView]) -> Vec<SummaryPart> {
    let asked = Asked::new(form, answers);
    let mut parts = Vec::new();
    for section in &form.sections {
        for index in 0..answers.repeats(section) {
            let lines = section.fields.iter().filter_map(|field| {
                let path = Path { section: section.id.clone(), index, field: field.id.clone() };
                let answer = answers.get(&path).filter(|_| asked.field(&path))?;
                let (question, answer_words) = (field.label.clone(), words(&field.kind, answer));
                Some(SummaryLine { question, answer: answer_words, files: form_view::chosen(Some(answer), files) })
            });
            let lines: Vec<SummaryLine> = lines.collect();
            if !lines.is_empty() {
                parts.push(SummaryPart { title: section.title.clone(), lines });
            }
        }
    }
    parts
}

/// An answer in words; nothing for what was declared by ticking it, and for files.
fn words(kind: &Kind, answer: &Given) -> String {
    match (kind, answer) {
        (Kind::Choice { options, .. }, Given::Chosen(values)) => {
            let label = |value: &String| {
                options
                    .iter()
                    .find(|option| option.value == *value)
                    .map_or(value.clone(), |option| option.label.clone())
            };
            values.iter().map(label).collect::<Vec<_>>().join(", ")
        }
        (_, Given::Text(typed)) => typed.clone(),
        (_, Given::Chosen(values)) => values.join(", "),
        (_, Given::Ticked(_) | Given::Files(_)) => String::new(),
    }
}

/// By which day the resident is asked to answer, while it is their turn.
pub(crate) fn answer_by(record: &CaseRecord) -> Option<NaiveDate> {
    let turn = record.state.known()?.turn() == Turn::Resident;
    record.history.last()?.answer_by.filter(|_| turn)
}
