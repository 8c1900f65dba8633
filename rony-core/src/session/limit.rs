//! How often somebody may try to sign in: by account, and by address.
//!
//! A limit is a bucket of tries that fills up again steadily, so that nobody waits long: 10 failed tries with an account at
//! once, then one every 90 seconds; 100 within a day, then one every 14 minutes (NIST SP 800-63B, 5.2.2, wants no more than
//! 100 in a row); 50 from an address, then one every 18 seconds. A right password gives the account's tries back.
//!
//! What else can be done without being signed in is limited by address too: see [`Anonymous`].
//!
//! Whoever guesses at somebody's account must not lock them out. So from an address where the account is signed in
//! already, tries are counted apart, and the address's own limit does not apply: neither a stranger elsewhere nor a
//! neighbour behind the same router can use them up.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use crate::{
    id::{RoomId, ShareId, UserId},
    time::Timestamp,
    username::UsernameKey,
};

/// So many tries at once, all of which come back, one after the other, within `window`.
#[derive(Clone, Copy)]
struct Rate {
    name: &'static str,
    tries: i64,
    window: i64,
}

const MINUTE: i64 = 60 * 1000;
const ACCOUNT: Rate = Rate { name: "account", tries: 10, window: 15 * MINUTE };
const ACCOUNT_DAY: Rate = Rate { name: "account-day", tries: 100, window: 24 * 60 * MINUTE };
const ADDRESS: Rate = Rate { name: "address", tries: 50, window: 15 * MINUTE };
const REGISTER: Rate = Rate { name: "register", tries: 30, window: 60 * MINUTE };
const SHARE: Rate = Rate { name: "share", tries: 60, window: 15 * MINUTE };
const SHARE_ADDRESS: Rate = Rate { name: "share-address", tries: 10, window: 15 * MINUTE };
const ROOM: Rate = Rate { name: "room", tries: 60, window: 15 * MINUTE };
const ROOM_ADDRESS: Rate = Rate { name: "room-address", tries: 10, window: 15 * MINUTE };
const GUEST: Rate = Rate { name: "guest", tries: 200, window: 60 * MINUTE };
const FOLLOW_PERSON: Rate = Rate { name: "follow-person", tries: 50, window: 15 * MINUTE };
const FOLLOW_PEOPLE: Rate = Rate { name: "follow-people", tries: 5000, window: 15 * MINUTE };
const FOLLOW: Rate = Rate { name: "follow", tries: 50, window: 15 * MINUTE };

/// What may be done without being signed in, besides signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anonymous {
    /// Making an account where registration is open: 30 at once, then one every two minutes.
    Register,
    /// Following a link (an invite, a password reset, the setup) or a room's code that is not good: 50 at once, then one every 18 seconds.
    Follow,
    /// Coming to a room as a guest: 200 at once, since a whole school may have one address, then one every 18 seconds.
    Guest,
}

/// What doing this from this address is charged to; nothing, where the address is not known.
#[must_use]
pub fn anonymous(what: Anonymous, address: Option<IpAddr>) -> Vec<Charge> {
    let rate = match what {
        Anonymous::Register => REGISTER,
        Anonymous::Follow => FOLLOW,
        Anonymous::Guest => GUEST,
    };
    address.map(|address| charge(rate, &[&network(address).to_string()], false)).into_iter().collect()
}

/// What a wrong code is charged to that somebody with an account tries: to them, 50 at once, then one every 18 seconds; and to the address, 5,000 at
/// once, which are few of 10¹³ codes: two thousand people behind one address may come to their meetings in the same moment, each of them taking a try
/// until it is known that their code is good.
#[must_use]
pub fn followed_by(user: UserId, address: Option<IpAddr>) -> Vec<Charge> {
    let of_address = address.map(|address| charge(FOLLOW_PEOPLE, &[&network(address).to_string()], false));
    [charge(FOLLOW_PERSON, &[&user.to_string()], false)].into_iter().chain(of_address).collect()
}

