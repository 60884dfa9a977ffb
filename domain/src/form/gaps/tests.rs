//! What is missing is found, whatever was typed.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn file_id(n: u128) -> AttachmentId {
    AttachmentId::from_uuid(uuid::Uuid::from_u128(n))
}

fn canteen() -> Form {
    let form = json!({ "version": 3, "closes_on": "2026-06-30",
        "co_signers": [{ "id": "other", "label": "L’altro genitore", "when": { "is": { "field": "child.both", "value": "yes" } } }],
        "sections": [
            { "id": "child", "title": "Chi mangia", "fields": [
                { "id": "who", "label": "Chi", "kind": "person", "required": true },
                { "id": "both", "label": "Firmiamo in due", "kind": "declaration" },
                { "id": "diet", "label": "Dieta", "kind": "choice", "required": true,
                  "options": [{ "value": "none", "label": "Nessuna" }, { "value": "health", "label": "Per patologia" }] },
                { "id": "proof", "label": "Certificato", "kind": "attachment", "required": true, "types": ["application/pdf"],
                  "good_for": 365, "when": { "is": { "field": "child.diet", "value": "health" } } },
                { "id": "isee", "label": "ISEE", "kind": "number", "decimals": 2, "min": 0, "max": 10_000_000 } ] },
            { "id": "pickup", "title": "Chi ritira", "repeats": { "min": 0, "max": 2 }, "fields": [
                { "id": "name", "label": "Nome", "kind": "text", "max": 20, "required": true },
                { "id": "code", "label": "Codice fiscale", "kind": "tax_code" },
                { "id": "badge", "label": "Tesserino", "kind": "text", "max": 9, "pattern": "[A-Z]{2}[0-9]{4}" } ] } ] });
    serde_json::from_value(form).unwrap()
}

fn check(form: &Form, answers: serde_json::Value, signed: &[String], today: &str) -> Vec<(String, FieldErrorKind)> {
    let answers: Answers = serde_json::from_value(answers).unwrap();
    let facts = |media: &str, bytes, dated: &str| FileFacts { media: media.into(), bytes, dated: Some(day(dated)) };
    let files = BTreeMap::from([
        (file_id(1), facts("application/pdf", 9_000, "2026-01-10")),
        (file_id(2), facts("application/pdf", 9_000, "2024-01-10")),
        (file_id(3), facts("application/x-dosexec", 9_000, "2026-01-10")),
        (file_id(4), facts("application/pdf", 0, "2026-01-10")),
        (file_id(5), facts("application/pdf", 90_000_000, "2026-01-10")),
    ]);
    let household = [String::from("Giulia Moretti")];
    let known = Known { today: day(today), files: &files, household: Some(&household), signed, file_bytes: 5_000_000 };
    let found = gaps(form, &answers, &known);
    found.into_iter().map(|gap| (gap.at.map(|at| at.to_string()).unwrap_or_default(), gap.lack)).collect()
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let form = canteen();
    assert_eq!(form.fault(), None);
    let nothing = check(&form, json!({}), &[], "2026-03-12");
    assert_eq!(
        nothing,
        [("child.who".into(), FieldErrorKind::Missing), ("child.diet".into(), FieldErrorKind::Missing)]
    );
    let sound = json!({ "child.who": { "text": "Giulia Moretti" }, "child.diet": { "chosen": ["none"] } });
    assert_eq!(check(&form, sound.clone(), &[], "2026-03-12"), []);
    assert_eq!(check(&form, sound, &[], "2026-07-01"), [(String::new(), FieldErrorKind::Closed(day("2026-06-30")))]);
    let odd = json!({ "child.who": { "text": "Pinco Pallino" }, "child.diet": { "chosen": ["none", "health"] },
        "child.isee": { "text": "12,345" }, "child.both": { "ticked": true }, "pickup.name": { "text": "Anna" },
        "pickup.1.code": { "text": "RSSMRA85T10H501X" }, "pickup.1.name": { "text": "x".repeat(21) }, "pickup.badge": { "text": "AB12345" } });
    let found = check(&form, odd.clone(), &[], "2026-03-12");
    let expected = [
        ("child.who", FieldErrorKind::NotOfTheHousehold),
        ("child.diet", FieldErrorKind::OneOnly),
        ("child.proof", FieldErrorKind::Missing),
        ("child.isee", FieldErrorKind::NotANumber),
        ("pickup.badge", FieldErrorKind::Pattern),
        ("pickup.1.name", FieldErrorKind::TooLong { max: 20, found: 21 }),
        ("pickup.1.code", FieldErrorKind::Code(BadCode::Check)),
        ("", FieldErrorKind::NotSigned("other".into())),
    ];
    assert_eq!(found, expected.map(|(at, lack)| (at.to_owned(), lack)));
    assert!(
        !check(&form, odd, &["other".into()], "2026-03-12")
            .iter()
            .any(|(_, lack)| matches!(lack, FieldErrorKind::NotSigned(_)))
    );
}

