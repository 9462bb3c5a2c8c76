//! Delivery of notifications: real POSTs, in order within a channel, retried as Google retries.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::channel::Notification;

/// Waits between attempts when the receiver answers 500, 502, 503 or 504, or not at all.
const BACKOFF: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1600)];

/// Delivers the notifications of one channel until it is stopped.
pub(crate) async fn deliver(mut jobs: UnboundedReceiver<Notification>) {
    let redirect = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().redirect(redirect).timeout(Duration::from_secs(10)).build();
    let Ok(client) = client else { return };
    while let Some(job) = jobs.recv().await {
        for pause in BACKOFF.iter().map(Some).chain([None]) {
            let again = post(&client, &job).await;
            match pause {
                Some(pause) if again => tokio::time::sleep(*pause).await,
                _ => break,
            }
        }
    }
}

/// One attempt; `true` when it is worth another.
async fn post(client: &reqwest::Client, job: &Notification) -> bool {
    let mut request =
        client.post(&job.address).header("content-length", "0").header("user-agent", "APIs-Google");
    for (name, value) in &job.headers {
        request = request.header(*name, value);
    }
    match request.send().await {
        Ok(response) => matches!(response.status().as_u16(), 500 | 502 | 503 | 504),
        Err(_) => true,
    }
}
