//! What the town tells this device, applied page by page: the page and the cursor in one transaction.
//!
//! There are two feeds, each with its cursor in the file it fills: the town's public facts, and the resident's own
//! records. One request reads both; when nothing has changed since the last complete reading, the town says so in an answer
//! without a body, and nothing is written. A crash repeats a page and never skips one.
//!
//! When the town says that a cursor is of a past it no longer has (it was restored from an older copy), or of a time when
//! the resident might see other things, the feed is read again from the start, over what is here: what is told again stays,
//! what is not is gone at the end. Once the own feed is complete, whatever the town once signed for and no longer holds goes
//! back into the outbox ([`plan`]).
//!
//! Far behind, the public facts are taken as one signed file instead ([`snapshot`]).

pub(crate) mod apply;
pub(crate) mod deliver;
pub(crate) mod fetch;
pub(crate) mod plan;
pub(crate) mod reconcile;
pub(crate) mod snapshot;

use std::sync::PoisonError;

use vicino_contract::http::{ChangePage, Changes, Scope};
use vicino_contract::ipc::Freshness;
use vicino_contract::{Event, FailureCode};

use crate::api::TownClient;
use crate::api::changes::{Asked, Page};
use crate::device::{Device, Tag};
use crate::error::Error;
use crate::outbox::{Obstacle, Verdict};
use crate::store::cursors::{self, Resync};
use deliver::drain;

/// The most pages of one reading: a town that tells more goes on at the next round.
const MOST_PAGES: u32 = 20_000;
/// *Still so* is written down this often.
const WRITE_DOWN: chrono::Duration = chrono::Duration::minutes(10);

/// The outcome of a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// Tells whether the town was reached.
    pub reached: bool,
    /// Requests still waiting.
    pub waiting: u32,
    /// Requests that need the resident.
    pub stuck: u32,
    /// The fault that kept it from reading everything, if there was one.
    pub trouble: Option<FailureCode>,
}

/// Delivers what is ready, reads what changed, and delivers again what reading brought back.
pub(crate) async fn round(device: &Device, town: &TownClient) -> Result<Round, Error> {
    if let Err(cause) = town.revoke_pending(device).await {
        // It is said at another time; everything else goes on.
        tracing::warn!(%cause, "token revocation failed; retried in the next round");
    }
    let drained = drain(device, town).await?;
    device.tried();
    // With no road to the town there is nothing to read either.
    let trouble = if drained == Some(false) { Some(FailureCode::Unreachable) } else { read(device, town).await? };
    // Somebody answered who is not the town: that is no town that was reached.
    let reached = !matches!(trouble, Some(FailureCode::Unreachable | FailureCode::NotATown));
    if trouble.is_none() {
        drain(device, town).await?;
        fetch::fetch(device, town).await?;
    }
    device.set_trouble(trouble);
    device.reached(reached);
    // What everyone may see was read; the resident's own was not, and that is no reading to its end.
    let trouble = trouble.or(device.send_policy()?.signed_out.then_some(FailureCode::SignedOut));
    let (waiting, stuck) = device.store.private(crate::store::outbox::count)?;
    Ok(Round { reached, waiting, stuck, trouble })
}

/// Reads both feeds to their end. Answers what kept it from getting there, if anything did.
async fn read(device: &Device, town: &TownClient) -> Result<Option<FailureCode>, Error> {
    // A town that answers *now* or *past lost* without end, or tells nothing and says that there is more, is left for the next round.
    let (mut patience, mut pages) = (6, 0_u32);
    let (mut done, mut may_take) = (Done::default(), true);
    while let Some(asked) = ask(device, done)? {
        match town.changes(device, &asked).await {
            Ok(Page::StillSo) => {
                if asked.own.is_some() && apply::still_so(device)? {
                    device.tell(Event::Outbox);
                }
                device.confirm(asked.own.is_some(), asked.public.is_some());
                write_down(device)?;
                return Ok(None);
            }
            // Nothing of what was asked for: a town tells at least how far its feeds are.
            Ok(Page::Changes(changes, _)) if changes.own.is_none() && changes.public.is_none() => {
                return Ok(Some(FailureCode::NotATown));
            }
            Ok(Page::Changes(changes, tag)) => {
                let progress = is_progress(&asked, &changes);
                pages += 1;
                let far = changes.public.as_ref().is_some_and(|page| is_far(page, town));
                done = take(device, changes, done)?;
                remember(device, tag)?;
                // At most once in a reading: whatever comes of it, the rest is read one by one.
                if far && std::mem::take(&mut may_take) && snapshot::take(device, town).await? {
                    device.tell(Event::Town);
                }
                if progress && pages < MOST_PAGES {
                    continue;
                }
                if pages >= MOST_PAGES {
                    return Ok(Some(FailureCode::NotNow));
                }
            }
            Ok(Page::PastLost(scope)) => {
                tracing::warn!(scope = scope.code(), "feed restarted: the town lost changes");
                apply::begin_resync(device, scope, Resync::PastLost)?;
            }
            Ok(Page::ViewChanged) => {
                tracing::info!("own feed restarted: access of the resident changed");
                apply::begin_resync(device, Scope::Own, Resync::OtherView)?;
            }
            Err(Verdict::Now) => {}
            // What the town does not believe is only the own feed's trouble.
            Err(_) if asked.own.is_some() && device.send_policy()?.signed_out => {}
            Err(verdict) => return Ok(Some(trouble_of(&verdict))),
        }
        patience -= 1;
        if patience == 0 {
            return Ok(Some(FailureCode::NotNow));
        }
    }
    // Whatever came of a snapshot that was begun is here now, one way or the other.
    snapshot::sweep(device.store.shelf().folder(), None);
    Ok(None)
}

