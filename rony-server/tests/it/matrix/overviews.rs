//! What shows many things at once: snapshots, catching up, search, notifications, the audit log.

use rony_core::actor::Scope;
use serde_json::json;

use super::{
    row::{INSIDE, NOT_A_MEMBER, OUTSIDE, PEOPLE, Row, Who},
    scene::Thing,
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = states();
    rows.extend(search());
    rows.extend(notifications());
    rows.push(
        Row::on("GET /server", &[Thing::Somebody]).for_administrators(200).unchanged(&[Who::Administrator]),
    );
    rows.push(
        Row::on("GET /audit", &[Thing::Somebody])
            .for_administrators(200)
            .query(|it| format!("target_id={}", &it["somebody"]))
            .shows("somebody", &[Who::Administrator]),
    );
    rows
}

fn states() -> Vec<Row> {
    let personal = |things| {
        let row = Row::on("GET /snapshot", things).needs(Scope::Read).allows(200, PEOPLE);
        row.shows("group", INSIDE)
    };
    let conversation = |things| {
        let row = Row::on("GET /conversations/{id}/snapshot", things).needs(Scope::Read).ids(&["group"]);
        row.allows(200, INSIDE).shows("word", INSIDE)
    };
    let sync = |things| {
        let row = Row::on("POST /sync", things).needs(Scope::Read).allows(200, PEOPLE).unchanged(PEOPLE);
        row.shows("word", INSIDE)
    };
    vec![
        personal(&[Thing::Group]),
        personal(&[Thing::Public]),
        Row::on("GET /snapshot", &[Thing::Contact])
            .needs(Scope::Read)
            .allows(200, PEOPLE)
            .shows("word", &[Who::Owner]),
        conversation(&[Thing::Group]),
        conversation(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        sync(&[Thing::Group]).json(|it| json!({"streams": {&it["group"]: 0}})),
        sync(&[Thing::Public]).json(|it| json!({"streams": {&it["group"]: 0}})),
        sync(&[Thing::Contact])
            .json(|it| json!({"streams": {&it["owner"]: 0}, "limit": 1000}))
            .shows("word", &[Who::Owner]),
    ]
}

fn search() -> Vec<Row> {
    let everywhere = |things| {
        let row = Row::on("GET /search", things).needs(Scope::Read).allows(200, PEOPLE);
        row.query(|it| format!("query={}", &it["word"])).shows("message", INSIDE)
    };
    let inside = |things| {
        let row =
            Row::on("GET /search", things).needs(Scope::Read).allows(200, INSIDE).shows("message", INSIDE);
        row.query(|it| format!("query={}&conversation={}", &it["word"], &it["group"]))
    };
    vec![
        everywhere(&[Thing::Group]),
        everywhere(&[Thing::Public]),
        inside(&[Thing::Group]),
        inside(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        Row::on("GET /search", &[Thing::Group])
            .needs(Scope::Read)
            .query(|it| format!("author={}&limit=200", &it["member"]))
            .allows(200, PEOPLE)
            .shows("message", INSIDE),
        Row::on("GET /search", &[Thing::Somebody])
            .needs(Scope::Read)
            .query(|it| format!("query={}", &it["username"]))
            .allows(200, PEOPLE)
            .shows("somebody", PEOPLE),
    ]
}

fn notifications() -> Vec<Row> {
    const BROUGHT_IN: &[Who] = &[Who::Guest, Who::Member, Who::Admin];
    // Whoever has written since has read, and nothing is open any more.
    const NOTHING_OPEN: &[Who] =
        &[Who::Stranger, Who::Former, Who::Blocked, Who::Administrator, Who::Member, Who::Owner];
    const NOT_THE_GUEST: &[Who] =
        &[Who::Stranger, Who::Former, Who::Blocked, Who::Administrator, Who::Member, Who::Admin, Who::Owner];
    let clear = |things| {
        let row = Row::on("POST /notifications/clear", things).needs(Scope::Profile).allows(200, PEOPLE);
        row.tokens_of(Who::Member)
    };
    vec![
        Row::on("GET /notifications", &[Thing::Group])
            .needs(Scope::Read)
            .allows(200, PEOPLE)
            .shows("group", BROUGHT_IN),
        clear(&[Thing::Group]).json(|it| json!({"conversation_id": &it["group"]})).unchanged(NOTHING_OPEN),
        clear(&[Thing::Group, Thing::Notification])
            .json(|it| json!({"ids": [&it["notification"]]}))
            .unchanged(NOT_THE_GUEST)
            .shows("notification", &[Who::Guest]),
    ]
}
