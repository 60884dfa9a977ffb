//! How this device shows who calls: its own token, or its resident's access token, refreshed as often as needed.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use reqwest::{Method, StatusCode};
use vicino_contract::http::oauth::{OauthError, OauthRefusal, TokenReply};
use vicino_contract::http::{DeviceBody, DeviceReply, ProblemCode, path};
use vicino_contract::{Event, StuckCode, StuckReason};
use vicino_domain::DeviceId;

use crate::api::answer::{broken, is_page, later, of_a_town, unreached, verdict};
use crate::api::{TownClient, bounded};
use crate::device::Device;
use crate::error::Error;
use crate::outbox::Verdict;
use crate::store::{identity, person};
use crate::vault;

impl TownClient {
    /// The token of whoever calls: the resident's whose store this is, the device's while it is nobody's.
    pub(crate) async fn token(&self, device: &Device) -> Result<String, Verdict> {
        match device.resident().map_err(broken)? {
            None => self.device_token(device).await,
            Some(resident) if resident.signed_in => self.access_token(device).await,
            // Not until they sign in again: what they wrote waits, what they read stays.
            Some(_) => Err(later()),
        }
    }

    /// The town did not take this token: it is not shown again.
    pub(crate) fn forget_token(&self, device: &Device, token: &str) -> Result<(), Verdict> {
        let mut access = device.access.lock().unwrap_or_else(PoisonError::into_inner);
        if access.as_deref() == Some(token) {
            *access = None;
            return Ok(());
        }
        drop(access);
        device.store.private(|tx| identity::forget_token(tx, token)).map_err(broken)
    }

    /// This device's own token; introduces the device when it has none.
    async fn device_token(&self, device: &Device) -> Result<String, Verdict> {
        if let Some(token) = device.identity().map_err(broken)?.token {
            return Ok(token);
        }
        // One introduction at a time: the tokens of others would push each other out.
        let _alone = device.introducing.lock().await;
        match device.identity().map_err(broken)?.token {
            Some(token) => Ok(token),
            None => self.introduce(device).await,
        }
    }

    /// Makes this device known to the town, also one put back from a copy that never heard of it; answers its token.
    pub(crate) async fn introduce(&self, device: &Device) -> Result<String, Verdict> {
        let me = device.identity().map_err(broken)?;
        let (name, kind) = (device.shared.name.clone(), device.shared.kind.to_owned());
        let body = DeviceBody { id: me.device.uuid(), secret: me.secret, name, kind };
        let response = self.request(Method::POST, path::DEVICES).json(&body).send().await.map_err(unreached)?;
        let reply: DeviceReply = match verdict(response).await {
            Ok(response) => bounded::json(of_a_town(response)?, bounded::WORDS).await?,
            // It was lost, and an office has shut it out; now somebody has it again, and it is another device.
            Err(Verdict::Never(StuckReason { code: StuckCode::Town(ProblemCode::DeviceEnded), .. })) => {
                tracing::warn!("device identity revoked by the town; registering anew");
                device.begin_anew().map_err(broken)?;
                return Err(later());
            }
            // The town refuses this device itself: that is no fault of the request that waits.
            Err(Verdict::Never(StuckReason { code, .. })) => {
                tracing::error!(code = code.code(), "device registration refused");
                return Err(later());
            }
            Err(other) => return Err(other),
        };
        device.store.private(|tx| identity::set_token(tx, &reply.token)).map_err(broken)?;
        Ok(reply.token)
    }

    /// Tells the town of a sign-out that it has not heard of yet; until it has, the token is kept for that alone.
    pub(crate) async fn revoke_pending(&self, device: &Device) -> Result<(), Error> {
        // A keyring is not asked in every idle round; whoever signs out from here on says so again.
        if !device.revocation_due.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let told = self.revoke_signed_out(device).await;
        if !matches!(told, Ok(true)) {
            device.revocation_due.store(true, Ordering::SeqCst);
        }
        told.map(drop)
    }

