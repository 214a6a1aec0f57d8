//! JSON Lines: an outcome or noise as `serde` writes it, with fields that only the input knows.

use crate::event::{Content, Event, Output};
use gt02::{Direction, types::DateTime};
use serde::Serialize;
use std::io::{self, Write};

/// One line.
#[derive(Serialize)]
struct Line<'a> {
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

/// Writes one object per line.
pub struct JsonLines<W> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Output for JsonLines<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let direction = match event.content {
            Content::Noise(_) if event.origin.direction == Direction::Down => Some(Direction::Down),
            _ => None,
        };
        let line = Line {
            connection: event.origin.connection,
            at: event.origin.at,
            direction,
            content: &event.content,
            crc_ok: (!event.crc_ok).then_some(false),
            raw: hex::encode(event.raw),
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
