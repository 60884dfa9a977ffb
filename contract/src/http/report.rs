//! Reports on the wire: what a device sends, what the owner reads back, what everyone may read.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;
use vicino_domain::{
    Accuracy, Category, Instant, Open, PhotoId, Place, PlaceSource, Point, Report, ReportId, ReportState, Sha256,
    wire_enum,
};

use super::{FileBody, FileRecord, PointBody};

/// A value of the wire that no domain type accepts, by the name of its field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the field {0} does not hold what it must")]
pub struct Unsound(pub &'static str);

/// A place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceBody {
    /// The point, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointBody>,
    /// Metres the point may be off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// `device`, `photo`, `address`, `coordinates` or `words`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub source: Open<PlaceSource>,
    /// An address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The resident's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The point first offered, when the resident corrected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_from: Option<PointBody>,
}

impl From<&Place> for PlaceBody {
    fn from(place: &Place) -> Self {
        Self {
            point: place.point.map(Into::into),
            accuracy: place.accuracy.map(|accuracy| accuracy.0),
            source: place.source.into(),
            address: place.address.clone(),
            note: place.note.clone(),
            corrected_from: place.corrected_from.map(Into::into),
        }
    }
}

impl TryFrom<PlaceBody> for Place {
    type Error = Unsound;

    fn try_from(body: PlaceBody) -> Result<Self, Unsound> {
        let source = body.source.known().ok_or(Unsound("place.source"))?;
        if body.accuracy.is_some_and(|metres| !metres.is_finite() || metres < 0.0) {
            return Err(Unsound("place.accuracy"));
        }
        Ok(Self {
            point: body.point.map(Point::try_from).transpose()?,
            accuracy: body.accuracy.map(Accuracy),
            source,
            address: body.address,
            note: body.note,
            corrected_from: body.corrected_from.map(Point::try_from).transpose()?,
        })
    }
}

/// A photo announced with its report; its bytes follow as an upload.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoBody {
    /// The identity, made on the device.
    pub id: Uuid,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The number of bytes it has.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub size: u64,
}

/// The body a device sends with `PUT /v1/reports/{id}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportBody {
    /// The category, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub category: Open<Category>,
    /// A line that names the problem.
    pub title: String,
    /// The details.
    pub details: String,
    /// Where it is.
    pub place: PlaceBody,
    /// Only for the office's eyes.
    #[serde(default)]
    pub private: bool,
    /// The way to reach the resident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The photos that follow.
    #[serde(default)]
    pub photos: Vec<PhotoBody>,
    /// When the resident sent it, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

impl ReportBody {
    /// The body of a report whose photos are these.
    #[must_use]
    pub fn of(report: &Report, photos: Vec<PhotoBody>) -> Self {
        Self {
            category: report.category.into(),
            title: report.title.clone(),
            details: report.details.clone(),
            place: PlaceBody::from(&report.place),
            private: report.private,
            contact: report.contact.clone(),
            photos,
            sent_at: report.sent_at,
        }
    }

    /// The report under this identity.
    ///
    /// # Errors
    /// [`Unsound`] with the first field that holds no domain value.
    pub fn into_report(self, id: ReportId) -> Result<Report, Unsound> {
        let sound = |photo: &PhotoBody| photo.sha256.parse::<Sha256>().is_ok();
        if !self.photos.iter().all(sound) {
            return Err(Unsound("photos.sha256"));
        }
        let category: Category = self.category.known().ok_or(Unsound("category"))?;
        Ok(Report {
            id,
            category,
            title: self.title,
            details: self.details,
            place: self.place.try_into()?,
            contact: self.contact,
            private: self.private || category.is_private(),
            photos: self.photos.iter().map(|photo| PhotoId::from_uuid(photo.id)).collect(),
            sent_at: self.sent_at,
        })
    }
}

/// The body a device sends with `PUT /v1/reports/{id}/messages/{message}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageBody {
    /// The text the resident writes.
    pub text: String,
    /// The files it carries; their bytes follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileBody>,
    /// When, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

/// The body a device sends with `PUT /v1/reports/{id}/withdrawal`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WithdrawalBody {
    /// When, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

/// A photo as the town has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoRecord {
    /// The identity.
    pub id: Uuid,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The number of bytes.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub size: u64,
    /// Tells whether all of them are there.
    pub arrived: bool,
}

/// A member of a household, as those who see their matters read of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorBody {
    /// The person.
    pub id: Uuid,
    /// Their name.
    pub name: String,
}

/// A line of a report's story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryRecord {
    /// The state reached, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<ReportState>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// By which office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// The words it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The member of the household who did it, when they had signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AuthorBody>,
}

wire_enum! {
    /// The author of a message.
    Author {
        /// The resident.
        Resident "resident",
        /// The office.
        Office "office",
    }
}

/// An entry of a thread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageRecord {
    /// The identity.
    pub id: Uuid,
    /// The author, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub author: Open<Author>,
    /// The office, when it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// The member of the household who wrote it, when they had signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AuthorBody>,
    /// The text.
    pub text: String,
    /// The files it carries, and whether they arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRecord>,
    /// When it was written.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
}

/// A report as its owner and the office read it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportRecord {
    /// The identity.
    pub id: Uuid,
    /// The town's number, such as `2026/00142`.
    pub number: String,
    /// When the town received it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Instant,
    /// The state, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<ReportState>,
    /// The message the resident sent.
    #[serde(flatten)]
    pub report: ReportBody,
    /// The photos, and whether they arrived.
    pub arrived: Vec<PhotoRecord>,
    /// The story, oldest first.
    pub history: Vec<HistoryRecord>,
    /// The thread, oldest first.
    pub messages: Vec<MessageRecord>,
    /// By when the town means to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub expected_by: Option<Instant>,
}

/// A report as everyone may read it: neither who, nor how to reach them, nor the thread.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicReportRecord {
    /// The identity.
    pub id: Uuid,
    /// The category, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub category: Open<Category>,
    /// The title.
    pub title: String,
    /// The details.
    pub details: String,
    /// Where it is.
    pub place: PlaceBody,
    /// The state, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<ReportState>,
    /// When the town received it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Instant,
}
