//! One connection by TCP, or one peer by UDP: from items to records, replies and commands.

use super::{
    Server, Unknown,
    fleet::{Heard, tag_of},
    metrics::Counter,
    output::Record,
    store::{Origin, Pending, When},
};
use gt02::{
    Frame, MAX_COMMAND_LEN, Noise, Outcome, Protocol, Report, Session,
    types::{DateTime, DeviceId},
};

use serde::Serialize;
use std::{collections::BTreeSet, fmt, io::Write, net::SocketAddr, sync::Arc};
use tokio::sync::Notify;
use tracing::{debug, info, warn};

/// Devices of one peer that are remembered, besides the last one.
const OTHERS: usize = 1024;

/// The name of a connection, in the log and in reports: `T` for TCP or `U` for UDP, and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    transport: char,
    number: u32,
}

impl Name {
    pub const fn new(transport: char, number: u32) -> Self {
        Self { transport, number }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:08x}", self.transport, self.number)
    }
}

/// What the server knows of a peer.
pub struct Peer {
    pub name: Name,
    pub address: SocketAddr,
    /// The device that the last frame was from.
    device: Option<DeviceId>,
    /// Devices that the peer was before: a gateway speaks for several.
    others: BTreeSet<DeviceId>,
    protocol: Option<Protocol>,
    /// Counts the frames of this protocol.
    frames: Counter,
    /// Woken when there are commands for the device; UDP has none, commands wait for a datagram.
    wake: Option<Arc<Notify>>,
    /// Where replies that wait for the store come back; there if there is a store.
    pub origin: Option<Arc<Origin>>,
    /// Whether the log tells already that the device is not in the list.
    is_told: bool,
}

/// Replies and commands that are to be sent, one after the other.
#[derive(Default)]
pub struct Replies {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Replies {
    fn push(&mut self, reply: &[u8]) {
        self.bytes.extend_from_slice(reply);
        self.ends.push(self.bytes.len());
    }

    /// All of them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .filter_map(|(start, &end)| self.bytes.get(start..end))
    }
}

/// What came of a read.
pub struct Answer {
    /// When it was read.
    pub at: DateTime,
    pub record: Record,
    /// How each line of the record begins; empty until there is one.
    start: Vec<u8>,
    /// Replies to send, then commands.
    pub send: Replies,
    /// The reports for the store, with the replies that wait for it.
    pub store: Vec<Pending>,
    /// Whether commands wait for a device that was heard.
    pub has_commands: bool,
    /// Whether a device is not to be served.
    pub is_refused: bool,
}

impl Answer {
    /// To what is read now.
    pub fn new() -> Self {
        Self {
            at: super::now(),
            record: Record::new(),
            start: Vec::new(),
            send: Replies::default(),
            store: Vec::new(),
            has_commands: false,
            is_refused: false,
        }
    }
}

