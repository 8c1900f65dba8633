//! Lists and searches. Each row of each is asked the same question as a single item is.

use std::{cmp::Ordering, ops::RangeInclusive, sync::LazyLock};

use rony_core::{
    Result,
    file::{FileKind, Item, ItemKind, ListRows, Listing, Query, Reader, Sort, SortBy, SortKey},
    id::{ItemId, UserId},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{
    access::{Eyes, SIGHT},
    row::{self, columns, load_seen},
};
use crate::sql::{SqlStore, dialect::Dialect, failed, values};

/// What is neither in the trash itself nor deleted. Whether something above it is, [`SIGHT`] tells.
const LIVE: &str = "f.trashed_at is null and f.purged_at is null";
/// What is there for the reader, and not in the trash.
const SEEN: RangeInclusive<i64> = 1..=63;
/// What is there for the reader.
const SEEN_IN_TRASH: RangeInclusive<i64> = 1..=i64::MAX;

/// What is shared with the person `$1`, by itself.
const GRANTED: &str = "select g.file_id from rony_grants g where g.subject_id = $1
    union select g.file_id from rony_members r join rony_grants g on g.subject_id = r.conversation_id
    where r.user_id = $1";

pub(super) async fn items<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: Reader,
    list: &ListRows,
) -> Result<Vec<Item>> {
    let mut snapshot = store.snapshot().await?;
    let connection = &mut *snapshot;
    let eyes = Eyes::of(reader);
    match &list.of {
        Listing::Folder(parent) => folder::<DB>(connection, reader, *parent, list).await,
        Listing::Recent => everywhere::<DB>(connection, eyes, list, &Walk::new("f.kind = 'file'")).await,
        Listing::Starred => {
            let walk =
                Walk::new(LIVE).from("rony_stars t join rony_files f on f.id = t.file_id and t.user_id = $1");
            walk.rows::<DB>(connection, eyes, list).await
        }
        Listing::Shared => {
            let walk = Walk::new("f.owner_id <> $1").and(LIVE);
            let walk = walk.with(&format!("with given (id) as ({GRANTED})"));
            walk.from("given join rony_files f on f.id = given.id").rows::<DB>(connection, eyes, list).await
        }
        Listing::Trash => {
            let walk = Walk::new("f.owner_id = $1 and f.trashed_at is not null and f.purged_at is null");
            walk.seen(SEEN_IN_TRASH).rows::<DB>(connection, eyes, list).await
        }
        Listing::Search(query) => match reader {
            Reader::Person(_) => everywhere::<DB>(connection, eyes, list, &Walk::matching(query)).await,
            Reader::Link { .. } => {
                let walk = Walk::matching(query).below("select id from rony_files where id = $2").and(LIVE);
                walk.rows::<DB>(connection, eyes, list).await
            }
        },
    }
}

/// What lies in a folder: folders first, whatever the order.
async fn folder<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: Reader,
    parent: Option<ItemId>,
    list: &ListRows,
) -> Result<Vec<Item>> {
    let eyes = Eyes::of(reader);
    let parent = match (parent, reader) {
        (None, Reader::Person(owner)) => owner.uuid(),
        (Some(id), _) | (None, Reader::Link { root: id, .. }) => {
            load_seen::<DB>(connection, eyes, id).await?.item.folder()?;
            id.uuid()
        }
    };
    let mut items = Vec::new();
    for kind in [ItemKind::Folder, ItemKind::File] {
        let is_folder = kind == ItemKind::Folder;
        let left = list.limit - i64::try_from(items.len()).unwrap_or(i64::MAX);
        // Behind a file come files only; behind a folder come the folders after it, and then all files.
        if left <= 0 || (is_folder && list.after.as_ref().is_some_and(|after| !after.folder)) {
            continue;
        }
        let after = list.after.clone().filter(|after| after.folder == is_folder);
        // Folders have neither size nor type.
        let by = if is_folder && list.sort.by != SortBy::Modified { SortBy::Name } else { list.sort.by };
        let sort = Sort { by, ..list.sort };
        let part = ListRows { of: list.of.clone(), sort, after, limit: left };
        let mut walk = Walk::new(LIVE);
        let (parent, kind) = (walk.value(Value::Id(parent)), walk.value(Value::text(row::write_kind(kind))));
        // Who sees the folder sees what lies in it, so nothing is asked of the rows.
        let walk = walk.and(&format!("f.parent_id = {parent} and f.kind = {kind}")).seen_already();
        items.extend(walk.rows::<DB>(connection, eyes, &part).await?);
    }
    Ok(items)
}

