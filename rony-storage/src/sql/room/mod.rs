//! Rooms on SQL.

mod lease;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    audit::Entry,
    id::{ClientId, ConversationId, GuestId, RoomId, UserId},
    permission::{Action, check},
    room::{
        AddGuest, AddRoom, ChangeRoom, DeleteRoom, Door, Guest, KeepCoHost, ListRooms, Lobby, MOST_CO_HOSTS,
        Room, RoomCode, RoomMade, RoomStore, keeps, may_delete, may_make,
    },
    secret::TokenHash,
    stream::StreamId,
    time::Timestamp,
    username::DisplayName,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{SqlStore, audit, change::Change, dialect::Dialect, failed, place::standing, values};

/// The columns that [`read`] expects, of the table alias `r`.
const COLUMNS: &str = "r.id, r.code, r.title, r.owner_id, r.conversation_id, r.guests, r.lobby, r.locked,
    r.password_hash, r.created_at, r.co_hosts, r.scheduled";
/// Whether `$1` sees a room without owning it.
const SEEN: &str =
    "exists (select 1 from rony_members m where m.conversation_id = r.conversation_id and m.user_id = $1)";

#[async_trait]
impl<DB: Dialect> RoomStore for SqlStore<DB> {
    async fn add_room(&self, add: &AddRoom) -> Result<RoomMade> {
        let AddRoom { room, client_id, password, entry } = add;
        let mut change = self.change(room.created_at).await?;
        let owner = room.owner_id;
        let place = room.conversation_id.map(StreamId::from);
        change.lock([owner.into()].into_iter().chain(place)).await?;
        if let Some(known) = by_client(&mut change, owner, *client_id).await? {
            return Ok(RoomMade { room: known, new: false });
        }
        if let Some(place) = room.conversation_id {
            let standing = standing::<DB>(change.connection(), place, owner).await?;
            check(Action::Write, standing.place)?;
            if standing.blocked {
                return Err(Error::forbidden("blocked", "You cannot meet with this person."));
            }
            if let Some((room, is_kept)) = of_conversation(&mut change, place).await? {
                if is_kept {
                    return Ok(RoomMade { room, new: false });
                }
                let room = hand_over(&mut change, room, owner, *client_id).await?;
                let (action, target_id) = ("room.handed_over".into(), Some(room.id.uuid()));
                audit::record(&mut change, &Entry { action, target_id, ..entry.clone() }).await?;
                change.commit().await?;
                return Ok(RoomMade { room, new: false });
            }
        }
        may_make(count(&mut change, owner).await?)?;
        insert(&mut change, room, *client_id, password.as_deref()).await?;
        audit::record(&mut change, entry).await?;
        change.commit().await?;
        Ok(RoomMade { room: room.clone(), new: true })
    }

