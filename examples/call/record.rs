//! The recording: sound into an Ogg file, a picture into an IVF file, as they come and without decoding them.

use std::{
    fs::File,
    io::{BufWriter, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use ogg::{PacketWriteEndInfo, PacketWriter};
use rony_rtc::peer::{Kind, RemoteTrack};
use rtc::{
    media::{Sample, io::sample_builder::SampleBuilder},
    rtp::{
        codec::{opus::OpusPacket, vp8::Vp8Packet},
        packetizer::Depacketizer,
    },
};
use tokio::time::{MissedTickBehavior, interval};

/// How often a key frame is asked for: after loss nothing else makes a picture whole again, and it lets whoever plays the file jump.
const KEY_FRAMES: Duration = Duration::from_secs(3);
/// For so many packets one that is missing is waited for.
const LATE: u16 = 200;

/// Records a track to its end, and says what became of it.
pub(crate) async fn record(track: RemoteTrack, folder: PathBuf) -> Result<String> {
    let path = folder.join(format!("{}-{}", track.peer(), track.cid()));
    match track.kind() {
        Kind::Audio => follow(track, OpusPacket, Sound::create(path.with_extension("ogg"))?).await,
        Kind::Video => {
            follow(track, Vp8Packet::default(), Picture::create(path.with_extension("ivf"))?).await
        }
    }
}

/// A file that is written frame by frame.
trait Recording {
    /// Samples in a second.
    const CLOCK: u32;

    /// The next frame, which begins so many samples after the first one.
    fn write(&mut self, at: u64, sample: &Sample) -> Result<()>;

    /// No more comes.
    fn finish(self) -> Result<String>;
}

/// Puts the packets in order and together to frames.
async fn follow<R: Recording>(
    mut track: RemoteTrack,
    codec: impl Depacketizer,
    mut recording: R,
) -> Result<String> {
    let mut frames = SampleBuilder::new(LATE, codec, R::CLOCK);
    let mut ask = interval(KEY_FRAMES);
    ask.set_missed_tick_behavior(MissedTickBehavior::Skip);
    // What a packet says is a time on a clock that begins anywhere and goes round.
    let (mut last, mut at) = (None, 0);
    loop {
        let packet = tokio::select! {
            packet = track.next() => packet,
            _ = ask.tick(), if track.kind() == Kind::Video => {
                track.ask_key_frame().await;
                continue;
            }
        };
        let Some(packet) = packet else { return recording.finish() };
        frames.push(Instant::now(), packet);
        while let Some(sample) = frames.pop(Instant::now()) {
            let time = sample.packet_timestamp;
            at += u64::from(time.wrapping_sub(last.replace(time).unwrap_or(time)));
            recording.write(at, &sample)?;
        }
    }
}

/// Opus in Ogg (RFC 7845).
struct Sound {
    path: PathBuf,
    file: PacketWriter<'static, BufWriter<File>>,
    /// The newest packet is held back: how long it lasts is known when the next one comes, and the last one ends the file.
    held: Option<(u64, Vec<u8>)>,
    packets: u64,
}

impl Sound {
    /// There is one stream in the file.
    const STREAM: u32 = 1;
    /// So many samples of the beginning are not played, while a decoder that came in the middle settles.
    const SETTLING: u16 = 3840;
    /// A packet of 20 ms.
    const USUAL: u64 = 960;

    fn create(path: PathBuf) -> Result<Self> {
        let mut file = PacketWriter::new(BufWriter::new(create(&path)?));
        let mut head = b"OpusHead\x01\x02".to_vec();
        head.extend(Self::SETTLING.to_le_bytes());
        head.extend(Self::CLOCK.to_le_bytes());
        // No gain, and the usual order of two channels.
        head.extend([0, 0, 0]);
        file.write_packet(head, Self::STREAM, PacketWriteEndInfo::EndPage, 0)?;
        let tags: &[u8] = b"OpusTags\x04\0\0\0Rony\0\0\0\0";
        file.write_packet(tags, Self::STREAM, PacketWriteEndInfo::EndPage, 0)?;
        Ok(Self { path, file, held: None, packets: 0 })
    }
}

impl Recording for Sound {
    const CLOCK: u32 = 48_000;

    fn write(&mut self, at: u64, sample: &Sample) -> Result<()> {
        if let Some((_, packet)) = self.held.replace((at, sample.data.to_vec())) {
            self.file.write_packet(packet, Self::STREAM, PacketWriteEndInfo::NormalPacket, at)?;
        }
        self.packets += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<String> {
        if let Some((at, packet)) = self.held.take() {
            let end = at + Self::USUAL;
            self.file.write_packet(packet, Self::STREAM, PacketWriteEndInfo::EndStream, end)?;
        }
        self.file.inner_mut().flush()?;
        Ok(format!("{}: {} packets of sound", self.path.display(), self.packets))
    }
}

/// VP8 in IVF.
struct Picture {
    path: PathBuf,
    file: BufWriter<File>,
    /// Width and height, once a key frame has said them.
    size: Option<(u16, u16)>,
    frames: u32,
    /// Something was lost since the last key frame, so what builds on it is not kept.
    broken: bool,
}

impl Picture {
    fn create(path: PathBuf) -> Result<Self> {
        let mut file = BufWriter::new(create(&path)?);
        header(&mut file, (0, 0), 0)?;
        Ok(Self { path, file, size: None, frames: 0, broken: true })
    }
}

impl Recording for Picture {
    const CLOCK: u32 = 90_000;

    fn write(&mut self, at: u64, sample: &Sample) -> Result<()> {
        let size = key_frame(&sample.data);
        self.broken =
            size.is_none() && (self.broken || sample.prev_dropped_packets > sample.prev_padding_packets);
        if self.broken {
            return Ok(());
        }
        self.size = self.size.or(size);
        self.file.write_all(&u32::try_from(sample.data.len())?.to_le_bytes())?;
        self.file.write_all(&at.to_le_bytes())?;
        self.file.write_all(&sample.data)?;
        self.frames += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<String> {
        let (width, height) = self.size.unwrap_or_default();
        self.file.seek(SeekFrom::Start(0))?;
        header(&mut self.file, (width, height), self.frames)?;
        self.file.flush()?;
        Ok(format!("{}: {} frames of {width}×{height}", self.path.display(), self.frames))
    }
}

fn header(file: &mut BufWriter<File>, (width, height): (u16, u16), frames: u32) -> Result<()> {
    // The signature, version 0, and how long the header is.
    file.write_all(b"DKIF\0\0\x20\0VP80")?;
    file.write_all(&width.to_le_bytes())?;
    file.write_all(&height.to_le_bytes())?;
    for number in [Picture::CLOCK, 1, frames, 0] {
        file.write_all(&number.to_le_bytes())?;
    }
    Ok(())
}

/// Width and height, if it is a key frame of VP8 (RFC 6386, 9.1). What is above them says how to scale it.
fn key_frame(frame: &[u8]) -> Option<(u16, u16)> {
    let [first, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] = *frame else { return None };
    let size = |low, high| u16::from_le_bytes([low, high]) & 0x3fff;
    (first & 1 == 0).then(|| (size(w0, w1), size(h0, h1)))
}

fn create(path: &Path) -> Result<File> {
    File::create(path).with_context(|| format!("{} cannot be written", path.display()))
}
