//! Set W, TK102, TK103 and their clones: word and password glued, values after a blank.

use super::super::{
    Apn, Circuit, Command, CommandError, CommandSet, Expected, ParsedCommand, Server, Sleep,
    Transport,
    check::{
        SECONDS, check_new_password, check_password, check_phone, check_range, check_text,
        put_checked, zone_hours,
    },
    text::{Draft, Sms},
    values::MAX_APN,
};
use super::c::require_tcp;
use super::split::{leading_digits, number, place, port, put_place, split_once};
use crate::types::UtcOffset;

const SET: CommandSet = CommandSet::W;

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "smstext",
        Command::Imei => "imei",
        Command::MapLink => "smslink",
        Command::Status => "check",
        Command::Password { .. } => "password",
        Command::Apn(_) => "apn",
        Command::ApnUser { .. } => "apnuser",
        Command::ApnPassword { .. } => "apnpasswd",
        Command::ApnCredentials { .. } => "up",
        Command::Server(_) => "adminip",
        Command::Data { on: true } => "gprs",
        Command::Data { on: false } => "nogprs",
        Command::Interval { .. } | Command::SpacedInterval { .. } => "fix",
        Command::UploadInterval { .. } => "upload",
        Command::MotionIntervals { .. } => "ITV",
        Command::OtherInterval { .. } => "t",
        Command::TimeZone(_) => "time zone",
        Command::AuthorisePhone { .. } => "admin",
        Command::RemovePhone { .. } => "noadmin",
        Command::Listen => "monitor",
        Command::Track => "tracker",
        Command::Overspeed { .. } => "speed",
        Command::OverspeedOff => "nospeed",
        Command::MovedBy { .. } => "move",
        Command::MoveAlarmOff => "nomove",
        Command::Vibration => "shock",
        Command::VibrationAlarmOff => "noshock",
        Command::Acc { on: true } => "acc",
        Command::Acc { on: false } => "noacc",
        Command::Arm => "arm",
        Command::Disarm => "disarm",
        Command::Stockade { .. } => "stockade",
        Command::Sleep(_) => "sleep",
        Command::Relay {
            circuit: Circuit::Relay,
            ..
        } => "RELAY",
        Command::Relay {
            circuit: Circuit::Electricity,
            cut: true,
        } => "stopelec",
        Command::Relay {
            circuit: Circuit::Electricity,
            cut: false,
        } => "supplyelec",
        Command::Relay {
            circuit: Circuit::Vehicle,
            cut: true,
        } => "stop",
        Command::Relay {
            circuit: Circuit::Vehicle,
            cut: false,
        } => "resume",
        Command::Restart => "reset",
        Command::Reset => "begin",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    if let Command::MotionIntervals { still, moving } = *command {
        draft.put(&[word]);
        for interval in [still, moving] {
            draft.put(&[" "]);
            put_checked(draft, "interval", interval, 1, 65535)?;
        }
        return Ok(());
    }
    check_password("password", password, 6)?;
    draft.put(&[word]);
    if let Command::Interval { seconds } | Command::OtherInterval { seconds } = *command {
        write_interval(seconds, draft)?;
    }
    draft.put(&[password]);
    match *command {
        Command::Password { new } => {
            check_new_password(new, 6)?;
            draft.put(&[" ", new]);
        }
        Command::Apn(apn) => {
            apn.check(MAX_APN)?;
            if apn.has_credentials() {
                return Err(CommandError::unsupported(
                    SET,
                    "set APN, user and password in one",
                ));
            }
            draft.put(&[" ", apn.name]);
        }
        Command::ApnUser { user } => {
            check_text("APN user", user, 1, Sms::MAX_LEN)?;
            draft.put(&[" ", user]);
        }
        Command::ApnPassword { password } => {
            check_text("APN password", password, 1, Sms::MAX_LEN)?;
            draft.put(&[" ", password]);
        }
        Command::ApnCredentials { user, password } => {
            check_text("APN user", user, 1, Sms::MAX_LEN)?;
            check_text("APN password", password, 1, Sms::MAX_LEN)?;
            draft.put(&[" ", user, " ", password]);
        }
        Command::UploadInterval { seconds } => {
            draft.put(&[" "]);
            put_checked(draft, SECONDS, seconds, 1, 65535)?;
        }
        Command::SpacedInterval { seconds } => {
            check_range(SECONDS, seconds, 1, 999)?;
            draft.put(&[" "]);
            draft.put_number(seconds, 3);
            draft.put(&[" **n"]);
        }
        Command::Server(server) => {
            server.check()?;
            require_tcp(SET, server)?;
            draft.put(&[" "]);
            server.host.write(draft);
            draft.put(&[" "]);
            draft.put_number(server.port.into(), 1);
        }
        Command::TimeZone(offset) => {
            let hours = zone_hours(SET, offset)?;
            draft.put(&[if hours < 0 { " -" } else { " " }]);
            draft.put_number(hours.unsigned_abs(), 1);
        }
        Command::AuthorisePhone { phone } | Command::RemovePhone { phone } => {
            check_phone(phone)?;
            draft.put(&[" ", phone]);
        }
        Command::Overspeed { kmh } => {
            check_range("speed in km/h", kmh, 0, 999)?;
            draft.put(&[" "]);
            draft.put_number(kmh, 3);
        }
        Command::MovedBy { metres } => {
            check_range("radius in metres", metres, 0, 9999)?;
            draft.put(&[" "]);
            draft.put_number(metres, 4);
        }
        Command::Stockade {
            corners: [one, other],
        } => {
            draft.put(&[" "]);
            put_place(draft, one);
            draft.put(&[";"]);
            put_place(draft, other);
        }
        Command::Sleep(sleep) => draft.put(&[
            " ",
            match sleep {
                Sleep::Off => "off",
                Sleep::Shock => "shock",
                Sleep::Time => "time",
                Sleep::Number(_) => {
                    return Err(CommandError::unsupported(SET, "sleep by a number"));
                }
            },
        ]),
        Command::Relay {
            circuit: Circuit::Relay,
            cut,
        } => draft.put(&[if cut { " 1" } else { " 0" }]),
        _ => {}
    }
    Ok(())
}

