//! Whose store this is.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vicino_domain::ResidentId;

use crate::error::Error;

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
    let found: Option<(String, Option<String>, bool)> =
        tx.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((resident, name, signed_in)) = found else { return Ok(None) };
    Ok(Some(Person { resident: crate::store::codec::id(&resident)?, name, signed_in }))
}

/// From now on it is this resident's.
pub(crate) fn claim(tx: &Transaction<'_>, resident: ResidentId) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO person (only, resident, signed_in) VALUES (1, ?1, 1) ON CONFLICT DO UPDATE SET signed_in = 1",
        [resident.to_string()],
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
