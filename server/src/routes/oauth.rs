//! Signing in: OAuth 2 for devices that are public clients (RFC 6749, PKCE S256 of RFC 7636, RFC 8252).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::oauth::{CHALLENGE_METHOD, OauthError, OauthMetadata, OauthRefusal, TokenReply};
use vicino_contract::http::{Problem, ProblemCode, path};
use vicino_domain::DeviceId;

use super::caller::From;
use super::every_answer::InItsOwnWords;
use super::{blocking, fields};
use crate::identity::{Greeting, IdentityProvider};
use crate::sessions::{Asked, Denied};
use crate::{Refusal, Town};

/// What a device asks a browser to bring here.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedQuery {
    /// Always `code`.
    response_type: String,
    /// The device's identity.
    client_id: uuid::Uuid,
    /// A loopback port with the path `/signed-in`, or `it.vicino.app:/signed-in`.
    #[param(max_length = 64)]
    redirect_uri: String,
    /// Comes back as it is; letters, digits, `-` and `_`.
    #[param(max_length = 128)]
    state: String,
    /// The SHA-256 of the verifier, base64url.
    #[param(max_length = 43)]
    code_challenge: String,
    /// Always `S256`.
    code_challenge_method: String,
}

/// A browser comes to sign in
///
/// Answers the town's identity provider. Nothing is ever sent back to an address that is not the device's own.
#[utoipa::path(get, path = "/oauth/authorize", tag = "sign-in", operation_id = "sign-in", params(AskedQuery),
    responses((status = 200, description = "The provider's page", content_type = "text/html", body = String),
        (status = 303, description = "The provider's own address"),
        (status = 400, description = "Not a way to ask", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn authorize(
    State(town): State<Arc<Town>>,
    Query(asked): Query<AskedQuery>,
) -> Result<Response, Refusal> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let sound = asked.response_type == "code"
        && asked.code_challenge_method == CHALLENGE_METHOD
        && asked.code_challenge.len() == 43
        && plain(&asked.code_challenge)
        && (16..=128).contains(&asked.state.len())
        && plain(&asked.state);
    if !sound {
        return Err(refused());
    }
    let greeting = blocking(&town, move |town| {
        let door = door(town)?;
        let asked = Asked {
            device: DeviceId::from_uuid(asked.client_id),
            redirect_uri: asked.redirect_uri,
            challenge: asked.code_challenge,
            state: asked.state,
        };
        let ticket = town.begin_sign_in(asked)?.ok_or_else(refused)?;
        door.greet(town, &ticket)
    })
    .await?;
    Ok(match greeting {
        Greeting::Page(page) => show(page),
        Greeting::Elsewhere(url) => see_other(&url)?,
    })
}

/// The provider's answer comes back
#[utoipa::path(post, path = "/oauth/identity", tag = "sign-in", operation_id = "say-who",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "Back to the device, with a code"),
        (status = 400, description = "Nobody, or too late", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn identity(
    State(town): State<Arc<Town>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let answer = fields(&headers, &body)?;
    let back = blocking(&town, move |town| {
        let ticket = answer.iter().find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket.clone());
        let who = door(town)?.recognise(town, &answer)?.ok_or_else(refused)?;
        town.answer_sign_in(&ticket.unwrap_or_default(), who)?.ok_or_else(refused)
    })
    .await?;
    see_other(&back)
}

/// Tokens for a code, or for a refresh token
///
/// Refusals are those of RFC 6749 §5.2. A refresh token is good once; a copy of an old one ends the session.
#[utoipa::path(post, path = "/oauth/token", tag = "sign-in", operation_id = "give-tokens",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Tokens", body = TokenReply), (status = 400, description = "Refused", body = OauthRefusal)))]
pub(super) async fn token(
    State(town): State<Arc<Town>>,
    From(address): From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let fields = fields(&headers, &body)?;
    let given = blocking(&town, move |town| {
        town.pay_for_tokens(named(&fields, "refresh_token"), address)?;
        Ok(match tokens(town, &fields) {
            Ok(reply) => Ok(reply),
            Err(Denied::Oauth(error)) => Err(error),
            Err(Denied::Trouble(refusal)) => return Err(refusal),
        })
    })
    .await?;
    let mut response = match given {
        Ok(reply) => Json(reply).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Extension(InItsOwnWords), Json(OauthRefusal { error })).into_response(),
    };
    // RFC 6749 §5.1: what is in it is a secret.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn tokens(town: &Town, fields: &[(String, String)]) -> Result<TokenReply, Denied> {
    let field = |wanted: &str| named(fields, wanted).ok_or(Denied::Oauth(OauthError::InvalidRequest));
    let device: DeviceId = field("client_id")?.parse().map_err(|_| Denied::Oauth(OauthError::InvalidRequest))?;
    match field("grant_type")? {
        "authorization_code" => town.exchange(device, field("code")?, field("redirect_uri")?, field("code_verifier")?),
        "refresh_token" => town.refresh(device, field("refresh_token")?),
        _ => Err(Denied::Oauth(OauthError::UnsupportedGrantType)),
    }
}

