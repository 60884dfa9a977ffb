//! Another release in the middle: what a town says becomes what an older or a newer one would say.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, header};
use serde_json::{Map, Value, json};
use vicino_contract::http::CARD_SIGNATURE;

/// The way the other release speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Dialect {
    /// Fields that the contract lets be absent are absent: they were not invented yet.
    pub fewer: bool,
    /// Every object says more than this release knows, and there are records of a collection it never heard of.
    pub more: bool,
}

/// Fields that came to the contract after its first release, or may.
const LATER: &[&str] = &[
    "about",
    "accuracy",
    "act",
    "expected_by",
    "hours",
    "household",
    "inactive_note",
    "phone",
    "snapshot_ahead",
    "until",
    "urgent",
];

/// A translator between a device and a town; it ends with the test.
pub struct Translator(SocketAddr);

#[derive(Clone)]
struct Between {
    http: reqwest::Client,
    town: Arc<str>,
    dialect: Dialect,
}

impl Translator {
    pub async fn before(town: &str, dialect: Dialect) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).build().unwrap();
        let between = Between { http, town: town.into(), dialect };
        let router = Router::new().fallback(pass).with_state(between);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self(address)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.0)
    }
}

async fn pass(State(between): State<Between>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    // What is packed cannot be read on the way.
    headers.remove(header::ACCEPT_ENCODING);
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let asked = between.http.request(parts.method, format!("{}{path}", between.town)).headers(headers).body(bytes);
    let answer = asked.send().await.unwrap();
    let mut translated = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != header::TRANSFER_ENCODING && name != header::CONTENT_LENGTH {
            translated = translated.header(name, value);
        }
    }
    // What is signed as it stands cannot be said otherwise; the card of another release is the contract's own test.
    let signed = answer.headers().contains_key(CARD_SIGNATURE);
    let is_json = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
    let bytes = answer.bytes().await.unwrap();
    let body = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) if is_json && !signed => {
            between.dialect.say(&mut value);
            serde_json::to_vec(&value).unwrap().into()
        }
        _ => bytes,
    };
    translated.body(Body::from(body)).unwrap()
}

impl Dialect {
    fn say(self, value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.say(value)),
            Value::Object(fields) => {
                self.say_object(fields);
                // Maps of a resident's own data have no fields of the contract.
                let shapes = fields.iter_mut().filter(|(name, _)| !["answers", "form"].contains(&name.as_str()));
                shapes.for_each(|(_, value)| self.say(value));
            }
            _ => {}
        }
    }

    fn say_object(self, fields: &mut Map<String, Value>) {
        if self.fewer {
            fields.retain(|name, _| !LATER.contains(&name.as_str()));
        }
        if self.more {
            if let Some(Value::Array(items)) = fields.get_mut("items")
                && !items.iter().any(|item| item["collection"] == "park_benches")
            {
                let bench = json!({ "id": uuid::Uuid::from_u128(0xbe), "title": "Panchina gigante", "seats": 9 });
                items.push(json!({ "collection": "park_benches", "id": bench["id"], "version": 1, "body": bench }));
            }
            fields.insert("mood".to_owned(), json!("verde"));
            fields.insert("added_in_2031".to_owned(), json!([1, null, true]));
        }
    }
}
