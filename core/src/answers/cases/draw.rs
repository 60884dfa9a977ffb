//! A form as the interface draws it: what is asked now, what was answered, what is wrong with it.

use std::collections::BTreeMap;

use vicino_contract::http::{Collection, ResidentRecord, ServiceRecord};
use vicino_contract::ipc::{CaseDraftView, FieldKind, FieldView, Keyboard, SectionView};
use vicino_domain::form::{Answers, Asked, Form, FormField, Gap, Kind, Known, Lack, Path, Section, gaps};
use vicino_domain::{Instant, ServiceId, town_day};

use crate::device::Device;
use crate::error::Error;
use crate::store::cases::Draft;
use crate::store::person;

/// Everything that is missing or wrong before it may be sent.
pub(super) fn missing(draft: &Draft, household: Option<&[String]>, now: Instant) -> Vec<Gap> {
    let files = BTreeMap::new();
    let known = Known { today: town_day(now), files: &files, household, signed: &[], file_bytes: 0 };
    gaps(&draft.pack.form, &draft.answers, &known)
}

/// The names of the household, as the registry has them; `None` while nobody has signed in or the town has not told.
pub(super) fn household(device: &Device) -> Result<Option<Vec<String>>, Error> {
    let record: Option<ResidentRecord> = device.store.private(|tx| {
        let Some(person) = person::find(tx)? else { return Ok(None) };
        let body = vicino_records::body(tx, Collection::Residents.wire(), person.resident.uuid())?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    })?;
    Ok(record.map(|record| record.names()))
}

/// A case being written, as a screen shows it.
pub(super) fn view(device: &Device, draft: &Draft) -> Result<CaseDraftView, Error> {
    let household = household(device)?;
    let gaps = missing(draft, household.as_deref(), device.now());
    let form = &draft.pack.form;
    let service = device.store.look(|tx| {
        let found = crate::answers::catalogue::record::<ServiceRecord>(tx, Collection::Services, draft.pack.service);
        // A service the town has withdrawn leaves what was written as it is.
        Ok(found.ok())
    })?;
    let newer = service.map(|service| super::pack(device, &service)).transpose()?.flatten();
    Ok(CaseDraftView {
        id: draft.id,
        service: ServiceId::from_uuid(draft.pack.service),
        title: draft.title.clone(),
        sections: sections(form, &draft.answers, &gaps, household.as_deref()),
        section: draft.section,
        saved_at: draft.saved_at,
        version: form.version,
        newer: newer.map(|pack| pack.form.version).filter(|version| *version > form.version),
        days: draft.pack.term.map(|term| term.days),
        fee: draft.pack.fee,
        stamp: draft.pack.stamp,
        closes_on: form.closes_on,
        signed_in: device.resident()?.is_some(),
        gaps,
    })
}

fn sections(form: &Form, answers: &Answers, gaps: &[Gap], household: Option<&[String]>) -> Vec<SectionView> {
    let asked = Asked::new(form, answers);
    let shown = form.sections.iter().filter(|section| asked.holds(section.when.as_ref(), 0));
    shown.map(|section| one(section, answers, &asked, gaps, household)).collect()
}

fn one(
    section: &Section,
    answers: &Answers,
    asked: &Asked<'_>,
    gaps: &[Gap],
    household: Option<&[String]>,
) -> SectionView {
    let filled = answers.turns(section);
    let turn = |turn: u16| {
        let path = |field: &FormField| Path { section: section.id.clone(), turn, field: field.id.clone() };
        let fields = section.fields.iter().map(|field| (path(field), field)).filter(|(path, _)| asked.field(path));
        fields.map(|(path, field)| field_view(field, path, answers, gaps, household)).collect()
    };
    SectionView {
        id: section.id.clone(),
        title: section.title.clone(),
        help: section.help.clone(),
        turns: (0..filled).map(turn).collect(),
        may_add: section.repeats.filter(|repeats| filled < repeats.max).map(|_| filled),
    }
}

fn field_view(
    field: &FormField,
    path: Path,
    answers: &Answers,
    gaps: &[Gap],
    household: Option<&[String]>,
) -> FieldView {
    let lack = gaps.iter().find(|gap| gap.at.as_ref() == Some(&path)).map(|gap| gap.lack.clone());
    FieldView {
        label: field.label.clone(),
        hint: field.hint.clone(),
        required: field.required,
        kind: kind(&field.kind, household),
        answer: answers.0.get(&path).cloned(),
        lack: lack.filter(|lack| *lack != Lack::Missing),
        path,
    }
}

fn kind(kind: &Kind, household: Option<&[String]>) -> FieldKind {
    match kind {
        Kind::Text { long: true, .. } => FieldKind::Long,
        Kind::Text { .. } | Kind::Address | Kind::TaxCode | Kind::Iban => FieldKind::Line(Keyboard::Text),
        Kind::Number { .. } => FieldKind::Line(Keyboard::Decimal),
        Kind::VatNumber | Kind::PostalCode => FieldKind::Line(Keyboard::Digits),
        Kind::Phone => FieldKind::Line(Keyboard::Phone),
        Kind::Email => FieldKind::Line(Keyboard::Email),
        Kind::Date { .. } => FieldKind::Date,
        Kind::Choice { options, many } => FieldKind::Choice { options: options.clone(), many: *many },
        Kind::Declaration => FieldKind::Declaration,
        Kind::Person => match household {
            Some(names) => FieldKind::People(names.to_vec()),
            None => FieldKind::Line(Keyboard::Text),
        },
        Kind::Attachment { .. } | Kind::Unknown => FieldKind::Elsewhere,
    }
}
