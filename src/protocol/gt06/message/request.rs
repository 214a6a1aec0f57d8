use super::{
    Content, Envelope, Parts,
    blocks::{Gps, Lbs, date_time, gps, lbs, put_date_time},
    number,
    text::until_nul,
};
use crate::{
    bytes::{read::chunk, write::Writer},
    error::EncodeError,
    types::{DateTime, Text},
};
use nom::{Parser, combinator::all_consuming};

/// The device asks for the address of a position: `1A` and `2A`. Answered with [`Address`](super::Address), if at all.
///
/// ```text
/// 0        18      39         41
/// +--------+-------+----------+
/// | GPS    | phone | language |
/// +--------+-------+----------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AddressRequest<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// `2A`, whose time is UTC; in `1A` the zone is not known.
    pub utc: bool,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// Who wants to know, filled up with zeros; behind the first of them anything may stand \[D\].
    pub phone: &'a [u8; 21],
    /// Language, as sent.
    pub language: [u8; 2],
}

impl<'a> AddressRequest<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
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

    /// The phone number, up to the first zero.
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
        self.gps.put(out);
        out.put(self.phone);
        out.put(&self.language);
    }
}

/// The device asks for the address of a cell: `17`, upwards. Answered with [`Address`](super::Address), if at all.
///
/// ```text
/// 0     8 or 9  +21        +2
/// +-----+-------+----------+
/// | LBS | phone | language |
/// +-----+-------+----------+
/// ```
///
/// Downwards `17` is an [`Address`](super::Address). The length tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellAddressRequest<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The serving cell. An MCC of 7680 to 7935, which no country has, would be taken for the length of an [`Address`](super::Address).
    pub lbs: Lbs,
    /// Who wants to know, filled up with zeros; behind the first of them anything may stand \[D\].
    pub phone: &'a [u8; 21],
    /// Language, as sent.
    pub language: [u8; 2],
}

impl<'a> CellAddressRequest<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (_, (lbs, phone, &language)) = all_consuming((lbs, chunk, chunk))
            .parse(frame.content())
            .ok()?;
        super::Address::of(frame).is_none().then(|| Self {
            envelope: frame.envelope(),
            lbs,
            phone,
            language,
        })
    }

    /// The phone number, up to the first zero.
    #[must_use]
    pub fn phone(&self) -> Text<'a> {
        Text::Bytes(until_nul(self.phone))
    }
}

impl Content for CellAddressRequest<'_> {
    fn code(&self) -> u8 {
        number::CELL_ADDRESS
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.lbs.check()
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.lbs.put(out);
        out.put(self.phone);
        out.put(&self.language);
    }
}

/// The device asks for the time: `8A` without content. Answered with [`Time`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeRequest {
    /// Header and serial.
    pub envelope: Envelope,
}

impl TimeRequest {
    pub(super) fn of(frame: &Parts<'_>) -> Option<Self> {
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

/// The answer to a [`TimeRequest`]: `8A`, downwards.
///
/// ```text
/// 0               6
/// +---------------+
/// | y m d  h m s  |
/// +---------------+
/// ```
///
/// A paper repeats the serial of the request; a public server sends serial 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Time {
    /// Header and serial.
    pub envelope: Envelope,
    /// UTC.
    pub time: DateTime,
}

impl Time {
    pub(super) fn of(frame: &Parts<'_>) -> Option<Self> {
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
        put_date_time(out, self.time);
    }
}
