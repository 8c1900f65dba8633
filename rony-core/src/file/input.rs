//! What is asked of files: lists, searches, new folders, changes and copies.

use serde::{Deserialize, Serialize};

use super::{FileName, Item};
use crate::{
    Error, Result,
    id::{ItemId, UserId},
    page::{Cursor, Limit},
    text,
    time::Timestamp,
};

/// The colours that an item can have.
const COLORS: [&str; 9] = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "gray"];
/// The longest icon, in characters: an emoji of several.
const ICON_LIMIT: usize = 16;
/// The longest text to search for, in characters.
const QUERY_LIMIT: usize = 200;
/// Words of a search that are looked at.
const MOST_WORDS: usize = 8;

/// What happens when there is something of that name already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IfExists {
    /// Nothing is done.
    #[default]
    Fail,
    /// The folder that is there is the answer. For folders only.
    Use,
    /// The new one gets a number: `report (2).pdf`.
    Rename,
    /// The file that is there gets the new content. For content only.
    Replace,
}

/// A wish for a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewFolder {
    /// In which folder; at the top of the own drive, when left out.
    #[serde(default)]
    pub parent_id: Option<ItemId>,
    /// What it is called.
    pub name: FileName,
    /// An emoji; may be empty.
    #[serde(default)]
    pub icon: String,
    /// red, orange, yellow, green, teal, blue, purple, pink, gray, or empty.
    #[serde(default)]
    pub color: String,
    /// What happens when the name is taken: `fail`, `use` or `rename`.
    #[serde(default)]
    pub if_exists: IfExists,
}

impl NewFolder {
    /// A folder without decoration.
    #[must_use]
    pub const fn named(parent_id: Option<ItemId>, name: FileName) -> Self {
        Self { parent_id, name, icon: String::new(), color: String::new(), if_exists: IfExists::Fail }
    }

    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a colour that there is not, an icon that is too long, and `replace`.
    pub fn validate(mut self) -> Result<Self> {
        self.icon = icon(&self.icon)?;
        color(&self.color)?;
        if self.if_exists == IfExists::Replace {
            return Err(Error::invalid("if_exists", "A folder cannot be replaced: say fail, use or rename."));
        }
        Ok(self)
    }
}

/// What changes; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ItemChange {
    /// What it is called.
    pub name: Option<FileName>,
    /// An emoji; empty: none.
    pub icon: Option<String>,
    /// red, orange, yellow, green, teal, blue, purple, pink, gray; empty: none.
    pub color: Option<String>,
    /// The folder to move it into; `null`: to the top of the own drive.
    #[serde(deserialize_with = "crate::patch::given")]
    pub parent_id: Option<Option<ItemId>>,
    /// Whether it is marked with a star, for whoever asks only.
    pub starred: Option<bool>,
    /// What happens when the name is taken: `fail` or `rename`.
    pub if_exists: IfExists,
}

impl ItemChange {
    /// Whether it changes something that others see too.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.name.is_some() || self.icon.is_some() || self.color.is_some() || self.parent_id.is_some()
    }

    /// As [`NewFolder::validate`].
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a colour that there is not, an icon that is too long, and `use` and `replace`.
    pub fn validate(mut self) -> Result<Self> {
        self.icon = self.icon.as_deref().map(icon).transpose()?;
        self.color.as_deref().map_or(Ok(()), color)?;
        if !matches!(self.if_exists, IfExists::Fail | IfExists::Rename) {
            return Err(Error::invalid("if_exists", "Say fail or rename."));
        }
        Ok(self)
    }
}

/// Where a copy goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CopyItem {
    /// Into which folder; to the top of the own drive, when left out.
    pub parent_id: Option<ItemId>,
    /// What it is called there; as it is here, when left out. A name that is taken gets a number.
    pub name: Option<FileName>,
}

fn icon(icon: &str) -> Result<String> {
    if icon.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(text::line("icon", icon, ICON_LIMIT)?)
}

fn color(color: &str) -> Result<()> {
    if color.is_empty() || COLORS.contains(&color) {
        return Ok(());
    }
    Err(Error::invalid("color", format!("Choose one of {}, or leave it empty.", COLORS.join(", "))))
}

/// Which list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// What lies in a folder, folders first; `None`: at the top of the own drive, or what a link leads to.
    Folder(Option<ItemId>),
    /// Files that were changed last, in the own drive and in what is shared with the person.
    Recent,
    /// What the person marked with a star.
    Starred,
    /// What others share with the person.
    Shared,
    /// What was thrown away, in the own drive.
    Trash,
    /// What matches.
    Search(Query),
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// Name.
    #[default]
    Name,
    /// When the content was last changed.
    Modified,
    /// Bytes.
    Size,
    /// Media type, and name within it.
    Type,
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The largest first.
    pub desc: bool,
}

impl Sort {
    /// The newest first.
    pub const NEWEST: Self = Self { by: SortBy::Modified, desc: true };

    /// The list's name in its cursors: a cursor goes on in the order in which it began.
    #[must_use]
    pub(crate) const fn list(self) -> &'static str {
        match (self.by, self.desc) {
            (SortBy::Name, false) => "files.name",
            (SortBy::Name, true) => "files.-name",
            (SortBy::Modified, false) => "files.modified",
            (SortBy::Modified, true) => "files.-modified",
            (SortBy::Size, false) => "files.size",
            (SortBy::Size, true) => "files.-size",
            (SortBy::Type, false) => "files.type",
            (SortBy::Type, true) => "files.-type",
        }
    }
}

