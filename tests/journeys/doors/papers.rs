//! A sealed paper says only what the town says: every template, with words of a resident made to look like the town's, read back.

use chrono::NaiveDate;
use serde_json::json;
use vicino_contract::ipc::{
    CommandHandler as _, Declaration, GetPaper, KeepNotice, ListCertificates, PaperOf, ReadNotice, ReadView,
};
use vicino_documents::{CertificatePaper, DeclarationPaper, DeliveryPaper, NoticeLine, NoticePaper, ReceiptPaper};
use vicino_domain::certificate::{CertificateKind, Exemption, StampDuty};
use vicino_domain::text::quoted;
use vicino_pictures::words;
use world::{Caller, Device, World, made};

use crate::steps::cases::{moves, sent};
use crate::steps::certificates::{ask, settle, shown};
use crate::steps::payments::{CREDITOR, due, notice, pay};

/// Words that would be the town's: a sentence of its own, a line of its own, another quotation, the language of templates, letters that
/// turn the others round.
const HOSTILE: [&str; 6] = [
    "studio. Si certifica inoltre che Anna Berti è proprietaria della piazza. Il Sindaco",
    "studio\n\nSi certifica inoltre che è incensurata\nIl Sindaco",
    "studio”. Si certifica inoltre che è esente da “ogni imposta",
    "#v(10cm) = Si certifica inoltre che *vale* #image(\"qr.svg\")",
    "\u{202e}ertloni acifitrec is iS\u{202c} Si certifica inoltre che",
    "<b>Si certifica inoltre che</b> $x$ @a <label> /* */",
];

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 12).unwrap()
}

/// The paragraphs of a paper, as a reader reads them.
fn read(pdf: &[u8]) -> Vec<String> {
    words::pages(pdf).unwrap().into_iter().flatten().collect()
}

/// Whatever the resident wrote stands between quotation marks, behind the words that say whose it is.
fn is_theirs(paragraphs: &[String], whose: &str) {
    let text = paragraphs.join(" ¶ ");
    assert!(text.contains(whose), "{text}");
    for (at, _) in text.match_indices("Si certifica inoltre") {
        let (before, after) = text.split_at(at);
        let opened = before.rfind('“').is_some_and(|open| before.rfind('”').is_none_or(|close| close < open));
        assert!(opened && after.contains('”'), "outside a quotation: {text}");
        assert!(before.contains(whose), "before it is said whose it is: {text}");
    }
}

#[test]
fn every_template_with_every_hostile_text() {
    for hostile in HOSTILE {
        let certificate = CertificatePaper {
            title: "Certificato di residenza".into(),
            town: "Comune di Pietrachiara".into(),
            person: "Anna Berti".into(),
            says: vec!["è residente in via Roma 14".into()],
            stamp: "Rilasciato in esenzione dall’imposta di bollo per società sportive".into(),
            declared: quoted(hostile),
            ..CertificatePaper::default()
        };
        is_theirs(&read(&certificate.pdf(None, day()).unwrap()), "Dichiarato da chi ha chiesto");
        let subject = format!("Segnalazione {}", quoted(hostile));
        let delivery = DeliveryPaper {
            subject,
            town: "Comune di Pietrachiara".into(),
            number: "2026/00001".into(),
            ..DeliveryPaper::default()
        };
        is_theirs(&read(&delivery.pdf(None, day()).unwrap()), "Segnalazione");
        let page = delivery.page(None);
        assert!(!page.contains("<b>Si") && !page.contains('\u{202e}'), "{page}");
    }
}

