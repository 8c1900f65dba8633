//! Blobs in an object store that speaks S3. An upload is gathered as objects, one for each piece, named by where it begins; when all are
//! there they are put together under the blob's key, which S3 makes visible at once and whole.

mod parts;

use std::{collections::HashMap, ops::Range, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt as _, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
    signer::{SignedUrlOptions, Signer as _},
};
use rony_core::{
    Error, Result,
    blob::{Appended, BlobStore, ByteStream, Derived, Disposition, PreviewSize, StagedUpload, StoredBlob},
    id::{BlobId, UploadId},
    secret::Secret,
    time::Timestamp,
};

use super::{
    error::{AWAY, NOT_FOUND},
    keys,
};

/// How long the object store may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How often what failed is tried again, before whoever asked is told.
const TRIES: usize = 4;

/// Which bucket, and how it is reached.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct S3Options {
    /// The bucket, which must be there.
    pub bucket: String,
    /// Its region (`eu-central-1`); most object stores other than Amazon's take any.
    pub region: String,
    /// The address of the object store, if it is not Amazon's.
    pub endpoint: Option<String>,
    /// The name of the key; without one, what the machine's role gives is used, as on Amazon's machines.
    pub access_key_id: Option<String>,
    /// The key.
    pub secret_access_key: Option<Secret>,
    /// Whether `endpoint` may be `http:`, without encryption. Default: no.
    pub allow_http: bool,
    /// What all names in the bucket begin with (`rony/`), so that it can be shared.
    pub prefix: String,
}

impl S3Options {
    /// A bucket at Amazon's.
    #[must_use]
    pub fn new(bucket: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            region: region.into(),
            endpoint: None,
            access_key_id: None,
            secret_access_key: None,
            allow_http: false,
            prefix: String::new(),
        }
    }
}

/// See the module's documentation. Several nodes may use one bucket.
pub struct S3Blobs {
    store: Arc<AmazonS3>,
    prefix: String,
}

impl S3Blobs {
    /// Blobs in a bucket. Nothing is asked of it yet.
    ///
    /// # Errors
    ///
    /// When the options make no sense together.
    pub fn new(options: &S3Options) -> Result<Self> {
        // The client takes the provider that the process has; a host application may have set one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE);
        let retry = RetryConfig { max_retries: TRIES, retry_timeout: SILENCE, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client)
            .with_retry(retry)
            .with_bucket_name(&options.bucket)
            .with_region(&options.region)
            .with_allow_http(options.allow_http);
        if let Some(endpoint) = &options.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let (Some(id), Some(key)) = (&options.access_key_id, &options.secret_access_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(key.reveal());
        }
        let store = Arc::new(builder.build().map_err(Error::internal)?);
        Ok(Self { store, prefix: options.prefix.trim_matches('/').to_owned() })
    }

    fn path(&self, key: &str) -> Path {
        Path::from(format!("{}/{key}", self.prefix))
    }

    async fn list(&self, folder: &str) -> Result<Vec<ObjectMeta>> {
        self.store.list(Some(&self.path(folder))).try_collect().await.map_err(failed)
    }

    async fn remove(&self, path: &Path) -> Result<()> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    async fn remove_all(&self, paths: Vec<Path>) -> Result<()> {
        let paths = stream::iter(paths.into_iter().map(Ok)).boxed();
        let mut removed = self.store.delete_stream(paths);
        while let Some(removed) = removed.next().await {
            match removed {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(())
    }
}

#[async_trait]
impl BlobStore for S3Blobs {
    async fn append(&self, upload: UploadId, offset: u64, bytes: ByteStream) -> Result<Appended> {
        self.append_parts(upload, offset, bytes).await
    }

    async fn finish(&self, upload: UploadId, blob: BlobId, length: u64) -> Result<[u8; 32]> {
        let hash = if self.size(blob).await? == Some(length) {
            self.hash(blob, length).await?
        } else {
            self.put_together(upload, blob, length).await?
        };
        self.discard(upload).await?;
        Ok(hash)
    }

    async fn discard(&self, upload: UploadId) -> Result<()> {
        let parts = self.list(&keys::upload(upload)).await?;
        self.remove_all(parts.into_iter().map(|part| part.location).collect()).await
    }

    async fn read(&self, blob: BlobId, range: Range<u64>) -> Result<ByteStream> {
        let path = self.path(&keys::blob(blob));
        if range.is_empty() {
            self.store.head(&path).await.map_err(failed)?;
            return Ok(stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range.clone())), ..GetOptions::default() };
        let found = self.store.get_opts(&path, options).await.map_err(failed)?;
        if found.meta.size < range.end {
            return Err(NOT_FOUND);
        }
        Ok(found.into_stream().map_err(Into::into).boxed())
    }

    async fn put(&self, key: Derived, bytes: Bytes) -> Result<()> {
        let path = self.path(&keys::derived(key));
        self.store.put(&path, bytes.into()).await.map_err(failed)?;
        Ok(())
    }

    async fn get(&self, key: Derived) -> Result<Bytes> {
        let found = self.store.get(&self.path(&keys::derived(key))).await.map_err(failed)?;
        found.bytes().await.map_err(failed)
    }

    async fn delete(&self, blob: BlobId) -> Result<()> {
        for size in PreviewSize::ALL {
            self.remove(&self.path(&keys::derived(Derived { blob, size }))).await?;
        }
        self.remove(&self.path(&keys::blob(blob))).await
    }

    async fn presigned(&self, blob: BlobId, to: &Disposition, lasting: Duration) -> Result<Option<String>> {
        let how = if to.inline { "inline" } else { "attachment" };
        let disposition = format!("{how}; filename*=UTF-8''{}", percent_encoded(&to.name));
        let options = SignedUrlOptions::default().with_query([
            ("response-content-disposition", disposition.as_str()),
            ("response-content-type", to.media_type.as_str()),
        ]);
        let path = self.path(&keys::blob(blob));
        let url = self.store.signed_url_opts(http::Method::GET, &path, lasting, &options).await;
        Ok(Some(url.map_err(failed)?.to_string()))
    }

    async fn size(&self, blob: BlobId) -> Result<Option<u64>> {
        match self.store.head(&self.path(&keys::blob(blob))).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn stored(&self, shelf: u8) -> Result<Vec<StoredBlob>> {
        let found = self.list(&keys::shelf_folder(shelf)).await?;
        let blob = |meta: ObjectMeta| {
            let id = meta.location.filename()?.parse().ok()?;
            Some(StoredBlob { id, size: meta.size, written_at: written_at(&meta) })
        };
        Ok(found.into_iter().filter_map(blob).collect())
    }

    async fn staged(&self) -> Result<Vec<StagedUpload>> {
        let mut newest = HashMap::new();
        for part in self.list(keys::UPLOADS).await? {
            let Some(id) = part.location.parts().rev().nth(1).and_then(|id| id.as_ref().parse().ok()) else {
                continue;
            };
            let at = newest.entry(id).or_insert(Timestamp::from_millis(0));
            *at = (*at).max(written_at(&part));
        }
        Ok(newest.into_iter().map(|(id, written_at)| StagedUpload { id, written_at }).collect())
    }
}

fn written_at(meta: &ObjectMeta) -> Timestamp {
    Timestamp::from_millis(meta.last_modified.timestamp_millis())
}

/// What the client's error means to a use case. It has tried again by itself before.
fn failed(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => NOT_FOUND,
        error => Error::unavailable(AWAY, error),
    }
}

/// As RFC 8187 wants the name of a file in a header.
fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(encode).collect()
}
