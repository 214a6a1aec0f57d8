//! The events that the input is turned into: one [`Event`] for each frame and each stretch of
//! noise, on its way to an [`Output`].

use super::summary::Summary;
use gt02::{
    Direction, Frame, Item, Noise, Outcome, Session,
    types::{DateTime, UtcOffset},
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::io;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The origin of bytes, as far as the input says.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The id of the connection in a server's log.
    pub connection: Option<&'a str>,
    /// The time at which the server received or sent them.
    pub at: Option<DateTime>,
    /// Whether that time is in UTC. Otherwise it is by the log's own clock.
    pub is_utc: bool,
    /// The direction in which they went.
    pub direction: Direction,
}

impl Origin<'_> {
    /// Nothing is known; so it is taken to come from a device.
    pub const UNKNOWN: Self = Self {
        connection: None,
        at: None,
        is_utc: false,
        direction: Direction::Up,
    };
}

/// A frame or noise.
pub struct Event<'a> {
    pub origin: Origin<'a>,
    pub content: Content<'a>,
    /// `false` only for a frame with a wrong checksum.
    pub crc_ok: bool,
    pub raw: &'a [u8],
}

/// The decoded content of the bytes.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Content<'a> {
    Frame(Outcome<'a>),
    Noise(Noise<'a>),
}

impl<'a> Event<'a> {
    /// Decodes `item` in the course of `session`. Frames whose answer has the time are answered if
    /// `now`, in UTC, is known.
    ///
    /// Every frame in the bytes of a server is on its way down: it is not answered, and does not
    /// change the device of the session.
    pub fn new(
        origin: Origin<'a>,
        item: Item<'a>,
        session: &mut Session,
        now: Option<DateTime>,
    ) -> Self {
        let content = match (item, origin.direction, now) {
            (Item::Noise(noise), _, _) => Content::Noise(noise),
            (Item::Frame(frame), Direction::Down, _) => {
                Content::Frame(session.observe_downlink(&frame))
            }
            (Item::Frame(frame), _, None) => Content::Frame(session.handle(&frame)),
            (Item::Frame(frame), _, Some(now)) => Content::Frame(session.handle_at(&frame, now)),
        };
        let crc_ok = match item {
            Item::Frame(Frame::Gt06(frame)) => frame.crc_ok(),
            Item::Frame(Frame::V680(frame)) => frame.sums_ok(),
            _ => true,
        };
        Self {
            origin,
            content,
            crc_ok,
            raw: item.as_bytes(),
        }
    }
}

/// What the JSON of an event has, and what only the input knows: `connection`, `at`, `crc_ok` and
/// `raw`.
#[derive(Serialize)]
pub struct Fields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime>,
    /// The direction of noise, left out if up; a frame has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    #[serde(flatten)]
    content: &'a Content<'a>,
    /// `false` for a frame with a wrong checksum, otherwise left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    crc_ok: Option<bool>,
    raw: String,
}

impl<'a> From<&'a Event<'a>> for Fields<'a> {
    fn from(event: &'a Event<'a>) -> Self {
        let direction = match event.content {
            Content::Noise(_) if event.origin.direction == Direction::Down => Some(Direction::Down),
            _ => None,
        };
        Self {
            connection: event.origin.connection,
            at: event.origin.at,
            direction,
            content: &event.content,
            crc_ok: (!event.crc_ok).then_some(false),
            raw: hex::encode(event.raw),
        }
    }
}

/// The names and values of [`Fields`].
pub fn fields(event: &Event<'_>) -> io::Result<Map<String, Value>> {
    match serde_json::to_value(Fields::from(event))? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// A way to show events.
pub trait Output {
    /// Takes the next event.
    fn event(&mut self, event: &Event<'_>) -> io::Result<()>;

    /// Shows what was taken so far, if that can be shown already.
    fn flush(&mut self) -> io::Result<()>;

    /// Shows the rest.
    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}

/// The output could not be written.
pub struct OutputError(pub io::Error);

/// Takes all events: counts them, and hands them to the output.
pub struct Sink {
    pub summary: Summary,
    output: Box<dyn Output>,
}

impl Sink {
    pub fn new(output: Box<dyn Output>) -> Self {
        Self {
            summary: Summary::default(),
            output,
        }
    }

    pub fn event(&mut self, event: &Event<'_>) -> Result<(), OutputError> {
        self.summary.event(event);
        self.output.event(event).map_err(OutputError)
    }

    pub fn flush(&mut self) -> Result<(), OutputError> {
        self.output.flush().map_err(OutputError)
    }

    pub fn finish(&mut self) -> Result<(), OutputError> {
        self.output.finish().map_err(OutputError)
    }
}

/// The instant at which a device's clock, which runs `offset` ahead of UTC, shows `time`.
pub fn utc(time: DateTime, offset: UtcOffset) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(time.to_unix(offset)?).ok()
}

/// Like [`utc`], in the form that a session takes.
pub fn utc_date_time(time: DateTime, offset: UtcOffset) -> Option<DateTime> {
    let utc = utc(time, offset)?;
    let year = u8::try_from(utc.year().checked_sub(2000)?).ok()?;
    Some(DateTime {
        year,
        month: utc.month().into(),
        day: utc.day(),
        hour: utc.hour(),
        minute: utc.minute(),
        second: utc.second(),
    })
}

/// Like [`utc`], as text: `2026-05-04T06:00:02Z`.
pub fn utc_text(time: DateTime, offset: UtcOffset) -> Option<String> {
    utc(time, offset)?.format(&Rfc3339).ok()
}
