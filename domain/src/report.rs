//! A report: written down as a draft, checked field by field, sent once.

use serde::{Deserialize, Serialize};

use crate::invalid::{optional, required};
use crate::{Category, Field, Instant, Invalid, Limits, PhotoId, Place, ReportId, Rule, text};

/// A report as far as a resident has written it; anything may still be missing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReportDraft {
    /// The identity the report will keep for ever.
    pub id: ReportId,
    /// Tells whether the notice on personal data was read and accepted.
    #[serde(default)]
    pub privacy_accepted: bool,
    /// The kind of problem.
    #[serde(default)]
    pub category: Option<Category>,
    /// A line that names it.
    #[serde(default)]
    pub title: String,
    /// The details.
    #[serde(default)]
    pub details: String,
    /// Where it is.
    #[serde(default)]
    pub place: Option<Place>,
    /// A telephone number or an e-mail address, only for the office.
    #[serde(default)]
    pub contact: String,
    /// Tells whether only the office may read it.
    #[serde(default)]
    pub private: bool,
    /// The photos, in order.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// A report that holds everything the town asks for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Made on the device; the town knows the report by it.
    pub id: ReportId,
    /// The kind of problem.
    pub category: Category,
    /// A line that names it.
    pub title: String,
    /// The details.
    pub details: String,
    /// Where it is.
    pub place: Place,
    /// The way to reach the resident, only for the office.
    pub contact: Option<String>,
    /// Tells whether only the office may read it.
    pub private: bool,
    /// The photos, in order.
    pub photos: Vec<PhotoId>,
    /// When the resident sent it, by the device's clock.
    pub sent_at: Instant,
}

impl ReportDraft {
    /// An empty draft.
    #[must_use]
    pub const fn new(id: ReportId) -> Self {
        Self {
            id,
            privacy_accepted: false,
            category: None,
            title: String::new(),
            details: String::new(),
            place: None,
            contact: String::new(),
            private: false,
            photos: Vec::new(),
        }
    }

    /// Returns whether nothing worth keeping was written.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.category.is_none()
            && self.place.is_none()
            && self.photos.is_empty()
            && [&self.title, &self.details, &self.contact].iter().all(|written| text::lines(written).is_empty())
    }

    /// Every reason why this draft cannot be sent yet, in the order of the form.
    #[must_use]
    pub fn invalid(&self, limits: &Limits) -> Vec<Invalid> {
        let mut found = Vec::new();
        if !self.privacy_accepted {
            found.push(Invalid::missing(Field::Privacy));
        }
        let photos = u32::try_from(self.photos.len()).unwrap_or(u32::MAX);
        if photos > limits.photos {
            found.push(Invalid { field: Field::Photos, rule: Rule::TooMany { max: limits.photos, found: photos } });
        }
        match &self.place {
            Some(place) => found.extend(place.invalid(limits)),
            None => found.push(Invalid::missing(Field::Place)),
        }
        if self.category.is_none() {
            found.push(Invalid::missing(Field::Category));
        }
        found.extend(required(Field::Title, self.title.trim(), limits.title));
        found.extend(required(Field::Details, self.details.trim(), limits.details));
        found.extend(optional(Field::Contact, self.contact.trim(), limits.contact));
        found
    }

    /// The report this draft becomes when it is sent now.
    ///
    /// # Errors
    /// Every [`Invalid`] field, as [`ReportDraft::invalid`] lists them.
    pub fn send(&self, limits: &Limits, now: Instant) -> Result<Report, Vec<Invalid>> {
        let invalid = self.invalid(limits);
        let (Some(category), Some(place), true) = (self.category, self.place.clone(), invalid.is_empty()) else {
            return Err(invalid);
        };
        // As the town will keep them: what is read here and there is the same.
        let contact = text::line(&self.contact);
        Ok(Report {
            id: self.id,
            category,
            title: text::line(&self.title),
            details: text::lines(&self.details),
            place: place.honest(),
            contact: (!contact.is_empty()).then_some(contact),
            private: self.private || category.is_private(),
            photos: self.photos.clone(),
            sent_at: now,
        })
    }
}

