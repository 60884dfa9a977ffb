//! Whatever happens in whatever order, device and town agree in the end; and no order of commits hides a change.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use crate::steps::agreement::{agree, id, notice, on_the_device};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;
use world::{Polls, Wire, World};

/// A thing that happens.
#[derive(Clone, Debug)]
enum Happening {
    Publish(u8, u16),
    Bury(u8),
    Report,
    Cut,
    LoseAnswers,
    Dribble(usize),
    Mend,
    Sync,
    SwitchOff(usize),
    RestartTown,
    CopyTown,
    RestoreTown,
    Hours(i64),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => (0..12_u8, any::<u16>()).prop_map(|(id, text)| Happening::Publish(id, text)),
        2 => (0..12_u8).prop_map(Happening::Bury),
        2 => Just(Happening::Report),
        1 => Just(Happening::Cut),
        1 => Just(Happening::LoseAnswers),
        1 => (1..4000_usize).prop_map(Happening::Dribble),
        3 => Just(Happening::Mend),
        5 => Just(Happening::Sync),
        2 => (0..90_usize).prop_map(Happening::SwitchOff),
        1 => Just(Happening::RestartTown),
        1 => Just(Happening::CopyTown),
        1 => Just(Happening::RestoreTown),
        2 => (0..40_i64).prop_map(Happening::Hours),
    ]
}

async fn live(happenings: Vec<Happening>) {
    let mut world = World::new().await;
    let mut device = world.device().await;
    let (mut copy, mut reports) = (None, Vec::new());
    for happening in happenings {
        match happening {
            Happening::Publish(n, text) => {
                let notice = notice(id(n).as_u128(), &format!("parola{text}x"));
                world.town.town().register.publish("bulletins", id(n), &notice).unwrap();
            }
            Happening::Bury(n) => world.town.town().register.unpublish("bulletins", id(n)).unwrap(),
            Happening::Report => reports.push(device.report("Buca", 0)),
            Happening::Cut => world.cable.set(Wire::Cut),
            Happening::LoseAnswers => world.cable.set(Wire::LosesAnswers),
            Happening::Dribble(bytes) => world.cable.set(Wire::DribblesAnswers(bytes)),
            Happening::Mend => world.cable.set(Wire::Whole),
            Happening::Sync => drop(device.app().sync().await),
            Happening::SwitchOff(polls) => {
                let _ = Polls::new(polls, device.app().sync()).await;
                device.restart();
            }
            Happening::RestartTown => world.restart_town().await,
            Happening::CopyTown => {
                copy = Some(world.copy_town().await);
            }
            Happening::RestoreTown => {
                if let Some(copy) = copy.take() {
                    world.restore_town(copy).await;
                }
            }
            Happening::Hours(hours) => world.clock.turn(hours * 3600),
        }
    }
    // The faults stop. A connection kept from before may be dead: finding that out is a round of its own. Then two rounds,
    // and both say the same.
    world.cable.set(Wire::Whole);
    let _ = device.app().sync().await.unwrap();
    for _ in 0..2 {
        world.clock.turn(90_000);
        assert!(device.app().sync().await.unwrap().reached);
    }
    agree(&world, &device).await;
    let queue = world.town.queue().await;
    for report in reports {
        let held = queue.iter().filter(|held| held["id"] == report.to_string()).count();
        assert_eq!(held, 1, "the town has each report exactly once");
    }
}

#[test]
fn device_and_town_agree_after_any_sequence_of_edits_cuts_and_restarts() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(Config { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..Config::default() });
    let sequences = proptest::collection::vec(happening(), 1..26);
    runner
        .run(&sequences, |happenings| {
            let lived = runtime.block_on(runtime.spawn(live(happenings)));
            lived.map_err(|fault| TestCaseError::fail(fault.to_string()))
        })
        .unwrap();
}

/// A register whose sequence is given before the commit, as one would naively: the order of numbers is not the order in
/// which they are seen.
#[derive(Default)]
struct Naive {
    next: AtomicI64,
    seen: Mutex<Vec<i64>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_naive_sequence_would_be_skipped_and_the_towns_is_not() {
    const WRITERS: u128 = 6;
    const EACH: u128 = 25;
    // The same reader: it asks for what is after its cursor until the writers are done and nothing more comes.
    let naive = Arc::new(Naive::default());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let naive = naive.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    let seq = naive.next.fetch_add(1, Ordering::SeqCst) + 1;
                    // A commit takes as long as it takes.
                    let pause = u64::try_from((writer * 7 + n * 3) % 5).unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                    naive.seen.lock().unwrap().push(seq);
                }
            })
        })
        .collect();
    let (mut cursor, mut read) = (0, 0);
    while read < 2000 {
        let after: Vec<i64> = naive.seen.lock().unwrap().iter().copied().filter(|seq| *seq > cursor).collect();
        read += after.len();
        cursor = after.into_iter().max().unwrap_or(cursor);
        if writers.iter().all(tokio::task::JoinHandle::is_finished) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let written = usize::try_from(WRITERS * EACH).unwrap();
    assert!(read < written, "the naive register hides some: otherwise this test shows nothing");

    // Every writer is a thread of its own, as the desks of a town are; another process is not let into the folder.
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let town = world.town.town().clone();
            tokio::task::spawn_blocking(move || {
                for n in 0..EACH {
                    let number = (writer << 64) | (n + 1);
                    town.register.publish("bulletins", Uuid::from_u128(number), &notice(number, "scrittore")).unwrap();
                }
            })
        })
        .collect();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        assert!(device.app().sync().await.unwrap().reached);
    }
    assert!(device.app().sync().await.unwrap().reached);
    assert_eq!(on_the_device(&device).len(), written);
}
