//! Identifying the protocol by the first bytes of a connection or a datagram.

#![cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use gt02::{Frame, Protocol, Sniff, sniff, sniff_datagram};
use proptest::{collection::vec, prelude::*};
use std::{fs, path::Path};

/// The verdict on each prefix of `bytes`.
fn verdicts(bytes: &[u8]) -> Vec<Sniff> {
    (0..=bytes.len()).map(|len| sniff(&bytes[..len])).collect()
}

/// Returns the least number of bytes with a verdict, and the verdict. Asserts that it is the same
/// for all longer prefixes.
fn verdict(bytes: &[u8]) -> (usize, Sniff) {
    let verdicts = verdicts(bytes);
    let needed = verdicts
        .iter()
        .position(|verdict| *verdict != Sniff::NeedMore)
        .unwrap_or(verdicts.len());
    let last = verdicts.get(needed).copied().unwrap_or(Sniff::NeedMore);
    assert!(
        verdicts.iter().skip(needed).all(|verdict| *verdict == last),
        "revoked: {verdicts:?} of {}",
        bytes.escape_ascii()
    );
    (needed, last)
}

#[test]
fn each_protocol_is_known_after_the_documented_number_of_bytes() {
    use Protocol::{Gt02, Gt06, H02, Tk103, V680};
    let frames: [(&[u8], usize, Protocol); 28] = [
        // A location.
        (b"\x68\x68\x25\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x10", 13, Gt02),
        // `docs/protocols/gt06.md`, "Login (01)" and "Position (10, 12)".
        (b"\x78\x78\x0d\x01\x03\x55\x95\x10\x91\x86\x84\x50\x00\x01\x07\x23\x0d\x0a", 0, Gt06),
        (b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\xeb\xa7\xb9\x00\x14\x44\x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a", 4, Gt06),
        (b"\x79\x79\x00\x20\x94\x0a", 5, Gt06),
        // Ids of 12, 11 and 15 characters: `docs/protocols/tk103.md`, "The header".
        (b"(027042411793BR00141026A4818.7787N01759.8662E000.0", 17, Tk103),
        (b"(01602009983BP00000", 16, Tk103),
        (b"(355488020131775BP05", 20, Tk103),
        (b"(BALLESTEROS3BP00", 17, Tk103),
        // `docs/protocols/v680.md`, "The header of the flat form": an empty or a short user, and
        // the flag. "Keep-alive": one, and the bytes after it.
        (b"#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E", 20, V680),
        (b"#352165050199210##13#0000#AUT#1#", 21, V680),
        (b"#353588020144007###353588020144007##", 20, V680),
        (b"#353588020144007##\r\n", 19, V680),
        (b"#356823033219838#1000#0#1478#AUT#1#66830ffb", 24, V680),
        // Users that hide the flag.
        (b"#356823031187318#TK333#1#0000#AUT#10#V#", 24, V680),
        (b"#356823033087326#alexwatch#0#0000#SOS#1#0EDDD9EF#", 24, V680),
        (b"#356823031166908#13001190527#0#0000#AUT#4#V#", 24, V680),
        // "The line form": a password in place of the flag, or nothing.
        (b"#860186058100000#MT700#0000#AUTO#1\r\n#39#262,03,8CE6,A672$GPRMC,115419.00,V,,", 24, V680),
        (b"#357671030946351#V500#0000#AUTO#1\r\n#$GPRMC,223835.000,A,0615.3545,S,", 24, V680),
        (b"#867962040161955#MT600#0000#0#0#137#41#0#AUTO#1\r\n#00019023402$GPRMC,", 24, V680),
        (b"#357671030108689##0000#AUTO#1\r\n#13AE2F8F$GPRMC,211452.000,A,", 24, V680),
        (b"#861075026000000#861075026000000#0000#AUTO#1\r\n", 24, V680),
        (b"#357671030946351#T1##AUTO#1\r\n#$GPRMC,", 22, V680),
        // Each maker of `docs/protocols/h02.md`, "Text frames", and no id.
        (b"*HQ,865205030330012,V1,145452", 5, H02),
        (b"*HQ,,V1,", 5, H02),
        (b"*TH,2020916012,V1,", 5, H02),
        (b"*DC,2020916012,V1,", 5, H02),
        (b"*XY,2020916012,V1,", 5, H02),
        (b"*hq,356327080425330,VP1,", 5, H02),
    ];
    for (bytes, needed, protocol) in frames {
        let (actual, verdict) = verdict(bytes);
        if needed > 0 {
            assert_eq!(
                (actual, verdict),
                (needed, Sniff::Protocol(protocol)),
                "{}",
                bytes.escape_ascii()
            );
        }
    }
}

/// What else comes to a shared port, as much of it as a first read has.
const STRANGERS: &[&[u8]] = &[
    // The web, and what connects to any port.
    b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
    b"POST /api HTTP/1.1\r\n",
    b"HEAD / HTTP/1.0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"PROXY TCP4 203.0.113.1 203.0.113.2 56324 443\r\n",
    b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c",
    b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04gt02",
    b"\x10\x16\x00\x06MQIsdp\x03\x02\x00\x3c",
    b"EHLO mail.example\r\n",
    b"HELP\r\n",
    b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00",
    b"hello",
    b"\x00",
    // Other trackers.
    b"##,imei:359586015829802,A;",
    b"imei:359586015829802,tracker,000000000,13554900601,L,;",
    b"359586015829802;",
    b"+RESP:GTFRI,1A0200,860599000306845,G3-313,0,0,4,1,2.1,0,426.7,8.611466,47.681639,20180101123446,0228,0001$",
    b"+ACK:GTHBD,1A0401,135790246811220,,20100214093254,11F0$",
    b"$$A138,864717003455833,AAA,35,",
    b"$$\x00\x60\x12\x34\x56\xff\xff\xff\xff\x99\x55",
    b"$GPRMC,115419.00,A,",
    b"@@A2,1,353358017784062,",
    b"[3G*8800000015*0002*LK]",
    b"[!0000000081r(!\x00",
    b"{\"imei\":\"353358017784062\"}",
    b"\x7e\x00\x02\x00\x00\x01\x38\x00\x13\x80\x00\x00\x01\x0e\x7e",
    b"~2A200034~",
    b"\x00\x0f353358017784062",
    b"\x0f\x00353358017784062",
    b"\xff\x00\x0f353358017784062",
    b"!1,860719020212696;",
    b"%%863835020000000,A,",
    b"&&A138,864717003455833,",
    b"<1234>",
    b"^1,",
    b"\xaa\x55\x00\x07\x86\x99",
    // Other protocols in parentheses: `docs/protocols/tk103.md`, "Neighbours that look alike".
    b"(864768011069660,ZC11,250517,V,0000.0000N,00000.0000E,000.0,114725,000.0,0.00,11.00,0000,FFFFFFFF)",
    b"(864768011069660,DW5B,310,260,)",
    b"(864768011069660,BP05,250517)",
    b"(0127,\x00)",
    b"(hello world)",
    b"(((((((((((((((((((((",
    b"()",
    // JT600, in parentheses and with `$`, and locators of Topin, which have no checksum.
    b"(3460311327,U01,150205,114622,T,9.966667,N,84.083333,W,1.53,3,8,100%,00000001000000,14843,10205,14,0,0,12)",
    b"(3460311327,@JT)",
    b"$\x34\x60\x31\x13\x27\x11\x00\x1c\x05\x02\x15\x11\x46\x22\x09\x58\x00\x00\x08\x40\x50\x00\x0d\x02\x03\x08\x32\x00\x00\x01\x00\x00\x00\x0e",
    b"\x78\x78\x01\x08\x0d\x0a\x78\x78\x01\x08\x0d\x0a\x78\x78\x01\x08\x0d\x0a\x78\x78\x01\x08\x0d\x0a",
    b"\x78\x78\x00\x17\x26\x04\x05\x21\x49\x36\x01\x02\xe0\x03\x43\x3a\x00\x2f\x4e\x0d\x0a",
    // Lines whose header is broken (`docs/protocols/v680.md`), and others that begin with `#`.
    b"#861075026000000#\r\n#0000#AUTO#1\r\n#$GPRMC,",
    b"#L#353588020144007;NA\r\n",
    b"#SD#150124;101010;",
    b"#B#1\r\n",
    b"#begin#123456#",
    b"#apn#123456#internet###",
    b"#!AIVDM,1,",
    b"########################",
    // Other makers after the asterisk: `docs/protocols/h02.md`, "What vouches for a text frame".
    b"*MG201693502000034964,BA&A",
    b"*ET,135790246811221,DW,A,",
    b"*TS01,353358017784062,",
    b"*HX,353358017784062,",
    b"*RS,353358017784062,",
    b"*HQ353358017784062,BA",
    b"*HQ;353358017784062,",
    b"*hQ,353358017784062,",
    b"**HQ,353358017784062,",
    b"*KW,NR09G05164,015,080756,#",
    b"*WH,",
    b"*HQ,\xaa\xbb\xcc",
    b"*HQ, 123",
    // What begins as the binary protocols do.
    b"hh hello world hello",
    b"\x68\x10\x10\x68\x08\x01\x72\x01\x02\x03\x04\x05\x06",
    b"\x68\x68\x68\x68\x53\xfe\x51\x00\x00\x00\x00\x00\x00",
    b"\x68\x68\x00\x68\x68\x08\x01\x02\x03\x04\x05\x06\x07",
    b"xx",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    b"\x78\x78\x0d\x01\x03\x56\x31\x40\x41\x41\x98\x58\x3c\x0d\x0a\x78\x78\x0d\x01\x03\x56\x31\x40\x41",
    b"xylophone",
    b"yy",
];

#[test]
fn strangers_are_never_taken_for_ours() {
    for stranger in STRANGERS {
        let (_, verdict) = verdict(stranger);
        assert!(
            !matches!(verdict, Sniff::Protocol(_)),
            "{verdict:?} of {}",
            stranger.escape_ascii()
        );
        assert_eq!(
            sniff_datagram(stranger),
            None,
            "{}",
            stranger.escape_ascii()
        );
        // Those that are long enough are told at once, not by waiting.
        if stranger.len() > 40 && !stranger.starts_with(b"xx") {
            assert_eq!(verdict, Sniff::Foreign, "{}", stranger.escape_ascii());
        }
    }
}

proptest! {
    #![proptest_config(support::config(2000))]

    #[test]
    fn ordinary_frames_are_told_by_24_bytes(frame in support::ordinary_frame()) {
        let expected = Frame::parse(&frame).unwrap().protocol();
        // A keep-alive is decided by what follows it.
        let is_keep_alive = frame.len() == 18 && frame[0] == b'#';
        let bytes = if is_keep_alive { [&frame[..], b"#3"].concat() } else { frame };
        let (needed, verdict) = verdict(&bytes);
        prop_assert_eq!(verdict, Sniff::Protocol(expected));
        // A binary frame of `h02` is told by its status.
        let most = if matches!(bytes[0], b'$' | b'X') { 29 } else { 24 };
        prop_assert!(needed <= most);
    }

    #[test]
    fn a_verdict_is_never_revoked(
        stream in prop_oneof![
            support::any_stream(),
            vec(any::<u8>(), 0..40),
            "[(#*][(#*HQ,0-9A-Z]{0,40}".prop_map(String::into_bytes),
        ],
    ) {
        verdict(&stream[..stream.len().min(300)]);
    }

    #[test]
    fn garbage_is_foreign_soon(byte in any::<u8>(), rest in vec(any::<u8>(), 30)) {
        let begins = matches!(byte, 0x68 | 0x78 | 0x79 | b'(' | b'#' | b'*' | b'$' | b'X');
        prop_assume!(!begins && !matches!(byte, b'\r' | b'\n'));
        prop_assert_eq!(sniff(&[&[byte], &rest[..]].concat()), Sniff::Foreign);
        prop_assert_eq!(sniff(&[byte]), Sniff::Foreign);
    }
}

/// Frames of real devices: the right protocol from the first 24 bytes.
#[test]
fn corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    for (name, protocol) in [
        ("gt02", Protocol::Gt02),
        ("gt06", Protocol::Gt06),
        ("tk103", Protocol::Tk103),
        ("v680", Protocol::V680),
        ("h02", Protocol::H02),
    ] {
        let text = fs::read_to_string(folder.join(name).with_extension("jsonl")).unwrap();
        for (number, line) in text.lines().enumerate() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            if row["expect"][0]["direction"] == "down" {
                continue;
            }
            let bytes = support::hex(row["hex"].as_str().unwrap());
            let verdict = verdict(&bytes[..bytes.len().min(24)]).1;
            let place = format!("{name}:{}: {}", number + 1, bytes.escape_ascii());
            // One frame has neither an end mark nor a byte after it: `#` and 15 digits begin the
            // lines of TLT-2H as well.
            let expected = if protocol == Protocol::V680 && bytes.len() == 16 {
                Sniff::NeedMore
            } else {
                Sniff::Protocol(protocol)
            };
            assert_eq!(verdict, expected, "{place}");
            assert_eq!(
                sniff_datagram(&bytes[..bytes.len().min(24)]),
                Some(protocol),
                "{place}"
            );
        }
    }
}
