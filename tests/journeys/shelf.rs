//! The shelf: everything the town ever gave in one list, read and proved with no network; papers of one's own, used again.

use serde_json::json;
use vicino_contract::ipc::{
    AddFile, CommandHandler as _, CounterKind, DiscardCase, DiscardPaper, DocumentKind, DocumentList, DocumentOf,
    FieldKind, FileTo, GetCaseDraft, GetDelivery, GetPaper, GetSettings, KeepPaper, ListCounters, ListDeadlines,
    ListDocuments, ListFiles, ListPapers, NewCase, OpenFile, PaperOf, ReadFile, RemoveFile, SaveSettings, SendCase,
    Settings, SignOut, SwitchPerson, TakeAlerts, Target, UsePaper,
};
use vicino_contract::{FailureCode, Matter};
use vicino_domain::certificate::CertificateKind;
use vicino_domain::paper::PaperKind;
use vicino_domain::{AttachmentId, CaseId, DeadlineKind, PaperId, Point};
use world::{Device, Wire, World};

use crate::steps::cases::{canteen, moves, sent, service, transition};
use crate::steps::certificates::{ask, exempt, settle, shown};
use crate::steps::files::{pdf, with_certificate};
use crate::steps::payments::{due, pay};
use crate::steps::shelf::spoil;

fn shelf(device: &Device, kind: Option<DocumentKind>) -> DocumentList {
    device.app().handle(ListDocuments { kind, offset: 0, limit: 100 }).unwrap()
}

/// What an office hands out that says something.
fn letter(device: &Device) -> Vec<u8> {
    let of = PaperOf::Delivery(shelf(device, Some(DocumentKind::Delivery)).rows[0].of.matter());
    device.app().handle(GetPaper { of }).unwrap().bytes
}

trait Matters {
    fn matter(&self) -> Matter;
    fn file(&self) -> AttachmentId;
}

impl Matters for DocumentOf {
    fn matter(&self) -> Matter {
        let Self::Delivery(matter) = self else { panic!("{self:?}") };
        *matter
    }

