//! What a town says: its card, its acknowledgements, its pages of changes, the label of its snapshot.

use serde_json::Value;
use vicino_contract::http::{
    Acknowledgement, BulletinRecord, CaseRecord, CertificateRecord, Change, Changes, Collection, DeadlineRecord,
    NoticeRecord, PaymentRecord, ReportRecord, ResidentRecord, ServiceRecord, SignatureRecord, SnapshotLabel, TownCard,
    TownKey,
};
use vicino_contract::jws::{self, Kind, TownSigner};
use vicino_contract::verify;
use world::{Caller, World};

use crate::spoilt::tried;

/// What a running town says to a resident.
struct Said {
    card: (Vec<u8>, String),
    keys: Vec<TownKey>,
    acknowledgement: String,
    changes: Vec<u8>,
}

fn said() -> Said {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let world = World::new().await;
        let anna = Caller::resident(&world, "Anna").await;
        let get = async |path: &str| {
            let request = anna.http.get(format!("{}{path}", anna.url)).bearer_auth(anna.token.clone().unwrap());
            request.send().await.unwrap()
        };
        let card = get("/.well-known/vicino").await;
        let signature = card.headers()["vicino-signature"].to_str().unwrap().to_owned();
        let card = (card.bytes().await.unwrap().to_vec(), signature);
        let read: TownCard = serde_json::from_slice(&card.0).unwrap();
        let report = serde_json::json!({ "category": "roads", "title": "Buca", "details": "Profonda",
            "place": { "source": "words", "note": "qui" }, "sent_at": "2026-03-12T07:41:00Z" });
        let put = anna.http.put(format!("{}/v1/reports/{}", anna.url, world::made(9)));
        let arrived: Value =
            put.bearer_auth(anna.token.clone().unwrap()).json(&report).send().await.unwrap().json().await.unwrap();
        let changes = get("/v1/changes?own=&public=&limit=200").await.bytes().await.unwrap().to_vec();
        Said {
            card,
            keys: read.keys,
            acknowledgement: arrived["acknowledgement"].as_str().unwrap().to_owned(),
            changes,
        }
    })
}

/// A signed word that was spoilt says what the town said, or is not believed.
fn believed_as_it_was(target: &str, kind: Kind, word: &str, keys: &[TownKey], read: impl Fn(&[u8])) {
    let true_one = jws::verify(kind, word, keys).unwrap();
    tried(target, vec![word.as_bytes().to_vec()], |bytes| {
        let spoilt = String::from_utf8_lossy(bytes);
        if let Ok(payload) = jws::verify(kind, &spoilt, keys) {
            assert_eq!(payload, true_one, "{spoilt}");
        }
        let _ = (jws::kid(&spoilt), verify::is_word(&spoilt), verify::read(&spoilt));
        if let Some(payload) = jws::unchecked(&spoilt) {
            read(&payload);
        }
    });
}

#[test]
fn acknowledgements_and_labels() {
    let said = said();
    believed_as_it_was("acknowledgement", Kind::Acknowledgement, &said.acknowledgement, &said.keys, |payload| {
        let _ = serde_json::from_slice::<Acknowledgement>(payload);
    });
    // The practice town has few records and no snapshot: a label as any town signs one.
    let key = TownSigner::from_seed([7; 32]);
    let label = serde_json::json!({ "iss": "c_0000", "kind": "snapshot", "format": 1, "sha256": "ab".repeat(32), "bytes": 4096,
        "plain_sha256": "cd".repeat(32), "plain_bytes": 65_536, "cursor": "Ym9vdDo3", "made_at": "2026-03-12T07:41:00Z", "records": 7 });
    let label = key.sign(Kind::Snapshot, label.to_string().as_bytes());
    believed_as_it_was("label", Kind::Snapshot, &label, &[key.public()], |payload| {
        let _ = serde_json::from_slice::<SnapshotLabel>(payload);
    });
}

#[test]
fn cards() {
    let said = said();
    let (card, signature) = &said.card;
    tried("card", vec![card.clone()], |bytes| {
        let holds = jws::verify_detached(Kind::Card, signature, bytes, &said.keys).is_ok();
        assert!(!holds || bytes == card, "a spoilt card is believed");
        if let Ok(card) = serde_json::from_slice::<TownCard>(bytes) {
            let _ = (
                card.known_categories(),
                card.has_sound_keys(),
                card.ring(),
                jws::follow(&card.keys, &card.succession),
            );
        }
    });
}

#[test]
fn pages_of_changes() {
    let said = said();
    tried("changes", vec![said.changes], |bytes| {
        let Ok(page) = serde_json::from_slice::<Changes>(bytes) else { return };
        page.own.iter().chain(&page.public).flat_map(|page| &page.items).for_each(looked_at);
    });
}

/// A record as every screen reads one.
fn looked_at(change: &Change) {
    let _ = Collection::from_code(&change.collection);
    if let Some(case) = change.read::<CaseRecord>() {
        let form = case.form();
        let _ = (case.term(), case.answers(), case.all_files().count(), form.sections.len());
    }
    if let Some(notice) = change.read::<NoticeRecord>() {
        let _ = notice.state();
        for one in notice.plans.iter().flat_map(|plan| &plan.installments) {
            let _ = one.state();
        }
    }
    if let Some(resident) = change.read::<ResidentRecord>() {
        let _ = (resident.full_name(), resident.entry("Pietrachiara"));
    }
    let _ = (change.read::<ReportRecord>(), change.read::<PaymentRecord>(), change.read::<CertificateRecord>());
    let _ = (change.read::<BulletinRecord>(), change.read::<ServiceRecord>(), change.read::<DeadlineRecord>());
    let _ = change.read::<SignatureRecord>();
}
