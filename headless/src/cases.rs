//! Cases in a shell: begun, filled, checked, sent, followed, answered; the network is never touched.

use clap::Subcommand;
use std::path::PathBuf;

use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    AddFile, AnswerField, CaseDraftView, CaseList, CaseView, CommandHandler as _, DateFile, DiscardCase, FieldKind,
    FileTo, FileView, GetCase, GetCaseDraft, Keyboard, ListCases, ListServices, NewCase, RemoveFile, Saved, SendCase,
    ServiceRow, WriteToCase,
};
use vicino_core::App;
use vicino_domain::codes::BadCode;
use vicino_domain::form::{Answer, FieldError, FieldErrorKind, Path};
use vicino_domain::{AttachmentId, CaseId, Clock};

use crate::Fault;
use crate::given::bytes_of;
use crate::print::Print;

/// Cases read at a time.
const PAGE: u32 = 200;

#[derive(Subcommand)]
pub(crate) enum CaseCommand {
    /// Begin a case, or go on with one: answers are kept as they are given.
    New {
        /// The service: its identity, or words of its name.
        #[arg(long, required_unless_present = "id")]
        service: Option<String>,
        /// The case that help is asked for.
        #[arg(long, requires = "service")]
        about: Option<CaseId>,
        /// The draft to go on with.
        #[arg(long, conflicts_with = "service")]
        id: Option<CaseId>,
        /// An answer, `section.field=value`; several values of a choice with commas, `yes` for what is declared.
        #[arg(long = "set", value_parser = answer)]
        set: Vec<(Path, String)>,
        /// A file, `section.field=FILE`, or `section.field=FILE@DATE` where its date is asked for.
        #[arg(long = "attach", value_parser = answer)]
        attach: Vec<(Path, String)>,
        /// Send it when nothing is missing.
        #[arg(long)]
        send: bool,
    },
    /// Say what is missing before it may be sent; exit 3 when something is.
    Check {
        /// The draft.
        id: CaseId,
    },
    /// Throw a draft away.
    Discard {
        /// The draft.
        id: CaseId,
    },
    /// Show a case that was sent.
    Show {
        /// The case.
        id: CaseId,
    },
}

/// `section.field=value`
fn answer(text: &str) -> Result<(Path, String), String> {
    let (path, value) = text.split_once('=').ok_or("say section.field=value")?;
    Ok((path.parse().map_err(|_| format!("{path} is no section.field"))?, value.to_owned()))
}

/// Every case.
pub(crate) fn list(app: &App, print: &Print) -> Result<(), Fault> {
    // All of them, page by page.
    let mut list = app.handle(ListCases { offset: 0, limit: PAGE })?;
    while let Ok(read) = u32::try_from(list.rows.len())
        && read < list.total
    {
        let more = app.handle(ListCases { offset: read, limit: PAGE })?.rows;
        if more.is_empty() {
            break;
        }
        list.rows.extend(more);
    }
    print.say(&list, || lines(&list));
    Ok(())
}

fn lines(list: &CaseList) -> String {
    let drafts = list
        .drafts
        .iter()
        .map(|draft| format!("{}  draft, {} missing  {}{}", draft.id, draft.gaps, draft.title, of(&draft.whom)));
    let rows = list.rows.iter().map(|row| {
        let state = row.state.map_or_else(|| String::from("saved here"), |state| state.to_string());
        let by = row.clock.as_ref().map(term).unwrap_or_default();
        format!("{}  {state}{by}  {}{}", row.id, row.title, of(&row.whom))
    });
    let all: Vec<String> = drafts.chain(rows).collect();
    match (all.is_empty(), list.freshness.as_of) {
        (false, _) => all.join("\n"),
        (true, None) => String::from("none written here; the town's are not known yet"),
        (true, Some(_)) => String::from("no cases"),
    }
}

