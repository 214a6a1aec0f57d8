//! The command `provision` as its users run it: options or answers in, plans and meanings out.
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
use serde_json::{Value, json};
use std::process::Stdio;

fn run(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    command::run("provision", args, input)
}

/// The texts of a plan, in their order, with their numbers checked.
#[track_caller]
fn texts(args: &[&str]) -> Vec<String> {
    let run = run(args, "");
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let sends = run
        .out
        .lines()
        .filter_map(|line| line.split_once(". Send     "));
    sends
        .enumerate()
        .map(|(at, (number, text))| {
            assert_eq!(number.trim().parse(), Ok(at + 1));
            text.to_owned()
        })
        .collect()
}

/// What is said on a mistake.
#[track_caller]
fn refused(args: &[&str], message: &str) {
    let run = run(args, "");
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.messages.contains(message), "{}", run.messages);
    assert!(!run.messages.contains("panicked"));
}

const PLAN: [&str; 4] = ["--server", "203.0.113.7:8888", "--apn", "internet"];
const NAMED: [&str; 4] = ["--server", "example.com:5022", "--apn", "internet"];

mod plans {
    use super::*;

    #[test]
    fn for_any_tracker() {
        assert_eq!(
            texts(&PLAN),
            [
                "RJBB,000000#",
                "WHERE,666666#",
                "#smslink#123456#",
                "GPRSSET#",
                "check123456",
                "RCONF",
                "APN,666666,internet#",
                "SERVER,666666,0,203.0.113.7,8888,0#",
                "#timezone#123456#W#0#00#",
                "#apn#123456#internet###",
                "#IP#123456#203.0.113.7#8888#",
                "TCP",
                "APN,internet#",
                "SERVER,0,203.0.113.7,8888,0#",
                "GMT,E,0,0#",
                "GPRSON,1#",
                "GPRSSET#",
                "time zone123456 0",
                "apn123456 internet",
                "adminip123456 203.0.113.7 8888",
                "gprs123456",
                "check123456",
                "8960000E00",
                "7100000",
                "8030000 internet",
                "8040000 203.0.113.7 8888",
                "RCONF",
            ]
        );
        let out = run(&PLAN, "").out;
        assert!(out.contains("No texts for this set: the device id is missing: give the IMEI on the tracker's label with --id"), "{out}");
        assert!(out.contains("it is set B (Goome): go on with step 7"));
        assert!(out.contains("it is set C (CanTrack): go on with step 9"));
        assert!(out.contains("Expect   SERVEROK!"));
        assert!(out.contains("to UTC"));
        for section in [
            "Before you begin",
            "Which commands",
            "Set A (Concox)",
            "Set B (Goome)",
            "Set C (CanTrack)",
            "Set J (Concox, Jimi)",
            "Set W (TK102, TK103)",
            "Set S (SinoTrack)",
            "If another answer comes",
            "Done",
        ] {
            assert_eq!(
                out.lines().filter(|line| line.starts_with(section)).count(),
                1,
                "{section}"
            );
        }
    }

    #[test]
    fn with_all_options() {
        let args = [
            &PLAN[..],
            &[
                "--id",
                "358899058314017",
                "--password",
                "1234",
                "--interval",
                "60",
            ],
        ]
        .concat();
        assert_eq!(
            texts(&args),
            [
                "RJBB,1234#",
                "WHERE,1234#",
                "#smslink#1234#",
                "GPRSSET#",
                "check1234",
                "RCONF",
                "GPRS,1234,internet,0,203.0.113.7,8888,358899058314017,0#",
                "GPRSDS,1234,60#",
                "APN,1234,internet#",
                "SERVER,1234,0,203.0.113.7,8888,0#",
                "TIMER,1234,,60#",
                "#timezone#1234#W#0#00#",
                "#apn#1234#internet###",
                "#IP#1234#203.0.113.7#8888#",
                "#at#60#sum#0#",
                "TCP",
                "APN,internet#",
                "SERVER,0,203.0.113.7,8888,0#",
                "GMT,E,0,0#",
                "TIMER,60,60#",
                "GPRSON,1#",
                "GPRSSET#",
                "PARAM#",
                "time zone1234 0",
                "apn1234 internet",
                "adminip1234 203.0.113.7 8888",
                "gprs1234",
                "fix060s***n1234",
                "check1234",
                "8961234E00",
                "7101234",
                "8031234 internet",
                "8041234 203.0.113.7 8888",
                "8051234 60",
                "8091234 60",
                "RCONF",
            ]
        );
        assert!(run(&args, "").out.contains("send #AT#1234#60#00#"));
    }

