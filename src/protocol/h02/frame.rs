use super::{
    Ack, Fields, Header, Heartbeat, IccidReport, Id, Login, Maker, Message,
    binary::{RECORD, REPORT},
    command,
};
use crate::{
    bytes::swar::count_until,
    error::Error,
    protocol::single,
    types::{DateTime, DeviceId, Direction, MessageType, Protocol, Text},
};

/// One whole frame over the borrowed bytes, validated as [the module](super) says: a text or a
/// binary one.
///
/// ```text
/// 0   1       3   4
/// +---+-------+---+----+---+------+- - - - - - -+---+
/// | * | maker | , | id | , | type | , field ... | # |
/// +---+-------+---+----+---+------+- - - - - - -+---+
///
/// +---+---------------+------+
/// | $ | id            | body |
/// +---+---------------+------+
/// | X | mileage       | body |
/// +---+---------------+------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// The bytes from `*` to `#`, or from `$` or `X` on.
    bytes: &'a [u8],
}

/// The parts of a frame.
pub(super) struct Parts<'a> {
    pub(super) maker: Maker,
    pub(super) id: &'a [u8],
    pub(super) code: &'a [u8],
    pub(super) fields: Fields<'a>,
}

impl<'a> Parts<'a> {
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn header(&self) -> Header<'a> {
        Header {
            maker: self.maker,
            id: Id::read(self.id),
        }
    }

    /// What [`Frame::reply`] makes a message of, for a frame of `len` bytes.
    pub(super) fn owed(&self, len: usize, now: Option<DateTime>) -> Option<Owed<'a>> {
        let repeated = if len > super::MAX_REPLY_LEN {
            Fields(&[])
        } else {
            self.fields
        };
        match self.code {
            code @ (b"V1" | b"NBR") => Some(Owed::Ack { code, time: now? }),
            b"V0" => Some(Owed::Login(repeated)),
            b"HTBT" => Some(Owed::Heartbeat(repeated)),
            // Without the number it is a reply itself.
            b"ICCID" if !self.fields.0.is_empty() => Some(Owed::Iccid),
            _ => None,
        }
    }
}

