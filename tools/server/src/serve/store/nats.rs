//! NATS JetStream as the store.

use super::{Backend, Hold, Message, Store, Stored};
use async_nats::{
    Client, ServerAddr,
    connection::State,
    jetstream::{
        Context,
        context::ContextBuilder,
        message::PublishMessage,
        stream::{Config, StorageType},
    },
};
use clap::Args;
use std::{io, time::Duration};
use tokio::time::timeout;
use tracing::info;

/// The stream, which is made if there is none.
pub const STREAM: &str = "TRACKERS";

/// The subjects of the stream.
const SUBJECTS: &str = "trackers.>";

/// How long the stream recognises a copy by its id.
const DUPLICATES: Duration = Duration::from_secs(600);

/// How long NATS may take to greet.
const CONNECTED: Duration = Duration::from_secs(10);

/// How long NATS may take to say that it has stored a report.
const STORED: Duration = Duration::from_secs(2);

/// How the store is used.
#[derive(Args, Clone, Debug)]
pub struct StoreOptions {
    /// Store reports in NATS JetStream, such as nats://127.0.0.1:4222
    ///
    /// The stream TRACKERS has the subjects trackers.DEVICE.KIND; it is made if there is none.
    #[arg(long, value_name = "URL", value_parser = url)]
    pub nats: Option<ServerAddr>,

    /// Which replies wait until the report is stored; those to logins and for the time never do
    #[arg(long, value_enum, default_value = "data", requires = "nats")]
    pub hold: Hold,

    /// When nothing could be stored for this many seconds, heartbeats are not answered, so that
    /// devices keep their positions themselves
    #[arg(long, value_name = "SECONDS", default_value = "10", requires = "nats")]
    pub store_down: u64,

    /// Take commands for devices that are connected from the subject command.DEVICE
    ///
    /// Whoever may publish there can send commands.
    #[arg(long, requires = "nats")]
    pub nats_commands: bool,
}

fn url(text: &str) -> Result<ServerAddr, String> {
    text.parse().map_err(|error: io::Error| error.to_string())
}

/// Connects, and makes the stream if there is none. Returns `None` if NATS is not asked for.
///
/// # Errors
/// If NATS cannot be reached, or has no JetStream.
pub async fn open(options: &StoreOptions) -> io::Result<Option<Nats>> {
    let Some(url) = &options.nats else {
        return Ok(None);
    };
    // Without the password that the address may have.
    let name = format!("nats://{}:{}", url.host(), url.port());
    let named = |error: &dyn std::error::Error| io::Error::other(format!("{name}: {error}"));
    let connect = async_nats::ConnectOptions::new()
        .name("gt02")
        // What a restart of NATS may take counts as a failure of the store, which says so.
        .reconnect_delay_callback(|_| Duration::from_millis(500))
        .connect(url.clone());
    let client = timeout(CONNECTED, connect).await;
    let client = client.map_err(|error| named(&error))?;
    let client = client.map_err(|error| named(&error))?;
    let context = ContextBuilder::new()
        .timeout(STORED)
        .max_ack_inflight(usize::try_from(super::WAITING).unwrap_or(usize::MAX))
        .build(client);
    let config = Config {
        name: STREAM.to_owned(),
        subjects: vec![SUBJECTS.to_owned()],
        storage: StorageType::File,
        duplicate_window: DUPLICATES,
        ..Config::default()
    };
    let stream = context.get_or_create_stream(config).await;
    let stream = stream.map_err(|error| named(&error))?;
    info!(
        "{name}: stream {STREAM}, {} messages",
        stream.cached_info().state.messages
    );
    Ok(Some(Nats(context)))
}

/// A connection to NATS.
#[derive(Clone)]
pub struct Nats(Context);

impl Nats {
    /// The store that it is.
    pub fn store(&self, options: &StoreOptions) -> Store {
        let patience = Duration::from_secs(options.store_down);
        Store::new(Box::new(self.clone()), options.hold, patience)
    }

    pub fn context(&self) -> Context {
        self.0.clone()
    }

    pub fn client(&self) -> Client {
        self.0.client()
    }
}

impl Backend for Nats {
    fn store<'a>(&'a self, message: &'a Message) -> Stored<'a> {
        Box::pin(async move {
            // Else attempts heap up in the client until it is connected again.
            if self.0.client().connection_state() != State::Connected {
                return Err("no connection to NATS".to_owned());
            }
            let publish = PublishMessage::build()
                .payload(message.payload.clone().into())
                .message_id(&message.id);
            let sent = self.0.send_publish(message.subject.clone(), publish);
            let sent = timeout(STORED, sent).await;
            let sent = sent.map_err(|_| "NATS takes nothing".to_owned())?;
            let stored = sent.map_err(|error| error.to_string())?.await;
            stored.map(|_| ()).map_err(|error| error.to_string())
        })
    }
}
