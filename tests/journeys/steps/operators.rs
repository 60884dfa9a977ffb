//! Steps that journeys share about operators.

use serde_json::{Value, json};
use world::World;

pub async fn named(world: &World, name: &str, role: &str, offices: Value) -> (String, String) {
    let body = json!({ "name": name, "role": role, "offices": offices });
    let (status, seen) = world.town.office("POST", "/operators", Some(body)).await;
    assert_eq!(status, 201, "{seen}");
    (seen["id"].as_str().unwrap().to_owned(), seen["token"].as_str().unwrap().to_owned())
}
