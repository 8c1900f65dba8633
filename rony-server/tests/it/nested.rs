//! Facts about a server inside another application, under a path of its own.

use std::net::SocketAddr;

use axum::{Router, routing::get};
use http::{Method, StatusCode, header};
use rony_core::{
    actor::{Actor, Trusted},
    user::NewUser,
};
use rony_server::{Server, config::Config};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::{Client, Socket};

const PASSWORD: &str = "correct horse";

/// An application with a page and a `/api` of its own, and Rony under `/chat` with Ann's account.
async fn house(folder: &std::path::Path) -> (Server, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut config = Config::default();
    config.data = folder.to_owned();
    config.public_url = Some(format!("http://{address}/chat").parse().expect("a URL"));
    let server = Server::builder().config(config).port(address.port()).build().await.expect("a server");
    let new = NewUser { password: Some(PASSWORD.into()), ..NewUser::named("ann".parse().expect("a name")) };
    server.rony().users().create(&Actor::trusted(Trusted::System), new).await.expect("an account");
    let house = Router::new()
        .route("/", get(async || "The house"))
        .route("/api/v1/me", get(async || "The house's own"))
        .nest("/chat", server.router());
    let house = house.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, house).await });
    (server, address)
}

/// Signs in as a browser does; its cookie.
async fn sign_in(anybody: &Client) -> String {
    let body = json!({"username": "ann", "password": PASSWORD, "cookie": true});
    let answer = anybody.post("/chat/api/v1/sessions", body).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    answer.ok();
    // It reaches the gateway and the API under any path; a path is no wall between pages of one origin anyway.
    assert!(cookie.contains("; Path=/; HttpOnly"), "{cookie}");
    cookie.split(';').next().expect("a cookie").to_owned()
}

#[tokio::test]
async fn the_api_and_the_gateway_work_under_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let (server, address) = house(folder.path()).await;
    let anybody = Client::new(address, None);
    assert_eq!(anybody.get("/").await.bytes, "The house");
    assert_eq!(anybody.get("/api/v1/me").await.bytes, "The house's own");
    anybody.get("/chat/api/v1/me").await.problem(401, "unauthenticated");
    anybody.get("/chat/api/v1/nowhere").await.problem(404, "not_found");
    anybody.get("/chat/nowhere").await.problem(404, "not_found");
    anybody.delete("/chat/api/v1/me").await.problem(405, "method_not_allowed");
    anybody.get("/chat/health/live").await.ok();
    let answer =
        anybody.post("/chat/api/v1/sessions", json!({"username": "ann", "password": PASSWORD})).await.ok();
    let token = answer["token"].as_str().unwrap();
    let ann = anybody.with_token(token);
    let mut socket = Socket::open_at(address, "/chat/api/v1/gateway", Some(token)).await;
    socket.resume(Value::Null).await;
    let general = ann.get("/chat/api/v1/conversations").await.ok()["items"][0]["id"].clone();
    let messages = format!("/chat/api/v1/conversations/{}/messages", general.as_str().unwrap());
    let post = json!({"client_id": uuid::Uuid::new_v4(), "text": "Hello"});
    let posted = ann.post(&messages, post).await.ok();
    assert_eq!(socket.event("message.posted").await["message"], posted);
    server.shutdown().await;
    assert_eq!(socket.closed().await, 4012);
}

#[tokio::test]
async fn a_browser_keeps_its_session_under_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = house(folder.path()).await;
    let anybody = Client::new(address, None);
    let cookie = sign_in(&anybody).await;
    let origin = format!("http://{address}");
    let with_cookie = |method, path| anybody.request(method, path).header(header::COOKIE, &cookie);
    anybody.send(with_cookie(Method::GET, "/chat/api/v1/me"), "".into()).await.ok();
    let refresh = "/chat/api/v1/sessions/refresh";
    anybody.send(with_cookie(Method::POST, refresh), "".into()).await.problem(403, "origin_missing");
    let change = with_cookie(Method::POST, refresh).header(header::ORIGIN, &origin);
    anybody.send(change, "".into()).await.ok();
    let foreign = with_cookie(Method::POST, refresh).header(header::ORIGIN, "https://evil.example");
    anybody.send(foreign, "".into()).await.problem(403, "origin_not_allowed");
    let end = with_cookie(Method::DELETE, "/chat/api/v1/sessions/current").header(header::ORIGIN, &origin);
    assert_eq!(anybody.send(end, "".into()).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn pages_and_what_they_load_are_found_under_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = house(folder.path()).await;
    let anybody = Client::new(address, None);
    for (page, base) in [("api/docs", "/chat/api"), ("setup", "/chat")] {
        let text = anybody.get(&format!("/chat/{page}")).await;
        assert_eq!(text.status, StatusCode::OK, "{page}");
        let text = String::from_utf8_lossy(&text.bytes).into_owned();
        assert!(!text.contains("=\"/"), "{page} has a link that begins at the house's root");
        // Whichever page it is: the web client, or the form of a program that was built without it.
        let files: Vec<_> = loaded(&text).collect();
        assert!(files.iter().any(|file| file.ends_with(".js")), "{page} runs nothing: {files:?}");
        for file in files {
            assert_eq!(anybody.get(&format!("{base}/{file}")).await.status, StatusCode::OK, "{file}");
        }
    }
    let description = anybody.get("/chat/api/v1/openapi.json").await.ok();
    assert_eq!(description["servers"], json!([{"url": "/chat/api/v1"}]));
    let cookie = sign_in(&anybody).await;
    let token = anybody.with_token(cookie.split_once('=').unwrap().1);
    let new = json!({"client_id": uuid::Uuid::new_v4(), "kind": "group"});
    let group = token.post("/chat/api/v1/conversations", new).await.ok();
    let invite = token.post("/chat/api/v1/invites", json!({"conversation_id": group["id"]})).await.ok();
    let (page, _) = invite["link"].as_str().unwrap().split_once('#').unwrap();
    assert_eq!(page, format!("http://{address}/chat/join"));
    assert_eq!(anybody.get("/chat/join").await.status, StatusCode::OK);
}

/// The scripts and styles that a page loads, relative to where it is.
fn loaded(page: &str) -> impl Iterator<Item = &str> {
    let links = ["src=\"", "href=\""].into_iter().flat_map(|mark| page.split(mark).skip(1));
    let links = links.filter_map(|rest| rest.split('"').next());
    links
        .filter(|link| link.ends_with(".js") || link.ends_with(".css"))
        .map(|link| link.trim_start_matches("./"))
}
