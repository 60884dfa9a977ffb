//! What a record shows of itself: a title, a moment, a place, the text in which it is found. A pure function of its body.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use vicino_contract::http::{
    BulletinRecord, CaseRecord, Collection, ConsumptionRecord, CounterRecord, HoldingRecord, NoticeRecord,
    OfficeRecord, PaymentRecord, PublicReportRecord, ReportRecord, ResidentRecord, ServiceRecord, SignatureRecord,
    SignedInRecord, StreetRecord,
};
use vicino_domain::form::Answer;
use vicino_domain::{Point, text};

/// The entry of a record in lists and searches.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct IndexEntry {
    /// The name.
    pub title: String,
    /// The text in which it is found, beside the title.
    pub text: String,
    /// What lists of its collection are narrowed by; empty: by nothing.
    pub kind: String,
    /// What lists of its collection are sorted by, milliseconds since 1970; 0: by nothing.
    pub at: i64,
    /// Where it is.
    pub point: Option<Point>,
    /// Tells whether this release could read it.
    pub understood: bool,
}

/// Reads a record of this collection. One that cannot be read has an empty entry and is not understood; one of a collection
/// without a room here is found by whatever words it holds.
#[must_use]
pub fn index_entry(collection: &str, body: &str) -> IndexEntry {
    let entry = match Collection::from_code(collection) {
        Some(Collection::Services) => read(body, service),
        Some(Collection::Offices) => read(body, office),
        Some(Collection::Streets) => read(body, street),
        Some(Collection::Counters) => read(body, counter),
        Some(Collection::Bulletins) => read(body, bulletin),
        Some(Collection::PublicReports) => read(body, public_report),
        Some(Collection::Residents) => read(body, resident),
        Some(Collection::Cases) => read(body, case),
        Some(Collection::Notices) => read(body, notice),
        Some(Collection::Payments) => read(body, payment),
        Some(Collection::Holdings) => read(body, holding),
        Some(Collection::Consumptions) => read(body, consumption),
        Some(Collection::SignaturesAsked | Collection::SignaturesWanted) => read(body, signature),
        // Their words are those of the resident's own report, which stands in a table of its own.
        Some(Collection::Reports) => read(body, |_: ReportRecord| IndexEntry::default()),
        // Found where devices are looked after, and nowhere else.
        Some(Collection::Devices) => read(body, |_: SignedInRecord| IndexEntry::default()),
        _ => read(body, |value: serde_json::Value| any(&value)),
    };
    // What a list shows says what it is, whoever wrote it.
    entry.map_or_else(IndexEntry::default, |entry| IndexEntry {
        understood: true,
        title: text::line(&entry.title),
        ..entry
    })
}

fn read<'a, T: Deserialize<'a>>(body: &'a str, show: impl FnOnce(T) -> IndexEntry) -> Option<IndexEntry> {
    serde_json::from_str(body).ok().map(show)
}

fn service(service: ServiceRecord) -> IndexEntry {
    let mut text = vec![service.summary, service.audience, service.description, service.how, service.outcome];
    text.extend(service.needs);
    text.extend(service.topics);
    text.extend(service.times.into_iter().map(|time| time.what));
    text.extend([service.costs, service.conditions, service.access]);
    text.extend(service.inactive_note);
    let at = service.updated_on.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    IndexEntry {
        title: service.title,
        text: text.join("\n"),
        kind: service.category.to_string(),
        at,
        ..IndexEntry::default()
    }
}

/// Weekdays as people look for them.
const OPEN: [&str; 7] = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];

