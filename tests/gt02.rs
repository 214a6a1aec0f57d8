//! The protocol `gt02`: frames whose values are known, and a test for each trap in
//! `docs/protocols/gt02.md`.

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
    Direction, EncodeError, Error, ErrorKind, Frame, NoiseReason, Protocol, Report, Session, Sniff,
    device::{self, Device, Fix, Uplink, UplinkError},
    protocol::gt02::{
        Command, Heartbeat, HeartbeatAck, Location, Message, Response, ShortLocation, Status,
        Unknown,
    },
    report::Kind,
    session::{self, CommandError},
    sniff,
    types::{
        Alarm, CellTower, Course, DateTime, DeviceId, MessageType, Position, Speed, Text, UtcOffset,
    },
};
use support::{Owned, datagram_items, encode, frames, hex, items};

/// Frames of public tests and captures: `docs/protocols/gt02.md`, "Messages".
const LOCATION_2001: &str =
    "68682500000123456789012345000110010101010101026B3F3E026B3F3E000000000000000000010D0A";
const LOCATION_JAKARTA: &str =
    "68682500a403588990510127660001100e09060a1d1b00ade1c90b79ea3000011b000000000000050d0a";
const LOCATION_CELL: &str =
    "6868251a2f04901542032375180001100d010f13200b05a2801d0170392a0000000251c4000000070d0a";
const HEARTBEAT_EMPTY: &str = "68680f0504035889905831401700df1a00000d0a";
const HEARTBEAT_STATUS_4: &str = "6868130504035889905831401700001a040423261e290d0a";
const HEARTBEAT_COUNT_10: &str = "68681a060303588990500037252de91a010a171a191b171915191e10000d0a";
const HEARTBEAT_COUNT_11: &str = "68681a0604049015420323751800601a010b282a2a2c1f2824181e1d120d0a";
const RESPONSE_OK: &str = "6868150000035889905895258400831c07415045584f4b210d0a";
const RESPONSE_ERROR: &str = "68682d0000035889905895258400951c1f\
    415045584572726f723a20506172616d65746572203120284f4e2f4f4646290d0a";
const ALL: [&str; 9] = [
    LOCATION_2001,
    LOCATION_JAKARTA,
    LOCATION_CELL,
    HEARTBEAT_EMPTY,
    HEARTBEAT_STATUS_4,
    HEARTBEAT_COUNT_10,
    HEARTBEAT_COUNT_11,
    RESPONSE_OK,
    RESPONSE_ERROR,
];

fn id(digits: &str) -> DeviceId {
    digits.parse().unwrap()
}

fn report(bytes: &[u8]) -> Report<'_> {
    Report::new(&Frame::parse(bytes).unwrap(), Direction::Up)
}

/// Runs `check` on the one location in `bytes`.
fn with_location(bytes: &[u8], check: impl FnOnce(Location<'_>)) {
    match Message::parse(bytes) {
        Ok(Message::Location(location)) => check(location),
        other => panic!("{other:?}"),
    }
}

#[test]
fn location_of_2001() {
    let bytes = hex(LOCATION_2001);
    with_location(&bytes, |location| {
        assert_eq!(location.device, id("123456789012345"));
        assert_eq!(location.serial, 1);
        assert_eq!(location.time.to_string(), "2001-01-01T01:01:01");
        assert_eq!(
            (location.latitude, location.longitude),
            (40_582_974, 40_582_974)
        );
        assert_eq!(
            (location.latitude_degrees(), location.longitude_degrees()),
            (-22.546_096_666_666_667, -22.546_096_666_666_667)
        );
        assert_eq!(
            location.position().unwrap().latitude.micro_degrees(),
            -22_546_097
        );
        assert!(location.status.has_fix());
        assert_eq!(location.cell(), None, "all zero means no cell");
    });
    let report = report(&bytes);
    assert_eq!(report.kind, Kind::Location);
    assert_eq!(report.valid, Some(true));
    assert_eq!(report.speed.unwrap().kmh(), 0.0);
    assert_eq!(report.charging, Some(false));
}

#[test]
fn location_of_jakarta() {
    let bytes = hex(LOCATION_JAKARTA);
    with_location(&bytes, |location| {
        assert_eq!(location.device, id("358899051012766"));
        assert_eq!(
            (location.latitude, location.longitude),
            (11_395_529, 192_539_184)
        );
        let position = location.position().unwrap();
        assert_eq!(
            (
                position.latitude.micro_degrees(),
                position.longitude.micro_degrees()
            ),
            (-6_330_849, 106_966_213)
        );
        assert_eq!(location.time.to_string(), "2014-09-06T10:29:27");
        assert_eq!(location.course().unwrap().degrees(), 283.0);
        let cell = location.cell().unwrap();
        assert_eq!(
            (cell.mcc, cell.mnc, cell.lac, cell.cid),
            (None, Some(0), Some(164), Some(0))
        );
    });
}

#[test]
fn location_with_the_cell_in_reserved_bytes() {
    let bytes = hex(LOCATION_CELL);
    with_location(&bytes, |location| {
        assert_eq!(location.device, id("490154203237518"));
        let cell = location.cell().unwrap();
        assert_eq!(
            (cell.mcc, cell.mnc, cell.lac, cell.cid),
            (None, Some(2), Some(6703), Some(20932))
        );
        assert!(location.status.north() && location.status.east());
        // A fix of 19:32:11 by a clock at UTC+8, received at 15:32:08 by one at UTC+4.
        let east = |hours: i16| UtcOffset::from_minutes(hours * 60).unwrap();
        let received = DateTime {
            hour: 15,
            second: 8,
            ..location.time
        };
        let late = received.to_unix(east(4)).unwrap() - location.time.to_unix(east(8)).unwrap();
        assert_eq!(late, -3);
    });
}

#[test]
fn heartbeats() {
    type Expected<'a> = (
        &'a str,
        &'a str,
        u16,
        (u8, u8),
        (u8, u8),
        &'a [u8],
        Option<u8>,
    );
    let expected: [Expected<'_>; 4] = [
        (
            HEARTBEAT_EMPTY,
            "358899058314017",
            223,
            (5, 4),
            (0, 0),
            &[],
            Some(0),
        ),
        (
            HEARTBEAT_STATUS_4,
            "358899058314017",
            0,
            (5, 4),
            (4, 4),
            &[35, 38, 30, 41],
            Some(4),
        ),
        (
            HEARTBEAT_COUNT_10,
            "358899050003725",
            11753,
            (6, 3),
            (1, 10),
            &[23, 26, 25, 27, 23, 25, 21, 25, 30, 16, 0],
            Some(10),
        ),
        (
            HEARTBEAT_COUNT_11,
            "490154203237518",
            96,
            (6, 4),
            (1, 11),
            &[40, 42, 42, 44, 31, 40, 36, 24, 30, 29, 18],
            Some(11),
        ),
    ];
    for (text, device, serial, (voltage_level, gsm_level), (status, count), snr, satellites) in
        expected
    {
        let bytes = hex(text);
        let heartbeat = Heartbeat {
            device: id(device),
            serial,
            voltage_level,
            gsm_level,
            status: Some(status),
            satellites: Some(count),
            snr,
        };
        assert_eq!(
            Message::parse(&bytes),
            Ok(Message::Heartbeat(heartbeat)),
            "{text}"
        );
        let report = report(&bytes);
        assert_eq!(
            (report.kind, report.details().snr, report.satellites),
            (Kind::Heartbeat, Some(snr), satellites)
        );
        assert_eq!(
            (report.voltage_level, report.gsm_level),
            (Some(voltage_level), Some(gsm_level))
        );
    }
}

