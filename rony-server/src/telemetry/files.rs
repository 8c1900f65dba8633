//! How many bytes of files come in and go out, and what becomes of pictures.

pub(super) const UPLOADED: &str = "rony_file_bytes_uploaded_total";
pub(super) const DOWNLOADED: &str = "rony_file_bytes_downloaded_total";
pub(super) const PREVIEWS: &str = "rony_file_previews_total";

/// So many bytes came.
pub(crate) fn count_upload(bytes: usize) {
    metrics::counter!(UPLOADED).increment(bytes as u64);
}

/// So many bytes are on their way out of this process.
pub(crate) fn count_download(bytes: usize) {
    metrics::counter!(DOWNLOADED).increment(bytes as u64);
}

/// Small pictures were made of one, or cannot be.
pub(crate) fn count_preview(made: bool) {
    metrics::counter!(PREVIEWS, "outcome" => if made { "made" } else { "none" }).increment(1);
}
