//! Who somebody is: joined, signed in and out, in turn, taken away, of age.

use std::path::PathBuf;

use vicino_contract::ipc::{
    CommandHandler as _, Delivery, Find, GetPeople, GetSyncState, GetTown, ListReports, ListServices, SwitchPerson,
};
use vicino_domain::{PersonId, ReportId};
use world::{Device, Step, World};

use super::{Paragraph, myself, with_every_fault};
use crate::steps::sessions::is_refused;

with_every_fault! {
    FirstStart as first_start,
    SigningIn as signing_in,
    FreshTokens as fresh_tokens,
    SigningOut as signing_out,
    TakingTurns as taking_turns,
    TakenAway as taken_away,
    Household as household,
    OfAge as of_age,
}

async fn sign_in(world: &World, device: &Device, name: &str) {
    device.app().sign_in_as(name).await.unwrap();
    world.settle(device).await;
}

fn is_delivered(device: &Device, id: ReportId) -> bool {
    matches!(device.view(id).row.delivery, Delivery::Delivered { .. })
}

async fn held(world: &World, id: ReportId) -> usize {
    world.town.queue().await.iter().filter(|report| report["id"] == id.to_string()).count()
}

fn is_found(device: &Device, word: &str) -> bool {
    !device.app().handle(Find { text: word.into(), only: None }).unwrap().groups.is_empty()
}

/// A device that knows no town joins one.
struct FirstStart;

impl Paragraph for FirstStart {
    async fn device(world: &World, folder: PathBuf) -> Device {
        Device::on(&folder, world.clock.clone())
    }

    async fn begin(world: &mut World, _: &mut Device) -> (Self, Step) {
        (Self, Step::Join(world.cable.url()))
    }

    async fn holds(&self, _: &World, device: &Device) {
        assert_eq!(device.app().handle(GetTown {}).unwrap().name, "Comune di Pietrachiara");
        assert_eq!(device.app().handle(ListServices {}).unwrap().rows.len(), 31);
    }
}

/// Somebody who wrote a report before says who they are.
struct SigningIn(ReportId);

impl Paragraph for SigningIn {
    async fn begin(_: &mut World, device: &mut Device) -> (Self, Step) {
        (Self(device.report("Durante l’accesso", 1)), Step::SignIn("Samira".into()))
    }

    async fn holds(&self, world: &World, device: &Device) {
        let me = myself(device);
        assert_eq!((me.name.as_deref(), me.signed_in), (Some("Samira Haddad"), true));
        assert!(is_delivered(device, self.0));
        assert_eq!(held(world, self.0).await, 1);
    }
}

/// The access token has run out, and the refresh token is changed for another.
struct FreshTokens(ReportId);

impl Paragraph for FreshTokens {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        sign_in(world, device, "Luca").await;
        world.clock.turn(7200);
        (Self(device.report("Con il prossimo gettone", 1)), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        assert!(myself(device).signed_in, "a lost answer is not taken for a thief");
        assert!(is_delivered(device, self.0));
        assert_eq!(held(world, self.0).await, 1);
    }
}

/// Somebody signs out: what is here stays, and the town takes their token no more.
struct SigningOut {
    sent: ReportId,
    client: String,
    token: Vec<u8>,
}

impl Paragraph for SigningOut {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        let sent = device.report("Inviata prima di uscire", 0);
        sign_in(world, device, "Luca").await;
        let token = std::fs::read(device.own_folder().join("sign-in.key")).unwrap();
        (Self { sent, client: crate::steps::sessions::client(&token), token }, Step::SignOut)
    }

    async fn holds(&self, world: &World, device: &Device) {
        let me = myself(device);
        assert!(!me.signed_in && me.name.is_some(), "it stays Luca's");
        assert_eq!(device.view(self.sent).row.title, "Inviata prima di uscire");
        assert!(is_found(device, "uscire"));
        assert!(is_refused(world, &self.client, &self.token).await, "whoever has a copy has nothing");
    }
}

