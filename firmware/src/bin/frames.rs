//! Counts the instructions of usual frames, of a serial port that never pauses, and of the longest
//! single calls.
//!
//! ```sh
//! qemu-system-arm -nographic -monitor none -serial none \
//!     -semihosting-config enable=on,target=native \
//!     -machine mps2-an386 -icount shift=0 -kernel frames
//! ```
//!
//! It ends with status 1 if a call or a port takes more than the bounds allow.

#![no_std]
#![no_main]

use core::hint::black_box;
use gt02::{Decoder, Item, Session, session::Reply};
use gt02_firmware::{
    Ram, instructions_of, print, print_right, print_text, spin, traffic, work::NOON,
};
use hostile::{HOSTILE, stream};

/// The instructions that a single call may take in pieces of [`PIECE`], whatever the bytes.
const BOUND: usize = 20_000;
/// What the port may take of the core, in per cent.
const BOUND_OF_THE_PORT: usize = 8;

/// The bytes of a piece.
const PIECE: usize = 16;
/// The bytes of a hostile stream.
const LEN: usize = 4096;

#[path = "../../../benches/support/hostile.rs"]
mod hostile;

/// What devices send most, from the examples of `docs/protocols`.
const FRAMES: [(&str, &[u8]); 9] = [
    (
        "gt02 location",
        b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\x0d\x01\x0f\x13\x20\
        \x0b\x06\x17\xcc\xbe\x04\x2a\x45\x9e\x00\x00\x00\x01\x61\x6f\x00\x00\x00\x07\x0d\x0a",
    ),
    (
        "gt02 heartbeat",
        b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a",
    ),
    (
        "gt06 login",
        b"\x78\x78\x0d\x01\x01\x23\x45\x67\x89\x01\x23\x45\x00\x01\x8c\xdd\x0d\x0a",
    ),
    (
        "gt06 location",
        b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\xeb\xa7\xb9\x00\x14\
        \x44\x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a",
    ),
    (
        "gt06 heartbeat",
        b"\x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x42\xcd\x4b\x0d\x0a",
    ),
    ("tk103 `BP00`", b"(027042411793BP00000027042411793HSO)"),
    (
        "tk103 location",
        b"(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)",
    ),
    (
        "v680 location",
        b"#353588020144007##1#0000#AUT#01#24002485fed523\
        #1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##",
    ),
    (
        "h02 `V1`",
        b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,\
        0.00,0,100815,FFFFFBFF#",
    ),
];

/// Drives, each of one protocol.
const DRIVES: [(&str, &[u8]); 5] = [
    (
        "gt02",
        include_bytes!("../../../examples/firmware/captures/gt02.bin"),
    ),
    (
        "gt06",
        include_bytes!("../../../examples/firmware/captures/gt06.bin"),
    ),
    (
        "tk103",
        include_bytes!("../../../examples/firmware/captures/tk103.bin"),
    ),
    (
        "v680",
        include_bytes!("../../../examples/firmware/captures/v680.bin"),
    ),
    (
        "h02",
        include_bytes!("../../../examples/firmware/captures/h02.bin"),
    ),
];

static HOSTILE_STREAMS: [[u8; LEN]; HOSTILE.len()] = {
    let mut streams = [[0; LEN]; HOSTILE.len()];
    let mut at = 0;
    #[allow(clippy::indexing_slicing, reason = "of constants")]
    while at < HOSTILE.len() {
        streams[at] = stream(HOSTILE[at].1);
        at += 1;
    }
    streams
};

static SMALL: Ram<Decoder<64>> = Ram::new(Decoder::new());
static LARGE: Ram<Decoder<1024>> = Ram::new(Decoder::new());

#[unsafe(no_mangle)]
fn main() -> bool {
    let turns = 100_000;
    let counted = instructions_of(|| spin(black_box(turns)));
    if counted.abs_diff(2 * turns) > 200 {
        print("the instructions are not counted: start QEMU with -icount shift=0\n");
        return false;
    }
    // SAFETY: they are used here alone.
    let (small, large) = unsafe { (SMALL.get(), LARGE.get()) };
    let mut is_well = true;

    head("instructions a frame", &["answered", "reported", "by 16"]);
    for (name, frame) in FRAMES {
        let piece = frame.len();
        let answered = of_frame(frame, |frame| answer(large, frame, piece));
        let reported = of_frame(frame, |frame| report(large, frame, piece));
        let by_16 = of_frame(frame, |frame| report(large, frame, PIECE));
        row("frame", name, &[answered, reported, by_16]);
    }

    head(
        "instructions a byte, and a 48 MHz core",
        &["answered", "reported", "per cent"],
    );
    for (name, drive) in DRIVES {
        let a_byte = |counted: usize| counted.div_ceil(drive.len().max(1));
        let answered = a_byte(instructions_of(|| _ = answer(large, drive, PIECE)));
        let reported = a_byte(instructions_of(|| _ = report(large, drive, PIECE)));
        let share = share_of_the_core(reported);
        is_well &= share <= BOUND_OF_THE_PORT;
        row("port", name, &[answered, reported, share]);
    }

    head("instructions of the longest call", &["decode", "handle"]);
    let mut usual = Longest::default();
    let seeds = traffic::ALL
        .iter()
        .flat_map(|(name, seeds)| seeds.iter().map(|seed| (*name, *seed)));
    for (name, stream) in DRIVES.into_iter().chain(seeds) {
        usual.take(small, name, stream);
        usual.take(large, name, stream);
    }
    let mut hostile = Longest::default();
    for (&(name, _), stream) in HOSTILE.iter().zip(&HOSTILE_STREAMS) {
        hostile.take(small, name, stream);
        hostile.take(large, name, stream);
    }
    for (name, Longest { decode, handle }) in [("usual", usual), ("hostile", hostile)] {
        row("call", name, &[decode.0, handle.0]);
        is_well &= decode.0 <= BOUND;
    }
    let worst = [
        ("decode", usual.decode),
        ("handle", usual.handle),
        ("decode", hostile.decode),
    ];
    for (call, (_, name)) in worst {
        print(call);
        print(" takes longest for ");
        print(name);
        print("\n");
    }
    is_well
}

