use super::Command;
use crate::{
    session::{self, CommandError, Peer},
    types::{DateTime, Protocol},
};

/// Writes the command for the device to the front of `out`, and returns its length.
pub(crate) fn command(
    command: &session::Command<'_>,
    _: &Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    command.with_text(Protocol::Gt02, |text| Command::new(text)?.encode(out))
}
