use super::{FieldIter, Fields, Header, Id, TimeOfDay, write_number, write_text, write_time};
use crate::{
    bytes::{text, write::Writer},
    session::{self, CommandError, Peer},
    types::{DateTime, DeviceId, Protocol, Text},
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

/// Reads an [`Ack`]: two fields, the second 14 digits that begin with 2000 to 2255.
pub(super) fn read_ack<'a>(header: Header<'a>, fields: Fields<'a>) -> Option<Ack<'a>> {
    let mut fields = fields.iter();
    let (Some(code), Some(clock), None) = (fields.next(), fields.next(), fields.next()) else {
        return None;
    };
    let &[a, b, c, d, e, f, g, h, ref time @ ..] = <&[u8; 14]>::try_from(clock).ok()?;
    let year = u8::try_from(text::number(&[a, b, c, d])?.checked_sub(2000)?).ok()?;
    let [_, month, day] = text::pairs(&[b'0', b'0', e, f, g, h])?;
    let [hour, minute, second] = text::pairs(time)?;
    Some(Ack {
        header,
        code: Text::Bytes(code),
        time: DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        },
    })
}

/// Returns `true` if these are the fields of an [`Ack`].
pub(super) fn is_ack(fields: Fields<'_>) -> bool {
    read_ack(Header::default(), fields).is_some()
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
    /// `S20` with `1,1` or `1,0`: cuts fuel or electricity off, or restores it \[T\].
    Relay {
        /// Whether to cut it off.
        cut: bool,
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
    /// `R1`: cold start \[D\].
    ColdStart,
    /// `R7`: clears the alarms in the [`Status`](super::Status) \[D\].
    ClearAlarms,
    /// `R8`: listen \[D\].
    Listen,
    /// `R12`: an acknowledgement, which one vendor document asks for after each frame \[D\].
    Acknowledge,
    /// Any other code or parameters, such as `S23` (server), `S24` (APN), `S32` (mileage), and
    /// `S20` with a list of times.
    Raw {
        /// The code: `S`, `R` or `D` and 1 to 3 digits, `SCF`, `LOCK` or `MILE`.
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

    /// Reads the fields of a command with this code; `None` if no time follows the code.
    pub(super) fn read(header: Header<'a>, code: &'a [u8], fields: Fields<'a>) -> Option<Self> {
        let mut fields = fields.iter();
        let time = fields.time()?;
        Some(Self {
            header,
            time,
            kind: CommandKind::read(code, fields),
        })
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
            CommandKind::Relay { cut } => out.put(if cut { b",1,1" } else { b",1,0" }),
            CommandKind::ReportInterval { interval } => {
                out.put(b",22");
                write_number(out, interval, 1);
            }
            CommandKind::Arm { armed } => out.put(if armed { b",0,0" } else { b",1,1" }),
            CommandKind::ColdStart
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
            Self::ReportInterval { .. } => b"S71",
            Self::Arm { .. } => b"SCF",
            Self::ColdStart => b"R1",
            Self::ClearAlarms => b"R7",
            Self::Listen => b"R8",
            Self::Acknowledge => b"R12",
            Self::Raw { code, .. } => return *code,
        })
    }

    fn read(code: &'a [u8], mut fields: FieldIter<'a>) -> Self {
        let raw = Self::Raw {
            code: Text::Bytes(code),
            parameters: fields.rest(),
        };
        // One more than any command has.
        let parameters: [Option<&[u8]>; 5] = core::array::from_fn(|_| fields.next());
        let [first, second, ..] = parameters;
        let [a, b, c, d, _] = parameters.map(|parameter| parameter.and_then(text::number));
        let count = parameters.iter().flatten().count();
        let kind = match (code, count) {
            (b"D1", 1) => a.map(|interval| Self::Track {
                interval,
                count: None,
            }),
            (b"D1", 2) => a.zip(b).map(|(interval, count)| Self::Track {
                interval,
                count: Some(count),
            }),
            (b"S17", 1) => a.map(|seconds| Self::Interval { seconds }),
            (b"S14", 4) => a
                .zip(b)
                .zip(c.zip(d))
                .map(|((max, min), (mode, duration))| Self::SpeedLimits {
                    max,
                    min,
                    mode,
                    duration,
                }),
            (b"S20", 2) if first == Some(b"1") && second == Some(b"1") => {
                Some(Self::Relay { cut: true })
            }
            (b"S20", 2) if first == Some(b"1") && second == Some(b"0") => {
                Some(Self::Relay { cut: false })
            }
            (b"S71", 2) if first == Some(b"22") => {
                b.map(|interval| Self::ReportInterval { interval })
            }
            (b"SCF", 2) if first == Some(b"0") && second == Some(b"0") => {
                Some(Self::Arm { armed: true })
            }
            (b"SCF", 2) if first == Some(b"1") && second == Some(b"1") => {
                Some(Self::Arm { armed: false })
            }
            (b"R1", 0) => Some(Self::ColdStart),
            (b"R7", 0) => Some(Self::ClearAlarms),
            (b"R8", 0) => Some(Self::Listen),
            (b"R12", 0) => Some(Self::Acknowledge),
            _ => None,
        };
        kind.unwrap_or(raw)
    }
}

/// Returns `true` if this is the code of a command.
pub(super) fn is_command(code: &[u8]) -> bool {
    match code {
        b"SCF" | b"LOCK" | b"MILE" => true,
        [b'S' | b'R' | b'D', digits @ ..] => {
            matches!(digits.len(), 1..=3) && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}
