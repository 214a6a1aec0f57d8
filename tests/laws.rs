//! The guarantees of the crate, numbered as in `src/lib.rs`, as properties of random streams.
//!
//! 1. Nothing is lost.
//! 2. Chunking does not matter.
//! 3. A damaged frame costs only itself.
//! 4. Never a panic, never an allocation, bounded memory and time. Here: no panic.
//!    `allocations.rs` counts allocations, and `src/decoder/tests.rs` counts work.
//! 5. What is encoded parses back to the same message. A message that was parsed and encodes gives
//!    a frame that parses to the same message, in the binary protocols the same bytes. A damaged
//!    text may parse to a message that `EncodeError` refuses.
//! 6. Odd is not wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use gt02::{
    Decoder, Direction, Frame, Item, Protocol, Report, Session, Sniff,
    protocol::{gt02::Message, gt06},
    report::Kind,
    session::Reply,
    sniff,
    types::DateTime,
};
use proptest::{collection::vec, prelude::*, sample::Index, strategy::ValueTree};
use support::{
    CAPACITY, Owned, any_frame, any_parts, any_stream, assert_rebuilt, config, datagram_items,
    frames, is_found, items, items_of_reads, items_with, may_take_bytes, ordinary_frame,
};

/// Cuts a stream in pieces at these places.
fn cut(stream: &[u8], places: &[Index]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|place| place.index(stream.len() + 1))
        .collect();
    places.extend([0, stream.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| stream[pair[0]..pair[1]].to_vec())
        .collect()
}

