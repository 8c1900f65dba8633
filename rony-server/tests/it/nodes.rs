//! Facts about servers that share one PostgreSQL and are processes of their own, as an operator runs them. There is no bus between them but the
//! database, and nothing that one process could know of another.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::{
    command::{Place, Running},
    world::{Client, Person, Seat},
};

const PASSWORD: &str = "correct horse battery";

/// An empty database on the server that `RONY_TEST_POSTGRES` names.
struct Database {
    server: String,
    name: String,
}

impl Database {
    async fn create() -> Self {
        // Never skipped: a fact about PostgreSQL that is told without one is none.
        let server = std::env::var("RONY_TEST_POSTGRES").expect(
            "RONY_TEST_POSTGRES names a PostgreSQL server; `cargo xtask test` starts one and sets it",
        );
        let database = Self { server, name: format!("rony_nodes_{}", Uuid::new_v4().simple()) };
        database.execute(format!("create database {}", database.name)).await;
        database
    }

    async fn execute(&self, sql: String) {
        let mut connection = PgConnection::connect(&self.server).await.expect("PostgreSQL answers");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("PostgreSQL obeys");
    }

    fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{}", self.name)
    }

    fn start(&self, place: &Place) -> Running {
        let url = self.url();
        let pool = "--database-pool=4";
        place.start(&["serve", "--port=0", "--metrics=off", "--rtc-relay=false", pool, "--database", &url])
    }

    async fn remove(self) {
        self.execute(format!("drop database {} with (force)", self.name)).await;
    }
}

/// Somebody who signs in at this server.
async fn person(at: &Running, username: &str) -> Person {
    let anybody = Client::new(at.address(), None);
    let session = anybody.post("sessions", json!({"username": username, "password": PASSWORD})).await.ok();
    let client = anybody.with_token(session["token"].as_str().expect("a token"));
    let id = client.get("me").await.ok()["id"].as_str().expect("an id").to_owned();
    Person { id, client }
}

/// The same person at another server.
fn moved(person: &Person, to: &Running) -> Person {
    let token = person.client.token().map(str::to_owned);
    Person { id: person.id.clone(), client: Client::new(to.address(), token) }
}

/// A room whose door is open.
async fn room(host: &Person) -> String {
    let made = host.client.post("rooms", json!({"lobby": "off"})).await.ok();
    made["code"].as_str().expect("a code").to_owned()
}

/// What one says to another in a room gets there, both ways.
async fn signal(one: &mut Seat, other: &mut Seat, nid: u64) {
    // Longer than a notification of a database may be.
    let sdp = format!("v=0\r\no=one {}", "x".repeat(30_000));
    one.say(json!({"type": "offer", "target": other.peer, "nid": nid, "sdp": sdp})).await;
    let offer = other.hear("offer").await;
    assert_eq!((&offer["from"], &offer["sdp"]), (&one.peer, &json!(sdp)));
    other.say(json!({"type": "answer", "target": one.peer, "nid": nid, "sdp": "v=0\r\no=other"})).await;
    assert_eq!(one.hear("answer").await["from"], other.peer);
}

#[tokio::test]
async fn people_of_one_room_meet_at_two_processes_and_again_when_one_is_killed() {
    let database = Database::create().await;
    let (first, second) = (Place::new(), Place::new());
    let near = database.start(&first);
    let far = database.start(&second);
    for (username, more) in [("ann", &["--admin"][..]), ("bob", &[])] {
        first.add_user(username, PASSWORD, &[&["--database", &database.url()], more].concat());
    }
    let (ann, bob) = (person(&near, "ann").await, person(&far, "bob").await);

    // One meeting is where the first of its people came, the other where the other is.
    let mut ann_first = Seat::taken(&ann, &room(&ann).await).await;
    let mut bob_second = Seat::taken(&bob, &ann_first.code).await;
    signal(&mut ann_first, &mut bob_second, 2).await;
    signal(&mut bob_second, &mut ann_first, 3).await;
    let mut bob_first = Seat::taken(&bob, &room(&bob).await).await;
    let mut ann_second = Seat::taken(&ann, &bob_first.code).await;
    signal(&mut ann_second, &mut bob_first, 2).await;

    near.kill();
    assert_eq!(ann_first.socket.closed().await, 1006, "nobody said goodbye");

    // The meeting that was at the other server goes on as if nothing had been: what was said meanwhile is not lost either.
    let sdp = json!("v=0\r\no=meanwhile");
    bob_first.say(json!({"type": "offer", "target": ann_second.peer, "nid": 4, "sdp": sdp})).await;
    let ann = moved(&ann, &far);
    let Seat { code, said, seen, peer, session, .. } = ann_second;
    let socket = ann.client.gateway().await;
    let mut ann_second = Seat { socket, code, said, seen, peer, session: session.clone() };
    let resume = json!({"session": session, "last_seq": ann_second.seen, "attempt": 2});
    ann_second.join(json!({"resume": resume})).await;
    ann_second.hear("resumed").await;
    assert_eq!(ann_second.hear("offer").await["sdp"], sdp);
    signal(&mut ann_second, &mut bob_first, 5).await;

    // The one that was at the killed server begins anew at the other, and everybody is told.
    let told = bob_second.leaves().await;
    assert_eq!((&told["reason"], &told["action"]), (&json!("moved"), &json!("reconnect")));
    (bob_second.said, bob_second.seen) = (0, 0);
    bob_second.join(json!({})).await;
    bob_second.hear("joined").await;
    let mut ann_first = Seat::taken(&ann, &bob_second.code).await;
    let joined: Value = bob_second.update_of(&ann_first.peer).await;
    assert_eq!(joined["role"], "host");
    signal(&mut ann_first, &mut bob_second, 2).await;

    assert_eq!(far.stop(), Some(0));
    database.remove().await;
}
