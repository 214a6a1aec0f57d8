//! Frames of `gt06`, random and handmade.

use crc::{CRC_16_IBM_SDLC, Crc};
use proptest::{collection::vec, prelude::*};

/// CRC-16/X-25.
pub fn crc16(bytes: &[u8]) -> [u8; 2] {
    Crc::<u16>::new(&CRC_16_IBM_SDLC)
        .checksum(bytes)
        .to_be_bytes()
}

/// A frame with this content. Its length field is too large by `wrong_by`; the checksum covers it.
pub fn frame(long: bool, code: u8, content: &[u8], serial: u16, wrong_by: i16) -> Vec<u8> {
    let length = (content.len() as i16 + 5).wrapping_add(wrong_by);
    let mut frame = if long {
        vec![0x79, 0x79, (length >> 8) as u8, length as u8, code]
    } else {
        vec![0x78, 0x78, length as u8, code]
    };
    frame.extend_from_slice(content);
    frame.extend(serial.to_be_bytes());
    let crc = crc16(&frame[2..]);
    frame.extend(crc);
    frame.extend([0x0D, 0x0A]);
    frame
}

/// A frame with this content, `78 78`.
pub fn short(code: u8, content: &[u8], serial: u16) -> Vec<u8> {
    frame(false, code, content, serial, 0)
}

/// The 18 bytes of a position as real devices send it.
fn gps() -> impl Strategy<Value = Vec<u8>> {
    (
        any::<[u8; 6]>(),
        0..162_000_001_u32,
        0..324_000_001_u32,
        any::<(u8, u16)>(),
    )
        .prop_map(
            |([year, month, day, hour, minute, second], latitude, longitude, (speed, course))| {
                let mut gps = vec![
                    10 + year % 20,
                    1 + month % 12,
                    1 + day % 28,
                    hour % 24,
                    minute % 60,
                    second % 60,
                    0xC0 | (speed % 16),
                ];
                gps.extend(latitude.to_be_bytes());
                gps.extend(longitude.to_be_bytes());
                gps.push(speed % 180);
                gps.extend((course & 0xFC00 | (course % 361)).to_be_bytes());
                gps
            },
        )
}

/// Uplink frames as real devices send them.
pub fn ordinary_frame() -> impl Strategy<Value = Vec<u8>> {
    let lbs = || {
        any::<[u8; 6]>().prop_map(|[mnc, cell @ ..]| [&[0x01, 0xCC, mnc % 100][..], &cell].concat())
    };
    let location = (gps(), lbs(), any::<u16>())
        .prop_map(|(gps, lbs, serial)| short(0x12, &[gps, lbs].concat(), serial));
    let utc = (gps(), lbs(), 0..2_u8, any::<u16>()).prop_map(|(gps, lbs, flag, serial)| {
        short(0x22, &[gps, lbs, vec![flag, 2, flag]].concat(), serial)
    });
    let status = || {
        any::<[u8; 3]>()
            .prop_map(|[terminal, voltage, gsm]| vec![terminal, voltage % 7, gsm % 5, 0, 2])
    };
    let heartbeat =
        (status(), any::<u16>()).prop_map(|(status, serial)| short(0x13, &status, serial));
    let alarm = (gps(), lbs(), status(), any::<u16>()).prop_map(|(gps, lbs, status, serial)| {
        short(0x16, &[gps, vec![9], lbs, status].concat(), serial)
    });
    let login = (0..=999_999_999_999_999_u64, any::<u16>()).prop_map(|(imei, serial)| {
        short(0x01, &hex::decode(format!("{imei:016}")).unwrap(), serial)
    });
    let sim = (any::<[u8; 26]>(), any::<u16>())
        .prop_map(|(sim, serial)| frame(true, 0x94, &[&[0x0A][..], &sim].concat(), serial, 0));
    let old =
        prop_oneof![6 => location, 2 => utc, 3 => heartbeat, 1 => alarm, 1 => login, 1 => sim];
    prop_oneof![7 => old, 2 => newer_frame()]
}

/// Uplink frames of newer devices: longer ones, and lists of parts and items.
fn newer_frame() -> impl Strategy<Value = Vec<u8>> {
    let lte = (gps(), any::<[u8; 12]>(), any::<[u8; 3]>(), any::<u16>()).prop_map(
        |(gps, cell, upload, serial)| {
            let content = [&gps, &[0x01, 0xCC, 0x00][..], &cell, &upload].concat();
            short(0xA0, &content, serial)
        },
    );
    let wifi = (
        gps(),
        any::<[u8; 42]>(),
        vec(any::<[u8; 7]>(), 0..8),
        any::<u16>(),
    )
        .prop_map(|(gps, cells, points, serial)| {
            let front = [&gps[..6], &[0x01, 0xCC, 0x00], &cells[..]].concat();
            let points = [&[0xFF, points.len() as u8][..], &points.concat()].concat();
            short(0x2C, &[front, points].concat(), serial)
        });
    let lock = (gps(), any::<[u8; 9]>(), any::<u8>(), any::<u16>()).prop_map(
        |(gps, cell, event, serial)| {
            let fix = [&gps[..6], &[12], &gps[6..]].concat();
            let cell = [&[9, 0x01, 0xCC][..], &cell[..7], &[0, 0, event, 0]].concat();
            frame(true, 0x32, &[fix, cell].concat(), serial, 0)
        },
    );
    let item = (any::<u8>(), vec(any::<u8>(), 0..20))
        .prop_map(|(number, value)| [&[0, number, 0, value.len() as u8][..], &value].concat());
    let items = (vec(item, 1..5), any::<u16>())
        .prop_map(|(items, serial)| frame(true, 0x70, &items.concat(), serial, 0));
    prop_oneof![lte, wifi, lock, items]
}

/// Frames of any number and content, with either header, some with a wrong length.
pub fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let marks = vec![0x78, 0x79, 0x68, 0x0D, 0x0A, 0x05, 0x00];
    let byte = move || prop_oneof![3 => any::<u8>(), 1 => prop::sample::select(marks.clone())];
    let code = prop_oneof![
        any::<u8>(),
        prop::sample::select(vec![
            0x01, 0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x18, 0x21, 0x22, 0x27, 0x80, 0x8A,
            0x94, 0x97, 0xFD, 0x2C, 0x32, 0x36, 0x37, 0x38, 0x70, 0x98, 0x9B, 0xA2, 0xA4, 0xF3
        ])
    ];
    let wrong_by = prop_oneof![6 => Just(0), 1 => -10..30_i16];
    (
        any::<bool>(),
        code,
        vec(byte(), 0..60),
        any::<u16>(),
        wrong_by,
    )
        .prop_map(|(long, code, content, serial, wrong_by)| {
            frame(long, code, &content, serial, wrong_by)
        })
}
