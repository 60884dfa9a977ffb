//! How far this device has read the town: per collection how much, as of when, what could not be read.

use vicino_contract::FailureCode;
use vicino_contract::ipc::{CollectionRow, GetSyncState, SyncState};
use vicino_domain::Instant;
use vicino_records::Count;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::store::cursors;

impl Handle for GetSyncState {
    fn handle(self, device: &Device) -> Result<SyncState, Error> {
        let (own_counts, own) = device.store.private(|tx| Ok((vicino_records::counts(tx)?, cursors::read(tx)?)))?;
        let (public_counts, public) = device.store.look(|tx| Ok((vicino_records::counts(tx)?, cursors::read(tx)?)))?;
        let (own_fresh, public_fresh) =
            (device.own_freshness(own.freshness), device.public_freshness(public.freshness));
        // One reading tells of a whole part: what stops it stops all of the part's collections.
        let trouble = device.trouble();
        let signed_out = device.send_policy()?.signed_out.then_some(FailureCode::SignedOut);
        // A snapshot is everyone's.
        let own_trouble = signed_out.or_else(|| device.reading_trouble());
        let rows = own_counts.into_iter().map(|count| row(count, true, own_fresh.as_of, own_trouble));
        let rows = rows.chain(public_counts.into_iter().map(|count| row(count, false, public_fresh.as_of, trouble)));
        Ok(SyncState {
            collections: rows.collect(),
            own: own_fresh,
            public: public_fresh,
            trouble,
            own_cursor: own.cursor,
            public_cursor: public.cursor,
        })
    }
}

fn row(count: Count, own: bool, as_of: Option<Instant>, trouble: Option<FailureCode>) -> CollectionRow {
    CollectionRow { name: count.collection, own, count: count.understood, set_aside: count.set_aside, as_of, trouble }
}
