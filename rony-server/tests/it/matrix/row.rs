//! The language of the matrix: a row is a route, what it is tried on, and who succeeds.

use std::collections::BTreeMap;

use rony_core::actor::Scope;
use serde_json::Value;

use super::scene::{Scene, Thing};

/// Somebody who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// Nobody is signed in.
    Anybody,
    /// The session of an account that was switched off since.
    Deactivated,
    /// A member of the server who is not in the conversation, and owns nothing of what is acted on.
    Stranger,
    /// As a stranger; was in the conversation, and was removed.
    Former,
    /// As a stranger; the owner has blocked them, and there is a direct conversation of the two.
    Blocked,
    /// An administrator of the server, who is not in the conversation.
    Administrator,
    /// A guest of the conversation.
    Guest,
    /// A member of the conversation, who wrote its message.
    Member,
    /// An admin of the conversation.
    Admin,
    /// The owner of the conversation, and of what else is acted on.
    Owner,
    /// A bot that is a member of the conversation, with a token that may only read.
    Bot,
    /// A token with this scope alone, of the person whom the row names (the owner, unless it does).
    Token(Scope),
}

impl Who {
    /// Everybody who tries.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        use Who::*;
        let signed_in = PEOPLE.iter().copied();
        [Anybody, Deactivated, Bot].into_iter().chain(signed_in).chain(Scope::ALL.map(Token))
    }
}

/// Those who are signed in by themselves.
pub(super) const PEOPLE: &[Who] = &[
    Who::Stranger,
    Who::Former,
    Who::Blocked,
    Who::Administrator,
    Who::Guest,
    Who::Member,
    Who::Admin,
    Who::Owner,
];
/// All but bots and tokens, signed in or not.
pub(super) const EVERYBODY: &[Who] = &[
    Who::Anybody,
    Who::Deactivated,
    Who::Stranger,
    Who::Former,
    Who::Blocked,
    Who::Administrator,
    Who::Guest,
    Who::Member,
    Who::Admin,
    Who::Owner,
];
/// Those who are in the conversation.
pub(super) const INSIDE: &[Who] = &[Who::Guest, Who::Member, Who::Admin, Who::Owner];
/// Those who are not.
pub(super) const OUTSIDE: &[Who] = &[Who::Stranger, Who::Former, Who::Blocked, Who::Administrator];

/// What has to come of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It succeeds with this status.
    Done(u16),
    /// It is refused with this status and code.
    Refused(u16, &'static str),
}

pub(super) const UNAUTHENTICATED: Outcome = Outcome::Refused(401, "unauthenticated");
pub(super) const SESSION_ENDED: Outcome = Outcome::Refused(401, "session_ended");
pub(super) const SCOPE_MISSING: Outcome = Outcome::Refused(403, "scope_missing");
pub(super) const SIGN_IN_NEEDED: Outcome = Outcome::Refused(403, "sign_in_needed");
pub(super) const ADMINISTRATORS_ONLY: Outcome = Outcome::Refused(403, "administrators_only");
pub(super) const ROLE_TOO_LOW: Outcome = Outcome::Refused(403, "role_too_low");
pub(super) const ABOVE_OWN_ROLE: Outcome = Outcome::Refused(403, "above_own_role");
pub(super) const NOT_A_MEMBER: Outcome = Outcome::Refused(403, "not_a_member");
pub(super) const NOT_YOURS: Outcome = Outcome::Refused(403, "not_yours");
pub(super) const BLOCKED: Outcome = Outcome::Refused(403, "blocked");
pub(super) const LEVEL_TOO_LOW: Outcome = Outcome::Refused(403, "level_too_low");
pub(super) const NOT_FOUND: Outcome = Outcome::Refused(404, "not_found");
pub(super) const ARCHIVED: Outcome = Outcome::Refused(409, "archived");
pub(super) const LAST_OWNER: Outcome = Outcome::Refused(409, "last_owner");

/// What a credential has to be, before anything else is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// None is needed.
    Everybody,
    /// A session, or a token with this scope.
    Scope(Scope),
    /// A session: no token can do this.
    SignedIn,
    /// As `Scope(Admin)`, for administrators of the server.
    Administrator,
    /// As `SignedIn`, for administrators of the server.
    SignedInAdministrator,
}

