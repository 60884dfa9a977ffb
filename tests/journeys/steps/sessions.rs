//! Steps that journeys share about sessions.

use world::World;

/// The device a refresh token was given to.
pub(crate) fn client(token: &[u8]) -> String {
    let payload = token.split(|byte| *byte == b'.').nth(1).unwrap();
    let json = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, payload).unwrap();
    serde_json::from_slice::<serde_json::Value>(&json).unwrap()["device"].as_str().unwrap().to_owned()
}

/// Returns whether the town does not take this refresh token.
pub(crate) async fn is_refused(world: &World, client: &str, token: &[u8]) -> bool {
    let token = std::str::from_utf8(token).unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
    let body = form.map(|(name, value)| format!("{name}={value}")).join("&");
    let request = reqwest::Client::new().post(format!("{}/oauth/token", world.town.url()));
    let answer = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();
    let status = answer.status();
    status == 400 && answer.json::<serde_json::Value>().await.unwrap()["error"] == "invalid_grant"
}

/// Waits for something that the town does by itself when it starts.
pub(crate) async fn until(holds: impl Fn() -> bool, what: &str) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}
