//! A NATS server for tests.

#![allow(dead_code, reason = "each test binary uses its part")]

use async_nats::jetstream;
use serde_json::Value;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

/// How long something may take that comes at once on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A NATS server with a store in a folder of its own.
pub struct Nats {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Nats {
    /// Starts one; `None`, and says so, where there is none.
    pub async fn start(name: &str) -> Option<Self> {
        if Command::new("nats-server")
            .arg("--version")
            .output()
            .is_err()
        {
            println!("SKIPPED: no nats-server");
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("nats-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let port = free_port();
        let child = Self::spawn(&folder, port);
        let nats = Self {
            child,
            folder,
            port,
        };
        nats.listens().await;
        Some(nats)
    }

    fn spawn(folder: &Path, port: u16) -> Child {
        Command::new("nats-server")
            .args(["--jetstream", "--addr", "127.0.0.1", "--port"])
            .arg(port.to_string())
            .arg("--store_dir")
            .arg(folder)
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Kills it: SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub async fn restart(&mut self) {
        self.child = Self::spawn(&self.folder, self.port);
        self.listens().await;
    }

    async fn listens(&self) {
        let connect = async {
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, connect).await.unwrap();
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// All that the stream has, in its order: the subjects and the reports.
    pub async fn stored(&self) -> Vec<(String, Value)> {
        let client = async_nats::connect(self.url()).await.unwrap();
        let context = jetstream::new(client);
        let mut stream = context.get_stream("TRACKERS").await.unwrap();
        let last = stream.info().await.unwrap().state.last_sequence;
        let mut stored = Vec::new();
        for sequence in 1..=last {
            let message = stream.get_raw_message(sequence).await.unwrap();
            let report = serde_json::from_slice(&message.payload).unwrap();
            stored.push((message.subject.to_string(), report));
        }
        stored
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
