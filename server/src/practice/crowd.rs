//! A town of any size, made from a seed: public reports and bulletins in realistic Italian, the same each time.

use chrono::{DateTime, Datelike as _, Duration};
use fastrand::Rng;
use serde::Deserialize;
use uuid::Uuid;
use vicino_contract::http::{ActBody, BulletinRecord, Collection, PlaceBody, PointBody, PublicReportRecord};
use vicino_domain::{Category, Instant, PlaceSource, ReportState, town_day};

use crate::practice::practice_store;
use crate::practice::story::STREETS;
use crate::store::StoreError;
use crate::{OpenError, Town};

const PHRASES: &str = include_str!("../../data/practice/phrases.json");
/// Records written in one transaction.
const BATCH: u64 = 10_000;
/// Acts of the kinds a town publishes every day.
const ACTS: &[&str] =
    &["A.01.02", "A.02.01", "A.02.02", "A.03.01", "A.04.01", "A.04.02", "D.01.02", "D.02.01", "E.01.01"];
const OFFICES: &[&str] = &[
    "Ufficio Tributi",
    "Polizia locale",
    "Ufficio Lavori pubblici",
    "Ufficio Ambiente e verde",
    "Ufficio Servizi scolastici",
];
const STATES: &[ReportState] =
    &[ReportState::InCharge, ReportState::Resolved, ReportState::Resolved, ReportState::Declined];

#[derive(Deserialize)]
struct Phrases {
    report_titles: Vec<String>,
    report_details: Vec<String>,
    news_titles: Vec<String>,
    act_titles: Vec<String>,
    sentences: Vec<String>,
    things: Vec<String>,
    schools: Vec<String>,
    months: Vec<String>,
}

/// Adds so many public records to a town that has fewer of them; the same seed makes the same records.
///
/// # Errors
/// [`OpenError`] when the register cannot be written.
pub fn crowd(town: &Town, records: u64, seed: u64) -> Result<(), OpenError> {
    if u64::try_from(town.register.look(|store| store.public_changes_after(0))?).unwrap_or_default() >= records {
        return Ok(());
    }
    let phrases: Phrases = serde_json::from_str(PHRASES)?;
    // They happened before a day that is always the same, so that the seed alone decides.
    let end = DateTime::from_timestamp(1_773_300_000, 0).unwrap_or_default();
    let mut rng = Rng::with_seed(seed);
    let mut written = 0;
    while written < records {
        let batch = BATCH.min(records - written);
        town.register.write(|tx| {
            for n in written..written + batch {
                // The oldest first: a minute apart.
                let at = end - Duration::minutes(i64::try_from(records - n).unwrap_or(0));
                let id = uuid::Builder::from_random_bytes(bytes(&mut rng)).into_uuid();
                if rng.u8(..10) < 6 {
                    let report = report(&phrases, &mut rng, id, at);
                    practice_store::add(tx, Collection::PublicReports, id, &report)?;
                } else {
                    let bulletin = bulletin(&phrases, &mut rng, id, at, n);
                    practice_store::add(tx, Collection::Bulletins, id, &bulletin)?;
                }
            }
            Ok::<_, StoreError>(())
        })?;
        written += batch;
    }
    Ok(())
}

fn bytes(rng: &mut Rng) -> [u8; 16] {
    rng.u128(..).to_be_bytes()
}

fn pick<'a>(rng: &mut Rng, from: &'a [String]) -> &'a str {
    from.get(rng.usize(..from.len().max(1))).map_or("", String::as_str)
}

