//! Whether a form can be trusted to be drawn and checked: looked at once, when it comes from the town.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::gaps::pattern;
use super::{Form, Kind};

/// Most fields of a form, all repetitions apart.
const MOST_FIELDS: usize = 1_000;

/// Why a form is not taken.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormFault {
    /// Two things have one name.
    #[error("{0} stands there twice")]
    Twice(String),
    /// A name holds something else than small letters, digits and `_`.
    #[error("{0:?} is no name")]
    BadName(String),
    /// A condition looks at a field that is not there.
    #[error("a condition looks at {0}, which is not there")]
    NoField(String),
    /// A question depends, in the end, on itself.
    #[error("whether {0} is asked hangs on itself")]
    Loop(String),
    /// A pattern cannot be read, or is too large.
    #[error("the pattern of {0} cannot be used")]
    BadPattern(String),
    /// More fields than any device should draw.
    #[error("{0} fields are too many")]
    TooMany(usize),
    /// A repeated section that may not be filled as often as it must.
    #[error("{0} must be filled more often than it may")]
    Repeats(String),
}

impl Form {
    /// The fault of this form, if it has one.
    #[must_use]
    pub fn fault(&self) -> Option<FormFault> {
        let names = match self.names() {
            Ok(names) => names,
            Err(fault) => return Some(fault),
        };
        if names.len() > MOST_FIELDS {
            return Some(FormFault::TooMany(names.len()));
        }
        let odd = self
            .sections
            .iter()
            .find(|section| section.repeats.is_some_and(|times| times.max < times.min || times.max == 0));
        if let Some(section) = odd {
            return Some(FormFault::Repeats(section.id.clone()));
        }
        // What each field's being asked hangs on: its own condition and its section's.
        let mut hangs: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for section in &self.sections {
            let of_section = section.when.as_ref().map(super::Condition::fields).unwrap_or_default();
            for field in &section.fields {
                let name = format!("{}.{}", section.id, field.id);
                if let Kind::Text { pattern: Some(text), .. } = &field.kind
                    && pattern(text).is_none()
                {
                    return Some(FormFault::BadPattern(name));
                }
                let mut on = of_section.clone();
                on.extend(field.when.as_ref().map(super::Condition::fields).unwrap_or_default());
                hangs.insert(name, on);
            }
        }
        let signers =
            self.co_signers.iter().filter_map(|signer| signer.when.as_ref()).flat_map(super::Condition::fields);
        if let Some(missing) = hangs.values().flatten().copied().chain(signers).find(|name| !names.contains(*name)) {
            return Some(FormFault::NoField(missing.to_owned()));
        }
        looped(&hangs).map(FormFault::Loop)
    }

    /// The full name of every field; a fault where two share one or one is no name.
    fn names(&self) -> Result<BTreeSet<String>, FormFault> {
        let (mut sections, mut names) = (BTreeSet::new(), BTreeSet::new());
        for section in &self.sections {
            check_name(&section.id)?;
            if !sections.insert(section.id.as_str()) {
                return Err(FormFault::Twice(section.id.clone()));
            }
            for field in &section.fields {
                check_name(&field.id)?;
                let name = format!("{}.{}", section.id, field.id);
                if !names.insert(name.clone()) {
                    return Err(FormFault::Twice(name));
                }
            }
        }
        Ok(names)
    }
}

fn check_name(name: &str) -> Result<(), FormFault> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || !name.bytes().all(plain) { Err(FormFault::BadName(name.to_owned())) } else { Ok(()) }
}

/// A field that hangs on itself: what is left when, again and again, whatever hangs on nothing left is taken away.
fn looped(hangs: &BTreeMap<String, Vec<&str>>) -> Option<String> {
    let mut left: BTreeSet<&str> = hangs.keys().map(String::as_str).collect();
    loop {
        let free: Vec<&str> = left
            .iter()
            .copied()
            .filter(|name| hangs.get(*name).is_none_or(|on| on.iter().all(|other| !left.contains(other))))
            .collect();
        if free.is_empty() {
            return left.first().map(|name| (*name).to_owned());
        }
        for name in free {
            left.remove(name);
        }
    }
}
