//! What administrators change about accounts.

use rony_core::{
    Result,
    conversation::GENERAL,
    id::UserId,
    session::Ending,
    stream::StreamId,
    time::Timestamp,
    user::{Administer, Profile, User, administer as rule},
};

use super::{
    create::role_in_general,
    profile::{self, tell},
    write_role,
};
use crate::sql::{SqlStore, audit, change::Change, dialect::Dialect, failed, member, session};

pub(super) async fn administer<DB: Dialect>(store: &SqlStore<DB>, wish: &Administer) -> Result<User> {
    let mut change = store.change(wish.at).await?;
    // Whoever becomes an administrator, or stops to be one, does so under the lock of the directory: so there is a last one.
    change.lock([StreamId::DIRECTORY, GENERAL.into(), wish.user_id.into()]).await?;
    let before = profile::load::<DB>(change.connection(), wish.user_id).await?;
    let others = administrators::<DB>(change.connection(), wish.user_id).await?;
    let (user, entries) = rule(&before.user, others, wish)?;
    if entries.is_empty() {
        return Ok(user);
    }
    write(&mut change, &user).await?;
    if user.deactivated_at.is_some() && before.user.deactivated_at.is_none() {
        session::end(&mut change, user.id, Ending::Everything).await?;
    }
    if user.role != before.user.role {
        let role = role_in_general(user.role);
        member::set_role(&mut change, GENERAL, user.id, role, wish.by.id()).await?;
    }
    for entry in &entries {
        audit::record(&mut change, entry).await?;
    }
    let after = Profile { user, ..before.clone() };
    tell(&mut change, &before, &after);
    change.commit().await?;
    Ok(after.user)
}

/// How many people but `user` can administer the server: as [`User::can_administer`] has it.
pub(crate) async fn administrators<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>(
        "select count(*) from rony_users
         where role = 'administrator' and not bot and deactivated_at is null and id <> $1",
    )
    .bind(user.uuid())
    .fetch_one(connection)
    .await
    .map_err(failed)
}

async fn write<DB: Dialect>(change: &mut Change<'_, DB>, user: &User) -> Result<()> {
    sqlx::query::<DB>("update rony_users set role = $2, deactivated_at = $3 where id = $1")
        .bind(user.id.uuid())
        .bind(write_role(user.role).to_owned())
        .bind(user.deactivated_at.map(Timestamp::as_millis))
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(())
}
