//! A device on its connection.

use super::{Fault, Options, Sent, Tally, duration, fault::Faults, vehicle::Vehicle};
use gt02::{
    Datagram, Decoder, Direction, Item, Report,
    device::{ExpectedReply, Uplink, UplinkError},
    report::Kind,
};
use std::{collections::VecDeque, io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    sync::mpsc,
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};

/// The size that every frame of a device fits in.
const FRAME: usize = 512;

/// The largest reply, with room for commands.
const REPLY: usize = 1024;

/// The time in which a small fleet connects, at most.
const RAMP: f64 = 5.0;

/// Connections that are opened each second, at most: more than a kernel accepts are lost.
const CONNECTS: f64 = 1000.0;

/// Bytes that begin no frame of any protocol, and are no part of a line end.
const GARBAGE: &[u8] = b"\x00\x01\x7fABCabcxyz0123456789 ,;\x80\xfe\xff";

/// Drives one vehicle, and returns what came of it.
pub async fn drive(
    options: Arc<Options>,
    number: u32,
    vehicle: Vehicle,
    journal: Option<mpsc::UnboundedSender<Sent>>,
) -> Tally {
    let faults = Faults::of(&options.fault, number);
    let mut tracker = Tracker::new(vehicle, faults, journal);
    let slowest = options
        .interval
        .clamp(1.0, RAMP)
        .min(options.duration / 2.0);
    let ramp = slowest.max(f64::from(options.devices) / CONNECTS);
    sleep(duration(
        ramp * f64::from(number) / f64::from(options.devices),
    ))
    .await;
    // Spread over the protocols by the golden ratio.
    let is_udp = faults.bad.is_none() && (f64::from(number) * 61.803_4) % 100.0 < options.udp;
    match faults.bad {
        None => {
            tracker.tally.devices = 1;
            if let Err(error) = tracker.run(&options, is_udp).await {
                let id = tracker.vehicle.device.id();
                tracker.tally.failed = 1;
                tracker.tally.failure = Some(format!("{id}: {error}"));
            }
            let missing = u64::try_from(tracker.expected.len()).unwrap_or(u64::MAX);
            tracker.tally.missing = missing;
            if let (Some(first), None) = (tracker.expected.front(), &tracker.tally.failure) {
                let first = first.reply;
                let id = tracker.vehicle.device.id();
                tracker.tally.failure = Some(format!("{id}: no answer: {first:?}"));
            }
            tracker.tally
        }
        Some(fault) => {
            // What it sends is not counted.
            let is_closed = tracker.misbehave(&options, fault).await.is_err();
            Tally {
                bad_devices: 1,
                closed: is_closed.into(),
                ..Tally::default()
            }
        }
    }
}

/// A socket.
enum Link {
    Tcp(TcpStream),
    Udp(UdpSocket),
}

impl Link {
    async fn open(options: &Options, is_udp: bool) -> io::Result<Self> {
        if is_udp {
            let any = if options.connect.is_ipv4() {
                "0.0.0.0:0"
            } else {
                "[::]:0"
            };
            let socket = UdpSocket::bind(any).await?;
            socket.connect(options.connect).await?;
            return Ok(Self::Udp(socket));
        }
        let stream = TcpStream::connect(options.connect).await?;
        stream.set_nodelay(true)?;
        Ok(Self::Tcp(stream))
    }

    /// Sends frames: in a stream together, cut in two at this byte if there is one; else a datagram
    /// each.
    async fn send(&mut self, frames: &[Vec<u8>], cut: Option<usize>) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => {
                let bytes = frames.concat();
                let (first, rest) = bytes.split_at(cut.unwrap_or(0).min(bytes.len()));
                if !first.is_empty() {
                    stream.write_all(first).await?;
                    // So that the other end reads it by itself.
                    sleep(Duration::from_millis(1)).await;
                }
                stream.write_all(rest).await
            }
            Self::Udp(socket) => {
                for frame in frames {
                    socket.send(frame).await?;
                }
                Ok(())
            }
        }
    }

    async fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = match self {
            Self::Tcp(stream) => stream.read(buffer).await?,
            Self::Udp(socket) => socket.recv(buffer).await?,
        };
        if len == 0 {
            return Err(io::Error::other("closed by the server"));
        }
        Ok(len)
    }
}

/// An answer that a device waits for.
struct Expected {
    reply: ExpectedReply,
    /// The frame that is sent again if the answer is not heard; there for alarms.
    alarm: Option<Vec<u8>>,
}

/// A device, the answers that it waits for, and its counts.
pub struct Tracker {
    pub vehicle: Vehicle,
    pub faults: Faults,
    pub tally: Tally,
    expected: VecDeque<Expected>,
    decoder: Decoder<REPLY>,
    journal: Option<mpsc::UnboundedSender<Sent>>,
}

