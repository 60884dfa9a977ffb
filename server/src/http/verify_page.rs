//! The town's page for whoever has no app: what somebody holds is checked by the town itself, and nothing of it is kept.

use chrono::NaiveDate;
use maud::{Markup, html};
use rusqlite::Transaction;
use vicino_contract::Verdict;
use vicino_contract::http::{CertificateClaims, Collection, RevocationRecord};
use vicino_contract::verify::{Brought, Held, Known, read as word_in};
use vicino_domain::media::is_pdf;
use vicino_domain::{italian_day, said_on, town_day};
use vicino_pictures::looking::Wish;
use vicino_pictures::photo::PhotoError;
use vicino_pictures::scan::Wanted;

use crate::http::html::page;
use crate::matters::certificate::{find, revocation};
use crate::refusal::RefusalKind;
use crate::store::{self, StoreError};
use crate::{Refusal, Town};

/// The language of a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    Italian,
    English,
}

impl Language {
    /// The one a browser would rather read, by what it says of itself (RFC 9110 section 12.5.4): whichever of the two comes first.
    pub(crate) fn preferred(accepted: &str) -> Self {
        let mut wanted = accepted.split(',').map(|one| one.trim().to_ascii_lowercase());
        match wanted.find(|one| one.starts_with("it") || one.starts_with("en")) {
            Some(one) if one.starts_with("en") => Self::English,
            _ => Self::Italian,
        }
    }

    const fn of<'a>(self, (italian, english): (&'a str, &'a str)) -> &'a str {
        match self {
            Self::Italian => italian,
            Self::English => english,
        }
    }
}

/// What came with the form: a file, or the text of a code.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) file: Vec<u8>,
    pub(crate) text: String,
}

/// The page on which somebody has a certificate checked.
pub(crate) fn checking_page(town: &Town, language: Language) -> String {
    page_with(town, language, &html! {})
}

/// The page that checks certificates, with the result of a check.
pub(crate) fn checked_page(town: &Town, language: Language, shown: &Shown) -> Result<String, Refusal> {
    Ok(page_with(town, language, &checked(town, language, shown)?))
}

/// The page that checks certificates, saying in words why nothing was checked: a reader has no use for a problem code.
pub(crate) fn unchecked_page(town: &Town, language: Language, refusal: &Refusal) -> String {
    page_with(town, language, &said("turn", language.of(unlooked(refusal.kind)), ""))
}

fn page_with(town: &Town, language: Language, told: &Markup) -> String {
    let say = |words| language.of(words);
    let title = say(("Verifica un certificato", "Check a certificate"));
    let other = language.of(("en", "it"));
    let inner = html! {
        h1 { (title) }
        (told)
        p {
            (say((
                "Per i certificati rilasciati da questo Comune: il file PDF, una foto del codice, o il suo testo.",
                "For certificates issued by this town: the PDF file, a photo of the code, or its text."
            )))
        }
        form method="post" enctype="multipart/form-data" {
            label for="file" { (say(("PDF o foto", "PDF or photo"))) }
            input id="file" name="file" type="file" accept="application/pdf,image/jpeg,image/png,image/webp";
            label for="text" { (say(("Oppure il testo del codice", "Or the text of the code"))) }
            textarea id="text" name="text" rows="3" autocomplete="off" spellcheck="false" {}
            button.go { (say(("Verifica", "Check"))) }
        }
        p {
            small {
                (say((
                    "Il Comune lo controlla e non conserva niente. Con l’app Vicino si fa anche senza rete.",
                    "The town checks it and keeps nothing. With the Vicino app this works without a network too."
                )))
            }
        }
        p lang=(other) { a href={ "?lang=" (other) } { (say(("In English", "In italiano"))) } }
    };
    let practice = town.identity.practice.then(|| {
        say((
            "PROVA · Questo Comune non esiste e non certifica nulla.",
            "PRACTICE · This town does not exist and certifies nothing.",
        ))
    });
    let title = format!("{title} · {}", town.identity.name);
    page(language.of(("it", "en")), &title, practice, &inner)
}

