use super::Encoder;
use crate::{
    bytes::text,
    protocol::tk103::USUAL_ID,
    types::{DeviceId, Voltage},
};

/// The text of a handshake and of its reply.
pub(super) const HSO: &[u8] = b"HSO";

/// Digits of the id field \[D\].
pub(super) const ID_FIELD: usize = 15;

/// The number that the device goes by, from an id field of 15 digits: its last 12 after `000`, or
/// `0` and the last 11 of an IMEI.
pub(super) fn device_id(field: &[u8]) -> Option<DeviceId> {
    let field: &[u8; ID_FIELD] = field.try_into().ok()?;
    let mut number: [u8; USUAL_ID] = *field.last_chunk()?;
    if imei(field).is_some() {
        let [first, ..] = &mut number;
        *first = b'0';
    } else if !field.starts_with(b"000") {
        return None;
    }
    DeviceId::from_ascii(&number)
}

/// The IMEI in an id field: 15 digits that do not begin with `000`, which fills up shorter numbers.
pub(super) fn imei(field: &[u8]) -> Option<DeviceId> {
    if field.starts_with(b"000") {
        None
    } else {
        DeviceId::from_ascii(field).filter(|id| usize::from(id.digit_count()) == ID_FIELD)
    }
}

/// The device is there: `BP00`, sent first and then every few minutes. The server replies with a
/// [`HandshakeAck`](super::HandshakeAck).
///
/// ```text
/// 13     17         32    35
/// +------+----------+-----+- - -+
/// | BP00 | id field | HSO | tail|
/// +------+----------+-----+- - -+
/// ```
///
/// The id field is `000` and the 12 characters of the id, the IMEI, `0000` and a phone number, the
/// id alone, or nothing \[C\]; see [the manual](crate::manual::tk103), "The id field".
///
/// ```
/// use gt02::protocol::tk103::{Handshake, Message};
/// let message = Message::parse(b"(040331141830BP00000013612345678HSO)")?;
/// assert_eq!(message, Handshake::new(b"040331141830", b"000013612345678").into());
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Handshake<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// The text before `HSO`: the id field, at most 15 characters.
    pub field: &'a [u8],
    /// The text after `HSO`.
    pub tail: &'a [u8],
}

impl<'a> Handshake<'a> {
    /// Creates a handshake without a tail from the frame's id and the id field.
    ///
    /// [`Identity`](crate::protocol::tk103::Identity) makes both from a device's number.
    #[must_use]
    pub const fn new(id: &'a [u8], field: &'a [u8]) -> Self {
        Self {
            id,
            field,
            tail: &[],
        }
    }

    /// Reads a body that has `HSO` after at most 15 characters. Without it, the frame is not a
    /// handshake.
    pub(in crate::protocol::tk103) fn read(id: &'a [u8], body: &'a [u8]) -> Option<Self> {
        let hso = body
            .windows(HSO.len())
            .take(ID_FIELD + 1)
            .position(|text| text == HSO)?;
        let (field, rest) = body.split_at_checked(hso)?;
        let tail = rest.strip_prefix(HSO)?;
        Some(Self { id, field, tail })
    }

    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.put(self.field);
        encoder.put(HSO);
        encoder.put(self.tail);
    }

    /// Returns the device's IMEI, if the id field holds one.
    #[must_use]
    pub fn imei(&self) -> Option<DeviceId> {
        imei(self.field)
    }

    /// Returns the voltage of the backup battery, if the tail is 3 or 4 hexadecimal digits:
    /// hundredths of a volt.
    ///
    /// No document describes the tail. The tails that were seen, `0184` to `01a4`, are 3.88 to
    /// 4.20 V in this reading, and change slowly \[I\].
    #[must_use]
    pub fn battery_voltage(&self) -> Option<Voltage> {
        if !matches!(self.tail.len(), 3 | 4) {
            return None;
        }
        u16::try_from(text::hex(self.tail)?)
            .ok()
            .map(Voltage::from_hundredths)
    }
}
