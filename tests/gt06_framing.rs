//! The protocol `gt06` on the wire: where frames begin and end, and which are replied to.
//! `gt06.rs` tests the messages. The frames are in `docs/protocols/gt06.md`.

#![cfg(feature = "gt06")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::cloned_ref_to_slice_refs
)]

mod support;

use gt02::{
    Datagram, Decoder, Direction, EncodeError, Error, ErrorKind, Frame, Item, NoiseReason,
    Protocol, Report, Session, Sniff,
    protocol::gt06::{self, Command, Envelope, Header, Message},
    report::Kind,
    session::{self, CommandError},
    sniff,
    types::DateTime,
};
use support::{
    Owned, assert_rebuilt, datagram_items, frames,
    gt06::{frame, short},
    hex, items, items_of_reads,
};

/// A GT02A; the reply; the same device.
const LOGIN: &str = "78780d0103589110201765960041f35a0d0a";
const LOGIN_REPLY: &str = "7878050100419bd80d0a";
const HEARTBEAT: &str = "78780a1344060400020042cd4b0d0a";
const HEARTBEAT_REPLY: &str = "787805130042996e0d0a";
/// A location of that device.
const LOCATION: &str = "78781f120f0c02122e26c701faec0a07eba7b9001444019400276e0016450043fb990d0a";
/// The length bytes of these say 08 and 0A; right were 0A and 13.
const WRONG_LENGTHS: [&str; 2] = [
    "787808134606020002044dc5050d0a",
    "78780a1110081f000010025c010171004edf00027c560d0a",
];
/// The checksum should be 69A3, and nobody knows why it is not.
const BAD_CHECKSUM: &str = "78781311110314 14390e027f020ffb0003c5003304a30d0a";
/// A misprint of a vendor document, whose length and checksum are both wrong.
const MISPRINT: &str = "787808134b040300010011061f0d0a";
/// SIM data of a GT02A; a request for the time, and the reply.
const SIM: &str = "79790020940a08681201562093520460041215703040898607b20917005430400002e0a70d0a";
const TIME_REQUEST: &str = "7878058a000688290d0a";
const TIME_REPLY: &str = "78780b8a0f0c1d0000150006f0860d0a";
/// A heartbeat of another protocol, and the reply.
const GT02_HEARTBEAT: &str = "68681a0604086812015620935200601a010b282a2a2c1f2824181e1d120d0a";
const GT02_REPLY: &str = "54681a0d0a";

fn one(bytes: &[u8]) -> Frame<'_> {
    Frame::parse(bytes).unwrap_or_else(|error| panic!("{error}: {bytes:02x?}"))
}

fn gt06_frame(bytes: &[u8]) -> gt06::Frame<'_> {
    let Frame::Gt06(frame) = one(bytes) else {
        panic!("{bytes:02x?}")
    };
    frame
}

fn noise(reason: NoiseReason, bytes: &[u8]) -> Owned {
    Owned::Noise(reason, bytes.to_vec())
}

#[test]
fn the_parts_of_a_frame() {
    let bytes = hex(LOGIN);
    let frame = gt06_frame(&bytes);
    assert_eq!(
        (
            frame.header(),
            frame.length(),
            frame.code(),
            frame.serial(),
            frame.crc()
        ),
        (Header::Short, 13, 0x01, Some(0x41), 0xF35A)
    );
    assert_eq!(frame.body(), hex("0358911020176596"));
    assert_eq!(frame.envelope(), Envelope::short(0x41));
    assert!(frame.crc_ok());

    let bytes = hex(SIM);
    let frame = gt06_frame(&bytes);
    assert_eq!(
        (frame.header(), frame.length(), frame.code(), frame.serial()),
        (Header::Long, 0x20, 0x94, Some(2))
    );
    assert_eq!(frame.body().len(), 27);
    assert_eq!(frame.envelope(), Envelope::long(2));
}

