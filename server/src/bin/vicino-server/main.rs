//! `vicino-server`: a town that answers, until it is told to stop.

mod identity;
mod options;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser as _;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::task::JoinHandle;
use tracing_subscriber::EnvFilter;
use vicino_pictures::looking;
use vicino_server::pagopa::Positions;
use vicino_server::{OpenError, Town, system_clock};
#[cfg(feature = "practice")]
use vicino_server::{TownIdentity, practice};

#[cfg(feature = "practice")]
use crate::identity::looker;
use crate::identity::{gpd, identity};
use crate::options::Options;

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
    let options = Options::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            let _ = writeln!(std::io::stderr(), "vicino-server: {}", vicino_disk::sentence(&cause));
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(run(options));
    // Whatever still works on a thread of its own is not waited for: a transaction that is cut off is rolled back.
    runtime.shutdown_timeout(LAST_WORK);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            tracing::error!(%cause, "town stopped");
            let _ = writeln!(std::io::stderr(), "vicino-server: {cause}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), OpenError> {
    if options.rotate_key {
        let key = vicino_server::rotate(&options.data)?;
        println!("the next key is {}; a town that runs signs with it once it is started again", key.fingerprint());
        return Ok(());
    }
    if let Some(kid) = &options.revoke_key {
        vicino_server::revoke(&options.data, kid, options.since.unwrap_or_else(chrono::Utc::now))?;
        println!("this key is believed no more, from the next start on");
        return Ok(());
    }
    let positions = gpd(&options)?.map(|gpd| Arc::new(gpd) as Arc<dyn Positions>);
    // First: a start that cannot listen leaves nothing behind.
    let listener =
        TcpListener::bind(&options.listen).await.map_err(|cause| vicino_disk::unheard(&options.listen, &cause))?;
    let town = open(&options, positions.clone())?;
    // Whoever started this waits for the line; the address is the real one, also for port 0.
    println!("listening on http://{}", listener.local_addr()?);
    let office = office(&options, &town);
    let following = positions.map(|positions| tokio::spawn(vicino_server::follow(town.clone(), positions)));
    vicino_server::serve(listener, town, told_to_stop()).await?;
    for task in office.into_iter().chain(following) {
        task.abort();
    }
    Ok(())
}

/// The practice town's office, which acts by itself.
#[cfg(feature = "practice")]
fn office(options: &Options, town: &Arc<Town>) -> Option<JoinHandle<()>> {
    let acts = options.practice.practice && !options.practice.no_office;
    acts.then(|| tokio::spawn(practice::work(town.clone(), practice::Pace::default())))
}

/// No office: people work in a town's.
#[cfg(not(feature = "practice"))]
const fn office(_: &Options, _: &Arc<Town>) -> Option<JoinHandle<()>> {
    None
}

/// Opens the town that the options describe, and what acts in it by itself.
fn open(options: &Options, positions: Option<Arc<dyn Positions>>) -> Result<Arc<Town>, OpenError> {
    #[cfg(feature = "practice")]
    if options.practice.practice {
        let identity =
            TownIdentity { looker: looker(), proxies: options.trusted_proxy.clone(), ..practice::identity() };
        let town = practice::open_as(&options.data, identity, system_clock())?;
        if let Some(records) = options.practice.records {
            practice::crowd(&town, records, options.practice.seed)?;
        }
        return Ok(town);
    }
    vicino_server::open(&options.data, identity(options, positions)?, system_clock()).map(Arc::new)
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
