//! Looking at what anybody hands over, with bounds on what the look may cost: in a process of its own, which is ended when its time is
//! over, or, where a program cannot start another, on a thread that nobody waits for longer.
//!
//! A decoder has no bound that could be known before: a small file may ask for hours or for all of a machine's memory. What happens to the
//! process that looks happens to nobody else.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use vicino_domain::media::is_pdf;

use crate::photo::{self, PhotoError};
use crate::scan::{self, Codes, Wanted};
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
const FOR_A_PAPER: u64 = 355_000_000;
/// Bytes of stack of a thread that looks at a paper, whose parts may lie deep in one another. What is not used takes no memory; of
/// addresses a small machine has fewer.
const STACK: usize = if cfg!(target_pointer_width = "64") { 128 } else { 16 } * 1024 * 1024;
/// Where a program that was unpacked finds its libraries.
const LIBRARIES: &str = "LD_LIBRARY_PATH";
/// The most bytes it says.
const MOST_SAID: u64 = 4_000_000;

/// The kind of code that is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Wish {
    /// The square codes in a picture or a paper.
    Codes(Wanted),
    /// The same of whoever nobody knows: pictures alone, and no large ones.
    StrangersCodes(Wanted),
    /// The words on the pages of a paper.
    Words,
    /// Tells whether it is a photo as devices send them: a JPEG that can be opened, with nothing of its camera in it.
    Photo,
}

/// The things that were seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Seen {
    /// The codes in it.
    Codes(Codes),
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
    /// [`PhotoError`]; [`PhotoError::TooMuch`] when the look asked for more time or memory than it may have, and [`PhotoError::NotLooked`]
    /// when there was nothing to look with.
    pub fn look(&self, wish: Wish, bytes: &[u8]) -> Result<Seen, PhotoError> {
        // What is too heavy for anybody is not carried anywhere.
        if bytes.len() > photo::MOST_BYTES {
            return Err(PhotoError::TooHeavy);
        }
        match &self.program {
            Some(program) => beside(program, wish, bytes, PATIENCE),
            None => in_time(wish, bytes.to_vec()),
        }
    }

    /// The codes in a file.
    ///
    /// # Errors
    /// As [`Looker::look`].
    pub fn codes(&self, wish: Wish, bytes: &[u8]) -> Result<Codes, PhotoError> {
        match self.look(wish, bytes)? {
            Seen::Codes(codes) => Ok(codes),
            Seen::Words(_) | Seen::Photo => Ok(Codes::default()),
        }
    }
}

/// The one seat of the threads that look: a thread cannot be ended, and those that take too long must not pile up.
static SEAT: Seats = Seats { taken: Mutex::new(Taken { since: None, turn: 0, lost: 0 }), free: Condvar::new() };
/// A thread that has looked for so long is given up, and its seat with it.
const GIVEN_UP: Duration = Duration::from_secs(60);
/// The most threads that are given up at a time: beyond them nothing more is looked at until one of them ends.
const MOST_GIVEN_UP: u32 = 4;

/// A seat that one thread has at a time.
struct Seats {
    taken: Mutex<Taken>,
    /// Told when the seat is free again.
    free: Condvar,
}

/// The state of the seat.
struct Taken {
    /// Since when somebody has it.
    since: Option<Instant>,
    /// The generation of the current holder: one of an earlier generation can no longer free the seat.
    turn: u32,
    /// The number of threads that were given up and have not come to their end.
    lost: u32,
}