#[test]
fn errors_say_what_and_where() {
    let login = hex(LOGIN);
    let check = |bytes: &[u8], kind, offset| {
        let error = gt06::Frame::parse(bytes).unwrap_err();
        assert_eq!((error.kind, error.offset), (kind, offset), "{bytes:02x?}");
    };
    check(b"", ErrorKind::Incomplete, 0);
    check(b"\x78\x79\x05", ErrorKind::Start, 0);
    check(&hex(GT02_HEARTBEAT), ErrorKind::Start, 0);
    check(b"\x78\x78\x04\x01", ErrorKind::Length, 2);
    check(b"\x79\x79\x00\x04\x01", ErrorKind::Length, 2);
    check(&login[..2], ErrorKind::Incomplete, 2);
    check(&login[..17], ErrorKind::Incomplete, 17);
    check(&[&login[..], b"\x0d"].concat(), ErrorKind::Trailing, 18);
    check(&[&login[..16], b"\x00\x0a"].concat(), ErrorKind::End, 16);
    check(
        &[&login[..14], b"\x00\x00\x0d\x0a"].concat(),
        ErrorKind::Checksum,
        14,
    );
    assert_eq!(
        Frame::parse(&hex(BAD_CHECKSUM)).unwrap_err().to_string(),
        "wrong checksum at byte 20"
    );
    // A login in a frame that is longer than it says.
    let carrier = short(0x12, &[&login[..], b"more"].concat(), 1);
    assert_eq!(
        Frame::parse(&carrier),
        Err(Error {
            kind: ErrorKind::Overlap,
            offset: 4
        })
    );
}

#[test]
fn mixed_framings_on_one_connection() {
    let [heartbeat, sim, request] = [GT02_HEARTBEAT, SIM, TIME_REQUEST].map(hex);
    let stream = [
        &heartbeat[..],
        &sim,
        &heartbeat,
        &request,
        &sim,
        &request,
        &heartbeat,
    ]
    .concat();
    for read in [1, 3, 20, stream.len()] {
        let found = items_of_reads(stream.chunks(read));
        assert!(
            found.iter().all(|item| matches!(item, Owned::Frame(_))),
            "{found:?}"
        );
        assert_eq!(found.len(), 7);
    }
    // The device never logs in: either kind of frame names it, for all that follow.
    let mut session = Session::new();
    let now = DateTime {
        year: 15,
        month: 12,
        day: 29,
        hour: 0,
        minute: 0,
        second: 21,
    };
    assert_eq!(session.handle(&one(&request)).report.device, None);
    let outcome = session.handle(&one(&sim));
    assert_eq!(
        outcome.report.device.unwrap().to_string(),
        "868120156209352"
    );
    assert_eq!(outcome.reply, None);
    let outcome = session.handle_at(&one(&request), now);
    assert_eq!(
        outcome.report.device.unwrap().to_string(),
        "868120156209352"
    );
    assert_eq!(outcome.reply.as_deref(), Some(&hex(TIME_REPLY)[..]));
    assert_eq!(session.protocol(), Some(Protocol::Gt06));
    assert_eq!(
        session.handle(&one(&heartbeat)).reply.as_deref(),
        Some(&hex(GT02_REPLY)[..])
    );
    assert_eq!(session.protocol(), Some(Protocol::Gt02));
}

#[test]
fn positions_before_the_login_and_the_login_twice() {
    let mut session = Session::new();
    let [login, location] = [LOGIN, LOCATION].map(hex);
    let outcome = session.handle(&one(&location));
    assert_eq!(
        (outcome.report.kind, outcome.report.device, outcome.reply),
        (Kind::Location, None, None)
    );
    assert!(outcome.report.position.is_some());
    for _ in 0..2 {
        let outcome = session.handle(&one(&login));
        assert_eq!(
            (outcome.report.kind, outcome.reply.as_deref()),
            (Kind::Login, Some(&hex(LOGIN_REPLY)[..]))
        );
    }
    assert_eq!(
        session
            .handle(&one(&location))
            .report
            .device
            .unwrap()
            .to_string(),
        "358911020176596"
    );
}

#[test]
fn the_length_byte_lies_the_checksum_does_not() {
    let [login, heartbeat] = [LOGIN, HEARTBEAT].map(hex);
    for text in WRONG_LENGTHS {
        let bytes = hex(text);
        // With something after it, without, in pieces, and in a datagram.
        for stream in [
            bytes.clone(),
            [&bytes[..], &login].concat(),
            [&login[..], &bytes, &bytes, &heartbeat].concat(),
        ] {
            let found = items(&stream);
            assert!(found.contains(&Owned::Frame(bytes.clone())), "{found:?}");
            assert!(
                found.iter().all(|item| matches!(item, Owned::Frame(_))),
                "{found:?}"
            );
            assert_eq!(datagram_items(&stream), found);
            assert_eq!(items_of_reads(stream.chunks(1)), found);
        }
        assert_eq!(
            gt06_frame(&bytes).envelope().wrong_length,
            Some(bytes[2].into())
        );
        assert!(assert_rebuilt(&bytes));
    }
    // A length that is too large, as well: at the end of the stream, or when the next frame is
    // there.
    let too_large = frame(false, 0x13, &[0x44, 6, 4, 0, 2], 7, 40);
    assert_eq!(items(&too_large), [Owned::Frame(too_large.clone())]);
    let mut decoder = Decoder::<1024>::new();
    let stream = [&too_large[..], &login].concat();
    let mut input = &stream[..];
    for expected in [&too_large, &login] {
        assert_eq!(
            decoder
                .decode(&mut input)
                .map(|item| item.as_bytes().to_vec()),
            Some(expected.clone())
        );
    }
}

