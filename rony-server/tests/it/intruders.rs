//! Facts about who is kept out: pages of others, forged names and proxies, and people whose time here is over.

use std::{sync::Arc, time::Duration};

use http::{Method, header};
use rony_core::time::{ManualClock, Timestamp};
use serde_json::{Value, json};

use crate::world::{Answer, Client, Socket, World};

const PASSWORD: &str = "correct horse";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn credentials(username: &str, password: &str) -> Value {
    json!({"username": username, "password": password})
}

/// Sends JSON with these headers.
async fn send(client: &Client, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let request = client.request(method, path).header(header::CONTENT_TYPE, "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    client.send(request, body.to_string().into()).await
}

/// Asks for a gateway connection with these headers: what is answered where it is refused.
async fn knock(client: &Client, headers: &[(&str, &str)]) -> Answer {
    const UPGRADE: [(&str, &str); 4] = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    send(client, Method::GET, "gateway", &[&UPGRADE[..], headers].concat(), &Value::Null).await
}

#[tokio::test]
async fn a_page_of_somebody_else_changes_nothing_and_opens_no_connection() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    let (anybody, here) = (world.anybody(), format!("http://{}", world.address));
    let body = json!({"username": "ann", "password": PASSWORD, "cookie": true});
    let signed_in = send(&anybody, Method::POST, "sessions", &[("origin", &here)], &body).await;
    let cookie =
        signed_in.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let prefixed = format!("http://evil.{}", world.address);
    let suffixed = format!("{here}.evil.example");
    for origin in ["https://evil.example", "null", "", &prefixed, &suffixed, "http://localhost:1"] {
        let headers = [("cookie", cookie.as_str()), ("origin", origin)];
        let name = json!({"display_name": "Eve"});
        send(&anybody, Method::PATCH, "me", &headers, &name).await.problem(403, "origin_not_allowed");
        send(&anybody, Method::POST, "sessions", &[("origin", origin)], &body)
            .await
            .problem(403, "origin_not_allowed");
        knock(&anybody, &headers).await.problem(403, "origin_not_allowed");
    }
    knock(&anybody, &[("cookie", &cookie)]).await.problem(403, "origin_missing");
    assert_eq!(knock(&anybody, &[("cookie", &cookie), ("origin", &here)]).await.status.as_u16(), 101);
    let me = send(&anybody, Method::GET, "me", &[("cookie", &cookie)], &Value::Null).await.ok();
    assert_eq!(me["display_name"], "ann");
}

#[tokio::test]
async fn a_name_that_somebody_pointed_here_is_answered_nowhere() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let local = world.address.to_string();
    for host in ["evil.example", "127.0.0.1.evil.example", "evil.localhost.example", "192.168.1.5", "[::2]"] {
        let headers = [("host", host), ("x-forwarded-host", local.as_str()), ("forwarded", "host=localhost")];
        for path in ["me", "openapi.json", "/", "/api/docs", "/setup"] {
            send(&ann.client, Method::GET, path, &headers, &Value::Null)
                .await
                .problem(421, "host_not_allowed");
        }
        let name = json!({"display_name": "Eve"});
        send(&ann.client, Method::PATCH, "me", &headers, &name).await.problem(421, "host_not_allowed");
        knock(&ann.client, &headers).await.problem(421, "host_not_allowed");
    }
    assert_eq!(ann.client.get("me").await.ok()["display_name"], "ann");
}

#[tokio::test]
async fn a_proxy_that_nobody_declared_is_not_believed() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    let anybody = world.anybody();
    let forged = [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-real-ip", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9;proto=https"),
        ("x-forwarded-proto", "https"),
    ];
    let body = json!({"username": "ann", "password": PASSWORD, "cookie": true});
    let answer = send(&anybody, Method::POST, "sessions", &forged, &body).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("rony_session=") && !cookie.contains("Secure"), "{cookie}");
    assert_eq!(answer.ok()["session"]["address"], "127.0.0.1");
}

#[tokio::test]
async fn who_guesses_at_many_accounts_is_stopped_by_their_address_whatever_they_say_it_is() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    let anybody = world.anybody();
    let guess = async |number: usize, username: &str, password: &str| {
        let address = format!("203.0.113.{number}");
        let headers = [("x-forwarded-for", address.as_str())];
        send(&anybody, Method::POST, "sessions", &headers, &credentials(username, password)).await
    };
    for number in 0..50 {
        guess(number, &format!("name{number}"), "password1").await.problem(401, "credentials_wrong");
    }
    let answer = guess(50, "ann", PASSWORD).await;
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    answer.problem(429, "rate_limited");
}

