//! A notice is paid and proved, whatever happens on the way and however the payment page ends.

use vicino_contract::http::DebtEvent;
use vicino_contract::http::payment::APP_RETURN;
use vicino_contract::ipc::{AddFile, CommandHandler as _, FileTo, ListReceipts, NoticeEvent, PayLine, SayPaid};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{NoticeId, NoticeState};
use vicino_server::matters::notice;
use vicino_server::practice;
use world::{Device, Step, World};

use super::{Paragraph, with_every_fault};
use crate::steps::files::pdf;
use crate::steps::payments::{due, notice, payment};

with_every_fault! {
    Saying as saying_that_one_paid,
    Receiving as receiving_a_receipt,
    Paying as paying,
    PayingLate as paying_and_the_receipt_is_late,
    PayingUnknown as paying_and_nobody_knows,
    Cancelling as paying_and_cancelling,
    Refusing as paying_and_being_refused,
    Halfway as paying_and_closing_halfway,
    Twice as paying_twice,
}

async fn signed_in(world: &World, device: &Device) {
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(device).await;
}

/// The receipts of a notice that this device has.
fn receipts(device: &Device, id: NoticeId) -> usize {
    notice(device, id).receipts.len()
}

/// The resident says that they have paid, and sends the proof.
struct Saying(NoticeId, NoticeNumber);

impl Paragraph for Saying {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let row = due(device, "Rifiuti");
        let (id, number) = (row.id, row.number.unwrap());
        let add = AddFile { to: FileTo::Letter(id.into()), name: "scontrino.pdf".into(), bytes: pdf(9, 300_000) };
        device.app().handle(add).unwrap();
        device.app().handle(SayPaid { id, number, paid_on: "11/03/2026".into(), place: "In posta".into() }).unwrap();
        (Self(id, number), Step::Sync)
    }

    async fn holds(&self, world: &World, device: &Device) {
        assert_eq!(payment(device, self.0, self.1).state, NoticeState::OnItsWay);
        let view = notice(device, self.0);
        let said = view.story.iter().filter(|event| event.what == NoticeEvent::SaidPaid && event.told).count();
        assert_eq!((said, view.files.iter().filter(|file| file.arrived).count()), (1, 1), "told once");
        let record = notice::find(world.town.town(), self.0).unwrap().unwrap().body;
        assert_eq!(record.history.iter().filter(|step| step.what == DebtEvent::SaidPaid).count(), 1);
    }
}

/// Somebody paid at a counter: the receipt comes to the device.
struct Receiving(NoticeId, NoticeNumber);

impl Paragraph for Receiving {
    async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
        signed_in(world, device).await;
        let row = due(device, "Mensa");
        let (id, number) = (row.id, row.number.unwrap());
        let line = [PayLine { id, number, amount: row.amount }];
        let page =
            device.app().open_payment(&line, vicino_core::IfMaybePaid::Ask, APP_RETURN.into()).await.ok().unwrap();
        world::play(&page.url, "paid").await.unwrap();
        (Self(id, number), Step::Sync)
    }

    async fn holds(&self, _: &World, device: &Device) {
        assert_eq!(payment(device, self.0, self.1).state, NoticeState::Confirmed);
        assert_eq!(receipts(device, self.0), 1);
    }
}

/// Begins a payment that will be played like this.
async fn begin(world: &World, device: &Device, how: &str) -> (NoticeId, NoticeNumber, Step) {
    signed_in(world, device).await;
    let row = due(device, "Mensa");
    let (id, number) = (row.id, row.number.unwrap());
    (id, number, Step::Pay { id, number, how: how.to_owned() })
}

/// Where a careful resident is in the end: what the town has booked is here, and when nothing is booked and it was begun, that is
/// said.
async fn no_doubt(world: &World, device: &Device, id: NoticeId, number: NoticeNumber, most: usize) {
    // Whatever is late has come by then.
    world.clock.turn(2 * 86_400);
    practice::tell_receipts(world.town.town()).unwrap();
    world.settle(device).await;
    let now = payment(device, id, number);
    let other = world.signed_in("Luca").await;
    let booked = receipts(&other, id);
    assert_eq!(receipts(device, id), booked, "every receipt is here");
    assert!(booked <= most, "paid {booked} times");
    assert_eq!(now.paid_twice, booked > 1, "twice is never silent");
    match now.state {
        NoticeState::Confirmed => assert!(booked > 0),
        NoticeState::OnItsWay => panic!("two days later there is a receipt, or there was no payment"),
        NoticeState::ToPay => assert_eq!(booked, 0),
    }
    assert_eq!(device.app().handle(ListReceipts { year: None }).unwrap().rows.len(), 3 + booked);
}

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident $how:literal $most:literal;)*) => {$(
        $(#[$doc])*
        struct $name(NoticeId, NoticeNumber);

        impl Paragraph for $name {
            async fn begin(world: &mut World, device: &mut Device) -> (Self, Step) {
                let (id, number, step) = begin(world, device, $how).await;
                (Self(id, number), step)
            }

            async fn holds(&self, world: &World, device: &Device) {
                no_doubt(world, device, self.0, self.1, $most).await;
            }
        }
    )*};
}

outcomes! {
    /// It is paid.
    Paying "paid" 1;
    /// It is paid, and the receipt comes a day later.
    PayingLate "late" 1;
    /// It is paid, and the page does not know it.
    PayingUnknown "unknown" 1;
    /// The resident gives it up.
    Cancelling "cancelled" 0;
    /// The card is refused.
    Refusing "refused" 0;
    /// The page is closed, and never comes back.
    Halfway "halfway" 0;
    /// Two receipts come.
    Twice "twice" 2;
}
