use std::collections::BTreeSet;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    contact::{Contact, ContactEvent},
    conversation::{Conversation, ConversationEvent, History, Kind, Visibility},
    draft::DraftEvent,
    file::{FileEvent, GrantEvent, Level},
    id::{CallId, ConversationId, SessionId},
    meeting::MeetingEvent,
    member::{MemberEvent, MemberSettings, Seat},
    message::{Attachment, Mentioned, Message, MessageEvent, ThreadSummary},
    notification::{DoNotDisturb, Notification, NotificationEvent, NotificationKind},
    permission::{Role, ServerRole},
    pin::PinEvent,
    presence::{OwnPresence, PresenceChange, PresenceEvent, Status},
    reaction::{Reaction, ReactionEvent},
    read::{OthersMark, ReadEvent, ReadMark, ReadMarks},
    room::Guest,
    stream::{Envelope, EventBody, Head, NewEvent, Since, encode_event, encode_skipped},
    time::Timestamp,
    user::{LastSeenPrivacy, Profile, ProfileEvent, User, UserEvent, UserSummary},
    username::{DisplayName, Username},
};

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn at() -> Timestamp {
    Timestamp::from_millis(1_795_000_000_120)
}

fn set(types: &[&str]) -> BTreeSet<String> {
    types.iter().map(ToString::to_string).collect()
}

