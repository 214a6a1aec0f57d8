//! The kinds of frames, and streams of them.

use super::{
    Random,
    floors::{self, Floor},
    push_frame, push_gt06_frame,
    seen::Seen,
    text::{push_binary_h02, push_h02, push_tk103, push_v680},
};
use gt02::{
    Decoder, Frame, Item,
    protocol::{Message, gt02 as standard, gt06, h02, tk103, v680},
};

/// The frames of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Gt02,
    Gt06,
    Tk103,
    V680,
    H02,
    BinaryH02,
}

/// A stream, and what is in it.
pub struct Stream {
    pub bytes: Vec<u8>,
    pub seen: Seen,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Gt02,
        Self::Gt06,
        Self::Tk103,
        Self::V680,
        Self::H02,
        Self::BinaryH02,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Gt02 => "gt02",
            Self::Gt06 => "gt06",
            Self::Tk103 => "tk103",
            Self::V680 => "v680",
            Self::H02 => "h02",
            Self::BinaryH02 => "h02 $",
        }
    }

    /// Whether a frame shows where it ends. Where it does not, garbage after it is part of its
    /// tail.
    pub fn has_end(self) -> bool {
        self != Self::BinaryH02
    }

    /// The bare loop that is the lower bound; none was written for the binary form.
    pub fn floor(self) -> Option<Floor> {
        match self {
            Self::Gt02 => Some(floors::gt02),
            Self::Gt06 => Some(floors::gt06),
            Self::Tk103 => Some(floors::tk103),
            Self::V680 => Some(floors::v680),
            Self::H02 => Some(floors::h02),
            Self::BinaryH02 => None,
        }
    }

    /// Appends a frame, and returns the sum of its fields.
    fn push(self, random: &mut Random, serial: u16, out: &mut Vec<u8>) -> u64 {
        let start = out.len();
        match self {
            Self::Gt02 => {
                push_frame(random, serial, out);
                floors::gt02(&out[start..]).fields
            }
            Self::Gt06 => {
                push_gt06_frame(random, serial, out);
                floors::gt06(&out[start..]).fields
            }
            Self::Tk103 => push_tk103(random, out),
            Self::V680 => push_v680(random, out),
            Self::H02 => push_h02(random, out),
            Self::BinaryH02 => push_binary_h02(random, out),
        }
    }

    /// A stream of `frames` frames, with garbage of 1 to 20 bytes before `garbage_percent` of them.
    ///
    /// The garbage has a generator of its own, so that the frames are the same with and without it.
    pub fn stream(self, frames: u64, garbage_percent: u64) -> Stream {
        let (mut random, mut garbage) = (Random(0x6868), Random(0x7878));
        let mut bytes = Vec::new();
        let mut seen = Seen {
            frames,
            ..Seen::default()
        };
        for serial in 0..frames {
            if garbage.below(100) < garbage_percent {
                let len = 1 + garbage.below(20);
                bytes.extend((0..len).map(|_| garbage.byte()));
                seen.noise += len;
            }
            let fields = self.push(&mut random, serial as u16, &mut bytes);
            seen.fields = seen.fields.wrapping_add(fields);
        }
        Stream { bytes, seen }
    }

    /// Some locations. They borrow from memory that is never freed.
    pub fn locations(self, count: u64) -> Vec<Message<'static>> {
        let mut random = Random(0x6868);
        let mut locations = Vec::new();
        for serial in 0.. {
            let mut frame = Vec::new();
            self.push(&mut random, serial as u16, &mut frame);
            let message = Frame::parse(frame.leak()).unwrap().message();
            if is_location(&message) {
                locations.push(message);
            }
            if locations.len() as u64 == count {
                break;
            }
        }
        locations
    }
}

fn is_location(message: &Message<'_>) -> bool {
    matches!(
        message,
        Message::Gt02(standard::Message::Location(_))
            | Message::Gt06(gt06::Message::Location(_))
            | Message::Tk103(tk103::Message::Location(_))
            | Message::V680(v680::Message::Report(_))
            | Message::H02(h02::Message::Location(_) | h02::Message::BinaryLocation(_))
    )
}

/// Finds what is in a stream in reads of this size, and returns the sum of what `see` makes of it.
#[inline(always)]
pub fn each_item(stream: &[u8], read: usize, mut see: impl FnMut(&Item<'_>) -> usize) -> usize {
    let mut decoder = Decoder::<1024>::new();
    let mut sum = 0;
    for mut input in stream.chunks(read) {
        while let Some(item) = decoder.decode(&mut input) {
            sum += see(&item);
        }
    }
    while let Some(item) = decoder.finish() {
        sum += see(&item);
    }
    sum
}

/// Encodes messages into a buffer that is used again, and returns the bytes of all.
#[inline(always)]
pub fn encode(messages: &[Message<'_>]) -> usize {
    let mut out = [0; 256];
    let messages = messages.iter();
    messages
        .map(|message| message.encode(std::hint::black_box(&mut out)).unwrap())
        .sum()
}
