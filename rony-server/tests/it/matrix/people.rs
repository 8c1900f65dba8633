//! People: oneself, others, contacts, and what administrators do about accounts.

use rony_core::actor::Scope;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    cast::PASSWORD,
    row::{Body, PEOPLE, Row, Who},
    scene::{PICTURE, Scene, Thing},
};

fn somebody(it: &Scene) -> Value {
    json!({"user_id": &it["somebody"]})
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = oneself();
    rows.extend(peace());
    rows.extend(others());
    rows.extend(accounts());
    rows.extend(contacts());
    rows
}

fn oneself() -> Vec<Row> {
    vec![
        Row::on("GET /me", &[]).needs(Scope::Read).allows(200, PEOPLE).shows("owner", &[Who::Owner]),
        Row::on("PATCH /me", &[])
            .needs(Scope::Profile)
            .json(|it| json!({"title": &it["username"]}))
            .allows(200, PEOPLE),
        Row::on("PUT /me/avatar", &[]).needs(Scope::Profile).bytes(PICTURE).allows(200, PEOPLE),
        Row::on("DELETE /me/avatar", &[])
            .needs(Scope::Profile)
            .after("PUT", Body::Bytes(PICTURE))
            .allows(204, PEOPLE),
        Row::on("PUT /me/password", &[])
            .json(|_| json!({"old_password": PASSWORD, "new_password": PASSWORD}))
            .allows(204, PEOPLE),
    ]
}

fn peace() -> Vec<Row> {
    let until =
        |_: &Scene| json!({"until": format!("2100-01-01T00:00:00.{:03}Z", Uuid::new_v4().as_u128() % 1000)});
    vec![
        Row::on("GET /me/presence", &[]).needs(Scope::Read).allows(200, PEOPLE),
        Row::on("PUT /me/presence", &[])
            .needs(Scope::Profile)
            .json(|it| json!({"status": "away", "text": &it["username"]}))
            .allows(200, PEOPLE),
        Row::on("GET /me/dnd", &[]).needs(Scope::Read).allows(200, PEOPLE),
        Row::on("PUT /me/dnd", &[]).needs(Scope::Profile).json(until).allows(200, PEOPLE),
    ]
}

fn others() -> Vec<Row> {
    let picture = |things| Row::on("GET /users/{id}/avatar", things).needs(Scope::Read);
    vec![
        Row::on("GET /users", &[Thing::Somebody])
            .needs(Scope::Read)
            .query(|it| format!("query={}", &it["username"]))
            .allows(200, PEOPLE)
            .shows("somebody", PEOPLE),
        Row::on("GET /users", &[])
            .for_administrators(200)
            .query(|_| "query=deactivated&deactivated=true".into())
            .shows("deactivated", &[Who::Administrator]),
        Row::on("GET /users/{id}", &[Thing::Somebody])
            .needs(Scope::Read)
            .ids(&["somebody"])
            .allows(200, PEOPLE),
        picture(&[]).ids(&["bot"]).nobody("the bot has no picture"),
        picture(&[Thing::Picture]).ids(&["owner"]).allows(200, PEOPLE),
    ]
}

fn accounts() -> Vec<Row> {
    let of_somebody = |route| Row::on(route, &[Thing::Somebody]).ids(&["somebody"]);
    vec![
        Row::on("POST /users", &[]).for_administrators(201).json(|it| json!({"username": &it["username"]})),
        of_somebody("PATCH /users/{id}").for_administrators(200).json(|_| json!({"deactivated": true})),
        of_somebody("PATCH /users/{id}").for_administrators(200).json(|_| json!({"role": "administrator"})),
        of_somebody("POST /users/{id}/reset-link").for_administrators(201),
        Row::on("GET /users/{id}/tokens", &[Thing::Program])
            .ids(&["somebody"])
            .for_signed_in_administrators(200)
            .shows("token", &[Who::Administrator]),
        Row::on("POST /users/{id}/tokens", &[Thing::Program])
            .ids(&["somebody"])
            .for_signed_in_administrators(201)
            .json(|_| json!({"name": "new", "scopes": ["read"]})),
        Row::on("DELETE /users/{id}/tokens/{token_id}", &[Thing::Program])
            .ids(&["somebody", "token"])
            .for_signed_in_administrators(204),
    ]
}

fn contacts() -> Vec<Row> {
    let one = |route, things| Row::on(route, things).needs(Scope::Profile).ids(&["somebody"]);
    vec![
        Row::on("GET /contacts", &[Thing::Contact])
            .needs(Scope::Read)
            .allows(200, PEOPLE)
            .shows("word", &[Who::Owner]),
        Row::on("POST /contacts", &[Thing::Somebody])
            .needs(Scope::Profile)
            .json(somebody)
            .allows(201, PEOPLE),
        one("PATCH /contacts/{user_id}", &[Thing::Contact])
            .json(|_| json!({"favorite": true}))
            .allows(200, &[Who::Owner]),
        one("PATCH /contacts/{user_id}", &[Thing::Somebody])
            .json(|_| json!({"blocked": true}))
            .allows(200, PEOPLE),
        one("DELETE /contacts/{user_id}", &[Thing::Contact]).allows(204, &[Who::Owner]),
    ]
}
