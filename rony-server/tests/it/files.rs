//! Facts about files and folders as clients see them.

use serde_json::{Value, json};

use crate::world::World;

fn names(list: &Value) -> Vec<&str> {
    list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["name"].as_str().expect("a name"))
        .collect()
}

#[tokio::test]
async fn a_drive_is_listed_sorted_and_searched() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let folder = ada.folder("Reports").await;
    ada.upload("b.txt", b"12345").await;
    ada.upload("a.txt", b"1").await;
    ada.form(&[("parent_id", &folder)], &[("Annual report.pdf", b"%PDF-1.7")]).await.ok();
    assert_eq!(names(&ada.get("files").await.ok()), ["Reports", "a.txt", "b.txt"]);
    assert_eq!(names(&ada.get("files?sort=-name").await.ok()), ["Reports", "b.txt", "a.txt"]);
    assert_eq!(names(&ada.get("files?sort=-size").await.ok()), ["Reports", "b.txt", "a.txt"]);
    assert_eq!(names(&ada.get(&format!("files?parent={folder}")).await.ok()), ["Annual report.pdf"]);
    assert_eq!(names(&ada.get("files?query=REPORT%20ann").await.ok()), ["Annual report.pdf"]);
    assert_eq!(names(&ada.get("files?type=document&query=annual").await.ok()), ["Annual report.pdf"]);
    assert_eq!(names(&ada.get("files?view=recent").await.ok()).len(), 3);
    let first = ada.get("files?limit=2").await.ok();
    let next = ada.get(&format!("files?limit=2&cursor={}", first["next"].as_str().expect("more"))).await.ok();
    assert_eq!((names(&first).len(), names(&next)), (2, vec!["b.txt"]));
    for wrong in ["sort=date", "view=all", "parent=x", "typ=image", "since=yesterday"] {
        ada.get(&format!("files?{wrong}")).await.problem(422, "invalid");
    }
    for other in [&format!("parent={folder}"), "query=a", "type=image", "since=2026-01-31T12:00:00Z"] {
        ada.get(&format!("files?view=recent&{other}")).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn what_is_changed_is_changed_for_all_who_see_it_and_told() {
    let world = World::start().await;
    let (ada, bob) = (world.person("ada").await.client, world.person("bob").await);
    let folder = ada.folder("Reports").await;
    let id = ada.upload_id("a.txt", b"1").await;
    let mut socket = ada.gateway().await;
    let path = format!("files/{id}");
    let changed = ada
        .patch(&path, json!({"name": "b.txt", "parent_id": folder, "color": "blue", "starred": true}))
        .await
        .ok();
    assert_eq!(
        (&changed["name"], &changed["parent_id"], &changed["starred"]),
        (&json!("b.txt"), &json!(folder), &json!(true))
    );
    let event = socket.until("event").await;
    assert_eq!(event["event"]["type"], "file.changed", "{event}");
    let view = ada.get(&path).await.ok();
    assert_eq!(view["path"], json!([{"id": folder, "name": "Reports"}]));

    bob.client.get(&path).await.problem(404, "not_found");
    let share = format!("files/{folder}/grants/{}", bob.id);
    ada.put(&share, json!({"kind": "person", "level": "viewer"})).await.ok();
    let seen = bob.client.get(&path).await.ok();
    assert_eq!((&seen["item"]["level"], &seen["item"]["starred"]), (&json!("viewer"), &json!(false)));
    bob.client.patch(&path, json!({"name": "c.txt"})).await.problem(403, "level_too_low");
    assert_eq!(names(&bob.client.get("files?view=shared").await.ok()), ["Reports"]);
    ada.put(&share, json!({"kind": "person", "level": "editor"})).await.ok();
    bob.client.patch(&path, json!({"name": "c.txt"})).await.ok();
    assert_eq!(ada.get(&format!("files/{folder}/grants")).await.ok()["items"][0]["level"], "editor");
    ada.delete(&share).await.ok();
    bob.client.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_thrown_away_comes_back_or_goes_for_good() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let (kept, gone) = (ada.upload_id("a.txt", b"1").await, ada.upload_id("b.txt", b"22").await);
    ada.delete(&format!("files/{kept}?forever=true")).await.problem(409, "not_in_trash");
    for id in [&kept, &gone] {
        ada.delete(&format!("files/{id}")).await.ok();
    }
    assert_eq!(names(&ada.get("files").await.ok()).len(), 0);
    assert_eq!(names(&ada.get("files?view=trash").await.ok()).len(), 2);
    assert_eq!(ada.get("drive").await.ok()["trash"], 3);
    ada.post(&format!("files/{kept}/restore"), json!({})).await.ok();
    ada.delete(&format!("files/{gone}?forever=true")).await.ok();
    ada.get(&format!("files/{gone}")).await.problem(404, "not_found");
    ada.delete("trash").await.ok();
    world.server.rony().files().collect().await.expect("the job runs");
    let drive = ada.get("drive").await.ok();
    assert_eq!((&drive["used"], &drive["trash"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_folder_is_copied_with_all_that_is_in_it() {
    let world = World::start().await;
    let ada = world.person("ada").await.client;
    let folder = ada.folder("Reports").await;
    ada.form(&[("parent_id", &folder)], &[("a.txt", b"1")]).await.ok();
    let copy = ada.post(&format!("files/{folder}/copy"), json!({})).await.ok();
    assert_eq!(copy["name"], "Reports (2)");
    let list = ada.get(&format!("files?parent={}", copy["id"].as_str().expect("an id"))).await.ok();
    assert_eq!(ada.content(list["items"][0]["id"].as_str().expect("an id")).await.bytes, "1");
    ada.patch(&format!("files/{folder}"), json!({"parent_id": folder})).await.problem(409, "would_loop");
    ada.post("folders", json!({"name": "reports"})).await.problem(409, "name_taken");
    let used = ada.post("folders", json!({"name": "reports", "if_exists": "use"})).await.ok();
    assert_eq!(used["id"], json!(folder));
}
