use super::{AlarmAck, END, HandshakeAck, ID_LENGTHS, LoginAck, MAX_BODY, MAX_ID, MIN_ID, Message, START, USUAL_ID, WORD};
use crate::{
    error::{Error, ErrorKind},
    protocol::{Candidate, Direction, Protocol, Rules, ascii, one_frame},
    types::DeviceId,
};
use core::fmt;

/// Start mark, usual id and command word.
const USUAL_HEADER: usize = 1 + USUAL_ID + WORD;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0   1                13     17
/// +---+----------------+------+- - -+---+
/// | ( | id             | word | body| ) |
/// +---+----------------+------+- - -+---+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What [`candidate`] accepted, all of it.
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// [`ErrorKind::Start`], [`DeviceId`](ErrorKind::DeviceId) for a character that ids do not have, [`Field`](ErrorKind::Field) for
    /// no command word or a byte that is no text, [`End`](ErrorKind::End) for a binary body of another length than it says,
    /// [`Overlap`](ErrorKind::Overlap), [`Oversize`](ErrorKind::Oversize) for a body of more than 1024 bytes,
    /// [`Incomplete`](ErrorKind::Incomplete) or [`Trailing`](ErrorKind::Trailing), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        one_frame(bytes, Protocol::Tk103, Rules::ALL)?;
        Ok(Self { bytes })
    }

    /// From bytes that [`candidate`] accepted, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Id, command word and body.
    #[inline]
    pub(super) fn parts(&self) -> (&'a [u8], Word, &'a [u8]) {
        // All that may stand in a word may stand in an id: where the word of the usual id is, there is no other.
        let usual = self.bytes.get(1 + USUAL_ID..).and_then(|rest| rest.first_chunk()).is_some_and(is_word);
        let header = if usual { Candidate::Frame(USUAL_HEADER) } else { any_header(self.bytes) };
        let start = if let Candidate::Frame(header) = header { header.saturating_sub(WORD) } else { 0 };
        let (head, rest) = self.bytes.split_at_checked(start).unwrap_or_default();
        let (word, rest) = rest.split_first_chunk().unwrap_or((b"BP00", &[]));
        (head.get(1..).unwrap_or_default(), Word(*word), rest.split_last().map_or(&[], |(_, body)| body))
    }

    /// All bytes of the frame, parentheses included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Which way the frame travels, by the first letter of its word: `A` down, `B` up.
    ///
    /// Some devices echo the server's commands: frames that are down may arrive upwards.
    #[must_use]
    #[inline]
    pub fn direction(&self) -> Direction {
        self.word().direction()
    }

    /// The characters between the start mark and the word, as sent: 10 to 15, not always digits.
    #[must_use]
    #[inline]
    pub fn id(&self) -> &'a [u8] {
        self.parts().0
    }

    /// The number that the device goes by, leading zeros kept; `None` if the id is not made of digits alone.
    ///
    /// Devices that were never set up send zeros, or a placeholder.
    #[must_use]
    #[inline]
    pub fn device_id(&self) -> Option<DeviceId> {
        DeviceId::from_ascii(self.id())
    }

    /// The IMEI that the device may have, of which the id is the last 11 digits and a 0 in front; `None` if the four digits in front of
    /// them are not known or the check digit does not fit.
    ///
    /// A guess, right for all of the few devices that were seen with both (spec tk103, section 1): to be shown, not to be a key.
    #[must_use]
    pub fn probable_imei(&self) -> Option<DeviceId> {
        let id: &[u8; USUAL_ID] = self.id().try_into().ok()?;
        let [b'0', last @ ..] = id else { return None };
        let first = match last {
            [b'2', b'7', ..] => b"3552",
            [b'8', b'7', ..] => b"3528",
            [b'8', b'8', ..] => b"3541",
            [b'5', b'7', ..] => b"3578",
            _ => return None,
        };
        let mut imei = [0; 15];
        for (to, from) in imei.iter_mut().zip(first.iter().chain(last)) {
            *to = *from;
        }
        DeviceId::from_ascii(&imei).filter(|imei| imei.is_imei())
    }

    /// The command word.
    #[must_use]
    #[inline]
    pub fn word(&self) -> Word {
        self.parts().1
    }

    /// The bytes between the word and the end mark.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.parts().2
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }

    /// What a server must answer: [`HandshakeAck`] to `BP00`, [`LoginAck`] to `BP05`, [`AlarmAck`] to `BO01`; `None` to anything else.
    ///
    /// It depends on nothing in the body but the alarm's digit, and is [`MAX_ANSWER_LEN`](super::MAX_ANSWER_LEN) bytes at most.
    ///
    /// ```
    /// use gt02::protocol::tk103::Frame;
    /// // Spec tk103, section 7.
    /// let frame = Frame::parse(b"(027042411793BP00000027042411793HSO)")?;
    /// let mut out = [0; 32];
    /// let len = frame.answer().unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], b"(027042411793AP01HSO)");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn answer(&self) -> Option<Message<'a>> {
        let (id, word, body) = self.parts();
        match (&word.0, body) {
            (b"BP00", _) => Some(Message::HandshakeAck(HandshakeAck { id })),
            (b"BP05", _) => Some(Message::LoginAck(LoginAck { id })),
            (b"BO01", [digit, ..]) if digit.is_ascii_hexdigit() => Some(Message::AlarmAck(AlarmAck { id, digit: *digit })),
            _ => None,
        }
    }
}

