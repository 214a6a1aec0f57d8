//! Configuration by SMS: documented commands and answers, plans, texts that were cut, and commands
//! at random.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

use gt02::{
    sms::{
        Answer, Apn, Circuit, Command, CommandError, CommandOutcome, CommandSet, Crossing,
        Expected, Host, Location, NoPlan, Notify, ParsedCommand, Plan, Server, Setting, Settings,
        Sleep, Sms, Transport, Trigger, Verdict, try_all, try_likely,
    },
    types::{Alarm, Course, DeviceId, Position, Protocol, Speed, Text, UtcOffset, Voltage},
};
use proptest::{option, prelude::*};

#[path = "sms/corpus.rs"]
mod corpus;

const SETS: [CommandSet; 10] = [
    CommandSet::A,
    CommandSet::B,
    CommandSet::C,
    CommandSet::J,
    CommandSet::W,
    CommandSet::S,
    CommandSet::X,
    CommandSet::Gt02d,
    CommandSet::VSun,
    CommandSet::Topin,
];

fn id(digits: &str) -> DeviceId {
    digits.parse().unwrap()
}

fn server(host: &str, port: u16, transport: Transport) -> Server<'_> {
    Server {
        host: host.into(),
        port,
        transport,
    }
}

mod commands {
    use super::*;
    use CommandSet::{A, B, C, Gt02d, J, S, Topin, VSun, W, X};
    use Transport::{Tcp, Udp};

    const FUEL: Circuit = Circuit::Fuel;
    const ELECTRICITY: Circuit = Circuit::Electricity;

