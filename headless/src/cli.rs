//! What can be asked of a device in a shell.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use vicino_domain::{CaseId, Category};

use crate::cases::CaseCommand;
use crate::certificates::CertificateCommand;
use crate::documents::{DocumentCommand, PaperCommand};
use crate::given::degrees;
use crate::payments::NoticeCommand;

/// A resident's device without a window.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Cli {
    /// The folder that holds everything of this device.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Keep the key in an owner-only file even where there is a keyring.
    #[arg(long, global = true)]
    pub(crate) key_in_file: bool,
    /// Show the log here, by `RUST_LOG`; otherwise it is a file of the device's folder, `log.jsonl`.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Join the town at this address.
    Join { url: String },
    /// Look at every page of what is kept here, and save what can be read of a damaged file; the damaged one stays beside it. Exit 4: nothing of it
    /// could be saved.
    Mend,
    /// Leave the practice town with everything that was tried in it.
    LeavePractice,
    /// Write a report; it is saved here and waits for the next sync.
    Report(ReportArgs),
    /// Deliver and read; exit 0 when nothing waits any more and everything was read, 3 otherwise.
    Sync {
        /// A round, whatever is left.
        #[arg(long)]
        once: bool,
    },
    /// Sign in on the practice town as one of its residents.
    Login {
        /// Their name, or their first name.
        #[arg(long = "as")]
        who: String,
    },
    /// Shows the part of the town that is here, as of when, and how reading stands.
    Status,
    /// List the town's services.
    Services,
    /// List news, notices and acts, newest first.
    Bulletins {
        /// Only `news`, `notice` or `act`.
        #[arg(long)]
        kind: Option<String>,
        /// The number.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Find everything on this device that holds these words.
    Search {
        /// The words; the last may be half typed.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// List the cases: those being written, those sent.
    Cases,
    /// Write, check or show a case.
    Case {
        /// The thing to do.
        #[command(subcommand)]
        command: CaseCommand,
    },
    /// Write to the office of a case.
    Reply {
        /// The case.
        id: CaseId,
        /// What to write.
        #[arg(long)]
        text: String,
        /// A file that goes with it; may be given several times.
        #[arg(long = "attach")]
        attach: Vec<PathBuf>,
    },
    /// List everything the town gave, newest first.
    Documents {
        /// Only certificate, payment, delivery or attachment.
        #[arg(long)]
        kind: Option<String>,
    },
    /// Read or save a file the town gave; write the receipt of a report or a case.
    Document {
        /// The thing to do.
        #[command(subcommand)]
        command: DocumentCommand,
    },
    /// List papers of one's own.
    Papers,
    /// Keep a paper of one's own to be used again, or throw it away.
    Paper {
        /// The thing to do.
        #[command(subcommand)]
        command: PaperCommand,
    },
    /// List certificates, and what can be asked for.
    Certificates,
    /// Ask for a certificate, show it, save its paper.
    Certificate {
        /// The thing to do.
        #[command(subcommand)]
        command: CertificateCommand,
    },
    /// Check a certificate: a PDF, a picture, or the text of its code. Exit 0: genuine, 4: altered, 5: it does not hold today, 6: there is
    /// no certificate in it, or no town that is known here signed it, 7: only its code was checked, for the PDF bears no seal. Of a photo
    /// or a text the code is all there is: compare what it says with the paper.
    Verify {
        /// The file, or the text.
        what: String,
    },
    /// Write a self-certification, or show how one reads: birth, residence, citizenship, civil_status, family, life, school_title,
    /// income, unemployed, no_convictions; several with commas.
    Declare {
        /// The statements, by code.
        #[arg(value_delimiter = ',', required = true)]
        statements: Vec<String>,
        /// About whom, by name: a child in one's care; whoever is signed in otherwise.
        #[arg(long = "for")]
        about: Option<String>,
        /// What only the writer knows: `name=text`; may be given several times.
        #[arg(long = "set")]
        typed: Vec<String>,
        /// Write the paper into this file.
        #[arg(long)]
        pdf: Option<PathBuf>,
    },
    /// List what is owed, on its way, paid.
    Notices,
    /// Read, show or keep a notice, or say that it is paid.
    Notice {
        /// The thing to do.
        #[command(subcommand)]
        command: NoticeCommand,
    },
    /// Open a payment page for up to five notices, and print its address; a refusal exits 2 and prints its code.
    Pay {
        /// Debts, or notice numbers.
        #[arg(required = true)]
        ids: Vec<String>,
        /// Where the page sends the browser back to: a loopback address that ends in `/paid`; the app's own scheme otherwise.
        #[arg(long = "return")]
        back: Option<String>,
        /// Also what was begun or paid before.
        #[arg(long)]
        despite: bool,
    },
    /// Note how a payment page ended: the address it sent the browser back to.
    Returned {
        /// The address.
        address: String,
    },
    /// List receipts.
    Receipts {
        /// Write each into this folder as well, by its year.
        #[arg(long)]
        export: Option<PathBuf>,
    },
    /// List every thread with an office.
    Messages,
    /// List every day that asks something of somebody, the nearest first.
    Deadlines {
        /// Write them as a calendar (RFC 5545) into this file as well.
        #[arg(long)]
        ics: Option<PathBuf>,
    },
    /// The facts the town knows of whoever is signed in.
    Profile,
    /// List the reports of this device.
    Reports,
    /// List what waits, what is stuck, what was delivered.
    Outbox,
    /// Show the interface to a browser.
    Serve(ServeArgs),
}

#[derive(Args)]
pub(crate) struct ReportArgs {
    /// The kind of problem, by code: water, environment, street_furniture, pests, waste, buildings, public_order,
    /// parks, services, safety, roads.
    #[arg(long)]
    pub(crate) category: Category,
    /// A line that names it.
    #[arg(long)]
    pub(crate) title: String,
    /// What there is to know, at most 200 characters.
    #[arg(long)]
    pub(crate) details: String,
    /// A photo; may be given several times.
    #[arg(long)]
    pub(crate) photo: Vec<PathBuf>,
    /// Latitude in degrees.
    #[arg(long, value_parser = degrees, requires = "lon", allow_negative_numbers = true, conflicts_with = "address")]
    pub(crate) lat: Option<f64>,
    /// Longitude in degrees.
    #[arg(long, value_parser = degrees, requires = "lat", allow_negative_numbers = true)]
    pub(crate) lon: Option<f64>,
    /// An address in words.
    #[arg(long)]
    pub(crate) address: Option<String>,
    /// Only for the office's eyes.
    #[arg(long)]
    pub(crate) private: bool,
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Where to listen, on this machine alone; port 0 takes a free one. Without it, an address of its own on the loopback interface.
    #[arg(long)]
    pub(crate) listen: Option<String>,
    /// The folder with the built interface.
    #[arg(long, default_value = "ui/dist")]
    pub(crate) ui: PathBuf,
    /// Join this town first; without it, the one joined before.
    #[arg(long)]
    pub(crate) town: Option<String>,
    /// Join the practice town when none was joined before.
    #[arg(long, conflicts_with = "town")]
    pub(crate) practice: bool,
}
