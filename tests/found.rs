//! One test for each fault that was found in the framing of an earlier version.

#![cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use gt02::{
    Decoder, Frame, Item, Protocol, RECOMMENDED_BUFFER, SliceDecoder, Sniff, protocol::tk103, sniff,
};
use proptest::{collection::vec, prelude::*, sample::Index};
use std::{fs, path::Path};
use support::{CAPACITY, Owned, any_stream, datagram_items, gt06, hex, items_with};

/// The frames among these items.
fn frames_of(items: Vec<Owned>) -> Vec<Vec<u8>> {
    let frames = items.into_iter().filter_map(|item| match item {
        Owned::Frame(bytes) => Some(bytes),
        Owned::Noise(..) => None,
    });
    frames.collect()
}

/// Asserts that a stream has these frames, in one read, in reads of 1 and 7 bytes, and as a
/// datagram.
#[track_caller]
fn assert_frames(stream: &[u8], expected: &[&[u8]]) {
    let shown = stream.escape_ascii();
    for read in [stream.len(), 1, 7] {
        let decoder = Decoder::<RECOMMENDED_BUFFER>::new();
        let items = items_with(decoder, stream.chunks(read));
        assert_eq!(frames_of(items), expected, "{shown} in reads of {read}");
    }
    assert_eq!(frames_of(datagram_items(stream)), expected, "{shown}");
}

/// The number of bytes after which the first frame of a stream comes out, and the frame.
fn first_frame(stream: &[u8]) -> Option<(usize, Vec<u8>)> {
    let mut decoder = Decoder::<RECOMMENDED_BUFFER>::new();
    for (at, read) in stream.chunks(1).enumerate() {
        let mut input = read;
        while let Some(item) = decoder.decode(&mut input) {
            if let Item::Frame(frame) = item {
                return Some((at + 1, frame.as_bytes().to_vec()));
            }
        }
    }
    None
}

/// An SOS alarm with a right checksum. Its third byte is a `)`.
fn alarm() -> Vec<u8> {
    let content = hex(
        "081b121d371e cb 01c8e2cc 08afd3c0 20 d502 08 019407 01d600 a119 \
         4406040102 00000009",
    );
    let alarm = gt06::short(0x26, &content, 7);
    assert_eq!(alarm[2], b')');
    alarm
}

const KEEP_ALIVE: &[u8] = b"#353588020144007##";

/// A location of `gt02`, and more bytes after the status, or fewer.
fn gt02_location(length: u8, lac: u16) -> Vec<u8> {
    let body = hex("0d010f142316 0617ced1 042a4229 00 0032 01 616f 00000007 11223344");
    let [high, low] = lac.to_be_bytes();
    let id = hex("0358899058314017");
    let header = [&[0x68, 0x68, length, high, low], &id[..], &[0, 0xDF, 0x10]].concat();
    let body = &body[..usize::from(length) - 13];
    [&header[..], body, b"\r\n"].concat()
}

#[test]
fn a_text_cut_short_does_not_take_the_beginning_of_a_binary_frame() {
    assert_frames(&[b"(027042411793BR00", &alarm()[..]].concat(), &[&alarm()]);
    // `#` is a length as well.
    let location = gt06::short(0x12, &[&[0x0F, 7, 0x1F][..], &[0x11; 27]].concat(), 1);
    assert_eq!(location[2], b'#');
    for text in [&b"*HQ,1,"[..], b"*HQ,1,V", b"*HQ,1,V1,145452,A,2240.5"] {
        assert_frames(&[text, &location].concat(), &[&location]);
    }
    // `(`, `)` and `#` in the length or in the LAC of a location.
    for (length, lac) in [
        (0x25, 0x0029),
        (0x25, 0x2900),
        (0x25, 0x2923),
        (0x25, 0x4123),
        (0x29, 0x0001),
        (0x23, 0x0001),
    ] {
        let location = gt02_location(length, lac);
        for text in [
            &b"(027042411793BR00"[..],
            b"(027042411793BP05027042411793",
            b"*HQ,1,",
            b"*HQ,353588020068342,V1,084436,A,3257.",
        ] {
            assert_frames(&[text, &location].concat(), &[&location]);
        }
    }
}

