//! Words of lists that later releases may lengthen: what is not known yet is kept as it came.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enum whose cases have a word on the wire.
pub trait WireWord: Copy + Eq + 'static {
    /// Returns the word on the wire.
    fn word(self) -> &'static str;
    /// Returns the case with this word.
    fn from_word(word: &str) -> Option<Self>;
}

/// A word on the wire: one of this release's, or one that it does not know. Both are written back as they were read.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Open<T> {
    /// A word of this release.
    Known(T),
    /// A word of another release.
    Unknown(String),
}

impl<T: WireWord> Open<T> {
    /// Reads a word.
    #[must_use]
    pub fn read(word: String) -> Self {
        T::from_word(&word).map_or(Self::Unknown(word), Self::Known)
    }

    /// Returns the case, when this release knows it.
    #[must_use]
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(known) => Some(*known),
            Self::Unknown(_) => None,
        }
    }

    /// Returns the word on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(known) => known.word(),
            Self::Unknown(word) => word,
        }
    }
}

impl<T> Default for Open<T> {
    /// The empty word, which means nothing in any release.
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl<T> From<T> for Open<T> {
    fn from(known: T) -> Self {
        Self::Known(known)
    }
}

impl<T: PartialEq> PartialEq<T> for Open<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(known) if known == other)
    }
}

impl<T: WireWord> fmt::Display for Open<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<T: WireWord> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T: WireWord> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReportState;

    #[test]
    fn a_word_of_tomorrow_is_written_back_as_it_came() {
        for word in ["received", "resolved", "frozen", ""] {
            let read: Open<ReportState> = serde_json::from_value(word.into()).unwrap();
            assert_eq!(read.known(), ReportState::from_code(word));
            assert_eq!(serde_json::to_value(&read).unwrap(), word);
        }
        let known = Open::from(ReportState::Resolved);
        assert!(known == ReportState::Resolved && known != ReportState::Received);
        assert!(Open::<ReportState>::default() != ReportState::Resolved);
    }
}
