//! The examples are run for real, each as a process of its own, as a reader of them would start it.

#[cfg(feature = "call")]
mod call;

use std::{net::SocketAddr, process::Stdio};

use axum::http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use rony_core::{
    actor::{Actor, Scope, Trusted},
    conversation::GENERAL,
    hub::Frames,
    id::{ClientId, UserId},
    message::{Message, Post},
    session::NewToken,
    user::NewUser,
    wire::ServerFrame,
};
use rony_server::{Server, config::Config};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStdout, Command},
};

/// An example as a process, which ends with the test, and the lines that it prints.
fn start(command: &mut Command) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("the example starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    (child, lines)
}

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    lines.next_line().await.expect("text").expect("one more line")
}

#[tokio::test]
async fn two_people_talk_without_a_server() {
    let output = Command::new(env!("CARGO_BIN_EXE_library")).output().await.expect("the example starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Ann: Lunch at noon?\nBob: With pleasure.\n");
}

#[tokio::test]
async fn the_bot_repeats_what_it_hears() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, address) = serve(folder.path()).await;
    let (rony, system) = (server.rony(), Actor::trusted(Trusted::System));
    let ann =
        rony.users().create(&system, NewUser::named("ann".parse().expect("a name"))).await.expect("ann");
    let ann = Actor::trusted(Trusted::User(ann.id, ann.role));
    let (bot_id, token) = make_bot(&server, &system, "echo").await;

    let mut ears = rony.streams().connect(&ann, None, 1).await.expect("a connection").frames;
    let mut bot = Command::new(env!("CARGO_BIN_EXE_bot"));
    bot.env("RONY_URL", format!("ws://{address}/api/v1/gateway")).env("RONY_TOKEN", token);
    let (_bot, mut lines) = start(&mut bot);
    assert_eq!(line(&mut lines).await, "listening");

    let client_id = ClientId(uuid::Uuid::new_v4());
    let post = Post {
        client_id,
        text: "Is anybody here?".to_owned(),
        reply_to: None,
        thread_id: None,
        attachments: Vec::new(),
    };
    let asked = rony.messages().post(&ann, GENERAL, post).await.expect("a post").message;
    assert_eq!(hear(&mut ears).await, asked);
    let answer = hear(&mut ears).await;
    assert_eq!((answer.sender_id, answer.reply_to), (bot_id, Some(asked.id)));
    assert_eq!(answer.text, "Is anybody here?");
}

#[tokio::test]
async fn an_application_has_rony_under_a_path_with_its_own_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut embed = Command::new(env!("CARGO_BIN_EXE_embed"));
    let (mut house, mut lines) = start(embed.arg("127.0.0.1:0").arg(folder.path()));
    let chat = line(&mut lines).await;

    assert_eq!(
        ask(Request::get(chat.trim_end_matches("chat")), "").await,
        (StatusCode::OK, "The house".to_owned())
    );
    let sync = || Request::post(format!("{chat}/api/v1/sync")).header("content-type", "application/json");
    assert_eq!(ask(sync(), "{}").await.0, StatusCode::UNAUTHORIZED);
    let (status, answer) = ask(sync().header("x-user", "ann"), "{}").await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    // The host's program hears that somebody came for the first time.
    while !line(&mut lines).await.contains(r#""username":"ann""#) {}

    let id = house.id().expect("it runs").to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await.expect("kill runs").success());
    assert!(house.wait().await.expect("it ends").success());
}

/// A server in this process, with a database in `folder`, on a free port.
async fn serve(folder: &std::path::Path) -> (Server, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut config = Config::default();
    config.data = folder.to_owned();
    let server = Server::builder().config(config).port(address.port()).build().await.expect("a server");
    let router = server.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (server, address)
}

/// A bot's account, and the token that its program gets.
async fn make_bot(server: &Server, system: &Actor, name: &str) -> (UserId, String) {
    let new = NewUser { bot: true, ..NewUser::named(name.parse().expect("a name")) };
    let bot = server.rony().users().create(system, new).await.expect("a bot");
    let wish = NewToken { name: name.to_owned(), scopes: vec![Scope::Read, Scope::Write], expires_at: None };
    let made = server.rony().sessions().make_token_for(system, bot.id, wish).await.expect("a token");
    (bot.id, made.token.reveal())
}

/// The next message that arrives; what else happens is passed over.
async fn hear(ears: &mut Frames) -> Message {
    loop {
        let mut frames = Vec::new();
        assert_eq!(ears.next(&mut frames, 1).await, 1, "the connection lasts");
        if let Ok(ServerFrame::Event { event, .. }) = serde_json::from_slice(&frames[0])
            && let Some(message) = event.message
        {
            return message;
        }
    }
}

/// What a request is answered.
async fn ask(request: axum::http::request::Builder, body: &str) -> (StatusCode, String) {
    let request = request.body(Full::new(axum::body::Bytes::from(body.to_owned()))).expect("a request");
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.expect("an answer");
    let (status, body) = (answer.status(), answer.into_body().collect().await.expect("a body").to_bytes());
    (status, String::from_utf8_lossy(&body).into_owned())
}
