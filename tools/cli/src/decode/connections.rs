//! The decoder and the session of each connection.

use super::{
    capture::{Data, LineError, decode_hex, decode_text, is_printable},
    event::{Event, Origin, OutputError, Sink, utc_date_time},
};
use gt02::{
    Datagram, Decoder, Direction, Frame, Session,
    types::{DateTime, UtcOffset},
};
use lru::LruCache;

/// The number of connections of a log that are kept at a time. Otherwise a log that does not say
/// when connections end would fill the memory.
const OPEN_LIMIT: usize = 4096;

/// Bytes in the largest frame of a stream. Known messages have a few hundred. A length of two bytes
/// can claim 65,541; with room for that the connections could fill 512 MiB of memory, not 32.
const MAX_FRAME: usize = 4096;

/// How the bytes of all connections are decoded.
#[derive(Clone, Copy)]
pub struct Settings {
    /// Whether frames with a wrong checksum are accepted.
    pub accept_bad_checksums: bool,
    /// Whether all frames of a device are answered, also those that need no answer.
    pub reply_to_all: bool,
    /// How far the log's clock runs ahead of UTC, if that is known.
    pub log_offset: Option<UtcOffset>,
}

impl Settings {
    /// Decodes one datagram.
    pub fn datagram(self, bytes: &[u8]) -> Datagram<'_> {
        let datagram = Datagram::new(bytes);
        if self.accept_bad_checksums {
            datagram.accept_bad_checksums()
        } else {
            datagram
        }
    }

    /// The time in UTC at which bytes of that origin came or went.
    fn utc(self, origin: Origin<'_>) -> Option<DateTime> {
        if origin.is_utc {
            return origin.at;
        }
        utc_date_time(origin.at?, self.log_offset?)
    }
}

/// Both directions of one conversation with a device.
pub struct Connection {
    settings: Settings,
    session: Session,
    up: Decoder<MAX_FRAME>,
    down: Decoder<MAX_FRAME>,
    /// Whether bytes of it were written as text before.
    has_text: bool,
}

impl Connection {
    pub fn new(settings: Settings) -> Self {
        let session = if settings.reply_to_all {
            Session::new().reply_to_all()
        } else {
            Session::new()
        };
        let decoder = || {
            if settings.accept_bad_checksums {
                Decoder::new().accept_bad_checksums()
            } else {
                Decoder::new()
            }
        };
        Self {
            settings,
            session,
            up: decoder(),
            down: decoder(),
            has_text: false,
        }
    }

    /// Puts the bytes that a line writes into `bytes`. There are no bytes in a comment.
    pub fn take(
        &mut self,
        direction: Direction,
        data: Data<'_>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), LineError> {
        match data {
            Data::Hex(hex) => decode_hex(hex, bytes),
            Data::Text(text) => {
                self.has_text = true;
                decode_text(text, bytes);
                Ok(())
            }
            Data::HexOrText(digits) => {
                let result = decode_hex(digits, bytes);
                // As hex, a log that has texts writes only what is not printable.
                let is_text = self.has_text
                    && (result.is_err() || is_printable(bytes) || self.is_open(direction));
                if is_text {
                    decode_text(digits, bytes);
                    return Ok(());
                }
                result
            }
            Data::Rest(text) => {
                bytes.clear();
                if self.has_text && self.is_open(direction) {
                    // The line end, which is a part of the frame.
                    decode_text(&format!("\r\n{text}"), bytes);
                    Ok(())
                } else if text.starts_with('#') {
                    Ok(())
                } else {
                    Err(LineError::NotHex)
                }
            }
        }
    }

    /// Whether a frame has begun in that direction, and its end did not come yet.
    fn is_open(&mut self, direction: Direction) -> bool {
        let pending = self.decoder(direction).pending();
        !pending.is_empty() && Frame::parse(pending).is_err()
    }

    fn decoder(&mut self, direction: Direction) -> &mut Decoder<MAX_FRAME> {
        match direction {
            Direction::Down => &mut self.down,
            _ => &mut self.up,
        }
    }

