//! How the bytes of files go out: whole or in part, shown or saved, from a disk or by a store's own address.
//!
//! What people upload may be anything, so every answer says how little a browser may do with it: it is saved unless it is one of the
//! few types that run nothing, and even a page that is opened by its address may do nothing (`sandbox`).

mod disk;
mod disposition;
mod kind;
mod range;

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LAST_MODIFIED, LOCATION,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rony_core::Result;
use rony_core::blob::{BlobStore, Disposition};
use rony_core::file::Content;
use rony_core::id::BlobId;
use rony_storage::blob::DiskBlobs;

pub(crate) use self::disposition::disposition;
use self::kind::{is_shown, sent_as};
pub(crate) use self::range::http_date;
use self::range::{Part, Version};
use crate::error::{ApiError, ApiResult};

/// A file that is opened by its address may do nothing at all.
pub(crate) const POLICY: &str = "sandbox; default-src 'none'";
/// A browser may keep it, and asks each time whether it is still the one.
const KEPT: &str = "private, no-cache";
/// For how long the address of an object store is good: whoever has it needs nothing else, so only for the way there. Who wants another part
/// later asks here again.
const LENT: Duration = Duration::from_secs(60);
/// An address that is good for a moment is of no use to anybody later.
const NOT_KEPT: &str = "no-store";

/// Where bytes are read from: the store of all blobs, and the disk that it is, if it is one.
#[derive(Clone)]
pub(crate) struct Shelves {
    /// The store.
    pub(crate) blobs: Arc<dyn BlobStore>,
    /// The same, where files can be opened.
    pub(crate) disk: Option<Arc<DiskBlobs>>,
}

impl Shelves {
    async fn body(&self, blob: BlobId, range: Range<u64>) -> Result<Body> {
        if range.is_empty() {
            return Ok(Body::empty());
        }
        if let Some(file) = self.open(blob).await {
            return Ok(Body::from_stream(disk::stream(file, range)));
        }
        Ok(Body::from_stream(self.blobs.read(blob, range).await?))
    }

    /// The file of a blob; whatever is in the way, the store itself will say.
    async fn open(&self, blob: BlobId) -> Option<File> {
        let path = self.disk.as_ref()?.path(blob);
        tokio::task::spawn_blocking(move || File::open(path)).await.ok()?.ok()
    }
}

/// What a request wants of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'r> {
    /// `GET` or `HEAD`.
    pub(crate) method: &'r Method,
    /// Conditions and ranges.
    pub(crate) headers: &'r HeaderMap,
    /// It is to be saved, whatever it is.
    pub(crate) save: bool,
}

/// The answer to who may have this content.
pub(crate) async fn answer(shelves: &Shelves, content: &Content, wish: Wish<'_>) -> ApiResult<Response> {
    let inline = !wish.save && is_shown(&content.media_type);
    let name = content.name.as_str();
    let etag = format!("\"{}\"", content.sha256);
    let length = u64::try_from(content.size).unwrap_or_default();
    let part = Version { etag: &etag, modified: content.modified_at, length }.part(wish.headers);
    let about = about(content, &etag, disposition(inline, name));
    let range = match part {
        Part::Known => return Ok((StatusCode::NOT_MODIFIED, about).into_response()),
        Part::Changed => return Err(changed()),
        Part::Unsatisfiable => return Ok(behind_the_end(length)),
        Part::Whole => 0..length,
        Part::Of(ref range) => range.clone(),
    };
    let to =
        Disposition { inline, name: name.to_owned(), media_type: sent_as(&content.media_type).to_owned() };
    // Such an address is good for `GET` alone.
    if *wish.method != Method::HEAD
        && let Some(address) = shelves.blobs.presigned(content.blob, &to, LENT).await?
    {
        let about = [(LOCATION, address.as_str()), (CACHE_CONTROL, NOT_KEPT)];
        return Ok((StatusCode::FOUND, about).into_response());
    }
    let mut head = HeaderMap::new();
    head.insert(CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    let mut status = StatusCode::OK;
    if matches!(part, Part::Of(_)) {
        status = StatusCode::PARTIAL_CONTENT;
        head.insert(CONTENT_RANGE, header(format!("bytes {}-{}/{length}", range.start, range.end - 1)));
    }
    let body = match *wish.method {
        Method::HEAD => Body::empty(),
        _ => shelves.body(content.blob, range).await?,
    };
    Ok((status, about, head, body).into_response())
}

/// What is said of a file, sent or known.
fn about(content: &Content, etag: &str, disposition: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, header(sent_as(&content.media_type)));
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(ETAG, header(etag));
    if let Some(date) = http_date(content.modified_at) {
        headers.insert(LAST_MODIFIED, header(date));
    }
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers
}

fn header(text: impl AsRef<str>) -> HeaderValue {
    HeaderValue::from_str(text.as_ref()).expect("all of it is printable ASCII of our own")
}

fn changed() -> ApiError {
    let detail = "The file is another one by now. Load it anew.";
    ApiError::new(StatusCode::PRECONDITION_FAILED, "changed", detail)
}

fn behind_the_end(length: u64) -> Response {
    let detail = format!("The file has {length} bytes: ask for a part that begins before its end.");
    let problem = ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", detail);
    ([(CONTENT_RANGE, header(format!("bytes */{length}")))], problem).into_response()
}
