//! The lists: to pay, by whom it is for; on its way; paid.

use std::collections::HashMap;

use vicino_contract::ipc::{ListPayments, NoticeRow, PaymentList, WhomGroup, WhomKind};
use vicino_domain::{Cents, NoticeState};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::notice::ledger::Ledger;
use crate::store::cursors;

/// Paid notices of a page at most.
const MOST_PAID: u32 = 200;

impl Handle for ListPayments {
    fn handle(self, device: &Device) -> Result<PaymentList, Error> {
        let now = device.now();
        device.store.private(|tx| {
            let ledger = Ledger::read(tx, now)?;
            let records = ledger.records(tx)?;
            let mut rows: Vec<NoticeRow> = records.iter().flat_map(|record| ledger.rows(record)).collect();
            rows.extend(ledger.strangers(tx, &records)?);
            let mut information: Vec<NoticeRow> =
                records.iter().filter_map(|record| ledger.information(record)).collect();
            information.sort_by_key(|row| row.due_on);
            let closed = records.iter().filter_map(|record| ledger.closed(record)).collect();
            let (to_pay, rest): (Vec<NoticeRow>, Vec<NoticeRow>) =
                rows.into_iter().partition(|row| row.state == NoticeState::ToPay);
            let (mut paid, mut on_its_way): (Vec<NoticeRow>, Vec<NoticeRow>) =
                rest.into_iter().partition(|row| row.state == NoticeState::Confirmed);
            on_its_way.sort_by_key(|row| row.due_on);
            paid.sort_by_key(|row| std::cmp::Reverse(row.paid_at));
            let count = |rows: &[NoticeRow]| u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let (to_pay_total, paid_total) = (count(&to_pay), count(&paid));
            let (offset, limit) = (self.offset as usize, self.limit.min(MOST_PAID) as usize);
            Ok(PaymentList {
                to_pay: grouped(to_pay, self.most as usize),
                to_pay_total,
                on_its_way,
                paid: paid.into_iter().skip(offset).take(limit).collect(),
                paid_total,
                information,
                closed,
                freshness: device.own_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

/// By whom it is for: the group with the nearest day first, the nearest day first in each. Strangers' notices, which are for
/// nobody known here, come last. Sums are of all; rows only of the nearest.
fn grouped(mut rows: Vec<NoticeRow>, most: usize) -> Vec<WhomGroup> {
    rows.sort_unstable_by(|one, other| {
        (one.stranger, one.due_on, &one.whom.name, &one.title).cmp(&(
            other.stranger,
            other.due_on,
            &other.whom.name,
            &other.title,
        ))
    });
    let mut groups: Vec<WhomGroup> = Vec::new();
    let mut places: HashMap<(bool, WhomKind, String), usize> = HashMap::new();
    for (nth, row) in rows.into_iter().enumerate() {
        let key = (row.stranger, row.whom.kind, row.whom.name.clone());
        let at = *places.entry(key).or_insert(groups.len());
        if at == groups.len() {
            groups.push(WhomGroup { whom: row.whom.clone(), total: Cents(0), rows: Vec::new() });
        }
        let Some(group) = groups.get_mut(at) else { continue };
        group.total += row.amount;
        if nth < most {
            group.rows.push(row);
        }
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}
