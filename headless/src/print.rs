//! Answers on the terminal: a line for people, or JSON for programs.

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::Value;
use vicino_contract::ipc::{
    BulletinKind, BulletinList, BulletinRow, CollectionRow, DeadlineList, DeadlineRow, Delivery, Finding, Findings,
    OutboxView, PeopleView, ProfileView, ReportList, RequestRow, ServiceList, ServiceRow, SyncState, ThreadList,
    ThreadRow, TownView, WaitsFor,
};
use vicino_contract::{Failure, FailureCode};
use vicino_core::{Round, Salvaged};
use vicino_domain::{DeadlineKind, Instant, Point, ReportId, text, town_day};

use crate::Fault;

/// The way to answer.
#[derive(Clone, Copy)]
pub(crate) struct Print {
    pub(crate) json: bool,
}

/// A report saved on this device.
#[derive(Serialize)]
pub(crate) struct Written {
    pub(crate) id: ReportId,
    pub(crate) saved_at: Instant,
    /// The point it is at, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) point: Option<Point>,
    /// The town outside whose border that point is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outside: Option<String>,
}

#[derive(Serialize)]
struct Told {
    reached: bool,
    waiting: u32,
    stuck: u32,
    trouble: Option<FailureCode>,
}

impl Print {
    pub(crate) fn town(&self, town: &TownView) {
        self.say(town, || format!("joined {}\nkey {}", town.name, town.fingerprint));
    }

    /// Says, where something waits for a sign-in that is over, that it does.
    pub(crate) fn signed_out(&self, outbox: &OutboxView) {
        let waits = outbox.waiting.iter().filter(|row| row.waits_for == Some(WaitsFor::SignIn)).count();
        if waits > 0 && !self.json {
            let _ = writeln!(io::stdout(), "{waits} of them wait until you sign in again: `login`");
        }
    }

    pub(crate) fn mended(&self, all: &[Salvaged]) {
        self.say(&all, || {
            if all.is_empty() {
                return String::from("nothing here is damaged");
            }
            let line = |one: &Salvaged| {
                let (kept, places) = (one.kept.display(), if one.holes == 1 { "place" } else { "places" });
                match one.rows {
                    0 => format!(
                        "nothing in it could be read: a new store begins (`join` a town, then `login`), and what was there is kept as {kept}"
                    ),
                    rows => format!(
                        "saved {rows} rows; {} {places} could not be read; the damaged file is kept as {kept}",
                        one.holes
                    ),
                }
            };
            all.iter().map(line).collect::<Vec<_>>().join("\n")
        });
    }

    pub(crate) fn saved(&self, written: &Written) {
        self.say(written, || {
            let saved = format!("saved on this device: {}", written.id);
            match (written.point, &written.outside) {
                (Some(point), Some(town)) => format!("{saved}\nits place, {point}, is outside {town}: is that right?"),
                _ => saved,
            }
        });
    }

    pub(crate) fn round(&self, round: &Round) {
        let Round { reached, waiting, stuck, trouble } = *round;
        let told = Told { reached, waiting, stuck, trouble };
        let reached = match trouble {
            _ if round.reached => "reached the town",
            Some(FailureCode::NotATown) => "what answers there is not the town",
            _ => "no road to the town",
        };
        self.say(&told, || {
            let trouble = trouble.filter(|_| round.reached);
            let trouble = trouble.map(|code| format!("\nnot read to the end: {}", sentence(&Failure::new(code))));
            format!("{reached}; {waiting} waiting, {stuck} stuck{}", trouble.unwrap_or_default())
        });
    }

    pub(crate) fn reports(&self, list: &ReportList) {
        let line = |row: &vicino_contract::ipc::ReportRow| {
            let came = match &row.delivery {
                Delivery::Waiting => String::from("saved here"),
                Delivery::Delivered { number, .. } => format!("received, {number}"),
                Delivery::Stuck { reason } => format!("stuck: {}", reason.code.code()),
            };
            let state = row.state.map(|state| format!(", {state}")).unwrap_or_default();
            format!("{}  {came}{state}  {}", row.id, row.title)
        };
        self.say(list, || match list.rows.as_slice() {
            [] if list.freshness.as_of.is_none() => String::from("none written here; the town's are not known yet"),
            [] => String::from("no reports"),
            rows => rows.iter().map(line).collect::<Vec<_>>().join("\n"),
        });
    }

