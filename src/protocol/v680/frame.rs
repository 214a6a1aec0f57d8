use super::{IMEI_DIGITS, MARK, MAX_COUNT, MAX_EVENT, MAX_FLAG, MAX_LBS, MAX_PASSWORD, MAX_PLACE, MAX_USER, MIN_ID_DIGITS, Message, NO_PLACE};
use crate::{
    error::{Error, ErrorKind},
    protocol::{
        Candidate, Direction, Protocol, Rules,
        ascii::{are_digits, count_digits, count_printable_until, count_until},
        one_frame,
    },
    types::{DeviceId, Text},
};
use core::num::NonZero;

/// So many bytes are enough to tell the protocol of a connection.
const SNIFFED: usize = 24;
/// Bytes of a keep-alive: `#`, 15 digits, `##`.
pub(super) const KEEP_ALIVE: usize = IMEI_DIGITS + 3;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// #id#user#flag#password#event#count#record#record...##
/// #id##
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What [`candidate`] accepted, all of it.
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame. The end mark may be missing.
    ///
    /// # Errors
    /// [`ErrorKind::Start`], [`DeviceId`](ErrorKind::DeviceId), [`Field`](ErrorKind::Field), [`End`](ErrorKind::End),
    /// [`Overlap`](ErrorKind::Overlap), [`Incomplete`](ErrorKind::Incomplete) or [`Trailing`](ErrorKind::Trailing), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        one_frame(bytes, Protocol::V680, Rules::ALL)?;
        Ok(Self { bytes })
    }

    /// From bytes that [`candidate`] accepted, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The id, and what stands between the `#` behind it and the end mark.
    #[inline]
    pub(super) fn parts(&self) -> (DeviceId, &'a [u8]) {
        let text = self.bytes.get(1..).unwrap_or_default();
        let imei = text.split_first_chunk::<IMEI_DIGITS>();
        let (id, rest) = match imei.and_then(|(digits, rest)| Some((DeviceId::from_ascii(digits)?, rest))) {
            Some((id, rest)) => (id, rest.get(1..).unwrap_or_default()),
            None => {
                let mut rest = text;
                (device_id(next_field(&mut rest, MARK)), rest)
            }
        };
        let ([body @ .., MARK, MARK] | [body @ .., MARK] | body) = rest;
        (id, body)
    }

    /// All bytes of the frame, start and end mark included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Which way the frame travels: up. No frame from a server is known.
    #[must_use]
    #[inline]
    pub const fn direction(&self) -> Direction {
        Direction::Up
    }

    /// The event, such as `AUT`; `None` in a keep-alive.
    #[must_use]
    pub fn code(&self) -> Option<Text<'a>> {
        match self.message() {
            Message::Report(report) => Some(report.event),
            Message::KeepAlive(_) => None,
        }
    }

    /// The device that sent the frame.
    #[must_use]
    #[inline]
    pub fn device_id(&self) -> DeviceId {
        self.parts().0
    }

    /// The bytes behind the `#` that follows the id, without the end mark; none in a keep-alive.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.parts().1
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }
}

/// The id of digits that were checked.
#[inline]
fn device_id(digits: &[u8]) -> DeviceId {
    // The other is none of a frame.
    DeviceId::from_ascii(digits).unwrap_or(DeviceId::from_decimal_nibbles(0, NonZero::<u8>::MIN))
}

/// Takes what stands in front of the next separator off the front of `text`, and the separator; all of it if there is none.
#[inline]
pub(super) fn next_field<'a>(text: &mut &'a [u8], separator: u8) -> &'a [u8] {
    match text {
        [first, rest @ ..] if *first == separator => {
            *text = rest;
            &[]
        }
        _ => {
            let (field, rest) = text.split_at_checked(count_until(text, separator)).unwrap_or((text, &[]));
            *text = rest.get(1..).unwrap_or_default();
            field
        }
    }
}

/// The value of one or two digits that were checked.
#[inline]
pub(super) const fn two_digits(field: &[u8]) -> u8 {
    match field {
        [ones] => *ones & 0x0F,
        [tens, ones, ..] => (*tens & 0x0F).wrapping_mul(10).wrapping_add(*ones & 0x0F),
        [] => 0,
    }
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    byte == MARK
}

/// What is to be said of bytes that begin with a start mark; `None` if they do not.
///
/// Says the same of every longer window, unless it says [`Candidate::More`].
#[inline]
pub(crate) fn candidate(window: &[u8], rules: Rules) -> Option<Candidate> {
    match window {
        // As most marks that begin nothing: those inside of a damaged frame.
        [MARK, byte, ..] if !byte.is_ascii_digit() => Some(Candidate::reject(ErrorKind::DeviceId, 1)),
        [MARK, ..] => Some(verdict(window, rules)),
        _ => None,
    }
}

/// The verdict on bytes that begin with a start mark.
#[inline(never)]
fn verdict(window: &[u8], rules: Rules) -> Candidate {
    // What is decided must not depend on bytes beyond the largest frame: they may not be there yet when it has to be decided.
    let (window, end) = match window.get(..rules.max) {
        Some(full) => (full, false),
        None => (window, rules.end),
    };
    match frame(window, end) {
        Ok(len) => Candidate::Frame(len),
        Err(Stop::Wrong(ErrorKind::Overlap, rest)) => Candidate::reject(ErrorKind::Overlap, offset(window, rest).saturating_sub(1)),
        Err(Stop::Wrong(kind, rest)) => Candidate::reject(kind, offset(window, rest)),
        Err(Stop::Short) if end => Candidate::reject(ErrorKind::Incomplete, window.len()),
        Err(Stop::Short) if window.len() == rules.max => Candidate::reject(ErrorKind::Oversize, rules.max.saturating_sub(1)),
        Err(Stop::Short) => Candidate::More(window.len().saturating_add(1)),
    }
}

