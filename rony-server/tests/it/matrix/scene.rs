//! What is acted on, made anew for each try that may change it.

use std::{collections::BTreeMap, ops::Index};

use axum::body::Bytes;
use rony_core::actor::{Actor, Trusted};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    cast::{Cast, PASSWORD},
    meetings,
    row::Who,
};
use crate::world::Answer;

/// The smallest GIF: one pixel.
pub(super) const PICTURE: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\
\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
const SYSTEM: Actor = Actor::trusted(Trusted::System);

/// Something that a row needs. What it is called in the row stands in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// A private group (`group`) called `word`, with a `message` of the member about `word`, which was changed once, and
    /// one of the owner, which is `pinned`.
    Group,
    /// The same, for everybody to find and join.
    Public,
    /// The same as the private one, archived.
    Archived,
    /// The direct conversation of owner and member (`group`) with a `message` of the owner.
    Direct,
    /// That of the owner and the one whom they have blocked (`group`).
    BlockedDirect,
    /// A message in a conversation of a stranger's (`elsewhere`).
    Elsewhere,
    /// The owner's draft in `group`, about `word`.
    Draft,
    /// A picture of the owner.
    Picture,
    /// Somebody else (`somebody`, `username`).
    Somebody,
    /// The same, who has blocked the blocked one.
    Blocker,
    /// The same, whom the owner has in their contacts with a note about `word`.
    Contact,
    /// A link by which `somebody` sets a password (`reset`).
    Reset,
    /// A bot (`somebody`) with a token (`token`).
    Program,
    /// Another device of the owner's (`device`).
    Device,
    /// A token of the owner's (`token`).
    Token,
    /// The member's invite into `group` (`invite`), and what its link carries (`link`).
    Invite,
    /// A folder of the owner's called `word` (`folder`), with a `file` called `word.txt`, of two versions.
    File,
    /// That folder, shared with `group` to be looked at.
    Shared,
    /// That file, in the trash.
    Thrown,
    /// A picture of the owner's (`file`), of which there are small ones.
    Photo,
    /// An upload of the owner's (`upload`) of a file called `word`, of which the first bytes are there.
    Upload,
    /// A link of the owner's to `file` (`share`), and what it carries (`link`).
    Link,
    /// What a link of the owner's to the bytes of `file` carries (`ticket`).
    Ticket,
    /// A room of the owner's called `word` (`room`), and its code (`code`).
    Room,
    /// The room of `group`, which the member made, called `word` (`room`).
    Meeting,
    /// A scheduled meeting of the owner's called `word` (`meeting`), to which the member is asked.
    Scheduled,
    /// A call of the member's to all in `group`.
    Call,
    /// The guest's notification that they were brought into `group` (`notification`).
    Notification,
}

/// Things by the names that rows have for them.
pub(super) struct Scene(BTreeMap<String, String>);

impl Index<&str> for Scene {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("nothing here is called {name}"))
    }
}

impl Scene {
    pub(super) async fn make(cast: &Cast<'_>, things: &[Thing]) -> Self {
        let mut scene = Self(cast.names().collect());
        let word = format!("w{}", Uuid::new_v4().simple());
        scene.put("word", word.clone());
        scene.put("username", format!("p{}", &word[1..20]));
        scene.put("emoji", "%F0%9F%91%8D".to_owned());
        scene.put("n", "1".to_owned());
        for thing in things {
            scene.add(cast, *thing).await;
        }
        cast.world.server.rony().projections().run_once().await.expect("the job runs");
        scene
    }

    /// The same names, for things that do not exist; the conversation stays for those who see it.
    pub(super) fn unreal(&self, sees_conversation: bool) -> Self {
        const NO_ID: [&str; 4] = ["word", "username", "emoji", "n"];
        let unreal = |(name, value): (&String, &String)| {
            let stays = NO_ID.contains(&name.as_str()) || (name == "group" && sees_conversation);
            (name.clone(), if stays { value.clone() } else { Uuid::new_v4().to_string() })
        };
        Self(self.0.iter().map(unreal).collect())
    }

