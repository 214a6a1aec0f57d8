//! Which protocol is this? From the first bytes of a connection, or of a datagram.

use crate::{
    framing::{Framing, Wire},
    protocol::{self, Frame},
    types::Protocol,
};

/// What the first bytes of a connection say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Sniff {
    /// Too few bytes to tell.
    NeedMore,
    /// A device that speaks this protocol.
    Protocol(Protocol),
    /// None of the protocols of this crate.
    Foreign,
}

/// Says which protocol a device speaks, from the first bytes that it sent.
///
/// The verdict comes as soon as the bytes allow, and is never revoked: more bytes do not change it.
/// Only frames that devices send are looked at, not those of servers; and only those of protocols
/// that are [enabled](Protocol::is_enabled). A connection may change its protocol later, so a
/// [`Decoder`](crate::Decoder) does not need a verdict.
///
/// Line ends before the first frame are skipped; the table counts the bytes after them.
///
/// | verdict | bytes needed | what they are |
/// |---|---|---|
/// | [`Protocol::Gt02`] | 13 | `68 68`, a length of 13 or more, any 2 bytes, 16 decimal digits in BCD of which the first is 0 |
/// | `Protocol::Gt06` | 4 or 5 | `78 78` or `79 79`, the length of a frame of more than 24 bytes, a protocol number that is known |
/// | | 10 to 24 | a whole frame, with a right CRC or of a known number; so a login of the dialect without a CRC is not taken for it |
/// | | 25 to 260 | a whole frame of an unknown number, with a right CRC |
/// | `Protocol::Tk103` | 15 to 20, mostly 17 | `(`; 10 to 15 digits, or 12 characters of digits, capitals, `_` and NUL with a digit among them; `A` or `B`, a letter from `O` to `Z`, two digits |
/// | `Protocol::V680` | 14 to 24, mostly 20 | `#`, 9 to 15 digits, `#`, a user, `#`, a flag of 1 or 2 digits, `#`; or as much of that as 24 bytes hold, if the user is longer |
/// | | 19 or 20 | `#`, 15 digits, `##`, and what cannot be lines of TLT-2H: a line end, the next frame |
/// | `Protocol::H02` | 5 | `*HQ,` or another [maker](crate::protocol::h02::Maker), and what may begin an id |
/// | [`Sniff::Foreign`] | 1 to 260 | up to the first byte that does not fit |
///
/// The whole header of `gt02` is asked for because other machines begin with `68` too (meter
/// protocols such as M-Bus and DL/T 645). Relatives of `tk103` have a comma after an IMEI. Lines of
/// TLT-2H have a password in place of the flag of `v680`, which a user of 5 characters or more
/// hides: those are known by the names of their models and by an id that is there twice; with
/// another such user they are taken for `v680`.
///
/// ```
/// use gt02::{Protocol, Sniff, sniff};
/// assert_eq!(sniff(b"\x68\x68\x25"), Sniff::NeedMore);
/// assert_eq!(sniff(b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33"), Sniff::Protocol(Protocol::Gt02));
/// assert_eq!(sniff(b"GET / HTTP/1.1\r\n"), Sniff::Foreign);
/// assert_eq!(sniff(b"\r\n\r\n"), Sniff::NeedMore);
/// ```
#[must_use]
pub fn sniff(bytes: &[u8]) -> Sniff {
    sniff_line(skip_line_ends(bytes))
}

/// The rest after the line ends that some devices send first.
fn skip_line_ends(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [b'\r' | b'\n', after @ ..] = rest {
        rest = after;
    }
    rest
}

macro_rules! sniffers {
    ($($(#[$doc:meta])* $name:ident { module: $module:ident, number: $number:literal, enabled: $enabled:expr })*) => {
        /// What bytes say that do not begin with a line end.
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

/// Says which protocol a device speaks from a datagram, or from all that came before it fell
/// silent.
///
/// No byte follows, so there is always a verdict. `None` is none of the protocols of this crate, or
/// too little of one.
///
/// ```
/// use gt02::{Protocol, Sniff, sniff, sniff_datagram};
/// // A keep-alive, or the beginning of a line of TLT-2H?
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
