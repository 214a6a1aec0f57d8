//! The messages, one struct each.

mod binary;
mod cells;
mod columns;
mod fields;
mod gps;
mod heartbeat;
mod location;
mod phone;
mod readings;
mod request;
mod response;
mod status;
mod wifi;

use super::{
    Ack, Command, Frame, Header, Id,
    command::is_command,
    frame::{Parts, direction},
};
use crate::{
    bytes::{WIDE, write::Writer},
    error::{EncodeError, Error, ErrorKind},
    features::DETAILS,
    types::{DeviceId, Direction, MessageType, Protocol, Text},
};
pub use binary::{BinaryLocation, MileageRecord, TailValues};
pub use cells::{CellIter, NeighbourCells, NeighbourCellsV3, Vp1Content, Vp1Report};
pub use fields::{FieldBuffer, FieldIter, Fields};
pub(super) use fields::{all_fields, field, time, write_number, write_text, write_time};
pub use gps::Gps;
pub use heartbeat::{EmptyFrame, Heartbeat, LinkStatus, Login};
pub use location::{Location, LocationKind};
pub use phone::{PhoneReport, PhoneReportKind};
pub use readings::Readings;
pub use request::{IccidReport, TimeRequest, XtReport};
pub use response::{Response, Sms};
pub use status::{Status, StatusFamily};
pub use wifi::{AccessPointIter, WifiReport};

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The message in a frame.
        ///
        /// ```
        /// use gt02::protocol::h02::Message;
        /// // The CanTrack document.
        /// let bytes = b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,000.00,000,\
        ///     100815,FFFFFBFF#";
        /// let message = Message::parse(bytes)?;
        /// let Message::Location(location) = message else { unreachable!() };
        /// assert_eq!(location.gps.time().unwrap().to_string(), "2015-08-10T14:54:52");
        /// assert_eq!(location.gps.position().unwrap().latitude.micro_degrees(), 22_675_864);
        /// assert_eq!(location.status.unwrap().ignition(), false);
        ///
        /// let mut out = [0; 100];
        /// let len = message.encode(&mut out).unwrap();
        /// assert_eq!(&out[..len], bytes);
        /// # Ok::<(), gt02::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Message<'a> {
            $($(#[$doc])* $name($name<'a>),)*
        }

        impl<'a> Message<'a> {
            /// Returns maker and id of the device that the message is from or for.
            #[must_use]
            pub const fn header(&self) -> Header<'a> {
                match self {
                    $(Self::$name($name { header, .. }) => *header,)*
                }
            }
        }

        $(
            impl<'a> From<$name<'a>> for Message<'a> {
                fn from(message: $name<'a>) -> Self {
                    Self::$name(message)
                }
            }

            impl $name<'_> {
                /// Returns the number of bytes that [`encode`](Self::encode) writes.
                #[must_use]
                pub fn encoded_len(&self) -> usize {
                    Message::$name(*self).encoded_len()
                }

                /// Writes the whole frame to the front of `out`, and returns its length.
                ///
                /// # Errors
                /// As [`Message::encode`].
                pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                    Message::$name(*self).encode(out)
                }
            }
        )*
    };
}

messages! {
    /// `V1`, `V2`, `V3`, `V5`, `V6`, `V8`, `VI1` with a position.
    Location,
    /// `V4`, from the device.
    Response,
    /// `V0`, in both directions.
    Login,
    /// `HTBT`, in both directions.
    Heartbeat,
    /// `NBR`.
    NeighbourCells,
    /// `LINK`.
    LinkStatus,
    /// `SMS`.
    Sms,
    /// `V3` with cells.
    NeighbourCellsV3,
    /// `V5` with access points.
    WifiReport,
    /// `V19` and `V9`.
    PhoneReport,
    /// `VP1`.
    Vp1Report,
    /// `XT`.
    XtReport,
    /// `ICCID`, in both directions.
    IccidReport,
    /// `TIME`.
    TimeRequest,
    /// `$`, in binary.
    BinaryLocation,
    /// `X`, in binary.
    MileageRecord,
    /// No type and no fields.
    EmptyFrame,
    /// `V4`, from the server.
    Ack,
    /// `D1`, `S20`, `R1` and others, from the server.
    Command,
    /// Any other type.
    Unknown,
}

