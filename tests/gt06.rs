//! The messages of the protocol `gt06`: frames whose values are known, the traps that devices set,
//! and law 5.
//!
//! The frames and what is known of them are in `docs/protocols/gt06.md`.

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
    Direction, EncodeError, Protocol, Report, Session,
    device::{self, Device, Fix, Uplink, UplinkError},
    protocol::gt06::{
        Ack, Address, AddressRequest, Alarm, AlarmDetails, AlarmKind, Cell, CellAddressRequest,
        CellAlarm, CellList, Command, CourseStatus, DoorInput, Envelope, Frame, Gps, Header,
        Heartbeat, Info, Information, Language, Lbs, ListedCell, Location, LocationKind, Login,
        LoginExtension, LongResponse, Message, Response, Satellites, Sim, Status, TerminalInfo,
        Time, TimeRequest, Unknown, UploadMode, UtcDetails, Version, VoltageHeartbeat, WideLbs,
    },
    report::Kind,
    types::{
        self, CellTower, Course, DateTime, DeviceId, Position, Speed, Text, UtcOffset, Voltage,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use support::hex;

/// Frames of vendor documents, devices and public tests that are known in full.
const ALL: [&str; 57] = [
    LOGIN,
    LOGIN_WEST,
    LOGIN_EAST,
    GPS_SOUTH_WEST,
    GPS_EAST,
    CELL_NO_TIME,
    CELL_WRONG_LENGTH,
    LOCATION_INDIA,
    LOCATION_KYIV,
    LOCATION_UK,
    LOCATION_NO_FIX,
    LOCATION_MILEAGE,
    LOCATION_ACC_OFF,
    LOCATION_EMPTY,
    HEARTBEAT,
    "78780a134406040002009b86070d0a",
    HEARTBEAT_GSM_100,
    HEARTBEAT_RELAY_CUT,
    HEARTBEAT_WRONG_LENGTH,
    VOLTAGE_HEARTBEAT,
    ALARM_SOS,
    ALARM_LOW_BATTERY,
    ALARM_NO_TIME,
    ALARM_UTC,
    ALARM_FENCE,
    CELL_ALARM,
    CELL_ALARM_IRAN,
    CELL_LIST,
    CELL_LIST_UTC,
    CELL_ADDRESS_REQUEST,
    ADDRESS_REQUEST,
    ADDRESS_REQUEST_UTC,
    ADDRESS_NONE,
    COMMAND,
    COMMAND_LANGUAGE,
    COMMAND_RELAY,
    RESPONSE,
    LONG_RESPONSE,
    TIME_REQUEST,
    TIME,
    INFO_SIM,
    INFO_VOLTAGE,
    INFO_DOOR,
    INFO_BARE_VOLTAGE,
    VERSION,
    BARE_CELL,
    LOCATION_UTC_RESENT,
    LOCATION_UTC_LIVE,
    "7878050100419bd80d0a",
    "787805010002eb470d0a",
    "7878050100059ff80d0a",
    "787805130042996e0d0a",
    "78780513009bd2220d0a",
    "7878051302b07e430d0a",
    "787805230008f29e0d0a",
    "78780516003695700d0a",
    "78780526000d9c8e0d0a",
];

// Logins.
const LOGIN: &str = "78780d0103589110201765960041f35a0d0a";
const LOGIN_WEST: &str = "787811010864717003664467100f190a0002c6d20d0a";
const LOGIN_EAST: &str = "78781101075253367890024270003201000512790d0a";
// Positions and cells.
const GPS_SOUTH_WEST: &str = "787819100e010903230ec803ae32a60653cded00180000020072feb70d0a";
const GPS_EAST: &str = "787819100b031a0b1b31cc027ac7fd0c4657bf0115210001001cc6070d0a";
const CELL_NO_TIME: &str = "7878151100000000000002e003433a002fed0002000372710d0a";
const CELL_WRONG_LENGTH: &str = "78780a1110081f000010025c010171004edf00027c560d0a";
const LOCATION_INDIA: &str =
    "78781f120f0c02122e26c701faec0a07eba7b9001444019400276e0016450043fb990d0a";
const LOCATION_KYIV: &str =
    "78781f120f071f170011c905680b5f034538a900352c00ff036a32000548001c4d2d0d0a";
const LOCATION_UK: &str =
    "78781f1211040a082c38c505c221b6002e955f043c0000ea0f03a200530100a0955b0d0a";
const LOCATION_NO_FIX: &str =
    "78781f120d0b0b000000c00000000000000000002000019a041e7f00bd4f0043a4010d0a";
const LOCATION_MILEAGE: &str =
    "7878231210031d0f1712c7026b6e380c3971000b150e01cc00249500139300023d7c010927350d0a";
const LOCATION_ACC_OFF: &str =
    "78781f120f0a140e150bc505e51e780293a9e800540000f601006e0055da00035f240d0a";
// Frames that differ.
const LOCATION_EMPTY: &str = "787805120099abec0d0a";
const HEARTBEAT_WRONG_LENGTH: &str = "787808134606020002044dc5050d0a";
// Heartbeats.
const HEARTBEAT: &str = "78780a1344060400020042cd4b0d0a";
const HEARTBEAT_GSM_100: &str = "78780a130004640001004774170d0a";
const HEARTBEAT_RELAY_CUT: &str = "78780a13c40604000202b0ac7b0d0a";
const VOLTAGE_HEARTBEAT: &str = "78780b23050f9204000200088a370d0a";
// Alarms.
const ALARM_SOS: &str =
    "787825160b0b0f0e241dcf027ac8870c4657e60014020901cc00287d001f726506040101003656a40d0a";
const ALARM_LOW_BATTERY: &str =
    "787825160d0306072934c003a3980900bd572a011ce609025c02000b0050a218010400020003a7770d0a";
const ALARM_NO_TIME: &str =
    "78782516000000000000c000000000000000000020000900fa0210ef00fb620006640301000468030d0a";
const ALARM_UTC: &str =
    "7878252612030c063816c3026c10540c38c9700144030901cc002866000eee0c06040302000da2db0d0a";
const ALARM_FENCE: &str =
    "78782727110c0b0e170f850450059107f461ae001c7e0a81360104cb8a00bef32806030c02ff000316b10d0a";
const CELL_ALARM: &str = "7878121901cc00287d001f71200404010100946c890d0a";
const CELL_ALARM_IRAN: &str = "78781219028f0a29e10036f12003040102000875dc0d0a";
// Lists of cells, and requests for addresses.
const CELL_LIST: &str = "\
    78783b1800000000000002e003433a002fed3d433a007e0d48433a0056104f433a0056e150433a00\
    2f00514332002f33580000000000ffff000200053fde0d0a";
const CELL_LIST_UTC: &str = "\
    78783b2810010d02020201cc00287d001f713e287d001f7231287d001e232d287d001f4018000000\
    000000000000000000000000000000ff00020005b14b0d0a";
const CELL_ADDRESS_REQUEST: &str =
    "7878241702e003433a002fed37353236303730310000000000000000000000000000020006876e0d0a";
const ADDRESS_REQUEST: &str = "\
    78782e1a0b0b0f0e2117cf027ac8870c4657e3001402363633363600030004000000000000000000\
    00000000010034ade90d0a";
const ADDRESS_REQUEST_UTC: &str = "\
    78782e2a0f0c1d071139ca027ac8000c4658000014d8313235323031333533323137373037390000\
    0000000001002a6ece0d0a";
// What a public server replies.
const ADDRESS_NONE: &str = "79790015970b000000004e4126264e4126263023230000e61e0d0a";
// Commands and responses.
const COMMAND: &str = "787815800f0001a9584459442c3030303030302300a0dcf10d0a";
const COMMAND_LANGUAGE: &str = "787810800800000000736f7323000200019a170d0a";
const COMMAND_RELAY: &str = "787812800c0000000052656c61792c312300009dee0d0a";
const RESPONSE: &str = "78781815100001a9584459443d53756363657373210002001891770d0a";
const LONG_RESPONSE: &str =
    "797900262100000000020043006f006d006d0061006e00640020006500720072006f0072002100236e850d0a";
// Time, information, firmware.
const TIME_REQUEST: &str = "7878058a000688290d0a";
const TIME: &str = "78780b8a0f0c1d0000150006f0860d0a";
const INFO_SIM: &str =
    "79790020940a08681201562093520460041215703040898607b20917005430400002e0a70d0a";
const INFO_VOLTAGE: &str = "79790008940004f700070c430d0a";
const INFO_DOOR: &str = "7979000794050000c9b63e0d0a";
const VERSION: &str = "\
    7979005bfd0868120113211459004c00724bac4b4ebfc08f7dd224e9ef1f81f23a5b56455253494f\
    4e5d47543032445f32305f3530444d325f423235455f5631335f574d5b4255494c445d323031342f\
    30342f30372031303a3539000385580d0a";
const BARE_CELL: &str = "78780d8b01945a0c21007beb000a2f140d0a";
// A voltage without a sub-type.
const INFO_BARE_VOLTAGE: &str = "7878079404eb001c705d0d0a";
// Positions in UTC.
const LOCATION_UTC_RESENT: &str =
    "787822220f0c1d023305c9027ac8180c46586000140001cc00287d001f71000001000820860d0a";
const LOCATION_UTC_LIVE: &str =
    "7878222218021c072702cf0329c87c05a39d8810d47001b0237f85002bf3010200003c07410d0a";

const NO_TIME: DateTime = DateTime {
    year: 0,
    month: 0,
    day: 0,
    hour: 0,
    minute: 0,
    second: 0,
};

/// CRC-16/X-25, bit by bit.
fn checksum(bytes: &[u8]) -> u16 {
    !bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 0 {
                crc >> 1
            } else {
                crc >> 1 ^ 0x8408
            }
        })
    })
}

/// A frame, and the length field that it should have had if `wrong_length` is another one.
fn frame_with(envelope: Envelope, code: u8, content: &[u8]) -> Vec<u8> {
    let length = envelope.wrong_length.unwrap_or(content.len() as u16 + 5);
    let (mark, length) = match envelope.header {
        Header::Short => (0x78, vec![length as u8]),
        Header::Long => (0x79, length.to_be_bytes().to_vec()),
        _ => (0x78, length.to_be_bytes().to_vec()),
    };
    let covered = [
        &length,
        &[code][..],
        content,
        &envelope.serial.to_be_bytes(),
    ]
    .concat();
    [
        &[mark, mark][..],
        &covered,
        &checksum(&covered).to_be_bytes(),
        b"\r\n",
    ]
    .concat()
}

fn frame(code: u8, content: &[u8]) -> Vec<u8> {
    frame_with(short(1), code, content)
}

const fn short(serial: u16) -> Envelope {
    Envelope {
        header: Header::Short,
        wrong_length: None,
        serial,
    }
}

const fn long(serial: u16) -> Envelope {
    Envelope {
        header: Header::Long,
        wrong_length: None,
        serial,
    }
}

fn parse(bytes: &[u8]) -> Message<'_> {
    Message::parse(bytes).unwrap_or_else(|error| panic!("{error}: {}", hex::encode(bytes)))
}

/// The bytes of the message, which must be accepted.
fn encode(message: &Message<'_>) -> Vec<u8> {
    let mut out = vec![0; message.encoded_len()];
    assert_eq!(message.encode(&mut out), Ok(out.len()), "{message:?}");
    out
}

/// The content of a known frame.
fn content(text: &str) -> Vec<u8> {
    Frame::parse(&hex(text)).unwrap().body().to_vec()
}

macro_rules! expect {
    ($bytes:expr, $name:ident) => {
        match parse($bytes) {
            Message::$name(message) => message,
            other => panic!("{other:?}"),
        }
    };
}

fn time(text: &str) -> DateTime {
    let part = |from: usize, to: usize| text[from..to].parse().unwrap();
    DateTime {
        year: part(2, 4),
        month: part(5, 7),
        day: part(8, 10),
        hour: part(11, 13),
        minute: part(14, 16),
        second: part(17, 19),
    }
}

const fn lbs(mcc: u16, mnc: u16, lac: u16, cell_id: u32) -> Lbs {
    Lbs {
        mcc,
        mnc,
        lac,
        cell_id,
    }
}

/// Time, satellites, micro-degrees, speed, course and fix.
fn place(gps: &Gps) -> (String, u8, i32, i32, u8, f64, bool) {
    let position = gps.position().unwrap();
    let (latitude, longitude) = (
        position.latitude.micro_degrees(),
        position.longitude.micro_degrees(),
    );
    assert!(
        (gps.latitude_degrees() - position.latitude.degrees()).abs() < 1e-12
            && (gps.longitude_degrees() - position.longitude.degrees()).abs() < 1e-12
    );
    assert_eq!(gps.speed().kmh(), f64::from(gps.speed));
    (
        gps.time.to_string(),
        gps.satellites_used(),
        latitude,
        longitude,
        gps.speed,
        gps.course.course().unwrap().degrees(),
        gps.course.has_fix(),
    )
}

#[test]
fn every_known_frame_is_rebuilt_to_the_byte() {
    for text in ALL {
        let bytes = hex(text);
        let message = parse(&bytes);
        assert!(!matches!(message, Message::Unknown(_)), "{text}");
        assert_eq!(encode(&message), bytes, "{text}");
        let frame = Frame::parse(&bytes).unwrap();
        assert_eq!(
            (message.code(), message.envelope()),
            (frame.code(), frame.envelope())
        );
        assert_eq!(
            frame_with(message.envelope(), message.code(), frame.body()),
            bytes,
            "the tests' own frames"
        );
    }
}

#[test]
fn logins() {
    let bytes = hex(LOGIN);
    let login = expect!(&bytes, Login);
    assert_eq!(
        login,
        Login {
            envelope: short(0x41),
            id: *b"\x03\x58\x91\x10\x20\x17\x65\x96",
            extension: None,
            rest: &[]
        }
    );
    assert_eq!(login.device_id(), Some("358911020176596".parse().unwrap()));
    for (text, id, serial, model, minutes, language) in [
        (
            LOGIN_WEST,
            "864717003664467",
            2,
            0x100F,
            -240,
            (false, true),
        ),
        (LOGIN_EAST, "752533678900242", 5, 0x7000, 480, (true, false)),
    ] {
        let bytes = hex(text);
        let login = expect!(&bytes, Login);
        let extension = login.extension.unwrap();
        assert_eq!(
            (
                login.envelope,
                parse(&bytes).device_id().unwrap().to_string()
            ),
            (short(serial), id.into())
        );
        assert_eq!(
            (
                extension.model,
                extension.utc_offset(),
                (extension.english(), extension.chinese())
            ),
            (model, UtcOffset::from_minutes(minutes), language)
        );
        assert!(login.rest.is_empty());
    }
    // See docs/protocols/gt06.md, "Login".
    for (zone, minutes) in [
        (0x3200, Some(480)),
        (0x4DD8, Some(-765)),
        (0x4DD0, Some(765)),
        (0, Some(0)),
        (0xFFF0, None),
        (0x03C0, None),
        (0x70E0, None),
    ] {
        let extension = LoginExtension { model: 0, zone };
        assert_eq!(
            extension.utc_offset(),
            minutes.and_then(UtcOffset::from_minutes),
            "{zone:04x}"
        );
        assert_eq!(extension.utc_offset().is_some(), minutes.is_some());
    }
}

