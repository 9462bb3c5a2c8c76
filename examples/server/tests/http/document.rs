//! What the document of all routes says.

use reqwest::Method;
use serde_json::Value;

use crate::world::{Browser, Stores, World};

/// A route as the document has it.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Under the prefix.
    pub(crate) path: String,
    /// Whether somebody must be signed in.
    pub(crate) is_personal: bool,
}

/// Every route.
pub(crate) async fn operations(browser: &Browser) -> Vec<Operation> {
    let answer = browser.at(Method::GET, "/api/openapi.json").send().await.unwrap();
    let document: Value = answer.json().await.unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        let path = path.strip_prefix("/api/integrations/calendar").unwrap().to_owned();
        let operations = item.as_object().unwrap().iter();
        operations.map(move |(method, operation)| Operation {
            method: method.to_uppercase().parse().unwrap(),
            path: path.clone(),
            is_personal: operation["security"].as_array().is_none_or(|ways| ways[0] != serde_json::json!({})),
        })
    });
    all.collect()
}

#[tokio::test]
async fn it_has_every_route_and_who_is_not_signed_in_sees_none_that_is_a_persons() {
    let world = World::new(Stores::Memory).await;
    let stranger = world.stranger();

    let operations = operations(&stranger).await;

    let mut named: Vec<String> =
        operations.iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    named.sort();
    assert_eq!(
        named,
        [
            "DELETE /events/{id}",
            "GET /accounts",
            "GET /approvals",
            "GET /approvals/{id}",
            "GET /audit",
            "GET /calendars",
            "GET /changes",
            "GET /connect",
            "GET /connect/callback",
            "GET /events",
            "GET /events/{id}",
            "GET /health",
            "GET /metrics",
            "GET /search",
            "GET /sync",
            "PATCH /calendars/{id}",
            "PATCH /events/{id}",
            "POST /approvals/{id}",
            "POST /conflicts",
            "POST /disconnect",
            "POST /events",
            "POST /slots",
            "POST /sync",
            "POST /webhook",
        ]
    );
    for Operation { method, path, is_personal } in operations {
        let answer = stranger.ask(method.clone(), &path, None).await;
        assert_eq!(answer.status() == 401, is_personal, "{method} {path}: {}", answer.status());
    }
}
