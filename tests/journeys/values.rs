//! The right value of what people type and paste, whatever keyboard wrote it: found, counted and printed as they mean it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tokio::process::Command;
use vicino_contract::ipc::{CalendarWords, CommandHandler as _, GetCalendar, ListDeadlines};
use vicino_domain::DeadlineKind;
use vicino_server::matters::notice;
use world::driver::built;
use world::{Caller, World, made};

use crate::steps::cases::moves;

async fn shell(folder: &Path, words: &[&str]) -> Output {
    let mut shell = Command::new(built("vicino-headless"));
    shell.arg("--data").arg(folder).arg("--key-in-file").args(words).output().await.unwrap()
}

/// A line of a terminal, or what it complains of.
async fn said(folder: &Path, words: &[&str]) -> String {
    let output = shell(folder, words).await;
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn report<'a>(title: &'a str, details: &'a str) -> [&'a str; 9] {
    ["report", "--category", "roads", "--title", title, "--details", details, "--address", "Via Roma 14"]
}

/// Letters with marks, in either spelling, are found by their plain ones and by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn every_latin_letter_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let titles = [
        "Piazza Brânză sporca",
        "Via Łukasz",
        "Vicolo Mo\u{308}nch rotto",
        "Largo Søren",
        "Calle İstanbul",
        "Straße",
        "Ionuţ",
    ];
    for title in titles {
        said(folder.path(), &report(title, "x")).await;
    }
    let asked = [
        ("branza", 0),
        ("brânză", 0),
        ("lukasz", 1),
        ("monch", 2),
        ("mönch", 2),
        ("mo\u{308}nch", 2),
        ("soren", 3),
        ("istanbul", 4),
        ("strasse", 5),
        ("ionut", 6),
        ("ionuț", 6),
    ];
    for (words, which) in asked {
        let found = said(folder.path(), &["--json", "search", words]).await;
        let title = vicino_domain::text::composed(titles[which]);
        assert!(found.contains(&title), "{words}: {found}");
    }
}

/// Letters are counted as people count them, and what shows nothing is missing, here and at the town.
#[tokio::test(flavor = "multi_thread")]
async fn letters_are_counted_and_what_shows_nothing_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    said(folder.path(), &report(&"e\u{300}".repeat(80), "x")).await;
    let long = shell(folder.path(), &report(&"e\u{300}".repeat(81), "x")).await;
    assert!(!long.status.success());
    for details in ["Profonda\t20 cm", "uno\r\ndue", "uno\ndue"] {
        said(folder.path(), &report("Buca", details)).await;
    }
    for nothing in ["\u{200b}", "\u{3164}", "\u{2060}\u{feff}", " \t ", "\u{fe0f}", "\u{301}\u{20dd}"] {
        assert!(!shell(folder.path(), &report(nothing, "x")).await.status.success(), "{nothing:?}");
    }
    let world = World::new().await;
    let caller = Caller::device(&world).await;
    let body = |title: &str, details: &str| {
        json!({ "category": "roads", "title": title, "details": details, "place": { "source": "words", "note": "qui" },
            "sent_at": "2026-03-12T07:41:00Z", "photos": [] })
    };
    for (n, (title, details, expected)) in (1..).zip([
        ("\u{200b}".to_owned(), "\u{3164}", 422),
        ("Buca".to_owned(), "\u{3164}", 422),
        ("e\u{300}".repeat(80), "x", 201),
        ("e\u{300}".repeat(81), "x", 422),
        ("Buca".to_owned(), "Profonda\t20 cm\r\ndue", 201),
    ]) {
        let path = format!("/v1/reports/{}", made(0x1900 + n));
        assert_eq!(caller.call("PUT", &path, Some(&body(&title, details))).await, expected, "{title} {details}");
    }
    let queue = world.town.queue().await;
    assert!(queue.iter().any(|one| one["title"] == "è".repeat(80)), "a letter and its mark are one at the town");
}

async fn printed(folder: &Path, pdf: &str) -> String {
    let path = folder.join(pdf);
    let output = Command::new("pdftotext").arg(path).arg("-").output().await.unwrap();
    String::from_utf8(output.stdout).unwrap().replace('\n', " ")
}

