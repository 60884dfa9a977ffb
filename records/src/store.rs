//! The SQL of a file of records.

pub(crate) mod fill;
pub(crate) mod find;
pub(crate) mod read;

#[cfg(test)]
mod tests;
