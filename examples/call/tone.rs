//! The tone: a sine of 440 Hz, as Opus.

use std::{f32::consts::TAU, time::Duration};

use anyhow::Result;
use opus_rs::{Application, OpusEncoder};
use rony_rtc::peer::LocalTrack;
use tokio::time::{MissedTickBehavior, interval};

const HERTZ: f32 = 440.0;
const SAMPLES_PER_SECOND: i32 = 48_000;
/// So long is a packet, as in browsers.
const PACKET: Duration = Duration::from_millis(20);
const SAMPLES: usize = 960;

/// Plays until the program ends.
pub(crate) async fn play(track: LocalTrack) -> Result<()> {
    let mut encoder =
        OpusEncoder::new(SAMPLES_PER_SECOND, 1, Application::Audio).map_err(anyhow::Error::msg)?;
    let mut phase = 0.0_f32;
    let mut ticks = interval(PACKET);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    loop {
        ticks.tick().await;
        let mut samples = [0.0; SAMPLES];
        for sample in &mut samples {
            *sample = 0.5 * phase.sin();
            #[expect(clippy::cast_precision_loss, reason = "it is a small number")]
            let step = TAU * HERTZ / SAMPLES_PER_SECOND as f32;
            phase = (phase + step) % TAU;
        }
        let mut packet = [0; 1276];
        let length = encoder.encode(&samples, SAMPLES, &mut packet).map_err(anyhow::Error::msg)?;
        track.write(packet[..length].to_vec().into(), PACKET).await;
    }
}
