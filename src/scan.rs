//! Where does the next frame begin, and where does it end? A pure function of the bytes.
//!
//! It is *prefix-stable*: an answer other than `More` does not change when bytes are appended, but for noise, which may only become longer.
//! That is what makes the decoder's items independent of how the stream was cut.

use crate::{
    error::ErrorKind,
    protocol::{Ahead, Candidate, Frame, Protocol, Rules, candidate, is_start, plain_frame, rejected_by_two},
};
use core::fmt;

/// What stands at the front of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A frame of so many bytes.
    Frame { protocol: Protocol, len: usize },
    /// So many bytes that belong to no frame, at least one. Without a reason they begin nothing at all.
    Noise { len: usize, reason: Option<NoiseReason> },
    /// It takes so many bytes in all, more than there are and not more than the largest frame, before anything can be said.
    More { total: usize },
}

/// Says what stands at the front of `window`. If no byte will follow ([`Rules::end`]) there is always an answer, unless the window is empty.
///
/// `ahead` is what is known of the window, and then of the window behind what was found.
#[inline]
pub(crate) fn scan(window: &[u8], rules: Rules, ahead: &mut Ahead) -> Scan {
    match plain_frame(window, rules.max) {
        Some((protocol, len)) => {
            ahead.advance(len);
            Scan::Frame { protocol, len }
        }
        None => scan_any(window, rules, ahead),
    }
}

/// The same as [`scan`], in one way for all windows.
pub(crate) fn scan_any(window: &[u8], rules: Rules, ahead: &mut Ahead) -> Scan {
    match candidate(window, rules, ahead) {
        Some((protocol, Candidate::Frame(len))) => {
            ahead.advance(len);
            Scan::Frame { protocol, len }
        }
        Some((_, Candidate::More(total))) if !rules.end => Scan::More { total },
        Some((_, Candidate::More(_))) => noise(window, rules, ahead, Some(NoiseReason::Truncated)),
        Some((_, Candidate::Reject(error))) => noise(window, rules, ahead, NoiseReason::of(error.kind)),
        None if window.is_empty() => Scan::More { total: 1 },
        None => noise(window, rules, ahead, None),
    }
}

/// As many bytes of noise as have the reason of the first of them.
#[inline(never)]
fn noise(window: &[u8], rules: Rules, ahead: &mut Ahead, reason: Option<NoiseReason>) -> Scan {
    let mut rest = window;
    // Where `ahead` stands.
    let mut front = window.len();
    loop {
        rest = rest.get(1..).unwrap_or_default();
        let Some(at) = rest.iter().position(|&byte| is_start(byte)) else { break };
        rest = rest.get(at..).unwrap_or_default();
        if rejected_by_two(rest).is_some_and(|kind| goes_on(reason, kind)) {
            continue;
        }
        ahead.advance(front.saturating_sub(rest.len()));
        front = rest.len();
        match candidate(rest, rules, ahead) {
            None => {}
            Some((_, Candidate::Reject(error))) if goes_on(reason, error.kind) => {}
            Some(_) => return Scan::Noise { len: window.len().saturating_sub(rest.len()), reason },
        }
    }
    ahead.advance(front);
    Scan::Noise { len: window.len(), reason }
}

/// Whether noise goes on where a candidate was rejected for this.
#[inline]
fn goes_on(reason: Option<NoiseReason>, kind: ErrorKind) -> bool {
    NoiseReason::of(kind).is_none_or(|next| Some(next) == reason)
}

/// Why bytes belong to no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NoiseReason {
    /// They begin no frame, or nothing that could be one.
    Garbage,
    /// A frame begins here, its header is right, but its end is not where its length says: it was cut short, its length or its end is
    /// damaged, or the stream ends.
    Truncated,
    /// A frame is here in full, but its checksum is wrong: it is damaged.
    Checksum,
    /// A frame begins here that is larger than the decoder takes.
    Oversize,
}

impl NoiseReason {
    /// The name in JSON, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Garbage => "garbage",
            Self::Truncated => "truncated",
            Self::Checksum => "checksum",
            Self::Oversize => "oversize",
        }
    }

    /// `None` if not so much as a start mark is there.
    const fn of(kind: ErrorKind) -> Option<Self> {
        match kind {
            ErrorKind::Start => None,
            ErrorKind::Length | ErrorKind::DeviceId | ErrorKind::Field | ErrorKind::Trailing => Some(Self::Garbage),
            ErrorKind::End | ErrorKind::Overlap | ErrorKind::Incomplete => Some(Self::Truncated),
            ErrorKind::Oversize => Some(Self::Oversize),
            ErrorKind::Checksum => Some(Self::Checksum),
        }
    }
}

impl fmt::Display for NoiseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Bytes that belong to no frame.
///
/// One stretch of noise may come in several pieces, depending on how the stream was cut; joined, they are always the same bytes with the
/// same reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Noise<'a> {
    /// The bytes, as received; at least one.
    pub bytes: &'a [u8],
    /// Why they are not a frame.
    pub reason: NoiseReason,
}

