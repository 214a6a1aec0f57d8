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
    /// Whether it is a binary one of `h02`.
    is_binary: bool,
    /// The fewest bytes that it has, if it may end anywhere from there up to 64 bytes.
    least: usize,
    /// It is hardly anything else.
    is_sure: bool,
    /// It may yet lack its end, by its second-best claim.
    lacks_end: bool,
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
            is_binary: false,
            least: 0,
            is_sure: false,
            lacks_end: false,
        }
    }

    /// The bytes of the frame that it is if the next one begins at `until`, and nothing better
    /// comes.
    fn second_best(&self, until: usize) -> Option<usize> {
        let room = until.checked_sub(self.start)?;
        match self.least {
            0 => self
                .second_best
                .map(|(len, _)| len)
                .filter(|&len| len <= room),
            least if room < least => None,
            least => Some(if room <= 64 { room } else { least }),
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
    /// Where it may end at the earliest.
    least_end: usize,
    /// Whether what follows says where it ends.
    ends_by_next: bool,
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
        match G::step(&mut state, bytes[seen - 1], seen as u32).under(&limits) {
            Step::More | Step::WrongSum => {}
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
    it.is_sure = G::is_sure(&state);
    it.lacks_end = !G::has_end_mark(&state);
    Some(it)
}

/// Whether these bytes may begin the core of a binary frame of `h02`, whose id has as many bytes.
fn may_be_core(bytes: &[u8], id: usize) -> bool {
    let has = |at: usize, right: &dyn Fn(u8) -> bool| bytes.get(at).is_none_or(|&b| right(b));
    let digits = |at: usize| has(at, &|b| b >> 4 < 10 && b & 15 < 10);
    let is_up_to = |at: usize, most: &[u8]| {
        let bytes = bytes.get(at..at + most.len());
        bytes.is_none_or(|bytes| bytes <= most)
    };
    let at = |offset: usize| offset + id - 5;
    let is_report = bytes[0] == b'$';
    let status = bytes.get(at(25)..at(29));
    (is_report || bytes[0] == b'X' && id == 5)
        && (1..at(16))
            .chain(at(17)..at(21))
            .chain(at(22)..at(25))
            .all(digits)
        && is_up_to(at(6), &[0x23])
        && [7, 8, 13]
            .iter()
            .all(|&offset| is_up_to(at(offset), &[0x59]))
        && has(at(9), &|day| (1..=0x31).contains(&day))
        && has(at(10), &|month| (1..=0x12).contains(&month))
        && is_up_to(at(12), &[0x90])
        && is_up_to(at(12), &[0x90, 0, 0, 0])
        && is_up_to(at(17), &[0x18])
        && is_up_to(at(17), &[0x18, 0x05])
        && is_up_to(at(17), &[0x18, 0, 0, 0])
        && has(at(18), &|b| b & 15 < 6)
        && has(at(21), &|b| b < 0xA0 && !(is_report && b & 1 == 1))
        && has(at(23), &|b| b & 15 <= 3)
        && bytes
            .get(at(23)..at(25))
            .is_none_or(|b| [b[0] & 15, b[1]] <= [3, 0x60])
        && status.is_none_or(|word| word.iter().map(|b| b.count_ones()).sum::<u32>() >= 20)
}

/// The bytes in the core that these bytes begin with; 0 if it is not whole yet.
fn core(bytes: &[u8]) -> Option<usize> {
    let is_imei = |digits: &[u8]| {
        let digits = digits.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let sum = digits
            .take(15)
            .enumerate()
            .map(|(at, digit)| match (at % 2, digit) {
                (1, 5..) => u32::from(digit) * 2 - 9,
                (odd, _) => u32::from(digit) << odd,
            });
        sum.sum::<u32>() % 10 == 0
    };
    let (short, long) = (may_be_core(bytes, 5), may_be_core(bytes, 8));
    match (short, long) {
        (true, _) if bytes.len() >= 29 => Some(29),
        (_, true) if bytes.len() >= 32 => is_imei(&bytes[1..9]).then_some(32),
        (false, false) => None,
        _ => Some(0),
    }
}

/// The binary candidate of `h02` that begins with these bytes.
fn binary(bytes: &[u8], limits: Limits) -> Option<Candidate> {
    let mut it = Candidate::young(Protocol::H02);
    let max = limits.max as usize;
    let header = core(bytes)?;
    if header == 0 {
        return Some(it);
    }
    it.header = Some(header);
    it.is_binary = true;
    let least = header + 3;
    it.least = least;
    if least > max {
        return None;
    }
    for read in header..=bytes.len() {
        let seen = &bytes[..read];
        let cores = |at: &usize| core(&seen[*at..]) == Some(read - at);
        // The core that is whole by this byte.
        let next = (1..read).find(cores);
        // Bytes that only the id of this one, or a text, begins with.
        let own = [b"$", &bytes[1..header - 23]].concat();
        let own = (1..read).find(|&at| bytes[0] == b'$' && seen[at..] == own[..]);
        let is_maker = |maker: &[u8]| [&b"HQ"[..], b"TH", b"DC", b"XY", b"hq"].contains(&maker);
        let text = (1..read).find(|&at| match seen[at..] {
            [b'*', ref maker @ .., b','] => bytes[0] == b'$' && is_maker(maker),
            _ => false,
        });
        let ends = |at: &usize| (least..=64).contains(at);
        let cuts = |at: &usize| *at < least;
        if let Some(at) = next {
            if bytes[0] == b'X' || at < least {
                return None;
            }
            it.shown = Some(match at {
                ..=64 => (at, Rank::Checksum),
                _ => (least, Rank::Doubtful),
            });
        } else if bytes[0] == b'X' {
            it.shown = (read >= 32).then_some((32, Rank::Doubtful));
        } else if let Some(at) = own.filter(ends).or(text.filter(ends)) {
            it.shown = Some((at, Rank::Checksum));
        } else if text.is_some_and(|at| cuts(&at)) {
            return None;
        } else {
            let may_begin = |at: usize| match seen[at] {
                b'$' | b'X' => core(&seen[at..]) == Some(0),
                b'*' => match seen[at + 1..] {
                    [] => true,
                    [first] => b"HTDXh".contains(&first),
                    [first, second] => is_maker(&[first, second]),
                    _ => false,
                },
                _ => false,
            };
            let waits = read <= 64 || (0..=64).any(may_begin);
            it.shown = (read >= max || !waits).then_some((least, Rank::Doubtful));
        }
        if it.shown.is_some() {
            return Some(it);
        }
    }
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
        let is_vouched_for = match (is_exact(bytes), header, bytes.get(15)) {
            (true, ..) => matches!(bytes[total - 6..total - 2], [0, 0, 0, 0..=0x3F]),
            (false, 13, code) => matches!(code, Some(0x10 | 0x1A | 0x1C)),
            (false, ..) => true,
        };
        let rank = [Rank::Doubtful, Rank::Whole][usize::from(is_vouched_for)];
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
                b'$' | b'X' => binary(bytes, limits),
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
            if new.is_binary {
                continue;
            }
            let kind = |it: &Candidate| match it.protocol {
                Protocol::Gt02 => (it.protocol, self.stream[it.start]),
                protocol => (protocol, 0),
            };
            // Those of the same kind, the new one last.
            let same = all
                .iter()
                .filter(|it| kind(it) == kind(new) && it.header.is_some() && !it.is_binary)
                .filter(|it| it.start <= new.start);
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

    /// Decides all that `n` bytes decide. At the end of the stream, what no byte decides comes
    /// last: each such decision may let the bytes decide more.
    fn decide(&mut self, n: usize, finish: bool) {
        while self.decide_one(n, false) || finish && self.decide_one(n, true) {}
    }

    /// Decides one thing, if there is one.
    fn decide_one(&mut self, n: usize, finish: bool) -> bool {
        let all = self.candidates(n);
        let held = all.iter().find_map(|it| self.believed(it, n, finish));
        let is_held =
            |it: &Candidate| held.is_some_and(|(start, end)| start < it.start && it.start < end);
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
        if let Some(mut claim) = first {
            match self.parked {
                Some(parked) if claim.start >= parked.end => {
                    self.parked = None;
                    self.give_out(parked, n);
                }
                parked => {
                    self.over.insert(claim.start);
                    let end = self.end_of(&claim, n);
                    let is_inside = |it: &Candidate| {
                        let is_other = it.protocol != claim.protocol && it.shown.is_some();
                        is_other && claim.start < it.start && it.start < claim.end
                    };
                    let is_doubted = claim.rank == Rank::Doubtful
                        && all.iter().any(|it| !is_held(it) && is_inside(it));
                    if is_doubted || self.is_beaten(&claim, n) || end < claim.least_end {
                        return true;
                    }
                    claim.end = end;
                    self.parked = parked.filter(|parked| parked.start >= claim.least_end);
                    claim.end = self.parked.map_or(claim.end, |it| it.start.min(claim.end));
                    if !finish && self.parked.is_none() && self.has_rival(&claim, n) {
                        self.parked = Some(claim);
                    } else {
                        self.give_out(claim, n);
                    }
                }
            }
            return true;
        }
        let second_best = Self::second_best(&all, n);
        let is_outlasted = |parked: &Claim| {
            let open = all.iter().filter(|it| it.shown.is_none());
            let mut inside = open.filter(|it| parked.start < it.start);
            let first = inside.find_map(|it| Some((it.start, it.start + it.second_best(n)?)));
            first.is_some_and(|(start, end)| start < parked.end && parked.end < end)
        };
        let is_over = |parked: &Claim| self.is_beaten(parked, n) || finish && is_outlasted(parked);
        if let Some(parked) = self.parked.filter(is_over) {
            self.over.insert(parked.start);
            self.parked = None;
            return true;
        }
        if let Some(parked) = self.parked {
            let has_mark = |it: &Candidate| {
                let is_last = it.protocol == Protocol::V680 && it.start + 1 == parked.end;
                is_last && it.shown.is_none() && n - self.front < self.limits.max as usize
            };
            if finish || !self.has_rival(&parked, n) && !all.iter().any(has_mark) {
                self.parked = None;
                self.give_out(parked, n);
                return true;
            }
        }
        let oldest = all.first().map_or(n, |it| it.start);
        let oldest = self
            .parked
            .map_or(oldest, |parked| parked.start.min(oldest));
        if let Some((it, len, is_final)) = second_best {
            let until = self.parked.map_or(n, |parked| parked.start);
            if finish || is_final && oldest >= it.start && it.start + len <= until {
                self.give_out(claim(it, len, Rank::Whole), n);
                return true;
            }
        }
        self.front = oldest;
        false
    }

    /// The first candidate that is a frame if nothing better comes, and ends before `until`; its
    /// length, and whether it is final. One that may end anywhere ends before one of another
    /// protocol.
    fn second_best(all: &[Candidate], until: usize) -> Option<(&Candidate, usize, bool)> {
        let find = |until: usize, skipped: Option<Protocol>| {
            let open = all.iter().filter(|it| it.shown.is_none());
            let mut open = open.filter(|it| match skipped {
                Some(skipped) => skipped != it.protocol && !it.lacks_end,
                None => true,
            });
            open.find_map(|it| {
                let is_final = it.second_best.is_some_and(|(_, is_final)| is_final);
                Some((it, it.second_best(until)?, is_final))
            })
        };
        let first = find(until, None)?;
        if first.0.least == 0 {
            return Some(first);
        }
        match find(until, Some(first.0.protocol)) {
            Some(next) => find(next.0.start, None).or(Some(next)),
            None => Some(first),
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

    /// Whether a candidate may show that `claim` was cut short.
    fn is_rival(&self, claim: &Claim, it: &Candidate) -> bool {
        let back = match (claim.rank, it.protocol) {
            (Rank::Checksum, _) => 0,
            (Rank::Doubtful, _) => claim.end,
            (Rank::Whole, _) if it.is_sure => claim.end,
            (Rank::Whole, Protocol::Gt02 | Protocol::Gt06) => 6,
            (Rank::Whole, _) if self.stream[it.start] == b'$' => 10,
            (Rank::Whole, _) => 0,
        };
        let from = claim.end.saturating_sub(back).max(claim.start + 1);
        it.shown.is_none() && from <= it.start && it.start < claim.end
    }

    /// Whether a candidate is open that may show that `claim` was cut short.
    fn has_rival(&self, claim: &Claim, n: usize) -> bool {
        let mut all = self.candidates(n).into_iter();
        n - self.front < self.limits.max as usize && all.any(|it| self.is_rival(claim, &it))
    }

    /// Whether a candidate shows that `claim` was cut short: it is a frame if nothing better comes,
    /// or it is sure and the buffer is full.
    fn is_beaten(&self, claim: &Claim, n: usize) -> bool {
        let all = self.candidates(n).into_iter();
        let is_full = n - self.front >= self.limits.max as usize;
        if is_full
            && all
                .clone()
                .any(|it| it.is_sure && self.is_rival(claim, &it))
        {
            return true;
        }
        let mut second_best = all.filter(|it| !it.lacks_end && it.second_best(n).is_some());
        second_best.any(|it| {
            let is_last = it.protocol == Protocol::V680 && it.start + 1 == claim.end;
            let shares_mark = is_last && claim.rank == Rank::Whole && it.shown.is_none();
            shares_mark || self.is_rival(claim, &it)
        })
    }

    /// Where a frame ends that may end anywhere: before one of another protocol.
    fn end_of(&self, claim: &Claim, n: usize) -> usize {
        let all = self.candidates(n).into_iter();
        let others = all.filter(|it| it.protocol != claim.protocol && it.start > claim.start);
        let is_whole = |it: &Candidate| match it.shown {
            Some((len, _)) => it.start + len <= claim.end,
            None => !it.lacks_end && it.second_best(claim.end).is_some(),
        };
        let mut inner = others.filter(|it| claim.ends_by_next && is_whole(it));
        inner.next().map_or(claim.end, |it| it.start)
    }

    /// Gives out a frame, and before it the second-best ones that end before it.
    fn give_out(&mut self, frame: Claim, n: usize) {
        loop {
            let all = self.candidates(n);
            let before = Self::second_best(&all, frame.start);
            let before = before.map(|(it, len, _)| claim(it, len, Rank::Whole));
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
        least_end: it.start + if it.least > 0 { it.least } else { len },
        ends_by_next: it.least > 0,
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
    let (mut n, mut is_end) = (0, false);
    while !is_end {
        // It stops at each byte that may decide something.
        n += engine.read(&stream[n..]);
        is_end = n == stream.len() && !engine.is_unsettled();
        while let Some(event) = engine.next(is_end) {
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

/// The core of a `$` frame of `h02`.
const CORE: &[u8] =
    b"\x24\x41\x06\x00\x08\x26\x21\x53\x21\x31\x08\x15\x04\x41\x93\x90\x06\x07\x40\x41\
    \x83\x06\x00\x00\x00\xff\xff\xfb\xfd";

/// The core of a record of `h02`.
const RECORD: &[u8] =
    b"\x58\x00\x00\x98\x14\x99\x10\x24\x03\x11\x01\x17\x55\x40\x22\x70\x06\x01\x23\
    \x21\x67\x0c\x00\x00\x95\xff\xff\xfb\xff";

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
    b"$",
    b"X",
    b"\x24\x24\x23\x29",
    b"\x24\x41\x06\x00\x08\x26",
    CORE,
    RECORD,
    b"*HQ,",
    b"\xff\x00\x1f",
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
