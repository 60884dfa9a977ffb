//! The town and pagoPA: where residents pay ([`Checkout`]), and what comes back when they have ([`Receipt`]).

pub(crate) mod checkout;
pub(crate) mod gpd;
pub(crate) mod model;
pub(crate) mod stamp;

use std::fmt::Debug;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use vicino_contract::http::CartBody;
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{CartId, Cents, Instant, Outcome};

pub use checkout::{PagoPaCheckout, Version};
pub use gpd::{Gpd, GpdFault, Positions, Publication, read_receipt};
pub use model::{
    Account, Debtor, Installment, PageInfo, PaymentOption, Position, PositionPage, ReceiptPage, ReceiptRow, Stamp,
    Transfer,
};
pub use stamp::{ElectronicStamp, StampCame, false_stamp};

/// The header that carries a key of pagoPA's services.
const KEY: &str = "Ocp-Apim-Subscription-Key";

/// A cart on its way to a payment page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cart {
    /// The identity, made on the device; echoed by pagoPA (*idCart*).
    pub id: CartId,
    /// What is in it, and where its browser goes back to.
    pub body: CartBody,
}

impl Cart {
    /// Where the page sends the browser when it ends like this.
    #[must_use]
    pub fn return_url(&self, outcome: Outcome) -> String {
        let mark = if self.body.return_to.contains('?') { '&' } else { '?' };
        format!("{}{mark}cart={}&outcome={}", self.body.return_to, self.id, outcome.code())
    }
}

/// Why no payment page could be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CheckoutFault {
    /// It cannot be reached, or says that it cannot now.
    #[error("the payment page cannot be reached")]
    Unreachable,
    /// It refuses this cart.
    #[error("the payment page refuses this cart")]
    Refused,
    /// It answered what no payment page answers.
    #[error("the payment page answered nonsense")]
    Nonsense,
}

/// Where residents pay: pagoPA's Checkout, or the false one of a practice town. It alone sees a card.
pub trait Checkout: Debug + Send + Sync {
    /// Opens a payment page for a cart: its address, for the system's browser.
    ///
    /// # Errors
    /// [`CheckoutFault`] when there is none.
    fn open<'a>(&'a self, cart: &'a Cart) -> BoxFuture<'a, Result<String, CheckoutFault>>;

    /// Returns whether it is a false one, whose pages this town shows itself.
    fn is_false(&self) -> bool {
        false
    }
}

/// A payment that pagoPA vouches for (*ricevuta telematica*).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// The number (*receiptId*).
    pub id: String,
    /// The notice that was paid.
    pub number: NoticeNumber,
    /// The creditor that was paid.
    pub creditor: Creditor,
    /// The amount, without the fee.
    pub amount: Cents,
    /// The fee of the payment service provider.
    pub fee: Option<Cents>,
    /// When.
    pub paid_at: Instant,
    /// The payment service provider, by name.
    pub psp: String,
    /// How, by pagoPA's word.
    pub method: Option<String>,
    /// The stamp that was bought with it.
    #[serde(default)]
    pub stamp: Option<StampCame>,
}
