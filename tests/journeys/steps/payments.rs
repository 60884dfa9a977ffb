//! Steps that journeys share about payments.

use vicino_contract::ipc::{
    CommandHandler as _, GetNotice, InstallmentView, ListPayments, NoticeRow, NoticeView, PayLine, PaymentList,
};
use vicino_core::IfMaybePaid;
use vicino_domain::NoticeId;
use vicino_domain::pagopa::NoticeNumber;
use world::{Device, play};

/// The creditor of the practice town.
pub(crate) const CREDITOR: &str = "77777777777";

/// Where a test's browser would go back to.
pub(crate) const BACK: &str = "it.vicino.app:/paid";

pub(crate) fn list(device: &Device) -> PaymentList {
    device.app().handle(ListPayments { most: 200, offset: 0, limit: 200 }).unwrap()
}

/// The notice to pay that is called like this.
pub(crate) fn due(device: &Device, title: &str) -> NoticeRow {
    let list = list(device);
    let mut rows = list.to_pay.into_iter().flat_map(|group| group.rows);
    rows.find(|row| row.title.starts_with(title)).unwrap_or_else(|| panic!("nothing is owed called {title}"))
}

pub(crate) fn notice(device: &Device, id: NoticeId) -> NoticeView {
    device.app().handle(GetNotice { id }).unwrap()
}

pub(crate) fn payment(device: &Device, id: NoticeId, number: NoticeNumber) -> InstallmentView {
    let view = notice(device, id);
    view.plans.into_iter().flat_map(|plan| plan.installments).find(|one| one.number == number).unwrap()
}

pub(crate) fn line(row: &NoticeRow) -> PayLine {
    PayLine { id: row.id, number: row.number.unwrap(), amount: row.amount }
}

/// Opens the page and plays how it ends; answers where it sends the browser.
pub(crate) async fn pay(device: &Device, rows: &[&NoticeRow], how: &str) -> Option<String> {
    let lines: Vec<PayLine> = rows.iter().map(|row| line(row)).collect();
    let page = device.app().open_payment(&lines, IfMaybePaid::Ask, BACK.into()).await;
    let page = page.unwrap_or_else(|why| panic!("no page: {why:?}"));
    let back = play(&page.url, how).await;
    if let Some(back) = &back {
        assert!(device.app().payment_returned(back), "it is ours");
        assert!(!device.app().payment_returned(back), "and counts once");
    }
    back
}
