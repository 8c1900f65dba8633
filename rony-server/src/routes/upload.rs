//! Uploads: by tus 1.0, which goes on where it broke off, and as a plain form.

mod form;

use std::time::Duration;

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, OriginalUri, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::LOCATION},
    middleware::map_response,
    response::{AppendHeaders, IntoResponse, Response},
};
use rony_core::{
    Error,
    actor::Actor,
    blob::ByteStream,
    file::FileName,
    id::UploadId,
    time::Timestamp,
    upload::{Checksum, NewUpload, Upload},
};
use serde::de::{DeserializeOwned, value::StrDeserializer};
use tracing::Instrument as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::FileAuth,
    content::http_date,
    error::{ApiError, ApiResult, FieldError, Problem},
    extract::{Json, Path},
    intake::{steady, until_drained},
    telemetry::count_upload,
    tus::{self, Metadata},
};

/// What a tus client finds when all is there: the id of the file.
const FILE: HeaderName = HeaderName::from_static("rony-file");
/// When a client shall go on with an upload to a server that stops: another one may be there by then.
const AGAIN: Duration = Duration::from_secs(2);

/// Those that answer at once.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(offer)).routes(routes!(get, discard)).layer(map_response(speak))
}

/// Those that last as long as bytes come, as many as there are.
pub(crate) fn slow() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(append))
        .layer(map_response(speak))
        .merge(form::router())
        .layer(DefaultBodyLimit::disable())
}

/// Each answer says which version of the protocol it speaks.
async fn speak(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(tus::RESUMABLE, HeaderValue::from_static(tus::VERSION));
    headers.insert(tus::SERVER_VERSION, HeaderValue::from_static(tus::VERSION));
    response
}

