//! Every paragraph of the town on the device, each with every fault: the program killed, gone wherever it waits, an answer lost, the cable broken at any byte in either direction, a full disk on either side. In the end each holds as if nothing
//! had been.

mod cases; // a case goes its way
mod certificates; // a certificate is asked for, brought, opened, checked
mod feed; // the town's records come to the device
mod identity; // who somebody is
mod payments; // a notice is paid and proved

use std::path::PathBuf;
use std::time::Duration;

use vicino_contract::ipc::{CommandHandler as _, GetDraft, GetPeople, PersonRow, SwitchPerson};
use vicino_domain::{PersonId, ReportDraft};
use world::{Device, Polls, SmallDisk, Step, Wire, World};

use crate::steps::agreement::agree;

/// What the town and the device promise each other.
trait Paragraph: Sized {
    /// Brings about what stands before, with a whole cable, and says what is then to be done.
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step);

    /// Says what must hold once it is done.
    async fn holds(&self, world: &World, device: &Device);

    /// The device; usually one that has joined the town and shares its clock.
    async fn device(world: &World, folder: PathBuf) -> Device {
        world.device_on(&folder).await
    }
}

/// A paragraph about to happen.
struct Scene<P> {
    paragraph: P,
    step: Step,
    /// Written before, and never to be lost.
    draft: ReportDraft,
    owner: PersonId,
    world: World,
    device: Device,
    _folder: Option<tempfile::TempDir>,
}

impl<P: Paragraph> Scene<P> {
    async fn plain() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new().await;
        let begun = Self::begin(world, folder.path().into()).await;
        Self { _folder: Some(folder), ..begun }
    }

    async fn begin(mut world: World, folder: PathBuf) -> Self {
        let mut device = P::device(&world, folder).await;
        let (paragraph, step) = P::begin(&mut world, &mut device).await;
        let owner = myself(&device).id;
        let draft = device.draft("Scritta prima di tutto");
        Self { paragraph, step, draft, owner, world, device, _folder: None }
    }

    /// Takes the step once, some time later.
    async fn attempt(&self) -> bool {
        self.later();
        self.step.take(self.device.app()).await
    }

    fn later(&self) {
        self.device.clock().turn(600);
    }

    /// Whatever happened, what was written is there.
    fn unharmed(&self) {
        let people = self.device.app().handle(GetPeople {}).unwrap().people;
        assert!(people.iter().any(|person| person.id == self.owner), "{people:?}");
        if myself(&self.device).id == self.owner {
            let draft = self.device.app().handle(GetDraft { id: self.draft.id }).unwrap().draft;
            assert_eq!((draft.title, draft.details), (self.draft.title.clone(), self.draft.details.clone()));
        }
    }

    /// The fault is over: it is done as if nothing had been.
    async fn end(self) {
        self.unharmed();
        self.world.cable.set(Wire::Whole);
        let mut done = false;
        for _ in 0..6 {
            self.device.clock().turn(3000);
            done = self.step.take(self.device.app()).await;
            if done && self.device.outbox().waiting.is_empty() {
                break;
            }
        }
        assert!(done, "it is done in the end");
        self.world.settle(&self.device).await;
        self.device.app().handle(SwitchPerson { to: Some(self.owner) }).unwrap();
        self.unharmed();
        self.paragraph.holds(&self.world, &self.device).await;
        agree(&self.world, &self.device).await;
    }
}

/// Whoever uses the device now.
fn myself(device: &Device) -> PersonRow {
    let people = device.app().handle(GetPeople {}).unwrap().people;
    people.into_iter().find(|person| person.current).unwrap()
}

/// The name of a test, as its program knows it.
fn name(module: &str, test: &str) -> String {
    let (_, within) = module.split_once("::").unwrap();
    format!("{within}::{test}")
}

/// Numbers that look random and are the same each time; `VICINO_SEED` begins them elsewhere.
struct Rng(u64);

