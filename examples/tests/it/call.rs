//! Two programs meet: each records the other's tone and picture, and what they recorded is decoded.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use ogg::PacketReader;
use opus_rs::OpusDecoder;
use rony_core::{
    actor::{Actor, Trusted},
    permission::ServerRole,
    room::{Lobby, NewRoom},
};
use rtc::media::io::ivf_reader::IVFReader;
use tokio::process::Command;

use crate::{make_bot, serve};

/// They are together for about so long.
const SECONDS: usize = 10;
/// A machine that is busy takes its time.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test]
async fn two_programs_meet_and_each_records_what_the_other_plays() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, address) = serve(&folder.path().join("data")).await;
    let rony = server.rony();
    let (bot, token) = make_bot(&server, &Actor::trusted(Trusted::System), "recorder").await;
    let room = NewRoom { lobby: Lobby::Off, ..NewRoom::default() };
    let owner = Actor::trusted(Trusted::User(bot, ServerRole::Member));
    let code = rony.rooms().create(&owner, room).await.expect("a room").room.code.to_string();

    // One with an account and the code, one with nothing but the link.
    let server = format!("http://{address}");
    let with_token = call(&[&code, "--server", &server], &folder.path().join("bot"), Some(&token));
    let link = format!("{server}/meet#{code}");
    let as_guest = call(&[&link, "--name", "Guest"], &folder.path().join("guest"), None);
    let both = tokio::join!(with_token, as_guest);

    for (output, name) in [(both.0, "bot"), (both.1, "guest")] {
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {said}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("packets of sound") && said.contains("frames of 320×240"), "{name}: {said}");
        let folder = folder.path().join(name);
        judge_sound(&only_file(&folder, "ogg"));
        judge_picture(&only_file(&folder, "ivf"));
    }
}

#[tokio::test]
async fn who_has_neither_a_name_nor_a_token_or_a_wrong_code_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, address) = serve(&folder.path().join("data")).await;
    let link = format!("http://{address}/meet#abc-defg-hjk");
    for (arguments, why) in [
        (&[&*link][..], "--name"),
        (&[&link, "--name", "Guest"], "there is no meeting with this code"),
        (&["abc", "--name", "Guest"], "the code is not right"),
    ] {
        let output = call(arguments, folder.path(), None).await;
        let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert!(!output.status.success() && said.contains(why), "{why}: {said}");
    }
}

/// Runs the example to its end, within this machine.
fn call(arguments: &[&str], folder: &Path, token: Option<&str>) -> impl Future<Output = Output> + use<> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_call"));
    command.args(arguments).arg("--folder").arg(folder).arg("--loopback");
    command.arg("--seconds").arg(SECONDS.to_string());
    command.env_remove("RONY_TOKEN").envs(token.map(|token| ("RONY_TOKEN", token)));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    async move {
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        output.expect("the example ends in time").expect("the example starts")
    }
}

/// The one file that ends so.
fn only_file(folder: &Path, extension: &str) -> PathBuf {
    let files = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let mut files = files.filter(|file| file.extension().is_some_and(|found| found == extension));
    let file = files.next().expect("a recording");
    assert_eq!(files.next(), None, "there is one other person with one microphone and one camera");
    file
}