/// Whether a stream goes on with `#`, 15 digits and `#`. The same bytes are left of a frame cut
/// short before a keep-alive of `v680` whose start mark it took for its end mark: no byte decides.
fn shows_a_keep_alive(stream: &[u8]) -> bool {
    let Some((b"#", rest)) = stream.split_at_checked(1) else {
        return false;
    };
    let Some((id, after)) = rest.split_at_checked(15) else {
        return false;
    };
    id.iter().all(u8::is_ascii_digit) && after.first() == Some(&b'#')
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn law_1_nothing_is_lost(stream in any_stream(), places in vec(any::<Index>(), 0..10)) {
        let mut decoder = Decoder::<CAPACITY>::new();
        let mut seen = Vec::new();
        let mut given = 0;
        for read in cut(&stream, &places) {
            let mut input = &read[..];
            while let Some(item) = decoder.decode(&mut input) {
                prop_assert!(!item.as_bytes().is_empty());
                seen.extend_from_slice(item.as_bytes());
            }
            given += read.len();
            prop_assert_eq!([&seen[..], decoder.pending()].concat(), &stream[..given]);
            prop_assert!(decoder.pending().len() < CAPACITY);
        }
        while let Some(item) = decoder.finish() {
            seen.extend_from_slice(item.as_bytes());
        }
        prop_assert_eq!(seen, stream);
    }

    #[test]
    fn law_2_chunking_does_not_matter(
        stream in any_stream(),
        places in vec(any::<Index>(), 0..20),
    ) {
        let whole = items(&stream);
        let reads = cut(&stream, &places);
        prop_assert_eq!(&items_of_reads(reads.iter().map(Vec::as_slice)), &whole);
        prop_assert_eq!(&items_of_reads(stream.chunks(1)), &whole);
        // A datagram is a stream of one read, with a limit that no frame reaches.
        let unlimited = items_with(Decoder::<65_600>::new(), [&stream[..]]);
        prop_assert_eq!(datagram_items(&stream), unlimited);
    }

    #[test]
    #[cfg(feature = "gt06")]
    fn law_2_with_bad_checksums_too(stream in any_stream(), places in vec(any::<Index>(), 0..20)) {
        let items = |reads: &[Vec<u8>]| {
            let decoder = Decoder::<CAPACITY>::new().accept_bad_checksums();
            items_with(decoder, reads.iter().map(Vec::as_slice))
        };
        let whole = items(std::slice::from_ref(&stream));
        prop_assert_eq!(&items(&cut(&stream, &places)), &whole);
        let bytes: Vec<Vec<u8>> = stream.chunks(1).map(<[u8]>::to_vec).collect();
        prop_assert_eq!(&items(&bytes), &whole);
    }

    #[test]
    fn law_2_with_decoders_of_any_size(stream in any_stream(), read in 1..200_usize) {
        fn items<const N: usize>(stream: &[u8], read: usize) -> Vec<Owned> {
            items_with(Decoder::<N>::new(), stream.chunks(read))
        }
        let all = stream.len().max(1);
        // Too small for many frames, just large enough, and much larger.
        prop_assert_eq!(items::<64>(&stream, read), items::<64>(&stream, all));
        prop_assert_eq!(items::<64>(&stream, 1), items::<64>(&stream, all));
        prop_assert_eq!(items::<100>(&stream, 1), items::<100>(&stream, all));
        prop_assert_eq!(items::<1024>(&stream, read), items::<1024>(&stream, all));
    }

    #[test]
    fn law_3_garbage_between_frames_costs_nothing(
        pieces in vec((ordinary_frame(), vec(any::<u8>(), 0..30)), 1..20),
    ) {
        // Random garbage practically never has a whole header, nor completes one with the bytes
        // after it. False starts have a test of their own.
        let stream = pieces.iter().flat_map(|(frame, garbage)| [&garbage[..], frame].concat());
        let stream: Vec<u8> = stream.collect();
        let sent: Vec<Vec<u8>> = pieces.into_iter().map(|(frame, _)| frame).collect();
        let found = frames(&stream);
        prop_assert_eq!(found.len(), sent.len());
        for (sent, found) in sent.iter().zip(&found) {
            prop_assert!(is_found(sent, found), "{:02x?} is {:02x?}", sent, found);
        }
    }

    #[test]
    fn law_3_one_damaged_byte_costs_one_frame(
        sent in vec(ordinary_frame(), 1..8),
        place in any::<Index>(),
        damage in 1..=255_u8,
    ) {
        let mut stream = sent.concat();
        let place = place.index(stream.len());
        stream[place] ^= damage;
        let mut start = 0;
        let hit = sent.iter().position(|frame| { start += frame.len(); place < start }).unwrap();
        prop_assume!(!sent.get(hit + 1).is_some_and(|next| may_take_bytes(&sent[hit], next)));
        let found = frames(&stream);
        let mut rest = found.iter();
        for (_, frame) in sent.iter().enumerate().filter(|&(at, _)| at != hit) {
            let is_there = rest.any(|found| is_found(frame, found));
            prop_assert!(is_there, "lost {:02x?}, damage at {}", frame, place);
        }
        let made_up = usize::from(shows_a_keep_alive(&stream[place..]));
        prop_assert!(found.len() <= sent.len() + made_up, "nothing is made up");
    }

    #[test]
    fn law_3_a_cut_frame_costs_only_itself(
        first in ordinary_frame(),
        second in ordinary_frame(),
        cut in any::<Index>(),
    ) {
        let cut = cut.index(first.len());
        let stream = [&first[..cut], &second].concat();
        // A LAC, a level or a serial of 0D 0A before the type is an end mark. If it is exactly
        // where the cut frame would end, no byte decides, unless there is a checksum.
        let mut inner = second[3..second.len() - 2].windows(2);
        prop_assume!(!first.starts_with(&[0x68]) || inner.all(|pair| pair != [0x0D, 0x0A]));
        prop_assume!(!may_take_bytes(&first, &second));
        let found = frames(&stream);
        prop_assert_eq!(found.last(), Some(&second));
        // What is left of a cut report of `v680` may be a frame: a keep-alive, or the report
        // without its end mark. So may a `$` frame of `h02` that was cut in its tail.
        let left = &found[..found.len() - 1];
        let is_part = match left {
            [] => true,
            [part] => {
                let may_be_cut = first.starts_with(b"#") || first.starts_with(b"$");
                may_be_cut && first[..cut].starts_with(part)
            }
            _ => false,
        };
        prop_assert!(is_part, "{:?}", left);
    }

    #[test]
    fn law_3_frames_after_a_false_start_are_found(
        length in 13..=255_u8,
        id in 0..=999_999_999_999_999_u64,
        after in vec(ordinary_frame(), 1..6),
    ) {
        // A header whose fields are right, with any length.
        let mut stream = vec![0x68, 0x68, length, 0x00, 0x00];
        stream.extend(format!("{id:015}").parse::<gt02::types::DeviceId>().unwrap().to_bcd());
        stream.extend(after.concat());
        // A false start of a known type that ends at an end mark is a frame.
        let end = usize::from(length) + 3;
        let is_known = matches!(stream[15], 0x10 | 0x1A | 0x1C);
        prop_assume!(!is_known || stream.get(end..end + 2) != Some(b"\x0d\x0a"));
        let found = frames(&stream);
        prop_assert_eq!(found.len(), after.len());
        for (sent, found) in after.iter().zip(&found) {
            prop_assert!(is_found(sent, found), "{:02x?} is {:02x?}", sent, found);
        }
    }

    #[test]
    fn law_4_no_bytes_make_it_panic(stream in vec(any::<u8>(), 0..600)) {
        let _ = sniff(&stream);
        let _ = Frame::parse(&stream);
        let items = items(&stream);
        let bytes: Vec<u8> = items.iter().flat_map(Owned::bytes).copied().collect();
        prop_assert_eq!(bytes, stream);
    }

    /// Messages of `gt02` with any values. Only those that a decoder would take for two frames are
    /// refused.
    #[test]
    fn law_5_an_encoded_message_parses_to_itself(parts in any_parts()) {
        let message = parts.message();
        if let Some(bytes) = parts.bytes() {
            prop_assert_eq!(bytes.len(), message.encoded_len());
            prop_assert_eq!(Message::parse(&bytes), Ok(message));
            prop_assert_eq!(frames(&bytes), [bytes.clone()]);
        }
    }

    /// Frames of all protocols, damaged ones too. A damaged text may parse to a message that
    /// `EncodeError` refuses; a message of a binary protocol may not.
    #[test]
    fn law_5_a_parsed_message_that_encodes_parses_to_itself(stream in any_stream()) {
        for frame in frames(&stream) {
            let is_text = matches!(frame[0], b'(' | b'#' | b'*' | b'0'..=b'9');
            prop_assert!(assert_rebuilt(&frame) || is_text, "{:02x?}", frame);
        }
    }

    #[test]
    fn law_5_messages_of_real_devices_encode(frame in ordinary_frame()) {
        prop_assert!(assert_rebuilt(&frame));
    }

    #[test]
    fn law_6_odd_frames_are_reported_and_answered(bytes in any_frame()) {
        // A frame with another one inside does not parse; it is rare.
        let Ok(frame) = Frame::parse(&bytes) else { return Ok(()) };
        let mut session = Session::new();
        let outcome = session.handle(&frame);
        let mut expected = Report::new(&frame, Direction::Up);
        if expected.direction == Direction::Down {
            expected.device = None;
        }
        prop_assert_eq!(outcome.report, expected);
        prop_assert_eq!(session.device(), outcome.report.device);
        let is_answered = match (frame.protocol(), outcome.report.kind) {
            (Protocol::Gt02, kind) => kind == Kind::Heartbeat,
            (Protocol::Gt06 | Protocol::Tk103 | Protocol::V680 | Protocol::H02, _) => match frame {
                // A frame without content is a reply itself.
                Frame::Gt06(frame) if frame.body().is_empty() => false,
                Frame::Gt06(frame) => match (frame.code(), frame.body().len()) {
                    (0x01, len) => len != 7,
                    (0x13 | 0x23 | 0x16 | 0x26 | 0x27 | 0xA4 | 0xA5, _) => true,
                    (0x36, len) => len != 48,
                    (0xA3, len) => !matches!(len, 7 | 19),
                    (0x32 | 0x33, _) => frame.header() == gt06::Header::Long,
                    (0x70, _) => match frame.message() {
                        gt06::Message::ItemList(list) => list.wants_reply(),
                        _ => false,
                    },
                    _ => false,
                },
                Frame::Tk103(frame) => match frame.word().as_bytes() {
                    b"BP00" => frame.body().windows(3).take(16).any(|text| text == b"HSO"),
                    b"BP05" => true,
                    b"BO01" => frame.body().first().is_some_and(u8::is_ascii_hexdigit),
                    _ => false,
                },
                Frame::H02(frame) => matches!(frame.code(), b"V0" | b"HTBT" | b"ICCID"),
                _ => false,
            },
            (protocol, _) => panic!("{protocol}"),
        };
        prop_assert_eq!(outcome.reply.is_some(), is_answered, "{:?}", outcome);
    }

    #[test]
    fn law_6_a_reply_is_the_same_with_and_without_a_session(bytes in any_frame()) {
        let Ok(frame) = Frame::parse(&bytes) else { return Ok(()) };
        let now = DateTime::new(2026, 5, 4, 7, 30, 0);
        let reply = Reply::to(&frame, now);
        prop_assert_eq!(&Session::new().handle_at(&frame, now.unwrap()).reply, &reply);
        prop_assert_eq!(Session::new().handle(&frame).reply, Reply::to(&frame, None));
        // As a message it is read back before it is used.
        let mut out = [0; 300];
        let encoded = frame.reply(now).map(|message| message.encode(&mut out));
        prop_assert_eq!(reply.as_deref(), encoded.map(|len| &out[..len.unwrap()]));
    }

    #[test]
    fn sniffing_is_never_revoked(stream in prop_oneof![any_stream(), vec(any::<u8>(), 0..30)]) {
        let mut verdict = Sniff::NeedMore;
        for len in 0..stream.len().min(40) {
            let next = sniff(&stream[..len]);
            prop_assert!(verdict == Sniff::NeedMore || verdict == next);
            verdict = next;
        }
    }
}

