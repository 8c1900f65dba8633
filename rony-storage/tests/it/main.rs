//! The conformance suite on SQLite and on PostgreSQL, each case on a database of its own; and facts about opening one again.

mod backend;
mod blob;
mod full;
mod index;
mod large;
mod reopen;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use rony_storage::conformance::{Case, cases};

use self::backend::{Backend, Postgres, Sqlite};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = cases();
    let trials = cases.iter().flat_map(|case| [trial::<Sqlite>(*case), trial::<Postgres>(*case)]);
    libtest_mimic::run(
        &arguments,
        trials
            .chain(reopen::trials())
            .chain(full::trials())
            .chain(index::trials())
            .chain(large::trials())
            .chain(blob::trials())
            .collect(),
    )
    .exit_code()
}

fn trial<B: Backend>(case: Case) -> Trial {
    let name = case.name.trim_start_matches("rony_storage::conformance::");
    Trial::test(format!("{}::{name}", B::NAME), move || {
        on_runtime(async move {
            let database = B::create().await;
            (case.run)(database.open().await).await;
            database.remove().await;
        })
    })
}

fn on_runtime(fact: impl Future<Output = ()>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failed::from(error.to_string()))?;
    runtime.block_on(fact);
    Ok(())
}
