//! Facts about uploads: what came is there, whole and once, whatever happened on the way.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, StatusCode};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::world::{Client, World, files::noise, moody::MoodyBlobs};

const PART: (&str, &str) = ("content-type", "application/offset+octet-stream");

#[tokio::test]
async fn a_form_brings_several_files_into_a_folder() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let folder = ada.folder("Reports").await;
    let large = noise(3_000_000);
    let made = ada.form(&[("parent_id", &folder)], &[("a.txt", b"first"), ("b.bin", &large)]).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let items = made.json()["items"].clone();
    assert_eq!(
        (&items[0]["name"], &items[0]["media_type"], &items[0]["size"]),
        (&json!("a.txt"), &json!("text/plain"), &json!(5))
    );
    assert_eq!(items[1]["sha256"], hex(&large));
    let listed = ada.get(&format!("files?parent={folder}")).await.ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(ada.content(items[1]["id"].as_str().expect("an id")).await.bytes, large);

    ada.form(&[("parent_id", &folder)], &[("A.TXT", b"again")]).await.problem(409, "name_taken");
    let renamed =
        ada.form(&[("parent_id", &folder), ("if_exists", "rename")], &[("a.txt", b"again")]).await.ok();
    assert_eq!(renamed["items"][0]["name"], "a (2).txt");
    let replaced =
        ada.form(&[("parent_id", &folder), ("if_exists", "replace")], &[("a.txt", b"anew")]).await.ok();
    assert_eq!((&replaced["items"][0]["id"], &replaced["items"][0]["version"]), (&items[0]["id"], &json!(2)));
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_refused_and_leaves_nothing() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    ada.form(&[], &[]).await.problem(422, "invalid");
    ada.form(&[("parents", "x")], &[("a", b"")]).await.problem(422, "invalid");
    ada.form(&[("parent_id", "x")], &[("a", b"")]).await.problem(422, "invalid");
    ada.form(&[("parent_id", &uuid::Uuid::new_v4().to_string())], &[("a", b"")])
        .await
        .problem(404, "not_found");
    ada.form(&[], &[("../a", b"")]).await.problem(422, "invalid");
    ada.post("files", json!({})).await.problem(415, "unsupported_media_type");
    world.anybody().form(&[], &[("a", b"")]).await.problem(401, "unauthenticated");
    assert_eq!(ada.get("files").await.ok()["items"], json!([]));
    assert_eq!(ada.get("drive").await.ok()["used"], 0);
}

#[tokio::test]
async fn a_form_brings_a_hundred_files_at_most() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let names: Vec<_> = (0..101).map(|number| number.to_string()).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    ada.form(&[], &files).await.problem(422, "invalid");
    assert_eq!(ada.get("drive").await.ok()["used"], 100);
}

#[tokio::test]
async fn an_upload_goes_on_where_it_is() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let bytes = noise(2_000_000);
    let path = ada.begin("film.bin", bytes.len(), &[("sha256", &hex(&bytes))]).await;
    assert_eq!(ada.get("drive").await.ok()["reserved"], 2_000_000);
    let first = ada.bring(&path, 0, &bytes[..700_000]).await;
    assert_eq!(
        (first.status, &first.headers["upload-offset"]),
        (StatusCode::NO_CONTENT, &"700000".parse().expect("a value"))
    );
    assert!(first.headers.contains_key("upload-expires") && !first.headers.contains_key("rony-file"));
    assert_eq!(first.headers["tus-resumable"], "1.0.0");
    assert_eq!(ada.offset(&path).await, 700_000);
    let last = ada.bring(&path, 700_000, &bytes[700_000..]).await;
    let file = last.headers["rony-file"].to_str().expect("an id").to_owned();
    let item = ada.get(&format!("files/{file}")).await.ok()["item"].clone();
    assert_eq!((&item["size"], &item["sha256"]), (&json!(2_000_000), &json!(hex(&bytes))));
    assert_eq!(ada.content(&file).await.bytes, bytes);
    let drive = ada.get("drive").await.ok();
    assert_eq!((&drive["used"], &drive["reserved"]), (&json!(2_000_000), &json!(0)));
    let told = ada.get(&path).await.ok();
    assert_eq!((&told["offset"], &told["item_id"]), (&json!(2_000_000), &json!(file)));
}

