//! A folder that one program uses at a time.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// The file whose lock is the claim. It stays when the program ends; the lock does not.
const NAME: &str = "in-use";
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// The word of the system that nobody else uses a folder, for as long as this lives; also a killed program lets go.
#[derive(Debug)]
pub struct Claim(#[expect(dead_code, reason = "its lock is what counts")] Option<File>);

/// The reason why a folder is not claimed.
#[derive(Debug)]
pub enum Unclaimed {
    /// Another program uses it.
    Taken,
    /// The disk refuses.
    Io(io::Error),
}

impl fmt::Display for Unclaimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken => f.write_str("another program uses this folder"),
            Self::Io(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for Unclaimed {}

impl From<io::Error> for Unclaimed {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl Claim {
    /// Claims a folder that is there, waiting this long for whoever uses it.
    ///
    /// # Errors
    /// [`Unclaimed`]. On a disk that knows no locks a folder is claimed without one.
    pub fn on(folder: &Path, patience: Duration) -> Result<Self, Unclaimed> {
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(folder.join(NAME))?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(Some(file))),
                Err(TryLockError::Error(cause)) if knows_no_locks(&cause) => return Ok(Self(None)),
                Err(TryLockError::Error(cause)) => return Err(cause.into()),
                Err(TryLockError::WouldBlock) if Instant::now() >= until => return Err(Unclaimed::Taken),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            }
        }
    }
}

/// Returns whether a disk knows no locks: those of other machines, mounted without them, say so in more than one way.
fn knows_no_locks(cause: &io::Error) -> bool {
    // ENOLCK, ENOSYS and EOPNOTSUPP of Linux.
    let said = cfg!(target_os = "linux") && matches!(cause.raw_os_error(), Some(37 | 38 | 95));
    said || cause.kind() == io::ErrorKind::Unsupported
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = Claim::on(folder.path(), Duration::ZERO).unwrap();
        assert!(matches!(Claim::on(folder.path(), Duration::from_millis(50)), Err(Unclaimed::Taken)));
        drop(first);
        assert!(Claim::on(folder.path(), Duration::ZERO).is_ok());
        assert!(matches!(Claim::on(&folder.path().join("nowhere"), Duration::ZERO), Err(Unclaimed::Io(_))));
    }

    #[test]
    fn whoever_waits_is_next() {
        let folder = tempfile::tempdir().unwrap();
        let first = Claim::on(folder.path(), Duration::ZERO).unwrap();
        let there = folder.path().to_owned();
        let next = std::thread::spawn(move || Claim::on(&there, Duration::from_secs(30)).is_ok());
        std::thread::sleep(Duration::from_millis(50));
        drop(first);
        assert!(next.join().unwrap());
    }
}