/// Runs a command about cases. Answers whether nothing is missing.
pub(crate) fn run(app: &App, command: CaseCommand, print: &Print) -> Result<bool, Fault> {
    match command {
        CaseCommand::New { service, about, id, set, attach, send } => {
            let draft = match id {
                Some(id) => app.handle(GetCaseDraft { id })?,
                None => begin(app, &service.unwrap_or_default(), about)?,
            };
            let id = draft.id;
            fill(app, draft, set).and_then(|()| enclose(app, id, attach)).inspect_err(|_| discard_blank(app, id))?;
            let draft = app.handle(GetCaseDraft { id })?;
            let ready = draft.gaps.is_empty();
            if send && ready {
                let saved = app.handle(SendCase { id })?;
                print
                    .say(&saved, || format!("{id}  saved on this device; it waits for the next sync  {}", draft.title));
            } else {
                print.say(&draft, || missing(&draft));
            }
            Ok(ready)
        }
        CaseCommand::Check { id } => {
            let draft = app.handle(GetCaseDraft { id })?;
            print.say(&draft, || missing(&draft));
            Ok(draft.gaps.is_empty())
        }
        CaseCommand::Discard { id } => {
            app.handle(DiscardCase { id })?;
            print.say(&(), || format!("{id}  thrown away"));
            Ok(true)
        }
        CaseCommand::Show { id } => {
            let view = app.handle(GetCase { id })?;
            print.say(&view, || shown(&view));
            Ok(true)
        }
    }
}

/// Writes to the office of a case; when it asked for more, this is the answer.
pub(crate) fn reply(app: &App, id: CaseId, (text, attach): (String, Vec<PathBuf>), print: &Print) -> Result<(), Fault> {
    let mut added = Vec::new();
    let sent = enclosed(app, id, attach, &mut added).and_then(|()| answered(app, id, text));
    if sent.is_err() {
        // What a call that failed brought is not left behind for another message.
        added.into_iter().try_for_each(|id| app.handle(RemoveFile { id }))?;
    }
    print.say(&sent?, || String::from("saved on this device; it waits for the next sync"));
    Ok(())
}

fn enclosed(app: &App, id: CaseId, attach: Vec<PathBuf>, added: &mut Vec<AttachmentId>) -> Result<(), Fault> {
    for file in attach {
        added.push(add(app, FileTo::Letter(id.into()), &file)?.id);
    }
    Ok(())
}

fn answered(app: &App, id: CaseId, text: String) -> Result<Saved, Fault> {
    let turn = app.handle(GetCase { id })?.row.state.map(vicino_domain::CaseState::turn);
    let integration = turn == Some(vicino_domain::Turn::Resident);
    Ok(app.handle(WriteToCase { id, text, integration })?)
}

fn begin(app: &App, service: &str, about: Option<CaseId>) -> Result<CaseDraftView, Fault> {
    let rows = app.handle(ListServices {})?.rows;
    let wanted = vicino_domain::fold(service);
    let fits = |row: &&ServiceRow| row.id.to_string() == service || vicino_domain::fold(&row.title).contains(&wanted);
    let found: Vec<&ServiceRow> = rows.iter().filter(fits).collect();
    match found.as_slice() {
        [] => Err(Fault::Service(service.to_owned())),
        [one] => Ok(app.handle(NewCase { service: one.id, about })?),
        several => {
            let titles: Vec<&str> = several.iter().map(|row| row.title.as_str()).collect();
            Err(Fault::Services(service.to_owned(), titles.join("; ")))
        }
    }
}

/// Keeps the answers in the order they were given: what is asked may hang on those before.
fn fill(app: &App, mut draft: CaseDraftView, set: Vec<(Path, String)>) -> Result<(), Fault> {
    for (path, value) in set {
        let answer = read(&draft, &path, value);
        let kept = app.handle(AnswerField { id: draft.id, path: path.clone(), answer: Some(answer) });
        if kept.as_ref().is_err_and(|failure| failure.code == FailureCode::NotFound) {
            return Err(Fault::Field(path.to_string(), asked(&draft)));
        }
        kept?;
        draft = app.handle(GetCaseDraft { id: draft.id })?;
    }
    Ok(())
}

