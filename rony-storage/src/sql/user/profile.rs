//! Profiles and pictures on SQL.

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::UserId,
    stream::{NewEvent, StreamId},
    time::Timestamp,
    user::{
        Avatar, ChangeProfile, LastSeenPrivacy, Picture, PictureKind, Profile, ProfileChange, ProfileEvent,
        ProfileStore, User, UserEvent, search_text,
    },
};
use sqlx::{AssertSqlSafe, Row};

use super::{COLUMNS, read};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

#[async_trait]
impl<DB: Dialect> ProfileStore for SqlStore<DB> {
    async fn profile(&self, user: UserId) -> Result<Profile> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        load::<DB>(&mut connection, user).await
    }

    async fn change_profile(&self, change: &ChangeProfile) -> Result<Profile> {
        let ChangeProfile { user_id, at, change: wish } = change;
        let mut change = self.change(*at).await?;
        change.lock([StreamId::DIRECTORY, (*user_id).into()]).await?;
        let before = load::<DB>(change.connection(), *user_id).await?;
        let mut after = before.clone();
        wish.apply(&mut after);
        write(&mut change, &after).await?;
        tell(&mut change, &before, &after);
        change.commit().await?;
        Ok(after)
    }

    async fn set_avatar(&self, user: UserId, at: Timestamp, picture: Option<&Picture>) -> Result<Profile> {
        let mut change = self.change(at).await?;
        change.lock([StreamId::DIRECTORY, user.into()]).await?;
        let before = load::<DB>(change.connection(), user).await?;
        let mut after = before.clone();
        // By the time, so that the version of a picture that was taken away does not come back with another one.
        let next = before.user.avatar.map_or(0, |version| version + 1);
        after.user.avatar = picture.map(|_| at.as_millis().max(next));
        match picture.zip(after.user.avatar) {
            Some((picture, version)) => put_picture(&mut change, user, version, picture).await?,
            None => remove_picture(&mut change, user).await?,
        }
        sqlx::query::<DB>("update rony_users set avatar = $2 where id = $1")
            .bind(user.uuid())
            .bind(after.user.avatar)
            .execute(change.connection())
            .await
            .map_err(failed)?;
        tell(&mut change, &before, &after);
        change.commit().await?;
        Ok(after)
    }

    async fn avatar(&self, user: UserId) -> Result<Avatar> {
        let row =
            sqlx::query::<DB>("select version, content_type, bytes from rony_avatars where user_id = $1")
                .bind(user.uuid())
                .fetch_optional(self.read())
                .await
                .map_err(failed)?
                .ok_or(Error::NotFound("picture"))?;
        let kind: String = row.get(1);
        let kind = PictureKind::of_media_type(&kind)
            .ok_or_else(|| Error::internal(format!("a picture that this version does not know: {kind}")))?;
        Ok(Avatar { version: row.get(0), picture: Picture { kind, bytes: row.get(2) } })
    }
}

/// Changes what somebody is up to, and tells of it. Their own stream and the directory are locked.
pub(crate) async fn set_status<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    text: &str,
    until: Option<Timestamp>,
) -> Result<()> {
    let before = load::<DB>(change.connection(), user).await?;
    let mut after = before.clone();
    let wish = ProfileChange {
        status_text: Some(text.to_owned()),
        status_until: Some(until),
        ..ProfileChange::default()
    };
    wish.apply(&mut after);
    write(change, &after).await?;
    tell(change, &before, &after);
    Ok(())
}

/// Tells the person's own stream what is different, and the directory what is different for others. Both are locked.
pub(crate) fn tell<DB: Dialect>(change: &mut Change<'_, DB>, before: &Profile, after: &Profile) {
    if before == after {
        return;
    }
    let event = ProfileEvent::Changed { profile: after.clone() };
    change.append(after.user.id, NewEvent::new(&event), None);
    if before.user.summary() != after.user.summary() {
        let event = UserEvent::Changed { user: after.user.summary() };
        change.append(StreamId::DIRECTORY, NewEvent::new(&event), None);
    }
}

/// One profile, on the caller's connection.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such account.
pub(crate) async fn load<DB: Dialect>(connection: &mut DB::Connection, user: UserId) -> Result<Profile> {
    let sql = format!("select {COLUMNS}, u.last_seen_privacy from rony_users u where u.id = $1");
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(user.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("user"))?;
    Ok(Profile { user: read::<DB>(&row)?, last_seen_privacy: read_privacy(&row.get::<String, _>(15))? })
}

/// Writes what people can change of their row.
async fn write<DB: Dialect>(change: &mut Change<'_, DB>, profile: &Profile) -> Result<()> {
    let User { id, username, display_name, title, phone, email, time_zone, about, .. } = &profile.user;
    sqlx::query::<DB>(
        "update rony_users set display_name = $2, search = $3, title = $4, phone = $5, email = $6, time_zone = $7,
         about = $8, status_text = $9, status_until = $10, last_seen_privacy = $11, presence_moved = $12 where id = $1",
    )
    .bind(id.uuid())
    .bind(display_name.as_str().to_owned())
    .bind(search_text(username, display_name))
    .bind(title.clone())
    .bind(phone.clone())
    .bind(email.clone())
    .bind(time_zone.clone())
    .bind(about.clone())
    .bind(profile.user.status_text.clone())
    .bind(profile.user.status_until.map(Timestamp::as_millis))
    .bind(write_privacy(profile.last_seen_privacy).to_owned())
    .bind(change.tick())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

async fn put_picture<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    version: i64,
    picture: &Picture,
) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_avatars (user_id, version, content_type, bytes) values ($1, $2, $3, $4)
         on conflict (user_id) do update set version = excluded.version, content_type = excluded.content_type,
         bytes = excluded.bytes",
    )
    .bind(user.uuid())
    .bind(version)
    .bind(picture.kind.media_type().to_owned())
    .bind(picture.bytes.clone())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

async fn remove_picture<DB: Dialect>(change: &mut Change<'_, DB>, user: UserId) -> Result<()> {
    sqlx::query::<DB>("delete from rony_avatars where user_id = $1")
        .bind(user.uuid())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(())
}

/// Who is told when somebody was last here, as the column has it.
pub(crate) fn read_privacy(text: &str) -> Result<LastSeenPrivacy> {
    match text {
        "everybody" => Ok(LastSeenPrivacy::Everybody),
        "contacts" => Ok(LastSeenPrivacy::Contacts),
        "nobody" => Ok(LastSeenPrivacy::Nobody),
        other => Err(Error::internal(format!("a setting that this version does not know: {other}"))),
    }
}

/// Who is told when somebody was last here, as the column wants it.
const fn write_privacy(privacy: LastSeenPrivacy) -> &'static str {
    match privacy {
        LastSeenPrivacy::Everybody => "everybody",
        LastSeenPrivacy::Contacts => "contacts",
        LastSeenPrivacy::Nobody => "nobody",
    }
}
