//! The lifecycle of a debt: pagoPA's rules on a record, read by the town when it writes one and by a device when it reads one.
//!
//! A record gives the state of its debt at the time it was written. Days pass without anybody writing: an amount begins to hold or ends, a position
//! opens or closes. Both sides follow from the days in the record, so that a device far from any network is not left behind.

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{
    InstallmentState, Instant, Open, Payable, PlanFacts, PositionState, installment_state, position_state, town_day,
};

use super::{DebtEvent, NoticeRecord, PlanBody};

impl PlanBody {
    /// The day from which it may be paid, when on this one it may not yet.
    #[must_use]
    pub fn opens_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.from.filter(|from| *from > today)
    }

    /// Returns whether something of it is paid.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.installments.iter().any(|one| one.state().is_paid())
    }
}

impl NoticeRecord {
    /// Recomputes the state of a debt and of its instalments under pagoPA's rules. One with a state of a later release stays as it is.
    pub fn settle(&mut self, now: Instant) {
        let strange = self.state != Open::default() && self.state.known().is_none();
        let mut all = self.plans.iter().flat_map(|plan| &plan.installments);
        if strange || all.any(|one| one.state.known().is_none()) {
            return;
        }
        let today = town_day(now);
        let state = self.position(today);
        self.state = state.into();
        let begun = self.plans.iter().position(PlanBody::is_begun);
        let over: Vec<bool> = (0..self.plans.len()).map(|plan| self.is_over(plan, today)).collect();
        for ((at, plan), over) in self.plans.iter_mut().enumerate().zip(over) {
            let other_way = begun.is_some_and(|begun| begun != at);
            for one in &mut plan.installments {
                let before = one.state();
                let after = match installment_state(state, before.is_paid(), other_way) {
                    // What the bank told of stays told.
                    InstallmentState::Paid => before,
                    InstallmentState::Unpaid if over => InstallmentState::Expired,
                    after => after,
                };
                one.state = after.into();
            }
        }
    }

    /// Where the position stands on a day. One that was taken back is nobody's to pay any more, whatever of it was paid before.
    fn position(&self, today: NaiveDate) -> PositionState {
        let at = |day: NaiveDate, time: NaiveTime| day.and_time(time).and_utc();
        let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
        let facts = self.plans.iter().map(|plan| PlanFacts {
            valid_from: plan.from.map(|day| at(day, NaiveTime::MIN)),
            switch_to_expired: plan.switch_to_expired,
            installments: plan.installments.iter().map(|one| (at(one.due_on, end), one.state().is_paid())).collect(),
        });
        let facts: Vec<PlanFacts> = facts.collect();
        // Days are the town's: the middle of one is after its beginning and before its end.
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or(NaiveTime::MIN);
        match position_state(&facts, at(today, noon)) {
            PositionState::Paid => PositionState::Paid,
            _ if facts.is_empty() || self.is_withdrawn() => PositionState::Unpayable,
            state => state,
        }
    }

