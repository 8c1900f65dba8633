//! Invites on SQL.

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::{ConversationId, InviteId, UserId},
    invite::{
        Accept, AddInvite, Invite, InviteStore, InvitedTo, ListInvites, Maker, Offer, RevokeInvite, good,
        may_make,
    },
    member::Seat,
    permission::{Place, Role},
    secret::TokenHash,
    time::Timestamp,
    username::DisplayName,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    SqlStore, audit, change::Change, conversation, dialect::Dialect, failed, member, place,
    place::standing_unseen, user,
};

/// The columns that [`read`] expects, of the table alias `i`.
const COLUMNS: &str =
    "i.id, i.created_by, i.conversation_id, i.created_at, i.expires_at, i.uses_left, i.used";

/// An invite `i` that the person `$1` made, or whose conversation they look after.
const LOOKED_AFTER: &str = "(i.created_by = $1 or exists (select 1 from rony_members m
    where m.conversation_id = i.conversation_id and m.user_id = $1 and m.role in ('admin', 'owner')))";

#[async_trait]
impl<DB: Dialect> InviteStore for SqlStore<DB> {
    async fn add_invite(&self, add: &AddInvite) -> Result<()> {
        let AddInvite { invite, token, entry } = add;
        let mut change = self.change(invite.created_at).await?;
        let maker = maker(&mut change, invite.created_by).await?;
        let place = place_of(&mut change, invite.conversation_id, invite.created_by).await?;
        may_make(maker, place)?;
        sqlx::query::<DB>(
            "insert into rony_invites (id, token_hash, created_by, conversation_id, created_at, expires_at, uses_left, used)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(invite.id.uuid())
        .bind(token.as_bytes().to_vec())
        .bind(invite.created_by.map(UserId::uuid))
        .bind(invite.conversation_id.map(ConversationId::uuid))
        .bind(invite.created_at.as_millis())
        .bind(invite.expires_at.map(Timestamp::as_millis))
        .bind(invite.uses_left)
        .bind(invite.used)
        .execute(change.connection())
        .await
        .map_err(failed)?;
        audit::record(&mut change, entry).await?;
        change.commit().await
    }

    async fn invites(&self, list: &ListInvites) -> Result<Vec<Invite>> {
        let sql = format!(
            "select {COLUMNS} from rony_invites i where i.revoked_at is null and ($1 is null or {LOOKED_AFTER})
             and ($2 is null or i.conversation_id = $2) and ($3 is null or i.id < $3) order by i.id desc limit $4"
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(list.reader.map(UserId::uuid))
            .bind(list.conversation_id.map(ConversationId::uuid))
            .bind(list.before.map(InviteId::uuid))
            .bind(list.limit)
            .fetch_all(self.read())
            .await
            .map_err(failed)?;
        Ok(rows.iter().map(read::<DB>).collect())
    }

    async fn revoke_invite(&self, revoke: &RevokeInvite) -> Result<()> {
        let RevokeInvite { id, by, at, entry } = revoke;
        let mut change = self.change(*at).await?;
        let sql = format!(
            "update rony_invites as i set revoked_at = $3
             where i.id = $2 and i.revoked_at is null and ($1 is null or {LOOKED_AFTER}) returning id"
        );
        let revoked = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(by.map(UserId::uuid))
            .bind(id.uuid())
            .bind(at.as_millis())
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
        if revoked.is_none() {
            return Err(Error::NotFound("invite"));
        }
        audit::record(&mut change, entry).await?;
        change.commit().await
    }

    async fn offer(&self, token: &TokenHash) -> Result<Option<Offer>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        offer::<DB>(&mut connection, token).await
    }

    async fn accept(&self, accept: &Accept) -> Result<ConversationId> {
        let Accept { token, user_id, at } = accept;
        let mut change = self.change(*at).await?;
        let Some(conversation) = leads_to(&mut change, token).await? else {
            good(offer::<DB>(change.connection(), token).await?, *at)?;
            return Err(Error::conflict(
                "invite_for_newcomers",
                "This invitation is for people without an account, and you have one.",
            ));
        };
        change.lock([conversation.into(), (*user_id).into()]).await?;
        let site = conversation::site::<DB>(change.connection(), conversation, *user_id).await?;
        if site.place.role.is_some() {
            return Ok(conversation);
        }
        let offer = redeem(&mut change, token).await?;
        let seat = Seat { user_id: *user_id, role: Role::Member };
        member::seat(&mut change, &site.conversation, &[seat], offer.invite.created_by).await?;
        change.commit().await?;
        Ok(conversation)
    }
}

/// The conversation that a token leads into: read before the locks, since it never changes.
pub(super) async fn leads_to<DB: Dialect>(
    change: &mut Change<'_, DB>,
    token: &TokenHash,
) -> Result<Option<ConversationId>> {
    let row = sqlx::query::<DB>("select conversation_id from rony_invites where token_hash = $1")
        .bind(token.as_bytes().to_vec())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    Ok(row.and_then(|row| row.get::<Option<Uuid>, _>(0)).map(ConversationId))
}

/// Uses an invite once, if it is good. Whoever comes at the same time waits for the row, and sees what is left then.
///
/// # Errors
///
/// What [`good`] says.
pub(super) async fn redeem<DB: Dialect>(change: &mut Change<'_, DB>, token: &TokenHash) -> Result<Offer> {
    let sql = format!("select id from rony_invites where token_hash = $1{}", DB::FOR_UPDATE);
    sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(token.as_bytes().to_vec())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    let at = change.at();
    let offer = good(offer::<DB>(change.connection(), token).await?, at)?;
    sqlx::query::<DB>("update rony_invites set used = used + 1, uses_left = uses_left - 1 where id = $1")
        .bind(offer.invite.id.uuid())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(offer)
}

/// An invite with everything that decides whether it is good.
async fn offer<DB: Dialect>(connection: &mut DB::Connection, token: &TokenHash) -> Result<Option<Offer>> {
    let sql = format!(
        "select {COLUMNS}, i.revoked_at, u.role, u.deactivated_at, u.display_name, c.title, c.icon, c.member_count,
         m.role, c.kind, c.visibility, c.archived_at
         from rony_invites i left join rony_users u on u.id = i.created_by
         left join rony_conversations c on c.id = i.conversation_id
         left join rony_members m on m.conversation_id = i.conversation_id and m.user_id = i.created_by
         where i.token_hash = $1"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(token.as_bytes().to_vec())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    row.as_ref().map(read_offer::<DB>).transpose()
}

fn read_offer<DB: Dialect>(row: &DB::Row) -> Result<Offer> {
    let role = row.get::<Option<String>, _>(8).as_deref().map(user::read_role).transpose()?;
    let maker = role.map_or(Maker::Server, |role| Maker::Person {
        role,
        deactivated: row.get::<Option<i64>, _>(9).is_some(),
    });
    let conversation = row.get::<Option<String>, _>(11).map(|title| InvitedTo {
        title,
        icon: row.get(12),
        member_count: row.get(13),
    });
    Ok(Offer {
        invite: read::<DB>(row),
        revoked: row.get::<Option<i64>, _>(7).is_some(),
        maker,
        place: conversation.is_some().then(|| place::place::<DB>(row, 14, 15)).transpose()?,
        invited_by: row.get::<Option<String>, _>(10).map(DisplayName::from_store),
        conversation,
    })
}

fn read<DB: Dialect>(row: &DB::Row) -> Invite {
    Invite {
        id: InviteId(row.get(0)),
        created_by: row.get::<Option<Uuid>, _>(1).map(UserId),
        conversation_id: row.get::<Option<Uuid>, _>(2).map(ConversationId),
        created_at: Timestamp::from_millis(row.get(3)),
        expires_at: row.get::<Option<i64>, _>(4).map(Timestamp::from_millis),
        uses_left: row.get(5),
        used: row.get(6),
    }
}

/// Who wants to make an invite.
async fn maker<DB: Dialect>(change: &mut Change<'_, DB>, id: Option<UserId>) -> Result<Maker> {
    let Some(id) = id else { return Ok(Maker::Server) };
    let user = user::load::<DB>(change.connection(), id).await?;
    Ok(Maker::Person { role: user.role, deactivated: user.deactivated_at.is_some() })
}

/// The conversation of an invite, and what its maker is in it.
async fn place_of<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: Option<ConversationId>,
    maker: Option<UserId>,
) -> Result<Option<Place>> {
    let Some(conversation) = conversation else { return Ok(None) };
    let maker = maker.unwrap_or(UserId(Uuid::nil()));
    Ok(Some(standing_unseen::<DB>(change.connection(), conversation, maker).await?.place))
}
