//! The resident's preferences.

use serde::{Deserialize, Serialize};

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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
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
}
