//! The log of calls. Calling itself happens on the gateway.

use axum::extract::State;
use rony_core::{
    call::Call,
    page::{Cursor, Limit, Page},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// How many items at most.
    #[serde(default)]
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    #[serde(default)]
    cursor: Option<Cursor>,
}

/// The calls that one made, and those by which one was called, the newest first.
#[utoipa::path(
    get, path = "/calls", tag = "calls", params(ListQuery),
    responses(
        (status = 200, body = Page<Call>),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Call>>> {
    Ok(Json(app.rony().calls().list(&actor, query.limit, query.cursor.as_ref()).await?))
}
