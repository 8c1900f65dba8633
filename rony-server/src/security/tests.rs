use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

/// A server with `config` on port 5000; its one resource says who asked and how.
fn app(config: &Config) -> Router {
    let guard = Arc::new(Guard::new(config, 5000));
    Router::new()
        .route("/", get(whoami).merge(post(whoami)))
        .layer(from_fn_with_state(guard.clone(), check_origin))
        .layer(from_fn_with_state(guard.clone(), check_host))
        .layer(from_fn(explain_plain_http))
        .layer(from_fn(set_headers))
        .layer(from_fn_with_state(guard, identify_client))
}

async fn whoami(client: Client) -> String {
    let address = client.address.map_or("?".to_owned(), |address| address.to_string());
    format!("{address} {}", if client.secure { "https" } else { "http" })
}

/// What the resource said, or the code of the refusal, or the page's heading.
async fn send(config: &Config, method: Method, peer: &str, headers: &[(&str, &str)]) -> (HeaderMap, String) {
    let mut request = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).expect("a valid request");
    let peer: SocketAddr = peer.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = app(config).oneshot(request).await.expect("a router never fails");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body in memory").to_bytes();
    let text = String::from_utf8(body.to_vec()).expect("text");
    let code = serde_json::from_str(&text)
        .ok()
        .and_then(|problem: serde_json::Value| problem["code"].as_str().map(str::to_owned));
    let heading = text
        .split_once("<h1>")
        .and_then(|(_, rest)| rest.split_once("</h1>"))
        .map(|(heading, _)| heading.to_owned());
    (parts.headers, code.or(heading).unwrap_or(text))
}

const HERE: &str = "127.0.0.1:40000";

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}

fn public(url: &str) -> Config {
    config(|config| config.public_url = Some(url.parse().expect("a URL")))
}

async fn post_with(config: &Config, headers: &[(&str, &str)]) -> String {
    send(config, Method::POST, HERE, headers).await.1
}

const OK: &str = "127.0.0.1 http";

#[tokio::test]
async fn a_page_of_this_server_may_change_things() {
    for host in ["localhost:5000", "127.0.0.1:5000", "[::1]:5000", "LOCALHOST:5000", "rony.localhost:8080"] {
        let origin = format!("http://{host}");
        assert_eq!(post_with(&Config::default(), &[("host", host), ("origin", &origin)]).await, OK, "{host}");
    }
}

#[tokio::test]
async fn a_page_behind_the_public_url_may_change_things_whatever_host_the_proxy_sends() {
    let config = public("https://chat.example.org");
    let headers = [("host", "127.0.0.1:5000"), ("origin", "https://chat.example.org")];
    assert_eq!(post_with(&config, &headers).await, OK);
}

#[tokio::test]
async fn a_configured_origin_may_change_things() {
    let config = config(|config| {
        config.allowed_origins = vec!["https://intranet.example".parse().expect("an origin")];
    });
    let headers = [("host", "localhost:5000"), ("origin", "https://intranet.example")];
    assert_eq!(post_with(&config, &headers).await, OK);
}

#[tokio::test]
async fn pages_of_others_may_not_change_things() {
    let config = public("https://chat.example.org");
    for origin in [
        "https://evil.example",
        "null",
        "",
        "https://chat.example.org.evil.example",
        "https://evilchat.example.org",
        "https://chat.example.org:8443",
        "http://chat.example.org",
        "https://chat.example.org/",
        "https://chat.example.org@evil.example",
        "http://localhost:3000",
        "http://localhost.evil.example:5000",
        "http://127.0.0.1:5000",
        "ftp://localhost:5000",
    ] {
        let headers = [("host", "localhost:5000"), ("origin", origin)];
        assert_eq!(post_with(&config, &headers).await, "origin_not_allowed", "{origin}");
    }
}

#[tokio::test]
async fn two_origins_are_none_of_ours() {
    let origin = ("origin", "http://localhost:5000");
    let answer = post_with(&Config::default(), &[("host", "localhost:5000"), origin, origin]).await;
    assert_eq!(answer, "origin_not_allowed");
}

