//! What is looked for and what is found.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Query, SnippetPart};
use crate::{
    id::{ConversationId, UserId},
    message::Message,
    page::{Cursor, Limit, Page},
    stream::Seq,
    time::Timestamp,
    user::User,
};

/// What to look for. At least one of the fields up to `has` says something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SearchRequest {
    /// Words, all of which must be there; in quotation marks one after another; the last one may be a beginning. At most
    /// 256 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(required = false, max_length = 256))]
    pub query: String,
    /// Only in this conversation.
    #[serde(default)]
    pub conversation: Option<ConversationId>,
    /// Only messages of this person.
    #[serde(default)]
    pub author: Option<UserId>,
    /// Only messages from this moment on.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Only messages from before this moment.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Only messages with all of these, with commas between: `link`, `mention`, `reaction`, `pin`.
    #[serde(default, deserialize_with = "comma_list")]
    #[cfg_attr(feature = "openapi", param(required = false, value_type = String, example = "link,mention"))]
    pub has: Vec<Has>,
    /// Only messages, or only people.
    #[serde(default, rename = "type")]
    pub kind: Option<Kind>,
    /// How many messages at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub limit: Limit,
    /// Where to go on: `messages.next` of the answer before.
    #[serde(default)]
    pub cursor: Option<Cursor>,
}

/// What a message can have besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Has {
    /// The address of a page.
    Link,
    /// Somebody is mentioned.
    Mention,
    /// Somebody reacted.
    Reaction,
    /// It is pinned.
    Pin,
}

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Messages, by their words and by what they have.
    Messages,
    /// People, by the beginning of their names.
    People,
}

fn comma_list<'de, D: Deserializer<'de>, T: de::DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| T::deserialize(de::value::StrDeserializer::<D::Error>::new(part))).collect()
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchAnswer {
    /// Messages, newest first.
    pub messages: Page<MessageHit>,
    /// People, in the order of their names: the first ten. Only where nothing but words is looked for, and beside the
    /// first messages. `next` is always `null`: `GET /users?query=` lists all.
    pub people: Page<User>,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageHit {
    /// The message as it is now.
    pub message: Message,
    /// The part of its text that matches.
    pub snippet: Vec<SnippetPart>,
}

/// Which messages a store is to find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// With these words; when it is empty, whatever their words.
    pub query: Query,
    /// In this conversation.
    pub conversation: Option<ConversationId>,
    /// Of this person.
    pub author: Option<UserId>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// With all of these.
    pub has: Vec<Has>,
}

/// The place of a message in the order of search: newer ones are greater. The first number sorts by time and is the
/// store's to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(pub i64, pub ConversationId, pub Seq);

/// A message that a store found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The message, whole.
    pub message: Message,
    /// Its place, for the next page.
    pub position: Position,
}