    /// Takes the bytes of one read of the stream.
    pub fn read(
        &mut self,
        origin: Origin<'_>,
        mut bytes: &[u8],
        sink: &mut Sink,
    ) -> Result<(), OutputError> {
        let decoder = match origin.direction {
            Direction::Down => &mut self.down,
            _ => &mut self.up,
        };
        let now = self.settings.utc(origin);
        while let Some(item) = decoder.decode(&mut bytes) {
            sink.event(&Event::new(origin, item, &mut self.session, now))?;
        }
        Ok(())
    }

    /// Takes the bytes of one datagram.
    pub fn datagram(
        &mut self,
        origin: Origin<'_>,
        bytes: &[u8],
        sink: &mut Sink,
    ) -> Result<(), OutputError> {
        let now = self.settings.utc(origin);
        let mut items = self.settings.datagram(bytes);
        items.try_for_each(|item| sink.event(&Event::new(origin, item, &mut self.session, now)))
    }

    /// Decides what is pending, because the bytes that follow in the direction of `origin` are
    /// missing.
    pub fn skip(&mut self, origin: Origin<'_>, sink: &mut Sink) -> Result<(), OutputError> {
        let now = self.settings.utc(origin);
        let decoder = match origin.direction {
            Direction::Down => &mut self.down,
            _ => &mut self.up,
        };
        while let Some(item) = decoder.finish() {
            sink.event(&Event::new(origin, item, &mut self.session, now))?;
        }
        Ok(())
    }

    /// Decides what is pending, because no more bytes will come, and shows it with the time and
    /// connection of `origin`.
    pub fn finish(mut self, origin: Origin<'_>, sink: &mut Sink) -> Result<(), OutputError> {
        let now = self.settings.utc(origin);
        for (direction, mut decoder) in [(Direction::Up, self.up), (Direction::Down, self.down)] {
            sink.summary.pending(decoder.pending().len());
            while let Some(item) = decoder.finish() {
                sink.event(&Event::new(
                    Origin {
                        direction,
                        ..origin
                    },
                    item,
                    &mut self.session,
                    now,
                ))?;
            }
        }
        Ok(())
    }
}

/// The open connections of a log, at most [`OPEN_LIMIT`].
pub struct Connections {
    settings: Settings,
    open: LruCache<String, Connection>,
}

impl Connections {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            open: LruCache::unbounded(),
        }
    }

    /// Creates a connection that no log names. The caller owns it.
    pub fn unnamed(&self) -> Connection {
        Connection::new(self.settings)
    }

    /// Returns the connection of that id. If there are too many, the one that was silent longest is
    /// finished.
    pub fn get(&mut self, id: &str, sink: &mut Sink) -> Result<&mut Connection, OutputError> {
        if !self.open.contains(id) {
            if self.open.len() >= OPEN_LIMIT {
                self.finish_oldest(sink)?;
            }
            sink.summary.connection();
        }
        Ok(self
            .open
            .get_or_insert_mut_ref(id, || Connection::new(self.settings)))
    }

    /// Finishes the connection that `origin` names, and forgets it.
    pub fn close(&mut self, origin: Origin<'_>, sink: &mut Sink) -> Result<(), OutputError> {
        match origin.connection.and_then(|id| self.open.pop(id)) {
            Some(connection) => connection.finish(origin, sink),
            None => Ok(()),
        }
    }

    /// Finishes all connections.
    pub fn finish(&mut self, sink: &mut Sink) -> Result<(), OutputError> {
        while self.finish_oldest(sink)? {}
        Ok(())
    }

    /// Finishes the connection that was silent longest. Returns `true` if there was one.
    fn finish_oldest(&mut self, sink: &mut Sink) -> Result<bool, OutputError> {
        let Some((id, connection)) = self.open.pop_lru() else {
            return Ok(false);
        };
        connection.finish(
            Origin {
                connection: Some(&id),
                ..Origin::UNKNOWN
            },
            sink,
        )?;
        Ok(true)
    }
}
