//! The formats of the input, and the parsers of their lines.

use super::event::Origin;
use clap::ValueEnum;
use gt02::{Datagram, Direction, Item, Protocol, Sniff, sniff, types::DateTime};
use std::fmt;

/// The format of an input.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Log of a Traccar server, old or new
    Log,
    /// One read a line, in hex; text protocols also as text
    Hex,
    /// The bytes of one stream, as they are
    Raw,
    /// Packets, as tcpdump and Wireshark save them: pcap or pcapng
    Pcap,
}

impl Format {
    /// Recognises a format by the first bytes of the input. Returns `None` if that takes more
    /// bytes, or, with `end`, if there are none.
    ///
    /// The first of these that holds decides:
    ///
    /// | there is | format |
    /// |---|---|
    /// | a line of a log about a connection | log |
    /// | a line that begins with date and time, and no frame as text in any | log |
    /// | a line that is hex before the first that is not text | hex |
    /// | a line that is not text | raw |
    /// | a frame as text in a line | hex |
    /// | nothing of these | raw |
    ///
    /// The last two are decided at the end, because bytes that are not text may follow. Neither
    /// does a line in another encoding decide before: all its bytes are characters, and hex may
    /// follow.
    pub fn recognise(head: &[u8], end: bool) -> Option<Self> {
        match (is_packets(head), end) {
            (Some(true), _) => return Some(Self::Pcap),
            (None, false) => return None,
            _ => {}
        }
        let lines = || {
            head.split_inclusive(|&byte| byte == b'\n')
                .map(|line| (line, text(line), end || line.ends_with(b"\n")))
        };
        let has_line =
            |is: fn(&str) -> bool| lines().any(|(_, text, whole)| whole && text.is_some_and(is));
        let is_frame = |line: &str| matches!(hex_line_data(line), Some(Data::Text(_)));
        if has_line(|line| !matches!(log_line(line), Line::Other))
            || has_line(|line| timestamp(line).is_some()) && !has_line(is_frame)
        {
            return Some(Self::Log);
        }
        let format = lines().find_map(|(line, text, whole)| match text {
            None => has_control(line).then_some(Self::Raw),
            Some(text) => {
                (whole && matches!(hex_line_data(text), Some(Data::Hex(_)))).then_some(Self::Hex)
            }
        });
        if format.is_some() || !end || head.trim_ascii().is_empty() {
            return format;
        }
        let is_text = lines().all(|(_, text, _)| text.is_some());
        Some(if is_text && has_line(is_frame) {
            Self::Hex
        } else {
            Self::Raw
        })
    }
}

