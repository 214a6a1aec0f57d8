use super::{
    FieldIter, Fields, Header, Heartbeat, Id, Login, Message, TimeOfDay,
    gps::{put_number, put_text, put_time, take_time},
};
use crate::{
    bytes::{text, write::Writer},
    session::{self, CommandError, Peer},
    types::{DateTime, DeviceId, Protocol, Text},
};

/// The server's answer to a position or to cells: `V4`, downwards.
///
/// ```text
/// *HQ,id,V4,type,YYYYMMDDhhmmss#
/// ```
///
/// A `V4` of a device is a [`Response`](super::Response).
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

impl Ack<'_> {
    pub(super) fn put(&self, out: &mut Writer<'_>) {
        let DateTime {
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self.time;
        put_text(out, self.code.as_bytes());
        put_number(out, self.time.full_year().into(), 4);
        for part in [month, day, hour, minute, second] {
            out.put_decimal(part.into(), 2);
        }
    }
}

/// The type and the clock, if these are the fields of an [`Ack`]: two, of which the second is 14 digits that begin with 2000 to 2255.
pub(super) fn ack(fields: Fields<'_>) -> Option<(&[u8], DateTime)> {
    let mut fields = fields.iter();
    let (Some(code), Some(clock), None) = (fields.next(), fields.next(), fields.next()) else {
        return None;
    };
    let &[a, b, c, d, e, f, g, h, ref time @ ..] = <&[u8; 14]>::try_from(clock).ok()?;
    let year = u8::try_from(text::number(&[a, b, c, d])?.checked_sub(2000)?).ok()?;
    let [_, month, day] = text::pairs(&[b'0', b'0', e, f, g, h])?;
    let [hour, minute, second] = text::pairs(time)?;
    Some((
        code,
        DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        },
    ))
}

/// What a frame of this type is answered with.
pub(super) fn answer<'a>(
    header: Header<'a>,
    code: &'a [u8],
    now: Option<DateTime>,
) -> Option<Message<'a>> {
    match code {
        b"V1" | b"NBR" => now.map(|time| {
            Message::Ack(Ack {
                header,
                code: Text::Bytes(code),
                time,
            })
        }),
        b"V0" => Some(Message::Login(Login { header })),
        b"HTBT" => Some(Message::Heartbeat(Heartbeat {
            header,
            percent: None,
        })),
        _ => None,
    }
}

/// A command to the device.
///
/// ```text
/// *HQ,id,code,HHMMSS[,parameter ...]#
/// ```
///
/// The maker must be that of the device, the id may be a filler such as `000` \[D\]. The device answers with a [`Response`](super::Response) that
/// repeats code and time.
///
/// ```
/// use gt02::protocol::h02::{Command, Header, Id, Maker, Order, TimeOfDay};
/// let header = Header { maker: Maker::Hq, id: Id::Number("2020916012".parse()?) };
/// let command = Command { header, time: TimeOfDay { hour: 13, minute: 3, second: 5 }, order: Order::Relay { cut: true } };
/// let mut out = [0; 64];
/// let len = command.encode(&mut out).unwrap();
/// assert_eq!(&out[..len], b"*HQ,2020916012,S20,130305,1,1#");
/// # Ok::<(), gt02::types::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The time of day at which it is sent.
    pub time: TimeOfDay,
    /// What is asked.
    pub order: Order<'a>,
}

/// What a [`Command`] asks: the codes and parameters of spec h02, section 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Order<'a> {
    /// `D1`: report so many times at an interval \[D\]. A public server sends the interval alone \[T\]. The unit is not established.
    Track {
        /// The interval.
        interval: u32,
        /// How many reports; `65535` in the documents.
        count: Option<u32>,
    },
    /// `S17`: the interval of reports, in seconds \[D\].
    Interval {
        /// Seconds.
        seconds: u32,
    },
    /// `S14`: limits of the speed \[D\]. Units and modes are not established; `100,10,1,3` in the document.
    SpeedLimits {
        /// The highest speed.
        max: u32,
        /// The lowest speed.
        min: u32,
        /// The mode.
        mode: u32,
        /// For how long.
        duration: u32,
    },
    /// `S20` with `1,1` or `1,0`: cuts fuel or electricity off, or restores it \[T\].
    Relay {
        /// Whether to cut it off.
        cut: bool,
    },
    /// `S71` with `22`: an interval that public servers set for reports \[T\]. The unit is not established.
    ReportInterval {
        /// The interval.
        interval: u32,
    },
    /// `SCF` with `0,0` or `1,1`: arms the alarms, or disarms them \[T\].
    Arm {
        /// Whether to arm them.
        armed: bool,
    },
    /// `R1`: cold start \[D\].
    ColdStart,
    /// `R7`: clears the alarms in the [`Status`](super::Status) \[D\].
    ClearAlarms,
    /// `R8`: listen \[D\].
    Listen,
    /// `R12`: an acknowledgement, which a public server can be configured to send \[T\].
    Acknowledge,
    /// Any other code or parameters, such as `S23` (IP and port), `S24` (APN), `S32` (mileage), and `S20` in the document's own form.
    Raw {
        /// The code: `S`, `R` or `D` and 1 to 3 digits, `SCF`, `LOCK` or `MILE`.
        code: Text<'a>,
        /// The parameters.
        parameters: Fields<'a>,
    },
}

