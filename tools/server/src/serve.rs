//! `gt02 serve`: takes what trackers send by TCP and UDP, answers, and writes what they report.

mod allow;
#[cfg(feature = "nats")]
mod bus;
mod command;
mod connection;
mod control;
mod datagrams;
mod fleet;
mod limits;
mod metrics;
mod output;
mod page;
mod peer;
#[cfg_attr(
    not(feature = "nats"),
    allow(dead_code, reason = "without NATS there is no store")
)]
mod store;
mod stranger;

use allow::Allowed;
use clap::{Args, ValueEnum};
use fleet::Fleet;
use gt02::{connection::Now, types::DateTime};
use limits::Limits;
use metrics::Metrics;
use output::Output;
use peer::Name;
use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};
use store::Store;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    time::{Instant, timeout},
};
use tracing::{error, info, warn};

/// How long connections may take to end when the server does.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Run a server for GPS trackers sold as GT02
///
/// Takes all protocols on one port, by TCP and UDP; answers, and writes what the trackers report as
/// JSON Lines, which docs/json.md explains. Messages go to standard error.
#[derive(Args, Clone, Debug)]
#[command(after_help = "See --help for details.", after_long_help = MORE_HELP)]
pub struct Options {
    /// Where trackers report to, by TCP and UDP
    ///
    /// The default is this machine alone. Use 0.0.0.0:8888 for the world.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8888")]
    pub listen: SocketAddr,

    /// Where reports are written, one JSON object a line; `-` for standard output
    ///
    /// Lines are added to a file that exists.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub json: PathBuf,

    /// Where all bytes are written, as Traccar logs them; `gt02 decode` reads that
    ///
    /// Lines are added to a file that exists. Its times are UTC: `--log-offset +00:00`.
    #[arg(long, value_name = "FILE")]
    pub raw_log: Option<PathBuf>,

    /// Devices to serve, one id a line; `#` begins a comment
    #[arg(long, value_name = "FILE")]
    pub allow: Option<PathBuf>,

    /// What is done with devices that are not in the file of --allow
    #[arg(long, value_enum, default_value = "answer", requires = "allow")]
    pub unknown: Unknown,

    /// A frame that only waits for what may follow is taken to be whole after this many
    /// milliseconds of silence
    #[arg(long, value_name = "MS", default_value = "300")]
    pub silence: u64,

    /// A frame that has begun and does not go on is given up after this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "5")]
    pub rest: u64,

    /// A connection whose frames name no device is closed after this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    pub login: u64,

    /// A connection without a frame for this many seconds is closed
    #[arg(long, value_name = "SECONDS", default_value = "1800")]
    pub idle: u64,

    /// The largest number of connections, and of peers by UDP; each takes about 4 KiB
    #[arg(long, value_name = "COUNT", default_value = "20000")]
    pub max_connections: usize,

    /// The largest number of connections from one address; loopback has no such limit
    #[arg(long, value_name = "COUNT", default_value = "1000")]
    pub max_per_address: usize,

    /// The store of reports.
    #[cfg(feature = "nats")]
    #[command(flatten)]
    pub store: store::nats::StoreOptions,

    /// Read commands for devices from standard input
    ///
    /// `ID COMMAND`, one a line. Devices that are not connected get them when they come back.
    /// `help` lists them.
    #[arg(long)]
    pub commands: bool,

    /// Take commands from `gt02 send` on this address; without one, on 127.0.0.1:8889
    ///
    /// Whoever reaches it can send commands.
    #[arg(
        long,
        value_name = "ADDRESS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "127.0.0.1:8889"
    )]
    pub control: Option<SocketAddr>,

    /// Show devices, frames and a map as a page on this address, which also sends commands
    ///
    /// Whoever reaches it can send commands.
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<SocketAddr>,

    /// Show metrics for Prometheus on this address, at /metrics
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,

    /// Show less: only warnings and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Show more: each connection
    #[arg(short, long)]
    pub verbose: bool,
}

/// What is done with a device that is not in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Unknown {
    /// Answered, so that it does not reconnect for ever, and not reported
    Answer,
    /// Neither answered nor reported
    Ignore,
    /// Its connection is closed
    Close,
}

/// The text of `--help` after the options.
const MORE_HELP: &str = "\
Examples:
  gt02 serve --http 127.0.0.1:8080
  gt02 serve --listen 0.0.0.0:5023 --json reports.jsonl --raw-log bytes.log
  gt02 serve --allow devices.txt --unknown close | jq -c 'select(.alarm)'
  echo '356588220000001 cut' | gt02 serve --commands

Commands (--commands, --control, and the page):
  ID locate | cut | restore | clear-alarms | interval SECONDS | text WORDS
  list        all devices
  who ID      what is known of one

