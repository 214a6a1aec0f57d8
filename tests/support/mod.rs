//! Shared by the tests: random messages and streams, and items that outlive the decoder.

#![allow(dead_code, reason = "each test binary uses its part")]

pub mod gt06;
pub mod text;

use gt02::{
    Datagram, Decoder, Frame, Item, NoiseReason, Protocol,
    protocol::gt02::{
        Command, Heartbeat, HeartbeatAck, Location, Message, Response, ShortLocation, Status,
        Unknown,
    },
    types::{DateTime, DeviceId, Text},
};
use proptest::{collection::vec, option, prelude::*, strategy::Union};

/// The capacity that the tests decode with: it takes every frame.
pub const CAPACITY: usize = 260;

/// The configuration of a property: this many cases, or as many as `PROPTEST_CASES` says.
pub fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let asked = asked.map(|asked| asked.parse().expect("PROPTEST_CASES is a number"));
    let cases = asked.unwrap_or(cases);
    let default = ProptestConfig::default();
    ProptestConfig {
        cases,
        // What a property does not speak of may grow with what it does.
        max_global_rejects: default.max_global_rejects.max(cases),
        ..default
    }
}

/// An [`Item`] that owns its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owned {
    Frame(Vec<u8>),
    Noise(NoiseReason, Vec<u8>),
}

impl Owned {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Frame(bytes) | Self::Noise(_, bytes) => bytes,
        }
    }
}

impl From<Item<'_>> for Owned {
    fn from(item: Item<'_>) -> Self {
        match item {
            Item::Frame(frame) => Self::Frame(frame.as_bytes().to_vec()),
            Item::Noise(noise) => Self::Noise(noise.reason, noise.bytes.to_vec()),
        }
    }
}

/// Joins neighbouring noise of the same reason.
pub fn join(items: Vec<Owned>) -> Vec<Owned> {
    let mut joined: Vec<Owned> = Vec::new();
    for item in items {
        match (joined.last_mut(), item) {
            (Some(Owned::Noise(reason, bytes)), Owned::Noise(next, more)) if *reason == next => {
                bytes.extend(more)
            }
            (_, item) => joined.push(item),
        }
    }
    joined
}

/// Returns all items of a stream that comes in these reads, and those of `finish`.
pub fn items_of_reads<'a>(reads: impl IntoIterator<Item = &'a [u8]>) -> Vec<Owned> {
    items_with(Decoder::<CAPACITY>::new(), reads)
}

/// Returns all items that `decoder`, at the start of a stream, finds in these reads.
pub fn items_with<'a, const N: usize>(
    mut decoder: Decoder<N>,
    reads: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Owned> {
    let mut items: Vec<Owned> = Vec::new();
    for read in reads {
        let mut input = read;
        while let Some(item) = decoder.decode(&mut input) {
            items.push(item.into());
        }
        assert!(input.is_empty(), "all of a read is used");
    }
    while let Some(item) = decoder.finish() {
        items.push(item.into());
    }
    assert!(decoder.pending().is_empty());
    join(items)
}

/// All items of a stream that comes in one read.
pub fn items(stream: &[u8]) -> Vec<Owned> {
    items_of_reads([stream])
}

/// All items of a datagram.
pub fn datagram_items(bytes: &[u8]) -> Vec<Owned> {
    join(Datagram::new(bytes).map(Owned::from).collect())
}

/// The frames among all items of a stream.
pub fn frames(stream: &[u8]) -> Vec<Vec<u8>> {
    items(stream)
        .into_iter()
        .filter_map(|item| {
            if let Owned::Frame(bytes) = item {
                Some(bytes)
            } else {
                None
            }
        })
        .collect()
}

/// The frames of text among all items of a stream of text that comes in reads of this size.
pub fn frames_of_reads(stream: &str, size: usize) -> Vec<String> {
    let items = items_of_reads(stream.as_bytes().chunks(size)).into_iter();
    items
        .filter_map(|item| {
            if let Owned::Frame(bytes) = item {
                String::from_utf8(bytes).ok()
            } else {
                None
            }
        })
        .collect()
}