/// The tone of 440 Hz is in it, nearly all of the time, and nothing else.
fn judge_sound(path: &Path) {
    let mut packets = PacketReader::new(BufReader::new(File::open(path).expect("a file")));
    let mut next = || packets.read_packet().expect("Ogg, with the right checksums");
    let (head, tags) = (next().expect("a head"), next().expect("tags"));
    assert!(head.data.starts_with(b"OpusHead\x01\x02") && tags.data.starts_with(b"OpusTags"));

    let mut decoder = OpusDecoder::new(48_000, 1).expect("a decoder");
    let (mut sound, mut ended, mut time) = (Vec::new(), false, 0);
    while let Some(packet) = next() {
        assert!(!ended, "nothing comes after the end");
        let mut samples = [0.0; 960];
        let decoded = decoder.decode(&packet.data, 960, &mut samples).expect("Opus");
        assert_eq!(decoded, 960);
        sound.push(samples);
        (ended, time) = (packet.last_in_stream(), packet.absgp_page());
    }
    assert!(ended, "the file says that it ends");
    // Half of it may be gone before the two are connected on a machine that is busy.
    assert!((SECONDS * 25..=SECONDS * 60).contains(&sound.len()), "{} packets", sound.len());
    let length = usize::try_from(time).expect("a length") / 960;
    assert!(
        (sound.len()..SECONDS * 60).contains(&length),
        "{length} times 20 ms, in {} packets",
        sound.len()
    );

    let tones = sound.iter().filter(|samples| is_tone(*samples)).count();
    assert!(tones * 10 > sound.len() * 9, "{tones} of {} packets are the tone", sound.len());
}

/// Whether most of the power of these samples is at 440 Hz, and there is as much of it as was played.
fn is_tone(samples: &[f32]) -> bool {
    let (mut sine, mut cosine, mut power, mut count) = (0.0, 0.0, 0.0, 0.0);
    for sample in samples {
        let angle = std::f32::consts::TAU * 440.0 * count / 48_000.0;
        (sine, cosine) = (sine + sample * angle.sin(), cosine + sample * angle.cos());
        (power, count) = (power + sample * sample, count + 1.0);
    }
    // Of a pure tone both are the same: half of the square of how loud it is.
    let at_tone = 2.0 * (sine * sine + cosine * cosine) / (count * count);
    (0.08..0.2).contains(&(power / count)) && at_tone > 0.8 * power / count
}

/// Whole frames of the right size and colours, in which the bar moves on.
fn judge_picture(path: &Path) {
    let (mut file, header) = IVFReader::new(BufReader::new(File::open(path).expect("a file"))).expect("IVF");
    assert_eq!((header.four_cc, header.width, header.height), (*b"VP80", 320, 240));
    let mut bars = Vec::new();
    let mut last = None;
    for _ in 0..header.num_frames {
        let (frame, head) = file.parse_next_frame().expect("as many frames as the header says");
        assert!(last < Some(head.timestamp), "time goes on");
        last = Some(head.timestamp);
        bars.push(bar(&frame));
    }
    assert!(file.parse_next_frame().is_err(), "no more frames than the header says");
    assert!((SECONDS * 5..=SECONDS * 12).contains(&bars.len()), "{} frames", bars.len());
    let moves = bars.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert_eq!(moves, bars.len() - 1, "{bars:?}");
}

/// Decodes a frame, and says how far from the left the bar begins that is in it. (A key frame is a WebP picture without its envelope.)
fn bar(frame: &[u8]) -> usize {
    let chunk = frame.len() + frame.len() % 2;
    let mut webp = b"RIFF".to_vec();
    webp.extend(u32::try_from(chunk + 12).expect("a size").to_le_bytes());
    webp.extend(b"WEBPVP8 ");
    webp.extend(u32::try_from(frame.len()).expect("a size").to_le_bytes());
    webp.extend(frame);
    webp.resize(chunk + 20, 0);
    let picture = webp::Decoder::new(&webp).decode().expect("a whole key frame of VP8");
    assert_eq!((picture.width(), picture.height()), (320, 240));
    // A row in the middle: yellow in the bar, blue elsewhere.
    let row: Vec<bool> =
        picture[120 * 320 * 3..][..320 * 3].chunks(3).map(|pixel| pixel[0] > pixel[2]).collect();
    let wide = row.iter().filter(|bar| **bar).count();
    assert!((34..=46).contains(&wide), "the bar is {wide} wide");
    let begins = |at: &usize| row[*at] && !row[(at + 319) % 320];
    let mut begin = (0..320).filter(begins);
    let at = begin.next().expect("a bar");
    assert_eq!(begin.next(), None, "there is one bar");
    at
}
