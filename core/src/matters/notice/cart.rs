//! What is asked before a payment page is: is the cart sound, are the amounts those that were shown, was it begun before?

use chrono::Duration;
use rusqlite::Transaction;
use vicino_contract::http::CartNotice;
use vicino_contract::ipc::{GetCart, NoticeRow, PayLine, PayingView};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{CartLine, InstallmentState, Instant, NoticeState, Payable, Tally, check_cart};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::notice::ledger::{Known, Ledger, known, payment};
use crate::matters::notice::store;

/// The way on where somebody began to pay already, or said to have paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IfMaybePaid {
    /// Nothing is opened; the resident is told first.
    Ask,
    /// It is paid all the same.
    Pay,
}

impl IfMaybePaid {
    /// As an option or a press of a button says it.
    #[must_use]
    pub const fn despite(despite: bool) -> Self {
        if despite { Self::Pay } else { Self::Ask }
    }
}

/// A cart that may be taken to the town.
pub(crate) struct Prepared {
    pub(crate) notices: Vec<CartNotice>,
    /// Tells whether every amount is known as of a moment that is recent enough.
    pub(crate) fresh: bool,
}

/// Checks a cart against what is known here; `age`: how long ago that was read, when it ever was.
pub(crate) fn prepare(
    tx: &Transaction<'_>,
    lines: &[PayLine],
    if_maybe_paid: IfMaybePaid,
    (now, age): (Instant, Option<Duration>),
) -> Result<Result<Prepared, PayingView>, Error> {
    let ledger = Ledger::read(tx, now)?;
    let mut looked = Vec::with_capacity(lines.len());
    for line in lines {
        looked.push(look(tx, &ledger, line, age)?);
    }
    let wanted: Vec<CartLine> = looked.iter().map(|seen| seen.notice.line()).collect();
    let payable = |line: &CartLine| looked.iter().find(|seen| seen.notice.line() == *line)?.payable;
    if let Err(bad) = check_cart(&wanted, payable) {
        return Ok(Err(PayingView::Refused(bad)));
    }
    let doubtful = |seen: &Looked| seen.tally.state != NoticeState::ToPay || seen.tally.open_since.is_some();
    let numbers = looked.iter().flat_map(|seen| {
        let own = doubtful(seen).then_some(seen.notice.number);
        own.into_iter().chain(seen.other_ways.iter().copied())
    });
    let numbers: Vec<String> = numbers.map(NoticeNumber::grouped).collect();
    if if_maybe_paid == IfMaybePaid::Ask && !numbers.is_empty() {
        return Ok(Err(PayingView::Warned { numbers }));
    }
    let fresh = looked.iter().all(|seen| seen.fresh);
    Ok(Ok(Prepared { notices: looked.into_iter().map(|seen| seen.notice).collect(), fresh }))
}

struct Looked {
    notice: CartNotice,
    payable: Option<Payable<uuid::Uuid>>,
    tally: Tally,
    /// Other notices of the same debt that were begun or paid.
    other_ways: Vec<NoticeNumber>,
    fresh: bool,
}

fn look(tx: &Transaction<'_>, ledger: &Ledger, line: &PayLine, age: Option<Duration>) -> Result<Looked, Error> {
    match known(tx, line.id, ledger.now())? {
        Known::Told(record) => {
            let (_, _, one) = payment(&record, line.number).ok_or_else(Error::not_found)?;
            let tally = ledger.tally(&record, one);
            let mut payable = ledger.payable(&record, line.number);
            // A receipt is here: whatever the town says of it since.
            if tally.state == NoticeState::Confirmed {
                payable = payable.map(|known| Payable { state: InstallmentState::Paid, ..known });
            }
            let named = (record.creditor.tax_code, line.number);
            let good = Duration::hours(i64::from(record.good_for_hours));
            Ok(Looked {
                notice: cart_notice(named, line.amount, &record.creditor.name, &record.title),
                fresh: age.is_some_and(|age| age <= good),
                other_ways: ledger.other_ways(&record, line.number),
                payable,
                tally,
            })
        }
        Known::Kept(stranger) if stranger.number != line.number => Err(Error::not_found()),
        Known::Kept(stranger) => {
            let named = (stranger.creditor, stranger.number);
            let tally = ledger.tally_of_stranger(&stranger);
            // What it costs is what its code said; the payment page asks the creditor itself.
            let payable = Payable {
                plan: (stranger.id.uuid(), 0),
                amount: stranger.amount,
                state: InstallmentState::Unpaid,
                opens_on: None,
            };
            let notice = cart_notice(named, line.amount, &stranger.creditor_name, &stranger.title);
            Ok(Looked { notice, payable: Some(payable), tally, other_ways: Vec::new(), fresh: true })
        }
    }
}

/// The parts of a cart, for the town.
pub(crate) fn cart_notice(
    (creditor, number): store::Named,
    amount: vicino_domain::Cents,
    creditor_name: &str,
    description: &str,
) -> CartNotice {
    let short = |text: &str| text.chars().take(140).collect();
    CartNotice { number, creditor, creditor_name: short(creditor_name), description: short(description), amount }
}

impl Handle for GetCart {
    fn handle(self, device: &Device) -> Result<Vec<NoticeRow>, Error> {
        let now = device.now();
        device.store.private(|tx| {
            let ledger = Ledger::read(tx, now)?;
            let mut rows = Vec::with_capacity(self.lines.len());
            for line in &self.lines {
                match known(tx, line.id, now) {
                    Ok(Known::Told(record)) => rows.extend(
                        payment(&record, line.number)
                            .map(|(plan, nth, one)| ledger.row(&record, plan, (nth, one), ledger.tally(&record, one))),
                    ),
                    Ok(Known::Kept(stranger)) => rows.push(ledger.stranger(&stranger)),
                    // What is not here any more leaves the cart.
                    Err(_) => {}
                }
            }
            Ok(rows)
        })
    }
}
