//! Issuing: what the registry says is put on paper, stamped, signed and sealed; what it cannot say is held, with the reason.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::Datelike as _;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::tus::Part;
use vicino_contract::http::{
    CertificateClaims, CertificateRecord, Collection, FileBody, FileRecord, HeldBody, IssuedBody, NoticeRecord,
    ProblemCode, ResidentRecord, SaidBody,
};
use vicino_contract::jws::{self, Kind};
use vicino_contract::seal::{self, Sealed};
use vicino_documents::{CertificatePaper, Sheet};
use vicino_domain::certificate::{CertificateKind, Exemption, IssueState, StampDuty, valid_until};
use vicino_domain::{AttachmentId, CertificateId, NoticeId, italian_day, said_on, town_day};
use vicino_pictures::draw;

use crate::entropy::random;
use crate::matters::attachment;
use crate::matters::certificate::drafting;
use crate::matters::certificate::drafting::{Draft, undrawn};
use crate::matters::certificate::held;
use crate::matters::certificate::held::Why;
use crate::matters::certificate::stamping;
use crate::matters::certificate::stamping::{receipt_of, stamped};
use crate::matters::certificate::wording::file_name;
use crate::matters::certificate::{find, kinds, write};
use crate::matters::notice::notice_of;
use crate::providers::signing::Unsigned;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::town::blocking::blocking;
use crate::{Changed, Refusal, Town};

/// The most bytes that a paper says: with name, number and signature they fit the largest QR code (ISO/IEC 18004, version 40, level M: 2 331).
const MOST_SAID: usize = 1_170;
/// How often what waits is looked at again, when nothing changes.
const LOOK: Duration = Duration::from_secs(60);
/// The pause before a signer that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(20);
/// Issues what can be issued, whenever something changes, until dropped.
pub(crate) async fn follow(town: Arc<Town>) {
    let mut changes = town.register.listen();
    loop {
        // What changed before this look is seen by it.
        while changes.try_recv().is_ok() {}
        let done = blocking(&town, issue_all).await;
        if let Err(refusal) = done {
            tracing::warn!(code = refusal.reason.code.code(), "certificate issuing failed; retried");
            tokio::time::sleep(PAUSE).await;
        }
        // Whatever changed, and however much was missed of it, is looked at whole.
        let _ = tokio::time::timeout(LOOK, changes.recv()).await;
    }
}

/// What is to become of a certificate that waits.
enum Next {
    /// Nothing: it is left as it is.
    Stays,
    /// Its stamp is waited for.
    Waits,
    /// The stamp that was asked for is not to be paid any more: another is.
    Other(Box<NoticeRecord>),
    /// The request was withdrawn; its stamp is not to be paid.
    Dropped(Box<NoticeRecord>),
    /// The registry cannot say it.
    Held(HeldBody),
    /// A stamp is to be bought for this draft.
    Stamp(Draft),
    /// It is issued; the line about its stamp.
    Issue(Draft, String),
}

/// Why one of them could not be gone on with.
enum Trouble {
    /// Whoever signs does not answer, or answers what nobody could check.
    Unsigned,
    /// Anything else.
    Other(Refusal),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Other(refusal)
    }
}

impl From<StoreError> for Trouble {
    fn from(cause: StoreError) -> Self {
        Self::Other(cause.into())
    }
}

impl From<Unsigned> for Trouble {
    fn from(_: Unsigned) -> Self {
        Self::Unsigned
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unsigned => {
                Self::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "The signing service does not answer")
            }
            Trouble::Other(refusal) => refusal,
        }
    }
}

/// Issues every certificate that can be issued now.
///
/// # Errors
/// A [`Refusal`] when the register or the disk cannot answer: what was issued stays issued.
pub fn issue_all(town: &Arc<Town>) -> Result<(), Refusal> {
    // One hand writes: two would each issue what waits.
    let _one = town.issuing.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = town.register.read(store::open_certificates)?;
    for record in waiting {
        // One that cannot be issued now keeps no other from whoever waits for it; whoever does not answer is not asked by every one.
        match go_on(town, &record) {
            Ok(()) => {}
            Err(Trouble::Unsigned) => return Err(Trouble::Unsigned.into()),
            Err(Trouble::Other(refusal)) => {
                tracing::warn!(code = refusal.reason.code.code(), "certificate not issued; retried");
            }
        }
    }
    Ok(())
}

/// Issues one of them, if it can be issued now.
pub(crate) fn issue_one(town: &Arc<Town>, id: CertificateId) -> Result<(), Refusal> {
    let _one = town.issuing.lock().unwrap_or_else(PoisonError::into_inner);
    let record = town.register.read(|tx| find(tx, id))?;
    Ok(record.map_or(Ok(()), |record| go_on(town, &record))?)
}

