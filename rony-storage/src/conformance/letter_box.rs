//! Facts about what strangers bring by links: the room that it takes from a drive is its owner's again when the link is over.

use std::time::Duration;

use rony_core::{
    Result, Rony,
    actor::Actor,
    file::{Level, LinkLevel, Subject},
    id::{ItemId, ShareId},
    share::{NewShare, ShareChange},
    time::Clock as _,
    upload::{NewUpload, Upload},
};

use super::{
    Person, World, facts,
    upload::{bytes, with_quota},
};

fn code<T: std::fmt::Debug>(answer: Result<T>) -> &'static str {
    answer.expect_err("is refused").code()
}

async fn announce(rony: &Rony, by: &Actor, name: &str, length: i64) -> Result<Upload> {
    rony.uploads().create(by, NewUpload::named(None, name.parse().expect("a name"), length)).await
}

impl World {
    /// A link to a folder, and somebody who holds it.
    async fn stranger(&self, owner: &Person, folder: ItemId, new: NewShare) -> (ShareId, Actor) {
        let made = self.make_link(owner, folder, new).await;
        (made.share.id, self.holder_of(&made).await)
    }

    /// Announces an upload of 6 bytes by a link, and brings half of it.
    async fn half(&self, by: &Actor, name: &str) -> Upload {
        let upload = announce(&self.rony, by, name, 6).await.expect("may begin");
        self.rony.uploads().append(by, upload.id, 0, None, bytes("123")).await.expect("goes on")
    }

    /// What uploads reserve of a drive, and of how many there are bytes when the job has removed those that ended.
    async fn on_the_way(&self, owner: &Person) -> (i64, usize) {
        let reserved = self.drive_of(owner).await.reserved;
        self.rony.uploads().collect().await.expect("the job does its work");
        (reserved, self.blobs.count().1)
    }
}

