use super::{
    Content, Envelope, Parts,
    blocks::{Gps, Language, Lbs, date_time, gps, phone_field, write_date_time},
    number,
    text::until_nul,
    wide::{LbsForm, WideLbs},
};
use crate::{
    bytes::{read::chunk, write::Writer},
    error::EncodeError,
    types::{DateTime, Text},
};
use nom::{Parser, combinator::all_consuming};

/// The device asks for the address of a position: `1A` and `2A`. The reply, if any, is an
/// [`Address`](super::Address).
///
/// ```text
/// 0        18      39         41
/// +--------+-------+----------+
/// | GPS    | phone | language |
/// +--------+-------+----------+
/// ```
///
/// ```
/// use gt02::{protocol::gt06::{AddressRequest, Gps, Language}, types::DateTime};
/// let gps = Gps::without_fix(DateTime::new(2026, 5, 4, 7, 30, 0).unwrap());
/// let phone = AddressRequest::phone_field("5550100")?;
/// let request = AddressRequest::utc(gps, &phone, Language::English, 7);
/// assert_eq!(request.phone().as_str(), Some("5550100"));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AddressRequest<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Set in `2A`, whose time is UTC; the zone of `1A` is not known.
    pub utc: bool,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// The telephone that asks, padded with zeros; anything may follow the first of them \[D\].
    pub phone: &'a [u8; 21],
    /// Language, as sent.
    pub language: [u8; 2],
}

impl<'a> AddressRequest<'a> {
    /// Pads a telephone number with zeros, as [`phone`](Self::phone) holds it.
    ///
    /// # Errors
    /// If the number has more than 21 bytes.
    pub const fn phone_field(number: &str) -> Result<[u8; 21], EncodeError> {
        phone_field(number)
    }

    const fn new(
        utc: bool,
        gps: Gps,
        phone: &'a [u8; 21],
        language: Language,
        serial: u16,
    ) -> Self {
        Self {
            envelope: Envelope::short(serial),
            utc,
            gps,
            phone,
            language: language.bytes(),
        }
    }

    /// Creates a `1A`, whose time has no stated zone, for a number from
    /// [`phone_field`](Self::phone_field).
    #[must_use]
    pub const fn local(gps: Gps, phone: &'a [u8; 21], language: Language, serial: u16) -> Self {
        Self::new(false, gps, phone, language, serial)
    }

    /// Creates a `2A`, whose time is UTC, for a number from [`phone_field`](Self::phone_field).
    #[must_use]
    pub const fn utc(gps: Gps, phone: &'a [u8; 21], language: Language, serial: u16) -> Self {
        Self::new(true, gps, phone, language, serial)
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let utc = frame.code() == number::UTC_ADDRESS_REQUEST;
        let (_, (gps, phone, &language)) = all_consuming((gps, chunk, chunk))
            .parse(frame.content())
            .ok()?;
        Some(Self {
            envelope: frame.envelope(),
            utc,
            gps,
            phone,
            language,
        })
    }

    /// Returns the telephone number, up to the first zero.
    #[must_use]
    pub fn phone(&self) -> Text<'a> {
        Text::Bytes(until_nul(self.phone))
    }
}

impl Content for AddressRequest<'_> {
    fn code(&self) -> u8 {
        if self.utc {
            number::UTC_ADDRESS_REQUEST
        } else {
            number::ADDRESS_REQUEST
        }
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.gps.write(out);
        out.put(self.phone);
        out.put(&self.language);
    }
}

/// The device asks for the address of a cell: `17`, upwards, and `A7`. The reply, if any, is an
/// [`Address`](super::Address).
///
/// ```text
/// 0         +8 or +9, +15 or +16  +21        +2
/// +---------+---------------------+----------+
/// | WideLbs | phone               | language |
/// +---------+---------------------+----------+
/// ```
///
/// Downwards `17` is an [`Address`](super::Address). The length tells them apart.
///
/// ```
/// use gt02::protocol::gt06::{AddressRequest, CellAddressRequest, Language, Message, WideLbs};
/// let bytes = b"\x78\x78\x24\x17\x02\xe0\x03\x03\xe8\x00\x4e\x205550100\x00\x00\x00\x00\x00\x00\
///     \x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x06\x2b\xa2\x0d\x0a";
/// let Message::CellAddressRequest(request) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(request.phone().as_str(), Some("5550100"));
///
/// let phone = AddressRequest::phone_field("5550100")?;
/// let cell = WideLbs::new(460, 0, 37_265, 151_394_051);
/// let request = CellAddressRequest::lte(cell, &phone, Language::Chinese, 4);
/// let mut out = [0; 48];
/// assert_eq!(request.encode(&mut out), Ok(48));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellAddressRequest<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Set in `A7`, whose cell may be a 4G cell; that of `17` has the sizes of an [`Lbs`].
    pub lte: bool,
    /// The serving cell. In `17` an MCC of 7680 to 7935, which no country has, would be taken for
    /// the length of an [`Address`](super::Address).
    pub lbs: WideLbs,
    /// The telephone that asks, padded with zeros; anything may follow the first of them \[D\].
    pub phone: &'a [u8; 21],
    /// Language, as sent.
    pub language: [u8; 2],
}

