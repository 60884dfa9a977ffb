//! What the families of Pietrachiara owe, have paid, own and consume. The texts and sums are data (`server/data/practice`).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Duration, Months, NaiveDate, NaiveTime, Weekday};
use rusqlite::Transaction;
use serde::Deserialize;
use vicino_contract::http::{
    Collection, ConsumedBody, ConsumptionRecord, CreditorBody, DebtEvent, F24Row, FactBody, HoldingRecord,
    InstallmentBody, LineBody, NoticeKind, NoticeRecord, NoticeStep, PlanBody, PurposeBody, WhomBody, WhomKind,
};
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{Cents, Fine, InstallmentState, Instant, Open, is_holiday, italian_month, town_day};

use crate::Town;
use crate::matters::notice;
use crate::matters::notice::issuing::name_debtor;
use crate::matters::notice::write_notice;
use crate::practice::content::office_id;
use crate::practice::named;
use crate::providers::pagopa::Receipt;
use crate::reader::Owner;
use crate::store::{self, Record, StoreError};

const DUES: &str = include_str!("../../data/practice/dues.json");
const HOLDINGS: &str = include_str!("../../data/practice/holdings.json");
/// The tax code of a creditor that does not exist: its check digit is wrong, as in pagoPA's own samples.
pub(crate) const CREDITOR: &str = "77777777777";
/// The price of a meal.
const MEAL: Cents = Cents(416);

