//! Set J, Concox, Jimi and their clones: `WORD,...#` without a password.

use super::super::{
    Apn, Circuit, Command, CommandError, CommandSet, Crossing, Expected, Notify, ParsedCommand,
    Server, Setting, Transport,
    check::{
        SECONDS, check_new_password, check_password, check_phone, check_range, put_checked,
        zone_minutes,
    },
    text::Draft,
};
use super::{
    b,
    c::require_tcp,
    split::{fields, number, place, port, put_place, time_zone},
};
use crate::types::UtcOffset;

const SET: CommandSet = CommandSet::J;

/// What a GT003 wants in place of the kind of host.
const SERVER_CODE: &str = "8520";

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "WHERE",
        Command::OtherLocate => "123",
        Command::MapLink => "URL",
        Command::Version => "VERSION",
        Command::Status => "STATUS",
        Command::Settings => "GPRSSET",
        Command::Parameters => "PARAM",
        Command::Everything => "CHECK",
        Command::Password { .. } => "PASSWORD",
        Command::PasswordNeeded { .. } => "PWDSW",
        Command::Apn(_) | Command::Ask(Setting::Apn) => "APN",
        Command::AutomaticApn { .. } => "ASETAPN",
        Command::Server(_) | Command::OtherServer(_) | Command::Ask(Setting::Server) => "SERVER",
        Command::Data { .. } => "GPRSON",
        Command::Interval { .. }
        | Command::IgnitionIntervals { .. }
        | Command::Ask(Setting::Interval) => "TIMER",
        Command::Distance { .. } => "DISTANCE",
        Command::Heartbeat { .. } | Command::Ask(Setting::Heartbeat) => "HBT",
        Command::TimeZone(_) | Command::Ask(Setting::TimeZone) => "GMT",
        Command::AutomaticTimeZone { .. } => "ASETGMT",
        Command::SosPhone { .. } | Command::SosPhones { .. } | Command::RemoveSosPhone { .. } => {
            "SOS"
        }
        Command::CentrePhone { .. } | Command::RemoveCentrePhone => "CENTER",
        Command::VibrationAlarm { .. } | Command::VibrationAlarmOff => "SENALM",
        Command::OverspeedAlarm { .. } | Command::OverspeedOff => "SPEED",
        Command::MovingAlarm { .. } | Command::MoveAlarmOff => "MOVING",
        Command::Relay {
            circuit: Circuit::Fuel,
            ..
        }
        | Command::CutBelow { .. } => "RELAY",
        Command::RelayPulse { .. } => "RELAY3",
        Command::RoundFence { .. } | Command::SquareFence { .. } | Command::FenceOff => "FENCE",
        Command::PowerCutAlarm { .. } | Command::PowerCutAlarmOff => "POWERALM",
        Command::BatteryAlarm { .. } | Command::BatteryAlarmOff => "BATALM",
        Command::IgnitionAlarm { .. } | Command::IgnitionAlarmOff => "ACCALM",
        Command::SosAlarm { .. } | Command::SosAlarmOff => "SOSALM",
        Command::Arm => "111",
        Command::ArmAfter { .. } => "DEFENSE",
        Command::Disarm => "DSRESET",
        Command::Restart => "RESET",
        Command::Reset => "FACTORY",
        Command::ResetAll => "FACTORYALL",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    draft.put(&[word]);
    match *command {
        Command::Apn(apn) => b::write_apn(apn, draft)?,
        Command::Server(server) => b::write_server(server, draft)?,
        Command::OtherServer(server) => {
            server.check()?;
            require_tcp(SET, server)?;
            draft.put(&[",", SERVER_CODE, ","]);
            server.host.write(draft);
            put_numbers(draft, &[server.port.into()]);
        }
        Command::Data { on } | Command::Relay { cut: on, .. } => {
            draft.put(&[",", if on { "1" } else { "0" }]);
        }
        Command::CutBelow { kmh } => {
            check_range("speed in km/h", kmh, 0, 30)?;
            put_numbers(draft, &[1, kmh]);
        }
        Command::RelayPulse {
            seconds,
            milliseconds,
        } => {
            check_range("time in seconds", seconds, 0, 65535)?;
            check_range("time in milliseconds", milliseconds, 0, 65535)?;
            draft.put(&[",ON"]);
            put_numbers(draft, &[seconds, milliseconds]);
        }
        Command::Password { new } => {
            check_password("password", password, 6)?;
            check_new_password(new, 6)?;
            draft.put(&[",", password, ",", new]);
        }
        Command::PasswordNeeded { on: false } => {
            check_password("password", password, 6)?;
            draft.put(&[",", password, ",OFF"]);
        }
        Command::AutomaticApn { on } | Command::AutomaticTimeZone { on } => {
            draft.put(&[if on { ",ON" } else { ",OFF" }]);
        }
        Command::Interval { seconds } => {
            check_interval(seconds)?;
            put_numbers(draft, &[seconds]);
        }
        Command::IgnitionIntervals { on, off } => {
            check_interval(on)?;
            check_interval(off)?;
            put_numbers(draft, &[on, off]);
        }
        Command::Distance { metres } => {
            if metres != 0 {
                check_range("distance in metres", metres, 50, 10000)?;
            }
            put_numbers(draft, &[metres]);
        }
        Command::Heartbeat { on, off } => {
            for minutes in [on, off] {
                draft.put(&[","]);
                put_checked(draft, "heartbeat in minutes", minutes, 1, 10)?;
            }
        }
        Command::TimeZone(offset) => write_zone(zone_minutes(offset)?, draft)?,
        Command::SosPhone { phone } | Command::CentrePhone { phone } => {
            check_phone(phone)?;
            draft.put(&[",A,", phone]);
        }
        Command::SosPhones { phones } => {
            let [first, second, third] = phones;
            check_phone(first)?;
            check_phone(second)?;
            draft.put(&[",A,", first, ",", second]);
            if !third.is_empty() {
                check_phone(third)?;
                draft.put(&[",", third]);
            }
        }
        Command::RemoveSosPhone { phone } => {
            check_phone(phone)?;
            draft.put(&[",D,", phone]);
        }
        Command::RemoveCentrePhone => draft.put(&[",D"]),
        Command::VibrationAlarm { notify }
        | Command::BatteryAlarm { notify }
        | Command::SosAlarm { notify } => draft.put(&[",ON,", notify.digit()]),
        Command::PowerCutAlarm { notify, times } => {
            for time in times {
                check_range("time of the alarm", time, 0, 65535)?;
            }
            draft.put(&[",ON,", notify.digit()]);
            put_numbers(draft, &times);
        }
        Command::IgnitionAlarm {
            notify,
            seconds,
            mode,
        } => {
            check_range("time in seconds", seconds, 0, 65535)?;
            check_range("mode", mode.into(), 0, 2)?;
            draft.put(&[",ON,", notify.digit()]);
            put_numbers(draft, &[seconds, mode.into()]);
        }
        Command::ArmAfter { minutes } => {
            draft.put(&[","]);
            put_checked(draft, "time in minutes", minutes, 1, 60)?;
        }
        Command::RoundFence {
            centre,
            metres,
            crossing,
            notify,
        } => {
            check_range("radius in metres", metres, 1, 9999)?;
            draft.put(&[",ON,0,"]);
            put_place(draft, centre);
            put_numbers(draft, &[metres]);
            draft.put(&[",", crossing.word(), ",", notify.digit()]);
        }
        Command::SquareFence {
            corners: [one, other],
            crossing,
            notify,
        } => {
            draft.put(&[",ON,1,"]);
            put_place(draft, one);
            draft.put(&[","]);
            put_place(draft, other);
            draft.put(&[",", crossing.word(), ",", notify.digit()]);
        }
        Command::OverspeedAlarm {
            seconds,
            kmh,
            notify,
        } => {
            check_range("time in seconds", seconds, 5, 600)?;
            check_range("speed in km/h", kmh, 1, 255)?;
            draft.put(&[",ON"]);
            put_numbers(draft, &[seconds, kmh]);
            draft.put(&[",", notify.digit()]);
        }
        Command::MovingAlarm { metres, notify } => {
            check_range("radius in metres", metres, 100, 1000)?;
            draft.put(&[",ON"]);
            put_numbers(draft, &[metres]);
            draft.put(&[",", notify.digit()]);
        }
        Command::PasswordNeeded { on: true } => draft.put(&[",ON"]),
        Command::VibrationAlarmOff
        | Command::OverspeedOff
        | Command::MoveAlarmOff
        | Command::FenceOff
        | Command::PowerCutAlarmOff
        | Command::BatteryAlarmOff
        | Command::IgnitionAlarmOff
        | Command::SosAlarmOff => draft.put(&[",OFF"]),
        _ => {}
    }
    draft.put(&["#"]);
    Ok(())
}

