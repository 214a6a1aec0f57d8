//! The streaming decoders for connections, [`Decoder`] and [`SliceDecoder`], and [`Datagram`] for
//! UDP.
//!
//! # How this works
//! [`Core`] drives the [engine](crate::scan) and keeps the bytes that were read and not given out,
//! in a ring buffer that it is lent. Whatever fits the quick path, and whatever begins and ends
//! within one read, is borrowed from there and never copied. The core is the same for all sizes of
//! buffers.

#[cfg(feature = "ffi")]
mod lent;
mod ring;
#[cfg(test)]
mod tests;

use crate::{
    bytes::WIDE,
    framing::Limits,
    scan::{
        Engine, Event, Item, Rest,
        plain::{self, Found},
    },
};
#[cfg(feature = "ffi")]
pub(crate) use lent::LentDecoder;
use ring::Ring;

/// The recommended size of a decoder's buffer, in bytes. It takes every frame that devices were
/// seen to send, and every frame of [`gt02`](crate::protocol::gt02),
/// [`tk103`](crate::protocol::tk103) and [`h02`](crate::protocol::h02).
///
/// | protocol | largest frame, bytes | largest seen |
/// |---|---|---|
/// | `gt02` | 260 | 42 |
/// | `gt06`, `78 78` | 260 | 154 |
/// | `gt06`, `79 79` | 65,541 | 193 |
/// | `tk103` | 1,045 | 115 |
/// | `v680` | 27,504 | 582, with 10 records |
/// | `h02` | 2,048 | 200 |
///
/// A device that sends photographs, or many stored positions in one frame, needs more.
pub const RECOMMENDED_BUFFER: usize = 2048;

/// The least size of a buffer.
const MIN_BUFFER: usize = 64;

/// What the pending bytes of a decoder wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Wait {
    /// No bytes are pending.
    Nothing,
    /// For silence: a whole frame is pending, which the next byte could still change. If none comes
    /// for some 300 ms, `finish` gives the frame out.
    Silence,
    /// For the rest of a frame, or for the byte that shows that there is none. If none comes for
    /// some seconds, `finish` gives the bytes out as noise.
    Rest,
}

/// What the core found, and where its bytes are.
enum Lent<'i> {
    /// In the input.
    Input(&'i [u8], Event),
    /// At the front of the ring.
    Ring(Event),
}

/// A decoder without its buffer. The fields are in this order as those of [`Engine`].
#[derive(Clone, Debug)]
#[repr(C)]
struct Core {
    /// The bytes that were not given out. The engine has read the first of them:
    /// [`Engine::pending`] says how many.
    ring: Ring,
    /// Bytes at the front of the ring that the last call lent out.
    lent: usize,
    /// If all that is in the ring is the beginning of a plain frame, which the engine has not read:
    /// the number of bytes that may complete it. Else 0.
    needed: usize,
    engine: Engine,
}

impl Core {
    /// All zeros, so that a static decoder takes no flash: the size of the buffer comes with it.
    const fn new() -> Self {
        Self {
            engine: Engine::new(Limits::new(0)),
            ring: Ring::EMPTY,
            lent: 0,
            needed: 0,
        }
    }

    const fn pending_len(&self) -> usize {
        self.ring.len().wrapping_sub(self.lent)
    }

    /// Drops what the last call lent out.
    #[inline]
    fn release(&mut self, buffer: &[u8]) {
        if self.lent > 0 {
            self.ring.pop(self.lent, buffer.len());
            self.lent = 0;
        }
    }

