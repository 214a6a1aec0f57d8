use super::{
    Content, Envelope, Parts,
    blocks::{bcd_of, date_time, device_id, write_date_time},
    number,
};
use crate::{
    bytes::{
        read::{be_u16, byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{DateTime, DeviceId, Text, UtcOffset},
};
use nom::{
    Parser,
    combinator::{all_consuming, map, opt},
};

/// The device says who it is: `01`. The reply is an [`Ack`](super::Ack) of the same number and
/// serial.
///
/// ```text
/// 0        8       10     12
/// +--------+-------+------+- - -+
/// | IMEI   | model | zone | rest|
/// +--------+-------+------+- - -+
/// ```
///
/// Older devices send the IMEI alone. A device that gets no reply within 5 seconds connects anew
/// \[D\]; real ones repeat the login unchanged, and send positions all the same \[C\].
///
/// ```
/// use gt02::protocol::gt06::{Login, LoginExtension};
/// // The example of a vendor document.
/// let login = Login::new("752533678900242".parse()?, 5)?
///     .with_extension(LoginExtension::new(0x7000, "+08:00".parse()?).with_english(true));
/// let mut out = [0; 22];
/// assert_eq!(login.encode(&mut out), Ok(22));
/// assert_eq!(
///     out,
///     *b"\x78\x78\x11\x01\x07\x52\x53\x36\x78\x90\x02\x42\x70\x00\x32\x01\x00\x05\x12\x79\x0d\x0a"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Login<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The IMEI in BCD, after a digit 0; see [`device_id`](Self::device_id).
    pub id: [u8; 8],
    /// The model and the clock, which newer devices send after the IMEI.
    pub extension: Option<LoginExtension>,
    /// Bytes after the documented ones; fewer than 4 if there is no extension.
    pub rest: &'a [u8],
}

impl<'a> Login<'a> {
    /// Creates the login of an older device, with the IMEI alone.
    ///
    /// # Errors
    /// If the id has neither 15 digits nor 16 with a first digit above 0.
    pub fn new(id: DeviceId, serial: u16) -> Result<Self, EncodeError> {
        Ok(Self {
            envelope: Envelope::short(serial),
            id: bcd_of(id)?,
            extension: None,
            rest: &[],
        })
    }

    /// Adds what newer devices send after the IMEI.
    #[must_use]
    pub const fn with_extension(self, extension: LoginExtension) -> Self {
        Self {
            extension: Some(extension),
            ..self
        }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
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

    /// Returns the IMEI: 15 digits after the leading 0, or all 16 digits if the first is not 0.
    /// `None` if a nibble is not a decimal digit.
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

/// The server's reply to the [`Login`] of a BL10 lock: `01`, downwards, with the time.
///
/// ```text
/// 0               6           7
/// +---------------+-----------+
/// | y m d  h m s  | extension |
/// +---------------+-----------+
/// ```
///
/// Two public servers for the lock send it \[T\]; whether it also works with an
/// [`Ack`](super::Ack) is not known. Nothing in the login says that it is one of a lock.
///
/// ```
/// use gt02::{protocol::gt06::LoginTime, types::DateTime};
/// let now = DateTime::new(2019, 11, 28, 7, 13, 46).unwrap();
/// let mut out = [0; 17];
/// assert_eq!(LoginTime::new(now, 1).encode(&mut out), Ok(17));
/// assert_eq!(
///     out,
///     *b"\x78\x78\x0c\x01\x13\x0b\x1c\x07\x0d\x2e\x00\x00\x01\x1b\x9d\x0d\x0a"
/// );
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LoginTime {
    /// Header and serial: those of the login.
    pub envelope: Envelope,
    /// The time, UTC.
    pub time: DateTime,
    /// Length of an extension, which was never seen: 0.
    pub extension: u8,
}

impl LoginTime {
    /// Whether a content of this length is one.
    pub(in super::super) const fn has_len(len: usize) -> bool {
        len == 7
    }

    /// Creates the reply to the login with this serial. The time is UTC.
    #[must_use]
    pub const fn new(time: DateTime, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            time,
            extension: 0,
        }
    }

    pub(in crate::protocol::gt06) fn read(frame: &Parts<'_>) -> Option<Self> {
        let (_, (time, extension)) = all_consuming((date_time, byte))
            .parse(frame.content())
            .ok()?;
        Some(Self {
            envelope: frame.envelope(),
            time,
            extension,
        })
    }
}

impl Content for LoginTime {
    fn code(&self) -> u8 {
        number::LOGIN
    }

    fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
        out.put(&[self.extension]);
    }
}

/// The model and the clock of a newer device, in a [`Login`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LoginExtension {
    /// Model or type, as sent.
    pub model: u16,
    /// Time zone and language, as sent; bit 0 is the lowest.
    pub zone: u16,
}

