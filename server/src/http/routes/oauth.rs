//! Signing in: OAuth 2 for devices that are public clients (RFC 6749, PKCE S256 of RFC 7636, RFC 8252).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use vicino_contract::http::oauth::{CHALLENGE_METHOD, OauthError, OauthMetadata, OauthRefusal, TokenReply};
use vicino_contract::http::{ProblemCode, path};
use vicino_domain::DeviceId;

use crate::access::sessions;
use crate::access::sessions::{AuthorizationRequest, Denied};
use crate::http::extract::From;
use crate::http::middleware::InItsOwnWords;
use crate::http::router::fields;
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::town::identity::{Greeting, IdentityProvider};
use crate::{Refusal, Town};

/// What a device asks a browser to bring here.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AskedQuery {
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

/// The form that an identity provider's page sends back: its ticket, and the provider's own fields.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the OpenAPI document reads it")]
struct IdentityForm {
    /// The ticket that the page carried.
    ticket: String,
    /// The resident, on a practice town.
    resident: Option<String>,
}

/// A way to get tokens (RFC 6749 sections 4.1.3 and 6).
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the OpenAPI document reads it")]
struct TokenForm {
    /// The way.
    grant_type: String,
    /// The device's identity.
    client_id: uuid::Uuid,
    /// The code that came back, with `authorization_code`.
    code: Option<String>,
    /// The address it came back to, with `authorization_code`.
    redirect_uri: Option<String>,
    /// The verifier whose SHA-256 was sent before, with `authorization_code`.
    code_verifier: Option<String>,
    /// The last refresh token, with `refresh_token`.
    refresh_token: Option<String>,
}

/// A token to be good no more (RFC 7009 section 2.1).
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the OpenAPI document reads it")]
struct RevokeForm {
    /// An access token or a refresh token: either ends the session.
    token: Option<String>,
}

/// Begin a sign-in
///
/// Answers the town's identity provider. Nothing is ever sent back to an address that is not the device's own.
#[utoipa::path(get, path = "/oauth/authorize", tag = "sign-in", operation_id = "sign-in", params(AskedQuery),
    responses((status = 200, description = "The provider's page", content_type = "text/html", body = String),
        (status = 303, description = "The provider's own address", headers(("Location" = String))),
        (status = 400, description = "Invalid authorization request"), (status = 404, description = "This town has no sign-in")))]
pub(crate) async fn authorize(
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
        let asked = AuthorizationRequest {
            device: DeviceId::from_uuid(asked.client_id),
            redirect_uri: asked.redirect_uri,
            challenge: asked.code_challenge,
            state: asked.state,
        };
        let ticket = sessions::begin_sign_in(town, asked)?.ok_or_else(refused)?;
        door.greet(town, &ticket)
    })
    .await?;
    Ok(match greeting {
        Greeting::Page(page) => show(page),
        Greeting::Elsewhere(url) => see_other(&url)?,
    })
}

/// Take the identity provider's answer
#[utoipa::path(post, path = "/oauth/identity", tag = "sign-in", operation_id = "say-who",
    request_body(content = IdentityForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "Redirect to the device with an authorization code", headers(("Location" = String, description = "The device's own address"))),
        (status = 400, description = "Unknown or expired ticket"), (status = 404, description = "This town has no sign-in")))]
pub(crate) async fn identity(
    State(town): State<Arc<Town>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let answer = fields(&headers, &body)?;
    let back = blocking(&town, move |town| {
        let ticket = answer.iter().find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket.clone());
        let who = door(town)?.recognise(town, &answer)?.ok_or_else(refused)?;
        sessions::answer_sign_in(town, &ticket.unwrap_or_default(), who)?.ok_or_else(refused)
    })
    .await?;
    see_other(&back)
}

