//! Facts about links.

use std::{net::IpAddr, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use rony_core::{
    Result,
    actor::Actor,
    audit::Filter,
    blob::BlobStore as _,
    file::{IfExists, Item, Level, LinkLevel, ListItems, Listing, Sort, Subject},
    id::ItemId,
    page::Limit,
    secret::{Secret, Token},
    share::{NewShare, Opened, ShareChange, ShareMade, Ticket},
    time::{Clock as _, Timestamp},
    upload::{NewUpload, PutFile},
    user::AccountChange,
};

use super::{Person, SYSTEM, World, facts, upload::bytes};

fn of(level: LinkLevel) -> NewShare {
    NewShare::of(level)
}

fn secret(token: &Token) -> Secret {
    Secret::from(token.reveal())
}

fn code<T>(answer: Result<T>) -> &'static str {
    answer.err().expect("is refused").code()
}

/// A second behind another.
fn later(world: &World, seconds: u64) -> Timestamp {
    world.clock.now().plus(Duration::from_secs(seconds))
}

impl World {
    pub(super) async fn make_link(&self, by: &Person, id: ItemId, new: NewShare) -> ShareMade {
        self.rony.shares().create(&by.actor, id, new).await.expect("may share")
    }

    async fn open_link(&self, made: &ShareMade) -> Result<Opened> {
        self.rony.shares().open(&secret(&made.token), None, None, "").await
    }

    /// Somebody who holds a link.
    pub(super) async fn holder_of(&self, made: &ShareMade) -> Actor {
        let opened = self.open_link(made).await.expect("opens");
        self.rony.shares().holder(&secret(&opened.pass)).await.expect("is good")
    }

    async fn text_in(&self, by: &Actor, parent_id: Option<ItemId>, name: &str, text: &str) -> Result<Item> {
        let name = name.parse().expect("a name");
        let file = PutFile { parent_id, name, media_type: None, if_exists: IfExists::Fail, expected: 0 };
        self.rony.uploads().put(by, file, bytes(text), 1_000).await
    }

    async fn listed(&self, by: &Actor, folder: Option<ItemId>) -> Result<Vec<String>> {
        let list =
            ListItems { of: Listing::Folder(folder), sort: Sort::default(), limit: Limit::MAX, cursor: None };
        let items = self.rony.files().list(by, list).await?.items;
        Ok(items.iter().map(|item| item.name.as_str().to_owned()).collect())
    }

    async fn ticket(&self, by: &Actor, id: ItemId) -> Result<Ticket> {
        self.rony.shares().ticket(by, id, None, 10).await
    }

    async fn redeem(&self, ticket: &Ticket) -> Result<String> {
        let content = self.rony.shares().redeem(&secret(&ticket.token)).await?;
        let bytes = self.blobs.read(content.blob, 0..content.size.unsigned_abs()).await?;
        let bytes: Vec<u8> = bytes.map_ok(|piece| piece.to_vec()).try_concat().await.expect("is read");
        Ok(String::from_utf8(bytes).expect("text"))
    }
}

