//! What is owed, on the wire: a debt with its ways of being paid, what it is made of, and where it stands with pagoPA.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{CartId, Cents, InstallmentState, Instant, Open, PositionState, wire_enum};

use super::FileRecord;

wire_enum! {
    /// The purpose of a debt.
    NoticeKind {
        /// School canteen.
        Canteen "canteen",
        /// School transport.
        Transport "transport",
        /// Waste tax.
        Waste "waste",
        /// A traffic fine.
        Fine "fine",
        /// Municipal property tax: information, paid with an F24.
        PropertyTax "property_tax",
        /// Any other service.
        Service "service",
    }
    /// The person or thing a debt is for.
    WhomKind {
        /// A person.
        Person "person",
        /// A home, a shop.
        Home "home",
        /// A vehicle.
        Vehicle "vehicle",
    }
    /// A service that begins from a debt.
    NoticePurpose {
        /// Something in it is wrong.
        Wrong "wrong",
        /// A fine is contested.
        Contest "contest",
        /// More time is asked for.
        MoreTime "more_time",
        /// The driver is named.
        Driver "driver",
        /// Any other.
        Other "other",
    }
}

/// A debt. Sums are whole euro cents, as in pagoPA's own QR codes, carts and positions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeRecord {
    /// The identity; with pagoPA the position's (*IUPD*).
    pub id: Uuid,
    /// The purpose, by code; one that is not known is shown as a service.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: Open<NoticeKind>,
    /// The year it is for.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub year: i32,
    /// The name.
    pub title: String,
    /// The creditor.
    pub creditor: CreditorBody,
    /// The debtor, as paper and counters name them; the town writes it when it issues the debt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debtor: Option<DebtorBody>,
    /// The office that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Uuid>,
    /// Whom or what it is for: never left out, so that nobody pays for the wrong child.
    pub whom: WhomBody,
    /// When it was issued.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub issued_on: NaiveDate,
    /// The parts of the sum, line by line.
    #[serde(default)]
    pub lines: Vec<LineBody>,
    /// The ways to pay it, each whole by itself; whoever begins one has left the others.
    pub plans: Vec<PlanBody>,
    /// Where it stands, by the word of GPD v3.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<PositionState>,
    /// The story, oldest first.
    #[serde(default)]
    pub history: Vec<NoticeStep>,
    /// Papers that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRecord>,
    /// For how many hours after it was read an amount may be paid without asking again.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub good_for_hours: u32,
    /// Services that begin from here: each a purpose (`wrong`, `contest`, `more_time`, `driver`) and the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<PurposeBody>,
    /// What to write into an F24, for what is not paid with pagoPA.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub f24: Vec<F24Row>,
    /// The stamp that is bought with it, for a paper (*@e.bollo*): no account gets the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<StampBody>,
}

/// A stamp for a paper (docs.pagopa.it, *servizio @e.bollo*).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StampBody {
    /// Base64 of the paper's SHA-256: 44 letters.
    pub document_hash: String,
    /// *Tipo bollo*: [`StampBody::ORDINARY`].
    pub kind: String,
    /// The province of residence, two letters.
    pub province: String,
    /// The thing that was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought: Option<BoughtStampBody>,
    /// Tells whether what came with the receipt is no stamp, or not this paper's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wrong: bool,
}

/// A stamp that was bought (MarcaDaBollo.xsd).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoughtStampBody {
    /// The number (*IUBD*).
    pub iubd: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// The stamp itself, XML signed by whoever sold it: to be kept with its paper.
    pub xml: String,
}

impl StampBody {
    /// The only kind there is: *imposta di bollo*, 16 euro.
    pub const ORDINARY: &'static str = "01";
}

/// The creditor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreditorBody {
    /// The name.
    pub name: String,
    /// The tax code, eleven digits.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub tax_code: Creditor,
    /// The postal account, up to twelve digits, when notices may be paid at a post office with the Data Matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_account: Option<String>,
}

/// The debtor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DebtorBody {
    /// Given and family name.
    pub name: String,
    /// *Codice fiscale*.
    pub tax_code: String,
}