/// Streams found by hand, and by the properties above with more cases than they run here.
#[test]
#[cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]
fn law_2_reasons_of_noise_do_not_depend_on_the_reads() {
    // A frame inside a false start that is rejected after the frame.
    let command = &b"\x88\x88@\x1c>(7044426443BR00)\n"[..];
    // A frame inside one that is one byte too large.
    let report = &b"#353588020157193##1#0000#AUT#01#2600060583c418#2056.205100,E,5217\
        (027042674739BP00000027042674739HSO)"[..];
    let sms = &[&b"*HQ,1,SMS,"[..], &[b'a'; 73], b"(027042411793BP05)"].concat()[..];
    for stream in [command, report, sms] {
        let whole = items_with(Decoder::<100>::new(), [stream]);
        assert_eq!(
            items_with(Decoder::<100>::new(), stream.chunks(1)),
            whole,
            "{}",
            stream.escape_ascii()
        );
        assert_eq!(
            whole
                .iter()
                .filter(|item| matches!(item, Owned::Frame(_)))
                .count(),
            1
        );
    }
}

/// A cut frame before a whole one. Both are complete at the same byte: the cut one as a frame with
/// a wrong length whose checksum happens to be right, a chance of one in 65,536.
#[test]
#[cfg(feature = "gt06")]
fn law_3_a_frame_of_the_right_length_is_preferred() {
    let cut =
        b"\x78\x78\x25\x16\x11\x02\x14\x15\x1d\x09\xce\x03\xf7\x99\x95\x08\x4f\x55\x19\x3a\xf8\
        \x3f\x09";
    let whole =
        b"\x78\x78\x1f\x12\x0a\x01\x01\0\0\0\xc0\0\0\0\0\0\0\0\0\0\0\0\x01\xcc\0\0\0\0\0\0\0\
        \0\xad\x07\x0d\x0a";
    assert_eq!(frames(&[&cut[..], whole].concat()), [whole]);
}

