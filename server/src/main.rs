//! `vicino-server`: a town that answers, until it is told to stop.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio::signal;
use tracing_subscriber::EnvFilter;
use vicino_documents::CertificatePaper;
use vicino_domain::pagopa::Creditor;
use vicino_domain::{Border, Instant, Limits, text};
use vicino_pictures::looking::{self, Looker};
use vicino_server::pagopa::{Checkout, Gpd, PagoPaCheckout, Positions, Version};
use vicino_server::{Bounds, Desks, OpenError, Retention, Town, TownIdentity, practice, system_clock};

/// The municipal API.
#[derive(Parser)]
#[command(version)]
struct Wishes {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: String,
    /// The folder with the register, the files and the keys.
    #[arg(long)]
    data: PathBuf,
    /// Be the practice town, Comune di Pietrachiara.
    #[arg(long)]
    practice: bool,
    /// With `--practice`: nothing moves by itself; whoever plays the office does it.
    #[arg(long, requires = "practice")]
    no_office: bool,
    /// With `--practice`: so many more public records, made from the seed, the first time.
    #[arg(long, requires = "practice")]
    records: Option<u64>,
    /// What the records are made from.
    #[arg(long, default_value_t = 1, requires = "records")]
    seed: u64,
    /// Make a new key that the present one vouches for, and end; the next start signs with it.
    #[arg(long)]
    rotate_key: bool,
    /// Note that somebody else may hold this key, by its fingerprint, and end: from the next start on it is named in the card and
    /// believed for nothing. The present key is changed first, with `--rotate-key`.
    #[arg(long, value_name = "KID", conflicts_with = "rotate_key", allow_hyphen_values = true)]
    revoke_key: Option<String>,
    /// With `--revoke-key`: since when somebody may hold it (RFC 3339); now, when it is not said.
    #[arg(long, requires = "revoke_key")]
    since: Option<Instant>,
    /// The town's name.
    #[arg(long, default_value = "Comune", conflicts_with = "practice", value_parser = name)]
    name: String,
    /// The town's code in the national index of public bodies (IPA).
    #[arg(long, default_value = "c_0000", conflicts_with = "practice", value_parser = ipa_code)]
    ipa_code: String,
    /// The base address of pagoPA's Checkout, up to `/ec`; without it nothing is paid online.
    #[arg(long, conflicts_with = "practice", requires = "checkout_key")]
    checkout: Option<String>,
    /// The file with the key to it; the key is never on a command line.
    #[arg(long, conflicts_with = "practice", requires = "checkout")]
    checkout_key: Option<PathBuf>,
    /// The base address of pagoPA's debt positions, up to `/gpd`; with it debts have positions there, and receipts are fetched.
    #[arg(long, conflicts_with = "practice", requires_all = ["gpd_key", "creditor"])]
    gpd: Option<String>,
    /// The file with the key to it.
    #[arg(long, conflicts_with = "practice", requires = "gpd")]
    gpd_key: Option<PathBuf>,
    /// The town's tax code, by which pagoPA knows it.
    #[arg(long, conflicts_with = "practice")]
    creditor: Option<Creditor>,
    /// The tax code of another for whom the town's offices may issue debts; again for each.
    #[arg(long, conflicts_with = "practice", requires = "creditor")]
    also_creditor: Vec<Creditor>,
    /// The town's province, two letters, for stamps.
    #[arg(long, default_value = "", conflicts_with = "practice", value_parser = province)]
    province: String,
    /// The address under which everybody reaches it, such as `https://vicino.comune.example`: it stands on papers, with the page where they are checked.
    #[arg(long, conflicts_with = "practice", value_parser = address)]
    address: Option<String>,
    /// The file with the town's crest for its papers, an SVG image.
    #[arg(long, conflicts_with = "practice")]
    crest: Option<PathBuf>,
    /// The file that says which office the reports of a category are for: a JSON object such as `{"roads": "<the office's id>"}`.
    /// Those of a category it does not name are seen by operators who are over every office.
    #[arg(long, conflicts_with = "practice")]
    desks: Option<PathBuf>,
    /// The file that says how many days the town keeps what is over: a JSON object such as `{"reports": 3650, "audit": 730}`, of
    /// `reports`, `cases`, `notices`, `payments` (receipts), `consumptions`, `certificates` and `audit`; what it does not name is kept for ever.
    #[arg(long, conflicts_with = "practice")]
    retention: Option<PathBuf>,
    /// A proxy in front of the town, an address or a network such as `10.0.0.0/8`, whose `X-Forwarded-For` is believed; again for each.
    #[arg(long, value_parser = proxy)]
    trusted_proxy: Vec<IpNet>,
    /// Speak version 1 of Checkout.
    #[arg(long, requires = "checkout")]
    checkout_v1: bool,
}

