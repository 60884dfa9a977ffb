//! Refused, corrected, retried, taken back: being stuck is data, and the resident's to decide.

use vicino_contract::ipc::{
    CommandHandler as _, CorrectReport, Delivery, GetDraft, ListDrafts, ListReports, RetryRequest, SendReport,
    WithdrawReport,
};
use vicino_contract::{FailureCode, MessageKind};
use vicino_domain::{Field, Place, ReportState};
use world::{Device, Wire, World};

/// A report the town refuses: its place is longer than the town takes, which an older app did not know.
fn refused(device: &Device) -> vicino_domain::ReportId {
    let mut draft = device.draft("Buca");
    draft.place = Some(Place::in_words("a".repeat(180)));
    device.save(&draft);
    device.app().handle(SendReport { id: draft.id }).unwrap();
    spoil(device, draft.id);
    draft.id
}

/// Makes the waiting body longer than the town takes, as an app of other limits would have sent it.
fn spoil(device: &Device, id: vicino_domain::ReportId) {
    let key: String = std::fs::read(device.own_folder().join("store.key"))
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let store = rusqlite::Connection::open(device.own_folder().join("private.db")).unwrap();
    store.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    let body: Vec<u8> = store
        .query_row("SELECT body FROM outbox WHERE matter = ?1 AND kind = 'report'", [id.to_string()], |row| row.get(0))
        .unwrap();
    let body = String::from_utf8(body).unwrap().replace(&"a".repeat(180), &"a".repeat(900));
    store
        .execute(
            "UPDATE outbox SET body = ?1 WHERE matter = ?2 AND kind = 'report'",
            rusqlite::params![body.as_bytes(), id.to_string()],
        )
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_report_is_corrected_and_delivered() {
    let world = World::new().await;
    let device = world.device().await;
    let id = refused(&device);
    let other = device.report("Lampione", 0);
    let round = device.app().sync().await.unwrap();
    assert_eq!((round.waiting, round.stuck), (0, 1));
    assert!(matches!(device.view(other).row.delivery, Delivery::Delivered { .. }), "nothing waits for it");
    let Delivery::Stuck { reason } = device.view(id).row.delivery else { panic!("stuck") };
    assert_eq!((reason.code.code().as_str(), reason.invalid[0].field), ("invalid", Field::PlaceNote));

    let mut view = device.app().handle(CorrectReport { id }).unwrap();
    assert_eq!((view.draft.id, view.draft.title.as_str()), (id, "Buca"), "nothing is lost");
    assert!(device.outbox().stuck.is_empty());
    view.draft.place = Some(Place::in_words("Qui".into()));
    device.save(&view.draft);
    device.app().handle(SendReport { id }).unwrap();
    world.settle(&device).await;
    assert!(matches!(device.view(id).row.delivery, Delivery::Delivered { .. }));
    assert_eq!(world.town.queue().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_report_is_tried_again_or_withdrawn() {
    let world = World::new().await;
    let device = world.device().await;
    let id = refused(&device);
    device.app().sync().await.unwrap();
    let stuck = device.outbox().stuck[0].id;
    device.app().handle(RetryRequest { id: stuck }).unwrap();
    assert_eq!(device.app().sync().await.unwrap().stuck, 1, "refused again, and kept again");
    device.app().handle(WithdrawReport { id }).unwrap();
    assert_eq!(device.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
    assert!(device.outbox().stuck.is_empty());
    assert!(world.town.queue().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_no_draft_any_more() {
    let world = World::new().await;
    let device = world.device().await;
    let id = device.report("Buca", 0);
    assert_eq!(device.app().handle(SendReport { id }).unwrap_err().code, FailureCode::AlreadySent);
    assert_eq!(device.app().handle(CorrectReport { id }).unwrap_err().code, FailureCode::AlreadySent);
    assert!(device.app().handle(GetDraft { id }).is_err());
    assert!(device.app().handle(ListDrafts {}).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_taken_back_before_and_after_it_left() {
    let world = World::new().await;
    let device = world.device().await;
    let early = device.report("Mai partita", 1);
    device.app().handle(WithdrawReport { id: early }).unwrap();
    assert!(device.outbox().waiting.is_empty(), "it never left: nothing to tell");

    let late = device.report("Partita", 0);
    world.settle(&device).await;
    device.app().handle(WithdrawReport { id: late }).unwrap();
    assert!(device.view(late).withdrawing);
    world.settle(&device).await;
    assert_eq!(device.view(late).row.state, Some(ReportState::Withdrawn));
    assert!(!device.view(late).withdrawing);

    // The answer was lost: the device cannot know whether it left, so the town is told.
    let doubtful = device.report("Forse partita", 0);
    world.cable.set(Wire::LosesAnswers);
    device.app().sync().await.unwrap();
    device.app().handle(WithdrawReport { id: doubtful }).unwrap();
    assert!(device.outbox().waiting.iter().any(|row| row.kind == MessageKind::Withdrawal));
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let states: Vec<String> =
        world.town.queue().await.iter().map(|report| report["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["withdrawn", "withdrawn"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_without_any_road_never_left() {
    let world = World::new().await;
    let device = world.device().await;
    let id = device.report("Scritta senza rete", 1);
    world.cable.set(Wire::Unplugged);
    let round = device.app().sync().await.unwrap();
    assert!(!round.reached);
    assert!(device.view(id).only_here);
    device.app().handle(WithdrawReport { id }).unwrap();
    assert!(device.outbox().waiting.is_empty(), "nothing is sent only to be taken back");
    assert_eq!(device.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_report_keeps_its_thread_and_a_refused_one_can_always_be_withdrawn() {
    let world = World::new().await;
    let device = world.device().await;
    let id = refused(&device);
    device.app().handle(vicino_contract::ipc::SendMessage { report: id, text: "Aggiungo una cosa".into() }).unwrap();
    device.app().sync().await.unwrap();
    let mut view = device.app().handle(CorrectReport { id }).unwrap();
    view.draft.place = Some(Place::in_words("Qui".into()));
    device.save(&view.draft);
    device.app().handle(SendReport { id }).unwrap();
    world.settle(&device).await;
    assert_eq!(world.town.queue().await[0]["messages"][0]["text"], "Aggiungo una cosa");

    let other = refused(&device);
    device.app().sync().await.unwrap();
    device.app().handle(WithdrawReport { id: other }).unwrap();
    assert!(device.outbox().stuck.is_empty());
}
