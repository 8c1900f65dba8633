//! What may be done with uploads.

use std::{sync::Arc, time::Duration};

use super::{
    Advance, Checksum, Complete, KeptUpload, MOST_AT_ONCE, MOST_WITH_CHECKSUM, NewUpload, PutFile, State,
    Upload, UploadStore, Uploader, rule, slices::Slices,
};
use crate::{
    Error, Result, Settings,
    actor::{Actor, Scope},
    blob::{Appended, BlobStore, ByteStream},
    file::{AddFile, By, FileName, FileStore, Item, Reader, no_room},
    id::{BlobId, ItemId, UploadId},
    media,
    share::{Share, ShareStore, live},
    time::{Clock, Timestamp},
};

/// An upload to which nothing is added for so long ends.
pub(super) const LASTING: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes that come slowly count after so long, as do 64 MiB that come fast: an end of the upload or of the server concerns no more than these.
const SLICE: Duration = Duration::from_secs(10);

/// The use cases of uploads. Made by [`crate::Rony::uploads`].
pub struct Uploads<'r> {
    pub(crate) store: &'r dyn UploadStore,
    pub(crate) files: &'r dyn FileStore,
    pub(crate) shares: &'r dyn ShareStore,
    pub(crate) blobs: Option<&'r dyn BlobStore>,
    pub(crate) clock: &'r Arc<dyn Clock>,
    pub(crate) settings: &'r Settings,
    pub(crate) state: &'r State,
}

