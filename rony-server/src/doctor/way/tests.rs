use std::io;
use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use super::super::Verdict;
use super::*;
use crate::drain::Drain;
use crate::health::{self, Readiness};
use crate::testing::{Certificate, listener, serve_on_free_port};

fn rony() -> Router {
    health::routes(Arc::new(Readiness::new(Drain::new())))
}

fn config(port: u16, public_url: &str) -> Config {
    Config { port: Some(port), public_url: Some(public_url.parse().expect("a URL")), ..Config::default() }
}

#[track_caller]
fn assert_fails(finding: &Finding, seen: &str, advice: &str) {
    assert_eq!(finding.verdict, Verdict::Fail, "{finding}");
    assert!(finding.seen.contains(seen), "{finding}");
    assert!(finding.advice.contains(advice), "{finding}");
}

#[tokio::test]
async fn a_way_that_ends_at_rony_is_fine() {
    let port = serve_on_free_port(rony(), None);
    let finding = examine(&config(port, &format!("http://localhost:{port}")), RootCertStore::empty()).await;
    assert_eq!(finding.verdict, Verdict::Ok, "{finding}");
}

#[tokio::test]
async fn a_way_over_https_is_fine_when_the_certificate_is() {
    let certificate = Certificate::new("localhost", 2100);
    let port = serve_on_free_port(rony(), Some(certificate.config().await));
    let config = config(port, &format!("https://localhost:{port}"));
    let finding = examine(&config, certificate.authorities.clone()).await;
    assert_eq!(finding.verdict, Verdict::Ok, "{finding}");
    let finding = examine(&config, RootCertStore::empty()).await;
    assert_eq!(finding.verdict, Verdict::Warn, "{finding}");
    assert!(finding.advice.contains("authority"), "{finding}");
}

#[tokio::test]
async fn a_certificate_that_browsers_refuse_is_told_with_its_reason() {
    for (name, year, advice) in
        [("other.example", 2100, "is for another name"), ("localhost", 2020, "has expired")]
    {
        let certificate = Certificate::new(name, year);
        let port = serve_on_free_port(rony(), Some(certificate.config().await));
        let config = config(port, &format!("https://localhost:{port}"));
        assert_fails(&examine(&config, certificate.authorities.clone()).await, "HTTPS", advice);
    }
}

#[tokio::test]
async fn without_a_server_nothing_can_be_said() {
    let closed = listener().address().port();
    let finding =
        examine(&config(closed, &format!("http://localhost:{closed}")), RootCertStore::empty()).await;
    assert_eq!(finding.verdict, Verdict::Warn);
    assert!(finding.advice.contains("rony serve"));
}

#[tokio::test]
async fn another_server_at_the_end_of_the_way_is_told() {
    let port = serve_on_free_port(Router::new().route("/health/live", get(async || "hello")), None);
    let finding = examine(&config(port, &format!("http://localhost:{port}")), RootCertStore::empty()).await;
    assert_fails(&finding, "another server answers (200 OK)", "public_url");
}

#[tokio::test]
async fn a_redirect_is_told_with_its_end() {
    let to = get(async || Redirect::permanent("https://chat.example.org/health/live"));
    let port = serve_on_free_port(Router::new().route("/health/live", to), None);
    let finding = examine(&config(port, &format!("http://localhost:{port}")), RootCertStore::empty()).await;
    assert_fails(&finding, "sends people on to https://chat.example.org", "Set public_url");
}

#[tokio::test]
async fn a_proxy_that_does_not_reach_rony_is_told() {
    let port =
        serve_on_free_port(Router::new().route("/health/live", get(async || StatusCode::BAD_GATEWAY)), None);
    let finding = examine(&config(port, &format!("http://localhost:{port}")), RootCertStore::empty()).await;
    assert_fails(&finding, "the proxy", "Point the proxy to Rony's own address");
}

#[tokio::test]
async fn a_closed_port_on_the_way_is_told() {
    let port = serve_on_free_port(rony(), None);
    let closed = listener().address().port();
    let finding = examine(&config(port, &format!("http://127.0.0.1:{closed}")), RootCertStore::empty()).await;
    assert_fails(&finding, "nothing answers", "firewall");
}

#[tokio::test]
async fn the_two_protocols_are_not_confused() {
    let plain = serve_on_free_port(rony(), None);
    let finding =
        examine(&config(plain, &format!("https://localhost:{plain}")), RootCertStore::empty()).await;
    assert_fails(&finding, "HTTPS", "does not speak HTTPS");
    let certificate = Certificate::new("localhost", 2100);
    let tls = serve_on_free_port(rony(), Some(certificate.config().await));
    let finding = examine(&config(tls, &format!("http://localhost:{tls}")), RootCertStore::empty()).await;
    assert_fails(&finding, "does not speak HTTP", "https://");
}

#[test]
fn an_unknown_name_asks_for_a_dns_record() {
    let url: PublicUrl = "https://chat.example.org".parse().expect("a URL");
    let error =
        ProbeError::Name { host: "chat.example.org".to_owned(), source: io::Error::other("no such name") };
    assert_fails(&broken_way(&url, 5000, &error), "is not known", "DNS record");
}

#[tokio::test]
async fn files_for_https_are_looked_at() {
    let certificate = Certificate::new("localhost", 2100);
    let mut config = Config::default();
    assert_eq!(examine_tls(&config).await, None);
    config.tls = Some(certificate.files());
    assert_eq!(examine_tls(&config).await.expect("a finding").verdict, Verdict::Ok);
    config.tls.as_mut().expect("files").key = "/nowhere/key.pem".into();
    assert_eq!(examine_tls(&config).await.expect("a finding").verdict, Verdict::Fail);
}
