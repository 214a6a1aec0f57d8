use super::{ACK, DOWN, END, HEARTBEAT, ID_DIGITS, LOCATION, LOCATION_BODY, MIN_LENGTH, Message, OVERHEAD, RESPONSE, UP};
use crate::{
    error::{Error, ErrorKind},
    protocol::{Candidate, Direction, Protocol, Rules, marks::may_hold, one_frame},
    types::{DeviceId, is_decimal},
};

/// Start mark, length, header word, id, serial and type.
pub(super) const HEADER: usize = 16;
/// The part of the header that can be wrong: up to the id.
const VOUCHED: usize = 13;
/// Length of a location with exactly the documented body.
const LOCATION_LENGTH: u8 = MIN_LENGTH + LOCATION_BODY as u8;
/// The smallest length of a command: type, text length, server flag and a byte of text. An empty text asks nothing of a device.
const MIN_COMMAND_LENGTH: u8 = 7;
/// Where the text of a command begins.
const COMMAND_TEXT: usize = 9;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0       2   3       5               13       15     16    L+3     L+5
/// +-------+---+-------+---------------+--------+------+- - -+-------+
/// | 68 68 | L | word  | device id     | serial | type | body| 0D 0A |
/// +-------+---+-------+---------------+--------+------+- - -+-------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What [`candidate`] accepted, all of it.
    bytes: &'a [u8],
}

/// The parts of a frame.
pub(super) enum Form<'a> {
    Up { header: &'a [u8; HEADER], body: &'a [u8] },
    Ack,
    Command { body: &'a [u8] },
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// [`ErrorKind::Start`], [`Length`](ErrorKind::Length), [`DeviceId`](ErrorKind::DeviceId), [`Field`](ErrorKind::Field),
    /// [`End`](ErrorKind::End), [`Overlap`](ErrorKind::Overlap), [`Incomplete`](ErrorKind::Incomplete) or
    /// [`Trailing`](ErrorKind::Trailing), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        one_frame(bytes, Protocol::Gt02, Rules::ALL)?;
        Ok(Self { bytes })
    }

    /// From bytes that [`candidate`] accepted, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    #[inline]
    pub(super) const fn form(&self) -> Form<'a> {
        match self.bytes {
            [UP, ..] => match self.bytes.split_first_chunk() {
                Some((header, [body @ .., _, _])) => Form::Up { header, body },
                _ => Form::Ack,
            },
            [DOWN, _, _, _, body @ .., _, _] => Form::Command { body },
            _ => Form::Ack,
        }
    }

    /// All bytes of the frame, start and end mark included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Which way the frame travels; the start mark tells.
    #[must_use]
    #[inline]
    pub const fn direction(&self) -> Direction {
        match self.form() {
            Form::Up { .. } => Direction::Up,
            Form::Ack | Form::Command { .. } => Direction::Down,
        }
    }

    /// The type: `10` location, `1A` heartbeat or the answer to one, `1C` response or command, or another.
    #[must_use]
    #[inline]
    pub const fn code(&self) -> u8 {
        match self.form() {
            Form::Up { header: [.., code], .. } => *code,
            Form::Ack => HEARTBEAT,
            Form::Command { .. } => RESPONSE,
        }
    }

    /// The device that sent the frame; `None` downwards, where the frames name no device.
    #[must_use]
    #[inline]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self.form() {
            Form::Up { header, .. } => Some(header_id(header)),
            Form::Ack | Form::Command { .. } => None,
        }
    }

    /// The frame's serial; `None` downwards. That of heartbeats is unrelated garbage in captures.
    #[must_use]
    #[inline]
    pub const fn serial(&self) -> Option<u16> {
        match self.form() {
            Form::Up { header: [.., high, low, _], .. } => Some(u16::from_be_bytes([*high, *low])),
            Form::Ack | Form::Command { .. } => None,
        }
    }

    /// The word behind the length; `None` downwards. Voltage and GSM level in a heartbeat, zero or the LAC in a location.
    #[must_use]
    #[inline]
    pub const fn header_word(&self) -> Option<u16> {
        match self.form() {
            Form::Up { header: [_, _, _, high, low, ..], .. } => Some(u16::from_be_bytes([*high, *low])),
            Form::Ack | Form::Command { .. } => None,
        }
    }

    /// The bytes between the type and the end mark.
    #[must_use]
    #[inline]
    pub const fn body(&self) -> &'a [u8] {
        match self.form() {
            Form::Up { body, .. } | Form::Command { body } => body,
            Form::Ack => &[],
        }
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    matches!(byte, UP | DOWN | 0x54)
}