    fn put(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    fn put_id(&mut self, name: &str, answer: Answer) {
        self.put(name, text(&answer.ok()["id"]));
    }

    async fn add(&mut self, cast: &Cast<'_>, thing: Thing) {
        match thing {
            Thing::Group => self.add_group(cast, "private").await,
            Thing::Public => self.add_group(cast, "public").await,
            Thing::Archived => {
                self.add_group(cast, "private").await;
                let path = format!("conversations/{}", &self["group"]);
                cast[Who::Owner].patch(&path, json!({"archived": true})).await.ok();
            }
            Thing::Direct => {
                self.put("group", cast.directs[0].clone());
                self.say(cast, Who::Owner, "message").await;
            }
            Thing::BlockedDirect => self.put("group", cast.directs[1].clone()),
            Thing::Elsewhere => self.add_elsewhere(cast).await,
            Thing::Draft => {
                let path = format!("conversations/{}/draft", &self["group"]);
                cast[Who::Owner].put(&path, json!({"text": &self["word"]})).await.ok();
            }
            Thing::Notification => {
                let list = cast[Who::Guest].get("notifications?limit=1").await.ok();
                assert_eq!(list["items"][0]["conversation_id"], self["group"], "the newest one");
                self.put("notification", text(&list["items"][0]["id"]));
            }
            Thing::File | Thing::Shared | Thing::Thrown | Thing::Photo => self.add_file(cast, thing).await,
            Thing::Room | Thing::Meeting => self.add_room(cast, thing).await,
            Thing::Scheduled => {
                let mut wish = meetings::wish(self);
                wish["title"] = json!(&self["word"]);
                let made = cast[Who::Owner].post("meetings", wish).await;
                self.put_id("meeting", made);
            }
            Thing::Call => self.add_call(cast).await,
            Thing::Upload | Thing::Link | Thing::Ticket => self.add_way(cast, thing).await,
            about_people => self.add_person(cast, about_people).await,
        }
    }

    async fn add_file(&mut self, cast: &Cast<'_>, thing: Thing) {
        let owner = &cast[Who::Owner];
        match thing {
            Thing::File => {
                self.put("folder", owner.folder(&self["word"]).await);
                let name = format!("{}.txt", &self["word"]);
                for text in ["first", "second"] {
                    let fields = [("parent_id", &self["folder"]), ("if_exists", "replace")];
                    let made = owner.form(&fields, &[(&name, text.as_bytes())]).await.ok();
                    self.put("file", self::text(&made["items"][0]["id"]));
                }
            }
            Thing::Shared => {
                let path = format!("files/{}/grants/{}", &self["folder"], &self["group"]);
                owner.put(&path, json!({"kind": "conversation", "level": "viewer"})).await.ok();
            }
            Thing::Thrown => drop(owner.delete(&format!("files/{}", &self["file"])).await.ok()),
            _ => {
                self.put("file", owner.upload_id(&format!("{}.gif", &self["word"]), PICTURE).await);
                let path = format!("files/{}/thumbnail", &self["file"]);
                while owner.get(&path).await.status == http::StatusCode::NOT_FOUND {}
            }
        }
    }

    /// Ways in and out of a drive.
    async fn add_way(&mut self, cast: &Cast<'_>, thing: Thing) {
        let owner = &cast[Who::Owner];
        let last = |address: &str| address.rsplit('/').next().expect("a part").to_owned();
        match thing {
            Thing::Upload => {
                let path = owner.begin(&self["word"], 10, &[]).await;
                owner.bring(&path, 0, b"hello").await.ok();
                self.put("upload", last(&path));
            }
            Thing::Link => {
                let path = format!("files/{}/shares", &self["file"]);
                let wish = json!({"level": "viewer", "name": &self["word"], "log_openings": true});
                let made = owner.post(&path, wish).await.ok();
                self.put("share", text(&made["share"]["id"]));
                self.put("link", last(&text(&made["url"])));
            }
            _ => {
                let made = owner.post(&format!("files/{}/link", &self["file"]), json!({})).await.ok();
                self.put("ticket", last(&text(&made["url"])));
            }
        }
    }

    async fn add_room(&mut self, cast: &Cast<'_>, thing: Thing) {
        let mut wish = json!({"title": &self["word"]});
        let who = if thing == Thing::Room { Who::Owner } else { Who::Member };
        if thing == Thing::Meeting {
            wish["conversation_id"] = json!(&self["group"]);
        }
        let made = cast[who].post("rooms", wish).await.ok();
        self.put("room", text(&made["id"]));
        self.put("code", text(&made["code"]));
    }

    async fn add_call(&self, cast: &Cast<'_>) {
        let mut socket = cast[Who::Member].gateway().await;
        let (call, device) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let invite = json!({"type": "invite", "call": call, "conversation": &self["group"]});
        socket.send(&json!({"type": "call", "device": device, "message": invite})).await;
        assert_eq!(socket.until("call").await["message"]["type"], "calling");
        // That somebody came is written with the next beat, which is not to be in the middle of what is tried.
        cast.world.server.rony().presence().tick().await.expect("is written");
    }

    async fn add_person(&mut self, cast: &Cast<'_>, thing: Thing) {
        let owner = &cast[Who::Owner];
        match thing {
            Thing::Picture => {
                let request = owner.request(http::Method::PUT, "me/avatar");
                owner.send(request, Bytes::from_static(PICTURE)).await.ok();
            }
            Thing::Contact => {
                self.somebody(cast, false).await;
                let contact = json!({"user_id": &self["somebody"], "note": &self["word"]});
                owner.post("contacts", contact).await.ok();
            }
            Thing::Reset => {
                let id = self["somebody"].parse().expect("an id");
                let link = cast.world.server.rony().accounts().reset_link(&SYSTEM, id).await.expect("a link");
                self.put("reset", link.token.reveal());
            }
            Thing::Program => {
                self.somebody(cast, true).await;
                let path = format!("users/{}/tokens", &self["somebody"]);
                let token = json!({"name": "old", "scopes": ["read"]});
                self.put_id("token", cast[Who::Administrator].post(&path, token).await);
            }
            Thing::Device => {
                let body = json!({"username": "owner", "password": PASSWORD});
                let device = cast.world.anybody().post("sessions", body).await.ok();
                self.put("device", text(&device["session"]["id"]));
            }
            Thing::Token => {
                self.put_id("token", owner.post("tokens", json!({"name": "old", "scopes": ["read"]})).await);
            }
            Thing::Invite => {
                let invite = json!({"conversation_id": &self["group"]});
                let invite = cast[Who::Member].post("invites", invite).await.ok();
                self.put("invite", text(&invite["id"]));
                self.put("link", text(&invite["token"]));
            }
            Thing::Blocker => self.blocker(cast).await,
            _ => drop(self.somebody(cast, false).await),
        }
    }

    async fn add_group(&mut self, cast: &Cast<'_>, visibility: &str) {
        let owner = &cast[Who::Owner];
        let new = json!({
            "client_id": Uuid::new_v4(), "kind": "group", "visibility": visibility, "title": &self["word"],
            "member_ids": [&self["member"], &self["former"], &self["bot"]],
        });
        self.put_id("group", owner.post("conversations", new).await);
        let members = format!("conversations/{}/members", &self["group"]);
        for role in ["guest", "admin"] {
            owner.post(&members, json!({"user_id": &self[role], "role": role})).await.ok();
        }
        self.say(cast, Who::Member, "message").await;
        let path = format!("conversations/{}/messages/{}", &self["group"], &self["message"]);
        let text = format!("{} once more", &self["word"]);
        cast[Who::Member].patch(&path, json!({"text": text})).await.ok();
        self.say(cast, Who::Owner, "pinned").await;
        let pin = format!("conversations/{}/pins/{}", &self["group"], &self["pinned"]);
        owner.put(&pin, Value::Null).await.ok();
        owner.delete(&format!("{members}/{}", &self["former"])).await.ok();
    }

    async fn say(&mut self, cast: &Cast<'_>, who: Who, name: &str) {
        let path = format!("conversations/{}/messages", &self["group"]);
        let message = json!({"client_id": Uuid::new_v4(), "text": &self["word"]});
        self.put_id(name, cast[who].post(&path, message).await);
    }

    async fn add_elsewhere(&mut self, cast: &Cast<'_>) {
        let new =
            json!({"client_id": Uuid::new_v4(), "kind": "group", "member_ids": [], "title": "Elsewhere"});
        let place = text(&cast[Who::Stranger].post("conversations", new).await.ok()["id"]);
        let message = json!({"client_id": Uuid::new_v4(), "text": &self["word"]});
        let path = format!("conversations/{place}/messages");
        self.put_id("elsewhere", cast[Who::Stranger].post(&path, message).await);
    }

    /// Makes `somebody`; the token of a session of theirs, unless it is a bot.
    async fn somebody(&mut self, cast: &Cast<'_>, bot: bool) -> Option<String> {
        let mut new = json!({"username": &self["username"], "bot": bot});
        if !bot {
            new["password"] = json!(PASSWORD);
        }
        self.put_id("somebody", cast[Who::Administrator].post("users", new).await);
        if bot {
            return None;
        }
        let body = json!({"username": &self["username"], "password": PASSWORD});
        let session = cast.world.anybody().post("sessions", body).await.ok();
        Some(text(&session["token"]))
    }

    async fn blocker(&mut self, cast: &Cast<'_>) {
        let token = self.somebody(cast, false).await.expect("a person");
        let path = format!("contacts/{}", &self["blocked"]);
        let client = cast.world.anybody().with_token(&token);
        client.patch(&path, json!({"blocked": true})).await.ok();
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
