//! One connection by TCP, or one peer by UDP: from items to records, replies and commands.

use super::{
    Server, Unknown,
    fleet::{Heard, tag_of},
    output::Record,
    store::{Origin, Pending, When},
};
use gt02::{
    Frame, MAX_COMMAND_LEN, Noise, Outcome, Protocol, Report, Session,
    types::{DateTime, DeviceId},
};

use serde::Serialize;
use std::{io::Write, net::SocketAddr, sync::Arc};
use tokio::sync::Notify;
use tracing::{debug, info, warn};

/// What the server knows of a peer.
pub struct Peer {
    /// `T` or `U` and a number, as in the log.
    pub name: String,
    pub address: SocketAddr,
    /// The device that the last frame was from.
    device: Option<DeviceId>,
    protocol: Option<Protocol>,
    /// Woken when there are commands for the device; UDP has none, commands wait for a datagram.
    wake: Option<Arc<Notify>>,
    /// Where replies that wait for the store come back; there if there is a store.
    pub origin: Option<Arc<Origin>>,
    /// Whether the log tells already that the device is not in the list.
    is_told: bool,
}

/// What came of a read.
#[derive(Default)]
pub struct Answer {
    pub record: Record,
    /// The bytes to send: replies, then commands. Datagrams are apart.
    pub send: Vec<Vec<u8>>,
    /// The reports for the store, with the replies that wait for it.
    pub store: Vec<Pending>,
    /// Whether commands wait for a device that was heard.
    pub has_commands: bool,
    /// Whether a device is not to be served.
    pub is_refused: bool,
}

/// A line of the JSON, with the fields of `gt02 decode`.
#[derive(Serialize)]
struct Line<'a, T> {
    connection: &'a str,
    at: DateTime,
    #[serde(flatten)]
    content: &'a T,
    raw: String,
}

impl Peer {
    pub fn new(
        name: String,
        address: SocketAddr,
        wake: Option<Arc<Notify>>,
        origin: Option<Arc<Origin>>,
    ) -> Self {
        Self {
            name,
            address,
            device: None,
            protocol: None,
            wake,
            origin,
            is_told: false,
        }
    }

    /// Whether it has sent a frame.
    pub const fn has_spoken(&self) -> bool {
        self.protocol.is_some()
    }

    /// Notes that the connection begins or has ended.
    pub fn boundary(&self, server: &Server, event: &str, record: &mut Record) {
        if server.options.raw_log.is_some() {
            let at = super::now();
            let (date, time) = log_time(at);
            let _ = writeln!(record.log, "{date} {time}  INFO: [{}] {event}", self.name);
        }
    }

    /// Notes bytes that were received.
    pub fn received(&self, server: &Server, bytes: &[u8], at: DateTime, record: &mut Record) {
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        server.metrics.received.inc_by(len);
        self.log(server, '<', bytes, at, record);
    }

    fn log(&self, server: &Server, sign: char, bytes: &[u8], at: DateTime, record: &mut Record) {
        if server.options.raw_log.is_some() {
            let protocol = self.protocol.map_or("gt02", Protocol::name);
            let (date, time) = log_time(at);
            let _ = writeln!(
                record.log,
                "{date} {time}  INFO: [{}: {protocol} {sign} {}] {}",
                self.name,
                self.address.ip(),
                hex::encode(bytes),
            );
        }
    }

    /// Takes noise.
    pub fn noise(&self, server: &Server, noise: &Noise<'_>, at: DateTime, answer: &mut Answer) {
        server.metrics.noise(noise.reason, noise.bytes.len());
        debug!("{}: {} bytes of noise", self.name, noise.bytes.len());
        // Not of those that are not served.
        if server.allowed.is_none() {
            let line = self.line(noise, at, noise.bytes, &mut answer.record);
            server.show(line);
        }
    }

    /// Takes a frame.
    pub fn frame(
        &mut self,
        server: &Server,
        frame: &Frame<'_>,
        outcome: &Outcome<'_>,
        at: DateTime,
        answer: &mut Answer,
    ) {
        let report = &outcome.report;
        server.metrics.frame(report.protocol);
        if self.protocol.is_none() {
            debug!("{}: {} speaks {}", self.name, self.address, report.protocol);
        }
        self.protocol = Some(report.protocol);
        let is_allowed = server
            .allowed
            .as_ref()
            .is_none_or(|allowed| report.device.is_some_and(|device| allowed.contains(device)));
        if !is_allowed {
            self.refuse(server, outcome, at, answer);
            return;
        }
        let is_copy = self.hear(server, report, at, answer);
        let mut unused = Record::default();
        // The store knows by itself what it has; and only then is a copy answered.
        let record = if is_copy {
            &mut unused
        } else {
            &mut answer.record
        };
        let line = if is_copy && server.store.is_none() {
            &[]
        } else {
            self.line(outcome, at, frame.as_bytes(), record)
        };
        if !is_copy {
            server.show(line);
        }
        let when = server.store.as_ref().map(|store| {
            let when = store.when(outcome);
            let reply = outcome.reply.as_ref().filter(|_| when == When::Stored);
            let reply = reply.map(|reply| reply.to_vec());
            answer
                .store
                .push(store.pending(report, &self.name, line, reply));
            when
        });
        if matches!(when, None | Some(When::Now)) {
            self.reply(server, outcome, at, answer);
        }
    }