#[test]
fn end_marks_in_the_content_are_data() {
    // A text that ends with CR LF.
    let rfid = hex("79790019941b524649443a3030384642324245424133390d0a000c14930d0a");
    assert_eq!(items(&rfid), [Owned::Frame(rfid.clone())]);
    assert_eq!(items_of_reads(rfid.chunks(1)), [Owned::Frame(rfid)]);
}

#[test]
fn a_bad_checksum_can_still_be_a_good_frame() {
    let [bytes, login] = [BAD_CHECKSUM, LOGIN].map(hex);
    let stream = [&login[..], &bytes, &login].concat();
    assert_eq!(
        items(&stream),
        [
            Owned::Frame(login.clone()),
            noise(NoiseReason::Checksum, &bytes),
            Owned::Frame(login.clone())
        ]
    );
    // Told to, a decoder takes it.
    let mut decoder = Decoder::<260>::new().accept_bad_checksums();
    let mut oks = Vec::new();
    for mut read in stream.chunks(7) {
        while let Some(item) = decoder.decode(&mut read) {
            let Item::Frame(Frame::Gt06(frame)) = item else {
                panic!("{item:?}")
            };
            oks.push(frame.crc_ok());
            if !frame.crc_ok() {
                assert_eq!(frame, gt06::Frame::parse_any_checksum(&bytes).unwrap());
                let report = Report::new(&Frame::Gt06(frame), Direction::Up);
                let cell = report.cell.unwrap();
                assert_eq!(
                    (cell.mcc, cell.mnc, cell.lac, cell.cid),
                    (Some(639), Some(2), Some(4091), Some(965))
                );
            }
        }
    }
    assert_eq!(oks, [true, false, true]);
    assert_eq!(Datagram::new(&stream).accept_bad_checksums().count(), 3);
    assert!(gt06::Frame::parse(&bytes).is_err());

    // But a frame with a wrong length and a right checksum goes first, however the bytes come, and
    // whatever ends where the length says.
    let lying = frame(false, 0x13, &[0x46, 6, 2, 0, 2], 0, 25);
    for after in [
        [&hex(HEARTBEAT)[..], &hex(TIME_REQUEST)].concat(),
        hex("01020304050607080910111213141516171819202122230d0a"),
    ] {
        let stream = [&lying[..], &after].concat();
        for read in [1, 9, stream.len()] {
            let mut decoder = Decoder::<260>::new().accept_bad_checksums();
            let mut first = None;
            for mut input in stream.chunks(read) {
                while let Some(item) = decoder.decode(&mut input) {
                    first = first.or(Some(Owned::from(item)));
                }
            }
            assert_eq!(
                first,
                Some(Owned::Frame(lying.clone())),
                "in reads of {read}"
            );
        }
    }

    // And not a frame cut short before one that ends where it should have.
    let cut = &hex(LOCATION)[..36 - login.len()];
    let glued = [cut, &login].concat();
    let mut decoder = Decoder::<260>::new().accept_bad_checksums();
    let mut input = &glued[..];
    assert!(matches!(decoder.decode(&mut input), Some(Item::Noise(noise)) if noise.bytes == cut));
    assert!(
        matches!(decoder.decode(&mut input), Some(Item::Frame(frame)) if frame.as_bytes() == login)
    );
}

#[test]
fn the_dialect_without_a_checksum_is_noise() {
    // See docs/protocols/gt06.md, "The dialect without serial and CRC".
    let dialect = [
        ("78780d0103563140414198583c0d0a", 0),
        // A decoder that takes bad checksums finds the length of this one right.
        ("78781211091c0b1e2e98058507f80097a6ac03344a0d0a", 1),
        ("78781511170103100e1f9904efe30400a97f88003410ffdd000d0a", 0),
        ("787801080d0a", 0),
    ];
    for (text, taken) in dialect {
        let bytes = hex(text);
        let login = hex(LOGIN);
        let stream = [&bytes[..], &login].concat();
        let found = items(&stream);
        assert_eq!(
            found.last(),
            Some(&Owned::Frame(login.clone())),
            "{found:?}"
        );
        assert_eq!(
            frames(&stream),
            [login],
            "bytes of the dialect are no frame"
        );
        let mut lenient = Decoder::<260>::new().accept_bad_checksums();
        let mut input = &stream[..];
        let mut count = 0;
        while let Some(item) = lenient.decode(&mut input) {
            count += usize::from(matches!(item, Item::Frame(_)));
        }
        assert_eq!(count, taken + 1, "where bad checksums are taken: {text}");
    }
}

