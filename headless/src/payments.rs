//! Payments in a shell: what is owed, notices read and shown, carts taken to the payment page, receipts taken out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;
use vicino_contract::http::payment::APP_RETURN;
use vicino_contract::http::payment_return_is_ours;
use vicino_contract::ipc::{
    AddFile, Answers as _, FileTo, GetCode, GetNotice, GetPaper, InstallmentView, KeepNotice, ListPayments,
    ListReceipts, NoticeRow, NoticeView, PaperOf, PayLine, PayingView, PaymentList, ReadNotice, ReadNoticeFile,
    ReadView, ReceiptRow, SayPaid,
};
use vicino_contract::{Failure, FailureCode};
use vicino_core::App;
use vicino_domain::pagopa::{Check, Creditor, NoticeNumber};
use vicino_domain::{BadCart, Cents, NoticeId, NoticeState};

use crate::Fault;
use crate::print::{Print, sentence};

/// A refusal: its code is printed.
const REFUSED: u8 = 2;
/// Paid notices listed.
const PAID: u32 = 200;

#[derive(Subcommand)]
pub(crate) enum NoticeWish {
    /// Read a notice: the text of its code, its number, a picture or a PDF.
    Read {
        /// The text, or the file.
        what: String,
    },
    /// Show one notice.
    Show {
        /// The debt, or a notice number.
        id: String,
        /// Draw its QR code into this file, an SVG image.
        #[arg(long)]
        qr: Option<PathBuf>,
        /// Write it into this file as a paper to be printed.
        #[arg(long)]
        pdf: Option<PathBuf>,
        /// Draw its postal Data Matrix into this file, an SVG image.
        #[arg(long)]
        matrix: Option<PathBuf>,
    },
    /// Keep a notice that is not among one's own, to be shown and paid.
    Keep {
        /// The text of its code, or its number.
        what: String,
        /// Who is owed, by tax code, when only the number is given.
        #[arg(long)]
        creditor: Option<Creditor>,
        /// How much in euro, when only the number is given.
        #[arg(long)]
        amount: Option<Cents>,
        /// Who is owed, by name.
        #[arg(long)]
        name: String,
        /// What it is for.
        #[arg(long)]
        title: String,
    },
    /// Say that a notice is paid; a proof may go along.
    Paid {
        /// The debt, or a notice number.
        id: String,
        /// The day.
        #[arg(long)]
        on: String,
        /// Where.
        #[arg(long, default_value = "")]
        place: String,
        /// The proof.
        #[arg(long)]
        attach: Option<PathBuf>,
    },
}

/// A refusal, as it is told.
#[derive(Serialize)]
struct Refusal {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<BadCart>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<String>,
}

fn refuse(print: &Print, code: &str, why: Option<BadCart>, numbers: Vec<String>) -> ExitCode {
    let refusal = Refusal { code: code.to_owned(), why, numbers };
    print.say(&refusal, || {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        let numbers = refusal.numbers.iter().map(|number| format!("\n  {number}")).collect::<String>();
        format!("{}{why}{numbers}", refusal.code)
    });
    ExitCode::from(REFUSED)
}

/// Everything that is owed, on its way, paid.
pub(crate) fn list(app: &App, print: &Print) -> Result<(), Fault> {
    let list = app.answer(ListPayments { most: u32::MAX, offset: 0, limit: PAID })?;
    print.say(&list, || lines(&list));
    Ok(())
}

