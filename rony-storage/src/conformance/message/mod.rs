//! Facts about messages: posting, changing and reading them.

mod changing;
mod posting;
mod reading;

use rony_core::{
    id::{ClientId, ConversationId, MessageId},
    message::{Message, MessagePage, NewMessage, Post, Window},
    page::Limit,
    time::Clock as _,
};

use super::{Case, Person, World, facts};

pub(super) fn cases() -> Vec<Case> {
    [posting::cases(), changing::cases(), reading::cases()].concat()
}

/// What a client posts that has a text and nothing else.
pub(super) fn post(client_id: ClientId, text: &str) -> Post {
    Post { client_id, text: text.to_owned(), reply_to: None, thread_id: None, attachments: Vec::new() }
}

impl World {
    /// Posts a text.
    ///
    /// # Panics
    ///
    /// When it is refused.
    pub async fn say(&self, person: &Person, place: ConversationId, text: &str) -> Message {
        let posted = self.rony.messages().post(&person.actor, place, post(self.client_id(), text)).await;
        posted.expect("is posted").message
    }

    async fn refusal(&self, person: &Person, place: ConversationId, post: Post) -> &'static str {
        let refused = self.rony.messages().post(&person.actor, place, post).await;
        refused.expect_err("is refused").code()
    }

    pub(super) fn new_message(&self, person: &Person, place: ConversationId, text: &str) -> NewMessage {
        let at = self.clock.now();
        NewMessage {
            id: MessageId::new(at),
            conversation_id: place,
            sender_id: person.id,
            at,
            post: post(self.client_id(), text),
            mentions: Default::default(),
            call: None,
        }
    }

    async fn page(&self, person: &Person, place: ConversationId, window: Window, limit: u64) -> MessagePage {
        let limit = Limit::new(limit).expect("a limit");
        self.rony.messages().page(&person.actor, place, None, window, limit).await.expect("a page")
    }
}

fn texts(page: &MessagePage) -> Vec<&str> {
    page.items.iter().map(|message| message.text.as_str()).collect()
}
