//! A certificate is asked for, stamped, brought, opened and checked, whatever happens on the way.

use vicino_contract::ipc::{CertificateState, CheckFile, CommandHandler as _, ListPayments, ReadFile, Verdict};
use vicino_domain::certificate::{CertificateKind, StampDuty};
use vicino_domain::{AttachmentId, CertificateId};
use vicino_server::matters::certificate::issuing;
use world::{Device, Step, World};

use super::{Paragraph, with_every_fault};
use crate::steps::certificates::{ask, exempt, row, settle, shown};

with_every_fault! {
    Requesting as requesting,
    Stamping as asking_for_a_stamp,
    Downloading as downloading,
    Opening as opening,
    Verifying as verifying,
}

async fn signed_in(world: &World, device: &Device) {
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(device).await;
}

/// What the device has is whole: read, checked, and what the town sealed.
fn sound(device: &Device, id: CertificateId) {
    let view = shown(device, id);
    assert_eq!((view.row.state, view.signed), (CertificateState::Issued, true));
    let bytes = device.app().file(view.file.unwrap().id).unwrap().1;
    assert_eq!(device.app().handle(CheckFile { bytes }).unwrap().verdict, Verdict::Genuine);
}

/// The town has it exactly once.
async fn once(world: &World, id: CertificateId) {
    let (status, seen) = world.town.office("GET", &format!("/certificates/{id}"), None).await;
    assert_eq!((status, seen["state"].as_str()), (200, Some("issued")), "{seen}");
    let (_, queue) = world.town.office("GET", "/certificates", None).await;
    assert_eq!(queue["items"].as_array().unwrap().len(), 0, "nothing else was asked for");
}

/// A certificate asked for without a network goes out, and comes back as a paper.
struct Requesting(CertificateId);

impl Paragraph for Requesting {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        (Self(ask(device, "Anna", &[CertificateKind::Residence, CertificateKind::Family], exempt())), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        settle(world, device).await;
        sound(device, self.0);
        once(world, self.0).await;
    }
}

/// One whose stamp is due: whatever happens, one stamp is asked for.
struct Stamping(CertificateId);

impl Paragraph for Stamping {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        (Self(ask(device, "Anna", &[CertificateKind::Residence], StampDuty::Due)), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        settle(world, device).await;
        assert_eq!(row(device, self.0).state, CertificateState::StampDue);
        let list = device.app().handle(ListPayments { most: 100, offset: 0, limit: 100 }).unwrap();
        let stamps =
            list.to_pay.iter().flat_map(|group| &group.rows).filter(|row| row.title.contains("Marca da bollo"));
        assert_eq!(stamps.count(), 1);
    }
}

/// A certificate that was issued: its paper comes.
struct Downloading(CertificateId);

impl Paragraph for Downloading {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = ask(device, "Anna", &[CertificateKind::Residence], exempt());
        device.app().sync().await.unwrap();
        issuing::issue_all(world.town.town()).unwrap();
        (Self(id), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        sound(device, self.0);
        once(world, self.0).await;
    }
}

/// A paper whose bytes are not what they were is not shown as it is, and comes again.
struct Opening(CertificateId, AttachmentId);

impl Paragraph for Opening {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = ask(device, "Anna", &[CertificateKind::Residence], exempt());
        settle(world, device).await;
        let file = shown(device, id).file.unwrap().id;
        crate::steps::shelf::spoil(device);
        (Self(id, file), Step::Read(file))
    }

    async fn holds(&self, _: &World, device: &Device) {
        sound(device, self.0);
        let sheet = device.app().handle(ReadFile { id: self.1 }).unwrap();
        assert!(sheet.pages[0].iter().any(|line| line.contains("Anna Berti")), "{:?}", sheet.pages);
    }
}

/// A certificate taken back: a check says so, and never that it is false.
struct Verifying(String);

impl Paragraph for Verifying {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let id = ask(device, "Anna", &[CertificateKind::Residence], exempt());
        settle(world, device).await;
        let word = shown(device, id).word.unwrap().0;
        let note = Some(serde_json::json!({ "note": "Indirizzo sbagliato." }));
        assert_eq!(world.town.office("POST", &format!("/certificates/{id}/revocation"), note).await.0, 200);
        (Self(word.clone()), Step::Verify(word))
    }

    async fn holds(&self, _: &World, device: &Device) {
        let text = self.0.clone();
        let view = device.app().handle(vicino_contract::ipc::CheckText { text }).unwrap();
        assert_eq!(view.verdict, Verdict::Revoked);
    }
}
