//! What is missing or wrong before something may be sent (*pre-flight*): the same on the device, without a network, and on the server.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::{Answer, Answers, Asked, Form, FormField, Kind, Path};
use crate::AttachmentId;
use crate::codes::{self, BadCode};

/// Bytes a pattern may take up once read: far more than any format needs.
const MOST_PATTERN: usize = 64 * 1024;
/// Letters of an answer whose form names no limit.
const MOST_LETTERS: u32 = 500;

/// The facts known of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileFacts {
    /// The kind of its bytes, whatever its name says: a media type.
    pub media: String,
    /// The number of bytes.
    pub bytes: u64,
    /// The date the resident told of it.
    #[serde(default)]
    pub dated: Option<NaiveDate>,
}

/// The facts known beside the answers.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Today, by the calendar of the town.
    pub today: NaiveDate,
    /// Every file that is there.
    pub files: &'a BTreeMap<AttachmentId, FileFacts>,
    /// The names of the household, as the registry has them; `None`: not known yet, and not checked.
    pub household: Option<&'a [String]>,
    /// The names, as the form has them, of those who signed.
    pub signed: &'a [String],
    /// The most bytes of a file.
    pub file_bytes: u64,
}

/// A thing that is missing or wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldError {
    /// Where; `None`: it is about the whole.
    pub at: Option<Path>,
    /// The lack.
    pub lack: FieldErrorKind,
}

/// The part that is missing or wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldErrorKind {
    /// Nothing is there and something must be.
    Missing,
    /// The answer is of another kind than the question.
    OtherKind,
    /// Longer than the town takes.
    TooLong {
        /// Most characters.
        max: u32,
        /// Characters found.
        found: u32,
    },
    /// It does not look as it must.
    Pattern,
    /// It is no number, or has more decimals than asked for.
    NotANumber,
    /// Less than the least, in units of the last decimal.
    TooSmall(i64),
    /// More than the most, in units of the last decimal.
    TooLarge(i64),
    /// It is no date.
    NotADate,
    /// There is no such day.
    NoSuchDay,
    /// Before the first day taken.
    TooEarly(NaiveDate),
    /// After the last day taken.
    TooLate(NaiveDate),
    /// Not among what there is to choose from.
    NoSuchChoice,
    /// More than one was chosen.
    OneOnly,
    /// An official code that is not sound.
    Code(BadCode),
    /// Nobody of the household.
    NotOfTheHousehold,
    /// A file that was chosen is not there any more.
    FileGone,
    /// A file without a byte.
    FileEmpty,
    /// More bytes than the town takes.
    FileTooHeavy(u64),
    /// A file of a kind that is not taken: what its bytes are.
    FileKind(String),
    /// More files than asked for.
    TooManyFiles(u16),
    /// The date of the document is not told.
    FileUndated,
    /// The document was good until that day.
    FileExpired(NaiveDate),
    /// A section may be filled at most so often.
    TooMany(u16),
    /// This co-signer has not signed.
    NotSigned(String),
    /// The town does not take this service any more.
    ServiceClosed,
    /// It may not be sent before that day.
    NotYetOpen(NaiveDate),
    /// It could be sent until that day.
    Closed(NaiveDate),
    /// A kind of question of a release to come.
    UnknownKind,
}

/// Everything that is missing or wrong, in the order of the form; nothing: it may be sent. The form must be sound.
#[must_use]
pub fn gaps(form: &Form, answers: &Answers, known: &Known<'_>) -> Vec<FieldError> {
    let asked = Asked::new(form, answers);
    let mut found = Vec::new();
    for section in &form.sections {
        let repeats = answers.repeats(section);
        let most = section.repeats.map_or(1, |repeats| repeats.max);
        if repeats > most && asked.holds(section.when.as_ref(), 0) {
            let first = section.fields.first().map(|field| field.id.clone()).unwrap_or_default();
            let at = Path { section: section.id.clone(), index: most, field: first };
            found.push(FieldError { at: Some(at), lack: FieldErrorKind::TooMany(most) });
        }
        // Too many repeats are one error, not sixty thousand.
        for index in 0..repeats.min(most) {
            for field in &section.fields {
                let path = Path { section: section.id.clone(), index, field: field.id.clone() };
                if asked.field(&path)
                    && let Some(lack) = lack(field, answers.get(&path), known)
                {
                    found.push(FieldError { at: Some(path), lack });
                }
            }
        }
    }
    let unsigned = form.co_signers.iter().filter(|signer| asked.holds(signer.when.as_ref(), 0));
    let unsigned = unsigned.filter(|signer| !known.signed.contains(&signer.id));
    found.extend(unsigned.map(|signer| FieldError { at: None, lack: FieldErrorKind::NotSigned(signer.id.clone()) }));
    if let Some(opens) = form.opens_on.filter(|opens| known.today < *opens) {
        found.push(FieldError { at: None, lack: FieldErrorKind::NotYetOpen(opens) });
    }
    if let Some(closes) = form.closes_on.filter(|closes| known.today > *closes) {
        found.push(FieldError { at: None, lack: FieldErrorKind::Closed(closes) });
    }
    found
}