#[test]
fn files_are_looked_at_as_they_are() {
    let form = canteen();
    let with = |files: &[u128]| {
        let files: Vec<_> = files.iter().map(|n| file_id(*n)).collect();
        let answers = json!({ "child.who": { "text": "Giulia Moretti" }, "child.diet": { "chosen": ["health"] },
            "child.proof": { "files": files } });
        check(&form, answers, &[], "2026-03-12").into_iter().map(|(_, lack)| lack).collect::<Vec<_>>()
    };
    assert_eq!(with(&[1]), []);
    assert_eq!(with(&[]), [FieldErrorKind::Missing]);
    assert_eq!(with(&[2]), [FieldErrorKind::FileExpired(day("2025-01-09"))]);
    assert_eq!(with(&[3]), [FieldErrorKind::FileKind("application/x-dosexec".into())], "renamed or not");
    assert_eq!(with(&[4]), [FieldErrorKind::FileEmpty]);
    assert_eq!(with(&[5]), [FieldErrorKind::FileTooHeavy(5_000_000)]);
    assert_eq!(with(&[9]), [FieldErrorKind::FileGone]);
    assert_eq!(with(&[1, 1]), [FieldErrorKind::TooManyFiles(1)]);
}

#[test]
fn a_question_of_tomorrow_is_said_and_not_guessed() {
    let form = json!({ "version": 1, "sections": [{ "id": "s", "title": "", "fields": [
        { "id": "a", "label": "", "kind": "hologram", "required": true }, { "id": "b", "label": "", "kind": "hologram" } ] }] });
    let form: Form = serde_json::from_value(form).unwrap();
    assert_eq!(check(&form, json!({}), &[], "2026-03-12"), [("s.a".into(), FieldErrorKind::UnknownKind)]);
}

#[test]
fn a_repeat_far_beyond_is_one_error() {
    let form = canteen();
    let sound = json!({ "child.who": { "text": "Giulia Moretti" }, "child.diet": { "chosen": ["none"] },
        "pickup.name": { "text": "Anna" }, "pickup.1.name": { "text": "Piero" }, "pickup.65535.name": { "text": "x" } });
    let found = check(&form, sound, &[], "2026-03-12");
    assert_eq!(found, [("pickup.2.name".into(), FieldErrorKind::TooMany(2))]);
}

#[test]
fn a_pattern_that_would_explode_does_not() {
    let mut form = canteen();
    let long = "a".repeat(50_000);
    form.sections[1].fields[2].kind = Kind::Text { max: 100_000, long: false, pattern: Some("(a+)+b".into()) };
    assert_eq!(form.fault(), None);
    let answers = json!({ "child.who": { "text": "Giulia Moretti" }, "child.diet": { "chosen": ["none"] },
        "pickup.name": { "text": "Anna" }, "pickup.badge": { "text": long } });
    assert_eq!(check(&form, answers, &[], "2026-03-12"), [("pickup.badge".into(), FieldErrorKind::Pattern)]);
    for bad in ["(", "a{1000}{1000}{1000}"] {
        form.sections[1].fields[2].kind = Kind::Text { max: 9, long: false, pattern: Some(bad.into()) };
        assert!(matches!(form.fault(), Some(crate::form::FormFault::BadPattern(_))), "{bad}");
    }
}

proptest! {
    #[test]
    fn nothing_typed_is_too_odd(texts in proptest::collection::vec(any::<String>(), 8), ticked: bool) {
        let form = canteen();
        let mut answers = Answers::default();
        let paths = ["child.who", "child.diet", "child.proof", "child.isee", "pickup.name", "pickup.3.code", "pickup.badge", "x.y"];
        for (path, text) in paths.iter().zip(texts) {
            answers.0.insert(path.parse().unwrap(), Answer::Text(text));
        }
        answers.0.insert("child.both".parse().unwrap(), Answer::Ticked(ticked));
        let known = Known { today: day("2026-03-12"), files: &BTreeMap::new(), household: None, signed: &[], file_bytes: 1 };
        let found = gaps(&form, &answers, &known);
        let again: Vec<FieldError> = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
        prop_assert_eq!(found, again, "a gap crosses any wall as it is");
    }
}
