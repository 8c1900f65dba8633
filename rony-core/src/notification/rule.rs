//! Whom a message concerns, as a pure function over facts that the store reads inside its transaction.

use super::NotificationKind;
use crate::{member::Level, stream::Seq, time::Timestamp};

/// What is true about a message and somebody whom it may concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// They wrote it.
    pub author: bool,
    /// It was written to them in a direct conversation, outside its threads.
    pub direct: bool,
    /// It mentions them by name.
    pub mentioned: bool,
    /// It answers a message of theirs, or is in a thread that they follow.
    pub answered: bool,
    /// It tells of a call that somebody missed.
    pub call: bool,
    /// It tells of a call that they missed.
    pub missed: bool,
    /// It was deleted meanwhile.
    pub deleted: bool,
    /// Its number in the stream.
    pub seq: Seq,
    /// When it was posted.
    pub at: Timestamp,
    /// What is true about them as a member; `None`: they are none.
    pub member: Option<MemberFacts>,
}

/// What is true about a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberFacts {
    /// Messages with a seq up to and including this are hidden from them.
    pub hidden_upto: Seq,
    /// They have read the message.
    pub has_read: bool,
    /// What they want to be told of.
    pub level: Level,
    /// They want to be told of nothing that is posted before this.
    pub muted_until: Option<Timestamp>,
    /// They have blocked the author.
    pub blocks: bool,
    /// Their account is deactivated.
    pub deactivated: bool,
}

/// Why a message concerns somebody; `None`: it does not, or they are not to be told.
#[must_use]
pub fn concerns(facts: &Facts) -> Option<NotificationKind> {
    let member = facts.member?;
    let sees = facts.seq > member.hidden_upto && !facts.deleted && !member.deactivated;
    let wants = !member.blocks && member.muted_until.is_none_or(|until| until <= facts.at);
    if facts.author || member.has_read || !sees || !wants {
        return None;
    }
    let kind = if facts.missed {
        NotificationKind::MissedCall
    } else if facts.call {
        return None;
    } else if facts.direct {
        NotificationKind::Direct
    } else if facts.mentioned {
        NotificationKind::Mention
    } else if facts.answered {
        NotificationKind::Reply
    } else {
        return None;
    };
    let told = match member.level {
        Level::All => true,
        // What names nobody is what this level is meant to keep away.
        Level::Mentions => kind != NotificationKind::Direct || facts.mentioned || facts.answered,
        Level::Nothing => false,
    };
    told.then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member() -> MemberFacts {
        MemberFacts {
            hidden_upto: 0,
            has_read: false,
            level: Level::All,
            muted_until: None,
            blocks: false,
            deactivated: false,
        }
    }

    fn facts() -> Facts {
        Facts {
            author: false,
            direct: false,
            mentioned: true,
            answered: false,
            call: false,
            missed: false,
            deleted: false,
            seq: 10,
            at: Timestamp::from_millis(1_000),
            member: Some(member()),
        }
    }

    #[track_caller]
    fn tells(facts: Facts, kind: impl Into<Option<NotificationKind>>) {
        assert_eq!(concerns(&facts), kind.into(), "{facts:?}");
    }

    fn with(change: impl FnOnce(&mut MemberFacts)) -> Facts {
        let mut member = member();
        change(&mut member);
        Facts { member: Some(member), ..facts() }
    }

    #[test]
    fn the_strongest_reason_counts() {
        tells(facts(), NotificationKind::Mention);
        tells(Facts { answered: true, ..facts() }, NotificationKind::Mention);
        tells(Facts { mentioned: false, answered: true, ..facts() }, NotificationKind::Reply);
        tells(Facts { direct: true, ..facts() }, NotificationKind::Direct);
        tells(Facts { mentioned: false, ..facts() }, None);
    }

    #[test]
    fn a_missed_call_concerns_who_missed_it_and_nobody_else() {
        let missed = Facts { direct: true, mentioned: false, call: true, missed: true, ..facts() };
        tells(missed, NotificationKind::MissedCall);
        tells(Facts { missed: false, ..missed }, None);
        let member = with(|member| member.level = Level::Mentions).member;
        tells(Facts { member, ..missed }, NotificationKind::MissedCall);
        let member = with(|member| member.level = Level::Nothing).member;
        tells(Facts { member, ..missed }, None);
    }

    #[test]
    fn nobody_is_told_of_what_they_wrote_have_read_or_may_not_see() {
        tells(Facts { author: true, ..facts() }, None);
        tells(Facts { deleted: true, ..facts() }, None);
        tells(Facts { member: None, ..facts() }, None);
        tells(with(|member| member.has_read = true), None);
        tells(with(|member| member.hidden_upto = 10), None);
        tells(with(|member| member.hidden_upto = 9), NotificationKind::Mention);
        tells(with(|member| member.deactivated = true), None);
    }

    #[test]
    fn a_person_is_told_of_what_they_want_to_be_told_of() {
        tells(with(|member| member.blocks = true), None);
        tells(with(|member| member.level = Level::Nothing), None);
        tells(with(|member| member.level = Level::Mentions), NotificationKind::Mention);
        let direct =
            Facts { direct: true, mentioned: false, ..with(|member| member.level = Level::Mentions) };
        tells(direct, None);
        tells(Facts { mentioned: true, ..direct }, NotificationKind::Direct);
        tells(with(|member| member.muted_until = Some(Timestamp::from_millis(1_001))), None);
        let ended = with(|member| member.muted_until = Some(Timestamp::from_millis(1_000)));
        tells(ended, NotificationKind::Mention);
    }
}
