//! What a resident typed into a form, exactly as typed: nothing that cannot be read is lost.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Form, Kind, Section};
use crate::{AttachmentId, text};

/// The path of an answer: `section.field`, or `section.2.field` in the third repeat of a section.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Path {
    /// The section.
    pub section: String,
    /// The repeat of the section, from 0.
    pub index: u16,
    /// The field.
    pub field: String,
}

/// A text that is no path.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the name of a field")]
pub struct BadPath;

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            0 => write!(f, "{}.{}", self.section, self.field),
            index => write!(f, "{}.{index}.{}", self.section, self.field),
        }
    }
}

impl FromStr for Path {
    type Err = BadPath;

    fn from_str(text: &str) -> Result<Self, BadPath> {
        let parts: Vec<&str> = text.split('.').collect();
        let (section, index, field) = match parts.as_slice() {
            [section, field] => (section, 0, field),
            [section, index, field] => (section, index.parse().map_err(|_| BadPath)?, field),
            _ => return Err(BadPath),
        };
        if section.is_empty() || field.is_empty() {
            return Err(BadPath);
        }
        Ok(Self { section: (*section).to_owned(), index, field: (*field).to_owned() })
    }
}

impl TryFrom<String> for Path {
    type Error = BadPath;

    fn try_from(text: String) -> Result<Self, BadPath> {
        text.parse()
    }
}

impl From<Path> for String {
    fn from(path: Path) -> Self {
        path.to_string()
    }
}

impl Serialize for Path {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The text as it was typed.
    Text(String),
    /// The choices that were made.
    Chosen(Vec<String>),
    /// Tells whether it was ticked.
    Ticked(bool),
    /// The files, by the identity made on the device.
    Files(Vec<AttachmentId>),
}

impl Answer {
    /// Returns whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(typed) => text::lines(typed).is_empty(),
            Self::Chosen(values) => values.is_empty(),
            Self::Ticked(ticked) => !ticked,
            Self::Files(files) => files.is_empty(),
        }
    }

    /// Drops the signs that nobody sees from what was typed.
    #[must_use]
    pub fn honest(&self) -> Self {
        match self {
            Self::Text(typed) => Self::Text(text::honest(typed)),
            other => other.clone(),
        }
    }

    /// Returns whether it is, or holds, this value.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        match self {
            Self::Text(text) => text.trim() == value,
            Self::Chosen(values) => values.iter().any(|chosen| chosen == value),
            Self::Ticked(ticked) => value == if *ticked { "yes" } else { "no" },
            Self::Files(_) => false,
        }
    }
}

/// Everything answered so far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<Path, Answer>);

impl Answers {
    /// The answer at this path.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Answer> {
        self.0.get(path).filter(|answer| !answer.is_empty())
    }

    /// Every file that answers name.
    pub fn files(&self) -> impl Iterator<Item = AttachmentId> {
        let named = self.0.values().filter_map(|answer| match answer {
            Answer::Files(files) => Some(files.iter().copied()),
            _ => None,
        });
        named.flatten()
    }

    /// Whom of the household they are about: the answer to the first question for a person.
    #[must_use]
    pub fn whom(&self, form: &Form) -> Option<&str> {
        form.sections.iter().find_map(|section| {
            let field = section.fields.iter().find(|field| field.kind == Kind::Person)?;
            match self.get(&Path { section: section.id.clone(), index: 0, field: field.id.clone() })? {
                Answer::Text(name) => Some(name.trim()),
                _ => None,
            }
        })
    }

    /// Removes a repeat of a section; those after it move up.
    pub fn remove_repeat(&mut self, section: &str, index: u16) {
        let (own, rest): (BTreeMap<Path, Answer>, BTreeMap<Path, Answer>) =
            std::mem::take(&mut self.0).into_iter().partition(|(path, _)| path.section == section);
        self.0 = rest;
        let kept = own.into_iter().filter(|(path, _)| path.index != index);
        self.0.extend(kept.map(|(path, answer)| {
            let moved = if path.index > index { path.index - 1 } else { path.index };
            (Path { index: moved, ..path }, answer)
        }));
    }

    /// Counts the repeats of a section: as many as have answers, and at least as many as are required.
    #[must_use]
    pub fn repeats(&self, section: &Section) -> u16 {
        let Some(repeats) = section.repeats else { return 1 };
        let filled =
            self.0.keys().filter(|path| path.section == section.id).map(|path| path.index.saturating_add(1)).max();
        filled.unwrap_or(0).max(repeats.min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back() {
        for text in ["who.name", "children.2.school"] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
        for text in ["", "who", "who.", ".name", "who.x.name", "a.1.b.c"] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
        let answers: Answers =
            serde_json::from_str(r#"{"who.name":{"text":"Anna"},"ok.yes":{"ticked":true}}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&answers).unwrap(),
            r#"{"ok.yes":{"ticked":true},"who.name":{"text":"Anna"}}"#
        );
    }
}