/// The bytes of a message.
pub fn encode(message: &Message<'_>) -> Vec<u8> {
    let mut out = vec![0; message.encoded_len()];
    assert_eq!(message.encode(&mut out), Ok(out.len()), "{message:?}");
    out
}

/// Encodes a message of a text protocol and asserts that the frame parses to the same message.
/// Returns `false` if it is refused. The frame may be shorter than the one parsed before.
macro_rules! assert_reread {
    ($room:ident, $message:expr) => {{
        let message = $message;
        let mut out = vec![0; message.encoded_len()];
        match message.encode(&mut out) {
            Ok(len) => {
                assert_eq!(len, out.len(), "{message:?}");
                assert_eq!(
                    gt02::protocol::$room::Message::parse(&out),
                    Ok(message),
                    "{:?}",
                    String::from_utf8_lossy(&out)
                );
                true
            }
            Err(_) => false,
        }
    }};
}

/// Encodes the message in a frame, and asserts that this gives the same bytes in a binary protocol,
/// and a frame that parses to the same message in a text protocol. Returns `false` if a message of
/// a text protocol is refused.
pub fn assert_rebuilt(bytes: &[u8]) -> bool {
    let mut out = vec![0; bytes.len()];
    let (encoded_len, written) = match Frame::parse(bytes).unwrap() {
        Frame::Gt02(frame) => (
            frame.message().encoded_len(),
            frame.message().encode(&mut out),
        ),
        Frame::Gt06(frame) => (
            frame.message().encoded_len(),
            frame.message().encode(&mut out),
        ),
        Frame::Tk103(frame) => return assert_reread!(tk103, frame.message()),
        Frame::V680(frame) => return assert_reread!(v680, frame.message()),
        Frame::H02(frame) if matches!(bytes[0], b'$' | b'X') => (
            frame.message().encoded_len(),
            frame.message().encode(&mut out),
        ),
        Frame::H02(frame) => return assert_reread!(h02, frame.message()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (encoded_len, written),
        (out.len(), Ok(out.len())),
        "{bytes:02x?}"
    );
    assert_eq!(out, bytes);
    true
}

/// Bytes from text such as `68 68 0F`.
pub fn hex(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).expect("hex")
}

/// Any message, with the parts that it borrows.
#[derive(Clone, Debug)]
pub struct Parts {
    kind: u8,
    device: u64,
    serial: u16,
    word: u16,
    time: [u8; 6],
    place: (u32, u32),
    motion: (u8, u16),
    cell: (u8, u16),
    status: u32,
    code: u8,
    first: Option<u8>,
    second: Option<u8>,
    body: Vec<u8>,
    text: Vec<u8>,
}

/// Messages of `gt02` with any values.
pub fn any_parts() -> impl Strategy<Value = Parts> {
    let head = (
        0..10_u8,
        0..=999_999_999_999_999_u64,
        any::<u16>(),
        any::<u16>(),
        any::<[u8; 6]>(),
        any::<(u32, u32)>(),
    );
    let tail = (
        any::<(u8, u16)>(),
        any::<(u8, u16)>(),
        any::<u32>(),
        any::<u8>(),
        option::of(any::<u8>()),
        option::of(any::<u8>()),
    );
    // Bodies biased towards marks, types and lengths.
    let special = vec![0x68, 0x0D, 0x0A, 0x10, 0x1A, 0x1C, 0x00, 0x88, 0x54];
    let byte = prop_oneof![3 => any::<u8>(), 1 => prop::sample::select(special)];
    (head, tail, vec(byte, 0..40), vec(0x20..0x7F_u8, 1..40)).prop_map(
        |(
            (kind, device, serial, word, time, place),
            (motion, cell, status, code, first, second),
            body,
            text,
        )| Parts {
            kind,
            device,
            serial,
            word,
            time,
            place,
            motion,
            cell,
            status,
            code,
            first,
            second,
            body,
            text,
        },
    )
}