/// Asked for with words made to look like the town's: beside an exemption of the law they are quoted, alone they wait for the office.
#[tokio::test(flavor = "multi_thread")]
async fn words_beside_an_exemption_are_quoted_and_alone_they_wait_for_the_office() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let exempt = |code, reason: &str| StampDuty::Exempt { code, reason: Some(reason.to_owned()) };
    let sport = ask(&device, "Anna", &[CertificateKind::Residence], exempt(Exemption::Sport, HOSTILE[0]));
    let other = ask(&device, "Anna", &[CertificateKind::Residence], exempt(Exemption::Other, HOSTILE[1]));
    settle(&world, &device).await;
    let file = shown(&device, sport).file.unwrap();
    let (_, sealed) = device.app().file(file.id).unwrap();
    let paragraphs = read(&sealed);
    is_theirs(&paragraphs, "Dichiarato da chi ha chiesto");
    assert!(!paragraphs.join(" ").contains("Il Sindaco"), "{paragraphs:?}");

    // Nothing is issued before the office has read it.
    assert!(shown(&device, other).file.is_none());
    assert!(shown(&device, other).row.held.is_some_and(|held| held.code.ends_with("own_reason")));
    let path = format!("/certificates/{other}/issue");
    assert_eq!(world.town.office("POST", &path, None).await.0, 200);
    world.settle(&device).await;
    let (_, sealed) = device.app().file(shown(&device, other).file.unwrap().id).unwrap();
    is_theirs(&read(&sealed), "Dichiarato da chi ha chiesto");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_and_a_kept_notice_are_called_what_somebody_called_them() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let report = device.report("Si certifica inoltre che il ponte è sicuro. Il Sindaco", 0);
    world.settle(&device).await;
    let paper = device.app().handle(GetPaper { of: PaperOf::Delivery(report.into()) }).unwrap();
    is_theirs(&read(&paper.bytes), "Segnalazione");
    // A notice kept from a code: who is owed, and what it is, was typed by whoever keeps it.
    let read_code = ReadNotice { text: "PAGOPA|002|302032002700000251|03334231200|11".into() };
    let ReadView::Notice { number, creditor, amount, .. } = device.app().handle(read_code).unwrap() else {
        panic!("it is read")
    };
    let id = device.app().handle(KeepNotice {
        number,
        creditor: creditor.unwrap(),
        amount: amount.unwrap(),
        creditor_name: "Comune. Si certifica inoltre che".into(),
        title: "Multa. Si certifica inoltre che è pagata".into(),
    });
    let paper = device.app().handle(GetPaper { of: PaperOf::Notice(id.unwrap(), number) }).unwrap();
    is_theirs(&read(&paper.bytes), "Avviso di pagamento");
}

/// The SVG of a code that says nothing.
const DOT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\" width=\"4\" height=\"4\"><path d=\"M0 0h2v2H0z\"/></svg>";

/// A notice, a payment receipt and a self-certification whose every word somebody else chose: words stay words, in their own place.
#[test]
fn no_word_in_any_template_is_a_program_or_a_line_of_the_papers_own() {
    for hostile in HOSTILE {
        let theirs = || quoted(hostile);
        let notice = NoticePaper {
            subject: theirs(),
            creditor: theirs(),
            creditor_code: CREDITOR.into(),
            debtor: theirs(),
            debtor_code: String::new(),
            whom: theirs(),
            amount: "€ 62,40".into(),
            due: "il 9 novembre 2026".into(),
            due_from: theirs(),
            part: String::new(),
            number: "3020 3200 2700 0002 51".into(),
            lines: vec![NoticeLine { what: theirs(), how: theirs(), amount: "€ 62,40".into() }],
            total: "€ 62,40".into(),
            practice: false,
            postal: false,
            printed: "12 marzo 2026".into(),
        };
        is_theirs(&read(&notice.pdf(DOT, None, day()).unwrap()), "Avviso di pagamento");
        let receipt = ReceiptPaper {
            subject: theirs(),
            amount: "€ 62,40".into(),
            paid: "12 marzo 2026".into(),
            whom: theirs(),
            creditor: theirs(),
            creditor_code: CREDITOR.into(),
            number: "3020 3200 2700 0002 51".into(),
            receipt: theirs(),
            psp: theirs(),
            fee: String::new(),
            practice: false,
            key: "DjIz Ooy3".into(),
        };
        is_theirs(&read(&receipt.pdf(DOT, day()).unwrap()), "Ricevuta di pagamento");
        let declaration = DeclarationPaper {
            declarant: "Anna Berti".into(),
            about: String::new(),
            says: vec![theirs()],
            as_of: "del 9 novembre 2026".into(),
            place_and_day: "12 marzo 2026".into(),
            practice: false,
        };
        is_theirs(&read(&declaration.pdf(day()).unwrap()), "dichiaro");
        for page in [notice.page(DOT, None), receipt.page(DOT), declaration.page()] {
            assert!(!page.contains("<b>Si") && !page.contains('\u{202e}'), "{page}");
        }
    }
}

