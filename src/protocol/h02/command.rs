use super::{
    Fields, Header, Id, TimeOfDay, all_fields, field, time, write_number, write_text, write_time,
};
use crate::{
    bytes::{read::chunk, text, write::Writer},
    session::{self, CommandError, Peer},
    types::{DateTime, DeviceId, Protocol, Text},
};
use nom::{
    IResult, Parser,
    branch::alt,
    combinator::{all_consuming, map, map_opt, value, verify},
};

/// The server's reply to a position or to cells: `V4`, from the server.
///
/// ```text
/// +---+-------+---+----+---+----+---+------+---+----------------+---+
/// | * | maker | , | id | , | V4 | , | type | , | YYYYMMDDhhmmss | # |
/// +---+-------+---+----+---+----+---+------+---+----------------+---+
/// ```
///
/// A `V4` of a device is a [`Response`](super::Response).
///
/// ```
/// use gt02::{protocol::h02::{Ack, Header}, types::{DateTime, DeviceId}};
/// let header = Header::from("865205030330012".parse::<DeviceId>().unwrap());
/// let ack = Ack::new(header, "V1", DateTime::new(2015, 8, 10, 14, 54, 53).unwrap());
/// let mut out = [0; 64];
/// let len = ack.encode(&mut out)?;
/// assert_eq!(out[..len], *b"*HQ,865205030330012,V4,V1,20150810145453#");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ack<'a> {
    /// Maker and id of the device, as in the frame that is answered.
    pub header: Header<'a>,
    /// The type that is answered: `V1` or `NBR`.
    pub code: Text<'a>,
    /// The server's clock, UTC.
    pub time: DateTime,
}

impl<'a> Ack<'a> {
    /// Creates the reply to a message of this type. `time` is the server's clock, UTC.
    #[must_use]
    pub const fn new(header: Header<'a>, code: &'a str, time: DateTime) -> Self {
        Self {
            header,
            code: Text::Bytes(code.as_bytes()),
            time,
        }
    }

    /// Reads two fields: a type and a clock.
    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, code) = some_field(input)?;
        let (rest, time) =
            all_consuming(map_opt(some_field, |text| whole(clock, text))).parse(rest)?;
        let ack = Self {
            header,
            code: Text::Bytes(code),
            time,
        };
        Ok((rest, ack))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        let DateTime {
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self.time;
        write_text(out, self.code.as_bytes());
        write_number(out, self.time.full_year().into(), 4);
        for part in [month, day, hour, minute, second] {
            out.put_decimal(part.into(), 2);
        }
    }
}

/// Reads a clock `YYYYMMDDhhmmss`, 2000 to 2255.
fn clock(input: &[u8]) -> IResult<&[u8], DateTime, ()> {
    map_opt((chunk, chunk, chunk), |(year, day, time)| {
        let year = text::number(year as &[u8; 4])?.checked_sub(2000)?;
        let &[a, b, c, d] = day;
        let [_, month, day] = text::pairs(&[b'0', b'0', a, b, c, d])?;
        let [hour, minute, second] = text::pairs(time)?;
        Some(DateTime {
            year: year.try_into().ok()?,
            month,
            day,
            hour,
            minute,
            second,
        })
    })
    .parse(input)
}

/// Returns `true` if these are the fields of an [`Ack`].
pub(super) fn is_ack(fields: Fields<'_>) -> bool {
    Ack::read(Header::default(), fields.0).is_ok()
}

