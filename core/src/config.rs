//! The way a device is opened: its folder, its clock, its keys, and what of the system it may use.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use vicino_contract::Failure;
use vicino_domain::Instant;
use vicino_pictures::looking::Looker;

/// Where the time comes from: the system, or a test's hand.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// The way an address is shown in the system's browser; whether one opened.
pub type Browser = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The way a file is shown in the system's own viewer; whether one opened.
pub type Viewer = Arc<dyn Fn(&Path) -> bool + Send + Sync>;

/// The way the program around the core runs the practice town kept in a folder: answers its address.
pub type Practise = Arc<dyn Fn(PathBuf) -> Pin<Box<dyn Future<Output = Result<String, Failure>> + Send>> + Send + Sync>;

/// Where the key of the private store is to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum KeyPlace {
    /// In the system's keyring; in an owner-only file where there is none, and the settings say so.
    #[default]
    Keyring,
    /// In an owner-only file: for tests, and for machines where nobody is signed in.
    OwnerFile,
}

/// The way to open a device.
#[derive(Clone)]
pub struct Opening {
    /// The folder that holds everything.
    pub folder: PathBuf,
    /// Where keys are to be kept.
    pub key: KeyPlace,
    /// Where the time comes from.
    pub clock: Clock,
    /// Opens the address of a sign-in. With none, the page shows the address as a link.
    pub browser: Option<Browser>,
    /// The kind of this device: `phone`, `computer`, `shell` or `browser`.
    pub kind: &'static str,
    /// The looker at pictures and papers from anywhere: a process of its own, where the program can start one.
    pub looker: Looker,
    /// Opens a file in another program. With none, the page itself offers the file.
    pub viewer: Option<Viewer>,
    /// Tells whether a sign-in comes back by the app's own scheme, as on phones, and not on a loopback port.
    pub deep_link: bool,
    /// The way the practice town is run, when somebody wishes to practise.
    pub practise: Option<Practise>,
}

impl Opening {
    /// The usual way: the system's keyring and clock.
    #[must_use]
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        let (key, clock) = (KeyPlace::default(), Arc::new(chrono::Utc::now));
        Self {
            folder: folder.into(),
            key,
            clock,
            browser: None,
            kind: "",
            looker: Looker::default(),
            viewer: None,
            deep_link: false,
            practise: None,
        }
    }
}
