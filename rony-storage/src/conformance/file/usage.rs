//! What a drive takes is the sum of its versions, whatever people do.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rony_core::{
    file::{CopyItem, Item, ItemKind, Level, Listing},
    id::ItemId,
};

use super::{Person, World, facts};

/// Things that are done in a run, and from which number chance begins.
const DEEDS: usize = 150;
const SEED: u64 = 4_021_968_177_320_554_911;

/// Two people who share a folder each with the other.
struct Deeds {
    random: StdRng,
    people: Vec<Person>,
    items: Vec<ItemId>,
}

impl Deeds {
    async fn next(&mut self, world: &World, number: usize) {
        let person = self.people.choose(&mut self.random).expect("some").clone();
        let item = *self.items.choose(&mut self.random).expect("some");
        let size = self.random.random_range(0..1_000);
        let files = world.rony.files();
        let made = match self.random.random_range(0..12_u32) {
            0..=2 => world.try_file(&person, Some(item), &format!("file {number}"), size).await.ok(),
            3 => world.try_file(&person, None, &format!("file {number}"), size).await.ok(),
            4..=6 => world.replace(&person, item, size).await.ok(),
            7 => files.copy(&person.actor, item, CopyItem::default()).await.ok(),
            8 => {
                let _ = files.trash(&person.actor, item).await;
                None
            }
            9 => files.restore(&person.actor, item).await.ok(),
            10 => {
                let _ = files.delete(&person.actor, item).await;
                let _ = files.delete_version(&person.actor, item, 1).await;
                None
            }
            _ => files.restore_version(&person.actor, item, 1).await.ok(),
        };
        self.items.extend(made.map(|item| item.id));
    }
}

/// Bytes of all versions of what lies in a folder and below.
async fn below(world: &World, person: &Person, parent: Option<ItemId>) -> i64 {
    let mut sum = 0;
    for item in world.files_in(person, Listing::Folder(parent)).await {
        sum += match item.kind {
            ItemKind::Folder => Box::pin(below(world, person, Some(item.id))).await,
            ItemKind::File => of_file(world, person, &item).await,
        };
    }
    sum
}

async fn of_file(world: &World, person: &Person, item: &Item) -> i64 {
    let versions = world.rony.files().versions(&person.actor, item.id).await.expect("versions");
    versions.iter().map(|version| version.size).sum()
}

facts! {
    async fn what_is_used_is_the_sum_of_all_versions_after_any_row_of_deeds(world: World) {
        let people = vec![world.person("ann").await, world.person("ben").await];
        let mut items = Vec::new();
        for (one, other) in [(0, 1), (1, 0)] {
            let folder = world.folder(&people[one], None, "Shared").await;
            world.share(&people[one], folder.id, &people[other], Level::Editor).await;
            items.push(folder.id);
        }
        let mut deeds = Deeds { random: StdRng::seed_from_u64(SEED), people, items };
        for number in 0..DEEDS {
            deeds.next(&world, number).await;
            if number % 5 != 0 {
                continue;
            }
            world.collect().await;
            for person in &deeds.people {
                let drive = world.rony.files().drive(&person.actor).await.unwrap();
                let live = below(&world, person, None).await;
                assert_eq!(drive.used, live + drive.trash, "seed {SEED}, deed {number}");
                assert_eq!(drive.reserved, 0);
            }
        }
        for person in &deeds.people {
            for item in world.files_in(person, Listing::Folder(None)).await {
                world.rony.files().trash(&person.actor, item.id).await.unwrap();
            }
            world.rony.files().empty_trash(&person.actor).await.unwrap();
        }
        for _ in 0..20 {
            world.collect().await;
        }
        for person in &deeds.people {
            assert_eq!(world.rony.files().drive(&person.actor).await.unwrap().used, 0);
        }
    }

    async fn what_comes_at_once_adds_up(world: World) {
        let ann = world.person("ann").await;
        let file = world.file(&ann, None, "a", 1).await;
        let files = world.rony.files();
        let (one, two, three, four) = tokio::join!(
            world.try_file(&ann, None, "b", 10),
            world.replace(&ann, file.id, 100),
            world.replace(&ann, file.id, 1_000),
            files.copy(&ann.actor, file.id, CopyItem::default()),
        );
        let (_, _, _, copy) = (one.unwrap(), two.unwrap(), three.unwrap(), four.unwrap());
        let drive = files.drive(&ann.actor).await.unwrap();
        assert_eq!(drive.used, 1_111 + copy.size);
    }
}
