//! Coming to a town for the first time, signing in, finding something: with the keyboard alone, in both languages.

use serde_json::Value;
use world::driver::{Browser, LOOKS, Light, root, serve_bare};
use world::{Caller, Wire, World};

const ENTER: &str = "\u{e007}";

pub async fn sound(browser: &Browser, name: &str) {
    browser.shot(name).await;
    assert_eq!(browser.sideways().await, 0, "{name}");
    assert_eq!(browser.axe().await, Vec::<String>::new(), "{name}");
}

/// The words of one language.
pub struct Words(Value);

impl Words {
    pub fn of(language: &str) -> Self {
        let file = std::fs::read_to_string(root().join(format!("i18n/{language}.json"))).unwrap();
        Self(serde_json::from_str(&file).unwrap())
    }

    pub fn say(&self, room: &str, key: &str) -> &str {
        self.0[room][key].as_str().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_start_to_ones_own_name() {
    let world = World::new().await;
    for (width, height, language, light) in LOOKS {
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        let (_app, address) = serve_bare(folder.path()).await;
        // The system speaks the other language: the first screen lets one choose.
        let (system, name) = if language == "it" { ("en-US", "Italiano") } else { ("it-IT", "English") };
        let browser = Browser::chromium_in(width, height, system, light).await;
        let night = browser.run("return matchMedia('(prefers-color-scheme: dark)').matches").await;
        assert_eq!(night, light == Light::Night);
        browser.client.goto(&address).await.unwrap();
        browser.tab_to(name).await;
        browser.keys(ENTER).await;
        browser.says(say("start", "title")).await;
        sound(&browser, &format!("start-{look}")).await;
        // Nobody answers there: said, and nothing is joined.
        browser.tab_to("address").await;
        browser.keys("http://127.0.0.1:9").await;
        browser.keys(ENTER).await;
        browser.says(say("failure", "unreachable")).await;
        browser.run("document.querySelector('#address').value = ''").await;
        browser.run("document.querySelector('#address').dispatchEvent(new Event('input', { bubbles: true }))").await;
        browser.tab_to("address").await;
        browser.keys(&world.town.url()).await;
        browser.keys(ENTER).await;
        browser.says(say("start", "join")).await;
        browser.says(&world.town.town().key().fingerprint()).await;
        sound(&browser, &format!("card-{look}")).await;
        browser.tab_to(say("start", "join")).await;
        browser.keys(ENTER).await;
        browser.says(say("home", "awaits")).await;
        browser.go("/people").await;
        browser.says(say("people", "nobody")).await;
        browser.tab_to(say("people", "sign_in")).await;
        browser.keys(ENTER).await;
        browser.says(say("people", "go_to_page")).await;
        sound(&browser, &format!("signing-in-{look}")).await;
        // The town's page, in a browser of its own in real life.
        let page = browser.run("return document.querySelector('#sign-in a').href").await;
        browser.client.goto(page.as_str().unwrap()).await.unwrap();
        browser.says("Questo accesso è finto").await;
        sound(&browser, &format!("practice-door-{look}")).await;
        browser.tab_to("Anna Berti").await;
        browser.keys(ENTER).await;
        browser.says("Qui hai finito").await;
        browser.client.goto(&address).await.unwrap();
        browser.says(say("home", "awaits")).await;
        browser.go("/people").await;
        browser.says("Anna Berti").await;
        browser.says("Giulia Moretti, Tommaso Moretti").await;
        browser.says(say("people", "this_device")).await;
        sound(&browser, &format!("signed-in-{look}")).await;
        // She is signed in somewhere else too, and signs out there from here.
        let lost = Caller::resident(&world, "Anna").await;
        browser.says(say("people", "everywhere")).await;
        browser
            .until(
                "its row",
                &format!("document.querySelector('main').textContent.includes('{}')", say("people", "device")),
            )
            .await;
        sound(&browser, &format!("devices-{look}")).await;
        browser.tab_to(&format!("{} {}", say("people", "sign_out_there_short"), say("people", "device"))).await;
        browser.keys(ENTER).await;
        browser.says(say("people", "sign_out_there_text")).await;
        sound(&browser, &format!("sign-out-there-{look}")).await;
        browser.tab_to(say("people", "sign_out")).await;
        browser.keys(ENTER).await;
        let gone = format!("!document.querySelector('main').textContent.includes('{}')", say("people", "device"));
        browser.until("it is signed out there", &gone).await;
        assert_eq!(lost.call("GET", "/v1/devices", None).await, 401);
        browser.tab_to(say("people", "new")).await;
        browser.keys(ENTER).await;
        browser.says(say("people", "nobody")).await;
        browser.says(say("people", "switch")).await;
        sound(&browser, &format!("two-people-{look}")).await;
        browser.tab_to(&format!("{} Anna Berti", say("people", "switch"))).await;
        browser.keys(ENTER).await;
        browser.says(say("people", "signed_in_text")).await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_read_is_not_called_empty() {
    let world = World::new().await;
    for (width, height, language, light) in LOOKS {
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        // Anna joined and signed in; the network went before anything was read.
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Anna").await.unwrap();
        drop(device);
        world.cable.set(Wire::Cut);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.says(say("reports", "mine_unknown")).await;
        browser.says(say("bulletins", "unknown")).await;
        lacks(&browser, &[say("home", "nothing"), say("home", "no_recent")]).await;
        sound(&browser, &format!("home-unread-{look}")).await;
        browser.go("/sync").await;
        browser.says(say("reports", "not_read")).await;
        lacks(&browser, &[say("sync", "none")]).await;
        sound(&browser, &format!("sync-unread-{look}")).await;
        for (name, path, (room, unknown), empty) in [
            ("cases", "/cases", ("cases", "unknown"), "none"),
            ("services", "/services", ("services", "unknown"), "none"),
            ("bulletins", "/bulletins", ("bulletins", "unknown"), "none"),
            ("reports", "/reports", ("reports", "mine_unknown"), "none"),
            ("town", "/reports?tab=town", ("reports", "town_unknown"), "town_none"),
        ] {
            browser.go(path).await;
            browser.says(say(room, unknown)).await;
            lacks(&browser, &[say(room, empty)]).await;
            sound(&browser, &format!("{name}-unread-{look}")).await;
        }
        browser.close().await;
        world.cable.set(Wire::Whole);
    }
}

/// None of these words stands on the page.
async fn lacks(browser: &Browser, words: &[&str]) {
    let page = browser.run("return document.body.innerText").await;
    let page = page.as_str().unwrap();
    for words in words {
        assert!(!page.contains(words), "“{words}” stands in: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn something_found_and_opened_without_a_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let (_app, address) = serve_bare(folder.path()).await;
    let browser = Browser::chromium(360, 740, "en-US").await;
    browser.client.goto(&address).await.unwrap();
    browser.says("Welcome to Vicino").await;
    sound(&browser, "start-en-360").await;
    browser.tab_to("Practise with Pietrachiara").await;
    browser.keys(ENTER).await;
    browser.says("What awaits you").await;
    browser.tab_to("Search").await;
    browser.keys(ENTER).await;
    browser.tab_to("words").await;
    browser.keys("carta d'ident").await;
    browser.says("Carta d").await;
    browser.until("a service", "document.querySelector('main a[href^=\"/services/\"]')").await;
    browser
        .run("window.wanted = document.querySelector('main a[href^=\"/services/\"]').innerText.split('\\n')[0]")
        .await;
    let wanted = browser.run("return window.wanted").await;
    browser.tab_to(wanted.as_str().unwrap()).await;
    browser.keys(ENTER).await;
    browser.says("What you need").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_from_the_sheet_to_the_office_by_keyboard() {
    let world = World::new().await;
    for (width, height, language, light) in LOOKS {
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        // Anna has signed in on this device before.
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Anna").await.unwrap();
        world.settle(&device).await;
        drop(device);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.says(say("home", "awaits")).await;
        browser.go("/services").await;
        browser.says("biblioteca").await;
        browser.tab_to("Iscrizione e prestito in biblioteca").await;
        browser.keys(ENTER).await;
        browser.tab_to(say("cases", "start")).await;
        browser.keys(ENTER).await;
        browser.says("Chi si iscrive").await;
        sound(&browser, &format!("case-begun-{look}")).await;
        browser.tab_to("q-who-name").await;
        browser.keys("Anna Berti").await;
        browser.tab_to("q-who-tax_code").await;
        browser.keys("BRTNNA86E54X999X").await;
        browser.says(say("lack", "code_check")).await;
        sound(&browser, &format!("case-wrong-{look}")).await;
        // What was typed is there again after the page is gone.
        browser.client.refresh().await.unwrap();
        browser
            .until("what was typed", "document.querySelector('#q-who-tax_code')?.value === 'BRTNNA86E54X999X'")
            .await;
        browser.tab_to("q-who-tax_code").await;
        // Coming by keyboard selects what is there.
        browser.keys("BRTNNA86E54X999E").await;
        browser.tab_to("q-who-address").await;
        browser.keys("Via Roma 14").await;
        browser.tab_to("q-who-cap").await;
        browser.keys("52021").await;
        browser.tab_to("on").await;
        browser.keys(ENTER).await;
        browser.says("Ho letto il regolamento").await;
        browser.tab_to("on").await;
        browser.keys(ENTER).await;
        browser.says(say("lack", "missing")).await;
        sound(&browser, &format!("case-missing-{look}")).await;
        browser.tab_to("Ho letto il regolamento").await;
        browser.keys(ENTER).await;
        browser.until("the declaration", "document.querySelector('#q-end-rules-0')").await;
        browser.tab_to("q-end-rules-0").await;
        browser.keys(" ").await;
        browser.tab_to("on").await;
        browser.keys(ENTER).await;
        browser.says(say("cases", "nothing_missing")).await;
        sound(&browser, &format!("case-ready-{look}")).await;
        browser.tab_to("on").await;
        browser.keys(ENTER).await;
        browser.says(say("case_state", "sent")).await;
        browser.says(say("cases", "office_move")).await;
        sound(&browser, &format!("case-sent-{look}")).await;
        browser.go("/cases").await;
        browser.says("Iscrizione e prestito in biblioteca").await;
        sound(&browser, &format!("cases-{look}")).await;
        browser.close().await;
    }
}
