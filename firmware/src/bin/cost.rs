//! Counts the instructions that a byte costs in hostile streams and in good ones, for each size of
//! the decoder and of the pieces in which the stream comes.
//!
//! ```sh
//! qemu-system-arm -nographic -monitor none -serial none \
//!     -semihosting-config enable=on,target=native \
//!     -machine mps2-an386 -icount shift=0 -kernel cost
//! ```
//!
//! It ends with status 1 if a stream costs more than the bounds allow.

#![no_std]
#![no_main]

use core::hint::black_box;
use gt02::Decoder;
use gt02_firmware::{
    Ram, instructions_of, print, print_line, print_number, print_right, print_text, spin,
};
use hostile::{HOSTILE, Parts, stream};

/// The instructions that a byte may cost in pieces of 16 and more.
const BOUND: usize = 300;
/// The instructions that a byte may cost, one byte at a time.
const BOUND_ONE_BY_ONE: usize = 1000;

/// The sizes of the pieces. The last is all of a stream.
const PIECES: [usize; 4] = [1, 16, 64, LEN];

/// The bytes of a stream.
const LEN: usize = 4096;

#[path = "../../../benches/support/hostile.rs"]
mod hostile;

/// What is sent again and again.
const GOOD: [(&str, Parts); 5] = [
    // Examples of `docs/protocols`.
    ("good gt02", &[(GT02, 1)]),
    ("good gt06", &[(GT06, 1)]),
    ("good tk103", &[(TK103, 1)]),
    ("good v680", &[(V680, 1)]),
    ("good h02", &[(H02, 1)]),
];

static HOSTILE_STREAMS: [[u8; LEN]; HOSTILE.len()] = streams(&HOSTILE);
static GOOD_STREAMS: [[u8; LEN]; GOOD.len()] = streams(&GOOD);

#[allow(clippy::indexing_slicing, reason = "of constants")]
const fn streams<const COUNT: usize>(of: &[(&str, Parts); COUNT]) -> [[u8; LEN]; COUNT] {
    let mut streams = [[0; LEN]; COUNT];
    let mut at = 0;
    while at < COUNT {
        streams[at] = stream(of[at].1);
        at += 1;
    }
    streams
}

const GT02: &[u8] = b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\
    \x0d\x01\x0f\x13\x20\x0b\x06\x17\xcc\xbe\x04\x2a\x45\x9e\x00\x00\x00\x01\x61\x6f\
    \x00\x00\x00\x07\x0d\x0a\
    \x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
const GT06: &[u8] = b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\
    \xeb\xa7\xb9\x00\x14\x44\x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a\
    \x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x42\xcd\x4b\x0d\x0a";
const TK103: &[u8] = b"(027042411793BP00000027042411793HSO)\
    (027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)";
const V680: &[u8] = b"#353588020144007##1#0000#AUT#01#24002485fed523\
    #1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##";
const H02: &[u8] = b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,\
    0.00,0,100815,FFFFFBFF#";

static DECODER_64: Ram<Decoder<64>> = Ram::new(Decoder::new());
static DECODER_260: Ram<Decoder<260>> = Ram::new(Decoder::new());
static DECODER_1024: Ram<Decoder<1024>> = Ram::new(Decoder::new());

#[unsafe(no_mangle)]
fn main() -> bool {
    // Whether instructions are counted at all.
    let turns = 100_000;
    let counted = instructions_of(|| spin(black_box(turns)));
    if counted.abs_diff(2 * turns) > 200 {
        print("the instructions are not counted, start QEMU with -icount shift=0: ");
        print_line(counted);
        return false;
    }
    // SAFETY: they are used here alone.
    let decoders = unsafe { (DECODER_64.get(), DECODER_260.get(), DECODER_1024.get()) };
    print_text("instructions a byte, in pieces of", 32);
    PIECES.iter().for_each(|&piece| print_right(piece, 7));
    print("\n");
    let mut above = 0;
    let hostile = HOSTILE.iter().zip(&HOSTILE_STREAMS);
    for (&(name, _), bytes) in hostile.chain(GOOD.iter().zip(&GOOD_STREAMS)) {
        above += row(name, bytes, decoders.0);
        above += row(name, bytes, decoders.1);
        above += row(name, bytes, decoders.2);
    }
    print("above the bounds: ");
    print_line(above);
    above == 0
}

/// Prints what a stream costs in pieces of each size, and returns how often that is too much.
fn row<const N: usize>(name: &str, bytes: &[u8], decoder: &mut Decoder<N>) -> usize {
    print_text(name, 28);
    print_right(N, 5);
    let mut above = 0;
    for piece in PIECES {
        let mut seen = 0;
        let count = instructions_of(|| seen = decode(decoder, black_box(bytes), black_box(piece)));
        let cost = count.div_ceil(LEN);
        let bound = if piece < 16 { BOUND_ONE_BY_ONE } else { BOUND };
        if seen != LEN {
            print(" bytes are lost: ");
            print_number(seen);
        }
        above += usize::from(cost > bound || seen != LEN);
        print_right(cost, 6);
        print(if cost > bound { "!" } else { " " });
    }
    print("\n");
    above
}

/// Decodes a stream in pieces of this size, and returns the number of bytes that came out.
fn decode<const N: usize>(decoder: &mut Decoder<N>, stream: &[u8], piece: usize) -> usize {
    let mut seen = 0;
    let mut rest = stream;
    while !rest.is_empty() {
        let (mut input, after) = rest.split_at_checked(piece).unwrap_or((rest, &[]));
        rest = after;
        while let Some(item) = decoder.decode(&mut input) {
            seen += item.as_bytes().len();
        }
    }
    while let Some(item) = decoder.finish() {
        seen += item.as_bytes().len();
    }
    seen
}
