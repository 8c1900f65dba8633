//! A person's contacts, and whom they have blocked.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    contact::{AddContact, Contact, ContactChanges},
    id::UserId,
    page::Page,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, PageQuery, Path, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(change, remove))
}

/// One's contacts, and whom one has blocked.
#[utoipa::path(
    get, path = "/contacts", tag = "contacts", params(PageQuery),
    responses((status = 200, body = Page<Contact>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<Contact>>> {
    Ok(Json(app.rony().contacts().list(&actor, query.limit, query.cursor.as_ref()).await?))
}

/// Add somebody to one's contacts, by username or id. Adding them again changes what is given.
#[utoipa::path(
    post, path = "/contacts", tag = "contacts", request_body = AddContact,
    responses(
        (status = 201, body = Contact),
        (status = 409, description = "`too_many_contacts`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn add(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(wish): Json<AddContact>,
) -> ApiResult<(StatusCode, Json<Contact>)> {
    Ok((StatusCode::CREATED, Json(app.rony().contacts().add(&actor, wish).await?)))
}

/// Change what one keeps of somebody. Anybody can be blocked, contact or not.
#[utoipa::path(
    patch, path = "/contacts/{user_id}", tag = "contacts", params(("user_id" = UserId, Path)), request_body = ContactChanges,
    responses(
        (status = 200, body = Contact),
        (status = 409, description = "`too_many_contacts`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(user): Path<UserId>,
    Json(changes): Json<ContactChanges>,
) -> ApiResult<Json<Contact>> {
    Ok(Json(app.rony().contacts().change(&actor, user, changes).await?))
}

/// Take somebody out of one's contacts, with what one noted about them. Who is blocked stays blocked.
#[utoipa::path(
    delete, path = "/contacts/{user_id}", tag = "contacts", params(("user_id" = UserId, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn remove(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(user): Path<UserId>,
) -> ApiResult<StatusCode> {
    app.rony().contacts().remove(&actor, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
