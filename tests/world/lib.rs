//! A town in a box: the real server, real devices, a cable one can pull and a clock one can turn.

mod cable;
pub mod caller;
mod device;
mod disk;
pub mod driver;
mod meter;
mod page;
pub mod pagopa;
pub mod papers;
pub mod photos;
pub mod shell;
pub mod sources;
mod step;
mod town;
mod translator;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use vicino_domain::Instant;

pub use cable::{FaultProxy, Wire};
pub use caller::Caller;
pub use device::{Device, Polls};
pub use disk::SmallDisk;
pub use meter::Meter;
pub use page::play;
pub use shell::Shell;
pub use step::Step;
pub use town::{TownBox, copy_folder};
pub use translator::{Dialect, Translator};

/// An id as a device makes one (UUIDv7), the same for the same number.
pub fn made(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | n)
}

/// A clock that stands still until it is turned. Devices and town share it.
#[derive(Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl ManualClock {
    /// Thursday 12 March 2026, 8:41 in Italy.
    pub fn new() -> Self {
        Self::at(1_773_301_260_000)
    }

    /// The clock stands at this many milliseconds.
    pub fn at(millis: i64) -> Self {
        Self(Arc::new(AtomicI64::new(millis)))
    }

    /// Turns the clock on.
    pub fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn read(&self) -> Instant {
        // A tick at each look, so that nothing happens at the very same moment; and finer than anything is kept, as clocks are.
        let tick = self.0.fetch_add(1, Ordering::SeqCst);
        Instant::from_timestamp_millis(tick).unwrap() + chrono::TimeDelta::nanoseconds(456_789)
    }

    pub fn clock(&self) -> Arc<dyn Fn() -> Instant + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.read())
    }
}

/// A town, its clock, and the cable every device is plugged into.
pub struct World {
    pub clock: ManualClock,
    pub town: TownBox,
    pub cable: FaultProxy,
}

impl World {
    /// A practice town that answers behind a cable.
    pub async fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap()).await
    }

    /// The same, whose clock stands at the real day.
    pub async fn today() -> Self {
        Self::with(tempfile::tempdir().unwrap(), ManualClock::at(chrono::Utc::now().timestamp_millis())).await
    }

    /// A practice town of which something is otherwise.
    pub async fn otherwise(change: impl Fn(&mut vicino_server::TownIdentity) + Send + Sync + 'static) -> Self {
        let mut world = Self::new().await;
        world.town.otherwise(change).await;
        world.cable.plug(world.town.address());
        world
    }

    /// A practice town which keeps everything in this folder.
    pub async fn within(folder: tempfile::TempDir) -> Self {
        Self::with(folder, ManualClock::new()).await
    }

    async fn with(folder: tempfile::TempDir, clock: ManualClock) -> Self {
        // The tests' own client speaks the same TLS as the core's; a second choice of it is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let town = TownBox::within(folder, clock.clone()).await;
        let cable = FaultProxy::new(town.address()).await;
        Self { clock, town, cable }
    }

    /// A device in this folder that has joined the town.
    pub async fn device_on(&self, folder: &std::path::Path) -> Device {
        let device = Device::on(folder, self.clock.clone());
        device.app().join(&self.cable.url()).await.unwrap();
        device
    }

    /// A device that has joined the town, with a clock of its own.
    pub async fn device_by(&self, clock: &ManualClock) -> Device {
        let device = Device::new(clock.clone());
        device.app().join(&self.cable.url()).await.unwrap();
        device
    }

    /// A device that has joined the town.
    pub async fn device(&self) -> Device {
        let device = Device::new(self.clock.clone());
        device.app().join(&self.cable.url()).await.unwrap();
        device
    }

    /// Stops the town and starts it again on what it had written down.
    pub async fn restart_town(&mut self) {
        self.town.stop().await;
        self.town.start().await;
        self.cable.plug(self.town.address());
    }

    /// Copies the town's folder while the town is stopped, and starts it again.
    pub async fn copy_town(&mut self) -> tempfile::TempDir {
        self.town.stop().await;
        let copy = self.town.copy();
        self.town.start().await;
        self.cable.plug(self.town.address());
        copy
    }

    /// A device on which this resident of the practice town has signed in, and has read what is theirs.
    pub async fn signed_in(&self, name: &str) -> Device {
        let device = self.device().await;
        device.app().sign_in_as(name).await.unwrap();
        self.settle(&device).await;
        device
    }

    /// Stops the town and starts it again from a copy made before.
    pub async fn restore_town(&mut self, copy: tempfile::TempDir) {
        self.town.stop().await;
        self.town.replace(copy);
        self.town.start().await;
        self.cable.plug(self.town.address());
    }

    /// Lets an hour pass and the device try again, until nothing waits.
    pub async fn settle(&self, device: &Device) {
        for _ in 0..6 {
            self.clock.turn(3600);
            let round = device.app().sync().await.unwrap();
            if round.reached && round.waiting == 0 {
                return;
            }
        }
        panic!("the device and the town do not settle: {:?}", device.outbox());
    }
}