/// A try that is taken from one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Whose bucket: a hash, since what is typed as a name may be a password.
    pub subject: [u8; 32],
    /// Whether a right password empties the bucket of failures. Otherwise it takes back its own try only.
    pub forgiven: bool,
    /// How many milliseconds one try needs to come back.
    pub interval: i64,
    /// How many milliseconds all of them need.
    window: i64,
}

/// What a try with this name from this address is charged to. `known`: the account is signed in at this address already.
#[must_use]
pub fn charges(name: &UsernameKey, address: Option<IpAddr>, known: bool) -> Vec<Charge> {
    let place = address.filter(|_| known).map(|address| network(address).to_string());
    let account = |rate| charge(rate, &[name.as_str(), place.as_deref().unwrap_or_default()], true);
    let mut charges = vec![account(ACCOUNT), account(ACCOUNT_DAY)];
    if let Some(address) = address.filter(|_| !known) {
        charges.push(charge(ADDRESS, &[&network(address).to_string()], false));
    }
    charges
}

/// What a try with the password of a link is charged to: to the link, 60 at once from wherever they come, then one every 15 seconds; and to
/// the address, for all links, 10 at once, then one every 90 seconds.
#[must_use]
pub fn share_password(share: ShareId, address: Option<IpAddr>) -> Vec<Charge> {
    password_of(SHARE, &share.to_string(), SHARE_ADDRESS, address)
}

/// What a try with the password of a room is charged to, as for links: to the room, and to the address for all rooms.
#[must_use]
pub fn room_password(room: RoomId, address: Option<IpAddr>) -> Vec<Charge> {
    password_of(ROOM, &room.to_string(), ROOM_ADDRESS, address)
}

fn password_of(rate: Rate, id: &str, rate_of_address: Rate, address: Option<IpAddr>) -> Vec<Charge> {
    let of_address = address.map(|address| charge(rate_of_address, &[&network(address).to_string()], false));
    [charge(rate, &[id], false)].into_iter().chain(of_address).collect()
}

fn charge(rate: Rate, parts: &[&str], forgiven: bool) -> Charge {
    let mut hash = Sha256::new();
    for part in [&[rate.name], parts].concat() {
        hash.update(part);
        hash.update([0]);
    }
    Charge {
        subject: hash.finalize().into(),
        forgiven,
        interval: rate.window / rate.tries,
        window: rate.window,
    }
}

/// What a limit of addresses counts: whoever has one address of an IPv6 network usually has 2^64 of them.
#[must_use]
pub const fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
    }
}

