//! The table of contents of the REST API: each noun's routes, under `/api/v1`.

use rony_core::{blob::PreviewSize, file::FileKind, page::Limit};
use utoipa::{
    OpenApi as _,
    openapi::{InfoBuilder, OpenApi, PathItem, Server},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{app::App, auth};

mod account;
mod audit;
mod call;
mod contact;
mod conversation;
mod download;
mod draft;
mod file;
mod folder;
mod grant;
mod invite;
mod me;
mod meeting;
mod member;
mod message;
mod notification;
mod pin;
mod presence;
mod reaction;
mod read;
mod room;
mod search;
mod server;
mod session;
mod share;
mod snapshot;
mod sync;
mod token;
mod upload;
mod user;
mod version;

/// The shapes that parameters alone have: the descriptions of routes name them, and bring along only the shapes of bodies.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    Limit,
    conversation::ScopeParam,
    file::View,
    file::Order,
    FileKind,
    PreviewSize
)))]
struct Parameters;

/// All routes of the API, relative to `/api/v1`, with their descriptions.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Parameters::openapi())
        .merge(conversation::router())
        .merge(member::router())
        .merge(message::router())
        .merge(session::router())
        .merge(snapshot::router())
        .merge(sync::router())
        .merge(token::router())
        .merge(reaction::router())
        .merge(pin::router())
        .merge(read::router())
        .merge(draft::router())
        .merge(search::router())
        .merge(contact::router())
        .merge(presence::router())
        .merge(account::router())
        .merge(user::router())
        .merge(me::router())
        .merge(invite::router())
        .merge(audit::router())
        .merge(server::router())
        .merge(notification::router())
        .merge(file::router())
        .merge(folder::router())
        .merge(version::router())
        .merge(grant::router())
        .merge(download::router())
        .merge(upload::router())
        .merge(share::router())
        .merge(room::router())
        .merge(meeting::router())
        .merge(call::router())
}

/// Those that last as long as bytes come: no time limit of requests is for them.
pub(crate) fn slow() -> OpenApiRouter<App> {
    upload::slow()
}

/// The whole description, with what is true of all routes.
pub(crate) fn describe(mut description: OpenApi) -> OpenApi {
    description.info = InfoBuilder::new()
        .title("Rony")
        .version("1")
        .description(Some("Errors are problem documents (RFC 9457) with a stable `code`."))
        .build();
    auth::describe(&mut description);
    name_operations(&mut description);
    description
}

/// The description as it is read at the path `address`: the routes lie beside it, wherever an application put them.
pub(crate) fn described_at(description: &OpenApi, address: &str) -> OpenApi {
    let beside = address.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut description = description.clone();
    description.servers = Some(vec![Server::new(beside)]);
    description
}

/// Calls each operation by its noun and its handler (`messages_list`): generated clients need names that are different,
/// and handlers of different nouns are called alike.
fn name_operations(description: &mut OpenApi) {
    for path in description.paths.paths.values_mut() {
        let PathItem { get, put, post, patch, delete, options, .. } = path;
        for operation in [get, put, post, patch, delete, options].into_iter().flatten() {
            let noun = operation.tags.iter().flatten().next();
            if let (Some(noun), Some(handler)) = (noun, &operation.operation_id) {
                operation.operation_id = Some(format!("{noun}_{handler}"));
            }
        }
    }
}
