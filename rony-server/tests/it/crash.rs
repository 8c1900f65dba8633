//! Facts about uploads on a real server that is killed, or whose disk is full.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use http::StatusCode;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::{
    command::{Place, Running},
    world::{Client, files::noise},
};

const SERVE: [&str; 5] = ["serve", "--port", "0", "--metrics", "off"];
/// What is acknowledged before each kill.
const KEPT: usize = 500_000;

/// The administrator of a server that was started for the first time.
async fn administrator(server: &Running) -> Client {
    let anybody = Client::new(server.address(), None);
    let link = server.told("Set up").expect("a link");
    let token = link.rsplit('#').next().expect("a token");
    let first = json!({"token": token, "username": "ada", "password": "correct horse battery"});
    let first = anybody.post("setup", first).await.ok();
    anybody.with_token(first["token"].as_str().expect("a token"))
}

/// Sends the first bytes of a part that is longer, and does not wait for what comes of it.
async fn send_some(server: &Running, ada: &Client, path: &str, bytes: &[u8], some: usize) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).await.expect("it listens");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-offset: {KEPT}\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        server.address(),
        ada.token().expect("a token"),
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.expect("it listens");
    stream.write_all(&bytes[..some]).await.expect("it reads");
    stream
}

#[tokio::test]
async fn what_was_acknowledged_outlasts_a_kill_at_any_moment() {
    let place = Place::new();
    let bytes = noise(3_000_000);
    let mut server = place.start(&SERVE);
    let mut ada = administrator(&server).await;
    let rest = bytes.len() - KEPT;
    for (round, some) in [0, 1, 70_000, 1_000_000, rest - 1, rest, rest].into_iter().enumerate() {
        let name = format!("{round}.bin");
        let path = ada.begin(&name, bytes.len(), &[]).await;
        assert_eq!(ada.bring(&path, 0, &bytes[..KEPT]).await.status, StatusCode::NO_CONTENT);
        let _open = send_some(&server, &ada, &path, &bytes[KEPT..], some).await;
        server.kill();
        server = place.start(&SERVE);
        ada = Client::new(server.address(), ada.token().map(str::to_owned));
        let offset = ada.offset(&path).await;
        assert!((KEPT..=KEPT + some).contains(&offset), "{offset} after {some}");
        if offset < bytes.len() {
            assert_eq!(ada.bring(&path, offset, &bytes[offset..]).await.status, StatusCode::NO_CONTENT);
        }
        let file = ada.get(&path).await.ok()["item_id"].as_str().expect("it is whole").to_owned();
        assert!(ada.content(&file).await.bytes == bytes, "what came is not what was sent");
        let found = ada.get(&format!("files?query={name}")).await.ok();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "once");
    }
    let drive = ada.get("drive").await.ok();
    assert_eq!((&drive["used"], &drive["reserved"]), (&json!(7 * bytes.len()), &json!(0)));
    assert_eq!(server.stop(), Some(0));
}

/// The files of so many bytes below a folder.
fn files_of(length: usize, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("a folder") {
        let entry = entry.expect("an entry");
        let metadata = entry.metadata().expect("it is there");
        if metadata.is_dir() {
            found.extend(files_of(length, &entry.path()));
        } else if metadata.len() == length as u64 {
            found.push(entry.path());
        }
    }
    found
}

#[tokio::test]
async fn a_kill_after_the_bytes_have_their_place_and_before_they_are_a_file_loses_nothing() {
    let place = Place::new();
    let bytes = noise(KEPT);
    let mut server = place.start(&SERVE);
    let ada = administrator(&server).await;
    let path = ada.begin("a.bin", bytes.len(), &[]).await;
    // What takes the name meanwhile stands between the two.
    let other = ada.upload_id("a.bin", b"first").await;
    ada.bring(&path, 0, &bytes).await.problem(409, "name_taken");
    let kept = files_of(bytes.len(), place.folder.path());
    assert!(matches!(&kept[..], [blob] if blob.iter().any(|part| part == "blobs")), "{kept:?}");
    server.kill();
    server = place.start(&SERVE);
    let ada = Client::new(server.address(), ada.token().map(str::to_owned));
    ada.get(&path).await.problem(409, "name_taken");
    assert_eq!(ada.delete(&format!("files/{other}")).await.status, StatusCode::NO_CONTENT);
    let file = ada.get(&path).await.ok()["item_id"].as_str().expect("it is whole").to_owned();
    assert!(ada.content(&file).await.bytes == bytes, "what came is not what was sent");
    assert_eq!(files_of(bytes.len(), place.folder.path()), kept, "where it was, and once");
    assert_eq!(ada.get("drive").await.ok()["reserved"], 0);
}

#[tokio::test]
async fn a_full_disk_is_said_and_takes_nothing_that_was_there() {
    let place = Place::new();
    // No file may become larger than 2 MiB, which a program takes like a full disk. The database stays below.
    let program = env!("CARGO_BIN_EXE_rony");
    let mut limited = Command::new("sh");
    let command = format!("trap '' XFSZ; ulimit -f 4096; exec {program} {}", SERVE.join(" "));
    limited.args(["-c", &command]).current_dir(place.folder.path()).env_clear();
    let server = Running::of(&mut limited);
    let ada = administrator(&server).await;
    let bytes = noise(4_000_000);
    let path = ada.begin("large.bin", bytes.len(), &[]).await;
    assert_eq!(ada.bring(&path, 0, &bytes[..KEPT]).await.status, StatusCode::NO_CONTENT);
    ada.bring(&path, KEPT, &bytes[KEPT..]).await.problem(507, "storage_full");
    ada.form(&[], &[("large.bin", &bytes)]).await.problem(507, "storage_full");
    let offset = ada.offset(&path).await;
    assert!((KEPT..bytes.len()).contains(&offset), "{offset}");
    let small = ada.upload_id("small.txt", b"there is room for this").await;
    assert_eq!(ada.content(&small).await.bytes, "there is room for this");
    assert_eq!(ada.get("files").await.ok()["items"].as_array().map(Vec::len), Some(1));

    // With room again, the upload goes on.
    assert_eq!(server.stop(), Some(0));
    let server = place.start(&SERVE);
    let ada = Client::new(server.address(), ada.token().map(str::to_owned));
    let offset = ada.offset(&path).await;
    assert_eq!(ada.bring(&path, offset, &bytes[offset..]).await.status, StatusCode::NO_CONTENT);
    let told: Value = ada.get(&path).await.ok();
    assert!(ada.content(told["item_id"].as_str().expect("it is whole")).await.bytes == bytes);
}
