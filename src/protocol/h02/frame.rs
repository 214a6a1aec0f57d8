use super::{Header, Id, MAX_FRAME_LEN, MAX_ID_LEN, Maker, Message, command};
use crate::{
    error::{Error, ErrorKind},
    protocol::{Candidate, Direction, Protocol, Rules, ascii, one_frame},
    types::{DateTime, Decimal, DeviceId},
};
use core::fmt;

/// Start mark: `*`, the letters of the maker, a comma.
const MARK: usize = 4;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0   1       3   4
/// +---+-------+---+----+---+------+- - - - - - -+---+
/// | * | maker | , | id | , | type | , field ... | # |
/// +---+-------+---+----+---+------+- - - - - - -+---+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What [`candidate`] accepted, all of it.
    bytes: &'a [u8],
}

/// The parts of a frame.
pub(super) struct Parts<'a> {
    pub(super) maker: Maker,
    pub(super) id: &'a [u8],
    pub(super) code: &'a [u8],
    pub(super) fields: Fields<'a>,
}

impl<'a> Parts<'a> {
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn header(&self) -> Header<'a> {
        Header { maker: self.maker, id: Id::of(self.id) }
    }
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// [`ErrorKind::Start`], [`DeviceId`](ErrorKind::DeviceId), [`Field`](ErrorKind::Field), [`End`](ErrorKind::End),
    /// [`Overlap`](ErrorKind::Overlap), [`Oversize`](ErrorKind::Oversize) for more than 2048 bytes, [`Incomplete`](ErrorKind::Incomplete) or [`Trailing`](ErrorKind::Trailing), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        one_frame(bytes, Protocol::H02, Rules::ALL)?;
        Ok(Self { bytes })
    }

    /// From bytes that [`candidate`] accepted, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn parts(&self) -> Parts<'a> {
        let (maker, content) = match self.bytes {
            [b'*', a, b, b',', content @ .., b'#'] => (Maker::from_letters([*a, *b]).unwrap_or_default(), content),
            // Not from a frame that was validated.
            content => (Maker::default(), content),
        };
        let (id, mut rest) = content.split_at_checked(find_comma(content)).unwrap_or((content, &[]));
        if let [b',', b'0'..=b'9', behind @ ..] = rest {
            // A `#` inside a frame is in front of its type.
            if let Some(at) = behind.iter().position(|&byte| byte == b'#') {
                rest = behind.get(at..).unwrap_or_default();
            }
        }
        let rest = rest.get(1..).unwrap_or_default();
        let (code, fields) = rest.split_at_checked(find_comma(rest)).unwrap_or((rest, &[]));
        Parts { maker, id, code, fields: Fields(fields) }
    }

    /// All bytes of the frame, from `*` to `#`.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The maker's letters and the device's number.
    #[must_use]
    pub fn header(&self) -> Header<'a> {
        self.parts().header()
    }

    /// The device that the frame is from or for, if it is named by a number. In a command it may be a filler.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        DeviceId::from_ascii(self.parts().id)
    }

    /// The type, such as `V1`; empty in a bare contact.
    #[must_use]
    pub fn code(&self) -> &'a [u8] {
        self.parts().code
    }

    /// The fields behind the type, as sent: here is what a message leaves out because it cannot be read.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        self.parts().fields
    }

    /// Which way the frame travels, if what it says tells.
    ///
    /// Down: `V4` with another type and 14 digits, which is the answer to that type; a type of `S`, `R` or `D` and digits, `SCF`, `LOCK` or `MILE`,
    /// with a time of day in the field behind it, which is a command (spec h02, sections 4 and 5). `None` for `V0` and `HTBT`, which the server sends
    /// back as they are, and for types that are not known. The other types come from devices alone.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let Parts { code, fields, .. } = self.parts();
        match code {
            b"V4" => Some(if command::ack(fields).is_some() { Direction::Down } else { Direction::Up }),
            b"" | b"V1" | b"V2" | b"V3" | b"V5" | b"V6" | b"V8" | b"V9" | b"V19" | b"VI1" | b"VP1" | b"NBR" | b"LINK" | b"SMS" | b"XT" | b"BS"
            | b"BASE" => Some(Direction::Up),
            // `V0` and `HTBT` among them.
            _ => command::time(code, fields).map(|_| Direction::Down),
        }
    }

    /// What a server must answer if the frame came from a device, if anything: [`Ack`](super::Ack) to `V1` and `NBR`, if `now` is given; the header
    /// back to `V0` and `HTBT`. It depends on the type alone: it is right even where the fields cannot be read.
    ///
    /// `now` is the server's clock, in UTC. The answer is [`MAX_ANSWER_LEN`](super::MAX_ANSWER_LEN) bytes at most.
    ///
    /// ```
    /// use gt02::{protocol::h02::{Frame, MAX_ANSWER_LEN}, types::DateTime};
    /// // Spec h02, section 7.
    /// let frame = Frame::parse(b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#")?;
    /// let now = DateTime { year: 15, month: 8, day: 10, hour: 14, minute: 54, second: 53 };
    /// let mut out = [0; MAX_ANSWER_LEN];
    /// let len = frame.answer(Some(now)).unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], b"*HQ,865205030330012,V4,V1,20150810145453#");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn answer(&self, now: Option<DateTime>) -> Option<Message<'a>> {
        let parts = self.parts();
        command::answer(parts.header(), parts.code, now)
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }
}

