//! Facts about what administrators change about accounts.

use rony_core::{
    conversation::GENERAL,
    permission::{Role, ServerRole},
    session::NewToken,
    stream::StreamId,
    user::{AccountChange, User},
};

use super::{Person, SYSTEM, World, account::PASSWORD, facts};

const OFF: AccountChange = AccountChange { role: None, deactivated: Some(true) };
const ON: AccountChange = AccountChange { role: None, deactivated: Some(false) };
const DEMOTE: AccountChange = AccountChange { role: Some(ServerRole::Member), deactivated: None };
const PROMOTE: AccountChange = AccountChange { role: Some(ServerRole::Administrator), deactivated: None };

impl World {
    async fn administer(&self, by: &Person, whom: &Person, change: AccountChange) -> rony_core::Result<User> {
        self.rony.users().administer(&by.actor, whom.id, change).await
    }

    async fn role_in_general(&self, person: &Person) -> Option<Role> {
        self.rony.conversations().get(&person.actor, GENERAL).await.unwrap().role
    }
}

facts! {
    async fn a_deactivated_person_is_signed_out_everywhere_and_cannot_come_back(world: World) {
        let root = world.administrator("root").await;
        let user = world.person_with_password("ann").await;
        let signed_in = world.sign_in_with("ann", PASSWORD).await.unwrap();
        let actor = world.recognised(&signed_in.token).await.unwrap();
        let scopes = vec![rony_core::actor::Scope::Read];
        let token = NewToken { name: "script".to_owned(), scopes, expires_at: None };
        let token = world.rony.sessions().make_token(&actor, token).await.unwrap().token;
        let ann = Person { actor, id: user.id };
        let off = world.administer(&root, &ann, OFF).await.unwrap();
        assert_eq!(off.deactivated_at, Some(off.created_at), "the clock stands still");
        for token in [&signed_in.token, &token] {
            assert_eq!(world.recognised(token).await.unwrap_err().code(), "session_ended");
        }
        assert_eq!(world.sign_in_with("ann", PASSWORD).await.unwrap_err().code(), "account_deactivated");
    }

    async fn nothing_but_the_sessions_is_lost_when_an_account_is_switched_on_again(world: World) {
        let (root, ben) = (world.administrator("root").await, world.person("ben").await);
        let user = world.person_with_password("ann").await;
        let ann = Person {
            actor: world.recognised(&world.sign_in_with("ann", PASSWORD).await.unwrap().token).await.unwrap(),
            id: user.id,
        };
        let group = world.group(&[&ben, &ann]).await;
        world.administer(&root, &ann, OFF).await.unwrap();
        let on = world.administer(&root, &ann, ON).await.unwrap();
        assert_eq!(on, user);
        let again = world.sign_in_with("ann", PASSWORD).await.unwrap();
        let actor = world.recognised(&again.token).await.unwrap();
        let view = world.rony.conversations().get(&actor, group).await.unwrap();
        assert_eq!(view.role, Some(Role::Member));
    }

    async fn everybody_learns_who_is_switched_off_and_who_runs_the_server(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        world.administer(&root, &ann, PROMOTE).await.unwrap();
        world.administer(&root, &ann, PROMOTE).await.unwrap();
        world.administer(&root, &ann, OFF).await.unwrap();
        let directory = world.events(&root, StreamId::DIRECTORY).await;
        let changed: Vec<_> = directory.iter().filter(|event| event["type"] == "user.changed").collect();
        assert_eq!(changed.len(), 2, "nothing happened the second time");
        assert_eq!((&changed[0]["user"]["role"], &changed[0]["user"]["deactivated_at"]), (&"administrator".into(), &().into()));
        assert!(changed[1]["user"]["deactivated_at"].is_string());
        assert_eq!(world.own_events(&ann, "profile.").await.len(), 2);
        let recorded = ["user.created", "user.created", "user.deactivated", "user.role_changed"];
        assert_eq!(world.actions().await, recorded);
    }

    async fn administrators_own_general_for_as_long_as_they_are_that(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        assert_eq!(world.role_in_general(&ann).await, Some(Role::Member));
        world.administer(&root, &ann, PROMOTE).await.unwrap();
        assert_eq!(world.role_in_general(&ann).await, Some(Role::Owner));
        world.administer(&root, &ann, DEMOTE).await.unwrap();
        assert_eq!(world.role_in_general(&ann).await, Some(Role::Member));
        let told = world.own_events(&ann, "member.changed").await;
        assert_eq!(told.iter().map(|event| event["role"].clone()).collect::<Vec<_>>(), ["owner", "member"]);
    }

    async fn the_last_administrator_cannot_go(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        for change in [DEMOTE, OFF] {
            assert_eq!(world.administer(&root, &root, change).await.unwrap_err().code(), "last_administrator");
            let refused = world.rony.users().administer(&SYSTEM, root.id, change).await.unwrap_err();
            assert_eq!(refused.code(), "last_administrator");
        }
        world.administer(&root, &ann, PROMOTE).await.unwrap();
        world.administer(&root, &root, OFF).await.unwrap();
    }

    async fn of_two_last_administrators_who_step_down_at_once_one_stays(world: World) {
        let (ann, ben) = (world.administrator("ann").await, world.administrator("ben").await);
        let (one, two) = tokio::join!(world.administer(&ann, &ann, DEMOTE), world.administer(&ben, &ben, OFF));
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(one.and(two).unwrap_err().code(), "last_administrator");
    }

    async fn only_administrators_change_others_accounts(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        for change in [PROMOTE, OFF] {
            assert_eq!(world.administer(&ann, &ben, change).await.unwrap_err().code(), "administrators_only");
            assert_eq!(world.administer(&ann, &ann, change).await.unwrap_err().code(), "administrators_only");
        }
    }

    async fn an_account_that_is_not_there_cannot_be_changed(world: World) {
        let root = world.administrator("root").await;
        let nobody = Person { id: uuid::Uuid::nil().into(), ..root.clone() };
        assert_eq!(world.administer(&root, &nobody, OFF).await.unwrap_err().code(), "not_found");
    }
}
