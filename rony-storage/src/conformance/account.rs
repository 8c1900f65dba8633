//! Facts about how accounts come to be, and how their owners get back in.

use std::{net::IpAddr, sync::Arc, time::Duration};

use rony_core::{
    Result, Rony, Settings,
    account::{ChangePassword, NewAdministrator, NewPassword, Register},
    actor::Actor,
    audit::Filter,
    conversation::GENERAL,
    page::Limit,
    permission::ServerRole,
    secret::{Secret, Token, TokenKind},
    session::{Caller, SignIn, SignedIn},
    user::{AccountChange, NewUser, User},
    username::UsernameKey,
};

use super::{Person, SYSTEM, World, facts, world::PlainHasher};

pub(super) const PASSWORD: &str = "correct horse";
const OTHER: &str = "battery staple";

/// Somewhere on the network.
fn address() -> Option<IpAddr> {
    Some("192.0.2.7".parse().unwrap())
}

/// A token as its link carries it.
pub(super) fn link(token: &Token) -> Secret {
    Secret::from(token.reveal())
}

/// A wish for an account.
pub(super) fn register(username: &str, invite: Option<Secret>) -> Register {
    Register { username: username.parse().unwrap(), password: PASSWORD.into(), display_name: None, invite }
}

impl World {
    async fn setup_link(&self) -> Option<Token> {
        self.rony.accounts().setup_link(&SYSTEM).await.unwrap()
    }

    async fn set_up(&self, token: &Token, username: &str) -> Result<User> {
        let (username, display_name) = (username.parse().unwrap(), None);
        let new = NewAdministrator { token: link(token), username, password: PASSWORD.into(), display_name };
        self.rony.accounts().set_up(new, address()).await
    }

    /// Somebody with [`PASSWORD`].
    pub(super) async fn person_with_password(&self, username: &str) -> User {
        let username = username.parse().unwrap();
        let new = NewUser { password: Some(PASSWORD.into()), ..NewUser::named(username) };
        self.rony.users().create(&SYSTEM, new).await.unwrap()
    }

    pub(super) async fn sign_in_with(&self, username: &str, password: &str) -> Result<SignedIn> {
        let sign_in = SignIn { username: username.to_owned(), password: password.into(), device_name: None };
        self.rony.sessions().sign_in(sign_in, Caller::default()).await
    }

    /// Who acts with this token now.
    pub(super) async fn recognised(&self, token: &Token) -> Result<Actor> {
        self.rony.sessions().authenticate(&token.reveal(), Caller::default()).await
    }

    async fn reset(&self, token: &Token, password: &str) -> Result<User> {
        let new = NewPassword { token: link(token), password: password.into() };
        self.rony.accounts().reset_password(new, address()).await
    }

    async fn change_password(&self, actor: &Actor, old: &str, new: &str) -> Result<()> {
        let change = ChangePassword { old_password: old.into(), new_password: new.into() };
        self.rony.accounts().change_password(actor, change).await
    }

    /// The actions in the audit log, in alphabetical order: the clock stands still.
    pub(super) async fn actions(&self) -> Vec<String> {
        let page = self.rony.audit().list(&SYSTEM, &Filter::default(), Limit::MAX, None).await.unwrap();
        let mut actions: Vec<_> = page.items.iter().map(|entry| entry.action.to_string()).collect();
        actions.sort();
        actions
    }

    /// The same installation, where anybody may make an account.
    fn open(&self) -> Rony {
        let mut settings = Settings::default();
        settings.open_registration = true;
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        Rony::builder(store, clock, Arc::new(PlainHasher)).settings(settings).build()
    }
}

