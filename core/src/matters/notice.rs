//! Debts: judged through one ledger, listed, shown, read from codes, paid, said to be paid elsewhere.

pub(crate) mod cart;
pub(crate) mod code;
pub(crate) mod declare_paid;
pub(crate) mod ledger;
pub(crate) mod list;
pub(crate) mod print;
pub(crate) mod receipts;
pub(crate) mod scan;
pub(crate) mod store;
pub(crate) mod tax_overview;
pub(crate) mod view;