    #[test]
    fn for_a_known_set() {
        assert_eq!(
            texts(&[&NAMED[..], &["--set", "a"]].concat()),
            ["RJBB,000000#", "GPRS,000000,internet,0,example.com:5022#"]
        );
        let user = [
            &NAMED[..],
            &[
                "--set",
                "b",
                "--apn-user",
                "me",
                "--apn-password",
                "p",
                "--transport",
                "udp",
            ],
        ]
        .concat();
        assert_eq!(
            texts(&user),
            [
                "WHERE,666666#",
                "APN,666666,internet,me,p#",
                "SERVER,666666,1,example.com,5022,1#"
            ]
        );
        let c = [&NAMED[..], &["--set", "c", "--interval", "30"]].concat();
        assert_eq!(texts(&c).len(), 6);
        let j = [&NAMED[..], &["--set", "j", "--transport", "udp"]].concat();
        assert_eq!(texts(&j)[2], "SERVER,1,example.com,5022,1#");
        let w = [&NAMED[..], &["--set", "w", "--apn-user", "me"]].concat();
        assert_eq!(texts(&w)[3], "apnuser123456 me");
        let s = [&NAMED[..], &["--set", "s"]].concat();
        assert_eq!(texts(&s)[4], "8040000 example.com 5022");
        assert_eq!(texts(&["--set", "gt02d", "--interval", "30"]), ["730#30#"]);
    }

    #[test]
    fn begins_with_the_sets_of_the_protocol() {
        let from = |protocol| texts(&[&NAMED[..], &["--from", protocol]].concat());
        assert_eq!(from("tk103")[..2], ["check123456", "RJBB,000000#"]);
        assert_eq!(from("h02")[..2], ["RCONF", "#smslink#123456#"]);
        assert_eq!(
            from("gt06")[..3],
            ["GPRSSET#", "RJBB,000000#", "#smslink#123456#"]
        );
        // The plans come in the same order, and all of them.
        assert_eq!(from("gt06")[6], "APN,internet#");
        let mut sorted = (from("gt06"), texts(&NAMED));
        sorted.0.sort();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1);
    }

    #[test]
    fn to_listen_in() {
        let of = |set| texts(&["--set", set, "--monitor", "13800138000"]);
        assert_eq!(of("c"), ["#admin#123456#13800138000#", "#monitor#123456#"]);
        assert_eq!(of("w"), ["admin123456 13800138000", "monitor123456"]);
        assert_eq!(of("j"), ["SOS,A,13800138000#"]);
        assert_eq!(of("topin"), ["monitor#13800138000#"]);
        assert_eq!(texts(&["--monitor", "13800138000"]).len(), 6);
        let with_plan = [&NAMED[..], &["--set", "j", "--monitor", "+123"]].concat();
        assert_eq!(texts(&with_plan)[6], "SOS,A,+123#");
        refused(
            &["--set", "s", "--monitor", "123"],
            "command set S (SinoTrack) has no command to listen in",
        );
        refused(
            &["--set", "j", "--monitor", "12"],
            "--monitor: the phone must have 3 to 15 characters",
        );
        let message = "error: --monitor: the phone must have 3 to 15 characters\n\n";
        refused(&["--monitor", "12"], message);
        refused(&[&NAMED[..], &["--monitor", "12"]].concat(), message);
        refused(
            &["--set", "gt02d", "--interval", "30", "--monitor", "123"],
            "command set GT02D has no command to listen in",
        );
    }

    #[test]
    fn says_what_refusals_mean() {
        let end_of = |set| run(&[&NAMED[..], &["--set", set]].concat(), "").out;
        for (set, refusal) in [
            ("b", "  - ...Error: ...: the set is right, but the password"),
            ("j", "  - Error!: the set is right, but a value is not.\n"),
            ("w", "  - password err: the set is right, but the password"),
            (
                "topin",
                "FORMAT WRONG!: the tracker does not know the text.",
            ),
        ] {
            let out = end_of(set);
            assert!(out.contains(refusal), "{set}: {out}");
        }
        assert!(!end_of("topin").contains("password"));
    }

    #[test]
    fn ends_with_a_proof() {
        let j = [&NAMED[..], &["--set", "j", "--interval", "60"]].concat();
        let out = run(&j, "").out;
        let proof = "Then     compare what it says of APN, server and interval with this plan";
        assert_eq!(out.matches(proof).count(), 2, "{out}");
    }

    #[test]
    fn what_one_set_cannot_does_not_stop_the_others() {
        let udp = [&NAMED[..], &["--transport", "udp"]].concat();
        let run = run(&udp, "");
        assert_eq!(run.status, 0);
        assert!(
            run.out.contains("No texts for this set: command set C (CanTrack) has no command to have the server reached over UDP."),
            "{}",
            run.out
        );
        assert!(run.out.contains("GPRS,000000,internet,1,example.com:5022#"));
    }

    #[test]
    fn help() {
        for flag in ["-h", "--help"] {
            let run = run(&[flag], "");
            assert_eq!(run.status, 0);
            for word in ["--apn", "--server", "--set", "--answers", "gt02d"] {
                assert!(run.out.contains(word), "{flag} {word}");
            }
        }
    }

    #[test]
    fn a_reader_that_goes_away() {
        let mut child = command::command("provision")
            .args(PLAN)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    }
}