impl Parts {
    pub fn device(&self) -> DeviceId {
        format!("{:015}", self.device).parse().expect("15 digits")
    }

    pub fn message(&self) -> Message<'_> {
        let (device, serial, word) = (self.device(), self.serial, self.word);
        let [year, month, day, hour, minute, second] = self.time;
        match self.kind {
            0..=3 => Message::Location(Location {
                device,
                serial,
                lac: word,
                time: DateTime {
                    year,
                    month,
                    day,
                    hour,
                    minute,
                    second,
                },
                latitude: self.place.0,
                longitude: self.place.1,
                speed: self.motion.0,
                course: self.motion.1,
                mnc: self.cell.0,
                cell_id: self.cell.1,
                status: Status(self.status),
                rest: if self.kind == 0 { &self.body } else { &[] },
            }),
            4 => Message::ShortLocation(ShortLocation {
                device,
                serial,
                lac: word,
                body: &self.body[..self.body.len().min(23)],
            }),
            5 => Message::Heartbeat(Heartbeat {
                device,
                serial,
                voltage_level: self.motion.0,
                gsm_level: self.cell.0,
                status: self.first.or(self.second),
                satellites: self.second,
                snr: if self.second.is_some() {
                    &self.body
                } else {
                    &[]
                },
            }),
            6 => Message::Response(Response {
                device,
                serial,
                word,
                length: self.first,
                content: if self.first.is_some() {
                    &self.body
                } else {
                    &[]
                },
            }),
            7 => {
                let code = if matches!(self.code, 0x10 | 0x1A | 0x1C) {
                    0x11
                } else {
                    self.code
                };
                Message::Unknown(Unknown {
                    device,
                    serial,
                    word,
                    code,
                    body: &self.body,
                })
            }
            8 => Message::HeartbeatAck(HeartbeatAck),
            _ => Message::Command(Command {
                flag: self.status,
                text: Text::Bytes(&self.text),
            }),
        }
    }

    /// Returns the bytes of the message; `None` for the few that a decoder would take for two
    /// frames.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let message = self.message();
        let mut out = vec![0; message.encoded_len()];
        match message.encode(&mut out) {
            Ok(len) => {
                assert_eq!(len, out.len());
                Some(out)
            }
            Err(gt02::EncodeError::Ambiguous) => None,
            Err(error) => panic!("{error}: {message:?}"),
        }
    }
}

/// Uplink frames of this protocol as real devices send them.
pub fn ordinary_gt02_frame() -> impl Strategy<Value = Vec<u8>> {
    let location = (
        any_parts(),
        0..162_000_001_u32,
        0..324_000_001_u32,
        0..8_u32,
    )
        .prop_map(|(mut parts, latitude, longitude, signs)| {
            let [year, month, day, hour, minute, second] = parts.time;
            parts.kind = 1;
            parts.time = [
                10 + year % 20,
                1 + month % 12,
                1 + day % 28,
                hour % 24,
                minute % 60,
                second % 60,
            ];
            parts.place = (latitude, longitude);
            parts.motion = (parts.motion.0 % 180, parts.motion.1 % 361);
            parts.status = 1 | signs << 1;
            encode(&parts.message())
        });
    let heartbeat = (any_parts(), vec(0..60_u8, 0..13)).prop_map(|(parts, snr)| {
        encode(&Message::Heartbeat(Heartbeat {
            device: parts.device(),
            serial: parts.serial,
            voltage_level: parts.motion.0 % 7,
            gsm_level: parts.cell.0 % 5,
            status: Some(parts.code % 5),
            satellites: Some(snr.len() as u8),
            snr: &snr,
        }))
    });
    // Without parentheses, which might begin a text frame.
    let response = any_parts().prop_map(|mut parts| {
        let (device, serial) = (parts.device(), parts.serial);
        parts.text.retain(|byte| *byte != b'(');
        encode(&Message::Response(Response {
            device,
            serial,
            word: 0,
            length: Some(parts.text.len() as u8),
            content: &parts.text,
        }))
    });
    prop_oneof![6 => location, 3 => heartbeat, 1 => response]
}

