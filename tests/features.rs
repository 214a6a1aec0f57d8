//! What reports leave out without the feature `details`, and what they keep.

#![cfg(all(
    not(feature = "details"),
    feature = "gt06",
    feature = "tk103",
    feature = "v680",
    feature = "h02"
))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::unreachable)]

use gt02::{
    Direction, Frame, Report,
    protocol::{Message, gt06, h02},
    report::{Details, Kind},
};

/// A location of each protocol, with a cell: examples of `docs/protocols`.
const LOCATIONS: [&[u8]; 4] = [
    b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\
        \xeb\xa7\xb9\x00\x14\x44\x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a",
    b"(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)",
    b"#353588020144007##1#0000#AUT#01#24002485fed523\
        #1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##",
    b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF,\
        460,00,10342,3721#",
];

fn report(bytes: &[u8]) -> Report<'_> {
    Report::new(&Frame::parse(bytes).unwrap(), Direction::Up)
}

#[test]
fn a_location_has_its_place_and_no_cell() {
    for bytes in LOCATIONS {
        let report = report(bytes);
        assert_eq!(report.kind, Kind::Location);
        assert!(report.position.is_some() && report.time.is_some() && report.speed.is_some());
        assert_eq!((report.cell, report.cells.is_none()), (None, true));
        assert_eq!(report.details(), Details::default());
    }
}

#[test]
fn a_frame_of_cells_has_none() {
    let report = report(b"*hq,356327081001239,VP1,V,470,002,92,3565,0Y92,19433,30Y92,1340,29#");
    assert_eq!(report.kind, Kind::Cell);
    assert_eq!((report.cell, report.cells.is_none()), (None, true));
}

#[test]
fn newer_layouts_of_old_types_have_their_place() {
    for bytes in [
        include_bytes!("../fuzz/seeds/gt06-22-climate").as_slice(),
        include_bytes!("../fuzz/seeds/gt06-16-card"),
        include_bytes!("../fuzz/seeds/gt06-16-long-id"),
    ] {
        // A seed begins with a byte for its target.
        let bytes = bytes.get(1..).unwrap();
        let gps = match Frame::parse(bytes).unwrap().message() {
            Message::Gt06(gt06::Message::ExtendedLocation(location)) => location.gps,
            Message::Gt06(gt06::Message::ExtendedAlarm(alarm)) => alarm.gps,
            other => panic!("{other:?}"),
        };
        let report = report(bytes);
        assert!(matches!(report.kind, Kind::Location | Kind::Alarm));
        assert_eq!(report.position, gps.position());
        assert_eq!(
            (report.time, report.speed),
            (Some(gps.time), Some(gps.speed()))
        );
    }
    // This one does not begin with its place.
    let vehicle = include_bytes!("../fuzz/seeds/gt06-22-vehicle");
    let vehicle = report(vehicle.get(1..).unwrap());
    assert_eq!((vehicle.kind, vehicle.position), (Kind::Location, None));
}

#[test]
fn other_messages_are_known_by_their_type() {
    // A response to a command, and cells: `docs/protocols/gt06.md` and `docs/protocols/h02.md`.
    let response = b"\x79\x79\x00\x0d\x21\x00\x00\x00\x01\x01\x4f\x4b\x21\x00\x1a\xf2\x81\x0d\x0a";
    let cells = b"*HQ,353111080001055,V3,044855,28403,01,001450,011473,158,-62,0292,0,X,030817,\
        FFFFFBFF#";
    let response = report(response);
    assert_eq!((response.kind, response.text), (Kind::Response, None));
    let cells = report(cells);
    assert_eq!((cells.kind, cells.cell), (Kind::Unknown, None));
    assert_eq!(cells.code.unwrap().to_string(), "V3");
    assert!(cells.device.is_some());
}

#[test]
fn a_message_has_everything() {
    let messages = LOCATIONS.map(|bytes| Frame::parse(bytes).unwrap().message());
    let [
        Message::Gt06(gt06::Message::Location(gt06)),
        ..,
        Message::H02(h02),
    ] = messages
    else {
        unreachable!()
    };
    assert!(gt06.cell().is_some());
    let h02::Message::Location(h02) = h02 else {
        unreachable!()
    };
    assert!(h02.cell().is_some());
}
