//! The work that the binaries do with `gt02`. It is shared, because `stack` does it too.

use crate::{Input, Ram, put, send};
use core::hint::black_box;
use gt02::{
    Decoder, Frame, Item, Session,
    protocol::gt02::{Frame as Gt02Frame, MAX_FRAME_LEN, Message},
    report::Kind,
    session::{Command, Reply},
    types::DateTime,
};

/// Frames of `docs/protocols/gt02.md`: garbage, a location, the beginning of another one, a
/// heartbeat, a response.
static STREAM: [u8; 3 + 42 + 20 + 20 + 26] = *b"\x00\x68\x00\
    \x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\x0d\x01\x0f\x13\x20\x0b\
        \x06\x17\xcc\xbe\x04\x2a\x45\x9e\x00\x00\x00\x01\x61\x6f\x00\x00\x00\x07\x0d\x0a\
    \x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x02\x10\x0d\x01\x0f\x13\
    \x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a\
    \x68\x68\x15\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\x07APEXOK!\x0d\x0a";

// Named, so that their sizes can be read from the ELF.
#[unsafe(no_mangle)]
static DECODER_64: Ram<Decoder<64>> = Ram::new(Decoder::new());
#[unsafe(no_mangle)]
static DECODER_260: Ram<Decoder<MAX_FRAME_LEN>> = Ram::new(Decoder::new());
#[unsafe(no_mangle)]
static SESSION: Ram<Session> = Ram::new(Session::new());

static READ: Ram<[u8; 32]> = Ram::new([0; 32]);
static OUT: Ram<[u8; 64]> = Ram::new([0; 64]);

/// The bytes of the stream, and nothing of `gt02`.
pub fn baseline() -> bool {
    pieces(&STREAM, send);
    true
}

/// Frames and answers.
pub fn gateway() -> bool {
    gateway_of(&[&STREAM], false)
        == Tally {
            frames: 3,
            replies: 1,
            reports: 0,
        }
}

/// What a stream had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub frames: usize,
    pub replies: usize,
    /// Reports of a kind that is known.
    pub reports: usize,
}

/// Finds the frames of the streams, answers and forwards them; those that only silence decides as
/// well, if they `end`.
pub fn gateway_of(streams: &[&'static [u8]], end: bool) -> Tally {
    tally(streams, end, |frame, tally| {
        send(frame.as_bytes());
        if let Some(reply) = Reply::to(frame, Some(NOON)) {
            tally.replies += 1;
            send(&reply);
        }
    })
}

/// Finds the frames of the streams, answers and reports them.
pub fn reports_of(streams: &[&'static [u8]]) -> Tally {
    // SAFETY: of earlier calls nothing is left.
    let session = unsafe { SESSION.get() };
    tally(streams, true, |frame, tally| {
        let outcome = session.handle_at(frame, NOON);
        tally.reports += usize::from(black_box(&outcome).report.kind != Kind::Unknown);
        if let Some(reply) = &outcome.reply {
            tally.replies += 1;
            send(reply);
        }
    })
}

/// The time of the answers.
pub const NOON: DateTime = DateTime {
    year: 26,
    month: 5,
    day: 4,
    hour: 12,
    minute: 0,
    second: 0,
};

/// Finds the frames of the streams, and does `each` with them.
fn tally(
    streams: &[&'static [u8]],
    end: bool,
    mut each: impl FnMut(&Frame<'_>, &mut Tally),
) -> Tally {
    // SAFETY: of earlier calls nothing is left.
    let decoder = unsafe { DECODER_260.get() };
    let mut tally = Tally {
        frames: 0,
        replies: 0,
        reports: 0,
    };
    let mut take = |item: Item<'_>| {
        if let Item::Frame(frame) = item {
            tally.frames += 1;
            each(&frame, &mut tally);
        }
    };
    for stream in streams {
        pieces(stream, |mut piece| {
            while let Some(item) = decoder.decode(&mut piece) {
                take(item);
            }
        });
        if end {
            while let Some(item) = decoder.finish() {
                take(item);
            }
        }
    }
    tally
}

/// Frames, the raw fields of locations, reports and answers.
pub fn decode() -> bool {
    // SAFETY: of earlier calls nothing is left.
    let (decoder, session) = unsafe { (DECODER_64.get(), SESSION.get()) };
    let raw = |frame: Gt02Frame<'_>| {
        let Message::Location(location) = &frame.message() else {
            return true;
        };
        put(location.latitude);
        put(location.longitude);
        put(location.status.0);
        location.time.second == 11
    };
    converse(decoder, session, raw).is_right()
}

/// Reads and answers the stream, encodes all messages again, and sends a command.
pub fn all() -> bool {
    // SAFETY: as above.
    let (decoder, session, out) = unsafe { (DECODER_260.get(), SESSION.get(), OUT.get()) };
    let encode = |frame: Gt02Frame<'_>| {
        let written = match &frame.message() {
            Message::Location(location) => location.encode(out),
            Message::Heartbeat(heartbeat) => heartbeat.encode(out),
            Message::Response(response) => response.encode(out),
            _ => return false,
        };
        written.is_ok_and(|len| out.get(..len) == Some(frame.as_bytes()))
    };
    let tally = converse(decoder, session, encode);
    let Ok(len) = session.command(&Command::Text("WHERE,666666#"), out) else {
        return false;
    };
    let command = out.get(..len).unwrap_or_default();
    send(command);
    tally.is_right()
        && command == b"\x88\x88\x13\x1c\x11\x00\x00\x00\x00WHERE,666666#\x0d\x0a"
        && decoder.finish().is_none()
}

/// The result of reading the stream.
#[derive(Default)]
struct Right {
    /// The number of frames, replies and positions that are right.
    right: u32,
    noise: usize,
}

impl Right {
    fn is_right(&self) -> bool {
        self.right == 3 + 1 + 1 && self.noise == 3 + 20
    }
}

/// Reads the stream in pieces of changing size, and answers it. `check` says whether a frame is
/// right.
fn converse<const N: usize>(
    decoder: &mut Decoder<N>,
    session: &mut Session,
    mut check: impl FnMut(Gt02Frame<'_>) -> bool,
) -> Right {
    let mut tally = Right::default();
    pieces(&STREAM, |mut piece| {
        while let Some(item) = decoder.decode(&mut piece) {
            let frame = match item {
                Item::Frame(frame) => frame,
                Item::Noise(noise) => {
                    tally.noise += noise.bytes.len();
                    continue;
                }
            };
            let outcome = session.handle(&frame);
            if let Some(reply) = &outcome.reply {
                send(reply);
                tally.right += u32::from(**reply == *b"\x54\x68\x1a\x0d\x0a");
            }
            if let Some(position) = outcome.report.position {
                let place = (
                    position.latitude.micro_degrees(),
                    position.longitude.micro_degrees(),
                );
                tally.right += u32::from(place == (56_790_577, 38_821_777));
            }
            let Frame::Gt02(frame) = frame else { continue };
            tally.right += u32::from(check(frame));
        }
    });
    tally
}

/// Reads a stream in pieces of changing size.
fn pieces(stream: &'static [u8], mut each: impl FnMut(&[u8])) {
    // SAFETY: of earlier calls nothing is left.
    let buffer = unsafe { READ.get() };
    let mut input = Input::new(stream);
    let mut size = 0;
    loop {
        size = (size + 7) % buffer.len();
        let piece = input.read(buffer.get_mut(..=size).unwrap_or_default());
        if piece.is_empty() {
            return;
        }
        each(piece);
    }
}
