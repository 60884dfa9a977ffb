//! The real server in this process, on a folder that can be copied and put back.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vicino_domain::ReportId;
use vicino_server::pagopa::{Checkout, Positions};
use vicino_server::{Signer, Town, TownIdentity, practice};

use crate::ManualClock;

/// A change of what a town is.
type Change = Box<dyn Fn(&mut TownIdentity) + Send + Sync>;

pub struct TownBox {
    folder: TempDir,
    clock: ManualClock,
    checkout: Option<Arc<dyn Checkout>>,
    positions: Option<Arc<dyn Positions>>,
    signer: Option<Arc<dyn Signer>>,
    changed: Option<Change>,
    running: Option<Running>,
}

struct Running {
    town: Arc<Town>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl TownBox {
    pub async fn within(folder: TempDir, clock: ManualClock) -> Self {
        let mut town =
            Self { folder, clock, checkout: None, positions: None, signer: None, changed: None, running: None };
        town.start().await;
        town
    }

    pub async fn start(&mut self) {
        let mut identity = practice::identity();
        identity.checkout = self.checkout.clone().or(identity.checkout);
        identity.positions = self.positions.clone();
        identity.signer = self.signer.clone();
        // Hours pass in moments here, and meters go by the real clock.
        identity.bounds.refreshes_per_minute = 100_000;
        identity.bounds.checks_per_minute = 100_000;
        if let Some(change) = &self.changed {
            change(&mut identity);
        }
        let town = practice::open_as(self.folder.path(), identity, self.clock.clock()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = vicino_server::serve(listener, town.clone(), async {
            let _ = stopped.await;
        });
        self.running = Some(Running { town, address, stop, served: tokio::spawn(serving) });
    }

    /// The residents pay elsewhere from now on.
    pub async fn pay_at(&mut self, checkout: Arc<dyn Checkout>) {
        self.stop().await;
        self.checkout = Some(checkout);
        self.start().await;
    }

    /// Something of its identity is otherwise from now on.
    pub async fn otherwise(&mut self, change: impl Fn(&mut TownIdentity) + Send + Sync + 'static) {
        self.stop().await;
        self.changed = Some(Box::new(change));
        self.start().await;
    }

    /// Its debts have positions there from now on.
    pub async fn positions_at(&mut self, positions: Arc<dyn Positions>) {
        self.stop().await;
        self.positions = Some(positions);
        self.start().await;
    }

    /// Its certificates are signed by this from now on.
    pub async fn sealed_by(&mut self, signer: Arc<dyn Signer>) {
        self.stop().await;
        self.signer = Some(signer);
        self.start().await;
    }

    pub async fn stop(&mut self) {
        let Some(running) = self.running.take() else { return };
        let _ = running.stop.send(());
        // Connections kept alive by a device would be waited for; they are let go after a moment.
        let mut served = running.served;
        if tokio::time::timeout(std::time::Duration::from_millis(500), &mut served).await.is_err() {
            served.abort();
            let _ = served.await;
        }
        // Whatever still holds it lets go before anybody looks at its folder.
        for _ in 0..200 {
            if Arc::strong_count(&running.town) == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Where the town keeps everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A copy of everything the town has written down, made while it is at rest.
    pub fn copy(&self) -> TempDir {
        // On the disk the town is on.
        let copy = tempfile::tempdir_in(self.folder.path().parent().unwrap()).unwrap();
        copy_folder(self.folder.path(), copy.path());
        copy
    }

    /// Puts bytes behind an upload, as a program that ends in the middle leaves them.
    pub fn append_to_upload(&self, name: &str, bytes: &[u8]) {
        use std::io::Write as _;
        let path = self.folder.path().join("uploads").join(name);
        std::fs::File::options().append(true).open(path).unwrap().write_all(bytes).unwrap();
    }

    pub fn replace(&mut self, copy: TempDir) {
        self.folder = copy;
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn town(&self) -> &Arc<Town> {
        &self.running.as_ref().unwrap().town
    }

    fn office_token(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("office.token")).unwrap()
    }

    /// The office asks or does something, over HTTP like any clerk's program.
    pub async fn office(&self, verb: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.operator(&self.office_token(), verb, path, body).await
    }

    /// The same, by whoever holds this token.
    pub async fn operator(&self, token: &str, verb: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let verb = reqwest::Method::from_bytes(verb.as_bytes()).unwrap();
        let request = reqwest::Client::new().request(verb, format!("{}/office/v1{path}", self.url()));
        let request = request.bearer_auth(token);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    /// The label it has signed.
    pub async fn card(&self) -> Value {
        reqwest::get(format!("{}/.well-known/vicino", self.url())).await.unwrap().json().await.unwrap()
    }

    /// The office brings a file, and names it as it will be given.
    pub async fn bring(&self, name: &str, bytes: Vec<u8>) -> Value {
        let request = reqwest::Client::new().post(format!("{}/office/v1/files", self.url()));
        let response = request.bearer_auth(self.office_token()).body(bytes).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let brought: Value = response.json().await.unwrap();
        json!({ "sha256": brought["sha256"], "name": name })
    }

    /// A file as the office reads it.
    pub async fn file(&self, sha256: &str) -> Option<Vec<u8>> {
        let request = reqwest::Client::new().get(format!("{}/v1/files/{sha256}", self.url()));
        let response = request.bearer_auth(self.office_token()).send().await.unwrap();
        if response.status() == 200 { Some(response.bytes().await.unwrap().to_vec()) } else { None }
    }

    /// Every report the office has.
    pub async fn queue(&self) -> Vec<Value> {
        let (status, queue) = self.office("GET", "/reports", None).await;
        assert_eq!(status, 200, "{queue}");
        queue["items"].as_array().unwrap().clone()
    }

    /// The office moves a report from wherever it stands.
    pub async fn transition(&self, id: ReportId, state: &str, note: &str) -> (u16, Value) {
        let (_, report) = self.office("GET", &format!("/reports/{id}"), None).await;
        let step =
            json!({ "state": state, "version": report["version"], "office": "Ufficio Lavori pubblici", "note": note });
        self.office("POST", &format!("/reports/{id}/transitions"), Some(step)).await
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
