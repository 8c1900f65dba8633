//! Users on SQL.

use async_trait::async_trait;
use rony_core::{Result, id::UserId, user::UserStore, username::UsernameKey};
use sqlx::{AssertSqlSafe, Row};

use super::{SqlStore, dialect::Dialect, failed, values};

#[async_trait]
impl<DB: Dialect> UserStore for SqlStore<DB> {
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
}
