//! The personal area as one of its residents finds it: a case with papers and a signature, what offices wrote, days, who one is.

use serde_json::json;
use vicino_contract::ipc::{
    AnswerField, CommandHandler as _, GetCase, GetCaseDraft, GoToSection, ListServices, NewCase, SendCase, WriteToCase,
};
use vicino_domain::CaseId;
use vicino_domain::form::Answer;
use vicino_server::matters::case;
use world::driver::{Browser, LOOKS, Light, serve_bare};
use world::{Device, World};

use super::town::{Words, sound};

const ENTER: &str = "\u{e007}";

fn begin(device: &Device, word: &str) -> CaseId {
    let services = device.app().handle(ListServices {}).unwrap().rows;
    let service = services.into_iter().find(|row| row.title.contains(word)).unwrap().id;
    device.app().handle(NewCase { service, about: None }).unwrap().id
}

fn put(device: &Device, id: CaseId, path: &str, answer: Answer) {
    device.app().handle(AnswerField { id, path: path.parse().unwrap(), answer: Some(answer) }).unwrap();
}

fn text(typed: &str) -> Answer {
    Answer::Text(typed.into())
}

fn chosen(value: &str) -> Answer {
    Answer::Chosen(vec![value.into()])
}

async fn office(world: &World, id: CaseId, more: serde_json::Value) {
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    let mut wish = json!({ "version": seen["version"], "office": "Ufficio Servizi scolastici" });
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, seen) = world.town.office("POST", &format!("/cases/{id}/transitions"), Some(wish)).await;
    assert_eq!(status, 200, "{seen}");
}

/// A case the office asks something about, with a paper, a message and a day.
pub(crate) async fn asked(world: &World, device: &Device) -> CaseId {
    let id = begin(device, "mensa");
    for (path, answer) in [
        ("child.name", text("Giulia Moretti")),
        ("child.tax_code", text("MRTGLI14P61X999Y")),
        ("child.school", chosen("primaria_tigli")),
        ("child.from", text("30/03/2026")),
        ("meals.days", chosen("mon")),
        ("meals.diet", chosen("none")),
        ("end.phone", text("348 555 0101")),
        ("end.true", Answer::Ticked(true)),
    ] {
        put(device, id, path, answer);
    }
    device.app().handle(SendCase { id }).unwrap();
    world.settle(device).await;
    office(world, id, json!({ "state": "registered" })).await;
    office(world, id, json!({ "state": "pending" })).await;
    office(world, id, json!({ "state": "integration_asked", "note": "Manca l’ISEE." })).await;
    let paper = world.town.bring("modulo da compilare.pdf", b"%PDF-1.7\nmodulo".to_vec()).await;
    office(world, id, json!({ "state": "awaiting_integration", "note": "Compila il modulo e mandalo qui.", "answer_by": "2026-03-25", "files": [paper] }))
        .await;
    let message = json!({ "id": uuid::Uuid::from_u128(0x0190_c000 + u128::from(rand())), "office": "Ufficio Servizi scolastici",
        "text": "Buongiorno, se il modulo non è chiaro scrivici qui." });
    assert_eq!(world.town.office("POST", &format!("/cases/{id}/messages"), Some(message)).await.0, 200);
    world.settle(device).await;
    id
}

