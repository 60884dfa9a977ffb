//! Whose store this is.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_domain::ResidentId;

use crate::error::Error;
use crate::store::codec::Text;

/// The resident to whom this store belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Person {
    pub(crate) resident: ResidentId,
    pub(crate) name: Option<String>,
    /// Tells whether the town still believes this device; reading goes on all the same.
    pub(crate) signed_in: bool,
}

/// Whose it is; nobody's as long as nobody has signed in here.
pub(crate) fn find(tx: &Transaction<'_>) -> Result<Option<Person>, Error> {
    let sql = "SELECT resident, name, signed_in FROM person";
    let read =
        |row: &Row<'_>| Ok(Person { resident: row.get::<_, Text<_>>(0)?.0, name: row.get(1)?, signed_in: row.get(2)? });
    Ok(tx.prepare_cached(sql)?.query_row([], read).optional()?)
}

/// From now on it is this resident's.
pub(crate) fn claim(tx: &Transaction<'_>, resident: ResidentId) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO person (only, resident, signed_in) VALUES (1, ?1, 1) ON CONFLICT DO UPDATE SET signed_in = 1",
        [Text(resident)],
    )?;
    Ok(())
}

/// The name the town has for them.
pub(crate) fn set_name(tx: &Transaction<'_>, name: &str) -> Result<(), Error> {
    tx.execute("UPDATE person SET name = ?1", params![name])?;
    Ok(())
}

/// The town does not believe this device any more, or is not to.
pub(crate) fn sign_out(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute("UPDATE person SET signed_in = 0", [])?;
    Ok(())
}