#[test]
fn serial_and_checksum_come_last() {
    for more in 0..100 {
        let bytes = short(
            0x12,
            &[&hex(LOCATION)[4..30], &vec![0x55; more]].concat(),
            0xABCD,
        );
        let frame = gt06_frame(&bytes);
        assert_eq!(
            (frame.serial(), frame.body().len()),
            (Some(0xABCD), 26 + more)
        );
    }
}

#[test]
fn which_frames_are_replied_to() {
    let reply = |bytes: &[u8]| {
        Session::new()
            .handle(&one(bytes))
            .reply
            .map(|reply| reply.to_vec())
    };
    assert_eq!(reply(&hex(HEARTBEAT)), Some(hex(HEARTBEAT_REPLY)));
    // Examples of vendor documents.
    assert_eq!(
        reply(&hex(
            "787825160b0b0f0e241dcf027ac8870c4657e60014020901cc00287d001f726506040101003656a40d0a"
        )),
        Some(hex("78780516003695700d0a"))
    );
    assert_eq!(
        reply(&hex("78780b23050f9204000200088a370d0a")),
        Some(hex("787805230008f29e0d0a"))
    );
    for code in 0..=0xFF {
        for content in [&b""[..], b"\x01", &[0; 31], &[0x11; 60]] {
            // With the serial of the frame, also where the body cannot be read, and to a long
            // frame. A frame without a body may be a reply itself.
            for long in [false, true] {
                let bytes = frame(long, code, content, 0x0D0A, 0);
                let Ok(parsed) = Frame::parse(&bytes) else {
                    continue;
                };
                // To the messages of locks it has a long header, too.
                let is_lock = long && matches!(code, 0x32 | 0x33);
                let expected = frame(is_lock, code, b"", 0x0D0A, 0);
                let has_body = !content.is_empty();
                let required = has_body
                    && (is_lock
                        || matches!(code, 0x01 | 0x13 | 0x16 | 0x23 | 0x26 | 0x27)
                        || matches!(code, 0x36 | 0xA3 | 0xA4 | 0xA5));
                assert_eq!(
                    reply(&bytes),
                    required.then_some(expected.clone()),
                    "{code:02x}"
                );
                let down = Report::new(&parsed, Direction::Up).direction == Direction::Down;
                // Nobody answers these, or the device says that it wants no answer.
                let never = matches!(code, 0x15 | 0x21 | 0x38 | 0x70 | 0x80..=0x82)
                    || matches!(code, 0x98 | 0x9B | 0xF3 | 0xFD)
                    || code == 0x94 && long;
                let all = Session::new()
                    .reply_to_all()
                    .handle(&parsed)
                    .reply
                    .map(|reply| reply.to_vec());
                assert_eq!(
                    all,
                    (has_body && code != 0x8A && !down && !never).then_some(expected),
                    "{code:02x}"
                );
            }
        }
    }
}

#[test]
fn two_servers_do_not_reply_to_each_other_for_ever() {
    let now = DateTime::new(2026, 5, 4, 7, 30, 0);
    for text in [LOGIN, HEARTBEAT, LOCATION, TIME_REQUEST] {
        let mut frame = hex(text);
        let mut replies = 0;
        for server in [Session::new(), Session::new().reply_to_all()]
            .iter()
            .cycle()
        {
            let mut server = server.clone();
            let Some(reply) = server.handle_at(&one(&frame), now.unwrap()).reply else {
                break;
            };
            frame = reply.to_vec();
            replies += 1;
            assert!(replies < 2, "{text}");
        }
    }
    // What a server acknowledged is not acknowledged again, whatever the session and the number.
    let ack = hex("787805010007bcea0d0a");
    assert_eq!(Session::new().reply_to_all().handle(&one(&ack)).reply, None);
    assert_eq!(gt06_frame(&ack).reply(now), None);
    let request = hex(TIME_REQUEST);
    assert!(gt06_frame(&request).reply(now).is_some());
    assert_eq!(gt06_frame(&request).reply(None), None);
    assert_eq!(gt06_frame(&hex(TIME_REPLY)).reply(now), None);
}