fn rand() -> u32 {
    use std::hash::{BuildHasher as _, Hasher as _};
    let number = std::collections::hash_map::RandomState::new().build_hasher().finish();
    u32::try_from(number % 60_000).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_personal_area_of_somebody_with_much_to_do() {
    let world = World::new().await;
    for (width, height, language, light) in LOOKS {
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Anna").await.unwrap();
        world.settle(&device).await;
        let id = asked(&world, &device).await;
        let moving = moving(&device);
        drop(device);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.says(say("home", "office_asks")).await;
        sound(&browser, &format!("mine-home-{look}")).await;
        for (name, path, wanted) in [
            ("cases", "/cases", "Cambio di residenza"),
            ("messages", "/messages", "se il modulo non è chiaro"),
            ("deadlines", "/deadlines", say("deadlines", "answer")),
            ("profile", "/profile", "BRTNNA86E54X999E"),
        ] {
            browser.go(path).await;
            browser.says(wanted).await;
            sound(&browser, &format!("mine-{name}-{look}")).await;
        }
        // From the inbox into the case by keyboard; standing before it, it is read.
        browser.go("/messages").await;
        browser.says(say("messages", "to_read")).await;
        browser.tab_to("Iscrizione alla mensa scolastica").await;
        browser.keys(ENTER).await;
        browser.says("Compila il modulo e mandalo qui.").await;
        browser.says("modulo da compilare.pdf").await;
        sound(&browser, &format!("mine-case-{look}")).await;
        browser.until("it is read", "!document.querySelector('.v-ways .v-count')").await;
        // An answer with a paper: the wrong one is said, the right one goes along.
        let papers = tempfile::tempdir().unwrap();
        let (wrong, right) = (papers.path().join("programma.pdf"), papers.path().join("isee.pdf"));
        std::fs::write(&wrong, b"MZ not a paper").unwrap();
        std::fs::write(&right, b"%PDF-1.7\nisee").unwrap();
        browser.give_file(".v-file", &wrong).await;
        browser.says(say("failure", "file_kind")).await;
        sound(&browser, &format!("mine-wrong-paper-{look}")).await;
        browser.give_file(".v-file", &right).await;
        browser.says("isee.pdf").await;
        browser.tab_to("message").await;
        browser.keys("Ecco il modulo.").await;
        browser.tab_to(say("report", "send")).await;
        browser.keys(ENTER).await;
        browser.says(say("case_state", "integrated")).await;
        browser.go(&format!("/cases/{id}/paper")).await;
        browser.says("Giulia Moretti").await;
        sound(&browser, &format!("mine-paper-{look}")).await;
        // The draft stands where it was left, and lacks the signature alone.
        browser.go(&format!("/cases/{moving}/write")).await;
        browser.says(say("signature", "needed")).await;
        browser.says("Via del Pozzo 12").await;
        sound(&browser, &format!("mine-signers-{look}")).await;
        browser.tab_to(say("signature", "ask")).await;
        browser.keys(ENTER).await;
        browser.says(say("signature", "waiting")).await;
        browser.close().await;
        // Luca reads it, and signs.
        let folder = tempfile::tempdir().unwrap();
        let luca = world.device_on(folder.path()).await;
        luca.app().sign_in_as("Luca").await.unwrap();
        world.settle(&luca).await;
        drop(luca);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.says("Cambio di residenza").await;
        browser.tab_to("Cambio di residenza").await;
        browser.keys(ENTER).await;
        browser.says("Via del Pozzo 12").await;
        sound(&browser, &format!("mine-signature-{look}")).await;
        browser.tab_to(say("signature", "sign")).await;
        browser.keys(ENTER).await;
        browser.says(say("signature", "signed")).await;
        browser.close().await;
    }
}

/// A change of residence for two at its end, without the other's signature.
fn moving(device: &Device) -> CaseId {
    let id = begin(device, "Cambio di residenza");
    for (path, answer) in [
        ("who.name", text("Anna Berti")),
        ("who.tax_code", text("BRTNNA86E54X999E")),
        ("who.alone", chosen("together")),
        ("home.address", text("Via del Pozzo 12")),
        ("home.cap", text("52037")),
        ("home.from", text("01/03/2026")),
        ("home.title", chosen("owner")),
        ("end.phone", text("348 555 0101")),
        ("end.true", Answer::Ticked(true)),
    ] {
        put(device, id, path, answer);
    }
    let to = vicino_contract::ipc::FileTo::Answer { case: id, path: "papers.identity".parse().unwrap() };
    let bytes = world::photos::noise(900, 700, 9);
    device.app().handle(vicino_contract::ipc::AddFile { to, name: "carta.jpg".into(), bytes }).unwrap();
    let sections = device.app().handle(GetCaseDraft { id }).unwrap().sections.len();
    device.app().handle(GoToSection { id, section: u16::try_from(sections).unwrap() }).unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_asks_more_and_less_as_one_answers() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let device = world.device_on(folder.path()).await;
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(&device).await;
    let id = begin(&device, "mensa");
    device.app().handle(GoToSection { id, section: 1 }).unwrap();
    drop(device);
    let (_app, address) = serve_bare(folder.path()).await;
    let browser = Browser::chromium_in(360, 740, "it", Light::Day).await;
    browser.client.goto(&address).await.unwrap();
    browser.go(&format!("/cases/{id}/write")).await;
    let choose = |n: usize| format!("document.getElementById('q-meals-diet-{n}').click()");
    let gone = |words: &str| format!("!document.body.innerText.includes('{words}')");
    browser.says("Dieta diversificata").await;
    browser.run(&choose(1)).await;
    browser.says("Certificato medico").await;
    browser.run(&choose(0)).await;
    browser.until("neither words nor paper are asked for", &gone("Certificato medico")).await;
    browser.until("nor what is not eaten", &gone("Che cosa non mangia")).await;
    browser.run(&choose(1)).await;
    browser.says("Certificato medico").await;
    // A paper stands there as soon as it is taken, with its date to fill, and goes when it is taken out.
    let paper = folder.path().join("certificato.pdf");
    std::fs::write(&paper, b"%PDF-1.7\ncertificato").unwrap();
    browser.give_file(".v-file", &paper).await;
    browser.says("certificato.pdf").await;
    sound(&browser, "mine-form-paper").await;
    browser.tab_to("Togli").await;
    browser.keys(ENTER).await;
    browser.until("the paper is gone", &gone("certificato.pdf")).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_is_late_and_the_letter_to_it() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let device = world.device_on(folder.path()).await;
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(&device).await;
    let id = begin(&device, "biblioteca");
    for (path, answer) in [
        ("who.name", text("Anna Berti")),
        ("who.tax_code", text("BRTNNA86E54X999E")),
        ("who.address", text("Via Roma 14")),
        ("who.cap", text("52021")),
        ("end.rules", Answer::Ticked(true)),
    ] {
        put(&device, id, path, answer);
    }
    // Sent in March of this world's clock: by the clock of the browser's device its five days are long over.
    device.app().handle(SendCase { id }).unwrap();
    world.settle(&device).await;
    device.app().handle(WriteToCase { id, text: "Ci sono novità?".into(), integration: false }).unwrap();
    world.settle(&device).await;
    assert!(device.app().handle(GetCase { id }).is_ok());
    drop(device);
    for (width, height, light) in [(360, 740, Light::Day), (1280, 800, Light::Night)] {
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, "it", light).await;
        browser.client.goto(&address).await.unwrap();
        browser.says("Cosa ti aspetta").await;
        browser.go(&format!("/cases/{id}")).await;
        browser.says("Scrivi un sollecito da stampare").await;
        sound(&browser, &format!("late-it-{width}")).await;
        browser.tab_to("Scrivi un sollecito da stampare").await;
        browser.keys(ENTER).await;
        browser.says("n. 241").await;
        browser.says("Anna Berti").await;
        sound(&browser, &format!("letter-it-{width}")).await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_four_hundred_questions_stands_whole_and_keeps_what_is_typed() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let device = world.device_on(folder.path()).await;
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(&device).await;
    let services = device.app().handle(ListServices {}).unwrap().rows;
    let mensa = services.into_iter().find(|row| row.title.contains("mensa")).unwrap().id;
    let mut pack = case::offered(world.town.town(), mensa.uuid()).unwrap();
    let field = |n: usize| json!({ "id": format!("f{n}"), "label": format!("Domanda {n}"), "kind": "tax_code", "required": true });
    let fields: Vec<serde_json::Value> = (0..400).map(field).collect();
    let form = json!({ "version": 2, "sections": [{ "id": "s", "title": "Tutto", "fields": fields }] });
    pack.form = serde_json::from_value(form).unwrap();
    case::offer(world.town.town(), &pack).unwrap();
    world.settle(&device).await;
    let id = device.app().handle(NewCase { service: mensa, about: None }).unwrap().id;
    drop(device);
    let (_app, address) = serve_bare(folder.path()).await;
    let browser = Browser::chromium_in(360, 740, "it", Light::Day).await;
    browser.client.goto(&address).await.unwrap();
    browser.says("Cosa ti aspetta").await;
    browser.go(&format!("/cases/{id}/write")).await;
    browser.until("every question", "document.querySelectorAll('main .v-field').length === 400").await;
    browser.run("document.querySelector('#q-s-f399').focus()").await;
    browser.keys("BRTNNA86E54X999X").await;
    browser.says("C’è un errore di battitura").await;
    assert_eq!(browser.sideways().await, 0);
    browser.client.refresh().await.unwrap();
    browser.until("what was typed", "document.querySelector('#q-s-f399')?.value === 'BRTNNA86E54X999X'").await;
    browser.close().await;
}