    /// Notes what a device reports. Returns whether it is a copy of a fix or an alarm that the
    /// device has sent before.
    fn hear(
        &mut self,
        server: &Server,
        report: &Report<'_>,
        at: DateTime,
        answer: &mut Answer,
    ) -> bool {
        let Some(device) = report.device else {
            return false;
        };
        let heard = Heard {
            report,
            at,
            peer: self,
            wake: self.wake.as_ref(),
        };
        let news = server.fleet().hear(device, &heard);
        if news.is_new {
            info!("{device}: new, {} from {}", report.protocol, self.address);
        }
        if let Some((command, text)) = news.result {
            server.metrics.command("answered");
            info!("{device}: to command {command}: {text}");
        }
        if news.is_copy {
            server.metrics.copies.inc();
        } else if let Some(alarm) = report.alarm {
            info!("{device}: alarm {}", alarm.name());
        }
        answer.has_commands |= news.has_commands;
        self.device = Some(device);
        news.is_copy
    }

    /// Does what is asked for with devices that are not in the list.
    fn refuse(
        &mut self,
        server: &Server,
        outcome: &Outcome<'_>,
        at: DateTime,
        answer: &mut Answer,
    ) {
        server.metrics.unknown_devices.inc();
        if !self.is_told {
            self.is_told = true;
            match outcome.report.device {
                Some(device) => warn!("{}: {device} is not in the list", self.address),
                None => warn!("{}: a device that names itself nowhere", self.address),
            }
        }
        match server.options.unknown {
            Unknown::Answer => self.reply(server, outcome, at, answer),
            Unknown::Ignore => {}
            Unknown::Close => answer.is_refused = true,
        }
    }

    fn reply(&self, server: &Server, outcome: &Outcome<'_>, at: DateTime, answer: &mut Answer) {
        if let Some(reply) = &outcome.reply {
            self.send(server, reply.to_vec(), at, answer);
        }
    }

    /// Sends a reply.
    pub fn send(&self, server: &Server, reply: Vec<u8>, at: DateTime, answer: &mut Answer) {
        server.metrics.replies.inc();
        self.log(server, '>', &reply, at, &mut answer.record);
        answer.send.push(reply);
    }

    /// Takes the replies that need wait no more for the store.
    pub fn ready(&self, server: &Server, at: DateTime, answer: &mut Answer) {
        for reply in self.origin.iter().flat_map(|origin| origin.ready()) {
            self.send(server, reply, at, answer);
        }
    }

    /// Gives reports to the store, as soon as it has room.
    pub async fn store(&self, server: &Server, reports: Vec<Pending>) {
        if let (Some(store), Some(origin)) = (&server.store, &self.origin) {
            store.take(reports, origin).await;
        }
    }

    /// The reports that wait for the store.
    pub fn waiting(&self) -> usize {
        self.origin.as_ref().map_or(0, |origin| origin.waiting())
    }

    /// Whether more may be read.
    pub fn has_room(&self) -> bool {
        self.origin.as_ref().is_none_or(|origin| origin.has_room())
    }

    /// Takes the commands that wait for the device.
    pub fn commands(&self, server: &Server, session: &Session, at: DateTime, answer: &mut Answer) {
        let Some(device) = self.device else {
            return;
        };
        let waiting = server.fleet().take_commands(device);
        for (number, command) in waiting {
            let mut out = [0; MAX_COMMAND_LEN];
            let (written, tag) = (command.as_command(), tag_of(number));
            match session.command_tagged(&written, tag, Some(at), &mut out) {
                Ok(len) => {
                    let (bytes, _) = out.split_at(len.min(MAX_COMMAND_LEN));
                    server.metrics.command("sent");
                    info!("{device}: command {number} sent: {command}");
                    self.log(server, '>', bytes, at, &mut answer.record);
                    answer.send.push(bytes.to_vec());
                    server.fleet().sent(device, number, None);
                }
                Err(error) => {
                    server.metrics.command("refused");
                    warn!("{device}: command {number} not sent: {error}");
                    server.fleet().sent(device, number, Some(error.to_string()));
                }
            }
        }
    }

    /// Notes that the device is gone with its connection.
    pub fn gone(&self, server: &Server) {
        if let Some(device) = self.device {
            server.fleet().gone(device, &self.name);
        }
    }

    /// Adds a line to the record, and returns it.
    fn line<'a, T: Serialize>(
        &self,
        content: &T,
        at: DateTime,
        raw: &[u8],
        record: &'a mut Record,
    ) -> &'a [u8] {
        let start = record.json.len();
        let line = Line {
            connection: &self.name,
            at,
            content,
            raw: hex::encode(raw),
        };
        // A vector takes all that is written, and the values of reports can all be written.
        let _ = serde_json::to_writer(&mut record.json, &line);
        record.json.push(b'\n');
        record.json.get(start..).unwrap_or_default()
    }
}

/// Date and time as in the log of Traccar.
fn log_time(at: DateTime) -> (String, String) {
    let text = at.to_string();
    match text.split_once(['T', ' ']) {
        Some((date, time)) => (date.to_owned(), time.to_owned()),
        None => (text, String::new()),
    }
}
