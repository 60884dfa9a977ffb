//! What a caller has not read yet: a page of each feed, the tag that stands for *nothing new*, and what a lost past is.

use vicino_contract::http::{ChangePage, Changes, ProblemCode};

use crate::reader::Owner;
use crate::refusal::{RefusalKind, unauthorized};
use crate::store::{Cursor, Store};
use crate::{Reader, Refusal, Town};

/// What a caller asks for; an empty cursor reads from the start.
pub(crate) struct FeedQuery {
    pub(crate) own: Option<String>,
    pub(crate) public: Option<String>,
    pub(crate) limit: u32,
}

/// A page of each feed.
pub(crate) struct Page {
    pub(crate) changes: Changes,
    /// Tells whether nothing came after the cursors that were asked with.
    pub(crate) nothing_new: bool,
    /// The tag of a complete reading; none while more is waiting.
    pub(crate) tag: Option<String>,
}

/// Which records a feed holds.
enum Feed<'a> {
    Public,
    Own { owners: &'a [Owner], view: String },
}

/// A page of what changed for this reader.
pub(crate) fn since(town: &Town, reader: Option<&Reader>, asked: &FeedQuery) -> Result<Page, Refusal> {
    let snapshot = town.snapshots.newest().and_then(|newest| Cursor::from_wire(&newest.label.cursor));
    let snapshot = snapshot.map(|cursor| cursor.seq);
    town.register.look(|store| pages(store, reader, asked, snapshot))
}

fn pages(store: &Store, reader: Option<&Reader>, asked: &FeedQuery, snapshot: Option<i64>) -> Result<Page, Refusal> {
    let own = match &asked.own {
        None => None,
        Some(cursor) => {
            let reader = reader.ok_or_else(unauthorized)?;
            let feed = Feed::Own { owners: reader.owners(), view: reader.view() };
            let found = page(store, &feed, cursor, (asked.limit, None))?;
            Some(found.map_err(|lost| refuse(lost, ProblemCode::OwnCursorExpired))?)
        }
    };
    let public = match &asked.public {
        None => None,
        Some(cursor) => {
            let found = page(store, &Feed::Public, cursor, (asked.limit, snapshot))?;
            Some(found.map_err(|lost| refuse(lost, ProblemCode::PublicCursorExpired))?)
        }
    };
    let both = || own.iter().chain(&public);
    let complete = both().all(|page| !page.has_more);
    let nothing_new = both().all(|page| page.items.is_empty());
    // What was read, in two words: the same as long as nothing comes after it.
    let tag = complete.then(|| {
        let next = |page: &Option<ChangePage>| page.as_ref().map(|page| page.next.clone()).unwrap_or_default();
        format!("\"{}.{}\"", next(&own), next(&public))
    });
    Ok(Page { changes: Changes { own, public }, nothing_new, tag })
}

/// Why a cursor cannot be gone on from.
enum Lost {
    /// The town no longer has that past.
    Past,
    /// The caller may see other things now.
    View,
}

fn refuse(lost: Lost, past: ProblemCode) -> Refusal {
    let code = match lost {
        Lost::Past => past,
        Lost::View => ProblemCode::OwnViewChanged,
    };
    Refusal::new(RefusalKind::Gone, code, "Read this feed again from the start")
}

/// A page of one feed.
fn page(
    store: &Store,
    feed: &Feed<'_>,
    cursor: &str,
    (limit, snapshot): (u32, Option<i64>),
) -> Result<Result<ChangePage, Lost>, Refusal> {
    let (owners, view) = match feed {
        Feed::Public => (None, String::new()),
        Feed::Own { owners, view } => (Some(*owners), view.clone()),
    };
    let after = match Cursor::from_wire(cursor) {
        _ if cursor.is_empty() => 0,
        Some(cursor) if !store.is_past(&cursor)? => return Ok(Err(Lost::Past)),
        Some(cursor) if cursor.view != view => return Ok(Err(Lost::View)),
        Some(cursor) => cursor.seq,
        None => return Ok(Err(Lost::Past)),
    };
    let mut found = store.changes(owners, after, limit.saturating_add(1))?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > most;
    found.truncate(most);
    let end = store.last_seq()?;
    let last = found.last().map_or(after, |(seq, _)| *seq);
    // At the end the cursor moves past what belongs to others; an idle reader's stays, so that its tag stays too.
    let next = if found.is_empty() && !cursor.is_empty() {
        cursor.to_owned()
    } else {
        store.cursor(if has_more { last } else { end.max(last) }, &view).to_wire()
    };
    let ahead = snapshot.filter(|_| has_more && owners.is_none()).map_or(0, |seq| (seq - last).max(0));
    let items = found.into_iter().map(|(_, change)| change).collect();
    Ok(Ok(ChangePage { items, next, has_more, snapshot_ahead: ahead }))
}
