//! The practice office: it takes reports in charge, writes, asks and solves, so that a newcomer sees the whole journey.

use chrono::Duration;
use uuid::Uuid;
use vicino_contract::http::office::{OfficeMessage, OfficeReport, Transition};
use vicino_contract::http::{Author, ReportRecord};
use vicino_domain::{Instant, ReportId, ReportState};

use crate::access::operators::Operator;
use crate::matters::message;
use crate::matters::report;
use crate::matters::report::queued;
use crate::practice::story::office_for;
use crate::refusal::RefusalKind;
use crate::{Refusal, Town};

/// The time the office waits before its next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace(pub Duration);

impl Default for Pace {
    /// The whole journey in under three minutes.
    fn default() -> Self {
        Self(Duration::seconds(40))
    }
}

/// What the office does next with a report.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Move(ReportState, &'static str),
    Write(&'static str),
}

/// Does, for every report, the step that is due.
///
/// # Errors
/// A [`Refusal`] when the register cannot answer.
pub fn act(town: &Town, pace: Pace) -> Result<(), Refusal> {
    let (now, by) = (town.now(), Operator::town());
    // Read before the steps, so that the register is free for them.
    let reports = town.register.write(|tx| queued(tx, |_| true))?;
    for report in reports {
        let Some(step) = due(&report.record, now, pace) else { continue };
        match carry_out(town, &by, &report, step) {
            // Somebody was faster: it is looked at again at the next tick.
            Err(refusal) if refusal.kind == RefusalKind::Conflict => {}
            other => other?,
        }
    }
    Ok(())
}

/// The step that is due, decided from the report's story alone.
fn due(record: &ReportRecord, now: Instant, pace: Pace) -> Option<Step> {
    let last = record.history.last()?;
    let written = record.messages.iter().map(|message| message.at).max();
    let quiet_since = written.unwrap_or(last.at).max(last.at);
    if now - quiet_since < pace.0 {
        return None;
    }
    let answered = record.messages.iter().any(|message| message.author == Author::Office);
    match record.state.known()? {
        ReportState::Received => {
            Some(Step::Move(ReportState::InCharge, "Abbiamo letto la segnalazione. Sopralluogo nei prossimi giorni."))
        }
        ReportState::InCharge if !answered => {
            Some(Step::Write("Buongiorno, grazie della segnalazione: una squadra passa a vedere."))
        }
        ReportState::InCharge | ReportState::YourTurn => {
            Some(Step::Move(ReportState::Resolved, "La squadra è intervenuta e il problema è risolto."))
        }
        ReportState::Resolved | ReportState::Declined | ReportState::Withdrawn => None,
    }
}

fn carry_out(town: &Town, by: &Operator, report: &OfficeReport, step: Step) -> Result<(), Refusal> {
    let (id, office) =
        (ReportId::from_uuid(report.record.id), office_for(report.record.report.category.known()).to_owned());
    match step {
        Step::Move(state, note) => {
            let (state, note, version) = (state.into(), Some(note.to_owned()), report.version);
            report::transition(town, by, id, Transition { state, version, office, note, expected_by: None })?;
        }
        Step::Write(text) => {
            let message = OfficeMessage {
                id: Uuid::from_bytes(crate::entropy::random()?),
                office,
                text: text.to_owned(),
                files: Vec::new(),
            };
            message::answer(town, by, id, message)?;
        }
    }
    Ok(())
}
