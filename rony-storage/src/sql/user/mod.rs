//! Users on SQL.

pub(crate) mod profile;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    conversation::GENERAL,
    id::UserId,
    permission::{Role, ServerRole},
    stream::{NewEvent, StreamId},
    time::Timestamp,
    user::{Credentials, FoundUpTo, NewAccount, User, UserEvent, UserStore, search_text},
    username::{DisplayName, Username, UsernameKey},
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{SqlStore, audit, change::Change, dialect::Dialect, failed, member, values};

#[async_trait]
impl<DB: Dialect> UserStore for SqlStore<DB> {
    async fn create(&self, account: NewAccount) -> Result<User> {
        let mut change = self.change(account.at).await?;
        change.lock([StreamId::DIRECTORY, GENERAL.into(), account.id.into()]).await?;
        insert(&mut change, &account).await?;
        member::join_general(&mut change, account.id, role_in_general(account.role)).await?;
        audit::record(&mut change, &account.entry).await?;
        let user = load::<DB>(change.connection(), account.id).await?;
        change.append(StreamId::DIRECTORY, NewEvent::new(&UserEvent::Created { user: user.summary() }), None);
        change.commit().await?;
        Ok(user)
    }

    async fn user(&self, id: UserId) -> Result<User> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        load::<DB>(&mut connection, id).await
    }

    async fn users_by_name(&self, names: &[UsernameKey]) -> Result<Vec<(UsernameKey, UserId)>> {
        let mut found = Vec::with_capacity(names.len());
        for names in names.chunks(values::MOST) {
            let sql = format!(
                "select username_fold, id from rony_users where username_fold in ({})",
                values::list(names.len())
            );
            let query = values::padded(names).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, name| {
                query.bind(name.as_str().to_owned())
            });
            for row in query.fetch_all(self.read()).await.map_err(failed)? {
                let (fold, id): (String, UserId) = (row.get(0), UserId(row.get(1)));
                found.extend(names.iter().find(|name| name.as_str() == fold).map(|name| (name.clone(), id)));
            }
        }
        Ok(found)
    }

    async fn find(
        &self,
        part: Option<&str>,
        deactivated: bool,
        after: Option<&FoundUpTo>,
        limit: i64,
    ) -> Result<Vec<User>> {
        let (after_text, after_id) = after.cloned().unwrap_or((String::new(), UserId(Uuid::nil())));
        let sql = format!(
            "select {COLUMNS} from rony_users u
             where u.search like $1 escape '!' and ($2 or u.deactivated_at is null) and (u.search, u.id) > ($3, $4)
             order by u.search, u.id limit $5"
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(format!("%{}%", values::like(part.unwrap_or_default())))
            .bind(deactivated)
            .bind(after_text)
            .bind(after_id.uuid())
            .bind(limit)
            .fetch_all(self.read())
            .await
            .map_err(failed)?;
        rows.iter().map(read::<DB>).collect()
    }

    async fn credentials(&self, name: &UsernameKey) -> Result<Option<Credentials>> {
        let row = sqlx::query::<DB>(
            "select id, role, password_hash, deactivated_at from rony_users where username_fold = $1",
        )
        .bind(name.as_str().to_owned())
        .fetch_optional(self.read())
        .await
        .map_err(failed)?;
        let credentials = |row: DB::Row| {
            Ok(Credentials {
                id: UserId(row.get(0)),
                role: read_role(&row.get::<String, _>(1))?,
                password_hash: row.get(2),
                deactivated: row.get::<Option<i64>, _>(3).is_some(),
            })
        };
        row.map(credentials).transpose()
    }
}

/// Administrators own the conversation that everybody is in.
const fn role_in_general(role: ServerRole) -> Role {
    match role {
        ServerRole::Administrator => Role::Owner,
        ServerRole::Member => Role::Member,
    }
}

async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, account: &NewAccount) -> Result<()> {
    let inserted = sqlx::query::<DB>(
        "insert into rony_users (id, username, username_fold, password_hash, role, bot, display_name, search, title, phone,
         email,
         time_zone, about, status_text, presence, last_seen_privacy, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', '', '', 'online', 'everybody', $9)
         on conflict (username_fold) do nothing returning id",
    )
    .bind(account.id.uuid())
    .bind(account.username.as_str().to_owned())
    .bind(account.username.key().as_str().to_owned())
    .bind(account.password_hash.clone())
    .bind(write_role(account.role).to_owned())
    .bind(account.bot)
    .bind(account.display_name.as_str().to_owned())
    .bind(search_text(&account.username, &account.display_name))
    .bind(account.at.as_millis())
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?;
    inserted.map(drop).ok_or_else(|| {
        Error::taken(
            "username",
            "username_taken",
            "Somebody already has this username, or one that looks like it: choose another one.",
        )
    })
}

/// The columns that [`read`] expects, of the table alias `u`.
pub(crate) const COLUMNS: &str = "u.id, u.username, u.display_name, u.role, u.bot, u.title, u.phone, u.email, \
    u.time_zone, u.about, u.status_text, u.status_until, u.avatar, u.created_at, u.deactivated_at";

/// A user as the row has them.
pub(crate) fn read<DB: Dialect>(row: &DB::Row) -> Result<User> {
    Ok(User {
        id: UserId(row.get(0)),
        username: Username::from_store(row.get(1)),
        display_name: DisplayName::from_store(row.get(2)),
        role: read_role(&row.get::<String, _>(3))?,
        bot: row.get(4),
        title: row.get(5),
        phone: row.get(6),
        email: row.get(7),
        time_zone: row.get(8),
        about: row.get(9),
        status_text: row.get(10),
        status_until: row.get::<Option<i64>, _>(11).map(Timestamp::from_millis),
        avatar: row.get(12),
        created_at: Timestamp::from_millis(row.get(13)),
        deactivated_at: row.get::<Option<i64>, _>(14).map(Timestamp::from_millis),
    })
}

/// One user, on the caller's connection.
///
/// # Errors
///
/// [`Error::NotFound`] when there is none with this id.
pub(crate) async fn load<DB: Dialect>(connection: &mut DB::Connection, id: UserId) -> Result<User> {
    let sql = format!("select {COLUMNS} from rony_users u where u.id = $1");
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(id.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("user"))?;
    read::<DB>(&row)
}

/// A role on the server as its column has it.
pub(crate) fn read_role(text: &str) -> Result<ServerRole> {
    match text {
        "member" => Ok(ServerRole::Member),
        "administrator" => Ok(ServerRole::Administrator),
        other => Err(Error::internal(format!("a role that this version does not know: {other}"))),
    }
}

/// A role on the server as its column wants it.
pub(crate) const fn write_role(role: ServerRole) -> &'static str {
    match role {
        ServerRole::Member => "member",
        ServerRole::Administrator => "administrator",
    }
}
