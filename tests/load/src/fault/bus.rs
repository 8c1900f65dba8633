//! Two nodes in one process on one database, joined by a bus that drops, doubles, delays and reorders by chance, while people
//! post on both: readers on both get every message once and in order, only later. The conformance suite of `rony-storage` has
//! the play, and tells it as a fact; here it is longer, and its chances are new each time.

use std::collections::HashSet;

use anyhow::{Context, Result};
use rony_core::stream::Seq;
use rony_storage::Options;
use rony_storage::conformance::bus::{Damage, Outcome, Said, two_nodes};

use crate::fault::report::Report;
use crate::fault::scene::Scene;

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    let database = scene.database().await?;
    let store = rony_storage::open_with(database.url(), &Options::default()).await?;
    // What a node refuses is a panic there, which has said on stderr what it was.
    let played = tokio::spawn(two_nodes(store, scene.seed, scene.size(60, 20))).await;
    database.remove().await?;
    judge(&played.context("a node refused something")?, report);
    Ok(())
}

fn judge(outcome: &Outcome, report: &mut Report) {
    let Outcome { damage, acknowledged, stored, arrived } = outcome;
    let Damage { dropped, doubled, held } = *damage;
    for (what, count) in [("bus_dropped", dropped), ("bus_doubled", doubled), ("bus_held", held)] {
        report.detail(what, count);
        report.expect(count > 0, || format!("{what} is 0: nothing was tried"));
    }
    let findings = &mut report.findings;
    findings.acknowledged = acknowledged.len() as u64;
    findings.stored = stored.len() as u64;
    for told in [stored, &arrived[0], &arrived[1]] {
        let numbers: HashSet<Seq> = told.iter().map(|(seq, _)| *seq).collect();
        let known: HashSet<&Said> = told.iter().collect();
        findings.doubled += (told.len() - numbers.len()) as u64;
        findings.lost += acknowledged.iter().filter(|said| !known.contains(said)).count() as u64;
    }
    findings.holes += stored.windows(2).filter(|pair| pair[1].0 != pair[0].0 + 1).count() as u64;
    // Out of order, or something that nobody said.
    findings.differing += arrived.iter().filter(|arrived| *arrived != acknowledged).count() as u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(arrived: &[Seq]) -> [u64; 4] {
        let said = |numbers: &[Seq]| numbers.iter().map(|seq| (*seq, seq.to_string())).collect::<Vec<_>>();
        let (damage, all) = (Damage { dropped: 1, doubled: 1, held: 1 }, said(&[5, 6, 7]));
        let arrived = [all.clone(), said(arrived)];
        let mut report = Report::new("bus", "sqlite");
        judge(&Outcome { damage, acknowledged: all.clone(), stored: all, arrived }, &mut report);
        let found = &report.findings;
        [found.lost, found.doubled, found.holes, found.differing]
    }

    #[test]
    fn what_a_reader_misses_gets_twice_or_out_of_order_is_told_apart() {
        assert_eq!(findings(&[5, 6, 7]), [0, 0, 0, 0]);
        assert_eq!(findings(&[5, 7]), [1, 0, 0, 1]);
        assert_eq!(findings(&[5, 6, 6, 7]), [0, 1, 0, 1]);
        assert_eq!(findings(&[5, 7, 6]), [0, 0, 0, 1]);
    }
}
