//! Carts that residents pay, and debt positions kept in step with pagoPA.

pub(crate) mod carts;
pub mod receipts;
