//! Rounds: work, a blow, recovery, quiet, judgement.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use clap::Args;
use url::Url;

use crate::{
    Mishap, Point, Server, Upstream, Wire, WorkerArguments, WorkerProcess,
    blow::Blow,
    invariants::Broken,
    records::Tally,
    town::{DATABASE, NAMES, Town},
};

/// How long a blow may take to fall, and quiet to come: never reached unless something hangs.
const DEADLINE: Duration = Duration::from_secs(120);

/// How often it is looked whether it is quiet.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// After so many looks that found something unfinished, time passes.
const LOOKS: u32 = 10;

/// How much: more than a lease lasts, and a back-off in a few steps.
const STEP: Duration = Duration::from_secs(10 * 60);

/// How a run goes.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// How many rounds.
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// The number that decides what happens when; one at random by default. Processes race all the same.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs all rounds, and says what it did and found.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the program's output")]
pub async fn run(options: Options) -> ExitCode {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    println!("chaos: {} rounds, seed {seed}", options.rounds);
    let started = Instant::now();
    let folder = std::env::temp_dir().join(format!("theo-chaos-{}", std::process::id()));
    let ended = rounds(&options, seed, &folder).await;
    let took = started.elapsed().as_secs();
    match ended {
        Ok(tally) => {
            println!("{tally}\n  {took} s");
            let _ = std::fs::remove_dir_all(&folder);
            ExitCode::SUCCESS
        }
        Err(broken) => {
            eprintln!("chaos: {broken}");
            eprintln!("chaos: again with --seed {seed}; what the workers said is in {}", folder.display());
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a line a round")]
async fn rounds(options: &Options, seed: u64, folder: &Path) -> Result<Tally, Broken> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut chaos = Chaos::begin(seed, folder).await?;
    for number in 0..options.rounds {
        // Anew for each round: how far one round draws depends on who is faster.
        let mut random = fastrand::Rng::with_seed(seed.wrapping_add(number as u64));
        let blow = Blow::of(number, &mut random);
        let line = chaos.round(blow, &mut random).await;
        let line = line.map_err(|broken| format!("round {}, {}: {broken}", number + 1, blow.what()))?;
        println!("{:>3}  {line}", number + 1);
    }
    Ok(chaos.tally)
}

struct Chaos {
    folder: PathBuf,
    server: Arc<Mutex<Server>>,
    town: Town,
    slots: [Slot; 2],
    tally: Tally,
}

/// A place for a worker, with wires that outlive it.
struct Slot {
    arguments: WorkerArguments,
    to_database: Wire,
    to_google: Wire,
    worker: Arc<Mutex<WorkerProcess>>,
}

impl Chaos {
    async fn begin(seed: u64, folder: &Path) -> Result<Self, Broken> {
        let server = Server::start(&folder.join("pg"));
        let town =
            Town::new(&server, seed).await.map_err(|error| format!("before the first round: {error}"))?;
        let database = server.database(DATABASE);
        let google: Url = town.google.url().parse().unwrap();
        let slots = [
            Slot::begin("worker 1", &database, &google, folder).await,
            Slot::begin("worker 2", &database, &google, folder).await,
        ];
        let server = Arc::new(Mutex::new(server));
        Ok(Self { folder: folder.to_owned(), server, town, slots, tally: Tally::default() })
    }

    async fn round(&mut self, blow: Blow, random: &mut fastrand::Rng) -> Result<String, Broken> {
        let started = Instant::now();
        let killed = self.prepare(&blow);
        // Some of it fails where PostgreSQL dies meanwhile: the host's calls are struck like the workers'.
        let (mut edits, mut asked, mut refused) = (0, 0, 0);
        for _ in 0..random.usize(4..9) {
            if self.slots[blow.slot].wire(blow.point).happened_at().is_some() {
                break;
            }
            let _ = self.town.edit().await;
            edits += 1;
            if random.bool() {
                match self.town.ask().await {
                    Ok(()) => asked += 1,
                    Err(_) => refused += 1,
                }
            }
        }
        let slot = &self.slots[blow.slot];
        let struck = tokio::time::timeout(DEADLINE, slot.wire(blow.point).happened()).await;
        let at = struck.map_err(|_| "the moment for the blow never came".to_owned())?;
        self.recover(&blow).await;
        self.tally.tokens_judged += self.town.tokens_behind_rows().await?;
        for slot in blow.dying() {
            self.slots[*slot].begin_again(&self.town, &self.folder);
        }
        let passed = self.quiet().await?;
        self.town.approvals_hold(&mut self.tally).await?;
        let database = self.server.lock().unwrap().url().clone();
        self.tally.rows_judged += self.town.rows_are_apart(&database).await?;
        let killed = *killed.lock().unwrap();
        self.tally.count(blow.victim, killed);
        Ok(format!(
            "{:<38} {} {at:<28} {edits} edits, {asked} asked{}; quiet after {} min of theirs, {:.1} s of ours",
            blow.what(),
            match blow.moment {
                crate::Moment::Before => "before",
                crate::Moment::During => "during",
                crate::Moment::After => "after ",
            },
            if refused > 0 { format!(" ({refused} cut off)") } else { String::new() },
            passed.as_secs() / 60,
            started.elapsed().as_secs_f64(),
        ))
    }

    /// Plans the blow; the count is of the processes it killed, once it fell.
    fn prepare(&self, blow: &Blow) -> Arc<Mutex<usize>> {
        let killed = Arc::new(Mutex::new(0));
        let (count, server, kills_postgres) = (killed.clone(), self.server.clone(), blow.kills_postgres());
        let dying: Vec<_> = blow.dying().iter().map(|slot| self.slots[*slot].worker.clone()).collect();
        let act = Box::new(move || {
            let mut count = count.lock().unwrap();
            if kills_postgres {
                *count += server.lock().unwrap().kill();
            }
            for worker in dying {
                worker.lock().unwrap().kill();
                *count += 1;
            }
        });
        let cut = blow.victim == crate::blow::Victim::Connection;
        let Blow { point, number, moment, .. } = *blow;
        self.slots[blow.slot].wire(point).expect(Mishap { point, number, moment, cut, act });
        killed
    }

    async fn recover(&self, blow: &Blow) {
        if blow.kills_postgres() {
            let server = self.server.clone();
            tokio::task::block_in_place(|| server.lock().unwrap().restart());
        }
    }

    /// Waits until nothing is left to do; gives how much time had to pass for it.
    async fn quiet(&mut self) -> Result<Duration, Broken> {
        let (started, mut passed, mut looks) = (Instant::now(), Duration::ZERO, 0);
        loop {
            let unfinished = match self.town.decide_pending().await {
                Ok(()) => self.town.unfinished().await,
                Err(error) => Err(error),
            };
            let why = match unfinished {
                Ok(None) => return Ok(passed),
                Ok(Some(why)) => why,
                // The first calls after a crash find connections that are none any more.
                Err(error) => error.to_string(),
            };
            if started.elapsed() > DEADLINE {
                return Err(format!("it never got quiet: {why}"));
            }
            tokio::time::sleep(LOOK_EVERY).await;
            looks += 1;
            if looks % LOOKS == 0 {
                self.town.pass(STEP).await;
                self.slots.iter().for_each(|slot| slot.worker.lock().unwrap().pass(STEP));
                passed += STEP;
            }
        }
    }
}

impl Slot {
    async fn begin(name: &str, database: &Url, google: &Url, folder: &Path) -> Self {
        let to_database = Wire::to_database(database).await;
        let address = format!("127.0.0.1:{}", google.port().unwrap());
        let to_google = Wire::to(Upstream::HttpAt(address)).await;
        let arguments = WorkerArguments {
            database_url: to_database.lead(database),
            google: to_google.lead(google),
            name: name.to_owned(),
            users: NAMES.map(str::to_owned).to_vec(),
            ahead: 0,
            once: false,
        };
        let worker = Arc::new(Mutex::new(start(&arguments, folder)));
        Self { arguments, to_database, to_google, worker }
    }

    /// Another worker takes the place, under the same name.
    fn begin_again(&mut self, town: &Town, folder: &Path) {
        self.arguments.ahead = town.clock.shift();
        *self.worker.lock().unwrap() = start(&self.arguments, folder);
    }

    fn wire(&self, point: Point) -> &Wire {
        match point {
            Point::Statement | Point::Commit => &self.to_database,
            Point::Request => &self.to_google,
        }
    }
}

fn start(arguments: &WorkerArguments, folder: &Path) -> WorkerProcess {
    let complaints = File::options().create(true).append(true).open(folder.join(&arguments.name)).unwrap();
    WorkerProcess::start(&std::env::current_exe().unwrap(), arguments, Stdio::from(complaints))
}
