//! Everything in one list each: threads with what is unread, days, what is told once; who one is, and help with a case.

use serde_json::json;
use vicino_contract::ipc::{
    CalendarWords, CommandHandler as _, GetCalendar, GetProfile, GetSettings, ListCases, ListDeadlines, ListThreads,
    NewCase, News, ReadThread, Relation, SaveSettings, SendCase, Settings, TakeAlerts, Target, WriteToCase,
};
use vicino_domain::form::Answer;
use vicino_domain::{CaseId, DeadlineKind, Quiet, Reminder};
use vicino_server::matters::case;
use world::{Device, Wire, World};

use crate::steps::cases::{case, chosen, moves, put, sent, text, transition};

async fn writes(world: &World, id: CaseId, n: u128, words: &str) {
    let message = json!({ "id": uuid::Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_0000 + n),
        "office": "Ufficio Servizi scolastici", "text": words });
    assert_eq!(world.town.office("POST", &format!("/cases/{id}/messages"), Some(message)).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_inbox_for_every_thread_and_reading_is_remembered() {
    let world = World::new().await;
    let mut device = world.signed_in("Anna").await;
    let id = sent(&device);
    let report = device.report("Buca in via Roma", 0);
    world.settle(&device).await;
    assert!(device.app().handle(ListThreads {}).unwrap().rows.is_empty());
    writes(&world, id, 1, "Buongiorno").await;
    writes(&world, id, 2, "Serve altro?").await;
    let message =
        json!({ "id": uuid::Uuid::from_u128(0x0190_b001), "office": "Lavori pubblici", "text": "Passiamo domani" });
    assert_eq!(world.town.office("POST", &format!("/reports/{report}/messages"), Some(message)).await.0, 200);
    world.settle(&device).await;
    world.cable.set(Wire::Unplugged);
    let list = device.app().handle(ListThreads {}).unwrap();
    let rows: Vec<(Target, u32, &str)> =
        list.rows.iter().map(|row| (row.matter, row.unread, row.text.as_str())).collect();
    assert_eq!(rows, [(Target::Report(report), 1, "Passiamo domani"), (Target::Case(id), 2, "Serve altro?")]);
    assert_eq!(list.unread, 3);
    // What is written here comes first, and is not unread; what was read stays read after a restart.
    device.app().handle(WriteToCase { id, text: "No, grazie".into(), integration: false }).unwrap();
    device.app().handle(ReadThread { matter: id.into() }).unwrap();
    device.restart();
    let list = device.app().handle(ListThreads {}).unwrap();
    assert_eq!((list.rows[0].matter, list.rows[0].unread, list.rows[0].delivered), (Target::Case(id), 0, false));
    assert_eq!(list.unread, 1);
    world.cable.set(Wire::Whole);
    writes(&world, id, 3, "Perfetto").await;
    world.settle(&device).await;
    assert_eq!(device.app().handle(ListThreads {}).unwrap().unread, 2, "only what came since");
}

fn words() -> CalendarWords {
    let of = String::from;
    CalendarWords {
        answer: of("Rispondi"),
        send: of("Invia"),
        pay: of("Da pagare"),
        conclude: of("Il Comune conclude"),
        report: of("Il Comune risponde"),
        renew: of("Scade"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_from_everything_in_one_list_and_in_a_calendar() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = sent(&device);
    device.report("Buca in via Roma", 0);
    // A form that closes, begun and not sent.
    let town = world.town.town().clone();
    let library = crate::steps::cases::service(&device, "biblioteca");
    let mut pack = case::offered(&town, library.uuid()).unwrap();
    pack.form.closes_on = Some("2026-03-20".parse().unwrap());
    case::offer(&town, &pack).unwrap();
    world.settle(&device).await;
    let draft = device.app().handle(NewCase { service: library, about: None }).unwrap().id;
    let kinds = || {
        let rows = device.app().handle(ListDeadlines {}).unwrap().rows;
        rows.into_iter().map(|row| (row.kind, row.on.to_string(), row.days)).collect::<Vec<_>>()
    };
    assert!(!kinds().iter().any(|(kind, ..)| *kind == DeadlineKind::Send), "a form opened and left asks nothing");
    put(&device, draft, "who.name", text("Anna Berti"));
    world.cable.set(Wire::Unplugged);
    let found = kinds();
    assert_eq!(found[0], (DeadlineKind::Send, "2026-03-20".into(), 8));
    assert!(found.contains(&(DeadlineKind::Conclude, "2026-04-11".into(), 30)), "{found:?}");
    assert!(found.iter().any(|(kind, ..)| *kind == DeadlineKind::Report));
    assert_eq!(found.iter().filter(|(kind, ..)| *kind == DeadlineKind::Other).count(), 2, "of each child");
    // The office asks for something by a day: that is the resident's, and the office's own stands still.
    world.cable.set(Wire::Whole);
    moves(&world, id, &[("pending", None), ("integration_asked", Some("Manca."))]).await;
    let asked = json!({ "state": "awaiting_integration", "note": "Scrivici.", "answer_by": "2026-03-25" });
    assert_eq!(transition(&world, id, asked).await.0, 200);
    world.settle(&device).await;
    assert!(kinds().iter().any(|(kind, on, _)| *kind == DeadlineKind::Answer && on == "2026-03-25"));
    assert!(!kinds().iter().any(|(kind, ..)| *kind == DeadlineKind::Conclude));
    assert_eq!(case(&device, id).answer_by, Some("2026-03-25".parse().unwrap()));
    // The calendar reads back with another's reader, entry by entry.
    let text = device.app().handle(GetCalendar { words: words() }).unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.trim_end().ends_with("END:VCALENDAR"));
    let rows = device.app().handle(ListDeadlines {}).unwrap().rows;
    assert_eq!(text.matches("BEGIN:VEVENT").count(), rows.len());
    let unfolded = text.replace("\r\n ", "");
    assert!(
        unfolded.contains("DTSTART;VALUE=DATE:20260325")
            && unfolded.contains("SUMMARY:Rispondi · Iscrizione alla mensa scolastica")
    );
    let names =
        |text: &str| text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>();
    let again = device.app().handle(GetCalendar { words: words() }).unwrap();
    assert_eq!(names(&text), names(&again), "the same entries each time, so that a calendar moves them");
}

fn alerts(device: &Device) -> Vec<(Target, News)> {
    device.app().handle(TakeAlerts {}).unwrap().into_iter().map(|alert| (alert.matter, alert.news)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn told_once_and_not_by_night() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = sent(&device);
    moves_on(&world, &device, id).await;
    assert!(alerts(&device).is_empty(), "nobody asked for alerts");
    let settings = device.app().handle(GetSettings {}).unwrap();
    let quiet = Quiet { from: 8, to: 20 };
    device.app().handle(SaveSettings { settings: Settings { alerts: true, quiet, ..settings } }).unwrap();
    assert!(alerts(&device).is_empty(), "it is quiet now");
    device.app().handle(SaveSettings { settings: Settings { alerts: true, ..settings } }).unwrap();
    let on = "2026-03-18".parse().unwrap();
    let told = alerts(&device);
    assert!(told.contains(&(Target::Case(id), News::YourTurn)), "{told:?}");
    assert!(told.contains(&(Target::Case(id), News::Day { on, reminder: Reminder::Week })), "{told:?}");
    assert!(told.contains(&(Target::Case(id), News::Message { office: Some("Ufficio Servizi scolastici".into()) })));
    assert!(alerts(&device).is_empty(), "told once");
    // The day before it is told again; what was read meanwhile is not.
    world.clock.turn(5 * 86_400);
    writes(&world, id, 9, "Ancora noi").await;
    world.settle(&device).await;
    device.app().handle(ReadThread { matter: id.into() }).unwrap();
    let told = alerts(&device);
    assert_eq!(told, [(Target::Case(id), News::Day { on, reminder: Reminder::Tomorrow })]);
    // Of another who uses the device nothing is told.
    let settings = device.app().handle(GetSettings {}).unwrap();
    device.app().handle(vicino_contract::ipc::SwitchPerson { to: None }).unwrap();
    device.app().handle(SaveSettings { settings }).unwrap();
    assert!(alerts(&device).is_empty());
}

/// The office asks for something by the 18th, and writes.
async fn moves_on(world: &World, device: &Device, id: CaseId) {
    world.settle(device).await;
    moves(world, id, &[("pending", None), ("integration_asked", Some("Manca."))]).await;
    let asked = json!({ "state": "awaiting_integration", "note": "Scrivici.", "answer_by": "2026-03-18" });
    assert_eq!(transition(world, id, asked).await.0, 200);
    writes(world, id, 8, "Ti aspettiamo").await;
    world.settle(device).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_one_is_how_to_have_it_corrected_and_help_with_a_case() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = sent(&device);
    world.settle(&device).await;
    world.cable.set(Wire::Unplugged);
    let profile = device.app().handle(GetProfile {}).unwrap();
    let person = profile.person.unwrap();
    assert_eq!((person.name.as_str(), person.tax_code.as_str()), ("Anna Berti", "BRTNNA86E54X999E"));
    let household: Vec<(&str, Relation, bool)> =
        person.household.iter().map(|member| (member.name.as_str(), member.relation, member.entrusted)).collect();
    assert_eq!(household[0], ("Luca Moretti", Relation::Spouse, false));
    assert!(household[1..].iter().all(|(_, relation, entrusted)| *relation == Relation::Child && *entrusted));
    // A correction is a case like any other.
    let correction = device.app().handle(NewCase { service: profile.correct.unwrap(), about: None }).unwrap().id;
    put(&device, correction, "what.whose", text("Anna Berti"));
    put(&device, correction, "what.fact", chosen(&["address"]));
    put(&device, correction, "what.right", text("Via Roma 14/A"));
    device.app().handle(SendCase { id: correction }).unwrap();
    // Help with a case: the case goes with it, and the answer comes in the thread.
    let view = case(&device, id);
    let help = device.app().handle(NewCase { service: view.help.unwrap(), about: Some(id) }).unwrap();
    assert_eq!(help.about, Some((id, "Iscrizione alla mensa scolastica".into())));
    put(&device, help.id, "help.text", text("Non capisco che cosa manca"));
    put(&device, help.id, "help.how", Answer::Chosen(vec!["here".into()]));
    device.app().handle(SendCase { id: help.id }).unwrap();
    assert_eq!(case(&device, help.id).about, Some((id, "Iscrizione alla mensa scolastica".into())));
    assert_eq!(case(&device, help.id).help, None, "nobody needs help with asking for help");
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{}", help.id), None).await;
    assert_eq!(seen["about"], id.to_string());
    writes(&world, help.id, 20, "È tutto in ordine").await;
    world.settle(&device).await;
    assert_eq!(case(&device, help.id).messages[0].text, "È tutto in ordine");
    assert_eq!(case(&device, help.id).about, Some((id, "Iscrizione alla mensa scolastica".into())));
    assert_eq!(
        device.app().handle(ListCases { offset: 0, limit: 50 }).unwrap().rows.len(),
        5,
        "three of hers, one of each child"
    );
    // Nobody signed in: it is said, and nothing is shown.
    let stranger = world.device().await;
    let profile = stranger.app().handle(GetProfile {}).unwrap();
    assert!(profile.person.is_none() && !profile.signed_in);
}
