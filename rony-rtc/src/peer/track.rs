//! Sound and pictures: those that are sent, and those that arrive.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use rtc::{
    media::Sample,
    media_stream::MediaStreamTrack,
    peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine},
    rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication,
    rtp_transceiver::{
        PayloadType,
        rtp_sender::{
            RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters,
            RTCRtpEncodingParameters, RtpCodecKind,
        },
    },
};
use uuid::Uuid;
use webrtc::{
    error::Error,
    media_stream::{
        track_local::static_sample::TrackLocalStaticSample,
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    rtp_transceiver::RtpSender,
};

use super::Packet;
use crate::{id::PeerId, signal::Source};

/// How sound or a picture is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// Sound, with a clock of 48 kHz.
    Opus,
    /// A picture, with a clock of 90 kHz.
    Vp8,
}

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sound.
    Audio,
    /// A picture.
    Video,
}

/// All that this peer sends and takes. Without RTX: what comes by it is lost in the library.
pub(super) const CODECS: [Codec; 2] = [Codec::Opus, Codec::Vp8];

impl Codec {
    /// What it carries.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Opus => Kind::Audio,
            Self::Vp8 => Kind::Video,
        }
    }

    pub(super) fn register(self, engine: &mut MediaEngine) -> Result<(), Error> {
        let payload_type = match self {
            Self::Opus => 111,
            Self::Vp8 => 96,
        };
        let parameters = RTCRtpCodecParameters { rtp_codec: self.parameters(), payload_type };
        engine.register_codec(parameters, self.rtp_kind())
    }

    const fn rtp_kind(self) -> RtpCodecKind {
        match self.kind() {
            Kind::Audio => RtpCodecKind::Audio,
            Kind::Video => RtpCodecKind::Video,
        }
    }

    fn parameters(self) -> RTCRtpCodec {
        let (mime_type, clock_rate, channels, fmtp) = match self {
            Self::Opus => (MIME_TYPE_OPUS, 48_000, 2, "minptime=10;useinbandfec=1"),
            Self::Vp8 => (MIME_TYPE_VP8, 90_000, 0, ""),
        };
        let feedback =
            |typ: &str, parameter: &str| RTCPFeedback { typ: typ.into(), parameter: parameter.into() };
        let rtcp_feedback = match self {
            Self::Opus => Vec::new(),
            Self::Vp8 => vec![feedback("nack", ""), feedback("nack", "pli"), feedback("ccm", "fir")],
        };
        let (mime_type, sdp_fmtp_line) = (mime_type.to_owned(), fmtp.to_owned());
        RTCRtpCodec { mime_type, clock_rate, channels, sdp_fmtp_line, rtcp_feedback }
    }
}

/// What this peer sends of a source, to each of the others.
pub(super) struct Publication {
    pub(super) source: Source,
    pub(super) codec: Codec,
    /// How others recognise it when it arrives.
    pub(super) cid: String,
    senders: Mutex<HashMap<PeerId, Arc<Sending>>>,
}

/// The same, to one of them.
struct Sending {
    track: Arc<TrackLocalStaticSample>,
    ssrc: u32,
    /// What the two agreed on; above the range of payload types before they did.
    payload_type: AtomicU16,
}

const UNKNOWN: u16 = u16::MAX;

impl fmt::Debug for Publication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publication")
            .field("source", &self.source)
            .field("cid", &self.cid)
            .finish_non_exhaustive()
    }
}

impl Publication {
    pub(super) fn new(source: Source, codec: Codec) -> Self {
        Self { source, codec, cid: Uuid::new_v4().to_string(), senders: Mutex::default() }
    }

    fn senders(&self) -> MutexGuard<'_, HashMap<PeerId, Arc<Sending>>> {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A track for one more peer.
    pub(super) fn track_for(&self, peer: PeerId) -> Result<Arc<TrackLocalStaticSample>, Error> {
        // Random: two of a connection must not be the same.
        let ssrc = Uuid::new_v4().as_fields().0;
        let coding = RTCRtpCodingParameters { ssrc: Some(ssrc), ..RTCRtpCodingParameters::default() };
        let encoding = RTCRtpEncodingParameters {
            rtp_coding_parameters: coding,
            codec: self.codec.parameters(),
            ..RTCRtpEncodingParameters::default()
        };
        let (id, kind) = (Uuid::new_v4().to_string(), self.codec.rtp_kind());
        let track = MediaStreamTrack::new(self.cid.clone(), id.clone(), id, kind, vec![encoding]);
        let track = Arc::new(TrackLocalStaticSample::new(Instant::now(), track)?);
        let payload_type = AtomicU16::new(UNKNOWN);
        self.senders().insert(peer, Arc::new(Sending { track: Arc::clone(&track), ssrc, payload_type }));
        Ok(track)
    }

