//! Scheduled meetings: making, changing, cancelling and answering them, and finding a time.

use axum::{
    extract::State,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use rony_core::{
    id::MeetingId,
    meeting::{
        Meeting, MeetingChange, NewMeeting, SetAnswer,
        free::{FindTime, FreeTimes},
    },
    page::{Cursor, Limit, Page},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    calendar,
    content::disposition,
    error::{ApiResult, Problem},
    extract::{Json, Path, Query},
    pages::Link,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change))
        .routes(routes!(cancel))
        .routes(routes!(answer))
        .routes(routes!(invite))
        .routes(routes!(free_times))
}

/// A scheduled meeting, and the link to its room.
#[derive(Serialize, ToSchema)]
struct MeetingBody {
    #[serde(flatten)]
    meeting: Meeting,
    /// Leads to the room, also who has no account; `null` when the meeting is cancelled.
    url: Option<String>,
}

impl MeetingBody {
    fn of(app: &App, meeting: Meeting) -> Self {
        Self { url: link(app, &meeting), meeting }
    }
}

fn link(app: &App, meeting: &Meeting) -> Option<String> {
    meeting.code.map(|code| Link::Meet.to(app.public_url(), &code.to_string()))
}

/// Which meetings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Those that end after this moment; now, when left out.
    #[serde(default)]
    from: Option<Timestamp>,
    /// Those that start before this moment.
    #[serde(default)]
    to: Option<Timestamp>,
    /// How many items at most.
    #[serde(default)]
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    #[serde(default)]
    cursor: Option<Cursor>,
}

/// The meetings that one scheduled or is asked to come to, the next one first, cancelled ones too.
#[utoipa::path(
    get, path = "/meetings", tag = "meetings", params(ListQuery),
    responses(
        (status = 200, body = Page<MeetingBody>),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<MeetingBody>>> {
    let ListQuery { from, to, limit, cursor } = query;
    let page = app.rony().meetings().list(&actor, from, to, limit, cursor.as_ref()).await?;
    Ok(Json(page.map(|meeting| MeetingBody::of(&app, meeting))))
}

/// Schedule a meeting: it has a room of its own, and all who are asked to come are told. The same `client_id` again answers what there is (200).
#[utoipa::path(
    post, path = "/meetings", tag = "meetings", request_body = NewMeeting,
    responses(
        (status = 200, description = "it is there already", body = MeetingBody),
        (status = 201, body = MeetingBody),
        (status = 403, description = "`blocked`, `not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_meetings`, `archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(new): Json<NewMeeting>,
) -> ApiResult<(StatusCode, Json<MeetingBody>)> {
    let made = app.rony().meetings().create(&actor, new).await?;
    let status = if made.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(MeetingBody::of(&app, made.meeting))))
}

/// One meeting that one scheduled or is asked to come to.
#[utoipa::path(
    get, path = "/meetings/{id}", tag = "meetings", params(("id" = MeetingId, Path)),
    responses((status = 200, body = MeetingBody), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn get(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<MeetingId>,
) -> ApiResult<Json<MeetingBody>> {
    Ok(Json(MeetingBody::of(&app, app.rony().meetings().get(&actor, id).await?)))
}

/// Change a meeting that one scheduled: what is left out stays. Another time takes the answers back; `people` is all who are asked from now on.
#[utoipa::path(
    patch, path = "/meetings/{id}", tag = "meetings", params(("id" = MeetingId, Path)), request_body = MeetingChange,
    responses(
        (status = 200, body = MeetingBody),
        (status = 403, description = "`not_yours`, `blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`changed_meanwhile`: look at it again, `cancelled`, `meeting_over`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<MeetingId>,
    Json(change): Json<MeetingChange>,
) -> ApiResult<Json<MeetingBody>> {
    Ok(Json(MeetingBody::of(&app, app.rony().meetings().change(&actor, id, change).await?)))
}

/// Cancel a meeting that one scheduled: all who are asked to come are told, its link leads nowhere any more, and whoever is in its room has to go.
#[utoipa::path(
    post, path = "/meetings/{id}/cancel", tag = "meetings", params(("id" = MeetingId, Path)),
    responses(
        (status = 200, body = MeetingBody),
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`cancelled`, `meeting_over`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn cancel(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<MeetingId>,
) -> ApiResult<Json<MeetingBody>> {
    let cancelled = app.rony().meetings().cancel(&actor, id).await?;
    if let Some(code) = cancelled.code {
        app.meetings().ended(code);
    }
    Ok(Json(MeetingBody::of(&app, cancelled.meeting)))
}

/// Say if one comes to a meeting that one is asked to.
#[utoipa::path(
    put, path = "/meetings/{id}/answer", tag = "meetings", params(("id" = MeetingId, Path)), request_body = SetAnswer,
    responses(
        (status = 200, body = MeetingBody),
        (status = 409, description = "`organizer`: it is one's own, `cancelled`, `meeting_over`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn answer(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<MeetingId>,
    Json(answer): Json<SetAnswer>,
) -> ApiResult<Json<MeetingBody>> {
    Ok(Json(MeetingBody::of(&app, app.rony().meetings().answer(&actor, id, answer).await?)))
}

/// A meeting as a file for a calendar (iCalendar). Downloaded again it changes what the calendar has, and of a cancelled meeting takes it away.
#[utoipa::path(
    get, path = "/meetings/{id}/invite.ics", tag = "meetings", params(("id" = MeetingId, Path)),
    responses(
        (status = 200, description = "The file", content_type = "text/calendar"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn invite(State(app): State<App>, Auth(actor): Auth, Path(id): Path<MeetingId>) -> ApiResult<Response> {
    let (meeting, names) = app.rony().meetings().with_names(&actor, id).await?;
    let file = calendar::invite(&meeting, &names, link(&app, &meeting).as_deref());
    let name = disposition(false, &format!("{}.ics", meeting.title));
    let media_type = axum::http::HeaderValue::from_static(calendar::MEDIA_TYPE);
    Ok(([(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, name)], file).into_response())
}

/// Find times at which neither oneself nor any of these people has another meeting in Rony. Of people it is told when they are busy, and nothing of
/// why.
#[utoipa::path(
    post, path = "/meetings/free-times", tag = "meetings", request_body = FindTime,
    responses(
        (status = 200, body = FreeTimes),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn free_times(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(find): Json<FindTime>,
) -> ApiResult<Json<FreeTimes>> {
    Ok(Json(app.rony().meetings().free_times(&actor, find).await?))
}
