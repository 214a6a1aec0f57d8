//! Which answer belongs to which command.

use super::set::Syntax;
use super::words::strip_words;
use super::{Answer, Circuit, Command, CommandOutcome, CommandResult, CommandSet, Setting, Status};
use core::fmt;

/// The answer to wait for, as far as it is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Expected {
    /// These words. Devices vary in capitals, `!`, and in the words around the command's.
    Text(&'static str),
    /// A position.
    Position,
    /// A link to a map, with a position in it.
    MapLink,
    /// The version of the firmware; its form is not documented.
    Version,
    /// The state or the settings.
    Status,
    /// Not documented. The documented answers of the set end with `ok`.
    Undocumented,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text(text) => text,
            Self::Position => "a position",
            Self::MapLink => "a link to a map",
            Self::Version => "the version of the firmware",
            Self::Status => "the state or the settings",
            Self::Undocumented => "not documented; others of the set end with ok",
        })
    }
}

/// The meaning of an answer for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Verdict {
    /// Done, or answered; also if there was nothing to do.
    Done,
    /// Accepted, to be done later: when there is a fix, or when the vehicle is slow.
    Deferred,
    /// Refused, or failed: mostly a wrong password, or a value that the device does not take.
    Refused,
    /// The text does not say.
    Unclear,
    /// An answer to another command, or a text that was not asked for.
    Unrelated,
}

