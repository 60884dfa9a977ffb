//! One search over everything on the device: the resident's own file and the town's public one, each with its own index.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Stopwatch};

use vicino_contract::http::Collection;
use vicino_contract::ipc::finding::SearchGroup;
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

/// Collections of the private file, each with its group.
const OWN: &[(&str, SearchGroup)] = &[
    (REPORTS, SearchGroup::Reports),
    (Collection::Cases.code(), SearchGroup::Cases),
    (Collection::Notices.code(), SearchGroup::Notices),
    (Collection::Payments.code(), SearchGroup::Matters),
    (Collection::Certificates.code(), SearchGroup::Matters),
    (Collection::Messages.code(), SearchGroup::Matters),
    (Collection::Deadlines.code(), SearchGroup::Matters),
];
/// Collections of the public file, each with its group.
const PUBLIC: &[(&str, SearchGroup)] = &[
    (Collection::Services.code(), SearchGroup::Services),
    (Collection::Offices.code(), SearchGroup::Offices),
    (Collection::Bulletins.code(), SearchGroup::Bulletins),
    (Collection::PublicReports.code(), SearchGroup::PublicReports),
    (Collection::Streets.code(), SearchGroup::Streets),
];

impl Handle for Find {
    fn handle(self, device: &Device) -> Result<Findings, Error> {
        let begun = Stopwatch::now();
        let limit = if self.only.is_some() { MANY } else { FEW };
        let wanted = |all: &[(&'static str, SearchGroup)]| -> Vec<&'static str> {
            let fits = |kind: SearchGroup| self.only.is_none_or(|only| only == kind);
            all.iter().filter(|(_, kind)| fits(*kind)).map(|(name, _)| *name).collect()
        };
        let time_left = || begun.elapsed() < BUDGET;
        let own = device.store.private(|tx| {
            let found = find(tx, &self.text, &wanted(OWN), limit, time_left)?;
            described(found, &self.text, |collection, hit| match collection {
                REPORTS => Ok(report::store::find(tx, ReportId::from_uuid(hit.id))?.map(|kept| kept.report.details)),
                _ => Ok(None),
            })
        })?;
        let own_drafts = if self.only.is_none_or(|only| only == SearchGroup::Drafts) {
            device.store.private(report::drafts_store::all)?
        } else {
            Vec::new()
        };
        let (public, others, freshness) = device.store.look(|tx| {
            let found = find(tx, &self.text, &wanted(PUBLIC), limit, time_left)?;
            let unknown = unknown(tx)?;
            let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
            let asked = self.only.is_none_or(|only| only == SearchGroup::Others);
            let others = if asked { find(tx, &self.text, &unknown, limit, time_left)? } else { BTreeMap::new() };
            let freshness = device.public_freshness(cursors::read(tx)?.freshness);
            let none = |_: &str, _: &Hit| Ok(None);
            Ok((described(found, &self.text, none)?, described(others, &self.text, none)?, freshness))
        })?;
        let mut groups: BTreeMap<SearchGroup, Group> = BTreeMap::new();
        let rows = in_drafts(own_drafts, &self.text);
        groups.insert(SearchGroup::Drafts, Group { kind: SearchGroup::Drafts, rows, more: false });
        let mut complete = true;
        let kind_of = |name: &str| {
            OWN.iter().chain(PUBLIC).find(|(known, _)| *known == name).map_or(SearchGroup::Others, |(_, kind)| *kind)
        };
        for (collection, found) in own.into_iter().chain(public).chain(others) {
            complete &= found.complete;
            let kind = kind_of(&collection);
            let group = groups.entry(kind).or_insert_with(|| Group { kind, rows: Vec::new(), more: false });
            group.rows.extend(found.rows);
            group.more |= found.more;
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

/// Collections of the public file that this release has no group for.
fn unknown(tx: &rusqlite::Transaction<'_>) -> Result<Vec<String>, Error> {
    let all = vicino_records::counts(tx)?.into_iter().map(|count| count.collection);
    Ok(all.filter(|name| Collection::from_code(name).is_none()).collect())
}

/// Findings of a collection, as they are shown.
struct Described {
    rows: Vec<Finding>,
    /// Tells whether there are more.
    more: bool,
    /// Tells whether all of the collection was looked at.
    complete: bool,
}

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
        all.insert(collection, Described { rows, more: found.more, complete: found.complete });
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