    pub(crate) fn people(&self, people: &PeopleView) {
        self.say(people, || {
            let now = people.people.iter().find(|person| person.current);
            let name = now.and_then(|person| person.name.clone()).unwrap_or_else(|| String::from("a resident"));
            format!("signed in as {name}")
        });
    }

    pub(crate) fn status(&self, state: &SyncState) {
        let line = |row: &CollectionRow| {
            let whose = if row.own { "own" } else { "public" };
            let as_of = row.as_of.map_or_else(|| String::from("not known yet"), |at| at.to_rfc3339());
            let aside = if row.set_aside > 0 { format!(", {} set aside", row.set_aside) } else { String::new() };
            let trouble = row.trouble.map(|code| format!(": {}", sentence(&Failure::new(code)))).unwrap_or_default();
            format!("{:16} {whose:7} {:7}{aside}  as of {as_of}{trouble}", row.name, row.count)
        };
        self.say(state, || {
            let cursors = [("own", &state.own_cursor), ("public", &state.public_cursor)];
            let cursors =
                cursors.map(|(name, cursor)| format!("{name} cursor {}", cursor.as_deref().unwrap_or("none")));
            state.collections.iter().map(line).chain(cursors).collect::<Vec<_>>().join("\n")
        });
    }

    pub(crate) fn services(&self, list: &ServiceList) {
        let line = |row: &ServiceRow| format!("{}  {:2}  {}", row.id, row.category, row.title);
        self.say(list, || match list.freshness.as_of {
            None => String::from("not known yet"),
            Some(_) => list.rows.iter().map(line).collect::<Vec<_>>().join("\n"),
        });
    }

    pub(crate) fn bulletins(&self, list: &BulletinList) {
        let line = |row: &BulletinRow| {
            let kind = row.kind.map_or("other", BulletinKind::code);
            format!("{}  {kind:6}  {}", town_day(row.published_at), row.title)
        };
        self.say(list, || match list.freshness.as_of {
            None => String::from("not known yet"),
            Some(_) => list.rows.iter().map(line).collect::<Vec<_>>().join("\n"),
        });
    }

    pub(crate) fn found(&self, found: &Findings) {
        let line = |place: &dyn std::fmt::Debug, row: &Finding| {
            let at = row.at.map(|at| format!("{}  ", town_day(at))).unwrap_or_default();
            format!("{place:?}  {at}{}\n    {}", row.title, row.snippet)
        };
        self.say(found, || {
            let lines: Vec<String> =
                found.groups.iter().flat_map(|group| group.rows.iter().map(|row| line(&group.kind, row))).collect();
            match found.freshness.as_of {
                _ if !lines.is_empty() => lines.join("\n"),
                Some(_) => String::from("nothing"),
                None => String::from("not known yet"),
            }
        });
    }

    pub(crate) fn threads(&self, list: &ThreadList) {
        let line = |row: &ThreadRow| {
            let who = row.office.as_deref().unwrap_or("you");
            let unread = if row.unread > 0 { format!("{} unread  ", row.unread) } else { String::new() };
            format!("{}  {unread}{}  {who}: {}", row.at.to_rfc3339(), row.title, row.text)
        };
        self.say(list, || lines(list.rows.iter().map(line), list.freshness.as_of.is_some()));
    }

    pub(crate) fn deadlines(&self, list: &DeadlineList) {
        let line = |row: &DeadlineRow| {
            let what = match row.kind {
                DeadlineKind::Answer => "answer: ",
                DeadlineKind::Send => "send: ",
                DeadlineKind::Pay => "pay: ",
                DeadlineKind::Conclude => "the town concludes: ",
                DeadlineKind::Report => "the town answers: ",
                DeadlineKind::Renew => "get a new one: ",
                DeadlineKind::Other => "",
            };
            let whom = row.beneficiary.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            format!("{}  {what}{}{whom}", row.on, row.title)
        };
        self.say(list, || lines(list.rows.iter().map(line), list.freshness.as_of.is_some()));
    }