#[tokio::test]
async fn pages_of_the_machines_own_hosts_are_ours_by_https_from_the_very_address() {
    let own = Hosts::default();
    own.set(["192.168.1.5".to_owned(), "desk.local".to_owned()]);
    let config = config(|config| config.lan = true);
    let guard = Guard::new(&config, 5000).with_own(own.clone());
    assert!(
        guard.knows_host("192.168.1.5") && guard.knows_host("desk.local") && guard.knows_host("localhost")
    );
    assert!(!guard.knows_host("192.168.1.6") && !guard.knows_host("evil.local"));
    let sent = |origin: &str, host: &str| {
        let request = Request::post("/").header("host", host).header("origin", origin).body(Body::empty());
        guard.allows(origin, &request.expect("a valid request"))
    };
    assert!(sent("https://192.168.1.5:5000", "192.168.1.5:5000"));
    assert!(sent("https://desk.local:5000", "desk.local:5000"));
    // The plain page, another program on the machine, another machine, and one name calling the other.
    assert!(!sent("http://192.168.1.5:5000", "192.168.1.5:5000"));
    assert!(!sent("https://192.168.1.5:8443", "192.168.1.5:5000"));
    assert!(!sent("https://192.168.1.6:5000", "192.168.1.6:5000"));
    assert!(!sent("https://desk.local:5000", "192.168.1.5:5000"));
    // The machine moved to another network.
    own.set(["10.0.0.7".to_owned()]);
    assert!(guard.knows_host("10.0.0.7") && !guard.knows_host("192.168.1.5"));
    assert!(!sent("https://192.168.1.5:5000", "192.168.1.5:5000"));
}

#[tokio::test]
async fn a_foreign_page_opens_no_web_socket() {
    let headers = [("host", "localhost:5000"), ("upgrade", "websocket"), ("origin", "https://evil.example")];
    assert_eq!(send(&Config::default(), Method::GET, HERE, &headers).await.1, "origin_not_allowed");
}

#[tokio::test]
async fn a_foreign_page_may_read_what_is_public_anyway() {
    let headers = [("host", "localhost:5000"), ("origin", "https://evil.example")];
    assert_eq!(send(&Config::default(), Method::GET, HERE, &headers).await.1, OK);
}

