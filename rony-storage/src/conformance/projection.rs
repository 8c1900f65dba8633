//! Facts about the job that projects.

use rony_core::time::Clock as _;

use super::{World, facts};

impl World {
    /// Runs the job until nothing is left, and answers how many messages were new.
    ///
    /// # Panics
    ///
    /// When it cannot run.
    pub async fn project(&self) -> u64 {
        self.rony.projections().run_once().await.expect("the job runs")
    }
}

facts! {
    async fn each_message_is_projected_once(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (here, there) = (world.group(&[&ann, &ben]).await, world.group(&[&ann]).await);
        for number in 0..3 {
            world.say(&ann, here, &format!("here {number}")).await;
            world.say(&ann, there, &format!("there {number}")).await;
        }
        assert_eq!(world.project().await, 6);
        assert_eq!(world.project().await, 0);
        let message = world.say(&ben, here, "again").await;
        world.rony.reactions().add(&ann.actor, here, message.id, "👍".into()).await.unwrap();
        assert_eq!(world.project().await, 1);
        assert_eq!(world.project().await, 0);
    }

    async fn many_messages_are_projected_in_steps(world: World) {
        let ann = world.person("ann").await;
        let places = [world.group(&[&ann]).await, world.group(&[&ann]).await];
        for place in places {
            for number in 0..5 {
                world.say(&ann, place, &format!("number {number}")).await;
            }
        }
        let mut steps = Vec::new();
        loop {
            let step = world.store.project(world.clock.now(), 4).await.unwrap();
            steps.push(step.messages);
            if !step.more {
                break;
            }
        }
        assert_eq!(steps.iter().sum::<u64>(), 10);
        assert!(steps.iter().all(|step| *step <= 4), "{steps:?}");
        assert_eq!(world.searched(&ann, "number").await.len(), 10);
    }

    async fn the_job_runs_anywhere_at_any_time_and_projects_once(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let mut projected = 0;
        for round in 0..5 {
            for number in 0..4 {
                world.say(&ann, place, &format!("round {round} number {number}")).await;
            }
            let (one, other) = tokio::join!(world.project(), world.project());
            projected += one + other;
        }
        projected += world.project().await;
        assert_eq!(projected, 20);
        assert_eq!(world.searched(&ann, "round").await.len(), 20);
    }
}
