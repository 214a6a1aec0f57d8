#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

extern crate std;

use super::Framer;
use crate::{
    error::ErrorKind,
    framing::{
        Framing, Limits, Wire,
        testing::{self, Samples, samples},
    },
};
use std::{format, string::String, vec::Vec};

const MARKS: Samples = &[
    b"1",
    b"13#",
    b"1#0000#",
    b"0000#A",
    b"AUT#1#",
    b"\r\n",
    b",",
    b",,,,,",
    b"143905",
    b".",
    b"12345678",
    b"##,",
    b"V#01748.8277,E,5938.3158,N,0.00,0.00#090913#221512",
    b"#353588020144007##2#0000#AUT#2#",
    b"0000#AUTO#1\r\n",
    b"0000#0#0#137#41#0#",
    b"#39#262,03,8CE6,A672$",
    b"$GPRMC,,V,,,,,,,,,,A*5C\r\n",
    b"#$WIFI,,V,,*00",
    b"##\r\n",
];

const KEEP_ALIVE: Framing = Framing::Complete { len: 18 };

const fn more(needed: usize) -> Framing {
    Framing::Incomplete { needed }
}

const fn field(at: usize) -> Framing {
    Framing::invalid(ErrorKind::Field, at)
}

const fn cut(at: usize) -> Framing {
    Framing::invalid(ErrorKind::End, at)
}

/// The verdict while the stream goes on, and at its end.
fn answers(window: &str) -> (Framing, Framing) {
    let [open, end] = [false, true].map(|end| {
        let limits = Limits::new(1024);
        Framer::framing(window.as_bytes(), end, &limits)
    });
    (open, end)
}

#[test]
fn answers_never_change() {
    testing::answers_never_change::<Framer>(samples::V680, MARKS, b"#");
}

#[test]
fn sniffing_never_changes() {
    testing::sniffing_never_changes::<Framer>(samples::V680, MARKS);
}

#[test]
fn plain_frames_are_frames() {
    testing::plain_frames_are_frames::<Framer>(samples::V680, MARKS);
}

#[test]
fn samples_are_frames() {
    testing::assert_frames::<Framer>(samples::V680);
}

const ID: &str = "#353588020144007";