#[tokio::test]
async fn a_token_in_an_address_opens_no_connection() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let token = ann.client.token().unwrap();
    for name in ["token", "access_token", "authorization"] {
        let path = format!("/api/v1/gateway?{name}={token}");
        let mut socket = Socket::open_at(world.address, &path, None).await;
        socket.send(&json!({"type": "resume"})).await;
        assert_eq!(socket.closed().await, 4001, "{name}");
    }
}

#[tokio::test]
async fn a_deactivated_account_comes_in_by_no_way() {
    let world = World::start().await;
    let root = world.administrator("root").await;
    let ann = world.account("ann", PASSWORD).await;
    let signed_in = world.anybody().post("sessions", credentials("ann", PASSWORD)).await.ok();
    let device = world.anybody().with_token(signed_in["token"].as_str().unwrap());
    let made = device.post("tokens", json!({"name": "script", "scopes": ["read", "write"]})).await.ok();
    let script = world.anybody().with_token(made["token"].as_str().unwrap());
    let link = root.client.post(&format!("users/{ann}/reset-link"), Value::Null).await.ok();
    let reset = link["link"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
    let (mut by_session, mut by_token) = (device.gateway().await, script.gateway().await);
    root.client.patch(&format!("users/{ann}"), json!({"deactivated": true})).await.ok();

    assert_eq!((by_session.closed().await, by_token.closed().await), (4002, 4002));
    for client in [&device, &script] {
        client.get("me").await.problem(401, "session_ended");
        client.post("sync", json!({"streams": {}})).await.problem(401, "session_ended");
        knock(client, &[]).await.problem(401, "session_ended");
        let mut socket = Socket::open(world.address, None).await;
        socket.send(&json!({"type": "auth", "token": client.token()})).await;
        assert_eq!(socket.closed().await, 4001);
    }
    device.post("sessions/refresh", Value::Null).await.problem(401, "session_ended");
    let cookie = format!("rony_session={}", device.token().unwrap());
    send(&world.anybody(), Method::GET, "me", &[("cookie", &cookie)], &Value::Null)
        .await
        .problem(401, "session_ended");
    let anybody = world.anybody();
    anybody.post("sessions", credentials("ann", PASSWORD)).await.problem(401, "account_deactivated");
    let answer = anybody.post("password-resets", json!({"token": reset, "password": "another horse"})).await;
    assert_eq!(answer.status.as_u16(), 409);
    root.client.patch(&format!("users/{ann}"), json!({"deactivated": false})).await.ok();
    device.get("me").await.problem(401, "session_ended");
    anybody.post("sessions", credentials("ann", "another horse")).await.problem(401, "credentials_wrong");
    anybody.post("sessions", credentials("ann", PASSWORD)).await.ok();
}

#[tokio::test]
async fn a_former_member_learns_and_does_nothing_more() {
    let world = World::start().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let group = world.group(&ann, &[&eve]).await;
    let place = format!("conversations/{group}");
    let own = json!({"client_id": uuid(), "text": "raven of eve"});
    let own = eve.client.post(&format!("{place}/messages"), own).await.ok();
    let mut socket = eve.client.gateway().await;
    socket.send(&json!({"type": "watch", "user_ids": [], "conversation_id": group})).await;
    let since = socket.hello["since"].clone();
    ann.client.delete(&format!("{place}/members/{}", eve.id)).await.ok();
    let secret = json!({"client_id": uuid(), "text": "raven of ann"});
    ann.client.post(&format!("{place}/messages"), secret).await.ok();
    world.server.rony().projections().run_once().await.unwrap();

    let sync = eve.client.post("sync", json!({"streams": {&group: 0}, "since": since})).await.ok();
    assert_eq!((&sync["streams"], &sync["left"]), (&json!([]), &json!([group])));
    assert!(!sync["moved"].to_string().contains(&group) && !sync["joined"].to_string().contains(&group));
    let search = eve.client.get("search?query=raven").await.ok();
    assert_eq!(search["messages"]["items"], json!([]));
    let one = format!("{place}/messages/{}", own["id"].as_str().unwrap());
    for path in
        [&place, &format!("{place}/snapshot"), &format!("{place}/messages"), &one, &format!("{place}/read")]
    {
        eve.client.get(path).await.problem(404, "not_found");
    }
    eve.client.get(&format!("search?query=raven&conversation={group}")).await.problem(404, "not_found");
    eve.client.put(&format!("{place}/read"), json!({"ordinal": 1})).await.problem(404, "not_found");
    eve.client.patch(&one, json!({"text": "changed"})).await.problem(404, "not_found");
    eve.client.delete(&one).await.problem(404, "not_found");
    assert!(!eve.client.get("snapshot").await.ok().to_string().contains(&group));

    let client_id = uuid();
    for frame in [
        json!({"type": "post", "id": 1, "conversation_id": group, "client_id": client_id, "text": "late"}),
        json!({"type": "read", "id": 2, "conversation_id": group, "ordinal": 2}),
    ] {
        socket.send(&frame).await;
        let error = socket.until("error").await;
        assert_eq!((&error["id"], &error["code"]), (&frame["id"], &json!("not_found")));
    }
    let mut back = Socket::open(world.address, eve.client.token()).await;
    back.resume(since).await;
    assert!(!back.hello["moved"].to_string().contains(&group), "{}", back.hello);
    let page = ann.client.get(&format!("{place}/messages")).await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "nothing of the late post is there");
}