impl Charge {
    /// Takes the try from a bucket whose failures are all forgiven at `clear_at` (`None`: it has none): when they are
    /// then.
    ///
    /// # Errors
    ///
    /// How long to wait when the bucket is empty.
    pub fn take(&self, clear_at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, Duration> {
        let now = now.as_millis();
        let used = clear_at.map_or(0, |clear_at| clear_at.as_millis() - now).max(0);
        if used > self.window {
            // Further away than can be: the clock was set back. One try now, and the others as they come back.
            return Ok(Timestamp::from_millis(now + self.window));
        }
        match used + self.interval - self.window {
            missing @ 1.. => Err(Duration::from_millis(missing.unsigned_abs())),
            _ => Ok(Timestamp::from_millis(now + used + self.interval)),
        }
    }

    /// Whether nothing is left after [`Charge::take`] gave `clear_at`.
    #[must_use]
    pub fn is_last(&self, clear_at: Timestamp, now: Timestamp) -> bool {
        self.take(Some(clear_at), now).is_err()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> UsernameKey {
        UsernameKey::of(text)
    }

    fn subjects(who: &str, address: &str, known: bool) -> Vec<[u8; 32]> {
        let charges = charges(&name(who), Some(address.parse().unwrap()), known);
        charges.iter().map(|charge| charge.subject).collect()
    }

    #[test]
    fn ten_tries_then_one_every_ninety_seconds() {
        let [account, ..] = charges(&name("ann"), None, false)[..] else { panic!("an account has limits") };
        let now = Timestamp::from_millis(1_000_000);
        let mut clear_at = None;
        for _ in 0..10 {
            clear_at = Some(account.take(clear_at, now).unwrap());
        }
        assert!(account.is_last(clear_at.unwrap(), now));
        assert_eq!(account.take(clear_at, now).unwrap_err(), Duration::from_secs(90));
        let later = now.plus(Duration::from_secs(90));
        clear_at = Some(account.take(clear_at, later).unwrap());
        assert_eq!(account.take(clear_at, later).unwrap_err(), Duration::from_secs(90));
    }

    #[test]
    fn nobody_waits_longer_than_a_quarter_of_an_hour() {
        for charge in charges(&name("ann"), Some("192.0.2.1".parse().unwrap()), false) {
            assert!(charge.interval <= 15 * MINUTE);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out_and_gives_one_try() {
        for charge in charges(&name("ann"), Some("192.0.2.1".parse().unwrap()), false) {
            let tomorrow = Timestamp::from_millis(10 * 24 * 60 * MINUTE);
            let clear_at = charge.take(None, tomorrow).unwrap();
            let today = tomorrow.minus(Duration::from_secs(3 * 24 * 60 * 60));
            let clear_at = charge.take(Some(clear_at), today).unwrap();
            assert!(charge.take(Some(clear_at), today).unwrap_err() <= Duration::from_secs(15 * 60));
        }
    }

    #[test]
    fn spellings_of_a_name_and_addresses_of_a_network_share_a_bucket() {
        assert_eq!(subjects("ann", "192.0.2.1", false), subjects("Ann", "::ffff:192.0.2.1", false));
        assert_eq!(subjects("ann", "2001:db8::1", false), subjects("ann", "2001:db8::ffff:2", false));
        assert_ne!(subjects("ann", "2001:db8::1", false), subjects("ann", "2001:db8:0:1::1", false));
    }

    #[test]
    fn what_is_done_without_an_account_has_limits_of_its_own() {
        let address = Some("192.0.2.1".parse().unwrap());
        let subject = |what| anonymous(what, address)[0].subject;
        let signing_in = subjects("ann", "192.0.2.1", false);
        assert_ne!(subject(Anonymous::Register), subject(Anonymous::Follow));
        assert!(!signing_in.contains(&subject(Anonymous::Follow)));
        assert_eq!(anonymous(Anonymous::Follow, None), []);
    }

    #[test]
    fn tries_with_the_password_of_a_link_are_limited_by_link_and_by_address() {
        let address = Some("192.0.2.1".parse().unwrap());
        let (one, other) = (ShareId(uuid::Uuid::nil()), ShareId(uuid::Uuid::max()));
        let subjects =
            |share| share_password(share, address).iter().map(|charge| charge.subject).collect::<Vec<_>>();
        assert_ne!(subjects(one)[0], subjects(other)[0]);
        assert_eq!(subjects(one)[1], subjects(other)[1]);
        assert_eq!(share_password(one, None).len(), 1);
    }

    #[test]
    fn where_an_account_is_signed_in_strangers_cannot_use_its_tries_up() {
        let (there, elsewhere) = (subjects("ann", "192.0.2.1", true), subjects("ann", "192.0.2.1", false));
        assert!(there.iter().all(|subject| !elsewhere.contains(subject)));
        assert_eq!((there.len(), elsewhere.len()), (2, 3));
    }

    proptest! {
        #[test]
        fn no_more_tries_get_through_than_come_back(pauses in prop::collection::vec(0..200_000_i64, 1..200)) {
            for charge in charges(&name("ann"), Some("192.0.2.1".parse().unwrap()), false) {
                let (mut now, mut clear_at, mut taken) = (Timestamp::from_millis(0), None, 0);
                for pause in &pauses {
                    now = Timestamp::from_millis(now.as_millis() + pause);
                    if let Ok(next) = charge.take(clear_at, now) {
                        (clear_at, taken) = (Some(next), taken + 1);
                    }
                }
                prop_assert!(taken <= (charge.window + now.as_millis()) / charge.interval);
            }
        }
    }
}
