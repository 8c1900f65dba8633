//! The `rony` binary.
fn main() {}
