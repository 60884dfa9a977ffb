//! How each command of the contract is answered: from the device alone.

mod drafts;
mod listing;
mod outbox;
mod photos;
mod reports;
mod settings;
mod town;

use vicino_contract::Failure;
use vicino_contract::ipc::{Answers, Command};

use crate::App;
use crate::app::Device;
use crate::error::Error;

/// A command answered from the inside, with inner causes.
trait Answer: Command {
    fn answer(self, device: &Device) -> Result<Self::Reply, Error>;
}

impl<C: Answer> Answers<C> for App {
    fn answer(&self, command: C) -> Result<C::Reply, Failure> {
        Ok(command.answer(&self.0)?)
    }
}
