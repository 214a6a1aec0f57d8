//! Set X, A11, GT01, GT09, GT08B and ST-901 clones: words and digits.

use super::super::{
    Apn, Command, CommandError, CommandSet, Expected, ParsedCommand,
    check::{
        check_new_password, check_password, check_phone, check_range, put_checked, zone_hours,
    },
    text::Draft,
    values::MAX_APN,
};
use super::split::{leading_digits, number, split_once, time_zone};

const SET: CommandSet = CommandSet::X;

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate | Command::OtherLocate => "g",
        Command::Status => "CXZT",
        Command::Password { .. } => "password",
        Command::Apn(_) => "apn",
        Command::TimeZone(_) => "zone",
        Command::AuthorisePhone { .. } => "admin",
        Command::NumberedPhone { .. } => "10",
        Command::RemoveNumberedPhone { .. } => "D10",
        Command::NumberedPhones => "C10#",
        Command::Overspeed { .. } => "speed",
        Command::EventCalls { on: true } => "122#",
        Command::EventCalls { on: false } => "121#",
        Command::EventTexts { on: true } => "125#",
        Command::EventTexts { on: false } => "126#",
        Command::ToggleLanguage => "109#",
        Command::Reset => "format",
        _ => return None,
    })
}

/// Returns whether the command is written with a password.
const fn has_password(command: &Command<'_>) -> bool {
    matches!(
        command,
        Command::Locate
            | Command::OtherLocate
            | Command::Password { .. }
            | Command::Apn(_)
            | Command::TimeZone(_)
            | Command::AuthorisePhone { .. }
            | Command::Overspeed { .. }
    )
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    draft.put(&[word]);
    if has_password(command) {
        check_password("password", password, 6)?;
        draft.put(&[password]);
    }
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
                    "set a user and a password of the APN",
                ));
            }
            draft.put(&[" ", apn.name]);
        }
        Command::TimeZone(offset) => {
            let hours = zone_hours(SET, offset)?;
            draft.put(&[if hours < 0 { " W" } else { " E" }]);
            draft.put_number(hours.unsigned_abs(), 2);
        }
        Command::AuthorisePhone { phone } => {
            check_phone(phone)?;
            draft.put(&[" ", phone]);
        }
        Command::NumberedPhone { slot, phone } => {
            check_phone(phone)?;
            put_checked(draft, "number of the phone", slot.into(), 1, 3)?;
            draft.put(&["#", phone, "#"]);
        }
        Command::RemoveNumberedPhone { slot } => {
            put_checked(draft, "number of the phone", slot.into(), 1, 3)?;
            draft.put(&["#"]);
        }
        Command::OtherLocate => draft.put(&["#"]),
        Command::Overspeed { kmh } => {
            check_range("speed in km/h", kmh, 0, 999)?;
            draft.put(&[" "]);
            draft.put_number(kmh, 3);
        }
        _ => {}
    }
    Ok(())
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    if let Some(command) = read_bare(text) {
        return Some(ParsedCommand::bare(command));
    }
    let digits = text.bytes().position(|byte| byte.is_ascii_digit())?;
    let (word, rest) = text.split_at_checked(digits)?;
    let (password, rest) = leading_digits(rest)?;
    let command = match (word, rest.strip_prefix(' ')) {
        ("g", None) if rest.is_empty() => Command::Locate,
        ("g", None) if rest == "#" => Command::OtherLocate,
        ("password", Some(new)) => Command::Password { new },
        ("apn", Some(name)) => Command::Apn(Apn::new(name)),
        ("zone", Some(zone)) => {
            let (direction, hours) = zone.split_at_checked(1)?;
            Command::TimeZone(time_zone(direction, hours, 0)?)
        }
        ("admin", Some(phone)) => Command::AuthorisePhone { phone },
        ("speed", Some(kmh)) if kmh.len() == 3 => Command::Overspeed { kmh: number(kmh)? },
        _ => return None,
    };
    Some(ParsedCommand::with(command, password))
}

/// Reads a command without a password.
fn read_bare(text: &str) -> Option<Command<'_>> {
    Some(match text {
        "CXZT" => Command::Status,
        "C10#" => Command::NumberedPhones,
        "122#" => Command::EventCalls { on: true },
        "121#" => Command::EventCalls { on: false },
        "125#" => Command::EventTexts { on: true },
        "126#" => Command::EventTexts { on: false },
        "109#" => Command::ToggleLanguage,
        "format" => Command::Reset,
        _ => {
            if let Some(slot) = text.strip_prefix("D10").and_then(|it| it.strip_suffix('#')) {
                let slot = read_slot(slot)?;
                return Some(Command::RemoveNumberedPhone { slot });
            }
            let (slot, phone) = split_once(text.strip_prefix("10")?, b'#')?;
            let slot = read_slot(slot)?;
            let phone = phone.strip_suffix('#')?;
            Command::NumberedPhone { slot, phone }
        }
    })
}

fn read_slot(slot: &str) -> Option<u8> {
    match slot {
        "1" => Some(1),
        "2" => Some(2),
        "3" => Some(3),
        _ => None,
    }
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::AuthorisePhone { .. } => Expected::Text("admin ok"),
        Command::Overspeed { .. } => Expected::Text("speed ok"),
        Command::Status => Expected::Status,
        _ => Expected::Undocumented,
    }
}
