//! Facts about calls that nobody waits for any more: a page is closed, a connection breaks.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use super::{World, facts};

/// More than any call below has steps: the last rounds see it finish.
const STEPS: usize = 20;

facts! {
    async fn a_reading_that_is_given_up_does_no_harm_to_the_next_call(world: World) {
        let ann = world.person("ann").await;
        for steps in 1..=STEPS {
            given_up(steps, world.store.subscriptions(ann.id)).await;
            let ben = world.person(&format!("ben-{steps}")).await;
            assert_eq!(world.rony.users().get(&ann.actor, ben.id).await.unwrap().id, ben.id);
        }
    }

    async fn a_change_that_is_given_up_does_no_harm_to_the_next_call(world: World) {
        let ann = world.person("ann").await;
        for steps in 1..=STEPS {
            given_up(steps, world.person(&format!("given-up-{steps}"))).await;
            let ben = world.person(&format!("ben-{steps}")).await;
            assert_eq!(world.rony.users().get(&ann.actor, ben.id).await.unwrap().id, ben.id);
        }
    }

    async fn a_connection_that_is_given_up_leaves_nothing_in_the_hub(world: World) {
        let ann = world.person("ann").await;
        given_up(1, world.rony.streams().connect(&ann.actor, None, 10)).await;
        assert_eq!(world.rony.hub().people(), []);
    }
}

/// Goes `steps` steps of a call, as far as it wakes by itself, and then drops it.
async fn given_up<T>(steps: usize, call: impl Future<Output = T>) {
    let (mut call, mut taken) = (pin!(call), 0);
    poll_fn(|context| {
        taken += 1;
        if taken > steps { Poll::Ready(()) } else { call.as_mut().poll(context).map(|_| ()) }
    })
    .await;
}
