//! Setup links, passwords and reset links on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    account::{AccountStore, NewReset, Reset, SetPassword, UseReset, may_reset, reset_used, setup_done},
    id::UserId,
    secret::TokenHash,
    session::Ending,
    stream::StreamId,
    time::Timestamp,
    user::User,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{SqlStore, audit, change::Change, dialect::Dialect, failed, session, user};

#[async_trait]
impl<DB: Dialect> AccountStore for SqlStore<DB> {
    async fn offer_setup(&self, token: &TokenHash, at: Timestamp) -> Result<bool> {
        let mut change = self.change(at).await?;
        change.lock([StreamId::DIRECTORY]).await?;
        if has_administrator::<DB>(change.connection()).await? {
            return Ok(false);
        }
        sqlx::query::<DB>(
            "insert into rony_meta (name, value) values ('setup', $1)
             on conflict (name) do update set value = excluded.value",
        )
        .bind(hex(token))
        .execute(change.connection())
        .await
        .map_err(failed)?;
        change.commit().await?;
        Ok(true)
    }

    async fn is_setup(&self, token: &TokenHash) -> Result<bool> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        let kept = sqlx::query::<DB>("select name from rony_meta where name = 'setup' and value = $1")
            .bind(hex(token))
            .fetch_optional(&mut *connection)
            .await
            .map_err(failed)?;
        Ok(kept.is_some() && !has_administrator::<DB>(&mut connection).await?)
    }

    async fn set_password(&self, set: &SetPassword) -> Result<bool> {
        let SetPassword { user_id, proven, hash, but, at, entry } = set;
        let mut change = self.change(*at).await?;
        let (user, kept) = lock(&mut change, *user_id).await?;
        if kept.as_ref() != Some(proven) || user.deactivated_at.is_some() {
            return Ok(false);
        }
        write(&mut change, *user_id, hash).await?;
        end_resets(&mut change, *user_id).await?;
        session::end(&mut change, *user_id, Ending::Devices { but: *but }).await?;
        audit::record(&mut change, entry).await?;
        change.commit().await?;
        Ok(true)
    }

    async fn add_reset(&self, reset: &NewReset) -> Result<()> {
        let NewReset { user_id, token, at, expires_at, entry } = reset;
        let mut change = self.change(*at).await?;
        let (user, _) = lock(&mut change, *user_id).await?;
        may_reset(&user)?;
        end_resets(&mut change, *user_id).await?;
        sqlx::query::<DB>(
            "insert into rony_resets (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)",
        )
        .bind(token.as_bytes().to_vec())
        .bind(user_id.uuid())
        .bind(at.as_millis())
        .bind(expires_at.as_millis())
        .execute(change.connection())
        .await
        .map_err(failed)?;
        audit::record(&mut change, entry).await?;
        change.commit().await
    }

    async fn reset(&self, token: &TokenHash) -> Result<Option<Reset>> {
        let mut snapshot = self.snapshot().await?;
        let Some((owner, expires_at)) = owner::<DB>(&mut snapshot, token).await? else { return Ok(None) };
        let user = user::load::<DB>(&mut snapshot, owner).await?;
        Ok(Some(Reset { user, expires_at }))
    }

    async fn use_reset(&self, reset: &UseReset) -> Result<User> {
        let UseReset { token, hash, at, entry } = reset;
        let mut change = self.change(*at).await?;
        let (owner, expires_at) = owner::<DB>(change.connection(), token).await?.ok_or_else(reset_used)?;
        let (user, _) = lock(&mut change, owner).await?;
        // Whoever followed it at the same time has had the person's row before us.
        if !end_resets(&mut change, owner).await?.contains(token) || expires_at <= *at {
            return Err(reset_used());
        }
        may_reset(&user)?;
        write(&mut change, owner, hash).await?;
        session::end(&mut change, owner, Ending::Everything).await?;
        audit::record(&mut change, &entry.clone().by_person(owner).to(owner)).await?;
        change.commit().await?;
        Ok(user)
    }
}

/// Uses the setup link up. The change has locked the directory, under which administrators come and go.
///
/// # Errors
///
/// [`setup_done`] when it is not the one, or there is an administrator.
pub(super) async fn use_setup<DB: Dialect>(change: &mut Change<'_, DB>, token: &TokenHash) -> Result<()> {
    let used = sqlx::query::<DB>("delete from rony_meta where name = 'setup' and value = $1 returning name")
        .bind(hex(token))
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    if used.is_none() || has_administrator::<DB>(change.connection()).await? {
        return Err(setup_done());
    }
    Ok(())
}

async fn has_administrator<DB: Dialect>(connection: &mut DB::Connection) -> Result<bool> {
    Ok(user::administrators::<DB>(connection, UserId(Uuid::nil())).await? > 0)
}

/// Locks a person's row, behind which passwords, deactivation and sign-ins wait for each other; and the hash of their
/// password.
async fn lock<DB: Dialect>(change: &mut Change<'_, DB>, id: UserId) -> Result<(User, Option<String>)> {
    let sql = format!("select password_hash from rony_users where id = $1{}", DB::FOR_UPDATE);
    let hash = sqlx::query_scalar::<DB, Option<String>>(AssertSqlSafe(sql))
        .bind(id.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    Ok((user::load::<DB>(change.connection(), id).await?, hash.flatten()))
}

async fn write<DB: Dialect>(change: &mut Change<'_, DB>, user: UserId, hash: &str) -> Result<()> {
    sqlx::query::<DB>("update rony_users set password_hash = $2 where id = $1")
        .bind(user.uuid())
        .bind(hash.to_owned())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(())
}

/// Ends all reset links of a person: which ones.
async fn end_resets<DB: Dialect>(change: &mut Change<'_, DB>, user: UserId) -> Result<Vec<TokenHash>> {
    let rows = sqlx::query::<DB>("delete from rony_resets where user_id = $1 returning token_hash")
        .bind(user.uuid())
        .fetch_all(change.connection())
        .await
        .map_err(failed)?;
    let hash = |row: &DB::Row| {
        TokenHash::try_from(row.get::<Vec<u8>, _>(0).as_slice()).map_err(rony_core::Error::internal)
    };
    rows.iter().map(hash).collect()
}

/// For whom a reset link is, and when it ends.
async fn owner<DB: Dialect>(
    connection: &mut DB::Connection,
    token: &TokenHash,
) -> Result<Option<(UserId, Timestamp)>> {
    let row = sqlx::query::<DB>("select user_id, expires_at from rony_resets where token_hash = $1")
        .bind(token.as_bytes().to_vec())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    Ok(row.map(|row| (UserId(row.get(0)), Timestamp::from_millis(row.get(1)))))
}

/// A hash in a text column.
fn hex(token: &TokenHash) -> String {
    token.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