    fn file(&self) -> AttachmentId {
        let Self::Attachment(file) = self else { panic!("{self:?}") };
        *file
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_the_town_gave_is_in_one_list_and_read_with_no_network() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let before = shelf(&anna, None);
    let certificate = ask(&anna, "Anna", &[CertificateKind::Residence], exempt());
    let (case, report) = (sent(&anna), anna.report("Buca in via Roma", 0));
    settle(&world, &anna).await;
    // One of the two is in the protocol; its office gives a paper.
    moves(&world, case, &[("registered", None), ("pending", None)]).await;
    let given = world.town.bring("esito.pdf", letter(&anna)).await;
    let accepted = json!({ "state": "accepted", "note": "Accolta.", "files": [given] });
    assert_eq!(transition(&world, case, accepted).await.0, 200);
    let debt = due(&anna, "Mensa");
    pay(&anna, &[&debt], "paid").await.unwrap();
    world.settle(&anna).await;
    world.cable.set(Wire::Unplugged);
    anna.app().handle(SignOut {}).unwrap();
    let all = shelf(&anna, None);
    let kinds = |kind| all.counts.iter().find(|one| one.kind == kind).unwrap().count;
    let more = |kind| kinds(kind) - before.counts.iter().find(|one| one.kind == kind).unwrap().count;
    assert_eq!(DocumentKind::ALL.map(more), [1, 1, 2, 1], "{all:?}");
    assert_eq!(all.total as usize, all.rows.len());
    assert!(all.rows.is_sorted_by(|one, next| one.at >= next.at) && all.rows.iter().all(|row| row.here));
    let own = shelf(&anna, Some(DocumentKind::Certificate)).rows;
    assert_eq!((own[0].of, own[0].about.as_str()), (DocumentOf::Certificate(certificate), "Anna Berti"));
    assert!(own[0].days.is_some_and(|days| (88..=92).contains(&days)) && !own[0].revoked);
    // The protocol is on the receipt, on the screen and on paper; what is not in it has the town's word all the same.
    let protocol = anna.app().handle(GetDelivery { matter: case.into() }).unwrap();
    assert!(protocol.protocol.is_some() && protocol.receipt.is_some());
    let plain = anna.app().handle(GetDelivery { matter: report.into() }).unwrap();
    assert!(plain.protocol.is_none() && plain.receipt.is_some() && plain.title == "Buca in via Roma");
    let nothing = anna.app().handle(GetDelivery { matter: Matter::Case(CaseId::from_uuid(uuid::Uuid::from_u128(3))) });
    assert_eq!(nothing.unwrap_err().code, FailureCode::NotFound);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.pdf");
    let paper = anna.app().handle(GetPaper { of: PaperOf::Delivery(case.into()) }).unwrap();
    std::fs::write(&path, &paper.bytes).unwrap();
    assert!(crate::steps::notices::told("qpdf", &["--check"], &path).contains("No syntax or stream encoding errors"));
    let said = crate::steps::notices::told("pdftotext", &["-layout"], &path);
    assert!(said.contains("Ricevuta di protocollo") && said.contains(&protocol.protocol.unwrap().0), "{said}");
    let codes = vicino_pictures::scan::codes(&paper.bytes, vicino_pictures::scan::Wanted::Any).unwrap().texts;
    assert_eq!(codes, [protocol.receipt.unwrap().jws]);
    // What the office gave is read as words, not only looked at.
    let attachments = shelf(&anna, Some(DocumentKind::Attachment)).rows;
    let row = attachments.iter().find(|row| row.title == "esito.pdf").unwrap();
    let sheet = anna.app().handle(ReadFile { id: row.of.file() }).unwrap();
    assert_eq!(sheet.title, "Iscrizione alla mensa scolastica");
    assert!(sheet.pages[0].iter().any(|line| line.contains("Ricevuta di consegna")), "{:?}", sheet.pages);
    // A page of it, and what lies behind.
    let page = anna.app().handle(ListDocuments { kind: None, offset: 1, limit: 2 }).unwrap();
    assert_eq!((page.rows.as_slice(), page.total), (&all.rows[1..3], all.total));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_on_the_disk_is_noticed_and_the_file_comes_again() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = ask(&anna, "Anna", &[CertificateKind::Residence], exempt());
    settle(&world, &anna).await;
    let file = shown(&anna, id).file.unwrap();
    let paper = anna.app().file(file.id).unwrap().1;
    let own =
        anna.app().handle(KeepPaper { id: None, kind: PaperKind::Isee, name: String::new(), expires: String::new() });
    let own = page(&anna, own.unwrap(), 1);
    spoil(&anna);
    world.cable.set(Wire::Unplugged);
    assert_eq!(anna.app().handle(ReadFile { id: file.id }).unwrap_err().code, FailureCode::FileAgain);
    assert!(!shown(&anna, id).file.unwrap().here && !shelf(&anna, Some(DocumentKind::Certificate)).rows[0].here);
    // What the town never had cannot come again: it is said, and stays listed.
    assert_eq!(anna.app().file(own).unwrap_err().code, FailureCode::FileDamaged);
    world.cable.set(Wire::Whole);
    world.settle(&anna).await;
    assert_eq!(anna.app().file(file.id).unwrap().1, paper);
    // The same paper, added again, heals what the town never had.
    let again = anna.app().handle(ListPapers {}).unwrap()[0].id;
    page(&anna, again, 1);
    assert_eq!(anna.app().file(own).unwrap().1, pdf(1, 500));
    // What went with a case is the town's too: from wherever it is opened, it comes again.
    let case = with_certificate(&anna, pdf(2, 500));
    let copy = page(&anna, again, 2);
    anna.app().handle(SendCase { id: case }).unwrap();
    world.settle(&anna).await;
    spoil(&anna);
    assert_eq!(anna.app().file(copy).unwrap_err().code, FailureCode::FileAgain);
    world.settle(&anna).await;
    assert_eq!(anna.app().file(copy).unwrap().1, pdf(2, 500));
    // Taken off the disk altogether, it comes again too.
    for entry in std::fs::read_dir(anna.own_folder().join("files")).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert_eq!(anna.app().handle(OpenFile { id: file.id }).unwrap_err().code, FailureCode::FileAgain);
    world.settle(&anna).await;
    assert_eq!(anna.app().file(file.id).unwrap().1, paper);
}

fn page(device: &Device, paper: PaperId, seed: u8) -> AttachmentId {
    let (to, name) = (FileTo::Paper(paper), format!("{seed}.pdf"));
    device.app().handle(AddFile { to, name, bytes: pdf(seed, 500) }).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_of_one_s_own_is_kept_until_it_ends_and_used_where_a_form_asks_for_it() {
    let world = World::new().await;
    let mut anna = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let keep = |device: &Device, id, kind, name: &str, expires: &str| {
        device.app().handle(KeepPaper { id, kind, name: name.into(), expires: expires.into() })
    };
    for (name, expires, refusal) in [
        ("", "31/02/2027", FailureCode::NoSuchDay),
        ("", "domani", FailureCode::NotADate),
        ("n".repeat(81).as_str(), "", FailureCode::NameTooLong),
    ] {
        assert_eq!(keep(&anna, None, PaperKind::IdentityCard, name, expires).unwrap_err().code, refusal);
    }
    let card = keep(&anna, None, PaperKind::IdentityCard, " ", "12/04/2026").unwrap();
    let lease = keep(&anna, None, PaperKind::Lease, "Affitto di via Roma", "").unwrap();
    let (front, back) = (page(&anna, card, 1), page(&anna, card, 2));
    let refused = anna.app().handle(AddFile { to: FileTo::Paper(card), name: "x".into(), bytes: b"MZ\x90\0".to_vec() });
    assert_eq!(refused.unwrap_err().code, FailureCode::FileKind);
    anna.restart();
    let papers = anna.app().handle(ListPapers {}).unwrap();
    assert_eq!((papers.len(), papers[0].id, papers[0].name.as_str()), (2, card, "Carta d’identità"));
    assert_eq!((papers[0].days, papers[0].files.len()), (Some(31), 2));
    assert!(papers[1].expires.is_none() && papers[1].files.is_empty());
    assert_eq!(shelf(&anna, None).own, 2);
    assert_eq!(anna.app().handle(ReadFile { id: front }).unwrap().title, "Carta d’identità");
    // Its end is among the days that ask something.
    let days = anna.app().handle(ListDeadlines {}).unwrap().rows;
    let end = days.iter().find(|row| row.kind == DeadlineKind::Renew).unwrap();
    assert_eq!((end.matter, end.days), (Target::Paper(card), 31));
    let settings = anna.app().handle(GetSettings {}).unwrap();
    anna.app().handle(SaveSettings { settings: Settings { alerts: true, ..settings } }).unwrap();
    // What stands on a locked screen does not say which paper it is.
    world.clock.turn(25 * 86_400);
    let told = anna.app().handle(TakeAlerts {}).unwrap();
    let end = told.iter().find(|alert| alert.matter == Target::Paper(card)).unwrap();
    assert_eq!(end.title, "Documento");
    world.clock.turn(-25 * 86_400);
    // A form that asks for it is offered it; the lease has no page yet, and is not.
    let moving = anna.app().handle(NewCase { service: service(&anna, "residenza"), about: None }).unwrap().id;
    let offered = |path: &str| {
        let draft = anna.app().handle(GetCaseDraft { id: moving }).unwrap();
        let all = draft.sections.into_iter().flat_map(|part| part.repeats.into_iter().flatten());
        let field = all.into_iter().find(|field| field.path.to_string() == path).unwrap();
        let FieldKind::Files { own, files, .. } = field.kind else { panic!("{path}") };
        (own.into_iter().map(|paper| paper.id).collect::<Vec<_>>(), files.len())
    };
    assert_eq!(offered("papers.identity"), (vec![card], 0));
    let to = FileTo::Answer { case: moving, path: "papers.identity".parse().unwrap() };
    assert_eq!(anna.app().handle(UsePaper { to: to.clone(), id: card }).unwrap().len(), 2);
    assert_eq!(offered("papers.identity").1, 2, "front and back");
    // Where there is room for one of two pages, none is put there.
    let draft = anna.app().handle(GetCaseDraft { id: moving }).unwrap();
    let fields = draft.sections.into_iter().flat_map(|part| part.repeats.into_iter().flatten());
    let chosen =
        fields.filter_map(|field| if let FieldKind::Files { files, .. } = field.kind { Some(files) } else { None });
    let one = chosen.flatten().next().unwrap().id;
    anna.app().handle(RemoveFile { id: one }).unwrap();
    assert_eq!(anna.app().handle(UsePaper { to: to.clone(), id: card }).unwrap_err().code, FailureCode::FileTooMany);
    assert_eq!(offered("papers.identity").1, 1);
    // Thrown away here, it stays where it was used; and nothing of it once nobody needs it.
    anna.app().handle(RemoveFile { id: back }).unwrap();
    keep(&anna, Some(card), PaperKind::IdentityCard, "CIE", "12/04/2036").unwrap();
    assert_eq!(anna.app().handle(ListPapers {}).unwrap()[0].files.len(), 1);
    anna.app().handle(DiscardPaper { id: card }).unwrap();
    anna.app().handle(DiscardPaper { id: lease }).unwrap();
    assert_eq!(anna.app().handle(DiscardPaper { id: card }).unwrap_err().code, FailureCode::NotFound);
    assert!(anna.app().handle(ListPapers {}).unwrap().is_empty() && anna.app().file(front).is_err());
    assert_eq!(offered("papers.identity").1, 1);
    anna.app().handle(DiscardCase { id: moving }).unwrap();
    assert_eq!(std::fs::read_dir(anna.own_folder().join("files")).unwrap().count(), 0);
    // It is nobody else's: the town was told nothing of it, and whoever uses the device next sees none.
    let card = keep(&anna, None, PaperKind::IdentityCard, "", "").unwrap();
    page(&anna, card, 3);
    assert!(anna.outbox().waiting.is_empty());
    world.cable.set(Wire::Whole);
    let id = canteen(&anna);
    anna.app().handle(SendCase { id }).unwrap();
    world.settle(&anna).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    assert!(seen["files"].as_array().is_none_or(Vec::is_empty), "{seen}");
    anna.app().handle(SwitchPerson { to: None }).unwrap();
    assert!(
        anna.app().handle(ListPapers {}).unwrap().is_empty() && anna.app().handle(ListFiles {}).unwrap().is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_papers_are_had_in_person_is_known_with_no_network() {
    let world = World::new().await;
    let device = world.device().await;
    device.app().sync().await.unwrap();
    world.cable.set(Wire::Unplugged);
    let all = |near| device.app().handle(ListCounters { near }).unwrap().rows;
    let by_name: Vec<String> = all(None).into_iter().map(|row| row.name).collect();
    assert!(by_name.len() == 5 && by_name.is_sorted(), "{by_name:?}");
    let hill = Point::new(43.4840, 11.9020).unwrap();
    let rows = all(Some(hill));
    assert!(rows[0].name.contains("Colle San Biagio") && rows[0].metres.is_some_and(|metres| metres < 100));
    assert!(rows.is_sorted_by_key(|row| row.metres) && rows.iter().all(|row| !row.hours.is_empty()));
    // The practice town's day begins on a Thursday morning.
    let open: Vec<&str> = rows.iter().filter(|row| row.open_until.is_some()).map(|row| row.name.as_str()).collect();
    assert!(
        open.contains(&"Ufficio postale di Pietrachiara") && !open.iter().any(|name| name.contains("Biblioteca")),
        "{open:?}"
    );
    // One of a kind that a release to come knows is still a place.
    let other = json!({ "id": uuid::Uuid::from_u128(9), "name": "Chiosco", "kind": "kiosk", "gives": "Certificati", "address": "Piazza" });
    world.town.town().register.publish("counters", uuid::Uuid::from_u128(9), &other).unwrap();
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let kiosk = all(Some(hill)).pop().unwrap();
    assert_eq!(
        (kiosk.name.as_str(), kiosk.kind, kiosk.metres, kiosk.open_until),
        ("Chiosco", CounterKind::Other, None, None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_one_s_own_stays_when_others_may_be_seen_no_more() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = ask(&anna, "Anna", &[CertificateKind::Residence], exempt());
    settle(&world, &anna).await;
    let card = anna.app().handle(KeepPaper {
        id: None,
        kind: PaperKind::IdentityCard,
        name: String::new(),
        expires: String::new(),
    });
    let front = page(&anna, card.unwrap(), 1);
    // A daughter comes of age: whatever is not known to be one's own is forgotten here.
    world.clock.turn(8 * 365 * 86_400);
    anna.app().sign_in_as("Anna").await.unwrap();
    world.settle(&anna).await;
    assert_eq!(anna.app().file(front).unwrap().1, pdf(1, 500));
    assert_eq!(anna.app().handle(ListPapers {}).unwrap()[0].files.len(), 1);
    let paper = shown(&anna, id).file.unwrap();
    assert!(anna.app().file(paper.id).unwrap().1.starts_with(b"%PDF"));
}

/// Half a paper proves nothing: with one bad page, or one too many, nothing of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_kept_whole_or_not_at_all() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let good = || (String::from("pagina.jpg"), world::photos::of_bytes(3_000));
    let keep = |pages| anna.app().keep_paper(PaperKind::Isee, ("", "31/12/2026"), pages);
    let id = keep(vec![good(), good()]).unwrap();
    let bad = (String::from("pagina.txt"), b"non una carta".to_vec());
    for pages in [vec![good(), bad], vec![good(), (String::new(), Vec::new())], (0..11).map(|_| good()).collect()] {
        assert!(keep(pages).is_err());
    }
    let papers = anna.app().handle(ListPapers {}).unwrap();
    assert_eq!((papers.len(), papers[0].id, papers[0].files.len()), (1, id, 2));
    assert!(papers[0].files.iter().all(|page| anna.app().file(page.id).is_ok()), "the same bytes serve both pages");
}
