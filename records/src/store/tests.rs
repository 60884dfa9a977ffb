//! A file filled, counted and searched.

use proptest::prelude::*;
use rusqlite::Connection;
use uuid::Uuid;

use crate::index_entry::index_entry;
use crate::{IndexWriter, SCHEMA, find};

fn file() -> Connection {
    let file = Connection::open_in_memory().unwrap();
    file.execute_batch(SCHEMA).unwrap();
    file
}

fn news(title: &str, text: &str) -> String {
    serde_json::json!({ "id": Uuid::nil(), "kind": "news", "title": title, "text": text,
        "published_at": "2026-03-12T08:00:00Z" })
    .to_string()
}

fn put(file: &Connection, n: u128, collection: &str, body: &str) {
    let mut writer = IndexWriter::new(file);
    writer.put(collection, Uuid::from_u128(n), 1, Some(body), &index_entry(collection, body)).unwrap();
    writer.end().unwrap();
}

fn titles(file: &Connection, text: &str) -> Vec<String> {
    let found = find(file, text, &["bulletins", "benches"], 10, || true).unwrap();
    found.into_values().flat_map(|found| found.hits).map(|hit| hit.title).collect()
}

#[test]
fn words_are_found_half_typed_without_accents_and_in_other_forms() {
    let file = file();
    put(&file, 1, "bulletins", &news("Certificati anagrafici", "Li chiedi all’ufficio Anagrafe."));
    put(&file, 2, "bulletins", &news("Mercato settimanale", "Piazza della Libertà è chiusa."));
    put(&file, 3, "benches", r#"{"title":"Panchina","note":"sotto il tiglio"}"#);
    assert_eq!(titles(&file, "certif"), ["Certificati anagrafici"]);
    assert_eq!(titles(&file, "certificato"), ["Certificati anagrafici"]);
    assert_eq!(titles(&file, "LIBERTA piazz"), ["Mercato settimanale"]);
    assert_eq!(titles(&file, "tigli"), ["Panchina"]);
    assert!(titles(&file, "mercato anagrafe").is_empty());
    assert!(titles(&file, "\" OR *").is_empty() && titles(&file, "  ").is_empty());
}

#[test]
fn a_record_that_changed_is_found_by_its_new_words_only() {
    let file = file();
    put(&file, 1, "bulletins", &news("Acqua", "sospesa"));
    put(&file, 1, "bulletins", &news("Acqua", "tornata"));
    assert!(titles(&file, "sospesa").is_empty());
    assert_eq!(titles(&file, "tornata"), ["Acqua"]);
    assert_eq!(crate::total(&file, "bulletins", Some("news")).unwrap(), 1);
    let mut writer = IndexWriter::new(&file);
    writer.delete("bulletins", Uuid::from_u128(1)).unwrap();
    writer.delete("bulletins", Uuid::from_u128(9)).unwrap();
    writer.end().unwrap();
    assert!(titles(&file, "tornata").is_empty());
    assert_eq!(crate::total(&file, "bulletins", None).unwrap(), 0);
}

#[test]
fn what_cannot_be_read_is_set_aside_and_counted() {
    let file = file();
    put(&file, 1, "bulletins", r#"{"id":"nonsense"}"#);
    put(&file, 2, "bulletins", &news("Avviso", ""));
    let counts = crate::counts(&file).unwrap();
    assert_eq!((counts[0].understood, counts[0].set_aside), (1, 1));
    assert_eq!(crate::set_aside(&file).unwrap().len(), 1);
    assert_eq!(crate::page(&file, "bulletins", None, (0, 9)).unwrap().len(), 1);
}

#[test]
fn only_our_own_tables_are_ours() {
    let ours = file();
    assert!(crate::has_schema(&ours).unwrap());
    crate::optimize(&ours).unwrap();
    assert!(crate::has_schema(&ours).unwrap());
    ours.execute_batch("CREATE TRIGGER sly AFTER INSERT ON records BEGIN DELETE FROM records; END").unwrap();
    assert!(!crate::has_schema(&ours).unwrap());
}

#[test]
fn the_newest_of_many_come_first_and_time_can_be_over() {
    let file = file();
    let mut writer = IndexWriter::fresh(&file);
    for n in 0..40_000_u128 {
        // Two words of which each is everywhere and both are together nowhere.
        let body = news(&format!("Notizia {n}"), if n % 2 == 0 { "pari" } else { "dispari" });
        writer.put("bulletins", Uuid::from_u128(n), 1, Some(&body), &index_entry("bulletins", &body)).unwrap();
    }
    writer.end().unwrap();
    assert_eq!(titles(&file, "notizia pari")[..2], ["Notizia 39998", "Notizia 39996"]);
    let nowhere = find(&file, "pari dispari", &["bulletins"], 5, || true).unwrap();
    assert!(nowhere.is_empty());
    let broad = find(&file, "3", &["bulletins"], 5, || true).unwrap();
    assert!(!broad["bulletins"].complete, "more words begin so than are looked for");
    let hurried = find(&file, "pari dispari", &["bulletins"], 5, || false).unwrap();
    assert!(!hurried["bulletins"].complete);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn every_word_of_a_record_finds_it_by_any_beginning(
        texts in proptest::collection::vec("[a-zàèìòù]{1,9}( [a-zàèìòù0-9]{1,9}){0,6}", 1..8), at: prop::sample::Index, cut in 1..9_usize,
    ) {
        let file = file();
        for (n, text) in texts.iter().enumerate() {
            put(&file, n as u128, "bulletins", &news(&format!("n{n}"), text));
        }
        let n = at.index(texts.len());
        for word in texts[n].split(' ') {
            let half: String = word.chars().take(cut).collect();
            let found = titles(&file, &half);
            prop_assert!(found.contains(&format!("n{n}")), "{half} of {word}: {found:?}");
        }
    }
}

#[test]
fn lists_are_read_by_an_index_whatever_they_are_narrowed_by() {
    let file = file();
    for (kind, sql) in [
        (
            "all",
            "SELECT body FROM records WHERE collection = 1 AND understood = 1 ORDER BY at DESC, n DESC LIMIT 9 OFFSET 0",
        ),
        (
            "one kind",
            "SELECT body FROM records WHERE collection = 1 AND kind = 'act' AND kind <> '' AND understood = 1
             ORDER BY at DESC, n DESC LIMIT 9 OFFSET 0",
        ),
    ] {
        let plan: Vec<String> = file
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap()
            .query_map([], |row| row.get::<_, String>(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(plan.len() == 1 && plan[0].contains("USING INDEX records_by_"), "{kind}: {plan:?}");
    }
}
