//! The promises of the interface, as far as Rust can test them; `capi/tests/api.c` has the rest.

#![allow(clippy::arithmetic_side_effects)]

extern crate std;

use super::*;
use crate::{
    Decoder, Item, Session,
    types::{Alarm, DateTime, DeviceId, Protocol},
};
use core::{ffi::CStr, mem::MaybeUninit, ptr};
use std::{vec, vec::Vec};

const HEARTBEAT: &[u8] =
    b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";

proptest::proptest! {
    #[test]
    fn ids(text in "[0-9]{1,16}") {
        let id = DeviceId::from_ascii(text.as_bytes());
        proptest::prop_assert!(id.is_some());
        let id = id.map(gt02_id::from).unwrap_or_default();
        // The digits of the number, in hexadecimal, are those of the id.
        let printed = std::format!("{:0digits$x}", id.bcd, digits = id.digits.into());
        proptest::prop_assert_eq!(printed, text.as_str());
        proptest::prop_assert_eq!(id.get(), text.parse().ok());
    }
}

#[test]
fn no_id() {
    assert_eq!(gt02_id::default().get(), None);
}

/// A structure that has grown: its first version had `one` alone.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grown {
    one: u32,
    two: u32,
}

memory::plain! { Grown: 4 }

#[test]
fn flags_at_once_are_those_one_by_one() {
    const VALUES: [Option<bool>; 3] = [None, Some(false), Some(true)];
    for number in 0..3_usize.pow(7) {
        let values = core::array::from_fn(|at| VALUES[number / 3_usize.pow(at as u32) % 3]);
        let mut expected = Flags::default();
        for (at, value) in values.into_iter().enumerate() {
            expected.set(1 << at, value);
        }
        assert_eq!(Flags::lowest(values), expected, "{values:?}");
    }
}

#[test]
fn structures_grow() {
    let value = Grown { one: 1, two: 2 };
    let mut room = [u32::MAX; 4];
    let place = room.as_mut_ptr().cast::<Grown>();
    let write = |size| {
        // SAFETY: the room has 16 bytes, aligned to 4.
        let written = unsafe {
            place.cast::<u32>().write_bytes(0xFF, 4);
            memory::write(place, size, || value)
        };
        // SAFETY: all of it is initialised.
        (written, unsafe { place.cast::<[u32; 4]>().read() })
    };
    const OLD: u32 = u32::MAX;
    assert_eq!(
        write(3),
        (false, [OLD, OLD, OLD, OLD]),
        "smaller than the first"
    );
    assert_eq!(write(4), (true, [1, OLD, OLD, OLD]), "cut");
    assert_eq!(write(8), (true, [1, 2, OLD, OLD]));
    assert_eq!(write(12), (true, [1, 2, 0, OLD]), "followed by zeros");

    let given = [1_u32, 2, 0, 3];
    // SAFETY: the array has 16 bytes, aligned to 4.
    let read = |size| unsafe { memory::read(given.as_ptr().cast::<Grown>(), size) };
    assert_eq!(read(3), None);
    assert_eq!(read(4), Some(Grown { one: 1, two: 0 }));
    assert_eq!(read(8), Some(value));
    assert_eq!(read(12), Some(value), "zeros say nothing");
    assert_eq!(read(16), None, "something that is not known");
    let misaligned = given.as_ptr().wrapping_byte_add(1).cast::<Grown>();
    // SAFETY: it is refused before it is read.
    assert_eq!(unsafe { memory::read(misaligned, 8) }, None);
    // SAFETY: so is NULL.
    assert_eq!(unsafe { memory::read(ptr::null::<Grown>(), 8) }, None);
}

#[test]
fn texts_are_cut_at_characters() {
    let text = "aä\u{1f600}b";
    for room in 0..=text.len() + 2 {
        let mut out = vec![b'x'; room];
        // SAFETY: there is as much room.
        let len = unsafe { memory::write_text(out.as_mut_ptr().cast(), room, text) };
        assert_eq!(len, text.len());
        if room > 0 {
            let written = CStr::from_bytes_until_nul(&out).unwrap().to_str().unwrap();
            assert!(text.starts_with(written));
            let next = text[written.len()..].chars().next();
            assert!(next.is_none_or(|next| written.len() + next.len_utf8() > room - 1));
        }
    }
    // SAFETY: NULL is no room.
    let len = unsafe { memory::write_text(ptr::null_mut(), 9, text) };
    assert_eq!(len, text.len());
}

/// Storage that is aligned as that of `malloc`.
struct Storage(Vec<u64>);

impl Storage {
    fn new(carry: usize) -> Self {
        // Memory of C has any contents.
        Self(vec![
            0xA5A5_A5A5_A5A5_A5A5;
            gt02_conn_size(carry).div_ceil(8)
        ])
    }

    fn init(&mut self, options: u32) -> *mut gt02_conn {
        // SAFETY: the vector has as many bytes.
        unsafe { gt02_conn_init(self.0.as_mut_ptr().cast(), self.0.len() * 8, options) }
    }
}

