use super::{Content, Envelope, Parts, blocks::device_id, number};
use crate::{
    bytes::{
        read::{be_u16, chunk},
        write::Writer,
    },
    types::{DeviceId, Text, UtcOffset},
};
use nom::{
    Parser,
    combinator::{map, opt},
};

/// The device says who it is: `01`. Answered with an [`Empty`](super::Empty) of the same number and serial.
///
/// ```text
/// 0        8       10     12
/// +--------+-------+------+- - -+
/// | IMEI   | model | zone | rest|
/// +--------+-------+------+- - -+
/// ```
///
/// Older devices send the IMEI alone. A device that gets no answer within 5 seconds connects anew \[D\]; real ones repeat the login unchanged, and send
/// positions all the same \[C\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Login<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The IMEI in BCD, a 0 in front; see [`device_id`](Self::device_id).
    pub id: [u8; 8],
    /// What newer devices send behind the IMEI.
    pub extension: Option<LoginExtension>,
    /// Bytes behind the documented ones; fewer than 4 if there is no extension.
    pub rest: &'a [u8],
}

impl<'a> Login<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let extension = map((be_u16, be_u16), |(model, zone)| LoginExtension {
            model,
            zone,
        });
        let (rest, (&id, extension)) = (chunk, opt(extension)).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            id,
            extension,
            rest,
        })
    }

    /// The device: the 15 digits behind the leading 0, or all 16 if it is none. `None` if one of them is no decimal digit.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        device_id(self.id)
    }
}

impl Content for Login<'_> {
    fn code(&self) -> u8 {
        number::LOGIN
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&self.id);
        if let Some(LoginExtension { model, zone }) = self.extension {
            out.put(&model.to_be_bytes());
            out.put(&zone.to_be_bytes());
        }
        out.put(self.rest);
    }
}

/// What newer devices say of themselves in a [`Login`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LoginExtension {
    /// Model or type, as sent.
    pub model: u16,
    /// Time zone and language, as sent; bit 0 is the lowest.
    pub zone: u16,
}

impl LoginExtension {
    /// Bits 4 to 15, which are hours times 100 and minutes, west if bit 3 is set: how far the device's clock is ahead of UTC. `None` if that is
    /// no zone.
    ///
    /// A zone of 0 is UTC, or what a device sends that was not told its zone: nothing on the wire decides it.
    #[must_use]
    pub const fn utc_offset(&self) -> Option<UtcOffset> {
        let (hours, minutes) = ((self.zone >> 4) / 100, (self.zone >> 4) % 100);
        if minutes >= 60 {
            return None;
        }
        // 12 bits: at most 40 hours and 59 minutes.
        let minutes = hours.wrapping_mul(60).wrapping_add(minutes) as i16;
        UtcOffset::from_minutes(if self.zone & 1 << 3 == 0 {
            minutes
        } else {
            minutes.wrapping_neg()
        })
    }

    /// Bits 0 and 1: 1 English, 2 Chinese \[D\], and 0 is seen.
    #[must_use]
    pub const fn language(&self) -> u8 {
        (self.zone & 3) as u8
    }
}

/// The device's firmware: `FD`, of GT02D, GT06D and GT06N, with a `79 79` header.
///
/// ```text
/// 0        8       10       27
/// +--------+-------+--------+- - - - +
/// | IMEI   | count | opaque | content|
/// +--------+-------+--------+- - - - +
/// ```
///
/// In no paper that was read: the layout is that of the frames that were seen \[C\]. Devices repeat it with new serials, so they may expect an answer;
/// which is not established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Version<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The IMEI in BCD, a 0 in front; see [`device_id`](Self::device_id).
    pub id: [u8; 8],
    /// Number of the bytes behind it, as sent.
    pub count: u16,
    /// A 0, and 16 bytes of unknown meaning.
    pub opaque: &'a [u8; 17],
    /// The firmware, `:[VERSION]...[BUILD]...`.
    pub content: &'a [u8],
}

impl<'a> Version<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (content, (&id, count, opaque)) = (chunk, be_u16, chunk).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            id,
            count,
            opaque,
            content,
        })
    }

    /// The device: the 15 digits behind the leading 0, or all 16 if it is none. `None` if one of them is no decimal digit.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        device_id(self.id)
    }

    /// Name and date of the firmware: `:[VERSION]...[BUILD]...`, ASCII.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        Text::Bytes(self.content)
    }
}

impl Content for Version<'_> {
    fn code(&self) -> u8 {
        number::VERSION
    }

    fn field(&self) -> &'static str {
        "content"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&self.id);
        out.put(&self.count.to_be_bytes());
        out.put(self.opaque);
        out.put(self.content);
    }
}
