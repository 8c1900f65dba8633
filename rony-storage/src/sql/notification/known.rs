//! What decides whether a message concerns somebody: read behind the locks.

use std::collections::{HashMap, HashSet};

use rony_core::{
    Result,
    id::{ConversationId, MessageId, UserId},
    member::Level,
    message::Message,
    notification::{Facts, MemberFacts, Notification, NotificationKind, concerns},
    stream::Seq,
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{
    reasons::{Reason, Reasons, by_pairs},
    row::{self, COLUMNS},
};
use crate::sql::{dialect::Dialect, member::read_level};

/// What was read behind the locks.
#[derive(Default)]
pub(super) struct Known {
    members: HashMap<(UserId, ConversationId), Member>,
    /// How far people have read in threads.
    threads: HashMap<(UserId, MessageId), i64>,
    blocks: HashSet<(UserId, UserId)>,
    deleted: HashSet<MessageId>,
    /// Messages that somebody has a notification of already, or has cleared unread.
    notified: HashSet<(UserId, MessageId)>,
    /// What is open where the messages were written.
    pub(super) open: Vec<(UserId, Notification)>,
}

struct Member {
    hidden_upto: Seq,
    read_ordinal: i64,
    level: Level,
    muted_until: Option<Timestamp>,
    deactivated: bool,
    peace_until: Option<Timestamp>,
}

impl Known {
    pub(super) async fn read<DB: Dialect>(
        connection: &mut DB::Connection,
        messages: &[Message],
        reasons: &Reasons,
    ) -> Result<Self> {
        let mut known = Self::default();
        let places = reasons.pairs(messages, |message| Some(message.conversation_id.uuid()));
        known.read_members::<DB>(connection, &places).await?;
        let threads = reasons.pairs(messages, |message| message.thread_id.map(MessageId::uuid));
        let sql = "select v.a, v.b, t.read_ordinal from v
             join rony_thread_members t on t.user_id = v.a and t.thread_id = v.b";
        for row in by_pairs::<DB>(connection, sql, &threads).await? {
            known.threads.insert((UserId(row.get(0)), MessageId(row.get(1))), row.get(2));
        }
        let authors = reasons.pairs(messages, |message| Some(message.sender_id.uuid()));
        let sql = "select v.a, v.b from v join rony_contacts k on k.owner_id = v.a and k.user_id = v.b where k.blocked";
        for row in by_pairs::<DB>(connection, sql, &authors).await? {
            known.blocks.insert((UserId(row.get(0)), UserId(row.get(1))));
        }
        let concerned = reasons.pairs(messages, |message| Some(message.id.uuid()));
        known.read_messages::<DB>(connection, &concerned).await?;
        known.read_open::<DB>(connection, reasons, &places, &threads).await?;
        Ok(known)
    }

    async fn read_messages<DB: Dialect>(
        &mut self,
        connection: &mut DB::Connection,
        concerned: &[(Uuid, Uuid)],
    ) -> Result<()> {
        let sql = "select v.a, v.b, m.deleted_at is not null, n.user_id is not null from v
             join rony_messages m on m.id = v.b
             left join rony_notifications n on n.user_id = v.a and n.message_id = v.b";
        for row in by_pairs::<DB>(connection, sql, concerned).await? {
            let (user, message) = (UserId(row.get(0)), MessageId(row.get(1)));
            if row.get::<bool, _>(2) {
                self.deleted.insert(message);
            }
            if row.get::<bool, _>(3) {
                self.notified.insert((user, message));
            }
        }
        Ok(())
    }

    async fn read_members<DB: Dialect>(
        &mut self,
        connection: &mut DB::Connection,
        places: &[(Uuid, Uuid)],
    ) -> Result<()> {
        let sql = "select v.a, v.b, r.hidden_upto, r.read_ordinal, r.level, r.muted_until,
             u.deactivated_at is not null, u.dnd_until
             from v join rony_members r on r.user_id = v.a and r.conversation_id = v.b
             join rony_users u on u.id = v.a";
        for row in by_pairs::<DB>(connection, sql, places).await? {
            let member = Member {
                hidden_upto: row.get(2),
                read_ordinal: row.get(3),
                level: read_level(&row.get::<String, _>(4))?,
                muted_until: row.get::<Option<i64>, _>(5).map(Timestamp::from_millis),
                deactivated: row.get(6),
                peace_until: row.get::<Option<i64>, _>(7).map(Timestamp::from_millis),
            };
            self.members.insert((UserId(row.get(0)), ConversationId(row.get(1))), member);
        }
        Ok(())
    }

    /// All that authors have open where they wrote, and of others only what may stand for a new message too, which is one row at most
    /// in each place: somebody with thousands of open mentions must not slow down whoever mentions them.
    async fn read_open<DB: Dialect>(
        &mut self,
        connection: &mut DB::Connection,
        reasons: &Reasons,
        places: &[(Uuid, Uuid)],
        threads: &[(Uuid, Uuid)],
    ) -> Result<()> {
        let authors: Vec<_> =
            reasons.authors.iter().map(|(user, place)| (user.uuid(), place.uuid())).collect();
        let kinds = [
            ("n.conversation_id = v.b", authors.as_slice()),
            ("n.conversation_id = v.b and n.kind = 'direct'", places),
            ("n.thread_id = v.b and n.kind = 'reply' and n.thread_id is not null", threads),
        ];
        for (which, pairs) in kinds {
            let sql = format!(
                "select {COLUMNS}, n.user_id from v
                 join rony_notifications n on n.user_id = v.a and {which} and n.cleared_at is null"
            );
            for row in by_pairs::<DB>(connection, &sql, pairs).await? {
                self.open.push((UserId(row.get(row::WIDTH)), row::read::<DB>(&row)?));
            }
        }
        Ok(())
    }

    /// Why a message concerns somebody, if it does.
    pub(super) fn concerns(
        &self,
        message: &Message,
        user: UserId,
        reason: Reason,
    ) -> Option<NotificationKind> {
        if self.notified.contains(&(user, message.id)) {
            return None;
        }
        let member = self.members.get(&(user, message.conversation_id));
        concerns(&Facts {
            author: message.sender_id == user,
            direct: reason.direct,
            mentioned: reason.mentioned,
            answered: reason.answered,
            call: message.call.is_some(),
            missed: reason.missed,
            deleted: message.deleted_at.is_some() || self.deleted.contains(&message.id),
            seq: message.seq,
            at: message.created_at,
            member: member.map(|member| MemberFacts {
                hidden_upto: member.hidden_upto,
                has_read: self.has_read(message, user, member),
                level: member.level,
                muted_until: member.muted_until,
                blocks: self.blocks.contains(&(user, message.sender_id)),
                deactivated: member.deactivated,
            }),
        })
    }

    fn has_read(&self, message: &Message, user: UserId, member: &Member) -> bool {
        match message.thread_id {
            None => member.read_ordinal >= message.ordinal,
            Some(thread) => {
                self.threads.get(&(user, thread)).is_some_and(|read| *read >= message.thread_ordinal)
            }
        }
    }

    pub(super) fn is_left_in_peace(&self, user: UserId, message: &Message) -> bool {
        let member = self.members.get(&(user, message.conversation_id));
        member.and_then(|member| member.peace_until).is_some_and(|until| until > message.created_at)
    }
}