/// Whether bytes begin as a device of this protocol does, and not as one that sends the lines of TLT-2H, whose header has the same beginning but no flag.
///
/// [`Candidate::Frame`] says here that they do, with the length of what says so: up to the flag; or a keep-alive and what follows it. A user of 5
/// characters or more hides the flag from the first 24 bytes: then those are enough, unless it is one that devices with lines have: the id once
/// more, or the name of a model (spec v680, sections 2 and 4, and public decoders' tests \[T\]).
///
/// So headers of lines with another user of 5 characters or more are taken for this protocol.
pub(crate) fn header_verdict(bytes: &[u8]) -> Candidate {
    if let [first, ..] = bytes {
        if *first != MARK {
            return Candidate::reject(ErrorKind::Start, 0);
        }
    }
    let Some((seen, _)) = bytes.split_first_chunk::<SNIFFED>() else { return greeting_verdict(bytes) };
    let [_, id @ .., _, a, b, c, d, e, f, g] = seen;
    match (greeting_verdict(seen), [*a, *b, *c, *d, *e, *f, *g]) {
        (Candidate::More(_), user) if id.starts_with(&user) => Candidate::reject(ErrorKind::Field, KEEP_ALIVE.saturating_sub(1)),
        // Models of Mictrack and V-Sun, and a flag or a password that has begun behind a user of 4.
        (Candidate::More(_), [b'M', b'T', ..] | [b'T', b'L', b'T', ..] | [b'V', b'0'..=b'9', ..] | [.., MARK, _, _]) => greeting_verdict(bytes),
        (Candidate::More(_), _) => Candidate::Frame(SNIFFED),
        (verdict, _) => verdict,
    }
}

/// The same, however far the flag is.
fn greeting_verdict(bytes: &[u8]) -> Candidate {
    match greeting(bytes) {
        Ok(rest) => Candidate::Frame(offset(bytes, rest)),
        Err(Stop::Wrong(kind, rest)) => Candidate::reject(kind, offset(bytes, rest)),
        Err(Stop::Short) => Candidate::More(bytes.len().saturating_add(1)),
    }
}

/// Why a frame is not found. The functions below go from field to field: what they take is the rest of the window, what they give back is the rest behind
/// the field and its `#`.
#[derive(Clone, Copy)]
enum Stop<'a> {
    /// The window is too short.
    Short,
    /// What stands at the front of this rest cannot stand there; of [`ErrorKind::Overlap`], what stands one byte in front of it.
    Wrong(ErrorKind, &'a [u8]),
}

impl<'a> Stop<'a> {
    /// At what stands so many bytes behind the front of this rest.
    #[cold]
    fn at(kind: ErrorKind, rest: &'a [u8], behind: usize) -> Self {
        match rest.get(behind..) {
            Some(rest @ [_, ..]) => Self::Wrong(kind, rest),
            _ => Self::Short,
        }
    }
}

/// How far behind the front of a window the rest of it begins.
const fn offset(window: &[u8], rest: &[u8]) -> usize {
    window.len().wrapping_sub(rest.len())
}

/// A field of digits.
#[inline(always)]
fn digits(rest: &[u8], kind: ErrorKind, min: usize, max: usize) -> Result<(&[u8], &[u8]), Stop<'_>> {
    let len = count_digits(rest);
    match rest.split_at_checked(len) {
        Some((field, [MARK, rest @ ..])) if min <= len && len <= max => Ok((field, rest)),
        _ => Err(Stop::at(kind, rest, len.min(max))),
    }
}

/// A field of printable ASCII. One that is an IMEI belongs to the next frame.
#[inline(always)]
fn text(rest: &[u8], kind: ErrorKind, max: usize) -> Result<(&[u8], &[u8]), Stop<'_>> {
    let len = count_printable_until(rest.get(..max).unwrap_or(rest), MARK);
    match rest.split_at_checked(len) {
        Some((field, [MARK, ..])) if is_imei(field) => Err(Stop::Wrong(ErrorKind::Overlap, rest)),
        Some((field, [MARK, rest @ ..])) => Ok((field, rest)),
        _ => Err(Stop::at(kind, rest, len)),
    }
}

/// The `#` in front of all, and the id.
#[inline(always)]
fn id(window: &[u8]) -> Result<(&[u8], &[u8]), Stop<'_>> {
    let rest = window.get(1..).unwrap_or_default();
    match rest.split_at_checked(IMEI_DIGITS) {
        Some((id, [MARK, rest @ ..])) if is_imei(id) => Ok((id, rest)),
        _ => digits(rest, ErrorKind::DeviceId, MIN_ID_DIGITS, IMEI_DIGITS),
    }
}

/// What a frame begins with, as far as no other protocol does.
fn greeting(window: &[u8]) -> Result<&[u8], Stop<'_>> {
    match id(window)? {
        (id, [MARK, rest @ ..]) if id.len() == IMEI_DIGITS => match (goes_on(rest), rest) {
            (Ok(true), _) => Ok(digits(rest, ErrorKind::Field, 1, MAX_FLAG)?.1),
            // The next frame; or an empty password and the event, of lines.
            (Ok(false), [MARK]) => Err(Stop::Short),
            (Ok(false), [MARK, byte, rest @ ..]) if byte.is_ascii_digit() => Ok(rest),
            (Ok(false), [MARK, rest @ ..]) => Err(Stop::Wrong(ErrorKind::Field, rest)),
            (Ok(false), [_, rest @ ..]) | (Err(Stop::Wrong(ErrorKind::Overlap, rest)), _) => Ok(rest),
            (Ok(false), []) => Err(Stop::Short),
            (Err(stop), _) => Err(stop),
        },
        (_, rest) => {
            let (_, rest) = text(rest, ErrorKind::Field, MAX_USER)?;
            Ok(digits(rest, ErrorKind::Field, 1, MAX_FLAG)?.1)
        }
    }
}

