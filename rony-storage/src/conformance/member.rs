//! Facts about members.

use rony_core::{
    conversation::{NewConversation, Visibility},
    page::Limit,
};

use super::{World, facts};

facts! {
    async fn who_joins_is_told_of_in_both_streams(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let open = NewConversation {
            visibility: Visibility::Public,
            ..NewConversation::group(world.client_id(), Vec::new())
        };
        let place = world.start(&ann, open).await;
        world.rony.members().join(&ben.actor, place).await.unwrap();
        world.rony.members().join(&ben.actor, place).await.unwrap();
        assert_eq!(world.event_types(&ann, place).await, ["conversation.created", "member.joined"]);
        let own = world.events(&ben, ben.id).await;
        let told: Vec<_> = own.iter().filter(|event| event["conversation_id"] == place.to_string()).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["type"], "member.joined");
        let members = world.rony.members().list(&ben.actor, place, Limit::DEFAULT, None).await.unwrap();
        let mut names: Vec<_> = members.items.iter().map(|member| member.username.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["ann", "ben"]);
    }
}
