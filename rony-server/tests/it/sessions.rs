//! Facts about signing in, devices, tokens and cookies, as clients see them.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::body::Body;
use http::{Method, Request, StatusCode, header, request::Parts};
use http_body_util::BodyExt as _;
use rony_core::{
    actor::{Actor, Trusted},
    error::BoxError,
    id::UserId,
    user::AccountChange,
    username::DisplayName,
};
use rony_server::{
    Server,
    auth::{Authenticator, Identity},
    config::Config,
};
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt as _;

use crate::world::{Answer, Client, Socket, World};

const PASSWORD: &str = "correct horse";

fn credentials(username: &str, password: &str) -> Value {
    json!({"username": username, "password": password})
}

async fn sign_in(world: &World, username: &str) -> Client {
    let answer = world.anybody().post("sessions", credentials(username, PASSWORD)).await.ok();
    world.anybody().with_token(answer["token"].as_str().expect("a token"))
}

/// Sends JSON with these headers.
async fn send(client: &Client, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let request = client.request(method, path).header(header::CONTENT_TYPE, "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    client.send(request, body.to_string().into()).await
}

fn ids(list: &Value) -> Vec<&Value> {
    list["items"].as_array().expect("a list").iter().map(|item| &item["id"]).collect()
}

#[tokio::test]
async fn whoever_signs_in_gets_a_token_that_opens_their_session() {
    let world = World::start().await;
    let ann = world.account("ann", PASSWORD).await;
    let body = json!({"username": "Ann", "password": PASSWORD, "device_name": "Phone"});
    let answer = world.anybody().post("sessions", body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let answer = answer.ok();
    assert_eq!((&answer["user"]["id"], &answer["user"]["username"]), (&json!(ann), &json!("ann")));
    assert_eq!(
        (&answer["session"]["device_name"], &answer["session"]["address"]),
        (&json!("Phone"), &json!("127.0.0.1"))
    );
    assert!(answer["session"]["idle_expires_at"].as_str() < answer["session"]["expires_at"].as_str());
    let client = world.anybody().with_token(answer["token"].as_str().unwrap());
    let list = client.get("sessions").await.ok();
    assert_eq!((ids(&list), &list["next"]), (vec![&answer["session"]["id"]], &Value::Null));
    assert_eq!(list["items"][0]["current"], true);
    let refreshed = client.post("sessions/refresh", json!({})).await.ok();
    assert_eq!(refreshed["session"]["id"], answer["session"]["id"]);
}

#[tokio::test]
async fn wrong_credentials_are_refused_alike_and_say_what_to_do() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    world.person("bot").await;
    let mut problems = Vec::new();
    for body in [
        credentials("ann", "wrong horse"),
        credentials("nobody", PASSWORD),
        credentials("bot", ""),
        credentials("a\0", "\0"),
    ] {
        let answer = world.anybody().post("sessions", body).await;
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
        problems.push(answer.problem(401, "credentials_wrong"));
    }
    problems.dedup();
    assert_eq!(problems.len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_read_names_the_field_and_repeats_no_password() {
    let world = World::start().await;
    for (body, field) in [
        (json!({"username": "ann"}), "password"),
        (json!({"password": PASSWORD}), "username"),
        (json!({"username": "ann", "password": 20_251_122}), "password"),
        (json!({"username": "ann", "password": PASSWORD, "remember": true}), "remember"),
        (json!({"username": "ann", "password": PASSWORD, "device_name": "\u{200b}"}), "device_name"),
        (json!({"username": "ann", "password": PASSWORD, "device_name": "x".repeat(65)}), "device_name"),
    ] {
        let problem = world.anybody().post("sessions", body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        assert!(
            !problem.to_string().contains("20251122") && !problem.to_string().contains(PASSWORD),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn whoever_guesses_is_told_to_wait() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    for _ in 0..10 {
        world
            .anybody()
            .post("sessions", credentials("ann", "wrong horse"))
            .await
            .problem(401, "credentials_wrong");
    }
    let answer = world.anybody().post("sessions", credentials("ann", PASSWORD)).await;
    let wait: u64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=90).contains(&wait), "{wait}");
    answer.problem(429, "rate_limited");
}

#[tokio::test]
async fn what_opens_nothing_is_refused_with_its_reason() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    world.anybody().get("sessions").await.problem(401, "unauthenticated");
    world.anybody().with_token("nonsense").get("sessions").await.problem(401, "token_malformed");
    let never_given = format!("rony_s_{}", "A".repeat(43));
    world.anybody().with_token(&never_given).get("sessions").await.problem(401, "session_ended");
    let token = ann.client.token().unwrap();
    for name in ["token", "access_token", "authorization"] {
        world.anybody().get(&format!("sessions?{name}={token}")).await.problem(401, "unauthenticated");
    }
    ann.client.delete("sessions/current").await.ok();
    ann.client.get("sessions").await.problem(401, "session_ended");
    let mut socket = Socket::open(world.address, None).await;
    socket.send(&json!({"type": "auth", "token": token})).await;
    assert_eq!(socket.closed().await, 4001);
}

#[tokio::test]
async fn a_browser_has_its_session_in_a_cookie_that_only_this_servers_pages_may_use() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    let (anybody, here) = (world.anybody(), format!("http://{}", world.address));
    let body = json!({"username": "ann", "password": PASSWORD, "cookie": true});
    let answer = send(&anybody, Method::POST, "sessions", &[("origin", &here)], &body).await;
    let set_cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert_eq!(answer.ok()["token"], Value::Null, "what scripts cannot read is not in the answer either");
    let (cookie, attributes) = set_cookie.split_once("; ").unwrap();
    assert!(cookie.starts_with("rony_session=rony_s_"), "{cookie}");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Max-Age=15552000");

    let none = Value::Null;
    send(&anybody, Method::GET, "sessions", &[("cookie", cookie)], &none).await.ok();
    let change = [("cookie", cookie)];
    send(&anybody, Method::POST, "sessions/refresh", &change, &none).await.problem(403, "origin_missing");
    let proxied = [("cookie", cookie), ("authorization", "Basic YW5uOnB3")];
    send(&anybody, Method::POST, "sessions/refresh", &proxied, &none).await.problem(403, "origin_missing");
    for origin in ["null", "https://evil.example", &format!("{here}.evil.example")] {
        let change = [("cookie", cookie), ("origin", origin)];
        send(&anybody, Method::POST, "sessions/refresh", &change, &none)
            .await
            .problem(403, "origin_not_allowed");
    }
    let change = [("cookie", cookie), ("origin", &here)];
    send(&anybody, Method::POST, "sessions/refresh", &change, &none).await.ok();
    let gone = send(&anybody, Method::DELETE, "sessions/current", &change, &none).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(gone.headers[header::SET_COOKIE], "rony_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    send(&anybody, Method::GET, "sessions", &[("cookie", cookie)], &none).await.problem(401, "session_ended");
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_this_host_alone() {
    let world = World::with(|config| config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]).await;
    world.account("ann", PASSWORD).await;
    let anybody = world.anybody();
    let body = json!({"username": "ann", "password": PASSWORD, "cookie": true});
    let answer = send(&anybody, Method::POST, "sessions", &[("x-forwarded-proto", "https")], &body).await;
    let set_cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        set_cookie.starts_with("__Host-rony_session=rony_s_") && set_cookie.ends_with("; Secure"),
        "{set_cookie}"
    );
    let cookie = set_cookie.split(';').next().unwrap();
    let https = [("x-forwarded-proto", "https"), ("cookie", cookie)];
    send(&anybody, Method::GET, "sessions", &https, &Value::Null).await.ok();
    let plain = cookie.trim_start_matches("__Host-");
    let https = [("x-forwarded-proto", "https"), ("cookie", plain)];
    send(&anybody, Method::GET, "sessions", &https, &Value::Null).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn over_plain_http_from_elsewhere_no_browser_signs_in() {
    let world = World::with(|config| config.allowed_hosts = vec!["chat.example".to_owned()]).await;
    world.account("ann", PASSWORD).await;
    let mut body = json!({"username": "ann", "password": PASSWORD, "cookie": true});
    let host = [("host", "chat.example")];
    send(&world.anybody(), Method::POST, "sessions", &host, &body).await.problem(403, "https_needed");
    body["cookie"] = json!(false);
    send(&world.anybody(), Method::POST, "sessions", &host, &body).await.ok();
}

#[tokio::test]
async fn a_device_that_is_signed_out_loses_its_connection_and_the_others_stay() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    let (phone, desk) = (sign_in(&world, "ann").await, sign_in(&world, "ann").await);
    let (mut on_phone, mut on_desk) = (phone.gateway().await, desk.gateway().await);
    let list = desk.get("sessions").await.ok();
    assert_eq!(ids(&list), [&on_desk.hello["session_id"], &on_phone.hello["session_id"]]);
    desk.delete(&format!("sessions/{}", on_phone.hello["session_id"].as_str().unwrap())).await.ok();
    assert_eq!(on_phone.closed().await, 4002);
    phone.get("sessions").await.problem(401, "session_ended");
    on_desk.send(&json!({"type": "ping"})).await;
    on_desk.until("pong").await;

    let tablet = sign_in(&world, "ann").await;
    desk.delete("sessions").await.ok();
    tablet.get("sessions").await.problem(401, "session_ended");
    desk.delete("sessions/current").await.ok();
    assert_eq!(on_desk.closed().await, 4002);
}

#[tokio::test]
async fn nobody_sees_or_ends_somebody_elses_sessions() {
    let world = World::start().await;
    let (ann, root) = (world.person("ann").await, world.administrator("root").await);
    let anns = ann.client.get("sessions").await.ok();
    let path = format!("sessions/{}", anns["items"][0]["id"].as_str().unwrap());
    assert_eq!(ids(&root.client.get("sessions").await.ok()).len(), 1);
    root.client.delete(&path).await.problem(404, "not_found");
    root.client.delete("sessions/nonsense").await.problem(404, "not_found");
    root.client.delete("sessions").await.ok();
    ann.client.get("sessions").await.ok();
}

#[tokio::test]
async fn a_revocation_reaches_another_node_by_the_database_within_a_second() {
    let world = World::start().await;
    let other = world.another_node().await;
    let ann = world.person("ann").await;
    let mut socket = Socket::open(other.address, ann.client.token()).await;
    socket.resume(Value::Null).await;
    let revoked = Instant::now();
    ann.client.delete("sessions/current").await.ok();
    assert_eq!(socket.closed().await, 4002);
    // Asked for twice a second; the rest is for a machine that is busy with other tests.
    assert!(revoked.elapsed() < Duration::from_secs(3), "{:?}", revoked.elapsed());
}

#[tokio::test]
async fn a_deactivated_account_is_cut_off_and_told_why_only_with_its_password() {
    let world = World::start().await;
    let ann: UserId = world.account("ann", PASSWORD).await.parse().unwrap();
    let client = sign_in(&world, "ann").await;
    let mut socket = client.gateway().await;
    let change = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    let system = Actor::trusted(Trusted::System);
    world.server.rony().users().administer(&system, ann, change).await.unwrap();
    client.get("sessions").await.problem(401, "session_ended");
    assert_eq!(socket.closed().await, 4002);
    let anybody = world.anybody();
    anybody.post("sessions", credentials("ann", "wrong horse")).await.problem(401, "credentials_wrong");
    anybody.post("sessions", credentials("ann", PASSWORD)).await.problem(401, "account_deactivated");
}

#[tokio::test]
async fn a_program_does_with_its_token_what_it_was_made_for() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let made = ann.client.post("tokens", json!({"name": "script", "scopes": ["read"]})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.ok();
    let script = world.anybody().with_token(made["token"].as_str().unwrap());
    let mut socket = script.gateway().await;
    assert_eq!(socket.hello["user_id"], ann.id.as_str());
    script.post("sync", json!({"streams": {}})).await.ok();
    script.get("sessions").await.problem(403, "sign_in_needed");
    script
        .post("tokens", json!({"name": "another", "scopes": ["read"]}))
        .await
        .problem(403, "sign_in_needed");
    script.delete("sessions/current").await.problem(403, "sign_in_needed");
    let list = ann.client.get("tokens").await.ok();
    assert_eq!((ids(&list), &list["items"][0]["scopes"]), (vec![&made["id"]], &json!(["read"])));
    assert!(list["items"][0]["token"].is_null() && list["items"][0]["last_used_at"].is_string());
    ann.client.delete(&format!("tokens/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!(socket.closed().await, 4002);
    script.post("sync", json!({"streams": {}})).await.problem(401, "session_ended");
}

#[tokio::test]
async fn a_token_that_cannot_be_made_says_which_field_is_wrong() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    for (body, field) in [
        (json!({"scopes": ["read"]}), "name"),
        (json!({"name": " ", "scopes": ["read"]}), "name"),
        (json!({"name": "a", "scopes": []}), "scopes"),
        (json!({"name": "a", "scopes": ["everything"]}), "scopes[0]"),
        (json!({"name": "a", "scopes": ["read"], "expires_at": "2001-01-01T00:00:00Z"}), "expires_at"),
        (json!({"name": "a", "scopes": ["read"], "expires_at": "tomorrow"}), "expires_at"),
    ] {
        let problem = ann.client.post("tokens", body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

#[tokio::test]
async fn an_administrator_gives_a_bot_its_token() {
    let world = World::start().await;
    let (root, ann) = (world.administrator("root").await, world.person("ann").await);
    let bot = world.bot("echo").await;
    let (path, wish) =
        (format!("users/{bot}/tokens"), json!({"name": "production", "scopes": ["read", "write"]}));
    ann.client.post(&path, wish.clone()).await.problem(403, "administrators_only");
    ann.client.get(&path).await.problem(403, "administrators_only");
    let person = format!("users/{}/tokens", ann.id);
    root.client.post(&person, wish.clone()).await.problem(403, "not_a_bot");
    let made = root.client.post(&path, wish).await.ok();
    let echo = world.anybody().with_token(made["token"].as_str().unwrap());
    assert_eq!(echo.gateway().await.hello["user_id"], bot.as_str());
    assert_eq!(ids(&root.client.get(&path).await.ok()), [&made["id"]]);
    let token = format!("{path}/{}", made["id"].as_str().unwrap());
    ann.client.delete(&token).await.problem(403, "administrators_only");
    root.client.delete(&token).await.ok();
    echo.get("sync").await.problem(405, "method_not_allowed");
    echo.post("sync", json!({"streams": {}})).await.problem(401, "session_ended");
}

/// Believes a header, as a host application behind its own proxy might.
struct FromHeader;

#[async_trait]
impl Authenticator for FromHeader {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Identity>, BoxError> {
        match request.headers.get("x-user").map(|user| user.to_str()).transpose()? {
            None => Ok(None),
            Some("database away") => Err("no answer".into()),
            Some(user) => {
                Ok(Some(Identity::named(user.parse()?).display_name(DisplayName::parse("From outside")?)))
            }
        }
    }
}

async fn ask(server: &Server, method: Method, path: &str, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let request =
        Request::builder().method(method).uri(format!("/api/v1/{path}")).header("host", "localhost");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = server.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() })
}

#[tokio::test]
async fn a_host_application_says_who_sends_a_request() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut config = Config::default();
    config.data = folder.path().to_owned();
    let server = Server::builder().config(config).authenticator(Arc::new(FromHeader)).build().await.unwrap();
    let (status, body) = ask(&server, Method::GET, "sessions", &[]).await;
    assert_eq!((status.as_u16(), &body["code"]), (401, &json!("unauthenticated")));
    let (status, body) = ask(&server, Method::GET, "sessions", &[("x-user", "database away")]).await;
    assert_eq!((status.as_u16(), &body["code"]), (503, &json!("unavailable")));
    // Twice: the account is made once.
    for _ in 0..2 {
        let (status, body) = ask(&server, Method::GET, "sessions", &[("x-user", "mary")]).await;
        assert_eq!((status.as_u16(), &body["items"]), (200, &json!([])));
    }
    let (status, body) = ask(&server, Method::GET, "sessions", &[("x-user", "rnary")]).await;
    assert_eq!(
        (status.as_u16(), &body["code"]),
        (409, &json!("username_taken")),
        "nobody comes in as their likeness"
    );
    let (status, _) = ask(&server, Method::DELETE, "sessions/current", &[("x-user", "mary")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    server.shutdown().await;
}
