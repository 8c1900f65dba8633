//! The messages as they stand on the wire. When one of these changes, the diff shows every client what to expect.

use std::sync::Arc;

use proptest::{prelude::*, sample::Index};
use rony_core::{
    id::{ClientId, ConversationId, UserId},
    secret::Secret,
    time::Timestamp,
    wire::FrameId,
};
use rony_rtc::{
    call::{CallEvent, CallInfo, CallOutcome, CallRecord, EndReason, Outcome},
    ice::{IceGrant, IceServer},
    id::{CallId, PeerId, SeatKey, TrackId},
    person::Role,
    room::{RoomCode, Settings},
    signal::{
        Candidate, ClientBody, ClientMessage, Join, Joined, Knock, LeaveAction, LeaveReason, Level, Mode,
        Moderate, Nid, Password, PeerInfo, PeerState, Quality, Refusal, Resume, Sdp, ServerBody,
        ServerMessage, Source, TrackInfo, check,
    },
};
use serde::Serialize;

fn lines<T: Serialize>(items: &[T]) -> String {
    items.iter().map(|item| serde_json::to_string(item).unwrap()).collect::<Vec<_>>().join("\n")
}

fn code() -> RoomCode {
    "abc-defg-hjk".parse().unwrap()
}

fn user(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

fn client_id() -> ClientId {
    ClientId(uuid::Uuid::from_u128(5))
}

fn sdp() -> Sdp {
    Sdp("v=0\r\n".to_owned())
}

fn candidate() -> Candidate {
    Candidate {
        candidate: "candidate:1 1 udp 1 192.0.2.1 5000 typ host".to_owned(),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
        username_fragment: Some("abcd".to_owned()),
    }
}

fn from_client() -> Vec<ClientMessage> {
    let target = PeerId(2);
    let nid = Nid(3);
    let source = Source::Microphone;
    let peer = PeerId(2);
    let join = Join { room: code(), name: Some("Ann".to_owned()), password: None, resume: None };
    let secret = Join { password: Some(Password(Secret::new("sesame"))), name: None, ..join.clone() };
    let resume = Some(Resume { session: SeatKey::from_bytes([7; 16]), last_seq: 41, attempt: 2 });
    let mut bodies = vec![
        ClientBody::Join(join.clone()),
        ClientBody::Join(secret),
        ClientBody::Join(Join { resume, name: None, ..join }),
        ClientBody::Offer { target, nid, sdp: sdp() },
        ClientBody::Answer { target, nid, sdp: sdp() },
        ClientBody::Trickle { target, nid, candidate: Some(candidate()), last: false },
        ClientBody::Trickle { target, nid, candidate: None, last: true },
        ClientBody::TrackAdd { cid: "a".to_owned(), source: Source::ScreenAudio, muted: false },
        ClientBody::TrackRemove { source: Source::Camera },
        ClientBody::Mute { source, muted: true },
        ClientBody::Screen { on: true },
        ClientBody::Hand { up: true },
        ClientBody::Reaction { emoji: "🎉".to_owned() },
        ClientBody::Speaking { on: true },
        ClientBody::Quality { level: Level::Fair },
        ClientBody::Subscribe { track: TrackId(4), quality: Quality::Low },
        ClientBody::Chat { text: "Hello".to_owned(), client_id: client_id() },
        ClientBody::Ping,
        ClientBody::Ack,
        ClientBody::Leave,
    ];
    let moderate = [
        Moderate::Admit { peer },
        Moderate::Deny { peer },
        Moderate::Kick { peer },
        Moderate::Mute { peer, source },
        Moderate::AskUnmute { peer, source },
        Moderate::LowerHand { peer },
        Moderate::Lock { on: true },
        Moderate::Role { peer, role: Role::CoHost },
        Moderate::End,
    ];
    bodies.extend(moderate.map(ClientBody::Moderate));
    let message = |body: ClientBody| {
        let numbered = body.is_numbered();
        ClientMessage {
            seq: u64::from(numbered) * 12,
            ack: 7,
            id: numbered.then_some(FrameId::Number(1)),
            body,
        }
    };
    bodies.into_iter().map(message).collect()
}

fn peer_info() -> PeerInfo {
    let (name, role, state) = ("Ann".to_owned(), Role::Host, PeerState::Here);
    PeerInfo { peer: PeerId(1), user_id: Some(user(1)), name, role, state, hand: false }
}

fn track() -> TrackInfo {
    TrackInfo {
        track: TrackId(4),
        peer: PeerId(1),
        cid: "a".to_owned(),
        source: Source::Camera,
        muted: false,
    }
}

fn ice() -> IceGrant {
    let servers = vec![IceServer {
        urls: vec!["turn:rony.example:3478".to_owned()],
        username: Some("3600:9f86d081884c7d65".to_owned()),
        credential: Some("c2VjcmV0".to_owned()),
    }];
    IceGrant { servers, ttl_seconds: Some(3600) }
}

fn joined() -> Joined {
    Joined {
        me: PeerId(1),
        room: code(),
        session: SeatKey::from_bytes([7; 16]),
        mode: Mode::Mesh,
        locked: false,
        peers: vec![peer_info()],
        tracks: vec![track()],
        speakers: vec![PeerId(1)],
        knocks: vec![Knock { peer: PeerId(2), user_id: None, name: "Guest".to_owned() }],
        ice: ice(),
    }
}

fn from_server() -> Vec<ServerMessage> {
    let from = PeerId(2);
    let nid = Nid(3);
    let bodies = vec![
        ServerBody::Waiting { me: PeerId(2), session: SeatKey::from_bytes([7; 16]) },
        ServerBody::Joined(Box::new(joined())),
        ServerBody::Resumed,
        ServerBody::PeerUpdate(PeerInfo {
            state: PeerState::Left,
            user_id: None,
            role: Role::Guest,
            ..peer_info()
        }),
        ServerBody::Knock(Knock { peer: PeerId(2), user_id: Some(user(1)), name: "Ann".to_owned() }),
        ServerBody::KnockEnded { peer: PeerId(2) },
        ServerBody::Offer { from, nid, sdp: sdp() },
        ServerBody::Answer { from, nid, sdp: sdp() },
        ServerBody::Trickle { from, nid, candidate: Some(candidate()), last: false },
        ServerBody::TrackPublished(track()),
        ServerBody::TrackUnpublished { track: TrackId(4) },
        ServerBody::Speakers { peers: vec![PeerId(2), PeerId(1)] },
        ServerBody::Quality { peer: PeerId(2), level: Level::Poor },
        ServerBody::TrackQuality { track: TrackId(4), quality: Quality::Off },
        ServerBody::MuteRequest { by: PeerId(1), source: Source::Microphone, muted: true },
        ServerBody::Chat {
            from,
            name: "Ann".to_owned(),
            text: "Hello".to_owned(),
            client_id: client_id(),
            at: Timestamp::from_millis(0),
        },
        ServerBody::Reaction { from, emoji: "🎉".to_owned() },
        ServerBody::Lock { on: true },
        ServerBody::ModeChange { mode: Mode::Sfu },
        ServerBody::IceRefresh { ice: IceGrant::default() },
        ServerBody::Leave { reason: LeaveReason::NotHere, action: LeaveAction::Resume },
        ServerBody::Error {
            id: Some(FrameId::Text("a".to_owned())),
            code: Refusal::HostOnly,
            detail: Refusal::HostOnly.to_string(),
        },
        ServerBody::Pong,
        ServerBody::Ack,
    ];
    let message = |body: ServerBody| ServerMessage {
        seq: u64::from(body.is_numbered()) * 12,
        ack: 7,
        body: Arc::new(body),
    };
    bodies.into_iter().map(message).collect()
}

fn call() -> CallInfo {
    CallInfo {
        call: CallId(client_id().uuid()),
        caller: user(1),
        video: true,
        room: code(),
        conversation: Some(ConversationId(uuid::Uuid::from_u128(6))),
    }
}

fn calls() -> Vec<CallEvent> {
    let call_id = CallId(client_id().uuid());
    let user = user(2);
    vec![
        CallEvent::Calling(call()),
        CallEvent::Ring { info: call(), waiting: true, ring_ms: 45_000 },
        CallEvent::Join(call()),
        CallEvent::Accepted { call: call_id, user },
        CallEvent::Unanswered { call: call_id, user, outcome: Outcome::Declined },
        CallEvent::Left { call: call_id, user },
        CallEvent::Held { call: call_id, user, on: true },
        CallEvent::Video { call: call_id, user, on: true },
        CallEvent::Ended { call: call_id, reason: EndReason::AnsweredElsewhere },
    ]
}

#[test]
fn what_a_client_says() {
    insta::assert_snapshot!(lines(&from_client()), @r#"
    {"seq":0,"ack":7,"type":"join","room":"abc-defg-hjk","name":"Ann"}
    {"seq":0,"ack":7,"type":"join","room":"abc-defg-hjk","password":"sesame"}
    {"seq":0,"ack":7,"type":"join","room":"abc-defg-hjk","resume":{"session":"BwcHBwcHBwcHBwcHBwcHBw","last_seq":41,"attempt":2}}
    {"seq":12,"ack":7,"id":1,"type":"offer","target":2,"nid":3,"sdp":"v=0\r\n"}
    {"seq":12,"ack":7,"id":1,"type":"answer","target":2,"nid":3,"sdp":"v=0\r\n"}
    {"seq":12,"ack":7,"id":1,"type":"trickle","target":2,"nid":3,"candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 5000 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"abcd"},"final":false}
    {"seq":12,"ack":7,"id":1,"type":"trickle","target":2,"nid":3,"final":true}
    {"seq":12,"ack":7,"id":1,"type":"track_add","cid":"a","source":"screen_audio","muted":false}
    {"seq":12,"ack":7,"id":1,"type":"track_remove","source":"camera"}
    {"seq":12,"ack":7,"id":1,"type":"mute","source":"microphone","muted":true}
    {"seq":12,"ack":7,"id":1,"type":"screen","on":true}
    {"seq":12,"ack":7,"id":1,"type":"hand","up":true}
    {"seq":12,"ack":7,"id":1,"type":"reaction","emoji":"🎉"}
    {"seq":12,"ack":7,"id":1,"type":"speaking","on":true}
    {"seq":12,"ack":7,"id":1,"type":"quality","level":"fair"}
    {"seq":12,"ack":7,"id":1,"type":"subscribe","track":4,"quality":"low"}
    {"seq":12,"ack":7,"id":1,"type":"chat","text":"Hello","client_id":"00000000-0000-0000-0000-000000000005"}
    {"seq":0,"ack":7,"type":"ping"}
    {"seq":0,"ack":7,"type":"ack"}
    {"seq":12,"ack":7,"id":1,"type":"leave"}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"admit","peer":2}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"deny","peer":2}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"kick","peer":2}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"mute","peer":2,"source":"microphone"}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"ask_unmute","peer":2,"source":"microphone"}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"lower_hand","peer":2}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"lock","on":true}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"role","peer":2,"role":"co_host"}
    {"seq":12,"ack":7,"id":1,"type":"moderate","action":"end"}
    "#);
}

