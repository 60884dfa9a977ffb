//! The resident's preferences, and what the window knows of the network.

use vicino_contract::Event;
use vicino_contract::ipc::{GetSettings, SaveSettings, SetNetwork, Settings};

use crate::device::command::Handle;
use crate::device::{Device, Network};
use crate::error::Error;
use crate::store::{outbox, settings};

impl Handle for GetSettings {
    fn handle(self, device: &Device) -> Result<Settings, Error> {
        device.store.private(settings::read)
    }
}

impl Handle for SaveSettings {
    fn handle(self, device: &Device) -> Result<(), Error> {
        device.store.private(|tx| settings::write(tx, &self.settings))?;
        for event in [Event::Settings, Event::Outbox, Event::Status] {
            device.tell(event);
        }
        // A pause that ended lets waiting requests go.
        device.wake.notify_one();
        Ok(())
    }
}

impl Handle for SetNetwork {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let seen = Network { reached: None, metered: self.metered, cut: !self.online, hidden: !self.visible };
        if device.seen(seen) {
            device.store.private(|tx| outbox::retry_now(tx, outbox::Retry::Unreached))?;
            device.wake.notify_one();
        }
        device.tell(Event::Status);
        Ok(())
    }
}
