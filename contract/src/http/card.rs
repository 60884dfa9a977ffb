//! The town card: what a device must know of a town before it trusts it. Signed over its bytes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use vicino_domain::{Border, Category, Limits, Point};

use super::report::Unsound;
use super::{CompromisedKey, TownKey};

/// The header with the card's signature: a detached JWS over the body's bytes (RFC 7515, Appendix F).
pub const CARD_SIGNATURE: &str = "vicino-signature";

/// The card of a town.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TownCard {
    /// The name.
    pub name: String,
    /// The code in the national index of public bodies (IPA).
    pub ipa_code: String,
    /// Tells whether it is a town to practise in.
    #[serde(default)]
    pub practice: bool,
    /// The keys it signs with; the first is the present one.
    pub keys: Vec<TownKey>,
    /// Each former key's word for the one after it, the oldest first: a compact JWS over a [`TownKey`].
    #[serde(default)]
    pub succession: Vec<String>,
    /// The keys that somebody else may hold, and since when; for ever.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compromised: Vec<CompromisedKey>,
    /// The keys of those that seal certificates for it, now and before: good for certificates, and for nothing else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealers: Vec<TownKey>,
    /// The capabilities it offers. What is not declared is hidden in the interface.
    pub capabilities: Vec<String>,
    /// The sizes it accepts.
    pub limits: LimitsBody,
    /// The way devices are to read its changes.
    #[serde(default)]
    pub pace: PaceBody,
    /// The languages it answers in (ISO 639-1).
    pub languages: Vec<String>,
    /// The identity provider, such as `spid_cie` or `practice`; absent while nobody can sign in here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_provider: Option<String>,
    /// The categories of reports it takes, by code.
    pub categories: Vec<String>,
    /// The certificates its registry issues, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// The edge, a closed ring; empty when it did not say.
    #[serde(default)]
    pub border: Vec<PointBody>,
}

impl TownCard {
    /// The categories this release knows, in the official order.
    #[must_use]
    pub fn known_categories(&self) -> Vec<Category> {
        Category::ALL
            .iter()
            .copied()
            .filter(|category| self.categories.iter().any(|code| code == category.code()))
            .collect()
    }

    /// A check that no key stands in it twice: of two under one name, one is somebody else's.
    #[must_use]
    pub fn has_sound_keys(&self) -> bool {
        let once = |keys: &[TownKey]| keys.iter().collect::<HashSet<_>>().len() == keys.len();
        once(&self.keys) && once(&self.sealers)
    }

    /// The border, without the points that are none.
    #[must_use]
    pub fn ring(&self) -> Border {
        Border(self.border.iter().filter_map(|point| Point::try_from(*point).ok()).collect())
    }
}

/// How often, and in what portions, a town wants to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PaceBody {
    /// Records of a page of changes.
    pub page: u32,
    /// Seconds between two looks of a device to which nobody tells that something changed.
    pub idle_seconds: u32,
    /// With more changes behind than this, a snapshot is the shorter way.
    pub snapshot_beyond: u32,
}

impl Default for PaceBody {
    fn default() -> Self {
        Self { page: 1000, idle_seconds: 300, snapshot_beyond: 5000 }
    }
}

/// A point on the wire, WGS 84 degrees.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PointBody {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

impl From<Point> for PointBody {
    fn from(point: Point) -> Self {
        Self { lat: point.lat(), lon: point.lon() }
    }
}

impl TryFrom<PointBody> for Point {
    type Error = Unsound;

    fn try_from(body: PointBody) -> Result<Self, Unsound> {
        Self::new(body.lat, body.lon).map_err(|_| Unsound("point"))
    }
}

/// The sizes a town accepts; what is absent is as the national model has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct LimitsBody {
    /// Characters of a title.
    pub title: u32,
    /// Characters of the details.
    pub details: u32,
    /// Characters of a contact.
    pub contact: u32,
    /// Characters of an address or a place in words.
    pub place_words: u32,
    /// Characters of a message.
    pub message: u32,
    /// Photos of one report.
    pub photos: u32,
    /// Bytes of one photo.
    pub photo_bytes: u64,
    /// Files of one case, or of one message.
    pub files: u32,
    /// Bytes of one of them.
    pub file_bytes: u64,
    /// Bytes of one piece of an upload.
    pub piece_bytes: u64,
}

impl Default for LimitsBody {
    fn default() -> Self {
        Limits::default().into()
    }
}

macro_rules! same_fields {
    ($from:ty => $to:ty) => {
        impl From<$from> for $to {
            fn from(of: $from) -> Self {
                Self {
                    title: of.title,
                    details: of.details,
                    contact: of.contact,
                    place_words: of.place_words,
                    message: of.message,
                    photos: of.photos,
                    photo_bytes: of.photo_bytes,
                    files: of.files,
                    file_bytes: of.file_bytes,
                    piece_bytes: of.piece_bytes.max(1),
                }
            }
        }
    };
}
same_fields!(Limits => LimitsBody);
same_fields!(LimitsBody => Limits);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Changes;

    #[test]
    fn a_town_that_says_less_and_one_that_says_more_are_both_understood() {
        let less = r#"{"name":"Comune","ipa_code":"c_1","keys":[],"capabilities":[],"limits":{},"languages":["it"],"categories":[]}"#;
        let card: TownCard = serde_json::from_str(less).unwrap();
        assert_eq!((card.pace, card.limits), (PaceBody::default(), LimitsBody::default()));
        let more = less.replacen('{', r#"{"moon":{"phase":3},"#, 1);
        assert_eq!(serde_json::from_str::<TownCard>(&more).unwrap(), card);
        let page = r#"{"public":{"items":[],"next":"c","has_more":false},"tomorrow":[]}"#;
        let page: Changes = serde_json::from_str(page).unwrap();
        assert!(page.own.is_none() && page.public.is_some_and(|page| page.snapshot_ahead == 0));
    }
}
