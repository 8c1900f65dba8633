//! Ways in and out of a drive: uploads, and links.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rony_core::actor::Scope;
use serde_json::json;

use super::{
    files::LOOKING,
    row::{EVERYBODY, INSIDE, LEVEL_TOO_LOW, Outcome, PEOPLE, Row, Who},
    scene::{Scene, Thing},
};

const OWN: &[Thing] = &[Thing::File];
const SHARED: &[Thing] = &[Thing::Group, Thing::File, Thing::Shared];
const LINK: &[Thing] = &[Thing::File, Thing::Link];
const LINK_OF_SHARED: &[Thing] = &[Thing::Group, Thing::File, Thing::Shared, Thing::Link];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = uploads();
    rows.extend(links_to_bytes());
    rows.extend(links());
    rows
}

fn uploads() -> Vec<Row> {
    let begin: fn(&Scene) -> Vec<(&'static str, String)> =
        |it| vec![("upload-length", "3".to_owned()), ("upload-metadata", metadata(it))];
    let part: fn(&Scene) -> Vec<(&'static str, String)> = |_| {
        let kind = "application/offset+octet-stream".to_owned();
        vec![("upload-offset", "5".to_owned()), ("content-type", kind)]
    };
    let into = |route, things| Row::on(route, things).needs(Scope::Write).allows(201, &[Who::Owner]);
    let one = |route, status| {
        Row::on(route, &[Thing::Upload]).needs(Scope::Write).ids(&["upload"]).allows(status, &[Who::Owner])
    };
    let form = |row: Row| row.form(|it| vec![("parent_id", it["folder"].to_owned())]);
    vec![
        form(into("POST /files", OWN)),
        form(into("POST /files", SHARED)).says(LEVEL_TOO_LOW, LOOKING),
        into("POST /uploads", OWN).tus(begin, b""),
        into("POST /uploads", SHARED).tus(begin, b"").says(LEVEL_TOO_LOW, LOOKING),
        Row::on("OPTIONS /uploads", &[]).for_everybody(Outcome::Done(204)).unchanged(EVERYBODY),
        one("GET /uploads/{id}", 200),
        one("PATCH /uploads/{id}", 204).tus(part, b"world"),
        one("DELETE /uploads/{id}", 204).tus(|_| Vec::new(), b""),
    ]
}

fn metadata(it: &Scene) -> String {
    let pairs = [("filename", "new.txt"), ("parent_id", &it["folder"])];
    pairs.map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).join(",")
}

fn links_to_bytes() -> Vec<Row> {
    let link = |things| {
        let row = Row::on("POST /files/{id}/link", things).needs(Scope::Read).ids(&["file"]);
        row.json(|_| json!({}))
    };
    vec![
        link(OWN).allows(201, &[Who::Owner]),
        link(SHARED).allows(201, INSIDE),
        Row::on("GET /downloads/{ticket}", &[Thing::File, Thing::Ticket])
            .ids(&["ticket"])
            .for_everybody(Outcome::Done(200)),
    ]
}

fn links() -> Vec<Row> {
    let one = |route, scope, status| {
        Row::on(route, LINK).needs(scope).ids(&["share"]).allows(status, &[Who::Owner])
    };
    let of_file = |route, scope, things, status| {
        Row::on(route, things).needs(scope).ids(&["file"]).allows(status, &[Who::Owner])
    };
    let make = |things| {
        let row = of_file("POST /files/{id}/shares", Scope::Manage, things, 201);
        row.json(|_| json!({"level": "viewer"}))
    };
    let list =
        |things| of_file("GET /files/{id}/shares", Scope::Read, things, 200).shows("word", &[Who::Owner]);
    vec![
        make(OWN),
        make(SHARED).says(LEVEL_TOO_LOW, LOOKING),
        list(LINK),
        list(LINK_OF_SHARED).says(LEVEL_TOO_LOW, LOOKING),
        Row::on("GET /shares", LINK).needs(Scope::Read).allows(200, PEOPLE).shows("word", &[Who::Owner]),
        one("PATCH /shares/{id}", Scope::Manage, 200).json(|_| json!({"name": "Another"})),
        one("DELETE /shares/{id}", Scope::Manage, 204),
        one("GET /shares/{id}/openings", Scope::Read, 200),
        Row::on("POST /shared", LINK)
            .json(|it| json!({"token": &it["link"]}))
            .for_everybody(Outcome::Done(200)),
    ]
}
