//! Rooms to meet in: making, changing and deleting one's own, and the way in for whoever has a code.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    actor::Scope,
    id::{ConversationId, GuestId, RoomId},
    page::{Cursor, Limit, Page},
    room::{NewRoom, Room, RoomChange, RoomPreview},
    time::Timestamp,
};
use rony_rtc::ice::{IceGrant, IceServer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path, Query},
    pages::Link,
    security::Client,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, delete))
        .routes(routes!(preview))
        .routes(routes!(come))
        .routes(routes!(ice))
}

/// A room, and the link to it.
#[derive(Serialize, ToSchema)]
struct RoomBody {
    #[serde(flatten)]
    room: Room,
    /// To be handed on: whoever has it may ask to come in.
    url: String,
}

impl RoomBody {
    fn of(app: &App, room: Room) -> Self {
        let url = Link::Meet.to(app.public_url(), &room.code.to_string());
        Self { room, url }
    }
}

/// Which rooms.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// The one of this conversation alone.
    #[serde(default)]
    conversation_id: Option<ConversationId>,
    /// How many items at most.
    #[serde(default)]
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    #[serde(default)]
    cursor: Option<Cursor>,
}

/// The rooms that one made, and those of one's conversations, the newest first.
#[utoipa::path(
    get, path = "/rooms", tag = "rooms", params(ListQuery),
    responses(
        (status = 200, body = Page<RoomBody>),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<RoomBody>>> {
    let ListQuery { conversation_id, limit, cursor } = query;
    let page = app.rony().rooms().list(&actor, conversation_id, limit, cursor.as_ref()).await?;
    Ok(Json(page.map(|room| RoomBody::of(&app, room))))
}

/// Make a room. A conversation has one: where it is there already, it is the answer (200), as it is.
#[utoipa::path(
    post, path = "/rooms", tag = "rooms", request_body = NewRoom,
    responses(
        (status = 200, description = "the conversation has this room already", body = RoomBody),
        (status = 201, body = RoomBody),
        (status = 403, description = "`not_a_member`, `blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_rooms`, `archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(new): Json<NewRoom>,
) -> ApiResult<(StatusCode, Json<RoomBody>)> {
    let made = app.rony().rooms().create(&actor, new).await?;
    let status = if made.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(RoomBody::of(&app, made.room))))
}

/// One room that one made, or that belongs to one of one's conversations.
#[utoipa::path(
    get, path = "/rooms/{id}", tag = "rooms", params(("id" = RoomId, Path)),
    responses((status = 200, body = RoomBody), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn get(State(app): State<App>, Auth(actor): Auth, Path(id): Path<RoomId>) -> ApiResult<Json<RoomBody>> {
    Ok(Json(RoomBody::of(&app, app.rony().rooms().get(&actor, id).await?)))
}

/// Change a room that one made: what is left out stays, `null` takes the password away. It holds at once, in a meeting too.
#[utoipa::path(
    patch, path = "/rooms/{id}", tag = "rooms", params(("id" = RoomId, Path)), request_body = RoomChange,
    responses(
        (status = 200, body = RoomBody),
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<RoomId>,
    Json(change): Json<RoomChange>,
) -> ApiResult<Json<RoomBody>> {
    let room = app.rony().rooms().change(&actor, id, change).await?;
    app.meetings().changed(&room);
    Ok(Json(RoomBody::of(&app, room)))
}

/// Delete a room that one made: its code leads nowhere any more, and a meeting in it ends.
#[utoipa::path(
    delete, path = "/rooms/{id}", tag = "rooms", params(("id" = RoomId, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn delete(State(app): State<App>, Auth(actor): Auth, Path(id): Path<RoomId>) -> ApiResult<StatusCode> {
    let room = app.rony().rooms().delete(&actor, id).await?;
    app.meetings().ended(room.code);
    Ok(StatusCode::NO_CONTENT)
}

/// A room's code. It comes in a body, not in an address, which would stand in logs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeBody {
    /// As people write it: in any case, with dashes, spaces or without.
    code: String,
}

/// What there is behind a code. Nobody needs to be signed in.
#[utoipa::path(
    post, path = "/rooms/preview", tag = "rooms", request_body = CodeBody, security(()),
    responses(
        (status = 200, body = RoomPreview),
        (status = 409, description = "`room_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn preview(
    State(app): State<App>,
    client: Client,
    Json(CodeBody { code }): Json<CodeBody>,
) -> ApiResult<Json<RoomPreview>> {
    Ok(Json(app.rony().rooms().preview(&code, client.address).await?))
}

/// Somebody without an account wants to come to a room.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GuestBody {
    /// The room's code, as people write it.
    code: String,
    /// What others read, at most 60 characters.
    name: String,
}

/// What a guest needs.
#[derive(Serialize, ToSchema)]
struct GuestMadeBody {
    /// To be sent in `auth` to the gateway, which then knows them as a guest of this room. It opens nothing else.
    token: String,
    /// Who they are, as long as the token lasts.
    guest_id: GuestId,
    /// When the token ends.
    expires_at: Timestamp,
    /// Where they may ask to come in.
    room: RoomPreview,
}

/// Come to a room as a guest. Nobody needs to be signed in; whether one is let in is decided at the door, on the gateway.
#[utoipa::path(
    post, path = "/rooms/guests", tag = "rooms", request_body = GuestBody, security(()),
    responses(
        (status = 201, body = GuestMadeBody),
        (status = 403, description = "`guests_not_allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`room_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn come(
    State(app): State<App>,
    client: Client,
    Json(GuestBody { code, name }): Json<GuestBody>,
) -> ApiResult<(StatusCode, Json<GuestMadeBody>)> {
    let pass = app.rony().rooms().invite_in(&code, &name, client.address).await?;
    let body = GuestMadeBody {
        token: pass.token.reveal(),
        guest_id: pass.guest.id,
        expires_at: pass.expires_at,
        room: pass.room,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// A server by which devices find a way to each other, as a browser's `RTCIceServer` wants it.
#[derive(Serialize, ToSchema)]
struct IceServerBody {
    /// `stun:HOST:PORT`, or `turn:HOST:PORT?transport=udp`.
    urls: Vec<String>,
    /// For a relay.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// For a relay.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
}

/// What a device may try its connection by.
#[derive(Serialize, ToSchema)]
struct IceBody {
    /// In the order in which to try them; none, where the operator has set none.
    servers: Vec<IceServerBody>,
    /// How long the credentials are good, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl_seconds: Option<u64>,
}

impl From<IceGrant> for IceBody {
    fn from(IceGrant { servers, ttl_seconds }: IceGrant) -> Self {
        let body = |IceServer { urls, username, credential }| IceServerBody { urls, username, credential };
        Self { servers: servers.into_iter().map(body).collect(), ttl_seconds }
    }
}

/// The servers that a meeting would name now: to try the connection before one.
#[utoipa::path(
    post, path = "/rooms/ice", tag = "rooms",
    responses((status = 200, body = IceBody), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn ice(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<IceBody>> {
    Ok(Json(app.meetings().ice(actor.user(Scope::Write)?).into()))
}