#[test]
fn items_are_those_of_rust() {
    let mut stream = Vec::new();
    for file in std::fs::read_dir("fuzz/seeds").unwrap() {
        stream.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    for size in [1, 7, 13, 1460] {
        let mut storage = Storage::new(2048);
        let conn = storage.init(0);
        let (mut decoder, mut session) = (Decoder::<2048>::new(), Session::new());
        let mut frames = 0;
        // SAFETY: the storage and the reads outlive the calls, and each has its length.
        unsafe {
            assert_eq!(gt02_conn_set_time(conn, 1_790_000_000), GT02_DONE);
            let now = DateTime::from_unix(1_790_000_000, crate::types::UtcOffset::UTC).unwrap();
            for read in stream.chunks(size).chain([&b""[..]]) {
                let (mut input, mut pos) = (read, 0);
                loop {
                    let mut item = MaybeUninit::<gt02_item>::uninit();
                    let (place, room) = (item.as_mut_ptr(), size_of::<gt02_item>());
                    let (status, expected) = if read.is_empty() {
                        (gt02_conn_finish(conn, place, room), decoder.finish())
                    } else {
                        let (data, len) = (read.as_ptr(), read.len());
                        (
                            gt02_conn_next(conn, data, len, &mut pos, place, room),
                            decoder.decode(&mut input),
                        )
                    };
                    let Some(expected) = expected else {
                        assert_eq!(status, GT02_DONE);
                        break;
                    };
                    assert_eq!(status, GT02_ITEM);
                    let item = item.assume_init();
                    let bytes = memory::bytes(item.bytes.ptr, item.bytes.len).unwrap();
                    assert_eq!(bytes, expected.as_bytes());
                    match expected {
                        Item::Noise(noise) => {
                            assert_eq!(item.what, GT02_NOISE);
                            assert_eq!(item.reason, noise.reason as u8);
                            assert_eq!((item.has, item.protocol, item.reply.len), (0, 0, 0));
                        }
                        Item::Frame(frame) => {
                            frames += 1;
                            assert_eq!(item.what, GT02_FRAME);
                            let outcome = session.handle_at(&frame, now);
                            let reply = memory::bytes(item.reply.ptr, item.reply.len).unwrap();
                            assert_eq!(reply, outcome.reply.as_deref().unwrap_or_default());
                            same_report(&item, &outcome.report);
                        }
                    }
                }
            }
        }
        assert!(frames > 60, "{frames} frames");
    }
}

fn same_report(item: &gt02_item, report: &crate::Report<'_>) {
    let has = |bit: u64| item.has & bit != 0;
    assert_eq!(item.kind, report.kind as u8);
    assert_eq!(item.protocol, report.protocol as u8);
    let ids = [(item.device, report.device), (item.imei, report.imei)];
    for (written, id) in ids {
        assert_eq!(written.get(), id);
    }
    assert_eq!(has(GT02_HAS_DEVICE), report.device.is_some());
    assert_eq!(has(GT02_HAS_SERIAL).then_some(item.serial), report.serial);
    let time = report.time.map(gt02_time::from);
    assert_eq!(has(GT02_HAS_TIME).then_some(item.time), time);
    let place = report
        .position
        .map(|it| (it.latitude.e7(), it.longitude.e7()));
    let found = (item.latitude_e7, item.longitude_e7);
    assert_eq!(has(GT02_HAS_POSITION).then_some(found), place);
    let speed = has(GT02_HAS_SPEED).then_some(item.speed_e6 as f64 / 1e6);
    assert_eq!(speed, report.speed.map(|speed| speed.kmh()), "exactly");
    let ignition =
        has(u64::from(GT02_FLAG_IGNITION) << 32).then_some(item.flags & GT02_FLAG_IGNITION != 0);
    assert_eq!(ignition, report.ignition);
    let alarm = has(GT02_HAS_ALARM).then_some(item.alarm);
    assert_eq!(alarm, report.alarm.map(|alarm| alarm as u8));
    // SAFETY: the bytes of the item are still there.
    unsafe {
        let mut details = MaybeUninit::<gt02_details>::uninit();
        let size = size_of::<gt02_details>();
        assert_eq!(
            gt02_item_details(item, details.as_mut_ptr(), size),
            GT02_DONE
        );
        let (details, expected) = (details.assume_init(), report.details());
        let temperature = expected.temperature.map(|it| it.millicelsius());
        let found = details.has & GT02_DETAIL_TEMPERATURE != 0;
        assert_eq!(found.then_some(details.temperature_e3), temperature);
        let mut cells = [gt02_cell::default(); 4];
        let count = gt02_item_cells(item, cells.as_mut_ptr(), size_of::<gt02_cell>(), 4);
        let expected: Vec<_> = report.cells.into_iter().flatten().collect();
        assert_eq!(count, expected.len());
        for (cell, expected) in cells.iter().zip(expected) {
            assert_eq!(*cell, expected.into());
        }
        let mut text = [0; 600];
        let len = gt02_item_string(item, GT02_STRING_TEXT, text.as_mut_ptr(), 600);
        let expected = report
            .text
            .map_or(std::string::String::new(), |text| std::format!("{text}"));
        assert_eq!(len, expected.len());
        let text = text.map(|byte| byte as u8);
        assert_eq!(text[..len], *expected.as_bytes());
    }
}

#[test]
fn a_block_can_be_moved() {
    let mut storage = Storage::new(64);
    let conn = storage.init(0);
    let (front, rest) = HEARTBEAT.split_at(9);
    let mut pos = 0;
    let mut item = MaybeUninit::<gt02_item>::uninit();
    let (place, room) = (item.as_mut_ptr(), size_of::<gt02_item>());
    // SAFETY: all outlive the calls.
    unsafe {
        let status = gt02_conn_next(conn, front.as_ptr(), front.len(), &mut pos, place, room);
        assert_eq!((status, pos), (GT02_DONE, 9));
        let mut moved = Storage(storage.0.clone());
        storage.0.fill(0);
        let conn = moved.0.as_mut_ptr().cast();
        assert_eq!(gt02_conn_pending_len(conn), 9);
        pos = 0;
        let status = gt02_conn_next(conn, rest.as_ptr(), rest.len(), &mut pos, place, room);
        assert_eq!(status, GT02_ITEM);
        assert_eq!((*place).bytes.len, HEARTBEAT.len());
    }
}

#[test]
fn names_are_those_of_rust() {
    // SAFETY: names end with NUL, and live for ever.
    let name = |name| unsafe { CStr::from_ptr(name) }.to_str().unwrap();
    assert_eq!(name(gt02_protocol_name(Protocol::Tk103 as u8)), "tk103");
    assert_eq!(name(gt02_alarm_name(Alarm::DoorOpened as u8)), "door");
    assert_eq!(name(gt02_alarm_name(0)), "unknown");
    assert_eq!(name(gt02_kind_name(255)), "unknown");
    assert_eq!(name(gt02_version()), env!("CARGO_PKG_VERSION"));
    let status = name(gt02_strerror(GT02_ERR_NO_TIME));
    assert_eq!(status, "it needs the time, and none was given");
}

/// Deadlines pass as those of [`Connection`], whatever comes when.
#[test]
fn deadlines_are_those_of_rust() {
    // Milliseconds to wait, and what comes then; nothing at all is a time-out.
    let comes: [(u64, &[u8]); 15] = [
        (60_000, b""),
        (10, b"#356588220000003##"),
        (299, b""),
        (1, b""),
        (200, HEARTBEAT.split_at(9).0),
        (4_999, b""),
        (1, b""),
        (60_000, b""),
        (5, HEARTBEAT),
        (600_000, b""),
        (1_200_000, b""),
        (7, HEARTBEAT),
        (0, b"#356588220000003#"),
        (3_000_000, b""),
        (1, b""),
    ];
    let mut clock = 1_000;
    let mut storage = Storage::new(2048);
    let conn = storage.init(0);
    let now = |ms| crate::connection::Now::new(core::time::Duration::from_millis(ms));
    let mut rust = crate::Connection::<2048>::new(crate::connection::Limits::DEFAULT, now(clock));
    // SAFETY: the connection was set up, and the item is one.
    unsafe {
        assert_eq!(gt02_conn_deadline(conn), -1, "no clock");
        let mut item = MaybeUninit::<gt02_item>::uninit();
        let size = size_of::<gt02_item>();
        assert_eq!(gt02_conn_timeout(conn, item.as_mut_ptr(), size), GT02_DONE);
        gt02_conn_set_clock(conn, clock);
        let mut passed = 0;
        for (wait, bytes) in comes {
            clock += wait;
            gt02_conn_set_clock(conn, clock);
            let (mut rest, mut pos) = (bytes, 0);
            loop {
                let (len, place) = (bytes.len(), item.as_mut_ptr());
                let (expected, status) = match len {
                    0 => (
                        rust.timeout(now(clock)),
                        gt02_conn_timeout(conn, place, size),
                    ),
                    _ => (
                        rust.receive(&mut rest, now(clock)),
                        gt02_conn_next(conn, bytes.as_ptr(), len, &mut pos, place, size),
                    ),
                };
                let Some(expected) = expected else {
                    assert_eq!(status, GT02_DONE);
                    break;
                };
                assert_eq!(status, GT02_ITEM, "{expected:?}");
                let what = item.assume_init_ref().what;
                use crate::connection::Event;
                passed += u32::from(what > GT02_NOISE);
                assert_eq!(
                    what,
                    match expected {
                        Event::Frame { .. } => GT02_FRAME,
                        Event::Noise(_) => GT02_NOISE,
                        Event::Overdue => GT02_OVERDUE,
                        Event::Nameless => GT02_NAMELESS,
                        Event::Dead => GT02_DEAD,
                    }
                );
            }
            let deadline = rust.deadline().map_or(-1, |at| at.as_millis() as i64);
            assert_eq!(gt02_conn_deadline(conn), deadline, "after {bytes:?}");
        }
        assert_eq!(passed, 3);
    }
}
