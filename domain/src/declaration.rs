//! Self-certifications (*dichiarazioni sostitutive*, art. 46 DPR 445/2000): a wording, filled with what the registry knows and what is typed.
//!
//! Wordings are data, in Italian, the language of the acts; a statement is for oneself, or for a child in one's care.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::registry::Entry;
use crate::{Cents, codes, italian_day, said_on, text};

/// The most letters typed into a blank.
pub const LONGEST_BLANK: u32 = 200;

/// The earliest year that anybody declares something of.
const EARLIEST_YEAR: i32 = 1900;

/// Everything that can be declared.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Wordings {
    /// What is to be known about these texts.
    pub notice: String,
    /// The statements.
    pub statements: Vec<Statement>,
}

/// A thing that can be declared.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Statement {
    /// The word in a shell.
    pub code: String,
    /// The name.
    pub title: String,
    /// The English text.
    pub title_en: String,
    /// The way somebody says it of themselves, with blanks in braces.
    pub own: String,
    /// The way a parent says it of a child.
    pub ward: String,
    /// The blanks that are typed.
    #[serde(default)]
    pub asks: Vec<Blank>,
}

/// Something that only the writer knows.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Blank {
    /// The name in the wording.
    pub name: String,
    /// The question.
    pub label: String,
    /// The English text.
    pub label_en: String,
    /// The kind, by which what is typed is read.
    #[serde(default)]
    pub kind: BlankKind,
}

/// The way a blank is read, and written into its sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankKind {
    /// Words, as they are typed.
    #[default]
    Text,
    /// A sum in euro, however its thousands and decimals are typed; written as `12.000,00`.
    Amount,
    /// A year of four digits that has begun.
    Year,
}

/// The reason why what is typed does not fill a blank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlankFault {
    /// Nothing is there.
    Missing,
    /// More letters than [`LONGEST_BLANK`].
    TooLong,
    /// It is no sum in euro.
    NotASum,
    /// It is no year.
    NotAYear,
    /// The year is still to come.
    NotYet,
}

impl BlankKind {
    /// The words of the sentence.
    ///
    /// # Errors
    /// The reason why what was typed is no such thing in this year.
    pub fn read(self, typed: &str, this_year: i32) -> Result<String, BlankFault> {
        let text = text::line(typed);
        if text.is_empty() {
            return Err(BlankFault::Missing);
        }
        match self {
            Self::Text if text::count(&text) > LONGEST_BLANK => Err(BlankFault::TooLong),
            Self::Text => Ok(text),
            Self::Amount => {
                let sum = codes::decimal(&text, 2).ok().filter(|sum| *sum >= 0);
                sum.map(|sum| Cents(sum).grouped()).ok_or(BlankFault::NotASum)
            }
            Self::Year => {
                let plain = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
                match text.parse::<i32>() {
                    Ok(year) if plain && year > this_year => Err(BlankFault::NotYet),
                    Ok(year) if plain && year >= EARLIEST_YEAR => Ok(text),
                    _ => Err(BlankFault::NotAYear),
                }
            }
        }
    }
}

/// The part that a statement still lacks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lacking {
    /// The registry does not say this.
    Registry(String),
    /// The text of this blank is missing, or is not of its kind.
    Typed(String),
}

