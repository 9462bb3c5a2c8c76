//! Calendars.

use async_trait::async_trait;
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{AccountKey, CalendarId, CalendarKey, UserId},
    model::CalendarListEntry,
    storage::{CalendarListPage, CalendarSettings, CalendarStore, CommitCounts, Listing, MirroredCalendar},
    sync::SyncResource,
};

use crate::{
    PostgresStore,
    convert::{batches, calendar_key, count, int, json, without_nul},
    error::{failed, unreadable},
    tenant::Writing,
};

#[async_trait]
impl CalendarStore for PostgresStore {
    async fn commit_calendar_list(&self, page: &CalendarListPage) -> Result<CommitCounts> {
        let SyncResource::CalendarList(account) = &page.state.resource else {
            return Err(wrong_state("a page of a calendar list carries the state of a calendar"));
        };
        if page.entries.iter().any(|(key, _)| key.account_key() != *account) {
            return Err(wrong_state("a page of a calendar list holds a calendar of another account"));
        }
        let mut writing = self.writing(&account.user).await?;
        writing.check(&page.fence).await?;
        let mut counts = CommitCounts::default();
        for batch in batches(&page.entries, |(key, _)| &key.calendar) {
            counts += writing.merge_calendars(account, &batch, page.state.generation).await?;
        }
        let mut gone = page.deletions.clone();
        if let Listing::Full { last: true, .. } = page.listing {
            gone.extend(writing.stale_calendars(account, page.state.generation).await?);
        }
        writing.put_state(&page.state).await?;
        for calendar in gone {
            counts.deleted += writing.remove_calendar(&account.calendar(calendar)).await?;
        }
        writing.commit().await?;
        Ok(counts)
    }

    async fn calendars(&self, user: &UserId) -> Result<Vec<MirroredCalendar>> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(CALENDARS).bind(user.as_str());
        let rows: Vec<Row> = query.fetch_all(&mut *reading).await.map_err(failed("reading calendars"))?;
        reading.commit().await.map_err(failed("reading calendars"))?;
        rows.into_iter().map(|row| mirrored(user, row)).collect()
    }

    async fn calendar(&self, key: &CalendarKey) -> Result<MirroredCalendar> {
        let mut reading = self.of_user(&key.user).await?;
        let query = sqlx::query_as(CALENDAR)
            .bind(key.user.as_str())
            .bind(key.account.as_str())
            .bind(key.calendar.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading a calendar"))?;
        reading.commit().await.map_err(failed("reading a calendar"))?;
        mirrored(&key.user, row.ok_or_else(|| unknown_calendar(key))?)
    }

    async fn set_calendar_settings(&self, key: &CalendarKey, settings: CalendarSettings) -> Result<()> {
        let mut writing = self.writing(&key.user).await?;
        let query = sqlx::query(SET_SETTINGS)
            .bind(key.user.as_str())
            .bind(key.account.as_str())
            .bind(key.calendar.as_str())
            .bind(settings.is_selected)
            .bind(settings.is_hidden);
        let done = query.execute(&mut *writing.transaction).await.map_err(failed("keeping a choice"))?;
        if done.rows_affected() == 0 {
            return Err(unknown_calendar(key));
        }
        writing.commit().await
    }
}

/// Account, calendar, entry, selected, hidden.
type Row = (String, String, String, bool, bool);

/// The primary key finds the few a person has.
const CALENDARS: &str = "
    SELECT account_id, calendar_id, entry, is_selected, is_hidden
    FROM calendars
    WHERE user_id = $1
    ORDER BY is_primary DESC, title NULLS FIRST, account_id, calendar_id";

/// By the primary key.
const CALENDAR: &str = "
    SELECT account_id, calendar_id, entry, is_selected, is_hidden
    FROM calendars
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3";

const SET_SETTINGS: &str = "
    UPDATE calendars
    SET is_selected = $4,
        is_hidden = $5
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3";

impl Writing {
    pub(crate) async fn has_calendar(&mut self, key: &CalendarKey) -> Result<bool> {
        let query = sqlx::query_as(CALENDAR)
            .bind(self.user.as_str())
            .bind(key.account.as_str())
            .bind(key.calendar.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *self.transaction).await.map_err(failed("reading a calendar"))?;
        Ok(row.is_some())
    }

