use proptest::{prelude::*, sample::select};

use super::*;

const ROLES: [Role; 4] = [Role::Guest, Role::Member, Role::Admin, Role::Owner];

const fn group(role: Option<Role>) -> Place {
    Place { role, public: false, direct: false, archived: false }
}

const fn change(asks: Role, before: Role, after: Role) -> RoleChange {
    RoleChange { place: group(Some(asks)), before, after, oneself: false, last_owner: false }
}

const fn removal(asks: Role, role: Role) -> Removal {
    Removal {
        place: group(Some(asks)),
        general: false,
        role,
        oneself: false,
        last_owner: false,
        alone: false,
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T>, code: &str) {
    assert_eq!(answer.unwrap_err().code(), code);
}

#[test]
fn nobody_is_brought_in_by_somebody_whom_they_blocked() {
    let fine = Newcomer { exists: true, ..Newcomer::default() };
    may_bring(fine, "user_ids", 0).unwrap();
    may_bring(Newcomer { blocked: true, ..fine }, "user_ids", 0).unwrap();
    refused(may_bring(Newcomer { blocks: true, ..fine }, "user_ids", 0), "blocked");
    let Err(Error::Invalid(fields)) = may_bring(Newcomer::default(), "user_ids", 3) else { panic!() };
    assert_eq!(fields[0].field, "user_ids[3]");
}

#[test]
fn guests_add_nobody_and_members_add_members() {
    refused(may_add(group(Some(Role::Guest)), Role::Guest), "role_too_low");
    may_add(group(Some(Role::Member)), Role::Guest).unwrap();
    may_add(group(Some(Role::Member)), Role::Member).unwrap();
    refused(may_add(group(Some(Role::Member)), Role::Admin), "role_too_low");
    may_add(group(Some(Role::Admin)), Role::Admin).unwrap();
    refused(may_add(group(Some(Role::Admin)), Role::Owner), "above_own_role");
    refused(may_add(group(None), Role::Member), "not_found");
}

#[test]
fn an_admin_raises_members_but_touches_no_other_admin() {
    may_change_role(change(Role::Admin, Role::Member, Role::Admin)).unwrap();
    refused(may_change_role(change(Role::Admin, Role::Admin, Role::Member)), "role_too_low");
    refused(may_change_role(change(Role::Admin, Role::Member, Role::Owner)), "above_own_role");
    may_change_role(change(Role::Owner, Role::Owner, Role::Guest)).unwrap();
}

#[test]
fn one_may_step_down_but_not_up_and_the_last_owner_does_not() {
    let own = |before, after| RoleChange { oneself: true, ..change(before, before, after) };
    may_change_role(own(Role::Admin, Role::Guest)).unwrap();
    refused(may_change_role(own(Role::Member, Role::Admin)), "above_own_role");
    may_change_role(own(Role::Owner, Role::Member)).unwrap();
    let last = RoleChange { last_owner: true, ..own(Role::Owner, Role::Member) };
    refused(may_change_role(last), "last_owner");
}

#[test]
fn a_group_is_left_at_any_time_but_not_without_an_owner() {
    let leave = |role| Removal { oneself: true, ..removal(role, role) };
    may_remove(leave(Role::Guest)).unwrap();
    let archived = Place { archived: true, ..group(Some(Role::Member)) };
    may_remove(Removal { place: archived, ..leave(Role::Member) }).unwrap();
    let last = Removal { last_owner: true, ..leave(Role::Owner) };
    refused(may_remove(last), "last_owner");
    may_remove(Removal { alone: true, ..last }).unwrap();
    refused(may_remove(Removal { place: group(None), ..leave(Role::Member) }), "not_found");
}

#[test]
fn direct_conversations_and_general_are_not_left() {
    let leave = Removal { oneself: true, ..removal(Role::Member, Role::Member) };
    let direct = Place { direct: true, ..leave.place };
    refused(may_remove(Removal { place: direct, ..leave }), "direct_conversation");
    refused(may_remove(Removal { general: true, ..leave }), "general");
    refused(may_remove(Removal { general: true, ..removal(Role::Owner, Role::Member) }), "general");
}

proptest! {
    #[test]
    fn nobody_gives_or_takes_what_they_do_not_have_themselves(
        asks in select(&ROLES[..]),
        before in select(&ROLES[..]),
        after in select(&ROLES[..]),
    ) {
        if may_change_role(change(asks, before, after)).is_ok() {
            prop_assert!(asks >= Role::Admin && after <= asks && before <= asks);
            prop_assert!(before < asks || asks == Role::Owner);
        }
        if may_remove(removal(asks, before)).is_ok() {
            prop_assert!(asks >= Role::Admin && (before < asks || asks == Role::Owner));
        }
    }
}
