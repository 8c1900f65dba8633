//! Facts about users.

use std::time::Duration;

use rony_core::{
    Error,
    page::Limit,
    stream::StreamId,
    time::Clock,
    user::{FindUsers, LastSeenPrivacy, NewUser, PictureKind, ProfileChange},
    username::{DisplayName, Username, UsernameKey},
};

use super::{Person, SYSTEM, World, facts};

fn name(text: &str) -> Username {
    text.parse().unwrap()
}

/// The smallest picture that is taken for one.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01";

impl World {
    /// The types of the events in the directory and in a person's own stream, from the first to the last, without those
    /// about the conversations that they are in.
    async fn told(&self, person: &Person) -> (Vec<String>, Vec<String>) {
        (self.types(person, StreamId::DIRECTORY).await, self.types(person, person.id.into()).await)
    }

    async fn types(&self, reader: &Person, stream: StreamId) -> Vec<String> {
        let parts = self.store.parts(reader.id, &[(stream, 0)], 1_000, 1_000).await.unwrap();
        let event = |event: &str| serde_json::from_str::<serde_json::Value>(event).unwrap();
        let events = parts.iter().flat_map(|part| &part.events);
        let types = events.map(|text| event(text)["type"].as_str().unwrap().to_owned());
        types.filter(|kind| !kind.starts_with("member.")).collect()
    }

    async fn names(&self, reader: &Person, query: &str) -> Vec<String> {
        let find = FindUsers { query: query.to_owned(), deactivated: false };
        let page = self.rony.users().find(&reader.actor, &find, Limit::MAX, None).await.unwrap();
        page.items.iter().map(|user| user.username.to_string()).collect()
    }
}

