//! A whole connection: decoder, session and deadlines, with time as a parameter.
//!
//! # UDP
//! A datagram has whole frames, so a peer needs no [`Connection`]: split it by
//! [`Datagram`](crate::Datagram), and keep a [`Session`] for each address, with the time of its
//! last frame. What to know of peers:
//!
//! - Only few frames of `gt06` name the device. After the operator has given the device another
//!   address, its frames have no device until it logs in again, and get their replies all the same.
//! - A peer says no goodbye. Forget it after a time in which it should have reported several times,
//!   such as 30 minutes, and bound how many are kept: any address may send.
//! - Reply to the address that the datagram came from, from the socket that received it: routers
//!   let nothing else through.
//! - What the socket's receive buffer has no room for is lost without notice. Some thousand devices
//!   need more than its default.
//!
//! The example `udp_server` is such a server.

use crate::{
    decoder::{Decoder, Wait},
    protocol::Frame,
    scan::{Item, Noise, Rest},
    session::{Order, Outcome, Sequence, Session},
    types::DateTime,
};
use core::time::Duration;

/// The time, as the caller's clocks show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Now {
    /// The time since any start, the same for all calls: a clock that is never set back. Time that
    /// goes back counts as time that stands still.
    pub since: Duration,
    /// The time of day, UTC, for the frames whose reply carries it; see
    /// [`Session::handle_at`]. Without it these frames get no reply.
    pub utc: Option<DateTime>,
}

impl Now {
    /// Creates a time without a time of day.
    #[must_use]
    pub const fn new(since: Duration) -> Self {
        Self { since, utc: None }
    }

    /// Sets the time of day, UTC.
    #[must_use]
    pub const fn with_utc(self, utc: DateTime) -> Self {
        Self {
            utc: Some(utc),
            ..self
        }
    }
}

/// How long a connection may be quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Limits {
    /// How long no byte comes before a pending frame is taken to be whole.
    pub silence: Duration,
    /// How long no byte comes before the beginning of a frame is taken for noise.
    pub rest: Duration,
    /// How long a device may take to say who it is, before it is [`Nameless`](Event::Nameless).
    pub login: Duration,
    /// How long no frame comes before the device is [`Overdue`](Event::Overdue); `None` if it never
    /// is.
    pub overdue: Option<Duration>,
    /// How long no frame comes before the connection is [`Dead`](Event::Dead).
    pub dead: Duration,
}

