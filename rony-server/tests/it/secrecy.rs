//! Facts about what a server tells nobody: its log holds no secret and nothing that people wrote, however much it says.

use std::{fs, net::SocketAddr};

use http::{Method, header};
use serde_json::{Value, json};

use crate::{
    command::{Place, Running},
    world::{Client, Socket},
};

const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "incorrect donkey battery";
const NEWCOMERS: &str = "a newcomers passphrase";
const RESET: &str = "a passphrase after the reset";
const WRITTEN: &str = "between-the-two-of-us";
const SOUGHT: &str = "what-somebody-seeks";

const FILE_TEXT: &str = "the secret of the file";
const FILE_NAME: &str = "sesquipedalian";
const LINK_PASSWORD: &str = "a door for friends";
const ROOM_PASSWORD: &str = "a table by the window";
const GUEST: &str = "Hieronymus";

/// Everything that must not be in the log, each with its name.
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn keep(&mut self, name: &'static str, secret: &Value) -> String {
        let secret = secret.as_str().expect("a secret");
        // Of a link only what stands behind the `#` is secret.
        let secret = secret.rsplit('#').next().unwrap_or_default().to_owned();
        self.0.push((name, secret.clone()));
        secret
    }
}

fn credentials(username: &str, password: &str) -> Value {
    json!({"username": username, "password": password})
}

/// Signs in well, badly, and as a browser does.
async fn sign_in(anybody: &Client, secrets: &mut Secrets) -> Client {
    anybody.post("sessions", credentials("ada", WRONG)).await.problem(401, "credentials_wrong");
    anybody.post("sessions", credentials(PASSWORD, "ada")).await.problem(401, "credentials_wrong");
    anybody.post("sessions", json!({"username": "ada", "passwort": PASSWORD})).await.problem(422, "invalid");
    anybody
        .post("sessions", json!({"username": "ada", "password": [PASSWORD]}))
        .await
        .problem(422, "invalid");
    let answer = anybody.post("sessions", credentials("ada", PASSWORD)).await.ok();
    let ada = anybody.with_token(&secrets.keep("the token of a session", &answer["token"]));
    let browser = json!({"username": "ada", "password": PASSWORD, "cookie": true});
    let answer = anybody.post("sessions", browser).await;
    let cookie =
        answer.headers[header::SET_COOKIE].to_str().expect("text").split(';').next().expect("a cookie");
    let token = cookie.split_once('=').expect("a value").1;
    secrets.keep("the cookie of a browser", &json!(token));
    let asked = anybody.request(Method::GET, "me").header(header::COOKIE, cookie);
    anybody.send(asked, "".into()).await.ok();
    ada
}

/// A personal access token, an invitation, and a way back into an account: made and used.
async fn links(anybody: &Client, ada: &Client, secrets: &mut Secrets) {
    let made = ada.post("tokens", json!({"name": "script", "scopes": ["read"]})).await.ok();
    let script = anybody.with_token(&secrets.keep("a personal access token", &made["token"]));
    script.get("me").await.ok();
    let invite = ada.post("invites", json!({})).await.ok();
    let invite = secrets.keep("an invitation", &invite["token"]);
    anybody.post("invites/preview", json!({"token": invite})).await.ok();
    let newcomer = json!({"username": "bob", "password": NEWCOMERS, "invite": invite});
    let bob = anybody.post("accounts", newcomer).await.ok()["user"]["id"].as_str().expect("an id").to_owned();
    let link = ada.post(&format!("users/{bob}/reset-link"), Value::Null).await.ok();
    let reset = secrets.keep("a reset link", &link["link"]);
    anybody.post("password-resets", json!({"token": reset, "password": RESET})).await.ok();
    anybody
        .post("password-resets", json!({"token": reset, "password": RESET}))
        .await
        .problem(409, "reset_used");
}

/// Comes by the gateway in both ways, writes and searches, and puts a token where it does not belong.
async fn talk(address: SocketAddr, ada: &Client) {
    let general = ada.get("conversations").await.ok()["items"][0]["id"].clone();
    ada.gateway().await;
    let mut socket = Socket::open(address, None).await;
    socket.send(&json!({"type": "auth", "token": ada.token()})).await;
    socket.resume(Value::Null).await;
    let post = json!({
        "type": "post", "id": 1, "conversation_id": general, "client_id": uuid::Uuid::new_v4(), "text": WRITTEN,
    });
    socket.send(&post).await;
    socket.until("ack").await;
    socket.send(&json!({"type": "post", "id": 2, "text": WRITTEN})).await;
    socket.until("error").await;
    ada.get(&format!("search?query={SOUGHT}")).await.ok();
    let token = ada.token().expect("a token");
    let nobody = Client::new(address, None);
    nobody.get(&format!("me?token={token}")).await.problem(401, "unauthenticated");
    nobody.get(&format!("/nowhere/{token}")).await.problem(404, "not_found");
}

