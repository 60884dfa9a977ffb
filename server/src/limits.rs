//! The measure of what one caller, one address and everybody together may take: bounds, meters, seats, and whom a connection is from.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::reader::Owner;
use address::Address;
use bounds::Bounds;
use meters::Meters;
use seats::Seats;

pub(crate) mod address;
pub(crate) mod bounds;
pub(crate) mod meters;
pub(crate) mod seats;

/// Looks at the same time, of what is brought to the town's page.
const LOOKING: usize = 3;
/// Photos that are looked at at the same time.
const LOOKING_AT_PHOTOS: u32 = 6;
/// Photos of one owner among them.
const PHOTOS_OF_ONE: u32 = 2;

/// What is being taken from callers now, and how much of it may be.
pub(crate) struct Limits {
    /// Tokens by caller and by kind of call.
    pub(crate) meters: Meters,
    /// Event streams that are open, by device and by address.
    pub(crate) streams: [Arc<Seats<String>>; 2],
    /// Uploads a piece of which is being written now.
    pub(crate) busy: Mutex<HashSet<Uuid>>,
    /// What anybody brings to be checked is taken in and looked at by so many at once, and no more.
    pub(crate) looking: Arc<Semaphore>,
    /// Photos that arrived and are being looked at, by whose they are.
    pub(crate) photos: Arc<Seats<Owner>>,
    /// Those who are bringing something to be checked, by address.
    pub(crate) bringing: Arc<Seats<Address>>,
}

impl Limits {
    pub(crate) fn of(bounds: &Bounds) -> Self {
        Self {
            meters: Meters::new(bounds),
            streams: [bounds.streams_per_device, bounds.streams_per_address]
                .map(|each| Seats::new(each, bounds.streams)),
            busy: Mutex::default(),
            looking: Arc::new(Semaphore::new(LOOKING)),
            photos: Seats::new(PHOTOS_OF_ONE, LOOKING_AT_PHOTOS),
            bringing: Seats::new(bounds.bringing_per_address, bounds.bringing),
        }
    }
}
