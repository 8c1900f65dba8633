//! Files and folders: finding them, changing them, throwing them away.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    Error,
    file::{
        CopyItem, FileKind, Item, ItemChange, ItemView, ListItems, Listing, Query as Search, Sort, SortBy,
    },
    id::{ItemId, UserId},
    page::{Cursor, Limit, Page},
    time::Timestamp,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::{Auth, FileAuth},
    error::{ApiResult, Problem},
    extract::{Json, Path, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get, change, remove))
        .routes(routes!(restore))
        .routes(routes!(copy))
}

/// A list that is not the content of a folder.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum View {
    /// Files that were changed last, the newest first.
    Recent,
    /// What one marked with a star.
    Starred,
    /// What others share with one.
    Shared,
    /// What one threw away.
    Trash,
}

/// In which order.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
pub(super) enum Order {
    /// By name.
    #[default]
    #[serde(rename = "name")]
    Name,
    /// By name, the other way round.
    #[serde(rename = "-name")]
    NameDown,
    /// What was changed longest ago comes first.
    #[serde(rename = "modified")]
    Modified,
    /// What was changed last comes first.
    #[serde(rename = "-modified")]
    ModifiedDown,
    /// The smallest comes first.
    #[serde(rename = "size")]
    Size,
    /// The largest comes first.
    #[serde(rename = "-size")]
    SizeDown,
    /// By media type.
    #[serde(rename = "type")]
    Type,
    /// By media type, the other way round.
    #[serde(rename = "-type")]
    TypeDown,
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        let (by, desc) = match order {
            Order::Name => (SortBy::Name, false),
            Order::NameDown => (SortBy::Name, true),
            Order::Modified => (SortBy::Modified, false),
            Order::ModifiedDown => (SortBy::Modified, true),
            Order::Size => (SortBy::Size, false),
            Order::SizeDown => (SortBy::Size, true),
            Order::Type => (SortBy::Type, false),
            Order::TypeDown => (SortBy::Type, true),
        };
        Self { by, desc }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// The folder whose content is listed; the top of one's own drive, when left out.
    parent: Option<ItemId>,
    /// Another list than the content of a folder; then there is no `parent`, and no search.
    view: Option<View>,
    /// Search for names that have all these words.
    query: Option<String>,
    /// Search for files of this kind.
    #[serde(rename = "type")]
    kind: Option<FileKind>,
    /// Search in the drive of this person.
    owner: Option<UserId>,
    /// Search for what was changed at this time or later.
    since: Option<Timestamp>,
    /// Search for what was changed before this time.
    until: Option<Timestamp>,
    /// In which order; folders come first in a folder.
    sort: Order,
    /// How many items at most.
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    cursor: Option<Cursor>,
}

impl ListQuery {
    fn listing(&mut self) -> ApiResult<Listing> {
        let (text, kind, owner) = (self.query.take(), self.kind, self.owner);
        let (since, until) = (self.since, self.until);
        let searches =
            text.is_some() || kind.is_some() || owner.is_some() || since.is_some() || until.is_some();
        if self.view.is_some() && (searches || self.parent.is_some()) {
            let detail = "Ask for a view without `parent`, and without what a search asks for.";
            return Err(Error::invalid("view", detail).into());
        }
        Ok(match self.view {
            Some(View::Recent) => Listing::Recent,
            Some(View::Starred) => Listing::Starred,
            Some(View::Shared) => Listing::Shared,
            Some(View::Trash) => Listing::Trash,
            None if searches => {
                Listing::Search(Search { text: text.unwrap_or_default(), kind, owner, since, until })
            }
            None => Listing::Folder(self.parent),
        })
    }
}

/// What lies in a folder, another list, or what a search finds in one's own drive and in what is shared with one.
#[utoipa::path(
    get, path = "/files", tag = "files", params(ListQuery),
    responses((status = 200, body = Page<Item>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Query(mut query): Query<ListQuery>,
) -> ApiResult<Json<Page<Item>>> {
    let of = query.listing()?;
    let list = ListItems { of, sort: query.sort.into(), limit: query.limit, cursor: query.cursor.as_ref() };
    Ok(Json(app.rony().files().list(&actor, list).await?))
}

/// A file or folder, and where it is.
#[utoipa::path(
    get, path = "/files/{id}", tag = "files", params(("id" = ItemId, Path)),
    responses((status = 200, body = ItemView), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn get(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<ItemId>,
) -> ApiResult<Json<ItemView>> {
    Ok(Json(app.rony().files().get(&actor, id).await?))
}

/// Rename a file or folder, move it, change how it looks, mark it with a star for oneself.
#[utoipa::path(
    patch, path = "/files/{id}", tag = "files", params(("id" = ItemId, Path)), request_body = ItemChange,
    responses(
        (status = 200, body = Item),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`, `would_loop`, `other_drive`, `too_deep`, `not_a_folder`, `in_trash`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<ItemId>,
    Json(change): Json<ItemChange>,
) -> ApiResult<Json<Item>> {
    Ok(Json(app.rony().files().change(&actor, id, change).await?))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemoveQuery {
    /// Delete for good what is in the trash already; otherwise it goes there.
    forever: bool,
}

/// Throw a file or folder into the trash of its drive, or delete for good what is there.
#[utoipa::path(
    delete, path = "/files/{id}", tag = "files", params(("id" = ItemId, Path), RemoveQuery),
    responses(
        (status = 204),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not_in_trash`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn remove(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<ItemId>,
    Query(RemoveQuery { forever }): Query<RemoveQuery>,
) -> ApiResult<StatusCode> {
    match forever {
        true => app.rony().files().delete(&actor, id).await?,
        false => app.rony().files().trash(&actor, id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Take a file or folder out of the trash: back to where it was, or to the top of the drive when that is gone.
#[utoipa::path(
    post, path = "/files/{id}/restore", tag = "files", params(("id" = ItemId, Path)),
    responses(
        (status = 200, body = Item),
        (status = 409, description = "`not_in_trash`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn restore(State(app): State<App>, Auth(actor): Auth, Path(id): Path<ItemId>) -> ApiResult<Json<Item>> {
    Ok(Json(app.rony().files().restore(&actor, id).await?))
}

/// Copy a file, or a folder with all that is in it; a name that is taken gets a number.
#[utoipa::path(
    post, path = "/files/{id}/copy", tag = "files", params(("id" = ItemId, Path)), request_body = CopyItem,
    responses(
        (status = 201, body = Item),
        (status = 409, description = "`too_many`, `too_deep`, `quota_exceeded`, `not_a_folder`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn copy(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ItemId>,
    Json(copy): Json<CopyItem>,
) -> ApiResult<(StatusCode, Json<Item>)> {
    Ok((StatusCode::CREATED, Json(app.rony().files().copy(&actor, id, copy).await?)))
}