#[test]
fn positions_alone() {
    let bytes = hex(GPS_SOUTH_WEST);
    let location = expect!(&bytes, Location);
    assert_eq!(
        place(&location.gps),
        (
            "2014-01-09T03:35:14".into(),
            8,
            -34_304_377,
            -58_975_278,
            0,
            0.0,
            true
        )
    );
    assert_eq!(
        (location.kind, location.rest, location.envelope.serial),
        (LocationKind::Gps, &[0, 2][..], 0x72)
    );
    let bytes = hex(GPS_EAST);
    let location = expect!(&bytes, Location);
    assert_eq!(
        place(&location.gps),
        (
            "2011-03-26T11:27:49".into(),
            12,
            23_111_678,
            114_409_208,
            1,
            289.0,
            true
        )
    );
    assert_eq!(
        (
            location.cell(),
            location.lbs(),
            location.mileage(),
            location.resent(),
            location.ignition()
        ),
        (None, None, None, None, None)
    );
    assert_eq!(
        (location.rest, location.envelope.serial),
        (&[0, 1][..], 0x1C)
    );
}

#[test]
fn cells() {
    let bytes = hex(CELL_NO_TIME);
    let expected = Cell {
        envelope: short(3),
        time: Some(NO_TIME),
        lbs: lbs(736, 3, 17_210, 12_269),
        rest: &[0, 2],
    };
    assert_eq!(expect!(&bytes, Cell), expected);
    let cell = expected.lbs.cell().unwrap();
    assert_eq!(
        (cell.mcc, cell.mnc, cell.lac, cell.cid),
        (Some(736), Some(3), Some(17_210), Some(12_269))
    );
    let bytes = hex(CELL_WRONG_LENGTH);
    let envelope = Envelope {
        wrong_length: Some(0x0A),
        ..short(2)
    };
    let expected = Cell {
        envelope,
        time: Some(time("2016-08-31T00:00:16")),
        lbs: lbs(604, 1, 369, 20_191),
        rest: &[],
    };
    assert_eq!(expect!(&bytes, Cell), expected);
    // Posted with the checksum 04A3; 69A3 is right.
    let bytes = hex("7878131111031414390e027f020ffb0003c5003369a30d0a");
    let expected = Cell {
        envelope: short(0x33),
        time: Some(time("2017-03-20T20:57:14")),
        lbs: lbs(639, 2, 4091, 965),
        rest: &[],
    };
    assert_eq!(expect!(&bytes, Cell), expected);
    let bytes = hex(BARE_CELL);
    assert_eq!(
        expect!(&bytes, Cell),
        Cell {
            envelope: short(10),
            time: None,
            lbs: lbs(404, 90, 3105, 31_723),
            rest: &[]
        }
    );
}

#[test]
fn locations() {
    type Expected<'a> = (
        &'a str,
        (&'a str, u8, i32, i32, u8, f64, bool),
        Lbs,
        Option<u32>,
        u16,
    );
    let expected: [Expected<'_>; 5] = [
        (
            LOCATION_INDIA,
            (
                "2015-12-02T18:46:38",
                7,
                18_456_468,
                73_824_672,
                0,
                68.0,
                true,
            ),
            lbs(404, 0, 10_094, 5701),
            None,
            0x43,
        ),
        (
            LOCATION_KYIV,
            (
                "2015-07-31T23:00:17",
                9,
                50_391_519,
                30_482_298,
                0,
                300.0,
                true,
            ),
            lbs(255, 3, 27_186, 1352),
            None,
            0x1C,
        ),
        (
            LOCATION_UK,
            (
                "2017-04-10T08:44:56",
                5,
                53_671_497,
                -1_696_053,
                4,
                0.0,
                true,
            ),
            lbs(234, 15, 930, 21_249),
            None,
            0xA0,
        ),
        (
            LOCATION_MILEAGE,
            (
                "2016-03-29T15:23:18",
                7,
                22_552_778,
                113_939_484,
                11,
                270.0,
                true,
            ),
            lbs(460, 0, 9365, 5011),
            Some(146_812),
            0x109,
        ),
        (
            LOCATION_ACC_OFF,
            (
                "2015-10-20T14:21:11",
                5,
                54_945_347,
                24_017_622,
                0,
                0.0,
                true,
            ),
            lbs(246, 1, 110, 21_978),
            None,
            3,
        ),
    ];
    for (text, (at, satellites, latitude, longitude, speed, course, fix), cell, mileage, serial) in
        expected
    {
        let bytes = hex(text);
        let location = expect!(&bytes, Location);
        assert_eq!(
            place(&location.gps),
            (
                at.into(),
                satellites,
                latitude,
                longitude,
                speed,
                course,
                fix
            ),
            "{text}"
        );
        assert_eq!(
            location.kind,
            LocationKind::Cell {
                lbs: Some(cell),
                mileage
            }
        );
        assert_eq!(
            (
                location.mileage(),
                location.cell(),
                location.rest,
                location.envelope
            ),
            (mileage, cell.cell(), &[][..], short(serial))
        );
        assert_eq!(
            location.ignition(),
            (text == LOCATION_ACC_OFF).then_some(false)
        );
    }
    let bytes = hex(LOCATION_NO_FIX);
    let location = expect!(&bytes, Location);
    assert_eq!(
        place(&location.gps),
        ("2013-11-11T00:00:00".into(), 0, 0, 0, 0, 0.0, false)
    );
    assert_eq!(
        (location.gps.course, location.lbs()),
        (CourseStatus(0x2000), Some(lbs(410, 4, 7807, 48_463)))
    );
}

#[test]
fn utc_locations() {
    let bytes = hex(LOCATION_UTC_RESENT);
    let location = expect!(&bytes, Location);
    assert_eq!(
        place(&location.gps),
        (
            "2015-12-29T02:51:05".into(),
            9,
            23_111_693,
            114_409_298,
            0,
            0.0,
            true
        )
    );
    let details = UtcDetails {
        lbs: lbs(460, 0, 10_365, 8049),
        ignition: 0,
        upload_mode: 0,
        resent: 1,
        mileage: None,
    };
    assert_eq!(
        (location.kind, location.rest, location.envelope),
        (LocationKind::Utc(Some(details)), &[][..], short(8))
    );
    assert_eq!(
        (location.ignition(), location.resent()),
        (Some(false), Some(true))
    );
    let bytes = hex(LOCATION_UTC_LIVE);
    let location = expect!(&bytes, Location);
    assert_eq!(
        place(&location.gps),
        (
            "2024-02-28T07:39:02".into(),
            15,
            29_483_304,
            52_560_431,
            16,
            112.0,
            true
        )
    );
    let details = UtcDetails {
        lbs: lbs(432, 35, 32_645, 11_251),
        ignition: 1,
        upload_mode: 2,
        resent: 0,
        mileage: None,
    };
    assert_eq!(
        (location.kind, location.envelope),
        (LocationKind::Utc(Some(details)), short(0x3C))
    );
    assert_eq!(
        (
            location.ignition(),
            location.resent(),
            location.gps.course.ignition()
        ),
        (Some(true), Some(false), Some(true))
    );
    assert_eq!(
        (location.cell(), location.mileage()),
        (details.lbs.cell(), None)
    );
    let mileage = [content(LOCATION_UTC_LIVE), vec![0, 1, 2, 3]].concat();
    assert_eq!(
        expect!(&frame(0x22, &mileage), Location).mileage(),
        Some(0x1_0203)
    );
    // Bytes that no paper has are kept, and say nothing.
    let mut odd = content(LOCATION_UTC_LIVE);
    (odd[26], odd[28]) = (2, 0xFF);
    let bytes = frame(0x22, &odd);
    let location = expect!(&bytes, Location);
    assert_eq!((location.ignition(), location.resent()), (None, None));
}

#[test]
fn heartbeats() {
    for (text, terminal, levels, rest, serial) in [
        (HEARTBEAT, 0x44, (6, 4), [0, 2], 0x42),
        ("78780a134406040002009b86070d0a", 0x44, (6, 4), [0, 2], 0x9B),
        (HEARTBEAT_GSM_100, 0x00, (4, 100), [0, 1], 0x47),
        (HEARTBEAT_RELAY_CUT, 0xC4, (6, 4), [0, 2], 0x2B0),
    ] {
        let bytes = hex(text);
        let (voltage_level, gsm_level) = (Some(levels.0), Some(levels.1));
        let expected = Heartbeat {
            envelope: short(serial),
            terminal: TerminalInfo(terminal),
            voltage_level,
            gsm_level,
            rest: &rest,
        };
        assert_eq!(expect!(&bytes, Heartbeat), expected, "{text}");
    }
    let info = TerminalInfo(0xC4);
    assert!(
        info.relay_cut()
            && info.gps_tracking()
            && info.charging()
            && !info.ignition()
            && !info.armed()
            && info.alarm_bits() == 0
    );
    let info = TerminalInfo(0x65);
    assert!(
        !info.relay_cut()
            && info.gps_tracking()
            && info.charging()
            && !info.ignition()
            && info.armed()
            && info.alarm_bits() == 4
    );
    assert!(TerminalInfo(0x02).ignition());
    let bytes = hex(HEARTBEAT_WRONG_LENGTH);
    let envelope = Envelope {
        wrong_length: Some(8),
        ..short(0x44D)
    };
    let expected = Heartbeat {
        envelope,
        terminal: TerminalInfo(0x46),
        voltage_level: Some(6),
        gsm_level: Some(2),
        rest: &[0, 2],
    };
    assert_eq!(expect!(&bytes, Heartbeat), expected);
    let bytes = hex(VOLTAGE_HEARTBEAT);
    let expected = VoltageHeartbeat {
        envelope: short(8),
        terminal: TerminalInfo(5),
        voltage: Some(3986),
        gsm_level: Some(4),
        rest: &[0, 2],
    };
    assert_eq!(expect!(&bytes, VoltageHeartbeat), expected);
    assert_eq!(expected.voltage().unwrap().volts(), 39.86);
}

#[test]
fn heartbeats_of_any_length_have_the_fields_that_are_there() {
    let bytes = [0x44, 6, 4, 0, 2, 7, 8];
    for len in 1..=bytes.len() {
        let bytes = frame(0x13, &bytes[..len]);
        let heartbeat = expect!(&bytes, Heartbeat);
        assert_eq!(
            (
                heartbeat.voltage_level.is_some(),
                heartbeat.gsm_level.is_some(),
                heartbeat.rest.len()
            ),
            (len > 1, len > 2, len.saturating_sub(3))
        );
        let bytes = frame(0x23, &[0x44, 6, 4, 0, 2, 7, 8][..len]);
        let heartbeat = expect!(&bytes, VoltageHeartbeat);
        let rest = if len == 2 { 1 } else { len.saturating_sub(4) };
        assert_eq!(
            (
                heartbeat.voltage.is_some(),
                heartbeat.gsm_level.is_some(),
                heartbeat.rest.len()
            ),
            (len > 2, len > 3, rest)
        );
    }
}

#[test]
fn satellites() {
    // No frame of a device was found.
    for (count, snr) in [
        (3, &[30, 31, 32][..]),
        (0xF2, &[30, 31]),
        (0, &[]),
        (9, &[30, 31, 32, 0, 0]),
    ] {
        let bytes = frame(0x14, &[count, 30, 31, 32, 0, 0]);
        let satellites = expect!(&bytes, Satellites);
        assert_eq!(
            (satellites.count, satellites.snr(), satellites.content.len()),
            (count, snr, 5)
        );
    }
}

#[test]
fn alarms() {
    use types::Alarm::{LowBattery, PowerOn, Sos, Vibration};
    type Expected<'a> = (
        &'a str,
        AlarmKind,
        (&'a str, u8, i32, i32, u8, f64, bool),
        Lbs,
        [u8; 5],
        Option<types::Alarm>,
        u16,
    );
    let expected: [Expected<'_>; 5] = [
        (
            ALARM_SOS,
            AlarmKind::Local,
            (
                "2011-11-15T14:36:29",
                15,
                23_111_755,
                114_409_230,
                0,
                2.0,
                true,
            ),
            lbs(460, 0, 10_365, 8050),
            [0x65, 6, 4, 1, 1],
            Some(Sos),
            0x36,
        ),
        (
            ALARM_LOW_BATTERY,
            AlarmKind::Local,
            (
                "2013-03-06T07:41:52",
                0,
                33_918_298,
                -6_893_677,
                1,
                230.0,
                true,
            ),
            lbs(604, 2, 11, 20_642),
            [0x18, 1, 4, 0, 2],
            Some(LowBattery),
            3,
        ),
        (
            ALARM_NO_TIME,
            AlarmKind::Local,
            ("2000-00-00T00:00:00", 0, 0, 0, 0, 0.0, false),
            lbs(250, 2, 4335, 64_354),
            [0, 6, 100, 3, 1],
            Some(Vibration),
            4,
        ),
        (
            ALARM_UTC,
            AlarmKind::Utc,
            (
                "2018-03-12T06:56:22",
                3,
                22_575_833,
                113_915_653,
                1,
                3.0,
                false,
            ),
            lbs(460, 0, 10_342, 3822),
            [0x0C, 6, 4, 3, 2],
            Some(Vibration),
            0x0D,
        ),
        (
            ALARM_FENCE,
            AlarmKind::UtcFence,
            (
                "2017-12-11T14:23:15",
                5,
                40_196_205,
                -74_142_390,
                0,
                126.0,
                true,
            ),
            lbs(0x8136, 260, 52_106, 48_883),
            [0x28, 6, 3, 0x0C, 2],
            Some(PowerOn),
            3,
        ),
    ];
    for (
        text,
        form,
        (at, satellites, latitude, longitude, speed, course, fix),
        cell,
        [terminal, voltage_level, gsm_level, alarm, language],
        name,
        serial,
    ) in expected
    {
        let bytes = hex(text);
        let message = expect!(&bytes, Alarm);
        assert_eq!(
            place(&message.gps),
            (
                at.into(),
                satellites,
                latitude,
                longitude,
                speed,
                course,
                fix
            ),
            "{text}"
        );
        assert_eq!(
            (message.kind, message.rest, message.envelope),
            (form, &[][..], short(serial))
        );
        let status = Status {
            terminal: TerminalInfo(terminal),
            voltage_level,
            gsm_level,
            alarm,
            language,
        };
        let is_fence = form == AlarmKind::UtcFence;
        let lbs_length = if is_fence { 10 } else { 9 };
        let details = message.details.unwrap();
        assert_eq!(
            details,
            AlarmDetails {
                lbs_length,
                lbs: cell,
                status,
                fence: is_fence.then_some(0xFF),
                mileage: None
            }
        );
        assert_eq!(details.alarm(), name);
        assert_eq!(message.gps.time.is_valid(), text != ALARM_NO_TIME);
    }
    let mileage = [content(ALARM_UTC), vec![0, 1, 2, 3]].concat();
    assert_eq!(
        expect!(&frame(0x26, &mileage), Alarm)
            .details
            .unwrap()
            .mileage,
        Some(0x1_0203)
    );
    for (text, cell, status, serial) in [
        (
            CELL_ALARM,
            lbs(460, 0, 10_365, 8049),
            [0x20, 4, 4, 1, 1],
            0x94,
        ),
        (
            CELL_ALARM_IRAN,
            lbs(655, 10, 10_721, 14_065),
            [0x20, 3, 4, 1, 2],
            8,
        ),
    ] {
        let bytes = hex(text);
        let [terminal, voltage_level, gsm_level, alarm, language] = status;
        let status = Status {
            terminal: TerminalInfo(terminal),
            voltage_level,
            gsm_level,
            alarm,
            language,
        };
        let message = expect!(&bytes, CellAlarm);
        assert_eq!(
            message,
            CellAlarm {
                envelope: short(serial),
                lbs: cell,
                status
            }
        );
        assert_eq!(message.status.alarm(), Some(Sos));
    }
}

