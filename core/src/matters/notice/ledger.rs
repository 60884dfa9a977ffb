//! What is owed and paid: every notice judged by all that is known of it, here and in the town.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{
    Collection, DebtEvent, F24Row, InstallmentBody, NoticeRecord, NoticeStep, PaymentRecord, PlanBody, WhomBody,
};
use vicino_contract::ipc::{NoticeKind, NoticeRow, WhomKind, WhomView};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{
    CartId, Dated, Fact, InstallmentState, Instant, NoticeId, Payable, PositionState, Tally, tally, town_day,
};

use crate::error::Error;
use crate::matters::notice::store::{self, ExternalNotice, Named};
use crate::store::records;

/// The time a payment page that was opened elsewhere is reckoned with.
const PAGE: Duration = Duration::hours(1);

/// Everything by which notices are judged, read once.
pub(crate) struct Ledger {
    facts: BTreeMap<Named, Vec<Dated>>,
    receipts: BTreeMap<Named, Vec<PaymentRecord>>,
    carts: BTreeSet<CartId>,
    /// Debts that the town, when it last told everything, did not tell of: put back from a copy, it knows them no more.
    pending: BTreeSet<Uuid>,
    now: Instant,
    today: NaiveDate,
}

impl Ledger {
    pub(crate) fn read(tx: &Transaction<'_>, now: Instant) -> Result<Self, Error> {
        let mut receipts: BTreeMap<Named, Vec<PaymentRecord>> = BTreeMap::new();
        for receipt in store::receipts(tx)? {
            receipts.entry((receipt.creditor.tax_code, receipt.number)).or_default().push(receipt);
        }
        let (facts, carts) = (store::facts(tx)?, store::carts(tx)?);
        let pending = records::pending_resync(tx, Collection::Notices)?;
        Ok(Self { facts, receipts, carts, pending, now, today: town_day(now) })
    }

    /// Every debt, as it stands now.
    pub(crate) fn records(&self, tx: &Transaction<'_>) -> Result<Vec<NoticeRecord>, Error> {
        let mut records = store::records(tx)?;
        records.iter_mut().for_each(|record| record.settle(self.now));
        Ok(records)
    }

    /// The receipts of a notice, the first paid first.
    pub(crate) fn receipts(&self, named: Named) -> Vec<&PaymentRecord> {
        let mut own: Vec<&PaymentRecord> = self.receipts.get(&named).into_iter().flatten().collect();
        own.sort_by_key(|receipt| receipt.paid_at);
        own
    }

    /// What is known here alone of a notice.
    pub(crate) fn facts(&self, named: Named) -> &[Dated] {
        self.facts.get(&named).map(Vec::as_slice).unwrap_or_default()
    }

    /// Judges one payment of a debt.
    pub(crate) fn tally(&self, record: &NoticeRecord, one: &InstallmentBody) -> Tally {
        let named = (record.creditor.tax_code, one.number);
        let told = record.history.iter().filter(|step| step.number == Some(one.number)).filter_map(|step| {
            match step.what.known()? {
                DebtEvent::Begun if self.is_open_elsewhere(step) => Some((step.at, Fact::Begun)),
                DebtEvent::SaidPaid => Some((step.at, Fact::Said)),
                DebtEvent::NotPaid => Some((step.at, Fact::Contrary)),
                _ => None,
            }
        });
        // Paid, says the town: until its receipt is here too, the confirmation is on its way.
        let word = one.paid_at.filter(|_| one.state().is_paid()).map(|at| (at, Fact::Said));
        let tally = self.judge(named, told.chain(word));
        // A debt that two ways of paying it have receipts of was paid twice as well.
        let twice = tally.paid_twice || (self.has_receipt(named) && self.is_paid_otherwise(record, one));
        Tally { paid_twice: twice, ..tally }
    }

    fn has_receipt(&self, named: Named) -> bool {
        self.receipts.contains_key(&named)
    }

    /// Returns whether a receipt of another way of paying this debt is here.
    fn is_paid_otherwise(&self, record: &NoticeRecord, one: &InstallmentBody) -> bool {
        let others =
            record.plans.iter().filter(|plan| plan.installments.iter().all(|other| other.number != one.number));
        let mut all = others.flat_map(|plan| &plan.installments);
        all.any(|other| self.has_receipt((record.creditor.tax_code, other.number)))
    }