#[test]
fn responses() {
    for (text, serial, expected) in [
        (RESPONSE_OK, 131, "APEXOK!"),
        (RESPONSE_ERROR, 149, "APEXError: Parameter 1 (ON/OFF)"),
    ] {
        let bytes = hex(text);
        let report = report(&bytes);
        assert_eq!(
            (report.kind, report.device, report.serial),
            (Kind::Response, Some(id("358899058952584")), Some(serial))
        );
        assert_eq!(report.text, Some(Text::Bytes(expected.as_bytes())));
    }
}

#[test]
fn frames_of_a_server() {
    let ack = hex("54681a0d0a");
    assert_eq!(
        Message::parse(&ack),
        Ok(Message::HeartbeatAck(HeartbeatAck))
    );
    assert_eq!(encode(&Message::HeartbeatAck(HeartbeatAck)), ack);
    assert_eq!(report(&ack).kind, Kind::Ack);
    // 88 88, L, 1C, n, server flag, text, 0D 0A, with n = 4 + text length and L = n + 2.
    let command = hex("8888131c110000000157484552452c363636363636230d0a");
    let message = Message::Command(Command {
        flag: 1,
        text: Text::Bytes(b"WHERE,666666#"),
    });
    assert_eq!(Message::parse(&command), Ok(message));
    assert_eq!(encode(&message), command);
    assert_eq!(report(&command).kind, Kind::Command);
}

#[test]
fn every_frame_is_rebuilt_to_the_byte() {
    for text in ALL {
        let bytes = hex(text);
        assert_eq!(encode(&Message::parse(&bytes).unwrap()), bytes, "{text}");
        assert_eq!(frames(&bytes), [bytes.clone()]);
    }
    let stream: Vec<u8> = ALL.iter().flat_map(|text| hex(text)).collect();
    assert_eq!(frames(&stream), ALL.map(hex));
}

#[test]
fn an_end_mark_inside_a_body_is_data() {
    // Latitude 0D0A0D0A and SNRs 13 and 10: a frame ends where its length says.
    let mut location = hex(LOCATION_2001);
    location[22..26].copy_from_slice(&[0x0D, 0x0A, 0x0D, 0x0A]);
    let mut heartbeat = hex(HEARTBEAT_STATUS_4);
    heartbeat[19..21].copy_from_slice(&[0x0D, 0x0A]);
    let stream = [location.clone(), heartbeat.clone()].concat();
    assert_eq!(frames(&stream), [location, heartbeat]);
}

#[test]
fn a_wrong_length_that_ends_on_the_next_end_mark_is_found_out() {
    for (first, second) in [
        (HEARTBEAT_EMPTY, LOCATION_CELL),
        (RESPONSE_OK, HEARTBEAT_EMPTY),
        (LOCATION_CELL, LOCATION_CELL),
    ] {
        let (mut first, second) = (hex(first), hex(second));
        first[2] += second.len() as u8;
        let stream = [first.clone(), second.clone()].concat();
        assert_eq!(
            items(&stream),
            [
                Owned::Noise(NoiseReason::Truncated, first),
                Owned::Frame(second)
            ]
        );
    }
}

#[test]
fn a_boundary_inside_a_location_is_data() {
    // Course, MNC and cell id that spell 0D 0A 68 68: a location of the documented length may hold
    // any value.
    let mut location = hex(LOCATION_CELL);
    location[31..35].copy_from_slice(&[0x0D, 0x0A, 0x68, 0x68]);
    assert_eq!(frames(&location), [location.clone()]);
    // In a longer location it is two frames glued by a wrong length.
    location.splice(40..40, [0]);
    location[2] += 1;
    assert_eq!(
        Frame::parse(&location),
        Err(Error {
            kind: ErrorKind::Overlap,
            offset: 34
        })
    );
}

#[test]
fn a_false_start_does_not_keep_a_device_waiting() {
    // A claim of 260 bytes with a good id: the next frame ends it as soon as its header is there.
    let mut claim = hex(HEARTBEAT_EMPTY)[..18].to_vec();
    claim[2] = 0xFF;
    let heartbeat = hex(HEARTBEAT_EMPTY);
    let mut decoder = gt02::Decoder::<260>::new();
    let stream = [claim.clone(), heartbeat.clone()].concat();
    let mut input = &stream[..];
    let mut seen = Vec::new();
    while let Some(item) = decoder.decode(&mut input) {
        seen.push(Owned::from(item));
    }
    assert_eq!(
        support::join(seen),
        [
            Owned::Noise(NoiseReason::Truncated, claim),
            Owned::Frame(heartbeat)
        ]
    );
    assert!(decoder.pending().is_empty());
}

