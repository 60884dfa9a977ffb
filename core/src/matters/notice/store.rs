//! What is known here of payments: facts that are only added, strangers' notices, carts. The town's own stand among the records.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_contract::http::{CartNotice, Collection, NoticeRecord, PaymentRecord};
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{CartId, Cents, Dated, Fact, Instant, NoticeId, Outcome};

use crate::error::Error;
use crate::store::codec::{Json, Millis, Text};

/// Which notice, of whom.
pub(crate) type Named = (Creditor, NoticeNumber);

/// A notice read here that is not among what the town told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExternalNotice {
    pub(crate) id: NoticeId,
    pub(crate) creditor: Creditor,
    pub(crate) number: NoticeNumber,
    pub(crate) amount: Cents,
    pub(crate) creditor_name: String,
    pub(crate) title: String,
    pub(crate) kept_at: Instant,
}

/// Adds a fact.
pub(crate) fn add_fact(tx: &Transaction<'_>, (creditor, number): Named, at: Instant, fact: &Fact) -> Result<(), Error> {
    let sql = "INSERT INTO payment_facts (creditor, number, at, fact) VALUES (?1, ?2, ?3, ?4)";
    tx.prepare_cached(sql)?.execute(params![Text(creditor), Text(number), Millis(at), Json(fact)])?;
    Ok(())
}

/// Every fact, by the notice it is about, in the order they were added.
pub(crate) fn facts(tx: &Transaction<'_>) -> Result<BTreeMap<Named, Vec<Dated>>, Error> {
    let mut statement = tx.prepare_cached("SELECT creditor, number, at, fact FROM payment_facts ORDER BY n")?;
    let mut rows = statement.query([])?;
    let mut all: BTreeMap<Named, Vec<Dated>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let named = (row.get::<_, Text<_>>(0)?.0, row.get::<_, Text<_>>(1)?.0);
        all.entry(named).or_default().push((row.get::<_, Millis>(2)?.0, row.get::<_, Json<_>>(3)?.0));
    }
    Ok(all)
}

/// Keeps a stranger's notice; one that is here already keeps its identity, and takes what was read now.
pub(crate) fn keep(tx: &Transaction<'_>, stranger: &ExternalNotice) -> Result<NoticeId, Error> {
    let sql = "INSERT INTO kept_notices (id, creditor, number, amount, creditor_name, title, kept_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (creditor, number) DO UPDATE SET amount = ?4, creditor_name = ?5, title = ?6 RETURNING id";
    let kept: Text<NoticeId> = tx.prepare_cached(sql)?.query_row(
        params![
            Text(stranger.id),
            Text(stranger.creditor),
            Text(stranger.number),
            stranger.amount.0,
            stranger.creditor_name,
            stranger.title,
            Millis(stranger.kept_at)
        ],
        |row| row.get(0),
    )?;
    Ok(kept.0)
}

/// Every stranger's notice, the last kept first.
pub(crate) fn strangers(tx: &Transaction<'_>) -> Result<Vec<ExternalNotice>, Error> {
    let sql = "SELECT id, creditor, number, amount, creditor_name, title, kept_at FROM kept_notices ORDER BY kept_at DESC, id";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ExternalNotice> {
    Ok(ExternalNotice {
        id: row.get::<_, Text<_>>(0)?.0,
        creditor: row.get::<_, Text<_>>(1)?.0,
        number: row.get::<_, Text<_>>(2)?.0,
        amount: Cents(row.get(3)?),
        creditor_name: row.get(4)?,
        title: row.get(5)?,
        kept_at: row.get::<_, Millis>(6)?.0,
    })
}

/// The stranger's notice under this identity.
pub(crate) fn stranger(tx: &Transaction<'_>, notice: NoticeId) -> Result<Option<ExternalNotice>, Error> {
    Ok(strangers(tx)?.into_iter().find(|one| one.id == notice))
}

/// Every debt, as the town told of it last: where it stands by now follows from its days. One of a release to come is set aside and
/// counted: here it is as good as none.
pub(crate) fn records(tx: &Transaction<'_>) -> Result<Vec<NoticeRecord>, Error> {
    let bodies = vicino_records::bodies(tx, Collection::Notices.code())?;
    Ok(bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}

/// The debt under this identity, as the town told of it last.
pub(crate) fn record(tx: &Transaction<'_>, notice: NoticeId) -> Result<Option<NoticeRecord>, Error> {
    let body = vicino_records::body(tx, Collection::Notices.code(), notice.uuid())?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

/// Every receipt the town told of.
pub(crate) fn receipts(tx: &Transaction<'_>) -> Result<Vec<PaymentRecord>, Error> {
    let bodies = vicino_records::bodies(tx, Collection::Payments.code())?;
    Ok(bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}

/// The payment page of a cart is open: noted with the fact, for each of its notices, that paying was begun.
pub(crate) fn begin_cart(
    tx: &Transaction<'_>,
    cart: CartId,
    notices: &[CartNotice],
    now: Instant,
) -> Result<(), Error> {
    let named: Vec<Named> = notices.iter().map(|notice| (notice.creditor, notice.number)).collect();
    let sql = "INSERT INTO carts (id, notices, begun_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let new = tx.prepare_cached(sql)?.execute(params![Text(cart), Json(&named), Millis(now)])? > 0;
    if new {
        named.into_iter().try_for_each(|notice| add_fact(tx, notice, now, &Fact::Begun))?;
    }
    Ok(())
}

/// The carts that were opened here.
pub(crate) fn carts(tx: &Transaction<'_>) -> Result<BTreeSet<CartId>, Error> {
    let mut statement = tx.prepare_cached("SELECT id FROM carts")?;
    let rows = statement.query_map([], |row| Ok(row.get::<_, Text<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A payment page came back, for the first time or with another word than before: whoever goes back in a browser after a refusal may
/// pay after all. Whether this was news of one of ours.
pub(crate) fn end_cart(tx: &Transaction<'_>, cart: CartId, outcome: Outcome, now: Instant) -> Result<bool, Error> {
    let sql =
        "UPDATE carts SET outcome = ?2 WHERE id = ?1 AND outcome IS NOT ?2 AND outcome IS NOT 'paid' RETURNING notices";
    let found: Option<Json<Vec<Named>>> =
        tx.prepare_cached(sql)?.query_row(params![Text(cart), outcome.code()], |row| row.get(0)).optional()?;
    let Some(Json(named)) = found else { return Ok(false) };
    named.into_iter().try_for_each(|notice| add_fact(tx, notice, now, &Fact::Returned(outcome)))?;
    Ok(true)
}

/// Returns whether a debt is known here, told by the town or kept.
pub(crate) fn is_known(tx: &Transaction<'_>, notice: NoticeId) -> Result<bool, Error> {
    Ok(title(tx, notice)?.is_some())
}

/// The name of a debt.
pub(crate) fn title(tx: &Transaction<'_>, notice: NoticeId) -> Result<Option<String>, Error> {
    if let Some(record) = record(tx, notice)? {
        return Ok(Some(record.title));
    }
    Ok(stranger(tx, notice)?.map(|kept| kept.title))
}
