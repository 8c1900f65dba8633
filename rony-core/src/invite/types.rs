//! What an invite is.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, InviteId, UserId},
    secret::Token,
    time::Timestamp,
    username::DisplayName,
};

/// The most people whom one invite can be for.
const MOST_USES: i64 = 10_000;

/// An invite, as those who look after it see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// Who made it; `null`: the server's command line.
    pub created_by: Option<UserId>,
    /// Where it leads; `null`: to an account, and no further than General.
    pub conversation_id: Option<ConversationId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `null`: not by itself.
    pub expires_at: Option<Timestamp>,
    /// How many more people it is good for; `null`: any number.
    pub uses_left: Option<i64>,
    /// How many people came by it.
    pub used: i64,
}

/// A wish for an invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct NewInvite {
    /// The conversation that it leads into. Without one it leads to an account only, and only administrators make it.
    pub conversation_id: Option<ConversationId>,
    /// When it ends; not by itself, when left out.
    pub expires_at: Option<Timestamp>,
    /// How many people it is good for, 1 to 10,000; any number, when left out.
    pub uses: Option<i64>,
}

impl NewInvite {
    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an end in the past, and for a number of people that makes no sense.
    pub fn validate(self, now: Timestamp) -> Result<Self> {
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::invalid(
                "expires_at",
                "This is in the past: give a time that is still to come.",
            ));
        }
        if self.uses.is_some_and(|uses| !(1..=MOST_USES).contains(&uses)) {
            return Err(Error::invalid(
                "uses",
                format!("Give a number from 1 to {MOST_USES}, or leave it out."),
            ));
        }
        Ok(self)
    }
}

/// An invite was made.
#[derive(Clone, Debug)]
pub struct InviteMade {
    /// What its link carries: shown now, and never again.
    pub token: Token,
    /// What is kept of it.
    pub invite: Invite,
}

/// What somebody who holds an invite may know before they use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitePreview {
    /// The conversation that it leads into, if it leads into one.
    pub conversation: Option<InvitedTo>,
    /// The name of who invites; `null`: the organisation itself.
    pub invited_by: Option<DisplayName>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// A conversation, for somebody who is not in it yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitedTo {
    /// Its name; may be empty.
    pub title: String,
    /// An emoji, or a letter or two; may be empty.
    pub icon: String,
    /// How many people are in it.
    pub member_count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_ends_in_the_future_and_is_for_somebody() {
        let now = Timestamp::from_millis(1_000);
        let refused = |new: NewInvite| new.validate(now).unwrap_err().code();
        assert_eq!(refused(NewInvite { expires_at: Some(now), ..NewInvite::default() }), "invalid");
        for uses in [i64::MIN, 0, 10_001] {
            assert_eq!(refused(NewInvite { uses: Some(uses), ..NewInvite::default() }), "invalid");
        }
        let fine = NewInvite {
            expires_at: Some(Timestamp::from_millis(1_001)),
            uses: Some(1),
            ..NewInvite::default()
        };
        fine.validate(now).unwrap();
        NewInvite::default().validate(now).unwrap();
    }
}