#[tokio::test]
async fn an_upload_may_come_with_its_first_bytes_and_one_of_nothing_is_whole_at_once() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let name = format!("filename {}", STANDARD.encode("a.txt"));
    let headers = [("upload-length", "5"), ("upload-metadata", &*name), PART];
    let made = ada.send(ada.tus(Method::POST, "uploads", &headers), "hello".into()).await;
    assert_eq!(
        (made.status, &made.headers["upload-offset"]),
        (StatusCode::CREATED, &"5".parse().expect("a value"))
    );
    let file = made.headers["rony-file"].to_str().expect("an id").to_owned();
    assert_eq!(ada.content(&file).await.bytes, "hello");
    let empty = ada.try_begin("empty", 0, &[]).await;
    let file = empty.headers["rony-file"].to_str().expect("an id");
    assert_eq!(ada.content(file).await.bytes, "");
}

#[tokio::test]
async fn the_server_says_what_it_knows_of_tus() {
    let world = World::start().await;
    let anybody = world.anybody();
    let said = anybody.send(anybody.request(Method::OPTIONS, "uploads"), "".into()).await;
    assert_eq!(said.status, StatusCode::NO_CONTENT);
    assert_eq!(
        (&said.headers["tus-version"], &said.headers["tus-resumable"]),
        (&"1.0.0".parse().expect("a value"), &"1.0.0".parse().expect("a value"))
    );
    assert_eq!(
        said.headers["tus-extension"],
        "creation,creation-with-upload,checksum,expiration,termination"
    );
    assert_eq!(said.headers["tus-checksum-algorithm"], "sha256");
    assert_eq!(said.headers["tus-max-size"], (100_i64 << 30).to_string());
}

#[tokio::test]
async fn what_a_client_says_about_an_upload_is_checked() {
    let world = World::with(|config| config.files.largest = 1_000_000).await;
    let ada = world.person("ada").await.client;
    let name = format!("filename {}", STANDARD.encode("a"));
    let try_headers =
        async |headers: &[(&str, &str)]| ada.send(ada.tus(Method::POST, "uploads", headers), "".into()).await;
    try_headers(&[("upload-metadata", &name)]).await.problem(400, "invalid_header");
    try_headers(&[("upload-length", "-5"), ("upload-metadata", &name)]).await.problem(400, "invalid_header");
    try_headers(&[("upload-length", "5"), ("upload-metadata", "filename ???")])
        .await
        .problem(400, "invalid_header");
    try_headers(&[("upload-length", "5")]).await.problem(422, "invalid");
    for (key, value) in [
        ("parent_id", "x"),
        ("replace", "x"),
        ("if_exists", "use up"),
        ("sha256", "x"),
        ("modified_at", "now"),
    ] {
        ada.try_begin("a", 5, &[(key, value)]).await.problem(422, "invalid");
    }
    for name in ["", "..", "a/b", "a\\b", "a\0b", "a\nb", "\u{202E}fdp.exe", &"x".repeat(256)] {
        ada.try_begin(name, 5, &[]).await.problem(422, "invalid");
    }
    ada.try_begin("a", 1_000_001, &[]).await.problem(422, "invalid");
    let old = ada.request(Method::POST, "uploads").header("upload-length", "5");
    let answer = ada.send(old, "".into()).await;
    assert_eq!(answer.headers["tus-version"], "1.0.0");
    answer.problem(412, "tus_version");

    let path = ada.begin("a", 5, &[]).await;
    ada.bring(&path, 1, b"x").await.problem(409, "offset_mismatch");
    let plain = ada.tus(Method::PATCH, &path, &[("upload-offset", "0"), ("content-type", "text/plain")]);
    ada.send(plain, "hello".into()).await.problem(415, "unsupported_media_type");
    let bob = world.person("bob").await.client;
    bob.bring(&path, 0, b"hello").await.problem(404, "not_found");
    bob.delete(&path).await.problem(404, "not_found");
    assert_eq!(ada.offset(&path).await, 0);
}

#[tokio::test]
async fn bytes_that_arrive_damaged_are_not_kept() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let path = ada.begin("a", 10, &[]).await;
    let sum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)));
    let bring = async |sum: &str, bytes: &'static str| {
        let headers = [("upload-offset", "0"), PART, ("upload-checksum", sum)];
        ada.send(ada.tus(Method::PATCH, &path, &headers), bytes.into()).await
    };
    bring(&sum(b"hello"), "hallo").await.problem(460, "checksum_mismatch");
    assert_eq!(ada.offset(&path).await, 0);
    bring("md5 1B2M2Y8AsgTpgAmY7PhCfg==", "hello").await.problem(400, "invalid_header");
    assert_eq!(bring(&sum(b"hello"), "hello").await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.offset(&path).await, 5);
}

