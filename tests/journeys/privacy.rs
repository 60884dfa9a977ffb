//! Nothing personal where it does not belong: canaries put into every field, looked for in every file.

use std::path::Path;

use vicino_contract::ipc::{CommandHandler as _, SendMessage, SendReport};
use vicino_domain::Place;
use world::World;

const CANARIES: [&str; 5] =
    ["CanarinoTitolo", "CanarinoDettagli", "CanarinoLuogo", "canarino@example.org", "CanarinoMessaggio"];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_readable_lies_on_the_device() {
    let world = World::new().await;
    let device = world.device().await;
    let mut draft = device.draft("CanarinoTitolo");
    draft.details = "CanarinoDettagli".into();
    draft.place = Some(Place::in_words("CanarinoLuogo".into()));
    draft.contact = "canarino@example.org".into();
    draft.private = true;
    device.save(&draft);
    let photo = device.add_photo(draft.id, world::photos::noise(64, 64, 1)).unwrap().photo;
    let jpeg = device.app().photo(photo.id).unwrap();
    device.app().handle(SendReport { id: draft.id }).unwrap();
    device.app().handle(SendMessage { report: draft.id, text: "CanarinoMessaggio".into() }).unwrap();
    world.settle(&device).await;
    look(device.folder(), &|bytes, path| {
        for canary in CANARIES {
            assert!(!holds(bytes, canary.as_bytes()), "{canary} in {}", path.display());
        }
        assert!(!holds(bytes, &jpeg[100..140]), "a photo lies open in {}", path.display());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_face_of_a_report_says_neither_who_nor_how_to_reach_them() {
    let world = World::new().await;
    let device = world.device().await;
    let mut draft = device.draft("Buca");
    draft.contact = "canarino@example.org".into();
    device.save(&draft);
    device.app().handle(SendReport { id: draft.id }).unwrap();
    device.app().handle(SendMessage { report: draft.id, text: "CanarinoMessaggio".into() }).unwrap();
    world.settle(&device).await;
    world.town.transition(draft.id, "in_charge", "Visto.").await;
    let url = format!("{}/v1/changes?public=&limit=1000", world.town.url());
    let public = reqwest::get(url).await.unwrap().text().await.unwrap();
    assert!(public.contains(&draft.id.to_string()));
    for canary in CANARIES {
        assert!(!public.contains(canary), "{canary}");
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn look(folder: &Path, at: &dyn Fn(&[u8], &Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, at);
        } else {
            at(&std::fs::read(&path).unwrap(), &path);
        }
    }
}
