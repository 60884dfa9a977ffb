//! Paying, on the wire: the cart a device asks for, and the receipt that proves a payment.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{CartLine, Cents, Instant};

use super::oauth::is_loopback;
use super::{CreditorBody, WhomBody};

/// Where a payment page sends a phone back to: the app's own scheme.
pub const APP_RETURN: &str = "it.vicino.app:/paid";
/// The path a payment page sends a computer back to, on a loopback port.
pub const LOOPBACK_RETURN: &str = "/paid";

/// Returns whether an address is one a payment page may send a browser back to: the app's own scheme, or a port of its own machine.
#[must_use]
pub fn payment_return_is_ours(uri: &str) -> bool {
    uri == APP_RETURN || is_loopback(uri, LOOPBACK_RETURN)
}

/// The body a device sends with `PUT /v1/carts/{id}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CartBody {
    /// One to five notices.
    pub notices: Vec<CartNotice>,
    /// Where the payment page sends the browser back to: a loopback address of the device's machine, or the app's own scheme. The
    /// town adds `outcome` to it (`paid`, `cancelled`, `refused`, `unknown`) and the cart's id.
    pub return_to: String,
}

/// A notice of a cart, as the resident has seen it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CartNotice {
    /// The notice number.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: NoticeNumber,
    /// The creditor's tax code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub creditor: Creditor,
    /// The name; of a stranger's notice as the resident knows it.
    pub creditor_name: String,
    /// The notices of a cart, without anything personal: it travels to the payment page.
    pub description: String,
    /// The amount that was shown.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
}

impl CartNotice {
    /// The facts that the rules of a cart look at.
    #[must_use]
    pub const fn line(&self) -> CartLine {
        CartLine { creditor: self.creditor, number: self.number, amount: self.amount }
    }
}

/// The answer to a cart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CartReply {
    /// The payment page, to be opened in the system's browser; relative to the town's address when it has no host.
    pub location: String,
}

/// A receipt (*ricevuta telematica*): the only thing that proves a payment. Never changed, never taken away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentRecord {
    /// The identity with the town.
    pub id: Uuid,
    /// The debt it belongs to.
    pub notice: Uuid,
    /// The notice that was paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: NoticeNumber,
    /// The receipt's own number with pagoPA (*receiptId*).
    pub receipt: String,
    /// The name of the debt.
    pub title: String,
    /// The creditor that was paid.
    pub creditor: CreditorBody,
    /// Whom or what it was for.
    pub whom: WhomBody,
    /// The amount, without the fee.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
    /// The fee of the payment service provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub fee: Option<Cents>,
    /// When it was paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Instant,
    /// The payment service provider, by name.
    pub psp: String,
    /// How: `CARD`, `BANK_TRANSFER`, `CASH` or a word of pagoPA's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The town's signed word on the same: a compact JWS whose content is a [`ReceiptClaims`], short enough for a QR code.
    pub word: String,
}

/// What the town signs of a receipt: enough for a third party to check it without a network.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptClaims {
    /// The town that signs, by its IPA code.
    pub iss: String,
    /// Always `payment`.
    pub kind: String,
    /// The notice that was paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: NoticeNumber,
    /// The creditor that was paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub creditor: Creditor,
    /// The amount.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub amount: Cents,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Instant,
    /// The receipt's number.
    pub receipt: String,
}

impl ReceiptClaims {
    /// The value of [`ReceiptClaims::kind`]: it keeps a token of another purpose from passing for a receipt.
    pub const KIND: &'static str = "payment";
}
