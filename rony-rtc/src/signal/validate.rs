//! What a message from outside may hold, and how large it may be.

use rony_core::{
    room,
    text::{self, TextError},
    wire::FrameId,
};

use super::{
    client::{ClientBody, ClientMessage, Join},
    types::{Candidate, Sdp},
};

/// The largest description, in bytes. One of a browser with twenty tracks has about 40 KiB.
pub const SDP_LIMIT: usize = 64 * 1024;
/// The longest line of a candidate, in bytes; real ones have about 150.
pub const CANDIDATE_LIMIT: usize = 1024;
/// The longest name of a track, of a part of a description, or of a message, in bytes.
pub const NAME_LIMIT: usize = 128;
/// The longest chat message, in bytes: as long as any message in a conversation, since it may become one.
pub const CHAT_LIMIT: usize = rony_core::message::TEXT_LIMIT;
/// The longest emoji, in bytes: families and flags are made of many code points.
pub const EMOJI_LIMIT: usize = 64;
/// The longest password, in bytes.
pub const PASSWORD_LIMIT: usize = 256;

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// A part is too long.
    #[error("`{field}` has {bytes} bytes: {limit} are allowed")]
    TooLong {
        /// Which part.
        field: &'static str,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A part must not be empty.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// Not a session description.
    #[error("`sdp` must begin with `v=0`")]
    NotSdp,
    /// A candidate of several lines could smuggle lines into a description.
    #[error("`{0}` must be one line without control characters")]
    NotOneLine(&'static str),
    /// A trickle without a candidate that is not the last.
    #[error("`candidate` may be missing in the final `trickle` only")]
    NoCandidate,
    /// A numbered message without a number, or the other way round.
    #[error("`seq` must be 0 for `join`, `ping` and `ack`, and 1 or more for all others")]
    Number,
    /// Nobody knows what it says.
    #[error("this message cannot be read: {0}")]
    Unreadable(String),
    /// A text that nobody can read.
    #[error("{0}")]
    Text(#[from] TextError),
}

/// Checks a message.
///
/// # Errors
/// What is wrong with it; nothing of the message should be used then.
pub fn check(message: &ClientMessage) -> Result<(), Invalid> {
    if let ClientBody::Unreadable(why) = &message.body {
        return Err(Invalid::Unreadable(why.clone()));
    }
    if message.body.is_numbered() != (message.seq > 0) {
        return Err(Invalid::Number);
    }
    if let Some(FrameId::Text(id)) = &message.id {
        within("id", id, NAME_LIMIT)?;
    }
    match &message.body {
        ClientBody::Offer { sdp, .. } | ClientBody::Answer { sdp, .. } => check_sdp(sdp),
        ClientBody::Trickle { candidate: Some(candidate), .. } => check_candidate(candidate),
        ClientBody::Trickle { candidate: None, last, .. } => {
            if *last {
                Ok(())
            } else {
                Err(Invalid::NoCandidate)
            }
        }
        ClientBody::TrackAdd { cid, .. } => line("cid", cid, NAME_LIMIT),
        ClientBody::Reaction { emoji } => line("emoji", emoji, EMOJI_LIMIT),
        ClientBody::Chat { text, .. } => {
            within("text", text, CHAT_LIMIT)?;
            if text::is_blank(text) {
                return Err(Invalid::Empty("text"));
            }
            text::block("text", text, CHAT_LIMIT).map(drop).map_err(Invalid::from)
        }
        ClientBody::Join(join) => check_join(join),
        _ => Ok(()),
    }
}

fn check_join(join: &Join) -> Result<(), Invalid> {
    if let Some(password) = &join.password {
        within("password", password.0.reveal(), PASSWORD_LIMIT)?;
    }
    join.name.as_deref().map_or(Ok(()), |name| guest_name(name).map(drop))
}

/// The name of a guest as it is shown: trimmed and composed.
///
/// # Errors
/// When nothing of it can be seen, it is too long, or it has line breaks, control characters or piles of marks.
pub fn guest_name(name: &str) -> Result<String, Invalid> {
    Ok(room::guest_name(name)?)
}

fn check_sdp(sdp: &Sdp) -> Result<(), Invalid> {
    within("sdp", &sdp.0, SDP_LIMIT)?;
    if sdp.0.starts_with("v=0") { Ok(()) } else { Err(Invalid::NotSdp) }
}

fn check_candidate(candidate: &Candidate) -> Result<(), Invalid> {
    // An empty candidate is how browsers say that a generation of candidates has ended.
    within("candidate", &candidate.candidate, CANDIDATE_LIMIT)?;
    one_line("candidate", &candidate.candidate)?;
    for (field, value) in [("sdpMid", &candidate.sdp_mid), ("usernameFragment", &candidate.username_fragment)]
    {
        if let Some(value) = value {
            within(field, value, NAME_LIMIT)?;
            one_line(field, value)?;
        }
    }
    Ok(())
}

fn line(field: &'static str, value: &str, limit: usize) -> Result<(), Invalid> {
    within(field, value, limit)?;
    if text::is_blank(value) {
        return Err(Invalid::Empty(field));
    }
    one_line(field, value)
}

fn one_line(field: &'static str, value: &str) -> Result<(), Invalid> {
    if value.chars().any(char::is_control) { Err(Invalid::NotOneLine(field)) } else { Ok(()) }
}

fn within(field: &'static str, value: &str, limit: usize) -> Result<(), Invalid> {
    if value.len() > limit { Err(Invalid::TooLong { field, bytes: value.len(), limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::PeerId,
        signal::{Nid, Source},
    };

    #[track_caller]
    fn verdict(body: ClientBody, expected: impl Into<Option<Invalid>>) {
        let seq = u64::from(body.is_numbered());
        assert_eq!(check(&ClientMessage { seq, ack: 0, id: None, body }).err(), expected.into());
    }

    fn offer(sdp: &str) -> ClientBody {
        ClientBody::Offer { target: PeerId(1), nid: Nid(1), sdp: Sdp(sdp.to_owned()) }
    }

    fn trickle(candidate: &str) -> ClientBody {
        let candidate = Candidate {
            candidate: candidate.to_owned(),
            sdp_mid: None,
            sdp_m_line_index: None,
            username_fragment: None,
        };
        ClientBody::Trickle { target: PeerId(1), nid: Nid(1), candidate: Some(candidate), last: false }
    }

    #[test]
    fn descriptions_have_a_limit_and_a_beginning() {
        verdict(offer("v=0\r\n"), None);
        verdict(offer("hello"), Invalid::NotSdp);
        let long = format!("v=0{}", "x".repeat(SDP_LIMIT));
        verdict(offer(&long), Invalid::TooLong { field: "sdp", bytes: SDP_LIMIT + 3, limit: SDP_LIMIT });
    }

    #[test]
    fn a_candidate_is_one_short_line() {
        verdict(trickle("candidate:1 1 udp 1 192.0.2.1 5000 typ host"), None);
        verdict(trickle(""), None);
        verdict(trickle("a\r\na=evil"), Invalid::NotOneLine("candidate"));
        let long = "x".repeat(CANDIDATE_LIMIT + 1);
        let error = Invalid::TooLong { field: "candidate", bytes: long.len(), limit: CANDIDATE_LIMIT };
        verdict(trickle(&long), error);
        let nothing = ClientBody::Trickle { target: PeerId(1), nid: Nid(1), candidate: None, last: false };
        verdict(nothing, Invalid::NoCandidate);
    }

    #[test]
    fn names_can_be_seen() {
        let add =
            |cid: &str| ClientBody::TrackAdd { cid: cid.to_owned(), source: Source::Camera, muted: false };
        verdict(add("a"), None);
        verdict(add("\u{200B}"), Invalid::Empty("cid"));
        verdict(ClientBody::Reaction { emoji: "👩‍👩‍👧".to_owned() }, None);
        verdict(ClientBody::Reaction { emoji: "a\nb".to_owned() }, Invalid::NotOneLine("emoji"));
        assert_eq!(guest_name("  Ann ").unwrap(), "Ann");
        assert!(matches!(guest_name("\u{202E}nnA"), Err(Invalid::Text(_))));
    }

    #[test]
    fn what_needs_a_number_has_one_and_nothing_else_has() {
        let message = |seq, body| check(&ClientMessage { seq, ack: 0, id: None, body });
        assert_eq!(message(0, ClientBody::Leave), Err(Invalid::Number));
        assert_eq!(message(1, ClientBody::Ping), Err(Invalid::Number));
    }
}
