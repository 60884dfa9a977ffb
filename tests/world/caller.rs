//! A caller of the municipal API, as any program could be.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{World, made};

/// A caller with a token, as any program could be.
pub struct Caller {
    pub http: reqwest::Client,
    pub url: String,
    pub token: Option<String>,
    pub refresh: Option<String>,
    pub device: Uuid,
}

static DEVICES: AtomicU64 = AtomicU64::new(1);

pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const BACK: &str = "http://127.0.0.1:4711/signed-in";
pub const STATE: &str = "0123456789abcdef0123456789abcdef";

impl Caller {
    /// Nobody at all.
    pub async fn nobody(world: &World) -> Self {
        Self::at(&world.town.url())
    }

    fn at(url: &str) -> Self {
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).build().unwrap();
        Self {
            http,
            url: url.to_owned(),
            token: None,
            refresh: None,
            device: made(0xd000 + u128::from(DEVICES.fetch_add(1, Ordering::Relaxed))),
        }
    }

    /// A device that introduced itself.
    pub async fn device(world: &World) -> Self {
        Self::device_at(&world.town.url()).await
    }

    async fn device_at(url: &str) -> Self {
        let mut caller = Self::at(url);
        let body = json!({ "id": caller.device, "secret": "x".repeat(43) });
        let reply = caller.http.post(format!("{}/v1/devices", caller.url)).json(&body).send().await.unwrap();
        caller.token = reply.json::<Value>().await.unwrap()["token"].as_str().map(str::to_owned);
        caller
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        let escaped = |text: &str| text.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('=', "%3D");
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let request = self.http.post(format!("{}{path}", self.url));
        request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&")).send().await.unwrap()
    }

    pub fn page(&self, more: &[(&str, &str)]) -> String {
        let mut asked = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.device.to_string()),
            ("redirect_uri", BACK.to_owned()),
            ("state", STATE.to_owned()),
            ("code_challenge", CHALLENGE.to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ];
        for (name, value) in more {
            asked.retain(|(known, _)| known != name);
            asked.push((name, (*value).to_owned()));
        }
        let query: Vec<String> = asked.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{}/oauth/authorize?{}", self.url, query.join("&"))
    }

    /// The ticket and the residents of the practice town's page.
    pub async fn ticket(&self) -> (String, Vec<(String, String)>) {
        let page = self.http.get(self.page(&[])).send().await.unwrap().text().await.unwrap();
        let value = |text: &str| text.split_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let ticket = value(page.split_once("name=\"ticket\"").unwrap().1);
        let buttons = page.split("<button ").skip(1);
        let name = |button: &str| button.split_once("<b>").unwrap().1.split_once("</b>").unwrap().0.to_owned();
        (ticket, buttons.map(|button| (name(button), value(button))).collect())
    }

    pub async fn code(&self, who: &str) -> String {
        let (ticket, residents) = self.ticket().await;
        let resident = &residents.iter().find(|(name, _)| name.starts_with(who)).unwrap().1;
        let answer = self.form("/oauth/identity", &[("ticket", &ticket), ("resident", resident)]).await;
        assert_eq!(answer.status(), 303);
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(back.starts_with(BACK) && back.ends_with(&format!("state={STATE}")), "{back}");
        back.split_once("code=").unwrap().1.split_once('&').unwrap().0.to_owned()
    }

    pub async fn exchange(&self, code: &str, verifier: &str, back: &str) -> (u16, Value) {
        let device = self.device.to_string();
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", device.as_str()),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ];
        let answer = self.form("/oauth/token", &fields).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Somebody who has signed in.
    pub async fn resident(world: &World, who: &str) -> Self {
        Self::resident_at(&world.town.url(), who).await
    }

    /// The same, with the practice town at this address.
    pub async fn resident_at(url: &str, who: &str) -> Self {
        let mut caller = Self::device_at(url).await;
        let code = caller.code(who).await;
        let (status, tokens) = caller.exchange(&code, VERIFIER, BACK).await;
        assert_eq!(status, 200, "{tokens}");
        caller.token = tokens["access_token"].as_str().map(str::to_owned);
        caller.refresh = tokens["refresh_token"].as_str().map(str::to_owned);
        caller
    }

    pub async fn call(&self, verb: &str, path: &str, body: Option<&Value>) -> u16 {
        let verb = reqwest::Method::from_bytes(verb.as_bytes()).unwrap();
        let mut request = self.http.request(verb, format!("{}{path}", self.url)).header("tus-resumable", "1.0.0");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// The identities of the own feed.
    pub async fn own(&self) -> Vec<String> {
        let url = format!("{}/v1/changes?limit=1000&own=", self.url);
        let page: Value =
            self.http.get(url).bearer_auth(self.token.clone().unwrap()).send().await.unwrap().json().await.unwrap();
        page["own"]["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}