#[derive(Deserialize)]
struct Due {
    to: String,
    kind: Open<NoticeKind>,
    title: String,
    office: String,
    whom: WhomBody,
    /// The number of days ago.
    issued: i64,
    #[serde(default)]
    year: i32,
    #[serde(default)]
    lines: Vec<LineBody>,
    #[serde(default)]
    plans: Vec<Plan>,
    fine: Option<Served>,
    #[serde(default)]
    f24: Vec<F24>,
    services: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Plan {
    title: String,
    #[serde(default)]
    switch_to_expired: bool,
    installments: Vec<Installment>,
}

#[derive(Deserialize)]
struct Installment {
    amount: Cents,
    /// In how many days.
    due: i64,
    due_from: String,
    /// The number of days ago.
    paid: Option<i64>,
}

#[derive(Deserialize)]
struct Served {
    /// The number of days ago.
    served: i64,
    minimum: Cents,
    maximum: Cents,
    costs: Cents,
    report: String,
}

#[derive(Deserialize)]
struct F24 {
    tribute: String,
    part: String,
    properties: u16,
    amount: Cents,
    /// In which month: the law has the 16th of it.
    due: u32,
}

#[derive(Deserialize)]
struct Holding {
    to: String,
    whom: WhomBody,
    kinds: Vec<String>,
    facts: Vec<FactBody>,
}

/// Gives everybody what they owe, what they have paid, what they own and what they have consumed.
pub(crate) fn settle(tx: &Transaction<'_>, town: &Town) -> Result<(), StoreError> {
    if !store::all::<NoticeRecord>(tx, Collection::Notices)?.is_empty() {
        return Ok(());
    }
    let (now, Ok(creditor)) = (town.now(), CREDITOR.parse::<Creditor>()) else { return Ok(()) };
    let mut base = 26_000_000_000_000 / 13;
    for due in serde_json::from_str::<Vec<Due>>(DUES)? {
        let owner = owner(&due.to);
        let mut paid = Vec::new();
        let mut record = notice(
            due,
            (town, creditor),
            now,
            &mut || {
                base += 7919;
                NoticeNumber::issue(47, base)
            },
            &mut paid,
        );
        name_debtor(tx, owner, &mut record)?;
        record.settle(now);
        write_notice(tx, &Record { version: 0, owner: Some(owner), body: record })?;
        for (number, amount, days) in paid {
            let id = format!("PROVA-{number}");
            let (psp, method) = (String::from("Banca di prova"), Some(String::from("CARD")));
            let paid_at = now - Duration::days(days);
            notice::book_in(
                town,
                tx,
                &Receipt { id, number, creditor, amount, fee: None, paid_at, psp, method, stamp: None },
            )?;
        }
    }
    for holding in serde_json::from_str::<Vec<Holding>>(HOLDINGS)? {
        let owner = owner(&holding.to);
        let id = named("holding", &holding.whom.name);
        let record = HoldingRecord { id, whom: holding.whom, facts: holding.facts, kinds: holding.kinds };
        store::write(tx, Collection::Holdings.code(), &id.to_string(), Some(owner), &record)?;
    }
    for record in
        [meals("Giulia Moretti", town_day(now)), meals("Tommaso Moretti", town_day(now)), rides(town_day(now))]
    {
        let child = record.whom.name.as_str();
        store::write(tx, Collection::Consumptions.code(), &record.id.to_string(), Some(owner(child)), &record)?;
    }
    Ok(())
}

fn owner(name: &str) -> Owner {
    Owner::from(vicino_domain::ResidentId::from_uuid(named("resident", name)))
}

/// A debt, with the numbers that are next; what of it was paid, how much, and how many days ago.
fn notice(
    due: Due,
    (town, creditor): (&Town, Creditor),
    now: Instant,
    number: &mut impl FnMut() -> NoticeNumber,
    paid: &mut Vec<(NoticeNumber, Cents, i64)>,
) -> NoticeRecord {
    let today = town_day(now);
    let on = |days: i64| today + Duration::days(days);
    let title = named_month(&due.title, today);
    let plans = match &due.fine {
        Some(served) => fine(served, today, number),
        None => due
            .plans
            .into_iter()
            .map(|plan| {
                let installments = plan.installments.into_iter().map(|one| {
                    let number = number();
                    if let Some(days) = one.paid {
                        paid.push((number, one.amount, days));
                    }
                    unpaid(number, one.amount, on(one.due), one.due_from)
                });
                PlanBody {
                    title: plan.title,
                    from: None,
                    until: None,
                    switch_to_expired: plan.switch_to_expired,
                    lines: Vec::new(),
                    installments: installments.collect(),
                }
            })
            .collect(),
    };
    let lines = due.fine.as_ref().map(|served| {
        let line = |what: &str, how: Option<&str>, amount| LineBody {
            what: what.to_owned(),
            how: how.map(str::to_owned),
            amount,
        };
        vec![
            line("Sanzione, il minimo di legge", Some(&served.report), served.minimum),
            line("Spese di notifica", None, served.costs),
        ]
    });
    let services = due.services.into_iter();
    let services = services.map(|(purpose, title)| PurposeBody { purpose, service: named("service", &title) });
    let year = today.year() + due.year;
    let f24 = due.f24.into_iter().map(|row| F24Row {
        town: String::from("X999"),
        tribute: row.tribute,
        part: row.part,
        properties: row.properties,
        year,
        amount: row.amount,
        due_on: working(legal(year, row.due)),
        due_from: String::from("della legge (art. 1 c. 762 L. 160/2019)"),
    });
    NoticeRecord {
        debtor: None,
        id: named("notice", &format!("{}/{}", due.to, due.title)),
        kind: due.kind,
        year,
        title,
        creditor: CreditorBody {
            name: town.identity.name.clone(),
            tax_code: creditor,
            postal_account: Some(String::from("12345678")),
        },
        office: Some(office_id(&due.office)),
        whom: due.whom,
        issued_on: on(-due.issued),
        lines: lines.unwrap_or(due.lines),
        plans,
        state: Open::default(),
        history: vec![NoticeStep {
            at: on(-due.issued).and_time(NaiveTime::MIN).and_utc() + Duration::hours(9),
            what: DebtEvent::Issued.into(),
            number: None,
            note: None,
            cart: None,
            declaration: None,
        }],
        files: Vec::new(),
        good_for_hours: 24,
        services: services.collect(),
        f24: f24.collect(),
        stamp: None,
    }
}

/// The ways to pay a fine: each amount, and until when it holds.
fn fine(served: &Served, today: NaiveDate, number: &mut impl FnMut() -> NoticeNumber) -> Vec<PlanBody> {
    let day = today - Duration::days(served.served);
    let (minimum, maximum, costs) = (served.minimum, served.maximum, served.costs);
    let steps = Fine { served: day, minimum, maximum, costs, discounted: true, patron: None }.steps();
    let from = format!("calcolata dal Comune dalla notifica del {}", day.format("%d/%m/%Y"));
    let titles = ["Entro 5 giorni, il 30% in meno", "Entro 60 giorni", "Dopo 60 giorni"];
    let plans = steps.into_iter().zip(titles).map(|(step, title)| {
        // The last amount has no day in the law: the town says when it hands the fine over.
        let last =
            || (day + Duration::days(365), String::from("scelta dal Comune: poi la multa passa alla riscossione"));
        let (due_on, from) = step.until.map_or_else(last, |until| (until, from.clone()));
        let installments = vec![unpaid(number(), step.amount, due_on, from)];
        let lines = differs(step.amount, minimum + costs);
        let (title, from, until) = (title.to_owned(), step.from, step.until);
        PlanBody { title, from, until, switch_to_expired: false, lines, installments }
    });
    plans.collect()
}

/// The difference between an amount and the minimum with its costs.
fn differs(amount: Cents, usual: Cents) -> Vec<LineBody> {
    let what = match amount.cmp(&usual) {
        Ordering::Less => "Riduzione del 30% per chi paga entro 5 giorni",
        Ordering::Equal => return Vec::new(),
        Ordering::Greater => "Metà del massimo di legge invece del minimo",
    };
    vec![LineBody { what: what.to_owned(), how: None, amount: amount - usual }]
}

fn unpaid(number: NoticeNumber, amount: Cents, due_on: NaiveDate, due_from: String) -> InstallmentBody {
    let state = InstallmentState::Unpaid.into();
    InstallmentBody { number, amount, due_on, due_from, state, paid_at: None }
}

/// `{month-1}` and `{year}` as of today.
fn named_month(title: &str, today: NaiveDate) -> String {
    let month = |back: u32| italian_month(today.checked_sub_months(Months::new(back)).unwrap_or(today));
    title
        .replace("{month-1}", month(1))
        .replace("{month-2}", month(2))
        .replace("{year-1}", &(today.year() - 1).to_string())
        .replace("{year}", &today.year().to_string())
}

/// The sixteenth of a month.
fn legal(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 16).unwrap_or_default()
}

