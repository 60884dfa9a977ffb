//! The clock of every service of the practice town, through stories with holidays, questions and suspensions: written down, and
//! compared. `VICINO_GOLDEN=1` writes it anew; what changed is then read by whoever changed it.

use chrono::NaiveDate;
use vicino_contract::ipc::{CommandHandler as _, ListServices};
use vicino_domain::{CaseState, Move, Term, Turn, clock};
use vicino_server::matters::case;
use world::World;
use world::driver::root;

type Story = (&'static str, &'static [(&'static str, CaseState, Option<bool>)]);

/// Days by the calendar of the town: Easter 2026 is the 5th of April; the 25th of April, the 1st of May and the 2nd of June are
/// holidays.
const STORIES: &[Story] = &[
    (
        "straight on",
        &[
            ("2026-03-09", CaseState::Submitted, None),
            ("2026-03-10", CaseState::Registered, None),
            ("2026-03-12", CaseState::Pending, None),
        ],
    ),
    (
        "asked for more over Easter",
        &[
            ("2026-03-23", CaseState::Submitted, None),
            ("2026-03-24", CaseState::Pending, None),
            ("2026-04-02", CaseState::AwaitingIntegration, None),
            ("2026-04-08", CaseState::Integrated, None),
            ("2026-04-09", CaseState::PendingAgain, None),
        ],
    ),
    (
        "suspended by the office over May",
        &[
            ("2026-04-20", CaseState::Submitted, None),
            ("2026-04-24", CaseState::Pending, None),
            ("2026-04-29", CaseState::Pending, Some(true)),
            ("2026-05-11", CaseState::Pending, Some(false)),
        ],
    ),
    ("sent on New Year's Eve", &[("2026-12-31", CaseState::Submitted, None)]),
];

fn told(term: Term, (name, steps): &Story, lines: &mut Vec<String>) {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let moves: Vec<Move> =
        steps.iter().map(|(on, state, suspends)| Move { state: *state, on: day(on), suspends: *suspends }).collect();
    lines.push(format!("  {name}"));
    let last = moves.last().unwrap().on;
    for after in [0, 5, 60] {
        let today = last + chrono::Duration::days(after);
        let read = clock(term, &moves, today).unwrap();
        let by = read.conclude_by.map_or_else(|| String::from("-"), |by| by.format("%a %Y-%m-%d").to_string());
        let whose = match read.turn {
            Turn::Office => "office",
            Turn::Resident => "resident",
            Turn::Nobody => "nobody",
        };
        let mark = match (read.stands_still, read.late) {
            (true, _) => ", stands still",
            (false, true) => ", late",
            (false, false) => "",
        };
        lines.push(format!(
            "    {today}: {whose} since {}, used {}, stopped {}, left {}, by {by}{mark}",
            read.since, read.used, read.stopped, read.left
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_every_service_is_as_written_down() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let mut lines = Vec::new();
    for service in device.app().handle(ListServices {}).unwrap().rows {
        let Ok(pack) = case::offered(world.town.town(), service.id.uuid()) else { continue };
        let Some(term) = pack.term else { continue };
        let counts = serde_json::to_value(term.counts).unwrap();
        let stops = if term.stops_for_integration { ", stops for integration" } else { "" };
        lines.push(format!("{}: {} {} days{stops}", service.title, term.days, counts.as_str().unwrap()));
        STORIES.iter().for_each(|story| told(term, story, &mut lines));
    }
    assert!(lines.len() > 60, "the town offers something");
    let (path, now) = (root().join("tests/golden/timelines.txt"), lines.join("\n") + "\n");
    if std::env::var_os("VICINO_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), now, "{}", path.display());
}
