//! Facts about the one character that PostgreSQL keeps in no text: wherever it is typed, it is refused or finds nothing,
//! and is nobody's fault but the typist's.

use rony_core::{
    Error, Result,
    audit::Filter,
    contact::{AddContact, ContactChanges},
    conversation::{ConversationChange, NewConversation},
    page::{Cursor, Limit},
    search::SearchRequest,
    secret::Secret,
    session::{Caller, SignIn},
    user::{FindUsers, ProfileChange},
};

use super::{SYSTEM, World, facts};

const NUL: &str = "a\0b";

#[track_caller]
fn assert_answered<T>(answer: Result<T>) {
    let code = answer.err().map_or("found", |error: Error| error.code());
    assert!(!["internal", "unavailable"].contains(&code), "{code}");
}

fn nul() -> Option<String> {
    Some(NUL.to_owned())
}

facts! {
    async fn nul_is_found_nowhere(world: World) {
        let ann = world.person("ann").await;
        let rony = &world.rony;
        let users = FindUsers { query: NUL.to_owned(), ..FindUsers::default() };
        assert_answered(rony.users().find(&ann.actor, &users, Limit::MAX, None).await);
        let made_up = Cursor::encode("users", &(NUL, ann.id));
        let page = rony.users().find(&ann.actor, &FindUsers::default(), Limit::MAX, Some(&made_up)).await;
        assert_eq!(page.unwrap_err().code(), "invalid");
        assert_answered(rony.conversations().browse(&ann.actor, NUL, Limit::MAX, None).await);
        let search = SearchRequest { query: NUL.to_owned(), ..SearchRequest::default() };
        assert_answered(rony.search().search(&ann.actor, search).await);
        let audit = Filter { action: nul(), ..Filter::default() };
        assert_answered(rony.audit().list(&SYSTEM, &audit, Limit::MAX, None).await);
        let named = AddContact { username: nul(), ..AddContact::default() };
        assert_answered(rony.contacts().add(&ann.actor, named).await);
        assert_answered(rony.invites().preview(&Secret::from(NUL), None).await);
        let sign_in = SignIn { username: NUL.to_owned(), password: NUL.into(), device_name: None };
        assert_answered(rony.sessions().sign_in(sign_in, Caller::default()).await);
        assert_answered(rony.sessions().authenticate(NUL, Caller::default()).await);
    }

    async fn nul_is_kept_nowhere(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (rony, place) = (&world.rony, world.group(&[&ann, &ben]).await);
        let message = world.say(&ann, place, "hi").await;
        let refused = |answer: Result<()>| assert_eq!(answer.unwrap_err().code(), "invalid");
        refused(rony.reactions().add(&ann.actor, place, message.id, NUL.to_owned()).await.map(drop));
        refused(rony.messages().edit(&ann.actor, place, message.id, NUL.to_owned()).await.map(drop));
        for change in [
            ContactChanges { nickname: nul(), ..ContactChanges::default() },
            ContactChanges { note: nul(), ..ContactChanges::default() },
            ContactChanges { groups: Some(vec![NUL.to_owned()]), ..ContactChanges::default() },
        ] {
            refused(rony.contacts().change(&ann.actor, ben.id, change).await.map(drop));
        }
        for change in [
            ConversationChange { title: nul(), ..ConversationChange::default() },
            ConversationChange { topic: nul(), ..ConversationChange::default() },
            ConversationChange { icon: nul(), ..ConversationChange::default() },
        ] {
            refused(rony.conversations().change(&ann.actor, place, change).await.map(drop));
        }
        let titled = NewConversation { title: NUL.to_owned(), ..NewConversation::group(world.client_id(), Vec::new()) };
        refused(rony.conversations().create(&ann.actor, titled).await.map(drop));
        for change in [
            ProfileChange { title: nul(), ..ProfileChange::default() },
            ProfileChange { phone: nul(), ..ProfileChange::default() },
            ProfileChange { email: nul(), ..ProfileChange::default() },
            ProfileChange { time_zone: nul(), ..ProfileChange::default() },
            ProfileChange { about: nul(), ..ProfileChange::default() },
        ] {
            refused(rony.profiles().change(&ann.actor, change).await.map(drop));
        }
        // What a program says that it is is not chosen by a person: it is kept without.
        let caller = Caller { user_agent: NUL, ..Caller::default() };
        let device = rony.sessions().create_for(&SYSTEM, &[ann.id], "phone").await.unwrap();
        assert_answered(rony.sessions().authenticate(&device[0].reveal(), caller).await);
    }
}
