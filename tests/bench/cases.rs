//! Cases: a large form drawn, a keystroke kept, a long list opened, and how many a town takes on one core.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use uuid::Uuid;
use vicino_contract::ipc::{AnswerField, CommandHandler as _, GetCaseDraft, ListCases, ListServices, NewCase};
use vicino_core::App;
use vicino_domain::form::Answer;
use vicino_domain::{CaseId, ServiceId};
use vicino_server::matters::case;
use world::Caller;
use world::driver::Browser;

use crate::opening::{Opening, first_row};
use crate::row::{Row, middle};
use crate::town::{Site, device};

/// Questions of the large form.
const QUESTIONS: usize = 100;
/// Keys pressed.
const KEYS: usize = 400;
/// Cases of the long list.
const CASES: usize = 5_000;
/// Callers that send them, each within what a town lets one do in a minute.
const CALLERS: usize = 20;

pub(crate) fn measure() -> Vec<Row> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let mut rows = form().await;
        rows.extend(town_on_one_core().await);
        rows
    })
}

/// A service with a form of many questions.
fn offer(site: &Site, app: &App) -> ServiceId {
    let service =
        app.handle(ListServices {}).unwrap().rows.into_iter().find(|row| row.title.contains("mensa")).unwrap();
    let kinds = ["text", "tax_code", "phone", "date", "number"];
    let field = |n: usize| match kinds[n % kinds.len()] {
        "text" => json!({ "id": format!("f{n}"), "label": format!("Domanda {n}"), "kind": "text", "max": 80 }),
        kind => json!({ "id": format!("f{n}"), "label": format!("Domanda {n}"), "kind": kind }),
    };
    let mut pack = case::offered(&site.town, service.id.uuid()).unwrap();
    let fields: Vec<Value> = (0..QUESTIONS).map(field).collect();
    pack.form = serde_json::from_value(
        json!({ "version": 9, "sections": [{ "id": "s", "title": "Tutto", "fields": fields }] }),
    )
    .unwrap();
    case::offer(&site.town, &pack).unwrap();
    service.id
}

