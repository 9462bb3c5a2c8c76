//! A wire between a worker and a server, on which something goes wrong at a chosen message.

mod messages;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::Notify,
};
use url::Url;

use messages::Messages;
pub use messages::Point;

/// Where a wire leads.
#[derive(Clone, Debug)]
pub enum Upstream {
    /// To a PostgreSQL server, at a TCP address (`host:port`).
    PostgresAt(String),
    /// To a PostgreSQL server, by its socket.
    PostgresBy(PathBuf),
    /// To a server that speaks HTTP/1.1, at a TCP address.
    HttpAt(String),
}

/// What happens.
type Act = Box<dyn FnOnce() + Send>;

/// When, around a message, something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the server gets it.
    Before,
    /// When the server has got it, and may be at work on it.
    During,
    /// When the server has answered, and the worker has not got the answer.
    After,
}

/// What goes wrong, once.
pub struct Mishap {
    /// At a message of this sort…
    pub point: Point,
    /// …that is this one of those to come, counted from 0.
    pub number: usize,
    /// When.
    pub moment: Moment,
    /// Whether the connection is cut there: what was not delivered never is.
    pub cut: bool,
    /// What else happens there: nothing moves on this wire's connection until it is over.
    pub act: Box<dyn FnOnce() + Send>,
}

/// A wire: connections made to it lead to its server.
pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    plan: Mutex<Plan>,
    happened: Notify,
}

#[derive(Default)]
struct Plan {
    mishap: Option<Mishap>,
    happened_at: Option<String>,
    passed: [u64; Point::ALL.len()],
}

impl Wire {
    /// A wire to `upstream`, at a free port of loopback, until the runtime ends.
    pub async fn to(upstream: Upstream) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), shared: Arc::default() };
        let shared = wire.shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, upstream.clone(), shared.clone()));
            }
        });
        wire
    }

    /// A wire to the database at `url`.
    pub async fn to_database(url: &Url) -> Self {
        let folder =
            url.query_pairs().find(|(name, _)| name == "host").map(|(_, folder)| folder.into_owned());
        let port = url.port().unwrap_or(5432);
        Self::to(match folder {
            Some(folder) => Upstream::PostgresBy(PathBuf::from(folder).join(format!(".s.PGSQL.{port}"))),
            None => Upstream::PostgresAt(format!("{}:{port}", url.host_str().unwrap())),
        })
        .await
    }

    /// `url` by way of this wire.
    pub fn lead(&self, url: &Url) -> Url {
        let mut led = url.clone();
        led.set_host(Some("127.0.0.1")).unwrap();
        led.set_port(Some(self.port)).unwrap();
        if led.scheme() != "http" {
            // Encrypted, it could not be read along.
            led.set_query(Some("sslmode=disable"));
        }
        led
    }

    /// Lets `mishap` happen, instead of the one that was to happen.
    pub fn expect(&self, mishap: Mishap) {
        let mut plan = self.shared.plan.lock().unwrap();
        plan.happened_at = None;
        plan.mishap = Some(mishap);
    }

    /// Takes back what was to happen and has not.
    pub fn calm(&self) {
        self.shared.plan.lock().unwrap().mishap = None;
    }

    /// Waits until it happened; gives the message it happened at.
    pub async fn happened(&self) -> String {
        loop {
            let notified = self.shared.happened.notified();
            if let Some(message) = self.happened_at() {
                return message;
            }
            notified.await;
        }
    }

    /// The message it happened at, where it has.
    pub fn happened_at(&self) -> Option<String> {
        self.shared.plan.lock().unwrap().happened_at.clone()
    }

    /// How many messages of that sort passed or were to pass.
    pub fn passed(&self, point: Point) -> u64 {
        self.shared.plan.lock().unwrap().passed[point as usize]
    }
}

impl Shared {
    /// Counts a message; gives what happens at it.
    fn passes(&self, points: &[Point]) -> Option<Mishap> {
        let mut plan = self.plan.lock().unwrap();
        for point in points {
            plan.passed[*point as usize] += 1;
        }
        let mishap = plan.mishap.as_mut().filter(|mishap| points.contains(&mishap.point))?;
        if mishap.number > 0 {
            mishap.number -= 1;
            return None;
        }
        plan.mishap.take()
    }

    fn happen(&self, name: String, act: Act) {
        tokio::task::block_in_place(act);
        self.plan.lock().unwrap().happened_at = Some(name);
        self.happened.notify_waiters();
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn connected(upstream: &Upstream) -> std::io::Result<Box<dyn Stream>> {
    Ok(match upstream {
        Upstream::PostgresAt(address) | Upstream::HttpAt(address) => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
        Upstream::PostgresBy(path) => Box::new(UnixStream::connect(path).await?),
    })
}

/// Carries one connection until either side ends it, or a mishap cuts it.
async fn carry(client: TcpStream, upstream: Upstream, shared: Arc<Shared>) {
    // A server that is down is a connection that ends at once.
    let Ok(server) = connected(&upstream).await else { return };
    let Ok(()) = client.set_nodelay(true) else { return };
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (mut from_client, mut to_client) = client.into_split();
    let withheld: Mutex<Option<(bool, String, Act)>> = Mutex::default();
    let up = async {
        let mut messages = Messages::of(&upstream);
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read = from_client.read(&mut bytes).await?;
            if read == 0 {
                return Ok(());
            }
            messages.push(&bytes[..read]);
            while let Some(message) = messages.next() {
                let Some(mishap) = shared.passes(&message.points) else {
                    to_server.write_all(&message.bytes).await?;
                    continue;
                };
                match mishap.moment {
                    Moment::Before => {
                        shared.happen(message.name, mishap.act);
                        if mishap.cut {
                            return Ok(());
                        }
                        to_server.write_all(&message.bytes).await?;
                    }
                    Moment::During => {
                        to_server.write_all(&message.bytes).await?;
                        shared.happen(message.name, mishap.act);
                        if mishap.cut {
                            return Ok(());
                        }
                    }
                    Moment::After => {
                        *withheld.lock().unwrap() = Some((mishap.cut, message.name, mishap.act));
                        to_server.write_all(&message.bytes).await?;
                    }
                }
            }
        }
    };
    let down = async {
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read = from_server.read(&mut bytes).await?;
            let answered = withheld.lock().unwrap().take();
            if let Some((cut, name, act)) = answered {
                shared.happen(name, act);
                if cut {
                    return Ok(());
                }
            }
            if read == 0 {
                return Ok(());
            }
            to_client.write_all(&bytes[..read]).await?;
        }
    };
    // Where a side breaks off, so does the other: there is nobody to tell.
    let _: Result<(), std::io::Error> = tokio::select! { ended = up => ended, ended = down => ended };
}
