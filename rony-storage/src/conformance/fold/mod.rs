//! Snapshot + events = a fresh snapshot, for every kind of event.
//!
//! Three people do random things to each other. After each thing every person's client, which knows its first snapshots and
//! the events since, must agree with a client that starts anew.

mod deeds;
mod mirror;

use rand::{SeedableRng as _, rngs::StdRng};

use self::{deeds::Deeds, mirror::Mirror};
use super::{World, facts};

/// Things that are done in a run.
const DEEDS: usize = 120;

/// From which number chance begins, so that a failure happens again. Try others when folding changes.
const SEED: u64 = 656_004_209_854_347_661;

facts! {
    async fn a_client_that_folds_events_agrees_with_one_that_starts_anew(world: World) {
        let seed = SEED;
        let mut deeds = Deeds::begin(&world, StdRng::seed_from_u64(seed)).await;
        let mut mirrors = Vec::new();
        for person in deeds.people() {
            mirrors.push(Mirror::start(&world, person).await);
        }
        for number in 0..DEEDS {
            let deed = deeds.next(&world).await;
            world.project().await;
            for mirror in &mut mirrors {
                mirror.catch_up(&world).await;
                mirror.compare(&world, &format!("seed {seed}, deed {number}: {deed}")).await;
            }
        }
    }
}
