//! The connections and the datagrams of captured packets.

use super::{
    connections::{Connection, Settings},
    event::{Origin, OutputError, Sink},
    input::Messages,
    packets::{Content, Packet},
    tcp::{Piece, Segment, Stream},
};
use gt02::{Direction, Item, types::DateTime};
use lru::LruCache;
use std::{collections::BTreeSet, fmt, net::SocketAddr};

/// The number of connections that are kept at a time.
const OPEN_LIMIT: usize = 4096;

/// The bytes of a connection in which a frame must be, unless the ports are given.
const HELD_LIMIT: usize = 8 * 1024;

/// One of the two ends of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The end whose address is the smaller one.
    Low,
    High,
}

impl End {
    fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// What belongs to each of the two ends.
#[derive(Default)]
struct Ends<T> {
    low: T,
    high: T,
}

impl<T> Ends<T> {
    fn of_mut(&mut self, end: End) -> &mut T {
        match end {
            End::Low => &mut self.low,
            End::High => &mut self.high,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Transport {
    Tcp,
    Udp,
}

/// What tells one connection from another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    transport: Transport,
    low: SocketAddr,
    high: SocketAddr,
}

/// A part of what an end sent.
struct Chunk {
    from: End,
    at: Option<DateTime>,
    content: ChunkContent,
}

enum ChunkContent {
    Bytes(Vec<u8>),
    /// That many bytes are not in the capture.
    Missing(u64),
}

/// What is known of the contents of a connection.
enum State {
    /// It is not clear yet.
    Held(Held),
    /// It is shown.
    Tracker(Box<Tracker>),
    /// There was no frame in its beginning.
    Foreign,
}

/// The beginning of a connection.
#[derive(Default)]
struct Held {
    chunks: Vec<Chunk>,
    /// The number of bytes in them.
    len: usize,
    /// The captures that its packets come from.
    captures: Vec<usize>,
    /// Whether there is a frame in them. If so, what it does not tell is which end sent it.
    has_frame: bool,
}

/// A connection that is shown.
struct Tracker {
    device: End,
    connection: Connection,
}

/// A connection of TCP, or all datagrams between two ports.
struct Flow {
    key: Key,
    /// The end that opened it.
    opener: Option<End>,
    /// The first sequence number of the end that opened it.
    opening: Option<u32>,
    streams: Ends<Stream>,
    state: State,
}

/// The connections of all captures, at most [`OPEN_LIMIT`].
pub struct Flows {
    settings: Settings,
    /// The ports of the server; without any, connections without a frame are left out.
    ports: Vec<u16>,
    open: LruCache<Key, Flow>,
    captures: Captures,
}

/// The captures, numbered from 1.
#[derive(Default)]
struct Captures {
    /// The number of the one that is read.
    current: usize,
    /// Those with packets of connections that are shown.
    shown: BTreeSet<usize>,
}

impl Flows {
    pub fn new(settings: Settings, ports: Vec<u16>) -> Self {
        Self {
            settings,
            ports,
            open: LruCache::unbounded(),
            captures: Captures::default(),
        }
    }

    /// Begins the next capture, and returns its number.
    pub fn begin_capture(&mut self) -> usize {
        self.captures.current = self.captures.current.saturating_add(1);
        self.captures.current
    }

    /// Whether the capture has packets of a connection that is shown. A connection that waits for
    /// bytes is shown when it has ended at the latest.
    pub fn is_shown(&self, capture: usize) -> bool {
        self.captures.shown.contains(&capture)
    }

    /// Takes the next packet.
    pub fn packet(
        &mut self,
        packet: &Packet<'_>,
        sink: &mut Sink,
        messages: &mut Messages,
    ) -> Result<(), OutputError> {
        let is_asked_for = self.ports.is_empty()
            || self.ports.contains(&packet.from.port())
            || self.ports.contains(&packet.to.port());
        if !is_asked_for {
            return Ok(());
        }
        let (from, low, high) = if packet.from <= packet.to {
            (End::Low, packet.from, packet.to)
        } else {
            (End::High, packet.to, packet.from)
        };
        let transport = match packet.content {
            Content::Udp { .. } => Transport::Udp,
            Content::Tcp { .. } => Transport::Tcp,
        };
        let key = Key {
            transport,
            low,
            high,
        };
        let opening = match packet.content {
            Content::Tcp {
                sequence,
                acknowledged: None,
                syn: true,
                ..
            } => Some(sequence),
            _ => None,
        };
        // Ports are used again: another beginning is another connection.
        let is_new = |flow: &Flow| opening.is_some() && flow.opening != opening;
        let is_again = self.open.peek(&key).is_some_and(is_new);
        if let Some(mut flow) = is_again.then(|| self.open.pop(&key)).flatten() {
            self.finish_flow(&mut flow, sink, messages)?;
        }
        if !self.open.contains(&key) && self.open.len() >= OPEN_LIMIT {
            self.make_room(sink, messages)?;
        }
        let context = &mut Context {
            settings: self.settings,
            ports: &self.ports,
            captures: &mut self.captures,
            sink,
            messages,
        };
        let flow = self.open.get_or_insert_mut(key, || Flow::new(key));
        flow.packet(packet, from, opening, context)
    }

    /// Finishes all connections.
    pub fn finish(&mut self, sink: &mut Sink, messages: &mut Messages) -> Result<(), OutputError> {
        while self.finish_oldest(sink, messages)? {}
        Ok(())
    }

    /// Finishes the connection that was silent longest; one of a tracker only if there is no other,
    /// because trackers are silent for longer than most.
    fn make_room(&mut self, sink: &mut Sink, messages: &mut Messages) -> Result<(), OutputError> {
        let mut from_oldest = self.open.iter().rev();
        let other = from_oldest.find(|(_, flow)| !matches!(flow.state, State::Tracker(_)));
        match other
            .map(|(key, _)| *key)
            .and_then(|key| self.open.pop(&key))
        {
            Some(mut flow) => self.finish_flow(&mut flow, sink, messages),
            None => self.finish_oldest(sink, messages).map(|_| ()),
        }
    }

    fn finish_oldest(
        &mut self,
        sink: &mut Sink,
        messages: &mut Messages,
    ) -> Result<bool, OutputError> {
        let Some((_, mut flow)) = self.open.pop_lru() else {
            return Ok(false);
        };
        self.finish_flow(&mut flow, sink, messages)?;
        Ok(true)
    }

    fn finish_flow(
        &mut self,
        flow: &mut Flow,
        sink: &mut Sink,
        messages: &mut Messages,
    ) -> Result<(), OutputError> {
        flow.finish(&mut Context {
            settings: self.settings,
            ports: &self.ports,
            captures: &mut self.captures,
            sink,
            messages,
        })
    }
}

/// What a connection needs to be shown.
struct Context<'a> {
    settings: Settings,
    ports: &'a [u16],
    captures: &'a mut Captures,
    sink: &'a mut Sink,
    messages: &'a mut Messages,
}

impl Flow {
    fn new(key: Key) -> Self {
        Self {
            key,
            opener: None,
            opening: None,
            streams: Ends::default(),
            state: State::Held(Held::default()),
        }
    }

