use super::{MAX_ID, MIN_ID, USUAL_ID, block::Coordinate, encoder::Encoder, frame::Word};
use crate::{
    bytes::{read::chunk, text},
    session::{self, CommandError, Peer},
    types::{DateTime, Protocol, Text},
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map, map_opt},
    sequence::{preceded, separated_pair},
};

/// What a server asks of a device (spec tk103, section 6).
///
/// A device may have a least interval of its own. No source shows that a GT02A, which has no relay, obeys [`Circuit`](Action::Circuit) and
/// [`Oil`](Action::Oil).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Action<'a> {
    /// `AP00`: send one position. Answered with `BP04`.
    Locate,
    /// `AP03`: use this server from now on. Answered with `BP02`.
    Server {
        /// IPv4 address.
        address: [u8; 4],
        /// TCP port.
        port: u16,
    },
    /// `AP04`: use this access point of the mobile network. Answered with `BP03`.
    Apn(Text<'a>),
    /// `AP07`: tell the version of the firmware. Answered with `BP01`.
    Version,
    /// `AP12`: raise an alarm outside these limits, 0 to 999 km/h; 0 cancels. Answered with `BP12`.
    SpeedLimits {
        /// `H`, the upper one.
        high: u16,
        /// `L`, the lower one.
        low: u16,
    },
    /// `AP15`: call this phone number, to listen. Answered with `BS20`.
    Listen(Text<'a>),
    /// `AR00`: send positions at an interval, for some time. Answered with `BS08`.
    Interval {
        /// Seconds between positions; 0 stops.
        seconds: u16,
        /// Hours that it goes on. With `minutes`: 0 is without an end.
        hours: u8,
        /// Minutes that it goes on, on top of the hours.
        minutes: u8,
    },
    /// `AR05`: the interval, in seconds, while the ignition is on. Answered with `BR05`.
    IntervalIgnitionOn(u16),
    /// `AR06`: the interval, in seconds, while the ignition is off. Answered with `BR06`.
    IntervalIgnitionOff(u16),
    /// `AT00`: restart. Answered with `BT00`.
    Restart,
    /// `AV00`: cut the circuit, `0`, or restore it, `1`. Answered with `BV00`.
    Circuit {
        /// Cut it.
        cut: bool,
    },
    /// `AV01`: cut the oil, `0`, or restore it, `1`. Answered with `BV01`, or `BV00`.
    Oil {
        /// Cut it.
        cut: bool,
    },
    /// `AV02`: cancel all alarms. Answered with `BS21`.
    CancelAlarms,
    /// `AX05`: a geofence. Answered with `BU00`.
    Fence(Fence),
}

/// The geofence of `AX05`: `N,D,lat1,lat2,G,lon1,lon2`.
///
/// The letters are those of the document. `D` and `G` are read as the hemispheres, `N` or `S` and `E` or `W`, of both bounds; no capture confirms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Fence {
    /// `N`: 0 or 1.
    pub n: u8,
    /// Lower and upper bound, minutes with three decimals. Both in the same hemisphere.
    pub latitudes: [Coordinate; 2],
    /// Lower and upper bound, minutes with three decimals. Both in the same hemisphere.
    pub longitudes: [Coordinate; 2],
}

/// A command to a device.
///
/// ```text
/// 0   1                13     17
/// +---+----------------+------+- - - - - -+---+
/// | ( | id             | Axxx | parameters| ) |
/// +---+----------------+------+- - - - - -+---+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// The device's id, as the device sends it.
    pub id: &'a [u8],
    /// What it has to do.
    pub action: Action<'a>,
}

