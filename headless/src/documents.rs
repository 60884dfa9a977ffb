//! The shelf in a shell: what the town gave, read and saved; papers of one's own, kept and thrown away.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use vicino_contract::ipc::{
    Answers as _, DiscardPaper, DocumentKind, DocumentOf, DocumentRow, FileTo, GetCertificate, GetPaper, KeepPaper,
    ListDocuments, ListPapers, PaperOf, PaperRow, ReadFile,
};
use vicino_contract::{Failure, FailureCode};
use vicino_core::App;
use vicino_domain::paper::PaperKind;
use vicino_domain::{AttachmentId, CertificateId, MatterId, PaperId, town_day};

use crate::Fault;
use crate::cases::add;
use crate::print::Print;
use crate::refusal::{Refusal, answered};

/// Documents listed at once.
const MOST: u32 = 10_000;

#[derive(Subcommand)]
pub(crate) enum DocumentWish {
    /// Show what a certificate or a file says, page by page.
    Read {
        /// Which, as `documents` lists it.
        id: MatterId,
    },
    /// Save a document, of whatever kind, into a file.
    Save {
        /// Which, as `documents` lists it.
        id: MatterId,
        /// Where to.
        file: PathBuf,
    },
    /// Write the receipt of a report or a case, with its protocol, as a paper.
    Receipt {
        /// The report or case.
        id: MatterId,
        /// Where to.
        pdf: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum PaperWish {
    /// Keep a paper: identity_card, passport, driving_licence, residence_permit, health_card, isee, disability, medical, lease, vehicle, other.
    Keep {
        /// What it is.
        kind: String,
        /// Its pages.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What it is called; what it is otherwise.
        #[arg(long, default_value = "")]
        name: String,
        /// Until when it holds, such as 31/12/2026.
        #[arg(long, default_value = "")]
        expires: String,
    },
    /// Throw a paper away.
    Discard {
        /// Which.
        id: PaperId,
    },
}

/// Everything the town gave, of one kind or of all.
pub(crate) fn list(app: &App, kind: Option<&str>, print: &Print) -> Result<ExitCode, Fault> {
    let kind = match kind.map(|word| (word, serde_json::from_value::<DocumentKind>(json!(word)))) {
        None => None,
        Some((_, Ok(kind))) => Some(kind),
        Some((word, Err(_))) => return Ok(strange(word).tell(print)),
    };
    let list = app.answer(ListDocuments { kind, offset: 0, limit: MOST })?;
    print.say(&list, || list.rows.iter().map(line).collect::<Vec<_>>().join("\n"));
    Ok(ExitCode::SUCCESS)
}

fn strange(word: &str) -> Refusal {
    Refusal::new("unknown_word", format!("nothing is called {word} here"))
}

fn line(row: &DocumentRow) -> String {
    let (kind, id) = match row.of {
        DocumentOf::Certificate(id) => ("certificate", id.to_string()),
        DocumentOf::Payment(id) => ("payment", id.to_string()),
        DocumentOf::Delivery(id) => ("delivery", id.to_string()),
        DocumentOf::Attachment(id) => ("attachment", id.to_string()),
    };
    let here = if row.here { "" } else { "  (on its way)" };
    format!("{}  {kind}  {id}  {}  {}{here}", town_day(row.at), row.title, row.about)
}

/// Does what was wished with a document.
pub(crate) fn grant(app: &App, wish: DocumentWish, print: &Print) -> Result<ExitCode, Fault> {
    answered(granted(app, wish, print), print)
}

fn granted(app: &App, wish: DocumentWish, print: &Print) -> Result<ExitCode, Fault> {
    match wish {
        DocumentWish::Read { id } => {
            let sheet = app.answer(ReadFile { id: file_of(app, id)? })?;
            if !sheet.file.here {
                let sentence = "it is not on this device yet: `sync` fetches it";
                return Ok(Refusal::new("not_here", sentence).tell(print));
            }
            print.say(&sheet, || sheet.pages.iter().map(|page| page.join("\n")).collect::<Vec<_>>().join("\n\n"));
        }
        DocumentWish::Save { id, file } => write(&file, &bytes_of(app, id)?, print)?,
        DocumentWish::Receipt { id, pdf } => {
            let paper = app.answer(GetPaper { of: PaperOf::Delivery(id) })?;
            write(&pdf, &paper.bytes, print)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The file of a document: of a certificate its paper.
fn file_of(app: &App, id: MatterId) -> Result<AttachmentId, Fault> {
    match app.answer(GetCertificate { id: CertificateId::from_uuid(id.uuid()) }) {
        Ok(view) => Ok(view.file.ok_or_else(|| Failure::new(FailureCode::NotFound))?.id),
        Err(_) => Ok(AttachmentId::from_uuid(id.uuid())),
    }
}

/// The bytes of a document, of whatever kind: the town's own file, or the paper drawn from its record.
fn bytes_of(app: &App, id: MatterId) -> Result<Vec<u8>, Fault> {
    match app.file(file_of(app, id)?) {
        Err(failure) if failure.code == FailureCode::NotFound => {
            let receipt = app.answer(GetPaper { of: PaperOf::Receipt(id.uuid()) });
            let paper = receipt.or_else(|_| app.answer(GetPaper { of: PaperOf::Delivery(id) }));
            Ok(paper?.bytes)
        }
        other => Ok(other?.1),
    }
}

fn write(file: &std::path::Path, bytes: &[u8], print: &Print) -> Result<(), Fault> {
    std::fs::write(file, bytes).map_err(|cause| Fault::File(file.display().to_string(), cause))?;
    print.say(&file.display().to_string(), || format!("saved: {}", file.display()));
    Ok(())
}

/// Papers of one's own.
pub(crate) fn papers(app: &App, print: &Print) -> Result<(), Fault> {
    let list = app.answer(ListPapers {})?;
    print.say(&list, || list.iter().map(paper_line).collect::<Vec<_>>().join("\n"));
    Ok(())
}

fn paper_line(row: &PaperRow) -> String {
    let until = row.expires.map_or_else(|| String::from("does not expire"), |day| format!("until {day}"));
    format!("{}  {}  {}  {until}  {} pages", row.id, row.kind, row.name, row.files.len())
}

/// Does what was wished with a paper.
pub(crate) fn keep(app: &App, wish: PaperWish, print: &Print) -> Result<ExitCode, Fault> {
    answered(kept(app, wish, print), print)
}

fn kept(app: &App, wish: PaperWish, print: &Print) -> Result<ExitCode, Fault> {
    match wish {
        PaperWish::Keep { kind, files, name, expires } => {
            let Some(kind) = PaperKind::from_code(&kind) else { return Ok(strange(&kind).tell(print)) };
            let id = app.answer(KeepPaper { id: None, kind, name, expires })?;
            for file in &files {
                if let Err(fault) = add(app, FileTo::Paper(id), file) {
                    // Half a paper is not left behind by a call that failed.
                    app.answer(DiscardPaper { id })?;
                    return Err(fault);
                }
            }
            print.say(&id, || format!("kept on this device: {id}"));
        }
        PaperWish::Discard { id } => {
            app.answer(DiscardPaper { id })?;
            print.say(&id, || format!("no longer kept on this device: {id}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