#[test]
fn a_gt02_location_cut_short_does_not_take_a_gt06_frame() {
    // A frame that holds `0D 0A` just where the location would end.
    for at in 4..20 {
        let mut content = [0x41; 26];
        content[at - 4..at - 2].copy_from_slice(b"\r\n");
        let frame = gt06::short(0x12, &content, 1);
        let location = gt02_location(0x25, 1);
        let cut = location.len() - at - 2;
        assert_frames(&[&location[..cut], &frame].concat(), &[&frame]);
    }
}

#[test]
fn an_lbs_of_15_digits_is_no_id() {
    let report: &[u8] =
        b"#353588020144007##1#0000#AUT#1#240024850123456#1748.8277,E,5938.3158,N,0.00,0.00#\
        090913#221512##";
    assert_eq!(Frame::parse(report).unwrap().protocol(), Protocol::V680);
    assert_frames(report, &[report]);
    assert_frames(&[report; 3].concat(), &[report; 3]);
    assert_frames(
        &[KEEP_ALIVE, report, KEEP_ALIVE].concat(),
        &[KEEP_ALIVE, report, KEEP_ALIVE],
    );
}

#[test]
fn a_keep_alive_before_a_frame_whose_head_was_cut_is_found() {
    assert_frames(b"#699002171848888##82##", &[b"#699002171848888##"]);
    let rest = b"0000#AUT#1#V#1748.8277,E,5938.3158,N,0.00,0.00#090913#221512##";
    assert_frames(&[KEEP_ALIVE, rest].concat(), &[KEEP_ALIVE]);
    assert_frames(
        &[KEEP_ALIVE, &rest[1..], KEEP_ALIVE].concat(),
        &[KEEP_ALIVE; 2],
    );
}

#[test]
fn a_keep_alive_before_digits_and_the_end_is_found() {
    let keep_alive: &[u8] = b"#100000000000000##";
    let stream = [keep_alive, keep_alive, b"000"].concat();
    assert_frames(&stream, &[keep_alive; 2]);
}

#[test]
fn a_frame_whose_start_mark_was_taken_is_found_without_it() {
    let report: &[u8] =
        b"#356823033087326#alexwatch#0#0000#SOS#1#0EDDD9EF#01047.4327,E,5955.9316,N,000.01,\
        236#080513#111644##";
    let cells = b"*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,\
        FFFBFFFF,25c,a,154";
    let Frame::V680(whole) = Frame::parse(report).unwrap() else {
        panic!()
    };
    for cut in [&report[..report.len() - 1], cells] {
        let first = [cut, b"#"].concat();
        for second in [report, KEEP_ALIVE] {
            let found = &second[1..];
            assert_frames(&[cut, second, b"\r\n"].concat(), &[&first, found]);
            assert_frames(&[cut, second, second].concat(), &[&first, found, second]);
            // Such a frame parses alone.
            assert_eq!(Frame::parse(found).unwrap().protocol(), Protocol::V680);
        }
    }
    let Frame::V680(found) = Frame::parse(&report[1..]).unwrap() else {
        panic!()
    };
    assert_eq!(found.message(), whole.message());
    assert_eq!(found.device_id(), whole.device_id());
}

/// The `tk103` frames in a text.
fn tk103_frames(text: &[u8]) -> Vec<Vec<u8>> {
    let decoder = Decoder::<RECOMMENDED_BUFFER>::new();
    let mut frames = frames_of(items_with(decoder, [text]));
    frames.retain(|frame| frame.starts_with(b"("));
    frames
}