/// What is to be said of bytes that begin with a start mark, or with its first byte and then end; `None` if they do not.
///
/// Says the same of every longer window, unless it says [`Candidate::More`].
pub(crate) fn candidate(window: &[u8], max: usize) -> Option<Candidate> {
    Some(match window {
        [UP, UP, ..] => uplink(window, max),
        [DOWN, DOWN, ..] => command(window, max),
        [0x54, 0x68, ..] => ack(window),
        [UP | DOWN | 0x54] => Candidate::More(2),
        _ => return None,
    })
}

/// An uplink frame that is there in full, if it is one by all but what may stand inside; and whether it is a location of exactly the documented length.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) fn likely_frame(window: &[u8]) -> Option<(&[u8], bool)> {
    let [UP, UP, length, _, _, id @ .., _, _, code] = window.first_chunk::<HEADER>()? else { return None };
    let frame = window.get(..usize::from(*length).saturating_add(OVERHEAD))?;
    let is_frame = *length >= MIN_LENGTH && is_id(u64::from_be_bytes(*id)) && frame.ends_with(&END);
    is_frame.then_some((frame, is_exact_location(*length, *code)))
}

/// Whether such a frame may hold what begins another one. [`candidate`] says for sure, in more than twice the time.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) fn is_suspicious(frame: &[u8], is_exact_location: bool) -> bool {
    if is_exact_location {
        // Behind the header, and in front of where a header with its type has no room left.
        frame.get(HEADER..28).and_then(<[u8]>::first_chunk::<12>).is_none_or(|inside| may_hold_start_mark(inside))
    } else {
        may_hold_start_mark(frame.get(1..).unwrap_or_default())
    }
}

/// The part of a frame in which one of text may begin.
///
/// The first byte of the id is no text but for a NUL, and no digit, the types that are known are no text, and between them there is no room. So of a
/// known type it is the body.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) fn text_room(frame: &[u8]) -> &[u8] {
    match frame.split_first_chunk::<HEADER>() {
        Some(([.., code], rest)) if is_known_type(*code) => rest,
        _ => frame,
    }
}

/// The id in a header that was checked.
#[inline]
pub(super) const fn header_id(header: &[u8; HEADER]) -> DeviceId {
    let [_, _, _, _, _, id @ .., _, _, _] = header;
    DeviceId::from_decimal_nibbles(u64::from_be_bytes(*id), ID_DIGITS)
}

/// Whether bytes begin with the header of an uplink frame: start mark, length and id.
///
/// [`Candidate::Frame`] says here that they do, with the length of that part.
#[inline]
pub(crate) fn header_verdict(bytes: &[u8]) -> Candidate {
    if let Some(vouched) = bytes.first_chunk() {
        return check_header(vouched);
    }
    // What is not there yet is taken to be right.
    let vouched = core::array::from_fn(|at| match (bytes.get(at), at) {
        (Some(byte), _) => *byte,
        (None, 0 | 1) => UP,
        (None, 2) => MIN_LENGTH,
        (None, _) => 0,
    });
    match check_header(&vouched) {
        Candidate::Frame(_) => Candidate::More(bytes.len().saturating_add(1)),
        verdict => verdict,
    }
}

/// Whether this is a location of exactly the documented length.
#[inline]
const fn is_exact_location(length: u8, code: u8) -> bool {
    length == LOCATION_LENGTH && code == LOCATION
}

/// Whether bytes begin with the header of a location of exactly the documented length.
#[inline]
pub(crate) fn begins_exact_location(window: &[u8]) -> bool {
    matches!(window.first_chunk::<HEADER>(), Some([_, _, length, .., code]) if is_exact_location(*length, *code))
}

/// Whether a location of exactly the documented length has a status of which only the bits are set that some source names: 0 to 5.
///
/// If another frame that has a checksum ended here, these bytes would be its serial and its checksum: 0, and below 64.
#[inline]
pub(crate) const fn has_documented_status(location: &[u8]) -> bool {
    matches!(location, [.., 0, 0, 0, ..=0x3F, _, _])
}

/// Whether devices are known to send this type.
#[inline]
pub(super) const fn is_known_type(code: u8) -> bool {
    matches!(code, LOCATION | HEARTBEAT | RESPONSE)
}

/// Whether these are 16 decimal digits of which the first is a 0.
#[inline]
const fn is_id(nibbles: u64) -> bool {
    nibbles >> 60 == 0 && is_decimal(nibbles)
}

