//! The formats of the input, and the parsers of their lines.

use crate::event::Origin;
use clap::ValueEnum;
use gt02::{Direction, types::DateTime};
use std::fmt;

/// The format of an input.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Log of a Traccar server, old or new
    Log,
    /// One read a line, in hex
    Hex,
    /// The bytes of one stream, as they are
    Raw,
}

impl Format {
    /// Recognises a format by the first bytes of the input. Returns `None` if that takes more
    /// bytes, or, with `end`, if there are none.
    ///
    /// A line of a log decides, whatever is around it; otherwise the first line that is hex, or not
    /// text, does.
    pub fn recognise(head: &[u8], end: bool) -> Option<Self> {
        let lines = || {
            head.split_inclusive(|&byte| byte == b'\n')
                .map(|line| (text(line), end || line.ends_with(b"\n")))
        };
        if lines().any(|(line, whole)| whole && line.is_some_and(is_log_line)) {
            return Some(Self::Log);
        }
        let format = lines().find_map(|(line, whole)| match line {
            None => Some(Self::Raw),
            Some(line) => (whole && is_hex_line(line)).then_some(Self::Hex),
        });
        format.or_else(|| (end && !head.trim_ascii().is_empty()).then_some(Self::Raw))
    }
}

/// Returns the line if it is text: UTF-8, whose last character may be cut off, without control
/// characters other than white space and escape.
fn text(line: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(line.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains(|c: char| c.is_control() && !c.is_whitespace() && c != '\x1b')).then_some(text)
}

/// The meaning of a line.
pub enum Line<'a> {
    /// Bytes went over the connection, in hex. The peer tells devices apart that share a
    /// connection, as all do in UDP.
    Read {
        origin: Origin<'a>,
        peer: &'a str,
        hex: &'a str,
    },
    /// The connection begins or has ended.
    Boundary(Origin<'a>),
    /// Nothing about bytes.
    Other,
}

/// Reads a line of a log, such as one of these:
///
/// ```text
/// 2026-05-04 06:00:02  INFO: [T3f0a91c2: gt02 < 10.20.0.7] 6868...
/// 2013-01-16 15:32:08 DEBUG: [4E3A0C1B: 5022 < 10.0.0.7:1234] HEX: 6868...
/// 2026-05-04 06:00:02  INFO: [T3f0a91c2] disconnected
/// ```
pub fn log_line(line: &str) -> Line<'_> {
    in_brackets(line)
        .and_then(|(head, tag, tail)| connection_line(head, tag, tail.trim()))
        .unwrap_or(Line::Other)
}

/// Returns the text before the last brackets, in them, and after them.
fn in_brackets(line: &str) -> Option<(&str, &str, &str)> {
    let (head, rest) = line.rsplit_once('[')?;
    let (tag, tail) = rest.split_once(']')?;
    Some((head, tag, tail))
}

/// The most characters in the id of a connection. Traccar's have 9; a line with more is not of a
/// log, and its id would be kept in memory.
const MAX_ID: usize = 64;

/// Reads a line by what [`in_brackets`] found, if it is about a connection.
fn connection_line<'a>(head: &'a str, tag: &'a str, tail: &'a str) -> Option<Line<'a>> {
    let (connection, link) = tag.split_at_checked(
        tag.find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(tag.len()),
    )?;
    if connection.is_empty() || connection.len() > MAX_ID {
        return None;
    }
    let at = head
        .char_indices()
        .find_map(|(start, _)| timestamp(head.get(start..)?));
    let origin = |direction| Origin {
        connection: Some(connection),
        at,
        direction,
    };
    let read = |direction, peer: &'a str| Line::Read {
        origin: origin(direction),
        peer: peer.trim(),
        hex: tail.strip_prefix("HEX:").unwrap_or(tail),
    };
    if let Some((_, peer)) = link.split_once('<') {
        Some(read(Direction::Up, peer))
    } else if let Some((_, peer)) = link.split_once('>') {
        Some(read(Direction::Down, peer))
    } else {
        (link.is_empty() && matches!(tail, "connected" | "disconnected"))
            .then(|| Line::Boundary(origin(Direction::Up)))
    }
}