    pub(crate) fn profile(&self, profile: &ProfileView) {
        self.say(profile, || match &profile.person {
            None if profile.signed_in => String::from("the town has not told yet: `sync` first"),
            None => String::from("nobody is signed in: `login` first"),
            Some(person) => {
                let facts =
                    format!("{}  {}  born {}  {}", person.name, person.tax_code, person.birth_date, person.address);
                let members = person.household.iter().map(|member| format!("  {}", member.name));
                std::iter::once(facts).chain(members).collect::<Vec<_>>().join("\n")
            }
        });
    }

    pub(crate) fn outbox(&self, outbox: &OutboxView) {
        let line = |word: &str, row: &RequestRow| {
            let why = row.stuck.as_ref().map(|reason| format!("  {}", reason.code.code())).unwrap_or_default();
            format!("{word:9}  {:?}  {}  tries {}{why}", row.kind, row.title, row.tries)
        };
        let all = [("stuck", &outbox.stuck), ("waiting", &outbox.waiting), ("delivered", &outbox.delivered)];
        self.say(&with_bare_matters(outbox, &["stuck", "waiting", "delivered"], "/matter"), || {
            let lines: Vec<String> =
                all.iter().flat_map(|(word, rows)| rows.iter().map(move |row| line(word, row))).collect();
            if lines.is_empty() { String::from("nothing") } else { lines.join("\n") }
        });
    }

    /// The address to open; printed when the door is open, whoever started this waits for the line.
    pub(crate) fn address(&self, address: &str) {
        // Whoever started this may have stopped reading: that ends nothing.
        drop(writeln!(io::stdout(), "listening on {address}"));
    }

    pub(crate) fn fault(&self, fault: &Fault) {
        let said = match (self.json, fault) {
            (true, Fault::Failed(failure)) => serde_json::to_string(failure).unwrap_or_default(),
            (true, other) => serde_json::json!({ "text": other.to_string() }).to_string(),
            (false, _) => format!("vicino-headless: {fault}"),
        };
        // A terminal that is gone hears nothing, and that is no fault of what was done.
        let _ = writeln!(io::stderr(), "{said}");
    }

    pub(crate) fn say(&self, value: &impl Serialize, line: impl FnOnce() -> String) {
        // What others wrote must not command the terminal it is read on, nor turn its lines round.
        let said = if self.json { serde_json::to_string(value).unwrap_or_default() } else { text::lines(&line()) };
        // Whoever reads may have heard enough and gone, as `head` does: that is no fault.
        let _ = writeln!(std::io::stdout(), "{said}");
    }
}

/// A view as scripts read it: the matter at this place of each row of these lists by its bare identity.
pub(crate) fn with_bare_matters(view: &impl Serialize, lists: &[&str], place: &str) -> Value {
    let mut view = serde_json::to_value(view).unwrap_or_default();
    for list in lists {
        let rows = view.get_mut(*list).and_then(Value::as_array_mut);
        for matter in rows.into_iter().flatten().filter_map(|row| row.pointer_mut(place)) {
            if let Some(id) = matter.as_object().and_then(|kinds| kinds.values().next().cloned()) {
                *matter = id;
            }
        }
    }
    view
}

/// Lines, or that there are none; where nothing was read yet, that it is not known.
fn lines(all: impl Iterator<Item = String>, known: bool) -> String {
    let all: Vec<String> = all.collect();
    match (all.is_empty(), known) {
        (false, _) => all.join("\n"),
        (true, true) => String::from("nothing"),
        (true, false) => String::from("not known yet"),
    }
}

