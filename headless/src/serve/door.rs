//! Who is let in: the browser that opened the address once, calling this very page under this very name.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use subtle::ConstantTimeEq as _;
use vicino_core::App;

use super::token;

/// What is read and done behind these is the page's alone; the rest is the page itself.
const OWN: [&str; 3] = ["/ipc/", "/photo/", "/file/"];

/// A way to tell a new address to whoever sits before the program.
pub type Tell = Box<dyn Fn(&str) + Send + Sync>;

/// The door of one serving.
pub struct Door {
    pub(super) app: App,
    /// Where it stands.
    address: SocketAddr,
    /// The cookie's name, which names the port: two servings on one address do not take each other's.
    name: String,
    /// The cookie's value; it stands in no address.
    pass: String,
    words: Mutex<Words>,
    tell: Tell,
}

/// The words of addresses: each lets one browser in, once.
struct Words {
    fresh: String,
    spent: Option<String>,
}

impl Door {
    /// A door at this address; `tell` is given each address that lets somebody in, the first one at once.
    ///
    /// # Errors
    /// When the system has no randomness, or the address is not of this machine alone.
    pub fn new(app: App, address: SocketAddr, tell: Tell) -> std::io::Result<Self> {
        if !address.ip().is_loopback() {
            let why = "only this machine may be listened to: everything would travel in the clear";
            return Err(vicino_disk::saying(std::io::ErrorKind::InvalidInput, why));
        }
        let words = Mutex::new(Words { fresh: token()?, spent: None });
        let name = format!("vicino-{}", address.port());
        let door = Self { app, address, name, pass: token()?, words, tell };
        door.tell_fresh();
        Ok(door)
    }

    fn tell_fresh(&self) {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        (self.tell)(&format!("http://{}/?token={}", self.address, words.fresh));
    }

    /// Returns whether this word lets somebody in, which it does once. Who brings one that was used is told a new one where the program runs.
    fn takes(&self, word: &str) -> bool {
        let Ok(next) = token() else { return false };
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if is_same(word, &words.fresh) {
            words.spent = Some(std::mem::replace(&mut words.fresh, next));
            return true;
        }
        let used = words.spent.as_deref().is_some_and(|spent| is_same(word, spent));
        drop(words);
        if used {
            self.tell_fresh();
        }
        false
    }

    /// Returns whether a call is made under a name of this machine: a name that somebody else points here is none.
    fn is_called_by_name(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        host == self.address.to_string() || host == format!("localhost:{}", self.address.port())
    }

    /// Returns whether a call comes from this very page, as the browser says; a program that is no browser says nothing.
    fn is_own(&self, request: &Request) -> bool {
        let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
        let own = OWN.iter().any(|path| request.uri().path().starts_with(path));
        if !own && request.method() == Method::GET {
            return true;
        }
        let host = text("host").unwrap_or_default();
        let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
        site && text("origin").is_none_or(|origin| origin == format!("http://{host}"))
    }

    fn has_pass(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        pairs(cookies.flat_map(|cookies| cookies.split(';')), &self.name).any(|value| is_same(value, &self.pass))
    }
}

/// Lets in who has the cookie; gives it to who brings the address's word, once.
pub(super) async fn admit(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    if !door.is_called_by_name(request.headers()) || !door.is_own(&request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let query = request.uri().query().unwrap_or_default();
    let word = pairs(query.split('&'), "token").next();
    if door.has_pass(request.headers()) {
        // Whoever opens the address again is in already: the word leaves the history all the same.
        return if word.is_some() { Redirect::to("/").into_response() } else { next.run(request).await };
    }
    if word.is_some_and(|word| door.takes(word)) {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", door.name, door.pass);
        return ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response();
    }
    let sentence = "Apri l'indirizzo intero che il programma ha scritto: vale una volta sola, e se è già servito il programma ne ha \
        scritto un altro.\nOpen the whole address that the program printed: it opens once, and when it has been used the program \
        has printed another.\n";
    (StatusCode::FORBIDDEN, sentence).into_response()
}

/// The values of a name among pairs.
fn pairs<'a>(all: impl Iterator<Item = &'a str>, name: &str) -> impl Iterator<Item = &'a str> {
    all.filter_map(|pair| pair.trim().split_once('=')).filter(move |(key, _)| *key == name).map(|(_, value)| value)
}

/// Returns whether two words are the same, in a time that does not tell how much of them is.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
