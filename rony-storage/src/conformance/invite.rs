//! Facts about invites.

use std::time::Duration;

use rony_core::{
    Result,
    account::Register,
    conversation::ConversationChange,
    id::ConversationId,
    invite::{Invite, InviteMade, NewInvite},
    page::Limit,
    permission::Role,
    secret::{Secret, Token, TokenKind},
    time::Clock,
    user::{AccountChange, User},
};

use super::{
    Person, SYSTEM, World,
    account::{link, register},
    facts,
};

const OFF: AccountChange = AccountChange { role: None, deactivated: Some(true) };

/// An invite into a conversation.
fn into(conversation: ConversationId) -> NewInvite {
    NewInvite { conversation_id: Some(conversation), ..NewInvite::default() }
}

/// An invite into a conversation, for so many.
fn into_for(conversation: ConversationId, uses: i64) -> NewInvite {
    NewInvite { uses: Some(uses), ..into(conversation) }
}

impl World {
    async fn invite(&self, by: &Person, new: NewInvite) -> InviteMade {
        self.rony.invites().create(&by.actor, new).await.unwrap()
    }

    async fn accept(&self, person: &Person, made: &InviteMade) -> Result<ConversationId> {
        self.rony.invites().accept(&person.actor, &link(&made.token)).await
    }

    async fn follow(&self, username: &str, made: &InviteMade) -> Result<User> {
        self.rony.accounts().register(register(username, Some(link(&made.token))), None).await
    }

    async fn preview_code(&self, made: &InviteMade) -> &'static str {
        self.rony
            .invites()
            .preview(&link(&made.token), None)
            .await
            .map_or_else(|error| error.code(), |_| "good")
    }

    async fn invites(&self, reader: &Person) -> Vec<Invite> {
        self.rony.invites().list(&reader.actor, None, Limit::MAX, None).await.unwrap().items
    }

    async fn is_member(&self, user: &User, conversation: ConversationId) -> bool {
        let streams = self.store.subscriptions(user.id).await.unwrap().streams;
        streams.iter().any(|stream| stream.head.id == conversation.into())
    }
}

