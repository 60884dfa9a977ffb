//! The measure of what one caller, one address and everybody together may take: bounds, meters, seats, and whom a connection is from.

pub(crate) mod address;
pub(crate) mod bounds;
pub(crate) mod meters;
pub(crate) mod seats;