/// Whether the input begins as one of packets does. `None` if that takes more bytes.
fn is_packets(head: &[u8]) -> Option<bool> {
    // In either order of bytes: times in microseconds, in nanoseconds, and an early variant.
    const PCAP: [u32; 3] = [0xA1B2_C3D4, 0xA1B2_3C4D, 0xA1B2_CD34];
    const PCAPNG: &[u8] = b"\n\r\r\n";
    match head {
        [a, b, c, d, ..] if PCAPNG != [*a, *b, *c, *d] => {
            let magic = [*a, *b, *c, *d];
            Some(
                PCAP.contains(&u32::from_be_bytes(magic))
                    || PCAP.contains(&u32::from_le_bytes(magic)),
            )
        }
        // Line ends, unless the order of bytes follows.
        [_, _, _, _, _, _, _, _, order @ ..] if order.len() >= 4 => {
            Some(order.starts_with(b"\x1A\x2B\x3C\x4D") || order.starts_with(b"\x4D\x3C\x2B\x1A"))
        }
        _ if head.starts_with(PCAPNG) || PCAPNG.starts_with(head) => None,
        [0xA1 | 0xD4 | 0x4D | 0x34, ..] => None,
        _ => Some(false),
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

/// Whether there is a byte that is no character in any encoding of text whose first half is ASCII.
fn has_control(line: &[u8]) -> bool {
    line.iter()
        .any(|&byte| byte.is_ascii_control() && !matches!(byte, b'\t'..=b'\r' | b'\x1b'))
}

/// The meaning of a line.
pub enum Line<'a> {
    /// Bytes went over the connection. The peer tells devices apart that share a connection, as all
    /// do in UDP.
    Read {
        origin: Origin<'a>,
        peer: &'a str,
        data: Data<'a>,
    },
    /// The connection begins or has ended.
    Boundary(Origin<'a>),
    /// Nothing about bytes.
    Other,
}

/// The way in which a line writes bytes.
#[derive(Clone, Copy)]
pub enum Data<'a> {
    /// As hex.
    Hex(&'a str),
    /// As text, with `\r` and `\n` for the ends of lines.
    Text(&'a str),
    /// As hex, or as a text that has only hex digits.
    HexOrText(&'a str),
    /// As text that goes on from a line before; otherwise the line is a comment, or wrong.
    Rest(&'a str),
}

/// Reads a line of a log, such as one of these:
///
/// ```text
/// 2026-05-04 06:00:02  INFO: [T3f0a91c2: gt02 < 10.20.0.7] 6868...
/// 2026-05-04 06:00:02  INFO: [T3f0a91c2: h02 < 10.20.0.7] *HQ,...#\r\n
/// 2013-01-16 15:32:08 DEBUG: [4E3A0C1B: 5022 < 10.0.0.7:1234] HEX: 6868...
/// 2014-01-16 15:32:08 DEBUG: [5022 <- 10.0.0.7] - HEX: 6868...
/// 2026-05-04 06:00:02  INFO: [T3f0a91c2] disconnected
/// ```
pub fn log_line(line: &str) -> Line<'_> {
    // The first brackets that name a connection: what follows may be a text with brackets.
    line.match_indices('[')
        .find_map(|(start, _)| {
            let (head, rest) = line.split_at_checked(start)?;
            let (tag, tail) = rest.strip_prefix('[')?.split_once(']')?;
            connection_line(head, tag, tail)
        })
        .unwrap_or(Line::Other)
}

/// The most characters in the id of a connection. Traccar's have 9; a line with more is not of a
/// log, and its id would be kept in memory.
const MAX_ID: usize = 64;

/// Reads a line by the text before brackets, in them, and after them, if it is about a connection.
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
        is_utc: false,
        direction,
    };
    let read = |direction, peer: &'a str| Line::Read {
        origin: origin(direction),
        peer: peer.trim(),
        data: log_data(tail),
    };
    // The first versions had the port in place of an id, so the peer is the connection.
    let read_of_peer = |direction, peer: &'a str| Line::Read {
        origin: Origin {
            connection: Some(peer.trim()),
            ..origin(direction)
        },
        peer: "",
        data: log_data(tail.trim_start().strip_prefix('-').unwrap_or(tail)),
    };
    if let Some(peer) = link.strip_prefix(" <- ") {
        Some(read_of_peer(Direction::Up, peer))
    } else if let Some(peer) = link.strip_prefix(" -> ") {
        Some(read_of_peer(Direction::Down, peer))
    } else if let Some((_, peer)) = link.split_once('<') {
        Some(read(Direction::Up, peer))
    } else if let Some((_, peer)) = link.split_once('>') {
        Some(read(Direction::Down, peer))
    } else {
        (link.is_empty() && matches!(tail.trim(), "connected" | "disconnected"))
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

/// Whether the text is date and time, and nothing else: digits, but not those of bytes.
fn is_timestamp(text: &str) -> bool {
    text.len() == "2026-05-04 06:00:02".len() && timestamp(text).is_some()
}

/// Tells how the text after the brackets of a log writes bytes. Old versions of Traccar wrote
/// `HEX:` before them, and parentheses around that. Since 2024 a read whose bytes are all printable
/// is written as text, unless the server is told not to; all others are written as hex.
fn log_data(tail: &str) -> Data<'_> {
    let words = tail.trim();
    let in_parentheses = || words.strip_prefix("(HEX:")?.strip_suffix(')');
    if let Some(hex) = words.strip_prefix("HEX:").or_else(in_parentheses) {
        Data::Hex(hex)
    } else if words.is_empty() || is_hex(words) {
        Data::HexOrText(words)
    } else if is_printable(words.as_bytes()) {
        // Without the space after the brackets, and without the line end of Windows.
        let text = tail.strip_prefix(' ').unwrap_or(tail);
        Data::Text(text.strip_suffix('\r').unwrap_or(text))
    } else {
        Data::Hex(words)
    }
}

/// Reads a line of hex or text: optionally `<` or `>` for the direction, bytes, and, if they are in
/// hex, optionally a comment after `#`. A line that begins with `#` and a space is a comment.
pub fn hex_line(line: &str) -> Line<'_> {
    let line = line.trim_start_matches('\u{feff}').trim();
    let (direction, content) = match line.strip_prefix('>') {
        Some(content) => (Direction::Down, content.trim_start()),
        None => (
            Direction::Up,
            line.strip_prefix('<').unwrap_or(line).trim_start(),
        ),
    };
    let before_comment = content
        .split_once('#')
        .map_or(content, |(hex, _)| hex)
        .trim_end();
    let data = if content.is_empty() {
        return Line::Other;
    } else if is_hex(before_comment) && !is_timestamp(before_comment) {
        Data::Hex(before_comment)
    } else if is_text(content) {
        Data::Text(content)
    } else {
        Data::Rest(content)
    };
    Line::Read {
        origin: Origin {
            direction,
            ..Origin::UNKNOWN
        },
        peer: "",
        data,
    }
}

