//! Facts about sessions: devices, tokens, and what ends them.

use std::time::Duration;

use rony_core::{
    Rony,
    actor::{Actor, Scope},
    hub::{Close, Frames},
    id::{SessionId, UserId},
    page::Limit,
    secret::Token,
    session::{Caller, MOST_DEVICES, NewToken},
    time::{Clock, Timestamp},
    user::{AccountChange, NewUser},
    username::Username,
};

use super::{Person, SYSTEM, World, facts};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl World {
    /// Signs somebody in on one more device.
    async fn device_of(&self, person: &Person) -> (Token, Actor) {
        let tokens = self.rony.sessions().create_for(&SYSTEM, &[person.id], "Desk").await.expect("a session");
        let token = tokens.into_iter().next().expect("a token");
        let actor = self.authenticate(&token).await.expect("recognised");
        (token, actor)
    }

    async fn authenticate(&self, token: &Token) -> rony_core::Result<Actor> {
        self.rony.sessions().authenticate(&token.reveal(), Caller::default()).await
    }

    /// Why a token is refused.
    async fn refused(&self, token: &Token) -> &'static str {
        self.authenticate(token).await.expect_err("refused").code()
    }

    /// Switches an account off or on.
    async fn set_deactivated(&self, person: &Person, deactivated: bool) {
        let change = AccountChange { deactivated: Some(deactivated), ..AccountChange::default() };
        self.rony.users().administer(&SYSTEM, person.id, change).await.expect("changed");
    }

    async fn bot(&self, username: &str) -> UserId {
        let new = NewUser { bot: true, ..NewUser::named(username.parse().expect("a username")) };
        self.rony.users().create(&SYSTEM, new).await.expect("a bot").id
    }
}

fn socket(rony: &Rony, actor: &Actor) -> Frames {
    rony.hub().connect(actor.id().expect("a person"), actor.session()).1
}

fn session(actor: &Actor) -> SessionId {
    actor.session().expect("a session")
}

fn token_for(scopes: &[Scope], expires_at: Option<Timestamp>) -> NewToken {
    NewToken { name: "script".to_owned(), scopes: scopes.to_vec(), expires_at }
}