impl LoginExtension {
    const ENGLISH: u16 = 1 << 0;
    const CHINESE: u16 = 1 << 1;
    const WEST: u16 = 1 << 3;

    /// Creates the extension of a device whose clock is this far ahead of UTC.
    #[must_use]
    pub const fn new(model: u16, offset: UtcOffset) -> Self {
        let minutes = offset.minutes().unsigned_abs();
        // At most 18 hours: 1800, in 11 bits.
        let hundreds = (minutes / 60).wrapping_mul(100).wrapping_add(minutes % 60);
        let west = if offset.minutes() < 0 { Self::WEST } else { 0 };
        Self {
            model,
            zone: hundreds << 4 | west,
        }
    }

    /// Sets the bit for English texts \[D\].
    #[must_use]
    pub const fn with_english(self, is_set: bool) -> Self {
        self.with(Self::ENGLISH, is_set)
    }

    /// Sets the bit for Chinese texts \[D\].
    #[must_use]
    pub const fn with_chinese(self, is_set: bool) -> Self {
        self.with(Self::CHINESE, is_set)
    }

    const fn with(self, bit: u16, is_set: bool) -> Self {
        Self {
            model: self.model,
            zone: if is_set {
                self.zone | bit
            } else {
                self.zone & !bit
            },
        }
    }

    /// Returns how far the device's clock is ahead of UTC, from bits 4 to 15, which are hours times
    /// 100 and minutes, and bit 3, which is set for west. `None` if that is not a zone.
    ///
    /// A zone of 0 is UTC, or what a device sends that was not told its zone: nothing on the wire
    /// decides it.
    #[must_use]
    pub const fn utc_offset(&self) -> Option<UtcOffset> {
        let (hours, minutes) = ((self.zone >> 4) / 100, (self.zone >> 4) % 100);
        if minutes >= 60 {
            return None;
        }
        // 12 bits: at most 40 hours and 59 minutes.
        let minutes = hours.wrapping_mul(60).wrapping_add(minutes) as i16;
        UtcOffset::from_minutes(if self.zone & Self::WEST == 0 {
            minutes
        } else {
            minutes.wrapping_neg()
        })
    }

    /// Returns bit 0: English texts \[D\]. Neither language is seen as well \[C\].
    #[must_use]
    pub const fn english(&self) -> bool {
        self.zone & Self::ENGLISH != 0
    }

    /// Returns bit 1: Chinese texts \[D\].
    #[must_use]
    pub const fn chinese(&self) -> bool {
        self.zone & Self::CHINESE != 0
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
/// No vendor document that was read has it: the layout is that of the frames that were seen \[C\].
/// Devices repeat it with new serials, so they may expect a reply; that is not established.
///
/// ```
/// use gt02::protocol::gt06::Version;
/// let version = Version::new("358899050000010".parse()?, &[0; 17], b":[VERSION]GT02D", 3)?;
/// assert_eq!(version.text().as_str(), Some(":[VERSION]GT02D"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Version<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The IMEI in BCD, after a digit 0; see [`device_id`](Self::device_id).
    pub id: [u8; 8],
    /// Number of the bytes after it, as sent.
    pub count: u16,
    /// A 0, and 16 bytes of unknown meaning.
    pub opaque: &'a [u8; 17],
    /// The firmware, `:[VERSION]...[BUILD]...`.
    pub content: &'a [u8],
}

impl<'a> Version<'a> {
    /// Creates the message. The meaning of the opaque bytes is not known; the first is 0.
    ///
    /// # Errors
    /// If the id has neither 15 digits nor 16 with a first digit above 0; or if the content has
    /// more than 65,518 bytes.
    pub fn new(
        id: DeviceId,
        opaque: &'a [u8; 17],
        content: &'a [u8],
        serial: u16,
    ) -> Result<Self, EncodeError> {
        const MAX: u16 = u16::MAX - 17;
        let len = u16::try_from(content.len()).ok().filter(|&len| len <= MAX);
        let len = len.ok_or(EncodeError::TooLong {
            field: "content",
            max: MAX.into(),
        })?;
        Ok(Self {
            envelope: Envelope::long(serial),
            id: bcd_of(id)?,
            // At most 65,535.
            count: len.wrapping_add(17),
            opaque,
            content,
        })
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (content, (&id, count, opaque)) = (chunk, be_u16, chunk).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            id,
            count,
            opaque,
            content,
        })
    }

    /// Returns the IMEI: 15 digits after the leading 0, or all 16 digits if the first is not 0.
    /// `None` if a nibble is not a decimal digit.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        device_id(self.id)
    }

    /// Returns name and date of the firmware: `:[VERSION]...[BUILD]...`, ASCII.
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
