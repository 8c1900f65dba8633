//! Making an account, and getting back into one. Nobody needs to be signed in.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use rony_core::{
    account::{NewAdministrator, NewPassword, Register},
    secret::Secret,
    session::SignIn,
    user::User,
    username::{DisplayName, Username},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::{SignedInBody, hand_over};
use crate::{
    app::App,
    auth::{caller, may_have_cookie},
    error::{ApiResult, Problem},
    extract::Json,
    security::Client,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_up)).routes(routes!(register)).routes(routes!(reset_password))
}

/// Somebody's account.
#[derive(Serialize, ToSchema)]
struct AccountBody {
    /// Whose it is.
    user: User,
}

/// The first administrator, who is then signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetUpBody {
    /// What the setup link carries, which the server prints when it starts.
    token: Secret,
    /// The name by which they sign in.
    username: Username,
    /// The password, 8 to 128 characters.
    password: Secret,
    /// The name that others see; the username when left out.
    #[serde(default)]
    display_name: Option<DisplayName>,
    /// What to call this device in the list of devices, up to 64 characters.
    #[serde(default)]
    device_name: Option<String>,
    /// For a page in a browser: the session's token comes as a cookie, as at `POST /sessions`.
    #[serde(default)]
    cookie: bool,
}

/// Make the administrator's account by the link that the first start prints, and sign in.
#[utoipa::path(
    post, path = "/setup", tag = "accounts", request_body = SetUpBody, security(()),
    responses(
        (status = 201, body = SignedInBody, headers(("Set-Cookie" = Option<String>, description = "With `cookie: true`."))),
        (status = 409, description = "`setup_done`, `username_taken`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn set_up(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Json(body): Json<SetUpBody>,
) -> ApiResult<impl IntoResponse> {
    let SetUpBody { token, username, password, display_name, device_name, cookie } = body;
    if cookie {
        may_have_cookie(client)?;
    }
    let sign_in = SignIn { username: username.to_string(), password: password.clone(), device_name };
    sign_in.device_name()?;
    let new = NewAdministrator { token, username, password, display_name };
    app.rony().accounts().set_up(new, client.address).await?;
    let signed_in = app.rony().sessions().sign_in(sign_in, caller(&headers, client)).await?;
    Ok(hand_over(client, signed_in, cookie))
}

/// Make an account: with what an invite link carries, or by oneself where registration is open.
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", request_body = Register, security(()),
    responses(
        (status = 201, body = AccountBody),
        (status = 403, description = "`registration_closed`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`username_taken`, `invite_unknown`, `invite_revoked`, `invite_expired`, `invite_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn register(
    State(app): State<App>,
    client: Client,
    Json(new): Json<Register>,
) -> ApiResult<(StatusCode, Json<AccountBody>)> {
    let user = app.rony().accounts().register(new, client.address).await?;
    Ok((StatusCode::CREATED, Json(AccountBody { user })))
}

/// Set a password with what a reset link carries. The person is signed out everywhere, and their tokens end.
#[utoipa::path(
    post, path = "/password-resets", tag = "accounts", request_body = NewPassword, security(()),
    responses(
        (status = 200, body = AccountBody),
        (status = 409, description = "`reset_used`, `account_deactivated`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn reset_password(
    State(app): State<App>,
    client: Client,
    Json(new): Json<NewPassword>,
) -> ApiResult<Json<AccountBody>> {
    let user = app.rony().accounts().reset_password(new, client.address).await?;
    Ok(Json(AccountBody { user }))
}