/// A paper prints what was meant: decomposed accents, names of every script, and nothing for what nobody sees.
#[tokio::test(flavor = "multi_thread")]
async fn papers_print_every_letter() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    said(here, &["join", &world.town.url()]).await;
    said(here, &["login", "--as", "Anna"]).await;
    let schools = [
        ("Universita\u{300} di Citta\u{300} di Castello", "Università di Città di Castello"),
        ("Liceu „Ștefan cel Mare” Iași", "Liceu „Ștefan cel Mare” Iași"),
        ("Київський університет", "Київський університет"),
        ("An\u{200b}na\u{ad} \u{202a}Frank\u{202c}", "Anna Frank"),
        ("Trường Đại học Hà Nội", "Trường Đại học Hà Nội"),
        // Marks that compose with none of these letters, alone and one upon the other.
        ("per m\u{302} uso q\u{303} M\u{30c}", "per m\u{302} uso q\u{303} M\u{30c}"),
        // Marks of other scripts, on letters that never bear them, and on none.
        ("uno a\u{e31} q\u{93f}\u{302} 山\u{302} \u{591} due", "uno a q"),
    ];
    for (typed, wanted) in schools {
        let (pdf, school) = (here.join("a.pdf"), format!("school={typed}"));
        let words = ["declare", "school_title", "--set", "title=perito", "--set", &school, "--set", "school_year=2010"];
        said(here, &[&words[..], &["--pdf", pdf.to_str().unwrap()]].concat()).await;
        let text = printed(here, "a.pdf").await;
        assert!(text.contains(wanted) && !text.contains('?'), "{wanted}: {text}");
        std::fs::remove_file(pdf).unwrap();
    }
}

/// A debt whose words an importer wrote with decomposed letters and signs that nobody sees is found and printed as it is meant.
#[tokio::test(flavor = "multi_thread")]
async fn a_debt_is_found_and_printed_whatever_its_letters_are_made_of() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    said(here, &["join", &world.town.url()]).await;
    said(here, &["login", "--as", "Anna"]).await;
    said(here, &["sync"]).await;
    let list: Value = serde_json::from_str(&said(here, &["--json", "notices"]).await).unwrap();
    let id = list["to_pay"][0]["rows"][0]["id"].as_str().unwrap().parse().unwrap();
    let town = world.town.town();
    let mut debt = notice::find(town, id).unwrap().unwrap();
    debt.body.title = "Universita\u{300} della terza eta\u{300}\u{200b}, \u{202e}Ș\u{202c}coala".into();
    notice::issue_to(town, debt.owner.unwrap(), debt.body).unwrap();
    said(here, &["sync"]).await;
    let found = said(here, &["search", "università"]).await;
    assert!(found.contains("Università della terza età, Școala"), "{found}");
    let pdf = here.join("a.pdf");
    said(here, &["notice", "show", &id.to_string(), "--pdf", pdf.to_str().unwrap()]).await;
    let text = printed(here, "a.pdf").await;
    assert!(text.contains("Università della terza età, Școala"), "{text}");
}

/// What is pasted brings signs that nobody sees: the code is what it is without them.
#[tokio::test(flavor = "multi_thread")]
async fn pasted_codes_are_read() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    said(here, &["join", &world.town.url()]).await;
    said(here, &["login", "--as", "Anna"]).await;
    let set = |value: &str| format!("who.{value}");
    let words = [
        "--json".to_owned(),
        "case".into(),
        "new".into(),
        "--service".into(),
        "Occupazione di suolo".into(),
        "--set".into(),
        set("as=person"),
        "--set".into(),
        "end.phone=\u{202a}+39 348 555 0101\u{202c}".into(),
        "--set".into(),
        set("tax_code=BRTNNA86E54X999E\u{200b}"),
    ];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = shell(here, &words).await;
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lacks = told["gaps"].to_string();
    assert!(!lacks.contains("end.phone") && !lacks.contains("who.tax_code"), "{lacks}");
    // What is wrong is told in the words of what was asked.
    for (service, field, sentence) in [
        ("suolo", "end.phone=12", "not a telephone number"),
        ("biblioteca", "who.email=anna.berti", "not a mail address"),
        ("suolo", "where.metres=12,50", "a number, or one with too many decimals"),
        ("suolo", "where.metres=dodici", "not a number"),
        ("suolo", "who.tax_code=BRTNNA86E54X999F", "its check character does not fit"),
    ] {
        let output = shell(here, &["case", "new", "--service", service, "--set", field]).await;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let name = field.split('=').next().unwrap();
        let line = told.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(line.contains(sentence), "{field}: {line}");
    }
    let read = said(here, &["--json", "notice", "read", "\u{202a}302032002700000251\u{202c}"]).await;
    assert!(read.contains("302032002700000251"), "{read}");
}

