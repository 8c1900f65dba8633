//! Uploads: how bytes become a file, whole or not at all.
//!
//! An upload is announced with its length ([`Uploads::create`]), which reserves room in the drive that will hold it. Its bytes come in as many
//! pieces as the connection allows ([`Uploads::append`]), and what was acknowledged is never asked for again, whatever breaks: the
//! store of blobs makes bytes last before the database says that they count. The last byte makes the file, in one transaction
//! that also ends the reservation; a crash before it leaves an upload that is complete, and whoever asks for it next makes the
//! file then, or a job does when nobody asks. So a file is there once, or not at all. Whether the uploader may put something there is
//! asked whenever bytes begin to come, and in the transaction that makes the file: they may have lost the right, or their link was
//! taken back.
//!
//! Small files may come in one piece without being announced ([`Uploads::put`]).
//!
//! What guests of a drive announce, by a link or as people who may put something in, takes room from its owner: half of what is left at most ([`fits_guest`]), and only as long as the link takes
//! something. With the link, or the folder that it puts into, its uploads end, and their room is free at once.
//!
//! An upload that nobody continues for a day ends, and its room is free again ([`Uploads::collect`]). So do bytes that nothing refers to, which a
//! crash may leave in the store of blobs.

mod collect;
mod rule;
mod service;
mod slices;
mod state;
mod store;
mod types;

pub use rule::{MOST_AT_ONCE, MOST_OPEN, MOST_WITH_CHECKSUM, fits_guest, may_add};
pub use service::Uploads;
pub(crate) use state::State;
pub use store::{Advance, Complete, KeptUpload, UploadStore};
pub use types::{Checksum, NewUpload, PutFile, Upload, Uploader};
