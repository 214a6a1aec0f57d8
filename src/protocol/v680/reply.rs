use super::Frame;
use crate::{session::Peer, types::DateTime};

/// Returns `None`: no reply is known. See [the manual](crate::manual::v680), "Answers".
pub(crate) const fn reply(
    _: &Frame<'_>,
    _: &mut Peer,
    _: Option<DateTime>,
    _: &mut [u8],
) -> Option<usize> {
    None
}
