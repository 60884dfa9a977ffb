//! What to tell again when the town has lost its past: a function of what it now holds and what it once signed for.

use vicino_contract::http::{CaseRecord, CertificateRecord, NoticeRecord, ReportRecord, SignatureRecord};
use vicino_contract::ipc::RequestKind;
use vicino_domain::{CaseState, ReportState};

use crate::outbox::Request;

/// The requests of one report, delivered once, that the town no longer holds. `record`: what it now tells of it.
pub(super) fn lost<'a>(record: Option<&ReportRecord>, requests: &'a [Request]) -> Vec<&'a Request> {
    let withdrawn = requests.iter().any(|request| request.kind == RequestKind::Withdrawal);
    let missing = |request: &&Request| {
        let Some(record) = record else {
            // What its writer took back need not come back to be taken back again.
            return !withdrawn;
        };
        match request.kind {
            RequestKind::Report => false,
            RequestKind::Photo => {
                !record.arrived.iter().any(|photo| photo.arrived && photo.id.to_string() == request.subject)
            }
            RequestKind::Message => !record.messages.iter().any(|message| message.id.to_string() == request.subject),
            RequestKind::File => {
                let mut files = record.messages.iter().flat_map(|message| &message.files);
                !files.any(|file| file.arrived && file.file.id.to_string() == request.subject)
            }
            // An office that closed it first has the last word: the wish was heard, and changes nothing any more.
            RequestKind::Withdrawal => !ReportState::from_code(&record.state).is_some_and(ReportState::is_closed),
            // Of a case: see below.
            _ => false,
        }
    };
    requests.iter().filter(|request| request.delivered_at.is_some()).filter(missing).collect()
}

/// Whether the town no longer holds a signature that was asked for or answered; `None`: it has not told yet. `asked`,
/// `wanted`: what it now tells of it; `written`: whether the case is still being written.
pub(super) fn is_signature_lost(
    kind: RequestKind,
    (asked, wanted): (Option<&SignatureRecord>, Option<&SignatureRecord>),
    written: bool,
) -> Option<bool> {
    match kind {
        RequestKind::Signature => Some(written && asked.is_none()),
        RequestKind::SignatureWithdrawal => {
            Some(asked.is_some_and(|record| record.state != SignatureRecord::WITHDRAWN))
        }
        // The asker's device may have to ask again first; what was answered then answers that.
        RequestKind::SignatureAnswer => wanted.map(|record| record.state == SignatureRecord::WAITING),
        _ => Some(false),
    }
}

/// Whether the town no longer holds what a resident said of a notice, or the proof of it.
pub(super) fn is_declaration_lost(record: &NoticeRecord, request: &Request) -> bool {
    let is = |id: uuid::Uuid| id.to_string() == request.subject;
    match request.kind {
        RequestKind::Declaration => !record.history.iter().any(|step| step.declaration.is_some_and(is)),
        RequestKind::NoticeFile => !record.files.iter().any(|file| file.arrived && is(file.file.id)),
        _ => false,
    }
}

/// The same, of one certificate.
pub(super) fn lost_of_certificate<'a>(record: Option<&CertificateRecord>, requests: &'a [Request]) -> Vec<&'a Request> {
    let withdrawn = requests.iter().any(|request| request.kind == RequestKind::CertificateWithdrawal);
    let missing = |request: &&Request| {
        let Some(record) = record else { return !withdrawn };
        // One that was issued meanwhile is taken back by nobody who asked for it.
        let open = record.issued.is_none() && record.state != CertificateRecord::WITHDRAWN;
        request.kind == RequestKind::CertificateWithdrawal && open
    };
    requests.iter().filter(|request| request.delivered_at.is_some()).filter(missing).collect()
}

/// The same, of one case.
pub(super) fn lost_of_case<'a>(record: Option<&CaseRecord>, requests: &'a [Request]) -> Vec<&'a Request> {
    let withdrawn = requests.iter().any(|request| request.kind == RequestKind::CaseWithdrawal);
    let missing = |request: &&Request| {
        let Some(record) = record else { return !withdrawn };
        match request.kind {
            RequestKind::CaseMessage | RequestKind::CaseIntegration => {
                !record.messages.iter().any(|message| message.id.to_string() == request.subject)
            }
            RequestKind::CaseFile => {
                !record.all_files().any(|file| file.arrived && file.file.id.to_string() == request.subject)
            }
            RequestKind::CaseWithdrawal => CaseState::from_code(&record.state).is_some_and(CaseState::may_be_withdrawn),
            _ => false,
        }
    };
    requests.iter().filter(|request| request.delivered_at.is_some()).filter(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Lack;
    use vicino_domain::{Instant, MatterId, RequestId};

    fn delivered(kind: RequestKind, subject: &str) -> Request {
        Request {
            seq: 1,
            id: RequestId::new(Instant::default(), [1; 10]),
            matter: MatterId::new(Instant::default(), [1; 10]),
            kind,
            subject: subject.into(),
            saved_at: Instant::default(),
            tries: 1,
            next_try: None,
            lack: Lack::Nothing,
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

    #[test]
    fn what_the_town_still_holds_is_not_told_again() {
        let photo = delivered(RequestKind::Photo, "018f0000-0000-7000-8000-000000000002");
        let all = [delivered(RequestKind::Report, "r"), photo];
        assert!(lost(Some(&record("received", true)), &all).is_empty());
        assert_eq!(lost(Some(&record("received", false)), &all), [&all[1]]);
        assert_eq!(lost(None, &all).len(), 2);
    }

    #[test]
    fn a_report_taken_back_and_lost_stays_away() {
        let all = [delivered(RequestKind::Report, "r"), delivered(RequestKind::Withdrawal, "r")];
        assert!(lost(None, &all).is_empty());
        assert_eq!(lost(Some(&record("in_charge", true)), &all), [&all[1]]);
        assert!(lost(Some(&record("withdrawn", true)), &all).is_empty());
        assert!(lost(Some(&record("resolved", true)), &all).is_empty());
    }

    #[test]
    fn what_was_never_delivered_is_in_the_queue_already() {
        let mut waiting = delivered(RequestKind::Message, "m");
        waiting.delivered_at = None;
        assert!(lost(None, &[waiting]).is_empty());
    }
}
