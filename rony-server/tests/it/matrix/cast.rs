//! The people and programs who try.

use std::collections::BTreeMap;

use rony_core::{
    actor::{Actor, Scope, Trusted},
    permission::ServerRole,
    user::NewUser,
};
use serde_json::json;

use super::row::{PEOPLE, Row, Who};
use crate::world::{Client, World};

/// Everybody's password.
pub(super) const PASSWORD: &str = "correct horse";
const SYSTEM: Actor = Actor::trusted(Trusted::System);
/// Whose tokens there are.
const HOLDERS: [Who; 3] = [Who::Owner, Who::Member, Who::Administrator];

/// See the module's documentation.
pub(super) struct Cast<'w> {
    pub(super) world: &'w World,
    ids: BTreeMap<Who, String>,
    clients: BTreeMap<Who, Client>,
    tokens: BTreeMap<(Who, Scope), Client>,
    /// The direct conversation of the owner and the member, and that of the owner and whom they blocked.
    pub(super) directs: [String; 2],
}

impl<'w> Cast<'w> {
    pub(super) async fn gather(world: &'w World) -> Self {
        let (ids, clients, tokens) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut cast = Self { world, ids, clients, tokens, directs: [String::new(), String::new()] };
        cast.clients.insert(Who::Anybody, world.anybody());
        for who in PEOPLE.iter().copied().chain([Who::Deactivated]) {
            cast.enroll(who).await;
        }
        for (holder, scope) in HOLDERS.into_iter().flat_map(|who| Scope::ALL.map(|scope| (who, scope))) {
            let made = cast[holder].post("tokens", json!({"name": "narrow", "scopes": [scope]})).await.ok();
            cast.tokens.insert((holder, scope), world.anybody().with_token(made["token"].as_str().unwrap()));
        }
        cast.add_bot().await;
        cast.switch_off().await;
        cast.directs = [cast.direct(Who::Member).await, cast.direct(Who::Blocked).await];
        let path = format!("contacts/{}", cast.id(Who::Blocked));
        cast[Who::Owner].patch(&path, json!({"blocked": true})).await.ok();
        cast
    }

    async fn enroll(&mut self, who: Who) {
        let name = format!("{who:?}").to_lowercase();
        let role = if who == Who::Administrator { ServerRole::Administrator } else { ServerRole::Member };
        let new = NewUser { role, password: Some(PASSWORD.into()), ..NewUser::named(name.parse().unwrap()) };
        let user = self.world.server.rony().users().create(&SYSTEM, new).await.expect("an account");
        self.ids.insert(who, user.id.to_string());
        self.sign_in(who).await;
    }

    /// Signs somebody in anew, who was signed out.
    pub(super) async fn sign_in(&mut self, who: Who) {
        let user = self.id(who).parse().expect("an id");
        let sessions = self.world.server.rony().sessions();
        let tokens = sessions.create_for(&SYSTEM, &[user], "matrix").await.expect("a session");
        self.clients.insert(who, self.world.anybody().with_token(&tokens[0].reveal()));
    }

    async fn add_bot(&mut self) {
        let bot = self.world.bot("bot").await;
        let path = format!("users/{bot}/tokens");
        let made =
            self[Who::Administrator].post(&path, json!({"name": "reads", "scopes": ["read"]})).await.ok();
        self.clients.insert(Who::Bot, self.world.anybody().with_token(made["token"].as_str().unwrap()));
        self.ids.insert(Who::Bot, bot);
    }

    async fn switch_off(&self) {
        let path = format!("users/{}", self.id(Who::Deactivated));
        self[Who::Administrator].patch(&path, json!({"deactivated": true})).await.ok();
    }

    async fn direct(&self, other: Who) -> String {
        let new =
            json!({"client_id": uuid::Uuid::new_v4(), "kind": "direct", "member_ids": [self.id(other)]});
        let direct = self[Who::Owner].post("conversations", new).await.ok();
        direct["id"].as_str().expect("an id").to_owned()
    }

    pub(super) fn id(&self, who: Who) -> &str {
        &self.ids[&who]
    }

    /// The names of people that rows use, with their ids.
    pub(super) fn names(&self) -> impl Iterator<Item = (String, String)> {
        self.ids.iter().map(|(who, id)| (format!("{who:?}").to_lowercase(), id.clone()))
    }

    /// Who sends the requests of a row.
    pub(super) fn client(&self, row: &Row, who: Who) -> &Client {
        match who {
            Who::Token(scope) => &self.tokens[&(row.holder, scope)],
            who => &self.clients[&who],
        }
    }
}

impl std::ops::Index<Who> for Cast<'_> {
    type Output = Client;

    fn index(&self, who: Who) -> &Client {
        &self.clients[&who]
    }
}
