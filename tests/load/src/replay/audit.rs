//! Reads back what is stored when all is over: every acknowledged post must be there, once, in the log's order, under the
//! number that its sender was told. It reads pages of messages, which is another way than members took.

use std::collections::HashMap;
use std::ops::AddAssign;

use anyhow::{Context, Result};

use crate::replay::conductor::Part;
use crate::replay::expect::Arrived;
use crate::replay::model::{Counts, Follower};
use crate::replay::world::World;
use crate::wire::MessagePage;

/// What is wrong with what is stored; `delivered` counts posts that are there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stored {
    /// Acknowledged posts that are not there.
    pub(crate) lost: u64,
    /// Everything else.
    pub(crate) counts: Counts,
}

impl AddAssign for Stored {
    fn add_assign(&mut self, other: Self) {
        self.lost += other.lost;
        self.counts += other.counts;
    }
}

/// Audits one log; `numbers` are those of its acknowledged posts, `token` is a member's.
///
/// # Errors
/// When the server does not answer as documented.
pub(crate) async fn audit(world: &World, part: &Part, numbers: &[i64], token: &str) -> Result<Stored> {
    let stored =
        read(world, part, token).await.with_context(|| format!("cannot audit {}", part.expected.name))?;
    let mut follower = Follower::new([(part.stream, part.expected.clone())]);
    follower.synced(part.stream, 0, stored.iter().copied());
    let mut counts = follower.counts();
    let mut found = HashMap::new();
    for (seq, arrived) in stored {
        if let Arrived::Post(index) = arrived {
            found.entry(index).or_insert(seq);
        }
    }
    let there = |index: usize| found.get(&index);
    let lost = (0..numbers.len()).filter(|index| there(*index).is_none()).count() as u64;
    let told = numbers.iter().enumerate();
    counts.out_of_order +=
        told.filter(|(index, told)| there(*index).is_some_and(|seq| seq != *told)).count() as u64;
    Ok(Stored { lost, counts })
}

async fn read(world: &World, part: &Part, token: &str) -> Result<Vec<(i64, Arrived)>> {
    let mut stored = Vec::new();
    let mut after = 0;
    loop {
        let body = world.messages(world.ports[0], token, part.stream, after).await?;
        let page: MessagePage<'_> =
            serde_json::from_slice(&body).context("messages are not as documented")?;
        stored.extend(page.items.iter().map(|message| (message.seq, part.expected.find(Some(message)))));
        let Some(newest) = page.items.iter().map(|message| message.seq).max() else { return Ok(stored) };
        anyhow::ensure!(newest > after, "the page after {after} has nothing newer");
        after = newest;
    }
}
