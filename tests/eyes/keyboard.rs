//! The whole journey with the keyboard alone: from home to the signed receipt, in a browser and in both sizes.

use world::driver::{Browser, serve};

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const DOWN: &str = "\u{e015}";

/// Writes a report and sends it, never touching a mouse.
pub async fn report(browser: &Browser, title: &str) {
    browser.go("/new").await;
    browser.says("Prima di cominciare").await;
    browser.tab_to("privacy").await;
    browser.keys(SPACE).await;
    browser.tab_to("Avanti").await;
    browser.keys(ENTER).await;
    browser.says("Cosa hai visto?").await;
    // Going on with everything missing leads to the first thing that is.
    browser.tab_to("Avanti").await;
    browser.keys(ENTER).await;
    browser.says("Manca il luogo").await;
    browser.until("the focus on the place", "document.activeElement.id === 'place'").await;
    browser.tab_to("Un indirizzo").await;
    browser.keys(ENTER).await;
    browser.tab_to("address").await;
    browser.keys("via rom").await;
    browser.says("Via Roma").await;
    browser.tab_to("Via Roma").await;
    browser.keys(ENTER).await;
    browser.until("the focus on the address", "document.activeElement.id === 'address'").await;
    browser.keys("14").await;
    browser.tab_to("Usa questo indirizzo").await;
    browser.keys(ENTER).await;
    browser.says("Via Roma 14").await;
    browser.tab_to("category").await;
    browser.keys(DOWN).await;
    browser.tab_to("title").await;
    browser.keys(title).await;
    browser.tab_to("details").await;
    browser.keys("Profonda, al centro della corsia.").await;
    browser.says("Restano 167 caratteri su 200").await;
    browser.tab_to("Avanti").await;
    browser.keys(ENTER).await;
    browser.says("Rileggi e invia").await;
    browser.says(title).await;
    browser.tab_to("Invia").await;
    browser.keys(ENTER).await;
    browser.says("La segnalazione è al sicuro").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_and_on_a_computer() {
    let folder = tempfile::tempdir().unwrap();
    let (mut app, mut address) = serve(folder.path()).await;
    for (width, height) in [(360, 740), (1280, 800)] {
        let browser = Browser::chromium(width, height, "it-IT").await;
        browser.client.goto(&address).await.unwrap();
        browser.says("Cosa ti aspetta").await;
        address = app.another().await;
        let title = format!("Buca larga {width}");
        report(&browser, &title).await;
        browser.says("Consegnata al Comune").await;
        browser.shot(&format!("done-{width}")).await;
        browser.tab_to("Apri la segnalazione").await;
        browser.keys(ENTER).await;
        browser.says("Mostra la ricevuta").await;
        browser.tab_to("Mostra la ricevuta").await;
        browser.keys(ENTER).await;
        browser.says("Impronta di ciò che è arrivato").await;
        browser.until("the code", "document.querySelector('dialog[open] svg rect, dialog[open] svg path')").await;
        browser.shot(&format!("receipt-{width}")).await;
        browser.keys("\u{e00c}").await;
        browser.until("the sheet closed", "!document.querySelector('dialog[open]')").await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_there_again_after_the_page_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (_app, address) = serve(folder.path()).await;
    let browser = Browser::chromium(360, 740, "it-IT").await;
    browser.client.goto(&address).await.unwrap();
    browser.go("/new").await;
    browser.tab_to("privacy").await;
    browser.keys(SPACE).await;
    browser.tab_to("Avanti").await;
    browser.keys(ENTER).await;
    browser.tab_to("title").await;
    browser.keys("Lampione spento").await;
    // Long enough for a pause in typing, and not a button pressed.
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    browser.client.refresh().await.unwrap();
    browser.until("the draft as it was left", "document.querySelector('#title')?.value === 'Lampione spento'").await;
    browser.go("/reports").await;
    browser.says("Lampione spento").await;
    browser.close().await;
}