#[tokio::test]
async fn a_change_by_cookie_alone_must_say_where_it_comes_from() {
    let cookie = ("cookie", "rony_session=x");
    let host = ("host", "localhost:5000");
    assert_eq!(post_with(&Config::default(), &[host, cookie]).await, "origin_missing");
    assert_eq!(post_with(&Config::default(), &[host, cookie, ("authorization", "Bearer x")]).await, OK);
    assert_eq!(post_with(&Config::default(), &[host]).await, OK);
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_refused() {
    for host in [
        "evil.example",
        "127.0.0.1.evil.example:5000",
        "localhost.evil.example",
        "192.168.1.5:5000",
        "0.0.0.0",
    ] {
        assert_eq!(post_with(&Config::default(), &[("host", host)]).await, "host_not_allowed", "{host}");
    }
}

#[tokio::test]
async fn names_that_are_ours_are_answered_on_any_port() {
    let mut config = public("http://chat.lan:8080");
    config.allowed_hosts = vec!["10.0.0.7".to_owned()];
    for host in ["chat.lan", "chat.lan:5000", "Chat.Lan.", "10.0.0.7:1", "127.1.2.3", "localhost"] {
        assert_eq!(post_with(&config, &[("host", host)]).await, OK, "{host}");
    }
}

#[tokio::test]
async fn a_request_without_one_readable_host_is_refused() {
    let config = Config::default();
    assert_eq!(post_with(&config, &[]).await, "host_missing");
    assert_eq!(post_with(&config, &[("host", "a b")]).await, "host_missing");
    assert_eq!(post_with(&config, &[("host", "evil.example@localhost")]).await, "host_missing");
    assert_eq!(post_with(&config, &[("host", "localhost"), ("host", "localhost")]).await, "host_missing");
}

async fn seen_from(proxies: &[&str], peer: &str, headers: &[(&str, &str)]) -> String {
    let config = config(|config| {
        config.trusted_proxies = proxies.iter().map(|network| network.parse().expect("a network")).collect();
    });
    let headers: Vec<_> = headers.iter().copied().chain([("host", "localhost")]).collect();
    send(&config, Method::GET, peer, &headers).await.1
}

#[tokio::test]
async fn forwarding_headers_of_strangers_are_ignored() {
    let forged = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https")];
    assert_eq!(seen_from(&[], "203.0.113.9:1", &forged).await, "203.0.113.9 http");
    assert_eq!(seen_from(&["10.0.0.0/8"], "203.0.113.9:1", &forged).await, "203.0.113.9 http");
}

#[tokio::test]
async fn a_trusted_proxy_says_who_the_client_is() {
    let headers = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https")];
    assert_eq!(seen_from(&["10.0.0.0/8"], "10.0.0.1:1", &headers).await, "203.0.113.9 https");
    assert_eq!(seen_from(&["10.0.0.0/8"], "[::ffff:10.0.0.1]:1", &headers).await, "203.0.113.9 https");
}

#[tokio::test]
async fn what_a_client_wrote_before_the_proxies_is_not_believed() {
    let headers = [("x-forwarded-for", "1.1.1.1, 203.0.113.9"), ("x-forwarded-for", "10.0.0.2")];
    assert_eq!(seen_from(&["10.0.0.0/8"], "10.0.0.1:1", &headers).await, "203.0.113.9 http");
    let headers = [("x-forwarded-proto", "https, http")];
    assert_eq!(seen_from(&["10.0.0.0/8"], "10.0.0.1:1", &headers).await, "10.0.0.1 http");
}

#[tokio::test]
async fn an_unreadable_hop_ends_the_way_back() {
    let headers = [("x-forwarded-for", "203.0.113.9, unknown")];
    assert_eq!(seen_from(&["10.0.0.0/8"], "10.0.0.1:1", &headers).await, "10.0.0.1 http");
}

#[tokio::test]
async fn a_hop_may_have_a_port_or_brackets() {
    for (hop, address) in [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ] {
        let seen = seen_from(&["10.0.0.0/8"], "10.0.0.1:1", &[("x-forwarded-for", hop)]).await;
        assert_eq!(seen, format!("{address} http"));
    }
}

const PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

#[tokio::test]
async fn a_browser_at_a_plain_address_is_told_how_to_switch_https_on() {
    let (headers, text) =
        send(&Config::default(), Method::GET, HERE, &[("host", "192.168.1.5:5000"), PAGE]).await;
    assert_eq!(text, "Rony needs HTTPS here");
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    let answer = send(&public("http://chat.lan"), Method::GET, HERE, &[("host", "chat.lan"), PAGE]).await.1;
    assert_eq!(answer, "Rony needs HTTPS here");
}

#[tokio::test]
async fn a_browser_on_loopback_or_https_sees_rony() {
    assert_eq!(send(&Config::default(), Method::GET, HERE, &[("host", "localhost:5000"), PAGE]).await.1, OK);
    let behind_proxy = public("https://chat.example.org");
    let answer = send(&behind_proxy, Method::GET, HERE, &[("host", "chat.example.org"), PAGE]).await.1;
    assert_eq!(answer, "127.0.0.1 https");
}

#[tokio::test]
async fn a_program_at_a_plain_address_is_not_given_a_page() {
    let headers = [("host", "chat.lan"), ("accept", "application/json")];
    assert_eq!(send(&public("http://chat.lan"), Method::GET, HERE, &headers).await.1, OK);
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    for host in ["localhost", "evil.example"] {
        let (headers, _) = send(&Config::default(), Method::GET, HERE, &[("host", host)]).await;
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cache-control"], "no-store");
    }
}
