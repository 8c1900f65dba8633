//! Conversations: where people write to each other.
//!
//! A *direct* one is between two people (or of one with themselves, for notes): there is one for each pair, it has no title
//! and no roles, and nobody joins or leaves. A *group* has a title, roles and members who come and go; it is private, or
//! public so that anybody with an account may find and join it. One of the public ones is [`GENERAL`], which everybody is in.
//!
//! What people write before somebody joins is there for the newcomer, or is not, as the conversation's [`History`] says at
//! that moment. An archived conversation is read, and not written.

mod rule;
mod service;
mod store;
mod types;

pub use rule::{may_change_conversation, may_delete_conversation, may_start};
pub use service::Conversations;
pub use store::{ConversationStore, Created};
pub use types::{
    ChangeConversation, Conversation, ConversationChange, ConversationEvent, ConversationView,
    CreateConversation, DeleteConversation, GENERAL, History, Kind, LISTED, MOST_MEMBERS, NewConversation,
    Visibility,
};
