//! The bytes of files: on a disk ([`DiskBlobs`]), or in an object store that speaks S3 ([`S3Blobs`], feature `s3`).

mod disk;
mod error;
mod keys;
mod migrate;
#[cfg(feature = "s3")]
mod s3;

pub use disk::DiskBlobs;
pub use migrate::{Moved, migrate};
#[cfg(feature = "s3")]
pub use s3::{S3Blobs, S3Options};
