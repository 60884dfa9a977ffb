//! What the interface learns of a failure: a stable code, the fields, and whether trying again can help.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use vicino_domain::Invalid;

/// The outer face of an error. Its causes stay inside the core, in the log; the interface turns the code into words.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[error("{code:?}")]
pub struct Failure {
    /// Which sentence to say.
    pub code: FailureCode,
    /// The fields to correct, when the code is [`FailureCode::Invalid`].
    #[serde(default)]
    pub invalid: Vec<Invalid>,
    /// Tells whether the same call may succeed later.
    #[serde(default)]
    pub retry: bool,
}

/// Every failure a resident can meet. A code, once released, keeps its meaning.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// Some fields are not as the town needs them.
    Invalid,
    /// Nothing of that name is on this device.
    NotFound,
    /// It was sent already and can no longer be changed.
    AlreadySent,
    /// The file is empty.
    PhotoEmpty,
    /// The bytes are no picture this device can read.
    PhotoNotAPicture,
    /// The picture is HEIC or AVIF, which must be converted first.
    PhotoHeic,
    /// It begins as a picture, and cannot be read to the end.
    PhotoBroken,
    /// More than 40 MB.
    PhotoTooHeavy,
    /// More pixels than are read here: 120 million of a JPEG, 52 million of others.
    PhotoTooLarge,
    /// The paper is locked with a password.
    PaperLocked,
    /// Looking at all of the file takes more time or memory than it may have.
    TooMuchWork,
    /// Another file is read just now; this one can be tried again soon.
    StillReading,
    /// The report holds as many photos as the town accepts.
    PhotoTooMany,
    /// The file is empty.
    FileEmpty,
    /// The file has more bytes than the town takes.
    FileTooHeavy,
    /// The file is, by its bytes, of a kind that is not taken here.
    FileKind,
    /// As many files as the town takes are there already.
    FileTooMany,
    /// The file on this disk is not what it was, and the town does not have it.
    FileDamaged,
    /// The file on this disk is not what it was: it is fetched from the town again.
    FileAgain,
    /// A name has more letters than are kept.
    NameTooLong,
    /// Nothing on this system shows such a file.
    NoViewer,
    /// The text typed is no date.
    NotADate,
    /// No calendar has such a day.
    NoSuchDay,
    /// A notice that is paid, or that nobody may pay any more: it is not shown at a counter.
    NotToPay,
    /// A public body may not ask for a certificate: it takes a self-certification (art. 40 DPR 445/2000).
    SelfCertify,
    /// Something of a self-certification is not chosen or not written yet.
    DeclarationLacks,
    /// This town does not issue such a certificate, or not like this.
    CertificateWish,
    /// Nobody has this tax code: it is not sound.
    NoSuchCode,
    /// This service cannot be asked for now.
    ServiceClosed,
    /// The form of this service cannot be used: the town did not sign for it, or this app is too old for it.
    FormUnusable,
    /// The payment page cannot be reached now; nothing was paid.
    CheckoutUnreachable,
    /// The payment page refuses these notices; nothing was paid.
    CheckoutRefused,
    /// The payment page answered nonsense; nothing was paid.
    CheckoutNonsense,
    /// The town does not know this notice, and takes it only from somebody it knows.
    SignInToPay,
    /// This town takes no payments from here.
    NoPayments,
    /// The disk is full; nothing already saved was touched.
    DiskFull,
    /// The device's own store could not be read or written.
    Storage,
    /// No town has been joined yet.
    NotJoined,
    /// The text typed is not an address at which a town may be reached.
    NotAnAddress,
    /// Another town was joined on this device before.
    OtherTown,
    /// This store belongs to somebody else: they sign in with their own.
    OtherPerson,
    /// The town did not believe the sign-in, or it was given up.
    SignInRefused,
    /// Nobody is signed in: what is the resident's own stays as it was last read.
    SignedOut,
    /// The town answers, and cannot do it now.
    NotNow,
    /// What the town shipped as a whole is not what it signed for; it is read piece by piece instead.
    BadSnapshot,
    /// The town cannot be reached now.
    Unreachable,
    /// The answer is no town's, or its signature does not hold.
    NotATown,
    /// The interface asked for something this core does not know, or asked it wrongly.
    BadCall,
    /// A fault of the program; the log says more.
    Internal,
}

impl FailureCode {
    /// The code as it stands on the wire and in a log.
    #[must_use]
    pub fn code(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(code)) => code,
            _ => String::from("internal"),
        }
    }
}

impl Failure {
    /// A failure that trying again does not mend.
    #[must_use]
    pub const fn new(code: FailureCode) -> Self {
        Self { code, invalid: Vec::new(), retry: false }
    }

    /// A failure that may be gone on the next try.
    #[must_use]
    pub const fn passing(code: FailureCode) -> Self {
        Self { code, invalid: Vec::new(), retry: true }
    }

    /// Fields that need correcting.
    #[must_use]
    pub const fn invalid(invalid: Vec<Invalid>) -> Self {
        Self { code: FailureCode::Invalid, invalid, retry: false }
    }
}
