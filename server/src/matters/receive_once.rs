//! Messages of residents, taken in exactly once: the same again is answered as before, and no identity is taken that is another's.

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_contract::http::{Acknowledgement, Collection, PaymentRecord};
use vicino_contract::jws::{self, Kind};
use vicino_domain::Sha256;

use crate::reader::Owner;
use crate::refusal::sound_id;
use crate::store::{self, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// A message of a resident's device, as it came.
#[derive(Clone, Copy)]
pub(crate) struct Incoming<'a> {
    /// Who sends it.
    pub(crate) reader: &'a Reader,
    /// The kind.
    pub(crate) kind: MessageKind,
    /// The identity, made on the device.
    pub(crate) id: Uuid,
    /// The digest of its bytes.
    pub(crate) digest: Sha256,
}

/// The answer to a message.
pub(crate) struct Arrived {
    /// Tells whether it arrived just now.
    pub(crate) new: bool,
    /// The acknowledgement.
    pub(crate) jws: String,
}

/// The effect of a message that arrived for the first time.
pub(crate) struct Effect {
    /// The number its acknowledgement names; empty where it has none.
    pub(crate) number: String,
    /// Those whose records changed.
    pub(crate) changed: Vec<Changed>,
}

impl Effect {
    /// An effect on the records of one owner.
    pub(crate) fn on(number: String, owner: Option<Owner>) -> Self {
        Self { number, changed: vec![Changed(owner)] }
    }
}

/// The rule by which a message is known again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// Something begins to exist under its identity, which is a `UUIDv7` of the sender's and nobody's yet.
    Begins,
    /// It answers to something that exists; only its sender may send it again.
    Answers,
    /// It withdraws something of a household: a yes to one of them is a yes to all who may see it.
    Withdraws,
}

const fn again(kind: MessageKind) -> Again {
    match kind {
        MessageKind::Report
        | MessageKind::Photo
        | MessageKind::Message
        | MessageKind::File
        | MessageKind::Case
        | MessageKind::CaseMessage
        | MessageKind::CaseIntegration
        | MessageKind::CaseFile
        | MessageKind::Signature
        | MessageKind::Declaration
        | MessageKind::NoticeFile
        | MessageKind::Certificate => Again::Begins,
        MessageKind::SignatureAnswer | MessageKind::SignatureWithdrawal => Again::Answers,
        MessageKind::Withdrawal | MessageKind::CaseWithdrawal | MessageKind::CertificateWithdrawal => Again::Withdraws,
    }
}

/// Lets a message in without asking what it is about: for those that bring their matter with them.
pub(crate) fn anybody(_: &Transaction<'_>) -> Result<(), Refusal> {
    Ok(())
}

