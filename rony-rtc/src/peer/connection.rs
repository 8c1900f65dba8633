//! The connection with one other peer: does what its negotiation asks for.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use rtc::{
    ice::mdns::MulticastDnsMode,
    peer_connection::{
        configuration::{RTCConfiguration, RTCConfigurationBuilder, media_engine::MediaEngine},
        sdp::{RTCSdpType, RTCSessionDescription},
        transport::{RTCIceCandidateInit, RTCIceServer},
    },
};
use tokio::sync::mpsc;
use webrtc::{
    error::Error,
    media_stream::{track_local::TrackLocal, track_remote::TrackRemote},
    peer_connection::{
        PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
        RTCIceTransportPolicy, RTCPeerConnectionIceEvent, RTCPeerConnectionState, Registry,
        SettingEngineBuilder, register_default_interceptors,
    },
    rtp_transceiver::RtpSender,
};

use super::{
    Options,
    track::{CODECS, Publication},
};
use crate::{
    ice::IceGrant,
    id::PeerId,
    signal::{
        Candidate, Description, Sdp,
        negotiation::{Connection, Effect, Input, Negotiation, Operation, Outcome},
    },
};

/// What the library says about a connection, and of which one: of two with the same peer, the older may still speak.
pub(super) struct Report {
    pub(super) peer: PeerId,
    pub(super) number: u64,
    pub(super) what: What,
}

pub(super) enum What {
    Found(Option<Candidate>),
    State(Connection),
    Track(Arc<dyn TrackRemote>),
}

struct Reporter {
    peer: PeerId,
    number: u64,
    reports: mpsc::UnboundedSender<Report>,
}

impl Reporter {
    fn report(&self, what: What) {
        let _ = self.reports.send(Report { peer: self.peer, number: self.number, what });
    }
}

#[async_trait]
impl PeerConnectionEventHandler for Reporter {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let Ok(found) = event.candidate.to_json() else { return };
        let candidate = Candidate {
            candidate: found.candidate,
            // All media goes by one way, the first's.
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: found.sdp_mline_index,
            username_fragment: found.username_fragment,
        };
        self.report(What::Found(Some(candidate)));
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.report(What::Found(None));
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.report(What::State(match state {
            RTCPeerConnectionState::Connected => Connection::Connected,
            RTCPeerConnectionState::Disconnected => Connection::Disconnected,
            RTCPeerConnectionState::Failed => Connection::Failed,
            _ => return,
        }));
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        self.report(What::Track(track));
    }
}

/// What the other side is to be told, and whether to give the seat up.
#[derive(Default)]
pub(super) struct Said {
    pub(super) descriptions: Vec<Description>,
    pub(super) gave_up: bool,
}

pub(super) struct Other {
    pub(super) number: u64,
    peer: PeerId,
    negotiation: Negotiation,
    connection: Box<dyn PeerConnection>,
    senders: Vec<(Arc<Publication>, Arc<dyn RtpSender>)>,
}

impl Other {
    pub(super) async fn new(
        (me, peer): (PeerId, PeerId),
        number: u64,
        options: &Options,
        ice: &IceGrant,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Result<Self, Error> {
        let mut engine = MediaEngine::default();
        for codec in CODECS {
            codec.register(&mut engine)?;
        }
        let registry = register_default_interceptors(Registry::new(), &mut engine)?;
        let settings = SettingEngineBuilder::new()
            .with_include_loopback_candidate(options.loopback)
            // Browsers hide their addresses behind names of mDNS until they may use microphone or camera.
            .with_multicast_dns_mode(if options.loopback {
                MulticastDnsMode::Disabled
            } else {
                MulticastDnsMode::QueryOnly
            })
            .build();
        let connection = PeerConnectionBuilder::new()
            .with_configuration(configuration(ice, options))
            .with_media_engine(engine)
            .with_setting_engine(settings)
            .with_interceptor_registry(registry)
            .with_handler(Arc::new(Reporter { peer, number, reports }))
            .with_udp_addrs(options.bind.clone())
            .build()
            .await?;
        let negotiation = Negotiation::new(me, peer);
        Ok(Self { number, peer, negotiation, connection: Box::new(connection), senders: Vec::new() })
    }

    /// Sends it a source, in the place of an earlier one of the same source.
    pub(super) async fn publish(&mut self, publication: &Arc<Publication>) -> Result<(), Error> {
        let source = publication.source;
        if let Some(at) = self.senders.iter().position(|(other, _)| other.source == source) {
            let (before, sender) = self.senders.remove(at);
            before.forget(self.peer);
            self.connection.remove_track(&sender).await?;
        }
        let track = publication.track_for(self.peer)? as Arc<dyn TrackLocal>;
        let sender = self.connection.add_track(track).await?;
        self.senders.push((Arc::clone(publication), sender));
        Ok(())
    }

    pub(super) async fn use_servers(&self, ice: &IceGrant, options: &Options) {
        let _ = self.connection.set_configuration(configuration(ice, options)).await;
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        self.negotiation.next_due()
    }

    /// Tells the negotiation what happened, and does what it asks for, one thing at a time.
    pub(super) async fn handle(&mut self, now: Duration, input: Input) -> Said {
        let mut said = Said::default();
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in self.negotiation.handle(now, input) {
                match effect {
                    Effect::Do(operation) => {
                        let outcome = self.carry_out(operation).await.unwrap_or(Outcome::Failed);
                        inputs.push(Input::Done(outcome));
                    }
                    Effect::AddCandidate(candidate) => self.add(candidate).await,
                    Effect::Tell(description) => said.descriptions.push(description),
                    Effect::GaveUp => said.gave_up = true,
                }
            }
        }
        said
    }

