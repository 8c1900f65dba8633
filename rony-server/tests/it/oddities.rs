//! Facts about requests that no client of good will sends: each is answered in words, by a problem document or as if it were
//! any other, and the server is as before.

use http::{Method, header};
use serde_json::{Value, json};

use crate::world::{Answer, Client, World};

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Makes sure that an answer is a success, or a problem that the client has made.
#[track_caller]
fn assert_survived(answer: &Answer, what: &str) {
    let (status, shown) = (answer.status, String::from_utf8_lossy(&answer.bytes));
    assert!(status.is_success() || status.is_client_error(), "{what}: {status} {shown}");
    if status.is_client_error() {
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{what}: {shown}");
        assert!(answer.json()["code"].is_string() && answer.json()["detail"].is_string(), "{what}: {shown}");
    }
}

async fn body(client: &Client, method: Method, path: &str, body: &str) -> Answer {
    let request = client.request(method, path).header(header::CONTENT_TYPE, "application/json");
    client.send(request, body.to_owned().into()).await
}

#[tokio::test]
async fn numbers_at_their_limits_are_answered() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let group = world.group(&ann, &[]).await;
    let place = format!("conversations/{group}");
    let post = json!({"client_id": uuid(), "text": "hi"});
    ann.client.post(&format!("{place}/messages"), post).await.ok();
    for number in
        ["0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e999", "NaN", ""]
    {
        for name in ["before", "after", "around", "limit"] {
            let path = format!("{place}/messages?{name}={number}");
            assert_survived(&ann.client.get(&path).await, &path);
        }
        for (path, shape) in [
            (format!("{place}/read"), r#"{"ordinal":_}"#.to_owned()),
            ("sync".to_owned(), format!(r#"{{"streams":{{"{group}":_}}}}"#)),
            ("sync".to_owned(), r#"{"streams":{},"limit":_}"#.to_owned()),
            ("invites".to_owned(), format!(r#"{{"conversation_id":"{group}","uses":_}}"#)),
        ] {
            let method = if path.ends_with("read") { Method::PUT } else { Method::POST };
            let shape = shape.replace('_', number);
            assert_survived(&body(&ann.client, method, &path, &shape).await, &shape);
        }
    }
    ann.client.put(&format!("{place}/read"), json!({"ordinal": 1})).await.ok();
}

#[tokio::test]
async fn times_at_their_limits_are_answered() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    let group = world.group(&ann, &[]).await;
    for time in [
        "9999-12-30T22:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "-009999-01-02T01:59:59Z",
        "-000001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "+010000-01-01T00:00:00Z",
        "1970-01-01T00:00:60Z",
        "2026-02-30T00:00:00Z",
        "",
    ] {
        let at = form_urlencoded::byte_serialize(time.as_bytes()).collect::<String>();
        for path in [format!("search?query=x&since={at}&until={at}"), format!("audit?since={at}&until={at}")]
        {
            assert_survived(&root.client.get(&path).await, &path);
        }
        for (method, path, body) in [
            (Method::POST, "tokens".to_owned(), json!({"name": "a", "scopes": ["read"], "expires_at": time})),
            (Method::POST, "invites".to_owned(), json!({"conversation_id": group, "expires_at": time})),
            (Method::PUT, "me/presence".to_owned(), json!({"status": "busy", "until": time})),
            (Method::PATCH, format!("conversations/{group}/me"), json!({"muted_until": time})),
        ] {
            let answer = self::body(&ann.client, method, &path, &body.to_string()).await;
            assert_survived(&answer, &format!("{path} {body}"));
        }
    }
    for path in ["me", "tokens", "snapshot", "invites", "conversations"] {
        ann.client.get(path).await.ok();
    }
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_answered() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let group = world.group(&ann, &[]).await;
    let long = "x".repeat(6000);
    for odd in
        ["%00", "%ff", "%0d%0aset-cookie:a=b", "..%2f..%2fetc", "%2e%2e", "%", "%zz", "%e2%80%ae", &long]
    {
        for path in [
            format!("users/{odd}"),
            format!("users?query={odd}&cursor={odd}"),
            format!("search?query={odd}"),
            format!("search?query=x&cursor={odd}"),
            format!("conversations?scope=public&query={odd}"),
            format!("conversations/{group}/messages?cursor={odd}"),
            format!("conversations/{odd}/messages/{odd}"),
            format!("/api/v1/{odd}"),
            format!("/{odd}"),
        ] {
            let answer = ann.client.get(&path).await;
            assert_survived(&answer, &path);
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
        }
        let emoji = format!("conversations/{group}/messages/{}/reactions/{odd}", uuid());
        let answer = body(&ann.client, Method::PUT, &emoji, "").await;
        assert!(answer.status.is_client_error(), "{emoji}");
        assert_survived(&answer, &emoji);
    }
}

#[tokio::test]
async fn bodies_of_no_sense_are_answered_and_change_nothing() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let group = world.group(&ann, &[]).await;
    let messages = format!("conversations/{group}/messages");
    let nested =
        format!("{{\"client_id\":\"{}\",\"text\":{}{}}}", uuid(), "[".repeat(50_000), "]".repeat(50_000));
    let lone = format!("{{\"client_id\":\"{}\",\"text\":\"\\ud800\"}}", uuid());
    let twice = format!("{{\"client_id\":\"{}\",\"text\":\"a\",\"text\":\"b\"}}", uuid());
    for body in ["null", "[]", "7", "\"text\"", "{}", "{\"text\":null}", "\u{feff}{}", &nested, &lone, &twice]
    {
        let answer = self::body(&ann.client, Method::POST, &messages, body).await;
        assert!(answer.status.is_client_error(), "{}", &body[..body.len().min(80)]);
        assert_survived(&answer, &body[..body.len().min(80)]);
    }
    let mut socket = ann.client.gateway().await;
    let frame = format!("{{\"type\":\"post\",\"id\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    socket.send_message(tokio_tungstenite::tungstenite::Message::text(frame)).await;
    assert!(
        ["invalid_json", "invalid_frame"].contains(&socket.until("error").await["code"].as_str().unwrap())
    );
    let page = ann.client.get(&messages).await.ok();
    assert_eq!(page["items"], Value::Array(Vec::new()));
}
