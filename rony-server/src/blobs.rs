//! Where the bytes of files are kept, as the operator configured it.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use rony_core::Result;
use rony_core::blob::{BlobStore, Disposition};
use rony_core::id::BlobId;
use rony_core::secret::Secret;
use rony_storage::blob::{DiskBlobs, S3Blobs, S3Options};
use uuid::Uuid;

use crate::config::{Config, FileStore};
use crate::content::Shelves;
use crate::server::BuildError;

/// Opens a store; the folder on a disk is made where it is missing. An object store is asked nothing yet.
pub(crate) fn open(config: &Config, store: FileStore) -> Result<Shelves, BuildError> {
    match store {
        FileStore::Disk => {
            let folder = config.files_folder();
            let disk = DiskBlobs::open(&folder).map_err(|source| BuildError::Files { folder, source })?;
            let disk = Arc::new(disk);
            Ok(Shelves { blobs: Arc::clone(&disk) as Arc<dyn BlobStore>, disk: Some(disk) })
        }
        FileStore::S3 => {
            let blobs = S3Blobs::new(&options(config)).map_err(BuildError::ObjectStore)?;
            Ok(Shelves { blobs: Arc::new(blobs), disk: None })
        }
    }
}

/// The region that stores other than Amazon's take for any.
const ANY_REGION: &str = "us-east-1";

fn options(config: &Config) -> S3Options {
    let s3 = &config.files.s3;
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let region = given(&s3.region).unwrap_or_else(|| ANY_REGION.to_owned());
    let mut options = S3Options::new(&s3.bucket, region);
    options.endpoint = given(&s3.endpoint);
    options.access_key_id = given(&s3.access_key_id);
    options.secret_access_key = given(s3.secret_access_key.reveal()).map(Secret::from);
    options.allow_http = s3.allow_http;
    options.prefix.clone_from(&s3.prefix);
    options
}

/// The origin that a store's own addresses have: a page may show what lies there. None where bytes come from here.
pub(crate) async fn origin(blobs: &dyn BlobStore) -> Option<String> {
    const MOMENT: Duration = Duration::from_secs(1);
    let any = Disposition { inline: false, name: "file".to_owned(), media_type: "text/plain".to_owned() };
    let address = blobs.presigned(BlobId(Uuid::nil()), &any, MOMENT).await.ok()??;
    let address: Uri = address.parse().ok()?;
    Some(format!("{}://{}", address.scheme_str()?, address.authority()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_object_store_has_an_origin_of_its_own() {
        let mut config = Config::default();
        let s3 = &mut config.files.s3;
        (s3.bucket, s3.endpoint) = ("bucket".to_owned(), "https://s3.example.org".to_owned());
        (s3.access_key_id, s3.secret_access_key) = ("rony".to_owned(), "a key".into());
        let store = open(&config, FileStore::S3).expect("a store");
        assert_eq!(origin(&*store.blobs).await.as_deref(), Some("https://s3.example.org"));
    }
}
