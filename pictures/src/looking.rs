//! Looking at what anybody hands over, with bounds on what the look may cost: in a process of its own, which is ended when its time is
//! over, or, where a program cannot start another, on a thread that nobody waits for longer.
//!
//! A decoder has no bound that could be known before: a small file may ask for hours or for all of a machine's memory. What happens to the
//! process that looks happens to nobody else.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vicino_domain::media::is_pdf;

use crate::photo::{self, PhotoError};
use crate::scan::{self, Wanted};
use crate::words;

/// The argument with which a program is started only to look: [`child`] answers it.
pub const ARGUMENT: &str = "--look-at-what-was-brought";
/// The time a look may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds of the processor that a process which looks may use.
#[cfg(unix)]
const PROCESSOR: u64 = 12;
/// Bytes of memory that it may use; for a paper, which is drawn page by page, fewer are enough.
#[cfg(unix)]
const MEMORY: u64 = 1_200_000_000;
#[cfg(unix)]
const FOR_A_PAPER: u64 = 480_000_000;
/// Where a program that was unpacked finds its libraries.
const LIBRARIES: &str = "LD_LIBRARY_PATH";
/// The most bytes it says.
const MOST_SAID: u64 = 4_000_000;

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Wish {
    /// The square codes in a picture or a paper.
    Codes(Wanted),
    /// The same of whoever nobody knows: pictures alone, and no large ones.
    StrangersCodes(Wanted),
    /// What the pages of a paper say.
    Words,
    /// Whether it is a photo as devices send them: a JPEG that can be opened, with nothing of its camera in it.
    Photo,
}

/// What was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Seen {
    /// The texts of codes.
    Codes(Vec<String>),
    /// Paragraphs, page by page.
    Words(Vec<Vec<String>>),
    /// It is such a photo.
    Photo,
}

/// Whoever looks.
#[derive(Clone, Debug, Default)]
pub struct Looker {
    /// The program that is started to look; none: a thread of this one.
    program: Option<PathBuf>,
}

impl Looker {
    /// Looks in a process of this program, which must answer [`child`] before anything else.
    #[must_use]
    pub fn beside(program: PathBuf) -> Self {
        Self { program: Some(program) }
    }

    /// Looks within [`PATIENCE`].
    ///
    /// # Errors
    /// [`PhotoError`]; [`PhotoError::TooMuch`] when the look asked for more time or memory than it may have.
    pub fn look(&self, wish: Wish, bytes: &[u8]) -> Result<Seen, PhotoError> {
        // What is too heavy for anybody is not carried anywhere.
        if bytes.len() > photo::MOST_BYTES {
            return Err(PhotoError::TooHeavy);
        }
        match &self.program {
            Some(program) => beside(program, wish, bytes),
            None => in_time(wish, bytes.to_vec()),
        }
    }

    /// The texts of the codes in a file.
    ///
    /// # Errors
    /// As [`Looker::look`].
    pub fn codes(&self, wish: Wish, bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
        match self.look(wish, bytes)? {
            Seen::Codes(texts) => Ok(texts),
            Seen::Words(_) | Seen::Photo => Ok(Vec::new()),
        }
    }
}

/// Looks on a thread: whoever asked goes on when the time is over, and the thread comes to its own end within the bounds of the readers.
fn in_time(wish: Wish, bytes: Vec<u8>) -> Result<Seen, PhotoError> {
    let (say, heard) = mpsc::channel();
    let looking = std::thread::Builder::new().name(String::from("looking")).spawn(move || {
        // Nobody may be listening any more.
        let _ = say.send(look(wish, &bytes));
    });
    looking.map_err(|_| PhotoError::TooMuch)?;
    heard.recv_timeout(PATIENCE).unwrap_or(Err(PhotoError::TooMuch))
}