/// A command word: `BR00`.
///
/// `A` from a server or `B` from a device, a capital, and two characters that are capitals or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub(super) [u8; WORD]);

impl Word {
    /// From its characters; `None` if they are no command word.
    ///
    /// ```
    /// use gt02::protocol::tk103::Word;
    /// assert_eq!(Word::new(*b"BR05").unwrap().to_string(), "BR05");
    /// assert_eq!(Word::new(*b"CR05"), None);
    /// ```
    #[must_use]
    pub const fn new(characters: [u8; WORD]) -> Option<Self> {
        if is_word(&characters) { Some(Self(characters)) } else { None }
    }

    /// Its characters.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; WORD] {
        &self.0
    }

    /// Its characters as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.0) {
            Ok(text) => text,
            // They are ASCII.
            Err(_) => "",
        }
    }

    /// Who uses it: `A` the server, `B` the device.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self.0 {
            [b'A', ..] => Direction::Down,
            _ => Direction::Up,
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Word({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Word {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    byte == START
}

/// What is to be said of bytes that begin with a start mark; `None` if they do not.
///
/// Says the same of every longer window, unless it says [`Candidate::More`].
#[inline]
pub(crate) fn candidate(window: &[u8], rules: Rules) -> Option<Candidate> {
    let [START, ..] = window else { return None };
    let seen = window.get(..rules.max).unwrap_or(window);
    let (verdict, limit) = match header_verdict(seen) {
        Candidate::Frame(header) => {
            let limit = header.saturating_add(MAX_BODY + 1).min(rules.max);
            let seen = window.get(..limit).unwrap_or(window);
            (if has_binary_body(seen, header) { binary(seen, header, limit) } else { text(seen, header) }, limit)
        }
        verdict => (verdict, rules.max),
    };
    Some(match verdict {
        Candidate::More(needed) if needed > limit => Candidate::reject(ErrorKind::Oversize, limit.saturating_sub(1)),
        Candidate::More(_) if rules.end => Candidate::reject(ErrorKind::Incomplete, window.len()),
        verdict => verdict,
    })
}

/// The same of frames whose id is a number, as nearly all are: others have too little to vouch for them inside of what begins another frame.
pub(crate) fn numbered_candidate(window: &[u8], rules: Rules) -> Option<Candidate> {
    if let Candidate::Frame(header) = header_verdict(window) {
        let id = window.get(1..header.saturating_sub(WORD))?;
        if !id.iter().all(u8::is_ascii_digit) {
            return None;
        }
    }
    candidate(window, rules)
}

/// Whether bytes begin with the header of a frame that may hold any byte.
#[inline]
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    match bytes.first_chunk::<USUAL_HEADER>() {
        // Where the word of the usual id is, there is no other.
        Some([_, _, _, _, _, _, _, _, _, _, _, _, _, word @ ..]) if is_word(word) => has_binary_body(bytes, USUAL_HEADER),
        _ => matches!(any_header(bytes), Candidate::Frame(header) if has_binary_body(bytes, header)),
    }
}

/// Whether the word at the end of a header of so many bytes is one of those with a binary body.
#[inline]
fn has_binary_body(bytes: &[u8], header: usize) -> bool {
    matches!(bytes.get(..header), Some([.., b'B', b'R', b'0', b'4'] | [.., b'A', b'R', b'0', b'3']))
}

/// Whether bytes begin with the header of a frame: start mark, id and command word.
///
/// [`Candidate::Frame`] says here that they do, with the length of that part.
#[inline]
pub(crate) fn header_verdict(bytes: &[u8]) -> Candidate {
    // Nearly all headers are usual ones, and start marks in a row must not cost much: the general way says the same of both.
    match (bytes.first_chunk::<USUAL_HEADER>(), bytes) {
        (Some([START, id @ .., a, b, c, d]), _) if is_word(&[*a, *b, *c, *d]) && is_number(id) => Candidate::Frame(USUAL_HEADER),
        (_, [START, START, ..]) => Candidate::reject(ErrorKind::Overlap, 1),
        _ => any_header(bytes),
    }
}

/// The same, in one way for all lengths of the id.
fn any_header(bytes: &[u8]) -> Candidate {
    match bytes {
        [] => return Candidate::More(1),
        [START, ..] => {}
        _ => return Candidate::reject(ErrorKind::Start, 0),
    }
    // Where the id ends at the latest.
    let stray = bytes.iter().take(MAX_ID + 1).skip(1).position(|&byte| !is_id(byte)).map(|at| at.saturating_add(1));
    if let Some(at) = stray.filter(|&at| at <= MIN_ID) {
        let kind = if bytes.get(at) == Some(&START) { ErrorKind::Overlap } else { ErrorKind::DeviceId };
        return Candidate::reject(kind, at);
    }
    let mut shown = 0;
    for id in ID_LENGTHS {
        let start = id.saturating_add(1);
        let offset = match stray {
            Some(at) if at < start => at,
            _ => {
                let word = bytes.get(start..).unwrap_or_default();
                match word.iter().take(WORD).enumerate().position(|(place, &byte)| !fits_word(place, byte)) {
                    Some(place) => start.saturating_add(place),
                    None if word.len() < WORD => return Candidate::More(bytes.len().saturating_add(1)),
                    None => return Candidate::Frame(start.saturating_add(WORD)),
                }
            }
        };
        // It takes the last of these bytes to show that none of the lengths fits.
        shown = shown.max(offset);
    }
    Candidate::reject(if bytes.get(shown) == Some(&START) { ErrorKind::Overlap } else { ErrorKind::Field }, shown)
}

/// Whether a byte may stand in an id.
const fn is_id(byte: u8) -> bool {
    matches!(byte, 0 | b' '..=b'~') && !matches!(byte, START | END | b',')
}

/// Whether a byte that is no parenthesis may stand in a body.
const fn is_text(byte: u8) -> bool {
    matches!(byte, 0 | b'\n' | b'\r' | b' '..=b'~')
}

/// Whether a byte may stand at this place of a command word.
const fn fits_word(place: usize, byte: u8) -> bool {
    match place {
        0 => matches!(byte, b'A' | b'B'),
        1 => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
    }
}

/// Whether this is a usual id made of digits.
#[inline]
fn is_number(id: &[u8; USUAL_ID]) -> bool {
    let ([front @ .., _, _, _, _], [_, _, _, _, back @ ..]) = (id, id);
    ascii::are_digits(*front) && ascii::are_digits(*back)
}

#[inline]
const fn is_word([a, b, c, d]: &[u8; WORD]) -> bool {
    fits_word(0, *a) && fits_word(1, *b) && fits_word(2, *c) && fits_word(3, *d)
}

/// The end of a body of text, behind a header of so many bytes.
#[inline]
fn text(seen: &[u8], header: usize) -> Candidate {
    let mut rest = seen.get(header..).unwrap_or_default();
    // Without a branch for each byte, so that it becomes vector instructions where there are any; what is found is found again below.
    #[cfg(target_pointer_width = "64")]
    while let Some((bytes, behind)) = rest.split_first_chunk::<16>() {
        if bytes.iter().fold(false, |any, &byte| any | !matches!(byte, b' '..=b'~') | (byte & 0xFE == START)) {
            break;
        }
        rest = behind;
    }
    loop {
        let (mut marks, behind) = match rest.split_first_chunk() {
            Some((bytes, behind)) => (marks(*bytes), Some(behind)),
            // The last few, together with some that were looked at: at least the header is in front of them.
            None => {
                let known = size_of::<usize>().saturating_sub(rest.len()).saturating_mul(8);
                (seen.last_chunk().and_then(|bytes| marks(*bytes).checked_shr(known as u32)).unwrap_or(0), None)
            }
        };
        let start = seen.len().saturating_sub(rest.len());
        while marks != 0 {
            let at = start.saturating_add(marks.trailing_zeros() as usize / 8);
            if let Some(verdict) = seen.get(at).and_then(|&byte| mark(byte, at)) {
                return verdict;
            }
            marks &= marks.wrapping_sub(1);
        }
        match behind {
            Some(behind) => rest = behind,
            None => return Candidate::More(seen.len().saturating_add(1)),
        }
    }
}

/// What a byte of the body, with so many in front of it, says of the frame: a parenthesis, or one that is no text.
#[inline]
const fn mark(byte: u8, at: usize) -> Option<Candidate> {
    match byte {
        END => Some(Candidate::Frame(at.saturating_add(1))),
        START => Some(Candidate::reject(ErrorKind::Overlap, at)),
        _ if is_text(byte) => None,
        _ => Some(Candidate::reject(ErrorKind::Field, at)),
    }
}

/// Bit 7 of each byte that is a parenthesis or not printable, first byte lowest; and perhaps of bytes behind those.
#[inline]
const fn marks(bytes: [u8; size_of::<usize>()]) -> usize {
    const ONES: usize = usize::MAX / 0xFF;
    let word = usize::from_le_bytes(bytes);
    // `(` and `)` differ in the lowest bit alone. A byte that is below what is subtracted from it borrows from the next one.
    let differs = (word ^ (ONES * 0x28)) & (ONES * 0xFE);
    let parenthesis = differs.wrapping_sub(ONES) & !differs;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    // Only bytes that are not ASCII carry.
    let delete = word.wrapping_add(ONES);
    (parenthesis | control | delete | word) & (ONES * 0x80)
}

/// The end of a binary body, behind a header of so many bytes: a length, and so many bytes or twice as many.
fn binary(seen: &[u8], header: usize, limit: usize) -> Candidate {
    let more = Candidate::More(seen.len().saturating_add(1));
    let content = header.saturating_add(1);
    let length = match seen.get(header) {
        None => return more,
        Some(&END) => return Candidate::Frame(content),
        Some(&length) => usize::from(length),
    };
    let (first, last) = (content.saturating_add(length), content.saturating_add(length.saturating_mul(2)));
    if first >= limit {
        return Candidate::reject(ErrorKind::Oversize, header);
    }
    // The first header inside, and where it ends. The length may be its start mark.
    let inside = seen.iter().enumerate().take(last).skip(header).filter(|(_, byte)| **byte == START).find_map(|(at, _)| {
        let Candidate::Frame(len) = header_verdict(seen.get(at..)?) else { return None };
        Some((at, at.saturating_add(len)))
    });
    for end in [first, last] {
        match (inside, seen.get(end)) {
            (Some((at, behind)), _) if behind <= end => return Candidate::reject(ErrorKind::Overlap, at),
            (_, None) => return more,
            (_, Some(&END)) => return Candidate::Frame(end.saturating_add(1)),
            _ => {}
        }
    }
    Candidate::reject(ErrorKind::End, last)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::Index};
    use std::{format, string::String, vec::Vec};

    const LIVE: Rules = Rules::new(1024, false);
    const LAST: Rules = Rules::new(1024, true);

    /// Spec tk103, section 7.
    const LOCATION: &[u8] = b"(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)";
    const HANDSHAKE: &[u8] = b"(027042411793BP00000027042411793HSO)";
    const CELLS: &[u8] = b"(027045221314BZ00,{413,2,20217,49309}\n{413,2,20217,49310}\n{413,2,20217,49313}\n,01000000)";

    /// The frames of a stream, and what is between them.
    fn walk(stream: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
        let (mut frames, mut noise) = (Vec::new(), Vec::new());
        let mut rest = stream;
        while let [first, behind @ ..] = rest {
            match candidate(rest, LAST) {
                Some(Candidate::Frame(len)) => {
                    frames.push(rest[..len].to_vec());
                    rest = &rest[len..];
                }
                other => {
                    assert!(!matches!(other, Some(Candidate::More(_))));
                    assert_eq!(other.is_some(), is_start(*first));
                    noise.push(*first);
                    rest = behind;
                }
            }
        }
        (frames, noise)
    }

    fn frames(stream: &[u8]) -> Vec<Vec<u8>> {
        walk(stream).0
    }

    /// Frames as devices and servers send them, binary ones as well.
    fn frame() -> impl Strategy<Value = Vec<u8>> {
        let id = prop_oneof![8 => "0[0-9]{11}", 1 => "[0-9]{10,15}", 1 => "[A-Z]{4}[0-9]{8}", 1 => Just(String::from("027061992\0\x005"))];
        let block =
            "[0-9]{6}[AV][0-9]{4}\\.[0-9]{4}[NS][0-9]{5}\\.[0-9]{4}[EW][0-9]{3}\\.[0-9][0-9]{6}[0-9]{3}\\.[0-9]{2}[01]{8}L[0-9A-F]{8}(T[0-9A-F]{3})?";
        let text = prop_oneof![
            4 => (Just("BR00"), block),
            1 => (Just("BO01"), block).prop_map(|(word, block)| (word, format!("2{block}"))),
            1 => (Just("BP00"), "[0-9]{0,15}HSO"),
            1 => (Just("BZ00"), ",(\\{460,0,[0-9]{5},[0-9]{5}\\}\n){1,3},01000000"),
            1 => (Just("AR00"), "[0-9A-F]{8}"),
        ];
        let text = (id, text).prop_map(|(id, (word, body))| format!("({id}{word}{body})").into_bytes());
        let binary = (prop::sample::select(std::vec!["BR04", "AR03"]), vec(any::<u8>(), 0..100), any::<bool>()).prop_map(|(word, content, bytes)| {
            let content = &content[content.len() % 2..];
            let length = if bytes { content.len() } else { content.len() / 2 };
            [b"(027042411793", word.as_bytes(), &[length as u8], content, b")"].concat()
        });
        let alone = |frame: &Vec<u8>| candidate(frame, LAST) == Some(Candidate::Frame(frame.len()));
        prop_oneof![7 => text, 1 => binary].prop_filter("binary content that ends a frame earlier", alone)
    }

    /// Windows rich in what means something, so that all branches are met.
    fn window() -> impl Strategy<Value = Vec<u8>> {
        let cut = (frame(), any::<Index>()).prop_map(|(frame, at)| frame[..at.index(frame.len())].to_vec());
        let damaged = (frame(), any::<Index>(), any::<u8>()).prop_map(|(mut frame, at, byte)| {
            let at = at.index(frame.len());
            frame[at] = byte;
            frame
        });
        let marks = vec(
            prop::sample::select(std::vec![
                &b"("[..],
                b")",
                b",",
                b"\0",
                b"\n",
                b"0270424",
                b"BR04",
                b"AR03",
                b"BP05",
                b"AB12",
                b"(027042411793BR04\x14"
            ]),
            1..8,
        );
        let piece = prop_oneof![3 => frame(), 2 => cut, 2 => damaged, 2 => marks.prop_map(|marks| marks.concat()), 1 => vec(any::<u8>(), 1..24)];
        let starts = (any::<bool>(), vec(piece, 1..6)).prop_map(|(start, pieces)| [if start { &b"("[..] } else { b"" }, &pieces.concat()].concat());
        starts.prop_filter("no start mark", |window| window.starts_with(b"("))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn answers_are_prefix_stable(window in window(), max in prop_oneof![Just(1024_usize), 1..200_usize]) {
            let rules = Rules { max, ..LIVE };
            let mut before = Candidate::More(1);
            for len in 1..=window.len() {
                let now = candidate(&window[..len], rules).unwrap();
                match (before, now) {
                    (Candidate::More(needed), now) => prop_assert!(len >= needed || matches!(now, Candidate::More(_))),
                    (before, now) => prop_assert_eq!(before, now),
                }
                match now {
                    Candidate::More(needed) => prop_assert!(len < needed && needed <= max),
                    Candidate::Frame(frame) => prop_assert!(frame <= len && frame <= max),
                    Candidate::Reject(error) => prop_assert!(error.offset < len),
                }
                before = now;
            }
        }

        #[test]
        fn the_end_decides_all(window in window()) {
            let end = candidate(&window, LAST).unwrap();
            match candidate(&window, LIVE).unwrap() {
                Candidate::More(_) => prop_assert_eq!(end, Candidate::reject(ErrorKind::Incomplete, window.len())),
                decided => prop_assert_eq!(end, decided),
            }
        }

        #[test]
        fn headers_are_prefix_stable_and_decided_early(window in window()) {
            let mut before = Candidate::More(1);
            for len in 0..=window.len() {
                let now = header_verdict(&window[..len]);
                prop_assert!(matches!(before, Candidate::More(_)) || before == now);
                prop_assert!(len < 20 || !matches!(now, Candidate::More(_)));
                before = now;
            }
        }

        #[test]
        fn garbage_between_frames_costs_nothing(pieces in vec((frame(), vec(any::<u8>(), 0..30)), 1..10)) {
            let stream: Vec<u8> = pieces.iter().flat_map(|(frame, garbage)| [&garbage[..], frame].concat()).collect();
            let (found, noise) = walk(&stream);
            prop_assert_eq!(found, pieces.iter().map(|(frame, _)| frame.clone()).collect::<Vec<_>>());
            prop_assert_eq!(noise, pieces.into_iter().flat_map(|(_, garbage)| garbage).collect::<Vec<_>>());
        }

        #[test]
        fn a_cut_frame_costs_only_itself(first in frame(), second in frame(), cut in any::<Index>()) {
            prop_assert_eq!(frames(&[&first[..cut.index(first.len())], &second].concat()), [second]);
        }

        #[test]
        fn a_false_start_costs_nothing(word in "[AB][A-Z][0-9A-Z]{2}|BR04|AR03", garbage in vec(any::<u8>(), 0..3), after in vec(frame(), 1..4)) {
            // Bytes that could be the length of a binary body, and more.
            let stream = [b"(027042411793", word.as_bytes(), &garbage, &after.concat()].concat();
            let found = frames(&stream);
            prop_assert!(found.ends_with(&after), "{:02x?}", found);
        }

        #[test]
        fn one_damaged_byte_costs_one_frame(sent in vec(frame(), 1..6), place in any::<Index>(), damage in 1..=255_u8) {
            let mut stream = sent.concat();
            let place = place.index(stream.len());
            stream[place] ^= damage;
            let mut start = 0;
            let hit = sent.iter().position(|frame| { start += frame.len(); place < start }).unwrap();
            let found = frames(&stream);
            let mut rest = found.iter();
            for (_, frame) in sent.iter().enumerate().filter(|(at, _)| *at != hit) {
                prop_assert!(rest.any(|found| found == frame), "lost {:02x?}, in front of byte {}", frame, place);
            }
        }

        /// Eight bytes at a time as one by one.
        #[test]
        fn the_end_is_where_it_is(body in vec(prop_oneof![40 => b' '..=b'~', 1 => any::<u8>(), 2 => prop::sample::select(std::vec![0, b'\n', b'\r', 0x1F, 0x7F, 0x80, 0xFF])], 0..60)) {
            let bytes = [b"(027042411793BR00", &body[..]].concat();
            let expected = (USUAL_HEADER..bytes.len()).find_map(|at| mark(bytes[at], at)).unwrap_or(Candidate::More(bytes.len() + 1));
            prop_assert_eq!(candidate(&bytes, LIVE), Some(expected));
        }

        #[test]
        fn fast_and_general_header_agree(bytes in "\\([0-9]{9,16}[ABC][A-Z]?[0-9A-Z,)]{1,6}") {
            prop_assert_eq!(header_verdict(bytes.as_bytes()), any_header(bytes.as_bytes()));
        }
    }

    #[test]
    fn trap_several_frames_in_one_segment() {
        // Captured: leading line feeds, four frames, a space between two of them, CR LF behind.
        let stream = [b"\n\n", LOCATION, LOCATION, b" ", HANDSHAKE, CELLS, b"\r\n"].concat();
        assert_eq!(walk(&stream), (std::vec![LOCATION.to_vec(), LOCATION.to_vec(), HANDSHAKE.to_vec(), CELLS.to_vec()], b"\n\n \r\n".to_vec()));
    }

    #[test]
    fn trap_one_frame_over_several_segments() {
        for frame in [LOCATION, HANDSHAKE, CELLS] {
            for len in 1..frame.len() {
                assert_eq!(candidate(&frame[..len], LIVE), Some(Candidate::More(len + 1)), "{len}");
            }
            assert_eq!(candidate(frame, LIVE), Some(Candidate::Frame(frame.len())));
        }
    }

    #[test]
    fn trap_bytes_between_frames() {
        // Captured: an echoed command behind a colon, text of a test with end marks.
        for (garbage, echoed) in
            [(&b":(000000000000AV001)"[..], true), (b"garbage%@#*^$\xE2\x80\xA6)))", false), (b")", false), (b"(", false), (b"((()", false)]
        {
            let mut found = frames(&[garbage, LOCATION].concat());
            assert_eq!(found.pop().as_deref(), Some(LOCATION));
            assert_eq!(found.len(), usize::from(echoed));
        }
    }

    #[test]
    fn trap_no_terminator_after_a_cut_connection() {
        let cut = &LOCATION[..50];
        assert_eq!(walk(&[cut, HANDSHAKE].concat()), (std::vec![HANDSHAKE.to_vec()], cut.to_vec()));
        assert_eq!(candidate(&[cut, b"("].concat(), LIVE), Some(Candidate::reject(ErrorKind::Overlap, 50)));
    }

    #[test]
    fn trap_the_buffer_is_bounded() {
        let long = |body: usize| [b"(027042411793BP01", &std::vec![b'x'; body][..], b")"].concat();
        let rules = Rules { max: usize::MAX, ..LIVE };
        assert_eq!(candidate(&long(1024), rules), Some(Candidate::Frame(17 + 1024 + 1)));
        assert_eq!(candidate(&long(1025), rules), Some(Candidate::reject(ErrorKind::Oversize, 1041)));
        assert_eq!(candidate(&long(1024)[..1041], rules), Some(Candidate::More(1042)));
        // A decoder may take less.
        assert_eq!(candidate(LOCATION, Rules { max: 80, ..LIVE }), Some(Candidate::Frame(80)));
        assert_eq!(candidate(LOCATION, Rules { max: 79, ..LIVE }), Some(Candidate::reject(ErrorKind::Oversize, 78)));
        assert_eq!(candidate(&LOCATION[..78], Rules { max: 79, ..LIVE }), Some(Candidate::More(79)));
        assert_eq!(candidate(LOCATION, Rules { max: 1, ..LIVE }), Some(Candidate::reject(ErrorKind::Oversize, 0)));
    }

    #[test]
    fn trap_comma_relatives_are_refused_at_the_comma() {
        // Spec tk103, section 9: ids of 11, 12 and 15 digits.
        for (frame, comma) in [(&b"(864768011069660,ZC11,241013,V"[..], 16), (b"(123456789012,BP05,", 13), (b"(12345678901,DW3B,", 12)] {
            assert_eq!(header_verdict(&frame[..comma]), Candidate::More(comma + 1));
            assert!(matches!(header_verdict(&frame[..=comma]), Candidate::Reject(error) if error.offset <= comma), "{frame:?}");
        }
    }

    #[test]
    fn trap_binary_bodies_hold_parentheses() {
        // Eight bytes, that is four characters; the length in bytes, and in characters.
        let content = b"\x28\x29\x29\x28\0(\0)";
        for length in [8, 4] {
            for word in [b"AR03", b"BR04"] {
                let frame = [b"(027042411793", &word[..], &[length], content, b")"].concat();
                let (found, noise) = walk(&[&frame[..], LOCATION].concat());
                assert_eq!((found, noise.len()), (std::vec![frame, LOCATION.to_vec()], 0));
            }
        }
        // A length that is wrong, and a frame cut short: the next one is found.
        for cut in [&b"(027042411793AR03\x09\x28\x29\x29\x28\0(\0))"[..], b"(027042411793BR04", b"(027042411793BR04\xFF", b"(027042411793BR04\x28\0("]
        {
            assert_eq!(frames(&[cut, LOCATION].concat()), [LOCATION], "{cut:?}");
        }
        // Also if it has no body, and its end is where this one's should be.
        let login = b"(027042411793BP05)";
        assert_eq!(frames(&[b"(027042411793BR04\x11", &login[..]].concat()), [login]);
        // As soon as its header is there.
        let claim = [b"(027042411793BR04\xFF", &LOCATION[..17]].concat();
        assert_eq!(candidate(&claim, LIVE), Some(Candidate::reject(ErrorKind::Overlap, 18)));
        assert_eq!(candidate(b"(027042411793AR03)", LIVE), Some(Candidate::Frame(18)));
        assert_eq!(candidate(b"(027042411793AR03\xFF", Rules { max: 200, ..LIVE }), Some(Candidate::reject(ErrorKind::Oversize, 17)));
    }

    /// That rejecting is cheap: looking at every start costs about as much as it does for good frames, also if most bytes are starts.
    #[test]
    fn every_start_is_dropped_at_once() {
        for (pattern, most) in [(&b"("[..], 2), (b"(0", 3), (b"(027042411793", 14), (b"(027042411793BP05", 18), (b"(\0", 3)] {
            let stream: Vec<u8> = pattern.iter().copied().cycle().take(2000).collect();
            assert!(matches!(candidate(&stream[..most], LIVE), Some(Candidate::Reject(_))), "{pattern:?}");
            assert!(frames(&stream).is_empty());
        }
    }
}
