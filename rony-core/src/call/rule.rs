//! The rules of calls, as pure functions over facts that the store reads inside its transaction.

use super::Callee;
use crate::{
    Error, Result,
    member::Level,
    permission::{Action, Place, check},
    time::Timestamp,
};

/// How many can be called at once; more meet in a room.
pub const MOST_CALLEES: usize = 32;
/// How many calls somebody can begin within a minute.
pub const MOST_A_MINUTE: i64 = 12;

/// How somebody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ringing {
    /// Their devices ring.
    Loud,
    /// They do not want to be disturbed: they are told afterwards.
    Quiet,
    /// They have blocked the caller: they never hear of it, and the caller sees nobody answer.
    Unheard,
}

/// What is true about somebody in the conversation whose people are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalleeFacts {
    /// They have blocked the caller.
    pub blocks: bool,
    /// The caller has blocked them.
    pub is_blocked: bool,
    /// Their account is switched off.
    pub deactivated: bool,
    /// They want to be told of nothing in the conversation before this.
    pub muted_until: Option<Timestamp>,
    /// What they want to be told of in the conversation.
    pub level: Level,
    /// They do not want to be disturbed before this.
    pub peace_until: Option<Timestamp>,
}

/// Whether and how somebody is called; `None`: not at all.
#[must_use]
pub fn rings(facts: &CalleeFacts, at: Timestamp) -> Option<Ringing> {
    let until = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment > at);
    if facts.deactivated || facts.is_blocked {
        None
    } else if facts.blocks {
        Some(Ringing::Unheard)
    } else if facts.level == Level::Nothing || until(facts.muted_until) || until(facts.peace_until) {
        Some(Ringing::Quiet)
    } else {
        Some(Ringing::Loud)
    }
}

/// Whether somebody may call the people of a conversation. `is_blocked`: it is a direct one, and the caller has blocked the other.
/// `begun`: how many calls they have begun within a minute.
///
/// # Errors
///
/// What [`check`] says of writing; codes `blocked`, `nobody`, `too_many`, and [`Error::RateLimited`].
pub fn may_begin(place: Place, is_blocked: bool, callees: &[Callee], begun: i64) -> Result<()> {
    check(Action::Write, place)?;
    if is_blocked {
        return Err(Error::forbidden("blocked", "You have blocked this person. Unblock them first."));
    }
    match callees.len() {
        0 => Err(Error::conflict("nobody", "There is nobody here to call.")),
        many if many > MOST_CALLEES => {
            Err(Error::conflict("too_many", "Too many people for one call. Start a meeting instead."))
        }
        _ if begun >= MOST_A_MINUTE => {
            Err(Error::RateLimited { retry_after: std::time::Duration::from_secs(60) })
        }
        _ => Ok(()),
    }
}

/// What is said about a call that is over, or was never there.
pub(super) fn over() -> Error {
    Error::conflict("call_over", "This call is over.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::UserId, permission::Role};

    fn facts() -> CalleeFacts {
        CalleeFacts {
            blocks: false,
            is_blocked: false,
            deactivated: false,
            muted_until: None,
            level: Level::All,
            peace_until: None,
        }
    }

    #[test]
    fn devices_ring_unless_their_person_does_not_want_it() {
        let at = Timestamp::from_millis(1_000);
        let later = Some(Timestamp::from_millis(1_001));
        assert_eq!(rings(&facts(), at), Some(Ringing::Loud));
        assert_eq!(rings(&CalleeFacts { level: Level::Mentions, ..facts() }, at), Some(Ringing::Loud));
        assert_eq!(rings(&CalleeFacts { peace_until: Some(at), ..facts() }, at), Some(Ringing::Loud));
        for quiet in [
            CalleeFacts { level: Level::Nothing, ..facts() },
            CalleeFacts { muted_until: later, ..facts() },
            CalleeFacts { peace_until: later, ..facts() },
        ] {
            assert_eq!(rings(&quiet, at), Some(Ringing::Quiet));
            // Who blocked the caller hears nothing of it, afterwards neither.
            assert_eq!(rings(&CalleeFacts { blocks: true, ..quiet }, at), Some(Ringing::Unheard));
        }
        assert_eq!(rings(&CalleeFacts { is_blocked: true, ..facts() }, at), None);
        assert_eq!(rings(&CalleeFacts { deactivated: true, blocks: true, ..facts() }, at), None);
    }

    #[test]
    fn whoever_writes_in_a_conversation_may_call_its_people() {
        let place = Place { role: Some(Role::Guest), public: false, direct: false, archived: false };
        let callee = Callee { user_id: UserId(uuid::Uuid::nil()), ringing: Ringing::Loud };
        let code = |place, is_blocked, callees: usize, begun| {
            let answer = may_begin(place, is_blocked, &vec![callee; callees], begun);
            answer.err().map_or("fine", |error| error.code())
        };
        assert_eq!(code(place, false, 1, 0), "fine");
        assert_eq!(code(place, false, MOST_CALLEES, MOST_A_MINUTE - 1), "fine");
        assert_eq!(code(place, true, 1, 0), "blocked");
        assert_eq!(code(place, false, 0, 0), "nobody");
        assert_eq!(code(place, false, MOST_CALLEES + 1, 0), "too_many");
        assert_eq!(code(place, false, 1, MOST_A_MINUTE), "rate_limited");
        assert_eq!(code(Place { role: None, ..place }, true, 1, 0), "not_found");
        assert_eq!(code(Place { archived: true, ..place }, false, 1, 0), "archived");
    }
}