    #[inline]
    fn decode<'i>(&mut self, buffer: &mut [u8], input: &mut &'i [u8]) -> Option<Lent<'i>> {
        self.release(buffer);
        if self.ring.len() > 0 {
            let lent = self.decode_ring(buffer, input);
            if lent.is_some() || self.ring.len() > 0 {
                return lent;
            }
        }
        self.decode_input(buffer, input)
    }

    /// Finds an item at the front of the input, where nothing is pending.
    #[inline]
    fn decode_input<'i>(&mut self, buffer: &mut [u8], input: &mut &'i [u8]) -> Option<Lent<'i>> {
        #[cfg(test)]
        self.engine.work.add(plain::looked_at(input, buffer.len()));
        let needed = match plain::find(input, buffer.len()) {
            Found::Frame { protocol, len } => {
                let frame = take(input, len);
                self.engine.skip_frame(len, frame.last().copied());
                return Some(Lent::Input(frame, Event::Frame { protocol, len }));
            }
            Found::Incomplete { needed } => Some(needed),
            Found::Unsure => None,
        };
        self.decode_unusual(buffer, input, needed)
    }

    /// Finds an item whose first bytes are pending. If there is none, and no byte is pending any
    /// more, what is left of the input is still to be looked at.
    #[inline(never)]
    fn decode_ring<'i>(&mut self, buffer: &mut [u8], input: &mut &'i [u8]) -> Option<Lent<'i>> {
        self.engine.limits.set_max(buffer.len());
        if WIDE && self.needed > 0 {
            if let Some(event) = self.complete(buffer, input) {
                return Some(self.lend(event));
            }
            if self.needed > 0 {
                return None;
            }
        }
        loop {
            if let Some(event) = self.engine.next(false) {
                self.look_again(&event);
                return Some(self.lend(event));
            }
            if self.ring.len() == 0 {
                return None;
            }
            if self.read(buffer, input).is_none() {
                return self.engine.flush().map(|event| self.lend(event));
            }
        }
    }

    /// Reads bytes until there may be an event; first those in the ring. `None` if there are none.
    #[inline]
    fn read(&mut self, buffer: &mut [u8], input: &mut &[u8]) -> Option<()> {
        while !self.engine.is_unsettled() {
            let pending = self.engine.pending() as usize;
            if pending < self.ring.len() {
                self.engine.read(self.ring.part(pending, buffer));
            } else if input.is_empty() {
                return None;
            } else {
                let read = self.engine.read(input);
                self.keep(buffer, input, read);
            }
        }
        Some(())
    }

    /// Finds an item at the front of the input, where nothing is pending and no plain frame is;
    /// with `needed`, a plain frame begins there that may be whole with as many bytes.
    #[inline(never)]
    fn decode_unusual<'i>(
        &mut self,
        buffer: &mut [u8],
        input: &mut &'i [u8],
        needed: Option<usize>,
    ) -> Option<Lent<'i>> {
        self.engine.limits.set_max(buffer.len());
        let first = *input.first()?;
        if !self.engine.may_share_mark(first) {
            let len = plain::count_noise(input);
            if len > 0 {
                let reason = self.engine.skip_noise(len);
                return Some(Lent::Input(take(input, len), Event::Noise { reason, len }));
            }
        }
        if let Some(needed) = needed {
            self.needed = needed;
            self.keep(buffer, input, input.len());
            return None;
        }
        let mut read = 0;
        while let Some(rest @ [_, ..]) = input.get(read..) {
            read = read.wrapping_add(self.engine.read(rest));
            if let Some(event) = self.engine.next(false) {
                let bytes = take(input, event.len());
                self.keep(buffer, input, read.wrapping_sub(event.len()));
                self.look_again(&event);
                return Some(Lent::Input(bytes, event));
            }
        }
        let noise = self.engine.flush();
        let bytes = take(input, noise.map_or(0, |event| event.len()));
        self.keep(buffer, input, input.len());
        noise.map(|event| Lent::Input(bytes, event))
    }

    /// Goes back to the quick path after a frame that the engine gave out a few bytes late: these
    /// begin the next frame.
    #[inline]
    fn look_again(&mut self, event: &Event) {
        /// Bytes in a frame that is worth it.
        const LONG: usize = 32;
        let is_frame = matches!(event, Event::Frame { .. });
        if WIDE && is_frame && event.len() >= LONG && self.engine.go_back() {
            self.needed = 1;
        }
    }

    /// Moves `n` bytes of the input to the ring.
    fn keep(&mut self, buffer: &mut [u8], input: &mut &[u8], n: usize) {
        self.ring.extend(take(input, n), buffer);
    }

    /// Tries to complete the plain frame that begins in the ring with bytes of the input. If it
    /// fails, the engine reads on from the front of the ring.
    fn complete(&mut self, buffer: &mut [u8], input: &mut &[u8]) -> Option<Event> {
        let held = self.ring.len();
        if let (1, Some(first), Some(&second)) = (held, self.ring.get(0, buffer), input.first()) {
            if !plain::may_begin(first, second) {
                // So that a run of start marks does not go to the engine.
                self.needed = 0;
                self.engine.work.add(1);
                let reason = self.engine.skip_noise(1);
                return Some(Event::Noise { reason, len: 1 });
            }
        }
        if held.wrapping_add(input.len()) < self.needed {
            self.keep(buffer, input, input.len());
            let len = self.ring.len();
            self.engine.work.add(len.wrapping_sub(held));
            if !plain::is_quiet_from(self.ring.contiguous(len, buffer), held) {
                self.needed = 0;
            }
            return None;
        }
        loop {
            // More is copied than may be needed; what belongs to the next item goes back, so that
            // it is borrowed from the input.
            let before = self.ring.len();
            let max = buffer.len();
            let room = max.wrapping_sub(before);
            let more = LOOKAHEAD.max(before).min(room).min(input.len());
            let rest = *input;
            self.keep(buffer, input, more);
            let len = self.ring.len();
            self.engine.work.add(len.wrapping_add(more));
            match plain::find(self.ring.contiguous(len, buffer), max) {
                Found::Frame { protocol, len } => {
                    let kept = len.max(held);
                    *input = rest.get(kept.saturating_sub(before)..).unwrap_or_default();
                    self.ring.truncate(kept);
                    let last = self.ring.get(len.wrapping_sub(1), buffer);
                    self.engine.skip_frame(len, last);
                    // What is left in the ring is looked at again.
                    self.needed = usize::from(self.ring.len() > len);
                    return Some(Event::Frame { protocol, len });
                }
                Found::Incomplete { .. } if !input.is_empty() => {}
                // All that is held was looked at again: that is worth it only for enough new bytes.
                Found::Incomplete { needed } if len.wrapping_sub(held) >= held / 8 => {
                    self.needed = needed;
                    return None;
                }
                _ => {
                    self.needed = 0;
                    return None;
                }
            }
        }
    }

    /// Lends the item at the front of the ring out; it goes with the next call.
    fn lend<'i>(&mut self, event: Event) -> Lent<'i> {
        self.lent = event.len();
        Lent::Ring(event)
    }

    /// Decides what is pending, when no byte follows.
    fn finish<'i>(&mut self, buffer: &mut [u8]) -> Option<Lent<'i>> {
        self.release(buffer);
        self.needed = 0;
        if let Some(lent) = self.decode_ring(buffer, &mut &[][..]) {
            return Some(lent);
        }
        let Some(event) = self.engine.next(true) else {
            self.engine.reset();
            return None;
        };
        Some(self.lend(event))
    }

    /// What `finish` would give out, without doing it: the engine goes on in a copy.
    fn wait(&self, buffer: &[u8]) -> Wait {
        if self.pending_len() == 0 {
            return Wait::Nothing;
        }
        let mut copy = self.clone();
        copy.release(buffer);
        copy.engine.limits.set_max(buffer.len());
        loop {
            let pending = copy.engine.pending() as usize;
            let is_read = pending == copy.ring.len();
            match copy.engine.next(is_read) {
                Some(Event::Frame { .. }) => return Wait::Silence,
                Some(noise) => copy.ring.pop(noise.len(), buffer.len()),
                None if is_read => return Wait::Rest,
                None => {
                    copy.engine.read(copy.ring.part(pending, buffer));
                }
            }
        }
    }

    /// The bytes that were not given out.
    fn pending<'b>(&mut self, buffer: &'b mut [u8]) -> &'b [u8] {
        self.release(buffer);
        let len = self.ring.len();
        self.ring.contiguous(len, buffer)
    }

    /// The item that was lent out.
    #[inline]
    fn item<'s, 'i: 's>(
        &mut self,
        buffer: &'s mut [u8],
        lent: Option<Lent<'i>>,
    ) -> Option<Item<'s>> {
        Some(match lent? {
            Lent::Input(bytes, event) => event.item(bytes),
            Lent::Ring(event) => event.item(self.ring.contiguous(event.len(), buffer)),
        })
    }
}

