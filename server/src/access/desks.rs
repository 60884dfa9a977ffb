//! Which office a report is for, who of the town sees it, and in whose name an operator speaks.

use rusqlite::Transaction;
use vicino_contract::http::{Circle, Collection, OfficeRecord, ProblemCode, ReportRecord};
use vicino_domain::{Category, text};

use crate::access::operators::Operator;
use crate::refusal::RefusalKind;
use crate::{Refusal, Town, store};

/// The circle a report is shown to and to nobody else of its office; none: it is for the whole office.
fn circle_of(report: &ReportRecord) -> Option<Circle> {
    if report.report.category.known().is_some_and(Category::is_private) {
        return Some(Circle::Whistleblowing);
    }
    report.report.private.then_some(Circle::Private)
}

/// Returns whether a report is an operator's to see: of an office of theirs, and of a circle they are in.
pub(crate) fn sees_report(town: &Town, by: &Operator, report: &ReportRecord) -> bool {
    by.sees_of(town.identity.desks.of(report)) && circle_of(report).is_none_or(|circle| by.is_in(circle))
}

/// The name an operator speaks in, when it is one of theirs: of their offices, or of any for those who are over every one. The
/// town itself speaks as it likes.
pub(crate) fn speaks_as(town: &Town, tx: &Transaction<'_>, by: &Operator, name: &str) -> Result<String, Refusal> {
    let name = text::line(name);
    if by.is_town() {
        return Ok(name);
    }
    let offices = store::all::<OfficeRecord>(tx, Collection::Offices)?;
    let theirs = |office: &OfficeRecord| by.sees(office.id) && office.name == name;
    if offices.iter().any(|record| theirs(&record.body)) || (by.is_over_all() && name == town.identity.name) {
        return Ok(name);
    }
    Err(Refusal::new(RefusalKind::Forbidden, ProblemCode::RoleTooSmall, "The operator does not work in that office"))
}
