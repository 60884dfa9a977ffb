//! The resident's preferences, kept by a device and shown by its screens.

use serde::{Deserialize, Serialize};
use vicino_domain::Quiet;

/// The language of the interface.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system says; Italian when it speaks neither.
    #[default]
    System,
    /// Italiano.
    It,
    /// English.
    En,
}

/// The size of the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// As the system says.
    #[default]
    Normal,
    /// A quarter larger.
    Large,
    /// Half as large again.
    Larger,
}

/// The resident's preferences.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// The size of the text.
    pub text_size: TextSize,
    /// Nothing is sent while this is on.
    pub hold: bool,
    /// Photos go over a metered network too.
    pub photos_on_metered: bool,
    /// Tells whether the device tells of days that come near and of what offices ask.
    pub alerts: bool,
    /// When it does not.
    pub quiet: Quiet,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            text_size: TextSize::default(),
            hold: false,
            photos_on_metered: false,
            alerts: false,
            quiet: Quiet { from: 21, to: 8 },
        }
    }
}