    /// Returns whether this payment was begun on another device, so lately that its page may still be open: how it ended, if unpaid,
    /// is known there alone.
    fn is_open_elsewhere(&self, step: &NoticeStep) -> bool {
        self.is_elsewhere(step) && self.now.signed_duration_since(step.at) < PAGE
    }

    /// Returns whether a step of a debt's story was taken in a cart of another device.
    pub(crate) fn is_elsewhere(&self, step: &NoticeStep) -> bool {
        step.cart.is_none_or(|cart| !self.carts.contains(&cart))
    }

    /// Returns whether somebody has begun to pay it here, or it is paid.
    fn is_begun(&self, record: &NoticeRecord, one: &InstallmentBody) -> bool {
        let tally = self.tally(record, one);
        tally.state != vicino_domain::NoticeState::ToPay || tally.open_since.is_some()
    }

    /// The notices by which a debt was begun to be paid in another way than by this one.
    pub(crate) fn other_ways(&self, record: &NoticeRecord, number: NoticeNumber) -> Vec<NoticeNumber> {
        let others = record.plans.iter().filter(|plan| plan.installments.iter().all(|one| one.number != number));
        let all = others.flat_map(|plan| &plan.installments);
        all.filter(|one| self.is_begun(record, one)).map(|one| one.number).collect()
    }

    /// A payment of a debt as it stands today: not to be paid where the town knows nothing of the debt any more.
    pub(crate) fn payable(&self, record: &NoticeRecord, number: NoticeNumber) -> Option<Payable<Uuid>> {
        let known = record.payable(number, self.today)?;
        let lost = self.pending.contains(&record.id) && !known.state.is_paid();
        Some(Payable { state: if lost { InstallmentState::Unpayable } else { known.state }, ..known })
    }

    /// Returns whether a payment may be shown at a counter, and paid: it is open on this day, and no receipt of it is here.
    pub(crate) fn is_payable(&self, record: &NoticeRecord, one: &InstallmentBody) -> bool {
        let may = |known: Payable<Uuid>| known.state == InstallmentState::Unpaid && known.opens_on.is_none();
        self.payable(record, one.number).is_some_and(may)
            && self.tally(record, one).state != vicino_domain::NoticeState::Confirmed
            && !self.is_paid_otherwise(record, one)
    }

    /// The rows of strangers' notices; what the town has told of since is not counted a second time.
    pub(crate) fn strangers(&self, tx: &Transaction<'_>, records: &[NoticeRecord]) -> Result<Vec<NoticeRow>, Error> {
        let told = |kept: &ExternalNotice| {
            records
                .iter()
                .any(|record| record.creditor.tax_code == kept.creditor && record.installment(kept.number).is_some())
        };
        let strangers = store::strangers(tx)?;
        Ok(strangers.iter().filter(|kept| !told(kept)).map(|kept| self.stranger(kept)).collect())
    }

    /// Judges a notice of a stranger.
    pub(crate) fn tally_of_stranger(&self, stranger: &ExternalNotice) -> Tally {
        self.judge((stranger.creditor, stranger.number), std::iter::empty())
    }

    fn judge(&self, named: Named, told: impl Iterator<Item = Dated>) -> Tally {
        let receipts = self.receipts.get(&named).into_iter().flatten();
        let receipts = receipts.map(|receipt| {
            let (number, amount) = (receipt.receipt.clone(), receipt.amount);
            (receipt.paid_at, Fact::Receipt { number, amount })
        });
        let all: Vec<Dated> = self.facts(named).iter().cloned().chain(told).chain(receipts).collect();
        tally(&all)
    }

    /// The way to pay that counts: the one that was paid, wholly or in part, by all that is known here; or the one offered on this day.
    /// A page that was only opened takes no way: a dearer one that was looked at must not hide the cheaper.
    pub(crate) fn way(&self, record: &NoticeRecord) -> Option<usize> {
        let paid = |one: &InstallmentBody| self.tally(record, one).state != vicino_domain::NoticeState::ToPay;
        let taken = record.plans.iter().position(|plan| plan.installments.iter().any(paid));
        taken.or(record.plan_on(self.today).map(|(at, _)| at))
    }

