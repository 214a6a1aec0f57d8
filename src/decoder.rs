//! The streaming [`Decoder`] for connections, and [`Datagram`] for UDP.

use crate::{
    protocol::{Ahead, Rules, plain_frame},
    scan::{Item, Itemizer, Scan, scan, scan_any},
};
use heapless::Vec;

/// So many bytes are looked at at once when an item straddles reads. Most frames are shorter.
const LOOKAHEAD: usize = 64;

/// Takes a byte stream apart into frames and noise, however it was cut into reads.
///
/// `N` is the size of the largest frame that is found, and of the buffer for a frame that straddles reads. At least 64; 260 takes every
/// `gt02` frame and all but the long ones of `gt06`. What bytes cost that are made to be costly grows with it. Frames that lie in the caller's bytes are borrowed from there, without a copy.
///
/// ```
/// use gt02::{Decoder, Item};
///
/// let heartbeat = b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
/// let mut decoder = Decoder::<260>::new();
/// let mut frames = 0;
/// for read in [&heartbeat[..7], &heartbeat[7..], b"noise"] {
///     let mut input = read;
///     while let Some(item) = decoder.decode(&mut input) {
///         match item {
///             Item::Frame(frame) => {
///                 assert_eq!(frame.as_bytes(), heartbeat);
///                 frames += 1;
///             }
///             Item::Noise(noise) => assert_eq!(noise.bytes, b"noise"),
///         }
///     }
/// }
/// assert_eq!(frames, 1);
/// assert_eq!(decoder.pending(), b"");
/// ```
#[derive(Clone, Debug)]
pub struct Decoder<const N: usize> {
    carry: Vec<u8, N>,
    /// Bytes at the front of `carry` that the last call lent out.
    lent: usize,
    /// Bytes of `carry` that it takes before anything new can be said of them.
    needed: usize,
    itemizer: Itemizer,
    /// What is known of the bytes that come next.
    ahead: Ahead,
    /// Whether frames with a wrong checksum are frames.
    any_checksum: bool,
}

