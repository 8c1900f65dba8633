//! Facts about links: what they open, to whom, for how long, and what they never open.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    openapi,
    world::{Client, World},
};

/// The routes that what a link gives opens. A new one here is a decision: whoever reads the change should stop at it.
const FOR_HOLDERS: [&str; 11] = [
    "DELETE /files/{id}",
    "DELETE /uploads/{id}",
    "GET /files",
    "GET /files/{id}",
    "GET /files/{id}/content",
    "GET /files/{id}/thumbnail",
    "GET /uploads/{id}",
    "PATCH /files/{id}",
    "PATCH /uploads/{id}",
    "POST /files",
    "POST /files/{id}/link",
];

/// A link to something; what it carries, and its id.
async fn link(client: &Client, file: &str, wish: Value) -> (String, String) {
    let made = client.post(&format!("files/{file}/shares"), wish).await.ok();
    let url = made["url"].as_str().expect("a link");
    let token = url.rsplit_once("/s/").expect("its path").1.to_owned();
    (token, made["share"]["id"].as_str().expect("an id").to_owned())
}

async fn holder(world: &World, token: &str) -> Client {
    let opened = world.anybody().post("shared", json!({"token": token})).await.ok();
    world.anybody().with_token(opened["pass"].as_str().expect("a pass"))
}