#[tokio::test]
async fn an_upload_never_becomes_longer_than_it_said() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let path = ada.begin("a.bin", 10, &[]).await;
    ada.bring(&path, 0, &[1; 1_000]).await.problem(422, "invalid");
    assert_eq!(ada.offset(&path).await, 0);
    let drive = ada.get("drive").await.ok();
    assert_eq!((&drive["used"], &drive["reserved"]), (&json!(0), &json!(10)));
}

#[tokio::test]
async fn what_arrived_before_a_connection_broke_is_kept() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let bytes = noise(1_000_000);
    let path = ada.begin("a.bin", bytes.len(), &[]).await;
    let stream = sending(&world, &ada, &path, bytes.len(), &bytes[..400_000]).await;
    hang_up(stream).await;
    let offset = settled(&ada, &path).await;
    assert_eq!(offset, 400_000);
    let last = ada.bring(&path, offset, &bytes[offset..]).await;
    let file = last.headers["rony-file"].to_str().expect("an id").to_owned();
    assert_eq!(ada.content(&file).await.bytes, bytes);
}

#[tokio::test]
async fn a_server_that_stops_begins_no_part_and_says_so() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let path = ada.begin("a.bin", 10, &[]).await;
    world.server.drain().start();
    ada.bring(&path, 0, b"0123456789").await.problem(503, "unavailable");
    assert_eq!(ada.offset(&path).await, 0);
}

/// A connection on which so much of a part came that was said to be of `length` bytes.
async fn sending(world: &World, client: &Client, path: &str, length: usize, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(world.address).await.expect("it listens");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {length}\r\n\r\n",
        world.address,
        client.token().expect("a token"),
    );
    stream.write_all(head.as_bytes()).await.expect("it listens");
    stream.write_all(bytes).await.expect("it listens");
    stream
}

/// Ends a connection, and waits until the server ended it as well.
async fn hang_up(mut stream: TcpStream) {
    stream.shutdown().await.expect("it can be closed");
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

#[tokio::test]
async fn an_upload_becomes_a_file_though_its_sender_left_with_the_last_byte() {
    let store = Arc::new(MoodyBlobs::open(0));
    let world = World::keeping(Arc::clone(&store) as _).await;
    let ada = world.person("ada").await.client;
    let mut socket = ada.gateway().await;
    let path = ada.begin("a.txt", 5, &[]).await;
    let stream = sending(&world, &ada, &path, 5, b"hello").await;
    store.finishing.notified().await;
    hang_up(stream).await;
    store.finishes.add_permits(1);
    let made = socket.event("file.changed").await;
    let file = made["file_id"].as_str().expect("an id");
    assert_eq!(ada.content(file).await.bytes, "hello");
}

#[tokio::test]
async fn an_upload_that_becomes_a_file_is_locked_until_it_is_one() {
    let store = Arc::new(MoodyBlobs::open(0));
    let world = World::keeping(Arc::clone(&store) as _).await;
    let ada = world.person("ada").await.client;
    let path = ada.begin("a.txt", 5, &[]).await;
    let bring = ada.bring(&path, 0, b"hello");
    let meanwhile = async {
        store.finishing.notified().await;
        ada.get(&path).await.problem(423, "upload_busy");
        assert_eq!(ada.send(ada.tus(Method::HEAD, &path, &[]), "".into()).await.status, StatusCode::LOCKED);
        ada.bring(&path, 5, b"").await.problem(423, "upload_busy");
        ada.delete(&path).await.problem(423, "upload_busy");
        store.finishes.add_permits(1);
    };
    let (brought, ()) = tokio::join!(bring, meanwhile);
    assert!(brought.headers.contains_key("rony-file"));
    assert_eq!(ada.offset(&path).await, 5);
}

#[tokio::test]
async fn what_is_refused_with_its_first_bytes_leaves_nothing_reserved() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let name = format!("filename {}", STANDARD.encode("a.txt"));
    let wrong = format!("sha256 {}", STANDARD.encode([7; 32]));
    let headers = [("upload-length", "5"), ("upload-metadata", &*name), PART];
    let with = async |more: &[(&str, &str)], bytes: &'static str| {
        ada.send(ada.tus(Method::POST, "uploads", &[&headers[..], more].concat()), bytes.into()).await
    };
    with(&[("upload-checksum", &wrong)], "hello").await.problem(460, "checksum_mismatch");
    with(&[], "hello and more").await.problem(422, "invalid");
    assert_eq!(ada.get("drive").await.ok()["reserved"], 0);

    let path = ada.begin("b.txt", 2, &[]).await;
    let mut streams = Vec::new();
    // One that comes while the empty part has the last place is refused, and then it takes one more.
    while ada.bring(&path, 0, b"").await.status != StatusCode::TOO_MANY_REQUESTS {
        let path = ada.begin(&format!("{}.txt", streams.len()), 2, &[]).await;
        streams.push(sending(&world, &ada, &path, 2, b"x").await);
    }
    assert!(streams.len() >= 16, "{} at once", streams.len());
    with(&[], "hello").await.problem(429, "too_many_transfers");
    assert_eq!(ada.get("drive").await.ok()["reserved"], 2 * (1 + streams.len()));
}

