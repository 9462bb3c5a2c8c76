//! The job, step by step.

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use chrono::{DateTime, DurationRound, NaiveDateTime, TimeDelta, Timelike, Utc};
use theo_calendar::{
    CalendarService,
    approval::{APPROVAL_TAG, Action, ActionRequest, Approval, ApprovalState, Decision, Outcome, Principal},
    auth::StaticToken,
    client::{AccountClient, CalendarClient},
    conflict::{Conflict, ConflictPolicy, Proposal, Severity, format_conflict},
    google::EventsView,
    http::ReqwestClient,
    id::{AccountKey, CalendarKey, UserId},
    model::EventDraft,
    recurrence::{TimeZones, Tzdb, Zone},
    storage::{EventQuery, MemoryStore, MirroredCalendar, MirroredEvent},
    sync::{SyncOptions, SyncProgress, SyncReport},
    time::{Clock, EventTime, TimeRange, Timestamp, TokioTimer, When, format_range},
};

use crate::{
    arguments::Arguments,
    clock::DemonstrationClock,
    google::Google,
    report::{ApprovalLine, CalendarLine, Executed, Report},
    terminal::Terminal,
};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// How the event that the job makes is called.
const TITLE: &str = "Project kickoff (theo-calendar)";

/// Lines of the agenda that are printed.
const AGENDA_LINES: usize = 12;

/// Runs the whole job.
pub(crate) async fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Report> {
    let started = Instant::now();
    let google = Google::open(arguments)?;
    let job = Job::new(arguments, terminal, &google)?;
    let mut report =
        Report { google: google.root().to_string(), write: google.may_write(), ..Report::default() };

    job.sync(&mut report).await?;
    let calendar = job.calendars(&mut report).await?;
    let ahead = job.agenda(&calendar, &mut report).await?;
    let draft = job.wish(&calendar, &ahead, &mut report).await?;
    if google.may_write() {
        let approval = job.approve(&calendar, draft, &mut report).await?;
        job.execute(&approval, &mut report).await?;
    } else {
        terminal.line("Read only: nothing was asked for. Add --write to let one event be made.")?;
    }
    job.follow(&calendar, &ahead, &mut report).await?;

    report.milliseconds = started.elapsed().as_millis();
    job.summary(&report)?;
    Ok(report)
}

struct Job<'a> {
    arguments: &'a Arguments,
    terminal: &'a Terminal,
    google: &'a Google,
    service: CalendarService,
    client: AccountClient,
    clock: DemonstrationClock,
    account: AccountKey,
    user: UserId,
}

impl<'a> Job<'a> {
    fn new(arguments: &'a Arguments, terminal: &'a Terminal, google: &'a Google) -> Result<Self> {
        let clock = DemonstrationClock::default();
        let tokens = StaticToken::new(google.token());
        let client = CalendarClient::builder(ReqwestClient::new()?, tokens, clock.clone(), TokioTimer)
            .base_url(google.root().clone())
            .build()?;
        let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        let account = google.account();
        let for_account = client.for_account(&account);
        let service =
            CalendarService::new(store, client, Arc::new(clock.clone()), Arc::new(Tzdb), "quickstart");
        let user = account.user.clone();
        Ok(Self { arguments, terminal, google, service, client: for_account, clock, account, user })
    }

    async fn sync(&self, report: &mut Report) -> Result<()> {
        self.terminal.heading(&format!("Sync with {}", self.google.root()))?;
        let bar = self.terminal.progress();
        let options =
            SyncOptions { accounts: Some(vec![self.account.account.clone()]), ..SyncOptions::default() };
        let finished = AtomicU64::new(0);
        let shown = |progress: &SyncProgress| {
            if progress.calendar == 0 {
                return;
            }
            bar.set_position(finished.load(Ordering::Relaxed) + progress.items);
            let title = progress.title.as_deref().unwrap_or_default();
            bar.set_message(format!("{title} ({} of {})", progress.calendar, progress.calendars));
            if progress.finished {
                finished.fetch_add(progress.items, Ordering::Relaxed);
            }
        };
        let synced = self.service.full_sync(&self.user, &options, &shown).await?;
        bar.finish_and_clear();
        first_failure(&synced)?;
        self.terminal.line(&format!(
            "{} calendars listed, {} events and cancelled occurrences stored, {} kept raw as they could not be read",
            synced.calendars_processed, synced.events_added, synced.events_quarantined
        ))?;
        report.full_sync = Some(synced);
        Ok(())
    }
}

