//! What administrators change about others' accounts, and the rule of it.

use serde::{Deserialize, Serialize};

use super::User;
use crate::{Error, Result, actor::Actor, audit::Entry, id::UserId, permission::ServerRole, time::Timestamp};

/// What is to be different about an account; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AccountChange {
    /// What they may do on the whole server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ServerRole>,
    /// Whether the account is switched off. Switching it off signs them out everywhere and ends their tokens; nothing else
    /// is lost, and it can be switched on again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deactivated: Option<bool>,
}

/// A change on its way into the store.
#[derive(Clone, Debug)]
pub struct Administer {
    /// Whose account.
    pub user_id: UserId,
    /// What is to be different.
    pub change: AccountChange,
    /// Who does it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// The account as it is after the change, and what the audit log says about it (nothing, when nothing is different).
/// `others`: how many other people could administer the server.
///
/// # Errors
///
/// [`Error::Conflict`] with code `last_administrator` when nobody could.
pub fn administer(before: &User, others: i64, wish: &Administer) -> Result<(User, Vec<Entry>)> {
    let mut after = before.clone();
    after.role = wish.change.role.unwrap_or(before.role);
    after.deactivated_at = match wish.change.deactivated {
        Some(true) => before.deactivated_at.or(Some(wish.at)),
        Some(false) => None,
        None => before.deactivated_at,
    };
    if before.can_administer() && !after.can_administer() && others == 0 {
        return Err(Error::conflict(
            "last_administrator",
            "Make somebody else an administrator first: the server needs one.",
        ));
    }
    let entry = |action| Entry::new(wish.at, action).by(&wish.by).to(before.id);
    let mut entries = Vec::new();
    if after.role != before.role {
        let name = |role| serde_json::json!(role);
        entries.push(entry("user.role_changed").with("from", name(before.role)).with("to", name(after.role)));
    }
    match (before.deactivated_at, after.deactivated_at) {
        (None, Some(_)) => entries.push(entry("user.deactivated")),
        (Some(_), None) => entries.push(entry("user.reactivated")),
        _ => {}
    }
    Ok((after, entries))
}

impl User {
    /// Whether they are somebody who can run the server: a person who may, and can sign in.
    #[must_use]
    pub fn can_administer(&self) -> bool {
        self.role == ServerRole::Administrator && !self.bot && self.deactivated_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Trusted;

    fn user(role: ServerRole) -> User {
        let username: crate::username::Username = "ann".parse().unwrap();
        User {
            id: UserId(uuid::Uuid::nil()),
            display_name: (&username).into(),
            username,
            role,
            bot: false,
            title: String::new(),
            phone: String::new(),
            email: String::new(),
            time_zone: String::new(),
            about: String::new(),
            status_text: String::new(),
            status_until: None,
            avatar: None,
            created_at: Timestamp::from_millis(0),
            deactivated_at: None,
        }
    }

    fn wish(change: AccountChange) -> Administer {
        let by = Actor::trusted(Trusted::System);
        Administer { user_id: UserId(uuid::Uuid::nil()), change, by, at: Timestamp::from_millis(7) }
    }

    const DEMOTE: AccountChange = AccountChange { role: Some(ServerRole::Member), deactivated: None };
    const SWITCH_OFF: AccountChange = AccountChange { role: None, deactivated: Some(true) };

    #[test]
    fn the_last_administrator_stays_one() {
        let root = user(ServerRole::Administrator);
        for change in [DEMOTE, SWITCH_OFF] {
            assert_eq!(administer(&root, 0, &wish(change)).unwrap_err().code(), "last_administrator");
            administer(&root, 1, &wish(change)).unwrap();
        }
        let keep = AccountChange { role: Some(ServerRole::Administrator), deactivated: Some(false) };
        administer(&root, 0, &wish(keep)).unwrap();
    }

    #[test]
    fn a_bot_or_a_deactivated_account_is_no_administrator_to_lose() {
        let bot = User { bot: true, ..user(ServerRole::Administrator) };
        administer(&bot, 0, &wish(SWITCH_OFF)).unwrap();
        let off = User { deactivated_at: Some(Timestamp::from_millis(1)), ..user(ServerRole::Administrator) };
        administer(&off, 0, &wish(DEMOTE)).unwrap();
    }

    #[test]
    fn each_change_has_its_entry_and_no_change_has_none() {
        let actions = |before: &User, change| {
            let (_, entries) = administer(before, 1, &wish(change)).unwrap();
            entries.into_iter().map(|entry| entry.action.into_owned()).collect::<Vec<_>>()
        };
        let member = user(ServerRole::Member);
        assert_eq!(actions(&member, SWITCH_OFF), ["user.deactivated"]);
        assert_eq!(actions(&member, DEMOTE), Vec::<String>::new());
        let both = AccountChange { role: Some(ServerRole::Administrator), deactivated: Some(true) };
        assert_eq!(actions(&member, both), ["user.role_changed", "user.deactivated"]);
        let off = User { deactivated_at: Some(Timestamp::from_millis(1)), ..member };
        assert_eq!(actions(&off, SWITCH_OFF), Vec::<String>::new());
        let (again, _) = administer(&off, 1, &wish(SWITCH_OFF)).unwrap();
        assert_eq!(again.deactivated_at, off.deactivated_at, "since when stays true");
        let on = AccountChange { role: None, deactivated: Some(false) };
        assert_eq!(actions(&off, on), ["user.reactivated"]);
    }
}