#[test]
fn frames_tell_their_type_and_sometimes_their_direction() {
    for (text, direction, message_type) in [
        (LOGIN, Some(Direction::Up), "0x01"),
        (LOGIN_REPLY, None, "0x01"),
        (LOCATION, Some(Direction::Up), "0x12"),
        (SIM, Some(Direction::Up), "0x94/0x0a"),
        (TIME_REQUEST, None, "0x8a"),
        (TIME_REPLY, Some(Direction::Down), "0x8a"),
        (
            "787815800f0001a9584459442c3030303030302300a0dcf10d0a",
            Some(Direction::Down),
            "0x80",
        ),
    ] {
        let bytes = hex(text);
        let frame = gt06_frame(&bytes);
        assert_eq!(frame.direction(), direction, "{text}");
        assert_eq!(frame.message_type().unwrap().to_string(), message_type);
        assert_eq!(frame.message().direction(), direction);
    }
}

#[test]
fn long_frames_may_be_short() {
    let bytes = frame(true, 0x94, &[0x05, 0x00], 0xC9, 0);
    // As a device sends it.
    assert_eq!(bytes, hex("7979000794050000c9b63e0d0a"));
    assert_eq!(items(&bytes), [Owned::Frame(bytes.clone())]);
    // And a 79 79 login is replied to like any other.
    let login = frame(true, 0x01, &hex("0358911020176596"), 0x41, 0);
    assert_eq!(
        Session::new().handle(&one(&login)).reply.as_deref(),
        Some(&hex(LOGIN_REPLY)[..])
    );
}

#[test]
fn short_start_with_a_long_length() {
    let content = [
        &[0x00, 0xE2, 0, 0, 0, 1][..],
        b"ADDRESS&&\x53\x17\x4e\xac&&0##",
    ]
    .concat();
    let mut bytes = vec![0x78, 0x78, 0x00, content.len() as u8 + 5, 0x97];
    bytes.extend(&content);
    bytes.extend([0x00, 0x01]);
    bytes.extend(support::gt06::crc16(&bytes[2..]));
    bytes.extend([0x0D, 0x0A]);
    let stream = [&bytes[..], &hex(LOGIN)].concat();
    assert_eq!(
        items(&stream),
        [Owned::Frame(bytes.clone()), Owned::Frame(hex(LOGIN))]
    );
    assert_eq!(items_of_reads(stream.chunks(1)), items(&stream));
    let frame = gt06_frame(&bytes);
    assert_eq!(
        (frame.header(), frame.code(), frame.serial(), frame.body()),
        (Header::Mixed, 0x97, Some(1), &content[..])
    );
    assert!(assert_rebuilt(&bytes));
    let report = Report::new(&one(&bytes), Direction::Up);
    assert_eq!(
        (report.direction, report.kind),
        (Direction::Down, Kind::Ack)
    );
    assert_eq!(report.text.unwrap().to_string(), "\u{5317}\u{4eac}");
}

#[test]
fn damaged_frames_are_noise_with_the_reason() {
    let login = hex(LOGIN);
    let misprint = hex(MISPRINT);
    assert_eq!(
        items(&[&misprint[..], &login].concat()),
        [
            noise(NoiseReason::Truncated, &misprint),
            Owned::Frame(login.clone())
        ]
    );
    // An IMEI that somebody made anonymous.
    let mut anonymous = login.clone();
    anonymous[8..12].fill(0);
    assert_eq!(
        items(&[&anonymous[..], &login].concat()),
        [
            noise(NoiseReason::Checksum, &anonymous),
            Owned::Frame(login.clone())
        ]
    );
    // Alone as well: at the end at the latest.
    assert_eq!(
        items(&anonymous),
        [noise(NoiseReason::Checksum, &anonymous)]
    );
    // Cut by a line's end.
    assert_eq!(
        items(&[&login[..9], &login].concat()),
        [
            noise(NoiseReason::Truncated, &login[..9]),
            Owned::Frame(login)
        ]
    );
}

#[test]
fn a_false_start_does_not_keep_a_device_waiting() {
    let others = [LOGIN, HEARTBEAT, SIM, GT02_HEARTBEAT].map(hex);
    for other in &others {
        for false_start in [
            &b"\x78\x78\xff"[..],
            b"\x78\x78\xff\x12\x34",
            b"\x79\x79\x02\x00",
            b"\x78\x78\x00\xf0\x97",
            b"\x78",
        ] {
            let stream = [false_start, other].concat();
            for read in [1, 5, stream.len()] {
                let mut decoder = Decoder::<1024>::new();
                let mut found = Vec::new();
                for mut input in stream.chunks(read) {
                    while let Some(item) = decoder.decode(&mut input) {
                        found.push(Owned::from(item));
                    }
                }
                assert_eq!(decoder.pending(), b"");
                assert_eq!(
                    found.last(),
                    Some(&Owned::Frame(other.clone())),
                    "{stream:02x?}"
                );
                let noise: Vec<u8> = found[..found.len() - 1]
                    .iter()
                    .flat_map(Owned::bytes)
                    .copied()
                    .collect();
                assert_eq!(noise, false_start);
            }
        }
    }
}

