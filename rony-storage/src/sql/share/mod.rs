//! Links on SQL.

mod list;
mod look;
mod offer;
mod pass;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    file::{Item, LinkLevel, Reader},
    id::{ItemId, ShareId, UploadId},
    secret::TokenHash,
    share::{
        AddShare, AddTicket, ChangeShare, KeptTicket, ListOpenings, ListShares, Offer, OpenShare, Opening,
        RevokeShare, Share, ShareStore, live, may_change, may_make,
    },
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use self::look::{LookedAfter, looked_after};
pub(super) use self::offer::by_id as offer_of;
use super::{
    SqlStore, audit,
    change::Change,
    dialect::Dialect,
    failed,
    file::{self, Eyes},
    upload, user,
};

#[async_trait]
impl<DB: Dialect> ShareStore for SqlStore<DB> {
    async fn add_share(&self, add: &AddShare) -> Result<()> {
        let AddShare { share, token, password, entry } = add;
        let mut change = self.change(share.created_at).await?;
        let maker = share.created_by;
        if user::load::<DB>(change.connection(), maker).await?.deactivated_at.is_some() {
            return Err(Error::forbidden("account_deactivated", "This account is switched off."));
        }
        let eyes = Eyes::of(Reader::Person(maker));
        let found = file::lock_seen(&mut change, eyes, share.file_id, []).await?;
        let count = count(&mut change, share.file_id).await?;
        may_make(found.sight, found.item.kind, share.level, count)?;
        insert(&mut change, share, token, password.as_deref()).await?;
        file::tell_of(&mut change, &found);
        audit::record(&mut change, entry).await?;
        change.commit().await
    }

    async fn shares(&self, list: &ListShares) -> Result<Vec<Share>> {
        list::shares(self, list).await
    }

    async fn change_share(&self, asked: &ChangeShare) -> Result<Share> {
        let mut change = self.change(asked.at).await?;
        let LookedAfter { mut share, found, .. } = looked_after(&mut change, asked.id, asked.by).await?;
        let found = found.ok_or(Error::NotFound("share"))?;
        may_change(&share, asked.by, found.sight)?;
        apply(&mut share, asked);
        // It is one of those that there are already.
        may_make(found.sight, found.item.kind, share.level, 0)?;
        update(&mut change, &share, asked).await?;
        if asked.password.is_some() {
            pass::take_back(&mut change, share.id).await?;
        }
        audit::record(&mut change, &asked.entry).await?;
        change.commit().await?;
        Ok(share)
    }

    async fn revoke_share(&self, revoke: &RevokeShare) -> Result<Vec<UploadId>> {
        let RevokeShare { id, by, at, entry } = revoke;
        let mut change = self.change(*at).await?;
        let LookedAfter { owner, found, .. } = looked_after(&mut change, *id, *by).await?;
        sqlx::query::<DB>("update rony_shares set revoked_at = $2 where id = $1")
            .bind(id.uuid())
            .bind(at.as_millis())
            .execute(change.connection())
            .await
            .map_err(failed)?;
        let ended = match owner {
            Some(owner) => upload::forget_by_link(&mut change, owner, *id).await?,
            None => Vec::new(),
        };
        if let Some(found) = &found {
            file::tell_of(&mut change, found);
        }
        audit::record(&mut change, entry).await?;
        change.commit().await?;
        Ok(ended)
    }

    async fn share_offer(&self, token: &TokenHash) -> Result<Option<Offer>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        offer::by_token::<DB>(&mut connection, token).await
    }

    async fn pass_offer(&self, pass: &TokenHash, now: Timestamp) -> Result<Option<Offer>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        offer::by_pass::<DB>(&mut connection, pass, now).await
    }

    async fn offer_of(&self, id: ShareId) -> Result<Option<Offer>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        offer::by_id::<DB>(&mut connection, id).await
    }

    async fn open_share(&self, open: &OpenShare) -> Result<(Offer, Item)> {
        pass::open(self, open).await
    }

    async fn openings(&self, list: &ListOpenings) -> Result<Vec<(Uuid, Opening)>> {
        list::openings(self, list).await
    }

    async fn add_ticket(&self, add: &AddTicket) -> Result<()> {
        pass::add_ticket(self, add).await
    }

    async fn ticket(&self, token: &TokenHash, now: Timestamp) -> Result<Option<KeptTicket>> {
        pass::ticket(self, token, now).await
    }

    async fn prune_shares(&self, now: Timestamp, openings_before: Timestamp) -> Result<()> {
        pass::prune(self, now, openings_before).await
    }
}

