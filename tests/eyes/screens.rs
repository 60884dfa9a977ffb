//! Every screen in both languages: nothing serious for axe-core, nothing that scrolls sideways, twice the text.

use vicino_contract::ipc::{CommandHandler as _, SaveSettings, Settings};
use world::driver::{Browser, Light, root, serve};

/// What a resident may stand before.
const SCREENS: &[(&str, &str)] = &[
    ("home", "/"),
    ("reports", "/reports"),
    ("town", "/reports?tab=town"),
    ("wizard", "/new"),
    ("outbox", "/outbox"),
    ("cases", "/cases"),
    ("payments", "/payments"),
    ("read-notice", "/payments/read"),
    ("cart", "/payments/cart"),
    ("receipts", "/payments/receipts"),
    ("dossier", "/payments/dossier"),
    ("consumption", "/payments/consumption"),
    ("documents", "/documents"),
    ("certificate-ask", "/documents/ask"),
    ("certificate-check", "/documents/check"),
    ("declare", "/documents/declare"),
    ("messages", "/messages"),
    ("deadlines", "/deadlines"),
    ("profile", "/profile"),
    ("services", "/services"),
    ("needs", "/services?by=need"),
    ("bulletins", "/bulletins"),
    ("acts", "/bulletins?kind=act"),
    ("search", "/search"),
    ("sync", "/sync"),
    ("people", "/people"),
    ("settings", "/settings"),
    ("missing", "/nowhere"),
];

