use super::Frame;
use crate::{session::Peer, types::DateTime};

/// No answer is known (spec v680, section 1.6).
pub(crate) const fn reply(
    _: &Frame<'_>,
    _: &mut Peer,
    _: Option<DateTime>,
    _: &mut [u8],
) -> Option<usize> {
    None
}
