//! The tax dossier by year, and consumption by week and day.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days};
use vicino_contract::http::{Collection, ConsumptionRecord, HoldingRecord, NoticeRecord};
use vicino_contract::ipc::{
    ConsumptionList, ConsumptionView, DossierView, GetConsumption, GetDossier, HoldingView, NoticeKind, TaxView, Unit,
    YearView,
};
use vicino_domain::{Cents, NoticeState, ServiceId};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::notice::ledger::{Ledger, is_closed, whom};
use crate::store::cursors;

impl Handle for GetDossier {
    fn handle(self, device: &Device) -> Result<DossierView, Error> {
        let now = device.now();
        device.store.private(|tx| {
            let ledger = Ledger::read(tx, now)?;
            let mut years: BTreeMap<i32, Vec<TaxView>> = BTreeMap::new();
            let mut wrong = None;
            for record in ledger.records(tx)? {
                let tax = tax(&ledger, &record);
                let correction = record.services.iter().find(|one| one.purpose == "wrong");
                wrong = correction.map(|one| ServiceId::from_uuid(one.service)).or(wrong);
                let taxes = years.entry(record.year).or_default();
                match taxes.iter_mut().find(|known| (known.kind, &known.whom.name) == (tax.kind, &tax.whom.name)) {
                    Some(known) => {
                        known.assessed += tax.assessed;
                        known.paid += tax.paid;
                        known.on_its_way += tax.on_its_way;
                        known.open += tax.open;
                        known.rows.extend(tax.rows);
                    }
                    None => taxes.push(tax),
                }
            }
            let bodies = vicino_records::bodies(tx, Collection::Holdings.code())?;
            let holdings = bodies.iter().filter_map(|body| serde_json::from_str::<HoldingRecord>(body).ok());
            let facts = |holding: &HoldingRecord| {
                holding.facts.iter().map(|fact| (fact.what.clone(), fact.value.clone())).collect()
            };
            Ok(DossierView {
                years: years.into_iter().rev().map(|(year, taxes)| YearView { year, taxes }).collect(),
                holdings: holdings
                    .map(|holding| HoldingView { whom: whom(&holding.whom), facts: facts(&holding) })
                    .collect(),
                wrong,
                freshness: device.own_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

/// What a debt adds to its tax: the way to pay that counts is the one offered on this day.
fn tax(ledger: &Ledger, record: &NoticeRecord) -> TaxView {
    let plan = ledger.way(record).and_then(|way| record.plans.get(way));
    let payments = plan.into_iter().flat_map(|plan| &plan.installments);
    let (mut assessed, mut paid, mut on_its_way) = (Cents(0), Cents(0), Cents(0));
    for one in payments {
        let tally = ledger.tally(record, one);
        // What nobody is to pay any more is not asked any more.
        if tally.state != NoticeState::ToPay || !is_closed(record) {
            assessed += one.amount;
        }
        match tally.state {
            NoticeState::Confirmed => paid += one.amount,
            NoticeState::OnItsWay if !tally.contrary => on_its_way += one.amount,
            _ => {}
        }
    }
    let information: Cents = record.f24.iter().filter(|_| !record.is_withdrawn()).map(|row| row.amount).sum();
    let mut rows = ledger.rows(record);
    rows.extend(ledger.information(record));
    rows.extend(ledger.closed(record));
    TaxView {
        kind: record.kind.known().unwrap_or(NoticeKind::Service),
        whom: whom(&record.whom),
        assessed: assessed + information,
        paid,
        on_its_way,
        // What an F24 pays is not known here: it is neither called open nor paid.
        open: assessed - paid - on_its_way,
        rows,
    }
}

impl Handle for GetConsumption {
    fn handle(self, device: &Device) -> Result<ConsumptionList, Error> {
        device.store.private(|tx| {
            let bodies = vicino_records::bodies(tx, Collection::Consumptions.code())?;
            let mut services: Vec<ConsumptionView> =
                bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).map(consumed).collect();
            services.sort_by(|one, other| (&one.whom.name, &one.title).cmp(&(&other.whom.name, &other.title)));
            Ok(ConsumptionList { services, freshness: device.own_freshness(cursors::read(tx)?.freshness) })
        })
    }
}

fn consumed(record: ConsumptionRecord) -> ConsumptionView {
    let mut weeks: BTreeMap<chrono::NaiveDate, (u32, Cents)> = BTreeMap::new();
    for day in &record.days {
        let back = Days::new(u64::from(day.on.weekday().num_days_from_monday()));
        let (count, amount) = weeks.entry(day.on.checked_sub_days(back).unwrap_or(day.on)).or_default();
        *count = count.saturating_add(u32::from(day.count));
        *amount += day.amount;
    }
    ConsumptionView {
        title: record.title,
        unit: match record.unit.as_str() {
            "meal" => Unit::Meal,
            "ride" => Unit::Ride,
            _ => Unit::Use,
        },
        whom: whom(&record.whom),
        balance: record.balance,
        weeks: weeks.into_iter().rev().map(|(monday, (count, amount))| (monday, count, amount)).collect(),
        days: record.days.iter().rev().map(|day| (day.on, day.count, day.amount)).collect(),
        counted_to: record.counted_to,
    }
}
