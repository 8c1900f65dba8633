//! A guest in a meeting who is a program: it plays a tone and a picture that it makes itself, and records what it hears and sees.
//!
//! Run it with `cargo run -p rony-examples --features call --bin call -- 'http://localhost:5000/meet#abc-defg-hjk' --name Recorder`. Where the
//! room has a lobby, it waits until somebody lets it in. With a token in `RONY_TOKEN` it comes as the account that the token is of, and needs no
//! name. It ends `--seconds` after it came in, with the meeting, or by Ctrl-C.
//!
//! Each sound that it hears becomes an Ogg file with Opus, each picture an IVF file with VP8, in `--folder`; players such as mpv show both.
//! What it plays it encodes itself: the tone as Opus, the picture as VP8 that has key frames only, since it has no encoder of films, and what
//! WebP's encoder makes of a still picture is one of those. That takes more bytes, and every frame can be the first that somebody sees.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod picture;
mod record;
mod tone;

use std::{
    future::{Future, pending},
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use rony_core::room::RoomCode;
use rony_rtc::{
    peer::{Codec, Ending, Event, Gateway, Options, Peer},
    signal::{Join, LeaveReason, Source},
};
use serde_json::{Value, json};
use tokio::{signal::ctrl_c, task::JoinSet, time::sleep};

/// What was asked for.
struct Wish {
    link: String,
    server: String,
    name: Option<String>,
    folder: PathBuf,
    seconds: Option<u64>,
    /// Within this machine only.
    loopback: bool,
}

impl Wish {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let link = arguments.next().context("the first argument is the meeting's link, or its code")?;
        let mut wish = Self {
            link,
            server: "http://localhost:5000".to_owned(),
            name: None,
            folder: PathBuf::from("."),
            seconds: None,
            loopback: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--server" => wish.server = value()?,
                "--name" => wish.name = Some(value()?),
                "--folder" => wish.folder = value()?.into(),
                "--seconds" => wish.seconds = Some(value()?.parse().context("--seconds needs a number")?),
                "--loopback" => wish.loopback = true,
                _ => bail!(
                    "{argument} is not known; there are --server, --name, --folder, --seconds and --loopback"
                ),
            }
        }
        Ok(wish)
    }

    /// The server's address without a slash at the end, and the code.
    fn place(&self) -> Result<(&str, RoomCode)> {
        let (server, code) = match self.link.split_once('#') {
            Some((page, code)) => {
                let server = page.trim_end_matches('/').strip_suffix("/meet");
                (server.context("this is no link to a meeting")?, code)
            }
            None => (self.server.trim_end_matches('/'), self.link.as_str()),
        };
        Ok((server, code.parse().context("the code is not right: copy all of it")?))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let wish = Wish::read(std::env::args().skip(1))?;
    let (server, room) = wish.place()?;
    std::fs::create_dir_all(&wish.folder)?;
    let token = match (std::env::var("RONY_TOKEN"), &wish.name) {
        (Ok(token), _) => token,
        (Err(_), Some(name)) => guest_token(server, room, name).await?,
        (Err(_), None) => bail!("say a --name to come as a guest, or put a token into RONY_TOKEN"),
    };
    let address =
        format!("ws{}/api/v1/gateway", server.strip_prefix("http").context("a link begins with http")?);
    let gateway = Gateway::new(&address, token, room)?;
    let join = Join { room, name: wish.name, password: None, resume: None };
    let options = if wish.loopback { Options::loopback() } else { Options::default() };
    let (peer, mut events) = Peer::join(Arc::new(gateway), join, options);

    let mut playing = JoinSet::new();
    playing.spawn(tone::play(peer.publish(Source::Microphone, Codec::Opus)));
    playing.spawn(picture::play(peer.publish(Source::Camera, Codec::Vp8)));
    let mut recordings = JoinSet::new();
    // Until it is in, time does not count.
    let mut over: Pin<Box<dyn Future<Output = ()>>> = Box::pin(pending());
    let mut leaving = false;
    let ending = loop {
        tokio::select! {
            event = events.next() => match event.context("a peer says how it ends")? {
                Event::Waiting => println!("waiting to be let in"),
                Event::Joined(view) => {
                    println!("in, with {} others", view.peers.len() - 1);
                    if let Some(seconds) = wish.seconds {
                        over = Box::pin(after(Duration::from_secs(seconds)));
                    }
                }
                Event::Connection { peer, state } => println!("peer {peer}: {state:?}"),
                Event::Track(track) => {
                    println!("peer {}: {:?}", track.peer(), track.kind());
                    recordings.spawn(record::record(track, wish.folder.clone()));
                }
                Event::Ended(ending) => break ending,
                _ => {}
            },
            () = &mut over, if !leaving => (leaving, ()) = (true, peer.leave()),
            pressed = ctrl_c(), if !leaving => (leaving, ()) = (true, pressed.map(|()| peer.leave())?),
            Some(failed) = playing.join_next() => failed??,
        }
    };
    // The tracks end with the peer, and the files with the tracks.
    while let Some(recorded) = recordings.join_next().await {
        println!("{}", recorded??);
    }
    match ending {
        Ending::Over { reason: LeaveReason::Left | LeaveReason::Ended, .. } => Ok(()),
        Ending::Refused { detail, .. } => bail!("{detail}"),
        other => bail!("the meeting is over for this program: {other:?}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "a recording lasts as long as its listener's clock says")]
async fn after(time: Duration) {
    sleep(time).await;
}

/// Comes as a guest, who needs no account.
async fn guest_token(server: &str, room: RoomCode, name: &str) -> Result<String> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = reqwest::Client::new();
    let request =
        client.post(format!("{server}/api/v1/rooms/guests")).header("content-type", "application/json");
    let answer = request.body(json!({"code": room, "name": name}).to_string()).send().await?;
    let (status, body) = (answer.status(), answer.text().await?);
    let body: Value = serde_json::from_str(&body).context("this is no Rony server")?;
    ensure!(status.is_success(), "{}", body["detail"].as_str().unwrap_or("the server does not say why"));
    Ok(body["token"].as_str().context("a token")?.to_owned())
}
