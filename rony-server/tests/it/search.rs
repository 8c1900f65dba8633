//! Facts about search over HTTP.

use serde_json::{Value, json};

use crate::world::{Person, World};

async fn say(world: &World, person: &Person, place: &str, texts: &[&str]) {
    for text in texts {
        let message = json!({"client_id": uuid::Uuid::new_v4(), "text": text});
        person.client.post(&format!("conversations/{place}/messages"), message).await.ok();
    }
    world.server.rony().projections().run_once().await.expect("the job runs");
}

fn texts(answer: &Value) -> Vec<&str> {
    let items = answer["messages"]["items"].as_array().unwrap();
    items.iter().map(|hit| hit["message"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn messages_and_people_are_found() {
    let world = World::start().await;
    let (ann, raven) = (world.person("ann").await, world.person("raven").await);
    let place = world.group(&ann, &[]).await;
    say(&world, &ann, &place, &["A raven came", "Two swifts", "The raven left"]).await;
    let found = ann.client.get("search?query=rav").await.ok();
    assert_eq!(texts(&found), ["The raven left", "A raven came"]);
    assert_eq!(
        found["messages"]["items"][0]["snippet"],
        json!([{"text": "The ", "hit": false}, {"text": "raven", "hit": true}, {"text": " left", "hit": false}])
    );
    assert_eq!(found["people"]["items"][0]["id"], raven.id);
    let page = ann.client.get("search?query=raven&type=messages&limit=1").await.ok();
    assert_eq!(texts(&page), ["The raven left"]);
    assert_eq!(page["people"]["items"], json!([]));
    let cursor = page["messages"]["next"].as_str().unwrap();
    let next =
        ann.client.get(&format!("search?query=raven&type=messages&limit=1&cursor={cursor}")).await.ok();
    assert_eq!(texts(&next), ["A raven came"]);
    assert_eq!(next["messages"]["next"], Value::Null);
    assert_eq!(texts(&raven.client.get("search?query=rav").await.ok()), [""; 0]);
}

#[tokio::test]
async fn what_is_posted_is_soon_found() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let place = world.group(&ann, &[]).await;
    let message = json!({"client_id": uuid::Uuid::new_v4(), "text": "A raven came"});
    ann.client.post(&format!("conversations/{place}/messages"), message).await.ok();
    let found = async {
        while texts(&ann.client.get("search?query=raven").await.ok()).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), found).await.expect("it is indexed by itself");
}

#[tokio::test]
async fn filters_narrow_a_search() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    say(&world, &ann, &place, &["raven", "see https://example.org @ben"]).await;
    say(&world, &ben, &place, &["raven of ben"]).await;
    let found = async |query: String| {
        let answer = ann.client.get(&format!("search?{query}")).await.ok();
        texts(&answer).len()
    };
    assert_eq!(found(format!("query=raven&author={}", ben.id)).await, 1);
    assert_eq!(found(format!("conversation={place}")).await, 3);
    assert_eq!(found("has=link,mention".to_owned()).await, 1);
    assert_eq!(found("query=raven&has=link".to_owned()).await, 0);
    assert_eq!(found("query=raven&since=2100-01-01T00:00:00Z".to_owned()).await, 0);
    assert_eq!(found("query=raven&until=2100-01-01T00:00:00Z".to_owned()).await, 2);
}

#[tokio::test]
async fn a_search_that_cannot_be_is_refused_with_the_field_that_is_wrong() {
    let world = World::start().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let place = world.group(&ann, &[]).await;
    for (query, field) in [
        ("", "query"),
        ("query=%22*%22", "query"),
        (&format!("query={}", "x".repeat(257)), "query"),
        ("query=x&has=smile", "has"),
        ("query=x&type=files", "type"),
        ("query=x&limit=0", "limit"),
        ("query=x&author=ann", "author"),
        ("query=x&since=yesterday", "since"),
        ("query=x&cursor=AAAA", "cursor"),
    ] {
        let problem = ann.client.get(&format!("search?{query}")).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
    }
    ann.client.get("search?query=%27%20OR%201%3D1%20--%20%22%2A%28").await.ok();
    eve.client.get(&format!("search?query=x&conversation={place}")).await.problem(404, "not_found");
    world.anybody().get("search?query=x").await.problem(401, "unauthenticated");
}
