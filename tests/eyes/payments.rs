//! Payments as a parent finds them: what is owed and for whom, read, paid by keyboard, proved.

use vicino_contract::ipc::{CommandHandler as _, ListPayments};
use vicino_server::matters::notice;
use world::driver::{Browser, LOOKS, Light, serve_bare};
use world::{World, play};

use super::town::{Words, sound};

const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
/// The field is emptied as by a hand.
const EMPTY: &str = "const f = document.querySelector('#notice-code'); f.value = '';
    f.dispatchEvent(new Event('input', { bubbles: true }));";
/// A notice of somebody else, whose check digits are wrong.
const STRANGER: &str = "PAGOPA|002|302012387654312384|00743110157|1250";
/// Two codes, drawn on one page and pasted.
const PASTE_BOTH: &str =
    "const all = CODES.map(svg => new Promise(done => { const i = new Image(); i.onload = () => done(i);
    i.src = 'data:image/svg+xml,' + encodeURIComponent(svg); }));
    Promise.all(all).then(all => {
        const c = document.createElement('canvas'); c.width = 1040; c.height = 560;
        const g = c.getContext('2d'); g.fillStyle = '#fff'; g.fillRect(0, 0, 1040, 560);
        all.forEach((i, n) => g.drawImage(i, 60 + n * 500, 60, 420, 420));
        c.toBlob(b => {
            const t = new DataTransfer(); t.items.add(new File([b], 'avvisi.png', { type: 'image/png' }));
            window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: t, bubbles: true, cancelable: true }));
        }, 'image/png');
    });";
/// The code kept before, drawn as a picture and pasted.
pub(crate) const PASTE: &str = "const i = new Image(); i.onload = () => {
    const c = document.createElement('canvas'); c.width = c.height = 480;
    const g = c.getContext('2d'); g.fillStyle = '#fff'; g.fillRect(0, 0, 480, 480); g.drawImage(i, 40, 40, 400, 400);
    c.toBlob(b => {
        const t = new DataTransfer(); t.items.add(new File([b], 'avviso.png', { type: 'image/png' }));
        window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: t, bubbles: true, cancelable: true }));
    }, 'image/png');
}; i.src = 'data:image/svg+xml,' + encodeURIComponent(sessionStorage.code);";