fn paper(device: &Device, of: PaperOf) -> Vec<String> {
    read(&device.app().handle(GetPaper { of }).unwrap().bytes)
}

/// What a stranger writes beside a notice of the town's reaches neither the notice nor the receipt of whoever owes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_and_its_receipt_say_nothing_a_payer_wrote() {
    let world = World::new().await;
    let (anna, stranger) = (world.signed_in("Anna").await, Caller::device(&world).await);
    let row = due(&anna, "Mensa");
    for (n, hostile) in (0..).zip(HOSTILE) {
        let cart = json!({ "return_to": "it.vicino.app:/paid", "notices": [{ "number": row.number.unwrap().to_string(),
            "creditor": CREDITOR, "creditor_name": hostile, "description": hostile, "amount": row.amount.0 }] });
        assert_eq!(
            stranger.call("PUT", &format!("/v1/carts/{}", made(0x1900 + n)), Some(&cart)).await,
            201,
            "{hostile}"
        );
    }
    let asked = paper(&anna, PaperOf::Notice(row.id, row.number.unwrap())).join(" ");
    pay(&anna, &[&row], "paid").await.unwrap();
    world.settle(&anna).await;
    let receipt = notice(&anna, row.id).receipts[0].id;
    let paid = paper(&anna, PaperOf::Receipt(receipt)).join(" ");
    for said in [asked, paid] {
        assert!(said.contains("Mensa") && !said.contains("certifica"), "{said}");
    }
}

/// The protocol's receipt carries the title of a service, which is the town's; what the sender wrote is not on it.
#[tokio::test(flavor = "multi_thread")]
async fn a_protocol_receipt_says_nothing_its_sender_wrote() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let case = sent(&anna);
    world.settle(&anna).await;
    moves(&world, case, &[("registered", None)]).await;
    // Everything a sender may still write on it.
    for (n, hostile) in (0..).zip(HOSTILE) {
        let caller = Caller::resident(&world, "Anna").await;
        let path = format!("/v1/cases/{case}/messages/{}", made(0x1a00 + n));
        let message = json!({ "text": hostile, "sent_at": "2026-03-12T07:41:00Z" });
        assert!([201, 422].contains(&caller.call("PUT", &path, Some(&message)).await));
    }
    world.settle(&anna).await;
    let said = paper(&anna, PaperOf::Delivery(case.into())).join(" ");
    assert!(said.contains("Ricevuta di protocollo") && !said.contains("certifica"), "{said}");
}

/// A self-certification is its writer's own: what is typed stands behind *I declare*, on one line, and no town speaks, signs or seals.
#[tokio::test(flavor = "multi_thread")]
async fn a_self_certification_is_its_writers_alone() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let person = anna.app().handle(ListCertificates {}).unwrap().people[0].id;
    for hostile in HOSTILE {
        let typed = [("school_year", "2005"), ("school", "Liceo"), ("title", hostile)]
            .map(|(name, text)| (name.into(), text.into()))
            .into();
        let wish = Declaration { person, statements: vec!["school_title".into()], typed };
        let made = anna.app().handle(GetPaper { of: PaperOf::Declaration(wish) }).unwrap();
        let all = read(&made.bytes);
        let line = all.iter().position(|line| line.contains("certifica inoltre") || line.contains("2005")).unwrap();
        let declares = all.iter().position(|line| line.contains("dichiaro")).unwrap();
        assert!(declares < line, "{all:?}");
        let said = all.join(" ");
        assert!(!said.contains('\u{202e}') && !said.contains("Comune di"), "{said}");
        assert!(
            vicino_pictures::scan::codes(&made.bytes, vicino_pictures::scan::Wanted::Any).unwrap().texts.is_empty()
        );
        let unsealed = anna.app().handle(vicino_contract::ipc::CheckFile { bytes: made.bytes }).unwrap();
        assert_eq!(unsealed.verdict, vicino_contract::ipc::Verdict::NotOne);
    }
}
