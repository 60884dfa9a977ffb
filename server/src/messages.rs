//! The thread of a report: what the resident writes, what the office answers.

use rusqlite::Transaction;
use vicino_contract::http::office::{OfficeMessage, OfficeReport};
use vicino_contract::http::tus::Part;
use vicino_contract::http::{MessageBody, MessageRecord, ProblemCode};
use vicino_domain::{AttachmentId, Field, Invalid, MessageId, ReportId, Rule, Sha256, text};

use crate::arrivals::Arrived;
use crate::files::with_message;
use crate::operators::{Deed, Operator};
use crate::reader::Owner;
use crate::reports::{own_report, write_report};
use crate::residents::author;
use crate::{Changed, Reader, Refusal, Town};

impl Town {
    /// A resident's message arrives, once.
    pub(crate) fn receive_message(
        &self,
        reader: &Reader,
        report: ReportId,
        id: MessageId,
        body: MessageBody,
        digest: Sha256,
    ) -> Result<Arrived, Refusal> {
        let text = self.message_text(&body.text)?;
        let files = with_message(&body.files, &self.identity.limits)?;
        let (arrived, owner) = self.store().write(|tx| {
            if let Some(before) = self.arrives(tx, ("message", id.uuid()), reader, digest)? {
                return Ok((before, None));
            }
            let mut record = own_report(tx, reader, report)?.ok_or_else(Refusal::not_found)?;
            self.has_room_for_one_more(&record.body.messages)?;
            let jws = self.sign_for(tx, ("message", id.uuid()), reader.owner(), digest, &record.body.number)?;
            let (by, at) = (author(tx, reader)?, self.now());
            let author = String::from("resident");
            record.body.messages.push(MessageRecord { id: id.uuid(), author, office: None, by, text, files, at });
            write_report(tx, &record)?;
            Ok::<_, Refusal>((Arrived { new: true, jws }, record.owner))
        })?;
        if owner.is_some() {
            self.say_changed(Changed(owner));
        }
        Ok(arrived)
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
        let full =
            || Refusal::new(422, ProblemCode::TooMany, "This thread takes no more messages: begin another matter");
        if thread.len() < self.identity.bounds.messages { Ok(()) } else { Err(full()) }
    }

    /// The text of a message, if it is one the town takes.
    pub(crate) fn message_text(&self, text: &str) -> Result<String, Refusal> {
        let (text, max) = (text::lines(text), self.identity.limits.message);
        let found = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let rule = match found {
            0 => Rule::Missing,
            _ if found > max => Rule::TooLong { max, found },
            _ => return Ok(text),
        };
        let mut refusal = Refusal::invalid(vec![Invalid { field: Field::Message, rule }]);
        refusal.problem.code = ProblemCode::Invalid;
        Err(refusal)
    }
}