#[tokio::test]
async fn a_guest_finds_what_a_guest_may_see() {
    let world = World::start().await;
    let (ann, gus) = (world.person("ann").await, world.person("gus").await);
    let other = world.group(&ann, &[]).await;
    let new = json!({"client_id": uuid(), "kind": "group", "history": "since_join", "title": "Birds"});
    let here = ann.client.post("conversations", new).await.ok()["id"].as_str().unwrap().to_owned();
    let say = async |place: &str, text: &str| {
        let post = json!({"client_id": uuid(), "text": text});
        ann.client.post(&format!("conversations/{place}/messages"), post).await.ok();
    };
    say(&other, "raven elsewhere").await;
    say(&here, "raven before").await;
    let guest = json!({"user_id": gus.id, "role": "guest"});
    ann.client.post(&format!("conversations/{here}/members"), guest).await.ok();
    say(&here, "raven after").await;
    world.server.rony().projections().run_once().await.unwrap();
    let found = gus.client.get("search?query=raven").await.ok();
    let found = found["messages"]["items"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["message"]["text"], "raven after");
    gus.client.get(&format!("search?query=raven&conversation={other}")).await.problem(404, "not_found");
    let of_ann = gus.client.get(&format!("search?author={}", ann.id)).await.ok();
    assert_eq!(of_ann["messages"]["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_has_ended_opens_nothing_and_a_clock_that_is_set_back_opens_it_no_more() {
    let clock = Arc::new(ManualClock::new("2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap()));
    let world = World::at(Arc::clone(&clock)).await;
    let (root, ann) = (world.administrator("root").await, world.account("ann", PASSWORD).await);
    let signed_in = world.anybody().post("sessions", credentials("ann", PASSWORD)).await.ok();
    let device = world.anybody().with_token(signed_in["token"].as_str().unwrap());
    let end = "2026-01-02T00:00:00Z";
    let token = json!({"name": "script", "scopes": ["read"], "expires_at": end});
    let token = device.post("tokens", token).await.ok();
    let script = world.anybody().with_token(token["token"].as_str().unwrap());
    let invite = root.client.post("invites", json!({"expires_at": end})).await.ok();
    let link = root.client.post(&format!("users/{ann}/reset-link"), Value::Null).await.ok();
    let reset = link["link"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
    let mut socket = script.gateway().await;
    script.get("me").await.ok();
    clock.advance(DAY);
    assert_eq!(socket.closed().await, 4002, "a connection ends with its token");
    let anybody = world.anybody();
    script.get("me").await.problem(401, "session_ended");
    anybody.post("invites/preview", json!({"token": invite["token"]})).await.problem(409, "invite_expired");
    let ben = json!({"username": "ben", "password": PASSWORD, "invite": invite["token"]});
    anybody.post("accounts", ben.clone()).await.problem(409, "invite_expired");
    clock.advance(29 * DAY);
    device.get("me").await.problem(401, "session_ended");
    let body = json!({"token": reset, "password": "another horse"});
    anybody.post("password-resets", body).await.problem(409, "reset_used");
    // To where the session and the device's last use were good.
    clock.set("2026-01-20T00:00:00Z".parse().unwrap());
    device.get("me").await.problem(401, "session_ended");
    script.get("me").await.problem(401, "session_ended");
    anybody.post("accounts", ben).await.problem(409, "invite_expired");
}
