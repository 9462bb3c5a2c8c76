//! A new key in the place of the one that sealed the tokens.

use reqwest::Method;
use serde_json::json;
use theo_calendar_postgres::testing::FreshDatabase;

use crate::world::{BOB, Stores, World};

const OLD: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const NEW: &str = "0202020202020202020202020202020202020202020202020202020202020202";

#[tokio::test]
async fn a_sealing_key_is_retired_and_then_forgotten_and_nobody_connects_anew() {
    let database = FreshDatabase::migrated().await;
    let first = [("DATABASE_URL", database.url()), ("THEO_SEALING_KEY", OLD)];
    let mut world = World::told(Stores::Memory, &first).await;
    world.person("bob", BOB).await;

    for retired in [OLD, ""] {
        let keys = [("THEO_SEALING_KEY", NEW), ("THEO_RETIRED_SEALING_KEYS", retired)];
        world = world.restarted(&keys).await;
        // So that it is the refresh token that is needed.
        world.google.expire_access_tokens(BOB);

        let bob = world.visitor("bob").await;
        let synced = bob.done(Method::POST, "/sync", Some(json!({ "type": "incremental" }))).await;

        assert_eq!(synced["report"]["failures"], json!([]), "{synced}");
    }
}