/// Fields as they stand in a frame: nothing, or a comma and a field, again and again.
///
/// ```
/// use gt02::protocol::h02::Fields;
/// assert!(Fields(b",460,00,").iter().eq([&b"460"[..], b"00", b""]));
/// assert_eq!(Fields(b"").iter().next(), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    /// The fields one by one, as sent.
    #[must_use]
    #[inline]
    pub const fn iter(self) -> FieldIter<'a> {
        FieldIter { rest: self.0 }
    }
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = &'a [u8];
    type IntoIter = FieldIter<'a>;

    fn into_iter(self) -> FieldIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Fields<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.0);
    }
}

/// Goes through [`Fields`].
#[derive(Clone, Debug)]
pub struct FieldIter<'a> {
    rest: &'a [u8],
}

impl<'a> FieldIter<'a> {
    /// The fields that were not taken yet.
    #[inline]
    pub(super) const fn rest(&self) -> Fields<'a> {
        Fields(self.rest)
    }

    /// Takes the next field if it is a plain number and not the last field; else nothing.
    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    pub(super) fn plain_decimal(&mut self) -> Option<Decimal> {
        let (_, behind) = self.rest.split_first()?;
        let (number, len) = ascii::plain_decimal(behind)?;
        let rest @ [b',', ..] = behind.get(len..)? else { return None };
        self.rest = rest;
        Some(number)
    }

    /// On a microcontroller every field goes the general way.
    #[cfg(not(target_pointer_width = "64"))]
    pub(super) const fn plain_decimal(&mut self) -> Option<Decimal> {
        None
    }

    /// Takes the next field, if it is a single letter or digit.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn letter(&mut self) -> Option<u8> {
        match self.rest.split_first_chunk() {
            Some(([_, letter @ b'0'..=b'~'], rest @ [b',', ..])) => {
                self.rest = rest;
                Some(*letter)
            }
            _ => match self.trimmed()? {
                [letter] => Some(*letter),
                _ => None,
            },
        }
    }

    /// Takes the next field, if it is six digits, as three numbers of two.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn pairs(&mut self) -> Option<[u8; 3]> {
        if let Some(([_, digits @ ..], rest @ [b',', ..])) = self.rest.split_first_chunk::<7>() {
            if let pairs @ Some(_) = ascii::pairs(digits) {
                self.rest = rest;
                return pairs;
            }
        }
        ascii::pairs(self.trimmed()?.try_into().ok()?)
    }

    /// Takes the next field, if it is eight hexadecimal digits.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn hex_word(&mut self) -> Option<u32> {
        if let Some(([_, digits @ ..], rest @ ([] | [b',', ..]))) = self.rest.split_first_chunk::<9>() {
            if let word @ Some(_) = ascii::hex_word(digits) {
                self.rest = rest;
                return word;
            }
        }
        ascii::hex_word(self.trimmed()?.try_into().ok()?)
    }

    /// Takes the next field without the spaces around it, as damaged ones have.
    #[inline(never)]
    pub(super) fn trimmed(&mut self) -> Option<&'a [u8]> {
        self.next().map(trim)
    }
}