/// The seat, had until this is dropped; the number says by whom.
struct Seat(&'static Seats, u32);

impl Seats {
    /// Takes the seat, if it is free before this moment or whoever has it is given up.
    fn take(&'static self, until: Instant, given_up: Duration) -> Option<Seat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            match taken.since {
                Some(since) if now.duration_since(since) < given_up && now < until => {
                    let waited = self.free.wait_timeout(taken, until - now);
                    taken = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                Some(since) if now.duration_since(since) < given_up => return None,
                Some(_) if taken.lost >= MOST_GIVEN_UP => return None,
                Some(_) => {
                    tracing::warn!("reader thread abandoned: over time");
                    taken.lost += 1;
                    taken.turn += 1;
                    taken.since = None;
                }
                None => {
                    taken.since = Some(now);
                    return Some(Seat(self, taken.turn));
                }
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.turn == self.1 {
            taken.since = None;
            self.0.free.notify_one();
        } else {
            // One that was given up has no seat any more; it has ended after all.
            taken.lost = taken.lost.saturating_sub(1);
        }
    }
}

/// Looks on a thread: whoever asked goes on when the time is over, and the thread keeps the seat until it comes to its own end, within the
/// bounds of the readers.
fn in_time(wish: Wish, bytes: Vec<u8>) -> Result<Seen, PhotoError> {
    let until = Instant::now() + PATIENCE;
    let seat = SEAT.take(until, GIVEN_UP).ok_or(PhotoError::StillLooking)?;
    let (say, heard) = mpsc::channel();
    let thread = std::thread::Builder::new().name(String::from("looking"));
    let thread = if is_pdf(&bytes) { thread.stack_size(STACK) } else { thread };
    let looking = thread.spawn(move || {
        let seen = look(wish, &bytes);
        drop(seat);
        // Nobody may be listening any more.
        let _ = say.send(seen);
    });
    looking.map_err(|_| PhotoError::NotLooked)?;
    heard.recv_timeout(until.saturating_duration_since(Instant::now())).unwrap_or(Err(PhotoError::TooMuch))
}

/// Looks in another process: the wish goes in before the bytes, what was seen comes out.
fn beside(program: &PathBuf, wish: Wish, bytes: &[u8], patience: Duration) -> Result<Seen, PhotoError> {
    let unstarted = |cause: io::Error| {
        tracing::error!(cause = ?cause.kind(), "reader process not started");
        PhotoError::NotLooked
    };
    let wish = serde_json::to_vec(&wish).map_err(|_| PhotoError::Broken)?;
    let mut started = Command::new(program);
    // Nothing of this program's surroundings is its business.
    started.arg(ARGUMENT).env_clear().envs(std::env::var_os(LIBRARIES).map(|folders| (LIBRARIES, folders)));
    started.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Ended(started.spawn().map_err(unstarted)?);
    let (Some(mut to), Some(from)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err(PhotoError::NotLooked);
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
    let said = heard.recv_timeout(patience).ok().and_then(Result::ok);
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
        // A program that says something else, one that never answers, and one that is none.
        let other = Looker::beside(PathBuf::from("/bin/cat"));
        assert_eq!(other.look(Wish::Photo, b"x"), Err(PhotoError::TooMuch), "what it says is no answer");
        let folder = tempfile::tempdir().unwrap();
        let asleep = folder.path().join("asleep");
        std::fs::write(&asleep, "#!/bin/sh\nexec sleep 600\n").unwrap();
        std::fs::set_permissions(&asleep, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let looked = beside(&asleep, Wish::Photo, b"x", Duration::from_millis(300));
        assert_eq!(looked, Err(PhotoError::TooMuch), "it is not waited for");
        let nothing = Looker::beside(PathBuf::from("/nothing/here"));
        assert_eq!(nothing.look(Wish::Photo, b"x"), Err(PhotoError::NotLooked), "and it is not the picture's fault");
    }

    /// Looks take turns; one that never ends keeps the others waiting for a while, and not for ever.
    #[test]
    fn a_seat_is_had_by_one_and_given_up_in_the_end() {
        static SEATS: Seats =
            Seats { taken: Mutex::new(Taken { since: None, turn: 0, lost: 0 }), free: Condvar::new() };
        let (soon, never) = (|| Instant::now() + Duration::from_millis(50), Duration::from_secs(600));
        let first = SEATS.take(soon(), never).unwrap();
        assert!(SEATS.take(soon(), never).is_none(), "it is taken");
        drop(first);
        let lost = SEATS.take(soon(), never).unwrap();
        let second = SEATS.take(soon(), Duration::ZERO).expect("whoever never ends is given up");
        drop(lost);
        assert!(SEATS.take(soon(), never).is_none(), "and frees nobody else's seat when it ends after all");
        drop(second);
        // As many as are given up and do not end, and no more.
        let mut lost = vec![SEATS.take(soon(), never).unwrap()];
        for _ in 0..MOST_GIVEN_UP {
            lost.push(SEATS.take(soon(), Duration::ZERO).unwrap());
        }
        assert!(SEATS.take(soon(), Duration::ZERO).is_none(), "they do not pile up");
        lost.clear();
        assert!(SEATS.take(soon(), never).is_some());
    }

    #[test]
    fn a_thread_sees_the_same() {
        let here = Looker::default();
        assert_eq!(here.look(Wish::Photo, b""), Err(PhotoError::Empty));
        // Deeper than the stack of an ordinary thread.
        let deep = format!("%PDF-1.4\n1 0 obj\n<</X {}{}>>\nendobj\n", "[".repeat(20_000), "]".repeat(20_000));
        assert_eq!(here.codes(Wish::Codes(Wanted::Any), deep.as_bytes()), Err(PhotoError::Broken));
        assert_eq!(here.look(Wish::StrangersCodes(Wanted::Certificate), b"%PDF-1.7"), Err(PhotoError::NotAPicture));
        assert_eq!(here.codes(Wish::Codes(Wanted::Any), b"%PDF-1.7 and nothing after it"), Err(PhotoError::Broken));
    }
}