impl std::str::FromStr for Sort {
    type Err = Error;

    /// Reads `name`, `-name`, `modified`, `-modified`, `size`, `-size`, `type` or `-type`.
    fn from_str(text: &str) -> Result<Self> {
        let (word, desc) = text.strip_prefix('-').map_or((text, false), |word| (word, true));
        let by = match word {
            "name" => SortBy::Name,
            "modified" => SortBy::Modified,
            "size" => SortBy::Size,
            "type" => SortBy::Type,
            _ => {
                let message = "Sort by name, modified, size or type, with a - in front for the other way.";
                return Err(Error::invalid("sort", message));
            }
        };
        Ok(Self { by, desc })
    }
}

/// Where an item stands in a list: behind it the next page begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// It is a folder; these come first where a folder's content is listed.
    #[serde(rename = "f")]
    pub folder: bool,
    /// Its time or size, where the list is sorted by that.
    #[serde(rename = "n")]
    pub number: i64,
    /// Its media type, where the list is sorted by that.
    #[serde(rename = "t")]
    pub media_type: String,
    /// Its folded name.
    #[serde(rename = "w")]
    pub fold: String,
    /// Its id, which makes it one place.
    #[serde(rename = "i")]
    pub id: ItemId,
}

impl SortKey {
    /// The place of `item` in a list that is sorted so.
    #[must_use]
    pub fn of(item: &Item, sort: Sort) -> Self {
        let number = match sort.by {
            SortBy::Modified => item.modified_at.as_millis(),
            SortBy::Size => item.size,
            SortBy::Name | SortBy::Type => 0,
        };
        let media_type = if sort.by == SortBy::Type { item.media_type.clone() } else { String::new() };
        let folder = item.kind == super::ItemKind::Folder;
        Self { folder, number, media_type, fold: item.name.fold(), id: item.id }
    }

    /// A cursor is somebody's input: what no database takes was never a place.
    pub(crate) fn check(self) -> Result<Self> {
        if self.media_type.contains('\0') || self.fold.contains('\0') {
            return Err(crate::page::CursorError.into());
        }
        Ok(self)
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct ListItems<'c> {
    /// Which list.
    pub of: Listing,
    /// In which order. Recent files are always the newest first.
    pub sort: Sort,
    /// How many at once.
    pub limit: Limit,
    /// Where to go on.
    pub cursor: Option<&'c Cursor>,
}

/// What people call a type of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Folders.
    Folder,
    /// Pictures.
    Image,
    /// Films.
    Video,
    /// Sound.
    Audio,
    /// Texts, tables, slides.
    Document,
    /// Many files in one.
    Archive,
    /// Everything else.
    Other,
}

/// What to search for; all that is given must hold. One's own drive is searched, and what is shared with one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Query {
    /// Words that are all in the name, in any order.
    pub text: String,
    /// Only this type.
    #[serde(rename = "type")]
    pub kind: Option<FileKind>,
    /// Only in the drive of this person.
    pub owner: Option<UserId>,
    /// Only what was changed at this time or later.
    pub since: Option<Timestamp>,
    /// Only what was changed before this time.
    pub until: Option<Timestamp>,
}

impl Query {
    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a text that is too long or holds NUL.
    pub fn validate(self) -> Result<Self> {
        if self.text.chars().count() > QUERY_LIMIT {
            return Err(Error::invalid("query", format!("Search for at most {QUERY_LIMIT} characters.")));
        }
        if self.text.contains('\0') {
            return Err(Error::invalid("query", "Leave the NUL character out: no name has one."));
        }
        Ok(self)
    }

    /// The words that must be in the name, folded as names are.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        text::fold(&self.text).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_tells_to_the_top_from_not_at_all() {
        let change: ItemChange = serde_json::from_str(r#"{"parent_id":null}"#).unwrap();
        assert_eq!(change.parent_id, Some(None));
        let change: ItemChange = serde_json::from_str(r#"{"starred":true}"#).unwrap();
        assert_eq!((change.parent_id, change.is_shared()), (None, false));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let change = ItemChange { color: Some("mauve".to_owned()), ..ItemChange::default() };
        assert_eq!(change.validate().unwrap_err().code(), "invalid");
        let change = ItemChange { if_exists: IfExists::Replace, ..ItemChange::default() };
        assert_eq!(change.validate().unwrap_err().code(), "invalid");
        let query = Query { text: "a\0".to_owned(), ..Query::default() };
        assert_eq!(query.validate().unwrap_err().code(), "invalid");
    }

    #[test]
    fn a_sort_is_read_as_it_is_written() {
        assert_eq!("-size".parse::<Sort>().unwrap(), Sort { by: SortBy::Size, desc: true });
        assert!("date".parse::<Sort>().is_err());
    }

    #[test]
    fn words_are_folded_and_few() {
        let query = Query { text: "  Annual REPORT ".to_owned(), ..Query::default() };
        assert_eq!(query.words(), ["annual", "report"]);
        assert_eq!(Query { text: "a ".repeat(50), ..Query::default() }.words().len(), MOST_WORDS);
    }
}
