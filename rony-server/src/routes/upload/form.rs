//! Uploads as a plain form, for pages and scripts: `curl -F file=@report.pdf`. What breaks off has to be sent again.

use axum::{
    body::{Body, HttpBody as _},
    extract::{
        FromRequest as _, Multipart, Request, State,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use rony_core::{
    Error,
    actor::Actor,
    file::{FileName, IfExists, Item},
    id::ItemId,
    upload::PutFile,
};
use serde::{Deserialize as _, Serialize, de::value::StrDeserializer};
use tokio::sync::mpsc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{counted, field};
use crate::{
    app::App,
    auth::FileAuth,
    error::{ApiError, ApiResult, Problem},
    extract::Json,
    intake::steady,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload))
}

/// The longest text of a field that is no file, in bytes.
const LONGEST: usize = 1024;
/// The largest file of a form, in bytes: what breaks off has to come again from the start.
const LARGEST: i64 = 1 << 30;
/// How many files one form may bring.
const MOST: usize = 100;
/// What a form has beside the bytes of its files, at most: a few KiB for each, since names are short. So much less than the form's length is
/// certain to come as files.
const FRAME: i64 = 256 * 1024;
/// How many pieces of a form wait for the store.
const QUEUE: usize = 4;

/// A form with files. The fields that say where to comes before the files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
struct FormBody {
    /// Into which folder; to the top of one's own drive, when left out.
    parent_id: Option<ItemId>,
    /// What happens when a name is taken: fail, rename or replace.
    if_exists: Option<IfExists>,
    /// One or more files, 100 at most.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// The files that were made.
#[derive(Serialize, ToSchema)]
struct UploadedBody {
    /// In the order in which they came.
    items: Vec<Item>,
}

/// Upload files with a form, up to 100 of them and 1 GiB each. When one is refused, those before it stay. For large ones, and where connections break, `/uploads` is the better way.
#[utoipa::path(
    post, path = "/files", tag = "uploads", request_body(content = FormBody, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = UploadedBody),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`quota_exceeded`, `name_taken`, `not_a_folder`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_transfers`", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "`storage_full`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn upload(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    request: Request,
) -> ApiResult<(StatusCode, Json<UploadedBody>)> {
    // All of it, not only the files: who sends the fields in drops holds the connection as well.
    let announced = request.body().size_hint().exact().and_then(|length| i64::try_from(length).ok());
    let request = request.map(|body| Body::from_stream(steady(body.into_data_stream())));
    let mut form = Multipart::from_request(request, &app).await.map_err(|rejection| {
        let detail = "Send a form here, with the header `Content-Type: multipart/form-data`.";
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
            .with_source(rejection)
    })?;
    let _entered = app.files().intake.enter(&actor)?;
    let (mut parent, mut if_exists, mut items) = (None, IfExists::Fail, Vec::<Item>::new());
    // The whole of a form, or what is left of it, has to fit: who sends more is told so before they send it.
    let mut expected = announced.map_or(0, |length| (length - FRAME).max(0));
    while let Some(part) = form.next_field().await.map_err(broken)? {
        match part.name() {
            Some("parent_id") => parent = folder(&text(part).await?)?,
            Some("if_exists") => if_exists = choice(&text(part).await?)?,
            Some("file") if items.len() == MOST => {
                return Err(field("file", &format!("Send at most {MOST} files with one form.")));
            }
            Some("file") => {
                let item = store(&app, &actor, (parent, if_exists, expected), part).await?;
                expected = (expected - item.size).max(0);
                items.push(item);
            }
            Some(other) => return Err(field(other, "There is no such field here.")),
            None => return Err(field("file", "Give each part of the form a name.")),
        }
    }
    if items.is_empty() {
        return Err(field("file", "This field is missing."));
    }
    app.files().bell.ring();
    Ok((StatusCode::CREATED, Json(UploadedBody { items })))
}

/// One file, as it comes: what the form yields goes through a short queue into the store, which takes it from there.
async fn store(
    app: &App,
    actor: &Actor,
    (parent_id, if_exists, expected): (Option<ItemId>, IfExists, i64),
    mut part: Field<'_>,
) -> ApiResult<Item> {
    let name = part.file_name().ok_or_else(|| field("file", "Name the file: `filename=…`."))?;
    let name = FileName::parse(name).map_err(Error::from)?;
    let media_type = part.content_type().map(str::to_owned);
    let limit = app.config().files.largest.min(LARGEST);
    // Several files may be larger together than one may be.
    let expected = expected.min(limit);
    let file = PutFile { parent_id, name, media_type, if_exists, expected };
    let (pieces, queue) = mpsc::channel(QUEUE);
    let bytes = stream::unfold(queue, async |mut queue: mpsc::Receiver<Result<Bytes, MultipartError>>| {
        Some((queue.recv().await?, queue))
    });
    let bytes = counted(Box::pin(bytes.map(|piece| piece.map_err(Into::into))));
    let uploads = app.rony().uploads();
    let put = uploads.put(actor, file, bytes, limit);
    let bring = async move {
        loop {
            let piece = part.chunk().await.transpose();
            let ended = !matches!(piece, Some(Ok(_)));
            // Nobody takes it any more once the store has refused.
            let Some(piece) = piece else { return };
            if pieces.send(piece).await.is_err() || ended {
                return;
            }
        }
    };
    let (item, ()) = tokio::join!(put, bring);
    Ok(item?)
}

async fn text(mut part: Field<'_>) -> ApiResult<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        if bytes.len() + piece.len() > LONGEST {
            return Err(ApiError::too_large("A field of the form that is no file is too long."));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes)
        .map_err(|_| ApiError::bad_request("invalid_utf8", "A field of the form is not valid UTF-8."))
}

fn folder(text: &str) -> ApiResult<Option<ItemId>> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| field("parent_id", "Write the id of a folder.")),
    }
}

fn choice(text: &str) -> ApiResult<IfExists> {
    let word = StrDeserializer::<serde::de::value::Error>::new(text.trim());
    IfExists::deserialize(word).map_err(|_| field("if_exists", "Say fail, rename or replace."))
}

fn broken(error: MultipartError) -> ApiError {
    ApiError::bad_request("incomplete_body", "The form did not arrive whole. Send it again.")
        .with_source(error)
}