/// The service of the library, by its identity.
async fn library(world: &World) -> Value {
    let page = reqwest::get(format!("{}/v1/changes?limit=1000&public=", world.town.url())).await.unwrap();
    let page: Value = page.json().await.unwrap();
    let named = |item: &&Value| {
        item["collection"] == "services"
            && item["body"]["title"].as_str().is_some_and(|title| title.contains("biblioteca"))
    };
    page["public"]["items"].as_array().unwrap().iter().find(named).unwrap()["id"].clone()
}

/// Half past eleven of New Year's Eve by UTC is the new year in Italy: its numbers begin.
#[tokio::test(flavor = "multi_thread")]
async fn the_towns_day_decides_the_year() {
    let world = World::new().await;
    let device = world.device().await;
    let eve: vicino_domain::Instant = "2026-12-31T23:30:00Z".parse().unwrap();
    world.clock.turn((eve - world.clock.read()).num_seconds());
    let report = device.report("Buca", 0);
    let _ = device.app().sync().await.unwrap();
    let giulia = Caller::resident(&world, "Giulia").await;
    let (case, library) = (made(2), library(&world).await);
    let body = json!({ "service": library, "form_version": 1, "sent_at": eve, "answers": {
        "who.name": { "text": "Giulia Moretti" }, "who.tax_code": { "text": "MRTGLI14P61X999Y" }, "who.address": { "text": "Via Roma 14" },
        "who.cap": { "text": "52021" }, "end.rules": { "ticked": true } } });
    assert_eq!(giulia.call("PUT", &format!("/v1/cases/{case}"), Some(&body)).await, 201);
    let numbers = world.town.queue().await;
    let of = |id: String| numbers.iter().find(|one| one["id"] == id).unwrap()["number"].as_str().unwrap().to_owned();
    assert_eq!(of(report.to_string()), "2027/00001", "{numbers:?}");
    let (_, seen) = world.town.office("GET", &format!("/cases/{case}"), None).await;
    assert_eq!(seen["number"], "2027/00002", "{seen}");
    moves(&world, vicino_domain::CaseId::from_uuid(case), &[("registered", None)]).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{case}"), None).await;
    assert_eq!(seen["protocol"]["number"], "1/2027", "{seen}");
}

/// Every instalment has its day in the calendar, and an entry of its own.
#[tokio::test(flavor = "multi_thread")]
async fn every_instalment_is_in_the_calendar() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let rows = anna.app().handle(ListDeadlines {}).unwrap().rows;
    let pays: Vec<_> = rows.iter().filter(|row| row.kind == DeadlineKind::Pay).collect();
    let days =
        |title: &str| pays.iter().filter(|row| row.title.starts_with(title)).map(|row| row.on).collect::<Vec<_>>();
    let on = |day: &str| day.parse::<chrono::NaiveDate>().unwrap();
    assert_eq!(days("Scuolabus"), [on("2026-04-15"), on("2026-06-15")], "{pays:?}");
    assert_eq!(days("Rifiuti").len(), 2, "{pays:?}");
    let words = CalendarWords {
        answer: "Answer".into(),
        send: "Send".into(),
        pay: "Pay".into(),
        conclude: "Conclude".into(),
        report: "Report".into(),
        renew: "Renew".into(),
    };
    let calendar = anna.app().handle(GetCalendar { words }).unwrap();
    let uids: BTreeSet<&str> = calendar.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids.len(), calendar.matches("BEGIN:VEVENT").count(), "each has an identity of its own");
    assert_eq!(uids.len(), rows.len());
    for row in &pays {
        let day = format!("DTSTART;VALUE=DATE:{}", row.on.format("%Y%m%d"));
        assert!(calendar.contains(&day), "{day}: {calendar}");
    }
}
