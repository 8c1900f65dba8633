//! Facts about making accounts, and getting back into them, over HTTP.

use http::{StatusCode, header};
use rony_core::actor::{Actor, Trusted};
use rony_server::config::Registration;
use serde_json::{Value, json};

use crate::world::{Person, World};

const PASSWORD: &str = "correct horse";
const OTHER: &str = "battery staple";
const SYSTEM: Actor = Actor::trusted(Trusted::System);

/// What a link carries.
fn secret(link: &Value) -> &str {
    link.as_str().unwrap().split_once('#').expect("the secret stands where no log has it").1
}

fn credentials(username: &str, password: &str) -> Value {
    json!({"username": username, "password": password})
}

async fn setup_link(world: &World) -> String {
    let token = world.server.rony().accounts().setup_link(&SYSTEM).await.unwrap();
    token.expect("there is no administrator").reveal()
}

async fn invite(person: &Person, wish: Value) -> Value {
    person.client.post("invites", wish).await.ok()
}

#[tokio::test]
async fn the_setup_link_makes_the_administrator_and_signs_them_in() {
    let world = World::start().await;
    let token = setup_link(&world).await;
    let body = json!({"token": token, "username": "root", "password": PASSWORD, "display_name": "Root"});
    let answer = world.anybody().post("setup", body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let answer = answer.ok();
    assert_eq!(answer["user"]["role"], "administrator");
    let root = world.anybody().with_token(answer["token"].as_str().unwrap());
    assert_eq!(root.get("me").await.ok()["display_name"], "Root");
    let general = root.get("conversations").await.ok()["items"][0].take();
    assert_eq!((&general["title"], &general["role"]), (&json!("General"), &json!("owner")));
    world.anybody().post("setup", body).await.problem(409, "setup_done");
}

#[tokio::test]
async fn a_browser_gets_the_administrators_session_as_a_cookie() {
    let world = World::start().await;
    let token = setup_link(&world).await;
    let body = json!({"token": token, "username": "root", "password": PASSWORD, "cookie": true});
    let answer = world.anybody().post("setup", body).await;
    assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().starts_with("rony_session="));
    assert_eq!(answer.ok()["token"], Value::Null);
}

#[tokio::test]
async fn a_setup_that_cannot_be_leaves_the_link_good() {
    let world = World::start().await;
    let token = setup_link(&world).await;
    let anybody = world.anybody();
    let setup = |body: Value| anybody.post("setup", body);
    for (body, field) in [
        (json!({"token": token, "username": "root", "password": "short"}), "password"),
        (json!({"token": token, "username": "r", "password": PASSWORD}), "username"),
        (json!({"username": "root", "password": PASSWORD}), "token"),
        (
            json!({"token": token, "username": "root", "password": PASSWORD, "device_name": "\u{200b}"}),
            "device_name",
        ),
    ] {
        let problem = setup(body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
        assert!(!problem.to_string().contains(&token), "a secret is never repeated");
    }
    let wrong = json!({"token": "rony_setup_wrong", "username": "root", "password": PASSWORD});
    setup(wrong).await.problem(409, "setup_done");
    setup(json!({"token": token, "username": "root", "password": PASSWORD})).await.ok();
}

#[tokio::test]
async fn one_registers_by_invitation_unless_registration_is_open() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    world.anybody().post("accounts", credentials("ben", PASSWORD)).await.problem(403, "registration_closed");
    let group = world.group(&ann, &[]).await;
    let made = invite(&ann, json!({"conversation_id": group, "uses": 1})).await;
    let body = json!({"username": "ben", "password": PASSWORD, "invite": made["token"]});
    let answer = world.anybody().post("accounts", body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.ok()["user"]["username"], "ben");
    let signed_in = world.anybody().post("sessions", credentials("ben", PASSWORD)).await.ok();
    let ben = world.anybody().with_token(signed_in["token"].as_str().unwrap());
    let titles = ben.get("conversations").await.ok();
    let mut titles: Vec<_> =
        titles["items"].as_array().unwrap().iter().map(|it| it["title"].clone()).collect();
    titles.sort_by_key(ToString::to_string);
    assert_eq!(titles, ["Friends", "General"]);
    let again = json!({"username": "cem", "password": PASSWORD, "invite": made["token"]});
    world.anybody().post("accounts", again).await.problem(409, "invite_used_up");

    let open = World::with(|config| config.registration = Registration::Open).await;
    open.anybody().post("accounts", credentials("dan", PASSWORD)).await.ok();
    let taken =
        open.anybody().post("accounts", credentials("DAN", PASSWORD)).await.problem(409, "username_taken");
    assert_eq!(taken["errors"][0]["field"], "username");
    let weak = open.anybody().post("accounts", credentials("eve", "password")).await.problem(422, "invalid");
    assert_eq!(weak["errors"][0]["field"], "password");
    let admin = json!({"username": "eve", "password": PASSWORD, "role": "administrator"});
    open.anybody().post("accounts", admin).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once_and_cuts_all_devices() {
    let world = World::start().await;
    let root = world.administrator("root").await;
    let ann = world.account("ann", PASSWORD).await;
    let signed_in = world.anybody().post("sessions", credentials("ann", PASSWORD)).await.ok();
    let mut socket = world.anybody().with_token(signed_in["token"].as_str().unwrap()).gateway().await;
    let made = root.client.post(&format!("users/{ann}/reset-link"), Value::Null).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.ok();
    let body = json!({"token": secret(&made["link"]), "password": OTHER});
    let answer = world.anybody().post("password-resets", body.clone()).await.ok();
    assert_eq!(answer["user"]["username"], "ann");
    assert_eq!(socket.closed().await, 4002);
    world.anybody().post("sessions", credentials("ann", PASSWORD)).await.problem(401, "credentials_wrong");
    world.anybody().post("sessions", credentials("ann", OTHER)).await.ok();
    world.anybody().post("password-resets", body).await.problem(409, "reset_used");
    let ben = world.person("ben").await;
    ben.client
        .post(&format!("users/{ann}/reset-link"), Value::Null)
        .await
        .problem(403, "administrators_only");
    let nobody = format!("users/{}/reset-link", uuid::Uuid::new_v4());
    root.client.post(&nobody, Value::Null).await.problem(404, "not_found");
    let bot = world.bot("echo").await;
    let bot = root.client.post(&format!("users/{bot}/reset-link"), Value::Null).await;
    bot.problem(409, "bot_without_password");
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_signs_the_others_out() {
    let world = World::start().await;
    world.account("ann", PASSWORD).await;
    let sign_in = async || {
        let answer = world.anybody().post("sessions", credentials("ann", PASSWORD)).await.ok();
        world.anybody().with_token(answer["token"].as_str().unwrap())
    };
    let (here, there) = (sign_in().await, sign_in().await);
    let wrong = json!({"old_password": OTHER, "new_password": OTHER});
    let problem = here.put("me/password", wrong).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "old_password");
    let weak = json!({"old_password": PASSWORD, "new_password": "short"});
    let problem = here.put("me/password", weak).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "new_password");
    let change = json!({"old_password": PASSWORD, "new_password": OTHER});
    assert_eq!(here.put("me/password", change.clone()).await.status, StatusCode::NO_CONTENT);
    here.get("me").await.ok();
    there.get("me").await.problem(401, "session_ended");
    let token =
        here.post("tokens", json!({"name": "script", "scopes": ["read", "profile", "admin"]})).await.ok();
    let script = world.anybody().with_token(token["token"].as_str().unwrap());
    script.put("me/password", change).await.problem(403, "sign_in_needed");
}
