//! What may be done with users.

use super::{
    AccountChange, Administer, Admission, Avatar, ChangeProfile, FindUsers, FoundUpTo, NewAccount, NewUser,
    Picture, Profile, ProfileChange, ProfileStore, User, UserStore, search_part, search_text,
};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    audit::Entry,
    id::UserId,
    page::{Cursor, CursorError, Limit, Page},
    password::{self, PasswordHasher},
    time::Clock,
    username::DisplayName,
};

/// The name of the list of people in its cursors.
const LIST: &str = "users";

/// The use cases of users. Made by [`crate::Rony::users`].
pub struct Users<'r> {
    pub(crate) store: &'r dyn UserStore,
    pub(crate) hasher: &'r dyn PasswordHasher,
    pub(crate) clock: &'r dyn Clock,
}

impl Users<'_> {
    /// Makes an account; for administrators. Bots are made here and nowhere else.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for who is no administrator, [`Error::Invalid`] for a password that is none or that a bot
    /// would have, [`Error::Conflict`] with code `username_taken`.
    pub async fn create(&self, actor: &Actor, new: NewUser) -> Result<User> {
        actor.administrator()?;
        if new.bot && new.password.is_some() {
            return Err(Error::invalid("password", "A bot has no password: make it a token instead."));
        }
        let password_hash = match new.password {
            Some(password) => {
                password::check(&password, &new.username)?;
                Some(self.hasher.hash(password).await?)
            }
            None => None,
        };
        let at = self.clock.now();
        let id = UserId::new(at);
        let entry = Entry::new(at, "user.created").by(actor).to(id).with("username", new.username.as_str());
        let display_name = new.display_name.unwrap_or_else(|| DisplayName::from(&new.username));
        let NewUser { username, role, bot, .. } = new;
        self.store
            .create(NewAccount {
                id,
                at,
                username,
                display_name,
                password_hash,
                role,
                bot,
                admission: Admission::Granted,
                entry,
            })
            .await
    }

    /// Changes somebody's role, switches an account off or on; for administrators.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for who is no administrator, and what [`super::administer`] says.
    pub async fn administer(&self, actor: &Actor, user_id: UserId, change: AccountChange) -> Result<User> {
        actor.administrator()?;
        let at = self.clock.now();
        let user = self.store.administer(&Administer { user_id, change, by: actor.clone(), at }).await?;
        Ok(user.shown_at(at))
    }

    /// Somebody, as everybody who is signed in may see them; deactivated accounts too, since what they wrote stays.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is none with this id.
    pub async fn get(&self, actor: &Actor, id: UserId) -> Result<User> {
        actor.user(Scope::Read)?;
        Ok(self.store.user(id).await?.shown_at(self.clock.now()))
    }

    /// People whose names begin as the query says, in the order of their names. The server itself (its command line) may
    /// ask too.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] when deactivated accounts are asked for by somebody who is no administrator;
    /// [`Error::Invalid`] for a cursor that this list did not give.
    pub async fn find(
        &self,
        actor: &Actor,
        find: &FindUsers,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<User>> {
        if find.deactivated || actor.id().is_none() {
            actor.administrator()?;
        } else {
            actor.user(Scope::Read)?;
        }
        let after = cursor.map(|cursor| cursor.decode::<FoundUpTo>(LIST)).transpose()?;
        if after.as_ref().is_some_and(|(name, _)| name.contains('\0')) {
            // Nobody is called so, so it was made up; and not every database takes it.
            return Err(CursorError.into());
        }
        let part = search_part(&find.query);
        let users = self.store.find(part.as_deref(), find.deactivated, after.as_ref(), limit.rows()).await?;
        let now = self.clock.now();
        let page =
            Page::cut(users, limit, LIST, |user| (search_text(&user.username, &user.display_name), user.id));
        Ok(page.map(|user| user.shown_at(now)))
    }
}

/// The use cases of one's own profile. Made by [`crate::Rony::profiles`].
pub struct Profiles<'r> {
    pub(crate) store: &'r dyn ProfileStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Profiles<'_> {
    /// The actor's own profile.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token that may not read.
    pub async fn get(&self, actor: &Actor) -> Result<Profile> {
        self.store.profile(actor.user(Scope::Read)?).await.map(|profile| self.shown(profile))
    }

    /// Changes the actor's own profile.
    ///
    /// # Errors
    ///
    /// What [`ProfileChange::validate`] says.
    pub async fn change(&self, actor: &Actor, change: ProfileChange) -> Result<Profile> {
        let (user_id, at) = (actor.user(Scope::Profile)?, self.clock.now());
        let change = ChangeProfile { user_id, at, change: change.validate(at)? };
        self.store.change_profile(&change).await.map(|profile| self.shown(profile))
    }

    /// Sets the actor's picture.
    ///
    /// # Errors
    ///
    /// What [`Picture::parse`] says.
    pub async fn set_avatar(&self, actor: &Actor, bytes: Vec<u8>) -> Result<Profile> {
        let user = actor.user(Scope::Profile)?;
        let picture = Picture::parse(bytes)?;
        let profile = self.store.set_avatar(user, self.clock.now(), Some(&picture)).await?;
        Ok(self.shown(profile))
    }

    /// Takes the actor's picture away.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token that may not change the profile.
    pub async fn remove_avatar(&self, actor: &Actor) -> Result<Profile> {
        let user = actor.user(Scope::Profile)?;
        self.store.set_avatar(user, self.clock.now(), None).await.map(|profile| self.shown(profile))
    }

    /// Somebody's picture.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when they have none.
    pub async fn avatar(&self, actor: &Actor, user: UserId) -> Result<Avatar> {
        actor.user(Scope::Read)?;
        self.store.avatar(user).await
    }

    fn shown(&self, profile: Profile) -> Profile {
        Profile { user: profile.user.shown_at(self.clock.now()), ..profile }
    }
}
