//! Who is behind a device: sign-ins with OAuth 2 (authorization code, PKCE S256) and sessions whose refresh token is
//! another each time.
//!
//! A refresh token is a JWS of the town's over the session's name and a generation. The register keeps which generation
//! is good now. The one before is taken once more while the device has not shown that it holds the new one: its answer was
//! lost on the way. Any older one was copied by somebody: the session ends (RFC 9700 §4.14.2). A generation the register
//! does not know yet was given before an older copy of the register was put back: the town's signature vouches for it, and
//! nobody has to sign in again.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use chrono::Duration;
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_contract::http::oauth::{OauthError, TokenReply, redirect_is_ours};
use vicino_contract::jws::{self, Kind};
use vicino_domain::{DeviceId, Instant, ResidentId};

use crate::access::devices;
use crate::access::devices::{TOKEN, handle, is_news};
use crate::access::operators;
use crate::access::operators::Deed;
use crate::entropy::{digest, random, token};
use crate::limits::address::Address;
use crate::store::sessions::{self, Authorization, Session};
use crate::store::{self, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// The time somebody may take to say who they are, and a code to come back.
const SIGN_IN: Duration = Duration::minutes(10);
/// The time an access token is good.
const ACCESS: Duration = Duration::minutes(10);
/// The time a refresh token is good, unless it is used: then its session goes on as long again.
const REFRESH: Duration = Duration::days(90);

/// The claims of a refresh token.
#[derive(Serialize, Deserialize)]
struct Refresh {
    session: Uuid,
    device: Uuid,
    resident: Uuid,
    generation: i64,
    /// Seconds since 1970.
    exp: i64,
}

/// A sign-in as a device asks for it.
pub(crate) struct AuthorizationRequest {
    pub(crate) device: DeviceId,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) state: String,
}

/// A refusal of the token endpoint: our own trouble, or what the standard lets it say.
pub(crate) enum Denied {
    Trouble(Refusal),
    Oauth(OauthError),
}

impl<T: Into<Refusal>> From<T> for Denied {
    fn from(cause: T) -> Self {
        Self::Trouble(cause.into())
    }
}

/// Begins a sign-in; answers its ticket. `None`: the caller is no device of this town, or its way back is not allowed.
pub(crate) fn begin_sign_in(town: &Town, asked: AuthorizationRequest) -> Result<Option<String>, Refusal> {
    let now = town.now();
    if !redirect_is_ours(&asked.redirect_uri) {
        return Ok(None);
    }
    let ticket = token()?;
    let AuthorizationRequest { device, redirect_uri, challenge, state } = asked;
    let authorization = Authorization {
        device,
        redirect_uri,
        challenge,
        state,
        expires_at: now + SIGN_IN,
        resident: None,
        session: None,
    };
    town.register.write(|tx| {
        if !store::is_device(tx, device)? || store::is_ended(tx, device)? {
            return Ok(None);
        }
        sessions::ask(tx, digest(ticket.as_bytes()), &authorization, now)?;
        Ok::<_, Refusal>(Some(ticket))
    })
}

/// Completes a sign-in; answers the redirect to the device with its code. `None`: the ticket is unknown or expired.
pub(crate) fn answer_sign_in(town: &Town, ticket: &str, who: ResidentId) -> Result<Option<String>, Refusal> {
    let (now, code, ticket) = (town.now(), token()?, digest(ticket.as_bytes()));
    town.register.write(|tx| {
        let open = |asked: &Authorization| asked.expires_at > now && asked.resident.is_none();
        let Some(asked) = sessions::asked(tx, ticket)?.filter(open) else {
            return Ok(None);
        };
        sessions::answer(tx, ticket, who, digest(code.as_bytes()))?;
        let joint = if asked.redirect_uri.contains('?') { '&' } else { '?' };
        // Our codes and the states we took are letters that need no escaping.
        Ok::<_, Refusal>(Some(format!("{}{joint}code={code}&state={}", asked.redirect_uri, asked.state)))
    })
}

/// Gives tokens for a code, to the device that can show what it hid when it asked (RFC 7636 §4.6).
pub(crate) fn exchange(
    town: &Town,
    device: DeviceId,
    code: &str,
    redirect_uri: &str,
    verifier: &str,
) -> Result<TokenReply, Denied> {
    let (now, code, fresh) = (town.now(), digest(code.as_bytes()), Uuid::from_bytes(random()?));
    let challenge = B64.encode(digest(verifier.as_bytes()).0);
    let access = token()?;
    let session = town.register.write(|tx| {
        let shut_out = store::is_ended(tx, device)?;
        let asked = sessions::answered(tx, code)?
            .filter(|asked| asked.device == device && asked.redirect_uri == redirect_uri && asked.expires_at > now);
        let Some(asked) = asked.filter(|asked| asked.challenge == challenge) else { return Ok(None) };
        let Some(resident) = asked.resident.filter(|_| !shut_out) else { return Ok(None) };
        let before = asked.session.map(|id| sessions::session(tx, id)).transpose()?.flatten();
        let session = match before {
            // The answer was lost on the way, and its device asks again.
            Some(before) if !before.seen && !before.ended && before.generation == 1 => {
                Session { expires_at: now + REFRESH, ..before }
            }
            Some(before) => {
                end(town, tx, before)?;
                return Ok(None);
            }
            None => {
                let session = opened(fresh, (device, resident), now);
                note_entry(town, tx, Deed::SignedIn, &session)?;
                session
            }
        };
        sessions::keep_session(tx, &session)?;
        devices::note_session(tx, &session)?;
        sessions::use_code(tx, code, session.id)?;
        sessions::keep_access(tx, digest(access.as_bytes()), &session, (now, now + ACCESS))?;
        Ok::<_, Refusal>(Some(session))
    })?;
    let session = session.ok_or(Denied::Oauth(OauthError::InvalidGrant))?;
    // The other devices of the resident are told of this one.
    town.register.say_changed(Changed(Some(session.resident.into())));
    Ok(tokens(town, &session, access)?)
}