impl<'a> CellAddressRequest<'a> {
    /// Creates a `17`, for a number from [`AddressRequest::phone_field`].
    #[must_use]
    pub fn new(lbs: Lbs, phone: &'a [u8; 21], language: Language, serial: u16) -> Self {
        Self {
            lte: false,
            lbs: lbs.into(),
            ..Self::lte(WideLbs::NONE, phone, language, serial)
        }
    }

    /// Creates an `A7`, for a number from [`AddressRequest::phone_field`].
    #[must_use]
    pub const fn lte(lbs: WideLbs, phone: &'a [u8; 21], language: Language, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            lte: true,
            lbs: lbs.in_form(LbsForm::Lte),
            phone,
            language: language.bytes(),
        }
    }

    /// The form of the cell.
    const fn form(lte: bool) -> LbsForm {
        if lte { LbsForm::Lte } else { LbsForm::Short }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let lte = frame.code() == number::LTE_ADDRESS_REQUEST;
        let lbs = |input| WideLbs::read(Self::form(lte), input);
        let (_, (lbs, phone, &language)) = all_consuming((lbs, chunk, chunk))
            .parse(frame.content())
            .ok()?;
        (lte || super::Address::read(frame).is_none()).then(|| Self {
            envelope: frame.envelope(),
            lte,
            lbs,
            phone,
            language,
        })
    }

    /// Returns the telephone number, up to the first zero.
    #[must_use]
    pub fn phone(&self) -> Text<'a> {
        Text::Bytes(until_nul(self.phone))
    }
}

impl Content for CellAddressRequest<'_> {
    fn code(&self) -> u8 {
        if self.lte {
            number::LTE_ADDRESS_REQUEST
        } else {
            number::CELL_ADDRESS
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.lbs.check(Self::form(self.lte))
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.lbs.write(Self::form(self.lte), out);
        out.put(self.phone);
        out.put(&self.language);
    }
}

/// The device asks for the time: `8A` without content. The reply is a [`Time`].
///
/// ```text
/// +- - - -+
/// | empty |
/// +- - - -+
/// ```
///
/// ```
/// use gt02::protocol::gt06::{Message, TimeRequest};
/// let bytes = b"\x78\x78\x05\x8a\x00\x06\x88\x29\x0d\x0a";
/// assert_eq!(Message::parse(bytes)?, Message::TimeRequest(TimeRequest::new(6)));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeRequest {
    /// Header and serial.
    pub envelope: Envelope,
}

impl TimeRequest {
    /// Creates a request for the time.
    #[must_use]
    pub const fn new(serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
        }
    }

    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        frame.content().is_empty().then(|| Self {
            envelope: frame.envelope(),
        })
    }
}

impl Content for TimeRequest {
    fn code(&self) -> u8 {
        number::TIME
    }

    fn write(&self, _: &mut Writer<'_>) {}
}

/// The reply to a [`TimeRequest`]: `8A`, downwards.
///
/// ```text
/// 0               6
/// +---------------+
/// | y m d  h m s  |
/// +---------------+
/// ```
///
/// A vendor document repeats the serial of the request; a public server sends serial 0.
///
/// ```
/// use gt02::{protocol::gt06::{Message, Time}, types::DateTime};
/// // An example of a vendor document.
/// let bytes = b"\x78\x78\x0b\x8a\x0f\x0c\x1d\x00\x00\x15\x00\x06\xf0\x86\x0d\x0a";
/// let time = DateTime::new(2015, 12, 29, 0, 0, 21).unwrap();
/// assert_eq!(Message::parse(bytes)?, Message::Time(Time::new(time, 6)));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Time {
    /// Header and serial.
    pub envelope: Envelope,
    /// UTC.
    pub time: DateTime,
}

impl Time {
    /// Creates the reply to the request with this serial; `time` is UTC.
    #[must_use]
    pub const fn new(time: DateTime, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            time,
        }
    }

    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        let (_, time) = all_consuming(date_time).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            time,
        })
    }
}

impl Content for Time {
    fn code(&self) -> u8 {
        number::TIME
    }

    fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
    }
}
