//! Certificates: one issued, one opened, one checked, a long shelf listed.

use std::time::Instant;

use uuid::Uuid;
use vicino_contract::http::{FileBody, FileRecord, HeldBody};
use vicino_contract::ipc::{
    AddFile, AskCertificate, CertificateState, CheckText, CommandHandler as _, FileTo, GetCertificate, KeepPaper,
    ListCertificates, ListDocuments, ListPayments, Verdict,
};
use vicino_contract::jws;
use vicino_core::App;
use vicino_documents::CertificatePaper;
use vicino_domain::ResidentId;
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, StampDuty};
use vicino_domain::paper::PaperKind;
use vicino_server::access::residents;
use vicino_server::matters::certificate::issuing;
use vicino_server::matters::notice;

use crate::opening::{Opening, first_row};
use crate::payments::notice;
use crate::row::{Row, middle};
use crate::town::{Site, device};

/// Certificates issued, after one that warms up.
const ISSUED: usize = 20;
/// Documents of the long shelf.
const DOCUMENTS: u64 = 1_000;
/// Bytes of a large certificate.
const LARGE: usize = 200_000;
const TIMES: usize = 200;

pub(crate) fn measure() -> Vec<Row> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(measured())
}

async fn measured() -> Vec<Row> {
    let (site, folder) = (Site::of(0).await, tempfile::tempdir().unwrap());
    let app = device(folder.path());
    app.join(&site.url).await.unwrap();
    app.sign_in_as("Samira").await.unwrap();
    app.sync().await.unwrap();
    // One that warms up.
    let first = ask(&app);
    app.sync().await.unwrap();
    let town = site.town.clone();
    tokio::task::spawn_blocking(move || issuing::issue_all(&town).unwrap()).await.unwrap();
    let mut rows = vec![issuing(&site, &app).await];
    rows.push(checking(&site, &app, first));
    rows.push(opening(&app, folder.path()));
    rows.push(listing(site, app).await);
    rows
}

fn ask(app: &App) -> vicino_domain::CertificateId {
    let person = app.handle(ListCertificates {}).unwrap().people[0].id;
    let stamp = StampDuty::Exempt { code: Exemption::Sport, reason: None };
    let kinds = vec![CertificateKind::Residence, CertificateKind::Family];
    app.handle(AskCertificate { kinds, person, audience: Audience::Private, stamp }).unwrap()
}

