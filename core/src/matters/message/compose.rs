//! What a resident writes to an office, about a report or a case: kept with its files, and queued behind its matter.

use rusqlite::Transaction;
use vicino_contract::http::MessageBody;
use vicino_contract::{Failure, Matter, MessageKind};
use vicino_domain::{Instant, MessageId};

use crate::device::Device;
use crate::entropy::random;
use crate::error::Error;
use crate::outbox::identity;
use crate::store::files::{self, KeptFile, With};
use crate::store::messages::{self, Written};
use crate::store::outbox;
use crate::store::outbox::NewRequest;

/// The text of a message, when it is one the town takes.
pub(crate) fn checked(device: &Device, text: &str) -> Result<String, Error> {
    device.limits()?.message_text(text).map_err(|invalid| Failure::invalid(vec![invalid]).into())
}

/// Keeps a message with the files chosen for it, and queues it.
pub(crate) fn write(
    tx: &Transaction<'_>,
    device: &Device,
    (matter, kind): (Matter, MessageKind),
    text: String,
    now: Instant,
) -> Result<(), Error> {
    let message = Written { id: MessageId::new(now, random()?), text, at: now };
    messages::insert(tx, matter, &message)?;
    files::enclose(tx, matter, message.id)?;
    queue(tx, device, (matter, kind), &message)
}

/// Queues a message that is kept already, and its files behind it.
pub(crate) fn queue(
    tx: &Transaction<'_>,
    device: &Device,
    (matter, kind): (Matter, MessageKind),
    message: &Written,
) -> Result<(), Error> {
    let enclosed: Vec<KeptFile> =
        files::of(tx, matter)?.into_iter().filter(|file| file.with == With::Message(message.id)).collect();
    let announced = enclosed.iter().map(KeptFile::body).collect();
    let body = serde_json::to_vec(&MessageBody { text: message.text.clone(), files: announced, sent_at: message.at })?;
    outbox::insert(tx, NewRequest { id: identity(device)?, matter, kind }, &message.id.to_string(), &body, message.at)?;
    queue_files(tx, device, (matter, kind), &enclosed, message.at)
}

/// Queues the bytes of files behind what announces them.
pub(crate) fn queue_files(
    tx: &Transaction<'_>,
    device: &Device,
    (matter, behind): (Matter, MessageKind),
    announced: &[KeptFile],
    now: Instant,
) -> Result<(), Error> {
    let kind = MessageKind::file_of(behind.matter()).ok_or_else(Error::not_found)?;
    for file in announced.iter().filter(|file| !file.arrived) {
        outbox::insert(tx, NewRequest { id: identity(device)?, matter, kind }, &file.id.to_string(), &[], now)?;
    }
    Ok(())
}

/// A message is given up, with what was to follow it; answers its files, whose bytes may go.
pub(crate) fn give_up(tx: &Transaction<'_>, matter: Matter, message: MessageId) -> Result<Vec<KeptFile>, Error> {
    let gone: Vec<KeptFile> =
        files::of(tx, matter)?.into_iter().filter(|file| file.with == With::Message(message)).collect();
    for request in outbox::of(tx, matter)? {
        if request.kind.is_file() && gone.iter().any(|file| file.id.to_string() == request.subject) {
            outbox::remove(tx, request.seq)?;
        }
    }
    gone.iter().try_for_each(|file| files::remove(tx, file.id))?;
    messages::remove(tx, &message.to_string())?;
    Ok(gone)
}
