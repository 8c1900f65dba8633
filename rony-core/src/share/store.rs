//! What is kept of links.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Offer, Opening, Share, ShareChange};
use crate::{
    Result,
    audit::Entry,
    file::Item,
    id::{ItemId, ShareId, UploadId, UserId},
    secret::TokenHash,
    time::Timestamp,
};

/// A link on its way into the store.
#[derive(Clone, Debug)]
pub struct AddShare {
    /// The link.
    pub share: Share,
    /// What opens it.
    pub token: TokenHash,
    /// The hash of its password.
    pub password: Option<String>,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Which links are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListShares {
    /// By whom.
    pub reader: UserId,
    /// All those to this item; `None`: those that the reader made, and those to what is in their drive.
    pub file_id: Option<ItemId>,
    /// Those that were made before this one.
    pub before: Option<ShareId>,
    /// So many at most.
    pub limit: i64,
}

/// Something about a link is to change.
#[derive(Clone, Debug)]
pub struct ChangeShare {
    /// Which.
    pub id: ShareId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What; of the password whether there is one.
    pub change: ShareChange,
    /// The hash of the new password, if there is a new one.
    pub password: Option<String>,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A link is to be taken back.
#[derive(Clone, Debug)]
pub struct RevokeShare {
    /// Which.
    pub id: ShareId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A link is opened.
#[derive(Clone, Debug)]
pub struct OpenShare {
    /// Which.
    pub id: ShareId,
    /// The hash of the password that was shown; must still be the link's.
    pub proven: Option<String>,
    /// What is given for it.
    pub pass: TokenHash,
    /// When that ends.
    pub expires_at: Timestamp,
    /// Who opened it, for links that note it.
    pub opening: Opening,
    /// The key of that note.
    pub note: Uuid,
}

/// Which openings are asked for, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListOpenings {
    /// Of which link.
    pub id: ShareId,
    /// By whom.
    pub reader: UserId,
    /// Those before this key.
    pub before: Option<Uuid>,
    /// So many at most.
    pub limit: i64,
}

/// Who a ticket was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketHolder {
    /// A person.
    Person(UserId),
    /// Whoever holds this link.
    Share(ShareId),
}

/// One download's address, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptTicket {
    /// Of which file.
    pub file_id: ItemId,
    /// Which version of it; `None`: what it holds then.
    pub version: Option<i64>,
    /// For whom.
    pub holder: TicketHolder,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A ticket on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct AddTicket {
    /// The ticket.
    pub ticket: KeptTicket,
    /// What opens it.
    pub token: TokenHash,
    /// When.
    pub at: Timestamp,
}

/// The port for links.
#[async_trait]
pub trait ShareStore: Send + Sync {
    /// Adds a link if [`super::may_make`] says so, and tells the stream of the drive's owner.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for an item that is not there for its maker. When the database is away; so for all methods.
    async fn add_share(&self, add: &AddShare) -> Result<()>;

    /// Links that are not revoked and lead to something that is there, the newest first.
    ///
    /// # Errors
    ///
    /// What [`crate::file::may`] says of sharing the item that is asked about.
    async fn shares(&self, list: &ListShares) -> Result<Vec<Share>>;

    /// Changes a link to what the person may share, if [`super::may_change`] says so. With another password
    /// its passes and tickets are good for nothing any more: who has one did not show that password.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for who may not share it, and when it is revoked; what [`super::may_change`] says, and [`super::may_make`] of
    /// the new level.
    async fn change_share(&self, change: &ChangeShare) -> Result<Share>;

    /// Revokes a link that the person made, or that leads to what they may share; its passes and tickets are good for nothing then. Uploads on
    /// their way by it are forgotten, as [`crate::upload::UploadStore::discard_upload`] does: answers which.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for others, and when it is revoked.
    async fn revoke_share(&self, revoke: &RevokeShare) -> Result<Vec<UploadId>>;

    /// What a link's token opens, good or not.
    async fn share_offer(&self, token: &TokenHash) -> Result<Option<Offer>>;

    /// What a pass that has not ended opens, good or not.
    async fn pass_offer(&self, pass: &TokenHash, now: Timestamp) -> Result<Option<Offer>>;

    /// What a link is, good or not.
    async fn offer_of(&self, id: ShareId) -> Result<Option<Offer>>;

    /// Notes that a link was opened and what was given for it, if [`super::good`] still says so; and what it leads to.
    ///
    /// # Errors
    ///
    /// What [`super::good`] says; code `password_wrong` when the password is another one now.
    async fn open_share(&self, open: &OpenShare) -> Result<(Offer, Item)>;

    /// When a link was opened, and from where.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for who neither made it nor may share what it leads to.
    async fn openings(&self, list: &ListOpenings) -> Result<Vec<(Uuid, Opening)>>;

    /// Adds a ticket. For a link's holder it is counted as a download, if [`super::good`] says that there is one left: of two who ask for the last
    /// one at once, one gets it.
    ///
    /// # Errors
    ///
    /// What [`super::good`] says.
    async fn add_ticket(&self, add: &AddTicket) -> Result<()>;

    /// A ticket that has not ended, of somebody whose account is in use.
    async fn ticket(&self, token: &TokenHash, now: Timestamp) -> Result<Option<KeptTicket>>;

    /// Removes passes and tickets that ended before `now`, links to what is not there any more, and notes of openings from before
    /// `openings_before`.
    async fn prune_shares(&self, now: Timestamp, openings_before: Timestamp) -> Result<()>;
}