/// A whole frame; says how long it is.
#[inline(always)]
fn frame(window: &[u8], end: bool) -> Result<usize, Stop<'_>> {
    if end && is_last_keep_alive(window) {
        return Ok(window.len());
    }
    let rest = match id(window) {
        Ok((id, [MARK, rest @ ..])) if id.len() == IMEI_DIGITS => {
            if let Some((_, rest)) = usual_header(rest) {
                return counted(window, rest, end);
            }
            if !goes_on(rest)? {
                return Ok(KEEP_ALIVE);
            }
            match header(rest) {
                Ok(rest) => rest,
                Err(Stop::Wrong(..)) => return Ok(KEEP_ALIVE),
                Err(short) => return Err(short),
            }
        }
        Ok((_, rest)) => header(text(rest, ErrorKind::Field, MAX_USER)?.1)?,
        Err(stop) => return Err(stop),
    };
    let len = rest.iter().take(MAX_EVENT).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let Some((_, [MARK, rest @ ..])) = rest.split_at_checked(len) else { return Err(Stop::at(ErrorKind::End, rest, len)) };
    counted(window, rest, end)
}

/// The count, the records, and the end: how long the frame is.
#[inline(always)]
fn counted<'w>(window: &'w [u8], rest: &'w [u8], end: bool) -> Result<usize, Stop<'w>> {
    let (count, rest) = digits(rest, ErrorKind::End, 1, MAX_COUNT)?;
    Ok(offset(window, records(rest, two_digits(count), end)?))
}

/// The header behind the user, as nearly all devices send it: a flag of one digit, a password of four, an event of three letters, each with its `#`; and
/// what follows. The general way says the same.
#[inline]
pub(super) fn usual_header(rest: &[u8]) -> Option<([&[u8]; 3], &[u8])> {
    let (header, rest) = rest.split_first_chunk::<11>()?;
    let ([flag @ .., _, _, _, _, _, _, _, _, _, _], [_, _, _, _, _, _, _, event @ .., _]) = (header, header);
    let &[digit, MARK, p, q, r, s, MARK, a, b, c, MARK] = header else { return None };
    let [_, _, password @ .., _, _, _, _, _] = header;
    let is_usual = are_digits([digit, p, q, r, s, b'0', b'0', b'0']) & a.is_ascii_uppercase() & b.is_ascii_uppercase() & c.is_ascii_uppercase();
    is_usual.then_some(([flag, password, event], rest))
}

/// Whether there is a field behind `#id##` that may be a flag. If not, that is a keep-alive.
#[inline(always)]
fn goes_on(rest: &[u8]) -> Result<bool, Stop<'_>> {
    if let [b'0'..=b'9', MARK, ..] = rest {
        return Ok(true);
    }
    let len = count_digits(rest);
    match (len, rest.get(len)) {
        (1..=MAX_FLAG, Some(&MARK)) => Ok(true),
        // A password: the header of a form with lines.
        (1..=MAX_PASSWORD, Some(&MARK)) => Err(Stop::at(ErrorKind::Field, rest, MAX_FLAG)),
        // An id: this was cut in front of its last `#`, or behind the id, and that is the next frame.
        (MIN_ID_DIGITS..=IMEI_DIGITS, Some(&MARK)) => Err(Stop::Wrong(ErrorKind::Overlap, rest)),
        (0..=IMEI_DIGITS, None) => Err(Stop::Short),
        _ => Ok(false),
    }
}

/// Flag and password; and the event must begin with a letter.
#[inline(always)]
fn header(rest: &[u8]) -> Result<&[u8], Stop<'_>> {
    let (_, rest) = digits(rest, ErrorKind::Field, 1, MAX_FLAG)?;
    let (_, rest) = digits(rest, ErrorKind::Field, 0, MAX_PASSWORD)?;
    if rest.first().is_some_and(u8::is_ascii_alphabetic) { Ok(rest) } else { Err(Stop::at(ErrorKind::Field, rest, 0)) }
}

/// The records, of which so many are announced, but at least one, and the end mark.
#[inline(always)]
fn records(mut rest: &[u8], mut missing: u8, end: bool) -> Result<&[u8], Stop<'_>> {
    loop {
        missing = missing.saturating_sub(1);
        let (has_time, behind) = record(rest, end && missing == 0)?;
        let complete = missing == 0 && has_time;
        rest = match behind {
            [MARK, MARK, rest @ ..] if missing == 0 => return Ok(rest),
            [] | [MARK] if end && complete => return Ok(&[]),
            [] | [MARK] => return Err(Stop::Short),
            [MARK, MARK] if end => return Ok(&[]),
            [MARK, MARK] => return Err(Stop::Short),
            // A record with an empty lbs.
            [MARK, MARK, b'0'..=b'9' | b',', ..] => behind.get(1..).unwrap_or_default(),
            [MARK, MARK, rest @ ..] => return Ok(rest),
            [MARK, rest @ ..] if missing > 0 => rest,
            // The end mark is missing.
            [byte, ..] if complete && !byte.is_ascii_digit() => return Ok(behind),
            [MARK, wrong @ ..] => return Err(Stop::Wrong(ErrorKind::End, wrong)),
            _ => return Err(Stop::Wrong(ErrorKind::End, behind)),
        };
    }
}

