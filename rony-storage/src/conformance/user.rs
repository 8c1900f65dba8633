//! Facts about users.

use rony_core::{
    stream::StreamId,
    user::NewUser,
    username::{Username, UsernameKey},
};

use super::{SYSTEM, World, facts};

fn name(text: &str) -> Username {
    text.parse().unwrap()
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
}