impl<'a> Message<'a> {
    /// Parses `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    /// Reads the message.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(frame: &Frame<'a>) -> Self {
        Self::read_of::<true, true>(frame)
    }

    /// Reads what is reported of the message: a command is [`Unknown`](Self::Unknown), and the
    /// report goes by its type; and so is what [`features`](crate::features) leaves out.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn reported(frame: &Frame<'a>) -> Self {
        Self::read_of::<false, DETAILS>(frame)
    }

    /// Reads the message. Without `COMMANDS` and `DETAILS`, those are [`Unknown`](Self::Unknown).
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn read_of<const COMMANDS: bool, const DETAILS: bool>(frame: &Frame<'a>) -> Self {
        if WIDE {
            if let Some(location) = columns::read(frame.as_bytes()) {
                return Self::Location(location);
            }
        }
        Self::read_any::<COMMANDS, DETAILS>(frame)
    }

    /// Reads a message in the general way.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn read_any<const COMMANDS: bool, const DETAILS: bool>(frame: &Frame<'a>) -> Self {
        if frame.is_binary() {
            return Self::read_binary(frame.as_bytes());
        }
        let parts = frame.parts();
        let (header, Parts { code, fields, .. }) = (parts.header(), parts);
        match Self::read_location(header, code, fields) {
            Some(message) => message,
            None => Self::read_other::<COMMANDS, DETAILS>(header, code, fields),
        }
    }

    /// Reads a [`Location`]; `None` if the type or the fields are not those of one.
    // Not inlined where RAM is scarce: what it has on the stack is not there beside other readers.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn read_location(header: Header<'a>, code: &[u8], fields: Fields<'a>) -> Option<Self> {
        let kind = LocationKind::from_code(code)?;
        let (_, location) = Location::read(header, kind, fields.0).ok()?;
        Some(Self::Location(location))
    }

    /// Reads a `$` or an `X` frame.
    #[inline(never)]
    fn read_binary(frame: &'a [u8]) -> Self {
        if let Ok((_, location)) = BinaryLocation::read(frame) {
            return Self::BinaryLocation(location);
        }
        if let Ok((_, record)) = MileageRecord::read(frame) {
            return Self::MileageRecord(record);
        }
        Self::EmptyFrame(EmptyFrame {
            header: Header::default(),
        })
    }

    /// Reads a message of any type except those of a [`Location`]. One whose fields are not those
    /// of its type is [`Unknown`].
    #[inline(never)]
    fn read_other<const COMMANDS: bool, const DETAILS: bool>(
        header: Header<'a>,
        code: &'a [u8],
        fields: Fields<'a>,
    ) -> Self {
        // Each straight into its place: a message is large enough that moving it takes time, flash
        // and stack.
        macro_rules! read_as {
            ($($name:ident: $read:expr),+) => {{
                $(if let Ok((_, message)) = $read {
                    return Self::$name(message);
                })+
            }};
        }
        let Fields(input) = fields;
        if let Some(kind) = PhoneReportKind::from_code(code) {
            read_as!(PhoneReport: PhoneReport::read(header, kind, input));
        }
        match code {
            b"V0" => return Self::Login(Login { header, fields }),
            b"HTBT" => return Self::Heartbeat(Heartbeat { header, fields }),
            b"LINK" => read_as!(LinkStatus: LinkStatus::read(header, input)),
            b"XT" => return Self::XtReport(XtReport { header, fields }),
            b"VP1" => read_as!(Vp1Report: Vp1Report::read(header, input)),
            b"" if input.is_empty() => return Self::EmptyFrame(EmptyFrame { header }),
            _ if COMMANDS && is_command(code) => {
                read_as!(Command: Command::read(header, code, input));
            }
            _ if DETAILS => match code {
                b"V4" => {
                    read_as!(Ack: Ack::read(header, input), Response: Response::read(header, input));
                }
                b"NBR" => read_as!(NeighbourCells: NeighbourCells::read(header, input)),
                b"SMS" => {
                    let text = Text::Bytes(fields.joined());
                    return Self::Sms(Sms { header, text });
                }
                b"V3" => read_as!(NeighbourCellsV3: NeighbourCellsV3::read(header, input)),
                b"V5" => read_as!(WifiReport: WifiReport::read(header, input)),
                b"ICCID" => return Self::IccidReport(IccidReport { header, fields }),
                b"TIME" => return Self::TimeRequest(TimeRequest { header, fields }),
                _ => {}
            },
            _ => {}
        }
        Self::Unknown(Unknown {
            header,
            code: Text::Bytes(code),
            fields,
        })
    }

    /// Returns the device that the message is from or for, if it is named by a number. In a command
    /// it may be a filler.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        self.header().device_id()
    }

    /// Returns the message's type, such as `V1`; `None` for an [`EmptyFrame`].
    #[must_use]
    pub const fn message_type(&self) -> Option<MessageType<'a>> {
        match self.code() {
            [] => None,
            code => Some(MessageType::Text(Text::Bytes(code))),
        }
    }

    /// Returns which way the message travels, if it tells: as [`Frame::direction`] of its frame.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        match self {
            Self::Ack(_) | Self::Command(_) => Some(Direction::Down),
            Self::Login(_) | Self::Heartbeat(_) => None,
            Self::IccidReport(message) => direction(b"ICCID", message.fields),
            Self::Unknown(unknown) => direction(unknown.code.as_bytes(), unknown.fields),
            _ => Some(Direction::Up),
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut out = Writer::new(&mut []);
        // A message that cannot be encoded has no length.
        let _ = self.write(&mut out);
        out.len()
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * [`EncodeError::BufferTooSmall`] if `out` is too small;
    /// * [`EncodeError::Missing`] if a speed or a course is absent, or the id of a
    ///   [`BinaryLocation`];
    /// * [`EncodeError::Text`] if a text holds a byte that no frame has;
    /// * [`EncodeError::NotCanonical`] if the message could not be parsed back to the same value,
    ///   such as for a comma in a text, an hour of 100, or an [`Unknown`] with a type that has a
    ///   message of its own.
    ///
    /// On error the contents of `out` are unspecified.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        match self {
            // A build that finds no such frames reads none back.
            Self::Location(location)
                if WIDE && Protocol::H02.is_enabled() && columns::reads_back(location) =>
            {
                let mut writer = Writer::new(out);
                self.write(&mut writer)?;
                writer.finish().map(|bytes| bytes.len())
            }
            _ => self.encode_in_general(out),
        }
    }

    /// Writes any message, and reads it back.
    fn encode_in_general(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        self.write(&mut writer)?;
        let bytes = writer.finish()?;
        match Message::parse(bytes) {
            Ok(message) if message == *self => Ok(bytes.len()),
            Ok(_) => Err(EncodeError::NotCanonical),
            Err(Error {
                kind: ErrorKind::Oversize,
                ..
            }) => Err(EncodeError::TooLong {
                field: "frame",
                max: super::MAX_FRAME_LEN,
            }),
            Err(_) => Err(EncodeError::Text),
        }
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self {
            Self::BinaryLocation(message) => return message.write(out),
            Self::MileageRecord(message) => {
                message.write(out);
                return Ok(());
            }
            _ => {}
        }
        write_start(out, &self.header(), self.code());
        match self {
            Self::Location(message) => message.write(out)?,
            Self::Response(message) => message.write(out)?,
            Self::Login(Login { fields, .. })
            | Self::Heartbeat(Heartbeat { fields, .. })
            | Self::XtReport(XtReport { fields, .. })
            | Self::IccidReport(IccidReport { fields, .. })
            | Self::TimeRequest(TimeRequest { fields, .. })
            | Self::Unknown(Unknown { fields, .. }) => out.put(fields.0),
            // The binary ones were written above.
            Self::EmptyFrame(_) | Self::BinaryLocation(_) | Self::MileageRecord(_) => {}
            Self::NeighbourCells(message) => message.write(out),
            Self::LinkStatus(message) => message.write(out),
            Self::Sms(message) => write_text(out, message.text.as_bytes()),
            Self::NeighbourCellsV3(message) => message.write(out),
            Self::WifiReport(message) => message.write(out),
            Self::PhoneReport(message) => message.write(out)?,
            Self::Vp1Report(message) => message.write(out)?,
            Self::Ack(message) => message.write(out),
            Self::Command(message) => message.write(out),
        }
        out.put(b"#");
        Ok(())
    }

    /// Returns the type as it is in a frame.
    pub(super) const fn code(&self) -> &'a [u8] {
        match self {
            Self::Location(message) => message.kind.code(),
            Self::Response(_) | Self::Ack(_) => b"V4",
            Self::Login(_) => b"V0",
            Self::Heartbeat(_) => b"HTBT",
            Self::NeighbourCells(_) => b"NBR",
            Self::LinkStatus(_) => b"LINK",
            Self::Sms(_) => b"SMS",
            Self::NeighbourCellsV3(_) => b"V3",
            Self::WifiReport(_) => b"V5",
            Self::XtReport(_) => b"XT",
            Self::IccidReport(_) => b"ICCID",
            Self::TimeRequest(_) => b"TIME",
            Self::PhoneReport(message) => message.kind.code(),
            Self::Vp1Report(_) => b"VP1",
            Self::BinaryLocation(_) => b"$",
            Self::MileageRecord(_) => b"X",
            Self::EmptyFrame(_) => b"",
            Self::Command(message) => message.kind.code().as_bytes(),
            Self::Unknown(message) => message.code.as_bytes(),
        }
    }
}

