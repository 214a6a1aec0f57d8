//! Hostile streams, made to be costly. The firmware that counts instructions reads them too.

/// Bytes and how often they are repeated, one after the other; the whole sequence repeats.
pub type Parts = &'static [(&'static [u8], usize)];

/// Each with its name.
pub const HOSTILE: [(&str, Parts); 32] = [
    ("zeros", &[(b"\0", 1)]),
    // `gt06`: bytes that begin frames, and may end them.
    ("78", &[(b"\x78", 1)]),
    ("78 78 05 13 0D 0A", &[(b"\x78\x78\x05\x13\r\n", 1)]),
    ("48 of 78, 24 of 0D 0A", &[(b"\x78", 48), (b"\r\n", 24)]),
    ("78 78 78 0D 0A", &[(b"\x78\x78\x78\r\n", 1)]),
    ("78 78 0D 0A", &[(b"\x78\x78\r\n", 1)]),
    ("78 78 FF", &[(b"\x78\x78\xff", 1)]),
    ("79 79 00 60 0D 0A", &[(b"\x79\x79\x00\x60\r\n", 1)]),
    ("79 79 03 F0", &[(b"\x79\x79\x03\xf0", 1)]),
    ("79 79 F0 00", &[(b"\x79\x79\xf0\x00", 1)]),
    // `gt02`: bytes that begin frames, and may end them.
    ("68", &[(b"\x68", 1)]),
    ("68 68 FF", &[(b"\x68\x68\xff", 1)]),
    (
        "68 68 25 00 00 01 23",
        &[(b"\x68\x68\x25\x00\x00\x01\x23", 1)],
    ),
    ("0D 0A", &[(b"\r\n", 1)]),
    // Text: start marks, headers without an end, and a false end mark.
    ("(", &[(b"(", 1)]),
    ("#", &[(b"#", 1)]),
    ("*", &[(b"*", 1)]),
    ("*HQ,", &[(b"*HQ,", 1)]),
    ("(#*HQ,", &[(b"(#*HQ,", 1)]),
    ("(id BR00", &[(b"(013612345678BR00", 1)]),
    (
        "(id BR00, 47 of A",
        &[(b"(013612345678BR00", 1), (b"A", 47)],
    ),
    (
        "(id BR00, 1007 of A",
        &[(b"(013612345678BR00", 1), (b"A", 1007)],
    ),
    (
        "(id BR00, 60000 of A",
        &[(b"(013612345678BR00", 1), (b"A", 60_000)],
    ),
    ("(id BR04 FF", &[(b"(013612345678BR04\xff", 1)]),
    ("*HQ,1,V1,", &[(b"*HQ,1,V1,", 1)]),
    ("*HQ,1,V1, and 55 of A", &[(b"*HQ,1,V1,", 1), (b"A", 55)]),
    (
        "*HQ,1,V1, and 1015 of A",
        &[(b"*HQ,1,V1,", 1), (b"A", 1015)],
    ),
    (
        "*HQ,1,V1, and 60000 of A",
        &[(b"*HQ,1,V1,", 1), (b"A", 60_000)],
    ),
    ("*HQ,1,41,4#", &[(b"*HQ,1,41,4#", 1)]),
    (
        "#id##1#0000#AUT#99#",
        &[(b"#353588020144007##1#0000#AUT#99#", 1)],
    ),
    (
        "#id##0#0#A#99#,#,#..#..",
        &[(b"#123456789##0#0#A#99#,#,#010101#010101", 1)],
    ),
    (
        "*HQ,1,SMS,(id BR00#id##",
        &[(b"*HQ,1,SMS,(013612345678BR00#353588020144007##", 1)],
    ),
];

/// Returns the first `LEN` bytes of a stream.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "of constants"
)]
pub const fn stream<const LEN: usize>(parts: &[(&[u8], usize)]) -> [u8; LEN] {
    let mut stream = [0; LEN];
    let (mut part, mut times, mut at, mut len) = (0, 0, 0, 0);
    while len < LEN {
        let (bytes, count) = parts[part];
        stream[len] = bytes[at];
        len += 1;
        at += 1;
        if at == bytes.len() {
            at = 0;
            times += 1;
        }
        if times == count {
            times = 0;
            part = (part + 1) % parts.len();
        }
    }
    stream
}
