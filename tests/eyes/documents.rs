//! Documents as a resident finds them: who needs no certificate is told so; one is asked for, opened, shown and checked, by keyboard.

use vicino_contract::ipc::{AskCertificate, CommandHandler as _, GetCertificate, ListCertificates};
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, StampDuty};
use vicino_server::matters::certificate::issuing;
use world::World;
use world::driver::{Browser, LOOKS, Light, serve_bare};

use super::payments::PASTE;
use super::town::{Words, sound};

const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_asked_for_opened_and_checked() {
    for (width, height, language, light) in LOOKS {
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
        browser.go("/documents").await;
        browser.says(say("cert", "none")).await;
        sound(&browser, &format!("doc-none-{look}")).await;
        browser.tab_to(say("cert", "ask")).await;
        browser.keys(ENTER).await;
        browser.says(say("cert", "for_whom")).await;
        let pick = |id: &str| format!("document.getElementById('{id}').click()");
        let radio = |name: &str, nth: usize| format!("document.querySelectorAll('input[name={name}]')[{nth}].click()");
        browser.run(&radio("audience", 0)).await;
        browser.says(say("cert", "self_certify")).await;
        sound(&browser, &format!("doc-public-{look}")).await;
        browser.run(&radio("audience", 1)).await;
        browser.tab_to(say("cert", "send")).await;
        browser.keys(ENTER).await;
        browser.says(say("cert", "choose_one")).await;
        browser.run(&pick("certificate-residence")).await;
        browser.run(&pick("certificate-family")).await;
        // A sports club.
        browser.run(&radio("stamp", 2)).await;
        browser.says(say("cert", "no_stamp")).await;
        sound(&browser, &format!("doc-ask-{look}")).await;
        browser.tab_to(say("cert", "send")).await;
        browser.keys(ENTER).await;
        browser.says(say("cert", "signed")).await;
        browser.until("the code", "document.querySelector('.v-qr-code svg')").await;
        browser.says("Via Roma 14").await;
        sound(&browser, &format!("doc-certificate-{look}")).await;
        browser.run("sessionStorage.code = document.querySelector('.v-qr-code svg').outerHTML").await;
        browser.go("/documents").await;
        browser.says("Anna Berti").await;
        sound(&browser, &format!("doc-list-{look}")).await;
        browser.go("/documents/check").await;
        browser.says(say("cert", "check_long")).await;
        browser.run(PASTE).await;
        browser.says(say("cert", "v_genuine_code")).await;
        sound(&browser, &format!("doc-genuine-{look}")).await;
        browser.go("/documents/declare").await;
        browser.says(say("declare", "none")).await;
        browser.run(&pick("declares-residence")).await;
        browser.run(&pick("declares-income")).await;
        browser.says(say("declare", "lacks")).await;
        // A year that has not come is told beside its field, once the field is left; corrected, nothing is told any more.
        browser.tab_to("declares-income-income_year").await;
        browser.keys("2999").await;
        browser.tab_to("declares-income-income").await;
        browser.says(say("declare", "not_yet")).await;
        sound(&browser, &format!("doc-declare-wrong-{look}")).await;
        browser
            .run("const year = document.getElementById('declares-income-income_year'); year.focus(); year.select()")
            .await;
        browser.keys("2025").await;
        browser.tab_to("declares-income-income").await;
        browser.keys("12.000").await;
        browser.says("nell’anno 2025 un reddito complessivo di euro 12.000").await;
        sound(&browser, &format!("doc-declare-{look}")).await;
        browser.close().await;
        // What the page asked for is what the town has.
        let other = world.device().await;
        other.app().sign_in_as("Anna").await.unwrap();
        world.settle(&other).await;
        let rows = other.app().handle(ListCertificates {}).unwrap().rows;
        assert_eq!((rows.len(), rows[0].kinds.len()), (1, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_app_reads_the_town_s_page() {
    let world = World::today().await;
    let device = world.device().await;
    device.app().sign_in_as("Anna").await.unwrap();
    world.settle(&device).await;
    let list = device.app().handle(ListCertificates {}).unwrap();
    let (kinds, stamp) = (vec![CertificateKind::Residence], StampDuty::Exempt { code: Exemption::Sport, reason: None });
    let wish = AskCertificate { kinds, person: list.people[0].id, audience: Audience::Private, stamp };
    let id = device.app().handle(wish).unwrap();
    world.settle(&device).await;
    issuing::issue_all(world.town.town()).unwrap();
    world.settle(&device).await;
    let word = device.app().handle(GetCertificate { id }).unwrap().word.unwrap().0;
    for (width, height, system, light, genuine) in [
        (360, 740, "it-IT", Light::Day, "Il codice è autentico"),
        (360, 740, "en-US", Light::Night, "The code is genuine"),
        (1280, 800, "it-IT", Light::Night, "Il codice è autentico"),
        (1280, 800, "en-US", Light::Day, "The code is genuine"),
    ] {
        let look = format!("{system}-{width}");
        let browser = Browser::chromium_in(width, height, system, light).await;
        browser.client.goto(&format!("{}/verifica", world.town.url())).await.unwrap();
        browser.until("the form", "document.querySelector('#text')").await;
        sound(&browser, &format!("verify-page-{look}")).await;
        let typed =
            format!("document.getElementById('text').value = '{word}'; document.querySelector('button.go').click()");
        browser.run(&typed).await;
        browser.says(genuine).await;
        browser.says("Via Roma 14").await;
        sound(&browser, &format!("verify-genuine-{look}")).await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_twice_is_asked_for_no_more() {
    for (width, height, language, light) in [(360, 740, "it", Light::Day), (1280, 800, "en", Light::Night)] {
        let world = World::today().await;
        let (words, look) = (Words::of(language), format!("{language}-{width}"));
        let say = |key| words.say("cert", key);
        let folder = tempfile::tempdir().unwrap();
        let device = world.device_on(folder.path()).await;
        device.app().sign_in_as("Anna").await.unwrap();
        world.settle(&device).await;
        let person = device.app().handle(ListCertificates {}).unwrap().people[0].id;
        let (kinds, audience) = (vec![CertificateKind::Residence], Audience::Private);
        let wish = AskCertificate { kinds, person, audience, stamp: StampDuty::Due };
        let id = device.app().handle(wish).unwrap();
        world.settle(&device).await;
        issuing::issue_all(world.town.town()).unwrap();
        world.settle(&device).await;
        drop(device);
        let (_app, address) = serve_bare(folder.path()).await;
        let browser = Browser::chromium_in(width, height, language, light).await;
        browser.client.goto(&address).await.unwrap();
        browser.go("/documents/ask").await;
        browser.says(say("for_whom")).await;
        browser.run("document.querySelectorAll('input[name=audience]')[1].click()").await;
        browser.run("document.getElementById('certificate-residence').click()").await;
        browser.says(say("already")).await;
        browser.run("document.querySelector('[role=status] .v-note').scrollIntoView({ block: 'center' })").await;
        sound(&browser, &format!("doc-already-{look}")).await;
        browser.tab_to(say("already_open")).await;
        browser.keys(ENTER).await;
        browser.says(say("stamp_title")).await;
        sound(&browser, &format!("doc-stamp-{look}")).await;
        browser.tab_to(say("withdraw")).await;
        browser.keys(ENTER).await;
        browser.says(say("withdraw_title")).await;
        sound(&browser, &format!("doc-no-more-{look}")).await;
        browser.run("document.querySelector('dialog[open] .btn-outline-danger').click()").await;
        browser.says(say("withdrawn")).await;
        browser.go(&format!("/documents/{id}")).await;
        browser.says(say("withdrawn")).await;
        sound(&browser, &format!("doc-withdrawn-{look}")).await;
        browser.close().await;
    }
}