fn checked(town: &Town, language: Language, shown: &Shown) -> Result<Markup, Refusal> {
    let keys = town.keys.of_certificates();
    // A word of a key that somebody else may hold is held against the register like every other.
    let known = Known { ipa_code: &town.identity.ipa_code, keys: &keys, compromised: &[] };
    let brought = match (shown.file.is_empty(), shown.text.trim()) {
        (true, "") => return Ok(said("turn", language.of(NOTHING), "")),
        (true, text) => Ok(Brought::text(text)),
        // Anybody may bring a paper: its seal is looked at, and it is never drawn here, for nothing bounds what drawing one may cost.
        (false, _) => Brought::file(&shown.file, Some(known), |bytes| {
            if is_pdf(bytes) {
                return Ok(Vec::new());
            }
            town.identity.looker.codes(Wish::StrangersCodes(Wanted::Certificate), bytes).map(|codes| codes.texts)
        }),
    };
    let held = match brought {
        Ok(brought) => brought.against(Some(known)),
        Err(bad) => return Ok(said("turn", language.of(unread(bad)), "")),
    };
    let (given, taken_back) = match &held.said {
        Some(said) => town.register.read(|tx| {
            let key = revocation(&said.number).to_string();
            let taken_back = store::find::<RevocationRecord>(tx, Collection::Revocations, &key)?.is_some();
            Ok::<_, Refusal>((has_given(tx, said, town_day(town.now()))?, taken_back))
        })?,
        None => (true, false),
    };
    let today = town_day(town.now());
    // The register lists every certificate the town has signed: a number that is not there is false, even with a good signature.
    if !given {
        return Ok(said("no", language.of(NEVER_GIVEN.0), language.of(NEVER_GIVEN.1)));
    }
    let verdict = held.verdict(taken_back, today);
    if verdict == Verdict::NotOne && is_pdf(&shown.file) {
        return Ok(said("turn", language.of(UNSEALED.0), language.of(UNSEALED.1)));
    }
    let (class, title, text) = match (verdict, held.is_sealed()) {
        (Verdict::Genuine, None) => GENUINE_CODE,
        _ => words(verdict),
    };
    let checked = held.said.as_ref().map(|word| what(town, language, word, &held));
    Ok(html! { (said(class, language.of(title), language.of(text))) (checked.unwrap_or_default()) })
}

/// The claims the town signed, and what exactly was checked.
fn what(town: &Town, language: Language, word: &CertificateClaims, held: &Held) -> Markup {
    let say = |words| language.of(words);
    let until = match word.until {
        Some(until) => said_on(say(("vale fino al ", "holds until ")), &day_in(language, until)),
        None => say(("non scade", "does not expire")).to_owned(),
    };
    let seal = match held.is_sealed() {
        Some(true) => say((
            "Il sigillo: ogni byte del file è come l’ha dato il Comune.",
            "The seal: every byte of the file is as the town gave it.",
        )),
        Some(false) => say(("Il sigillo del file non torna.", "The seal of the file does not hold.")),
        None => say((
            "Il file o la stampa non hanno sigillo: confronta quello che si legge con quello che il Comune ha firmato, qui sopra.",
            "The file or print bears no seal: compare what it says with what the town signed, above.",
        )),
    };
    html! {
        h2 { (say(("Che cosa ha firmato il Comune", "What the town signed"))) }
        p {
            b { (word.name) } ", " (say(("data di nascita", "born on"))) " " (day_in(language, word.born_on))
        }
        ul lang="it" {
            @for text in &word.says {
                li { (text) }
            }
        }
        p {
            small {
                (say(("Numero", "Number"))) " " (word.number) " · "
                (say(("rilasciato il", "issued on"))) " " (day_in(language, word.on)) " · " (until)
            }
        }
        h2 { (say(("Che cosa abbiamo controllato", "What we checked"))) }
        ul {
            li { (say(("La firma del Comune sul codice.", "The town’s signature on the code."))) }
            li { (seal) }
            li { (say(("La data di oggi:", "Today’s date:"))) " " (day_in(language, town_day(town.now()))) "." }
            li {
                (say((
                    "L’elenco dei certificati ritirati, di adesso.",
                    "The list of certificates taken back, as of now."
                )))
            }
        }
    }
}