#[test]
fn alarm_codes_have_the_names_of_the_manual() {
    // See docs/protocols/gt06.md, "Alarm codes".
    let names = [
        (0x01, "sos"),
        (0x02, "power_cut"),
        (0x03, "vibration"),
        (0x04, "geofence_enter"),
        (0x05, "geofence_exit"),
        (0x06, "overspeed"),
        (0x09, "displacement"),
        (0x0A, "gps_dead_zone_enter"),
        (0x0B, "gps_dead_zone_exit"),
        (0x0C, "power_on"),
        (0x0D, "first_fix"),
        (0x0E, "external_low_battery"),
        (0x0F, "low_battery_protection"),
        (0x11, "power_off"),
        (0x12, "airplane_mode"),
        (0x13, "tamper"),
        (0x14, "door"),
        (0x15, "low_battery_shutdown"),
        (0x16, "sound"),
        (0x17, "fake_base_station"),
        (0x18, "cover_opened"),
        (0x19, "low_battery"),
        (0x1A, "harsh_braking"),
        (0x1B, "sharp_turn"),
        (0x20, "sleep"),
        (0x23, "fall"),
        (0x24, "charger_inserted"),
        (0x25, "tamper"),
        (0x26, "harsh_acceleration"),
        (0x27, "harsh_braking"),
        (0x29, "harsh_acceleration"),
        (0x2A, "sharp_left"),
        (0x2B, "sharp_right"),
        (0x2C, "crash"),
        (0x2D, "rollover"),
        (0x2E, "sharp_turn"),
        (0x30, "harsh_braking"),
        (0x32, "tamper"),
        (0x3C, "theft"),
        (0x3D, "illegal_start"),
        (0x3E, "button"),
        (0x4B, "tilt"),
        (0x4C, "sharp_turn"),
        (0x4D, "lane_change"),
        (0x4E, "stability"),
        (0x4F, "angle"),
        (0x5E, "pulse_line_cut"),
        (0xF0, "harsh_acceleration"),
        (0xF1, "harsh_braking"),
        (0xF2, "crash"),
        (0xFE, "acc_on"),
        (0xFF, "acc_off"),
    ];
    for alarm in 1..=255 {
        let expected = names
            .iter()
            .find(|(code, _)| *code == alarm)
            .map_or("other", |(_, name)| name);
        for (terminal, language) in [(0, 2), (0xFF, 0x12)] {
            let status = Status {
                terminal: TerminalInfo(terminal),
                alarm,
                language,
                ..Status::default()
            };
            assert_eq!(status.alarm().unwrap().name(), expected, "{alarm:02x}");
        }
    }
    // Where the code is 0 the terminal information may say it.
    for (bits, name) in [
        None,
        Some("vibration"),
        Some("power_cut"),
        Some("low_battery"),
        Some("sos"),
        None,
        None,
        None,
    ]
    .into_iter()
    .enumerate()
    {
        let terminal = TerminalInfo((bits as u8) << 3 | 0b1100_0111);
        assert_eq!(usize::from(terminal.alarm_bits()), bits);
        assert_eq!(
            Status {
                terminal,
                ..Status::default()
            }
            .alarm()
            .map(types::Alarm::name),
            name
        );
    }
}

#[test]
fn cell_lists() {
    let bytes = hex(CELL_LIST);
    let list = expect!(&bytes, CellList);
    assert_eq!(
        (list.envelope, list.utc, list.time, list.mcc(), list.mnc),
        (short(5), false, NO_TIME, 736, 3)
    );
    assert_eq!((list.timing_advance, list.language), (255, [0, 2]));
    assert_eq!(list.serving(), lbs(736, 3, 17_210, 12_269).cell());
    let neighbours: Vec<_> = list
        .neighbours()
        .map(|n| (n.cell, n.rssi.unwrap()))
        .collect();
    let expected = [
        (17_210, 32_269, 72),
        (17_210, 22_032, 79),
        (17_210, 22_241, 80),
        (17_210, 12_032, 81),
        (17_202, 12_083, 88),
    ];
    assert_eq!(
        neighbours,
        expected.map(|(lac, id, rssi)| (lbs(736, 3, lac, id).cell().unwrap(), rssi)),
        "the seventh place is empty"
    );
    let bytes = hex(CELL_LIST_UTC);
    let list = expect!(&bytes, CellList);
    assert_eq!(
        (list.envelope, list.utc, list.time, list.mcc(), list.mnc),
        (short(5), true, time("2016-01-13T02:02:02"), 460, 0)
    );
    assert_eq!(list.serving(), lbs(460, 0, 10_365, 8049).cell());
    let neighbours: Vec<_> = list
        .neighbours()
        .map(|n| (n.cell, n.rssi.unwrap()))
        .collect();
    assert_eq!(
        neighbours,
        [(8050, 49), (7715, 45), (8000, 24)]
            .map(|(id, rssi)| (lbs(460, 0, 10_365, id).cell().unwrap(), rssi))
    );
    assert_eq!(
        (list.cells[5], list.timing_advance, list.language),
        (62, 255, [0, 2])
    );
    // An empty place is empty whatever its RSSI is, and wherever it is; the RSSI has no sign.
    let mut content = content(CELL_LIST);
    content[9..14].fill(0);
    content[50] = 0x80;
    content[46] = 1;
    let bytes = frame(0x18, &content);
    let list = expect!(&bytes, CellList);
    assert_eq!(list.serving(), None);
    let last = list.neighbours().last().unwrap();
    assert_eq!(
        (last.cell.lac, last.cell.cid, last.rssi),
        (Some(1), Some(0), Some(128))
    );
}

#[test]
fn address_requests() {
    let bytes = hex(CELL_ADDRESS_REQUEST);
    let request = expect!(&bytes, CellAddressRequest);
    assert_eq!(
        (request.envelope, request.lbs, request.language),
        (short(6), lbs(736, 3, 17_210, 12_269).into(), [0, 2])
    );
    assert_eq!(request.phone(), Text::Bytes(b"75260701"));
    let bytes = hex(ADDRESS_REQUEST);
    let request = expect!(&bytes, AddressRequest);
    assert_eq!(
        place(&request.gps),
        (
            "2011-11-15T14:33:23".into(),
            15,
            23_111_755,
            114_409_228,
            0,
            2.0,
            true
        )
    );
    assert_eq!(
        (request.envelope, request.utc, request.language),
        (short(0x34), false, [0, 1])
    );
    assert_eq!(request.phone(), Text::Bytes(b"66366"));
    let bytes = hex(ADDRESS_REQUEST_UTC);
    let request = expect!(&bytes, AddressRequest);
    assert_eq!(
        place(&request.gps),
        (
            "2015-12-29T07:17:57".into(),
            10,
            23_111_680,
            114_409_244,
            0,
            216.0,
            true
        )
    );
    assert_eq!(
        (request.envelope, request.utc, request.language),
        (short(0x2A), true, [0, 1])
    );
    assert_eq!(request.phone(), Text::Bytes(b"1252013532177079"));
}

#[test]
fn addresses() {
    let bytes = hex(ADDRESS_NONE);
    let address = expect!(&bytes, Address);
    assert_eq!(
        address,
        Address {
            envelope: long(0),
            code: 0x97,
            length: 11,
            has_wide_length: false,
            flag: 0,
            content: b"NA&&NA&&0##"
        }
    );
    assert_eq!(address.address(), Some(Text::Bytes(b"NA")));
    // The Chinese one of a vendor document; the address holds 26 26.
    let text = [
        b"ADDRESS&&\x6c\x49\x26\x26\x00\x26&&",
        &b"75260701"[..],
        &[0; 13],
        b"##",
    ]
    .concat();
    let bytes = frame(
        0x17,
        &[&[text.len() as u8 + 4, 0, 0, 0, 1], &text[..]].concat(),
    );
    let address = expect!(&bytes, Address);
    assert_eq!(
        (
            address.code,
            usize::from(address.length),
            address.flag,
            address.content
        ),
        (0x17, text.len() + 4, 1, &text[..])
    );
    assert_eq!(
        address.address(),
        Some(Text::Utf16Be(b"\x6c\x49\x26\x26\x00\x26"))
    );
    for (content, expected) in [
        (&b"A&&B&&"[..], Some(&b"B"[..])),
        (b"A&&&&", Some(b"")),
        (b"A&&&", None),
        (b"A&&B", None),
        (b"A&B&C", None),
        (b"", None),
    ] {
        assert_eq!(
            Address { content, ..address }
                .address()
                .map(|text| text.as_bytes()),
            expected
        );
    }
}

#[test]
fn commands_and_responses() {
    for (text, flag, command, language, serial) in [
        (COMMAND, 0x1_A958, "DYD,000000#", None, 0xA0),
        (COMMAND_LANGUAGE, 0, "sos#", Some([0, 2]), 1),
        (COMMAND_RELAY, 0, "Relay,1#", None, 0),
    ] {
        let bytes = hex(text);
        let length = command.len() as u8 + 4;
        let expected = Command {
            envelope: short(serial),
            length,
            flag,
            text: command.as_bytes(),
            language,
            rest: &[],
        };
        assert_eq!(expect!(&bytes, Command), expected);
        assert_eq!(expected.text().as_str(), Some(command));
    }
    let bytes = hex(RESPONSE);
    let response = expect!(&bytes, Response);
    assert_eq!(
        response,
        Response {
            envelope: short(0x18),
            code: 0x15,
            length: 16,
            flag: 0x1_A958,
            text: b"DYD=Success!",
            language: Some([0, 2]),
            rest: &[]
        }
    );
    assert_eq!(
        (response.text(), response.language),
        (Text::Bytes(b"DYD=Success!"), Some([0, 2]))
    );
    let bytes = hex(LONG_RESPONSE);
    let response = expect!(&bytes, LongResponse);
    assert_eq!(
        (response.envelope, response.flag, response.encoding),
        (long(0x23), 0, 2)
    );
    assert_eq!(response.text().to_string(), "Command error!");
    assert_eq!(
        LongResponse {
            encoding: 1,
            ..response
        }
        .text(),
        Text::Bytes(response.content)
    );
}

#[test]
fn times() {
    let bytes = hex(TIME_REQUEST);
    assert_eq!(
        parse(&bytes),
        Message::TimeRequest(TimeRequest { envelope: short(6) })
    );
    let bytes = hex(TIME);
    assert_eq!(
        parse(&bytes),
        Message::Time(Time {
            envelope: short(6),
            time: time("2015-12-29T00:00:21")
        })
    );
}

#[test]
fn information() {
    let bytes = hex(INFO_SIM);
    let info = expect!(&bytes, Information);
    let Info::Sim(sim) = info.info else { panic!() };
    assert_eq!(
        (info.envelope, info.info.subtype(), sim.rest),
        (long(2), Some(0x0A), &[][..])
    );
    assert_eq!(
        parse(&bytes).device_id().unwrap().to_string(),
        "868120156209352"
    );
    assert_eq!(
        (sim.imsi().to_string(), sim.iccid().to_string()),
        ("460041215703040".into(), "898607b2091700543040".into())
    );
    let info = |data: &[u8]| {
        let bytes = frame_with(long(1), 0x94, data);
        let message = parse(&bytes);
        assert_eq!(encode(&message), bytes);
        let Message::Information(Information { info, .. }) = message else {
            panic!("{message:?}")
        };
        assert_eq!(info.subtype(), Some(data[0]));
        format!(
            "{info:?} {:?}",
            info.voltage().map(|voltage| voltage.millivolts())
        )
    };
    // See docs/protocols/gt06.md, "Information".
    assert_eq!(
        info(b"\0\x04\xF7"),
        "Voltage { hundredths: 1271, rest: [] } Some(12710)"
    );
    assert_eq!(
        info(b"\0\x04\xF7\x01"),
        "Voltage { hundredths: 1271, rest: [1] } Some(12710)"
    );
    assert_eq!(info(b"\0\x04"), "Other { subtype: 0, data: [4] } None");
    assert_eq!(info(b"\x02\x04"), "Other { subtype: 2, data: [4] } None");
    assert_eq!(info(b"\x04AL"), "Status([65, 76]) None");
    assert_eq!(
        info(b"\x05\x03"),
        "Door { time: None, input: DoorInput(3) } None"
    );
    assert_eq!(
        info(b"\x05\x16\x09\x09\x08\x08\x1C\x03"),
        "Door { time: Some(DateTime { year: 22, month: 9, day: 9, hour: 8, minute: 8, \
         second: 28 }), \
         input: DoorInput(3) } None"
    );
    assert_eq!(
        info(b"\x05\x16\x09"),
        "Other { subtype: 5, data: [22, 9] } None"
    );
    assert_eq!(info(b"\x08ok"), "SelfTest([111, 107]) None");
    assert_eq!(info(b"\x0A\x01"), "Other { subtype: 10, data: [1] } None");
    assert_eq!(info(b"\x0B\x01"), "Network(1) None");
    assert_eq!(info(b"\x0B\x04\xF7"), "NetworkVoltage(1271) Some(12710)");
    assert_eq!(info(b"\x0B"), "Other { subtype: 11, data: [] } None");
    assert_eq!(info(b"\x0D!A"), "Fuel { time: None, text: [33, 65] } None");
    assert_eq!(
        info(b"\x0D\x11\x03\x15\x10\x2A\x20!A"),
        "Fuel { time: Some(DateTime { year: 17, month: 3, day: 21, hour: 16, minute: 42, \
         second: 32 }), \
         text: [33, 65] } None"
    );
    assert_eq!(info(b"\x1B\x02\x08"), "Rfid([2, 8]) None");
    assert_eq!(
        info(b"\x1E\0\0\0\xD5\0\0\x02\xEE"),
        "Climate { temperature: 213, humidity: 750 } None"
    );
    assert_eq!(info(b"\x21\x05"), "Other { subtype: 33, data: [5] } None");
    // In a frame with the short header two bytes are a voltage, and other numbers of bytes are not.
    let bytes = hex(INFO_BARE_VOLTAGE);
    let bare = expect!(&bytes, Information);
    assert_eq!(
        (
            bare.info,
            bare.info.subtype(),
            bare.info.voltage().unwrap().volts()
        ),
        (Info::BareVoltage(1259), None, 12.59)
    );
    assert_eq!(
        expect!(&frame(0x94, b"\x04"), Information).info,
        Info::Status(&[])
    );
    assert_eq!(
        expect!(&frame(0x94, b"\0\x04\xF7"), Information).info,
        Info::Voltage {
            hundredths: 1271,
            rest: &[]
        }
    );
    assert_eq!(
        expect!(&hex(INFO_VOLTAGE), Information)
            .info
            .voltage()
            .unwrap()
            .volts(),
        12.71
    );
    assert_eq!(
        expect!(&hex(INFO_DOOR), Information).info,
        Info::Door {
            time: None,
            input: DoorInput(0)
        }
    );
}