    /// Returns whether its creditor took it back.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.history.iter().any(|step| step.what == DebtEvent::Withdrawn)
    }

    /// What a cart has to know, on this day, of one of its payments.
    #[must_use]
    pub fn payable(&self, number: NoticeNumber, today: NaiveDate) -> Option<Payable<Uuid>> {
        let (plan, one) = self.installment(number)?;
        let closed = matches!(self.state(), PositionState::Unpayable | PositionState::Paid)
            || one.state() == InstallmentState::Unpayable;
        let opens_on = self.plans.get(plan).and_then(|plan| plan.opens_on(today)).filter(|_| !closed);
        let state = match one.state() {
            state if state.is_paid() => state,
            state if self.state().is_payable() || opens_on.is_some() => state,
            _ => InstallmentState::Unpayable,
        };
        Some(Payable { plan: (self.id, plan), amount: one.amount, state, opens_on })
    }

    /// Returns whether an amount's last day is past while another amount holds now. A way of paying that was begun goes on as it was.
    #[must_use]
    pub fn is_over(&self, plan: usize, today: NaiveDate) -> bool {
        let over = |plan: &PlanBody| plan.until.is_some_and(|until| until < today);
        let holds = |plan: &PlanBody| !over(plan) && plan.opens_on(today).is_none();
        let later = self.plans.iter().skip(plan + 1).any(holds);
        self.plans.get(plan).is_some_and(|plan| over(plan) && !plan.is_begun()) && later
    }

    /// The way to pay that is offered first on this day: the one begun, or the first whose amount holds, or the first that will.
    #[must_use]
    pub fn plan_on(&self, today: NaiveDate) -> Option<(usize, &PlanBody)> {
        let holds = |plan: &PlanBody| plan.until.is_none_or(|until| until >= today) && plan.opens_on(today).is_none();
        let all = || self.plans.iter().enumerate();
        all()
            .find(|(_, plan)| plan.is_begun())
            .or_else(|| all().find(|(_, plan)| holds(plan)))
            .or_else(|| all().find(|(_, plan)| plan.opens_on(today).is_some()))
            .or_else(|| all().next_back())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{CreditorBody, InstallmentBody, NoticeKind, NoticeStep, WhomBody, WhomKind};
    use vicino_domain::Cents;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn at(on: NaiveDate) -> Instant {
        on.and_hms_opt(10, 0, 0).unwrap().and_utc()
    }

    fn plan(number: u64, from: Option<NaiveDate>, until: Option<NaiveDate>, due: &[NaiveDate]) -> PlanBody {
        let one = |(n, due_on): (usize, &NaiveDate)| InstallmentBody {
            number: NoticeNumber::issue(1, number + n as u64),
            amount: Cents(100),
            due_on: *due_on,
            due_from: String::new(),
            state: InstallmentState::Unpaid.into(),
            paid_at: None,
        };
        let installments = due.iter().enumerate().map(one).collect();
        PlanBody { title: String::new(), from, until, switch_to_expired: false, lines: Vec::new(), installments }
    }

    fn debt(plans: Vec<PlanBody>) -> NoticeRecord {
        NoticeRecord {
            id: Uuid::nil(),
            kind: NoticeKind::Service.into(),
            year: 2026,
            title: String::new(),
            creditor: CreditorBody {
                name: String::new(),
                tax_code: "77777777777".parse().unwrap(),
                postal_account: None,
            },
            debtor: None,
            office: None,
            whom: WhomBody { kind: WhomKind::Person.into(), name: String::new(), detail: None },
            issued_on: day(1, 1),
            lines: Vec::new(),
            plans,
            state: Open::default(),
            history: Vec::new(),
            files: Vec::new(),
            good_for_hours: 24,
            services: Vec::new(),
            f24: Vec::new(),
            stamp: None,
        }
    }

    fn states(debt: &NoticeRecord) -> Vec<&str> {
        debt.plans.iter().flat_map(|plan| &plan.installments).map(|one| one.state.as_str()).collect()
    }

    fn pay(debt: &mut NoticeRecord, plan: usize) {
        debt.plans[plan].installments[0].state = InstallmentState::Paid.into();
    }

    #[test]
    fn days_that_pass_open_and_close_without_anybody_writing() {
        let mut later = debt(vec![plan(1, Some(day(6, 1)), None, &[day(6, 30)])]);
        later.settle(at(day(5, 31)));
        assert_eq!((later.state.as_str(), states(&later)), ("PUBLISHED", vec!["UNPAID"]));
        let number = later.plans[0].installments[0].number;
        assert_eq!(later.payable(number, day(5, 31)).unwrap().opens_on, Some(day(6, 1)));
        later.settle(at(day(6, 1)));
        assert_eq!(later.state, PositionState::Valid);
        let may = later.payable(number, day(6, 1)).unwrap();
        assert_eq!((may.opens_on, may.state), (None, InstallmentState::Unpaid));
        later.plans[0].switch_to_expired = true;
        later.settle(at(day(6, 30)));
        assert_eq!(later.state, PositionState::Valid, "its last day is still its");
        later.settle(at(day(7, 1)));
        assert_eq!((later.state.as_str(), states(&later)), ("UNPAYABLE", vec!["UNPAYABLE"]));
    }

    #[test]
    fn a_way_that_was_begun_goes_on() {
        let ways = || {
            debt(vec![
                plan(1, None, Some(day(6, 16)), &[day(6, 16), day(12, 16)]),
                plan(5, Some(day(6, 17)), None, &[day(12, 16)]),
            ])
        };
        let mut untouched = ways();
        untouched.settle(at(day(6, 17)));
        assert_eq!(states(&untouched), ["EXPIRED", "EXPIRED", "UNPAID"]);
        assert_eq!(untouched.plan_on(day(6, 17)).unwrap().0, 1);
        let mut begun = ways();
        pay(&mut begun, 0);
        begun.settle(at(day(6, 17)));
        assert_eq!((begun.state.as_str(), states(&begun)), ("PARTIALLY_PAID", vec!["PAID", "UNPAID", "UNPAYABLE"]));
        let alone = debt(vec![plan(1, None, Some(day(6, 16)), &[day(6, 16)])]);
        assert!(!alone.is_over(0, day(7, 1)), "no other amount holds");
    }

    #[test]
    fn what_is_taken_back_stays_so_whatever_is_paid_after() {
        let mut back = debt(vec![plan(1, None, None, &[day(6, 16), day(12, 16)])]);
        back.history.push(NoticeStep {
            at: at(day(3, 1)),
            what: DebtEvent::Withdrawn.into(),
            number: None,
            note: None,
            cart: None,
            declaration: None,
        });
        pay(&mut back, 0);
        back.settle(at(day(4, 1)));
        assert_eq!((back.state.as_str(), states(&back)), ("UNPAYABLE", vec!["PAID", "UNPAYABLE"]));
    }

    #[test]
    fn words_of_a_release_to_come_are_left_alone() {
        let mut strange = debt(vec![plan(1, None, None, &[day(6, 16)])]);
        strange.plans[0].installments[0].state = Open::Unknown(String::from("FROZEN"));
        strange.settle(at(day(4, 1)));
        assert_eq!((strange.state.as_str(), states(&strange)), ("", vec!["FROZEN"]));
        assert!(
            strange.payable(strange.plans[0].installments[0].number, day(4, 1)).unwrap().state
                == InstallmentState::Unpayable
        );
    }
}
