//! The door of the interface in a browser: opened once, by one browser of this machine, and by no other page of it.

use std::sync::{Arc, Mutex};

use vicino_headless::serve::{Door, router};
use world::World;

/// A device shown to a browser, and every address it has told.
struct Shown {
    at: std::net::SocketAddr,
    told: Arc<Mutex<Vec<String>>>,
}

impl Shown {
    async fn new(world: &World) -> Self {
        let app = world.device().await.app().clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, told) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let tell = told.clone();
        let tell = Box::new(move |address: &str| tell.lock().unwrap().push(address.to_owned()));
        let door = Door::new(app, at, tell).unwrap();
        tokio::spawn(async move { axum::serve(listener, router(door, world::driver::root().join("ui"))).await });
        Self { at, told }
    }

    fn last(&self) -> String {
        self.told.lock().unwrap().last().unwrap().clone()
    }

    /// Opens an address: the status, and the cookie that was given.
    async fn open(&self, address: &str) -> (u16, Option<String>) {
        let answer = client().get(address).send().await.unwrap();
        let cookie = answer.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
        (answer.status().as_u16(), cookie)
    }

    /// Asks who is there, with these headers.
    async fn ask(&self, headers: &[(&str, &str)]) -> u16 {
        let mut request = client().post(format!("http://{}/ipc/get_people", self.at)).body("{}");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status().as_u16()
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_opens_once_and_is_not_the_cookie() {
    let world = World::new().await;
    let shown = Shown::new(&world).await;
    let address = shown.last();
    let word = address.split_once("token=").unwrap().1.to_owned();
    let (status, cookie) = shown.open(&address).await;
    let cookie = cookie.unwrap();
    assert_eq!(status, 303);
    assert!(cookie.starts_with(&format!("vicino-{}=", shown.at.port())), "two servings on one address");
    assert!(!cookie.contains(&word) && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let pass = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(shown.ask(&[("cookie", &pass)]).await, 200);
    // Whoever finds the address in a history has nothing; whoever sits before the program is told another.
    assert_eq!(shown.open(&address).await, (403, None));
    assert_ne!(shown.last(), address);
    assert_eq!(shown.open(&shown.last()).await.0, 303);
    // A word made up tells nobody anything.
    let before = shown.told.lock().unwrap().len();
    assert_eq!(shown.open(&format!("http://{}/?token=AAAA", shown.at)).await, (403, None));
    assert_eq!(shown.told.lock().unwrap().len(), before);
    // The word of the address is no cookie.
    assert_eq!(shown.ask(&[("cookie", &format!("vicino-{}={word}", shown.at.port()))]).await, 403);
    assert_eq!(shown.ask(&[]).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_page_and_no_other_name_asks_with_the_cookie() {
    let world = World::new().await;
    let shown = Shown::new(&world).await;
    let cookie = shown.open(&shown.last()).await.1.unwrap();
    let pass = cookie.split(';').next().unwrap().to_owned();
    let (here, local) = (shown.at.to_string(), format!("localhost:{}", shown.at.port()));
    let ask = async |headers: &[(&str, &str)]| {
        let mut all = vec![("cookie", pass.as_str())];
        all.extend_from_slice(headers);
        shown.ask(&all).await
    };
    let own = format!("http://{here}");
    for headers in [
        vec![("origin", own.as_str()), ("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "none")],
        vec![("host", local.as_str())],
    ] {
        assert_eq!(ask(&headers).await, 200, "{headers:?}");
    }
    for headers in [
        // Another port of this machine is the same site, and another page.
        vec![("origin", "http://127.0.0.1:9999"), ("sec-fetch-site", "same-site"), ("content-type", "text/plain")],
        vec![("origin", "http://127.0.0.1:9999")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("origin", "null")],
        // A name that somebody points at this machine.
        vec![("host", "evil.example")],
        vec![("host", "evil.example:80"), ("origin", "http://evil.example:80"), ("sec-fetch-site", "same-origin")],
        vec![("host", "127.0.0.1")],
    ] {
        assert_eq!(ask(&headers).await, 403, "{headers:?}");
    }
    // Nor a picture of the page in another's.
    let photo = client().get(format!("http://{here}/photo/{}", world::made(1))).header("cookie", &pass);
    assert_eq!(photo.header("sec-fetch-site", "same-site").send().await.unwrap().status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_this_machine_is_listened_to() {
    let world = World::new().await;
    let app = world.device().await.app().clone();
    for at in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80"] {
        assert!(Door::new(app.clone(), at.parse().unwrap(), Box::new(|_| {})).is_err(), "{at}");
    }
    assert!(Door::new(app, "[::1]:80".parse().unwrap(), Box::new(|_| {})).is_ok());
    // A browser gives a host's cookies to every port of it: each serving has a host of its own, where there are several.
    let mut hosts = std::collections::BTreeSet::new();
    for _ in 0..4 {
        hosts.insert(vicino_headless::serve::listener().await.unwrap().local_addr().unwrap().ip());
    }
    assert!(hosts.iter().all(std::net::IpAddr::is_loopback) && (cfg!(not(target_os = "linux")) || hosts.len() == 4));
}