#[test]
fn a_frame_is_found_after_parts_of_a_start_mark() {
    let frame = hex(HEARTBEAT_EMPTY);
    for garbage in [
        vec![0x68],
        vec![0x68, 0x68],
        vec![0x68; 3],
        vec![0x68, 0x68, 0xFF],
        hex("6868ff0000"),
        hex("5468"),
        hex("8888"),
        hex("0d0a"),
    ] {
        let stream = [garbage.clone(), frame.clone()].concat();
        assert_eq!(frames(&stream), [frame.clone()], "{garbage:02x?}");
    }
}

#[test]
fn start_marks_inside_an_imei_are_data() {
    // Digits 6868 at every even place, and the serial 6868 as well.
    for place in 0..7 {
        for text in [LOCATION_CELL, HEARTBEAT_COUNT_11, RESPONSE_OK] {
            let mut frame = hex(text);
            frame[6 + place..8 + place].copy_from_slice(&[0x68, 0x68]);
            let stream = [frame.clone(), hex(LOCATION_2001)].concat();
            assert_eq!(
                frames(&stream),
                [frame, hex(LOCATION_2001)],
                "{text} {place}"
            );
        }
    }
}

#[test]
fn snrs_are_counted_by_the_length() {
    // Captured: count D0 and no SNR.
    let bytes = hex("68680f0604049015420323751818f01a04d00d0a");
    let Ok(Message::Heartbeat(heartbeat)) = Message::parse(&bytes) else {
        panic!()
    };
    assert_eq!(
        (heartbeat.status, heartbeat.satellites, heartbeat.snr),
        (Some(4), Some(0xD0), &[][..])
    );
    assert_eq!(heartbeat.has_fix(), None, "a status of 4 is not documented");
    assert_eq!(
        report(&bytes).satellites,
        None,
        "208 satellites are no count"
    );
}

#[test]
fn heartbeats_with_bodies_of_0_and_1_bytes_are_replied_to() {
    let heartbeat = Heartbeat {
        device: id("358899058314017"),
        serial: 7,
        voltage_level: 5,
        gsm_level: 4,
        status: None,
        satellites: None,
        snr: &[],
    };
    for (heartbeat, len) in [
        (heartbeat, 18),
        (
            Heartbeat {
                status: Some(1),
                ..heartbeat
            },
            19,
        ),
    ] {
        let bytes = encode(&Message::Heartbeat(heartbeat));
        assert_eq!(bytes.len(), len);
        assert_eq!(Message::parse(&bytes), Ok(Message::Heartbeat(heartbeat)));
        assert_eq!(
            &*Session::new()
                .handle(&Frame::parse(&bytes).unwrap())
                .reply
                .unwrap(),
            b"\x54\x68\x1a\x0d\x0a"
        );
    }
}

#[test]
fn a_text_is_at_most_what_is_there() {
    let device = id("358899058952584");
    for (length, text) in [
        (0, ""),
        (3, "APE"),
        (7, "APEXOK!"),
        (8, "APEXOK!"),
        (255, "APEXOK!"),
    ] {
        let response = Response {
            device,
            serial: 1,
            word: 0,
            length: Some(length),
            content: b"APEXOK!",
        };
        assert_eq!(response.text(), Text::Bytes(text.as_bytes()));
        let bytes = encode(&Message::Response(response));
        assert_eq!(Message::parse(&bytes), Ok(Message::Response(response)));
    }
    let empty = Response {
        device,
        serial: 1,
        word: 0,
        length: None,
        content: &[],
    };
    assert_eq!(
        Message::parse(&encode(&Message::Response(empty))),
        Ok(Message::Response(empty))
    );
    assert_eq!(empty.text(), Text::Bytes(b""));
}

#[test]
fn a_cell_of_zeros_is_no_cell() {
    // Captured: a stored position, uploaded late.
    let bytes =
        hex("686825000004901542032375180002100d01100e1d0e05a2d49f0170903a000000000000000000070d0a");
    assert_eq!(report(&bytes).cell, None);
    // One of the three is enough.
    for at in [3, 33, 35] {
        let mut bytes = bytes.clone();
        bytes[at] = 1;
        assert!(report(&bytes).cell.is_some(), "{at}");
    }
}

#[test]
fn odd_locations_decode_as_far_as_they_go() {
    let base = hex(LOCATION_CELL);
    let change = |at: usize, bytes: &[u8]| {
        let mut frame = base.clone();
        frame[at..at + bytes.len()].copy_from_slice(bytes);
        frame
    };
    // A 13th month: no time, all else.
    let frame = change(17, &[13]);
    assert_eq!(
        (report(&frame).time, report(&frame).position.is_some()),
        (None, true)
    );
    with_location(&frame, |location| assert_eq!(location.time.month, 13));
    // Above 90 degrees: no position, all else.
    let frame = change(22, &162_000_001_u32.to_be_bytes());
    assert_eq!(
        (report(&frame).position, report(&frame).time.is_some()),
        (None, true)
    );
    with_location(&frame, |location| {
        assert_eq!(location.latitude, 162_000_001)
    });
    // Above 360 degrees: no course.
    let frame = change(31, &361_u16.to_be_bytes());
    assert_eq!(
        (report(&frame).course, report(&frame).position.is_some()),
        (None, true)
    );
    // No fix and zeros: no place. No fix and a place: the last known one.
    let mut frame = change(22, &[0; 8]);
    frame[39] = 0x06;
    assert_eq!(
        (report(&frame).position, report(&frame).valid),
        (None, Some(false))
    );
    let frame = change(39, &[0x06]);
    assert_eq!(
        (report(&frame).position.is_some(), report(&frame).valid),
        (true, Some(false))
    );
    // A longer body: the rest is kept.
    let mut frame = base.clone();
    frame.splice(40..40, [1, 2, 3]);
    frame[2] += 3;
    with_location(&frame, |location| {
        assert_eq!((location.rest, location.cell_id), (&[1, 2, 3][..], 20932))
    });
    // Shorter bodies: what is there.
    for len in 0..24_u8 {
        let mut frame = base.clone();
        frame.drain(16 + usize::from(len)..40);
        frame[2] = 13 + len;
        let Ok(Message::ShortLocation(short)) = Message::parse(&frame) else {
            panic!("{len}")
        };
        assert_eq!(short.time().is_some(), len >= 6);
        assert_eq!(
            (short.latitude().is_some(), short.longitude().is_some()),
            (len >= 10, len >= 14)
        );
        assert_eq!(
            (short.speed().is_some(), short.course().is_some()),
            (len >= 15, len >= 17)
        );
        let report = report(&frame);
        assert_eq!(
            (report.kind, report.device, report.position),
            (Kind::Location, Some(id("490154203237518")), None)
        );
        assert_eq!(encode(&Message::ShortLocation(short)), frame);
    }
}

