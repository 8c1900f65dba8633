//! What is asked of a link's makers: changing it, taking it back, and seeing who opened it.

use super::{ChangeShare, ListOpenings, ListShares, Opening, RevokeShare, Share, ShareChange, Shares};
use crate::{
    Result,
    actor::{Actor, Scope},
    audit::Entry,
    id::{ItemId, ShareId},
    page::{Cursor, Limit, Page},
    password::hash_given,
};

/// The lists' names in their cursors.
const LIST: &str = "shares";
const OPENINGS: &str = "openings";

impl Shares<'_> {
    /// Links that are not revoked, the newest first: all those to an item, or those that the actor made and those into their drive.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Invalid`] for a cursor that this list did not give; what [`crate::file::may`] says of sharing the item.
    pub async fn list(
        &self,
        actor: &Actor,
        file_id: Option<ItemId>,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Share>> {
        let reader = actor.user(Scope::Read)?;
        let before = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let list = ListShares { reader, file_id, before, limit: limit.rows() };
        Ok(Page::cut(self.store.shares(&list).await?, limit, LIST, |share| share.id))
    }

    /// Changes a link. What is in its holders' hands follows at once; with another password it ends, and they open the link again.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for who may not share what it leads to; what [`super::may_change`] and [`ShareChange::validate`] say.
    pub async fn change(&self, actor: &Actor, id: ShareId, change: ShareChange) -> Result<Share> {
        let (by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let change = change.validate(at)?;
        let password = hash_given(self.hasher, change.password.clone().flatten()).await?;
        let entry = Entry::new(at, "share.changed").by(actor).to(id);
        self.store.change_share(&ChangeShare { id, by, at, change, password, entry }).await
    }

    /// Takes a link back. What is on its way by it ends, and the room that it reserved is free.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for who neither made it nor may share what it leads to.
    pub async fn revoke(&self, actor: &Actor, id: ShareId) -> Result<()> {
        let (by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let entry = Entry::new(at, "share.revoked").by(actor).to(id);
        self.uploads.ended(&self.store.revoke_share(&RevokeShare { id, by, at, entry }).await?);
        Ok(())
    }

    /// When a link was opened and from where, the newest first, if it notes that.
    ///
    /// # Errors
    ///
    /// As [`Self::revoke`] and [`Self::list`].
    pub async fn openings(
        &self,
        actor: &Actor,
        id: ShareId,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Opening>> {
        let reader = actor.user(Scope::Read)?;
        let before = cursor.map(|cursor| cursor.decode(OPENINGS)).transpose()?;
        let list = ListOpenings { id, reader, before, limit: limit.rows() };
        let page = Page::cut(self.store.openings(&list).await?, limit, OPENINGS, |(key, _)| *key);
        Ok(page.map(|(_, opening)| opening))
    }
}