#[test]
fn version() {
    let bytes = hex(VERSION);
    let version = expect!(&bytes, Version);
    assert_eq!((version.envelope, version.count), (long(3), 76));
    assert_eq!(version.device_id().unwrap().to_string(), "868120113211459");
    assert_eq!(
        hex::encode(version.opaque),
        "00724bac4b4ebfc08f7dd224e9ef1f81f2"
    );
    assert_eq!(
        version.text().as_str(),
        Some(":[VERSION]GT02D_20_50DM2_B25E_V13_WM[BUILD]2014/04/07 10:59")
    );
}

#[test]
fn answers_and_other_frames_without_content() {
    for text in ALL
        .iter()
        .filter(|text| text.starts_with("787805") && **text != TIME_REQUEST)
    {
        let bytes = hex(text);
        let expected = Ack {
            envelope: short(u16::from_be_bytes([bytes[4], bytes[5]])),
            code: bytes[3],
        };
        assert_eq!(parse(&bytes), Message::Ack(expected));
        assert_eq!(encode(&Message::Ack(expected)), bytes);
    }
    for (code, header) in (0..=255).flat_map(|code| [(code, Header::Short), (code, Header::Long)]) {
        let envelope = Envelope {
            header,
            wrong_length: None,
            serial: 7,
        };
        let bytes = frame_with(envelope, code, &[]);
        let expected = if code == 0x8A {
            Message::TimeRequest(TimeRequest { envelope })
        } else {
            Message::Ack(Ack { envelope, code })
        };
        assert_eq!(parse(&bytes), expected);
    }
}

#[test]
fn unknown_messages_say_what_is_known() {
    let unknown = |code: u8, content: &[u8]| {
        let bytes = frame(code, content);
        let unknown = expect!(&bytes, Unknown);
        assert_eq!((unknown.code, unknown.content), (code, content));
        (unknown.name(), unknown.time().map(|time| time.to_string()))
    };
    assert_eq!(unknown(0x2D, &[1]), (Some("GPS and LBS"), None));
    assert_eq!(unknown(0x36, &[1]), (None, None));
    let mut layout = content(LOCATION_INDIA);
    let time = Some("2015-12-02T18:46:38".to_string());
    layout.push(0);
    assert_eq!(unknown(0x11, &layout), (None, time.clone()));
    assert_eq!(unknown(0x12, &layout[..17]), (None, time));
    assert_eq!(unknown(0x17, &layout), (None, None));
    layout[1] = 13;
    assert_eq!(unknown(0x11, &layout), (None, None));
    // Only numbers without a message of their own have a name.
    for code in 0..=255 {
        let named = Unknown {
            envelope: short(1),
            code,
            content: &[],
        }
        .name()
        .is_some();
        assert!(!(named && NUMBERS.contains(&code)), "{code:02x}");
    }
}

#[test]
fn heartbeat_bytes_are_not_enums() {
    for byte in [0x53, 0x55, 0x64, 0x94, 0xEA, 0xFF] {
        let bytes = frame(0x13, &[0x44, byte, byte, byte, byte]);
        let heartbeat = expect!(&bytes, Heartbeat);
        assert_eq!(
            (heartbeat.voltage_level, heartbeat.gsm_level, heartbeat.rest),
            (Some(byte), Some(byte), &[byte, byte][..])
        );
    }
}

#[test]
fn frames_without_a_checksum_are_no_messages() {
    // Serial and checksum "at the end" would be data.
    for text in [
        "78780d0103563140414198583c0d0a",
        "78781511170103100e1f9904efe30400a97f88003410ffdd000d0a",
        "787801080d0a",
        "787801010d0a",
    ] {
        assert!(Message::parse(&hex(text)).is_err(), "{text}");
    }
    // Their contents do not fit the numbers of this protocol: with a checksum they stay raw.
    for (code, content) in [
        (0x17, "031703100e1f01aabbccddeeff4d"),
        (0x16, "01"),
        (0x97, "00"),
        (0x80, "0102"),
        (0x15, "01"),
        (0x94, ""),
    ] {
        let bytes = frame(code, &hex(content));
        assert!(
            matches!(parse(&bytes), Message::Unknown(_) | Message::Ack(_)),
            "{code:02x}"
        );
    }
}

#[test]
fn trailing_bytes_are_kept() {
    let known = expect!(&hex(LOCATION_INDIA), Location).gps;
    for extra in [2, 5, 10, 12, 82] {
        let tail: Vec<u8> = (1..=extra).collect();
        let bytes = frame(0x12, &[content(LOCATION_INDIA), tail.clone()].concat());
        let location = expect!(&bytes, Location);
        assert_eq!((location.gps, location.rest), (known, &tail[..]));
        assert_eq!(
            location.kind,
            LocationKind::Cell {
                lbs: Some(lbs(404, 0, 10_094, 5701)),
                mileage: None
            }
        );
    }
    for extra in [0, 1, 2, 3, 40] {
        let tail: Vec<u8> = (1..=extra).collect();
        let bytes = frame(0x10, &[&content(LOCATION_INDIA)[..18], &tail].concat());
        let location = expect!(&bytes, Location);
        assert_eq!(
            (location.gps, location.kind, location.rest),
            (known, LocationKind::Gps, &tail[..])
        );
    }
    for extra in [4, 6] {
        let tail: Vec<u8> = (1..=extra).collect();
        let bytes = frame(0x13, &[content(HEARTBEAT), tail.clone()].concat());
        assert_eq!(
            expect!(&bytes, Heartbeat).rest,
            [&[0, 2], &tail[..]].concat()
        );
        let bytes = frame(0x01, &[content(LOGIN_WEST), tail.clone()].concat());
        assert_eq!(expect!(&bytes, Login).rest, tail);
        let bytes = frame(0x94, &[content(INFO_SIM), tail.clone()].concat());
        let Info::Sim(sim) = expect!(&bytes, Information).info else {
            panic!()
        };
        assert_eq!(sim.rest, tail);
    }
    // With and without a mileage.
    for (code, text) in [(0x16, ALARM_SOS), (0x26, ALARM_UTC), (0x27, ALARM_FENCE)] {
        for (extra, mileage) in [(&[][..], None), (&[0, 0, 1, 0], Some(256))] {
            let bytes = frame(code, &[&content(text), extra].concat());
            let alarm = expect!(&bytes, Alarm);
            assert_eq!(
                (alarm.details.unwrap().mileage, alarm.rest),
                (mileage, &[][..])
            );
        }
    }
}

#[test]
fn another_length_is_not_always_a_prefix() {
    // From the length field L to a content.
    let of_length = |text: &str, length: usize| {
        let mut content = content(text);
        content.resize(length - 5, 0x55);
        content
    };
    // 12 keeps position and cell.
    for length in [0x21, 0x24, 0x29, 0x2B, 0x71] {
        let bytes = frame(0x12, &of_length(LOCATION_INDIA, length));
        let location = expect!(&bytes, Location);
        assert_eq!(
            (location.lbs(), location.mileage(), location.rest.len()),
            (Some(lbs(404, 0, 10_094, 5701)), None, length - 31)
        );
    }
    // Shorter ones keep what is there.
    for len in 18..26 {
        let bytes = frame(0x12, &content(LOCATION_INDIA)[..len]);
        let location = expect!(&bytes, Location);
        assert_eq!(
            (location.kind, location.rest.len()),
            (
                LocationKind::Cell {
                    lbs: None,
                    mileage: None
                },
                len - 18
            )
        );
    }
    // 16, 26, 27 and 22 keep the position.
    for (code, text, lengths) in [
        (0x16, ALARM_SOS, &[0x27, 0x2E, 0x4A, 0x17][..]),
        (0x26, ALARM_UTC, &[0x26, 0x2D]),
        (0x27, ALARM_FENCE, &[0x25, 0x2D]),
        (0x22, LOCATION_UTC_LIVE, &[0x2E, 0x23, 0x17]),
    ] {
        for &length in lengths {
            let content = of_length(text, length);
            let bytes = frame(code, &content);
            match parse(&bytes) {
                Message::Alarm(Alarm {
                    gps,
                    details: None,
                    rest,
                    ..
                })
                | Message::Location(Location {
                    gps,
                    kind: LocationKind::Utc(None),
                    rest,
                    ..
                }) => {
                    assert_eq!(rest, &content[18..]);
                    assert!(gps.time.is_valid() && gps.position().is_some());
                }
                other => panic!("{other:?}"),
            }
        }
    }
    // A date that does not exist shows an unknown layout, unless the length is right, or the date
    // is all zero.
    for (code, text) in [
        (0x10, GPS_EAST),
        (0x12, LOCATION_INDIA),
        (0x12, LOCATION_MILEAGE),
        (0x16, ALARM_SOS),
        (0x26, ALARM_UTC),
        (0x27, ALARM_FENCE),
        (0x22, LOCATION_UTC_LIVE),
    ] {
        let right = content(text);
        for (date, is_possible) in [
            ([0x08, 0x64, 0x71, 0x70, 0x03, 0x66], false),
            ([0; 6], true),
            ([13, 0, 1, 0, 0, 0], false),
        ] {
            let mut content = right.clone();
            content[..6].copy_from_slice(&date);
            let bytes = frame(code, &content);
            assert!(!matches!(parse(&bytes), Message::Unknown(_)), "{code:02x}");
            content.push(1);
            let bytes = frame(code, &content);
            assert_eq!(
                !matches!(parse(&bytes), Message::Unknown(_)),
                is_possible,
                "{code:02x} {date:?}"
            );
            let bytes = frame(code, &content[..17]);
            assert!(
                matches!(parse(&bytes), Message::Unknown(_)),
                "{code:02x} is too short"
            );
        }
    }
    // These are read at their documented lengths alone.
    for (code, text, lengths) in [
        (0x11, CELL_NO_TIME, &[14, 16, 28][..]),
        (0x8B, BARE_CELL, &[8]),
        (0x19, CELL_ALARM, &[13]),
        (0x18, CELL_LIST, &[54]),
        (0x28, CELL_LIST_UTC, &[54]),
        (0x1A, ADDRESS_REQUEST, &[41]),
        (0x2A, ADDRESS_REQUEST_UTC, &[41]),
        (0x17, CELL_ADDRESS_REQUEST, &[31]),
        (0x8A, TIME, &[6]),
    ] {
        for len in 1..80 {
            let mut content = content(text);
            content.resize(len, 0x55);
            let bytes = frame(code, &content);
            assert_eq!(
                !matches!(parse(&bytes), Message::Unknown(_)),
                lengths.contains(&len),
                "{code:02x} {len}"
            );
        }
    }
}

#[test]
fn the_lbs_length_is_not_relied_on() {
    for (code, text) in [(0x16, ALARM_SOS), (0x26, ALARM_UTC), (0x27, ALARM_FENCE)] {
        let mut content = content(text);
        let expected = expect!(&frame(code, &content), Alarm).details.unwrap();
        for lbs_length in 0..=255 {
            content[18] = lbs_length;
            let bytes = frame(code, &content);
            assert_eq!(
                expect!(&bytes, Alarm).details,
                Some(AlarmDetails {
                    lbs_length,
                    ..expected
                })
            );
        }
    }
}

#[test]
fn no_time_is_no_error() {
    for text in [CELL_NO_TIME, ALARM_NO_TIME, CELL_LIST] {
        let bytes = hex(text);
        let (time, cell) = match parse(&bytes) {
            Message::Cell(cell) => (cell.time.unwrap(), cell.lbs.cell()),
            Message::Alarm(alarm) => (alarm.gps.time, alarm.details.unwrap().lbs.cell()),
            Message::CellList(list) => (list.time, list.serving()),
            other => panic!("{other:?}"),
        };
        assert_eq!(time, NO_TIME);
        assert!(!time.is_valid() && cell.is_some());
    }
    // Satellites are 0 although there is a fix; coordinates are 0 where there is none.
    let fix = expect!(&hex(ALARM_LOW_BATTERY), Alarm).gps;
    assert_eq!((fix.satellites_used(), fix.course.has_fix()), (0, true));
    for satellites in 0..=255 {
        assert_eq!(Gps { satellites, ..fix }.satellites_used(), satellites % 16);
    }
    let none = expect!(&hex(LOCATION_NO_FIX), Location).gps;
    assert_eq!(
        (none.latitude, none.longitude, none.course.has_fix()),
        (0, 0, false)
    );
    // A block of zeros is no cell; one field above zero is enough.
    assert_eq!(lbs(0, 0, 0, 0).cell(), None);
    assert_eq!(lbs(0x8000, 0, 0, 0).cell(), None);
    for cell in [
        lbs(1, 0, 0, 0),
        lbs(0, 1, 0, 0),
        lbs(0, 0, 1, 0),
        lbs(0, 0, 0, 1),
    ] {
        assert!(cell.cell().is_some());
    }
}

#[test]
fn only_the_utc_twins_say_which_zone() {
    for (text, expected) in [
        (LOCATION_INDIA, false),
        (GPS_EAST, false),
        (LOCATION_UTC_LIVE, true),
        (ALARM_SOS, false),
        (ALARM_UTC, true),
        (ALARM_FENCE, true),
        (CELL_LIST, false),
        (CELL_LIST_UTC, true),
        (ADDRESS_REQUEST, false),
        (ADDRESS_REQUEST_UTC, true),
    ] {
        let bytes = hex(text);
        let is_utc = match parse(&bytes) {
            Message::Location(message) => message.is_utc(),
            Message::Alarm(message) => message.is_utc(),
            Message::CellList(message) => message.utc,
            Message::AddressRequest(message) => message.utc,
            other => panic!("{other:?}"),
        };
        assert_eq!(is_utc, expected, "{text}");
    }
}

#[test]
fn bits_13_to_15_of_the_course_word() {
    // Live frames with bit 13, and frames without a fix.
    for text in [LOCATION_KYIV, LOCATION_UK, LOCATION_NO_FIX] {
        let bytes = hex(text);
        let location = expect!(&bytes, Location);
        assert!(location.gps.course.differential());
        assert_eq!(location.resent(), None, "only 22 says");
    }
    for word in 0..=u16::MAX {
        let course = CourseStatus(word);
        assert_eq!(course.degrees(), word % 1024);
        assert_eq!(course.course().is_some(), word % 1024 <= 360);
        assert_eq!(
            course.ignition(),
            [None, Some(false), None, Some(true)][usize::from(word >> 14)]
        );
        let bits = [
            course.north(),
            !course.east(),
            course.has_fix(),
            course.differential(),
        ];
        assert_eq!(bits, [10, 11, 12, 13].map(|bit| word >> bit & 1 == 1));
    }
    // 154C is the paper's example; D4xx, 54xx and 44xx are seen.
    assert_eq!(
        (
            CourseStatus(0x154C).course().unwrap().degrees(),
            CourseStatus(0xD470).course().unwrap().degrees()
        ),
        (332.0, 112.0)
    );
}