/// Returns whether a page brings a reading further: something asked for is told, and ends there or stands elsewhere afterwards.
fn is_progress(asked: &Asked, changes: &Changes) -> bool {
    let further = |asked: Option<&String>, page: Option<&ChangePage>| {
        asked.zip(page).is_some_and(|(from, page)| !page.has_more || (page.next != *from && !page.items.is_empty()))
    };
    further(asked.own.as_ref(), changes.own.as_ref()) || further(asked.public.as_ref(), changes.public.as_ref())
}

/// The name of a verdict on a reading.
const fn trouble_of(verdict: &Verdict) -> FailureCode {
    match verdict {
        Verdict::Later { obstacle: Obstacle::Network, .. } => FailureCode::Unreachable,
        Verdict::Here(code) => *code,
        _ => FailureCode::NotNow,
    }
}

/// Which feeds have been read to their end.
#[derive(Clone, Copy, Default)]
struct Done {
    own: bool,
    public: bool,
}

/// The next thing to ask for; `None`: everything was read.
fn ask(device: &Device, done: Done) -> Result<Option<Asked>, Error> {
    let own = device.store.private(cursors::read)?;
    let public = device.store.look(cursors::read)?;
    // Whoever is signed out reads what everyone may.
    let may = !device.send_policy()?.signed_out;
    let own_new = own.cursor.is_none();
    let mut asked = Asked {
        own: (may && !done.own).then(|| own.cursor.unwrap_or_default()),
        public: (!done.public).then(|| public.cursor.unwrap_or_default()),
        tag: None,
    };
    // The first time the resident's own comes first: it is what they wait for.
    if asked.own.is_some() && own_new {
        asked.public = None;
    }
    let known = device.tag.lock().unwrap_or_else(PoisonError::into_inner).clone();
    asked.tag = known.filter(|known| known.own == asked.own && known.public == asked.public).map(|known| known.tag);
    Ok((asked.own.is_some() || asked.public.is_some()).then_some(asked))
}

fn take(device: &Device, changes: Changes, mut done: Done) -> Result<Done, Error> {
    if let Some(page) = changes.own {
        done.own = !page.has_more;
        let changed = !page.items.is_empty();
        let requeued = apply::own(device, page)?;
        if changed || requeued {
            device.tell(Event::Reports);
            device.tell(Event::Cases);
            device.tell(Event::Payments);
            device.tell(Event::Outbox);
            device.tell(Event::Person);
        }
    }
    if let Some(page) = changes.public {
        done.public = !page.has_more;
        let changed = !page.items.is_empty();
        apply::public(device, page)?;
        if changed {
            device.tell(Event::Town);
        }
    }
    device.confirm(done.own, done.public);
    device.tell(Event::Status);
    Ok(done)
}

/// Keeps the tag of a complete reading, with the cursors that now stand.
fn remember(device: &Device, tag: Option<String>) -> Result<(), Error> {
    let Some(tag) = tag else { return Ok(()) };
    let own = device.store.private(cursors::read)?.cursor;
    let public = device.store.look(cursors::read)?.cursor;
    let may = !device.send_policy()?.signed_out;
    let tag = Tag { own: own.filter(|_| may), public, tag };
    *device.tag.lock().unwrap_or_else(PoisonError::into_inner) = Some(tag);
    Ok(())
}

/// As of when things are known is kept in memory while nothing else is to be written, and written down now and then.
fn write_down(device: &Device) -> Result<(), Error> {
    let written = device.store.look(cursors::read)?.freshness.as_of;
    let stale = written.is_none_or(|written| (device.now() - written).abs() > WRITE_DOWN);
    if stale {
        let own = device.own_freshness(Freshness::default());
        let public = device.public_freshness(Freshness::default());
        device.store.private(|tx| cursors::note(tx, own))?;
        device.store.public(|tx| cursors::note(tx, public))?;
    }
    Ok(())
}

/// Returns whether the newest snapshot reaches so much further than a page that it is the shorter way.
fn is_far(page: &ChangePage, town: &TownClient) -> bool {
    page.snapshot_ahead > i64::from(town.pace.snapshot_beyond)
}
