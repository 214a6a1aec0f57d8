use super::{
    Ack, Command, Date, Fields, Frame, Header, Id, Location, LocationKind, Nbr, PhoneReport,
    PhoneReportKind, Response, Status, TimeOfDay, V3, Vp1,
    frame::Parts,
    gps::{put_date, put_time, take_date, take_time},
    location::{put_status, take_status, v4},
    network::{put_value, value},
};
use crate::{
    bytes::write::Writer,
    error::{EncodeError, Error, ErrorKind},
    types::{DateTime, DeviceId, Text},
};

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The message in a frame.
        ///
        /// ```
        /// use gt02::protocol::h02::Message;
        /// // Spec h02, section 7.
        /// let bytes = b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,000.00,000,100815,FFFFFBFF#";
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
            /// Maker and id of the device that the message is from or for.
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
                /// The bytes that [`encode`](Self::encode) writes.
                #[must_use]
                pub fn encoded_len(&self) -> usize {
                    Message::$name(*self).encoded_len()
                }

                /// Writes the whole frame to the front of `out`, and says how many bytes it is.
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
    /// `V1`, `V2`, `V5`, `V6`, `V8`, `VI1`.
    Location,
    /// `V4`, upwards.
    Response,
    /// `V0`, in both directions.
    Login,
    /// `HTBT`, in both directions.
    Heartbeat,
    /// `NBR`.
    Nbr,
    /// `LINK`.
    Link,
    /// `SMS`.
    Sms,
    /// `V3`.
    V3,
    /// `V19` and `V9`.
    PhoneReport,
    /// `VP1`.
    Vp1,
    /// No type and no fields.
    Contact,
    /// `V4`, downwards.
    Ack,
    /// `D1`, `S20`, `R1` and the like, downwards.
    Command,
    /// Any other type.
    Unknown,
}

impl<'a> Message<'a> {
    /// The message in `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn of(frame: &Frame<'a>) -> Self {
        let parts = frame.parts();
        let (header, Parts { code, fields, .. }) = (parts.header(), parts);
        if let Some(kind) = LocationKind::from_code(code) {
            return Self::Location(Location::read(header, kind, fields));
        }
        Self::other(header, code, fields)
    }

    /// The message of any type but those of a [`Location`].
    #[inline(never)]
    fn other(header: Header<'a>, code: &'a [u8], fields: Fields<'a>) -> Self {
        let unknown = Self::Unknown(Unknown {
            header,
            code: Text::Bytes(code),
            fields,
        });
        match code {
            b"V4" => v4(header, fields),
            b"V0" => Self::Login(Login { header }),
            b"HTBT" => Self::Heartbeat(Heartbeat {
                header,
                percent: value(fields.iter().trimmed()),
            }),
            b"NBR" => Self::Nbr(Nbr::read(header, fields)),
            b"LINK" => Self::Link(Link::read(header, fields)),
            b"SMS" => Self::Sms(Sms {
                header,
                text: Text::Bytes(fields.0.split_first().map_or(&[], |(_, text)| text)),
            }),
            b"V3" => Self::V3(V3::read(header, fields)),
            b"V19" => Self::PhoneReport(PhoneReport::read(header, PhoneReportKind::V19, fields)),
            b"V9" => Self::PhoneReport(PhoneReport::read(header, PhoneReportKind::V9, fields)),
            b"VP1" => Vp1::read(header, fields).map_or(unknown, Self::Vp1),
            b"" if fields.0.is_empty() => Self::Contact(Contact { header }),
            _ => Command::read(header, code, fields).map_or(unknown, Self::Command),
        }
    }

    /// The device that the message is from or for, if it is named by a number. In a command it may be a filler.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        self.header().device_id()
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut out = Writer::new(&mut []);
        // What cannot be encoded has no length.
        let _ = self.put(&mut out);
        out.len()
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if a speed or a course is absent ([`EncodeError::Gap`]); if a text holds what no frame has ([`EncodeError::Text`]); if
    /// the message would be read back as another one ([`EncodeError::NotCanonical`]), such as for a comma in a text, an hour of 100, or an
    /// [`Unknown`] with a type of its own. What `out` then holds is unspecified.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        self.put(&mut writer)?;
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

    fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        let header = self.header();
        out.put(b"*");
        out.put(&header.maker.letters());
        out.put(b",");
        match header.id {
            Id::Number(id) => id.digits().for_each(|digit| out.put(&[b'0' | digit])),
            Id::Other(text) => out.put(text.as_bytes()),
        }
        out.put(b",");
        out.put(self.code());
        match self {
            Self::Location(message) => message.put(out)?,
            Self::Response(message) => message.put(out)?,
            Self::Login(_) | Self::Contact(_) => {}
            Self::Heartbeat(message) => {
                if message.percent.is_some() {
                    put_value(out, message.percent, 1);
                }
            }
            Self::Nbr(message) => message.put(out),
            Self::Link(message) => message.put(out),
            Self::Sms(message) => {
                out.put(b",");
                out.put(message.text.as_bytes());
            }
            Self::V3(message) => message.put(out),
            Self::PhoneReport(message) => message.put(out)?,
            Self::Vp1(message) => message.put(out)?,
            Self::Ack(message) => message.put(out),
            Self::Command(message) => message.put(out),
            Self::Unknown(message) => out.put(message.fields.0),
        }
        out.put(b"#");
        Ok(())
    }

    /// The type as it stands in a frame.
    #[must_use]
    pub const fn code(&self) -> &'a [u8] {
        match self {
            Self::Location(message) => message.kind.code(),
            Self::Response(_) | Self::Ack(_) => b"V4",
            Self::Login(_) => b"V0",
            Self::Heartbeat(_) => b"HTBT",
            Self::Nbr(_) => b"NBR",
            Self::Link(_) => b"LINK",
            Self::Sms(_) => b"SMS",
            Self::V3(_) => b"V3",
            Self::PhoneReport(message) => message.kind.code(),
            Self::Vp1(_) => b"VP1",
            Self::Contact(_) => b"",
            Self::Command(message) => message.order.code().as_bytes(),
            Self::Unknown(message) => message.code.as_bytes(),
        }
    }
}

