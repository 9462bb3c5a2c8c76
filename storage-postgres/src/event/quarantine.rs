//! Events that could not be mapped, kept as they came.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use theo_calendar::{
    Result,
    id::{CalendarKey, EventId, UserId},
    storage::QuarantinedEvent,
};

use crate::{
    PostgresStore,
    convert::{calendar_key, int, without_nul},
    error::{failed, unreadable},
    tenant::Writing,
};

pub(super) async fn of_user(store: &PostgresStore, user: &UserId) -> Result<Vec<QuarantinedEvent>> {
    let mut reading = store.of_user(user).await?;
    let query = sqlx::query_as(OF_USER).bind(user.as_str());
    let rows: Vec<Row> = query.fetch_all(&mut *reading).await.map_err(failed("reading the quarantine"))?;
    reading.commit().await.map_err(failed("reading the quarantine"))?;
    rows.into_iter().map(|row| quarantined(user, row)).collect()
}

/// Account, calendar, event, what came, why.
type Row = (String, String, Option<String>, String, String);

/// By the primary key.
const OF_USER: &str = "
    SELECT account_id, calendar_id, event_id, raw, reason
    FROM quarantine
    WHERE user_id = $1
    ORDER BY account_id, calendar_id, event_id IS NULL, name";

fn quarantined(user: &UserId, (account, calendar, event, raw, reason): Row) -> Result<QuarantinedEvent> {
    let raw = serde_json::from_str(&raw).map_err(unreadable("event in quarantine"))?;
    let event = event.map(EventId::from);
    Ok(QuarantinedEvent { calendar: calendar_key(user, (account, calendar)), event, raw, reason })
}

impl Writing {
    /// Keeps events that could not be mapped; the mirrored rows of theirs count as brought. Gives how many came.
    pub(crate) async fn quarantine(
        &mut self,
        calendar: &CalendarKey,
        events: &[QuarantinedEvent],
        generation: u64,
    ) -> Result<u64> {
        if events.is_empty() {
            return Ok(0);
        }
        // Of one that came twice, the last counts.
        let rows: BTreeMap<String, &QuarantinedEvent> =
            events.iter().map(|event| (name(event), event)).collect();
        let names: Vec<&String> = rows.keys().collect();
        let ids: Vec<Option<&str>> =
            rows.values().map(|event| event.event.as_ref().map(EventId::as_str)).collect();
        let raw: Vec<&str> = rows.values().map(|event| event.raw.as_str()).collect();
        let reasons: Vec<String> =
            rows.values().map(|event| without_nul(&event.reason).into_owned()).collect();
        let query = sqlx::query(PUT)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(int(generation))
            .bind(names)
            .bind(&ids)
            .bind(raw)
            .bind(reasons);
        query.execute(&mut *self.transaction).await.map_err(failed("storing the quarantine"))?;
        let query = sqlx::query(KEEP)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(int(generation))
            .bind(&ids);
        query.execute(&mut *self.transaction).await.map_err(failed("keeping events"))?;
        Ok(int(events.len()).unsigned_abs())
    }

    /// Lets go of events that are known now, or gone.
    pub(super) async fn release(&mut self, calendar: &CalendarKey, ids: &[&str]) -> Result<()> {
        let query = sqlx::query(RELEASE)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(ids);
        query.execute(&mut *self.transaction).await.map_err(failed("clearing the quarantine"))?;
        Ok(())
    }

    /// Drops what the listing numbered `generation` did not bring.
    pub(crate) async fn sweep_quarantine(&mut self, calendar: &CalendarKey, generation: u64) -> Result<()> {
        let query = sqlx::query(SWEEP)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(int(generation));
        query.execute(&mut *self.transaction).await.map_err(failed("sweeping the quarantine"))?;
        Ok(())
    }
}

/// One row an event; one without an id is known by its bytes, so that a page read twice is kept once.
fn name(event: &QuarantinedEvent) -> String {
    match &event.event {
        Some(id) => id.to_string(),
        None => {
            let digest = Sha256::digest(event.raw.as_str());
            // No id of Google's holds a colon.
            digest.iter().fold("sha256:".to_owned(), |name, byte| format!("{name}{byte:02x}"))
        }
    }
}

const PUT: &str = "
    INSERT INTO quarantine (user_id, account_id, calendar_id, name, event_id, raw, reason, generation)
    SELECT $1, $2, $3, name, event_id, raw, reason, $4
    FROM UNNEST($5::text[], $6::text[], $7::text[], $8::text[]) AS page (name, event_id, raw, reason)
    ON CONFLICT (user_id, account_id, calendar_id, name) DO UPDATE
    SET event_id = excluded.event_id,
        raw = excluded.raw,
        reason = excluded.reason,
        generation = excluded.generation";

/// By the primary key; rows that count already are left.
const KEEP: &str = "
    UPDATE events
    SET generation = $4
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3
      AND event_id = ANY($5::text[])
      AND generation <> $4";

const RELEASE: &str = "
    DELETE FROM quarantine
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3
      AND name = ANY($4::text[])";

const SWEEP: &str = "
    DELETE FROM quarantine
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3
      AND generation <> $4";