/// Writes `060s***n`: three digits, a unit, and no end.
fn write_interval(seconds: u32, draft: &mut Draft) -> Result<(), CommandError> {
    let (count, unit) = match seconds {
        0..=999 => (seconds, "s"),
        _ if seconds.is_multiple_of(60) && seconds / 60 <= 999 => (seconds / 60, "m"),
        _ if seconds.is_multiple_of(3600) && seconds / 3600 <= 999 => (seconds / 3600, "h"),
        _ => {
            return Err(CommandError::unsupported(
                SET,
                "set a reporting interval that is not 1 to 999 seconds, minutes or hours",
            ));
        }
    };
    check_range(SECONDS, count, 1, 999)?;
    draft.put_number(count, 3);
    draft.put(&[unit, "***n"]);
    Ok(())
}

/// Reads `060s***n` at the start of a text; returns the seconds and the rest.
fn read_interval(text: &str) -> Option<(u32, &str)> {
    let (count, rest) = leading_digits(text).filter(|(digits, _)| digits.len() == 3)?;
    let (unit, rest) = split_once(rest, b'*')?;
    let seconds = match unit {
        "s" => 1_u32,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    // At most 999 hours.
    let seconds = number(count)?.wrapping_mul(seconds);
    Some((seconds, rest.strip_prefix("**n")?))
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    if let Some((seconds, password)) = text.strip_prefix("fix").and_then(read_interval) {
        return Some(ParsedCommand::with(Command::Interval { seconds }, password));
    }
    if let Some((seconds, password)) = text.strip_prefix('t').and_then(read_interval) {
        let command = Command::OtherInterval { seconds };
        return Some(ParsedCommand::with(command, password));
    }
    if let Some(intervals) = text.strip_prefix("ITV ") {
        let (still, moving) = split_once(intervals, b' ')?;
        return Some(ParsedCommand::bare(Command::MotionIntervals {
            still: number(still)?,
            moving: number(moving)?,
        }));
    }
    let digits = text.bytes().position(|byte| byte.is_ascii_digit())?;
    let (word, rest) = text.split_at_checked(digits)?;
    let (password, rest) = leading_digits(rest)?;
    let command = match rest.strip_prefix(' ') {
        None if rest.is_empty() => read_bare(word)?,
        // Coban's form.
        None if word == "gprs" && rest == ",1,1" => Command::Data { on: true },
        None => return None,
        Some(value) => read_with(word, value)?,
    };
    Some(ParsedCommand::with(command, password))
}

/// Reads a command without values.
fn read_bare(word: &str) -> Option<Command<'static>> {
    Some(match word {
        "smstext" => Command::Locate,
        "smslink" => Command::MapLink,
        "check" => Command::Status,
        "imei" => Command::Imei,
        "nomove" => Command::MoveAlarmOff,
        "shock" => Command::Vibration,
        "noshock" => Command::VibrationAlarmOff,
        "acc" => Command::Acc { on: true },
        "noacc" => Command::Acc { on: false },
        "arm" => Command::Arm,
        "disarm" => Command::Disarm,
        // Of "second generation" devices.
        "cut" => Command::relay(Circuit::Vehicle, true),
        "gprs" => Command::Data { on: true },
        "nogprs" => Command::Data { on: false },
        "monitor" => Command::Listen,
        "tracker" => Command::Track,
        "nospeed" => Command::OverspeedOff,
        "stopelec" => Command::relay(Circuit::Electricity, true),
        "supplyelec" => Command::relay(Circuit::Electricity, false),
        "stop" => Command::relay(Circuit::Vehicle, true),
        "resume" => Command::relay(Circuit::Vehicle, false),
        "reset" => Command::Restart,
        "begin" => Command::Reset,
        _ => return None,
    })
}

