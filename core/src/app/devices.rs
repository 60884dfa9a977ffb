//! The devices a resident is signed in on, as the town last told; and signing out there, which only the town can do.

use std::sync::PoisonError;

use uuid::Uuid;
use vicino_contract::http::{Collection, SignedInRecord};
use vicino_contract::ipc::{CommandHandler, DeviceRow, DevicesView, GetDevices, SignOutThere, SigningOut};
use vicino_contract::{Event, Failure};

use crate::App;
use crate::app::onboarding::Job;
use crate::store::{cursors, person};

impl CommandHandler<GetDevices> for App {
    fn handle(&self, _: GetDevices) -> Result<DevicesView, Failure> {
        let device = self.device();
        let own = SignedInRecord::device_of(device.identity()?.device);
        let signing_out = self.0.signing_out.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(device.store.private(|tx| {
            let person = person::find(tx)?;
            let bodies = vicino_records::bodies(tx, Collection::Devices.code())?;
            let records = bodies.iter().filter_map(|body| serde_json::from_str::<SignedInRecord>(body).ok());
            // A child's are told to their parents too: each is shown their own.
            let mine = |record: &SignedInRecord| {
                person.as_ref().is_some_and(|person| person.resident.uuid() == record.resident)
            };
            let mut rows: Vec<DeviceRow> = records
                .filter(mine)
                .map(|record| DeviceRow {
                    here: record.device == own,
                    id: record.id,
                    name: record.name,
                    kind: record.kind,
                    since: record.since,
                    seen_at: record.seen_at,
                })
                .collect();
            rows.sort_by_key(|row| (!row.here, std::cmp::Reverse(row.seen_at)));
            Ok(DevicesView { rows, signing_out, freshness: device.own_freshness(cursors::read(tx)?.freshness) })
        })?)
    }
}

impl CommandHandler<SignOutThere> for App {
    fn handle(&self, command: SignOutThere) -> Result<(), Failure> {
        self.show_signing_out(SigningOut::Asking);
        self.enqueue(Job::SignOutThere(command.id));
        Ok(())
    }
}

impl App {
    /// Asks the town to end one of the resident's sign-ins, or all of them.
    pub(crate) async fn sign_out_there(&self, which: Option<Uuid>) {
        let device = self.device();
        let asked = async {
            let town = device.town()?;
            town.sign_out_there(&device, which).await
        };
        self.show_signing_out(match asked.await {
            Ok(()) => SigningOut::None,
            Err(failure) => SigningOut::Failed { code: failure.code },
        });
        // What is left is read at once, also that somebody signed out here too.
        device.wake.notify_one();
    }

    fn show_signing_out(&self, how: SigningOut) {
        *self.0.signing_out.lock().unwrap_or_else(PoisonError::into_inner) = how;
        self.0.shared.tell(Event::Person);
    }
}