impl<'a> Frame<'a> {
    /// Parses `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// `Start`, `DeviceId`, `Field`, `End`, `Overlap`, `Oversize` (more than 2048 bytes),
    /// `Incomplete` or `Trailing` of [`ErrorKind`](crate::ErrorKind), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::H02)?;
        Ok(Self { bytes })
    }

    /// Creates a frame of bytes that were found to be one.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether this is a `$` or an `X` frame.
    #[inline]
    pub(super) const fn is_binary(&self) -> bool {
        matches!(self.bytes, [REPORT | RECORD, ..])
    }

    /// The parts of a text. A binary frame has none but its mark, as the type.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn parts(&self) -> Parts<'a> {
        let (maker, content) = match self.bytes {
            [REPORT | RECORD, ..] => {
                return Parts {
                    maker: Maker::default(),
                    id: &[],
                    code: self.bytes.get(..1).unwrap_or_default(),
                    fields: Fields(&[]),
                };
            }
            [b'*', a, b, b',', content @ .., b'#'] => {
                (Maker::from_letters([*a, *b]).unwrap_or_default(), content)
            }
            // Not from a frame that was validated.
            content => (Maker::default(), content),
        };
        let (id, mut rest) = content
            .split_at_checked(count_until(content, b','))
            .unwrap_or((content, &[]));
        if let [b',', b'0'..=b'9', after @ ..] = rest {
            // A `#` inside a frame comes before its type.
            if let Some(at) = after.iter().position(|&byte| byte == b'#') {
                rest = after.get(at..).unwrap_or_default();
            }
        }
        let rest = rest.get(1..).unwrap_or_default();
        let (code, fields) = rest
            .split_at_checked(count_until(rest, b','))
            .unwrap_or((rest, &[]));
        Parts {
            maker,
            id,
            code,
            fields: Fields(fields),
        }
    }

    /// Returns the bytes of the frame, from its start mark on.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the maker's letters and the device's number. A binary frame has no letters: they are
    /// `HQ`. An `X` frame has no number either.
    #[must_use]
    pub fn header(&self) -> Header<'a> {
        if self.is_binary() {
            self.message().header()
        } else {
            self.parts().header()
        }
    }

    /// Returns the device that the frame is from or for, if it is named by a number. In a command
    /// it may be a filler.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        if self.is_binary() {
            self.header().device_id()
        } else {
            DeviceId::from_ascii(self.parts().id)
        }
    }

    /// Returns the type as its bytes on the wire, such as `V1`; empty in a frame that has no type.
    /// The type of a binary frame is its start mark, `$` or `X`.
    #[must_use]
    pub fn code(&self) -> &'a [u8] {
        self.parts().code
    }

    /// Returns the message's type, such as `V1`; `None` in a frame that has no type.
    #[must_use]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        match self.parts().code {
            [] => None,
            code => Some(MessageType::Text(Text::Bytes(code))),
        }
    }

    /// Returns the bytes between the type and the end mark: the [fields](Self::fields), each after
    /// its comma. In a binary frame they are all bytes after the start mark.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        match self.bytes {
            [REPORT | RECORD, body @ ..] => body,
            _ => self.parts().fields.0,
        }
    }

    /// Returns `None`: frames of this protocol have no serial.
    #[must_use]
    pub const fn serial(&self) -> Option<u16> {
        None
    }

    /// Returns the fields after the type, as sent: those that a message leaves out because they are
    /// unreadable are here.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        self.parts().fields
    }

    /// Returns which way the frame travels, if its bytes tell.
    ///
    /// | type | direction |
    /// |---|---|
    /// | `V4` with another type and 14 digits, the reply to that type | down |
    /// | a [`Command`](super::Command) with a time of day | down |
    /// | `V0`, `HTBT`, which the server sends back as they are, and unknown types | `None` |
    /// | all others | up |
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let Parts { code, fields, .. } = self.parts();
        direction(code, fields)
    }

    /// Returns the reply that a server owes if the frame came from a device: [`Ack`] to `V1` and
    /// `NBR`, if `now` is given; the whole frame to `V0` and `HTBT`, as the vendor documents ask.
    ///
    /// It depends on the type alone, so it is right even if the fields are unreadable. `now` is the
    /// server's clock, in UTC. The reply has at most [`MAX_REPLY_LEN`](super::MAX_REPLY_LEN) bytes:
    /// a `V0` or `HTBT` that is longer, which no known device sends, is answered by its header.
    ///
    /// `V0` and `HTBT` are the same bytes both ways, so nothing in them tells a reply from a
    /// request. A server that is given replies of another server, such as by a loop of two servers,
    /// answers them for ever: give it frames of devices only.
    ///
    /// ```
    /// use gt02::{protocol::h02::{Frame, MAX_REPLY_LEN}, types::DateTime};
    /// // The CanTrack document.
    /// let bytes = b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,\
    ///     FFFFFBFF#";
    /// let now = DateTime::new(2015, 8, 10, 14, 54, 53);
    /// let mut out = [0; MAX_REPLY_LEN];
    /// let len = Frame::parse(bytes)?.reply(now).unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], b"*HQ,865205030330012,V4,V1,20150810145453#");
    ///
    /// let heartbeat = b"*HQ,135790246811220,HTBT,100#";
    /// let len = Frame::parse(heartbeat)?.reply(None).unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], heartbeat);
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn reply(&self, now: Option<DateTime>) -> Option<Message<'a>> {
        let parts = self.parts();
        let header = parts.header();
        Some(match parts.owed(self.bytes.len(), now)? {
            Owed::Ack { code, time } => Message::Ack(Ack {
                header,
                code: Text::Bytes(code),
                time,
            }),
            Owed::Login(fields) => Message::Login(Login { header, fields }),
            Owed::Heartbeat(fields) => Message::Heartbeat(Heartbeat { header, fields }),
            Owed::Iccid => Message::IccidReport(IccidReport::reply(header)),
        })
    }

    /// Returns the message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::read(self)
    }
}

/// The reply that a server owes, without its header.
pub(super) enum Owed<'a> {
    /// `V4`, the type and the time.
    Ack { code: &'a [u8], time: DateTime },
    /// `V0` and its fields.
    Login(Fields<'a>),
    /// `HTBT` and its fields.
    Heartbeat(Fields<'a>),
    /// `ICCID` without fields.
    Iccid,
}

/// Returns which way a frame of this type travels, as [`Frame::direction`] says.
pub(super) fn direction(code: &[u8], fields: Fields<'_>) -> Option<Direction> {
    match code {
        b"V4" if command::is_ack(fields) => Some(Direction::Down),
        // The reply has no number.
        b"ICCID" if fields.0.is_empty() => Some(Direction::Down),
        b"" | b"$" | b"X" | b"V1" | b"V2" | b"V3" | b"V4" | b"V5" | b"V6" | b"V8" | b"V9"
        | b"V19" | b"VI1" | b"VP1" | b"NBR" | b"LINK" | b"SMS" | b"XT" | b"BS" | b"BASE"
        | b"ICCID" | b"TIME" => Some(Direction::Up),
        // `V0` and `HTBT` among them.
        _ => command::is_sent(code, fields).then_some(Direction::Down),
    }
}
