//! Who may come in, and what who may do: pure functions from facts to a verdict.

use rony_core::room::{Lobby, Proof};

use super::settings::{Limits, Settings};
use crate::{
    person::{Person, Role},
    signal::{Moderate, Refusal},
};

/// What is known when somebody stands before the door.
#[derive(Clone, Copy, Debug)]
pub struct EntryFacts<'a> {
    /// Who.
    pub person: &'a Person,
    /// What they typed.
    pub password: Proof,
    /// How the room is set up.
    pub settings: &'a Settings,
    /// How much it takes.
    pub limits: &'a Limits,
    /// Whether the door is shut.
    pub locked: bool,
    /// Whether they were removed before.
    pub removed: bool,
    /// Whether they are not of the conversation that meets here, where one does.
    pub outsider: bool,
    /// Whether somebody was removed: the next guest may be the same, for whom a new token is nothing.
    pub wary: bool,
    /// How many are in.
    pub inside: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many seats they have already.
    pub own: usize,
}

/// What the door says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Come in, as this.
    Enter(Role),
    /// Wait until somebody lets you in.
    Knock(Role),
    /// Not now, or not at all.
    Refuse(Refusal),
}

/// Decides who may come in.
#[must_use]
pub fn entry(facts: &EntryFacts<'_>) -> Entry {
    let role = role_at_the_door(facts.person, facts.settings, facts.outsider);
    let full = facts.inside >= facts.limits.people;
    // The owner is never kept out of the own room, but by its size.
    if role == Role::Host {
        return if full { Entry::Refuse(Refusal::Full) } else { Entry::Enter(role) };
    }
    let refusals = [
        (facts.removed, Refusal::Removed),
        (role == Role::Guest && !facts.settings.guests, Refusal::GuestsNotAllowed),
        (facts.own >= facts.limits.seats_a_person, Refusal::TooManyDevices),
        (full, Refusal::Full),
        (facts.locked && role < Role::CoHost, Refusal::Locked),
    ];
    if let Some((_, refusal)) = refusals.into_iter().find(|(applies, _)| *applies) {
        return Entry::Refuse(refusal);
    }
    if role == Role::CoHost {
        return Entry::Enter(role);
    }
    if facts.settings.password && facts.password != Proof::Right {
        let typed = facts.password == Proof::Wrong;
        return Entry::Refuse(if typed { Refusal::PasswordWrong } else { Refusal::PasswordNeeded });
    }
    let knocks = match facts.settings.lobby {
        Lobby::Off => role == Role::Guest && facts.wary,
        Lobby::Guests => role == Role::Guest || facts.outsider,
        Lobby::Everyone => true,
    };
    match (knocks, facts.waiting >= facts.limits.lobby) {
        (false, _) => Entry::Enter(role),
        (true, false) => Entry::Knock(role),
        (true, true) => Entry::Refuse(Refusal::LobbyFull),
    }
}

/// What somebody is by the room's settings alone. Whoever is not, or no more, in the room's conversation looks after nothing there.
fn role_at_the_door(person: &Person, settings: &Settings, outsider: bool) -> Role {
    match person.user_id() {
        None => Role::Guest,
        Some(_) if outsider => Role::Participant,
        Some(id) if id == settings.owner => Role::Host,
        Some(id) if settings.co_hosts.contains(&id) => Role::CoHost,
        Some(_) => Role::Participant,
    }
}

