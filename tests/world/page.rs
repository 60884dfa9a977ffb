//! The false payment page, played as a browser would.

/// Plays how a payment ends; where the page sends the browser, when it does.
pub async fn play(page: &str, how: &str) -> Option<String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().ok()?;
    client.get(page).send().await.ok()?.error_for_status().ok()?;
    let body = format!("play={how}");
    let form = client.post(page).header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = form.send().await.ok()?;
    let back = answer.headers().get("location")?;
    Some(back.to_str().ok()?.to_owned())
}
