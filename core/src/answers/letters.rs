//! What a resident writes to an office, about a report or a case: kept with its files, and queued behind its matter.

use rusqlite::Transaction;
use vicino_contract::Failure;
use vicino_contract::http::MessageBody;
use vicino_contract::ipc::RequestKind;
use vicino_domain::{Field, Instant, Invalid, MatterId, MessageId, Rule};

use crate::device::Device;
use crate::entropy::random;
use crate::error::Error;
use crate::outbox::identity;
use crate::store::files::{Kept, With};
use crate::store::messages::Written;
use crate::store::{files, messages, outbox};

/// The text of a message, when it is one the town takes.
pub(super) fn checked(device: &Device, text: &str) -> Result<String, Error> {
    let text = text.trim();
    let (max, found) = (device.limits()?.message, u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
    let rule = match found {
        0 => Rule::Missing,
        _ if found > max => Rule::TooLong { max, found },
        _ => return Ok(text.to_owned()),
    };
    Err(Failure::invalid(vec![Invalid { field: Field::Message, rule }]).into())
}

/// Keeps a message with the files chosen for it, and queues it.
pub(super) fn write(
    tx: &Transaction<'_>,
    device: &Device,
    (matter, kind): (MatterId, RequestKind),
    text: String,
    now: Instant,
) -> Result<(), Error> {
    let message = Written { id: MessageId::new(now, random()?), text, at: now };
    messages::insert(tx, matter, &message)?;
    files::enclose(tx, matter, message.id)?;
    queue(tx, device, (matter, kind), &message)
}

/// Queues a message that is kept already, and its files behind it.
pub(super) fn queue(
    tx: &Transaction<'_>,
    device: &Device,
    (matter, kind): (MatterId, RequestKind),
    message: &Written,
) -> Result<(), Error> {
    let enclosed: Vec<Kept> =
        files::of(tx, matter)?.into_iter().filter(|file| file.with == With::Message(message.id)).collect();
    let announced = enclosed.iter().map(Kept::body).collect();
    let body = serde_json::to_vec(&MessageBody { text: message.text.clone(), files: announced, sent_at: message.at })?;
    outbox::insert(tx, (identity(device)?, matter, kind), &message.id.to_string(), &body, message.at)?;
    queue_files(tx, device, (matter, kind), &enclosed, message.at)
}

/// Queues the bytes of files behind what announces them.
pub(super) fn queue_files(
    tx: &Transaction<'_>,
    device: &Device,
    (matter, behind): (MatterId, RequestKind),
    announced: &[Kept],
    now: Instant,
) -> Result<(), Error> {
    let kind = match behind {
        kind if kind.is_of_case() => RequestKind::CaseFile,
        kind if kind.is_of_notice() => RequestKind::NoticeFile,
        _ => RequestKind::File,
    };
    for file in announced.iter().filter(|file| !file.arrived) {
        outbox::insert(tx, (identity(device)?, matter, kind), &file.id.to_string(), &[], now)?;
    }
    Ok(())
}

/// A message is given up, with what was to follow it; answers its files, whose bytes may go.
pub(super) fn give_up(tx: &Transaction<'_>, matter: MatterId, message: MessageId) -> Result<Vec<Kept>, Error> {
    let gone: Vec<Kept> =
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
