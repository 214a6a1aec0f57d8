use super::{fields::all_fields, readings::iccid};
use crate::{
    protocol::h02::{Fields, Header},
    types::Text,
};
use nom::{Parser, sequence::terminated};

/// The device is there: `XT`, named a heartbeat in the contents of a vendor document \[D\].
///
/// ```text
/// +---+-------+---+----+---+----+ - - - -+---+
/// | * | maker | , | id | , | XT | fields | # |
/// +---+-------+---+----+---+----+ - - - -+---+
/// ```
///
/// `V,0,0`, `1,100` and `A,204635,1008123` are seen \[C\]. No reply is known.
///
/// ```
/// use gt02::{protocol::h02::{Fields, Header, XtReport}, types::DeviceId};
/// // A capture, from the tests of a public decoder.
/// let header = Header::from("356327080425330".parse::<DeviceId>().unwrap());
/// let mut out = [0; 32];
/// let len = XtReport::new(header, Fields(b",1,100")).encode(&mut out)?;
/// assert_eq!(out[..len], *b"*HQ,356327080425330,XT,1,100#");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct XtReport<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The fields after the type, as sent. Their meaning is not established.
    pub fields: Fields<'a>,
}

impl<'a> XtReport<'a> {
    /// Creates a heartbeat. `fields` has a comma before each field.
    #[must_use]
    pub const fn new(header: Header<'a>, fields: Fields<'a>) -> Self {
        Self { header, fields }
    }
}

/// The device names its SIM: `ICCID` \[D\]. The reply is the frame without the number \[D\].
///
/// ```text
/// +---+-------+---+----+---+-------+ - - - - +---+
/// | * | maker | , | id | , | ICCID | , iccid | # |
/// +---+-------+---+----+---+-------+ - - - - +---+
/// ```
///
/// ```
/// use gt02::protocol::h02::{Frame, Message};
/// // The CanTrack document.
/// let bytes = b"*HQ,865770062601111,ICCID,89860121801609042193#";
/// let Message::IccidReport(report) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(report.iccid().unwrap().as_str(), Some("89860121801609042193"));
/// let mut out = [0; 64];
/// let len = Frame::parse(bytes)?.reply(None).unwrap().encode(&mut out).unwrap();
/// assert_eq!(out[..len], *b"*HQ,865770062601111,ICCID#");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IccidReport<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The fields after the type, as sent: the ICCID; nothing in the reply.
    pub fields: Fields<'a>,
}

impl<'a> IccidReport<'a> {
    /// Creates a report. `fields` is the ICCID with a comma before it, as
    /// [`FieldBuffer`](super::FieldBuffer) writes it.
    #[must_use]
    pub const fn new(header: Header<'a>, fields: Fields<'a>) -> Self {
        Self { header, fields }
    }

    /// Creates the server's reply.
    #[must_use]
    pub const fn reply(header: Header<'a>) -> Self {
        Self::new(header, Fields(&[]))
    }

    /// Returns the ICCID of the SIM, 18 to 22 hexadecimal digits, without the `?` or `F` that may
    /// fill it up.
    #[must_use]
    pub fn iccid(&self) -> Option<Text<'a>> {
        let (_, iccid) = terminated(iccid, all_fields).parse(self.fields.0).ok()?;
        Some(Text::Bytes(iccid))
    }
}

/// The device asks for the time: `TIME` \[C\]. The reply is not known.
///
/// ```text
/// +---+-------+---+----+---+------+---+
/// | * | maker | , | id | , | TIME | # |
/// +---+-------+---+----+---+------+---+
/// ```
///
/// ```
/// use gt02::{protocol::h02::{Header, TimeRequest}, types::DeviceId};
/// let header = Header::from("869731050000003".parse::<DeviceId>().unwrap());
/// let mut out = [0; 32];
/// let len = TimeRequest::new(header).encode(&mut out)?;
/// assert_eq!(out[..len], *b"*HQ,869731050000003,TIME#");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeRequest<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The fields after the type, as sent; no known device has any.
    pub fields: Fields<'a>,
}

impl<'a> TimeRequest<'a> {
    /// Creates a request for the time.
    #[must_use]
    pub const fn new(header: Header<'a>) -> Self {
        Self {
            header,
            fields: Fields(&[]),
        }
    }
}
