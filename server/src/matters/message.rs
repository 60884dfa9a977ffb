//! The thread of a report: what the resident writes, what the office answers.

use rusqlite::Transaction;
use vicino_contract::MessageKind;
use vicino_contract::http::office::{OfficeMessage, OfficeReport};
use vicino_contract::http::tus::Part;
use vicino_contract::http::{Author, MessageBody, MessageRecord, ProblemCode};
use vicino_domain::{AttachmentId, MessageId, ReportId, Sha256};

use crate::access::desks;
use crate::access::operators;
use crate::access::operators::{Deed, Operator};
use crate::access::residents::author;
use crate::matters::attachment;
use crate::matters::attachment::with_message;
use crate::matters::receive_once::receive_once;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::matters::report;
use crate::matters::report::{own_report, write_report};
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::{Changed, Reader, Refusal, Town};

/// Takes a resident's message about a report in.
pub(crate) fn receive(
    town: &Town,
    reader: &Reader,
    report: ReportId,
    id: MessageId,
    body: MessageBody,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let incoming = Incoming { reader, kind: MessageKind::Message, id: id.uuid(), digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        // Asked of new ones alone: what was signed for is answered as before.
        let text = text(town, &body.text)?;
        let files = with_message(&body.files, &town.identity.limits)?;
        let mut record = own_report(tx, reader, report)?.ok_or_else(Refusal::not_found)?;
        has_room_for_one_more(town, &record.body.messages)?;
        let (by, at) = (author(tx, reader)?, town.now());
        let author = Author::Resident.into();
        record.body.messages.push(MessageRecord { id: id.uuid(), author, office: None, by, text, files, at });
        write_report(tx, &record)?;
        Ok(Effect::on(record.body.number, record.owner))
    })
}

/// The office answers in a thread; the same message again changes nothing.
pub(crate) fn answer(
    town: &Town,
    by: &Operator,
    report: ReportId,
    message: OfficeMessage,
) -> Result<OfficeReport, Refusal> {
    let text = text(town, &message.text)?;
    let wrote = |tx: &Transaction<'_>| {
        let mut record = report::seen(town, tx, by, report)?;
        let part = |file| Part::ReportFile(report, file);
        if office_says(town, tx, by, (record.owner, &mut record.body.messages), (message, text), part)? {
            write_report(tx, &record)?;
            record.version += 1;
        }
        Ok((OfficeReport { version: record.version, record: record.body }, record.owner))
    };
    let (seen, owner) = operators::audited_by(town, by, Deed::Wrote, wrote, |_| vec![report.to_string()])?;
    town.register.say_changed(Changed(owner));
    Ok(seen)
}

/// Adds an office's message to a thread, in a name of its own and with files it has brought; answers whether it is new. The same
/// again changes nothing, and another under its id is refused.
pub(crate) fn office_says(
    town: &Town,
    tx: &Transaction<'_>,
    by: &Operator,
    (owner, thread): (Option<Owner>, &mut Vec<MessageRecord>),
    (message, text): (OfficeMessage, String),
    part: impl Fn(AttachmentId) -> Part,
) -> Result<bool, Refusal> {
    match thread.iter().find(|known| known.id == message.id) {
        Some(known) if known.text == text && known.author == Author::Office => return Ok(false),
        Some(_) => return Err(Refusal::id_conflict()),
        None => {}
    }
    let (author, at) = (Author::Office.into(), town.now());
    let office = Some(desks::speaks_as(town, tx, by, &message.office)?);
    let files = attachment::give(town, tx, by, owner, &message.files, at, part)?;
    thread.push(MessageRecord { id: message.id, author, office, by: None, text, files, at });
    Ok(true)
}

/// A refusal, when a thread is as long as one may be: it is written whole each time.
pub(crate) fn has_room_for_one_more(town: &Town, thread: &[MessageRecord]) -> Result<(), Refusal> {
    let full =
        || Refusal::new(RefusalKind::Unprocessable, ProblemCode::TooMany, "Thread full: no more messages accepted");
    if thread.len() < town.identity.bounds.messages { Ok(()) } else { Err(full()) }
}

/// The text of a message, if it is one the town takes.
pub(crate) fn text(town: &Town, text: &str) -> Result<String, Refusal> {
    town.identity.limits.message_text(text).map_err(|invalid| {
        let mut refusal = Refusal::invalid(vec![invalid]);
        refusal.reason.code = ProblemCode::Invalid;
        refusal
    })
}
