//! I1 to I6 of a town, read from the database and from Google's books.

use std::collections::BTreeMap;

use flows::Person;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use theo_calendar::{
    approval::{Action, Approval, ApprovalState, Outcome},
    audit,
    google::EventsSync,
    model::Attendee,
    storage::ApprovalQuery,
    sync::{SyncPhase, SyncResource},
};

use crate::{
    records::Tally,
    town::{DATABASE, NAMES, Town},
    worker::{EVENTS_PER_PAGE, client},
};
use url::Url;

/// What a broken invariant is called, and how it is broken.
pub(crate) type Broken = String;

impl Town {
    /// Whether nothing is left to do: each approval has ended, and each mirror is what Google has. Otherwise what is not.
    pub(crate) async fn unfinished(&self) -> theo_calendar::Result<Option<String>> {
        for person in &self.people {
            for approval in self.store.approvals(&person.account.user, &ApprovalQuery::default()).await? {
                if !approval.state.is_terminal() {
                    return Ok(Some(format!("I2: approval {} is {}", approval.id, approval.state)));
                }
            }
            for calendar in Self::calendars(person) {
                // A mirror that cannot be read just now differs as well.
                self.store.sync_states(&person.account.user).await?;
                if let Some(difference) = person.difference(&calendar).await {
                    return Ok(Some(format!("I3: {calendar}: {difference}")));
                }
            }
        }
        Ok(None)
    }

    /// I4: whatever the mirror lacks, the stored token still brings. Read while workers may be on it: where the state
    /// moved on meanwhile, once more. Gives how many tokens were judged.
    pub(crate) async fn tokens_behind_rows(&self) -> Result<usize, Broken> {
        let mut judged = 0;
        for person in &self.people {
            for calendar in Self::calendars(person) {
                for _ in 0..8 {
                    if let Some(verdict) = self.token_behind_rows(person, &calendar).await? {
                        judged += usize::from(verdict);
                        break;
                    }
                }
            }
        }
        Ok(judged)
    }

    /// Whether there is a token to judge; none where the state moved on meanwhile.
    async fn token_behind_rows(&self, person: &Person, calendar: &str) -> Result<Option<bool>, Broken> {
        let resource = SyncResource::Events(person.key(calendar));
        let failed = |error: theo_calendar::Error| format!("I4: {calendar}: {error}");
        let state = self.store.sync_state(&resource).await.map_err(failed)?;
        let token = match state.as_ref().map(|state| &state.phase) {
            Some(SyncPhase::Incremental { token } | SyncPhase::DeltaPaging { token, .. }) => token.clone(),
            _ => return Ok(Some(false)),
        };
        let google = self.google.url().parse().map_err(|error| format!("{error}"))?;
        let google = client(&google, self.store.clone(), &self.clock).for_account(&person.account);
        let query =
            EventsSync { since: Some(token), max_results: Some(EVENTS_PER_PAGE), ..EventsSync::default() };
        let (mut coming, mut page_token) = (Vec::new(), None);
        loop {
            let calendar = calendar.into();
            let page = google.events_page(&calendar, &query.clone().into(), page_token.as_ref()).await;
            let page = match page {
                Ok(page) => page,
                // It brings a complete listing: nothing is missed.
                Err(error) if error.is_sync_token_expired() => return Ok(Some(false)),
                Err(error) => return Err(failed(error)),
            };
            coming.extend(page.events.into_iter().map(|event| event.id.to_string()));
            page_token = page.next_page_token;
            if page_token.is_none() {
                break;
            }
        }
        let (there, here) = (person.at_google(calendar), person.mirrored(calendar).await);
        let missed = there.iter().find(|(id, event)| here.get(*id) != Some(*event) && !coming.contains(*id));
        let kept = here.iter().find(|(id, event)| {
            event["status"] != "cancelled" && !there.contains_key(*id) && !coming.contains(*id)
        });
        if self.store.sync_state(&resource).await.map_err(failed)? != state {
            return Ok(None);
        }
        match missed.or(kept) {
            Some((id, _)) => {
                Err(format!("I4: {calendar}: the token is ahead of the rows: it no longer brings {id}"))
            }
            None => Ok(Some(true)),
        }
    }

