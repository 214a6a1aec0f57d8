//! Identifies the protocol from the first bytes of a connection or a datagram.

use crate::{
    framing::{Framing, Wire},
    protocol::{self, Frame},
    types::Protocol,
};

/// The verdict of [`sniff()`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Sniff {
    /// The bytes are too few to tell.
    NeedMore,
    /// The device speaks this protocol.
    Protocol(Protocol),
    /// The device speaks no protocol that this build [finds](Protocol::is_enabled).
    Foreign,
}

/// Identifies the protocol that a device speaks, from the first bytes that it sent.
///
/// The verdict comes as soon as the bytes allow it, and more bytes never change it. Only frames
/// that devices send count, not those of servers, and only those of protocols that are
/// [enabled](Protocol::is_enabled). A connection may change its protocol later, so a
/// [`Decoder`](crate::Decoder) does not need a verdict.
///
/// Line ends before the first frame are skipped; the table counts the bytes after them.
///
/// | verdict | bytes needed | what they are |
/// |---|---|---|
/// | [`Protocol::Gt02`] | 13 | `68 68`, a length of 13 or more, any 2 bytes, 16 decimal digits in BCD, the first of them 0 |
/// | `Protocol::Gt06` | 4 or 5 | `78 78` or `79 79`, the length of a frame of more than 24 bytes, a known protocol number |
/// | | 10 to 24 | a whole frame, with a right CRC or of a known number; a login of the dialect without a CRC does not count |
/// | | 25 to 260 | a whole frame of an unknown number, with a right CRC |
/// | `Protocol::Tk103` | 15 to 20, mostly 17 | `(`; 10 to 15 digits, or 12 characters of digits, capitals, `_` and NUL with a digit among them; `A` or `B`, a letter from `O` to `Z`, two digits |
/// | `Protocol::V680` | 14 to 24, mostly 20 | `#`, 9 to 15 digits, `#`, a user, `#`, a flag of 1 or 2 digits, `#`, or a password of up to 6, `#` and a letter; or the first 24 bytes of that, if the user is longer |
/// | | 19 or 20 | `#`, 15 digits, `##`, and bytes that begin no report: a line end, the next frame |
/// | `Protocol::H02` | 5 | `*HQ,` or another [maker](crate::protocol::h02::Maker), and a byte that may begin an id |
/// | | 29 or 32 | the core of a binary frame: `$` or `X`, digits, a date, a place, a status word |
/// | [`Sniff::Foreign`] | 1 to 260 | up to the first byte that does not fit |
///
/// `gt02` needs its whole header because other machines begin with `68` too, such as meters (M-Bus,
/// DL/T 645). Relatives of `tk103` have a comma after an IMEI.
///
/// ```
/// use gt02::{Protocol, Sniff, sniff};
/// assert_eq!(sniff(b"\x68\x68\x25"), Sniff::NeedMore);
/// let header = b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33";
/// assert_eq!(sniff(header), Sniff::Protocol(Protocol::Gt02));
/// assert_eq!(sniff(b"GET / HTTP/1.1\r\n"), Sniff::Foreign);
/// assert_eq!(sniff(b"\r\n\r\n"), Sniff::NeedMore);
/// ```
#[must_use]
pub fn sniff(bytes: &[u8]) -> Sniff {
    sniff_line(skip_line_ends(bytes))
}

/// Skips the line ends that some devices send first.
fn skip_line_ends(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [b'\r' | b'\n', after @ ..] = rest {
        rest = after;
    }
    rest
}

macro_rules! sniffers {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// Identifies the protocol of bytes that do not begin with a line end.
        fn sniff_line(bytes: &[u8]) -> Sniff {
            let mut sniffed = Sniff::Foreign;
            $(if $enabled {
                match protocol::$module::Framer::sniff(bytes) {
                    Framing::Complete { .. } => return Sniff::Protocol(Protocol::$name),
                    Framing::Incomplete { .. } => sniffed = Sniff::NeedMore,
                    Framing::Invalid { .. } => {}
                }
            })*
            sniffed
        }
    };
}
for_each_protocol!(sniffers);

/// Identifies the protocol of a complete datagram, or of all bytes that came before the device fell
/// silent.
///
/// Unlike [`sniff()`], it always decides, because no byte follows. `None` means that the bytes are
/// of no protocol that this build [finds](Protocol::is_enabled), or not enough of one.
///
/// ```
/// use gt02::{Protocol, Sniff, sniff, sniff_datagram};
/// // A keep-alive, or the beginning of a report?
/// assert_eq!(sniff(b"#353588020144007##"), Sniff::NeedMore);
/// assert_eq!(sniff_datagram(b"#353588020144007##"), Some(Protocol::V680));
/// ```
#[must_use]
pub fn sniff_datagram(bytes: &[u8]) -> Option<Protocol> {
    match sniff(bytes) {
        Sniff::Protocol(protocol) => Some(protocol),
        Sniff::NeedMore => Frame::parse(skip_line_ends(bytes))
            .ok()
            .map(|frame| frame.protocol()),
        Sniff::Foreign => None,
    }
}