#[test]
fn unknown_types_are_kept() {
    let mut bytes = hex(HEARTBEAT_COUNT_10);
    bytes[15] = 0x2B;
    let Ok(Message::Unknown(Unknown {
        code: 0x2B,
        word: 0x0603,
        body,
        ..
    })) = Message::parse(&bytes)
    else {
        panic!()
    };
    assert_eq!(body, &bytes[16..29]);
    let report = report(&bytes);
    assert_eq!(
        (report.kind, report.code.unwrap().to_string()),
        (Kind::Unknown, "0x2b".into())
    );
    assert_eq!(report.device, Some(id("358899050003725")));
}

#[test]
fn alarms_in_the_status() {
    for (status, alarm) in [
        (0x07, None),
        (0x17, Some(Alarm::Sos)),
        (0x27, Some(Alarm::PowerOff)),
        (0x37, Some(Alarm::Sos)),
        (0xFFFF_FFC0, None),
    ] {
        assert_eq!(Status(status).alarm(), alarm, "{status:#x}");
    }
}

#[test]
fn a_datagram_holds_several_frames_and_a_cut_one() {
    let whole = [hex(LOCATION_CELL), hex(LOCATION_2001)];
    let cut = &hex(LOCATION_JAKARTA)[..17];
    let datagram = [&whole[0][..], &whole[1], cut].concat();
    let expected = [
        Owned::Frame(whole[0].clone()),
        Owned::Frame(whole[1].clone()),
        Owned::Noise(NoiseReason::Truncated, cut.to_vec()),
    ];
    assert_eq!(datagram_items(&datagram), expected);
    assert_eq!(items(&datagram), expected);
}

#[test]
fn a_frame_cut_short_anywhere_costs_only_itself() {
    for first in ALL {
        for second in ALL {
            let (first, second) = (hex(first), hex(second));
            for cut in 0..first.len() {
                let stream = [&first[..cut], &second].concat();
                assert_eq!(
                    frames(&stream),
                    [second.clone()],
                    "{cut} bytes of {}",
                    hex::encode(&first)
                );
            }
        }
    }
}

#[test]
fn a_downlink_frame_cut_short_anywhere_costs_only_itself() {
    let downlink = [
        "54681a0d0a",
        "8888131c110000000057484552452c363636363636230d0a",
        "8888071c0500000000230d0a",
    ];
    for first in downlink {
        for second in downlink {
            let (first, second) = (hex(first), hex(second));
            for cut in 0..first.len() {
                assert_eq!(
                    frames(&[&first[..cut], &second].concat()),
                    [second.clone()],
                    "{cut} bytes of {}",
                    hex::encode(&first)
                );
            }
        }
    }
}

#[test]
fn an_imei_and_a_serial_that_spell_a_frame_are_data() {
    // The IMEI 868681012340567 holds 686810; the rest of the header, the date 2024-05-03 and the
    // coordinates go on like a heartbeat.
    let location =
        hex("6868251a2f08686810123405670102101805030e211a012cf00d0aa012343c005a011234000000070d0a");
    assert_eq!(frames(&location), [location.clone()]);
    with_location(&location, |location| {
        assert!(location.status.has_fix() && location.position().is_some())
    });
}

#[test]
fn a_header_in_the_header_of_a_heartbeat_is_data() {
    // The IMEI ends in 6868; serial, status and SNRs go on like a header; no known type follows.
    let heartbeat = hex("6868160604049015420323686820111a0408202122232425300d0a");
    assert_eq!(frames(&heartbeat), [heartbeat.clone()]);
}

#[test]
fn a_header_in_the_header_of_an_unknown_type_is_the_next_frame() {
    // A heartbeat cut in its id, and a location of the 13th of a month at 10 o'clock: its day and
    // hour are an end mark just where the heartbeat should end.
    let cut = hex("68681b000000000000000000");
    let location =
        hex("686825000000000000000000000000100a010d0a00000000000000000000000000000000000000010d0a");
    assert_eq!(frames(&[cut, location.clone()].concat()), [location]);
}

#[test]
fn the_reason_of_noise_ends_with_a_frame_and_with_the_stream() {
    let (truncated, garbage) = (NoiseReason::Truncated, NoiseReason::Garbage);
    let claim = hex(HEARTBEAT_EMPTY)[..18].to_vec();
    let frame = hex(HEARTBEAT_EMPTY);
    let stream = [&claim[..], &frame, b"xyz"].concat();
    let expected = [
        Owned::Noise(truncated, claim.clone()),
        Owned::Frame(frame),
        Owned::Noise(garbage, b"xyz".to_vec()),
    ];
    assert_eq!(items(&stream), expected);
    // Bytes that begin nothing go on with the reason of the noise before them.
    let mut decoder = gt02::Decoder::<260>::new();
    for (read, reason) in [(&claim[..], truncated), (b"xyz", garbage)] {
        let mut input = read;
        let mut noise: Vec<Owned> =
            std::iter::from_fn(|| decoder.decode(&mut input).map(Owned::from)).collect();
        noise.extend(std::iter::from_fn(|| decoder.finish().map(Owned::from)));
        assert_eq!(support::join(noise), [Owned::Noise(reason, read.to_vec())]);
    }
}