impl<const N: usize> Decoder<N> {
    /// A decoder at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N >= LOOKAHEAD, "a decoder needs room for 64 bytes at least") };
        Self { carry: Vec::new(), lent: 0, needed: 0, itemizer: Itemizer::new(), ahead: Ahead::new(), any_checksum: false }
    }

    /// Takes frames of [`gt06`](crate::protocol::gt06) whose checksum is wrong for frames, if length and end mark are right, instead of noise
    /// ([`Checksum`](crate::NoiseReason::Checksum)); [`Frame::crc_ok`](crate::protocol::gt06::Frame::crc_ok) tells them apart.
    ///
    /// The papers say that a receiver drops such frames. One real GT02A sends some whose fields are plausible all the same (spec gt06,
    /// section 1.5). Then some frames of the dialect without a checksum are taken as well.
    #[must_use]
    pub const fn accept_bad_checksums(mut self) -> Self {
        self.any_checksum = true;
        self
    }

    const fn rules(&self, end: bool) -> Rules {
        Rules { any_checksum: self.any_checksum, ..Rules::new(N, end) }
    }

    /// Takes the next frame or noise out of the stream, which goes on with `input`, and moves `input` behind the bytes that were used.
    ///
    /// `None` says that all of `input` was used and more is needed. The bytes of all items, one behind the other, and then
    /// [`pending`](Self::pending), are the bytes that went in.
    #[inline]
    pub fn decode<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8]) -> Option<Item<'s>> {
        // Little enough to be inlined where it is called; all that is not plain is elsewhere.
        if !self.carry.is_empty() {
            self.release();
        }
        if self.carry.is_empty() {
            if let Some((protocol, len)) = plain_frame(input, N) {
                self.ahead.advance(len);
                return Some(self.itemizer.frame(protocol, take(input, len)));
            }
        }
        self.decode_any(input)
    }

    /// Decides what is pending, when no byte will follow: at the end of the connection, or when it was idle for so long that the rest of a frame
    /// is not to be expected. Call it until it says `None`; the decoder is then at the start of a stream.
    ///
    /// ```
    /// # use gt02::{Decoder, Item, NoiseReason};
    /// let mut decoder = Decoder::<260>::new();
    /// let mut input = &b"\x68\x68\x25\x14"[..];
    /// assert_eq!(decoder.decode(&mut input), None);
    /// let Some(Item::Noise(noise)) = decoder.finish() else { unreachable!() };
    /// assert_eq!((noise.bytes, noise.reason), (&b"\x68\x68\x25\x14"[..], NoiseReason::Truncated));
    /// assert_eq!(decoder.finish(), None);
    /// ```
    pub fn finish(&mut self) -> Option<Item<'_>> {
        self.release();
        if self.carry.is_empty() {
            self.itemizer = Itemizer::new();
            self.ahead = Ahead::new();
            return None;
        }
        let found = scan(&self.carry, self.rules(true), &mut self.ahead);
        self.lend(found)
    }

    /// The bytes of which nothing can be said yet, because they may be the beginning of a frame; fewer than `N`.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        self.carry.get(self.lent..).unwrap_or_default()
    }

    /// The same, for what is not a plain frame at the front of `input`. What was lent out is released.
    #[inline(never)]
    fn decode_any<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8]) -> Option<Item<'s>> {
        if !self.carry.is_empty() {
            let found = self.scan_carry(input)?;
            return self.lend(found);
        }
        match scan_any(input, self.rules(false), &mut self.ahead) {
            Scan::Frame { protocol, len } => Some(self.itemizer.frame(protocol, take(input, len))),
            Scan::Noise { len, reason } => Some(self.itemizer.noise(take(input, len), reason)),
            Scan::More { total } => {
                // All of it may belong to the next item, so it fits: no item is longer than N, and this is less.
                self.fill(input);
                self.needed = total;
                *input = &[];
                None
            }
        }
    }

    /// Finds an item in the carry, with as few bytes of `input` as it takes; `None` if those are not enough.
    fn scan_carry(&mut self, input: &mut &[u8]) -> Option<Scan> {
        loop {
            // More is copied than is needed, for one scan of many bytes costs less than many scans; what turns out to belong to the next item
            // goes back, so that it is borrowed from the input.
            let held = self.carry.len();
            // And the more of it is there, so that a long one is not scanned again and again.
            let more = self.needed.max(held.wrapping_add(LOOKAHEAD.max(held))).min(N).wrapping_sub(held).min(input.len());
            self.fill(input.get(..more).unwrap_or_default());
            if self.carry.len() < self.needed {
                take(input, more);
                return None;
            }
            let found = scan(&self.carry, self.rules(false), &mut self.ahead);
            let kept = match found {
                Scan::Frame { len, .. } | Scan::Noise { len, .. } => len.max(held),
                Scan::More { .. } => self.carry.len(),
            };
            self.carry.truncate(kept);
            take(input, kept.saturating_sub(held));
            match found {
                Scan::More { total } => self.needed = total,
                found => return Some(found),
            }
        }
    }

    /// Copies bytes to the end of the carry. They fit, because no more than N are ever needed.
    fn fill(&mut self, bytes: &[u8]) {
        let fits = self.carry.extend_from_slice(bytes).is_ok();
        debug_assert!(fits, "an item is at most N bytes");
    }

    /// Lends the item at the front of the carry out; it goes with the next call.
    fn lend(&mut self, found: Scan) -> Option<Item<'_>> {
        let (Scan::Frame { len, .. } | Scan::Noise { len, .. }) = found else { return None };
        self.lent = len;
        let bytes = self.carry.get(..len)?;
        Some(match found {
            Scan::Frame { protocol, .. } => self.itemizer.frame(protocol, bytes),
            Scan::Noise { reason, .. } => self.itemizer.noise(bytes, reason),
            Scan::More { .. } => return None,
        })
    }

    /// Drops what the last call lent out.
    #[inline]
    fn release(&mut self) {
        if self.lent > 0 {
            if self.lent == self.carry.len() {
                self.carry.clear();
            } else {
                self.move_to_front();
            }
            self.lent = 0;
            self.needed = 0;
        }
    }

    /// Moves what was not lent out to the front of the carry.
    #[inline(never)]
    fn move_to_front(&mut self) {
        let kept = self.carry.len().saturating_sub(self.lent);
        #[cfg(target_pointer_width = "64")]
        self.carry.copy_within(self.lent.., 0);
        // On a microcontroller byte by byte: the other brings a `memmove` of more than a kilobyte along, and a panic where it is not inlined.
        #[cfg(not(target_pointer_width = "64"))]
        {
            let bytes = core::cell::Cell::from_mut(self.carry.as_mut_slice()).as_slice_of_cells();
            for (to, from) in bytes.iter().zip(bytes.get(self.lent..).unwrap_or_default()) {
                to.set(from.get());
            }
        }
        self.carry.truncate(kept);
    }
}

impl<const N: usize> Default for Decoder<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// Splits `len` bytes off the front of `input`, which has as many.
#[inline]
fn take<'i>(input: &mut &'i [u8], len: usize) -> &'i [u8] {
    let (front, rest) = input.split_at_checked(len).unwrap_or((&[], input));
    *input = rest;
    front
}

/// The frames and the noise in one datagram. A datagram holds whole frames, so nothing is kept from one to the next.
///
/// ```
/// use gt02::{Datagram, Item};
///
/// let ack = b"\x54\x68\x1a\x0d\x0a";
/// let mut items = Datagram::new(ack);
/// assert!(matches!(items.next(), Some(Item::Frame(frame)) if frame.as_bytes() == ack));
/// assert!(items.next().is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Datagram<'a> {
    rest: &'a [u8],
    itemizer: Itemizer,
    ahead: Ahead,
    rules: Rules,
}

impl<'a> Datagram<'a> {
    /// Bytes of the largest frame that is found. More than a network carries in one piece; what a start mark costs grows with it.
    pub const MAX_FRAME: usize = 4096;

    /// The items of a datagram.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, itemizer: Itemizer::new(), ahead: Ahead::new(), rules: Rules::new(Self::MAX_FRAME, true) }
    }

    /// Takes frames with a wrong checksum, as [`Decoder::accept_bad_checksums`] does.
    #[must_use]
    pub const fn accept_bad_checksums(mut self) -> Self {
        self.rules.any_checksum = true;
        self
    }
}

impl<'a> Iterator for Datagram<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        match scan(self.rest, self.rules, &mut self.ahead) {
            Scan::Frame { protocol, len } => Some(self.itemizer.frame(protocol, take(&mut self.rest, len))),
            Scan::Noise { len, reason } => Some(self.itemizer.noise(take(&mut self.rest, len), reason)),
            Scan::More { .. } => None,
        }
    }
}

impl core::iter::FusedIterator for Datagram<'_> {}
