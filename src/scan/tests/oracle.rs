//! The rule of the [engine](crate::scan) as a function of whole prefixes, and a test that the
//! engine finds the same.
//!
//! For each prefix of a stream, the oracle works out anew what becomes of the candidate at each
//! place, from its bytes alone. It keeps only what the rule itself remembers: which frames were
//! given out, which one is parked, and which candidates were ended by others.
//!
//! The test compares the frames, their protocols, their places in the stream, and the byte with
//! which each comes; so it compares noise too, but not its reasons. It covers all protocols and all
//! of the rule. The oracle uses three parts of the code: the grammars of the text protocols, the
//! check of a header of `gt02` (`sniff`), and the documented lengths of `gt06` (`is_believed`).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

extern crate std;

use super::quick::enabled_samples;
use crate::{
    framing::{Framing, Grammar, Limits, Rank, Step, Wire, testing},
    protocol::{gt02, gt06, h02, tk103, v680},
    scan::{Engine, Event},
    types::Protocol,
};
use proptest::{collection::vec, prelude::*, sample::Index, sample::select};
use std::{collections::BTreeSet, vec::Vec};

/// A frame: its protocol, and where it begins and ends.
type Row = (Protocol, usize, usize);

static CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_IBM_SDLC);

/// What the bytes so far say of a candidate that may still be a frame.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    protocol: Protocol,
    start: usize,
    /// Bytes in its header, once that is whole.
    header: Option<usize>,
    /// It is a frame of this length.
    shown: Option<(usize, Rank)>,
    /// It is a frame of this length if nothing better comes; and whether nothing better can come.
    second_best: Option<(usize, bool)>,
    /// Bytes in it, by its length.
    total: usize,
}

impl Candidate {
    const fn young(protocol: Protocol) -> Self {
        Self {
            protocol,
            start: 0,
            header: None,
            shown: None,
            second_best: None,
            total: 0,
        }
    }
}

/// A frame that won, or waits for it.
#[derive(Clone, Copy, Debug)]
struct Claim {
    protocol: Protocol,
    start: usize,
    end: usize,
    rank: Rank,
}

/// The candidate of a grammar that begins with these bytes.
fn text<G: Grammar>(bytes: &[u8], has_mark: bool, limits: Limits) -> Option<Candidate> {
    let mut state = match has_mark {
        true => G::begin(bytes[0])?,
        false => G::begin_after_mark()?,
    };
    let max = G::MAX_FRAME_LEN.min(limits.max as usize);
    let mut it = Candidate::young(G::PROTOCOL);
    for seen in usize::from(has_mark) + 1..=bytes.len() {
        match G::step(&mut state, bytes[seen - 1], seen as u32) {
            Step::More => {}
            Step::Header => it.header = Some(seen),
            Step::Frame { len, rank } => {
                it.shown = Some((len as usize, rank));
                return Some(it);
            }
            Step::Reject(_) => return None,
        }
        if seen == max {
            let len = G::second_best(&state, seen as u32)?;
            it.shown = Some((len as usize, Rank::Doubtful));
            return Some(it);
        }
    }
    let second_best = G::second_best(&state, bytes.len() as u32);
    it.second_best = second_best.map(|len| (len as usize, false));
    Some(it)
}

/// The candidate of `gt02` that begins with these bytes.
fn gt02(bytes: &[u8], limits: Limits) -> Option<Candidate> {
    let mut it = Candidate::young(Protocol::Gt02);
    let has = |at: usize, right: &dyn Fn(u8) -> bool| bytes.get(at).is_none_or(|&b| right(b));
    let header = match bytes[0] {
        0x54 => {
            it.header = (bytes.len() >= 5).then_some(5);
            it.shown = it.header.map(|len| (len, Rank::Whole));
            let is_right = bytes.starts_with(&gt02::ACK) || gt02::ACK.starts_with(bytes);
            return is_right.then_some(it);
        }
        0x68 if matches!(gt02::Framer::sniff(bytes), Framing::Invalid { .. }) => return None,
        0x68 => 13,
        _ => {
            let is_right = has(1, &|b| b == 0x88) && has(2, &|b| b >= 7) && has(3, &|b| b == 0x1C);
            if !is_right || !has(4, &|b| b == bytes[2] - 2) {
                return None;
            }
            5
        }
    };
    if bytes.len() < header {
        return Some(it);
    }
    it.header = Some(header);
    it.total = usize::from(bytes[2]) + 5;
    let (total, max) = (it.total, limits.max as usize);
    let is_text = header == 13 || (9..total - 2).all(|at| has(at, &|b| matches!(b, b' '..=b'~')));
    if total > max || !is_text || !has(total - 2, &|b| b == 0x0D) || !has(total - 1, &|b| b == 0x0A)
    {
        return None;
    }
    if bytes.len() >= total {
        let is_documented = matches!(bytes[total - 6..total - 2], [0, 0, 0, 0..=0x3F]);
        let is_doubtful = is_exact(bytes) && !is_documented;
        let rank = [Rank::Whole, Rank::Doubtful][usize::from(is_doubtful)];
        it.shown = Some((total, rank));
    }
    Some(it)
}