#[test]
fn errors_say_what_and_where() {
    let frame = hex(HEARTBEAT_EMPTY);
    let with = |at: usize, byte: u8| {
        let mut frame = frame.clone();
        frame[at] = byte;
        frame
    };
    for (bytes, kind, offset) in [
        (vec![], ErrorKind::Incomplete, 0),
        (b"hello".to_vec(), ErrorKind::Start, 0),
        (with(1, 0), ErrorKind::Start, 0),
        (with(2, 12), ErrorKind::Length, 2),
        (with(5, 0x10), ErrorKind::DeviceId, 5),
        (with(12, 0x1A), ErrorKind::DeviceId, 5),
        (with(18, 0), ErrorKind::End, 18),
        (with(19, 0), ErrorKind::End, 18),
        (frame[..19].to_vec(), ErrorKind::Incomplete, 19),
        ([&frame[..], b"x"].concat(), ErrorKind::Trailing, 20),
        (hex("54681b0d0a"), ErrorKind::Field, 2),
        (hex("54681a0a0a"), ErrorKind::End, 3),
        (hex("8888051c03"), ErrorKind::Length, 2),
        (hex("8888061c04000000000d0a"), ErrorKind::Length, 2),
        (hex("8888071a0500000000230d0a"), ErrorKind::Field, 3),
        (hex("8888071c0600000000230d0a"), ErrorKind::Field, 4),
        (hex("8888081c06000000000d0a0d0a"), ErrorKind::Field, 9),
        (hex("8888081c06000000007f410d0a"), ErrorKind::Field, 9),
        (hex("8888081c060000000041420d0b"), ErrorKind::End, 11),
    ] {
        assert_eq!(
            Frame::parse(&bytes),
            Err(Error { kind, offset }),
            "{}",
            hex::encode(&bytes)
        );
    }
    assert_eq!(
        Error {
            kind: ErrorKind::End,
            offset: 18
        }
        .to_string(),
        "missing end mark at byte 18"
    );
}

#[test]
fn encoding_refuses_what_could_not_be_read_back() {
    let device = id("358899058314017");
    let mut out = [0; 300];
    let location = Location {
        device,
        serial: 1,
        lac: 0,
        time: DateTime {
            year: 0,
            month: 0,
            day: 0,
            hour: 0,
            minute: 0,
            second: 0,
        },
        latitude: 0,
        longitude: 0,
        speed: 0,
        course: 0,
        mnc: 0,
        cell_id: 0,
        status: Status(0),
        rest: &[],
    };
    assert_eq!(
        location.encode(&mut out[..41]),
        Err(EncodeError::BufferTooSmall { needed: 42 })
    );
    assert_eq!(
        location.encode(&mut []),
        Err(EncodeError::BufferTooSmall { needed: 42 })
    );
    assert_eq!(
        Location {
            device: id("12345"),
            ..location
        }
        .encode(&mut out),
        Err(EncodeError::DeviceId { digits: 15 })
    );
    assert_eq!(
        Location {
            rest: &[0; 219],
            ..location
        }
        .encode(&mut out),
        Err(EncodeError::TooLong {
            field: "rest",
            max: 218
        })
    );
    assert_eq!(
        Location {
            rest: &[0; 218],
            ..location
        }
        .encode(&mut out),
        Ok(260)
    );
    assert_eq!(
        Location {
            rest: b"\x0d\x0a\x68\x68",
            ..location
        }
        .encode(&mut out),
        Err(EncodeError::Ambiguous)
    );
    assert_eq!(
        ShortLocation {
            device,
            serial: 1,
            lac: 0,
            body: &[0; 24]
        }
        .encode(&mut out),
        Err(EncodeError::NotCanonical)
    );
    let heartbeat = Heartbeat {
        device,
        serial: 1,
        voltage_level: 0,
        gsm_level: 0,
        status: None,
        satellites: None,
        snr: &[],
    };
    assert_eq!(
        Heartbeat {
            satellites: Some(0),
            ..heartbeat
        }
        .encode(&mut out),
        Err(EncodeError::Gap { field: "status" })
    );
    assert_eq!(
        Heartbeat {
            status: Some(0),
            snr: &[1],
            ..heartbeat
        }
        .encode(&mut out),
        Err(EncodeError::Gap {
            field: "satellites"
        })
    );
    let full = Heartbeat {
        status: Some(0),
        satellites: Some(0),
        snr: &[0; 240],
        ..heartbeat
    };
    assert_eq!(full.encode(&mut out), Ok(260));
    assert_eq!(
        Heartbeat {
            snr: &[0; 241],
            ..full
        }
        .encode(&mut out),
        Err(EncodeError::TooLong {
            field: "snr",
            max: 240
        })
    );
    let response = Response {
        device,
        serial: 1,
        word: 0,
        length: None,
        content: b"x",
    };
    assert_eq!(
        response.encode(&mut out),
        Err(EncodeError::Gap { field: "length" })
    );
    assert_eq!(
        Unknown {
            device,
            serial: 1,
            word: 0,
            code: 0x1A,
            body: &[]
        }
        .encode(&mut out),
        Err(EncodeError::NotCanonical)
    );
    assert_eq!(
        Command {
            flag: 0,
            text: Text::Bytes(b"a\r\nb")
        }
        .encode(&mut out),
        Err(EncodeError::Text)
    );
    assert_eq!(
        Command {
            flag: 0,
            text: Text::Bytes(b"")
        }
        .encode(&mut out),
        Err(EncodeError::Text)
    );
    assert_eq!(
        Command {
            flag: 0,
            text: Text::Bytes("\u{e9}".as_bytes())
        }
        .encode(&mut out),
        Err(EncodeError::Text)
    );
    assert_eq!(
        Command {
            flag: 0,
            text: Text::Bytes(&[b'x'; 249])
        }
        .encode(&mut out),
        Ok(260)
    );
    assert_eq!(
        Command {
            flag: 0,
            text: Text::Bytes(&[b'x'; 250])
        }
        .encode(&mut out),
        Err(EncodeError::TooLong {
            field: "text",
            max: 249
        })
    );
    assert_eq!(
        EncodeError::BufferTooSmall { needed: 42 }.to_string(),
        "buffer too small, 42 bytes are needed"
    );
}

