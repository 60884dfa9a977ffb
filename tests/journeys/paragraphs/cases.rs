//! A case is sent, followed, answered and found again, whatever happens on the way.

use vicino_contract::ipc::{
    CommandHandler as _, Find, GetCaseDraft, ListSignatures, SendCase, SignatureState, SignatureStatus, WriteToCase,
};
use vicino_domain::{CaseId, CaseState};
use world::{Device, Step, World};

use super::{Paragraph, with_every_fault};
use crate::steps::cases::{case, sent, transition};
use crate::steps::files::{pdf, with_certificate};
use crate::steps::signatures::{ask_luca, moving};

with_every_fault! {
    Sending as sending,
    Answering as answering,
    LostWithTheTown as lost_with_the_town,
    AskingToSign as asking_to_sign,
    Enclosing as enclosing,
    Fetching as fetching,
}

async fn signed_in(world: &World, device: &Device) {
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(device).await;
}

async fn held(world: &World, id: CaseId) {
    let (_, queue) = world.town.office("GET", "/cases", None).await;
    let same = queue["items"].as_array().unwrap().iter().filter(|held| held["id"] == id.to_string()).count();
    assert_eq!(same, 1, "exactly once");
}

fn is_found(device: &Device, word: &str) -> bool {
    !device.app().handle(Find { text: word.into(), only: None }).unwrap().groups.is_empty()
}

async fn moves(world: &World, id: CaseId, states: &[&str]) {
    for state in states {
        let (status, seen) =
            transition(world, id, serde_json::json!({ "state": state, "note": "Manca qualcosa." })).await;
        assert_eq!(status, 200, "{seen}");
    }
}

/// A case written without a network goes out.
struct Sending(CaseId);

impl Paragraph for Sending {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        (Self(sent(device)), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        assert_eq!(case(device, self.0).row.state, Some(CaseState::Submitted));
        held(world, self.0).await;
    }
}

/// An office asked for more, and is answered.
struct Answering(CaseId);

impl Paragraph for Answering {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = sent(device);
        world.settle(device).await;
        moves(world, id, &["registered", "pending", "integration_asked", "awaiting_integration"]).await;
        world.settle(device).await;
        device.app().handle(WriteToCase { id, text: "Ecco il certificato".into(), integration: true }).unwrap();
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        let view = case(device, self.0);
        assert_eq!((view.row.state, view.messages.len()), (Some(CaseState::Integrated), 1));
        let integrated = view.steps.iter().filter(|step| step.state == Some(CaseState::Integrated)).count();
        assert_eq!(integrated, 1, "it went on once");
        held(world, self.0).await;
        assert!(is_found(device, "certificato"));
    }
}

/// Somebody else is asked to sign, and what was asked is theirs to read.
struct AskingToSign(CaseId);

impl Paragraph for AskingToSign {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = moving(device);
        ask_luca(device, id);
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        let draft = device.app().handle(GetCaseDraft { id: self.0 }).unwrap();
        assert_eq!(draft.co_signers[0].status, SignatureStatus::Waiting);
        let luca = world.signed_in("Luca").await;
        let wanted = luca.app().handle(ListSignatures {}).unwrap().rows;
        assert_eq!(wanted.iter().filter(|row| row.state == SignatureState::YourTurn).count(), 1, "asked once");
    }
}

/// A case goes out with a paper of several pieces.
struct Enclosing(CaseId);

impl Paragraph for Enclosing {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = with_certificate(device, pdf(1, 600_000));
        device.app().handle(SendCase { id }).unwrap();
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        let view = case(device, self.0);
        assert_eq!(view.row.state, Some(CaseState::Submitted));
        let mut lines = view.answers.iter().flat_map(|part| &part.lines);
        assert!(lines.any(|line| line.files.iter().any(|file| file.arrived && file.here)));
        let (_, seen) = world.town.office("GET", &format!("/cases/{}", self.0), None).await;
        let sha256 = seen["files"][0]["sha256"].as_str().unwrap();
        assert_eq!(world.town.file(sha256).await, Some(pdf(1, 600_000)));
        held(world, self.0).await;
    }
}

/// An office gave a paper of several pieces, and the device fetches it.
struct Fetching(CaseId);

impl Paragraph for Fetching {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = sent(device);
        world.settle(device).await;
        moves(world, id, &["pending"]).await;
        let file = world.town.bring("esito.pdf", pdf(2, 600_000)).await;
        let wish = serde_json::json!({ "state": "accepted", "note": "Accolta.", "files": [file] });
        assert_eq!(transition(world, id, wish).await.0, 200);
        (Self(id), Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        let file = case(device, self.0).steps.last().unwrap().files[0].clone();
        assert!(file.here);
        assert_eq!(device.app().file(file.id).unwrap().1, pdf(2, 600_000));
    }
}

/// The town is put back from a copy made before it heard of the case.
struct LostWithTheTown(CaseId);

impl Paragraph for LostWithTheTown {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let copy = world.copy_town().await;
        let id = sent(device);
        world.settle(device).await;
        device.app().handle(WriteToCase { id, text: "Una domanda".into(), integration: false }).unwrap();
        world.settle(device).await;
        world.restore_town(copy).await;
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        let view = case(device, self.0);
        assert_eq!((view.row.state, view.messages.len()), (Some(CaseState::Submitted), 1));
        assert!(view.messages.iter().all(|message| message.delivered));
        held(world, self.0).await;
    }
}
