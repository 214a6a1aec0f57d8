//! Which protocol is this? From the first bytes of a connection, or of a datagram.

#[cfg(feature = "gt06")]
use crate::protocol::gt06;
use crate::protocol::{Candidate, Protocol, gt02};

/// What the first bytes of a connection say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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
/// The verdict comes as soon as the bytes allow, and is never revoked: more bytes do not change it. Only frames that devices send are looked
/// at, not those of servers. A connection may change its protocol later, so a [`Decoder`](crate::Decoder) does not need a verdict.
///
/// | verdict | bytes needed | what they are |
/// |---|---|---|
/// | [`Protocol::Gt02`] | 13 | `68 68`, a length of 13 or more, any 2 bytes, 16 decimal digits in BCD of which the first is 0 |
/// | `Protocol::Gt06` | 4 or 5 | `78 78` or `79 79`, the length of a frame of more than 24 bytes, a protocol number that is known |
/// | | 10 to 24 | a whole frame, with a right CRC or of a known number; so a login of the dialect without a CRC is not taken for it |
/// | | 10 to 260 | a whole frame of an unknown number, with a right CRC |
/// | [`Sniff::Foreign`] | 1 to 260 | up to the first byte that does not fit |
///
/// The whole header of `gt02` is asked for because other machines begin with `68` too (meter protocols such as M-Bus and DL/T 645).
///
/// ```
/// use gt02::{Protocol, Sniff, sniff};
/// assert_eq!(sniff(b"\x68\x68\x25"), Sniff::NeedMore);
/// assert_eq!(sniff(b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33"), Sniff::Protocol(Protocol::Gt02));
/// assert_eq!(sniff(b"GET / HTTP/1.1\r\n"), Sniff::Foreign);
/// ```
#[must_use]
pub fn sniff(bytes: &[u8]) -> Sniff {
    let verdicts = [
        (Protocol::Gt02, gt02::header_verdict(bytes)),
        #[cfg(feature = "gt06")]
        (Protocol::Gt06, gt06::header_verdict(bytes)),
    ];
    let mut sniffed = Sniff::Foreign;
    for (protocol, verdict) in verdicts {
        match verdict {
            Candidate::Frame(_) => return Sniff::Protocol(protocol),
            Candidate::More(_) => sniffed = Sniff::NeedMore,
            Candidate::Reject(_) => {}
        }
    }
    sniffed
}