#[inline]
const fn check_header(vouched: &[u8; VOUCHED]) -> Candidate {
    let [first, second, length, _, _, id @ ..] = vouched;
    let id = u64::from_be_bytes(*id);
    if *first != UP || *second != UP {
        Candidate::reject(ErrorKind::Start, 0)
    } else if *length < MIN_LENGTH {
        Candidate::reject(ErrorKind::Length, 2)
    } else if !is_id(id) {
        Candidate::reject(ErrorKind::DeviceId, 5)
    } else {
        Candidate::Frame(VOUCHED)
    }
}

#[inline]
fn uplink(window: &[u8], max: usize) -> Candidate {
    let Some(header @ &[_, _, length, .., code]) = window.first_chunk::<HEADER>() else {
        return match header_verdict(window) {
            Candidate::Frame(_) => Candidate::More(HEADER),
            verdict => verdict,
        };
    };
    let [vouched @ .., _, _, _] = header;
    if let rejected @ Candidate::Reject(_) = check_header(vouched) {
        return rejected;
    }
    let total = usize::from(length).saturating_add(OVERHEAD);
    if total > max {
        return Candidate::reject(ErrorKind::Oversize, 2);
    }
    let inside = Inside { exact_location: is_exact_location(length, code), known_type: is_known_type(code) };
    let Some(frame) = window.get(..total) else { return inside.incomplete(window, total) };
    let [.., 0x0D, 0x0A] = frame else { return Candidate::reject(ErrorKind::End, total.saturating_sub(2)) };
    inside.complete(frame)
}

/// Whether `68 68` may stand in 9 bytes or more.
#[inline]
fn may_hold_start_mark(bytes: &[u8]) -> bool {
    may_hold::<0xFF, UP>(bytes)
}

/// What must not stand inside a frame; [the module](super) says why.
struct Inside {
    /// Whether the frame is a location of exactly the documented length, whose coordinates may hold any value.
    exact_location: bool,
    /// Whether the type of the frame is one that devices are known to send.
    known_type: bool,
}

impl Inside {
    /// The verdict on a frame of which all bytes are there, and are right but for what may stand inside.
    fn complete(&self, frame: &[u8]) -> Candidate {
        match self.search(frame, frame.len()) {
            Candidate::More(total) => Candidate::Frame(total),
            verdict => verdict,
        }
    }

    /// The verdict on a frame of which only the beginning is there.
    fn incomplete(&self, window: &[u8], total: usize) -> Candidate {
        let end = total.saturating_sub(2);
        match window.get(end) {
            Some(&byte) if byte != END[0] => Candidate::reject(ErrorKind::End, end),
            Some(_) => self.search(window, total),
            // The first byte of the end mark may decide.
            None => match self.search(window, total) {
                Candidate::More(needed) => Candidate::More(needed.min(end.saturating_add(1))),
                verdict => verdict,
            },
        }
    }

    /// Looks for what must not stand inside the first `total` bytes, as far as they are there.
    ///
    /// [`Candidate::More`] says how many bytes it takes before anything can be found that is not there yet; `total` at most.
    fn search(&self, window: &[u8], total: usize) -> Candidate {
        // Nothing that has not begun yet can be complete before this.
        let mut undecided = window.len().saturating_add(match window {
            _ if self.exact_location => HEADER,
            [.., 0x0D, 0x0A, UP] => 1,
            [.., 0x0D, 0x0A] => 2,
            [.., 0x0D] => 3,
            _ => 4,
        });
        if !window.ends_with(&[UP]) && !may_hold_start_mark(window.get(1..).unwrap_or_default()) {
            return Candidate::More(undecided.min(total));
        }
        let mut at = if self.exact_location { HEADER } else { 1 };
        while let Some((before, rest @ [byte, ..])) = window.split_at_checked(at) {
            if *byte == UP {
                if !self.exact_location && rest.starts_with(&[UP, UP]) && before.ends_with(&END) {
                    return Candidate::reject(ErrorKind::Overlap, at);
                }
                match self.begins(at, rest, total.saturating_sub(at)) {
                    Candidate::Frame(_) => return Candidate::reject(ErrorKind::Overlap, at),
                    Candidate::More(len) => undecided = undecided.min(at.saturating_add(len)),
                    Candidate::Reject(_) => {}
                }
            }
            at = at.saturating_add(1);
        }
        Candidate::More(undecided.min(total))
    }