/// What matches in a person's own drive, and in and below what is shared with them.
async fn everywhere<DB: Dialect>(
    connection: &mut DB::Connection,
    eyes: Eyes,
    list: &ListRows,
    walk: &Walk,
) -> Result<Vec<Item>> {
    let own = walk.clone().and("f.owner_id = $1").and(LIVE);
    let shared = walk.clone().below(GRANTED).and("f.owner_id <> $1").and(LIVE);
    let mut items = own.rows::<DB>(connection, eyes, list).await?;
    items.extend(shared.rows::<DB>(connection, eyes, list).await?);
    items.sort_by(|one, other| compare(one, other, list.sort));
    items.truncate(usize::try_from(list.limit).unwrap_or(usize::MAX));
    Ok(items)
}

/// As the database sorts: texts by their bytes.
fn compare(one: &Item, other: &Item, sort: Sort) -> Ordering {
    let (one, other) = (SortKey::of(one, sort), SortKey::of(other, sort));
    let key = |key: &SortKey| (key.number, key.media_type.clone());
    let name = |key: &SortKey| if sort.by == SortBy::Modified { String::new() } else { key.fold.clone() };
    let order = key(&one).cmp(&key(&other)).then(name(&one).cmp(&name(&other))).then(one.id.cmp(&other.id));
    if sort.desc { order.reverse() } else { order }
}

/// What a statement is given.
#[derive(Clone)]
enum Value {
    Id(Uuid),
    Number(i64),
    Text(String),
}

impl Value {
    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A statement that goes through items.
#[derive(Clone)]
struct Walk {
    /// What comes before `select`.
    with: String,
    /// Where `f` comes from.
    from: String,
    wanted: String,
    /// Those from `$4` on.
    values: Vec<Value>,
    /// What [`SIGHT`] must be; `None`: the reader sees all of it.
    seen: Option<RangeInclusive<i64>>,
}

impl Walk {
    fn new(wanted: &str) -> Self {
        let (with, from) = (String::new(), "rony_files f".to_owned());
        Self { with, from, wanted: wanted.to_owned(), values: Vec::new(), seen: Some(SEEN) }
    }

    fn with(self, with: &str) -> Self {
        Self { with: with.to_owned(), ..self }
    }

    fn from(self, from: &str) -> Self {
        Self { from: from.to_owned(), ..self }
    }

    fn seen(self, seen: RangeInclusive<i64>) -> Self {
        Self { seen: Some(seen), ..self }
    }

    fn seen_already(self) -> Self {
        Self { seen: None, ..self }
    }

    fn and(mut self, wanted: &str) -> Self {
        self.wanted = format!("{} and {wanted}", self.wanted);
        self
    }

    /// Only items that this statement selects, and what lies below them.
    fn below(self, tops: &str) -> Self {
        self.with(&format!(
            "with recursive below (id) as (
                 select * from ({tops}) tops
                 union
                 select c.id from below join rony_files c on c.parent_id = below.id
                 where c.trashed_at is null and c.purged_at is null)"
        ))
        .from("below join rony_files f on f.id = below.id")
    }