/// Where the payment page is, once the interface shows the way to it.
async fn page(browser: &Browser) -> String {
    let link = "document.querySelector('main a[href*=\"/practice/checkout/\"]')";
    browser.until("the way to the payment page", link).await;
    browser.run(&format!("return {link}.href")).await.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_is_read_paid_and_proved() {
    for (width, height, language, light) in LOOKS {
        // A town of its own each time: what is paid is paid.
        let world = World::today().await;
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Anna").await.unwrap();
        world.settle(&device).await;
        drop(device);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.go("/payments").await;
        browser.says("Tommaso Moretti").await;
        sound(&browser, &format!("pay-list-{look}")).await;
        for (name, path, wanted) in [
            ("receipts", "/payments/receipts", "Scuolabus"),
            ("dossier", "/payments/dossier", say("dossier", "holdings")),
            ("consumption", "/payments/consumption", "Giulia Moretti"),
            ("cart-empty", "/payments/cart", say("cart", "none")),
        ] {
            browser.go(path).await;
            browser.says(wanted).await;
            sound(&browser, &format!("pay-{name}-{look}")).await;
        }
        // A stranger's notice: its wrong check digits are said, and it is kept all the same.
        browser.go("/payments/read").await;
        browser.tab_to("notice-code").await;
        browser.keys("https://example.org/menu").await;
        browser.says(say("reading", "other_code")).await;
        sound(&browser, &format!("pay-read-wrong-{look}")).await;
        // Seventeen digits are no fault while somebody types, and one when they go on.
        browser.run(EMPTY).await;
        browser.tab_to("notice-code").await;
        browser.keys("30201238765431238").await;
        let problem = "return document.querySelector('#notice-code-problem').innerText.trim()";
        assert_eq!(browser.run(problem).await.as_str(), Some(""));
        browser.keys(TAB).await;
        browser.says(&say("reading", "digits").replace("{{ n }}", "17")).await;
        browser.run(EMPTY).await;
        browser.tab_to("notice-code").await;
        browser.keys(STRANGER).await;
        browser.says(say("notice", "check")).await;
        browser.tab_to("keep-name").await;
        browser.keys("Regione di prova").await;
        browser.tab_to("keep-what").await;
        browser.keys("Bollo della nonna").await;
        sound(&browser, &format!("pay-keep-{look}")).await;
        browser.tab_to(say("reading", "keep")).await;
        browser.keys(ENTER).await;
        browser.says(if language == "it" { "12,50" } else { "12.50" }).await;
        sound(&browser, &format!("pay-stranger-{look}")).await;
        // The taxes: paid by keyboard, warned about what was begun, paid all the same, proved.
        browser.go("/payments").await;
        browser.says("Via Roma 14").await;
        let row = "[...document.querySelectorAll('main .v-pay')].find(a => a.innerText.includes('Rifiuti (TARI)'))";
        let row = browser.run(&format!("return {row}.innerText.trim().replace(/\\s+/g, ' ')")).await;
        browser.tab_to(row.as_str().unwrap()).await;
        browser.keys(ENTER).await;
        browser.says(say("notice", "why")).await;
        browser.until("the code", "document.querySelector('.v-qr-code svg')").await;
        sound(&browser, &format!("pay-notice-{look}")).await;
        browser.run("sessionStorage.code = document.querySelector('.v-qr-code svg').outerHTML").await;
        let pay = say("notice", "pay").split("{{").next().unwrap().trim().to_owned();
        browser.tab_to(&pay).await;
        browser.keys(ENTER).await;
        let url = page(&browser).await;
        sound(&browser, &format!("pay-elsewhere-{look}")).await;
        assert_eq!(play(&url, "halfway").await, None);
        browser.tab_to(say("paying", "stop")).await;
        browser.keys(ENTER).await;
        browser.tab_to(&pay).await;
        browser.keys(ENTER).await;
        browser.says(say("paying", "warned")).await;
        sound(&browser, &format!("pay-warned-{look}")).await;
        browser.tab_to(say("paying", "despite")).await;
        browser.keys(ENTER).await;
        let url = page(&browser).await;
        let back = play(&url, "paid").await.unwrap();
        assert!(reqwest::get(&back).await.unwrap().status().is_success());
        let receipt = "document.querySelector('main a[href^=\"/payments/receipts/\"]')";
        browser.until("the receipt", receipt).await;
        // What was paid is what is still spoken of, and not the next instalment.
        browser.until("it is paid", "document.querySelector('.v-head .is-ok')").await;
        sound(&browser, &format!("pay-paid-{look}")).await;
        browser.run(&format!("{receipt}.click()")).await;
        browser.says(say("receipts", "signed")).await;
        sound(&browser, &format!("pay-receipt-{look}")).await;
        // A picture of the same code, pasted as from another program, finds it again.
        browser.go("/payments/read").await;
        browser.says(say("reading", "drop")).await;
        browser.run(PASTE).await;
        browser.says(say("reading", "mine")).await;
        // Two notices on one page: which is meant is chosen, by keyboard.
        let codes =
            ["PAGOPA|002|302032002700000251|03334231200|12345", "PAGOPA|002|301000000000000144|03334231200|6900"];
        let drawn = codes.map(|code| vicino_pictures::draw::notice_qr(code).unwrap());
        browser.run(&PASTE_BOTH.replace("CODES", &serde_json::to_string(&drawn).unwrap())).await;
        browser.says(say("reading", "several")).await;
        browser.run("document.querySelector('main [role=status] li button').focus()").await;
        sound(&browser, &format!("pay-several-{look}")).await;
        browser.tab_to(say("reading", "choose")).await;
        browser.keys(ENTER).await;
        browser.says(say("reading", "found")).await;
        sound(&browser, &format!("pay-pasted-{look}")).await;
        // One notice of a paper longer than a look: it is compared and chosen, never taken for the only one.
        let long = folder.path().join("long.pdf");
        let mut pages = vec![vec![(codes[0], (400, 600))]];
        pages.resize(62, Vec::new());
        std::fs::write(&long, world::papers::with_codes(&pages)).unwrap();
        browser.go("/payments/read").await;
        browser.says(say("reading", "drop")).await;
        browser.give_file(".v-file", &long).await;
        browser.says(say("reading", "partial_hint")).await;
        browser.run("document.querySelector('main [role=status] li button').focus()").await;
        sound(&browser, &format!("pay-partial-{look}")).await;
        browser.keys(ENTER).await;
        browser.says(say("reading", "found")).await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fine_says_what_each_amount_is_and_from_when_and_several_are_paid_together() {
    for (width, height, language, light) in [(360, 740, "it", Light::Night), (1280, 800, "en", Light::Day)] {
        let world = World::today().await;
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |room, key| words.say(room, key);
        let folder = tempfile::tempdir().unwrap();
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Luca").await.unwrap();
        world.settle(&device).await;
        let list = device.app().handle(ListPayments { most: 200, offset: 0, limit: 200 }).unwrap();
        let mut rows = list.to_pay.into_iter().flat_map(|group| group.rows);
        let lamp = rows.find(|row| row.title.starts_with("Lampada")).unwrap().id;
        drop(device);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        for title in ["Multa", "Lampada", "Scuolabus"] {
            browser.go("/payments").await;
            browser.says(title).await;
            let row =
                format!("[...document.querySelectorAll('main .v-pay')].find(a => a.innerText.includes('{title}'))");
            browser.run(&format!("{row}.click()")).await;
            browser.says(say("notice", "together")).await;
            if title == "Multa" {
                sound(&browser, &format!("pay-fine-{look}")).await;
                browser.tab_to(say("notice", "enlarge")).await;
                browser.keys(ENTER).await;
                browser.until("the large code", "document.querySelector('dialog[open] .v-qr-code svg')").await;
                let wider = "const w = s => document.querySelector(s).getBoundingClientRect().width;
                    return w('dialog[open] .v-qr-code svg') > w('.v-side .v-qr-code svg')";
                sound(&browser, &format!("pay-large-{look}")).await;
                assert_eq!(browser.run(wider).await.as_bool(), Some(true), "enlarged is larger");
                sound(&browser, &format!("pay-large-{look}")).await;
                browser.keys("\u{e00c}").await;
                // The dearer amount: what it is made of, and from when; nothing to pay it with yet.
                let second = "document.querySelectorAll('input[name=installment]')[1]";
                browser.run(&format!("{second}.click()")).await;
                browser.says(say("notice", "not_yet")).await;
                let ways = "return document.querySelectorAll('.v-qr-code svg, .v-sec-pay .btn-wide').length";
                assert_eq!(browser.run(ways).await.as_u64(), Some(0), "no code, and nothing to pay it with");
                sound(&browser, &format!("pay-fine-later-{look}")).await;
                browser.run("document.querySelectorAll('input[name=installment]')[0].click()").await;
            }
            browser.says(say("notice", "together")).await;
            browser.tab_to(say("notice", "together")).await;
            browser.keys(ENTER).await;
            browser.says(say("notice", "in_cart")).await;
        }
        browser.tab_to(say("notice", "in_cart")).await;
        browser.keys(ENTER).await;
        browser.says("Tommaso Moretti").await;
        browser.says("AB123CD").await;
        sound(&browser, &format!("pay-cart-{look}")).await;
        // What the creditor takes back is not to be paid any more, and stays where it can be found.
        notice::take_back(world.town.town(), lamp, "Annullato: era doppio.").unwrap();
        browser.go("/payments").await;
        browser.says(say("pay", "closed")).await;
        browser.run("document.querySelectorAll('main details').forEach(d => d.open = true)").await;
        browser.says("Lampada").await;
        sound(&browser, &format!("pay-closed-{look}")).await;
        browser.close().await;
    }
}
