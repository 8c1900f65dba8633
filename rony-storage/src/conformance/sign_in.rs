//! Facts about signing in.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use rony_core::{
    Error, Result, Rony,
    audit::{Entry, Filter},
    id::{SessionId, UserId},
    page::Limit,
    password::{HashError, PasswordHasher},
    permission::ServerRole,
    secret::{Secret, Token, TokenKind},
    session::{Caller, Kept, Kind, NewSession, SignIn, SignedIn, Welcome},
    time::{Clock, Timestamp},
    user::{AccountChange, Admission, NewAccount},
    username::{DisplayName, Username},
};

use super::{SYSTEM, World, facts};

const PASSWORD: &str = "correct horse";
const MINUTE: Duration = Duration::from_secs(60);

impl World {
    /// An account with [`PASSWORD`], kept as this hash.
    async fn account_with(&self, username: &str, hash: &str) -> UserId {
        let (username, at): (Username, _) = (username.parse().unwrap(), self.clock.now());
        let account = NewAccount {
            id: UserId::new(at),
            at,
            display_name: DisplayName::from(&username),
            username,
            password_hash: Some(hash.to_owned()),
            role: ServerRole::Member,
            bot: false,
            admission: Admission::Granted,
            entry: Entry::new(at, "test"),
        };
        self.store.create(account).await.unwrap().id
    }

    async fn known_person(&self, username: &str) -> UserId {
        self.account_with(username, &format!("plain:{PASSWORD}")).await
    }

    async fn try_with(&self, username: &str, password: &str, address: &str) -> Result<SignedIn> {
        sign_in(&self.rony, username, password, address).await
    }

    /// The actions of all audit entries about sessions, the oldest first.
    async fn audited(&self) -> Vec<String> {
        let page = self.rony.audit().list(&SYSTEM, &Filter::default(), Limit::MAX, None).await.unwrap();
        let actions = page.items.into_iter().rev().map(|entry| entry.action.into_owned());
        actions.filter(|action| action.starts_with("session.")).collect()
    }
}

async fn sign_in(rony: &Rony, username: &str, password: &str, address: &str) -> Result<SignedIn> {
    let sign_in = SignIn {
        username: username.to_owned(),
        password: password.into(),
        device_name: Some("Desk".to_owned()),
    };
    let caller = Caller { address: Some(address.parse().unwrap()), user_agent: "Firefox" };
    rony.sessions().sign_in(sign_in, caller).await
}

fn wait(result: Result<SignedIn>) -> Duration {
    match result.expect_err("limited") {
        Error::RateLimited { retry_after } => retry_after,
        other => panic!("{other}"),
    }
}

/// Hashes nothing, and has no time either.
struct Busy;

#[async_trait]
impl PasswordHasher for Busy {
    async fn hash(&self, _: Secret) -> Result<String, HashError> {
        Err(HashError::Busy)
    }

    async fn verify(&self, _: Secret, _: Option<&str>) -> Result<bool, HashError> {
        Err(HashError::Busy)
    }

    fn needs_rehash(&self, _: &str) -> bool {
        false
    }
}

