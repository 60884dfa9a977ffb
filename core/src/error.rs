//! What can go wrong inside, and the one place where it becomes a [`Failure`].

use std::io;

use rusqlite::ErrorCode;
use thiserror::Error as Causes;
use vicino_contract::{Failure, FailureCode};

use vicino_pictures::photo::PhotoError;

/// A cause; it goes to the log, never to the screen.
#[derive(Debug, Causes)]
pub(crate) enum Error {
    #[error("store: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("store schema: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    #[error("file: {0}")]
    Io(#[from] io::Error),
    #[error("keyring: {0}")]
    Keyring(#[from] crate::platform::Error),
    #[error("a file of another release")]
    OtherForm,
    #[error("what the town shipped is not what it signed for: {0}")]
    BadSnapshot(&'static str),
    #[error("a stored value is of another shape: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a sealed file does not open with this device's key")]
    Seal,
    #[error("the system has no randomness to give")]
    NoRandomness,
    #[error("photo: {0}")]
    Photo(#[from] PhotoError),
    #[error("another program has this folder open")]
    InUse,
    #[error("the key of a store that is here is missing")]
    KeyIsMissing,
    #[error("the store of a folder that had one is gone")]
    StoreIsMissing,
    #[error("the store does not open with its key")]
    KeyDoesNotFit,
    #[error("a page of the store could not be read")]
    Damaged,
    #[error("the SQLite inside is {0}: older than 3.51.3, which can corrupt a write-ahead log")]
    OldSqlite(&'static str),
    /// Already an outer word.
    #[error("{0}")]
    Refused(#[from] Failure),
}

impl Error {
    /// Nothing here under this identity.
    pub(crate) const fn not_found() -> Self {
        Self::Refused(Failure::new(FailureCode::NotFound))
    }
}

impl From<vicino_records::RecordsError> for Error {
    fn from(cause: vicino_records::RecordsError) -> Self {
        match cause {
            vicino_records::RecordsError::Sqlite(cause) => Self::Sqlite(cause),
        }
    }
}

impl Error {
    /// The outer word for it.
    pub(crate) fn code(&self) -> FailureCode {
        match self {
            Self::Refused(failure) => failure.code,
            Error::Photo(photo) => spoken(*photo),
            cause if sqlite_code(cause) == Some(ErrorCode::DiskFull) => FailureCode::DiskFull,
            Error::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => FailureCode::DiskFull,
            Error::Sqlite(_)
            | Error::Migration(_)
            | Error::Io(_)
            | Error::Seal
            | Error::OldSqlite(_)
            | Error::OtherForm
            | Error::InUse
            | Error::KeyIsMissing
            | Error::KeyDoesNotFit
            | Error::StoreIsMissing
            | Error::Damaged
            | Error::Keyring(_) => FailureCode::Storage,
            Error::BadSnapshot(_) => FailureCode::BadSnapshot,
            Error::Json(_) | Error::NoRandomness => FailureCode::Internal,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Refused(failure) => return failure.clone(),
            Error::Photo(photo) => return Self::new(spoken(*photo)),
            _ => {}
        }
        tracing::error!(cause = %error, "command failed");
        Self::passing(error.code())
    }
}

/// The code for which the interface has a sentence about a picture.
const fn spoken(photo: PhotoError) -> FailureCode {
    match photo {
        PhotoError::Empty => FailureCode::PhotoEmpty,
        PhotoError::NotAPicture => FailureCode::PhotoNotAPicture,
        PhotoError::Heic => FailureCode::PhotoHeic,
        PhotoError::Broken | PhotoError::NotClean => FailureCode::PhotoBroken,
        PhotoError::TooHeavy => FailureCode::PhotoTooHeavy,
        PhotoError::TooLarge => FailureCode::PhotoTooLarge,
        PhotoError::Locked => FailureCode::PaperLocked,
        PhotoError::TooMuch => FailureCode::TooMuchWork,
        PhotoError::StillLooking => FailureCode::StillReading,
        PhotoError::NotLooked => FailureCode::Internal,
    }
}

/// Returns whether a file cannot be read as what it is: its bytes are not what was written.
pub(crate) fn is_spoiled(cause: &Error) -> bool {
    matches!(sqlite_code(cause), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// Returns whether an encrypted file cannot be read as what it is. Once its codec has met a spoiled page it says *out of memory* to everything.
pub(crate) fn is_unreadable(cause: &Error) -> bool {
    is_spoiled(cause) || sqlite_code(cause) == Some(ErrorCode::OutOfMemory)
}

/// The code that SQLite gave, also while a schema was brought up.
fn sqlite_code(cause: &Error) -> Option<ErrorCode> {
    match cause {
        Error::Sqlite(cause) | Error::Migration(rusqlite_migration::Error::RusqliteError { err: cause, .. }) => {
            cause.sqlite_error_code()
        }
        _ => None,
    }
}

/// The reason why a device's folder cannot be used, for a person at a shell; the underlying cause is in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Causes)]
pub enum OpenError {
    /// Another program has it open.
    #[error("Vicino is open on this folder already: close it there first, and try again")]
    InUse,
    /// A later release wrote it.
    #[error("a newer Vicino has written here: update this one. Nothing was changed")]
    Newer,
    /// The disk is full.
    #[error("the disk is full: make room and try again. What was saved is safe")]
    DiskFull,
    /// The key is gone with which everything private here was locked.
    #[error(
        "the key to what is kept here is missing: put store.key, or the system's keyring, back. Nothing was changed"
    )]
    KeyIsMissing,
    /// The private store of a device that had one is gone.
    #[error(
        "private.db is gone: put it back from a copy. If there is none, `vicino-headless mend` begins anew and keeps the files that belong to it"
    )]
    StoreIsMissing,
    /// What is kept here was not written with the key that is here, or its beginning is damaged.
    #[error(
        "what is kept here does not open with the key that is here: put the right store.key, or the system's keyring, back. If there is none, `vicino-headless mend` begins anew and keeps what is here beside it"
    )]
    KeyDoesNotFit,
    /// The bytes on the disk are not what was written.
    #[error(
        "what is kept here is damaged: `vicino-headless mend` saves what can still be read, and keeps the rest beside it"
    )]
    Damaged,
    /// The folder may not be read or written.
    #[error("this folder may not be read or written: is it another user's, or on a disk that is locked?")]
    Refused,
    /// A file stands where the folder should be.
    #[error("there is a file where the folder of a device should be: name another folder")]
    NotAFolder,
    /// The disk does not answer as it should.
    #[error("the disk of this folder could not be read or written: was it unplugged, or is it worn out?")]
    Disk,
    /// Anything else.
    #[error("the folder of this device cannot be used; the log says why (`-v` shows it)")]
    Other,
}