impl Command<'_> {
    /// Returns the answer to wait for from a device of this set.
    #[must_use]
    #[inline(always)]
    pub const fn expected(&self, set: CommandSet) -> Expected {
        match self {
            Self::Locate => return Expected::Position,
            Self::MapLink => return Expected::MapLink,
            Self::Version => return Expected::Version,
            _ => {}
        }
        set.expected(self)
    }

    /// Returns the meaning of `answer` for this command, which was sent to a device of this set.
    ///
    /// A result that names no command (`Success`, `Fail`, `OK!`, `Command error!`) counts as the
    /// answer to this one: devices answer one command after the other. A version is no more than
    /// [`Unclear`](Verdict::Unclear) unless it says so, for it may be any text. An alarm answers
    /// nothing, even with a place.
    ///
    /// ```
    /// use gt02::sms::{Answer, Command, CommandSet, Verdict};
    /// let command = Command::Interval { seconds: 30 };
    /// let verdict = |text: &[u8]| command.verdict(CommandSet::B, &Answer::parse(text));
    /// // These words come by SMS and, as the text of a response, over GPRS.
    /// assert_eq!(verdict(b"TIMEROK!"), Verdict::Done);
    /// assert_eq!(verdict(b"TIMERError: Parameter 2"), Verdict::Refused);
    /// assert_eq!(verdict(b"APNOK!"), Verdict::Unrelated);
    /// assert_eq!(verdict(b"Welcome to the network"), Verdict::Unclear);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn verdict(&self, set: CommandSet, answer: &Answer<'_>) -> Verdict {
        self.verdict_in(set.syntax(), answer)
    }

    fn verdict_in(&self, syntax: &Syntax, answer: &Answer<'_>) -> Verdict {
        match answer {
            // An alarm with a place was not asked for.
            Answer::Location(location) if location.alarm.is_some() => Verdict::Unrelated,
            Answer::Location(_)
                if matches!(self, Self::Locate | Self::OtherLocate | Self::MapLink) =>
            {
                Verdict::Done
            }
            Answer::CommandResult(result) => self.verdict_of(syntax, result),
            Answer::Status(status) => self.verdict_of_status(status),
            Answer::Location(_) | Answer::Alarm(_) => Verdict::Unrelated,
            Answer::Text(text) if self.is_told_by(syntax, text.as_bytes()) => Verdict::Done,
            Answer::Text(_) => Verdict::Unclear,
        }
    }

    /// Returns the meaning of a state, or of settings: whether it tells what was asked for.
    fn verdict_of_status(&self, status: &Status<'_>) -> Verdict {
        let tells_connection = || status.server().is_some() || status.apn().is_some();
        let is_told = match self {
            Self::Status => status.is_state(),
            Self::Settings => tells_connection() || status.intervals().is_some(),
            Self::Parameters => status.intervals().is_some() || status.time_zone().is_some(),
            Self::Everything => tells_connection(),
            Self::Ask(Setting::Server) => status.server().is_some(),
            Self::Ask(Setting::Apn) => status.apn().is_some(),
            Self::Ask(Setting::Interval) => status.intervals().is_some(),
            Self::Ask(Setting::Heartbeat) => status.field("HBT").is_some(),
            Self::Ask(Setting::TimeZone) => status.time_zone().is_some(),
            Self::Imei => status.device().is_some(),
            // Some devices show their settings.
            Self::GprsOverTcp => false,
            _ => return Verdict::Unrelated,
        };
        if is_told {
            Verdict::Done
        } else {
            Verdict::Unclear
        }
    }

    /// Returns whether a text that is nothing else tells what was asked for, or is the echo by
    /// which set W confirms an interval: `fix060s***n123456`.
    fn is_told_by(&self, syntax: &Syntax, text: &[u8]) -> bool {
        match self {
            Self::Version => strip_words(text, &["version"]).is_some(),
            Self::Imei => text.len() == 15 && text.iter().all(u8::is_ascii_digit),
            Self::Interval { .. } | Self::OtherInterval { .. }
                if matches!(syntax.set, CommandSet::W) =>
            {
                let echo = core::str::from_utf8(text).ok().and_then(syntax.read);
                echo.is_some_and(|echo| echo.command == *self)
            }
            _ => false,
        }
    }

    fn verdict_of(&self, syntax: &Syntax, result: &CommandResult<'_>) -> Verdict {
        // These results tell the state of a relay, and name no word of a command.
        let asked = match self {
            Self::Relay { cut, .. } => Some(*cut),
            Self::CutBelow { .. } => Some(true),
            _ => None,
        };
        if let (Some(cut), Some(is_cut)) = (asked, result.relay_cut()) {
            return match result.outcome {
                _ if cut != is_cut => Verdict::Unrelated,
                outcome => outcome.verdict(),
            };
        }
        if result.relay_cut().is_some() {
            return Verdict::Unrelated;
        }
        if result.outcome == CommandOutcome::AlreadyDone {
            return match asked {
                Some(_) => Verdict::Unclear,
                None => Verdict::Unrelated,
            };
        }
        let names = self.names(syntax);
        if !result.is_general() && !names.iter().any(|name| result.names(name)) {
            return Verdict::Unrelated;
        }
        match result.outcome.verdict() {
            // The answer itself is still to come.
            Verdict::Done if self.is_question() => Verdict::Unclear,
            verdict => verdict,
        }
    }

    /// Returns the words by which answers name the command, in any case.
    fn names(&self, syntax: &Syntax) -> [&'static str; 2] {
        let word = (syntax.word)(self).unwrap_or_default();
        match (syntax.set, self) {
            (CommandSet::C, Self::TimeZone(_)) => [word, "zone"],
            (CommandSet::C, Self::Server(_)) => [word, "adminip"],
            // The devices spell it so.
            (
                CommandSet::C,
                Self::Relay {
                    circuit: Circuit::Electricity,
                    cut,
                },
            ) => [
                word,
                if *cut {
                    "stopelecticity"
                } else {
                    "supplyelectcity"
                },
            ],
            (CommandSet::C, Self::Acc { on: true }) => ["accon", "accon"],
            (CommandSet::C, Self::Acc { on: false }) => ["accoff", "accoff"],
            (CommandSet::W, Self::Server(_)) => [word, "server"],
            (CommandSet::W, Self::TimeZone(_)) => ["time", "zone"],
            // The devices spell it so.
            (CommandSet::W, Self::ApnPassword { .. }) => [word, "apnpasswrod"],
            (CommandSet::S, Self::TimeZone(_)) => [word, "zone"],
            (CommandSet::VSun, Self::MoveAlarm { .. }) => ["radius", word],
            (CommandSet::VSun, Self::MoveAlarmOff) => ["defence", word],
            _ => [word, word],
        }
    }
}

impl CommandOutcome {
    /// Returns the meaning for the command that the result names.
    const fn verdict(self) -> Verdict {
        match self {
            Self::Done | Self::AlreadyDone => Verdict::Done,
            Self::Deferred => Verdict::Deferred,
            Self::Refused => Verdict::Refused,
        }
    }
}
