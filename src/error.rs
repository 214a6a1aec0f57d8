//! What can be wrong with bytes that were given ([`Error`]) and with a value to encode
//! ([`EncodeError`]).

use core::fmt;

/// The error of parsing bytes as one frame: what is wrong, and where.
///
/// [`Frame::parse`](crate::Frame::parse) and `parse` of each message return it. The streaming
/// [`Decoder`](crate::Decoder) has no errors: bytes that belong to no frame are
/// [`Noise`](crate::Noise).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Offset of the first offending byte, or the input's length if the input is too short.
    pub offset: usize,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes do not begin with a start mark of a known protocol.
    Start = 1,
    /// The length field is outside the range of its protocol.
    Length,
    /// The device id has a character that is not a decimal digit, or does not begin as ids of the
    /// protocol do.
    DeviceId,
    /// A fixed field does not have its required value.
    Field,
    /// The end mark is not where the length says.
    End,
    /// The checksum is wrong.
    Checksum,
    /// Another frame begins inside this one, which was cut short or has a damaged length field.
    Overlap,
    /// The frame is larger than the decoder takes. Parsing bytes as one frame never returns it.
    Oversize,
    /// The bytes end before the frame does.
    Incomplete,
    /// Bytes follow the end of the frame.
    Trailing,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::Start => "no start mark",
            ErrorKind::Length => "length out of range",
            ErrorKind::DeviceId => "malformed device id",
            ErrorKind::Field => "unexpected value in a fixed field",
            ErrorKind::End => "missing end mark",
            ErrorKind::Checksum => "wrong checksum",
            ErrorKind::Overlap => "another frame begins inside",
            ErrorKind::Oversize => "frame too large",
            ErrorKind::Incomplete => "frame is incomplete",
            ErrorKind::Trailing => "trailing bytes after the frame",
        };
        write!(f, "{what} at byte {}", self.offset)
    }
}

impl core::error::Error for Error {}

/// The error of encoding a message.
///
/// A message that encodes parses back to the same value; every other message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EncodeError {
    /// The buffer is too small.
    BufferTooSmall {
        /// The size that is enough, in bytes.
        needed: usize,
    },
    /// A field is longer than its protocol can carry.
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// The largest length that the protocol can carry, in bytes.
        max: usize,
    },
    /// The value of a field is larger than its bytes on the wire can carry.
    Range {
        /// Name of the field.
        field: &'static str,
        /// The largest value that they can carry.
        max: u32,
    },
    /// The device id does not have the number of digits that the protocol carries.
    DeviceId {
        /// The number of digits that the protocol carries.
        digits: u8,
    },
    /// A required field is absent.
    Missing {
        /// Name of the absent field.
        field: &'static str,
    },
    /// A field is absent although a later one is present. The wire format has no gaps.
    Gap {
        /// Name of the absent field.
        field: &'static str,
    },
    /// The bytes would parse to another message: the type or the body is that of a message with a
    /// name of its own, or the bytes would be taken for other fields.
    NotCanonical,
    /// A decoder would find two frames in the bytes: see the framing of the
    /// [protocol](crate::protocol).
    Ambiguous,
    /// The text is empty, or has a byte that texts of the protocol cannot have.
    Text,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed } => {
                write!(f, "buffer too small, {needed} bytes are needed")
            }
            Self::TooLong { field, max } => write!(f, "{field} is too long, at most {max} bytes"),
            Self::Range { field, max } => write!(f, "{field} is too large, at most {max}"),
            Self::DeviceId { digits } => write!(f, "the device id must have {digits} digits"),
            Self::Missing { field } => write!(f, "{field} is absent, and the message needs it"),
            Self::Gap { field } => write!(f, "{field} is absent although a later field is present"),
            Self::NotCanonical => f.write_str("the message would be read back as another one"),
            Self::Ambiguous => f.write_str("the frame would be read back as two"),
            Self::Text => f.write_str("the text is empty, or is not printable ASCII"),
        }
    }
}

impl core::error::Error for EncodeError {}
