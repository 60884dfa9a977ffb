//! One debt: its ways to pay, what it is made of, its story.

use std::cmp::Reverse;

use rusqlite::Transaction;
use vicino_contract::http::{DebtEvent, InstallmentBody, LineBody, NoticeRecord, PlanBody};
use vicino_contract::ipc::{
    EventView, F24View, GetNotice, InstallmentView, LineView, NoticeEvent, NoticePurpose, NoticeRow, NoticeView,
    PlanView,
};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{Dated, Fact, NoticeId, NoticeState, Outcome, ServiceId, Tally};

use crate::device::Device;
use crate::device::command::Handle;
use crate::directory;
use crate::error::Error;
use crate::matters::notice::ledger::{Known, Ledger, bare_row, known};
use crate::matters::notice::receipts::receipt_row;
use crate::matters::notice::store::{ExternalNotice, Named};
use crate::matters::report;
use crate::store::cursors;
use crate::store::files::{self, KeptFile, With};

impl Handle for GetNotice {
    fn handle(self, device: &Device) -> Result<NoticeView, Error> {
        let now = device.now();
        let (view, office) = device.store.private(|tx| {
            let ledger = Ledger::read(tx, now)?;
            let mut view = match known(tx, self.id, now)? {
                Known::Told(record) => (told(&ledger, &record), record.office, Some(record.good_for_hours)),
                Known::Kept(stranger) => (kept(&ledger, &stranger), None, None),
            };
            view.0.freshness = device.own_freshness(cursors::read(tx)?.freshness);
            // What a stranger's code said is as old as the paper: the payment page asks for the sum itself.
            let age = view.0.freshness.as_of.map(|at| now - at);
            view.0.fresh =
                view.2.is_none_or(|hours| age.is_some_and(|age| age <= chrono::Duration::hours(i64::from(hours))));
            papers(tx, self.id, &mut view.0)?;
            Ok((view.0, view.1))
        })?;
        let office = directory::whom_to_ask(device, office)?;
        Ok(NoticeView { office, ..view })
    }
}

fn papers(tx: &Transaction<'_>, id: NoticeId, view: &mut NoticeView) -> Result<(), Error> {
    let all = files::of(tx, id)?;
    view.enclosed = report::view::enclosed(&all);
    view.files = all.iter().filter(|file| file.with != With::Letter).map(KeptFile::view).collect();
    Ok(())
}

fn told(ledger: &Ledger, record: &NoticeRecord) -> NoticeView {
    let chosen = ledger.way(record).unwrap_or_default();
    let plans = record.plans.iter().enumerate();
    let plans: Vec<PlanView> = plans.map(|plan| plan_view(ledger, record, plan)).collect();
    let several = record.plans.iter().map(|plan| plan.installments.len()).sum::<usize>() > 1;
    let numbers = || record.plans.iter().flat_map(|plan| &plan.installments).map(|one| one.number);
    let mut story: Vec<EventView> = record
        .history
        .iter()
        // What was begun here is told by this device itself.
        .filter(|step| step.cart.is_none() || ledger.is_elsewhere(step))
        .map(|step| EventView {
            at: step.at,
            what: NoticeEvent::from_code(step.what.as_str()).unwrap_or(NoticeEvent::Other),
            number: step.number.filter(|_| several).map(NoticeNumber::grouped),
            note: step.note.clone(),
            told: true,
        })
        .collect();
    let said = |number: NoticeNumber| {
        record.history.iter().any(|step| step.what == DebtEvent::SaidPaid && step.number == Some(number))
    };
    for number in numbers() {
        let own = ledger.facts((record.creditor.tax_code, number)).iter();
        // What the town has told of is not told twice.
        let own = own.filter(|(_, fact)| *fact != Fact::Said || !said(number));
        story.extend(own.filter_map(|fact| event(fact, several.then_some(number))));
    }
    story.sort_by_key(|event| Reverse(event.at));
    let receipts = numbers().flat_map(|number| ledger.receipts((record.creditor.tax_code, number)));
    let services = record.services.iter();
    NoticeView {
        row: first_row(ledger, record),
        creditor: record.creditor.name.clone(),
        creditor_code: record.creditor.tax_code,
        issued_on: Some(record.issued_on),
        lines: lines(&record.lines),
        chosen: u16::try_from(chosen).unwrap_or_default(),
        story,
        receipts: receipts.map(receipt_row).collect(),
        files: Vec::new(),
        enclosed: Vec::new(),
        // What was taken back is not to be written into any form.
        f24: record.f24.iter().filter(|_| !record.is_withdrawn()).map(f24).collect(),
        services: services
            .map(|one| {
                (
                    NoticePurpose::from_code(&one.purpose).unwrap_or(NoticePurpose::Other),
                    ServiceId::from_uuid(one.service),
                )
            })
            .collect(),
        office: None,
        fresh: false,
        freshness: Default::default(),
        plans,
    }
}

