//! Who sees, adds, changes and removes the members of a conversation, and who joins and leaves by themselves.

use rony_core::actor::Scope;
use serde_json::json;

use super::{
    row::{
        ABOVE_OWN_ROLE, INSIDE, LAST_OWNER, NOT_A_MEMBER, NOT_FOUND, OUTSIDE, Outcome, PEOPLE, ROLE_TOO_LOW,
        Row, Who,
    },
    scene::Thing,
};

const DIRECT: Outcome = Outcome::Refused(403, "direct_conversation");

pub(super) fn rows() -> Vec<Row> {
    let mut rows = adding();
    rows.extend(roles());
    rows.extend(removing());
    rows.extend(oneself());
    rows
}

fn adding() -> Vec<Row> {
    let list = |things| {
        let row = Row::on("GET /conversations/{id}/members", things).needs(Scope::Read).ids(&["group"]);
        row.allows(200, INSIDE).shows("guest", INSIDE)
    };
    let add = |things| {
        let row = Row::on("POST /conversations/{id}/members", things).needs(Scope::Manage).ids(&["group"]);
        row.allows(200, &[Who::Member, Who::Admin, Who::Owner]).says(ROLE_TOO_LOW, &[Who::Guest])
    };
    vec![
        list(&[Thing::Group]),
        list(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        add(&[Thing::Group, Thing::Somebody]).json(|it| json!({"user_id": &it["somebody"]})),
        add(&[Thing::Group, Thing::Somebody])
            .json(|it| json!({"user_id": &it["somebody"], "role": "admin"}))
            .says(ROLE_TOO_LOW, &[Who::Member]),
        add(&[Thing::Group, Thing::Somebody])
            .json(|it| json!({"user_id": &it["somebody"], "role": "owner"}))
            .says(ROLE_TOO_LOW, &[Who::Member])
            .says(ABOVE_OWN_ROLE, &[Who::Admin]),
        add(&[Thing::Public, Thing::Somebody])
            .json(|it| json!({"user_id": &it["somebody"]}))
            .says(NOT_A_MEMBER, OUTSIDE),
        add(&[Thing::Direct, Thing::Somebody])
            .json(|it| json!({"user_id": &it["somebody"]}))
            .says(DIRECT, &[Who::Owner, Who::Member])
            .says(NOT_FOUND, &[Who::Guest, Who::Admin])
            .nobody("a direct conversation stays between two"),
    ]
}

fn roles() -> Vec<Row> {
    let change = |whom| {
        let row = Row::on("PATCH /conversations/{id}/members/{user_id}", &[Thing::Group]).ids(whom);
        row.needs(Scope::Manage).allows(200, &[Who::Admin, Who::Owner]).says(ROLE_TOO_LOW, INSIDE)
    };
    vec![
        change(&["group", "guest"])
            .json(|_| json!({"role": "member"}))
            .allows(200, &[Who::Admin, Who::Owner])
            .says(ABOVE_OWN_ROLE, &[Who::Guest]),
        change(&["group", "admin"])
            .json(|_| json!({"role": "member"}))
            .allows(200, &[Who::Admin, Who::Owner]),
        change(&["group", "member"])
            .json(|_| json!({"role": "owner"}))
            .allows(200, &[Who::Owner])
            .says(ABOVE_OWN_ROLE, &[Who::Member, Who::Admin]),
        change(&["group", "owner"])
            .json(|_| json!({"role": "guest"}))
            .says(LAST_OWNER, &[Who::Owner])
            .nobody("a conversation keeps an owner"),
        change(&["group", "stranger"])
            .json(|_| json!({"role": "guest"}))
            .says(NOT_FOUND, INSIDE)
            .nobody("who is no member has no role"),
    ]
}

fn removing() -> Vec<Row> {
    let remove = |whom| {
        let row = Row::on("DELETE /conversations/{id}/members/{user_id}", &[Thing::Group]).ids(whom);
        row.needs(Scope::Manage).says(ROLE_TOO_LOW, INSIDE)
    };
    vec![
        remove(&["group", "guest"]).allows(204, &[Who::Guest, Who::Admin, Who::Owner]),
        remove(&["group", "member"]).allows(204, &[Who::Member, Who::Admin, Who::Owner]),
        remove(&["group", "admin"]).allows(204, &[Who::Admin, Who::Owner]),
        remove(&["group", "owner"]).says(LAST_OWNER, &[Who::Owner]).nobody("a conversation keeps an owner"),
    ]
}

fn oneself() -> Vec<Row> {
    let join = |things| Row::on("POST /conversations/{id}/join", things).needs(Scope::Manage).ids(&["group"]);
    let leave = |things| {
        let row = Row::on("POST /conversations/{id}/leave", things).needs(Scope::Manage).ids(&["group"]);
        row.tokens_of(Who::Member)
            .allows(204, &[Who::Guest, Who::Member, Who::Admin])
            .says(LAST_OWNER, &[Who::Owner])
    };
    let keep = |things| {
        let row = Row::on("PATCH /conversations/{id}/me", things).needs(Scope::Profile).ids(&["group"]);
        row.allows(200, INSIDE).json(|_| json!({"favorite": true}))
    };
    vec![
        join(&[Thing::Public]).allows(204, PEOPLE).unchanged(INSIDE),
        join(&[Thing::Group]).allows(204, INSIDE).unchanged(INSIDE),
        leave(&[Thing::Group]),
        leave(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        keep(&[Thing::Group]),
        keep(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
    ]
}