impl Job<'_> {
    /// Prints the calendars; gives the one the agent books in.
    async fn calendars(&self, report: &mut Report) -> Result<MirroredCalendar> {
        let counts: BTreeMap<CalendarKey, u64> =
            self.service.event_counts(&self.user).await?.into_iter().collect();
        self.terminal.heading("Calendars")?;
        for calendar in self.service.calendars(&self.user).await? {
            let line = CalendarLine::new(&calendar, counts.get(&calendar.key).copied().unwrap_or_default());
            self.terminal.line(&format!(
                "{} {:<28} {:>5} events  {:<8} {}",
                if line.primary { "*" } else { " " },
                line.summary,
                line.events,
                line.access_role.as_deref().unwrap_or_default(),
                line.time_zone.as_deref().unwrap_or_default()
            ))?;
            report.calendar_list.push(line);
        }
        report.calendars = report.calendar_list.len() as u64;
        report.events = counts.values().sum();
        Ok(self.service.calendar(&self.account.calendar(self.arguments.calendar.as_str())).await?)
    }

    /// Prints what comes first; gives the events of two weeks.
    async fn agenda(&self, calendar: &MirroredCalendar, report: &mut Report) -> Result<Vec<MirroredEvent>> {
        let now = self.clock.now();
        let range = TimeRange::new(now, now + TimeDelta::days(14))?;
        let query = EventQuery { range: Some(range), ..EventQuery::default() };
        let events = self.service.list_events(&self.user, &query).await?;
        let zone = zone_of(calendar);
        self.terminal.heading(&format!("The days ahead ({})", zone.name()))?;
        for mirrored in events.iter().take(AGENDA_LINES) {
            let Some(span) = mirrored.span else { continue };
            let title = mirrored.event.summary.as_deref().unwrap_or("(no title)");
            let line = format!("{}  {title}", format_range(&span, is_all_day(mirrored), zone));
            self.terminal.line(&line)?;
            report.agenda.push(line);
        }
        self.terminal.line(&format!(
            "{} events in two weeks, not counting occurrences of series that nobody changed",
            events.len()
        ))?;
        Ok(events)
    }

    /// What the agent wants, and what is in its way; gives what it asks for instead.
    async fn wish(
        &self,
        calendar: &MirroredCalendar,
        ahead: &[MirroredEvent],
        report: &mut Report,
    ) -> Result<EventDraft> {
        let zone = zone_of(calendar);
        let mut draft = match (&self.arguments.start, &self.arguments.end) {
            (Some(start), Some(end)) => EventDraft::new(TITLE, self.time(start)?, self.time(end)?),
            _ => {
                let taken = self.taken(ahead, zone).await?;
                draft_at(&taken.map_or_else(|| next_hour(self.clock.now()), Ok)?, zone)
            }
        };
        let wished = self.service.propose(&calendar.key, &draft).await?;
        let conflicts = self.conflicts(&wished).await?;
        let shown = format_range(wished.range(), false, zone);
        self.terminal.heading("A meeting the agent wants")?;
        self.terminal.line(&format!("{TITLE}: {shown}"))?;
        for conflict in &conflicts {
            self.terminal.line(&format_conflict(conflict, zone))?;
        }
        if !conflicts.is_empty() {
            let free = self.free_after(wished.range(), zone).await?;
            self.terminal.line(&format!("Free instead: {}", format_range(&free, false, zone)))?;
            draft = draft_at(&free, zone);
        }
        report.wished = Some(shown);
        report.conflicts = conflicts;
        Ok(draft)
    }

    /// Asks as the agent, decides as the person.
    async fn approve(
        &self,
        calendar: &MirroredCalendar,
        draft: EventDraft,
        report: &mut Report,
    ) -> Result<Approval> {
        let agent = Principal::Agent { user: self.user.clone(), name: "theo".to_owned() };
        let action = Action::Create { calendar: calendar.key.clone(), draft: Box::new(draft) };
        let request = ActionRequest::new(action)
            .reason("You asked for a kickoff as soon as there is a free hour")
            .expires_in(self.arguments.expires_in);
        let asked = self.service.request(&agent, request).await?;
        self.terminal.heading("What the person is shown")?;
        self.terminal.line(&asked.preview.summary)?;
        for change in &asked.preview.changes {
            let after = change.after.as_deref().unwrap_or("(cleared)");
            self.terminal.line(&format!("  {:<12} {after}", change.field))?;
        }
        self.terminal.line(&format!(
            "  emails       {} people; conflicts caused: {}",
            asked.preview.emails.inside.len() + asked.preview.emails.outside.len(),
            asked.preview.conflicts_caused.len()
        ))?;

        let refused = self.service.decide(&agent, &asked.id, Decision::Approve { notes: None }).await;
        if let Err(error) = &refused {
            self.terminal.line(&format!("The agent tries to say yes by itself: {error}"))?;
        }
        self.clock.set_forward(self.arguments.decide_after.as_secs());
        let person = Principal::User(self.user.clone());
        let approved = self.service.decide(&person, &asked.id, Decision::Approve { notes: None }).await?;
        self.terminal
            .line(&format!("The person says yes: approval {} is {}", approved.id, approved.state))?;
        report.approval = Some((&approved).into());
        Ok(approved)
    }

    /// Executes twice, and counts what happened.
    async fn execute(&self, approval: &Approval, report: &mut Report) -> Result<()> {
        self.terminal.heading("Execution")?;
        let executed = self.service.execute(&self.user, &approval.id).await?;
        report.approval = Some(ApprovalLine::from(&executed));
        let event = match (&executed.state, &executed.outcome) {
            (ApprovalState::Executed, Some(Outcome::Done { event, .. })) => event.clone(),
            (_, Some(Outcome::NotDone { message, .. })) => return Err(message.clone().into()),
            (state, _) => return Err(format!("approval {} is {state}", approval.id).into()),
        };
        self.service.execute(&self.user, &approval.id).await?;
        let calendar = approval.request.action.calendar();
        let mirrored = self.service.event(&calendar.event(event.clone())).await?;
        let effects_seen = self.effects(&calendar, &mirrored).await?;
        self.terminal.line(&format!("Executed twice; Google has {effects_seen} event of it"))?;
        self.terminal.line(&format!(
            "In the mirror: {} (etag {}) {}",
            mirrored.event.summary.as_deref().unwrap_or_default(),
            mirrored.event.etag.as_ref().map_or("none", |etag| etag.as_str()),
            mirrored.event.html_link.as_deref().unwrap_or_default()
        ))?;
        report.executed = Some(Executed {
            event_id: event.to_string(),
            effects_seen,
            mirrored: Some((*mirrored.event).clone()),
        });
        Ok(())
    }

    /// Lets things change on Google's side, and brings what changed.
    async fn follow(
        &self,
        calendar: &MirroredCalendar,
        ahead: &[MirroredEvent],
        report: &mut Report,
    ) -> Result<()> {
        self.terminal.heading("What changed at Google since")?;
        let mut own = ahead
            .iter()
            .filter(|mirrored| mirrored.key.calendar_key() == calendar.key && !mirrored.event.is_exception());
        if let (Some(change), Some(delete)) = (own.next(), own.next()) {
            self.google.change_three_events(&calendar.key, &change.key.event, &delete.key.event);
        }
        let synced = self.service.incremental_sync(&self.user).await?;
        first_failure(&synced)?;
        self.terminal.line(&format!(
            "{} added, {} updated, {} deleted, {} known already",
            synced.events_added, synced.events_updated, synced.events_deleted, synced.events_unchanged
        ))?;
        (report.added, report.updated, report.deleted) =
            (synced.events_added, synced.events_updated, synced.events_deleted);
        report.incremental_sync = Some(synced);
        Ok(())
    }

    fn summary(&self, report: &Report) -> Result<()> {
        self.terminal.heading("All in all")?;
        self.terminal.line(&format!(
            "{} calendars and {} events mirrored, {} conflicts found, {} approved change made once, in {} ms",
            report.calendars,
            report.events,
            report.conflicts.len(),
            report.executed.iter().count(),
            report.milliseconds
        ))?;
        Ok(())
    }

    async fn conflicts(&self, proposal: &Proposal) -> Result<Vec<Conflict>> {
        Ok(self.service.detect_conflicts(&self.user, proposal, &ConflictPolicy::default()).await?)
    }

    /// The first working time of half an hour to two hours that is badly taken.
    async fn taken(&self, ahead: &[MirroredEvent], zone: &Zone) -> Result<Option<TimeRange>> {
        for span in ahead.iter().filter_map(|mirrored| mirrored.span) {
            let fits = (TimeDelta::minutes(30)..=TimeDelta::hours(2)).contains(&span.duration());
            if !fits || span.start() <= self.clock.now() || !is_working_time(&span, zone) {
                continue;
            }
            let conflicts = self.conflicts(&span.into()).await?;
            if conflicts.iter().any(|conflict| conflict.severity == Severity::High) {
                return Ok(Some(span));
            }
        }
        Ok(None)
    }

    /// The first working time as long as `wished`, from then on, that nothing but all-day events is in the way of.
    async fn free_after(&self, wished: &TimeRange, zone: &Zone) -> Result<TimeRange> {
        let policy = ConflictPolicy { count_all_day: false, ..ConflictPolicy::default() };
        for half_hours in 1..48 * 28 {
            let start = wished.start() + TimeDelta::minutes(30 * half_hours);
            let range = TimeRange::new(start, start + wished.duration())?;
            if !is_working_time(&range, zone) {
                continue;
            }
            if self.service.detect_conflicts(&self.user, &range.into(), &policy).await?.is_empty() {
                return Ok(range);
            }
        }
        Err("there is no free time in the four weeks after it".into())
    }

    /// How many events at Google carry the approval's mark.
    async fn effects(&self, calendar: &CalendarKey, mirrored: &MirroredEvent) -> Result<usize> {
        let mark = mirrored.event.private_property(APPROVAL_TAG).unwrap_or_default();
        let span = mirrored.span.ok_or("the event made has no time")?;
        let view = EventsView {
            private_extended_properties: vec![(APPROVAL_TAG.to_owned(), mark.to_owned())],
            time_min: Some(span.start()),
            time_max: Some(span.end()),
            ..EventsView::default()
        };
        let page = self.client.events_page(&calendar.calendar, &view.into(), None).await?;
        // Asked for by the query, and looked at again for servers that pass over it.
        Ok(page.events.iter().filter(|event| event.private_property(APPROVAL_TAG) == Some(mark)).count())
    }

    /// A time as it was typed: with an offset, or local with `--time-zone`.
    fn time(&self, text: &str) -> Result<EventTime> {
        let zone = &self.arguments.time_zone;
        let mut time = match text.parse::<NaiveDateTime>() {
            Ok(wall) => EventTime { when: When::Local(wall), ..EventTime::at(self.clock.now()) },
            Err(_) => {
                let instant = Timestamp::parse(text)
                    .map_err(|_| format!("\"{text}\" is no time: write it as 2025-12-25T14:00:00+01:00"))?;
                EventTime::at(instant)
            }
        };
        time.time_zone = zone.clone();
        Ok(time)
    }
}