/// Gives the next tokens of a session for its refresh token.
pub(crate) fn refresh(town: &Town, device: DeviceId, refresh_token: &str) -> Result<TokenReply, Denied> {
    let now = town.now();
    let claims = claims(town, refresh_token).filter(|claims| claims.device == device.uuid());
    let claims = claims.ok_or(Denied::Oauth(OauthError::InvalidGrant))?;
    let access = token()?;
    let session = town.register.write(|tx| {
        let known = session_of(town, sessions::session(tx, claims.session)?, refresh_token, &claims);
        // Also one that was opened for longer, by a release before, ends when nobody uses it.
        let used = |known: &Session| known.expires_at > now && known.seen_at + REFRESH > now;
        let Some(known) = known.filter(used) else { return Ok(None) };
        let generation = following(&known, claims.generation);
        if known.ended || generation == 0 || store::is_ended(tx, device)? {
            end(town, tx, known)?;
            return Ok(None);
        }
        let news = is_news(&known, now);
        let seen_at = if news { now } else { known.seen_at };
        let next = Session { generation, seen: false, expires_at: now + REFRESH, seen_at, ..known };
        sessions::keep_session(tx, &next)?;
        if news {
            devices::note_session(tx, &next)?;
        }
        sessions::keep_access(tx, digest(access.as_bytes()), &next, (now, now + ACCESS))?;
        Ok::<_, Refusal>(Some(next))
    })?;
    let session = session.ok_or(Denied::Oauth(OauthError::InvalidGrant))?;
    Ok(tokens(town, &session, access)?)
}

/// Charges a call for tokens: to the session whose token it shows, so that nobody else can spend what is a resident's, or else
/// to the address it comes from.
pub(crate) fn pay_for_tokens(town: &Town, refresh_token: Option<&str>, address: Address) -> Result<(), Refusal> {
    match refresh_token.and_then(|token| claims(town, token)) {
        Some(claims) => town.limits.meters.refreshes.take(&format!("session:{}", claims.session), 1).map(drop),
        None => town.limits.meters.calls.take(&format!("address:{address}"), 1).map(drop),
    }
}

/// Ends the session of this token, of either kind; one that is none is as good as ended (RFC 7009 §2.1, §2.2).
pub(crate) fn sign_out(town: &Town, token: &str) -> Result<(), Denied> {
    let claims = claims(town, token);
    let of_a_device = || Ok::<_, Refusal>(reader_of(town, token)?.is_some_and(|reader| reader.resident.is_none()));
    if claims.is_none() && (of_a_device()? || operators::by_token(town, token)?.is_some()) {
        // RFC 7009 section 2.2.1: nobody may think that it is good for nothing now.
        return Err(Denied::Oauth(OauthError::UnsupportedTokenType));
    }
    let ended = town.register.write(|tx| {
        let session = match &claims {
            // One that the register lost, with a copy put back, is written down as ended: it must not be believed again.
            Some(claims) => session_of(town, sessions::session(tx, claims.session)?, token, claims),
            None => sessions::session_of(tx, digest(token.as_bytes()), town.now())?.map(|(session, _)| session),
        };
        let Some(session) = session else { return Ok(None) };
        let resident = session.resident;
        end(town, tx, session)?;
        Ok::<_, Refusal>(Some(resident))
    })?;
    // Its streams look again, and end.
    if let Some(resident) = ended {
        town.register.say_changed(Changed(Some(resident.into())));
    }
    Ok(())
}

/// Ends a session, where its resident reads it too, and in the audit.
pub(crate) fn end(town: &Town, tx: &Transaction<'_>, session: Session) -> Result<(), StoreError> {
    if !session.ended {
        note_entry(town, tx, Deed::SignedOut, &session)?;
    }
    let ended = Session { ended: true, ..session };
    sessions::keep_session(tx, &ended)?;
    devices::note_session(tx, &ended)
}

/// Writes into the audit that a resident came or went.
fn note_entry(town: &Town, tx: &Transaction<'_>, deed: Deed, session: &Session) -> Result<(), StoreError> {
    let about = [session.resident.to_string(), handle(session.id).to_string()];
    store::audit(tx, town.now(), "resident", deed.code(), &about)
}