fn working(day: NaiveDate) -> NaiveDate {
    day.iter_days().take(7).find(|day| day.weekday() != Weekday::Sat && !is_holiday(*day)).unwrap_or(day)
}

/// A child's meals since the last bill, which counts to the end of a month: school days, with one missed here and there.
fn meals(child: &str, today: NaiveDate) -> ConsumptionRecord {
    // On the first days of a month the last bill is not made yet.
    let from = if today.day() > 3 { today } else { today.checked_sub_days(Days::new(4)).unwrap_or(today) };
    let from = from.with_day(1).unwrap_or(from);
    let school = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_holiday(*day);
    let eaten = from
        .iter_days()
        .take_while(|day| *day < today)
        .filter(school)
        .filter(|day| !(day.day() + child.len() as u32).is_multiple_of(7));
    let days: Vec<ConsumedBody> = eaten.map(|on| ConsumedBody { on, count: 1, amount: MEAL }).collect();
    ConsumptionRecord {
        id: named("consumption", child),
        title: String::from("Mensa scolastica"),
        unit: String::from("meal"),
        whom: WhomBody { kind: WhomKind::Person.into(), name: child.to_owned(), detail: None },
        balance: Cents(0) - days.iter().map(|day| day.amount).sum(),
        days,
        counted_to: today.pred_opt().unwrap_or(today),
    }
}

/// Rides on demand, paid in advance: what is left of a card of twenty euro.
fn rides(today: NaiveDate) -> ConsumptionRecord {
    let ride = |back: u64| {
        let on = today.checked_sub_days(Days::new(back)).unwrap_or(today);
        ConsumedBody { on, count: 1, amount: Cents(190) }
    };
    let days: Vec<ConsumedBody> = [17, 11, 9, 3].into_iter().map(ride).collect();
    let child = "Giulia Moretti";
    ConsumptionRecord {
        id: named("rides", child),
        title: String::from("Trasporto a chiamata"),
        unit: String::from("ride"),
        whom: WhomBody { kind: WhomKind::Person.into(), name: child.to_owned(), detail: None },
        balance: Cents(2000) - days.iter().map(|day| day.amount).sum(),
        days,
        counted_to: today.pred_opt().unwrap_or(today),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sum_is_what_its_lines_say() {
        for due in serde_json::from_str::<Vec<Due>>(DUES).unwrap() {
            let lines: Cents = due.lines.iter().map(|line| line.amount).sum();
            for plan in &due.plans {
                let sum: Cents = plan.installments.iter().map(|one| one.amount).sum();
                assert_eq!(sum, lines, "{}", due.title);
            }
        }
    }

    #[test]
    fn a_title_names_its_month() {
        let january = NaiveDate::from_ymd_opt(2026, 1, 9).unwrap();
        assert_eq!(named_month("Mensa, {month-1}", january), "Mensa, dicembre");
        assert_eq!(named_month("TARI {year-1}", january), "TARI 2025");
    }
}
