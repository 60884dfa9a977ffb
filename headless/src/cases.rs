//! Cases in a shell: begun, filled, checked, sent, followed, answered; the network is never touched.

use clap::Subcommand;
use vicino_contract::ipc::{
    AnswerField, Answers as _, CaseDraftView, CaseList, CaseView, FieldKind, GetCase, GetCaseDraft, ListCases,
    ListServices, NewCase, SendCase, WriteToCase,
};
use vicino_core::App;
use vicino_domain::CaseId;
use vicino_domain::form::{Answer, Path};

use crate::Fault;
use crate::print::Print;

#[derive(Subcommand)]
pub(crate) enum CaseWish {
    /// Begin a case, or go on with one: answers are kept as they are given.
    New {
        /// The service: its identity, or words of its name.
        #[arg(long)]
        service: String,
        /// An answer, `section.field=value`; several values of a choice with commas, `yes` for what is declared.
        #[arg(long = "set", value_parser = answer)]
        set: Vec<(Path, String)>,
        /// Send it when nothing is missing.
        #[arg(long)]
        send: bool,
    },
    /// Say what is missing before it may be sent; exit 3 when something is.
    Check {
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
    let list = app.answer(ListCases {})?;
    print.say(&list, || lines(&list));
    Ok(())
}

fn lines(list: &CaseList) -> String {
    let drafts =
        list.drafts.iter().map(|draft| format!("{}  draft, {} missing  {}", draft.id, draft.gaps, draft.title));
    let rows = list.rows.iter().map(|row| {
        let state = row.state.map_or_else(|| String::from("saved here"), |state| state.to_string());
        let by = row.clock.as_ref().and_then(|clock| clock.conclude_by);
        let by = by.map(|by| format!(", to conclude by {by}")).unwrap_or_default();
        format!("{}  {state}{by}  {}", row.id, row.title)
    });
    let all: Vec<String> = drafts.chain(rows).collect();
    match (all.is_empty(), list.freshness.as_of) {
        (false, _) => all.join("\n"),
        (true, None) => String::from("none written here; the town's are not known yet"),
        (true, Some(_)) => String::from("no cases"),
    }
}

/// Does what was wished; whether nothing is missing.
pub(crate) fn grant(app: &App, wish: CaseWish, print: &Print) -> Result<bool, Fault> {
    match wish {
        CaseWish::New { service, set, send } => {
            let id = begin(app, &service)?;
            let draft = app.answer(GetCaseDraft { id })?;
            for (path, value) in set {
                let answer = read(&draft, &path, value);
                app.answer(AnswerField { id, path, answer: Some(answer) })?;
            }
            let draft = app.answer(GetCaseDraft { id })?;
            let ready = draft.gaps.is_empty();
            print.say(&draft, || missing(&draft));
            if send {
                app.answer(SendCase { id })?;
            }
            Ok(ready)
        }
        CaseWish::Check { id } => {
            let draft = app.answer(GetCaseDraft { id })?;
            print.say(&draft, || missing(&draft));
            Ok(draft.gaps.is_empty())
        }
        CaseWish::Show { id } => {
            let view = app.answer(GetCase { id })?;
            print.say(&view, || shown(&view));
            Ok(true)
        }
    }
}

/// Writes to the office of a case; when it asked for more, this is the answer.
pub(crate) fn reply(app: &App, id: CaseId, text: String, print: &Print) -> Result<(), Fault> {
    let turn = app.answer(GetCase { id })?.row.state.map(vicino_domain::CaseState::turn);
    let integration = turn == Some(vicino_domain::Turn::Resident);
    let saved = app.answer(WriteToCase { id, text, integration })?;
    print.say(&saved, || String::from("saved on this device; it waits for the next sync"));
    Ok(())
}

fn begin(app: &App, service: &str) -> Result<CaseId, Fault> {
    let list = app.answer(ListServices {})?;
    let fits = |title: &str| vicino_domain::fold(title).contains(&vicino_domain::fold(service));
    let found = list.rows.into_iter().find(|row| row.id.to_string() == service || fits(&row.title));
    let found = found.ok_or_else(|| Fault::Service(service.to_owned()))?;
    Ok(app.answer(NewCase { service: found.id })?.id)
}

/// A value as its question takes it; what cannot be read is kept as it is, and said to be missing or wrong.
fn read(draft: &CaseDraftView, path: &Path, value: String) -> Answer {
    let fields = draft.sections.iter().flat_map(|section| section.turns.iter().flatten());
    let same =
        |field: &&vicino_contract::ipc::FieldView| field.path.section == path.section && field.path.field == path.field;
    match fields.into_iter().find(same).map(|field| &field.kind) {
        Some(FieldKind::Choice { .. }) => Answer::Chosen(value.split(',').map(|one| one.trim().to_owned()).collect()),
        Some(FieldKind::Declaration) => Answer::Ticked(matches!(value.trim(), "yes" | "sì" | "si" | "true")),
        _ => Answer::Text(value),
    }
}

fn missing(draft: &CaseDraftView) -> String {
    let gap = |gap: &vicino_domain::form::Gap| {
        let at = gap.at.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("  {at:24} {:?}", gap.lack)
    };
    let gaps: Vec<String> = draft.gaps.iter().map(gap).collect();
    match gaps.as_slice() {
        [] => format!("{}  nothing is missing", draft.id),
        gaps => format!("{}  missing or wrong:\n{}", draft.id, gaps.join("\n")),
    }
}

fn shown(view: &CaseView) -> String {
    let mut lines = vec![view.row.title.clone()];
    lines.extend(view.protocol.as_ref().map(|(number, at)| format!("protocol {number}, {}", at.to_rfc3339())));
    if let Some(clock) = &view.row.clock {
        let by = clock.conclude_by.map_or_else(String::new, |by| format!(", to conclude by {by}"));
        lines.push(format!("{:?}'s move since {}{by}", clock.turn, clock.since));
    }
    lines.extend(view.steps.iter().map(|step| {
        let state = step.state.map_or_else(|| String::from("another state"), |state| state.to_string());
        format!("{}  {state}  {}", step.at.to_rfc3339(), step.note.as_deref().unwrap_or_default())
    }));
    lines.extend(view.messages.iter().map(|message| format!("{:?}: {}", message.author, message.text)));
    lines.join("\n")
}