/// Takes a message in, exactly once. One that is known by its kind, identity and digest is answered as before; one whose identity
/// stands for other bytes is refused; a new one has its effect, is signed for, and those it concerns are told, all in one
/// transaction.
///
/// `about` finds what the message is about, for this caller; it is asked first, so that nobody learns of what is not theirs.
/// `effect` does what a new message does.
///
/// # Errors
/// The [`Refusal`] of `about` or `effect`; `id_conflict`; `malformed` for an identity no device makes.
pub(crate) fn receive_once<T>(
    town: &Town,
    incoming: Incoming<'_>,
    about: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal>,
    effect: impl FnOnce(&Transaction<'_>, T) -> Result<Effect, Refusal>,
) -> Result<Arrived, Refusal> {
    let Incoming { reader, kind, id, digest } = incoming;
    let (arrived, changed) = town.register.write(|tx| {
        let about = about(tx)?;
        if let Some(jws) = known_again(town, tx, incoming)? {
            return Ok((Arrived { new: false, jws }, Vec::new()));
        }
        let Effect { number, changed } = effect(tx, about)?;
        let jws = sign_for(town, tx, (kind, id), reader.owner(), digest, &number)?;
        Ok::<_, Refusal>((Arrived { new: true, jws }, changed))
    })?;
    changed.into_iter().for_each(|changed| town.register.say_changed(changed));
    Ok(arrived)
}

/// The acknowledgement of a message that arrived before; `None`: it is new.
fn known_again(
    town: &Town,
    tx: &Transaction<'_>,
    Incoming { reader, kind, id, digest }: Incoming<'_>,
) -> Result<Option<String>, Refusal> {
    let Some(before) = store::acknowledged(tx, kind, id)? else {
        if again(kind) == Again::Begins {
            sound_id(id)?;
            // A record without an acknowledgement (published, imported, founded with the town) is never overwritten by a request that
            // names its id.
            if store::is_taken(tx, id)? {
                return Err(Refusal::id_conflict());
            }
        }
        return Ok(None);
    };
    let same = before.body == digest.to_string();
    match again(kind) {
        Again::Begins | Again::Answers if same && reader.may_see(before.owner) => Ok(Some(ours(town, &before.jws)?)),
        Again::Begins | Again::Answers => Err(Refusal::id_conflict()),
        Again::Withdraws if same => Ok(Some(ours(town, &before.jws)?)),
        Again::Withdraws => {
            // Signed for the very bytes each of a household sent.
            let jws = ours(town, &before.jws)?;
            let said = jws::verify(Kind::Acknowledgement, &jws, &town.keys.public).ok();
            let said = said.and_then(|said| serde_json::from_slice::<Acknowledgement>(&said).ok());
            let number = said.map(|said| said.number).unwrap_or_default();
            Ok(Some(acknowledge(town, kind, id, digest, &number)?))
        }
    }
}

/// A word of the register's as one of this town's keys says it. A key that was founded where another's folder was missing signed what
/// arrived meanwhile: the register is what counts, and no device believes that key.
pub(crate) fn ours(town: &Town, word: &str) -> Result<String, StoreError> {
    if jws::kid(word).is_some_and(|kid| town.keys.public.iter().any(|key| key.kid() == kid)) {
        return Ok(word.to_owned());
    }
    let said = jws::unchecked(word).and_then(|said| serde_json::from_slice::<Acknowledgement>(&said).ok());
    let Some(said) = said else { return Ok(word.to_owned()) };
    Ok(town.signer().sign(Kind::Acknowledgement, &serde_json::to_vec(&said)?))
}

/// Says again with the present key what a key had signed that somebody else may hold: acknowledgements that a device may still
/// ask for, and receipts that every device shows.
pub(crate) fn sign_words_again(town: &Town) -> Result<(), StoreError> {
    if town.keys.compromised.is_empty() {
        return Ok(());
    }
    let again =
        |kind, word: &str| if town.keys.is_compromised(word) { town.keys.signed_again(kind, word) } else { None };
    town.register.write(|tx| {
        store::replace_acknowledgements(tx, |word| again(Kind::Acknowledgement, word))?;
        for record in store::all::<PaymentRecord>(tx, Collection::Payments)? {
            let Some(word) = again(Kind::Payment, &record.body.word) else { continue };
            let (id, paid) = (record.body.id.to_string(), PaymentRecord { word, ..record.body });
            store::write(tx, Collection::Payments.code(), &id, record.owner, &paid)?;
        }
        Ok(())
    })
}

/// Signs for something that arrived.
pub(crate) fn acknowledge(
    town: &Town,
    kind: MessageKind,
    id: Uuid,
    body: Sha256,
    number: &str,
) -> Result<String, StoreError> {
    let word = Acknowledgement {
        iss: town.identity.ipa_code.clone(),
        kind: kind.acknowledged_as().code().to_owned(),
        id,
        body_sha256: body.to_string(),
        received_at: town.now(),
        number: number.to_owned(),
    };
    Ok(town.signer().sign(Kind::Acknowledgement, &serde_json::to_vec(&word)?))
}

/// Signs for something that arrived and keeps the signature beside it, in the transaction that keeps the thing itself.
pub(crate) fn sign_for(
    town: &Town,
    tx: &Transaction<'_>,
    (kind, id): (MessageKind, Uuid),
    owner: Owner,
    body: Sha256,
    number: &str,
) -> Result<String, StoreError> {
    let jws = acknowledge(town, kind, id, body, number)?;
    store::keep_acknowledgement(tx, (kind, id), owner, body, &jws)?;
    Ok(jws)
}
