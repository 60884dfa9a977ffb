//! What to tell again when the town has lost its past: a function of what it now holds and what it once signed for.

use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_contract::http::{CaseRecord, CertificateRecord, NoticeRecord, ReportRecord, SignatureRecord, SigningState};
use vicino_domain::certificate::IssueState;
use vicino_domain::{CaseState, ReportState};

use crate::outbox::Request;

/// The state, at the town, of a request that it once signed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Held {
    /// It does, or need not.
    Kept,
    /// It does not: it is to be told again.
    Lost,
    /// It has not told yet.
    Untold,
}

/// The matter of a request as the town now tells it: the record of its kind is there, the others are not.
#[derive(Clone, Copy, Default)]
struct Told<'a> {
    report: Option<&'a ReportRecord>,
    case: Option<&'a CaseRecord>,
    notice: Option<&'a NoticeRecord>,
    certificate: Option<&'a CertificateRecord>,
    /// The signature as its asker reads it.
    asked: Option<&'a SignatureRecord>,
    /// The signature as the person asked reads it.
    wanted: Option<&'a SignatureRecord>,
    /// Tells whether the case that the signature is for is still being written.
    written: bool,
}

/// Returns whether the town has lost what a request brought it; `None` until it tells.
fn is_lost(request: &Request, told: Told<'_>) -> Option<bool> {
    let is = |id: Uuid| id.to_string() == request.subject;
    Some(match request.kind {
        // The matter itself is there: it is told.
        MessageKind::Report | MessageKind::Case | MessageKind::Certificate => false,
        MessageKind::Photo => {
            told.report.is_some_and(|record| !record.arrived.iter().any(|photo| photo.arrived && is(photo.id)))
        }
        MessageKind::Message => told.report.is_some_and(|record| !record.messages.iter().any(|message| is(message.id))),
        MessageKind::File => told.report.is_some_and(|record| {
            let mut files = record.messages.iter().flat_map(|message| &message.files);
            !files.any(|file| file.arrived && is(file.file.id))
        }),
        // An office that closed it first has the last word: the wish was heard, and changes nothing any more.
        MessageKind::Withdrawal => {
            told.report.is_some_and(|record| !record.state.known().is_some_and(ReportState::is_closed))
        }
        MessageKind::CaseMessage | MessageKind::CaseIntegration => {
            told.case.is_some_and(|record| !record.messages.iter().any(|message| is(message.id)))
        }
        MessageKind::CaseFile => {
            told.case.is_some_and(|record| !record.all_files().any(|file| file.arrived && is(file.file.id)))
        }
        MessageKind::CaseWithdrawal => {
            told.case.is_some_and(|record| record.state.known().is_some_and(CaseState::may_be_withdrawn))
        }
        MessageKind::Signature => told.written && told.asked.is_none(),
        MessageKind::SignatureWithdrawal => told.asked.is_some_and(|record| record.state != SigningState::Withdrawn),
        // The asker's device may have to ask again first; what was answered then answers that.
        MessageKind::SignatureAnswer => return told.wanted.map(|record| record.state == SigningState::Waiting),
        MessageKind::Declaration => {
            told.notice.is_some_and(|record| !record.history.iter().any(|step| step.declaration.is_some_and(is)))
        }
        MessageKind::NoticeFile => {
            told.notice.is_some_and(|record| !record.files.iter().any(|file| file.arrived && is(file.file.id)))
        }
        // One that was issued meanwhile is taken back by nobody who asked for it.
        MessageKind::CertificateWithdrawal => {
            told.certificate.is_some_and(|record| record.issued.is_none() && record.state != IssueState::Withdrawn)
        }
    })
}

fn held(request: &Request, told: Told<'_>) -> Held {
    is_lost(request, told).map_or(Held::Untold, |lost| if lost { Held::Lost } else { Held::Kept })
}

/// Judges the delivered requests of a matter. Without it all are lost, unless its resident withdrew it: that need not come back to be
/// withdrawn again.
fn each<'a>(
    requests: impl IntoIterator<Item = &'a Request> + Clone,
    told: Option<Told<'_>>,
) -> Vec<(&'a Request, Held)> {
    let withdrawn = requests.clone().into_iter().any(|request| request.kind.is_withdrawal());
    let gone = if withdrawn { Held::Kept } else { Held::Lost };
    let delivered = requests.into_iter().filter(|request| request.delivered_at.is_some());
    delivered.map(|request| (request, told.map_or(gone, |told| held(request, told)))).collect()
}