    /// Learns by which payload type that peer takes it, after the two agreed.
    pub(super) async fn agree(&self, peer: PeerId, sender: &Arc<dyn RtpSender>) {
        let Some(sending) = self.senders().get(&peer).cloned() else { return };
        let Ok(parameters) = sender.get_parameters().await else { return };
        let wanted = self.codec.parameters().mime_type;
        let codecs = parameters.rtp_parameters.codecs;
        let agreed = codecs.iter().find(|codec| codec.rtp_codec.mime_type.eq_ignore_ascii_case(&wanted));
        if let Some(codec) = agreed {
            sending.payload_type.store(codec.payload_type.into(), Ordering::Relaxed);
        }
    }

    pub(super) fn forget(&self, peer: PeerId) {
        self.senders().remove(&peer);
    }

    async fn write(&self, data: Bytes, duration: Duration) -> usize {
        let sendings: Vec<_> = self.senders().values().cloned().collect();
        let mut sent = 0;
        for sending in sendings {
            let Ok(payload_type) = PayloadType::try_from(sending.payload_type.load(Ordering::Relaxed)) else {
                continue;
            };
            let sample = Sample { data: data.clone(), duration, ..Sample::new(Instant::now()) };
            let writer = sending.track.sample_writer(sending.ssrc, payload_type);
            sent += usize::from(writer.write_sample(&sample).await.is_ok());
        }
        sent
    }
}

/// Sound or a picture that this peer sends.
#[derive(Clone, Debug)]
pub struct LocalTrack(Arc<Publication>);

impl LocalTrack {
    pub(super) const fn new(publication: Arc<Publication>) -> Self {
        Self(publication)
    }

    /// Sends an encoded frame that lasts for `duration` to all with whom it was agreed on, and says to how many. Whoever
    /// writes keeps the time.
    pub async fn write(&self, frame: Bytes, duration: Duration) -> usize {
        self.0.write(frame, duration).await
    }

    /// What it carries.
    #[must_use]
    pub fn source(&self) -> Source {
        self.0.source
    }
}

/// Sound or a picture of another peer.
pub struct RemoteTrack {
    peer: PeerId,
    cid: String,
    kind: Kind,
    ssrc: Option<u32>,
    track: Arc<dyn TrackRemote>,
}

impl fmt::Debug for RemoteTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteTrack")
            .field("peer", &self.peer)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl RemoteTrack {
    pub(super) async fn new(peer: PeerId, track: Arc<dyn TrackRemote>) -> Self {
        let kind = if track.kind().await == RtpCodecKind::Video { Kind::Video } else { Kind::Audio };
        let (cid, ssrc) = (track.stream_id().await, track.ssrcs().await.first().copied());
        Self { peer, cid, kind, ssrc, track }
    }

    /// Whose it is.
    #[must_use]
    pub const fn peer(&self) -> PeerId {
        self.peer
    }

    /// What it carries.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The sender's name for it, by which the room's [`TrackInfo`](crate::signal::TrackInfo) says what it is.
    #[must_use]
    pub fn cid(&self) -> &str {
        &self.cid
    }

    /// Waits for the next packet, in the order in which they come; `None` when there will be no more.
    pub async fn next(&mut self) -> Option<Packet> {
        loop {
            match self.track.poll().await? {
                TrackRemoteEvent::OnRtpPacket(packet) => return Some(packet),
                TrackRemoteEvent::OnEnded => return None,
                _ => {}
            }
        }
    }

    /// Asks the sender for a key frame: when one begins to record, and after loss.
    pub async fn ask_key_frame(&self) {
        if let Some(media_ssrc) = self.ssrc {
            let ask = PictureLossIndication { sender_ssrc: 0, media_ssrc };
            let _ = self.track.write_rtcp(vec![Box::new(ask)]).await;
        }
    }
}
