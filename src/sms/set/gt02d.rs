//! The two commands of a GT02D for its intervals, without a password.

use super::super::{
    Command, CommandError, Expected, ParsedCommand,
    check::{MINUTES, SECONDS, put_checked},
    text::Draft,
};
use super::split::{fields, number};

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Interval { .. } => "730",
        Command::StaticInterval { .. } => "SUP",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    _password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    draft.put(&[word, "#"]);
    match *command {
        Command::Interval { seconds } => put_checked(draft, SECONDS, seconds, 1, 65535)?,
        Command::StaticInterval { minutes } => put_checked(draft, MINUTES, minutes, 1, 65535)?,
        _ => {}
    }
    draft.put(&["#"]);
    Ok(())
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    let fields = fields(text, b'#')?;
    let command = match *fields {
        ["730", seconds] => Command::Interval {
            seconds: number(seconds)?,
        },
        ["SUP", minutes] => Command::StaticInterval {
            minutes: number(minutes)?,
        },
        _ => return None,
    };
    Some(ParsedCommand::bare(command))
}

pub(in crate::sms) const fn expected(_command: &Command<'_>) -> Expected {
    Expected::Undocumented
}
