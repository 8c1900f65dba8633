//! Transactions of rony-storage begin in one place, the one that is safe to give up: `sql/change.rs` says why.

use super::{Problems, Source};

/// Where transactions begin.
const HOME: &str = "rony-storage/src/sql/change.rs";

/// How sqlx begins them: as methods of a pool, a connection or a transaction, and by path. (A method `begin` with arguments
/// is somebody else's.)
const BEGINNINGS: [&str; 9] = [
    ".begin()",
    ".try_begin()",
    ".begin_with(",
    ".try_begin_with(",
    "::begin_with(",
    "Pool::begin(",
    "Acquire::begin(",
    "Connection::begin(",
    ">::begin(",
];

/// Checks the code of rony-storage, its tests included.
pub(super) fn check(sources: &[Source]) -> Problems {
    let storage = sources.iter().filter(|source| {
        source.path.starts_with("rony-storage/") && source.path.ends_with(".rs") && source.path != HOME
    });
    storage.flat_map(problems).collect()
}

fn problems(source: &Source) -> impl Iterator<Item = String> {
    let lines = source.text.lines().enumerate();
    lines.filter(|(_, line)| begins(line)).map(|(number, _)| {
        format!(
            "{}:{}: sqlx's `begin` leaves the transaction open in the pool when its caller is dropped; use \
             `SqlStore::change` or `snapshot`, or `begin` of {HOME}",
            source.path,
            number + 1
        )
    })
}

/// Whether a line's code, not its comment, is one of them.
fn begins(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    BEGINNINGS.iter().any(|beginning| code.contains(beginning))
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[track_caller]
    fn assert_verdict(path: &str, text: &str, fine: bool) {
        assert_eq!(check(&[source(path, text)]).is_empty(), fine, "{path}: {text}");
    }

    #[test]
    fn a_transaction_that_begins_elsewhere_is_wrong() {
        let path = "rony-storage/src/sql/message/post.rs";
        for text in [
            "let t = self.write().begin().await?;",
            "let t = pool.begin_with(DB::BEGIN).await?;",
            "    .try_begin()",
            "let t = Pool::begin(pool).await?;",
            "let t = Pool::<DB>::begin(pool).await?;",
            "let t = Pool::<DB>::begin_with(pool, how).await?;",
            "let t = sqlx::Acquire::begin(&mut *connection).await?;",
        ] {
            assert_verdict(path, text, false);
            assert_verdict("rony-storage/tests/it/reopen.rs", text, false);
        }
    }

    #[test]
    fn the_one_place_and_what_only_sounds_like_it_are_fine() {
        let begin = "pool.begin_with(how).await";
        assert_verdict(HOME, begin, true);
        assert_verdict("rony-server/src/doctor.rs", begin, true);
        let path = "rony-storage/src/sql/session/mod.rs";
        for text in [
            "let mut transaction = begin(self.write(), DB::BEGIN).await?;",
            "make::begin(self, sessions, by, entry).await",
            "world.store.begin(&[new], by, &entry).await?;",
            "self.begin_change().await; // not pool.begin()",
            "const BEGIN: &'static str = \"begin\";",
            "async fn begin(&self) -> Result<()> {",
        ] {
            assert_verdict(path, text, true);
        }
    }
}
