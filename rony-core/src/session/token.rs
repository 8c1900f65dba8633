//! Personal access tokens: for bots and scripts, with as little as they need.

use super::{AccessToken, By, Ending, Kept, Kind, NewSession, NewToken, Sessions, TokenMade, service::named};
use crate::{
    Error, Result,
    actor::{Actor, Scopes},
    audit::Entry,
    id::{SessionId, UserId},
    page::{Cursor, Limit, Page},
    secret::{Token, TokenKind},
};

/// The list's name in its cursors.
const LIST: &str = "tokens";

impl Sessions<'_> {
    /// The actor's tokens, the newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token; [`Error::Invalid`] for a cursor that this list did not give.
    pub async fn tokens(
        &self,
        actor: &Actor,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<AccessToken>> {
        self.tokens_kept(actor.signed_in_person()?, limit, cursor).await
    }

    /// As [`Sessions::tokens`], somebody else's: for administrators.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for everybody else, [`Error::NotFound`] when there is no such account.
    pub async fn tokens_of(
        &self,
        actor: &Actor,
        user: UserId,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<AccessToken>> {
        administrator(actor)?;
        self.users.user(user).await?;
        self.tokens_kept(user, limit, cursor).await
    }

    async fn tokens_kept(
        &self,
        user: UserId,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<AccessToken>> {
        let after = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let kept = self.store.sessions(user, Kind::Token, after, limit.rows()).await?;
        Ok(Page::cut(kept, limit, LIST, |kept| kept.id).map(AccessToken::from))
    }

    /// Makes a token with which a program acts as the actor.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token, which must not make others; [`Error::Invalid`] for fields that are not right;
    /// [`Error::Conflict`] with code `too_many_tokens`.
    pub async fn make_token(&self, actor: &Actor, wish: NewToken) -> Result<TokenMade> {
        let user = actor.signed_in_person()?;
        self.make(actor, user, By::Owner(actor.session()), wish).await
    }

    /// Makes a token for a bot: for administrators.
    ///
    /// # Errors
    ///
    /// As [`Sessions::make_token`]; [`Error::Forbidden`] with code `not_a_bot` for a person's account, as which nobody
    /// else may act; [`Error::NotFound`] when there is no such account.
    pub async fn make_token_for(&self, actor: &Actor, bot: UserId, wish: NewToken) -> Result<TokenMade> {
        administrator(actor)?;
        self.make(actor, bot, By::Administrator(actor.session()), wish).await
    }

    async fn make(&self, actor: &Actor, user_id: UserId, by: By, wish: NewToken) -> Result<TokenMade> {
        let at = self.clock.now();
        if wish.scopes.is_empty() {
            return Err(Error::invalid("scopes", "Say what the token may be used for: at least one scope."));
        }
        if wish.expires_at.is_some_and(|end| end <= at) {
            return Err(Error::invalid("expires_at", "Choose a time in the future."));
        }
        let (token, id) = (Token::generate(TokenKind::Personal)?, SessionId::new(at));
        let session = Kept {
            id,
            user_id,
            kind: Kind::Token,
            name: named("name", &wish.name)?,
            scopes: Scopes::from_iter(wish.scopes),
            address: String::new(),
            user_agent: String::new(),
            created_at: at,
            last_used_at: at,
            expires_at: wish.expires_at,
        };
        let entry = Entry::new(at, "token.created").by(actor).to(id).with("user_id", user_id.to_string());
        let new = NewSession { session: session.clone(), token: token.hash() };
        self.store.begin(&[new], by, &entry).await?;
        Ok(TokenMade { token, access: session.into() })
    }

    /// Deletes one of the actor's tokens.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it is none of theirs, [`Error::Forbidden`] for a token.
    pub async fn delete_token(&self, actor: &Actor, token: SessionId) -> Result<()> {
        self.delete(actor, actor.signed_in_person()?, token).await
    }

    /// Deletes one of somebody's tokens: for administrators.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it is none of theirs, [`Error::Forbidden`] for who is no administrator.
    pub async fn delete_token_of(&self, actor: &Actor, user: UserId, token: SessionId) -> Result<()> {
        administrator(actor)?;
        self.delete(actor, user, token).await
    }

    async fn delete(&self, actor: &Actor, user: UserId, token: SessionId) -> Result<()> {
        let entry = Entry::new(self.clock.now(), "token.deleted")
            .by(actor)
            .to(token)
            .with("user_id", user.to_string());
        match self.end(user, Ending::One(Kind::Token, token), Some(&entry)).await?.is_empty() {
            true => Err(Error::NotFound("token")),
            false => Ok(()),
        }
    }
}

/// An administrator who is signed in (a token must not make or delete others), or the server itself.
fn administrator(actor: &Actor) -> Result<()> {
    if actor.administrator()?.is_some() {
        actor.signed_in_person()?;
    }
    Ok(())
}
