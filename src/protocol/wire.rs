//! What the binary protocols are read and written with.

use crate::error::EncodeError;
use nom::{IResult, Parser, combinator::map};

/// The next `N` bytes.
///
/// nom's own integers are read byte by byte, in a function that is not inlined; from an array they are a single load.
#[inline]
pub(super) fn chunk<const N: usize>(input: &[u8]) -> IResult<&[u8], &[u8; N], ()> {
    match input.split_first_chunk() {
        Some((chunk, rest)) => Ok((rest, chunk)),
        None => Err(nom::Err::Error(())),
    }
}

/// The next byte.
#[inline]
pub(super) fn byte(input: &[u8]) -> IResult<&[u8], u8, ()> {
    map(chunk, |&[byte]| byte).parse(input)
}

/// The next two bytes, big-endian.
#[inline]
pub(super) fn be_u16(input: &[u8]) -> IResult<&[u8], u16, ()> {
    map(chunk, |&bytes| u16::from_be_bytes(bytes)).parse(input)
}

/// The next four bytes, big-endian.
#[inline]
pub(super) fn be_u32(input: &[u8]) -> IResult<&[u8], u32, ()> {
    map(chunk, |&bytes| u32::from_be_bytes(bytes)).parse(input)
}

/// Writes a frame of these parts to the front of `out`, and says how many bytes it is.
pub(super) fn write(out: &mut [u8], parts: [&[u8]; 4]) -> Result<usize, EncodeError> {
    let needed = parts.iter().fold(0, |sum: usize, part| sum.saturating_add(part.len()));
    let Some(out) = out.get_mut(..needed) else { return Err(EncodeError::BufferTooSmall { needed }) };
    // Byte by byte: part by part it would become calls of `memcpy`, which is 600 bytes of flash on a microcontroller that has none yet.
    for (to, from) in out.iter_mut().zip(parts.iter().copied().flatten()) {
        *to = *from;
    }
    Ok(needed)
}
