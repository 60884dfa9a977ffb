//! Any form there can be: drawn, filled, checked the same on both sides, sent and read back; and those that cannot be used.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;
use vicino_contract::FailureCode;
use vicino_contract::http::ServicePack;
use vicino_contract::ipc::{
    AddFile, AnswerField, CaseDraftView, CommandHandler as _, DateFile, DiscardCase, FieldKind, FieldView, FileTo,
    GetCaseDraft, Keyboard, NewCase, SendCase,
};
use vicino_domain::form::{Answer, FieldError, Form};
use vicino_domain::{CaseId, CaseState};
use vicino_server::matters::case;
use world::{Caller, Device, World};

use crate::steps::cases::{case, service};
use crate::steps::files::pdf;

/// Forms tried in one run.
const FORMS: usize = 24;

/// A question of any kind, by its number in its section.
fn field(n: usize) -> impl Strategy<Value = Value> {
    let kinds = prop_oneof![
        (1..200_u32, any::<bool>()).prop_map(|(max, long)| json!({ "kind": "text", "max": max, "long": long })),
        (0..3_u32, 0..50_i64)
            .prop_map(|(decimals, min)| json!({ "kind": "number", "decimals": decimals, "min": min, "max": 9_000 })),
        Just(json!({ "kind": "date", "from": -30, "to": 30 })),
        (2..5_usize, any::<bool>()).prop_map(|(count, many)| {
            let options: Vec<Value> =
                (0..count).map(|n| json!({ "value": format!("v{n}"), "label": format!("Scelta {n}") })).collect();
            json!({ "kind": "choice", "options": options, "many": many })
        }),
        Just(json!({ "kind": "address" })),
        Just(json!({ "kind": "tax_code" })),
        Just(json!({ "kind": "vat_number" })),
        Just(json!({ "kind": "iban" })),
        Just(json!({ "kind": "postal_code" })),
        Just(json!({ "kind": "phone" })),
        Just(json!({ "kind": "email" })),
        Just(json!({ "kind": "person" })),
        Just(json!({ "kind": "declaration" })),
        (1..3_u16, any::<bool>())
            .prop_map(|(most, dated)| json!({ "kind": "attachment", "types": ["application/pdf"], "most": most,
            "good_for": dated.then_some(60) })),
    ];
    (kinds, any::<bool>(), 0..4_u8).prop_map(move |(mut kind, required, hangs)| {
        kind["id"] = json!(format!("f{n}"));
        kind["label"] = json!(format!("Domanda {n}"));
        kind["required"] = json!(required);
        // Now and then it hangs on the one before it.
        if n > 0 && hangs == 0 {
            kind["when"] = json!({ "answered": format!("SECTION.f{}", n - 1) });
        }
        kind
    })
}

fn section(n: usize) -> impl Strategy<Value = Value> {
    let fields = (1..7_usize).prop_flat_map(|count| (0..count).map(field).collect::<Vec<_>>());
    (fields, any::<bool>(), 0..2_u16, 1..3_u16).prop_map(move |(fields, repeats, min, more)| {
        let name = format!("s{n}");
        let text = serde_json::to_string(&fields).unwrap().replace("SECTION", &name);
        let fields: Value = serde_json::from_str(&text).unwrap();
        let mut section = json!({ "id": name, "title": format!("Parte {n}"), "fields": fields });
        if repeats {
            section["repeats"] = json!({ "min": min, "max": min + more });
        }
        section
    })
}

fn form() -> impl Strategy<Value = Form> {
    let sections = (1..4_usize).prop_flat_map(|count| (0..count).map(section).collect::<Vec<_>>());
    sections.prop_map(|sections| serde_json::from_value(json!({ "version": 1, "sections": sections })).unwrap())
}