impl Uploads<'_> {
    /// Announces an upload. One of no bytes is a file at once.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for field `length` when it is larger than the operator allows; what [`UploadStore::add_upload`] says, code
    /// `quota_exceeded` among it. [`Error::Unavailable`] where no files can be kept; so for all methods.
    pub async fn create(&self, actor: &Actor, new: NewUpload) -> Result<Upload> {
        let (by, uploader, _) = (self.by(actor)?, uploader(actor)?, self.blobs()?);
        new.validate(self.settings.files.largest)?;
        rule::may_name(by.reader, new.parent_id)?;
        let media_type = rule::media_type(new.media_type.as_deref(), &new.name)?;
        let upload = Upload {
            id: UploadId::new(by.at),
            // Found by the store; until then nobody's.
            owner_id: uuid::Uuid::nil().into(),
            offset: 0,
            length: new.length,
            name: new.name.clone(),
            media_type,
            expires_at: by.at.plus(LASTING),
            item_id: None,
        };
        let (blob, file_id) = (BlobId::new(by.at), ItemId::new(by.at));
        let mut kept = KeptUpload { upload, uploader, blob, file_id, new };
        kept.upload = self.store.add_upload(by, &kept).await?;
        self.completed(kept).await
    }

    /// How far an upload is. One that has all its bytes is a file when this answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is none, or somebody else's; so for all methods with one. For one that has all its bytes: code
    /// `upload_busy` while it becomes a file, and what is said about adding the file.
    pub async fn get(&self, actor: &Actor, id: UploadId) -> Result<Upload> {
        let kept = self.load(actor, id).await?;
        if kept.upload.item_id.is_some() || kept.upload.offset < kept.upload.length {
            return Ok(kept.upload);
        }
        // Whoever has the turn is about to complete it, and may fail: before, nobody is told that all is there.
        let _turn = self.state.turn(id)?;
        self.completed(kept).await
    }

    /// Adds bytes to an upload, and answers how far it is then; with the last byte it is a file. When the connection breaks, what came counts, and
    /// the answer says how much. With a checksum the bytes count together or not at all.
    ///
    /// # Errors
    ///
    /// Codes `offset_mismatch`, `upload_busy`, `upload_lost`, `checksum_mismatch`; [`Error::Invalid`] when there are more bytes than
    /// announced, or too many for a checksum; [`Error::StorageFull`]; what [`live`] says of a link that ended meanwhile, and
    /// [`crate::file::may`] of the place; with the last byte, what is said about adding the file.
    pub async fn append(
        &self,
        actor: &Actor,
        id: UploadId,
        offset: i64,
        checksum: Option<Checksum>,
        bytes: ByteStream,
    ) -> Result<Upload> {
        let _turn = self.state.turn(id)?;
        let mut kept = self.load(actor, id).await?;
        if offset != kept.upload.offset {
            return Err(offset_mismatch());
        }
        if kept.upload.item_id.is_none() {
            self.store.may_put(self.by_uploader(kept.uploader).await?, &kept.new).await?;
        }
        let slices = match checksum {
            Some(_) => Slices::hashed(bytes),
            None => Slices::timed(bytes, Arc::clone(self.clock), SLICE),
        };
        loop {
            let most = MOST_AT_ONCE.min(kept.upload.length - kept.upload.offset);
            let appended = match self.append_slice(&kept, &slices, most).await {
                Err(error) if error.code() == "upload_lost" => {
                    // Nobody can go on with it: its client shall hear that there is none, and begin anew. Where ending it fails, time does.
                    let _ = self.end(id, None).await;
                    return Err(error);
                }
                appended => appended?,
            };
            let written = count(appended.written)?;
            let last = appended.cut || slices.is_over() || kept.upload.offset + written == kept.upload.length;
            if let Some(checksum) = checksum {
                self.check(checksum, &slices, appended, last).await?;
            }
            kept.upload = match self.advance(&kept.upload, written).await {
                Ok(upload) => upload,
                Err(error) => return Err(self.why_gone(&kept, error).await),
            };
            if last {
                return self.completed(kept).await;
            }
        }
    }

    /// Writes a slice. What is beyond the announced length is refused before the last slice counts.
    async fn append_slice(&self, kept: &KeptUpload, slices: &Slices, most: i64) -> Result<Appended> {
        let Upload { id, offset, length, item_id, .. } = kept.upload;
        let appended = if most == 0 || item_id.is_some() {
            Appended::default()
        } else {
            self.blobs()?.append(id, offset.unsigned_abs(), slices.next(most.unsigned_abs())).await?
        };
        if !appended.cut && offset + count(appended.written)? == length && slices.is_more().await {
            return Err(Error::invalid("length", "There are more bytes than were announced."));
        }
        Ok(appended)
    }

    /// Whether what came is what was meant to come. `last`: nothing more fits; then `slices` must be at its end.
    async fn check(&self, checksum: Checksum, slices: &Slices, appended: Appended, last: bool) -> Result<()> {
        if !last && slices.is_more().await {
            let detail = format!("Send at most {MOST_WITH_CHECKSUM} bytes at once with a checksum.");
            return Err(Error::invalid("checksum", detail));
        }
        if appended.cut || slices.hash() != Some(checksum.sha256) {
            return Err(Error::conflict(
                "checksum_mismatch",
                "The bytes were damaged on their way, and do not count. Send them again.",
            ));
        }
        Ok(())
    }

    /// Why an upload does not go on: it may have ended with the link by which it came, which says more than what went wrong with its bytes.
    async fn why_gone(&self, kept: &KeptUpload, error: Error) -> Error {
        match self.store.upload(kept.upload.id).await {
            Ok(None) => self.by_uploader(kept.uploader).await.err().unwrap_or(Error::NotFound("upload")),
            _ => error,
        }
    }

    async fn advance(&self, upload: &Upload, written: i64) -> Result<Upload> {
        if written == 0 {
            return Ok(upload.clone());
        }
        let (from, to, expires_at) = (upload.offset, upload.offset + written, self.clock.now().plus(LASTING));
        self.store.advance_upload(Advance { id: upload.id, from, to, expires_at }).await?;
        Ok(Upload { offset: to, expires_at, ..upload.clone() })
    }

    /// Makes an upload that has all its bytes a file, if its uploader may still put one there. It may have been made one before, by
    /// somebody who was cut off.
    pub(super) async fn completed(&self, kept: KeptUpload) -> Result<Upload> {
        let KeptUpload { upload, uploader, blob, file_id, new } = kept;
        if upload.offset < upload.length || upload.item_id.is_some() {
            return Ok(upload);
        }
        let by = self.by_uploader(uploader).await?;
        let sha256 = self.blobs()?.finish(upload.id, blob, upload.length.unsigned_abs()).await?;
        if new.sha256.is_some_and(|expected| expected != sha256) {
            self.store.discard_upload(upload.id, by.at, None).await?;
            return Err(Error::conflict(
                "checksum_mismatch",
                "The file was damaged on its way, and was thrown away. Upload it again.",
            ));
        }
        let media_type = self.look(blob, upload.length, &new.name, &upload.media_type).await?;
        let add = AddFile {
            by,
            id: file_id,
            parent_id: new.parent_id,
            replace: new.replace,
            name: new.name,
            if_exists: new.if_exists,
            preview: rule::preview(&media_type, upload.length),
            media_type: media_type.clone(),
            modified_at: new.modified_at,
            blob,
            size: upload.length,
            sha256,
            reserved: upload.length,
        };
        let item_id = self.store.complete_upload(&Complete { id: upload.id, add }).await?;
        Ok(Upload { item_id: Some(item_id), media_type, ..upload })
    }

    /// The media type of a blob by its first bytes, its name, and what was said of it.
    async fn look(&self, blob: BlobId, size: i64, name: &FileName, said: &str) -> Result<String> {
        let most = size.unsigned_abs().min(media::HEAD);
        let head = if most == 0 { Vec::new() } else { all(self.blobs()?.read(blob, 0..most).await?).await? };
        Ok(media::media_type(name.as_str(), &head, Some(said)))
    }

    /// Ends an upload. One that became a file already stays that.
    ///
    /// # Errors
    ///
    /// Code `upload_busy`.
    pub async fn discard(&self, actor: &Actor, id: UploadId) -> Result<()> {
        let _turn = self.state.turn(id)?;
        self.load(actor, id).await?;
        self.end(id, None).await
    }

    /// Makes a file of bytes that come in one piece, `limit` of them at most. None is asked for when the drive has no room for those that are
    /// expected, and no more than it has room for.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for field `length` when there are more; code `quota_exceeded`; [`Error::Unavailable`] when the connection
    /// breaks; what is said about adding the file.
    pub async fn put(&self, actor: &Actor, file: PutFile, bytes: ByteStream, limit: i64) -> Result<Item> {
        let (by, blobs) = (self.by(actor)?, self.blobs()?);
        let PutFile { parent_id, name, media_type, if_exists, expected } = file;
        let media_type = rule::media_type(media_type.as_deref(), &name)?;
        let new = NewUpload { if_exists, ..NewUpload::named(parent_id, name, expected) };
        let limit = self.settings.files.largest.map_or(limit, |largest| largest.min(limit));
        new.validate(Some(limit))?;
        rule::may_name(by.reader, parent_id)?;
        let room = self.store.check_place(by, &new).await?;
        let (staging, blob) = (UploadId::new(by.at), BlobId::new(by.at));
        let add = |size: i64, sha256, media_type: String| AddFile {
            by,
            id: ItemId::new(by.at),
            parent_id,
            replace: None,
            name: new.name.clone(),
            if_exists,
            preview: rule::preview(&media_type, size),
            media_type,
            modified_at: None,
            blob,
            size,
            sha256,
            reserved: 0,
        };
        let most = room.map_or(limit, |room| room.min(limit));
        let gathered = gather(blobs, staging, blob, bytes, most).await;
        let (added, gone) = match gathered {
            Ok((size, sha256)) => {
                let added = match self.look(blob, size, &new.name, &media_type).await {
                    Ok(media_type) => {
                        let added = self.files.add_file(&add(size, sha256, media_type)).await;
                        // A number behind the name would tell who sees nothing what is there.
                        added.map(|item| {
                            if by.reader.is_blind() { Item { name: new.name.clone(), ..item } } else { item }
                        })
                    }
                    Err(error) => Err(error),
                };
                let refused = matches!(&added, Err(error) if !may_have_happened(error));
                (added, refused)
            }
            Err(Gathered::More) if most < limit => (Err(no_room()), true),
            Err(Gathered::More) => (Err(rule::too_large(limit)), true),
            Err(Gathered::Failed(error)) => (Err(error), true),
        };
        if gone {
            // What cannot be removed now is found later.
            let _ = (blobs.discard(staging).await, blobs.delete(blob).await);
        }
        added
    }

    /// Forgets an upload first and removes its bytes then: what a crash in between leaves is found later.
    pub(super) async fn end(&self, id: UploadId, ended_by: Option<Timestamp>) -> Result<()> {
        if self.store.discard_upload(id, self.clock.now(), ended_by).await? {
            self.blobs()?.discard(id).await?;
        }
        Ok(())
    }

    async fn load(&self, actor: &Actor, id: UploadId) -> Result<KeptUpload> {
        let uploader = uploader(actor)?;
        let kept = self.store.upload(id).await?.filter(|kept| kept.uploader == uploader);
        let now = self.clock.now();
        kept.filter(|kept| kept.upload.expires_at > now).ok_or(Error::NotFound("upload"))
    }

    pub(super) fn blobs(&self) -> Result<&dyn BlobStore> {
        self.blobs.ok_or(Error::Unavailable {
            retry_after: Duration::from_secs(60),
            detail: "This server has no place for files. Ask whoever runs it.",
            source: None,
        })
    }

    fn by(&self, actor: &Actor) -> Result<By> {
        Ok(self.by_reader(actor.reader(Scope::Write)?))
    }

    /// Who goes on with an upload, as far as they may now: a link may have been taken back since it began.
    async fn by_uploader(&self, uploader: Uploader) -> Result<By> {
        let reader = match uploader {
            Uploader::Person(person) => Reader::Person(person),
            Uploader::Share(share) => {
                let Share { file_id: root, level, .. } =
                    live(self.shares.offer_of(share).await?, self.clock.now())?.share;
                Reader::Link { root, level }
            }
        };
        Ok(self.by_reader(reader))
    }

    fn by_reader(&self, reader: Reader) -> By {
        By { reader, at: self.clock.now(), limits: self.settings.files.limits() }
    }
}

