//! From the click on a link to the first row of a long list, in a real browser.

use vicino_core::App;
use world::driver::Browser;

use crate::cases::serve;
use crate::row::middle;

/// Where it is measured from, and to what.
pub(crate) struct Opening {
    /// A page with little on it: what leaving a long one costs is not measured here.
    pub(crate) from: &'static str,
    /// The link that is pressed there.
    pub(crate) link: &'static str,
    /// What a row is.
    pub(crate) row: &'static str,
}

/// The middle of five times, in milliseconds.
pub(crate) async fn first_row(app: App, Opening { from, link, row }: Opening) -> f64 {
    let (served, address) = serve(app).await;
    let browser = Browser::chromium(360, 740, "it-IT").await;
    browser.client.goto(&address).await.unwrap();
    browser.until("home", "document.querySelector('main h1')").await;
    let mut times = Vec::new();
    for _ in 0..5 {
        browser.go(from).await;
        let there = format!("location.pathname === '{from}' && document.querySelector('{link}')");
        browser.until("elsewhere", &there).await;
        let script = format!(
            "window.shown = 0; window.eye?.disconnect();
             window.eye = new MutationObserver(() => {{ if (!window.shown && document.querySelector('{row}')) window.shown = performance.now(); }});
             window.eye.observe(document.body, {{ childList: true, subtree: true }});
             window.pressed = performance.now(); document.querySelector('{link}').click();"
        );
        browser.run(&script).await;
        browser.until("the first row", "window.shown > 0").await;
        times.push(browser.run("return window.shown - window.pressed").await.as_f64().unwrap());
    }
    browser.close().await;
    served.abort();
    middle(times)
}
