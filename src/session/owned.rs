//! Commands that can be kept, and written as text.

use super::Command;
use core::{fmt, str::FromStr};

/// The most bytes of text in a command: those of `gt06`, and of `gt02`, hold no more.
const MAX_TEXT: usize = 245;

/// The length of the longest frame that [`Session::command`](super::Session::command) writes, in
/// bytes: one of `gt02` or `gt06` with the longest text.
pub const MAX_COMMAND_LEN: usize = 260;

/// A [`Command`] that owns its text, to be queued for a device that is not connected.
///
/// As text it is a word and a value, which is also what [`FromStr`] reads:
///
/// | text | command |
/// |---|---|
/// | `cut`, `restore` | [`CutRelay`](Command::CutRelay), [`RestoreRelay`](Command::RestoreRelay) |
/// | `locate` | [`Locate`](Command::Locate) |
/// | `interval 30` | [`Interval`](Command::Interval), in seconds |
/// | `clear-alarms` | [`ClearAlarms`](Command::ClearAlarms) |
/// | `text WHERE,666666#` | [`Text`](Command::Text), printable ASCII, at most 245 bytes |
///
/// ```
/// use gt02::session::{Command, OwnedCommand};
/// let queued: OwnedCommand = "interval 30".parse()?;
/// assert_eq!(queued.as_command(), Command::Interval { seconds: 30 });
/// assert_eq!(queued.to_string(), "interval 30");
/// # Ok::<(), gt02::session::ParseCommandError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnedCommand(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::large_enum_variant, reason = "nothing is allocated")]
enum Kind {
    Text(heapless::String<MAX_TEXT>),
    CutRelay,
    RestoreRelay,
    Locate,
    Interval { seconds: u16 },
    ClearAlarms,
}

impl OwnedCommand {
    /// Returns the command, to be given to [`Session::command`](super::Session::command).
    #[must_use]
    pub fn as_command(&self) -> Command<'_> {
        match &self.0 {
            Kind::Text(text) => Command::Text(text),
            Kind::CutRelay => Command::CutRelay,
            Kind::RestoreRelay => Command::RestoreRelay,
            Kind::Locate => Command::Locate,
            Kind::Interval { seconds } => Command::Interval { seconds: *seconds },
            Kind::ClearAlarms => Command::ClearAlarms,
        }
    }
}

/// Keeps an [`Sms`](Command::Sms) as the text that it is.
///
/// # Errors
/// If a text is empty, too long or not printable ASCII, or if the set cannot express the command.
impl TryFrom<Command<'_>> for OwnedCommand {
    type Error = ParseCommandError;

    fn try_from(command: Command<'_>) -> Result<Self, ParseCommandError> {
        Ok(Self(match command {
            Command::Text(text) => Kind::Text(text_of(text)?),
            Command::Sms {
                set,
                command,
                password,
            } => {
                let password = password.or(set.default_password()).unwrap_or_default();
                let sms = command
                    .to_sms(set, password)
                    .map_err(|_| ParseCommandError::Text)?;
                Kind::Text(text_of(&sms)?)
            }
            Command::CutRelay => Kind::CutRelay,
            Command::RestoreRelay => Kind::RestoreRelay,
            Command::Locate => Kind::Locate,
            Command::Interval { seconds } => Kind::Interval { seconds },
            Command::ClearAlarms => Kind::ClearAlarms,
        }))
    }
}

/// Copies a text that a frame can hold.
fn text_of(text: &str) -> Result<heapless::String<MAX_TEXT>, ParseCommandError> {
    let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if text.is_empty() || !is_printable {
        return Err(ParseCommandError::Text);
    }
    heapless::String::try_from(text).map_err(|_| ParseCommandError::Text)
}

impl FromStr for OwnedCommand {
    type Err = ParseCommandError;

    fn from_str(text: &str) -> Result<Self, ParseCommandError> {
        let (word, value) = match text.split_once(' ') {
            Some((word, value)) => (word, Some(value)),
            None => (text, None),
        };
        Ok(Self(match (word, value) {
            ("cut", None) => Kind::CutRelay,
            ("restore", None) => Kind::RestoreRelay,
            ("locate", None) => Kind::Locate,
            ("clear-alarms", None) => Kind::ClearAlarms,
            ("interval", Some(seconds)) => Kind::Interval {
                seconds: seconds.parse().map_err(|_| ParseCommandError::Interval)?,
            },
            ("interval", None) => return Err(ParseCommandError::Interval),
            ("text", text) => Kind::Text(text_of(text.unwrap_or_default())?),
            ("cut" | "restore" | "locate" | "clear-alarms", Some(_)) => {
                return Err(ParseCommandError::Value);
            }
            _ => return Err(ParseCommandError::Word),
        }))
    }
}

impl fmt::Display for OwnedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Text(text) => write!(f, "text {text}"),
            Kind::CutRelay => f.write_str("cut"),
            Kind::RestoreRelay => f.write_str("restore"),
            Kind::Locate => f.write_str("locate"),
            Kind::Interval { seconds } => write!(f, "interval {seconds}"),
            Kind::ClearAlarms => f.write_str("clear-alarms"),
        }
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for OwnedCommand {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", defmt::Display2Format(self));
    }
}

/// The error of reading an [`OwnedCommand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseCommandError {
    /// The first word is not known.
    Word,
    /// A value follows a word that takes none.
    Value,
    /// The interval is missing, or is not a number of seconds up to 65,535.
    Interval,
    /// The text is empty, has more than 245 bytes, or has one that is not printable ASCII; or the
    /// set of the SMS cannot express the command.
    Text,
}

impl fmt::Display for ParseCommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Word => {
                "not a command: it is one of cut, restore, locate, interval, clear-alarms and text"
            }
            Self::Value => "the command takes no value",
            Self::Interval => "the interval must be a number of seconds, at most 65535",
            Self::Text => "the text must be printable ASCII, 1 to 245 bytes",
        })
    }
}

impl core::error::Error for ParseCommandError {}