/// Does what is to be done for one of them.
fn go_on(town: &Arc<Town>, record: &Record<CertificateRecord>) -> Result<(), Trouble> {
    Ok(match next(town, &record.body)? {
        Next::Stays => Ok(()),
        Next::Waits => stamping::wait_for_stamp(town, &record.body),
        Next::Held(held) => hold(town, &record.body, held),
        Next::Other(debt) => stamping::ask_for_another_stamp(town, &record.body, &debt),
        Next::Dropped(debt) => stamping::drop_stamp(town, &debt),
        Next::Stamp(draft) => stamping::ask_for_stamp(town, record, &draft),
        Next::Issue(draft, stamp) => return put_on_paper(town, record, draft, stamp),
    }?)
}

fn next(town: &Town, record: &CertificateRecord) -> Result<Next, Refusal> {
    let (resident, debt) = town.register.read(|tx| {
        let resident = store::find::<ResidentRecord>(tx, Collection::Residents, &record.person.to_string())?;
        let debt = record.notice.map(|notice| notice_of(tx, NoticeId::from_uuid(notice))).transpose()?.flatten();
        Ok::<_, StoreError>((resident, debt.map(|debt| debt.body)))
    })?;
    if record.state == IssueState::Withdrawn {
        return Ok(match debt {
            None => Next::Stays,
            // Paid before the wish came, or while it was on its way, however late the receipt: it is issued all the same.
            Some(debt) if receipt_of(&debt).is_some() => Next::Waits,
            Some(debt) if debt.is_withdrawn() => Next::Stays,
            Some(debt) => Next::Dropped(Box::new(debt)),
        });
    }
    // A phone's practice town draws no PDF: it says so, and nobody waits or pays for nothing.
    if !Sheet::IS_PDF {
        return Ok(Next::Held(held::because(town, record.person, Why::NotDrawn)));
    }
    let Some(resident) = resident else { return Ok(Next::Held(held::because(town, record.person, Why::Nobody))) };
    let kinds = kinds(&record.kinds);
    // A kind of a release to come is left to it.
    if kinds.len() != record.kinds.len() {
        return Ok(Next::Stays);
    }
    let says = match says(town, &resident.body, &kinds) {
        Ok(says) => says,
        Err(held) => return Ok(Next::Held(held)),
    };
    if says.iter().map(|said| said.text.len()).sum::<usize>() > MOST_SAID {
        return Ok(Next::Held(held::because(town, record.person, Why::TooLong)));
    }
    // Of the law alone: whatever the resident wrote beside it is theirs, and stands apart.
    let exempt = |code: Exemption| {
        format!("Rilasciato in esenzione dall’imposta di bollo per {}. Non vale per altri usi.", code.law())
    };
    let free = kinds.iter().all(|kind| kind.is_free_of_stamp());
    let stamp = match (&record.stamp, debt) {
        _ if free => String::from("Esente dall’imposta di bollo per legge (art. 7 L. 29 dicembre 1990, n. 405)."),
        // A reason in words only is for the office to judge.
        (StampDuty::Exempt { code: Exemption::Other, .. }, _) if record.allowed_at.is_none() => {
            return Ok(Next::Held(held::because(town, record.person, Why::OwnReason)));
        }
        (StampDuty::Exempt { code, .. }, _) => exempt(*code),
        (StampDuty::Due, None) => return Ok(Next::Stamp(drafting::draft(town, record, resident.body, says)?)),
        (StampDuty::Due, Some(debt)) => {
            let same = record.bound.as_ref().is_some_and(|bound| bound.says == says);
            // The office's hand makes whatever was paid hold.
            let wrong = debt.stamp.as_ref().is_some_and(|stamp| stamp.wrong);
            let wrong = wrong && record.bound.as_ref().is_none_or(|bound| bound.by_hand.is_none());
            match receipt_of(&debt) {
                // Nobody pays for a paper that would say something else by now.
                None if !same => return Ok(Next::Other(Box::new(debt))),
                None if debt.is_withdrawn() => {
                    return Ok(Next::Held(held::because(town, record.person, Why::StampWithdrawn)));
                }
                None => return Ok(Next::Waits),
                Some(_) if !same => return Ok(Next::Held(held::because(town, record.person, Why::AnotherPaper))),
                Some(_) if wrong => return Ok(Next::Held(held::because(town, record.person, Why::WrongStamp))),
                Some(receipt) => stamped(&receipt, record, debt.stamp.as_ref()),
            }
        }
    };
    Ok(Next::Issue(drafting::draft(town, record, resident.body, says)?, stamp))
}

/// The facts the registry says of somebody by each kind; or why it does not.
pub(crate) fn says(
    town: &Town,
    resident: &ResidentRecord,
    kinds: &[CertificateKind],
) -> Result<Vec<SaidBody>, HeldBody> {
    let entry = resident.entry(&town.identity.name);
    kinds
        .iter()
        .map(|kind| {
            let known = resident.registry.as_ref().and_then(|registry| {
                registry.held.iter().find(|held| held.kind.as_deref().is_none_or(|code| code == kind.code()))
            });
            if let Some(known) = known {
                return Err(known.clone());
            }
            let said = entry.as_ref().and_then(|entry| entry.certified(*kind));
            let text = said.ok_or_else(|| held::because(town, resident.id, Why::Unsaid(*kind)))?;
            Ok(SaidBody { kind: kind.code().to_owned(), text })
        })
        .collect()
}

