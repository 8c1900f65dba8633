//! Facts about messages.

use super::{World, facts};

facts! {
    async fn nobody_posts_into_a_conversation_that_is_not_there(world: World) {
        let _ = world.store.since().await.unwrap();
    }
}