/// The instructions for one of a frame that comes again and again.
fn of_frame(frame: &[u8], mut each: impl FnMut(&[u8]) -> usize) -> usize {
    const TURNS: usize = 64;
    let mut found = 0;
    let counted = instructions_of(|| {
        (0..TURNS).for_each(|_| found += each(black_box(frame)));
    });
    // A number that nobody takes for a cost.
    if found == TURNS {
        counted.div_ceil(TURNS)
    } else {
        usize::MAX
    }
}

/// What a port of 115,200 baud that never pauses takes of a core of 48 MHz, in per cent, if an
/// instruction takes one and a half cycles.
fn share_of_the_core(instructions_a_byte: usize) -> usize {
    (instructions_a_byte * 11_520 * 3 / 2).div_ceil(480_000)
}

/// Finds frames and answers them; returns how many.
fn answer<const N: usize>(decoder: &mut Decoder<N>, stream: &[u8], piece: usize) -> usize {
    let mut found = 0;
    for mut input in pieces(stream, piece) {
        while let Some(item) = decoder.decode(&mut input) {
            if let Item::Frame(frame) = item {
                black_box(Reply::to(&frame, Some(NOON)));
                found += 1;
            }
        }
    }
    found
}

/// Finds frames, answers and reports them; returns how many.
fn report<const N: usize>(decoder: &mut Decoder<N>, stream: &[u8], piece: usize) -> usize {
    let (mut session, mut found) = (Session::new(), 0);
    for mut input in pieces(stream, piece) {
        while let Some(item) = decoder.decode(&mut input) {
            if let Item::Frame(frame) = item {
                black_box(session.handle_at(&frame, NOON));
                found += 1;
            }
        }
    }
    found
}

/// The instructions of the longest calls, and what they were for.
#[derive(Clone, Copy, Default)]
struct Longest {
    decode: (usize, &'static str),
    handle: (usize, &'static str),
}

impl Longest {
    /// Counts each call for a stream.
    fn take<const N: usize>(
        &mut self,
        decoder: &mut Decoder<N>,
        name: &'static str,
        stream: &[u8],
    ) {
        let mut session = Session::new();
        for mut input in pieces(stream, PIECE) {
            while let Some(item) = self.decode(name, || decoder.decode(&mut input)) {
                self.handle(name, &mut session, item);
            }
        }
        while let Some(item) = self.decode(name, || decoder.finish()) {
            self.handle(name, &mut session, item);
        }
    }

    fn decode<'a>(
        &mut self,
        name: &'static str,
        call: impl FnOnce() -> Option<Item<'a>>,
    ) -> Option<Item<'a>> {
        let mut item = None;
        let count = instructions_of(|| item = call());
        if count > self.decode.0 {
            self.decode = (count, name);
        }
        item
    }

    fn handle(&mut self, name: &'static str, session: &mut Session, item: Item<'_>) {
        let Item::Frame(frame) = item else { return };
        let count = instructions_of(|| _ = black_box(session.handle_at(&frame, NOON)));
        if count > self.handle.0 {
            self.handle = (count, name);
        }
    }
}

/// Hands a stream out in pieces of this size.
fn pieces(stream: &[u8], piece: usize) -> impl Iterator<Item = &[u8]> {
    let mut rest = black_box(stream);
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (input, after) = rest.split_at_checked(piece).unwrap_or((rest, &[]));
        rest = after;
        Some(input)
    })
}

/// Prints the head of a table.
fn head(of: &str, columns: &[&str]) {
    print_text(of, 40);
    for column in columns {
        (column.len()..10).for_each(|_| print(" "));
        print(column);
    }
    print("\n");
}

/// Prints a row, as `.ci/embedded` reads it: `table: name | figure ...`.
fn row(table: &str, name: &str, figures: &[usize]) {
    print(table);
    print(": ");
    print_text(name, 36 - table.len());
    print(" |");
    for &figure in figures {
        print_right(figure, 10);
    }
    print("\n");
}