/// What a stream or a datagram is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Item<'a> {
    /// A whole frame.
    Frame(Frame<'a>),
    /// Bytes that belong to no frame.
    Noise(Noise<'a>),
}

impl<'a> Item<'a> {
    /// The bytes of the item. Those of all items, one behind the other, are the bytes that were received.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Frame(frame) => frame.as_bytes(),
            Self::Noise(noise) => noise.bytes,
        }
    }
}

/// Turns what [`scan`] finds into items. Noise that begins nothing goes on with the reason of the noise in front of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Itemizer {
    reason: NoiseReason,
}

impl Itemizer {
    pub(crate) const fn new() -> Self {
        Self { reason: NoiseReason::Garbage }
    }

    #[inline]
    pub(crate) fn frame<'a>(&mut self, protocol: Protocol, bytes: &'a [u8]) -> Item<'a> {
        self.reason = NoiseReason::Garbage;
        Item::Frame(Frame::from_candidate(protocol, bytes))
    }

    pub(crate) fn noise<'a>(&mut self, bytes: &'a [u8], reason: Option<NoiseReason>) -> Item<'a> {
        self.reason = reason.unwrap_or(self.reason);
        Item::Noise(Noise { bytes, reason: self.reason })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn rules(end: bool) -> Rules {
        Rules::new(260, end)
    }

    fn fresh(window: &[u8], rules: Rules) -> Scan {
        scan(window, rules, &mut Ahead::new())
    }

    /// A `gt06` frame with a right checksum, and a length that is wrong by so much.
    fn gt06_frame(long: bool, code: u8, content: &[u8], wrong_by: u8) -> std::vec::Vec<u8> {
        let length = (content.len() as u8 + 5).wrapping_add(wrong_by);
        let mut frame = if long { std::vec![0x79, 0x79, 0, length, code] } else { std::vec![0x78, 0x78, length, code] };
        frame.extend_from_slice(content);
        frame.extend([0x00, 0x01]);
        let crc = crc::Crc::<u16>::new(&crc::CRC_16_IBM_SDLC).checksum(&frame[2..]);
        frame.extend(crc.to_be_bytes());
        frame.extend([0x0D, 0x0A]);
        frame
    }

    fn gt06_piece() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let frame = (any::<bool>(), any::<u8>(), vec(any::<u8>(), 0..40), prop_oneof![4 => Just(0), 1 => any::<u8>()])
            .prop_map(|(long, code, content, wrong_by)| gt06_frame(long, code, &content, wrong_by));
        let carrier = (gt06_frame_in(), vec(any::<u8>(), 0..9)).prop_map(|(inner, more)| gt06_frame(false, 0x12, &[&inner[..], &more].concat(), 0));
        let text = (text_piece(), any::<u8>()).prop_map(|(text, code)| gt06_frame(true, code, &text, 0));
        let damaged = (gt06_frame_in(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut frame, at, byte)| {
            let at = at.index(frame.len());
            frame[at] = byte;
            frame
        });
        let cut = (gt06_frame_in(), any::<prop::sample::Index>()).prop_map(|(frame, at)| frame[..at.index(frame.len())].to_vec());
        prop_oneof![frame, carrier, text, damaged, cut]
    }

    fn gt06_frame_in() -> impl Strategy<Value = std::vec::Vec<u8>> {
        vec(any::<u8>(), 0..40).prop_map(|content| gt06_frame(false, 0x12, &content, 0))
    }

    /// Frames of the text protocols, whole or cut or damaged, and what begins them.
    fn text_piece() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let frame = prop::sample::select(std::vec![
            &b"(013612345678BP00013612345678HSO)"[..],
            b"(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)",
            b"(013612345678BR04\x04\x00h\x00h)",
            b"(013612345678BR04\x20 *HQ,,V0# #353588020144007##1)",
            b"(013612345678AR03\x12xx\x05\x13\x00\x01\xE9\xF1\x0D\x0A*HQ,)",
            b"#353588020144007##",
            b"#353588020144007##1#0000#AUT#1##1748.8277,E,5938.3158,N,0.00,0.00#090913#221512##",
            b"#353588020144007##1#0000#AUT#2#V#1748.8277,E,5938.3158,N,0.00,0.00#090913#221512.000",
            b"#353588020144007#(013612345678BP00)#1#0000#SOS#1#*HQ,1,V0##1,E,2,N,0,0#090913#221512##",
            b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
            b"*HQ,1451316485,SMS,(013612345678BP00) and\r\n more#",
            b"*HQ,1451316485,41,4#V1,145452,A#",
            b"*HQ,,#",
            b"*TH,1,V0#",
        ]);
        let damaged = (frame.clone(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(frame, at, byte)| {
            let mut frame = frame.to_vec();
            let at = at.index(frame.len());
            frame[at] = byte;
            frame
        });
        let cut = (frame.clone(), any::<prop::sample::Index>()).prop_map(|(frame, at)| frame[..at.index(frame.len())].to_vec());
        let carried = (frame.clone(), any::<prop::sample::Index>(), frame.clone()).prop_map(|(frame, at, inner)| {
            let (front, behind) = frame.split_at(at.index(frame.len()));
            [front, inner, behind].concat()
        });
        let marks = prop::sample::select(std::vec![&b"("[..], b"#", b"##", b"*", b"*H", b"*HQ,", b")", b"#\r\n", b" "]);
        prop_oneof![3 => frame.prop_map(<[u8]>::to_vec), 1 => damaged, 1 => cut, 1 => carried, 1 => marks.prop_map(<[u8]>::to_vec)]
    }

    /// Windows rich in what means something, so that all branches are met.
    fn window() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let header = (13..60_u8, any::<u16>(), any::<u8>()).prop_map(|(length, serial, code)| {
            let [s, t] = serial.to_be_bytes();
            std::vec![0x68, 0x68, length, 0, 0, 0x03, 0x58, 0x89, 0x90, 0x58, 0x31, 0x40, 0x17, s, t, if code < 128 { 0x10 } else { 0x1A }]
        });
        let marks = prop::sample::select(std::vec![
            &b"\x0d\x0a"[..],
            b"\x68\x68",
            b"\x88\x88\x08\x1c\x06",
            b"\x54\x68\x1a\x0d\x0a",
            b"\x25",
            b"\x10",
            b"\x78\x78",
            b"\x79\x79\x00",
            b"\x78\x78\x00\x20\x97",
            b"\x78\x78\xff",
            // A heartbeat of each protocol.
            b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a",
            b"\x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x42\xcd\x4b\x0d\x0a",
        ]);
        let piece = prop_oneof![
            header,
            marks.prop_map(<[u8]>::to_vec),
            vec(any::<u8>(), 1..24),
            vec(0..0x10_u8, 1..24),
            gt06_piece(),
            gt06_piece(),
            text_piece(),
            text_piece(),
            text_piece()
        ];
        vec(piece, 1..8).prop_map(|pieces| pieces.concat()).prop_filter("nothing", |window| !window.is_empty())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        #[test]
        fn the_fast_way_says_what_the_general_way_says(window in window()) {
            if let Some((protocol, len)) = plain_frame(&window, 260) {
                prop_assert_eq!(scan_any(&window, rules(false), &mut Ahead::new()), Scan::Frame { protocol, len });
            }
        }

        #[test]
        fn answers_are_prefix_stable(window in window()) {
            let mut before = Scan::More { total: 1 };
            for len in 0..=window.len() {
                let now = fresh(&window[..len], rules(false));
                match (before, now) {
                    (Scan::More { total }, now) if len < total => prop_assert!(matches!(now, Scan::More { .. }), "decided with fewer bytes than were asked for"),
                    (Scan::More { .. }, _) => {}
                    (Scan::Noise { len: before, reason }, Scan::Noise { len, reason: now }) => prop_assert!(before <= len && reason == now),
                    (before, now) => prop_assert_eq!(before, now),
                }
                match now {
                    Scan::More { total } => prop_assert!(len < total && total <= 260),
                    Scan::Noise { len: noise, .. } => prop_assert!(0 < noise && noise <= len),
                    Scan::Frame { len: frame, .. } => prop_assert!(frame <= len && frame <= 260),
                }
                before = now;
            }
        }

        #[test]
        fn the_end_decides_all(window in window()) {
            let end = fresh(&window, rules(true));
            let undecided = matches!(end, Scan::More { .. });
            prop_assert!(!undecided);
            // What was decided without the end stays, but for noise that the end makes longer.
            match (fresh(&window, rules(false)), end) {
                (Scan::More { .. }, _) => {}
                (Scan::Noise { len: before, reason }, Scan::Noise { len, reason: now }) => prop_assert!(before <= len && reason == now),
                (decided, end) => prop_assert_eq!(end, decided),
            }
        }

        #[test]
        fn what_is_known_ahead_changes_no_answer(window in window(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
            let mut cuts: std::vec::Vec<usize> = cuts.iter().map(|cut| cut.index(window.len() + 1)).collect();
            cuts.sort_unstable();
            let (mut ahead, mut front) = (Ahead::new(), 0);
            for (cut, end) in cuts.into_iter().map(|cut| (cut, false)).chain([(window.len(), false), (window.len(), true)]) {
                while front < cut {
                    let there = &window[front..cut];
                    let now = scan(there, rules(end), &mut ahead);
                    match (now, fresh(there, rules(end))) {
                        (Scan::More { .. }, Scan::More { .. }) => {}
                        (now, fresh) => prop_assert_eq!(now, fresh),
                    }
                    match now {
                        Scan::Frame { len, .. } | Scan::Noise { len, .. } => front += len,
                        Scan::More { .. } => break,
                    }
                }
            }
            prop_assert_eq!(front, window.len());
        }
    }
}