/// A sentence for a failure.
pub(crate) fn sentence(failure: &Failure) -> String {
    let fields: Vec<String> = failure.invalid.iter().map(ToString::to_string).collect();
    let sentence = match failure.code {
        FailureCode::Invalid => return format!("not written down; to correct: {}", fields.join("; ")),
        FailureCode::NotFound => "there is nothing here under that name",
        FailureCode::AlreadySent => "it was sent already",
        FailureCode::PhotoEmpty => "the photo is an empty file",
        FailureCode::PhotoNotAPicture => "the file is no picture that can be read here (JPEG, PNG or WebP)",
        FailureCode::PhotoHeic => "the photo is HEIC or AVIF: save it as JPEG first",
        FailureCode::PhotoBroken => "the picture or paper is broken, and cannot be read to its end",
        FailureCode::PhotoTooHeavy => "the photo has more than 40 MB",
        FailureCode::PhotoTooLarge => {
            "the photo has more pixels than are read here: 120 million of a JPEG, 52 million of others, 26 million where each colour has 16 bits"
        }
        FailureCode::PaperLocked => "the paper is locked with a password: unlock it, or print it anew, and try again",
        FailureCode::StillReading => "another file is still being read: try again in a minute",
        FailureCode::TooMuchWork => {
            "reading the whole file takes more time or memory than is allowed: try a smaller one, or a photo of the part that counts"
        }
        FailureCode::PhotoTooMany => "the report holds as many photos as the town accepts",
        FailureCode::FileEmpty => "the file is empty",
        FailureCode::FileTooHeavy => "the file has more bytes than the town takes",
        FailureCode::FileKind => "the file is, by its bytes, of a kind that is not taken here",
        FailureCode::FileTooMany => "as many files as the town takes are there already",
        FailureCode::FileDamaged => "the file on this disk is not what it was, and the town does not have it",
        FailureCode::FileAgain => "the file on this disk is not what it was: it is fetched again with the next sync",
        FailureCode::NameTooLong => "a name has at most 80 letters",
        FailureCode::NoViewer => "nothing on this system shows such a file",
        FailureCode::NoSuchCode => "no tax code looks like that",
        FailureCode::SelfCertify => "a public body may not ask for a certificate: `declare` writes what it takes",
        FailureCode::DeclarationLacks => {
            "something is not chosen or not written yet, or is not the year or the sum in euros that is asked for"
        }
        FailureCode::CertificateWish => "this town does not issue such a certificate, or not like this",
        FailureCode::NotADate => "not a date: write 31/12/2026",
        FailureCode::NoSuchDay => "there is no such day",
        FailureCode::NotToPay => "it is paid, or cannot be paid now: nobody is to be shown its code",
        FailureCode::ServiceClosed => "this service cannot be asked for now",
        FailureCode::FormUnusable => "this service cannot be asked for from here yet: ask its office",
        FailureCode::CheckoutUnreachable => "the payment page cannot be reached now; nothing was paid",
        FailureCode::CheckoutRefused => "the payment page refuses these notices; nothing was paid",
        FailureCode::SignInToPay => "this town does not know this notice: sign in to pay it here, or pay it elsewhere",
        FailureCode::CheckoutNonsense => "the payment page answered nonsense; nothing was paid",
        FailureCode::NoPayments => "this town takes no payments from here",
        FailureCode::DiskFull => "the disk is full; what was saved before is safe",
        FailureCode::Storage => {
            "the device's own store cannot be read or written: `mend` looks for damage, and saves what can be read"
        }
        FailureCode::NotJoined => "no town has been joined: `join URL` first",
        FailureCode::OtherTown => "this device belongs to another town; use another --data folder",
        FailureCode::OtherPerson => "this store belongs to somebody else",
        FailureCode::SignInRefused => "the town did not believe the sign-in",
        FailureCode::SignedOut => "nobody is signed in: `login` first",
        FailureCode::NotNow => "the town answers, and cannot do it now",
        FailureCode::BadSnapshot => "the town shipped something it did not sign for; it is read piece by piece",
        FailureCode::Unreachable => "the town cannot be reached now",
        FailureCode::NotATown => "what answers there is not a town, or its signature does not hold",
        FailureCode::NotAnAddress => {
            "that is no town's address: it begins with https://, such as https://vicino.comune.example"
        }
        FailureCode::BadCall | FailureCode::Internal => "a fault of this program; its log says more",
    };
    sentence.to_owned()
}