/// Two residents use the device in turn, each with something unsent.
struct TakingTurns {
    luca: (PersonId, ReportId),
    anna: (PersonId, ReportId),
}

impl Paragraph for TakingTurns {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        sign_in(world, device, "Luca").await;
        let luca = (myself(device).id, device.report("Lampione di Luca", 0));
        device.app().handle(SwitchPerson { to: None }).unwrap();
        sign_in(world, device, "Anna").await;
        let anna = (myself(device).id, device.report("Aiuola di Anna", 0));
        (Self { luca, anna }, Step::TakeTurns(vec![luca.0, anna.0]))
    }

    async fn holds(&self, world: &World, device: &Device) {
        for (own, other, word, secret) in
            [(self.luca, self.anna, "lampione", "aiuola"), (self.anna, self.luca, "aiuola", "lampione")]
        {
            device.app().handle(SwitchPerson { to: Some(own.0) }).unwrap();
            assert!(is_delivered(device, own.1) && is_found(device, word));
            assert!(!is_found(device, secret), "nothing of the other");
            let mine = device.app().handle(ListReports { offset: 0, limit: 9 }).unwrap();
            assert!(mine.rows.iter().all(|row| row.id != other.1));
            assert_eq!(held(world, own.1).await, 1);
        }
    }
}

/// Somebody who used the device is taken away from it; whoever stays loses nothing.
struct TakenAway {
    luca: PersonId,
    folder: PathBuf,
    annas: ReportId,
}

impl Paragraph for TakenAway {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        sign_in(world, device, "Luca").await;
        device.draft("Segreto di Luca");
        let (luca, folder) = (myself(device).id, device.own_folder());
        device.app().handle(SwitchPerson { to: None }).unwrap();
        sign_in(world, device, "Anna").await;
        (Self { luca, folder, annas: device.report("Resta di Anna", 0) }, Step::TakeAway(luca))
    }

    async fn holds(&self, _: &World, device: &Device) {
        let people = device.app().handle(GetPeople {}).unwrap().people;
        assert!(people.iter().all(|person| person.id != self.luca) && people.len() == 1);
        assert!(!self.folder.exists());
        let left: Vec<_> = std::fs::read_dir(self.folder.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 2, "Anna's, and who uses it: {left:?}");
        assert!(is_delivered(device, self.annas) && !is_found(device, "segreto"));
    }
}

/// What a child writes comes to the parent.
struct Household(ReportId);

impl Paragraph for Household {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        sign_in(world, device, "Anna").await;
        let child = Device::new(world.clock.clone());
        child.app().join(&world.town.url()).await.unwrap();
        sign_in(world, &child, "Tommaso").await;
        let id = child.report("Trespolo rotto", 0);
        world.settle(&child).await;
        (Self(id), Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        assert_eq!(device.view(self.0).row.title, "Trespolo rotto");
        assert!(is_found(device, "trespolo"));
    }
}

/// A child has come of age, and the parent's feed is read again from the start.
struct OfAge;

impl Paragraph for OfAge {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        let (Household(id), _) = Household::begin(world, device).await;
        sign_in(world, device, "Anna").await;
        assert_eq!(device.view(id).row.title, "Trespolo rotto");
        // Giulia is eighteen in September 2032, Tommaso in February 2035; the sign-in of so long ago has run out.
        world.clock.turn(365 * 86_400 * 9);
        device.app().sync().await.unwrap();
        (Self, Step::SignIn("Anna".into()))
    }

    async fn holds(&self, _: &World, device: &Device) {
        let state = device.app().handle(GetSyncState {}).unwrap();
        assert!(state.collections.iter().all(|row| row.name != "cases" || row.count == 0), "theirs, not hers");
        assert_eq!(device.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
        assert!(!is_found(device, "trespolo"));
    }
}