impl<'a> Iterator for FieldIter<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (_, behind) = self.rest.split_first()?;
        let (field, rest) = behind.split_at_checked(find_comma(behind))?;
        self.rest = rest;
        Some(field)
    }
}

impl core::iter::FusedIterator for FieldIter<'_> {}

/// Without the spaces at both ends.
#[inline]
pub(super) const fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = text {
        text = rest;
    }
    text
}

/// Bytes that are looked at at once.
const WORD: usize = size_of::<usize>();
/// 1 in each byte.
const ONES: usize = usize::MAX / 0xFF;

/// Where the first byte is that `marks` marks; the length if there is none.
///
/// `marks` sets the highest bit of each byte that it marks, and of none below the first of them.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn find(text: &[u8], marks: impl Fn(usize) -> usize) -> usize {
    const HIGH_BITS: usize = ONES << 7;
    // All sums are within the text.
    let in_word = |at: usize, word: &[u8; WORD]| match marks(usize::from_le_bytes(*word)) & HIGH_BITS {
        0 => None,
        // The byte that the lowest bit is in.
        marked => Some(at.wrapping_add((marked.trailing_zeros() >> 3) as usize)),
    };
    let (mut rest, mut at) = (text, 0_usize);
    while let Some((word, behind)) = rest.split_first_chunk() {
        if let Some(found) = in_word(at, word) {
            return found;
        }
        at = at.wrapping_add(WORD);
        rest = behind;
    }
    match text.last_chunk() {
        // Some of it is seen again: nothing is there.
        Some(word) => in_word(text.len().wrapping_sub(WORD), word).unwrap_or(text.len()),
        None => text.iter().position(|&byte| marks(usize::from(byte)) & 0x80 != 0).unwrap_or(text.len()),
    }
}

/// Where the first comma is; the length if there is none.
#[inline]
pub(super) fn find_comma(text: &[u8]) -> usize {
    find(text, |word| {
        let differs = word ^ ONES.wrapping_mul(b',' as usize);
        differs.wrapping_sub(ONES) & !differs
    })
}

/// Where the first byte is that is no ASCII, or is below a limit; the length if there is none.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn find_below(text: &[u8], limit: u8) -> usize {
    find(text, |word| (word.wrapping_sub(ONES.wrapping_mul(limit.into())) & !word) | word.wrapping_add(ONES) | word)
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    byte == b'*'
}

/// Whether bytes begin with a start mark.
#[inline]
fn is_mark(bytes: &[u8]) -> bool {
    matches!(bytes, &[b'*', a, b, b',', ..] if Maker::from_letters([a, b]).is_some())
}

/// Whether bytes are the beginning of a start mark, but not all of it.
fn is_part_of_mark(bytes: &[u8]) -> bool {
    match *bytes {
        [] | [b'*'] => true,
        [b'*', a] => Maker::ALL.iter().any(|maker| maker.letters().starts_with(&[a])),
        [b'*', a, b] => Maker::from_letters([a, b]).is_some(),
        _ => false,
    }
}