/// The fault of one answer.
fn lack(field: &FormField, answer: Option<&Answer>, known: &Known<'_>) -> Option<FieldErrorKind> {
    if field.kind == Kind::Unknown {
        // What cannot be drawn cannot be answered; what may be left out is.
        return field.required.then_some(FieldErrorKind::UnknownKind);
    }
    let Some(answer) = answer else { return field.required.then_some(FieldErrorKind::Missing) };
    match (&field.kind, answer) {
        (Kind::Choice { options, many }, Answer::Chosen(values)) => {
            let all = values.iter().all(|value| options.iter().any(|option| option.value == *value));
            match (all, *many || values.len() == 1) {
                (false, _) => Some(FieldErrorKind::NoSuchChoice),
                (true, false) => Some(FieldErrorKind::OneOnly),
                (true, true) => None,
            }
        }
        (Kind::Declaration, Answer::Ticked(_)) => None,
        (Kind::Attachment { types, most, good_for, .. }, Answer::Files(files)) => {
            if files.len() > usize::from(*most) {
                return Some(FieldErrorKind::TooManyFiles(*most));
            }
            files.iter().find_map(|id| file(known.files.get(id), types, *good_for, known))
        }
        (kind, Answer::Text(typed)) => text(kind, typed, known),
        _ => Some(FieldErrorKind::OtherKind),
    }
}

fn file(
    facts: Option<&FileFacts>,
    types: &[String],
    good_for: Option<u32>,
    known: &Known<'_>,
) -> Option<FieldErrorKind> {
    let Some(facts) = facts else { return Some(FieldErrorKind::FileGone) };
    if facts.bytes == 0 {
        return Some(FieldErrorKind::FileEmpty);
    }
    if facts.bytes > known.file_bytes {
        return Some(FieldErrorKind::FileTooHeavy(known.file_bytes));
    }
    if !types.contains(&facts.media) {
        return Some(FieldErrorKind::FileKind(facts.media.clone()));
    }
    let days = good_for?;
    let Some(dated) = facts.dated else { return Some(FieldErrorKind::FileUndated) };
    let until = dated.checked_add_days(Days::new(days.into()))?;
    (known.today > until).then_some(FieldErrorKind::FileExpired(until))
}

fn text(kind: &Kind, typed: &str, known: &Known<'_>) -> Option<FieldErrorKind> {
    let typed = typed.trim();
    let most = if let Kind::Text { max, .. } = kind { *max } else { MOST_LETTERS };
    let found = crate::text::count(typed);
    if found > most {
        return Some(FieldErrorKind::TooLong { max: most, found });
    }
    let code = |read: Result<String, BadCode>| read.err().map(FieldErrorKind::Code);
    match kind {
        Kind::Text { pattern: Some(asked), .. } => {
            (!pattern(asked).is_some_and(|asked| asked.is_match(typed))).then_some(FieldErrorKind::Pattern)
        }
        Kind::Number { decimals, min, max } => match codes::decimal(typed, *decimals) {
            Err(_) => Some(FieldErrorKind::NotANumber),
            Ok(number) => match (min.filter(|min| number < *min), max.filter(|max| number > *max)) {
                (Some(min), _) => Some(FieldErrorKind::TooSmall(min)),
                (None, Some(max)) => Some(FieldErrorKind::TooLarge(max)),
                (None, None) => None,
            },
        },
        Kind::Date { from, to } => match codes::date(typed) {
            Err(BadCode::Date) => Some(FieldErrorKind::NoSuchDay),
            Err(_) => Some(FieldErrorKind::NotADate),
            Ok(day) => {
                let bound = |days: &Option<i32>| days.and_then(|days| shifted(known.today, days));
                match (bound(from).filter(|from| day < *from), bound(to).filter(|to| day > *to)) {
                    (Some(from), _) => Some(FieldErrorKind::TooEarly(from)),
                    (None, Some(to)) => Some(FieldErrorKind::TooLate(to)),
                    (None, None) => None,
                }
            }
        },
        Kind::TaxCode => code(codes::tax_code(typed)),
        Kind::VatNumber => code(codes::vat_number(typed)),
        Kind::Iban => code(codes::iban(typed)),
        Kind::PostalCode => code(codes::postal_code(typed)),
        Kind::Phone => code(codes::phone(typed)),
        Kind::Email => code(codes::email(typed)),
        Kind::Person => {
            let stranger = known.household.is_some_and(|household| !household.iter().any(|name| name == typed));
            stranger.then_some(FieldErrorKind::NotOfTheHousehold)
        }
        Kind::Text { pattern: None, .. } | Kind::Address => None,
        Kind::Choice { .. } | Kind::Attachment { .. } | Kind::Declaration | Kind::Unknown => {
            Some(FieldErrorKind::OtherKind)
        }
    }
}

fn shifted(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    let by = Days::new(days.unsigned_abs().into());
    if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) }
}

/// A pattern of a form, matched against the whole; `None` when it cannot be used. It is read in linear time, whatever it says.
pub(super) fn pattern(text: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{text})$")).size_limit(MOST_PATTERN).build().ok()
}

#[cfg(test)]
mod tests;
