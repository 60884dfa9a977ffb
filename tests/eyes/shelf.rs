//! The shelf as a resident finds it: all that the town gave, a file read in words, papers of one's own kept and used.

use serde_json::json;
use vicino_contract::ipc::{CommandHandler as _, GoToSection, ListDocuments, ListPapers, ListServices, NewCase};
use world::World;
use world::driver::{Browser, LOOKS, Light, serve_bare};

use super::mine::asked;
use super::town::{Words, sound};

const ENTER: &str = "\u{e007}";

/// A paper that says something, as an office writes one.
fn decision() -> Vec<u8> {
    let paper = vicino_documents::DeliveryPaper {
        subject: "La domanda è accolta dal 30 marzo 2026".into(),
        town: "Comune di Pietrachiara".into(),
        number: "2026/0007".into(),
        received: "12 marzo 2026".into(),
        practice: true,
        ..Default::default()
    };
    paper.pdf(None, chrono::NaiveDate::from_ymd_opt(2026, 3, 12).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_documents_one_read_and_one_s_own_used_again() {
    for (width, height, language, light) in LOOKS {
        let world = World::new().await;
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Anna").await.unwrap();
        world.settle(&device).await;
        let id = asked(&world, &device).await;
        let given = world.town.bring("esito della domanda.pdf", decision()).await;
        let message = json!({ "id": uuid::Uuid::from_u128(0x0190_d000_u128 + u128::from(width)), "office": "Ufficio Servizi scolastici",
            "text": "Ecco l’esito.", "files": [given] });
        assert_eq!(world.town.office("POST", &format!("/cases/{id}/messages"), Some(message)).await.0, 200);
        world.settle(&device).await;
        let services = device.app().handle(ListServices {}).unwrap();
        let service = services.rows.into_iter().find(|row| row.title.contains("residenza")).unwrap().id;
        let moving = device.app().handle(NewCase { service, about: None }).unwrap().id;
        device.app().handle(GoToSection { id: moving, section: 2 }).unwrap();
        drop(device);
        let (served, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.go("/documents").await;
        browser.says(say("shelf", "see_all")).await;
        sound(&browser, &format!("shelf-documents-{look}")).await;
        browser.go("/documents/all").await;
        browser.says("esito della domanda.pdf").await;
        sound(&browser, &format!("shelf-all-{look}")).await;
        browser.run("document.querySelector('main a[href*=\"/documents/file/\"]').click()").await;
        browser.says("La domanda è accolta dal 30 marzo 2026").await;
        browser.says(say("file", "text")).await;
        sound(&browser, &format!("shelf-file-{look}")).await;
        browser.go("/documents/all?kind=deliveries").await;
        browser.until("a receipt", "document.querySelector('main a[href*=\"/documents/delivery/\"]')").await;
        browser.run("document.querySelector('main a[href*=\"/documents/delivery/\"]').click()").await;
        browser.says(say("shelf", "on_paper")).await;
        browser.says(say("shelf", "registered")).await;
        sound(&browser, &format!("shelf-delivery-{look}")).await;
        // A paper of one's own, by keyboard; a day that is none is said beside it.
        browser.go("/documents/papers").await;
        browser.says(say("papers", "none")).await;
        browser.tab_to("expires-new").await;
        browser.keys("31/02/2027").await;
        browser.tab_to(say("papers", "save")).await;
        browser.keys(ENTER).await;
        browser.says(say("lack", "no_such_day")).await;
        sound(&browser, &format!("shelf-own-wrong-{look}")).await;
        browser.run("const e = document.getElementById('expires-new'); e.value = '12/04/2036'; e.dispatchEvent(new Event('input', {bubbles: true}))").await;
        browser.tab_to(say("papers", "save")).await;
        browser.keys(ENTER).await;
        browser.says(say("papers", "change")).await;
        let page = folder.path().join("fronte.pdf");
        std::fs::write(&page, decision()).unwrap();
        browser.give_file(".v-own .v-file", &page).await;
        browser.says("fronte.pdf").await;
        sound(&browser, &format!("shelf-own-{look}")).await;
        // The form that asks for it offers it, and takes it at a press.
        browser.go(&format!("/cases/{moving}/write")).await;
        let card = say("papers", "identity_card");
        browser
            .until(
                "the offer",
                &format!("[...document.querySelectorAll('main button')].find(b => b.innerText.includes('{card}'))"),
            )
            .await;
        sound(&browser, &format!("shelf-offer-{look}")).await;
        browser
            .run(&format!(
                "[...document.querySelectorAll('main button')].find(b => b.innerText.includes('{card}')).click()"
            ))
            .await;
        browser.says("fronte.pdf").await;
        browser.close().await;
        // A folder is one program's at a time.
        drop(served);
        let app = world.device_on(folder.path()).await;
        assert_eq!(app.app().handle(ListPapers {}).unwrap()[0].files.len(), 1);
        assert_eq!(app.app().handle(ListDocuments { kind: None, offset: 0, limit: 0 }).unwrap().own, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_papers_are_had_in_person() {
    for (width, height, language, light) in [(360, 740, "it", Light::Night), (1280, 800, "en", Light::Day)] {
        let world = World::today().await;
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let folder = tempfile::tempdir().unwrap();
        let device = world.device_on(folder.path()).await;
        device.app().sync().await.unwrap();
        drop(device);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        // Where somebody is when they stand on the square of the practice town.
        browser
            .run("navigator.geolocation.watchPosition = ok => { ok({ coords: { latitude: 43.4667, longitude: 11.8836, accuracy: 5 } }); return 1; }")
            .await;
        browser
            .run("history.pushState(null, '', '/documents/counters'); dispatchEvent(new PopStateEvent('popstate'))")
            .await;
        browser.says("Biblioteca comunale").await;
        sound(&browser, &format!("counters-{look}")).await;
        browser.tab_to(words.say("counters", "near")).await;
        browser.keys(ENTER).await;
        browser.until("the nearest first", "document.querySelector('.v-own h2').innerText.includes('Al Pozzo')").await;
        sound(&browser, &format!("counters-near-{look}")).await;
        browser.close().await;
    }
}
