//! Making accounts, by whatever right.

use rony_core::{
    Error, Result,
    conversation::GENERAL,
    id::ConversationId,
    invite::Offer,
    member::Seat,
    permission::{Role, ServerRole},
    stream::{NewEvent, StreamId},
    user::{Admission, NewAccount, User, UserEvent, search_text},
};

use super::{load, write_role};
use crate::sql::{
    SqlStore, account, audit, change::Change, conversation, dialect::Dialect, failed, invite, member,
};

pub(super) async fn create<DB: Dialect>(store: &SqlStore<DB>, account: &NewAccount) -> Result<User> {
    let mut change = store.change(account.at).await?;
    let invited_to = invited_to(&mut change, account.admission).await?;
    let streams = [StreamId::DIRECTORY, GENERAL.into(), account.id.into()];
    change.lock(streams.into_iter().chain(invited_to.map(StreamId::from))).await?;
    let offer = admit(&mut change, account.admission).await?;
    insert(&mut change, account).await?;
    member::join_general(&mut change, account.id, role_in_general(account.role)).await?;
    let mut entry = account.entry.clone();
    if let Some(offer) = &offer {
        entry = entry.with("invite_id", offer.invite.id.to_string());
        follow(&mut change, account, offer).await?;
    }
    audit::record(&mut change, &entry).await?;
    let user = load::<DB>(change.connection(), account.id).await?;
    change.append(StreamId::DIRECTORY, NewEvent::new(&UserEvent::Created { user: user.summary() }), None);
    change.commit().await?;
    Ok(user)
}

/// The conversation that an invite leads into, which never changes: its stream is locked with the others.
async fn invited_to<DB: Dialect>(
    change: &mut Change<'_, DB>,
    admission: Admission,
) -> Result<Option<ConversationId>> {
    match admission {
        Admission::Invite(token) => invite::leads_to(change, &token).await,
        Admission::Granted | Admission::Setup(_) => Ok(None),
    }
}

/// Uses the admission up.
async fn admit<DB: Dialect>(change: &mut Change<'_, DB>, admission: Admission) -> Result<Option<Offer>> {
    match admission {
        Admission::Granted => Ok(None),
        Admission::Setup(token) => account::use_setup(change, &token).await.map(|()| None),
        Admission::Invite(token) => invite::redeem(change, &token).await.map(Some),
    }
}

/// Puts a new account where its invite leads.
async fn follow<DB: Dialect>(change: &mut Change<'_, DB>, account: &NewAccount, offer: &Offer) -> Result<()> {
    let Some(conversation) = offer.invite.conversation_id.filter(|id| *id != GENERAL) else { return Ok(()) };
    let site = conversation::site::<DB>(change.connection(), conversation, account.id).await?;
    let seat = Seat { user_id: account.id, role: Role::Member };
    member::seat(change, &site.conversation, &[seat], offer.invite.created_by).await
}

/// Administrators own the conversation that everybody is in.
pub(super) const fn role_in_general(role: ServerRole) -> Role {
    match role {
        ServerRole::Administrator => Role::Owner,
        ServerRole::Member => Role::Member,
    }
}

async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, account: &NewAccount) -> Result<()> {
    let inserted = sqlx::query::<DB>(
        "insert into rony_users (id, username, username_fold, password_hash, role, bot, display_name, search,
         title, phone, email, time_zone, about, status_text, presence, last_seen_privacy, created_at)
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
        Error::conflict_in(
            "username",
            "username_taken",
            "Somebody already has this username, or one that looks like it: choose another one.",
        )
    })
}
