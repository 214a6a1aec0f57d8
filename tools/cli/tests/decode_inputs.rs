//! The forms of input of the command `decode`: logs with text, frames pasted as text.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/command.rs"]
mod command;

use command::Run;
use serde_json::Value;

const TEXT_LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/text_log.log");

// Examples of `docs/protocols`.
const H02: &str =
    "*HQ,865205030001111,V1,000020,A,2250.1480,N,11425.2945,E,0.00,0,010615,FFFFFBFF#";
const TK103: &str =
    "(027044530000BR00161125A2207.6075N10055.7919W002.1013133711.2400000000L00000000)";
const V680: &str = "#353588020144007##";
const GT02: &str = "6868130504035889905831401700001a040423261e290d0a";

/// Runs the command with this standard input.
fn run(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    command::run("decode", args, input)
}

#[track_caller]
fn json(run: &Run) -> Vec<Value> {
    assert_eq!(run.status, 0, "{}", run.messages);
    run.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn events(input: impl AsRef<[u8]>) -> Vec<Value> {
    json(&run(&["--json", "-q"], input))
}

/// The texts of one field.
fn texts<'a>(events: &'a [Value], field: &str) -> Vec<&'a str> {
    events
        .iter()
        .map(|event| event[field].as_str().unwrap_or("-"))
        .collect()
}

/// The bytes of all frames and of all noise, as text.
fn raw(events: &[Value]) -> String {
    String::from_utf8(hex::decode(texts(events, "raw").concat()).unwrap()).unwrap()
}

/// A line of a log of a Traccar server of 2024.
fn log_line(connection: &str, data: &str) -> String {
    format!("2026-05-04 06:00:02  INFO: [{connection}: h02 < 10.20.0.7] {data}\n")
}

mod text_logs {
    use super::*;

    #[test]
    fn sample() {
        let run = run(&["--json", TEXT_LOG], "");
        let events: Vec<Value> = json(&run)
            .into_iter()
            .filter(|event| event["kind"] != "noise")
            .collect();
        assert_eq!(
            texts(&events, "kind"),
            ["response", "location", "location", "heartbeat"]
        );
        assert_eq!(
            events[0]["text"],
            "ST906(70SACD)_TQ_V_2.0 2024/06/07\nID:11223344\nIP:192.0.2.4 5013\nUT:30,30,300\n\
             VOLT:13.1V\nAPN:internet.example.com\nGPS:A-22-20\nGSM:26"
        );
        assert_eq!(
            texts(&events, "connection"),
            ["T13cb679d", "T9c4cfd95", "T9c4cfd96", "T9c4cfd97"]
        );
        assert!(
            run.messages.contains("bytes        330: reads 5"),
            "{}",
            run.messages
        );
    }

    #[test]
    fn text_and_hex_give_the_same() {
        for frame in [H02, TK103, V680] {
            let text = events(log_line("T1", &format!("{frame}\\r\\n")));
            let bytes = hex::encode(format!("{frame}\r\n"));
            assert_eq!(text, events(log_line("T1", &bytes)), "{frame}");
            assert_eq!(text, events(log_line("T1", &format!("HEX: {bytes}"))));
            assert_eq!(raw(&text), format!("{frame}\r\n"), "nothing is lost");
        }
    }

    #[test]
    fn a_text_may_have_brackets_and_backslashes() {
        let text = "*HQ,11223344,SMS,[T9: h02 < 1.2.3.4] 6868 \\x \\\\#";
        let events = events(log_line("T1", text));
        assert_eq!(texts(&events, "connection"), ["T1"]);
        assert_eq!(raw(&events), text);
    }

    /// The first versions had no id for a connection: the peer stands for it.
    #[test]
    fn logs_with_arrows() {
        let hex = hex::encode(H02);
        let log = format!(
            "2014-02-28 18:00:27 DEBUG: [5013 <- 10.0.0.7] - HEX: {}\n\
             2014-02-28 18:00:28 DEBUG: [5013 <- 10.0.0.8] - HEX: {hex}\n\
             2013-04-07 18:16:38 org.traccar.BasePipelineFactory$StandardLoggingHandler.log FINE: [5013 <- 10.0.0.7] - (HEX: {})\n\
             2014-02-28 18:00:29 DEBUG: [5013 -> 10.0.0.7] - HEX: {hex}\n",
            &hex[..20],
            &hex[20..]
        );
        let events = events(log);
        assert_eq!(texts(&events, "kind"), ["location"; 3]);
        assert_eq!(
            texts(&events, "connection"),
            ["10.0.0.8", "10.0.0.7", "10.0.0.7"]
        );
        assert_eq!(texts(&events, "direction"), ["-", "-", "down"]);
    }

    /// A log of Windows, whose lines end with both characters; spaces are a part of the text.
    #[test]
    fn a_text_ends_where_the_line_ends() {
        let line = log_line("T1", "*HQ,11223344,SMS,a #").replace('\n', "\r\n");
        assert_eq!(raw(&events(line)), "*HQ,11223344,SMS,a #");
        let halves = [log_line("T1", "*HQ,11223344,SMS,a "), log_line("T1", " b#")].concat();
        assert_eq!(raw(&events(halves)), "*HQ,11223344,SMS,a  b#");
    }

