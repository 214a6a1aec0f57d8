use crate::{
    session::{Command, CommandError, Peer},
    types::{DateTime, Protocol},
};

/// Refuses every command: none is known. See [the manual](crate::manual::v680), "Commands".
pub(crate) const fn command(
    _: &Command<'_>,
    _: &Peer,
    _: Option<DateTime>,
    _: &mut [u8],
) -> Result<usize, CommandError> {
    Err(CommandError::Unsupported {
        protocol: Protocol::V680,
    })
}
