use crate::{
    session::{Command, CommandError, Peer},
    types::{DateTime, Protocol},
};

/// No command is known (spec v680, section 1.6).
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
