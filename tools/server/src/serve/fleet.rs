//! The devices: what was heard last of each, and the commands that wait for them.

use super::peer::{Name, Peer};
use gt02::{
    Report,
    report::Kind,
    session::OwnedCommand,
    types::{DateTime, DeviceId, Protocol},
};
use lru::LruCache;
use serde::Serialize;
use std::{collections::VecDeque, net::SocketAddr, num::NonZeroUsize, sync::Arc};
use tokio::sync::{Notify, watch};

/// The devices that are known at a time. The one that was silent longest is forgotten first, so
/// that invented ids do not fill the memory.
const DEVICES: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// The commands of one device that wait, or that were sent and not answered.
const COMMANDS: usize = 16;

/// The last fixes and alarms of a device by which a copy is recognised: more than a device sends
/// again after an answer that it has not heard.
const RECENT: usize = 32;

/// The positions of a device that the map shows.
const TRACK: usize = 60;

/// The lines that the page can show.
const LINES: usize = 200;

/// All devices.
pub struct Fleet {
    devices: LruCache<DeviceId, Device>,
    /// The last lines of JSON, each with its number; empty unless there is a page.
    lines: VecDeque<(u64, String)>,
    keeps_lines: bool,
    /// Counts everything that the page may show.
    clock: u64,
    commands: u64,
    frames: u64,
}

/// What was heard last of a device.
struct Device {
    protocol: Protocol,
    address: SocketAddr,
    /// The name of its connection; `None` when that has ended.
    connection: Option<Name>,
    wake: Option<Arc<Notify>>,
    /// When that connection was new.
    since: DateTime,
    seen: DateTime,
    frames: u64,
    alarm: Option<&'static str>,
    speed: Option<f64>,
    track: VecDeque<[f64; 2]>,
    /// The [keys](Report::key) of the last fixes and alarms.
    recent: VecDeque<u64>,
    commands: VecDeque<Command>,
    /// The number in [`Fleet::clock`] of the last change.
    changed: u64,
}

/// A command, from the time it is given to its result.
struct Command {
    number: u64,
    command: OwnedCommand,
    /// Told to whoever waits for the result.
    state: watch::Sender<State>,
}

/// What has become of a command.
#[derive(Clone, PartialEq, Eq)]
pub enum State {
    /// The device was not sent it yet.
    Waiting,
    Sent,
    /// It cannot be sent, and why.
    Refused(String),
    /// The device has answered.
    Answered(String),
}

/// A command that was given to a device.
pub struct Given {
    pub number: u64,
    /// Whether the device is connected.
    pub is_connected: bool,
    /// What becomes of it. It is closed when the command is forgotten.
    pub state: watch::Receiver<State>,
}

impl Command {
    fn is(&self, state: &State) -> bool {
        *self.state.borrow() == *state
    }
}

/// A frame of a device.
pub struct Heard<'a> {
    pub report: &'a Report<'a>,
    pub at: DateTime,
    pub peer: &'a Peer,
    pub wake: Option<&'a Arc<Notify>>,
}

/// What a frame changes.
pub struct News {
    /// Whether the device was not known.
    pub is_new: bool,
    /// Whether commands wait for the device.
    pub has_commands: bool,
    /// Whether it is a fix or an alarm that the device has sent before.
    pub is_copy: bool,
    /// The command that it answers, by its number, and the answer.
    pub result: Option<(u64, String)>,
}

