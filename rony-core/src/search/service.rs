//! What may be searched.

use super::{
    Found, Kind, MessageFilter, MessageHit, Position, Query, SearchAnswer, SearchRequest, SearchStore,
    snippet,
};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    id::UserId,
    page::Page,
    time::Clock,
    user::{User, UserStore, search_part},
};

/// The name of the list of found messages, for its cursors.
const LIST: &str = "search";
/// How many people are shown. [`crate::user::Users::find`] pages through all.
const MOST_PEOPLE: i64 = 10;

/// The use cases of search. Made by [`crate::Rony::search`].
pub struct Searches<'r> {
    pub(crate) store: &'r dyn SearchStore,
    pub(crate) users: &'r dyn UserStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Searches<'_> {
    /// Finds messages that the actor may see, newest first, and people by their names.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when nothing is looked for, for a query as [`Query::parse`] refuses it, and for a foreign
    /// cursor; [`Error::NotFound`] for a conversation that the actor is not in.
    pub async fn search(&self, actor: &Actor, request: SearchRequest) -> Result<SearchAnswer> {
        let reader = actor.user(Scope::Read)?;
        let query = Query::parse(&request.query)?;
        if says_nothing(&request) {
            return Err(Error::invalid("query", "Say what to look for."));
        }
        let people = if wants_people(&request) { self.people(&request.query).await? } else { Vec::new() };
        let messages = match request.kind {
            Some(Kind::People) => Page { items: Vec::new(), next: None },
            _ => self.messages(reader, query, request).await?,
        };
        Ok(SearchAnswer { messages, people: Page { items: people, next: None } })
    }

    async fn people(&self, query: &str) -> Result<Vec<User>> {
        let Some(part) = search_part(query) else { return Ok(Vec::new()) };
        let now = self.clock.now();
        let found = self.users.find(Some(&part), false, None, MOST_PEOPLE).await?;
        Ok(found.into_iter().map(|user| user.shown_at(now)).collect())
    }

    async fn messages(
        &self,
        reader: UserId,
        query: Query,
        request: SearchRequest,
    ) -> Result<Page<MessageHit>> {
        let SearchRequest { conversation, author, since, until, has, limit, cursor, .. } = request;
        let before = cursor.map(|cursor| cursor.decode::<Position>(LIST)).transpose()?;
        let filter = MessageFilter { query, conversation, author, since, until, has };
        let found = self.store.find_messages(reader, &filter, before, limit).await?;
        let page = Page::cut(found, limit, LIST, |found| found.position);
        Ok(page.map(|Found { message, .. }| MessageHit {
            snippet: snippet(&message.text, &filter.query),
            message,
        }))
    }
}

/// People are found by their names alone, and shown once: beside the first messages.
fn wants_people(request: &SearchRequest) -> bool {
    let names_only = SearchRequest {
        query: request.query.clone(),
        kind: request.kind,
        limit: request.limit,
        ..SearchRequest::default()
    };
    request.kind != Some(Kind::Messages) && *request == names_only
}

fn says_nothing(request: &SearchRequest) -> bool {
    let SearchRequest { query, conversation, author, since, until, has, .. } = request;
    query.trim().is_empty()
        && conversation.is_none()
        && author.is_none()
        && since.is_none()
        && until.is_none()
        && has.is_empty()
}
