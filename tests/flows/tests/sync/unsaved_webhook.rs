//! A channel that Google opened and the database refused.

use std::{sync::Arc, time::Duration};

use flows::{ADA, Person};
use sqlx::{Connection, PgConnection};
use theo_calendar::{CalendarService, ErrorKind, recurrence::Tzdb, sync::SyncResource};

use super::STORE;

/// FAULTS 13: it is closed at Google.
#[tokio::test]
async fn a_channel_that_cannot_be_saved_is_closed_and_opened_again_once_it_can() {
    let ada = Person::new().kept_in(STORE).await;
    ada.sync().await;
    let clock = Arc::new(ada.clock.clone());
    let service = CalendarService::new(ada.store.clone(), ada.client(), clock, Arc::new(Tzdb), "worker")
        .with_webhooks("https://127.0.0.1:1/hook")
        .unwrap();
    let mut owner = PgConnection::connect(ada.database().unwrap()).await.unwrap();
    sqlx::query("ALTER TABLE channels ADD CONSTRAINT refuses_all CHECK (false) NOT VALID")
        .execute(&mut owner)
        .await
        .unwrap();

    let refused = service.register_webhook(&SyncResource::Events(ada.key(ADA))).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Storage);
    let tick = service.renew_due(10).await.unwrap();
    assert_eq!((tick.opened.len(), tick.failed.len()), (0, 1), "the list's; {tick:?}");
    assert_eq!((ada.google.requests("events.watch"), ada.google.channels().len()), (1, 0));

    sqlx::query("ALTER TABLE channels DROP CONSTRAINT refuses_all").execute(&mut owner).await.unwrap();
    ada.pass(Duration::from_secs(6 * 60 * 60)).await;
    assert_eq!(service.renew_due(10).await.unwrap().opened.len(), 2);
    assert_eq!(ada.google.channels().len(), 2);
}
