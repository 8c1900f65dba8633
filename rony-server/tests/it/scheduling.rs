//! Facts about scheduled meetings over HTTP and on real sockets.

use std::{sync::Arc, time::Duration};

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use rony_core::time::{ManualClock, Timestamp};
use serde_json::{Value, json};

use crate::world::{Person, World};

/// Thursday noon in Prague.
fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new("2026-11-26T11:00:00Z".parse::<Timestamp>().unwrap()))
}

fn wish(people: &[&Person]) -> Value {
    let people: Vec<_> = people.iter().map(|person| &person.id).collect();
    json!({
        "client_id": uuid::Uuid::new_v4(), "title": "Plans; and \u{1F4C5}", "start": "2026-11-27T15:00", "zone": "Europe/Prague",
        "minutes": 30, "people": people,
    })
}

async fn schedule(person: &Person, wish: Value) -> Value {
    person.client.post("meetings", wish).await.ok()
}

fn path(meeting: &Value) -> String {
    format!("meetings/{}", meeting["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn a_meeting_is_scheduled_answered_moved_and_cancelled_and_all_devices_know() {
    let world = World::at(clock()).await;
    let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
    let (mut anns, mut bens) = (ann.client.gateway().await, ben.client.gateway().await);
    let body = wish(&[&ben]);
    let meeting = schedule(&ann, body.clone()).await;
    assert_eq!(meeting["starts_at"], "2026-11-27T14:00:00.000Z");
    assert_eq!((&meeting["reminders"], &meeting["version"]), (&json!([10, 0]), &json!(1)));
    let code = meeting["code"].as_str().unwrap();
    assert!(meeting["url"].as_str().unwrap().ends_with(&format!("/meet#{code}")));
    assert_eq!(ann.client.post("meetings", body).await.ok()["id"], meeting["id"], "a repeated wish");
    assert_eq!(bens.event("meeting.changed").await["meeting_id"], meeting["id"]);
    let told = bens.event("notification.added").await["notification"].clone();
    assert_eq!(
        (&told["kind"], &told["meeting_id"], &told["conversation_id"]),
        (&json!("meeting_invitation"), &meeting["id"], &Value::Null)
    );
    assert_eq!(ben.client.get("meetings").await.ok()["items"], json!([meeting]));

    anns.event("meeting.changed").await;
    let answer = format!("{}/answer", path(&meeting));
    let answered = ben.client.put(&answer, json!({"answer": "accepted"})).await.ok();
    assert_eq!(answered["invitees"], json!([{"user_id": ben.id, "answer": "accepted"}]));
    anns.event("meeting.changed").await;
    assert_eq!(bens.event("notification.cleared").await["ids"], json!([told["id"]]));
    ann.client.put(&answer, json!({"answer": "accepted"})).await.problem(409, "organizer");

    let change = json!({"version": 1, "start": "2026-11-27T16:00"});
    let moved = ann.client.patch(&path(&meeting), change.clone()).await.ok();
    assert_eq!((&moved["version"], &moved["url"]), (&json!(2), &meeting["url"]));
    assert_eq!(moved["invitees"][0]["answer"], "none");
    let problem = ann.client.patch(&path(&meeting), change).await.problem(409, "changed_meanwhile");
    assert_eq!(problem["errors"][0]["field"], "version");
    let told = bens.event("notification.added").await["notification"].clone();
    assert_eq!(told["kind"], "meeting_change");

    eve.client.get(&path(&meeting)).await.problem(404, "not_found");
    let cancel = format!("{}/cancel", path(&meeting));
    ben.client.post(&cancel, json!({})).await.problem(403, "not_yours");
    let mut inside = ann.client.gateway().await;
    let join = json!({"seq": 0, "type": "join", "room": code});
    inside.send(&json!({"type": "rtc", "room": code, "message": join})).await;
    while inside.until("rtc").await["message"]["type"] != "joined" {}
    let cancelled = ann.client.post(&cancel, json!({})).await.ok();
    assert_eq!(
        (&cancelled["status"], &cancelled["code"], &cancelled["url"]),
        (&json!("cancelled"), &Value::Null, &Value::Null)
    );
    while inside.until("rtc").await["message"]["type"] != "leave" {}
    let told = bens.event("notification.added").await["notification"].clone();
    assert_eq!(told["kind"], "meeting_cancellation");
    world.anybody().post("rooms/preview", json!({"code": code})).await.problem(409, "room_unknown");
    assert_eq!(ben.client.get(&path(&meeting)).await.ok(), cancelled);
    ann.client.post(&cancel, json!({})).await.problem(409, "cancelled");
}

#[tokio::test]
async fn a_reminder_comes_to_connected_devices_when_it_is_due() {
    let clock = clock();
    let world = World::at(Arc::clone(&clock)).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let meeting = schedule(&ann, wish(&[&ben])).await;
    let mut bens = ben.client.gateway().await;
    let starts_at: Timestamp = meeting["starts_at"].as_str().unwrap().parse().unwrap();
    for before in [10, 0] {
        clock.set(starts_at.minus(Duration::from_secs(before * 60)));
        clock.advance(Duration::from_secs(5));
        let told = bens.event("notification.added").await["notification"].clone();
        assert_eq!((&told["kind"], &told["meeting_id"]), (&json!("meeting_reminder"), &meeting["id"]));
    }
}

#[tokio::test]
async fn a_meeting_goes_into_a_calendar_without_an_address_of_anybody() {
    let world = World::at(clock()).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    for person in [&ann, &ben] {
        person.client.patch("me", json!({"email": "secret@example.org"})).await.ok();
    }
    let meeting = schedule(&ann, wish(&[&ben])).await;
    let file = format!("{}/invite.ics", path(&meeting));
    let answer = ben.client.get(&file).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.headers[CONTENT_TYPE], "text/calendar; charset=utf-8");
    let name = answer.headers[CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"Plans; and _.ics\""), "{name}");
    let text = String::from_utf8(answer.bytes.to_vec()).unwrap().replace("\r\n ", "");
    let id = meeting["id"].as_str().unwrap();
    let url = meeting["url"].as_str().unwrap();
    for line in [
        "METHOD:REQUEST",
        "SUMMARY:Plans\\; and \u{1F4C5}",
        "DTSTART:20261127T140000Z",
        "DTEND:20261127T143000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        &format!("UID:{id}"),
        &format!("URL:{url}"),
        &format!("ORGANIZER;CN=ann:urn:uuid:{}", ann.id),
    ] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
    }
    assert!(!text.contains('@') && !text.contains("mailto"), "{text}");
    let cancel = format!("{}/cancel", path(&meeting));
    ann.client.post(&cancel, json!({})).await.ok();
    let text = String::from_utf8(ben.client.get(&file).await.bytes.to_vec()).unwrap();
    assert!(
        text.contains("METHOD:CANCEL\r\n")
            && text.contains("STATUS:CANCELLED\r\n")
            && text.contains("SEQUENCE:1\r\n")
    );
}

