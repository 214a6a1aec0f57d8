//! Which answer belongs to which command.

use super::{Answer, Command, CommandOutcome, CommandResult, CommandSet};
use core::fmt;

/// The answer to wait for, as far as it is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Expected {
    /// These words. Devices vary in capitals, `!`, and in what stands around the word of the command.
    Text(&'static str),
    /// A position.
    Position,
    /// A link to a map, with a position in it.
    MapLink,
    /// The version of the firmware; how it is written is not documented.
    Version,
    /// Not documented. The answers of the set that are documented end with `ok`.
    Undocumented,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text(text) => text,
            Self::Position => "a position",
            Self::MapLink => "a link to a map",
            Self::Version => "the version of the firmware",
            Self::Undocumented => "not documented; others of the set end with ok",
        })
    }
}

/// What an answer says of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Verdict {
    /// Done, or answered; also if there was nothing to do.
    Done,
    /// Refused, or failed: mostly a wrong password, or a value that the device does not take.
    Refused,
    /// The text does not say.
    Unclear,
    /// An answer to another command, or one that was not asked for.
    Unrelated,
}

impl Command<'_> {
    /// The answer to wait for from a device of this set.
    #[must_use]
    pub const fn expected(&self, set: CommandSet) -> Expected {
        match (set, self) {
            (_, Self::Locate) => Expected::Position,
            (_, Self::MapLink) => Expected::MapLink,
            (_, Self::Version) => Expected::Version,
            (CommandSet::A, Self::Relay { cut: true, .. }) => Expected::Text("DYD=Success!"),
            (CommandSet::A, Self::Relay { cut: false, .. }) => Expected::Text("HFYD=Success!"),
            (CommandSet::A, _) => Expected::Text("Success"),
            (CommandSet::B, Self::Password { .. }) => Expected::Text("PASSWORDOK!"),
            (CommandSet::B, Self::Apn(_)) => Expected::Text("APNOK!"),
            (CommandSet::B, Self::Server(_)) => Expected::Text("SERVEROK!"),
            (CommandSet::B, Self::Interval { .. }) => Expected::Text("TIMEROK!"),
            (CommandSet::C, Self::Reset) => Expected::Text("begin ok!"),
            (CommandSet::C, Self::TimeZone(_)) => Expected::Text("set time zone OK!"),
            (CommandSet::C, Self::Password { .. }) => Expected::Text("change password ok"),
            (CommandSet::C, Self::AuthorisePhone { .. }) => Expected::Text("admin ok!"),
            (CommandSet::VSun, Self::MoveAlarm { .. }) => Expected::Text("SET MOVE RADIUS OK"),
            (CommandSet::VSun, Self::MoveAlarmOff) => Expected::Text("MOVE DEFENCE:OFF"),
            _ => Expected::Undocumented,
        }
    }

    /// What `answer` says of this command, which was sent to a device of this set.
    ///
    /// A bare `Success`, `Fail`, `OK` or `Command error!` is taken for an answer to it: devices answer one command after the other. A version is never
    /// more than [`Unclear`](Verdict::Unclear), for it may be any text.
    ///
    /// ```
    /// use gt02::sms::{Answer, Command, CommandSet, Verdict};
    /// let command = Command::Interval { seconds: 30 };
    /// let verdict = |text: &[u8]| command.verdict(CommandSet::B, &Answer::parse(text));
    /// // The same words come over SMS and, as the text of a response, over GPRS.
    /// assert_eq!(verdict(b"TIMEROK!"), Verdict::Done);
    /// assert_eq!(verdict(b"TIMERError: Parameter 2"), Verdict::Refused);
    /// assert_eq!(verdict(b"APNOK!"), Verdict::Unrelated);
    /// assert_eq!(verdict(b"Welcome to the network"), Verdict::Unclear);
    /// ```
    #[must_use]
    pub fn verdict(&self, set: CommandSet, answer: &Answer<'_>) -> Verdict {
        match answer {
            Answer::Location(_) if matches!(self, Self::Locate | Self::MapLink) => Verdict::Done,
            Answer::Location(_) => Verdict::Unrelated,
            Answer::CommandResult(result) => self.verdict_of(set, result),
            Answer::Status(_) if matches!(self, Self::GprsOverTcp) => Verdict::Unclear,
            Answer::Status(_) => Verdict::Unrelated,
            Answer::Text(_) => Verdict::Unclear,
        }
    }

    fn verdict_of(&self, set: CommandSet, result: &CommandResult<'_>) -> Verdict {
        if result.outcome == CommandOutcome::AlreadyDone {
            return match (self, result.is_cut()) {
                (Self::Relay { cut, .. }, Some(is_cut)) if *cut == is_cut => Verdict::Done,
                (Self::Relay { .. }, None) => Verdict::Unclear,
                _ => Verdict::Unrelated,
            };
        }
        let names = self.names(set);
        let is_named = result.is_general() || names.iter().any(|name| result.names(name));
        match result.outcome {
            _ if !is_named => Verdict::Unrelated,
            CommandOutcome::Refused => Verdict::Refused,
            // The answer itself is still to come.
            _ if self.is_question() => Verdict::Unclear,
            _ => Verdict::Done,
        }
    }

    /// By what answers name the command, as words in any case.
    fn names(&self, set: CommandSet) -> [&'static str; 2] {
        let word = self.word(set).unwrap_or_default();
        match (set, self) {
            (CommandSet::C, Self::TimeZone(_)) => [word, "zone"],
            (CommandSet::C, Self::Server(_)) => [word, "adminip"],
            (CommandSet::VSun, Self::MoveAlarm { .. }) => ["radius", word],
            (CommandSet::VSun, Self::MoveAlarmOff) => ["defence", word],
            _ => [word, word],
        }
    }
}