impl From<&Error> for OpenError {
    fn from(cause: &Error) -> Self {
        use rusqlite_migration::{Error as Step, MigrationDefinitionError};
        match cause {
            Error::InUse => Self::InUse,
            Error::KeyIsMissing => Self::KeyIsMissing,
            Error::KeyDoesNotFit => Self::KeyDoesNotFit,
            Error::StoreIsMissing => Self::StoreIsMissing,
            Error::Damaged => Self::Damaged,
            Error::Migration(Step::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)) => Self::Newer,
            cause if cause.code() == FailureCode::DiskFull => Self::DiskFull,
            cause if is_unreadable(cause) => Self::Damaged,
            Error::Io(cause) if matches!(cause.kind(), io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists) => {
                Self::NotAFolder
            }
            Error::Io(cause) if is_refusal(cause.kind()) => Self::Refused,
            cause if sqlite_code(cause).is_some_and(is_shut) => Self::Refused,
            cause if sqlite_code(cause) == Some(ErrorCode::SystemIoFailure) => Self::Disk,
            Error::Io(cause) if is_of_the_disk(cause) => Self::Disk,
            _ => Self::Other,
        }
    }
}

fn is_refusal(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Returns whether the device itself failed, and not what was asked of it: EIO, ENXIO, ENODEV, ESTALE, EUCLEAN.
fn is_of_the_disk(cause: &io::Error) -> bool {
    cfg!(unix) && cause.raw_os_error().is_some_and(|code| [5, 6, 19, 116, 117].contains(&code))
}

fn is_shut(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
}