#[test]
fn what_the_server_says() {
    insta::assert_snapshot!(lines(&from_server()), @r#"
    {"seq":12,"ack":7,"type":"waiting","self":2,"session":"BwcHBwcHBwcHBwcHBwcHBw"}
    {"seq":12,"ack":7,"type":"joined","self":1,"room":"abc-defg-hjk","session":"BwcHBwcHBwcHBwcHBwcHBw","mode":"mesh","locked":false,"peers":[{"peer":1,"user_id":"00000000-0000-0000-0000-000000000001","name":"Ann","role":"host","state":"here","hand":false}],"tracks":[{"track":4,"peer":1,"cid":"a","source":"camera","muted":false}],"speakers":[1],"knocks":[{"peer":2,"name":"Guest"}],"ice":{"servers":[{"urls":["turn:rony.example:3478"],"username":"3600:9f86d081884c7d65","credential":"c2VjcmV0"}],"ttl_seconds":3600}}
    {"seq":0,"ack":7,"type":"resumed"}
    {"seq":12,"ack":7,"type":"peer_update","peer":1,"name":"Ann","role":"guest","state":"left","hand":false}
    {"seq":12,"ack":7,"type":"knock","peer":2,"user_id":"00000000-0000-0000-0000-000000000001","name":"Ann"}
    {"seq":12,"ack":7,"type":"knock_ended","peer":2}
    {"seq":12,"ack":7,"type":"offer","from":2,"nid":3,"sdp":"v=0\r\n"}
    {"seq":12,"ack":7,"type":"answer","from":2,"nid":3,"sdp":"v=0\r\n"}
    {"seq":12,"ack":7,"type":"trickle","from":2,"nid":3,"candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 5000 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"abcd"},"final":false}
    {"seq":12,"ack":7,"type":"track_published","track":4,"peer":1,"cid":"a","source":"camera","muted":false}
    {"seq":12,"ack":7,"type":"track_unpublished","track":4}
    {"seq":12,"ack":7,"type":"speakers","peers":[2,1]}
    {"seq":12,"ack":7,"type":"quality","peer":2,"level":"poor"}
    {"seq":12,"ack":7,"type":"track_quality","track":4,"quality":"off"}
    {"seq":12,"ack":7,"type":"mute_request","by":1,"source":"microphone","muted":true}
    {"seq":12,"ack":7,"type":"chat","from":2,"name":"Ann","text":"Hello","client_id":"00000000-0000-0000-0000-000000000005","at":"1970-01-01T00:00:00.000Z"}
    {"seq":12,"ack":7,"type":"reaction","from":2,"emoji":"🎉"}
    {"seq":12,"ack":7,"type":"lock","on":true}
    {"seq":12,"ack":7,"type":"mode_change","mode":"sfu"}
    {"seq":12,"ack":7,"type":"ice_refresh","ice":{"servers":[]}}
    {"seq":12,"ack":7,"type":"leave","reason":"not_here","action":"resume"}
    {"seq":12,"ack":7,"type":"error","id":"a","code":"host_only","detail":"Only the host may do this."}
    {"seq":0,"ack":7,"type":"pong"}
    {"seq":0,"ack":7,"type":"ack"}
    "#);
}

#[test]
fn what_is_told_of_calls_and_what_is_kept() {
    insta::assert_snapshot!(lines(&calls()), @r#"
    {"type":"calling","call":"00000000-0000-0000-0000-000000000005","caller":"00000000-0000-0000-0000-000000000001","video":true,"room":"abc-defg-hjk","conversation":"00000000-0000-0000-0000-000000000006"}
    {"type":"ring","call":"00000000-0000-0000-0000-000000000005","caller":"00000000-0000-0000-0000-000000000001","video":true,"room":"abc-defg-hjk","conversation":"00000000-0000-0000-0000-000000000006","waiting":true,"ring_ms":45000}
    {"type":"join","call":"00000000-0000-0000-0000-000000000005","caller":"00000000-0000-0000-0000-000000000001","video":true,"room":"abc-defg-hjk","conversation":"00000000-0000-0000-0000-000000000006"}
    {"type":"accepted","call":"00000000-0000-0000-0000-000000000005","user":"00000000-0000-0000-0000-000000000002"}
    {"type":"unanswered","call":"00000000-0000-0000-0000-000000000005","user":"00000000-0000-0000-0000-000000000002","outcome":"declined"}
    {"type":"left","call":"00000000-0000-0000-0000-000000000005","user":"00000000-0000-0000-0000-000000000002"}
    {"type":"held","call":"00000000-0000-0000-0000-000000000005","user":"00000000-0000-0000-0000-000000000002","on":true}
    {"type":"video","call":"00000000-0000-0000-0000-000000000005","user":"00000000-0000-0000-0000-000000000002","on":true}
    {"type":"ended","call":"00000000-0000-0000-0000-000000000005","reason":"answered_elsewhere"}
    "#);
    let record = CallRecord {
        info: call(),
        outcome: CallOutcome::Answered,
        callees: [(user(2), Outcome::Accepted), (user(3), Outcome::Busy)].into_iter().collect(),
        started_at: Timestamp::from_millis(0),
        answered_at: Some(Timestamp::from_millis(1000)),
        ended_at: Timestamp::from_millis(61_000),
    };
    insta::assert_snapshot!(lines(&[record]), @r#"{"call":"00000000-0000-0000-0000-000000000005","caller":"00000000-0000-0000-0000-000000000001","video":true,"room":"abc-defg-hjk","conversation":"00000000-0000-0000-0000-000000000006","outcome":"answered","callees":{"00000000-0000-0000-0000-000000000002":"accepted","00000000-0000-0000-0000-000000000003":"busy"},"started_at":"1970-01-01T00:00:00.000Z","answered_at":"1970-01-01T00:00:01.000Z","ended_at":"1970-01-01T00:01:01.000Z"}"#);
    insta::assert_snapshot!(lines(&[Settings::new(user(1))]), @r#"{"owner":"00000000-0000-0000-0000-000000000001","co_hosts":[],"guests":true,"lobby":"guests","password":false,"locked":false,"screens":true,"chat":true}"#);
}

#[test]
fn every_refusal_has_its_code_and_says_what_to_do() {
    let refusals = [
        Refusal::NotInRoom,
        Refusal::NoSuchRoom,
        Refusal::Ended,
        Refusal::Removed,
        Refusal::Full,
        Refusal::LobbyFull,
        Refusal::TooManyDevices,
        Refusal::GuestsNotAllowed,
        Refusal::PasswordNeeded,
        Refusal::PasswordWrong,
        Refusal::Locked,
        Refusal::NotAllowed,
        Refusal::HostOnly,
        Refusal::SwitchedOff,
        Refusal::NoSuchPeer,
        Refusal::NoSuchTrack,
        Refusal::Stale,
        Refusal::Invalid,
        Refusal::RateLimited,
    ];
    let told =
        refusals.map(|refusal| format!("{} {refusal}", serde_json::to_string(&refusal).unwrap())).join("\n");
    insta::assert_snapshot!(told, @r#"
    "not_in_room" You are not in this meeting. Join it first.
    "no_such_room" There is no meeting with this code. Look at it again, or ask for a new link.
    "ended" This meeting is over.
    "removed" You were removed from this meeting.
    "full" This meeting is full. Try again when somebody has left.
    "lobby_full" Too many people wait to be let in. Try again in a minute.
    "too_many_devices" You are in this meeting with too many devices. Leave it on one of them first.
    "guests_not_allowed" This meeting is only for people with an account. Sign in first.
    "password_needed" This meeting has a password. Type it to come in.
    "password_wrong" This is not the meeting's password.
    "locked" The host has locked this meeting. Ask them to open it.
    "not_allowed" Only the host and co-hosts may do this.
    "host_only" Only the host may do this.
    "switched_off" The host has switched this off in this meeting.
    "no_such_peer" They are not in this meeting any more.
    "no_such_track" Nothing of this kind is sent.
    "stale" This answer comes too late: another negotiation has begun.
    "invalid" This message is not right.
    "rate_limited" That was too much at once. Wait a moment.
    "#);
}

#[test]
fn what_is_written_is_read_back_and_passes_the_check() {
    for message in from_client() {
        let json = serde_json::to_string(&message).unwrap();
        let read = ClientMessage::parse(&json).unwrap();
        assert_eq!(check(&read), Ok(()), "{json}");
        assert_eq!(read, message);
    }
    for message in from_server() {
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<ServerMessage>(&json).unwrap(), message);
    }
    for event in calls() {
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<CallEvent>(&json).unwrap(), event);
    }
}

#[test]
fn a_message_without_a_number_is_no_message() {
    for json in ["", "[]", "{}", r#"{"type":"leave"}"#, r#"{"seq":-1,"type":"leave"}"#] {
        assert!(ClientMessage::parse(json).is_err(), "{json}");
    }
    let message = ClientMessage::parse(r#"{"seq":3,"id":"x","type":"offer"}"#).unwrap();
    assert!(
        matches!(message.body, ClientBody::Unreadable(_))
            && message.id == Some(FrameId::Text("x".to_owned()))
    );
}

#[test]
fn no_secret_or_address_shows_itself_in_a_log() {
    let shown = format!("{:?} {:?}", from_client(), from_server());
    for secret in ["sesame", "192.0.2.1", "c2VjcmV0", "BwcHBwcH", "defg"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_message_with_a_piece_broken_is_refused_or_means_what_it_says(
        which: Index, from: Index, length in 0..12_usize, piece in "[\\PC\"{}:,0-9]{0,6}"
    ) {
        let messages = from_client();
        let mut text: Vec<char> = serde_json::to_string(&messages[which.index(messages.len())]).unwrap().chars().collect();
        let from = from.index(text.len());
        text.splice(from..(from + length).min(text.len()), piece.chars());
        if let Ok(message) = ClientMessage::parse(&text.into_iter().collect::<String>())
            && check(&message).is_ok()
        {
            let json = serde_json::to_string(&message).unwrap();
            prop_assert_eq!(ClientMessage::parse(&json).unwrap(), message);
        }
    }
}
