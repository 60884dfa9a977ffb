//! Certificates in a shell: asked for, listed, saved, checked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use vicino_contract::Failure;
use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    Answers as _, AskCertificate, CertificateList, CertificateRow, CertificateState, CheckFile, CheckText, CheckView,
    GetCertificate, ListCertificates, Verdict,
};
use vicino_core::App;
use vicino_domain::CertificateId;
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, StampDuty};

use crate::Fault;
use crate::print::Print;
use crate::refusal::{Refusal, answered};

/// It was altered, or its signature is not the town's.
const ALTERED: u8 = 4;
/// It does not hold today: its time is over, it was taken back, or the clock is wrong.
const EXPIRED: u8 = 5;
/// Nobody whom this device knows signed it, or there is no certificate in it.
const UNKNOWN: u8 = 6;

#[derive(Subcommand)]
pub(crate) enum CertificateWish {
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
    let list = app.answer(ListCertificates {})?;
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
    };
    format!("{}  {}  {}  {state}", row.id, kinds.join("+"), row.person)
}

/// Does what was wished with a certificate.
pub(crate) fn grant(app: &App, wish: CertificateWish, print: &Print) -> Result<ExitCode, Fault> {
    answered(granted(app, wish, print), print)
}

fn granted(app: &App, wish: CertificateWish, print: &Print) -> Result<ExitCode, Fault> {
    match wish {
        CertificateWish::Ask { kinds, about, exempt, reason, audience } => {
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
            let audience = match audience.as_str() {
                "private" => Audience::Private,
                "court_or_abroad" => Audience::CourtOrAbroad,
                "public" => Audience::Public,
                other => return Ok(word(other).tell(print)),
            };
            let people = app.answer(ListCertificates {})?.people;
            let named = |name: &str| name.to_lowercase();
            let person = match &about {
                None => people.iter().find(|one| one.own),
                Some(about) => people.iter().find(|one| named(&one.name).contains(&named(about))),
            };
            let person = person.ok_or_else(|| Failure::new(FailureCode::NotFound))?.id;
            let id = app.answer(AskCertificate { kinds: wanted, person, audience, stamp })?;
            print.say(&id, || format!("saved on this device; it waits for the next sync: {id}"));
            Ok(ExitCode::SUCCESS)
        }
        CertificateWish::Show { id } => {
            let view = app.answer(GetCertificate { id })?;
            print.say(&view, || {
                let mut lines = vec![line(&view.row)];
                lines.extend(view.number.as_ref().map(|number| format!("number {number}")));
                lines.extend(view.says.iter().map(|said| format!("  {said}")));
                lines.join("\n")
            });
            Ok(ExitCode::SUCCESS)
        }
        CertificateWish::Save { id, file } => {
            let view = app.answer(GetCertificate { id })?;
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

/// Checks a file, or the text of a code.
pub(crate) fn verify(app: &App, what: &str, print: &Print) -> Result<ExitCode, Fault> {
    answered(verified(app, what, print), print)
}

fn verified(app: &App, what: &str, print: &Print) -> Result<ExitCode, Fault> {
    let path = Path::new(what);
    let view = if path.exists() {
        let bytes = std::fs::read(path).map_err(|cause| Fault::File(path.display().to_string(), cause))?;
        app.answer(CheckFile { bytes })?
    } else {
        app.answer(CheckText { text: what.to_owned() })?
    };
    print.say(&view, || told(&view));
    Ok(match view.verdict {
        Verdict::Genuine => ExitCode::SUCCESS,
        Verdict::Altered => ExitCode::from(ALTERED),
        Verdict::Expired | Verdict::Revoked | Verdict::Clock => ExitCode::from(EXPIRED),
        Verdict::UnknownTown | Verdict::NotOne => ExitCode::from(UNKNOWN),
    })
}

fn told(view: &CheckView) -> String {
    let verdict = match view.verdict {
        Verdict::Genuine => "genuine",
        Verdict::Expired => "genuine, and its time is over",
        Verdict::Revoked => "the town has taken it back",
        Verdict::Altered => "altered: it is not what the town signed",
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
