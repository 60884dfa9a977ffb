//! A form as the interface draws it: what is asked now, what was answered, what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{Collection, ResidentRecord};
use vicino_contract::ipc::{Candidate, CaseDraftView, FieldKind, FieldView, FileView, Keyboard, PaperRow, SectionView};
use vicino_domain::form::{
    Answer, Answers, Asked, FieldError, FieldErrorKind, FileFacts, Form, FormField, Kind, Known, Path, Section, gaps,
};
use vicino_domain::{AttachmentId, Counts, ResidentId, ServiceId, town_day};

use crate::device::Device;
use crate::error::Error;
use crate::matters::case::signatures;
use crate::matters::case::store::Draft;
use crate::matters::document::personal::usable;
use crate::store::files::{self, KeptFile};
use crate::store::person;

/// What this device knows beside the answers.
pub(crate) struct Here {
    today: NaiveDate,
    household: Option<Vec<String>>,
    resident: Option<ResidentRecord>,
    file_bytes: u64,
    /// Services that the town does not take now.
    closed: BTreeSet<Uuid>,
}

impl Here {
    /// As it is known now, for drafts of these services.
    pub(crate) fn of(device: &Device, services: impl IntoIterator<Item = Uuid>) -> Result<Self, Error> {
        let (today, resident) = (town_day(device.now()), registered(device)?);
        let household = resident.as_ref().map(ResidentRecord::names);
        let services: BTreeSet<Uuid> = services.into_iter().collect();
        let is_closed =
            |id: &Uuid| crate::matters::case::commands::service(device, *id).is_ok_and(|(service, _)| !service.active);
        let closed = services.into_iter().filter(is_closed).collect();
        Ok(Self { today, household, resident, file_bytes: device.limits()?.file_bytes, closed })
    }

    /// Everything that is missing or wrong before it may be sent.
    pub(crate) fn missing(&self, tx: &Transaction<'_>, draft: &Draft) -> Result<Vec<FieldError>, Error> {
        let facts = |file: KeptFile| (file.id, file.body().facts());
        let files: BTreeMap<AttachmentId, FileFacts> = files::of(tx, draft.id)?.into_iter().map(facts).collect();
        let (household, signed) = (self.household.as_deref(), signatures::signed(tx, draft)?);
        let known = Known { today: self.today, files: &files, household, signed: &signed, file_bytes: self.file_bytes };
        let mut found = gaps(&draft.pack.form, &draft.answers, &known);
        if self.closed.contains(&draft.pack.service) {
            found.push(FieldError { at: None, lack: FieldErrorKind::ServiceClosed });
        }
        Ok(found)
    }
}

/// The resident as the registry has them; `None` while nobody has signed in or the town has not told.
fn registered(device: &Device) -> Result<Option<ResidentRecord>, Error> {
    device.store.private(|tx| {
        let Some(person) = person::find(tx)? else { return Ok(None) };
        let body = vicino_records::body(tx, Collection::Residents.code(), person.resident.uuid())?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    })
}

/// A case being written, as a screen shows it.
pub(crate) fn view(device: &Device, draft: &Draft) -> Result<CaseDraftView, Error> {
    let here = Here::of(device, [draft.pack.service])?;
    let members = here.resident.iter().flat_map(|resident| &resident.household);
    let names: Vec<(uuid::Uuid, String)> = members.clone().map(|member| (member.id, member.name.clone())).collect();
    // A child does not sign.
    let grown = members.filter(|member| !member.entrusted && member.relation != "child");
    let candidates = grown.map(|member| Candidate { id: ResidentId::from_uuid(member.id), name: member.name.clone() });
    let today = town_day(device.now());
    let (gaps, own, papers, co_signers, about) = device.store.private(|tx| {
        let about = draft.about.map(|id| crate::matters::case::view::titled(tx, id)).transpose()?;
        let co_signers = signatures::co_signers(tx, draft, &names)?;
        Ok((here.missing(tx, draft)?, files::of(tx, draft.id)?, usable(tx, today)?, co_signers, about))
    })?;
    let own: Vec<FileView> = own.iter().map(KeptFile::view).collect();
    let given = Given { answers: &draft.answers, files: &own, papers: &papers, household: here.household.as_deref() };
    let form = &draft.pack.form;
    // A service the town has withdrawn leaves what was written as it is.
    let service = crate::matters::case::commands::service(device, draft.pack.service).ok();
    let newer = service
        .map(|(service, sheet)| crate::matters::case::commands::pack(device, &service, &sheet))
        .transpose()?
        .flatten();
    Ok(CaseDraftView {
        id: draft.id,
        service: ServiceId::from_uuid(draft.pack.service),
        title: draft.title.clone(),
        sections: sections(form, given, &gaps),
        summary: crate::matters::case::commands::summary(form, &draft.answers, &own),
        section: draft.section,
        saved_at: draft.saved_at,
        version: form.version,
        newer: newer.map(|pack| pack.form.version).filter(|version| *version > form.version),
        days: draft.pack.term.map(|term| term.days),
        working_days: draft.pack.term.is_some_and(|term| term.counts == Counts::Working),
        fee: draft.pack.fee,
        stamp: draft.pack.stamp,
        closes_on: form.closes_on,
        about,
        co_signers,
        candidates: candidates.collect(),
        signed_in: device.resident()?.is_some(),
        gaps,
    })
}

