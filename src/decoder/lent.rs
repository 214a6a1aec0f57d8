//! A decoder that is lent its buffer by each call, for callers that keep both in one block of
//! memory: nothing in it points into the buffer, so the block can be moved.

use super::{Core, Datagram, Wait, take};
use crate::scan::{Engine, Item};
use core::mem;

/// A [`SliceDecoder`](super::SliceDecoder) without its buffer. Each call is lent the same one.
#[derive(Debug)]
pub(crate) struct LentDecoder {
    core: Core,
    /// The datagram whose items were given out last, if it has more.
    datagram: Option<Progress>,
}

/// How far a datagram was given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// The bytes of the whole datagram.
    len: usize,
    /// Of these, the bytes that were given out.
    given: usize,
}

impl LentDecoder {
    /// Creates a decoder at the start of a stream.
    pub(crate) const fn new(accept_bad_checksums: bool) -> Self {
        let mut core = Core::new();
        core.engine.limits.accept_bad_crc = accept_bad_checksums;
        Self {
            core,
            datagram: None,
        }
    }

    /// Returns the next item of the stream: see [`Decoder::decode`](super::Decoder::decode).
    #[inline]
    pub(crate) fn decode<'s, 'i: 's>(
        &mut self,
        buffer: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Option<Item<'s>> {
        let lent = self.core.decode(buffer, input);
        self.core.item(buffer, lent)
    }

    /// Decides what is pending: see [`Decoder::finish`](super::Decoder::finish).
    pub(crate) fn finish<'s>(&mut self, buffer: &'s mut [u8]) -> Option<Item<'s>> {
        let lent = self.core.finish(buffer);
        self.core.item(buffer, lent)
    }

    /// Returns the pending bytes.
    pub(crate) fn pending<'s>(&mut self, buffer: &'s mut [u8]) -> &'s [u8] {
        self.core.pending(buffer)
    }

    /// Returns what the pending bytes wait for: see [`Decoder::wait`](super::Decoder::wait).
    pub(crate) fn wait(&self, buffer: &[u8]) -> Wait {
        self.core.wait(buffer)
    }

    /// Returns the number of pending bytes.
    pub(crate) const fn pending_len(&self) -> usize {
        self.core.pending_len()
    }

    /// Returns the item of a datagram that begins at `at`, and moves `at` past it, as a
    /// [`Datagram`] does. Begin with 0, which drops all that is pending, and go on where the last
    /// call has left `at`, with the bytes of that call.
    ///
    /// # Errors
    /// If `at` is another one.
    pub(crate) fn datagram<'i>(
        &mut self,
        bytes: &'i [u8],
        at: &mut usize,
    ) -> Result<Option<Item<'i>>, WrongPlace> {
        let len = bytes.len();
        let here = Progress { len, given: *at };
        if *at == 0 {
            *self = Self::new(self.core.engine.limits.accept_bad_crc);
            self.core.engine.limits.set_max(usize::MAX);
        } else if self.datagram != Some(here) {
            return Err(WrongPlace);
        }
        let mut rest = bytes;
        take(&mut rest, *at);
        let idle = Engine::new(self.core.engine.limits);
        let mut items = Datagram {
            rest,
            engine: mem::replace(&mut self.core.engine, idle),
        };
        let item = items.next();
        *at = len.wrapping_sub(items.rest.len());
        if item.is_some() {
            self.core.engine = items.engine;
        }
        self.datagram = Some(Progress { len, given: *at });
        Ok(item)
    }
}

/// The error of going on with a datagram where it was not left.
pub(crate) struct WrongPlace;

#[cfg(test)]
mod tests {
    extern crate std;
    use super::LentDecoder;
    use crate::{Datagram, SliceDecoder, scan::Item};
    use std::{vec, vec::Vec};

    const BYTES: &[u8] = b"noise\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\
        \x00\x00\x0d\x0a(013612345678BP00013612345678HSO)\x68\x68\x25#353588020140007##$";

    fn owned(item: Item<'_>) -> (Vec<u8>, bool) {
        (item.as_bytes().to_vec(), matches!(item, Item::Frame(_)))
    }

    #[test]
    fn finds_what_a_slice_decoder_finds() {
        for size in 1..=BYTES.len() {
            let (mut buffer, mut other) = ([0; 64], [0; 64]);
            let mut slice = SliceDecoder::new(&mut other).unwrap();
            let mut lent = LentDecoder::new(false);
            for read in BYTES.chunks(size) {
                let (mut left, mut right) = (read, read);
                loop {
                    let found = lent.decode(&mut buffer, &mut left).map(owned);
                    assert_eq!(found, slice.decode(&mut right).map(owned));
                    assert_eq!(left, right);
                    if found.is_none() {
                        break;
                    }
                }
                assert_eq!(lent.pending_len(), slice.pending_len());
            }
            assert_eq!(lent.pending(&mut buffer), slice.pending());
            loop {
                let found = lent.finish(&mut buffer).map(owned);
                assert_eq!(found, slice.finish().map(owned));
                if found.is_none() {
                    break;
                }
            }
        }
    }

    #[test]
    fn finds_what_a_datagram_finds() {
        let mut lent = LentDecoder::new(false);
        let mut buffer = [0; 64];
        for len in 0..=BYTES.len() {
            // What is pending of a stream does not count.
            let _ = lent.decode(&mut buffer, &mut &b"\x68\x68\x25"[..]);
            let bytes = &BYTES[..len];
            let (mut at, mut found) = (0, vec![]);
            while let Ok(Some(item)) = lent.datagram(bytes, &mut at) {
                found.push(owned(item));
            }
            assert_eq!(at, len);
            let expected: Vec<_> = Datagram::new(bytes).map(owned).collect();
            assert_eq!(found, expected);
            assert!(lent.datagram(bytes, &mut (len + 1)).is_err());
        }
    }
}
