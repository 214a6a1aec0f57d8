//! Law 4: work per byte is bounded by a constant that grows neither with the stream, nor with the
//! size of the decoder, nor with how the stream is cut.
//!
//! What is counted are bytes looked at and candidates met, so no test depends on the clock.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

extern crate std;

use super::SliceDecoder;
use std::{vec, vec::Vec};

/// Units of work for each byte of input, at most.
const BOUND: f64 = 40.0;

/// The streams that cost most of those that were found, without an end.
const WORST: [&[u8]; 20] = [
    b"x",
    b"xxx\r\n",
    b"xxxxx\r\n",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n",
    b"xx\x05\x13\r\n",
    b"yy\x00\x60\r\n",
    b"yy\x03\xf0",
    b"yy\xf0\x00",
    b"hh\xff",
    b"hh\x25\x00\x00\x01\x23",
    b"\x88",
    b"(",
    b"(#*HQ,",
    b"(013612345678BR04\xff#353588020144007##1*HQ,1,",
    b"#123456789##0#0#A#99#,#,#010101#010101",
    b"*HQ,1,41,4#",
    b"*HQ,1,V1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    b"#353588020144007#",
    b"#353588020144007#a#1#AA#99\r\n#",
    b"#353588020144007#a#1#AA#99\r\n#$GPRMC,x*1F\r\n#123456789#$GPRMC,x*1F#",
];

/// The work for each byte of a stream in reads of `read` bytes.
fn work(stream: &[u8], size: usize, read: usize) -> f64 {
    let mut buffer = vec![0; size];
    let mut decoder = SliceDecoder::new(&mut buffer).unwrap();
    let mut bytes = 0;
    for mut input in stream.chunks(read) {
        while let Some(item) = decoder.decode(&mut input) {
            bytes += item.as_bytes().len();
        }
    }
    while let Some(item) = decoder.finish() {
        bytes += item.as_bytes().len();
    }
    assert_eq!(bytes, stream.len(), "nothing is lost");
    decoder.core.engine.work.count() as f64 / stream.len() as f64
}

/// The most work for each byte over sizes and reads, and where.
fn most_work(stream: &[u8], sizes: &[usize], reads: &[usize]) -> (f64, usize, usize) {
    let all = sizes
        .iter()
        .flat_map(|&size| reads.iter().map(move |&read| (size, read)));
    let all = all.map(|(size, read)| (work(stream, size, read), size, read));
    all.fold(
        (0.0, 0, 0),
        |most, next| if next.0 > most.0 { next } else { most },
    )
}

#[test]
fn work_per_byte_is_bounded() {
    for pattern in WORST {
        let stream: Vec<u8> = pattern.iter().copied().cycle().take(6_000).collect();
        let sizes = [64, 260, 1024, 65_536];
        let (most, size, read) = most_work(&stream, &sizes, &[1, 7, 64, 1460, 6_000]);
        std::println!(
            "{most:5.1} {}, {size}, reads of {read}",
            pattern.escape_ascii()
        );
        assert!(
            most <= BOUND,
            "{most} for {pattern:02x?}, size {size}, reads of {read}"
        );
    }
}

/// Changes a stream at random, keeps what costs more, and begins anew now and then.
#[test]
fn a_search_finds_no_stream_above_the_bound() {
    let mut state = 0x6868_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    let pieces: [&[u8]; 15] = [
        b"x",
        b"xx",
        b"yy",
        b"hh",
        b"\r\n",
        b"\x05",
        b"\x00",
        b"(",
        b"#",
        b"*HQ,1,",
        b"##",
        b"(013612345678BR00",
        b"#353588020144007##",
        b"xx\x1f\x12",
        b"#353588020144007#a#1#AA#99\r\n#$GPRMC,",
    ];
    let mut highest = 0.0;
    for round in 0..12 {
        let pattern = WORST[round % WORST.len()];
        let mut best: Vec<u8> = pattern.iter().copied().cycle().take(2_000).collect();
        let (size, read) = ([260, 1024][round % 2], [1, 64, 2_000][round % 3]);
        let mut most = work(&best, size, read);
        for _ in 0..50 {
            let mut next = best.clone();
            for _ in 0..=random(4) {
                let at = random(next.len());
                let piece = pieces[random(pieces.len())];
                let piece = piece.repeat(1 + random(30));
                let end = (at + piece.len()).min(next.len());
                next[at..end].copy_from_slice(&piece[..end - at]);
                let (from, to) = (random(next.len() / 2), random(next.len() / 2));
                let len = 1 + random(next.len() / 3);
                next.copy_within(from..from + len, to);
            }
            let cost = work(&next, size, read);
            if cost > most {
                (most, best) = (cost, next);
            }
        }
        highest = f64::max(highest, most);
        assert!(
            most <= BOUND,
            "{most}, size {size}, reads of {read}: {}",
            best.escape_ascii()
        );
    }
    std::println!("the search reached {highest:.1}");
}
