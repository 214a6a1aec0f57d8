use super::Message;
use crate::{
    session::{self, CommandError, Peer},
    types::{DateTime, Protocol, Text},
};

/// Writes the command for the device to the front of `out`, and returns its length.
pub(crate) fn command(
    command: &session::Command<'_>,
    peer: &Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    let device = peer.device.ok_or(CommandError::NoProtocol)?;
    command.with_text(Protocol::Toy, |text| {
        Message::Command {
            device,
            text: Text::Bytes(text.as_bytes()),
        }
        .encode(out)
    })
}
