//! What a page asks of its device: any command, with arguments of any shape.

use serde_json::Value;
use tokio::runtime::Runtime;
use vicino_contract::ipc::{CommandHandler as _, GetProfile, NAMES, dispatch};
use world::World;

use crate::spoilt::{lines, tried};

/// Those that start a program of the system, and those that end what all others are about.
const BESIDE: [&str; 14] = [
    "open_file",
    "open_paper",
    "open_calendar",
    "sign_in",
    "pay",
    "sign_out",
    "sign_out_there",
    "switch_person",
    "remove_person",
    "leave_practice",
    "practise",
    "join_town",
    "preview_town",
    "sign_in_as",
];

#[test]
fn arguments_of_commands() {
    let runtime = Runtime::new().unwrap();
    let (world, device) = runtime.block_on(async {
        let world = World::new().await;
        let device = world.device().await;
        device.app().sign_in_as("Anna").await.unwrap();
        world.settle(&device).await;
        (world, device)
    });
    // A line is a command and its arguments; those without a line are tried with what others take.
    let mut examples = lines(include_str!("corpus/commands.txt"));
    examples.extend(NAMES.iter().map(|name| format!("{name} {{}}").into_bytes()));
    let _within = runtime.enter();
    tried("commands", examples, |bytes| {
        let line = String::from_utf8_lossy(bytes);
        let (name, arguments) = line.split_once(' ').unwrap_or((&line, "{}"));
        if BESIDE.contains(&name) {
            return;
        }
        let arguments: Value = serde_json::from_str(arguments).unwrap_or(Value::Null);
        let _ = dispatch(device.app(), name, arguments, bytes.to_vec());
    });
    // It is Anna's device still.
    assert_eq!(
        device.app().handle(GetProfile {}).unwrap().person.map(|person| person.name),
        Some(String::from("Anna Berti"))
    );
    drop(world);
}