facts! {
    async fn an_account_is_there_as_it_was_made(world: World) {
        let ann = world.person("Ann").await;
        let user = world.rony.users().get(&ann.actor, ann.id).await.unwrap();
        assert_eq!((user.username.as_str(), user.display_name.as_str()), ("Ann", "Ann"));
        let found = world.store.users_by_name(&[UsernameKey::of("ann"), UsernameKey::of("ben")]).await.unwrap();
        assert_eq!(found, [(UsernameKey::of("ann"), ann.id)]);
    }

    async fn a_username_in_another_letter_case_is_taken(world: World) {
        world.person("Ann").await;
        let error = world.rony.users().create(&SYSTEM, NewUser::named(name("aNN"))).await.unwrap_err();
        assert_eq!(error.code(), "username_taken");
        let heads = world.store.heads(&[StreamId::DIRECTORY]).await.unwrap();
        assert_eq!(heads[0].head, 1, "the second account left nothing behind");
    }

    async fn of_two_who_want_a_name_at_once_one_gets_it(world: World) {
        let users = world.rony.users();
        let (one, two) = tokio::join!(
            users.create(&SYSTEM, NewUser::named(name("ann"))),
            users.create(&SYSTEM, NewUser::named(name("ANN"))),
        );
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(one.and(two).unwrap_err().code(), "username_taken");
    }

    async fn only_administrators_make_accounts(world: World) {
        let ann = world.person("ann").await;
        let error = world.rony.users().create(&ann.actor, NewUser::named(name("ben"))).await.unwrap_err();
        assert_eq!(error.code(), "administrators_only");
    }

    async fn a_bot_has_no_password(world: World) {
        let new = NewUser { bot: true, password: Some("correct horse".into()), ..NewUser::named(name("echo")) };
        assert_eq!(world.rony.users().create(&SYSTEM, new).await.unwrap_err().code(), "invalid");
        let bot = world.rony.users().create(&SYSTEM, NewUser { bot: true, ..NewUser::named(name("echo")) }).await.unwrap();
        assert!(bot.bot);
        let credentials = world.store.credentials(&bot.username.key()).await.unwrap().unwrap();
        assert_eq!((credentials.id, credentials.password_hash), (bot.id, None));
    }

    async fn a_profile_changes_where_it_was_changed_and_nowhere_else(world: World) {
        let ann = world.person("ann").await;
        let change = ProfileChange {
            display_name: Some(DisplayName::parse("Ann Lee").unwrap()),
            phone: Some("+420 123".to_owned()),
            time_zone: Some("Europe/Prague".to_owned()),
            last_seen_privacy: Some(LastSeenPrivacy::Nobody),
            ..ProfileChange::default()
        };
        let changed = world.rony.profiles().change(&ann.actor, change).await.unwrap();
        assert_eq!(world.rony.profiles().get(&ann.actor).await.unwrap(), changed);
        assert_eq!(changed.last_seen_privacy, LastSeenPrivacy::Nobody);
        let user = world.rony.users().get(&ann.actor, ann.id).await.unwrap();
        assert_eq!(user, changed.user);
        assert_eq!((user.display_name.as_str(), user.phone.as_str(), user.title.as_str()), ("Ann Lee", "+420 123", ""));
    }

    async fn the_directory_learns_what_others_see_by_a_name_and_nothing_else(world: World) {
        let ann = world.person("ann").await;
        let title = ProfileChange { title: Some("Cook".to_owned()), ..ProfileChange::default() };
        world.rony.profiles().change(&ann.actor, title.clone()).await.unwrap();
        let phone = ProfileChange { phone: Some("+420 123".to_owned()), ..ProfileChange::default() };
        world.rony.profiles().change(&ann.actor, phone).await.unwrap();
        world.rony.profiles().change(&ann.actor, title).await.unwrap();
        let (directory, own) = world.told(&ann).await;
        assert_eq!(directory, ["user.created", "user.changed"]);
        assert_eq!(own, ["profile.changed", "profile.changed"], "and the third change changed nothing");
    }

    async fn a_status_text_is_gone_when_its_end_has_come(world: World) {
        let ann = world.person("ann").await;
        let until = world.clock.now().plus(Duration::from_secs(60));
        let change = ProfileChange {
            status_text: Some("Out for lunch".to_owned()),
            status_until: Some(Some(until)),
            ..ProfileChange::default()
        };
        let profile = world.rony.profiles().change(&ann.actor, change).await.unwrap();
        assert_eq!((profile.user.status_text.as_str(), profile.user.status_until), ("Out for lunch", Some(until)));
        world.clock.advance(Duration::from_secs(60));
        let user = world.rony.users().get(&ann.actor, ann.id).await.unwrap();
        assert_eq!((user.status_text.as_str(), user.status_until), ("", None));
    }

    async fn a_picture_comes_back_as_it_was_under_a_version_of_its_own(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let profiles = world.rony.profiles();
        let first = profiles.set_avatar(&ann.actor, PNG.to_vec()).await.unwrap();
        let second = profiles.set_avatar(&ann.actor, [PNG, b"x"].concat()).await.unwrap();
        assert!(second.user.avatar > first.user.avatar);
        let avatar = profiles.avatar(&ben.actor, ann.id).await.unwrap();
        assert_eq!((Some(avatar.version), avatar.picture.kind), (second.user.avatar, PictureKind::Png));
        assert_eq!(avatar.picture.bytes, [PNG, b"x"].concat());
        assert!(matches!(profiles.avatar(&ann.actor, ben.id).await, Err(Error::NotFound("picture"))));
        assert_eq!(world.told(&ann).await.0, ["user.created", "user.created", "user.changed", "user.changed"]);
    }

    async fn a_picture_that_was_taken_away_is_gone(world: World) {
        let ann = world.person("ann").await;
        let profiles = world.rony.profiles();
        let before = profiles.set_avatar(&ann.actor, PNG.to_vec()).await.unwrap();
        assert_eq!(profiles.remove_avatar(&ann.actor).await.unwrap().user.avatar, None);
        assert!(profiles.avatar(&ann.actor, ann.id).await.is_err());
        world.clock.advance(Duration::from_millis(1));
        let after = profiles.set_avatar(&ann.actor, PNG.to_vec()).await.unwrap();
        assert_ne!(after.user.avatar, before.user.avatar, "what a browser has kept is not shown again");
    }

    async fn people_are_found_by_the_beginnings_of_their_names(world: World) {
        let (ann, joe, ben) = (world.person("ann").await, world.person("joe").await, world.person("ben").await);
        for (person, name) in [(&joe, "Joe Anders"), (&ben, "100% Ben_")] {
            let display_name = Some(DisplayName::parse(name).unwrap());
            let change = ProfileChange { display_name, ..ProfileChange::default() };
            world.rony.profiles().change(&person.actor, change).await.unwrap();
        }
        assert_eq!(world.names(&ann, "").await, ["ben", "ann", "joe"], "in the order of the display names");
        assert_eq!(world.names(&ann, "AN").await, ["ann", "joe"]);
        assert_eq!(world.names(&ann, "joe and").await, ["joe"]);
        assert_eq!(world.names(&ann, "100%").await, ["ben"]);
        assert_eq!(world.names(&ann, "1_0").await, Vec::<String>::new());
        assert_eq!(world.names(&ann, "ders").await, Vec::<String>::new());
    }

    async fn the_list_of_people_comes_in_pages_without_repeating_anybody(world: World) {
        for name in ["ann", "ben", "cem", "dan", "eve"] {
            world.person(name).await;
        }
        let reader = world.person("zoe").await;
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = world.rony.users().find(&reader.actor, &FindUsers::default(), limit, cursor.as_ref()).await;
            let page = page.unwrap();
            seen.extend(page.items.iter().map(|user| user.username.to_string()));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["ann", "ben", "cem", "dan", "eve", "zoe"]);
    }

    async fn only_administrators_look_for_deactivated_accounts(world: World) {
        let (ann, root) = (world.person("ann").await, world.administrator("root").await);
        let find = FindUsers { deactivated: true, ..FindUsers::default() };
        let refused = world.rony.users().find(&ann.actor, &find, Limit::MAX, None).await.unwrap_err();
        assert_eq!(refused.code(), "administrators_only");
        assert_eq!(world.rony.users().find(&root.actor, &find, Limit::MAX, None).await.unwrap().items.len(), 2);
    }
}