    /// Stores calendars, none twice.
    async fn merge_calendars(
        &mut self,
        account: &AccountKey,
        batch: &[&(CalendarKey, CalendarListEntry)],
        generation: u64,
    ) -> Result<CommitCounts> {
        let entries = || batch.iter().map(|(_, entry)| entry);
        let ids: Vec<&str> = batch.iter().map(|(key, _)| key.calendar.as_str()).collect();
        let etags: Vec<Option<&str>> =
            entries().map(|entry| entry.etag.as_ref().map(|etag| etag.as_str())).collect();
        let titles: Vec<Option<String>> = entries().map(title).collect();
        let primary: Vec<bool> = entries().map(|entry| entry.primary == Some(true)).collect();
        let bodies = entries().map(json).collect::<Result<Vec<String>>>()?;
        let query = sqlx::query_as(MERGE)
            .bind(self.user.as_str())
            .bind(account.account.as_str())
            .bind(ids)
            .bind(etags)
            .bind(titles)
            .bind(primary)
            .bind(bodies)
            .bind(int(generation));
        let (added, updated, unchanged): (i64, i64, i64) =
            query.fetch_one(&mut *self.transaction).await.map_err(failed("storing calendars"))?;
        Ok(CommitCounts {
            added: count(added),
            updated: count(updated),
            unchanged: count(unchanged),
            ..CommitCounts::default()
        })
    }

    async fn stale_calendars(&mut self, account: &AccountKey, generation: u64) -> Result<Vec<CalendarId>> {
        let query = sqlx::query_scalar(STALE)
            .bind(self.user.as_str())
            .bind(account.account.as_str())
            .bind(int(generation));
        let stale: Vec<String> =
            query.fetch_all(&mut *self.transaction).await.map_err(failed("looking for stale calendars"))?;
        Ok(stale.into_iter().map(CalendarId::from).collect())
    }

    /// Removes a calendar with all that hangs on it; gives how many went: one or none.
    pub(crate) async fn remove_calendar(&mut self, key: &CalendarKey) -> Result<u64> {
        self.remove_all_events(key).await?;
        let mut removed = 0;
        for statement in [REMOVE_CHANNELS, REMOVE_CALENDAR] {
            let query = sqlx::query(statement)
                .bind(self.user.as_str())
                .bind(key.account.as_str())
                .bind(key.calendar.as_str());
            let done = query.execute(&mut *self.transaction).await;
            removed = done.map_err(failed("removing a calendar"))?.rows_affected();
        }
        Ok(removed)
    }
}

/// By the primary key; a calendar that is the same, by etag or whole, is written only to count as listed.
const MERGE: &str = "
    WITH page AS (
        SELECT *
        FROM UNNEST($3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[])
            AS page (calendar_id, etag, title, is_primary, entry)
    ),
    before AS (
        SELECT stored.calendar_id IS NULL AS is_new,
               CASE WHEN stored.etag IS NOT NULL AND page.etag IS NOT NULL THEN stored.etag = page.etag
                    ELSE stored.entry = page.entry
               END AS is_same
        FROM page
        LEFT JOIN calendars AS stored
               ON stored.user_id = $1
              AND stored.account_id = $2
              AND stored.calendar_id = page.calendar_id
    ),
    merged AS (
        INSERT INTO calendars AS stored
            (user_id, account_id, calendar_id, etag, title, is_primary, entry, generation)
        SELECT $1, $2, calendar_id, etag, title, is_primary, entry, $8
        FROM page
        ON CONFLICT (user_id, account_id, calendar_id) DO UPDATE
        SET etag = excluded.etag,
            title = excluded.title,
            is_primary = excluded.is_primary,
            entry = excluded.entry,
            generation = excluded.generation
        WHERE stored.generation <> excluded.generation
           OR stored.etag IS DISTINCT FROM excluded.etag
           OR stored.etag IS NULL AND stored.entry <> excluded.entry
    )
    SELECT count(*) FILTER (WHERE is_new),
           count(*) FILTER (WHERE NOT is_new AND NOT is_same),
           count(*) FILTER (WHERE is_same)
    FROM before";

const STALE: &str = "
    SELECT calendar_id
    FROM calendars
    WHERE user_id = $1
      AND account_id = $2
      AND generation <> $3";

/// `channels_by_user` finds them.
const REMOVE_CHANNELS: &str = "
    DELETE FROM channels
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3";

/// Its sync state and quarantine go by their foreign keys.
const REMOVE_CALENDAR: &str = "
    DELETE FROM calendars
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3";

/// The title the person sees.
fn title(entry: &CalendarListEntry) -> Option<String> {
    let title = entry.summary_override.as_deref().or(entry.summary.as_deref());
    title.map(|title| without_nul(title).into_owned())
}

fn mirrored(
    user: &UserId,
    (account, calendar, entry, is_selected, is_hidden): Row,
) -> Result<MirroredCalendar> {
    let entry = serde_json::from_str(&entry).map_err(unreadable("calendar"))?;
    let settings = CalendarSettings { is_selected, is_hidden };
    Ok(MirroredCalendar { key: calendar_key(user, (account, calendar)), entry, settings })
}

pub(crate) fn wrong_state(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

pub(crate) fn unknown_calendar(key: &CalendarKey) -> Error {
    let message = format!(
        "calendar \"{}\" of account \"{}\" is not in the mirror: sync the account's calendar list first",
        key.calendar, key.account
    );
    Error::new(ErrorKind::NotFound, message)
}
