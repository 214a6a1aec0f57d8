//! Every text of `tests/corpus/field/sms.jsonl`: what answers say, and commands to the letter.
#![cfg(feature = "serde")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "sms/corpus.rs"]
mod corpus;

use gt02::{
    sms::{
        Answer, Apn, Circuit, Command, CommandSet, Notify, ParsedCommand, Server, Sleep, Transport,
    },
    types::UtcOffset,
};
use serde_json::Value;

/// The number of rows, so that none is lost.
const ROWS: usize = 138;

/// Answers whose expectation does not hold, by their beginning; the field; and why.
const REFUTED: [(&str, &str, &str); 0] = [];

/// The largest difference between two equal numbers of a field.
fn tolerance(field: &str) -> f64 {
    match field {
        "latitude" | "longitude" => 1e-6,
        _ => 0.01,
    }
}

fn agrees(field: &str, expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(expected), Value::Number(found)) => {
            let difference = expected.as_f64().unwrap() - found.as_f64().unwrap();
            difference.abs() <= tolerance(field)
        }
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|it| agrees(name, value, it))),
        _ => expected == found,
    }
}

#[test]
fn answers_say_what_is_expected() {
    let rows = corpus::rows();
    assert_eq!(rows.len(), ROWS);
    let mut wrong = Vec::new();
    for row in &rows {
        let Some(Value::Object(expect)) = &row.expect else {
            continue;
        };
        let found = serde_json::to_value(Answer::parse(row.text.as_bytes())).unwrap();
        for (field, expected) in expect {
            let is_refuted = REFUTED
                .iter()
                .any(|(text, name, _)| row.text.starts_with(text) && name == field);
            if agrees(field, expected, &found[field]) == is_refuted {
                wrong.push(format!(
                    "{:?}\n  {field}: expected {expected}, found {}",
                    row.text, found[field]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A command of the corpus: its set, its password, and what it means.
type Meaning<'a> = (CommandSet, &'a str, Command<'a>);

fn server(host: &str, port: u16) -> Server<'_> {
    Server {
        host: host.into(),
        port,
        transport: Transport::Tcp,
    }
}

fn relay(circuit: Circuit) -> Command<'static> {
    Command::Relay { circuit, cut: true }
}

/// What a command means, from the words that the corpus has beside it.
#[rustfmt::skip]
fn meaning<'a>(text: &'a str, phone: &'a str) -> Meaning<'a> {
    use Command as Is;
    use CommandSet::{C, J, S, Topin, W, X};
    let notify = Notify::GprsAndSms;
    match text {
        "SERVER,1,gps.example.com,21100,0#" => (J, "", Is::Server(server("gps.example.com", 21100))),
        "APN,internet#" => (J, "", Is::Apn(Apn::new("internet"))),
        "TIMER,20,60#" => (J, "", Is::IgnitionIntervals { on: 20, off: 60 }),
        "GMT,E,8,0#" => (J, "", Is::TimeZone(UtcOffset::from_minutes(480).unwrap())),
        "WHERE#" => (J, "", Is::Locate),
        "STATUS#" => (J, "", Is::Status),
        "GPRSSET#" => (J, "", Is::Settings),
        "RELAY,1#" => (J, "", relay(Circuit::Fuel)),
        _ if text.starts_with("SOS,A,") => (J, "", Is::SosPhone { phone }),
        _ if text.starts_with("CENTER,A,") => (J, "", Is::CentrePhone { phone }),
        "FACTORY#" => (J, "", Is::Reset),
        "SENALM,ON,1#" => (J, "", Is::VibrationAlarm { notify }),
        "SPEED,ON,20,80,1#" => (J, "", Is::OverspeedAlarm { seconds: 20, kmh: 80, notify }),
        "MOVING,ON,300,1#" => (J, "", Is::MovingAlarm { metres: 300, notify }),
        "FENCE,OFF#" => (J, "", Is::FenceOff),
        "POWERALM,ON,1,5,300#" => (J, "", Is::PowerCutAlarm { notify, times: [5, 300] }),
        "GPRSON,1#" => (J, "", Is::Data { on: true }),
        "DISTANCE,500#" => (J, "", Is::Distance { metres: 500 }),
        "PWDSW,ON#" => (J, "", Is::PasswordNeeded { on: true }),
        "SERVER,8520,gps.example.com,5023#" => (J, "", Is::OtherServer(server("gps.example.com", 5023))),
        "#monitor#123456#" => (C, "123456", Is::Listen),
        "#call#123456#" => (C, "123456", Is::TwoWayCall),
        "#nospeed#123456#" => (C, "123456", Is::OverspeedOff),
        "begin123456" => (W, "123456", Is::Reset),
        "smstext123456" => (W, "123456", Is::Locate),
        "apnuser123456 user" => (W, "123456", Is::ApnUser { user: "user" }),
        "up123456 user pass" => (W, "123456", Is::ApnCredentials { user: "user", password: "pass" }),
        "gprs123456" => (W, "123456", Is::Data { on: true }),
        "t060s***n123456" => (W, "123456", Is::OtherInterval { seconds: 60 }),
        "time zone123456 0" => (W, "123456", Is::TimeZone(UtcOffset::UTC)),
        _ if text.starts_with("admin123456 ") => (W, "123456", Is::AuthorisePhone { phone }),
        "monitor123456" => (W, "123456", Is::Listen),
        "stopelec123456" => (W, "123456", relay(Circuit::Electricity)),
        "stop123456" => (W, "123456", relay(Circuit::Vehicle)),
        "speed123456 080" => (W, "123456", Is::Overspeed { kmh: 80 }),
        "move123456 0200" => (W, "123456", Is::MovedBy { metres: 200 }),
        "imei123456" => (W, "123456", Is::Imei),
        "reset123456" => (W, "123456", Is::Restart),
        "arm123456" => (W, "123456", Is::Arm),
        "RELAY123456 1" => (W, "123456", relay(Circuit::Relay)),
        // The corpus has it beside set W; docs/protocols/sms.md says why it is a form of set X.
        "g123456#" => (X, "123456", Is::OtherLocate),
        "8040000 203.0.113.7 8888" => (S, "0000", Is::Server(server("203.0.113.7", 8888))),
        "7100000" => (S, "0000", Is::Data { on: true }),
        "8050000 20" => (S, "0000", Is::Interval { seconds: 20 }),
        "8960000E00" => (S, "0000", Is::TimeZone(UtcOffset::UTC)),
        "RCONF" => (S, "0000", Is::Settings),
        "RESTART" => (S, "0000", Is::Restart),
        "6690000" => (S, "0000", Is::Locate),
        "9400000" => (S, "0000", relay(Circuit::Vehicle)),
        "0110000" => (S, "0000", Is::PowerCut),
        "1510000" => (S, "0000", Is::EventCalls { on: false }),
        "SLEEP0000 2" => (S, "0000", Is::Sleep(Sleep::Number(2))),
        "g1234" => (X, "1234", Is::Locate),
        "D101#" => (X, "1234", Is::RemoveNumberedPhone { slot: 1 }),
        "109#" => (X, "1234", Is::ToggleLanguage),
        "format" => (X, "1234", Is::Reset),
        "DOMAIN#gps.example.com#8888#" => (Topin, "", Is::Server(server("gps.example.com", 8888))),
        "APN#internet#user#pass#" => (Topin, "", Is::Apn(Apn { name: "internet", user: "user", password: "pass" })),
        "999" => (Topin, "", Is::Locate),
        _ => panic!("{text} has no meaning here"),
    }
}

#[test]
fn commands_are_built_and_read_to_the_letter() {
    let rows = corpus::rows();
    let commands: Vec<_> = rows.iter().filter(|row| row.expect.is_none()).collect();
    assert_eq!(commands.len(), 59);
    for row in commands {
        let phone = row.text.trim_end_matches('#');
        let start = phone.rfind([',', ' ']).map_or(0, |at| at + 1);
        let (set, password, command) = meaning(&row.text, &phone[start..]);
        let is_of_set = row.family == set.name() || row.text == "g123456#";
        assert!(is_of_set, "{} of {}", row.text, row.family);
        let built = command.to_sms(set, password);
        assert_eq!(built.as_deref(), Ok(row.text.as_str()));
        let ParsedCommand {
            command: read,
            password: with,
        } = Command::parse(set, &row.text).unwrap();
        assert_eq!(read, command, "{}", row.text);
        assert!(with.is_none_or(|with| with == password), "{}", row.text);
    }
}