/// Whether a frame of `gt02` is a location of exactly the documented length.
fn is_exact(bytes: &[u8]) -> bool {
    bytes[0] == 0x68 && bytes[2] == 0x25 && bytes.get(15) == Some(&0x10)
}

/// The candidate of `gt06` that begins with these bytes.
fn gt06(bytes: &[u8], limits: Limits) -> Option<Candidate> {
    let mut it = Candidate::young(Protocol::Gt06);
    let (header, length, uncounted) = match *bytes {
        [_] => return Some(it),
        [first, second, ..] if first != second => return None,
        [0x78, _, 0, l, 0x97, ..] => (5, usize::from(l), 6),
        [0x78, _, 0, _, _, ..] => return None,
        [0x78, _, l, ..] if l > 0 => (3, usize::from(l), 5),
        [0x79, _, high, low, ..] => (4, usize::from(u16::from_be_bytes([high, low])), 6),
        _ => return Some(it),
    };
    let (seen, max) = (bytes.len(), limits.max as usize);
    let total = length + uncounted;
    if length < 5 || total > max {
        return None;
    }
    it.header = Some(header);
    it.total = total;
    let has_end = |len: usize| bytes[..len].ends_with(b"\r\n");
    let is_right = |len: usize| {
        has_end(len) && CRC.checksum(&bytes[2..len - 4]).to_be_bytes() == bytes[len - 4..len - 2]
    };
    if seen >= total && is_right(total) {
        it.shown = Some((total, Rank::Checksum));
    }
    let most = 96.min(max);
    let repaired = (10..=seen.min(most)).find(|&len| len != total && is_right(len));
    let is_accepted = limits.accept_bad_crc && seen >= total && has_end(total);
    let accepted = is_accepted.then_some(total);
    let second_best = repaired.into_iter().chain(accepted).min();
    it.second_best = second_best.map(|len| (len, seen >= total));
    let is_over = it.shown.is_none() && second_best.is_none() && seen >= total.max(most);
    (!is_over).then_some(it)
}

/// The rule.
struct Rule<'a> {
    stream: &'a [u8],
    limits: Limits,
    /// The first byte that is not decided.
    front: usize,
    /// Where candidates begin that others ended, or that were claims.
    over: BTreeSet<usize>,
    parked: Option<Claim>,
    /// Where a frame may begin whose start mark is the end mark of the frame before.
    after_mark: Option<usize>,
    /// Each frame, and how many bytes were read when it was given out.
    frames: Vec<(usize, Row)>,
}

