//! Identities, matters and moments as the stores write them; see [`vicino_records::sql`].

use rusqlite::Row;
use vicino_contract::{Matter, MatterKind, MessageKind};

use crate::error::Error;

pub(crate) use vicino_records::sql::{Json, Millis, Text};

/// An identity from the text of a request's subject. What no release ever wrote is the identity of nothing.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::not_found())
}

/// The matter in two columns of a row: the word of its kind, and behind it its identity.
pub(crate) fn matter(row: &Row<'_>, at: usize) -> rusqlite::Result<Matter> {
    let kind: String = row.get(at)?;
    let kind = MatterKind::from_code(&kind).ok_or_else(|| unknown(at))?;
    Ok(Matter::new(kind, row.get::<_, Text<_>>(at + 1)?.0))
}

/// The kind of a message in a column of a row.
pub(crate) fn message_kind(row: &Row<'_>, at: usize) -> rusqlite::Result<MessageKind> {
    let kind: String = row.get(at)?;
    MessageKind::from_code(&kind).ok_or_else(|| unknown(at))
}

/// A word that no release ever wrote stands in this column.
fn unknown(at: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(at, String::from("kind"), rusqlite::types::Type::Text)
}