/// Keeps a file, opens it to others in each way that there is, and follows those ways.
async fn files(anybody: &Client, ada: &Client, secrets: &mut Secrets) {
    let file = ada.upload_id(&format!("{FILE_NAME}.txt"), FILE_TEXT.as_bytes()).await;
    ada.get(&format!("files?query={FILE_NAME}")).await.ok();
    let path = ada.begin(&format!("{FILE_NAME}.bin"), 5, &[]).await;
    ada.bring(&path, 0, b"hello").await.ok();
    let wish = json!({"level": "viewer", "password": LINK_PASSWORD, "log_openings": true});
    let made = ada.post(&format!("files/{file}/shares"), wish).await.ok();
    let last = |url: &Value| json!(url.as_str().expect("a link").rsplit('/').next());
    let token = secrets.keep("a link", &last(&made["url"]));
    anybody.post("shared", json!({"token": token, "password": WRONG})).await.problem(403, "password_wrong");
    let opened = anybody.post("shared", json!({"token": token, "password": LINK_PASSWORD})).await.ok();
    let holder = anybody.with_token(&secrets.keep("what a link gives", &opened["pass"]));
    holder.content(&file).await;
    let ticket = holder.post(&format!("files/{file}/link"), json!({})).await.ok();
    let ticket = secrets.keep("a link to one file", &last(&ticket["url"]));
    assert_eq!(anybody.get(&format!("downloads/{ticket}")).await.bytes, FILE_TEXT);
    anybody.get(&format!("/s/{token}")).await;
    anybody.get(&format!("/s/{token}/download")).await.problem(403, "password_needed");
    anybody.get(&format!("/s/{token}/nowhere")).await.problem(404, "not_found");
    holder.get("me").await.problem(401, "token_malformed");
}

/// Asks to be let into a room; what it answers.
async fn join(socket: &mut Socket, code: &str, password: &str) -> Value {
    let join = json!({"seq": 0, "type": "join", "room": code, "password": password});
    socket.send(&json!({"type": "rtc", "room": code, "message": join})).await;
    socket.until("rtc").await["message"].take()
}

/// Meets a guest, who comes by a link, and tells them how to connect.
async fn meet(address: SocketAddr, anybody: &Client, ada: &Client, secrets: &mut Secrets) {
    let made = ada.post("rooms", json!({"password": ROOM_PASSWORD, "lobby": "off"})).await.ok();
    let code = secrets.keep("the code of a room", &made["url"]);
    secrets.keep("the letters of a room's code", &json!(code.replace('-', "")));
    anybody.post("rooms/preview", json!({"code": code})).await.ok();
    let guest = anybody.post("rooms/guests", json!({"code": code, "name": GUEST})).await.ok();
    let token = secrets.keep("a guest's token", &guest["token"]);
    let mut socket = Socket::open_at(address, "/api/v1/gateway?guest", None).await;
    socket.send(&json!({"type": "auth", "token": token})).await;
    socket.send(&json!({"type": "resume"})).await;
    let mut host = ada.gateway().await;
    let mut joined = Vec::new();
    for password in [WRONG, ROOM_PASSWORD] {
        joined.push(join(&mut socket, &code, password).await);
    }
    joined.push(join(&mut host, &code, ROOM_PASSWORD).await);
    let keys = joined.iter().filter_map(|answer| answer["session"].as_str());
    secrets.0.extend(keys.map(|key| ("a seat's key", key.to_owned())));
    let offer = json!({"seq": 1, "type": "offer", "target": 2, "nid": 2, "sdp": format!("v=0 {WRITTEN}")});
    socket.send(&json!({"type": "rtc", "room": code, "message": offer})).await;
    while host.until("rtc").await["message"]["type"] != "offer" {}
}

#[tokio::test]
async fn the_log_holds_no_secret_and_nothing_that_people_wrote() {
    let place = Place::new();
    let log = place.folder.path().join("log");
    let mut serve = place.command(&["serve", "--log-level", "trace"]);
    let server = Running::of(serve.stderr(fs::File::create(&log).expect("a file")));
    let address = format!("127.0.0.1:{}", server.port()).parse().expect("an address");
    let anybody = Client::new(address, None);
    let mut secrets = Secrets(Vec::new());
    for (name, said) in [
        ("a password", PASSWORD),
        ("a wrong password", WRONG),
        ("a newcomer's password", NEWCOMERS),
        ("a password after a reset", RESET),
        ("a message", WRITTEN),
        ("what was searched for", SOUGHT),
        ("a file's text", FILE_TEXT),
        ("a file's name", FILE_NAME),
        ("a link's password", LINK_PASSWORD),
        ("a room's password", ROOM_PASSWORD),
        ("a guest's name", GUEST),
    ] {
        secrets.keep(name, &json!(said));
    }
    let setup = secrets.keep("the setup link", &json!(server.told("Set up").expect("a link")));
    let first = json!({"token": setup, "username": "ada", "password": PASSWORD});
    let first = anybody.post("setup", first).await.ok();
    secrets.keep("the token of the first session", &first["token"]);
    let ada = sign_in(&anybody, &mut secrets).await;
    links(&anybody, &ada, &mut secrets).await;
    talk(address, &ada).await;
    files(&anybody, &ada, &mut secrets).await;
    meet(address, &anybody, &ada, &mut secrets).await;
    assert_eq!(server.stop(), Some(0));

    let log = fs::read_to_string(log).expect("text");
    assert!(log.contains("sqlx::query") && log.contains("/api/v1/sessions"), "it says all that it can say");
    for (name, secret) in &secrets.0 {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "{name} is in the log");
    }
}