#[test]
fn the_bytes_after_it_decide_what_a_keep_alive_is() {
    let mut wrong = Vec::new();
    for (after, open, at_the_end) in [
        ("", more(19), KEEP_ALIVE),
        ("#", KEEP_ALIVE, KEEP_ALIVE),
        ("#353588020144007##", KEEP_ALIVE, KEEP_ALIVE),
        ("\r\n", KEEP_ALIVE, KEEP_ALIVE),
        ("*HQ", KEEP_ALIVE, KEEP_ALIVE),
        ("hh", KEEP_ALIVE, KEEP_ALIVE),
        // A report, so far.
        ("1", more(20), KEEP_ALIVE),
        ("13", more(21), KEEP_ALIVE),
        ("1#0000#", more(26), KEEP_ALIVE),
        ("1#0000#A", more(27), more(27)),
        // Lines, so far.
        ("0000#", more(24), KEEP_ALIVE),
        ("123456#", more(26), KEEP_ALIVE),
        ("0000#0#0#137#41#-5#AUTO#1", more(44), KEEP_ALIVE),
        ("0000#AUTO#1\r", more(31), more(31)),
        // None.
        ("1x", KEEP_ALIVE, KEEP_ALIVE),
        ("1\r", KEEP_ALIVE, KEEP_ALIVE),
        ("1#0000000", KEEP_ALIVE, KEEP_ALIVE),
        ("1#0000#0", KEEP_ALIVE, KEEP_ALIVE),
        ("1##353588020144007##", KEEP_ALIVE, KEEP_ALIVE),
        ("1234567#", KEEP_ALIVE, KEEP_ALIVE),
        ("1234567890123456", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#2", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#0#0#137#41#AUTO#1", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#0#0#137#41##AUTO#1", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#0#0#137#4-1", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#AUTO#0\r", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#AUTO#1\n", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#AUTO#100\r", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#A#1", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#ABCDEFGHIJKLM", KEEP_ALIVE, KEEP_ALIVE),
        ("0000#AUTo", KEEP_ALIVE, KEEP_ALIVE),
        // A frame whose head was cut.
        ("0000#AUT#1#", KEEP_ALIVE, KEEP_ALIVE),
        // The next frame, whose `#` is the last one here, or was lost.
        ("353588020144007#", KEEP_ALIVE, KEEP_ALIVE),
        // A report that is damaged after its header.
        ("1#0000#A\r", field(26), field(26)),
        ("0000#AUTO#1\r\r", cut(30), cut(30)),
    ] {
        let window = format!("{ID}##{after}");
        if answers(&window) != (open, at_the_end) {
            wrong.push((window.clone(), answers(&window)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_keep_alive_without_its_end_mark_is_one_where_nothing_follows() {
    for end in ["", "#"] {
        let window = format!("{ID}{end}");
        let len = window.len();
        assert_eq!(answers(&window), (more(len + 1), Framing::Complete { len }));
    }
    let short = &ID[..15];
    assert_eq!(answers(short).1, more(16));
    let rejected = Framing::invalid(ErrorKind::DeviceId, 16);
    assert_eq!(answers(&format!("{ID}\r\n")).1, rejected);
}

const RECORD: &str = "V#01748.8277,E,5938.3158,N,0.00,0.00#090913#221512";

fn report(count: &str, after: &str) -> String {
    format!("{ID}##1#0000#AUT#{count}#{RECORD}{after}")
}

fn frame(count: &str, after: &str) -> Framing {
    let len = report(count, after).len();
    Framing::Complete { len }
}

#[test]
fn an_end_mark_stands_where_the_records_end() {
    for count in ["0", "1", "01"] {
        let found = |after: &str| answers(&report(count, after));
        let waits = |after: &str| more(report(count, after).len() + 1);
        // At once.
        assert_eq!(found("##").0, frame(count, "##"));
        assert_eq!(found("##1").0, frame(count, "##"));
        // No end mark.
        for after in ["\r", "$", "#\r", "#353588020144007##", "#V#1,E"] {
            assert_eq!(found(after).0, frame(count, ""), "{after:?}");
        }
        // The time may have a fraction, of three digits.
        for (after, kept) in [
            ("", ""),
            ("#", "#"),
            (".", ""),
            (".0", ""),
            (".00", ""),
            (".000", ".000"),
            (".000#", ".000#"),
        ] {
            assert_eq!(
                found(after),
                (waits(after), frame(count, kept)),
                "{after:?}"
            );
        }
        // Digits of the next frame, whose `#` is missing.
        let rejected = Framing::invalid(ErrorKind::End, report(count, "").len());
        assert_eq!(found("353588020144007##").0, rejected);
    }
}

#[test]
fn fewer_records_than_announced_end_where_two_marks_do() {
    let found = |after: &str| answers(&report("2", after));
    let waits = |after: &str| more(report("2", after).len() + 1);
    assert_eq!(found("##"), (waits("##"), frame("2", "##")));
    for after in ["###", "##\r", "##*"] {
        assert_eq!(found(after), (frame("2", "##"), frame("2", "##")));
    }
    for after in ["", "#", "##0", "##,", "#V"] {
        assert_eq!(found(after), (waits(after), waits(after)), "{after:?}");
    }
    let rejected = Framing::invalid(ErrorKind::End, report("2", "").len());
    assert_eq!(found("\r").0, rejected);
    // A record whose lbs is empty.
    let second = format!("#{}##", &RECORD[1..]);
    assert_eq!(found(&second).0, frame("2", &second));
}

#[test]
fn rejections_say_what_and_where() {
    let header = format!("{ID}##1#0000#AUT#1#");
    let at = header.len();
    let rows = [
        ("##", ErrorKind::DeviceId, 1),
        ("#begin#", ErrorKind::DeviceId, 1),
        ("#806#password##", ErrorKind::DeviceId, 4),
        ("#12345678#", ErrorKind::DeviceId, 9),
        ("#3535880201440071", ErrorKind::DeviceId, 16),
        ("#13800138000##b", ErrorKind::Field, 14),
        ("#13800138000##\r", ErrorKind::Field, 14),
        ("#353588020144007#\r", ErrorKind::Field, 17),
        (
            "#353588020144007#123456789012345678901234567890123",
            ErrorKind::Field,
            49,
        ),
        ("#353588020144007#MT700#0000000", ErrorKind::Field, 29),
        ("#353588020144007#MT700###", ErrorKind::Field, 24),
        ("#353588020144007##1#0000#AUT#123", ErrorKind::End, 31),
        ("#353588020144007##1#0000#AUT##", ErrorKind::End, 29),
        (
            "#353588020144007##1#0000#ABCDEFGHIJKLMNOPQ",
            ErrorKind::Field,
            41,
        ),
    ]
    .map(|(window, kind, at)| (String::from(window), kind, at));
    let records = [
        (String::from("V#V#V#"), 5),
        (String::from("V#1\u{7F}"), 3),
        (format!("V#{}", "1".repeat(65)), 2 + 64),
        ("1".repeat(129), 128),
        (String::from("V#1,E,2,N,0,0#090913#22151#"), 26),
        (String::from("V#1,E,2,N,0,0##"), 14),
        (String::from("V#1,E,2,N,0,0#1#"), 15),
        (String::from("V#,,,,,###1"), 10),
    ];
    let records = records.map(|(rest, offset)| {
        let window = format!("{header}{rest}");
        (window, ErrorKind::End, at + offset)
    });
    let rows: Vec<_> = rows.into_iter().chain(records).collect();
    let rows: Vec<(&[u8], _, _)> = rows
        .iter()
        .map(|(window, kind, at)| (window.as_bytes(), *kind, *at))
        .collect();
    testing::assert_rejections::<Framer>(&rows);
}

#[test]
fn frames_larger_than_the_largest_are_dropped() {
    let frame = samples::V680[7];
    let len = frame.len();
    for end in [false, true] {
        for (max, verdict) in [
            (len, Framing::Complete { len }),
            (len - 1, Framing::Complete { len: len - 1 }),
            (len - 3, Framing::invalid(ErrorKind::Oversize, len - 4)),
        ] {
            let limits = Limits::new(max);
            assert_eq!(Framer::framing(frame, end, &limits), verdict, "{max}");
        }
    }
}

#[test]
fn the_first_bytes_tell_what_is_another_protocol() {
    let complete = |len| Framing::Complete { len };
    let id = |at| Framing::invalid(ErrorKind::DeviceId, at);
    let start = Framing::invalid(ErrorKind::Start, 0);
    testing::assert_sniffed::<Framer>(&[
        (b"", more(1)),
        (b"#", more(2)),
        (b"#353588020144007", more(17)),
        (b"#353588020144007#", more(18)),
        // What follows a keep-alive decides.
        (b"#353588020144007##", more(19)),
        (b"#353588020144007##\r", complete(19)),
        (b"#353588020144007###", more(20)),
        (b"#353588020144007###3", complete(20)),
        (b"#353588020144007##1", more(20)),
        (b"#353588020144007##1#", complete(20)),
        (b"#356823031187318#ab#1", more(22)),
        (b"#356823031187318#ab#1#", complete(22)),
        (b"#13800138000##0#0000#SOS", complete(16)),
        // A user of 5 characters or more hides the flag.
        (b"#356823031187318#TK333#1#0000#AUT#10#V#", complete(24)),
        (b"#356823033087326#alexwatch#0#0000#SOS#", complete(24)),
        // Lines (`docs/protocols/v680.md`).
        (b"#357671030946351#V500#00", complete(24)),
        (b"#357671030946351#V50#00", more(24)),
        (b"#357671030946351#MT700#0000#AUTO", complete(24)),
        (b"#357671030946351##0000#", more(24)),
        (
            b"#357671030946351##0000#AUTO#1\r\n#13AE2F8F$GPRMC",
            complete(24),
        ),
        (b"#357671030946351###AUTO#1\r\n#$GPRMC", field(19)),
        (b"#357671030946351#T1#0000#AUTO#1\r\n", complete(24)),
        (b"#357671030946351#T1##AUTO#1\r\n", complete(22)),
        (b"#357671030946351#T1##-", field(21)),
        (b"#357671030946351#T1##2", field(21)),
        (
            b"#357671030946351#357671030946351#0000#AUTO#1\r\n",
            complete(24),
        ),
        // One that is broken after the id.
        (b"#861075026000000#\r\n#0000#AUTO#1\r\n", field(17)),
        // Others.
        (b"##,imei:359586015829802,A;", id(1)),
        (b"#L#353588020144007;NA\r\n", id(1)),
        (b"#begin#123456#", id(1)),
        (b"*HQ,4109179024,V1", start),
        (b"GET / HTTP/1.1", start),
    ]);
}

const SENTENCE: &str = "GPRMC,,V,,,,,,,,,,A*5C";

/// A header of this many lines, and what follows.
fn lines(count: &str, after: &str) -> String {
    format!("{ID}#MT700#0000#AUTO#{count}\r\n{after}")
}

#[test]
fn lines_end_with_their_end_mark_or_before_what_follows_them() {
    let line = format!("#39${SENTENCE}");
    let found = |after: &str| answers(&lines("1", &format!("{line}{after}")));
    let frame = |after: &str| Framing::Complete {
        len: lines("1", &format!("{line}{after}")).len(),
    };
    let waits = |after: &str| more(lines("1", &format!("{line}{after}")).len() + 1);
    // At once.
    assert_eq!(found("\r\n##\r\n").0, frame("\r\n##\r\n"));
    // With a byte more, or the end of the stream.
    for (after, at_the_end) in [
        ("", ""),
        ("\r", ""),
        ("\r\n", "\r\n"),
        ("\r\n#", "\r\n#"),
        ("\r\n##", "\r\n##"),
        ("\r\n##\r", "\r\n##"),
        ("##", "##"),
    ] {
        assert_eq!(found(after), (waits(after), frame(at_the_end)), "{after:?}");
    }
    for (after, kept) in [
        ("x", ""),
        ("\rx", ""),
        ("\r\nx", "\r\n"),
        ("\r\n#x", "\r\n"),
        ("\r\n#353588", "\r\n"),
        ("\r\n##x", "\r\n##"),
        ("\r\n###353588", "\r\n##"),
        ("\r\n##\rx", "\r\n##"),
        ("##\r\n", "##\r\n"),
        // The second one begins the next frame.
        ("\r\n##353588", "\r\n#"),
    ] {
        assert_eq!(found(after).0, frame(kept), "{after:?}");
    }
}

#[test]
fn all_announced_lines_must_be_there() {
    for (count, number) in [("1", 1), ("01", 1), ("2", 2), ("99", 99)] {
        let line = format!("#${SENTENCE}\r\n");
        let whole = lines(count, &(line.repeat(number) + "##\r\n"));
        let len = whole.len();
        let limits = Limits::new(4096);
        let verdict = Framer::framing(whole.as_bytes(), false, &limits);
        assert_eq!(verdict, Framing::Complete { len }, "{count}");
        let short = lines(count, &(line.repeat(number - 1) + "##"));
        let open = matches!(answers(&short).1, Framing::Complete { .. });
        assert!(!open, "{count}");
    }
}

#[test]
fn rejections_of_lines_say_what_and_where() {
    let header = lines("2", "");
    let at = header.len();
    let rows = [
        ("$", 0),
        ("#x", 1),
        ("#1$", 2),
        ("#123$", 4),
        ("#1234567#", 8),
        ("#123456789012", 12),
        ("#39#262,03$", 10),
        ("#39#262,03,8CE6,A672,", 20),
        ("#39#262,03,x", 11),
        ("#39##", 4),
        ("#39$GPGGA", 6),
        ("#39$WIFI*", 8),
        ("#39$GPRMC,\r", 10),
        ("#39$GPRMC,#", 10),
        ("#39$GPRMC,$", 10),
        ("#39$GPRMC,*0x", 12),
        ("#39$GPRMC,,V,,,,,,,,,,A*5Cx", 26),
        ("#39$GPRMC,,V,,,,,,,,,,A*5C\r\n$", 28),
        ("#39$GPRMC,,V,,,,,,,,,,A*5C\r\n##\r", 30),
    ];
    let mut wrong = Vec::new();
    for (after, offset) in rows {
        let window = format!("{header}{after}");
        if answers(&window).0 != cut(at + offset) {
            wrong.push((window.clone(), answers(&window)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let long = |sentence: usize| {
        let window = format!("{header}#$GPRMC,{}", "1".repeat(sentence - 6));
        answers(&window).0
    };
    assert_eq!(long(200), more(at + 203));
    assert_eq!(long(201), cut(at + 202));
}

#[test]
fn a_wrong_sum_is_no_frame_unless_it_is_accepted() {
    let strict = Limits::new(1024);
    let accepting = Limits {
        accept_bad_crc: true,
        ..strict
    };
    for (sum, is_right) in [
        ("5C", true),
        ("5c", true),
        ("5D", false),
        ("4C", false),
        ("C5", false),
    ] {
        let line = format!("#39$GPRMC,,V,,,,,,,,,,A*{sum}\r\n");
        let frame = lines("1", &(line + "##\r\n"));
        let complete = Framing::Complete { len: frame.len() };
        let at = frame.find('*').unwrap() + 2;
        let verdict = if is_right {
            complete
        } else {
            Framing::invalid(ErrorKind::Checksum, at)
        };
        for end in [false, true] {
            assert_eq!(Framer::framing(frame.as_bytes(), end, &strict), verdict);
            assert_eq!(Framer::framing(frame.as_bytes(), end, &accepting), complete);
        }
    }
}

#[test]
#[cfg(feature = "v680")]
fn a_frame_cut_anywhere_costs_only_itself() {
    testing::assert_cuts_cost_one_frame(samples::V680, samples::V680, |left, first| {
        let is_keep_alive = left.len() == 18;
        // All but the end mark, or some of the records and `##`.
        let is_nearly_whole = left.len() + 6 >= first.len() || left.ends_with(b"##");
        first.starts_with(left) && (is_keep_alive || is_nearly_whole)
    });
}

#[test]
#[cfg(feature = "v680")]
fn any_byte_damaged_in_any_way_costs_one_frame() {
    let first = samples::V680[1];
    for hit in samples::V680 {
        for last in [samples::V680[0], samples::V680[2], samples::V680[3]] {
            testing::assert_damage_costs_one_frame(first, hit, last);
        }
    }
}
