//! Getting in: accounts, sessions, tokens, invites.

use rony_core::actor::Scope;
use serde_json::{Value, json};

use super::{
    cast::PASSWORD,
    row::{
        ADMINISTRATORS_ONLY, EVERYBODY, INSIDE, NOT_A_MEMBER, OUTSIDE, Outcome, PEOPLE, ROLE_TOO_LOW, Row,
        Who,
    },
    scene::{Scene, Thing},
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = accounts();
    rows.extend(sessions());
    rows.extend(tokens());
    rows.extend(invites());
    rows
}

fn link(it: &Scene) -> Value {
    json!({"token": &it["link"]})
}

fn accounts() -> Vec<Row> {
    vec![
        Row::on("POST /setup", &[])
            .json(
                |it| json!({"token": "rony_setup_wrong", "username": &it["username"], "password": PASSWORD}),
            )
            .for_everybody(Outcome::Refused(409, "setup_done"))
            .nobody("the server has its administrator, and no setup link any more"),
        Row::on("POST /accounts", &[])
            .json(|it| json!({"username": &it["username"], "password": PASSWORD}))
            .for_everybody(Outcome::Refused(403, "registration_closed"))
            .nobody("one comes by invitation"),
        Row::on("POST /accounts", &[Thing::Group, Thing::Invite])
            .json(|it| json!({"username": &it["username"], "password": PASSWORD, "invite": &it["link"]}))
            .for_everybody(Outcome::Done(201)),
        Row::on("POST /password-resets", &[Thing::Somebody, Thing::Reset])
            .json(|it| json!({"token": &it["reset"], "password": PASSWORD}))
            .for_everybody(Outcome::Done(200)),
    ]
}

fn sessions() -> Vec<Row> {
    const ON_ONE_DEVICE: &[Who] =
        &[Who::Stranger, Who::Former, Who::Blocked, Who::Administrator, Who::Guest, Who::Member, Who::Admin];
    vec![
        Row::on("POST /sessions", &[Thing::Somebody])
            .json(|it| json!({"username": &it["username"], "password": PASSWORD}))
            .for_everybody(Outcome::Done(201)),
        Row::on("POST /sessions", &[])
            .json(|_| json!({"username": "deactivated", "password": PASSWORD}))
            .for_everybody(Outcome::Refused(401, "account_deactivated"))
            .nobody("the account is switched off"),
        Row::on("GET /sessions", &[Thing::Device])
            .query(|_| "limit=100".into())
            .allows(200, PEOPLE)
            .shows("device", &[Who::Owner]),
        Row::on("POST /sessions/refresh", &[]).allows(200, PEOPLE).unchanged(PEOPLE),
        Row::on("DELETE /sessions/{id}", &[Thing::Device]).ids(&["device"]).allows(204, &[Who::Owner]),
        Row::on("DELETE /sessions/current", &[]).allows(204, PEOPLE).signs_out(),
        Row::on("DELETE /sessions", &[Thing::Device]).allows(204, PEOPLE).unchanged(ON_ONE_DEVICE),
    ]
}

fn tokens() -> Vec<Row> {
    vec![
        Row::on("GET /tokens", &[Thing::Token]).allows(200, PEOPLE).shows("token", &[Who::Owner]),
        Row::on("POST /tokens", &[]).json(|_| json!({"name": "new", "scopes": ["read"]})).allows(201, PEOPLE),
        Row::on("DELETE /tokens/{id}", &[Thing::Token]).ids(&["token"]).allows(204, &[Who::Owner]),
    ]
}

fn invites() -> Vec<Row> {
    const KEEPERS: &[Who] = &[Who::Member, Who::Admin, Who::Owner, Who::Administrator];
    let make = |things| Row::on("POST /invites", things).needs(Scope::Manage);
    let into = |things| {
        let row = make(things).json(|it| json!({"conversation_id": &it["group"]}));
        row.allows(201, &[Who::Member, Who::Admin, Who::Owner]).says(ROLE_TOO_LOW, &[Who::Guest])
    };
    vec![
        Row::on("GET /invites", &[Thing::Group, Thing::Invite])
            .needs(Scope::Read)
            .allows(200, PEOPLE)
            .shows("invite", KEEPERS),
        into(&[Thing::Group]),
        into(&[Thing::Public]).says(NOT_A_MEMBER, OUTSIDE),
        make(&[])
            .json(|_| json!({"uses": 1}))
            .says(ADMINISTRATORS_ONLY, PEOPLE)
            .allows(201, &[Who::Administrator])
            .tokens_of(Who::Administrator),
        Row::on("DELETE /invites/{id}", &[Thing::Group, Thing::Invite])
            .needs(Scope::Manage)
            .ids(&["invite"])
            .allows(204, KEEPERS),
        Row::on("POST /invites/preview", &[Thing::Group, Thing::Invite])
            .json(link)
            .for_everybody(Outcome::Done(200))
            .unchanged(EVERYBODY),
        Row::on("POST /invites/accept", &[Thing::Group, Thing::Invite])
            .needs(Scope::Manage)
            .json(link)
            .allows(200, PEOPLE)
            .unchanged(INSIDE),
    ]
}