    async fn carry_out(&mut self, operation: Operation) -> Result<Outcome, Error> {
        match operation {
            Operation::Offer { restart, rollback } => {
                self.take_back(rollback).await;
                if restart {
                    self.connection.restart_ice().await?;
                }
                let offer = self.connection.create_offer(None).await?;
                let sdp = Sdp(offer.sdp.clone());
                self.connection.set_local_description(offer).await?;
                Ok(Outcome::Offered(sdp))
            }
            Operation::TakeOffer { sdp, rollback } => {
                self.take_back(rollback).await;
                self.connection.set_remote_description(RTCSessionDescription::offer(sdp.0)?).await?;
                Ok(Outcome::Applied)
            }
            Operation::Answer => {
                let answer = self.connection.create_answer(None).await?;
                let sdp = Sdp(answer.sdp.clone());
                self.connection.set_local_description(answer).await?;
                self.agreed().await;
                Ok(Outcome::Answered(sdp))
            }
            Operation::TakeAnswer { sdp } => {
                self.connection.set_remote_description(RTCSessionDescription::answer(sdp.0)?).await?;
                self.agreed().await;
                Ok(Outcome::Applied)
            }
        }
    }

    async fn agreed(&self) {
        for (publication, sender) in &self.senders {
            publication.agree(self.peer, sender).await;
        }
    }

    /// The library rolls nothing back by itself.
    async fn take_back(&self, rollback: bool) {
        if !rollback {
            return;
        }
        let mut nothing = RTCSessionDescription::default();
        nothing.sdp_type = RTCSdpType::Rollback;
        // Which of the two was begun is known to the library only.
        if self.connection.set_local_description(nothing.clone()).await.is_err() {
            let _ = self.connection.set_remote_description(nothing).await;
        }
    }

    /// One that cannot be used is no harm: there are others.
    async fn add(&self, candidate: Option<Candidate>) {
        let Some(candidate) = candidate else { return };
        let candidate = RTCIceCandidateInit {
            candidate: candidate.candidate,
            sdp_mid: candidate.sdp_mid,
            sdp_mline_index: candidate.sdp_m_line_index,
            username_fragment: candidate.username_fragment,
            url: None,
        };
        let _ = self.connection.add_ice_candidate(candidate).await;
    }

    pub(super) async fn close(self) {
        for (publication, _) in &self.senders {
            publication.forget(self.peer);
        }
        let _ = self.connection.close().await;
    }
}

fn configuration(ice: &IceGrant, options: &Options) -> RTCConfiguration {
    let servers = ice.servers.iter().map(|server| RTCIceServer {
        urls: server.urls.clone(),
        username: server.username.clone().unwrap_or_default(),
        credential: server.credential.clone().unwrap_or_default(),
    });
    let policy = if options.relay_only { RTCIceTransportPolicy::Relay } else { RTCIceTransportPolicy::All };
    RTCConfigurationBuilder::new()
        .with_ice_servers(servers.collect())
        .with_ice_transport_policy(policy)
        .build()
}
