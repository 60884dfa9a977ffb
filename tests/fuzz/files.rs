//! Papers and pictures that somebody brings, looked at in a process of its own as the programs do.

use vicino_contract::ipc::{CommandHandler as _, GetPaper, PaperOf};
use vicino_contract::seal;
use vicino_pictures::looking::{Looker, Wish};
use vicino_pictures::photo;
use vicino_pictures::scan::Wanted;
use world::World;
use world::driver::built;

use crate::spoilt::{tried, tried_often};

#[test]
fn pictures() {
    let jpeg = world::photos::of_bytes(6_000);
    let png = world::photos::noise(40, 30, 3);
    tried("pictures", vec![jpeg, png, world::photos::corners()], |bytes| {
        let _ = photo::is_clean(bytes);
        if let Ok(developed) = photo::develop(bytes) {
            // Whatever it was, what leaves a device is clean.
            assert!(photo::is_clean(&developed.jpeg).is_ok());
        }
    });
}

#[test]
fn papers() {
    let looker = Looker::beside(built("vicino-headless"));
    tried_often("papers", 8, vec![paper()], |bytes| {
        let _ = seal::check(bytes, &[]);
        let _ = seal::word(bytes);
        for wish in [Wish::Codes(Wanted::Any), Wish::Words] {
            // An error is an answer; that there is one within its time is what counts.
            let _ = looker.look(wish, bytes);
        }
    });
}

/// A receipt of delivery, with the codes that stand on it.
fn paper() -> Vec<u8> {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let world = World::new().await;
        let device = world.device().await;
        let report = device.report("Buca", 0);
        world.settle(&device).await;
        device.app().handle(GetPaper { of: PaperOf::Delivery(report.into()) }).unwrap().bytes
    })
}