facts! {
    async fn a_right_password_opens_a_session(world: World) {
        let ann = world.known_person("ann").await;
        let signed_in = world.try_with("ANN", PASSWORD, "192.0.2.1").await.unwrap();
        assert_eq!(signed_in.user.id, ann);
        assert_eq!(signed_in.session.device_name.as_deref(), Some("Desk"));
        assert_eq!(signed_in.session.address.as_deref(), Some("192.0.2.1"));
        let token = signed_in.token.reveal();
        let actor = world.rony.sessions().authenticate(&token, Caller::default()).await.unwrap();
        assert_eq!((actor.id(), actor.session()), (Some(ann), Some(signed_in.session.id)));
        assert_eq!(actor.signed_in_person().unwrap(), ann);
        assert_eq!(world.audited().await, ["session.created"]);
    }

    async fn unknown_names_and_wrong_passwords_are_answered_alike(world: World) {
        world.known_person("ann").await;
        world.person("nopassword").await;
        let endless = "x".repeat(1 << 20);
        let mut answers = HashSet::new();
        for (name, password) in [
            ("ann", "wrong horse"), ("ann", ""), ("ann", &endless), ("nobody", PASSWORD), ("", ""),
            (&endless, &endless), ("nopassword", PASSWORD), ("ann\0", PASSWORD),
        ] {
            let error = world.try_with(name, password, "192.0.2.1").await.unwrap_err();
            assert!(matches!(error, Error::Unauthenticated { .. }), "{error}");
            answers.insert((error.code(), error.to_string()));
        }
        assert_eq!(answers.len(), 1);
        assert!(world.audited().await.iter().all(|action| action == "session.refused"));
    }

    async fn that_an_account_is_deactivated_is_told_to_who_knows_its_password(world: World) {
        let ann = world.known_person("ann").await;
        let change = AccountChange { deactivated: Some(true), ..AccountChange::default() };
        world.rony.users().administer(&SYSTEM, ann, change).await.unwrap();
        let wrong = world.try_with("ann", "wrong horse", "192.0.2.1").await.unwrap_err();
        assert_eq!(wrong.code(), "credentials_wrong");
        let right = world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap_err();
        assert_eq!(right.code(), "account_deactivated");
    }

    async fn of_many_guesses_at_once_ten_are_looked_at(world: World) {
        world.known_person("ann").await;
        let addresses: Vec<_> = (1..=40).map(|n| format!("192.0.2.{n}")).collect();
        let (done, mut left) = (tokio::sync::mpsc::unbounded_channel(), addresses.len());
        for address in addresses {
            let (rony, done) = (world.rony.clone(), done.0.clone());
            tokio::spawn(async move {
                let _ = done.send(sign_in(&rony, "ann", "wrong horse", &address).await.unwrap_err());
            });
        }
        let (mut receiver, mut looked_at) = (done.1, 0);
        while left > 0 {
            let error = receiver.recv().await.unwrap();
            left -= 1;
            looked_at += usize::from(error.code() == "credentials_wrong");
            assert!(["credentials_wrong", "rate_limited"].contains(&error.code()), "{error}");
        }
        assert_eq!(looked_at, 10);
        let audited = world.audited().await;
        assert_eq!(audited.iter().filter(|action| *action == "session.refused").count(), 10);
        assert!(audited.contains(&"session.limited".to_owned()) && audited.len() <= 20);
    }

    async fn whoever_waits_as_told_may_try_again(world: World) {
        world.known_person("ann").await;
        for _ in 0..10 {
            world.try_with("ann", "wrong horse", "192.0.2.1").await.unwrap_err();
        }
        let retry_after = wait(world.try_with("Ann", PASSWORD, "192.0.2.2").await);
        assert!(retry_after <= 2 * MINUTE, "{retry_after:?}");
        world.clock.advance(retry_after - Duration::from_millis(1));
        wait(world.try_with("ann", PASSWORD, "192.0.2.1").await);
        world.clock.advance(Duration::from_millis(1));
        world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap();
    }

    async fn a_right_password_gives_the_tries_back(world: World) {
        world.known_person("ann").await;
        for _ in 0..12 {
            for _ in 0..4 {
                world.try_with("ann", "wrong horse", "192.0.2.1").await.unwrap_err();
            }
            world.try_with("ann", PASSWORD, "192.0.2.99").await.unwrap();
        }
    }

    async fn an_address_has_fifty_tries_whatever_the_names(world: World) {
        world.known_person("ann").await;
        for guess in 0..50 {
            let error = world.try_with(&format!("name{guess}"), PASSWORD, "2001:db8::1").await.unwrap_err();
            assert_eq!(error.code(), "credentials_wrong");
        }
        wait(world.try_with("ann", PASSWORD, "2001:db8::2").await);
        world.try_with("ann", PASSWORD, "2001:db8:1::1").await.unwrap();
    }

    async fn a_hundred_people_behind_one_address_sign_in_at_once(world: World) {
        let (done, mut results) = tokio::sync::mpsc::unbounded_channel();
        for n in 0..100 {
            world.known_person(&format!("person{n}")).await;
        }
        for n in 0..100 {
            let (rony, done) = (world.rony.clone(), done.clone());
            tokio::spawn(async move {
                let _ = done.send(sign_in(&rony, &format!("person{n}"), PASSWORD, "192.0.2.1").await.map(drop));
            });
        }
        for _ in 0..100 {
            results.recv().await.unwrap().unwrap();
        }
    }

    async fn strangers_lock_nobody_out_where_they_are_signed_in(world: World) {
        world.known_person("ann").await;
        world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap();
        for _ in 0..10 {
            world.try_with("ann", "wrong horse", "198.51.100.7").await.unwrap_err();
        }
        for guess in 0..50 {
            world.try_with(&format!("name{guess}"), PASSWORD, "192.0.2.1").await.unwrap_err();
        }
        wait(world.try_with("ann", PASSWORD, "198.51.100.7").await);
        wait(world.try_with("name0", PASSWORD, "192.0.2.1").await);
        world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap();
    }

    async fn a_clock_that_is_set_back_locks_nobody_out(world: World) {
        world.known_person("ann").await;
        for _ in 0..10 {
            world.try_with("ann", "wrong horse", "192.0.2.1").await.unwrap_err();
        }
        world.clock.set(world.clock.now().minus(5 * 24 * 60 * MINUTE));
        world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap();
    }

    async fn a_server_without_time_for_passwords_says_so_and_takes_no_try(world: World) {
        world.known_person("ann").await;
        let busy = Rony::builder(Arc::clone(&world.store), Arc::clone(&world.clock) as _, Arc::new(Busy)).build();
        for _ in 0..20 {
            let error = sign_in(&busy, "ann", PASSWORD, "192.0.2.1").await.unwrap_err();
            assert!(matches!(error, Error::Unavailable { .. }), "{error}");
        }
        world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap();
    }

    async fn a_hash_that_was_made_cheaply_is_renewed(world: World) {
        let ann = world.account_with("ann", &format!("old:{PASSWORD}")).await;
        let hash = async || {
            let credentials = world.store.credentials(&"ann".parse::<Username>().unwrap().key()).await.unwrap();
            credentials.unwrap().password_hash.unwrap()
        };
        world.try_with("ann", "wrong horse", "192.0.2.1").await.unwrap_err();
        assert_eq!(hash().await, format!("old:{PASSWORD}"));
        assert_eq!(world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap().user.id, ann);
        assert_eq!(hash().await, format!("plain:{PASSWORD}"));
        world.try_with("ann", PASSWORD, "192.0.2.1").await.unwrap();
    }

    async fn a_password_that_was_changed_meanwhile_opens_nothing(world: World) {
        let ann = world.known_person("ann").await;
        let (at, token) = (world.clock.now(), Token::generate(TokenKind::Session).unwrap());
        let session = device(ann, at);
        let welcome = Welcome {
            session: NewSession { session, token: token.hash() },
            proven: "plain:the password before".to_owned(),
            rehashed: None,
            charges: Vec::new(),
            entry: Entry::new(at, "session.created"),
        };
        assert!(!world.store.welcome(&welcome).await.unwrap());
        assert_eq!(world.store.opened_by(&token.hash()).await.unwrap(), None);
        assert_eq!(world.audited().await, [""; 0]);
        let welcome = Welcome { proven: format!("plain:{PASSWORD}"), ..welcome };
        assert!(world.store.welcome(&welcome).await.unwrap());
    }

    async fn what_is_typed_as_a_name_is_kept_nowhere(world: World) {
        world.try_with("my secret password", "ann", "192.0.2.1").await.unwrap_err();
        let page = world.rony.audit().list(&SYSTEM, &Filter::default(), Limit::MAX, None).await.unwrap();
        assert!(!serde_json::to_string(&page).unwrap().contains("secret"));
        assert_eq!(page.items[0].address, Some("192.0.2.1".parse().unwrap()));
    }
}

fn device(user_id: UserId, at: Timestamp) -> Kept {
    Kept {
        id: SessionId::new(at),
        user_id,
        kind: Kind::Device,
        name: "Desk".to_owned(),
        scopes: rony_core::actor::Scopes::ALL,
        address: String::new(),
        user_agent: String::new(),
        created_at: at,
        last_used_at: at,
        expires_at: None,
    }
}