impl Fleet {
    pub fn new(keeps_lines: bool) -> Self {
        Self {
            devices: LruCache::new(DEVICES),
            lines: VecDeque::new(),
            keeps_lines,
            clock: 0,
            commands: 0,
            frames: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.devices.len()
    }

    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// The number of the last change.
    #[cfg(feature = "nats")]
    pub const fn clock(&self) -> u64 {
        self.clock
    }

    fn tick(&mut self) -> u64 {
        self.clock = self.clock.wrapping_add(1);
        self.clock
    }

    /// Keeps a line of JSON for the page.
    pub fn line(&mut self, line: &[u8]) {
        if self.keeps_lines {
            let number = self.tick();
            if self.lines.len() >= LINES {
                self.lines.pop_front();
            }
            let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
            self.lines.push_back((number, text));
        }
    }

    /// Takes a frame of this device.
    pub fn hear(&mut self, id: DeviceId, heard: &Heard<'_>) -> News {
        self.frames = self.frames.wrapping_add(1);
        let changed = self.tick();
        // Without a page nobody sees the way that it came.
        let places = if self.keeps_lines { TRACK } else { 1 };
        let report = heard.report;
        let mut is_new = false;
        let device = self.devices.get_or_insert_mut(id, || {
            is_new = true;
            Device {
                protocol: report.protocol,
                address: heard.peer.address,
                connection: None,
                wake: None,
                since: heard.at,
                seen: heard.at,
                frames: 0,
                alarm: None,
                speed: None,
                track: VecDeque::new(),
                recent: VecDeque::new(),
                commands: VecDeque::new(),
                changed,
            }
        });
        device.protocol = report.protocol;
        device.address = heard.peer.address;
        device.seen = heard.at;
        device.frames = device.frames.wrapping_add(1);
        device.changed = changed;
        if device.connection != Some(heard.peer.name) {
            device.connection = Some(heard.peer.name);
            device.since = heard.at;
            device.wake = heard.wake.cloned();
        }
        if let Some(alarm) = report.alarm {
            device.alarm = Some(alarm.name());
        }
        let is_copy = report.key().is_some_and(|key| device.has_sent(key));
        if !is_copy && report.valid != Some(false) && report.resent != Some(true) {
            if let Some(position) = report.position {
                if device.track.len() >= places {
                    device.track.pop_front();
                }
                let (latitude, longitude) = (position.latitude, position.longitude);
                device
                    .track
                    .push_back([latitude.degrees(), longitude.degrees()]);
                device.speed = report.speed.map(|speed| speed.kmh());
            }
        }
        let is_response = report.kind == Kind::Response;
        let result = is_response.then(|| device.answered(report)).flatten();
        News {
            is_new,
            has_commands: device.commands.iter().any(|c| c.is(&State::Waiting)),
            is_copy,
            result,
        }
    }

    /// Notes that a connection has ended; the device may be back on another one.
    pub fn gone(&mut self, id: DeviceId, connection: Name) {
        let changed = self.tick();
        if let Some(device) = self.devices.peek_mut(&id) {
            if device.connection == Some(connection) {
                device.connection = None;
                device.wake = None;
                device.changed = changed;
            }
        }
    }

    /// Gives a command to a device: at once if it is connected by TCP, else when it is heard next.
    ///
    /// # Errors
    /// If the device was never heard, or has too many commands that wait.
    pub fn command(&mut self, id: DeviceId, command: OwnedCommand) -> Result<Given, String> {
        let changed = self.tick();
        let Some(device) = self.devices.peek_mut(&id) else {
            return Err(format!("{id}: no such device has reported"));
        };
        if device.commands.len() >= COMMANDS {
            let done = |entry: &Command| {
                matches!(
                    *entry.state.borrow(),
                    State::Answered(_) | State::Refused(_)
                )
            };
            let old = device.commands.iter().position(done);
            let old = old.or_else(|| device.commands.iter().position(|c| c.is(&State::Sent)));
            let Some(old) = old else {
                return Err(format!("{id}: {COMMANDS} commands wait already"));
            };
            device.commands.remove(old);
        }
        self.commands = self.commands.wrapping_add(1);
        let number = self.commands;
        let (state, changes) = watch::channel(State::Waiting);
        device.changed = changed;
        device.commands.push_back(Command {
            number,
            command,
            state,
        });
        if let Some(wake) = &device.wake {
            wake.notify_one();
        }
        Ok(Given {
            number,
            is_connected: device.connection.is_some(),
            state: changes,
        })
    }

    /// The commands that wait for a device, with their numbers.
    pub fn take_commands(&mut self, id: DeviceId) -> Vec<(u64, OwnedCommand)> {
        let Some(device) = self.devices.peek(&id) else {
            return Vec::new();
        };
        let waiting = device.commands.iter().filter(|c| c.is(&State::Waiting));
        waiting
            .map(|entry| (entry.number, entry.command.clone()))
            .collect()
    }

    /// Notes that a command was sent, or why it could not be.
    pub fn sent(&mut self, id: DeviceId, number: u64, error: Option<String>) {
        let changed = self.tick();
        if let Some(device) = self.devices.peek_mut(&id) {
            device.changed = changed;
            if let Some(entry) = device.commands.iter_mut().find(|c| c.number == number) {
                entry
                    .state
                    .send_replace(error.map_or(State::Sent, State::Refused));
            }
        }
    }

    /// What is known of a device, in a few words.
    pub fn who(&self, id: DeviceId) -> Option<String> {
        self.devices.peek(&id).map(|device| device.text(id))
    }

    /// All devices, the one that was heard last first.
    pub fn list(&self) -> impl Iterator<Item = String> {
        self.devices.iter().map(|(id, device)| device.text(*id))
    }

    /// Whether the device is connected.
    #[cfg(feature = "nats")]
    pub fn is_online(&self, id: DeviceId) -> bool {
        let device = self.devices.peek(&id);
        device.is_some_and(|device| device.connection.is_some())
    }

    /// The devices that have changed after the number `after`, with the number of the change: the
    /// `max` that did first, in order. Of the way that each came, the last place.
    #[cfg(feature = "nats")]
    pub fn changed(&self, after: u64, max: usize) -> Vec<(u64, DeviceId, Row)> {
        let changed = self
            .devices
            .iter()
            .filter(|(_, device)| device.changed > after);
        let mut changed: Vec<_> = changed
            .map(|(id, device)| (device.changed, *id, device))
            .collect();
        changed.sort_unstable_by_key(|(number, ..)| *number);
        let rows = changed.into_iter().take(max);
        rows.map(|(number, id, device)| (number, id, device.row(id, 1)))
            .collect()
    }

    /// What has changed after the number `after`; at most `max` devices.
    pub fn state(&self, after: u64, max: usize) -> Page {
        let changed = self
            .devices
            .iter()
            .filter(|(_, device)| device.changed > after);
        let devices = changed
            .take(max)
            .map(|(id, device)| device.row(*id, TRACK))
            .collect();
        let lines = self.lines.iter().filter(|(number, _)| *number > after);
        Page {
            clock: self.clock,
            count: self.devices.len(),
            frames: self.frames,
            devices,
            lines: lines.map(|(_, line)| line.clone()).collect(),
        }
    }
}

/// The tag of the command with this number: not 0, which stands for none.
pub fn tag_of(number: u64) -> u32 {
    u32::try_from(number & 0x7FFF_FFFF)
        .unwrap_or_default()
        .max(1)
}

impl Device {
    /// Whether one of the last fixes and alarms had this key. If not, it is remembered.
    fn has_sent(&mut self, key: u64) -> bool {
        if self.recent.contains(&key) {
            return true;
        }
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(key);
        false
    }

