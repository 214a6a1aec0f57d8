use super::Text;
use core::fmt;

/// A message's type as its protocol writes it: `0x2b`, `0x94/0x0a` for a type with sub-types,
/// `BR05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MessageType<'a> {
    /// A one-byte number, in the binary protocols.
    Byte(u8),
    /// A one-byte number and a one-byte sub-type.
    SubType(u8, u8),
    /// A word, in the text protocols.
    Text(Text<'a>),
}

impl fmt::Display for MessageType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(byte) => write!(f, "{byte:#04x}"),
            Self::SubType(byte, sub) => write!(f, "{byte:#04x}/{sub:#04x}"),
            Self::Text(word) => word.fmt(f),
        }
    }
}
