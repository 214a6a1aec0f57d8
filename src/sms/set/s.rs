//! Set S, SinoTrack ST-901, ST-906 and clones: a number and a password of 4 digits glued, values
//! after a blank.

use super::super::{
    Apn, Circuit, Command, CommandError, CommandSet, Expected, ParsedCommand, Server, Sleep,
    Transport,
    check::{
        SECONDS, check_digits, check_new_password, check_password, check_range, put_checked,
        zone_hours,
    },
    text::Draft,
    values::MAX_APN,
};
use super::c::require_tcp;
use super::split::{number, port, split_once, time_zone};

const SET: CommandSet = CommandSet::S;

/// The fewest digits of a phone number, so that no command begins with one.
const MIN_PHONE: usize = 5;

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "669",
        Command::Status => "CXZT",
        Command::Settings => "RCONF",
        Command::Password { .. } => "777",
        Command::Apn(_) => "803",
        Command::Server(_) => "804",
        Command::Data { on: true } => "710",
        Command::Data { on: false } => "700",
        Command::Interval { .. } => "805",
        Command::ParkedInterval { .. } => "809",
        Command::TimeZone(_) => "896",
        Command::NumberedPhone { .. } => "",
        Command::Overspeed { .. } => "122",
        Command::Relay {
            circuit: Circuit::Vehicle,
            cut: true,
        } => "940",
        Command::Relay {
            circuit: Circuit::Vehicle,
            cut: false,
        } => "941",
        Command::PowerCut => "011",
        Command::PowerCutAlarmOff => "010",
        Command::EventCalls { on: true } => "150",
        Command::EventCalls { on: false } => "151",
        Command::EventTexts { on: true } => "712",
        Command::EventTexts { on: false } => "713",
        Command::FenceOn => "211",
        Command::FenceOff => "210",
        Command::FenceRadius { .. } => "005",
        Command::Sleep(_) => "SLEEP",
        Command::Restart => "RESTART",
        _ => return None,
    })
}