impl Limits {
    /// Limits that suit most devices: 300 ms for silence, 5 s for the rest of a frame, 60 s for the
    /// login, 10 minutes to be overdue, 30 minutes to be dead.
    pub const DEFAULT: Self = Self {
        silence: Duration::from_millis(300),
        rest: Duration::from_secs(5),
        login: Duration::from_secs(60),
        overdue: Some(Duration::from_secs(10 * 60)),
        dead: Duration::from_secs(30 * 60),
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What happened on a [`Connection`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[expect(clippy::large_enum_variant, reason = "most events are frames")]
pub enum Event<'a> {
    /// A frame of the device.
    #[non_exhaustive]
    Frame {
        /// The frame.
        frame: Frame<'a>,
        /// Its report, and the reply to send back.
        outcome: Outcome<'a>,
        /// Whether it came before, and whether frames are missing before it.
        order: Order,
    },
    /// Bytes that belong to no frame. A run of noise may come in pieces.
    Noise(Noise<'a>),
    /// The device has sent no frame for longer than [`Limits::overdue`]. It comes once after each
    /// frame.
    Overdue,
    /// No frame has named a device for [`Limits::login`]: close the connection. It comes once.
    Nameless,
    /// No frame came for [`Limits::dead`]: close the connection. It comes once after each frame.
    Dead,
}

/// A connection of a device: bytes and times go in, frames, noise and passed deadlines come out.
///
/// It has no socket and no clock. `N` is the size of the [decoder](Decoder)'s buffer, in bytes. A
/// server calls
///
/// 1. [`receive`](Self::receive) with each read, until it returns `None`;
/// 2. [`deadline`](Self::deadline) before it waits, and [`timeout`](Self::timeout) if nothing was
///    read by then, until it returns `None`;
/// 3. [`end`](Self::end) when the peer has closed the connection, until it returns `None`.
///
/// A frame comes out with its last byte, or [`silence`](Limits::silence) after it where only
/// silence shows that it is whole. With all five protocols a connection takes fewer than 1,250
/// bytes beside its buffer; where there are many, [`idle`](Self::idle) keeps those that are silent
/// without it.
///
/// ```
/// use core::time::Duration;
/// use gt02::connection::{Connection, Event, Limits, Now};
///
/// let at = |ms| Now::new(Duration::from_millis(ms));
/// let mut connection = Connection::<1024>::new(Limits::DEFAULT, at(0));
/// let mut input =
///     &b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a"[..];
/// while let Some(event) = connection.receive(&mut input, at(20)) {
///     if let Event::Frame { outcome, .. } = event {
///         assert_eq!(outcome.reply.as_deref(), Some(&b"\x54\x68\x1a\x0d\x0a"[..]));
///     }
/// }
/// # #[cfg(feature = "v680")] {
/// // The end mark of this frame may also begin the next one.
/// let mut input = &b"#356588220000003##"[..];
/// assert!(connection.receive(&mut input, at(500)).is_none());
/// assert_eq!(connection.deadline(), Some(Duration::from_millis(800)));
/// assert!(matches!(connection.timeout(at(800)), Some(Event::Frame { .. })));
/// assert!(connection.timeout(at(800)).is_none());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Connection<const N: usize> {
    decoder: Decoder<N>,
    device: Device,
    /// Whether the pending bytes are being given out, because no byte follows them.
    is_finishing: bool,
    /// Whether the peer has closed the connection.
    has_ended: bool,
}

/// A [`Connection`] without its decoder, while no bytes are pending: what a server may keep of a
/// device that is silent, fewer than 300 bytes.
///
/// ```
/// use core::time::Duration;
/// use gt02::connection::{Connection, Event, Idle, Limits, Now};
///
/// let now = Now::new(Duration::ZERO);
/// let mut connection = Connection::<1024>::new(Limits::DEFAULT, now);
/// let heartbeat =
///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
/// let mut input = &heartbeat[..];
/// while connection.receive(&mut input, now).is_some() {}
/// let idle: Idle = connection.idle().unwrap();
/// assert_eq!(idle.deadline(), Some(Duration::from_secs(600)));
///
/// // When the device is heard again.
/// let mut connection: Connection<1024> = idle.resume();
/// let mut input = &heartbeat[..7];
/// assert!(connection.receive(&mut input, now).is_none());
/// // The beginning of a frame is pending.
/// assert!(connection.idle().is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Idle {
    device: Device,
    rest: Rest,
}

impl Idle {
    /// Creates the connection of a device, which has just been opened: what
    /// [`Connection::idle`] returns of a new one.
    #[must_use]
    pub const fn new(limits: Limits, now: Now) -> Self {
        Self {
            device: Device::new(limits, now, Session::new()),
            rest: Rest::START,
        }
    }

    /// Returns the connection, which goes on where it was.
    #[must_use]
    pub const fn resume<const N: usize>(self) -> Connection<N> {
        Connection {
            decoder: Decoder::resume(self.rest),
            device: self.device,
            is_finishing: false,
            has_ended: false,
        }
    }

    /// Returns the time by which [`Connection::timeout`] is to be called if no byte comes until
    /// then; `None` if nothing is left to wait for.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let has_device = self.session().device().is_some();
        self.device
            .deadlines
            .next(|| Wait::Nothing, false, has_device)
    }

    /// Returns the session, for the device of the connection and for commands.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.device.session
    }
}

/// What frames change: all of a connection except the decoder, which lends the frame meanwhile.
#[derive(Clone, Debug)]
struct Device {
    session: Session,
    sequence: Sequence,
    deadlines: Deadlines,
}