facts! {
    async fn what_a_stranger_announces_leaves_its_owner_half_of_the_room(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Box").await;
        let (link, stranger) = world.stranger(&ann, folder.id, NewShare::of(LinkLevel::Drop)).await;
        let rony = world.node_with(with_quota(100));
        assert_eq!(code(announce(&rony, &stranger, "a", 51).await), "too_much_at_once");
        let (one, two) = tokio::join!(
            announce(&rony, &stranger, "a", 30),
            async { announce(&world.node_with(with_quota(100)), &stranger, "b", 30).await },
        );
        assert!(one.is_ok() != two.is_ok(), "two at once: {one:?} {two:?}");
        let (taken, refused) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(code(refused), "too_much_at_once");
        announce(&rony, &stranger, "c", 20).await.expect("the rest of the half");
        assert_eq!(code(announce(&rony, &stranger, "d", 1).await), "too_much_at_once");
        announce(&rony, &stranger, "e", 0).await.expect("nothing takes no room");
        let own = announce(&rony, &ann.actor, "own", 50).await.expect("the other half is hers");
        rony.uploads().discard(&ann.actor, own.id).await.unwrap();
        let taken = taken.unwrap().id;
        rony.uploads().append(&stranger, taken, 0, None, bytes(&"x".repeat(30))).await.unwrap();
        announce(&rony, &stranger, "f", 15).await.expect("half of the 70 bytes that are left, 20 of them taken");
        assert_eq!(code(announce(&rony, &stranger, "g", 1).await), "too_much_at_once");
        assert_eq!(world.drive_of(&ann).await.reserved, 35);
        rony.shares().revoke(&ann.actor, link).await.unwrap();
        assert_eq!(world.drive_of(&ann).await.reserved, 0);
        announce(&rony, &ann.actor, "own", 70).await.expect("all that is left");
    }

    async fn a_guest_with_an_account_leaves_the_owner_half_of_the_room_too(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Work").await;
        world.rony.files().grant(&ann.actor, folder.id, Subject::Person(ben.id), Level::Editor).await.unwrap();
        let rony = world.node_with(with_quota(100));
        let begin = async |by: &Person, length| {
            let new = NewUpload::named(Some(folder.id), "a.bin".parse().expect("a name"), length);
            rony.uploads().create(&by.actor, new).await
        };
        assert_eq!(begin(&ben, 51).await.unwrap_err().code(), "too_much_at_once");
        begin(&ben, 50).await.unwrap();
        begin(&ann, 50).await.expect("the other half is hers");
        assert_eq!(world.drive_of(&ann).await.reserved, 100);
    }

    async fn a_link_that_is_revoked_gives_back_what_its_uploads_reserved(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Box").await;
        world.rony.files().grant(&ann.actor, folder.id, Subject::Person(ben.id), Level::Manager).await.unwrap();
        let (link, stranger) = world.stranger(&ann, folder.id, NewShare::of(LinkLevel::Drop)).await;
        let (of_ben, other) = world.stranger(&ben, folder.id, NewShare::of(LinkLevel::Editor)).await;
        world.half(&stranger, "a").await;
        world.half(&other, "b").await;
        let done = announce(&world.rony, &stranger, "c", 3).await.unwrap();
        world.rony.uploads().append(&stranger, done.id, 0, None, bytes("123")).await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (12, 2));
        world.rony.shares().revoke(&ann.actor, link).await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (6, 1), "and their bytes are gone");
        assert_eq!(world.drive_of(&ann).await.used, 3, "what is a file stays");
        world.rony.files().revoke(&ann.actor, folder.id, ben.id.uuid()).await.unwrap();
        world.rony.shares().revoke(&ben.actor, of_ben).await.expect("he made it");
        assert_eq!(world.on_the_way(&ann).await, (0, 0), "whether or not its maker sees the folder");
    }

    async fn a_folder_that_is_thrown_away_gives_back_what_strangers_reserved_in_it(world: World) {
        let ann = world.person("ann").await;
        let above = world.folder(&ann, None, "Work").await;
        let folder = world.folder(&ann, Some(above.id), "Box").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        let aside = world.folder(&ann, None, "Aside").await;
        let (_, stranger) = world.stranger(&ann, folder.id, NewShare::of(LinkLevel::Editor)).await;
        let (_, other) = world.stranger(&ann, aside.id, NewShare::of(LinkLevel::Drop)).await;
        world.half(&stranger, "a").await;
        world.half(&other, "b").await;
        let into = NewUpload::named(Some(inner.id), "c".parse().unwrap(), 5);
        world.rony.uploads().create(&stranger, into).await.unwrap();
        announce(&world.rony, &ann.actor, "own", 100).await.unwrap();
        world.rony.files().trash(&ann.actor, inner.id).await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (112, 2), "only what went there");
        world.rony.files().trash(&ann.actor, above.id).await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (106, 1), "however far above");
        world.rony.files().restore(&ann.actor, above.id).await.unwrap();
        world.half(&stranger, "a").await;
        assert_eq!(world.on_the_way(&ann).await, (112, 2), "the link is good again");
    }

    async fn a_link_that_ends_by_itself_gives_back_what_its_uploads_reserved(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Box").await;
        world.rony.files().grant(&ann.actor, folder.id, Subject::Person(ben.id), Level::Manager).await.unwrap();
        let end = world.clock.now().plus(Duration::from_secs(60));
        let ending = NewShare { expires_at: Some(end), ..NewShare::of(LinkLevel::Drop) };
        let (_, stranger) = world.stranger(&ann, folder.id, ending).await;
        let (_, of_ben) = world.stranger(&ben, folder.id, NewShare::of(LinkLevel::Drop)).await;
        let (changed, of_changed) = world.stranger(&ann, folder.id, NewShare::of(LinkLevel::Editor)).await;
        let (_, lasting) = world.stranger(&ann, folder.id, NewShare::of(LinkLevel::Drop)).await;
        for (who, name) in [(&stranger, "a"), (&of_ben, "b"), (&of_changed, "c"), (&lasting, "d")] {
            world.half(who, name).await;
        }
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (24, 4), "all go on");
        world.clock.advance(Duration::from_secs(60));
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (18, 3), "its time is over");
        world.rony.files().revoke(&ann.actor, folder.id, ben.id.uuid()).await.unwrap();
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (12, 2), "it was as good as who made it");
        let looking = ShareChange { level: Some(LinkLevel::Viewer), ..ShareChange::default() };
        world.rony.shares().change(&ann.actor, changed, looking).await.unwrap();
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.on_the_way(&ann).await, (6, 1), "for looking only");
    }
}