/// A command to the device.
///
/// ```text
/// +---+-------+---+----+---+------+---+--------+ - - - - - -+---+
/// | * | maker | , | id | , | code | , | HHMMSS | parameters | # |
/// +---+-------+---+----+---+------+---+--------+ - - - - - -+---+
/// ```
///
/// The maker must be that of the device; the id may be a filler such as `000` \[D\]. The device
/// answers by a [`Response`](super::Response) that repeats code and time.
///
/// ```
/// use gt02::{
///     protocol::h02::{Command, CommandKind, Header, TimeOfDay},
///     types::DeviceId,
/// };
/// let header = Header::from("2020916012".parse::<DeviceId>().unwrap());
/// let time = TimeOfDay { hour: 13, minute: 3, second: 5 };
/// let command = Command::new(header, time, CommandKind::Relay { cut: true });
/// let mut out = [0; 64];
/// let len = command.encode(&mut out)?;
/// assert_eq!(&out[..len], b"*HQ,2020916012,S20,130305,1,1#");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The time of day at which it is sent.
    pub time: TimeOfDay,
    /// Code and parameters.
    pub kind: CommandKind<'a>,
}

/// Code and parameters of a [`Command`]. See [the manual](crate::manual::h02), "Commands".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandKind<'a> {
    /// `D1`: report a number of times at an interval \[D\]. A public server sends the interval
    /// alone \[T\].
    Track {
        /// Seconds, 30 to 65535; 0 or 1 asks for one report at once \[D\].
        interval: u32,
        /// Number of reports, at most 65535 \[D\].
        count: Option<u32>,
    },
    /// `S17`: the interval of reports \[D\].
    Interval {
        /// Seconds, 30 to 65535 \[D\].
        seconds: u32,
    },
    /// `S14`: limits of the speed \[D\].
    SpeedLimits {
        /// The highest speed in knots, 1 to 255; 0 for no limit \[D\].
        max: u32,
        /// The lowest speed in knots \[D\].
        min: u32,
        /// 0 asks for the limits, 1 counts the speed only with a fix, others always \[D\].
        mode: u32,
        /// Seconds, 5 to 65535; 0 switches it off \[D\].
        duration: u32,
    },
    /// `S20` with `1,1`, which cuts fuel or electricity off, or `0,0`, which restores it \[D\].
    /// Public servers restore it by `1,0` \[T\]; in both, the time of the first cut is 0.
    Relay {
        /// Whether to cut it off.
        cut: bool,
    },
    /// `S32`: the mileage, which the answer has in units of 0.51444 m \[D\].
    Mileage {
        /// Whether to set it to 0; otherwise the device is asked for it.
        reset: bool,
    },
    /// `S71` with `01`: the master number \[D\].
    MasterNumber {
        /// The telephone number.
        number: Text<'a>,
    },
    /// `S71` with `02`: the numbers that SOS goes to \[D\].
    SosNumbers {
        /// The first telephone number.
        first: Text<'a>,
        /// The second telephone number; may be empty.
        second: Text<'a>,
    },
    /// `S71` with `22`: an interval that public servers set for reports \[T\].
    ReportInterval {
        /// The interval. Its unit is not established.
        interval: u32,
    },
    /// `SCF` with `0,0` or `1,1`: arms the device, or disarms it \[D\].
    Arm {
        /// Whether to arm it.
        armed: bool,
    },
    /// `S26`: asks for the state, which comes as `LINK`, or as the answer to the command \[C\].
    ReadState,
    /// `R1`: cold start \[D\]. There is no answer.
    ColdStart,
    /// `R7`: clears the alarms in the [`Status`](super::Status), and restores fuel or electricity
    /// \[D\]. There is no answer.
    ClearAlarms,
    /// `R8`: listen \[D\].
    Listen,
    /// `R12`: an acknowledgement, which one vendor document asks for after each frame \[D\].
    Acknowledge,
    /// Any other code or parameters, such as `S23` (server), `S24` (APN), `I1` (a street address),
    /// and `S20` with a list of times: 0 for cut and restored every 5 s, or 1, and then up to 30
    /// times in seconds, after which it is cut and restored in turn \[D\].
    Raw {
        /// The code: `S`, `R` or `D` and 1 to 3 digits, `SCF`, `LOCK`, `MILE`, `I0`, `I1`, or
        /// `I1_2_EN`.
        code: Text<'a>,
        /// The parameters.
        parameters: Fields<'a>,
    },
}

