//! The example that writes reports into PostgreSQL: each once, however often it is stopped.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "../examples/postgres.rs"]
mod consumer;
#[path = "support/nats.rs"]
mod nats;

use async_nats::jetstream::{self, message::PublishMessage, stream};
use clap::Parser;
use nats::Nats;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::time::{sleep, timeout};
use tokio_postgres::NoTls;

/// How long something may take that comes at once on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The reports that are stored.
const REPORTS: i64 = 2000;

/// A PostgreSQL server with a cluster of its own.
struct Postgres {
    child: Child,
    folder: PathBuf,
}

impl Postgres {
    /// Starts one; the error says why there is none.
    async fn start() -> Result<Self, String> {
        let programs = programs().ok_or("no PostgreSQL")?;
        // PostgreSQL does not run as root, and its user must reach the folder.
        let folder = std::env::temp_dir().join(format!("gt02-postgres-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let is_root = Command::new("id").arg("-u").output();
        let is_root = is_root.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
        let program = |name: &str| {
            let path = programs.join(name);
            if is_root {
                let mut command = Command::new("setpriv");
                command.args([
                    "--reuid",
                    "postgres",
                    "--regid",
                    "postgres",
                    "--clear-groups",
                ]);
                command.arg(path);
                command
            } else {
                Command::new(path)
            }
        };
        if is_root {
            let owner = Command::new("chown").arg("postgres").arg(&folder).status();
            if !owner.is_ok_and(|status| status.success()) {
                return Err("no user postgres".to_owned());
            }
        }
        let data = folder.join("data");
        let made = program("initdb")
            .args([
                "--auth",
                "trust",
                "--username",
                "postgres",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data)
            .output()
            .map_err(|error| error.to_string())?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into_owned());
        }
        let child = program("postgres")
            .arg("-D")
            .arg(&data)
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "unix_socket_directories=..",
            ])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let postgres = Self { child, folder };
        let connect = async {
            while tokio_postgres::connect(&postgres.database(), NoTls)
                .await
                .is_err()
            {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, connect).await.unwrap();
        Ok(postgres)
    }

    fn database(&self) -> String {
        format!("host={} user=postgres", self.folder.display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-QUIT", &pid]).status();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where the programs of PostgreSQL are: Debian keeps those of each version apart.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = versions.flatten().map(|version| version.path().join("bin"));
    let elsewhere = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
    debian
        .chain(elsewhere)
        .find(|folder| Path::exists(&folder.join("initdb")))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_report_is_written_once() {
    let Some(nats) = Nats::start("postgres").await else {
        return;
    };
    let postgres = match Postgres::start().await {
        Ok(postgres) => postgres,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    let context = jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let config = stream::Config {
        name: "TRACKERS".to_owned(),
        subjects: vec!["trackers.>".to_owned()],
        // No copy is recognised: as of one that comes after ten minutes.
        duplicate_window: Duration::from_millis(100),
        ..stream::Config::default()
    };
    context.create_stream(config).await.unwrap();
    let publish = async |number: i64, text: &str| {
        let report = format!(
            r#"{{"connection":"T1","at":"2026-05-04T07:30:00","kind":"alarm","device":"1","n":{number},"text":"{text}"}}"#
        );
        let message = PublishMessage::build()
            .message_id(format!("1-{number}"))
            .payload(report.into());
        let sent = context.send_publish("trackers.1.alarm", message).await;
        sent.unwrap()
    };
    let mut sent = Vec::new();
    for number in 0..REPORTS {
        sent.push(publish(number, r"a \u0000 b").await);
    }
    for sent in sent {
        sent.await.unwrap();
    }
    sleep(Duration::from_millis(300)).await;
    for number in 0..100 {
        assert!(!publish(number, "a copy").await.await.unwrap().duplicate);
    }
    let nothing = publish(-1, "the last").await;
    nothing.await.unwrap();

    let (database, connection) = tokio_postgres::connect(&postgres.database(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let count = async || {
        let row = database
            .query_one("select count(*) from reports", &[])
            .await;
        row.map_or(0, |row| row.get::<_, i64>(0))
    };
    let start = |name: &str| {
        let (nats, database) = (nats.url(), postgres.database());
        let args = [
            "postgres",
            "--nats",
            &nats,
            "--database",
            &database,
            "--consumer",
            name,
        ];
        let options = consumer::Options::parse_from(args);
        tokio::spawn(async move { consumer::run(&options).await })
    };
    // Stopped again and again, at any point.
    let mut written = 0;
    while written < REPORTS {
        let task = start("postgres");
        let before = written;
        let some = async {
            while written == before {
                sleep(Duration::from_millis(20)).await;
                assert!(!task.is_finished(), "it has ended");
                written = count().await;
            }
        };
        timeout(PATIENCE, some).await.unwrap();
        task.abort();
    }
    // All of it again.
    let task = start("another");
    let all = async {
        let mut consumer = context
            .get_stream("TRACKERS")
            .await
            .unwrap()
            .get_consumer::<jetstream::consumer::pull::Config>("another")
            .await;
        while consumer.is_err()
            || consumer
                .as_mut()
                .unwrap()
                .info()
                .await
                .unwrap()
                .ack_floor
                .stream_sequence
                < u64::try_from(REPORTS + 101).unwrap()
        {
            sleep(Duration::from_millis(50)).await;
            assert!(!task.is_finished(), "it has ended");
            let stream = context.get_stream("TRACKERS").await.unwrap();
            consumer = stream.get_consumer("another").await;
        }
    };
    timeout(PATIENCE, all).await.unwrap();
    task.abort();
    let row = database
        .query_one(
            "select count(*), count(distinct report->>'n'), min(at)::text,
                count(*) filter (where report->>'text' = 'a copy')
            from reports where kind = 'alarm' and device = '1'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), REPORTS + 1);
    assert_eq!(row.get::<_, i64>(1), REPORTS + 1);
    assert!(row.get::<_, String>(2).starts_with("2026-05-04 "));
    assert_eq!(row.get::<_, i64>(3), 0);
}
