//! Facts about downloads: what is sent is what is there, and no browser runs it.

use std::sync::{Arc, atomic::Ordering};

use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;

use crate::world::{Answer, Client, World, files::noise, moody::MoodyBlobs};

async fn asked(client: &Client, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(client.request(Method::GET, path), |request, (name, value)| request.header(name, *value));
    client.send(request, "".into()).await
}

fn said<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().expect("ASCII")
}

/// What every answer with somebody's bytes says to a browser.
#[track_caller]
fn expect_harmless(answer: &Answer) {
    let headers = &answer.headers;
    assert_eq!(said(headers, "x-content-type-options"), "nosniff");
    assert_eq!(said(headers, "content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(said(headers, "cross-origin-resource-policy"), "same-origin");
    assert_eq!(said(headers, "x-frame-options"), "DENY");
    assert_eq!(said(headers, "referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn what_could_run_is_saved_whatever_it_is_called() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let corpus: [(&str, &[u8], &str, bool); 12] = [
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", "application/octet-stream", false),
        ("page.png", b"<!DOCTYPE html><script>alert(1)</script>", "application/octet-stream", false),
        ("page.txt", b"<html><script>alert(1)</script>", "application/octet-stream", false),
        (
            "drawing.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "application/octet-stream",
            false,
        ),
        ("drawing.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>", "application/octet-stream", false),
        ("page.xhtml", b"<?xml version='1.0'?><html/>", "application/octet-stream", false),
        ("script.js", b"alert(1)", "application/octet-stream", false),
        ("report.pdf", b"%PDF-1.7", "application/pdf", false),
        ("nothing", b"\0\x01\x02", "application/octet-stream", false),
        ("photo.png", png, "image/png", true),
        ("photo.html", png, "image/png", true),
        ("notes.txt", b"Milk", "text/plain; charset=utf-8", true),
    ];
    for (name, bytes, sent_as, shown) in corpus {
        let id = ada.upload_id(name, bytes).await;
        let answer = ada.content(&id).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        expect_harmless(&answer);
        assert_eq!(said(&answer.headers, "content-type"), sent_as, "{name}");
        let how = if shown { "inline; " } else { "attachment; " };
        assert!(said(&answer.headers, "content-disposition").starts_with(how), "{name}");
        assert_eq!(answer.bytes, bytes, "{name}");
        let saved = ada.get(&format!("files/{id}/content?download=true")).await;
        assert!(said(&saved.headers, "content-disposition").starts_with("attachment; "), "{name}");
    }
}

#[tokio::test]
async fn a_name_stays_within_its_header() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a", b"x").await;
    for (name, expected) in [
        ("plain.txt", "attachment; filename=\"plain.txt\"; filename*=UTF-8''plain.txt"),
        (
            "a\"; filename=\"b.html",
            "attachment; filename=\"a_; filename=_b.html\"; filename*=UTF-8''a%22%3B%20filename%3D%22b.html",
        ),
        (
            "Grüße %41.txt",
            "attachment; filename=\"Gr__e _41.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%2541.txt",
        ),
        ("😀.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%F0%9F%98%80.txt"),
    ] {
        ada.patch(&format!("files/{id}"), json!({"name": name})).await.ok();
        let answer = ada.get(&format!("files/{id}/content?download=true")).await;
        assert_eq!(said(&answer.headers, "content-disposition"), expected);
    }
    for hostile in
        ["../up", "a/b", "a\\b", "..", "a\0b", "a\r\nSet-Cookie: x=1", "\u{202E}fdp.exe", "\u{2066}a"]
    {
        ada.patch(&format!("files/{id}"), json!({"name": hostile})).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_part_is_sent_to_who_asks_for_one() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let bytes = noise(1_000_000);
    let path = format!("files/{}/content", ada.upload_id("a.bin", &bytes).await);
    let whole = asked(&ada, &path, &[(header::ACCEPT_ENCODING, "gzip")]).await;
    assert_eq!((whole.status, said(&whole.headers, "content-length")), (StatusCode::OK, "1000000"));
    assert!(!whole.headers.contains_key("content-encoding"), "a file goes out as it is");
    assert_eq!(
        (said(&whole.headers, "accept-ranges"), said(&whole.headers, "cache-control")),
        ("bytes", "private, no-cache")
    );
    let (etag, date) =
        (said(&whole.headers, "etag").to_owned(), said(&whole.headers, "last-modified").to_owned());

    let part = asked(&ada, &path, &[(header::RANGE, "bytes=300000-899999"), (header::IF_RANGE, &etag)]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(said(&part.headers, "content-range"), "bytes 300000-899999/1000000");
    assert_eq!(part.bytes, bytes[300_000..900_000]);
    expect_harmless(&part);
    let end = asked(&ada, &path, &[(header::RANGE, "bytes=-10")]).await;
    assert_eq!(end.bytes, bytes[999_990..]);

    let beyond = asked(&ada, &path, &[(header::RANGE, "bytes=1000000-")]).await;
    assert_eq!(said(&beyond.headers, "content-range"), "bytes */1000000");
    beyond.problem(416, "range_not_satisfiable");
    for whole in [[(header::RANGE, "bytes=0-1,4-5")], [(header::RANGE, "nonsense")]] {
        assert_eq!(asked(&ada, &path, &whole).await.status, StatusCode::OK);
    }
    let other = asked(&ada, &path, &[(header::RANGE, "bytes=0-1"), (header::IF_RANGE, "\"other\"")]).await;
    assert_eq!((other.status, other.bytes.len()), (StatusCode::OK, 1_000_000));

    for known in [(header::IF_NONE_MATCH, &*etag), (header::IF_MODIFIED_SINCE, &*date)] {
        let known = asked(&ada, &path, &[known]).await;
        assert_eq!((known.status, known.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        expect_harmless(&known);
    }
    asked(&ada, &path, &[(header::IF_MATCH, "\"other\"")]).await.problem(412, "changed");

    let head = ada.send(ada.request(Method::HEAD, &path), "".into()).await;
    assert_eq!(
        (head.status, said(&head.headers, "content-length"), head.bytes.len()),
        (StatusCode::OK, "1000000", 0)
    );
}

#[tokio::test]
async fn an_earlier_content_can_be_had() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"first").await;
    ada.form(&[("if_exists", "replace")], &[("a.txt", b"second")]).await.ok();
    assert_eq!(ada.content(&id).await.bytes, "second");
    assert_eq!(ada.get(&format!("files/{id}/content?version=1")).await.bytes, "first");
    ada.get(&format!("files/{id}/content?version=3")).await.problem(404, "not_found");
    ada.post(&format!("files/{id}/versions/1/restore"), json!({})).await.ok();
    assert_eq!(ada.content(&id).await.bytes, "first");
    let folder = ada.folder("Folder").await;
    ada.content(&folder).await.problem(409, "not_a_file");
}

#[tokio::test]
async fn a_link_to_one_file_needs_no_account_and_lasts_as_long_as_its_maker_may_read() {
    let world = World::start().await;
    let (ada, bob) = (world.person("ada").await.client, world.person("bob").await);
    let id = ada.upload_id("a.txt", b"hello").await;
    ada.put(&format!("files/{id}/grants/{}", bob.id), json!({"kind": "person", "level": "viewer"}))
        .await
        .ok();
    let made = bob.client.post(&format!("files/{id}/link"), json!({"minutes": 5})).await.ok();
    let url = made["url"].as_str().expect("a link");
    let path = &url[url.find("/api/").expect("a path")..];
    let anybody = world.anybody();
    let answer = anybody.get(path).await;
    expect_harmless(&answer);
    assert_eq!(answer.bytes, "hello");
    let part = asked(&anybody, path, &[(header::RANGE, "bytes=1-2")]).await;
    assert_eq!((part.status, &*part.bytes), (StatusCode::PARTIAL_CONTENT, &b"el"[..]));
    ada.delete(&format!("files/{id}/grants/{}", bob.id)).await.ok();
    assert!(anybody.get(path).await.status.is_client_error());
    assert!(anybody.get("downloads/rony_t_nonsense").await.status.is_client_error());
    for minutes in [0, 1441] {
        ada.post(&format!("files/{id}/link"), json!({"minutes": minutes})).await.problem(422, "invalid");
    }
}

/// A picture that is `width` pixels wide and half as high.
fn picture(width: u32) -> Vec<u8> {
    let pixels =
        image::RgbImage::from_fn(width, width / 2, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 80]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG");
    bytes.into_inner()
}

/// The answer about a small picture, when it is not on its way any more: each change of the file is told on its owner's socket.
async fn thumbnail(client: &Client, path: &str, socket: &mut crate::world::Socket) -> Answer {
    loop {
        let answer = client.get(path).await;
        if answer.status != StatusCode::NOT_FOUND || answer.json()["code"] != "preview_waiting" {
            return answer;
        }
        assert_eq!(said(&answer.headers, "retry-after"), "1");
        socket.until("event").await;
    }
}

#[tokio::test]
async fn a_picture_gets_small_ones() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let mut socket = ada.gateway().await;
    let id = ada.upload_id("photo.png", &picture(600)).await;
    let path = format!("files/{id}/thumbnail");
    let small = thumbnail(&ada, &path, &mut socket).await;
    assert_eq!((small.status, said(&small.headers, "content-type")), (StatusCode::OK, "image/jpeg"));
    assert_eq!(said(&small.headers, "cache-control"), "private, no-cache");
    let seen = image::load_from_memory(&small.bytes).expect("a picture");
    assert_eq!((seen.width(), seen.height()), (256, 128));
    let large = ada.get(&format!("{path}?size=large&v=1")).await;
    assert!(said(&large.headers, "cache-control").contains("immutable"));
    assert_eq!(image::load_from_memory(&large.bytes).expect("a picture").width(), 600);
    let known = asked(&ada, &path, &[(header::IF_NONE_MATCH, said(&small.headers, "etag"))]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let item = ada.get(&format!("files/{id}")).await.ok()["item"].clone();
    assert_eq!(
        (&item["preview"], &item["width"], &item["height"]),
        (&json!("ready"), &json!(600), &json!(300))
    );
}

#[tokio::test]
async fn a_picture_that_cannot_be_read_keeps_no_other_waiting() {
    let store = Arc::new(MoodyBlobs::open(2));
    let world = World::keeping(Arc::clone(&store) as _).await;
    let ada = world.person("ada").await.client;
    let mut socket = ada.gateway().await;
    let (mut unreadable, fine) = (picture(500), picture(600));
    // More than is read to know what it is.
    unreadable.resize(20_000, 0);
    store.unreadable.store(unreadable.len() as u64, Ordering::Relaxed);
    let waiting = ada.upload_id("unreadable.png", &unreadable).await;
    let id = ada.upload_id("fine.png", &fine).await;
    let small = thumbnail(&ada, &format!("files/{id}/thumbnail"), &mut socket).await;
    assert_eq!(small.status, StatusCode::OK);
    ada.get(&format!("files/{waiting}/thumbnail")).await.problem(404, "preview_waiting");
}

#[tokio::test]
async fn what_is_no_picture_has_no_small_one() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let mut socket = ada.gateway().await;
    let broken = ada.upload_id("broken.png", &picture(300)[..200]).await;
    thumbnail(&ada, &format!("files/{broken}/thumbnail"), &mut socket).await.problem(404, "no_preview");
    for (name, bytes) in
        [("page.png", &b"<!DOCTYPE html>"[..]), ("drawing.svg", b"<svg/>"), ("a.txt", b"hello")]
    {
        let id = ada.upload_id(name, bytes).await;
        ada.get(&format!("files/{id}/thumbnail")).await.problem(404, "no_preview");
    }
}
