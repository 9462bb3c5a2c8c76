//! Several servers on one database.

use std::{collections::BTreeMap, time::Duration};

use server::host::{Server, Settings};
use theo_calendar_postgres::testing::FreshDatabase;

/// What takes leases and jobs under one name is one worker, so that two of them would take each other's.
#[tokio::test]
async fn two_servers_on_one_database_are_two_workers() {
    let database = FreshDatabase::migrated().await;
    let said = BTreeMap::from([
        ("THEO_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ("DATABASE_URL".to_owned(), database.url().to_owned()),
        ("THEO_SEALING_KEY".to_owned(), "07".repeat(32)),
    ]);
    let mut servers = Vec::new();
    for _ in 0..2 {
        servers.push(Server::start(Settings::of(said.clone()).unwrap()).await.unwrap());
    }

    let store = database.store();
    let both = async {
        // There is no table of workers until the first has made it.
        while store.workers(Duration::from_secs(60)).await.map_or(0, |workers| workers.len()) < 2 {
            tokio::task::yield_now().await;
        }
    };

    tokio::time::timeout(Duration::from_secs(60), both).await.expect("both give a sign of life");
    for server in servers {
        server.stop().await.unwrap();
    }
    assert_eq!(store.workers(Duration::from_secs(60)).await.unwrap(), []);
}
