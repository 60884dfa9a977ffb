//! Files of matters: taken in, announced, opened; their bytes are sealed blobs of the device.

pub(crate) mod announced;
pub(crate) mod intake;
pub(crate) mod opening;
pub(crate) mod view;
