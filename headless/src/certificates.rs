//! Certificates in a shell: asked for, listed, saved, checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use vicino_contract::Failure;
use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    AboutRow, AskCertificate, CertificateList, CertificateRow, CertificateState, CheckFile, CheckText, CheckView,
    CommandHandler as _, Declaration, GetCertificate, GetPaper, ListCertificates, ListStatements, PaperOf, Verdict,
    WithdrawCertificate,
};
use vicino_core::App;
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, StampDuty};
use vicino_domain::media::is_pdf;
use vicino_domain::{CertificateId, ResidentId};

use crate::Fault;
use crate::given::bytes_of;
use crate::print::Print;
use crate::refusal::{Refusal, answered};

/// It was altered, or its signature is not the town's.
const ALTERED: u8 = 4;
/// It does not hold today: its time is over, it was taken back, or the clock is wrong.
const EXPIRED: u8 = 5;
/// Only its code was checked: a PDF without the town's seal.
const CODE_ONLY: u8 = 7;
/// Nobody whom this device knows signed it, or there is no certificate in it.
const UNKNOWN: u8 = 6;

#[derive(Subcommand)]
pub(crate) enum CertificateCommand {
    /// Ask for a certificate: kinds by code, several with commas (`residence,family`).
    Ask {
        /// The kinds.
        #[arg(value_delimiter = ',', required = true)]
        kinds: Vec<String>,
        /// Whom it is about, by name; whoever is signed in otherwise.
        #[arg(long = "for")]
        about: Option<String>,
        /// Why no stamp duty is due, by code: charity, sport, court, court_expert, guardianship, adoption, divorce,
        /// street_renamed, foreign_pension, public_bodies, other.
        #[arg(long)]
        exempt: Option<String>,
        /// The same in words; required with `other`.
        #[arg(long)]
        reason: Option<String>,
        /// Whom it is for: private, court_or_abroad, public.
        #[arg(long, default_value = "private")]
        audience: String,
    },
    /// Ask for one no more, while it is not issued.
    Withdraw {
        /// Which.
        id: CertificateId,
    },
    /// Show one certificate.
    Show {
        /// Which.
        id: CertificateId,
    },
    /// Save its paper into this file.
    Save {
        /// Which.
        id: CertificateId,
        /// The file.
        file: PathBuf,
    },
}

/// Everything that was asked for and issued.
pub(crate) fn list(app: &App, print: &Print) -> Result<(), Fault> {
    let list = app.handle(ListCertificates {})?;
    print.say(&list, || lines(&list));
    Ok(())
}

fn lines(list: &CertificateList) -> String {
    let mut lines: Vec<String> = list.rows.iter().map(line).collect();
    let offered: Vec<&str> =
        list.offered.iter().filter(|kind| kind.held.is_none()).map(|kind| kind.kind.code()).collect();
    if !offered.is_empty() {
        lines.push(format!("can be asked for: {}", offered.join(", ")));
    }
    for kind in &list.offered {
        lines.extend(kind.held.as_ref().map(|held| format!("not now: {}  {} ({})", kind.kind, held.why, held.code)));
    }
    if lines.is_empty() { String::from("this town issues no certificates from here") } else { lines.join("\n") }
}

fn line(row: &CertificateRow) -> String {
    let kinds: Vec<&str> = row.kinds.iter().map(|kind| kind.code()).collect();
    let state = match row.state {
        CertificateState::Saved => String::from("saved here"),
        CertificateState::Stuck => String::from("refused"),
        CertificateState::Asked => String::from("asked for"),
        CertificateState::Held => {
            format!("held: {}", row.held.as_ref().map(|held| held.why.as_str()).unwrap_or_default())
        }
        CertificateState::StampDue => String::from("its stamp is to be paid"),
        CertificateState::Issued => {
            row.until.map_or_else(|| String::from("holds for ever"), |until| format!("holds until {until}"))
        }
        CertificateState::Expired => String::from("its time is over: a record"),
        CertificateState::Revoked => String::from("taken back"),
        CertificateState::Withdrawn => String::from("asked for no more"),
    };
    format!("{}  {}  {}  {state}", row.id, kinds.join("+"), row.person)
}

/// Runs a command about a certificate.
pub(crate) fn run(app: &App, command: CertificateCommand, print: &Print) -> Result<ExitCode, Fault> {
    answered(perform(app, command, print), print)
}

