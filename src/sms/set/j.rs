//! Set J, Concox, Jimi and their clones: `WORD,...#` without a password.

use super::super::{
    Apn, Circuit, Command, CommandError, CommandSet, Expected, Notify, ParsedCommand,
    check::{SECONDS, check_phone, check_range, put_checked, zone_minutes},
    text::Draft,
};
use super::{
    b,
    split::{fields, number, time_zone},
};

const SET: CommandSet = CommandSet::J;

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "WHERE",
        Command::MapLink => "URL",
        Command::Version => "VERSION",
        Command::Status => "STATUS",
        Command::Settings => "GPRSSET",
        Command::Apn(_) => "APN",
        Command::Server(_) => "SERVER",
        Command::Data { .. } => "GPRSON",
        Command::Interval { .. } | Command::IgnitionIntervals { .. } => "TIMER",
        Command::Distance { .. } => "DISTANCE",
        Command::Heartbeat { .. } => "HBT",
        Command::TimeZone(_) => "GMT",
        Command::SosPhone { .. } | Command::RemoveSosPhone { .. } => "SOS",
        Command::CentrePhone { .. } | Command::RemoveCentrePhone => "CENTER",
        Command::VibrationAlarm { .. } | Command::VibrationAlarmOff => "SENALM",
        Command::OverspeedAlarm { .. } | Command::OverspeedOff => "SPEED",
        Command::MovingAlarm { .. } | Command::MoveAlarmOff => "MOVING",
        Command::Relay {
            circuit: Circuit::Fuel,
            ..
        } => "RELAY",
        Command::Restart => "RESET",
        Command::Reset => "FACTORY",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    _password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    draft.put(&[word]);
    match *command {
        Command::Apn(apn) => b::write_apn(apn, draft)?,
        Command::Server(server) => b::write_server(server, draft)?,
        Command::Data { on } | Command::Relay { cut: on, .. } => {
            draft.put(&[",", if on { "1" } else { "0" }]);
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
        Command::RemoveSosPhone { phone } => {
            check_phone(phone)?;
            draft.put(&[",D,", phone]);
        }
        Command::RemoveCentrePhone => draft.put(&[",D"]),
        Command::VibrationAlarm { notify } => draft.put(&[",ON,", notify.digit()]),
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
        Command::VibrationAlarmOff | Command::OverspeedOff | Command::MoveAlarmOff => {
            draft.put(&[",OFF"]);
        }
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
        return Err(CommandError::Unsupported {
            set: SET,
            what: "set a time zone beyond 12 hours, or not of quarters of an hour",
        });
    }
    draft.put(&[if minutes < 0 { ",W" } else { ",E" }]);
    let minutes = minutes.unsigned_abs();
    put_numbers(draft, &[minutes / 60, minutes % 60]);
    Ok(())
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    let fields = fields(text, b',')?;
    let command = match *fields {
        ["WHERE"] => Command::Locate,
        ["URL"] => Command::MapLink,
        ["VERSION"] => Command::Version,
        ["STATUS"] => Command::Status,
        ["GPRSSET"] => Command::Settings,
        ["APN", name] => Command::Apn(Apn::new(name)),
        ["APN", name, user, password] => Command::Apn(Apn {
            name,
            user,
            password,
        }),
        ["SERVER", kind, host, at] => b::read_server(kind, host, at, "0")?,
        ["SERVER", kind, host, at, transport] => b::read_server(kind, host, at, transport)?,
        ["GPRSON", "1"] => Command::Data { on: true },
        ["GPRSON", "0"] => Command::Data { on: false },
        ["TIMER", seconds] => Command::Interval {
            seconds: number(seconds)?,
        },
        ["TIMER", on, off] => Command::IgnitionIntervals {
            on: number(on)?,
            off: number(off)?,
        },
        ["DISTANCE", metres] => Command::Distance {
            metres: number(metres)?,
        },
        ["HBT", on, off] => Command::Heartbeat {
            on: number(on)?,
            off: number(off)?,
        },
        ["GMT", direction, hours] => Command::TimeZone(time_zone(direction, hours, 0)?),
        [
            "GMT",
            direction,
            hours,
            minutes @ ("0" | "15" | "30" | "45"),
        ] => Command::TimeZone(time_zone(direction, hours, number(minutes)?)?),
        ["SOS", "A", phone] => Command::SosPhone { phone },
        ["SOS", "D", phone] => Command::RemoveSosPhone { phone },
        ["CENTER", "A", phone] => Command::CentrePhone { phone },
        ["CENTER", "D"] => Command::RemoveCentrePhone,
        ["SENALM", "ON", notify] => Command::VibrationAlarm {
            notify: Notify::read(notify)?,
        },
        ["SENALM", "OFF"] => Command::VibrationAlarmOff,
        ["SPEED", "ON", seconds, kmh, notify] => Command::OverspeedAlarm {
            seconds: number(seconds)?,
            kmh: number(kmh)?,
            notify: Notify::read(notify)?,
        },
        ["SPEED", "OFF"] => Command::OverspeedOff,
        ["MOVING", "ON", metres, notify] => Command::MovingAlarm {
            metres: number(metres)?,
            notify: Notify::read(notify)?,
        },
        ["MOVING", "OFF"] => Command::MoveAlarmOff,
        ["RELAY", "1"] => Command::relay(Circuit::Fuel, true),
        ["RELAY", "0"] => Command::relay(Circuit::Fuel, false),
        ["RESET"] => Command::Restart,
        ["FACTORY"] => Command::Reset,
        _ => return None,
    };
    Some(ParsedCommand::bare(command))
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::Relay { cut: true, .. } => Expected::Text("Cut off the fuel supply: Success!"),
        Command::Relay { cut: false, .. } => Expected::Text("Restore fuel supply: Success!"),
        Command::Restart => Expected::Text("The terminal will restart after 20 second!"),
        Command::Status | Command::Settings => Expected::Status,
        // The firmware's source has it for most settings.
        _ => Expected::Text("OK!"),
    }
}