/// Bytes that are looked at at once when a frame straddles reads. Most frames are shorter.
const LOOKAHEAD: usize = 64;

/// Splits `len` bytes off the front of `input`, which has as many.
#[inline]
fn take<'i>(input: &mut &'i [u8], len: usize) -> &'i [u8] {
    let (front, rest) = input.split_at_checked(len).unwrap_or((&[], input));
    *input = rest;
    front
}

/// A decoder that splits a byte stream into frames and noise, however it was cut into reads.
///
/// `N` is the size in bytes of the buffer for pending bytes, and of the largest frame that is
/// found. It is at least 64; [`RECOMMENDED_BUFFER`] is right for most uses. Frames that lie in the
/// caller's bytes are borrowed from there, without a copy. The cost of hostile bytes depends
/// neither on `N` nor on how the stream is cut.
///
/// [`SliceDecoder`] takes its buffer from the caller.
///
/// ```
/// use gt02::{Decoder, Item};
///
/// let heartbeat =
///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
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
    core: Core,
    buffer: [u8; N],
}

impl<const N: usize> Decoder<N> {
    /// Creates a decoder at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        const {
            assert!(
                N >= MIN_BUFFER,
                "a decoder needs room for 64 bytes at least"
            )
        };
        Self {
            core: Core::new(),
            buffer: [0; N],
        }
    }

    /// What is left of it if no bytes are pending.
    pub(crate) const fn rest(&self) -> Option<Rest> {
        if self.core.pending_len() > 0 {
            return None;
        }
        Some(self.core.engine.rest())
    }

    /// Creates a decoder that goes on from there.
    pub(crate) const fn resume(rest: Rest) -> Self {
        let mut decoder = Self::new();
        decoder.core.engine = Engine::resume(rest);
        decoder
    }

    /// Makes the decoder accept frames of [`gt06`](crate::protocol::gt06) with a wrong checksum if
    /// their length and end mark are right, and frames of [`v680`](crate::protocol::v680) in lines
    /// with a wrong sum. Otherwise they are noise ([`Checksum`](crate::NoiseReason::Checksum)).
    /// [`gt06::Frame::crc_ok`](crate::protocol::gt06::Frame::crc_ok) and
    /// [`v680::Frame::sums_ok`](crate::protocol::v680::Frame::sums_ok) tell whether the checksum is
    /// right.
    ///
    /// By the vendor documents a receiver drops such frames. One real GT02A sends some whose fields
    /// are plausible all the same. Some frames of the dialect without a checksum are then accepted
    /// as well.
    #[must_use]
    pub const fn accept_bad_checksums(mut self) -> Self {
        self.core.engine.limits.accept_bad_crc = true;
        self
    }

    /// Returns the next frame or noise of the stream, which goes on with `input`, and advances
    /// `input` past the bytes that were used.
    ///
    /// Returns `None` if all of `input` was used and more is needed. The bytes of all items, in
    /// order, and then [`pending`](Self::pending), are the bytes that went in.
    #[must_use = "an item that is dropped is lost"]
    #[inline]
    pub fn decode<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8]) -> Option<Item<'s>> {
        let lent = self.core.decode(&mut self.buffer, input);
        self.core.item(&mut self.buffer, lent)
    }

    /// Returns the next frame or noise in the pending bytes if no byte follows: at the end of the
    /// connection, or after a silence so long that the rest of a frame will not come.
    ///
    /// Call it until it returns `None`. The decoder is then at the start of a stream again.
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
    #[must_use = "an item that is dropped is lost"]
    pub fn finish(&mut self) -> Option<Item<'_>> {
        let lent = self.core.finish(&mut self.buffer);
        self.core.item(&mut self.buffer, lent)
    }

    /// Returns the pending bytes, which may be the beginning of a frame. There are fewer than `N`.
    #[must_use]
    pub fn pending(&mut self) -> &[u8] {
        self.core.pending(&mut self.buffer)
    }

    /// Returns the number of [`pending`](Self::pending) bytes.
    #[must_use]
    pub const fn pending_len(&self) -> usize {
        self.core.pending_len()
    }

    /// Returns what the pending bytes wait for, so that a server knows how long to wait before it
    /// calls [`finish`](Self::finish).
    ///
    /// It looks at all pending bytes: ask when a read would block, not after each item.
    ///
    /// ```
    /// use gt02::{Decoder, Wait};
    /// let mut decoder = Decoder::<260>::new();
    /// assert_eq!(decoder.wait(), Wait::Nothing);
    /// # #[cfg(feature = "v680")] {
    /// // A keep-alive of `v680`: the end mark may also begin the next frame.
    /// assert!(decoder.decode(&mut &b"#356588220000003##"[..]).is_none());
    /// assert_eq!(decoder.wait(), Wait::Silence);
    /// # }
    /// # let mut decoder = Decoder::<260>::new();
    /// assert!(decoder.decode(&mut &b"\x68\x68\x25\x14"[..]).is_none());
    /// assert_eq!(decoder.wait(), Wait::Rest);
    /// ```
    #[must_use]
    pub fn wait(&self) -> Wait {
        self.core.wait(&self.buffer)
    }
}