    /// Whether these bytes, found `at` so many inside a frame of which `room` are left, must be taken for the beginning of the next frame.
    #[inline(never)]
    fn begins(&self, at: usize, bytes: &[u8], room: usize) -> Candidate {
        // Only a whole frame, not a header, counts where the outer frame's own header lies and makes sense.
        let must_be_whole = at < HEADER && self.known_type;
        let vouched = if must_be_whole || self.exact_location { HEADER } else { VOUCHED };
        let needed = match header_verdict(bytes) {
            Candidate::Frame(_) => match (bytes.get(2), bytes.get(HEADER - 1)) {
                _ if vouched == VOUCHED => VOUCHED,
                (_, None) => HEADER,
                (_, Some(&code)) if !is_known_type(code) => return Candidate::reject(ErrorKind::Field, HEADER - 1),
                (Some(&length), _) if must_be_whole => usize::from(length).saturating_add(OVERHEAD),
                _ => HEADER,
            },
            Candidate::More(_) => vouched,
            verdict => return verdict,
        };
        match bytes.get(..needed) {
            _ if needed > room => Candidate::reject(ErrorKind::End, room),
            None => Candidate::More(needed),
            Some(whole) if must_be_whole && !whole.ends_with(&END) => Candidate::reject(ErrorKind::End, needed),
            Some(_) => Candidate::Frame(needed),
        }
    }
}

/// `54 68 1A 0D 0A`, and nothing else.
fn ack(window: &[u8]) -> Candidate {
    match window.iter().zip(&ACK).position(|(byte, right)| byte != right) {
        Some(offset @ 0..=2) => Candidate::reject(ErrorKind::Field, offset),
        Some(offset) => Candidate::reject(ErrorKind::End, offset),
        None if window.len() < ACK.len() => Candidate::More(window.len().saturating_add(1)),
        None => Candidate::Frame(ACK.len()),
    }
}

/// `88 88`, `L`, `1C`, `n` = `L` - 2, server flag (4), text, `0D 0A`.
fn command(window: &[u8], max: usize) -> Candidate {
    let Some(&length) = window.get(2) else { return Candidate::More(3) };
    if length < MIN_COMMAND_LENGTH {
        return Candidate::reject(ErrorKind::Length, 2);
    }
    match window.get(3..5) {
        Some(&[RESPONSE, n]) if n == length.wrapping_sub(2) => {}
        Some(&[RESPONSE, _]) => return Candidate::reject(ErrorKind::Field, 4),
        Some(_) => return Candidate::reject(ErrorKind::Field, 3),
        None if window.get(3).is_some_and(|&code| code != RESPONSE) => return Candidate::reject(ErrorKind::Field, 3),
        None => return Candidate::More(window.len().saturating_add(1)),
    }
    let total = usize::from(length).saturating_add(OVERHEAD);
    if total > max {
        return Candidate::reject(ErrorKind::Oversize, 2);
    }
    let end = total.saturating_sub(2);
    let text = window.get(..window.len().min(end)).and_then(|there| there.get(COMMAND_TEXT..)).unwrap_or_default();
    if let Some(at) = text.iter().position(|byte| !is_text(*byte)) {
        return Candidate::reject(ErrorKind::Field, at.saturating_add(COMMAND_TEXT));
    }
    match window.get(end..) {
        Some([0x0D, 0x0A, ..]) => Candidate::Frame(total),
        Some([] | [0x0D]) | None => Candidate::More(window.len().max(COMMAND_TEXT).saturating_add(1)),
        Some(_) => Candidate::reject(ErrorKind::End, end),
    }
}

/// Whether a byte may stand in the text of a command: the texts of the SMS command sets are printable ASCII.
const fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        /// The fast way accepts nothing that the general way does not.
        #[cfg(target_pointer_width = "64")]
        #[test]
        fn fast_and_general_way_agree(length in 13..50_u8, code in prop::sample::select(std::vec![0x10, 0x1A, 0x1C, 0x99]), mut content in vec(any::<u8>(), 60), marks in vec((0..58_usize, prop::sample::select(std::vec![[0x68, 0x68], [0x0D, 0x0A], [0x00, 0x10]])), 0..6)) {
            for (at, mark) in marks {
                content[at..at + 2].copy_from_slice(&mark);
            }
            let total = usize::from(length) + OVERHEAD;
            content[..HEADER].copy_from_slice(&[UP, UP, length, 0x14, 0x68, 0x08, 0x64, 0x71, 0x68, 0x68, 0x45, 0x58, 0x33, 0, 1, code]);
            content[total - 2..total].copy_from_slice(&END);
            let general = candidate(&content, usize::MAX).unwrap();
            let overlaps = matches!(general, Candidate::Reject(Error { kind: ErrorKind::Overlap, .. }));
            prop_assert!(overlaps || general == Candidate::Frame(total));
            let (likely, is_exact_location) = likely_frame(&content).unwrap();
            if !is_suspicious(likely, is_exact_location) {
                prop_assert_eq!(Candidate::Frame(likely.len()), general);
            }
        }
    }
}
