//! What is owed and paid, arranged for a screen.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::pagopa::{Check, Creditor, NoticeNumber};
use vicino_domain::{Cents, Instant, NoticeId, NoticeState, ServiceId, wire_enum};

use crate::http::{NoticeKind, NoticePurpose, WhomKind};

use super::paying::ReceiptRow;
use super::{FileView, Freshness, OfficeView};

wire_enum! {
    /// An event in a debt's story.
    NoticeEvent {
        /// It was issued.
        Issued "issued",
        /// It was changed.
        Changed "changed",
        /// The resident said that it is paid.
        SaidPaid "said_paid",
        /// A receipt came.
        Paid "paid",
        /// A second receipt of the same notice came.
        PaidAgain "paid_again",
        /// The creditor took its word back.
        NotPaid "not_paid",
        /// The creditor took the debt back.
        Withdrawn "withdrawn",
        /// A payment page was opened, on this device or on another.
        Begun "begun",
        /// It came back and said that it was paid.
        ReturnedPaid "returned_paid",
        /// It came back without a payment.
        ReturnedUnpaid "returned_unpaid",
        /// It came back without knowing.
        ReturnedUnknown "returned_unknown",
        /// Something this release has no words for.
        Other "other",
    }
}

/// Whom or what a debt is for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct WhomView {
    /// A person, a home, a vehicle.
    pub kind: WhomKind,
    /// The name.
    pub name: String,
    /// What else tells it apart.
    pub detail: Option<String>,
}

/// A notice in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NoticeRow {
    /// The debt.
    pub id: NoticeId,
    /// The notice; none for what is not paid with pagoPA.
    pub number: Option<NoticeNumber>,
    /// The purpose.
    pub kind: NoticeKind,
    /// The name.
    pub title: String,
    /// Whom or what it is for.
    pub whom: WhomView,
    /// The amount.
    pub amount: Cents,
    /// Which instalment of how many; one of one is the whole.
    pub part: (u16, u16),
    /// By when; none on a stranger's notice, whose code does not say it.
    pub due_on: Option<NaiveDate>,
    /// Days until then.
    pub days: i64,
    /// Where that date comes from.
    pub due_from: String,
    /// Tells whether it is paid.
    pub state: NoticeState,
    /// A payment was begun then, and how it ended is not known.
    pub open_since: Option<Instant>,
    /// When it was paid.
    pub paid_at: Option<Instant>,
    /// Tells whether it was read here and is not among what the town told.
    pub stranger: bool,
    /// Tells whether nobody is to pay it any more, though nobody has.
    pub closed: bool,
    /// Tells whether the creditor's last word is against a payment.
    pub contrary: bool,
    /// The day from which it may be paid, when that is still to come.
    pub opens_on: Option<NaiveDate>,
}

/// The notices of one person, home or vehicle: sums of different ones are never added.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WhomGroup {
    /// Whose they are.
    pub whom: WhomView,
    /// The nearest first; fewer than there are when many were not asked for.
    pub rows: Vec<NoticeRow>,
    /// What all of them come to together.
    pub total: Cents,
}

/// Everything that is owed, and what was paid last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaymentList {
    /// To pay, by whom it is for; as many rows as were asked for, each group with the sum of all of its own.
    pub to_pay: Vec<WhomGroup>,
    /// Notices to pay in all.
    pub to_pay_total: u32,
    /// Paid by the resident; the creditor's word is on its way.
    pub on_its_way: Vec<NoticeRow>,
    /// Confirmed, the last first: a page.
    pub paid: Vec<NoticeRow>,
    /// Confirmed in all.
    pub paid_total: u32,
    /// What is not paid with pagoPA: information.
    pub information: Vec<NoticeRow>,
    /// Taken back by the creditor, or over: nobody is to pay them any more, and they stay where they can be found.
    pub closed: Vec<NoticeRow>,
    /// As of when the sums are known.
    pub freshness: Freshness,
}

/// An instalment of a way to pay.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InstallmentView {
    /// The notice.
    pub number: NoticeNumber,
    /// The same in groups of four.
    pub grouped: String,
    /// The verdict of its check digits.
    pub check: Check,
    /// The amount.
    pub amount: Cents,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Where that date comes from.
    pub due_from: String,
    /// Tells whether it is paid.
    pub state: NoticeState,
    /// A payment was begun then, and how it ended is not known.
    pub open_since: Option<Instant>,
    /// More than one receipt came.
    pub paid_twice: bool,
    /// The creditor's last word is against it.
    pub contrary: bool,
    /// Tells whether it may be paid now.
    pub payable: bool,
    /// The day from which it may be paid, when that is still to come: until then another amount holds.
    pub opens_on: Option<NaiveDate>,
    /// When it was paid.
    pub paid_at: Option<Instant>,
}

/// A way to pay a debt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlanView {
    /// The name.
    pub title: String,
    /// The last day its amount holds.
    pub until: Option<NaiveDate>,
    /// Tells whether that day is past.
    pub over: bool,
    /// The kinds it takes off or adds to the debt's own lines.
    pub lines: Vec<LineView>,
    /// The instalments.
    pub installments: Vec<InstallmentView>,
}

/// A line of a sum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LineView {
    /// The kind.
    pub what: String,
    /// The way it was reckoned.
    pub how: Option<String>,
    /// The amount.
    pub amount: Cents,
}

/// An entry of a debt's story: the town's and this device's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventView {
    /// When.
    pub at: Instant,
    /// The event.
    pub what: NoticeEvent,
    /// Which of several notices, in groups of four.
    pub number: Option<String>,
    /// The words.
    pub note: Option<String>,
    /// Tells whether the town has told of it; otherwise it is known here alone.
    pub told: bool,
}

/// A row of an F24 form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct F24View {
    /// *Codice ente*
    pub town: String,
    /// *Codice tributo*
    pub tribute: String,
    /// Tells whether it is the deposit, the balance, or both: `deposit`, `balance`, `whole`.
    pub part: String,
    /// *Numero immobili*
    pub properties: u16,
    /// *Anno di riferimento*
    pub year: i32,
    /// The amount.
    pub amount: Cents,
    /// By when.
    pub due_on: NaiveDate,
}

/// A debt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NoticeView {
    /// As it stands in the list.
    pub row: NoticeRow,
    /// The creditor.
    pub creditor: String,
    /// The tax code.
    pub creditor_code: Creditor,
    /// When it was issued; not known of a stranger's.
    pub issued_on: Option<NaiveDate>,
    /// The parts of the sum.
    pub lines: Vec<LineView>,
    /// The ways to pay it, the one offered first marked by `chosen`.
    pub plans: Vec<PlanView>,
    /// Which of them is offered first.
    pub chosen: u16,
    /// The story, newest first.
    pub story: Vec<EventView>,
    /// The receipts.
    pub receipts: Vec<ReceiptRow>,
    /// Papers and proofs.
    pub files: Vec<FileView>,
    /// Files chosen for a proof that was not told yet.
    pub enclosed: Vec<FileView>,
    /// What to write into an F24.
    pub f24: Vec<F24View>,
    /// Services that begin from here.
    pub services: Vec<(NoticePurpose, ServiceId)>,
    /// The office that answers for it.
    pub office: Option<OfficeView>,
    /// Tells whether the amount is fresh enough to be paid; otherwise it is asked for again first.
    pub fresh: bool,
    /// As of when it is known.
    pub freshness: Freshness,
}