/// The caller behind this token: a device with its own, or a resident on one with an access token.
pub(crate) fn reader_of(town: &Town, token: &str) -> Result<Option<Reader>, StoreError> {
    let (token, now) = (digest(token.as_bytes()), town.now());
    enum Found {
        Device(DeviceId),
        Resident(Session, i64, Vec<ResidentId>),
    }
    let found = town.register.read(|tx| {
        if let Some(device) = store::device_of(tx, token, now - TOKEN)? {
            return Ok(Some(Found::Device(device)));
        }
        let Some((session, generation)) = sessions::session_of(tx, token, now)? else { return Ok(None) };
        let wards = store::wards(tx, session.resident, now)?;
        Ok::<_, StoreError>(Some(Found::Resident(session, generation, wards)))
    })?;
    Ok(match found {
        None => None,
        Some(Found::Device(device)) => Some(Reader::new(device, None, &[])),
        Some(Found::Resident(session, generation, wards)) => {
            if generation == session.generation && !session.seen {
                town.register.write(|tx| sessions::see(tx, &session))?;
            }
            Some(Reader::new(session.device, Some(session.resident), &wards).within(session.id))
        }
    })
}

/// The claims of a refresh token, signed with any of the town's keys that is not compromised.
fn claims(town: &Town, refresh_token: &str) -> Option<Refresh> {
    let payload = jws::verify(Kind::Refresh, refresh_token, &town.keys.believed()).ok()?;
    let claims: Refresh = serde_json::from_slice(&payload).ok()?;
    (claims.exp > town.now().timestamp()).then_some(claims)
}

/// The session a refresh token speaks of. One that the register has lost, opened after the copy that was put back, is believed by
/// the present key's word alone: a key that was changed, wherever a copy of it lies, makes no sessions up.
fn session_of(town: &Town, known: Option<Session>, refresh_token: &str, claims: &Refresh) -> Option<Session> {
    let same = |known: &Session| (known.device.uuid(), known.resident.uuid()) == (claims.device, claims.resident);
    match known {
        Some(known) => Some(known).filter(same),
        None => jws::verify(Kind::Refresh, refresh_token, &[town.key()]).is_ok().then(|| lost(claims, town.now())),
    }
}

fn tokens(town: &Town, session: &Session, access_token: String) -> Result<TokenReply, Refusal> {
    let claims = Refresh {
        session: session.id,
        device: session.device.uuid(),
        resident: session.resident.uuid(),
        generation: session.generation,
        exp: session.expires_at.timestamp(),
    };
    let refresh_token = town.signer().sign(Kind::Refresh, &serde_json::to_vec(&claims).map_err(StoreError::from)?);
    let expires_in = u64::try_from(ACCESS.num_seconds()).unwrap_or_default();
    let resident = session.resident.uuid();
    Ok(TokenReply { access_token, token_type: String::from("Bearer"), expires_in, refresh_token, resident })
}

/// A session that begins now.
fn opened(id: Uuid, (device, resident): (DeviceId, ResidentId), now: Instant) -> Session {
    Session {
        id,
        device,
        resident,
        generation: 1,
        seen: false,
        ended: false,
        expires_at: now + REFRESH,
        opened_at: now,
        seen_at: now,
    }
}

/// The session of a refresh token that the register has lost; when it was opened is lost too.
fn lost(claims: &Refresh, now: Instant) -> Session {
    Session {
        id: claims.session,
        device: DeviceId::from_uuid(claims.device),
        resident: ResidentId::from_uuid(claims.resident),
        generation: claims.generation,
        seen: true,
        ended: false,
        expires_at: Instant::from_timestamp(claims.exp, 0).unwrap_or(Instant::MAX_UTC),
        opened_at: Instant::default(),
        seen_at: now,
    }
}

/// The generation that follows the one shown; 0: it was copied by somebody.
fn following(session: &Session, shown: i64) -> i64 {
    if shown >= session.generation {
        shown + 1
    } else if shown + 1 == session.generation && !session.seen {
        session.generation
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn session(generation: i64, seen: bool) -> Session {
        let id = Uuid::from_u128(7);
        let (device, resident) = (DeviceId::from_uuid(id), ResidentId::from_uuid(id));
        Session {
            id,
            device,
            resident,
            generation,
            seen,
            ended: false,
            expires_at: Instant::MAX_UTC,
            opened_at: Instant::default(),
            seen_at: Instant::default(),
        }
    }

    #[test]
    fn the_one_before_is_taken_again_only_while_the_new_one_was_not_seen() {
        assert_eq!(following(&session(3, false), 3), 4);
        assert_eq!(following(&session(3, false), 2), 3, "the answer was lost");
        assert_eq!(following(&session(3, true), 2), 0, "a copy");
        assert_eq!(following(&session(3, false), 1), 0, "a copy");
        assert_eq!(following(&session(3, true), 9), 10, "given before an older register was put back");
    }

    proptest! {
        #[test]
        fn nobody_goes_back(generation in 1..50_i64, seen: bool, shown in 1..50_i64) {
            let next = following(&session(generation, seen), shown);
            prop_assert!(next == 0 || next >= generation);
        }
    }
}
