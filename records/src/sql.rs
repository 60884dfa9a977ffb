//! Values as the stores write them: identities, digests and days as their text, moments as milliseconds, bodies as JSON.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vicino_domain::Instant;

/// A value written as its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text<T>(pub T);

impl<T: Display> ToSql for Text<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl<T: FromStr> FromSql for Text<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// A moment written as the milliseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Millis(pub Instant);

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.timestamp_millis().into())
    }
}

impl FromSql for Millis {
    /// A number that is no moment reads as the beginning of time.
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(Instant::from_timestamp_millis(value.as_i64()?).unwrap_or_default()))
    }
}

/// A value written as JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = serde_json::to_string(&self.0);
        json.map(ToSqlOutput::from).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(cause.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|cause| FromSqlError::Other(cause.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::{Connection, params};
    use vicino_domain::Sha256;

    #[test]
    fn what_is_written_reads_the_same() {
        let connection = Connection::open_in_memory().unwrap();
        let (digest, at) = (Sha256([7; 32]), Instant::from_timestamp_millis(1_773_301_260_123).unwrap());
        let sql = "SELECT ?1, ?2, ?3, typeof(?1), typeof(?2), typeof(?3)";
        let read = connection.query_row(sql, params![Text(digest), Millis(at), Json(vec![1, 2])], |row| {
            let types: [String; 3] = [row.get(3)?, row.get(4)?, row.get(5)?];
            assert_eq!(types, ["text", "integer", "text"]);
            Ok((row.get::<_, Text<Sha256>>(0)?.0, row.get::<_, Millis>(1)?.0, row.get::<_, Json<Vec<u8>>>(2)?.0))
        });
        assert_eq!(read.unwrap(), (digest, at, vec![1, 2]));
        let nonsense = connection.query_row("SELECT 'x'", [], |row| row.get::<_, Text<Sha256>>(0));
        assert!(nonsense.is_err());
    }
}