/// The device logs in: `V0` \[D\]. Answered by the same; the bytes are the same both ways.
///
/// ```text
/// *HQ,id,V0#
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Login<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
}

/// The device is there: `HTBT` \[D\]. Answered by the same without the percentage; a document has the whole message sent back.
///
/// ```text
/// *HQ,id,HTBT[,percent]#
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The battery, per cent.
    pub percent: Option<u8>,
}

/// The device is there: `LINK`, of wearable devices.
///
/// ```text
/// *HQ,id,LINK,HHMMSS,gsm,satellites,battery,steps,turns,DDMMYY,status#
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Link<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time.
    pub time: Option<TimeOfDay>,
    /// Strength of the mobile network's signal. Its scale is not established; it is 15 or 20 in captures.
    pub gsm: Option<u8>,
    /// Number of satellites.
    pub satellites: Option<u8>,
    /// The battery, per cent.
    pub battery: Option<u8>,
    /// Steps.
    pub steps: Option<u32>,
    /// Turns.
    pub turns: Option<u32>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields behind the status, as sent; none from any device known.
    pub extras: Fields<'a>,
}

impl<'a> Link<'a> {
    fn read(header: Header<'a>, fields: Fields<'a>) -> Self {
        let mut fields = fields.iter();
        Self {
            header,
            time: take_time(&mut fields),
            gsm: value(fields.trimmed()),
            satellites: value(fields.trimmed()),
            battery: value(fields.trimmed()),
            steps: value(fields.trimmed()),
            turns: value(fields.trimmed()),
            date: take_date(&mut fields),
            status: take_status(&mut fields, &[]),
            extras: fields.rest(),
        }
    }

    fn put(&self, out: &mut Writer<'_>) {
        put_time(out, self.time);
        for value in [self.gsm, self.satellites, self.battery] {
            put_value(out, value, 1);
        }
        put_value(out, self.steps, 1);
        put_value(out, self.turns, 1);
        put_date(out, self.date);
        put_status(out, self.status);
        out.put(self.extras.0);
    }

    /// Date and time, UTC, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }
}

/// The device's answer to a command that was sent as text: `SMS`.
///
/// ```text
/// *HQ,id,SMS,text#
/// ```
///
/// Several lines, with commas, such as `ID:`, `IP:`, `VOLT:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sms<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The text, all of it.
    pub text: Text<'a>,
}

/// A frame without a type and without fields.
///
/// ```text
/// *HQ,id,#
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Contact<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
}

/// A message of a type that has no name here, all of it kept.
///
/// ```text
/// *HQ,id,type[,field ...]#
/// ```
///
/// Of those that are seen: `XT` and `BS` have fields that are not established, `BASE` has no data but time, date and status (spec h02, section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// Maker and id.
    pub header: Header<'a>,
    /// The type.
    pub code: Text<'a>,
    /// The fields behind the type, as sent.
    pub fields: Fields<'a>,
}