/// Whether bytes begin a frame, and not one of a stranger: the start mark, and the first byte of an id or the comma behind an empty one.
///
/// [`Candidate::Frame`] says here that they do, with the length of that part.
#[inline]
pub(crate) fn header_verdict(bytes: &[u8]) -> Candidate {
    match bytes.get(MARK) {
        _ if is_part_of_mark(bytes) => Candidate::More(bytes.len().saturating_add(1)),
        _ if !is_mark(bytes) => Candidate::reject(ErrorKind::Start, 0),
        None => Candidate::More(MARK + 1),
        Some(b',' | LOWEST_IN_ID..=b'~') => Candidate::Frame(MARK + 1),
        Some(_) => Candidate::reject(ErrorKind::DeviceId, MARK),
    }
}

/// No letter, digit, comma, point or hyphen is below this.
const LOWEST_ORDINARY: u8 = b',';

/// Whether a byte is one that nothing is to be asked about, as most are.
#[inline]
const fn is_ordinary(byte: u8) -> bool {
    matches!(byte, LOWEST_ORDINARY..=b'~')
}

/// Whether a byte may stand in a frame anywhere, or in an `SMS`. Without branches, for the reason that [`skip`] gives.
#[inline]
const fn is_text(byte: u8, is_sms: bool) -> bool {
    let is_printable = (byte >= b' ') & (byte <= b'~') & (byte != b'#') & (byte != b'*');
    let is_of_sms_alone = (byte == b'\r') | (byte == b'\n') | (byte == b'$') | (byte == b'(');
    (is_printable & !is_of_sms_alone) | (is_sms & (is_printable | is_of_sms_alone))
}

/// How many bytes at the front are such, 32 at a time: without a branch for each, so that it becomes vector instructions where there are any.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn skip(text: &[u8], is_such: impl Fn(u8) -> bool) -> usize {
    let mut rest = text;
    while let Some((bytes, behind)) = rest.split_first_chunk::<32>() {
        if !bytes.iter().fold(true, |all, &byte| all & is_such(byte)) {
            break;
        }
        rest = behind;
    }
    text.len().saturating_sub(rest.len())
}

/// Ids have no byte below this: no comma above all.
const LOWEST_IN_ID: u8 = b'0';

/// What is to be said of bytes that begin with a start mark, or with the first bytes of one and then end; `None` if they do not.
///
/// Says the same of every longer window, unless it says [`Candidate::More`].
#[inline]
pub(crate) fn candidate(window: &[u8], rules: Rules) -> Option<Candidate> {
    let rules = Rules { max: rules.max.min(MAX_FRAME_LEN), ..rules };
    if is_mark(window) {
        let bounded = Bounded { window: window.get(..rules.max).unwrap_or(window), rules };
        return Some(bounded.frame());
    }
    (!window.is_empty() && is_part_of_mark(window)).then(|| Bounded { window, rules }.more())
}

/// A window that begins with a start mark, no longer than the largest frame.
struct Bounded<'w> {
    window: &'w [u8],
    rules: Rules,
}

