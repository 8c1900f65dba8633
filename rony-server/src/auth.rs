//! Placeholder until the session noun lands: replace this file whole.
use crate::{
    app::App,
    error::{ApiError, ApiResult},
    security::Client,
};
use axum::http::request::Parts;
use rony_core::{actor::Actor, secret::Secret};
/// a
pub trait Authenticator: Send + Sync {}
/// b
pub struct Auth(pub Actor);
impl axum::extract::FromRequestParts<App> for Auth {
    type Rejection = ApiError;
    async fn from_request_parts(_: &mut Parts, _: &App) -> ApiResult<Self> {
        Err(ApiError::unauthenticated("x"))
    }
}
/// c
pub async fn from_parts(_: &App, _: &Parts) -> ApiResult<Option<Actor>> {
    Ok(None)
}
/// d
pub async fn authenticate_token(_: &App, _: &Secret, _: Client) -> ApiResult<Actor> {
    Err(ApiError::unauthenticated("x"))
}
