//! Certificates as screens show them: what can be asked for, what was issued and until when it holds, what a check found.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::certificate::CertificateKind;
use vicino_domain::{CertificateId, Instant, NoticeId};

use super::{FileView, Freshness, OfficeView};
use crate::Verdict;

/// Where a certificate stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// Written down here; the town does not know of it yet.
    Saved,
    /// The town refused it; its reason stands in the outbox.
    Stuck,
    /// The town has it.
    Asked,
    /// It cannot be issued now.
    Held,
    /// The stamp duty is due.
    StampDue,
    /// It holds.
    Issued,
    /// Its time is over: it stays as a record.
    Expired,
    /// The town took it back.
    Revoked,
    /// Whoever had asked for it asks for it no more.
    Withdrawn,
}

/// A certificate in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CertificateRow {
    /// Which.
    pub id: CertificateId,
    /// The kinds it certifies; those of a release to come are left out.
    pub kinds: Vec<CertificateKind>,
    /// Whom it is about.
    pub person: String,
    /// Where it stands.
    pub state: CertificateState,
    /// The day it was issued.
    pub on: Option<NaiveDate>,
    /// The last day it holds.
    pub until: Option<NaiveDate>,
    /// Days until then.
    pub days: Option<i64>,
    /// Why it cannot be issued now.
    pub held: Option<HeldView>,
    /// The debt of its stamp.
    pub notice: Option<NoticeId>,
}

/// Why a certificate cannot be issued now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldView {
    /// Why, in the town's words.
    pub why: String,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// Until when, as far as is known.
    pub until: Option<NaiveDate>,
    /// A code by which the office finds the cause.
    pub code: String,
}

/// A kind that can be asked for, or cannot now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KindView {
    /// Which.
    pub kind: CertificateKind,
    /// Why it cannot be issued now to whoever uses the device.
    pub held: Option<HeldView>,
}

/// Whom a certificate can be about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AboutRow {
    /// Their identity with the town.
    pub id: vicino_domain::ResidentId,
    /// Their name.
    pub name: String,
    /// Tells whether it is the person signed in on this device.
    pub own: bool,
}

/// Certificates asked for and issued, and what can be asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CertificateList {
    /// The newest first.
    pub rows: Vec<CertificateRow>,
    /// The certificates the town issues.
    pub offered: Vec<KindView>,
    /// For whom.
    pub people: Vec<AboutRow>,
    /// As of when the town's are known.
    pub freshness: Freshness,
}

impl CertificateList {
    /// The newest with just these kinds, in any order, about somebody of this name, that holds or is on its way: whoever is about to
    /// ask for it again may not need to.
    #[must_use]
    pub fn already(&self, person: &str, kinds: &[CertificateKind]) -> Option<&CertificateRow> {
        use CertificateState::{Asked, Held, Issued, Saved, StampDue};
        self.rows.iter().find(|row| {
            let same = row.kinds.len() == kinds.len() && kinds.iter().all(|kind| row.kinds.contains(kind));
            same && row.person == person && matches!(row.state, Saved | Asked | Held | StampDue | Issued)
        })
    }
}

/// A certificate.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CertificateView {
    /// As it stands in the list.
    pub row: CertificateRow,
    /// The number.
    pub number: Option<String>,
    /// The text, sentence by sentence.
    pub says: Vec<String>,
    /// When it was asked for.
    pub asked_at: Instant,
    /// Tells whether the town's signature under it holds here.
    pub signed: bool,
    /// The town's signed word, and the same as a QR code, an SVG image.
    pub word: Option<(String, String)>,
    /// The paper.
    pub file: Option<FileView>,
    /// Why it was taken back.
    pub revoked: Option<String>,
    /// Tells whether its withdrawal still waits to reach the town.
    pub withdrawing: bool,
    /// Whom to ask.
    pub office: Option<OfficeView>,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// The outcome of a check, and what was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CheckView {
    /// The outcome.
    pub verdict: Verdict,
    /// The day it was held against, by this device's clock.
    pub today: NaiveDate,
    /// What the town said; nothing where no signature holds.
    pub said: Option<SaidView>,
    /// Of a file: whether every byte is as the town sealed it; nothing: it bears no seal, as a photo or a print of one.
    pub sealed: Option<bool>,
    /// As of when this device knows what was taken back.
    pub as_of: Option<Instant>,
}

/// What the town's signed word says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SaidView {
    /// The town, as this device knows it.
    pub town: String,
    /// The certificate's number.
    pub number: String,
    /// Whom it is about.
    pub name: String,
    /// When they were born.
    pub born_on: NaiveDate,
    /// The text.
    pub says: Vec<String>,
    /// The day it was issued.
    pub on: NaiveDate,
    /// The last day it holds; nothing: for ever.
    pub until: Option<NaiveDate>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use CertificateKind::{Family, Life, Residence};

    #[test]
    fn what_is_there_or_on_its_way_is_found_before_it_is_asked_for_again() {
        let row = |id: u128, kinds: &[CertificateKind], state| CertificateRow {
            id: CertificateId::from_uuid(uuid::Uuid::from_u128(id)),
            kinds: kinds.to_vec(),
            person: String::from("Anna Berti"),
            state,
            on: None,
            until: None,
            days: None,
            held: None,
            notice: None,
        };
        let rows = vec![
            row(1, &[Residence, Family], CertificateState::Asked),
            row(2, &[Residence], CertificateState::Expired),
            row(3, &[Residence], CertificateState::Issued),
            row(4, &[Life], CertificateState::Withdrawn),
        ];
        let freshness = Freshness { as_of: None, last_try: None };
        let list = CertificateList { rows, offered: Vec::new(), people: Vec::new(), freshness };
        let found = |person, kinds: &[_]| list.already(person, kinds).map(|row| row.id.uuid().as_u128());
        assert_eq!(found("Anna Berti", &[Family, Residence]), Some(1));
        assert_eq!(found("Anna Berti", &[Residence]), Some(3));
        assert_eq!(found("Anna Berti", &[Life]), None);
        assert_eq!(found("Anna Berti", &[]), None);
        assert_eq!(found("Luca Moretti", &[Residence]), None);
    }
}
