//! Every route with every id that somebody else's things have: nothing of theirs is read, changed or told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use uuid::Uuid;
use vicino_contract::http::path;
use vicino_contract::ipc::{AddFile, CommandHandler as _, FileTo, SayPaid};
use vicino_domain::certificate::CertificateKind;
use vicino_server::http::table::{TABLE, Who};
use world::{Caller, Device, World, made};

use crate::steps::cases::sent;
use crate::steps::certificates::{ask, exempt, settle};
use crate::steps::files::pdf;
use crate::steps::payments::{CREDITOR, due, pay};
use crate::steps::signatures::{ask_luca, moving};

/// A word that stands in everything Anna writes.
const CANARY: &str = "canarino";

/// Ids by what they are: the collection and the place in it.
type Spaces = BTreeMap<String, BTreeSet<String>>;

/// Every id and digest somewhere in a value, each under the names that lead to it.
fn gather(value: &Value, at: &str, found: &mut Spaces) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| gather(inner, &format!("{at}.{name}"), found))
        }
        Value::Array(items) => items.iter().for_each(|inner| gather(inner, at, found)),
        Value::String(text) => {
            let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_digest || text.parse::<Uuid>().is_ok() {
                found.entry(at.to_owned()).or_default().insert(text.clone());
            }
        }
        _ => {}
    }
}

async fn own(caller: &Caller) -> Value {
    let url = format!("{}/v1/changes?limit=1000&own=", caller.url);
    let page = caller.http.get(url).bearer_auth(caller.token.clone().unwrap()).send().await.unwrap();
    page.json::<Value>().await.unwrap()["own"]["items"].clone()
}

fn spaces(items: &Value) -> Spaces {
    let mut found = Spaces::new();
    for item in items.as_array().unwrap() {
        gather(item, item["collection"].as_str().unwrap(), &mut found);
    }
    found
}

/// Anna has one of everything.
async fn everything(world: &World, anna: &Device) -> Uuid {
    let report = anna.report(CANARY, 1);
    let certificate = ask(anna, "Anna", &[CertificateKind::Residence], exempt());
    let case = sent(anna);
    let moves = moving(anna);
    ask_luca(anna, moves);
    let tax = due(anna, "Rifiuti");
    let letter = AddFile { to: FileTo::Letter(tax.id.into()), name: format!("{CANARY}.pdf"), bytes: pdf(7, 900) };
    anna.app().handle(letter).unwrap();
    let place = format!("Tabaccheria {CANARY}");
    let said = SayPaid { id: tax.id, number: tax.number.unwrap(), paid_on: "01/03/2026".into(), place };
    anna.app().handle(said).unwrap();
    pay(anna, &[&due(anna, "Mensa")], "paid").await.unwrap();
    settle(world, anna).await;
    let here = Caller::resident(world, "Anna").await;
    for (n, room) in (0..).zip([format!("reports/{report}"), format!("cases/{case}")]) {
        let words = json!({ "text": CANARY, "sent_at": "2026-03-12T07:41:00Z" });
        assert_eq!(here.call("PUT", &format!("/v1/{room}/messages/{}", made(0x5500 + n)), Some(&words)).await, 201);
    }
    assert!(anna.app().handle(vicino_contract::ipc::GetCertificate { id: certificate }).unwrap().file.is_some());
    here.device
}

/// The arguments of a call: sound, so that only ownership stands in its way. `theirs` are ids of Anna's.
fn body(route: &str, theirs: &Theirs) -> Option<Value> {
    let at = "2026-03-12T07:41:00Z";
    Some(match route {
        path::REPORT => json!({ "category": "roads", "title": "Buca", "details": "Profonda", "photos": [],
            "place": { "source": "words", "note": "qui" }, "sent_at": at }),
        path::MESSAGE | path::CASE_MESSAGE | path::CASE_INTEGRATION => json!({ "text": "Salve", "sent_at": at }),
        path::WITHDRAWAL | path::CASE_WITHDRAWAL | path::SIGNATURE_WITHDRAWAL | path::CERTIFICATE_WITHDRAWAL => {
            json!({ "sent_at": at })
        }
        path::CASE => {
            json!({ "service": theirs.service, "form_version": 1, "answers": {}, "about": theirs.person, "sent_at": at })
        }
        path::SIGNATURE => {
            json!({ "case": theirs.case, "service": theirs.service, "form_version": 1, "signer": "other",
            "asked": { "resident": theirs.person }, "answers": {}, "sent_at": at })
        }
        path::SIGNATURE_ANSWER => json!({ "digest": theirs.digest, "signs": true, "sent_at": at }),
        path::DECLARATION => json!({ "number": theirs.number, "paid_on": "2026-03-01", "sent_at": at }),
        path::CART => json!({ "return_to": "it.vicino.app:/paid", "notices": [{ "number": "302032002700000251",
            "creditor": CREDITOR, "creditor_name": "Comune", "description": "Mensa", "amount": 11 }] }),
        path::CERTIFICATE => json!({ "kinds": ["residence"], "person": theirs.person, "audience": "private",
            "stamp": "due", "sent_at": at }),
        _ => return None,
    })
}

/// The routes with which something begins to exist.
const BEGINS: [&str; 5] = [path::REPORT, path::CASE, path::CERTIFICATE, path::SIGNATURE, path::CART];

/// What the bodies name of Anna's.
struct Theirs {
    person: Value,
    case: Value,
    service: Value,
    digest: Value,
    number: Value,
}

