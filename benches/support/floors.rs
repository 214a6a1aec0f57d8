//! Lower bounds: bare loops that find frames and sum what they hold.

use super::seen::Seen;

/// A bare loop over a stream.
pub type Floor = fn(&[u8]) -> Seen;

/// The lower bound for `gt02`: finds frames by header, length and end mark in one slice, and sums
/// their fields. It carries nothing over, finds no noise, checks no id, and ignores nested frames.
pub fn gt02(stream: &[u8]) -> Seen {
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    let word = |bytes: &[u8]| u64::from(u16::from_be_bytes(bytes.try_into().unwrap()));
    let long = |bytes: &[u8]| u64::from(u32::from_be_bytes(bytes.try_into().unwrap()));
    let mut seen = Seen::default();
    let mut rest = stream;
    while let [0x68, 0x68, length, ..] = rest {
        let total = usize::from(*length) + 5;
        let (frame, after) = rest.split_at(total);
        assert!(frame.ends_with(&[0x0D, 0x0A]));
        let device = u64::from_be_bytes(frame[5..13].try_into().unwrap());
        let body = &frame[16..total - 2];
        let envelope = device.wrapping_add(word(&frame[13..15]));
        let fields = match frame[15] {
            0x10 => {
                let body: &[u8; 24] = body.try_into().unwrap();
                word(&frame[3..5])
                    + sum(&body[..6])
                    + long(&body[6..10])
                    + long(&body[10..14])
                    + u64::from(body[14])
                    + word(&body[15..17])
                    + u64::from(body[17])
                    + word(&body[18..20])
                    + long(&body[20..24])
            }
            0x1A => sum(&frame[3..5]) + sum(body),
            _ => sum(&body[1..]),
        };
        seen.frames += 1;
        seen.fields = seen.fields.wrapping_add(envelope.wrapping_add(fields));
        rest = after;
    }
    seen
}

/// The lower bound for `gt06`, without a checksum as well.
pub fn gt06(stream: &[u8]) -> Seen {
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    let word = |bytes: &[u8]| u64::from(u16::from_be_bytes(bytes.try_into().unwrap()));
    let long = |bytes: &[u8]| u64::from(u32::from_be_bytes(bytes.try_into().unwrap()));
    let mut seen = Seen::default();
    let mut rest = stream;
    while let [0x78, 0x78, length, ..] = rest {
        let total = usize::from(*length) + 5;
        let (frame, after) = rest.split_at(total);
        assert!(frame.ends_with(&[0x0D, 0x0A]));
        let content = &frame[4..total - 6];
        let fields = match frame[3] {
            0x12 => {
                let content: &[u8; 26] = content.try_into().unwrap();
                sum(&content[..7])
                    + long(&content[7..11])
                    + long(&content[11..15])
                    + u64::from(content[15])
                    + word(&content[16..18])
                    + word(&content[18..20])
                    + u64::from(content[20])
                    + word(&content[21..23])
                    + (long(&content[22..26]) & 0x00FF_FFFF)
            }
            0x13 => sum(content),
            _ => u64::from_be_bytes(content.try_into().unwrap()),
        };
        seen.frames += 1;
        seen.fields = seen
            .fields
            .wrapping_add(fields)
            .wrapping_add(word(&frame[total - 6..total - 4]));
        rest = after;
    }
    seen
}

/// The lower bound for a text protocol: finds the end of each frame, parses all digits, and checks
/// nothing. `next` is the byte that begins a frame; one ends with `end` where that follows, or
/// nothing.
fn text(stream: &[u8], end: u8, next: u8) -> Seen {
    let mut seen = Seen::default();
    let mut number = 0_u64;
    for (at, &byte) in stream.iter().enumerate() {
        if byte.is_ascii_digit() {
            number = number.wrapping_mul(10).wrapping_add(u64::from(byte & 0x0F));
            continue;
        }
        seen.fields = seen.fields.wrapping_add(number);
        number = 0;
        if byte == end && stream.get(at + 1).is_none_or(|&after| after == next) {
            seen.frames += 1;
        }
    }
    seen
}

/// The lower bound for `tk103`.
pub fn tk103(stream: &[u8]) -> Seen {
    text(stream, b')', b'(')
}

/// The lower bound for `v680`: takes a frame for whole at a `##` before a third `#`.
pub fn v680(stream: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let mut number = 0_u64;
    let mut marks = 0_u32;
    for &byte in stream {
        if byte.is_ascii_digit() {
            number = number.wrapping_mul(10).wrapping_add(u64::from(byte & 0x0F));
            marks = 0;
            continue;
        }
        seen.fields = seen.fields.wrapping_add(number);
        number = 0;
        marks = if byte == b'#' { marks + 1 } else { 0 };
        seen.frames += u64::from(marks == 3);
    }
    // The last one has none after it.
    seen.frames += u64::from(marks == 2);
    seen
}

/// The lower bound for the texts of `h02`.
pub fn h02(stream: &[u8]) -> Seen {
    text(stream, b'#', b'*')
}
