//! Facts about files: folders, lists, the trash, versions, sharing, attachments, and that all of it adds up.

mod access;
mod attachment;
mod folder;
mod grant;
mod listing;
mod trash;
mod usage;
mod version;

use rony_core::{
    Result,
    file::{
        AddFile, By, FileName, IfExists, Item, Level, Limits, ListItems, Listing, NewFolder, PreviewState,
        Reader, Sort, Subject,
    },
    id::{BlobId, ItemId},
    page::Limit,
    time::Clock as _,
};

use super::{Case, Person, World, facts};

pub(super) fn cases() -> Vec<Case> {
    [
        access::cases(),
        attachment::cases(),
        folder::cases(),
        grant::cases(),
        listing::cases(),
        trash::cases(),
        usage::cases(),
        version::cases(),
    ]
    .concat()
}

fn name(text: &str) -> FileName {
    text.parse().expect("a name")
}

fn names(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

impl World {
    fn by(&self, reader: Reader) -> By {
        let settings = &self.rony.settings().files;
        let limits = Limits { quota: settings.quota, versions_kept: settings.versions_kept.into() };
        By { reader, at: self.clock.now(), limits }
    }

    /// What an upload comes to when it is whole.
    fn upload(&self, reader: Reader, parent_id: Option<ItemId>, called: &str, size: i64) -> AddFile {
        AddFile {
            by: self.by(reader),
            id: ItemId::new(self.clock.now()),
            parent_id,
            replace: None,
            name: name(called),
            if_exists: IfExists::Fail,
            media_type: "text/plain".to_owned(),
            modified_at: None,
            blob: BlobId::new(self.clock.now()),
            size,
            sha256: [7; 32],
            preview: PreviewState::None,
            reserved: 0,
        }
    }

    /// Makes a folder.
    ///
    /// # Panics
    ///
    /// When it is refused; so for all helpers.
    pub async fn folder(&self, by: &Person, parent: Option<ItemId>, called: &str) -> Item {
        let new = NewFolder::named(parent, name(called));
        self.rony.files().create_folder(&by.actor, new).await.expect("a folder")
    }

    async fn try_file(&self, by: &Person, parent: Option<ItemId>, called: &str, size: i64) -> Result<Item> {
        self.store.add_file(&self.upload(Reader::Person(by.id), parent, called, size)).await
    }

    /// Makes a file of so many bytes, of which there are none.
    ///
    /// # Panics
    ///
    /// As [`World::folder`].
    pub async fn file(&self, by: &Person, parent: Option<ItemId>, called: &str, size: i64) -> Item {
        self.try_file(by, parent, called, size).await.expect("a file")
    }

    /// Replaces the content of a file.
    async fn replace(&self, by: &Person, id: ItemId, size: i64) -> Result<Item> {
        let upload = self.upload(Reader::Person(by.id), None, "x", size);
        self.store.add_file(&AddFile { replace: Some(id), ..upload }).await
    }

    async fn files_in(&self, person: &Person, of: Listing) -> Vec<Item> {
        self.files_by(person, of, Sort::default()).await.expect("a list")
    }

    async fn files_by(&self, person: &Person, of: Listing, sort: Sort) -> Result<Vec<Item>> {
        let list = ListItems { of, sort, limit: Limit::MAX, cursor: None };
        Ok(self.rony.files().list(&person.actor, list).await?.items)
    }

    async fn share(&self, by: &Person, id: ItemId, with: &Person, level: Level) {
        let subject = Subject::Person(with.id);
        self.rony.files().grant(&by.actor, id, subject, level).await.expect("may be shared");
    }

    /// `there`, or the code of the refusal.
    async fn look(&self, person: &Person, id: ItemId) -> &'static str {
        self.rony.files().get(&person.actor, id).await.map_or_else(|error| error.code(), |_| "there")
    }

    /// Collects until there is nothing to collect.
    async fn collect(&self) {
        for _ in 0..3 {
            self.rony.files().collect().await.expect("collects");
        }
    }
}
