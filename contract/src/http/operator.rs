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

/// Those to whom the most delicate reports are shown, within an office.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Circle {
    /// Reports that were sent for the office's eyes only.
    Private,
    /// Reports that may speak of illegal behaviour.
    Whistleblowing,
}

/// A new operator.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorBody {
    /// Their name, as the audit will say it.
    pub name: String,
    /// The role they have.
    pub role: Role,
    /// The offices whose matters they see, and in whose name they speak; none named: all.
    #[serde(default)]
    pub offices: Vec<Uuid>,
    /// The delicate reports they see besides the others of their offices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circles: Vec<Circle>,
}

/// An operator.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorRecord {
    /// Their identity.
    pub id: Uuid,
    /// The operator, and what they may do.
    #[serde(flatten)]
    pub operator: OperatorBody,
    /// Tells whether they work here no more.
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

/// A line of the audit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRow {
    /// The place among all lines.
    #[serde(default)]
    pub n: i64,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// Who: an operator's identity, `town` for the town's own token and its rules, or `resident`.
    pub operator: String,
    /// What: `read`, `moved`, `wrote`, `brought`, `issued`, `revoked`, `named`, `shut_out`, `erased`, `refused`, `read_audit`,
    /// `read_operators`, `signed_in` or `signed_out`.
    pub deed: String,
    /// Whose matters: the identities of the cases, reports, files or residents; of what was refused, the path when it names none.
    pub matters: Vec<String>,
}

/// The audit, newest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Audit {
    /// The lines.
    pub items: Vec<AuditRow>,
    /// Where the page after this one begins (`before`), when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}
