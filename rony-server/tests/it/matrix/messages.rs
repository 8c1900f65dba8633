//! Who reads, posts, changes and deletes messages, and that none is reached from another conversation.

use rony_core::actor::Scope;
use serde_json::json;
use uuid::Uuid;

use super::{
    row::{ARCHIVED, BLOCKED, INSIDE, NOT_A_MEMBER, NOT_YOURS, OUTSIDE, Outcome, ROLE_TOO_LOW, Row, Who},
    scene::{Scene, Thing},
};

const DIRECT: Outcome = Outcome::Refused(403, "direct_conversation");
const MESSAGE: &[&str] = &["group", "message"];

fn new(_: &Scene) -> serde_json::Value {
    json!({"client_id": Uuid::new_v4(), "text": "Hello"})
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = reading();
    rows.extend(posting());
    rows.extend(changing());
    rows.extend(of_elsewhere());
    rows
}

fn reading() -> Vec<Row> {
    let list = |things| {
        let row = Row::on("GET /conversations/{id}/messages", things).needs(Scope::Read).ids(&["group"]);
        row.allows(200, INSIDE).shows("word", INSIDE)
    };
    let one = |things| {
        let row = Row::on("GET /conversations/{id}/messages/{message_id}", things).needs(Scope::Read);
        row.ids(MESSAGE).allows(200, INSIDE).shows("word", INSIDE)
    };
    let versions = |things| {
        let row =
            Row::on("GET /conversations/{id}/messages/{message_id}/versions", things).needs(Scope::Read);
        row.ids(MESSAGE).allows(200, &[Who::Member, Who::Admin, Who::Owner]).says(NOT_YOURS, &[Who::Guest])
    };
    vec![
        list(&[Thing::Group]),
        list(&[Thing::Archived]),
        list(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        list(&[Thing::Group]).query(|it| format!("thread_id={}", &it["message"])).shows("word", &[]),
        one(&[Thing::Group]),
        one(&[Thing::Public]),
        versions(&[Thing::Group]),
        versions(&[Thing::Public]),
    ]
}

fn posting() -> Vec<Row> {
    let post = |things| {
        Row::on("POST /conversations/{id}/messages", things).needs(Scope::Write).ids(&["group"]).json(new)
    };
    vec![
        post(&[Thing::Group]).allows(201, INSIDE),
        post(&[Thing::Public]).allows(201, INSIDE).says(NOT_A_MEMBER, OUTSIDE),
        post(&[Thing::Archived]).says(ARCHIVED, INSIDE).nobody("an archived conversation is not written"),
        post(&[Thing::Direct]).allows(201, &[Who::Owner, Who::Member]),
        post(&[Thing::BlockedDirect])
            .says(BLOCKED, &[Who::Owner, Who::Blocked])
            .nobody("a block is between them"),
        post(&[Thing::Group, Thing::Elsewhere])
            .json(|it| json!({"client_id": Uuid::new_v4(), "text": "Hello", "reply_to": &it["elsewhere"]}))
            .nobody("what it answers is in another conversation"),
        post(&[Thing::Group, Thing::Elsewhere])
            .json(|it| json!({"client_id": Uuid::new_v4(), "text": "Hello", "thread_id": &it["elsewhere"]}))
            .nobody("its thread is in another conversation"),
    ]
}

fn changing() -> Vec<Row> {
    let edit = |things| {
        let row = Row::on("PATCH /conversations/{id}/messages/{message_id}", things).needs(Scope::Write);
        row.ids(MESSAGE).json(|_| json!({"text": "Changed"}))
    };
    let delete = |things| {
        let row = Row::on("DELETE /conversations/{id}/messages/{message_id}", things).needs(Scope::Write);
        row.ids(MESSAGE)
    };
    let authors = |row: Row| {
        row.allows(200, &[Who::Member])
            .says(NOT_YOURS, &[Who::Guest, Who::Admin, Who::Owner])
            .tokens_of(Who::Member)
    };
    let moderators =
        |row: Row| row.allows(204, &[Who::Member, Who::Admin, Who::Owner]).says(ROLE_TOO_LOW, &[Who::Guest]);
    vec![
        authors(edit(&[Thing::Group])),
        authors(edit(&[Thing::Public])),
        edit(&[Thing::Archived]).says(ARCHIVED, INSIDE).nobody("an archived conversation is not written"),
        edit(&[Thing::Direct]).allows(200, &[Who::Owner]).says(NOT_YOURS, &[Who::Member]),
        moderators(delete(&[Thing::Group])),
        moderators(delete(&[Thing::Group])).tokens_of(Who::Member),
        moderators(delete(&[Thing::Public])),
        delete(&[Thing::Direct]).allows(204, &[Who::Owner]).says(DIRECT, &[Who::Member]),
    ]
}

/// By the address of a conversation that one is in, nothing of another one is reached.
fn of_elsewhere() -> Vec<Row> {
    let none = |route, scope| {
        let row = Row::on(route, &[Thing::Group, Thing::Elsewhere]).needs(scope).ids(&["group", "elsewhere"]);
        row.nobody("the message is in another conversation")
    };
    let reaction = |route| none(route, Scope::Write).ids(&["group", "elsewhere", "emoji"]);
    vec![
        none("GET /conversations/{id}/messages/{message_id}", Scope::Read),
        none("GET /conversations/{id}/messages/{message_id}/versions", Scope::Read),
        none("PATCH /conversations/{id}/messages/{message_id}", Scope::Write)
            .json(|_| json!({"text": "Changed"})),
        none("DELETE /conversations/{id}/messages/{message_id}", Scope::Write),
        reaction("PUT /conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}"),
        reaction("DELETE /conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}"),
        none("PUT /conversations/{conversation_id}/pins/{message_id}", Scope::Write),
        none("DELETE /conversations/{conversation_id}/pins/{message_id}", Scope::Write)
            .says(ROLE_TOO_LOW, &[Who::Guest]),
    ]
}
