//! One search over everything on the device: the resident's own file and the town's public one, each with its own index.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Stopwatch};

use vicino_contract::http::Collection;
use vicino_contract::ipc::finding::Place;
use vicino_contract::ipc::{Find, Finding, Findings, Group};
use vicino_domain::{ReportId, fold};
use vicino_records::index_entry::index_entry;
use vicino_records::words::{typed, words};
use vicino_records::{Found, Hit, find};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::report;
use crate::store::cursors;
use crate::store::finding::REPORTS;

/// Things of a group, as one types.
const FEW: usize = 5;
/// Things of a group that alone is asked for.
const MANY: usize = 60;
/// What is not found by then is not worth waiting for between two letters.
const BUDGET: Duration = Duration::from_millis(5);
/// Letters of a snippet.
const SNIPPET: usize = 140;

/// Collections of the private file, each with its place.
const OWN: &[(&str, Place)] = &[
    (REPORTS, Place::Reports),
    (Collection::Cases.wire(), Place::Cases),
    (Collection::Notices.wire(), Place::Notices),
    (Collection::Payments.wire(), Place::Matters),
    (Collection::Certificates.wire(), Place::Matters),
    (Collection::Messages.wire(), Place::Matters),
    (Collection::Deadlines.wire(), Place::Matters),
];
/// Collections of the public file, each with its place.
const PUBLIC: &[(&str, Place)] = &[
    (Collection::Services.wire(), Place::Services),
    (Collection::Offices.wire(), Place::Offices),
    (Collection::Bulletins.wire(), Place::Bulletins),
    (Collection::PublicReports.wire(), Place::PublicReports),
    (Collection::Streets.wire(), Place::Streets),
];

