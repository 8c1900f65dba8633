//! Who looks after a link.

use rony_core::{
    Error, Result,
    file::{Deed, Reader, may},
    id::{ShareId, UserId},
    share::Share,
    stream::StreamId,
};

use super::offer::share;
use crate::sql::{
    change::Change,
    dialect::Dialect,
    file::{self, Eyes, Found},
};

/// A link that somebody looks after.
pub(super) struct LookedAfter {
    /// The link.
    pub(super) share: Share,
    /// In whose drive the item is that it leads to, if there is one; their stream is locked.
    pub(super) owner: Option<UserId>,
    /// The item, if the person may share it.
    pub(super) found: Option<Found>,
}

/// A link that is not revoked and that the person looks after: they made it, or may share what it leads to. The stream of its drive's owner is
/// locked then, whether they see it or not.
///
/// # Errors
///
/// [`Error::NotFound`] for others.
pub(super) async fn looked_after<DB: Dialect>(
    change: &mut Change<'_, DB>,
    id: ShareId,
    person: UserId,
) -> Result<LookedAfter> {
    let known = share::<DB>(change.connection(), id, "").await?.ok_or(Error::NotFound("share"))?;
    let eyes = Eyes::of(Reader::Person(person));
    let owner = file::owner_of::<DB>(change.connection(), known.file_id).await?;
    change.lock(owner.map(StreamId::from)).await?;
    let share =
        share::<DB>(change.connection(), id, DB::FOR_UPDATE).await?.ok_or(Error::NotFound("share"))?;
    let found = file::load::<DB>(change.connection(), eyes, share.file_id).await?;
    let found = found.filter(|found| may(Deed::Share, Some(found.sight)).is_ok());
    if found.is_none() && share.created_by != person {
        return Err(Error::NotFound("share"));
    }
    Ok(LookedAfter { share, owner, found })
}

/// As [`looked_after`], without a change.
pub(super) async fn may_look<DB: Dialect>(
    connection: &mut DB::Connection,
    id: ShareId,
    person: UserId,
) -> Result<()> {
    let share = share::<DB>(&mut *connection, id, "").await?.ok_or(Error::NotFound("share"))?;
    let found = file::load::<DB>(&mut *connection, Eyes::of(Reader::Person(person)), share.file_id).await?;
    let shares = found.is_some_and(|found| may(Deed::Share, Some(found.sight)).is_ok());
    if shares || share.created_by == person { Ok(()) } else { Err(Error::NotFound("share")) }
}
