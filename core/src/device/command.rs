//! How each command of the contract is answered: from the device alone.

use vicino_contract::ipc::Command;

use crate::device::Device;
use crate::error::Error;

/// A command that the current profile's device answers, with inner causes.
pub(crate) trait Answer: Command {
    fn answer(self, device: &Device) -> Result<Self::Reply, Error>;
}
