//! `vicino-headless`: a resident's device in a shell.

mod cases;
mod certificates;
mod cli;
mod documents;
mod given;
mod log;
mod payments;
mod print;
mod refusal;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use thiserror::Error;
use tokio::net::TcpListener;
use vicino_contract::ipc::{
    AddPhoto, BulletinKind, CalendarWords, CommandHandler as _, Find, FindStreets, GetCalendar, GetOutbox, GetPeople,
    GetProfile, GetSyncState, GetTown, ListBulletins, ListDeadlines, ListReports, ListServices, ListThreads, NewDraft,
    SaveDraft, SendReport,
};
use vicino_contract::{Failure, FailureCode};
use vicino_core::looking::{self, Looker};
use vicino_core::{App, IfMaybePaid, KeyPlace, OpenError, Opening};
use vicino_domain::{Place, PlaceSource, Point, text};
use vicino_headless::serve;

use cli::{Cli, ReportArgs, ServeArgs, Verb};
use print::Print;

/// Something still waits.
const WAITS: u8 = 3;
/// Nothing could be saved of a damaged store.
const LOST: u8 = 4;
/// Rounds of one `sync`, two seconds apart.
const ROUNDS: u32 = 30;

#[derive(Debug, Error)]
enum Fault {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{}", print::sentence(.0))]
    Failed(#[from] Failure),
    #[error("{0}")]
    Notice(vicino_domain::pagopa::BadNotice),
    #[error("what is {0}? say news, notice or act")]
    Word(String),
    #[error("no service here bears the name {0}: `services` lists them")]
    Service(String),
    #[error("several services bear the name {0}; say which: {1}")]
    Services(String, String),
    #[error("this form asks nothing under {0}; it asks: {1}")]
    Field(String, String),
    #[error("{0}, {1} is no place: degrees north from -90 to 90, east from -180 to 180")]
    Point(f64, f64),
    #[error("{path}: {why}", path = .0, why = vicino_disk::sentence(.1))]
    File(String, io::Error),
    #[error("{}", vicino_disk::sentence(.0))]
    Io(#[from] io::Error),
}

fn main() -> ExitCode {
    if let Some(looked) = looking::child() {
        return looked;
    }
    // What lies in the device's folder, and what is saved from it, is nobody else's on this machine.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    device()
}

#[tokio::main]
async fn device() -> ExitCode {
    // Words of a terminal are composed like all others from outside.
    let words = std::env::args_os().map(|word| match word.to_str() {
        Some(text) => text::composed(text).into(),
        None => word,
    });
    let cli = Cli::parse_from(words);
    // Causes are for whoever repairs computers, and asks for them; everybody else reads one sentence.
    log::begin(&cli.data, cli.verbose);
    let print = Print { json: cli.json };
    match run(cli, &print).await {
        Ok(code) => code,
        Err(fault) => {
            print.fault(&fault);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli, print: &Print) -> Result<ExitCode, Fault> {
    let key = if cli.key_in_file { KeyPlace::OwnerFile } else { KeyPlace::Keyring };
    let practise = Some(serve::practise());
    let looker = std::env::current_exe().map(Looker::beside).unwrap_or_default();
    let app = {
        let kind = if matches!(cli.verb, Verb::Serve(_)) { "browser" } else { "shell" };
        let opening = Opening { key, kind, practise, looker, ..Opening::of(&cli.data) };
        match cli.verb {
            Verb::Mend => {
                let mended = App::mend(&opening)?;
                print.mended(&mended);
                let lost = mended.iter().any(|one| one.rows == 0);
                return Ok(if lost { ExitCode::from(LOST) } else { ExitCode::SUCCESS });
            }
            Verb::Serve(_) => App::open_or_mend(opening)?,
            _ => App::open(opening)?,
        }
    };
    match cli.verb {
        Verb::Join { url } => {
            app.join(&url).await?;
            print.town(&app.handle(GetTown {})?);
        }
        // Done before anything was opened.
        Verb::Mend => {}
        Verb::LeavePractice => {
            app.handle(vicino_contract::ipc::LeavePractice {})?;
            print.say(&(), || {
                String::from("the practice town is left, and what was tried there is gone: `join` a town")
            });
        }
        Verb::Report(args) => print.saved(&report(&app, args)?),
        Verb::Sync { once } => return sync(&app, once, print).await,
        Verb::Login { who } => {
            app.sign_in_as(&who).await?;
            // Their name, and what is theirs, come with the first reading.
            app.sync().await?;
            print.people(&app.handle(GetPeople {})?);
        }
        Verb::Status => print.status(&app.handle(GetSyncState {})?),
        Verb::Services => print.services(&app.handle(ListServices {})?),
        Verb::Bulletins { kind, limit } => {
            let unknown = || Fault::Word(kind.clone().unwrap_or_default());
            let kind = kind.as_deref().map(|word| BulletinKind::from_code(word).ok_or_else(unknown)).transpose()?;
            print.bulletins(&app.handle(ListBulletins { kind, offset: 0, limit })?);
        }
        Verb::Search { words } => print.found(&app.handle(Find { text: words.join(" "), only: None })?),
        Verb::Cases => cases::list(&app, print)?,
        Verb::Case { command } => {
            let ready = cases::run(&app, command, print)?;
            return Ok(if ready { ExitCode::SUCCESS } else { ExitCode::from(WAITS) });
        }
        Verb::Documents { kind } => return documents::list(&app, kind.as_deref(), print),
        Verb::Document { command } => return documents::run(&app, command, print),
        Verb::Papers => documents::papers(&app, print)?,
        Verb::Paper { command } => return documents::keep(&app, command, print),
        Verb::Certificates => certificates::list(&app, print)?,
        Verb::Certificate { command } => return certificates::run(&app, command, print),
        Verb::Declare { statements, about, typed, pdf } => {
            return certificates::declare(&app, (statements, about), &typed, (pdf, print));
        }
        Verb::Verify { what } => return certificates::verify(&app, &what, print),
        Verb::Notices => payments::list(&app, print)?,
        Verb::Notice { command } => return payments::run(&app, command, print),
        Verb::Pay { ids, back, despite } => {
            return payments::pay(&app, &ids, back, IfMaybePaid::despite(despite), print).await;
        }
        Verb::Returned { address } => return Ok(payments::returned(&app, &address, print)),
        Verb::Receipts { export } => payments::receipts(&app, export, print)?,
        Verb::Messages => print.threads(&app.handle(ListThreads {})?),
        Verb::Deadlines { ics } => deadlines(&app, ics, print)?,
        Verb::Profile => print.profile(&app.handle(GetProfile {})?),
        Verb::Reply { id, text, attach } => cases::reply(&app, id, (text, attach), print)?,
        Verb::Reports => print.reports(&app.handle(ListReports { offset: 0, limit: 200 })?),
        Verb::Outbox => print.outbox(&app.handle(GetOutbox {})?),
        Verb::Serve(serve) => show(app, serve, print).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the days, and writes them as a calendar where one is asked for.
fn deadlines(app: &App, ics: Option<PathBuf>, print: &Print) -> Result<(), Fault> {
    if let Some(file) = ics {
        let words = CalendarWords {
            answer: String::from("Answer"),
            send: String::from("Send"),
            pay: String::from("Pay"),
            conclude: String::from("The town concludes"),
            report: String::from("The town answers"),
            renew: String::from("Get a new one"),
        };
        // A calendar without a day is taken for a broken file: there is none, and the list says why.
        if !app.handle(ListDeadlines {})?.rows.is_empty() {
            let text = app.handle(GetCalendar { words })?;
            std::fs::write(&file, text).map_err(|cause| Fault::File(file.display().to_string(), cause))?;
        }
    }
    print.deadlines(&app.handle(ListDeadlines {})?);
    Ok(())
}

/// Writes a report down as the wizard would: drafted, photos added, sent; the network is never touched.
fn report(app: &App, args: ReportArgs) -> Result<print::Written, Fault> {
    let mut draft = app.handle(NewDraft {})?.draft;
    let mut offered = None;
    for path in &args.photo {
        let bytes = given::bytes_of(path, FailureCode::PhotoTooHeavy)?;
        let added = app.handle(AddPhoto { draft: draft.id, bytes });
        let added = added.inspect_err(|_| discard(app, draft.id))?;
        offered = offered.or(added.place);
    }
    draft.privacy_accepted = true;
    draft.category = Some(args.category);
    draft.title = args.title;
    draft.details = args.details;
    draft.private = args.private;
    draft.place = match (args.lat.zip(args.lon), args.address) {
        (Some((lat, lon)), _) => {
            let point = Point::new(lat, lon).map_err(|_| {
                discard(app, draft.id);
                Fault::Point(lat, lon)
            })?;
            Some(Place::at(point, None, PlaceSource::Coordinates).instead_of(offered.as_ref()))
        }
        (None, Some(address)) => {
            let street = app.handle(FindStreets { text: address.clone() })?.into_iter().next();
            Some(Place::at_address(address, street.and_then(|street| street.point)))
        }
        (None, None) => offered,
    };
    let (id, point) = (draft.id, draft.place.as_ref().and_then(|place| place.point));
    app.handle(SaveDraft { draft, step: 3 })?;
    let saved = app.handle(SendReport { id }).inspect_err(|_| discard(app, id))?;
    // Nobody looks at a map here: a photo from a journey would place a report where it was taken, without a word.
    let town =
        app.handle(GetTown {}).ok().filter(|town| point.and_then(|point| town.border.holds(point)) == Some(false));
    Ok(print::Written { id, saved_at: saved.at, point, outside: town.map(|town| town.name) })
}

/// A report that cannot be sent from a shell leaves no draft behind: the shell's history has its words.
fn discard(app: &App, id: vicino_domain::ReportId) {
    let _ = app.handle(vicino_contract::ipc::DiscardDraft { id });
}

/// Rounds until nothing waits, the town is out of reach, or patience ends; or one. What was put off is tried at once the
/// first time; after that the town's own patience counts.
async fn sync(app: &App, once: bool, print: &Print) -> Result<ExitCode, Fault> {
    app.retry_now()?;
    let mut rounds = if once { 1 } else { ROUNDS };
    loop {
        rounds -= 1;
        let round = app.sync().await?;
        let read = round.waiting == 0 && round.trouble.is_none();
        // No further round signs anybody in.
        let signed_out = round.trouble == Some(FailureCode::SignedOut);
        if rounds == 0 || read || signed_out || !round.reached {
            print.round(&round);
            print.signed_out(&app.handle(GetOutbox {})?);
            let done = read && round.stuck == 0;
            return Ok(if done { ExitCode::SUCCESS } else { ExitCode::from(WAITS) });
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

/// Shows the interface to a browser until told to stop.
async fn show(app: App, args: ServeArgs, print: &Print) -> Result<(), Fault> {
    if !args.ui.join("index.html").is_file() {
        let cause = vicino_disk::saying(io::ErrorKind::NotFound, "no interface here; `cargo xtask ui` builds it");
        return Err(Fault::File(args.ui.display().to_string(), cause));
    }
    if let Some(url) = &args.town {
        app.join(url).await?;
    } else {
        let (joined, practice) = app.has_joined()?;
        if practice || (!joined && args.practice) {
            app.practise().await?;
        }
    }
    let listener = match &args.listen {
        Some(at) => TcpListener::bind(at).await.map_err(|cause| vicino_disk::unheard(at, &cause))?,
        None => serve::listener().await?,
    };
    let tell = *print;
    let door = serve::Door::new(app.clone(), listener.local_addr()?, Box::new(move |address| tell.address(address)))?;
    let running = tokio::spawn(app.run());
    let served = axum::serve(listener, serve::router(door, args.ui));
    tokio::select! {
        served = async { served.await } => served?,
        () = told_to_stop() => {}
    }
    running.abort();
    Ok(())
}

/// Completes at SIGTERM or Ctrl-C.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = term.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
