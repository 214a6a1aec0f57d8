//! Finds the frames of this protocol. [The module](super) says what makes a frame.
//!
//! # How this works
//! One candidate is a [`State`] that reads `{`, the id, the word, and the payload up to `}`.

use super::{END, MAX_FRAME_LEN, MAX_ID, MAX_PAYLOAD, MAX_WORD, MIN_ID, START};
use crate::{
    error::ErrorKind,
    framing::{Candidates, Framing, Grammar, Limits, Rank, Step, Wire, run, run_header},
    types::Protocol,
};

/// This protocol, for the engine.
pub(crate) struct Framer;

impl Wire for Framer {
    type Tracker = Candidates<Self>;

    const PROTOCOL: Protocol = Protocol::Toy;

    const IS_BINARY: bool = false;

    #[inline]
    fn is_start(byte: u8) -> bool {
        byte == START
    }

    #[inline]
    fn may_begin(first: u8, second: u8) -> bool {
        (first == START) & second.is_ascii_digit()
    }

    fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing {
        run::<Self>(window, end, limits)
    }

    fn sniff(bytes: &[u8]) -> Framing {
        run_header::<Self>(bytes)
    }
}

/// The part that a candidate has reached, and the number of bytes of it that were read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    Id { len: usize },
    Word { len: usize },
    Payload { len: usize },
}

impl Grammar for Framer {
    type State = State;

    const MAX_FRAME_LEN: usize = MAX_FRAME_LEN;

    #[inline]
    fn begin(byte: u8) -> Option<State> {
        (byte == START).then_some(State::Id { len: 0 })
    }

    fn step(state: &mut State, byte: u8, seen: u32) -> Step {
        let (next, step) = match (*state, byte) {
            // A frame begins inside: this one was cut short.
            (_, START) => return Step::Reject(ErrorKind::Overlap),
            (State::Id { len }, b'0'..=b'9') if len < MAX_ID => {
                let len = len.wrapping_add(1);
                (State::Id { len }, Step::More)
            }
            (State::Id { len: MIN_ID.. }, b',') => (State::Word { len: 0 }, Step::More),
            (State::Id { .. }, _) => return Step::Reject(ErrorKind::DeviceId),
            (State::Word { len }, b'a'..=b'z') if len < MAX_WORD => {
                let len = len.wrapping_add(1);
                (State::Word { len }, Step::More)
            }
            // From here on nothing but a frame looks like this.
            (State::Word { len: 1.. }, b',') => (State::Payload { len: 0 }, Step::Header),
            (State::Payload { .. }, END) => {
                return Step::Frame {
                    len: seen,
                    rank: Rank::Whole,
                };
            }
            (State::Payload { len }, b' '..=b'~') if len < MAX_PAYLOAD => {
                let len = len.wrapping_add(1);
                (State::Payload { len }, Step::More)
            }
            (State::Word { .. } | State::Payload { .. }, _) => {
                return Step::Reject(ErrorKind::Field);
            }
        };
        *state = next;
        step
    }

    /// Nothing is a frame without its end mark.
    fn second_best(_: &State, _: u32) -> Option<u32> {
        None
    }
}
