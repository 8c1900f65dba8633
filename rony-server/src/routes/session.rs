//! Signing in and out, and the devices on which somebody is signed in.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse},
};
use rony_core::{
    id::SessionId,
    page::Page,
    secret::Secret,
    session::{Session, SignIn, SignedIn},
    user::User,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::{Auth, caller, clear_cookie, may_have_cookie, session_cookie},
    error::{ApiResult, Problem},
    extract::{Json, PageQuery, Path, Query},
    security::Client,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, list, sign_out_others))
        .routes(routes!(refresh))
        .routes(routes!(sign_out_current))
        .routes(routes!(sign_out))
}

/// A try to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    /// The username, in any spelling.
    username: String,
    /// The password.
    password: Secret,
    /// What to call this device in the list of devices, up to 64 characters.
    #[serde(default)]
    device_name: Option<String>,
    /// For a page in a browser: the token comes as a cookie, out of the reach of scripts, instead of in the answer.
    #[serde(default)]
    cookie: bool,
}

/// Somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedInBody {
    /// What to send as `Authorization: Bearer …` from now on; it is shown only here. `null` when it was given as a cookie.
    token: Option<String>,
    /// The session that it opens.
    session: Session,
    /// Who it is.
    user: User,
}

/// Sign in with a username and a password.
#[utoipa::path(
    post, path = "/sessions", tag = "sessions", request_body = SignInBody, security(()),
    responses(
        (status = 201, body = SignedInBody, headers(("Set-Cookie" = Option<String>, description = "With `cookie: true`."))),
        (status = 401, description = "`credentials_wrong`, `account_deactivated`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`: `Retry-After` says when the next try may come", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn sign_in(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Json(body): Json<SignInBody>,
) -> ApiResult<impl IntoResponse> {
    let SignInBody { username, password, device_name, cookie } = body;
    if cookie {
        may_have_cookie(client)?;
    }
    let sign_in = SignIn { username, password, device_name };
    let signed_in = app.rony().sessions().sign_in(sign_in, caller(&headers, client)).await?;
    Ok(hand_over(client, signed_in, cookie))
}

/// Gives a new session to whoever signed in: its token as a cookie, or in the body.
pub(super) fn hand_over(client: Client, signed_in: SignedIn, cookie: bool) -> impl IntoResponse + use<> {
    let SignedIn { token, session, user } = signed_in;
    let lifetime = session.expires_at.since(session.created_at);
    let (token, set_cookie) = match cookie {
        true => (None, Some((SET_COOKIE, session_cookie(client, &token, lifetime)))),
        false => (Some(token.reveal()), None),
    };
    (StatusCode::CREATED, AppendHeaders(set_cookie), Json(SignedInBody { token, session, user }))
}

/// The devices on which one is signed in, the newest first.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", params(PageQuery),
    responses((status = 200, body = Page<Session>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<Session>>> {
    Ok(Json(app.rony().sessions().list(&actor, query.limit, query.cursor.as_ref()).await?))
}

/// Say that this device is in use: its idle time begins anew.
#[utoipa::path(
    post, path = "/sessions/refresh", tag = "sessions",
    responses((status = 200, body = RefreshedBody), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn refresh(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<RefreshedBody>> {
    Ok(Json(RefreshedBody { session: app.rony().sessions().refresh(&actor).await? }))
}

/// The session as it is now.
#[derive(Serialize, ToSchema)]
struct RefreshedBody {
    /// With when it ends.
    session: Session,
}

/// Sign out this device; a browser's cookie is taken away.
#[utoipa::path(
    delete, path = "/sessions/current", tag = "sessions",
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn sign_out_current(
    State(app): State<App>,
    client: Client,
    Auth(actor): Auth,
) -> ApiResult<impl IntoResponse> {
    app.rony().sessions().sign_out_current(&actor).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, clear_cookie(client))]))
}

/// Sign out one of one's devices. Its connections close within a second.
#[utoipa::path(
    delete, path = "/sessions/{id}", tag = "sessions", params(("id" = SessionId, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn sign_out(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    app.rony().sessions().sign_out(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out all devices but this one.
#[utoipa::path(
    delete, path = "/sessions", tag = "sessions",
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn sign_out_others(State(app): State<App>, Auth(actor): Auth) -> ApiResult<StatusCode> {
    app.rony().sessions().sign_out_others(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