    /// Takes a response for the answer to the command with its tag; without a tag, to the oldest
    /// command that has no answer.
    fn answered(&mut self, report: &Report<'_>) -> Option<(u64, String)> {
        let tag = report.tag().filter(|tag| *tag != 0);
        let mut entries = self.commands.iter_mut();
        let entry = entries.find(|entry| {
            entry.is(&State::Sent) && tag.is_none_or(|tag| tag == tag_of(entry.number))
        })?;
        let text = report
            .text
            .map_or_else(|| "no text".to_owned(), |text| text.to_string());
        entry.state.send_replace(State::Answered(text.clone()));
        Some((entry.number, text))
    }

    fn text(&self, id: DeviceId) -> String {
        let state = self
            .connection
            .map_or_else(|| "offline".to_owned(), |name| name.to_string());
        let place = self
            .track
            .back()
            .map_or_else(String::new, |[latitude, longitude]| {
                format!(", at {latitude:.5} {longitude:.5}")
            });
        let waiting = self
            .commands
            .iter()
            .filter(|c| c.is(&State::Waiting))
            .count();
        format!(
            "{id} {} {} {state}, seen {}, {} frames, {waiting} commands wait{place}",
            self.protocol, self.address, self.seen, self.frames
        )
    }

    /// What is shown of it, with its last places.
    fn row(&self, id: DeviceId, places: usize) -> Row {
        let command = |entry: &Command| {
            let state = match &*entry.state.borrow() {
                State::Waiting => "waits".to_owned(),
                State::Sent => "sent".to_owned(),
                State::Refused(why) => format!("not sent: {why}"),
                State::Answered(text) => format!("answered: {text}"),
            };
            format!("{}. {}: {state}", entry.number, entry.command)
        };
        Row {
            id: id.to_string(),
            protocol: self.protocol.name(),
            address: self.address.to_string(),
            online: self.connection.is_some(),
            since: self.since.to_string(),
            seen: self.seen.to_string(),
            frames: self.frames,
            alarm: self.alarm,
            speed: self.speed,
            track: self
                .track
                .iter()
                .rev()
                .take(places)
                .rev()
                .copied()
                .collect(),
            commands: self.commands.iter().map(command).collect(),
        }
    }
}

/// What the page shows.
#[derive(Serialize)]
pub struct Page {
    clock: u64,
    count: usize,
    frames: u64,
    devices: Vec<Row>,
    lines: Vec<String>,
}

/// A device on the page.
#[derive(Serialize)]
pub struct Row {
    pub id: String,
    protocol: &'static str,
    address: String,
    pub online: bool,
    /// When the connection, or the last one, was new.
    since: String,
    pub seen: String,
    frames: u64,
    alarm: Option<&'static str>,
    speed: Option<f64>,
    track: Vec<[f64; 2]>,
    commands: Vec<String>,
}