impl Rng {
    fn new() -> Self {
        let seed = std::env::var("VICINO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_312);
        eprintln!("VICINO_SEED={seed}");
        Self(seed)
    }

    /// From nothing to just under `most`.
    fn roll(&mut self, most: u64) -> usize {
        // Knuth's MMIX generator; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % most).unwrap()
    }
}

/// The process is killed, ever a little later, until it has done its step.
async fn killed<P: Paragraph>() {
    let mut scene = Scene::<P>::plain().await;
    let step = serde_json::to_string(&scene.step).unwrap();
    scene.device.close();
    let (mut kills, mut done) = (0, false);
    for round in 0..80 {
        scene.later();
        let now = scene.device.clock().read().timestamp_millis().to_string();
        let mut process = tokio::process::Command::new(env!("CARGO_BIN_EXE_vicino-test-device"));
        let mut process = process.arg(scene.device.folder()).args([&now, &step]).kill_on_drop(true).spawn().unwrap();
        let ended = tokio::time::timeout(Duration::from_millis(4 + round * 9), process.wait()).await;
        let Ok(status) = ended else {
            process.kill().await.unwrap();
            kills += 1;
            continue;
        };
        // One that is let live does its step: what is found broken on the way is not the killing.
        assert!(status.unwrap().success(), "the process did not do its step");
        done = true;
        break;
    }
    assert!(kills > 0 && done, "it was killed on the way, and did its step in the end");
    scene.device.restart();
    scene.end().await;
}

/// The power goes between any two steps of the program.
async fn switched_off<P: Paragraph>() {
    let mut scene = Scene::<P>::plain().await;
    let mut polls = 1;
    loop {
        scene.later();
        let ended = Polls::new(polls, scene.step.take(scene.device.app())).await;
        scene.device.restart();
        scene.unharmed();
        if ended == Some(true) {
            break;
        }
        polls += 1 + polls / 24;
        assert!(polls < 4000, "it gets there in the end");
    }
    scene.end().await;
}

/// The town does what it is asked, and the device never hears; one answer after the other.
async fn answer_lost<P: Paragraph>() {
    let scene = Scene::<P>::plain().await;
    let mut lost = 0;
    for number in 1..60 {
        scene.world.cable.set(Wire::LosesAnswer(number));
        let done = scene.attempt().await;
        if scene.world.cable.answers() >= number {
            lost += 1;
        } else if done {
            break;
        }
    }
    assert!(lost > 0, "an answer was lost on the way");
    scene.end().await;
}

/// The cable breaks at any byte that goes to the town.
async fn cut_upwards<P: Paragraph>() {
    let (scene, mut dice) = (Scene::<P>::plain().await, Rng::new());
    let mut breaks = 0;
    for round in 0..8 {
        scene.world.cable.set(Wire::BreaksAfter(dice.roll(100 << round)));
        breaks += u8::from(!scene.attempt().await);
    }
    assert!(breaks > 0, "it broke on the way");
    scene.end().await;
}

/// The cable breaks at any byte that comes from the town.
async fn cut_downwards<P: Paragraph>() {
    let (scene, mut dice) = (Scene::<P>::plain().await, Rng::new());
    let mut breaks = 0;
    for round in 0..8 {
        scene.world.cable.set(Wire::DribblesAnswers(dice.roll(400 << round)));
        breaks += u8::from(!scene.attempt().await);
    }
    assert!(breaks > 0, "it broke on the way");
    scene.end().await;
}

/// The device's disk is full to the last byte: what is here can be read, and goes on when there is room.
async fn disk_full<P: Paragraph>() {
    let disk = SmallDisk::of(60_000);
    let mut scene = Scene::<P>::begin(World::new().await, disk.folder().join("device")).await;
    disk.fill();
    let mut done = scene.attempt().await;
    scene.unharmed();
    scene.device.restart();
    done &= scene.attempt().await;
    scene.unharmed();
    assert!(!done, "there is no room for it");
    disk.clear();
    scene.end().await;
}

/// The town's disk is full: it keeps nobody's word half, and what it could not take comes again.
async fn towns_disk_full<P: Paragraph>() {
    let disk = SmallDisk::of(60_000);
    let (town, folder) = (tempfile::tempdir_in(disk.folder()).unwrap(), tempfile::tempdir().unwrap());
    let scene = Scene::<P>::begin(World::within(town).await, folder.path().into()).await;
    let heavy = crate::steps::agreement::notice(0xdead, &"pesante ".repeat(200_000));
    let id = uuid::Uuid::from_u128(0xdead);
    // What the town makes and throws away behind the scenes may leave room again.
    let full = (0..20).any(|_| {
        disk.fill();
        scene.world.town.town().register.publish("bulletins", id, &heavy).is_err()
    });
    assert!(full, "the town can keep nothing");
    for _ in 0..3 {
        let _ = scene.attempt().await;
        scene.unharmed();
    }
    disk.clear();
    scene.end().await;
}

/// A test for each fault of each paragraph.
macro_rules! with_every_fault {
    ($($paragraph:ident as $name:ident,)*) => {$(mod $name {
        use super::$paragraph as Paragraph;
        use crate::paragraphs as faults;
        use world::SmallDisk;

        #[tokio::test(flavor = "multi_thread")]
        async fn killed() {
            faults::killed::<Paragraph>().await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn switched_off() {
            faults::switched_off::<Paragraph>().await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn answer_lost() {
            faults::answer_lost::<Paragraph>().await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn cut_upwards() {
            faults::cut_upwards::<Paragraph>().await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn cut_downwards() {
            faults::cut_downwards::<Paragraph>().await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn disk_full() {
            if !SmallDisk::is_possible() {
                return SmallDisk::again_where_it_is(&faults::name(module_path!(), "disk_full"));
            }
            faults::disk_full::<Paragraph>().await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn towns_disk_full() {
            if !SmallDisk::is_possible() {
                return SmallDisk::again_where_it_is(&faults::name(module_path!(), "towns_disk_full"));
            }
            faults::towns_disk_full::<Paragraph>().await;
        }
    })*};
}

pub(crate) use with_every_fault;
