//! Collecting others' read marks, so that a hundred people who read cost a frame a second and no more.

use std::collections::BTreeMap;

use super::{OthersMark, ReadMarks};
use crate::id::{ConversationId, UserId};

/// The marks that moved since the last look. Pure: whoever drives it decides when to look.
#[derive(Debug, Default)]
pub struct Receipts {
    moved: BTreeMap<ConversationId, BTreeMap<UserId, i64>>,
}

impl Receipts {
    /// Notes that somebody has read that far; the furthest counts.
    pub fn note(&mut self, conversation: ConversationId, user: UserId, ordinal: i64) {
        let mark = self.moved.entry(conversation).or_default().entry(user).or_insert(ordinal);
        *mark = ordinal.max(*mark);
    }

    /// Takes out all that was noted, one batch for each conversation.
    pub fn drain(&mut self) -> Vec<ReadMarks> {
        let batch = |(conversation_id, marks): (ConversationId, BTreeMap<UserId, i64>)| {
            let marks = marks.into_iter().map(|(user_id, ordinal)| OthersMark { user_id, ordinal });
            ReadMarks { conversation_id, marks: marks.collect() }
        };
        std::mem::take(&mut self.moved).into_iter().map(batch).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_furthest_mark_of_each_goes_out_once() {
        let (here, there) = (ConversationId(Uuid::from_u128(1)), ConversationId(Uuid::from_u128(2)));
        let (ann, ben) = (UserId(Uuid::from_u128(3)), UserId(Uuid::from_u128(4)));
        let mut receipts = Receipts::default();
        for (conversation, user, ordinal) in
            [(here, ann, 2), (here, ben, 1), (here, ann, 5), (here, ann, 3), (there, ann, 1)]
        {
            receipts.note(conversation, user, ordinal);
        }
        let mark = |user_id, ordinal| OthersMark { user_id, ordinal };
        assert_eq!(
            receipts.drain(),
            [
                ReadMarks { conversation_id: here, marks: vec![mark(ann, 5), mark(ben, 1)] },
                ReadMarks { conversation_id: there, marks: vec![mark(ann, 1)] },
            ]
        );
        assert_eq!(receipts.drain(), []);
    }
}