fn first_failure(report: &SyncReport) -> Result<()> {
    match report.failures.first() {
        Some(failed) => Err(failed.failure.message.clone().into()),
        None => Ok(()),
    }
}

fn zone_of(calendar: &MirroredCalendar) -> &'static Zone {
    Tzdb.zone_or_utc(calendar.entry.time_zone.as_deref())
}

fn is_all_day(mirrored: &MirroredEvent) -> bool {
    mirrored.event.start.as_ref().is_some_and(EventTime::is_all_day)
}

/// Whether `range` lies between nine and six of one day.
fn is_working_time(range: &TimeRange, zone: &Zone) -> bool {
    let (opens, closes) = (zone.to_local(range.start()), zone.to_local(range.end()));
    opens.hour() >= 9 && closes.hour() < 18 && opens.date() == closes.date()
}

/// The next full hour but one, for a person without anything in the way.
fn next_hour(now: DateTime<Utc>) -> Result<TimeRange> {
    let start = now.duration_trunc(TimeDelta::hours(1))? + TimeDelta::hours(2);
    Ok(TimeRange::new(start, start + TimeDelta::hours(1))?)
}

fn draft_at(range: &TimeRange, zone: &Zone) -> EventDraft {
    let at = |instant| EventTime::at(instant).in_zone(zone.name());
    EventDraft::new(TITLE, at(range.start()), at(range.end()))
}
