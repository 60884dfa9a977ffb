//! The thread of a report: what the resident writes, what the office answers.

use rusqlite::Transaction;
use vicino_contract::MessageKind;
use vicino_contract::http::office::{OfficeMessage, OfficeReport};
use vicino_contract::http::tus::Part;
use vicino_contract::http::{MessageBody, MessageRecord, ProblemCode};
use vicino_domain::{AttachmentId, MessageId, ReportId, Sha256};

use crate::access::operators::{Deed, Operator};
use crate::access::residents::author;
use crate::matters::attachment::with_message;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::matters::report::{own_report, write_report};
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::{Changed, Reader, Refusal, Town};

impl Town {
    /// Takes a resident's message about a report in.
    pub(crate) fn receive_message(
        &self,
        reader: &Reader,
        report: ReportId,
        id: MessageId,
        body: MessageBody,
        digest: Sha256,
    ) -> Result<Arrived, Refusal> {
        let incoming = Incoming { reader, kind: MessageKind::Message, id: id.uuid(), digest };
        self.receive_once(incoming, anybody, |tx, ()| {
            // Asked of new ones alone: what was signed for is answered as before.
            let text = self.message_text(&body.text)?;
            let files = with_message(&body.files, &self.identity.limits)?;
            let mut record = own_report(tx, reader, report)?.ok_or_else(Refusal::not_found)?;
            self.has_room_for_one_more(&record.body.messages)?;
            let (by, at) = (author(tx, reader)?, self.now());
            let author = String::from("resident");
            record.body.messages.push(MessageRecord { id: id.uuid(), author, office: None, by, text, files, at });
            write_report(tx, &record)?;
            Ok(Effect::on(record.body.number, record.owner))
        })
    }

    /// The office answers in a thread; the same message again changes nothing.
    pub(crate) fn answer(
        &self,
        by: &Operator,
        report: ReportId,
        message: OfficeMessage,
    ) -> Result<OfficeReport, Refusal> {
        let text = self.message_text(&message.text)?;
        let wrote = |tx: &Transaction<'_>| {
            let mut record = self.seen_report(tx, by, report)?;
            let part = |file| Part::ReportFile(report, file);
            if self.office_says(tx, by, (record.owner, &mut record.body.messages), (message, text), part)? {
                write_report(tx, &record)?;
                record.version += 1;
            }
            Ok((OfficeReport { version: record.version, record: record.body }, record.owner))
        };
        let (seen, owner) = self.audited_by(by, Deed::Wrote, wrote, |_| vec![report.to_string()])?;
        self.say_changed(Changed(owner));
        Ok(seen)
    }

    /// Adds an office's message to a thread, in a name of its own and with files it has brought; answers whether it is new. The same
    /// again changes nothing, and another under its id is refused.
    pub(crate) fn office_says(
        &self,
        tx: &Transaction<'_>,
        by: &Operator,
        (owner, thread): (Option<Owner>, &mut Vec<MessageRecord>),
        (message, text): (OfficeMessage, String),
        part: impl Fn(AttachmentId) -> Part,
    ) -> Result<bool, Refusal> {
        match thread.iter().find(|known| known.id == message.id) {
            Some(known) if known.text == text && known.author == "office" => return Ok(false),
            Some(_) => return Err(Refusal::id_conflict()),
            None => {}
        }
        let (author, at) = (String::from("office"), self.now());
        let office = Some(self.speaks_as(tx, by, &message.office)?);
        let files = self.give(tx, by, owner, &message.files, at, part)?;
        thread.push(MessageRecord { id: message.id, author, office, by: None, text, files, at });
        Ok(true)
    }

    /// A refusal, when a thread is as long as one may be: it is written whole each time.
    pub(crate) fn has_room_for_one_more(&self, thread: &[MessageRecord]) -> Result<(), Refusal> {
        let full = || {
            Refusal::new(
                RefusalKind::Unprocessable,
                ProblemCode::TooMany,
                "This thread takes no more messages: begin another matter",
            )
        };
        if thread.len() < self.identity.bounds.messages { Ok(()) } else { Err(full()) }
    }

    /// The text of a message, if it is one the town takes.
    pub(crate) fn message_text(&self, text: &str) -> Result<String, Refusal> {
        self.identity.limits.message_text(text).map_err(|invalid| {
            let mut refusal = Refusal::invalid(vec![invalid]);
            refusal.reason.code = ProblemCode::Invalid;
            refusal
        })
    }
}
