//! Users on SQL.

mod administer;
mod create;
pub(crate) mod profile;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::UserId,
    permission::ServerRole,
    time::Timestamp,
    user::{Administer, Credentials, FoundUpTo, NewAccount, User, UserStore},
    username::{DisplayName, Username, UsernameKey},
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

pub(crate) use self::administer::administrators;
use crate::sql::{SqlStore, dialect::Dialect, failed, values};

#[async_trait]
impl<DB: Dialect> UserStore for SqlStore<DB> {
    async fn create(&self, account: NewAccount) -> Result<User> {
        create::create(self, &account).await
    }

    async fn administer(&self, wish: &Administer) -> Result<User> {
        administer::administer(self, wish).await
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
                values::list::<DB>(names.len())
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
