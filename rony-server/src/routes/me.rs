//! One's own profile, picture and password.

use axum::{
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use rony_core::{
    account::ChangePassword,
    user::{PICTURE_LIMIT, Profile, ProfileChange},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Raw},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    let picture = OpenApiRouter::new()
        .routes(routes!(set_avatar, remove_avatar))
        .layer(DefaultBodyLimit::max(PICTURE_LIMIT));
    OpenApiRouter::new().routes(routes!(get, change)).routes(routes!(change_password)).merge(picture)
}

/// One's own profile.
#[utoipa::path(
    get, path = "/me", tag = "me",
    responses((status = 200, body = Profile), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn get(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<Profile>> {
    Ok(Json(app.rony().profiles().get(&actor).await?))
}

/// Change one's own profile: what is left out stays, `null` takes away.
#[utoipa::path(
    patch, path = "/me", tag = "me", request_body = ProfileChange,
    responses((status = 200, body = Profile), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn change(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(change): Json<ProfileChange>,
) -> ApiResult<Json<Profile>> {
    Ok(Json(app.rony().profiles().change(&actor, change).await?))
}

/// Change one's own password. All other devices are signed out.
#[utoipa::path(
    put, path = "/me/password", tag = "me", request_body = ChangePassword,
    responses(
        (status = 204),
        (status = 429, description = "`rate_limited`: too many wrong passwords", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change_password(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(change): Json<ChangePassword>,
) -> ApiResult<StatusCode> {
    app.rony().accounts().change_password(&actor, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set one's picture: PNG, JPEG, GIF or WebP, at most 256 KiB and 2,048 pixels a side.
#[utoipa::path(
    put, path = "/me/avatar", tag = "me",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The picture as it is"),
    responses(
        (status = 200, body = Profile),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn set_avatar(State(app): State<App>, Auth(actor): Auth, Raw(bytes): Raw) -> ApiResult<Json<Profile>> {
    Ok(Json(app.rony().profiles().set_avatar(&actor, bytes.into()).await?))
}

/// Take one's picture away.
#[utoipa::path(
    delete, path = "/me/avatar", tag = "me",
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn remove_avatar(State(app): State<App>, Auth(actor): Auth) -> ApiResult<StatusCode> {
    app.rony().profiles().remove_avatar(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
