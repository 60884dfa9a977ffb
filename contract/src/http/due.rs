//! What offices do with debts, on the wire: issuing one, what residents say of it, the creditor's word against, taking it back.

use serde::{Deserialize, Serialize};
use vicino_domain::pagopa::NoticeNumber;

use super::{NoticeRecord, OfficeFile};

/// The body an office sends with `PUT /office/v1/notices/{id}`: a debt, new or changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DueBody {
    /// The debtor's *codice fiscale*, as the town's register has it.
    pub debtor: String,
    /// Where the money goes; required where debts have positions with pagoPA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountBody>,
    /// Papers that come with it: brought before with `POST /office/v1/files`. One that it has already is not given again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<OfficeFile>,
    /// The debt. Where it stands, its story, its papers and what of it was paid are the town's to say: what stands there here is not read.
    pub notice: NoticeRecord,
}

/// Where the money of a debt goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountBody {
    /// The account.
    pub iban: String,
    /// The purpose, by the code of pagoPA's taxonomy, such as `0101002IM`.
    pub category: String,
}

/// A debt as the office sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeNotice {
    /// Grows with every change.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// The debt.
    #[serde(flatten)]
    pub record: NoticeRecord,
}

/// The debts that residents say they have paid, while no receipt says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Declarations {
    /// The debts; which notice of each, when, where and with what proof stands in its story and its papers.
    pub items: Vec<OfficeNotice>,
}

/// The body an office sends with `POST /office/v1/notices/{id}/contradictions`: what was said, or had been confirmed, is not so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContradictionBody {
    /// Which notice.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: NoticeNumber,
    /// Why, for the resident.
    pub note: String,
}

/// The body an office sends with `POST /office/v1/notices/{id}/withdrawal`: nobody is to pay it any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakenBackBody {
    /// Why, for the resident.
    pub note: String,
}