/// A phrase with its braces filled.
fn say(phrases: &Phrases, rng: &mut Rng, phrase: &str) -> String {
    let mut said = String::with_capacity(phrase.len() + 24);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, tail) = after.split_once('}').unwrap_or((after, ""));
        said.push_str(before);
        match hole {
            "street" => said.push_str(STREETS.get(rng.usize(..STREETS.len())).map_or("", |street| street.0)),
            "number" => said.push_str(&rng.u32(1..180).to_string()),
            "day" => said.push_str(&rng.u32(1..29).to_string()),
            "amount" => said.push_str(&format!("{}.{:03}", rng.u32(1..400), rng.u32(..1000))),
            "month" => said.push_str(pick(rng, &phrases.months)),
            "school" => said.push_str(pick(rng, &phrases.schools)),
            "name_of_thing" => said.push_str(pick(rng, &phrases.things)),
            _ => said.push_str(OFFICES.get(rng.usize(..OFFICES.len())).copied().unwrap_or_default()),
        }
        rest = tail;
    }
    said.push_str(rest);
    said
}

fn report(phrases: &Phrases, rng: &mut Rng, id: Uuid, at: Instant) -> PublicReportRecord {
    let title = pick(rng, &phrases.report_titles).to_owned();
    let details = pick(rng, &phrases.report_details).to_owned();
    let (street, lat, lon) = STREETS.get(rng.usize(..STREETS.len())).copied().unwrap_or(("Via Roma", 43.4673, 11.8846));
    let (north, east) = ((rng.f64() - 0.5) / 500.0, (rng.f64() - 0.5) / 500.0);
    let category = Category::ALL.get(rng.usize(..Category::ALL.len())).copied().unwrap_or(Category::Roads);
    let state = STATES.get(rng.usize(..STATES.len())).copied().unwrap_or(ReportState::InCharge);
    PublicReportRecord {
        id,
        category: category.into(),
        title: say(phrases, rng, &title),
        details: say(phrases, rng, &details),
        place: PlaceBody {
            point: Some(PointBody { lat: lat + north, lon: lon + east }),
            accuracy: None,
            source: PlaceSource::Address.into(),
            address: Some(format!("{street} {}", rng.u32(1..120))),
            note: None,
            corrected_from: None,
        },
        state: state.into(),
        received_at: at,
    }
}

fn bulletin(phrases: &Phrases, rng: &mut Rng, id: Uuid, at: Instant, n: u64) -> BulletinRecord {
    let is_act = rng.u8(..10) < 7;
    let title = pick(rng, if is_act { &phrases.act_titles } else { &phrases.news_titles }).to_owned();
    let sentences = if is_act { 1..3 } else { 2..5 };
    let text: Vec<String> = (0..rng.usize(sentences))
        .map(|_| {
            let sentence = pick(rng, &phrases.sentences).to_owned();
            say(phrases, rng, &sentence)
        })
        .collect();
    let code = ACTS.get(rng.usize(..ACTS.len())).copied().unwrap_or("A.03.01").to_owned();
    let register = u32::try_from(n % 9_000 + 1).unwrap_or(1);
    BulletinRecord {
        id,
        kind: String::from(if is_act { "act" } else { "news" }),
        title: say(phrases, rng, &title),
        summary: text.first().cloned().unwrap_or_default(),
        text: text.join(" "),
        published_at: at,
        until: is_act.then(|| town_day(at + Duration::days(15))),
        office: None,
        act: is_act.then(|| ActBody { code, register, year: town_day(at).year() }),
        urgent: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_town_and_every_brace_is_filled() {
        let phrases: Phrases = serde_json::from_str(PHRASES).unwrap();
        let make = |seed| {
            let mut rng = Rng::with_seed(seed);
            let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
            (0..200)
                .map(|n| {
                    let report = serde_json::to_string(&report(&phrases, &mut rng, Uuid::nil(), at)).unwrap();
                    let bulletin = serde_json::to_string(&bulletin(&phrases, &mut rng, Uuid::nil(), at, n)).unwrap();
                    report + &bulletin
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
        for phrase in phrases.sentences.iter().chain(&phrases.report_details).chain(&phrases.act_titles) {
            assert!(!say(&phrases, &mut Rng::with_seed(1), phrase).contains(['{', '}']), "{phrase}");
        }
    }
}
