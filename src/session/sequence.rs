//! Frames that come again, and frames that are missing.

use crate::{
    bytes::hash::Fnv,
    report::{Kind, Report},
    types::{Direction, Protocol},
};

/// The order of the frames of one connection: which of them came again, and how many are missing
/// between them.
///
/// It stands beside a [`Session`](crate::Session), for those who want to know.
///
/// ```
/// use gt02::{Direction, Frame, Report, session::Sequence};
/// let location = |serial: u8| {
///     let mut bytes = *b"\x68\x68\x25\x00\x00\x01\x23\x45\x67\x89\x01\x23\x45\x00\x01\
///         \x10\x01\x01\x01\x01\x01\x01\x02\x6b\x3f\x3e\x02\x6b\x3f\x3e\x00\x00\x00\x00\x00\
///         \x00\x00\x00\x00\x01\x0d\x0a";
///     bytes[14] = serial;
///     bytes
/// };
/// let mut sequence = Sequence::new();
/// let mut note = |serial| {
///     let order = sequence.note(&Report::new(&Frame::parse(&location(serial))?, Direction::Up));
///     Ok::<_, gt02::Error>((order.repeat, order.missed))
/// };
/// assert_eq!(note(7)?, (false, None));
/// assert_eq!(note(8)?, (false, Some(0)));
/// assert_eq!(note(11)?, (false, Some(2)));
/// assert_eq!(note(11)?, (true, None));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sequence {
    /// The last frame that was counted; `None` if the next one may have any serial.
    counted: Option<Counted>,
    /// The hashes of the last frames that have a serial or a time, the newest first.
    seen: [u64; 4],
}

/// A frame with a serial that can be relied upon.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Counted {
    protocol: Protocol,
    serial: u16,
    /// The frames since then that took a serial and did not send it.
    uncounted: u16,
}

/// The place of a frame in the [`Sequence`] of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Order {
    /// Whether one of the last four frames that have a serial or a time was this one, byte for
    /// byte: the device did not get the reply, or it has nothing new to say. Signs of life without
    /// either are equal every time, and are no repeats.
    ///
    /// A fix may come again in other bytes: see [`Report::key`].
    pub repeat: bool,
    /// The number of serials that were skipped since the frame before.
    ///
    /// `None` if it cannot be told: the frame has no serial, repeats an earlier one, is the first,
    /// or follows a login; or the device began to count anew. In `gt02` only the serials of
    /// locations count, and a heartbeat takes one without sending it: see
    /// ["The serial"](crate::manual::gt02).
    pub missed: Option<u16>,
}

impl Sequence {
    /// Creates the sequence of a new connection.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            counted: None,
            seen: [0; 4],
        }
    }

    /// Notes the next frame of the device, and returns its place. Frames from the server do not
    /// count.
    pub fn note(&mut self, report: &Report<'_>) -> Order {
        if report.direction == Direction::Down {
            return Order {
                repeat: false,
                missed: None,
            };
        }
        let repeat = self.has_seen(report);
        Order {
            repeat,
            missed: if repeat { None } else { self.count(report) },
        }
    }

    /// Returns whether one of the last frames was this one, and remembers it.
    fn has_seen(&mut self, report: &Report<'_>) -> bool {
        if report.serial.is_none() && report.time.is_none() {
            return false;
        }
        let hash = Fnv::of(report.as_bytes());
        if self.seen.contains(&hash) {
            return true;
        }
        let [newest, second, third, _] = self.seen;
        self.seen = [hash, newest, second, third];
        false
    }

    /// Returns the number of serials between the last frame and this one.
    ///
    /// | frame | its serial |
    /// |---|---|
    /// | heartbeat of `gt02` | is one that it does not send |
    /// | other frame of `gt02` without a place | is not established: the next one may be any |
    /// | login | begins anew |
    /// | any other | counts |
    fn count(&mut self, report: &Report<'_>) -> Option<u16> {
        let protocol = report.protocol;
        match (protocol, report.kind) {
            (Protocol::Gt02, Kind::Heartbeat) => {
                if let Some(last) = &mut self.counted {
                    last.uncounted = last.uncounted.saturating_add(1);
                }
                return None;
            }
            (Protocol::Gt02, kind) if kind != Kind::Location => {
                self.counted = None;
                return None;
            }
            _ => {}
        }
        let serial = report.serial?;
        let last = self.counted.replace(Counted {
            protocol,
            serial,
            uncounted: 0,
        })?;
        if last.protocol != protocol || report.kind == Kind::Login {
            return None;
        }
        let skipped = serial.wrapping_sub(last.serial).wrapping_sub(1);
        // More than half of all serials is a step back.
        (skipped < 1 << 15).then(|| skipped.saturating_sub(last.uncounted))
    }
}