/// What a request carries.
#[derive(Clone, Copy)]
pub(super) enum Body {
    Nothing,
    Json(fn(&Scene) -> Value),
    Bytes(&'static [u8]),
    /// A form with these fields and a small file.
    Form(fn(&Scene) -> Vec<(&'static str, String)>),
    /// A request of tus with these headers and bytes.
    Tus(fn(&Scene) -> Vec<(&'static str, String)>, &'static [u8]),
}

/// See the module's documentation.
pub(super) struct Row {
    /// `METHOD /path`, as the API's description has it.
    pub(super) route: &'static str,
    /// What is made for it.
    pub(super) things: &'static [Thing],
    /// What stands for the parameters of the path.
    pub(super) ids: &'static [&'static str],
    pub(super) query: Option<fn(&Scene) -> String>,
    pub(super) body: Body,
    /// Who tries sends this first, where they are going to succeed: a method of the same path, and its body.
    pub(super) after: Option<(&'static str, Body)>,
    /// What is in the answer for these alone.
    pub(super) shows: Option<(&'static str, &'static [Who])>,
    /// Whose success changes nothing.
    pub(super) unchanged: &'static [Who],
    /// Why nobody succeeds, if nobody does.
    pub(super) nobody: Option<&'static str>,
    /// Whoever succeeds is not signed in any more.
    pub(super) signs_out: bool,
    /// Whose tokens try.
    pub(super) holder: Who,
    access: Access,
    said: BTreeMap<Who, Outcome>,
}

impl Row {
    pub(super) fn on(route: &'static str, things: &'static [Thing]) -> Self {
        Self {
            route,
            things,
            ids: &[],
            query: None,
            body: Body::Nothing,
            after: None,
            shows: None,
            unchanged: &[],
            nobody: None,
            signs_out: false,
            holder: Who::Owner,
            access: Access::SignedIn,
            said: BTreeMap::new(),
        }
    }

    /// A token needs this scope for it.
    pub(super) fn needs(self, scope: Scope) -> Self {
        Self { access: Access::Scope(scope), ..self }
    }

    /// Administrators of the server alone, and tokens of theirs with the scope `admin`.
    pub(super) fn for_administrators(self, status: u16) -> Self {
        let row = Self { access: Access::Administrator, holder: Who::Administrator, ..self };
        row.allows(status, &[Who::Administrator])
    }

    /// Administrators of the server alone, and no tokens.
    pub(super) fn for_signed_in_administrators(self, status: u16) -> Self {
        let row = Self { access: Access::SignedInAdministrator, holder: Who::Administrator, ..self };
        row.allows(status, &[Who::Administrator])
    }

    /// Everybody, signed in or not.
    pub(super) fn for_everybody(self, outcome: Outcome) -> Self {
        let row = Self { access: Access::Everybody, ..self };
        Who::all().fold(row, |row, who| row.says(outcome, &[who]))
    }

    pub(super) fn ids(self, ids: &'static [&'static str]) -> Self {
        Self { ids, ..self }
    }

    pub(super) fn query(self, query: fn(&Scene) -> String) -> Self {
        Self { query: Some(query), ..self }
    }

    pub(super) fn json(self, body: fn(&Scene) -> Value) -> Self {
        self.carrying(Body::Json(body))
    }

    pub(super) fn bytes(self, bytes: &'static [u8]) -> Self {
        self.carrying(Body::Bytes(bytes))
    }

    pub(super) fn form(self, fields: fn(&Scene) -> Vec<(&'static str, String)>) -> Self {
        self.carrying(Body::Form(fields))
    }

    pub(super) fn tus(
        self,
        headers: fn(&Scene) -> Vec<(&'static str, String)>,
        bytes: &'static [u8],
    ) -> Self {
        self.carrying(Body::Tus(headers, bytes))
    }

    fn carrying(self, body: Body) -> Self {
        Self { body, ..self }
    }

    pub(super) fn after(self, method: &'static str, body: Body) -> Self {
        Self { after: Some((method, body)), ..self }
    }

    /// These succeed. Whoever no line names is told that there is no such thing.
    pub(super) fn allows(self, status: u16, who: &[Who]) -> Self {
        self.says(Outcome::Done(status), who)
    }

    /// These get this.
    pub(super) fn says(mut self, outcome: Outcome, who: &[Who]) -> Self {
        self.said.extend(who.iter().map(|who| (*who, outcome)));
        self
    }

    /// The answer has this for these, and not for others who succeed.
    pub(super) fn shows(self, what: &'static str, to: &'static [Who]) -> Self {
        Self { shows: Some((what, to)), ..self }
    }

    /// When these succeed, nothing is different afterwards.
    pub(super) fn unchanged(self, who: &'static [Who]) -> Self {
        Self { unchanged: who, ..self }
    }

    /// Nobody succeeds, for this reason.
    pub(super) fn nobody(self, reason: &'static str) -> Self {
        Self { nobody: Some(reason), ..self }
    }

    pub(super) fn signs_out(self) -> Self {
        Self { signs_out: true, ..self }
    }

    pub(super) fn tokens_of(self, holder: Who) -> Self {
        Self { holder, ..self }
    }

    /// Whose rights somebody has, scopes aside.
    pub(super) fn stands_for(&self, who: Who) -> Who {
        match who {
            // It reads what a member reads who wrote nothing, and that is what a guest reads.
            Who::Bot => Who::Guest,
            Who::Token(_) => self.holder,
            person => person,
        }
    }

    /// Whether the conversation of the row is there for them.
    pub(super) fn sees_conversation(&self, who: Who) -> bool {
        let between_two =
            [Thing::Direct, Thing::BlockedDirect].iter().any(|thing| self.things.contains(thing));
        let inside = INSIDE.contains(&self.stands_for(who)) && !between_two;
        inside || self.things.contains(&Thing::Public)
    }

    /// What has to come of it when `who` tries.
    pub(super) fn outcome(&self, who: Who) -> Outcome {
        if let Some(said) = self.said.get(&who) {
            return *said;
        }
        match who {
            Who::Anybody => UNAUTHENTICATED,
            Who::Deactivated => SESSION_ENDED,
            Who::Bot => self.by_token(Scope::Read, Who::Guest),
            Who::Token(scope) => self.by_token(scope, self.holder),
            _ if matches!(self.access, Access::Administrator | Access::SignedInAdministrator) => {
                ADMINISTRATORS_ONLY
            }
            _ => NOT_FOUND,
        }
    }

    fn by_token(&self, scope: Scope, holder: Who) -> Outcome {
        let administrator = holder == Who::Administrator;
        match self.access {
            Access::Scope(needed) if needed == scope => self.outcome(holder),
            Access::Scope(_) => SCOPE_MISSING,
            Access::Administrator | Access::SignedInAdministrator if !administrator => ADMINISTRATORS_ONLY,
            Access::Administrator if scope == Scope::Admin => self.outcome(holder),
            Access::SignedInAdministrator if scope == Scope::Admin => SIGN_IN_NEEDED,
            Access::Administrator | Access::SignedInAdministrator => SCOPE_MISSING,
            Access::SignedIn | Access::Everybody => SIGN_IN_NEEDED,
        }
    }
}