fn lines(list: &PaymentList) -> String {
    let mut lines = Vec::new();
    for group in &list.to_pay {
        lines.push(format!("{}  {} in all", group.whom.name, euro(group.total)));
        lines.extend(group.rows.iter().map(row));
    }
    for (title, rows) in
        [("on its way", &list.on_its_way), ("paid", &list.paid), ("not with pagoPA, an F24", &list.information)]
    {
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
    let begun = row.open_since.map(|_| " (begun, its end is not known)").unwrap_or_default();
    format!("  {number}  {}{due}  {}{part}{begun}", euro(row.amount), row.title)
}

fn euro(sum: Cents) -> String {
    format!("EUR {sum}")
}

/// What the core refuses, in its own code: a script tells it from a fault of the program.
fn answered(done: Result<ExitCode, Fault>, print: &Print) -> Result<ExitCode, Fault> {
    match done {
        Err(Fault::Notice(bad)) => Ok(refuse(print, &code_of(&bad), None, Vec::new())),
        Err(Fault::Failed(failure)) if failure.code != FailureCode::Internal => {
            eprintln!("{}", sentence(&failure));
            Ok(refuse(print, &code_of(&failure.code), None, Vec::new()))
        }
        done => done,
    }
}

/// Does what was wished with one notice.
pub(crate) fn grant(app: &App, wish: NoticeWish, print: &Print) -> Result<ExitCode, Fault> {
    answered(granted(app, wish, print), print)
}

fn granted(app: &App, wish: NoticeWish, print: &Print) -> Result<ExitCode, Fault> {
    match wish {
        NoticeWish::Read { what } => read(app, &what, print),
        NoticeWish::Show { id, qr, pdf, matrix } => {
            let (view, number) = find(app, &id)?;
            if qr.is_some() || matrix.is_some() || pdf.is_some() {
                let number = number.ok_or(Failure::new(FailureCode::NotFound))?;
                let code = app.answer(GetCode { id: view.row.id, number })?;
                write(qr, Some(code.qr_svg.into_bytes()))?;
                write(matrix, code.matrix_svg.map(String::into_bytes))?;
                if pdf.is_some() {
                    let of = PaperOf::Notice(view.row.id, number);
                    write(pdf, Some(app.answer(GetPaper { of })?.bytes))?;
                }
            }
            print.say(&view, || shown(&view));
            Ok(ExitCode::SUCCESS)
        }
        NoticeWish::Keep { what, creditor, amount, name, title } => {
            let seen = app.answer(ReadNotice { text: what })?;
            let (number, creditor, amount) = match seen {
                ReadView::Notice { number, creditor: read, amount: told, .. } => {
                    (number, read.or(creditor), told.or(amount))
                }
                ReadView::Bad(bad) => return Ok(refuse(print, &code_of(&bad), None, Vec::new())),
                ReadView::NoCode => return Ok(refuse(print, "no_code", None, Vec::new())),
            };
            let Some((creditor, amount)) = creditor.zip(amount) else {
                return Ok(refuse(print, "say_creditor_and_amount", None, Vec::new()));
            };
            let id = app.answer(KeepNotice { number, creditor, amount, creditor_name: name, title })?;
            print.say(&id, || format!("kept on this device: {id}"));
            Ok(ExitCode::SUCCESS)
        }
        NoticeWish::Paid { id, on, place, attach } => {
            let (view, number) = find(app, &id)?;
            let number = number.ok_or(Failure::new(FailureCode::NotFound))?;
            if let Some(path) = attach {
                let bytes = bytes_of(&path)?;
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                app.answer(AddFile { to: FileTo::Letter(view.row.id.into()), name, bytes })?;
            }
            let saved = app.answer(SayPaid { id: view.row.id, number, paid_on: on, place })?;
            print.say(&saved, || String::from("saved on this device; it waits for the next sync"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn read(app: &App, what: &str, print: &Print) -> Result<ExitCode, Fault> {
    let path = Path::new(what);
    let seen = if path.is_file() {
        app.answer(ReadNoticeFile { bytes: bytes_of(path)? })?
    } else {
        app.answer(ReadNotice { text: what.to_owned() })?
    };
    match &seen {
        ReadView::Bad(bad) => Ok(refuse(print, &code_of(bad), None, Vec::new())),
        ReadView::NoCode => Ok(refuse(print, "no_code", None, Vec::new())),
        ReadView::Notice { grouped, check, creditor, amount, known, .. } => {
            print.say(&seen, || {
                let mut line = grouped.clone();
                line.extend(creditor.map(|creditor| format!("  owed to {creditor}")));
                line.extend(amount.map(|amount| format!("  {}", euro(amount))));
                if *check == Check::Wrong {
                    line.push_str("\nits check digits are not what they should be: compare it with the paper");
                }
                line.extend(known.as_ref().map(|known| format!("\nit is here: {}  {}", known.id, known.title)));
                line
            });
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The debt that an identity or a notice number leads to, and its notice: the one named, or the one to pay next.
fn find(app: &App, text: &str) -> Result<(NoticeView, Option<NoticeNumber>), Fault> {
    if let Ok(id) = text.parse::<NoticeId>() {
        let view = app.answer(GetNotice { id })?;
        let number = view.row.number;
        return Ok((view, number));
    }
    match app.answer(ReadNotice { text: text.to_owned() })? {
        ReadView::Notice { number, known: Some(known), .. } => {
            Ok((app.answer(GetNotice { id: known.id })?, Some(number)))
        }
        ReadView::Bad(bad) => Err(Fault::Notice(bad)),
        ReadView::Notice { known: None, .. } | ReadView::NoCode => Err(Failure::new(FailureCode::NotFound).into()),
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).map_err(|cause| Fault::File(path.display().to_string(), cause))
}

fn write(path: Option<PathBuf>, bytes: Option<Vec<u8>>) -> Result<(), Fault> {
    let Some(path) = path else { return Ok(()) };
    let bytes = bytes.ok_or(Failure::new(FailureCode::NotFound))?;
    std::fs::write(&path, bytes).map_err(|cause| Fault::File(path.display().to_string(), cause))
}

fn shown(view: &NoticeView) -> String {
    let mut lines = vec![format!("{}  {}  for {}", view.row.id, view.row.title, view.row.whom.name)];
    lines.push(format!("owed to {}, tax code {}", view.creditor, view.creditor_code));
    for line in &view.lines {
        let how = line.how.as_ref().map(|how| format!("  ({how})")).unwrap_or_default();
        lines.push(format!("  {}  {}{how}", euro(line.amount), line.what));
    }
    for plan in &view.plans {
        lines.push(plan.title.clone());
        lines.extend(plan.installments.iter().map(installment));
    }
    for row in &view.f24 {
        lines.push(format!("  F24 {} {}  {} by {}", row.tribute, row.year, euro(row.amount), row.due_on));
    }
    for event in &view.story {
        let note = event.note.as_ref().map(|note| format!("  {note}")).unwrap_or_default();
        lines.push(format!("  {}  {:?}{note}", event.at.format("%Y-%m-%d %H:%M"), event.what));
    }
    lines.join("\n")
}

fn installment(one: &InstallmentView) -> String {
    let state = match one.state {
        NoticeState::ToPay if one.payable => "to pay",
        NoticeState::ToPay => "not to be paid",
        NoticeState::OnItsWay => "on its way",
        NoticeState::Confirmed => "paid",
    };
    let due = one.due_on.map(|day| format!(" by {day}")).unwrap_or_default();
    format!("  {}  {}{due}  {state}", one.grouped, euro(one.amount))
}

/// Opens a payment page for these and prints its address; nobody waits here for it to come back.
pub(crate) async fn pay(
    app: &App,
    ids: &[String],
    (back, despite): (Option<String>, bool),
    print: &Print,
) -> Result<ExitCode, Fault> {
    let back = back.unwrap_or_else(|| APP_RETURN.to_owned());
    if !payment_return_is_ours(&back) {
        return Ok(refuse(print, "return_not_taken", None, Vec::new()));
    }
    let mut lines = Vec::with_capacity(ids.len());
    for id in ids {
        let (view, number) = match find(app, id) {
            Ok(found) => found,
            Err(fault) => return answered(Err(fault), print),
        };
        let one = view.plans.iter().flat_map(|plan| &plan.installments).find(|one| Some(one.number) == number);
        let Some(one) = one else { return Ok(refuse(print, "nothing_to_pay", None, Vec::new())) };
        lines.push(PayLine { id: view.row.id, number: one.number, amount: one.amount });
    }
    match app.open_payment(&lines, despite, back).await {
        Ok(page) => {
            print.say(&page.url, || page.url.clone());
            Ok(ExitCode::SUCCESS)
        }
        Err(PayingView::Refused(bad)) => Ok(refuse(print, &code_of(&bad), Some(bad), Vec::new())),
        Err(PayingView::Warned { numbers }) => Ok(refuse(print, "maybe_paid", None, numbers)),
        Err(PayingView::Stale) => Ok(refuse(print, "amounts_too_old", None, Vec::new())),
        Err(PayingView::Failed { code }) => {
            eprintln!("{}", sentence(&Failure::new(code)));
            Ok(refuse(print, &code_of(&code), None, Vec::new()))
        }
        Err(_) => Ok(refuse(print, "not_opened", None, Vec::new())),
    }
}

/// The word a code has on the wire: a variant's name, also of one with more in it.
fn code_of(code: &impl Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::from("other"),
    }
}

/// Lists receipts, and writes each into a folder by its year.
pub(crate) fn receipts(app: &App, export: Option<PathBuf>, print: &Print) -> Result<(), Fault> {
    let list = app.answer(ListReceipts { year: None })?;
    if let Some(folder) = export {
        let files = app.export_receipts(None)?;
        for (name, bytes) in files {
            let path = folder.join(name);
            let failed = |cause| Fault::File(path.display().to_string(), cause);
            path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(failed)?;
            std::fs::write(&path, bytes).map_err(failed)?;
        }
    }
    let line = |row: &ReceiptRow| {
        format!(
            "{}  {}  {}  {}  {}",
            row.paid_at.format("%Y-%m-%d"),
            euro(row.amount),
            row.receipt,
            row.title,
            row.whom.name
        )
    };
    print.say(&list, || match (list.rows.is_empty(), list.freshness.as_of) {
        (true, None) => String::from("receipts are not known yet"),
        (true, Some(_)) => String::from("no receipts"),
        _ => list.rows.iter().map(line).collect::<Vec<_>>().join("\n"),
    });
    Ok(())
}
