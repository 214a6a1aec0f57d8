//! The server with NATS JetStream: what is answered is stored, once, whoever is killed meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/nats.rs"]
mod nats;
#[path = "support/options.rs"]
mod options;

use clap::Parser;
use gt02::{
    Decoder, Item, Protocol, RECOMMENDED_BUFFER,
    device::{Device, ExpectedReply, Fix, Status, Uplink},
    types::{Alarm, DateTime, Position, UtcOffset},
};
use gt02_server::{
    serve::{self, Running},
    simulate,
};
use nats::{Nats, free_port};
use options::{Serve, Simulate};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_stream::StreamExt;

/// How long something may take that comes at once on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The options of a server that stores in this NATS.
fn options(nats: &Nats, more: &str) -> serve::Options {
    let args = format!(
        "serve --listen 127.0.0.1:0 --json /dev/null --nats {} {more}",
        nats.url()
    );
    Serve::parse_from(args.split_whitespace()).options
}

/// A device on its connection.
struct Tracker {
    device: Device,
    stream: TcpStream,
    decoder: Decoder<RECOMMENDED_BUFFER>,
}

impl Tracker {
    async fn connect(address: &str, number: u32) -> std::io::Result<Self> {
        let id = format!("3565882200{number:05}");
        Ok(Self {
            device: Device::new(Protocol::Gt06, id.parse().unwrap()),
            stream: TcpStream::connect(address).await?,
            decoder: Decoder::new(),
        })
    }

    async fn send(&mut self, uplink: &Uplink<'_>) -> std::io::Result<ExpectedReply> {
        let mut out = [0; 512];
        let sent = self.device.encode(uplink, &mut out).unwrap();
        self.stream.write_all(&out[..sent.len]).await?;
        Ok(sent.expects.unwrap())
    }

    /// Waits for frames, and takes the replies out of those that are expected.
    async fn hear(
        &mut self,
        expected: &mut VecDeque<(ExpectedReply, i64)>,
    ) -> std::io::Result<Vec<i64>> {
        let mut buffer = [0; 2048];
        let len = self.stream.read(&mut buffer).await?;
        if len == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let mut answered = Vec::new();
        let mut input = &buffer[..len];
        while let Some(item) = self.decoder.decode(&mut input) {
            let Item::Frame(frame) = item else {
                panic!("{item:?}")
            };
            let met = expected
                .iter()
                .position(|(reply, _)| reply.is_met_by(&frame));
            answered.extend(
                met.and_then(|met| expected.remove(met))
                    .map(|(_, time)| time),
            );
        }
        Ok(answered)
    }

    /// Whether the reply comes within this time.
    async fn is_answered(&mut self, reply: ExpectedReply, longest: Duration) -> bool {
        let mut expected = VecDeque::from([(reply, 0)]);
        let answered = async {
            while !expected.is_empty() {
                self.hear(&mut expected).await.unwrap();
            }
        };
        timeout(longest, answered).await.is_ok()
    }
}

