//! The tax dossier, and what was consumed before any bill exists.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::{Cents, ServiceId};

use super::Freshness;
use super::payment::{NoticeRow, WhomView};
use crate::http::NoticeKind;

/// What was assessed, paid and is open, by year and tax (*cartella tributaria*).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DossierView {
    /// The last year first.
    pub years: Vec<YearView>,
    /// The properties and vehicles behind it.
    pub holdings: Vec<HoldingView>,
    /// The service with which a correction is asked for.
    pub wrong: Option<ServiceId>,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// A year.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct YearView {
    /// Which.
    pub year: i32,
    /// The taxes, each of one person, home or vehicle.
    pub taxes: Vec<TaxView>,
}

/// A tax of one year and of one person, home or vehicle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaxView {
    /// Which tax.
    pub kind: NoticeKind,
    /// On what.
    pub whom: WhomView,
    /// The question that was asked.
    pub assessed: Cents,
    /// The sum that receipts confirm.
    pub paid: Cents,
    /// Paid, says the resident; the creditor's word is on its way.
    pub on_its_way: Cents,
    /// The sum still to be paid.
    pub open: Cents,
    /// The notices it is made of.
    pub rows: Vec<NoticeRow>,
}

/// A property or a vehicle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HoldingView {
    /// The kind.
    pub whom: WhomView,
    /// The facts the town knows of it: what it is called, what it is.
    pub facts: Vec<(String, String)>,
}

/// The consumption.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsumptionList {
    /// Each service of each person.
    pub services: Vec<ConsumptionView>,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// What one person consumed of one service.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsumptionView {
    /// The name.
    pub title: String,
    /// Tells whether meals are counted, or rides.
    pub unit: Unit,
    /// The person.
    pub whom: WhomView,
    /// What is left of what was paid in advance; less than nothing: what the next bill asks for.
    pub balance: Cents,
    /// Weeks by their Monday, the last first: how many, and what they cost.
    pub weeks: Vec<(NaiveDate, u32, Cents)>,
    /// Days, the last first: how many, and what they cost.
    pub days: Vec<(NaiveDate, u16, Cents)>,
    /// Until when it has been counted.
    pub counted_to: NaiveDate,
}

/// The unit that is counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Meals.
    Meal,
    /// Rides.
    Ride,
    /// Anything else.
    Use,
}
