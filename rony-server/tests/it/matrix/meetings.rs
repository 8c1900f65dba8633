//! Who schedules meetings, sees, changes and cancels them, and who comes.

use rony_core::{actor::Scope, time::Clock as _};
use rony_storage::SystemClock;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    row::{NOT_YOURS, Outcome, PEOPLE, Row, Who},
    scene::{Scene, Thing},
};

const SCHEDULED: &[Thing] = &[Thing::Scheduled];
const ITS_PEOPLE: &[Who] = &[Who::Owner, Who::Member];

/// A meeting a day from now, to which the member is asked.
pub(super) fn wish(scene: &Scene) -> Value {
    let start = SystemClock.now().plus(std::time::Duration::from_secs(24 * 60 * 60));
    json!({
        "client_id": Uuid::new_v4(), "title": "New", "start": &start.to_string()[..16], "zone": "UTC", "minutes": 30,
        "people": [&scene["member"]],
    })
}

pub(super) fn rows() -> Vec<Row> {
    let one = |route, scope| Row::on(route, SCHEDULED).needs(scope).ids(&["meeting"]);
    let read = |route| one(route, Scope::Read).allows(200, ITS_PEOPLE);
    let keep = |route| one(route, Scope::Manage).allows(200, &[Who::Owner]).says(NOT_YOURS, &[Who::Member]);
    vec![
        Row::on("POST /meetings", &[]).needs(Scope::Manage).json(wish).allows(201, PEOPLE),
        Row::on("GET /meetings", SCHEDULED)
            .needs(Scope::Read)
            .query(|_| "limit=200".into())
            .allows(200, PEOPLE)
            .shows("word", ITS_PEOPLE),
        read("GET /meetings/{id}"),
        read("GET /meetings/{id}/invite.ics"),
        keep("PATCH /meetings/{id}").json(|_| json!({"version": 1, "title": "Other"})),
        keep("POST /meetings/{id}/cancel"),
        one("PUT /meetings/{id}/answer", Scope::Write)
            .json(|_| json!({"answer": "accepted"}))
            .tokens_of(Who::Member)
            .allows(200, &[Who::Member])
            .says(Outcome::Refused(409, "organizer"), &[Who::Owner]),
        Row::on("POST /meetings/free-times", SCHEDULED)
            .needs(Scope::Read)
            .json(|it| {
                let now = SystemClock.now();
                let to = now.plus(std::time::Duration::from_secs(7 * 24 * 60 * 60));
                json!({"people": [&it["member"]], "from": now, "to": to, "minutes": 30, "zone": "UTC"})
            })
            .allows(200, PEOPLE)
            .unchanged(PEOPLE),
    ]
}