/// What of tus is known here: versions, extensions, the largest file.
#[utoipa::path(
    options, path = "/uploads", tag = "uploads", security(()),
    responses((status = 204, description = "Headers of tus"), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn offer(State(app): State<App>) -> Response {
    let headers = AppendHeaders([
        (tus::EXTENSION, tus::header(&tus::EXTENSIONS)),
        (tus::CHECKSUM_ALGORITHM, tus::header(&tus::CHECKSUMS)),
        (tus::MAX_SIZE, tus::header(&app.config().files.largest)),
    ]);
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Begin an upload by tus 1.0, maybe with the first bytes of the file. `Upload-Metadata` may name `filename`, `parent_id`, `media_type`,
/// `replace`, `if_exists` (fail, rename, replace), `sha256` (in hexadecimal digits), `modified_at`.
#[utoipa::path(
    post, path = "/uploads", tag = "uploads",
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = i64, Header, description = "The bytes of the file"),
        ("Upload-Metadata" = Option<String>, Header, description = "Names with values in base64, with commas between them"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream", description = "The first bytes, or nothing"),
    responses(
        (status = 201, description = "It goes on at the address in `Location`; `Rony-File` is the file when it is whole already"),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`quota_exceeded`, `name_taken`, `not_a_folder`, `not_a_file`, `too_many_uploads`, `too_much_at_once`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`tus_version`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_transfers`", body = Problem, content_type = "application/problem+json"),
        (status = 460, description = "`checksum_mismatch`: nothing was kept", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "`storage_full`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    OriginalUri(address): OriginalUri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    tus::expect_version(&headers)?;
    let new = wish(&headers)?;
    let checksum = tus::checksum(&headers)?.map(|sha256| Checksum { sha256 });
    // Before anything is reserved for it: who may not bring bytes now leaves nothing behind.
    let entered = tus::has_part(&headers).then(|| app.files().intake.enter(&actor)).transpose()?;
    let upload = to_its_end(&app.clone(), async move {
        let mut upload = app.rony().uploads().create(&actor, new).await.map_err(as_tus_says)?;
        if entered.is_some() && upload.item_id.is_none() {
            upload = begin(&app, &actor, upload, checksum, body).await?;
        }
        ring_when_whole(&app, &upload);
        Ok(upload)
    })
    .await?;
    let location = tus::header(&format!("{}/{}", address.path().trim_end_matches('/'), upload.id));
    Ok((StatusCode::CREATED, [(LOCATION, location)], state(&upload)).into_response())
}

/// The first bytes of an upload that was just made. When they did not get through, the client goes on with it. Nobody does with one whose
/// bytes are refused, since the answer does not say where it is: it ends.
async fn begin(
    app: &App,
    actor: &Actor,
    made: Upload,
    checksum: Option<Checksum>,
    body: Body,
) -> ApiResult<Upload> {
    let uploads = app.rony().uploads();
    match uploads.append(actor, made.id, 0, checksum, part(app, checksum, body)).await {
        Ok(upload) => Ok(upload),
        Err(error) if matches!(error, Error::Unavailable { .. }) || error.code() == "upload_busy" => {
            Ok(uploads.get(actor, made.id).await.unwrap_or(made))
        }
        Err(error) => {
            // Where that fails, it ends by itself after a while.
            let _ = uploads.discard(actor, made.id).await;
            Err(as_tus_says(error))
        }
    }
}

/// How far an upload is. With `HEAD`, a tus client asks where to go on.
#[utoipa::path(
    get, path = "/uploads/{id}", tag = "uploads", params(("id" = UploadId, Path)),
    responses(
        (status = 200, body = Upload),
        (status = 423, description = "`upload_busy`: it becomes a file at the moment", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn get(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<UploadId>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if method == Method::HEAD {
        tus::expect_version(&headers)?;
    }
    let upload = to_its_end(&app.clone(), async move {
        let upload = app.rony().uploads().get(&actor, id).await.map_err(as_tus_says)?;
        ring_when_whole(&app, &upload);
        Ok(upload)
    })
    .await?;
    Ok((state(&upload), Json(upload)).into_response())
}

/// Send the bytes from `Upload-Offset` on: all that are left, or some of them. What arrived is kept, however the connection ends.
#[utoipa::path(
    patch, path = "/uploads/{id}", tag = "uploads",
    params(
        ("id" = UploadId, Path),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = i64, Header, description = "How many bytes are there already"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha256` and the sum of these bytes in base64; they are then kept whole or not at all, and at most 64 MiB"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "`Upload-Offset` says how many are there now, `Rony-File` the file when it is whole"),
        (status = 409, description = "`offset_mismatch`, `quota_exceeded`, `name_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`tus_version`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = Problem, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`: another request writes to it", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_transfers`", body = Problem, content_type = "application/problem+json"),
        (status = 460, description = "`checksum_mismatch`: none of the bytes was kept", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "`storage_full`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn append(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    tus::expect_version(&headers)?;
    tus::expect_part(&headers)?;
    let offset = tus::number(&headers, &tus::OFFSET)?;
    let checksum = tus::checksum(&headers)?.map(|sha256| Checksum { sha256 });
    let entered = app.files().intake.enter(&actor)?;
    if app.drain().is_draining() {
        return Err(ApiError::unavailable("Rony is stopping. Go on in a moment.", AGAIN));
    }
    let upload = to_its_end(&app.clone(), async move {
        let bytes = part(&app, checksum, body);
        let appended = app.rony().uploads().append(&actor, id, offset, checksum, bytes).await;
        drop(entered);
        let upload = appended.map_err(as_tus_says)?;
        ring_when_whole(&app, &upload);
        Ok(upload)
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, state(&upload)).into_response())
}

/// Give an upload up, and what arrived of it.
#[utoipa::path(
    delete, path = "/uploads/{id}", tag = "uploads", params(("id" = UploadId, Path)),
    responses(
        (status = 204),
        (status = 423, description = "`upload_busy`: another request writes to it", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn discard(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<UploadId>,
) -> ApiResult<StatusCode> {
    app.rony().uploads().discard(&actor, id).await.map_err(as_tus_says)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Goes on to the end, though whoever asked may be gone by then: with its last byte an upload becomes a file, whether somebody waits for the
/// answer or not. Bytes come to their end with the connection. A server that ends waits for it.
async fn to_its_end<T: Send + 'static>(
    app: &App,
    work: impl Future<Output = ApiResult<T>> + Send + 'static,
) -> ApiResult<T> {
    let held = app.drain().hold();
    let work = async move {
        let _held = held;
        work.await
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(cancelled) => Err(ApiError::internal(cancelled)),
        },
    }
}

/// What a client is told of an upload, besides the body.
fn state(upload: &Upload) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(tus::OFFSET, tus::header(&upload.offset));
    headers.insert(tus::LENGTH, tus::header(&upload.length));
    if let Some(date) = http_date(upload.expires_at) {
        headers.insert(tus::EXPIRES, tus::header(&date));
    }
    if let Some(file) = upload.item_id {
        headers.insert(FILE, tus::header(&file));
    }
    headers
}

/// A picture that came gets its previews soon.
fn ring_when_whole(app: &App, upload: &Upload) {
    if upload.item_id.is_some() {
        app.files().bell.ring();
    }
}

/// The bytes of a part of an upload. They end when the server begins to: what came by then counts, and the client goes on with the rest
/// when there is a server again. With a checksum they count together or not at all, so those come to their end.
fn part(app: &App, checksum: Option<Checksum>, body: Body) -> ByteStream {
    let bytes = received(body);
    if checksum.is_some() { bytes } else { until_drained(app.drain(), bytes) }
}

/// The bytes of a request, as long as they come steadily.
fn received(body: Body) -> ByteStream {
    counted(steady(body.into_data_stream()))
}

/// Counts bytes as they come, for the figures.
fn counted(bytes: ByteStream) -> ByteStream {
    use futures_util::StreamExt as _;
    Box::pin(bytes.inspect(|piece| {
        if let Ok(piece) = piece {
            count_upload(piece.len());
        }
    }))
}

/// The statuses that tus gives to what arrived damaged, and to an upload that another request writes to: its clients forget an upload of which
/// they are told anything else, and begin a new one.
fn as_tus_says(error: Error) -> ApiError {
    let status = match error.code() {
        "checksum_mismatch" => StatusCode::from_u16(460).ok(),
        "upload_busy" => Some(StatusCode::LOCKED),
        _ => None,
    };
    match status {
        Some(status) => ApiError::new(status, error.code(), error.to_string()),
        None => error.into(),
    }
}

/// What the headers of a new upload ask for.
fn wish(headers: &HeaderMap) -> ApiResult<NewUpload> {
    let length = tus::number(headers, &tus::LENGTH)?;
    let said = Metadata::read(headers)?;
    let name = said
        .get("filename")
        .ok_or_else(|| field("filename", "Name the file: `filename` and the name in base64."))?;
    let mut new = NewUpload::named(None, FileName::parse(name).map_err(Error::from)?, length);
    new.parent_id = id(&said, "parent_id")?;
    new.replace = id(&said, "replace")?;
    new.media_type = said.get("media_type").filter(|kind| !kind.is_empty()).map(str::to_owned);
    new.if_exists = word(&said, "if_exists")?.unwrap_or_default();
    new.sha256 = said.get("sha256").filter(|sum| !sum.is_empty()).map(sum).transpose()?;
    new.modified_at = modified(&said)?;
    Ok(new)
}

fn field(name: &str, message: &str) -> ApiError {
    ApiError::invalid(vec![FieldError { field: name.to_owned(), message: message.to_owned() }])
}

/// An id among the metadata; an empty one is none.
fn id<T: std::str::FromStr>(said: &Metadata, name: &str) -> ApiResult<Option<T>> {
    let text = said.get(name).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| field(name, "Write an id."))).transpose()
}

/// One of several words among the metadata.
fn word<T: DeserializeOwned>(said: &Metadata, name: &str) -> ApiResult<Option<T>> {
    let Some(text) = said.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let value = T::deserialize(StrDeserializer::<serde::de::value::Error>::new(text));
    value.map(Some).map_err(|error| field(name, &error.to_string()))
}

fn modified(said: &Metadata) -> ApiResult<Option<Timestamp>> {
    word(said, "modified_at").map_err(|_| field("modified_at", "Write a time such as 2026-01-31T12:00:00Z."))
}

/// A SHA-256 in hexadecimal digits.
fn sum(digits: &str) -> ApiResult<[u8; 32]> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let digits = digits.as_bytes();
    let fine = digits.len() == 64 && digits.iter().all(u8::is_ascii_hexdigit);
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    let sum = bytes.filter(|_| fine).and_then(|bytes| bytes.try_into().ok());
    sum.ok_or_else(|| field("sha256", "Write 64 hexadecimal digits."))
}