    fn zone(minutes: i16) -> Command<'static> {
        Command::TimeZone(UtcOffset::from_minutes(minutes).unwrap())
    }

    /// Every command of the documents, with what it means.
    fn vectors() -> Vec<(CommandSet, &'static str, Command<'static>)> {
        let connect = |host, port, transport, device| Command::ApnAndServer {
            apn: Apn::new("internet"),
            server: server(host, port, transport),
            device,
        };
        let imei = Some(id("358899058314017"));
        vec![
            // Set A.
            (A, "DWXX,000000#", Command::Locate),
            (
                A,
                "XGYHMM,000000,123456#",
                Command::Password { new: "123456" },
            ),
            (
                A,
                "GPRS,000000,internet,0,example.com:5023#",
                connect("example.com", 5023, Tcp, None),
            ),
            (
                A,
                "GPRS,000000,internet,1,example.com:5023#",
                connect("example.com", 5023, Udp, None),
            ),
            (
                A,
                "GPRS,000000,internet,0,203.0.113.7,5023,358899058314017,0#",
                connect("203.0.113.7", 5023, Tcp, imei),
            ),
            (
                A,
                "GPRS,000000,internet,1,203.0.113.7,65535,358899058314017,0#",
                connect("203.0.113.7", 65535, Udp, imei),
            ),
            (A, "GPRSDS,000000,5#", Command::Interval { seconds: 5 }),
            (
                A,
                "GPRSDS,000000,18000#",
                Command::Interval { seconds: 18000 },
            ),
            (A, "RJBB,000000#", Command::Version),
            // Set A over GPRS.
            (
                A,
                "DYD,000000#",
                Command::Relay {
                    circuit: FUEL,
                    cut: true,
                },
            ),
            (
                A,
                "HFYD,000000#",
                Command::Relay {
                    circuit: FUEL,
                    cut: false,
                },
            ),
            // Set B.
            (
                B,
                "APN,666666,internet#",
                Command::Apn(Apn::new("internet")),
            ),
            (
                B,
                "APN,666666,internet,user,pass#",
                Command::Apn(Apn {
                    name: "internet",
                    user: "user",
                    password: "pass",
                }),
            ),
            (
                B,
                "APN,666666,internet,,pass#",
                Command::Apn(Apn {
                    name: "internet",
                    user: "",
                    password: "pass",
                }),
            ),
            (
                B,
                "SERVER,666666,1,example.com,5022,0#",
                Command::Server(server("example.com", 5022, Tcp)),
            ),
            (
                B,
                "SERVER,666666,0,203.0.113.7,1,1#",
                Command::Server(server("203.0.113.7", 1, Udp)),
            ),
            (B, "TIMER,666666,,10#", Command::Interval { seconds: 10 }),
            (
                B,
                "TIMER,666666,,18000#",
                Command::Interval { seconds: 18000 },
            ),
            (
                B,
                "PASSWORD,666666,1234#",
                Command::Password { new: "1234" },
            ),
            (B, "WHERE,666666#", Command::Locate),
            (B, "URL,666666#", Command::MapLink),
            // Set C.
            (C, "#begin#123456#", Command::Reset),
            (C, "#timezone#123456#W#0#00#", zone(0)),
            (C, "#timezone#123456#E#8#00#", zone(480)),
            (C, "#timezone#123456#W#3#30#", zone(-210)),
            (C, "#timezone#123456#E#14#00#", zone(840)),
            (C, "#timezone#123456#W#12#00#", zone(-720)),
            (
                C,
                "#apn#123456#internet#user#pass#",
                Command::Apn(Apn {
                    name: "internet",
                    user: "user",
                    password: "pass",
                }),
            ),
            (
                C,
                "#apn#123456#internet###",
                Command::Apn(Apn::new("internet")),
            ),
            (
                C,
                "#IP#123456#203.0.113.7#8888#",
                Command::Server(server("203.0.113.7", 8888, Tcp)),
            ),
            (
                C,
                "#IP#123456#example.com#8888#",
                Command::Server(server("example.com", 8888, Tcp)),
            ),
            (
                C,
                "#password#123456#654321#",
                Command::Password { new: "654321" },
            ),
            (
                C,
                "#admin#123456#13800138000#",
                Command::AuthorisePhone {
                    phone: "13800138000",
                },
            ),
            (
                C,
                "#noadmin#123456#+4915112345678#",
                Command::RemovePhone {
                    phone: "+4915112345678",
                },
            ),
            (C, "#at#30#sum#0#", Command::Interval { seconds: 30 }),
            (
                C,
                "#AT#123456#30#00#",
                Command::OtherInterval { seconds: 30 },
            ),
            (C, "#speed#123456#080#", Command::Overspeed { kmh: 80 }),
            (C, "#speed#123456#999#", Command::Overspeed { kmh: 999 }),
            (
                C,
                "#stopoil#123456#",
                Command::Relay {
                    circuit: FUEL,
                    cut: true,
                },
            ),
            (
                C,
                "#supplyoil#123456#",
                Command::Relay {
                    circuit: FUEL,
                    cut: false,
                },
            ),
            (
                C,
                "#stopelec#123456#",
                Command::Relay {
                    circuit: ELECTRICITY,
                    cut: true,
                },
            ),
            (
                C,
                "#supplyelec#123456#",
                Command::Relay {
                    circuit: ELECTRICITY,
                    cut: false,
                },
            ),
            (C, "#smslink#123456#", Command::MapLink),
            (C, "#noat#123456#", Command::IntervalOff),
            (C, "#nospeed#123456#", Command::OverspeedOff),
            (C, "#monitor#123456#", Command::Listen),
            (C, "#tracker#123456#", Command::Track),
            (C, "#call#123456#", Command::TwoWayCall),
            (C, "#ACC#ON#", Command::Acc { on: true }),
            (C, "#ACC#OFF#", Command::Acc { on: false }),
            (C, "TCP", Command::GprsOverTcp),
            // Set J.
            (J, "WHERE#", Command::Locate),
            (J, "URL#", Command::MapLink),
            (J, "VERSION#", Command::Version),
            (J, "STATUS#", Command::Status),
            (J, "GPRSSET#", Command::Settings),
            (J, "APN,ON#", Command::Apn(Apn::new("ON"))),
            (J, "APN,OFF#", Command::Apn(Apn::new("OFF"))),
            (J, "APN,internet#", Command::Apn(Apn::new("internet"))),
            (
                J,
                "APN,internet,user,pass#",
                Command::Apn(Apn {
                    name: "internet",
                    user: "user",
                    password: "pass",
                }),
            ),
            (
                J,
                "SERVER,1,gps.example.com,21100,0#",
                Command::Server(server("gps.example.com", 21100, Tcp)),
            ),
            (
                J,
                "SERVER,0,203.0.113.7,5023,1#",
                Command::Server(server("203.0.113.7", 5023, Udp)),
            ),
            (J, "GPRSON,1#", Command::Data { on: true }),
            (J, "GPRSON,0#", Command::Data { on: false }),
            (J, "TIMER,60#", Command::Interval { seconds: 60 }),
            (
                J,
                "TIMER,20,0#",
                Command::IgnitionIntervals { on: 20, off: 0 },
            ),
            (J, "DISTANCE,500#", Command::Distance { metres: 500 }),
            (J, "DISTANCE,0#", Command::Distance { metres: 0 }),
            (J, "HBT,3,10#", Command::Heartbeat { on: 3, off: 10 }),
            (J, "GMT,E,8,0#", zone(480)),
            (J, "GMT,E,0,0#", zone(0)),
            (J, "GMT,W,3,30#", zone(-210)),
            (
                J,
                "SOS,A,13800138000#",
                Command::SosPhone {
                    phone: "13800138000",
                },
            ),
            (
                J,
                "SOS,D,13800138000#",
                Command::RemoveSosPhone {
                    phone: "13800138000",
                },
            ),
            (
                J,
                "CENTER,A,13800138000#",
                Command::CentrePhone {
                    phone: "13800138000",
                },
            ),
            (J, "CENTER,D#", Command::RemoveCentrePhone),
            (
                J,
                "SENALM,ON,1#",
                Command::VibrationAlarm {
                    notify: Notify::GprsAndSms,
                },
            ),
            (J, "SENALM,OFF#", Command::VibrationAlarmOff),
            (
                J,
                "SPEED,ON,20,80,3#",
                Command::OverspeedAlarm {
                    seconds: 20,
                    kmh: 80,
                    notify: Notify::GprsAndCall,
                },
            ),
            (J, "SPEED,OFF#", Command::OverspeedOff),
            (
                J,
                "MOVING,ON,300,2#",
                Command::MovingAlarm {
                    metres: 300,
                    notify: Notify::GprsSmsAndCall,
                },
            ),
            (J, "MOVING,OFF#", Command::MoveAlarmOff),
            (
                J,
                "RELAY,1#",
                Command::Relay {
                    circuit: FUEL,
                    cut: true,
                },
            ),
            (
                J,
                "RELAY,0#",
                Command::Relay {
                    circuit: FUEL,
                    cut: false,
                },
            ),
            (J, "RESET#", Command::Restart),
            (J, "FACTORY#", Command::Reset),
            // Set W.
            (W, "begin123456", Command::Reset),
            (W, "smstext123456", Command::Locate),
            (W, "smslink123456", Command::MapLink),
            (W, "check123456", Command::Status),
            (W, "apn123456 internet", Command::Apn(Apn::new("internet"))),
            (W, "apnuser123456 user", Command::ApnUser { user: "user" }),
            (
                W,
                "apnpasswd123456 pass",
                Command::ApnPassword { password: "pass" },
            ),
            (
                W,
                "adminip123456 203.0.113.7 5002",
                Command::Server(server("203.0.113.7", 5002, Tcp)),
            ),
            (W, "gprs123456", Command::Data { on: true }),
            (W, "nogprs123456", Command::Data { on: false }),
            (W, "fix060s***n123456", Command::Interval { seconds: 60 }),
            (W, "fix020m***n123456", Command::Interval { seconds: 1200 }),
            (
                W,
                "fix024h***n123456",
                Command::Interval { seconds: 86_400 },
            ),
            (W, "t060s***n123456", Command::OtherInterval { seconds: 60 }),
            (W, "time zone123456 0", zone(0)),
            (W, "time zone123456 -5", zone(-300)),
            (
                W,
                "admin123456 13800138000",
                Command::AuthorisePhone {
                    phone: "13800138000",
                },
            ),
            (
                W,
                "noadmin123456 13800138000",
                Command::RemovePhone {
                    phone: "13800138000",
                },
            ),
            (W, "monitor123456", Command::Listen),
            (W, "tracker123456", Command::Track),
            (W, "speed123456 080", Command::Overspeed { kmh: 80 }),
            (W, "nospeed123456", Command::OverspeedOff),
            (
                W,
                "stopelec123456",
                Command::Relay {
                    circuit: ELECTRICITY,
                    cut: true,
                },
            ),
            (
                W,
                "supplyelec123456",
                Command::Relay {
                    circuit: ELECTRICITY,
                    cut: false,
                },
            ),
            (
                W,
                "stop123456",
                Command::Relay {
                    circuit: Circuit::Vehicle,
                    cut: true,
                },
            ),
            (
                W,
                "resume123456",
                Command::Relay {
                    circuit: Circuit::Vehicle,
                    cut: false,
                },
            ),
            (W, "reset123456", Command::Restart),
            (
                W,
                "password123456 654321",
                Command::Password { new: "654321" },
            ),
            // Set S.
            (S, "8960000E00", zone(0)),
            (S, "8960000W05", zone(-300)),
            (S, "7100000", Command::Data { on: true }),
            (S, "7000000", Command::Data { on: false }),
            (S, "8030000 internet", Command::Apn(Apn::new("internet"))),
            (
                S,
                "8030000 internet user pass",
                Command::Apn(Apn {
                    name: "internet",
                    user: "user",
                    password: "pass",
                }),
            ),
            (
                S,
                "8040000 203.0.113.7 8888",
                Command::Server(server("203.0.113.7", 8888, Tcp)),
            ),
            (S, "8050000 20", Command::Interval { seconds: 20 }),
            (S, "8090000 300", Command::ParkedInterval { seconds: 300 }),
            (
                S,
                "138001380000000 1",
                Command::NumberedPhone {
                    slot: 1,
                    phone: "13800138000",
                },
            ),
            (
                S,
                "9400000",
                Command::Relay {
                    circuit: Circuit::Vehicle,
                    cut: true,
                },
            ),
            (
                S,
                "9410000",
                Command::Relay {
                    circuit: Circuit::Vehicle,
                    cut: false,
                },
            ),
            (S, "1220000 80", Command::Overspeed { kmh: 80 }),
            (S, "6690000", Command::Locate),
            // The new one first.
            (S, "77712340000", Command::Password { new: "1234" }),
            (S, "RESTART", Command::Restart),
            (S, "RCONF", Command::Settings),
            (S, "CXZT", Command::Status),
            // Set X.
            (X, "g1234", Command::Locate),
            (X, "CXZT", Command::Status),
            (
                X,
                "102#13800138000#",
                Command::NumberedPhone {
                    slot: 2,
                    phone: "13800138000",
                },
            ),
            (
                X,
                "admin1234 13800138000",
                Command::AuthorisePhone {
                    phone: "13800138000",
                },
            ),
            (X, "apn1234 internet", Command::Apn(Apn::new("internet"))),
            (X, "password1234 4321", Command::Password { new: "4321" }),
            (X, "speed1234 080", Command::Overspeed { kmh: 80 }),
            (X, "zone1234 E02", zone(120)),
            (X, "format", Command::Reset),
            // GT02D.
            (Gt02d, "730#30#", Command::Interval { seconds: 30 }),
            (Gt02d, "SUP#60#", Command::StaticInterval { minutes: 60 }),
            // V-Sun.
            (VSun, "6660000", Command::Locate),
            (VSun, "4050000", Command::Interval { seconds: 300 }),
            (VSun, "4590000", Command::Interval { seconds: 59 * 60 }),
            (VSun, "4610000", Command::Interval { seconds: 3600 }),
            (VSun, "4990000", Command::Interval { seconds: 39 * 3600 }),
            (VSun, "0080000R010.5", Command::MoveAlarm { radius: 105 }),
            (VSun, "0090000", Command::MoveAlarmOff),
        ]
    }

    /// The commands of the tables in docs/protocols/sms.md that [`vectors`] lacks.
    #[rustfmt::skip]
    fn more_vectors() -> Vec<(CommandSet, &'static str, Command<'static>)> {
        use Command as Is;
        let notify = Notify::GprsSmsAndCall;
        let named = server("example.com", 5023, Tcp);
        let (south, north) = (place(-12_345_678, -98_765_432), place(12_510_001, 98_100_070));
        let relay = |cut| Is::Relay { circuit: Circuit::Relay, cut };
        vec![
            (J, "123#", Is::OtherLocate),
            (J, "PARAM#", Is::Parameters),
            (J, "CHECK#", Is::Everything),
            (J, "SERVER#", Is::Ask(Setting::Server)),
            (J, "APN#", Is::Ask(Setting::Apn)),
            (J, "TIMER#", Is::Ask(Setting::Interval)),
            (J, "HBT#", Is::Ask(Setting::Heartbeat)),
            (J, "GMT#", Is::Ask(Setting::TimeZone)),
            (J, "ASETAPN,ON#", Is::AutomaticApn { on: true }),
            (J, "ASETAPN,OFF#", Is::AutomaticApn { on: false }),
            (J, "ASETGMT,ON#", Is::AutomaticTimeZone { on: true }),
            (J, "ASETGMT,OFF#", Is::AutomaticTimeZone { on: false }),
            (J, "SERVER,8520,example.com,5023#", Is::OtherServer(named)),
            (J, "SOS,A,123,+456#", Is::SosPhones { phones: ["123", "+456", ""] }),
            (J, "SOS,A,123,+456,789#", Is::SosPhones { phones: ["123", "+456", "789"] }),
            (J, "RELAY,1,20#", Is::CutBelow { kmh: 20 }),
            (J, "RELAY3,ON,2,500#", Is::RelayPulse { seconds: 2, milliseconds: 500 }),
            (J, "POWERALM,ON,2,5,300#", Is::PowerCutAlarm { notify, times: [5, 300] }),
            (J, "POWERALM,OFF#", Is::PowerCutAlarmOff),
            (J, "BATALM,ON,2#", Is::BatteryAlarm { notify }),
            (J, "BATALM,OFF#", Is::BatteryAlarmOff),
            (J, "ACCALM,ON,2,10,1#", Is::IgnitionAlarm { notify, seconds: 10, mode: 1 }),
            (J, "ACCALM,OFF#", Is::IgnitionAlarmOff),
            (J, "SOSALM,ON,2#", Is::SosAlarm { notify }),
            (J, "SOSALM,OFF#", Is::SosAlarmOff),
            (J, "DEFENSE,10#", Is::ArmAfter { minutes: 10 }),
            (J, "111#", Is::Arm),
            (J, "DSRESET#", Is::Disarm),
            (J, "FACTORYALL#", Is::ResetAll),
            (J, "PWDSW,ON#", Is::PasswordNeeded { on: true }),
            (J, "PWDSW,0000,OFF#", Is::PasswordNeeded { on: false }),
            (J, "PASSWORD,0000,4321#", Is::Password { new: "4321" }),
            (J, "FENCE,OFF#", Is::FenceOff),
            (J, "FENCE,ON,0,-12.345678,-98.765432,500,IN,2#", Is::RoundFence { centre: south, metres: 500, crossing: Crossing::In, notify }),
            (J, "FENCE,ON,0,12.510001,98.100070,9999,,2#", Is::RoundFence { centre: north, metres: 9999, crossing: Crossing::Both, notify }),
            (J, "FENCE,ON,1,-12.345678,-98.765432,12.510001,98.100070,OUT,2#", Is::SquareFence { corners: [south, north], crossing: Crossing::Out, notify }),
            (W, "imei123456", Is::Imei),
            (W, "up123456 user pass", Is::ApnCredentials { user: "user", password: "pass" }),
            (W, "upload123456 60", Is::UploadInterval { seconds: 60 }),
            (W, "fix123456 060 **n", Is::SpacedInterval { seconds: 60 }),
            (W, "ITV 300 20", Is::MotionIntervals { still: 300, moving: 20 }),
            (W, "move123456 0200", Is::MovedBy { metres: 200 }),
            (W, "nomove123456", Is::MoveAlarmOff),
            (W, "shock123456", Is::Vibration),
            (W, "noshock123456", Is::VibrationAlarmOff),
            (W, "acc123456", Is::Acc { on: true }),
            (W, "noacc123456", Is::Acc { on: false }),
            (W, "arm123456", Is::Arm),
            (W, "disarm123456", Is::Disarm),
            (W, "stockade123456 -12.345678,-98.765432;12.510001,98.100070", Is::Stockade { corners: [south, north] }),
            (W, "sleep123456 off", Is::Sleep(Sleep::Off)),
            (W, "sleep123456 shock", Is::Sleep(Sleep::Shock)),
            (W, "sleep123456 time", Is::Sleep(Sleep::Time)),
            (W, "RELAY123456 1", relay(true)),
            (W, "RELAY123456 0", relay(false)),
            (S, "0110000", Is::PowerCut),
            (S, "0100000", Is::PowerCutAlarmOff),
            (S, "1500000", Is::EventCalls { on: true }),
            (S, "1510000", Is::EventCalls { on: false }),
            (S, "7120000", Is::EventTexts { on: true }),
            (S, "7130000", Is::EventTexts { on: false }),
            (S, "2110000", Is::FenceOn),
            (S, "2100000", Is::FenceOff),
            (S, "0050000 500", Is::FenceRadius { metres: 500 }),
            (S, "SLEEP0000 2", Is::Sleep(Sleep::Number(2))),
            (X, "g1234#", Is::OtherLocate),
            (X, "D102#", Is::RemoveNumberedPhone { slot: 2 }),
            (X, "C10#", Is::NumberedPhones),
            (X, "122#", Is::EventCalls { on: true }),
            (X, "121#", Is::EventCalls { on: false }),
            (X, "125#", Is::EventTexts { on: true }),
            (X, "126#", Is::EventTexts { on: false }),
            (X, "109#", Is::ToggleLanguage),
            (Topin, "999", Is::Locate),
            (Topin, "APN#internet#user#pass#", Is::Apn(Apn { name: "internet", user: "user", password: "pass" })),
            (Topin, "APN#internet###", Is::Apn(Apn::new("internet"))),
            (Topin, "DOMAIN#example.com#5023#", Is::Server(named)),
            (Topin, "SERVER#example.com#5023#", Is::OtherServer(named)),
            (Topin, "monitor#+123#", Is::ListenBy { phone: "+123" }),
        ]
    }

    fn place(latitude: i32, longitude: i32) -> Position {
        Position::from_e7(latitude * 10, longitude * 10).unwrap()
    }

    fn default_password(set: CommandSet) -> &'static str {
        // V-Sun: as in all captured frames; X: as in the tested commands.
        set.default_password().unwrap_or(match set {
            X => "1234",
            _ => "0000",
        })
    }

    #[test]
    fn both_ways() {
        for (set, text, command) in vectors().into_iter().chain(more_vectors()) {
            let password = default_password(set);
            assert_eq!(command.to_sms(set, password).unwrap().as_str(), text);
            let parsed = Command::parse(set, text).unwrap();
            assert_eq!(parsed.command, command, "{text}");
            let has_password = text.contains(password);
            assert_eq!(parsed.password, has_password.then_some(password), "{text}");
            assert_eq!(Command::parse(set, &format!("\r\n{text} ")), Ok(parsed));
        }
    }

    #[test]
    fn into_a_buffer() {
        let mut out = [b'.'; 16];
        assert_eq!(Command::Locate.encode(A, "000000", &mut out), Ok(12));
        assert_eq!(out, *b"DWXX,000000#....");
        assert_eq!(
            Command::Locate.encode(A, "000000", &mut out[..11]),
            Err(CommandError::BufferTooSmall { needed: 12 })
        );
    }

    #[test]
    fn other_forms_are_read() {
        let server = Command::Server(server("203.0.113.7", 8888, Tcp));
        for (set, text, command) in [
            (
                B,
                "APN,666666,internet,,#",
                Command::Apn(Apn::new("internet")),
            ),
            (
                C,
                "#apn#123456#internet#",
                Command::Apn(Apn::new("internet")),
            ),
            (C, "#adminip#123456#203.0.113.7#8888#", server),
            (C, "#timezone#123456#E#0#00#", zone(0)),
            (C, "#timezone#123456#E#08#00#", zone(480)),
            (A, "GPRSDS,000000,0060#", Command::Interval { seconds: 60 }),
            (J, "GMT,e,10,0#", zone(600)),
            (J, "DW#", Command::OtherLocate),
            (
                J,
                "FENCE,ON,0,S12.345678,W98.765432,500,,0#",
                Command::RoundFence {
                    centre: place(-12_345_678, -98_765_432),
                    metres: 500,
                    crossing: Crossing::Both,
                    notify: Notify::Gprs,
                },
            ),
            (W, "gprs123456,1,1", Command::Data { on: true }),
            (
                W,
                "relay123456 0",
                Command::Relay {
                    circuit: Circuit::Relay,
                    cut: false,
                },
            ),
            (
                W,
                "cut123456",
                Command::Relay {
                    circuit: Circuit::Vehicle,
                    cut: true,
                },
            ),
            (S, "CQ", Command::Restart),
        ] {
            assert_eq!(
                Command::parse(set, text).unwrap().command,
                command,
                "{text}"
            );
        }
    }

    #[test]
    fn strangers_are_not_read() {
        for (set, text) in [
            (A, ""),
            (A, "#"),
            (A, "DWXX,000000"),
            (A, "dwxx,000000#"),
            (A, "DWXX,000000,1#"),
            (A, "GPRS,000000,internet,2,example.com:5023#"),
            (A, "GPRS,000000,internet,0,example.com#"),
            (A, "GPRS,000000,internet,0,example.com:65536#"),
            (
                A,
                "GPRS,000000,internet,0,203.0.113.7,5023,358899058314017,1#",
            ),
            (
                A,
                "GPRS,000000,internet,0,example.com,5023,358899058314017,0#",
            ),
            (A, "GPRSDS,000000,+30#"),
            (A, "GPRSDS,000000,99999999999#"),
            (A, "A,B,C,D,E,F,G,H,I,J#"),
            (B, "DWXX,000000#"),
            (B, "SERVER,666666,0,example.com,5022,0#"),
            (B, "SERVER,666666,2,example.com,5022,0#"),
            (B, "TIMER,666666,5,10#"),
            (C, "begin#123456#"),
            (C, "TCP#"),
            (C, "#at#30#sum#1#"),
            (C, "#speed#123456#80#"),
            (C, "#timezone#123456#N#0#00#"),
            (C, "#timezone#123456#E#0#60#"),
            (C, "#timezone#123456#E#8#0#"),
            (C, "#ACC#on#"),
            (Gt02d, "730#30"),
            (Gt02d, "731#30#"),
            (VSun, "4600000"),
            (VSun, "4000000"),
            (VSun, "4"),
            (VSun, "0080000R10.5"),
            (VSun, "0080000"),
            (VSun, "2220000"),
            (J, "FENCE,ON,2,1.5,1.5,9,,0#"),
            (J, "FENCE,ON,0,1.5,1.5,9,IO,0#"),
            (J, "FENCE,ON,0,91.5,1.5,9,,0#"),
            (J, "GMT,E,8,20#"),
            (J, "PWDSW,OFF#"),
            (J, "A,B,C,D,E,F,G,H,I,J#"),
            (W, "sleep123456 2"),
            (W, "fix123456 60 **n"),
            (W, "move123456 200"),
            (S, "SLEEP0000 256"),
            (X, "D104#"),
            (X, "g#"),
            (Topin, "APN#internet#"),
            (Topin, "SERVER#example.com#65536#"),
        ] {
            assert_eq!(
                Command::parse(set, text),
                Err(CommandError::Syntax { set }),
                "{set} {text}"
            );
        }
    }

    #[test]
    fn values_are_checked_when_read() {
        for (set, text, error) in [
            (
                A,
                "DWXX,12345678#",
                CommandError::Length {
                    field: "password",
                    min: 4,
                    max: 6,
                },
            ),
            (
                A,
                "GPRSDS,000000,4#",
                CommandError::Range {
                    field: "interval in seconds",
                    min: 5,
                    max: 18000,
                },
            ),
            (
                A,
                "GPRS,000000,internet,0,203.0.113.7:5023#",
                CommandError::Missing { field: "device id" },
            ),
            (B, "SERVER,666666,1,203.0.113.7,5022,0#", CommandError::Host),
            (
                B,
                "APN,666666,#",
                CommandError::Length {
                    field: "APN",
                    min: 1,
                    max: 63,
                },
            ),
            (
                C,
                "#timezone#123456#E#14#01#",
                CommandError::Range {
                    field: "time zone in minutes",
                    min: -720,
                    max: 840,
                },
            ),
            (
                VSun,
                "666000",
                CommandError::Length {
                    field: "password",
                    min: 4,
                    max: 4,
                },
            ),
            (
                VSun,
                "66600000",
                CommandError::Length {
                    field: "password",
                    min: 4,
                    max: 4,
                },
            ),
            (
                VSun,
                "666000a",
                CommandError::Character {
                    field: "password",
                    character: 'a',
                },
            ),
        ] {
            assert_eq!(Command::parse(set, text), Err(error), "{text}");
        }
    }

    #[track_caller]
    fn refused(set: CommandSet, command: Command<'_>, message: &str) {
        assert_eq!(
            command
                .to_sms(set, default_password(set))
                .unwrap_err()
                .to_string(),
            message
        );
    }

    #[test]
    fn what_a_set_cannot_express() {
        refused(
            A,
            Command::MapLink,
            "command set A (Concox) has no command to ask for a link to a map; it can ask for the position",
        );
        refused(
            A,
            zone(0),
            "command set A (Concox) has no command to set the time zone",
        );
        refused(
            A,
            Command::Relay {
                circuit: ELECTRICITY,
                cut: true,
            },
            "command set A (Concox) has no command to cut the electricity; it can cut the fuel",
        );
        refused(
            B,
            Command::Version,
            "command set B (Goome) has no command to ask for the firmware version",
        );
        refused(
            B,
            Command::Reset,
            "command set B (Goome) has no command to go back to the state of the factory",
        );
        refused(
            C,
            Command::Locate,
            "command set C (CanTrack) has no command to ask for the position; it can ask for a link to a map",
        );
        refused(
            J,
            Command::Listen,
            "command set J (Concox, Jimi) has no command to listen in; it can add an SOS number, which listens if it calls and lets it ring for 10 seconds",
        );
        refused(
            S,
            Command::Listen,
            "command set S (SinoTrack) has no command to listen in",
        );
        refused(
            S,
            Command::SosPhone { phone: "123" },
            "command set S (SinoTrack) has no command to add an SOS number; it can set one of three phone numbers",
        );
        refused(
            W,
            Command::Settings,
            "command set W (TK102, TK103) has no command to ask for the settings",
        );
        refused(
            W,
            Command::OverspeedAlarm {
                seconds: 10,
                kmh: 80,
                notify: Notify::Gprs,
            },
            "command set W (TK102, TK103) has no command to set the overspeed alarm and how it is told; it can set the overspeed alarm",
        );
        refused(
            C,
            Command::Server(server("example.com", 1, Udp)),
            "command set C (CanTrack) has no command to have the server reached over UDP",
        );
        refused(
            Gt02d,
            Command::Server(server("example.com", 1, Tcp)),
            "command set GT02D has no command to set the server",
        );
        refused(
            VSun,
            Command::Apn(Apn::new("internet")),
            "command set V-Sun has no command to set the APN",
        );
        let apn = Apn {
            user: "user",
            ..Apn::new("internet")
        };
        let connect = Command::ApnAndServer {
            apn,
            server: server("example.com", 1, Tcp),
            device: None,
        };
        refused(
            A,
            connect,
            "command set A (Concox) has no command to set a user and a password of the APN",
        );
        let odd = "command set V-Sun has no command to set a reporting interval that is neither 1 to 59 minutes nor 1 to 39 hours";
        for seconds in [0, 59, 61, 90 * 60, 40 * 3600, u32::MAX] {
            refused(VSun, Command::Interval { seconds }, odd);
        }
        // Each set has some, and each command is of some set.
        for set in SETS {
            let mut all = vectors().into_iter().chain(more_vectors());
            assert!(all.any(|vector| vector.0 == set));
            let all = vectors().into_iter().chain(more_vectors());
            for (_, text, command) in all.filter(|vector| vector.0 != set) {
                if let Err(error) = command.to_sms(set, "0000") {
                    assert!(
                        !matches!(
                            error,
                            CommandError::Syntax { .. } | CommandError::BufferTooSmall { .. }
                        ),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn numbers_have_limits() {
        for (set, seconds, limits) in [
            (A, 4, "5 to 18000"),
            (A, 18001, "5 to 18000"),
            (B, 9, "10 to 18000"),
            (B, u32::MAX, "10 to 18000"),
            (C, 0, "1 to 65535"),
            (C, 65536, "1 to 65535"),
            (Gt02d, 0, "1 to 65535"),
        ] {
            refused(
                set,
                Command::Interval { seconds },
                &format!("the interval in seconds must be {limits}"),
            );
        }
        refused(
            C,
            Command::OtherInterval { seconds: 0 },
            "the interval in seconds must be 1 to 65535",
        );
        refused(
            Gt02d,
            Command::StaticInterval { minutes: 65536 },
            "the interval in minutes must be 1 to 65535",
        );
        refused(
            C,
            Command::Overspeed { kmh: 1000 },
            "the speed in km/h must be 0 to 999",
        );
        refused(
            VSun,
            Command::MoveAlarm { radius: 10000 },
            "the radius in tenths must be 0 to 9999",
        );
        refused(
            B,
            Command::Server(server("example.com", 0, Tcp)),
            "the port must be 1 to 65535",
        );
        refused(C, zone(841), "the time zone in minutes must be -720 to 840");
        refused(
            C,
            zone(-721),
            "the time zone in minutes must be -720 to 840",
        );
    }

    #[test]
    fn texts_have_limits() {
        for (name, message) in [
            ("", "the APN must have 1 to 63 characters"),
            ("a,b", "the APN cannot hold ','"),
            ("a#b", "the APN cannot hold '#'"),
            ("a b", "the APN cannot hold ' '"),
            ("a\r", "the APN cannot hold '\\r'"),
            ("a\u{7f}", "the APN cannot hold '\\u{7f}'"),
            ("a`", "the APN cannot hold '`'"),
            ("ä", "the APN cannot hold 'ä'"),
        ] {
            refused(B, Command::Apn(Apn::new(name)), message);
            refused(C, Command::Apn(Apn::new(name)), message);
        }
        refused(
            B,
            Command::Apn(Apn {
                user: "a#",
                ..Apn::new("a")
            }),
            "the APN user cannot hold '#'",
        );
        refused(
            C,
            Command::Apn(Apn {
                password: "a,",
                ..Apn::new("a")
            }),
            "the APN password cannot hold ','",
        );
        let connect = |apn| Command::ApnAndServer {
            apn,
            server: server("example.com", 1, Tcp),
            device: None,
        };
        let (thirty, more) = ("a".repeat(30), "a".repeat(31));
        assert!(connect(Apn::new(&thirty)).to_sms(A, "000000").is_ok());
        refused(
            A,
            connect(Apn::new(&more)),
            "the APN must have 1 to 30 characters",
        );
        assert!(
            Command::Apn(Apn::new(&"a".repeat(63)))
                .to_sms(B, "666666")
                .is_ok()
        );
        refused(
            B,
            Command::Apn(Apn::new(&"a".repeat(64))),
            "the APN must have 1 to 63 characters",
        );

        for (password, message) in [
            ("", "the password must have 4 to 6 characters"),
            ("123", "the password must have 4 to 6 characters"),
            ("1234567", "the password must have 4 to 6 characters"),
            ("12,34", "the password cannot hold ','"),
            ("secret", "the password cannot hold 's'"),
        ] {
            assert_eq!(
                Command::Locate.to_sms(A, password).unwrap_err().to_string(),
                message
            );
            let new = Command::Password { new: password }
                .to_sms(C, "123456")
                .unwrap_err();
            assert_eq!(
                new.to_string(),
                message.replace("the password", "the new password")
            );
        }
        assert_eq!(
            Command::Locate
                .to_sms(VSun, "000000")
                .unwrap_err()
                .to_string(),
            "the password must have 4 characters"
        );
        for (phone, message) in [
            ("", "the phone must have 3 to 15 characters"),
            ("+1", "the phone must have 3 to 15 characters"),
            ("1234567890123456", "the phone must have 3 to 15 characters"),
            ("0151 1234", "the phone cannot hold ' '"),
            ("++123", "the phone cannot hold '+'"),
        ] {
            refused(C, Command::AuthorisePhone { phone }, message);
            refused(C, Command::RemovePhone { phone }, message);
        }
    }

    #[test]
    fn hosts_are_names_or_addresses() {
        let too_long = ["a".repeat(63).as_str(); 4].join(".");
        for (host, message) in [
            ("", "the host must have 1 to 253 characters"),
            (too_long.as_str(), "the host must have 1 to 253 characters"),
            ("http://example.com", "the host cannot hold ':'"),
            ("example.com:5022", "the host cannot hold ':'"),
            ("2001:db8::1", "the host cannot hold ':'"),
            ("example.com#", "the host cannot hold '#'"),
            ("example,com", "the host cannot hold ','"),
            ("my_host", "the host cannot hold '_'"),
            (
                "203.0.113.777",
                "the host is neither a name nor an IPv4 address",
            ),
            (
                "203.0.113",
                "the host is neither a name nor an IPv4 address",
            ),
            (
                "010.0.0.1",
                "the host is neither a name nor an IPv4 address",
            ),
            (
                "example..com",
                "the host is neither a name nor an IPv4 address",
            ),
            (
                "example.com.",
                "the host is neither a name nor an IPv4 address",
            ),
            (
                "-example.com",
                "the host is neither a name nor an IPv4 address",
            ),
            (
                "example-.com",
                "the host is neither a name nor an IPv4 address",
            ),
        ] {
            for (set, command) in [
                (
                    A,
                    Command::ApnAndServer {
                        apn: Apn::new("internet"),
                        server: server(host, 1, Tcp),
                        device: None,
                    },
                ),
                (B, Command::Server(server(host, 1, Tcp))),
                (C, Command::Server(server(host, 1, Tcp))),
            ] {
                refused(set, command, message);
            }
        }
        // It would be read back as an address.
        refused(
            B,
            Command::Server(Server {
                host: Host::Name("203.0.113.7"),
                port: 1,
                transport: Tcp,
            }),
            "the host is neither a name nor an IPv4 address",
        );
        for host in [
            "localhost",
            "a",
            "1-2.example",
            "xn--bcher-kva.example",
            "3com.com",
            "0.0.0.0x",
        ] {
            assert!(
                Command::Server(server(host, 1, Tcp))
                    .to_sms(B, "666666")
                    .is_ok(),
                "{host}"
            );
        }
    }

    #[test]
    fn set_a_by_address_needs_the_id() {
        let connect = |host, device| Command::ApnAndServer {
            apn: Apn::new("internet"),
            server: server(host, 1, Tcp),
            device,
        };
        refused(A, connect("203.0.113.7", None), "the device id is missing");
        refused(
            A,
            connect("203.0.113.7", Some(id("12345678901234"))),
            "the device id must have 15 characters",
        );
        refused(
            A,
            connect("203.0.113.7", Some(id("1234567890123456"))),
            "the device id must have 15 characters",
        );
        // It would be lost.
        refused(
            A,
            connect("example.com", Some(id("358899058314017"))),
            "command set A (Concox) has no command to set a server by its name with a device id",
        );
    }

    #[test]
    fn one_message_is_160_characters() {
        let name = "a".repeat(63);
        let len = |secret: usize| {
            let apn = Apn {
                name: &name,
                user: "user",
                password: &"p".repeat(secret),
            };
            Command::Apn(apn).to_sms(B, "666666").map(|sms| sms.len())
        };
        // `APN,666666,` and 63, `,user,`, and `#`.
        assert_eq!(len(160 - 11 - 63 - 6 - 1), Ok(160));
        assert_eq!(
            len(160 - 11 - 63 - 6),
            Err(CommandError::TooLong { len: 161 })
        );
        assert_eq!(
            len(1000),
            Err(CommandError::Length {
                field: "APN password",
                min: 0,
                max: 160
            })
        );
    }

    #[test]
    fn brackets_take_two_characters() {
        let user = "{".repeat(60);
        let apn = Command::Apn(Apn {
            name: "internet",
            user: &user,
            password: "",
        });
        assert_eq!(
            apn.to_sms(B, "666666").unwrap().len(),
            4 + 6 + 1 + 8 + 1 + 60 + 1 + 1
        );
        let user = "{".repeat(70);
        let apn = Command::Apn(Apn {
            name: "internet",
            user: &user,
            password: "",
        });
        assert_eq!(
            apn.to_sms(B, "666666"),
            Err(CommandError::TooLong { len: 22 + 140 })
        );
        assert_eq!(
            apn.to_sms(B, "666666").unwrap_err().to_string(),
            "the text would have 162 characters, and a short message has 160 at most"
        );
    }
}

mod plans {
    use super::*;

    fn settings(host: &'static str) -> Settings<'static> {
        Settings {
            apn: Apn::new("internet"),
            server: server(host, 8888, Transport::Tcp),
            interval: Some(60),
            password: None,
            device: None,
        }
    }

    fn texts(plan: &Plan<'_>) -> Vec<String> {
        plan.iter().map(|step| step.text.to_string()).collect()
    }

    #[test]
    fn of_each_set() {
        let settings = Settings {
            device: Some(id("358899058314017")),
            ..settings("203.0.113.7")
        };
        for (set, expected) in [
            (
                CommandSet::A,
                &[
                    "RJBB,000000#",
                    "GPRS,000000,internet,0,203.0.113.7,8888,358899058314017,0#",
                    "GPRSDS,000000,60#",
                ][..],
            ),
            (
                CommandSet::B,
                &[
                    "WHERE,666666#",
                    "APN,666666,internet#",
                    "SERVER,666666,0,203.0.113.7,8888,0#",
                    "TIMER,666666,,60#",
                ],
            ),
            (
                CommandSet::C,
                &[
                    "#smslink#123456#",
                    "#timezone#123456#W#0#00#",
                    "#apn#123456#internet###",
                    "#IP#123456#203.0.113.7#8888#",
                    "#at#60#sum#0#",
                    "TCP",
                ],
            ),
            (
                CommandSet::J,
                &[
                    "GPRSSET#",
                    "APN,internet#",
                    "SERVER,0,203.0.113.7,8888,0#",
                    "GMT,E,0,0#",
                    "TIMER,60,60#",
                    "GPRSON,1#",
                    "GPRSSET#",
                    "PARAM#",
                ],
            ),
            (
                CommandSet::W,
                &[
                    "check123456",
                    "time zone123456 0",
                    "apn123456 internet",
                    "adminip123456 203.0.113.7 8888",
                    "gprs123456",
                    "fix060s***n123456",
                    "check123456",
                ],
            ),
            (
                CommandSet::S,
                &[
                    "RCONF",
                    "8960000E00",
                    "7100000",
                    "8030000 internet",
                    "8040000 203.0.113.7 8888",
                    "8050000 60",
                    "8090000 60",
                    "RCONF",
                ],
            ),
        ] {
            let plan = Plan::new(set, &settings).unwrap();
            assert_eq!(texts(&plan), expected);
            assert!(plan.iter().all(|step| step.set == set));
            // A question first, and what proves the settings last.
            let is_question = plan.iter().map(|step| step.command.is_question());
            let proofs = match set {
                CommandSet::J => 2,
                CommandSet::W | CommandSet::S => 1,
                _ => 0,
            };
            let expected = (0..plan.len()).map(|at| at == 0 || at + proofs >= plan.len());
            assert!(is_question.eq(expected), "{set}");
            for step in plan.iter() {
                assert_eq!(
                    Command::parse(set, &step.text).unwrap().command,
                    step.command
                );
            }
        }
    }

    #[test]
    fn password_and_names_and_no_interval() {
        let named = Settings {
            password: Some("1234"),
            interval: None,
            device: Some(id("358899058314017")),
            ..settings("example.com")
        };
        assert_eq!(
            texts(&Plan::new(CommandSet::A, &named).unwrap()),
            ["RJBB,1234#", "GPRS,1234,internet,0,example.com:8888#"]
        );
        let udp = Settings {
            server: server("example.com", 8888, Transport::Udp),
            ..named
        };
        assert_eq!(
            texts(&Plan::new(CommandSet::B, &udp).unwrap()),
            [
                "WHERE,1234#",
                "APN,1234,internet#",
                "SERVER,1234,1,example.com,8888,1#"
            ]
        );
    }

    #[test]
    fn what_is_not_possible() {
        let address = settings("203.0.113.7");
        assert_eq!(
            Plan::new(CommandSet::A, &address),
            Err(CommandError::Missing { field: "device id" })
        );
        let udp = Settings {
            server: server("203.0.113.7", 8888, Transport::Udp),
            ..address
        };
        assert!(matches!(
            Plan::new(CommandSet::C, &udp),
            Err(CommandError::Unsupported {
                set: CommandSet::C,
                ..
            })
        ));
        for set in [CommandSet::Gt02d, CommandSet::VSun, CommandSet::X] {
            assert!(
                Plan::new(
                    set,
                    &Settings {
                        password: Some("0000"),
                        ..address
                    }
                )
                .is_err()
            );
            // That there is no command comes before the password, which has no default.
            assert!(matches!(
                Plan::new(set, &address),
                Err(CommandError::Unsupported { .. })
            ));
        }
        let fast = Settings {
            interval: Some(5),
            ..settings("example.com")
        };
        assert!(Plan::new(CommandSet::A, &fast).is_ok());
        assert_eq!(
            Plan::new(CommandSet::B, &fast),
            Err(CommandError::Range {
                field: "interval in seconds",
                min: 10,
                max: 18000
            })
        );
    }

    #[test]
    fn of_an_unknown_set() {
        let steps: Vec<_> = try_all(&settings("203.0.113.7"))
            .map(|step| step.map(|step| step.text.to_string()))
            .collect();
        let expected = [
            Ok("RJBB,000000#"),
            Ok("WHERE,666666#"),
            Ok("#smslink#123456#"),
            Ok("GPRSSET#"),
            Ok("check123456"),
            Ok("RCONF"),
            Err(NoPlan {
                set: CommandSet::A,
                error: CommandError::Missing { field: "device id" },
            }),
            Ok("APN,666666,internet#"),
            Ok("SERVER,666666,0,203.0.113.7,8888,0#"),
            Ok("TIMER,666666,,60#"),
            Ok("#timezone#123456#W#0#00#"),
            Ok("#apn#123456#internet###"),
            Ok("#IP#123456#203.0.113.7#8888#"),
            Ok("#at#60#sum#0#"),
            Ok("TCP"),
            Ok("APN,internet#"),
            Ok("SERVER,0,203.0.113.7,8888,0#"),
            Ok("GMT,E,0,0#"),
            Ok("TIMER,60,60#"),
            Ok("GPRSON,1#"),
            Ok("GPRSSET#"),
            Ok("PARAM#"),
            Ok("time zone123456 0"),
            Ok("apn123456 internet"),
            Ok("adminip123456 203.0.113.7 8888"),
            Ok("gprs123456"),
            Ok("fix060s***n123456"),
            Ok("check123456"),
            Ok("8960000E00"),
            Ok("7100000"),
            Ok("8030000 internet"),
            Ok("8040000 203.0.113.7 8888"),
            Ok("8050000 60"),
            Ok("8090000 60"),
            Ok("RCONF"),
        ];
        assert_eq!(steps, expected.map(|step| step.map(str::to_owned)));

        let steps: Vec<_> = try_all(&settings("example.com"))
            .map(Result::unwrap)
            .collect();
        assert_eq!(steps.len(), 36);
        let questions = steps
            .iter()
            .take_while(|step| step.command.is_question())
            .count();
        assert_eq!(questions, 6);
        // Those at the ends of the plans of sets J, W and S.
        let more = steps[questions..]
            .iter()
            .filter(|step| step.command.is_question());
        assert_eq!(more.count(), 4);
        assert_eq!(
            steps[6].text.as_str(),
            "GPRS,000000,internet,0,example.com:8888#"
        );

        let wrong = Settings {
            password: Some("password"),
            ..settings("example.com")
        };
        assert_eq!(
            try_all(&wrong).filter(Result::is_err).count(),
            9,
            "four questions and five plans; set J, and the question of set S, have no password"
        );
    }
}

/// What devices say of their settings, compared with a plan.
mod proofs {
    use super::*;

    #[test]
    fn of_what_answers_show() {
        let named = Settings {
            apn: Apn::new("internet"),
            server: server("gps.example.com", 21100, Transport::Tcp),
            interval: Some(20),
            password: None,
            device: None,
        };
        let address = Settings {
            server: server("203.0.113.7", 8185, Transport::Tcp),
            ..named
        };
        let (yes, no) = (Some(true), Some(false));
        for (settings, text, shown, verdict) in [
            (
                named,
                "GPRS: ON; Currently use APN:Internet,user,pass; Server:1,GPS.example.com,21100,0;",
                [yes, yes, None],
                Verdict::Done,
            ),
            (
                named,
                "GPRS:ON;APN:cmnet,,;Server:1,gps.example.com,21100,0;",
                [no, yes, None],
                Verdict::Refused,
            ),
            (
                named,
                "GPRS:ON;APN:internet,,;Server:1,gps.example.com,21101,0;",
                [yes, no, None],
                Verdict::Refused,
            ),
            (
                named,
                "GPRS:ON;APN:internet,,;Server:1,gps.example.com,21100,1;",
                [yes, no, None],
                Verdict::Refused,
            ),
            (
                named,
                "IMEI:353686009002030;TIMER:20,20; SENDS:5;",
                [None, None, yes],
                Verdict::Unclear,
            ),
            (named, "Timer:30,20;", [None, None, no], Verdict::Refused),
            (named, "Timer:20,60;", [None, None, no], Verdict::Refused),
            (
                named,
                "Timer:20;APN:internet;",
                [yes, None, yes],
                Verdict::Unclear,
            ),
            // What the name was resolved to.
            (
                named,
                "IP:203.0.113.7:21100;APN:internet;",
                [yes, None, None],
                Verdict::Unclear,
            ),
            (
                named,
                "IP:203.0.113.7:21101;APN:internet;",
                [yes, no, None],
                Verdict::Refused,
            ),
            (
                address,
                "IP:gps.example.com:8185;APN:internet;",
                [yes, no, None],
                Verdict::Refused,
            ),
            (
                Settings {
                    interval: None,
                    ..named
                },
                "Timer:30,20;",
                [None; 3],
                Verdict::Unclear,
            ),
            (
                address,
                "XM_GT08B ID:8160000001 IP:203.000.113.007 8185 BAT:6 APN:INTERNET GPS:A-11-09 GSM:25",
                [yes, yes, None],
                Verdict::Done,
            ),
            (
                address,
                "ID:1\nIP:203.000.113.008 8185\nAPN:internet\nGSM:25",
                [yes, no, None],
                Verdict::Refused,
            ),
            (named, "SERVER_OK", [None; 3], Verdict::Unclear),
        ] {
            let proof = settings.proof(&Answer::parse(text.as_bytes()));
            assert_eq!([proof.apn, proof.server, proof.interval], shown, "{text}");
            assert_eq!(proof.verdict(), verdict, "{text}");
        }
        let shown = |text: &str| named.proof(&Answer::parse(text.as_bytes()));
        let settings = shown("GPRS:ON;APN:internet,,;Server:1,gps.example.com,21100,0;");
        assert_eq!(settings.and(shown("Timer:20,20;")).verdict(), Verdict::Done);
        assert_eq!(
            settings.and(shown("Timer:30,20;")).verdict(),
            Verdict::Refused
        );
    }

    #[test]
    fn protocols_order_the_sets() {
        let settings = Settings {
            apn: Apn::new("internet"),
            server: server("example.com", 21100, Transport::Tcp),
            interval: None,
            password: None,
            device: None,
        };
        let sets = |protocol| {
            let questions = try_likely(protocol, &settings).map(Result::unwrap).take(6);
            questions.map(|step| step.set).collect::<Vec<_>>()
        };
        use CommandSet::{A, B, C, J, S, W};
        for (protocol, expected) in [
            (Protocol::Gt02, [A, B, C, J, W, S]),
            (Protocol::Gt06, [J, A, C, B, W, S]),
            (Protocol::Tk103, [W, A, B, C, J, S]),
            (Protocol::V680, [C, A, B, J, W, S]),
            (Protocol::H02, [S, C, A, B, J, W]),
        ] {
            assert_eq!(sets(protocol), expected, "{protocol}");
        }
    }
}

/// Commands and responses over the data connection.
mod over_gprs {
    use super::*;
    use gt02::{Frame, Session, session};

    /// A heartbeat of a `gt02` device: `docs/protocols/gt02.md`, "Heartbeat (1A)".
    const GT02: &[u8] =
        b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
    /// A heartbeat of a `gt06` device: `docs/protocols/gt06.md`, "Heartbeat (13)".
    #[cfg(feature = "gt06")]
    const GT06: &[u8] = b"\x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x42\xcd\x4b\x0d\x0a";

    fn sends(heartbeat: &[u8]) {
        let mut session = Session::new();
        let _ = session.handle(&Frame::parse(heartbeat).unwrap());
        for (set, command, text) in [
            (CommandSet::J, Command::Settings, "GPRSSET#"),
            (CommandSet::J, Command::Restart, "RESET#"),
            (CommandSet::A, Command::Version, "RJBB,000000#"),
            (CommandSet::B, Command::Locate, "WHERE,666666#"),
            (CommandSet::C, Command::MapLink, "#smslink#123456#"),
        ] {
            let mut out = [0; 64];
            let sms = session::Command::Sms {
                set,
                command,
                password: None,
            };
            let len = session.command(&sms, &mut out).unwrap();
            let sent = Frame::parse(&out[..len]).unwrap();
            let is_text = |window: &[u8]| window == text.as_bytes();
            assert!(sent.as_bytes().windows(text.len()).any(is_text), "{text}");
        }
    }

    #[test]
    fn gt02_takes_sets_j_a_b_and_c() {
        sends(GT02);
    }

    #[cfg(feature = "gt06")]
    #[test]
    fn gt06_takes_sets_j_a_b_and_c() {
        sends(GT06);
    }

    #[cfg(feature = "gt06")]
    #[test]
    fn responses_in_utf_16_are_read() {
        use gt02::protocol::gt06::{LongResponse, Message};
        let mut session = Session::new();
        let _ = session.handle(&Frame::parse(GT06).unwrap());
        for (text, kind) in [
            ("Cut off the fuel supply: Success!", "done"),
            ("指令格式错误", "refused"),
            ("当前位置：Lat:N12.345678,Lon:E98.765432,Course:1,", "place"),
        ] {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let mut response = LongResponse::new(1, "x", 26).unwrap();
            (response.encoding, response.content) = (2, &units);
            let mut out = [0; 300];
            let len = Message::from(response).encode(&mut out).unwrap();
            let frame = Frame::parse(&out[..len]).unwrap();
            let report = session.handle(&frame).report;
            assert_eq!(report.answer(), None);
            let mut buffer = [0; 256];
            let answer = report.answer_in(&mut buffer).unwrap();
            assert_eq!(answer, Answer::parse(text.as_bytes()));
            match answer {
                Answer::CommandResult(result) => assert_eq!(result.outcome.name(), kind),
                Answer::Location(location) => assert!(location.position.is_some()),
                other => panic!("{other:?}"),
            }
            // A short buffer cuts the text.
            let mut short = [0; 3];
            assert!(matches!(
                report.answer_in(&mut short),
                Some(Answer::Text(_))
            ));
        }
        // Texts of bytes need no buffer.
        let response = LongResponse::new(1, "RELAY=0 OK", 26).unwrap();
        let mut out = [0; 64];
        let len = Message::from(response).encode(&mut out).unwrap();
        let report = session.handle(&Frame::parse(&out[..len]).unwrap()).report;
        assert_eq!(report.answer_in(&mut []), report.answer());
        assert!(report.answer().is_some());
    }
}

const DWXX: &str =
    "Lat:N23d 5.1708m，Lon: E114d 23.6212m，Course:120，Speed:53.02，DateTime:08-09-12 14:52:36";
const DWXX_GPRS: &str =
    "DWXX=Lat:N23.111682,Lon:E114.409217,Course:0.00,Speed:0.3518,DateTime:11-11-15  11:53:43";
const LATER: &str = "Latitude:N22.577156,Longitude:E113.916748,Course:0,Speed:0.34Km/h,Date:2017-03-15,Time:11:33:37";
const LINK: &str = "http://maps.google.com/maps?q=N22.577156,E113.916748";
const LINK_SIGNED: &str = "http://maps.google.com/maps?q=-22.577156,-113.916748";
const LINK_LONG: &str = "http://maps.google.com/maps?f=q&hl=en&q=22.540103,114.082329&ie=UTF8&z=16";
// docs/protocols/sms.md, "Positions", set C.
const LINK_SPEED: &str = "http://maps.google.com/maps?q=N22.577156,E113.916748 speed:000.0km/h Time:16:39:45 Date:08/04/25 IMEI:353686009002030";
const LINES: &str = "Lat: +22.50500\r\nLong: +114.01000\r\nSpeed: 0.00KM/H\r\nDirection: 315.00\r\nDate: 2008-04-25\r\nTime: 16:39:45\r\n\
    BS: 25ee0dff\r\nFix: A\r\nID: 353686009002030\r\nSTATE: SMS";
// Another document writes V-Sun's lines without blanks.
const LINES_TIGHT: &str = "Lat:+22.50500\nLong:+114.01000\nSpeed:0.00KM/H\nDirection:315.00\nDate:2008-04-25\nTime:16:39:45\nBS:25ee0dff\n\
    Fix:V\nID:353686009002030\nSTATE:TIMER";
const NO_FIX: &str = "ERROR GPS GPRMC FRAME DATA BS: 27971054";
const STATUS: &str = "Battery:4.16V,NORMAL; GPRS:Link Up; GSM Signal Level:Strong; GPS:Searching satellite, SVS Used in fix:0(0), \
    GPS Signal Level:; ACC:OFF; Defense:OFF";
// The labels and `A-24-23` are those of `h02` devices; the other values are made up.
const STATUS_H02: &str = "ID:4109179024\r\nIP:203.0.113.7:5013\r\nUT:30\r\nVOLT:4.1\r\nAPN:internet\r\nGPS:A-24-23\r\nGSM:21";
const LOCATIONS: [&str; 10] = [
    DWXX,
    DWXX_GPRS,
    LATER,
    LINK,
    LINK_SIGNED,
    LINK_LONG,
    LINK_SPEED,
    LINES,
    LINES_TIGHT,
    NO_FIX,
];

/// Text, what it names as the command, what became of that, and the rest.
const CONFIRMATIONS: [(&str, &str, CommandOutcome, &str); 24] = [
    // Set A.
    ("Success", "", CommandOutcome::Done, ""),
    ("Fail", "", CommandOutcome::Refused, ""),
    // Set A over GPRS.
    ("DYD=Success!", "DYD", CommandOutcome::Done, ""),
    ("HFYD=Success!", "HFYD", CommandOutcome::Done, ""),
    ("HFYD=Fail!", "HFYD", CommandOutcome::Refused, ""),
    (
        "DYD=Unvalued Fix",
        "DYD",
        CommandOutcome::Refused,
        "Unvalued Fix",
    ),
    (
        "DYD=Speed Limit, Speed 40km/h",
        "DYD",
        CommandOutcome::Refused,
        "Speed Limit, Speed 40km/h",
    ),
    (
        "Already in the state of fuel supply cut off,the command is not running!",
        "",
        CommandOutcome::AlreadyDone,
        "fuel supply cut off,the command is not running!",
    ),
    (
        "Already in the state of fuel supply to resume,the command is not running!",
        "",
        CommandOutcome::AlreadyDone,
        "fuel supply to resume,the command is not running!",
    ),
    ("Command error!", "Command", CommandOutcome::Refused, ""),
    // Set B.
    ("APEXOK!", "APEX", CommandOutcome::Done, ""),
    ("APNOK!", "APN", CommandOutcome::Done, ""),
    ("SERVEROK!", "SERVER", CommandOutcome::Done, ""),
    ("TIMEROK!", "TIMER", CommandOutcome::Done, ""),
    (
        "APEXError: Parameter 1 (ON/OFF)",
        "APEX",
        CommandOutcome::Refused,
        "Parameter 1 (ON/OFF)",
    ),
    // Sets C and VSun.
    ("begin ok!", "begin", CommandOutcome::Done, ""),
    ("begin ok", "begin", CommandOutcome::Done, ""),
    (
        "set time zone OK!",
        "set time zone",
        CommandOutcome::Done,
        "",
    ),
    (
        "change password ok",
        "change password",
        CommandOutcome::Done,
        "",
    ),
    ("password ok", "password", CommandOutcome::Done, ""),
    ("admin ok!", "admin", CommandOutcome::Done, ""),
    ("admin ok", "admin", CommandOutcome::Done, ""),
    (
        "SET MOVE RADIUS OK",
        "SET MOVE RADIUS",
        CommandOutcome::Done,
        "",
    ),
    ("MOVE DEFENCE:OFF", "MOVE DEFENCE", CommandOutcome::Done, ""),
];

#[track_caller]
fn location(text: &str) -> Location {
    match Answer::parse(text.as_bytes()) {
        Answer::Location(location) => location,
        other => panic!("{other:?}"),
    }
}

fn micro(position: Option<Position>) -> Option<(i32, i32)> {
    position.map(|position| {
        (
            position.latitude.micro_degrees(),
            position.longitude.micro_degrees(),
        )
    })
}

/// All values of an answer, in writing, voltages in millivolts, places in
/// millionths of a degree, speeds in metres per hour, courses in ten-thousandths of a degree.
fn values(text: &[u8]) -> Vec<(&'static str, String)> {
    let mut values: Vec<(&str, Option<String>)> = Vec::new();
    let mut put = |name, value: Option<String>| values.push((name, value));
    fn show<T: ToString>(value: Option<T>) -> Option<String> {
        value.map(|value| value.to_string())
    }
    match Answer::parse(text) {
        Answer::Location(it) => {
            let place = micro(it.position);
            put("latitude", show(place.map(|place| place.0)));
            put("longitude", show(place.map(|place| place.1)));
            put("last_known", it.last_known.then(|| "true".to_owned()));
            put("valid", show(it.fix));
            put("time", show(it.time));
            put("speed", show(it.speed.map(Speed::metres_per_hour)));
            put("course", show(it.course.map(Course::ten_thousandths)));
            put("device", show(it.device));
            put("lac", show(it.cell.and_then(|cell| cell.lac)));
            put("cid", show(it.cell.and_then(|cell| cell.cid)));
            put("trigger", it.trigger.map(|it| it.name().to_owned()));
            put("alarm", show(it.alarm));
            put("ignition", show(it.ignition));
            put("external_power", show(it.external_power));
            put("battery_percent", show(it.battery_percent));
            put(
                "battery_voltage",
                show(it.battery_voltage.map(Voltage::millivolts)),
            );
        }
        Answer::CommandResult(it) => {
            put("completion", Some(it.outcome.name().to_owned()));
        }
        Answer::Status(it) => {
            put(
                "battery_voltage",
                show(it.battery().map(Voltage::millivolts)),
            );
            put("battery_percent", show(it.battery_percent()));
            put("voltage_level", show(it.battery_level()));
            put(
                "voltage",
                show(it.external_voltage().map(Voltage::millivolts)),
            );
            put("external_power", show(it.external_power()));
            put("charging", show(it.charging()));
            put("satellites", show(it.satellites()));
            put("valid", show(it.fix()));
            put("speed", show(it.speed().map(Speed::metres_per_hour)));
            put("ignition", show(it.ignition()));
            put("armed", show(it.armed()));
            put("relay_cut", show(it.relay_cut()));
            put("device", show(it.device()));
            put("iccid", show(it.iccid()));
            put("apn", show(it.apn()));
            let server = it.server();
            put(
                "server",
                server.map(|it| format!("{}:{}", it.host, it.port)),
            );
            let transport = server.and_then(|it| it.transport);
            put(
                "transport",
                transport.map(|it| format!("{it:?}").to_lowercase()),
            );
            put(
                "interval_seconds",
                show(it.intervals().map(|it| it.seconds)),
            );
            put(
                "parked_seconds",
                show(it.intervals().and_then(|it| it.parked_seconds)),
            );
            put("zone_minutes", show(it.time_zone().map(UtcOffset::minutes)));
            for number in it.sos_numbers() {
                put("sos_number", Some(number.to_owned()));
            }
        }
        Answer::Alarm(alarm) => put("alarm", Some(alarm.to_string())),
        _ => {}
    }
    values
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

mod answers {
    use super::*;

    fn degrees(course: Option<Course>) -> Option<u32> {
        course.map(Course::ten_thousandths)
    }

    #[test]
    fn set_a() {
        let commas = DWXX.replace('，', ",");
        let tight = commas.replace(": ", ":");
        let wide = commas
            .replace(',', " ,\r\n ")
            .replace(':', " : ")
            .replace("14 : 52 : 36", "14:52:36");
        for text in [
            DWXX,
            &commas,
            &tight,
            &wide,
            &DWXX.replace(':', "：").replace("14：52：36", "14:52:36"),
            &DWXX.to_uppercase(),
        ] {
            let location = location(text);
            let position = location.position.unwrap();
            // 23 degrees 5.1708 minutes, exactly.
            assert_eq!(
                position.latitude.units(),
                (23 * 60 * 10_000 + 51_708) * 300,
                "{text}"
            );
            assert_eq!(
                position.longitude.units(),
                (114 * 60 * 10_000 + 236_212) * 300
            );
            assert_eq!(degrees(location.course), Some(1_200_000));
            assert_eq!(location.speed, Some(Speed::MetresPerHour(53_020)));
            assert_eq!(location.time.unwrap().to_string(), "2008-09-12T14:52:36");
            assert_eq!(
                (
                    location.fix,
                    location.device,
                    location.cell,
                    location.trigger
                ),
                (None, None, None, None)
            );
        }
    }

    #[test]
    fn set_a_over_gprs() {
        let location = location(DWXX_GPRS);
        assert_eq!(micro(location.position), Some((23_111_682, 114_409_217)));
        assert_eq!(degrees(location.course), Some(0));
        // In thousandths.
        assert_eq!(location.speed, Some(Speed::MetresPerHour(352)));
        assert_eq!(location.time.unwrap().to_string(), "2011-11-15T11:53:43");
    }

    #[test]
    fn later_devices_of_goome() {
        let location = location(LATER);
        assert_eq!(micro(location.position), Some((22_577_156, 113_916_748)));
        assert_eq!(degrees(location.course), Some(0));
        assert_eq!(location.speed, Some(Speed::MetresPerHour(340)));
        assert_eq!(location.time.unwrap().to_string(), "2017-03-15T11:33:37");
    }

    #[test]
    fn links() {
        assert_eq!(
            micro(location(LINK).position),
            Some((22_577_156, 113_916_748))
        );
        assert_eq!(
            micro(location(LINK_SIGNED).position),
            Some((-22_577_156, -113_916_748))
        );
        assert_eq!(
            micro(location(LINK_LONG).position),
            Some((22_540_103, 114_082_329))
        );
        assert_eq!(
            micro(location(&LINK.replace('N', "S").replace('E', "W")).position),
            Some((-22_577_156, -113_916_748))
        );
        let location = location(LINK_SPEED);
        assert_eq!(micro(location.position), Some((22_577_156, 113_916_748)));
        assert_eq!(location.speed, Some(Speed::MetresPerHour(0)));
        assert_eq!(location.time.unwrap().to_string(), "2008-04-25T16:39:45");
        assert_eq!(location.device, Some(id("353686009002030")));
        // Without the blank before `speed`.
        assert_eq!(
            micro(super::location(&LINK_SPEED.replace(' ', "")).position),
            Some((22_577_156, 113_916_748))
        );
    }

    #[test]
    fn lines_of_v_sun() {
        for (text, fix, state) in [
            (LINES, true, Trigger::Sms),
            (LINES_TIGHT, false, Trigger::Timer),
        ] {
            let location = location(text);
            assert_eq!(micro(location.position), Some((22_505_000, 114_010_000)));
            assert_eq!(location.speed, Some(Speed::MetresPerHour(0)));
            assert_eq!(degrees(location.course), Some(3_150_000));
            assert_eq!(location.time.unwrap().to_string(), "2008-04-25T16:39:45");
            let cell = location.cell.unwrap();
            assert_eq!(
                (cell.mcc, cell.mnc, cell.lac, cell.cid),
                (None, None, Some(0x25EE), Some(0x0DFF))
            );
            assert_eq!(location.fix, Some(fix));
            assert_eq!(location.device, Some(id("353686009002030")));
            assert_eq!(location.trigger, Some(state));
        }
        for state in ["SMS", "TIMER", "CALL", "SOS", "ANSWER"] {
            assert_eq!(
                location(&LINES.replace("STATE: SMS", &format!("STATE: {state}")))
                    .trigger
                    .unwrap()
                    .name(),
                state
            );
        }
        let south_west = LINES.replace('+', "-");
        assert_eq!(
            micro(location(&south_west).position),
            Some((-22_505_000, -114_010_000))
        );
    }

    #[test]
    fn without_a_fix() {
        let location = location(NO_FIX);
        assert_eq!(location.fix, Some(false));
        assert_eq!(location.position, None);
        let cell = location.cell.unwrap();
        assert_eq!((cell.lac, cell.cid), (Some(0x2797), Some(0x1054)));
    }

    #[test]
    fn odd_values_are_absent_alone() {
        let with = |from: &str, to: &str| location(&LINES.replace(from, to));
        let whole = location(LINES);
        assert_eq!(
            with("+22.50500", "+92.50500"),
            change(whole, |it| it.position = None)
        );
        assert_eq!(
            with("+22.50500", "22.50500 S"),
            change(whole, |it| it.position = None),
            "a letter that may be the hemisphere"
        );
        assert_eq!(
            with("+22.50500", "22.50500S"),
            change(whole, |it| it.position = None)
        );
        assert_eq!(
            with("+22.50500", "22,50500"),
            change(whole, |it| it.position = None),
            "no decimal comma"
        );
        assert_eq!(
            with("315.00", "360.01"),
            change(whole, |it| it.course = None)
        );
        assert_eq!(with("KM/H", "MPH"), change(whole, |it| it.speed = None));
        assert_eq!(with("KM/H", " knots"), change(whole, |it| it.speed = None));
        assert_eq!(
            with("KM/H", ""),
            whole,
            "km/h is what a speed without a unit is in"
        );
        assert_eq!(
            with("2008-04-25", "1998-04-25"),
            change(whole, |it| it.time = None)
        );
        assert_eq!(
            with("2008-04-25", "2008-4-25"),
            change(whole, |it| it.time = None)
        );
        assert_eq!(
            with("25ee0dff", "25ee0dff1"),
            change(whole, |it| it.cell = None)
        );
        assert_eq!(with("Fix: A", "Fix: B"), change(whole, |it| it.fix = None));
        assert_eq!(
            with("Fix: A", "Fix: Active"),
            change(whole, |it| it.fix = None)
        );
        assert_eq!(
            with("+22.50500", "22.50500x"),
            change(whole, |it| it.position = None)
        );
        assert_eq!(
            with("2008-04-25", "2008-04-251"),
            change(whole, |it| it.time = None)
        );
        assert_eq!(
            with("353686009002030", "3536860090020301"),
            change(whole, |it| it.device = None)
        );
        assert_eq!(
            with("353686009002030", "4109179024"),
            change(whole, |it| it.device = Some(id("4109179024")))
        );
        assert_eq!(
            with("STATE: SMS", "STATE: ACC ON"),
            change(whole, |it| it.trigger = None)
        );
        // A date that does not exist stays as it was sent.
        assert_eq!(
            with("2008-04-25", "2000-00-00").time.unwrap().to_string(),
            "2000-00-00T16:39:45"
        );
    }

    fn change(mut location: Location, change: impl FnOnce(&mut Location)) -> Location {
        change(&mut location);
        location
    }

    #[test]
    fn the_first_of_a_kind_counts() {
        let twice = format!(
            "{LINES}\r\n{}",
            LINES.replace("22.5", "33.5").replace("315", "90")
        );
        assert_eq!(location(&twice), location(LINES));
        let both = format!("{LATER}\r\n{LINK_LONG}");
        assert_eq!(location(&both), location(LATER));
        let link_first = format!("{LINK_LONG}\r\n{LATER}");
        assert_eq!(location(&link_first).position, location(LINK_LONG).position);
    }

    #[test]
    fn verdicts_on_relays_and_settings() {
        use CommandSet::{C, J, S, W};
        let relay = |circuit, cut| Command::Relay { circuit, cut };
        let cut = relay(Circuit::Fuel, true);
        let restore = relay(Circuit::Fuel, false);
        let stop = relay(Circuit::Vehicle, true);
        let interval = Command::Interval { seconds: 30 };
        let zone = Command::TimeZone(UtcOffset::UTC);
        for (set, command, text, verdict) in [
            (J, interval, "OK!", Verdict::Done),
            (J, interval, "TIMER_OK", Verdict::Done),
            (J, interval, "Timer:10,10;", Verdict::Unrelated),
            (J, interval, "SERVER_OK", Verdict::Unrelated),
            (J, interval, "FORMAT WRONG!", Verdict::Refused),
            (
                J,
                Command::Settings,
                "GPRS:ON;APN:internet,,;",
                Verdict::Done,
            ),
            (
                J,
                cut,
                "Cut off the fuel supply: Success! Speed:0 Km/h",
                Verdict::Done,
            ),
            (
                J,
                restore,
                "Cut off the fuel supply: Success!",
                Verdict::Unrelated,
            ),
            (J, cut, "Cut off the fuel supply: Fail!", Verdict::Refused),
            (
                J,
                cut,
                "GPS not fixed, Cut off the fuel supply operation delay execution!",
                Verdict::Deferred,
            ),
            (
                J,
                interval,
                "Restore fuel supply:Success!",
                Verdict::Unrelated,
            ),
            (J, restore, "RELAY=0 OK", Verdict::Done),
            (J, cut, "RELAY=0 OK", Verdict::Unrelated),
            (C, cut, "stop oil ok!", Verdict::Done),
            (C, restore, "stop oil ok!", Verdict::Unrelated),
            (
                C,
                relay(Circuit::Electricity, true),
                "Stop Electicity ok!",
                Verdict::Done,
            ),
            (
                C,
                relay(Circuit::Electricity, false),
                "supply electcity ok!\r",
                Verdict::Done,
            ),
            (
                C,
                Command::Acc { on: true },
                "ACC OFF OK",
                Verdict::Unrelated,
            ),
            (W, stop, "Stop engine Succeed", Verdict::Done),
            (
                W,
                stop,
                "it will be executed after speed less than 20KM/H",
                Verdict::Deferred,
            ),
            (W, Command::Reset, "begin fail", Verdict::Refused),
            (S, zone, "TIME ZONE SET OK, CURRENT: E08.", Verdict::Done),
            (
                J,
                Command::CutBelow { kmh: 20 },
                "Speed Limit, cut off after speed less than 20km/h",
                Verdict::Deferred,
            ),
            (J, Command::Settings, "Timer:10,10;", Verdict::Done),
            (
                J,
                Command::Settings,
                "Battery:84%;ACC:off;",
                Verdict::Unclear,
            ),
            (
                J,
                Command::Ask(Setting::Interval),
                "Timer:10,10;",
                Verdict::Done,
            ),
            (
                J,
                Command::Ask(Setting::Server),
                "Timer:10,10;",
                Verdict::Unclear,
            ),
            (
                J,
                Command::Ask(Setting::Heartbeat),
                "HBT:3,3;",
                Verdict::Done,
            ),
            (
                J,
                Command::Ask(Setting::TimeZone),
                "Currently Timezone(GMT):E,8,0",
                Verdict::Done,
            ),
            (
                J,
                Command::Version,
                "Version: S20_4G_LA_V01_Oct 22 2022_13:49:35",
                Verdict::Done,
            ),
            (W, Command::Imei, "353686009002030", Verdict::Done),
            (W, Command::Imei, "35368600900203", Verdict::Unclear),
            (W, interval, "fix030s***n123456", Verdict::Done),
            (W, interval, "t030s***n123456", Verdict::Unclear),
            // The echo of another interval.
            (W, interval, "fix060s***n123456", Verdict::Unclear),
            (
                W,
                Command::OtherInterval { seconds: 30 },
                "t030s***n123456",
                Verdict::Done,
            ),
            (
                W,
                Command::SpacedInterval { seconds: 30 },
                "FIX,CONFIG OK",
                Verdict::Done,
            ),
            (
                W,
                Command::MotionIntervals {
                    still: 300,
                    moving: 20,
                },
                "ITV, CONFIG OK",
                Verdict::Done,
            ),
            (W, Command::Vibration, "Shock is activated!", Verdict::Done),
            (W, Command::VibrationAlarmOff, "noshock ok", Verdict::Done),
            (
                W,
                Command::MovedBy { metres: 200 },
                "move OK",
                Verdict::Done,
            ),
            (
                W,
                Command::MovedBy { metres: 200 },
                "move!",
                Verdict::Unrelated,
            ),
            (W, Command::Locate, "help me! ok!", Verdict::Unrelated),
            // Whatever was asked.
            (W, Command::Locate, "password error!", Verdict::Refused),
            (W, Command::Reset, "password err", Verdict::Refused),
            (J, interval, "password error!", Verdict::Refused),
            // An alarm answers nothing.
            (
                J,
                Command::Locate,
                "SOS Alarm! <DateTime:11-06-17 14:53:06> ,\n\
                 http://maps.google.com/maps?q=N12.345678,E98.765432",
                Verdict::Unrelated,
            ),
        ] {
            let answer = Answer::parse(text.as_bytes());
            assert_eq!(
                command.verdict(set, &answer),
                verdict,
                "{set} {command:?} {text}"
            );
        }
    }

    #[test]
    fn places_that_are_not_there() {
        // 0, 0 for want of a fix; a link without a place; a sentence.
        for text in [
            "http://maps.google.com/maps?q=N0.000000,E0.000000",
            "http://maps.google.cn/maps\nID:9170000001\nGPS:V\nSpeed:0 KM/H\n19-12-29 23:22:22",
            "No data!",
        ] {
            let location = location(text);
            assert_eq!(
                (location.position, location.fix),
                (None, Some(false)),
                "{text}"
            );
        }
        assert_eq!(
            values(b"<10-29 11:13>http://maps.google.com/maps?q=S12.345678,W98.765432"),
            [
                ("latitude", "-12345678".to_owned()),
                ("longitude", "-98765432".to_owned())
            ],
            "month and day are no date"
        );
        let last = "Last position!Lat:N12.345678,Lon:E98.765432,Course:0,Speed:0";
        assert!(location(last).last_known);
        assert!(!location(&last.replace("Last", "Current")).last_known);
    }

    #[test]
    fn hemispheres_after_the_number() {
        let expected = Some((-12_345_670, -98_765_430));
        let link = "Shock Alarm\nhttps://maps.google.com/maps?q=12.34567S,98.76543W\nBattery: 91%";
        let link = location(link);
        assert_eq!(micro(link.position), expected);
        assert_eq!(link.battery_percent, Some(91));
        assert_eq!(link.alarm, Some(Alarm::Vibration));
        let line = location("Speed Alarm !IMEI:353686009002030\r\n12.34567,S,98.76543,W");
        assert_eq!(micro(line.position), expected);
        assert_eq!(line.alarm, Some(Alarm::Overspeed));
        assert_eq!(line.device, Some(id("353686009002030")));
    }

    #[test]
    fn settings_in_other_forms() {
        let said = |text: &str| -> Vec<String> {
            let values = values(text.as_bytes());
            values
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect()
        };
        for (text, expected) in [
            (
                "Currently in use Server:1,gps.example.com,9016,0;",
                &["server gps.example.com:9016", "transport tcp"][..],
            ),
            ("Currently Timezone(GMT):E,8,0", &["zone_minutes 480"]),
            ("SENDS:5;TimeZone:E,8,0(AUTO);", &["zone_minutes 480"]),
            ("SENDS:5;TimeZone:W,3,30 (AUTO);", &["zone_minutes -210"]),
            (
                "Timer:10,60;",
                &["interval_seconds 10", "parked_seconds 60"],
            ),
            (
                "SOS:13800138000,,+4915112345678; Center Number:; TimeZone:W,3,30;",
                &[
                    "zone_minutes -210",
                    "sos_number 13800138000",
                    "sos_number +4915112345678",
                ],
            ),
            ("ext Battery:11.66V; GPRS:Link Up;", &["voltage 11660"]),
            (
                "Power: ON Battery: 100%\nDoor:OFF ACC:ON\nGPS:OK\nGPRS:OFF line\nOil:65.5%",
                &[
                    "battery_percent 100",
                    "external_power true",
                    "valid true",
                    "ignition true",
                ],
            ),
            (
                "ID:8160000001 IP:203.000.113.007 8185 BAT:6 APN:CMNET GPS:A-11-09 GSM:25",
                &[
                    "voltage_level 6",
                    "valid true",
                    "device 8160000001",
                    "apn CMNET",
                    "server 203.000.113.007:8185",
                ],
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn confirmations() {
        for (text, command, outcome, detail) in CONFIRMATIONS {
            for text in [text, &format!("\r\n {text}\r\n\0")] {
                let Answer::CommandResult(confirmation) = Answer::parse(text.as_bytes()) else {
                    panic!("{text}")
                };
                assert_eq!(confirmation.command.as_str(), Some(command), "{text}");
                assert_eq!(confirmation.outcome, outcome, "{text}");
                assert_eq!(confirmation.detail.as_str(), Some(detail), "{text}");
            }
        }
    }

    #[test]
    fn status_of_gt06() {
        let Answer::Status(status) = Answer::parse(STATUS.as_bytes()) else {
            panic!()
        };
        assert_eq!(status.text(), Text::Bytes(STATUS.as_bytes()));
        assert_eq!(status.battery(), Some(Voltage::from_millivolts(4160)));
        assert_eq!(status.satellites(), Some(0));
        assert_eq!(
            (
                status.fix(),
                status.ignition(),
                status.armed(),
                status.device()
            ),
            (Some(false), Some(false), Some(false), None)
        );
        let fields: Vec<_> = status
            .fields()
            .map(|field| {
                (
                    field.label.to_string(),
                    field.value.to_string(),
                    field.is_whole,
                )
            })
            .collect();
        let expected = [
            ("Battery", "4.16V", true),
            ("", "NORMAL", true),
            ("GPRS", "Link Up", true),
            ("GSM Signal Level", "Strong", true),
            ("GPS", "Searching satellite", true),
            ("SVS Used in fix", "0(0)", true),
            ("GPS Signal Level", "", true),
            ("ACC", "OFF", true),
            ("Defense", "OFF", false),
        ];
        assert_eq!(
            fields,
            expected.map(|(label, value, is_whole)| (label.to_owned(), value.to_owned(), is_whole))
        );
        let other = STATUS
            .replace("OFF", "ON")
            .replace("0(0)", "7(9)")
            .replace("Searching satellite", "V-1");
        let Answer::Status(status) = Answer::parse(other.as_bytes()) else {
            panic!()
        };
        assert_eq!(
            (
                status.satellites(),
                status.fix(),
                status.ignition(),
                status.armed()
            ),
            (Some(7), Some(false), Some(true), Some(true))
        );
    }

    #[test]
    fn status_of_h02() {
        let Answer::Status(status) = Answer::parse(STATUS_H02.as_bytes()) else {
            panic!()
        };
        assert_eq!(status.device(), Some(id("4109179024")));
        assert_eq!(status.fix(), Some(true));
        assert_eq!(
            status.field("ip").unwrap().value.as_str(),
            Some("203.0.113.7:5013")
        );
        assert_eq!(status.field("GSM").unwrap().value.as_str(), Some("21"));
        assert!(!status.field("GSM").unwrap().is_whole);
        assert_eq!(status.field("SIM"), None);
        assert_eq!(status.battery(), None);
    }

    #[test]
    fn a_broken_line_goes_on() {
        let Answer::Status(status) =
            Answer::parse(b"ID:41091\r\n79024\r\nGSM Signal Level:Str\nong; ACC:O\nFF")
        else {
            panic!()
        };
        assert_eq!(status.device(), None);
        assert_eq!(
            status.field("GSM Signal Level").unwrap().value.as_str(),
            Some("Str\nong")
        );
        assert_eq!(status.ignition(), None);
        assert_eq!(status.fields().count(), 3);

        // The voltage of the vehicle, and not that of the device's battery.
        for text in [
            "ACC:ON ext\nBattery:11.66V;",
            "GPS Signal Level:38,26,33 EXT \r\nBattery:11.66V; SIM:Normal;",
        ] {
            let Answer::Status(status) = Answer::parse(text.as_bytes()) else {
                panic!("{text}")
            };
            assert_eq!(status.battery(), None, "{text}");
        }
    }

    /// Sentences with `ok` or `error` in them are no results, least of all the contrary.
    #[test]
    fn sentences_are_no_results() {
        for text in [
            "Not OK",
            "APN not ok!",
            "Server is not OK",
            "Battery is OK",
            "no error!",
            "OK, but failed",
            "SERVER_OK, but the connection failed!",
            "Success! But error 5",
        ] {
            assert!(
                matches!(Answer::parse(text.as_bytes()), Answer::Text(_)),
                "{text}"
            );
        }
        for text in ["nospeed ok", "noadmin ok!", "notify OK", "ISO ok"] {
            let answer = Answer::parse(text.as_bytes());
            assert!(matches!(answer, Answer::CommandResult(_)), "{text}");
        }
    }

    /// A comma is not taken for the end of a coordinate if it may be its decimal mark.
    #[test]
    fn coordinates_have_decimals() {
        for text in [
            "Lat:22,577156,Lon:113,916748,Speed:0,",
            "Lat:N22,Lon:E113,Speed:0,",
            "http://maps.google.com/maps?q=22,577156,113,916748 ",
        ] {
            let place = match Answer::parse(text.as_bytes()) {
                Answer::Location(location) => location.position,
                _ => None,
            };
            assert_eq!(place, None, "{text}");
        }
    }

    /// White space of any kind stands between fields, and no field comes twice.
    #[test]
    fn fields_end_with_the_text() {
        for space in ["\x0C", "\t", "\r", "\n", " ", " \x0C\t"] {
            let text = format!("GPRS:ON;{space}ACC:OFF;{space}Power:ON;{space}");
            let Answer::Status(status) = Answer::parse(text.as_bytes()) else {
                panic!("{text:?}")
            };
            assert_eq!(status.fields().take(9).count(), 3, "{text:?}");
            assert_eq!(status.ignition(), Some(false), "{text:?}");
            assert_eq!(status.external_power(), Some(true), "{text:?}");
        }
    }

    /// A value before a label is no part of it, a word is.
    #[test]
    fn labels_after_values() {
        for (text, ignition) in [
            ("GPS:31,18 ACC:ON;", Some(true)),
            ("GPS:31,18\nACC:ON;", Some(true)),
            ("GPS:OFF ACC:ON;", Some(true)),
            ("GPS:OFF;\nACC:ON;", Some(true)),
            ("GPS:OFF;rear ACC:ON;", None),
            ("GPS:OFF;rear\nACC:ON;", None),
            ("GPS:OFF;1ACC:ON;", None),
        ] {
            let Answer::Status(status) = Answer::parse(text.as_bytes()) else {
                panic!("{text:?}")
            };
            assert_eq!(status.ignition(), ignition, "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_text() {
        for text in [
            "",
            "GT02A_V02_HY",
            "GPS518,DEC,22,2008",
            "RJBB=GT02 1.2",
            "See you at 12:30, ok?",
            "I read the book",
            "terror!",
            "Error 5",
            "a sentence of more than thirty-two characters ok",
            "http://example.com/?q=gps",
            "Loka: 5",
        ] {
            assert_eq!(
                Answer::parse(text.as_bytes()),
                Answer::Text(Text::Bytes(text.as_bytes()))
            );
        }
        assert_eq!(
            Answer::parse(b" \0\r\nabc\0\0 "),
            Answer::Text(Text::Bytes(b"abc"))
        );
    }

    #[test]
    fn verdicts() {
        use CommandSet::{A, B, C, VSun};
        use Verdict::{Done, Refused, Unclear, Unrelated};
        let (interval, apn) = (
            Command::Interval { seconds: 30 },
            Command::Apn(Apn::new("internet")),
        );
        let host = Command::Server(server("example.com", 1, Transport::Tcp));
        let cut = Command::Relay {
            circuit: Circuit::Fuel,
            cut: true,
        };
        let restore = Command::Relay {
            circuit: Circuit::Fuel,
            cut: false,
        };
        let zone = Command::TimeZone(UtcOffset::UTC);
        let phone = Command::AuthorisePhone { phone: "123" };
        for (set, command, text, verdict) in [
            (A, Command::Locate, DWXX, Done),
            (A, Command::Locate, DWXX_GPRS, Done),
            (A, Command::Locate, "Fail", Refused),
            (A, Command::Locate, "Success", Unclear),
            (A, Command::Version, "GT02A_V02_HY", Unclear),
            (A, Command::Version, "Fail", Refused),
            (A, interval, "Success", Done),
            (A, interval, "Fail", Refused),
            (A, interval, "Command error!", Refused),
            (A, interval, DWXX, Unrelated),
            (A, interval, STATUS, Unrelated),
            (A, interval, "GPRSDS=Success!", Done),
            (A, cut, "DYD=Success!", Done),
            (A, cut, "HFYD=Success!", Unrelated),
            (A, cut, "DYD=Speed Limit, Speed 40km/h", Refused),
            (
                A,
                cut,
                "Already in the state of fuel supply cut off,the command is not running!",
                Done,
            ),
            (
                A,
                restore,
                "Already in the state of fuel supply cut off,the command is not running!",
                Unrelated,
            ),
            (
                A,
                restore,
                "Already in the state of fuel supply to resume,the command is not running!",
                Done,
            ),
            (A, restore, "Already in the state of fuel", Unclear),
            (A, interval, "Already in the state of fuel", Unrelated),
            (A, restore, "HFYD=Fail!", Refused),
            (B, Command::Locate, LATER, Done),
            (B, Command::MapLink, LINK, Done),
            (B, Command::Locate, "WHEREError: password", Refused),
            (B, apn, "APNOK!", Done),
            (B, apn, "SERVEROK!", Unrelated),
            (B, host, "SERVEROK!", Done),
            (B, interval, "TIMERError: Parameter 2", Refused),
            (B, Command::Password { new: "1234" }, "PASSWORDOK!", Done),
            (C, Command::Reset, "begin ok!", Done),
            (C, zone, "set time zone OK!", Done),
            (C, zone, "begin ok!", Unrelated),
            (
                C,
                Command::Password { new: "1234" },
                "change password ok",
                Done,
            ),
            (C, Command::Password { new: "1234" }, "password ok", Done),
            (C, phone, "admin ok!", Done),
            (
                C,
                Command::RemovePhone { phone: "123" },
                "admin ok!",
                Unrelated,
            ),
            (C, host, "adminip ok", Done),
            (C, Command::MapLink, LINK_SPEED, Done),
            (C, Command::GprsOverTcp, STATUS_H02, Unclear),
            (VSun, Command::Locate, LINES, Done),
            (VSun, Command::Locate, NO_FIX, Done),
            (
                VSun,
                Command::MoveAlarm { radius: 1 },
                "SET MOVE RADIUS OK",
                Done,
            ),
            (VSun, Command::MoveAlarmOff, "MOVE DEFENCE:OFF", Done),
            (VSun, Command::MoveAlarmOff, "SET MOVE RADIUS OK", Unrelated),
        ] {
            assert_eq!(
                command.verdict(set, &Answer::parse(text.as_bytes())),
                verdict,
                "{set} {command:?} {text}"
            );
        }
    }

    #[test]
    fn the_documented_answer_means_done() {
        let commands = [
            Command::Interval { seconds: 30 },
            Command::Apn(Apn::new("a")),
            Command::Server(server("a", 1, Transport::Tcp)),
            Command::Password { new: "1234" },
            Command::TimeZone(UtcOffset::UTC),
            Command::AuthorisePhone { phone: "123" },
            Command::Reset,
            Command::Relay {
                circuit: Circuit::Fuel,
                cut: true,
            },
            Command::Relay {
                circuit: Circuit::Fuel,
                cut: false,
            },
            Command::MoveAlarm { radius: 1 },
            Command::MoveAlarmOff,
        ];
        let mut documented = 0;
        for set in SETS {
            for command in commands
                .iter()
                .filter(|command| command.to_sms(set, "0000").is_ok())
            {
                if let Expected::Text(text) = command.expected(set) {
                    documented += 1;
                    assert_eq!(
                        command.verdict(set, &Answer::parse(text.as_bytes())),
                        Verdict::Done,
                        "{set} {text}"
                    );
                }
            }
            if let Some(question) = set.question() {
                assert!(matches!(
                    question.expected(set),
                    Expected::Position | Expected::MapLink | Expected::Version | Expected::Status
                ));
            }
        }
        assert_eq!(documented, 32);
    }
}

mod cut {
    use super::*;

    /// Texts whose every beginning says the same or nothing.
    fn all() -> Vec<String> {
        let known = LOCATIONS.into_iter().chain([STATUS, STATUS_H02]);
        let known = known.chain(CONFIRMATIONS.map(|vector| vector.0));
        let is_cut_safe = |row: &corpus::Row| {
            !matches!(row.kind(), "" | "text") && !ENDS_AN_ALARM.contains(&row.text.as_str())
        };
        let rows = corpus::rows().into_iter().filter(is_cut_safe);
        let rows = rows.map(|row| row.text.trim().to_owned());
        known.map(str::to_owned).chain(rows).collect()
    }

    /// Cut after the first `!` it is the alarm that it ends: nothing decides.
    const ENDS_AN_ALARM: [&str; 1] = ["low battery! ok!"];

    #[track_caller]
    fn says_no_other(part: &[u8], whole: &[(&'static str, String)]) {
        for value in values(part) {
            assert!(
                whole.contains(&value),
                "{value:?} in {:?}",
                String::from_utf8_lossy(part)
            );
        }
    }

    #[test]
    fn every_beginning_says_the_same_or_nothing() {
        for text in all() {
            let whole = values(text.as_bytes());
            assert!(!whole.is_empty(), "{text}");
            let mut last = 0;
            for len in 0..=text.len() {
                let part = &text.as_bytes()[..len];
                says_no_other(part, &whole);
                says_no_other(&[part, b"\r\n"].concat(), &whole);
                last = values(part).len();
            }
            assert_eq!(last, whole.len());
        }
    }

    #[test]
    fn a_break_anywhere_says_the_same_or_nothing() {
        for text in all() {
            let whole = values(text.as_bytes());
            for at in 0..=text.len() {
                let (front, back) = text.as_bytes().split_at(at);
                for space in [&b"\n"[..], b"\r\n", b" "] {
                    let broken = [front, space, back].concat();
                    says_no_other(&broken, &whole);
                    // Twice is enough for the shorter ones.
                    if space == b"\n" && text.len() <= 80 {
                        (at..broken.len()).for_each(|len| says_no_other(&broken[..len], &whole));
                    }
                }
            }
        }
    }

    #[test]
    fn every_end_says_the_same_or_nothing() {
        // The second part of a long message.
        for text in LOCATIONS {
            let whole = values(text.as_bytes());
            for (at, _) in text
                .char_indices()
                .filter(|(at, _)| text[..*at].ends_with([',', '，', ' ', '\n']))
            {
                says_no_other(&text.as_bytes()[at..], &whole);
            }
        }
    }

    const PLACE: [&str; 2] = ["latitude", "longitude"];

    #[test]
    fn what_is_readable_is_read() {
        let beginning = |text: &str, end: &str| {
            values(&text.as_bytes()[..text.find(end).unwrap() + end.len()])
                .into_iter()
                .map(|value| value.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            beginning(LATER, "E113.91674"),
            [""; 0],
            "one decimal is missing"
        );
        assert_eq!(beginning(LATER, "E113.916748"), PLACE);
        assert_eq!(beginning(LATER, "Course:0"), PLACE);
        assert_eq!(
            beginning(LATER, "Course:0,"),
            ["latitude", "longitude", "course"]
        );
        assert_eq!(
            beginning(LATER, "Speed:0.34Km/"),
            ["latitude", "longitude", "course"]
        );
        assert_eq!(
            beginning(LATER, "Speed:0.34Km/h"),
            ["latitude", "longitude", "speed", "course"]
        );
        assert_eq!(
            beginning(LATER, "11:33:3"),
            ["latitude", "longitude", "speed", "course"]
        );
        assert_eq!(beginning(DWXX, "23.621"), [""; 0]);
        assert_eq!(beginning(DWXX, "23.6212"), PLACE);
        assert_eq!(beginning(LINK, "22.57"), [""; 0]);
        assert_eq!(
            beginning(LINES, "25ee0df"),
            ["latitude", "longitude", "time", "speed", "course"]
        );
        assert_eq!(beginning(STATUS, "Battery:4.16"), [""; 0]);
        assert_eq!(beginning(STATUS, "Battery:4.16V"), ["battery_voltage"]);
        assert_eq!(
            beginning(STATUS, "ACC:OF"),
            ["battery_voltage", "satellites", "valid"]
        );
    }

    #[test]
    fn coarse_coordinates_do_not_end_a_text() {
        assert_eq!(
            values(b"Lat:22.577,Lon:113.916"),
            [],
            "three decimals may be six"
        );
        assert_eq!(values(b"Lat:22.5771,Lon:113.9167").len(), 2);
        assert_eq!(values(b"Lat:22.577,Lon:113.916,").len(), 2);
        assert_eq!(values(b"Lat:22.577,Lon:113.916748,").len(), 2);
        assert_eq!(values(b"Lat:22.577,Lon:113.916748"), []);
        assert_eq!(values(b"Lat:22.577156"), []);
    }

    proptest! {
        #[test]
        fn every_beginning_of_any_position(
            latitude in 0..90_000_000_u32, longitude in 0..180_000_000_u32, places in 1_usize..=6, form in 0..6_usize, speed in 0..400_000_u32,
        ) {
            let degrees = |micro: u32| {
                let digits = format!("{:06}", micro % 1_000_000);
                format!("{}.{}", micro / 1_000_000, &digits[..places])
            };
            let (latitude, longitude, speed) = (degrees(latitude), degrees(longitude), format!("{}.{:02}", speed / 1000, speed % 100));
            let text = match form {
                0 => format!("Lat:N{latitude},Lon:E{longitude},Course:{speed},Speed:{speed},DateTime:11-11-15  11:53:43"),
                1 => format!("Lat: -{latitude}\r\nLong: +{longitude}\r\nSpeed: {speed}KM/H\r\nDirection: {speed}\r\n"),
                2 => format!("http://maps.google.com/maps?q=S{latitude},W{longitude}"),
                3 => format!("http://maps.google.com/maps?f=q&hl=en&q={latitude},{longitude}&ie=UTF8"),
                4 => format!("maps?q=N{latitude},E{longitude} speed:{speed}km/h Time:16:39:45 Date:08/04/25 IMEI:353686009002030"),
                _ => format!("Lat:N12d {latitude}m，Lon: E114d {longitude}m，Course:120，Speed:{speed}，"),
            };
            let whole = values(text.as_bytes());
            for len in 0..text.len() {
                says_no_other(&text.as_bytes()[..len], &whole);
            }
            for at in 0..text.len() {
                let (front, back) = text.as_bytes().split_at(at);
                says_no_other(&[front, b"\n", back].concat(), &whole);
            }
        }
    }
}

/// Texts that are damaged word by word keep their kind, or lose it.
mod kinds {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Kind {
        Place,
        NoPlace,
        Confirmation,
        Status,
        Alarm,
        Text,
    }

    fn kind(text: &str) -> Kind {
        match Answer::parse(text.as_bytes()) {
            Answer::Location(it) if it.position.is_some() => Kind::Place,
            Answer::Location(_) => Kind::NoPlace,
            Answer::CommandResult(_) => Kind::Confirmation,
            Answer::Status(_) => Kind::Status,
            Answer::Alarm(_) => Kind::Alarm,
            _ => Kind::Text,
        }
    }

    /// Whether a text may be of this kind when words of it are gone or at other places: what is
    /// left of a place are its labels, and perhaps its alarm.
    fn may_become(whole: &str, part: &str) -> bool {
        let has_alarm = values(whole.as_bytes()).iter().any(|it| it.0 == "alarm");
        match (kind(whole), kind(part)) {
            (whole, part) if whole == part => true,
            (_, Kind::Text) => true,
            (Kind::Place, Kind::NoPlace) => true,
            (Kind::Place | Kind::NoPlace, Kind::Status) => true,
            (Kind::Place, Kind::Alarm) => has_alarm,
            // The two texts that end an alarm, without their last word.
            (Kind::Confirmation, Kind::Alarm) => whole.ends_with("! ok!"),
            // One of these words is a confirmation, wherever it comes from.
            (_, Kind::Confirmation) => ["ok", "success", "fail"]
                .iter()
                .any(|word| part.eq_ignore_ascii_case(word)),
            _ => false,
        }
    }

    /// Answers of the field, and of the manual.
    fn answers() -> Vec<String> {
        let rows = corpus::rows().into_iter();
        let rows = rows.filter(|row| row.expect.is_some()).map(|row| row.text);
        let known = LOCATIONS.into_iter().chain([STATUS, STATUS_H02]);
        let known = known.chain(CONFIRMATIONS.map(|vector| vector.0));
        rows.chain(known.map(str::to_owned)).collect()
    }

    fn words(text: &str) -> Vec<String> {
        text.split_ascii_whitespace().map(str::to_owned).collect()
    }

    /// A text, its words shuffled, and what to join them by.
    fn damaged() -> impl Strategy<Value = (String, Vec<String>, &'static str)> {
        let separator = prop::sample::select(&[" ", "\n", "\r\n", "  "][..]);
        (prop::sample::select(answers()), separator).prop_flat_map(|(text, separator)| {
            let shuffled = Just(words(&text)).prop_shuffle();
            (Just(text), shuffled, Just(separator))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn words_at_other_places_make_no_other_kind((text, shuffled, separator) in damaged()) {
            let part = shuffled.join(separator);
            prop_assert!(may_become(&text, &part), "{text:?} {part:?} {:?}", kind(&part));
        }

        #[test]
        fn words_that_are_gone_make_no_other_kind(
            (text, _, separator) in damaged(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
        ) {
            let words = words(&text);
            let (from, to) = (from.index(words.len() + 1), to.index(words.len() + 1));
            let part = words[from.min(to)..from.max(to)].join(separator);
            prop_assert!(may_become(&text, &part), "{text:?} {part:?} {:?}", kind(&part));
        }
    }

    #[test]
    fn words_joined_by_line_ends_keep_their_kind() {
        for text in answers() {
            for separator in ["\n", "\r\n"] {
                let broken = words(&text).join(separator);
                assert!(may_become(&text, &broken), "{broken:?}");
            }
        }
    }

    #[test]
    fn parts_that_once_were_another_kind() {
        for (text, is) in [
            ("fail to locate, no data, please try again!", Kind::Text),
            ("SUCCESS NET: HIGH GPS: FIXED,9", Kind::Status),
            ("GPS: OK", Kind::Status),
            ("FAIL;GSM Signal:H;GPS:FIXED;ACC:off;", Kind::Status),
            ("fuel supply: Success!", Kind::Text),
            ("no\nGPS\ndata", Kind::Text),
            // And what they are parts of.
            ("no gps", Kind::Alarm),
            ("Fail!", Kind::Confirmation),
            ("Success ", Kind::Confirmation),
        ] {
            assert_eq!(kind(text), is, "{text}");
        }
    }
}

mod at_random {
    use super::*;

    /// Texts for fields: good ones, and any.
    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-z][a-z0-9-]{0,12}[a-z0-9](\\.[a-z]{2,6}){0,2}",
            2 => "[0-9]{4,6}",
            1 => "\\+?[0-9]{2,16}",
            2 => "[!-~]{0,40}",
            1 => "[0-9.]{1,15}",
            1 => prop::collection::vec(any::<char>(), 0..20).prop_map(String::from_iter),
            1 => Just(String::new()),
        ]
    }

    fn password() -> impl Strategy<Value = String> {
        prop_oneof![4 => "[0-9]{4}", 4 => "[0-9]{6}", 1 => any_text()]
    }

    fn number() -> impl Strategy<Value = u32> {
        prop_oneof![
            0..20_u32,
            0..20_000_u32,
            (1..2400_u32).prop_map(|minutes| minutes * 60),
            (1..60_u32).prop_map(|minutes| minutes * 60),
            50..=1000_u32,
            any::<u32>()
        ]
    }

    /// A command, from parts that outlive it.
    #[derive(Clone, Debug)]
    struct Parts {
        texts: [String; 3],
        host: Result<String, [u8; 4]>,
        port: u16,
        transport: Transport,
        device: Option<DeviceId>,
        number: u32,
        flag: bool,
        zone: i16,
        kind: usize,
    }

    impl Parts {
        fn notify(&self) -> Notify {
            match self.port % 4 {
                0 => Notify::Gprs,
                1 => Notify::GprsAndSms,
                2 => Notify::GprsSmsAndCall,
                _ => Notify::GprsAndCall,
            }
        }

        fn command(&self) -> Command<'_> {
            let [a, b, c] = self.texts.each_ref().map(String::as_str);
            let apn = Apn {
                name: a,
                user: if self.flag { b } else { "" },
                password: if self.flag { c } else { "" },
            };
            let host = match &self.host {
                Ok(name) => Host::Name(name),
                Err(octets) => Host::Address((*octets).into()),
            };
            let server = Server {
                host,
                port: self.port,
                transport: self.transport,
            };
            let circuit = match self.port % 4 {
                0 => Circuit::Fuel,
                1 => Circuit::Electricity,
                2 => Circuit::Vehicle,
                _ => Circuit::Relay,
            };
            let (notify, on, slot) = (self.notify(), self.flag, (self.port % 5) as u8);
            let (few, port) = (self.number % 40, u32::from(self.port));
            let crossing = match self.port % 3 {
                0 => Crossing::In,
                1 => Crossing::Out,
                _ => Crossing::Both,
            };
            let corners = [self.number, !self.number].map(|number| {
                // Micro-degrees, as the commands write them.
                let sign = if number % 2 == 0 { 10 } else { -10 };
                let latitude = (number % 90_000_001) as i32 * sign;
                let longitude = (number.rotate_left(9) % 180_000_001) as i32 * sign;
                Position::from_e7(latitude, longitude).unwrap()
            });
            let setting = match self.port % 5 {
                0 => Setting::Server,
                1 => Setting::Apn,
                2 => Setting::Interval,
                3 => Setting::Heartbeat,
                _ => Setting::TimeZone,
            };
            let sleep = match self.port % 4 {
                0 => Sleep::Off,
                1 => Sleep::Shock,
                2 => Sleep::Time,
                _ => Sleep::Number(slot),
            };
            match self.kind {
                0 => Command::Locate,
                1 => Command::MapLink,
                2 => Command::Version,
                3 => Command::Password { new: a },
                4 => Command::Apn(apn),
                5 => Command::Server(server),
                6 => Command::ApnAndServer {
                    apn,
                    server,
                    device: self.device,
                },
                7 => Command::Interval {
                    seconds: self.number,
                },
                8 => Command::OtherInterval {
                    seconds: self.number,
                },
                9 => Command::StaticInterval {
                    minutes: self.number,
                },
                10 => Command::TimeZone(UtcOffset::from_minutes(self.zone).unwrap()),
                11 => Command::AuthorisePhone { phone: a },
                12 => Command::RemovePhone { phone: a },
                13 => Command::Overspeed { kmh: self.number },
                14 => Command::Relay {
                    circuit,
                    cut: self.flag,
                },
                15 => Command::Acc { on: self.flag },
                16 => Command::MoveAlarm {
                    radius: self.number,
                },
                17 => Command::MoveAlarmOff,
                18 => Command::Reset,
                19 => Command::GprsOverTcp,
                20 => Command::Status,
                21 => Command::Settings,
                22 => Command::ApnUser { user: b },
                23 => Command::ApnPassword { password: c },
                24 => Command::Data { on: self.flag },
                25 => Command::IgnitionIntervals {
                    on: self.number,
                    off: u32::from(self.port),
                },
                26 => Command::ParkedInterval {
                    seconds: self.number,
                },
                27 => Command::IntervalOff,
                28 => Command::Distance {
                    metres: self.number,
                },
                29 => Command::Heartbeat {
                    on: self.number,
                    off: u32::from(self.port % 12),
                },
                30 => Command::SosPhone { phone: a },
                31 => Command::RemoveSosPhone { phone: a },
                32 => Command::CentrePhone { phone: a },
                33 => Command::RemoveCentrePhone,
                34 => Command::NumberedPhone { slot, phone: a },
                35 => Command::Listen,
                36 => Command::Track,
                37 => Command::TwoWayCall,
                38 => Command::OverspeedAlarm {
                    seconds: self.number,
                    kmh: u32::from(self.port % 300),
                    notify: self.notify(),
                },
                39 => Command::OverspeedOff,
                40 => Command::VibrationAlarm {
                    notify: self.notify(),
                },
                41 => Command::VibrationAlarmOff,
                42 => Command::MovingAlarm {
                    metres: self.number,
                    notify: self.notify(),
                },
                43 => Command::OtherLocate,
                44 => Command::Parameters,
                45 => Command::Everything,
                46 => Command::Ask(setting),
                47 => Command::Imei,
                48 => Command::ApnCredentials {
                    user: b,
                    password: c,
                },
                49 => Command::AutomaticApn { on },
                50 => Command::AutomaticTimeZone { on },
                51 => Command::OtherServer(server),
                52 => Command::UploadInterval {
                    seconds: self.number,
                },
                53 => Command::SpacedInterval {
                    seconds: self.number,
                },
                54 => Command::MotionIntervals {
                    still: self.number,
                    moving: port,
                },
                55 => Command::SosPhones {
                    phones: [a, b, if on { c } else { "" }],
                },
                56 => Command::RemoveNumberedPhone { slot },
                57 => Command::NumberedPhones,
                58 => Command::ListenBy { phone: a },
                59 => Command::Vibration,
                60 => Command::CutBelow { kmh: few },
                61 => Command::RelayPulse {
                    seconds: self.number,
                    milliseconds: port,
                },
                62 => Command::IgnitionAlarm {
                    notify,
                    seconds: self.number,
                    mode: slot,
                },
                63 => Command::IgnitionAlarmOff,
                64 => Command::PowerCut,
                65 => Command::PowerCutAlarm {
                    notify,
                    times: [self.number, port],
                },
                66 => Command::PowerCutAlarmOff,
                67 => Command::BatteryAlarm { notify },
                68 => Command::BatteryAlarmOff,
                69 => Command::SosAlarm { notify },
                70 => Command::SosAlarmOff,
                71 => Command::EventCalls { on },
                72 => Command::EventTexts { on },
                73 => Command::MovedBy {
                    metres: self.number,
                },
                74 => Command::RoundFence {
                    centre: corners[0],
                    metres: self.number,
                    crossing,
                    notify,
                },
                75 => Command::SquareFence {
                    corners,
                    crossing,
                    notify,
                },
                76 => Command::Stockade { corners },
                77 => Command::FenceRadius {
                    metres: self.number,
                },
                78 => Command::FenceOn,
                79 => Command::FenceOff,
                80 => Command::Arm,
                81 => Command::ArmAfter { minutes: few * 2 },
                82 => Command::Disarm,
                83 => Command::Sleep(sleep),
                84 => Command::ToggleLanguage,
                85 => Command::PasswordNeeded { on },
                86 => Command::ResetAll,
                _ => Command::Restart,
            }
        }
    }

    /// The kinds of commands, see `Parts::command`.
    const KINDS: usize = 88;

    fn parts() -> impl Strategy<Value = Parts> {
        let host = prop_oneof![any_text().prop_map(Ok), any::<[u8; 4]>().prop_map(Err)];
        let device = option::of("[0-9]{15}|[0-9]{1,16}".prop_map(|digits| id(&digits)));
        let transport = prop_oneof![Just(Transport::Tcp), Just(Transport::Udp)];
        let texts = [any_text(), any_text(), any_text()];
        (
            texts,
            host,
            any::<u16>(),
            transport,
            device,
            number(),
            any::<bool>(),
            prop_oneof![
                -1080..=1080_i16,
                (-14..=14_i16).prop_map(|hours| hours * 60)
            ],
            0..KINDS,
        )
            .prop_map(
                |(texts, host, port, transport, device, number, flag, zone, kind)| Parts {
                    texts,
                    host,
                    port,
                    transport,
                    device,
                    number,
                    flag,
                    zone,
                    kind,
                },
            )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        /// What can be built can be parsed.
        #[test]
        fn what_is_written_is_read_the_same(parts in parts(), password in password(), set in prop::sample::select(&SETS[..])) {
            let command = parts.command();
            if let Ok(sms) = command.to_sms(set, &password) {
                prop_assert!(sms.len() <= Sms::MAX_LEN && sms.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
                let ParsedCommand { command: read, password: with } = Command::parse(set, &sms).unwrap();
                prop_assert_eq!(read, command);
                // A password that the command does not carry cannot be read.
                prop_assert!(with.is_none() || with == Some(password.as_str()));
                prop_assert_eq!(read.to_sms(set, with.unwrap_or_default()).unwrap(), sms);
            }
        }

        /// What was parsed can be rebuilt.
        #[test]
        fn what_is_read_can_be_written(
            parts in parts(), password in "[0-9]{4}|[0-9]{6}", set in prop::sample::select(&SETS[..]), at in any::<prop::sample::Index>(), byte in "[#,0-9A-Z:]",
        ) {
            if let Ok(sms) = parts.command().to_sms(set, &password) {
                let mut text = sms.to_string();
                let at = at.index(text.len());
                text.replace_range(at..=at, &byte);
                if let Ok(parsed) = Command::parse(set, &text) {
                    let with = parsed.password.unwrap_or_default();
                    let written = parsed.command.to_sms(set, with).unwrap();
                    prop_assert_eq!(Command::parse(set, &written), Ok(parsed));
                }
            }
        }

        #[test]
        fn no_input_panics(
            text in "[#,0-9A-Za-z:.\\r\\n =?&-]{0,200}",
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            pieces in prop::collection::vec((prop::sample::select(&LOCATIONS[..]), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
        ) {
            // Parts of answers, in any order.
            let pieces = pieces.iter().flat_map(|(text, from, to)| {
                let (from, to) = (from.index(text.len() + 1), to.index(text.len() + 1));
                text.as_bytes()[from.min(to)..from.max(to)].iter().copied()
            });
            let pieces: Vec<u8> = pieces.collect();
            for set in SETS {
                let _ = Command::parse(set, &text);
            }
            for text in [text.as_bytes(), &bytes, &pieces] {
                let answer = Answer::parse(text);
                if let Answer::Status(status) = answer {
                    let _ = (status.battery(), status.device(), status.satellites(), status.fix(), status.ignition(), status.armed());
                    prop_assert!(status.fields().count() <= text.len());
                }
                for set in SETS {
                    let _ = Command::Locate.verdict(set, &answer);
                }
            }
        }
    }

    /// Every kind of command is accepted by the sets that have it, so that the property above is
    /// about something.
    #[test]
    fn the_strategy_finds_commands() {
        use proptest::{strategy::ValueTree, test_runner::TestRunner};
        let (mut runner, strategy) = (TestRunner::deterministic(), parts());
        let mut written = [[0_u32; KINDS]; SETS.len()];
        for _ in 0..6000 {
            let parts = strategy.new_tree(&mut runner).unwrap().current();
            for (at, set) in SETS.into_iter().enumerate() {
                written[at][parts.kind] += u32::from(parts.command().to_sms(set, "0000").is_ok());
            }
        }
        let kinds: Vec<usize> = written
            .iter()
            .map(|kinds| kinds.iter().filter(|&&count| count > 0).count())
            .collect();
        // As in the table in the documentation of the module; the relay is one kind.
        assert_eq!(kinds, [6, 6, 19, 53, 35, 22, 15, 2, 4, 5], "{written:?}");
    }
}

/// Reading and writing allocate nothing.
#[test]
fn nothing_is_allocated() {
    let settings = Settings {
        apn: Apn::new("internet"),
        server: server("example.com", 5022, Transport::Tcp),
        interval: Some(30),
        password: None,
        device: None,
    };
    let allocated = allocation_counter::measure(|| {
        for step in try_all(&settings).flatten() {
            let parsed = Command::parse(step.set, &step.text);
            assert!(parsed.is_ok_and(|parsed| parsed.command == step.command));
        }
        for text in LOCATIONS
            .into_iter()
            .chain([STATUS, STATUS_H02])
            .chain(CONFIRMATIONS.into_iter().map(|vector| vector.0))
        {
            let answer = Answer::parse(text.as_bytes());
            std::hint::black_box(Command::Reset.verdict(CommandSet::C, &answer));
        }
    });
    assert_eq!(allocated.count_total, 0);
}