    fn packet(
        &mut self,
        packet: &Packet<'_>,
        from: End,
        opening: Option<u32>,
        context: &mut Context<'_>,
    ) -> Result<(), OutputError> {
        let capture = context.captures.current;
        match &mut self.state {
            State::Tracker(_) => {
                context.captures.shown.insert(capture);
            }
            State::Held(held) if held.captures.last() != Some(&capture) => {
                held.captures.push(capture);
            }
            State::Held(_) | State::Foreign => {}
        }
        let chunk = |content| Chunk {
            from,
            at: packet.at,
            content,
        };
        match packet.content {
            Content::Udp { payload, missing } => {
                self.chunk(chunk(ChunkContent::Bytes(payload.to_vec())), context)?;
                if missing > 0 {
                    self.chunk(chunk(ChunkContent::Missing(missing)), context)?;
                }
                Ok(())
            }
            Content::Tcp {
                sequence,
                acknowledged,
                syn,
                fin,
                rst,
                payload,
            } => {
                if opening.is_some() {
                    (self.opener, self.opening) = (Some(from), opening);
                } else if syn {
                    self.opener = Some(from.other());
                }
                if !rst {
                    self.streams.of_mut(from).push(Segment {
                        at: packet.at,
                        sequence,
                        syn,
                        fin,
                        payload,
                    });
                }
                if let Some(sequence) = acknowledged {
                    self.streams.of_mut(from.other()).acknowledge(sequence);
                }
                self.pieces(from, packet.at, context)?;
                self.pieces(from.other(), packet.at, context)?;
                let both_ended = self.streams.low.has_ended() && self.streams.high.has_ended();
                if rst || both_ended {
                    self.finish(context)?;
                }
                Ok(())
            }
        }
    }

