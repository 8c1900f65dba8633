//! `rony serve --demo`: sample people and conversations, for somebody who wants to look around. All of it is labelled as a sample
//! and made by the use cases that everything is made by.

use std::path::Path;

use anyhow::Result;
use rony_core::Rony;
use rony_core::actor::{Actor, Scope, Trusted};
use rony_core::conversation::{GENERAL, Kind, NewConversation, Visibility};
use rony_core::id::{ClientId, ConversationId, MessageId, UserId};
use rony_core::message::Post;
use rony_core::permission::ServerRole;
use rony_core::secret::Secret;
use rony_core::user::{NewUser, ProfileChange};
use rony_core::username::DisplayName;
use uuid::Uuid;

use crate::config::Config;

/// Why there can be no sample here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// Its password is on a terminal, and its people are nobody.
    #[error(
        "--demo is for looking around on this machine alone, and `listen` is {0}.\n  \
         What to do: leave `listen` away, or start without --demo."
    )]
    Public(std::net::IpAddr),
    /// Samples are removed by removing their folder.
    #[error(
        "--demo keeps its sample in a data folder of its own, and `database` is set.\n  \
         What to do: leave `database` away, or start without --demo."
    )]
    Database,
    /// Nobody wants strangers among their people.
    #[error(
        "--demo fills an empty data folder, and {0} is not empty.\n  \
         What to do: start without --demo to go on with what is there, or name a new folder with --data."
    )]
    Used(String),
}

/// Whether a sample may be made here. Asked before anything is written.
pub(crate) fn check(config: &Config) -> Result<(), Refused> {
    if !config.listen.is_loopback() {
        return Err(Refused::Public(config.listen));
    }
    if config.database.is_some() {
        return Err(Refused::Database);
    }
    if !is_empty(&config.data) {
        return Err(Refused::Used(config.data.display().to_string()));
    }
    Ok(())
}