/// A record, without what is behind it, which may be the end of all. Says whether it has a time.
#[inline(always)]
fn record(rest: &[u8], end: bool) -> Result<(bool, &[u8]), Stop<'_>> {
    let (_, rest) = text(rest, ErrorKind::End, MAX_LBS)?;
    let (mut place, mut behind) = text(rest, ErrorKind::End, MAX_PLACE)?;
    if !has_comma(place) {
        let extra = behind;
        (place, behind) = text(extra, ErrorKind::End, MAX_PLACE)?;
        if !has_comma(place) {
            return Err(Stop::at(ErrorKind::End, extra, place.len()));
        }
    }
    if let (NO_PLACE, [MARK, rest @ ..]) = (place, behind) {
        return Ok((false, rest));
    }
    let (_, rest) = digits(behind, ErrorKind::End, 6, 6)?;
    Ok((true, time(rest, end)?))
}

/// The time of a record, up to what cannot belong to it.
#[inline(always)]
fn time(rest: &[u8], end: bool) -> Result<&[u8], Stop<'_>> {
    let behind = match (count_digits(rest), rest.get(6..)) {
        (6.., Some(behind)) => behind,
        (len, _) => return Err(Stop::at(ErrorKind::End, rest, len)),
    };
    match behind {
        [b'.', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', rest @ ..] => Ok(rest),
        [b'.', fraction @ ..] if !end && fraction.len() == count_digits(fraction) => Err(Stop::Short),
        _ => Ok(behind),
    }
}

/// Whether a field without `#` is a place.
#[inline]
pub(super) fn has_comma(field: &[u8]) -> bool {
    count_until(field, b',') < field.len()
}

/// Whether this is a field of exactly 15 digits.
#[inline]
fn is_imei(field: &[u8]) -> bool {
    field.len() == IMEI_DIGITS && count_digits(field) == IMEI_DIGITS
}

