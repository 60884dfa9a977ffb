//! The false payment page: plainly false, it plays every way a payment can end. No card, no money, no pagoPA.

use chrono::Duration;
use futures_util::future::BoxFuture;
use maud::{Markup, html};
use vicino_contract::http::{CartNotice, StampBody};
use vicino_domain::{CartId, Cents, Instant, Outcome};

use crate::http::html::page;
use crate::http::table::PRACTICE_PAGE;
use crate::matters::notice;
use crate::matters::notice::notice_by_number;
use crate::practice::practice_store;
use crate::providers::pagopa::{Cart, Checkout, CheckoutFault, Receipt, StampCame, false_stamp};
use crate::store::StoreError;
use crate::{Refusal, Town};

/// How much later a late receipt comes.
const LATE: Duration = Duration::days(1);
/// How soon it shows what became of a payment whose end was not known.
const SOON: Duration = Duration::minutes(1);

/// Opens its own pages; what is played on them is booked by the town itself.
#[derive(Debug)]
pub(crate) struct FalseCheckout;

impl Checkout for FalseCheckout {
    fn open<'a>(&'a self, cart: &'a Cart) -> BoxFuture<'a, Result<String, CheckoutFault>> {
        Box::pin(async move { Ok(PRACTICE_PAGE.replace("{id}", &cart.id.to_string())) })
    }

    fn is_false(&self) -> bool {
        true
    }
}

/// What a browser gets that played an outcome.
pub(crate) enum Played {
    /// Back to whoever sent it.
    Back(String),
    /// It stays where it is.
    Stays(String),
}

/// The ways a payment can end: the word, what the button says, what that means.
const PLAYS: &[(&str, &str, &str)] = &[
    ("paid", "Paga", "Il pagamento riesce e la ricevuta arriva subito."),
    ("late", "Paga, la ricevuta arriva domani", "Il pagamento riesce; la conferma è in viaggio per un giorno."),
    ("cancelled", "Annulla", "Torni indietro senza pagare."),
    ("refused", "La carta è rifiutata", "Non si paga niente."),
    ("unknown", "Non si sa com’è finita", "La pagina torna senza saperlo; dopo un minuto si scopre che era pagato."),
    ("halfway", "Chiudi a metà", "La pagina resta qui e non torna mai; non si paga niente."),
    ("twice", "Paga due volte", "Arrivano due ricevute per lo stesso avviso."),
];

/// The page of a cart.
pub(crate) fn false_page(town: &Town, id: CartId) -> Result<String, Refusal> {
    let cart = false_cart(town, id)?;
    let total: Cents = cart.body.notices.iter().map(|notice| notice.amount).sum();
    let inner = html! {
        h1 { "Pagamento di prova" }
        p { "Questa pagina non è pagoPA e non muove denaro: scegli come va a finire." }
        p lang="en" { "This page is not pagoPA and moves no money: choose how it ends." }
        ul {
            @for notice in &cart.body.notices {
                li { (notice.description) ", " (notice.creditor_name) ": " b { (notice.amount.in_italian()) } }
            }
        }
        p { "Totale " b { (total.in_italian()) } }
        form method="post" {
            @for (word, says, means) in PLAYS {
                button name="play" value=(word) { b { (says) } (means) }
            }
        }
    };
    Ok(false_frame(town, &inner))
}

/// Plays an outcome. The same again plays the same: receipts have their numbers from the cart.
pub(crate) fn play(town: &Town, id: CartId, word: &str) -> Result<Played, Refusal> {
    let (cart, now) = (false_cart(town, id)?, town.now());
    let asked = town.register.read(|tx| {
        let debt = |notice: &CartNotice| notice_by_number(tx, notice.creditor, notice.number);
        cart.body
            .notices
            .iter()
            .map(|one| Ok(debt(one)?.and_then(|debt| debt.body.stamp)))
            .collect::<Result<Vec<_>, StoreError>>()
    })?;
    let receipts = |turn: u8, at: Instant| {
        let notices = cart.body.notices.iter().zip(&asked);
        // Bought with the debt of a stamp, a stamp comes with its receipt.
        let stamp = |asked: &StampBody| StampCame::of(&false_stamp(asked, at));
        let one = |(notice, asked): (&CartNotice, &Option<StampBody>)| Receipt {
            stamp: asked.as_ref().map(stamp),
            ..receipt(id, turn, notice, at)
        };
        notices.map(one).collect::<Vec<_>>()
    };
    let outcome = match word {
        "paid" => {
            receipts(1, now).iter().try_for_each(|one| notice::book(town, one).map(|_| ()))?;
            Outcome::Paid
        }
        "twice" => {
            let both = receipts(1, now).into_iter().chain(receipts(2, now));
            both.into_iter().try_for_each(|one| notice::book(town, &one).map(|_| ()))?;
            Outcome::Paid
        }
        "late" => {
            tell_receipts(town, now + LATE, &receipts(1, now))?;
            Outcome::Paid
        }
        "unknown" => {
            tell_receipts(town, now + SOON, &receipts(1, now))?;
            Outcome::Unknown
        }
        "cancelled" => Outcome::Cancelled,
        "refused" => Outcome::Refused,
        "halfway" => {
            let inner = html! {
                h1 { "Chiusa a metà" }
                p { "Non hai pagato niente. Chiudi questa pagina e torna a Vicino." }
                p lang="en" { "Nothing was paid. Close this page and go back to Vicino." }
            };
            return Ok(Played::Stays(false_frame(town, &inner)));
        }
        _ => return Err(Refusal::not_found()),
    };
    Ok(Played::Back(cart.return_url(outcome)))
}

/// Books the receipts whose moment has come.
pub(crate) fn tell_due_receipts(town: &Town) -> Result<(), Refusal> {
    let now = town.now();
    let told = town.register.write(|tx| {
        let due = practice_store::due_receipts(tx, now)?;
        due.iter().map(|receipt| notice::book_in(town, tx, receipt)).collect::<Result<Vec<_>, StoreError>>()
    })?;
    told.into_iter().flatten().for_each(|owner| town.register.say_changed(crate::Changed(Some(owner))));
    Ok(())
}

fn tell_receipts(town: &Town, at: Instant, receipts: &[Receipt]) -> Result<(), Refusal> {
    town.register.write(|tx| receipts.iter().try_for_each(|one| Ok(practice_store::tell_later(tx, at, one)?)))
}

fn false_cart(town: &Town, id: CartId) -> Result<Cart, Refusal> {
    let falsely = town.identity.checkout.as_ref().is_some_and(|checkout| checkout.is_false());
    let found = town.register.write(|tx| practice_store::cart(tx, id))?.filter(|_| falsely);
    Ok(Cart { id, body: found.ok_or_else(Refusal::not_found)? })
}

fn false_frame(town: &Town, inner: &Markup) -> String {
    let title = format!("Pagamento di prova · {}", town.identity.name);
    page("it", &title, Some("PROVA · Questo pagamento è finto. Nessun denaro si muove."), inner)
}

fn receipt(cart: CartId, turn: u8, notice: &CartNotice, at: Instant) -> Receipt {
    let number = notice.number.to_string();
    // Unlike any of pagoPA's, and the same however often the page is sent.
    let id = format!("PROVA-{}-{}-{turn}", cart.to_string().chars().take(13).collect::<String>(), number);
    Receipt {
        id,
        number: notice.number,
        creditor: notice.creditor,
        amount: notice.amount,
        fee: None,
        paid_at: at,
        psp: String::from("Banca di prova"),
        method: Some(String::from("CARD")),
        stamp: None,
    }
}