impl Statement {
    /// The sentence as it is said in this year, of oneself or of a child; or the first thing that it lacks.
    ///
    /// # Errors
    /// [`Lacking`].
    pub fn fill(
        &self,
        about: &Entry,
        ward: bool,
        typed: &BTreeMap<String, String>,
        this_year: i32,
    ) -> Result<String, Lacking> {
        // Before anything of theirs is in it: a name is not bent.
        let wording = about.agreed(if ward { &self.ward } else { &self.own });
        let mut rest = wording.as_str();
        let mut said = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            said = said_on(&said, &self.blank(name, about, typed, this_year)?);
            rest = after;
        }
        said.push_str(rest);
        Ok(said)
    }

    fn blank(
        &self,
        name: &str,
        about: &Entry,
        typed: &BTreeMap<String, String>,
        this_year: i32,
    ) -> Result<String, Lacking> {
        if let Some(blank) = self.asks.iter().find(|blank| blank.name == name) {
            let typed = typed.get(name).map(String::as_str).unwrap_or_default();
            return blank.kind.read(typed, this_year).map_err(|_| Lacking::Typed(name.to_owned()));
        }
        let known = match name {
            "name" => Some(about.name.clone()),
            "tax_code" => Some(about.tax_code.clone()),
            "born_on" => Some(italian_day(about.born_on)),
            "born_in" => about.born_in.clone(),
            "address" => Some(about.address.clone()),
            "town" => Some(about.town.clone()),
            "resident_since" => about.resident_since.map(italian_day),
            "citizenship" => about.citizenship.clone(),
            "civil_status" => about.civil_status.map(|status| about.agreed(status.said())),
            "family" => Some(about.family_with_kinship()),
            _ => None,
        };
        known.ok_or_else(|| Lacking::Registry(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn entry() -> Entry {
        Entry {
            name: "Giulia Moretti".into(),
            tax_code: "MRTGLI14P61X999Y".into(),
            born_on: NaiveDate::from_ymd_opt(2014, 9, 21).unwrap(),
            born_in: Some("Pietrachiara".into()),
            address: "Via Roma 14".into(),
            town: "Pietrachiara".into(),
            resident_since: None,
            citizenship: Some("italiana".into()),
            civil_status: None,
            family: Vec::new(),
        }
    }

    fn statement(own: &str, asks: &[&str]) -> Statement {
        let blank = |name: &&str| Blank {
            name: (*name).into(),
            label: String::new(),
            label_en: String::new(),
            kind: BlankKind::Text,
        };
        let (code, title) = (String::from("x"), String::new());
        let asks = asks.iter().map(blank).collect();
        Statement { code, title_en: title.clone(), title, own: own.into(), ward: format!("{{name}}: {own}"), asks }
    }

    #[test]
    fn sums_and_years_are_read_as_such() {
        for (kind, typed, said) in [
            (BlankKind::Amount, "12.000", Ok("12.000,00")),
            (BlankKind::Amount, "12000,5", Ok("12.000,50")),
            (BlankKind::Amount, " 1 234 567,89 ", Ok("1.234.567,89")),
            (BlankKind::Amount, "20.00.0", Err(BlankFault::NotASum)),
            (BlankKind::Amount, "-5", Err(BlankFault::NotASum)),
            (BlankKind::Amount, "tanto", Err(BlankFault::NotASum)),
            (BlankKind::Amount, " ", Err(BlankFault::Missing)),
            (BlankKind::Year, "2026", Ok("2026")),
            (BlankKind::Year, "2027", Err(BlankFault::NotYet)),
            (BlankKind::Year, "25", Err(BlankFault::NotAYear)),
            (BlankKind::Year, "0000", Err(BlankFault::NotAYear)),
            (BlankKind::Year, "20a5", Err(BlankFault::NotAYear)),
            (BlankKind::Text, "\u{fe0f}", Err(BlankFault::Missing)),
        ] {
            assert_eq!(kind.read(typed, 2026), said.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn it_says_what_is_known_and_asks_for_the_rest() {
        let typed = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let birth = statement("di essere nato/a a {born_in} il {born_on}", &[]);
        assert_eq!(
            birth.fill(&entry(), false, &typed(&[]), 2026).unwrap(),
            "di essere nata a Pietrachiara il 21 settembre 2014"
        );
        let eighth = Entry { born_on: NaiveDate::from_ymd_opt(2014, 3, 8).unwrap(), ..entry() };
        assert!(birth.fill(&eighth, false, &typed(&[]), 2026).unwrap().ends_with("a Pietrachiara l’8 marzo 2014"));
        assert!(birth.fill(&entry(), true, &typed(&[]), 2026).unwrap().starts_with("Giulia Moretti: "));
        let since = statement("dal {resident_since}", &[]);
        assert_eq!(since.fill(&entry(), false, &typed(&[]), 2026), Err(Lacking::Registry("resident_since".into())));
        let income = statement("euro {income} nel {year}", &["income", "year"]);
        let missing = Err(Lacking::Typed("year".into()));
        assert_eq!(income.fill(&entry(), false, &typed(&[("income", " 12.000 "), ("year", "  ")]), 2026), missing);
        let whole = income.fill(&entry(), false, &typed(&[("income", " 12.000\n"), ("year", "2025")]), 2026);
        assert_eq!(whole.unwrap(), "euro 12.000 nel 2025");
        let long = typed(&[("income", &"9".repeat(201)), ("year", "2025")]);
        assert_eq!(income.fill(&entry(), false, &long, 2026), Err(Lacking::Typed("income".into())));
        // What is typed is words, never a blank of its own.
        let sly = income.fill(&entry(), false, &typed(&[("income", "{tax_code}"), ("year", "2025")]), 2026);
        assert_eq!(sly.unwrap(), "euro {tax_code} nel 2025");
    }
}
