//! Whatever an office and a resident do, in any order and over any cable: a case never goes back in silence, and no message is lost.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;
use vicino_contract::ipc::{CommandHandler as _, GetCase, WithdrawCase, WriteToCase};
use vicino_domain::{CaseId, CaseState, Turn};
use world::{Device, Wire, World};

use crate::steps::cases::{case, sent};

/// Acts of one story.
const ACTS: u32 = 90;
/// Stories told.
const STORIES: u64 = 3;

/// Numbers that look random and are the same each time; `VICINO_SEED` begins them elsewhere.
struct Rng(u64);

impl Rng {
    fn roll(&mut self, most: usize) -> usize {
        // Knuth's MMIX generator; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// The office does anything it may, and now and then what it may not.
async fn office(world: &World, id: CaseId, dice: &mut Rng, written: &mut BTreeSet<String>) {
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    if dice.roll(3) == 0 {
        let (text, message) =
            (format!("ufficio {}", written.len()), Uuid::from_u128(0x0190_e000 + written.len() as u128));
        let body = json!({ "id": message, "office": "Scuola", "text": text });
        // The same message may be sent twice: it is one.
        for _ in 0..=dice.roll(2) {
            let path = format!("/cases/{id}/messages");
            assert_eq!(world.town.office("POST", &path, Some(body.clone())).await.0, 200);
        }
        written.insert(text);
        return;
    }
    let now = CaseState::from_code(seen["state"].as_str().unwrap()).unwrap();
    // Mostly what may follow, so that the story goes on; now and then anything.
    let may: Vec<CaseState> = CaseState::ALL.iter().copied().filter(|next| now.may_be_followed_by(*next)).collect();
    let next = match dice.roll(4) {
        0 => CaseState::ALL[dice.roll(CaseState::ALL.len())],
        _ if may.is_empty() => now,
        // What cannot be left again ends the story: rarely.
        _ => *may.iter().filter(|next| **next != CaseState::Revoked).nth(dice.roll(may.len())).unwrap_or(&may[0]),
    };
    let speaks = dice.roll(3) > 0;
    let suspends = [None, None, None, Some(true), Some(false)][dice.roll(5)];
    let wish = json!({ "state": next.code(), "version": seen["version"], "office": "Scuola",
        "note": speaks.then_some("Perché sì."), "suspends": suspends });
    let (status, answer) = world.town.office("POST", &format!("/cases/{id}/transitions"), Some(wish)).await;
    let offices = !matches!(next, CaseState::Submitted | CaseState::Integrated | CaseState::Withdrawn);
    let stays = now == next && suspends.is_some() && now.turn() != Turn::Nobody;
    let asks = matches!(
        next,
        CaseState::IntegrationAsked | CaseState::AwaitingIntegration | CaseState::Refused | CaseState::Revoked
    );
    let must_speak = asks || suspends.is_some() || now.turn() == Turn::Nobody;
    let may = offices && (stays || now.may_be_followed_by(next)) && (speaks || !must_speak);
    assert_eq!(status == 200, may, "{now} -> {next}, speaks {speaks}, suspends {suspends:?}: {status} {answer}");
}

/// The resident writes, takes back, looks; with or without a cable.
async fn resident(world: &World, device: &mut Device, id: CaseId, dice: &mut Rng, written: &mut BTreeSet<String>) {
    match dice.roll(7) {
        0 | 1 => {
            let text = format!("residente {}", written.len());
            let integration = dice.roll(2) == 0;
            device.app().handle(WriteToCase { id, text: text.clone(), integration }).unwrap();
            written.insert(text);
        }
        2 if dice.roll(6) == 0 => drop(device.app().handle(WithdrawCase { id })),
        3 => device.restart(),
        4 => world.cable.set([Wire::Unplugged, Wire::Whole, Wire::Whole][dice.roll(3)]),
        5 if dice.roll(3) == 0 => world.cable.set(Wire::BreaksAfter(dice.roll(4_000))),
        _ => {
            world.clock.turn(3600);
            let _ = device.app().sync().await;
        }
    }
}

/// Every entry follows from the one before it, and what was over is opened again only with a word.
fn never_back_in_silence(history: &[Value]) {
    let state = |entry: &Value| CaseState::from_code(entry["state"].as_str().unwrap()).unwrap();
    assert_eq!(state(&history[0]), CaseState::Submitted);
    for pair in history.windows(2) {
        let (before, after) = (state(&pair[0]), state(&pair[1]));
        let stays = before == after && !pair[1]["suspends"].is_null();
        assert!(stays || before.may_be_followed_by(after), "{before} -> {after}");
        let said = pair[1]["note"].as_str().is_some_and(|note| !note.is_empty());
        assert!(before.turn() != Turn::Nobody || said, "{before} was over, and is {after} without a word");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_of_acts_goes_back_in_silence_or_loses_a_message() {
    let first: u64 = std::env::var("VICINO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_312);
    eprintln!("VICINO_SEED={first}");
    let (mut moved, mut told) = (0, 0);
    for seed in first..first + STORIES {
        let world = World::new().await;
        let mut device = world.signed_in("Anna").await;
        let id = sent(&device);
        world.settle(&device).await;
        let (mut dice, mut written, mut seen) = (Rng(seed), BTreeSet::new(), Vec::new());
        for _ in 0..ACTS {
            if dice.roll(2) == 0 {
                office(&world, id, &mut dice, &mut written).await;
            } else {
                resident(&world, &mut device, id, &mut dice, &mut written).await;
            }
            let (_, now) = world.town.office("GET", &format!("/cases/{id}"), None).await;
            let history = now["history"].as_array().unwrap().clone();
            assert!(history.starts_with(&seen), "what was said is never unsaid");
            never_back_in_silence(&history);
            seen = history;
        }
        world.cable.set(Wire::Whole);
        world.settle(&device).await;
        // Both sides tell the same story, and everything anybody wrote stands in it once.
        let (_, town) = world.town.office("GET", &format!("/cases/{id}"), None).await;
        let view = case(&device, id);
        assert_eq!(view.row.state.map(CaseState::code), town["state"].as_str());
        assert_eq!(view.steps.len(), town["history"].as_array().unwrap().len());
        let mut here: Vec<String> = view.messages.iter().map(|message| message.text.clone()).collect();
        assert!(view.messages.iter().all(|message| message.delivered));
        let mut there: Vec<String> =
            town["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect();
        here.sort();
        there.sort();
        assert_eq!(here, there);
        assert_eq!(here, written.iter().cloned().collect::<Vec<_>>(), "each once, none lost");
        assert!(device.app().handle(GetCase { id }).is_ok());
        moved += view.steps.len();
        told += written.len();
    }
    assert!(moved > 20 && told > 40, "{moved} moves and {told} messages show nothing");
}