/// The deadlines of a connection: its limits, and when bytes and frames came.
#[derive(Clone, Debug)]
pub(crate) struct Deadlines {
    pub(crate) limits: Limits,
    /// When the connection was opened.
    opened: Duration,
    /// When the last byte came.
    byte: Duration,
    /// When the last frame came; at first, when the connection was opened.
    frame: Duration,
    is_overdue: bool,
    is_nameless: bool,
    is_dead: bool,
}

/// A deadline that has passed: the event of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    Overdue,
    Nameless,
    Dead,
}

impl Deadlines {
    /// The deadlines of a connection that is opened now.
    pub(crate) const fn new(limits: Limits, now: Duration) -> Self {
        Self {
            limits,
            opened: now,
            byte: now,
            frame: now,
            is_overdue: false,
            is_nameless: false,
            is_dead: false,
        }
    }

    /// Notes that bytes came.
    pub(crate) fn note_bytes(&mut self, now: Duration) {
        self.byte = self.byte.max(now);
    }

    /// Notes that a frame came.
    pub(crate) fn note_frame(&mut self, now: Duration) {
        self.frame = self.frame.max(now);
        self.is_overdue = false;
        self.is_dead = false;
    }

    /// The next deadline of a connection whose pending bytes wait for this. If they are being given
    /// out, it has passed.
    pub(crate) fn next(
        &self,
        wait: impl FnOnce() -> Wait,
        is_finishing: bool,
        has_device: bool,
    ) -> Option<Duration> {
        if is_finishing {
            return Some(self.byte);
        }
        let deadlines = [
            self.finish_at(wait()),
            self.overdue_at(),
            self.nameless_at(has_device),
            self.dead_at(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Whether bytes that wait for this are given out by now, because no byte follows them.
    pub(crate) fn is_finishing(&self, wait: Wait, now: Duration) -> bool {
        self.finish_at(wait).is_some_and(|at| at <= now)
    }

    /// Returns a deadline that has passed by now, once.
    pub(crate) fn pass(&mut self, has_device: bool, now: Duration) -> Option<Passed> {
        let has_passed = |at: Option<Duration>| at.is_some_and(|at| at <= now);
        if has_passed(self.dead_at()) {
            self.is_dead = true;
            return Some(Passed::Dead);
        }
        if has_passed(self.nameless_at(has_device)) {
            self.is_nameless = true;
            return Some(Passed::Nameless);
        }
        if has_passed(self.overdue_at()) {
            self.is_overdue = true;
            return Some(Passed::Overdue);
        }
        None
    }

    /// When the pending bytes are given out, because no byte follows them.
    fn finish_at(&self, wait: Wait) -> Option<Duration> {
        let limit = match wait {
            Wait::Nothing => return None,
            Wait::Silence => self.limits.silence,
            Wait::Rest => self.limits.rest,
        };
        Some(self.byte.saturating_add(limit))
    }

    fn overdue_at(&self) -> Option<Duration> {
        let limit = self.limits.overdue.filter(|_| !self.is_overdue)?;
        Some(self.frame.saturating_add(limit))
    }

    fn nameless_at(&self, has_device: bool) -> Option<Duration> {
        let is_waiting = !self.is_nameless && !has_device;
        is_waiting.then(|| self.opened.saturating_add(self.limits.login))
    }

    fn dead_at(&self) -> Option<Duration> {
        (!self.is_dead).then(|| self.frame.saturating_add(self.limits.dead))
    }
}

impl<const N: usize> Connection<N> {
    /// Creates the connection of a device, which has just been opened.
    #[must_use]
    pub const fn new(limits: Limits, now: Now) -> Self {
        Self::with_session(limits, now, Session::new())
    }

    /// Creates a connection with a session that replies as the caller wants it: see
    /// [`Session::reply_to_all`].
    #[must_use]
    pub const fn with_session(limits: Limits, now: Now, session: Session) -> Self {
        Self {
            decoder: Decoder::new(),
            device: Device::new(limits, now, session),
            is_finishing: false,
            has_ended: false,
        }
    }

    /// Returns the next frame or noise of the stream, which goes on with `input`, and advances
    /// `input` past the bytes that were used. Returns `None` when all of it was used.
    #[must_use = "an event that is dropped is lost"]
    pub fn receive<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8], now: Now) -> Option<Event<'s>> {
        if !input.is_empty() {
            self.device.deadlines.note_bytes(now.since);
            self.is_finishing = false;
        }
        let item = self.decoder.decode(input)?;
        Some(self.device.event(item, now))
    }