    /// I1, I2 and I6.
    pub(crate) async fn approvals_hold(&self, tally: &mut Tally) -> Result<(), Broken> {
        tally.approvals.clear();
        (tally.effects, tally.audited, tally.doubted) = (0, 0, 0);
        for person in &self.people {
            let user = &person.account.user;
            let failed = |error: theo_calendar::Error| format!("{user}: {error}");
            let approvals = self.store.approvals(user, &ApprovalQuery::default()).await.map_err(failed)?;
            let records = self.store.audit(user, 0, usize::MAX).await.map_err(failed)?;
            audit::verify(user, &records).map_err(|error| format!("I6: {user}: {error}"))?;
            let mut steps = BTreeMap::<String, Vec<&str>>::new();
            for record in &records {
                if let Some(approval) = &record.entry.approval {
                    steps.entry(approval.to_string()).or_default().push(&record.entry.action);
                }
            }
            tally.audited += records.len();
            for approval in &approvals {
                let steps = steps.remove(approval.id.as_str()).unwrap_or_default();
                if steps.len() != approval.version.0 as usize {
                    return Err(format!(
                        "I6: approval {} is at version {} with {} audit rows: {steps:?}",
                        approval.id,
                        approval.version.0,
                        steps.len()
                    ));
                }
                if !approval.state.is_terminal() {
                    return Err(format!("I2: approval {} is {}", approval.id, approval.state));
                }
                tally.doubted += usize::from(steps.contains(&"approval.unknown"));
                tally.effects += self.done_once(approval)?;
                *tally.approvals.entry(approval.state.to_string()).or_default() += 1;
            }
            if !steps.is_empty() {
                return Err(format!("I6: audit rows of approvals that are not there: {steps:?}"));
            }
        }
        Ok(())
    }

    /// I1: gives how many effects the approval had.
    fn done_once(&self, approval: &Approval) -> Result<usize, Broken> {
        let Some(execution) = &approval.execution else { return Ok(0) };
        let (operation, mail) = match &approval.request.action {
            Action::Create { .. } => ("events.insert", "invitation"),
            Action::Update { .. } | Action::Respond { .. } => ("events.patch", "update"),
            Action::Delete { .. } => ("events.delete", "cancellation"),
        };
        let calendar = approval.request.action.calendar().calendar.to_string();
        let event = execution.event.as_str();
        let effects = self.google.effects();
        let effects = effects.iter().filter(|effect| {
            effect.calendar == calendar && effect.event == event && effect.operation == operation
        });
        let effects = effects.count();
        let mails = self.google.mail();
        let mails =
            mails.iter().filter(|one| one.calendar == calendar && one.event == event && one.about == mail);
        let mails = mails.count();
        let is_delete = matches!(approval.request.action, Action::Delete { .. });
        let expected = match (&approval.state, &approval.outcome) {
            // What somebody else deleted first is gone without an effect of ours.
            (ApprovalState::Executed, _) => usize::from(!is_delete)..=1,
            (_, Some(Outcome::NotDone { message, .. })) if message.starts_with("nothing was changed") => {
                0..=0
            }
            (ApprovalState::Stale | ApprovalState::Expired | ApprovalState::Rejected, _) => 0..=0,
            // It says that it cannot be told.
            _ => 0..=1,
        };
        let guests = match &approval.request.action {
            Action::Create { draft, .. } => draft.attendees.as_ref(),
            _ => approval.snapshot.as_ref().and_then(|shown| shown.attendees.as_ref()),
        };
        // The calendar is the organizer, and is not mailed.
        let is_other = |guest: &&Attendee| guest.email.as_deref() != Some(&*calendar);
        let guests = guests.map_or(0, |guests| guests.iter().filter(is_other).count());
        if expected.contains(&effects) && mails == effects * guests {
            return Ok(effects);
        }
        Err(format!(
            "I1: approval {} ({operation}) is {} with {effects} effects and {mails} mails to {guests} guests: {:?}",
            approval.id, approval.state, approval.outcome
        ))
    }

    /// I5: no row is anybody else's, and nobody sees another's.
    pub(crate) async fn rows_are_apart(&self, server: &Url) -> Result<usize, Broken> {
        let failed = |error: sqlx::Error| format!("I5: {error}");
        let mut database = server.clone();
        database.set_path(DATABASE);
        let mut superuser = PgConnection::connect(database.as_str()).await.map_err(failed)?;
        let tables =
            sqlx::query_scalar::<_, String>(TABLES).fetch_all(&mut superuser).await.map_err(failed)?;
        let mut rows = 0;
        for table in &tables {
            for (user, count) in counts(&mut superuser, table).await.map_err(failed)? {
                if !NAMES.contains(&&*user) {
                    return Err(format!("I5: {table} has {count} rows of {user:?}"));
                }
                rows += count;
            }
        }
        for user in self.users() {
            let mut own = self.pool.begin().await.map_err(failed)?;
            sqlx::query(AS_USER).bind(user.as_str()).execute(&mut *own).await.map_err(failed)?;
            for table in &tables {
                for (seen, count) in counts(&mut own, table).await.map_err(failed)? {
                    if seen != user.as_str() {
                        return Err(format!("I5: {user} sees {count} rows of {seen} in {table}"));
                    }
                }
            }
        }
        Ok(rows)
    }
}

const AS_USER: &str = "
    SELECT set_config('role', 'theo_app', true),
           set_config('theo.user_id', $1, true)";

const TABLES: &str = "
    SELECT table_name::text
    FROM information_schema.columns
    WHERE table_schema = 'public'
      AND column_name = 'user_id'
    ORDER BY table_name";

async fn counts(connection: &mut PgConnection, table: &str) -> sqlx::Result<Vec<(String, usize)>> {
    let query = format!("SELECT user_id, count(*) FROM \"{table}\" GROUP BY user_id");
    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)? as usize))).collect()
}
