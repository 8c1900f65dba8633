//! An object store in this process.

use std::net::SocketAddr;

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rony_server::config::{Config, FileStore};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;

const KEY: &str = "a-key-that-opens-the-test-bucket";

/// It ends with the runtime.
pub(crate) struct Bucket {
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

impl Bucket {
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::create_dir_all(folder.path().join("bucket")).expect("a bucket");
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("a folder"));
        service.set_auth(SimpleAuth::from_single("rony", KEY));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let served = auto::Builder::new(TokioExecutor::new());
                    let _ = served.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { address, _folder: folder }
    }

    /// How a server is told of it.
    pub(crate) fn configure(&self, config: &mut Config) {
        config.files.store = FileStore::S3;
        for (key, value) in self.settings() {
            let s3 = &mut config.files.s3;
            match key {
                "bucket" => s3.bucket = value,
                "endpoint" => s3.endpoint = value,
                "access_key_id" => s3.access_key_id = value,
                "secret_access_key" => s3.secret_access_key = value.as_str().into(),
                _ => s3.allow_http = true,
            }
        }
    }

    /// The settings, by their names in `[files.s3]`.
    pub(crate) fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("bucket", "bucket".to_owned()),
            ("endpoint", format!("http://{}", self.address)),
            ("access_key_id", "rony".to_owned()),
            ("secret_access_key", KEY.to_owned()),
            ("allow_http", "true".to_owned()),
        ]
    }
}
