//! Saving a report without photos, durable, beside a bare fsynced insert of the same bytes.

use std::time::Instant;

use vicino_contract::ipc::{CommandHandler as _, NewDraft, SaveDraft, SendReport};
use vicino_core::{App, KeyPlace, Opening};
use vicino_domain::{Category, Place};

use crate::row::{Row, middle};

const TIMES: usize = 200;

pub(crate) fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let opening = Opening { key: KeyPlace::OwnerFile, ..Opening::of(folder.path().join("device")) };
    let app = App::open(opening).unwrap();
    let bare = rusqlite::Connection::open(folder.path().join("bare.db")).unwrap();
    bare.pragma_update(None, "journal_mode", "WAL").unwrap();
    bare.pragma_update(None, "synchronous", "FULL").unwrap();
    bare.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT").unwrap();
    let (mut sending, mut floor) = (Vec::new(), Vec::new());
    for n in 0..TIMES {
        let mut draft = app.handle(NewDraft {}).unwrap().draft;
        draft.privacy_accepted = true;
        draft.category = Some(Category::Roads);
        draft.title = format!("Buca numero {n}");
        draft.details = "Profonda, al centro della corsia, di sera non si vede.".repeat(3);
        draft.place = Some(Place::in_words("Davanti al civico 14 di via Roma".into()));
        let body = serde_json::to_vec(&draft).unwrap();
        let id = draft.id;
        app.handle(SaveDraft { draft, step: 3 }).unwrap();
        // One after the other, so that both meet the same disk.
        let begun = Instant::now();
        app.handle(SendReport { id }).unwrap();
        sending.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        bare.execute("INSERT INTO bare (body) VALUES (?1)", [&body]).unwrap();
        floor.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let (value, floor) = (middle(sending), middle(floor));
    vec![Row::new(
        "saving a report, durable, p50",
        "ms",
        value,
        floor,
        "≤ 3 × a bare fsynced insert",
        value <= 3.0 * floor,
    )]
}
