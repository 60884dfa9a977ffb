//! What arrives from residents, once: the same request is answered as before, and no identity is taken that is another's.

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{Acknowledgement, Collection, PaymentRecord, ProblemCode};
use vicino_contract::jws::{self, Kind};
use vicino_domain::{Sha256, is_made_on_device};

use crate::store::{self, StoreError};
use crate::{Reader, Refusal, Town};

/// The outcome of a request.
pub(crate) struct Arrived {
    /// Whether it arrived just now.
    pub(crate) new: bool,
    /// The acknowledgement.
    pub(crate) jws: String,
}

/// A refusal, unless a device may have made this id.
pub(crate) fn sound_id(id: Uuid) -> Result<(), Refusal> {
    if is_made_on_device(id) {
        return Ok(());
    }
    Err(Refusal::new(400, ProblemCode::Malformed, "Malformed").detail("An id made on a device is a UUIDv7"))
}

impl Town {
    /// The answer given before to the same request; a refusal when the id stands for something else.
    pub(crate) fn arrived_before(
        &self,
        tx: &Transaction<'_>,
        (kind, id): (&str, Uuid),
        reader: &Reader,
        digest: Sha256,
    ) -> Result<Option<Arrived>, Refusal> {
        match store::acknowledged(tx, kind, &id.to_string())? {
            None => Ok(None),
            Some(before) if reader.may_see(before.owner) && before.body == digest.to_string() => {
                Ok(Some(Arrived { new: false, jws: self.ours(&before.jws)? }))
            }
            Some(_) => Err(Refusal::id_conflict()),
        }
    }

    /// The same for what begins to exist with this request: its id is a UUIDv7, and nobody's yet. What the town has without an
    /// acknowledgement (published, imported, founded with it) is never written over by whoever names its id.
    pub(crate) fn arrives(
        &self,
        tx: &Transaction<'_>,
        key: (&str, Uuid),
        reader: &Reader,
        digest: Sha256,
    ) -> Result<Option<Arrived>, Refusal> {
        if let Some(before) = self.arrived_before(tx, key, reader, digest)? {
            return Ok(Some(before));
        }
        sound_id(key.1)?;
        if store::is_taken(tx, key.1)? { Err(Refusal::id_conflict()) } else { Ok(None) }
    }

    /// A word of the register's as one of this town's keys says it. A key that was founded where another's folder was missing signed what
    /// arrived meanwhile: the register is what counts, and no device believes that key.
    pub(crate) fn ours(&self, word: &str) -> Result<String, StoreError> {
        if jws::kid(word).is_some_and(|kid| self.keys.public.iter().any(|key| key.kid() == kid)) {
            return Ok(word.to_owned());
        }
        let said = jws::unchecked(word).and_then(|said| serde_json::from_slice::<Acknowledgement>(&said).ok());
        let Some(said) = said else { return Ok(word.to_owned()) };
        Ok(self.signer().sign(Kind::Acknowledgement, &serde_json::to_vec(&said)?))
    }

    /// Says again with the present key what a key had signed that somebody else may hold: acknowledgements that a device may still
    /// ask for, and receipts that every device shows.
    pub(crate) fn sign_words_again(&self) -> Result<(), StoreError> {
        if self.keys.compromised.is_empty() {
            return Ok(());
        }
        let again =
            |kind, word: &str| if self.keys.is_compromised(word) { self.keys.signed_again(kind, word) } else { None };
        self.store().write(|tx| {
            store::replace_acknowledgements(tx, |word| again(Kind::Acknowledgement, word))?;
            for record in store::all::<PaymentRecord>(tx, Collection::Payments)? {
                let Some(word) = again(Kind::Payment, &record.body.word) else { continue };
                let (id, paid) = (record.body.id.to_string(), PaymentRecord { word, ..record.body });
                store::write(tx, Collection::Payments.wire(), &id, record.owner, &paid)?;
            }
            Ok(())
        })
    }

    /// The answer to a wish that was heard before, whoever of a household had it: a yes to one is a yes to all who may see the
    /// matter, signed for the very bytes each of them sent.
    pub(crate) fn heard_before(
        &self,
        tx: &Transaction<'_>,
        kind: &str,
        id: Uuid,
        digest: Sha256,
    ) -> Result<Option<Arrived>, StoreError> {
        let Some(before) = store::acknowledged(tx, kind, &id.to_string())? else { return Ok(None) };
        if before.body == digest.to_string() {
            return Ok(Some(Arrived { new: false, jws: self.ours(&before.jws)? }));
        }
        let word = jws::verify(Kind::Acknowledgement, &self.ours(&before.jws)?, &self.keys.public).ok();
        let number =
            word.and_then(|word| serde_json::from_slice::<Acknowledgement>(&word).ok()).map(|word| word.number);
        Ok(Some(Arrived { new: false, jws: self.acknowledge(kind, id, digest, &number.unwrap_or_default())? }))
    }
}