/// An alarm at this time, in seconds since 1970.
fn alarm(time: i64) -> Uplink<'static> {
    let time = DateTime::from_unix(time, UtcOffset::default()).unwrap();
    let fix = Fix::new(time, Position::from_degrees(52.5, 13.4).unwrap());
    let (alarm, status) = (Alarm::Sos, Status::new());
    Uplink::Alarm { alarm, fix, status }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_killed_costs_nothing() {
    let Some(mut nats) = Nats::start("outage").await else {
        return;
    };
    // Two servers; the second does not wait long for its store.
    let running = Running::start(options(&nats, "")).await.unwrap();
    let strict = Running::start(options(&nats, "--store-down 1"))
        .await
        .unwrap();
    let address = running.address.to_string();
    let args = format!(
        "simulate --connect {address} --devices 50 --interval 0.2 --for 9 --patience 60 --mix \
         gt06=3,tk103=1,h02=1,v680=1 --udp 10"
    );
    let fleet = Simulate::parse_from(args.split_whitespace()).options;
    let (journal, mut sent) = mpsc::unbounded_channel();
    let fleet = tokio::spawn(async move { simulate::run(&fleet, Some(journal)).await.unwrap() });

    sleep(Duration::from_secs(2)).await;
    let strict_address = strict.address.to_string();
    let mut before = Tracker::connect(&strict_address, 90_000).await.unwrap();
    let login = before.send(&Uplink::Login).await.unwrap();
    assert!(before.is_answered(login, PATIENCE).await);
    nats.kill();
    // A login is answered while the store is away, and an alarm is not.
    let mut tracker = Tracker::connect(&address, 90_001).await.unwrap();
    let login = tracker.send(&Uplink::Login).await.unwrap();
    assert!(tracker.is_answered(login, PATIENCE).await);
    let waits = tracker.send(&alarm(1_790_000_000)).await.unwrap();
    assert!(!tracker.is_answered(waits, Duration::from_millis(500)).await);
    // Signs of life are, but not for long.
    let mut answered = 0;
    while answered < 15 {
        let status = Uplink::Heartbeat(Status::new());
        let sign = before.send(&status).await.unwrap();
        if !before.is_answered(sign, Duration::from_millis(400)).await {
            break;
        }
        answered += 1;
        sleep(Duration::from_millis(250)).await;
    }
    assert!(answered < 15, "heartbeats are answered for ever");
    let mut late = Tracker::connect(&strict_address, 90_002).await.unwrap();
    let login = late.send(&Uplink::Login).await.unwrap();
    assert!(late.is_answered(login, PATIENCE).await);
    nats.restart().await;
    assert!(tracker.is_answered(waits, PATIENCE).await);
    let sign = late.send(&Uplink::Heartbeat(Status::new())).await.unwrap();
    assert!(late.is_answered(sign, PATIENCE).await);

    let tally = fleet.await.unwrap();
    assert!(tally.is_right(), "{}", tally.json());
    running.stop().await.unwrap();
    strict.stop().await.unwrap();
    let mut expected = BTreeMap::<String, Vec<String>>::new();
    while let Some(frame) = sent.recv().await {
        expected
            .entry(frame.device)
            .or_default()
            .push(hex::encode(frame.frame));
    }
    let stored = nats.stored().await;
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for (subject, report) in &stored {
        let device = report["device"].as_str().unwrap();
        let kind = report["kind"].as_str().unwrap();
        assert_eq!(*subject, format!("trackers.{device}.{kind}"));
        let raw = report["raw"].as_str().unwrap().to_owned();
        found.entry(device.to_owned()).or_default().push(raw);
    }
    for (device, frames) in expected {
        // In order, none missing and none twice.
        assert_eq!(found[&device], frames, "{device}");
    }
}

/// Not a test of its own: the server of the next one, in a process that can be killed.
#[test]
fn server_of_the_next_test() {
    if let Ok(args) = std::env::var("GT02_TEST_SERVE") {
        serve::main(Serve::parse_from(args.split('\n')).options);
    }
}

