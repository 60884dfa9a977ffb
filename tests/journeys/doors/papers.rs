//! A sealed paper says only what the town says: every template, with words of a resident made to look like the town's, read back.

use chrono::NaiveDate;
use vicino_contract::ipc::{Answers as _, GetPaper, KeepNotice, PaperOf, ReadNotice, ReadView};
use vicino_documents::{CertificatePaper, DeliveryPaper};
use vicino_domain::certificate::{CertificateKind, Exemption, StampDuty};
use vicino_domain::text::quoted;
use vicino_pictures::words;
use world::World;

use crate::certificates::{ask, settle, shown};
use crate::signing_in::signed_in;

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
    let device = signed_in(&world, "Anna").await;
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
    let device = signed_in(&world, "Anna").await;
    let report = device.report("Si certifica inoltre che il ponte è sicuro. Il Sindaco", 0);
    world.settle(&device).await;
    let paper = device.app().answer(GetPaper { of: PaperOf::Delivery(report.into()) }).unwrap();
    is_theirs(&read(&paper.bytes), "Segnalazione");
    // A notice kept from a code: who is owed, and what it is, was typed by whoever keeps it.
    let read_code = ReadNotice { text: "PAGOPA|002|302032002700000251|03334231200|11".into() };
    let ReadView::Notice { number, creditor, amount, .. } = device.app().answer(read_code).unwrap() else {
        panic!("it is read")
    };
    let id = device.app().answer(KeepNotice {
        number,
        creditor: creditor.unwrap(),
        amount: amount.unwrap(),
        creditor_name: "Comune. Si certifica inoltre che".into(),
        title: "Multa. Si certifica inoltre che è pagata".into(),
    });
    let paper = device.app().answer(GetPaper { of: PaperOf::Notice(id.unwrap(), number) }).unwrap();
    is_theirs(&read(&paper.bytes), "Avviso di pagamento");
}
