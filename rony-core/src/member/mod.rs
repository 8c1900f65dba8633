//! Members: who is in a conversation, what they may do there, and how each of them keeps it.
//!
//! A change of membership stands in two streams at once, and commits with both: the conversation's, where the others see
//! it and where it decides who receives what comes next, and the person's own, by which their devices learn of it.
//! How somebody keeps a conversation (what they want to be told of, favourite) stands in their own stream only.

mod rule;
mod service;
mod store;
mod types;

pub use rule::{Newcomer, Removal, RoleChange, may_add, may_bring, may_change_role, may_remove};
pub use service::Members;
pub use store::MemberStore;
pub use types::{
    AddMembers, AddPeople, ChangeRole, KeepConversation, Level, MOST_ADDED, Member, MemberEvent,
    MemberSettings, RemoveMember, Seat, SettingsChange,
};