/// A server in a process of its own.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(nats: &Nats) -> Self {
        let args = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--json",
            "/dev/null",
            "--nats",
            &nats.url(),
        ];
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "server_of_the_next_test", "--nocapture"])
            .env("GT02_TEST_SERVE", args.join("\n"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap()).lines();
        let listening = messages.find_map(|line| {
            let line = line.unwrap();
            let rest = line.split_once("listening on ")?.1;
            Some(rest.split_once(',')?.0.to_owned())
        });
        thread::spawn(move || messages.for_each(drop));
        Self {
            child,
            address: listening.unwrap(),
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends alarms faster than they are stored, until the server is gone. Returns the times of those
/// that were answered.
async fn flood(address: String, number: u32, first: i64) -> BTreeSet<i64> {
    let mut answered = BTreeSet::new();
    let mut tracker = Tracker::connect(&address, number).await.unwrap();
    let mut expected = VecDeque::new();
    let Ok(login) = tracker.send(&Uplink::Login).await else {
        return answered;
    };
    expected.push_back((login, 0));
    let mut next = first;
    loop {
        while expected.len() < 100 {
            let Ok(reply) = tracker.send(&alarm(next)).await else {
                return answered;
            };
            expected.push_back((reply, next));
            next += 1;
        }
        match tracker.hear(&mut expected).await {
            Ok(times) => answered.extend(times.into_iter().filter(|time| *time > 0)),
            Err(_) => return answered,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_stored_when_the_server_is_killed() {
    const FIRST: i64 = 1_790_000_000;
    let Some(nats) = Nats::start("killed").await else {
        return;
    };
    let mut server = Process::start(&nats);
    let devices = 0..40;
    let floods: Vec<_> = devices
        .map(|number| tokio::spawn(flood(server.address.clone(), number, FIRST)))
        .collect();
    sleep(Duration::from_secs(2)).await;
    server.kill();
    let mut answered = Vec::new();
    for flood in floods {
        answered.push(flood.await.unwrap());
    }
    let count: usize = answered.iter().map(BTreeSet::len).sum();
    assert!(count > 0);
    println!("{count} alarms answered");

    // The devices send again what was not answered; of the rest, some were stored.
    let server = Process::start(&nats);
    for (number, answered) in (0..).zip(&mut answered) {
        let mut tracker = Tracker::connect(&server.address, number).await.unwrap();
        let login = tracker.send(&Uplink::Login).await.unwrap();
        assert!(tracker.is_answered(login, PATIENCE).await);
        let last = answered.last().copied().unwrap_or(FIRST);
        for time in last..last + 3 {
            let reply = tracker.send(&alarm(time)).await.unwrap();
            assert!(tracker.is_answered(reply, PATIENCE).await);
            answered.insert(time);
        }
    }
    let mut stored = BTreeMap::<(String, String), u32>::new();
    for (_, report) in nats.stored().await {
        if report["kind"] == "alarm" {
            let text = |field: &str| report[field].as_str().unwrap().to_owned();
            *stored.entry((text("device"), text("time"))).or_default() += 1;
        }
    }
    for (number, times) in (0..).zip(&answered) {
        let number: u32 = number;
        for time in times {
            let time = DateTime::from_unix(*time, UtcOffset::default())
                .unwrap()
                .to_string();
            let key = (format!("3565882200{number:05}"), time);
            assert_eq!(stored.get(&key), Some(&1), "{key:?}");
        }
    }
    assert!(
        stored.values().all(|count| *count == 1),
        "one is stored twice"
    );
}

/// The next message, as JSON.
async fn next(messages: &mut async_nats::Subscriber) -> Value {
    let message = timeout(PATIENCE, messages.next()).await.unwrap().unwrap();
    serde_json::from_slice(&message.payload).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_and_last_states_by_nats() {
    const ID: &str = "356588220090003";
    let Some(nats) = Nats::start("bus").await else {
        return;
    };
    // The second one hears the commands, too, and has not the device.
    let running = Running::start(options(&nats, "--nats-commands"))
        .await
        .unwrap();
    let other = Running::start(options(&nats, "--nats-commands"))
        .await
        .unwrap();
    let mut tracker = Tracker::connect(&running.address.to_string(), 90_003)
        .await
        .unwrap();
    let login = tracker.send(&Uplink::Login).await.unwrap();
    assert!(tracker.is_answered(login, PATIENCE).await);

    let client = async_nats::connect(nats.url()).await.unwrap();
    let inbox = client.new_inbox();
    let mut replies = client.subscribe(inbox.clone()).await.unwrap();
    let mut results = client.subscribe("command.*.result").await.unwrap();
    let give = async |id: &str, command: &'static str| {
        let subject = format!("command.{id}");
        let sent = client.publish_with_reply(subject, inbox.clone(), command.into());
        sent.await.unwrap();
    };
    // Nobody takes this one.
    give("356588220099999", "cut").await;
    give(ID, "fly").await;
    let told = next(&mut replies).await;
    assert_eq!(told["state"], "error");
    assert_eq!(told["device"], ID);
    give(ID, "cut").await;
    let told = next(&mut replies).await;
    assert_eq!(
        (&told["state"], &told["command"]),
        (&"sent".into(), &"cut".into())
    );
    let mut read = [0; 256];
    assert!(tracker.stream.read(&mut read).await.unwrap() > 0);
    let mut out = [0; 512];
    let done = Uplink::Response("DONE");
    let sent = tracker.device.encode(&done, &mut out).unwrap();
    tracker.stream.write_all(&out[..sent.len]).await.unwrap();
    let told = next(&mut replies).await;
    assert_eq!(
        (&told["state"], &told["text"]),
        (&"answered".into(), &"DONE".into())
    );
    assert_eq!(next(&mut results).await, told);

    let context = async_nats::jetstream::new(client.clone());
    let bucket = async {
        loop {
            // The server makes it after it has begun to listen.
            match context.get_key_value("devices").await {
                Ok(bucket) => return bucket,
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    };
    let bucket = timeout(PATIENCE, bucket).await.unwrap();
    let last = async |is_online: bool| {
        let state = async {
            loop {
                if let Some(state) = bucket.get(ID).await.unwrap() {
                    let state: Value = serde_json::from_slice(&state).unwrap();
                    if state["online"] == is_online {
                        return state;
                    }
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, state).await.unwrap()
    };
    let state = last(true).await;
    assert_eq!(
        (&state["id"], &state["protocol"]),
        (&ID.into(), &"gt06".into())
    );
    drop(tracker);
    assert_eq!(last(false).await["since"], state["since"]);
    running.stop().await.unwrap();
    other.stop().await.unwrap();
}

#[tokio::test]
async fn no_nats_no_server() {
    let port = free_port();
    let args = format!(
        "serve --listen 127.0.0.1:0 --json /dev/null --nats nats://me:secret@127.0.0.1:{port}"
    );
    let options = Serve::parse_from(args.split_whitespace()).options;
    let error = Running::start(options)
        .await
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(&format!("nats://127.0.0.1:{port}: ")),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");
}