pub(crate) fn hold(town: &Town, record: &CertificateRecord, held: HeldBody) -> Result<(), Refusal> {
    change(town, record, |_, record| {
        if record.held.as_ref() == Some(&held) {
            return Ok(false);
        }
        (record.state, record.held) = (IssueState::Held.into(), Some(held));
        Ok(true)
    })
}

/// Draws, signs, seals and gives it.
fn put_on_paper(town: &Town, record: &Record<CertificateRecord>, draft: Draft, stamp: String) -> Result<(), Trouble> {
    let Some(owner) = record.owner else { return Ok(()) };
    let (now, id) = (town.now(), CertificateId::from_uuid(record.body.id));
    let (on, kinds) = (town_day(now), kinds(&record.body.kinds));
    let until = valid_until(&kinds, on);
    let (year, number) = town.register.write(|tx| store::number_certificate(tx, id, on.year()))?;
    let number = format!("{year}/{number:06}");
    let bound = record.body.bound.as_ref().filter(|bound| bound.by_hand.is_none());
    let word = CertificateClaims {
        iss: town.identity.ipa_code.clone(),
        kind: CertificateClaims::KIND.to_owned(),
        number: number.clone(),
        name: draft.resident.full_name(),
        born_on: draft.resident.birth_date,
        says: draft.says.iter().map(|said| said.text.clone()).collect(),
        on,
        until,
        // Of a stamped paper that which the stamp was bought for, unless an office let it stand for this one.
        document: bound.map_or_else(|| draft.document.to_string(), |bound| bound.document.clone()),
    };
    let own = town.signer();
    let signer = town.identity.signer.as_deref().unwrap_or(own);
    let word = signer.sign(&serde_json::to_vec(&word).map_err(StoreError::from)?)?;
    let own = [signer.key()];
    // Issued once and for good: what nobody could check is no signature.
    jws::verify(Kind::Certificate, &word, &own).map_err(|_| Unsigned)?;
    let code = draw::qr(&word).map_err(|_| {
        Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "The certificate does not fit in a code")
    })?;
    let paper = CertificatePaper {
        number: number.clone(),
        issued: italian_day(on),
        until: until.map(|day| said_on("al ", &italian_day(day))).unwrap_or_default(),
        stamp,
        key: signer.key().fingerprint(),
        ..draft.paper
    };
    let drawn = paper.pdf(Some(&code), on).map_err(undrawn)?;
    let sealed = seal::seal(&drawn, &word, |paper| signer.seal(paper))?;
    let sealed = sealed.ok_or_else(|| {
        Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "The certificate cannot be sealed")
    })?;
    if !matches!(seal::check(&sealed, &own), Sealed::Whole { .. }) {
        return Err(Trouble::Unsigned);
    }
    let (sha256, name) = (attachment::keep_bytes(town, &sealed)?, format!("{}.pdf", file_name(&kinds, on)));
    let file = AttachmentId::new(now, random()?);
    let body = FileBody {
        id: file.uuid(),
        sha256: sha256.to_string(),
        size: sealed.len() as u64,
        name,
        media: String::from("application/pdf"),
        dated: Some(on),
    };
    let file_record = FileRecord { file: body, arrived: true, given_at: Some(now) };
    let issued = IssuedBody { number, on, until, says: draft.says, file: file_record, word };
    let length = i64::try_from(sealed.len()).unwrap_or(i64::MAX);
    Ok(change(town, &record.body, |tx, record| {
        // Somebody was faster: one certificate has one paper.
        if record.issued.is_some() {
            return Ok(false);
        }
        store::create_upload(
            tx,
            &store::Upload {
                id: Uuid::from_bytes(random()?),
                owner,
                part: Part::CertificateFile(id, file),
                sha256,
                length,
                media: String::from("application/pdf"),
                metadata: String::new(),
                expires_at: now,
                ended: true,
            },
        )?;
        (record.state, record.issued, record.held) = (IssueState::Issued.into(), Some(issued), None);
        Ok(true)
    })?)
}

/// Changes a certificate as it stands now; `work` says whether it did.
pub(crate) fn change(
    town: &Town,
    record: &CertificateRecord,
    work: impl FnOnce(&Transaction<'_>, &mut CertificateRecord) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let owner = town.register.write(|tx| {
        let Some(mut now) = find(tx, CertificateId::from_uuid(record.id))? else { return Ok(None) };
        if !work(tx, &mut now.body)? {
            return Ok(None);
        }
        write(tx, &now)?;
        Ok::<_, Refusal>(now.owner)
    })?;
    if owner.is_some() {
        town.register.say_changed(Changed(owner));
    }
    Ok(())
}
