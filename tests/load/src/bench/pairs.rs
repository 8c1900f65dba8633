//! Who posts where: senders, each with a receiver, and the conversations that they share out among themselves.

use anyhow::Result;
use rony_core::Rony;
use uuid::Uuid;

use crate::people::{Account, enroll, meet};

/// A sender, the receiver that waits for what it posts, and the conversations of the two.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    /// Posts, in each of the conversations in turn.
    pub(crate) sender: Account,
    /// Waits.
    pub(crate) receiver: Account,
    /// At least one.
    pub(crate) conversations: Vec<Uuid>,
}

/// Makes `count` pairs that use `conversations` conversations, as evenly as it goes: a conversation has one pair, or more
/// where there are more pairs than conversations. Their accounts have the numbers from `first` on.
///
/// # Errors
/// When the database or the domain refuses.
pub(crate) async fn make(rony: &Rony, first: usize, count: usize, conversations: usize) -> Result<Vec<Pair>> {
    let mut people = Vec::with_capacity(2 * count);
    for number in first..first + 2 * count {
        people.push(enroll(rony, number, &format!("Person {number}")).await?);
    }
    let share = shares(count, conversations);
    let mut groups = Vec::with_capacity(conversations);
    for conversation in 0..conversations {
        let pairs = share.iter().enumerate().filter(|(_, mine)| mine.contains(&conversation));
        let members = pairs.flat_map(|(pair, _)| [people[2 * pair].user, people[2 * pair + 1].user]);
        groups.push(meet(rony, &format!("Group {conversation}"), &members.collect::<Vec<_>>()).await?);
    }
    let pair = |(number, mine): (usize, &Vec<usize>)| Pair {
        sender: people[2 * number].clone(),
        receiver: people[2 * number + 1].clone(),
        conversations: mine.iter().map(|conversation| groups[*conversation]).collect(),
    };
    Ok(share.iter().enumerate().map(pair).collect())
}

/// For each pair the numbers of its conversations.
fn shares(pairs: usize, conversations: usize) -> Vec<Vec<usize>> {
    let mut share = vec![Vec::new(); pairs];
    for number in 0..pairs.max(conversations) {
        share[number % pairs].push(number % conversations);
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_conversation_is_used_and_every_pair_has_one() {
        assert_eq!(shares(2, 4), [[0, 2], [1, 3]]);
        assert_eq!(shares(3, 2), [[0], [1], [0]]);
        for (pairs, conversations) in [(1, 100), (8, 100), (32, 100), (128, 100), (128, 1)] {
            let shares = shares(pairs, conversations);
            assert!(shares.iter().all(|mine| !mine.is_empty()));
            assert!((0..conversations).all(|one| shares.iter().any(|mine| mine.contains(&one))));
        }
    }
}