facts! {
    async fn a_device_that_is_not_used_for_a_month_is_signed_out(world: World) {
        let (token, _) = world.device_of(&world.person("ann").await).await;
        world.clock.advance(30 * DAY - Duration::from_millis(1));
        world.authenticate(&token).await.unwrap();
        world.clock.advance(30 * DAY - Duration::from_millis(1));
        world.authenticate(&token).await.unwrap();
        world.clock.advance(30 * DAY);
        assert_eq!(world.refused(&token).await, "session_ended");
    }

    async fn a_device_that_is_used_every_day_is_signed_out_after_its_lifetime(world: World) {
        let (token, _) = world.device_of(&world.person("ann").await).await;
        for _ in 0..179 {
            world.clock.advance(DAY);
            world.authenticate(&token).await.unwrap();
        }
        world.clock.advance(DAY);
        assert_eq!(world.refused(&token).await, "session_ended");
    }

    async fn what_has_expired_stays_so_when_the_clock_is_set_back(world: World) {
        let (token, _) = world.device_of(&world.person("ann").await).await;
        world.clock.advance(30 * DAY);
        assert_eq!(world.refused(&token).await, "session_ended");
        world.clock.set(world.clock.now().minus(10 * DAY));
        assert_eq!(world.refused(&token).await, "session_ended");
    }

    async fn a_clock_that_is_set_back_signs_nobody_out_and_gives_no_time(world: World) {
        let (token, actor) = world.device_of(&world.person("ann").await).await;
        let made = world.clock.now();
        world.clock.advance(DAY);
        world.authenticate(&token).await.unwrap();
        world.clock.set(made.minus(DAY));
        world.authenticate(&token).await.unwrap();
        let sessions = world.rony.sessions();
        let refreshed = sessions.refresh(&actor).await.unwrap();
        assert_eq!(refreshed.last_used_at, made.plus(DAY), "the last use did not go back");
        world.clock.set(made.plus(31 * DAY));
        assert_eq!(world.refused(&token).await, "session_ended");
    }

    async fn refreshing_begins_the_idle_time_anew(world: World) {
        let (token, actor) = world.device_of(&world.person("ann").await).await;
        world.clock.advance(MINUTE);
        let session = world.rony.sessions().refresh(&actor).await.unwrap();
        assert_eq!(session.idle_expires_at, world.clock.now().plus(30 * DAY));
        assert_eq!(session.expires_at, session.created_at.plus(180 * DAY));
        assert!(session.current);
        world.clock.advance(30 * DAY - MINUTE / 2);
        world.authenticate(&token).await.unwrap();
    }

    async fn a_use_is_written_down_now_and_then_with_where_it_came_from(world: World) {
        let (token, actor) = world.device_of(&world.person("ann").await).await;
        let caller = Caller { address: Some("192.0.2.1".parse().unwrap()), user_agent: "Firefox\n\0" };
        let (made, sessions) = (world.clock.now(), world.rony.sessions());
        let list = async || sessions.list(&actor, Limit::DEFAULT, None).await.unwrap().items.remove(0);
        world.clock.advance(MINUTE);
        sessions.authenticate(&token.reveal(), caller).await.unwrap();
        assert_eq!((list().await.last_used_at, list().await.address), (made, None));
        world.clock.advance(4 * MINUTE);
        sessions.authenticate(&token.reveal(), caller).await.unwrap();
        let used = list().await;
        assert_eq!((used.last_used_at, used.address.as_deref()), (made.plus(5 * MINUTE), Some("192.0.2.1")));
        assert_eq!(used.user_agent.as_deref(), Some("Firefox"));
    }

    async fn what_is_no_token_opens_nothing(world: World) {
        let (token, _) = world.device_of(&world.person("ann").await).await;
        let invite = Token::generate(rony_core::secret::TokenKind::Invite).unwrap();
        let cut_off = token.reveal()[..20].to_owned();
        for text in ["", "rony", "rony_s_\0", &cut_off, &invite.reveal(), &"x".repeat(1 << 20)] {
            let error = world.rony.sessions().authenticate(text, Caller::default()).await.unwrap_err();
            assert_eq!(error.code(), "token_malformed");
        }
        let another = Token::generate(rony_core::secret::TokenKind::Session).unwrap();
        assert_eq!(world.refused(&another).await, "session_ended");
    }

    async fn devices_are_listed_newest_first_in_pages(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        world.device_of(&ben).await;
        let mut made = Vec::new();
        for _ in 0..3 {
            world.clock.advance(MINUTE);
            made.insert(0, world.device_of(&ann).await.1);
        }
        let sessions = world.rony.sessions();
        let limit = Limit::new(2).unwrap();
        let first = sessions.list(&made[1], limit, None).await.unwrap();
        let rest = sessions.list(&made[1], limit, first.next.as_ref()).await.unwrap();
        assert_eq!(rest.next, None);
        let listed: Vec<_> = first.items.into_iter().chain(rest.items).collect();
        let ids: Vec<_> = listed.iter().map(|session| session.id).collect();
        assert_eq!(ids, made.iter().map(session).collect::<Vec<_>>());
        assert_eq!(listed.iter().map(|session| session.current).collect::<Vec<_>>(), [false, true, false]);
    }

    async fn a_device_is_signed_out_at_once_and_nobody_else_with_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (phone, desk) = (world.device_of(&ann).await, world.device_of(&ann).await);
        let other = world.device_of(&ben).await;
        let sockets = [&phone.1, &desk.1, &other.1].map(|actor| socket(&world.rony, actor));
        world.rony.sessions().sign_out(&desk.1, session(&phone.1)).await.unwrap();
        assert_eq!(world.refused(&phone.0).await, "session_ended");
        world.authenticate(&desk.0).await.unwrap();
        world.authenticate(&other.0).await.unwrap();
        assert_eq!(sockets.map(|socket| socket.link().closed()), [Some(Close::Revoked), None, None]);
        let again = world.rony.sessions().sign_out(&desk.1, session(&phone.1)).await.unwrap_err();
        assert_eq!(again.code(), "not_found");
    }

    async fn nobody_signs_out_somebody_else(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (phone, other) = (world.device_of(&ann).await, world.device_of(&ben).await);
        let error = world.rony.sessions().sign_out(&other.1, session(&phone.1)).await.unwrap_err();
        assert_eq!(error.code(), "not_found");
        world.authenticate(&phone.0).await.unwrap();
    }

    async fn all_others_are_signed_out_and_tokens_stay(world: World) {
        let ann = world.person("ann").await;
        let devices = [world.device_of(&ann).await, world.device_of(&ann).await, world.device_of(&ann).await];
        let sessions = world.rony.sessions();
        let made = sessions.make_token(&devices[0].1, token_for(&[Scope::Read], None)).await.unwrap();
        sessions.sign_out_others(&devices[1].1).await.unwrap();
        assert_eq!(world.refused(&devices[0].0).await, "session_ended");
        assert_eq!(world.refused(&devices[2].0).await, "session_ended");
        world.authenticate(&devices[1].0).await.unwrap();
        world.authenticate(&made.token).await.unwrap();
        sessions.sign_out_current(&devices[1].1).await.unwrap();
        assert_eq!(world.refused(&devices[1].0).await, "session_ended");
        world.authenticate(&made.token).await.unwrap();
    }

    async fn a_revocation_reaches_the_sockets_of_every_node_by_the_database(world: World) {
        let ann = world.person("ann").await;
        let (phone, desk) = (world.device_of(&ann).await, world.device_of(&ann).await);
        let other = world.another_node();
        let sockets = [&phone.1, &desk.1].map(|actor| socket(&other, actor));
        other.sessions().poll_revocations().await.unwrap();
        world.rony.sessions().sign_out(&desk.1, session(&phone.1)).await.unwrap();
        assert_eq!(sockets[0].link().closed(), None);
        other.sessions().poll_revocations().await.unwrap();
        assert_eq!(sockets.map(|socket| socket.link().closed()), [Some(Close::Revoked), None]);
    }

    async fn a_node_that_has_just_started_hears_of_earlier_revocations(world: World) {
        let (_, desk) = world.device_of(&world.person("ann").await).await;
        let other = world.another_node();
        let socket = socket(&other, &desk);
        world.rony.sessions().sign_out_current(&desk).await.unwrap();
        other.sessions().poll_revocations().await.unwrap();
        assert_eq!(socket.link().closed(), Some(Close::Revoked));
    }

    async fn a_socket_that_comes_just_after_the_revocation_is_refused(world: World) {
        let (_, desk) = world.device_of(&world.person("ann").await).await;
        world.rony.sessions().sign_out_current(&desk).await.unwrap();
        let refused = world.rony.streams().connect(&desk, None, 10).await.err().map(|error| error.code());
        assert_eq!(refused, Some("session_ended"));
        assert_eq!(world.rony.hub().people(), []);
    }

    async fn a_connected_device_is_in_use_until_its_lifetime_ends(world: World) {
        let (token, desk) = world.device_of(&world.person("ann").await).await;
        let socket = socket(&world.rony, &desk);
        let sessions = world.rony.sessions();
        for _ in 0..8 {
            world.clock.advance(20 * DAY);
            sessions.tend_connected().await.unwrap();
        }
        assert_eq!(socket.link().closed(), None);
        world.authenticate(&token).await.unwrap();
        world.clock.advance(20 * DAY);
        sessions.tend_connected().await.unwrap();
        assert_eq!(socket.link().closed(), Some(Close::Revoked));
        world.clock.set(world.clock.now().minus(DAY));
        assert_eq!(world.refused(&token).await, "session_ended");
    }

    async fn a_token_does_what_it_was_made_for_and_makes_no_others(world: World) {
        let (_, desk) = world.device_of(&world.person("ann").await).await;
        let sessions = world.rony.sessions();
        let made = sessions.make_token(&desk, token_for(&[Scope::Read, Scope::Write], None)).await.unwrap();
        assert!(made.token.reveal().starts_with("rony_p_"));
        let bot = world.authenticate(&made.token).await.unwrap();
        assert!(bot.user(Scope::Write).is_ok());
        assert_eq!(bot.user(Scope::Manage).unwrap_err().code(), "scope_missing");
        let wish = || token_for(&[Scope::Read], None);
        assert_eq!(sessions.make_token(&bot, wish()).await.unwrap_err().code(), "sign_in_needed");
        assert_eq!(sessions.tokens(&bot, Limit::DEFAULT, None).await.unwrap_err().code(), "sign_in_needed");
        assert_eq!(sessions.list(&bot, Limit::DEFAULT, None).await.unwrap_err().code(), "sign_in_needed");
        assert_eq!(sessions.sign_out_others(&bot).await.unwrap_err().code(), "sign_in_needed");
        assert_eq!(sessions.refresh(&bot).await.unwrap_err().code(), "sign_in_needed");
        let listed = sessions.tokens(&desk, Limit::DEFAULT, None).await.unwrap();
        assert_eq!(listed.items, std::slice::from_ref(&made.access));
        assert_eq!(sessions.list(&desk, Limit::DEFAULT, None).await.unwrap().items.len(), 1);
        assert_eq!(sessions.sign_out(&desk, made.access.id).await.unwrap_err().code(), "not_found");
        sessions.delete_token(&desk, made.access.id).await.unwrap();
        assert_eq!(world.refused(&made.token).await, "session_ended");
        assert_eq!(sessions.delete_token(&desk, made.access.id).await.unwrap_err().code(), "not_found");
    }

    async fn a_token_ends_when_it_should_and_lives_without_use_until_then(world: World) {
        let (_, desk) = world.device_of(&world.person("ann").await).await;
        let sessions = world.rony.sessions();
        let end = world.clock.now().plus(400 * DAY);
        let made = sessions.make_token(&desk, token_for(&[Scope::Read], Some(end))).await.unwrap();
        let endless = sessions.make_token(&desk, token_for(&[Scope::Read], None)).await.unwrap();
        let past = token_for(&[Scope::Read], Some(world.clock.now()));
        assert_eq!(sessions.make_token(&desk, past).await.unwrap_err().code(), "invalid");
        assert_eq!(sessions.make_token(&desk, token_for(&[], None)).await.unwrap_err().code(), "invalid");
        world.clock.advance(400 * DAY - Duration::from_millis(1));
        world.authenticate(&made.token).await.unwrap();
        world.clock.advance(Duration::from_millis(1));
        assert_eq!(world.refused(&made.token).await, "session_ended");
        world.authenticate(&endless.token).await.unwrap();
    }

    async fn nobody_makes_a_token_with_a_session_that_has_ended(world: World) {
        let (_, desk) = world.device_of(&world.person("ann").await).await;
        world.rony.sessions().sign_out_current(&desk).await.unwrap();
        let error = world.rony.sessions().make_token(&desk, token_for(&[Scope::Read], None)).await.unwrap_err();
        assert_eq!(error.code(), "unauthenticated");
    }

    async fn administrators_make_tokens_for_bots_and_for_nobody_else(world: World) {
        let (root, ann, bot) = (world.administrator("root").await, world.person("ann").await, world.bot("echo").await);
        let (_, root) = world.device_of(&root).await;
        let (_, desk) = world.device_of(&ann).await;
        let (sessions, wish) = (world.rony.sessions(), || token_for(&[Scope::Read], None));
        let made = sessions.make_token_for(&root, bot, wish()).await.unwrap();
        assert_eq!(world.authenticate(&made.token).await.unwrap().id(), Some(bot));
        assert_eq!(sessions.make_token_for(&root, ann.id, wish()).await.unwrap_err().code(), "not_a_bot");
        let nobody = UserId::new(world.clock.now());
        assert_eq!(sessions.make_token_for(&root, nobody, wish()).await.unwrap_err().code(), "not_found");
        assert_eq!(sessions.make_token_for(&desk, bot, wish()).await.unwrap_err().code(), "administrators_only");
        assert_eq!(sessions.delete_token_of(&desk, bot, made.access.id).await.unwrap_err().code(), "administrators_only");
        let listed = sessions.tokens_of(&root, bot, Limit::DEFAULT, None).await.unwrap();
        assert_eq!(listed.items, std::slice::from_ref(&made.access));
        assert_eq!(sessions.delete_token(&desk, made.access.id).await.unwrap_err().code(), "not_found");
        sessions.delete_token_of(&root, bot, made.access.id).await.unwrap();
        assert_eq!(world.refused(&made.token).await, "session_ended");
    }

    async fn an_administrators_token_makes_none_for_bots(world: World) {
        let (root, bot) = (world.administrator("root").await, world.bot("echo").await);
        let (_, root) = world.device_of(&root).await;
        let sessions = world.rony.sessions();
        let made = sessions.make_token(&root, token_for(&Scope::ALL, None)).await.unwrap();
        let script = world.authenticate(&made.token).await.unwrap();
        let error = sessions.make_token_for(&script, bot, token_for(&[Scope::Read], None)).await.unwrap_err();
        assert_eq!(error.code(), "sign_in_needed");
    }

    async fn the_server_signs_in_many_at_once_or_none(world: World) {
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(world.person(&format!("person{n}")).await.id);
        }
        let sessions = world.rony.sessions();
        let tokens = sessions.create_for(&SYSTEM, &people, "load").await.unwrap();
        for (token, person) in tokens.iter().zip(&people) {
            assert_eq!(world.authenticate(token).await.unwrap().id(), Some(*person));
        }
        let stranger = UserId::new(world.clock.now());
        let error = sessions.create_for(&SYSTEM, &[people[0], stranger], "load").await.unwrap_err();
        assert_eq!(error.code(), "not_found");
        let actor = world.authenticate(&tokens[0]).await.unwrap();
        assert_eq!(sessions.list(&actor, Limit::DEFAULT, None).await.unwrap().items.len(), 1);
        let root = world.administrator("root").await;
        assert_eq!(sessions.create_for(&root.actor, &people, "load").await.unwrap_err().code(), "system_only");
        assert_eq!(sessions.create_for(&actor, &people, "load").await.unwrap_err().code(), "administrators_only");
    }

    async fn one_device_too_many_signs_out_the_one_unused_for_longest(world: World) {
        let ann = world.person("ann").await;
        let (first, first_actor) = world.device_of(&ann).await;
        let socket = socket(&world.another_node(), &first_actor);
        world.clock.advance(MINUTE);
        let ids = vec![ann.id; usize::try_from(MOST_DEVICES).unwrap() - 1];
        let others = world.rony.sessions().create_for(&SYSTEM, &ids, "Desk").await.unwrap();
        world.clock.advance(10 * MINUTE);
        world.authenticate(&first).await.unwrap();
        world.device_of(&ann).await;
        world.authenticate(&first).await.unwrap();
        let mut alive = 0;
        for token in &others {
            alive += usize::from(world.authenticate(token).await.is_ok());
        }
        assert_eq!(alive, others.len() - 1);
        drop(socket);
    }

    async fn a_deactivated_account_is_cut_off_on_every_node_and_what_it_had_stays_so(world: World) {
        let (ann, other) = (world.person("ann").await, world.another_node());
        let (token, desk) = world.device_of(&ann).await;
        let sessions = world.rony.sessions();
        let made = sessions.make_token(&desk, token_for(&[Scope::Read], None)).await.unwrap();
        let script = world.authenticate(&made.token).await.unwrap();
        // The last one came by a host application's own authentication.
        let sockets = [&desk, &script, &ann.actor].map(|actor| socket(&other, actor));
        world.set_deactivated(&ann, true).await;
        for token in [&token, &made.token] {
            assert_eq!(world.refused(token).await, "session_ended");
        }
        other.sessions().poll_revocations().await.unwrap();
        assert_eq!(sockets.map(|socket| socket.link().closed()), [Some(Close::Revoked); 3]);
        assert_eq!(sessions.confirm(&ann.actor).await.unwrap_err().code(), "account_deactivated");
        assert_eq!(sessions.make_token(&desk, token_for(&[Scope::Read], None)).await.unwrap_err().code(), "account_deactivated");
        let error = sessions.create_for(&SYSTEM, &[ann.id], "Desk").await.unwrap_err();
        assert_eq!(error.code(), "account_deactivated");
        let outside = sessions.vouch_for(&SYSTEM, ann.id).await.unwrap_err();
        assert_eq!(outside.code(), "account_deactivated");

        world.set_deactivated(&ann, false).await;
        assert_eq!(world.refused(&token).await, "session_ended");
        let socket = socket(&other, &ann.actor);
        other.sessions().poll_revocations().await.unwrap();
        assert_eq!(socket.link().closed(), None, "old news cuts nobody twice");
        world.device_of(&ann).await;
    }

    async fn a_host_application_lets_in_whom_it_names_and_nobody_who_looks_alike(world: World) {
        let sessions = world.rony.sessions();
        let [mary, likeness] = ["mary", "rnary"].map(|name| name.parse::<Username>().unwrap());
        let (one, two) = tokio::join!(
            sessions.vouch_for_name(&SYSTEM, &mary, None),
            sessions.vouch_for_name(&SYSTEM, &mary, None),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!((one.id(), one.session()), (two.id(), None));
        let error = sessions.vouch_for_name(&SYSTEM, &likeness, None).await.unwrap_err();
        assert_eq!(error.code(), "username_taken");
        let by_id = sessions.vouch_for(&SYSTEM, one.id().unwrap()).await.unwrap();
        assert_eq!(by_id, one);
        let root = world.administrator("root").await;
        assert_eq!(sessions.vouch_for_name(&root.actor, &mary, None).await.unwrap_err().code(), "system_only");
        assert_eq!(sessions.vouch_for_name(&one, &mary, None).await.unwrap_err().code(), "administrators_only");
    }

    async fn clearing_away_takes_what_is_over_and_nothing_else(world: World) {
        let ann = world.person("ann").await;
        let (old, _) = world.device_of(&ann).await;
        world.clock.advance(29 * DAY);
        let (new, desk) = world.device_of(&ann).await;
        let sessions = world.rony.sessions();
        let endless = sessions.make_token(&desk, token_for(&[Scope::Read], None)).await.unwrap();
        world.clock.advance(DAY);
        sessions.prune().await.unwrap();
        world.clock.set(world.clock.now().minus(DAY));
        assert_eq!(world.refused(&old).await, "session_ended");
        world.authenticate(&new).await.unwrap();
        world.authenticate(&endless.token).await.unwrap();
    }

    async fn revocations_are_forgotten_after_a_day(world: World) {
        let (_, desk) = world.device_of(&world.person("ann").await).await;
        let sessions = world.rony.sessions();
        sessions.sign_out_current(&desk).await.unwrap();
        sessions.prune().await.unwrap();
        let since = rony_core::stream::Since::default();
        assert_eq!(world.store.revoked_since(since).await.unwrap().items.len(), 1);
        world.clock.advance(2 * DAY);
        sessions.prune().await.unwrap();
        assert_eq!(world.store.revoked_since(since).await.unwrap().items, []);
    }
}
