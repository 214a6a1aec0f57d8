//! Writes the fields of a message, and keeps the first error.

use super::{Location, LocationBlock, Message};
use crate::{
    bytes::{WIDE, swar, write::Writer},
    error::{EncodeError, Error, ErrorKind},
    protocol::{
        single,
        tk103::{END, MAX_BODY, MAX_ID, MIN_ID, START, USUAL_ID, WORD, frame::Frame},
    },
    types::{Decimal, Protocol, Text},
};

/// A frame that is being written.
pub(in crate::protocol::tk103) struct Encoder<'o> {
    writer: Writer<'o>,
    error: Option<EncodeError>,
}

impl<'o> Encoder<'o> {
    pub(super) const fn new(out: &'o mut [u8]) -> Self {
        Self {
            writer: Writer::new(out),
            error: None,
        }
    }

    /// Writes the start mark, the id and the command word.
    pub(super) fn header(&mut self, id: &[u8], word: &[u8; WORD]) {
        if !(MIN_ID..=MAX_ID).contains(&id.len()) {
            self.fail(EncodeError::DeviceId {
                digits: USUAL_ID as u8,
            });
        }
        self.put(&[START]);
        self.put(id);
        self.put(word);
    }

    pub(in crate::protocol::tk103) fn put(&mut self, bytes: &[u8]) {
        self.writer.put(bytes);
    }

    /// Writes a text that is a parameter of a command: printable ASCII, at least one character.
    pub(in crate::protocol::tk103) fn text(&mut self, text: Text<'_>) {
        match text {
            Text::Bytes(bytes) if is_parameter(bytes) => self.put(bytes),
            _ => self.fail(EncodeError::Text),
        }
    }

    /// Writes a number of exactly `width` decimal digits.
    pub(in crate::protocol::tk103) fn decimal(
        &mut self,
        value: u32,
        width: usize,
        field: &'static str,
    ) {
        self.exactly(width, field, |writer| {
            writer.put_decimal(value.into(), width)
        });
    }

    /// Writes a number of exactly `width` hexadecimal digits.
    pub(in crate::protocol::tk103) fn hex(
        &mut self,
        value: u32,
        width: usize,
        field: &'static str,
    ) {
        self.exactly(width, field, |writer| writer.put_hex(value.into(), width));
    }

    /// Writes three numbers of two digits, such as a date.
    pub(super) fn pairs(&mut self, pairs: [u8; 3], field: &'static str) {
        if pairs.iter().any(|&pair| pair > 99) {
            self.fail(EncodeError::TooLong { field, max: 2 });
        }
        self.writer.put_pairs(pairs);
    }

    /// Writes a number of exactly `width` characters, its point included.
    pub(super) fn number(&mut self, value: Decimal, width: usize, field: &'static str) {
        let whole_width = match usize::from(value.places()) {
            0 => width,
            places => width.saturating_sub(places).saturating_sub(1),
        };
        self.exactly(width, field, |writer| writer.put_number(value, whole_width));
    }

    fn exactly(&mut self, width: usize, field: &'static str, write: impl FnOnce(&mut Writer<'o>)) {
        let before = self.writer.len();
        write(&mut self.writer);
        if self.writer.len().saturating_sub(before) != width {
            self.fail(EncodeError::TooLong { field, max: width });
        }
    }

    /// Keeps the error, if it is the first.
    pub(super) fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }

    /// Returns the length of the whole frame.
    pub(super) const fn len(&self) -> usize {
        self.writer.len().saturating_add(1)
    }

    /// Writes the end mark, and returns the length of the frame if it is read as `message`.
    pub(super) fn finish(self, message: &Message<'_>) -> Result<usize, EncodeError> {
        let bytes = self.written()?;
        // A build that finds no such frames reads none back.
        if WIDE && Protocol::Tk103.is_enabled() && reads_back(message) {
            return Ok(bytes.len());
        }
        Self::read_back(bytes, message)
    }

    /// Writes the end mark, and returns the frame.
    fn written(mut self) -> Result<&'o [u8], EncodeError> {
        self.put(&[END]);
        match self.error {
            Some(error) => Err(error),
            None => self.writer.finish().map(|bytes| &*bytes),
        }
    }

    /// Returns the length of what was written, if it is read as `message`.
    fn read_back(bytes: &[u8], message: &Message<'_>) -> Result<usize, EncodeError> {
        match single(bytes, Protocol::Tk103) {
            Ok(()) => {}
            Err(Error {
                kind: ErrorKind::Oversize,
                ..
            }) => {
                return Err(EncodeError::TooLong {
                    field: "body",
                    max: MAX_BODY,
                });
            }
            Err(Error {
                kind: ErrorKind::Field | ErrorKind::DeviceId,
                ..
            }) => return Err(EncodeError::Text),
            Err(_) => return Err(EncodeError::Ambiguous),
        }
        if Message::read(&Frame::from_candidate(bytes)) == *message {
            Ok(bytes.len())
        } else {
            Err(EncodeError::NotCanonical)
        }
    }
}