/// Looks in another process: the wish goes in before the bytes, what was seen comes out.
fn beside(program: &PathBuf, wish: Wish, bytes: &[u8]) -> Result<Seen, PhotoError> {
    let unstarted = |cause: io::Error| {
        tracing::error!(kind = ?cause.kind(), "nothing can be looked at: the program does not start");
        PhotoError::TooMuch
    };
    let wish = serde_json::to_vec(&wish).map_err(|_| PhotoError::Broken)?;
    let mut started = Command::new(program);
    // Nothing of this program's surroundings is its business.
    started.arg(ARGUMENT).env_clear().envs(std::env::var_os(LIBRARIES).map(|folders| (LIBRARIES, folders)));
    started.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Ended(started.spawn().map_err(unstarted)?);
    let (Some(mut to), Some(from)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err(PhotoError::TooMuch);
    };
    let (say, heard) = mpsc::channel();
    let reading = std::thread::Builder::new().name(String::from("looked")).spawn(move || {
        let mut said = Vec::new();
        // Whatever it says beyond is not read.
        let read = from.take(MOST_SAID).read_to_end(&mut said);
        let _ = say.send(read.map(|_| said));
    });
    reading.map_err(unstarted)?;
    let written = to.write_all(&wish).and_then(|()| to.write_all(b"\n")).and_then(|()| to.write_all(bytes));
    drop(to);
    // It may have ended before it had heard everything: what it said counts.
    let said = heard.recv_timeout(PATIENCE).ok().and_then(Result::ok);
    let seen = said.and_then(|said| serde_json::from_slice::<Result<Seen, PhotoError>>(&said).ok());
    written.ok().and(seen.clone()).or(seen).unwrap_or(Err(PhotoError::TooMuch))
}

/// A process that is ended when whoever started it goes on.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Looks, when this process was started for that: the code to end with. Before anything else of a program is begun.
#[must_use]
pub fn child() -> Option<ExitCode> {
    if std::env::args_os().nth(1).is_none_or(|argument| argument != ARGUMENT) {
        return None;
    }
    bind();
    let mut brought = Vec::new();
    let most = u64::try_from(photo::MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1_000);
    let read = io::stdin().lock().take(most).read_to_end(&mut brought);
    let wish = brought.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let wish_length = wish.len();
    let (Ok(_), Ok(wish)) = (read, serde_json::from_slice::<Wish>(wish)) else { return Some(ExitCode::FAILURE) };
    let brought = brought.get(wish_length + 1..).unwrap_or_default();
    if is_pdf(brought) {
        bind_to_a_paper();
    }
    let seen = look(wish, brought);
    let said = serde_json::to_vec(&seen).unwrap_or_default();
    let mut out = io::stdout().lock();
    let done = out.write_all(&said).and_then(|()| out.flush());
    Some(if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Takes from this process what a look does not need: time, memory, files.
#[cfg(unix)]
fn bind() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let bounds = [
        (Resource::Cpu, PROCESSOR),
        (Resource::As, MEMORY),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 16),
    ];
    // Whoever waits for anything else goes first.
    let _ = rustix::process::setpriority_process(None, 15);
    for (resource, most) in bounds {
        // A bound that is narrower already stays.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

#[cfg(not(unix))]
const fn bind() {}

#[cfg(unix)]
fn bind_to_a_paper() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::As, Rlimit { current: Some(FOR_A_PAPER), maximum: Some(FOR_A_PAPER) });
}

#[cfg(not(unix))]
const fn bind_to_a_paper() {}

fn look(wish: Wish, bytes: &[u8]) -> Result<Seen, PhotoError> {
    match wish {
        Wish::Codes(wanted) => scan::codes(bytes, wanted).map(Seen::Codes),
        Wish::StrangersCodes(wanted) => scan::strangers_codes(bytes, wanted).map(Seen::Codes),
        Wish::Words => words::pages(bytes).map(Seen::Words),
        Wish::Photo => photo::is_clean(bytes).map(|()| Seen::Photo),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_takes_too_long_is_not_waited_for() {
        // A program that never answers, and one that is none.
        let asleep = Looker::beside(PathBuf::from("/bin/cat"));
        assert_eq!(asleep.look(Wish::Photo, b"x"), Err(PhotoError::TooMuch), "what it says is no answer");
        let nothing = Looker::beside(PathBuf::from("/nothing/here"));
        assert_eq!(nothing.look(Wish::Photo, b"x"), Err(PhotoError::TooMuch));
    }

    #[test]
    fn a_thread_sees_the_same() {
        let here = Looker::default();
        assert_eq!(here.look(Wish::Photo, b""), Err(PhotoError::Empty));
        assert_eq!(here.look(Wish::StrangersCodes(Wanted::Certificate), b"%PDF-1.7"), Err(PhotoError::NotAPicture));
        assert_eq!(here.codes(Wish::Codes(Wanted::Any), b"%PDF-1.7 and nothing after it"), Err(PhotoError::Broken));
    }
}
