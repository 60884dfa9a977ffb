//! The town's records come to the device: at first, as they change, after a loss, after a long time, from another release.

use std::path::PathBuf;

use serde_json::json;
use uuid::Uuid;
use vicino_contract::ipc::{CommandHandler as _, Delivery, Find, GetReceipt, GetSyncState, ListServices};
use vicino_domain::ReportId;
use vicino_server::practice;
use world::{Device, ManualClock, Step, Wire, World};

use super::{Paragraph, myself, with_every_fault};
use crate::steps::agreement::notice;

with_every_fault! {
    FirstReading as first_reading,
    Changes as changes,
    Snapshot as snapshot,
    RestoredTown as restored_town,
    NewKey as new_key,
    YearAway as year_away,
    WrongClock as wrong_clock,
    TownOfTomorrow as town_of_tomorrow,
}

const YEAR: i64 = 365 * 86_400;

fn publish(world: &World, n: u128, word: &str) {
    world.town.town().register.publish("bulletins", Uuid::from_u128(n), &notice(n, word)).unwrap();
}

fn bury(world: &World, n: u128) {
    world.town.town().register.unpublish("bulletins", Uuid::from_u128(n)).unwrap();
}

fn found(device: &Device, word: &str) -> usize {
    let found = device.app().handle(Find { text: word.into(), only: None }).unwrap();
    found.groups.iter().map(|group| group.rows.len()).sum()
}

fn delivered(device: &Device, id: ReportId) {
    assert!(matches!(device.view(id).row.delivery, Delivery::Delivered { .. }));
}

async fn held(world: &World, id: ReportId) {
    let queue = world.town.queue().await;
    assert_eq!(queue.iter().filter(|report| report["id"] == id.to_string()).count(), 1, "exactly once");
}

/// A town that was never read.
struct FirstReading;

impl Paragraph for FirstReading {
    async fn begin(_: &mut World, _: &mut Device) -> (Self, Step) {
        (Self, Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        assert_eq!(device.app().handle(ListServices {}).unwrap().rows.len(), 31);
        assert!(found(device, "carta identita") > 0);
    }
}

/// Something is new, something is another, something is gone.
struct Changes;

impl Paragraph for Changes {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        for n in 1..=40 {
            publish(world, n, "vecchia");
        }
        world.settle(device).await;
        assert!(found(device, "vecchia2x") > 0);
        publish(world, 1, "cambiata");
        bury(world, 2);
        publish(world, 41, "nuova");
        // Gone before anybody read it.
        publish(world, 42, "effimera");
        bury(world, 42);
        (Self, Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        for (word, count) in [
            ("vecchia1x", 0),
            ("cambiata1x", 1),
            ("vecchia2x", 0),
            ("nuova41x", 1),
            ("effimera42x", 0),
            ("vecchia40x", 1),
        ] {
            assert_eq!(found(device, word), count, "{word}");
        }
    }
}

/// So much is new that it comes as one signed file.
struct Snapshot;

impl Paragraph for Snapshot {
    async fn begin(world: &mut World, _: &mut Device) -> (Self, Step) {
        let town = world.town.town().clone();
        let made = tokio::task::spawn_blocking(move || {
            practice::crowd(&town, 6_000, 7).unwrap();
            vicino_server::feed::snapshot::refresh(&town).unwrap();
        });
        made.await.unwrap();
        publish(world, 1, "dopo");
        (Self, Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        assert_eq!(found(device, "dopo1x"), 1);
        let state = device.app().handle(GetSyncState {}).unwrap();
        assert!(state.collections.iter().filter(|row| !row.own).map(|row| row.count).sum::<u32>() > 6_000);
    }
}

/// The town is put back from a copy made before the last report, the last notice and the last goodbye.
struct RestoredTown(ReportId);

impl Paragraph for RestoredTown {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        device.app().sign_in_as("Luca").await.unwrap();
        publish(world, 1, "prima");
        publish(world, 2, "prima");
        world.settle(device).await;
        let copy = world.copy_town().await;
        bury(world, 1);
        publish(world, 3, "perduta");
        let id = device.report("Dopo la copia", 1);
        world.settle(device).await;
        assert_eq!(found(device, "perduta3x"), 1);
        world.restore_town(copy).await;
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        for (word, count) in [("prima1x", 1), ("prima2x", 1), ("perduta3x", 0)] {
            assert_eq!(found(device, word), count, "{word}");
        }
        delivered(device, self.0);
        held(world, self.0).await;
    }
}

/// The town has a new key, and another after it, while something was unsent.
struct NewKey {
    before: ReportId,
    after: ReportId,
}

impl Paragraph for NewKey {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        let before = device.report("Con la prima chiave", 0);
        world.settle(device).await;
        let after = device.report("Con la terza chiave", 0);
        for _ in 0..2 {
            world.town.stop().await;
            vicino_server::rotate(world.town.folder()).unwrap();
            world.town.start().await;
        }
        world.cable.plug(world.town.address());
        (Self { before, after }, Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        for id in [self.before, self.after] {
            device.app().handle(GetReceipt { matter: id.into() }).unwrap();
            delivered(device, id);
            held(world, id).await;
        }
    }
}

/// Nobody looked for more than a year; the sign-in has run out, something is unsent, and much has come and gone.
struct YearAway(ReportId);

impl Paragraph for YearAway {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        device.app().sign_in_as("Luca").await.unwrap();
        for n in 1..=30 {
            publish(world, n, "allora");
        }
        world.settle(device).await;
        let id = device.report("Scritta un anno fa", 1);
        for n in 1..=30 {
            if n % 3 == 0 { bury(world, n) } else { publish(world, n, "oggi") }
        }
        world.clock.turn(YEAR + 40 * 86_400);
        // The town asks who is there: public facts are read all the same, and the report waits for whoever wrote it.
        device.app().sync().await.unwrap();
        assert!(!myself(device).signed_in);
        (Self(id), Step::SignIn("Luca".into()))
    }