impl<const N: usize> Default for Decoder<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// A decoder like [`Decoder`], with a buffer of the caller's.
///
/// The length of the buffer is the size of the largest frame that is found. All sizes share the
/// same machine code. It suits gateways that configure the size, and callers from C.
///
/// ```
/// use gt02::{Item, SliceDecoder};
///
/// let mut buffer = [0; 512];
/// let mut decoder = SliceDecoder::new(&mut buffer).unwrap();
/// let mut input = &b"(013612345678BP00013612345678HSO)"[..];
/// # #[cfg(feature = "tk103")]
/// assert!(matches!(decoder.decode(&mut input), Some(Item::Frame(_))));
/// ```
#[derive(Debug)]
pub struct SliceDecoder<'b> {
    core: Core,
    buffer: &'b mut [u8],
}

impl<'b> SliceDecoder<'b> {
    /// Creates a decoder at the start of a stream. Returns `None` if the buffer has fewer than 64
    /// bytes.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Option<Self> {
        if buffer.len() < MIN_BUFFER {
            return None;
        }
        Some(Self {
            core: Core::new(),
            buffer,
        })
    }

    /// Makes the decoder accept frames with a wrong checksum: see
    /// [`Decoder::accept_bad_checksums`].
    #[must_use]
    pub const fn accept_bad_checksums(mut self) -> Self {
        self.core.engine.limits.accept_bad_crc = true;
        self
    }

    /// Returns the next frame or noise of the stream: see [`Decoder::decode`].
    #[must_use = "an item that is dropped is lost"]
    #[inline]
    pub fn decode<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8]) -> Option<Item<'s>> {
        let lent = self.core.decode(self.buffer, input);
        self.core.item(self.buffer, lent)
    }

    /// Returns the next frame or noise in the pending bytes if no byte follows: see
    /// [`Decoder::finish`].
    #[must_use = "an item that is dropped is lost"]
    pub fn finish(&mut self) -> Option<Item<'_>> {
        let lent = self.core.finish(self.buffer);
        self.core.item(self.buffer, lent)
    }

    /// Returns the pending bytes, which may be the beginning of a frame. There are fewer than the
    /// buffer has.
    #[must_use]
    pub fn pending(&mut self) -> &[u8] {
        self.core.pending(self.buffer)
    }

    /// Returns the number of [`pending`](Self::pending) bytes.
    #[must_use]
    pub const fn pending_len(&self) -> usize {
        self.core.pending_len()
    }

    /// Returns what the pending bytes wait for: see [`Decoder::wait`].
    #[must_use]
    pub fn wait(&self) -> Wait {
        self.core.wait(self.buffer)
    }
}

