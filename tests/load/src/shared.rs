//! Where the test data lies.

use std::path::{Path, PathBuf};

/// The folder of real IRC logs: `$RONY_SHARED/data/ubuntu-irc`, or beside the checkout.
pub(crate) fn ubuntu_logs() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("RONY_SHARED").map_or_else(beside, PathBuf::from).join("data/ubuntu-irc")
}