/// The same forms each time; `VICINO_SEED` tries others.
fn runner() -> TestRunner {
    let seed: u64 = std::env::var("VICINO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_312);
    eprintln!("VICINO_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// A right answer to a question, as a resident would type it; files go their own way.
fn right(field: &FieldView) -> Option<Answer> {
    let text = |typed: &str| Some(Answer::Text(typed.to_owned()));
    match &field.kind {
        // What a line asks is told by its keyboard alone: the widest answer that fits every kind is looked for in turn.
        FieldKind::Line(Keyboard::Decimal) => text("60"),
        FieldKind::Line(Keyboard::Phone) => text("348 555 0101"),
        FieldKind::Line(Keyboard::Email) => text("anna.berti@example.it"),
        FieldKind::Line(_) | FieldKind::Long => text("x"),
        FieldKind::Date => text("12/03/2026"),
        FieldKind::Choice { options, .. } => Some(Answer::Chosen(vec![options[0].value.clone()])),
        FieldKind::People(names) => text(&names[0]),
        FieldKind::Declaration => Some(Answer::Ticked(true)),
        FieldKind::Files { .. } | FieldKind::Elsewhere => None,
    }
}

/// Codes tried where a line asks for one.
const CODES: [&str; 4] = ["BRTNNA86E54X999E", "IT60 X054 2811 1010 0000 0123 456", "00743110157", "52021"];

fn fields(draft: &CaseDraftView) -> Vec<FieldView> {
    draft.sections.iter().flat_map(|section| section.repeats.iter().flatten()).cloned().collect()
}

fn put(device: &Device, id: CaseId, field: &FieldView, answer: Answer) {
    let path = field.path.clone();
    device.app().handle(AnswerField { id, path, answer: Some(answer) }).unwrap();
}

fn draft(device: &Device, id: CaseId) -> CaseDraftView {
    device.app().handle(GetCaseDraft { id }).unwrap()
}

/// Answers everything that is asked, and what is asked because of it.
fn fill(device: &Device, id: CaseId) {
    for round in 0..8 {
        let view = draft(device, id);
        let open: Vec<FieldView> = fields(&view).into_iter().filter(|field| field.answer.is_none()).collect();
        if open.is_empty() {
            break;
        }
        for field in open {
            match right(&field) {
                Some(answer) => put(device, id, &field, answer),
                None => {
                    let to = FileTo::Answer { case: id, path: field.path.clone() };
                    let bytes = pdf(round, 400 + usize::from(field.path.index));
                    let file = device.app().handle(AddFile { to, name: "carta.pdf".into(), bytes }).unwrap();
                    device.app().handle(DateFile { id: file.id, dated: "01/03/2026".into() }).unwrap();
                }
            }
        }
    }
    // What a line asks is not told: its codes are tried until nothing is wrong.
    for code in CODES {
        for field in fields(&draft(device, id)) {
            if field.lack.is_some() && matches!(field.kind, FieldKind::Line(_)) {
                put(device, id, &field, Answer::Text(code.into()));
            }
        }
    }
}

/// The facts the town tells of these very answers, without their files.
async fn towns_gaps(world: &World, caller: &Caller, service: Uuid, answers: &Value) -> Vec<FieldError> {
    let body = json!({ "service": service, "form_version": 1, "sent_at": "2026-03-12T07:41:00Z", "answers": answers });
    static TRIES: AtomicU64 = AtomicU64::new(1);
    let id = world::made(0x0190_f000 + u128::from(TRIES.fetch_add(1, Ordering::Relaxed)));
    let url = format!("{}/v1/cases/{id}", world.town.url());
    let request = caller.http.put(url).bearer_auth(caller.token.as_ref().unwrap()).json(&body);
    let reply: Value = request.send().await.unwrap().json().await.unwrap();
    if reply["acknowledgement"].is_string() {
        return Vec::new();
    }
    serde_json::from_value(reply["gaps"].clone()).unwrap_or_else(|_| panic!("{reply}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn any_form_is_drawn_filled_checked_the_same_on_both_sides_sent_and_read_back() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let mensa = service(&device, "mensa");
    let town = world.town.town().clone();
    let (mut runner, pack) = (runner(), case::offered(&town, mensa.uuid()).unwrap());
    let (mut asked, mut wrong) = (0, 0);
    for _ in 0..FORMS {
        let form = form().new_tree(&mut runner).unwrap().current();
        case::offer(&town, &ServicePack { form: form.clone(), ..pack.clone() }).unwrap();
        world.settle(&device).await;
        let id = device.app().handle(NewCase { service: mensa, about: None }).unwrap().id;
        // Hours go by: a token lives minutes.
        let caller = Caller::resident(&world, "Anna").await;
        // Nothing is answered yet, and then everything wrongly: both sides lack the same, in the same order.
        for answers in [false, true] {
            if answers {
                for field in fields(&draft(&device, id)) {
                    if !matches!(
                        field.kind,
                        FieldKind::Files { .. } | FieldKind::Declaration | FieldKind::Choice { .. }
                    ) {
                        put(&device, id, &field, Answer::Text("31/02/2026 ??".into()));
                    }
                }
            }
            let view = draft(&device, id);
            let given: serde_json::Map<String, Value> = fields(&view)
                .into_iter()
                .filter_map(|field| Some((field.path.to_string(), serde_json::to_value(field.answer?).unwrap())))
                .collect();
            let theirs = towns_gaps(&world, &caller, mensa.uuid(), &Value::Object(given)).await;
            assert_eq!(theirs, view.gaps, "{form:?}");
            wrong += view.gaps.len();
            if view.gaps.is_empty() {
                break;
            }
        }
        device.app().handle(DiscardCase { id }).unwrap();
        let id = device.app().handle(NewCase { service: mensa, about: None }).unwrap().id;
        fill(&device, id);
        let view = draft(&device, id);
        assert_eq!(view.gaps, [], "{form:?}");
        asked += fields(&view).len();
        device.app().handle(SendCase { id }).unwrap();
        world.settle(&device).await;
        let read = case(&device, id);
        assert_eq!(read.row.state, Some(CaseState::Submitted));
        assert_eq!(
            read.answers.iter().map(|part| (&part.title, part.lines.len())).collect::<Vec<_>>(),
            view.summary.iter().map(|part| (&part.title, part.lines.len())).collect::<Vec<_>>()
        );
        assert!(
            read.answers.iter().flat_map(|part| &part.lines).all(|line| line.files.iter().all(|file| file.arrived))
        );
    }
    assert!(asked > 100 && wrong > 100, "{asked} questions, {wrong} gaps: the forms are too small to show anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_four_hundred_questions_and_one_with_a_kind_nobody_knows() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let mensa = service(&device, "mensa");
    let town = world.town.town().clone();
    let pack = case::offered(&town, mensa.uuid()).unwrap();
    let fields: Vec<Value> = (0..400)
        .map(|n| json!({ "id": format!("f{n}"), "label": "x", "kind": "text", "max": 9, "required": true }))
        .collect();
    let form =
        serde_json::from_value(json!({ "version": 2, "sections": [{ "id": "s", "title": "", "fields": fields }] }));
    case::offer(&town, &ServicePack { form: form.unwrap(), ..pack.clone() }).unwrap();
    world.settle(&device).await;
    let view = device.app().handle(NewCase { service: mensa, about: None }).unwrap();
    assert_eq!((view.gaps.len(), view.sections[0].repeats[0].len()), (400, 400));
    // A kind of a release to come: optional, it is left out; required, it is said that the office must be turned to.
    let hologram = |required: bool| {
        let field = json!({ "id": "h", "label": "Ologramma", "kind": "hologram", "required": required, "beam": 3 });
        let form = json!({ "version": 3, "sections": [{ "id": "s", "title": "", "fields": [field] }] });
        ServicePack { form: serde_json::from_value(form).unwrap(), ..pack.clone() }
    };
    for (required, gaps) in [(false, 0), (true, 1)] {
        case::offer(&town, &hologram(required)).unwrap();
        world.settle(&device).await;
        let view = device.app().handle(NewCase { service: mensa, about: None }).unwrap();
        assert_eq!((view.gaps.len(), &view.sections[0].repeats[0][0].kind), (gaps, &FieldKind::Elsewhere));
    }
    // What loops, explodes or is too much is not even offered; signed by a town all the same, it is not drawn.
    let text = |pattern: &str| json!({ "id": "a", "label": "", "kind": "text", "max": 9, "pattern": pattern });
    let looped = json!({ "id": "a", "label": "", "kind": "phone", "when": { "answered": "s.a" } });
    let many: Vec<Value> = (0..1001).map(|n| json!({ "id": format!("f{n}"), "label": "", "kind": "phone" })).collect();
    for (fields, code) in [
        (json!([text("((a{900}){900}){900}")]), FailureCode::FormUnusable),
        (json!([text("(unclosed")]), FailureCode::FormUnusable),
        (json!([looped]), FailureCode::FormUnusable),
        (json!(many), FailureCode::FormUnusable),
    ] {
        let form: Form =
            serde_json::from_value(json!({ "version": 4, "sections": [{ "id": "s", "title": "", "fields": fields }] }))
                .unwrap();
        let bad = ServicePack { form, ..pack.clone() };
        assert_eq!(case::offer(&town, &bad).unwrap_err().kind, vicino_server::RefusalKind::Unprocessable);
        sign_anyway(&world, &bad).await;
        world.settle(&device).await;
        assert_eq!(device.app().handle(NewCase { service: mensa, about: None }).unwrap_err().code, code);
    }
    // A pattern that takes others' machines for ever answers at once here.
    let slow = ServicePack {
        form: serde_json::from_value(
            json!({ "version": 5, "sections": [{ "id": "s", "title": "", "fields": [text("(a+)+b")] }] }),
        )
        .unwrap(),
        ..pack
    };
    case::offer(&town, &slow).unwrap();
    world.settle(&device).await;
    let id = device.app().handle(NewCase { service: mensa, about: None }).unwrap().id;
    let path = "s.a".parse().unwrap();
    device.app().handle(AnswerField { id, path, answer: Some(Answer::Text("a".repeat(9))) }).unwrap();
    assert_eq!(draft(&device, id).gaps.len(), 1);
}

/// A town of another release signs what this one would not offer.
async fn sign_anyway(world: &World, pack: &ServicePack) {
    let url = format!("{}/v1/changes?limit=1000&public=", world.town.url());
    let page: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    let mut record = items.iter().find(|item| item["id"] == pack.service.to_string()).unwrap()["body"].clone();
    let seed = std::fs::read(world.town.folder().join("keys").join("0001.key")).unwrap();
    let signer = vicino_contract::jws::TownSigner::from_seed(seed.try_into().unwrap());
    record["pack"] = json!(signer.sign(vicino_contract::jws::Kind::Service, &serde_json::to_vec(pack).unwrap()));
    world.town.town().register.publish("services", pack.service, &record).unwrap();
}
