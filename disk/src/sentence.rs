//! Sentences for faults of the disk and the network, where the system itself has only a number.

use std::io::{self, ErrorKind};
use std::path::Path;

/// A sentence of ours inside a fault; a library's own words are none.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Sentence(String);

/// A fault of this kind that is told in this sentence.
#[must_use]
pub fn saying(kind: ErrorKind, sentence: impl Into<String>) -> io::Error {
    io::Error::new(kind, Sentence(sentence.into()))
}

/// A fault as a person is told of it.
#[must_use]
pub fn sentence(cause: &io::Error) -> String {
    if let Some(Sentence(ours)) = cause.get_ref().and_then(|inner| inner.downcast_ref()) {
        return ours.clone();
    }
    let said = match cause.kind() {
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::PermissionDenied => "it may not be read or written by this user",
        ErrorKind::AlreadyExists => "it is there already",
        ErrorKind::IsADirectory => "it is a folder, and no file",
        ErrorKind::NotADirectory => "it is a file, and no folder",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full",
        ErrorKind::ReadOnlyFilesystem => "the disk is locked against writing",
        ErrorKind::InvalidData => "it is no text in UTF-8",
        ErrorKind::InvalidFilename => "no file can be called that",
        ErrorKind::AddrInUse => "another program listens there",
        ErrorKind::AddrNotAvailable => "this machine has no such address",
        _ => "it cannot be read or written",
    };
    said.to_owned()
}

/// A fault told with the name of its file or its address.
#[must_use]
pub fn named(what: impl std::fmt::Display, cause: &io::Error) -> io::Error {
    saying(cause.kind(), format!("{what}: {}", sentence(cause)))
}

/// The reason why nobody can be heard at an address.
#[must_use]
pub fn unheard(address: &str, cause: &io::Error) -> io::Error {
    let why = match cause.kind() {
        ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable => return named(address, cause),
        ErrorKind::PermissionDenied => "this user may not listen there",
        _ => "no address to listen on, such as 127.0.0.1:8787",
    };
    saying(cause.kind(), format!("{address}: {why}"))
}

/// The text of a file.
///
/// # Errors
/// A sentence that names the file.
pub fn read_text(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path).map_err(|cause| named(path.display(), &cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_system_reaches_a_person() {
        for code in [1, 2, 13, 17, 20, 21, 22, 24, 28, 30, 36, 98, 99, 111, 122] {
            let said = sentence(&io::Error::from_raw_os_error(code));
            assert!(!said.contains("os error") && said.is_ascii(), "{code}: {said}");
        }
        let folder = tempfile::tempdir().unwrap();
        let missing = read_text(&folder.path().join("x")).unwrap_err();
        assert!(missing.to_string().ends_with("x: there is no such file or folder"), "{missing}");
        assert_eq!(sentence(&missing), missing.to_string(), "a sentence of ours stays");
        let library = io::Error::other("failed to lookup address information");
        assert!(!sentence(&library).contains("lookup"), "a library's does not");
        assert!(unheard("nohost:80", &library).to_string().contains("no address to listen on"));
        std::fs::write(folder.path().join("y"), [0xff]).unwrap();
        assert!(read_text(&folder.path().join("y")).unwrap_err().to_string().contains("no text"));
    }
}