fn perform(app: &App, command: CertificateCommand, print: &Print) -> Result<ExitCode, Fault> {
    match command {
        CertificateCommand::Ask { kinds, about, exempt, reason, audience } => {
            let word = |text: &str| Refusal::new("unknown_word", format!("nothing is called {text} here"));
            let mut wanted = Vec::new();
            for kind in &kinds {
                let Some(kind) = CertificateKind::from_code(kind.trim()) else { return Ok(word(kind).tell(print)) };
                wanted.push(kind);
            }
            let stamp = match exempt {
                None => StampDuty::Due,
                Some(code) => match Exemption::from_code(&code) {
                    Some(code) => StampDuty::Exempt { code, reason },
                    None => return Ok(word(&code).tell(print)),
                },
            };
            let Some(audience) = Audience::from_code(&audience) else { return Ok(word(&audience).tell(print)) };
            let people = app.handle(ListCertificates {})?.people;
            let person = named(&people, about.as_deref())?;
            let id = app.handle(AskCertificate { kinds: wanted, person, audience, stamp })?;
            print.say(&id, || format!("saved on this device; it waits for the next sync: {id}"));
            Ok(ExitCode::SUCCESS)
        }
        CertificateCommand::Withdraw { id } => {
            app.handle(WithdrawCertificate { id })?;
            print.say(&id, || format!("asked for no more: {id}"));
            Ok(ExitCode::SUCCESS)
        }
        CertificateCommand::Show { id } => {
            let view = app.handle(GetCertificate { id })?;
            print.say(&view, || {
                let mut lines = vec![line(&view.row)];
                lines.extend(view.number.as_ref().map(|number| format!("number {number}")));
                lines.extend(view.says.iter().map(|said| format!("  {said}")));
                lines.join("\n")
            });
            Ok(ExitCode::SUCCESS)
        }
        CertificateCommand::Save { id, file } => {
            let view = app.handle(GetCertificate { id })?;
            let Some(paper) = view.file.filter(|paper| paper.here) else {
                return Ok(
                    Refusal::new("not_here", "its paper is not on this device yet: `sync` fetches it").tell(print)
                );
            };
            let (_, bytes) = app.file(paper.id)?;
            std::fs::write(&file, bytes).map_err(|cause| Fault::File(file.display().to_string(), cause))?;
            print.say(&id, || format!("saved: {}", file.display()));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Writes a self-certification.
pub(crate) fn declare(
    app: &App,
    (statements, about): (Vec<String>, Option<String>),
    typed: &[String],
    (pdf, print): (Option<PathBuf>, &Print),
) -> Result<ExitCode, Fault> {
    answered(declared(app, (statements, about), typed, (pdf, print)), print)
}

fn declared(
    app: &App,
    (statements, about): (Vec<String>, Option<String>),
    typed: &[String],
    (pdf, print): (Option<PathBuf>, &Print),
) -> Result<ExitCode, Fault> {
    let pair = |text: &String| text.split_once('=').map(|(name, text)| (name.to_owned(), text.to_owned()));
    let typed: BTreeMap<String, String> = typed.iter().filter_map(pair).collect();
    let people = app.handle(ListStatements { person: None, typed: BTreeMap::new() })?.people;
    let person = named(&people, about.as_deref())?;
    let list = app.handle(ListStatements { person: Some(person), typed: typed.clone() })?;
    let mut reads = Vec::new();
    for code in &statements {
        let Some(known) = list.statements.iter().find(|one| one.code == *code) else {
            return Ok(Refusal::new("unknown_word", format!("nothing is called {code} here")).tell(print));
        };
        let asked: Vec<&str> = known.asks.iter().map(|blank| blank.name.as_str()).collect();
        let why = if known.unknown {
            String::from("the registry does not say it on this device")
        } else {
            format!("write with `--set` what only you know, a year as 2025, a sum as 12.000,50: {}", asked.join(", "))
        };
        let Some(text) = known.reads.clone() else {
            return Ok(Refusal::new("declaration_lacks", format!("{code}: {why}")).tell(print));
        };
        reads.push(text);
    }
    if let Some(file) = pdf {
        let of = PaperOf::Declaration(Declaration { person, statements, typed });
        let bytes = app.handle(GetPaper { of })?.bytes;
        std::fs::write(&file, bytes).map_err(|cause| Fault::File(file.display().to_string(), cause))?;
    }
    print.say(&reads, || reads.join("\n"));
    Ok(ExitCode::SUCCESS)
}

/// Somebody by a part of their name; nobody named: whoever is signed in.
fn named(people: &[AboutRow], about: Option<&str>) -> Result<ResidentId, Fault> {
    if people.is_empty() {
        return Err(Failure::new(FailureCode::SignedOut).into());
    }
    let Some(about) = about.map(str::to_lowercase) else {
        let own = people.iter().find(|one| one.own);
        return Ok(own.ok_or_else(|| Failure::new(FailureCode::NotFound))?.id);
    };
    // Whoever could be two people is nobody.
    let mut fit = people.iter().filter(|one| one.name.to_lowercase().contains(&about));
    let found = fit.next().filter(|_| fit.next().is_none());
    Ok(found.ok_or_else(|| Failure::new(FailureCode::NotFound))?.id)
}

/// Checks a file, or the text of a code.
pub(crate) fn verify(app: &App, what: &str, print: &Print) -> Result<ExitCode, Fault> {
    answered(verified(app, what, print), print)
}

fn verified(app: &App, what: &str, print: &Print) -> Result<ExitCode, Fault> {
    let path = Path::new(what);
    // What ends as a file does is one, there or not.
    let named = path
        .extension()
        .is_some_and(|kind| ["pdf", "png", "jpg", "jpeg", "webp", "txt"].iter().any(|known| kind == *known));
    let view = if named || path.exists() {
        let bytes = bytes_of(path, FailureCode::FileTooHeavy)?;
        match String::from_utf8(bytes) {
            Ok(text) if !is_pdf(text.as_bytes()) && !text.trim().is_empty() => app.handle(CheckText { text })?,
            Ok(text) => app.handle(CheckFile { bytes: text.into_bytes() })?,
            Err(other) => app.handle(CheckFile { bytes: other.into_bytes() })?,
        }
    } else {
        app.handle(CheckText { text: what.to_owned() })?
    };
    print.say(&view, || told(&view));
    Ok(match view.verdict {
        Verdict::Genuine => ExitCode::SUCCESS,
        Verdict::Altered => ExitCode::from(ALTERED),
        Verdict::Expired | Verdict::Revoked | Verdict::Clock => ExitCode::from(EXPIRED),
        Verdict::UnknownTown | Verdict::UnknownKey | Verdict::Compromised | Verdict::NotOne => ExitCode::from(UNKNOWN),
        Verdict::CodeOnly => ExitCode::from(CODE_ONLY),
    })
}

fn told(view: &CheckView) -> String {
    let verdict = match view.verdict {
        Verdict::Genuine if view.sealed.is_none() => {
            "its code is genuine: compare what the paper says with what the town signed"
        }
        Verdict::Genuine => "genuine",
        Verdict::Expired => "genuine, and its time is over",
        Verdict::Revoked => "the town has taken it back",
        Verdict::Altered => "altered: it is not what the town signed",
        Verdict::CodeOnly => "its code is genuine, and the file is not the town's: compare what it says with this",
        Verdict::UnknownKey => "it bears the town's name and a key that is not known here yet: `sync` may learn it",
        Verdict::Compromised => {
            "signed with a key the town gave up: have it checked on the town's page or by its office"
        }
        Verdict::UnknownTown => "signed by nobody whom this device knows",
        Verdict::NotOne => "there is no certificate in it",
        Verdict::Clock => "issued on a day that this device's clock has not reached: look at the clock",
    };
    let mut lines = vec![verdict.to_owned()];
    lines.extend(
        view.sealed.map(|whole| {
            String::from(if whole { "every byte is as the town sealed it" } else { "its seal is broken" })
        }),
    );
    if let Some(said) = &view.said {
        lines.push(format!("{}, number {}, issued on {}", said.town, said.number, said.on));
        lines.push(format!("{}, born on {}", said.name, said.born_on));
        lines.extend(said.says.iter().map(|text| format!("  {text}")));
        lines.extend(said.until.map(|until| format!("holds until {until}; checked for {}", view.today)));
    }
    lines.join("\n")
}
