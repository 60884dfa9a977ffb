//! How each command of the contract is answered: from the device alone.

pub(crate) mod alerts;
mod cases;
mod catalogue;
mod certificates;
mod counters;
mod deadlines;
mod devices;
pub(crate) mod documents;
mod drafts;
pub(crate) mod files;
mod finding;
mod inbox;
mod letters;
mod listing;
mod outbox;
pub(crate) mod payments;
mod people;
mod photos;
mod profile;
mod reports;
mod settings;
mod signatures;
mod sync_state;
mod town;

use vicino_contract::Failure;
use vicino_contract::ipc::{Answers, Command};

use crate::App;
use crate::device::Device;
use crate::error::Error;

/// A command answered by the device of whoever uses it now, with inner causes.
trait Answer: Command {
    fn answer(self, device: &Device) -> Result<Self::Reply, Error>;
}

impl<C: Answer> Answers<C> for App {
    fn answer(&self, command: C) -> Result<C::Reply, Failure> {
        Ok(command.answer(&self.device())?)
    }
}
