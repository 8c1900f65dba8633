//! Facts about what comes over a gateway connection from clients that are broken or mean harm.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, time::timeout};

use crate::{
    command::{Place, Running, get},
    world::{
        Client, Person, World,
        raw::{BINARY, CONTINUATION, PING, Raw, TEXT, frame, head},
    },
};

const PATIENCE: Duration = Duration::from_secs(20);
const MIB: usize = 1024 * 1024;

fn text(json: &Value) -> Vec<u8> {
    frame(TEXT, true, json.to_string().as_bytes())
}

async fn connect(world: &World, person: &Person) -> Raw {
    Raw::resumed(world.address, person.client.token()).await
}

/// The code that ends the connection when these bytes come.
async fn end(world: &World, person: &Person, bytes: &[u8]) -> u16 {
    let mut raw = connect(world, person).await;
    raw.send(bytes).await;
    timeout(PATIENCE, raw.closed()).await.expect("the connection ends")
}

#[tokio::test]
async fn frames_that_come_before_the_handshake_is_answered_are_not_lost() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let auth = text(&json!({"type": "auth", "token": ann.client.token()}));
    let behind = [auth, text(&json!({"type": "resume"})), text(&json!({"type": "ping", "id": 7}))].concat();
    let mut raw = Raw::open(world.address, None, &behind).await;
    assert_eq!(raw.until("hello").await["user_id"], ann.id.as_str());
    assert_eq!(raw.until("pong").await["id"], 7);
}

#[tokio::test]
async fn a_frame_may_come_in_pieces_of_one_byte() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let group = world.group(&ann, &[]).await;
    let post = json!({
        "type": "post", "id": 1, "conversation_id": group, "client_id": uuid::Uuid::new_v4(), "text": "Gr\u{fc}\u{df}e",
    });
    let post = post.to_string();
    let mut raw = connect(&world, &ann).await;
    let last = post.len() - 1;
    for (at, byte) in post.bytes().enumerate() {
        let kind = if at == 0 { TEXT } else { CONTINUATION };
        let mut bytes = frame(kind, at == last, &[byte]);
        // A ping may stand between the fragments of a message.
        bytes.extend(frame(PING, true, b""));
        for byte in bytes {
            raw.stream.write_u8(byte).await.expect("it is open");
        }
    }
    raw.until("ack").await;
    let page = ann.client.get(&format!("conversations/{group}/messages")).await.ok();
    assert_eq!(page["items"][0]["text"], "Gr\u{fc}\u{df}e");
}

#[tokio::test]
async fn a_message_without_end_is_cut() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut raw = connect(&world, &ann).await;
    raw.send(&frame(TEXT, false, &[b'x'; 1024])).await;
    let more = frame(CONTINUATION, false, &[b'x'; 1024]);
    let taken = async {
        let mut sent = 0;
        while raw.send(&more).await {
            sent += more.len();
            assert!(sent < 64 * MIB, "memory would not be bounded");
        }
    };
    timeout(PATIENCE, taken).await.expect("the connection ends");
    connect(&world, &ann).await;
}

#[tokio::test]
async fn what_is_no_frame_of_ours_ends_the_connection_with_its_code() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    for (what, bytes) in [
        ("a frame of 64 MiB, refused by its head", head(TEXT, true, 64 * MIB)),
        ("a length that no memory has", head(TEXT, true, usize::MAX >> 1)),
        ("bytes", frame(BINARY, true, b"{}")),
        ("text that is not UTF-8", frame(TEXT, true, b"{\"type\":\"ping\",\"id\":\"\xff\"}")),
        ("a fragment of nothing", frame(CONTINUATION, true, b"{}")),
        ("an unknown kind of frame", frame(0x3, true, b"{}")),
        ("a reserved bit", frame(TEXT | 0x40, true, b"{}")),
        ("a long ping", frame(PING, true, &[b'x'; 126])),
    ] {
        assert_eq!(end(&world, &ann, &bytes).await, 4010, "{what}");
    }
    let unmasked = [&[0x81, 2][..], b"{}"].concat();
    assert_eq!(end(&world, &ann, &unmasked).await, 4010, "a frame without a mask");
    connect(&world, &ann).await;
}

#[tokio::test]
async fn who_sends_pings_without_end_is_answered_and_disturbs_nobody() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let group = world.group(&ann, &[&ben]).await;
    let mut flood = connect(&world, &ann).await;
    let pings = frame(PING, true, &[b'x'; 125]).repeat(1000);
    let flooding = tokio::spawn(async move { while flood.send(&pings).await {} });
    let mut others = ben.client.gateway().await;
    for number in 0..20 {
        let post = json!({"client_id": uuid::Uuid::new_v4(), "text": number.to_string()});
        ben.client.post(&format!("conversations/{group}/messages"), post).await.ok();
        assert_eq!(others.event("message.posted").await["message"]["text"], number.to_string());
    }
    flooding.abort();
}

/// What the server says that it has in memory, in bytes.
fn resident(server: &Running) -> usize {
    let metrics = server.told("Metrics").expect("an address");
    let address = metrics.trim_start_matches("http://").trim_end_matches("/metrics");
    let figures = get(address, "/metrics");
    let line = figures.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    line.expect("a figure").parse::<f64>().expect("a number") as usize
}

#[tokio::test]
async fn who_sends_pings_and_reads_no_answer_fills_no_memory() {
    // A process of its own, whose memory nobody else uses.
    let place = Place::new();
    let server = place.start(&["serve", "--port", "0"]);
    let address = format!("127.0.0.1:{}", server.port()).parse().expect("an address");
    let setup = server.told("Set up").and_then(|link| link.rsplit('#').next()).expect("a link");
    let first = json!({"token": setup, "username": "ada", "password": "correct horse battery"});
    let first = Client::new(address, None).post("setup", first).await.ok();
    let mut flood = Raw::resumed(address, first["token"].as_str()).await;
    let before = resident(&server);
    let pings = frame(PING, true, &[b'x'; 125]).repeat(8 * 1024);
    for _ in 0..64 * MIB / pings.len() {
        assert!(flood.send(&pings).await, "it is open");
    }
    let grown = resident(&server).saturating_sub(before);
    assert!(grown < 24 * MIB, "{grown} bytes");
}