#[test]
fn a_whole_frame_inside_another_splits_it() {
    let heartbeat = hex(HEARTBEAT);
    let carrier = short(0x9B, &[b"{", &heartbeat[..], b"}"].concat(), 1);
    let stream = [&carrier[..], &heartbeat].concat();
    let (before, after) = (&carrier[..5], &carrier[5 + heartbeat.len()..]);
    let expected = [
        noise(NoiseReason::Truncated, before),
        Owned::Frame(heartbeat.clone()),
        noise(NoiseReason::Garbage, after),
        Owned::Frame(heartbeat.clone()),
    ];
    assert_eq!(items(&stream), expected);
    assert_eq!(items_of_reads(stream.chunks(1)), expected);
    // So it cannot be built.
    let Err(error) = gt06::Unknown {
        envelope: Envelope::short(1),
        code: 0x9B,
        content: &carrier[4..carrier.len() - 6],
    }
    .encode(&mut [0; 64]) else {
        panic!("encoded")
    };
    assert_eq!(error, EncodeError::Ambiguous);
}

#[test]
fn a_documented_message_is_never_split() {
    // A location whose date and coordinates spell the answer to a heartbeat.
    let answer = hex(HEARTBEAT_REPLY);
    let mut content = hex(LOCATION)[4..30].to_vec();
    content[6..16].copy_from_slice(&answer);
    let location = short(0x12, &content, 1);
    let stream = [&location[..], &answer].concat();
    let expected = [Owned::Frame(location.clone()), Owned::Frame(answer.clone())];
    assert_eq!(items(&stream), expected);
    assert_eq!(items_of_reads(stream.chunks(1)), expected);
    assert!(assert_rebuilt(&location));
    // With another length it is not one of those.
    let longer = short(0x12, &[&content[..], &[0; 5]].concat(), 1);
    assert_eq!(
        frames(&[&longer[..], &answer].concat()),
        [answer.clone(), answer]
    );
}

#[test]
fn every_frame_cut_short_anywhere_costs_only_itself() {
    let all = [
        LOGIN,
        HEARTBEAT,
        LOCATION,
        SIM,
        TIME_REQUEST,
        GT02_HEARTBEAT,
        WRONG_LENGTHS[0],
        WRONG_LENGTHS[1],
    ]
    .map(hex);
    for first in &all {
        for second in &all {
            for cut in 0..first.len() {
                // A frame with a wrong length vouches for itself only where it begins; a frame
                // without a checksum that claims it for its end has it.
                if first[0] == 0x68
                    && gt06::Frame::parse(second)
                        .is_ok_and(|frame| frame.envelope().wrong_length.is_some())
                {
                    continue;
                }
                let stream = [&first[..cut], second].concat();
                assert_eq!(frames(&stream), [second.clone()], "{stream:02x?}");
                assert_eq!(
                    items_of_reads(stream.chunks(1)),
                    items(&stream),
                    "{stream:02x?}"
                );
            }
        }
    }
}

#[test]
fn frames_larger_than_the_decoder_are_oversize() {
    let (large, login) = (short(0x12, &[0x55; 60], 1), hex(LOGIN));
    let stream = [&large[..], &login].concat();
    for read in [1, 7, stream.len()] {
        let mut decoder = Decoder::<64>::new();
        let mut seen = Vec::new();
        for mut input in stream.chunks(read) {
            while let Some(item) = decoder.decode(&mut input) {
                seen.push(Owned::from(item));
            }
        }
        assert_eq!(
            support::join(seen),
            [
                noise(NoiseReason::Oversize, &large),
                Owned::Frame(login.clone())
            ]
        );
    }
    // A datagram takes whatever a frame may be.
    let huge = frame(true, 0x9B, &[0x55; 65_530], 1, 0);
    assert_eq!(huge.len(), 65_541);
    assert_eq!(datagram_items(&huge), [Owned::Frame(huge)]);
}