#[test]
fn law_3_a_hundred_thousand_frames_with_garbage_between_one_percent() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let kinds: Vec<Vec<u8>> = (0..1000)
        .map(|_| ordinary_frame().new_tree(&mut runner).unwrap().current())
        .collect();
    let random = runner.rng();
    let (mut stream, mut sent) = (Vec::new(), Vec::new());
    for _ in 0..100_000 {
        if random.random_range(0..100) == 0 {
            stream.extend((0..random.random_range(1..32)).map(|_| random.random::<u8>()));
        }
        let frame = &kinds[random.random_range(0..kinds.len())];
        stream.extend_from_slice(frame);
        sent.push(frame);
    }
    let mut decoder = Decoder::<CAPACITY>::new();
    let mut sent = sent.into_iter();
    let mut rest = &stream[..];
    while !rest.is_empty() {
        let (mut input, after) = rest.split_at(rest.len().min(random.random_range(1..3000)));
        while let Some(item) = decoder.decode(&mut input) {
            if let Item::Frame(frame) = item {
                assert!(is_found(sent.next().unwrap(), frame.as_bytes()));
            }
        }
        rest = after;
    }
    while let Some(item) = decoder.finish() {
        if let Item::Frame(frame) = item {
            assert!(is_found(sent.next().unwrap(), frame.as_bytes()));
        }
    }
    assert_eq!((sent.next(), decoder.pending()), (None, &[][..]));
}
