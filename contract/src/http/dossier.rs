//! What stands behind dues: the properties and vehicles of a resident, and what was consumed before any bill exists.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::Cents;

use super::WhomBody;

/// A property or a vehicle, as the town knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoldingRecord {
    /// The identity.
    pub id: Uuid,
    /// What it is; notices name it the same way.
    pub whom: WhomBody,
    /// The facts the town knows of it, line by line.
    pub facts: Vec<FactBody>,
    /// The kinds of notices it is behind.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// A thing the town knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactBody {
    /// The name.
    pub what: String,
    /// The kind.
    pub value: String,
}

/// What was consumed of a service that is paid by use, and what is left of the money paid in advance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsumptionRecord {
    /// The identity.
    pub id: Uuid,
    /// The name.
    pub title: String,
    /// `meal` or `ride`; others are counted as uses.
    pub unit: String,
    /// The person who consumed it.
    pub whom: WhomBody,
    /// What is left of what was paid in advance; less than nothing: what the next bill asks for.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub balance: Cents,
    /// Day by day, oldest first; a day without any is not told.
    pub days: Vec<ConsumedBody>,
    /// Until when it has been counted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub counted_to: NaiveDate,
}

/// The consumption of one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsumedBody {
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: NaiveDate,
    /// The number.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub count: u16,
    /// The price of all of them.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
}