/// Reads a command with a value.
fn read_with<'a>(word: &str, value: &'a str) -> Option<Command<'a>> {
    Some(match word {
        "password" => Command::Password { new: value },
        "apn" => Command::Apn(Apn::new(value)),
        "apnuser" => Command::ApnUser { user: value },
        "apnpasswd" => Command::ApnPassword { password: value },
        "up" => {
            let (user, password) = split_once(value, b' ')?;
            Command::ApnCredentials { user, password }
        }
        "upload" => Command::UploadInterval {
            seconds: number(value)?,
        },
        "fix" => Command::SpacedInterval {
            seconds: number(value.strip_suffix(" **n").filter(|it| it.len() == 3)?)?,
        },
        "move" if value.len() == 4 => Command::MovedBy {
            metres: number(value)?,
        },
        "stockade" => {
            let (one, other) = split_once(value, b';')?;
            let corner = |text| {
                let (north, east) = split_once(text, b',')?;
                place(north, east)
            };
            Command::Stockade {
                corners: [corner(one)?, corner(other)?],
            }
        }
        "sleep" => Command::Sleep(match value {
            "off" => Sleep::Off,
            "shock" => Sleep::Shock,
            "time" => Sleep::Time,
            _ => return None,
        }),
        "RELAY" | "relay" => Command::relay(
            Circuit::Relay,
            match value {
                "1" => true,
                "0" => false,
                _ => return None,
            },
        ),
        "adminip" => {
            let (host, at) = split_once(value, b' ')?;
            Command::Server(Server {
                host: host.into(),
                port: port(at)?,
                transport: Transport::Tcp,
            })
        }
        "time zone" | "timezone" => Command::TimeZone(read_hours(value)?),
        "admin" => Command::AuthorisePhone { phone: value },
        "noadmin" => Command::RemovePhone { phone: value },
        "speed" if value.len() == 3 => Command::Overspeed {
            kmh: number(value)?,
        },
        _ => return None,
    })
}

/// Reads a zone as signed hours.
fn read_hours(text: &str) -> Option<UtcOffset> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    // At most 99 hours.
    let minutes = i16::try_from(number(digits).filter(|&hours| hours <= 99)?).ok()?;
    let minutes = minutes.wrapping_mul(60);
    match digits.len() {
        1 | 2 if digits.len() == text.len() => UtcOffset::from_minutes(minutes),
        1 | 2 => UtcOffset::from_minutes(minutes.wrapping_neg()),
        _ => None,
    }
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::Reset => Expected::Text("begin ok!"),
        Command::Apn(_) => Expected::Text("APN ok"),
        Command::ApnUser { .. } => Expected::Text("apnuser ok"),
        // The devices spell it so.
        Command::ApnPassword { .. } => Expected::Text("apnpasswrod ok"),
        Command::Server(_) => Expected::Text("adminip ok"),
        Command::TimeZone(_) => Expected::Text("time ok"),
        Command::AuthorisePhone { .. } => Expected::Text("admin ok"),
        Command::Listen => Expected::Text("monitor ok!"),
        Command::Track => Expected::Text("tracker ok!"),
        Command::Overspeed { .. } => Expected::Text("speed ok!"),
        Command::OverspeedOff => Expected::Text("nospeed ok"),
        Command::MovedBy { .. } => Expected::Text("move OK"),
        Command::Vibration => Expected::Text("Shock is activated!"),
        Command::VibrationAlarmOff => Expected::Text("noshock ok"),
        Command::SpacedInterval { .. } => Expected::Text("FIX,CONFIG OK"),
        Command::MotionIntervals { .. } => Expected::Text("ITV, CONFIG OK"),
        Command::Relay {
            circuit: Circuit::Vehicle,
            cut: true,
        } => Expected::Text("Stop engine Succeed"),
        Command::Relay {
            circuit: Circuit::Vehicle,
            cut: false,
        } => Expected::Text("Resume engine Succeed"),
        Command::Status => Expected::Status,
        _ => Expected::Undocumented,
    }
}