/// Get tokens for a code or a refresh token
///
/// Refusals are those of RFC 6749 §5.2. A refresh token is good once; a copy of an old one ends the session.
#[utoipa::path(post, path = "/oauth/token", tag = "sign-in", operation_id = "give-tokens",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Tokens", body = TokenReply, headers(("Cache-Control" = String, description = "`no-store`"))), (status = 400, description = "Refused", body = OauthRefusal)))]
pub(crate) async fn token(
    State(town): State<Arc<Town>>,
    From(address): From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    // A parameter that is there twice is an invalid request.
    let fields = match fields(&headers, &body) {
        Ok(fields) => fields,
        Err(refusal) => return in_oauth_words(refusal),
    };
    let given = blocking(&town, move |town| {
        sessions::pay_for_tokens(town, named(&fields, "refresh_token"), address)?;
        Ok(match tokens(town, &fields) {
            Ok(reply) => Ok(reply),
            Err(Denied::Oauth(error)) => Err(error),
            Err(Denied::Trouble(refusal)) => return Err(refusal),
        })
    })
    .await?;
    let mut response = match given {
        Ok(reply) => Json(reply).into_response(),
        Err(error) => denied(error),
    };
    // RFC 6749 §5.1: what is in it is a secret.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A malformed request in the words of RFC 6749 section 5.2; any other refusal as it is.
fn in_oauth_words(refusal: Refusal) -> Result<Response, Refusal> {
    if refusal.reason.code == ProblemCode::Malformed { Ok(denied(OauthError::InvalidRequest)) } else { Err(refusal) }
}

/// A refusal in the words of RFC 6749 section 5.2.
fn denied(error: OauthError) -> Response {
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::BAD_REQUEST, unkept, Extension(InItsOwnWords), Json(OauthRefusal { error })).into_response()
}

fn tokens(town: &Town, fields: &[(String, String)]) -> Result<TokenReply, Denied> {
    let field = |wanted: &str| named(fields, wanted).ok_or(Denied::Oauth(OauthError::InvalidRequest));
    let device: DeviceId = field("client_id")?.parse().map_err(|_| Denied::Oauth(OauthError::InvalidRequest))?;
    match field("grant_type")? {
        "authorization_code" => {
            sessions::exchange(town, device, field("code")?, field("redirect_uri")?, field("code_verifier")?)
        }
        "refresh_token" => sessions::refresh(town, device, field("refresh_token")?),
        _ => Err(Denied::Oauth(OauthError::UnsupportedGrantType)),
    }
}

/// Revoke a token
///
/// Refusals are those of RFC 7009 §2.2.1.
#[utoipa::path(post, path = "/oauth/revoke", tag = "sign-in", operation_id = "sign-out",
    request_body(content = RevokeForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The session has ended, or there was none"), (status = 400, description = "Refused", body = OauthRefusal)))]
pub(crate) async fn revoke(
    State(town): State<Arc<Town>>,
    From(address): From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let fields = match fields(&headers, &body) {
        Ok(fields) => fields,
        Err(refusal) => return in_oauth_words(refusal),
    };
    let ended = blocking(&town, move |town| {
        let token = named(&fields, "token").filter(|token| !token.is_empty());
        sessions::pay_for_tokens(town, token, address)?;
        match token.ok_or(Denied::Oauth(OauthError::InvalidRequest)).and_then(|token| sessions::sign_out(town, token)) {
            Ok(()) => Ok(None),
            Err(Denied::Oauth(error)) => Ok(Some(error)),
            Err(Denied::Trouble(refusal)) => Err(refusal),
        }
    });
    Ok(ended.await?.map_or_else(|| StatusCode::OK.into_response(), denied))
}

/// The value of a field.
fn named<'a>(fields: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// Get the authorization server's metadata
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "sign-in", operation_id = "read-sign-in",
    responses((status = 200, description = "RFC 8414", body = OauthMetadata)))]
pub(crate) async fn metadata(State(town): State<Arc<Town>>, headers: HeaderMap) -> Json<OauthMetadata> {
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

/// Returns whether a host is this very machine.
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
    Refusal::new(RefusalKind::Malformed, ProblemCode::SignInRefused, "Sign-in expired or unknown")
}

pub(crate) fn see_other(url: &str) -> Result<Response, Refusal> {
    let location = HeaderValue::from_str(url).map_err(|_| refused())?;
    Ok((
        StatusCode::SEE_OTHER,
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
    )
        .into_response())
}

/// A page that runs nothing, loads nothing and stands in nobody's frame.
pub(crate) fn show(page: String) -> Response {
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
