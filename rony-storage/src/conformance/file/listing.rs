//! Facts about lists and searches.

use std::time::Duration;

use rony_core::{
    file::{AddFile, FileKind, Item, Level, ListItems, Listing, Query, Reader, Sort, SortBy},
    page::Limit,
    time::Clock as _,
};

use super::{Person, World, facts, names};

impl World {
    /// All of a list, in pages of three.
    async fn in_pages(&self, person: &Person, of: &Listing, sort: Sort) -> Vec<Item> {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(3).expect("a limit");
            let list = ListItems { of: of.clone(), sort, limit, cursor: cursor.as_ref() };
            let page = self.rony.files().list(&person.actor, list).await.expect("a page");
            assert!(page.items.len() <= 3);
            items.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return items;
            }
        }
    }

    async fn typed(&self, by: &Person, called: &str, media_type: &str, size: i64) {
        self.clock.advance(Duration::from_millis(1));
        let upload = self.upload(Reader::Person(by.id), None, called, size);
        let upload = AddFile { media_type: media_type.to_owned(), ..upload };
        self.store.add_file(&upload).await.expect("a file");
    }

    async fn found_files(&self, person: &Person, query: Query) -> Vec<String> {
        let found = self.files_in(person, Listing::Search(query)).await;
        names(&found).into_iter().map(str::to_owned).collect()
    }
}

fn text(text: &str) -> Query {
    Query { text: text.to_owned(), ..Query::default() }
}

