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

/// The most files of the public page that are checked at once.
const LOOKING: usize = 3;
/// The most photos that are checked at once.
const LOOKING_AT_PHOTOS: u32 = 6;
/// The most photos of one owner among them.
const PHOTOS_OF_ONE: u32 = 2;

/// The load that callers are putting on a town now, each kind with its bound.
pub(crate) struct Limits {
    /// Tokens by caller and by kind of call.
    pub(crate) meters: Meters,
    /// Event streams that are open, by device and by address.
    pub(crate) streams: [Arc<Seats<String>>; 2],
    /// Uploads a piece of which is being written now.
    pub(crate) busy: Mutex<HashSet<Uuid>>,
    /// Permits to read and check a file that anyone may bring to the public page.
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
