//! Those who work in the town's offices, and what they did with whose matter.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::Instant;

/// What an operator may do: each role what the one before it may, and more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Reader,
    /// Takes in charge, asks, answers, suspends, concludes.
    Clerk,
    /// Gives protocol numbers as well.
    Registrar,
    /// Says who works here, and reads the audit.
    Manager,
}

/// A new operator.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorBody {
    /// Their name, as the audit will say it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The offices whose cases they see; none named: all.
    #[serde(default)]
    pub offices: Vec<Uuid>,
}

/// An operator.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorRecord {
    /// Their identity.
    pub id: Uuid,
    /// Who they are, and what they may do.
    #[serde(flatten)]
    pub operator: OperatorBody,
    /// Whether they work here no more.
    pub ended: bool,
}

/// Those who work here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Operators {
    /// By name.
    pub items: Vec<OperatorRecord>,
}

/// A new operator with their token, which is said once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewOperator {
    /// The operator.
    #[serde(flatten)]
    pub record: OperatorRecord,
    /// What they say who they are with; only a digest of it is kept.
    pub token: String,
}

/// One line of the audit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRow {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// Who: an operator's identity, or `town` for the town's own token.
    pub operator: String,
    /// What: `read`, `moved`, `wrote`, `brought`, `issued`, `revoked`, `named`.
    pub deed: String,
    /// Whose matters: the identities of the cases, reports or files.
    pub matters: Vec<String>,
}

/// The audit, newest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Audit {
    /// Its lines.
    pub items: Vec<AuditRow>,
}
