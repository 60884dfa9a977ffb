//! Reading a notice, showing its codes, paying, and the receipts that prove it, arranged for a screen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::pagopa::{BadNotice, Check, Creditor, NoticeNumber};
use vicino_domain::{BadCart, Cents, Instant, NoticeId, Outcome, ResidentId};

use crate::Matter;

use super::Freshness;
use super::payment::{NoticeRow, WhomView};
use crate::FailureCode;

/// The codes of a notice, to be shown at a counter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeView {
    /// The notice number, in groups of four.
    pub grouped: String,
    /// The amount.
    pub amount: Cents,
    /// The payload of the QR code.
    pub payload: String,
    /// The QR code, an SVG image.
    pub qr_svg: String,
    /// The postal Data Matrix, an SVG image, where the creditor has a postal account.
    pub matrix_svg: Option<String>,
}

/// What was read from a code, a picture, a paper or a hand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadView {
    /// A notice.
    Notice {
        /// The number.
        number: NoticeNumber,
        /// The same in groups of four.
        grouped: String,
        /// The verdict of its check digits.
        check: Check,
        /// The creditor, when that was read.
        creditor: Option<Creditor>,
        /// The amount, when that was read.
        amount: Option<Cents>,
        /// The debt here that it belongs to: one's own, or one kept before.
        known: Option<Box<NoticeRow>>,
    },
    /// The notices found in one picture or paper; the resident chooses one.
    Several(Vec<CodeRow>),
    /// The notices found in a paper or a picture not all of which was looked at: there may be others, and the resident compares.
    Partial(Vec<CodeRow>),
    /// No notice, and why.
    Bad(BadNotice),
    /// A picture or a paper without any code that can be read.
    NoCode,
}

/// A notice found beside others in one picture or paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeRow {
    /// The text of its QR code, from which the notice alone is read.
    pub text: String,
    /// The notice number, in groups of four digits.
    pub grouped: String,
    /// The creditor.
    pub creditor: Option<Creditor>,
    /// The amount due.
    pub amount: Option<Cents>,
    /// The debt here that it belongs to.
    pub known: Option<Box<NoticeRow>>,
}

/// A notice to be paid, as it was shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PayLine {
    /// The debt.
    pub id: NoticeId,
    /// Which of its notices.
    pub number: NoticeNumber,
    /// The amount that was shown.
    pub amount: Cents,
}

/// What is being paid, and how far that has come.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PayingNow {
    /// The sum as it was shown.
    pub lines: Vec<PayLine>,
    /// The point it has reached.
    pub view: PayingView,
}

/// The point paying has reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayingView {
    /// Nobody is paying.
    #[default]
    None,
    /// The amounts are asked for again, and the payment page is being opened.
    Asking,
    /// The payment page is open elsewhere.
    Elsewhere {
        /// The address.
        url: String,
        /// Tells whether a browser was opened on it.
        opened: bool,
    },
    /// It came back, and said this.
    Back(Outcome),
    /// One of these was begun or paid before: paying again may be paying twice.
    Warned {
        /// Which, and since when.
        numbers: Vec<String>,
    },
    /// It cannot be paid like this.
    Refused(BadCart),
    /// The amounts are too old, and the town cannot be asked now.
    Stale,
    /// It went wrong; nothing was paid.
    Failed {
        /// Why.
        code: FailureCode,
    },
}

/// A receipt in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReceiptRow {
    /// The identity.
    pub id: Uuid,
    /// The debt.
    pub notice: NoticeId,
    /// The number with pagoPA.
    pub receipt: String,
    /// The title of the debt that was paid.
    pub title: String,
    /// The name of the person it is for.
    pub whom: WhomView,
    /// The amount.
    pub amount: Cents,
    /// When.
    pub paid_at: Instant,
}

/// Receipts of one year or of all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReceiptList {
    /// The last first.
    pub rows: Vec<ReceiptRow>,
    /// Years of which there are any, the last first.
    pub years: Vec<i32>,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// A receipt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaymentReceiptView {
    /// As it stands in the list.
    pub row: ReceiptRow,
    /// The notice number, in groups of four.
    pub grouped: String,
    /// The creditor that was paid.
    pub creditor: String,
    /// The tax code.
    pub creditor_code: Creditor,
    /// The fee of the payment service provider.
    pub fee: Option<Cents>,
    /// The payment service provider.
    pub psp: String,
    /// Tells whether the town's signature under it holds on this device.
    pub signed: bool,
    /// The signed word, a compact JWS.
    pub word: String,
    /// The same as a QR code, an SVG image.
    pub qr_svg: String,
}

/// A self-certification to be put on paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Declaration {
    /// Whom it is about.
    pub person: ResidentId,
    /// The statements, by code.
    pub statements: Vec<String>,
    /// What was typed into the blanks, by their names.
    pub typed: BTreeMap<String, String>,
}

/// What is wished for on paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperOf {
    /// A notice, to be printed and taken to a counter.
    Notice(NoticeId, NoticeNumber),
    /// A receipt.
    Receipt(Uuid),
    /// The receipts of a year, or all, in one ZIP.
    Receipts(Option<i32>),
    /// A self-certification, to be signed.
    Declaration(Declaration),
    /// The receipt of a report or a case.
    Delivery(Matter),
}

/// A paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaperView {
    /// What it is to be called.
    pub name: String,
    /// The kind of its bytes: a media type.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}
