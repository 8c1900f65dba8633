//! Facts about search.

use std::time::Duration;

use rony_core::{
    id::ConversationId,
    message::Window,
    page::Limit,
    search::{Has, Kind, SearchAnswer, SearchRequest},
    time::Clock as _,
};

use super::{Person, World, facts};

fn words(query: &str) -> SearchRequest {
    SearchRequest { query: query.to_owned(), ..SearchRequest::default() }
}

async fn texts(world: &World, person: &Person, request: SearchRequest) -> Vec<String> {
    let answer = world.rony.search().search(&person.actor, request).await.unwrap();
    answer.messages.items.into_iter().map(|hit| hit.message.text).collect()
}

async fn say(world: &World, person: &Person, place: ConversationId, texts: &[&str]) {
    for text in texts {
        world.clock.advance(Duration::from_secs(1));
        world.say(person, place, text).await;
    }
}

impl World {
    /// The texts of the messages that `person` finds, in order.
    ///
    /// # Panics
    ///
    /// When the search is refused.
    pub async fn searched(&self, person: &Person, query: &str) -> Vec<String> {
        texts(self, person, words(query)).await
    }
}

facts! {
    async fn messages_are_found_by_their_words_newest_first(world: World) {
        let ann = world.person("ann").await;
        let (here, there) = (world.group(&[&ann]).await, world.group(&[&ann]).await);
        say(&world, &ann, here, &["Deploy the blue one", "Crème brûlée"]).await;
        say(&world, &ann, there, &["deployed, blue and green", "我喜欢Rust"]).await;
        assert_eq!(world.searched(&ann, "deploy").await, [""; 0], "the index is a moment behind");
        world.project().await;
        assert_eq!(world.searched(&ann, "depl").await, ["deployed, blue and green", "Deploy the blue one"]);
        assert_eq!(world.searched(&ann, "DEPLOY ").await, ["Deploy the blue one"]);
        assert_eq!(world.searched(&ann, "one blue").await, ["Deploy the blue one"]);
        assert_eq!(world.searched(&ann, "\"one blue\"").await, [""; 0]);
        assert_eq!(world.searched(&ann, "\"blue one\"").await, ["Deploy the blue one"]);
        assert_eq!(world.searched(&ann, "\"the blu").await, ["Deploy the blue one"]);
        assert_eq!(world.searched(&ann, "creme BRÛLÉE").await, ["Crème brûlée"]);
        assert_eq!(world.searched(&ann, "喜欢").await, ["我喜欢Rust"]);
        assert_eq!(world.searched(&ann, "欢喜").await, [""; 0]);
    }

    async fn nothing_that_is_typed_is_syntax(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        say(&world, &ann, place, &["NOT (a) words:* OR b^2 NEAR/3 'quoted' don't", "x"]).await;
        world.project().await;
        for query in [
            "NOT", "words:*", "b^2", "NEAR(3", "'quoted'", "don't", "a) words", "\"words\" OR", "words -b", "+words",
            "words:a", "{words}", "-words", "words\\", "or & b", "a | b", "!b", "2 <-> near", "near/3:*", "\"b\"\"2",
        ] {
            let found = world.rony.search().search(&ann.actor, words(query)).await;
            assert!(found.is_ok(), "{query}: {found:?}");
        }
        assert_eq!(world.searched(&ann, "b^2 don't").await.len(), 1);
        assert_eq!(world.searched(&ann, "words a").await.len(), 1);
        assert_eq!(world.searched(&ann, "words -b").await.len(), 1);
        let long = "a ".repeat(128);
        assert_eq!(world.searched(&ann, &long).await.len(), 1);
        for query in ["", "*", "\"\"", "' OR 1=1 --x\0".repeat(30).as_str()] {
            let refused = world.rony.search().search(&ann.actor, words(query)).await.unwrap_err();
            assert_eq!(refused.code(), "invalid", "{query}");
        }
    }

    async fn a_found_message_shows_why(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        say(&world, &ann, place, &["We deploy today"]).await;
        world.project().await;
        let answer = world.rony.search().search(&ann.actor, words("dep")).await.unwrap();
        let snippet = &answer.messages.items[0].snippet;
        let shown: Vec<_> = snippet.iter().map(|part| (part.text.as_str(), part.hit)).collect();
        assert_eq!(shown, [("We ", false), ("deploy", true), (" today", false)]);
    }

    async fn an_edited_message_is_found_by_what_it_says_now(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let early = world.say(&ann, place, "raven").await;
        // Changed before the job came by, and after it; twice within one step.
        world.rony.messages().edit(&ann.actor, place, early.id, "swallow".into()).await.unwrap();
        world.project().await;
        assert_eq!(world.searched(&ann, "raven").await, [""; 0]);
        assert_eq!(world.searched(&ann, "swallow").await, ["swallow"]);
        for text in ["swift", "see http://example.org"] {
            world.rony.messages().edit(&ann.actor, place, early.id, text.into()).await.unwrap();
        }
        world.project().await;
        assert_eq!(world.searched(&ann, "swallow").await, [""; 0]);
        assert_eq!(world.searched(&ann, "swift").await, [""; 0]);
        let linked = SearchRequest { has: vec![Has::Link], ..words("example") };
        assert_eq!(texts(&world, &ann, linked).await, ["see http://example.org"]);
    }

    async fn a_deleted_message_is_not_found(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let (early, late) = (world.say(&ann, place, "raven one").await, world.say(&ann, place, "raven two").await);
        world.rony.messages().delete(&ann.actor, place, early.id).await.unwrap();
        world.project().await;
        assert_eq!(world.searched(&ann, "raven").await, ["raven two"]);
        world.rony.messages().delete(&ann.actor, place, late.id).await.unwrap();
        assert_eq!(world.searched(&ann, "raven").await, [""; 0]);
        let all = SearchRequest { conversation: Some(place), ..SearchRequest::default() };
        assert_eq!(texts(&world, &ann, all).await, [""; 0]);
    }

    async fn only_what_the_reader_may_see_is_found(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group_since_join(&[&ann]).await;
        say(&world, &ann, place, &["raven before"]).await;
        world.add(&ann, place, &ben).await;
        say(&world, &ann, place, &["raven after"]).await;
        world.project().await;
        assert_eq!(world.searched(&ann, "raven").await, ["raven after", "raven before"]);
        assert_eq!(world.searched(&ben, "raven").await, ["raven after"]);
        assert_eq!(world.searched(&eve, "raven").await, [""; 0]);
        let here = SearchRequest { conversation: Some(place), ..words("raven") };
        assert_eq!(texts(&world, &ben, here.clone()).await, ["raven after"]);
        let refused = world.rony.search().search(&eve.actor, here).await.unwrap_err();
        assert_eq!(refused.code(), "not_found");
        let by_author = SearchRequest { author: Some(ann.id), ..SearchRequest::default() };
        assert_eq!(texts(&world, &eve, by_author).await, [""; 0]);
        world.rony.members().remove(&ann.actor, place, ben.id).await.unwrap();
        assert_eq!(world.searched(&ben, "raven").await, [""; 0]);
    }

    async fn filters_narrow_a_search_with_or_without_words(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (here, there) = (world.group(&[&ann, &ben]).await, world.group(&[&ann, &ben]).await);
        say(&world, &ann, here, &["raven 1"]).await;
        say(&world, &ben, here, &["raven 2", "swift 3"]).await;
        let middle = world.clock.now();
        say(&world, &ben, there, &["raven 4 @ann https://example.org"]).await;
        world.project().await;
        let found = async |request| texts(&world, &ann, request).await;
        let base = words("raven");
        let only = SearchRequest::default();
        assert_eq!(found(SearchRequest { conversation: Some(here), ..base.clone() }).await, ["raven 2", "raven 1"]);
        assert_eq!(found(SearchRequest { author: Some(ann.id), ..base.clone() }).await, ["raven 1"]);
        assert_eq!(found(SearchRequest { until: Some(middle), ..base.clone() }).await, ["raven 2", "raven 1"]);
        assert_eq!(found(SearchRequest { since: Some(middle), ..only.clone() }).await, ["raven 4 @ann https://example.org", "swift 3"]);
        assert_eq!(found(SearchRequest { author: Some(ben.id), conversation: Some(here), ..only.clone() }).await, ["swift 3", "raven 2"]);
        for has in [Has::Link, Has::Mention] {
            assert_eq!(found(SearchRequest { has: vec![has], ..only.clone() }).await.len(), 1, "{has:?}");
        }
        let page = world.rony.messages().page(&ann.actor, here, None, Window::Newest, Limit::new(3).unwrap()).await.unwrap();
        let first = &page.items[0];
        world.rony.reactions().add(&ann.actor, here, first.id, "👍".into()).await.unwrap();
        world.rony.pins().add(&ann.actor, here, first.id).await.unwrap();
        assert_eq!(found(SearchRequest { has: vec![Has::Reaction, Has::Pin], ..base }).await, ["raven 1"]);
    }

    async fn pages_of_found_messages_follow_each_other(world: World) {
        let ann = world.person("ann").await;
        let places = [world.group(&[&ann]).await, world.group(&[&ann]).await];
        for number in 0..12 {
            // Several in the same millisecond, as a busy server has them.
            if number % 3 == 0 {
                world.clock.advance(Duration::from_millis(1));
            }
            world.say(&ann, places[number % 2], &format!("raven {number}")).await;
        }
        world.project().await;
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let request = SearchRequest { limit: Limit::new(5).unwrap(), cursor, ..words("raven") };
            let SearchAnswer { messages, .. } = world.rony.search().search(&ann.actor, request).await.unwrap();
            seen.extend(messages.items.into_iter().map(|hit| hit.message));
            // What is new comes before, and disturbs nothing.
            world.say(&ann, places[0], "raven of later").await;
            world.project().await;
            cursor = messages.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 12);
        assert!(seen.windows(2).all(|pair| pair[0].created_at >= pair[1].created_at), "newest first");
        let mut ids: Vec<_> = seen.iter().map(|message| message.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 12);
        let foreign = SearchRequest { cursor: Some("AAAA".to_owned().into()), ..words("raven") };
        assert!(world.rony.search().search(&ann.actor, foreign).await.is_err());
    }

    async fn people_are_found_beside_messages(world: World) {
        let (ann, _) = (world.person("ann").await, world.person("raven").await);
        let place = world.group(&[&ann]).await;
        say(&world, &ann, place, &["raven"]).await;
        world.project().await;
        let count = async |request| {
            let answer = world.rony.search().search(&ann.actor, request).await.unwrap();
            (answer.messages.items.len(), answer.people.items.len())
        };
        assert_eq!(count(words("rav")).await, (1, 1));
        assert_eq!(count(SearchRequest { kind: Some(Kind::Messages), ..words("rav") }).await, (1, 0));
        assert_eq!(count(SearchRequest { kind: Some(Kind::People), ..words("rav") }).await, (0, 1));
        assert_eq!(count(SearchRequest { author: Some(ann.id), ..words("rav") }).await, (1, 0));
    }

    async fn a_conversation_that_is_gone_leaves_nothing_to_find(world: World) {
        let ann = world.person("ann").await;
        let (gone, stays) = (world.group(&[&ann]).await, world.group(&[&ann]).await);
        say(&world, &ann, gone, &["raven there"]).await;
        say(&world, &ann, stays, &["raven here"]).await;
        world.project().await;
        say(&world, &ann, gone, &["raven too late for the job"]).await;
        world.rony.conversations().delete(&ann.actor, gone).await.unwrap();
        assert_eq!(world.searched(&ann, "raven").await, ["raven here"]);
        world.project().await;
        assert_eq!(world.searched(&ann, "raven").await, ["raven here"]);
    }
}
