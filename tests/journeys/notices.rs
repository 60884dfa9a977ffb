//! Notices read and shown: a stranger's kept and paid, what cannot be read or paid, and everything on paper.

use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    CommandHandler as _, GetCode, GetPaper, KeepNotice, LineView, NoticeEvent, PaperOf, PayLine, PayingView,
    ReadNotice, ReadNoticeFile, ReadView,
};
use vicino_core::IfMaybePaid;
use vicino_domain::pagopa::{BadNotice, Check};
use vicino_domain::{BadCart, Cents, NoticeId, NoticeState};
use vicino_server::matters::notice;
use world::{Wire, World};

use crate::steps::notices::told;
use crate::steps::payments::{BACK, due, line, list, notice, pay, payment};

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_notice_is_read_kept_and_paid() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let read = |text: &str| anna.app().handle(ReadNotice { text: text.into() }).unwrap();
    // One's own is known by its number alone.
    let own = due(&anna, "Mensa");
    match read(&own.number.unwrap().grouped()) {
        ReadView::Notice { known: Some(known), check: Check::Right, .. } => assert_eq!(known.id, own.id),
        other => panic!("{other:?}"),
    }
    let code = "PAGOPA|002|302012387654312384|00743110157|1250";
    let ReadView::Notice { number, check, creditor, amount, known: None, .. } = read(code) else { panic!("not read") };
    assert_eq!((check, amount), (Check::Wrong, Some(Cents(1250))), "a wrong check digit warns, and is not refused");
    let keep = |name: &str| {
        let (creditor_name, title) = (name.to_owned(), String::from("Bollo della nonna"));
        anna.app().handle(KeepNotice {
            number,
            creditor: creditor.unwrap(),
            amount: amount.unwrap(),
            creditor_name,
            title,
        })
    };
    assert_eq!(keep("  ").unwrap_err().code, FailureCode::Invalid);
    let id = keep("Regione di prova").unwrap();
    assert_eq!(keep("Regione di prova").unwrap(), id, "the same is kept once");
    assert!(list(&anna).to_pay.iter().any(|group| group.rows.iter().any(|row| row.id == id && row.stranger)));
    assert!(matches!(read(code), ReadView::Notice { known: Some(known), .. } if known.id == id));
    let shown = anna.app().handle(GetCode { id, number }).unwrap();
    assert_eq!(shown.payload, code);
    // The QR code that is shown is read back from its picture.
    let picture = raster(&shown.qr_svg);
    let seen = anna.app().handle(ReadNoticeFile { bytes: picture }).unwrap();
    assert!(matches!(seen, ReadView::Notice { known: Some(known), .. } if known.id == id));
    // It is paid like one's own; only its receipt does not come from this town.
    let row = due(&anna, "Bollo");
    assert!(matches!(
        anna.app().open_payment(&[line(&row)], IfMaybePaid::Ask, BACK.into()).await,
        Err(PayingView::Failed { code: FailureCode::Unreachable })
    ));
    world.cable.set(Wire::Whole);
    pay(&anna, &[&row, &own], "paid").await.unwrap();
    world.settle(&anna).await;
    assert_eq!(payment(&anna, id, number).state, NoticeState::OnItsWay);
    assert_eq!(payment(&anna, own.id, own.number.unwrap()).state, NoticeState::Confirmed);
}