/// Whether a message that was written without an error reads back as it was: a location with an id
/// of digits and all of its fields, as devices send them, and nothing after them.
///
/// All other messages are read back, which takes as long as to write them.
#[inline]
fn reads_back(message: &Message<'_>) -> bool {
    let Message::Location(Location { id, block, .. }) = message else {
        return false;
    };
    let LocationBlock {
        date: Some(_),
        fix: Some(_),
        latitude: Some(latitude),
        longitude: Some(longitude),
        speed: Some(speed),
        clock: Some(_),
        course: Some(course),
        io: Some(io),
        mileage: Some(_),
        rest: [],
    } = block
    else {
        return false;
    };
    let id: Option<&[u8; USUAL_ID]> = (*id).try_into().ok();
    // The encoder has seen to the widths, so these are the numbers of digits as well.
    let places = [latitude.minutes, longitude.minutes, *speed, *course].map(|value| value.places());
    id.is_some_and(swar::all_digits)
        && places == [4, 4, 1, 2]
        && io.as_bytes().iter().all(u8::is_ascii_hexdigit)
}

/// Whether a text can be a parameter of a command: printable ASCII, at least one character.
pub(in crate::protocol::tk103) fn is_parameter(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::tk103::{Coordinate, IoStatus, LocationKind};
    use proptest::{option::weighted, prelude::*, sample::select};

    fn numbers(most: u64, usual: u8) -> impl Strategy<Value = Decimal> {
        let places = prop_oneof![8 => Just(usual), 1 => 0..6_u8];
        (0..most, places).prop_filter_map("it fits", |(mantissa, places)| {
            Decimal::new(mantissa, places)
        })
    }

    prop_compose! {
        fn coordinates()(
            degrees in 0..180_u16,
            minutes in numbers(1_000_000, 4),
            positive in any::<bool>(),
        ) -> Coordinate {
            Coordinate { degrees, minutes, positive }
        }
    }

    prop_compose! {
        fn blocks()(
            date in weighted(0.99, [0..=100_u8, 0..=99, 0..=99]),
            fix in weighted(0.99, any::<bool>()),
            latitude in weighted(0.99, coordinates()),
            longitude in weighted(0.99, coordinates()),
            speed in weighted(0.99, numbers(10_000, 1)),
            clock in weighted(0.99, [0..=100_u8, 0..=99, 0..=99]),
            course in weighted(0.99, numbers(100_000, 2)),
            io in weighted(0.99, "[0-9A-Fa-f]{8}|[ -~]{8}"),
            mileage in weighted(0.99, any::<u32>()),
            rest in prop_oneof![
                8 => Just(&b""[..]),
                1 => Just(&b"T0CD"[..]),
                1 => Just(&b"#1"[..]),
            ],
        ) -> LocationBlock<'static> {
            let io = io.map(|io| IoStatus(io.as_bytes().try_into().unwrap()));
            LocationBlock {
                date, fix, latitude, longitude, speed, clock, course, io, mileage, rest,
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        /// What need not be read back does read back.
        #[test]
        fn what_reads_back_is_the_same(
            id in "[0-9]{12}|[0-9]{10,15}|[A-Z]{11}[0-9]",
            kind in select(&[
                LocationKind::Periodic,
                LocationKind::Stored,
                LocationKind::Last,
                LocationKind::AddressRequest,
                LocationKind::Single,
            ][..]),
            block in blocks(),
        ) {
            let message = Message::Location(Location { id: id.as_bytes(), kind, block });
            let mut out = [0; 160];
            let mut encoder = Encoder::new(&mut out);
            message.write(&mut encoder);
            if let (Ok(bytes), true) = (encoder.written(), reads_back(&message)) {
                if Protocol::Tk103.is_enabled() {
                    prop_assert_eq!(Encoder::read_back(bytes, &message), Ok(bytes.len()));
                }
            }
        }
    }

    /// The blocks of devices need not be read back.
    #[test]
    fn usual_blocks_read_back() {
        let bytes =
            b"(080612022828BR00080612A2232.9828N11404.9297E000.0022828000.0000000000L000230AA)";
        assert!(reads_back(&Message::read(&Frame::from_candidate(bytes))));
    }
}