#[test]
fn frames_larger_than_the_decoder_are_oversize() {
    let response = Response {
        device: id("358899058952584"),
        serial: 1,
        word: 0,
        length: Some(60),
        content: &[b'-'; 60],
    };
    let large = encode(&Message::Response(response));
    let small = hex(HEARTBEAT_EMPTY);
    let stream = [&large[..], &small].concat();
    for read in [1, 7, stream.len()] {
        let mut decoder = gt02::Decoder::<64>::new();
        let mut seen = Vec::new();
        for mut input in stream.chunks(read) {
            while let Some(item) = decoder.decode(&mut input) {
                seen.push(Owned::from(item));
            }
        }
        assert_eq!(
            support::join(seen),
            [
                Owned::Noise(NoiseReason::Oversize, large.clone()),
                Owned::Frame(small.clone())
            ]
        );
    }
}

#[test]
fn sessions_know_the_device_and_what_to_answer() {
    let mut session = Session::new();
    let mut out = [0; 64];
    let text = session::Command::Text("WHERE,666666#");
    assert_eq!((session.device(), session.protocol()), (None, None));
    assert_eq!(
        session.command(&text, &mut out),
        Err(CommandError::NoProtocol)
    );
    for text in ALL {
        let bytes = hex(text);
        let outcome = session.handle(&Frame::parse(&bytes).unwrap());
        let is_heartbeat = outcome.report.kind == Kind::Heartbeat;
        assert_eq!(
            outcome.reply.is_some(),
            is_heartbeat,
            "a heartbeat is the only frame with a reply"
        );
        assert_eq!(outcome.report.device, session.device());
    }
    assert_eq!(session.protocol(), Some(Protocol::Gt02));
    // A frame of a server is for the device of the session, and gets no reply.
    let ack = hex("54681a0d0a");
    let outcome = session.handle(&Frame::parse(&ack).unwrap());
    assert_eq!(
        (
            outcome.report.device,
            outcome.report.direction,
            outcome.reply
        ),
        (session.device(), Direction::Down, None)
    );
    let report = session
        .observe_downlink(&Frame::parse(&ack).unwrap())
        .report;
    assert_eq!(
        (report.kind, report.device, report.direction),
        (Kind::Ack, session.device(), Direction::Down)
    );
    // A heartbeat on its way down is reported as it was seen, and does not change the device.
    let heartbeat = hex(HEARTBEAT_EMPTY);
    let outcome = session.observe_downlink(&Frame::parse(&heartbeat).unwrap());
    let report = outcome.report;
    assert_eq!(
        (report.kind, report.device, report.direction),
        (
            Kind::Heartbeat,
            Some(id("358899058952584")),
            Direction::Down
        )
    );
    assert_eq!(outcome.reply, None);
    let len = session.command(&text, &mut out).unwrap();
    assert_eq!(
        out[..len],
        hex("8888131c110000000057484552452c363636363636230d0a")
    );
    let too_small = CommandError::Encode(EncodeError::BufferTooSmall { needed: 24 });
    assert_eq!(session.command(&text, &mut out[..10]), Err(too_small));
}

#[test]
fn sniffing() {
    for text in ALL {
        let bytes = hex(text);
        for len in 0..bytes.len() {
            let expected = if len < 13 {
                Sniff::NeedMore
            } else {
                Sniff::Protocol(Protocol::Gt02)
            };
            assert_eq!(sniff(&bytes[..len]), expected, "{len} bytes of {text}");
        }
    }
    // What begins with the same bytes: M-Bus, DL/T 645, text.
    let strangers: [&[u8]; 4] = [
        b"hh hello world hello",
        b"\x68\x10\x10\x68\x08\x01\x72\x01\x02\x03\x04\x05\x06",
        b"\x68\x68\x68\x68\x53\xfe\x51\x00\x00\x00\x00\x00\x00",
        b"\x68\x68\x00\x68\x68\x08\x01\x02\x03\x04\x05\x06\x07",
    ];
    for stranger in strangers {
        assert_eq!(sniff(stranger), Sniff::Foreign, "{stranger:02x?}");
        let verdicts: Vec<Sniff> = (0..=stranger.len())
            .map(|len| sniff(&stranger[..len]))
            .collect();
        assert!(
            verdicts
                .windows(2)
                .all(|pair| pair[0] == Sniff::NeedMore || pair[0] == pair[1]),
            "never revoked: {verdicts:?}"
        );
    }
}

/// What the documentation shows is true: each frame in it is one frame, and is rebuilt to the byte.
#[test]
fn every_frame_in_the_documentation_is_one() {
    let page = include_str!("../docs/protocols/gt02.md");
    let is_frame = |line: &&str| line.len() >= 10 && hex::decode(line).is_ok();
    let lines: Vec<&str> = page.lines().filter(is_frame).collect();
    for line in &lines {
        let bytes = hex(line);
        let message = Message::parse(&bytes).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(encode(&message), bytes, "{line}");
        assert_eq!(
            (message.direction(), message.message_type()),
            {
                let frame = gt02::protocol::gt02::Frame::parse(&bytes).unwrap();
                (frame.direction(), frame.message_type())
            },
            "{line}"
        );
    }
    assert_eq!(lines.len(), 15);
}

