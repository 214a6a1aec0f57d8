//! Commands as text: from standard input, the control socket and the page.

use super::{Server, fleet::Given};
use gt02::{session::OwnedCommand, types::DeviceId};

/// The devices that `list` names, at most.
const LISTED: usize = 1000;

/// What can be typed.
const HELP: &str = "ID locate | cut | restore | clear-alarms | interval SECONDS | text WORDS; \
                    list; who ID";

/// What a line came to.
pub enum Taken {
    /// An answer to a question.
    Text(String),
    /// A command that a device was given.
    Given {
        device: DeviceId,
        /// The command, as it is written.
        text: String,
        given: Given,
    },
}

/// Carries out a line, and returns what to say.
///
/// # Errors
/// If it is no command, or not for a device that is known.
pub fn run(server: &Server, line: &str) -> Result<String, String> {
    Ok(match take(server, line)? {
        Taken::Text(text) => text,
        Taken::Given {
            device,
            text,
            given,
        } => {
            let when = if given.is_connected {
                ""
            } else {
                ", when it is back"
            };
            format!("{device}: command {}: {text}{when}", given.number)
        }
    })
}

/// Takes a line.
///
/// # Errors
/// As of [`run`].
pub fn take(server: &Server, line: &str) -> Result<Taken, String> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let device = |text: &str| -> Result<DeviceId, String> {
        text.parse()
            .map_err(|_| format!("neither a device nor a command: {text:?}; there are: {HELP}"))
    };
    match first {
        "help" => Ok(Taken::Text(HELP.to_owned())),
        "list" => {
            let fleet = server.fleet();
            let lines: Vec<String> = fleet.list().take(LISTED).collect();
            let text = format!("{} devices\n{}", fleet.len(), lines.join("\n"));
            Ok(Taken::Text(text))
        }
        "who" => {
            let id = device(rest.trim())?;
            let known = server.fleet().who(id);
            let known = known.map(Taken::Text);
            known.ok_or_else(|| format!("{id}: no such device has reported"))
        }
        _ => {
            let device = device(first)?;
            let command: Result<OwnedCommand, _> = rest.trim().parse();
            let command = command.map_err(|error| format!("{error}; there are: {HELP}"))?;
            let text = command.to_string();
            let given = server.fleet().command(device, command)?;
            server.metrics.command("given");
            Ok(Taken::Given {
                device,
                text,
                given,
            })
        }
    }
}
