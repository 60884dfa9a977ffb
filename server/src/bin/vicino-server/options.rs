//! The words of a command line, and what a town is told by them.

use std::path::PathBuf;

#[cfg(feature = "practice")]
use clap::Args;
use clap::Parser;
use ipnet::IpNet;
use vicino_domain::pagopa::Creditor;
use vicino_domain::{Instant, text};

/// The municipal API.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub(crate) listen: String,
    /// The folder with the register, the files and the keys.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// The practice town, where this program has it.
    #[cfg(feature = "practice")]
    #[command(flatten)]
    pub(crate) practice: PracticeOptions,
    /// Make a new key that the present one vouches for, and end; the next start signs with it.
    #[arg(long)]
    pub(crate) rotate_key: bool,
    /// Note that somebody else may hold this key, by its fingerprint, and end: from the next start on it is named in the card and
    /// believed for nothing. The present key is changed first, with `--rotate-key`.
    #[arg(long, value_name = "KID", conflicts_with = "rotate_key", allow_hyphen_values = true)]
    pub(crate) revoke_key: Option<String>,
    /// With `--revoke-key`: since when somebody may hold it (RFC 3339); now, when it is not said.
    #[arg(long, requires = "revoke_key", value_parser = moment)]
    pub(crate) since: Option<Instant>,
    /// The town's name.
    #[arg(long, default_value = "Comune", value_parser = name)]
    pub(crate) name: String,
    /// The town's code in the national index of public bodies (IPA).
    #[arg(long, default_value = "c_0000", value_parser = ipa_code)]
    pub(crate) ipa_code: String,
    /// The base address of pagoPA's Checkout, up to `/ec`; without it nothing is paid online.
    #[arg(long, requires = "checkout_key")]
    pub(crate) checkout: Option<String>,
    /// The file with the key to it; the key is never on a command line.
    #[arg(long, requires = "checkout")]
    pub(crate) checkout_key: Option<PathBuf>,
    /// The base address of pagoPA's debt positions, up to `/gpd`; with it debts have positions there, and receipts are fetched.
    #[arg(long, requires_all = ["gpd_key", "creditor"])]
    pub(crate) gpd: Option<String>,
    /// The file with the key to it.
    #[arg(long, requires = "gpd")]
    pub(crate) gpd_key: Option<PathBuf>,
    /// The town's tax code, by which pagoPA knows it.
    #[arg(long, value_parser = creditor)]
    pub(crate) creditor: Option<Creditor>,
    /// The tax code of another for whom the town's offices may issue debts; again for each.
    #[arg(long, requires = "creditor", value_parser = creditor)]
    pub(crate) also_creditor: Vec<Creditor>,
    /// The town's province, two letters, for stamps.
    #[arg(long, default_value = "", value_parser = province)]
    pub(crate) province: String,
    /// The address under which everybody reaches it, such as `https://vicino.comune.example`: it stands on papers, with the page where they are checked.
    #[arg(long, value_parser = address)]
    pub(crate) address: Option<String>,
    /// The file with the town's crest for its papers, an SVG image.
    #[arg(long)]
    pub(crate) crest: Option<PathBuf>,
    /// The file that says which office the reports of a category are for: a JSON object such as `{"roads": "<the office's id>"}`.
    /// Those of a category it does not name are seen by operators who are over every office.
    #[arg(long)]
    pub(crate) desks: Option<PathBuf>,
    /// The file that says how many days the town keeps what is over: a JSON object such as `{"reports": 3650, "audit": 730}`, of
    /// `reports`, `cases`, `notices`, `payments` (receipts), `consumptions`, `certificates` and `audit`; what it does not name is kept for ever.
    #[arg(long)]
    pub(crate) retention: Option<PathBuf>,
    /// A proxy in front of the town, an address or a network such as `10.0.0.0/8`, whose `X-Forwarded-For` is believed; again for each.
    #[arg(long, value_parser = proxy)]
    pub(crate) trusted_proxy: Vec<IpNet>,
    /// Speak version 1 of Checkout.
    #[arg(long, requires = "checkout")]
    pub(crate) checkout_v1: bool,
}

/// Options of a town that is no practice town.
#[cfg(feature = "practice")]
const TOWN: [&str; 13] = [
    "name",
    "ipa_code",
    "checkout",
    "checkout_key",
    "gpd",
    "gpd_key",
    "creditor",
    "also_creditor",
    "province",
    "address",
    "crest",
    "desks",
    "retention",
];

/// The practice town, for trying things, teaching and testing.
#[cfg(feature = "practice")]
#[derive(Args)]
pub(crate) struct PracticeOptions {
    /// Be the practice town, Comune di Pietrachiara.
    #[arg(long, conflicts_with_all = TOWN)]
    pub(crate) practice: bool,
    /// With `--practice`: nothing moves by itself; whoever plays the office does it.
    #[arg(long, requires = "practice")]
    pub(crate) no_office: bool,
    /// With `--practice`: so many more public records, made from the seed, the first time.
    #[arg(long, requires = "practice")]
    pub(crate) records: Option<u64>,
    /// What the records are made from.
    #[arg(long, default_value_t = 1, requires = "records")]
    pub(crate) seed: u64,
}

/// A town's name, as it stands on every paper and on every device.
fn name(text: &str) -> Result<String, String> {
    let name = text::line(text);
    let fits = (1..=MOST_NAME).contains(&text::count(&name)) && name.chars().any(char::is_alphabetic);
    let typed = text::composed(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    match fits {
        true if name == typed => Ok(name),
        true => Err(String::from("a sign in it shows nothing, or turns what follows around")),
        false => Err(format!("a name is wanted, with letters in it and {MOST_NAME} signs at the most")),
    }
}

/// The letters of a town's name at the most: the longest of Italy's has 34.
const MOST_NAME: u32 = 80;

/// The tax code of a creditor: one that is somebody's.
fn creditor(text: &str) -> Result<Creditor, String> {
    let read: Result<Creditor, _> = text.parse();
    read.ok()
        .filter(|code| !code.is_nobody())
        .ok_or_else(|| String::from("a creditor's tax code has 11 digits, not all zero"))
}

/// A moment (RFC 3339).
fn moment(text: &str) -> Result<Instant, String> {
    text.parse().map_err(|_| String::from("a moment is wanted, such as 2026-11-02T00:00:00Z"))
}

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
        // As it was understood, not as it was typed.
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => Err(String::from("an https address without user, ? and #, such as https://vicino.comune.example")),
    }
}

/// A network, or one address of it.
fn proxy(text: &str) -> Result<IpNet, String> {
    let one = || text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse().or_else(|_| one()).map_err(|_| String::from("neither an address nor a network"))
}

/// Returns whether what goes to an address is sealed on its way; this very machine needs no seal.
pub(crate) fn is_guarded(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && here)
}
