use super::Command;
use crate::{
    session::{self, CommandError, Peer},
    types::{DateTime, Protocol, Text},
};

/// Writes the command for the device to the front of `out`, and says how many bytes it is.
pub(crate) fn command(
    command: &session::Command<'_>,
    _: &Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    command.with_text(Protocol::Gt02, |text| {
        Command {
            flag: 0,
            text: Text::Bytes(text.as_bytes()),
        }
        .encode(out)
    })
}
