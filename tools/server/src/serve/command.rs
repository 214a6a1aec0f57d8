//! Commands as text: from standard input and from the page.

use super::Server;
use gt02::{session::OwnedCommand, types::DeviceId};

/// The devices that `list` names, at most.
const LISTED: usize = 1000;

/// What can be typed.
const HELP: &str = "ID locate | cut | restore | clear-alarms | interval SECONDS | text WORDS; \
                    list; who ID";

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
            let command: Result<OwnedCommand, _> = rest.trim().parse();
            let command = command.map_err(|error| format!("{error}; there are: {HELP}"))?;
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
