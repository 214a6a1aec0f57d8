//! What is made to be costly, for decoders of each size and in reads of each size. The bench
//! `worst` has it in one table.

use crate::support::hostile::{HOSTILE, stream};
use criterion::{BenchmarkId, Criterion, Throughput};
use gt02::Decoder;
use std::{hint::black_box, time::Duration};

const LEN: usize = 65_536;

pub fn hostile(criterion: &mut Criterion) {
    of_size::<260>(criterion);
    of_size::<1024>(criterion);
    of_size::<65_536>(criterion);
}

fn of_size<const N: usize>(criterion: &mut Criterion) {
    let mut decoder = Box::new(Decoder::<N>::new());
    let mut group = criterion.benchmark_group("worst");
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(LEN as u64));
    group
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(200));
    for (name, parts) in HOSTILE {
        let stream: Box<[u8; LEN]> = Box::new(stream(parts));
        for read in [1, 64, 1460] {
            let id = BenchmarkId::new(format!("{name}, N = {N}"), read);
            let mut all = || bytes_of_items(&mut decoder, black_box(&*stream), read);
            group.bench_function(id, |b| b.iter(|| assert_eq!(all(), LEN)));
        }
    }
    group.finish();
}

/// Some of it makes frames, and none of them says anything.
fn bytes_of_items<const N: usize>(decoder: &mut Decoder<N>, stream: &[u8], read: usize) -> usize {
    let mut bytes = 0;
    for mut input in stream.chunks(read) {
        while let Some(item) = decoder.decode(&mut input) {
            bytes += item.as_bytes().len();
        }
    }
    while let Some(item) = decoder.finish() {
        bytes += item.as_bytes().len();
    }
    bytes
}