/// Returns whether the register has a certificate of this number that says exactly this.
fn has_given(tx: &Transaction<'_>, said: &CertificateClaims, today: NaiveDate) -> Result<bool, StoreError> {
    let Some(id) = store::certificate_of(tx, &said.number)? else { return Ok(false) };
    // One that was erased held no longer: whatever is shown under its number holds no longer either.
    let Some(record) = find(tx, id)? else { return Ok(said.until.is_some_and(|until| until < today)) };
    let word = record.body.issued.map(|issued| issued.word);
    // By what it says, not by its letters: a word may have been signed again by a later key.
    Ok(word.as_deref().and_then(word_in).is_some_and(|given| given == *said))
}

/// A day as people read it.
fn day_in(language: Language, day: NaiveDate) -> String {
    match language {
        Language::Italian => italian_day(day),
        Language::English => day.format("%-d %B %Y").to_string(),
    }
}

/// Why nothing was looked at, by the kind of the refusal.
const fn unlooked(kind: RefusalKind) -> (&'static str, &'static str) {
    match kind {
        RefusalKind::TooLarge => (
            "Il file è troppo grande: qui si controllano file fino a 12 megabyte. Di una foto basta il codice.",
            "The file is too large: files of up to 12 megabytes are checked here. Of a photo the code is enough.",
        ),
        RefusalKind::TooSlow => (
            "Il file non è arrivato in tempo: riprova con una foto più piccola, o con una rete migliore.",
            "The file did not arrive in time: try again with a smaller photo, or a better network.",
        ),
        RefusalKind::Unavailable => (
            "Adesso in molti stanno verificando: riprova tra qualche secondo.",
            "Many people are checking now: try again in a few seconds.",
        ),
        _ => (
            "Quello che è arrivato non si legge: torna indietro e riprova.",
            "What arrived cannot be read: go back and try again.",
        ),
    }
}

const NOTHING: (&str, &str) =
    ("Scegli un file, o scrivi il testo del codice.", "Choose a file, or write the text of the code.");

/// What a code says is the town's; the paper around it may say anything.
const GENUINE_CODE: (&str, (&str, &str), (&str, &str)) = (
    "ok",
    ("Il codice è autentico: confrontalo con il foglio", "The code is genuine: compare it with the paper"),
    (
        "Il Comune ha firmato quello che leggi qui sotto, e oggi vale. Se il foglio dice altro, il foglio è falso.",
        "The town signed what you read below, and it holds today. If the paper says anything else, the paper is false.",
    ),
);

/// A PDF without a seal is no file of the town's; its code may still be genuine.
const UNSEALED: ((&str, &str), (&str, &str)) = (
    ("Questo PDF non ha il sigillo del Comune", "This PDF bears no seal of the town"),
    (
        "Non è il file dato dal Comune: forse è una scansione. Per controllare il codice che si vede, mandane una foto.",
        "It is not the file the town gave: maybe a scan. To have the code on it checked, send a photo of it.",
    ),
);

/// A word the town's key signed and the town never gave: whoever wrote it holds a key that is not theirs.
const NEVER_GIVEN: ((&str, &str), (&str, &str)) = (
    ("Questo certificato non è nel registro", "This certificate is not in the register"),
    (
        "Il Comune non risulta averlo rilasciato, o con questo numero ne ha rilasciato un altro: non fidarti, e chiedi all’ufficio.",
        "The town has no record of issuing it, or issued another one under this number: do not trust it, and ask the office.",
    ),
);

fn said(class: &str, title: &str, text: &str) -> Markup {
    html! {
        div class={ "said " (class) } role="status" {
            h2 { (title) }
            p { (text) }
        }
    }
}