/// Takes files into the questions that ask for them.
fn enclose(app: &App, id: CaseId, attach: Vec<(Path, String)>) -> Result<(), Fault> {
    for (path, value) in attach {
        let (file, dated) = match value.rsplit_once('@') {
            Some((file, dated)) if !std::path::Path::new(&value).exists() => (file, dated),
            _ => (value.as_str(), ""),
        };
        let name = path.to_string();
        let added = add(app, FileTo::Answer { case: id, path }, std::path::Path::new(file));
        if matches!(&added, Err(Fault::Failed(failure)) if failure.code == FailureCode::NotFound) {
            return Err(Fault::Field(name, asked(&app.handle(GetCaseDraft { id })?)));
        }
        let added = added?;
        if !dated.is_empty()
            && let Err(failure) = app.handle(DateFile { id: added.id, dated: dated.to_owned() })
        {
            // A paper without its date would only be in the way of the same with it.
            app.handle(RemoveFile { id: added.id })?;
            return Err(failure.into());
        }
    }
    Ok(())
}

/// Takes a file in.
pub(crate) fn add(app: &App, to: FileTo, file: &std::path::Path) -> Result<FileView, Fault> {
    let (name, bytes) = read_file(file)?;
    Ok(app.handle(AddFile { to, name, bytes })?)
}

/// A file by its name and its bytes.
pub(crate) fn read_file(file: &std::path::Path) -> Result<(String, Vec<u8>), Fault> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, bytes_of(file, FailureCode::FileTooHeavy)?))
}

/// The names of what a form asks now.
fn asked(draft: &CaseDraftView) -> String {
    let fields = draft.sections.iter().flat_map(|section| section.repeats.iter().flatten());
    fields.map(|field| field.path.to_string()).collect::<Vec<_>>().join(", ")
}

/// A draft that holds nothing is not left behind by a call that failed.
fn discard_blank(app: &App, id: CaseId) {
    let blank =
        app.handle(ListCases { offset: 0, limit: 50 }).is_ok_and(|list| list.drafts.iter().all(|draft| draft.id != id));
    if blank {
        let _ = app.handle(DiscardCase { id });
    }
}

/// A value as its question takes it; what cannot be read is kept as it is, and said to be missing or wrong.
fn read(draft: &CaseDraftView, path: &Path, value: String) -> Answer {
    let fields = draft.sections.iter().flat_map(|section| section.repeats.iter().flatten());
    let same =
        |field: &&vicino_contract::ipc::FieldView| field.path.section == path.section && field.path.field == path.field;
    match fields.into_iter().find(same).map(|field| &field.kind) {
        Some(FieldKind::Choice { .. }) => Answer::Chosen(value.split(',').map(|one| one.trim().to_owned()).collect()),
        Some(FieldKind::Declaration) => Answer::Ticked(matches!(value.trim(), "yes" | "sì" | "si" | "true")),
        _ => Answer::Text(value),
    }
}

fn missing(draft: &CaseDraftView) -> String {
    let fields = || draft.sections.iter().flat_map(|section| section.repeats.iter().flatten());
    let gap = |gap: &FieldError| {
        let field = gap.at.as_ref().and_then(|path| fields().find(|field| field.path == *path));
        let at = gap.at.as_ref().map(ToString::to_string).unwrap_or_default();
        let label = field.map(|field| field.label.as_str()).unwrap_or_default();
        let options = match field.map(|field| &field.kind) {
            Some(FieldKind::Choice { options, .. }) => options.iter().map(|option| option.value.as_str()).collect(),
            Some(FieldKind::People(names)) => names.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(", ")) };
        format!("  {at:20} {label}: {}{options}", sentence(&gap.lack, field.map(|field| &field.kind)))
    };
    let gaps: Vec<String> = draft.gaps.iter().map(gap).collect();
    match gaps.as_slice() {
        [] => format!("{}  {}: nothing is missing", draft.id, draft.title),
        gaps => format!("{}  {}: missing or wrong\n{}", draft.id, draft.title, gaps.join("\n")),
    }
}

