//! Signing in on SQL: tries, and what a right password leads to.

use std::time::Duration;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::UserId,
    session::{SignInStore, Welcome, limit::Charge},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};

use super::make::{bound_devices, insert};
use crate::sql::{SqlStore, audit, dialect::Dialect, failed};

#[async_trait]
impl<DB: Dialect> SignInStore for SqlStore<DB> {
    async fn is_known(&self, user: UserId, address: &str) -> Result<bool> {
        if address.is_empty() {
            return Ok(false);
        }
        let row = sqlx::query::<DB>(
            "select id from rony_sessions where user_id = $1 and kind = 'device' and address = $2 limit 1",
        )
        .bind(user.uuid())
        .bind(address.to_owned())
        .fetch_optional(self.read())
        .await
        .map_err(failed)?;
        Ok(row.is_some())
    }

    async fn charge(&self, charges: &[Charge], now: Timestamp) -> Result<bool> {
        // Who is refused anyway keeps nobody from writing.
        self.look(charges, now).await?;
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let mut last = false;
        for charge in sorted(charges) {
            // Makes the row or locks it, and reads it as it is now.
            let clear_at = sqlx::query_scalar::<DB, i64>(
                "insert into rony_attempts (subject, clear_at) values ($1, 0)
                 on conflict (subject) do update set clear_at = rony_attempts.clear_at returning clear_at",
            )
            .bind(charge.subject.to_vec())
            .fetch_one(&mut *transaction)
            .await
            .map_err(failed)?;
            let clear_at = charge.take(Some(Timestamp::from_millis(clear_at)), now).map_err(limited)?;
            last |= charge.is_last(clear_at, now);
            sqlx::query::<DB>("update rony_attempts set clear_at = $2 where subject = $1")
                .bind(charge.subject.to_vec())
                .bind(clear_at.as_millis())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(last)
    }

    async fn give_back(&self, charges: &[Charge]) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        give_back::<DB>(&mut transaction, charges, false).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn welcome(&self, welcome: &Welcome) -> Result<bool> {
        let owner = welcome.session.session.user_id;
        let mut change = self.change(welcome.entry.at).await?;
        // Whoever changes the password or deactivates the account writes this row, then ends sessions: either they see
        // this session, or we see what they wrote.
        let sql =
            format!("select password_hash, deactivated_at from rony_users where id = $1{}", DB::FOR_UPDATE);
        let row = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(owner.uuid())
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
        let still = |row: &DB::Row| {
            row.get::<Option<String>, _>(0).as_ref() == Some(&welcome.proven)
                && row.get::<Option<i64>, _>(1).is_none()
        };
        if !row.as_ref().is_some_and(still) {
            return Ok(false);
        }
        if let Some(hash) = &welcome.rehashed {
            sqlx::query::<DB>("update rony_users set password_hash = $2 where id = $1")
                .bind(owner.uuid())
                .bind(hash.clone())
                .execute(change.connection())
                .await
                .map_err(failed)?;
        }
        insert(&mut change, std::slice::from_ref(&welcome.session)).await?;
        bound_devices(&mut change, &[owner]).await?;
        give_back::<DB>(change.connection(), &welcome.charges, true).await?;
        audit::record(&mut change, &welcome.entry).await?;
        change.commit().await?;
        Ok(true)
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// Whether the tries could be taken, as far as can be seen without a lock.
    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<()> {
        for charge in charges {
            let clear_at =
                sqlx::query_scalar::<DB, i64>("select clear_at from rony_attempts where subject = $1")
                    .bind(charge.subject.to_vec())
                    .fetch_optional(self.read())
                    .await
                    .map_err(failed)?;
            charge.take(clear_at.map(Timestamp::from_millis), now).map_err(limited)?;
        }
        Ok(())
    }
}

async fn give_back<DB: Dialect>(
    connection: &mut DB::Connection,
    charges: &[Charge],
    right: bool,
) -> Result<()> {
    for charge in sorted(charges) {
        let query = if right && charge.forgiven {
            sqlx::query::<DB>("delete from rony_attempts where subject = $1").bind(charge.subject.to_vec())
        } else {
            sqlx::query::<DB>("update rony_attempts set clear_at = clear_at - $2 where subject = $1")
                .bind(charge.subject.to_vec())
                .bind(charge.interval)
        };
        query.execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// In the order of the rows, so that two that share some never wait for each other.
fn sorted(charges: &[Charge]) -> Vec<&Charge> {
    let mut charges: Vec<_> = charges.iter().collect();
    charges.sort_unstable_by_key(|charge| charge.subject);
    charges
}

fn limited(retry_after: Duration) -> Error {
    Error::RateLimited { retry_after }
}
