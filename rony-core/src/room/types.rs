//! What a room is.

use serde::{Deserialize, Serialize};

use super::RoomCode;
use crate::{
    Result,
    id::{ClientId, ConversationId, GuestId, RoomId, UserId},
    password, patch,
    secret::Secret,
    text::{self, TextError},
    time::Timestamp,
    username::DisplayName,
};

/// The longest title, in characters.
const TITLE: usize = 100;
/// The longest name of a guest, in characters.
pub const MOST_GUEST_NAME: usize = 60;

/// Who waits before the door until somebody lets them in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lobby {
    /// Nobody.
    Off,
    /// Those without an account.
    #[default]
    Guests,
    /// All but the owner and the co-hosts.
    Everyone,
}

/// A room, as those see it who may look it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// What opens the way to it.
    pub code: RoomCode,
    /// What it is called; may be empty.
    pub title: String,
    /// Whose it is: the host, whenever they are there.
    pub owner_id: UserId,
    /// The conversation that meets in it, if it was made from one.
    pub conversation_id: Option<ConversationId>,
    /// People without an account may ask to come in.
    pub guests: bool,
    /// Who must be let in.
    pub lobby: Lobby,
    /// The door is shut for all but the owner, unless the host opens it in a meeting.
    pub locked: bool,
    /// It wants a password.
    pub has_password: bool,
    /// It was made with a scheduled meeting, and goes with it.
    pub scheduled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who looks after it with its owner, in every meeting: whom a host made that.
    pub co_hosts: Vec<UserId>,
}

/// A wish for a room.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRoom {
    /// Any UUID of the client's choice; making it again answers the first room.
    #[serde(default)]
    pub client_id: Option<ClientId>,
    /// What it is called, at most 100 characters; may be empty.
    #[serde(default)]
    pub title: String,
    /// The conversation that is to meet in it: if there is a room for that already, it is the answer, unchanged.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    /// Whether people without an account may ask to come in; they may, when left out.
    #[serde(default = "yes")]
    pub guests: bool,
    /// Who must be let in; `guests`, when left out.
    #[serde(default)]
    pub lobby: Lobby,
    /// Whether the door is shut for all but the owner.
    #[serde(default)]
    pub locked: bool,
    /// The password that it wants, of at least 4 characters; none, when left out.
    #[serde(default)]
    pub password: Option<Secret>,
}

const fn yes() -> bool {
    true
}

impl Default for NewRoom {
    fn default() -> Self {
        let (title, lobby) = (String::new(), Lobby::default());
        let (client_id, conversation_id) = (None, None);
        Self { client_id, title, conversation_id, guests: true, lobby, locked: false, password: None }
    }
}

impl NewRoom {
    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Invalid`] for a title that is too long and a password that is too short or too long.
    pub fn validate(mut self) -> Result<Self> {
        self.title = title(&self.title)?;
        self.password.as_ref().map_or(Ok(()), password::check_shared)?;
        Ok(self)
    }
}

/// What changes about a room; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoomChange {
    /// What it is called.
    #[serde(default)]
    pub title: Option<String>,
    /// Whether people without an account may ask to come in.
    #[serde(default)]
    pub guests: Option<bool>,
    /// Who must be let in.
    #[serde(default)]
    pub lobby: Option<Lobby>,
    /// Whether the door is shut for all but the owner.
    #[serde(default)]
    pub locked: Option<bool>,
    /// The password that it wants; `null`: none.
    #[serde(default, deserialize_with = "patch::given")]
    pub password: Option<Option<Secret>>,
}

impl RoomChange {
    /// As [`NewRoom::validate`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn validate(mut self) -> Result<Self> {
        self.title = self.title.as_deref().map(title).transpose()?;
        self.password.as_ref().and_then(Option::as_ref).map_or(Ok(()), password::check_shared)?;
        Ok(self)
    }
}

fn title(text: &str) -> Result<String> {
    Ok(text::line_or_nothing("title", text, TITLE)?)
}

/// The name of a guest as it is shown: trimmed and composed.
///
/// # Errors
///
/// When nothing of it can be seen, it is longer than 60 characters, or has line breaks and the like.
pub fn guest_name(text: &str) -> Result<String, TextError> {
    text::line("name", text, MOST_GUEST_NAME)
}

/// A room was made, or was there already.
#[derive(Clone, Debug)]
pub struct RoomMade {
    /// The room.
    pub room: Room,
    /// It was not there before.
    pub new: bool,
}

/// What whoever has a room's code may know before they come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomPreview {
    /// The code, as it is written.
    pub code: RoomCode,
    /// What the room is called; may be empty.
    pub title: String,
    /// The name of whose it is.
    pub host: DisplayName,
    /// People without an account may ask to come in.
    pub guests: bool,
    /// Who must be let in.
    pub lobby: Lobby,
    /// It wants a password.
    pub has_password: bool,
}

/// A room and all that decides who comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The room.
    pub room: Room,
    /// The hash of its password.
    pub password: Option<String>,
    /// The name of its owner.
    pub host: DisplayName,
}

impl Door {
    /// What is told of it to whoever has the code.
    #[must_use]
    pub fn preview(&self) -> RoomPreview {
        let Room { code, title, guests, lobby, has_password, .. } = &self.room;
        RoomPreview {
            code: *code,
            title: title.clone(),
            host: self.host.clone(),
            guests: *guests,
            lobby: *lobby,
            has_password: *has_password,
        }
    }
}

/// What became of the password that somebody typed. Whoever keeps the hash compares, off the path of the meeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// None was typed, or none is wanted.
    #[default]
    Missing,
    /// It is another one.
    Wrong,
    /// It is the one.
    Right,
}

/// Somebody without an account, who came to a room by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Who, for as long as their token lasts.
    pub id: GuestId,
    /// Where they may come to, and nowhere else.
    pub room_id: RoomId,
    /// What they call themselves.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_has_a_title_that_can_be_read_and_a_password_worth_the_name() {
        let new = |title: &str, password: Option<&str>| {
            NewRoom { title: title.to_owned(), password: password.map(Secret::from), ..NewRoom::default() }
                .validate()
        };
        assert_eq!(new("  Plans ", Some("abcd")).unwrap().title, "Plans");
        assert_eq!(new("\u{200B}", None).unwrap().title, "");
        assert_eq!(new(&"x".repeat(101), None).unwrap_err().code(), "invalid");
        assert_eq!(new("", Some("abc")).unwrap_err().code(), "invalid");
        let change: RoomChange = serde_json::from_str(r#"{"password":null}"#).unwrap();
        assert!(matches!((change.password, change.locked), (Some(None), None)));
    }
}