/// The values of `type` that an enum knows, by its own word: what serde says when it is given another.
fn types_of<T: DeserializeOwned>() -> BTreeSet<String> {
    let error =
        serde_json::from_value::<T>(json!({ "type": "?" })).err().expect("`?` is no type").to_string();
    let (_, expected) = error.split_once("expected").expect("serde names what it knows");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn message() -> Message {
    Message {
        id: id(0x3),
        conversation_id: id(0xc),
        sender_id: id(0xa),
        client_id: id(0x1),
        seq: 7,
        ordinal: 5,
        version: 7,
        thread_id: None,
        thread_ordinal: 0,
        thread: None,
        reply_to: None,
        text: "Hello".to_owned(),
        mentions: Mentioned::default(),
        call: None,
        created_at: at(),
        edited_at: None,
        deleted_at: None,
        attachments: Vec::new(),
        reactions: Vec::new(),
    }
}

fn profile() -> Profile {
    let username: Username = "ann".parse().expect("a username");
    let user = User {
        id: id(0xa),
        display_name: DisplayName::from(&username),
        username,
        role: ServerRole::Member,
        bot: false,
        title: String::new(),
        phone: "+420 123".to_owned(),
        email: "ann@example.org".to_owned(),
        time_zone: "Europe/Prague".to_owned(),
        about: String::new(),
        status_text: "At lunch".to_owned(),
        status_until: Some(at()),
        avatar: None,
        created_at: at(),
        deactivated_at: None,
    };
    Profile { user, last_seen_privacy: LastSeenPrivacy::Contacts }
}

fn user() -> UserSummary {
    profile().user.summary()
}

fn conversation() -> Conversation {
    Conversation {
        id: id(0xc),
        kind: Kind::Group,
        visibility: Visibility::Public,
        history: History::SinceJoin,
        title: "Lunch".to_owned(),
        topic: String::new(),
        icon: "🍲".to_owned(),
        general: false,
        created_by: Some(id(0xa)),
        created_at: at(),
        archived_at: None,
    }
}

fn conversation_created() -> ConversationEvent {
    let seats = [Seat { user_id: id(0xa), role: Role::Owner }, Seat { user_id: id(0xb), role: Role::Member }];
    ConversationEvent::created(conversation(), &seats)
}

fn contact() -> Contact {
    Contact {
        user_id: id(0xb),
        listed: true,
        favorite: true,
        groups: vec!["Friends".to_owned()],
        nickname: "Bobby".to_owned(),
        note: String::new(),
        blocked: false,
        created_at: at(),
    }
}

fn notification() -> Notification {
    Notification {
        id: id(0x7),
        kind: NotificationKind::Mention,
        conversation_id: Some(id(0xc)),
        meeting_id: None,
        thread_id: None,
        message_id: Some(id(0x3)),
        seq: 7,
        ordinal: 5,
        all: false,
        actor_id: Some(id(0xb)),
        count: 1,
        quiet: false,
        at: at(),
        cleared_at: None,
    }
}

/// An event as it goes out, and back as a client reads it.
fn sent(event: &impl EventBody) -> String {
    let body = NewEvent::new(event);
    let message = body.message.map(|_| message().to_json());
    encode_event(9, at(), &body.body, message.as_deref())
}

fn events() -> Vec<String> {
    let (message_id, posted) = (id(0x3), 7);
    let (conversation_id, user_id, role) = (id(0xc), id(0xb), Role::Member);
    let (thread_id, emoji) = (Some(message_id), "👍".to_owned());
    let presence = OwnPresence {
        status: Status::Busy,
        until: Some(at()),
        text: "In a meeting".to_owned(),
        text_until: None,
    };
    vec![
        message().posted_event(),
        encode_skipped(8),
        sent(&MessageEvent::Edited { message_id, posted }),
        sent(&MessageEvent::Deleted { message_id, posted }),
        sent(&ReactionEvent::Added { message_id, user_id, emoji: emoji.clone(), posted }),
        sent(&ReactionEvent::Removed { message_id, user_id, emoji, posted }),
        sent(&PinEvent::Added { message_id, user_id, posted }),
        sent(&PinEvent::Removed { message_id, user_id, posted }),
        sent(&ReadEvent::Moved(ReadMark { conversation_id, thread_id: None, ordinal: 7 })),
        sent(&ReadEvent::Moved(ReadMark { conversation_id, thread_id, ordinal: 7 })),
        sent(&DraftEvent::Changed { conversation_id, thread_id: None }),
        sent(&DraftEvent::Changed { conversation_id, thread_id }),
        sent(&UserEvent::Created { user: user() }),
        sent(&UserEvent::Changed { user: user() }),
        sent(&ProfileEvent::Changed { profile: profile() }),
        sent(&conversation_created()),
        sent(&ConversationEvent::Changed { conversation: conversation(), by_id: Some(id(0xa)) }),
        sent(&ConversationEvent::Deleted { conversation_id, by_id: id(0xa), audience: Vec::new() }),
        sent(&MemberEvent::Joined { conversation_id, user_id, role, by_id: None, hidden_upto: None }),
        sent(&MemberEvent::Left { conversation_id, user_id, by_id: id(0xa), ends: true }),
        sent(&MemberEvent::Changed { conversation_id, user_id, role, by_id: Some(id(0xa)) }),
        sent(&MemberEvent::Settings { conversation_id, settings: MemberSettings::default() }),
        sent(&ContactEvent::Changed { contact: contact() }),
        sent(&ContactEvent::Removed { user_id: id(0xb) }),
        sent(&PresenceEvent::Set { presence }),
        sent(&NotificationEvent::Added { notification: notification() }),
        sent(&NotificationEvent::Cleared { ids: vec![id(0x7)] }),
        sent(&NotificationEvent::DoNotDisturb(DoNotDisturb { until: Some(at()) })),
        sent(&FileEvent::Changed { file_id: id(0xf), parent_id: Some(id(0xe)) }),
        sent(&FileEvent::Changed { file_id: id(0xf), parent_id: None }),
        sent(&GrantEvent::Added { file_id: id(0xf), level: Level::Editor }),
        sent(&GrantEvent::Removed { file_id: id(0xf) }),
        sent(&MeetingEvent::Changed { meeting_id: id(0xd) }),
        sent(&MeetingEvent::Removed { meeting_id: id(0xd) }),
    ]
}

fn server_frames() -> Vec<ServerFrame> {
    let conversation_id: ConversationId = id(0xc);
    let moved = vec![Head { id: conversation_id.into(), head: 9 }];
    let hello = Hello::new(id(0xa), Some(id::<SessionId>(0x5)), Since(255), moved, false);
    let event = serde_json::from_str(&encode_skipped(8)).expect("an event");
    let heads = [(conversation_id.into(), 9)].into();
    let changes = vec![PresenceChange {
        user_id: id(0xb),
        status: Status::Busy,
        text: "In a meeting".to_owned(),
        since: Some(at()),
    }];
    let guest = Guest { id: id(0x9), room_id: id(0x8), name: "Bo".to_owned() };
    let code = "abc-defg-hjk".parse().expect("a code");
    let failed = Failed::new(Some(FrameId::Number(2)), &crate::Error::NotFound("conversation"));
    vec![
        ServerFrame::Hello(hello),
        ServerFrame::Event { stream: conversation_id.into(), event: Box::new(event) },
        ServerFrame::Presence { changes },
        ServerFrame::Typing { conversation_id, user_ids: vec![id(0xb)] },
        ServerFrame::ReadMarks { conversation_id, marks: vec![OthersMark { user_id: id(0xb), ordinal: 5 }] },
        ServerFrame::GuestHello(GuestHello::new(&guest, code)),
        ServerFrame::Rtc { room: code, message: json!({"seq": 0, "ack": 2, "type": "pong"}) },
        ServerFrame::Call { message: json!({"type": "ended", "call": id::<CallId>(0x6), "reason": "busy"}) },
        ServerFrame::Ack(Acked { id: FrameId::Number(1), message_id: Some(id(0x3)), seq: Some(7) }),
        ServerFrame::Error(failed),
        ServerFrame::Heartbeat(Heartbeat { since: Since(256), heads }),
        ServerFrame::Pong { id: Some(FrameId::Text("a".to_owned())) },
    ]
}

fn encoded(frames: &[ServerFrame]) -> Vec<String> {
    frames.iter().map(|frame| String::from_utf8(frame.encode().to_vec()).expect("JSON is UTF-8")).collect()
}

fn type_of(text: &str) -> String {
    let value: Value = serde_json::from_str(text).expect("JSON");
    value["type"].as_str().expect("a type").to_owned()
}

#[test]
fn every_kind_of_frame_and_event_is_listed() {
    assert_eq!(types_of::<ServerFrame>(), set(FRAMES_FROM_SERVER));
    assert_eq!(types_of::<ClientFrame>(), set(FRAMES_FROM_CLIENT));
    let of_nouns = [
        types_of::<StreamEvent>(),
        types_of::<MessageEvent>(),
        types_of::<ReactionEvent>(),
        types_of::<PinEvent>(),
        types_of::<ReadEvent>(),
        types_of::<DraftEvent>(),
        types_of::<UserEvent>(),
        types_of::<ProfileEvent>(),
        types_of::<ConversationEvent>(),
        types_of::<MemberEvent>(),
        types_of::<ContactEvent>(),
        types_of::<PresenceEvent>(),
        types_of::<NotificationEvent>(),
        types_of::<FileEvent>(),
        types_of::<GrantEvent>(),
        types_of::<MeetingEvent>(),
    ];
    assert_eq!(of_nouns.into_iter().flatten().collect::<BTreeSet<_>>(), set(EVENT_TYPES));
}

#[test]
fn every_kind_has_a_frozen_sample() {
    let of = |texts: &[String]| texts.iter().map(|text| type_of(text)).collect::<BTreeSet<_>>();
    assert_eq!(of(&encoded(&server_frames())), set(FRAMES_FROM_SERVER));
    assert_eq!(of(&events()), set(EVENT_TYPES));
}

#[test]
fn frames_from_the_server_look_like_this() {
    insta::assert_snapshot!(encoded(&server_frames()).join("\n"), @r#"
    {"type":"hello","session_id":"00000000-0000-0000-0000-000000000005","user_id":"00000000-0000-0000-0000-00000000000a","heartbeat_ms":30000,"since":"ff","api":{"min":1,"current":1},"moved":[{"id":"00000000-0000-0000-0000-00000000000c","head":9}],"more":false}
    {"type":"event","stream":"00000000-0000-0000-0000-00000000000c","event":{"seq":8,"type":"skipped"}}
    {"type":"presence","changes":[{"user_id":"00000000-0000-0000-0000-00000000000b","status":"busy","text":"In a meeting","since":"2026-11-18T11:06:40.120Z"}]}
    {"type":"typing","conversation_id":"00000000-0000-0000-0000-00000000000c","user_ids":["00000000-0000-0000-0000-00000000000b"]}
    {"type":"read_marks","conversation_id":"00000000-0000-0000-0000-00000000000c","marks":[{"user_id":"00000000-0000-0000-0000-00000000000b","ordinal":5}]}
    {"type":"guest_hello","guest_id":"00000000-0000-0000-0000-000000000009","name":"Bo","room":"abc-defg-hjk","heartbeat_ms":30000,"api":{"min":1,"current":1}}
    {"type":"rtc","room":"abc-defg-hjk","message":{"ack":2,"seq":0,"type":"pong"}}
    {"type":"call","message":{"call":"00000000-0000-0000-0000-000000000006","reason":"busy","type":"ended"}}
    {"type":"ack","id":1,"message_id":"00000000-0000-0000-0000-000000000003","seq":7}
    {"type":"error","id":2,"code":"not_found","detail":"There is no such conversation, or you cannot see it."}
    {"type":"heartbeat","since":"100","heads":{"00000000-0000-0000-0000-00000000000c":9}}
    {"type":"pong","id":"a"}
    "#);
}

#[test]
fn events_look_like_this() {
    let events = events().join("\n").replace(&message().to_json(), "{…}");
    insta::assert_snapshot!(events, @r#"
    {"seq":7,"at":"2026-11-18T11:06:40.120Z","type":"message.posted","message":{…}}
    {"seq":8,"type":"skipped"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"message.edited","message_id":"00000000-0000-0000-0000-000000000003","message":{…}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"message.deleted","message_id":"00000000-0000-0000-0000-000000000003","message":{…}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"reaction.added","message_id":"00000000-0000-0000-0000-000000000003","user_id":"00000000-0000-0000-0000-00000000000b","emoji":"👍","message":{…}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"reaction.removed","message_id":"00000000-0000-0000-0000-000000000003","user_id":"00000000-0000-0000-0000-00000000000b","emoji":"👍","message":{…}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"pin.added","message_id":"00000000-0000-0000-0000-000000000003","user_id":"00000000-0000-0000-0000-00000000000b","message":{…}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"pin.removed","message_id":"00000000-0000-0000-0000-000000000003","user_id":"00000000-0000-0000-0000-00000000000b"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"read.moved","conversation_id":"00000000-0000-0000-0000-00000000000c","ordinal":7}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"read.moved","conversation_id":"00000000-0000-0000-0000-00000000000c","thread_id":"00000000-0000-0000-0000-000000000003","ordinal":7}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"draft.changed","conversation_id":"00000000-0000-0000-0000-00000000000c"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"draft.changed","conversation_id":"00000000-0000-0000-0000-00000000000c","thread_id":"00000000-0000-0000-0000-000000000003"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"user.created","user":{"id":"00000000-0000-0000-0000-00000000000a","username":"ann","display_name":"ann","role":"member","bot":false,"title":"","status_text":"At lunch","status_until":"2026-11-18T11:06:40.120Z","avatar":null,"deactivated_at":null}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"user.changed","user":{"id":"00000000-0000-0000-0000-00000000000a","username":"ann","display_name":"ann","role":"member","bot":false,"title":"","status_text":"At lunch","status_until":"2026-11-18T11:06:40.120Z","avatar":null,"deactivated_at":null}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"profile.changed","profile":{"id":"00000000-0000-0000-0000-00000000000a","username":"ann","display_name":"ann","role":"member","bot":false,"title":"","phone":"+420 123","email":"ann@example.org","time_zone":"Europe/Prague","about":"","status_text":"At lunch","status_until":"2026-11-18T11:06:40.120Z","avatar":null,"created_at":"2026-11-18T11:06:40.120Z","deactivated_at":null,"last_seen_privacy":"contacts"}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"conversation.created","conversation":{"id":"00000000-0000-0000-0000-00000000000c","kind":"group","visibility":"public","history":"since_join","title":"Lunch","topic":"","icon":"🍲","general":false,"created_by":"00000000-0000-0000-0000-00000000000a","created_at":"2026-11-18T11:06:40.120Z","archived_at":null},"member_count":2,"members":[{"user_id":"00000000-0000-0000-0000-00000000000a","role":"owner"},{"user_id":"00000000-0000-0000-0000-00000000000b","role":"member"}]}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"conversation.changed","conversation":{"id":"00000000-0000-0000-0000-00000000000c","kind":"group","visibility":"public","history":"since_join","title":"Lunch","topic":"","icon":"🍲","general":false,"created_by":"00000000-0000-0000-0000-00000000000a","created_at":"2026-11-18T11:06:40.120Z","archived_at":null},"by_id":"00000000-0000-0000-0000-00000000000a"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"conversation.deleted","conversation_id":"00000000-0000-0000-0000-00000000000c","by_id":"00000000-0000-0000-0000-00000000000a"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"member.joined","conversation_id":"00000000-0000-0000-0000-00000000000c","user_id":"00000000-0000-0000-0000-00000000000b","role":"member","by_id":null}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"member.left","conversation_id":"00000000-0000-0000-0000-00000000000c","user_id":"00000000-0000-0000-0000-00000000000b","by_id":"00000000-0000-0000-0000-00000000000a"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"member.changed","conversation_id":"00000000-0000-0000-0000-00000000000c","user_id":"00000000-0000-0000-0000-00000000000b","role":"member","by_id":"00000000-0000-0000-0000-00000000000a"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"member.settings","conversation_id":"00000000-0000-0000-0000-00000000000c","settings":{"level":"all","muted_until":null,"favorite":false}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"contact.changed","contact":{"user_id":"00000000-0000-0000-0000-00000000000b","listed":true,"favorite":true,"groups":["Friends"],"nickname":"Bobby","note":"","blocked":false,"created_at":"2026-11-18T11:06:40.120Z"}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"contact.removed","user_id":"00000000-0000-0000-0000-00000000000b"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"presence.set","presence":{"status":"busy","until":"2026-11-18T11:06:40.120Z","text":"In a meeting","text_until":null}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"notification.added","notification":{"id":"00000000-0000-0000-0000-000000000007","kind":"mention","conversation_id":"00000000-0000-0000-0000-00000000000c","message_id":"00000000-0000-0000-0000-000000000003","seq":7,"ordinal":5,"actor_id":"00000000-0000-0000-0000-00000000000b","count":1,"quiet":false,"at":"2026-11-18T11:06:40.120Z","cleared_at":null}}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"notification.cleared","ids":["00000000-0000-0000-0000-000000000007"]}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"dnd.changed","until":"2026-11-18T11:06:40.120Z"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"file.changed","file_id":"00000000-0000-0000-0000-00000000000f","parent_id":"00000000-0000-0000-0000-00000000000e"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"file.changed","file_id":"00000000-0000-0000-0000-00000000000f","parent_id":null}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"grant.added","file_id":"00000000-0000-0000-0000-00000000000f","level":"editor"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"grant.removed","file_id":"00000000-0000-0000-0000-00000000000f"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"meeting.changed","meeting_id":"00000000-0000-0000-0000-00000000000d"}
    {"seq":9,"at":"2026-11-18T11:06:40.120Z","type":"meeting.removed","meeting_id":"00000000-0000-0000-0000-00000000000d"}
    "#);
}

