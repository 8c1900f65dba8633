//! Who may do what: each route, tried by everybody, on something that really exists.
//!
//! The rows are data, a file for each group of nouns; `row` is their language, `cast` has the people and programs who try,
//! `scene` makes what they act on, `trial` judges, and `database` sees what changed. What a row does not allow is denied:
//! - a denial has the status and code that the row says, changes nothing in the database, and repeats nothing of what it
//!   hides; a 404 is word for word the one for something that does not exist;
//! - a success changes the database where it should, and shows what it should, to nobody else;
//! - every route of the API's description has a row, and every row a route.

mod access;
mod cast;
mod conversations;
mod database;
mod files;
mod marks;
mod meetings;
mod members;
mod messages;
mod overviews;
mod people;
mod rooms;
mod row;
mod scene;
mod shares;
mod trial;

use std::collections::BTreeSet;

use crate::{openapi, world::World};

fn all() -> impl Iterator<Item = row::Row> {
    [
        access::rows(),
        conversations::rows(),
        files::rows(),
        marks::rows(),
        meetings::rows(),
        members::rows(),
        messages::rows(),
        overviews::rows(),
        people::rows(),
        rooms::rows(),
        shares::rows(),
    ]
    .into_iter()
    .flatten()
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_a_route() {
    let world = World::start().await;
    let description = openapi::description(&world).await;
    let routes: BTreeSet<_> = openapi::routes(&description).into_iter().map(|(route, _)| route).collect();
    let rows: BTreeSet<_> = all().map(|row| row.route.to_owned()).collect();
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(without_row.is_empty(), "say in tests/it/matrix who may do these: {without_row:#?}");
    assert!(without_route.is_empty(), "these rows have no route any more: {without_route:#?}");
}

#[tokio::test]
async fn who_may_sign_in_and_invite() {
    trial::judge(access::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_conversations() {
    trial::judge(conversations::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_files() {
    trial::judge(files::rows()).await;
}

#[tokio::test]
async fn who_may_bring_files_and_open_them_to_others() {
    trial::judge(shares::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_scheduled_meetings() {
    trial::judge(meetings::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_rooms() {
    trial::judge(rooms::rows()).await;
}

#[tokio::test]
async fn who_may_react_pin_read_and_draft() {
    trial::judge(marks::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_members() {
    trial::judge(members::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_messages() {
    trial::judge(messages::rows()).await;
}

#[tokio::test]
async fn who_sees_what_in_overviews() {
    trial::judge(overviews::rows()).await;
}

#[tokio::test]
async fn who_may_do_what_with_people() {
    trial::judge(people::rows()).await;
}