/// Writes the command for the device to the front of `out`, and says how many bytes it is (spec
/// tk103, section 6).
pub(crate) fn command(
    command: &session::Command<'_>,
    peer: &Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    let action = match *command {
        session::Command::Locate => Action::Locate,
        session::Command::CutRelay => Action::Oil { cut: true },
        session::Command::RestoreRelay => Action::Oil { cut: false },
        session::Command::Interval { seconds } => Action::Interval {
            seconds,
            hours: 0,
            minutes: 0,
        },
        session::Command::ClearAlarms => Action::CancelAlarms,
        session::Command::Text(_) | session::Command::Sms { .. } => {
            return Err(CommandError::Unsupported {
                protocol: Protocol::Tk103,
            });
        }
    };
    // Devices do not look at the id; old ones repeat it.
    let mut digits = [b'0'; MAX_ID];
    let mut len = USUAL_ID;
    if let Some(device) = peer.device {
        let count = usize::from(device.digit_count());
        if (MIN_ID..=MAX_ID).contains(&count) {
            len = count;
            for (to, digit) in digits.iter_mut().zip(device.digits()) {
                *to |= digit;
            }
        }
    }
    let id = digits.get(..len).unwrap_or_default();
    Command { id, action }
        .encode(out)
        .map_err(CommandError::Encode)
}

impl<'a> Action<'a> {
    /// `None` if the parameters are not laid out as documented, or the word has no name here.
    pub(super) fn of(word: Word, body: &'a [u8]) -> Option<Self> {
        Some(match (&word.0, body) {
            (b"AP00", []) => Self::Locate,
            (b"AP03", _) => whole(
                (octet, octet, octet, octet, digits::<5>)
                    .map(|(a, b, c, d, port)| ([a, b, c, d], port)),
                body,
            )
            .and_then(|(address, port)| {
                Some(Self::Server {
                    address,
                    port: u16::try_from(port).ok()?,
                })
            })?,
            (b"AP04", [_, ..]) => Self::Apn(Text::Bytes(body)),
            (b"AP07", []) => Self::Version,
            (b"AP12", _) => {
                let (high, low) = whole(
                    (
                        preceded(byte(b'H'), short::<3>),
                        preceded(byte(b'L'), short::<3>),
                    ),
                    body,
                )?;
                Self::SpeedLimits { high, low }
            }
            (b"AP15", [_, ..]) => Self::Listen(Text::Bytes(body)),
            (b"AR00", _) => {
                let (seconds, time) = whole((hex4, hex4), body)?;
                let [hours, minutes] = time.to_be_bytes();
                Self::Interval {
                    seconds,
                    hours,
                    minutes,
                }
            }
            (b"AR05", _) => Self::IntervalIgnitionOn(whole(hex4, body)?),
            (b"AR06", _) => Self::IntervalIgnitionOff(whole(hex4, body)?),
            (b"AT00", []) => Self::Restart,
            (b"AV00", [digit @ (b'0' | b'1')]) => Self::Circuit {
                cut: *digit == b'0',
            },
            (b"AV01", [digit @ (b'0' | b'1')]) => Self::Oil {
                cut: *digit == b'0',
            },
            (b"AV02", []) => Self::CancelAlarms,
            (b"AX05", _) => Self::Fence(whole(fence, body)?),
            _ => return None,
        })
    }

    /// The command word.
    pub(super) const fn word(&self) -> [u8; super::WORD] {
        *match self {
            Self::Locate => b"AP00",
            Self::Server { .. } => b"AP03",
            Self::Apn(_) => b"AP04",
            Self::Version => b"AP07",
            Self::SpeedLimits { .. } => b"AP12",
            Self::Listen(_) => b"AP15",
            Self::Interval { .. } => b"AR00",
            Self::IntervalIgnitionOn(_) => b"AR05",
            Self::IntervalIgnitionOff(_) => b"AR06",
            Self::Restart => b"AT00",
            Self::Circuit { .. } => b"AV00",
            Self::Oil { .. } => b"AV01",
            Self::CancelAlarms => b"AV02",
            Self::Fence(_) => b"AX05",
        }
    }

    /// Writes the parameters.
    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        match self {
            Self::Locate | Self::Version | Self::Restart | Self::CancelAlarms => {}
            Self::Server { address, port } => {
                for octet in address {
                    encoder.decimal((*octet).into(), 3, "address");
                }
                encoder.decimal((*port).into(), 5, "port");
            }
            Self::Apn(text) | Self::Listen(text) => encoder.put(text.as_bytes()),
            Self::SpeedLimits { high, low } => {
                encoder.put(b"H");
                encoder.decimal((*high).into(), 3, "high");
                encoder.put(b"L");
                encoder.decimal((*low).into(), 3, "low");
            }
            Self::Interval {
                seconds,
                hours,
                minutes,
            } => {
                encoder.hex((*seconds).into(), 4, "seconds");
                encoder.hex((*hours).into(), 2, "hours");
                encoder.hex((*minutes).into(), 2, "minutes");
            }
            Self::IntervalIgnitionOn(seconds) | Self::IntervalIgnitionOff(seconds) => {
                encoder.hex((*seconds).into(), 4, "seconds")
            }
            Self::Circuit { cut } | Self::Oil { cut } => {
                encoder.put(if *cut { b"0" } else { b"1" })
            }
            Self::Fence(fence) => fence.write(encoder),
        }
    }
}