impl Rule<'_> {
    /// The candidates that `n` bytes leave, by their starts.
    fn candidates(&self, n: usize) -> Vec<Candidate> {
        let places = (self.front..n).filter(|start| !self.over.contains(start));
        let found = places.filter_map(|start| {
            let (bytes, limits) = (&self.stream[start..n], self.limits);
            let it = match bytes[0] {
                0x54 | 0x68 | 0x88 => gt02(bytes, limits),
                0x78 | 0x79 => gt06(bytes, limits),
                b'(' => text::<tk103::Framer>(bytes, true, limits),
                b'*' => text::<h02::Framer>(bytes, true, limits),
                b'#' => text::<v680::Framer>(bytes, true, limits),
                b'0'..=b'9' if self.after_mark == Some(start) => {
                    text::<v680::Framer>(bytes, false, limits)
                }
                _ => None,
            }?;
            Some(Candidate { start, ..it })
        });
        found.filter(|it| it.protocol.is_enabled()).collect()
    }

    /// Ends the candidates that others end by the last of `n` bytes.
    ///
    /// A whole header ends the oldest one of its kind if there are too many. Frames that were shown
    /// and are held back stay, but there is room for one or two of a kind; where it lacks, the
    /// first stays.
    fn end_others(&mut self, n: usize) {
        let all = self.candidates(n);
        let is_device = |it: &Candidate| self.stream[it.start] == 0x68;
        for new in &all {
            if new.header != Some(n - new.start) {
                continue;
            }
            let kind = |it: &Candidate| match it.protocol {
                Protocol::Gt02 => (it.protocol, self.stream[it.start]),
                protocol => (protocol, 0),
            };
            // Those of the same kind, the new one last.
            let same = all
                .iter()
                .filter(|it| kind(it) == kind(new) && it.header.is_some() && it.start <= new.start);
            let same: Vec<&Candidate> = same.collect();
            let (may_be_open, room) = match kind(new) {
                (Protocol::Gt06, _) => (usize::MAX, 16),
                (Protocol::V680, _) | (_, 0x68) => (2, 2),
                (Protocol::Gt02, _) => (1, 1),
                _ => (1, 2),
            };
            let mut open = same.iter().filter(|it| it.shown.is_none());
            let ended = if open.clone().count() > may_be_open {
                open.next()
            } else if same.len() > room {
                let older = open.next().filter(|it| it.start < new.start && room == 2);
                older.or(same.get(1))
            } else {
                None
            };
            self.over.extend(ended.map(|it| it.start));
        }
        // What is in a frame of a device may show that it was cut short.
        let is_open = |it: &&Candidate| is_device(it) && it.header.is_some() && it.shown.is_none();
        let open: Vec<&Candidate> = all.iter().filter(is_open).collect();
        let code = |it: &Candidate| self.stream[..n].get(it.start + 15).copied();
        let is_known = |code: u8| matches!(code, 0x10 | 0x1A | 0x1C);
        for outer in &open {
            let Some(own) = code(outer) else { continue };
            let is_exact = is_exact(&self.stream[outer.start..n]);
            let is_cut_by = |inner: &&Candidate| {
                let is_after_type = inner.start >= outer.start + 16;
                inner.start > outer.start
                    && match (is_known(own), is_exact) {
                        (false, _) => true,
                        (true, true) => is_after_type && code(inner).is_some_and(is_known),
                        (true, false) => is_after_type,
                    }
            };
            let is_cut_by_boundary = !is_exact && self.stream[..n].ends_with(b"\r\n\x68\x68");
            if open.iter().copied().any(|inner| is_cut_by(&inner)) || is_cut_by_boundary {
                self.over.insert(outer.start);
            }
        }
    }

    /// Decides all that `n` bytes decide.
    fn decide(&mut self, n: usize, finish: bool) {
        loop {
            let all = self.candidates(n);
            let held = all.iter().find_map(|it| self.believed(it, n, finish));
            let is_held = |it: &Candidate| {
                held.is_some_and(|(start, end)| start < it.start && it.start < end)
            };
            let shown = all.iter().filter(|it| !is_held(it)).filter_map(|it| {
                let (len, rank) = it.shown?;
                Some(claim(it, len, rank))
            });
            // The first; one with a checksum; the outermost, but of `gt02` the innermost.
            let first = shown.reduce(|a, b| {
                let is_better = if a.end != b.end {
                    b.end < a.end
                } else if (a.rank == Rank::Checksum) != (b.rank == Rank::Checksum) {
                    b.rank == Rank::Checksum
                } else {
                    a.protocol == Protocol::Gt02 && b.protocol == Protocol::Gt02
                };
                if is_better { b } else { a }
            });
            if let Some(claim) = first {
                match self.parked.take() {
                    Some(parked) if claim.start >= parked.end => self.give_out(parked, n),
                    _ => {
                        self.over.insert(claim.start);
                        if !finish && self.has_rival(&claim, n) {
                            self.parked = Some(claim);
                        } else {
                            self.give_out(claim, n);
                        }
                    }
                }
                continue;
            }
            let second_best = all.iter().find_map(|it| Some((it, it.second_best?)));
            if let Some(parked) = self.parked {
                if finish || !self.has_rival(&parked, n) {
                    self.parked = None;
                    let is_inside = |start| parked.start < start && start < parked.end;
                    if !(finish && second_best.is_some_and(|(it, _)| is_inside(it.start))) {
                        self.give_out(parked, n);
                    }
                    continue;
                }
            }
            let oldest = all.first().map_or(n, |it| it.start);
            let oldest = self
                .parked
                .map_or(oldest, |parked| parked.start.min(oldest));
            if let Some((it, (len, is_final))) = second_best {
                if finish || is_final && oldest >= it.start {
                    self.give_out(claim(it, len, Rank::Whole), n);
                    continue;
                }
            }
            self.front = oldest;
            return;
        }
    }

    /// Where a candidate begins and ends that holds back what is inside.
    fn believed(&self, it: &Candidate, n: usize, finish: bool) -> Option<(usize, usize)> {
        let end = it.start + it.total;
        let bytes = &self.stream[it.start..n];
        let is_believed = it.header.is_some()
            && match (it.protocol, it.shown) {
                (Protocol::Gt02, None | Some((_, Rank::Whole))) => is_exact(bytes),
                (Protocol::Gt06, shown) => {
                    gt06::Framer::is_believed(bytes) && (shown.is_some() || n < end)
                }
                _ => false,
            };
        (is_believed && (it.shown.is_some() || !finish)).then_some((it.start, end))
    }

    /// Whether a candidate is open that may show that `claim` was cut short.
    fn has_rival(&self, claim: &Claim, n: usize) -> bool {
        let inside = claim.start + 1;
        let from = match claim.rank {
            Rank::Checksum => return false,
            Rank::Whole => inside.max(claim.end.saturating_sub(6)),
            Rank::Doubtful => inside,
        };
        let is_rival = |it: &Candidate| {
            let is_binary = matches!(it.protocol, Protocol::Gt02 | Protocol::Gt06);
            let may = is_binary || claim.rank == Rank::Doubtful;
            may && it.shown.is_none() && from <= it.start && it.start < claim.end
        };
        n - self.front < self.limits.max as usize && self.candidates(n).iter().any(is_rival)
    }

    /// Gives out a frame, and before it the second-best ones that end before it.
    fn give_out(&mut self, frame: Claim, n: usize) {
        loop {
            let all = self.candidates(n);
            let before = all.iter().find_map(|it| {
                let second_best = claim(it, it.second_best?.0, Rank::Whole);
                (second_best.end <= frame.start).then_some(second_best)
            });
            let next = before.unwrap_or(frame);
            self.front = next.end;
            let is_shared = next.end == n && self.stream[n - 1] == b'#';
            self.after_mark = is_shared.then_some(n);
            self.parked = self.parked.filter(|parked| parked.start >= next.end);
            self.frames.push((n, (next.protocol, next.start, next.end)));
            if before.is_none() {
                return;
            }
        }
    }
}