facts! {
    async fn a_folder_is_listed_in_every_order_folders_first(world: World) {
        let ann = world.person("ann").await;
        for (called, media_type, size) in
            [("c.png", "image/png", 3), ("A.txt", "text/plain", 9), ("b.png", "image/png", 1), ("d.txt", "text/plain", 3)]
        {
            world.typed(&ann, called, media_type, size).await;
        }
        for called in ["y", "X", "z", "w"] {
            world.clock.advance(Duration::from_millis(1));
            world.folder(&ann, None, called).await;
        }
        let listed = async |by, desc| {
            let items = world.in_pages(&ann, &Listing::Folder(None), Sort { by, desc }).await;
            names(&items).join(" ")
        };
        assert_eq!(listed(SortBy::Name, false).await, "w X y z A.txt b.png c.png d.txt");
        assert_eq!(listed(SortBy::Name, true).await, "z y X w d.txt c.png b.png A.txt");
        assert_eq!(listed(SortBy::Modified, false).await, "y X z w c.png A.txt b.png d.txt");
        assert_eq!(listed(SortBy::Modified, true).await, "w z X y d.txt b.png A.txt c.png");
        assert_eq!(listed(SortBy::Size, false).await, "w X y z b.png c.png d.txt A.txt");
        assert_eq!(listed(SortBy::Size, true).await, "z y X w A.txt d.txt c.png b.png");
        assert_eq!(listed(SortBy::Type, false).await, "w X y z b.png c.png A.txt d.txt");
        assert_eq!(listed(SortBy::Type, true).await, "z y X w d.txt A.txt c.png b.png");
    }

    async fn a_cursor_goes_on_in_its_own_order_only(world: World) {
        let ann = world.person("ann").await;
        for number in 0..4 {
            world.file(&ann, None, &number.to_string(), 1).await;
        }
        let list = |sort, cursor| ListItems { of: Listing::Folder(None), sort, limit: Limit::new(2).unwrap(), cursor };
        let files = world.rony.files();
        let next = files.list(&ann.actor, list(Sort::default(), None)).await.unwrap().next.unwrap();
        let refused = files.list(&ann.actor, list(Sort::NEWEST, Some(&next))).await.unwrap_err();
        assert_eq!(refused.code(), "invalid");
        let rest = files.list(&ann.actor, list(Sort::default(), Some(&next))).await.unwrap();
        assert_eq!((names(&rest.items), rest.next), (vec!["2", "3"], None));
    }

    async fn a_file_is_no_folder_and_what_is_not_there_is_not_listed(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.file(&ann, None, "a", 1).await;
        let folder = world.folder(&ann, None, "b").await;
        let code = async |person, id| {
            world.files_by(person, Listing::Folder(Some(id)), Sort::default()).await.unwrap_err().code()
        };
        assert_eq!(code(&ann, file.id).await, "not_a_folder");
        assert_eq!(code(&ben, folder.id).await, "not_found");
    }

    async fn recent_are_the_newest_files_of_one_s_own_and_of_what_is_shared(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let shared = world.folder(&ann, None, "Shared").await;
        world.share(&ann, shared.id, &ben, Level::Viewer).await;
        for (by, parent, called) in [(&ben, None, "1"), (&ann, Some(shared.id), "2"), (&ann, None, "hidden"), (&ben, None, "3")] {
            world.clock.advance(Duration::from_millis(1));
            world.file(by, parent, called, 1).await;
        }
        let recent = world.in_pages(&ben, &Listing::Recent, Sort::default()).await;
        assert_eq!(names(&recent), ["3", "2", "1"]);
    }

    async fn shared_is_what_others_gave_and_not_what_lies_in_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann, &ben]).await;
        let folder = world.folder(&ann, None, "Shared").await;
        world.file(&ann, Some(folder.id), "inside", 1).await;
        let file = world.file(&ann, None, "file", 1).await;
        world.share(&ann, folder.id, &ben, Level::Viewer).await;
        let subject = rony_core::file::Subject::Conversation(group);
        for id in [folder.id, file.id] {
            world.rony.files().grant(&ann.actor, id, subject, Level::Editor).await.unwrap();
        }
        let shared = world.files_in(&ben, Listing::Shared).await;
        assert_eq!(names(&shared), ["file", "Shared"]);
        assert!(shared.iter().all(|item| item.level == Level::Editor && item.parent_id.is_none()));
        assert_eq!(world.files_in(&ann, Listing::Shared).await, []);
        world.rony.files().trash(&ann.actor, folder.id).await.unwrap();
        assert_eq!(names(&world.files_in(&ben, Listing::Shared).await), ["file"]);
    }

    async fn a_search_goes_by_words_type_owner_and_time(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let start = world.clock.now();
        for (called, media_type) in [
            ("Annual Report 2025.pdf", "application/pdf"),
            ("report-draft.txt", "text/plain"),
            ("beach.jpg", "image/jpeg"),
            ("song.mp3", "audio/mpeg"),
            ("all.zip", "application/zip"),
            ("thing", "application/octet-stream"),
        ] {
            world.typed(&ann, called, media_type, 1).await;
        }
        let end = world.clock.now();
        world.clock.advance(Duration::from_millis(1));
        world.folder(&ann, None, "Reports").await;
        assert_eq!(world.found_files(&ann, text("REPORT")).await, ["Annual Report 2025.pdf", "report-draft.txt", "Reports"]);
        assert_eq!(world.found_files(&ann, text("2025 annual")).await, ["Annual Report 2025.pdf"]);
        assert_eq!(world.found_files(&ann, text("100%")).await, Vec::<String>::new());
        assert_eq!(world.found_files(&ann, text("_")).await, Vec::<String>::new());
        let kind = |kind| Query { kind: Some(kind), ..Query::default() };
        for (wanted, found) in [
            (FileKind::Folder, vec!["Reports"]),
            (FileKind::Image, vec!["beach.jpg"]),
            (FileKind::Video, vec![]),
            (FileKind::Audio, vec!["song.mp3"]),
            (FileKind::Document, vec!["Annual Report 2025.pdf", "report-draft.txt"]),
            (FileKind::Archive, vec!["all.zip"]),
            (FileKind::Other, vec!["thing"]),
        ] {
            assert_eq!(world.found_files(&ann, kind(wanted)).await, found, "{wanted:?}");
        }
        let during = Query { since: Some(start), until: Some(end), ..text("report") };
        assert_eq!(world.found_files(&ann, during).await, ["Annual Report 2025.pdf", "report-draft.txt"]);
        let of = |owner| Query { owner: Some(owner), ..text("report") };
        assert_eq!(world.found_files(&ann, of(ben.id)).await, Vec::<String>::new());
        assert_eq!(world.found_files(&ann, of(ann.id)).await.len(), 3);
        assert_eq!(world.found_files(&ben, text("report")).await, Vec::<String>::new(), "nothing is shared");
    }

    async fn a_search_finds_what_lies_in_what_is_shared_in_pages(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let shared = world.folder(&ann, None, "shared").await;
        let inner = world.folder(&ann, Some(shared.id), "inner").await;
        for number in 0..4 {
            world.file(&ann, Some(inner.id), &format!("note {number}"), 1).await;
            world.file(&ben, None, &format!("note {}", number + 4), 1).await;
        }
        world.file(&ann, None, "note hidden", 1).await;
        world.share(&ann, shared.id, &ben, Level::Viewer).await;
        for desc in [false, true] {
            for by in [SortBy::Name, SortBy::Modified, SortBy::Size, SortBy::Type] {
                let mut found = world.in_pages(&ben, &Listing::Search(text("note")), Sort { by, desc }).await;
                if by != SortBy::Modified {
                    let sorted = found.is_sorted_by(|one, two| if desc { one.name > two.name } else { one.name < two.name });
                    assert!(sorted, "{:?}", names(&found));
                }
                found.sort_by(|one, two| one.name.cmp(&two.name));
                found.dedup_by_key(|item| item.id);
                assert_eq!(found.len(), 8);
            }
        }
        world.rony.files().trash(&ann.actor, inner.id).await.unwrap();
        assert_eq!(world.found_files(&ben, text("note")).await.len(), 4);
        assert_eq!(world.found_files(&ann, text("note")).await, ["note hidden"]);
    }

    async fn what_no_database_takes_is_refused(world: World) {
        let ann = world.person("ann").await;
        let refused = world.files_by(&ann, Listing::Search(text("a\0b")), Sort::default()).await;
        assert_eq!(refused.unwrap_err().code(), "invalid");
        let key = serde_json::json!({ "f": false, "n": 0, "t": "", "w": "a\0b", "i": ann.id });
        let cursor = rony_core::page::Cursor::encode("files.name", &key);
        let list = ListItems { of: Listing::Folder(None), sort: Sort::default(), limit: Limit::MAX, cursor: Some(&cursor) };
        assert_eq!(world.rony.files().list(&ann.actor, list).await.unwrap_err().code(), "invalid");
    }
}
