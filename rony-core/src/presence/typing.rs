//! Who is typing where. Pure: time is an argument.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use crate::id::{ConversationId, UserId};

/// Somebody who does not say so again stops typing after this time.
const EXPIRY: Duration = Duration::from_secs(6);
/// Saying so again within this time changes nothing, and is told to nobody: a client that says it with each key is no burden.
const RENEWAL: Duration = Duration::from_secs(2);

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Typing(HashMap<ConversationId, Place>);

#[derive(Debug, Default)]
struct Place {
    /// Who, and until when (by the steady clock).
    until: BTreeMap<UserId, Duration>,
    /// Somebody started or stopped since it was last told.
    changed: bool,
}

impl Typing {
    /// Somebody types. True when other nodes should hear of it.
    pub(super) fn heard(&mut self, conversation: ConversationId, user: UserId, now: Duration) -> bool {
        let place = self.0.entry(conversation).or_default();
        match place.until.insert(user, now + EXPIRY) {
            Some(until) if until >= now + EXPIRY - RENEWAL => {
                // As before: what is not told to other nodes must not last longer here.
                place.until.insert(user, until);
                false
            }
            Some(_) => true,
            None => {
                place.changed = true;
                true
            }
        }
    }

    /// Who types in a conversation.
    pub(super) fn who(&self, conversation: ConversationId) -> Vec<UserId> {
        self.0.get(&conversation).map(|place| place.until.keys().copied().collect()).unwrap_or_default()
    }

    /// The conversations in which somebody started or stopped, with all who type there now.
    pub(super) fn take_changes(&mut self, now: Duration) -> Vec<(ConversationId, Vec<UserId>)> {
        let mut changes = Vec::new();
        self.0.retain(|conversation, place| {
            let before = place.until.len();
            place.until.retain(|_, until| *until > now);
            if std::mem::take(&mut place.changed) || place.until.len() != before {
                changes.push((*conversation, place.until.keys().copied().collect()));
            }
            !place.until.is_empty()
        });
        changes
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PLACE: ConversationId = ConversationId(Uuid::from_u128(1));
    const ANN: UserId = UserId(Uuid::from_u128(2));
    const BEN: UserId = UserId(Uuid::from_u128(3));

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn who_goes_on_typing_is_told_once_and_who_stops_is_gone() {
        let mut typing = Typing::default();
        assert!(typing.heard(PLACE, ANN, seconds(0)));
        assert_eq!(typing.take_changes(seconds(0)), [(PLACE, vec![ANN])]);
        assert!(!typing.heard(PLACE, ANN, seconds(1)), "it was said a moment ago");
        assert!(typing.heard(PLACE, ANN, seconds(4)));
        assert!(typing.take_changes(seconds(9)).is_empty());
        assert_eq!(typing.take_changes(seconds(10)), [(PLACE, vec![])]);
        assert!(typing.take_changes(seconds(11)).is_empty());
    }

    #[test]
    fn all_who_type_are_named() {
        let mut typing = Typing::default();
        typing.heard(PLACE, ANN, seconds(0));
        typing.heard(PLACE, BEN, seconds(3));
        assert_eq!(typing.who(PLACE), [ANN, BEN]);
        typing.take_changes(seconds(3));
        assert_eq!(typing.take_changes(seconds(7)), [(PLACE, vec![BEN])]);
    }
}