    /// Reads cut anywhere. Some look like hex, or like hex with half a byte.
    #[test]
    fn a_text_that_looks_like_hex() {
        for (start, end) in [(30, 34), (30, 35), (60, 64), (1, 13)] {
            let reads = [&TK103[..start], &TK103[start..end], &TK103[end..]];
            let log: String = reads.iter().map(|read| log_line("T1", read)).collect();
            let events = events(log);
            assert_eq!(texts(&events, "kind"), ["location"], "{reads:?}");
            assert_eq!(raw(&events), TK103);
        }
        // On another connection it is hex.
        let log = [log_line("T1", TK103), log_line("T2", &hex::encode(TK103))].concat();
        assert_eq!(texts(&events(log), "kind"), ["location", "location"]);
    }
}

mod pasted {
    use super::*;

    #[test]
    fn text_beside_hex_with_and_without_spaces() {
        let spaced = GT02
            .as_bytes()
            .chunks(2)
            .map(|digits| str::from_utf8(digits).unwrap())
            .collect::<Vec<_>>()
            .join(" ");
        let input = format!(
            "My tracker sends this:\n\n{H02}\n  {TK103}{TK103}\r\n# a comment with {H02}\n{GT02}\n{spaced} # and again\n\
             >{H02}\n{V680}\nWhat is it?\n"
        );
        let run = run(&["--json"], &input);
        let events = json(&run);
        assert_eq!(
            texts(&events, "protocol"),
            ["h02", "tk103", "tk103", "gt02", "gt02", "h02", "v680"]
        );
        assert_eq!(events[5]["direction"], "down");
        assert!(
            run.messages
                .contains("gt02: -:1: not hex, and no frame as text"),
            "{}",
            run.messages
        );
        assert!(
            run.messages.contains("lines        skipped 2, bad 2"),
            "{}",
            run.messages
        );
    }

    #[test]
    fn line_ends_as_escapes() {
        let events = events(format!("{H02}\\r\\n{TK103}\\r\\n\n"));
        let frames: Vec<&str> = texts(&events, "protocol")
            .into_iter()
            .filter(|protocol| *protocol != "-")
            .collect();
        assert_eq!(frames, ["h02", "tk103"]);
        assert_eq!(raw(&events), format!("{H02}\r\n{TK103}\r\n"));
    }

    /// The bytes of a device that sends text first, and then what is not text: a stream.
    #[test]
    fn text_before_other_bytes() {
        let binary = hex::decode(GT02).unwrap();
        let events = events([format!("{H02}\r\n").as_bytes(), &binary, b"\n"].concat());
        let protocols = texts(&events, "protocol");
        assert!(
            protocols.starts_with(&["h02"]) && protocols.contains(&"gt02"),
            "{events:?}"
        );
    }

    /// A text may have line ends in it.
    #[test]
    fn a_frame_over_several_lines() {
        let events = events(format!(
            "*HQ,11223344,SMS,ST906\nID:11223344\nGSM:26#\n{H02}\nthe end\n"
        ));
        assert_eq!(texts(&events, "kind")[0], "response");
        assert!(events.iter().any(|event| event["kind"] == "location"));
    }

    /// Frames with date and time before them, as other servers log them: no log of Traccar.
    #[test]
    fn date_and_time_before_a_text() {
        let time = "2026-05-04 06:00:02 ";
        let input: String = [H02, TK103, V680]
            .map(|frame| format!("{time}{frame}\n"))
            .concat();
        let events = events(&input);
        let frames: Vec<&str> = texts(&events, "protocol")
            .into_iter()
            .filter(|protocol| *protocol != "-")
            .collect();
        assert_eq!(frames, ["h02", "tk103", "v680"]);
        assert_eq!(raw(&events), input.replace('\n', ""), "nothing is lost");
        // A log, one of whose lines has a frame without saying where it came from.
        let log = format!("{time} INFO: strange: {H02}\n{}", log_line("T1", TK103));
        let events = super::events(log);
        assert_eq!(texts(&events, "protocol"), ["tk103"]);
    }

    /// A line of a forum in another encoding is left out like any other.
    #[test]
    fn hex_after_latin_1() {
        let run = run(
            &["--json"],
            [b"caf\xE9:\n", GT02.as_bytes(), b"\n"].concat(),
        );
        assert_eq!(texts(&json(&run), "protocol"), ["gt02"]);
        assert!(
            run.messages.contains("gt02: -:1: not hex"),
            "{}",
            run.messages
        );
        // Without hex each byte counts.
        let stream = b"caf\xE9\n*HQ,11223344,SMS,a#\n";
        let events = events(stream);
        assert_eq!(texts(&events, "kind"), ["noise", "response", "noise"]);
        assert_eq!(texts(&events, "raw").concat(), hex::encode(stream));
    }
}

mod refused {
    use super::*;

    #[track_caller]
    fn assert_says(input: impl AsRef<[u8]>, said: &str) {
        let run = run(&["--json"], input);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.messages);
        assert!(run.messages.contains(said), "{}", run.messages);
    }

    #[test]
    fn says_what_to_do() {
        let line: Vec<u16> = format!("\u{feff}{H02}\n").encode_utf16().collect();
        let convert = "`iconv -f UTF-16 -t UTF-8 FILE | gt02 decode`";
        let bytes = |order: fn(u16) -> [u8; 2]| line.iter().copied().flat_map(order).collect();
        let (little, big): (Vec<u8>, Vec<u8>) = (bytes(u16::to_le_bytes), bytes(u16::to_be_bytes));
        assert_says(little, convert);
        assert_says(big, convert);
        assert_says(
            b"\x1F\x8B\x08\0\0\0\0\0\0\x03",
            "`gzip -dc FILE | gt02 decode`",
        );
        assert_says(
            format!("2026-05-04 06:00:02  INFO: HEX: {GT02}\n"),
            "try --format hex",
        );
    }
}
