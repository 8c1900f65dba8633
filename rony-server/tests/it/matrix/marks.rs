//! What people set beside messages: reactions, pins, read marks, drafts.

use rony_core::actor::Scope;
use serde_json::json;

use super::{
    row::{ARCHIVED, Body, INSIDE, NOT_A_MEMBER, OUTSIDE, PEOPLE, ROLE_TOO_LOW, Row, Who},
    scene::Thing,
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = reactions();
    rows.extend(pins());
    rows.extend(read_marks());
    rows.extend(drafts());
    rows
}

fn reactions() -> Vec<Row> {
    let add = |things| {
        let route = "PUT /conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}";
        Row::on(route, things).needs(Scope::Write).ids(&["group", "message", "emoji"])
    };
    let remove = |things| {
        let route = "DELETE /conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}";
        let row = Row::on(route, things).needs(Scope::Write).ids(&["group", "message", "emoji"]);
        row.after("PUT", Body::Nothing)
    };
    vec![
        add(&[Thing::Group]).allows(200, INSIDE),
        add(&[Thing::Public]).allows(200, INSIDE),
        add(&[Thing::Direct]).allows(200, &[Who::Owner, Who::Member]),
        add(&[Thing::Archived]).says(ARCHIVED, INSIDE).nobody("an archived conversation is not written"),
        remove(&[Thing::Group]).allows(200, INSIDE),
        remove(&[Thing::Public]).allows(200, INSIDE).says(NOT_A_MEMBER, OUTSIDE),
    ]
}

fn pins() -> Vec<Row> {
    let list = |things| {
        let row = Row::on("GET /conversations/{conversation_id}/pins", things).needs(Scope::Read);
        row.ids(&["group"]).allows(200, INSIDE).shows("pinned", INSIDE)
    };
    let change = |route, things| {
        let row = Row::on(route, things).needs(Scope::Write).says(ROLE_TOO_LOW, &[Who::Guest]);
        row.allows(204, &[Who::Member, Who::Admin, Who::Owner])
    };
    let add = |things| {
        change("PUT /conversations/{conversation_id}/pins/{message_id}", things).ids(&["group", "message"])
    };
    let remove = |things| {
        change("DELETE /conversations/{conversation_id}/pins/{message_id}", things).ids(&["group", "pinned"])
    };
    vec![
        list(&[Thing::Group]),
        list(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        add(&[Thing::Group]),
        add(&[Thing::Public]),
        remove(&[Thing::Group]),
        remove(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
    ]
}

fn read_marks() -> Vec<Row> {
    let list = |things| {
        let row = Row::on("GET /conversations/{conversation_id}/read", things).needs(Scope::Read);
        row.ids(&["group"]).allows(200, INSIDE)
    };
    // The owner wrote the newest message, and has read it.
    let mark = |things| {
        let row = Row::on("PUT /conversations/{conversation_id}/read", things).needs(Scope::Write);
        let row = row.ids(&["group"]).allows(200, INSIDE).tokens_of(Who::Member);
        row.unchanged(&[Who::Owner]).json(|_| json!({"ordinal": 2}))
    };
    vec![
        list(&[Thing::Group]),
        list(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        mark(&[Thing::Group]),
        mark(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
    ]
}

fn drafts() -> Vec<Row> {
    let get = |things| {
        let row = Row::on("GET /conversations/{conversation_id}/draft", things).needs(Scope::Read);
        row.ids(&["group"]).allows(200, INSIDE)
    };
    let save = |things| {
        let row = Row::on("PUT /conversations/{conversation_id}/draft", things).needs(Scope::Write);
        row.ids(&["group"]).allows(200, INSIDE).json(|_| json!({"text": "Dear all"}))
    };
    vec![
        Row::on("GET /drafts", &[Thing::Group, Thing::Draft])
            .needs(Scope::Read)
            .allows(200, PEOPLE)
            .shows("word", &[Who::Owner]),
        get(&[Thing::Group, Thing::Draft]).shows("word", &[Who::Owner]),
        get(&[Thing::Public, Thing::Draft]).shows("word", &[Who::Owner]).says(NOT_A_MEMBER, OUTSIDE),
        save(&[Thing::Group]),
        save(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
    ]
}
