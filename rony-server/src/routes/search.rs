//! Search: one address for messages and people.

use axum::extract::State;
use rony_core::search::{SearchAnswer, SearchRequest};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Messages that one may see, by their words and by what they have, newest first; and people by their names.
///
/// A new message can be found a moment after it was posted, a changed one at once.
#[utoipa::path(
    get, path = "/search", tag = "search", params(SearchRequest),
    responses(
        (status = 200, body = SearchAnswer),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn search(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(request): Query<SearchRequest>,
) -> ApiResult<Json<SearchAnswer>> {
    Ok(Json(app.rony().search().search(&actor, request).await?))
}