/// Held while they are asked for, so that all are issued in one go: timed from the registry's word to the last paper.
async fn issuing(site: &Site, app: &App) -> Row {
    let person = app.handle(ListCertificates {}).unwrap().people[0].id;
    let register = |held: bool| {
        let mut record = residents::find(&site.town, person).unwrap().unwrap();
        let registry = record.registry.as_mut().unwrap();
        registry.held.retain(|one| one.code != "BENCH");
        if held {
            let (why, code) = (String::from("Aspetta."), String::from("BENCH"));
            registry.held.push(HeldBody { kind: None, why, since: None, until: None, office: None, code });
        }
        residents::register(&site.town, &record).unwrap();
    };
    register(true);
    for _ in 0..ISSUED {
        ask(app);
    }
    app.sync().await.unwrap();
    let town = site.town.clone();
    tokio::task::spawn_blocking(move || issuing::issue_all(&town).unwrap()).await.unwrap();
    let begun = Instant::now();
    register(false);
    // The town's own hand begins at once; whichever of the two comes second waits for the first.
    let town = site.town.clone();
    tokio::task::spawn_blocking(move || issuing::issue_all(&town).unwrap()).await.unwrap();
    let each = begun.elapsed().as_secs_f64() * 1e3 / ISSUED as f64;
    app.sync().await.unwrap();
    let issued = app.handle(ListCertificates {}).unwrap().rows;
    assert!(issued.iter().filter(|row| row.state == CertificateState::Issued).count() > ISSUED);
    let paper = CertificatePaper { title: "Certificato".into(), person: "Anna Berti".into(), ..Default::default() };
    let day = chrono::Utc::now().date_naive();
    let drawing: Vec<f64> = (0..ISSUED)
        .map(|n| {
            // Another person each time: what is drawn again is only looked up.
            let paper = CertificatePaper { person: format!("Anna Berti {n}"), ..paper.clone() };
            let begun = Instant::now();
            assert!(paper.pdf(None, day).unwrap().starts_with(b"%PDF"));
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    Row::new(
        "a certificate, issued on the server",
        "ms",
        each,
        middle(drawing),
        "≤ 50 ms (floor: one page drawn; it is drawn twice)",
        each <= 50.0,
    )
}

fn checking(site: &Site, app: &App, id: vicino_domain::CertificateId) -> Row {
    let word = app.handle(GetCertificate { id }).unwrap().word.unwrap().0;
    let keys = [site.town.key()];
    let (mut whole, mut signature) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        assert_eq!(app.handle(CheckText { text: word.clone() }).unwrap().verdict, Verdict::Genuine);
        whole.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        assert!(jws::verify(jws::Kind::Certificate, &word, &keys).is_ok());
        signature.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let checked = middle(whole);
    let must = "≤ 1 ms (floor: its signature)";
    Row::new("a certificate's code, checked", "ms", checked, middle(signature), must, checked <= 1.0)
}

fn opening(app: &App, folder: &std::path::Path) -> Row {
    let id = app.handle(KeepPaper { id: None, kind: PaperKind::Other, name: String::new(), expires: String::new() });
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0..LARGE - 9).map(|n| (n as u8).wrapping_mul(31)));
    let add = AddFile { to: FileTo::Paper(id.unwrap()), name: String::from("c.pdf"), bytes };
    let file = app.handle(add).unwrap().id;
    let sealed = sealed(folder).unwrap();
    let (mut whole, mut reading) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        assert_eq!(app.file(file).unwrap().1.len(), LARGE);
        whole.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        assert!(std::fs::read(&sealed).unwrap().len() > LARGE);
        reading.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let opened = middle(whole);
    let must = "≤ 5 ms (floor: its sealed bytes, read)";
    Row::new("a stored document of 200 kB, opened", "ms", opened, middle(reading), must, opened <= 5.0)
}

/// The sealed file of the large document, wherever it lies.
fn sealed(folder: &std::path::Path) -> Option<std::path::PathBuf> {
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        let found = if path.is_dir() {
            sealed(&path)
        } else {
            let size = path.metadata().ok()?.len();
            (path.parent()?.ends_with("files") && size > LARGE as u64).then_some(path)
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// From the click to the first row of many: debts with a paper each, whose titles stand in their own records.
async fn listing(site: Site, app: App) -> Row {
    let own = app.handle(ListPayments { most: 1, offset: 0, limit: 1 }).unwrap().to_pay[0].rows[0].id;
    let owner: ResidentId = notice::find(&site.town, own).unwrap().unwrap().owner.unwrap().to_string().parse().unwrap();
    let town = site.town.clone();
    let issued = tokio::task::spawn_blocking(move || {
        for n in 0..DOCUMENTS {
            let file = FileBody {
                id: Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + u128::from(n)),
                sha256: format!("{n:064x}"),
                size: 1000,
                name: format!("avviso-{n}.pdf"),
                media: String::from("application/pdf"),
                dated: None,
            };
            let given_at = Some(chrono::Utc::now() - chrono::Duration::hours(i64::try_from(n).unwrap()));
            let files = vec![FileRecord { file, arrived: false, given_at }];
            notice::issue(&town, owner, vicino_contract::http::NoticeRecord { files, ..notice(n) }).unwrap();
        }
    });
    issued.await.unwrap();
    app.sync().await.unwrap();
    let all = app.handle(ListDocuments { kind: None, offset: 0, limit: 0 }).unwrap().total;
    assert!(u64::from(all) >= DOCUMENTS);
    let opening = Opening { from: "/documents", link: "a[href=\"/documents/all\"]", row: "ul[aria-label] .v-row" };
    let opened = first_row(app, opening).await;
    let must = "≤ 100 ms (floor: one frame)";
    Row::new("a shelf of 1 000 documents: pressed to first row", "ms", opened, 16.7, must, opened <= 100.0)
}