    async fn room(&self, reader: UserId, id: RoomId) -> Result<Room> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        let (room, seen) = load::<DB>(&mut connection, reader, id, "").await?;
        if seen || room.owner_id == reader { Ok(room) } else { Err(Error::NotFound("room")) }
    }

    async fn rooms(&self, list: &ListRooms) -> Result<Vec<Room>> {
        let of_conversation = if list.conversation_id.is_some() { "and r.conversation_id = $4" } else { "" };
        let sql = format!(
            "select {COLUMNS} from rony_rooms r where (r.owner_id = $1 or {SEEN}) and not r.scheduled and r.id < $2 {of_conversation}
             order by r.id desc limit $3"
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(list.reader.uuid())
            .bind(list.before.map_or(Uuid::max(), RoomId::uuid))
            .bind(list.limit);
        if let Some(conversation) = list.conversation_id {
            query = query.bind(conversation.uuid());
        }
        let rows = query.fetch_all(self.read()).await.map_err(failed)?;
        rows.iter().map(read::<DB>).collect()
    }

    async fn change_room(&self, asked: &ChangeRoom) -> Result<Room> {
        let mut change = self.change(asked.at).await?;
        let (mut room, seen) =
            load::<DB>(change.connection(), asked.by, asked.id, &lock_rooms::<DB>()).await?;
        keeps(&room, asked.by, seen)?;
        apply(&mut room, asked);
        update(&mut change, &room, asked).await?;
        audit::record(&mut change, &asked.entry).await?;
        change.commit().await?;
        Ok(room)
    }

    async fn delete_room(&self, delete: &DeleteRoom) -> Result<Room> {
        let mut change = self.change(delete.at).await?;
        let (room, seen) = load::<DB>(change.connection(), delete.by, delete.id, &lock_rooms::<DB>()).await?;
        keeps(&room, delete.by, seen)?;
        may_delete(&room)?;
        remove(&mut change, room.id).await?;
        audit::record(&mut change, &delete.entry).await?;
        change.commit().await?;
        Ok(room)
    }

    async fn keep_co_host(&self, keep: &KeepCoHost) -> Result<()> {
        let mut change = self.change(keep.at).await?;
        let sql = format!("select co_hosts from rony_rooms where id = $1{}", DB::FOR_UPDATE);
        let row = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(keep.room.uuid())
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
        let before = row.ok_or(Error::NotFound("room"))?.get::<String, _>(0);
        let mut co_hosts: Vec<UserId> = values::from_json(&before)?;
        let was = co_hosts.contains(&keep.user);
        if was == keep.on || keep.on && co_hosts.len() >= MOST_CO_HOSTS {
            return Ok(());
        }
        co_hosts.retain(|user| *user != keep.user);
        co_hosts.extend(keep.on.then_some(keep.user));
        sqlx::query::<DB>("update rony_rooms set co_hosts = $2 where id = $1")
            .bind(keep.room.uuid())
            .bind(values::json(&co_hosts))
            .execute(change.connection())
            .await
            .map_err(failed)?;
        audit::record(&mut change, &keep.entry).await?;
        change.commit().await
    }

    async fn door(&self, code: RoomCode) -> Result<Option<Door>> {
        let row = sqlx::query::<DB>(AssertSqlSafe(door_where("r.code = $1")))
            .bind(code.letters())
            .fetch_optional(self.read())
            .await
            .map_err(failed)?;
        row.as_ref().map(door::<DB>).transpose()
    }

    async fn add_guest(&self, add: &AddGuest) -> Result<()> {
        let AddGuest { guest, token, at, expires_at } = add;
        let mut change = self.change(*at).await?;
        // Whoever deletes the room at the same time waits for this, and takes it along.
        let sql = format!("select id from rony_rooms where id = $1{}", DB::FOR_UPDATE);
        let there = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(guest.room_id.uuid())
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
        there.ok_or(Error::NotFound("room"))?;
        sqlx::query::<DB>(
            "insert into rony_room_guests (token_hash, guest_id, room_id, name, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(token.as_bytes().to_vec())
        .bind(guest.id.uuid())
        .bind(guest.room_id.uuid())
        .bind(guest.name.clone())
        .bind(at.as_millis())
        .bind(expires_at.as_millis())
        .execute(change.connection())
        .await
        .map_err(failed)?;
        change.commit().await
    }

    async fn guest(&self, token: &TokenHash, now: Timestamp) -> Result<Option<(Guest, Door)>> {
        let sql = format!(
            "select {COLUMNS}, u.display_name, g.guest_id, g.name from rony_room_guests g
             join rony_rooms r on r.id = g.room_id join rony_users u on u.id = r.owner_id
             where g.token_hash = $1 and g.expires_at > $2 and u.deactivated_at is null"
        );
        let row = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(token.as_bytes().to_vec())
            .bind(now.as_millis())
            .fetch_optional(self.read())
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let door = door::<DB>(&row)?;
        let guest = Guest { id: GuestId(row.get(13)), room_id: door.room.id, name: row.get(14) };
        Ok(Some((guest, door)))
    }

    async fn prune_guests(&self, now: Timestamp) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        sqlx::query::<DB>("delete from rony_room_guests where expires_at <= $1")
            .bind(now.as_millis())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }
}

fn read<DB: Dialect>(row: &DB::Row) -> Result<Room> {
    let code: String = row.get(1);
    Ok(Room {
        id: RoomId(row.get(0)),
        code: code.parse().map_err(Error::internal)?,
        title: row.get(2),
        owner_id: UserId(row.get(3)),
        conversation_id: row.get::<Option<Uuid>, _>(4).map(ConversationId),
        guests: row.get(5),
        lobby: read_lobby(&row.get::<String, _>(6))?,
        locked: row.get(7),
        has_password: row.get::<Option<String>, _>(8).is_some(),
        created_at: Timestamp::from_millis(row.get(9)),
        co_hosts: values::from_json(&row.get::<String, _>(10))?,
        scheduled: row.get(11),
    })
}

fn door_where(which: &str) -> String {
    format!("select {} where {which} and u.deactivated_at is null", door_columns(COLUMNS))
}

/// What [`door`] reads, and from where.
fn door_columns(columns: &str) -> String {
    format!("{columns}, u.display_name from rony_rooms r join rony_users u on u.id = r.owner_id")
}

fn door<DB: Dialect>(row: &DB::Row) -> Result<Door> {
    Ok(Door { room: read::<DB>(row)?, password: row.get(8), host: DisplayName::from_store(row.get(12)) })
}

/// A room, and whether the person sees it as a member of its conversation; `lock`: what the database calls it to lock the row.
async fn load<DB: Dialect>(
    connection: &mut DB::Connection,
    person: UserId,
    id: RoomId,
    lock: &str,
) -> Result<(Room, bool)> {
    let sql = format!("select {COLUMNS}, {SEEN} from rony_rooms r where r.id = $2{lock}");
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(person.uuid())
        .bind(id.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("room"))?;
    Ok((read::<DB>(&row)?, row.get(12)))
}