impl Bounded<'_> {
    /// It takes one more byte, if one may follow.
    fn more(&self) -> Candidate {
        let len = self.window.len();
        if len >= self.rules.max {
            Candidate::reject(ErrorKind::Oversize, self.rules.max.saturating_sub(1))
        } else if self.rules.end {
            Candidate::reject(ErrorKind::Incomplete, len)
        } else {
            Candidate::More(len.saturating_add(1))
        }
    }

    #[inline]
    fn frame(&self) -> Candidate {
        let rest = self.window.get(MARK..).unwrap_or_default();
        // The id and the byte behind it.
        let id = rest.get(..=MAX_ID_LEN).unwrap_or(rest);
        let len = find_below(id, LOWEST_IN_ID);
        match rest.get(len..) {
            Some([b',', behind @ ..]) if len <= MAX_ID_LEN => self.text(behind, MARK.saturating_add(len).saturating_add(1)),
            Some([]) if len <= MAX_ID_LEN => self.more(),
            _ => Candidate::reject(ErrorKind::DeviceId, MARK.saturating_add(len.min(MAX_ID_LEN))),
        }
    }

    /// The type and the fields, which begin at this place: looks for the end.
    #[inline]
    fn text(&self, text: &[u8], begin: usize) -> Candidate {
        // All offsets are within the window. Many bytes at a time as long as there is nothing to look at.
        let mut at = begin.wrapping_add(skip(text, is_ordinary));
        let is_sms = text.starts_with(b"SMS,");
        // Whether a `#` in front of the type was passed.
        let mut passed = false;
        loop {
            at = at.wrapping_add(find_below(self.window.get(at..).unwrap_or_default(), LOWEST_ORDINARY));
            let Some((&byte, behind)) = self.window.get(at..).and_then(<[u8]>::split_first) else { return self.more() };
            match byte {
                b'#' if passed || !matches!(text, [b'0'..=b'9', ..]) => return Candidate::Frame(at.wrapping_add(1)),
                b'#' => match *behind {
                    [b'V', b'0'..=b'9', b',', ..] => passed = true,
                    [] | [b'V'] | [b'V', b'0'..=b'9'] => match self.more() {
                        more @ Candidate::More(_) => return more,
                        _ => return Candidate::Frame(at.wrapping_add(1)),
                    },
                    _ => return Candidate::Frame(at.wrapping_add(1)),
                },
                _ if is_text(byte, is_sms) => {}
                b'*' | b'$' | b'(' => return Candidate::reject(ErrorKind::Overlap, at),
                b'\r' | b'\n' => return Candidate::reject(ErrorKind::End, at),
                _ => return Candidate::reject(ErrorKind::Field, at),
            }
            at = at.wrapping_add(1);
            // Where a space or a line end is, more of them may be.
            at = at.wrapping_add(skip(self.window.get(at..).unwrap_or_default(), |byte| is_text(byte, is_sms)));
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::Index};
    use std::{format, vec::Vec};

    const MAX: usize = 200;

    /// Spec h02, sections 2, 5, 7 and 8, and documented forms of them.
    const FRAMES: [&str; 22] = [
        "*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
        "*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,FFFBFFFF,25c,a, 154,b04c#",
        "*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,F7FFFBFF#",
        "*HQ,1451316409,V1,030149,A,-23-29.0095,S,-46-51.5852,W,2.4,065,070315,FFFFFFFF#",
        "*HQ,5905101893,V1,105759,A,37573392,S,145037022,E,000.00,173,280122,FF7FFBFF,,,9059e2c,8232,4#",
        "*HQ,135790246811220,HTBT,100#",
        "*HQ,135790246811220,HTBT#",
        "*HQ,865205030330012,V0#",
        "*HQ,353588020068342,XT,A,204635,1008123#",
        "*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#",
        "*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27766,-67,291019,FFFFFBFF,6#",
        "*HQ,1400046168,SMS,ID:1400046168\r\nIP:1.2.3.4,5013\r\n$ (GPS:A-24-23)\r\n#",
        "*hq,356327080425330,VP1,A,2702.7215,S,15251.9309,E,0.62,0.0000,050917#",
        "*HQ,,V1,,V,,,,,,,,FFFFFFFF#",
        "*HQ,4109198974,#",
        "*HQ,,#",
        "*HQ,XXXXXX,41,4#V1,114839,A,2240.5518,N,11358.3238,E,0.00,0,100815,FFFFFBFF#",
        "*DC,4210051415,V4,V1,20151222164549#",
        "*XY,000,D1,130305,30,65535#",
        "*HQ,12345678901234567890,V2#",
        "*HQ,1,41,4#",
        "*HQ,1,41,4#V1,#",
    ];

    const fn rules(max: usize, end: bool) -> Rules {
        Rules::new(max, end)
    }

    /// What is in a stream that comes in these reads: frames, and bytes of noise one by one.
    fn items(reads: &[&[u8]], max: usize) -> Vec<Vec<u8>> {
        let mut items = Vec::new();
        let mut held = Vec::new();
        let mut scan = |held: &mut Vec<u8>, end: bool| {
            while let Some(&first) = held.first() {
                let candidate = candidate(held, rules(max, end));
                assert!(is_start(first) || candidate.is_none());
                let len = match candidate {
                    Some(Candidate::Frame(len)) => len,
                    Some(Candidate::Reject(_)) | None => 1,
                    Some(Candidate::More(_)) => break,
                };
                items.push(held.drain(..len).collect());
            }
        };
        for read in reads {
            held.extend_from_slice(read);
            scan(&mut held, false);
        }
        scan(&mut held, true);
        assert_eq!(held, b"", "the end decides all");
        items
    }

    fn frames(stream: &[u8]) -> Vec<Vec<u8>> {
        items(&[stream], usize::MAX).into_iter().filter(|item| item.len() > 1).collect()
    }

    /// Streams rich in what means something.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let frame = prop::sample::select(&FRAMES[..]).prop_map(|frame| frame.as_bytes().to_vec());
        let cut = (frame.clone(), any::<Index>()).prop_map(|(frame, at)| frame[..at.index(frame.len())].to_vec());
        let damaged = (frame.clone(), any::<Index>(), any::<u8>()).prop_map(|(mut frame, at, byte)| {
            let at = at.index(frame.len());
            frame[at] = byte;
            frame
        });
        let marks =
            [&b"*"[..], b"*HQ,", b"*h", b"*HX,", b"#", b",", b"\r\n", b"#V1,", b"*HQ,1,41", b"*HQ,1,SMS,", b"$", b"X", b"(", b" ", b"\x00", b"\xFF"];
        let mark = prop::sample::select(marks.to_vec()).prop_map(<[u8]>::to_vec);
        let binary = vec(any::<u8>(), 0..45).prop_map(|rest| [&b"$"[..], &rest].concat());
        let text = "[0-9A-Z,.]{0,60}".prop_map(std::string::String::into_bytes);
        vec(prop_oneof![3 => frame, 2 => cut, 2 => damaged, 4 => mark, 1 => binary, 1 => text], 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn answers_are_prefix_stable(stream in stream(), max in 64..MAX) {
            let mut before = None;
            for len in 1..=stream.len() {
                let now = candidate(&stream[..len], rules(max, false));
                match before {
                    None | Some(Some(Candidate::More(_))) => {}
                    Some(before) => prop_assert_eq!(before, now),
                }
                match now {
                    Some(Candidate::More(needed)) => prop_assert!(len < needed && needed <= max),
                    Some(Candidate::Frame(frame)) => prop_assert!(frame <= len && frame <= max),
                    _ => {}
                }
                // One byte is asked for at a time, so no answer can come before.
                if let Some(Candidate::More(needed)) = now {
                    prop_assert_eq!(needed, len + 1);
                }
                let end = candidate(&stream[..len], rules(max, true));
                match now {
                    Some(Candidate::More(_)) => {
                        let decided = matches!(end, Some(Candidate::Frame(_) | Candidate::Reject(Error { kind: ErrorKind::Incomplete, .. })));
                        prop_assert!(decided);
                    }
                    decided => prop_assert_eq!(end, decided, "what was decided without the end stays"),
                }
                before = Some(now);
            }
        }

        #[test]
        fn chunking_does_not_matter(stream in stream(), places in vec(any::<Index>(), 0..10), max in 64..MAX) {
            let whole = items(&[&stream], max);
            prop_assert_eq!(whole.concat(), &stream[..], "nothing is lost");
            let mut places: Vec<usize> = places.iter().map(|place| place.index(stream.len() + 1)).collect();
            places.extend([0, stream.len()]);
            places.sort_unstable();
            let reads: Vec<&[u8]> = places.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
            prop_assert_eq!(&items(&reads, max), &whole);
            let bytes: Vec<&[u8]> = stream.chunks(1).collect();
            prop_assert_eq!(items(&bytes, max), whole);
        }

        #[test]
        fn a_frame_behind_anything_is_found(garbage in stream(), frame in prop::sample::select(&FRAMES[..])) {
            let found = frames(&[&garbage, frame.as_bytes()].concat());
            prop_assert!(found.last().is_some_and(|last| last == frame.as_bytes()), "{:?}", found);
        }

        #[test]
        fn verdicts_on_headers_are_prefix_stable(stream in stream()) {
            let mut before = Candidate::More(1);
            for len in 1..=stream.len() {
                let now = header_verdict(&stream[..len]);
                match before {
                    Candidate::More(needed) => prop_assert_eq!(len, needed, "one byte is asked for at a time"),
                    before => prop_assert_eq!(before, now),
                }
                before = now;
            }
        }

        #[test]
        fn bytes_are_found_anywhere(text in vec(any::<u8>(), 0..40), limit in prop::sample::select(&b"0,"[..])) {
            prop_assert_eq!(find_comma(&text), text.iter().position(|&byte| byte == b',').unwrap_or(text.len()));
            prop_assert_eq!(find_below(&text, limit), text.iter().position(|&byte| byte < limit || byte > b'~').unwrap_or(text.len()));
        }
    }

    #[test]
    fn a_frame_cut_anywhere_costs_only_itself() {
        for first in FRAMES {
            for second in FRAMES {
                for cut in 0..first.len() {
                    let found = frames(format!("{}{second}", &first[..cut]).as_bytes());
                    let expected = [second.as_bytes()];
                    // The frames that have a `#` inside, cut behind it, are two frames.
                    let behind_inner_end = first[..cut].find('#').map(|at| first.as_bytes()[..=at].to_vec());
                    match behind_inner_end {
                        Some(inner) if found.len() == 2 => assert_eq!(found, [inner, second.as_bytes().to_vec()]),
                        _ => assert_eq!(found, expected, "{first} cut at {cut}, {second}"),
                    }
                }
            }
        }
    }

    #[test]
    fn one_damaged_byte_costs_one_frame() {
        let sent = [FRAMES[0], FRAMES[11], FRAMES[2]];
        let stream = sent.concat().into_bytes();
        for at in 0..stream.len() {
            let hit = if at < sent[0].len() { 0 } else { 1 + usize::from(at >= sent[0].len() + sent[1].len()) };
            for byte in 0..=u8::MAX {
                let mut stream = stream.clone();
                stream[at] = byte;
                let found = frames(&stream);
                for (place, frame) in sent.iter().enumerate() {
                    assert!(place == hit || found.iter().any(|found| found == frame.as_bytes()), "{frame} lost by {byte} at {at}");
                }
                assert!(found.len() <= sent.len() + usize::from(byte == b'#'));
            }
        }
    }

    #[test]
    fn what_is_between_frames_is_noise() {
        for between in ["", "\r\n", " \r\n", "\n", "#", "#\r\n", "$\x10\x05\x20", "X123", "*", "*H", "*HQ", "*HX,1#", "(0123)", "7"] {
            let stream = FRAMES.join(between);
            assert_eq!(frames(stream.as_bytes()), FRAMES.map(|frame| frame.as_bytes().to_vec()), "{between:?}");
        }
    }

    #[test]
    fn rejections_say_what_and_where() {
        for (text, kind, offset) in [
            ("*HQ,1-2,V1#", ErrorKind::DeviceId, 5),
            ("*HQ,1#", ErrorKind::DeviceId, 5),
            ("*HQ,123456789012345678901,V1#", ErrorKind::DeviceId, 24),
            ("*HQ,1\u{7f},V1#", ErrorKind::DeviceId, 5),
            ("*HQ,*HQ,1,V1#", ErrorKind::DeviceId, 4),
            ("*HQ,1,V1,*HQ,1,V1#", ErrorKind::Overlap, 9),
            ("*HQ,1,V1,*", ErrorKind::Overlap, 9),
            ("*HQ,1,V1,$", ErrorKind::Overlap, 9),
            ("*HQ,1,V1,(", ErrorKind::Overlap, 9),
            ("*HQ,1,SMS,a*hq,", ErrorKind::Overlap, 11),
            ("*HQ,1,SMS,a*b#", ErrorKind::Overlap, 11),
            ("*HQ,1,V1,\r\n", ErrorKind::End, 9),
            ("*HQ,1,SMS\n", ErrorKind::End, 9),
            ("*HQ,1,V1,\t", ErrorKind::Field, 9),
            ("*HQ,1,V1,\u{e9}#", ErrorKind::Field, 9),
            ("*HQ,1,SMS,\0#", ErrorKind::Field, 10),
            ("*HQ,1,41,4#V1,*", ErrorKind::Overlap, 14),
            ("*HQ,1,V1", ErrorKind::Incomplete, 8),
            ("*HQ,1", ErrorKind::Incomplete, 5),
            ("*H", ErrorKind::Incomplete, 2),
        ] {
            assert_eq!(candidate(text.as_bytes(), rules(MAX, true)), Some(Candidate::reject(kind, offset)), "{text:?}");
        }
        for text in ["", "x", "**", "*Q", "*HT", "*HQ1", "*ET,1,HB#", "*Hq,1,V1#", "HQ,"] {
            assert_eq!(candidate(text.as_bytes(), rules(MAX, true)), None, "{text:?}");
        }
    }

    #[test]
    fn frames_are_bounded() {
        let text = format!("*HQ,1,V1,{}#", "x".repeat(54));
        assert_eq!(text.len(), 64);
        assert_eq!(candidate(text.as_bytes(), rules(64, false)), Some(Candidate::Frame(64)));
        for len in 63..=64 {
            assert_eq!(candidate(&text.as_bytes()[..len], rules(63, false)), Some(Candidate::reject(ErrorKind::Oversize, 62)));
            assert_eq!(candidate(&text.as_bytes()[..len], rules(63, true)), Some(Candidate::reject(ErrorKind::Oversize, 62)));
        }
        // No byte behind the largest frame is asked for.
        let text = format!("*HQ,1,41,{}#V1,", "4".repeat(54));
        assert_eq!(candidate(&text.as_bytes()[..64], rules(64, false)), Some(Candidate::Frame(64)));
        assert_eq!(candidate(text.as_bytes(), rules(66, false)), Some(Candidate::Frame(64)));
        assert_eq!(candidate(text.as_bytes(), rules(67, false)), Some(Candidate::reject(ErrorKind::Oversize, 66)));
        assert_eq!(candidate(&text.as_bytes()[..64], rules(67, false)), Some(Candidate::More(65)));
    }

    #[test]
    fn sniffing() {
        for frame in FRAMES {
            let frame = frame.as_bytes();
            for len in 0..frame.len() {
                assert_eq!(header_verdict(&frame[..len]), if len < 5 { Candidate::More(len + 1) } else { Candidate::Frame(5) });
            }
        }
        for stranger in [
            "*MG201693502000034964,BA",
            "*ET,135790246811221,HB,A",
            "*RS,QTZM",
            "*HQ201",
            "*hQ,1",
            "*HQ,#",
            "*HQ, 1",
            "(864768011069660,ZC11,",
            "##,imei:",
            "$$A138",
            "HQ,1",
        ] {
            assert!(matches!(header_verdict(stranger.as_bytes()), Candidate::Reject(_)), "{stranger}");
        }
    }
}
