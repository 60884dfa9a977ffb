//! Codes into sentences, moments into dates: every word a page says comes through here.

mod certificates;
mod forms;
mod moments;
mod money;
mod problems;

use std::sync::atomic::{AtomicBool, Ordering};

use vicino_contract::ipc::Writer;
use vicino_domain::{Category, Place, PlaceSource, Point, ReportState};

pub use certificates::{audience, certificate, exemption, paper, proves};
pub use forms::{lack, phrase};
pub use moments::{camera, date, day, day_of, is_over, leaf, typed_day, weekday, when};
pub use money::{euro, paying, read_fault};
pub use problems::{code, failure, invalid, problem};

use crate::app::shared;
use crate::i18n::Locale;

/// Tells whether English is spoken; Italian otherwise.
static ENGLISH: AtomicBool = AtomicBool::new(false);

/// The language spoken now. Changing it draws the whole page anew, so words need not watch it.
pub fn locale() -> Locale {
    if ENGLISH.load(Ordering::Relaxed) { Locale::en } else { Locale::it }
}

/// Speaks another language from now on.
pub fn set_locale(locale: Locale) {
    ENGLISH.store(locale == Locale::en, Ordering::Relaxed);
}

/// A sentence by its key; one that speaks of something takes it after the key. A key that is not there does not
/// compile.
#[macro_export]
macro_rules! tr {
    ($($key:ident).+) => {
        leptos_i18n::td_string!($crate::words::locale(), $($key).+)
    };
    ($($key:ident).+, $($with:tt)+) => {
        leptos_i18n::td_string!($crate::words::locale(), $($key).+, $($with)+).to_string()
    };
}

/// A kind of problem.
pub fn category(category: Option<Category>) -> &'static str {
    match category {
        Some(Category::Water) => tr!(category.water),
        Some(Category::Environment) => tr!(category.environment),
        Some(Category::StreetFurniture) => tr!(category.street_furniture),
        Some(Category::Pests) => tr!(category.pests),
        Some(Category::Waste) => tr!(category.waste),
        Some(Category::Buildings) => tr!(category.buildings),
        Some(Category::PublicOrder) => tr!(category.public_order),
        Some(Category::Parks) => tr!(category.parks),
        Some(Category::Services) => tr!(category.services),
        Some(Category::Safety) => tr!(category.safety),
        Some(Category::Roads) => tr!(category.roads),
        None => tr!(category.unknown),
    }
}

/// A state of the town's.
pub fn state(state: Option<ReportState>) -> &'static str {
    match state {
        Some(ReportState::Received) => tr!(state.received),
        Some(ReportState::InCharge) => tr!(state.in_charge),
        Some(ReportState::YourTurn) => tr!(state.your_turn),
        Some(ReportState::Resolved) => tr!(state.resolved),
        Some(ReportState::Declined) => tr!(state.declined),
        Some(ReportState::Withdrawn) => tr!(state.withdrawn),
        None => tr!(state.unknown),
    }
}

/// A name among several kept in one sentence, counted from 1.
pub fn nth(names: &'static str, n: u8) -> &'static str {
    names.split('|').nth(usize::from(n.saturating_sub(1))).unwrap_or_default()
}

/// The name of a collection of the town; one this app does not know keeps its own name.
pub fn collection(name: &str) -> String {
    let known = [
        "reports",
        "residents",
        "cases",
        "notices",
        "payments",
        "certificates",
        "messages",
        "deadlines",
        "services",
        "offices",
        "bulletins",
        "public_reports",
        "streets",
        "holdings",
        "consumptions",
        "revocations",
        "counters",
        "devices",
    ];
    let at = known.iter().position(|known| *known == name).and_then(|at| u8::try_from(at + 1).ok());
    at.map_or_else(|| name.to_owned(), |at| nth(tr!(sync.collections), at).to_owned())
}

/// A member of a household other than the reader.
pub fn other_writer(by: Option<Writer>) -> Option<String> {
    let people = shared().people.known()?.people;
    let me = people.into_iter().find(|person| person.current).and_then(|person| person.resident);
    by.filter(|by| me != Some(by.id)).map(|by| by.name)
}

/// The writer of a message of the household: *you*, or somebody's name.
pub fn writer(by: Option<Writer>) -> String {
    other_writer(by).unwrap_or_else(|| tr!(report.you).to_owned())
}

/// The source of a place.
pub fn source(source: PlaceSource) -> &'static str {
    match source {
        PlaceSource::Device => tr!(place.source_device),
        PlaceSource::Photo => tr!(place.source_photo),
        PlaceSource::Address => tr!(place.source_address),
        PlaceSource::Coordinates => tr!(place.source_coordinates),
        PlaceSource::Words => tr!(place.source_words),
    }
}

/// A point as people write it: `43,4671 N · 11,8845 E`.
pub fn point(point: Point) -> String {
    let side = |degrees: f64, positive: &str, negative: &str| {
        let number = decimal(degrees.abs(), 4);
        format!("{number}\u{a0}{}", if degrees < 0.0 { negative } else { positive })
    };
    let lat = side(point.lat(), tr!(place.north), tr!(place.south));
    let lon = side(point.lon(), tr!(place.east), tr!(place.west));
    format!("{lat} · {lon}")
}

/// The line that names a place: its address, its words or its point.
pub fn place(place: &Place) -> String {
    let words = place.address.clone().or_else(|| place.note.clone()).filter(|words| !words.trim().is_empty());
    words.or_else(|| place.point.map(point)).unwrap_or_default()
}

/// A number of bytes: `1,7 MB`.
pub fn bytes(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "sizes of photos")]
    let size = bytes as f64;
    if bytes < 1_000_000 {
        format!("{}\u{a0}kB", decimal(size / 1e3, 0))
    } else {
        format!("{}\u{a0}MB", decimal(size / 1e6, 1))
    }
}

pub fn decimal(number: f64, places: u32) -> String {
    // By whole numbers: what formats any float at all weighs more than every word here.
    let scale = 10_u64.pow(places);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    let scaled = (number * f64::from(10_u32.pow(places))).round() as u64;
    let (whole, part) = (scaled / scale, scaled % scale);
    if places == 0 {
        return whole.to_string();
    }
    let mark = if locale() == Locale::en { '.' } else { ',' };
    let part = part.to_string();
    let zeros = "0".repeat(usize::try_from(places).unwrap_or(0).saturating_sub(part.len()));
    format!("{whole}{mark}{zeros}{part}")
}
