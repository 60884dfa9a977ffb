//! The town and pagoPA: carts taken to the real Checkout's protocol, debts that are positions, receipts that come from there.

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;
use vicino_contract::FailureCode;
use vicino_contract::http::{
    CreditorBody, InstallmentBody, LineBody, NoticeKind, NoticeRecord, PlanBody, WhomBody, WhomKind,
};
use vicino_contract::ipc::{PayLine, PayingView};
use vicino_core::IfMaybePaid;
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{Cents, InstallmentState, NoticeId, NoticeState, Open, PositionState, ResidentId};
use vicino_server::matters::notice;
use vicino_server::matters::notice::position;
use vicino_server::pagopa::{Account, Gpd, GpdFault, PagoPaCheckout, Position, Positions, Publication, Version};
use vicino_server::payments::receipts;
use world::pagopa::{FalsePagoPa, KEY, Mood};
use world::{Device, World};

use crate::steps::payments::{due, list, payment};

const BACK: &str = "http://127.0.0.1:4321/paid";

fn creditor() -> Creditor {
    "77777777777".parse().unwrap()
}

fn account() -> Account {
    Account { iban: "IT60X0542811101000000123456".into(), category: "0101002IM".into() }
}

async fn open(device: &Device, title: &str) -> Result<String, PayingView> {
    let row = due(device, title);
    let line = PayLine { id: row.id, number: row.number.unwrap(), amount: row.amount };
    device.app().open_payment(&[line], IfMaybePaid::Pay, BACK.into()).await.map(|page| page.url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_goes_to_checkout_in_either_version_and_its_faults_pay_nothing() {
    let pagopa = FalsePagoPa::new().await;
    for version in [Version::V1, Version::V2] {
        let mut world = World::new().await;
        let checkout = PagoPaCheckout::new(&pagopa.checkout(), KEY.into(), version).unwrap();
        assert!(!format!("{checkout:?}").contains(KEY), "the key is in no log");
        world.town.pay_at(Arc::new(checkout)).await;
        world.cable.plug(world.town.address());
        let anna = world.signed_in("Anna").await;
        let url = open(&anna, "Mensa").await.unwrap();
        assert!(url.contains("/pay/"), "{url}");
        let cart = pagopa.carts().pop().unwrap();
        let notice = &cart["paymentNotices"][0];
        assert_eq!((&notice["amount"], &notice["fiscalCode"]), (&6240.into(), &"77777777777".into()));
        assert!(!cart.to_string().contains("Giulia"), "nothing personal goes to the payment page");
        let ok = cart["returnUrls"]["returnOkUrl"].as_str().unwrap();
        assert!(ok.starts_with(BACK) && ok.contains("outcome=paid"));
        assert_eq!(cart["returnUrls"]["returnWaitingUrl"].is_string(), version == Version::V2);
        // What it sends the browser back with is the same as the false page's.
        assert!(anna.app().payment_returned(ok));
        for (mood, code) in [
            (Mood::Broken, FailureCode::CheckoutUnreachable),
            (Mood::Nonsense, FailureCode::CheckoutNonsense),
            (Mood::Unsealed, FailureCode::CheckoutNonsense),
        ] {
            pagopa.set(mood);
            assert_eq!(open(&anna, "Rifiuti").await, Err(PayingView::Failed { code }), "{mood:?}");
            assert_eq!(due(&anna, "Rifiuti").open_since, None, "nothing was begun");
        }
        pagopa.set(Mood::Sound);
    }
    let mut world = World::new().await;
    world.town.pay_at(Arc::new(PagoPaCheckout::new(&pagopa.checkout(), "another".into(), Version::V2).unwrap())).await;
    world.cable.plug(world.town.address());
    let anna = world.signed_in("Anna").await;
    let refused = Err(PayingView::Failed { code: FailureCode::CheckoutRefused });
    assert_eq!(open(&anna, "Mensa").await, refused, "a key that is not the town's");
}

fn notice(n: u128, amounts: &[i64]) -> NoticeRecord {
    let due_on = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let installments = amounts.iter().zip(0_u64..).map(|(amount, at)| InstallmentBody {
        number: NoticeNumber::issue(47, u64::try_from(n).unwrap() * 100 + at),
        amount: Cents(*amount),
        due_on,
        due_from: String::from("scritta nell’avviso"),
        state: InstallmentState::Unpaid.into(),
        paid_at: None,
    });
    let total = Cents(amounts.iter().sum());
    NoticeRecord {
        debtor: None,
        id: Uuid::from_u128(n),
        kind: NoticeKind::Service.into(),
        year: 2026,
        title: format!("Centro estivo {n}"),
        creditor: CreditorBody { name: "Comune di Pietrachiara".into(), tax_code: creditor(), postal_account: None },
        office: None,
        whom: WhomBody { kind: WhomKind::Person.into(), name: "Giulia Moretti".into(), detail: None },
        issued_on: due_on,
        lines: vec![LineBody { what: "Quota".into(), how: None, amount: total }],
        plans: vec![PlanBody {
            title: String::from("A rate"),
            from: None,
            until: None,
            switch_to_expired: false,
            lines: Vec::new(),
            installments: installments.collect(),
        }],
        state: Open::default(),
        history: Vec::new(),
        files: Vec::new(),
        good_for_hours: 24,
        services: Vec::new(),
        f24: Vec::new(),
        stamp: None,
    }
}

/// Whom the town's taxes are asked of on this device.
fn resident(world: &World, device: &Device) -> ResidentId {
    let record = notice::find(world.town.town(), due(device, "Rifiuti").id).unwrap().unwrap();
    record.owner.unwrap().resident().unwrap()
}

fn person(id: ResidentId) -> vicino_contract::http::ResidentRecord {
    vicino_contract::http::ResidentRecord {
        id: id.uuid(),
        given_name: "Anna".into(),
        family_name: "Berti".into(),
        tax_code: "BRTNNA86E54X999E".into(),
        birth_date: NaiveDate::from_ymd_opt(1986, 5, 14).unwrap(),
        address: String::new(),
        about: None,
        registry: None,
        household: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_or_taken_back_is_so_at_pagopa_too() {
    let pagopa = FalsePagoPa::new().await;
    let gpd = Gpd::new(&pagopa.gpd(), KEY.into(), creditor()).unwrap();
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (town, to) = (world.town.town(), resident(&world, &anna));
    let id = NoticeId::from_uuid(Uuid::from_u128(905));
    let at_pagopa = async || gpd.find(&id.to_string()).await.unwrap();
    position::issue_with(town, &gpd, &account(), to, notice(905, &[5000])).await.unwrap();
    // A sum that was wrong: changed there first, then for the resident.
    position::issue_with(town, &gpd, &account(), to, notice(905, &[4000])).await.unwrap();
    assert_eq!(at_pagopa().await.payment_option[0].installments[0].amount, Cents(4000));
    // An account that was wrong: money must not go on to it.
    let right = Account { iban: "IT40S0542811101000000123457".into(), ..account() };
    position::issue_with(town, &gpd, &right, to, notice(905, &[4000])).await.unwrap();
    assert_eq!(at_pagopa().await.payment_option[0].installments[0].transfer[0].iban, Some(right.iban.clone()));
    world.settle(&anna).await;
    let row = due(&anna, "Centro estivo");
    assert_eq!(row.amount, Cents(4000));
    // A dearer way, from a day that is still to come, is not paid before it.
    let mut later = notice(905, &[4000]);
    let day = NaiveDate::from_ymd_opt(2099, 3, 9).unwrap();
    let mut dearer = later.plans[0].clone();
    (dearer.from, dearer.installments[0].number) = (Some(day), notice(906, &[1]).plans[0].installments[0].number);
    (dearer.installments[0].amount, dearer.installments[0].due_on) = (Cents(9000), day);
    let iuv = dearer.installments[0].number.iuv();
    later.plans.push(dearer);
    position::issue_with(town, &gpd, &right, to, later).await.unwrap();
    assert!(!pagopa.pay(&iuv), "not before its day");
    pagopa.turn_to(day.and_hms_opt(9, 0, 0).unwrap().and_utc());
    assert!(at_pagopa().await.payment_option[1].validity_date.is_some());
    // Taken back: nobody can pay it there either, and a second try finds it done.
    for _ in 0..2 {
        let _ = position::take_back_with(town, &gpd, id, "Annullato: era doppio.".into()).await;
    }
    assert_eq!(at_pagopa().await.status, Some(PositionState::Unpayable));
    assert!(!pagopa.pay(&row.number.unwrap().iuv()) && !pagopa.pay(&iuv));
    assert!(
        position::issue_with(town, &gpd, &account(), to, notice(905, &[4000])).await.is_err(),
        "what is taken back stays so"
    );
    // What somebody has paid is not taken back.
    position::issue_with(town, &gpd, &account(), to, notice(907, &[5000])).await.unwrap();
    assert!(pagopa.pay(&notice(907, &[5000]).plans[0].installments[0].number.iuv()));
    let paid = NoticeId::from_uuid(Uuid::from_u128(907));
    assert!(position::take_back_with(town, &gpd, paid, "Annullato.".into()).await.is_err());
    assert!(position::issue_with(town, &gpd, &account(), to, notice(907, &[4000])).await.is_err(), "nor changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_receipt_that_does_not_come_keeps_no_other_and_is_asked_for_again() {
    let pagopa = FalsePagoPa::new().await;
    let gpd = Gpd::new(&pagopa.gpd(), KEY.into(), creditor()).unwrap();
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (town, to) = (world.town.town(), resident(&world, &anna));
    // More than a page of them.
    let debt = notice(908, &[100; 70]);
    let iuvs: Vec<String> = debt.plans[0].installments.iter().map(|one| one.number.iuv()).collect();
    position::issue_with(town, &gpd, &account(), to, debt).await.unwrap();
    assert!(iuvs.iter().all(|iuv| pagopa.pay(iuv)));
    for (iuv, status) in iuvs.iter().zip([500, 200, 404]) {
        pagopa.break_receipt(iuv, status);
    }
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 67);
    assert_eq!(pagopa.fetched(), 70);
    pagopa.mend_receipts();
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 0, "after a while");
    assert_eq!(pagopa.fetched(), 70);
    world.clock.turn(2 * 3600);
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 3);
    world.clock.turn(2 * 3600);
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 0);
    assert_eq!(pagopa.fetched(), 73, "each once more, and never again");
    // A service that gives none at all is left alone.
    let other = notice(909, &[100; 20]);
    let iuvs: Vec<String> = other.plans[0].installments.iter().map(|one| one.number.iuv()).collect();
    position::issue_with(town, &gpd, &account(), to, other).await.unwrap();
    iuvs.iter().for_each(|iuv| {
        assert!(pagopa.pay(iuv));
        pagopa.break_receipt(iuv, 429);
    });
    assert!(receipts::gather(town, &gpd).await.is_err());
    assert!(pagopa.fetched() < 73 + 10, "{}", pagopa.fetched());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_is_a_position_and_its_receipt_comes_from_there() {
    let pagopa = FalsePagoPa::new().await;
    let gpd = Gpd::new(&pagopa.gpd(), KEY.into(), creditor()).unwrap();
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (town, to) = (world.town.town(), resident(&world, &anna));
    position::issue_with(town, &gpd, &account(), to, notice(901, &[5000, 3000])).await.unwrap();
    // Issued again, as after an answer that was lost: the position is there, and it is one debt.
    position::issue_with(town, &gpd, &account(), to, notice(901, &[5000, 3000])).await.unwrap();
    let other = notice(904, &[1, 2]);
    gpd.create(&Position::of(&other, &person(to), &account()), Publication::Published).await.unwrap();
    let stranger = position::issue_with(town, &gpd, &account(), to, notice(904, &[3, 4])).await;
    assert!(stranger.is_err(), "another debt, which this town never issued, is not written over");
    let page = gpd.list(0).await.unwrap();
    assert_eq!((page.payment_position_list.len(), page.page_info.total_pages), (2, 1));
    let position = gpd.find(&Uuid::from_u128(901).to_string()).await.unwrap();
    assert_eq!(position.status, Some(PositionState::Valid));
    assert!(!position.payment_option[0].installments[0].description.contains("Giulia"));
    world.settle(&anna).await;
    let row = due(&anna, "Centro estivo");
    assert_eq!((row.amount, row.part), (Cents(5000), (1, 2)));
    // Paid at a tobacconist: the town hears it from pagoPA, the resident from the town.
    let number = row.number.unwrap();
    assert!(pagopa.pay(&number.iuv()));
    assert!(!pagopa.pay(&number.iuv()), "not a second time");
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 1);
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 0, "the same receipt is booked once");
    assert_eq!(pagopa.fetched(), 1, "and fetched once");
    world.settle(&anna).await;
    assert_eq!(payment(&anna, row.id, number).state, NoticeState::Confirmed);
    assert_eq!(due(&anna, "Centro estivo").part, (2, 2));
    assert_eq!(gpd.find(&position.iupd).await.unwrap().status, Some(PositionState::PartiallyPaid));
    let second = due(&anna, "Centro estivo").number.unwrap();
    assert!(pagopa.pay(&second.iuv()));
    assert_eq!(receipts::gather(town, &gpd).await.unwrap(), 1);
    world.settle(&anna).await;
    assert!(list(&anna).to_pay.iter().flat_map(|group| &group.rows).all(|other| other.id != row.id));
    assert_eq!(gpd.find(&position.iupd).await.unwrap().status, Some(PositionState::Paid));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_errors_are_told_apart() {
    let pagopa = FalsePagoPa::new().await;
    let gpd = Gpd::new(&pagopa.gpd(), KEY.into(), creditor()).unwrap();
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let person = person(resident(&world, &anna));
    let position = Position::of(&notice(902, &[5000]), &person, &account());
    let id = position.iupd.clone();
    let draft = gpd.create(&position, Publication::Draft).await.unwrap();
    assert_eq!(draft.status, Some(PositionState::Draft));
    let iuv = &position.payment_option[0].installments[0].iuv;
    assert!(!pagopa.pay(iuv), "a draft is not paid");
    assert_eq!(gpd.create(&position, Publication::Draft).await, Err(GpdFault::Conflict));
    assert_eq!(gpd.publish(&id).await.unwrap().status, Some(PositionState::Valid));
    assert_eq!(gpd.publish(&id).await, Err(GpdFault::Conflict), "published already");
    assert_eq!(gpd.publish("nothing").await, Err(GpdFault::Missing));
    assert_eq!(gpd.find("../../nothing").await, Err(GpdFault::Missing), "an identity is one step of a path");
    let mut torn = Position::of(&notice(903, &[5000]), &person, &account());
    torn.payment_option[0].installments[0].transfer[0].amount = Cents(1);
    assert_eq!(gpd.create(&torn, Publication::Published).await, Err(GpdFault::Malformed));
    let stranger = Gpd::new(&pagopa.gpd(), "another".into(), creditor()).unwrap();
    assert_eq!(stranger.find(&id).await, Err(GpdFault::Key));
    assert!(!format!("{stranger:?}").contains("another"), "a key is in no log");
    let nowhere = Gpd::new("http://127.0.0.1:9/gpd", KEY.into(), creditor()).unwrap();
    assert_eq!(nowhere.list(0).await, Err(GpdFault::Later));
    let elsewhere = Gpd::new(&world.town.url(), KEY.into(), creditor()).unwrap();
    assert_eq!(elsewhere.find(&id).await, Err(GpdFault::Missing));
    assert!(pagopa.asked() > 0);
}