/// Frames of the enabled ones of these protocols, each with the same probability.
fn found<const N: usize>(
    protocols: [(Protocol, BoxedStrategy<Vec<u8>>); N],
) -> impl Strategy<Value = Vec<u8>> {
    let enabled = protocols
        .into_iter()
        .filter(|(protocol, _)| protocol.is_enabled());
    Union::new(enabled.map(|(_, frames)| frames))
}

/// Uplink frames of the binary protocols as real devices send them.
pub fn ordinary_binary_frame() -> impl Strategy<Value = Vec<u8>> {
    found([
        (Protocol::Gt02, ordinary_gt02_frame().boxed()),
        (Protocol::Gt06, gt06::ordinary_frame().boxed()),
    ])
}

/// Uplink frames of all protocols as real devices send them.
pub fn ordinary_frame() -> impl Strategy<Value = Vec<u8>> {
    found([
        (Protocol::Gt02, ordinary_gt02_frame().boxed()),
        (Protocol::Gt06, gt06::ordinary_frame().boxed()),
        (Protocol::Tk103, text::tk103().boxed()),
        (Protocol::V680, text::v680().boxed()),
        (Protocol::H02, text::h02().boxed()),
    ])
}

/// Frames of all protocols with any values.
pub fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let gt02 = any_parts().prop_filter_map("taken for two frames", |parts| parts.bytes());
    found([
        (Protocol::Gt02, gt02.boxed()),
        (Protocol::Gt06, gt06::any_frame().boxed()),
        (Protocol::Tk103, text::any_tk103().boxed()),
        (Protocol::V680, text::any_v680().boxed()),
        (Protocol::H02, text::any_h02().boxed()),
    ])
}

/// Streams of frames with any values, cut frames and garbage.
pub fn any_stream() -> impl Strategy<Value = Vec<u8>> {
    let cut_frame = (ordinary_frame(), any::<prop::sample::Index>())
        .prop_map(|(frame, at)| frame[..at.index(frame.len())].to_vec());
    let marks = vec(
        prop::sample::select(
            b"\x68\x78\x79\x0d\x0a\x05\x10\x1a\x25\x88\x54\xff\x00(#*HQ,)1$X".to_vec(),
        ),
        1..40,
    );
    // A frame inside another one.
    let carried = (ordinary_frame(), any::<prop::sample::Index>(), any_frame()).prop_map(
        |(frame, at, inner)| {
            let (front, rest) = frame.split_at(at.index(frame.len()));
            [front, &inner, rest].concat()
        },
    );
    let piece = prop_oneof![
        4 => ordinary_frame(),
        3 => any_frame(),
        2 => cut_frame,
        1 => carried,
        1 => vec(any::<u8>(), 1..40),
        1 => marks,
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Whether a frame that was sent is the one that was found. Nothing in a `$` frame of `h02` says
/// how long it is: bytes after it that begin no frame may belong to it.
pub fn is_found(sent: &[u8], found: &[u8]) -> bool {
    found == sent || sent.starts_with(b"$") && found.starts_with(&sent[..32])
}

/// Whether a cut or damaged text frame may take the first bytes of the next frame for its end mark:
/// no byte decides that. The end mark of `h02` is the start mark of `v680`, and each end mark may
/// be the length of a binary frame. Texts do not wait for a mileage record of `h02`, because its
/// mark is a letter.
pub fn may_take_bytes(first: &[u8], next: &[u8]) -> bool {
    let end = match first {
        [b'(', ..] => b')',
        [b'*' | b'#', ..] => b'#',
        _ => return false,
    };
    let is_binary = matches!(next, [0x68 | 0x78 | 0x79 | b'X', ..]);
    next.starts_with(&[end])
        || is_binary
            && next
                .iter()
                .take_while(|byte| matches!(byte, 0 | b'\n' | b'\r' | b' '..=b'~'))
                .any(|byte| *byte == end)
}