#[test]
fn prose_is_no_frame() {
    for text in [
        "(LICENSE-APACHE)",
        "(LICENSE-APACHE or http://www.apache.org/licenses/LICENSE-2.0)",
        "(LICENSE_BSD3BSD0)",
        "(CONFIG_X86_64ARCH)",
        "(UINT64_MAX)",
    ] {
        assert_eq!(sniff(text.as_bytes()), Sniff::Foreign, "{text}");
        assert_frames(text.as_bytes(), &[]);
        assert!(Frame::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn the_files_of_the_crate_hold_no_frame_but_samples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.to_path_buf(), root.join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && folder != root {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_text = ["README", "CHANGELOG", "LICENSE"]
                .iter()
                .any(|word| name.starts_with(word));
            if !is_text && path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            files += 1;
            for frame in tk103_frames(&fs::read(&path).unwrap()) {
                // The samples in the documentation have ids of digits, or a known name.
                let digits = frame[1..].iter().take_while(|byte| byte.is_ascii_digit());
                let is_sample = digits.count() >= 10 || frame.starts_with(b"(BALLESTEROS3");
                assert!(is_sample, "{} in {}", frame.escape_ascii(), path.display());
            }
        }
    }
    assert!(files > 50, "{files} files were read");
}

/// Whether four of the bytes in a row are a command word such as `BP05`.
fn has_command_word(text: &[u8]) -> bool {
    text.windows(4)
        .any(|word| matches!(word, [b'A' | b'B', b'O'..=b'Z', b'0'..=b'9', b'0'..=b'9']))
}

proptest! {
    #![proptest_config(support::config(1000))]

    #[test]
    fn words_in_parentheses_are_no_frames(
        words in vec(r"[A-Z][A-Za-z_]{2,12}|[A-Z]{2,6}_[A-Z0-9_]{2,12}|[a-z0-9.,:]{1,9}", 1..40),
        marks in vec("[() \n]", 40),
    ) {
        let pairs = words.iter().zip(&marks);
        let text: String = pairs.flat_map(|(word, mark)| [&**mark, word]).collect();
        for text in [format!("({})", words.join(" ")), format!("({})", words.concat()), text] {
            // By chance, some words make an id and a command word: that is a frame.
            prop_assume!(!has_command_word(text.as_bytes()));
            prop_assert_eq!(tk103_frames(text.as_bytes()), Vec::<Vec<u8>>::new());
        }
    }
}

#[test]
fn line_ends_before_a_frame_are_skipped_in_sniffing() {
    for text in [
        &b"\n\n(027042411793BP05)"[..],
        b"\r\n(027042411793BP05)",
        b"\n(027042411793BP05",
    ] {
        assert_eq!(sniff(text), Sniff::Protocol(Protocol::Tk103));
    }
    assert_eq!(sniff(b"\n\n"), Sniff::NeedMore);
}

/// A header that is followed by a login delays it only if its number and length are documented, and
/// then until as many bytes are there as it says.
#[test]
fn a_false_start_delays_a_login_as_long_as_a_documented_frame() {
    let login = gt06::short(0x01, &hex("0355951091868450"), 1);
    let mut wrong = Vec::new();
    // A frame of a documented number and length is believed; all bytes that it would have.
    for (start, believed) in [
        ("78783b18", 64),
        ("78781f12", 36),
        ("78780d01", 18),
        ("78780a13", 15),
        // Other lengths of the same numbers, and other numbers.
        ("78783c18", 0),
        ("78782012", 0),
        ("78783b99", 0),
        ("7878ff12", 0),
        ("79790fff94", 0),
        ("7878", 0),
        ("787800", 0),
        ("6868ff", 0),
        ("6868ff0000", 0),
        ("68682500000358899058314017", 0),
        ("28303237303432343131373933", 0),
    ] {
        let start = hex(start);
        let stream = [&start[..], &login.repeat(5)].concat();
        let expected = believed.max(start.len() + login.len());
        let (needed, found) = first_frame(&stream).unwrap_or_default();
        if (needed, &found) != (expected, &login) {
            wrong.push((start.clone(), needed, found));
        }
        assert_frames(&stream, &[&login[..]; 5]);
    }
    assert!(wrong.is_empty(), "{wrong:02x?}");
}

/// A report of `v680` with as many records.
fn report(records: usize) -> Vec<u8> {
    let record = "24002485#01748.8277,E,5938.3158,N,0.00,0.00#090913#221512#".repeat(records);
    format!("#353588020144007##1#0000#AUT#{records}#{record}#").into_bytes()
}

#[test]
fn the_recommended_buffer_takes_the_largest_frames_of_devices() {
    let report = report(19);
    let body = vec![b'x'; tk103::MAX_FRAME_LEN - 1 - 15 - 4 - 1];
    let largest = [b"(353588020144007BP01", &body[..], b")"].concat();
    assert_eq!(largest.len(), tk103::MAX_FRAME_LEN);
    for frame in [report, largest] {
        let stream = [&frame[..], KEEP_ALIVE].concat();
        assert_frames(&stream, &[&frame, KEEP_ALIVE]);
    }
}

/// The last byte ends two frames, one in the other, while a `gt06` location is open around the
/// inner one. That byte decides; that nothing follows it must not decide otherwise.
#[test]
fn the_end_of_a_stream_changes_no_decision() {
    let stream = hex("6868250000000000000000000000001a\
         78781f120a0101000000c00000000000000000000054681a0d0a");
    let whole = items_with(Decoder::<CAPACITY>::new(), [&stream[..]]);
    assert_eq!(whole, [Owned::Frame(stream.clone())]);
    assert_eq!(datagram_items(&stream), whole);
    assert_eq!(Frame::parse(&stream).unwrap().as_bytes(), stream);
}

/// Where the stream ends before the header of a documented message is decided, a documented message
/// inside that is whole still holds what is inside of it.
#[test]
fn at_the_end_the_next_documented_message_is_believed() {
    let start = hex("78783b18");
    let location = hex(
        "787823127878191515000001a92a4459443d537563636573732100020007eb4f0d0a\
         00010aa20d0a",
    );
    let stream = [&start[..], &location].concat();
    assert_eq!(frames_of(datagram_items(&stream)), [&location[..]]);
    let items = items_with(Decoder::<CAPACITY>::new(), [&stream[..]]);
    assert_eq!(frames_of(items), [&location[..]]);
    // What follows decides the same.
    assert_frames(&[&stream[..], &[0; 96]].concat(), &[&location]);
}

/// A false start of an unknown type, whose length ends at the `0D 0A` of a date. The checksum of
/// the location inside decides.
#[test]
fn a_frame_of_an_unknown_type_waits_for_what_is_inside() {
    let gps = hex("0a010d0a0000c000000000000000000000000000");
    let location = gt06::short(
        0x12,
        &[&gps[..18], &[1, 0xCC, 0, 0, 1, 0, 0, 1]].concat(),
        1,
    );
    let start = hex("68681000000000000000000000");
    let stream = [&start[..], &location].concat();
    assert!(stream[start.len()..].starts_with(&hex("78781f12")));
    assert_frames(&stream, &[&location]);
    // Without a frame inside it is one, when that is decided.
    let frame = hex("686810000000000000000000007878 1f120a010d0a"
        .replace(' ', "")
        .as_str());
    assert_frames(&frame, &[&frame]);
    assert_frames(
        &[&frame[..], &[0; 96], KEEP_ALIVE].concat(),
        &[&frame, KEEP_ALIVE],
    );
}

/// A frame inside whose length is wrong and whose checksum is right shows that the frame around it
/// was cut short: in a stream, at its end, and where the bytes are claimed to be one frame.
#[test]
fn a_right_checksum_inside_decides_alike_everywhere() {
    // A location whose last bytes are the serial and the checksum of a heartbeat.
    let inner = gt06::frame(false, 0x13, &[0x44, 6, 4, 0, 2], 0x1234, 5);
    let header = hex("68682500000358899058314017000110");
    let body = vec![1; 42 - header.len() - inner.len()];
    let around = [&header[..], &body, &inner].concat();
    assert_eq!(around.len(), 42);
    assert!(Frame::parse(&around).is_err());
    assert_frames(&around, &[&inner]);
    let stream = [&around[..], KEEP_ALIVE].concat();
    assert_frames(&stream, &[&inner, KEEP_ALIVE]);
    // A frame of 64 bytes that the next one ends.
    let core = hex("24410600082621532131081504419390060740418306000000fffffbfd");
    let with_inner = [&core[..], &[0; 9], &inner, &[0; 9]].concat();
    let stream = [&with_inner[..], &core, &[0; 3]].concat();
    let cut = &with_inner[..core.len() + 9];
    assert!(Frame::parse(&with_inner).is_err());
    let last = [&core[..], &[0; 3]].concat();
    assert_frames(&stream, &[cut, &inner, &last]);
}

#[test]
fn a_datagram_takes_99_records() {
    for records in [19, 50, 99] {
        let report = report(records);
        assert_eq!(frames_of(datagram_items(&report)), [&report[..]]);
    }
}

/// The items of a stream in reads that are cut at these places, by a [`SliceDecoder`] and by a
/// [`Decoder`], which must agree in all steps. That cuts change no items is the second law.
fn assert_sizes_agree<const N: usize>(stream: &[u8], cuts: &[usize]) -> Result<(), TestCaseError> {
    let mut buffer = vec![0; N];
    let mut by_slice = SliceDecoder::new(&mut buffer).unwrap();
    let mut by_size = Decoder::<N>::new();
    let mut items = Vec::new();
    for cut in cuts.windows(2) {
        let (mut first, mut second) = (&stream[cut[0]..cut[1]], &stream[cut[0]..cut[1]]);
        loop {
            let item = by_size.decode(&mut first).map(Owned::from);
            prop_assert_eq!(by_slice.decode(&mut second).map(Owned::from), item.clone());
            prop_assert_eq!(first.len(), second.len());
            prop_assert_eq!(by_slice.pending_len(), by_size.pending_len());
            let Some(item) = item else { break };
            items.push(item);
        }
        let pending = by_size.pending().to_vec();
        prop_assert_eq!(by_slice.pending(), &pending[..]);
        prop_assert_eq!(by_slice.pending_len(), pending.len());
        prop_assert!(pending.len() < N);
    }
    loop {
        let item = by_size.finish().map(Owned::from);
        prop_assert_eq!(by_slice.finish().map(Owned::from), item.clone());
        let Some(item) = item else { break };
        items.push(item);
    }
    prop_assert_eq!(by_slice.pending_len(), 0);
    let bytes: Vec<u8> = items.iter().flat_map(Owned::bytes).copied().collect();
    prop_assert_eq!(bytes, stream);
    Ok(())
}

proptest! {
    #![proptest_config(support::config(1000))]

    #[test]
    fn a_buffer_of_the_callers_changes_nothing(
        stream in any_stream(),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        assert_sizes_agree::<64>(&stream, &cuts)?;
        assert_sizes_agree::<100>(&stream, &cuts)?;
        assert_sizes_agree::<260>(&stream, &cuts)?;
        assert_sizes_agree::<1024>(&stream, &cuts)?;
    }
}

/// One damaged byte may end a frame in its digits. A frame cut short before a keep-alive whose
/// start mark it took leaves the same bytes, so the digits come out as one.
#[test]
fn digits_after_an_end_mark_may_be_a_keep_alive() {
    let damaged = b"*HQ,0000000000,ICCID,8986#121801609042193#";
    assert_frames(damaged, &[&damaged[..26], &damaged[26..]]);
}

/// A frame that was cut short takes the front of a report for its last bytes. Where the buffer ends
/// before the report does, one of the two must give way.
#[test]
fn a_full_buffer_keeps_the_report_and_not_the_frame_cut_short_before_it() {
    let line = "#39#262,03,8CE6,A672$GPRMC,,V,,,,,,,,,,A*5C\r\n".repeat(4);
    let lines = format!("#428476246529133#MT700#0000#0#0#137#41#0#AUTO#4\r\n{line}##\r\n");
    let cuts = [
        // A mileage record that takes `#4` for the end of its status, and three bytes more.
        hex("581711309918164927100110123128584b151534334403 9202dff7"),
        b"*HQ,865205030330012,V1,145452,A,2240.5518".to_vec(),
        b"*HQ,865205030330012,V1".to_vec(),
    ];
    for report in [lines.into_bytes(), report(4)] {
        for cut in &cuts {
            let stream = [&cut[..], &report, KEEP_ALIVE].concat();
            for size in report.len()..=stream.len() {
                let mut buffer = vec![0; size];
                let mut decoder = SliceDecoder::new(&mut buffer).unwrap();
                let (mut input, mut found) = (&stream[..], Vec::new());
                while let Some(item) = decoder.decode(&mut input) {
                    found.push(Owned::from(item));
                }
                while let Some(item) = decoder.finish() {
                    found.push(Owned::from(item));
                }
                let expected = [&report[..], KEEP_ALIVE];
                assert_eq!(
                    frames_of(found),
                    expected,
                    "{} in {size}",
                    cut.escape_ascii()
                );
            }
        }
    }
}

#[test]
fn a_buffer_has_64_bytes_at_least() {
    assert!(SliceDecoder::new(&mut [0; 63]).is_none());
    assert!(SliceDecoder::new(&mut [0; 64]).is_some());
}

#[test]
fn a_whole_h02_frame_never_waits() {
    for frame in [
        &b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#"[..],
        b"*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,FFFBFFFF,\
          25c,a,154,b04c#",
        b"*HQ,5905101893,V1,105759,A,37573392,S,145037022,E,000.00,173,280122,FF7FFBFF,,,9059e2c,\
          8232,4#",
        b"*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27766,-67,291019,FFFFFBFF,6#",
        b"*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#",
        b"*HQ,865205030330012,V0#",
        b"*HQ,135790246811220,HTBT#",
        b"*HQ,135790246811220,HTBT,100#",
        b"*HQ,135790246811220,HTBT,7#",
        b"*HQ,4209951296,S20,130305,1,3,10,3,5,5,3,5,3,5,3,5#",
        b"*HQ,000,D1,130305,30,65535#",
        b"*HQ,000,R1,130305#",
        b"*HQ,000,SCF,130305,0,1#",
        b"*HQ,000,LOCK,130305#",
        b"*DC,4210051415,V4,V1,20151222164549#",
    ] {
        assert_eq!(first_frame(frame), Some((frame.len(), frame.to_vec())));
    }
}

#[test]
fn an_h02_frame_that_may_be_cut_waits_for_one_byte() {
    for frame in [
        &b"*HQ,865205030330012,V1,145452,A,2240.55#"[..],
        b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.3#",
        b"*HQ,865205030330012,V1#",
        b"*HQ,135790246811220,HTBT,#",
    ] {
        assert_eq!(first_frame(frame), None, "{}", frame.escape_ascii());
        // At the end of the stream it is one.
        assert_frames(frame, &[frame]);
        for next in [b"\r", b"*", b"x", b"#", b"\0"] {
            let stream = [frame, next].concat();
            assert_eq!(first_frame(&stream), Some((stream.len(), frame.to_vec())));
        }
        // A digit may be that of an id.
        let report = report(1);
        let cut = &frame[..frame.len() - 1];
        assert_frames(&[cut, &report].concat(), &[&report]);
    }
}