/// Returns whether the command is written with a password.
const fn has_password(command: &Command<'_>) -> bool {
    !matches!(
        command,
        Command::Status | Command::Settings | Command::Restart
    )
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    draft.put(&[word]);
    if !has_password(command) {
        return Ok(());
    }
    check_password("password", password, 4)?;
    match *command {
        // The new one comes first.
        Command::Password { new } => {
            check_new_password(new, 4)?;
            draft.put(&[new]);
        }
        Command::NumberedPhone { phone, .. } => {
            check_digits("phone", phone, MIN_PHONE, 15)?;
            draft.put(&[phone]);
        }
        _ => {}
    }
    draft.put(&[password]);
    match *command {
        Command::Apn(apn) => {
            apn.check(MAX_APN)?;
            draft.put(&[" ", apn.name]);
            match (apn.user, apn.password) {
                ("", "") => {}
                ("", _) => return Err(CommandError::Missing { field: "APN user" }),
                (_, "") => {
                    return Err(CommandError::Missing {
                        field: "APN password",
                    });
                }
                (user, password) => draft.put(&[" ", user, " ", password]),
            }
        }
        Command::Server(server) => {
            server.check()?;
            require_tcp(SET, server)?;
            draft.put(&[" "]);
            server.host.write(draft);
            draft.put(&[" "]);
            draft.put_number(server.port.into(), 1);
        }
        Command::Interval { seconds } | Command::ParkedInterval { seconds } => {
            draft.put(&[" "]);
            put_checked(draft, SECONDS, seconds, 1, 65535)?;
        }
        Command::TimeZone(offset) => {
            let hours = zone_hours(SET, offset)?;
            draft.put(&[if hours < 0 { "W" } else { "E" }]);
            draft.put_number(hours.unsigned_abs(), 2);
        }
        Command::NumberedPhone { slot, .. } => {
            draft.put(&[" "]);
            put_checked(draft, "number of the phone", slot.into(), 1, 3)?;
        }
        Command::Overspeed { kmh } => {
            check_range("speed in km/h", kmh, 0, 999)?;
            draft.put(&[" "]);
            draft.put_number(kmh, 1);
        }
        Command::FenceRadius { metres } => {
            draft.put(&[" "]);
            put_checked(draft, "radius in metres", metres, 1, 65535)?;
        }
        Command::Sleep(Sleep::Number(number)) => {
            draft.put(&[" "]);
            draft.put_number(number.into(), 1);
        }
        Command::Sleep(_) => {
            let what = "sleep in any way but by a number";
            return Err(CommandError::unsupported(SET, what));
        }
        _ => {}
    }
    Ok(())
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    match text {
        "CXZT" => return Some(ParsedCommand::bare(Command::Status)),
        "RCONF" => return Some(ParsedCommand::bare(Command::Settings)),
        "RESTART" | "CQ" => return Some(ParsedCommand::bare(Command::Restart)),
        _ => {}
    }
    if let Some((password, value)) = text
        .strip_prefix("SLEEP")
        .and_then(|it| split_once(it, b' '))
    {
        let sleep = Sleep::Number(number(value)?.try_into().ok()?);
        return Some(ParsedCommand::with(Command::Sleep(sleep), password));
    }
    let (head, value) = split_once(text, b' ').map_or((text, None), |(h, v)| (h, Some(v)));
    let (word, rest) = head.split_at_checked(3)?;
    let (command, password) = match (word, rest.len(), value) {
        // `7770000` and the four digits of the old one.
        ("777", 8, None) => {
            let (new, password) = rest.split_at_checked(4)?;
            (Command::Password { new }, password)
        }
        ("896", 7, None) => {
            let (password, zone) = rest.split_at_checked(4)?;
            let (direction, hours) = zone.split_at_checked(1)?;
            let zone = time_zone(direction, hours, 0)?;
            (Command::TimeZone(zone), password)
        }
        (_, 4, None) => (read_bare(word)?, rest),
        (_, 4, Some(value)) => (read_with(word, value)?, rest),
        // `1380013800000001 1`: more digits than any other command has.
        (_, len, Some(slot)) if len >= 6 => {
            let (phone, password) = head.split_at_checked(head.len().checked_sub(4)?)?;
            let slot = u8::try_from(number(slot)?).ok()?;
            (Command::NumberedPhone { slot, phone }, password)
        }
        _ => return None,
    };
    Some(ParsedCommand::with(command, password))
}

/// Reads a command without values.
fn read_bare(word: &str) -> Option<Command<'static>> {
    Some(match word {
        "669" => Command::Locate,
        "710" => Command::Data { on: true },
        "700" => Command::Data { on: false },
        "940" => Command::relay(Circuit::Vehicle, true),
        "941" => Command::relay(Circuit::Vehicle, false),
        "011" => Command::PowerCut,
        "010" => Command::PowerCutAlarmOff,
        "150" => Command::EventCalls { on: true },
        "151" => Command::EventCalls { on: false },
        "712" => Command::EventTexts { on: true },
        "713" => Command::EventTexts { on: false },
        "211" => Command::FenceOn,
        "210" => Command::FenceOff,
        _ => return None,
    })
}

/// Reads a command with values.
fn read_with<'a>(word: &str, value: &'a str) -> Option<Command<'a>> {
    Some(match word {
        "803" => Command::Apn(match split_once(value, b' ') {
            None => Apn::new(value),
            Some((name, rest)) => {
                let (user, password) = split_once(rest, b' ')?;
                Apn {
                    name,
                    user,
                    password,
                }
            }
        }),
        "804" => {
            let (host, at) = split_once(value, b' ')?;
            Command::Server(Server {
                host: host.into(),
                port: port(at)?,
                transport: Transport::Tcp,
            })
        }
        "805" => Command::Interval {
            seconds: number(value)?,
        },
        "809" => Command::ParkedInterval {
            seconds: number(value)?,
        },
        "122" => Command::Overspeed {
            kmh: number(value)?,
        },
        "005" => Command::FenceRadius {
            metres: number(value)?,
        },
        _ => return None,
    })
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::TimeZone(_) => Expected::Text("TIME ZONE SET OK"),
        Command::Status | Command::Settings => Expected::Status,
        _ => Expected::Undocumented,
    }
}