impl Tracker {
    pub fn new(
        vehicle: Vehicle,
        faults: Faults,
        journal: Option<mpsc::UnboundedSender<Sent>>,
    ) -> Self {
        Self {
            vehicle,
            faults,
            tally: Tally::default(),
            expected: VecDeque::new(),
            decoder: Decoder::new(),
            journal,
        }
    }

    /// Logs in, drives, and waits for the last answers.
    async fn run(&mut self, options: &Options, is_udp: bool) -> io::Result<()> {
        let mut link = Link::open(options, is_udp).await?;
        let patience = duration(options.patience);
        let start = Instant::now();
        self.send(&mut link, &Vehicle::hello()).await?;
        self.await_answers(&mut link, patience).await?;
        let end = later(start, duration(options.duration));
        let interval = duration(options.interval);
        let mut next = Instant::now();
        while next < end {
            let mut uplinks = Vec::new();
            for _ in 0..options.batch {
                uplinks.extend(self.vehicle.drive());
            }
            if self.vehicle.random.f64() < self.faults.reconnect {
                self.await_answers(&mut link, patience).await?;
                close(link, patience).await?;
                self.tally.reconnects = self.tally.reconnects.saturating_add(1);
                self.decoder = Decoder::new();
                link = Link::open(options, is_udp).await?;
                self.send(&mut link, &Vehicle::hello()).await?;
            }
            self.send(&mut link, &uplinks).await?;
            next = later(next, interval).max(Instant::now());
            self.listen(&mut link, next).await?;
        }
        let stored = self.vehicle.stored();
        self.send(&mut link, &stored).await?;
        self.await_answers(&mut link, patience).await?;
        close(link, patience).await
    }

    /// Does what a device with this fault does. An error means that the server closed it.
    async fn misbehave(&mut self, options: &Options, fault: Fault) -> io::Result<()> {
        let mut link = Link::open(options, false).await?;
        let end = later(Instant::now(), duration(options.duration));
        self.send(&mut link, &Vehicle::hello()).await?;
        let mut next = Instant::now();
        while next < end {
            next = later(next, duration(options.interval)).max(Instant::now());
            match fault {
                Fault::Slow => {
                    let uplinks = self.vehicle.drive();
                    let sent = timeout_at(end, self.send(&mut link, &uplinks)).await;
                    sent.unwrap_or(Ok(()))?;
                    sleep_until(next).await;
                }
                Fault::Random => {
                    let len = self.vehicle.random.usize(1..200);
                    let random = &mut self.vehicle.random;
                    let bytes: Vec<u8> = (0..len).map(|_| random.u8(..)).collect();
                    link.send(&[bytes], None).await?;
                    self.listen(&mut link, next).await?;
                }
                _ => self.listen(&mut link, end).await?,
            }
        }
        Ok(())
    }

