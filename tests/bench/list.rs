//! A list of ten thousand reports, opened and scrolled in a real browser.

use std::time::Duration;

use vicino_contract::ipc::{CommandHandler as _, NewDraft, SaveDraft, SendReport};
use vicino_core::{App, KeyPlace, Opening};
use vicino_domain::{Category, Place};
use world::driver::Browser;

use crate::row::Row;
use crate::town::Site;

const REPORTS: usize = 10_000;

pub(crate) fn measure() -> Vec<Row> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(look())
}

async fn look() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(Opening { key: KeyPlace::OwnerFile, ..Opening::of(folder.path()) }).unwrap();
    for n in 0..REPORTS {
        let mut draft = app.handle(NewDraft {}).unwrap().draft;
        draft.privacy_accepted = true;
        draft.category = Some(Category::Roads);
        draft.title = format!("Segnalazione {n}");
        draft.details = "Profonda".into();
        draft.place = Some(Place::in_words("Via Roma".into()));
        let id = draft.id;
        app.handle(SaveDraft { draft, step: 3 }).unwrap();
        app.handle(SendReport { id }).unwrap();
    }
    // Whoever has no town is asked for one first.
    let site = Site::of(0).await;
    app.join(&site.url).await.unwrap();
    let (served, address) = crate::cases::serve(app).await;

    let browser = Browser::chromium(360, 740, "it-IT").await;
    browser.client.goto(&address).await.unwrap();
    browser.until("home", "document.querySelector('main h1')").await;
    // From the moment the command answered to the first row on the screen.
    browser
        .run(
            "window.answered = 0; window.shown = 0; const fetched = window.fetch;
             window.fetch = async r => { const a = await fetched(r); if ((r.url || '').includes('list_reports')) {
                const t = a.arrayBuffer.bind(a); a.arrayBuffer = async () => { const s = await t(); window.answered = performance.now(); return s; }; } return a; };
             new MutationObserver(() => { if (!window.shown && document.querySelector('[aria-posinset]')) window.shown = performance.now(); })
                .observe(document.body, { childList: true, subtree: true });",
        )
        .await;
    browser.go("/reports").await;
    browser.until("rows", "window.shown > 0").await;
    let first = browser.run("return window.shown - window.answered").await.as_f64().unwrap();
    let mut most = 0.0_f64;
    for step in 0..40 {
        browser.run(&format!("window.scrollTo(0, document.documentElement.scrollHeight * {step} / 40)")).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        let rows = browser.run("return document.querySelectorAll('[aria-posinset]').length").await.as_f64().unwrap();
        most = most.max(rows);
    }
    // The far end is really there.
    browser.run("window.scrollTo(0, document.documentElement.scrollHeight)").await;
    browser
        .until(
            "the last row",
            "[...document.querySelectorAll('[aria-posinset]')].some(r => +r.getAttribute('aria-posinset') > 9950)",
        )
        .await;
    browser.close().await;
    served.abort();
    vec![
        Row::new(
            "10 000 reports: rows in the page while scrolling",
            "rows",
            most,
            8.0,
            "≤ 60 (floor: what fits the screen)",
            most <= 60.0,
        ),
        Row::new(
            "10 000 reports: answer to first row",
            "ms",
            first,
            16.7,
            "≤ 100 ms (floor: one frame)",
            first <= 100.0,
        ),
    ]
}