/// The mark, the title and the meaning.
const fn words(verdict: Verdict) -> (&'static str, (&'static str, &'static str), (&'static str, &'static str)) {
    match verdict {
        Verdict::Genuine => (
            "ok",
            ("È autentico", "It is genuine"),
            ("L’ha firmato questo Comune e oggi vale.", "This town signed it, and it holds today."),
        ),
        Verdict::Expired => (
            "turn",
            ("È autentico, ma scaduto", "It is genuine, and has expired"),
            ("L’ha firmato questo Comune, ma il suo tempo è passato.", "This town signed it, but its time is over."),
        ),
        Verdict::Revoked => (
            "no",
            ("Il Comune l’ha ritirato", "The town has taken it back"),
            ("Era autentico, ma non vale più.", "It was genuine, and no longer holds."),
        ),
        Verdict::Altered => (
            "no",
            ("È stato cambiato", "It was altered"),
            (
                "Porta il nome di questo Comune, ma non è quello che il Comune ha firmato: non fidarti.",
                "It bears this town’s name, and is not what the town signed: do not trust it.",
            ),
        ),
        Verdict::CodeOnly => (
            "turn",
            ("Il codice è autentico, il file no", "The code is genuine, the file is not the town’s"),
            (
                "Questo PDF non ha il sigillo del Comune: quello che si legge potrebbe essere stato cambiato.",
                "This PDF bears no seal of the town: what it says may have been changed.",
            ),
        ),
        // The town knows all its keys: another one is nobody's.
        Verdict::UnknownKey => (
            "no",
            ("Non è di questo Comune", "It is not this town’s"),
            (
                "Porta il nome di questo Comune e una chiave che il Comune non ha: non fidarti.",
                "It bears this town’s name and a key that the town does not have: do not trust it.",
            ),
        ),
        Verdict::UnknownTown => (
            "turn",
            ("È di un altro Comune", "It is another town’s"),
            (
                "Qui si verificano solo i certificati di questo Comune.",
                "Only this town’s certificates are checked here.",
            ),
        ),
        Verdict::NotOne => (
            "turn",
            ("Qui non c’è un certificato", "There is no certificate in it"),
            (
                "Non abbiamo trovato il codice di un certificato: prova con una foto più vicina, o con il PDF.",
                "We found no certificate’s code: try a closer photo, or the PDF.",
            ),
        ),
        // The register has answered; a device without one says so.
        Verdict::Compromised => (
            "turn",
            ("La chiave non è più sicura", "The key is no longer safe"),
            ("Chiedi all’ufficio di controllarlo.", "Ask the office to check it."),
        ),
        Verdict::Clock => (
            "turn",
            ("La data non torna", "The date does not fit"),
            ("È stato rilasciato dopo la data di oggi.", "It was issued after today’s date."),
        ),
    }
}

const fn unread(bad: PhotoError) -> (&'static str, &'static str) {
    match bad {
        PhotoError::Empty => NOTHING,
        PhotoError::NotAPicture => (
            "Questo file non è un PDF né una foto (JPEG, PNG, WebP).",
            "This file is neither a PDF nor a photo (JPEG, PNG, WebP).",
        ),
        PhotoError::Heic => (
            "Questa foto è in un formato (HEIC) che qui non si legge: mandala come JPEG.",
            "This photo is of a kind (HEIC) not read here: send it as a JPEG.",
        ),
        PhotoError::Broken | PhotoError::NotClean => {
            ("Questo file è rovinato: non si apre.", "This file is broken: it does not open.")
        }
        PhotoError::Locked => (
            "Questo documento è protetto da una password: salvalo senza, o fotografa il codice.",
            "This paper is locked with a password: save it without one, or take a photo of the code.",
        ),
        PhotoError::TooHeavy | PhotoError::TooLarge => (
            "Questo file è troppo grande: prova con una foto più piccola.",
            "This file is too large: try a smaller photo.",
        ),
        PhotoError::NotLooked | PhotoError::StillLooking => (
            "Adesso non riusciamo a leggere i file: riprova più tardi.",
            "Files cannot be read just now: try again later.",
        ),
        PhotoError::TooMuch => (
            "Non siamo riusciti a leggere questo file in tempo: prova con una foto del solo codice.",
            "We could not read this file in time: try a photo of the code alone.",
        ),
    }
}