Exit status: 0 after SIGINT or SIGTERM, when all that was received is written, and if the
reader of standard output goes away; 2 if the server cannot start or an output fails.";

/// What all connections share.
struct Server {
    options: Options,
    allowed: Option<Allowed>,
    fleet: Mutex<Fleet>,
    limits: Mutex<Limits>,
    metrics: Metrics,
    output: Output,
    store: Option<Arc<Store>>,
    connections: AtomicU32,
    /// The start of the clock of connections.
    start: Instant,
    /// Turns `true` when the server is to end.
    end: watch::Sender<bool>,
}

impl Server {
    fn fleet(&self) -> MutexGuard<'_, Fleet> {
        // Nothing panics while it is held; and if something did, it would be whole all the same.
        self.fleet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of the next connection: `T` for TCP or `U` for UDP, and a number.
    fn name(&self, transport: char) -> Name {
        Name::new(transport, self.connections.fetch_add(1, Ordering::Relaxed))
    }

    /// Shows a line on the page, if there is one.
    fn show(&self, line: &[u8]) {
        if self.options.http.is_some() {
            self.fleet().line(line);
        }
    }

    /// The limits of its connections.
    fn times(&self) -> gt02::connection::Limits {
        let options = &self.options;
        let mut limits = gt02::connection::Limits::DEFAULT;
        limits.silence = Duration::from_millis(options.silence);
        limits.rest = Duration::from_secs(options.rest);
        limits.login = Duration::from_secs(options.login);
        limits.dead = Duration::from_secs(options.idle);
        limits.overdue = None;
        limits
    }

    /// The time, for connections, at this time of day.
    fn clock(&self, at: DateTime) -> Now {
        Now::new(self.start.elapsed()).with_utc(at)
    }

    fn is_ending(&self) -> bool {
        *self.end.borrow()
    }

    fn finish(&self) {
        self.end.send_replace(true);
    }
}

/// The time, UTC, to the second.
fn now() -> DateTime {
    // A clock that is set to before 2000 or after 2255.
    const UNSET: DateTime = DateTime {
        year: 0,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
    };
    DateTime::try_from(SystemTime::now()).unwrap_or(UNSET)
}

/// Runs the command.
pub fn main(options: Options) -> ExitCode {
    let level = match (options.quiet, options.verbose) {
        (true, _) => tracing::Level::WARN,
        (_, true) => tracing::Level::DEBUG,
        _ => tracing::Level::INFO,
    };
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_max_level(level)
        .with_target(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(async {
                let signals = Signals::new()?;
                Running::start(options).await?.wait(signals).await
            });
            // A read of standard input cannot be ended.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            error!("{error}");
            ExitCode::from(2)
        }
    }
}

/// The signals that end the server. They are taken before it says that it listens.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }
}

/// A server that runs.
pub struct Running {
    server: Arc<Server>,
    /// The address of the trackers' port.
    pub address: SocketAddr,
    /// The address of the page, if there is one.
    pub http: Option<SocketAddr>,
    /// The address of the control socket, if there is one.
    pub control: Option<SocketAddr>,
    /// The address of the metrics, if they are shown.
    pub metrics: Option<SocketAddr>,
    writer: std::thread::JoinHandle<io::Result<()>>,
    /// Ends when the last task has dropped its sender.
    tasks: mpsc::Receiver<()>,
}