impl Peer {
    pub fn new(
        name: Name,
        address: SocketAddr,
        wake: Option<Arc<Notify>>,
        origin: Option<Arc<Origin>>,
    ) -> Self {
        Self {
            name,
            address,
            device: None,
            others: BTreeSet::new(),
            protocol: None,
            frames: Counter::default(),
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
    pub fn boundary(&self, server: &Server, event: &str, answer: &mut Answer) {
        if server.options.raw_log.is_some() {
            let (date, time) = log_time(answer.at);
            let log = &mut answer.record.log;
            let _ = writeln!(log, "{date} {time}  INFO: [{}] {event}", self.name);
        }
    }

    /// Notes bytes that were received.
    pub fn received(&self, server: &Server, bytes: &[u8], answer: &mut Answer) {
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        server.metrics.received.inc_by(len);
        self.log(server, '<', bytes, answer);
    }

    fn log(&self, server: &Server, sign: char, bytes: &[u8], answer: &mut Answer) {
        if server.options.raw_log.is_some() {
            let protocol = self.protocol.map_or("gt02", Protocol::name);
            let (date, time) = log_time(answer.at);
            let _ = writeln!(
                answer.record.log,
                "{date} {time}  INFO: [{}: {protocol} {sign} {}] {}",
                self.name,
                self.address.ip(),
                hex::encode(bytes),
            );
        }
    }

    /// Takes noise.
    pub fn noise(&self, server: &Server, noise: &Noise<'_>, answer: &mut Answer) {
        server.metrics.noise(noise.reason, noise.bytes.len());
        debug!("{}: {} bytes of noise", self.name, noise.bytes.len());
        // Not of those that are not served.
        if server.allowed.is_none() {
            let line = self.line(noise, noise.bytes, answer);
            server.show(answer.record.json.get(line..).unwrap_or_default());
        }
    }

    /// Takes a frame.
    pub fn frame(
        &mut self,
        server: &Server,
        frame: &Frame<'_>,
        outcome: &Outcome<'_>,
        answer: &mut Answer,
    ) {
        let report = &outcome.report;
        if self.protocol != Some(report.protocol) {
            debug!("{}: {} speaks {}", self.name, self.address, report.protocol);
            self.protocol = Some(report.protocol);
            self.frames = server.metrics.frames(report.protocol);
        }
        self.frames.inc();
        let is_allowed = server
            .allowed
            .as_ref()
            .is_none_or(|allowed| report.device.is_some_and(|device| allowed.contains(device)));
        if !is_allowed {
            self.refuse(server, outcome, answer);
            return;
        }
        let is_copy = self.hear(server, report, answer);
        // The store knows by itself what it has; and only then is a copy answered.
        if is_copy && server.store.is_none() {
            self.reply(server, outcome, answer);
            return;
        }
        let start = self.line(outcome, frame.as_bytes(), answer);
        let line = answer.record.json.get(start..).unwrap_or_default();
        if !is_copy {
            server.show(line);
        }
        let when = server.store.as_ref().map(|store| {
            let when = store.when(outcome);
            let reply = outcome.reply.as_ref().filter(|_| when == When::Stored);
            let reply = reply.map(|reply| reply.to_vec());
            answer
                .store
                .push(store.pending(report, self.name, line, reply));
            when
        });
        if is_copy {
            answer.record.json.truncate(start);
        }
        if matches!(when, None | Some(When::Now)) {
            self.reply(server, outcome, answer);
        }
    }

    /// Notes what a device reports. Returns whether it is a copy of a fix or an alarm that the
    /// device has sent before.
    fn hear(&mut self, server: &Server, report: &Report<'_>, answer: &mut Answer) -> bool {
        let Some(device) = report.device else {
            return false;
        };
        let heard = Heard {
            report,
            at: answer.at,
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
        if let Some(before) = self
            .device
            .replace(device)
            .filter(|before| *before != device)
        {
            if self.others.len() < OTHERS {
                self.others.insert(before);
            }
        }
        news.is_copy
    }

    /// Does what is asked for with devices that are not in the list.
    fn refuse(&mut self, server: &Server, outcome: &Outcome<'_>, answer: &mut Answer) {
        server.metrics.unknown_devices.inc();
        if !self.is_told {
            self.is_told = true;
            match outcome.report.device {
                Some(device) => warn!("{}: {device} is not in the list", self.address),
                None => warn!("{}: a device that names itself nowhere", self.address),
            }
        }
        match server.options.unknown {
            Unknown::Answer => self.reply(server, outcome, answer),
            Unknown::Ignore => {}
            Unknown::Close => answer.is_refused = true,
        }
    }

    fn reply(&self, server: &Server, outcome: &Outcome<'_>, answer: &mut Answer) {
        if let Some(reply) = &outcome.reply {
            self.send(server, reply, answer);
        }
    }

    /// Sends a reply.
    pub fn send(&self, server: &Server, reply: &[u8], answer: &mut Answer) {
        server.metrics.replies.inc();
        self.log(server, '>', reply, answer);
        answer.send.push(reply);
    }

    /// Takes the replies that need wait no more for the store.
    pub fn ready(&self, server: &Server, answer: &mut Answer) {
        for reply in self.origin.iter().flat_map(|origin| origin.ready()) {
            self.send(server, &reply, answer);
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
    pub fn commands(&self, server: &Server, session: &Session, answer: &mut Answer) {
        let Some(device) = self.device else {
            return;
        };
        let waiting = server.fleet().take_commands(device);
        for (number, command) in waiting {
            let mut out = [0; MAX_COMMAND_LEN];
            let (written, tag) = (command.as_command(), tag_of(number));
            match session.command_tagged(&written, tag, Some(answer.at), &mut out) {
                Ok(len) => {
                    let (bytes, _) = out.split_at(len.min(MAX_COMMAND_LEN));
                    server.metrics.command("sent");
                    info!("{device}: command {number} sent: {command}");
                    self.log(server, '>', bytes, answer);
                    answer.send.push(bytes);
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

    /// Notes that the devices are gone with their connection.
    pub fn gone(&self, server: &Server) {
        for device in self.others.iter().copied().chain(self.device) {
            server.fleet().gone(device, self.name);
        }
    }

    /// Adds a line with the fields of `gt02 decode` to the record, and returns where it begins.
    fn line<T: Serialize>(&self, content: &T, raw: &[u8], answer: &mut Answer) -> usize {
        let Answer {
            at, record, start, ..
        } = answer;
        let json = &mut record.json;
        let line = json.len();
        // A vector takes all that is written, and the values of reports can all be written.
        if start.is_empty() {
            let _ = write!(start, "{{\"connection\":\"{}\",\"at\":\"{at}\"", self.name);
        }
        json.extend_from_slice(start);
        let brace = json.len();
        let _ = serde_json::to_writer(&mut *json, content);
        // Its fields follow in the same object.
        if let Some(brace) = json.get_mut(brace) {
            *brace = b',';
        }
        json.pop();
        json.extend_from_slice(b",\"raw\":\"");
        let digits = json.len();
        json.resize(digits.saturating_add(raw.len().saturating_mul(2)), 0);
        let _ = hex::encode_to_slice(raw, json.get_mut(digits..).unwrap_or_default());
        json.extend_from_slice(b"\"}\n");
        line
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