/// Checks an interval: 0 for none, or 5 to 18000 seconds.
fn check_interval(seconds: u32) -> Result<(), CommandError> {
    match seconds {
        0 => Ok(()),
        _ => check_range(SECONDS, seconds, 5, 18000),
    }
}

/// Writes `,number` for each.
fn put_numbers(draft: &mut Draft, numbers: &[u32]) {
    for number in numbers {
        draft.put(&[","]);
        draft.put_number(*number, 1);
    }
}

/// Writes `,E,8,0`. The set has quarters of an hour, up to 12 hours either way.
fn write_zone(minutes: i32, draft: &mut Draft) -> Result<(), CommandError> {
    if minutes % 15 != 0 || minutes > 12 * 60 {
        return Err(CommandError::unsupported(
            SET,
            "set a time zone beyond 12 hours, or not of quarters of an hour",
        ));
    }
    draft.put(&[if minutes < 0 { ",W" } else { ",E" }]);
    let minutes = minutes.unsigned_abs();
    put_numbers(draft, &[minutes / 60, minutes % 60]);
    Ok(())
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    let fields = fields(text, b',')?;
    let (word, values) = fields.split_first()?;
    match (*word, values) {
        ("PASSWORD", [old, new]) => Some(ParsedCommand::with(Command::Password { new }, old)),
        ("PWDSW", [password, "OFF"]) => {
            let command = Command::PasswordNeeded { on: false };
            Some(ParsedCommand::with(command, password))
        }
        (word, []) => read_bare(word).map(ParsedCommand::bare),
        // It may be named `ON` or `OFF`.
        ("APN", values) => read_with("APN", values).map(ParsedCommand::bare),
        (word, ["OFF"]) => read_off(word).map(ParsedCommand::bare),
        (word, ["ON", values @ ..]) => read_on(word, values).map(ParsedCommand::bare),
        (word, values) => read_with(word, values).map(ParsedCommand::bare),
    }
}