mod mistakes {
    use super::*;

    fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
        [&NAMED[..], args].concat()
    }

    #[test]
    fn name_the_option() {
        refused(&[], "--apn is missing");
        refused(&["--apn", "internet"], "--server is missing");
        refused(
            &with(&["--password", "12"]),
            "--password: the password must have 4 to 6 characters",
        );
        refused(
            &with(&["--password", "secret"]),
            "--password: the password cannot hold 's'",
        );
        refused(
            &with(&["--set", "b", "--interval", "5"]),
            "--interval: the interval in seconds must be 10 to 18000",
        );
        refused(
            &with(&["--set", "b", "--apn-user", "a b"]),
            "--apn-user: the APN user cannot hold ' '",
        );
        refused(
            &with(&["--set", "c", "--apn-password", "a#"]),
            "--apn-password: the APN password cannot hold '#'",
        );
        refused(
            &with(&["--set", "a", "--apn-user", "me"]),
            "command set A (Concox) has no command to set a user and a password of the APN",
        );
        refused(
            &["--apn", "a,b", "--server", "example.com:1"],
            "--apn: the APN cannot hold ','",
        );
        refused(
            &["--apn", "", "--server", "example.com:1"],
            "--apn: the APN must have 1 to 63 characters",
        );
        refused(
            &with(&["--id", "12x"]),
            "a device id is 1 to 16 decimal digits",
        );
        refused(
            &with(&["--set", "x", "--password", "1234"]),
            "command set X (A11, GT09) has no command to set the server",
        );
        refused(
            &with(&["--set", "a", "--from", "gt06"]),
            "cannot be used with",
        );
        refused(
            &with(&["--set", "d"]),
            "[possible values: a, b, c, j, w, s, x, topin, vsun, gt02d, all]",
        );
    }

    #[test]
    fn of_the_server() {
        let server = |server: &str, message: &str| {
            refused(&["--apn", "internet", "--server", server], message)
        };
        server("example.com", "the port is missing: give host:port");
        server("example.com:0", "the port must be a number from 1 to 65535");
        server(
            "example.com:65536",
            "the port must be a number from 1 to 65535",
        );
        server(
            "http://example.com:80",
            "leave out the part before the host",
        );
        server("[2001:db8::1]:80", "IPv4 addresses and names only");
        server(
            "203.0.113.777:80",
            "--server: the host is neither a name nor an IPv4 address",
        );
        server(":80", "--server: the host must have 1 to 253 characters");
        server("a b:80", "--server: the host cannot hold ' '");
        refused(
            &[&PLAN[..], &["--set", "a"]].concat(),
            "give the IMEI on the tracker's label with --id, or a --server that has a name",
        );
        refused(
            &[&PLAN[..], &["--set", "a", "--id", "123"]].concat(),
            "--id: the device id must have 15 characters",
        );
    }

    #[test]
    fn a_password_that_is_not_used_is_told() {
        for (set, is_told) in [("j", true), ("topin", true), ("b", false)] {
            let run = run(&with(&["--set", set, "--password", "654321"]), "");
            assert_eq!(run.status, 0);
            assert_eq!(
                run.messages.contains("--password is not used"),
                is_told,
                "{set}"
            );
        }
    }

    /// That a set has no command for it is told before any value that it lacks.
    #[test]
    fn of_sets_without_a_server() {
        refused(
            &with(&["--set", "x"]),
            "command set X (A11, GT09) has no command to set the server",
        );
        refused(
            &with(&["--set", "vsun"]),
            "command set V-Sun has no command to set the APN",
        );
    }

    #[test]
    fn of_gt02d() {
        refused(&["--set", "gt02d"], "--interval is missing");
        refused(
            &["--set", "gt02d", "--interval", "0"],
            "--interval: the interval in seconds must be 1 to 65535",
        );
        refused(
            &[&NAMED[..], &["--set", "gt02d", "--interval", "30"]].concat(),
            "leave out --apn and --server",
        );
    }

    #[test]
    fn a_mistyped_id_is_told() {
        let run = run(
            &[&PLAN[..], &["--set", "a", "--id", "358899058314018"]].concat(),
            "",
        );
        assert_eq!(run.status, 0);
        assert!(
            run.messages.contains("358899058314018 is not an IMEI"),
            "{}",
            run.messages
        );
    }

    #[test]
    fn answers_and_plans_do_not_mix() {
        refused(&["--json"], "--answers");
        refused(&["--answers", "--apn", "internet"], "cannot be used with");
        refused(&["--answers"], "standard input: no answer in it");
    }
}