/// A link that is live at a moment.
///
/// # Errors
///
/// What [`live`] says.
pub(super) async fn live_now<DB: Dialect>(
    connection: &mut DB::Connection,
    id: ShareId,
    at: Timestamp,
) -> Result<Offer> {
    live(offer::by_id::<DB>(connection, id).await?, at)
}

/// How many links there are to an item.
async fn count<DB: Dialect>(change: &mut Change<'_, DB>, id: ItemId) -> Result<i64> {
    let row = sqlx::query::<DB>("select count(*) from rony_shares where file_id = $1 and revoked_at is null")
        .bind(id.uuid())
        .fetch_one(change.connection())
        .await
        .map_err(failed)?;
    Ok(row.get(0))
}

async fn insert<DB: Dialect>(
    change: &mut Change<'_, DB>,
    share: &Share,
    token: &TokenHash,
    password: Option<&str>,
) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_shares (id, token_hash, file_id, name, level, created_by, created_at, expires_at,
             password_hash, max_downloads, downloads, log_openings, opened)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 0)",
    )
    .bind(share.id.uuid())
    .bind(token.as_bytes().to_vec())
    .bind(share.file_id.uuid())
    .bind(share.name.clone())
    .bind(write_level(share.level).to_owned())
    .bind(share.created_by.uuid())
    .bind(share.created_at.as_millis())
    .bind(share.expires_at.map(Timestamp::as_millis))
    .bind(password.map(str::to_owned))
    .bind(share.max_downloads)
    .bind(share.log_openings)
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

/// What a link is after a change.
fn apply(share: &mut Share, asked: &ChangeShare) {
    let change = &asked.change;
    if let Some(name) = &change.name {
        share.name.clone_from(name);
    }
    share.level = change.level.unwrap_or(share.level);
    share.expires_at = change.expires_at.unwrap_or(share.expires_at);
    share.max_downloads = change.max_downloads.unwrap_or(share.max_downloads);
    share.log_openings = change.log_openings.unwrap_or(share.log_openings);
    share.has_password = change.password.as_ref().map_or(share.has_password, Option::is_some);
}

async fn update<DB: Dialect>(change: &mut Change<'_, DB>, share: &Share, asked: &ChangeShare) -> Result<()> {
    sqlx::query::<DB>(
        "update rony_shares set name = $2, level = $3, expires_at = $4, max_downloads = $5, log_openings = $6,
             password_hash = case when $7 then $8 else password_hash end where id = $1",
    )
    .bind(share.id.uuid())
    .bind(share.name.clone())
    .bind(write_level(share.level).to_owned())
    .bind(share.expires_at.map(Timestamp::as_millis))
    .bind(share.max_downloads)
    .bind(share.log_openings)
    .bind(asked.change.password.is_some())
    .bind(asked.password.clone())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

fn read_level(text: &str) -> Result<LinkLevel> {
    match text {
        "viewer" => Ok(LinkLevel::Viewer),
        "editor" => Ok(LinkLevel::Editor),
        "drop" => Ok(LinkLevel::Drop),
        other => Err(Error::internal(format!("a level that this version does not know: {other}"))),
    }
}

const fn write_level(level: LinkLevel) -> &'static str {
    match level {
        LinkLevel::Viewer => "viewer",
        LinkLevel::Editor => "editor",
        LinkLevel::Drop => "drop",
    }
}
