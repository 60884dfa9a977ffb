//! What the town believes: tokens that change each time, copies that end a session, sessions that are over.

use crate::steps::sessions::{client, is_refused, until};
use vicino_contract::ipc::{CommandHandler as _, GetPeople, SignOut};
use world::{Wire, World};

#[tokio::test(flavor = "multi_thread")]
async fn tokens_lost_on_the_way_are_given_again_and_a_copy_ends_the_session() {
    let world = World::new().await;
    let device = world.signed_in("Luca").await;
    let vault = device.own_folder().join("sign-in.key");
    // The access token runs out each time; the answer with the next pair is lost, and asked for again.
    for _ in 0..3 {
        world.clock.turn(3600);
        world.cable.set(Wire::LosesAnswers);
        assert!(!device.app().sync().await.unwrap().reached);
        world.cable.set(Wire::Whole);
        world.settle(&device).await;
    }
    let stolen = std::fs::read(&vault).unwrap();
    for _ in 0..2 {
        world.clock.turn(3600);
        world.settle(&device).await;
    }
    assert!(device.app().handle(GetPeople {}).unwrap().people[0].signed_in);
    std::fs::write(&vault, stolen).unwrap();
    world.clock.turn(3600);
    let _ = device.app().sync().await.unwrap();
    assert!(!device.app().handle(GetPeople {}).unwrap().people[0].signed_in, "the town takes it for a copy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_reaches_the_town_also_when_there_was_no_network() {
    let world = World::new().await;
    let device = world.signed_in("Luca").await;
    let token = std::fs::read(device.own_folder().join("sign-in.key")).unwrap();
    let client = client(&token);
    world.cable.set(Wire::Unplugged);
    device.app().handle(SignOut {}).unwrap();
    let _ = device.app().sync().await.unwrap();
    world.cable.set(Wire::Whole);
    assert!(device.app().sync().await.unwrap().reached);
    // Whoever has a copy of the token has nothing.
    assert!(is_refused(&world, &client, &token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_town_put_back_from_a_copy_asks_nobody_to_sign_in_again() {
    let mut world = World::new().await;
    let copy = world.copy_town().await;
    let device = world.signed_in("Luca").await;
    let id = device.report("Dopo la copia", 1);
    world.settle(&device).await;
    world.clock.turn(3600);
    world.settle(&device).await;
    world.restore_town(copy).await;
    for _ in 0..3 {
        world.clock.turn(3600);
        device.app().sync().await.unwrap();
    }
    assert!(device.app().handle(GetPeople {}).unwrap().people[0].signed_in);
    let queue = world.town.queue().await;
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0]["id"], id.to_string());
    assert_eq!(queue[0]["arrived"][0]["arrived"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_town_that_forgot_the_device_lets_it_sign_in_again() {
    let mut world = World::new().await;
    let copy = world.copy_town().await;
    let device = world.signed_in("Luca").await;
    world.restore_town(copy).await;
    device.app().handle(SignOut {}).unwrap();
    device.app().sign_in_as("Luca").await.unwrap();
    world.settle(&device).await;
    assert!(device.app().handle(GetPeople {}).unwrap().people[0].signed_in);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_town_forgets_sessions_that_are_over_and_revives_none() {
    let mut world = World::new().await;
    let device = world.signed_in("Luca").await;
    let token = std::fs::read(device.own_folder().join("sign-in.key")).unwrap();
    let counts = |world: &World| {
        let register = rusqlite::Connection::open(world.town.folder().join("town.db")).unwrap();
        ["authorizations", "access_tokens", "sessions"].map(|table| {
            register.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap()
        })
    };
    world.clock.turn(89 * 86_400);
    world.restart_town().await;
    until(|| counts(&world) == [0, 0, 1], "the session may still be used").await;
    world.settle(&device).await;
    assert!(device.app().handle(GetPeople {}).unwrap().people[0].signed_in);
    world.clock.turn(91 * 86_400);
    world.restart_town().await;
    until(|| counts(&world) == [0, 0, 0], "all is forgotten").await;
    assert!(is_refused(&world, &client(&token), &token).await);
}
