//! What a reader sees of an item: the one question that every statement about files asks.

use rony_core::{
    Error, Result,
    file::{Level, LinkLevel, Reader, Sight},
};
use uuid::Uuid;

/// The sight of the reader `$1, $2, $3` ([`Eyes`]) on the item `f`, as [`sight`] reads it; 0: it is not there for them.
///
/// It goes from the item up to the top of the drive, and looks on each step for grants to the person and to conversations that they are a
/// member of, and for what the link leads to. A message that shows the file counts for the file alone, and as long as whoever posted it may share the
/// file: what somebody handed on ends with their own right to.
pub(super) const SIGHT: &str = "(with recursive up (id, parent_id, depth, trashed, purged) as (
        select f.id, f.parent_id, 0, f.trashed_at, f.purged_at
        union all
        select a.id, a.parent_id, up.depth + 1, a.trashed_at, a.purged_at
        from up join rony_files a on a.id = up.parent_id
    ), given (level, depth) as (
        select g.level, up.depth from up join rony_grants g on g.file_id = up.id
        where g.subject_id = $1
        or exists (select 1 from rony_members r where r.conversation_id = g.subject_id and r.user_id = $1)
        union all
        select $3, up.depth from up where up.id = $2
        union all
        select 1, 0 from rony_attachments t
        join rony_members r on r.conversation_id = t.conversation_id and r.user_id = $1
        join rony_messages m on m.conversation_id = r.conversation_id and m.seq > r.hidden_upto and m.seq = t.seq
        where t.file_id = f.id and m.deleted_at is null and (m.sender_id = f.owner_id or exists (
            select 1 from up join rony_grants g on g.file_id = up.id and g.level >= 3
            where g.subject_id = m.sender_id
            or exists (select 1 from rony_members s where s.conversation_id = g.subject_id and s.user_id = m.sender_id)))
    )
    select cast(case
        when max(case when up.purged is null then 0 else 1 end) = 1 then 0
        when f.owner_id = $1 then 36 + 64 * max(case when up.trashed is null then 0 else 1 end)
        when max(case when up.trashed is null then 0 else 1 end) = 1 then 0
        else coalesce((select 8 * max(level) + coalesce(max(case when depth > 0 then level end), 0) from given), 0)
    end as bigint) from up)";

/// What the values of a level and of the trash are multiplied by in [`SIGHT`].
const LEVEL: i64 = 8;
const TRASH: i64 = 64;

/// A reader, as [`SIGHT`] takes one.
#[derive(Clone, Copy)]
pub(crate) struct Eyes {
    pub(super) person: Uuid,
    pub(super) root: Uuid,
    pub(super) level: i64,
}

impl Eyes {
    /// Who looks.
    pub(crate) const fn of(reader: Reader) -> Self {
        match reader {
            Reader::Person(person) => Self { person: person.uuid(), root: Uuid::nil(), level: 0 },
            Reader::Link { root, level } => {
                let level = match level {
                    LinkLevel::Viewer => 1,
                    LinkLevel::Editor => 2,
                    LinkLevel::Drop => 0,
                };
                Self { person: Uuid::nil(), root: root.uuid(), level }
            }
        }
    }

    /// Who puts something in, which those may who see nothing.
    pub(crate) const fn of_putting(reader: Reader) -> Self {
        match reader {
            Reader::Link { root, level: LinkLevel::Drop } => {
                Self::of(Reader::Link { root, level: LinkLevel::Editor })
            }
            reader => Self::of(reader),
        }
    }
}

/// What [`SIGHT`] says.
pub(super) fn sight(value: i64) -> Result<Option<Sight>> {
    if value == 0 {
        return Ok(None);
    }
    let (in_trash, value) = (value >= TRASH, value % TRASH);
    let above = if value % LEVEL == 0 { None } else { Some(level(value % LEVEL)?) };
    // Who only may put something in is at level 0, and sees nothing.
    if value / LEVEL == 0 {
        return Ok(None);
    }
    Ok(Some(Sight { level: level(value / LEVEL)?, above, in_trash }))
}

/// A level as its column has it.
pub(super) fn level(value: i64) -> Result<Level> {
    match value {
        1 => Ok(Level::Viewer),
        2 => Ok(Level::Editor),
        3 => Ok(Level::Manager),
        4 => Ok(Level::Owner),
        other => Err(Error::internal(format!("a level that this version does not know: {other}"))),
    }
}

/// A level as its column wants it.
pub(super) const fn write_level(level: Level) -> i64 {
    match level {
        Level::Viewer => 1,
        Level::Editor => 2,
        Level::Manager => 3,
        Level::Owner => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sight_is_one_number() {
        assert_eq!(sight(0).unwrap(), None);
        let owner = Sight { level: Level::Owner, above: Some(Level::Owner), in_trash: false };
        assert_eq!(sight(36).unwrap(), Some(owner));
        assert_eq!(sight(100).unwrap(), Some(Sight { in_trash: true, ..owner }));
        let shared = Sight { level: Level::Editor, above: None, in_trash: false };
        assert_eq!(sight(16).unwrap(), Some(shared));
        assert_eq!(
            sight(26).unwrap().unwrap(),
            Sight { level: Level::Manager, above: Some(Level::Editor), ..shared }
        );
    }
}
