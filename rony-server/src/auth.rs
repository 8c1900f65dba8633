//! Who sends a request: Rony's own sessions and tokens, or what the host application says.
//!
//! A handler takes [`Auth`], and has an [`Actor`] for the use cases. Credentials come as `Authorization: Bearer …` or in the
//! session's cookie, never in an address, which would stand in logs and histories. Where an embedder brings an
//! [`Authenticator`], it is asked first; Rony's own sessions and tokens go on to work beside it.
//!
//! Whether the page behind a request may use the cookie is looked at before, by [`crate::security::check_origin`].

mod cookie;

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use axum::http::request::Parts;
use rony_core::actor::{Actor, Trusted};
use rony_core::error::BoxError;
use rony_core::id::UserId;
use rony_core::secret::{Secret, TokenKind};
use rony_core::session::Caller;
use rony_core::username::{DisplayName, Username};
use rony_core::{Error, Result};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::security::Client;

pub(crate) use self::cookie::{clear_cookie, may_have_cookie, session_cookie};

/// Whoever is signed in; the extractor of all routes that are not for everybody.
#[derive(Clone, Debug)]
pub struct Auth(pub Actor);

impl FromRequestParts<App> for Auth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let actor = from_parts(app, parts).await?;
        actor.map(Self).ok_or_else(|| Error::unauthenticated().into())
    }
}

/// Whoever is signed in, or holds a link that was opened: the extractor of the few routes that a link leads to. All others refuse
/// what a link gives.
#[derive(Clone, Debug)]
pub struct FileAuth(pub Actor);

impl FromRequestParts<App> for FileAuth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let Some(pass) = bearer(&parts.headers).filter(|token| token.starts_with(TokenKind::Pass.prefix()))
        else {
            return Auth::from_request_parts(parts, app).await.map(|Auth(actor)| Self(actor));
        };
        let client: Client = parts.extensions.get().copied().unwrap_or_default();
        let holder = app.rony().shares().holder(&Secret::from(pass)).await?;
        Ok(Self(holder.from_address(client.address)))
    }
}

/// How a host application says who sends a request, by its own sessions.
///
/// ```
/// use async_trait::async_trait;
/// use http::request::Parts;
/// use rony_core::error::BoxError;
/// use rony_server::auth::{Authenticator, Identity};
///
/// /// Trusts the header that the company's proxy sets (and removes from what clients send).
/// struct Proxy;
///
/// #[async_trait]
/// impl Authenticator for Proxy {
///     async fn authenticate(&self, request: &Parts) -> Result<Option<Identity>, BoxError> {
///         let Some(user) = request.headers.get("x-user") else { return Ok(None) };
///         Ok(Some(Identity::named(user.to_str()?.parse()?)))
///     }
/// }
/// ```
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Who sent this request. `None` when it carries nothing of the host's: then Rony looks for a session of its own.
    ///
    /// Rony believes the answer. A request whose credentials are wrong must not come back as anybody.
    ///
    /// # Errors
    ///
    /// When it cannot be found out at the moment: the request is answered with 503.
    async fn authenticate(&self, request: &Parts) -> Result<Option<Identity>, BoxError>;
}

/// Somebody, as the host application knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity(Who);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Id(UserId),
    Named { username: Username, display_name: Option<DisplayName> },
}

impl Identity {
    /// The person with this username, exactly as it is written. Their account is made when they come for the first time.
    #[must_use]
    pub const fn named(username: Username) -> Self {
        Self(Who::Named { username, display_name: None })
    }

    /// The person with this account: for a host that keeps its own list of who is who.
    #[must_use]
    pub const fn account(user: UserId) -> Self {
        Self(Who::Id(user))
    }

    /// The name that others see, if the account is made now.
    #[must_use]
    pub fn display_name(mut self, name: DisplayName) -> Self {
        if let Who::Named { display_name, .. } = &mut self.0 {
            *display_name = Some(name);
        }
        self
    }
}

/// Whoever the head of a request shows to be its sender; `None` when it carries no credentials.
///
/// # Errors
///
/// 401 for credentials that are not good (any more), 503 when they cannot be looked at.
pub async fn from_parts(app: &App, parts: &Parts) -> ApiResult<Option<Actor>> {
    let client: Client = parts.extensions.get().copied().unwrap_or_default();
    if let Some(authenticator) = app.authenticator()
        && let Some(Identity(who)) = authenticator.authenticate(parts).await.map_err(away)?
    {
        return Ok(Some(vouched(app, who).await?.from_address(client.address)));
    }
    let Some(token) = credential(&parts.headers, client) else { return Ok(None) };
    let actor = app.rony().sessions().authenticate(token, caller(&parts.headers, client)).await?;
    Ok(Some(actor))
}

/// Whoever this token belongs to: for a gateway connection whose handshake carried none.
///
/// # Errors
///
/// As [`from_parts`].
pub async fn authenticate_token(app: &App, token: &Secret, client: Client) -> ApiResult<Actor> {
    let caller = Caller { address: client.address, user_agent: "" };
    Ok(app.rony().sessions().authenticate(token.reveal(), caller).await?)
}

/// Whoever is on the other end, for the list of devices and the audit log.
pub(crate) fn caller(headers: &HeaderMap, client: Client) -> Caller<'_> {
    let user_agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Caller { address: client.address, user_agent }
}

/// The token that a request carries. A bearer token comes before the cookie; another kind of authorization is for the
/// proxy that asked for it.
fn credential(headers: &HeaderMap, client: Client) -> Option<&str> {
    bearer(headers).or_else(|| cookie::token(headers, client))
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn vouched(app: &App, who: Who) -> Result<Actor> {
    const SYSTEM: Actor = Actor::trusted(Trusted::System);
    let sessions = app.rony().sessions();
    match who {
        Who::Id(user) => sessions.vouch_for(&SYSTEM, user).await,
        Who::Named { username, display_name } => {
            sessions.vouch_for_name(&SYSTEM, &username, display_name).await
        }
    }
}

fn away(source: BoxError) -> Error {
    Error::unavailable("Who you are cannot be looked up at the moment. Try again.", source)
}

/// Tells the API's description how requests are signed in: all of them, but where a route says otherwise.
pub(crate) fn describe(description: &mut OpenApi) {
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "The token of a session, a personal access token, or for files what an opened link gives.",
        ))
        .build();
    let cookie = ApiKeyValue::with_description(
        cookie::SECURE,
        "The session of a browser; over plain HTTP on loopback it is called `rony_session`.",
    );
    let components = description.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let any = ["bearer", "cookie"].map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()));
    description.security = Some(any.to_vec());
}

#[cfg(test)]
mod tests;