/// Writes a session's command for the device to the front of `out`, and returns its length.
pub(crate) fn command(
    command: &session::Command<'_>,
    peer: &Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    let kind = match *command {
        session::Command::CutRelay => CommandKind::Relay { cut: true },
        session::Command::RestoreRelay => CommandKind::Relay { cut: false },
        session::Command::Interval { seconds } => CommandKind::Interval {
            seconds: seconds.into(),
        },
        session::Command::ClearAlarms => CommandKind::ClearAlarms,
        session::Command::Locate | session::Command::Text(_) | session::Command::Sms { .. } => {
            return Err(CommandError::Unsupported {
                protocol: Protocol::H02,
            });
        }
    };
    let now = now.ok_or(CommandError::NoTime)?;
    // A vendor document has this in place of an id.
    let filler = DeviceId::from_ascii(b"000");
    let id = peer
        .device
        .or(filler)
        .map_or(Id::Other(Text::Bytes(&[])), Id::Number);
    let header = Header {
        maker: peer.maker,
        id,
    };
    Command::new(header, now.into(), kind)
        .encode(out)
        .map_err(CommandError::Encode)
}

impl<'a> Command<'a> {
    /// Creates a command that is sent at this time of day.
    #[must_use]
    pub const fn new(header: Header<'a>, time: TimeOfDay, kind: CommandKind<'a>) -> Self {
        Self { header, time, kind }
    }

    /// Reads the fields of a command with this code, which begin with a time.
    pub(super) fn read(
        header: Header<'a>,
        code: &'a [u8],
        input: &'a [u8],
    ) -> IResult<&'a [u8], Self, ()> {
        let (rest, time) = map_opt(time, |time| time).parse(input)?;
        let (rest, kind) = CommandKind::read(code, rest)?;
        Ok((rest, Self { header, time, kind }))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_time(out, Some(self.time));
        match self.kind {
            CommandKind::Track { interval, count } => {
                write_number(out, interval, 1);
                if let Some(count) = count {
                    write_number(out, count, 1);
                }
            }
            CommandKind::Interval { seconds } => write_number(out, seconds, 1),
            CommandKind::SpeedLimits {
                max,
                min,
                mode,
                duration,
            } => {
                for value in [max, min, mode, duration] {
                    write_number(out, value, 1);
                }
            }
            CommandKind::Relay { cut } => out.put(if cut { b",1,1" } else { b",0,0" }),
            CommandKind::Mileage { reset } => out.put(if reset { b",0" } else { b",1" }),
            CommandKind::MasterNumber { number } => {
                out.put(b",01");
                write_text(out, number.as_bytes());
            }
            CommandKind::SosNumbers { first, second } => {
                out.put(b",02");
                write_text(out, first.as_bytes());
                write_text(out, second.as_bytes());
            }
            CommandKind::ReportInterval { interval } => {
                out.put(b",22");
                write_number(out, interval, 1);
            }
            CommandKind::Arm { armed } => out.put(if armed { b",0,0" } else { b",1,1" }),
            CommandKind::ReadState
            | CommandKind::ColdStart
            | CommandKind::ClearAlarms
            | CommandKind::Listen
            | CommandKind::Acknowledge => {}
            CommandKind::Raw { parameters, .. } => out.put(parameters.0),
        }
    }
}

