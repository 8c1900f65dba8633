//! How far a bench is, on stderr: a bar on a terminal, a line for each step elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows the steps of a bench. It vanishes when it is dropped; clones show the same.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    bench: &'static str,
}

impl Progress {
    /// Of the bench `bench`, which measures `against`.
    pub(crate) fn new(bench: &'static str, against: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
            .with_finish(indicatif::ProgressFinish::AndClear);
        let style = ProgressStyle::with_template("{prefix} {bar:30} {pos} of {len} {msg} ({elapsed})");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(format!("{bench} ({against})"));
        Self { bar, bench }
    }

    /// Begins a step of `total` parts; `what` reads well after their number: "people made", "messages sent".
    pub(crate) fn step(&self, total: u64, what: impl Into<String>) {
        let what = what.into();
        if self.bar.is_hidden() {
            eprintln!("{}: {total} {what}", self.bench);
        }
        self.bar.set_length(total);
        self.bar.set_position(0);
        self.bar.set_message(what);
    }

    /// One part more is done.
    pub(crate) fn one(&self) {
        self.some(1);
    }

    /// So many parts more are done.
    pub(crate) fn some(&self, parts: u64) {
        self.bar.inc(parts);
    }
}