/// The time work on the disk may go on once the calls are answered.
const LAST_WORK: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    if let Some(looked) = looking::child() {
        return looked;
    }
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    // Files of a town are nobody else's on this machine, wherever they are copied.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let wishes = Wishes::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            let _ = writeln!(std::io::stderr(), "vicino-server: {}", vicino_disk::sentence(&cause));
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(run(wishes));
    // Whatever still works on a thread of its own is not waited for: a transaction that is cut off is rolled back.
    runtime.shutdown_timeout(LAST_WORK);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            tracing::error!(%cause, "the town stops");
            let _ = writeln!(std::io::stderr(), "vicino-server: {cause}");
            ExitCode::FAILURE
        }
    }
}

async fn run(wishes: Wishes) -> Result<(), OpenError> {
    if wishes.rotate_key {
        let key = vicino_server::rotate(&wishes.data)?;
        println!("the next key is {}; a town that runs signs with it once it is started again", key.fingerprint());
        return Ok(());
    }
    if let Some(kid) = &wishes.revoke_key {
        vicino_server::revoke(&wishes.data, kid, wishes.since.unwrap_or_else(chrono::Utc::now))?;
        println!("this key is believed no more, from the next start on");
        return Ok(());
    }
    let positions = gpd(&wishes)?.map(|gpd| Arc::new(gpd) as Arc<dyn Positions>);
    // First: a start that cannot listen leaves nothing behind.
    let listener =
        TcpListener::bind(&wishes.listen).await.map_err(|cause| vicino_disk::unheard(&wishes.listen, &cause))?;
    let town = open(&wishes, positions.clone())?;
    // Whoever started this waits for the line; the address is the real one, also for port 0.
    println!("listening on http://{}", listener.local_addr()?);
    let acts = wishes.practice && !wishes.no_office;
    let office = acts.then(|| tokio::spawn(practice::work(town.clone(), practice::Pace::default())));
    let following = positions.map(|positions| tokio::spawn(vicino_server::follow(town.clone(), positions)));
    vicino_server::serve(listener, town, told_to_stop()).await?;
    for task in office.into_iter().chain(following) {
        task.abort();
    }
    Ok(())
}

fn open(wishes: &Wishes, positions: Option<Arc<dyn Positions>>) -> Result<Arc<Town>, OpenError> {
    if wishes.practice {
        let identity = TownIdentity { looker: looker(), proxies: wishes.trusted_proxy.clone(), ..practice::identity() };
        let town = practice::open_as(&wishes.data, identity, system_clock())?;
        if let Some(records) = wishes.records {
            practice::crowd(&town, records, wishes.seed)?;
        }
        return Ok(town);
    }
    let identity = TownIdentity {
        name: wishes.name.clone(),
        ipa_code: wishes.ipa_code.clone(),
        practice: false,
        limits: Limits::default(),
        border: Border::default(),
        provider: None,
        checkout: checkout(wishes)?,
        positions,
        creditor: wishes.creditor,
        creditors: wishes.also_creditor.clone(),
        province: wishes.province.clone(),
        // What a registry issues is said by whoever connects it.
        certificates: Vec::new(),
        registry: None,
        signer: None,
        address: wishes.address.clone(),
        crest: crest(wishes)?,
        looker: looker(),
        desks: wishes.desks.as_deref().map(Desks::read).transpose()?.unwrap_or_default(),
        retention: wishes.retention.as_deref().map(Retention::read).transpose()?.unwrap_or_default(),
        bounds: Bounds::default(),
        proxies: wishes.trusted_proxy.clone(),
    };
    Town::open(&wishes.data, identity, system_clock()).map(Arc::new)
}

/// The town's crest; what no paper can bear is said at the start, not when somebody waits for one.
fn crest(wishes: &Wishes) -> Result<Option<String>, OpenError> {
    let Some(path) = &wishes.crest else { return Ok(None) };
    let crest = vicino_disk::read_text(path)?;
    let fit = CertificatePaper::bears(&crest);
    let why = vicino_disk::saying(io::ErrorKind::InvalidInput, "--crest is no SVG image that a paper can bear");
    if fit { Ok(Some(crest)) } else { Err(why.into()) }
}