facts! {
    async fn a_newcomer_gets_an_account_and_is_in_the_conversation(world: World) {
        let ann = world.person("ann").await;
        let group = world.group(&[&ann]).await;
        let made = world.invite(&ann, into(group)).await;
        let ben = world.follow("ben", &made).await.unwrap();
        assert!(world.is_member(&ben, group).await);
        let joined = world.event_types(&ann, group).await;
        assert_eq!(joined, ["conversation.created", "member.joined"]);
        assert_eq!(world.invites(&ann).await[0].used, 1);
    }

    async fn who_has_an_account_joins_and_a_member_uses_nothing_up(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann]).await;
        let made = world.invite(&ann, into_for(group, 1)).await;
        assert_eq!(world.accept(&ann, &made).await.unwrap(), group);
        assert_eq!(world.accept(&ben, &made).await.unwrap(), group);
        assert_eq!(world.accept(&ben, &made).await.unwrap(), group, "again");
        let invite = &world.invites(&ann).await[0];
        assert_eq!((invite.used, invite.uses_left), (1, Some(0)));
        let joined = world.events(&ben, group).await;
        assert_eq!(joined.last().unwrap()["by_id"], ann.id.to_string());
        let view = world.rony.conversations().get(&ben.actor, group).await.unwrap();
        assert_eq!(view.role, Some(Role::Member));
    }

    async fn of_two_who_come_for_the_last_use_one_gets_in(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let group = world.group(&[&ann]).await;
        let made = world.invite(&ann, into_for(group, 1)).await;
        let (one, two) = tokio::join!(world.accept(&ben, &made), world.accept(&cem, &made));
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(one.and(two).unwrap_err().code(), "invite_used_up");
        let made = world.invite(&ann, into_for(group, 1)).await;
        let (one, two) = tokio::join!(world.follow("dan", &made), world.follow("eve", &made));
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(one.and(two).unwrap_err().code(), "invite_used_up");
    }

    async fn an_invite_that_is_not_good_says_why(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann]).await;
        let end = world.clock.now().plus(Duration::from_secs(60));
        let ending = world.invite(&ann, NewInvite { expires_at: Some(end), ..into(group) }).await;
        let revoked = world.invite(&ann, into(group)).await;
        let used_up = world.invite(&ann, into_for(group, 1)).await;
        world.follow("cem", &used_up).await.unwrap();
        world.rony.invites().revoke(&ann.actor, revoked.invite.id).await.unwrap();
        assert_eq!(world.preview_code(&ending).await, "good");
        world.clock.advance(Duration::from_secs(60));
        let foreign = InviteMade { token: Token::generate(TokenKind::Invite).unwrap(), ..ending.clone() };
        let other_kind = InviteMade { token: Token::generate(TokenKind::Reset).unwrap(), ..ending.clone() };
        for (made, code) in [
            (&ending, "invite_expired"),
            (&revoked, "invite_revoked"),
            (&used_up, "invite_used_up"),
            (&foreign, "invite_unknown"),
            (&other_kind, "invite_unknown"),
        ] {
            assert_eq!(world.preview_code(made).await, code);
            assert_eq!(world.accept(&ben, made).await.unwrap_err().code(), code);
            assert_eq!(world.follow("dan", made).await.unwrap_err().code(), code);
        }
    }

    async fn a_registration_that_fails_uses_nothing_up(world: World) {
        let ann = world.person("ann").await;
        let group = world.group(&[&ann]).await;
        let made = world.invite(&ann, into_for(group, 1)).await;
        assert_eq!(world.follow("ANN", &made).await.unwrap_err().code(), "username_taken");
        let weak = Register { password: "password".into(), ..register("ben", Some(link(&made.token))) };
        assert_eq!(world.rony.accounts().register(weak, None).await.unwrap_err().code(), "invalid");
        world.follow("ben", &made).await.unwrap();
    }

    async fn a_preview_tells_what_one_is_invited_to_and_by_whom(world: World) {
        let (ann, root) = (world.person("ann").await, world.administrator("root").await);
        let group = world.group(&[&ann]).await;
        let title = ConversationChange { title: Some("Kitchen".to_owned()), ..ConversationChange::default() };
        world.rony.conversations().change(&ann.actor, group, title).await.unwrap();
        let made = world.invite(&ann, into(group)).await;
        let preview = world.rony.invites().preview(&link(&made.token), None).await.unwrap();
        let conversation = preview.conversation.unwrap();
        assert_eq!((conversation.title.as_str(), conversation.member_count), ("Kitchen", 1));
        assert_eq!(preview.invited_by.unwrap().as_str(), "ann");
        let made = world.invite(&root, NewInvite::default()).await;
        let preview = world.rony.invites().preview(&link(&made.token), None).await.unwrap();
        assert_eq!(preview.conversation, None);
        assert_eq!(world.accept(&ann, &made).await.unwrap_err().code(), "invite_for_newcomers");
        world.follow("ben", &made).await.unwrap();
    }

    async fn one_invites_where_one_may_and_nowhere_else(world: World) {
        let (root, ann, ben) = (world.administrator("root").await, world.person("ann").await, world.person("ben").await);
        let (group, direct) = (world.group(&[&ann]).await, world.direct(&ann, &ben).await);
        let code = async |by: &Person, new: NewInvite| {
            world.rony.invites().create(&by.actor, new).await.unwrap_err().code()
        };
        assert_eq!(code(&ben, into(group)).await, "not_found");
        assert_eq!(code(&root, into(group)).await, "not_found", "administrators are no members either");
        assert_eq!(code(&ann, into(direct)).await, "direct_conversation");
        assert_eq!(code(&ann, NewInvite::default()).await, "administrators_only");
        assert_eq!(code(&ann, into(ConversationId(uuid::Uuid::nil()))).await, "not_found");
        assert_eq!(code(&ann, NewInvite { uses: Some(0), ..into(group) }).await, "invalid");
        assert_eq!(code(&ann, NewInvite { expires_at: Some(world.clock.now()), ..into(group) }).await, "invalid");
        world.rony.invites().create(&SYSTEM, into(group)).await.unwrap();
    }

    async fn what_somebody_handed_out_ends_with_their_right_to_invite(world: World) {
        let (root, ann, ben) = (world.administrator("root").await, world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann, &ben]).await;
        let of_ben = world.invite(&ben, into(group)).await;
        let of_ann = world.invite(&ann, into(group)).await;
        world.rony.members().remove(&ann.actor, group, ben.id).await.unwrap();
        assert_eq!(world.preview_code(&of_ben).await, "invite_revoked");
        assert_eq!(world.accept(&ben, &of_ben).await.unwrap_err().code(), "invite_revoked", "nor is it a way back");
        world.rony.users().administer(&root.actor, ann.id, OFF).await.unwrap();
        assert_eq!(world.preview_code(&of_ann).await, "invite_revoked");
        assert_eq!(world.follow("cem", &of_ann).await.unwrap_err().code(), "invite_revoked");
    }

    async fn an_invite_goes_with_its_conversation(world: World) {
        let ann = world.person("ann").await;
        let group = world.group(&[&ann]).await;
        let made = world.invite(&ann, into(group)).await;
        world.rony.conversations().delete(&ann.actor, group).await.unwrap();
        assert_eq!(world.preview_code(&made).await, "invite_unknown");
        assert_eq!(world.follow("ben", &made).await.unwrap_err().code(), "invite_unknown");
    }

    async fn one_sees_and_takes_back_what_one_looks_after(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        let (ben, cem) = (world.person("ben").await, world.person("cem").await);
        let group = world.group(&[&ann, &ben, &cem]).await;
        let of_ben = world.invite(&ben, into(group)).await.invite;
        let of_root = world.invite(&root, NewInvite::default()).await.invite;
        assert_eq!(world.invites(&ben).await, std::slice::from_ref(&of_ben));
        assert_eq!(world.invites(&ann).await, std::slice::from_ref(&of_ben), "its owner looks after the conversation");
        assert_eq!(world.invites(&cem).await, []);
        assert_eq!(world.invites(&root).await.len(), 2);
        let revoke = async |by: &Person, id| world.rony.invites().revoke(&by.actor, id).await;
        assert_eq!(revoke(&cem, of_ben.id).await.unwrap_err().code(), "not_found");
        assert_eq!(revoke(&ann, of_root.id).await.unwrap_err().code(), "not_found");
        revoke(&ann, of_ben.id).await.unwrap();
        assert_eq!(revoke(&ann, of_ben.id).await.unwrap_err().code(), "not_found", "it is gone already");
        revoke(&root, of_root.id).await.unwrap();
        assert_eq!(world.invites(&root).await, []);
    }

    async fn the_list_of_invites_comes_in_pages_and_by_conversation(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        let group = world.group(&[&ann]).await;
        for _ in 0..3 {
            world.clock.advance(Duration::from_millis(1));
            world.invite(&ann, into(group)).await;
            world.invite(&root, NewInvite::default()).await;
        }
        let invites = world.rony.invites();
        let of_group = invites.list(&root.actor, Some(group), Limit::MAX, None).await.unwrap();
        assert_eq!(of_group.items.len(), 3);
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = invites.list(&root.actor, None, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items.iter().map(|invite| invite.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.is_sorted_by(|newer, older| newer > older));
    }

    async fn wrong_links_from_an_address_are_limited(world: World) {
        let address = Some("192.0.2.7".parse().unwrap());
        let preview = async |token: &str| {
            let answer = world.rony.invites().preview(&Secret::from(token), address).await;
            answer.unwrap_err().code()
        };
        for _ in 0..50 {
            assert_eq!(preview("rony_i_nonsense").await, "invite_unknown");
        }
        assert_eq!(preview("rony_i_nonsense").await, "rate_limited");
    }
}
