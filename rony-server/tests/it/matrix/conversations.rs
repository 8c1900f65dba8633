//! Who finds, starts, changes and deletes conversations.

use rony_core::actor::Scope;
use serde_json::json;
use uuid::Uuid;

use super::{
    row::{BLOCKED, INSIDE, NOT_A_MEMBER, OUTSIDE, PEOPLE, ROLE_TOO_LOW, Row, Who},
    scene::Thing,
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = finding();
    rows.extend(starting());
    rows.extend(changing());
    rows
}

fn finding() -> Vec<Row> {
    let list = |things| Row::on("GET /conversations", things).needs(Scope::Read).allows(200, PEOPLE);
    let one = |things| Row::on("GET /conversations/{id}", things).needs(Scope::Read).ids(&["group"]);
    vec![
        list(&[Thing::Group]).query(|_| "limit=100".into()).shows("group", INSIDE),
        list(&[Thing::Public]).query(|_| "limit=100".into()).shows("group", INSIDE),
        list(&[Thing::Group]).query(|_| "scope=public".into()).shows("group", &[]),
        list(&[Thing::Public]).query(|_| "scope=public".into()).shows("group", PEOPLE),
        list(&[Thing::Group]).query(|it| format!("scope=public&query={}", &it["word"])).shows("group", &[]),
        one(&[Thing::Group]).allows(200, INSIDE).shows("word", INSIDE),
        one(&[Thing::Public]).allows(200, PEOPLE).shows("word", PEOPLE),
        one(&[Thing::Direct]).allows(200, &[Who::Owner, Who::Member]),
    ]
}

fn starting() -> Vec<Row> {
    let start = |things| Row::on("POST /conversations", things).needs(Scope::Manage);
    vec![
        start(&[Thing::Somebody]).allows(201, PEOPLE).json(|it| {
            json!({"client_id": Uuid::new_v4(), "kind": "group", "title": "New", "member_ids": [&it["somebody"]]})
        }),
        start(&[Thing::Somebody]).allows(201, PEOPLE).json(|it| {
            json!({"client_id": Uuid::new_v4(), "kind": "direct", "member_ids": [&it["somebody"]]})
        }),
        start(&[Thing::Blocker]).allows(201, PEOPLE).says(BLOCKED, &[Who::Blocked]).json(|it| {
            json!({"client_id": Uuid::new_v4(), "kind": "direct", "member_ids": [&it["somebody"]]})
        }),
        start(&[Thing::Blocker]).allows(201, PEOPLE).says(BLOCKED, &[Who::Blocked]).json(|it| {
            json!({"client_id": Uuid::new_v4(), "kind": "group", "title": "New", "member_ids": [&it["somebody"]]})
        }),
    ]
}

fn changing() -> Vec<Row> {
    let change = |things| {
        let row = Row::on("PATCH /conversations/{id}", things).needs(Scope::Manage).ids(&["group"]);
        row.allows(200, &[Who::Admin, Who::Owner]).says(ROLE_TOO_LOW, &[Who::Guest, Who::Member])
    };
    let delete = |things| {
        let row = Row::on("DELETE /conversations/{id}", things).needs(Scope::Manage).ids(&["group"]);
        row.allows(204, &[Who::Owner]).says(ROLE_TOO_LOW, &[Who::Guest, Who::Member, Who::Admin])
    };
    vec![
        change(&[Thing::Group]).json(|_| json!({"title": "Changed"})),
        change(&[Thing::Group]).json(|_| json!({"visibility": "public"})),
        change(&[Thing::Group]).json(|_| json!({"archived": true})),
        change(&[Thing::Archived]).json(|_| json!({"archived": false})),
        change(&[Thing::Public]).json(|_| json!({"topic": "Changed"})).says(NOT_A_MEMBER, OUTSIDE),
        delete(&[Thing::Group]),
        delete(&[Thing::Archived]),
        delete(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
    ]
}
