use super::*;
use crate::config::{Sources, load};

#[test]
fn a_finding_is_a_line_and_its_advice_another() {
    assert_eq!(Finding::ok("disk", "9 MiB are free").to_string(), "ok    disk           9 MiB are free");
    assert_eq!(
        Finding::fail("disk", "1 MiB is free", "Make room.").to_string(),
        "FAIL  disk           1 MiB is free\n      what to do:    Make room."
    );
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_ends_the_examination() {
    let sources =
        Sources { flags: vec![("port", "x".to_owned()), ("bus", "x".to_owned())], ..Sources::default() };
    let findings = examine(load(&sources)).await;
    assert_eq!(findings.len(), 2);
    assert!(findings.iter().all(|finding| finding.verdict == Verdict::Fail && !finding.advice.is_empty()));
}

#[test]
fn listening_to_the_world_without_https_is_worth_a_warning() {
    let mut config = Config::default();
    assert_eq!(exposure(&config), []);
    config.listen = "0.0.0.0".parse().expect("an address");
    assert_eq!(exposure(&config)[0].verdict, Verdict::Warn);
    config.public_url = Some("https://chat.example.org".parse().expect("a URL"));
    assert!(exposure(&config)[0].advice.contains("trusted_proxies"));
    config.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    assert_eq!(exposure(&config), []);
}
