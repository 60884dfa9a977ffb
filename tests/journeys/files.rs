//! Papers of a case and of a thread: chosen, checked, sent in pieces, given by an office, readable where there is no network.

use serde_json::json;
use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    AnswerField, CommandHandler as _, CorrectCase, DateFile, DiscardCase, FileTo, GetCase, GetCaseDraft, GetReport,
    ListFiles, RemoveFile, SendCase, SendMessage, SetNetwork, UseFile, WithdrawCase, WithdrawRequest, WriteToCase,
};
use vicino_contract::{MessageKind, StuckCode};
use vicino_domain::CaseState;
use vicino_domain::form::{Answer, FieldErrorKind};
use vicino_server::matters::case;
use world::{Wire, World};

use crate::steps::cases::{canteen, case, chosen, moves, put, text, transition};
use crate::steps::files::{add, certificate, pdf, with_certificate};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_paper_is_said_at_once_and_nothing_written_is_lost() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let id = canteen(&device);
    put(&device, id, "meals.diet", chosen(&["health"]));
    put(&device, id, "meals.diet_words", text("Niente latte"));
    let before = device.app().handle(GetCaseDraft { id }).unwrap();
    let refused = |bytes: Vec<u8>| add(&device, certificate(id), "certificato.pdf", bytes).unwrap_err().code;
    assert_eq!(refused(Vec::new()), FailureCode::FileEmpty);
    assert_eq!(refused(b"MZ\x90\0 not a paper at all".to_vec()), FailureCode::FileKind);
    assert_eq!(refused(pdf(1, 10_000_001)), FailureCode::FileTooHeavy);
    assert_eq!(refused(b"\xff\xd8\xff\xe0 cut short".to_vec()), FailureCode::PhotoBroken);
    let unknown = FileTo::Answer { case: id, path: "child.name".parse().unwrap() };
    assert_eq!(add(&device, unknown, "x.pdf", pdf(1, 100)).unwrap_err().code, FailureCode::NotFound);
    let after = device.app().handle(GetCaseDraft { id }).unwrap();
    assert_eq!((before.sections, before.gaps), (after.sections, after.gaps.clone()), "the draft is untouched");
    assert!(after.gaps.iter().any(|gap| gap.lack == FieldErrorKind::Missing));
    // Without its date it is not enough; too old it is not good any more; a day that is none is said.
    let file = add(&device, certificate(id), "../certificato medico.PDF", pdf(1, 5000)).unwrap();
    assert_eq!(
        (file.name.as_str(), file.media.as_str(), file.here),
        ("certificato medico.pdf", "application/pdf", true)
    );
    let lack = || device.app().handle(GetCaseDraft { id }).unwrap().gaps.first().map(|gap| gap.lack.clone());
    let date = |dated: &str| device.app().handle(DateFile { id: file.id, dated: dated.into() });
    assert_eq!(lack(), Some(FieldErrorKind::FileUndated));
    assert_eq!(date("31/02/2026").unwrap_err().code, FailureCode::NoSuchDay);
    date("01/03/2025").unwrap();
    assert!(matches!(lack(), Some(FieldErrorKind::FileExpired(_))));
    date("01/03/2026").unwrap();
    assert_eq!(lack(), None);
    // A second, and no third; a photo loses what its camera wrote.
    let photo = add(&device, certificate(id), "IMG_1.jpeg", world::photos::noise(900, 700, 3)).unwrap();
    assert_eq!((photo.name.as_str(), photo.media.as_str()), ("IMG_1.jpg", "image/jpeg"));
    assert_eq!(add(&device, certificate(id), "c.pdf", pdf(2, 100)).unwrap_err().code, FailureCode::FileTooMany);
    device.app().handle(RemoveFile { id: photo.id }).unwrap();
    assert!(device.app().file(photo.id).is_err() && device.app().file(file.id).is_ok());
    // The same paper again in another case, without the first.
    let other = canteen(&device);
    put(&device, other, "meals.diet", chosen(&["health"]));
    let rows = device.app().handle(ListFiles {}).unwrap();
    assert_eq!((rows.len(), rows[0].title.as_str()), (1, "Iscrizione alla mensa scolastica"));
    let again = device.app().handle(UseFile { to: certificate(other), id: rows[0].file.id }).unwrap();
    device.app().handle(DiscardCase { id }).unwrap();
    assert_eq!(device.app().file(again.id).unwrap().1, pdf(1, 5000), "the bytes are still needed");
    device.app().handle(DiscardCase { id: other }).unwrap();
    assert!(device.app().file(again.id).is_err());
    let left = std::fs::read_dir(device.own_folder().join("files")).unwrap().count();
    assert_eq!(left, 0, "nothing stays on the disk that nobody needs");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_first_then_the_papers_and_the_same_bytes_at_the_town() {
    let world = World::new().await;
    let mut device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let paper = pdf(7, 900_000);
    let id = with_certificate(&device, paper.clone());
    device.app().handle(SendCase { id }).unwrap();
    let kinds: Vec<MessageKind> = device.outbox().waiting.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [MessageKind::Case, MessageKind::CaseFile]);
    device.restart();
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let view = case(&device, id);
    let file = &view.answers.iter().flat_map(|part| &part.lines).find(|line| !line.files.is_empty()).unwrap().files[0];
    assert!(file.arrived && file.here && file.sent == 900_000);
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    assert_eq!(seen["files"][0]["arrived"], true);
    assert_eq!(seen["files"][0]["dated"], "2026-03-01");
    assert_eq!(world.town.file(seen["files"][0]["sha256"].as_str().unwrap()).await, Some(paper.clone()));
    // Her other device has it too, and shows it without a network; a stranger does not.
    let other = world.signed_in("Anna").await;
    let samira = world::Caller::resident(&world, "Samira").await;
    let url = format!("{}/v1/files/{}", world.town.url(), seen["files"][0]["sha256"].as_str().unwrap());
    let answer = reqwest::Client::new().get(url).bearer_auth(samira.token.unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    world.cable.set(Wire::Unplugged);
    assert_eq!(other.app().file(file.id).unwrap(), ("application/pdf".into(), paper));
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_both_ways_in_the_thread_and_with_the_outcome() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = crate::steps::cases::sent(&device);
    world.settle(&device).await;
    moves(&world, id, &[("registered", None), ("pending", None), ("integration_asked", Some("Manca l’ISEE."))]).await;
    let form = world.town.bring("modulo isee.pdf", pdf(9, 300_000)).await;
    let asked = json!({ "state": "awaiting_integration", "note": "Compila il modulo.", "files": [form] });
    assert_eq!(transition(&world, id, asked).await.0, 200);
    world.settle(&device).await;
    world.cable.set(Wire::Unplugged);
    let given = case(&device, id).steps.last().unwrap().files[0].clone();
    assert_eq!((given.name.as_str(), given.here), ("modulo isee.pdf", true));
    assert_eq!(device.app().file(given.id).unwrap().1, pdf(9, 300_000), "read without a network");
    // The answer carries two papers; one is thought better of.
    let letter = || FileTo::Letter(id.into());
    let kept = add(&device, letter(), "isee.pdf", pdf(10, 40_000)).unwrap();
    let removed = add(&device, letter(), "sbagliato.pdf", pdf(11, 40_000)).unwrap();
    device.app().handle(RemoveFile { id: removed.id }).unwrap();
    assert_eq!(case(&device, id).enclosed.iter().map(|file| file.id).collect::<Vec<_>>(), [kept.id]);
    let text = String::from("Ecco.");
    device.app().handle(WriteToCase { id, text, integration: true }).unwrap();
    let view = case(&device, id);
    assert!(view.enclosed.is_empty() && view.messages[0].files[0].id == kept.id && !view.messages[0].files[0].arrived);
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let view = case(&device, id);
    assert_eq!(view.row.state, Some(CaseState::Integrated));
    assert!(view.messages[0].files[0].arrived);
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    let sha256 = seen["messages"][0]["files"][0]["sha256"].as_str().unwrap();
    assert_eq!(world.town.file(sha256).await, Some(pdf(10, 40_000)));
    moves(&world, id, &[("pending_again", None)]).await;
    let outcome = world.town.bring("esito.pdf", pdf(12, 1000)).await;
    let unknown = json!({ "sha256": "00".repeat(32), "name": "mai portato.pdf" });
    let (status, _) =
        transition(&world, id, json!({ "state": "accepted", "note": "Accolta.", "files": [unknown] })).await;
    assert_eq!(status, 422, "nobody is given what was never brought");
    let accepted = json!({ "state": "accepted", "note": "Accolta.", "files": [outcome] });
    assert_eq!(transition(&world, id, accepted).await.0, 200);
    world.settle(&device).await;
    assert_eq!(case(&device, id).steps.last().unwrap().files[0].name, "esito.pdf");
    // The thread of a report carries papers as well.
    let report = device.report("Buca in via Roma", 0);
    add(&device, FileTo::Letter(report.into()), "pianta.pdf", pdf(13, 500)).unwrap();
    device.app().handle(SendMessage { report, text: "La pianta".into() }).unwrap();
    world.settle(&device).await;
    let reply = world.town.bring("ordinanza.pdf", pdf(14, 600)).await;
    let message = json!({ "id": "0190a000-0000-7000-8000-00000000000b", "office": "Lavori", "text": "Ecco l’atto", "files": [reply] });
    assert_eq!(world.town.office("POST", &format!("/reports/{report}/messages"), Some(message)).await.0, 200);
    world.settle(&device).await;
    let view = device.app().handle(GetReport { id: report }).unwrap();
    let files: Vec<(&str, bool, bool)> = view
        .messages
        .iter()
        .flat_map(|message| &message.files)
        .map(|file| (file.name.as_str(), file.arrived, file.here))
        .collect();
    assert_eq!(files, [("pianta.pdf", true, true), ("ordinanza.pdf", true, true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_not_what_was_announced_are_not_taken() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let mensa = crate::steps::cases::service(&device, "mensa");
    let caller = world::Caller::resident(&world, "Anna").await;
    let program = b"\x7fELF\x02\x01\x01\0 a program that calls itself a paper".to_vec();
    let sha256 = sha256(&program);
    let file = json!({ "id": "0190b000-0000-7000-8000-0000000000f1", "sha256": sha256, "size": program.len(), "name": "certificato.pdf",
        "media": "application/pdf", "dated": "2026-03-01" });
    let body = json!({ "service": mensa, "form_version": 1, "sent_at": "2026-03-12T07:41:00Z", "files": [file], "answers": {
        "child.name": { "text": "Giulia Moretti" }, "child.tax_code": { "text": "MRTGLI14P61X999Y" },
        "child.school": { "chosen": ["primaria_tigli"] }, "child.from": { "text": "30/03/2026" },
        "meals.days": { "chosen": ["mon"] }, "meals.diet": { "chosen": ["health"] }, "meals.diet_words": { "text": "Niente latte" },
        "meals.certificate": { "files": ["0190b000-0000-7000-8000-0000000000f1"] },
        "end.phone": { "text": "348 555 0101" }, "end.true": { "ticked": true } } });
    let (http, token, url) = (reqwest::Client::new(), caller.token.clone().unwrap(), world.town.url());
    let case = "0190b000-0000-7000-8000-000000000002";
    let sent = http.put(format!("{url}/v1/cases/{case}")).bearer_auth(&token).json(&body).send().await.unwrap();
    assert_eq!(sent.status(), 201, "{}", sent.text().await.unwrap());
    let encode = |value: &str| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, value);
    let pairs = [("case", case), ("file", "0190b000-0000-7000-8000-0000000000f1"), ("sha256", sha256.as_str())];
    let metadata = pairs.map(|(key, value)| format!("{key} {}", encode(value))).join(",");
    let begin = http.post(format!("{url}/v1/uploads")).bearer_auth(&token).header("tus-resumable", "1.0.0");
    let begun = begin.header("upload-length", program.len()).header("upload-metadata", metadata).send().await.unwrap();
    assert_eq!(begun.status(), 201);
    let place = begun.headers()["location"].to_str().unwrap().to_owned();
    let piece = http.patch(format!("{url}{place}")).bearer_auth(&token).header("tus-resumable", "1.0.0");
    let piece =
        piece.header("upload-offset", "0").header("content-type", "application/offset+octet-stream").body(program);
    let refused = piece.send().await.unwrap();
    assert_eq!(refused.status(), 422);
    let problem: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(problem["code"], "file_kind");
    assert_eq!(world.town.file(&sha256).await, None);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_open_any_more_stops_only_itself() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let id = with_certificate(&device, pdf(20, 2000));
    device.app().handle(SendCase { id }).unwrap();
    device.app().handle(WriteToCase { id, text: "Una domanda".into(), integration: false }).unwrap();
    let files = device.own_folder().join("files");
    let sealed = std::fs::read_dir(&files).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&sealed, b"nonsense").unwrap();
    world.cable.set(Wire::Whole);
    for _ in 0..3 {
        world.clock.turn(3600);
        device.app().sync().await.unwrap();
    }
    let outbox = device.outbox();
    assert_eq!((outbox.stuck.len(), outbox.waiting.len()), (1, 0), "the case and the message went on");
    assert_eq!(
        (outbox.stuck[0].kind, outbox.stuck[0].stuck.as_ref().unwrap().code),
        (MessageKind::CaseFile, StuckCode::FileLost)
    );
    device.app().handle(WithdrawRequest { id: outbox.stuck[0].id }).unwrap();
    assert!(device.outbox().stuck.is_empty());
    assert!(device.app().handle(GetCase { id }).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_case_keeps_its_papers_while_it_is_corrected() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let id = with_certificate(&device, pdf(21, 2000));
    device.app().handle(SendCase { id }).unwrap();
    // Meanwhile the town takes certificates of ten days only.
    let town = world.town.town().clone();
    let mut pack = case::offered(&town, crate::steps::cases::service(&device, "mensa").uuid()).unwrap();
    pack.form.version = 2;
    let fields = pack.form.sections.iter_mut().flat_map(|section| &mut section.fields);
    for field in fields {
        if let vicino_domain::form::Kind::Attachment { good_for, .. } = &mut field.kind {
            *good_for = Some(10);
        }
    }
    case::offer(&town, &pack).unwrap();
    world.cable.set(Wire::Whole);
    world.clock.turn(3600);
    device.app().sync().await.unwrap();
    device.app().sync().await.unwrap();
    let draft = device.app().handle(CorrectCase { id }).unwrap();
    assert!(matches!(draft.gaps[0].lack, FieldErrorKind::FileExpired(_)), "{:?}", draft.gaps);
    let file = device.app().handle(ListFiles {}).unwrap().remove(0).file;
    device.app().handle(DateFile { id: file.id, dated: "10/03/2026".into() }).unwrap();
    device.app().handle(SendCase { id }).unwrap();
    world.settle(&device).await;
    assert_eq!(case(&device, id).row.state, Some(CaseState::Submitted));
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    assert_eq!(seen["files"][0]["arrived"], true);
    // An answer that names a file nobody sent is said to lack it, and the draft stays.
    let ghost = canteen(&device);
    put(&device, ghost, "meals.diet", chosen(&["health"]));
    let id = vicino_domain::AttachmentId::from_uuid(uuid::Uuid::from_u128(5));
    let path = "meals.certificate".parse().unwrap();
    device.app().handle(AnswerField { id: ghost, path, answer: Some(Answer::Files(vec![id])) }).unwrap();
    let gaps = device.app().handle(GetCaseDraft { id: ghost }).unwrap().gaps;
    assert!(gaps.iter().any(|gap| gap.lack == FieldErrorKind::FileGone));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_asked_any_more_does_not_travel_and_its_papers_go() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = with_certificate(&device, pdf(21, 5000));
    // No diet after all: neither the words nor the doctor's paper are the town's business.
    put(&device, id, "meals.diet", chosen(&["none"]));
    device.app().handle(SendCase { id }).unwrap();
    world.settle(&device).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    assert!(!seen["answers"].to_string().contains("Niente latte"), "{seen}");
    assert!(seen.get("files").is_none(), "{seen}");
    let kept = std::fs::read_dir(device.own_folder().join("files")).map_or(0, Iterator::count);
    assert_eq!(kept, 0, "nothing needs the bytes any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_papers_of_a_case_taken_back_stay_here_and_its_words_are_still_said() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    device.app().handle(SetNetwork { online: true, metered: true, visible: true }).unwrap();
    let id = with_certificate(&device, pdf(22, 5000));
    device.app().handle(SendCase { id }).unwrap();
    device.app().sync().await.unwrap();
    assert_eq!(case(&device, id).row.state, Some(CaseState::Submitted));
    device.app().handle(WriteToCase { id, text: "Ci ho ripensato".into(), integration: false }).unwrap();
    device.app().handle(WithdrawCase { id }).unwrap();
    let kinds: Vec<MessageKind> = device.outbox().waiting.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [MessageKind::CaseMessage, MessageKind::CaseWithdrawal]);
    world.settle(&device).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    assert_eq!(seen["state"], "withdrawn");
    assert_eq!(seen["messages"][0]["text"], "Ci ho ripensato");
    assert!(seen["files"][0].get("arrived").is_none_or(|arrived| arrived == false));
}