impl<'a> CommandKind<'a> {
    /// Returns the code.
    #[must_use]
    pub const fn code(&self) -> Text<'a> {
        Text::Bytes(match self {
            Self::Track { .. } => b"D1",
            Self::Interval { .. } => b"S17",
            Self::SpeedLimits { .. } => b"S14",
            Self::Relay { .. } => b"S20",
            Self::Mileage { .. } => b"S32",
            Self::ReportInterval { .. } | Self::MasterNumber { .. } | Self::SosNumbers { .. } => {
                b"S71"
            }
            Self::ReadState => b"S26",
            Self::Arm { .. } => b"SCF",
            Self::ColdStart => b"R1",
            Self::ClearAlarms => b"R7",
            Self::Listen => b"R8",
            Self::Acknowledge => b"R12",
            Self::Raw { code, .. } => return *code,
        })
    }

    /// Reads the parameters; [`Raw`](Self::Raw) if they are not those of the code.
    fn read(code: &'a [u8], input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let kind = match code {
            b"D1" => whole(
                alt((
                    map((value_of, value_of), |(interval, count)| Self::Track {
                        interval,
                        count: Some(count),
                    }),
                    map(value_of, |interval| Self::Track {
                        interval,
                        count: None,
                    }),
                )),
                input,
            ),
            b"S17" => whole(map(value_of, |seconds| Self::Interval { seconds }), input),
            b"S14" => whole(
                map(
                    (value_of, value_of, value_of, value_of),
                    |(max, min, mode, duration)| Self::SpeedLimits {
                        max,
                        min,
                        mode,
                        duration,
                    },
                ),
                input,
            ),
            b"S20" => match input {
                b",1,1" => Some(Self::Relay { cut: true }),
                b",0,0" => Some(Self::Relay { cut: false }),
                _ => None,
            },
            b"S26" if input.is_empty() => Some(Self::ReadState),
            b"S32" => match input {
                b",0" => Some(Self::Mileage { reset: true }),
                b",1" => Some(Self::Mileage { reset: false }),
                _ => None,
            },
            b"S71" => whole(
                alt((
                    map((text(b"22"), value_of), |((), interval)| {
                        Self::ReportInterval { interval }
                    }),
                    map((text(b"01"), some_field), |((), number)| {
                        Self::MasterNumber {
                            number: Text::Bytes(number),
                        }
                    }),
                    map(
                        (text(b"02"), some_field, some_field),
                        |((), first, second)| Self::SosNumbers {
                            first: Text::Bytes(first),
                            second: Text::Bytes(second),
                        },
                    ),
                )),
                input,
            ),
            b"SCF" => match input {
                b",0,0" => Some(Self::Arm { armed: true }),
                b",1,1" => Some(Self::Arm { armed: false }),
                _ => None,
            },
            b"R1" if input.is_empty() => Some(Self::ColdStart),
            b"R7" if input.is_empty() => Some(Self::ClearAlarms),
            b"R8" if input.is_empty() => Some(Self::Listen),
            b"R12" if input.is_empty() => Some(Self::Acknowledge),
            _ => None,
        };
        let (rest, parameters) = all_fields(input)?;
        let raw = Self::Raw {
            code: Text::Bytes(code),
            parameters,
        };
        Ok((rest, kind.unwrap_or(raw)))
    }
}

/// Applies a parser to all of `input`.
fn whole<'a, T>(
    parser: impl Parser<&'a [u8], Output = T, Error = ()>,
    input: &'a [u8],
) -> Option<T> {
    let (_, value) = all_consuming(parser).parse(input).ok()?;
    Some(value)
}

/// Reads a parameter of decimal digits.
fn value_of(input: &[u8]) -> IResult<&[u8], u32, ()> {
    map_opt(some_field, text::number).parse(input)
}

/// Reads a parameter that is this text.
fn text<'a>(text: &'static [u8]) -> impl Parser<&'a [u8], Output = (), Error = ()> {
    value((), verify(some_field, move |field: &[u8]| field == text))
}

/// Reads a field that is there.
fn some_field(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    map_opt(field, |field| field).parse(input)
}

/// Whether this is what a server sends: a command and a time of day.
pub(super) fn is_sent(code: &[u8], fields: Fields<'_>) -> bool {
    is_command(code) && matches!(time(fields.0), Ok((_, Some(_))))
}

/// Returns `true` if this is the code of a command.
pub(super) fn is_command(code: &[u8]) -> bool {
    match code {
        b"SCF" | b"LOCK" | b"MILE" | b"I0" | b"I1" | b"I1_2_EN" => true,
        [b'S' | b'R' | b'D', digits @ ..] => {
            matches!(digits.len(), 1..=3) && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}
