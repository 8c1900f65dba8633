//! `rony-load floor`: the least that a broadcaster of WebSocket messages can do on tokio, as a server to measure beside.
//!
//! What one connection says, all get: the frame is made once, and written to each socket at once, with one system call each
//! and nothing in between. There is no account, no order across senders, nothing on disk, no queue: a connection
//! that does not take a whole frame at once is cut. So its cost is what the kernel takes for a delivery, and little else.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::bench::socket::text_frame;
use crate::os;

/// The largest frame that a client may send, header included.
const LARGEST: usize = 64 * 1024;

/// Serve the bare broadcaster that Rony is measured beside, until SIGTERM.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where to listen, on loopback
    #[arg(long)]
    port: u16,
}

/// Everybody who is connected.
#[derive(Debug, Default)]
struct Room(Mutex<HashMap<u64, Arc<TcpStream>>>);

/// Runs the subcommand.
///
/// # Errors
/// When the port is taken.
pub async fn run(options: &Options) -> Result<ExitCode> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
    let listener = listener.with_context(|| format!("port {} cannot be listened on", options.port))?;
    tokio::select! {
        served = serve(listener) => served,
        stopped = os::interrupted() => stopped,
    }?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(listener: TcpListener) -> Result<()> {
    let room = Arc::new(Room::default());
    for number in 0.. {
        let (stream, _) = listener.accept().await.context("no more connections can be taken")?;
        let room = room.clone();
        tokio::spawn(async move {
            // A connection that ends, however it does, is none any more.
            let _ = welcome(&room, number, stream).await;
            room.change(|room| room.remove(&number));
        });
    }
    Ok(())
}

/// Shakes hands, and passes on what is said until the connection ends.
async fn welcome(room: &Room, number: u64, mut stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut rest = shake_hands(&mut stream).await?;
    let stream = Arc::new(stream);
    room.change(|room| room.insert(number, stream.clone()));
    loop {
        while let Some((kind, said)) = take_frame(&mut rest)? {
            match kind {
                1 => room.tell(&text_frame(&said)),
                8 => return Ok(()),
                _ => {}
            }
        }
        if rest.is_empty() {
            rest = BytesMut::new();
        }
        stream.readable().await?;
        rest.reserve(LARGEST);
        match stream.try_read_buf(&mut rest) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => return Err(error.into()),
            _ => {}
        }
    }
}

impl Room {
    fn change<T>(&self, change: impl FnOnce(&mut HashMap<u64, Arc<TcpStream>>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes `frame` to everybody.
    fn tell(&self, frame: &[u8]) {
        let is_whole = |sent: std::io::Result<usize>| sent.is_ok_and(|sent| sent == frame.len());
        self.change(|room| room.retain(|_, stream| is_whole(stream.try_write(frame))));
    }
}

/// Answers the handshake; what came after it.
async fn shake_hands(stream: &mut TcpStream) -> Result<BytesMut> {
    let mut request = BytesMut::new();
    let end = loop {
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        ensure!(request.len() < LARGEST, "the request does not end");
        ensure!(stream.read_buf(&mut request).await? > 0, "the request broke off");
    };
    let head = request.split_to(end);
    let head = std::str::from_utf8(&head)?;
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim())
    });
    let accept = derive_accept_key(key.context("this is no WebSocket")?.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await?;
    Ok(request)
}

/// The next whole frame of a client: its opcode, and what it says.
fn take_frame(bytes: &mut BytesMut) -> Result<Option<(u8, Vec<u8>)>> {
    let [first, second, ..] = bytes[..] else { return Ok(None) };
    let (kind, short) = (first & 0x0f, usize::from(second & 0x7f));
    ensure!(first & 0x80 != 0 && second & 0x80 != 0 && short < 127, "this is no whole, masked, short frame");
    let (length, header) = match (short, bytes.get(2..4)) {
        (126, Some(length)) => (usize::from(u16::from_be_bytes([length[0], length[1]])), 4),
        (126, None) => return Ok(None),
        _ => (short, 2),
    };
    if bytes.len() < header + 4 + length {
        return Ok(None);
    }
    bytes.advance(header);
    let mask = bytes.split_to(4);
    let said = bytes.split_to(length);
    Ok(Some((kind, said.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect())))
}