#[test]
fn commands_are_texts_in_80() {
    let mut session = Session::new();
    let mut out = [0; 64];
    let command = |session: &Session, command, out: &mut [u8]| {
        session
            .command(&command, out)
            .map(|len| out[..len].to_vec())
    };
    assert_eq!(
        command(&session, session::Command::Locate, &mut out),
        Err(CommandError::NoProtocol)
    );
    let _ = session.handle(&one(&hex(LOGIN)));
    // See docs/protocols/gt06.md, "Command".
    let expected = |text: &str| {
        short(
            0x80,
            &[&[text.len() as u8 + 4, 0, 0, 0, 0][..], text.as_bytes()].concat(),
            0,
        )
    };
    for (asked, text) in [
        (session::Command::CutRelay, "DYD,000000#"),
        (session::Command::RestoreRelay, "HFYD,000000#"),
        (session::Command::Locate, "DWXX,000000#"),
        (session::Command::Text("Relay,1#"), "Relay,1#"),
    ] {
        assert_eq!(command(&session, asked, &mut out), Ok(expected(text)));
    }
    assert_eq!(
        expected("Relay,1#"),
        hex("787812800c0000000052656c61792c312300009dee0d0a"),
        "as a public server sends it"
    );
    assert_eq!(
        command(&session, session::Command::Text(""), &mut out),
        Err(CommandError::Encode(EncodeError::Text))
    );
    for text in ["DYD\r\n", "DYD\0", "\x1b[2J", "caf\u{e9}"] {
        assert_eq!(
            command(&session, session::Command::Text(text), &mut out),
            Err(CommandError::Encode(EncodeError::Text)),
            "{text:?}"
        );
    }
    assert!(matches!(
        command(&session, session::Command::Text("x"), &mut [0; 4]),
        Err(CommandError::Encode(EncodeError::BufferTooSmall {
            needed: 16
        }))
    ));
    assert_eq!(
        Command::new(&"x".repeat(245))
            .unwrap()
            .encode(&mut [0; 260]),
        Ok(260)
    );
    assert_eq!(
        Command::new(&"x".repeat(246)),
        Err(EncodeError::TooLong {
            field: "text",
            max: 245
        })
    );
    // The other protocol has no such words.
    let _ = session.handle(&one(&hex(GT02_HEARTBEAT)));
    assert_eq!(
        command(&session, session::Command::Locate, &mut out),
        Err(CommandError::Unsupported {
            protocol: Protocol::Gt02
        })
    );
}

#[test]
fn sms_commands_travel_over_gprs() {
    use gt02::sms::{self, Circuit, CommandSet, Verdict};

    let mut session = Session::new();
    let _ = session.handle(&one(&hex(LOGIN)));
    let mut out = [0; 64];
    // The command of a vendor document, except flag and serial, and its response.
    let cut = sms::Command::Relay {
        circuit: Circuit::Fuel,
        cut: true,
    };
    let len = session
        .command(
            &session::Command::Sms {
                set: CommandSet::A,
                command: cut,
                password: None,
            },
            &mut out,
        )
        .unwrap();
    assert_eq!(
        out[..len],
        hex("787815800f000000004459442c303030303030230000e6c40d0a")
    );
    let bytes = hex("78781815100001a9584459443d53756363657373210002001891770d0a");
    let answer = session.handle(&one(&bytes)).report.answer().unwrap();
    assert_eq!(cut.verdict(CommandSet::A, &answer), Verdict::Done);
    assert_eq!(
        session.handle(&one(&hex(LOGIN))).report.answer(),
        None,
        "no response"
    );
    // UTF-16 is not read.
    let bytes = hex(
        "797900262100000000020043006f006d006d0061006e00640020006500720072006f0072002100236e850d0a",
    );
    assert_eq!(session.handle(&one(&bytes)).report.answer(), None);
    // Errors come through.
    let wrong = session::Command::Sms {
        set: CommandSet::A,
        command: cut,
        password: Some("1#"),
    };
    assert!(matches!(
        session.command(&wrong, &mut out),
        Err(CommandError::Sms(_))
    ));
}

#[test]
fn a_servers_frames_are_down() {
    let session = Session::new();
    for (text, kind) in [
        (LOGIN_REPLY, Kind::Ack),
        (HEARTBEAT_REPLY, Kind::Ack),
        (TIME_REPLY, Kind::Ack),
        (TIME_REQUEST, Kind::Ack),
    ] {
        let bytes = hex(text);
        let outcome = session.observe_downlink(&one(&bytes));
        assert_eq!(
            (outcome.report.kind, outcome.report.direction, outcome.reply),
            (kind, Direction::Down, None),
            "{text}"
        );
    }
    let bytes = hex("787815800f0001a9584459442c3030303030302300a0dcf10d0a");
    for report in [
        session.observe_downlink(&one(&bytes)).report,
        Session::new().reply_to_all().handle(&one(&bytes)).report,
    ] {
        assert_eq!(
            (report.kind, report.direction),
            (Kind::Command, Direction::Down)
        );
        assert_eq!(report.text.unwrap().as_str(), Some("DYD,000000#"));
    }
    assert_eq!(
        Session::new().reply_to_all().handle(&one(&bytes)).reply,
        None
    );
}

