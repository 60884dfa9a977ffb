//! A service's form: sections and fields as the town declares them, with no code inside.
//!
//! The same rules run on the device before anything is sent and on the server again ([`gaps`]). A form is checked once, when it comes
//! ([`Form::fault`]): what it asks of whom is then a function of its answers.
//!
//! | noun | is |
//! |---|---|
//! | [`Form`], [`Section`], [`FormField`] | what is asked, in order |
//! | [`Kind`] | how an answer looks |
//! | [`Condition`] | when something is asked at all |
//! | [`Answers`] | what a resident typed, as typed |
//! | [`FieldError`] | what is missing or wrong, and where |

mod answers;
mod condition;
mod gaps;
mod soundness;

use serde::{Deserialize, Serialize};

pub use answers::{Answer, Answers, Path};
pub use condition::{Asked, Condition};
pub use gaps::{FieldError, FieldErrorKind, FileFacts, Known, gaps};
pub use soundness::FormFault;

/// The form of a service.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Form {
    /// Grows with every change; a draft keeps the one it was begun with.
    pub version: u32,
    /// In the order they are asked.
    pub sections: Vec<Section>,
    /// Who else must sign before an office may look at it: the kinds of tie to the resident, in words.
    #[serde(default)]
    pub co_signers: Vec<CoSigner>,
    /// The first day on which it may be sent.
    #[serde(default)]
    pub opens_on: Option<chrono::NaiveDate>,
    /// The last day on which it may be sent.
    #[serde(default)]
    pub closes_on: Option<chrono::NaiveDate>,
}

/// Somebody else who must sign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CoSigner {
    /// The name among the form's.
    pub id: String,
    /// Who they are, such as *L'altro genitore*.
    pub label: String,
    /// When they must; always when nothing stands here.
    #[serde(default)]
    pub when: Option<Condition>,
}

/// A part of a form under a heading.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Section {
    /// The name among the form's.
    pub id: String,
    /// The heading.
    pub title: String,
    /// A sentence below it.
    #[serde(default)]
    pub help: Option<String>,
    /// When it is asked; always when nothing stands here.
    #[serde(default)]
    pub when: Option<Condition>,
    /// How often it may be filled; once when nothing stands here.
    #[serde(default)]
    pub repeats: Option<Repeats>,
    /// The question.
    pub fields: Vec<FormField>,
}

/// The number of times a section may be filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Repeats {
    /// At least.
    pub min: u16,
    /// At most.
    pub max: u16,
}

/// A question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FormField {
    /// The name among its section's.
    pub id: String,
    /// The question.
    pub label: String,
    /// A sentence that helps to answer it.
    #[serde(default)]
    pub hint: Option<String>,
    /// Tells whether it may not be left out.
    #[serde(default)]
    pub required: bool,
    /// When it is asked; always when nothing stands here.
    #[serde(default)]
    pub when: Option<Condition>,
    /// The kind of its answer.
    #[serde(flatten)]
    pub kind: Kind,
}

/// The kind of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Words.
    Text {
        /// Most characters.
        max: u32,
        /// Tells whether the text has several lines.
        #[serde(default)]
        long: bool,
        /// What it must look like: a regular expression without look-around, matched against the whole.
        #[serde(default)]
        pattern: Option<String>,
    },
    /// A number.
    Number {
        /// Digits after the comma.
        #[serde(default)]
        decimals: u32,
        /// The least, in units of the last decimal.
        #[serde(default)]
        min: Option<i64>,
        /// The most, in units of the last decimal.
        #[serde(default)]
        max: Option<i64>,
    },
    /// A day.
    Date {
        /// The first one taken, in days from today.
        #[serde(default)]
        from: Option<i32>,
        /// The last one taken, in days from today.
        #[serde(default)]
        to: Option<i32>,
    },
    /// One of these, or several.
    Choice {
        /// The choices.
        options: Vec<Choice>,
        /// Tells whether several may be chosen.
        #[serde(default)]
        many: bool,
    },
    /// An address in words.
    Address,
    /// A tax code.
    TaxCode,
    /// A VAT number.
    VatNumber,
    /// The number of a bank account.
    Iban,
    /// An Italian postal code.
    PostalCode,
    /// A telephone number.
    Phone,
    /// A mail address.
    Email,
    /// Somebody of the household, by their name in the registry.
    Person,
    /// Files.
    Attachment {
        /// Media types taken, such as `application/pdf`.
        types: Vec<String>,
        /// Most files.
        #[serde(default = "one")]
        most: u16,
        /// The number of days after its date a document is still good; the resident tells the date.
        #[serde(default)]
        good_for: Option<u32>,
        /// Which papers people have at home would do, by the words of [`crate::paper::PaperKind`]; one of a release to come is passed over.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<String>,
    },
    /// Something one declares by ticking it.
    Declaration,
    /// A kind of a release to come: this one can neither draw nor check it.
    #[serde(other)]
    Unknown,
}

const fn one() -> u16 {
    1
}

/// Something to choose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// The word in answers.
    pub value: String,
    /// The word on the screen.
    pub label: String,
}

impl Form {
    /// The section of this name.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The field a path points at; none beyond the last repeat a section may have.
    #[must_use]
    pub fn field(&self, path: &Path) -> Option<&FormField> {
        let section = self.section(&path.section)?;
        let within = path.index < section.repeats.map_or(1, |repeats| repeats.max);
        section.fields.iter().find(|field| within && field.id == path.field)
    }
}
