//! Commands as text: from standard input and from the page.

use super::Server;
use gt02::{session::Command, types::DeviceId};
use std::{fmt, str::FromStr};

/// The devices that `list` names, at most.
const LISTED: usize = 1000;

/// What can be typed.
const HELP: &str = "ID locate | cut | restore | clear-alarms | interval SECONDS | text WORDS; \
                    list; who ID";

/// A command that can wait for its device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedCommand {
    Locate,
    CutRelay,
    RestoreRelay,
    ClearAlarms,
    Interval { seconds: u16 },
    Text(String),
}

impl OwnedCommand {
    pub fn as_command(&self) -> Command<'_> {
        match self {
            Self::Locate => Command::Locate,
            Self::CutRelay => Command::CutRelay,
            Self::RestoreRelay => Command::RestoreRelay,
            Self::ClearAlarms => Command::ClearAlarms,
            Self::Interval { seconds } => Command::Interval { seconds: *seconds },
            Self::Text(text) => Command::Text(text),
        }
    }
}

impl FromStr for OwnedCommand {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        Ok(match (word, rest) {
            ("locate", "") => Self::Locate,
            ("cut", "") => Self::CutRelay,
            ("restore", "") => Self::RestoreRelay,
            ("clear-alarms", "") => Self::ClearAlarms,
            ("interval", seconds) => Self::Interval {
                seconds: seconds
                    .parse()
                    .map_err(|_| format!("interval: not a number of seconds: {seconds:?}"))?,
            },
            ("text", text) if !text.is_empty() => Self::Text(text.to_owned()),
            _ => return Err(format!("no such command: {text:?}; there are: {HELP}")),
        })
    }
}

impl fmt::Display for OwnedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locate => f.write_str("locate"),
            Self::CutRelay => f.write_str("cut"),
            Self::RestoreRelay => f.write_str("restore"),
            Self::ClearAlarms => f.write_str("clear-alarms"),
            Self::Interval { seconds } => write!(f, "interval {seconds}"),
            Self::Text(text) => write!(f, "text {text}"),
        }
    }
}

/// Carries out a line, and returns what to say.
///
/// # Errors
/// If it is no command, or not for a device that is known.
pub fn run(server: &Server, line: &str) -> Result<String, String> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let device = |text: &str| -> Result<DeviceId, String> {
        text.parse()
            .map_err(|_| format!("neither a device nor a command: {text:?}; there are: {HELP}"))
    };
    match first {
        "help" => Ok(HELP.to_owned()),
        "list" => {
            let fleet = server.fleet();
            let lines: Vec<String> = fleet.list().take(LISTED).collect();
            Ok(format!("{} devices\n{}", fleet.len(), lines.join("\n")))
        }
        "who" => {
            let id = device(rest.trim())?;
            let known = server.fleet().who(id);
            known.ok_or_else(|| format!("{id}: no such device has reported"))
        }
        _ => {
            let id = device(first)?;
            let command: OwnedCommand = rest.trim().parse()?;
            let text = command.to_string();
            let (number, is_connected) = server.fleet().command(id, command)?;
            server.metrics.command("given");
            let when = if is_connected {
                ""
            } else {
                ", when it is back"
            };
            Ok(format!("{id}: command {number}: {text}{when}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OwnedCommand;

    #[test]
    fn text_and_back() {
        for text in [
            "locate",
            "cut",
            "restore",
            "clear-alarms",
            "interval 30",
            "text WHERE,666666#",
        ] {
            let command: OwnedCommand = text.parse().unwrap();
            assert_eq!(command.to_string(), text);
        }
        for text in ["", "cut it", "interval", "interval soon", "text", "fly"] {
            assert!(text.parse::<OwnedCommand>().is_err(), "{text}");
        }
    }
}
