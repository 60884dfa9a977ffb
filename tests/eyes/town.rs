//! Coming to a town for the first time, signing in, finding something: with the keyboard alone, in both languages.

use world::World;
use world::driver::{Browser, serve_bare};

const ENTER: &str = "\u{e007}";

async fn sound(browser: &Browser, name: &str) {
    assert_eq!(browser.sideways().await, 0, "{name}");
    assert_eq!(browser.axe().await, Vec::<String>::new(), "{name}");
    browser.shot(name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_start_to_ones_own_name() {
    let world = World::new().await;
    for (width, height) in [(360, 740), (1280, 800)] {
        let folder = tempfile::tempdir().unwrap();
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium(width, height, "it-IT").await;
        browser.client.goto(&address).await.unwrap();
        browser.says("Benvenuto in Vicino").await;
        sound(&browser, &format!("start-it-{width}")).await;
        // Nobody answers there: said, and nothing is joined.
        browser.tab_to("address").await;
        browser.keys("http://127.0.0.1:9").await;
        browser.keys(ENTER).await;
        browser.says("non si raggiunge").await;
        browser.run("document.querySelector('#address').value = ''").await;
        browser.run("document.querySelector('#address').dispatchEvent(new Event('input', { bubbles: true }))").await;
        browser.tab_to("address").await;
        browser.keys(&world.town.url()).await;
        browser.keys(ENTER).await;
        browser.says("È il mio Comune").await;
        browser.says(&world.town.town().key().fingerprint()).await;
        sound(&browser, &format!("card-it-{width}")).await;
        browser.tab_to("È il mio Comune").await;
        browser.keys(ENTER).await;
        browser.says("Cosa ti aspetta").await;
        browser.go("/people").await;
        browser.says("Ospite").await;
        browser.tab_to("Accedi").await;
        browser.keys(ENTER).await;
        browser.says("Vai alla pagina del Comune").await;
        sound(&browser, &format!("signing-in-it-{width}")).await;
        // The town's page, in a browser of its own in real life.
        let page = browser.run("return document.querySelector('#sign-in a').href").await;
        browser.client.goto(page.as_str().unwrap()).await.unwrap();
        browser.says("Questo accesso è finto").await;
        sound(&browser, &format!("practice-door-{width}")).await;
        browser.tab_to("Anna Berti").await;
        browser.keys(ENTER).await;
        browser.says("Torna a Vicino").await;
        browser.client.goto(&address).await.unwrap();
        browser.says("Cosa ti aspetta").await;
        browser.go("/people").await;
        browser.says("Anna Berti").await;
        browser.says("Giulia Moretti, Tommaso Moretti").await;
        sound(&browser, &format!("signed-in-it-{width}")).await;
        browser.tab_to("Aggiungi una persona").await;
        browser.keys(ENTER).await;
        browser.says("Ospite").await;
        browser.says("Passa a").await;
        sound(&browser, &format!("two-people-it-{width}")).await;
        browser.tab_to("Passa a Anna Berti").await;
        browser.keys(ENTER).await;
        browser.says("Hai fatto l’accesso").await;
        browser.close().await;
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