/// An iterator over the frames and the noise in one datagram.
///
/// A datagram has whole frames, so nothing is kept from one to the next. It may have any size.
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
    /// What was not given out. The engine has read the first of it.
    rest: &'a [u8],
    engine: Engine,
}

impl<'a> Datagram<'a> {
    /// Creates an iterator over the items of a datagram.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            engine: Engine::new(Limits::new(usize::MAX)),
        }
    }

    /// Makes the iterator accept frames with a wrong checksum: see
    /// [`Decoder::accept_bad_checksums`].
    #[must_use]
    pub const fn accept_bad_checksums(mut self) -> Self {
        self.engine.limits.accept_bad_crc = true;
        self
    }

    fn event(&mut self) -> Option<Event> {
        let max = self.engine.limits.max as usize;
        if self.engine.pending() == 0 {
            if let Found::Frame { protocol, len } = plain::find(self.rest, max) {
                self.engine
                    .skip_frame(len, self.rest.get(len.wrapping_sub(1)).copied());
                return Some(Event::Frame { protocol, len });
            }
        }
        loop {
            let pending = self.engine.pending() as usize;
            let unread = self.rest.get(pending..).unwrap_or_default();
            if let Some(event) = self.engine.next(unread.is_empty()) {
                return Some(event);
            }
            if unread.is_empty() {
                return None;
            }
            self.engine.read(unread);
        }
    }
}

impl<'a> Iterator for Datagram<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let event = self.event()?;
        Some(event.item(take(&mut self.rest, event.len())))
    }
}

impl core::iter::FusedIterator for Datagram<'_> {}
