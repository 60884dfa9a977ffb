//! How each command of the contract is answered: from the device alone.

use vicino_contract::ipc::Command;

use crate::device::Device;
use crate::error::Error;

/// A command that the current profile's device answers, with inner causes.
pub(crate) trait Handle: Command {
    fn handle(self, device: &Device) -> Result<Self::Reply, Error>;
}