/// A keystroke to its checked, durable draft; and the form drawn in a browser.
async fn form() -> Vec<Row> {
    let (site, folder) = (Site::of(0).await, tempfile::tempdir().unwrap());
    let app = device(folder.path());
    app.join(&site.url).await.unwrap();
    app.sync().await.unwrap();
    let service = offer(&site, &app);
    app.sync().await.unwrap();
    let id = app.handle(NewCase { service, about: None }).unwrap().id;
    let bare = rusqlite::Connection::open(folder.path().join("bare.db")).unwrap();
    bare.pragma_update(None, "journal_mode", "WAL").unwrap();
    bare.pragma_update(None, "synchronous", "FULL").unwrap();
    bare.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT").unwrap();
    let (mut keys, mut floor) = (Vec::new(), Vec::new());
    for n in 0..KEYS {
        let path = format!("s.f{}", n % QUESTIONS).parse().unwrap();
        let begun = Instant::now();
        app.handle(AnswerField { id, path, answer: Some(Answer::Text(format!("risposta {n}"))) }).unwrap();
        let draft = app.handle(GetCaseDraft { id }).unwrap();
        keys.push(begun.elapsed().as_secs_f64() * 1e3);
        let body = serde_json::to_vec(&draft).unwrap();
        let begun = Instant::now();
        bare.execute("INSERT INTO bare (body) VALUES (?1)", [&body]).unwrap();
        floor.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    keys.sort_by(f64::total_cmp);
    let p95 = keys[keys.len() * 95 / 100];
    let drawn = draw(app, id).await;
    vec![
        Row::new(
            "a keystroke to its checked, durable draft, 100 questions, p95",
            "ms",
            p95,
            middle(floor),
            "≤ 16 ms (floor: a bare fsynced insert of the draft)",
            p95 <= 16.0,
        ),
        Row::new(
            "a form of 100 questions: answer to drawn",
            "ms",
            drawn,
            16.7,
            "≤ 50 ms (floor: one frame)",
            drawn <= 50.0,
        ),
    ]
}

/// From the moment the command answered to the last question on the screen.
async fn draw(app: App, id: CaseId) -> f64 {
    let (served, address) = serve(app).await;
    let browser = Browser::chromium(360, 740, "it-IT").await;
    browser.client.goto(&address).await.unwrap();
    browser.until("home", "document.querySelector('main h1')").await;
    let mut times = Vec::new();
    for _ in 0..5 {
        browser.go("/cases").await;
        browser.until("elsewhere", "location.pathname === '/cases'").await;
        watch(&browser, "get_case_draft", &format!("document.querySelectorAll('.v-field').length >= {QUESTIONS}"))
            .await;
        browser.go(&format!("/cases/{id}/write")).await;
        browser.until("the form", "window.shown > 0").await;
        times.push(browser.run("return window.shown - window.answered").await.as_f64().unwrap());
    }
    browser.close().await;
    served.abort();
    middle(times)
}

/// Notes when this command answered first, and when what is waited for stands in the page.
async fn watch(browser: &Browser, command: &str, shown: &str) {
    let script = format!(
        "window.answered = 0; window.shown = 0; window.fetched ??= window.fetch;
         window.fetch = async r => {{ const a = await window.fetched(r); if ((r.url || '').includes('{command}')) {{
            const t = a.arrayBuffer.bind(a); a.arrayBuffer = async () => {{ const s = await t(); window.answered ||= performance.now(); return s; }}; }} return a; }};
         window.eye?.disconnect();
         window.eye = new MutationObserver(() => {{ if (window.answered && !window.shown && {shown}) window.shown = performance.now(); }});
         window.eye.observe(document.body, {{ childList: true, subtree: true }});"
    );
    browser.run(&script).await;
}

pub(crate) async fn serve(app: App) -> (tokio::task::JoinHandle<std::io::Result<()>>, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (told, addresses) = std::sync::mpsc::channel();
    let tell = Box::new(move |address: &str| drop(told.send(address.to_owned())));
    let door = vicino_headless::serve::Door::new(app, listener.local_addr().unwrap(), tell).unwrap();
    let router = vicino_headless::serve::router(door, world::driver::root().join("ui/dist"));
    (tokio::spawn(async move { axum::serve(listener, router).await }), addresses.recv().unwrap())
}

/// A town in a process of its own, on the first core alone.
async fn alone(folder: &Path) -> (Child, String) {
    let mut town = Command::new("taskset");
    town.args(["--cpu-list", "0"]).arg(std::env::current_exe().unwrap()).env("VICINO_BENCH_TOWN", folder);
    let mut child = town.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next_line().await.unwrap().unwrap();
    (child, url)
}

/// What the process of [`alone`] does: it answers until it is ended.
pub(crate) fn be_a_town(folder: &Path) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(async {
        let town = vicino_server::practice::open(folder, vicino_server::system_clock()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        vicino_server::serve(listener, town, std::future::pending()).await.unwrap();
    });
}

/// So many cases sent as fast as a town on one core takes them; then the list of them on a device, opened.
async fn town_on_one_core() -> Vec<Row> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (town, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_child, url) = alone(town.path()).await;
    let app = device(folder.path());
    app.join(&url).await.unwrap();
    app.sync().await.unwrap();
    let service =
        app.handle(ListServices {}).unwrap().rows.into_iter().find(|row| row.title.contains("mensa")).unwrap();
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        callers.push(Caller::resident_at(&url, "Anna").await);
    }
    let body =
        Arc::new(json!({ "service": service.id, "form_version": 1, "sent_at": "2026-03-12T07:41:00Z", "answers": {
        "child.name": { "text": "Giulia Moretti" }, "child.tax_code": { "text": "MRTGLI14P61X999Y" },
        "child.school": { "chosen": ["primaria_tigli"] }, "child.from": { "text": from() },
        "meals.days": { "chosen": ["mon"] }, "meals.diet": { "chosen": ["none"] },
        "end.phone": { "text": "348 555 0101" }, "end.true": { "ticked": true } } }));
    let begun = Instant::now();
    let sending = callers.into_iter().enumerate().map(|(who, caller)| {
        let body = body.clone();
        tokio::spawn(async move {
            for n in 0..CASES / CALLERS {
                let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + (who * 10_000 + n) as u128);
                let status = caller.call("PUT", &format!("/v1/cases/{id}"), Some(&body)).await;
                assert_eq!(status, 201);
            }
        })
    });
    for sent in sending.collect::<Vec<_>>() {
        sent.await.unwrap();
    }
    let rate = CASES as f64 / begun.elapsed().as_secs_f64();
    let floor = bare(town.path());
    app.sign_in_as("Anna").await.unwrap();
    app.sync().await.unwrap();
    assert!(app.handle(ListCases { offset: 0, limit: 50 }).unwrap().total as usize >= CASES);
    vec![
        Row::new(
            "cases a town takes on one core, each durable and signed for",
            "/s",
            rate,
            floor,
            "≥ 500/s (floor: bare fsynced inserts of the same bytes)",
            rate >= 500.0,
        ),
        open(app).await,
    ]
}

/// A first day that is taken whenever this runs.
fn from() -> String {
    (chrono::Utc::now() + chrono::Duration::days(30)).format("%d/%m/%Y").to_string()
}

/// Bare durable inserts a second, of about the bytes of a case's record.
fn bare(folder: &Path) -> f64 {
    let bare = rusqlite::Connection::open(folder.join("bare.db")).unwrap();
    bare.pragma_update(None, "journal_mode", "WAL").unwrap();
    bare.pragma_update(None, "synchronous", "FULL").unwrap();
    bare.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT").unwrap();
    let (body, begun) = (vec![b'x'; 6_000], Instant::now());
    for _ in 0..1000 {
        bare.execute("INSERT INTO bare (body) VALUES (?1)", [&body]).unwrap();
    }
    1000.0 / begun.elapsed().as_secs_f64()
}

/// From the click to the first row of many.
async fn open(app: App) -> Row {
    let row = "[aria-posinset]";
    let opened = first_row(app, Opening { from: "/settings", link: ".v-tabs a[href=\"/cases\"]", row }).await;
    let must = "≤ 100 ms (floor: one frame)";
    Row::new("a list of 5 000 cases: pressed to first row", "ms", opened, 16.7, must, opened <= 100.0)
}
