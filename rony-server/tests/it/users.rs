//! Facts about people over HTTP: profiles, pictures, finding, and what administrators do.

use axum::body::Bytes;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::world::{Answer, Person, World};

/// The smallest picture that is taken for one: a PNG of this many pixels a side.
fn png(side: u32) -> Bytes {
    let size = side.to_be_bytes();
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".as_slice(), &size, &size].concat().into()
}

async fn put_avatar(person: &Person, bytes: Bytes) -> Answer {
    person.client.send(person.client.request(Method::PUT, "me/avatar"), bytes).await
}

/// Asks for somebody's picture, with the ETag that one has.
async fn avatar(reader: &Person, path: &str, etag: &str) -> Answer {
    let request = reader.client.request(Method::GET, path).header(header::IF_NONE_MATCH, etag);
    reader.client.send(request, Bytes::new()).await
}

fn usernames(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_profile_changes_on_ones_own_devices_and_for_everybody_else() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let (mut anns, mut bens) = (ann.client.gateway().await, ben.client.gateway().await);
    let change = json!({"display_name": "Ann Lee", "phone": "+420 123", "time_zone": "europe/prague"});
    let profile = ann.client.patch("me", change).await.ok();
    assert_eq!(
        (&profile["display_name"], &profile["time_zone"]),
        (&json!("Ann Lee"), &json!("Europe/Prague"))
    );
    assert_eq!(profile["last_seen_privacy"], "everybody");
    assert_eq!(anns.event("profile.changed").await["profile"], profile);
    let summary = bens.event("user.changed").await["user"].take();
    assert_eq!((&summary["display_name"], &summary["phone"]), (&json!("Ann Lee"), &Value::Null));
    assert_eq!(ann.client.get("me").await.ok(), profile);
    let seen = ben.client.get(&format!("users/{}", ann.id)).await.ok();
    assert_eq!((&seen["phone"], &seen["last_seen_privacy"]), (&json!("+420 123"), &Value::Null));
    let cleared = ann.client.patch("me", json!({"phone": null})).await.ok();
    assert_eq!((&cleared["phone"], &cleared["time_zone"]), (&json!(""), &json!("Europe/Prague")));
}