fn office(office: OfficeRecord) -> IndexEntry {
    let open = OPEN.iter().zip(1..).filter(|(_, day)| office.hours.iter().any(|hours| hours.day == *day));
    let open = open.map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let text = [office.what, office.address, office.contact, office.phone, Some(open)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n");
    let point = office.point.and_then(|point| Point::try_from(point).ok());
    IndexEntry { title: office.name, text, point, ..IndexEntry::default() }
}

fn counter(counter: CounterRecord) -> IndexEntry {
    let point = counter.point.and_then(|point| Point::try_from(point).ok());
    let text = format!("{}\n{}", counter.gives, counter.address);
    IndexEntry { title: counter.name, text, kind: counter.kind, point, ..IndexEntry::default() }
}

fn street(street: StreetRecord) -> IndexEntry {
    let point = street.point.and_then(|point| Point::try_from(point).ok());
    IndexEntry { title: street.name, point, ..IndexEntry::default() }
}

fn bulletin(bulletin: BulletinRecord) -> IndexEntry {
    let mut text = format!("{}\n{}\n{}", bulletin.summary, bulletin.text, bulletin.office.unwrap_or_default());
    if let Some(act) = bulletin.act {
        text.push_str(&format!("\n{}/{}", act.register, act.year));
    }
    let at = bulletin.published_at.timestamp_millis();
    IndexEntry { title: bulletin.title, text, kind: bulletin.kind, at, ..IndexEntry::default() }
}

fn public_report(report: PublicReportRecord) -> IndexEntry {
    let address = report.place.address.or(report.place.note).unwrap_or_default();
    let point = report.place.point.and_then(|point| Point::try_from(point).ok());
    let at = report.received_at.timestamp_millis();
    IndexEntry {
        title: report.title,
        text: format!("{}\n{address}", report.details),
        at,
        point,
        ..IndexEntry::default()
    }
}

fn case(case: CaseRecord) -> IndexEntry {
    let answers = case.answers();
    let mut text: Vec<String> = case.all_files().map(|file| file.file.name.clone()).collect();
    text.push(case.number);
    text.extend(case.protocol.map(|protocol| protocol.number));
    text.extend(answers.0.into_values().filter_map(|answer| match answer {
        Answer::Text(typed) => Some(typed),
        Answer::Chosen(_) | Answer::Ticked(_) | Answer::Files(_) => None,
    }));
    let at = case.history.last().map_or(case.received_at, |step| step.at).timestamp_millis();
    text.extend(case.history.into_iter().filter_map(|step| step.note));
    text.extend(case.messages.into_iter().map(|message| message.text));
    IndexEntry { title: case.title, text: text.join("\n"), at, ..IndexEntry::default() }
}

fn notice(notice: NoticeRecord) -> IndexEntry {
    let at = notice.history.last().map_or(0, |step| step.at.timestamp_millis());
    let mut text = vec![notice.whom.name, notice.creditor.name];
    text.extend(notice.whom.detail);
    text.extend(notice.lines.into_iter().map(|line| line.what));
    text.extend(notice.plans.iter().flat_map(|plan| &plan.installments).map(|one| one.number.to_string()));
    IndexEntry { title: notice.title, text: text.join("\n"), at, ..IndexEntry::default() }
}

fn payment(payment: PaymentRecord) -> IndexEntry {
    let at = payment.paid_at.timestamp_millis();
    let text = [payment.whom.name, payment.creditor.name, payment.receipt, payment.number.to_string()];
    IndexEntry { title: payment.title, text: text.join("\n"), at, ..IndexEntry::default() }
}

fn holding(holding: HoldingRecord) -> IndexEntry {
    let facts = holding.facts.into_iter().map(|fact| format!("{} {}", fact.what, fact.value));
    IndexEntry { title: holding.whom.name, text: facts.collect::<Vec<_>>().join("\n"), ..IndexEntry::default() }
}

fn consumption(consumption: ConsumptionRecord) -> IndexEntry {
    let at = consumption.counted_to.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    IndexEntry { title: consumption.title, text: consumption.whom.name, at, ..IndexEntry::default() }
}

fn signature(signature: SignatureRecord) -> IndexEntry {
    let at = signature.answered_at.unwrap_or(signature.asked_at).timestamp_millis();
    let text = format!("{}\n{}", signature.asker, signature.person);
    IndexEntry { title: signature.title, text, at, ..IndexEntry::default() }
}

fn resident(resident: ResidentRecord) -> IndexEntry {
    IndexEntry { title: resident.full_name(), text: resident.address, ..IndexEntry::default() }
}

/// Whatever words a record of an unknown collection holds; the first of the usual names is its title.
fn any(value: &serde_json::Value) -> IndexEntry {
    let title = ["title", "name", "subject"].iter().find_map(|name| value.get(name)?.as_str());
    let mut text = Vec::new();
    gather(value, &mut text);
    let at = moment(value).unwrap_or_default();
    IndexEntry { title: title.unwrap_or_default().to_owned(), text: text.join("\n"), at, ..IndexEntry::default() }
}

/// When something happened to a record, by the usual names, the newest kind of happening first. A date that lies ahead, such as
/// until when something is good, is none of them.
const HAPPENED: &[&str] = &[
    "updated_at",
    "updated_on",
    "changed_at",
    "concluded_at",
    "published_at",
    "issued_on",
    "issued_at",
    "paid_at",
    "received_at",
    "sent_at",
    "opened_on",
    "created_at",
    // What lies ahead is the moment of a deadline.
    "due_on",
];

/// The moment of a record of a collection without a room here.
fn moment(value: &serde_json::Value) -> Option<i64> {
    let text = HAPPENED.iter().find_map(|name| value.get(name)?.as_str())?;
    let moment = text.parse::<DateTime<Utc>>().ok();
    let moment = moment.or_else(|| Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc()))?;
    Some(moment.timestamp_millis())
}

fn gather(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if is_code(text) => {}
        serde_json::Value::String(text) => into.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| gather(field, into)),
        _ => {}
    }
}

/// A lone word in small plain letters is how programs name a state or a kind (`in_charge`): nobody reads or searches it.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_shows_its_title_moment_and_kind() {
        let body = r#"{"id":"018f0000-0000-7000-8000-000000000001","kind":"act","title":"Ordinanza di chiusura",
            "published_at":"2026-03-12T08:00:00Z","act":{"code":"A.04.02","register":214,"year":2026},"tomorrow":[1]}"#;
        let entry = index_entry("bulletins", body);
        assert!(entry.understood);
        assert_eq!((entry.title.as_str(), entry.kind.as_str()), ("Ordinanza di chiusura", "act"));
        assert_eq!(entry.at, 1_773_302_400_000);
        assert!(entry.text.contains("214/2026"));
    }

    #[test]
    fn what_cannot_be_read_is_not_understood_and_what_is_new_is_found_all_the_same() {
        assert!(!index_entry("bulletins", r#"{"id":7}"#).understood);
        let bench = index_entry(
            "park_benches",
            r#"{"title":"Panchina","state":"in_charge","where":{"words":["sotto il tiglio"]}}"#,
        );
        assert!(!bench.text.contains("in_charge"), "a code is not for reading");
        assert!(bench.understood && bench.title == "Panchina" && bench.text.contains("tiglio"));
        assert_eq!(bench.at, 0);
        let dated =
            index_entry("park_benches", r#"{"title":"Panchina","valid_until":"2036-03-12","issued_on":"2026-03-12"}"#);
        assert_eq!(dated.at, 1_773_273_600_000, "its own moment");
    }
}
