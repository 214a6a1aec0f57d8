//! Guarantee 2: however the stream is cut, the same frames come out, and the same noise when
//! neighbouring pieces are joined.

#![no_main]

mod sealed;

use gt02::{Decoder, Item, NoiseReason};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, PartialEq)]
enum Owned {
    Frame(Vec<u8>),
    Noise(NoiseReason, Vec<u8>),
}

fn push(items: &mut Vec<Owned>, item: Item<'_>) {
    match (items.last_mut(), item) {
        (Some(Owned::Noise(reason, bytes)), Item::Noise(noise)) if *reason == noise.reason => {
            bytes.extend(noise.bytes)
        }
        (_, Item::Noise(noise)) => items.push(Owned::Noise(noise.reason, noise.bytes.to_vec())),
        (_, Item::Frame(frame)) => items.push(Owned::Frame(frame.as_bytes().to_vec())),
    }
}

/// The items of a stream that comes in reads of these lengths, over and over.
fn items<const N: usize>(stream: &[u8], lengths: &[u8]) -> Vec<Owned> {
    items_of(Decoder::<N>::new(), stream, lengths)
}

fn items_of<const N: usize>(mut decoder: Decoder<N>, stream: &[u8], lengths: &[u8]) -> Vec<Owned> {
    let mut items = Vec::new();
    let mut rest = stream;
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() {
        let length = lengths.next().map_or(rest.len(), |&length| {
            usize::from(length).clamp(1, rest.len())
        });
        let (mut input, after) = rest.split_at(length);
        while let Some(item) = decoder.decode(&mut input) {
            push(&mut items, item);
        }
        assert!(input.is_empty() && decoder.pending().len() < N);
        rest = after;
    }
    while let Some(item) = decoder.finish() {
        push(&mut items, item);
    }
    items
}

fuzz_target!(|data: &[u8]| {
    // The first byte is the number of the next ones that are lengths of reads.
    let Some((&count, data)) = data.split_first() else {
        return;
    };
    let (lengths, stream) = data.split_at(usize::from(count % 8).min(data.len()));
    let stream = &sealed::sealed(stream);
    assert_eq!(items::<260>(stream, &[]), items::<260>(stream, lengths));
    assert_eq!(items::<260>(stream, &[]), items::<260>(stream, &[1]));
    assert_eq!(items::<64>(stream, &[]), items::<64>(stream, lengths));
    assert_eq!(items::<1024>(stream, &[]), items::<1024>(stream, lengths));
    let lenient = || Decoder::<260>::new().accept_bad_checksums();
    assert_eq!(
        items_of(lenient(), stream, &[]),
        items_of(lenient(), stream, lengths)
    );
});
