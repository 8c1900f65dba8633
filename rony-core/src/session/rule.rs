//! How long sessions live.

use std::time::Duration;

use super::{By, Kept, Kind, service::deactivated};
use crate::{Error, Result, Settings, time::Timestamp};

/// What the rule needs to know of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// It is a program's.
    pub bot: bool,
    /// It is switched off.
    pub deactivated: bool,
}

/// Whether a session of this account may begin without its password.
///
/// # Errors
///
/// [`Error::Conflict`] or [`Error::Unauthenticated`] with code `account_deactivated`; [`Error::Forbidden`] with code
/// `not_a_bot` when an administrator asks for a person's.
pub fn may_begin(by: By, owner: Owner) -> Result<()> {
    match by {
        By::Administrator(_) if !owner.bot => Err(Error::forbidden(
            "not_a_bot",
            "Only a bot's tokens are made by administrators: people make their own.",
        )),
        By::Owner(_) if owner.deactivated => Err(deactivated()),
        _ if owner.deactivated => {
            Err(Error::conflict("account_deactivated", "This account is deactivated. Bring it back first."))
        }
        _ => Ok(()),
    }
}

/// The moment of last use is written at most this often, so that reading does not write each time.
const USE: Duration = Duration::from_secs(5 * 60);

/// When a device ends however much it is used. An operator who shortens the lifetime shortens that of the devices that
/// are signed in.
pub(super) fn lifetime_ends_at(kept: &Kept, settings: &Settings) -> Timestamp {
    let end = kept.created_at.plus(settings.session_lifetime);
    kept.expires_at.map_or(end, |written| written.min(end))
}

/// When a device ends if it is not used.
pub(super) fn idle_ends_at(kept: &Kept, settings: &Settings) -> Timestamp {
    kept.last_used_at.plus(settings.session_idle).min(lifetime_ends_at(kept, settings))
}

/// Whether it is over.
pub(super) fn is_over(kept: &Kept, now: Timestamp, settings: &Settings) -> bool {
    match kept.kind {
        Kind::Device => idle_ends_at(kept, settings) <= now,
        Kind::Token => kept.expires_at.is_some_and(|end| end <= now),
    }
}

/// Whether its use now is worth writing down.
pub(super) fn is_use(kept: &Kept, now: Timestamp, settings: &Settings) -> bool {
    let first = kept.kind == Kind::Token && kept.last_used_at == kept.created_at;
    let since = now.since(kept.last_used_at);
    since >= USE.min(settings.session_idle / 10) || first && !since.is_zero()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        actor::Scopes,
        id::{SessionId, UserId},
    };

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn at(days: u32) -> Timestamp {
        Timestamp::from_millis(1_767_225_600_000).plus(DAY * days)
    }

    fn kept(kind: Kind, last_used_at: Timestamp, expires_at: Option<Timestamp>) -> Kept {
        Kept {
            id: SessionId::new(at(0)),
            user_id: UserId::new(at(0)),
            kind,
            name: String::new(),
            scopes: Scopes::ALL,
            address: String::new(),
            user_agent: String::new(),
            created_at: at(0),
            last_used_at,
            expires_at,
        }
    }

    #[test]
    fn a_device_ends_when_it_is_not_used_and_at_the_latest_after_its_lifetime() {
        let settings = Settings::default();
        let idle = kept(Kind::Device, at(0), Some(at(180)));
        assert!(!is_over(&idle, at(30).minus(Duration::from_millis(1)), &settings));
        assert!(is_over(&idle, at(30), &settings));
        let used = kept(Kind::Device, at(179), Some(at(180)));
        assert!(!is_over(&used, at(180).minus(Duration::from_millis(1)), &settings));
        assert!(is_over(&used, at(180), &settings));
    }

    #[test]
    fn a_shorter_lifetime_holds_for_the_sessions_that_there_are() {
        let shorter = Settings { session_lifetime: 7 * DAY, ..Settings::default() };
        assert!(is_over(&kept(Kind::Device, at(7), Some(at(180))), at(7), &shorter));
    }

    #[test]
    fn a_token_ends_when_its_maker_said_and_needs_no_use() {
        let settings = Settings::default();
        assert!(!is_over(&kept(Kind::Token, at(0), None), at(10_000), &settings));
        assert!(is_over(&kept(Kind::Token, at(0), Some(at(1))), at(1), &settings));
    }

    #[test]
    fn use_is_written_now_and_then_only() {
        let settings = Settings::default();
        let device = kept(Kind::Device, at(1), None);
        assert!(!is_use(&device, at(1).plus(USE / 2), &settings));
        assert!(is_use(&device, at(1).plus(USE), &settings));
        assert!(!is_use(&device, at(0), &settings), "a clock that was set back");
        assert!(is_use(&kept(Kind::Token, at(0), None), at(0).plus(USE / 2), &settings), "the first use");
    }

    proptest! {
        #[test]
        fn what_is_over_stays_over_as_time_goes_on(used in 0..200_u32, now in 0..400_u32, later in 0..400_u32) {
            let (settings, session) = (Settings::default(), kept(Kind::Device, at(used), Some(at(180))));
            if is_over(&session, at(now), &settings) {
                prop_assert!(is_over(&session, at(now + later), &settings));
            }
        }
    }
}
