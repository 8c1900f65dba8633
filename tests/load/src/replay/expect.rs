//! What a log alone says that every member of its conversation must see.
//!
//! Every nick of a log is a member from its first line, so the answer is the same for all of them: every post, once, in
//! the log's order, with its sender and its text.

use std::collections::HashMap;

use uuid::Uuid;

use crate::replay::log::Log;
use crate::wire::Message;

/// Lines repeat, so what tells two posts apart is where they stand: their ids are derived from the file's name, the line
/// and the part, inside this namespace.
const NAMESPACE: Uuid = Uuid::from_u128(0x5d0f_51a5_6d7e_4f0e_9d4a_1c3b_7a52_e6b8);

/// One conversation's posts, in order.
#[derive(Debug)]
pub(crate) struct Expected {
    /// The log's file name.
    pub(crate) name: String,
    /// How many members must see each post.
    pub(crate) members: usize,
    posts: Vec<Said>,
    by_client_id: HashMap<Uuid, usize>,
}

/// A post as it must arrive.
#[derive(Debug)]
pub(crate) struct Said {
    /// The line of the log that it comes from, counted from 1.
    pub(crate) line: usize,
    /// What tells it apart from every other post.
    pub(crate) client_id: Uuid,
    /// The account of the nick that says it.
    pub(crate) sender: Uuid,
    /// What it says.
    pub(crate) text: String,
}

/// What a message that arrived is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// The post with this index, as it was said.
    Post(usize),
    /// Nothing that the log has: another text, another sender, or a message that nobody posted.
    Stranger,
    /// An event that is no message, such as somebody's joining.
    Other,
}

impl Expected {
    /// `senders` has the account of each nick of `log`, by the nick's index.
    pub(crate) fn new(log: &Log, senders: &[Uuid]) -> Self {
        let said = log.posts.iter().map(|post| Said {
            line: post.line,
            client_id: client_id(&log.name, post.line, post.part),
            sender: senders[post.nick],
            text: post.text.clone(),
        });
        let posts: Vec<Said> = said.collect();
        let by_client_id = posts.iter().enumerate().map(|(index, said)| (said.client_id, index)).collect();
        Self { name: log.name.clone(), members: senders.len(), posts, by_client_id }
    }

    /// All posts, in order.
    pub(crate) fn posts(&self) -> &[Said] {
        &self.posts
    }

    /// How many times a post of this log must reach a member.
    pub(crate) fn deliveries(&self) -> u64 {
        (self.posts.len() * self.members) as u64
    }

    /// Finds an event's message in the log.
    pub(crate) fn find(&self, message: Option<&Message<'_>>) -> Arrived {
        let Some(message) = message else { return Arrived::Other };
        let Some(&index) = self.by_client_id.get(&message.client_id) else { return Arrived::Stranger };
        let said = &self.posts[index];
        if said.sender == message.sender_id && said.text == message.text {
            Arrived::Post(index)
        } else {
            Arrived::Stranger
        }
    }
}

/// The id that a post carries, the same in every run.
fn client_id(file: &str, line: usize, part: usize) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{file}\n{line}\n{part}").as_bytes())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::replay::log;

    fn two_lines() -> Expected {
        let log = log::parse("a.txt".into(), b"[00:00] <amy> hi\n[00:00] <amy> hi\n[00:01] <bob> hello");
        Expected::new(&log, &[Uuid::from_u128(1), Uuid::from_u128(2)])
    }

    fn message(client_id: Uuid, sender: u128, text: &str) -> Message<'_> {
        Message {
            seq: 1,
            ordinal: 1,
            client_id,
            sender_id: Uuid::from_u128(sender),
            text: Cow::Borrowed(text),
        }
    }

    #[test]
    fn every_member_must_see_every_post() {
        assert_eq!(two_lines().deliveries(), 6);
    }

    #[test]
    fn repeated_lines_are_told_apart() {
        let expected = two_lines();
        let [first, second, _] = expected.posts() else { panic!("three posts") };
        assert_ne!(first.client_id, second.client_id);
        assert_eq!(first.client_id, two_lines().posts()[0].client_id, "the same in every run");
        assert_eq!(expected.find(Some(&message(second.client_id, 1, "hi"))), Arrived::Post(1));
    }

    #[test]
    fn what_nobody_said_is_a_stranger() {
        let expected = two_lines();
        let id = expected.posts()[0].client_id;
        for wrong in [message(id, 2, "hi"), message(id, 1, "hi!"), message(Uuid::nil(), 1, "hi")] {
            assert_eq!(expected.find(Some(&wrong)), Arrived::Stranger);
        }
        assert_eq!(expected.find(None), Arrived::Other);
    }
}