/// Whether all that is there is a keep-alive, of which the end mark may be missing.
fn is_last_keep_alive(window: &[u8]) -> bool {
    let digits = window.get(1..).and_then(<[u8]>::split_first_chunk::<IMEI_DIGITS>);
    digits.is_some_and(|(id, end)| is_imei(id) && b"##".starts_with(end))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{collection::vec, option, prelude::*, sample::select};
    use std::{
        format,
        string::{String, ToString as _},
        vec::Vec,
    };

    const MAX: usize = 1024;

    /// Spec v680, sections 1.2 and 4, and the lbs forms of section 1.3.
    const FRAMES: [&str; 8] = [
        "#353588020144007##",
        "#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##",
        "#356823033087326#alexwatch#0#0000#SOS#1#0EDDD9EF#01047.4327,E,5955.9316,N,000.01,236#080513#111644##",
        "#356823033087326##0#0000#AUT#1#0EDDD9F0#,,,,,####",
        "#352165050199210##13#0000#AUT#1#72400605471305,054712fd,054712ff#05144.0008,W,3005.5011,S,0.11,201.46#260713#172647.000##",
        "#359094025419110#bigfriend#0#1234#AUTO#1##04632.8846,W,2327.2264,S,0.00,0.00#220913#234808##",
        "#352897045085282##0#0000#AUT#1#72403#V#04647.8922,W,2339.1956,S,2.60,63.74#200413#094310.000##",
        "#356823031166908#13001190527#0#0000#AUT#2#V#07136.4070,W,1040.0575,N,000.35,257#280813#142836##07136.4071,W,1040.0576,N,000.35,#280813#142906##",
    ];

    const fn rules(end: bool) -> Rules {
        Rules::new(MAX, end)
    }

    /// The frames of a stream that comes in these reads, as a decoder would find them.
    fn frames_of_reads<'a>(reads: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let (mut carry, mut needed, mut found) = (Vec::new(), 0, Vec::new());
        let mut drain = |carry: &mut Vec<u8>, end: bool| {
            while !carry.is_empty() && (end || carry.len() >= needed) {
                needed = 0;
                match candidate(carry, rules(end)) {
                    Some(Candidate::Frame(len)) => {
                        found.push(carry.drain(..len).map(char::from).collect());
                    }
                    Some(Candidate::More(more)) => {
                        assert!(!end && more > carry.len() && more <= MAX);
                        needed = more;
                    }
                    Some(Candidate::Reject(_)) | None => {
                        carry.remove(0);
                    }
                }
            }
        };
        for read in reads {
            carry.extend_from_slice(read);
            drain(&mut carry, false);
        }
        drain(&mut carry, true);
        found
    }

    fn frames(stream: &[u8]) -> Vec<String> {
        frames_of_reads([stream])
    }

    fn found(window: &str) -> Candidate {
        candidate(window.as_bytes(), rules(false)).unwrap()
    }

    fn found_at_the_end(window: &str) -> Candidate {
        candidate(window.as_bytes(), rules(true)).unwrap()
    }

    fn reject(kind: ErrorKind, offset: usize) -> Candidate {
        Candidate::reject(kind, offset)
    }

    prop_compose! {
        fn record()(
            lbs in select(std::vec!["", "V", "66830FFB", "24002485012345", "72400510730208,00d36307,10734fc4", "0500000000120000", "36012"]),
            extra in option::weighted(0.1, Just("V")),
            place in prop_oneof![
                8 => (0..18_000_000_u32, 0..9_000_000_u32, select(std::vec!["", "0.00", "79.50", "790000"])).prop_map(|(x, y, course)| {
                    format!("{:03}{:02}.{:04},E,{:02}{:02}.{:04},S,000.20,{course}", x / 100_000, x / 1000 % 60, x % 1000, y / 100_000, y / 1000 % 60, y % 1000)
                }),
                1 => Just("1834.790700,E,121.322800,N,0.00,0.00".to_string()),
                1 => Just("00000.0000,E,0000.0000,N,0.00,".to_string()),
            ],
            time in (0..1_000_000_u32, 0..1_000_000_u32, select(std::vec!["", ".000", ".123"])),
            has_place in prop::bool::weighted(0.9),
        ) -> String {
            let extra = extra.filter(|_| !lbs.is_empty()).map(|extra| format!("#{extra}")).unwrap_or_default();
            let (date, clock, fraction) = time;
            if has_place { format!("{lbs}{extra}#{place}#{date:06}#{clock:06}{fraction}") } else { format!("{lbs}{extra}#,,,,,##") }
        }
    }

    fn id() -> impl Strategy<Value = String> {
        (100_000_000_000_000..1_000_000_000_000_000_u64).prop_map(|id| id.to_string())
    }

    prop_compose! {
        fn report()(
            id in id(),
            user in select(std::vec!["", "", "TK333", "13001190527", "big friend", "1"]),
            flag in select(std::vec!["0", "1", "13"]),
            password in select(std::vec!["0000", "123456", ""]),
            event in select(std::vec!["AUT", "AUTO", "SOS", "LPD", "SF", "X1"]),
            records in vec(record(), 1..5),
            padded in any::<bool>(),
        ) -> String {
            let count = if padded { format!("{:02}", records.len()) } else { records.len().to_string() };
            format!("#{id}#{user}#{flag}#{password}#{event}#{count}#{}##", records.join("#"))
        }
    }

    fn any_frame() -> impl Strategy<Value = String> {
        prop_oneof![1 => id().prop_map(|id| format!("#{id}##")), 3 => report(), 1 => select(FRAMES.to_vec()).prop_map(str::to_string)]
    }

    /// Windows that begin with a mark and are rich in what means something, so that all branches are met.
    fn any_window() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            4 => any_frame().prop_map(String::into_bytes),
            2 => (any_frame(), any::<prop::sample::Index>()).prop_map(|(frame, cut)| frame.as_bytes()[..cut.index(frame.len())].to_vec()),
            2 => record().prop_map(String::into_bytes),
            1 => select(std::vec!["#", "##", "1", "13#", "1#0000#", "0000#A", "AUT#1#", "\r\n", ",", ",,,,,", "143905", ".", "12345678", "##,"]).prop_map(|text| text.as_bytes().to_vec()),
            1 => vec(any::<u8>(), 1..5),
        ];
        (vec(piece, 1..6), vec((any::<prop::sample::Index>(), any::<u8>()), 0..2)).prop_map(|(pieces, damage)| {
            let mut window = pieces.concat();
            if window.first() != Some(&MARK) {
                window.insert(0, MARK);
            }
            for (at, byte) in damage {
                if let Some(at) = at.index(window.len()).checked_sub(1) {
                    window[at + 1] = byte;
                }
            }
            window
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn answers_are_prefix_stable(window in any_window(), max in 64..400_usize) {
            let mut before = Candidate::More(1);
            for len in 1..=window.len() {
                let [now, end] = [false, true].map(|end| candidate(&window[..len], Rules::new(max, end)).unwrap());
                match before {
                    Candidate::More(needed) if len < needed => prop_assert!(matches!(now, Candidate::More(_))),
                    Candidate::More(_) => {}
                    decided => prop_assert_eq!(now, decided),
                }
                match now {
                    Candidate::More(needed) => prop_assert!(len < needed && needed <= max),
                    Candidate::Frame(frame) => prop_assert!(frame <= len && frame <= max),
                    Candidate::Reject(error) => prop_assert!(error.offset <= len),
                }
                match (now, end) {
                    (Candidate::More(_), Candidate::Frame(frame)) => prop_assert!(frame <= len),
                    (Candidate::More(_), end) => prop_assert_eq!(end, reject(ErrorKind::Incomplete, len)),
                    (now, end) => prop_assert_eq!(now, end),
                }
                before = now;
            }
        }

        #[test]
        fn sniffing_is_prefix_stable(window in any_window()) {
            let mut before = Candidate::More(1);
            for len in 0..=window.len().min(60) {
                let now = header_verdict(&window[..len]);
                match before {
                    Candidate::More(needed) if len < needed => prop_assert!(matches!(now, Candidate::More(_))),
                    Candidate::More(_) => {}
                    decided => prop_assert_eq!(now, decided),
                }
                match now {
                    Candidate::More(needed) => prop_assert!(len < needed && needed <= MAX_USER + SNIFFED),
                    Candidate::Frame(needed) => prop_assert!(needed <= len && needed <= MAX_USER + SNIFFED),
                    Candidate::Reject(_) => {}
                }
                before = now;
            }
        }

        #[test]
        fn every_real_frame_is_sniffed(frame in any_frame()) {
            // A keep-alive, with the next one behind it.
            let bytes = if frame.len() == KEEP_ALIVE { format!("{frame}{frame}") } else { frame.clone() };
            let len = bytes.len().min(SNIFFED);
            let verdict = header_verdict(&bytes.as_bytes()[..len]);
            prop_assert!(matches!(verdict, Candidate::Frame(_)), "{} {:?}", frame, verdict);
        }

        #[test]
        fn every_frame_of_a_stream_is_found(sent in vec((any_frame(), select(std::vec!["", "\r\n", "\n", " ", "\0", "$"])), 1..8)) {
            let stream: String = sent.iter().map(|(frame, between)| format!("{frame}{between}")).collect();
            let sent: Vec<String> = sent.into_iter().map(|(frame, _)| frame).collect();
            prop_assert_eq!(frames(stream.as_bytes()), sent);
        }

        #[test]
        fn cuts_of_a_stream_do_not_matter(window in any_window(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(window.len())).collect();
            places.extend([0, window.len()]);
            places.sort_unstable();
            let whole = frames(&window);
            prop_assert_eq!(&frames_of_reads(places.windows(2).map(|pair| &window[pair[0]..pair[1]])), &whole);
            prop_assert_eq!(&frames_of_reads(window.chunks(1)), &whole);
        }

        #[test]
        fn garbage_between_frames_costs_nothing(sent in vec((any_frame(), vec(any::<u8>(), 0..30)), 1..8)) {
            let stream: Vec<u8> = sent.iter().flat_map(|(frame, garbage)| [garbage, frame.as_bytes()].concat()).collect();
            let sent: Vec<String> = sent.into_iter().map(|(frame, _)| frame).collect();
            prop_assert_eq!(frames(&stream), sent);
        }

        #[test]
        fn a_frame_cut_anywhere_costs_only_itself(first in any_frame(), second in any_frame(), third in any_frame(), cut in any::<prop::sample::Index>()) {
            // Cut by one byte it is whole again with the first byte of the next frame: nothing on the wire decides it.
            let cut = cut.index(first.len() - 1);
            let is_keep_alive = first.len() == KEEP_ALIVE;
            prop_assume!(!is_keep_alive || cut <= KEEP_ALIVE);
            let stream = format!("{}{second}{third}", &first[..cut]);
            let found = frames(stream.as_bytes());
            prop_assert_eq!(&found[found.len() - 2..], &[second, third][..]);
            // What is left of the first may be a keep-alive, all but the end mark, or some of the records and `##`.
            prop_assert!(found.len() <= 3);
            if let [left, _, _] = &found[..] {
                let makes_sense = left.len() == KEEP_ALIVE || left.len() + 6 >= first.len() || left.ends_with("##");
                prop_assert!(first.starts_with(&**left) && makes_sense, "{}", left);
            }
        }

        #[test]
        fn one_damaged_byte_costs_one_frame(sent in vec(any_frame(), 1..4), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut stream = sent.concat().into_bytes();
            let at = at.index(stream.len());
            stream[at] = byte;
            let mut start = 0;
            let hit = sent.iter().position(|frame| { start += frame.len(); at < start }).unwrap();
            let found = frames(&stream);
            let mut rest = found.iter();
            for (_, frame) in sent.iter().enumerate().filter(|&(at, _)| at != hit) {
                prop_assert!(rest.any(|found| found == frame), "lost {} in {}", frame, stream.escape_ascii());
            }
            prop_assert!(found.len() <= sent.len(), "{:?} made up of {}", found, stream.escape_ascii());
        }
    }

    #[test]
    fn any_byte_damaged_in_any_way_costs_one_frame() {
        let before = FRAMES[1];
        for frame in FRAMES {
            for after in [FRAMES[0], FRAMES[2], FRAMES[3]] {
                for at in 0..frame.len() {
                    for byte in 0..=255 {
                        let mut stream = format!("{before}{frame}{after}").into_bytes();
                        stream[before.len() + at] = byte;
                        let found = frames_of_reads([&stream[..]]);
                        assert!(
                            found.first().unwrap() == before && found.last().unwrap() == after && found.len() <= 3,
                            "{found:?} in {}",
                            stream.escape_ascii()
                        );
                    }
                }
            }
        }
    }

    const ID: &str = "#353588020144007";

    #[test]
    fn the_byte_behind_decides_what_a_keep_alive_is() {
        let frame = Candidate::Frame(KEEP_ALIVE);
        for (behind, verdict, at_the_end) in [
            ("", Candidate::More(19), frame),
            ("#", frame, frame),
            ("#353588020144007##", frame, frame),
            ("\r\n", frame, frame),
            ("*HQ", frame, frame),
            ("hh", frame, frame),
            // A report, so far.
            ("1", Candidate::More(20), reject(ErrorKind::Incomplete, 19)),
            ("13", Candidate::More(21), reject(ErrorKind::Incomplete, 20)),
            ("1#0000#", Candidate::More(26), reject(ErrorKind::Incomplete, 25)),
            ("1#0000#A", Candidate::More(27), reject(ErrorKind::Incomplete, 26)),
            // None.
            ("1x", frame, frame),
            ("1\r", frame, frame),
            ("1#0000000", frame, frame),
            ("1#0000#0", frame, frame),
            ("1##353588020144007##", frame, frame),
            ("1234567#", frame, frame),
            ("1234567890123456", frame, frame),
            // A password where the flag should be: lines.
            ("0000#", reject(ErrorKind::Field, 20), reject(ErrorKind::Field, 20)),
            ("123456#", reject(ErrorKind::Field, 20), reject(ErrorKind::Field, 20)),
            // The next frame, whose `#` is the last one here.
            ("353588020144007#", reject(ErrorKind::Overlap, 17), reject(ErrorKind::Overlap, 17)),
            ("123456789#", reject(ErrorKind::Overlap, 17), reject(ErrorKind::Overlap, 17)),
            ("12345678#", frame, frame),
            // A report that is damaged behind its header.
            ("1#0000#A\r", reject(ErrorKind::End, 26), reject(ErrorKind::End, 26)),
        ] {
            let window = format!("{ID}##{behind}");
            assert_eq!((found(&window), found_at_the_end(&window)), (verdict, at_the_end), "{window:?}");
        }
    }

    #[test]
    fn a_keep_alive_without_its_end_mark_is_one_where_nothing_follows() {
        for end in ["", "#"] {
            let window = format!("{ID}{end}");
            assert_eq!(found(&window), Candidate::More(window.len() + 1));
            assert_eq!(found_at_the_end(&window), Candidate::Frame(window.len()));
        }
        assert_eq!(found_at_the_end("#35358802014400"), reject(ErrorKind::Incomplete, 15));
        assert_eq!(found_at_the_end(&format!("{ID}\r\n")), reject(ErrorKind::DeviceId, 16));
    }

    #[test]
    fn an_end_mark_stands_where_the_records_end() {
        const RECORD: &str = "V#01748.8277,E,5938.3158,N,0.00,0.00#090913#221512";
        let more = |window: &str| Candidate::More(window.len() + 1);
        let report = |count: &str, rest: &str| format!("{ID}##1#0000#AUT#{count}#{RECORD}{rest}");
        let len = |count: &str, rest: &str| Candidate::Frame(report(count, rest).len());
        for count in ["0", "1", "01"] {
            // At once.
            assert_eq!(found(&report(count, "##")), len(count, "##"));
            assert_eq!(found(&report(count, "##1")), len(count, "##"));
            // No end mark.
            for behind in ["\r", "$", "#\r", "#353588020144007##", "#V#1,E"] {
                assert_eq!(found(&report(count, behind)), len(count, ""), "{behind:?}");
            }
            for (behind, kept) in [("", ""), ("#", "#")] {
                assert_eq!(found(&report(count, behind)), more(&report(count, behind)));
                assert_eq!(found_at_the_end(&report(count, behind)), len(count, kept));
            }
            for (behind, at_the_end) in [(".", ""), (".0", ""), (".00", ""), (".000", ".000"), (".000#", ".000#")] {
                assert_eq!(found(&report(count, behind)), more(&report(count, behind)));
                assert_eq!(found_at_the_end(&report(count, behind)), len(count, at_the_end), "{behind}");
            }
            // Digits of the next frame, whose `#` is missing.
            assert_eq!(found(&report(count, "353588020144007##")), reject(ErrorKind::End, report(count, "").len()));
        }
        // Fewer records than announced: what follows says whether it is the end mark.
        for (behind, verdict) in [("##", more(&report("2", "##"))), ("###", len("2", "##")), ("##\r", len("2", "##")), ("##*", len("2", "##"))] {
            assert_eq!(found(&report("2", behind)), verdict);
            assert_eq!(found_at_the_end(&report("2", behind)), len("2", "##"));
        }
        for behind in ["##0", "##,", "#V"] {
            assert_eq!(found(&report("2", behind)), more(&report("2", behind)));
            assert_eq!(found_at_the_end(&report("2", behind)), reject(ErrorKind::Incomplete, report("2", behind).len()));
        }
        for behind in ["", "#"] {
            assert_eq!(found_at_the_end(&report("2", behind)), reject(ErrorKind::Incomplete, report("2", behind).len()));
        }
        assert_eq!(found(&report("2", "\r")), reject(ErrorKind::End, report("2", "").len()));
        let empty_lbs = format!("#{}##", &RECORD[1..]);
        assert_eq!(found(&report("2", &empty_lbs)), len("2", &empty_lbs));
    }

    #[test]
    fn frames_are_dropped_as_early_as_can_be() {
        let header = format!("{ID}##1#0000#AUT#1#");
        let record = format!("{header}V#1,E,2,N,0,0#090913#22151");
        for (window, kind, offset) in [
            ("##", ErrorKind::DeviceId, 1),
            ("#begin#", ErrorKind::DeviceId, 1),
            ("#806#password##", ErrorKind::DeviceId, 4),
            ("#12345678#", ErrorKind::DeviceId, 9),
            ("#3535880201440071", ErrorKind::DeviceId, 16),
            ("#13800138000##b", ErrorKind::Field, 14),
            ("#13800138000##\r", ErrorKind::Field, 14),
            ("#353588020144007#\r", ErrorKind::Field, 17),
            ("#353588020144007#123456789012345678901234567890123", ErrorKind::Field, 49),
            ("#353588020144007#MT700#000", ErrorKind::Field, 25),
            ("#353588020144007#MT700##", ErrorKind::Field, 23),
            ("#353588020144007#353588020144007#", ErrorKind::Overlap, 16),
            (&format!("{header}353588020144007#"), ErrorKind::Overlap, header.len() - 1),
            (&format!("{header}V#V#V#"), ErrorKind::End, header.len() + 5),
            (&format!("{header}V#1\u{7F}"), ErrorKind::End, header.len() + 3),
            (&format!("{header}V#{}", "1".repeat(65)), ErrorKind::End, header.len() + 2 + 64),
            (&format!("{header}{}", "1".repeat(129)), ErrorKind::End, header.len() + 128),
            (&format!("{record}#"), ErrorKind::End, record.len()),
            (&format!("{header}V#1,E,2,N,0,0##"), ErrorKind::End, header.len() + 14),
            (&format!("{header}V#1,E,2,N,0,0#1#"), ErrorKind::End, header.len() + 15),
            (&format!("{header}V#,,,,,###1"), ErrorKind::End, header.len() + 10),
            ("#353588020144007##1#0000#AUT#123", ErrorKind::End, 31),
            ("#353588020144007##1#0000#AUT##", ErrorKind::End, 29),
            ("#353588020144007##1#0000#ABCDEFGHIJKLMNOPQ", ErrorKind::End, 41),
        ] {
            assert_eq!(found(window), reject(kind, offset), "{window:?}");
            // With the byte that shows it, or with the last of the next header.
            let decided = if kind == ErrorKind::Overlap { window.len() } else { offset + 1 };
            for len in 1..window.len() {
                let verdict = if len < decided { Candidate::More(len + 1) } else { reject(kind, offset) };
                assert_eq!(found(&window[..len]), verdict, "{:?}", &window[..len]);
            }
        }
        assert_eq!(candidate(b"", rules(true)), None);
        assert_eq!(candidate(b"1", rules(true)), None);
    }

    #[test]
    fn frames_larger_than_the_largest_are_dropped() {
        let frame = FRAMES[7];
        for end in [false, true] {
            for (max, verdict) in [(frame.len(), Candidate::Frame(frame.len())), (frame.len() - 1, reject(ErrorKind::Oversize, frame.len() - 2))] {
                assert_eq!(candidate(frame.as_bytes(), Rules::new(max, end)), Some(verdict));
            }
        }
    }

    #[test]
    fn the_first_bytes_tell_what_is_another_protocol() {
        for (bytes, verdict) in [
            ("", Candidate::More(1)),
            ("#", Candidate::More(2)),
            ("#353588020144007", Candidate::More(17)),
            ("#353588020144007#", Candidate::More(18)),
            // What follows a keep-alive decides.
            ("#353588020144007##", Candidate::More(19)),
            ("#353588020144007##\r", Candidate::Frame(19)),
            ("#353588020144007###", Candidate::More(20)),
            ("#353588020144007###3", Candidate::Frame(20)),
            ("#353588020144007##1", Candidate::More(20)),
            ("#353588020144007##1#", Candidate::Frame(20)),
            ("#356823031187318#ab#1", Candidate::More(22)),
            ("#356823031187318#ab#1#", Candidate::Frame(22)),
            ("#13800138000##0#0000#SOS", Candidate::Frame(16)),
            // A user of 5 characters or more hides the flag.
            ("#356823031187318#TK333#1#0000#AUT#10#V#", Candidate::Frame(24)),
            ("#356823033087326#alexwatch#0#0000#SOS#", Candidate::Frame(24)),
            // Lines (spec v680, sections 2 and 4).
            ("#357671030946351#V500#0000#AUTO#1\r\n#$GPRMC", reject(ErrorKind::Field, 24)),
            ("#357671030946351#V500#00", Candidate::More(25)),
            ("#357671030946351#MT700#0", Candidate::More(25)),
            ("#357671030946351#MT700#0000#AUTO", reject(ErrorKind::Field, 25)),
            ("#357671030946351#V500#1234#AUTO#1\r\n#$GPRMC", reject(ErrorKind::Field, 24)),
            ("#357671030946351#V500A#1234#AUTO#1\r\n#$GPRMC", reject(ErrorKind::Field, 25)),
            ("#357671030946351#MT710L#0000#AUTO", reject(ErrorKind::Field, 26)),
            ("#357671030946351#TLT-2H#0000#AUTO", reject(ErrorKind::Field, 26)),
            ("#357671030946351##0000#AUTO#1\r\n#13AE2F8F$GPRMC", reject(ErrorKind::Field, 20)),
            ("#357671030946351###AUTO#1\r\n#$GPRMC", reject(ErrorKind::Field, 19)),
            ("#357671030946351#T1#0000#AUTO#1\r\n", reject(ErrorKind::Field, 22)),
            ("#357671030946351#T1##AUTO#1\r\n", reject(ErrorKind::Field, 20)),
            ("#357671030946351#357671030946351#0000#AUTO#1\r\n", reject(ErrorKind::Field, 17)),
            ("#861075026000000#\r\n#0000#AUTO#1\r\n", reject(ErrorKind::Field, 17)),
            // Others.
            ("##,imei:359586015829802,A;", reject(ErrorKind::DeviceId, 1)),
            ("#L#353588020144007;NA\r\n", reject(ErrorKind::DeviceId, 1)),
            ("#begin#123456#", reject(ErrorKind::DeviceId, 1)),
            ("*HQ,4109179024,V1", reject(ErrorKind::Start, 0)),
            ("GET / HTTP/1.1", reject(ErrorKind::Start, 0)),
        ] {
            assert_eq!(header_verdict(bytes.as_bytes()), verdict, "{bytes:?}");
        }
    }

    #[test]
    fn lines_are_no_frames() {
        // Spec v680, sections 2 and 4.
        let lines = [
            "#860186058100000#MT700#0000#AUTO#1\r\n#39#262,03,8CE6,A672$GPRMC,115419.00,V,,,,,,,050123,,,A*7D\r\n##\r\n",
            "#357671030946351#V500#0000#AUTO#1\r\n#$GPRMC,223835.000,A,0615.3545,S,10708.5779,E,14.62,97.41,070313,,,D*70\r\n##\r\n",
            "#357671030946351##0000#AUTO#1\r\n#25ee0dff$GPRMC,223835.000,A,0615.3545,S,10708.5779,E,14.62,97.41,070313,,,D*70\r\n##\r\n",
            "#357671030946351#357671030946351#0000#0#143#40#40#25#AUTO#2\r\n#25ee0dff$GPRMC,,V,,,,,,,,,,A*5C\r\n##\r\n",
            "#861075026000000#\r\n#0000#AUTO#1\r\n#39$WIFI,115419.00,A,-50,A0B1C2D3E4F5,050123*00\r\n##\r\n",
        ];
        assert_eq!(frames(lines.concat().as_bytes()), [""; 0]);
        let stream: String = lines.iter().flat_map(|line| [*line, FRAMES[1], FRAMES[0]]).collect();
        assert_eq!(frames(stream.as_bytes()), [FRAMES[1], FRAMES[0]].repeat(lines.len()));
    }
}