#[tokio::test]
async fn a_link_opens_what_it_leads_to_and_nothing_else() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let folder = ada.folder("Shared").await;
    let inside = ada.form(&[("parent_id", &folder)], &[("a.txt", b"hello")]).await.ok()["items"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let outside = ada.upload_id("secret.txt", b"secret").await;
    let (token, _) = link(&ada, &folder, json!({"level": "viewer"})).await;
    let opened = world.anybody().post("shared", json!({"token": token})).await.ok();
    assert_eq!((&opened["item"]["id"], &opened["share"]["level"]), (&json!(folder), &json!("viewer")));
    let holder = world.anybody().with_token(opened["pass"].as_str().expect("a pass"));
    assert_eq!(holder.get("files").await.ok()["items"][0]["id"], json!(inside));
    assert_eq!(holder.content(&inside).await.bytes, "hello");
    let view = holder.get(&format!("files/{inside}")).await.ok();
    assert_eq!(view["path"], json!([{"id": folder, "name": "Shared"}]));
    for path in ["", "/content", "/thumbnail"] {
        holder.get(&format!("files/{outside}{path}")).await.problem(404, "not_found");
    }
    holder.post(&format!("files/{outside}/link"), json!({})).await.problem(404, "not_found");
    holder.patch(&format!("files/{inside}"), json!({"name": "b.txt"})).await.problem(403, "level_too_low");
    holder.form(&[], &[("new.txt", b"x")]).await.problem(403, "level_too_low");
    assert_eq!(holder.get("files?query=secret").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn what_a_link_gives_opens_no_other_route() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    let (token, _) = link(&ada, &id, json!({"level": "editor"})).await;
    let holder = holder(&world, &token).await;
    let description = openapi::description(&world).await;
    let mut opened = Vec::new();
    for (route, said) in openapi::routes(&description) {
        if said.get("security").is_some() {
            continue;
        }
        let (method, path) = route.split_once(' ').expect("a method and a path");
        let path = format!(
            "/api/v1{}",
            path.split('/')
                .map(|part| if part.starts_with('{') { &id } else { part })
                .collect::<Vec<_>>()
                .join("/")
        );
        let request = holder
            .request(method.parse().expect("a method"), &path)
            .header(header::CONTENT_TYPE, "application/json");
        let answer = holder.send(request, "{}".into()).await;
        if answer.status != StatusCode::UNAUTHORIZED {
            opened.push(route.clone());
        }
    }
    let mut expected: Vec<_> = FOR_HOLDERS.map(str::to_owned).into();
    expected.push("POST /uploads".to_owned());
    opened.sort();
    expected.sort();
    assert_eq!(opened, expected);
    // Nor does it connect to the gateway.
    let upgrade =
        holder.request(Method::GET, "gateway").header("upgrade", "websocket").header("connection", "upgrade");
    let upgrade =
        upgrade.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    assert_eq!(holder.send(upgrade, "".into()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_box_takes_files_and_shows_none() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let folder = ada.folder("For me").await;
    ada.form(&[("parent_id", &folder)], &[("secret.txt", b"secret")]).await.ok();
    let (token, _) = link(&ada, &folder, json!({"level": "drop"})).await;
    let holder = holder(&world, &token).await;
    let path = holder.begin("gift.bin", 5, &[]).await;
    assert_eq!(holder.bring(&path, 0, b"hello").await.status, StatusCode::NO_CONTENT);
    let list = holder.get("files").await;
    assert!(!String::from_utf8_lossy(&list.bytes).contains("secret"));
    let items = ada.get(&format!("files?parent={folder}")).await.ok();
    assert_eq!(items["items"].as_array().map(Vec::len), Some(2));
    let gift = items["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["name"] == "gift.bin")
        .expect("it came");
    assert_eq!(gift["created_by"], Value::Null);
    assert!(holder.content(gift["id"].as_str().expect("an id")).await.status.is_client_error());
}

#[tokio::test]
async fn who_manages_a_folder_ends_a_link_of_its_owner_and_does_not_open_it_further() {
    let world = World::start().await;
    let (ada, bob) = (world.person("ada").await, world.person("bob").await);
    let folder = ada.client.folder("Ours").await;
    let grant = json!({"kind": "person", "level": "manager"});
    ada.client.put(&format!("files/{folder}/grants/{}", bob.id), grant).await.ok();
    let (token, share) =
        link(&ada.client, &folder, json!({"level": "viewer", "password": "open sesame"})).await;
    let share = format!("shares/{share}");
    bob.client.patch(&share, json!({"password": null})).await.problem(403, "not_your_link");
    world.anybody().post("shared", json!({"token": token})).await.problem(403, "password_needed");
    bob.client.delete(&share).await.ok();
    world.anybody().post("shared", json!({"token": token})).await.problem(409, "share_revoked");
    let (_, of_bob) = link(&bob.client, &folder, json!({"level": "viewer", "password": "open sesame"})).await;
    ada.client.patch(&format!("shares/{of_bob}"), json!({"password": null})).await.ok();
}

#[tokio::test]
async fn what_strangers_announce_leaves_the_owner_room_and_ends_with_the_link() {
    let world = World::with(|config| config.files.quota = Some(1_000)).await;
    let ada = world.person("ada").await.client;
    let folder = ada.folder("For me").await;
    let (token, share) = link(&ada, &folder, json!({"level": "drop"})).await;
    let holder = holder(&world, &token).await;
    holder.try_begin("a.bin", 501, &[]).await.problem(409, "too_much_at_once");
    let path = holder.begin("a.bin", 500, &[]).await;
    holder.try_begin("b.bin", 1, &[]).await.problem(409, "too_much_at_once");
    holder.bring(&path, 0, b"some").await;
    assert_eq!(ada.get("drive").await.ok()["reserved"], 500, "its owner sees it");
    let own = ada.begin("own.bin", 500, &[]).await;
    ada.delete(&own).await.ok();
    ada.delete(&format!("shares/{share}")).await.ok();
    assert_eq!(ada.get("drive").await.ok()["reserved"], 0);
    holder.bring(&path, 4, b"more").await.problem(409, "share_revoked");
    ada.begin("own.bin", 1_000, &[]).await;
}

#[tokio::test]
async fn a_password_is_asked_for_and_cannot_be_guessed() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    let (token, share) = link(&ada, &id, json!({"level": "viewer", "password": "open sesame"})).await;
    let anybody = world.anybody();
    let open =
        async |password: Value| anybody.post("shared", json!({"token": token, "password": password})).await;
    open(Value::Null).await.problem(403, "password_needed");
    anybody.get(&format!("/s/{token}/download")).await.problem(403, "password_needed");
    open(json!("open sesame")).await.ok();
    let mut wrong = 0;
    let refused = loop {
        let answer = open(json!("guess")).await;
        match answer.status.as_u16() {
            403 => wrong += 1,
            _ => break answer,
        }
        assert!(wrong < 100, "nobody stops it");
    };
    refused.problem(429, "rate_limited");
    open(json!("open sesame")).await.problem(429, "rate_limited");
    ada.patch(&format!("shares/{share}"), json!({"password": null})).await.ok();
}

#[tokio::test]
async fn the_last_download_is_had_by_one_of_two() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    for _ in 0..5 {
        let (token, share) = link(&ada, &id, json!({"level": "viewer", "max_downloads": 1})).await;
        let anybody = world.anybody();
        let path = format!("/s/{token}/download");
        let (one, two) = tokio::join!(anybody.get(&path), anybody.get(&path));
        let (had, refused) = if one.status == StatusCode::SEE_OTHER { (one, two) } else { (two, one) };
        assert_eq!(had.status, StatusCode::SEE_OTHER);
        refused.problem(409, "share_used_up");
        let to = had.headers[header::LOCATION].to_str().expect("text");
        let to = to.trim_start_matches("../..");
        let file = anybody.get(to).await;
        assert_eq!(file.bytes, "hello");
        assert!(file.headers[header::CONTENT_DISPOSITION].to_str().expect("ASCII").starts_with("attachment"));
        let shares = ada.get(&format!("files/{id}/shares")).await.ok();
        let made = shares["items"]
            .as_array()
            .expect("items")
            .iter()
            .find(|made| made["id"] == json!(share))
            .expect("it")
            .clone();
        assert_eq!((&made["downloads"], &made["max_downloads"]), (&json!(1), &json!(1)));
    }
}

#[tokio::test]
async fn people_who_do_not_get_the_file_read_why_and_programs_get_a_problem() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    let folder = ada.folder("Pictures").await;
    let (guarded, _) = link(&ada, &id, json!({"level": "viewer", "password": "open sesame"})).await;
    let (once, _) = link(&ada, &id, json!({"level": "viewer", "max_downloads": 1})).await;
    let (taken_back, share) = link(&ada, &id, json!({"level": "viewer"})).await;
    ada.delete(&format!("shares/{share}")).await.ok();
    let (many, _) = link(&ada, &folder, json!({"level": "viewer"})).await;

    let anybody = world.anybody();
    let by_browser = async |path: &str| {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        anybody.send(anybody.request(Method::GET, path).header(header::ACCEPT, browser), "".into()).await
    };
    let download = format!("/s/{once}/download");
    assert!(
        by_browser(&download).await.headers[header::LOCATION].to_str().expect("text").contains("/downloads/")
    );
    // Where the program was built without the page, its address leads to the file: the way back would never end.
    let has_page = by_browser(&format!("/s/{once}")).await.status == StatusCode::OK;
    for (token, status, code) in [
        (guarded.as_str(), 403, "password_needed"),
        (&once, 409, "share_used_up"),
        (&taken_back, 409, "share_revoked"),
        (&many, 409, "not_a_file"),
        ("rony_l_nonsense", 409, "share_unknown"),
    ] {
        let path = format!("/s/{token}/download");
        anybody.get(&path).await.problem(status, code);
        let seen = by_browser(&path).await;
        if has_page {
            assert_eq!(seen.status, StatusCode::SEE_OTHER, "{code}");
            assert_eq!(seen.headers[header::LOCATION], format!("../{token}"));
        } else {
            seen.problem(status, code);
        }
    }
}

#[tokio::test]
async fn looking_at_the_head_is_no_download() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    let (token, _) = link(&ada, &id, json!({"level": "viewer", "max_downloads": 1})).await;
    let anybody = world.anybody();
    let head = anybody.send(anybody.request(Method::HEAD, &format!("/s/{token}/download")), "".into()).await;
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(anybody.get(&format!("/s/{token}/download")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_that_was_taken_back_is_closed_at_once_for_all_who_opened_it() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    let (token, share) = link(&ada, &id, json!({"level": "viewer"})).await;
    let holder = holder(&world, &token).await;
    let ticket = holder.post(&format!("files/{id}/link"), json!({})).await.ok()["url"]
        .as_str()
        .expect("a link")
        .to_owned();
    let ticket = ticket[ticket.find("/api/").expect("a path")..].to_owned();
    assert_eq!(holder.content(&id).await.bytes, "hello");
    ada.delete(&format!("shares/{share}")).await.ok();
    assert!(holder.content(&id).await.status.is_client_error());
    assert!(world.anybody().get(&ticket).await.status.is_client_error());
    world.anybody().post("shared", json!({"token": token})).await.problem(409, "share_revoked");
    world.anybody().post("shared", json!({"token": "rony_l_nonsense"})).await.problem(409, "share_unknown");
}

#[tokio::test]
async fn the_page_of_a_link_tells_nobody_where_it_was_opened() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let id = ada.upload_id("a.txt", b"hello").await;
    let (token, _) = link(&ada, &id, json!({"level": "viewer"})).await;
    let anybody = world.anybody();
    let page = anybody.get(&format!("/s/{token}")).await;
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
    assert_eq!(page.headers["x-frame-options"], "DENY");
    assert!(page.headers["content-security-policy"].to_str().expect("ASCII").starts_with("default-src '"));
    assert!(!String::from_utf8_lossy(&page.bytes).contains(&token), "the page is the same for all");
}

#[tokio::test]
async fn who_looks_after_a_link_sees_when_it_was_opened() {
    let world = World::start().await;
    let (ada, bob) = (world.person("ada").await.client, world.person("bob").await.client);
    let id = ada.upload_id("a.txt", b"hello").await;
    let (token, share) =
        link(&ada, &id, json!({"level": "viewer", "log_openings": true, "name": "For Eve"})).await;
    holder(&world, &token).await;
    let openings = ada.get(&format!("shares/{share}/openings")).await.ok();
    assert_eq!(openings["items"][0]["address"], "127.0.0.0/24");
    assert_eq!(ada.get("shares").await.ok()["items"][0]["opened"], 1);
    for refused in
        [bob.get(&format!("shares/{share}/openings")).await, bob.delete(&format!("shares/{share}")).await]
    {
        refused.problem(404, "not_found");
    }
    assert_eq!(bob.get("shares").await.ok()["items"], json!([]));
}
