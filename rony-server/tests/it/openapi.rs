//! Facts about the API's description, which clients are made from.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::world::World;

/// The routes that need no credential. A new one here is a decision: whoever reads the change should stop at it.
const FOR_EVERYBODY: [&str; 10] = [
    "GET /downloads/{ticket}",
    "OPTIONS /uploads",
    "POST /accounts",
    "POST /invites/preview",
    "POST /password-resets",
    "POST /rooms/guests",
    "POST /rooms/preview",
    "POST /sessions",
    "POST /setup",
    "POST /shared",
];

/// What the running server says of itself.
pub(crate) async fn description(world: &World) -> Value {
    world.anybody().get("openapi.json").await.ok()
}

/// Each route as `METHOD /path`, with what is said of it.
pub(crate) fn routes(description: &Value) -> Vec<(String, &Value)> {
    let paths = description["paths"].as_object().expect("paths");
    let routes = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").iter();
        let methods = methods.filter(|(_, said)| said.get("responses").is_some());
        methods.map(move |(method, said)| (format!("{} {path}", method.to_uppercase()), said))
    });
    routes.collect()
}

#[tokio::test]
async fn the_description_changes_only_on_purpose() {
    let world = World::start().await;
    let description = description(&world).await;
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_json_snapshot!("openapi", description);
    });
}

#[tokio::test]
async fn every_route_says_that_its_errors_are_problem_documents() {
    let world = World::start().await;
    let description = description(&world).await;
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    for (route, said) in routes(&description) {
        let responses = said["responses"].as_object().unwrap();
        assert!(responses.contains_key("default"), "{route} does not say what any other error looks like");
        for (status, response) in responses {
            if status.starts_with('2') || status.starts_with('3') {
                continue;
            }
            let bodies =
                response["content"].as_object().unwrap_or_else(|| panic!("{route}: {status} has no body"));
            assert_eq!(bodies.keys().collect::<Vec<_>>(), ["application/problem+json"], "{route}: {status}");
            assert_eq!(bodies["application/problem+json"]["schema"], problem, "{route}: {status}");
        }
        assert!(responses.keys().any(|status| status.starts_with('2')), "{route} never succeeds");
    }
}

#[tokio::test]
async fn every_route_needs_a_credential_but_those_for_everybody() {
    let world = World::start().await;
    let description = description(&world).await;
    assert!(description["security"].as_array().is_some_and(|ways| ways.iter().all(|way| *way != json!({}))));
    let open = |said: &Value| said.get("security").is_some();
    let open: BTreeSet<_> =
        routes(&description).into_iter().filter(|(_, said)| open(said)).map(|(route, _)| route).collect();
    assert_eq!(open, FOR_EVERYBODY.map(str::to_owned).into());
}

#[tokio::test]
async fn every_route_has_a_name_of_its_own_and_a_summary() {
    let world = World::start().await;
    let description = description(&world).await;
    let mut names = BTreeSet::new();
    for (route, said) in routes(&description) {
        let name = said["operationId"].as_str().unwrap_or_else(|| panic!("{route} has no operation id"));
        assert!(names.insert(name), "{route}: another route is called {name} too");
        assert!(said["summary"].as_str().is_some_and(|text| !text.is_empty()), "{route} has no summary");
    }
}

#[tokio::test]
async fn every_shape_that_is_named_is_described() {
    let world = World::start().await;
    let description = description(&world).await;
    let mut named = BTreeSet::new();
    references(&description, &mut named);
    assert!(named.len() > 20, "{named:?}");
    for reference in named {
        let place = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} lies elsewhere"));
        assert!(description.pointer(place).is_some(), "{reference} is not described");
    }
}

fn references<'a>(value: &'a Value, named: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            named.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|field| references(field, named));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, named)),
        _ => {}
    }
}
