//! Where things stand in a store of blobs: the same names on a disk and in a bucket.
//!
//! The two levels above a blob are the last two bytes of its id. They are random, where the first ones are the time: so no folder grows
//! too large, and the first level is the blob's shelf.

use rony_core::{
    blob::{Derived, shelf},
    id::{BlobId, UploadId},
};

/// What blobs are under.
pub(super) const BLOBS: &str = "blobs";
/// What uploads are gathered under.
pub(super) const UPLOADS: &str = "uploads";

/// The folder of a shelf.
pub(super) fn shelf_folder(shelf: u8) -> String {
    format!("{BLOBS}/{shelf:02x}")
}

/// `ab/cd`: the two levels above a blob.
fn levels(blob: BlobId) -> String {
    format!("{:02x}/{:02x}", shelf(blob), blob.uuid().as_bytes()[14])
}

/// A blob.
pub(super) fn blob(id: BlobId) -> String {
    format!("{BLOBS}/{}/{id}", levels(id))
}

/// The folder of all that was made of a blob.
pub(super) fn derived_folder(blob: BlobId) -> String {
    format!("previews/{}/{blob}", levels(blob))
}

/// Something that was made of a blob.
pub(super) fn derived(key: Derived) -> String {
    format!("{}/{}", derived_folder(key.blob), key.size.name())
}

/// What is gathered of an upload: a file on a disk, a folder of parts in a bucket.
pub(super) fn upload(id: UploadId) -> String {
    format!("{UPLOADS}/{id}")
}

#[cfg(test)]
mod tests {
    use rony_core::blob::PreviewSize;

    use super::*;

    #[test]
    fn a_blob_stands_on_its_shelf() {
        let id: BlobId = "0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap();
        assert_eq!(blob(id), "blobs/91/ad/0190163d-8694-739b-aea5-966c26f8ad91");
        assert!(blob(id).starts_with(&shelf_folder(shelf(id))));
        let small = derived(Derived { blob: id, size: PreviewSize::Small });
        assert_eq!(small, "previews/91/ad/0190163d-8694-739b-aea5-966c26f8ad91/small");
    }
}
