//! The shelf in a shell: what the town gave, read and saved; papers of one's own, kept and thrown away.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use uuid::Uuid;
use vicino_contract::ipc::{
    CommandHandler as _, DiscardPaper, DocumentKind, DocumentOf, DocumentRow, GetCertificate, GetPaper, ListDocuments,
    ListPapers, PaperOf, PaperRow, ReadFile,
};
use vicino_contract::{Failure, FailureCode};
use vicino_core::App;
use vicino_domain::paper::PaperKind;
use vicino_domain::{AttachmentId, PaperId, town_day};

use crate::Fault;
use crate::cases::read_file;
use crate::print::{Print, with_bare_matters};
use crate::refusal::{Refusal, answered};

/// Documents listed at once.
const MOST: u32 = 10_000;

#[derive(Subcommand)]
pub(crate) enum DocumentCommand {
    /// Show what a certificate or a file says, page by page.
    Read {
        /// Which, as `documents` lists it.
        id: Uuid,
    },
    /// Save a document, of whatever kind, into a file.
    Save {
        /// Which, as `documents` lists it.
        id: Uuid,
        /// Where to.
        file: PathBuf,
    },
    /// Write the receipt of a report or a case, with its protocol, as a paper.
    Receipt {
        /// The report or case.
        id: Uuid,
        /// Where to.
        pdf: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum PaperCommand {
    /// Keep a paper: identity_card, passport, driving_licence, residence_permit, health_card, isee, disability, medical, lease, vehicle, other.
    Keep {
        /// The kind.
        kind: String,
        /// The pages.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The name; what it is otherwise.
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
    let list = app.handle(ListDocuments { kind, offset: 0, limit: MOST })?;
    let said = with_bare_matters(&list, &["rows"], "/of/delivery");
    print.say(&said, || list.rows.iter().map(line).collect::<Vec<_>>().join("\n"));
    Ok(ExitCode::SUCCESS)
}

fn strange(word: &str) -> Refusal {
    Refusal::new("unknown_word", format!("nothing is called {word} here"))
}

fn line(row: &DocumentRow) -> String {
    let (kind, id) = match row.of {
        DocumentOf::Certificate(id) => ("certificate", id.to_string()),
        DocumentOf::Payment(id) => ("payment", id.to_string()),
        DocumentOf::Delivery(matter) => ("delivery", matter.uuid().to_string()),
        DocumentOf::Attachment(id) => ("attachment", id.to_string()),
    };
    let here = if row.here { "" } else { "  (on its way)" };
    format!("{}  {kind}  {id}  {}  {}{here}", town_day(row.at), row.title, row.about)
}

/// Runs a command about a document.
pub(crate) fn run(app: &App, command: DocumentCommand, print: &Print) -> Result<ExitCode, Fault> {
    answered(perform(app, command, print), print)
}

fn perform(app: &App, command: DocumentCommand, print: &Print) -> Result<ExitCode, Fault> {
    match command {
        DocumentCommand::Read { id } => {
            let sheet = app.handle(ReadFile { id: file_of(app, id)? })?;
            if !sheet.file.here {
                let sentence = "it is not on this device yet: `sync` fetches it";
                return Ok(Refusal::new("not_here", sentence).tell(print));
            }
            print.say(&sheet, || sheet.pages.iter().map(|page| page.join("\n")).collect::<Vec<_>>().join("\n\n"));
        }
        DocumentCommand::Save { id, file } => write(&file, &bytes_of(app, id)?, print)?,
        DocumentCommand::Receipt { id, pdf } => {
            let of = match listed(app, id)? {
                Some(DocumentOf::Delivery(matter)) => PaperOf::Delivery(matter),
                _ => return Err(Failure::new(FailureCode::NotFound).into()),
            };
            let paper = app.handle(GetPaper { of })?;
            write(&pdf, &paper.bytes, print)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The document with this identity, as `documents` lists it.
fn listed(app: &App, id: Uuid) -> Result<Option<DocumentOf>, Fault> {
    let list = app.handle(ListDocuments { kind: None, offset: 0, limit: MOST })?;
    Ok(list.rows.into_iter().map(|row| row.of).find(|of| identity(*of) == id))
}

const fn identity(of: DocumentOf) -> Uuid {
    match of {
        DocumentOf::Certificate(id) => id.uuid(),
        DocumentOf::Payment(id) => id,
        DocumentOf::Delivery(matter) => matter.uuid(),
        DocumentOf::Attachment(id) => id.uuid(),
    }
}

/// The file of a document: of a certificate its paper. A file that is not on the shelf is named by its own identity.
fn file_of(app: &App, id: Uuid) -> Result<AttachmentId, Fault> {
    match listed(app, id)? {
        Some(DocumentOf::Certificate(id)) => {
            let view = app.handle(GetCertificate { id })?;
            Ok(view.file.ok_or_else(|| Failure::new(FailureCode::NotFound))?.id)
        }
        _ => Ok(AttachmentId::from_uuid(id)),
    }
}

/// The bytes of a document, of whatever kind: the town's own file, or the paper drawn from its record.
fn bytes_of(app: &App, id: Uuid) -> Result<Vec<u8>, Fault> {
    let of = match listed(app, id)? {
        Some(DocumentOf::Payment(id)) => PaperOf::Receipt(id),
        Some(DocumentOf::Delivery(matter)) => PaperOf::Delivery(matter),
        Some(DocumentOf::Certificate(_) | DocumentOf::Attachment(_)) | None => {
            return Ok(app.file(file_of(app, id)?)?.1);
        }
    };
    Ok(app.handle(GetPaper { of })?.bytes)
}

fn write(file: &std::path::Path, bytes: &[u8], print: &Print) -> Result<(), Fault> {
    std::fs::write(file, bytes).map_err(|cause| Fault::File(file.display().to_string(), cause))?;
    print.say(&file.display().to_string(), || format!("saved: {}", file.display()));
    Ok(())
}

/// Papers of one's own.
pub(crate) fn papers(app: &App, print: &Print) -> Result<(), Fault> {
    let list = app.handle(ListPapers {})?;
    print.say(&list, || list.iter().map(paper_line).collect::<Vec<_>>().join("\n"));
    Ok(())
}

fn paper_line(row: &PaperRow) -> String {
    let until = row.expires.map_or_else(|| String::from("does not expire"), |day| format!("until {day}"));
    let pages = match row.files.len() {
        1 => String::from("1 page"),
        more => format!("{more} pages"),
    };
    format!("{}  {}  {}  {until}  {pages}", row.id, row.kind, row.name)
}

/// Runs a command about a paper.
pub(crate) fn keep(app: &App, command: PaperCommand, print: &Print) -> Result<ExitCode, Fault> {
    answered(perform_paper(app, command, print), print)
}

fn perform_paper(app: &App, command: PaperCommand, print: &Print) -> Result<ExitCode, Fault> {
    match command {
        PaperCommand::Keep { kind, files, name, expires } => {
            let Some(kind) = PaperKind::from_code(&kind) else { return Ok(strange(&kind).tell(print)) };
            let pages = files.iter().map(|file| read_file(file)).collect::<Result<Vec<_>, _>>()?;
            let id = app.keep_paper(kind, (&name, &expires), pages)?;
            print.say(&id, || format!("kept on this device: {id}"));
        }
        PaperCommand::Discard { id } => {
            app.handle(DiscardPaper { id })?;
            print.say(&id, || format!("no longer kept on this device: {id}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