    /// Takes what is in order of what that end sent.
    fn pieces(
        &mut self,
        from: End,
        now: Option<DateTime>,
        context: &mut Context<'_>,
    ) -> Result<(), OutputError> {
        while let Some(piece) = self.streams.of_mut(from).pop() {
            let (at, content) = match piece {
                Piece::Bytes(at, bytes) => (at, ChunkContent::Bytes(bytes)),
                Piece::Missing(bytes) => (now, ChunkContent::Missing(bytes)),
            };
            self.chunk(Chunk { from, at, content }, context)?;
        }
        Ok(())
    }

    /// Shows a chunk, or keeps it until it is clear whether the connection is that of a tracker.
    fn chunk(&mut self, chunk: Chunk, context: &mut Context<'_>) -> Result<(), OutputError> {
        match &mut self.state {
            State::Tracker(tracker) => tracker.chunk(self.key, &chunk, context),
            State::Foreign => {
                context.sink.summary.foreign_bytes(chunk.len());
                Ok(())
            }
            State::Held(held) => {
                held.len = held.len.saturating_add(chunk.len());
                held.chunks.push(chunk);
                let sender = sender(self.key, &held.chunks, context.settings);
                held.has_frame |= sender.is_some();
                let (has_frame, is_full) = (held.has_frame, held.len > HELD_LIMIT);
                let device = self.device(sender.unwrap_or(Sender::Unknown), context.ports);
                match device {
                    Some(device) if has_frame || !context.ports.is_empty() => {
                        self.show(device, context)
                    }
                    _ if is_full => self.decide(context),
                    _ => Ok(()),
                }
            }
        }
    }

    /// The end at which the device is, if it is known.
    ///
    /// | what tells it | the device is |
    /// |---|---|
    /// | the beginning of the connection | who opened it |
    /// | `--port` | at the other port |
    /// | a frame | who sent it, or, if it is one of servers, who did not |
    fn device(&self, sender: Sender, ports: &[u16]) -> Option<End> {
        let is_server = |address: SocketAddr| ports.contains(&address.port());
        match (is_server(self.key.low), is_server(self.key.high), sender) {
            _ if self.opener.is_some() => self.opener,
            (true, false, _) => Some(End::High),
            (false, true, _) => Some(End::Low),
            (_, _, Sender::Device(end)) => Some(end),
            (_, _, Sender::Server(end)) => Some(end.other()),
            (_, _, Sender::Unknown) => None,
        }
    }

    /// Decides with what is there: it is shown if there is a frame in it, or if its port was asked
    /// for. If nothing else tells which end is the device, it is that with the higher port.
    fn decide(&mut self, context: &mut Context<'_>) -> Result<(), OutputError> {
        let State::Held(held) = &self.state else {
            return Ok(());
        };
        if held.chunks.is_empty() {
            return Ok(());
        }
        if held.has_frame || !context.ports.is_empty() {
            let by_number = if self.key.low.port() > self.key.high.port() {
                End::Low
            } else {
                End::High
            };
            let device = self.device(Sender::Unknown, context.ports);
            return self.show(device.unwrap_or(by_number), context);
        }
        context.sink.summary.foreign_connection();
        context.sink.summary.foreign_bytes(held.len);
        self.state = State::Foreign;
        Ok(())
    }

    /// Shows what was kept, and all that follows.
    fn show(&mut self, device: End, context: &mut Context<'_>) -> Result<(), OutputError> {
        let tracker = Tracker {
            device,
            connection: Connection::new(context.settings),
        };
        context.sink.summary.connection();
        let before = std::mem::replace(&mut self.state, State::Tracker(Box::new(tracker)));
        if let State::Held(held) = before {
            context.captures.shown.extend(held.captures);
            for chunk in held.chunks {
                self.chunk(chunk, context)?;
            }
        }
        Ok(())
    }