impl Handle for Find {
    fn handle(self, device: &Device) -> Result<Findings, Error> {
        let begun = Stopwatch::now();
        let limit = if self.only.is_some() { MANY } else { FEW };
        let wanted = |all: &[(&'static str, Place)]| -> Vec<&'static str> {
            let fits = |place: Place| self.only.is_none_or(|only| only == place);
            all.iter().filter(|(_, place)| fits(*place)).map(|(name, _)| *name).collect()
        };
        let time_left = || begun.elapsed() < BUDGET;
        let own = device.store.private(|tx| {
            let found = find(tx, &self.text, &wanted(OWN), limit, time_left)?;
            described(found, &self.text, |collection, hit| match collection {
                REPORTS => Ok(report::store::find(tx, ReportId::from_uuid(hit.id))?.map(|kept| kept.report.details)),
                _ => Ok(None),
            })
        })?;
        let own_drafts = if self.only.is_none_or(|only| only == Place::Drafts) {
            device.store.private(report::drafts_store::all)?
        } else {
            Vec::new()
        };
        let (public, others, freshness) = device.store.look(|tx| {
            let found = find(tx, &self.text, &wanted(PUBLIC), limit, time_left)?;
            let unknown = unknown(tx)?;
            let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
            let asked = self.only.is_none_or(|only| only == Place::Others);
            let others = if asked { find(tx, &self.text, &unknown, limit, time_left)? } else { BTreeMap::new() };
            let freshness = device.public_freshness(cursors::read(tx)?.freshness);
            let none = |_: &str, _: &Hit| Ok(None);
            Ok((described(found, &self.text, none)?, described(others, &self.text, none)?, freshness))
        })?;
        let mut groups: BTreeMap<Place, Group> = BTreeMap::new();
        let rows = in_drafts(own_drafts, &self.text);
        groups.insert(Place::Drafts, Group { place: Place::Drafts, rows, more: false });
        let mut complete = true;
        let place = |name: &str| {
            OWN.iter().chain(PUBLIC).find(|(known, _)| *known == name).map_or(Place::Others, |(_, place)| *place)
        };
        for (collection, (rows, more, whole)) in own.into_iter().chain(public).chain(others) {
            complete &= whole;
            let place = place(&collection);
            let group = groups.entry(place).or_insert_with(|| Group { place, rows: Vec::new(), more: false });
            group.rows.extend(rows);
            group.more |= more;
        }
        let mut groups: Vec<Group> = groups.into_values().filter(|group| !group.rows.is_empty()).collect();
        for group in &mut groups {
            group.more |= group.rows.len() > limit;
            group.rows.truncate(limit);
        }
        Ok(Findings { text: self.text, groups, complete, freshness })
    }
}

/// Drafts that hold every word. They are few and change with every letter: they are read through, not indexed.
fn in_drafts(drafts: Vec<report::drafts_store::KeptDraft>, asked: &str) -> Vec<Finding> {
    let asked = typed(asked);
    let holds = |text: &str| {
        let words = words(text);
        !asked.is_empty() && asked.iter().all(|asked| words.iter().any(|word| word.starts_with(asked.as_str())))
    };
    let found = drafts.into_iter().filter_map(|kept| {
        let place = kept.draft.place.as_ref();
        let place = place.and_then(|place| place.address.clone().or_else(|| place.note.clone())).unwrap_or_default();
        let text = format!("{}\n{place}", kept.draft.details);
        let found = holds(&format!("{}\n{text}", kept.draft.title));
        found.then(|| Finding {
            id: kept.draft.id.uuid(),
            title: kept.draft.title,
            snippet: snippet(&text, &asked.join(" ")),
            at: Some(kept.saved_at),
        })
    });
    found.collect()
}

/// Collections of the public file that have no place in this release.
fn unknown(tx: &rusqlite::Transaction<'_>) -> Result<Vec<String>, Error> {
    let all = vicino_records::counts(tx)?.into_iter().map(|count| count.collection);
    Ok(all.filter(|name| Collection::from_wire(name).is_none()).collect())
}

type Described = (Vec<Finding>, bool, bool);

/// What was found, with the words around; `text_of` knows what stands in a table of its own.
fn described(
    found: BTreeMap<String, Found>,
    asked: &str,
    text_of: impl Fn(&str, &Hit) -> Result<Option<String>, Error>,
) -> Result<BTreeMap<String, Described>, Error> {
    let mut all = BTreeMap::new();
    for (collection, found) in found {
        let mut rows = Vec::with_capacity(found.hits.len());
        for hit in found.hits {
            let own = text_of(&collection, &hit)?;
            let text = own.unwrap_or_else(|| {
                hit.body.as_deref().map(|body| index_entry(&collection, body).text).unwrap_or_default()
            });
            let at = (hit.at != 0).then(|| vicino_domain::Instant::from_timestamp_millis(hit.at).unwrap_or_default());
            rows.push(Finding { id: hit.id, title: hit.title, snippet: snippet(&text, asked), at });
        }
        all.insert(collection, (rows, found.more, found.complete));
    }
    Ok(all)
}

/// The words around the first that was asked for; the beginning when none of them is in the text.
fn snippet(text: &str, asked: &str) -> String {
    let asked = fold(asked);
    let asked: Vec<&str> = asked.split(' ').filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_asked = |word: &&str| {
        let folded = fold(word);
        asked.iter().any(|asked| folded.split(' ').any(|part| part.starts_with(asked)))
    };
    let at = words.iter().position(is_asked).unwrap_or(0);
    let begin = at.saturating_sub(6);
    let mut snippet = String::from(if begin > 0 { "… " } else { "" });
    let mut rest = words.iter().skip(begin).peekable();
    while let Some(word) = rest.next() {
        snippet.push_str(word);
        if snippet.chars().count() > SNIPPET && rest.peek().is_some() {
            snippet.push_str(" …");
            break;
        }
        snippet.push(' ');
    }
    snippet.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_shows_the_words_around() {
        let text = "Uno due tre quattro cinque sei sette otto nove dieci. L’ufficio Anagrafe è chiuso.";
        assert_eq!(snippet(text, "anagr"), "… sei sette otto nove dieci. L’ufficio Anagrafe è chiuso.");
        assert_eq!(snippet("Breve", "altro"), "Breve");
        assert_eq!(snippet("", "x"), "");
        assert!(snippet(&"parola ".repeat(60), "zzz").ends_with('…'));
    }
}
