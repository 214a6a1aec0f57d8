//! Writes the reports that `gt02 serve --nats` has stored into PostgreSQL.
//!
//! ```sh
//! cargo run -p gt02-server --features postgres --example postgres -- \
//!     --nats nats://127.0.0.1:4222 --database 'host=/run/postgresql user=postgres'
//! ```
//!
//! It writes up to 500 reports by one statement, and tells NATS only then. If it is killed between
//! the two, NATS sends them again: each report has an id, and a row that is there already stays as
//! it is. So it may be killed and started again at any time, and run twice at a time. If NATS or
//! PostgreSQL goes away it ends with an error; let a service manager start it again.

#![forbid(unsafe_code)]

use async_nats::jetstream::{self, consumer::pull};
use clap::Parser;
use serde::Deserialize;
use std::{error::Error, time::Duration};
use tokio_postgres::{Client, NoTls, Statement};
use tokio_stream::StreamExt;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The reports that one statement writes, at most.
const BATCH: usize = 500;

/// How long reports may wait for others.
const PATIENCE: Duration = Duration::from_millis(50);

/// NATS sends a report again that was not written after this time.
const AGAIN: Duration = Duration::from_secs(5);

/// The time is that of the server, UTC.
const TABLE: &str = "
create table if not exists reports (
    id text primary key,
    device text,
    kind text not null,
    at timestamptz not null,
    report jsonb not null
)";

const INSERT: &str = "
insert into reports
select id, device, kind, at::timestamp at time zone 'UTC', report::jsonb
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as new (id, device, kind, at, report)
on conflict do nothing";

/// Write the reports of the stream TRACKERS into the table `reports`, which is made if there is
/// none
#[derive(Parser)]
pub struct Options {
    /// The NATS server
    #[arg(long, value_name = "URL", default_value = "nats://127.0.0.1:4222")]
    pub nats: String,

    /// The database, as key=value pairs or as postgres://...
    #[arg(long, value_name = "DATABASE")]
    pub database: String,

    /// The name of the consumer, under which NATS keeps what was written
    #[arg(long, value_name = "NAME", default_value = "postgres")]
    pub consumer: String,
}

/// The values of a report that have a column.
#[derive(Deserialize)]
struct Report {
    device: Option<String>,
    kind: String,
    at: String,
}

/// The columns of a batch.
#[derive(Default)]
struct Rows {
    id: Vec<String>,
    device: Vec<Option<String>>,
    kind: Vec<String>,
    at: Vec<String>,
    report: Vec<String>,
}

impl Rows {
    /// Adds a message. What is no report is left out, and named.
    fn add(&mut self, message: &jetstream::Message) -> Result<()> {
        let sequence = message.info()?.stream_sequence;
        let report: Report = match serde_json::from_slice(&message.payload) {
            Ok(report) => report,
            Err(error) => {
                eprintln!("message {sequence} is no report: {error}");
                return Ok(());
            }
        };
        let id = message.headers.as_ref();
        let id = id.and_then(|headers| headers.get(async_nats::header::NATS_MESSAGE_ID));
        let id = id.map_or_else(|| format!("stream-{sequence}"), ToString::to_string);
        // PostgreSQL keeps no NUL in texts.
        let text = std::str::from_utf8(&message.payload)?.replace("\\u0000", "\\ufffd");
        self.id.push(id);
        self.device.push(report.device);
        self.kind.push(report.kind);
        self.at.push(report.at);
        self.report.push(text);
        Ok(())
    }

    /// Writes all rows that are not there yet, and returns how many those are.
    async fn write(&self, database: &Client, insert: &Statement) -> Result<u64> {
        let Self {
            id,
            device,
            kind,
            at,
            report,
        } = self;
        Ok(database
            .execute(insert, &[id, device, kind, at, report])
            .await?)
    }
}

/// Writes what the stream has, and what comes.
///
/// # Errors
/// If NATS or the database cannot be reached, or fails.
pub async fn run(options: &Options) -> Result<()> {
    let (database, connection) = tokio_postgres::connect(&options.database, NoTls).await?;
    // It ends with an error when the database is gone; so does what is asked of it.
    tokio::spawn(connection);
    database.batch_execute(TABLE).await?;
    let insert = database.prepare(INSERT).await?;

    let nats = jetstream::new(async_nats::connect(&options.nats).await?);
    let stream = nats.get_stream("TRACKERS").await?;
    let config = pull::Config {
        durable_name: Some(options.consumer.clone()),
        ack_wait: AGAIN,
        ..pull::Config::default()
    };
    let consumer = stream
        .get_or_create_consumer(&options.consumer, config)
        .await?;
    loop {
        let batch = consumer.batch().max_messages(BATCH).expires(PATIENCE);
        let mut batch = batch.messages().await?;
        let (mut rows, mut messages) = (Rows::default(), Vec::new());
        while let Some(message) = batch.next().await {
            let message = message?;
            rows.add(&message)?;
            messages.push(message);
        }
        if messages.is_empty() {
            continue;
        }
        let written = rows.write(&database, &insert).await?;
        for message in &messages {
            message.ack().await?;
        }
        println!("{} reports, {written} new", messages.len());
    }
}

#[tokio::main]
#[allow(dead_code, reason = "the test runs it another way")]
async fn main() -> Result<()> {
    run(&Options::parse()).await
}