    /// The rows of a debt: each paid instalment, each on its way, and the next to pay of the way that is offered.
    pub(crate) fn rows(&self, record: &NoticeRecord) -> Vec<NoticeRow> {
        self.rows_to(record, false)
    }

    /// The rows of a debt with every instalment still to come: each has its day.
    pub(crate) fn days_of(&self, record: &NoticeRecord) -> Vec<NoticeRow> {
        self.rows_to(record, true)
    }

    fn rows_to(&self, record: &NoticeRecord, end: bool) -> Vec<NoticeRow> {
        let offered = self.way(record);
        let mut rows = Vec::new();
        for (at, plan) in record.plans.iter().enumerate() {
            let mut next = true;
            for (nth, one) in plan.installments.iter().enumerate() {
                let tally = self.tally(record, one);
                let open = tally.state == vicino_domain::NoticeState::ToPay;
                let shown = match (open, Some(at) == offered) {
                    (false, _) => true,
                    (true, false) => false,
                    (true, true) => (next || end) && one.state() == InstallmentState::Unpaid && Self::waits(record),
                };
                next &= !open;
                if shown {
                    rows.push(self.row(record, plan, (nth, one), tally));
                }
            }
        }
        rows
    }

    /// Returns whether a debt is to be paid, now or from a day on.
    fn waits(record: &NoticeRecord) -> bool {
        record.state().is_payable() || record.state() == PositionState::Published
    }

    pub(crate) fn row(
        &self,
        record: &NoticeRecord,
        plan: &PlanBody,
        (nth, one): (usize, &InstallmentBody),
        tally: Tally,
    ) -> NoticeRow {
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let receipts = self.receipts((record.creditor.tax_code, one.number));
        NoticeRow {
            id: NoticeId::from_uuid(record.id),
            number: Some(one.number),
            kind: record.kind.known().unwrap_or(NoticeKind::Service),
            title: record.title.clone(),
            whom: whom(&record.whom),
            amount: one.amount,
            part: (count(nth + 1), count(plan.installments.len())),
            due_on: Some(one.due_on),
            days: self.days_to(one.due_on),
            due_from: one.due_from.clone(),
            state: tally.state,
            open_since: tally.open_since,
            paid_at: receipts.first().map(|receipt| receipt.paid_at).or(one.paid_at),
            stranger: false,
            contrary: tally.contrary,
            opens_on: self.opens_on(record, one),
            closed: tally.state == vicino_domain::NoticeState::ToPay && self.is_shut(record, one),
        }
    }

    /// The day from which a payment may be made, when it is still to come and nothing else was paid in its place.
    pub(crate) fn opens_on(&self, record: &NoticeRecord, one: &InstallmentBody) -> Option<NaiveDate> {
        let paid = self.has_receipt((record.creditor.tax_code, one.number)) || self.is_paid_otherwise(record, one);
        record.payable(one.number, self.today).and_then(|known| known.opens_on).filter(|_| !paid)
    }

    /// Returns whether a payment may not be made any more, whatever day it is.
    fn is_shut(&self, record: &NoticeRecord, one: &InstallmentBody) -> bool {
        let state = record.payable(one.number, self.today).map(|known| known.state);
        matches!(state, Some(InstallmentState::Unpayable | InstallmentState::Expired))
    }

    /// A debt that nobody is to pay any more, of which nothing was paid.
    pub(crate) fn closed(&self, record: &NoticeRecord) -> Option<NoticeRow> {
        if record.plans.is_empty() && record.is_withdrawn() {
            return Some(bare_row(record));
        }
        let plan = record.plans.first().filter(|_| is_closed(record) && self.rows(record).is_empty())?;
        let one = plan.installments.first()?;
        Some(self.row(record, plan, (0, one), self.tally(record, one)))
    }

    /// A debt that is not paid with pagoPA: its next day and sum, as information.
    pub(crate) fn information(&self, record: &NoticeRecord) -> Option<NoticeRow> {
        let mut all = self.information_of(record);
        let next = all.iter().position(|row| row.days >= 0).unwrap_or(all.len().checked_sub(1)?);
        Some(all.swap_remove(next))
    }