fn lock_rooms<DB: Dialect>() -> String {
    if DB::FOR_UPDATE.is_empty() { String::new() } else { format!("{} of r", DB::FOR_UPDATE) }
}

/// The room that a conversation has, and whether its owner is there to look after it.
async fn of_conversation<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
) -> Result<Option<(Room, bool)>> {
    let sql = format!(
        "select {COLUMNS}, exists (select 1 from rony_members m join rony_users u on u.id = m.user_id
             where m.conversation_id = r.conversation_id and m.user_id = r.owner_id and u.deactivated_at is null)
         from rony_rooms r where r.conversation_id = $1"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(conversation.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    row.map(|row| Ok((read::<DB>(&row)?, row.get(12)))).transpose()
}

/// Gives a room another owner: a meeting that goes on in it goes on.
async fn hand_over<DB: Dialect>(
    change: &mut Change<'_, DB>,
    room: Room,
    owner: UserId,
    client_id: Option<ClientId>,
) -> Result<Room> {
    sqlx::query::<DB>("update rony_rooms set owner_id = $2, client_id = $3 where id = $1")
        .bind(room.id.uuid())
        .bind(owner.uuid())
        .bind(client_id.map(ClientId::uuid))
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(Room { owner_id: owner, ..room })
}

pub(crate) async fn remove<DB: Dialect>(change: &mut Change<'_, DB>, id: RoomId) -> Result<()> {
    for sql in [
        "delete from rony_room_guests where room_id = $1",
        "delete from rony_room_leases where room_id = $1",
        "delete from rony_rooms where id = $1",
    ] {
        sqlx::query::<DB>(sql).bind(id.uuid()).execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}

async fn count<DB: Dialect>(change: &mut Change<'_, DB>, owner: UserId) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>("select count(*) from rony_rooms where owner_id = $1 and not scheduled")
        .bind(owner.uuid())
        .fetch_one(change.connection())
        .await
        .map_err(failed)
}

/// The room that the person made under this id before.
async fn by_client<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    client_id: Option<ClientId>,
) -> Result<Option<Room>> {
    let Some(client_id) = client_id else { return Ok(None) };
    let sql = format!("select {COLUMNS} from rony_rooms r where r.owner_id = $1 and r.client_id = $2");
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(owner.uuid())
        .bind(client_id.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    row.as_ref().map(read::<DB>).transpose()
}

pub(crate) async fn insert<DB: Dialect>(
    change: &mut Change<'_, DB>,
    room: &Room,
    client_id: Option<ClientId>,
    password: Option<&str>,
) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_rooms (id, code, title, owner_id, conversation_id, guests, lobby, locked,
             password_hash, created_at, client_id, scheduled)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(room.id.uuid())
    .bind(room.code.letters())
    .bind(room.title.clone())
    .bind(room.owner_id.uuid())
    .bind(room.conversation_id.map(ConversationId::uuid))
    .bind(room.guests)
    .bind(write_lobby(room.lobby).to_owned())
    .bind(room.locked)
    .bind(password.map(str::to_owned))
    .bind(room.created_at.as_millis())
    .bind(client_id.map(ClientId::uuid))
    .bind(room.scheduled)
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

/// What a room is after a change.
fn apply(room: &mut Room, asked: &ChangeRoom) {
    let change = &asked.change;
    if let Some(title) = &change.title {
        room.title.clone_from(title);
    }
    room.guests = change.guests.unwrap_or(room.guests);
    room.lobby = change.lobby.unwrap_or(room.lobby);
    room.locked = change.locked.unwrap_or(room.locked);
    room.has_password = change.password.as_ref().map_or(room.has_password, Option::is_some);
}

async fn update<DB: Dialect>(change: &mut Change<'_, DB>, room: &Room, asked: &ChangeRoom) -> Result<()> {
    sqlx::query::<DB>(
        "update rony_rooms set title = $2, guests = $3, lobby = $4, locked = $5,
             password_hash = case when $6 then $7 else password_hash end where id = $1",
    )
    .bind(room.id.uuid())
    .bind(room.title.clone())
    .bind(room.guests)
    .bind(write_lobby(room.lobby).to_owned())
    .bind(room.locked)
    .bind(asked.change.password.is_some())
    .bind(asked.password.clone())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

fn read_lobby(text: &str) -> Result<Lobby> {
    match text {
        "off" => Ok(Lobby::Off),
        "guests" => Ok(Lobby::Guests),
        "everyone" => Ok(Lobby::Everyone),
        other => Err(Error::internal(format!("a lobby that this version does not know: {other}"))),
    }
}

const fn write_lobby(lobby: Lobby) -> &'static str {
    match lobby {
        Lobby::Off => "off",
        Lobby::Guests => "guests",
        Lobby::Everyone => "everyone",
    }
}