    /// Returns the time by which [`timeout`](Self::timeout) is to be called if no byte comes until
    /// then, on the clock of [`Now::since`]; `None` if nothing is left to wait for.
    ///
    /// It looks at all pending bytes: ask when a read would block, not after each event.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        if self.has_ended {
            return None;
        }
        let wait = || self.decoder.wait();
        let deadlines = &self.device.deadlines;
        deadlines.next(wait, self.is_finishing, self.has_device())
    }

    const fn has_device(&self) -> bool {
        self.device.session.device().is_some()
    }

    /// Returns what happened because no byte came until now: pending frames and noise, and
    /// deadlines that have passed. Returns `None` if there is no more; it may be called too early.
    #[must_use = "an event that is dropped is lost"]
    pub fn timeout(&mut self, now: Now) -> Option<Event<'_>> {
        if self.has_ended {
            return None;
        }
        if !self.is_finishing {
            let wait = self.decoder.wait();
            self.is_finishing = self.device.deadlines.is_finishing(wait, now.since);
        }
        if self.is_pending() {
            return self.finish(now);
        }
        let has_device = self.has_device();
        let passed = self.device.deadlines.pass(has_device, now.since)?;
        Some(match passed {
            Passed::Overdue => Event::Overdue,
            Passed::Nameless => Event::Nameless,
            Passed::Dead => Event::Dead,
        })
    }

    /// Returns what is pending when the peer has closed the connection. Returns `None` if there is
    /// no more.
    #[must_use = "an event that is dropped is lost"]
    pub fn end(&mut self, now: Now) -> Option<Event<'_>> {
        self.has_ended = true;
        self.is_finishing = true;
        if self.is_pending() {
            return self.finish(now);
        }
        None
    }

    /// Returns whether pending bytes are being given out; if all of them were, ends that.
    fn is_pending(&mut self) -> bool {
        let is_pending = self.is_finishing && self.decoder.pending_len() > 0;
        if self.is_finishing && !is_pending {
            // Nothing is left; the decoder is at the start of a stream then.
            let _ = self.decoder.finish();
            self.is_finishing = false;
        }
        is_pending
    }

    fn finish(&mut self, now: Now) -> Option<Event<'_>> {
        let item = self.decoder.finish()?;
        Some(self.device.event(item, now))
    }

    /// Returns what is to be kept of the connection if no bytes are pending and the peer has not
    /// closed it. Ask when [`receive`](Self::receive) or [`timeout`](Self::timeout) has returned
    /// `None`.
    #[must_use]
    pub fn idle(&self) -> Option<Idle> {
        if self.has_ended || self.is_finishing {
            return None;
        }
        let rest = self.decoder.rest()?;
        let device = self.device.clone();
        Some(Idle { device, rest })
    }

    /// Returns the session, for the device of the connection and for commands.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.device.session
    }

    /// Returns the limits, which may be changed at any time.
    pub const fn limits_mut(&mut self) -> &mut Limits {
        &mut self.device.deadlines.limits
    }
}

impl Device {
    const fn new(limits: Limits, now: Now, session: Session) -> Self {
        Self {
            session,
            sequence: Sequence::new(),
            deadlines: Deadlines::new(limits, now.since),
        }
    }

    fn event<'a>(&mut self, item: Item<'a>, now: Now) -> Event<'a> {
        let frame = match item {
            Item::Frame(frame) => frame,
            Item::Noise(noise) => return Event::Noise(noise),
        };
        self.deadlines.note_frame(now.since);
        let outcome = match now.utc {
            Some(utc) => self.session.handle_at(&frame, utc),
            None => self.session.handle(&frame),
        };
        let order = self.sequence.note(&outcome.report);
        Event::Frame {
            frame,
            outcome,
            order,
        }
    }
}