#[tokio::test]
async fn a_profile_that_cannot_be_names_every_wrong_field() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let change = json!({"title": "a\nb", "email": "ann", "time_zone": "Mars/Olympus", "status_until": "2001-01-01T00:00:00Z"});
    let problem = ann.client.patch("me", change).await.problem(422, "invalid");
    let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["title", "email", "time_zone", "status_until"]);
    for (change, field) in [
        (json!({"display_name": "\u{200b}"}), "display_name"),
        (json!({"role": "administrator"}), "role"),
        (json!({"last_seen_privacy": "friends"}), "last_seen_privacy"),
    ] {
        let problem = ann.client.patch("me", change).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn a_picture_is_kept_by_browsers_and_never_runs() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let profile = put_avatar(&ann, png(64)).await.ok();
    let version = profile["avatar"].as_i64().unwrap();
    let (path, etag) = (format!("users/{}/avatar", ann.id), format!("\"{version}\""));
    let answer = ben.client.get(&format!("{path}?v={version}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    for (name, value) in [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::ETAG, etag.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        assert_eq!(answer.headers[name], value);
    }
    assert!(
        answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'")
    );
    assert_eq!(answer.bytes, png(64));
    let answer = avatar(&ben, &path, &format!("W/\"1\", {etag}")).await;
    assert_eq!((answer.status, answer.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-cache");
    let newer = put_avatar(&ann, png(65)).await.ok()["avatar"].as_i64().unwrap();
    assert!(newer > version);
    assert_eq!(avatar(&ben, &path, &etag).await.status, StatusCode::OK);
    let outdated = ben.client.get(&format!("{path}?v={version}")).await;
    assert_eq!(
        outdated.headers[header::CACHE_CONTROL],
        "private, no-cache",
        "not under another one's address"
    );
    ann.client.delete("me/avatar").await.ok();
    ben.client.get(&path).await.problem(404, "not_found");
    world.anybody().get(&path).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let svg = Bytes::from_static(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    for bytes in [svg, Bytes::new(), png(2_049)] {
        let problem = put_avatar(&ann, bytes).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "body");
    }
    let mut large = png(64).to_vec();
    large.resize(256 * 1024 + 1, 0);
    put_avatar(&ann, large.into()).await.problem(413, "too_large");
    assert_eq!(ann.client.get("me").await.ok()["avatar"], Value::Null);
}

#[tokio::test]
async fn people_are_found_and_the_deactivated_only_by_administrators() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    let joe = world.person("joe").await;
    joe.client.patch("me", json!({"display_name": "Joe Ánders"})).await.ok();
    assert_eq!(usernames(&ann.client.get("users?query=AND").await.ok()), ["joe"]);
    let first = ann.client.get("users?limit=2").await.ok();
    assert_eq!(usernames(&first), ["ann", "joe"]);
    let cursor = first["next"].as_str().unwrap();
    assert_eq!(usernames(&ann.client.get(&format!("users?limit=2&cursor={cursor}")).await.ok()), ["root"]);
    root.client.patch(&format!("users/{}", joe.id), json!({"deactivated": true})).await.ok();
    assert_eq!(usernames(&ann.client.get("users").await.ok()), ["ann", "root"]);
    ann.client.get("users?deactivated=true").await.problem(403, "administrators_only");
    assert_eq!(usernames(&root.client.get("users?deactivated=true&query=joe").await.ok()), ["joe"]);
    for query in ["users?cursor=nonsense", "users?limit=0", "users?name=ann", "users?deactivated=maybe"] {
        ann.client.get(query).await.problem(422, "invalid");
    }
    ann.client.get("users/nonsense").await.problem(404, "not_found");
    ann.client.get(&format!("users/{}", uuid::Uuid::new_v4())).await.problem(404, "not_found");
}

#[tokio::test]
async fn administrators_make_accounts_and_nobody_takes_a_name_twice() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    let mut others = ann.client.gateway().await;
    let made = root.client.post("users", json!({"username": "Echo", "bot": true})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.ok();
    assert_eq!(
        (&made["bot"], &made["role"], &made["display_name"]),
        (&json!(true), &json!("member"), &json!("Echo"))
    );
    assert_eq!(others.event("user.created").await["user"]["id"], made["id"]);
    let problem = root.client.post("users", json!({"username": "eCHO"})).await.problem(409, "username_taken");
    assert_eq!(problem["errors"][0]["field"], "username");
    for (body, field) in [
        (json!({"username": "a\u{200b}nn"}), "username"),
        (json!({"username": "\u{3164}\u{3164}"}), "username"),
        (json!({"username": "x1", "password": "short"}), "password"),
        (json!({"username": "x1", "password": "correct horse", "bot": true}), "password"),
        (json!({"username": "x1", "role": "king"}), "role"),
        (json!({}), "username"),
    ] {
        let problem = root.client.post("users", body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    ann.client.post("users", json!({"username": "ben"})).await.problem(403, "administrators_only");
}

#[tokio::test]
async fn a_deactivated_person_is_cut_off_and_the_last_administrator_stays() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    let mut socket = ann.client.gateway().await;
    let account = format!("users/{}", ann.id);
    let off = root.client.patch(&account, json!({"deactivated": true})).await.ok();
    assert!(off["deactivated_at"].is_string());
    assert_eq!(socket.closed().await, 4002);
    ann.client.get("me").await.problem(401, "session_ended");
    let on = root.client.patch(&account, json!({"deactivated": false, "role": "administrator"})).await.ok();
    assert_eq!((&on["deactivated_at"], &on["role"]), (&Value::Null, &json!("administrator")));
    root.client.patch(&account, json!({"role": "member"})).await.ok();
    let own = format!("users/{}", root.id);
    for change in [json!({"role": "member"}), json!({"deactivated": true})] {
        root.client.patch(&own, change).await.problem(409, "last_administrator");
    }
    let ben = world.person("ben").await;
    ben.client.patch(&own, json!({"deactivated": true})).await.problem(403, "administrators_only");
    let problem = root.client.patch(&account, json!({"username": "anna"})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "username");
}

#[tokio::test]
async fn administrators_see_who_did_what_from_where() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    root.client.patch(&format!("users/{}", ann.id), json!({"role": "administrator"})).await.ok();
    let log = root.client.get(&format!("audit?target_id={}&action=user.role_changed", ann.id)).await.ok();
    let entry = &log["items"][0];
    assert_eq!((&entry["actor_id"], &entry["address"]), (&json!(root.id), &json!("127.0.0.1")));
    assert_eq!(entry["detail"], json!({"from": "member", "to": "administrator"}));
    let first = root.client.get("audit?limit=1").await.ok();
    let second =
        root.client.get(&format!("audit?limit=1&cursor={}", first["next"].as_str().unwrap())).await.ok();
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    assert_eq!(
        root.client.get("audit?until=2001-01-01T00:00:00Z").await.ok(),
        json!({"items": [], "next": null})
    );
    world.person("ben").await.client.get("audit").await.problem(403, "administrators_only");
    root.client.get("audit?since=yesterday").await.problem(422, "invalid");
}

#[tokio::test]
async fn administrators_see_how_the_server_does() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    let state = root.client.get("server").await.ok();
    assert_eq!((&state["people"], &state["administrators"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&state["registration"], &state["version"]),
        (&json!("closed"), &json!(env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(state["database"]["kind"], "sqlite");
    assert!(state["database"]["bytes"].as_i64().unwrap() > 0);
    assert!(state["public_url"].as_str().unwrap().starts_with("http"));
    ann.client.get("server").await.problem(403, "administrators_only");
    world.anybody().get("server").await.problem(401, "unauthenticated");
}