facts! {
    async fn the_setup_link_makes_the_administrator_once(world: World) {
        let token = world.setup_link().await.expect("there is no administrator");
        let root = world.set_up(&token, "root").await.unwrap();
        assert_eq!(root.role, ServerRole::Administrator);
        let signed_in = world.sign_in_with("root", PASSWORD).await.unwrap();
        let actor = world.recognised(&signed_in.token).await.unwrap();
        let general = world.rony.conversations().get(&actor, GENERAL).await.unwrap();
        assert_eq!(general.member_count, 1);
        assert_eq!(world.set_up(&token, "ben").await.unwrap_err().code(), "setup_done");
        assert!(world.setup_link().await.is_none());
        assert_eq!(world.actions().await, ["session.created", "setup.done"]);
    }

    async fn of_two_who_follow_the_setup_link_at_once_one_becomes_administrator(world: World) {
        let token = world.setup_link().await.unwrap();
        let (ann, ben) = tokio::join!(world.set_up(&token, "ann"), world.set_up(&token, "ben"));
        assert!(ann.is_ok() != ben.is_ok());
        assert_eq!(ann.and(ben).unwrap_err().code(), "setup_done");
    }

    async fn a_later_start_replaces_the_setup_link(world: World) {
        let (first, second) = (world.setup_link().await.unwrap(), world.setup_link().await.unwrap());
        assert_eq!(world.set_up(&first, "root").await.unwrap_err().code(), "setup_done");
        world.set_up(&second, "root").await.unwrap();
    }

    async fn an_administrator_who_was_made_otherwise_ends_the_setup_link(world: World) {
        let token = world.setup_link().await.unwrap();
        world.administrator("root").await;
        assert_eq!(world.set_up(&token, "ann").await.unwrap_err().code(), "setup_done");
        assert!(world.setup_link().await.is_none());
    }

    async fn a_setup_that_fails_leaves_the_link_good(world: World) {
        world.person("ann").await;
        let token = world.setup_link().await.unwrap();
        assert_eq!(world.set_up(&token, "Ann").await.unwrap_err().code(), "username_taken");
        world.set_up(&token, "root").await.unwrap();
    }

    async fn another_kind_of_token_opens_no_setup(world: World) {
        world.setup_link().await.unwrap();
        let reset = Token::generate(TokenKind::Reset).unwrap();
        assert_eq!(world.set_up(&reset, "root").await.unwrap_err().code(), "setup_done");
    }

    async fn without_an_invite_registration_is_closed_unless_it_was_opened(world: World) {
        let closed = world.rony.accounts().register(register("ann", None), address()).await.unwrap_err();
        assert_eq!(closed.code(), "registration_closed");
        let open = world.open();
        let ann = open.accounts().register(register("ann", None), address()).await.unwrap();
        assert_eq!((ann.role, ann.bot), (ServerRole::Member, false));
        world.sign_in_with("ann", PASSWORD).await.unwrap();
        let taken = open.accounts().register(register("ANN", None), address()).await.unwrap_err();
        assert_eq!(taken.code(), "username_taken");
    }

    async fn one_address_makes_so_many_accounts_and_no_more(world: World) {
        let open = world.open();
        for n in 0..30 {
            open.accounts().register(register(&format!("u{n}"), None), address()).await.unwrap();
        }
        let more = open.accounts().register(register("more", None), address()).await.unwrap_err();
        assert_eq!(more.code(), "rate_limited");
        let elsewhere = Some("192.0.2.8".parse().unwrap());
        open.accounts().register(register("elsewhere", None), elsewhere).await.unwrap();
        world.clock.advance(Duration::from_secs(120));
        open.accounts().register(register("later", None), address()).await.unwrap();
    }

    async fn who_follows_too_many_wrong_links_has_to_wait(world: World) {
        let (right, wrong) = (world.setup_link().await.unwrap(), Token::generate(TokenKind::Setup).unwrap());
        for n in 0..50 {
            assert_eq!(world.set_up(&wrong, &format!("u{n}")).await.unwrap_err().code(), "setup_done");
        }
        assert_eq!(world.set_up(&right, "root").await.unwrap_err().code(), "rate_limited");
        world.clock.advance(Duration::from_secs(18));
        world.set_up(&right, "root").await.unwrap();
    }

    async fn a_reset_link_sets_the_password_once_and_signs_out_everywhere(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person_with_password("ann").await);
        let signed_in = world.sign_in_with("ann", PASSWORD).await.unwrap();
        let made = world.rony.accounts().reset_link(&root.actor, ann.id).await.unwrap();
        assert_eq!(world.reset(&made.token, OTHER).await.unwrap().id, ann.id);
        assert_eq!(world.recognised(&signed_in.token).await.unwrap_err().code(), "session_ended");
        assert!(world.sign_in_with("ann", PASSWORD).await.is_err());
        world.sign_in_with("ann", OTHER).await.unwrap();
        assert_eq!(world.reset(&made.token, PASSWORD).await.unwrap_err().code(), "reset_used");
        let made = world.actions().await;
        assert!(made.iter().any(|action| action == "user.reset_link_made"));
        assert!(made.iter().any(|action| action == "user.password_reset"));
    }

    async fn a_password_that_is_none_leaves_the_reset_link_good(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("annabelle").await);
        let made = world.rony.accounts().reset_link(&root.actor, ann.id).await.unwrap();
        for password in ["short", "annabelle", "password"] {
            assert_eq!(world.reset(&made.token, password).await.unwrap_err().code(), "invalid");
        }
        world.reset(&made.token, PASSWORD).await.unwrap();
    }

    async fn of_two_who_follow_a_reset_link_at_once_one_sets_the_password(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        let made = world.rony.accounts().reset_link(&root.actor, ann.id).await.unwrap();
        let (one, two) = tokio::join!(world.reset(&made.token, PASSWORD), world.reset(&made.token, OTHER));
        assert!(one.is_ok() != two.is_ok());
        let (set, lost) = if one.is_ok() { (PASSWORD, two) } else { (OTHER, one) };
        assert_eq!(lost.unwrap_err().code(), "reset_used");
        world.sign_in_with("ann", set).await.unwrap();
    }

    async fn a_reset_link_ends_with_a_newer_one_with_time_and_with_a_new_password(world: World) {
        let root = world.administrator("root").await;
        let ann = world.person_with_password("ann").await;
        let link = async || world.rony.accounts().reset_link(&root.actor, ann.id).await.unwrap().token;
        let (older, newer) = (link().await, link().await);
        assert_eq!(world.reset(&older, OTHER).await.unwrap_err().code(), "reset_used");
        world.clock.advance(Duration::from_secs(24 * 60 * 60));
        assert_eq!(world.reset(&newer, OTHER).await.unwrap_err().code(), "reset_used");
        let last = link().await;
        let actor = world.recognised(&world.sign_in_with("ann", PASSWORD).await.unwrap().token).await.unwrap();
        world.change_password(&actor, PASSWORD, OTHER).await.unwrap();
        assert_eq!(world.reset(&last, PASSWORD).await.unwrap_err().code(), "reset_used");
    }

    async fn bots_and_deactivated_accounts_get_no_reset_link(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        let accounts = world.rony.accounts();
        let made = accounts.reset_link(&root.actor, ann.id).await.unwrap();
        let off = AccountChange { deactivated: Some(true), role: None };
        world.rony.users().administer(&root.actor, ann.id, off).await.unwrap();
        assert_eq!(world.reset(&made.token, PASSWORD).await.unwrap_err().code(), "account_deactivated");
        assert_eq!(accounts.reset_link(&root.actor, ann.id).await.unwrap_err().code(), "account_deactivated");
        let bot = NewUser { bot: true, ..NewUser::named("echo".parse().unwrap()) };
        let bot = world.rony.users().create(&SYSTEM, bot).await.unwrap();
        assert_eq!(accounts.reset_link(&root.actor, bot.id).await.unwrap_err().code(), "bot_without_password");
    }

    async fn only_administrators_make_reset_links(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let refused = world.rony.accounts().reset_link(&ann.actor, ben.id).await.unwrap_err();
        assert_eq!(refused.code(), "administrators_only");
        assert_eq!(world.rony.accounts().setup_link(&ann.actor).await.unwrap_err().code(), "administrators_only");
    }

    async fn a_new_password_signs_the_other_devices_out(world: World) {
        world.person_with_password("ann").await;
        let here = world.sign_in_with("ann", PASSWORD).await.unwrap().token;
        let there = world.sign_in_with("ann", PASSWORD).await.unwrap().token;
        let actor = world.recognised(&here).await.unwrap();
        world.change_password(&actor, PASSWORD, OTHER).await.unwrap();
        world.recognised(&here).await.unwrap();
        assert_eq!(world.recognised(&there).await.unwrap_err().code(), "session_ended");
        assert!(world.sign_in_with("ann", PASSWORD).await.is_err());
        world.sign_in_with("ann", OTHER).await.unwrap();
    }

    async fn who_does_not_know_the_password_cannot_change_it_and_cannot_guess_for_long(world: World) {
        world.person_with_password("ann").await;
        let actor = world.recognised(&world.sign_in_with("ann", PASSWORD).await.unwrap().token).await.unwrap();
        assert_eq!(world.change_password(&actor, PASSWORD, "short").await.unwrap_err().code(), "invalid");
        for _ in 0..10 {
            assert_eq!(world.change_password(&actor, "a guess or two", OTHER).await.unwrap_err().code(), "invalid");
        }
        let limited = world.change_password(&actor, PASSWORD, OTHER).await.unwrap_err();
        assert_eq!(limited.code(), "rate_limited");
        assert!(world.store.credentials(&UsernameKey::of("ann")).await.unwrap().is_some());
    }

    async fn who_has_no_password_cannot_change_it(world: World) {
        let Person { actor, .. } = world.person("ann").await;
        assert_eq!(world.change_password(&actor, PASSWORD, OTHER).await.unwrap_err().code(), "invalid");
    }
}