    async fn send(&mut self, link: &mut Link, uplinks: &[Uplink<'_>]) -> io::Result<()> {
        let frames = self.frames(uplinks)?;
        let len = frames
            .iter()
            .fold(0_usize, |sum, frame| sum.saturating_add(frame.len()));
        let cut = (self.faults.cuts && len > 1).then(|| self.vehicle.random.usize(1..len));
        link.send(&frames, cut).await
    }

    /// The bytes of these messages, those left out that the protocol has not. Garbage stands before
    /// some of them.
    pub fn frames(&mut self, uplinks: &[Uplink<'_>]) -> io::Result<Vec<Vec<u8>>> {
        let mut frames = Vec::new();
        for uplink in uplinks {
            let mut out = [0; FRAME];
            let sent = match self.vehicle.device.encode(uplink, &mut out) {
                Ok(sent) => sent,
                Err(UplinkError::Unsupported { .. }) => continue,
                Err(error) => return Err(io::Error::other(error)),
            };
            let (frame, _) = out.split_at(sent.len.min(FRAME));
            self.count(uplink, frame);
            if let Some(reply) = sent.expects {
                self.tally.expected = self.tally.expected.saturating_add(1);
                let is_alarm = matches!(uplink, Uplink::Alarm { .. });
                let alarm = is_alarm.then(|| frame.to_vec());
                self.expected.push_back(Expected { reply, alarm });
            }
            let mut bytes = Vec::new();
            if self.faults.garbage > 0.0 && self.vehicle.random.f64() < self.faults.garbage {
                let random = &mut self.vehicle.random;
                let len = random.usize(1..=12);
                bytes.extend((0..len).filter_map(|_| random.choice(GARBAGE)));
                let len = u64::try_from(len).unwrap_or(u64::MAX);
                self.tally.garbage_bytes = self.tally.garbage_bytes.saturating_add(len);
            }
            bytes.extend_from_slice(frame);
            frames.push(bytes);
        }
        Ok(frames)
    }

    fn count(&mut self, uplink: &Uplink<'_>, frame: &[u8]) {
        let device = &self.vehicle.device;
        self.tally.frames = self.tally.frames.saturating_add(1);
        let frames = self
            .tally
            .protocols
            .entry(device.protocol().name())
            .or_default();
        *frames = frames.saturating_add(1);
        if let Some(journal) = &self.journal {
            let fix = match uplink {
                Uplink::Location(fix) | Uplink::Alarm { fix, .. } => Some((
                    fix.time,
                    fix.position.latitude.degrees(),
                    fix.position.longitude.degrees(),
                )),
                _ => None,
            };
            let _ = journal.send(Sent {
                device: device.id().to_string(),
                protocol: device.protocol(),
                frame: frame.to_vec(),
                fix,
                is_alarm: matches!(uplink, Uplink::Alarm { .. }),
            });
        }
    }

    /// Waits until all answers came, or patience ends.
    async fn await_answers(&mut self, link: &mut Link, patience: Duration) -> io::Result<()> {
        let end = later(Instant::now(), patience);
        while !self.expected.is_empty() {
            match timeout_at(end, self.hear(link)).await {
                Ok(heard) => heard?,
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Hears the server until `end`.
    async fn listen(&mut self, link: &mut Link, end: Instant) -> io::Result<()> {
        loop {
            match timeout_at(end, self.hear(link)).await {
                Ok(heard) => heard?,
                Err(_) => return Ok(()),
            }
        }
    }

    /// Hears the server once, and responds to its commands.
    async fn hear(&mut self, link: &mut Link) -> io::Result<()> {
        let mut buffer = [0; 2048];
        let len = link.receive(&mut buffer).await?;
        let (mut bytes, _) = buffer.split_at(len.min(buffer.len()));
        let mut heard = Heard {
            expected: &mut self.expected,
            tally: &mut self.tally,
            random: &mut self.vehicle.random,
            lost: self.faults.lost,
            commands: 0,
            again: Vec::new(),
        };
        if matches!(link, Link::Udp(_)) {
            for item in Datagram::new(bytes) {
                heard.take(item);
            }
        } else {
            while let Some(item) = self.decoder.decode(&mut bytes) {
                heard.take(item);
            }
        }
        let Heard {
            commands, again, ..
        } = heard;
        link.send(&again, None).await?;
        for _ in 0..commands {
            self.send(link, &[Uplink::Response("OK")]).await?;
        }
        Ok(())
    }
}

/// Closes a connection whose answers all came.
async fn close(link: Link, patience: Duration) -> io::Result<()> {
    if let Link::Tcp(mut stream) = link {
        // The server has read all when it closes its end.
        stream.shutdown().await?;
        let rest = timeout(patience, stream.read_to_end(&mut Vec::new())).await;
        rest.map_err(|_| io::Error::other("not closed by the server"))??;
    }
    Ok(())
}

/// What is heard of the server at a time.
struct Heard<'a> {
    expected: &'a mut VecDeque<Expected>,
    tally: &'a mut Tally,
    random: &'a mut fastrand::Rng,
    /// The share of answers to alarms that is not heard.
    lost: f64,
    /// Commands that were heard.
    commands: u64,
    /// Alarms whose answer was not.
    again: Vec<Vec<u8>>,
}

impl Heard<'_> {
    /// Compares an item with what is expected.
    fn take(&mut self, item: Item<'_>) {
        let Item::Frame(frame) = item else {
            self.tally.wrong = self.tally.wrong.saturating_add(1);
            return;
        };
        let is_met = |expected: &Expected| expected.reply.is_met_by(&frame);
        if let Some(at) = self.expected.iter().position(is_met) {
            let alarm = self.expected.get(at).and_then(|met| met.alarm.as_ref());
            if let Some(alarm) = alarm.filter(|_| self.random.f64() < self.lost) {
                self.again.push(alarm.clone());
                self.tally.repeats = self.tally.repeats.saturating_add(1);
            } else {
                self.expected.remove(at);
                self.tally.answered = self.tally.answered.saturating_add(1);
            }
        } else if Report::new(&frame, Direction::Down).kind == Kind::Command {
            self.tally.commands = self.tally.commands.saturating_add(1);
            self.commands = self.commands.saturating_add(1);
        } else {
            self.tally.wrong = self.tally.wrong.saturating_add(1);
        }
    }
}

/// An instant later; the same one if it is too late for the clock.
fn later(start: Instant, wait: Duration) -> Instant {
    start.checked_add(wait).unwrap_or(start)
}
