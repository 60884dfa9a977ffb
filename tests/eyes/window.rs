//! The app's own window, on a screen that is none: the same journey, with a photo shown through its own protocol.

use world::driver::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_in_the_real_window() {
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser::window(folder.path()).await;
    browser.says("Pietrachiara").await;
    browser.until("the town", "document.body.innerText.includes('Pietrachiara non esiste') || document.body.innerText.includes('does not exist')").await;
    // The window speaks the system's language; the journey is told in Italian.
    browser.go("/settings").await;
    browser
        .run("const s = document.querySelector('#language'); s.value = 'it'; s.dispatchEvent(new Event('change', { bubbles: true }));")
        .await;
    browser.says("Impostazioni").await;
    browser.shot("window-settings").await;
    super::keyboard::report(&browser, "Buca nella finestra").await;
    browser.says("Consegnata al Comune").await;
    browser.shot("window-done").await;
    photo(&browser).await;
    browser.close().await;
}

/// A photo taken in by pasting, and shown by its identity alone.
async fn photo(browser: &Browser) {
    browser.go("/new").await;
    browser.until("the consent", "document.querySelector('#privacy')").await;
    browser
        .run("document.querySelector('#privacy').click(); document.querySelector('.v-acts .btn-primary').click()")
        .await;
    browser.until("the data", "document.querySelector('#details')").await;
    // A picture drawn in the page itself, dropped on it as from a folder.
    browser
        .run(
            "const c = document.createElement('canvas'); c.width = 320; c.height = 240;
             const g = c.getContext('2d'); g.fillStyle = '#888'; g.fillRect(0, 0, 320, 240);
             c.toBlob(b => {
                 const t = new DataTransfer(); t.items.add(new File([b], 'foto.png', { type: 'image/png' }));
                 window.dispatchEvent(new DragEvent('drop', { dataTransfer: t, bubbles: true, cancelable: true }));
             }, 'image/png');",
        )
        .await;
    browser.until("the photo", "document.querySelector('.v-photo img')?.naturalWidth === 320").await;
    let source = browser.run("return document.querySelector('.v-photo img').src").await;
    assert!(source.as_str().unwrap().starts_with("photo://localhost/"), "{source}");
    browser.shot("window-photo").await;
}