/// An SVG of rectangles, as the QR code's, drawn as a PNG.
fn raster(svg: &str) -> Vec<u8> {
    use image::{GrayImage, ImageFormat, Luma};
    let number = |text: &str| text.parse::<f64>().unwrap();
    let side = svg.split("width=\"").nth(1).unwrap().split('"').next().unwrap();
    let side = number(side);
    let mut picture = GrayImage::from_pixel(side as u32, side as u32, Luma([255]));
    let path = svg.split(" d=\"").last().unwrap().split('"').next().unwrap();
    for step in path.split('M').skip(1) {
        // `Mx yhWvHH0V0`: the first two numbers, then the width and the height.
        let numbers: Vec<f64> =
            step.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|text| !text.is_empty()).map(number).collect();
        let [x, y, width, height] = numbers[..4] else { panic!("{step}") };
        for (x, y) in (0..height as u32).flat_map(|dy| (0..width as u32).map(move |dx| (x as u32 + dx, y as u32 + dy)))
        {
            picture.put_pixel(x, y, Luma([0]));
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_paid_says_why() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    for (text, bad) in [
        ("https://example.org/menu", BadNotice::OtherCode),
        ("PAGOPA|002|302012387654312384|00743110157", BadNotice::Torn),
        ("30201238765431238", BadNotice::Digits { found: 17 }),
        ("30201238765431238X", BadNotice::Letters),
        ("PAGOPA|002|302012387654312384|00743110157|0", BadNotice::Zero),
        ("PAGOPA|002|302012387654312384|00743110157|12345678901", BadNotice::Amount),
    ] {
        assert_eq!(anna.app().handle(ReadNotice { text: text.into() }), Ok(ReadView::Bad(bad)), "{text}");
    }
    assert_eq!(anna.app().handle(ReadNoticeFile { bytes: Vec::new() }).unwrap_err().code, FailureCode::PhotoEmpty);
    let blank = anna.app().handle(ReadNoticeFile { bytes: world::photos::noise(300, 300, 1) });
    assert_eq!(blank, Ok(ReadView::NoCode));
    let open =
        async |lines: &[PayLine]| anna.app().open_payment(lines, IfMaybePaid::Ask, BACK.into()).await.err().unwrap();
    assert_eq!(open(&[]).await, PayingView::Refused(BadCart::Empty));
    let row = due(&anna, "Mensa");
    let six = [line(&row); 6];
    assert_eq!(open(&six).await, PayingView::Refused(BadCart::TooMany { found: 6 }));
    // Another amount than the one the town has: told by the device itself, and by the town when the device cannot know.
    let cheap = PayLine { amount: Cents(1), ..line(&row) };
    assert!(matches!(open(&[cheap]).await, PayingView::Refused(BadCart::Changed { now: Cents(6240), .. })));
    change(&world, row.id, Cents(6900));
    assert!(matches!(open(&[line(&row)]).await, PayingView::Refused(BadCart::Changed { now: Cents(6900), .. })));
    // An amount that is too old is asked for again first; without a network it is shown, and not paid.
    world.settle(&anna).await;
    let row = due(&anna, "Mensa");
    assert_eq!(row.amount, Cents(6900));
    world.clock.turn(3 * 86_400);
    assert!(!notice(&anna, row.id).fresh);
    world.cable.set(Wire::Unplugged);
    assert_eq!(open(&[line(&row)]).await, PayingView::Stale);
    world.cable.set(Wire::Whole);
    assert!(anna.app().open_payment(&[line(&row)], IfMaybePaid::Ask, BACK.into()).await.is_ok());
    // What the creditor took back is not paid any more, and stays where it is.
    let tax = due(&anna, "Rifiuti");
    notice::take_back(world.town.town(), tax.id, "Annullato: era doppio.").unwrap();
    assert!(matches!(open(&[line(&tax)]).await, PayingView::Refused(BadCart::Unpayable { .. })));
    world.settle(&anna).await;
    assert!(notice(&anna, tax.id).story.iter().any(|event| event.what == NoticeEvent::Withdrawn));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fine_costs_what_its_lines_say_and_the_dearer_amount_waits_for_its_day() {
    let world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let row = due(&luca, "Multa");
    let view = notice(&luca, row.id);
    let sum = |lines: &[LineView]| lines.iter().map(|line| line.amount.0).sum::<i64>();
    for plan in &view.plans {
        assert_eq!(sum(&view.lines) + sum(&plan.lines), plan.installments[0].amount.0, "{}", plan.title);
    }
    let [cheap, usual, dear] = [0, 1, 2].map(|at| view.plans[at].installments[0].clone());
    assert_eq!(row.number, Some(cheap.number));
    assert!(cheap.payable && !usual.payable && !dear.payable);
    assert_eq!(usual.opens_on, view.plans[0].until.unwrap().succ_opt());
    let pay = PayLine { id: row.id, number: usual.number, amount: usual.amount };
    let refused = luca.app().open_payment(&[pay], IfMaybePaid::Ask, BACK.into()).await.err().unwrap();
    assert_eq!(refused, PayingView::Refused(BadCart::NotYet { number: usual.number, from: usual.opens_on.unwrap() }));
    let code = luca.app().handle(GetCode { id: row.id, number: usual.number });
    assert_eq!(code.unwrap_err().code, FailureCode::NotToPay);
    // Its day comes: now it is what is offered, and the reduction is over.
    world.clock.turn(20 * 86_400);
    world.settle(&luca).await;
    let later = notice(&luca, row.id);
    assert_eq!(later.row.number, Some(usual.number));
    assert!(!later.plans[0].installments[0].payable && later.plans[1].installments[0].payable);
    assert!(luca.app().open_payment(&[pay], IfMaybePaid::Ask, BACK.into()).await.is_ok());
}

/// The office changes a sum.
fn change(world: &World, id: NoticeId, amount: Cents) {
    let town = world.town.town();
    let mut record = notice::find(town, id).unwrap().unwrap();
    record.body.plans[0].installments[0].amount = amount;
    notice::issue_to(town, record.owner.unwrap(), record.body).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_without_a_network_and_read_back_by_others() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let folder = tempfile::tempdir().unwrap();
    let row = due(&anna, "Rifiuti");
    let number = row.number.unwrap();
    let paper = anna.app().handle(GetPaper { of: PaperOf::Notice(row.id, number) }).unwrap();
    let path = folder.path().join(&paper.name);
    std::fs::write(&path, &paper.bytes).unwrap();
    assert!(told("qpdf", &["--check"], &path).contains("No syntax or stream encoding errors"));
    let words = told("pdftotext", &["-layout"], &path);
    for wanted in
        [number.grouped().as_str(), "100,80", "Via Roma 14", "Anna Berti", "Sconto per il compostaggio", "PROVA"]
    {
        assert!(words.contains(wanted), "{wanted} is not on the paper: {words}");
    }
    assert!(told("pdfinfo", &[], &path).lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")));
    // The paper is read like anybody's: from its picture, by its code.
    let seen = anna.app().handle(ReadNoticeFile { bytes: paper.bytes }).unwrap();
    assert!(matches!(seen, ReadView::Notice { known: Some(known), .. } if known.id == row.id));
    // Every receipt of a year in one archive, each a paper with the town's signed word beside it.
    let archive = anna.app().handle(GetPaper { of: PaperOf::Receipts(None) }).unwrap();
    assert_eq!((archive.name.as_str(), archive.media.as_str()), ("ricevute.zip", "application/zip"));
    let path = folder.path().join(&archive.name);
    std::fs::write(&path, &archive.bytes).unwrap();
    let files = anna.app().export_receipts(None).unwrap();
    assert_eq!(files.len(), 2 * 3);
    let whole: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(archive.bytes.starts_with(b"PK") && archive.bytes.len() > whole);
    let receipt = files.iter().find(|(name, _)| name.ends_with(".pdf")).unwrap();
    let path = folder.path().join("ricevuta.pdf");
    std::fs::write(&path, &receipt.1).unwrap();
    let words = told("pdftotext", &["-layout"], &path);
    assert!(words.contains("Ricevuta di pagamento") && words.contains("PROVA-"), "{words}");
    // Its code is the town's signed word.
    let word =
        vicino_pictures::scan::codes(&receipt.1, vicino_pictures::scan::Wanted::Any).unwrap().texts.pop().unwrap();
    let said =
        vicino_contract::jws::verify(vicino_contract::jws::Kind::Payment, &word, &[world.town.town().key()]).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&said).unwrap()["kind"], "payment");
    assert!(anna.app().handle(GetPaper { of: PaperOf::Receipt(uuid::Uuid::nil()) }).is_err());
}