/// Where the town's debt positions are, when it says so.
fn gpd(wishes: &Wishes) -> Result<Option<Gpd>, OpenError> {
    let Some(((base, key), creditor)) = wishes.gpd.as_ref().zip(wishes.gpd_key.as_ref()).zip(wishes.creditor) else {
        return Ok(None);
    };
    let key = key_file(key)?;
    guarded("--gpd", base)?;
    let gpd = Gpd::new(base, key, creditor);
    Ok(Some(gpd.ok_or_else(|| vicino_disk::saying(io::ErrorKind::InvalidInput, "--gpd is no address"))?))
}

/// Where residents pay, when the town says so.
fn checkout(wishes: &Wishes) -> Result<Option<Arc<dyn Checkout>>, OpenError> {
    let Some((base, key)) = wishes.checkout.as_ref().zip(wishes.checkout_key.as_ref()) else { return Ok(None) };
    let key = key_file(key)?;
    guarded("--checkout", base)?;
    let version = if wishes.checkout_v1 { Version::V1 } else { Version::V2 };
    let page = PagoPaCheckout::new(base, key, version);
    let page = page.ok_or_else(|| vicino_disk::saying(io::ErrorKind::InvalidInput, "--checkout is no address"))?;
    Ok(Some(Arc::new(page)))
}

/// A key from its file, which nobody but its owner may read.
fn key_file(path: &Path) -> io::Result<String> {
    #[cfg(unix)]
    if std::fs::metadata(path).is_ok_and(|facts| std::os::unix::fs::MetadataExt::mode(&facts) & 0o077 != 0) {
        let why = format!("{}: others may read this key; take that away with `chmod 600`", path.display());
        return Err(vicino_disk::saying(io::ErrorKind::PermissionDenied, why));
    }
    Ok(vicino_disk::read_text(path)?.trim().to_owned())
}

/// A refusal of an address to which a key would travel in the clear; this very machine needs no cover.
fn guarded(flag: &str, base: &str) -> io::Result<()> {
    let why = || vicino_disk::saying(io::ErrorKind::InvalidInput, format!("{flag} is no https address"));
    if reqwest::Url::parse(base).is_ok_and(|url| is_guarded(&url)) { Ok(()) } else { Err(why()) }
}

fn is_guarded(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

/// A town's name, as it stands on every paper and on every device.
fn name(text: &str) -> Result<String, String> {
    let name = text::line(text);
    let fits = (1..=MOST_NAME).contains(&text::count(&name)) && name.chars().any(char::is_alphabetic);
    match fits {
        true if name == text::composed(text.trim()) => Ok(name),
        true => Err(String::from("a sign in it shows nothing, or turns what follows around")),
        false => Err(format!("a name of up to {MOST_NAME} letters is wanted")),
    }
}

/// The letters of a town's name at the most: the longest of Italy's has 34.
const MOST_NAME: u32 = 80;

/// A code of the national index: letters, digits and low lines.
fn ipa_code(text: &str) -> Result<String, String> {
    let fits = (1..=20).contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'_');
    if fits { Ok(text.to_owned()) } else { Err(String::from("letters, digits and _, such as c_b648")) }
}

/// The two letters of a province; in capitals, as stamps carry them.
fn province(text: &str) -> Result<String, String> {
    let fits = text.is_empty() || (text.len() == 2 && text.bytes().all(|sign| sign.is_ascii_alphabetic()));
    if fits { Ok(text.to_ascii_uppercase()) } else { Err(String::from("two letters, such as LU")) }
}

/// The address that stands on papers: one that a browser opens, and no secret in it.
fn address(text: &str) -> Result<String, String> {
    let parsed = reqwest::Url::parse(text).ok().filter(is_guarded);
    let plain = parsed.filter(|url| {
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none()
    });
    match plain {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err(String::from("an https address without user, ? and #, such as https://vicino.comune.example")),
    }
}

/// Pictures of strangers are looked at by this very program, started once more for each.
fn looker() -> Looker {
    std::env::current_exe().map(Looker::beside).unwrap_or_default()
}

/// A network, or one address of it.
fn proxy(text: &str) -> Result<IpNet, String> {
    let one = || text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse().or_else(|_| one()).map_err(|_| String::from("neither an address nor a network"))
}

/// Completes at SIGTERM or Ctrl-C.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = term.recv() => return,
                _ = signal::ctrl_c() => return,
            }
        }
    }
    let _ = signal::ctrl_c().await;
}
