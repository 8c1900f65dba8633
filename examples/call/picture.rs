//! The picture: a bar that wanders over a field, as VP8. A WebP picture with loss is a key frame of VP8 in an envelope of its own.

use std::time::Duration;

use anyhow::{Context as _, Result};
use rony_rtc::peer::LocalTrack;
use tokio::time::{MissedTickBehavior, interval};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;
const BAR: u32 = 40;
/// Ten frames a second: each is a key frame.
const FRAME: Duration = Duration::from_millis(100);
const FIELD: [u8; 3] = [32, 64, 160];
const WANDERER: [u8; 3] = [240, 200, 40];

/// Plays until the program ends.
pub(crate) async fn play(track: LocalTrack) -> Result<()> {
    let mut ticks = interval(FRAME);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for number in 0_u32.. {
        ticks.tick().await;
        track.write(frame(number)?.into(), FRAME).await;
    }
    Ok(())
}

fn frame(number: u32) -> Result<Vec<u8>> {
    let begin = number.wrapping_mul(8) % WIDTH;
    let pixel = |x: u32| if (x + WIDTH - begin) % WIDTH < BAR { WANDERER } else { FIELD };
    let row: Vec<u8> = (0..WIDTH).flat_map(pixel).collect();
    let webp = webp::Encoder::from_rgb(&row.repeat(HEIGHT as usize), WIDTH, HEIGHT).encode(60.0);
    key_frame(&webp).map(<[u8]>::to_vec)
}

/// What lies in the envelope: `RIFF`, a length, `WEBP`, then chunks with a name and a length each.
fn key_frame(webp: &[u8]) -> Result<&[u8]> {
    let mut rest = webp.get(12..).context("an envelope")?;
    while let (Some(name), Some(length)) = (rest.get(..4), rest.get(4..8)) {
        let length = u32::from_le_bytes(length.try_into()?) as usize;
        if name == b"VP8 " {
            return rest.get(8..8 + length).context("a whole frame");
        }
        rest = rest.get(8 + length + length % 2..).unwrap_or_default();
    }
    anyhow::bail!("there is no VP8 in it")
}
