use axum::http::HeaderValue;
use rony_core::secret::TokenKind;

use super::*;

const LOCAL: Client = Client { address: None, secure: false, loopback: true };
const HTTPS: Client = Client { address: None, secure: true, loopback: false };
const OPEN: Client = Client { address: None, secure: false, loopback: false };

#[track_caller]
fn check(client: Client, headers: &[(&'static str, &'static str)], expected: Option<&str>) {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_static(value));
    }
    assert_eq!(credential(&map, client), expected, "{headers:?}");
}

#[test]
fn a_bearer_token_comes_before_the_cookie() {
    check(LOCAL, &[], None);
    check(LOCAL, &[("authorization", "Bearer a")], Some("a"));
    check(LOCAL, &[("authorization", "bearer  a "), ("cookie", "rony_session=b")], Some("a"));
    check(LOCAL, &[("authorization", "Basic YTpi"), ("cookie", "rony_session=b")], Some("b"));
    check(LOCAL, &[("authorization", "Bearer")], None);
}

#[test]
fn the_cookie_has_the_name_that_fits_how_the_request_came() {
    let both = [("cookie", "x=1; rony_session=a; __Host-rony_session=b")];
    check(LOCAL, &both, Some("a"));
    check(HTTPS, &both, Some("b"));
    check(HTTPS, &[("cookie", "rony_session=a")], None);
    check(LOCAL, &[("cookie", "x=1"), ("cookie", "rony_session=a")], Some("a"));
    check(LOCAL, &[("cookie", "xrony_session=a")], None);
}

#[test]
fn two_session_cookies_are_none() {
    check(LOCAL, &[("cookie", "rony_session=a; rony_session=b")], None);
    check(LOCAL, &[("cookie", "rony_session=a"), ("cookie", "rony_session=a")], None);
}

#[test]
fn a_browser_gets_a_cookie_that_only_this_server_sees() {
    let token = rony_core::secret::Token::generate(TokenKind::Session).expect("random numbers");
    let lifetime = std::time::Duration::from_secs(60);
    let cookie = |client| session_cookie(client, &token, lifetime);
    let rest = "Path=/; HttpOnly; SameSite=Lax; Max-Age=60";
    assert_eq!(cookie(LOCAL), format!("rony_session={}; {rest}", token.reveal()));
    assert_eq!(cookie(HTTPS), format!("__Host-rony_session={}; {rest}; Secure", token.reveal()));
    assert!(may_have_cookie(LOCAL).is_ok() && may_have_cookie(HTTPS).is_ok());
    assert_eq!(may_have_cookie(OPEN).unwrap_err().code(), "https_needed");
    assert_eq!(clear_cookie(LOCAL), "rony_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}
