//! From the errors of disks to the domain's.

use std::io::{self, ErrorKind};

use rony_core::Error;

/// What is said when a store of blobs does not answer.
pub(super) const AWAY: &str = "The place where files are kept does not answer. Try again in a moment.";

/// What a failed reading or writing of a file means to a use case.
pub(super) fn io_failed(error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            tracing::error!(%error, "there is no room where files are kept");
            Error::StorageFull
        }
        _ => Error::unavailable(AWAY, error),
    }
}

/// There is less of an upload than was acknowledged: somebody removed it behind Rony's back.
pub(super) fn lost() -> Error {
    Error::conflict(
        "upload_lost",
        "What was sent of this file is gone from the server. Send it again from the start.",
    )
}

/// No blob, or no preview, of this id.
pub(super) const NOT_FOUND: Error = Error::NotFound("file");
