//! The resident's own word that a notice is paid, with a proof: kept here at once, told to the town when it can be.

use vicino_contract::http::PaidBody;
use vicino_contract::ipc::{Saved, SayPaid};
use vicino_contract::{Event, Failure, FailureCode, MessageKind};
use vicino_domain::codes::{self, BadCode};
use vicino_domain::{Fact, MessageId, NoticeId, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::message::compose;
use crate::matters::notice::ledger::{Known, known, payment};
use crate::matters::notice::store;
use crate::outbox::identity;
use crate::store::files::{self, KeptFile, With};
use crate::store::outbox;
use crate::store::outbox::NewRequest;

/// The longest a resident says where they paid; the town takes no more.
const PLACE: usize = 200;

impl Handle for SayPaid {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        let now = device.now();
        let paid_on = codes::date(&self.paid_on).map_err(|bad| match bad {
            BadCode::Date => Failure::new(FailureCode::NoSuchDay),
            _ => Failure::new(FailureCode::NotADate),
        })?;
        if paid_on > town_day(now) {
            return Err(Failure::new(FailureCode::NoSuchDay).into());
        }
        let place: String = self.place.trim().chars().take(PLACE).collect();
        device.store.private(|tx| {
            let id = MessageId::new(now, random()?);
            let (creditor, told) = match known(tx, self.id, now)? {
                Known::Told(record) => {
                    payment(&record, self.number).ok_or_else(Error::not_found)?;
                    (record.creditor.tax_code, true)
                }
                Known::Kept(stranger) if stranger.number == self.number => (stranger.creditor, false),
                Known::Kept(_) => return Err(Error::not_found()),
            };
            store::add_fact(tx, (creditor, self.number), now, &Fact::Said)?;
            files::enclose(tx, self.id.into(), id)?;
            // Nobody but this device knows of a stranger's: the proof stays beside it.
            if told {
                queue(
                    tx,
                    device,
                    (self.id, id),
                    PaidBody {
                        number: self.number,
                        paid_on,
                        place: (!place.is_empty()).then_some(place),
                        files: Vec::new(),
                        sent_at: now,
                    },
                )?;
            }
            Ok(())
        })?;
        for event in [Event::Payments, Event::Outbox, Event::Status] {
            device.tell(event);
        }
        device.wake.notify_one();
        Ok(Saved { at: now })
    }
}

fn queue(
    tx: &rusqlite::Transaction<'_>,
    device: &Device,
    (notice, id): (NoticeId, MessageId),
    body: PaidBody,
) -> Result<(), Error> {
    let enclosed: Vec<KeptFile> =
        files::of(tx, notice)?.into_iter().filter(|file| file.with == With::Message(id)).collect();
    let now = body.sent_at;
    let body = PaidBody { files: enclosed.iter().map(KeptFile::body).collect(), ..body };
    let (matter, kind) = (notice.into(), MessageKind::Declaration);
    let bytes = serde_json::to_vec(&body)?;
    outbox::insert(tx, NewRequest { id: identity(device)?, matter, kind }, &id.to_string(), &bytes, now)?;
    compose::queue_files(tx, device, (matter, kind), &enclosed, now)
}
