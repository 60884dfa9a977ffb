//! Money, and what residents ask of each other: nothing but a receipt makes a debt paid, nobody unknown makes the town call anybody, and
//! nobody learns who is in the register.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use vicino_server::matters::case;
use vicino_server::pagopa::{Cart, Checkout, CheckoutFault};
use world::{Caller, World, made};

/// A payment page that counts how often it is called, and remembers in which words.
#[derive(Debug, Default)]
struct Counted(AtomicU32, std::sync::Mutex<Vec<String>>);

impl Checkout for Counted {
    fn open<'a>(&'a self, cart: &'a Cart) -> BoxFuture<'a, Result<String, CheckoutFault>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let words = cart.body.notices.iter().map(|one| format!("{} · {}", one.creditor_name, one.description));
        self.1.lock().unwrap().extend(words);
        Box::pin(async { Ok(String::from("https://pagopa.example/page")) })
    }
}

async fn items(caller: &Caller) -> Vec<Value> {
    let url = format!("{}/v1/changes?limit=1000&own=", caller.url);
    let page = caller.http.get(url).bearer_auth(caller.token.clone().unwrap()).send().await.unwrap();
    page.json::<Value>().await.unwrap()["own"]["items"].as_array().unwrap().clone()
}

fn cart(number: &Value, creditor: &str, amount: &Value) -> Value {
    json!({ "return_to": "it.vicino.app:/paid", "notices": [{ "number": number, "creditor": creditor,
        "creditor_name": "Agenzia Finta SPA", "description": "Rimborso urgente", "amount": amount }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_unknown_makes_the_town_call_anybody_in_words_of_their_choice() {
    let mut world = World::new().await;
    let page = Arc::new(Counted::default());
    world.town.pay_at(page.clone()).await;
    world.town.otherwise(|town| (town.bounds.carts_per_hour, town.bounds.unsigned_carts_per_hour) = (6, 8)).await;
    let (giulia, device, other) =
        (Caller::resident(&world, "Giulia").await, Caller::device(&world).await, Caller::device(&world).await);
    // Notices the town does not know.
    for n in 0..20_u128 {
        let unknown = cart(&json!("302032002700000251"), "03334231200", &json!(11));
        assert_eq!(device.call("PUT", &format!("/v1/carts/{}", made(0x1600 + n)), Some(&unknown)).await, 403);
    }
    assert_eq!(page.0.load(Ordering::SeqCst), 0);
    // The town's own may be paid by whoever holds their number, in the town's words, and not without end.
    let own = items(&giulia).await;
    let open = own.iter().find(|item| item["collection"] == "notices" && item["body"]["state"] == "VALID").unwrap();
    let one = &open["body"]["plans"][0]["installments"][0];
    let known = cart(&one["number"], "77777777777", &one["amount"]);
    let mut opened = [0, 0];
    for n in 0..20_u128 {
        for (at, caller) in [&device, &other].into_iter().enumerate() {
            let path = format!("/v1/carts/{}", made(0x1700 + 100 * at as u128 + n));
            opened[at] += u32::from(caller.call("PUT", &path, Some(&known)).await == 201);
        }
    }
    assert_eq!(opened.iter().sum::<u32>(), 8, "{opened:?}: six of a device, eight of everybody who has not signed in");
    assert_eq!(page.0.load(Ordering::SeqCst), 8);
    let title = open["body"]["title"].as_str().unwrap();
    assert!(page.1.lock().unwrap().iter().all(|words| words.contains(title) && !words.contains("Finta")));
    // Somebody the town knows pays a stranger's notice too.
    let unknown = cart(&json!("302032002700000251"), "03334231200", &json!(11));
    assert_eq!(giulia.call("PUT", &format!("/v1/carts/{}", made(0x1800)), Some(&unknown)).await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerks_word_makes_no_debt_paid_and_no_money_anothers() {
    let world = World::new().await;
    let anna = Caller::resident(&world, "Anna").await;
    let own = items(&anna).await;
    let due = own.iter().find(|item| item["collection"] == "notices" && item["body"]["state"] == "VALID").unwrap();
    let person = own.iter().find(|item| item["collection"] == "residents").unwrap();
    let mut notice = due["body"].clone();
    let id = made(0x0800);
    notice["id"] = json!(id);
    notice["history"] = json!([]);
    notice["plans"][0]["installments"] = json!([notice["plans"][0]["installments"][0]]);
    notice["plans"] = json!([notice["plans"][0]]);
    notice["lines"] = json!([]);
    let one = &mut notice["plans"][0]["installments"][0];
    one["number"] = json!(vicino_domain::pagopa::NoticeNumber::issue(47, 4_242).to_string());
    (one["state"], one["paid_at"]) = (json!("PAID"), json!("2026-03-01T10:00:00Z"));
    notice["stamp"] = json!({ "document_hash": "aGFzaA==", "kind": "01", "province": "XX",
        "bought": { "iubd": "1", "at": "2026-03-01T10:00:00Z", "xml": "<x/>" } });
    let put = |notice: &Value| {
        let body = json!({ "debtor": person["body"]["tax_code"], "notice": notice, "files": [] });
        let path = format!("/notices/{id}");
        let town = &world.town;
        async move { town.office("PUT", &path, Some(body)).await }
    };
    let (status, issued) = put(&notice).await;
    assert_eq!(status, 200, "{issued}");
    let one = &issued["plans"][0]["installments"][0];
    assert_eq!((one["state"].as_str(), &one["paid_at"]), (Some("UNPAID"), &Value::Null));
    assert_ne!(issued["state"], "PAID");
    assert_eq!(issued["stamp"]["bought"], Value::Null);
    // In the town's name, to another's code.
    notice["creditor"]["tax_code"] = json!("03334231200");
    assert_eq!(put(&notice).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_asked_for_within_reason() {
    let world = World::otherwise(|town| town.bounds.certificates_waiting = 4).await;
    let (anna, luca) = (Caller::resident(&world, "Anna").await, Caller::resident(&world, "Luca").await);
    let of = |items: &[Value]| items.iter().find(|item| item["collection"] == "residents").unwrap()["id"].clone();
    let wish = |person: Value| json!({ "kinds": ["residence"], "person": person, "audience": "private", "stamp": "due", "sent_at": "2026-03-12T07:41:00Z" });
    let (annas, lucas) = (wish(of(&items(&anna).await)), wish(of(&items(&luca).await)));
    let mut taken = Vec::new();
    for n in 0..8_u128 {
        taken.push(anna.call("PUT", &format!("/v1/certificates/{}", made(0x2000 + n)), Some(&annas)).await);
    }
    assert_eq!(taken, [202, 202, 202, 202, 429, 429, 429, 429]);
    assert_eq!(
        anna.call("PUT", &format!("/v1/certificates/{}", made(0x2000)), Some(&annas)).await,
        202,
        "the same again"
    );
    assert_eq!(luca.call("PUT", &format!("/v1/certificates/{}", made(0x2100)), Some(&lucas)).await, 202);
}

/// Nobody is told whether a code is in the register; what a form does not ask is put before nobody; and there is an end to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_asked_by_code_says_the_same_to_everybody() {
    let world = World::otherwise(|town| town.bounds.signatures_per_day = 5).await;
    let (anna, samira) = (Caller::resident(&world, "Anna").await, Caller::resident(&world, "Samira").await);
    let page: Value =
        reqwest::get(format!("{}/v1/changes?limit=1000&public=", anna.url)).await.unwrap().json().await.unwrap();
    let services = page["public"]["items"].as_array().unwrap().clone();
    let (service, pack) = services
        .iter()
        .filter(|item| item["collection"] == "services")
        .find_map(|item| {
            let id: uuid::Uuid = item["id"].as_str()?.parse().ok()?;
            let pack = case::offered(world.town.town(), id).ok().filter(|pack| !pack.form.co_signers.is_empty())?;
            Some((id, pack))
        })
        .unwrap();
    let ask = |n: u128, code: &str, answers: Value| {
        let body = json!({ "case": made(0x1300 + n), "service": service, "form_version": pack.form.version, "signer": pack.form.co_signers[0].id,
            "asked": { "tax_code": code }, "answers": answers, "files": [], "sent_at": "2026-03-12T07:41:00Z" });
        let (anna, path) = (&anna, format!("/v1/signatures/{}", made(0x1310 + n)));
        async move { anna.call("PUT", &path, Some(&body)).await }
    };
    assert_eq!(ask(0, "HDDSMR79L70X999K", json!({})).await, 201, "somebody");
    assert_eq!(ask(1, "RSSMRA85T10A562S", json!({})).await, 201, "nobody");
    let told = items(&anna).await;
    let mut asked: Vec<Value> =
        told.iter().filter(|item| item["collection"] == "signatures_asked").map(|item| item["body"].clone()).collect();
    assert_eq!(asked.len(), 2);
    for one in &mut asked {
        for differs in ["id", "case", "person", "asked_at"] {
            one[differs] = Value::Null;
        }
    }
    assert_eq!(asked[0], asked[1]);
    assert_eq!(items(&samira).await.iter().filter(|item| item["collection"] == "signatures_wanted").count(), 1);
    let free = json!({ "free.text": { "text": "Chiama questo numero" } });
    assert_eq!(ask(2, "HDDSMR79L70X999K", free).await, 422, "what the form does not ask");
    let mut taken = Vec::new();
    for n in 3..9 {
        taken.push(ask(n, "HDDSMR79L70X999K", json!({})).await);
    }
    assert_eq!(taken, [201, 201, 201, 429, 429, 429]);
}