impl Running {
    /// Starts a server, which runs until [`stop`](Self::stop).
    ///
    /// # Errors
    /// If the list cannot be read, an address is in use, or an output cannot be opened. Then
    /// nothing was written.
    pub async fn start(options: Options) -> io::Result<Self> {
        let allowed = options.allow.as_deref().map(Allowed::read).transpose()?;
        #[cfg(feature = "nats")]
        let nats = store::nats::open(&options.store).await?;
        #[cfg(feature = "nats")]
        let store = nats
            .as_ref()
            .map(|nats| Arc::new(nats.store(&options.store)));
        #[cfg(not(feature = "nats"))]
        let store: Option<Arc<Store>> = None;
        // Outputs last: a server that cannot start leaves no empty files.
        let tcp = connection::bind(options.listen).map_err(|error| named(options.listen, error))?;
        let address = tcp.local_addr()?;
        let udp = datagrams::bind(address).map_err(|error| named(address, error))?;
        let page = listener(options.http).await?;
        let metrics_page = listener(options.metrics).await?;
        let control_socket = listener(options.control).await?;
        let writer = output::open(&options.json, options.raw_log.as_deref())?;
        let keeps_lines = page.is_some();
        let mut metrics = Metrics::new();
        if let Some(store) = &store {
            metrics.add_store(store.stored.clone());
        }
        let server = Arc::new(Server {
            allowed,
            fleet: Mutex::new(Fleet::new(keeps_lines)),
            limits: Mutex::new(Limits::new(
                options.max_connections,
                options.max_per_address,
            )),
            metrics,
            output: Output::default(),
            store,
            connections: AtomicU32::new(0),
            start: Instant::now(),
            end: watch::Sender::new(false),
            options,
        });
        let ends = Arc::clone(&server);
        let writer = std::thread::spawn(move || {
            let result = writer.run(&ends.output);
            ends.output.close();
            // Without outputs there is nothing to serve for.
            ends.finish();
            result
        });
        info!("listening on {address}, tcp and udp");
        let (running, tasks) = mpsc::channel(1);
        let (http, metrics, control) = (
            address_of(page.as_ref())?,
            address_of(metrics_page.as_ref())?,
            address_of(control_socket.as_ref())?,
        );
        if let Some(page) = page {
            tokio::spawn(page::serve(page, page::page(Arc::clone(&server))));
        }
        if let Some(listener) = metrics_page {
            tokio::spawn(page::serve(listener, page::metrics(Arc::clone(&server))));
        }
        if let Some(listener) = control_socket {
            tokio::spawn(control::serve(Arc::clone(&server), listener));
        }
        for (name, address, before, after) in [
            ("page", http, "http://", "/"),
            ("metrics", metrics, "http://", "/metrics"),
            ("control", control, "", ""),
        ] {
            if let Some(address) = address {
                info!("{name} on {before}{address}{after}");
                if address.ip().is_loopback() {
                    info!("{name}: for all users of this machine, and nobody else");
                } else {
                    warn!("{name}: everybody who reaches {address} can use it");
                }
            }
        }
        #[cfg(feature = "nats")]
        if let Some(nats) = nats {
            tokio::spawn(bus::devices(Arc::clone(&server), nats.context()));
            if server.options.store.nats_commands {
                tokio::spawn(bus::commands(Arc::clone(&server), nats.client()));
            }
        }
        if server.options.commands {
            tokio::spawn(read_commands(Arc::clone(&server)));
        }
        tokio::spawn(connection::accept(
            Arc::clone(&server),
            tcp,
            running.clone(),
        ));
        tokio::spawn(datagrams::serve(Arc::clone(&server), udp, running));
        Ok(Self {
            server,
            address,
            http,
            control,
            metrics,
            writer,
            tasks,
        })
    }

    /// Serves until SIGINT or SIGTERM, or until an output fails, and ends.
    ///
    /// # Errors
    /// If an output has failed.
    async fn wait(self, mut signals: Signals) -> io::Result<()> {
        let mut end = self.server.end.subscribe();
        tokio::select! {
            _ = end.wait_for(|end| *end) => {}
            _ = signals.interrupt.recv() => info!("interrupted: ending, once more to end at once"),
            _ = signals.terminate.recv() => info!("terminated: ending"),
        }
        tokio::select! {
            result = self.stop() => result,
            _ = signals.interrupt.recv() => Err(io::Error::other("interrupted again: not all is written")),
        }
    }

    /// Ends: what is pending is decided, and all is written.
    ///
    /// # Errors
    /// If an output has failed.
    pub async fn stop(mut self) -> io::Result<()> {
        self.server.finish();
        if timeout(LAST_WORDS, self.tasks.recv()).await.is_err() {
            warn!("some connections did not end in time");
        }
        if let Some(store) = &self.server.store {
            let waiting = store.finish(LAST_WORDS).await;
            info!("{} reports are stored", store.stored.get());
            if waiting > 0 {
                warn!("{waiting} reports are not stored");
            }
        }
        self.server.output.close();
        let writer = self.writer;
        let result = tokio::task::spawn_blocking(move || writer.join()).await;
        let result = result.map_err(io::Error::other)?;
        let result = result.unwrap_or_else(|_| Err(io::Error::other("the writer has panicked")));
        let fleet = self.server.fleet();
        info!("{} devices, {} frames", fleet.len(), fleet.frames());
        result
    }
}

/// An error that names the address.
fn named(address: SocketAddr, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{address}: {error}"))
}

async fn listener(address: Option<SocketAddr>) -> io::Result<Option<TcpListener>> {
    let Some(address) = address else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address).await;
    listener.map(Some).map_err(|error| named(address, error))
}

fn address_of(listener: Option<&TcpListener>) -> io::Result<Option<SocketAddr>> {
    listener.map(TcpListener::local_addr).transpose()
}

/// Takes commands from standard input until it ends.
async fn read_commands(server: Arc<Server>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if !line.trim().is_empty() {
            match command::run(&server, &line) {
                Ok(answer) => info!("{answer}"),
                Err(answer) => warn!("{answer}"),
            }
        }
    }
}
