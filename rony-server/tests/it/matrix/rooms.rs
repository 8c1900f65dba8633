//! Who makes, sees, changes and deletes rooms, and who comes to them; who sees calls.

use rony_core::actor::Scope;
use serde_json::json;

use super::{
    row::{EVERYBODY, INSIDE, NOT_A_MEMBER, NOT_YOURS, OUTSIDE, Outcome, PEOPLE, Row, Who},
    scene::Thing,
};

const OWN: &[Thing] = &[Thing::Room];
const CALLED: &[Thing] = &[Thing::Group, Thing::Call];
const OF_GROUP: &[Thing] = &[Thing::Group, Thing::Meeting];

pub(super) fn rows() -> Vec<Row> {
    let make = |things| Row::on("POST /rooms", things).needs(Scope::Manage);
    let of_group = |things| make(things).json(|it| json!({"conversation_id": &it["group"]}));
    let list = |things| Row::on("GET /rooms", things).needs(Scope::Read).allows(200, PEOPLE);
    let one = |route, things, scope| Row::on(route, things).needs(scope).ids(&["room"]);
    let change = |things| one("PATCH /rooms/{id}", things, Scope::Manage).json(|_| json!({"locked": true}));
    let delete = |things| one("DELETE /rooms/{id}", things, Scope::Manage);
    let others: &[Who] = &[Who::Guest, Who::Admin, Who::Owner];
    vec![
        make(&[]).json(|_| json!({"title": "New", "password": "swordfish"})).allows(201, PEOPLE),
        of_group(&[Thing::Group]).allows(201, INSIDE),
        of_group(OF_GROUP).allows(200, INSIDE).unchanged(INSIDE),
        of_group(&[Thing::Public]).allows(201, INSIDE).says(NOT_A_MEMBER, OUTSIDE),
        list(OWN).query(|_| "limit=200".into()).shows("word", &[Who::Owner]),
        list(OF_GROUP).query(|_| "limit=200".into()).shows("word", INSIDE),
        one("GET /rooms/{id}", OWN, Scope::Read).allows(200, &[Who::Owner]),
        one("GET /rooms/{id}", OF_GROUP, Scope::Read).allows(200, INSIDE),
        change(OWN).allows(200, &[Who::Owner]),
        change(OF_GROUP).allows(200, &[Who::Member]).says(NOT_YOURS, others),
        delete(OWN).allows(204, &[Who::Owner]),
        delete(OF_GROUP).allows(204, &[Who::Member]).says(NOT_YOURS, others),
        Row::on("POST /rooms/preview", OWN)
            .json(|it| json!({"code": &it["code"]}))
            .for_everybody(Outcome::Done(200))
            .unchanged(EVERYBODY),
        Row::on("POST /rooms/guests", OWN)
            .json(|it| json!({"code": &it["code"], "name": "Bo"}))
            .for_everybody(Outcome::Done(201)),
        Row::on("POST /rooms/ice", &[]).needs(Scope::Write).allows(200, PEOPLE).unchanged(PEOPLE),
        // The last one: half a minute after the caller has gone a call ends, in whatever row that is.
        Row::on("GET /calls", CALLED).needs(Scope::Read).allows(200, PEOPLE).shows("group", INSIDE),
    ]
}