    /// Takes the rest, because the connection has ended, or the capture has. What comes after that
    /// all the same is of another connection.
    fn finish(&mut self, context: &mut Context<'_>) -> Result<(), OutputError> {
        for end in [End::Low, End::High] {
            self.streams.of_mut(end).finish();
            self.pieces(end, None, context)?;
        }
        self.decide(context)?;
        let state = std::mem::replace(&mut self.state, State::Held(Held::default()));
        if let State::Tracker(tracker) = state {
            let name = tracker.name(self.key);
            let origin = Origin {
                connection: Some(&name),
                ..Origin::UNKNOWN
            };
            tracker.connection.finish(origin, context.sink)?;
        }
        Ok(())
    }
}

impl Tracker {
    /// The name of the connection: where the device is.
    fn name(&self, key: Key) -> String {
        match self.device {
            End::Low => key.low.to_string(),
            End::High => key.high.to_string(),
        }
    }

    fn chunk(
        &mut self,
        key: Key,
        chunk: &Chunk,
        context: &mut Context<'_>,
    ) -> Result<(), OutputError> {
        let name = self.name(key);
        let origin = Origin {
            connection: Some(&name),
            at: chunk.at,
            is_utc: true,
            direction: if chunk.from == self.device {
                Direction::Up
            } else {
                Direction::Down
            },
        };
        match &chunk.content {
            ChunkContent::Bytes(bytes) => {
                context.sink.summary.read(bytes.len());
                match key.transport {
                    Transport::Tcp => self.connection.read(origin, bytes, context.sink),
                    Transport::Udp => self.connection.datagram(origin, bytes, context.sink),
                }
            }
            ChunkContent::Missing(bytes) => {
                context.sink.summary.missing(*bytes);
                context.messages.warn(Gap {
                    origin,
                    bytes: *bytes,
                });
                match key.transport {
                    Transport::Tcp => self.connection.skip(origin, context.sink),
                    Transport::Udp => Ok(()),
                }
            }
        }
    }
}

impl Chunk {
    fn len(&self) -> usize {
        match &self.content {
            ChunkContent::Bytes(bytes) => bytes.len(),
            ChunkContent::Missing(_) => 0,
        }
    }
}

/// Who sent a frame, by what it says.
#[derive(Clone, Copy)]
enum Sender {
    Device(End),
    Server(End),
    Unknown,
}

/// Who sent the first frame that tells, if there is a frame in what that end has sent so far which
/// sent the newest chunk.
fn sender(key: Key, chunks: &[Chunk], settings: Settings) -> Option<Sender> {
    let newest = chunks.last()?;
    let bytes: Vec<u8> = chunks
        .iter()
        .filter(|chunk| chunk.from == newest.from)
        // Each datagram is for itself; a frame may be in several segments.
        .skip_while(|chunk| key.transport == Transport::Udp && !std::ptr::eq(*chunk, newest))
        .flat_map(|chunk| match &chunk.content {
            ChunkContent::Bytes(bytes) => bytes.as_slice(),
            ChunkContent::Missing(_) => &[],
        })
        .copied()
        .collect();
    let mut senders = settings.datagram(&bytes).filter_map(|item| match item {
        Item::Frame(frame) => Some(match frame.direction() {
            Some(Direction::Up) => Sender::Device(newest.from),
            Some(_) => Sender::Server(newest.from),
            None => Sender::Unknown,
        }),
        Item::Noise(_) => None,
    });
    let first = senders.next()?;
    if matches!(first, Sender::Unknown) {
        return Some(
            senders
                .find(|sender| !matches!(sender, Sender::Unknown))
                .unwrap_or(first),
        );
    }
    Some(first)
}

/// Tells that bytes are missing.
struct Gap<'a> {
    origin: Origin<'a>,
    bytes: u64,
}

impl fmt::Display for Gap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, bytes } = self;
        let direction = match origin.direction {
            Direction::Down => "to",
            _ => "from",
        };
        let name = origin.connection.unwrap_or_default();
        write!(
            f,
            "{name}: {bytes} bytes {direction} the device are not in the capture"
        )?;
        match origin.at {
            Some(at) => write!(f, ", before {at} UTC"),
            None => write!(f, ", at its end"),
        }
    }
}
