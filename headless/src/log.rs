//! The log of a device in a shell: a file in its folder, or the terminal where somebody asks for it. An answer is never mixed with it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;

/// The file, one JSON object a line; and the one before it.
const FILE: &str = "log.jsonl";
const BEFORE: &str = "log-before.jsonl";
/// Bytes from which on a new file begins.
const LONGEST: u64 = 1_000_000;

/// Begins the log: warnings and worse, or what `RUST_LOG` asks for.
pub(crate) fn begin(folder: &Path, to_the_terminal: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter);
    if to_the_terminal {
        log.with_writer(io::stderr).init();
    } else {
        let folder = folder.to_owned();
        log.with_writer(move || Line(folder.clone())).init();
    }
}

/// A line for the log of this folder. The file begins with the first one: a device about which there is nothing to say has none, and no
/// folder is made for it.
struct Line(PathBuf);

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // A folder that is not there, or cannot be written, has no log; what is wrong with it is said when it is opened.
        let _ = file(&self.0).and_then(|mut file| file.write_all(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn file(folder: &Path) -> io::Result<File> {
    let path = folder.join(FILE);
    if fs::metadata(&path).is_ok_and(|facts| facts.len() > LONGEST) {
        fs::rename(&path, folder.join(BEFORE))?;
    }
    OpenOptions::new().append(true).create(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_begins_anew_and_the_one_before_stays() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("device");
        assert_eq!(Line(home.clone()).write(b"lost").unwrap(), 4);
        assert!(!home.exists(), "no folder is made for a log");
        fs::create_dir(&home).unwrap();
        Line(home.clone()).write_all(b"one\n").unwrap();
        Line(home.clone()).write_all(b"two\n").unwrap();
        assert_eq!(fs::read(home.join(FILE)).unwrap(), b"one\ntwo\n");
        fs::write(home.join(FILE), vec![b'x'; 1_000_001]).unwrap();
        drop(file(&home).unwrap());
        assert_eq!(fs::metadata(home.join(FILE)).unwrap().len(), 0);
        assert_eq!(fs::metadata(home.join(BEFORE)).unwrap().len(), 1_000_001);
    }
}