/// The date and time that `text` begins with: `2026-05-04 06:00:02`, or the same with a `T`.
fn timestamp(text: &str) -> Option<DateTime> {
    let [
        b'2',
        b'0',
        _,
        _,
        b'-',
        _,
        _,
        b'-',
        _,
        _,
        b' ' | b'T',
        _,
        _,
        b':',
        _,
        _,
        b':',
        ..,
    ] = text.as_bytes()
    else {
        return None;
    };
    let number = |start: usize| text.get(start..start.saturating_add(2))?.parse().ok();
    let time = DateTime {
        year: number(2)?,
        month: number(5)?,
        day: number(8)?,
        hour: number(11)?,
        minute: number(14)?,
        second: number(17)?,
    };
    time.is_valid().then_some(time)
}

fn is_log_line(line: &str) -> bool {
    timestamp(line).is_some() || !matches!(log_line(line), Line::Other)
}

/// Reads a line of hex: optionally `<` or `>` for the direction, hex, and optionally a comment
/// after `#`.
pub fn hex_line(line: &str) -> Line<'_> {
    let content = line
        .split_once('#')
        .map_or(line, |(content, _)| content)
        .trim_start_matches('\u{feff}')
        .trim();
    let (direction, hex) = match content.strip_prefix('>') {
        Some(hex) => (Direction::Down, hex),
        None => (Direction::Up, content.strip_prefix('<').unwrap_or(content)),
    };
    if hex.is_empty() {
        return Line::Other;
    }
    Line::Read {
        origin: Origin {
            connection: None,
            at: None,
            direction,
        },
        peer: "",
        hex,
    }
}

/// Whether the line looks like hex, even if a digit is missing.
fn is_hex_line(line: &str) -> bool {
    let Line::Read { hex, .. } = hex_line(line) else {
        return false;
    };
    let mut digits = tokens(hex).peekable();
    digits.peek().is_some()
        && digits.all(|token| token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The groups of digits, without the characters between and before them.
fn tokens(hex: &str) -> impl Iterator<Item = &str> {
    hex.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-'))
        .map(|token| {
            token
                .strip_prefix("0x")
                .or_else(|| token.strip_prefix("0X"))
                .unwrap_or(token)
        })
        .filter(|token| !token.is_empty())
}

/// What is wrong with a line.
pub enum LineError {
    /// There is something else than hex in it, or half a byte in the middle.
    NotHex,
    /// The last byte is only half there.
    HalfByte,
    /// There is more of it than is read.
    TooLong,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotHex => "not hex: the line is left out",
            Self::HalfByte => "odd number of hex digits: the last one is left out",
            Self::TooLong => "longer than 1 MiB: the rest of the line is left out",
        })
    }
}

/// Appends the bytes that `hex` stands for to `bytes`, those before half a byte too.
pub fn decode_hex(hex: &str, bytes: &mut Vec<u8>) -> Result<(), LineError> {
    bytes.clear();
    let mut tokens = tokens(hex).peekable();
    while let Some(token) = tokens.next() {
        let start = bytes.len();
        let Some((digits, half)) = token.split_at_checked(token.len() & !1) else {
            return not_hex(bytes);
        };
        bytes.resize(start.saturating_add(digits.len() / 2), 0);
        let is_hex = bytes
            .get_mut(start..)
            .is_some_and(|room| hex::decode_to_slice(digits, room).is_ok());
        match half.as_bytes() {
            [] if is_hex => {}
            [digit] if is_hex && digit.is_ascii_hexdigit() && tokens.peek().is_none() => {
                return Err(LineError::HalfByte);
            }
            _ => return not_hex(bytes),
        }
    }
    Ok(())
}

fn not_hex(bytes: &mut Vec<u8>) -> Result<(), LineError> {
    bytes.clear();
    Err(LineError::NotHex)
}