/// The GT02A of the capture sends, as the serial of a heartbeat, the two bytes of the processor's
/// memory at the heartbeat's number. They are read as they are.
#[test]
fn heartbeats_may_have_memory_in_place_of_a_serial() {
    let memory = hex("000000ea")
        .into_iter()
        .chain(hex("18f09fe5").into_iter().cycle().take(32))
        .collect::<Vec<u8>>();
    for (number, serial) in [
        (2, 0x00EA),
        (4, 0x18F0),
        (15, 0xE518),
        (21, 0xF09F),
        (22, 0x9FE5),
    ] {
        let mut bytes = hex("68680f0604049015420323751800001a04d00d0a");
        bytes[13..15].copy_from_slice(&memory[number..number + 2]);
        assert_eq!(report(&bytes).serial, Some(serial), "{number}");
    }
}

#[test]
fn messages_name_their_direction_and_type() {
    let device = id("490154203237518");
    let unknown = Unknown {
        device,
        serial: 1,
        word: 0,
        code: 0x1B,
        body: &[],
    };
    let short = ShortLocation {
        device,
        serial: 1,
        lac: 0,
        body: &[],
    };
    let (up, down) = (Direction::Up, Direction::Down);
    for (message, direction, code) in [
        (Message::from(own_location()), up, 0x10),
        (Message::from(short), up, 0x10),
        (Message::from(Heartbeat::new(device, 1, 6, 4)), up, 0x1A),
        (
            Message::from(Response::new(device, 1, "OK!").unwrap()),
            up,
            0x1C,
        ),
        (Message::from(unknown), up, 0x1B),
        (Message::from(HeartbeatAck), down, 0x1A),
        (Message::from(Command::new("WHERE#").unwrap()), down, 0x1C),
    ] {
        assert_eq!(message.direction(), Some(direction), "{message:?}");
        assert_eq!(
            message.message_type(),
            Some(MessageType::Byte(code)),
            "{message:?}"
        );
        let bytes = encode(&message);
        let frame = gt02::protocol::gt02::Frame::parse(&bytes).unwrap();
        assert_eq!(frame.message(), message);
        assert_eq!(
            (frame.direction(), frame.message_type(), frame.device_id()),
            (
                message.direction(),
                message.message_type(),
                message.device_id()
            )
        );
    }
}

fn own_location() -> Location<'static> {
    Location::new(
        id("490154203237518"),
        9,
        DateTime::new(2026, 5, 4, 14, 1, 20).unwrap(),
        Position::from_degrees(52.519838, 13.406601).unwrap(),
    )
}

/// Mobile network 2, area 6703, cell 20932.
fn own_cell() -> CellTower {
    let mut cell = CellTower::default();
    (cell.mnc, cell.lac, cell.cid) = (Some(2), Some(6703), Some(20_932));
    cell
}

#[test]
fn a_location_is_built_from_plain_values() {
    let location = own_location()
        .with_speed(Speed::from_kmh(13))
        .unwrap()
        .with_course(Course::from_degrees(110).unwrap())
        .with_cell(own_cell())
        .unwrap();
    // docs/protocols/gt02.md, "Location", example 2, except that the latitude is rounded.
    let bytes =
        hex("6868251a2f04901542032375180009101a05040e011405a2801c0170392a0d006e0251c4000000070d0a");
    assert_eq!(encode(&Message::from(location)), bytes);
    assert_eq!(location.cell(), Some(own_cell()));
}

#[test]
fn a_location_has_the_hemispheres_of_its_position() {
    for (latitude, longitude) in [
        (1.5, 2.5),
        (-1.5, 2.5),
        (1.5, -2.5),
        (-90.0, -180.0),
        (0.0, 0.0),
    ] {
        let position = Position::from_degrees(latitude, longitude).unwrap();
        let location = Location::new(id("490154203237518"), 1, own_location().time, position);
        assert_eq!(location.position(), Some(position));
    }
}

#[test]
fn a_location_rounds_speed_and_course_and_refuses_what_does_not_fit() {
    let location = own_location();
    let range = |field, max| EncodeError::Range { field, max };
    let speed = |metres| {
        location
            .with_speed(Speed::MetresPerHour(metres))
            .map(|l| l.speed)
    };
    assert_eq!((speed(499), speed(500)), (Ok(0), Ok(1)));
    assert_eq!(
        (speed(255_499), speed(255_500)),
        (Ok(255), Err(range("speed", 255)))
    );
    assert_eq!(speed(u32::MAX), Err(range("speed", 255)));
    let course = |value| {
        let course = Course::from_ten_thousandths(value).unwrap();
        location.with_course(course).course
    };
    assert_eq!(
        (course(1_104_999), course(1_105_000), course(3_600_000)),
        (110, 111, 360)
    );
    let cell = |change: fn(&mut CellTower)| {
        let mut cell = own_cell();
        change(&mut cell);
        location.with_cell(cell).map(|location| location.cell_id)
    };
    assert_eq!(
        cell(|cell| cell.mcc = Some(262)),
        Ok(20_932),
        "the MCC is left out"
    );
    assert_eq!(cell(|cell| cell.mnc = Some(256)), Err(range("mnc", 255)));
    assert_eq!(
        cell(|cell| cell.lac = Some(65_536)),
        Err(range("lac", 65_535))
    );
    assert_eq!(
        cell(|cell| cell.cid = Some(65_536)),
        Err(range("cell_id", 65_535))
    );
}

#[test]
fn each_flag_of_a_status_is_set_and_cleared_alone() {
    type Flag = (fn(Status) -> bool, fn(Status, bool) -> Status);
    let flags: [Flag; 6] = [
        (Status::has_fix, Status::with_fix),
        (Status::north, Status::with_north),
        (Status::east, Status::with_east),
        (Status::charging, Status::with_charging),
        (Status::sos, Status::with_sos),
        (Status::power_off, Status::with_power_off),
    ];
    for (bit, (get, with)) in flags.into_iter().enumerate() {
        for status in [Status::new(), Status(u32::MAX)] {
            assert_eq!(with(status, true), Status(status.0 | 1 << bit));
            assert_eq!(with(status, false), Status(status.0 & !(1 << bit)));
            assert!(get(with(status, true)) && !get(with(status, false)));
        }
    }
}

