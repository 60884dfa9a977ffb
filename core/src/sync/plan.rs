//! What to tell again when the town has lost its past: a function of what it now holds and what it once signed for.

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

/// Judges each delivered request.
fn each<'a>(
    requests: impl IntoIterator<Item = &'a Request>,
    is_lost: impl Fn(&Request) -> bool,
) -> Vec<(&'a Request, Held)> {
    let delivered = requests.into_iter().filter(|request| request.delivered_at.is_some());
    delivered.map(|request| (request, if is_lost(request) { Held::Lost } else { Held::Kept })).collect()
}

/// The requests of a report. `record`: what the town now tells of it.
pub(crate) fn of_report<'a>(record: Option<&ReportRecord>, requests: &'a [Request]) -> Vec<(&'a Request, Held)> {
    let withdrawn = requests.iter().any(|request| request.kind == MessageKind::Withdrawal);
    each(requests, |request| {
        let Some(record) = record else {
            // What its writer took back need not come back to be taken back again.
            return !withdrawn;
        };
        match request.kind {
            MessageKind::Photo => {
                !record.arrived.iter().any(|photo| photo.arrived && photo.id.to_string() == request.subject)
            }
            MessageKind::Message => !record.messages.iter().any(|message| message.id.to_string() == request.subject),
            MessageKind::File => {
                let mut files = record.messages.iter().flat_map(|message| &message.files);
                !files.any(|file| file.arrived && file.file.id.to_string() == request.subject)
            }
            // An office that closed it first has the last word: the wish was heard, and changes nothing any more.
            MessageKind::Withdrawal => !record.state.known().is_some_and(ReportState::is_closed),
            // The report itself is there; the others belong to other matters.
            MessageKind::Report
            | MessageKind::Case
            | MessageKind::CaseMessage
            | MessageKind::CaseIntegration
            | MessageKind::CaseFile
            | MessageKind::CaseWithdrawal
            | MessageKind::Signature
            | MessageKind::SignatureAnswer
            | MessageKind::SignatureWithdrawal
            | MessageKind::Declaration
            | MessageKind::NoticeFile
            | MessageKind::Certificate
            | MessageKind::CertificateWithdrawal => false,
        }
    })
}

/// A signature that was asked for or answered. `asked`, `wanted`: what the town now tells of it; `written`: whether the case is still being
/// written.
pub(crate) fn of_signature(
    kind: MessageKind,
    (asked, wanted): (Option<&SignatureRecord>, Option<&SignatureRecord>),
    written: bool,
) -> Held {
    let lost = match kind {
        MessageKind::Signature => Some(written && asked.is_none()),
        MessageKind::SignatureWithdrawal => Some(asked.is_some_and(|record| record.state != SigningState::Withdrawn)),
        // The asker's device may have to ask again first; what was answered then answers that.
        MessageKind::SignatureAnswer => wanted.map(|record| record.state == SigningState::Waiting),
        // They belong to other matters.
        MessageKind::Report
        | MessageKind::Photo
        | MessageKind::Message
        | MessageKind::File
        | MessageKind::Withdrawal
        | MessageKind::Case
        | MessageKind::CaseMessage
        | MessageKind::CaseIntegration
        | MessageKind::CaseFile
        | MessageKind::CaseWithdrawal
        | MessageKind::Declaration
        | MessageKind::NoticeFile
        | MessageKind::Certificate
        | MessageKind::CertificateWithdrawal => Some(false),
    };
    lost.map_or(Held::Untold, |lost| if lost { Held::Lost } else { Held::Kept })
}

/// Judges a resident's declaration that a debt is paid, and its proof. Without a record nothing is judged.
pub(crate) fn of_notice<'a>(record: Option<&NoticeRecord>, requests: &'a [Request]) -> Vec<(&'a Request, Held)> {
    let Some(record) = record else { return Vec::new() };
    each(requests.iter().filter(|request| request.is_unconfirmed()), |request| {
        let is = |id: uuid::Uuid| id.to_string() == request.subject;
        match request.kind {
            MessageKind::Declaration => !record.history.iter().any(|step| step.declaration.is_some_and(is)),
            MessageKind::NoticeFile => !record.files.iter().any(|file| file.arrived && is(file.file.id)),
            // They belong to other matters.
            MessageKind::Report
            | MessageKind::Photo
            | MessageKind::Message
            | MessageKind::File
            | MessageKind::Withdrawal
            | MessageKind::Case
            | MessageKind::CaseMessage
            | MessageKind::CaseIntegration
            | MessageKind::CaseFile
            | MessageKind::CaseWithdrawal
            | MessageKind::Signature
            | MessageKind::SignatureAnswer
            | MessageKind::SignatureWithdrawal
            | MessageKind::Certificate
            | MessageKind::CertificateWithdrawal => false,
        }
    })
}

/// The requests of a certificate.
pub(crate) fn of_certificate<'a>(
    record: Option<&CertificateRecord>,
    requests: &'a [Request],
) -> Vec<(&'a Request, Held)> {
    let withdrawn = requests.iter().any(|request| request.kind == MessageKind::CertificateWithdrawal);
    each(requests, |request| {
        let Some(record) = record else { return !withdrawn };
        // One that was issued meanwhile is taken back by nobody who asked for it.
        let open = record.issued.is_none() && record.state != IssueState::Withdrawn;
        match request.kind {
            MessageKind::CertificateWithdrawal => open,
            // The certificate itself is there; the others belong to other matters.
            MessageKind::Report
            | MessageKind::Photo
            | MessageKind::Message
            | MessageKind::File
            | MessageKind::Withdrawal
            | MessageKind::Case
            | MessageKind::CaseMessage
            | MessageKind::CaseIntegration
            | MessageKind::CaseFile
            | MessageKind::CaseWithdrawal
            | MessageKind::Signature
            | MessageKind::SignatureAnswer
            | MessageKind::SignatureWithdrawal
            | MessageKind::Declaration
            | MessageKind::NoticeFile
            | MessageKind::Certificate => false,
        }
    })
}

/// The requests of a case, but for signatures.
pub(crate) fn of_case<'a>(record: Option<&CaseRecord>, requests: &[&'a Request]) -> Vec<(&'a Request, Held)> {
    let withdrawn = requests.iter().any(|request| request.kind == MessageKind::CaseWithdrawal);
    each(requests.iter().copied(), |request| {
        let Some(record) = record else { return !withdrawn };
        match request.kind {
            MessageKind::CaseMessage | MessageKind::CaseIntegration => {
                !record.messages.iter().any(|message| message.id.to_string() == request.subject)
            }
            MessageKind::CaseFile => {
                !record.all_files().any(|file| file.arrived && file.file.id.to_string() == request.subject)
            }
            MessageKind::CaseWithdrawal => record.state.known().is_some_and(CaseState::may_be_withdrawn),
            // The case itself is there; the others belong to other matters.
            MessageKind::Report
            | MessageKind::Photo
            | MessageKind::Message
            | MessageKind::File
            | MessageKind::Withdrawal
            | MessageKind::Case
            | MessageKind::Signature
            | MessageKind::SignatureAnswer
            | MessageKind::SignatureWithdrawal
            | MessageKind::Declaration
            | MessageKind::NoticeFile
            | MessageKind::Certificate
            | MessageKind::CertificateWithdrawal => false,
        }
    })
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