    async fn holds(&self, world: &World, device: &Device) {
        for (word, count) in [("allora4x", 0), ("oggi4x", 1), ("oggi3x", 0), ("allora3x", 0)] {
            assert_eq!(found(device, word), count, "{word}");
        }
        delivered(device, self.0);
        held(world, self.0).await;
    }
}

/// The device's clock was two years ahead, and is put right while something is unsent.
struct WrongClock(ReportId);

impl Paragraph for WrongClock {
    async fn device(world: &World, folder: PathBuf) -> Device {
        let clock = ManualClock::at(world.clock.read().timestamp_millis() + 2 * YEAR * 1000);
        let device = Device::on(&folder, clock);
        device.app().join(&world.cable.url()).await.unwrap();
        device
    }

    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        device.app().sign_in_as("Luca").await.unwrap();
        device.app().sync().await.unwrap();
        world.cable.set(Wire::Unplugged);
        let id = device.report("Dal futuro", 0);
        for _ in 0..4 {
            let _ = device.app().sync().await.unwrap();
        }
        world.cable.set(Wire::Whole);
        publish(world, 1, "adesso");
        device.clock().turn(-2 * YEAR);
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        delivered(device, self.0);
        held(world, self.0).await;
        assert_eq!(found(device, "adesso1x"), 1);
    }
}

/// The town tells of things and says more of them than this release knows.
struct TownOfTomorrow;

impl Paragraph for TownOfTomorrow {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        world.settle(device).await;
        let town = world.town.town();
        let mut more = notice(1, "domani");
        more["mood"] = json!({ "colour": "verde" });
        town.register.publish("bulletins", Uuid::from_u128(1), &more).unwrap();
        more["id"] = json!(Uuid::from_u128(2));
        more["published_at"] = json!(["un", "altro", "formato"]);
        town.register.publish("bulletins", Uuid::from_u128(2), &more).unwrap();
        let bench = json!({ "title": "Panchina gigante", "seats": 9 });
        town.register.publish("park_benches", Uuid::from_u128(3), &bench).unwrap();
        (Self, Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        let state = device.app().handle(GetSyncState {}).unwrap();
        let of = |name: &str| state.collections.iter().find(|row| row.name == name).unwrap();
        assert_eq!((of("park_benches").count, of("bulletins").set_aside), (1, 1));
        assert_eq!([found(device, "gigante"), found(device, "domani1x")], [1, 1]);
    }
}
