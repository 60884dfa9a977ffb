//! What the town tells this device, applied page by page: the page and the cursor in one transaction.
//!
//! There are two feeds, each with its cursor in the file it fills: the town's public facts, and the resident's own
//! records. A crash repeats a page and never skips one. When the town says that a cursor is of a past it no longer
//! has (it was restored from an older copy), the feed is read again from the start; once the own feed is complete,
//! whatever the town once signed for and no longer holds goes back into the outbox ([`plan`]).

mod apply;
mod plan;

use vicino_contract::Event;
use vicino_contract::http::{Changes, Scope};

use crate::api::Town;
use crate::api::changes::Page;
use crate::app::Device;
use crate::error::Error;
use crate::outbox::{Verdict, drain};
use crate::store::cursors;

/// What a round came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// Whether the town was reached.
    pub reached: bool,
    /// Requests still waiting.
    pub waiting: u32,
    /// Requests that need the resident.
    pub stuck: u32,
}

/// Delivers what is ready, reads what changed, and delivers again what reading brought back.
pub(crate) async fn round(device: &Device, town: &Town) -> Result<Round, Error> {
    let drained = drain(device, town).await?;
    // With no road to the town there is nothing to read either.
    let reached = if drained == Some(false) { false } else { read(device, town).await? };
    if reached {
        drain(device, town).await?;
    }
    device.reached(reached);
    let (waiting, stuck) = device.store.private(crate::store::outbox::count)?;
    Ok(Round { reached, waiting, stuck })
}

/// Reads both feeds to their end. Answers whether the town was reached.
async fn read(device: &Device, town: &Town) -> Result<bool, Error> {
    // The resident's own first: it is what they wait for.
    for scope in [Scope::Own, Scope::Public] {
        let now = device.now();
        match scope {
            Scope::Own => device.store.private(|tx| cursors::tried(tx, now))?,
            Scope::Public => device.store.public(|tx| cursors::tried(tx, now))?,
        }
        if !feed(device, town, scope).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads one feed to its end.
async fn feed(device: &Device, town: &Town, scope: Scope) -> Result<bool, Error> {
    // A town that answers *now* or *past lost* without end is left for the next round.
    let mut patience = 4;
    loop {
        let position = match scope {
            Scope::Own => device.store.private(cursors::own)?,
            Scope::Public => device.store.public(cursors::public)?,
        };
        match town.changes(device, scope, position.cursor.as_deref()).await {
            Ok(Page::Changes(page)) => {
                let more = page.has_more;
                apply(device, scope, page)?;
                if !more {
                    return Ok(true);
                }
                continue;
            }
            Ok(Page::PastLost) => {
                tracing::warn!(scope = scope.wire(), "the town lost its past: it is read again from the start");
                apply::begin_again(device, scope)?;
            }
            Err(Verdict::Now) => {}
            Err(_) => return Ok(false),
        }
        patience -= 1;
        if patience == 0 {
            return Ok(false);
        }
    }
}

fn apply(device: &Device, scope: Scope, page: Changes) -> Result<(), Error> {
    let changed = !page.items.is_empty();
    match scope {
        Scope::Own => {
            let requeued = apply::own(device, page)?;
            if changed || requeued {
                device.tell(Event::Reports);
                device.tell(Event::Outbox);
            }
        }
        Scope::Public => {
            apply::public(device, page)?;
            if changed {
                device.tell(Event::Town);
            }
        }
    }
    device.tell(Event::Status);
    Ok(())
}