facts! {
    async fn who_holds_a_link_sees_what_it_leads_to_and_nothing_else(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Photos").await;
        let inner = world.folder(&ann, Some(folder.id), "Summer").await;
        let photo = world.text_in(&ann.actor, Some(inner.id), "sea.txt", "waves").await.unwrap();
        let diary = world.text_in(&ann.actor, None, "diary.txt", "secret").await.unwrap();
        let made = world.make_link(&ann, folder.id, of(LinkLevel::Viewer)).await;
        let opened = world.open_link(&made).await.unwrap();
        assert_eq!((opened.share.level, opened.share.shared_by.as_str()), (LinkLevel::Viewer, "ann"));
        assert_eq!((opened.item.id, opened.item.parent_id, opened.item.level), (folder.id, None, Level::Viewer));
        let holder = world.holder_of(&made).await;
        assert_eq!(world.listed(&holder, None).await.unwrap(), ["Summer"]);
        assert_eq!(world.listed(&holder, Some(inner.id)).await.unwrap(), ["sea.txt"]);
        let view = world.rony.files().get(&holder, photo.id).await.unwrap();
        assert_eq!(view.path.iter().map(|crumb| crumb.name.as_str()).collect::<Vec<_>>(), ["Photos", "Summer"]);
        world.rony.shares().content(&holder, photo.id, None).await.unwrap();
        let ticket = world.ticket(&holder, photo.id).await.unwrap();
        assert_eq!(world.redeem(&ticket).await.unwrap(), "waves");
        assert_eq!(code(world.rony.files().get(&holder, diary.id).await), "not_found");
        assert_eq!(code(world.ticket(&holder, diary.id).await), "not_found");
        assert_eq!(code(world.rony.files().trash(&holder, photo.id).await), "level_too_low");
        assert_eq!(code(world.text_in(&holder, None, "b", "b").await), "level_too_low");
        assert_eq!(code(world.rony.shares().create(&holder, photo.id, of(LinkLevel::Viewer)).await), "person_needed");
        assert_eq!(code(world.rony.conversations().get(&holder, world.group(&[&ann]).await).await), "person_needed");
        assert!(world.rony.files().get(&ann.actor, folder.id).await.unwrap().item.shared);
    }

    async fn who_may_edit_by_a_link_puts_in_and_changes(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Plans").await;
        let made = world.make_link(&ann, folder.id, of(LinkLevel::Editor)).await;
        let holder = world.holder_of(&made).await;
        let file = world.text_in(&holder, None, "a.txt", "by a guest").await.unwrap();
        assert_eq!((file.owner_id, file.created_by, file.parent_id), (ann.id, None, Some(folder.id)));
        assert_eq!(world.listed(&ann.actor, Some(folder.id)).await.unwrap(), ["a.txt"]);
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 10, "its owner pays");
    }

    async fn a_letter_box_takes_and_shows_nothing(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Applications").await;
        let inner = world.folder(&ann, Some(folder.id), "Read").await;
        let cv = world.text_in(&ann.actor, Some(folder.id), "cv.txt", "mine").await.unwrap();
        let made = world.make_link(&ann, folder.id, of(LinkLevel::Drop)).await;
        assert_eq!(world.open_link(&made).await.unwrap().item.name.as_str(), "Applications");
        let holder = world.holder_of(&made).await;
        let uploads = world.rony.uploads();
        let new = NewUpload { parent_id: None, ..NewUpload::named(None, "cv.txt".parse().unwrap(), 5) };
        let upload = uploads.create(&holder, new.clone()).await.unwrap();
        let whole = uploads.append(&holder, upload.id, 0, None, bytes("yours")).await.unwrap();
        assert!(whole.item_id.is_some());
        assert_eq!(world.listed(&ann.actor, Some(folder.id)).await.unwrap(), ["Read", "cv (2).txt", "cv.txt"]);
        world.text_in(&holder, None, "cv.txt", "theirs").await.unwrap();
        assert!(world.listed(&holder, None).await.map_or(true, |seen| seen.is_empty()));
        for id in [cv.id, folder.id, whole.item_id.unwrap()] {
            assert_eq!(code(world.rony.files().get(&holder, id).await), "not_found");
            assert_eq!(code(world.ticket(&holder, id).await), "not_found");
        }
        assert_eq!(code(uploads.create(&holder, NewUpload { replace: Some(cv.id), ..new.clone() }).await), "not_found");
        let elsewhere = NewUpload { parent_id: Some(inner.id), ..new };
        assert!(uploads.create(&holder, elsewhere).await.is_err(), "only into the folder itself");
        assert_eq!(code(world.rony.shares().create(&ann.actor, cv.id, of(LinkLevel::Drop)).await), "invalid");
    }

    async fn a_link_may_want_a_password_and_few_tries_are_free(world: World) {
        let ann = world.person("ann").await;
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let made = world.make_link(&ann, file.id, NewShare { password: Some("open it".into()), ..of(LinkLevel::Viewer) }).await;
        let shares = world.rony.shares();
        let token = secret(&made.token);
        let open = async |password: Option<&str>, address: &str| {
            let (password, address) = (password.map(Secret::from), address.parse::<IpAddr>().unwrap());
            shares.open(&token, password.as_ref(), Some(address), "").await.map(|_| ())
        };
        assert_eq!(code(open(None, "192.0.2.1").await), "password_needed");
        for _ in 0..10 {
            open(Some("open it"), "192.0.2.1").await.unwrap();
        }
        for _ in 0..10 {
            assert_eq!(code(open(Some("wrong"), "192.0.2.1").await), "password_wrong");
        }
        assert_eq!(code(open(Some("open it"), "192.0.2.1").await), "rate_limited");
        open(Some("open it"), "192.0.2.2").await.expect("another address has tries of its own");
        for number in 0..50 {
            assert_eq!(code(open(Some("wrong"), &format!("198.51.100.{number}")).await), "password_wrong");
        }
        assert_eq!(code(open(Some("wrong"), "203.0.113.1").await), "rate_limited", "the link has few in all");
        world.clock.advance(Duration::from_secs(15 * 60));
        open(Some("open it"), "192.0.2.1").await.unwrap();
        let change = ShareChange { password: Some(Some("another".into())), ..ShareChange::default() };
        shares.change(&ann.actor, made.share.id, change).await.unwrap();
        assert_eq!(code(open(Some("open it"), "192.0.2.1").await), "password_wrong");
        open(Some("another"), "192.0.2.1").await.unwrap();
        let change = ShareChange { password: Some(None), ..ShareChange::default() };
        assert!(!shares.change(&ann.actor, made.share.id, change).await.unwrap().has_password);
        open(None, "192.0.2.1").await.unwrap();
    }

    async fn another_password_ends_what_the_link_gave(world: World) {
        let ann = world.person("ann").await;
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let made = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await;
        let other = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await;
        let shares = world.rony.shares();
        let (opened, of_other) = (world.open_link(&made).await.unwrap(), world.open_link(&other).await.unwrap());
        let holder = shares.holder(&secret(&opened.pass)).await.unwrap();
        let ticket = world.ticket(&holder, file.id).await.unwrap();
        let change = ShareChange { name: Some("renamed".into()), ..ShareChange::default() };
        shares.change(&ann.actor, made.share.id, change).await.unwrap();
        shares.holder(&secret(&opened.pass)).await.expect("another name ends nothing");
        let change = ShareChange { password: Some(Some("open it".into())), ..ShareChange::default() };
        shares.change(&ann.actor, made.share.id, change).await.unwrap();
        assert_eq!(code(shares.holder(&secret(&opened.pass)).await), "pass_expired");
        assert_eq!(code(world.redeem(&ticket).await), "not_found");
        shares.holder(&secret(&of_other.pass)).await.expect("the other link is as it was");
        let opened = shares.open(&secret(&made.token), Some(&"open it".into()), None, "").await.unwrap();
        shares.holder(&secret(&opened.pass)).await.unwrap();
    }

    async fn a_ticket_of_a_holder_lasts_ten_minutes_whatever_they_ask(world: World) {
        let ann = world.person("ann").await;
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let made = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await;
        let holder = world.holder_of(&made).await;
        let shares = world.rony.shares();
        let ticket = shares.ticket(&holder, file.id, None, 24 * 60).await.unwrap();
        assert_eq!(ticket.expires_at, later(&world, 600));
        let of_ann = shares.ticket(&ann.actor, file.id, None, 60).await.unwrap();
        assert_eq!(of_ann.expires_at, later(&world, 60 * 60));
        world.clock.advance(Duration::from_secs(600));
        assert_eq!(code(world.redeem(&ticket).await), "not_found");
        assert_eq!(world.redeem(&of_ann).await.unwrap(), "a");
    }

    async fn a_link_that_is_taken_back_while_a_file_comes_makes_no_file(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Box").await;
        let made = world.make_link(&ann, folder.id, of(LinkLevel::Drop)).await;
        let holder = world.holder_of(&made).await;
        let uploads = world.rony.uploads();
        let upload = async |name: &str| {
            let new = NewUpload::named(None, name.parse().unwrap(), 6);
            uploads.create(&holder, new).await.unwrap().id
        };
        let (begun, waiting) = (upload("a").await, upload("b").await);
        uploads.append(&holder, waiting, 0, None, bytes("123")).await.unwrap();
        let (rony, owner, id) = (world.rony.clone(), ann.actor.clone(), made.share.id);
        let meanwhile = stream::once(async move {
            rony.shares().revoke(&owner, id).await.expect("may revoke");
            Ok(Bytes::from_static(b"123456"))
        });
        assert_eq!(code(uploads.append(&holder, begun, 0, None, meanwhile.boxed()).await), "share_revoked");
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().reserved, 0, "both are gone with the link");
        assert_eq!(code(uploads.append(&holder, waiting, 3, None, bytes("456")).await), "not_found");
        assert_eq!(code(uploads.get(&holder, begun).await), "not_found");
        assert!(world.listed(&ann.actor, Some(folder.id)).await.unwrap().is_empty());
        let new = NewUpload::named(None, "c".parse().unwrap(), 6);
        assert_eq!(code(uploads.create(&holder, new).await), "share_revoked", "whoever came in before as well");
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().reserved, 0);
    }

    async fn a_link_and_what_it_gave_end_with_its_time(world: World) {
        let ann = world.person("ann").await;
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let end = later(&world, 600);
        let made = world.make_link(&ann, file.id, NewShare { expires_at: Some(end), ..of(LinkLevel::Viewer) }).await;
        let opened = world.open_link(&made).await.unwrap();
        assert_eq!(opened.expires_at, end);
        let holder = world.holder_of(&made).await;
        let ticket = world.rony.shares().ticket(&holder, file.id, None, 60).await.unwrap();
        world.clock.advance(Duration::from_secs(599));
        world.redeem(&ticket).await.unwrap();
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(code(world.open_link(&made).await), "share_expired");
        assert_eq!(code(world.rony.shares().holder(&secret(&opened.pass)).await), "pass_expired");
        assert_eq!(code(world.redeem(&ticket).await), "not_found");
        assert_eq!(code(world.ticket(&holder, file.id).await), "share_expired");
        let change = ShareChange { expires_at: Some(None), ..ShareChange::default() };
        world.rony.shares().change(&ann.actor, made.share.id, change).await.unwrap();
        let opened = world.open_link(&made).await.unwrap();
        world.clock.advance(Duration::from_secs(60 * 60 - 1));
        world.rony.shares().holder(&secret(&opened.pass)).await.unwrap();
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(code(world.rony.shares().holder(&secret(&opened.pass)).await), "pass_expired");
        assert_eq!(code(world.rony.shares().holder(&secret(&made.token)).await), "pass_expired", "another kind");
    }

    async fn of_two_who_ask_for_the_last_download_at_once_one_gets_it(world: World) {
        let ann = world.person("ann").await;
        let file = world.text_in(&ann.actor, None, "a", "once").await.unwrap();
        let limited = NewShare { max_downloads: Some(2), ..of(LinkLevel::Viewer) };
        let made = world.make_link(&ann, file.id, limited).await;
        let (one, other) = (world.holder_of(&made).await, world.holder_of(&made).await);
        assert_eq!(code(world.rony.shares().content(&one, file.id, None).await), "ticket_needed");
        world.ticket(&one, file.id).await.unwrap();
        assert_eq!(world.open_link(&made).await.unwrap().share.downloads_left, Some(1));
        let node = world.another_node();
        let (first, second) = tokio::join!(
            world.ticket(&one, file.id),
            async { node.shares().ticket(&other, file.id, None, 10).await },
        );
        assert!(first.is_ok() != second.is_ok());
        let (got, refused) = if first.is_ok() { (first, second) } else { (second, first) };
        assert_eq!(code(refused), "share_used_up");
        let got = got.unwrap();
        assert_eq!(world.redeem(&got).await.unwrap(), "once");
        assert_eq!(world.redeem(&got).await.unwrap(), "once", "a download that broke goes on");
        assert_eq!(code(world.open_link(&made).await), "share_used_up");
        let share = world.rony.shares().list(&ann.actor, Some(file.id), Limit::MAX, None).await.unwrap();
        assert_eq!(share.items[0].downloads, 2);
    }

    async fn what_is_revoked_is_over_at_once(world: World) {
        let ann = world.person("ann").await;
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let made = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await;
        let opened = world.open_link(&made).await.unwrap();
        let holder = world.holder_of(&made).await;
        let ticket = world.ticket(&holder, file.id).await.unwrap();
        world.clock.advance(Duration::from_millis(1));
        world.rony.shares().revoke(&ann.actor, made.share.id).await.unwrap();
        assert_eq!(code(world.open_link(&made).await), "share_revoked");
        assert_eq!(code(world.rony.shares().holder(&secret(&opened.pass)).await), "share_revoked");
        assert_eq!(code(world.redeem(&ticket).await), "not_found");
        assert_eq!(code(world.ticket(&holder, file.id).await), "share_revoked");
        assert_eq!(code(world.rony.shares().revoke(&ann.actor, made.share.id).await), "not_found");
        assert!(!world.rony.files().get(&ann.actor, file.id).await.unwrap().item.shared);
        let entries = world.rony.audit().list(&SYSTEM, &Filter::default(), Limit::MAX, None).await.unwrap().items;
        let of_shares: Vec<_> = entries.iter().map(|entry| entry.action.as_ref()).filter(|it| it.starts_with("share.")).collect();
        assert_eq!(of_shares, ["share.revoked", "share.created"]);
        let text = format!("{entries:?}");
        assert!(!text.contains(&made.token.reveal()), "no secret is in the log");
    }

    async fn a_link_is_as_good_as_the_one_who_made_it(world: World) {
        let (root, ann, ben) = (world.administrator("root").await, world.person("ann").await, world.person("ben").await);
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let grant = async |level| world.rony.files().grant(&ann.actor, file.id, Subject::Person(ben.id), level).await;
        grant(Level::Editor).await.unwrap();
        let shares = world.rony.shares();
        assert_eq!(code(shares.create(&ben.actor, file.id, of(LinkLevel::Viewer)).await), "level_too_low");
        grant(Level::Manager).await.unwrap();
        let of_ben = world.make_link(&ben, file.id, of(LinkLevel::Viewer)).await;
        let of_ann = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await;
        let opened = world.open_link(&of_ben).await.unwrap();
        grant(Level::Editor).await.unwrap();
        assert_eq!(code(world.open_link(&of_ben).await), "share_revoked");
        assert_eq!(code(shares.holder(&secret(&opened.pass)).await), "share_revoked");
        grant(Level::Manager).await.unwrap();
        shares.holder(&secret(&opened.pass)).await.expect("and good again with them");
        world.rony.files().trash(&ann.actor, file.id).await.unwrap();
        assert_eq!(code(world.open_link(&of_ann).await), "share_revoked");
        world.rony.files().restore(&ann.actor, file.id).await.unwrap();
        world.open_link(&of_ann).await.unwrap();
        let off = AccountChange { role: None, deactivated: Some(true) };
        world.rony.users().administer(&root.actor, ben.id, off).await.unwrap();
        assert_eq!(code(world.open_link(&of_ben).await), "share_revoked");
    }

    async fn one_sees_and_takes_back_what_one_looks_after(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        world.rony.files().grant(&ann.actor, file.id, Subject::Person(ben.id), Level::Manager).await.unwrap();
        world.rony.files().grant(&ann.actor, file.id, Subject::Person(cem.id), Level::Editor).await.unwrap();
        let shares = world.rony.shares();
        let of_ann = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await.share;
        world.clock.advance(Duration::from_millis(1));
        let of_ben = world.make_link(&ben, file.id, of(LinkLevel::Viewer)).await.share;
        let all = |page: rony_core::page::Page<rony_core::share::Share>| {
            page.items.into_iter().map(|share| share.id).collect::<Vec<_>>()
        };
        assert_eq!(all(shares.list(&ben.actor, Some(file.id), Limit::MAX, None).await.unwrap()), [of_ben.id, of_ann.id]);
        assert_eq!(all(shares.list(&ann.actor, None, Limit::MAX, None).await.unwrap()), [of_ben.id, of_ann.id]);
        assert_eq!(all(shares.list(&ben.actor, None, Limit::MAX, None).await.unwrap()), [of_ben.id]);
        assert_eq!(all(shares.list(&cem.actor, None, Limit::MAX, None).await.unwrap()), []);
        assert_eq!(code(shares.list(&cem.actor, Some(file.id), Limit::MAX, None).await), "level_too_low");
        let first = shares.list(&ann.actor, None, Limit::new(1).unwrap(), None).await.unwrap();
        let second = shares.list(&ann.actor, None, Limit::new(1).unwrap(), first.next.as_ref()).await.unwrap();
        assert_eq!((first.items[0].id, second.items[0].id, second.next), (of_ben.id, of_ann.id, None));
        let name = ShareChange { name: Some("for the press".to_owned()), ..ShareChange::default() };
        assert_eq!(code(shares.change(&cem.actor, of_ann.id, name.clone()).await), "not_found");
        assert_eq!(code(shares.change(&ben.actor, of_ann.id, name.clone()).await), "not_your_link", "though he may end it");
        let open = ShareChange { password: Some(None), expires_at: Some(None), ..ShareChange::default() };
        assert_eq!(code(shares.change(&ben.actor, of_ann.id, open).await), "not_your_link");
        assert_eq!(shares.change(&ben.actor, of_ben.id, name.clone()).await.unwrap().name, "for the press");
        assert_eq!(shares.change(&ann.actor, of_ben.id, name).await.unwrap().name, "for the press", "her drive");
        assert_eq!(code(shares.revoke(&cem.actor, of_ann.id).await), "not_found");
        shares.revoke(&ben.actor, of_ann.id).await.unwrap();
        world.rony.files().revoke(&ann.actor, file.id, ben.id.uuid()).await.unwrap();
        shares.revoke(&ben.actor, of_ben.id).await.expect("who made it takes it back, whatever else they may");
    }

    async fn who_opened_a_link_is_noted_where_its_maker_wants_to_know(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let shares = world.rony.shares();
        let quiet = world.make_link(&ann, file.id, of(LinkLevel::Viewer)).await;
        let noted = world.make_link(&ann, file.id, NewShare { log_openings: true, ..of(LinkLevel::Viewer) }).await;
        for made in [&quiet, &noted] {
            for address in ["192.0.2.77", "2001:db8:1:2::3"] {
                world.clock.advance(Duration::from_millis(1));
                let address = address.parse().unwrap();
                shares.open(&secret(&made.token), None, Some(address), "a browser\r\n").await.unwrap();
            }
        }
        let openings = async |by: &Person, made: &ShareMade| shares.openings(&by.actor, made.share.id, Limit::MAX, None).await;
        assert_eq!(openings(&ann, &quiet).await.unwrap().items, []);
        let seen = openings(&ann, &noted).await.unwrap().items;
        let networks: Vec<_> = seen.iter().map(|opening| opening.address.as_str()).collect();
        assert_eq!(networks, ["2001:db8:1::/48", "192.0.2.0/24"], "not the very address");
        assert_eq!(seen[0].user_agent, "a browser");
        assert_eq!(code(openings(&ben, &noted).await), "not_found");
        let listed = shares.list(&ann.actor, Some(file.id), Limit::MAX, None).await.unwrap().items;
        assert!(listed.iter().all(|share| share.opened == 2 && share.last_opened_at.is_some()));
    }

    async fn a_ticket_works_until_it_ends_and_as_long_as_its_maker_sees_the_file(world: World) {
        let (root, ann, ben) = (world.administrator("root").await, world.person("ann").await, world.person("ben").await);
        let file = world.text_in(&ann.actor, None, "a", "a").await.unwrap();
        let folder = world.folder(&ann, None, "b").await;
        assert_eq!(code(world.ticket(&ann.actor, folder.id).await), "not_a_file");
        assert_eq!(code(world.ticket(&ben.actor, file.id).await), "not_found");
        assert_eq!(code(world.rony.shares().ticket(&ann.actor, file.id, None, 0).await), "invalid");
        world.rony.files().grant(&ann.actor, file.id, Subject::Person(ben.id), Level::Viewer).await.unwrap();
        let (of_ann, of_ben) = (world.ticket(&ann.actor, file.id).await.unwrap(), world.ticket(&ben.actor, file.id).await.unwrap());
        assert_eq!(world.redeem(&of_ben).await.unwrap(), "a");
        let off = AccountChange { role: None, deactivated: Some(true) };
        world.rony.users().administer(&root.actor, ben.id, off).await.unwrap();
        assert_eq!(code(world.redeem(&of_ben).await), "not_found");
        world.clock.advance(Duration::from_secs(599));
        world.redeem(&of_ann).await.unwrap();
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(code(world.redeem(&of_ann).await), "not_found");
    }

    async fn wrong_links_from_an_address_are_limited(world: World) {
        let address = Some("192.0.2.7".parse().unwrap());
        let open = async || world.rony.shares().open(&"rony_share_nonsense".into(), None, address, "").await;
        for _ in 0..50 {
            assert_eq!(code(open().await), "share_unknown");
        }
        assert_eq!(code(open().await), "rate_limited");
    }

    async fn what_ended_is_removed_and_what_is_good_stays(world: World) {
        let ann = world.person("ann").await;
        let (kept, gone) = (world.text_in(&ann.actor, None, "a", "a").await.unwrap(), world.text_in(&ann.actor, None, "b", "b").await.unwrap());
        let (good, dead) = (world.make_link(&ann, kept.id, of(LinkLevel::Viewer)).await, world.make_link(&ann, gone.id, of(LinkLevel::Viewer)).await);
        let opened = world.open_link(&good).await.unwrap();
        world.rony.files().trash(&ann.actor, gone.id).await.unwrap();
        world.rony.files().delete(&ann.actor, gone.id).await.unwrap();
        world.rony.files().collect().await.unwrap();
        world.clock.advance(Duration::from_secs(1));
        world.rony.shares().collect().await.unwrap();
        assert_eq!(code(world.open_link(&dead).await), "share_unknown");
        world.rony.shares().holder(&secret(&opened.pass)).await.unwrap();
        world.clock.advance(Duration::from_secs(60 * 60));
        world.rony.shares().collect().await.unwrap();
        assert_eq!(code(world.rony.shares().holder(&secret(&opened.pass)).await), "pass_expired");
        world.open_link(&good).await.unwrap();
    }
}