#[test]
fn codes_are_told_where_the_kind_does_not_tell() {
    let code = |bytes: &[u8]| {
        Report::new(&one(bytes), Direction::Up)
            .code
            .map(|code| code.to_string())
    };
    assert_eq!(code(&short(0x9B, b"x", 1)).as_deref(), Some("0x9b"));
    assert_eq!(code(&short(0x9B, b"", 1)).as_deref(), Some("0x9b"));
    assert_eq!(code(&hex(SIM)).as_deref(), Some("0x94/0x0a"));
    // A bare voltage has no sub-type.
    assert_eq!(
        code(&hex("7878079404eb001c705d0d0a")).as_deref(),
        Some("0x94")
    );
    assert_eq!(code(&short(0x14, b"\x01\x20", 1)).as_deref(), Some("0x14"));
    for text in [
        LOGIN,
        LOCATION,
        "787815800f0001a9584459442c3030303030302300a0dcf10d0a",
        TIME_REPLY,
    ] {
        assert_eq!(code(&hex(text)), None, "{text}");
    }
    assert_eq!(
        Session::new()
            .observe_downlink(&one(&short(0x9B, b"", 1)))
            .report
            .code,
        None,
        "a reply"
    );
}

#[test]
fn neighbour_cells() {
    // The example of a vendor document, and a list without neighbours.
    let bytes = hex(
        "78783b2810010d02020201cc00287d001f713e287d001f7231287d001e232d287d001f4018000000\
         000000000000000000000000000000ff00020005b14b0d0a",
    );
    let report = Report::new(&one(&bytes), Direction::Up);
    let seen: Vec<_> = report
        .cells
        .unwrap()
        .iter()
        .map(|cell| (cell.cell.lac, cell.cell.cid, cell.rssi))
        .collect();
    let neighbour = |cid, rssi| (Some(10_365), Some(cid), Some(rssi));
    assert_eq!(
        seen,
        [
            neighbour(8050, 49),
            neighbour(7715, 45),
            neighbour(8000, 24)
        ]
    );
    assert_eq!(report.cell.unwrap().cid, Some(8049));
    let bytes = short(0x28, &[&bytes[4..19], &[0; 36], &bytes[55..58]].concat(), 5);
    let report = Report::new(&one(&bytes), Direction::Up);
    assert_eq!((report.cell.unwrap().cid, report.cells), (Some(8049), None));
}

#[test]
fn sniffing() {
    for (text, needed) in [
        (LOGIN, 18),
        (HEARTBEAT, 15),
        (LOCATION, 4),
        (SIM, 5),
        (TIME_REQUEST, 10),
        (WRONG_LENGTHS[0], 15),
        (WRONG_LENGTHS[1], 24),
        (BAD_CHECKSUM, 24),
        ("78781511000000000000 02e003433a002fed0002000372710d0a", 4),
    ] {
        let bytes = hex(text);
        for len in 0..=bytes.len() {
            let expected = if len < needed {
                Sniff::NeedMore
            } else {
                Sniff::Protocol(Protocol::Gt06)
            };
            assert_eq!(sniff(&bytes[..len]), expected, "{len} bytes of {text}");
        }
    }
    let unknown = short(0x77, &[1; 40], 1);
    assert_eq!(
        [49, 50].map(|len| sniff(&unknown[..len])),
        [Sniff::NeedMore, Sniff::Protocol(Protocol::Gt06)]
    );
    let strangers: [&[u8]; 6] = [
        // The dialect without a checksum.
        &hex("78780d0103563140414198583c0d0a78780d0103563140414198583c0d0a"),
        &hex("787801080d0a"),
        b"xylophone",
        b"\x78\x9c\x4b\x04\x00",
        b"\x79\x79\x00\x04\x94",
        b"\x79\x79\x79\x79\x79\x79",
    ];
    for stranger in strangers {
        assert_eq!(sniff(stranger), Sniff::Foreign, "{stranger:02x?}");
    }
}

#[test]
fn messages_know_their_envelope() {
    for text in [
        LOGIN,
        HEARTBEAT,
        LOCATION,
        SIM,
        TIME_REQUEST,
        TIME_REPLY,
        WRONG_LENGTHS[0],
    ] {
        let bytes = hex(text);
        let message = Message::parse(&bytes).unwrap();
        assert_eq!(message.envelope(), gt06_frame(&bytes).envelope());
        assert_eq!(message.code(), gt06_frame(&bytes).code());
    }
}