/// The row a debt is known by: the next to pay, or whatever of it there is.
fn first_row(ledger: &Ledger, record: &NoticeRecord) -> NoticeRow {
    let rows = ledger.rows(record);
    let open = rows.iter().find(|row| row.state == NoticeState::ToPay);
    let row = open.or(rows.first()).cloned().or_else(|| ledger.information(record));
    row.unwrap_or_else(|| {
        let plan = record.plans.first();
        let one = plan.and_then(|plan| Some((plan, plan.installments.first()?)));
        one.map_or_else(
            || bare_row(record),
            |(plan, one)| {
                let tally = ledger.tally(record, one);
                ledger.row(record, plan, (0, one), tally)
            },
        )
    })
}

fn plan_view(ledger: &Ledger, record: &NoticeRecord, (at, plan): (usize, &PlanBody)) -> PlanView {
    let installments = plan.installments.iter().map(|one| {
        let tally = ledger.tally(record, one);
        let receipts = ledger.receipts((record.creditor.tax_code, one.number));
        InstallmentView {
            payable: ledger.is_payable(record, one),
            opens_on: ledger.opens_on(record, one),
            paid_at: receipts.first().map(|receipt| receipt.paid_at).or(one.paid_at),
            ..installment(one, tally)
        }
    });
    PlanView {
        title: plan.title.clone(),
        until: plan.until,
        over: record.is_over(at, ledger.today()),
        lines: lines(&plan.lines),
        installments: installments.collect(),
    }
}

fn lines(all: &[LineBody]) -> Vec<LineView> {
    all.iter().map(|line| LineView { what: line.what.clone(), how: line.how.clone(), amount: line.amount }).collect()
}

fn installment(one: &InstallmentBody, tally: Tally) -> InstallmentView {
    InstallmentView {
        number: one.number,
        grouped: one.number.grouped(),
        check: one.number.check(),
        amount: one.amount,
        due_on: Some(one.due_on),
        due_from: one.due_from.clone(),
        state: tally.state,
        open_since: tally.open_since,
        paid_twice: tally.paid_twice,
        contrary: tally.contrary,
        payable: false,
        opens_on: None,
        paid_at: one.paid_at,
    }
}

fn f24(row: &vicino_contract::http::F24Row) -> F24View {
    F24View {
        town: row.town.clone(),
        tribute: row.tribute.clone(),
        part: row.part.clone(),
        properties: row.properties,
        year: row.year,
        amount: row.amount,
        due_on: row.due_on,
    }
}

/// A stranger's notice: all that is known of it is what its code said, and what was done here.
fn kept(ledger: &Ledger, stranger: &ExternalNotice) -> NoticeView {
    let named: Named = (stranger.creditor, stranger.number);
    let tally = ledger.tally_of_stranger(stranger);
    let mut story: Vec<EventView> = ledger.facts(named).iter().filter_map(|fact| event(fact, None)).collect();
    story.sort_by_key(|event| Reverse(event.at));
    let one = InstallmentView {
        number: stranger.number,
        grouped: stranger.number.grouped(),
        check: stranger.number.check(),
        amount: stranger.amount,
        due_on: None,
        due_from: String::new(),
        state: tally.state,
        open_since: tally.open_since,
        paid_twice: tally.paid_twice,
        contrary: tally.contrary,
        payable: tally.state != NoticeState::Confirmed,
        opens_on: None,
        paid_at: None,
    };
    NoticeView {
        row: ledger.stranger(stranger),
        creditor: stranger.creditor_name.clone(),
        creditor_code: stranger.creditor,
        issued_on: None,
        lines: Vec::new(),
        plans: vec![PlanView {
            title: String::new(),
            until: None,
            over: false,
            lines: Vec::new(),
            installments: vec![one],
        }],
        chosen: 0,
        story,
        receipts: ledger.receipts(named).into_iter().map(receipt_row).collect(),
        files: Vec::new(),
        enclosed: Vec::new(),
        f24: Vec::new(),
        services: Vec::new(),
        office: None,
        fresh: true,
        freshness: Default::default(),
    }
}

/// What a fact known here is in a debt's story; receipts and contrary words stand there as the town tells them.
fn event((at, fact): &Dated, number: Option<NoticeNumber>) -> Option<EventView> {
    let what = match fact {
        Fact::Begun => NoticeEvent::Begun,
        Fact::Returned(Outcome::Paid) => NoticeEvent::ReturnedPaid,
        Fact::Returned(Outcome::Unknown) => NoticeEvent::ReturnedUnknown,
        Fact::Returned(Outcome::Cancelled | Outcome::Refused) => NoticeEvent::ReturnedUnpaid,
        Fact::Said => NoticeEvent::SaidPaid,
        Fact::Receipt { .. } | Fact::Contrary => return None,
    };
    Some(EventView { at: *at, what, number: number.map(NoticeNumber::grouped), note: None, told: false })
}
