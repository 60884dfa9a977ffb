//! A service of the town as its sheet describes it.
//!
//! The sections are the mandatory ones of the *scheda servizio* (*Modello Comuni*, Designers Italia): for whom, how, what
//! is needed, what one gets, times, access, conditions, contacts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A service.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceRecord {
    /// The identity.
    pub id: Uuid,
    /// The name.
    pub title: String,
    /// A sentence.
    pub summary: String,
    /// Tells whether it can be asked for now.
    pub active: bool,
    /// Why not, and until when.
    #[serde(default)]
    pub inactive_note: Option<String>,
    /// The national category, 1 to 15 (*Materie dei servizi pubblici*).
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub category: u8,
    /// The life events it belongs to, 1 to 19 (*Eventi della vita*).
    #[serde(default)]
    pub life_events: Vec<u8>,
    /// Words of the national list of topics (*Argomenti*).
    #[serde(default)]
    pub topics: Vec<String>,
    /// *A chi è rivolto*
    pub audience: String,
    /// *Descrizione*
    pub description: String,
    /// *Come fare*
    pub how: String,
    /// *Cosa serve*
    pub needs: Vec<String>,
    /// *Cosa si ottiene*
    pub outcome: String,
    /// *Tempi e scadenze*
    pub times: Vec<TimeBody>,
    /// *Quanto costa*
    pub costs: String,
    /// *Accedi al servizio*
    pub access: String,
    /// Tells whether it can be asked for from a distance.
    pub online: bool,
    /// *Condizioni di servizio*
    pub conditions: String,
    /// The office that answers for it.
    pub office: Uuid,
    /// When its sheet was last looked over.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub updated_on: NaiveDate,
    /// The purpose beside itself: `help` with a case, `correction` of one's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What it asks and promises, when it can be asked for from here: a compact JWS whose content is a [`super::ServicePack`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
}

impl ServiceRecord {
    /// The purpose of the service with which help is asked for.
    pub const HELP: &'static str = "help";
    /// The purpose of the service with which a correction of one's own data is asked for.
    pub const CORRECTION: &'static str = "correction";
}

/// A term of a service.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeBody {
    /// `30 giorni`, `dal 1 al 31 gennaio`.
    pub when: String,
    /// The step that follows.
    pub what: String,
}
