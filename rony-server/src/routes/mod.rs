//! The table of contents of the REST API: each noun's routes, under `/api/v1`.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// All routes of the API, relative to `/api/v1`, with their descriptions.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
