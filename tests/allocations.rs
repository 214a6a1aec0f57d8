//! No allocation in the life of a frame, counted, and the size of a decoder: the fourth guarantee
//! in `src/lib.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

use gt02::{
    Connection, Datagram, Decoder, Direction, Frame, Item, Protocol, Report, Session,
    connection::{Event, Limits, Now},
    session::{Command, OwnedCommand},
    sniff,
    types::{DateTime, DeviceId, UtcOffset},
};
use std::time::Duration;

#[test]
fn nothing_is_allocated() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1, "allocations are counted");

    let frames: [&[u8]; 13] = [
        b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\x0d\x01\x0f\x13\x20\x0b\x06\x17\xcc\xbe\x04\x2a\x45\x9e\x00\x00\x00\x01\x61\x6f\x00\x00\x00\x07\x0d\x0a",
        b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a",
        b"\x68\x68\x15\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\x07APEXOK!\x0d\x0a",
        b"\x54\x68\x1a\x0d\x0a",
        // `docs/protocols/gt06.md`: a heartbeat with a wrong length ("Frames in the field that
        // differ"), a position, a request for the time.
        b"\x78\x78\x08\x13\x46\x06\x02\x00\x02\x04\x4d\xc5\x05\x0d\x0a",
        b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\xeb\xa7\xb9\x00\x14\x44\x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a",
        b"\x78\x78\x05\x8a\x00\x06\x88\x29\x0d\x0a",
        // Examples of the text protocols, from their pages in `docs/protocols`.
        b"(027042411793BP00000027042411793HSO)",
        b"(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)",
        b"#353588020144007##",
        b"#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##",
        b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
        b"*HQ,865205030330012,V4,S2,150950,151007,A,2240.55503,N,11358.35174,E,0.85,0,100815, FFFFFBFF #",
    ];
    let stream = [
        frames.concat(),
        b"garbage\x68\x68\xff\x78\x78\xff(#*HQ,".to_vec(),
    ]
    .concat()
    .repeat(10);

    let allocated = allocation_counter::measure(|| work(&stream, frames[0]));
    assert_eq!(allocated.count_total, 0);
}

fn work(stream: &[u8], location: &[u8]) {
    let mut decoder = Decoder::<260>::new();
    let mut session = Session::new();
    let mut out = [0; 260];
    let mut seen = 0;
    let now = DateTime {
        year: 26,
        month: 5,
        day: 4,
        hour: 0,
        minute: 0,
        second: 0,
    };
    for read in [1, 7, 1460] {
        for mut input in stream.chunks(read) {
            while let Some(item) = decoder.decode(&mut input) {
                if let Item::Frame(frame) = item {
                    let outcome = session.handle_at(&frame, now);
                    seen += outcome.reply.map_or(0, |reply| reply.len());
                    seen += match Frame::parse(frame.as_bytes()).unwrap() {
                        Frame::Gt02(frame) => frame.message().encode(&mut out).unwrap(),
                        Frame::Gt06(frame) => frame.message().encode(&mut out).unwrap(),
                        Frame::Tk103(frame) => frame.message().encode(&mut out).unwrap(),
                        Frame::V680(frame) => frame.message().encode(&mut out).unwrap(),
                        Frame::H02(frame) => frame.message().encode(&mut out).unwrap(),
                        _ => 0,
                    };
                }
            }
        }
        while let Some(item) = decoder.finish() {
            seen += item.as_bytes().len();
        }
    }
    seen += serve(stream);
    seen += Datagram::new(stream).count();
    let mut gt02 = Session::new();
    let _ = gt02.handle(&Frame::parse(location).unwrap());
    seen += gt02
        .command(&Command::Text("WHERE,666666#"), &mut out)
        .unwrap();
    let _ = (
        sniff(stream),
        Frame::parse(stream),
        Report::new(&Frame::parse(location).unwrap(), Direction::Up),
    );
    let id: DeviceId = "864717003455833".parse().unwrap();
    assert!(id.is_imei() && now.to_unix(UtcOffset::UTC).is_some());
    assert!(seen > 0);
}

/// The stream on a connection that falls silent now and then, and how much came of it.
fn serve(stream: &[u8]) -> usize {
    let (mut seen, mut at) = (0, Duration::ZERO);
    let mut connection = Connection::<260>::new(Limits::DEFAULT, Now::new(at));
    for mut input in stream.chunks(50) {
        while let Some(event) = connection.receive(&mut input, Now::new(at)) {
            if let Event::Frame { outcome, .. } = event {
                seen += usize::from(outcome.report.key().is_some() || outcome.confirms().is_some());
                seen += usize::from(outcome.report.tag().is_some());
            }
        }
        at = connection.deadline().unwrap_or(at);
        while connection.timeout(Now::new(at)).is_some() {}
    }
    while connection.end(Now::new(at)).is_some() {}
    let command: OwnedCommand = "text WHERE,666666#".parse().unwrap();
    let mut out = [0; 260];
    let session = connection.session();
    let written = session.command_tagged(&command.as_command(), 1, None, &mut out);
    seen + written.unwrap_or_default()
}

/// The documentation of the crate and `SECURITY.md` name these bounds.
#[test]
fn a_decoder_takes_little_beside_its_buffer() {
    let others = [
        Protocol::Gt06,
        Protocol::Tk103,
        Protocol::V680,
        Protocol::H02,
    ];
    let has_others = others.into_iter().any(Protocol::is_enabled);
    let bound = if has_others { 950 } else { 200 };
    let own = size_of::<Decoder<64>>() - 64;
    assert!(own < bound, "{own}");
}
