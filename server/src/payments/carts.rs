//! Carts: notices that a resident pays together, checked once more, and taken to the payment page.

use std::sync::Arc;

use vicino_contract::http::payment_return_is_ours;
use vicino_contract::http::{CartBody, CartReply, ProblemCode};
use vicino_domain::{BadCart, CartId, CartLine, Sha256, check_cart, text, town_day};

use crate::matters::notice::{note_begun, notice_by_number};
use crate::providers::pagopa::{Cart, CheckoutFault};
use crate::reader::Owner;
use crate::refusal::{RefusalKind, sound_id};
use crate::store::{self, OpenCart, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// The longest name of a creditor or of what is paid.
const LONGEST: usize = 140;

/// Opens the payment page of a cart: whether just now, and its address. The same cart again has the same page.
pub(crate) async fn open(
    town: &Arc<Town>,
    reader: Reader,
    id: CartId,
    body: CartBody,
    digest: Sha256,
) -> Result<(bool, CartReply), Refusal> {
    let checkout = town.identity.checkout.clone().ok_or_else(Refusal::not_found)?;
    let owner = reader.owner();
    let asked = Cart { id, body };
    let checked = crate::town::blocking::blocking(town, move |town| checked_cart(town, &reader, asked, digest)).await?;
    let cart = match checked {
        Checked::Open(location) => return Ok((false, CartReply { location })),
        Checked::Sound(cart) => cart,
    };
    let location = checkout.open(&cart).await.map_err(|fault| {
        tracing::warn!(%fault, "payment page not opened");
        match fault {
            CheckoutFault::Unreachable => {
                Refusal::new(RefusalKind::Unavailable, ProblemCode::CheckoutUnreachable, "Payment page unreachable")
            }
            CheckoutFault::Refused => Refusal::new(
                RefusalKind::Unprocessable,
                ProblemCode::CheckoutRefused,
                "Cart refused by the payment page",
            ),
            CheckoutFault::Nonsense => Refusal::new(
                RefusalKind::BadGateway,
                ProblemCode::CheckoutNonsense,
                "Invalid answer from the payment page",
            ),
        }
    })?;
    let (kept, mine) = (location.clone(), location.clone());
    crate::town::blocking::blocking(town, move |town| {
        let now = town.now();
        let (first, owners) = town.register.write(|tx| {
            // The same cart asked for twice at once has one page: the one that was written down first.
            if let Some(first) = before(store::find_cart(tx, id)?, owner, digest)? {
                return Ok::<_, Refusal>((Some(first), Vec::new()));
            }
            store::keep_cart(tx, id, owner, (digest, &cart.body), (&kept, now))?;
            Ok((None, note_begun(tx, now, (id, &cart.body.notices))?))
        })?;
        owners.into_iter().for_each(|owner| town.register.say_changed(Changed(Some(owner))));
        Ok(first)
    })
    .await
    .map(|first| {
        let location = first.unwrap_or(location);
        (location == mine, CartReply { location })
    })
}

/// The page a cart already has, or the cart as pagoPA is to hear of it; refuses one that may not be paid, or whose caller makes the
/// town call too often.
fn checked_cart(town: &Town, reader: &Reader, mut cart: Cart, digest: Sha256) -> Result<Checked, Refusal> {
    for one in &mut cart.body.notices {
        one.creditor_name = text::line(&one.creditor_name);
        one.description = text::line(&one.description);
    }
    let sound = |text: &str| !text.is_empty() && text.chars().count() <= LONGEST;
    let names = cart.body.notices.iter().all(|one| sound(&one.creditor_name) && sound(&one.description));
    if !names || !payment_return_is_ours(&cart.body.return_to) {
        return Err(Refusal::new(
            RefusalKind::Unprocessable,
            ProblemCode::Invalid,
            "Invalid name or return URL in the cart",
        ));
    }
    let (now, lines) = (town.now(), cart.body.notices.iter().map(|one| one.line()).collect::<Vec<CartLine>>());
    let before = town.register.read(|tx| {
        if let Some(before) = before(store::find_cart(tx, cart.id)?, reader.owner(), digest)? {
            return Ok(Some(before));
        }
        // What the town knows is paid in the town's own words; whatever else, only by somebody it knows.
        for one in &mut cart.body.notices {
            match notice_by_number(tx, one.creditor, one.number)? {
                Some(known) => {
                    one.creditor_name = short(&known.body.creditor.name);
                    one.description = short(&known.body.title);
                }
                None if reader.resident.is_none() => {
                    return Err(Refusal::new(
                        RefusalKind::Forbidden,
                        ProblemCode::SignInRefused,
                        "A signed-in resident is required",
                    ));
                }
                None => {}
            }
        }
        sound_id(cart.id.uuid())?;
        if store::is_taken(tx, cart.id.uuid())? {
            return Err(Refusal::id_conflict());
        }
        let mut trouble: Option<StoreError> = None;
        let checked = check_cart(&lines, |line| {
            match notice_by_number(tx, line.creditor, line.number) {
                Ok(found) => found.and_then(|mut found| {
                    // As it stands on this day, whenever it was last written.
                    found.body.settle(now);
                    found.body.payable(line.number, town_day(now))
                }),
                Err(cause) => {
                    trouble = Some(cause);
                    None
                }
            }
        });
        if let Some(cause) = trouble {
            return Err(cause.into());
        }
        checked.map_err(refused)?;
        Ok(None)
    })?;
    if let Some(location) = before {
        return Ok(Checked::Open(location));
    }
    town.limits.meters.carts.take(&reader.owner().to_string(), 1)?;
    if reader.resident.is_none() {
        town.limits.meters.unsigned_carts.take("unsigned", 1)?;
    }
    Ok(Checked::Sound(cart))
}

/// A cart that was looked through.
enum Checked {
    /// It has a page already.
    Open(String),
    /// It may be taken to one.
    Sound(Cart),
}

/// The beginning of a text, as long as pagoPA takes it.
fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The page of a cart that was opened before; another cart under its identity is refused.
fn before(found: Option<OpenCart>, owner: Owner, digest: Sha256) -> Result<Option<String>, Refusal> {
    let Some(before) = found else { return Ok(None) };
    let same = before.sha256 == digest.to_string() && before.owner == Some(owner);
    if same { Ok(Some(before.location)) } else { Err(Refusal::id_conflict()) }
}

fn refused(bad: BadCart) -> Refusal {
    let mut refusal = Refusal::new(RefusalKind::Unprocessable, ProblemCode::CartRefused, "Cart cannot be paid");
    refusal.reason.cart = Some(bad);
    refusal
}