/// What was given, and what there is to give.
#[derive(Clone, Copy)]
struct Given<'a> {
    answers: &'a Answers,
    files: &'a [FileView],
    /// Papers of one's own that have a page.
    papers: &'a [PaperRow],
    household: Option<&'a [String]>,
}

fn sections(form: &Form, given: Given<'_>, gaps: &[FieldError]) -> Vec<SectionView> {
    let asked = Asked::new(form, given.answers);
    let shown = form.sections.iter().filter(|section| asked.holds(section.when.as_ref(), 0));
    shown.map(|section| one(section, given, &asked, gaps)).collect()
}

fn one(section: &Section, given: Given<'_>, asked: &Asked<'_>, gaps: &[FieldError]) -> SectionView {
    let filled = given.answers.repeats(section);
    let repeat = |index: u16| {
        let path = |field: &FormField| Path { section: section.id.clone(), index, field: field.id.clone() };
        let fields = section.fields.iter().map(|field| (path(field), field)).filter(|(path, _)| asked.field(path));
        fields.map(|(path, field)| field_view(field, path, given, gaps)).collect()
    };
    SectionView {
        id: section.id.clone(),
        title: section.title.clone(),
        help: section.help.clone(),
        repeats: (0..filled).map(repeat).collect(),
        may_add: section.repeats.filter(|repeats| filled < repeats.max).map(|_| filled),
    }
}

fn field_view(field: &FormField, path: Path, given: Given<'_>, gaps: &[FieldError]) -> FieldView {
    let lack = gaps.iter().find(|gap| gap.at.as_ref() == Some(&path)).map(|gap| gap.lack.clone());
    FieldView {
        label: field.label.clone(),
        hint: field.hint.clone(),
        required: field.required,
        kind: kind(&field.kind, given, given.answers.0.get(&path)),
        answer: given.answers.0.get(&path).cloned(),
        lack: lack.filter(|lack| *lack != FieldErrorKind::Missing),
        path,
    }
}

fn kind(kind: &Kind, given: Given<'_>, answer: Option<&Answer>) -> FieldKind {
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
        Kind::Person => match given.household {
            Some(names) => FieldKind::People(names.to_vec()),
            None => FieldKind::Line(Keyboard::Text),
        },
        Kind::Attachment { types, most, good_for, papers } => FieldKind::Files {
            types: types.clone(),
            most: *most,
            dated: good_for.is_some(),
            files: chosen(answer, given.files),
            own: given.papers.iter().filter(|own| fits(own, papers, types)).cloned().collect(),
        },
        Kind::Unknown => FieldKind::Elsewhere,
    }
}

/// Returns whether a paper of one's own is what a question asks for, in kinds of files that it takes.
fn fits(own: &PaperRow, papers: &[String], types: &[String]) -> bool {
    papers.iter().any(|code| code == own.kind.code()) && own.files.iter().all(|page| types.contains(&page.media))
}

/// The files of an answer, in the order they were chosen.
pub(crate) fn chosen(answer: Option<&Answer>, all: &[FileView]) -> Vec<FileView> {
    let Some(Answer::Files(chosen)) = answer else { return Vec::new() };
    chosen.iter().filter_map(|id| all.iter().find(|file| file.id == *id)).cloned().collect()
}