impl Fence {
    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.decimal(self.n.into(), 1, "n");
        for (bounds, degrees, letters) in [
            (&self.latitudes, 2, [b",N", b",S"]),
            (&self.longitudes, 3, [b",E", b",W"]),
        ] {
            let [positive, negative] = letters;
            // That the second one is in the same hemisphere is seen when it is read back.
            encoder.put(
                if matches!(bounds, [Coordinate { positive: true, .. }, _]) {
                    positive
                } else {
                    negative
                },
            );
            for bound in bounds {
                encoder.put(b",");
                bound.write(encoder, degrees, 6, "fence");
            }
        }
    }
}

/// What a parser makes of all of `text`.
fn whole<'t, T>(
    parser: impl Parser<&'t [u8], Output = T, Error = ()>,
    text: &'t [u8],
) -> Option<T> {
    all_consuming(parser)
        .parse(text)
        .ok()
        .map(|(_, value)| value)
}

/// This byte. (What nom has for it may panic, for all that the compiler can see.)
fn byte<'t>(expected: u8) -> impl Parser<&'t [u8], Output = (), Error = ()> {
    map_opt(chunk, move |&[byte]| (byte == expected).then_some(()))
}

/// All in front of a comma, or all.
fn field(text: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let end = text
        .iter()
        .position(|&byte| byte == b',')
        .unwrap_or(text.len());
    text.split_at_checked(end)
        .map(|(field, rest)| (rest, field))
        .ok_or(nom::Err::Error(()))
}

/// A number of `N` decimal digits.
fn digits<const N: usize>(text: &[u8]) -> IResult<&[u8], u32, ()> {
    map_opt(chunk::<N>, |digits| text::number(digits)).parse(text)
}

fn short<const N: usize>(text: &[u8]) -> IResult<&[u8], u16, ()> {
    map_opt(digits::<N>, |number| u16::try_from(number).ok()).parse(text)
}

fn octet(text: &[u8]) -> IResult<&[u8], u8, ()> {
    map_opt(digits::<3>, |number| u8::try_from(number).ok()).parse(text)
}

/// A number of four hexadecimal digits.
fn hex4(text: &[u8]) -> IResult<&[u8], u16, ()> {
    map_opt(chunk::<4>, |digits| {
        text::hex(digits).and_then(|number| u16::try_from(number).ok())
    })
    .parse(text)
}

/// `N,D,lat1,lat2,G,lon1,lon2`.
fn fence(text: &[u8]) -> IResult<&[u8], Fence, ()> {
    let comma = || byte(b',');
    let n = map(digits::<1>, |n| n as u8);
    map(
        (
            n,
            preceded(comma(), bounds::<b'N', b'S'>),
            preceded(comma(), bounds::<b'E', b'W'>),
        ),
        |(n, latitudes, longitudes)| Fence {
            n,
            latitudes,
            longitudes,
        },
    )
    .parse(text)
}

/// Hemisphere and two coordinates.
fn bounds<const POSITIVE: u8, const NEGATIVE: u8>(
    text: &[u8],
) -> IResult<&[u8], [Coordinate; 2], ()> {
    let letter = map_opt(chunk, |&[letter]| {
        (letter == POSITIVE || letter == NEGATIVE).then_some(letter == POSITIVE)
    });
    let bounds = separated_pair(field, byte(b','), field);
    map_opt(
        separated_pair(letter, byte(b','), bounds),
        |(positive, (lower, upper))| {
            Some([
                Coordinate::of(lower, positive)?,
                Coordinate::of(upper, positive)?,
            ])
        },
    )
    .parse(text)
}
