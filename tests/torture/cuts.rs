//! A road that breaks after so many bytes, or that somebody else answers on.

use tempfile::tempdir;
use world::{FaultProxy, Wire};

use crate::campaign::{Plan, Tally};
use crate::scene::Scene;
use crate::stage::Stage;
use crate::town::{Town, device};
use crate::truth::wrongs;

/// Bytes of a delivery, about: two reports and two photos.
const BYTES: usize = 260_000;
/// Cuts in a sample.
const SAMPLE: usize = 12;

/// Cuts while a device delivers, by bytes from it and to it, and answers that are lost.
pub(crate) async fn cuts(plan: Plan) -> Tally {
    let (folder, mut tally) = (tempdir().unwrap(), Tally::default());
    let town = Town::start_whole(folder.path()).await.unwrap();
    let cable = FaultProxy::new(town.url.strip_prefix("http://").unwrap().parse().unwrap()).await;
    let mut stage = Stage::new(Scene::Deliver, &cable.url()).await;
    let points = if plan.full { 240 } else { SAMPLE };
    let step = BYTES / points;
    let offset = usize::try_from(plan.seed).unwrap_or(0) % step;
    let mut wires: Vec<Wire> = (0..points).map(|n| Wire::BreaksAfter(offset + n * step)).collect();
    wires.extend((0..points).map(|n| Wire::DribblesAnswers(1 + offset % 7 + n * 40)));
    wires.extend((1..=if plan.full { 24 } else { 6 }).map(Wire::LosesAnswer));
    for wire in wires {
        let device_folder = stage.copy();
        cable.set(wire);
        let _ = device(device_folder.path(), &["sync", "--once"]).await;
        cable.set(Wire::Whole);
        let found = wrongs(device_folder.path(), &town, &stage.promised(Scene::Deliver)).await;
        tally.point(&format!("{wire:?}"), found);
    }
    tally.told("cuts", "delivering")
}

/// Odd answers in the town's place: each ends, nothing is given up, nothing is believed.
pub(crate) async fn answers() -> Tally {
    let (folder, mut tally) = (tempdir().unwrap(), Tally::default());
    let town = Town::start_whole(folder.path()).await.unwrap();
    let cable = FaultProxy::new(town.url.strip_prefix("http://").unwrap().parse().unwrap()).await;
    let mut stage = Stage::new(Scene::Deliver, &cable.url()).await;
    let odd = [
        Wire::CaptivePortal,
        Wire::Says("{}"),
        Wire::Says("null"),
        Wire::Says("[]"),
        Wire::Says(""),
        Wire::Says("{\"acknowledgement\":\"eyJhbGciOiJFZERTQSJ9.e30.AA\"}"),
        Wire::Says("{\"own\":{\"items\":[],\"next\":\"x\",\"has_more\":true,\"snapshot_ahead\":0}}"),
        Wire::Says("{\"token\":\"x\"}"),
        Wire::Cut,
        Wire::Unplugged,
        Wire::LosesAnswers,
    ];
    for wire in odd {
        let device_folder = stage.copy();
        cable.set(wire);
        let _ = device(device_folder.path(), &["sync", "--once"]).await;
        cable.set(Wire::Whole);
        tally.point(&format!("{wire:?}"), wrongs(device_folder.path(), &town, &stage.promised(Scene::Deliver)).await);
    }
    tally.told("answers", "delivering")
}