/// The bytes of a line of hex or text; hex also if a digit is missing.
fn hex_line_data(line: &str) -> Option<Data<'_>> {
    match hex_line(line) {
        Line::Read { data, .. } => Some(data),
        Line::Boundary(_) | Line::Other => None,
    }
}

/// Whether there are hex digits, and nothing else except what may stand between them.
fn is_hex(text: &str) -> bool {
    let mut digits = tokens(text).peekable();
    digits.peek().is_some()
        && digits.all(|token| token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether there is a frame in the text, or the beginning of one is all of it; except in a comment.
fn is_text(content: &str) -> bool {
    if content.starts_with("# ") || content.contains(char::is_control) {
        return false;
    }
    let is_text = |protocol| matches!(protocol, Protocol::Tk103 | Protocol::V680 | Protocol::H02);
    let mut bytes = Vec::new();
    decode_text(content, &mut bytes);
    matches!(sniff(&bytes), Sniff::Protocol(protocol) if is_text(protocol))
        || Datagram::new(&bytes)
            .any(|item| matches!(item, Item::Frame(frame) if is_text(frame.protocol())))
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
            Self::NotHex => "not hex, and no frame as text: the line is left out",
            Self::HalfByte => "odd number of hex digits: the last one is left out",
            Self::TooLong => "longer than 1 MiB: the rest of the line is left out",
        })
    }
}

/// Puts the bytes that `hex` stands for into `bytes`, those before half a byte too.
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

/// Puts the bytes of a text into `bytes`, with `\r` and `\n` as the characters that they stand for.
/// Traccar does not escape the backslash itself.
pub fn decode_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.clear();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        let (byte, after) = match after.split_at_checked(1) {
            Some(("r", after)) => (b'\r', after),
            Some(("n", after)) => (b'\n', after),
            _ => (b'\\', after),
        };
        bytes.push(byte);
        rest = after;
    }
    bytes.extend(rest.as_bytes());
}

/// Whether Traccar writes a read of these bytes as text, if it is set to do so.
pub fn is_printable(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| matches!(byte, b'\r' | b'\n' | b' '..=0x7F))
}
