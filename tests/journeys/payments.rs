//! What is owed is read, shown, paid and proved; whatever the payment page does, nobody is left in doubt.

use vicino_contract::ipc::{
    AddFile, CommandHandler as _, FileTo, GetCode, GetPaymentReceipt, ListReceipts, NoticeEvent, PayingView, SayPaid,
};
use vicino_contract::{Event, FailureCode};
use vicino_core::IfMaybePaid;
use vicino_domain::{BadCart, Cents, NoticeState, Outcome};
use vicino_server::matters::notice;
use vicino_server::practice;
use world::{Wire, World, play};

use crate::steps::files::pdf;
use crate::steps::payments::{BACK, CREDITOR, due, line, list, notice, pay, payment};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_is_known_without_a_network_and_by_whom_it_is_for() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let list = list(&anna);
    let whom: Vec<(&str, i64)> = list.to_pay.iter().map(|group| (group.whom.name.as_str(), group.total.0)).collect();
    assert_eq!(whom, [("Giulia Moretti", 6240), ("Tommaso Moretti", 4867 + 6900), ("Via Roma 14", 10080)]);
    assert_eq!((list.paid_total, list.on_its_way.len()), (3, 0));
    let taxes = notice(&anna, due(&anna, "Rifiuti").id);
    assert_eq!(taxes.lines.iter().map(|line| line.amount.0).sum::<i64>(), 20160);
    assert_eq!((taxes.plans.len(), taxes.plans[0].installments.len()), (2, 2));
    assert!(taxes.plans[0].installments[0].due_from.contains("delibera"));
    assert!(taxes.office.is_some_and(|office| office.name == "Ufficio Tributi"));
    // Its codes are here, to be shown at a counter.
    let one = &taxes.plans[0].installments[0];
    let code = anna.app().handle(GetCode { id: taxes.row.id, number: one.number }).unwrap();
    assert_eq!(code.payload, format!("PAGOPA|002|{}|{CREDITOR}|10080", one.number));
    assert!(code.qr_svg.contains("<svg") && code.matrix_svg.unwrap().contains("<svg"));
    // Luca sees the fine with its three amounts, the first of which holds for two more days; Anna does not.
    world.cable.set(Wire::Whole);
    let luca = world.signed_in("Luca").await;
    let fine = notice(&luca, due(&luca, "Multa").id);
    let amounts: Vec<(i64, bool)> = fine.plans.iter().map(|plan| (plan.installments[0].amount.0, plan.over)).collect();
    assert_eq!(amounts, [(4190, false), (5450, false), (9900, false)]);
    assert_eq!((fine.chosen, fine.services.len()), (0, 3));
    world.clock.turn(4 * 86_400);
    assert_eq!(notice(&luca, fine.row.id).chosen, 1, "the discount is over, by the device's own calendar");
    assert_eq!(due(&luca, "Multa").amount, Cents(5450));
    let samira = world.signed_in("Samira").await;
    assert_eq!(self::list(&samira).information.len(), 1, "the IMU is information");
    assert_eq!(notice(&samira, self::list(&samira).information[0].id).f24.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_and_proved() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (giulia, tommaso) = (due(&anna, "Mensa"), due(&anna, "Scuolabus"));
    let back = pay(&anna, &[&giulia, &tommaso], "paid").await.unwrap();
    assert!(back.starts_with(BACK) && back.ends_with("outcome=paid"));
    // That the page came back proves nothing yet.
    let number = giulia.number.unwrap();
    assert_eq!(payment(&anna, giulia.id, number).state, NoticeState::OnItsWay);
    assert!(list(&anna).on_its_way.iter().any(|row| row.id == giulia.id));
    world.settle(&anna).await;
    assert_eq!(payment(&anna, giulia.id, number).state, NoticeState::Confirmed);
    let view = notice(&anna, giulia.id);
    let receipt = anna.app().handle(GetPaymentReceipt { id: view.receipts[0].id }).unwrap();
    assert!(receipt.signed && receipt.row.amount == Cents(6240) && receipt.row.whom.name == "Giulia Moretti");
    let story: Vec<NoticeEvent> = view.story.iter().map(|event| event.what).collect();
    assert_eq!(story, [NoticeEvent::ReturnedPaid, NoticeEvent::Paid, NoticeEvent::Begun, NoticeEvent::Issued]);
    // The next instalment of the bus is what is asked now; the other way to pay it is closed.
    assert_eq!(due(&anna, "Scuolabus").part, (3, 3));
    let bus = notice(&anna, tommaso.id);
    assert!(!bus.plans[1].installments[0].payable, "the other way was left");
    // Paid is paid: no second cart, here and in the town.
    let again = anna.app().open_payment(&[line(&giulia)], IfMaybePaid::Pay, BACK.into()).await;
    assert!(matches!(again, Err(PayingView::Refused(BadCart::Paid { .. }))));
    // The other parent sees it too.
    let luca = world.signed_in("Luca").await;
    assert_eq!(payment(&luca, giulia.id, number).state, NoticeState::Confirmed);
    assert_eq!(luca.app().handle(ListReceipts { year: Some(2026) }).unwrap().rows.len(), 4);
    // With the network gone, and the device started again, everything is here.
    world.cable.set(Wire::Unplugged);
    let mut anna = anna;
    anna.restart();
    assert_eq!(payment(&anna, giulia.id, number).state, NoticeState::Confirmed);
    let files = anna.app().export_receipts(Some(2026)).unwrap();
    assert!(files.iter().any(|(name, _)| name.contains(&number.to_string())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_late_by_a_day() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let row = due(&anna, "Mensa");
    pay(&anna, &[&row], "late").await.unwrap();
    let number = row.number.unwrap();
    world.clock.turn(3600);
    practice::tell_receipts(world.town.town()).unwrap();
    world.settle(&anna).await;
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::OnItsWay);
    // Whoever presses again is warned.
    let again = anna.app().open_payment(&[line(&row)], IfMaybePaid::Ask, BACK.into()).await;
    assert!(matches!(again, Err(PayingView::Warned { .. })));
    world.clock.turn(86_400);
    practice::tell_receipts(world.town.town()).unwrap();
    world.settle(&anna).await;
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_refused_unknown_and_closed_halfway() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let row = due(&anna, "Mensa");
    let number = row.number.unwrap();
    for how in ["cancelled", "refused"] {
        pay(&anna, &[&row], how).await.unwrap();
        let now = payment(&anna, row.id, number);
        assert_eq!((now.state, now.open_since), (NoticeState::ToPay, None), "{how}: to be paid, and nothing is open");
    }
    assert_eq!(pay(&anna, &[&row], "halfway").await, None);
    world.settle(&anna).await;
    let now = payment(&anna, row.id, number);
    assert!(now.state == NoticeState::ToPay && now.open_since.is_some(), "begun, and its end is not known");
    let warned = anna.app().open_payment(&[line(&row)], IfMaybePaid::Ask, BACK.into()).await;
    assert!(matches!(&warned, Err(PayingView::Warned { numbers }) if numbers == &[number.grouped()]));
    // Warned and still wishing to, one pays; how it ended nobody knows, until a minute later the receipt comes.
    let page = anna.app().open_payment(&[line(&row)], IfMaybePaid::Pay, BACK.into()).await.ok().unwrap();
    let back = play(&page.url, "unknown").await.unwrap();
    assert!(anna.app().payment_returned(&back));
    assert!(payment(&anna, row.id, number).open_since.is_some());
    assert_eq!(list(&anna).paid_total, 3);
    world.clock.turn(120);
    practice::tell_receipts(world.town.town()).unwrap();
    world.settle(&anna).await;
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_back_in_a_refused_page_and_pays_has_paid() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let row = due(&anna, "Mensa");
    let number = row.number.unwrap();
    let page = anna.app().open_payment(&[line(&row)], IfMaybePaid::Ask, BACK.into()).await.unwrap();
    let back = |how: &str| format!("{BACK}?cart={}&outcome={how}", page.cart);
    assert!(anna.app().payment_returned(&back("refused")));
    assert_eq!(payment(&anna, row.id, number).open_since, None);
    assert!(anna.app().payment_returned(&back("unknown")), "another word is news");
    assert!(payment(&anna, row.id, number).open_since.is_some(), "and warns again");
    assert!(anna.app().payment_returned(&back("paid")));
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::OnItsWay);
    for again in ["paid", "cancelled", "refused"] {
        assert!(!anna.app().payment_returned(&back(again)), "nothing undoes it");
    }
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::OnItsWay);
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_twice_is_said_and_both_receipts_are_kept() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let row = due(&anna, "Mensa");
    pay(&anna, &[&row], "twice").await.unwrap();
    world.settle(&anna).await;
    let now = payment(&anna, row.id, row.number.unwrap());
    assert!(now.state == NoticeState::Confirmed && now.paid_twice);
    let view = notice(&anna, row.id);
    assert_eq!(view.receipts.len(), 2);
    assert!(view.story.iter().any(|event| event.what == NoticeEvent::PaidAgain));
    // The creditor's word against it stands beside the receipts, and takes nothing away.
    let creditor = CREDITOR.parse().unwrap();
    notice::say_not_paid(world.town.town(), creditor, row.number.unwrap(), "Accredito respinto dalla banca.").unwrap();
    world.settle(&anna).await;
    let now = payment(&anna, row.id, row.number.unwrap());
    assert!(now.state == NoticeState::Confirmed && now.contrary);
    assert!(
        notice(&anna, row.id)
            .story
            .iter()
            .any(|event| event.note.as_deref() == Some("Accredito respinto dalla banca."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_elsewhere_with_a_proof() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let row = due(&anna, "Rifiuti");
    let number = row.number.unwrap();
    world.cable.set(Wire::Unplugged);
    let to = FileTo::Letter(row.id.into());
    anna.app().handle(AddFile { to, name: "scontrino.pdf".into(), bytes: pdf(3, 4000) }).unwrap();
    let say = |on: &str| SayPaid { id: row.id, number, paid_on: on.into(), place: "Tabaccheria di via Roma".into() };
    assert_eq!(anna.app().handle(say("31/02/2026")).unwrap_err().code, FailureCode::NoSuchDay);
    assert_eq!(anna.app().handle(say("11/03/2036")).unwrap_err().code, FailureCode::NoSuchDay, "that day has not come");
    anna.app().handle(say("11/03/2026")).unwrap();
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::OnItsWay, "at once, without a network");
    assert_eq!(anna.outbox().waiting.len(), 2, "the word, and the proof behind it");
    world.cable.set(Wire::Whole);
    world.settle(&anna).await;
    let view = notice(&anna, row.id);
    assert!(view.files.iter().any(|file| file.arrived));
    let said = view.story.iter().filter(|event| event.what == NoticeEvent::SaidPaid).collect::<Vec<_>>();
    assert_eq!(said.len(), 1, "told once");
    assert!(said[0].told && said[0].note.as_ref().unwrap().contains("Tabaccheria"));
    // On another device of hers it is on its way as well; and whoever pays again is warned.
    let other = world.signed_in("Anna").await;
    assert_eq!(payment(&other, row.id, number).state, NoticeState::OnItsWay);
    world.settle(&other).await;
    assert!(notice(&other, row.id).files.iter().any(|file| file.here), "with the proof");
    let again = other.app().open_payment(&[line(&row)], IfMaybePaid::Ask, BACK.into()).await;
    assert!(matches!(again, Err(PayingView::Warned { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_pays_by_wishing() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let row = due(&anna, "Mensa");
    let mut events = anna.app().listen();
    let running = tokio::spawn(anna.app().clone().run());
    anna.app().handle(vicino_contract::ipc::Pay { lines: vec![line(&row)], despite: false }).unwrap();
    let paying = || anna.app().handle(vicino_contract::ipc::GetPaying {}).unwrap().view;
    let url = loop {
        let told = tokio::time::timeout(std::time::Duration::from_secs(20), events.recv()).await.unwrap();
        match (told, paying()) {
            (Ok(Event::Paying), PayingView::Elsewhere { url, opened: false }) => break url,
            (_, PayingView::Failed { code }) => panic!("{code:?}"),
            _ => {}
        }
    };
    // The browser is sent to a port of this machine, and goes there.
    let back = play(&url, "paid").await.unwrap();
    assert!(back.starts_with("http://127.0.0.1:"));
    assert_eq!(reqwest::get(&back).await.unwrap().status(), 200);
    for _ in 0..400 {
        if paying() == PayingView::Back(Outcome::Paid) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(paying(), PayingView::Back(Outcome::Paid));
    for _ in 0..400 {
        if payment(&anna, row.id, row.number.unwrap()).state == NoticeState::Confirmed {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(payment(&anna, row.id, row.number.unwrap()).state, NoticeState::Confirmed, "with no further hand");
    running.abort();
}