#[test]
fn a_message_looks_like_this() {
    let plain = message();
    let reply = Message {
        thread_id: Some(id(0x2)),
        ordinal: 0,
        thread_ordinal: 3,
        reply_to: Some(id(0x2)),
        mentions: Mentioned { users: vec![id(0xb)], all: true },
        edited_at: Some(at()),
        attachments: vec![Attachment {
            file_id: id(0xf),
            name: "plan.png".parse().expect("a name"),
            media_type: "image/png".to_owned(),
            size: 4_096,
            width: Some(640),
            height: Some(480),
        }],
        reactions: vec![Reaction { emoji: "👍".to_owned(), user_ids: vec![id(0xb)] }],
        ..message()
    };
    let tombstone = Message {
        text: String::new(),
        deleted_at: Some(at()),
        thread: Some(ThreadSummary { newest_ordinal: 3, last_reply_at: at() }),
        ..message()
    };
    insta::assert_snapshot!([plain, reply, tombstone].map(|message| message.to_json()).join("\n"), @r#"
    {"id":"00000000-0000-0000-0000-000000000003","conversation_id":"00000000-0000-0000-0000-00000000000c","sender_id":"00000000-0000-0000-0000-00000000000a","client_id":"00000000-0000-0000-0000-000000000001","seq":7,"ordinal":5,"version":7,"text":"Hello","created_at":"2026-11-18T11:06:40.120Z"}
    {"id":"00000000-0000-0000-0000-000000000003","conversation_id":"00000000-0000-0000-0000-00000000000c","sender_id":"00000000-0000-0000-0000-00000000000a","client_id":"00000000-0000-0000-0000-000000000001","seq":7,"ordinal":0,"version":7,"thread_id":"00000000-0000-0000-0000-000000000002","thread_ordinal":3,"reply_to":"00000000-0000-0000-0000-000000000002","text":"Hello","mentions":{"users":["00000000-0000-0000-0000-00000000000b"],"all":true},"attachments":[{"file_id":"00000000-0000-0000-0000-00000000000f","name":"plan.png","media_type":"image/png","size":4096,"width":640,"height":480}],"created_at":"2026-11-18T11:06:40.120Z","edited_at":"2026-11-18T11:06:40.120Z","reactions":[{"emoji":"👍","user_ids":["00000000-0000-0000-0000-00000000000b"]}]}
    {"id":"00000000-0000-0000-0000-000000000003","conversation_id":"00000000-0000-0000-0000-00000000000c","sender_id":"00000000-0000-0000-0000-00000000000a","client_id":"00000000-0000-0000-0000-000000000001","seq":7,"ordinal":5,"version":7,"thread":{"newest_ordinal":3,"last_reply_at":"2026-11-18T11:06:40.120Z"},"text":"","created_at":"2026-11-18T11:06:40.120Z","deleted_at":"2026-11-18T11:06:40.120Z"}
    "#);
}

#[test]
fn a_client_reads_every_event_as_it_was_sent() {
    for sent in events() {
        let read: EventObject = serde_json::from_str(&sent).expect(&sent);
        assert!(!matches!(read.event, Event::Unknown { .. }), "{sent}");
        let again: Value = serde_json::to_value(&read).expect("plain data");
        assert_eq!(again, serde_json::from_str::<Value>(&sent).expect("JSON"));
    }
}

#[test]
fn a_client_reads_every_frame_as_it_was_sent() {
    let frames = server_frames();
    for sent in encoded(&frames) {
        let read: ServerFrame = serde_json::from_str(&sent).expect(&sent);
        assert_eq!(encoded(&[read]), [sent]);
    }
    let stream = id::<ConversationId>(0xc).into();
    let envelope = Envelope::new(stream, 8, None, Vec::new(), &encode_skipped(8));
    let frame: ServerFrame = serde_json::from_slice(&envelope.frame).expect("a frame");
    assert!(matches!(frame, ServerFrame::Event { event, .. } if event.seq == 8));
}

#[test]
fn read_marks_go_out_as_the_frame_of_that_name() {
    let (conversation_id, marks) = (id(0xc), vec![OthersMark { user_id: id(0xb), ordinal: 5 }]);
    let frame = ReadMarks { conversation_id, marks: marks.clone() }.encode();
    assert_eq!(frame, ServerFrame::ReadMarks { conversation_id, marks }.encode());
}

#[test]
fn an_event_of_a_newer_server_keeps_its_number() {
    let read: EventObject = serde_json::from_str(
        r#"{"seq":4,"at":"2026-11-22T17:45:00.120Z","type":"moon.rose","phase":"full"}"#,
    )
    .expect("an event");
    assert_eq!((read.seq, read.event), (4, Event::Unknown { kind: "moon.rose".to_owned() }));
}

/// Values as a client may write them, nested, with the names that frames have and others.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("00000000-0000-7000-8000-000000000001")),
    ];
    let names = "type|id|conversation_id|client_id|text|ordinal|user_ids|token|since|status|[a-z]{1,4}";
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = serde_json::from_slice::<ClientFrame>(&bytes);
    }

    #[test]
    fn any_fields_are_a_frame_or_an_error(
        kind in "auth|resume|watch|post|typing|read|presence|rtc|call|ping|hello",
        fields in values(),
    ) {
        let mut frame = fields;
        if let Some(fields) = frame.as_object_mut() {
            fields.insert("type".to_owned(), kind.into());
        }
        let _ = serde_json::from_value::<ClientFrame>(frame);
    }
}
