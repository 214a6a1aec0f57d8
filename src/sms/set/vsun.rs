//! Set VSun, V-Sun V680 and TK205: digits, with a password of 4 digits.

use super::super::{
    Command, CommandError, CommandSet, Expected, ParsedCommand,
    check::{check_password, check_range},
    text::Draft,
};
use super::split::{number, split_once};

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "666",
        Command::Interval { .. } => "4",
        Command::MoveAlarm { .. } => "008",
        Command::MoveAlarmOff => "009",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    check_password("password", password, 4)?;
    draft.put(&[word]);
    if let Command::Interval { seconds } = *command {
        draft.put_number(interval(seconds)?, 2);
    }
    draft.put(&[password]);
    if let Command::MoveAlarm { radius } = *command {
        check_range("radius in tenths", radius, 0, 9999)?;
        draft.put(&["R"]);
        draft.put_number(radius / 10, 3);
        draft.put(&["."]);
        draft.put_number(radius % 10, 1);
    }
    Ok(())
}

/// Returns minutes below 60, or 60 and the hours.
fn interval(seconds: u32) -> Result<u32, CommandError> {
    match (seconds / 60, seconds % 60) {
        (minutes @ 1..=59, 0) => Ok(minutes),
        // 61 to 99.
        (minutes @ 60..=2340, 0) if minutes % 60 == 0 => Ok((minutes / 60).saturating_add(60)),
        _ => Err(CommandError::unsupported(
            CommandSet::VSun,
            "set a reporting interval that is neither 1 to 59 minutes nor 1 to 39 hours",
        )),
    }
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    if let Some(password) = text.strip_prefix("666") {
        return Some(ParsedCommand::with(Command::Locate, password));
    }
    if let Some(password) = text.strip_prefix("009") {
        return Some(ParsedCommand::with(Command::MoveAlarmOff, password));
    }
    let radius = text
        .strip_prefix("008")
        .and_then(|rest| rest.split_at_checked(4));
    if let Some((password, radius)) = radius {
        let (whole, tenth) = split_once(radius.strip_prefix('R')?, b'.')?;
        let radius = match (whole.len(), tenth.len()) {
            // At most 9999.
            (3, 1) => number(whole)?.wrapping_mul(10).wrapping_add(number(tenth)?),
            _ => return None,
        };
        return Some(ParsedCommand::with(Command::MoveAlarm { radius }, password));
    }
    let (interval, password) = text.strip_prefix('4')?.split_at_checked(2)?;
    let minutes = match number(interval)? {
        minutes @ 1..=59 => minutes,
        hours @ 61..=99 => hours.wrapping_sub(60).wrapping_mul(60),
        _ => return None,
    };
    let seconds = minutes.wrapping_mul(60);
    Some(ParsedCommand::with(Command::Interval { seconds }, password))
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::MoveAlarm { .. } => Expected::Text("SET MOVE RADIUS OK"),
        Command::MoveAlarmOff => Expected::Text("MOVE DEFENCE:OFF"),
        _ => Expected::Undocumented,
    }
}