    /// Every day and sum of a debt that is not paid with pagoPA.
    pub(crate) fn information_of(&self, record: &NoticeRecord) -> Vec<NoticeRow> {
        let rows = if record.is_withdrawn() { &[] } else { record.f24.as_slice() };
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let row = |(at, next): (usize, &F24Row)| NoticeRow {
            id: NoticeId::from_uuid(record.id),
            number: None,
            kind: record.kind.known().unwrap_or(NoticeKind::Service),
            title: record.title.clone(),
            whom: whom(&record.whom),
            amount: next.amount,
            part: (count(at + 1), count(rows.len())),
            due_on: Some(next.due_on),
            days: self.days_to(next.due_on),
            due_from: next.due_from.clone(),
            state: vicino_domain::NoticeState::ToPay,
            open_since: None,
            paid_at: None,
            stranger: false,
            closed: false,
            contrary: false,
            opens_on: None,
        };
        rows.iter().enumerate().map(row).collect()
    }

    /// The row of a stranger's notice.
    pub(crate) fn stranger(&self, stranger: &ExternalNotice) -> NoticeRow {
        let tally = self.tally_of_stranger(stranger);
        NoticeRow {
            id: stranger.id,
            number: Some(stranger.number),
            kind: NoticeKind::Service,
            title: stranger.title.clone(),
            whom: WhomView { kind: WhomKind::Person, name: stranger.creditor_name.clone(), detail: None },
            amount: stranger.amount,
            part: (1, 1),
            due_on: None,
            days: 0,
            due_from: String::new(),
            state: tally.state,
            open_since: tally.open_since,
            paid_at: None,
            stranger: true,
            closed: false,
            contrary: tally.contrary,
            opens_on: None,
        }
    }

    fn days_to(&self, day: NaiveDate) -> i64 {
        day.signed_duration_since(self.today).num_days()
    }

    pub(crate) const fn now(&self) -> Instant {
        self.now
    }

    pub(crate) const fn today(&self) -> NaiveDate {
        self.today
    }
}

/// Returns whether nobody is to pay it any more, though nobody has: it was taken back, or its time is over.
pub(crate) fn is_closed(record: &NoticeRecord) -> bool {
    !record.plans.is_empty() && record.state() == PositionState::Unpayable
}

/// A debt that asks nothing of anybody.
pub(crate) fn bare_row(record: &NoticeRecord) -> NoticeRow {
    NoticeRow {
        id: NoticeId::from_uuid(record.id),
        number: None,
        kind: record.kind.known().unwrap_or(NoticeKind::Service),
        title: record.title.clone(),
        whom: whom(&record.whom),
        amount: Default::default(),
        part: (1, 1),
        due_on: None,
        days: 0,
        due_from: String::new(),
        state: vicino_domain::NoticeState::ToPay,
        open_since: None,
        paid_at: None,
        stranger: false,
        closed: true,
        contrary: false,
        opens_on: None,
    }
}

pub(crate) fn whom(body: &WhomBody) -> WhomView {
    WhomView {
        kind: body.kind.known().unwrap_or(WhomKind::Person),
        name: body.name.clone(),
        detail: body.detail.clone(),
    }
}

/// What a notice number leads to here.
pub(crate) enum Known {
    /// A debt the town told of.
    Told(Box<NoticeRecord>),
    /// A stranger's, kept here.
    Kept(ExternalNotice),
}

/// The debt, as it stands now, or the stranger's notice under this identity.
pub(crate) fn known(tx: &Transaction<'_>, id: NoticeId, now: Instant) -> Result<Known, Error> {
    if let Some(mut record) = store::record(tx, id)? {
        record.settle(now);
        return Ok(Known::Told(Box::new(record)));
    }
    store::stranger(tx, id)?.map(Known::Kept).ok_or_else(Error::not_found)
}

/// The payment of a debt with this number, and the way to pay it belongs to.
pub(crate) fn payment(record: &NoticeRecord, number: NoticeNumber) -> Option<(&PlanBody, usize, &InstallmentBody)> {
    let (plan, _) = record.installment(number)?;
    let plan = record.plans.get(plan)?;
    let (nth, one) = plan.installments.iter().enumerate().find(|(_, one)| one.number == number)?;
    Some((plan, nth, one))
}