/// The claim that the first `len` bytes of a candidate are a frame.
fn claim(it: &Candidate, len: usize, rank: Rank) -> Claim {
    Claim {
        protocol: it.protocol,
        start: it.start,
        end: it.start + len,
        rank,
    }
}

fn by_the_rule(stream: &[u8], limits: Limits) -> Vec<(usize, Row)> {
    let mut rule = Rule {
        stream,
        limits,
        front: 0,
        over: BTreeSet::new(),
        parked: None,
        after_mark: None,
        frames: Vec::new(),
    };
    for n in 1..=stream.len() {
        rule.end_others(n);
        rule.decide(n, false);
    }
    rule.decide(stream.len(), true);
    rule.frames
}

fn by_the_engine(stream: &[u8], limits: Limits) -> Vec<(usize, Row)> {
    let mut engine = Engine::new(limits);
    let (mut frames, mut front) = (Vec::new(), 0);
    let steps = stream.iter().map(Some).chain([None]);
    for (at, byte) in steps.enumerate() {
        let n = stream.len().min(at + 1);
        if let Some(&byte) = byte {
            engine.push(byte);
        }
        while let Some(event) = engine.next(byte.is_none()) {
            let end = front + event.len();
            if let Event::Frame { protocol, .. } = event {
                frames.push((n, (protocol, front, end)));
            }
            front = end;
        }
    }
    assert_eq!(front, stream.len());
    frames
}