#[test]
fn the_alarms_that_are_set_are_those_that_are_read() {
    for status in [Status::new(), Status(0x37)] {
        for alarm in [None, Some(Alarm::Sos), Some(Alarm::PowerOff)] {
            let status = status.with_alarm(alarm).unwrap();
            assert_eq!(status.alarm(), alarm);
        }
        assert_eq!(status.with_alarm(Some(Alarm::Vibration)), None);
    }
}

#[test]
fn texts_that_do_not_fit_are_refused() {
    let device = id("490154203237518");
    let text = "x".repeat(250);
    let too_long = |max| EncodeError::TooLong { field: "text", max };
    let response = Response::new(device, 1, &text[..241]).unwrap();
    assert_eq!(encode(&Message::from(response)).len(), 260);
    assert_eq!(Response::new(device, 1, &text[..242]), Err(too_long(241)));
    let command = Command::new(&text[..249]).unwrap();
    assert_eq!(encode(&Message::from(command)).len(), 260);
    assert_eq!(Command::new(&text), Err(too_long(249)));
    for text in ["", "WHERE#\r\n", "a\0b", "\x1b", "gr\u{fc}n"] {
        assert_eq!(Command::new(text), Err(EncodeError::Text), "{text:?}");
    }
}

/// Returns the frame that a new device sends, after a check that the reply of a session is what the
/// device expects.
fn send(uplink: &Uplink<'_>) -> Result<Vec<u8>, UplinkError> {
    let mut device = Device::new(Protocol::Gt02, id("490154203237518"));
    let mut out = [0; 260];
    let sent = device.encode(uplink, &mut out)?;
    let bytes = out[..sent.len].to_vec();
    let reply = Session::new().handle(&Frame::parse(&bytes).unwrap()).reply;
    assert_eq!(reply.is_some(), sent.expects.is_some());
    if let (Some(reply), Some(expects)) = (reply, sent.expects) {
        assert!(expects.is_met_by(&Frame::parse(&reply).unwrap()));
        assert!(
            !expects.is_met_by(&Frame::parse(&bytes).unwrap()),
            "not by the frame itself"
        );
    }
    Ok(bytes)
}

fn own_fix() -> Fix {
    let mut fix = Fix::new(own_location().time, own_location().position().unwrap());
    fix.speed = Some(Speed::from_kmh(13));
    fix.course = Course::from_degrees(110);
    fix.cell = Some(own_cell());
    fix
}

#[test]
fn a_heartbeat_is_sent_from_plain_values() {
    let unknown = send(&Uplink::Heartbeat(device::Status::new())).unwrap();
    assert_eq!(
        hex::encode(&unknown),
        "68680d0000049015420323751800011a0d0a"
    );
    assert_eq!(report(&unknown).valid, None);
    for valid in [true, false] {
        let mut status = device::Status::new();
        (status.voltage_level, status.gsm_level) = (Some(6), Some(3));
        status.valid = Some(valid);
        let bytes = send(&Uplink::Heartbeat(status)).unwrap();
        let report = report(&bytes);
        assert_eq!((report.kind, report.serial), (Kind::Heartbeat, Some(1)));
        assert_eq!((report.voltage_level, report.gsm_level), (Some(6), Some(3)));
        assert_eq!((report.valid, report.satellites), (Some(valid), None));
    }
}

#[test]
fn a_location_is_sent_from_plain_values() {
    for valid in [true, false] {
        let mut fix = own_fix();
        fix.valid = valid;
        let bytes = send(&Uplink::Location(fix)).unwrap();
        let report = report(&bytes);
        assert_eq!((report.kind, report.serial), (Kind::Location, Some(1)));
        assert_eq!(report.device, Some(id("490154203237518")));
        assert_eq!(
            (report.time, report.position),
            (Some(fix.time), Some(fix.position))
        );
        assert_eq!((report.speed, report.course), (fix.speed, fix.course));
        assert_eq!((report.valid, report.cell), (Some(valid), fix.cell));
        assert_eq!((report.alarm, report.charging), (None, Some(false)));
    }
    let mut fix = own_fix();
    fix.speed = Some(Speed::from_kmh(256));
    let range = EncodeError::Range {
        field: "speed",
        max: 255,
    };
    assert_eq!(send(&Uplink::Location(fix)), Err(range.into()));
}

#[test]
fn alarms_are_sent_if_the_status_has_a_bit_for_them() {
    let mut status = device::Status::new();
    status.charging = Some(true);
    let fix = own_fix();
    for alarm in [Alarm::Sos, Alarm::PowerOff] {
        let bytes = send(&Uplink::Alarm { alarm, fix, status }).unwrap();
        let report = report(&bytes);
        assert_eq!((report.kind, report.alarm), (Kind::Location, Some(alarm)));
        assert_eq!(
            (report.position, report.charging),
            (Some(fix.position), Some(true))
        );
    }
    let unsupported = Err(UplinkError::Unsupported {
        protocol: Protocol::Gt02,
    });
    for alarm in [Alarm::Vibration, Alarm::PowerCut, Alarm::Other] {
        assert_eq!(send(&Uplink::Alarm { alarm, fix, status }), unsupported);
    }
}

#[test]
fn a_response_is_sent_and_a_login_is_not() {
    let bytes = send(&Uplink::Response("WHEREOK!")).unwrap();
    let report = report(&bytes);
    assert_eq!(
        (report.kind, report.text),
        (Kind::Response, Some(Text::Bytes(b"WHEREOK!")))
    );
    let unsupported = Err(UplinkError::Unsupported {
        protocol: Protocol::Gt02,
    });
    assert_eq!(send(&Uplink::Login), unsupported);
    let short_id =
        Device::new(Protocol::Gt02, id("12345")).encode(&Uplink::Response(""), &mut [0; 64]);
    assert_eq!(short_id, Err(EncodeError::DeviceId { digits: 15 }.into()));
}
