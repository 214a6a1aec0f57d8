//! What can be moved to another task says the same as what was borrowed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]
#![cfg(feature = "alloc")]

mod support;

use gt02::{
    Direction, Frame, Item, OwnedFrame, OwnedItem, OwnedReport, Report, Session, report::Kind,
};
use proptest::prelude::*;
use support::{any_frame, config, ordinary_frame};

const fn is_send<T: Send + Sync + 'static>() {}
const _: () = {
    is_send::<OwnedFrame>();
    is_send::<OwnedItem>();
    is_send::<OwnedReport>();
};

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn an_owned_report_is_the_report(
        frames in proptest::collection::vec(prop_oneof![any_frame(), ordinary_frame()], 1..4),
        down in any::<bool>(),
    ) {
        let mut session = Session::new();
        for bytes in &frames {
            let Ok(frame) = Frame::parse(bytes) else {
                continue;
            };
            let outcome = if down {
                session.observe_downlink(&frame)
            } else {
                session.handle(&frame)
            };
            let owned = OwnedReport::from(&outcome.report);
            prop_assert_eq!(&owned.as_report(), &outcome.report);
            prop_assert_eq!(owned.as_frame(), frame);
            let owned = OwnedFrame::from(frame);
            prop_assert_eq!(owned.as_frame(), frame);
            prop_assert_eq!(owned.as_bytes(), &bytes[..]);
        }
    }
}

#[test]
fn the_sizes_are_as_documented() {
    assert_eq!(size_of::<OwnedFrame>(), 24);
    assert_eq!(size_of::<OwnedReport>(), 48);
    assert!(size_of::<Report<'_>>() > 5 * size_of::<OwnedReport>());
}

/// A field that a caller wrote into a report is lost, as documented.
#[test]
fn the_frame_is_what_counts() {
    let frame = Frame::parse(b"\x54\x68\x1a\x0d\x0a").unwrap();
    let mut report = Report::new(&frame, Direction::Up);
    report.voltage_level = Some(3);
    let owned = OwnedReport::from(&report);
    assert_eq!(owned.as_report().voltage_level, None);
    assert_eq!(owned.as_report().kind, Kind::Ack);
}

#[cfg(feature = "serde")]
#[test]
fn an_owned_report_is_serialized_as_the_report() {
    let heartbeat =
        b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
    let outcome = Session::new().handle(&Frame::parse(heartbeat).unwrap());
    let owned = OwnedReport::from(&outcome.report);
    assert_eq!(
        serde_json::to_string(&owned).unwrap(),
        serde_json::to_string(&outcome.report).unwrap()
    );
}

#[cfg(feature = "codec")]
mod codec {
    use super::{support::any_stream, *};
    use gt02::{Decoder, codec::Codec};
    use proptest::sample::Index;
    use tokio_util::{
        bytes::BytesMut,
        codec::{Decoder as _, Encoder},
    };

    proptest! {
        #![proptest_config(config(500))]

        /// The codec finds what the decoder finds, however the stream was cut.
        #[test]
        fn it_is_the_decoder(stream in any_stream(), cuts in proptest::collection::vec(any::<Index>(), 0..8)) {
            let mut places: Vec<_> = cuts.iter().map(|it| it.index(stream.len() + 1)).collect();
            places.extend([0, stream.len()]);
            places.sort_unstable();
            let mut codec = Codec::<2048>::new();
            let mut decoder = Decoder::<2048>::new();
            let mut read = BytesMut::new();
            for place in places.windows(2) {
                let mut input = &stream[place[0]..place[1]];
                read.extend_from_slice(input);
                loop {
                    let expected = decoder.decode(&mut input).map(OwnedItem::from);
                    let found = codec.decode(&mut read).unwrap();
                    prop_assert_eq!(&found, &expected);
                    if found.is_none() {
                        break;
                    }
                }
                prop_assert!(read.is_empty(), "all bytes are taken");
                prop_assert_eq!(codec.wait(), decoder.wait());
            }
            loop {
                let expected = decoder.finish().map(OwnedItem::from);
                let found = codec.decode_eof(&mut read).unwrap();
                prop_assert_eq!(&found, &expected);
                if found.is_none() {
                    break;
                }
            }
        }
    }

    #[test]
    fn replies_are_written_as_they_are() {
        let heartbeat =
            b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
        let outcome = Session::new().handle(&Frame::parse(heartbeat).unwrap());
        let mut codec = Codec::<1024>::new();
        let mut write = BytesMut::new();
        codec.encode(outcome.reply.unwrap(), &mut write).unwrap();
        codec.encode(&b"\x54"[..], &mut write).unwrap();
        assert_eq!(write, &b"\x54\x68\x1a\x0d\x0a\x54"[..]);
    }
}

#[test]
fn noise_keeps_its_reason() {
    let mut items = gt02::Datagram::new(b"\xff\xfe");
    let item = items.next().unwrap();
    let Item::Noise(noise) = item else {
        panic!("{item:?}")
    };
    let expected = OwnedItem::Noise {
        bytes: noise.bytes.into(),
        reason: noise.reason,
    };
    assert_eq!(OwnedItem::from(Item::Noise(noise)), expected);
}
