//! The parts of binary messages.
//!
//! Each function splits its part off the front of the input, as nom's do: `Ok((rest, part))`, or an
//! error if there are too few bytes. nom reads its integers byte by byte, in a function that is not
//! inlined; from an array they are a single load. So build new functions on [`chunk`].

use nom::{IResult, Parser, combinator::map};

/// Reads the next `N` bytes.
#[inline]
pub(crate) fn chunk<const N: usize>(input: &[u8]) -> IResult<&[u8], &[u8; N], ()> {
    match input.split_first_chunk() {
        Some((chunk, rest)) => Ok((rest, chunk)),
        None => Err(nom::Err::Error(())),
    }
}

/// Reads the next byte.
#[inline]
pub(crate) fn byte(input: &[u8]) -> IResult<&[u8], u8, ()> {
    map(chunk, |&[byte]| byte).parse(input)
}

/// Reads the next two bytes, big-endian.
#[inline]
pub(crate) fn be_u16(input: &[u8]) -> IResult<&[u8], u16, ()> {
    map(chunk, |&bytes| u16::from_be_bytes(bytes)).parse(input)
}

/// Reads the next four bytes, big-endian.
#[inline]
pub(crate) fn be_u32(input: &[u8]) -> IResult<&[u8], u32, ()> {
    map(chunk, |&bytes| u32::from_be_bytes(bytes)).parse(input)
}

/// Reads the next `len` bytes. nom's `take` has a path to a panic that the optimiser does not
/// always remove.
pub(crate) fn bytes(len: usize) -> impl Fn(&[u8]) -> IResult<&[u8], &[u8], ()> {
    move |input| match input.split_at_checked(len) {
        Some((bytes, rest)) => Ok((rest, bytes)),
        None => Err(nom::Err::Error(())),
    }
}