/// The offset when nobody writes any more: an answer to an empty part says so.
async fn settled(client: &Client, path: &str) -> usize {
    loop {
        let offset = client.offset(path).await;
        if client.bring(path, offset, b"").await.status == StatusCode::NO_CONTENT {
            return offset;
        }
    }
}

#[tokio::test]
async fn of_two_parts_for_one_place_one_is_kept() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    for _ in 0..5 {
        let bytes = noise(300_000);
        let path = ada.begin("a.bin", bytes.len(), &[("if_exists", "rename")]).await;
        let (one, two) = tokio::join!(ada.bring(&path, 0, &bytes), ada.bring(&path, 0, &bytes));
        let done = [&one, &two].iter().filter(|answer| answer.status == StatusCode::NO_CONTENT).count();
        assert_eq!(done, 1, "{} {}", one.status, two.status);
        let told = ada.get(&path).await.ok();
        assert_eq!(told["offset"], 300_000);
        assert_eq!(ada.content(told["item_id"].as_str().expect("an id")).await.bytes, bytes);
    }
}

#[tokio::test]
async fn nobody_brings_more_than_their_drive_takes_not_even_at_once() {
    let world = World::with(|config| config.files.quota = Some(1_000)).await;
    let ada = world.person("ada").await.client;
    ada.try_begin("a", 1_001, &[]).await.problem(409, "quota_exceeded");
    ada.form(&[], &[("a", &[1; 1_001])]).await.problem(409, "quota_exceeded");
    let wish = |name| ada.try_begin(name, 600, &[]);
    let (one, two) = tokio::join!(wish("a"), wish("b"));
    assert_eq!([one.status, two.status].iter().filter(|status| status.as_u16() == 201).count(), 1);
    let path =
        if one.status == 201 { one } else { two }.headers["location"].to_str().expect("text").to_owned();
    assert_eq!(ada.get("drive").await.ok()["reserved"], 600);
    ada.delete(&path).await.ok();
    assert_eq!(ada.get("drive").await.ok()["reserved"], 0);
    ada.get(&path).await.problem(404, "not_found");
    ada.form(&[], &[("a", &[1; 1_000])]).await.ok();
    ada.form(&[], &[("b", b"x")]).await.problem(409, "quota_exceeded");
}

#[tokio::test]
async fn a_form_that_does_not_fit_as_a_whole_is_refused_before_its_first_file() {
    let world = World::with(|config| config.files.quota = Some(1_000_000)).await;
    let ada = world.person("ada").await.client;
    let large = noise(1_400_000);
    ada.form(&[], &[("small", b"x"), ("large", &large)]).await.problem(409, "quota_exceeded");
    assert_eq!(ada.get("files").await.ok()["items"], json!([]));
    ada.form(&[], &[("small", b"x"), ("large", &large[..900_000])]).await.ok();
    assert_eq!(ada.get("drive").await.ok()["used"], 900_001);
}

#[tokio::test]
async fn what_a_file_is_its_bytes_say() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    for (name, bytes, claim, expected) in [
        ("a.png", &b"<!DOCTYPE html><script>"[..], "image/png", "text/html"),
        ("b.png", b"<svg onload=alert(1)>", "image/png", "application/octet-stream"),
        ("c.txt", b"\x89PNG\r\n\x1a\n", "text/plain", "image/png"),
        ("d", b"hello", "image/png", "text/plain"),
    ] {
        let path = ada.begin(name, bytes.len(), &[("media_type", claim)]).await;
        let done = ada.bring(&path, 0, bytes).await;
        let file = done.headers["rony-file"].to_str().expect("an id");
        assert_eq!(ada.get(&format!("files/{file}")).await.ok()["item"]["media_type"], expected, "{name}");
    }
}
