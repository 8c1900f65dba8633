//! Facts about invites over HTTP.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn an_invite_is_previewed_accepted_and_taken_back() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let group = world.group(&ann, &[]).await;
    let made = ann.client.post("invites", json!({"conversation_id": group})).await.ok();
    let token = json!({"token": made["token"]});
    let link = made["link"].as_str().unwrap();
    assert!(link.ends_with(&format!("#{}", made["token"].as_str().unwrap())), "{link}");
    let preview = world.anybody().post("invites/preview", token.clone()).await.ok();
    assert_eq!(preview["conversation"], json!({"title": "Friends", "icon": "", "member_count": 1}));
    assert_eq!(preview["invited_by"], "ann");
    let mut anns = ann.client.gateway().await;
    assert_eq!(
        ben.client.post("invites/accept", token.clone()).await.ok(),
        json!({"conversation_id": group})
    );
    let joined = anns.event("member.joined").await;
    assert_eq!((&joined["user_id"], &joined["by_id"]), (&json!(ben.id), &json!(ann.id)));
    ben.client.get(&format!("conversations/{group}/messages")).await.ok();

    let listed = ann.client.get(&format!("invites?conversation_id={group}")).await.ok();
    let invite = &listed["items"][0];
    assert_eq!((&invite["id"], &invite["used"]), (&made["id"], &json!(1)));
    assert_eq!((&invite["token"], &invite["link"]), (&Value::Null, &Value::Null), "shown once");
    let path = format!("invites/{}", made["id"].as_str().unwrap());
    ben.client.delete(&path).await.problem(404, "not_found");
    assert_eq!(ann.client.delete(&path).await.status, 204);
    world.anybody().post("invites/preview", token.clone()).await.problem(409, "invite_revoked");
    let cem = world.person("cem").await;
    cem.client.post("invites/accept", token).await.problem(409, "invite_revoked");
    assert_eq!(ann.client.get("invites").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn an_invite_that_cannot_be_made_or_followed_says_why() {
    let world = World::start().await;
    let (root, ann, ben) =
        (world.administrator("root").await, world.person("ann").await, world.person("ben").await);
    let group = world.group(&ann, &[]).await;
    let into = json!({"conversation_id": group});
    ben.client.post("invites", into.clone()).await.problem(404, "not_found");
    root.client.post("invites", into.clone()).await.problem(404, "not_found");
    ann.client.post("invites", json!({})).await.problem(403, "administrators_only");
    world.anybody().post("invites", into).await.problem(401, "unauthenticated");
    for (wish, field) in [
        (json!({"conversation_id": group, "uses": 0}), "uses"),
        (json!({"conversation_id": group, "expires_at": "2001-01-01T00:00:00Z"}), "expires_at"),
        (json!({"conversation_id": "here"}), "conversation_id"),
        (json!({"conversation_id": group, "role": "owner"}), "role"),
    ] {
        let problem = ann.client.post("invites", wish).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    for token in ["", "nonsense", ann.client.token().unwrap()] {
        ben.client.post("invites/accept", json!({"token": token})).await.problem(409, "invite_unknown");
    }
    let to_server = root.client.post("invites", json!({})).await.ok();
    let accept = ben.client.post("invites/accept", json!({"token": to_server["token"]})).await;
    accept.problem(409, "invite_for_newcomers");
}

#[tokio::test]
async fn whoever_tries_many_links_is_told_to_wait() {
    let world = World::start().await;
    for _ in 0..50 {
        let token = json!({"token": "rony_i_nonsense"});
        world.anybody().post("invites/preview", token).await.problem(409, "invite_unknown");
    }
    let answer = world.anybody().post("invites/preview", json!({"token": "rony_i_nonsense"})).await;
    assert!(answer.headers.contains_key("retry-after"));
    answer.problem(429, "rate_limited");
}