mod answers {
    use super::*;

    // docs/protocols/sms.md, "Positions".
    const LINES: &str = "Lat: +22.50500\r\nLong: +114.01000\r\nSpeed: 0.00KM/H\r\nDirection: 315.00\r\nDate: 2008-04-25\r\nTime: 16:39:45\r\n\
        BS: 25ee0dff\r\nFix: A\r\nID: 353686009002030\r\nSTATE: SMS\r\n";
    const DWXX: &str =
        "DWXX=Lat:N23.111682,Lon:E114.409217,Course:0.00,Speed:0.3518,DateTime:11-11-15  11:53:43";

    #[track_caller]
    fn json_of(input: &str) -> Vec<Value> {
        let run = run(&["--answers", "--json"], input);
        assert_eq!((run.status, run.messages.as_str()), (0, ""));
        run.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn one_a_line() {
        let lines = json_of(&format!(
            "APNOK!\nAPEXError: Parameter 1 (ON/OFF)\r\n{DWXX}\nGT02A_V02_HY"
        ));
        assert_eq!(
            lines,
            [
                json!({"kind": "confirmation", "completion": "done", "command": "APN", "text": "APNOK!"}),
                json!({
                    "kind": "confirmation", "completion": "refused", "command": "APEX", "detail": "Parameter 1 (ON/OFF)",
                    "text": "APEXError: Parameter 1 (ON/OFF)"
                }),
                json!({
                    "kind": "location", "latitude": 23.111682, "longitude": 114.409217, "time": "2011-11-15T11:53:43", "speed_kmh": 0.352,
                    "course": 0, "text": DWXX
                }),
                json!({"kind": "text", "text": "GT02A_V02_HY"}),
            ]
        );
    }

    #[test]
    fn of_several_lines() {
        let expected = json!({
            "kind": "location", "latitude": 22.505, "longitude": 114.01, "valid": true, "time": "2008-04-25T16:39:45", "speed_kmh": 0,
            "course": 315, "device": "353686009002030", "cell": {"lac": 0x25EE, "cid": 0x0DFF}, "state": "SMS", "text": LINES.trim()
        });
        let [one] = &json_of(LINES)[..] else { panic!() };
        assert_eq!(*one, expected);
        let all = json_of(&format!("\n{LINES}\n\n{DWXX}\n\nFail\n"));
        assert_eq!(all.len(), 3);
        assert_eq!(all[0], expected);
        assert_eq!(all[2]["completion"], "refused");
    }

    #[test]
    fn status() {
        let [status] = &json_of(
            "Battery:4.16V,NORMAL; GPRS:Link Up; GPS:Searching satellite, SVS Used in fix:0(0); ACC:OFF",
        )[..] else {
            panic!()
        };
        assert_eq!(
            (
                &status["battery_voltage"],
                &status["valid"],
                &status["ignition"],
                &status["satellites"]
            ),
            (&json!(4.16), &json!(false), &json!(false), &json!(0))
        );
        assert_eq!(
            status["fields"][2],
            json!({"label": "GPRS", "value": "Link Up", "whole": true})
        );
    }

    #[test]
    fn settings() {
        let [settings] = &json_of(
            "GPRS: ON; Currently use APN:internet.example,user,pass; \
             Server:1,gps.example.com,21100,0; URL:http://maps.google.com/maps?q=;",
        )[..] else {
            panic!()
        };
        assert_eq!(settings["kind"], "status");
        assert_eq!(settings["apn"], "internet.example");
        assert_eq!(settings["server"], "gps.example.com:21100");
        assert_eq!(settings["transport"], "tcp");
    }

    #[test]
    fn an_alarm_and_its_link_are_one() {
        let text = "SOS Alarm! <DateTime:11-06-17 14:53:06> ,\n\
                    http://maps.google.com/maps?q=N12.345678,E98.765432";
        assert_eq!(
            json_of(text),
            [json!({
                "kind": "location", "latitude": 12.345678, "longitude": 98.765432,
                "time": "2011-06-17T14:53:06", "alarm": "sos", "text": text
            })]
        );
        let [low, deferred] = &json_of(
            "Attention!!!battery too low, please charge.\n\
             GPS not fixed, Cut off the fuel supply operation delay execution!",
        )[..] else {
            panic!()
        };
        assert_eq!(
            (&low["kind"], &low["alarm"]),
            (&json!("alarm"), &json!("low_battery"))
        );
        assert_eq!(deferred["completion"], "deferred");
        assert_eq!(deferred["command"], "RELAY,1");
    }

    #[test]
    fn lines_below_the_first_belong_to_it() {
        for text in [
            "Lat:N12.571285,Lon:E98.877115,Speed:0.0740,DateTime:10-11-23\n22:28:51",
            "lat: 12.345678 long: 098.765432 speed: 000.0 05/02/14 10:17 \n\
             \tbat:F signal:F imei:353686009002030",
            "lat: 12.345678 long: 98.765432 speed:0.00 28/10/09 03:33 F:4.32V,0, Signal:F\n\
             help me imei:353686009002030 05 41.9",
            "Speed Alarm !IMEI:353686009002030\r\n12.345678,N,98.765432,E",
            "XM_GT09_SW_33.0 2019/08/08\nID:9170000001\nIP:gps.example.com 8185\nBAT:5\n\
             APN:internet\nGPS:V-13-9\nGSM:22\nICCID:89351060000000000000",
        ] {
            let [answer] = &json_of(text)[..] else {
                panic!("{text}")
            };
            assert_eq!(answer["text"], text);
        }
        for texts in [
            &[DWXX, "Battery:4.16V,NORMAL; GPRS:Link Up; ACC:OFF"][..],
            &[DWXX, "ICCID:8943000000000000000"],
            &[DWXX, DWXX],
            &["GT02A_V02_HY", "Battery:4.16V,NORMAL; ACC:OFF"],
            &["APNOK!", "ICCID:8943000000000000000"],
            &["SOS Alarm!", "Battery is charged"],
        ] {
            assert_eq!(json_of(&texts.join("\n")).len(), texts.len(), "{texts:?}");
        }
    }

    #[test]
    fn in_words() {
        let run = run(
            &["--answers"],
            format!(
                "{DWXX}\nFail\nERROR GPS GPRMC FRAME DATA BS: 27971054\n\x1b[31mred\nbegin ok!\n"
            ),
        );
        assert_eq!(run.status, 0);
        assert!(
            run.out.contains("    position   23.111682 114.409217\n"),
            "{}",
            run.out
        );
        assert!(run.out.contains("refused  the last command"));
        assert!(run.out.contains("none: the tracker has no GPS fix"));
        assert!(
            run.out.contains("\\u{1b}[31mred\n"),
            "control characters are escaped"
        );
        assert!(run.out.contains("    done  begin\n"));
    }
}
