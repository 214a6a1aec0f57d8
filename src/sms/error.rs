use super::{CommandSet, Sms};
use core::fmt;

/// Why a command cannot be written, or a text is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandError {
    /// The set has no command for this.
    Unsupported {
        /// The set.
        set: CommandSet,
        /// The purpose that it has no command for: `set the time zone`.
        what: &'static str,
        /// The nearest purpose that it has a command for, if there is one near.
        nearest: Option<&'static str>,
    },
    /// The set needs a value that is absent.
    Missing {
        /// Name of the value.
        field: &'static str,
    },
    /// A number is out of its range.
    Range {
        /// Name of the field, with its unit.
        field: &'static str,
        /// The least value allowed.
        min: i32,
        /// The greatest value allowed.
        max: i32,
    },
    /// A text has too few or too many characters.
    Length {
        /// Name of the field.
        field: &'static str,
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
    },
    /// A text holds a character that the command cannot carry there: it would break the syntax, or
    /// the field never has it.
    Character {
        /// Name of the field.
        field: &'static str,
        /// The first such character.
        character: char,
    },
    /// The host is neither a name nor an IPv4 address, such as `203.0.113.777`.
    Host,
    /// The whole text is longer than one short message.
    TooLong {
        /// Characters that the text would take.
        len: usize,
    },
    /// The buffer is too small.
    BufferTooSmall {
        /// Bytes that are enough.
        needed: usize,
    },
    /// The text does not have the form of a command of the set.
    Syntax {
        /// The set.
        set: CommandSet,
    },
}

impl CommandError {
    /// A purpose that a set has no command for, and nothing near it.
    pub(super) const fn unsupported(set: CommandSet, what: &'static str) -> Self {
        Self::Unsupported {
            set,
            what,
            nearest: None,
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported { set, what, nearest } => {
                write!(f, "command set {set} has no command to {what}")?;
                nearest.map_or(Ok(()), |nearest| write!(f, "; it can {nearest}"))
            }
            Self::Missing { field } => write!(f, "the {field} is missing"),
            Self::Range { field, min, max } => write!(f, "the {field} must be {min} to {max}"),
            Self::Length { field, min, max } if min == max => {
                write!(f, "the {field} must have {min} characters")
            }
            Self::Length { field, min: 0, max } => {
                write!(f, "the {field} can have {max} characters at most")
            }
            Self::Length { field, min, max } => {
                write!(f, "the {field} must have {min} to {max} characters")
            }
            Self::Character { field, character } => {
                write!(f, "the {field} cannot hold {character:?}")
            }
            Self::Host => f.write_str("the host is neither a name nor an IPv4 address"),
            Self::TooLong { len } => write!(
                f,
                "the text would have {len} characters, and a short message has {} at most",
                Sms::MAX_LEN
            ),
            Self::BufferTooSmall { needed } => {
                write!(f, "buffer too small, {needed} bytes are needed")
            }
            Self::Syntax { set } => write!(f, "not written as a command of set {set}"),
        }
    }
}

impl core::error::Error for CommandError {}
