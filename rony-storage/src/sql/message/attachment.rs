//! Files that messages show. A batch in which no message shows one costs nothing here.

use std::collections::HashMap;

use rony_core::{
    Result,
    file::{Reader, may_attach},
    id::{ConversationId, ItemId, UserId},
    message::{Attachment, Message, NewMessage, Refused},
    stream::{Seq, StreamId},
};
use sqlx::{AssertSqlSafe, Row};

use crate::sql::{
    change::Change,
    dialect::Dialect,
    failed,
    file::{Eyes, Found, load},
    values,
};

/// Attachments as the column holds them: empty for none, which is nearly always.
pub(crate) fn column(attachments: &[Attachment]) -> String {
    if attachments.is_empty() { String::new() } else { values::json(attachments) }
}

/// The files that posts are to show, as their senders see them.
#[derive(Default)]
pub(super) struct Attached(HashMap<(UserId, ItemId), Option<Found>>);

/// The sender and the file, of all files in a batch.
fn wanted(batch: &[NewMessage]) -> impl Iterator<Item = (UserId, ItemId)> {
    batch.iter().flat_map(|new| new.post.attachments.iter().map(|file| (new.sender_id, *file)))
}

impl Attached {
    /// The drives that the files are in: nobody takes a file away from its sender while it is posted.
    pub(super) async fn owners<DB: Dialect>(
        change: &mut Change<'_, DB>,
        batch: &[NewMessage],
    ) -> Result<Vec<StreamId>> {
        let files: Vec<_> = wanted(batch).map(|(_, file)| file).collect();
        let mut owners = Vec::new();
        for files in files.chunks(values::MOST) {
            let sql = format!(
                "select distinct owner_id from rony_files where id in ({})",
                values::list::<DB>(files.len())
            );
            let query = values::padded(files)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
            let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
            owners.extend(rows.iter().map(|row| StreamId(row.get(0))));
        }
        Ok(owners)
    }

    pub(super) async fn read<DB: Dialect>(change: &mut Change<'_, DB>, batch: &[NewMessage]) -> Result<Self> {
        let mut found = HashMap::new();
        for (sender, file) in wanted(batch) {
            let eyes = Eyes::of(Reader::Person(sender));
            found.insert((sender, file), load::<DB>(change.connection(), eyes, file).await?);
        }
        Ok(Self(found))
    }

    /// What a post shows.
    ///
    /// # Errors
    ///
    /// What [`may_attach`] says of one of them.
    pub(super) fn of(&self, new: &NewMessage) -> Result<Vec<Attachment>, Refused> {
        new.post.attachments.iter().map(|file| self.one(new.sender_id, *file)).collect()
    }

    fn one(&self, sender: UserId, file: ItemId) -> Result<Attachment, Refused> {
        let found = self.0.get(&(sender, file)).and_then(Option::as_ref);
        let found = found.ok_or(rony_core::Error::NotFound("file"))?;
        may_attach(Some(found.sight), found.item.kind)?;
        let item = &found.item;
        Ok(Attachment {
            file_id: file,
            name: item.name.clone(),
            media_type: item.media_type.clone(),
            size: item.size,
            width: item.width,
            height: item.height,
        })
    }
}

/// A row for each file that is shown: who sees the message sees it from now on.
pub(super) async fn write<DB: Dialect>(change: &mut Change<'_, DB>, messages: &[Message]) -> Result<()> {
    for message in messages {
        for attachment in &message.attachments {
            sqlx::query::<DB>(
                "insert into rony_attachments (file_id, conversation_id, seq) values ($1, $2, $3)",
            )
            .bind(attachment.file_id.uuid())
            .bind(message.conversation_id.uuid())
            .bind(message.seq)
            .execute(change.connection())
            .await
            .map_err(failed)?;
        }
    }
    Ok(())
}

/// A message that is deleted shows nothing any more.
pub(super) async fn withdraw<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    seq: Seq,
) -> Result<()> {
    sqlx::query::<DB>("delete from rony_attachments where conversation_id = $1 and seq = $2")
        .bind(conversation.uuid())
        .bind(seq)
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(())
}