/// Reads a command without values.
fn read_bare(word: &str) -> Option<Command<'static>> {
    Some(match word {
        "WHERE" => Command::Locate,
        "123" | "DW" => Command::OtherLocate,
        "URL" => Command::MapLink,
        "VERSION" => Command::Version,
        "STATUS" => Command::Status,
        "GPRSSET" => Command::Settings,
        "PARAM" => Command::Parameters,
        "CHECK" => Command::Everything,
        "APN" => Command::Ask(Setting::Apn),
        "SERVER" => Command::Ask(Setting::Server),
        "TIMER" => Command::Ask(Setting::Interval),
        "HBT" => Command::Ask(Setting::Heartbeat),
        "GMT" => Command::Ask(Setting::TimeZone),
        "111" => Command::Arm,
        "DSRESET" => Command::Disarm,
        "RESET" => Command::Restart,
        "FACTORY" => Command::Reset,
        "FACTORYALL" => Command::ResetAll,
        _ => return None,
    })
}

/// Reads a command that ends with `OFF`.
fn read_off(word: &str) -> Option<Command<'static>> {
    Some(match word {
        "ASETAPN" => Command::AutomaticApn { on: false },
        "ASETGMT" => Command::AutomaticTimeZone { on: false },
        "SENALM" => Command::VibrationAlarmOff,
        "SPEED" => Command::OverspeedOff,
        "MOVING" => Command::MoveAlarmOff,
        "FENCE" => Command::FenceOff,
        "POWERALM" => Command::PowerCutAlarmOff,
        "BATALM" => Command::BatteryAlarmOff,
        "ACCALM" => Command::IgnitionAlarmOff,
        "SOSALM" => Command::SosAlarmOff,
        _ => return None,
    })
}

