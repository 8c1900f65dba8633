//! The frames of presence: each change is encoded once, however many sockets receive it.

use std::sync::Arc;

use bytes::Bytes;

use super::{PresenceChange, Status, board::Shown};
use crate::{
    id::{ConversationId, UserId},
    user::LastSeenPrivacy,
};

/// Changes in one frame at most.
const MOST: usize = 500;

/// What a viewer is told of somebody.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    change: PresenceChange,
    privacy: LastSeenPrivacy,
}

impl Entry {
    pub(super) fn new(user_id: UserId, shown: Shown) -> Self {
        let Shown { status, text, since, privacy } = shown;
        Self { change: PresenceChange { user_id, status, text, since }, privacy }
    }

    pub(super) const fn user(&self) -> UserId {
        self.change.user_id
    }

    pub(super) const fn privacy(&self) -> LastSeenPrivacy {
        self.privacy
    }

    /// It says when somebody was last seen, and not everybody may know.
    pub(super) fn is_private(&self) -> bool {
        self.change.status == Status::Offline && self.privacy != LastSeenPrivacy::Everybody
    }

    pub(super) fn without_since(&self) -> Self {
        let change = PresenceChange { since: None, ..self.change.clone() };
        Self { change, privacy: self.privacy }
    }

    pub(super) fn encode(&self) -> String {
        serde_json::to_string(&self.change).expect("plain data")
    }
}

/// As few frames as carry these encoded changes.
pub(super) fn presence(entries: impl Iterator<Item = Arc<str>>) -> Vec<Bytes> {
    let entries: Vec<_> = entries.collect();
    let frame =
        |entries: &[Arc<str>]| format!(r#"{{"type":"presence","changes":[{}]}}"#, entries.join(",")).into();
    entries.chunks(MOST).map(frame).collect()
}

/// Who is typing in a conversation.
pub(super) fn typing(conversation: ConversationId, users: &[UserId]) -> Bytes {
    let users = serde_json::to_string(users).expect("plain data");
    format!(r#"{{"type":"typing","conversation_id":"{conversation}","user_ids":{users}}}"#).into()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::wire::ServerFrame;

    #[test]
    fn a_frame_is_what_the_gateway_says() {
        let user = UserId(Uuid::from_u128(1));
        let shown = Shown { status: Status::Busy, text: "In a \"meeting\"".to_owned(), ..Shown::default() };
        let entry = Entry::new(user, shown);
        let frames = presence([Arc::from(entry.encode()), Arc::from(entry.encode())].into_iter());
        let changes = vec![entry.change.clone(), entry.change];
        assert_eq!(frames, [ServerFrame::Presence { changes }.encode()]);
        let conversation_id = ConversationId(Uuid::from_u128(2));
        let wire = ServerFrame::Typing { conversation_id, user_ids: vec![user, user] };
        assert_eq!(typing(conversation_id, &[user, user]), wire.encode());
    }

    #[test]
    fn many_changes_come_in_several_frames_and_none_in_no_frame() {
        let entry: Arc<str> = "{}".into();
        assert_eq!(presence(std::iter::repeat_n(entry, MOST + 1)).len(), 2);
        assert!(presence(std::iter::empty()).is_empty());
    }
}