/// What begins much: believed headers, short frames, frames that wait, marks in a row.
const CROWD: testing::Samples = &[
    b"\x78\x78\x1f\x12",
    b"\x78\x78\x3b\x18",
    b"\x78\x78\x0a\x13\x44",
    b"\x78\x78\x05\x13\x00\x02\xdb\x6a\x0d\x0a",
    b"\x78\x78\x78\x78\x79\x79",
    b"\x79\x79\x00\x79\x79\x00\x78\x78",
    b"\x68\x68\x25\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x01\x10",
    b"\x68\x68\x0d\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x01\x1a\x0d\x0a",
    b"\x54\x68\x1a\x0d\x0a",
    b"\x88\x88\x07\x1c\x05\x00\x00\x00\x01\x41\x0d\x0a",
    b"(0270424117AP00)",
    b"(027042411793BR04)",
    b"(027042411793BR04\x02",
    b"*HQ,1,V0#",
    b"*HQ,1,V1,#",
    b"*HQ,1,4#",
    b"#353588020144007##",
    b"#353588020144007#",
    b"#123456#",
    b"\x0d\x0a",
    b"\x00",
];

/// Streams of frames, cut and damaged, and crowded ones.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let frames = || testing::stream(enabled_samples(), enabled_samples());
    let crowd = || vec(select(CROWD), 1..24).prop_map(|pieces| pieces.concat());
    let inside = (frames(), any::<Index>(), crowd()).prop_map(|(stream, at, crowd)| {
        let (front, rest) = stream.split_at(at.index(stream.len() + 1));
        [front, &crowd, rest].concat()
    });
    let piece = prop_oneof![2 => frames(), 1 => crowd(), 1 => inside];
    vec(piece, 1..3).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Each frame comes with the same byte, too.
    #[test]
    fn the_engine_keeps_the_rule(
        stream in streams(),
        max in select(&[64, 260, 1024][..]),
        accept_bad_crc in any::<bool>(),
    ) {
        let limits = Limits { accept_bad_crc, ..Limits::new(max) };
        let (found, right) = (by_the_engine(&stream, limits), by_the_rule(&stream, limits));
        prop_assert_eq!(found, right, "{}", stream.escape_ascii());
    }
}

/// Where the engine once did not keep the rule.
#[test]
#[cfg(all(feature = "gt06", feature = "tk103", feature = "h02"))]
fn the_engine_keeps_the_rule_here() {
    // The first holds back what is inside until its own end, whatever comes there.
    let held = [b"xx\x1f\x12(0000000000AR00)", &[0; 17][..]].concat();
    // A frame that is held back stays where another one begins.
    let two = b"xx\x1f\x12*HQ,,#*HQ,0".to_vec();
    // Two that are held back: the one that ends first.
    let nested =
        b"hh%\0\0\0\0\0\0\0\0\0\0\0\0\x10yy\0\x0f\xa2xx\x05\x13\0\x02\xdbj\r\n\0\x01\xb4\xa7\r\n";
    // A header inside is over before the one around it.
    let late = [b"xxy(0000000000AR03\x02\0\0xx)", &[0; 95][..]].concat();
    for stream in [held, two, nested.to_vec(), late] {
        let right = by_the_rule(&stream, testing::ALL);
        assert_eq!(by_the_engine(&stream, testing::ALL), right);
        assert_eq!(right.len(), 1, "{}", stream.escape_ascii());
    }
    // A frame with a wrong length before one that wins, inside a damaged one that is accepted.
    let outer = [b"xxx", &[0; 54][..]].concat();
    let inner = [
        testing::gt06(false, 1, &[0; 22], 9),
        testing::gt06(false, 1, &[0; 26], 0),
    ];
    let stream = [outer, inner.concat()].concat();
    let limits = Limits {
        accept_bad_crc: true,
        ..testing::ALL
    };
    let right = by_the_rule(&stream, limits);
    assert_eq!(right.len(), 2);
    assert_eq!(by_the_engine(&stream, limits), right);
}
