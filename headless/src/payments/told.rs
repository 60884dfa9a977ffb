//! Payments in lines for people.

use vicino_contract::ipc::{
    EventView, InstallmentView, LineView, NoticeEvent, NoticeRow, NoticeView, PaymentList, ReceiptList, ReceiptRow,
};
use vicino_domain::{Cents, NoticeState, town_day, town_time};

pub(super) fn euro(sum: Cents) -> String {
    format!("EUR {sum}")
}

pub(super) fn list(list: &PaymentList) -> String {
    let mut lines = Vec::new();
    for group in &list.to_pay {
        lines.push(format!("{}  {} in all", group.whom.name, euro(group.total)));
        lines.extend(group.rows.iter().map(row));
    }
    for (title, rows) in [
        ("on its way", &list.on_its_way),
        ("paid", &list.paid),
        ("not with pagoPA, an F24", &list.information),
        ("not to be paid any more", &list.closed),
    ] {
        if !rows.is_empty() {
            lines.push(title.to_owned());
            lines.extend(rows.iter().map(|one| format!("{}  {}", row(one), one.whom.name)));
        }
    }
    match (lines.is_empty(), list.freshness.as_of) {
        (false, _) => lines.join("\n"),
        (true, None) => String::from("what is owed is not known yet"),
        (true, Some(_)) => String::from("nothing is owed, nothing was paid"),
    }
}

fn row(row: &NoticeRow) -> String {
    let number = row.number.map_or_else(|| String::from("-                 "), |number| number.to_string());
    let part = if row.part.1 > 1 { format!(" {} of {}", row.part.0, row.part.1) } else { String::new() };
    let due = row.due_on.map(|day| format!(" by {day}")).unwrap_or_default();
    let due = row.opens_on.map_or(due, |from| format!(" from {from}"));
    let contrary = if row.contrary { " (the creditor says that it is not paid)" } else { "" };
    let begun = row.open_since.map(|_| " (begun, its end is not known)").unwrap_or_default();
    format!("  {number}  {}{due}  {}{part}{begun}{contrary}", euro(row.amount), row.title)
}

pub(super) fn notice(view: &NoticeView) -> String {
    let mut lines = vec![format!("{}  {}  for {}", view.row.id, view.row.title, view.row.whom.name)];
    lines.push(format!("owed to {}, tax code {}", view.creditor, view.creditor_code));
    lines.extend(view.office.as_ref().map(|office| format!("answered for by {}", office.name)));
    lines.extend(view.lines.iter().map(part));
    for plan in &view.plans {
        lines.push(plan.title.clone());
        lines.extend(plan.lines.iter().map(part));
        lines.extend(plan.installments.iter().map(installment));
    }
    for row in &view.f24 {
        lines.push(format!("  F24 {} {}  {} by {}", row.tribute, row.year, euro(row.amount), row.due_on));
    }
    lines.extend(view.files.iter().map(|file| format!("  with {}", file.name)));
    lines.extend(view.story.iter().map(event));
    lines.join("\n")
}

fn part(line: &LineView) -> String {
    let how = line.how.as_ref().map(|how| format!("  ({how})")).unwrap_or_default();
    format!("  {}  {}{how}", euro(line.amount), line.what)
}

fn installment(one: &InstallmentView) -> String {
    let state = match one.state {
        NoticeState::ToPay if one.payable => String::from("to pay"),
        NoticeState::ToPay => {
            one.opens_on.map_or_else(|| String::from("not to be paid"), |from| format!("to pay from {from}"))
        }
        NoticeState::OnItsWay => String::from("on its way"),
        NoticeState::Confirmed => String::from("paid"),
    };
    let from = if one.due_from.is_empty() { String::new() } else { format!(" ({})", one.due_from) };
    let due = one.due_on.map(|day| format!(" by {day}{from}")).unwrap_or_default();
    format!("  {}  {}{due}  {state}", one.grouped, euro(one.amount))
}

fn event(event: &EventView) -> String {
    let what = match event.what {
        NoticeEvent::Issued => "issued",
        NoticeEvent::Changed => "changed",
        NoticeEvent::SaidPaid => "said to be paid",
        NoticeEvent::Paid => "paid: the receipt came",
        NoticeEvent::PaidAgain => "a second receipt of the same notice came",
        NoticeEvent::NotPaid => "the creditor says that it is not paid",
        NoticeEvent::Withdrawn => "the creditor took it back",
        NoticeEvent::Begun => "a payment page was opened",
        NoticeEvent::ReturnedPaid => "the payment page says: paid",
        NoticeEvent::ReturnedUnpaid => "the payment page closed without a payment",
        NoticeEvent::ReturnedUnknown => "the payment page does not know how it ended",
        NoticeEvent::Other => "something else",
    };
    let number = event.number.as_ref().map(|number| format!("  {number}")).unwrap_or_default();
    let note = event.note.as_ref().map(|note| format!("  {note}")).unwrap_or_default();
    format!("  {}  {what}{number}{note}", town_time(event.at).format("%Y-%m-%d %H:%M"))
}

pub(super) fn receipts(list: &ReceiptList) -> String {
    let line = |row: &ReceiptRow| {
        let (day, sum) = (town_day(row.paid_at), euro(row.amount));
        format!("{day}  {sum}  {}  {}  {}", row.receipt, row.title, row.whom.name)
    };
    match (list.rows.is_empty(), list.freshness.as_of) {
        (true, None) => String::from("receipts are not known yet"),
        (true, Some(_)) => String::from("no receipts"),
        _ => list.rows.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}