#[tokio::test]
async fn a_time_is_found_and_bad_wishes_are_refused_by_their_field() {
    let world = World::at(clock()).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    schedule(&ben, wish(&[])).await;
    let find = json!({
        "people": [ben.id], "from": "2026-11-27T00:00:00Z", "to": "2026-11-29T00:00:00Z", "minutes": 60,
        "zone": "Europe/Prague", "working_hours": {"from": "09:00", "to": "17:00"},
    });
    let found = ann.client.post("meetings/free-times", find.clone()).await.ok();
    assert_eq!(
        found,
        json!({
            "free": [
                {"from": "2026-11-27T08:00:00.000Z", "to": "2026-11-27T14:00:00.000Z"},
                {"from": "2026-11-27T14:30:00.000Z", "to": "2026-11-27T16:00:00.000Z"},
            ],
            "busy": [{"user_id": ben.id, "from": "2026-11-27T14:00:00.000Z", "to": "2026-11-27T14:30:00.000Z"}],
        })
    );
    let refused = async |path: &str, mut body: Value, name: &str, value: Value| {
        body[name] = value;
        let problem = ann.client.post(path, body).await.problem(422, "invalid");
        assert!(problem["errors"][0]["field"].as_str().unwrap().starts_with(name), "{problem}");
    };
    refused("meetings/free-times", find.clone(), "minutes", json!(0)).await;
    refused("meetings/free-times", find.clone(), "zone", json!("Mars/Olympus")).await;
    refused("meetings/free-times", find.clone(), "to", json!("2027-11-27T00:00:00Z")).await;
    refused("meetings/free-times", find, "people", json!([uuid::Uuid::new_v4()])).await;
    for (name, value) in [
        ("title", json!(" ")),
        ("start", json!("2026-11-26T11:00")),
        ("start", json!("2026-11-27 15:00")),
        ("start", json!("2029-11-27T15:00")),
        ("zone", json!("UTC+1")),
        ("minutes", json!(1_441)),
        ("reminders", json!([1, 2, 3, 4, 5, 6])),
        ("people", json!([uuid::Uuid::new_v4()])),
    ] {
        refused("meetings", wish(&[]), name, value).await;
    }
    assert_eq!(ann.client.get("meetings").await.ok()["items"], json!([]));
}
