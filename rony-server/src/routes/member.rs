//! Members: who is in a conversation, who comes and goes, and how each of them keeps it.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    id::{ConversationId, UserId},
    member::{AddPeople, Member, MemberSettings, SettingsChange},
    page::Page,
    permission::Role,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, PageQuery, Path, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change_role, remove))
        .routes(routes!(join))
        .routes(routes!(leave))
        .routes(routes!(keep))
}

/// Who is in a conversation.
#[utoipa::path(
    get, path = "/conversations/{id}/members", tag = "members", params(("id" = ConversationId, Path), PageQuery),
    responses(
        (status = 200, body = Page<Member>),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Member>>> {
    Ok(Json(app.rony().members().list(&actor, id, page.limit, page.cursor.as_ref()).await?))
}

/// Whom to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddBody {
    /// At most 500; who is a member already stays as they are.
    #[serde(default)]
    user_ids: Vec<UserId>,
    /// The same for one person.
    #[serde(default)]
    user_id: Option<UserId>,
    /// What they may do in it: not more than oneself; a member when left out.
    #[serde(default)]
    role: Option<Role>,
}

impl From<AddBody> for AddPeople {
    fn from(body: AddBody) -> Self {
        let user_ids = body.user_ids.into_iter().chain(body.user_id).collect();
        Self { user_ids, role: body.role.unwrap_or(Role::Member) }
    }
}

/// Add people, all of them or none. Who is a member already stays as they are.
#[utoipa::path(
    post, path = "/conversations/{id}/members", tag = "members", params(("id" = ConversationId, Path)),
    request_body = AddBody,
    responses(
        (status = 200, description = "All who were named", body = Page<Member>),
        (status = 403, description = "`not_a_member`, `role_too_low`, `above_own_role`, `blocked`, `direct_conversation`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn add(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
    Json(people): Json<AddBody>,
) -> ApiResult<Json<Page<Member>>> {
    let items = app.rony().members().add(&actor, id, people.into()).await?;
    Ok(Json(Page { items, next: None }))
}

/// The role that somebody is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleBody {
    /// Not more than one's own.
    role: Role,
}

/// Change what somebody may do in a conversation.
#[utoipa::path(
    patch, path = "/conversations/{id}/members/{user_id}", tag = "members",
    params(("id" = ConversationId, Path), ("user_id" = UserId, Path)), request_body = RoleBody,
    responses(
        (status = 200, body = Member),
        (status = 403, description = "`not_a_member`, `role_too_low`, `above_own_role`, `direct_conversation`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change_role(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, user_id)): Path<(ConversationId, UserId)>,
    Json(RoleBody { role }): Json<RoleBody>,
) -> ApiResult<Json<Member>> {
    Ok(Json(app.rony().members().change_role(&actor, id, user_id, role).await?))
}

/// Take somebody, or oneself, out of a conversation.
#[utoipa::path(
    delete, path = "/conversations/{id}/members/{user_id}", tag = "members",
    params(("id" = ConversationId, Path), ("user_id" = UserId, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`not_a_member`, `role_too_low`, `direct_conversation`, `general`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn remove(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, user_id)): Path<(ConversationId, UserId)>,
) -> ApiResult<StatusCode> {
    app.rony().members().remove(&actor, id, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Join a public conversation. Joining again changes nothing.
#[utoipa::path(
    post, path = "/conversations/{id}/join", tag = "members", params(("id" = ConversationId, Path)),
    responses(
        (status = 204),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn join(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
) -> ApiResult<StatusCode> {
    app.rony().members().join(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a group. The last owner makes somebody else an owner first; a group that its last member leaves is archived.
#[utoipa::path(
    post, path = "/conversations/{id}/leave", tag = "members", params(("id" = ConversationId, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`not_a_member`, `direct_conversation`, `general`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn leave(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
) -> ApiResult<StatusCode> {
    app.rony().members().leave(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change how one keeps a conversation, on all of one's devices: what one wants to be told of, and whether it stays at
/// the top.
#[utoipa::path(
    patch, path = "/conversations/{id}/me", tag = "members", params(("id" = ConversationId, Path)),
    request_body = SettingsChange,
    responses(
        (status = 200, body = MemberSettings),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn keep(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
    Json(change): Json<SettingsChange>,
) -> ApiResult<Json<MemberSettings>> {
    Ok(Json(app.rony().members().keep(&actor, id, change).await?))
}
