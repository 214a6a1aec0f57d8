//! A connection with a virtual clock: frames come in time, deadlines are kept, and nothing is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

mod support;

use gt02::{
    Connection, Decoder, Wait,
    connection::{Event, Idle, Limits, Now},
};
use proptest::{collection::vec, prelude::*, sample::Index};
use std::time::Duration;
use support::{CAPACITY, Owned, any_stream, config, items, join, ordinary_frame};

const SILENCE: Duration = Limits::DEFAULT.silence;
const REST: Duration = Limits::DEFAULT.rest;

/// What came of a connection, and when.
#[derive(Default)]
struct Log {
    items: Vec<(Duration, Owned)>,
    other: Vec<(Duration, &'static str)>,
}

impl Log {
    fn note(&mut self, at: Duration, event: Event<'_>) {
        match event {
            Event::Frame { frame, .. } => {
                self.items
                    .push((at, Owned::Frame(frame.as_bytes().to_vec())));
            }
            Event::Noise(noise) => {
                let owned = Owned::Noise(noise.reason, noise.bytes.to_vec());
                self.items.push((at, owned));
            }
            Event::Overdue => self.other.push((at, "overdue")),
            Event::Nameless => self.other.push((at, "nameless")),
            Event::Dead => self.other.push((at, "dead")),
            _ => panic!("an event without a name here"),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.items
            .iter()
            .flat_map(|it| it.1.bytes().to_vec())
            .collect()
    }
}

/// A server that does as the documentation says, over reads at these times.
fn serve(limits: Limits, reads: &[(Duration, Vec<u8>)], until: Duration) -> Log {
    serve_with(limits, reads, until, |_| {})
}

/// Lets go of the decoder wherever it may, and makes a new one.
fn rest(connection: &mut Connection<CAPACITY>) {
    if let Some(idle) = connection.idle() {
        assert_eq!(idle.deadline(), connection.deadline());
        assert_eq!(idle.session().device(), connection.session().device());
        *connection = idle.resume();
    }
}

/// A server like [`serve`] that does something whenever there is no more to do.
fn serve_with(
    limits: Limits,
    reads: &[(Duration, Vec<u8>)],
    until: Duration,
    between: fn(&mut Connection<CAPACITY>),
) -> Log {
    let mut connection = Connection::<CAPACITY>::new(limits, Now::new(Duration::ZERO));
    let mut log = Log::default();
    let wait_until = |connection: &mut Connection<CAPACITY>, log: &mut Log, end: Duration| {
        // Each deadline leads to an event, or to another one later.
        let mut calls = 0;
        while let Some(deadline) = connection.deadline().filter(|&deadline| deadline < end) {
            while let Some(event) = connection.timeout(Now::new(deadline)) {
                log.note(deadline, event);
            }
            between(connection);
            calls += 1;
            assert!(calls < 10, "deadlines that lead nowhere");
        }
    };
    for (at, read) in reads {
        wait_until(&mut connection, &mut log, *at);
        let mut input = &read[..];
        while let Some(event) = connection.receive(&mut input, Now::new(*at)) {
            log.note(*at, event);
        }
        assert!(input.is_empty());
        between(&mut connection);
    }
    wait_until(&mut connection, &mut log, until);
    while let Some(event) = connection.end(Now::new(until)) {
        log.note(until, event);
    }
    assert_eq!(connection.deadline(), None, "nothing follows the end");
    assert!(connection.timeout(Now::new(Duration::MAX)).is_none());
    log
}

/// Reads of a stream, with pauses of these milliseconds before them.
fn reads(stream: &[u8], cuts: &[(Index, u64)]) -> Vec<(Duration, Vec<u8>)> {
    let place = |cut: &(Index, u64)| (cut.0.index(stream.len() + 1), cut.1);
    let mut cuts: Vec<_> = cuts.iter().map(place).collect();
    cuts.sort_unstable();
    cuts.dedup_by_key(|cut| cut.0);
    let (mut at, mut from, mut reads) = (Duration::ZERO, 0, Vec::new());
    for (to, pause) in cuts.into_iter().chain([(stream.len(), 0)]) {
        reads.push((at, stream[from..to].to_vec()));
        at += Duration::from_millis(pause);
        from = to;
    }
    reads
}

fn never() -> Limits {
    let mut limits = Limits::DEFAULT;
    limits.login = Duration::MAX;
    limits.overdue = None;
    limits.dead = Duration::MAX;
    limits
}

proptest! {
    #![proptest_config(config(1000))]

    /// Whatever the pauses, every byte comes out in order.
    #[test]
    fn nothing_is_lost(
        stream in any_stream(),
        cuts in vec((any::<Index>(), 0_u64..8000), 0..12),
    ) {
        let reads = reads(&stream, &cuts);
        let log = serve(never(), &reads, Duration::from_secs(200));
        prop_assert_eq!(log.bytes(), stream);
        prop_assert!(log.items.is_sorted_by_key(|it| it.0));
    }

    /// A connection that is kept without its decoder wherever it may be finds the same.
    #[test]
    fn a_connection_goes_on_without_its_decoder(
        stream in any_stream(),
        cuts in vec((any::<Index>(), 0_u64..8000), 0..40),
    ) {
        let (reads, until) = (reads(&stream, &cuts), Duration::from_secs(2000));
        let one = serve(Limits::DEFAULT, &reads, until);
        let other = serve_with(Limits::DEFAULT, &reads, until, rest);
        prop_assert_eq!(one.items, other.items);
        prop_assert_eq!(one.other, other.other);
    }

    /// Pauses shorter than a silence change nothing.
    #[test]
    fn short_pauses_do_not_matter(
        stream in any_stream(),
        cuts in vec((any::<Index>(), 0_u64..300), 0..12),
    ) {
        let reads = reads(&stream, &cuts);
        let log = serve(never(), &reads, Duration::from_secs(200));
        let found = log.items.into_iter().map(|it| it.1).collect();
        prop_assert_eq!(join(found), join(items(&stream)));
    }

    /// No frame comes later than a silence after its last byte, if silence follows it.
    #[test]
    fn no_frame_waits_longer_than_a_silence(
        frames in vec((ordinary_frame(), 301_u64..4000), 1..6),
        cuts in vec(any::<Index>(), 0..6),
    ) {
        let (mut reads, mut at, mut sent) = (Vec::new(), Duration::ZERO, Vec::new());
        for (frame, pause) in &frames {
            let mut places: Vec<_> = cuts.iter().map(|it| it.index(frame.len() + 1)).collect();
            places.extend([0, frame.len()]);
            places.sort_unstable();
            for place in places.windows(2) {
                at += Duration::from_millis(20);
                reads.push((at, frame[place[0]..place[1]].to_vec()));
            }
            // Read nothing: the last byte may have come before.
            let last = reads.iter().rfind(|read| !read.1.is_empty()).unwrap().0;
            sent.push((last, frame.clone()));
            at += Duration::from_millis(*pause);
        }
        let log = serve(never(), &reads, at + Duration::from_secs(60));
        prop_assert_eq!(log.items.len(), sent.len());
        for ((at, item), (last, frame)) in log.items.iter().zip(&sent) {
            prop_assert_eq!(item, &Owned::Frame(frame.clone()));
            prop_assert!(*at <= *last + SILENCE, "{:?} {:?}", at, last);
        }
    }

    /// The beginning of a frame is noise when its rest has not come in time.
    #[test]
    fn a_beginning_does_not_wait_for_ever(frame in ordinary_frame(), at in any::<Index>()) {
        let beginning = frame[..1 + at.index(frame.len() - 1)].to_vec();
        let reads = [(Duration::ZERO, beginning.clone())];
        let log = serve(never(), &reads, Duration::from_secs(60));
        prop_assert_eq!(log.bytes(), beginning);
        prop_assert!(log.items.iter().all(|it| it.0 <= REST));
    }

    /// [`Decoder::wait`] says what [`Decoder::finish`] does.
    #[test]
    fn a_decoder_knows_what_it_waits_for(stream in any_stream(), end in any::<Index>()) {
        let mut decoder = Decoder::<CAPACITY>::new();
        let end = end.index(stream.len() + 1);
        for read in [&stream[..end / 2], &stream[end / 2..end]] {
            let mut input = read;
            while decoder.decode(&mut input).is_some() {}
            let (wait, pending) = (decoder.wait(), decoder.pending_len());
            let mut copy = decoder.clone();
            let (mut frames, mut others) = (0, 0);
            while let Some(item) = copy.finish() {
                let is_frame = matches!(item, gt02::Item::Frame(_));
                if is_frame { frames += 1 } else { others += 1 }
            }
            let expected = match (frames, others) {
                (0, 0) => Wait::Nothing,
                (0, _) => Wait::Rest,
                _ => Wait::Silence,
            };
            prop_assert_eq!(wait, expected);
            prop_assert_eq!(decoder.pending_len(), pending);
        }
    }
}

const HEARTBEAT: &[u8] =
    b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";

/// What a device is told that says nothing after these times.
fn told(frames: &[u64], until: u64) -> Vec<(u64, &'static str)> {
    let read = |second: &u64| (Duration::from_secs(*second), HEARTBEAT.to_vec());
    let reads: Vec<_> = frames.iter().map(read).collect();
    let log = serve(Limits::DEFAULT, &reads, Duration::from_secs(until));
    assert_eq!(log.items.len(), frames.len());
    log.other.iter().map(|it| (it.0.as_secs(), it.1)).collect()
}

#[test]
fn a_device_that_says_nothing_is_told_in_time() {
    let expected = [(60, "nameless"), (600, "overdue"), (1800, "dead")];
    assert_eq!(told(&[], 100_000), expected);
    assert_eq!(told(&[], 1800), expected[..2], "not before its time");
}

#[test]
fn a_frame_starts_the_deadlines_anew() {
    assert_eq!(told(&[10], 100_000), [(610, "overdue"), (1810, "dead")]);
    assert_eq!(told(&[10, 600, 1200], 1700), []);
    let twice = [(610, "overdue"), (1300, "overdue"), (2500, "dead")];
    assert_eq!(told(&[10, 700], 100_000), twice);
}

#[test]
fn noise_is_no_sign_of_life() {
    let read = |second: u64| (Duration::from_secs(second), b"\xff\xfe".to_vec());
    let reads: Vec<_> = (0..2000).map(read).collect();
    let log = serve(Limits::DEFAULT, &reads, Duration::from_secs(2000));
    let told: Vec<_> = log.other.iter().map(|it| (it.0.as_secs(), it.1)).collect();
    assert_eq!(told, [(60, "nameless"), (600, "overdue"), (1800, "dead")]);
}

#[test]
fn time_that_goes_back_stands_still() {
    let mut connection =
        Connection::<CAPACITY>::new(Limits::DEFAULT, Now::new(Duration::from_secs(100)));
    let mut input = HEARTBEAT;
    let event = connection.receive(&mut input, Now::new(Duration::from_secs(1)));
    assert!(matches!(event, Some(Event::Frame { .. })));
    assert!(
        connection
            .receive(&mut input, Now::new(Duration::from_secs(1)))
            .is_none()
    );
    assert_eq!(connection.deadline(), Some(Duration::from_secs(700)));
    assert!(connection.timeout(Now::new(Duration::ZERO)).is_none());
}

/// Deadlines that are asked for late are all told at once, the pending bytes first.
#[test]
fn late_is_not_never() {
    let mut connection = Connection::<CAPACITY>::new(Limits::DEFAULT, Now::new(Duration::ZERO));
    let mut input = &b"\x68\x68\x25\x14"[..];
    assert!(
        connection
            .receive(&mut input, Now::new(Duration::ZERO))
            .is_none()
    );
    let late = Now::new(Duration::from_secs(9999));
    let mut log = Log::default();
    while let Some(event) = connection.timeout(late) {
        log.note(late.since, event);
    }
    assert_eq!(log.bytes(), b"\x68\x68\x25\x14");
    let told: Vec<_> = log.other.iter().map(|it| it.1).collect();
    assert_eq!(told, ["dead", "nameless", "overdue"]);
    assert_eq!(connection.deadline(), None);
}

/// What 100,000 connections take of a server's memory; most of it is the decoders' buffers and the
/// candidates that they follow. The documentation of [`Connection`] names the bound.
#[test]
fn a_connection_takes_little_beside_its_buffer() {
    let own = size_of::<Connection<1024>>() - 1024;
    assert!(own <= 1_250, "{own}");
    let all = 100_000 * size_of::<Connection<1024>>();
    assert!(all <= 230_000_000, "{all}");
    let silent = 100_000 * size_of::<Idle>();
    assert!(silent <= 30_000_000, "{silent}");
}
