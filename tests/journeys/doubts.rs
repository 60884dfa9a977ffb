//! Where doubt could creep in: two ways of one debt, two devices, a debt issued again, a town that lost its past, a child come of age.

use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    CommandHandler as _, GetCode, ListReceipts, NoticeEvent, NoticeRow, PayLine, PayingView, SayPaid,
};
use vicino_core::IfMaybePaid;
use vicino_domain::{Cents, NoticeState};
use vicino_server::matters::notice;
use vicino_server::pagopa::Receipt;
use world::World;

use crate::steps::payments::{BACK, CREDITOR, due, line, list, notice, pay, payment};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_town_takes_nothing_away() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let copy = world.copy_town().await;
    let (meal, tax) = (due(&anna, "Mensa"), due(&anna, "Rifiuti"));
    pay(&anna, &[&meal], "paid").await.unwrap();
    let said = SayPaid { id: tax.id, number: tax.number.unwrap(), paid_on: "11/03/2026".into(), place: String::new() };
    anna.app().handle(said).unwrap();
    world.settle(&anna).await;
    world.restore_town(copy).await;
    world.settle(&anna).await;
    world.settle(&anna).await;
    // The receipt is here, whatever the town remembers; what was said is said to it again.
    assert_eq!(payment(&anna, meal.id, meal.number.unwrap()).state, NoticeState::Confirmed);
    assert_eq!(anna.app().handle(ListReceipts { year: None }).unwrap().rows.len(), 4);
    let other = world.signed_in("Anna").await;
    assert_eq!(payment(&other, tax.id, tax.number.unwrap()).state, NoticeState::OnItsWay);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_come_of_age_takes_their_debts_along_and_leaves_the_parents_own_receipts() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let copy = world.copy_town().await;
    let tax = due(&anna, "Rifiuti");
    pay(&anna, &[&tax], "paid").await.unwrap();
    world.settle(&anna).await;
    let whom = || {
        let rows = anna.app().handle(ListReceipts { year: None }).unwrap().rows;
        let mut whom: Vec<String> = rows.into_iter().map(|row| row.whom.name).collect();
        whom.sort();
        whom
    };
    assert_eq!(whom(), ["Giulia Moretti", "Tommaso Moretti", "Via Roma 14", "Via Roma 14"]);
    // The town loses the payment; then Giulia comes of age, and this feed is read again from the start.
    world.restore_town(copy).await;
    world.settle(&anna).await;
    world.clock.turn(8 * 365 * 86_400);
    anna.app().sign_in_as("Anna").await.unwrap();
    world.settle(&anna).await;
    assert_eq!(
        whom(),
        ["Tommaso Moretti", "Via Roma 14", "Via Roma 14"],
        "hers are hers, and nothing of one's own goes"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_way_of_paying_the_same_debt_is_no_second_debt() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let tax = due(&anna, "Rifiuti (TARI)");
    let mut ways = notice(&anna, tax.id).plans.into_iter();
    let whole = ways.find(|plan| plan.installments.iter().all(|one| one.payable && Some(one.number) != tax.number));
    let whole = whole.unwrap().installments.remove(0);
    pay(&anna, &[&tax], "late").await;
    // The first instalment is on its way: the whole is not offered as if nothing had been paid, and asking for it warns.
    let left: Vec<NoticeRow> = list(&anna).to_pay.into_iter().flat_map(|group| group.rows).collect();
    assert!(left.iter().all(|row| row.number != Some(whole.number)));
    let line = PayLine { id: tax.id, number: whole.number, amount: whole.amount };
    let open = |if_maybe_paid| anna.app().open_payment(std::slice::from_ref(&line), if_maybe_paid, BACK.into());
    let warned = open(IfMaybePaid::Ask).await.err();
    assert_eq!(warned, Some(PayingView::Warned { numbers: vec![tax.number.unwrap().grouped()] }));
    assert!(open(IfMaybePaid::Pay).await.is_ok(), "whoever knows better may");
    // Whoever did so has two receipts of one debt: it was paid twice, and says so.
    let receipt = |number| Receipt {
        id: format!("RT-{number}"),
        number,
        creditor: CREDITOR.parse().unwrap(),
        amount: Cents(20160),
        fee: None,
        paid_at: world.clock.read(),
        psp: "Banca di prova".into(),
        method: None,
        stamp: None,
    };
    for number in [tax.number.unwrap(), whole.number] {
        assert!(notice::book(world.town.town(), &receipt(number)).unwrap());
    }
    world.settle(&anna).await;
    assert!(payment(&anna, tax.id, whole.number).paid_twice && payment(&anna, tax.id, tax.number.unwrap()).paid_twice);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_issued_again_keeps_what_happened_to_it() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let tax = due(&anna, "Rifiuti (TARI)");
    let town = world.town.town();
    let fresh = notice::find(town, tax.id).unwrap().unwrap();
    pay(&anna, &[&tax], "paid").await;
    world.settle(&anna).await;
    let paid = notice::find(town, tax.id).unwrap().unwrap();
    assert_ne!(paid.body, fresh.body);
    // Neither what is paid nor the other way of paying it is shown at a counter any more.
    let all = notice(&anna, tax.id).plans.into_iter().flat_map(|plan| plan.installments);
    let shut: Vec<_> = all.filter(|one| !one.payable).collect();
    assert_eq!(shut.len(), 2, "what is paid, and the other way");
    for one in shut {
        let (id, number) = (tax.id, one.number);
        assert_eq!(anna.app().handle(GetCode { id, number }).unwrap_err().code, FailureCode::NotToPay);
        let of = vicino_contract::ipc::PaperOf::Notice(id, number);
        assert_eq!(anna.app().handle(vicino_contract::ipc::GetPaper { of }).unwrap_err().code, FailureCode::NotToPay);
    }
    // The importer tells the same debt again, as it first was.
    notice::issue_to(town, fresh.owner.unwrap(), fresh.body.clone()).unwrap();
    let after = notice::find(town, tax.id).unwrap().unwrap();
    assert_eq!((after.body, after.version), (paid.body, paid.version), "nothing is undone, nothing is written");
    // Nobody else gets it, and no other debt takes its number.
    let luca = vicino_domain::ResidentId::from_uuid(uuid::Uuid::max());
    assert!(notice::issue(town, luca, fresh.body.clone()).is_err());
    let mut other = fresh.body;
    other.id = uuid::Uuid::max();
    assert!(notice::issue_to(town, fresh.owner.unwrap(), other).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_on_another_device_warns() {
    let world = World::new().await;
    let phone = world.signed_in("Anna").await;
    let tax = due(&phone, "Rifiuti (TARI)");
    let computer = world.signed_in("Anna").await;
    pay(&phone, &[&tax], "halfway").await;
    computer.app().sync().await.unwrap();
    let lines = [line(&tax)];
    let open = || computer.app().open_payment(&lines, IfMaybePaid::Ask, BACK.into());
    assert_eq!(open().await.err(), Some(PayingView::Warned { numbers: vec![tax.number.unwrap().grouped()] }));
    assert!(notice(&computer, tax.id).story.iter().any(|event| event.what == NoticeEvent::Begun && event.told));
    // Its page is closed by then: nobody is warned for ever of what somebody else gave up.
    world.settle(&computer).await;
    assert!(open().await.is_ok());
}