/// The part that is missing or wrong, in words.
fn sentence(lack: &FieldErrorKind, asked: Option<&FieldKind>) -> String {
    let fixed = match lack {
        FieldErrorKind::Missing => "missing",
        FieldErrorKind::OtherKind | FieldErrorKind::NoSuchChoice => "not one of what there is to choose from",
        FieldErrorKind::Pattern => "it does not look as it must",
        FieldErrorKind::NotANumber => "not a number, or one with too many decimals",
        FieldErrorKind::Code(_) if asked == Some(&FieldKind::Line(Keyboard::Phone)) => "not a telephone number",
        FieldErrorKind::Code(_) if asked == Some(&FieldKind::Line(Keyboard::Email)) => {
            "not a mail address: write it as name@example.it"
        }
        FieldErrorKind::TooSmall(_) => "too little",
        FieldErrorKind::TooLarge(_) => "too much",
        FieldErrorKind::NotADate => "not a date: write 31/12/2026",
        FieldErrorKind::NoSuchDay => "there is no such day",
        FieldErrorKind::OneOnly => "choose one only",
        FieldErrorKind::Code(BadCode::Check) => "something was mistyped: its check character does not fit",
        FieldErrorKind::Code(BadCode::Shape) => "it has not the length or the characters of such a code",
        FieldErrorKind::Code(BadCode::Date) => "the date inside does not exist",
        FieldErrorKind::NotOfTheHousehold => "nobody of the household bears that name",
        FieldErrorKind::FileGone | FieldErrorKind::FileUndated => "a file, or its date, is missing",
        FieldErrorKind::FileEmpty => "the file is empty",
        FieldErrorKind::ServiceClosed => {
            "the town does not take this service now: ask the office; what was written stays here"
        }
        FieldErrorKind::UnknownKind => "a question this release does not know: turn to the office",
        FieldErrorKind::TooLong { max, found } => return format!("{found} characters, at most {max}"),
        FieldErrorKind::TooEarly(day) => return format!("not before {day}"),
        FieldErrorKind::TooLate(day) => return format!("not after {day}"),
        FieldErrorKind::FileTooHeavy(most) => return format!("the file has more than {most} bytes"),
        FieldErrorKind::FileKind(media) => return format!("files of this kind are not taken: {media}"),
        FieldErrorKind::TooManyFiles(most) => return format!("at most {most} files"),
        FieldErrorKind::FileExpired(day) => return format!("the document was good until {day}"),
        FieldErrorKind::TooMany(most) => return format!("at most {most} times"),
        FieldErrorKind::NotSigned(who) => return format!("{who} has not signed"),
        FieldErrorKind::NotYetOpen(day) => return format!("it may be sent from {day}"),
        FieldErrorKind::Closed(day) => return format!("it could be sent until {day}"),
    };
    fixed.to_owned()
}

fn shown(view: &CaseView) -> String {
    let state = view.row.state.map_or_else(|| String::from("saved here"), |state| state.to_string());
    let mut lines = vec![format!("{}: {state}", view.row.title)];
    lines.extend(view.answers.iter().flat_map(|part| &part.lines).map(|line| {
        let files = names(&line.files);
        let answer = match (line.answer.is_empty(), files.is_empty()) {
            (false, _) => &line.answer,
            (true, false) => &files,
            (true, true) => "declared",
        };
        format!("  {}: {answer}", line.question)
    }));
    lines.extend(view.protocol.as_ref().map(|(number, at)| format!("protocol {number}, {}", at.to_rfc3339())));
    if let Some(clock) = &view.row.clock {
        lines.push(format!("{:?}'s move since {}{}", clock.turn, clock.since, term(clock)));
    }
    lines.extend(view.steps.iter().map(|step| {
        let state = step.state.map_or_else(|| String::from("another state"), |state| state.to_string());
        let note = step.note.as_deref().unwrap_or_default();
        format!("{}  {state}  {note} {}", step.at.to_rfc3339(), names(&step.files))
    }));
    lines.extend(
        view.messages.iter().map(|message| format!("{:?}: {} {}", message.author, message.text, names(&message.files))),
    );
    lines.join("\n")
}

/// Whom a case is about.
fn of(whom: &Option<String>) -> String {
    whom.as_ref().map(|whom| format!(", {whom}")).unwrap_or_default()
}

/// By when an office must conclude, and what is unusual about it.
fn term(clock: &Clock) -> String {
    match (clock.conclude_by, clock.stands_still, clock.late) {
        (None, ..) => String::new(),
        (_, true, _) => String::from(", the term stands still"),
        (Some(by), _, true) => format!(", late: to conclude by {by}"),
        (Some(by), ..) => format!(", to conclude by {by}"),
    }
}

/// Files by their names; one that is not on this device yet is marked.
fn names(files: &[FileView]) -> String {
    let name = |file: &FileView| if file.here { file.name.clone() } else { format!("{} (not here yet)", file.name) };
    files.iter().map(name).collect::<Vec<_>>().join(", ")
}
