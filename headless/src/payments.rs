//! Payments in a shell: what is owed, notices read and shown, carts taken to the payment page, receipts taken out.

mod told;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;
use vicino_contract::http::payment::APP_RETURN;
use vicino_contract::http::payment_return_is_ours;
use vicino_contract::ipc::{
    AddFile, CodeRow, CommandHandler as _, FileTo, GetCode, GetNotice, GetPaper, KeepNotice, ListPayments,
    ListReceipts, NoticeView, PaperOf, PayLine, ReadNotice, ReadNoticeFile, ReadView, SayPaid,
};
use vicino_contract::{Failure, FailureCode};
use vicino_core::{App, IfMaybePaid};
use vicino_domain::pagopa::{Check, Creditor, NoticeNumber};
use vicino_domain::{CartId, Cents, NoticeId, NoticeState};

use self::told::euro;
use crate::Fault;
use crate::given::bytes_of;
use crate::print::Print;
use crate::refusal::{Refusal, answered};

/// Paid notices listed.
const PAID: u32 = 200;

#[derive(Subcommand)]
pub(crate) enum NoticeCommand {
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
        /// The creditor's tax code, when only the number is given.
        #[arg(long)]
        creditor: Option<Creditor>,
        /// How much in euro, when only the number is given.
        #[arg(long)]
        amount: Option<Cents>,
        /// The creditor's name.
        #[arg(long)]
        name: String,
        /// The purpose.
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

/// Everything that is owed, on its way, paid.
pub(crate) fn list(app: &App, print: &Print) -> Result<(), Fault> {
    let list = app.handle(ListPayments { most: u32::MAX, offset: 0, limit: PAID })?;
    print.say(&list, || told::list(&list));
    Ok(())
}

/// Runs a command about one notice.
pub(crate) fn run(app: &App, command: NoticeCommand, print: &Print) -> Result<ExitCode, Fault> {
    answered(perform(app, command, print), print)
}

fn perform(app: &App, command: NoticeCommand, print: &Print) -> Result<ExitCode, Fault> {
    match command {
        NoticeCommand::Read { what } => read(app, &what, print),
        NoticeCommand::Show { id, qr, pdf, matrix } => {
            let (view, number) = find(app, &id)?;
            if qr.is_some() || matrix.is_some() || pdf.is_some() {
                let Some(number) = number else {
                    let why = "it is not paid with pagoPA: there is no code of it, and no paper";
                    return Ok(Refusal::new("no_code", why).tell(print));
                };
                let code = app.handle(GetCode { id: view.row.id, number })?;
                if matrix.is_some() && code.matrix_svg.is_none() {
                    let why = "its creditor has no postal account that is known here: pay it with its QR code";
                    return Ok(Refusal::new("no_postal_account", why).tell(print));
                }
                write(qr, code.qr_svg.into_bytes())?;
                write(matrix, code.matrix_svg.unwrap_or_default().into_bytes())?;
                if pdf.is_some() {
                    let of = PaperOf::Notice(view.row.id, number);
                    write(pdf, app.handle(GetPaper { of })?.bytes)?;
                }
            }
            print.say(&view, || told::notice(&view));
            Ok(ExitCode::SUCCESS)
        }
        NoticeCommand::Keep { what, creditor, amount, name, title } => {
            let seen = app.handle(ReadNotice { text: what })?;
            if let ReadView::Notice { known: Some(known), .. } = &seen
                && !known.stranger
            {
                let why = format!("the town has told of it: {}  {}", known.id, euro(known.amount));
                return Ok(Refusal::new("your_own", why).tell(print));
            }
            let (number, creditor, amount) = match seen {
                ReadView::Notice { number, creditor: read, amount: told, .. } => {
                    (number, read.or(creditor), told.or(amount))
                }
                ReadView::Bad(bad) => return Err(Fault::Notice(bad)),
                // A text is one notice, or none.
                ReadView::NoCode | ReadView::Several(_) | ReadView::Partial(_) => return Ok(no_code(print)),
            };
            let Some((creditor, amount)) = creditor.zip(amount) else {
                let why = "the number alone does not say whom and how much: add `--creditor` and `--amount`";
                return Ok(Refusal::new("say_creditor_and_amount", why).tell(print));
            };
            let id = app.handle(KeepNotice { number, creditor, amount, creditor_name: name, title })?;
            print.say(&id, || format!("kept on this device: {id}"));
            Ok(ExitCode::SUCCESS)
        }
        NoticeCommand::Paid { id, on, place, attach } => {
            let (view, number) = find(app, &id)?;
            let number = number.ok_or(Failure::new(FailureCode::NotFound))?;
            if let Some(path) = attach {
                let bytes = bytes_of(&path, FailureCode::FileTooHeavy)?;
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                app.handle(AddFile { to: FileTo::Letter(view.row.id.into()), name, bytes })?;
            }
            let saved = app.handle(SayPaid { id: view.row.id, number, paid_on: on, place })?;
            print.say(&saved, || String::from("saved on this device; it waits for the next sync"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn read(app: &App, what: &str, print: &Print) -> Result<ExitCode, Fault> {
    let path = Path::new(what);
    let seen = if path.exists() || is_like_a_file(path) {
        app.handle(ReadNoticeFile { bytes: bytes_of(path, FailureCode::FileTooHeavy)? })?
    } else {
        app.handle(ReadNotice { text: what.to_owned() })?
    };
    match &seen {
        ReadView::Bad(bad) => Err(Fault::Notice(*bad)),
        ReadView::NoCode => Ok(no_code(print)),
        ReadView::Several(all) | ReadView::Partial(all) => {
            print.say(&seen, || {
                let line = |one: &CodeRow| {
                    let known = one.known.as_ref().map(|known| format!("  it is here: {}  {}", known.id, known.title));
                    let owed = one.creditor.zip(one.amount);
                    let owed = owed.map(|(creditor, amount)| format!("  owed to {creditor}  {}", euro(amount)));
                    format!("{}{}{}", one.grouped, owed.unwrap_or_default(), known.unwrap_or_default())
                };
                let lines: Vec<String> = all.iter().map(line).collect();
                let head = match &seen {
                    ReadView::Partial(_) => {
                        "not all of it could be looked at, so there may be other notices; compare, then read, keep or pay the one you mean by its number"
                    }
                    _ => "several notices are here; read, keep or pay the one you mean by its number",
                };
                format!("{head}:\n{}", lines.join("\n"))
            });
            Ok(ExitCode::SUCCESS)
        }
        ReadView::Notice { grouped, check, creditor, amount, known, .. } => {
            print.say(&seen, || {
                let mut line = grouped.clone();
                line.extend(creditor.map(|creditor| format!("  owed to {creditor}")));
                line.extend(amount.map(|amount| format!("  {}", euro(amount))));
                if *check == Check::Wrong {
                    line.push_str("\nits check digits are not what they should be: compare it with the paper");
                }
                line.extend(known.as_ref().map(|known| {
                    let state = match known.state {
                        NoticeState::ToPay if known.closed => "it can no longer be paid",
                        NoticeState::ToPay => "to pay",
                        NoticeState::OnItsWay => "on its way",
                        NoticeState::Confirmed => "paid",
                    };
                    format!("\nit is here: {}  {}  {}  {state}", known.id, known.title, euro(known.amount))
                }));
                line
            });
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Returns whether a name that leads nowhere was meant as a file's: no text of a notice ends like one.
fn is_like_a_file(path: &Path) -> bool {
    let ends = path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase);
    ends.is_some_and(|end| ["pdf", "png", "jpg", "jpeg", "webp", "heic"].contains(&end.as_str()))
}

fn no_code(print: &Print) -> ExitCode {
    Refusal::new(
        "no_code",
        "there is no code in it that can be read: take it nearer, with more light, or type the number",
    )
    .tell(print)
}

/// The debt that an identity or a notice number leads to, and its notice: the one named, or the one to pay next.
fn find(app: &App, text: &str) -> Result<(NoticeView, Option<NoticeNumber>), Fault> {
    if let Ok(id) = text.parse::<NoticeId>() {
        let view = app.handle(GetNotice { id })?;
        let number = view.row.number;
        return Ok((view, number));
    }
    match app.handle(ReadNotice { text: text.to_owned() })? {
        ReadView::Notice { number, known: Some(known), .. } => {
            Ok((app.handle(GetNotice { id: known.id })?, Some(number)))
        }
        ReadView::Bad(bad) => Err(Fault::Notice(bad)),
        ReadView::Notice { known: None, .. } | ReadView::NoCode | ReadView::Several(_) | ReadView::Partial(_) => {
            Err(Failure::new(FailureCode::NotFound).into())
        }
    }
}

fn write(path: Option<PathBuf>, bytes: Vec<u8>) -> Result<(), Fault> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(&path, bytes).map_err(|cause| Fault::File(path.display().to_string(), cause))
}

/// An opened payment page.
#[derive(Serialize)]
struct Opened {
    url: String,
    cart: CartId,
}

/// Opens a payment page for these and prints its address; nobody waits here for it to come back.
pub(crate) async fn pay(
    app: &App,
    ids: &[String],
    back: Option<String>,
    if_maybe_paid: IfMaybePaid,
    print: &Print,
) -> Result<ExitCode, Fault> {
    let back = back.unwrap_or_else(|| APP_RETURN.to_owned());
    if !payment_return_is_ours(&back) {
        let why = "a page is sent back to a loopback address that ends in `/paid`, such as http://127.0.0.1:4321/paid";
        return Ok(Refusal::new("return_not_taken", why).tell(print));
    }
    let mut lines = Vec::with_capacity(ids.len());
    for id in ids {
        let (view, number) = match find(app, id) {
            Ok(found) => found,
            Err(fault) => return answered(Err(fault), print),
        };
        let one = view.plans.iter().flat_map(|plan| &plan.installments).find(|one| Some(one.number) == number);
        let Some(one) = one else {
            return Ok(Refusal::new("nothing_to_pay", "there is nothing of it to pay with pagoPA").tell(print));
        };
        lines.push(PayLine { id: view.row.id, number: one.number, amount: one.amount });
    }
    match app.open_payment(&lines, if_maybe_paid, back).await {
        Ok(page) => {
            let opened = Opened { url: page.url, cart: page.cart };
            print.say(&opened, || opened.url.clone());
            Ok(ExitCode::SUCCESS)
        }
        Err(view) => Ok(Refusal::unpaid(view).tell(print)),
    }
}

/// Notes how a payment page ended, by the address it sent the browser back to. It proves nothing: only a receipt does.
pub(crate) fn returned(app: &App, address: &str, print: &Print) -> ExitCode {
    if !app.payment_returned(address) {
        return Refusal::new("no_such_cart", "no payment page of this device that is still open sends back there")
            .tell(print);
    }
    print.say(&true, || String::from("noted; whether it is paid is said by its receipt"));
    ExitCode::SUCCESS
}

/// Lists receipts, and writes each into a folder by its year.
pub(crate) fn receipts(app: &App, export: Option<PathBuf>, print: &Print) -> Result<(), Fault> {
    let list = app.handle(ListReceipts { year: None })?;
    if let Some(folder) = export {
        let files = app.export_receipts(None)?;
        for (name, bytes) in files {
            let path = folder.join(name);
            let failed = |cause| Fault::File(path.display().to_string(), cause);
            path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(failed)?;
            std::fs::write(&path, bytes).map_err(failed)?;
        }
    }
    print.say(&list, || told::receipts(&list));
    Ok(())
}