/// Writes the command for the device to the front of `out`, and says how many bytes it is (spec
/// h02, section 5).
pub(crate) fn command(
    command: &session::Command<'_>,
    peer: &Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    let order = match *command {
        session::Command::CutRelay => Order::Relay { cut: true },
        session::Command::RestoreRelay => Order::Relay { cut: false },
        session::Command::Interval { seconds } => Order::Interval {
            seconds: seconds.into(),
        },
        session::Command::ClearAlarms => Order::ClearAlarms,
        session::Command::Locate | session::Command::Text(_) | session::Command::Sms { .. } => {
            return Err(CommandError::Unsupported {
                protocol: Protocol::H02,
            });
        }
    };
    let DateTime {
        hour,
        minute,
        second,
        ..
    } = now.ok_or(CommandError::NoTime)?;
    // A document has this in place of an id.
    let filler = DeviceId::from_ascii(b"000");
    let id = peer
        .device
        .or(filler)
        .map_or(Id::Other(Text::Bytes(&[])), Id::Number);
    let header = Header {
        maker: peer.maker,
        id,
    };
    let command = Command {
        header,
        time: TimeOfDay {
            hour,
            minute,
            second,
        },
        order,
    };
    command.encode(out).map_err(CommandError::Encode)
}

impl<'a> Command<'a> {
    /// `None` if this is no code of a command, or no time is behind it.
    pub(super) fn read(header: Header<'a>, code: &'a [u8], fields: Fields<'a>) -> Option<Self> {
        let time = time(code, fields)?;
        let mut rest = fields.iter();
        rest.next();
        Some(Self {
            header,
            time,
            order: Order::read(code, rest),
        })
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) {
        put_time(out, Some(self.time));
        match self.order {
            Order::Track { interval, count } => {
                put_number(out, interval, 1);
                if let Some(count) = count {
                    put_number(out, count, 1);
                }
            }
            Order::Interval { seconds } => put_number(out, seconds, 1),
            Order::SpeedLimits {
                max,
                min,
                mode,
                duration,
            } => {
                for value in [max, min, mode, duration] {
                    put_number(out, value, 1);
                }
            }
            Order::Relay { cut } => out.put(if cut { b",1,1" } else { b",1,0" }),
            Order::ReportInterval { interval } => {
                out.put(b",22");
                put_number(out, interval, 1);
            }
            Order::Arm { armed } => out.put(if armed { b",0,0" } else { b",1,1" }),
            Order::ColdStart | Order::ClearAlarms | Order::Listen | Order::Acknowledge => {}
            Order::Raw { parameters, .. } => out.put(parameters.0),
        }
    }
}

impl<'a> Order<'a> {
    /// The code.
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

    fn read(code: &'a [u8], fields: FieldIter<'a>) -> Self {
        let raw = Self::Raw {
            code: Text::Bytes(code),
            parameters: fields.rest(),
        };
        let mut rest = fields;
        // One more than any order has.
        let parameters: [Option<&[u8]>; 5] = core::array::from_fn(|_| rest.next());
        let [first, second, ..] = parameters;
        let [a, b, c, d, _] = parameters.map(|parameter| parameter.and_then(text::number));
        let count = parameters.iter().flatten().count();
        let order = match (code, count) {
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
        order.unwrap_or(raw)
    }
}

/// The time of day behind the code of a command; `None` if this is no code of a command, or no time is behind it.
pub(super) fn time(code: &[u8], fields: Fields<'_>) -> Option<TimeOfDay> {
    let is_command = match code {
        b"SCF" | b"LOCK" | b"MILE" => true,
        [b'S' | b'R' | b'D', digits @ ..] => {
            matches!(digits.len(), 1..=3) && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    is_command.then(|| take_time(&mut fields.iter())).flatten()
}