/// Whom or what a debt is for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhomBody {
    /// The kind, by code; one that is not known is shown as a person.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: Open<WhomKind>,
    /// A person's name, a property's address, a vehicle's plate.
    pub name: String,
    /// What else tells it apart: a class, a surface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A line of a sum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineBody {
    /// The kind.
    pub what: String,
    /// The way it was reckoned: meals counted, a surface and its tariff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// How much; less than nothing for a reduction.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
}

/// A way to pay a debt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanBody {
    /// The name: *in two instalments*, *all at once*, *within five days*.
    pub title: String,
    /// The first day it may be paid (*validityDate*); left out: from the day the debt was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub from: Option<NaiveDate>,
    /// The last day its amount holds, by the town's reckoning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<NaiveDate>,
    /// Tells whether a past due date closes it (*switchToExpired*).
    #[serde(default)]
    pub switch_to_expired: bool,
    /// The kinds it takes off or adds to the debt's own lines: a reduction for who pays early, a surcharge for who pays late.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineBody>,
    /// The instalments; one alone is the whole.
    pub installments: Vec<InstallmentBody>,
}

/// A payment of a plan: what a notice with eighteen digits asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstallmentBody {
    /// The notice number, eighteen digits.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: NoticeNumber,
    /// The amount.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
    /// By when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub due_on: NaiveDate,
    /// Where that date comes from: a decision of the council, a notification, the notice itself.
    pub due_from: String,
    /// Where it stands, by the word of GPD v3.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<InstallmentState>,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub paid_at: Option<Instant>,
}

wire_enum! {
    /// An event in a debt's story.
    DebtEvent {
        /// It was issued.
        Issued "issued",
        /// It was changed.
        Changed "changed",
        /// A payment page was opened.
        Begun "begun",
        /// The resident said that it is paid.
        SaidPaid "said_paid",
        /// A receipt came.
        Paid "paid",
        /// A second receipt of the same notice came.
        PaidAgain "paid_again",
        /// The creditor said that it is not paid.
        NotPaid "not_paid",
        /// The creditor took the debt back.
        Withdrawn "withdrawn",
    }
}

/// An entry of a debt's story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeStep {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// The event, by code; one that is not known is shown by its note.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub what: Open<DebtEvent>,
    /// Which of its notices, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub number: Option<NoticeNumber>,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The cart in which somebody began to pay it (`begun`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub cart: Option<CartId>,
    /// The resident's word it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<Uuid>,
}

/// A service that begins from a debt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurposeBody {
    /// The purpose.
    pub purpose: String,
    /// The service.
    pub service: Uuid,
}

/// A row of the F24 form, section *IMU e altri tributi locali*.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct F24Row {
    /// *Codice ente*: the cadastral code of the town.
    pub town: String,
    /// *Codice tributo*, such as `3918`.
    pub tribute: String,
    /// *Acconto*, *saldo* or both in one: `deposit`, `balance`, `whole`.
    pub part: String,
    /// *Numero immobili*
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub properties: u16,
    /// *Anno di riferimento*
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub year: i32,
    /// *Importi a debito versati*
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
    /// By when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub due_on: NaiveDate,
    /// Where that date comes from.
    #[serde(default)]
    pub due_from: String,
}

impl InstallmentBody {
    /// Where it stands; one of a release to come is not to be paid from here.
    #[must_use]
    pub fn state(&self) -> InstallmentState {
        self.state.known().unwrap_or(InstallmentState::Unpayable)
    }
}

impl NoticeRecord {
    /// Where it stands; one of a release to come is not to be paid from here.
    #[must_use]
    pub fn state(&self) -> PositionState {
        self.state.known().unwrap_or(PositionState::Unpayable)
    }

    /// The payment a number asks for, and which of the ways it belongs to.
    #[must_use]
    pub fn installment(&self, number: NoticeNumber) -> Option<(usize, &InstallmentBody)> {
        let all =
            self.plans.iter().enumerate().flat_map(|(at, plan)| plan.installments.iter().map(move |one| (at, one)));
        all.into_iter().find(|(_, one)| one.number == number)
    }
}

/// The body a device sends with `PUT /v1/notices/{id}/declarations/{declaration}`: the resident says they have paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaidBody {
    /// Which notice.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: NoticeNumber,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub paid_on: NaiveDate,
    /// Where, in the resident's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The proof; its bytes follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<super::FileBody>,
    /// When the resident said so, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}