fn first<'a>(items: &'a Value, collection: &str) -> &'a Value {
    let mut of = items.as_array().unwrap().iter().filter(|item| item["collection"] == collection);
    &of.next().unwrap_or_else(|| panic!("no {collection}"))["body"]
}

/// A device as an older town may have taken it in: under the very id of a resident.
async fn named_as(world: &World, resident: &str) -> Caller {
    let mut caller = Caller::device(world).await;
    let register = rusqlite::Connection::open(world.town.folder().join("town.db")).unwrap();
    let token = format!("{:0>43}", "t");
    let digest: String =
        <sha2::Sha256 as sha2::Digest>::digest(&token).iter().map(|byte| format!("{byte:02x}")).collect();
    register
        .execute(
            "INSERT INTO devices (id, secret_sha256, created_at, seen_at) VALUES (?1, ?2, '2026-01-01T00:00:00Z', 0)",
            [resident, &"0".repeat(64)],
        )
        .unwrap();
    register
        .execute(
            "INSERT INTO tokens (token_sha256, device, created_at) VALUES (?1, ?2, '2027-01-01T00:00:00Z')",
            [&digest, resident],
        )
        .unwrap();
    caller.token = Some(token);
    caller
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_with_every_id_of_anothers() {
    let world = World::otherwise(|town| town.bounds.calls_per_minute = 1_000_000).await;
    let anna = world.signed_in("Anna").await;
    let device = everything(&world, &anna).await;
    let anna = Caller::resident(&world, "Anna").await;
    let before = own(&anna).await;
    let theirs = Theirs {
        person: first(&before, "residents")["id"].clone(),
        case: first(&before, "cases")["id"].clone(),
        service: first(&before, "cases")["service"].clone(),
        digest: first(&before, "signatures_asked")["digest"].clone(),
        number: first(&before, "notices")["plans"][0]["installments"][0]["number"].clone(),
    };
    let mut all = spaces(&before);
    all.insert("the device".into(), BTreeSet::from([device.to_string()]));
    assert!(all.len() > 25, "{:?}", all.keys());
    // Whatever is a thing of its own, or arrived as one.
    let whole = |space: &&String| space.matches('.').count() == 1 && space.ends_with(".id");
    let things: BTreeSet<&str> = all.keys().filter(whole).map(String::as_str).collect();
    let arrived = ["reports.body.messages.id", "cases.body.messages.id", "reports.body.arrived.id", "the device"];
    let things: BTreeSet<&str> = things.into_iter().chain(arrived).collect();
    assert!(things.len() > 10, "{things:?}");
    assert!(arrived.iter().all(|space| all.contains_key(*space)), "{:?}", all.keys());

    let callers = [
        ("somebody of another household", Caller::resident(&world, "Samira").await),
        ("a child", Caller::resident(&world, "Giulia").await),
        ("a device", Caller::device(&world).await),
        ("a device under her very id", named_as(&world, theirs.person.as_str().unwrap()).await),
    ];
    // On which device a child has signed in is told to the parent.
    let before = own(&anna).await;
    let mut tried = 0_u128;
    for (name, caller) in &callers {
        let seen = own(caller).await;
        assert!(!seen.to_string().contains(CANARY), "{name} reads of it");
        let mine: BTreeSet<String> = spaces(&seen).into_values().flatten().collect();
        // The practice town's payment page is pagoPA's in play: whoever has its address opens it.
        let rows = TABLE.iter().filter(|row| row.path.contains('{') && !row.path.starts_with("/practice/"));
        for row in rows.filter(|row| !matches!(row.who, Who::Office(_))) {
            // An id within a thing is known to whoever sees the thing, and in it alone: elsewhere it may begin something new.
            let begins = BEGINS.contains(&row.path);
            for (space, ids) in all.iter().filter(|(space, _)| !begins || things.contains(space.as_str())) {
                // Two of each space that are not the caller's own as well.
                for id in ids.iter().filter(|id| !mine.contains(*id)).take(2) {
                    let (head, rest) = row.path.split_once('{').unwrap();
                    let rest = rest.split_once('}').unwrap().1;
                    // A second id is the caller's to choose: fresh, or the same.
                    for second in [made(0x7700_0000 + tried).to_string(), id.clone()]
                        .iter()
                        .take(1 + usize::from(rest.contains('{')))
                    {
                        let tail =
                            rest.split_once('{').map_or_else(|| rest.to_owned(), |(room, _)| format!("{room}{second}"));
                        let url = format!("{}{head}{id}{tail}", caller.url);
                        let verb = reqwest::Method::from_bytes(row.verb.as_bytes()).unwrap();
                        let mut request = caller.http.request(verb, url).bearer_auth(caller.token.as_deref().unwrap());
                        request = request.header("tus-resumable", "1.0.0");
                        if let Some(body) = body(row.path, &theirs) {
                            request = request.json(&body);
                        }
                        let answer = request.send().await.unwrap();
                        let status = answer.status().as_u16();
                        let said = answer.text().await.unwrap();
                        assert!(
                            (400..500).contains(&status) && status != 429 && !said.contains(CANARY),
                            "{} {} by {name} with {space} {id}: {status} {said}",
                            row.verb,
                            row.path
                        );
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 2_000, "{tried}");
    assert_eq!(own(&anna).await, before, "nothing of hers was touched");
    let made_up = format!("/v1/reports/{}", made(0x77));
    assert_eq!(
        callers[2].1.call("PUT", &made_up, body(path::REPORT, &theirs).as_ref()).await,
        201,
        "the bodies are sound"
    );
}
