//! Files of matters: taken in, announced, opened; their bytes are sealed blobs of the device.

pub(crate) mod announced;
pub(crate) mod attach;
pub(crate) mod commands;
pub(crate) mod view;
