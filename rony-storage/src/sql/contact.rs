//! Contacts on SQL.

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    contact::{Contact, ContactEvent, ContactStore, Relation, SaveContact, SaveFacts},
    id::UserId,
    stream::NewEvent,
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{SqlStore, change::Change, dialect::Dialect, failed, values};

#[async_trait]
impl<DB: Dialect> ContactStore for SqlStore<DB> {
    async fn contacts(&self, owner: UserId, after: Option<UserId>, limit: i64) -> Result<Vec<Contact>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        list::<DB>(&mut connection, owner, after, limit).await
    }

    async fn save_contact(&self, save: SaveContact) -> Result<Contact> {
        let mut change = self.change(save.at).await?;
        change.lock([save.owner.into()]).await?;
        let existing = load::<DB>(change.connection(), save.owner, save.user).await?;
        let facts = SaveFacts {
            existing: existing.clone(),
            known: is_active::<DB>(change.connection(), save.user).await?,
            count: count::<DB>(change.connection(), save.owner).await?,
        };
        let contact = save.decide(facts)?;
        if existing.as_ref() != Some(&contact) {
            write(&mut change, save.owner, &contact).await?;
            change.commit().await?;
        }
        Ok(contact)
    }

    async fn remove_contact(&self, owner: UserId, user: UserId, at: Timestamp) -> Result<()> {
        let mut change = self.change(at).await?;
        change.lock([owner.into()]).await?;
        let contact = load::<DB>(change.connection(), owner, user).await?;
        let contact = contact.filter(|contact| contact.listed).ok_or(Error::NotFound("contact"))?;
        let contact = Contact {
            listed: false,
            favorite: false,
            groups: Vec::new(),
            nickname: String::new(),
            note: String::new(),
            ..contact
        };
        write(&mut change, owner, &contact).await?;
        change.commit().await
    }

    async fn relations(&self, user: UserId) -> Result<Vec<Relation>> {
        let rows = sqlx::query::<DB>(
            "select owner_id, user_id, listed, blocked from rony_contacts where owner_id = $1 and (listed or blocked)
             union all
             select owner_id, user_id, listed, blocked from rony_contacts where user_id = $1 and (listed or blocked)",
        )
        .bind(user.uuid())
        .fetch_all(self.read())
        .await
        .map_err(failed)?;
        Ok(rows.iter().map(relation::<DB>).collect())
    }
}

/// A contact as its row has it, from the columns that the statements here select.
fn read<DB: Dialect>(row: &DB::Row) -> Result<Contact> {
    Ok(Contact {
        user_id: UserId(row.get(0)),
        listed: row.get(1),
        favorite: row.get(2),
        groups: values::from_json(&row.get::<String, _>(3))?,
        nickname: row.get(4),
        note: row.get(5),
        blocked: row.get(6),
        created_at: Timestamp::from_millis(row.get(7)),
    })
}

/// A relation from the columns owner, user, listed and blocked.
pub(crate) fn relation<DB: Dialect>(row: &DB::Row) -> Relation {
    Relation { owner: UserId(row.get(0)), user: UserId(row.get(1)), listed: row.get(2), blocked: row.get(3) }
}

/// The contacts of a person after `after`, on the caller's connection.
pub(crate) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Contact>> {
    let rows = sqlx::query::<DB>(
        "select user_id, listed, favorite, groups, nickname, note, blocked, created_at from rony_contacts
         where owner_id = $1 and user_id > $2 and (listed or blocked) order by user_id limit $3",
    )
    .bind(owner.uuid())
    .bind(after.map_or_else(Uuid::nil, UserId::uuid))
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    rows.iter().map(read::<DB>).collect()
}

async fn load<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    user: UserId,
) -> Result<Option<Contact>> {
    let row = sqlx::query::<DB>(
        "select user_id, listed, favorite, groups, nickname, note, blocked, created_at from rony_contacts
         where owner_id = $1 and user_id = $2 and (listed or blocked)",
    )
    .bind(owner.uuid())
    .bind(user.uuid())
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(read::<DB>).transpose()
}

async fn is_active<DB: Dialect>(connection: &mut DB::Connection, user: UserId) -> Result<bool> {
    let found = sqlx::query::<DB>("select id from rony_users where id = $1 and deactivated_at is null")
        .bind(user.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    Ok(found.is_some())
}

async fn count<DB: Dialect>(connection: &mut DB::Connection, owner: UserId) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>(
        "select count(*) from rony_contacts where owner_id = $1 and (listed or blocked)",
    )
    .bind(owner.uuid())
    .fetch_one(connection)
    .await
    .map_err(failed)
}

/// Writes the row and its event. The row of somebody who is forgotten stays, empty: other nodes learn of it by its tick.
async fn write<DB: Dialect>(change: &mut Change<'_, DB>, owner: UserId, contact: &Contact) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_contacts (owner_id, user_id, listed, favorite, groups, nickname, note, blocked, created_at, moved)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (owner_id, user_id) do update set listed = excluded.listed, favorite = excluded.favorite,
         groups = excluded.groups, nickname = excluded.nickname, note = excluded.note, blocked = excluded.blocked,
         created_at = excluded.created_at, moved = excluded.moved",
    )
    .bind(owner.uuid())
    .bind(contact.user_id.uuid())
    .bind(contact.listed)
    .bind(contact.favorite)
    .bind(values::json(&contact.groups))
    .bind(contact.nickname.clone())
    .bind(contact.note.clone())
    .bind(contact.blocked)
    .bind(contact.created_at.as_millis())
    .bind(change.tick())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    let event = match contact.is_kept() {
        true => ContactEvent::Changed { contact: contact.clone() },
        false => ContactEvent::Removed { user_id: contact.user_id },
    };
    change.append(owner, NewEvent::new(&event), None);
    Ok(())
}