/// A resident signs out
#[utoipa::path(post, path = "/oauth/revoke", tag = "sign-in", operation_id = "sign-out",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The session has ended, or there was none")))]
pub(super) async fn revoke(
    State(town): State<Arc<Town>>,
    From(address): From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let fields = fields(&headers, &body)?;
    let done = blocking(&town, move |town| {
        let token = named(&fields, "token");
        town.pay_for_tokens(token, address)?;
        town.sign_out(token.unwrap_or_default())
    });
    done.await.map(|()| StatusCode::OK)
}

/// The value of a field.
fn named<'a>(fields: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// Where to ask for what
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "sign-in", operation_id = "read-sign-in",
    responses((status = 200, description = "RFC 8414", body = OauthMetadata)))]
pub(super) async fn metadata(State(town): State<Arc<Town>>, headers: HeaderMap) -> Json<OauthMetadata> {
    // A caller's own Host names nobody but this machine: what anybody may write is no issuer.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_here(host));
    let here = || format!("http://{}", host.unwrap_or("localhost"));
    let issuer = town.identity.address.clone().unwrap_or_else(here);
    let at = |path: &str| format!("{issuer}{path}");
    let word = |word: &str| vec![word.to_owned()];
    Json(OauthMetadata {
        authorization_endpoint: at(path::AUTHORIZE),
        token_endpoint: at(path::TOKEN),
        revocation_endpoint: at(path::REVOKE),
        response_types_supported: word("code"),
        grant_types_supported: vec![String::from("authorization_code"), String::from("refresh_token")],
        code_challenge_methods_supported: word(CHALLENGE_METHOD),
        token_endpoint_auth_methods_supported: word("none"),
        issuer,
    })
}

/// Whether a host is this very machine.
fn is_here(host: &str) -> bool {
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    let loopback = |address: std::net::IpAddr| address.is_loopback();
    name == "localhost" || name.trim_matches(['[', ']']).parse().is_ok_and(loopback)
}

fn door(town: &Town) -> Result<Arc<dyn IdentityProvider>, Refusal> {
    town.identity.provider.clone().ok_or_else(Refusal::not_found)
}

/// Said alike whatever was wrong, and never by sending a browser anywhere.
fn refused() -> Refusal {
    Refusal::new(400, ProblemCode::SignInRefused, "This sign-in cannot go on")
}

pub(super) fn see_other(url: &str) -> Result<Response, Refusal> {
    let location = HeaderValue::from_str(url).map_err(|_| refused())?;
    Ok((
        StatusCode::SEE_OTHER,
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
    )
        .into_response())
}

/// A page that runs nothing, loads nothing and stands in nobody's frame.
pub(super) fn show(page: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, page).into_response()
}