/// Decides whether somebody may look after the room in this way. `target` is the role of whom it is about.
///
/// # Errors
/// Why not.
pub fn moderate(actor: Role, what: &Moderate, target: Option<Role>) -> Result<(), Refusal> {
    if !actor.moderates() {
        return Err(Refusal::NotAllowed);
    }
    let host = actor == Role::Host;
    match what {
        Moderate::End => host.then_some(()).ok_or(Refusal::HostOnly),
        Moderate::Role { role, .. } => {
            if !host {
                return Err(Refusal::HostOnly);
            }
            // A guest has no account to be held to anything, and the host becomes something else by making another one host.
            let fine = *role != Role::Guest && !matches!(target, Some(Role::Guest | Role::Host));
            fine.then_some(()).ok_or(Refusal::NotAllowed)
        }
        Moderate::Kick { .. } | Moderate::Mute { .. } => {
            // Co-hosts do not fight each other, and nobody removes the host.
            let above = target.is_none_or(|target| actor > target);
            above.then_some(()).ok_or(Refusal::HostOnly)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rony_core::id::UserId;

    use super::*;
    use crate::id::{GuestId, PeerId};

    fn user(number: u128) -> UserId {
        UserId(uuid::Uuid::from_u128(number))
    }

    /// 1 is the owner, 2 a co-host.
    fn settings() -> Settings {
        let mut settings = Settings::new(user(1));
        settings.co_hosts.insert(user(2));
        settings
    }

    fn guest() -> Person {
        Person::guest(GuestId(uuid::Uuid::from_u128(9)), "Guest")
    }

    #[track_caller]
    fn verdict(
        person: &Person,
        settings: &Settings,
        change: impl FnOnce(&mut EntryFacts<'_>),
        expected: Entry,
    ) {
        let limits = Limits::default();
        let mut facts = EntryFacts {
            person,
            password: Proof::Missing,
            settings,
            limits: &limits,
            locked: false,
            removed: false,
            outsider: false,
            wary: false,
            inside: 0,
            waiting: 0,
            own: 0,
        };
        change(&mut facts);
        assert_eq!(entry(&facts), expected, "{facts:?}");
    }

    #[test]
    fn a_guest_knocks_and_people_with_an_account_come_in() {
        verdict(&guest(), &settings(), |_| {}, Entry::Knock(Role::Guest));
        verdict(&Person::user(user(3), "Ann"), &settings(), |_| {}, Entry::Enter(Role::Participant));
        verdict(&Person::user(user(2), "Bo"), &settings(), |_| {}, Entry::Enter(Role::CoHost));
        let all = Settings { lobby: Lobby::Everyone, ..settings() };
        verdict(&Person::user(user(3), "Ann"), &all, |_| {}, Entry::Knock(Role::Participant));
        let none = Settings { guests: false, ..settings() };
        verdict(&guest(), &none, |_| {}, Entry::Refuse(Refusal::GuestsNotAllowed));
    }

    #[test]
    fn who_is_not_of_the_conversation_knocks_as_guests_do() {
        let cy = Person::user(user(3), "Cy");
        verdict(&cy, &settings(), |facts| facts.outsider = true, Entry::Knock(Role::Participant));
        let open = Settings { lobby: Lobby::Off, ..settings() };
        verdict(&cy, &open, |facts| facts.outsider = true, Entry::Enter(Role::Participant));
    }

    #[test]
    fn who_is_no_more_of_the_conversation_looks_after_nothing_there() {
        for person in [Person::user(user(1), "Ann"), Person::user(user(2), "Bo")] {
            verdict(&person, &settings(), |facts| facts.outsider = true, Entry::Knock(Role::Participant));
            let locked = |facts: &mut EntryFacts<'_>| (facts.outsider, facts.locked) = (true, true);
            verdict(&person, &settings(), locked, Entry::Refuse(Refusal::Locked));
        }
    }

    #[test]
    fn after_one_was_removed_guests_knock_at_an_open_door_too() {
        let open = Settings { lobby: Lobby::Off, ..settings() };
        verdict(&guest(), &open, |_| {}, Entry::Enter(Role::Guest));
        verdict(&guest(), &open, |facts| facts.wary = true, Entry::Knock(Role::Guest));
        let ann = Person::user(user(3), "Ann");
        verdict(&ann, &open, |facts| facts.wary = true, Entry::Enter(Role::Participant));
    }

    #[test]
    fn the_owner_comes_in_whatever_was_done_to_the_door() {
        let shut = Settings { lobby: Lobby::Everyone, password: true, ..settings() };
        let owner = Person::user(user(1), "Cy");
        verdict(
            &owner,
            &shut,
            |facts| (facts.locked, facts.removed) = (true, true),
            Entry::Enter(Role::Host),
        );
        verdict(&owner, &shut, |facts| facts.inside = 100, Entry::Refuse(Refusal::Full));
    }

    #[test]
    fn a_password_comes_before_the_lobby() {
        let secret = Settings { password: true, ..settings() };
        let tells =
            |password, expected| verdict(&guest(), &secret, |facts| facts.password = password, expected);
        tells(Proof::Missing, Entry::Refuse(Refusal::PasswordNeeded));
        tells(Proof::Wrong, Entry::Refuse(Refusal::PasswordWrong));
        tells(Proof::Right, Entry::Knock(Role::Guest));
    }

    fn role() -> impl Strategy<Value = Role> {
        proptest::sample::select(vec![Role::Guest, Role::Participant, Role::CoHost, Role::Host])
    }

    proptest! {
        #[test]
        fn nobody_acts_against_somebody_of_their_own_rank_or_above(actor in role(), target in role()) {
            let kick = moderate(actor, &Moderate::Kick { peer: PeerId(1) }, Some(target));
            prop_assert_eq!(kick.is_ok(), actor.moderates() && actor > target);
        }

        #[test]
        fn only_a_host_makes_a_host_and_never_of_a_guest(actor in role(), target in role(), new in role()) {
            let verdict = moderate(actor, &Moderate::Role { peer: PeerId(1), role: new }, Some(target));
            if verdict.is_ok() {
                prop_assert!(actor == Role::Host && new != Role::Guest);
                prop_assert!(matches!(target, Role::Participant | Role::CoHost));
            }
        }
    }
}
