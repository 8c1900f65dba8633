//! Files and folders, as their owner keeps them and as they are shared with a conversation.

use rony_core::actor::Scope;
use serde_json::json;

use super::{
    row::{INSIDE, LEVEL_TOO_LOW, PEOPLE, Row, Who},
    scene::Thing,
};

const OWN: &[Thing] = &[Thing::File];
const SHARED: &[Thing] = &[Thing::Group, Thing::File, Thing::Shared];
/// Those with whom the folder is shared, to be looked at.
pub(super) const LOOKING: &[Who] = &[Who::Guest, Who::Member, Who::Admin];
const OTHERS: &[Who] =
    &[Who::Stranger, Who::Former, Who::Blocked, Who::Administrator, Who::Guest, Who::Member, Who::Admin];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = looking();
    rows.extend(changing());
    rows.extend(versions());
    rows.extend(grants());
    rows
}

/// Both rows of what whoever sees a file may do.
fn for_all(route: &'static str, scope: Scope, status: u16, change: fn(Row) -> Row) -> [Row; 2] {
    let row = |things| change(Row::on(route, things).needs(scope));
    [row(OWN).allows(status, &[Who::Owner]), row(SHARED).allows(status, INSIDE)]
}

/// Both rows of what only its owner may do, of those who are there.
fn for_owner(route: &'static str, scope: Scope, status: u16, change: fn(Row) -> Row) -> [Row; 2] {
    let row = |things| change(Row::on(route, things).needs(scope)).allows(status, &[Who::Owner]);
    [row(OWN), row(SHARED).says(LEVEL_TOO_LOW, LOOKING)]
}

fn looking() -> Vec<Row> {
    let drive = |query| {
        let row = Row::on("GET /files", OWN).needs(Scope::Read).allows(200, PEOPLE);
        row.query(query).shows("word", &[Who::Owner])
    };
    let search = Row::on("GET /files", SHARED).needs(Scope::Read).allows(200, PEOPLE);
    let mut rows = vec![
        drive(|_| String::new()),
        drive(|it| format!("query={}", &it["word"])),
        search.query(|it| format!("query={}", &it["word"])).shows("file", INSIDE),
        Row::on("GET /files", &[Thing::File, Thing::Thrown])
            .needs(Scope::Read)
            .allows(200, PEOPLE)
            .query(|_| "view=trash".to_owned())
            .shows("word", &[Who::Owner]),
        Row::on("GET /drive", OWN).needs(Scope::Read).allows(200, PEOPLE),
    ];
    rows.extend(for_all("GET /files", Scope::Read, 200, |row| {
        row.query(|it| format!("parent={}", &it["folder"]))
    }));
    rows.extend(for_all("GET /files/{id}", Scope::Read, 200, |row| row.ids(&["file"])));
    rows.extend(for_all("GET /files/{id}/content", Scope::Read, 200, |row| row.ids(&["file"])));
    rows.push(
        Row::on("GET /files/{id}/thumbnail", &[Thing::Photo])
            .needs(Scope::Read)
            .ids(&["file"])
            .allows(200, &[Who::Owner]),
    );
    rows
}

fn changing() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(for_owner("PATCH /files/{id}", Scope::Write, 200, |row| {
        row.ids(&["file"]).json(|_| json!({"color": "blue"}))
    }));
    rows.extend(for_owner("DELETE /files/{id}", Scope::Write, 204, |row| row.ids(&["file"])));
    rows.extend(for_owner("POST /folders", Scope::Write, 201, |row| {
        row.json(|it| json!({"parent_id": &it["folder"], "name": "New"}))
    }));
    rows.extend(for_all("POST /files/{id}/copy", Scope::Write, 201, |row| {
        row.ids(&["file"]).json(|_| json!({}))
    }));
    for things in
        [&[Thing::File, Thing::Thrown][..], &[Thing::Group, Thing::File, Thing::Shared, Thing::Thrown]]
    {
        let thrown = |route, status| {
            Row::on(route, things).needs(Scope::Write).ids(&["file"]).allows(status, &[Who::Owner])
        };
        rows.push(thrown("POST /files/{id}/restore", 200));
        rows.push(thrown("DELETE /files/{id}", 204).query(|_| "forever=true".to_owned()));
    }
    rows.push(
        Row::on("DELETE /trash", &[Thing::File, Thing::Thrown])
            .needs(Scope::Write)
            .allows(204, PEOPLE)
            .unchanged(OTHERS),
    );
    rows
}

fn versions() -> Vec<Row> {
    let one = |row: Row| row.ids(&["file", "n"]);
    let mut rows = Vec::new();
    rows.extend(for_owner("GET /files/{id}/versions", Scope::Read, 200, |row| row.ids(&["file"])));
    rows.extend(for_owner("POST /files/{id}/versions/{n}/restore", Scope::Write, 200, one));
    rows.extend(for_owner("DELETE /files/{id}/versions/{n}", Scope::Write, 204, one));
    rows
}

fn grants() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(for_owner("GET /files/{id}/grants", Scope::Read, 200, |row| row.ids(&["file"])));
    rows.extend(for_owner("PUT /files/{id}/grants/{subject_id}", Scope::Write, 204, |row| {
        row.ids(&["file", "stranger"]).json(|_| json!({"kind": "person", "level": "editor"}))
    }));
    rows.push(
        Row::on("DELETE /files/{id}/grants/{subject_id}", SHARED)
            .needs(Scope::Write)
            .ids(&["folder", "group"])
            .allows(204, &[Who::Owner])
            .says(LEVEL_TOO_LOW, LOOKING),
    );
    rows
}
