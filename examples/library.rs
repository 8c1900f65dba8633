//! Two people talk inside one process: the domain on a database, with no server and no network.
//!
//! Run it with `cargo run -p rony-examples --bin library`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::sync::Arc;

use anyhow::{Context as _, Result};
use rony_core::{
    Rony, actor::Actor, actor::Trusted, conversation::GENERAL, hub::Frames, id::ClientId, message::Post,
    password::Argon2Hasher, user::NewUser, wire::ServerFrame,
};
use rony_storage::SystemClock;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = rony_storage::open(&format!("sqlite:{}", folder.path().join("chat.db").display())).await?;
    let rony = Rony::builder(store, Arc::new(SystemClock), Arc::new(Argon2Hasher::new()?)).build();

    // Everybody is in the conversation "General" from the start. Bob hears what happens there from now on.
    let (ann, bob) = (person(&rony, "ann").await?, person(&rony, "bob").await?);
    let mut ears = rony.streams().connect(&bob, None, 1).await?.frames;
    say(&rony, &ann, "Lunch at noon?").await?;
    println!("Ann: {}", hear(&mut ears).await?);
    say(&rony, &bob, "With pleasure.").await?;
    println!("Bob: {}", hear(&mut ears).await?);
    Ok(())
}

/// Makes an account, and acts as this person: your application has made sure that it is them.
async fn person(rony: &Rony, username: &str) -> Result<Actor> {
    let new = NewUser::named(username.parse()?);
    let user = rony.users().create(&Actor::trusted(Trusted::System), new).await?;
    Ok(Actor::trusted(Trusted::User(user.id, user.role)))
}

async fn say(rony: &Rony, who: &Actor, text: &str) -> Result<()> {
    let client_id = ClientId(uuid::Uuid::new_v4());
    let post =
        Post { client_id, text: text.to_owned(), reply_to: None, thread_id: None, attachments: Vec::new() };
    rony.messages().post(who, GENERAL, post).await?;
    Ok(())
}

/// The text of the next message that arrives; what else happens is passed over.
async fn hear(ears: &mut Frames) -> Result<String> {
    loop {
        let mut frames = Vec::new();
        ears.next(&mut frames, 1).await;
        if let ServerFrame::Event { event, .. } =
            serde_json::from_slice(frames.first().context("nothing more will come")?)?
            && let Some(message) = event.message
        {
            return Ok(message.text);
        }
    }
}
