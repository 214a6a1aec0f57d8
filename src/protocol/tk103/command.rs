use super::{
    MAX_ID, MIN_ID, USUAL_ID, WORD,
    frame::CommandWord,
    message::{Coordinate, Encoder, is_parameter},
};
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

/// What a server asks of a device; see [the manual](crate::manual::tk103), "Commands".
///
/// A device may have a least interval of its own. No source shows that a GT02A, which has no relay,
/// obeys [`Circuit`](Self::Circuit) and [`Oil`](Self::Oil).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandKind<'a> {
    /// `AP00`: send one position. Answered with `BP04`.
    Locate,
    /// `AP03`: use this server from now on. Answered with `BP02`.
    Server {
        /// IPv4 address.
        address: [u8; 4],
        /// TCP port.
        port: u16,
    },
    /// `AP04`: use this access point of the mobile network, printable ASCII. Answered with `BP03`.
    Apn(Text<'a>),
    /// `AP07`: tell the version of the firmware. Answered with `BP01`.
    Version,
    /// `AP12`: raise an alarm outside these limits, 0 to 999 km/h; 0 cancels. Answered with
    /// `BP12`.
    SpeedLimits {
        /// `H`, the upper one.
        high: u16,
        /// `L`, the lower one.
        low: u16,
    },
    /// `AP15`: call this phone number, printable ASCII, to listen. Answered with `BS20`.
    Listen(Text<'a>),
    /// `AR00`: send positions at an interval, for some time. Answered with `BS08`.
    Interval {
        /// Seconds between positions; 0 stops.
        seconds: u16,
        /// Hours until it stops; if they and `minutes` are 0, it never stops.
        hours: u8,
        /// Minutes until it stops, in addition to the hours.
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
/// The letters are those of the document \[D\]. `D` and `G` are read as the hemispheres, `N` or `S`
/// and `E` or `W`, of both bounds; no capture confirms it \[I\].
///
/// ```
/// use gt02::protocol::tk103::{CommandKind, Message};
/// let message = Message::parse(
///     b"(027040012345AX051,N,2230.000,2245.500,E,11400.000,11430.250)",
/// )?;
/// let Message::Command(command) = message else { unreachable!() };
/// let CommandKind::Fence(fence) = command.kind else { unreachable!() };
/// assert_eq!(fence.latitudes[1].minutes.to_string(), "45.500");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Fence {
    /// `N`: 0 or 1.
    pub n: u8,
    /// Lower and upper bound in one hemisphere, minutes with three decimals.
    pub latitudes: [Coordinate; 2],
    /// Lower and upper bound in one hemisphere, minutes with three decimals.
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
///
/// ```
/// use gt02::protocol::tk103::{Command, CommandKind};
/// let kind = CommandKind::Interval { seconds: 20, hours: 0, minutes: 36 };
/// let mut out = [0; 32];
/// let len = Command::new(b"027040012345", kind).encode(&mut out)?;
/// assert_eq!(&out[..len], b"(027040012345AR0000140024)");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// The device's id, as the device sends it.
    pub id: &'a [u8],
    /// Its task.
    pub kind: CommandKind<'a>,
}

impl<'a> Command<'a> {
    /// Creates a command from the device's id and what it has to do.
    #[must_use]
    pub const fn new(id: &'a [u8], kind: CommandKind<'a>) -> Self {
        Self { id, kind }
    }
}

/// Writes the command for the device to the front of `out`, and returns its length.
pub(crate) fn command(
    command: &session::Command<'_>,
    peer: &Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    let kind = match *command {
        session::Command::Locate => CommandKind::Locate,
        session::Command::CutRelay => CommandKind::Oil { cut: true },
        session::Command::RestoreRelay => CommandKind::Oil { cut: false },
        session::Command::Interval { seconds } => CommandKind::Interval {
            seconds,
            hours: 0,
            minutes: 0,
        },
        session::Command::ClearAlarms => CommandKind::CancelAlarms,
        session::Command::Text(_) | session::Command::Sms { .. } => {
            return Err(CommandError::Unsupported {
                protocol: Protocol::Tk103,
            });
        }
    };
    // Devices ignore the id; old ones repeat it.
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
    Command { id, kind }
        .encode(out)
        .map_err(CommandError::Encode)
}

impl<'a> CommandKind<'a> {
    /// Reads a command. Returns `None` if the parameters are not as documented, or if the word has
    /// no name here.
    pub(super) fn read(word: CommandWord, body: &'a [u8]) -> Option<Self> {
        Some(match (word.as_bytes(), body) {
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
            (b"AP04", _) if is_parameter(body) => Self::Apn(Text::Bytes(body)),
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
            (b"AP15", _) if is_parameter(body) => Self::Listen(Text::Bytes(body)),
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

    /// The characters of the command word.
    pub(super) const fn characters(&self) -> &'static [u8; WORD] {
        match self {
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
            Self::Apn(text) | Self::Listen(text) => encoder.text(*text),
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
            // The comparison with what is read back shows if the second bound is in another one.
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

/// Applies a parser to all of `text`.
fn whole<'t, T>(
    parser: impl Parser<&'t [u8], Output = T, Error = ()>,
    text: &'t [u8],
) -> Option<T> {
    all_consuming(parser)
        .parse(text)
        .ok()
        .map(|(_, value)| value)
}

/// Reads this byte. (nom's own parser for it keeps a panic path.)
fn byte<'t>(expected: u8) -> impl Parser<&'t [u8], Output = (), Error = ()> {
    map_opt(chunk, move |&[byte]| (byte == expected).then_some(()))
}

/// Reads the text before a comma, or all of it.
fn field(text: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let end = text
        .iter()
        .position(|&byte| byte == b',')
        .unwrap_or(text.len());
    text.split_at_checked(end)
        .map(|(field, rest)| (rest, field))
        .ok_or(nom::Err::Error(()))
}

/// Reads a number of `N` decimal digits.
fn digits<const N: usize>(text: &[u8]) -> IResult<&[u8], u32, ()> {
    map_opt(chunk::<N>, |digits| text::number(digits)).parse(text)
}

fn short<const N: usize>(text: &[u8]) -> IResult<&[u8], u16, ()> {
    map_opt(digits::<N>, |number| u16::try_from(number).ok()).parse(text)
}

fn octet(text: &[u8]) -> IResult<&[u8], u8, ()> {
    map_opt(digits::<3>, |number| u8::try_from(number).ok()).parse(text)
}

/// Reads a number of four hexadecimal digits.
fn hex4(text: &[u8]) -> IResult<&[u8], u16, ()> {
    map_opt(chunk::<4>, |digits| {
        text::hex(digits).and_then(|number| u16::try_from(number).ok())
    })
    .parse(text)
}

/// Reads `N,D,lat1,lat2,G,lon1,lon2`.
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

/// Reads a hemisphere and two coordinates.
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
                Coordinate::read(lower, positive)?,
                Coordinate::read(upper, positive)?,
            ])
        },
    )
    .parse(text)
}