fn is_empty(folder: &Path) -> bool {
    match folder.read_dir() {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Makes the sample, and gives back the password of its people: ann, who is the administrator, bob and cleo.
///
/// # Errors
///
/// When the database refuses.
pub(crate) async fn fill(rony: &Rony) -> Result<String> {
    // One that nobody knows: a folder with a sample may be served to others some day.
    let password = Uuid::new_v4().simple().to_string()[..12].to_owned();
    let sample = Sample {
        rony,
        ann: person(rony, "ann", "Ann Lee", "Runs the office", &password).await?,
        bob: person(rony, "bob", "Bob Stone", "Gardener", &password).await?,
        cleo: person(rony, "cleo", "Cleo Park", "Designer", &password).await?,
    };
    sample.general().await?;
    sample.party().await?;
    sample.two_of_them().await?;
    sample.public_group().await?;
    Ok(password)
}

async fn person(rony: &Rony, username: &str, name: &str, title: &str, password: &str) -> Result<Actor> {
    let role = if username == "ann" { ServerRole::Administrator } else { ServerRole::Member };
    let new = NewUser {
        password: Some(Secret::new(password)),
        display_name: Some(DisplayName::parse(&format!("{name} (sample)"))?),
        role,
        ..NewUser::named(username.parse()?)
    };
    let user = rony.users().create(&Actor::trusted(Trusted::System), new).await?;
    let actor = Actor::trusted(Trusted::User(user.id, role));
    let change = ProfileChange { title: Some(title.to_owned()), ..ProfileChange::default() };
    rony.profiles().change(&actor, change).await?;
    Ok(actor)
}

struct Sample<'r> {
    rony: &'r Rony,
    ann: Actor,
    bob: Actor,
    cleo: Actor,
}

impl Sample<'_> {
    async fn general(&self) -> Result<()> {
        let hello = self.say(&self.ann, GENERAL, WELCOME).await?;
        self.react(&self.bob, GENERAL, hello, "👋").await?;
        self.react(&self.cleo, GENERAL, hello, "👋").await?;
        self.rony.pins().add(&self.ann, GENERAL, hello).await?;
        self.say(&self.cleo, GENERAL, "Good to be here. Where do we keep the photos?").await?;
        Ok(())
    }

    async fn party(&self) -> Result<()> {
        let party = self
            .group(
                &self.bob,
                "Garden party (sample)",
                "The 12th of June, from four",
                "🌿",
                Visibility::Private,
            )
            .await?;
        let plan = self.say(&self.bob, party, PLAN).await?;
        self.react(&self.ann, party, plan, "🎉").await?;
        self.in_thread(&self.cleo, party, plan, "I can bring lemonade. How many are we?").await?;
        self.in_thread(&self.bob, party, plan, "About twenty.").await?;
        self.say(&self.cleo, party, "@ann, do you still have the long table?").await?;
        Ok(())
    }

    async fn two_of_them(&self) -> Result<()> {
        let both = NewConversation::group(ClientId(Uuid::new_v4()), vec![id(&self.ann)?]);
        let new = NewConversation { kind: Kind::Direct, ..both };
        let direct = self.rony.conversations().create(&self.bob, new).await?.conversation.conversation.id;
        self.say(&self.bob, direct, "Have you got a minute later today?").await?;
        let said = self.say(&self.ann, direct, "Sure, after three.").await?;
        self.react(&self.bob, direct, said, "👍").await?;
        self.say(&self.bob, direct, "Then I write to you after three. It is about the key for the shed.")
            .await?;
        Ok(())
    }

    async fn public_group(&self) -> Result<()> {
        let books =
            self.group(&self.cleo, "Books (sample)", "What we read", "📚", Visibility::Public).await?;
        self.say(
            &self.cleo,
            books,
            "> A room without books is like a body without a soul.\n\nWhat is on your table?",
        )
        .await?;
        Ok(())
    }

    async fn group(
        &self,
        owner: &Actor,
        title: &str,
        topic: &str,
        icon: &str,
        visibility: Visibility,
    ) -> Result<ConversationId> {
        let mut members = Vec::new();
        if visibility == Visibility::Private {
            members = vec![id(&self.ann)?, id(&self.bob)?, id(&self.cleo)?];
            let owner = id(owner)?;
            members.retain(|member| *member != owner);
        }
        let new = NewConversation {
            title: title.to_owned(),
            topic: topic.to_owned(),
            icon: icon.to_owned(),
            visibility,
            ..NewConversation::group(ClientId(Uuid::new_v4()), members)
        };
        Ok(self.rony.conversations().create(owner, new).await?.conversation.conversation.id)
    }

    async fn say(&self, who: &Actor, place: ConversationId, text: &str) -> Result<MessageId> {
        self.post(who, place, text, None).await
    }

    async fn in_thread(
        &self,
        who: &Actor,
        place: ConversationId,
        under: MessageId,
        text: &str,
    ) -> Result<()> {
        self.post(who, place, text, Some(under)).await.map(drop)
    }

    async fn post(
        &self,
        who: &Actor,
        place: ConversationId,
        text: &str,
        thread_id: Option<MessageId>,
    ) -> Result<MessageId> {
        let client_id = ClientId(Uuid::new_v4());
        let post =
            Post { client_id, text: text.to_owned(), reply_to: None, thread_id, attachments: Vec::new() };
        Ok(self.rony.messages().post(who, place, post).await?.message.id)
    }

    async fn react(&self, who: &Actor, place: ConversationId, what: MessageId, emoji: &str) -> Result<()> {
        self.rony.reactions().add(who, place, what, emoji.to_owned()).await?;
        Ok(())
    }
}

fn id(actor: &Actor) -> Result<UserId> {
    Ok(actor.user(Scope::Read)?)
}

const WELCOME: &str = "**Welcome!** This is a sample to look around in: the people and what they say are made up.\n\n\
    - Point at a message to answer, react or begin a thread\n\
    - `Ctrl K` brings you anywhere\n\
    - Write to Bob or Cleo; sign in as them in another browser to answer";

const PLAN: &str = "The plan so far:\n\n1. Tables and chairs on the lawn\n2. Cake at half past four\n3. Music, not too loud\n\n\
    Who brings what?";