#[test]
fn a_wide_mnc_shifts_what_follows() {
    let wide = [0x81, 0x36, 0x01, 0x04, 0xCB, 0x8A, 0x00, 0xBE, 0xF3];
    let cell = lbs(0x8136, 260, 52_106, 48_883);
    assert!(cell.has_wide_mnc());
    let tower = cell.cell().unwrap();
    assert_eq!(
        (tower.mcc, tower.mnc, tower.lac, tower.cid),
        (Some(310), Some(260), Some(52_106), Some(48_883))
    );
    // The narrow block of a frame, with the wide one in its place; its MCC is the first two bytes.
    for (code, text, at) in [
        (0x11, CELL_NO_TIME, 6),
        (0x12, LOCATION_INDIA, 18),
        (0x12, LOCATION_MILEAGE, 18),
        (0x16, ALARM_SOS, 19),
        (0x26, ALARM_UTC, 19),
        (0x22, LOCATION_UTC_LIVE, 18),
        (0x19, CELL_ALARM, 0),
        (0x17, CELL_ADDRESS_REQUEST, 0),
        (0x8B, BARE_CELL, 0),
    ] {
        let narrow = content(text);
        let content = [&narrow[..at], &wide, &narrow[at + 8..]].concat();
        let bytes = frame(code, &content);
        let message = parse(&bytes);
        let found: WideLbs = match message {
            Message::Cell(message) => message.lbs.into(),
            Message::Location(message) => message.lbs().unwrap().into(),
            Message::Alarm(message) => message.details.unwrap().lbs.into(),
            Message::CellAlarm(message) => message.lbs.into(),
            Message::CellAddressRequest(message) => message.lbs,
            other => panic!("{other:?}"),
        };
        assert_eq!(found, cell.into(), "{code:02x}");
        assert_eq!(encode(&message), bytes);
        // What follows is what followed.
        match (message, parse(&hex(text))) {
            (Message::Cell(a), Message::Cell(b)) => assert_eq!(a.rest, b.rest),
            (Message::Location(a), Message::Location(b)) => assert_eq!(
                (a.mileage(), a.resent(), a.rest),
                (b.mileage(), b.resent(), b.rest)
            ),
            (Message::Alarm(a), Message::Alarm(b)) => {
                assert_eq!(a.details.unwrap().status, b.details.unwrap().status)
            }
            (Message::CellAlarm(a), Message::CellAlarm(b)) => assert_eq!(a.status, b.status),
            (Message::CellAddressRequest(a), Message::CellAddressRequest(b)) => {
                assert_eq!((a.phone, a.language), (b.phone, b.language))
            }
            other => panic!("{other:?}"),
        }
    }
    for (code, text) in [(0x18, CELL_LIST), (0x28, CELL_LIST_UTC)] {
        let mut content = content(text);
        let narrow = content[9..51].to_vec();
        content.splice(6..9, [0x81, 0x36, 0x01, 0x04]);
        let bytes = frame(code, &content);
        let list = expect!(&bytes, CellList);
        assert_eq!(
            (list.mcc, list.mcc(), list.mnc, &list.cells[..]),
            (0x8136, 310, 260, &narrow[..])
        );
        assert!(list.neighbours().all(|neighbour| {
            (neighbour.cell.mcc, neighbour.cell.mnc) == (Some(310), Some(260))
        }));
    }
    // A wide MNC in a narrow block is a block cut short.
    let mut content = content(LOCATION_INDIA);
    content[18] = 0x81;
    let bytes = frame(0x12, &content);
    let location = expect!(&bytes, Location);
    assert_eq!((location.lbs(), location.rest), (None, &content[18..]));
}

#[test]
fn bcd_is_not_always_decimal() {
    let mut content = content(INFO_SIM);
    // An f at the end of an ICCID; no leading 0, and a letter, in the IMEI.
    for (at, byte, imei, iccid) in [
        (26, 0x4F, Some("868120156209352"), "898607b209170054304"),
        (1, 0x18, Some("1868120156209352"), "898607b2091700543040"),
        (1, 0x0A, None, "898607b2091700543040"),
    ] {
        let before = std::mem::replace(&mut content[at], byte);
        let bytes = frame_with(long(1), 0x94, &content);
        let message = parse(&bytes);
        let Message::Information(Information {
            info: Info::Sim(sim),
            ..
        }) = message
        else {
            panic!("{message:?}")
        };
        assert_eq!(
            message.device_id().map(|id| id.to_string()).as_deref(),
            imei
        );
        assert_eq!(sim.iccid().to_string(), iccid);
        content[at] = before;
    }
    for (id, expected) in [
        ([0x13; 8], Some("1313131313131313")),
        ([0x03; 8], Some("303030303030303")),
        ([0x0A; 8], None),
        ([0xFF; 8], None),
    ] {
        let bytes = frame(0x01, &id);
        assert_eq!(
            expect!(&bytes, Login)
                .device_id()
                .map(|id| id.to_string())
                .as_deref(),
            expected
        );
    }
}

#[test]
fn texts_are_padded_and_their_lengths_are_wrong() {
    let response = |code: u8, length: u8, content: &[u8]| {
        let bytes = frame(code, &[&[length, 0, 0, 0, 0], content].concat());
        let response = expect!(&bytes, Response);
        assert_eq!(encode(&Message::Response(response)), bytes);
        (response.text().to_string(), response.language)
    };
    let plain = |length: u8, content: &[u8]| response(0x15, length, content);
    let success = || "DYD=Success!".to_string();
    // Length 0, and zeros up to 92 bytes after the flag.
    let mut padded = b"DYD=Success!".to_vec();
    padded.resize(92, 0);
    assert_eq!(plain(0, &padded), (success(), None));
    // Length 0 or wrong, and the language.
    for length in [0, 3, 19, 255] {
        for content in [b"DYD=Success!\0\x02", b"DYD=Success!\x01\x02"] {
            assert_eq!(plain(length, content), (success(), None), "{length}");
        }
    }
    // A right length that counts the zeros; no language; more after the text than a language.
    assert_eq!(plain(96, &padded).0, success());
    assert_eq!(plain(16, b"DYD=Success!"), (success(), None));
    assert_eq!(plain(16, b"DYD=Success!\0\x02\x03"), (success(), None));
    assert_eq!(plain(0, b"x").0, "x");
    assert_eq!(plain(4, b"\0\x02"), (String::new(), Some([0, 2])));
    // CR LF inside.
    assert_eq!(plain(10, b"ab\r\ncd\0\x02").0, "ab\r\ncd");
    // 81 in UTF-16, all of it or from the address on.
    assert_eq!(response(0x81, 10, b"\0S\0E\0E\0\x02").0, "SEE");
    assert_eq!(response(0x81, 11, b"SEE&&\x6c\0\0\x02").0, "SEE&&\x6c\0");
    // 80 with and without a language, with a wrong length, and with other bytes after the text.
    let command = |bytes: &[u8]| {
        let bytes = frame(0x80, bytes);
        let command = expect!(&bytes, Command);
        assert_eq!(encode(&Message::Command(command)), bytes);
        (
            String::from_utf8(command.text.to_vec()).unwrap(),
            command.language,
            command.rest.to_vec(),
        )
    };
    assert_eq!(command(b"\x08\0\0\0\0sos#"), ("sos#".into(), None, vec![]));
    assert_eq!(
        command(b"\x08\0\0\0\0sos#\0\x02"),
        ("sos#".into(), Some([0, 2]), vec![])
    );
    assert_eq!(
        command(b"\x08\0\0\0\0sos#\0"),
        ("sos#".into(), None, vec![0])
    );
    assert_eq!(
        command(b"\x08\0\0\0\0sos#\0\0\x02"),
        ("sos#".into(), None, vec![0, 0, 2])
    );
    assert_eq!(command(b"\x09\0\0\0\0sos#"), ("sos#".into(), None, vec![]));
    assert_eq!(command(b"\0\0\0\0\0sos#"), ("sos#".into(), None, vec![]));
    assert_eq!(command(b"\x04\0\0\0\0"), (String::new(), None, vec![]));
    // Leftovers after the zero of a telephone number.
    assert_eq!(
        expect!(&hex(ADDRESS_REQUEST), AddressRequest).phone(),
        Text::Bytes(b"66366")
    );
    let mut full = content(CELL_ADDRESS_REQUEST);
    full[8..29].fill(b'0');
    assert_eq!(
        expect!(&frame(0x17, &full), CellAddressRequest).phone(),
        Text::Bytes(&[b'0'; 21])
    );
}

#[test]
fn an_address_has_a_mixed_header() {
    // 239 bytes: the length counts 0xE9 of them, the length of the text 0xE2.
    let text: Vec<u8> = [
        b"ADDRESS&&",
        &[0, b'x'].repeat(94)[..],
        b"&&",
        &[b'0'; 21],
        b"##",
    ]
    .concat();
    let content = [&[0, 0xE2, 0, 0, 0, 1], &text[..]].concat();
    let envelope = Envelope {
        header: Header::Mixed,
        wrong_length: None,
        serial: 1,
    };
    let bytes = frame_with(envelope, 0x97, &content);
    assert_eq!(
        (bytes.len(), &bytes[..5]),
        (239, &b"\x78\x78\x00\xE9\x97"[..])
    );
    let address = expect!(&bytes, Address);
    assert_eq!(
        address,
        Address {
            envelope,
            code: 0x97,
            length: 0xE2,
            has_wide_length: true,
            flag: 1,
            content: &text
        }
    );
    assert_eq!(
        address.address(),
        Some(Text::Utf16Be(&[0, b'x'].repeat(94)))
    );
    assert_eq!(encode(&Message::Address(address)), bytes);
    // No other number has it.
    let mut out = [0; 300];
    for code in [0x12, 0x13, 0x8A, 0xFF] {
        assert!(
            Ack { envelope, code }.encode(&mut out).is_err(),
            "{code:02x}"
        );
    }
    let short_form = Address {
        envelope: short(1),
        length: 0x100,
        has_wide_length: false,
        ..address
    };
    assert_eq!(
        short_form.encode(&mut out),
        Err(EncodeError::Range {
            field: "length",
            max: 0xFF
        })
    );
}

#[test]
fn sizes_are_those_of_the_fields() {
    // The totals of a paper's appendix (26, 23, 34) disagree with its own fields.
    let gps = &content(GPS_EAST)[..18];
    let cell = &content(CELL_NO_TIME)[..14];
    for (code, content, total) in [
        (0x10, gps, 28),
        (0x11, cell, 24),
        (0x12, &content(LOCATION_INDIA)[..], 36),
    ] {
        assert_eq!(parse(&frame(code, content)).encoded_len(), total);
    }
    // The sample of a multi-fence alarm is a 26, which has no fence: a byte more is another layout.
    let bytes =
        hex("78782526110c0d133736cb026c15a60c38cf0a0054b90801cc002866000eeed802040002001d76f90d0a");
    let details = expect!(&bytes, Alarm).details.unwrap();
    assert_eq!(
        (details.fence, details.lbs_length, details.alarm()),
        (None, 8, Some(types::Alarm::LowBattery))
    );
    let longer = [Frame::parse(&bytes).unwrap().body(), &[1]].concat();
    assert_eq!(expect!(&frame(0x26, &longer), Alarm).details, None);
    assert_eq!(
        expect!(&frame(0x27, &longer), Alarm).details.unwrap().fence,
        Some(1)
    );
    // A sample with a wrong length and a wrong checksum.
    assert!(Message::parse(&hex("787808134b040300010011061f0d0a")).is_err());
}