/// Sets the language on the settings' own screen.
async fn speak(browser: &Browser, language: &str, settings: &str) {
    browser.go("/settings").await;
    browser.until("the choice", "document.querySelector('#language')").await;
    let script = format!(
        "const s = document.querySelector('#language'); s.value = '{language}'; s.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    browser.run(&script).await;
    browser.says(settings).await;
}

async fn look(browser: &Browser, name: &str, problems: &mut Vec<String>) {
    let wide = browser.sideways().await;
    if wide > 0 {
        problems.push(format!("{name}: {wide} px sideways"));
    }
    problems.extend(browser.axe().await.into_iter().map(|found| format!("{name}: {found}")));
    browser.shot(name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_in_every_language_and_size() {
    let folder = tempfile::tempdir().unwrap();
    let (mut app, mut address) = serve(folder.path()).await;
    let mut problems = Vec::new();
    for (width, height, light) in [
        (320, 640, Light::Day),
        (360, 740, Light::Day),
        (1280, 800, Light::Day),
        (360, 740, Light::Night),
        (1280, 800, Light::Night),
    ] {
        let look_of = |language: &str| {
            let night = if light == Light::Night { "-night" } else { "" };
            format!("{language}-{width}{night}")
        };
        let browser = Browser::chromium_in(width, height, "it", light).await;
        browser.client.goto(&address).await.unwrap();
        browser.says("Cosa ti aspetta").await;
        address = app.another().await;
        if width == 360 && light == Light::Day {
            super::keyboard::report(&browser, "Marciapiede rotto davanti alla scuola").await;
            browser.says("Consegnata al Comune").await;
            browser.tab_to("Apri la segnalazione").await;
            browser.keys("\u{e007}").await;
            browser.says("Messaggi").await;
            look(&browser, "report-it-360", &mut problems).await;
        }
        for (language, settings) in [("it", "Impostazioni"), ("en", "Settings")] {
            speak(&browser, language, settings).await;
            for (name, path) in SCREENS {
                browser.go(path).await;
                look(&browser, &format!("{name}-{}", look_of(language)), &mut problems).await;
            }
            deeper(&browser, &look_of(language), &mut problems).await;
            wizard(&browser, &look_of(language), &mut problems).await;
        }
        speak(&browser, "it", "Impostazioni").await;
        browser.close().await;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A sheet, a bulletin, and a search with something in it; an office and a report of others that were found.
async fn deeper(browser: &Browser, which: &str, problems: &mut Vec<String>) {
    for (list, name) in [("/services", "service"), ("/bulletins", "bulletin")] {
        browser.go(list).await;
        let row = format!("document.querySelector('main a[href^=\"{list}/\"]')");
        browser.until("a row", &row).await;
        browser.run(&format!("{row}.click()")).await;
        browser.until("its page", "document.querySelector('main .v-facts')").await;
        look(browser, &format!("{name}-{which}"), problems).await;
    }
    for (words, room, name) in [
        ("iscriz", "/services/", "found"),
        ("polizia", "/offices/", "office"),
        ("tiglio", "/reports/town/", "town-report"),
    ] {
        browser.go("/search").await;
        browser.until("the field", "document.querySelector('#words')").await;
        let typing = format!(
            "const f = document.querySelector('#words'); f.value = '{words}'; f.dispatchEvent(new Event('input', {{ bubbles: true }}));"
        );
        browser.run(&typing).await;
        let link = format!("document.querySelector('main a[href^=\"{room}\"]')");
        browser.until("something found", &link).await;
        if name != "found" {
            browser.run(&format!("{link}.click()")).await;
            browser
                .until(
                    "its page",
                    &format!("location.pathname.startsWith('{room}') && document.querySelector('main h1') && document.querySelector('main .v-sec')"),
                )
                .await;
        }
        look(browser, &format!("{name}-{which}"), problems).await;
    }
}

/// The steps of the wizard behind the first.
async fn wizard(browser: &Browser, which: &str, problems: &mut Vec<String>) {
    browser.go("/new").await;
    browser.until("the consent", "document.querySelector('#privacy')").await;
    browser.run("document.querySelector('#privacy').click()").await;
    let next = "document.querySelector('.v-acts .btn-primary').click()";
    browser.run(next).await;
    browser.until("the data", "document.querySelector('#details')").await;
    for n in 0..4 {
        browser.run(&format!("document.querySelectorAll('.v-choice button')[{n}].click()")).await;
        look(browser, &format!("data-{n}-{which}"), problems).await;
    }
    // Everything missing, said beside each field.
    browser.run(next).await;
    look(browser, &format!("data-missing-{which}"), problems).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_twice_as_large_still_fits() {
    let folder = tempfile::tempdir().unwrap();
    let (_app, address) = serve(folder.path()).await;
    let browser = Browser::chromium(360, 740, "it-IT").await;
    browser.client.goto(&address).await.unwrap();
    browser.says("Cosa ti aspetta").await;
    let mut wide = Vec::new();
    for (name, path) in SCREENS {
        browser.go(path).await;
        browser.run("document.documentElement.style.fontSize = '200%'").await;
        let sideways = browser.sideways().await;
        if sideways > 0 {
            wide.push(format!("{name}: {sideways} px"));
        }
        browser.shot(&format!("{name}-200")).await;
    }
    assert!(wide.is_empty(), "{wide:?}");
    browser.close().await;
}

#[test]
fn the_page_asks_for_nothing_it_does_not_have() {
    let sheet = std::fs::read_to_string(root().join("ui/dist/vicino.css")).unwrap();
    for part in sheet.split("url(").skip(1) {
        let inside = part.split(')').next().unwrap().trim_matches(['"', '\'']);
        let here = inside.strip_prefix('/').is_some_and(|path| root().join("ui/dist").join(path).is_file());
        assert!(here || inside.starts_with("data:image"), "{}", &inside[..inside.len().min(80)]);
    }
    let page = std::fs::read_to_string(root().join("ui/dist/index.html")).unwrap();
    assert!(!page.contains("http://") || page.matches("http://").count() == page.matches("http://www.w3.org/").count());
    // The largest text size of the settings is a preference of the device, kept like any other.
    let _: fn(&vicino_core::App, SaveSettings) -> _ = |app, settings| app.handle(settings);
    let _ = Settings::default();
}
