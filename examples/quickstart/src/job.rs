//! The job, step by step.

mod agenda;
mod approval;
mod follow;
mod sync;
mod wish;

use std::{error::Error, sync::Arc, time::Instant};

use theo_calendar::{
    CalendarService,
    auth::StaticToken,
    client::{AccountClient, CalendarClient},
    http::ReqwestClient,
    id::{AccountKey, UserId},
    recurrence::{TimeZones, Tzdb, Zone},
    storage::MirroredCalendar,
    sync::SyncReport,
    time::TokioTimer,
};

use crate::{
    arguments::Arguments,
    clock::DemonstrationClock,
    google::Google,
    mirror::{Mirror, Place},
    report::Report,
    terminal::Terminal,
};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// How the event that the job makes is called.
const TITLE: &str = "Project kickoff (theo-calendar)";

/// Runs the whole job.
pub(crate) async fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Report> {
    let started = Instant::now();
    let clock = DemonstrationClock::default();
    let google = Google::open(arguments, terminal).await?;
    let mirror = Mirror::open(arguments, &clock).await?;
    let mut report = Report {
        google: google.root().to_string(),
        write: google.may_write(),
        mirror: mirror.place,
        ..Report::default()
    };
    let job = Job::new(arguments, terminal, &google, mirror, clock).await?;

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
    google.close()?;
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
    async fn new(
        arguments: &'a Arguments,
        terminal: &'a Terminal,
        google: &'a Google,
        mirror: Mirror,
        clock: DemonstrationClock,
    ) -> Result<Self> {
        let tokens = StaticToken::new(google.token());
        let client = CalendarClient::builder(ReqwestClient::new()?, tokens, clock.clone(), TokioTimer)
            .base_url(google.root().clone())
            .build()?;
        let mut account = google.account();
        if mirror.place == Place::Postgres {
            account = google.lasting_account(&client.for_account(&account)).await?;
        }
        let for_account = client.for_account(&account);
        let service =
            CalendarService::new(mirror.store, client, Arc::new(clock.clone()), Arc::new(Tzdb), "quickstart");
        let user = account.user.clone();
        Ok(Self { arguments, terminal, google, service, client: for_account, clock, account, user })
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