/// A report taken back into writing: refused by the town, or checked again by its rules. The consent was given when it was sent.
impl From<Report> for ReportDraft {
    fn from(report: Report) -> Self {
        Self {
            id: report.id,
            privacy_accepted: true,
            category: Some(report.category),
            title: report.title,
            details: report.details,
            place: Some(report.place),
            contact: report.contact.unwrap_or_default(),
            private: report.private,
            photos: report.photos,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draft(category: Category, title: &str, details: &str) -> ReportDraft {
        let id = ReportId::new(Instant::default(), [1; 10]);
        let mut draft = ReportDraft::new(id);
        draft.privacy_accepted = true;
        draft.category = Some(category);
        draft.title = title.into();
        draft.details = details.into();
        draft.place = Some(Place::in_words("Davanti alla scuola".into()));
        draft
    }

    #[test]
    fn an_empty_draft_names_every_field_once() {
        let empty = ReportDraft::new(ReportId::new(Instant::default(), [1; 10]));
        let fields: Vec<Field> = empty.invalid(&Limits::default()).iter().map(|invalid| invalid.field).collect();
        assert_eq!(fields, [Field::Privacy, Field::Place, Field::Category, Field::Title, Field::Details]);
        assert!(empty.is_blank());
    }

    #[test]
    fn two_hundred_characters_are_counted_as_people_count() {
        let limits = Limits::default();
        assert!(draft(Category::Roads, "Buca", &"è".repeat(200)).send(&limits, Instant::default()).is_ok());
        let invalid = draft(Category::Roads, "Buca", &"è".repeat(201)).send(&limits, Instant::default()).unwrap_err();
        assert_eq!(invalid, [Invalid { field: Field::Details, rule: Rule::TooLong { max: 200, found: 201 } }]);
    }

    #[test]
    fn signs_that_nobody_sees_are_dropped_and_do_not_count() {
        let limits = Limits::default();
        let title = format!("\u{7}{}\u{1b}\u{200b}", "a".repeat(limits.title as usize));
        let sent = draft(Category::Roads, &title, "uno\u{0}\r\ndue").send(&limits, Instant::default()).unwrap();
        assert_eq!((sent.title.len(), sent.details.as_str()), (limits.title as usize, "uno\ndue"));
        let mut nowhere = draft(Category::Roads, "Buca", "Profonda");
        nowhere.place = Some(Place::in_words("\u{200b}\u{7} \u{2060}".into()));
        assert_eq!(nowhere.invalid(&limits), [Invalid::missing(Field::Place)], "what shows nothing is no place");
    }

    #[test]
    fn a_report_of_illegal_behaviour_is_private_whatever_was_ticked() {
        let report = draft(Category::Safety, "Vetri rotti", "Ogni notte").send(&Limits::default(), Instant::default());
        assert!(report.unwrap().private);
    }

    proptest! {
        #[test]
        fn a_draft_is_sent_exactly_when_nothing_is_invalid(
            title in "\\PC{0,90}", details in "\\PC{0,210}", contact in "[ -~]{0,130}", photos in 0..8_u8, accepted: bool,
        ) {
            let mut draft = draft(Category::Waste, &title, &details);
            draft.contact = contact;
            draft.privacy_accepted = accepted;
            draft.photos = (0..photos).map(|n| PhotoId::new(Instant::default(), [n; 10])).collect();
            let limits = Limits::default();
            let invalid = draft.invalid(&limits);
            match draft.send(&limits, Instant::default()) {
                Ok(report) => {
                    prop_assert!(invalid.is_empty());
                    prop_assert_eq!(report.title, text::line(&title));
                }
                Err(reasons) => prop_assert_eq!(reasons, invalid),
            }
        }
    }
}