/// Judges the requests of a report. `record`: what the town now tells of it.
pub(crate) fn of_report<'a>(record: Option<&ReportRecord>, requests: &'a [Request]) -> Vec<(&'a Request, Held)> {
    each(requests, record.map(|record| Told { report: Some(record), ..Told::default() }))
}

/// Judges the requests of a case, but for signatures.
pub(crate) fn of_case<'a>(record: Option<&CaseRecord>, requests: &[&'a Request]) -> Vec<(&'a Request, Held)> {
    each(requests.iter().copied(), record.map(|record| Told { case: Some(record), ..Told::default() }))
}

/// Judges the requests of a certificate.
pub(crate) fn of_certificate<'a>(
    record: Option<&CertificateRecord>,
    requests: &'a [Request],
) -> Vec<(&'a Request, Held)> {
    each(requests, record.map(|record| Told { certificate: Some(record), ..Told::default() }))
}

/// Judges a resident's declaration that a debt is paid, and its proof. Without a record nothing is judged.
pub(crate) fn of_notice<'a>(record: Option<&NoticeRecord>, requests: &'a [Request]) -> Vec<(&'a Request, Held)> {
    let Some(record) = record else { return Vec::new() };
    let told = Told { notice: Some(record), ..Told::default() };
    each(requests.iter().filter(|request| request.is_unconfirmed()), Some(told))
}

/// Judges a signature that was asked for or answered. `asked`, `wanted`: what the town now tells of it; `written`: whether the case is
/// still being written.
pub(crate) fn of_signature(
    request: &Request,
    (asked, wanted): (Option<&SignatureRecord>, Option<&SignatureRecord>),
    written: bool,
) -> Held {
    held(request, Told { asked, wanted, written, ..Told::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Obstacle;
    use vicino_domain::{Instant, ReportId, RequestId};

    fn delivered(kind: MessageKind, subject: &str) -> Request {
        Request {
            seq: 1,
            id: RequestId::new(Instant::default(), [1; 10]),
            matter: ReportId::new(Instant::default(), [1; 10]).into(),
            kind,
            subject: subject.into(),
            saved_at: Instant::default(),
            tries: 1,
            next_try: None,
            obstacle: Obstacle::Nothing,
            left: true,
            stuck: None,
            delivered_at: Some(Instant::default()),
            acknowledgement: None,
            confirmed: false,
            letter_stuck: false,
        }
    }

    fn record(state: &str, arrived: bool) -> ReportRecord {
        serde_json::from_value(serde_json::json!({
            "id": "018f0000-0000-7000-8000-000000000001", "number": "2026/00001", "received_at": "2026-03-12T08:00:00Z",
            "state": state, "category": "roads", "title": "Buca", "details": "Buca", "place": {"source": "words", "note": "qui"},
            "sent_at": "2026-03-12T08:00:00Z", "history": [], "messages": [],
            "arrived": [{"id": "018f0000-0000-7000-8000-000000000002", "sha256": "00", "size": 1, "arrived": arrived}],
        }))
        .unwrap()
    }

    fn lost<'a>(record: Option<&ReportRecord>, requests: &'a [Request]) -> Vec<&'a Request> {
        let judged = of_report(record, requests).into_iter();
        judged.filter(|(_, held)| *held == Held::Lost).map(|(request, _)| request).collect()
    }

    #[test]
    fn what_the_town_still_holds_is_not_told_again() {
        let photo = delivered(MessageKind::Photo, "018f0000-0000-7000-8000-000000000002");
        let all = [delivered(MessageKind::Report, "r"), photo];
        assert!(lost(Some(&record("received", true)), &all).is_empty());
        assert_eq!(lost(Some(&record("received", false)), &all), [&all[1]]);
        assert_eq!(lost(None, &all).len(), 2);
    }

    #[test]
    fn a_report_taken_back_and_lost_stays_away() {
        let all = [delivered(MessageKind::Report, "r"), delivered(MessageKind::Withdrawal, "r")];
        assert!(lost(None, &all).is_empty());
        assert_eq!(lost(Some(&record("in_charge", true)), &all), [&all[1]]);
        assert!(lost(Some(&record("withdrawn", true)), &all).is_empty());
        assert!(lost(Some(&record("resolved", true)), &all).is_empty());
    }

    #[test]
    fn what_was_never_delivered_is_in_the_queue_already() {
        let mut waiting = delivered(MessageKind::Message, "m");
        waiting.delivered_at = None;
        assert!(lost(None, &[waiting]).is_empty());
    }
}