#[test]
fn encoding_refuses_what_could_not_be_read_back() {
    use EncodeError::{BufferTooSmall, Gap, NotCanonical, Range, TooLong};
    let mut out = [0; 400];
    let bytes = hex(LOCATION_INDIA);
    let location = expect!(&bytes, Location);
    assert_eq!(
        location.encode(&mut out[..35]),
        Err(BufferTooSmall { needed: 36 })
    );
    assert_eq!(location.encode(&mut []), Err(BufferTooSmall { needed: 36 }));
    assert_eq!(
        Location {
            rest: &[1; 224],
            ..location
        }
        .encode(&mut out),
        Ok(260)
    );
    assert_eq!(
        Location {
            rest: &[1; 225],
            ..location
        }
        .encode(&mut out),
        Err(TooLong {
            field: "rest",
            max: 250
        })
    );
    assert_eq!(
        Location {
            rest: &[1; 225],
            envelope: long(1),
            ..location
        }
        .encode(&mut out),
        Ok(262)
    );
    let with = |kind| Location { kind, ..location };
    let cell = lbs(404, 0, 1, 2);
    assert_eq!(
        with(LocationKind::Cell {
            lbs: None,
            mileage: Some(1)
        })
        .encode(&mut out),
        Err(Gap { field: "lbs" })
    );
    for (wrong, error) in [
        (
            lbs(404, 256, 1, 2),
            Range {
                field: "mnc",
                max: 255,
            },
        ),
        (
            lbs(404, 0, 1, 1 << 24),
            Range {
                field: "cell_id",
                max: (1 << 24) - 1,
            },
        ),
        (
            lbs(0x8000, 256, 1, 1 << 24),
            Range {
                field: "cell_id",
                max: (1 << 24) - 1,
            },
        ),
    ] {
        let status = Status::default();
        let details = AlarmDetails {
            lbs_length: 9,
            lbs: wrong,
            status,
            fence: None,
            mileage: None,
        };
        let utc = UtcDetails {
            lbs: wrong,
            ignition: 0,
            upload_mode: 0,
            resent: 0,
            mileage: None,
        };
        assert_eq!(
            with(LocationKind::Cell {
                lbs: Some(wrong),
                mileage: None
            })
            .encode(&mut out),
            Err(error)
        );
        assert_eq!(
            with(LocationKind::Utc(Some(utc))).encode(&mut out),
            Err(error)
        );
        assert_eq!(
            Cell {
                envelope: short(1),
                time: None,
                lbs: wrong,
                rest: &[]
            }
            .encode(&mut out),
            Err(error)
        );
        assert_eq!(
            CellAlarm {
                envelope: short(1),
                lbs: wrong,
                status
            }
            .encode(&mut out),
            Err(error)
        );
        let alarm = Alarm {
            envelope: short(1),
            kind: AlarmKind::Local,
            gps: location.gps,
            details: Some(details),
            rest: &[],
        };
        assert_eq!(alarm.encode(&mut out), Err(error));
        assert_eq!(
            CellAddressRequest {
                envelope: short(1),
                lte: false,
                lbs: wrong.into(),
                phone: &[0; 21],
                language: [0; 2]
            }
            .encode(&mut out),
            Err(error)
        );
    }
    // Bytes after a position that would be a cell, after a cell that would be a mileage, and after
    // details that would no longer be details.
    for (form, rest) in [
        (
            LocationKind::Cell {
                lbs: None,
                mileage: None,
            },
            &[1; 8][..],
        ),
        (
            LocationKind::Cell {
                lbs: Some(cell),
                mileage: None,
            },
            &[1; 4],
        ),
        (
            LocationKind::Cell {
                lbs: Some(cell),
                mileage: Some(1),
            },
            &[1],
        ),
        (LocationKind::Utc(None), &[1; 11]),
        (
            LocationKind::Utc(Some(UtcDetails {
                lbs: cell,
                ignition: 0,
                upload_mode: 0,
                resent: 0,
                mileage: None,
            })),
            &[1],
        ),
    ] {
        assert_eq!(
            Location { rest, ..with(form) }.encode(&mut out),
            Err(NotCanonical),
            "{form:?}"
        );
    }
    let odd = Gps {
        time: DateTime {
            month: 13,
            ..location.gps.time
        },
        ..location.gps
    };
    assert_eq!(
        Location {
            gps: odd,
            ..location
        }
        .encode(&mut out),
        Ok(36)
    );
    assert_eq!(
        Location {
            gps: odd,
            rest: &[1],
            ..location
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    // A fence in an alarm that has none, and none in one that has.
    let bytes = hex(ALARM_FENCE);
    let alarm = expect!(&bytes, Alarm);
    assert_eq!(
        Alarm {
            kind: AlarmKind::Utc,
            ..alarm
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    let details = alarm.details.map(|details| AlarmDetails {
        fence: None,
        ..details
    });
    assert_eq!(
        Alarm { details, ..alarm }.encode(&mut out),
        Err(NotCanonical)
    );
    assert_eq!(
        Alarm {
            kind: AlarmKind::Utc,
            details,
            ..alarm
        }
        .encode(&mut out),
        Ok(43)
    );
    assert_eq!(
        Alarm {
            rest: &[1],
            ..alarm
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    // Gaps.
    let heartbeat = Heartbeat {
        envelope: short(1),
        terminal: TerminalInfo(0),
        voltage_level: None,
        gsm_level: None,
        rest: &[],
    };
    assert_eq!(heartbeat.encode(&mut out), Ok(11));
    assert_eq!(
        Heartbeat {
            gsm_level: Some(1),
            ..heartbeat
        }
        .encode(&mut out),
        Err(Gap {
            field: "voltage_level"
        })
    );
    assert_eq!(
        Heartbeat {
            rest: &[1],
            ..heartbeat
        }
        .encode(&mut out),
        Err(Gap {
            field: "voltage_level"
        })
    );
    assert_eq!(
        Heartbeat {
            voltage_level: Some(1),
            rest: &[1],
            ..heartbeat
        }
        .encode(&mut out),
        Err(Gap { field: "gsm_level" })
    );
    let heartbeat = VoltageHeartbeat {
        envelope: short(1),
        terminal: TerminalInfo(0),
        voltage: None,
        gsm_level: None,
        rest: &[],
    };
    assert_eq!(
        VoltageHeartbeat {
            gsm_level: Some(1),
            ..heartbeat
        }
        .encode(&mut out),
        Err(Gap { field: "voltage" })
    );
    assert_eq!(
        VoltageHeartbeat {
            voltage: Some(1),
            rest: &[1],
            ..heartbeat
        }
        .encode(&mut out),
        Err(Gap { field: "gsm_level" })
    );
    assert_eq!(
        VoltageHeartbeat {
            rest: &[1],
            ..heartbeat
        }
        .encode(&mut out),
        Ok(12)
    );
    assert_eq!(
        VoltageHeartbeat {
            rest: &[1, 2],
            ..heartbeat
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    // What has a message of its own is not unknown, and has its own number.
    for text in ALL {
        let bytes = hex(text);
        let frame = Frame::parse(&bytes).unwrap();
        let unknown = Unknown {
            envelope: frame.envelope(),
            code: frame.code(),
            content: frame.body(),
        };
        assert_eq!(unknown.encode(&mut out), Err(NotCanonical), "{text}");
    }
    assert_eq!(
        Unknown {
            envelope: short(1),
            code: 0x12,
            content: &[1]
        }
        .encode(&mut out),
        Ok(11)
    );
    assert_eq!(
        Ack {
            envelope: short(1),
            code: 0x8A
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    let response = Response {
        envelope: short(1),
        code: 0x15,
        length: 0,
        flag: 0,
        text: &[],
        language: None,
        rest: &[],
    };
    assert_eq!(
        Response {
            code: 0x16,
            ..response
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    let address = Address {
        envelope: short(1),
        code: 0x17,
        length: 4,
        has_wide_length: false,
        flag: 0,
        content: &[],
    };
    assert_eq!(address.encode(&mut out), Ok(15));
    assert_eq!(
        Address {
            length: 5,
            ..address
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    assert_eq!(
        Address {
            code: 0x18,
            ..address
        }
        .encode(&mut out),
        Err(NotCanonical)
    );
    // A cell whose MCC is the length of an address.
    let request = CellAddressRequest {
        envelope: short(1),
        lte: false,
        lbs: lbs(0x1E00, 0, 0, 0).into(),
        phone: &[0; 21],
        language: [0; 2],
    };
    assert_eq!(request.encode(&mut out), Err(NotCanonical));
    assert_eq!(
        CellAddressRequest {
            lbs: cell.into(),
            ..request
        }
        .encode(&mut out),
        Ok(41)
    );
    // Texts whose length says something else.
    let command = Command {
        envelope: short(1),
        length: 8,
        flag: 0,
        text: b"sos#",
        language: None,
        rest: &[],
    };
    for wrong in [
        Command {
            rest: &[0, 2],
            ..command
        },
        Command {
            length: 6,
            ..command
        },
        Command {
            language: Some([0, 2]),
            length: 9,
            ..command
        },
    ] {
        assert_eq!(wrong.encode(&mut out), Err(NotCanonical));
    }
    assert_eq!(
        Command {
            text: &[b'x'; 246],
            length: 250,
            ..command
        }
        .encode(&mut out),
        Err(TooLong {
            field: "text",
            max: 250
        })
    );
    // A voltage without a sub-type, and information that would be another.
    let info = |envelope, info| Information { envelope, info };
    assert_eq!(
        info(short(1), Info::BareVoltage(1)).encode(&mut out),
        Ok(12)
    );
    assert_eq!(
        info(long(1), Info::BareVoltage(1)).encode(&mut out),
        Err(NotCanonical)
    );
    assert_eq!(
        info(short(1), Info::Network(1)).encode(&mut out),
        Err(NotCanonical)
    );
    assert_eq!(info(long(1), Info::Network(1)).encode(&mut out), Ok(13));
    for wrong in [
        Info::Other {
            subtype: 0,
            data: &[1, 2],
        },
        Info::Other {
            subtype: 5,
            data: &[1],
        },
        Info::Other {
            subtype: 4,
            data: &[],
        },
        Info::Fuel {
            time: None,
            text: b"123456!",
        },
        Info::Fuel {
            time: Some(NO_TIME),
            text: b"AIOIL",
        },
    ] {
        assert_eq!(
            info(long(1), wrong).encode(&mut out),
            Err(NotCanonical),
            "{wrong:?}"
        );
    }
    // A length field that is called wrong, and is right.
    let envelope = Envelope {
        wrong_length: Some(5),
        ..short(1)
    };
    assert_eq!(
        Ack { envelope, code: 1 }.encode(&mut out),
        Err(NotCanonical)
    );
    assert_eq!(
        Range {
            field: "mnc",
            max: 255
        }
        .to_string(),
        "mnc is too large, at most 255"
    );
}

#[test]
fn codes_of_alarms_are_those_that_are_read() {
    let read = |alarm: u8| {
        let status = Status {
            alarm,
            ..Status::default()
        };
        status.alarm().unwrap()
    };
    let mut named = 0;
    for code in 1..=255 {
        let alarm = read(code);
        match Status::code_of(alarm) {
            Some(written) => {
                named += 1;
                assert_eq!(read(written), alarm, "{code:02x}");
                // Some alarms have several codes.
                let others = [0x1A, 0x1B, 0x25, 0x26, 0x27, 0x2E, 0x32, 0xF0, 0xF1, 0xF2];
                assert_eq!(written != code, others.contains(&code), "{code:02x}");
            }
            None => assert_eq!(alarm, types::Alarm::Other, "{code:02x}"),
        }
    }
    assert_eq!(named, 52);
    assert_eq!(
        Status::new(TerminalInfo(0), 6, 4).with_alarm(types::Alarm::Other),
        None
    );
    // The terminal information, where the code is 0.
    for alarm in [
        types::Alarm::Vibration,
        types::Alarm::PowerCut,
        types::Alarm::LowBattery,
        types::Alarm::Sos,
    ] {
        let info = TerminalInfo(0xFF).with_alarm(Some(alarm));
        assert_eq!(
            (info.alarm(), info.0 & 0b1100_0111),
            (Some(alarm), 0b1100_0111)
        );
    }
    for alarm in [None, Some(types::Alarm::Fall)] {
        assert_eq!(
            TerminalInfo(0xFF).with_alarm(alarm),
            TerminalInfo(0b1100_0111)
        );
    }
}

#[test]
fn flags_are_set_and_cleared_one_by_one() {
    type Flag<T> = (fn(T, bool) -> T, fn(T) -> bool);
    fn check<T: Copy + PartialEq + std::fmt::Debug>(none: T, all: T, flags: &[Flag<T>]) {
        for (with, get) in flags {
            assert!(!get(with(none, false)) && get(with(none, true)));
            assert!(!get(with(all, false)) && get(with(all, true)));
            // Only this one is changed.
            let changed = flags
                .iter()
                .filter(|(_, other)| other(with(none, true)) != other(none));
            assert_eq!(changed.count(), usize::from(!get(none)));
            let changed = flags
                .iter()
                .filter(|(_, other)| other(with(none, false)) != other(none));
            assert_eq!(changed.count(), usize::from(get(none)));
        }
    }
    check(
        TerminalInfo::new(),
        TerminalInfo(0xFF),
        &[
            (TerminalInfo::with_armed, TerminalInfo::armed),
            (TerminalInfo::with_ignition, TerminalInfo::ignition),
            (TerminalInfo::with_charging, TerminalInfo::charging),
            (TerminalInfo::with_gps_tracking, TerminalInfo::gps_tracking),
            (TerminalInfo::with_relay_cut, TerminalInfo::relay_cut),
        ],
    );
    check(
        CourseStatus::new(),
        CourseStatus(0xFFFF),
        &[
            (CourseStatus::with_north, CourseStatus::north),
            (CourseStatus::with_east, CourseStatus::east),
            (CourseStatus::with_fix, CourseStatus::has_fix),
            (CourseStatus::with_differential, CourseStatus::differential),
        ],
    );
    check(
        DoorInput::new(),
        DoorInput(0xFF),
        &[
            (DoorInput::with_open, DoorInput::open),
            (DoorInput::with_trigger_level, DoorInput::trigger_level),
            (DoorInput::with_input_level, DoorInput::input_level),
        ],
    );
    for ignition in [None, Some(false), Some(true)] {
        let word = CourseStatus(0xFFFF).with_ignition(ignition);
        assert_eq!((word.ignition(), word.0 & 0x3FFF), (ignition, 0x3FFF));
    }
    for code in 0..=u8::MAX {
        if let Some(mode) = UploadMode::from_code(code) {
            assert_eq!(mode as u8, code);
        }
        if let Some(language) = Language::from_code(code) {
            assert_eq!((language.code(), language.bytes()), (code, [0, code]));
        }
    }
}

#[test]
fn messages_are_built_from_plain_values() {
    let position = Position::from_degrees(-16.445_373, -71.526_831).unwrap();
    let at = time("2026-02-01T13:35:55");
    let course = Course::from_degrees(228).unwrap();
    let gps = Gps::new(at, position, Speed::MetresPerHour(41_500), course, true, 11).unwrap();
    let cell = Lbs::new(716, 16, 50_701, 47_081).unwrap();
    let status = Status::new(TerminalInfo::new().with_armed(true), 6, 4)
        .with_alarm(types::Alarm::Vibration)
        .unwrap();
    let details = AlarmDetails::new(cell, status).with_mileage(4711);
    let utc = UtcDetails::new(cell, true, UploadMode::Stationary, true).with_mileage(4711);
    let cells = CellList::pack(
        &[ListedCell {
            lac: 1,
            cell_id: 2,
            rssi: 3,
        }; 7],
    )
    .unwrap();
    let phone = AddressRequest::phone_field("5550100").unwrap();
    let id: DeviceId = "358899050000010".parse().unwrap();
    let (imsi, iccid) = (
        Sim::imsi_field("520050000000018").unwrap(),
        Sim::iccid_field("89860a000000000000f8").unwrap(),
    );
    let volts = Voltage::from_hundredths(1271);
    let messages: [Message<'_>; 26] = [
        Login::new(id, 1).unwrap().into(),
        Login::new(id, 1)
            .unwrap()
            .with_extension(LoginExtension::new(
                7,
                UtcOffset::from_minutes(-765).unwrap(),
            ))
            .into(),
        Location::new(gps, LocationKind::Gps, 2).into(),
        Location::new(gps, LocationKind::cell(cell), 3).into(),
        Location::new(gps, LocationKind::Utc(Some(utc)), 4).into(),
        Location::new(Gps::without_fix(at), LocationKind::cell(Lbs::NONE), 5).into(),
        Cell::new(Some(at), cell, 6).into(),
        Cell::new(None, cell, 7).into(),
        CellList::local(at, 716, 16, &cells, 8).unwrap().into(),
        CellList::utc(at, 310, 260, &cells, 9).unwrap().into(),
        Heartbeat::new(status.terminal, 6, 4, 10).into(),
        VoltageHeartbeat::new(status.terminal, volts, 4, 11)
            .unwrap()
            .into(),
        Satellites::new(&[30; 15], 12).unwrap().into(),
        Response::new(7, "DYD=Success!", Language::English, 13)
            .unwrap()
            .into(),
        LongResponse::new(7, "OK!", 14).unwrap().into(),
        Alarm::local(gps, details, 15).into(),
        Alarm::utc(gps, details, 16).into(),
        Alarm::utc_fence(gps, details, AlarmDetails::NO_FENCE, 17).into(),
        CellAlarm::new(cell, status, 18).into(),
        AddressRequest::local(gps, &phone, Language::English, 19).into(),
        AddressRequest::utc(gps, &phone, Language::Chinese, 20).into(),
        CellAddressRequest::new(cell, &phone, Language::None, 21).into(),
        Information::new(Info::Sim(Sim::new(id, &imsi, &iccid).unwrap()), 22).into(),
        Information::new(Info::BareVoltage(1271), 23).into(),
        Version::new(id, &[0; 17], b":[VERSION]GT02D", 24)
            .unwrap()
            .into(),
        TimeRequest::new(25).into(),
    ];
    let mut types = Vec::new();
    for message in messages {
        let bytes = encode(&message);
        assert_eq!(parse(&bytes), message);
        types.push(message.code());
    }
    assert_eq!(
        types,
        [
            0x01, 0x01, 0x10, 0x12, 0x22, 0x12, 0x11, 0x8B, 0x18, 0x28, 0x13, 0x23, 0x14, 0x15,
            0x21, 0x16, 0x26, 0x27, 0x19, 0x1A, 0x2A, 0x17, 0x94, 0x94, 0xFD, 0x8A
        ]
    );
    // The values are those that were given.
    assert_eq!(
        place(&gps),
        (
            "2026-02-01T13:35:55".into(),
            11,
            -16_445_373,
            -71_526_831,
            42,
            228.0,
            true
        )
    );
    assert_eq!((gps.latitude(), gps.longitude()), {
        let position = gps.position().unwrap();
        (Some(position.latitude), Some(position.longitude))
    });
    assert_eq!(utc.upload_mode(), Some(UploadMode::Stationary));
    assert_eq!((utc.ignition(), utc.resent()), (Some(true), Some(true)));
    assert_eq!(
        LoginExtension::new(7, UtcOffset::from_minutes(-765).unwrap()).zone,
        0x4DD8
    );
    assert_eq!(hex::encode(iccid), "89860a000000000000f8");
    assert_eq!(
        Info::external_voltage(volts).unwrap().voltage(),
        Some(volts)
    );
    // Rounded to the nearest, not cut.
    for (metres, kmh) in [(0, 0), (499, 0), (500, 1), (255_499, 255)] {
        let speed = Speed::MetresPerHour(metres);
        assert_eq!(
            Gps::new(at, position, speed, course, true, 0)
                .unwrap()
                .speed,
            kmh
        );
    }
    for (ten_thousandths, degrees) in [(4_999, 0), (5_000, 1), (3_600_000, 360)] {
        let course = Course::from_ten_thousandths(ten_thousandths).unwrap();
        assert_eq!(CourseStatus(0xFFFF).with_course(course).degrees(), degrees);
    }
}

#[test]
fn values_that_do_not_fit_are_refused() {
    use EncodeError::{DeviceId as WrongId, Missing, Range, TooLong};
    let range = |field, max| Err(Range { field, max });
    let (at, position) = (NO_TIME, Position::from_degrees(0.0, 0.0).unwrap());
    let gps = |metres, satellites| {
        let speed = Speed::MetresPerHour(metres);
        Gps::new(at, position, speed, Course::NORTH, true, satellites).map(|gps| gps.speed)
    };
    assert_eq!(gps(255_500, 0), range("speed", 255));
    assert_eq!(gps(u32::MAX, 0), range("speed", 255));
    assert_eq!(gps(0, 16), range("satellites", 15));
    let lbs = |mcc, mnc, id| Lbs::new(mcc, mnc, 1, id).map(|_| ());
    assert_eq!(lbs(0x8000, 0, 0), range("mcc", 0x7FFF).map(|_: u8| ()));
    assert_eq!(
        lbs(404, 0, 1 << 24),
        range("cell_id", (1 << 24) - 1).map(|_: u8| ())
    );
    assert_eq!(lbs(0x7FFF, u16::MAX, (1 << 24) - 1), Ok(()));
    let mut cell = CellTower::default();
    let mut missing = Vec::new();
    for set in [
        |cell: &mut CellTower| cell.lac = Some(1),
        |cell: &mut CellTower| cell.mcc = Some(404),
        |cell: &mut CellTower| cell.mnc = Some(1),
        |cell: &mut CellTower| cell.cid = Some(1),
    ] {
        let Err(Missing { field }) = Lbs::try_from(cell) else {
            panic!("{cell:?}")
        };
        missing.push(field);
        set(&mut cell);
    }
    assert_eq!(missing, ["lac", "mcc", "mnc", "cid"]);
    assert!(Lbs::try_from(cell).is_ok());
    cell.lac = Some(0x1_0000);
    assert_eq!(
        Lbs::try_from(cell),
        Err(Range {
            field: "lac",
            max: 0xFFFF
        })
    );
    assert_eq!(
        CellList::pack(&[ListedCell::default(); 8]),
        Err(TooLong {
            field: "cells",
            max: 7
        })
    );
    let large = ListedCell {
        cell_id: 1 << 24,
        ..ListedCell::default()
    };
    assert!(CellList::pack(&[large]).is_err());
    assert!(CellList::local(at, 0x8000, 1, &[0; 42], 1).is_err());
    for id in ["1", "12345678901234", "0123456789012345"] {
        assert_eq!(
            Login::new(id.parse().unwrap(), 1),
            Err(WrongId { digits: 15 }),
            "{id}"
        );
    }
    assert!(Login::new("1123456789012345".parse().unwrap(), 1).is_ok());
    assert!(AddressRequest::phone_field(&"1".repeat(21)).is_ok());
    assert_eq!(
        AddressRequest::phone_field(&"1".repeat(22)),
        Err(TooLong {
            field: "phone",
            max: 21
        })
    );
    let volts = |hundredths: u32| Voltage::from_millivolts(hundredths * 10 + 4);
    assert!(VoltageHeartbeat::new(TerminalInfo(0), volts(65_535), 4, 1).is_ok());
    assert!(VoltageHeartbeat::new(TerminalInfo(0), volts(65_536), 4, 1).is_err());
    assert!(Satellites::new(&[0; 16], 1).is_err());
    assert!(Response::new(0, &"x".repeat(243), Language::None, 1).is_ok());
    assert!(Response::new(0, &"x".repeat(244), Language::None, 1).is_err());
    for text in ["", "a\n", "\u{e9}"] {
        assert_eq!(
            Response::new(0, text, Language::None, 1),
            Err(EncodeError::Text)
        );
        assert_eq!(LongResponse::new(0, text, 1), Err(EncodeError::Text));
        assert_eq!(Command::new(text), Err(EncodeError::Text));
    }
    for digits in ["", "12345678901234", "1234567890123456", "12345678901234a"] {
        assert_eq!(Sim::imsi_field(digits), Err(EncodeError::Text), "{digits}");
    }
    for digits in [
        "898600000000000000",
        "898600000000000000000",
        "8986000000000000000g",
    ] {
        assert_eq!(Sim::iccid_field(digits), Err(EncodeError::Text), "{digits}");
    }
}

/// The uplink as a frame, what it reports, and the reply, which must be the one that is expected.
fn sent(device: &mut Device, uplink: &Uplink<'_>) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut out = [0; 300];
    let (serial, sent) = (device.serial(), device.encode(uplink, &mut out).unwrap());
    let bytes = out[..sent.len].to_vec();
    let frame = gt02::Frame::parse(&bytes).unwrap();
    assert_eq!(frame.protocol(), Protocol::Gt06);
    assert_eq!(frame.serial(), Some(serial));
    assert_eq!(frame.direction(), Some(Direction::Up));
    assert_eq!(device.serial(), serial.wrapping_add(1));
    let reply = Session::new()
        .handle(&frame)
        .reply
        .map(|reply| reply.to_vec());
    assert_eq!(sent.expects.is_some(), reply.is_some());
    if let (Some(expected), Some(reply)) = (sent.expects, &reply) {
        assert!(expected.is_met_by(&gt02::Frame::parse(reply).unwrap()));
        // Not by the reply to another frame, and not by the frame itself.
        assert!(!expected.is_met_by(&frame));
        let mut other = [0; 300];
        let len = device.encode(uplink, &mut other).unwrap().len;
        let other = gt02::Frame::parse(&other[..len]).unwrap();
        let other = Session::new().handle(&other).reply.unwrap();
        assert!(!expected.is_met_by(&gt02::Frame::parse(&other).unwrap()));
    }
    (bytes, reply)
}

fn report(bytes: &[u8]) -> Report<'_> {
    Report::new(&gt02::Frame::parse(bytes).unwrap(), Direction::Up)
}

#[test]
fn a_device_sends_what_a_server_reports() {
    let id: DeviceId = "358899050000010".parse().unwrap();
    let mut device = Device::new(Protocol::Gt06, id);
    let (login, reply) = sent(&mut device, &Uplink::Login);
    assert_eq!(report(&login).device, Some(id));
    assert_eq!(reply, Some(hex("787805010001d9dc0d0a")));

    let mut status = device::Status::new();
    status.voltage_level = Some(6);
    status.gsm_level = Some(3);
    (status.charging, status.armed) = (Some(true), Some(true));
    (status.valid, status.relay_cut) = (Some(true), Some(false));
    let (heartbeat, _) = sent(&mut device, &Uplink::Heartbeat(status));
    let heartbeat = report(&heartbeat);
    assert_eq!(
        (heartbeat.kind, heartbeat.voltage_level, heartbeat.gsm_level),
        (Kind::Heartbeat, Some(6), Some(3))
    );
    assert_eq!(
        (
            heartbeat.charging,
            heartbeat.armed,
            heartbeat.ignition,
            heartbeat.relay_cut
        ),
        (Some(true), Some(true), Some(false), Some(false))
    );
    assert_eq!(
        (heartbeat.gps_tracking, heartbeat.alarm),
        (Some(true), None)
    );

    // A response, and one that is too long for a `15`.
    for (text, code) in [("DYD=Success!".to_string(), 0x15), ("x".repeat(244), 0x21)] {
        let (bytes, _) = sent(&mut device, &Uplink::Response(&text));
        assert_eq!(report(&bytes).text.unwrap().as_str(), Some(&text[..]));
        assert_eq!(parse(&bytes).code(), code);
    }
    let mut out = [0; 300];
    assert_eq!(
        device.encode(&Uplink::Response("two\r\nlines"), &mut out),
        Err(UplinkError::Encode(EncodeError::Text))
    );
    let short =
        Device::new(Protocol::Gt06, "1234".parse().unwrap()).encode(&Uplink::Login, &mut out);
    assert_eq!(
        short,
        Err(UplinkError::Encode(EncodeError::DeviceId { digits: 15 }))
    );
}

#[test]
fn a_device_has_the_alarms_that_the_vendor_documents_name() {
    let fix = Fix::new(
        time("2026-05-04T07:30:00"),
        Position::from_degrees(1.0, 2.0).unwrap(),
    );
    let mut device = Device::new(Protocol::Gt06, "358899050000010".parse().unwrap());
    for code in 0..=255 {
        let read = Status {
            alarm: code,
            ..Status::default()
        };
        let Some(alarm) = read.alarm() else { continue };
        let uplink = Uplink::Alarm {
            alarm,
            fix,
            status: device::Status::new(),
        };
        if alarm == types::Alarm::Other {
            let unsupported = UplinkError::Unsupported {
                protocol: Protocol::Gt06,
            };
            assert_eq!(device.encode(&uplink, &mut [0; 300]), Err(unsupported));
        } else {
            let (bytes, _) = sent(&mut device, &uplink);
            assert_eq!(report(&bytes).alarm, Some(alarm), "{code:02x}");
            assert_eq!(parse(&bytes).code(), 0x26);
        }
    }
}

/// Reads all that a message has.
fn touch(message: &Message<'_>) {
    let mut seen = format!(
        "{message:?} {:?} {:?}",
        message.device_id(),
        message.envelope()
    );
    match message {
        Message::Login(message) => {
            seen += &format!(
                "{:?}",
                message
                    .extension
                    .map(|extension| (extension.utc_offset(), extension.english()))
            )
        }
        Message::Location(message) => {
            seen += &format!(
                "{:?} {:?} {:?}",
                message.gps.position(),
                message.cell(),
                message.ignition()
            )
        }
        Message::CellList(message) => {
            seen += &format!("{:?} {:?}", message.serving(), message.neighbours().count())
        }
        Message::Satellites(message) => seen += &format!("{:?}", message.snr()),
        Message::Response(message) => seen += &format!("{} {:?}", message.text(), message.language),
        Message::LongResponse(message) => seen += &message.text().to_string(),
        Message::Alarm(message) => {
            seen += &format!(
                "{:?} {:?}",
                message.gps.position(),
                message.details.map(|details| details.alarm())
            )
        }
        Message::AddressRequest(message) => seen += &message.phone().to_string(),
        Message::CellAddressRequest(message) => seen += &message.phone().to_string(),
        Message::Information(message) => {
            seen += &format!("{:?} {:?}", message.info.subtype(), message.info.voltage())
        }
        Message::Version(message) => seen += &message.text().to_string(),
        Message::Command(message) => seen += &message.text().to_string(),
        Message::Address(message) => seen += &format!("{:?}", message.address()),
        Message::Unknown(message) => seen += &format!("{:?} {:?}", message.name(), message.time()),
        _ => {}
    }
    assert!(!seen.is_empty());
}

const NUMBERS: [u8; 47] = [
    0x01, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x21, 0x22, 0x23, 0x26,
    0x27, 0x28, 0x2A, 0x80, 0x81, 0x8A, 0x8B, 0x94, 0x97, 0xFD, 0x25, 0x2C, 0x31, 0x32, 0x33, 0x36,
    0x37, 0x38, 0x61, 0x70, 0x98, 0x9B, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA7, 0xF1, 0xF3,
];
/// The lengths of documented contents, and those beside them.
const LENGTHS: [usize; 30] = [
    6, 8, 9, 12, 13, 14, 15, 16, 18, 20, 26, 27, 29, 30, 31, 33, 36, 37, 39, 41, 42, 44, 48, 53,
    54, 55, 59, 73, 102, 103,
];

fn any_time() -> impl Strategy<Value = DateTime> {
    let valid = (0..100_u8, 1..13_u8, 1..29_u8, 0..24_u8, 0..60_u8, 0..60_u8);
    prop_oneof![4 => valid, 1 => Just((0, 0, 0, 0, 0, 0)), 1 => any::<(u8, u8, u8, u8, u8, u8)>()]
        .prop_map(|(year, month, day, hour, minute, second)| DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        })
}

fn any_content() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let code = prop_oneof![5 => select(&NUMBERS[..]), 1 => any::<u8>()];
    let documented = (select(&LENGTHS[..]), 0..3_usize).prop_map(|(len, more)| len + more);
    let len = prop_oneof![3 => documented, 1 => 0..120_usize];
    let marks = [0x00, 0x01, 0x04, 0x0D, 0x0A, 0x78, 0x79, 0x97, b'&', b'!'];
    let byte = move || prop_oneof![2 => any::<u8>(), 1 => select(marks.to_vec())];
    let subtypes = vec![0x00, 0x04, 0x05, 0x08, 0x0A, 0x0B, 0x0D, 0x1B, 0x1E, 0x81];
    let first = prop_oneof![1 => any::<u8>(), 1 => select(subtypes)];
    (code, len, any_time(), first, any::<bool>(), any::<bool>()).prop_flat_map(
        move |(code, len, time, first, begins_with_time, is_length)| {
            vec(byte(), len).prop_map(move |mut content| {
                let DateTime {
                    year,
                    month,
                    day,
                    hour,
                    minute,
                    second,
                } = time;
                let front = if begins_with_time {
                    vec![year, month, day, hour, minute, second]
                } else {
                    vec![first]
                };
                for (to, from) in content.iter_mut().zip(&front) {
                    *to = *from;
                }
                if let (true, [length, after @ ..]) =
                    (is_length && !begins_with_time, &mut content[..])
                {
                    *length = after.len() as u8;
                }
                (code, content)
            })
        },
    )
}

fn any_envelope() -> impl Strategy<Value = Envelope> {
    let header =
        prop_oneof![4 => Just(Header::Short), 2 => Just(Header::Long), 1 => Just(Header::Mixed)];
    let wrong_length = prop_oneof![4 => Just(None), 1 => (0..60_u16).prop_map(Some)];
    (header, wrong_length, any::<u16>()).prop_map(|(header, wrong_length, serial)| Envelope {
        header,
        wrong_length,
        serial,
    })
}

/// What messages are made of.
#[derive(Clone, Debug)]
struct Parts {
    kind: u8,
    envelope: Envelope,
    gps: Gps,
    lbs: Lbs,
    status: Status,
    mileage: Option<u32>,
    numbers: (u8, u8, u8, u16, u32),
    flags: (bool, bool, bool),
    options: (Option<u8>, Option<u8>, Option<u16>),
    body: Vec<u8>,
    tail: Vec<u8>,
    fixed: ([u8; 8], [u8; 8], [u8; 10]),
    phone: [u8; 21],
    cells: [u8; 42],
}

fn any_lbs() -> impl Strategy<Value = Lbs> {
    let mcc = prop_oneof![4 => 200..800_u16, 1 => any::<u16>(), 1 => 0x8000..0x8300_u16];
    let cell_id = prop_oneof![6 => 0..1_u32 << 24, 1 => any::<u32>()];
    (
        mcc,
        prop_oneof![4 => 0..256_u16, 1 => any::<u16>()],
        any::<u16>(),
        cell_id,
    )
        .prop_map(|(mcc, mnc, lac, cell_id)| Lbs {
            mcc,
            mnc,
            lac,
            cell_id,
        })
}

fn any_parts() -> impl Strategy<Value = Parts> {
    let gps = (
        any_time(),
        any::<u8>(),
        any::<u32>(),
        any::<u32>(),
        any::<u8>(),
        any::<u16>(),
    )
        .prop_map(
            |(time, satellites, latitude, longitude, speed, course)| Gps {
                time,
                satellites,
                latitude,
                longitude,
                speed,
                course: CourseStatus(course),
            },
        );
    let status = any::<[u8; 5]>().prop_map(
        |[terminal, voltage_level, gsm_level, alarm, language]| Status {
            terminal: TerminalInfo(terminal),
            voltage_level,
            gsm_level,
            alarm,
            language,
        },
    );
    let head = (
        0..50_u8,
        any_envelope(),
        gps,
        any_lbs(),
        status,
        option::of(any::<u32>()),
        any::<(u8, u8, u8, u16, u32)>(),
        any::<(bool, bool, bool)>(),
    );
    let tail = prop_oneof![3 => Just(vec![]), 1 => vec(any::<u8>(), 0..14)];
    let cells = vec(any::<u8>(), 42).prop_map(|cells| cells.try_into().unwrap());
    let fixed = any::<([u8; 8], [u8; 8], [u8; 10])>();
    (
        head,
        any::<(Option<u8>, Option<u8>, Option<u16>)>(),
        vec(any::<u8>(), 0..60),
        tail,
        fixed,
        any::<[u8; 21]>(),
        cells,
    )
        .prop_map(
            |(
                (kind, envelope, gps, lbs, status, mileage, numbers, flags),
                options,
                body,
                tail,
                fixed,
                phone,
                cells,
            )| Parts {
                kind,
                envelope,
                gps,
                lbs,
                status,
                mileage,
                numbers,
                flags,
                options,
                body,
                tail,
                fixed,
                phone,
                cells,
            },
        )
}

impl Parts {
    /// Changes what no message could say, so that it must be accepted.
    fn tame(mut self) -> Self {
        self.envelope.wrong_length = None;
        let is_mixed_address = self.kind % 25 == 21 && self.envelope.header == Header::Mixed;
        if self.envelope.header == Header::Mixed && !is_mixed_address {
            self.envelope.header = Header::Long;
        }
        // A 21 with 78 78 is the event of a door, and a 13 with 14 bytes is a heartbeat of an OBD
        // device.
        match self.kind % 25 {
            14 => self.envelope.header = Header::Long,
            10 if self.body.len() == 11 => self.body.push(0),
            _ => {}
        }
        if !self.gps.time.is_valid() {
            self.gps.time = NO_TIME;
        }
        if !self.lbs.has_wide_mnc() {
            (self.lbs.mcc, self.lbs.mnc) = (self.lbs.mcc & 0x03FF, self.lbs.mnc & 0xFF);
        }
        self.lbs.cell_id &= 0xFF_FFFF;
        self.tail.clear();
        self
    }

    fn message(&self) -> Message<'_> {
        let Self {
            envelope,
            gps,
            lbs,
            status,
            mileage,
            phone,
            cells,
            ..
        } = self;
        let (&envelope, &gps, &lbs, &status, &mileage) = (envelope, gps, lbs, status, mileage);
        let (a, b, c, word, flag) = self.numbers;
        let (first, second, third) = self.flags;
        let (body, tail) = (&self.body[..], &self.tail[..]);
        let language = [a, b];
        match self.kind % 25 {
            0 => {
                let extension = first.then_some(LoginExtension {
                    model: word,
                    zone: u16::from_be_bytes(language),
                });
                Message::Login(Login {
                    envelope,
                    id: self.fixed.0,
                    extension,
                    rest: tail,
                })
            }
            1 => Message::Location(Location {
                envelope,
                gps,
                kind: LocationKind::Gps,
                rest: body,
            }),
            2 | 3 => {
                let lbs = (first || tail.is_empty() && mileage.is_some()).then_some(lbs);
                Message::Location(Location {
                    envelope,
                    gps,
                    kind: LocationKind::Cell { lbs, mileage },
                    rest: tail,
                })
            }
            4 | 5 => {
                let details = UtcDetails {
                    lbs,
                    ignition: a,
                    upload_mode: b,
                    resent: c,
                    mileage,
                };
                Message::Location(Location {
                    envelope,
                    gps,
                    kind: LocationKind::Utc(first.then_some(details)),
                    rest: tail,
                })
            }
            6 | 7 => {
                let form =
                    [AlarmKind::Local, AlarmKind::Utc, AlarmKind::UtcFence][usize::from(a % 3)];
                let fence = if tail.is_empty() {
                    (form == AlarmKind::UtcFence).then_some(c)
                } else {
                    second.then_some(c)
                };
                let details = first.then_some(AlarmDetails {
                    lbs_length: b,
                    lbs,
                    status,
                    fence,
                    mileage,
                });
                Message::Alarm(Alarm {
                    envelope,
                    kind: form,
                    gps,
                    details,
                    rest: tail,
                })
            }
            8 => Message::Cell(Cell {
                envelope,
                time: first.then_some(gps.time),
                lbs,
                rest: tail,
            }),
            9 => {
                let (mcc, mnc) = (lbs.mcc, lbs.mnc);
                Message::CellList(CellList {
                    envelope,
                    utc: first,
                    time: gps.time,
                    mcc,
                    mnc,
                    cells,
                    timing_advance: c,
                    language,
                })
            }
            10 => {
                let (voltage_level, gsm_level) = (
                    self.options.0,
                    self.options.1.filter(|_| self.options.0.is_some()),
                );
                let rest = if gsm_level.is_some() { body } else { tail };
                Message::Heartbeat(Heartbeat {
                    envelope,
                    terminal: status.terminal,
                    voltage_level,
                    gsm_level,
                    rest,
                })
            }
            11 => {
                let (voltage, gsm_level) = (
                    self.options.2,
                    self.options.1.filter(|_| self.options.2.is_some()),
                );
                let rest = if gsm_level.is_some() { body } else { tail };
                Message::VoltageHeartbeat(VoltageHeartbeat {
                    envelope,
                    terminal: status.terminal,
                    voltage,
                    gsm_level,
                    rest,
                })
            }
            12 => Message::Satellites(Satellites {
                envelope,
                count: a,
                content: body,
            }),
            13 => Message::Response(Response {
                envelope,
                code: if first { 0x15 } else { 0x81 },
                length: if tail.is_empty() {
                    body.len() as u8 + 4
                } else {
                    a
                },
                flag,
                text: body,
                language: second.then_some(language),
                rest: tail,
            }),
            14 => Message::LongResponse(LongResponse {
                envelope,
                flag,
                encoding: a % 4,
                content: body,
            }),
            15 => Message::CellAlarm(CellAlarm {
                envelope,
                lbs,
                status,
            }),
            16 => Message::AddressRequest(AddressRequest {
                envelope,
                utc: first,
                gps,
                phone,
                language,
            }),
            17 => Message::CellAddressRequest(CellAddressRequest {
                envelope,
                lte: false,
                lbs: lbs.into(),
                phone,
                language,
            }),
            18 => Message::Information(Information {
                envelope,
                info: self.info(),
            }),
            19 => Message::Version(Version {
                envelope,
                id: self.fixed.0,
                count: word,
                opaque: phone.first_chunk().unwrap(),
                content: body,
            }),
            20 => {
                let length = if tail.is_empty() {
                    body.len() as u8 + 4
                } else {
                    a
                };
                Message::Command(Command {
                    envelope,
                    length,
                    flag,
                    text: body,
                    language: first.then_some(language),
                    rest: tail,
                })
            }
            21 => {
                let code = if first && envelope.header != Header::Mixed {
                    0x17
                } else {
                    0x97
                };
                let length = if tail.is_empty() {
                    body.len() as u16 + 4
                } else {
                    word
                };
                Message::Address(Address {
                    envelope,
                    code,
                    length,
                    has_wide_length: envelope.header == Header::Mixed
                        || code == 0x97 && envelope.header == Header::Long && second,
                    flag,
                    content: body,
                })
            }
            22 => Message::TimeRequest(TimeRequest { envelope }),
            23 if second => Message::Ack(Ack {
                envelope,
                code: if tail.is_empty() && a == 0x8A { 1 } else { a },
            }),
            23 => Message::Time(Time {
                envelope,
                time: gps.time,
            }),
            _ if third => Message::Unknown(Unknown {
                envelope,
                code: if tail.is_empty() { 0x99 } else { a },
                content: &phone[..],
            }),
            _ => Message::Unknown(Unknown {
                envelope,
                code: 0x2D,
                content: &self.fixed.2,
            }),
        }
    }

    fn info(&self) -> Info<'_> {
        let (a, b, c, word, _) = self.numbers;
        let (body, tail) = (&self.body[..], &self.tail[..]);
        // Only with a long header a byte alone has a sub-type.
        let is_long = self.envelope.header == Header::Long;
        let time = self.flags.0.then_some(self.gps.time);
        match b % 13 {
            0 if !is_long => Info::BareVoltage(word),
            0 | 1 => Info::Voltage {
                hundredths: word,
                rest: body,
            },
            2 if body.len() != 1 => Info::Status(body),
            3 if is_long || time.is_some() => Info::Door {
                time,
                input: DoorInput(a),
            },
            4 if body.len() != 1 => Info::SelfTest(body),
            2..=5 => Info::Sim(Sim {
                imei: self.fixed.0,
                imsi: &self.fixed.1,
                iccid: &self.fixed.2,
                rest: body,
            }),
            6 if is_long => Info::Network(a),
            6 | 7 => Info::NetworkVoltage(word),
            8 => Info::Fuel {
                time,
                text: if tail.is_empty() { b"!AIOIL,02" } else { tail },
            },
            9 if body.len() != 1 => Info::Rfid(body),
            9 | 10 => Info::Climate {
                temperature: i32::from(word).wrapping_sub(1000),
                humidity: u32::from_be_bytes([a, b, c, a]),
            },
            _ => Info::Other {
                subtype: if tail.is_empty() { 0x21 } else { a % 32 },
                data: if tail.is_empty() { &self.phone } else { tail },
            },
        }
    }
}

fn assert_reads_back(message: &Message<'_>, must_be_accepted: bool) -> Result<(), TestCaseError> {
    let mut out = vec![0xAA; message.encoded_len() + 7];
    match message.encode(&mut out) {
        Ok(len) => {
            prop_assert_eq!(len, message.encoded_len());
            prop_assert!(out[len..].iter().all(|byte| *byte == 0xAA));
            prop_assert_eq!(Message::parse(&out[..len]), Ok(*message));
            prop_assert_eq!(
                message.encode(&mut out[..len - 1]),
                Err(EncodeError::BufferTooSmall { needed: len })
            );
        }
        Err(error) => prop_assert!(!must_be_accepted, "{error}: {message:?}"),
    }
    Ok(())
}

fn any_fix() -> impl Strategy<Value = Fix> {
    let position = (
        -900_000_000..=900_000_000,
        -1_800_000_000..=1_800_000_000_i32,
    );
    let cell = (0..0x8000_u16, any::<u16>(), any::<u16>(), 0..1_u32 << 24);
    (
        any_time(),
        position,
        (0..=255_u16, 0..=360_u16, option::of(0..40_u8)),
        any::<(bool, bool, Option<bool>)>(),
        option::of(cell),
    )
        .prop_map(
            |(time, (latitude, longitude), (kmh, course, satellites), flags, cell)| {
                let mut fix = Fix::new(time, Position::from_e7(latitude, longitude).unwrap());
                fix.speed = Some(Speed::from_kmh(kmh));
                fix.course = Course::from_degrees(course);
                fix.satellites = satellites;
                (fix.valid, fix.resent, fix.ignition) = flags;
                fix.cell = cell.map(|(mcc, mnc, lac, cid)| {
                    let mut cell = CellTower::default();
                    (cell.mcc, cell.mnc) = (Some(mcc), Some(mnc));
                    (cell.lac, cell.cid) = (Some(lac.into()), Some(cid));
                    cell
                });
                fix
            },
        )
}

/// The position, rounded to what the protocol can say.
fn on_the_wire(position: Position) -> Position {
    let Position {
        latitude,
        longitude,
    } = position;
    Position::from_thirty_thousandths(
        (latitude.thirty_thousandths(), latitude.is_positive()),
        (longitude.thirty_thousandths(), longitude.is_positive()),
    )
    .unwrap()
}

proptest! {
    /// A location comes back as it was given, within what the wire can say.
    #[test]
    fn a_location_is_reported_as_it_was_sent(fix in any_fix()) {
        prop_assume!(fix.time.is_valid());
        let mut device = Device::new(Protocol::Gt06, "358899050000010".parse().unwrap());
        let (bytes, reply) = sent(&mut device, &Uplink::Location(fix));
        let report = report(&bytes);
        prop_assert_eq!(reply, None);
        prop_assert_eq!(report.kind, Kind::Location);
        prop_assert_eq!(report.time, Some(fix.time));
        if let Some(position) = report.position {
            prop_assert_eq!(position, on_the_wire(fix.position));
        } else {
            prop_assert!(!fix.valid);
        }
        prop_assert_eq!((report.valid, report.speed), (Some(fix.valid), fix.speed));
        prop_assert_eq!(report.course, fix.course);
        prop_assert_eq!(report.satellites, Some(fix.satellites.unwrap_or(0).min(15)));
        prop_assert_eq!(report.cell, fix.cell.filter(|cell| {
            (cell.mcc, cell.mnc, cell.lac, cell.cid) != (Some(0), Some(0), Some(0), Some(0))
        }));
        let is_told = fix.ignition.is_some() || fix.resent;
        prop_assert_eq!(report.ignition, is_told.then_some(fix.ignition == Some(true)));
        prop_assert_eq!(report.resent, is_told.then_some(fix.resent));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    /// Law 5, from bytes: whatever the number, the content, the header and the length field.
    #[test]
    fn what_was_parsed_is_rebuilt((code, content) in any_content(), envelope in any_envelope()) {
        let mut envelope = envelope;
        // No other number has the mixed header.
        let code = if envelope.header == Header::Mixed { 0x97 } else { code };
        // A length field that is too large is not a frame yet.
        let right = content.len() + 5;
        envelope.wrong_length = envelope.wrong_length.filter(|&length| usize::from(length) < right);
        let bytes = frame_with(envelope, code, &content);
        match Frame::parse(&bytes) {
            Ok(frame) => {
                let message = frame.message();
                touch(&message);
                prop_assert_eq!(&encode(&message), &bytes);
                prop_assert_eq!(message.code(), frame.code());
                prop_assert_eq!(message.envelope(), frame.envelope());
                prop_assert_eq!(Message::parse(&bytes), Ok(message));
                if !(content.is_empty() || matches!(message, Message::Unknown(_))) {
                    prop_assert!(NUMBERS.contains(&frame.code()));
                }
            }
            Err(error) => prop_assert!(envelope.wrong_length.is_some(), "{error}"),
        }
    }

    /// Law 5, from values: what is accepted reads back the same.
    #[test]
    fn what_was_built_is_parsed(parts in any_parts()) {
        assert_reads_back(&parts.message(), false)?;
    }

    /// What a message can say is accepted.
    #[test]
    fn what_makes_sense_is_accepted(parts in any_parts()) {
        assert_reads_back(&parts.tame().message(), true)?;
    }
}
