//! What may be done with invites.

use std::net::IpAddr;

use super::{
    Accept, AddInvite, Invite, InviteMade, InvitePreview, InviteStore, ListInvites, NewInvite, Offer,
    RevokeInvite, good, rule::unknown,
};
use crate::{
    Result,
    actor::{Actor, Scope},
    audit::Entry,
    id::{ConversationId, InviteId, UserId},
    page::{Cursor, Limit, Page},
    secret::{Secret, Token, TokenHash, TokenKind},
    session::Links,
    time::Clock,
};

/// The list's name in its cursors.
const LIST: &str = "invites";

/// The use cases of invites. Made by [`crate::Rony::invites`].
pub struct Invites<'r> {
    pub(crate) store: &'r dyn InviteStore,
    pub(crate) links: Links<'r>,
    pub(crate) clock: &'r dyn Clock,
}

impl Invites<'_> {
    /// Makes an invite.
    ///
    /// # Errors
    ///
    /// What [`NewInvite::validate`] and [`super::may_make`] say.
    pub async fn create(&self, actor: &Actor, new: NewInvite) -> Result<InviteMade> {
        let created_by = maker(actor)?;
        let (at, token) = (self.clock.now(), Token::generate(TokenKind::Invite)?);
        let NewInvite { conversation_id, expires_at, uses } = new.validate(at)?;
        let id = InviteId::new(at);
        let invite =
            Invite { id, created_by, conversation_id, created_at: at, expires_at, uses_left: uses, used: 0 };
        let entry = Entry::new(at, "invite.created").by(actor).to(id);
        let entry = match conversation_id {
            Some(conversation) => entry.with("conversation_id", conversation.to_string()),
            None => entry,
        };
        self.store.add_invite(&AddInvite { invite: invite.clone(), token: token.hash(), entry }).await?;
        Ok(InviteMade { token, invite })
    }

    /// Invites that were not taken back, newest first: all of them for administrators, for others those that they made or
    /// that lead into conversations that they look after.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Invalid`] for a cursor that this list did not give.
    pub async fn list(
        &self,
        actor: &Actor,
        conversation_id: Option<ConversationId>,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invite>> {
        let reader = if actor.administrator().is_ok() { None } else { Some(actor.user(Scope::Read)?) };
        let before = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let list = ListInvites { reader, conversation_id, before, limit: limit.rows() };
        Ok(Page::cut(self.store.invites(&list).await?, limit, LIST, |invite| invite.id))
    }

    /// Takes an invite back.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for who neither made it nor looks after its conversation nor is an administrator.
    pub async fn revoke(&self, actor: &Actor, id: InviteId) -> Result<()> {
        let by = if actor.administrator().is_ok() { None } else { maker(actor)? };
        let at = self.clock.now();
        let entry = Entry::new(at, "invite.revoked").by(actor).to(id);
        self.store.revoke_invite(&RevokeInvite { id, by, at, entry }).await
    }

    /// What an invite leads to, for whoever holds its link. Nobody needs to be signed in.
    ///
    /// # Errors
    ///
    /// What [`good`] says; [`crate::Error::RateLimited`] after too many wrong links from an address.
    pub async fn preview(&self, token: &Secret, address: Option<IpAddr>) -> Result<InvitePreview> {
        let offer = self.links.follow(address, self.offer(token)).await?;
        let expires_at = offer.invite.expires_at;
        Ok(InvitePreview { conversation: offer.conversation, invited_by: offer.invited_by, expires_at })
    }

    async fn offer(&self, token: &Secret) -> Result<Offer> {
        good(self.store.offer(&parse(token)?).await?, self.clock.now())
    }

    /// Joins the conversation that an invite leads into, with an account that is there already.
    ///
    /// # Errors
    ///
    /// What [`InviteStore::accept`] says.
    pub async fn accept(&self, actor: &Actor, token: &Secret) -> Result<ConversationId> {
        let user_id = actor.user(Scope::Manage)?;
        self.store.accept(&Accept { token: parse(token)?, user_id, at: self.clock.now() }).await
    }
}

/// Who makes or takes back an invite; `None`: the server itself.
fn maker(actor: &Actor) -> Result<Option<UserId>> {
    if actor.is_system() { Ok(None) } else { actor.user(Scope::Manage).map(Some) }
}

/// The hash of a token that may open an invite.
///
/// # Errors
///
/// [`crate::Error::Conflict`] with code `invite_unknown` for what is none.
pub(crate) fn parse(token: &Secret) -> Result<TokenHash> {
    let token = Token::parse_as(TokenKind::Invite, token.reveal().trim()).map_err(|_| unknown())?;
    Ok(token.hash())
}