/// Writes a text up to its type.
pub(super) fn write_start(out: &mut Writer<'_>, header: &Header<'_>, code: &[u8]) {
    out.put(b"*");
    out.put(&header.maker.letters());
    out.put(b",");
    match header.id {
        Id::Number(id) => out.put_id(id),
        Id::Other(text) => out.put(text.as_bytes()),
    }
    out.put(b",");
    out.put(code);
}

/// A message whose type has no name here, undivided.
///
/// ```text
/// +---+-------+---+----+---+------+ - - - -+---+
/// | * | maker | , | id | , | type | fields | # |
/// +---+-------+---+----+---+------+ - - - -+---+
/// ```
///
/// Devices send `BS`, cells in hexadecimal; `BASE`, which has time, date and status only; and
/// frames of known types whose fields are those of no message here. See
/// [the manual](crate::manual::h02), "Messages".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// Maker and id.
    pub header: Header<'a>,
    /// The type.
    pub code: Text<'a>,
    /// The fields after the type, as sent.
    pub fields: Fields<'a>,
}

impl<'a> Unknown<'a> {
    /// Creates a message of any type. `fields` has a comma before each field.
    ///
    /// ```
    /// use gt02::{protocol::h02::{Fields, Header, Unknown}, types::DeviceId};
    /// let header = Header::from("356327080425330".parse::<DeviceId>().unwrap());
    /// let mut out = [0; 64];
    /// let len = Unknown::new(header, "BS", Fields(b",1,2")).encode(&mut out)?;
    /// assert_eq!(out[..len], *b"*HQ,356327080425330,BS,1,2#");
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn new(header: Header<'a>, code: &'a str, fields: Fields<'a>) -> Self {
        Self {
            header,
            code: Text::Bytes(code.as_bytes()),
            fields,
        }
    }
}