    /// Answers whether there is nothing more to tell.
    async fn revoke_signed_out(&self, device: &Device) -> Result<bool, Error> {
        // A sign-in that is being believed just now must not be taken for one that is over.
        let _alone = device.introducing.lock().await;
        if device.resident()?.is_some_and(|resident| !resident.signed_in) {
            // The program ended in the middle of a sign-out, or the town itself ended the session.
            vault::set_aside(&device.folder, device.holder)?;
        }
        let Some(token) = vault::find(&device.folder, device.holder, vault::SIGNED_OUT)? else { return Ok(true) };
        let client = device.identity()?.device;
        let heard = self.revoke(client, &String::from_utf8_lossy(&token)).await;
        if heard {
            vault::forget(&device.folder, device.holder, vault::SIGNED_OUT)?;
        }
        Ok(heard)
    }

    async fn access_token(&self, device: &Device) -> Result<String, Verdict> {
        let known = || device.access.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(token) = known() {
            return Ok(token);
        }
        let _alone = device.introducing.lock().await;
        if let Some(token) = known() {
            return Ok(token);
        }
        let kept = vault::find(&device.folder, device.holder, vault::SIGN_IN).map_err(broken)?;
        let Some(refresh) = kept.and_then(|kept| String::from_utf8(kept).ok()) else {
            return Err(signed_out(device));
        };
        let client = device.identity().map_err(broken)?.device;
        match self.refresh(client, &refresh).await {
            Ok(tokens) => {
                // Somebody signed out while it was under way: the town is told of this one too.
                if device.resident().map_err(broken)?.is_none_or(|resident| !resident.signed_in) {
                    let kept = tokens.refresh_token.as_bytes();
                    vault::keep(&device.folder, device.holder, vault::SIGNED_OUT, kept).map_err(broken)?;
                    device.revocation_due.store(true, Ordering::SeqCst);
                    return Err(later());
                }
                // Kept before it is used: once used, the town takes the one before for a copy.
                vault::keep(&device.folder, device.holder, vault::SIGN_IN, tokens.refresh_token.as_bytes())
                    .map_err(broken)?;
                *device.access.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.access_token.clone());
                Ok(tokens.access_token)
            }
            Err(Verdict::Never(_)) => Err(signed_out(device)),
            Err(other) => Err(other),
        }
    }

    /// Tokens for a code.
    pub(crate) async fn exchange(
        &self,
        client: DeviceId,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<TokenReply, Verdict> {
        let client = client.to_string();
        self.ask_tokens(&[
            ("grant_type", "authorization_code"),
            ("client_id", &client),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ])
        .await
    }

    async fn refresh(&self, client: DeviceId, token: &str) -> Result<TokenReply, Verdict> {
        let client = client.to_string();
        self.ask_tokens(&[("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", token)]).await
    }

    /// The town is not to take this token any more. Answers whether it heard.
    pub(crate) async fn revoke(&self, client: DeviceId, token: &str) -> bool {
        let fields = [("client_id", client.to_string()), ("token", token.to_owned())];
        match self.request(Method::POST, path::REVOKE).form(&fields).send().await {
            // A hotel's page is a yes too, and then the town would never hear of it.
            Ok(response) => response.status() == StatusCode::OK && !is_page(&response),
            Err(cause) => {
                tracing::info!(cause = %cause.without_url(), "token revocation not delivered");
                false
            }
        }
    }

    /// *Never* only in the words of the standard (RFC 6749 §5.2): whoever else answers is not the town.
    async fn ask_tokens(&self, fields: &[(&str, &str)]) -> Result<TokenReply, Verdict> {
        let response = self.request(Method::POST, path::TOKEN).form(fields).send().await.map_err(unreached)?;
        if response.status() == StatusCode::BAD_REQUEST {
            let refusal: OauthRefusal = bounded::json(response, bounded::WORDS).await?;
            return Err(match refusal.error {
                OauthError::InvalidGrant => Verdict::Never(StuckReason::of(StuckCode::InvalidGrant)),
                OauthError::InvalidRequest | OauthError::UnsupportedGrantType | OauthError::UnsupportedTokenType => {
                    later()
                }
            });
        }
        bounded::json(of_a_town(verdict(response).await?)?, bounded::WORDS).await
    }
}

/// The town does not believe this device any more: said once, and whoever it is signs in when they like.
fn signed_out(device: &Device) -> Verdict {
    if let Err(cause) = device.store.private(person::sign_out) {
        return broken(cause);
    }
    device.revocation_due.store(true, Ordering::SeqCst);
    for event in [Event::Person, Event::Status, Event::Outbox] {
        device.tell(event);
    }
    later()
}