fn uploader(actor: &Actor) -> Result<Uploader> {
    match actor.share() {
        Some(share) => Ok(Uploader::Share(share)),
        None => actor.user(Scope::Write).map(Uploader::Person),
    }
}

/// Why a stream did not become a blob.
enum Gathered {
    /// There are more bytes than may be.
    More,
    /// Anything else.
    Failed(Error),
}

impl From<Error> for Gathered {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Makes a blob of all bytes of a stream, if they are no more than `most`.
async fn gather(
    blobs: &dyn BlobStore,
    staging: UploadId,
    blob: BlobId,
    bytes: ByteStream,
    most: i64,
) -> Result<(i64, [u8; 32]), Gathered> {
    let slices = Slices::whole(bytes);
    let appended = blobs.append(staging, 0, slices.next(most.unsigned_abs())).await?;
    if appended.cut {
        let broken = Error::Unavailable {
            retry_after: Duration::from_secs(1),
            detail: "The connection broke before the file was whole. Send it again.",
            source: None,
        };
        return Err(broken.into());
    }
    if slices.is_more().await {
        return Err(Gathered::More);
    }
    let sha256 = blobs.finish(staging, blob, appended.written).await?;
    Ok((count(appended.written)?, sha256))
}

/// The bytes of a short stream.
async fn all(mut stream: ByteStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await {
        let away = |source| Error::unavailable("The file cannot be read at the moment. Try again.", source);
        bytes.extend_from_slice(&piece.map_err(away)?);
    }
    Ok(bytes)
}

/// Whether the database may have done what it did not answer to. Then nothing may be taken away from under it.
const fn may_have_happened(error: &Error) -> bool {
    matches!(error, Error::Unavailable { .. } | Error::Internal(_))
}

/// Bytes as the database counts them.
fn count(bytes: u64) -> Result<i64> {
    i64::try_from(bytes).map_err(Error::internal)
}

pub(super) fn offset_mismatch() -> Error {
    Error::conflict(
        "offset_mismatch",
        "The upload stands at another byte: ask how far it is, and go on from that.",
    )
}