/// Reads a command whose first value is `ON`, from the values after it.
fn read_on(word: &str, values: &[&str]) -> Option<Command<'static>> {
    Some(match (word, values) {
        ("PWDSW", []) => Command::PasswordNeeded { on: true },
        ("ASETAPN", []) => Command::AutomaticApn { on: true },
        ("ASETGMT", []) => Command::AutomaticTimeZone { on: true },
        ("SENALM", [notify]) => Command::VibrationAlarm {
            notify: Notify::read(notify)?,
        },
        ("BATALM", [notify]) => Command::BatteryAlarm {
            notify: Notify::read(notify)?,
        },
        ("SOSALM", [notify]) => Command::SosAlarm {
            notify: Notify::read(notify)?,
        },
        ("POWERALM", [notify, first, second]) => Command::PowerCutAlarm {
            notify: Notify::read(notify)?,
            times: [number(first)?, number(second)?],
        },
        ("ACCALM", [notify, seconds, mode]) => Command::IgnitionAlarm {
            notify: Notify::read(notify)?,
            seconds: number(seconds)?,
            mode: number(mode)?.try_into().ok()?,
        },
        ("SPEED", [seconds, kmh, notify]) => Command::OverspeedAlarm {
            seconds: number(seconds)?,
            kmh: number(kmh)?,
            notify: Notify::read(notify)?,
        },
        ("MOVING", [metres, notify]) => Command::MovingAlarm {
            metres: number(metres)?,
            notify: Notify::read(notify)?,
        },
        ("RELAY3", [seconds, milliseconds]) => Command::RelayPulse {
            seconds: number(seconds)?,
            milliseconds: number(milliseconds)?,
        },
        ("FENCE", ["0", north, east, metres, crossing, notify]) => Command::RoundFence {
            centre: place(north, east)?,
            metres: number(metres)?,
            crossing: Crossing::read(crossing)?,
            notify: Notify::read(notify)?,
        },
        ("FENCE", ["1", north, east, other_north, other_east, crossing, notify]) => {
            Command::SquareFence {
                corners: [place(north, east)?, place(other_north, other_east)?],
                crossing: Crossing::read(crossing)?,
                notify: Notify::read(notify)?,
            }
        }
        _ => return None,
    })
}

/// Reads a command with other values.
fn read_with<'a>(word: &str, values: &[&'a str]) -> Option<Command<'a>> {
    Some(match (word, values) {
        ("APN", [name]) => Command::Apn(Apn::new(name)),
        ("APN", [name, user, password]) => Command::Apn(Apn {
            name,
            user,
            password,
        }),
        ("SERVER", [SERVER_CODE, host, at]) => Command::OtherServer(Server {
            host: (*host).into(),
            port: port(at)?,
            transport: Transport::Tcp,
        }),
        ("SERVER", [kind, host, at]) => b::read_server(kind, host, at, "0")?,
        ("SERVER", [kind, host, at, transport]) => b::read_server(kind, host, at, transport)?,
        ("GPRSON", ["1"]) => Command::Data { on: true },
        ("GPRSON", ["0"]) => Command::Data { on: false },
        ("TIMER", [seconds]) => Command::Interval {
            seconds: number(seconds)?,
        },
        ("TIMER", [on, off]) => Command::IgnitionIntervals {
            on: number(on)?,
            off: number(off)?,
        },
        ("DISTANCE", [metres]) => Command::Distance {
            metres: number(metres)?,
        },
        ("HBT", [on, off]) => Command::Heartbeat {
            on: number(on)?,
            off: number(off)?,
        },
        ("GMT", [direction, hours]) => Command::TimeZone(read_zone(direction, hours, "0")?),
        ("GMT", [direction, hours, minutes]) => {
            Command::TimeZone(read_zone(direction, hours, minutes)?)
        }
        ("SOS", ["A", phone]) => Command::SosPhone { phone },
        ("SOS", ["A", first, second]) => Command::SosPhones {
            phones: [first, second, ""],
        },
        ("SOS", ["A", first, second, third]) => Command::SosPhones {
            phones: [first, second, third],
        },
        ("SOS", ["D", phone]) => Command::RemoveSosPhone { phone },
        ("CENTER", ["A", phone]) => Command::CentrePhone { phone },
        ("CENTER", ["D"]) => Command::RemoveCentrePhone,
        ("RELAY", ["1"]) => Command::relay(Circuit::Fuel, true),
        ("RELAY", ["0"]) => Command::relay(Circuit::Fuel, false),
        ("RELAY", ["1", kmh]) => Command::CutBelow { kmh: number(kmh)? },
        ("DEFENSE", [minutes]) => Command::ArmAfter {
            minutes: number(minutes)?,
        },
        _ => return None,
    })
}

/// Reads a zone, whose letter may be small.
fn read_zone(direction: &str, hours: &str, minutes: &str) -> Option<UtcOffset> {
    let direction = match direction {
        "e" => "E",
        "w" => "W",
        direction => direction,
    };
    match minutes {
        "0" | "15" | "30" | "45" => time_zone(direction, hours, number(minutes)?),
        _ => None,
    }
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::Relay { cut: true, .. } => Expected::Text("Cut off the fuel supply: Success!"),
        Command::Relay { cut: false, .. } => Expected::Text("Restore fuel supply: Success!"),
        Command::Restart => Expected::Text("The terminal will restart after 20 second!"),
        Command::Status
        | Command::Settings
        | Command::Parameters
        | Command::Everything
        | Command::Ask(_) => Expected::Status,
        // The firmware's source has it for most settings.
        _ => Expected::Text("OK!"),
    }
}
