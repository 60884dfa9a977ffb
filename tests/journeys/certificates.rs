//! A certificate from the wish to the day it holds no more: asked for in a lift, held, stamped, issued, checked by anybody.

use serde_json::json;
use vicino_contract::FailureCode;
use vicino_contract::http::CertificateClaims;
use vicino_contract::ipc::{
    AskCertificate, CertificateState, CheckFile, CheckText, CheckView, CommandHandler as _, Declaration, GetPaper,
    ListCertificates, ListStatements, PaperOf, StatementList, Verdict,
};
use vicino_contract::jws::{Kind, TownSigner};
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, StampDuty};
use vicino_server::access::residents;
use vicino_server::matters::certificate::issuing;
use vicino_server::matters::notice;
use world::caller::Caller;
use world::{Device, Wire, World};

use crate::steps::certificates::{ask, exempt, moves, row, settle, shown};
use crate::steps::payments::{due, notice, pay};

fn check(device: &Device, bytes: Vec<u8>) -> CheckView {
    device.app().handle(CheckFile { bytes }).unwrap()
}

fn check_text(device: &Device, text: &str) -> Verdict {
    device.app().handle(CheckText { text: text.into() }).unwrap().verdict
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_for_in_a_lift_issued_opened_and_checked_by_anybody_without_a_network() {
    use CertificateKind::{Family, Residence};
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let id = ask(&anna, "Anna", &[Residence, Family], exempt());
    assert_eq!(row(&anna, id).state, CertificateState::Saved);
    world.cable.set(Wire::Whole);
    settle(&world, &anna).await;
    world.cable.set(Wire::Unplugged);
    let view = shown(&anna, id);
    assert_eq!((view.row.state, view.signed, view.says.len()), (CertificateState::Issued, true, 2));
    assert!(view.says[0].contains("Via Roma 14") && view.says[1].contains("Giulia Moretti"), "{:?}", view.says);
    assert!(view.row.days.is_some_and(|days| (88..=92).contains(&days)));
    // Independent programs read the paper; it is tagged, and says what the law asks for.
    let file = view.file.unwrap();
    let paper = anna.app().file(file.id).unwrap().1;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("certificato.pdf");
    std::fs::write(&path, &paper).unwrap();
    assert!(crate::steps::notices::told("qpdf", &["--check"], &path).contains("No syntax or stream encoding errors"));
    let words = crate::steps::notices::told("pdftotext", &["-layout"], &path);
    for wanted in ["non può essere prodotto agli organi", "società sportive", "Anna Berti", "vale fino al", "PROVA"] {
        assert!(words.replace('\n', " ").replace("  ", " ").contains(wanted), "{wanted}: {words}");
    }
    let tagged = crate::steps::notices::told("pdfinfo", &[], &path);
    assert!(tagged.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{tagged}");
    // A code reader of somebody else's reads the very word.
    let mut drawing = std::process::Command::new("pdftoppm");
    let drawn = drawing.args(["-png", "-r", "150", "-singlefile"]).arg(&path).arg(folder.path().join("c")).status();
    assert!(drawn.unwrap().success());
    let read = crate::steps::notices::told("zbarimg", &["-q", "--raw"], &folder.path().join("c.png"));
    assert_eq!(read.trim(), view.word.as_ref().unwrap().0);
    // Somebody else, who knows the town and nothing of Anna, checks it: the file, its picture, the text of its code.
    world.cable.set(Wire::Whole);
    let bank = world.device().await;
    bank.app().sync().await.unwrap();
    world.cable.set(Wire::Unplugged);
    let seen = check(&bank, paper.clone());
    assert_eq!((seen.verdict, seen.sealed), (Verdict::Genuine, Some(true)));
    let said = seen.said.unwrap();
    assert_eq!((said.name.as_str(), said.says), ("Anna Berti", view.says.clone()));
    let (word, _) = view.word.unwrap();
    assert_eq!(check_text(&bank, &word), Verdict::Genuine);
    // One changed byte shows, wherever it is; a seal that is cut off is not there.
    let mark = |mark: &[u8]| paper.windows(mark.len()).rposition(|window| window == mark).unwrap();
    let (word_at, seal_at) = (mark(b"\n%vicino-word "), mark(b"\n%vicino-seal "));
    for at in [paper.len() / 3, paper.len() / 2, word_at + 3, word_at + 40, seal_at + 3, seal_at + 40, paper.len() - 20]
    {
        let mut changed = paper.clone();
        changed[at] ^= 1;
        let verdict = check(&bank, changed).verdict;
        assert!(matches!(verdict, Verdict::Altered | Verdict::CodeOnly), "byte {at}: {verdict:?}");
    }
    // Nor is it another's photo with something before its mark: it is a paper, and its seal is looked at.
    for before in [&b"\n"[..], b"\xef\xbb\xbf"] {
        let verdict = check(&bank, [before, &paper].concat()).verdict;
        assert!(matches!(verdict, Verdict::Altered | Verdict::CodeOnly), "{before:?}: {verdict:?}");
    }
    // The seal cut off whole: the code holds, and that is all that is said.
    let cut = check(&bank, paper[..word_at].to_vec());
    assert_eq!((cut.verdict, cut.sealed), (Verdict::CodeOnly, None));
    // Others' words: of a town nobody knows here; in this town's name, and not by it.
    let parts: Vec<&str> = word.split('.').collect();
    let payload = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, parts[1]).unwrap();
    let mut other: CertificateClaims = serde_json::from_slice(&payload).unwrap();
    let forger = TownSigner::from_seed([9; 32]);
    assert_eq!(
        check_text(&bank, &forger.sign(Kind::Certificate, &serde_json::to_vec(&other).unwrap())),
        Verdict::UnknownKey
    );
    other.name = "Anna Verdi".into();
    let forged = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, serde_json::to_vec(&other).unwrap());
    assert_eq!(check_text(&bank, &format!("{}.{forged}.{}", parts[0], parts[2])), Verdict::Altered);
    other.iss = "c_altrove".into();
    assert_eq!(
        check_text(&bank, &forger.sign(Kind::Certificate, &serde_json::to_vec(&other).unwrap())),
        Verdict::UnknownTown
    );
    assert_eq!(check_text(&bank, "https://example.org"), Verdict::NotOne);
    assert_eq!(check(&bank, world::photos::noise(300, 300, 1)).verdict, Verdict::NotOne);
    assert_eq!(check(&bank, b"%PDF-1.7 and nothing after it".to_vec()).verdict, Verdict::NotOne);
    // A clock two years behind, and time that passes.
    world.clock.turn(-2 * 365 * 86_400);
    assert_eq!(check_text(&bank, &word), Verdict::Clock);
    world.clock.turn((2 * 365 + 120) * 86_400);
    assert_eq!(check_text(&bank, &word), Verdict::Expired);
    assert_eq!(row(&anna, id).state, CertificateState::Expired, "it stays as a record");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_issued_says_why_and_a_public_body_gets_none() {
    use CertificateKind::{Death, Marriage, Residence};
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let list = anna.app().handle(ListCertificates {}).unwrap();
    let marriage = list.offered.iter().find(|one| one.kind == Marriage).unwrap();
    assert!(
        marriage.held.as_ref().is_some_and(|held| held.why.contains("Roccachiara")),
        "known before it is asked for"
    );
    let person = list.people[0].id;
    let wish = |kinds: &[CertificateKind], audience, stamp| {
        anna.app().handle(AskCertificate { kinds: kinds.to_vec(), person, audience, stamp }).unwrap_err().code
    };
    assert_eq!(wish(&[Residence], Audience::Public, exempt()), FailureCode::SelfCertify);
    assert_eq!(wish(&[Death], Audience::Private, exempt()), FailureCode::CertificateWish);
    let no_reason = StampDuty::Exempt { code: Exemption::Other, reason: None };
    assert_eq!(wish(&[Residence], Audience::Private, no_reason), FailureCode::CertificateWish);
    let id = ask(&anna, "Anna", &[Marriage], StampDuty::Due);
    settle(&world, &anna).await;
    let view = shown(&anna, id);
    assert_eq!(view.row.state, CertificateState::Held);
    let held = view.row.held.unwrap();
    assert!(held.since.is_some() && held.until.is_some() && held.code == "MAT-ROCCACHIARA");
    assert!(view.office.is_some(), "whom to ask");
    // The town refuses what a device that is not ours would send: a stranger's person, a public body, another body under the id.
    let caller = Caller::resident(&world, "Anna").await;
    let body = |person: &str, audience: &str| {
        json!({ "kinds": ["residence"], "person": person, "audience": audience, "sent_at": "2026-03-12T07:41:00Z",
            "stamp": { "exempt": { "code": "sport" } } })
    };
    let (own, stranger) = (person.to_string(), uuid::Uuid::from_u128(7).to_string());
    let path = |n: u128| format!("/v1/certificates/{}", world::made(0x0190_c000 + n));
    assert_eq!(caller.call("PUT", &path(1), Some(&body(&stranger, "private"))).await, 404);
    assert_eq!(caller.call("PUT", &path(1), Some(&body(&own, "public"))).await, 422);
    assert_eq!(caller.call("PUT", &path(1), Some(&body(&own, "private"))).await, 202);
    assert_eq!(caller.call("PUT", &path(1), Some(&body(&own, "court_or_abroad"))).await, 422);
    assert_eq!(caller.call("GET", &path(2), None).await, 404);
    issuing::issue_all(world.town.town()).unwrap();
    assert_eq!(caller.call("GET", &path(1), None).await, 303);
}

/// The stamp binds one paper (its *impronta*): another that says the same on the same day has another.
#[tokio::test(flavor = "multi_thread")]
async fn two_papers_that_say_the_same_have_a_stamp_each() {
    let world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let asked = [(); 2].map(|()| ask(&luca, "Giulia", &[CertificateKind::Residence], StampDuty::Due));
    settle(&world, &luca).await;
    let hashes = asked.map(|id| {
        let debt = notice::find(world.town.town(), row(&luca, id).notice.unwrap()).unwrap().unwrap();
        debt.body.stamp.unwrap().document_hash
    });
    assert_ne!(hashes[0], hashes[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_is_paid_for_this_very_paper_and_what_is_taken_back_says_so_everywhere() {
    use CertificateKind::Residence;
    let world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let id = ask(&luca, "Giulia", &[Residence], StampDuty::Due);
    settle(&world, &luca).await;
    let waiting = row(&luca, id);
    assert_eq!(waiting.state, CertificateState::StampDue);
    let debt = due(&luca, "Marca da bollo");
    assert_eq!((Some(debt.id), debt.amount.0), (waiting.notice, 1600));
    let record = notice::find(world.town.town(), debt.id).unwrap().unwrap();
    let stamp = record.body.stamp.unwrap();
    assert_eq!((stamp.kind.as_str(), stamp.document_hash.len()), ("01", 44));
    settle(&world, &luca).await;
    assert_eq!(row(&luca, id).notice, waiting.notice, "one stamp, however often it is looked at");
    pay(&luca, &[&debt], "paid").await.unwrap();
    settle(&world, &luca).await;
    let view = shown(&luca, id);
    assert_eq!(view.row.state, CertificateState::Issued);
    assert!(notice(&luca, debt.id).receipts.len() == 1 && view.says[0].contains("Via Roma 14"));
    let file = view.file.unwrap();
    let paper = luca.app().file(file.id).unwrap().1;
    // The office takes it back: whoever checks it learns so, without being told whose it was.
    let bank = world.device().await;
    assert_eq!(check(&bank, paper.clone()).verdict, Verdict::Genuine);
    let note = Some(json!({ "note": "Indirizzo sbagliato." }));
    assert_eq!(world.town.office("POST", &format!("/certificates/{id}/revocation"), note).await.0, 200);
    world.settle(&luca).await;
    bank.app().sync().await.unwrap();
    assert_eq!(check(&bank, paper).verdict, Verdict::Revoked);
    let view = shown(&luca, id);
    assert_eq!((view.row.state, view.revoked.as_deref()), (CertificateState::Revoked, Some("Indirizzo sbagliato.")));
    assert!(view.file.is_some(), "its paper stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_public_office_takes_instead_is_written_with_no_network() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let list = |person, typed: &[(&str, &str)]| {
        let typed = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        anna.app().handle(ListStatements { person, typed }).unwrap()
    };
    let own = list(None, &[]);
    // Herself and the children in her care; not her husband.
    let names: Vec<&str> = own.people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Anna Berti", "Giulia Moretti", "Tommaso Moretti"]);
    let reads =
        |list: &StatementList, code: &str| list.statements.iter().find(|one| one.code == code).unwrap().reads.clone();
    assert!(reads(&own, "residence").unwrap().contains("Via Roma 14") && own.as_of.is_some());
    assert_eq!(reads(&own, "income"), None);
    let typed = [("income_year", "2025"), ("income", "12.000,00")];
    assert!(reads(&list(None, &typed), "income").unwrap().contains("12.000,00"));
    let giulia = own.people[1].id;
    assert!(reads(&list(Some(giulia), &[]), "birth").unwrap().starts_with("Giulia Moretti è nata"));
    let paper = |person, statements: &[&str], typed: &[(&str, &str)]| {
        let typed = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let statements = statements.iter().map(|code| (*code).to_owned()).collect();
        anna.app().handle(GetPaper { of: PaperOf::Declaration(Declaration { person, statements, typed }) })
    };
    for (statements, typed) in [(&["income"][..], &[][..]), (&[], &[])] {
        assert_eq!(paper(giulia, statements, typed).unwrap_err().code, FailureCode::DeclarationLacks);
    }
    assert_eq!(paper(giulia, &["nothing"], &[]).unwrap_err().code, FailureCode::NotFound);
    let made = paper(giulia, &["residence", "income"], &typed).unwrap();
    assert_eq!(made, paper(giulia, &["residence", "income"], &typed).unwrap(), "the same facts, the same bytes");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(&made.name);
    std::fs::write(&path, &made.bytes).unwrap();
    assert!(crate::steps::notices::told("qpdf", &["--check"], &path).contains("No syntax or stream encoding errors"));
    let words = crate::steps::notices::told("pdftotext", &["-layout"], &path).replace('\n', " ");
    for wanted in ["responsabilità genitoriale", "Giulia Moretti", "12.000,00", "artt. 75 e 76", "Firma", "legali"] {
        assert!(words.contains(wanted), "{wanted}: {words}");
    }
    assert!(
        crate::steps::notices::told("pdfinfo", &[], &path)
            .lines()
            .any(|line| line.starts_with("Tagged:") && line.ends_with("yes"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_is_never_put_on_another_paper_than_its_own() {
    let world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let moves = |to: &str, held: bool| moves(&world, &luca, to, held);
    let id = ask(&luca, "Luca", &[CertificateKind::Residence], StampDuty::Due);
    settle(&world, &luca).await;
    let first = due(&luca, "Marca da bollo");
    // The registry says something else before anybody pays: that stamp is taken back, and another asked for.
    moves("Piazza Nuova 1", false);
    settle(&world, &luca).await;
    settle(&world, &luca).await;
    let second = due(&luca, "Marca da bollo");
    assert!(second.id != first.id && row(&luca, id).notice == Some(second.id));
    assert!(notice(&luca, first.id).plans[0].installments.iter().all(|one| !one.payable));
    // There and back again: what was taken back is not asked for a second time, another is.
    moves("Via Roma 14", false);
    settle(&world, &luca).await;
    settle(&world, &luca).await;
    let third = due(&luca, "Marca da bollo");
    assert!(third.id != first.id && third.id != second.id);
    moves("Piazza Nuova 1", false);
    settle(&world, &luca).await;
    settle(&world, &luca).await;
    let second = due(&luca, "Marca da bollo");
    // Held while it waits, and no more: it waits for its stamp again, and says so.
    moves("Piazza Nuova 1", true);
    settle(&world, &luca).await;
    assert_eq!(row(&luca, id).held.unwrap().code, "TRASLOCO");
    moves("Piazza Nuova 1", false);
    settle(&world, &luca).await;
    let again = row(&luca, id);
    assert_eq!((again.state, again.held, again.notice), (CertificateState::StampDue, None, Some(second.id)));
    // Paid while it is held; by the time it is not, the registry says something else: nobody is to pay twice, and the office is told.
    moves("Piazza Nuova 1", true);
    settle(&world, &luca).await;
    pay(&luca, &[&second], "paid").await.unwrap();
    moves("Via Lontana 9", false);
    settle(&world, &luca).await;
    let last = row(&luca, id);
    assert_eq!(last.state, CertificateState::Held);
    assert!(last.held.unwrap().code.ends_with("stamp_of_another_paper"));
    // Back where it was, the very paper that was paid for is issued.
    moves("Piazza Nuova 1", false);
    settle(&world, &luca).await;
    assert_eq!(row(&luca, id).state, CertificateState::Issued);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_for_one_paper_is_said_before_anybody_pays_and_stops_nobody_else() {
    use CertificateKind::{Birth, Citizenship, Family, FamilyAndCivilStatus, FamilyWithKinship, Residence};
    let world = World::new().await;
    let luca = world.signed_in("Luca").await;
    // A large family.
    let person = luca.app().handle(ListCertificates {}).unwrap().people[0].id;
    let mut record = residents::find(world.town.town(), person).unwrap().unwrap();
    let family = &mut record.registry.as_mut().unwrap().family;
    let more: Vec<_> = family.iter().cycle().take(6).cloned().collect();
    family.extend(more);
    residents::register(world.town.town(), &record).unwrap();
    let all = [Family, FamilyAndCivilStatus, FamilyWithKinship, Residence, Birth, Citizenship];
    let long = ask(&luca, "Luca", &all, StampDuty::Due);
    let short = ask(&luca, "Luca", &[Residence], exempt());
    settle(&world, &luca).await;
    let held = row(&luca, long);
    assert_eq!((held.state, held.notice), (CertificateState::Held, None));
    assert!(held.held.unwrap().code.ends_with("too_long"));
    assert_eq!(row(&luca, short).state, CertificateState::Issued);
}