    /// Takes a value, and answers its place.
    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len() + 3)
    }

    fn matching(query: &Query) -> Self {
        let mut walk = Self::new(query.kind.map_or("true", of_kind));
        for word in query.words() {
            let pattern = walk.value(Value::Text(format!("%{}%", values::like(&word))));
            walk = walk.and(&format!("f.fold like {pattern} escape '!'"));
        }
        if let Some(owner) = query.owner {
            let owner = walk.value(Value::Id(UserId::uuid(owner)));
            walk = walk.and(&format!("f.owner_id = {owner}"));
        }
        if let Some(since) = query.since {
            let since = walk.value(Value::Number(since.as_millis()));
            walk = walk.and(&format!("f.modified_at >= {since}"));
        }
        if let Some(until) = query.until {
            let until = walk.value(Value::Number(until.as_millis()));
            walk = walk.and(&format!("f.modified_at < {until}"));
        }
        walk
    }

    /// Only what comes behind this place.
    fn after(mut self, after: &SortKey, sort: Sort) -> Self {
        let keys: Vec<_> = columns_of(sort.by)
            .iter()
            .map(|column| match *column {
                "f.modified_at" | "f.size" => Value::Number(after.number),
                "f.media_type" => Value::text(&after.media_type),
                "f.fold" => Value::text(&after.fold),
                _ => Value::Id(after.id.uuid()),
            })
            .collect();
        let places: Vec<_> = keys.into_iter().map(|key| self.value(key)).collect();
        let (columns, places) = (columns_of(sort.by).join(", "), places.join(", "));
        self.and(&format!("({columns}) {} ({places})", if sort.desc { "<" } else { ">" }))
    }

    async fn rows<DB: Dialect>(
        self,
        connection: &mut DB::Connection,
        eyes: Eyes,
        list: &ListRows,
    ) -> Result<Vec<Item>> {
        let mut walk = match &list.after {
            Some(after) => self.after(after, list.sort),
            None => self,
        };
        if let Some(seen) = walk.seen.take() {
            walk = walk.and(&format!("{SIGHT} between {} and {}", seen.start(), seen.end()));
        }
        let limit = walk.value(Value::Number(list.limit));
        let direction = if list.sort.desc { " desc" } else { "" };
        let order: Vec<_> =
            columns_of(list.sort.by).iter().map(|column| format!("{column}{direction}")).collect();
        let Self { with, from, wanted, values, .. } = walk;
        let sql = format!(
            "{with} select {} from {from} left join rony_blobs b on b.id = f.blob_id
             where {wanted} order by {} limit {limit}",
            columns(),
            order.join(", ")
        );
        let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(eyes.person).bind(eyes.root).bind(eyes.level);
        let query = values.into_iter().fold(query, |query, value| match value {
            Value::Id(id) => query.bind(id),
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
        });
        let rows = query.fetch_all(connection).await.map_err(failed)?;
        let items = rows.iter().map(|row| Ok(row::read::<DB>(row)?.map(|found| found.item)));
        items.filter_map(Result::transpose).collect()
    }
}

/// The order of a list, as the indexes have it. The last one makes it total.
const fn columns_of(by: SortBy) -> &'static [&'static str] {
    match by {
        SortBy::Name => &["f.fold", "f.id"],
        SortBy::Modified => &["f.modified_at", "f.id"],
        SortBy::Size => &["f.size", "f.fold", "f.id"],
        SortBy::Type => &["f.media_type", "f.fold", "f.id"],
    }
}

/// Media types that are texts, tables or slides.
const DOCUMENT: &str = "(f.media_type like 'text/%' or f.media_type like 'application/vnd.oasis.opendocument%'
    or f.media_type like 'application/vnd.openxmlformats-officedocument%' or f.media_type like 'application/vnd.ms-%'
    or f.media_type in ('application/pdf', 'application/msword', 'application/rtf', 'application/epub+zip',
        'application/json', 'application/xml'))";
/// Media types that are many files in one.
const ARCHIVE: &str =
    "f.media_type in ('application/zip', 'application/gzip', 'application/x-gzip', 'application/x-tar',
    'application/x-7z-compressed', 'application/x-rar-compressed', 'application/vnd.rar', 'application/zstd',
    'application/x-bzip2', 'application/x-xz', 'application/x-zip-compressed')";

/// The condition of what people call a type of file.
fn of_kind(kind: FileKind) -> &'static str {
    static IS_DOCUMENT: LazyLock<String> = LazyLock::new(|| format!("f.kind = 'file' and {DOCUMENT}"));
    static IS_OTHER: LazyLock<String> = LazyLock::new(|| {
        format!(
            "f.kind = 'file' and not {DOCUMENT} and not {ARCHIVE} and f.media_type not like 'image/%'
             and f.media_type not like 'video/%' and f.media_type not like 'audio/%'"
        )
    });
    match kind {
        FileKind::Folder => "f.kind = 'folder'",
        FileKind::Image => "f.media_type like 'image/%'",
        FileKind::Video => "f.media_type like 'video/%'",
        FileKind::Audio => "f.media_type like 'audio/%'",
        FileKind::Document => &IS_DOCUMENT,
        FileKind::Archive => ARCHIVE,
        FileKind::Other => &IS_OTHER,
    }
}
